"""What the finder learns from: lines along spines, patches, and the score of what it finds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

torch = pytest.importorskip("torch", reason="PyTorch is only in the extra 'train'")
pytest.importorskip("monai", reason="MONAI is only in the extra 'train'")

from assets.training.cases import UNKNOWN, TrainingCase  # noqa: E402
from assets.training.checkpoint import Trained, load_folded, load_trained  # noqa: E402
from assets.training.export import FINDER, export  # noqa: E402
from assets.training.finder.cases import (  # noqa: E402
    LEAST_PART_MM,
    SPACING_MM,
    UPPER_END_MM,
    FinderCase,
    known_planes,
    spineless_parts,
    upper_end,
)
from assets.training.finder.patches import FinderPatches, FinderPatchSettings  # noqa: E402
from assets.training.finder.spine_lines import (  # noqa: E402
    around_line,
    may_be_spine,
    points_around_line,
    read_lines,
    spine_region,
)
from assets.training.finder.train import finder_settings, leg_of, weight  # noqa: E402
from assets.training.finder.validation import MARGIN_MM, WINDOW, score  # noqa: E402
from assets.training.networks import NETWORKS  # noqa: E402
from assets.training.scaling import scale_hu  # noqa: E402
from assets.training.sources import IRCAD, VERSE  # noqa: E402
from assets.training.train import Run  # noqa: E402
from inference.values.geometry import Geometry  # noqa: E402
from inference.values.volume import AIR_HU  # noqa: E402

UPRIGHT = np.array([[0.0, 0.0, 0.0, 15.0], [0.0, 0.0, 100.0, 15.0]])
LEANING = np.array([[0.0, 0.0, 0.0, 15.0], [0.0, -100.0, 100.0, 15.0]])
"""Points x, y, z and the radius of the bodies."""


def box_case() -> FinderCase:
    """A column of bone through soft tissue, z, y, x at 2 mm."""
    hu = np.full((60, 80, 80), 40, dtype=np.int16)
    spine = np.zeros(hu.shape, dtype=np.uint8)
    spine[:, 40:60, 32:48] = 1
    hu[spine > 0] = 500
    return FinderCase("box", hu, spine)


def test_points_behind_a_leaning_line_are_measured_square_to_it() -> None:
    square_behind = np.array([[7.0, -50 + 20, 50 + 20]])
    around = points_around_line(LEANING, square_behind)
    assert around.behind[0] == pytest.approx(np.hypot(20, 20), abs=1)
    assert around.aside[0] == pytest.approx(7)
    assert around.beyond[0] == 0


def test_the_voxels_of_a_grid_are_measured_as_points_are() -> None:
    grid = Geometry((3, 4, 5), (2.0, 3.0, 20.0), (-3.0, 5.0, 10.0))
    on_grid = around_line(LEANING, grid)
    (corner,) = grid.to_patient(np.array([[2.0, 1.0, 4.0]]))
    point = points_around_line(LEANING, corner[None])
    assert on_grid.behind.shape == grid.shape
    assert on_grid.behind[4, 1, 2] == pytest.approx(point.behind[0])
    assert on_grid.aside[4, 1, 2] == pytest.approx(point.aside[0])


def test_bodies_are_spine_whatever_their_hu_and_processes_only_where_there_is_bone() -> None:
    points = np.array([[0, 0, 50.0], [0, 50, 50.0], [0, 50, 50.0], [0, -30, 50.0], [0, 0, 140.0]])
    hu = np.array([100, 400, 40, 900, 400], dtype=np.int16)
    expected = [True, True, False, False, False]
    assert spine_region(hu, points_around_line(UPRIGHT, points)).tolist() == expected


def test_ribs_sternum_and_sacrum_may_not_be_spine() -> None:
    points = {
        "body": (0, 0, 50, True),
        "spinous process": (0, 65, 50, True),
        "transverse process": (45, 20, 50, True),
        "rib": (70, 30, 50, False),
        "sternum": (0, -120, 50, False),
        "sacrum": (0, 10, -40, False),
    }
    places = np.array([place[:3] for place in points.values()], dtype=float)
    found = may_be_spine(points_around_line(UPRIGHT, places))
    assert found.tolist() == [place[3] for place in points.values()]


def test_every_line_reaches_from_head_to_feet_through_bodies_of_a_human_size() -> None:
    for name, line in read_lines().items():
        heights = np.sort(line[:, 2])
        assert heights[-1] - heights[0] > 40, name
        assert ((line[:, 3] >= 5) & (line[:, 3] <= 30)).all(), name


def test_patches_show_the_spine_where_the_ct_shows_its_bone() -> None:
    patches = iter(FinderPatches([box_case()], [1.0], FinderPatchSettings((32, 32, 32)), seed=3))
    shown = 0
    for _ in range(12):
        hu, spine = (tensor.numpy()[0] for tensor in next(patches))
        assert hu.shape == spine.shape == (32, 32, 32)
        inside = spine > 0.99
        shown += int(inside.any())
        if inside.any() and (~inside & (hu > AIR_HU + 50)).any():
            assert hu[inside].mean() > hu[(spine == 0) & (hu > AIR_HU + 300)].mean() + 100
    assert shown > 3


def in_window(case: FinderCase) -> tuple[int, ...]:
    """Where a case smaller than the finder's window begins in it, z, y, x."""
    return tuple((side - n // 2 + 1) // 2 for side, n in zip(WINDOW, case.hu.shape, strict=True))


def perfect(hu: NDArray[np.float32]) -> NDArray[np.float32]:
    return (hu > 300).astype(np.float32)


def test_a_perfect_finder_misses_nothing_and_finds_nothing_in_vain() -> None:
    result = score(perfect, box_case())
    assert (result.recall, result.stray_ml) == (1.0, 0.0)


def test_what_lies_further_than_the_margin_from_what_was_found_is_missed() -> None:
    first = in_window(box_case())[0]

    def lower_half(hu: NDArray[np.float32]) -> NDArray[np.float32]:
        found = perfect(hu)
        found[first + 15 :] = 0
        return found

    reached = (15 * 4 + MARGIN_MM) / (30 * 4)
    assert score(lower_half, box_case()).recall == pytest.approx(reached, abs=1e-6)


def test_what_is_found_far_from_the_spine_is_counted() -> None:
    z, y, x = in_window(box_case())

    def stray(hu: NDArray[np.float32]) -> NDArray[np.float32]:
        found = perfect(hu)
        found[z, y, x : x + 10] = 1
        return found

    assert score(stray, box_case()).stray_ml == pytest.approx(10 * 4**3 / 1000)


def test_refining_begins_with_other_weights_whose_norms_are_folded_away(tmp_path: Path) -> None:
    device, settings = torch.device("cpu"), finder_settings(steps=3, rate=1e-3)
    first = Run(NETWORKS["SpineFinder"](), settings, tmp_path / "first", device)
    patch = torch.rand(2, 1, 32, 32, 32) * 2000 - 1000
    first.train_step(patch, (patch > 0).float())
    first.keep()
    folded = load_folded(tmp_path / "first" / "last.pt", "SpineFinder")
    assert not any(isinstance(module, torch.nn.BatchNorm3d) for module in folded.modules())
    x = scale_hu(patch)
    assert torch.allclose(folded(x), first.network.eval()(x), atol=1e-4)
    refined = Run(folded, settings, tmp_path / "refined", device)
    before = refined.network.state_dict()["head.weight"].clone()
    for _ in range(settings.steps):  # one whose gradient is not finite is left out
        refined.train_step(patch, (patch > 0).float())
    assert not torch.equal(before, refined.network.state_dict()["head.weight"])
    refined.keep()
    kept = load_trained(tmp_path / "refined" / "last.pt").network
    assert torch.equal(kept.state_dict()["head.weight"], refined.average.module.head.weight)


def test_a_released_model_can_be_refined(tmp_path: Path) -> None:
    released = tmp_path / "model.onnx"
    network = NETWORKS["SpineFinder"]().eval()
    export(Trained("SpineFinder", network, ()), released, FINDER)
    x = scale_hu(torch.rand(1, 1, 16, 16, 16) * 2000 - 1000)
    assert torch.allclose(load_folded(released, "SpineFinder")(x), network(x), atol=1e-4)
    with pytest.raises(ValueError, match=r"model\.onnx"):
        load_folded(released, "ResUNet")


def test_planes_where_the_spine_is_unknown_are_left_out() -> None:
    hu, spine = np.zeros((30, 8, 8), np.int16), np.zeros((30, 8, 8), np.uint8)
    spine[:, 4, 4] = 1
    spine[:4, 2, 2] = spine[20:, 3, 3] = UNKNOWN
    known = known_planes(TrainingCase("cut", hu, None, spine))
    assert known.spine.shape == (16, 8, 8)
    assert (known.spine[:, 4, 4] == 1).all()
    with pytest.raises(ValueError, match="no plane"):
        known_planes(TrainingCase("lost", hu, None, np.full_like(spine, UNKNOWN)))


def test_head_legs_and_chest_walls_are_scans_without_a_spine() -> None:
    hu, spine = np.zeros((200, 160, 200), np.int16), np.zeros((200, 160, 200), np.uint8)
    spine[60:140, 90:120, 90:110] = 1
    parts = list(spineless_parts(FinderCase("body", hu, spine, (VERSE,))))
    names = {f"body {where}" for where in ("below", "above", "front", "right", "left")}
    assert {part.name for part in parts} == names
    for part in parts:
        assert not part.spine.any()
        assert min(part.hu.shape) * 2 >= LEAST_PART_MM
        assert part.sources == (VERSE,)
    assert not list(spineless_parts(FinderCase("small", hu[60:140], spine[60:140, :, 80:120])))[3:]


def test_a_part_without_a_spine_is_drawn_from_anywhere() -> None:
    hu = np.full((60, 60, 60), 40, np.int16)
    case = FinderCase("legs", hu, np.zeros(hu.shape, np.uint8))
    stream = iter(FinderPatches([case], [1.0], FinderPatchSettings(), seed=1))
    assert not any(next(stream)[1].any() for _ in range(4))


def test_the_upper_end_of_a_trunk_is_a_scan_of_its_own_that_counts_more() -> None:
    column = box_case()
    planes = round(UPPER_END_MM / SPACING_MM[2])
    trunk = replace(column, **{k: np.tile(getattr(column, k), (3, 1, 1)) for k in ("hu", "spine")})
    end = upper_end(trunk)
    assert len(end.hu) == len(end.spine) == planes < len(trunk.hu)
    assert np.array_equal(end.hu, trunk.hu[-planes:])
    assert weight(end) > weight(column)


def test_drawn_cases_count_less_and_every_source_is_kept() -> None:
    real = box_case()
    drawn = replace(real, name="drawn", drawn=True, sources=(IRCAD,))
    legs = replace(real, name="legs", spine=np.zeros_like(real.spine), sources=(VERSE,))
    rare = replace(drawn, rare=True)
    assert weight(drawn) < weight(rare) <= weight(real)
    assert weight(drawn) < weight(legs) < weight(real)
    assert leg_of([drawn, legs, drawn]).learned_from == ("drawn", "legs")
    assert leg_of([drawn, legs, drawn]).sources == (IRCAD, VERSE)
