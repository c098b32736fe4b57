"""Closing, killing and long use: what is left and what is lost."""
