"""Stopping between two steps."""

import pytest

from inference.errors import CancelledError
from inference.values.progress import never_cancelled, stopping


def test_steps_go_on_until_somebody_asks_to_stop() -> None:
    assert list(stopping("abc", never_cancelled)) == ["a", "b", "c"]
    taken: list[str] = []
    with pytest.raises(CancelledError):
        for step in stopping("abc", lambda: len(taken) == 2):
            taken.append(step)
    assert taken == ["a", "b"]


def test_whoever_was_asked_before_does_not_begin() -> None:
    with pytest.raises(CancelledError):
        next(stopping("abc", lambda: True))
