"""A child process that ends with its parent, however that ends."""

import os
import signal
import threading
from multiprocessing import connection, parent_process

ORPHANED = 1
"""Exit code of a child whose parent is gone; nobody is left to read it."""


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, killed ones included.

    Between two messages to its parent a child may work for a minute; till then it would keep memory
    and files that the next start needs. Ctrl+C in a terminal, sent to both, is for
    the parent to heed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_wait_and_end, args=(parent.sentinel,), daemon=True).start()


def _wait_and_end(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(ORPHANED)
