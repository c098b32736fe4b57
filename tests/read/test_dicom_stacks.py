"""What belongs in one stack, by tolerance, place and content: never a mixture, never half."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.uid import RLELossless

from inference.errors import NoUsableSeriesError
from inference.read import Series, list_series, open_ct, recommend
from inference.read.dicom.layout import is_even
from inference.values.geometry import Geometry
from tests.geometries import rotation
from tests.read.dicom_factory import SeriesSettings, edit, head_up_ct, write_series

GEOMETRY = Geometry((24, 20, 12), (0.8, 0.7, 2.5), (-100.5, 20.25, -640.0))
HU = head_up_ct(GEOMETRY)
OTHER = (HU // 2).astype(np.int16)
"""Another reconstruction of the same."""


def numbered(paths: list[Path], first: int) -> list[Path]:
    for number, path in enumerate(paths, start=first):
        edit(path, InstanceNumber=number)
    return paths


def refusal(folder: Path, **options: object) -> str:
    with pytest.raises(NoUsableSeriesError) as caught:
        open_ct(folder, **options)  # type: ignore[arg-type]
    return str(caught.value)


def part(start: int, stop: int) -> Geometry:
    """The grid of some of the slices."""
    return GEOMETRY.part(slice(start, stop), slice(0, 20), slice(0, 24))


def offered(folder: Path) -> dict[str, Series]:
    """The usable series by description, each of which can be read by its own key."""
    found = list_series(folder)
    assert len({one.uid for one in found}) == len(found)
    return {one.description: one for one in found if one.usable}


# Identity: place and content.


def test_equal_identifiers_in_different_places_are_used_with_a_note(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(SOPInstanceUID="1.2.3.4.5"))
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    (note,) = volume.warnings
    assert "11 slices carry the identifier of another" in note


def test_slices_without_any_identifier_are_used(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(SOPInstanceUID=None))
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


def test_a_series_exported_twice_with_new_identifiers_is_read_once(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU, GEOMETRY)
    write_series(tmp_path / "b", HU, GEOMETRY)
    (series,) = list_series(tmp_path)
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ("Duplicate slices were left out: 12.",)
    assert series.size[2] == 12


def test_a_copy_that_is_stored_in_another_way_is_one(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU, GEOMETRY)
    for path in write_series(tmp_path / "b", HU, GEOMETRY):
        dataset = pydicom.dcmread(path)
        dataset.compress(RLELossless)
        dataset.save_as(path)
    for path in write_series(tmp_path / "c", HU, GEOMETRY):
        shifted = pydicom.dcmread(path).pixel_array.astype(np.int32) - 24
        edit(path, RescaleIntercept=-1000, PixelData=shifted.astype("<u2").tobytes())
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert "Duplicate slices were left out: 24." in volume.warnings


def test_the_same_numbers_with_another_rescale_are_no_copies(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU, GEOMETRY)
    write_series(tmp_path / "b", HU, GEOMETRY, SeriesSettings().but(RescaleIntercept=-1000))
    assert "same place" in refusal(tmp_path)


def test_one_identifier_for_different_pixels_in_one_place_is_no_copy(tmp_path: Path) -> None:
    same = SeriesSettings().but(SOPInstanceUID="1.2.3.4.5")
    write_series(tmp_path / "a", HU, GEOMETRY, same)
    write_series(tmp_path / "b", HU + 1, GEOMETRY, same, slices=[3])
    message = refusal(tmp_path)
    assert "same place" in message
    assert "export each reconstruction as a separate series" in message


def test_copies_within_each_of_two_reconstructions_are_left_out(tmp_path: Path) -> None:
    for folder in "ab":
        for kernel, hu in (("B30f", HU), ("B70f", OTHER)):
            settings = SeriesSettings().but(ConvolutionKernel=kernel)
            write_series(tmp_path / folder / kernel, hu, GEOMETRY, settings)
    series = offered(tmp_path)
    assert sorted(series) == ["B30f", "B70f"]
    for name, hu in (("B30f", HU), ("B70f", OTHER)):
        volume = open_ct(tmp_path, series_uid=series[name].uid)
        assert np.array_equal(volume.voxels, hu)
        assert volume.warnings == ("Duplicate slices were left out: 12.",)


# Several reconstructions or passes under one identifier.

TOLD_APART: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "kernel": ({"ConvolutionKernel": "B30f"}, {"ConvolutionKernel": "B70f"}),
    "kernel that one lacks": ({"ConvolutionKernel": "B30f"}, {}),
    "filter": ({"FilterType": "BODY"}, {"FilterType": "HEAD"}),
    "thickness": ({"SliceThickness": "2.5"}, {"SliceThickness": "5.0"}),
    "phase": ({"AcquisitionNumber": 1}, {"AcquisitionNumber": 2}),
    "energy": ({"KVP": 80}, {"KVP": 140}),
    "contrast": ({}, {"ContrastBolusAgent": "Iodine"}),
    "kind of image": ({}, {"ImageType": ["DERIVED", "PRIMARY", "AXIAL", "VMI 40"]}),
    "description": ({"SeriesDescription": "lung"}, {"SeriesDescription": "soft"}),
    "pixel size": ({}, {"PixelSpacing": [0.5, 0.5]}),
}
OFFSETS = pytest.mark.parametrize("offset", [0.0, 1.25, 0.9], ids=["same", "half", "third"])


@OFFSETS
@pytest.mark.parametrize(("one", "other"), TOLD_APART.values(), ids=TOLD_APART.keys())
def test_two_reconstructions_under_one_identifier_are_both_offered(
    tmp_path: Path, one: dict[str, object], other: dict[str, object], offset: float
) -> None:
    x, y, z = GEOMETRY.origin
    beside = Geometry(GEOMETRY.size, GEOMETRY.spacing, (x, y, z + offset))
    write_series(tmp_path / "a", HU, GEOMETRY, SeriesSettings().but(**one))
    write_series(tmp_path / "b", OTHER, beside, SeriesSettings().but(**other))
    found = list_series(tmp_path)
    assert [series.usable for series in found] == [True, True]
    read = [open_ct(tmp_path, series_uid=series.uid) for series in found]
    for hu, geometry in ((HU, GEOMETRY), (OTHER, beside)):
        (volume,) = [volume for volume in read if np.array_equal(volume.voxels, hu)]
        assert volume.geometry.origin == pytest.approx(geometry.origin, abs=1e-5)
    assert "There are 2 usable series" in open_ct(tmp_path).warnings[-1]


@OFFSETS
@pytest.mark.parametrize("turns", [False, True], ids=["one after the other", "in turns"])
def test_two_reconstructions_are_told_apart_by_their_order_alone(
    tmp_path: Path, turns: bool, offset: float
) -> None:
    x, y, z = GEOMETRY.origin
    beside = Geometry(GEOMETRY.size, GEOMETRY.spacing, (x, y, z + offset))
    first = write_series(tmp_path / "a", HU, GEOMETRY)
    second = write_series(tmp_path / "b", OTHER, beside)
    if turns and offset == 1.25:
        pytest.skip("nothing tells these from one even stack")
    for number, (path, of_other) in enumerate(zip(first, second, strict=True)):
        edit(path, InstanceNumber=2 * number + 1 if turns else number + 1)
        edit(of_other, InstanceNumber=2 * number + 2 if turns else number + 101)
    found = list_series(tmp_path)
    assert [series.usable for series in found] == [True, True]
    read = [open_ct(tmp_path, series_uid=series.uid).voxels for series in found]
    assert any(np.array_equal(voxels, HU) for voxels in read)
    assert any(np.array_equal(voxels, OTHER) for voxels in read)


def test_two_kernels_in_two_phases_are_four_series(tmp_path: Path) -> None:
    made = {}
    for phase in (1, 2):
        for kernel in ("B30f", "B70f"):
            settings = SeriesSettings(acquisition=phase).but(ConvolutionKernel=kernel)
            made[phase, kernel] = (HU + len(made)).astype(np.int16)
            write_series(tmp_path / f"{phase}{kernel}", made[phase, kernel], GEOMETRY, settings)
    found = list_series(tmp_path)
    assert [series.usable for series in found] == [True] * 4
    read = [open_ct(tmp_path, series_uid=series.uid).voxels for series in found]
    for hu in made.values():
        assert sum(np.array_equal(voxels, hu) for voxels in read) == 1


def test_a_slice_whose_mark_is_missing_goes_where_there_is_room(tmp_path: Path) -> None:
    soft = write_series(tmp_path / "a", HU, GEOMETRY, SeriesSettings().but(ConvolutionKernel="s"))
    hard = SeriesSettings().but(ConvolutionKernel="h")
    write_series(tmp_path / "b", OTHER, GEOMETRY, hard)
    for path in (soft[4], soft[11]):
        edit(path, ConvolutionKernel=None)
    series = offered(tmp_path)
    assert np.array_equal(open_ct(tmp_path, series_uid=series["s"].uid).voxels, HU)
    assert np.array_equal(open_ct(tmp_path, series_uid=series["h"].uid).voxels, OTHER)


def test_one_slice_of_another_kernel_does_not_tear_its_stack(tmp_path: Path) -> None:
    paths = write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(ConvolutionKernel="B30f"))
    edit(paths[5], ConvolutionKernel="B31f")
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert "different kernels: B30f, B31f" in volume.warnings[0]


@pytest.mark.parametrize("shared", [0, 1])
def test_passes_that_touch_or_overlap_in_one_slice_are_one_stack(
    shared: int, tmp_path: Path
) -> None:
    first = part(0, 6 + shared)
    write_series(tmp_path / "a", HU[: 6 + shared] - 1, first, SeriesSettings(acquisition=1))
    write_series(tmp_path / "b", HU[6:], part(6, 12), SeriesSettings(acquisition=2))
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels[: 6 + shared], HU[: 6 + shared] - 1)
    assert np.array_equal(volume.voxels[6 + shared :], HU[6 + shared :])
    assert len(volume.warnings) == shared
    assert not shared or "overlap in 1 slices" in volume.warnings[0]


def test_three_passes_that_overlap_in_a_slice_each_are_one_stack(tmp_path: Path) -> None:
    long = Geometry((24, 20, 18), GEOMETRY.spacing, GEOMETRY.origin)
    hu = head_up_ct(long)
    for number, (start, stop) in enumerate(((0, 7), (6, 13), (12, 18))):
        some = long.part(slice(start, stop), slice(0, 20), slice(0, 24))
        settings = SeriesSettings(acquisition=number)
        write_series(tmp_path / str(number), hu[start:stop] + number, some, settings)
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, hu + np.repeat([0, 1, 2], [7, 6, 5])[:, None, None])


def test_passes_that_overlap_further_are_not_read_in_half_unless_one_is_chosen(
    tmp_path: Path,
) -> None:
    write_series(tmp_path / "a", HU[:8], part(0, 8), SeriesSettings(acquisition=1))
    write_series(tmp_path / "b", HU[5:] + 1, part(5, 12), SeriesSettings(acquisition=2))
    assert "in parts" in refusal(tmp_path)
    found = list_series(tmp_path)
    assert recommend(found) is None
    assert all("hold more of the patient" in series.warnings[-1] for series in found)
    sizes = [open_ct(tmp_path, series_uid=series.uid).geometry.size[2] for series in found]
    assert sizes == [8, 7]


def test_a_person_is_asked_which_part_to_open(tmp_path: Path) -> None:
    write_series(tmp_path / "a", HU[:8], part(0, 8), SeriesSettings(acquisition=1))
    write_series(tmp_path / "b", HU[5:] + 1, part(5, 12), SeriesSettings(acquisition=2))
    volume = open_ct(tmp_path, choose=lambda found: found[1].uid)
    assert volume.geometry.size[2] == 7


def test_slices_that_were_taken_in_turns_without_overlap_are_one_stack(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings(acquisition=1), slices=range(0, 12, 2))
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings(acquisition=2), slices=range(1, 12, 2))
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


@pytest.mark.parametrize("keyword", ["ConvolutionKernel", "FilterType"])
def test_reconstructions_that_take_turns_are_no_stack_and_no_two(
    tmp_path: Path, keyword: str
) -> None:
    for index, path in enumerate(write_series(tmp_path, HU, GEOMETRY)):
        edit(path, **{keyword: "AB"[index % 2]})
    assert "several reconstructions alternate" in refusal(tmp_path)


@pytest.mark.parametrize(("thicker", "count"), [(1.04, 12), (1.1, 0)])
def test_thicknesses_are_compared_by_tolerance(tmp_path: Path, thicker: float, count: int) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY)[::2]:
        edit(path, SliceThickness=f"{2.5 * thicker:.4f}")
    (series,) = list_series(tmp_path)
    assert series.usable == bool(count)


def test_a_slice_file_brings_the_stack_that_holds_it(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings(acquisition=1))
    for path in write_series(tmp_path / "b", OTHER, GEOMETRY, SeriesSettings(acquisition=2)):
        chosen = path.rename(tmp_path / f"b{path.name}")
    assert np.array_equal(open_ct(chosen).voxels, OTHER)


# Grouping by tolerance.

JITTER = pytest.mark.parametrize("jitter", [1e-7, 1e-5, 1e-3])


@JITTER
@pytest.mark.parametrize("cosine", [1.0, 0.995, 0.985, 0.99])
def test_cosines_that_jitter_do_not_split_a_stack(
    tmp_path: Path, cosine: float, jitter: float
) -> None:
    turned = Geometry(GEOMETRY.size, GEOMETRY.spacing, GEOMETRY.origin, _about_x(cosine))
    random = np.random.default_rng(0)
    for path in write_series(tmp_path, HU, turned):
        exact = np.array(pydicom.dcmread(path).ImageOrientationPatient, dtype=float)
        edit(path, ImageOrientationPatient=_strings(exact + random.uniform(-jitter, jitter, 6)))
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()
    corners = volume.geometry.outer_corners() - turned.outer_corners()
    assert np.abs(corners).max() < max(1e-4, 40 * jitter)


def test_cosines_rounded_to_two_digits_take_their_normal_from_the_positions(
    tmp_path: Path,
) -> None:
    turned = Geometry(GEOMETRY.size, GEOMETRY.spacing, GEOMETRY.origin, _about_x(np.cos(0.349)))
    rounded = np.round(np.reshape(turned.direction, (3, 3)).T[:2].ravel(), 2)
    settings = SeriesSettings().but(ImageOrientationPatient=_strings(rounded))
    write_series(tmp_path, HU, turned, settings)
    volume = open_ct(tmp_path)
    assert volume.warnings == ()
    assert volume.geometry.spacing == pytest.approx(GEOMETRY.spacing, abs=1e-5)
    corners = volume.geometry.outer_corners() - turned.outer_corners()
    assert np.abs(corners).max() < 0.01


@pytest.mark.parametrize(("lean", "tilted"), [(0.0018, False), (0.0024, True)])
def test_a_lean_that_rounding_explains_is_no_tilt(
    lean: float, tilted: bool, tmp_path: Path
) -> None:
    long = Geometry((24, 20, 100), GEOMETRY.spacing, GEOMETRY.origin)
    hu = np.maximum(head_up_ct(long), -1024).astype(np.int16)
    write_series(tmp_path, hu, long, SeriesSettings(lean_mm=lean * 2.5))
    warnings = open_ct(tmp_path).warnings
    assert any("tilted" in warning for warning in warnings) == tilted


def test_a_fan_of_slices_is_refused(tmp_path: Path) -> None:
    for index, path in enumerate(write_series(tmp_path, HU, GEOMETRY)):
        row = rotation(0, 0, 0.004 * index)[:, :2].T
        edit(path, ImageOrientationPatient=_strings(row.ravel()))
    assert "turned against each other by 1.3°" in refusal(tmp_path)


@pytest.mark.parametrize(("degrees", "parts"), [(10, True), (13, False)])
def test_stacks_turned_by_less_than_a_head_has_tilts_show_parts_of_one_patient(
    degrees: float, parts: bool, tmp_path: Path
) -> None:
    tilted = _about_x(float(np.cos(np.deg2rad(degrees))))
    above = Geometry(GEOMETRY.size, GEOMETRY.spacing, (-100.5, 20.25, -600.0), tilted)
    write_series(tmp_path / "a", HU, GEOMETRY)
    write_series(tmp_path / "b", HU, above)
    notes = [note for series in list_series(tmp_path) for note in series.warnings]
    assert any("hold more of the patient" in note for note in notes) == parts


@pytest.mark.parametrize(("degrees", "stacks"), [(0.2, 1), (0.5, 2)])
def test_a_pass_turned_by_less_than_a_viewer_can_is_of_the_same_stack(
    degrees: float, stacks: int, tmp_path: Path
) -> None:
    turned = _about_x(float(np.cos(np.deg2rad(degrees))))
    whole = Geometry(GEOMETRY.size, GEOMETRY.spacing, GEOMETRY.origin, turned)
    write_series(tmp_path / "a", HU[:6], part(0, 6))
    write_series(tmp_path / "b", HU[6:], whole.part(slice(6, 12), slice(0, 20), slice(0, 24)))
    assert len(list_series(tmp_path)) == stacks


def _about_x(cosine: float) -> tuple[float, ...]:
    return tuple(float(v) for v in rotation(float(np.arccos(cosine)), 0, 0).ravel())


def _strings(numbers: NDArray[np.float64]) -> list[str]:
    return [f"{number:.10f}"[:16] for number in numbers]


# Uneven stacks.


def move(path: Path, millimetres: float) -> None:
    x, y, z = pydicom.dcmread(path).ImagePositionPatient
    edit(path, ImagePositionPatient=[x, y, f"{z + millimetres:.6f}"])


@pytest.mark.parametrize(("millimetres", "said"), [(0.09, False), (0.11, True)])
def test_a_slice_beside_its_place_by_more_than_rounding_is_said(
    millimetres: float, said: bool, tmp_path: Path
) -> None:
    move(write_series(tmp_path, HU, GEOMETRY)[5], millimetres)
    assert len(open_ct(tmp_path).warnings) == said


@pytest.mark.parametrize(("step", "usable"), [(1.7, True), (1.8, False)])
def test_a_step_that_holds_a_slice_is_a_hole_and_any_other_is_resampled(
    step: float, usable: bool, tmp_path: Path
) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY)[6:]:
        move(path, (step - 1) * 2.5)
    (series,) = list_series(tmp_path)
    assert series.usable == usable


@pytest.mark.parametrize(("share", "even"), [(0.24, True), (0.26, False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_slice_may_lie_a_quarter_of_a_step_beside_its_place(
    share: float, even: bool, sign: int
) -> None:
    along = 2.5 * np.arange(12.0)
    along[5] += sign * share * 2.5
    assert is_even(along) == even


def test_a_step_that_is_no_multiple_is_refused_with_the_figures(tmp_path: Path) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY)[6:]:
        move(path, 1.5 * 2.5)
    assert "not evenly spaced (2.5 to 6.2 mm)" in refusal(tmp_path)


@pytest.mark.parametrize(("thickness", "said"), [("1.7", False), ("1.6", True)])
def test_gaps_between_slices_are_said(thickness: str, said: bool, tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(SliceThickness=thickness))
    warnings = open_ct(tmp_path).warnings
    assert len(warnings) == said
    assert not said or "1.6 mm thick and 2.5 mm apart" in warnings[0]


@pytest.mark.parametrize(("thickness", "said"), [(12.5, False), (12.55, True)])
def test_slices_that_overlap_more_than_any_protocol_has_it_are_told(
    thickness: float, said: bool, tmp_path: Path
) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(SliceThickness=thickness))
    warnings = open_ct(tmp_path).warnings
    assert len(warnings) == said
    assert not said or "but only 2.50 mm apart" in warnings[0]


@pytest.mark.parametrize(
    ("stated", "lean_mm", "told"),
    [
        (15.0, 0.0, True),
        (-15.0, 0.0, True),
        (1.0, 0.0, False),
        (1.1, 0.0, True),
        (0.0, 0.0, False),
        (15.0, 2.5 * np.tan(np.radians(15)), False),
    ],
)
def test_a_stated_tilt_that_the_slices_do_not_have_is_told(
    stated: float, lean_mm: float, told: bool, tmp_path: Path
) -> None:
    tilted = SeriesSettings(lean_mm=lean_mm).but(GantryDetectorTilt=stated)
    write_series(tmp_path, HU, GEOMETRY, tilted)
    said = [note for note in open_ct(tmp_path).warnings if "its slices lie straight" in note]
    assert bool(said) == told


def test_slices_of_several_frames_of_reference_are_told(tmp_path: Path) -> None:
    for index, path in enumerate(write_series(tmp_path, HU, GEOMETRY)):
        edit(path, FrameOfReferenceUID=f"1.2.3.{index // 6}")
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    (note,) = volume.warnings
    assert note.startswith("Its slices refer to 2 frames of reference")


BENT: dict[str, Callable[[int], float]] = {
    "one slice out of place": lambda i: 5.0 * i + 1.2 * (i == 12),
    "denser towards the end": lambda i: 5.0 * i - 0.06 * i**2,
    "in two densities": lambda i: 3.0 * min(i, 12) + 5.0 * max(0, i - 12),
    "waves": lambda i: 4.0 * i + np.sin(i),
}


@pytest.mark.parametrize("place", BENT.values(), ids=BENT.keys())
def test_variable_spacing_is_resampled_by_the_true_positions(
    tmp_path: Path, place: Callable[[int], float]
) -> None:
    places = np.array([place(i) for i in range(24)])
    stack = Geometry((12, 10, 24), (0.8, 0.7, 1.0), (0.0, 0.0, 0.0))
    ramp = np.rint(-900 + 10 * places)  # HU that show where a plane lies.
    hu = np.broadcast_to(ramp[:, None, None], stack.shape).astype(np.int16).copy()
    hu[:, 0, :] = 500
    for index, path in enumerate(write_series(tmp_path, hu, stack)):
        x, y, _ = GEOMETRY.origin
        thickness = np.diff(places)[min(index, 22)]
        edit(
            path,
            ImagePositionPatient=[x, y, f"{places[index]:.5f}"],
            SliceThickness=f"{thickness:.3f}",
        )
    volume = open_ct(tmp_path)
    count, spacing = volume.geometry.size[2], volume.geometry.spacing[2]
    z = volume.geometry.origin[2] + spacing * np.arange(count)
    assert np.abs(volume.voxels[:, 5, 5] - (-900 + 10 * z)).max() <= 1
    assert (count - 1) * spacing == pytest.approx(places[-1])
    (note,) = (warning for warning in volume.warnings if "mm apart" in warning)
    assert f"{np.diff(places).min():.1f} to {np.diff(places).max():.1f} mm apart" in note


# One scan in two series.


def halves(folder: Path, first: range, second: range, **of_second: object) -> None:
    write_series(folder / "a", HU, GEOMETRY, slices=first)
    other = SeriesSettings(series_uid="1.2.3.9").but(**of_second)
    write_series(folder / "b", HU, GEOMETRY, other, slices=second)


@pytest.mark.parametrize("second", [range(6, 12), range(5, 12)], ids=["next", "once more"])
def test_a_scan_that_is_torn_into_two_series_is_not_read_in_half(
    tmp_path: Path, second: range
) -> None:
    halves(tmp_path, range(6), second)
    assert "in parts" in refusal(tmp_path)
    found = list_series(tmp_path)
    assert all("goes on where this one ends" in series.warnings[-1] for series in found)
    for series in found:
        assert len(open_ct(tmp_path, series_uid=series.uid).voxels) in (6, len(second))


@pytest.mark.parametrize(
    ("second", "elements"),
    [
        (range(6, 12), {"ConvolutionKernel": "B70f"}),
        (range(6, 12), {"SliceThickness": 1.0}),
        (range(6, 12), {"StudyInstanceUID": "1.2.3.77"}),
        (range(4, 12), {}),
        (range(7, 12), {}),
        (range(12), {}),
    ],
    ids=str,
)
def test_two_scans_are_two_and_the_longer_one_is_read_with_a_note(
    tmp_path: Path, second: range, elements: dict[str, object]
) -> None:
    halves(tmp_path, range(6), second, **elements)
    assert "2 usable series" in open_ct(tmp_path).warnings[-1]


@pytest.mark.parametrize(
    ("steps", "torn"), [(0.55, False), (0.65, True), (1.45, True), (1.55, False)]
)
def test_a_series_goes_on_where_another_ends_if_it_begins_about_a_step_later(
    steps: float, torn: bool, tmp_path: Path
) -> None:
    x, y, z = part(6, 12).origin
    later = Geometry((24, 20, 6), GEOMETRY.spacing, (x, y, z + (steps - 1) * 2.5))
    write_series(tmp_path / "a", HU[:6], part(0, 6))
    write_series(tmp_path / "b", HU[6:], later, SeriesSettings(series_uid="1.2.3.9"))
    notes = [note for series in list_series(tmp_path) for note in series.warnings]
    assert any("goes on where this one ends" in note for note in notes) == torn


def turn_back(path: Path, axis: int) -> None:
    """Let the columns (0) or rows (1) of a slice run backwards, so that it lies where it did."""
    dataset = pydicom.dcmread(path)
    position = [float(mm) for mm in dataset.ImagePositionPatient]
    position[axis] += (23 * 0.8, 19 * 0.7)[axis]
    cosines = [1, 0, 0, 0, 1, 0]
    cosines[4 * axis] = -1
    edit(
        path,
        ImageOrientationPatient=cosines,
        ImagePositionPatient=position,
        PixelData=np.flip(dataset.pixel_array, 1 - axis).tobytes(),
    )


@pytest.mark.parametrize("which", [slice(6, 12), slice(1, 12, 2)], ids=["half", "every second"])
@pytest.mark.parametrize("axis", [0, 1], ids=["columns", "rows"])
def test_slices_some_of_which_run_backwards_are_not_read_in_part(
    tmp_path: Path, which: slice, axis: int
) -> None:
    for path in write_series(tmp_path, HU, GEOMETRY)[which]:
        turn_back(path, axis)
    assert "The patient is here in parts" in refusal(tmp_path)
    for series in list_series(tmp_path):
        assert series.usable
        assert np.isin(open_ct(tmp_path, series_uid=series.uid).voxels, HU).all()


@pytest.mark.parametrize(("thickness", "refused"), [(3.3, True), (3.4, False)])
def test_slices_in_the_gaps_of_others_are_a_part_and_overlapping_ones_are_not(
    tmp_path: Path, thickness: float, refused: bool
) -> None:
    """A gap of half a thickness lies between slices 5 mm apart that are 3.33 mm thick."""
    for index, path in enumerate(write_series(tmp_path, HU, GEOMETRY)):
        edit(path, SliceThickness=thickness)
        if index % 2:
            turn_back(path, 0)
    if refused:
        assert "The patient is here in parts" in refusal(tmp_path)
    else:
        assert len(open_ct(tmp_path).voxels) == 6
