"""What is loaded while the user decides what to open."""

import subprocess
import sys

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.window.preloading import MODULES, in_turns

WITHOUT_QT = """
import sys
from importlib import import_module
for module in sys.argv[1:]:
    import_module(module)
print([name for name in sys.modules if name.startswith(("PySide6", "shiboken6", "pyqtgraph"))])
"""


def test_nothing_of_qt_is_loaded_off_the_gui_thread() -> None:
    command = [sys.executable, "-c", WITHOUT_QT, *MODULES]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_between_two_pieces_events_have_their_turn(qtbot: QtBot) -> None:
    seen: list[str] = []
    owner = QObject()
    events = QTimer(owner, interval=0)
    events.timeout.connect(lambda: seen.append("event"))
    events.start()
    in_turns([lambda: seen.append("one"), lambda: seen.append("two")], owner)
    qtbot.waitUntil(lambda: "two" in seen)
    assert "event" in seen[seen.index("one") : seen.index("two")]
