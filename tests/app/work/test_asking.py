"""Questions to the disk, which may not answer."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer

from app.work import asking
from app.work.asking import asked
from app.work.jobs import Jobs


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """Set at the end, so that a question that waits for it ends too."""
    event = threading.Event()
    yield event
    event.set()


def test_a_question_is_answered_on_another_thread(jobs: Jobs) -> None:
    here = threading.get_ident()
    assert asked(lambda: threading.get_ident() != here, False, jobs)


def test_what_the_disk_refuses_to_answer_is_answered_otherwise(jobs: Jobs) -> None:
    def refused() -> bool:
        raise PermissionError

    assert asked(refused, True, jobs)


def test_a_drive_that_is_gone_does_not_freeze_the_window(
    jobs: Jobs, stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "PATIENCE_MS", 200)
    turns: list[float] = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: turns.append(time.monotonic()))
    timer.start()
    assert asked(lambda: stuck.wait(30) and Path("/gone"), None, jobs) is None
    assert len(turns) >= 5, "the event loop went on"
    stuck.set()


def test_the_patience_is_above_a_slow_answer_and_below_what_is_noticed_as_a_hang() -> None:
    slow_network_ms, hang_ms = 100, 1000
    assert slow_network_ms < asking.PATIENCE_MS < hang_ms
