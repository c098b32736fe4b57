"""Values that cannot be HU are refused, shifted back with a note, or told of; real ones pass."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.__main__ import main
from inference.errors import UnreadableInputError
from inference.read import open_ct
from inference.read.hounsfield import (
    BIN_HU,
    CONTRAST_HU,
    FAT_SHARE,
    GREY_LEVELS,
    HIGHEST_HU,
    JUMPING_SHARE,
    LOWEST_HU,
    PEAK_BINS,
    SHIFT_HU,
    SHIFTED_SHARE,
    TISSUE_HU,
    Census,
    census_of,
    census_of_volume,
    judged,
    shift_hu,
    to_hu,
)
from inference.values.geometry import Geometry
from inference.values.volume import AIR_HU
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import SeriesSettings, write_series

DATA = Path(__file__).parents[3] / "shared/ct"
REAL = sorted(DATA.glob("*/*_ct.nii.gz")) + sorted(DATA.glob("unlabelled/*.nii.gz"))

GEOMETRY = Geometry((48, 40, 12), (2.0, 2.0, 5.0))


def body() -> NDArray[np.int16]:
    """Air around fat around muscle around a rod of bone, with a grain that is always the same."""
    _, y, x = np.indices(GEOMETRY.shape)
    radius = np.hypot(x - 23.5, y - 19.5)
    hu = np.select([radius > 18, radius > 15, radius > 5], [AIR_HU, -100, 50], 600)
    grain = np.random.default_rng(3).integers(-15, 16, GEOMETRY.shape)
    return np.asarray(hu + grain, dtype=np.int16)


HU = body()


def written(path: Path, values: NDArray[np.generic]) -> Path:
    image = sitk.GetImageFromArray(values)
    image.CopyInformation(to_sitk(HU, GEOMETRY))
    sitk.WriteImage(image, str(path))
    return path


def test_a_plain_ct_is_taken_as_it_is_without_a_word(tmp_path: Path) -> None:
    volume = open_ct(written(tmp_path / "a.nrrd", HU))
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ()


@pytest.mark.skipif(not REAL, reason="the real CTs of ../shared/ct are not here")
def test_no_real_ct_is_doubted() -> None:
    for path in REAL:
        image = sitk.ReadImage(str(path))
        voxels = to_hu(sitk.GetArrayViewFromImage(image)[::4])
        verdict = judged(census_of_volume(voxels))
        assert (verdict.refusal, verdict.shift, verdict.note) == (None, 0, None), path.name


@pytest.mark.parametrize("kind", [np.uint16, np.int16, np.float32])
def test_a_ct_that_lost_its_intercept_is_shifted_back_with_a_note(
    tmp_path: Path, kind: type
) -> None:
    shifted = np.maximum(HU.astype(int) + SHIFT_HU, 0).astype(kind)
    volume = open_ct(written(tmp_path / "a.nii.gz", shifted))
    assert np.array_equal(volume.voxels, HU)
    assert "1024 added" in volume.warnings[0]


def test_so_is_one_in_dicom(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(RescaleIntercept=0))
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert "1024 added" in volume.warnings[-1]


def test_grey_levels_are_refused(tmp_path: Path) -> None:
    grey = (np.clip(HU, -160, 240) + 160) / 400 * 255
    with pytest.raises(UnreadableInputError, match="grey levels"):
        open_ct(written(tmp_path / "a.nii.gz", grey.astype(np.uint8)))


def test_values_that_jump_as_noise_does_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="order of bytes"):
        open_ct(written(tmp_path / "a.nii.gz", (HU * 20 - 7).byteswap()))


def test_values_none_of_which_is_below_0_are_doubted(tmp_path: Path) -> None:
    volume = open_ct(written(tmp_path / "a.nii.gz", np.maximum(HU, 0)))
    assert "below 0" in volume.warnings[0]


def test_values_shifted_down_are_doubted(tmp_path: Path) -> None:
    volume = open_ct(written(tmp_path / "a.nii.gz", (HU - SHIFT_HU).astype(np.int16)))
    assert "fat, muscle and blood" in volume.warnings[0]


def test_whoever_knows_may_say_what_is_to_be_added(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nii.gz", (HU - 2000).astype(np.int16))
    volume = open_ct(path, hu_offset=2000)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ("+2000 HU were added to all values, as was asked.",)


def test_whoever_knows_may_say_that_nothing_is_to_be_added(tmp_path: Path) -> None:
    odd = np.maximum(HU.astype(int) + SHIFT_HU, 0).astype(np.int16)
    assert np.array_equal(open_ct(written(tmp_path / "a.nii.gz", odd), hu_offset=0).voxels, odd)


def test_an_offset_is_added_to_dicom_before_what_is_too_low_becomes_air(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(RescaleIntercept=-2 * SHIFT_HU))
    assert np.array_equal(open_ct(tmp_path, hu_offset=SHIFT_HU).voxels, HU)


def test_the_command_line_takes_an_offset_and_names_it_where_it_would_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grey = (np.clip(HU, -160, 240) + 160) / 400 * 255
    path = written(tmp_path / "a.nii.gz", grey.astype(np.uint8))
    assert main(["segment", str(path), "--out", str(tmp_path / "out"), "--mode", "full"]) == 3
    assert "--hu-offset" in capsys.readouterr().err


@given(
    values=st.lists(st.integers(-3000, 40000), min_size=1, max_size=20),
    offset=st.integers(-2000, 2000),
)
def test_an_offset_is_added_before_what_is_too_low_becomes_air(
    values: list[int], offset: int
) -> None:
    expected = [
        AIR_HU if value + offset < LOWEST_HU else min(value + offset, HIGHEST_HU)
        for value in values
    ]
    assert to_hu(np.array(values), offset).tolist() == expected


@given(cut=st.integers(1, len(HU) - 1))
def test_a_census_of_two_parts_is_that_of_the_whole(cut: int) -> None:
    parts, whole = census_of(HU[:cut]) + census_of(HU[cut:]), census_of(HU)
    assert (parts.lowest, parts.highest) == (whole.lowest, whole.highest)
    assert (parts.pairs, parts.jumps) == (whole.pairs, whole.jumps)
    assert np.array_equal(parts.histogram, whole.histogram)


def test_a_volume_is_shifted_where_it_lies() -> None:
    voxels = HU.copy()
    shift_hu(voxels, 10)
    assert np.array_equal(voxels, HU + 10)


def census(lowest: int = -1000, highest: int = 1000, **shares: float) -> Census:
    """A census of 100,000 voxels: of air, of soft tissue at 40 HU, and of others by their names."""
    hu = {"air": -1000, "fat": -100, "lung": 300, "shifted": SHIFT_HU, "low": -210, "high": 230}
    counts = {hu[name]: round(share * 100_000) for name, share in shares.items()}
    counts[40] = 100_000 - sum(counts.values())
    histogram = Census().histogram.copy()
    for value, count in counts.items():
        histogram[(value - LOWEST_HU) // BIN_HU] = count
    return Census(lowest, highest, histogram)


A_FEW = 1e-5


@pytest.mark.parametrize(
    ("just_right", "just_wrong", "word"),
    [
        (census(lowest=0, highest=GREY_LEVELS + 1), census(lowest=0, highest=GREY_LEVELS), "grey"),
        (
            census(lowest=-50, highest=-50 + CONTRAST_HU),
            census(lowest=-50, highest=-51 + CONTRAST_HU),
            "range only",
        ),
        (
            census(fat=FAT_SHARE, shifted=0.5),
            census(fat=FAT_SHARE - A_FEW, shifted=0.5),
            "1024",
        ),
        (census(shifted=SHIFTED_SHARE), census(shifted=SHIFTED_SHARE + A_FEW), "1024"),
        (census(shifted=0.3, lung=0.3), census(shifted=0.3, lung=0.3 - A_FEW), "1024"),
        (census(lowest=-1), census(lowest=0), "below 0"),
        (census(fat=0.4), census(low=0.8, fat=0.1), "Most of its values"),
        (census(fat=0.4), census(high=0.8, fat=0.1), "Most of its values"),
    ],
)
def test_each_limit_parts_what_is_told_from_what_is_not(
    just_right: Census, just_wrong: Census, word: str
) -> None:
    right, wrong = judged(just_right), judged(just_wrong)
    assert word not in f"{right.refusal} {right.note}"
    assert word in f"{wrong.refusal} {wrong.note}"


def test_so_does_the_limit_of_what_jumps() -> None:
    pairs = 100_000
    most = int(JUMPING_SHARE * pairs)
    plain = census(fat=0.2)
    assert judged(dataclasses.replace(plain, pairs=pairs, jumps=most)).refusal is None
    refusal = judged(dataclasses.replace(plain, pairs=pairs, jumps=most + 1)).refusal
    assert refusal is not None
    assert "jump" in refusal


def test_the_body_has_the_hu_of_its_highest_peak_air_and_lung_aside() -> None:
    for value in (TISSUE_HU[0], 0, TISSUE_HU[1], 1000):
        hu = np.full((4, 4, 4), -900, np.int16)
        hu[:2] = value
        assert abs(census_of(hu).body_hu - value) < PEAK_BINS * BIN_HU
