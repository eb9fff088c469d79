"""Ways out: each leaf renders what the floors below found, and computes nothing."""
