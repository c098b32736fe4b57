"""Ends a child process with its parent, however the parent ends."""

import os
import signal
import threading
from multiprocessing import connection, parent_process

ORPHANED = 1
"""Exit code of a child whose parent is gone; nobody reads it."""


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, even if killed.

    A child may work for a minute between two messages to its parent, and would keep memory and
    files that the next start needs. Ctrl+C in a terminal reaches both; the parent handles it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(ORPHANED)
