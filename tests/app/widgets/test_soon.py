"""Work that is done once, however many things ask for it."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from app.widgets.soon import Soon


def test_what_is_asked_for_several_times_is_done_once_and_then_again(qapp: QApplication) -> None:
    done: list[str] = []
    owner = QObject()
    soon = Soon(lambda: done.append("done"), owner)
    for _ in range(3):
        soon.ask()
    assert done == []
    qapp.processEvents()
    assert done == ["done"]
    soon.ask()
    qapp.processEvents()
    assert done == ["done", "done"]


def test_what_asks_meanwhile_is_heard(qapp: QApplication) -> None:
    done: list[str] = []
    owner = QObject()

    def act() -> None:
        done.append("done")
        if len(done) < 3:
            soon.ask()

    soon = Soon(act, owner)
    soon.ask()
    for _ in range(5):
        qapp.processEvents()
    assert len(done) == 3
