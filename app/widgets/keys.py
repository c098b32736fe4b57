"""Keys that several panels share."""

from PySide6.QtGui import QKeySequence

UNDO_KEYS = (QKeySequence("Ctrl+Z"),)
REDO_KEYS = (QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z"))
"""The keys of both kinds of desktop, on either."""
