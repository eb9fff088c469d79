"""Readers: bytes in, facts out; one leaf per source, and `reader` for what they share."""
