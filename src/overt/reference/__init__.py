"""Other people's knowledge and our own lists, pinned by content: platforms and hostnames."""
