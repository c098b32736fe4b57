"""Masks from elsewhere, brought onto the grid of their CT."""

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom.sr.codedict import codes

from inference.errors import CancelledError, NoMaskError, UnfitMaskError, UnreadableInputError
from inference.export import FORMATS, staged_folder, write_mask
from inference.read import open_ct, open_mask, open_mask_pair
from inference.read.voxels.placement import common_grid, placement_in, placement_on
from inference.values.geometry import Geometry
from inference.values.mask import Mask
from inference.values.volume import Volume
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import SeriesSettings, head_up_ct, write_series

GRID = Geometry((9, 8, 70), (0.5, 0.75, 2.0), (-10.5, 20.0, -640.0), (-1, 0, 0, 0, 1, 0, 0, 0, -1))
STUDY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))


def random_mask(geometry: Geometry) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 2, geometry.shape, np.uint8)


def ct_on(geometry: Geometry) -> Volume:
    return Volume(np.zeros(geometry.shape, np.int16), geometry, "case")


def exported(folder: Path, one: str, geometry: Geometry = GRID) -> tuple[Mask, Path]:
    mask = Mask(random_mask(geometry), geometry)
    with staged_folder(folder) as stage:
        write_mask(mask, [one], stage, "case")
    return mask, folder / f"case{FORMATS[one]}"


def saved(folder: Path, voxels: NDArray[np.generic], geometry: Geometry) -> Path:
    """A file as written by another program."""
    image = sitk.GetImageFromArray(voxels)
    image.CopyInformation(to_sitk(np.zeros(geometry.shape, np.uint8), geometry))
    path = folder / "other.nrrd"
    sitk.WriteImage(image, str(path))
    return path


def moved(geometry: Geometry, **changes: object) -> Geometry:
    return dataclasses.replace(geometry, **changes)  # type: ignore[arg-type]


@pytest.fixture
def study(tmp_path: Path) -> Volume:
    write_series(tmp_path / "ct", head_up_ct(STUDY), STUDY)
    return open_ct(tmp_path / "ct")


def block(geometry: Geometry) -> NDArray[np.uint8]:
    """A block away from every middle, so that no flip goes unnoticed; many planes are empty."""
    voxels = np.zeros(geometry.shape, np.uint8)
    voxels[2:5, 3:9, 5:20] = 1
    voxels[8, 4, 6] = 1
    return voxels


@pytest.mark.parametrize("one", ["nifti", "nrrd"])
def test_a_mask_is_read_as_it_was_written(one: str, tmp_path: Path) -> None:
    mask, path = exported(tmp_path, one)
    found = open_mask(path, ct_on(GRID))
    assert np.array_equal(found.mask.voxels, mask.voxels)
    assert found.mask.geometry == GRID
    assert found.notes == ()


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    _, path = exported(tmp_path, "nifti")
    with pytest.raises(CancelledError):
        open_mask(path, ct_on(GRID), cancel=lambda: True)


def test_half_a_mask_is_refused(tmp_path: Path) -> None:
    _, path = exported(tmp_path, "nifti")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnreadableInputError, match="damaged"):
        open_mask(path, ct_on(GRID))


def test_a_mask_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="There is nothing at"):
        open_mask(tmp_path / "gone.nii.gz", ct_on(GRID))


@pytest.mark.parametrize("axes", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("flips", [(False, False, False), (True, False, True), (False, True, True)])
def test_axes_that_are_permuted_or_turned_over_are_put_back(
    axes: tuple[int, int, int], flips: Sequence[bool], tmp_path: Path
) -> None:
    voxels = random_mask(STUDY)
    image = to_sitk(voxels, STUDY)
    turned = sitk.Flip(sitk.PermuteAxes(image, list(axes)), list(flips), False)
    path = tmp_path / "turned.nii.gz"
    sitk.WriteImage(turned, str(path))
    found = open_mask(path, ct_on(STUDY))
    assert np.array_equal(found.mask.voxels, voxels)
    assert found.notes == ()


def test_a_mask_of_a_part_of_the_grid_lands_where_it_belongs(tmp_path: Path) -> None:
    part = (slice(3, 9), slice(5, 17), slice(2, 20))
    voxels = random_mask(STUDY)
    path = saved(tmp_path, np.ascontiguousarray(voxels[part]), STUDY.part(*part))
    found = open_mask(path, ct_on(STUDY))
    expected = np.zeros_like(voxels)
    expected[part] = voxels[part]
    assert np.array_equal(found.mask.voxels, expected)
    assert "covers a part" in found.notes[0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"size": (24, 20, 11), "spacing": (0.8, 0.7, 2.7)}, ["24 × 20 × 11", "2.700"]),
        ({"spacing": (0.8, 0.75, 2.5)}, ["0.750"]),
        ({"origin": (-100.5, 20.25, -652.5)}, ["12.5 mm away"]),
        ({"origin": (-100.1, 20.25, -640.0)}, ["0.4 mm away"]),
        ({"direction": (1, 0, 0, 0, 0.8, -0.6, 0, 0.6, 0.8)}, ["36.9°"]),
        ({"size": (24, 20, 13)}, ["24 × 20 × 13", "reaches beyond"]),
        ({"size": (24, 20, 8), "origin": (-100.1, 20.25, -640.0)}, ["between the image's voxels"]),
    ],
)
def test_a_mask_on_another_grid_is_refused_and_told_what_differs(
    changes: dict[str, object], said: list[str], tmp_path: Path
) -> None:
    geometry = moved(STUDY, **changes)
    path = saved(tmp_path, random_mask(geometry), geometry)
    with pytest.raises(UnfitMaskError) as refusal:
        open_mask(path, ct_on(STUDY))
    assert all(part in str(refusal.value) for part in said), str(refusal.value)
    assert not isinstance(refusal.value, NoMaskError)


@pytest.mark.parametrize(("share", "fits"), [(0.9, True), (1.1, False)])
def test_a_mask_may_lie_a_quarter_of_a_voxel_beside_and_that_is_said(
    share: float, fits: bool, tmp_path: Path
) -> None:
    x, y, z = STUDY.origin
    beside = moved(STUDY, origin=(x, y, z + share * 0.25 * STUDY.spacing[2]))
    path = saved(tmp_path, random_mask(STUDY), beside)
    if fits:
        assert "beside the voxels" in open_mask(path, ct_on(STUDY)).notes[0]
    else:
        with pytest.raises(UnfitMaskError):
            open_mask(path, ct_on(STUDY))


def test_all_structures_of_a_label_map_are_spine_and_that_is_said(tmp_path: Path) -> None:
    labels = random_mask(STUDY).astype(np.uint16) * 300
    labels[2] //= 2
    found = open_mask(saved(tmp_path, labels, STUDY), ct_on(STUDY))
    assert np.array_equal(found.mask.voxels, labels > 0)
    assert "2 structures" in found.notes[0]


@pytest.mark.parametrize(("off", "is_mask"), [(0.0005, True), (0.002, False)])
def test_a_label_that_was_rounded_is_one(off: float, is_mask: bool, tmp_path: Path) -> None:
    voxels = random_mask(STUDY)
    path = saved(tmp_path, np.where(voxels, np.float32(1 - off), np.float32(off)), STUDY)
    if is_mask:
        found = open_mask(path, ct_on(STUDY))
        assert np.array_equal(found.mask.voxels, voxels)
        assert found.notes == ()
    else:
        with pytest.raises(NoMaskError):
            open_mask(path, ct_on(STUDY))


@pytest.mark.parametrize(("most", "is_mask"), [(200, True), (201, False)])
def test_a_map_tells_no_more_structures_apart_than_there_are(
    most: int, is_mask: bool, tmp_path: Path
) -> None:
    labels = np.zeros(STUDY.shape, np.uint16)
    labels.ravel()[:most] = np.arange(1, most + 1)
    path = saved(tmp_path, labels, STUDY)
    if is_mask:
        assert f"{most} structures" in open_mask(path, ct_on(STUDY)).notes[0]
    else:
        with pytest.raises(NoMaskError, match="different values"):
            open_mask(path, ct_on(STUDY))


def test_an_empty_mask_is_opened_and_told(tmp_path: Path) -> None:
    path = saved(tmp_path, np.zeros(STUDY.shape, np.uint8), STUDY)
    assert open_mask(path, ct_on(STUDY)).notes == ("The mask is empty.",)


@pytest.mark.parametrize(
    ("voxels", "said"),
    [
        (head_up_ct(STUDY), "below 0"),
        (random_mask(STUDY).astype(np.float32) * 0.7, "whole numbers"),
        (np.full(STUDY.shape, np.nan, np.float32), "whole numbers"),
        (np.full(STUDY.shape, np.inf, np.float32), "whole numbers"),
        (np.arange(np.prod(STUDY.shape)).reshape(STUDY.shape).astype(np.uint16), "different"),
    ],
)
@pytest.mark.parametrize("shift_mm", [0.0, 100.0])
def test_what_is_no_mask_is_told_so_wherever_it_lies(
    voxels: NDArray[np.generic], said: str, shift_mm: float, tmp_path: Path
) -> None:
    x, y, z = STUDY.origin
    path = saved(tmp_path, voxels, moved(STUDY, origin=(x + shift_mm, y, z)))
    with pytest.raises(NoMaskError, match=said):
        open_mask(path, ct_on(STUDY))


def test_a_text_file_is_no_mask(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("No image.")
    with pytest.raises(NoMaskError, match="not a readable mask"):
        open_mask(tmp_path / "notes.txt", ct_on(STUDY))


def test_of_a_folder_its_only_file_is_taken(tmp_path: Path) -> None:
    mask, path = exported(tmp_path / "one", "nrrd")
    assert np.array_equal(open_mask(path.parent, ct_on(GRID)).mask.voxels, mask.voxels)
    exported(path.parent, "nifti")
    with pytest.raises(NoMaskError, match="2 files"):
        open_mask(path.parent, ct_on(GRID))


# DICOM segmentations


def exported_seg(mask: Mask, volume: Volume, folder: Path) -> Path:
    with staged_folder(folder) as stage:
        write_mask(mask, ["dicomseg"], stage, "case", volume.source)
    return folder / "case_spine.dcm"


def test_our_own_dicom_segmentation_is_read_as_it_was_written(
    study: Volume, tmp_path: Path
) -> None:
    voxels = block(study.geometry)
    path = exported_seg(Mask(voxels, study.geometry), study, tmp_path)
    assert len(pydicom.dcmread(path).PerFrameFunctionalGroupsSequence) == 4, "the others are empty"
    found = open_mask(path, study)
    assert np.array_equal(found.mask.voxels, voxels)
    assert found.notes == ()


@pytest.mark.parametrize("size", [(24, 20, 12), (13, 11, 7)])
def test_frames_may_begin_amid_a_byte(size: tuple[int, int, int], tmp_path: Path) -> None:
    geometry = moved(STUDY, size=size)
    write_series(tmp_path / "ct", head_up_ct(geometry), geometry)
    volume = open_ct(tmp_path / "ct")
    voxels = random_mask(geometry)
    path = exported_seg(Mask(voxels, volume.geometry), volume, tmp_path)
    assert np.array_equal(open_mask(path, volume).mask.voxels, voxels)


def test_the_segmentation_of_a_tilted_gantry_is_read_onto_the_straightened_ct(
    tmp_path: Path,
) -> None:
    write_series(tmp_path / "ct", head_up_ct(STUDY), STUDY, SeriesSettings(lean_mm=0.5))
    volume = open_ct(tmp_path / "ct")
    voxels = block(volume.geometry)
    path = exported_seg(Mask(voxels, volume.geometry), volume, tmp_path)
    assert np.array_equal(open_mask(path, volume).mask.voxels, voxels)


def foreign_seg(
    study: Volume,
    tmp_path: Path,
    pixels: NDArray[np.generic],
    kind: highdicom.seg.SegmentationTypeValues = highdicom.seg.SegmentationTypeValues.BINARY,
    segments: int = 1,
    syntax: str = "1.2.840.10008.1.2.1",
) -> Path:
    """A segmentation from another program, with slices in the given order."""
    assert study.source is not None
    slices = [pydicom.dcmread(path) for path in study.source.path.iterdir()]
    slices.sort(key=lambda one: float(one.ImagePositionPatient[2]))
    for one in slices:
        one.PatientSex = one.AccessionNumber = None
    described = [
        highdicom.seg.SegmentDescription(
            segment_number=number + 1,
            segment_label=f"Segment {number}",
            segmented_property_category=codes.SCT.AnatomicalStructure,
            segmented_property_type=codes.SCT.Spine,
            algorithm_type=highdicom.seg.SegmentAlgorithmTypeValues.MANUAL,
        )
        for number in range(segments)
    ]
    seg = highdicom.seg.Segmentation(
        source_images=slices,
        pixel_array=pixels,
        segmentation_type=kind,
        segment_descriptions=described,
        series_instance_uid=highdicom.UID(),
        series_number=7,
        sop_instance_uid=highdicom.UID(),
        instance_number=1,
        manufacturer="Somebody",
        manufacturer_model_name="Else",
        software_versions="1",
        device_serial_number="1",
        max_fractional_value=200,
        transfer_syntax_uid=syntax,
    )
    path = tmp_path / "seg.dcm"
    seg.save_as(path)
    return path


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"])
def test_several_segments_are_one_spine_and_that_is_said(
    study: Volume, tmp_path: Path, syntax: str
) -> None:
    labels = block(STUDY)
    labels[3] *= 2
    found = open_mask(foreign_seg(study, tmp_path, labels, segments=2, syntax=syntax), study)
    assert np.array_equal(found.mask.voxels, labels > 0)
    assert "2 structures" in found.notes[0]


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5"])
def test_of_shares_one_half_and_more_is_spine_and_that_is_said(
    study: Volume, tmp_path: Path, syntax: str
) -> None:
    shares = block(STUDY) * 0.49
    shares[3] = block(STUDY)[3] * 0.5
    kind = highdicom.seg.SegmentationTypeValues.FRACTIONAL
    found = open_mask(foreign_seg(study, tmp_path, shares, kind, syntax=syntax), study)
    assert np.array_equal(found.mask.voxels, shares >= 0.5)
    assert "fractions" in found.notes[0]


def test_a_label_map_of_dicom_is_read(study: Volume, tmp_path: Path) -> None:
    kind = highdicom.seg.SegmentationTypeValues.LABELMAP
    found = open_mask(foreign_seg(study, tmp_path, block(STUDY), kind), study)
    assert np.array_equal(found.mask.voxels, block(STUDY))


def test_a_segmentation_in_the_order_of_another_program_and_turned_over_is_read(
    study: Volume, tmp_path: Path
) -> None:
    path = foreign_seg(study, tmp_path, block(STUDY))
    dataset = pydicom.dcmread(path)
    frames = dataset.pixel_array[::-1, ::-1]  # from the head, and each from the last row
    shared = dataset.SharedFunctionalGroupsSequence[0]
    shared.PlaneOrientationSequence[0].ImageOrientationPatient = [1, 0, 0, 0, -1, 0]
    groups = list(dataset.PerFrameFunctionalGroupsSequence)[::-1]
    for group in groups:
        place = group.PlanePositionSequence[0]
        x, y, z = map(float, place.ImagePositionPatient)
        place.ImagePositionPatient = [x, y + 19 * 0.7, z]
    dataset.PerFrameFunctionalGroupsSequence = groups
    dataset.PixelData = np.packbits(frames.ravel(), bitorder="little").tobytes()
    dataset.save_as(path)
    assert np.array_equal(open_mask(path, study).mask.voxels, block(STUDY))


def test_the_segmentation_of_another_series_is_taken_with_a_warning(
    study: Volume, tmp_path: Path
) -> None:
    path = foreign_seg(study, tmp_path, block(STUDY))
    dataset = pydicom.dcmread(path)
    dataset.ReferencedSeriesSequence[0].SeriesInstanceUID = "1.2.3.77"
    dataset.save_as(path)
    assert "another series" in open_mask(path, study).notes[0]


def test_every_second_slice_is_no_mask_of_all(study: Volume, tmp_path: Path) -> None:
    path = foreign_seg(study, tmp_path, block(STUDY))
    dataset = pydicom.dcmread(path)
    del dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices
    groups = list(dataset.PerFrameFunctionalGroupsSequence)
    for plane, group in enumerate(groups):
        place = group.PlanePositionSequence[0]
        x, y, _ = place.ImagePositionPatient
        place.ImagePositionPatient = [x, y, STUDY.origin[2] + 2 * plane * STUDY.spacing[2]]
    dataset.save_as(path)
    with pytest.raises(UnfitMaskError, match=r"5\.000 mm"):
        open_mask(path, study)


def test_a_ct_slice_is_no_mask(study: Volume) -> None:
    assert study.source is not None
    with pytest.raises(NoMaskError, match="This is a CT"):
        open_mask(next(study.source.path.iterdir()), study)


def test_a_segmentation_that_is_cut_short_is_refused(study: Volume, tmp_path: Path) -> None:
    path = foreign_seg(study, tmp_path, block(STUDY))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises((UnfitMaskError, UnreadableInputError), match="cut short"):
        open_mask(path, study)


# Two masks


def test_two_masks_are_brought_onto_a_grid_that_holds_both(study: Volume, tmp_path: Path) -> None:
    voxels = block(STUDY)
    path = exported_seg(Mask(voxels, study.geometry), study, tmp_path)
    other = saved(tmp_path, voxels, STUDY)
    for pair in ((path, other), (other, path)):
        first, second = open_mask_pair(*pair)
        assert first.mask.voxels.sum() == voxels.sum()
        assert np.array_equal(first.mask.voxels, second.mask.voxels)


# Placements

boxes = st.tuples(*(st.tuples(st.integers(0, n - 1), st.integers(1, n)) for n in STUDY.size))


@given(boxes, st.permutations(range(3)), st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_a_box_of_a_grid_however_its_axes_run_is_found_in_its_place(
    spans: tuple[tuple[int, int], ...], axes: list[int], flips: tuple[bool, ...]
) -> None:
    start = tuple(first for first, _ in spans)
    size = tuple(min(count, n - first) for (first, count), n in zip(spans, STUDY.size, strict=True))
    matrix = np.reshape(STUDY.direction, (3, 3))[:, axes] * np.where(flips, -1, 1)
    corner = np.array(
        [start[a] + (size[a] - 1 if flips[axes.index(a)] else 0) for a in range(3)], float
    )
    (origin,) = STUDY.to_patient(corner[None])
    box = Geometry(
        tuple(size[a] for a in axes),  # type: ignore[arg-type]
        tuple(STUDY.spacing[a] for a in axes),  # type: ignore[arg-type]
        tuple(origin),
        tuple(matrix.ravel()),
    )
    placed = placement_in(box, STUDY)
    assert (placed.start, placed.size) == (start, size)
    voxels = np.zeros(STUDY.shape, np.uint8)
    placed.view_of(voxels)[:] = 1
    assert voxels.sum() == np.prod(size)
    assert voxels[start[2], start[1], start[0]] == 1
    assert common_grid(STUDY, box) == STUDY
    assert placement_on(STUDY, box).off_voxels < 1e-6
