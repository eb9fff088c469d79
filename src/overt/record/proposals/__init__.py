"""Proposals: what a text may be read to claim, by stated rules; a person decides on each."""
