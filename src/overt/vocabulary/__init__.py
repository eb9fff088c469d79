"""What the words mean: frozen, standard library only, no I/O."""
