"""Lets the window go first when it and its work both need the processor."""

import os
import sys

THREADS_NICENESS, CHILDRENS_NICENESS = 5, 10
"""How much priority threads and child processes yield to the window, in steps of nice(1). A thread
goes before a child, because it may hold Python's lock while the window waits for it."""

BELOW_NORMAL_PRIORITY_CLASS = 0x4000
"""The latter for SetPriorityClass on Windows, which makes it 6 of 32; the window has 8."""

THREAD_PRIORITY_BELOW_NORMAL = -1
"""The former for SetThreadPriority on Windows, which makes it 7."""


def give_way_as_thread() -> None:
    """Let other threads of this process go before the one that calls, and those that it starts.

    On Linux, every thread has a niceness of its own, which the threads and processes that it
    starts inherit; that of the process is its first thread's. On macOS threads have none.
    """
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetThreadPriority(
            ctypes.c_void_p(kernel.GetCurrentThread()), THREAD_PRIORITY_BELOW_NORMAL
        )
    elif sys.platform == "linux":
        _yield_to(os.getpid(), THREADS_NICENESS)


def give_way_as_child() -> None:
    """Let the process that started this one go first."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS)
    else:
        _yield_to(os.getppid(), CHILDRENS_NICENESS)


if sys.platform != "win32":

    def _yield_to(process: int, steps: int) -> None:
        """Be this much nicer than another process, unless this thread is already."""
        own, others = (os.getpriority(os.PRIO_PROCESS, one) for one in (0, process))
        os.nice(max(0, others + steps - own))
