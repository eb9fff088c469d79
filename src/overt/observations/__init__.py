"""What happened: one row per measurement and endpoint, whatever format it came in."""
