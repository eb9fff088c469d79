"""What it means: rules that are data, controls from elsewhere, and one verdict per layer."""
