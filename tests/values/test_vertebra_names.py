"""Names of vertebrae follow from one of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import UsageError
from inference.values.vertebra_names import (
    NAMES,
    T12,
    T13,
    USUAL,
    WITH_T13,
    WITHOUT_T12,
    check_names,
    moved_names,
    numbers_between,
    numbers_from,
    parse_name,
    with_name,
)

ORDERS = st.sampled_from([USUAL, WITH_T13, WITHOUT_T12])


@given(ORDERS, st.data())
def test_two_names_around_the_ribs_end_tell_all_others(
    order: tuple[int, ...], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, T12 - 2))
    stop = data.draw(st.integers(T12 + 2, len(order)))
    part = order[start:stop]
    known = {part[0]: 1, part[-1]: len(part)}
    assert numbers_from(known, len(part)) == part


@given(st.data())
def test_one_name_tells_all_others_in_the_usual_order(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(USUAL) - 1))
    stop = data.draw(st.integers(start + 1, len(USUAL)))
    place = data.draw(st.integers(1, stop - start))
    assert numbers_from({USUAL[start + place - 1]: place}, stop - start) == USUAL[start:stop]


def test_a_thirteenth_thoracic_vertebra_is_followed_by_l1() -> None:
    assert [NAMES[n] for n in numbers_from({T13: 3}, 5)] == ["T11", "T12", "T13", "L1", "L2"]


@pytest.mark.parametrize(
    "known", [{20: 2, 22: 3}, {1: 2}, {24: 1, 20: 5}, {25: 1, 20: 1}, {20: 9}, {23: 1}]
)
def test_names_that_fit_no_spine_are_refused(known: dict[int, int]) -> None:
    with pytest.raises(UsageError):
        numbers_from(known, 5)


@given(st.sampled_from(sorted(NAMES)), st.integers(1, 99))
def test_a_name_reads_as_it_is_written(number: int, place: int) -> None:
    assert parse_name(f" {NAMES[number].lower()} = {place}") == (number, place)


@pytest.mark.parametrize("text", ["", "L1", "L1=0", "L7=2", "S1=3", "T14=1", "L1=x", "1=L1"])
def test_what_names_no_vertebra_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="names no vertebra"):
        parse_name(text)


def test_one_vertebra_has_one_place() -> None:
    check_names([(20, 3), (20, 3), (21, 4)])
    with pytest.raises(UsageError):
        check_names([(20, 3), (20, 4)])


def test_a_name_beside_another_may_tell_of_a_thirteenth_thoracic_vertebra() -> None:
    known = with_name({T12: 2}, 20, 4, 6)
    assert [NAMES[n] for n in numbers_from(known, 6)] == ["T11", "T12", "T13", "L1", "L2", "L3"]


def test_a_name_that_contradicts_the_others_takes_their_place() -> None:
    assert with_name({20: 2}, 20, 3, 6) == {20: 3}
    assert with_name({20: 2}, 22, 5, 6) == {22: 5}


def test_a_name_that_no_spine_of_that_length_has_there_is_refused() -> None:
    with pytest.raises(UsageError):
        with_name({20: 2}, 25, 1, 6)


def test_names_follow_their_vertebrae() -> None:
    assert moved_names({20: 3}, (1, 2, 2, 3), 3) == {20: 2}, "merged with the one above"
    assert moved_names({20: 3}, (1, 3, 4, 5), 5) == {20: 4}, "one above it was split"
    assert moved_names({20: 3}, (1, 2, 0, 3), 3) == {}, "it is gone"
    assert moved_names({19: 2, 20: 3}, (1, 2, 2, 3), 3) == {20: 2}, "the last one given stays"
    assert moved_names({24: 5}, (1, 2, 3, 4, 8), 30) == {}, "there are more than a spine has"


@pytest.mark.parametrize(
    ("present", "expected"),
    [
        ({20, 21, 22}, (20, 21, 22)),
        ({20, 22, 26, 99}, (20, 21, 22)),
        ({18, 20}, (18, 20)),
        ({19, 20}, (19, 20)),
        ({19, 28, 21}, (19, 28, 20, 21)),
        ({17, 20, 25}, (17, 18, 20, 21, 22, 23, 24, 25)),
        ({26}, ()),
    ],
)
def test_between_numbers_lies_the_spine_with_the_fewest_others(
    present: set[int], expected: tuple[int, ...]
) -> None:
    assert numbers_between(present) == expected


@pytest.mark.parametrize(
    ("places", "count", "expected"),
    [((1, 2, 3, 0), 3, {21: 1}), ((0, 0, 1, 0), 1, {23: 1}), ((0, 0, 0, 0), 0, {})],
)
def test_names_stay_when_the_vertebra_that_they_follow_from_is_gone(
    places: tuple[int, ...], count: int, expected: dict[int, int]
) -> None:
    assert moved_names({24: 4}, places, count) == expected
