"""Runs are planned against the memory that they may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import MemoryLimitError
from inference.system.budget import (
    check_budget,
    in_memory_bytes,
    keep_budget,
    needed_bytes,
    parse_bytes,
)
from inference.system.memory import RunMemory
from inference.system.scratch import IN_MEMORY_BYTES

PATCH = (64, 128, 128)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2GiB", 2 * 2**30),
        ("1.5 GiB", 3 * 2**29),
        ("800mib", 800 * 2**20),
        ("2GB", 2 * 10**9),
        ("1073741824", 2**30),
    ],
)
def test_amounts_of_memory_are_read_as_people_write_them(text: str, expected: int) -> None:
    assert parse_bytes(text) == expected


@pytest.mark.parametrize("text", ["", "much", "GiB", "-2GiB", "2 apples", "1,5GiB"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2GiB"):
        parse_bytes(text)


def test_a_budget_below_the_need_is_refused_with_the_figure() -> None:
    needed = needed_bytes(PATCH, (300, 150, 150))
    check_budget(needed, PATCH, (300, 150, 150))
    check_budget(None, PATCH, (300, 150, 150))
    with pytest.raises(MemoryLimitError, match=f"{needed / 2**30:.2f} GiB") as caught:
        check_budget(needed - 1, PATCH, (300, 150, 150))
    assert caught.value.exit_code == 5


def test_what_else_must_be_held_counts() -> None:
    needed = needed_bytes(PATCH, PATCH)
    check_budget(needed + 1000, PATCH, PATCH, held_bytes=1000)
    with pytest.raises(MemoryLimitError):
        check_budget(needed + 999, PATCH, PATCH, held_bytes=1000)


def test_the_need_does_not_grow_with_the_length_of_the_scan() -> None:
    assert needed_bytes(PATCH, (200, 400, 400)) == needed_bytes(PATCH, (2000, 400, 400))
    assert needed_bytes(PATCH, (200, 400, 400)) < 1.5 * 2**30


@given(st.integers(0, 2**34), st.integers(0, 2**34))
def test_a_smaller_budget_never_lets_larger_arrays_into_memory(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert 0 <= in_memory_bytes(low) <= in_memory_bytes(high) <= in_memory_bytes(None)


def test_ample_memory_holds_arrays_of_the_usual_size() -> None:
    assert in_memory_bytes(2**32) == in_memory_bytes(None) == IN_MEMORY_BYTES
    assert in_memory_bytes(2**29) == 0


def test_a_run_that_takes_more_than_planned_gives_up() -> None:
    memory = RunMemory()
    keep_budget(None, memory)
    keep_budget(memory.peak_bytes + 2**30, memory)
    with pytest.raises(MemoryLimitError, match="--max-ram"):
        keep_budget(2**20, memory)
