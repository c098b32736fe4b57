"""The window: arrives with its own issue; nothing here is needed by the command line."""
