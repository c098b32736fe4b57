"""Vertebrae come back from a file as they were written, and fit the mask that they come back to."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from inference.cases.vertebrae import CaseVertebrae, read_vertebrae, told_of
from inference.errors import SpineContextError, UnfitMaskError, UnreadableInputError
from inference.export.images import write_nifti
from inference.export.vertebrae import vertebra_endings, vertebra_writers
from inference.mask.vertebra_editing import SET_BY_HAND, fit_to, merge, split
from inference.mask.vertebrae import Vertebrae
from inference.values.label_map import LabelMap
from inference.values.mask import Mask
from tests.mask.test_vertebra_editing import voxel_amid
from tests.mask.test_vertebrae import found_in_phantom, phantom

L1 = 20


def case_of(found: Vertebrae, known: dict[int, int] | None = None) -> CaseVertebrae:
    volume, mask, _ = phantom()
    return told_of(found, mask, volume, known)


def written(labels: LabelMap, folder: Path) -> Path:
    path = folder / "CT_vertebrae.nii.gz"
    with path.open("wb") as file:
        write_nifti(labels, file)
    return path


def test_what_was_found_is_found_again_with_its_borders(tmp_path: Path) -> None:
    volume, mask, _ = phantom()
    before = case_of(found_in_phantom())
    after = read_vertebrae(written(before.label_map(), tmp_path), mask, volume)
    assert np.array_equal(after.found.labels, before.found.labels)
    assert after.found.borders == before.found.borders
    assert not after.by_hand


def test_names_are_in_the_numbers(tmp_path: Path) -> None:
    volume, mask, _ = phantom()
    before = case_of(found_in_phantom(), {L1: 5})
    after = read_vertebrae(written(before.label_map(), tmp_path), mask, volume)
    assert after.names == before.names
    assert after.by_hand


def test_one_that_was_split_or_merged_is_edited_and_only_its_borders_are_by_hand(
    tmp_path: Path,
) -> None:
    volume, mask, _ = phantom()
    found = found_in_phantom()
    parted = split(found, 4, voxel_amid(found.labels == 4)).found
    path = written(case_of(merge(parted, 1).found).label_map(), tmp_path)
    after = read_vertebrae(path, mask, volume, {L1: 4}).found
    assert after.edited
    assert after.count == found.count
    assert [border.confidence == SET_BY_HAND for border in after.borders[1:]] == [
        border.confidence == SET_BY_HAND for border in merge(parted, 1).found.borders[1:]
    ]
    assert after.borders[0] == found.borders[1], "one that was merged away leaves no border"


def test_names_that_were_given_apart_move_with_vertebrae_that_are_gone(tmp_path: Path) -> None:
    volume, mask, _ = phantom()
    before = case_of(found_in_phantom())
    path = written(before.label_map(), tmp_path)
    without_first = np.where(before.found.labels == 1, 0, mask.voxels).astype(np.uint8)
    left = Mask(without_first, mask.geometry, corrected=True)
    after = read_vertebrae(path, left, volume, {L1: 5})
    assert np.array_equal(after.found.labels > 0, without_first > 0)
    assert after.known == {L1: 4}


@pytest.mark.parametrize("apart", [False, True])
def test_one_that_is_missing_between_others_is_counted_and_they_keep_their_names(
    apart: bool, tmp_path: Path
) -> None:
    volume, mask, _ = phantom()
    found = found_in_phantom()
    left = Mask(np.where(found.labels == 6, 0, mask.voxels).astype(np.uint8), mask.geometry)
    before = told_of(fit_to(found, left).found, left, volume, {L1: 5})
    assert len(before.present) == found.count - 1
    if apart:
        labels = LabelMap(before.found.labels, mask.geometry, {})
        after = read_vertebrae(written(labels, tmp_path), left, volume, {L1: 5})
    else:
        after = read_vertebrae(written(before.label_map(), tmp_path), left, volume)
    assert after.names == before.names
    assert np.array_equal(after.found.labels, before.found.labels)
    along = [border.along for border in after.found.borders]
    assert along == sorted(along, reverse=True)


def test_one_of_which_nothing_is_there_is_told_and_has_no_file_of_its_own() -> None:
    volume, mask, _ = phantom()
    found = found_in_phantom()
    left = Mask(np.where(found.labels == 6, 0, mask.voxels).astype(np.uint8), mask.geometry)
    told = told_of(fit_to(found, left).found, left, volume, {L1: 5})
    assert "L2" in told.names
    assert "L2" not in told.present
    assert any("counted from the head: 6" in note for note in told.notes)
    assert told.facts()["table"][5]["volume_ml"] == 0
    labels = told.label_map()
    assert set(labels.names) == set(np.unique(labels.voxels)) - {0}
    endings = vertebra_writers(labels, ["nifti"], surfaces=True)
    assert tuple(endings) == vertebra_endings(told.present, ["nifti"], surfaces=True)
    assert not any("L2" in ending for ending in endings)


@pytest.mark.parametrize("number", [0, 99])
def test_a_file_without_vertebrae_is_refused(number: int, tmp_path: Path) -> None:
    volume, mask, _ = phantom()
    labels = np.full(mask.voxels.shape, number, np.uint8)
    path = written(LabelMap(labels, mask.geometry, {}), tmp_path)
    with pytest.raises(UnreadableInputError, match="no vertebrae"):
        read_vertebrae(path, mask, volume)


def test_a_file_that_is_damaged_or_gone_or_of_another_ct_is_refused(tmp_path: Path) -> None:
    volume, mask, _ = phantom()
    path = written(case_of(found_in_phantom()).label_map(), tmp_path)
    moved = dataclasses.replace(mask.geometry, spacing=(1.1, 1.2, 1.3))
    other = dataclasses.replace(volume, geometry=moved)
    with pytest.raises(UnfitMaskError):
        read_vertebrae(path, Mask(mask.voxels, moved), other)
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(SpineContextError):
        read_vertebrae(path, mask, volume)
    path.unlink()
    with pytest.raises(UnreadableInputError):
        read_vertebrae(path, mask, volume)
