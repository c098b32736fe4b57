"""Manual corrections: what changes, what stays, and undo."""

import subprocess
import sys
import tracemalloc
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.corrections.brush import paint
from app.corrections.correction import Correction
from app.corrections.mask_editor import MaskEditor
from app.corrections.pieces import keep_component, remove_component
from inference.errors import CancelledError
from inference.values.geometry import Geometry
from inference.values.mask import Mask

GEOMETRY = Geometry((14, 12, 10), (0.8, 0.5, 2.5))


def two_pieces() -> Mask:
    """A large block, a small one, and a voxel that touches the small one by its corner."""
    voxels = np.zeros(GEOMETRY.shape, np.uint8)
    voxels[1:6, 1:6, 1:6] = 1
    voxels[7:9, 8:10, 8:10] = 1
    voxels[9, 10, 10] = 1
    return Mask(voxels, GEOMETRY)


def corrected(mask: Mask, correction: Correction | None) -> NDArray[np.uint8]:
    assert correction is not None
    voxels = mask.voxels.copy()
    correction.apply_to(voxels)
    return voxels


def test_a_click_removes_the_piece_under_it_and_no_other() -> None:
    mask = two_pieces()
    left = corrected(mask, remove_component(mask, (8, 8, 7)))
    expected = mask.voxels.copy()
    expected[7:] = 0
    assert np.array_equal(left, expected)


def test_keeping_a_piece_removes_all_others() -> None:
    mask = two_pieces()
    left = corrected(mask, keep_component(mask, (10, 10, 9)))
    expected = mask.voxels.copy()
    expected[:7] = 0
    assert np.array_equal(left, expected)


def test_a_click_beside_the_spine_changes_nothing() -> None:
    mask = two_pieces()
    assert remove_component(mask, (0, 0, 0)) is None
    assert keep_component(mask, (0, 0, 0)) is None
    empty = Mask(np.zeros(GEOMETRY.shape, np.uint8), GEOMETRY)
    assert remove_component(empty, (3, 3, 3)) is None


def test_keeping_the_only_piece_changes_nothing() -> None:
    mask = two_pieces()
    mask.voxels[7:] = 0
    assert keep_component(mask, (2, 2, 2)) is None


voxels_of_grid = st.tuples(*(st.integers(0, n - 1) for n in GEOMETRY.size))


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**16),
    start=voxels_of_grid,
    end=voxels_of_grid,
    across=st.integers(0, 2),
    radius_mm=st.floats(0.0, 8.0),
    erase=st.booleans(),
)
def test_a_brush_sets_all_within_its_radius_of_its_way_and_nothing_else(
    seed: int,
    start: tuple[int, int, int],
    end: tuple[int, int, int],
    across: int,
    radius_mm: float,
    erase: bool,
) -> None:
    before = np.random.default_rng(seed).integers(0, 2, GEOMETRY.shape, dtype=np.uint8)
    mask = Mask(before.copy(), GEOMETRY)
    stroke = paint(mask, start, end, across=across, radius_mm=radius_mm, erase=erase)
    assert np.array_equal(mask.voxels, before), "the mask itself is left to the editor"
    after = before if stroke is None else corrected(mask, stroke)

    way = np.linspace(start, end, 100)
    way[:, across] = start[across]
    z, y, x = np.indices(GEOMETRY.shape)
    voxels = np.stack([x, y, z], axis=-1)
    offsets = (voxels[..., None, :] - way) * GEOMETRY.spacing
    distances = np.linalg.norm(offsets, axis=-1).min(axis=-1)
    distances[voxels[..., across] != start[across]] = np.inf
    half_a_step_mm = 0.15
    within = distances <= radius_mm - half_a_step_mm
    within[tuple(way[0, ::-1].astype(int))] = True
    beyond = distances > max(radius_mm, half_a_step_mm) + half_a_step_mm
    assert np.all(after[within] == (0 if erase else 1))
    assert np.array_equal(after[beyond], before[beyond])


def test_a_stroke_is_undone_as_one() -> None:
    mask = two_pieces()
    editor = MaskEditor(mask)
    for x in range(3, 9):
        stroke = paint(
            editor.mask, (x, 10, 4), (x + 1, 10, 4), across=2, radius_mm=1.0, erase=False
        )
        if stroke is not None:
            editor.continue_stroke(stroke)
    editor.end_stroke()
    assert editor.mask.voxels.sum() > mask.voxels.sum()
    editor.undo()
    assert np.array_equal(editor.mask.voxels, mask.voxels)
    assert not editor.can_undo


LONG_SCAN = Geometry((300, 300, 200), (0.8, 0.8, 1.0))


def most_bytes_of_a_move(steps: int, radius_mm: float) -> int:
    """The most memory that one move of a ball takes, on its way down a long scan and up again."""
    editor = MaskEditor(Mask(np.zeros(LONG_SCAN.shape, np.uint8), LONG_SCAN))
    most = 0
    at = (40, 40, 40)
    tracemalloc.start()
    for step in range(steps):
        side = 3 if step < steps / 2 else -3
        to = (at[0] + side, at[1] + side, at[2] + 1)
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        move = paint(editor.mask, at, to, across=None, radius_mm=radius_mm, erase=False)
        if move is not None:
            editor.continue_stroke(move)
        most = max(most, tracemalloc.get_traced_memory()[1] - before)
        at = to
    tracemalloc.stop()
    return most


def test_a_move_costs_no_more_in_a_long_stroke_than_in_a_short_one() -> None:
    short, long = (most_bytes_of_a_move(steps, 12.0) for steps in (20, 120))
    assert long < 1.2 * short


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**16), joined=st.sampled_from([1, 60, 2**19]))
def test_a_stroke_of_the_ball_is_undone_as_one_however_its_moves_are_joined(
    seed: int, joined: int
) -> None:
    generator = np.random.default_rng(seed)
    editor = MaskEditor(two_pieces())
    before = editor.mask.voxels.copy()
    at = tuple(generator.integers(0, GEOMETRY.size).tolist())
    with patch("app.corrections.mask_editor.JOINED_VOXELS", joined):
        for _ in range(6):
            to = tuple(generator.integers(0, GEOMETRY.size).tolist())
            move = paint(editor.mask, at, to, across=None, radius_mm=1.5, erase=False)
            if move is not None:
                editor.continue_stroke(move)
            at = to
    editor.end_stroke()
    after = editor.mask.voxels.copy()
    editor.undo()
    assert not editor.can_undo
    assert np.array_equal(editor.mask.voxels, before)
    editor.redo()
    assert np.array_equal(editor.mask.voxels, after)


def test_two_strokes_are_undone_one_by_one() -> None:
    editor = MaskEditor(two_pieces())
    after = [editor.mask.voxels.copy()]
    for voxel in ((10, 3, 2), (11, 6, 2)):
        stroke = paint(editor.mask, voxel, voxel, across=2, radius_mm=1.0, erase=False)
        assert stroke is not None
        editor.continue_stroke(stroke)
        editor.end_stroke()
        after.append(editor.mask.voxels.copy())
    editor.undo()
    assert np.array_equal(editor.mask.voxels, after[1])
    editor.undo()
    assert np.array_equal(editor.mask.voxels, after[0])


def random_correction(mask: Mask, generator: np.random.Generator) -> Correction | None:
    ends = generator.integers(0, GEOMETRY.size, (2, 3)).tolist()
    if generator.random() < 0.3:
        return remove_component(mask, tuple(ends[0]))
    return paint(
        mask,
        tuple(ends[0]),
        tuple(ends[1]),
        across=int(generator.integers(3)),
        radius_mm=generator.uniform(0, 4),
        erase=bool(generator.random() < 0.5),
    )


@settings(deadline=None, max_examples=50)
@given(seed=st.integers(0, 2**16), steps=st.lists(st.booleans(), max_size=20))
def test_undo_and_redo_walk_through_the_same_masks(seed: int, steps: list[bool]) -> None:
    generator = np.random.default_rng(seed)
    editor = MaskEditor(two_pieces())
    states = [editor.mask.voxels.copy()]
    for _ in range(8):
        correction = random_correction(editor.mask, generator)
        if correction is not None:
            editor.correct(correction)
            states.append(editor.mask.voxels.copy())
    at = len(states) - 1
    for back in steps:
        assert editor.can_undo == (at > 0)
        assert editor.can_redo == (at < len(states) - 1)
        if back:
            editor.undo()
        else:
            editor.redo()
        at = min(max(at + (-1 if back else 1), 0), len(states) - 1)
        assert np.array_equal(editor.mask.voxels, states[at])


def test_a_new_correction_ends_what_can_be_redone() -> None:
    editor = MaskEditor(two_pieces())
    first = remove_component(editor.mask, (8, 8, 7))
    assert first is not None
    editor.correct(first)
    editor.undo()
    second = remove_component(editor.mask, (2, 2, 2))
    assert second is not None
    editor.correct(second)
    assert not editor.can_redo


def test_the_result_of_the_run_stays_as_it_was() -> None:
    mask = two_pieces()
    before = mask.voxels.copy()
    editor = MaskEditor(mask)
    removal = remove_component(editor.mask, (2, 2, 2))
    assert removal is not None
    editor.correct(removal)
    assert np.array_equal(mask.voxels, before)


def test_the_mask_says_whether_a_person_corrected_it() -> None:
    editor = MaskEditor(two_pieces())
    assert not editor.mask.corrected
    removal = remove_component(editor.mask, (2, 2, 2))
    assert removal is not None
    editor.correct(removal)
    assert editor.mask.corrected
    editor.undo()
    assert not editor.mask.corrected


def test_the_history_forgets_the_oldest_when_it_is_full_but_not_that_there_was_one() -> None:
    editor = MaskEditor(two_pieces(), history_bytes=12)
    for z in range(8):
        stroke = paint(editor.mask, (9, 3, z), (9, 3, z), across=2, radius_mm=1.5, erase=False)
        assert stroke is not None
        editor.correct(stroke)
    count = 0
    while editor.can_undo:
        editor.undo()
        count += 1
    assert 0 < count < 8
    assert editor.mask.corrected


MEASURE = """
import numpy as np
from app.corrections.mask_editor import MaskEditor
from app.corrections.pieces import remove_component
from inference.mask import components
from inference.system.memory import peak_rss_bytes
from inference.system.scratch import new_array
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.slabs import slabs

voxels = new_array((600, 512, 512), np.uint8)
for part, slab in slabs(voxels):
    slab[:, 200:300, 200:300] = 1
before = peak_rss_bytes()
editor = MaskEditor(Mask(voxels, Geometry((512, 512, 600), (0.8, 0.8, 0.8))))
editor.correct(remove_component(editor.mask, (250, 250, 10)))
print(peak_rss_bytes() - before)
assert not editor.mask.voxels.any()
"""


def test_the_first_correction_of_a_long_mask_takes_less_than_50_mib() -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True
    )
    assert int(run.stdout) < 50 * 2**20


def test_the_search_for_a_piece_can_be_cancelled() -> None:
    with pytest.raises(CancelledError):
        keep_component(two_pieces(), (3, 3, 3), lambda: True)
