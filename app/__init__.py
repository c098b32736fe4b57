"""The window: opens a CT, runs the engine off the GUI thread, shows and exports the result.

The command line needs nothing from here. Widgets know volumes and masks, never readers or model
sessions; only ``jobs`` starts threads; ``main_window`` wires the rest together.
"""
