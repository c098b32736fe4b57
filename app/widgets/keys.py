"""Keys that several panels lend each other."""

from PySide6.QtGui import QKeySequence

UNDO_KEYS = (QKeySequence("Ctrl+Z"),)
REDO_KEYS = (QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z"))
"""What either kind of desktop has, on both."""
