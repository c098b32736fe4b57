"""How much memory the machine has, and how much of it the process has used.

On Linux, physical memory counts. On Windows, private memory counts: there, pages of scratch files
stay in physical memory until something else needs it, and are given up at once then.
"""

import sys
from pathlib import Path

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _ProcessMemoryCounters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS_EX of psapi.h."""

        _fields_ = (
            ("cb", wintypes.DWORD),
            ("PageFaultCount", wintypes.DWORD),
            ("PeakWorkingSetSize", ctypes.c_size_t),
            ("WorkingSetSize", ctypes.c_size_t),
            ("QuotaPeakPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPagedPoolUsage", ctypes.c_size_t),
            ("QuotaPeakNonPagedPoolUsage", ctypes.c_size_t),
            ("QuotaNonPagedPoolUsage", ctypes.c_size_t),
            ("PagefileUsage", ctypes.c_size_t),
            ("PeakPagefileUsage", ctypes.c_size_t),
            ("PrivateUsage", ctypes.c_size_t),
        )

    class _MemoryStatus(ctypes.Structure):
        """MEMORYSTATUSEX of sysinfoapi.h."""

        _fields_ = (
            ("dwLength", wintypes.DWORD),
            ("dwMemoryLoad", wintypes.DWORD),
            ("ullTotalPhys", ctypes.c_ulonglong),
            ("ullAvailPhys", ctypes.c_ulonglong),
            ("ullTotalPageFile", ctypes.c_ulonglong),
            ("ullAvailPageFile", ctypes.c_ulonglong),
            ("ullTotalVirtual", ctypes.c_ulonglong),
            ("ullAvailVirtual", ctypes.c_ulonglong),
            ("ullAvailExtendedVirtual", ctypes.c_ulonglong),
        )

    def machine_ram_bytes() -> int:
        """The physical memory of the machine, in bytes."""
        status = _MemoryStatus(dwLength=ctypes.sizeof(_MemoryStatus))
        if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            raise OSError(ctypes.get_last_error(), "GlobalMemoryStatusEx failed")
        return int(status.ullTotalPhys)

    def held_bytes() -> int:
        """The private memory of this process now, in bytes."""
        return int(_counters().PrivateUsage)

    def peak_rss_bytes() -> int:
        """The most private memory that this process ever had, in bytes."""
        return int(_counters().PeakPagefileUsage)

    def _counters() -> _ProcessMemoryCounters:
        counters = _ProcessMemoryCounters(cb=ctypes.sizeof(_ProcessMemoryCounters))
        process = ctypes.windll.kernel32.GetCurrentProcess
        process.restype = wintypes.HANDLE
        query = ctypes.windll.kernel32.K32GetProcessMemoryInfo
        query.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
        if not query(process(), ctypes.byref(counters), counters.cb):
            raise OSError(ctypes.get_last_error(), "GetProcessMemoryInfo failed")
        return counters

else:
    import os
    import resource

    def machine_ram_bytes() -> int:
        """The physical memory of the machine, in bytes."""
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")

    def held_bytes() -> int:
        """The physical memory that this process holds now, in bytes."""
        return _status_bytes("VmRSS") or _ru_maxrss_bytes()

    def peak_rss_bytes() -> int:
        """The most physical memory that this process ever held, in bytes.

        Linux provides it as VmHWM (proc(5)). ``ru_maxrss`` would also count the parent's memory
        between fork and exec, and is used only if there is no /proc.
        """
        return _status_bytes("VmHWM") or _ru_maxrss_bytes()

    def _status_bytes(name: str) -> int:
        """A figure from /proc/self/status; 0 if the system has none."""
        status = Path("/proc/self/status")
        if status.exists():
            for line in status.read_text(encoding="ascii", errors="replace").splitlines():
                if line.startswith(f"{name}:"):
                    return int(line.split()[1]) * 1024
        return 0

    def _ru_maxrss_bytes() -> int:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


class RunMemory:
    """The most memory that the process held since a run began.

    The system keeps one peak for the whole life of a process. Once it has risen, it belongs to this
    run; until then it may belong to another, and the highest value seen when asked counts. So ask
    wherever much is held. Resetting the system's peak (clear_refs of proc(5)) would be exact, but
    would affect any other run in the process, and Windows has nothing like it.
    """

    def __init__(self, of_others: int = 0) -> None:
        """Begin a run.

        Args:
            of_others: bytes that the process holds for other purposes and that do not count.
        """
        self._of_others = of_others
        self._ever_before = peak_rss_bytes()
        self._most_seen = held_bytes()

    @property
    def peak_bytes(self) -> int:
        """The peak so far, in bytes."""
        ever = peak_rss_bytes()
        seen = ever if ever > self._ever_before else held_bytes()
        self._most_seen = max(self._most_seen, seen)
        return self._most_seen - self._of_others
