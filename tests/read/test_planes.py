"""Planes that say nothing of their own: slices that were lost and filled in are told or refused."""

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.errors import UnreadableInputError
from inference.read import list_series, open_ct
from inference.read.voxels.census import Census, plain_problem
from inference.read.voxels.survey import DENSEST_HU, LIKE_HU, MIRRORED, SAMPLED, Survey
from inference.values.geometry import Geometry
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import write_series
from tests.read.test_hounsfield import GEOMETRY, HU

SERIES = Path(__file__).parents[3] / "shared" / "ct" / "unlabelled"

EMPTY = [-1000, -1024, 0, 40]


def written(folder: Path, hu: NDArray[np.int16], kind: str) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if kind == "DICOM":
        write_series(folder, hu, GEOMETRY)
        return folder
    image = sitk.GetImageFromArray(hu)
    image.CopyInformation(to_sitk(HU, GEOMETRY))
    sitk.WriteImage(image, str(folder / f"CT{kind}"))
    return folder / f"CT{kind}"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["DICOM", ".nii.gz", ".nrrd", ".mha"]),
    value=st.sampled_from(EMPTY),
    lost=st.sets(st.integers(0, 11), min_size=1, max_size=9),
)
def test_lost_slices_that_were_filled_in_are_never_read_in_silence(
    tmp_path: Path, kind: str, value: int, lost: set[int]
) -> None:
    hu = HU.copy()
    hu[sorted(lost)] = value
    path = written(tmp_path / "CT", hu, kind)
    kept = set(range(12)) - lost
    inside = sum(min(kept) < z < max(kept) for z in lost)
    (series,) = list_series(path)
    if inside:
        said = f"{inside} slices in the middle have a single value"
        with pytest.raises(UnreadableInputError, match=said):
            open_ct(path)
        with pytest.raises(UnreadableInputError, match=said):
            open_ct(path, hu_offset=0)
        assert said in series.problems[0]
    else:
        said = f"{len(lost)} slices at its ends have a single value"
        assert any(note.startswith(said) for note in open_ct(path).warnings)
        assert any(note.startswith(said) for note in series.warnings)


@pytest.mark.parametrize("kind", ["DICOM", ".nii.gz"])
@pytest.mark.parametrize("repeated", [[1], [5, 6, 7], [11], [1, 3, 5, 7, 9, 11]])
def test_slices_that_equal_the_one_before_are_told(
    tmp_path: Path, kind: str, repeated: list[int]
) -> None:
    hu = HU.copy()
    for z in repeated:
        hu[z] = hu[z - 1]
    path = written(tmp_path / "CT", hu, kind)
    (note,) = open_ct(path).warnings
    assert note.startswith(f"{len(repeated)} slices equal the one before.")
    assert list_series(path)[0].warnings == (note,)


def test_a_volume_of_one_value_is_no_ct(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="range only from"):
        open_ct(written(tmp_path / "CT", np.full_like(HU, -1000), ".nrrd"))


def anatomy(planes: int = 24) -> NDArray[np.int16]:
    """HU, z, y, x, of a trunk with a liver on one side and a spine at the back, with noise."""
    z, y, x = np.indices((planes, 64, 80)).astype(np.float64)
    middle = 40 + 2 * np.sin(z / 9)
    hu = np.full(z.shape, -1000.0)
    hu[((x - middle) / 34) ** 2 + ((y - 32) / 24) ** 2 < 1] = -90
    hu[((x - middle) / 30) ** 2 + ((y - 32) / 20) ** 2 < 1] = 40
    hu[((x - middle + 16) / (9 + z / planes)) ** 2 + ((y - 26) / 9) ** 2 < 1] = 110
    hu[((x - middle - 15) / 8) ** 2 + ((y - 27) / (10 - z / planes)) ** 2 < 1] = -820
    hu[((x - middle) / 7) ** 2 + ((y - 44) / 6) ** 2 < 1] = 300
    noise = np.random.default_rng(7).normal(0, 20, hu.shape)
    return np.asarray(np.maximum(hu + noise, -1000).round(), dtype=np.int16)


TRUNK = anatomy()
TRUNK_GEOMETRY = Geometry((80, 64, 24), (5.0, 5.0, 5.0), (0.0, 0.0, 0.0))

FAULTS: dict[str, Callable[[NDArray[np.int16]], NDArray[np.int16]]] = {
    "left and right exchanged": lambda plane: plane[:, ::-1],
    "upside down": lambda plane: plane[::-1],
    "turned": lambda plane: plane[::-1, ::-1],
    "half lost": lambda plane: np.where(np.indices(plane.shape)[0] < 32, plane, -1024),
    "half zero": lambda plane: np.where(np.indices(plane.shape)[0] < 32, plane, 0),
    "another intercept": lambda plane: plane + 700,
    "rows torn": lambda plane: np.roll(plane, 20, axis=1),
}


def trunk(folder: Path, hu: NDArray[np.int16], kind: str) -> Path:
    """The trunk as a folder or a file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if kind == "DICOM":
        write_series(folder, hu, TRUNK_GEOMETRY)
        return folder
    image = sitk.GetImageFromArray(hu)
    sitk.WriteImage(image, str(folder / f"CT{kind}"))
    return folder / f"CT{kind}"


def test_nothing_is_said_of_slices_that_go_on_smoothly(tmp_path: Path) -> None:
    assert open_ct(trunk(tmp_path / "CT", TRUNK, "DICOM")).warnings == ()
    for step in (2, 3):
        thick = trunk(tmp_path / "CT", np.ascontiguousarray(TRUNK[::step]), ".nrrd")
        assert not any("slices" in note for note in open_ct(thick).warnings)


@pytest.mark.parametrize("name", FAULTS)
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(["DICOM", ".nii.gz"]), where=st.integers(1, 22))
def test_a_slice_that_is_unlike_both_beside_it_is_told(
    tmp_path: Path, name: str, kind: str, where: int
) -> None:
    hu = TRUNK.copy()
    hu[where] = FAULTS[name](hu[where])
    path = trunk(tmp_path / "CT", hu, kind)
    notes = open_ct(path).warnings
    assert any(note.startswith("1 slices are unlike the slices on both sides") for note in notes)
    assert set(list_series(path)[0].warnings) == set(notes)


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("first", [0, 1])
def test_slices_of_which_every_second_one_has_a_fault_are_refused(
    tmp_path: Path, name: str, first: int
) -> None:
    hu = TRUNK.copy()
    hu[first::2] = [FAULTS[name](plane) for plane in hu[first::2]]
    path = trunk(tmp_path / "CT", hu, "DICOM")
    with pytest.raises(UnreadableInputError, match="22 of its 24 slices are unlike"):
        open_ct(path, hu_offset=0)
    assert "are unlike the slices on both sides" in list_series(path)[0].problems[0]


@pytest.mark.parametrize("name", ["left and right exchanged", "upside down", "turned"])
@pytest.mark.parametrize("where", [1, 12, 23])
def test_a_stack_that_is_mirrored_from_some_slice_on_is_told(
    tmp_path: Path, name: str, where: int
) -> None:
    hu = TRUNK.copy()
    hu[where:] = [FAULTS[name](plane) for plane in hu[where:]]
    notes = open_ct(trunk(tmp_path / "CT", hu, "DICOM")).warnings
    assert [note for note in notes if note.startswith("1 slices resemble the mirror image")]


@pytest.mark.parametrize("value", [-1024, 0, 40])
@pytest.mark.parametrize("axis", [0, 1], ids=["rows", "columns"])
@pytest.mark.parametrize("lost", [[0], [23], [5, 6], list(range(16, 24))], ids=str)
def test_a_part_that_is_lost_in_any_slices_is_told(
    tmp_path: Path, value: int, axis: int, lost: list[int]
) -> None:
    hu = TRUNK.copy()
    hu[lost] = np.where(np.indices(hu[0].shape)[axis] < 40, hu[lost], value)
    path = trunk(tmp_path / "CT", hu, "DICOM")
    notes = open_ct(path).warnings
    times = 1 if {0, 23} & set(lost) else 2
    assert any(note.startswith(f"Beside {times} slices, a large part") for note in notes)
    assert set(list_series(path)[0].warnings) == set(notes)


@pytest.mark.parametrize(("columns", "torn"), [(100, False), (101, True)])
def test_more_than_a_quarter_of_the_rows_or_columns_is_a_large_part(
    columns: int, torn: bool
) -> None:
    for turned in (False, True):
        survey = Survey()
        plane = np.random.default_rng(1).integers(0, 100, (400, 400)).astype(np.int16)
        for blank in (0, columns):
            cut = plane.copy()
            cut[:, :blank] = -1000
            survey.add(cut.T if turned else cut)
        assert survey.census.torn == torn


@pytest.mark.parametrize(("unlike", "refused"), [(6, False), (7, True)])
def test_more_than_a_quarter_of_slices_that_fit_none_is_no_chance(
    unlike: int, refused: bool
) -> None:
    survey = Survey()
    for plane in TRUNK:
        survey.add(plane)
    census = dataclasses.replace(survey.census, unlike=unlike)
    assert (plain_problem(census) is not None) is refused


def stripes(*shifts: int) -> Census:
    """The census of planes with a bright half that is moved by so many columns of 100."""
    survey = Survey()
    for shift in shifts:
        plane = np.full((400, 400), -500, np.int16)
        plane[:, : 200 + 4 * shift] = 300
        plane[:2] = -1000
        survey.add(plane)
    return survey.census


@pytest.mark.parametrize(("off", "told"), [(11, False), (13, True)])
def test_a_slice_is_unlike_those_beside_it_from_a_fifth_more_than_they_from_each_other(
    off: int, told: bool
) -> None:
    assert stripes(0, 10 + off, 10).unlike == told
    assert stripes(0, -off, 10).unlike == told


@pytest.mark.parametrize(("hu", "told"), [(13, False), (14, True)])
def test_slices_that_differ_by_little_are_alike(hu: int, told: bool) -> None:
    survey = Survey()
    for more in (0, hu, 0):
        plane = np.zeros((40, 40), np.int16)
        plane[4:] = more  # nine of ten rows
        plane[:4] = -1000
        survey.add(plane)
    assert survey.census.unlike == told


def halves(*planes: tuple[int, int]) -> Census:
    """The census of planes whose left and right halves have these HU."""
    survey = Survey()
    for left, right in planes:
        plane = np.full((40, 80), left, np.int16)
        plane[:, 40:] = right
        survey.add(plane)
    return survey.census


@pytest.mark.parametrize(("turned", "told"), [(55, False), (56, True)])
def test_a_slice_is_mirrored_if_its_mirror_image_is_nearer_by_a_fifth(
    turned: int, told: bool
) -> None:
    nearer = (100 - turned) / turned
    assert (nearer < MIRRORED) == told
    assert halves((100, 0), (100 - turned, turned)).mirrored == told


@pytest.mark.parametrize(("hu", "told"), [(10, False), (11, True)])
def test_the_mirror_image_of_a_slice_that_is_alike_says_nothing(hu: int, told: bool) -> None:
    assert (hu > LIKE_HU) == told
    assert halves((hu, 0), (0, hu)).mirrored == told


def amid(spots: NDArray[np.bool_], hu: int) -> int:
    """How many of three planes are unlike if the middle one has spots of these HU, else soft."""
    survey = Survey()
    for is_middle in (False, True, False):
        plane = np.zeros(spots.shape, np.int16)
        plane[-4:] = -1000
        plane[spots & is_middle] = hu
        survey.add(plane)
    return survey.census.unlike


@pytest.mark.parametrize(
    ("percent", "hu", "told"),
    [(2.9, 3000, False), (3.1, 3000, True), (3.1, DENSEST_HU, True), (3.1, 380, False)],
)
def test_metal_counts_no_more_than_dense_bone(percent: float, hu: int, told: bool) -> None:
    sampled = np.arange(100 * 100).reshape(100, 100) < 100 * percent
    assert amid(np.kron(sampled, np.ones((SAMPLED, SAMPLED), bool)), hu) == told


@pytest.mark.parametrize(("first", "told"), [(0, True), (1, False), (2, False), (3, False)])
@pytest.mark.parametrize("axis", [0, 1])
def test_every_fourth_row_and_column_is_compared(axis: int, first: int, told: bool) -> None:
    spots = np.indices((40, 40))[axis] % SAMPLED == first
    assert amid(spots, 300) == told


@pytest.mark.skipif(not SERIES.exists(), reason="../shared/ct is absent")
@pytest.mark.parametrize("name", ["wholebody_petct_5mm", "skull_base_neck_1p25mm"])
def test_nothing_is_said_of_the_slices_of_a_real_ct(name: str) -> None:
    notes = open_ct(SERIES / f"{name}.nii.gz").warnings
    assert not any(
        "unlike" in note or "blank" in note or "mirror" in note or "a mask" in note
        for note in notes
    )
