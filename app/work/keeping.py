"""Reads and writes the small files that the program remembers things in, off the GUI thread."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from app.work.priority import give_way_as_thread

PATIENCE_SECONDS = 0.5
"""How long an answer is waited for. A disk answers within a few milliseconds and a network drive
within some ten; one that is gone takes half a minute to say so, or never does."""

Answer = TypeVar("Answer")


class Keeping:
    """Does one thing after another on a thread of its own, in the order in which they are asked.

    The files lie in the user's home, which may be on a network drive that is gone. So nothing here
    waits without a limit, and a thread that hangs does not keep the program from ending.
    """

    def __init__(self) -> None:
        """Start without a thread, which lives only as long as there is something to do."""
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], object]] = deque()
        self._busy = False
        self._in_vain: Future[Any] | None = None

    def do(self, act: Callable[[], Answer]) -> "Future[Answer]":
        """Do this after all that was asked before; the call returns at once."""
        future: Future[Answer] = Future()

        def work() -> None:
            try:
                future.set_result(act())
            except Exception as error:  # whoever asked may want to know
                future.set_exception(error)

        with self._lock:
            self._waiting.append(work)
            if not self._busy:
                self._busy = True
                threading.Thread(target=self._work, daemon=True).start()
        return future

    def answer(self, question: Callable[[], Answer], otherwise: Answer) -> Answer:
        """The answer to a question, or ``otherwise`` if there is none in time.

        While an earlier question is still unanswered, no later one is waited for.
        """
        future = self.do(question)
        hangs = self._in_vain is not None and not self._in_vain.done()
        try:
            return future.result(0 if hangs else PATIENCE_SECONDS)
        except TimeoutError:
            if not hangs:
                self._in_vain = future
            return otherwise

    def finish(self, seconds: float) -> bool:
        """Wait until all is done, but no longer than this; return whether it is."""
        with suppress(TimeoutError):
            self.do(lambda: None).result(seconds)
            return True
        return False

    def _work(self) -> None:
        give_way_as_thread()
        while True:
            with self._lock:
                if not self._waiting:
                    self._busy = False
                    return
                act = self._waiting.popleft()
            act()
