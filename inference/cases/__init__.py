"""From inputs to results: the one runner that the window's queue and the command line call."""
