"""The finder's windows."""

import pytest

from inference.localize.finder import stretched


@pytest.mark.parametrize(("length", "side"), [(50, 56), (64, 64), (85, 88), (86, 64), (128, 64)])
def test_a_window_is_stretched_where_a_body_is_at_most_a_third_longer(
    length: int, side: int
) -> None:
    assert stretched((64, 64, 64), (length, 64, 200)) == (side, 64, 64)
