"""When it changed: pure functions from a series of votes to changes, one leaf per detector."""
