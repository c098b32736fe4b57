"""The window: looks at a CT, runs the engine off the GUI thread, shows and exports the result.

Nothing here is needed by the command line. Widgets know volumes and masks, never readers or model
sessions; ``jobs`` is the one place where threads begin; ``main_window`` wires the rest together.
"""
