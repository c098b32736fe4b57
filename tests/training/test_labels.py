"""Separating vertebrae from all bone, on a spine of boxes and on a real label map."""

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

pytest.importorskip("scipy", reason="SciPy is only in the extras 'train' and 'test'")

from assets.training.canal import find_canal
from assets.training.cases import (
    SHOULDER_MM,
    SHOULDER_ROOM_MM,
    TrainingCase,
    below_spine,
    label_patients,
    load_case,
    shoulders,
    without_hidden_discs,
)
from assets.training.spine_labels import BONE, read_labels, spine_label
from assets.training.vertebrae import UNKNOWN, fill_pores, separate_vertebrae
from assets.training.vertebrae_on_ct import separate_vertebrae_on_ct
from inference.values.geometry import Geometry
from inference.values.volume import Volume

REAL_MAP = Path("../shared/ct/ircad/labels/ircad01_labels.nii.gz")

DISCS = [slice(z, z + 6) for z in (24, 54, 84)]
BODY = np.s_[:, 60:90, 80:120]
CANAL = np.s_[:, 90:106, 92:108]
RIB = np.s_[40:48, 96:104, 10:60]
PELVIS = np.s_[:10, 70:100, 5:30]


def boxes() -> dict[str, NDArray[np.bool_]]:
    """Four vertebrae with arches, processes, a rib at the second, and a pelvis (z, y, x, 1 mm)."""
    parts = {name: np.zeros((108, 170, 200), dtype=bool) for name in ("spine", "other")}
    spine, other = parts["spine"], parts["other"]
    spine[BODY] = spine[:, 88:112, 84:116] = True
    spine[:, 112:140, 97:103] = True
    spine[CANAL] = False
    for disc in DISCS:
        spine[disc] = False
    for middle in (12, 42, 72, 98):
        spine[middle - 4 : middle + 4, 98:106, 62:138] = True
        spine[:, 90:106, 92:108] = False
    other[RIB] = other[PELVIS] = True
    return parts


def test_vertebrae_are_told_from_ribs_and_pelvis() -> None:
    parts = boxes()
    found = separate_vertebrae(parts["spine"] | parts["other"]).spine == 1
    assert not found[PELVIS].any()
    assert not found[40:48, 96:104, 10:45].any(), "the rib away from the transverse process"
    overlap = 2 * (found & parts["spine"]).sum() / (found.sum() + parts["spine"].sum())
    assert overlap > 0.97


def test_holes_in_bodies_are_filled_while_canal_and_discs_stay_open() -> None:
    parts = boxes()
    hollow = parts["spine"].copy()
    hollow[34:50, 68:82, 88:112] = False
    found = separate_vertebrae(hollow | parts["other"]).spine == 1
    assert found[34:50, 68:82, 88:112].all()
    assert not found[CANAL].any()
    assert not any(found[disc, 65:85, 85:115].any() for disc in DISCS)


def test_where_discs_are_hidden_bodies_are_unknown_and_arches_stay() -> None:
    parts = boxes()
    bone = parts["spine"] | parts["other"]
    bone[DISCS[1], 60:90, 80:120] = True
    found = separate_vertebrae(bone)
    spine = without_hidden_discs(found, [(40, 75)])
    assert (spine[40:75, 62:86, 82:118] == UNKNOWN).all()
    assert (spine[40:44, 114:138, 98:102] == 1).all(), "the spinous process"
    assert (spine[30:39, 62:86, 82:118] == 1).all(), "the body below"


def test_below_the_spine_lie_only_planes_without_it() -> None:
    spine = np.zeros((20, 8, 8), dtype=np.uint8)
    spine[12:, 2:6, 2:6] = 1
    hu = np.arange(spine.size, dtype=np.int16).reshape(spine.shape)
    legs = below_spine(TrainingCase("body", hu, None, spine))
    assert (legs.hu == hu[:12]).all()
    assert not (legs.spine == 1).any()
    with pytest.raises(ValueError, match="nothing below its spine"):
        below_spine(TrainingCase("trunk", hu, None, np.ones_like(spine)))


def test_shoulders_are_the_sides_of_the_upper_end_of_a_trunk() -> None:
    classes = np.ones((200, 30, 120), np.uint8)
    spine = np.zeros_like(classes)
    spine[:, 10:20, 50:70] = 1
    right, left = shoulders(TrainingCase("trunk", None, classes, spine))
    assert [side.name for side in (right, left)] == ["trunk right shoulder", "trunk left shoulder"]
    assert right.spine.shape == (SHOULDER_MM, 30, 50 - SHOULDER_ROOM_MM)
    assert left.spine.shape == (SHOULDER_MM, 30, 120 - 70 - SHOULDER_ROOM_MM)
    assert not right.spine.any()
    assert not left.spine.any()
    with pytest.raises(ValueError, match="beside its spine"):
        shoulders(TrainingCase("thin", None, classes[..., 45:75], spine[..., 45:75]))
    spine[-SHOULDER_MM:] = 0
    with pytest.raises(ValueError, match="no spine at its upper end"):
        shoulders(TrainingCase("legs", None, classes, spine))


def boxes_ct(bone: NDArray[np.bool_]) -> NDArray[np.int16]:
    """The CT of a box spine: marrow as dense as its shell, and soft tissue."""
    return np.where(bone, 300, 60).astype(np.int16)


def test_discs_inside_the_bone_label_are_left_out_where_a_ct_shows_them_soft() -> None:
    parts = boxes()
    hu = boxes_ct(parts["spine"] | parts["other"])
    bone = parts["spine"] | parts["other"]
    for disc in DISCS:
        bone[disc, 60:90, 80:120] = True
    found = separate_vertebrae_on_ct(bone, hu).spine == 1
    assert not any(found[disc, 65:85, 85:115].any() for disc in DISCS)
    assert found[34:50, 68:82, 88:112].all()


def test_dense_marrow_and_small_soft_veins_inside_bodies_are_filled_on_a_ct() -> None:
    parts = boxes()
    bone = parts["spine"] | parts["other"]
    hu = boxes_ct(bone)
    bone[34:50, 68:82, 88:112] = False
    hu[40:44, 74:78, 98:102] = 60
    found = separate_vertebrae_on_ct(bone, hu).spine == 1
    assert found[34:50, 68:82, 88:112].all()
    assert not found[:, 91:105, 93:107].any(), "the canal, whose corners blur"


def test_on_a_ct_a_rib_ends_at_its_joint() -> None:
    parts = boxes()
    bone = parts["spine"] | parts["other"]
    bone[40:48, 96:104, 60:63] = True
    hu = boxes_ct(bone)
    hu[:, :, 60:63] = 60
    hu[40:48, 96:104, 60:63] = 150
    hu[:, :, 61] = np.minimum(hu[:, :, 61], 140)
    found = separate_vertebrae_on_ct(bone, hu).spine == 1
    assert found[40:44, 98:103, 64:80].all()
    assert not found[40:48, 96:104, :60].any()


def test_small_axial_holes_are_marrow_and_large_ones_the_canal() -> None:
    bone = np.zeros((4, 40, 40), dtype=bool)
    bone[:, 5:35, 5:35] = True
    bone[:, 10:24, 10:24] = False
    bone[:, 28:32, 28:32] = False
    filled = fill_pores(bone)
    assert filled[:, 28:32, 28:32].all()
    assert not filled[:, 10:24, 10:24].any()


def test_a_canal_that_the_label_holds_as_bone_is_opened_and_its_edge_unknown() -> None:
    parts = boxes()
    bone = parts["spine"] | parts["other"]
    closed = slice(38, 46)
    bone[closed, 90:106, 92:108] = True
    found = separate_vertebrae(bone)
    assert (found.spine[closed, 94:102, 96:104] == 0).all()
    assert found.no_bone[closed, 94:102, 96:104].all()
    assert (found.spine[closed, 90:106, 92:108] != 1).mean() > 0.9
    assert (found.spine == UNKNOWN).any()
    assert not found.no_bone[closed, 60:86].any()
    body = (found.spine == 1)[closed, 60:87, 80:120]
    assert body.all(), "the body in front of a closed canal stays whole"


def test_bones_without_a_canal_are_refused() -> None:
    ribs = np.zeros((40, 100, 120), dtype=bool)
    ribs[10:14, 40:44, :] = True
    with pytest.raises(ValueError, match="no spine found"):
        separate_vertebrae(ribs)


def test_the_canal_is_tracked_along_a_leaning_spine_of_hollow_bodies() -> None:
    bone = boxes()["spine"]
    bone[:, 63:87, 83:117] = False
    leaning = np.zeros_like(bone)
    for z, plane in enumerate(bone):
        leaning[z] = np.roll(plane, (z // 3 - 18, z // 6 - 9), (0, 1))
    canal = find_canal(leaning)
    z = np.arange(10, 98)
    assert np.abs(canal.y[z] - (97.5 + z // 3 - 18)).max() < 5, "inside the canal, 16 mm wide"
    assert np.abs(canal.x[z] - (99.5 + z // 6 - 9)).max() < 3


def test_patients_without_a_bone_label_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "ircad" / "labels"
    folder.mkdir(parents=True)
    index = {"cases": {"5": {"classes": {"body": 1}}}}
    (folder / "index.json").write_text(json.dumps(index))
    with pytest.raises(ValueError, match="patient 5 lack bone"):
        label_patients(tmp_path)


def test_labels_of_another_scan_than_the_ct_are_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "ircad" / "labels"
    folder.mkdir(parents=True)
    labels = sitk.GetImageFromArray(np.full((12, 10, 8), BONE, dtype=np.uint8))
    sitk.WriteImage(labels, str(folder / "ircad05_labels.nii.gz"))
    longer = Geometry((8, 10, 13), (1.0, 1.0, 1.0))
    ct = Volume(np.zeros(longer.shape, dtype=np.int16), longer, "ct")
    cache = tmp_path / "cache"
    with pytest.raises(ValueError, match=r"patient 5 have .* not of the same scan"):
        load_case(tmp_path, 5, cache, lambda: ct)
    assert not list(cache.glob("*.npz"))


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.2), (1.01, 1.0, 1.0)])
def test_labels_of_another_spacing_than_the_ct_are_refused(
    tmp_path: Path, spacing: tuple[float, float, float]
) -> None:
    folder = tmp_path / "ircad" / "labels"
    folder.mkdir(parents=True)
    labels = sitk.GetImageFromArray(np.full((12, 10, 8), BONE, dtype=np.uint8))
    sitk.WriteImage(labels, str(folder / "ircad05_labels.nii.gz"))
    stretched = Geometry((8, 10, 12), spacing)
    ct = Volume(np.zeros(stretched.shape, dtype=np.int16), stretched, "ct")
    with pytest.raises(ValueError, match=r"patient 5 have a spacing of 1×1×1 mm, its CT of"):
        load_case(tmp_path, 5, tmp_path / "cache", lambda: ct)
    with pytest.raises(ValueError, match="not of the same scan"):
        spine_label(folder / "ircad05_labels.nii.gz", ct)


@pytest.mark.skipif(not REAL_MAP.exists(), reason="../shared/ct is not here")
def test_the_spine_of_a_real_patient_is_on_the_grid_of_its_map() -> None:
    labels, geometry = read_labels(REAL_MAP)
    spine = spine_label(REAL_MAP)
    assert spine.shape == labels.shape
    bone = labels == BONE
    assert 200 < spine.sum() * geometry.voxel_volume_ml < 400, "T9 to L4 of a grown-up, in mL"
    added = (spine > 0) & ~bone
    assert added.sum() < 0.35 * spine.sum(), "only marrow may be added to the expert's bone"
    left_half = spine[:, :, labels.shape[2] // 2 :].sum() / spine.sum()
    assert 0.35 < left_half < 0.65, "as much spine on the left as on the right"
