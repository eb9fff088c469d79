"""Where what was found is put into words and walked back to its bytes."""
