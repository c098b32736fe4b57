"""Labels of series that no expert has labelled, along lines drawn by eye."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")

from assets.training.cases import UNKNOWN
from assets.training.finder.spine_lines import around_line, read_lines
from assets.training.pseudo_labels import load_series, pseudo_label
from assets.training.series_discs import read_discs
from inference.model.loading import load_model
from inference.values.geometry import Geometry
from tests.tiny_models import write_threshold_model

REAL_CT = Path("../shared/ct")
GEOMETRY = Geometry((120, 140, 60), (1.0, 1.0, 1.0))
MIDDLE = 60
BODY_RADIUS = 15.0


def body(radius: float) -> tuple[np.ndarray, np.ndarray]:
    """A row of bodies from feet to head as HU, and where it is."""
    y, x = np.mgrid[:140, :120]
    disc = np.hypot(y - MIDDLE, x - MIDDLE) <= radius
    inside = np.broadcast_to(disc, GEOMETRY.shape)
    return np.where(inside, 400, 30).astype(np.int16), inside


def line(radius: float) -> np.ndarray:
    return np.array([[MIDDLE, MIDDLE, 5.0, radius], [MIDDLE, MIDDLE, 55.0, radius]])


def test_bodies_that_the_model_marks_are_spine_between_the_ends_of_the_line() -> None:
    hu, inside = body(BODY_RADIUS)
    label = pseudo_label(hu, inside.astype(np.float32), around_line(line(BODY_RADIUS), GEOMETRY))
    assert (label[10:50][inside[10:50]] == 1).all()
    assert (label[:4] != 1).all()
    assert (label[:4][inside[:4]] == UNKNOWN).any()


def test_what_the_model_marks_far_from_the_line_is_no_spine() -> None:
    hu, _ = body(BODY_RADIUS)
    hu[:, 5:15, 20:100] = 500
    everywhere = np.ones(GEOMETRY.shape, dtype=np.float32)
    label = pseudo_label(hu, everywhere, around_line(line(BODY_RADIUS), GEOMETRY))
    assert (label[:, 5:15, 20:100] == 0).all()


def test_bone_near_the_line_that_the_model_misses_is_undecided() -> None:
    hu, inside = body(BODY_RADIUS)
    nothing = np.zeros(GEOMETRY.shape, dtype=np.float32)
    label = pseudo_label(hu, nothing, around_line(line(BODY_RADIUS), GEOMETRY))
    assert (label != 1).all()
    assert (label[10:50][inside[10:50]] == UNKNOWN).all()


def test_marrow_that_the_model_leaves_out_of_a_process_is_filled() -> None:
    hu, inside = body(BODY_RADIUS)
    process = np.s_[:, 85:105, 54:66]
    marrow = np.s_[:, 92:97, 58:62]
    hu[process], hu[marrow] = 400, 50
    inside = inside.copy()
    inside[process], inside[marrow] = True, False
    label = pseudo_label(hu, inside.astype(np.float32), around_line(line(BODY_RADIUS), GEOMETRY))
    assert (label[10:50, 92:97, 58:62] == 1).all()


def test_in_the_neck_bone_is_spine_whatever_the_model_says() -> None:
    hu, inside = body(7.0)
    nothing = np.zeros(GEOMETRY.shape, dtype=np.float32)
    label = pseudo_label(hu, nothing, around_line(line(8.0), GEOMETRY))
    assert (label[10:50] == 1).sum() > 0.8 * inside[10:50].sum()
    assert not (label[10:50] == 1)[~inside[10:50]].any()


def test_in_the_neck_what_is_joined_to_the_bodies_is_spine_until_the_skull_comes_near() -> None:
    hu, _ = body(7.0)
    masses = np.s_[:, 60:70, 20:100]
    vessel = np.s_[:, 45:48, 30:33]
    hu[masses] = hu[vessel] = 400
    nothing = np.zeros(GEOMETRY.shape, dtype=np.float32)
    label = pseudo_label(hu, nothing, around_line(line(8.0), GEOMETRY))
    assert (label[10:44, 61:69, 25:50] == 1).all()
    assert not (label[:, 45:48, 30:33] == 1).any()
    assert (label[50:55, 61:69, 25:50] == UNKNOWN).all(), "beside the tip of the dens"


def test_below_the_last_body_only_its_process_is_undecided() -> None:
    hu, inside = body(BODY_RADIUS)
    process = np.s_[:, 85:105, 57:63]
    hu[process] = 400
    inside = inside.copy()
    inside[process] = True
    ends = np.array([[MIDDLE, MIDDLE, 25.0, BODY_RADIUS], [MIDDLE, MIDDLE, 55.0, BODY_RADIUS]])
    label = pseudo_label(hu, inside.astype(np.float32), around_line(ends, GEOMETRY))
    assert (label[14:24, 86:104, 58:62] == UNKNOWN).all()
    assert (label[:12, 86:104, 58:62] == 0).all()
    assert (label[:21, 50:70, 50:70] == 0).all()


def test_between_marked_end_plates_soft_is_disc_and_elsewhere_it_is_marrow() -> None:
    hu, inside = body(BODY_RADIUS)
    around = around_line(line(BODY_RADIUS), GEOMETRY)
    disc = inside & (np.abs(around.below_head - 20) < 3)
    weak_marrow = inside & (np.abs(around.below_head - 35) < 3)
    hu[disc | weak_marrow] = 90
    model = inside.astype(np.float32)
    label = pseudo_label(hu, model, around, [(15.0, 25.0)])
    core = np.hypot(around.behind, around.aside) < 8
    assert (label[disc & core & (np.abs(around.below_head - 20) < 2)] == 0).all()
    assert (label[weak_marrow & core] == 1).all()
    undecided = pseudo_label(hu, model, around)
    assert (undecided[disc & core] == UNKNOWN).all()


def test_discs_are_marked_in_series_that_have_lines_and_from_head_to_feet() -> None:
    lines = read_lines()
    for name, plates in read_discs().items():
        length = np.linalg.norm(np.diff(lines[name][:, :3], axis=0), axis=1).sum()
        levels = [level for pair in plates for level in pair]
        assert levels == sorted(levels)
        assert levels[0] >= 0 and levels[-1] <= length + 2


def test_the_wall_of_an_aorta_with_a_stent_is_undecided() -> None:
    hu, inside = body(BODY_RADIUS)
    hu[:, 44:47, 55:65] = 2000
    label = pseudo_label(hu, inside.astype(np.float32), around_line(line(BODY_RADIUS), GEOMETRY))
    assert (label[10:50, 47, 60] == UNKNOWN).all()
    assert (label[10:50, 70, 60] == 1).all()


@pytest.mark.skipif(not REAL_CT.is_dir(), reason="the real CT are not here")
def test_a_kept_label_is_of_the_model_that_is_asked_for(tmp_path: Path) -> None:
    volumes = []
    for bone_hu in (150.0, 400.0):
        model = load_model(str(write_threshold_model(tmp_path / "same.onnx", bone_hu=bone_hu)))
        case = load_series(REAL_CT, "lspine_0p55mm", tmp_path / "cache", model)
        volumes.append(np.count_nonzero(case.spine == 1))
    assert volumes[0] > volumes[1] > 0
