"""Lets the window go first when it and its work both need the processor."""

import os
import sys

NICENESS = 5
"""How much priority work yields to the window, in steps of nice(1)."""

BELOW_NORMAL_PRIORITY_CLASS = 0x4000
"""The same for SetPriorityClass on Windows."""

THREAD_PRIORITY_BELOW_NORMAL = -1
"""The same for SetThreadPriority on Windows."""


def give_way_as_thread() -> None:
    """Let other threads of this process go before the one that calls, and those that it starts.

    On Linux, every thread has a niceness of its own, which the threads and processes that it
    starts inherit. On macOS it would be that of the whole process.
    """
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetThreadPriority(
            ctypes.c_void_p(kernel.GetCurrentThread()), THREAD_PRIORITY_BELOW_NORMAL
        )
    elif sys.platform == "linux":
        os.nice(NICENESS)


def give_way_as_child() -> None:
    """Let the process that started this one go first."""
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL_PRIORITY_CLASS)
    else:
        own, parents = (os.getpriority(os.PRIO_PROCESS, process) for process in (0, os.getppid()))
        os.nice(max(0, parents + NICENESS - own))
