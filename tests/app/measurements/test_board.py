"""Measurements are kept, changed and deleted, and every step can be undone."""

from hypothesis import given
from hypothesis import strategies as st

from app.measurements.board import HISTORY, MeasurementBoard
from app.measurements.measurement import Kind, Measurement
from app.slices.planes import Plane


def measurement(number: int) -> Measurement:
    return Measurement(Kind.DISTANCE, Plane.AXIAL, number, ((0.0, 0.0), (1.0, float(number))))


@given(steps=st.lists(st.tuples(st.sampled_from(["add", "replace", "remove"]), st.integers(0, 9))))
def test_undo_walks_back_through_all_states_and_redo_forth_again(
    steps: list[tuple[str, int]],
) -> None:
    board = MeasurementBoard()
    states = [board.all]
    for number, (step, at) in enumerate(steps):
        if step == "add" or not board.all:
            board.add(measurement(number))
        elif step == "replace":
            board.replace(board.all[at % len(board.all)], measurement(number))
        else:
            board.remove(board.all[at % len(board.all)])
        states.append(board.all)
    for state in reversed(states[:-1]):
        board.undo()
        assert board.all == state
    assert not board.can_undo
    for state in states[1:]:
        board.redo()
        assert board.all == state
    assert not board.can_redo


def test_of_two_equal_measurements_only_the_one_is_deleted() -> None:
    board = MeasurementBoard()
    board.add(measurement(1))
    board.add(measurement(1))
    second = board.all[1]
    board.remove(board.all[0])
    assert board.all == (second,)


def test_another_case_begins_without_any_and_without_a_way_back() -> None:
    board = MeasurementBoard()
    board.add(measurement(1))
    board.clear()
    assert not (board.all or board.can_undo or board.can_redo)


def test_the_oldest_steps_are_forgotten() -> None:
    board = MeasurementBoard()
    for number in range(HISTORY + 5):
        board.add(measurement(number))
    for _ in range(HISTORY + 5):
        board.undo()
    assert len(board.all) == 5
