"""Qt without a screen for the tests of the window."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
