"""Measures the seconds until the window of the packaged program is visible.

    python -m tests.benchmarks.start_time PROGRAM

"Cold" means that none of the program's files is in memory, as after switching on the PC; "warm"
means that it was started just before. The window is drawn on Xvfb, and xdotool finds it.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

DISPLAY = ":94"
RUNS = 3


def main() -> int:
    """Print the median of several cold and warm starts."""
    program = Path(sys.argv[1]).resolve()
    environment = {**os.environ, "DISPLAY": DISPLAY}
    server = ["Xvfb", DISPLAY, "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    with subprocess.Popen(server, stderr=subprocess.DEVNULL) as screen:
        time.sleep(1)
        try:
            warm, cold = [], []
            for _ in range(RUNS):
                _forget(program.parent)
                cold.append(_start(program, environment))
                warm.append(_start(program, environment))
        finally:
            screen.terminate()
    print(f"cold {median(cold):.1f} s, warm {median(warm):.1f} s (medians of {RUNS})")
    return 0


def _forget(folder: Path) -> None:
    """Have the system drop the files in ``folder`` from its cache."""
    for path in folder.rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def _start(program: Path, environment: dict[str, str]) -> float:
    """Start the program, wait for its window and end it; return the seconds to the window."""
    search = ["xdotool", "search", "--onlyvisible", "--name", "SpineContext"]
    started = time.monotonic()
    with subprocess.Popen([str(program)], env=environment) as process:
        while not subprocess.run(search, env=environment, capture_output=True, check=False).stdout:
            if process.poll() is not None:
                raise RuntimeError(f"{program.name} ended with {process.returncode}")
            time.sleep(0.02)
        took = time.monotonic() - started
        process.terminate()
    return took


if __name__ == "__main__":
    sys.exit(main())
