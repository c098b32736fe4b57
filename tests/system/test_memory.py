"""The peak memory that the report tells."""

import subprocess
import sys

MEASURE = """
from inference.system.memory import peak_rss_bytes
before = peak_rss_bytes()
{held}
print(peak_rss_bytes() - before)
"""


def growth(held: str) -> int:
    command = [sys.executable, "-c", MEASURE.format(held=held)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_the_peak_counts_memory_that_was_given_back_and_no_more() -> None:
    assert growth("block = b'x' * (300 * 2**20); del block") >= 290 * 2**20
    assert growth("pass") < 50 * 2**20


def test_the_peak_is_of_this_process_not_of_its_parent() -> None:
    parent = b"x" * (400 * 2**20)
    own = "import os; from inference.system.memory import peak_rss_bytes; print(peak_rss_bytes())"
    run = subprocess.run([sys.executable, "-c", own], capture_output=True, text=True, check=True)
    assert int(run.stdout) < len(parent)
