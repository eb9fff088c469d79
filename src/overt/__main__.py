"""Lets `python -m overt` do what `overt` does."""

from overt.cli import main


main()
