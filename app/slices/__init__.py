"""The three planes of a CT."""
