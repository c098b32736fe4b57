"""What the program remembers is read and written in order, and nobody waits for a drive."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from app.work.keeping import PATIENCE_SECONDS, Keeping


@pytest.fixture
def until() -> Iterator[threading.Event]:
    """Until it is set, the disk does not answer."""
    event = threading.Event()
    yield event
    event.set()


def test_things_are_done_one_after_the_other_on_another_thread() -> None:
    keeping, done = Keeping(), list[int]()
    threads = set()

    def note(number: int) -> None:
        time.sleep(0.002 if number % 2 else 0)
        done.append(number)
        threads.add(threading.get_ident())

    for number in range(20):
        keeping.do(lambda number=number: note(number))  # type: ignore[misc]
    assert keeping.finish(10)
    assert done == list(range(20))
    assert threading.get_ident() not in threads


def test_a_failure_is_told_to_who_asks_and_stops_nothing() -> None:
    keeping = Keeping()

    def fail() -> None:
        raise OSError("the disk is full")

    failed = keeping.do(fail)
    assert keeping.answer(lambda: 5, 0) == 5
    assert isinstance(failed.exception(), OSError)


def test_only_the_first_question_to_a_drive_that_is_gone_is_waited_for(
    until: threading.Event,
) -> None:
    keeping = Keeping()
    start = time.monotonic()
    assert keeping.answer(lambda: until.wait(60), False) is False
    assert PATIENCE_SECONDS <= time.monotonic() - start < 10
    start = time.monotonic()
    for _ in range(50):
        assert keeping.answer(lambda: 1, 0) == 0
    assert time.monotonic() - start < 10 * PATIENCE_SECONDS
    assert not keeping.finish(0.05)
    until.set()
    assert keeping.finish(10)
    assert keeping.answer(lambda: 1, 0) == 1, "it is waited for again once the drive is back"


HANGING = """
import time
from app.work.keeping import Keeping
keeping = Keeping()
keeping.do(lambda: time.sleep(600))
print(keeping.finish(0.1))
"""


def test_a_thread_that_hangs_does_not_keep_the_program_from_ending() -> None:
    command = [sys.executable, "-c", HANGING]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "False\n"
