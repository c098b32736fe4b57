"""The main window with its panels and menus."""
