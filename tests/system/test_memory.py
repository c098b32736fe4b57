"""The memory that a run needs, and that the report states."""

import subprocess
import sys

import numpy as np
import pytest

from inference.errors import MemoryLimitError
from inference.system.budget import beside_the_caller, keep_budget
from inference.system.memory import RunMemory, peak_rss_bytes

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


def hold(count: int) -> np.ndarray:
    return np.ones(count, np.uint8)


def test_memory_that_was_freed_before_a_run_does_not_count_against_it() -> None:
    hold(600 * 2**20)
    memory = RunMemory()
    assert memory.peak_bytes < peak_rss_bytes() - 400 * 2**20


def test_memory_that_a_run_has_freed_counts_where_the_process_held_more_than_ever() -> None:
    memory = RunMemory()
    more = peak_rss_bytes() + 300 * 2**20
    hold(more)
    assert memory.peak_bytes >= more


def test_what_a_run_holds_when_it_is_asked_counts_though_the_process_held_more_before() -> None:
    hold(800 * 2**20)
    memory = RunMemory()
    before = memory.peak_bytes
    block = hold(300 * 2**20)
    assert memory.peak_bytes >= before + 290 * 2**20
    del block
    assert memory.peak_bytes >= before + 290 * 2**20, "the most that was seen"


def test_what_the_caller_holds_for_itself_does_not_count() -> None:
    own = hold(600 * 2**20)
    limit = 2**29
    memory = beside_the_caller()
    keep_budget(limit, memory)
    block = hold(2**29)
    with pytest.raises(MemoryLimitError):
        keep_budget(limit, memory)
    assert len(own) and len(block)
