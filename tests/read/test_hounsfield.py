"""Values that cannot be HU are refused, shifted back with a note, or noted; real ones pass."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.__main__ import main
from inference.errors import UnreadableInputError
from inference.read import open_ct
from inference.read.voxels.census import BIN_HU, LOWEST_BIN_HU, PEAK_BINS, Census, census_of, judged
from inference.read.voxels.hounsfield import (
    HIGHEST_HU,
    LOWEST_HU,
    VOID_HU,
    shift_hu,
    to_hu,
    with_air,
)
from inference.values.geometry import Geometry
from inference.values.volume import AIR_HU
from inference.windows.resampling import to_sitk
from tests.read.dicom_factory import SeriesSettings, write_series

DATA = Path(__file__).parents[3] / "shared/ct"
REAL = sorted(DATA.glob("*/*_ct.nii.gz")) + sorted(DATA.glob("unlabelled/*.nii.gz"))

GEOMETRY = Geometry((48, 40, 12), (2.0, 2.0, 5.0))


def body() -> NDArray[np.int16]:
    """Air around fat around muscle around a rod of bone, with always the same noise."""
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


@pytest.fixture(scope="module")
def real() -> dict[str, NDArray[np.int16]]:
    """HU of every fourth slice and every second row of the real CTs."""
    if not REAL:
        pytest.skip("the real CTs of ../shared/ct are not here")
    return {
        path.name: to_hu(sitk.GetArrayFromImage(sitk.ReadImage(str(path)))[::4, ::2].copy())
        for path in REAL
    }


def test_no_real_ct_is_doubted(real: dict[str, NDArray[np.int16]]) -> None:
    for name, hu in real.items():
        verdict = judged(census_of(hu))
        assert (verdict.refusal, verdict.shift, verdict.notes) == (None, 0, ()), name


@pytest.mark.parametrize("kind", [np.uint16, np.int16, np.float32])
def test_a_ct_that_lost_its_intercept_is_shifted_back_with_a_note(
    tmp_path: Path, kind: type
) -> None:
    shifted = np.maximum(HU.astype(int) + 1024, 0).astype(kind)
    volume = open_ct(written(tmp_path / "a.nii.gz", shifted))
    assert np.array_equal(volume.voxels, HU)
    assert "HU plus 1024" in volume.warnings[0]


def test_so_is_one_in_dicom(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(RescaleIntercept=0))
    volume = open_ct(tmp_path)
    assert np.array_equal(volume.voxels, HU)
    assert "HU plus 1024" in volume.warnings[-1]


def test_grey_levels_are_refused(tmp_path: Path) -> None:
    grey = (np.clip(HU, -160, 240) + 160) / 400 * 255
    with pytest.raises(UnreadableInputError, match="grey levels"):
        open_ct(written(tmp_path / "a.nii.gz", grey.astype(np.uint8)))


def test_values_that_jump_as_noise_does_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="byte order"):
        open_ct(written(tmp_path / "a.nii.gz", (HU * 20 - 7).byteswap()))


def test_values_none_of_which_is_below_0_are_doubted(tmp_path: Path) -> None:
    volume = open_ct(written(tmp_path / "a.nii.gz", np.maximum(HU, 0)))
    assert "below 0" in volume.warnings[0]


def test_values_shifted_down_are_doubted(tmp_path: Path) -> None:
    volume = open_ct(written(tmp_path / "a.nii.gz", (HU - 1024).astype(np.int16)))
    assert "--hu-offset 10" in volume.warnings[0]


def test_so_is_an_intercept_that_lost_its_last_digit_in_all_slices(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(RescaleIntercept=-102))
    (note,) = open_ct(tmp_path).warnings
    assert "Air seems to lie near -76 HU" in note
    assert "--hu-offset -9" in note


NOISE_HU = 15
"""Of the body's noise."""


@settings(deadline=None)
@given(shift=st.integers(-1500, 3000))
def test_whatever_is_added_to_a_ct_with_air_is_noticed_where_it_is_more_than_air_may_differ_by(
    shift: int,
) -> None:
    verdict = judged(census_of(to_hu(HU, shift)))
    noticed = bool(verdict.refusal or verdict.shift or verdict.notes)
    if abs(shift) > 150 + NOISE_HU + BIN_HU:
        assert noticed
    if abs(shift) < 150 - NOISE_HU - BIN_HU:
        assert not noticed, verdict.notes


@settings(deadline=None)
@given(factor=st.one_of(st.floats(0.42, 0.5), st.floats(2, 5)), lowest=st.sampled_from([0, -1024]))
def test_so_is_a_factor_of_about_two_or_a_half_about_0_or_about_the_lowest_value(
    factor: float, lowest: int
) -> None:
    verdict = judged(census_of(to_hu((HU.astype(np.float64) - lowest) * factor + lowest)))
    assert verdict.refusal or verdict.shift or verdict.notes


@pytest.mark.parametrize(
    ("factor", "shift"), [(1, 922), (1, -300), (1, 300), (2, 0), (0.5, 0), (2, 1024), (0.5, -512)]
)
def test_in_real_cts_with_air_too(
    real: dict[str, NDArray[np.int16]], factor: float, shift: int
) -> None:
    for name, hu in real.items():
        if census_of(hu).air is None:
            continue  # as in boxes around a lumbar spine
        verdict = judged(census_of(to_hu(hu * factor + shift)))
        assert verdict.refusal or verdict.shift or verdict.notes, name


def corners() -> NDArray[np.bool_]:
    """What lies outside a round field of view."""
    _, y, x = np.indices(GEOMETRY.shape)
    return np.asarray(np.hypot(x - 23.5, y - 19.5) > 20)


PLAIN_CTS = {
    "air without noise": np.maximum(HU, -1000),
    "all that is dark cut off by the scanner": np.maximum(HU, -1024),
    "padding of the lowest value": np.where(corners(), -1024, HU),
    "a box without any air": HU[:, 7:33, 11:37],
    "a box of bone and muscle": HU[:, 8:32, 12:36],
    "metal of the extended scale": np.where(np.hypot(*(np.indices((40, 48)) - 20)) < 2, 20000, HU),
    "contrast medium in a vessel": np.where(np.hypot(*(np.indices((40, 48)) - 12)) < 2, 400, HU),
    "steps of eight bits": HU // 16 * 16,
    "a lung that fills it": np.where(HU < -500, HU + 150, np.where(HU == 50, -850, HU)),
}


@pytest.mark.parametrize("name", PLAIN_CTS)
def test_nothing_is_said_of_what_cts_may_have(name: str) -> None:
    verdict = judged(census_of(to_hu(np.asarray(PLAIN_CTS[name]))))
    assert (verdict.refusal, verdict.shift, verdict.notes) == (None, 0, ())


@pytest.mark.parametrize("window", [(-160, 240), (-200, 300), (-1000, 400), (-500, 590)])
def test_a_ct_whose_bright_values_were_cut_off_is_noted(
    tmp_path: Path, window: tuple[int, int]
) -> None:
    volume = open_ct(written(tmp_path / "a.nii.gz", np.clip(HU, *window).astype(np.int16)))
    assert any(f"values end at {window[1]} HU" in note for note in volume.warnings)


@pytest.mark.parametrize("value", [-400, -100, 0, 30])
def test_a_ct_whose_air_was_replaced_is_noted(tmp_path: Path, value: int) -> None:
    replaced = np.where(HU < -500, value, HU).astype(np.int16)
    volume = open_ct(written(tmp_path / "a.nii.gz", replaced))
    assert any("as if air or other parts had been replaced" in note for note in volume.warnings)


MAPS = {
    "twelve structures": tuple(range(0, 301, 25)),
    "as many as bytes tell": tuple(range(256)),
    "of a surface program": (0, 2, 41, 251, 1024, 2035),
}


@pytest.mark.parametrize("name", MAPS)
def test_a_map_of_structures_is_no_ct_however_many_it_tells_apart(
    tmp_path: Path, name: str
) -> None:
    numbers = np.array(MAPS[name])
    places = np.indices(HU.shape)
    map_ = numbers[(places // np.reshape((4, 8, 8), (3, 1, 1, 1))).sum(0) % len(numbers)]
    assert len(np.unique(map_)) > 1
    kind = np.uint16 if numbers.max() > 32767 else np.int16
    for ending in ("a.nii.gz", "a.mha"):
        with pytest.raises(UnreadableInputError, match=r"mask or a map|grey levels|range only"):
            open_ct(written(tmp_path / ending, map_.astype(kind)))


@pytest.mark.parametrize(
    "numbers", [(0, 1000), (-1000, 1000), (0, 65535), (-32767, 255), (-1000, 0)]
)
def test_a_mask_is_told_whatever_its_two_values(tmp_path: Path, numbers: tuple[int, int]) -> None:
    mask = np.where(HU > 300, numbers[1], numbers[0])
    kind = np.uint16 if numbers[1] > 32767 else np.int16
    for name in ("a.nii.gz", "a.mha"):
        volume = open_ct(written(tmp_path / name, mask.astype(kind)))
        assert any("like those of a mask or a map" in note for note in volume.warnings)


@pytest.mark.parametrize(("equal", "told"), [(600, False), (601, True)])
def test_more_neighbours_are_equal_in_a_map_than_in_any_ct(equal: int, told: bool) -> None:
    values = census(-1, 1000, fat=0.1, lung=0.1, low=0.1, high=0.1)
    of_map = dataclasses.replace(values, body_pairs=1000, equal_pairs=equal)
    assert any("mask or a map" in note for note in judged(of_map).notes) is told
    without_air = dataclasses.replace(of_map, lowest=0)
    assert ("mask or a map" in (judged(without_air).refusal or "")) is told


@pytest.mark.parametrize(("levels", "refused"), [(4, False), (5, True)])
def test_a_phantom_drawn_in_few_values_is_no_map(levels: int, refused: bool) -> None:
    names = ("lung", "high", "shifted", "air")[: levels - 1]
    drawn = census(0, 1024, **dict.fromkeys(names, 0.1))
    drawn = dataclasses.replace(drawn, body_pairs=1000, equal_pairs=990)
    assert bool(judged(drawn).refusal) is refused


@pytest.mark.parametrize("sum_", [0, 24, 1000, 1024])
def test_inverted_values_are_not_taken_for_shifted_ones(tmp_path: Path, sum_: int) -> None:
    body_fills = HU[:, 2:38, 5:43]
    volume = open_ct(_box(tmp_path / "a.nii.gz", (sum_ - body_fills).astype(np.int16)))
    assert not any("HU plus 1024" in note for note in volume.warnings)
    assert volume.warnings


def _box(path: Path, values: NDArray[np.int16]) -> Path:
    sitk.WriteImage(sitk.GetImageFromArray(values), str(path))
    return path


@pytest.mark.parametrize("value", [-2000, -3024, -1500, -30000, VOID_HU])
def test_padding_is_told_and_doubts_nothing(value: int) -> None:
    outside = corners()
    verdict = judged(census_of(to_hu(np.where(outside, value, HU))))
    (note,) = verdict.notes
    assert note.startswith(f"{outside.sum()} voxels are padding")


def test_nor_does_it_hide_that_everything_is_shifted() -> None:
    for value in (-2000, VOID_HU):
        shifted = np.where(corners(), value, HU + 922)
        assert "--hu-offset" in judged(census_of(to_hu(shifted))).notes[0]


def test_whoever_knows_may_say_what_is_to_be_added(tmp_path: Path) -> None:
    path = written(tmp_path / "a.nii.gz", (HU - 2000).astype(np.int16))
    volume = open_ct(path, hu_offset=2000)
    assert np.array_equal(volume.voxels, HU)
    assert volume.warnings == ("As requested, +2000 HU were added to all values.",)


def test_whoever_knows_may_say_that_nothing_is_to_be_added(tmp_path: Path) -> None:
    odd = np.maximum(HU.astype(int) + 1024, 0).astype(np.int16)
    assert np.array_equal(open_ct(written(tmp_path / "a.nii.gz", odd), hu_offset=0).voxels, odd)


def test_an_offset_is_added_to_dicom_before_what_is_too_low_becomes_air(tmp_path: Path) -> None:
    write_series(tmp_path, HU, GEOMETRY, SeriesSettings().but(RescaleIntercept=-2048))
    assert np.array_equal(open_ct(tmp_path, hu_offset=1024).voxels, HU)


def test_the_command_line_takes_an_offset_and_names_it_where_it_would_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grey = (np.clip(HU, -160, 240) + 160) / 400 * 255
    path = written(tmp_path / "a.nii.gz", grey.astype(np.uint8))
    assert main(["segment", str(path), "--out", str(tmp_path / "out"), "--mode", "full"]) == 3
    assert "--hu-offset" in capsys.readouterr().err


@pytest.mark.parametrize("offset", [float("nan"), float("inf"), 1e9, 40000.0, -40000.0])
@pytest.mark.parametrize("kind", [".nii.gz", ".mha"])
def test_an_offset_that_leaves_one_value_is_refused(
    tmp_path: Path, kind: str, offset: float
) -> None:
    path = written(tmp_path / f"a{kind}", HU)
    with pytest.raises(UnreadableInputError, match="range only") as caught:
        open_ct(path, hu_offset=offset)
    assert "--hu-offset" not in str(caught.value)


@pytest.mark.parametrize(
    "option",
    [
        ("--hu-offset", "nan"),
        ("--hu-offset", "inf"),
        ("--hu-offset", "minus one"),
        ("--threads", "0"),
        ("--threads", "1025"),
        ("--threads", "²"),
    ],
)
def test_numbers_that_cannot_be_meant_are_wrong_usage(
    tmp_path: Path, option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["segment", "CT", "--out", str(tmp_path / "out"), *option])
    assert caught.value.code == 2
    told = capsys.readouterr().err
    assert option[0] in told
    assert "_hu" not in told


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
    assert with_air(to_hu(np.array(values), offset)).tolist() == expected


@given(cut=st.integers(1, len(HU) - 1))
def test_a_census_of_two_parts_is_that_of_the_whole(cut: int) -> None:
    parts, whole = census_of(HU[:cut]) + census_of(HU[cut:]), census_of(HU)
    assert (parts.lowest, parts.highest) == (whole.lowest, whole.highest)
    assert (parts.pairs, parts.jumps) == (whole.pairs, whole.jumps)
    assert np.array_equal(parts.histogram, whole.histogram)


def test_voids_are_counted_apart() -> None:
    hu = to_hu(np.array([[np.nan, -2000, np.inf, 40]]))
    census = census_of(hu, not_numbers=2)
    assert (census.not_numbers, census.padding) == (2, 1)
    assert (census.lowest, census.highest) == (-2000, 40)
    assert census.histogram.sum() == 2


def test_a_volume_of_voids_alone_is_refused() -> None:
    verdict = judged(census_of(np.full((4, 4, 4), VOID_HU, np.int16)))
    assert "range only from -1000 to -1000" in str(verdict.refusal)


def test_a_volume_is_shifted_where_it_lies() -> None:
    voxels = HU.copy()
    shift_hu(voxels, 10)
    assert np.array_equal(voxels, HU + 10)


def census(lowest: int = -1000, highest: int = 1000, **shares: float) -> Census:
    """A census of 100,000 voxels: of air, of soft tissue at 40 HU, and of others by their names."""
    hu = {"air": -1000, "fat": -100, "lung": 300, "shifted": 1024, "low": -210, "high": 230}
    counts = {hu[name]: round(share * 100_000) for name, share in shares.items()}
    counts[40] = 100_000 - sum(counts.values())
    histogram = Census().histogram.copy()
    for value, count in counts.items():
        histogram[(value - LOWEST_BIN_HU) // BIN_HU] = count
    return Census(lowest, highest, histogram)


A_FEW = 1e-5


@pytest.mark.parametrize(
    ("just_right", "just_wrong", "word"),
    [
        (census(lowest=0, highest=256), census(lowest=0, highest=255), "grey"),
        (
            census(lowest=-50, highest=150),
            census(lowest=-50, highest=149),
            "range only",
        ),
        (
            census(fat=0.001, shifted=0.5),
            census(fat=0.001 - A_FEW, shifted=0.5),
            "plus 1024",
        ),
        (census(shifted=0.05), census(shifted=0.05 + A_FEW), "plus 1024"),
        (census(shifted=0.3, lung=0.3), census(shifted=0.3, lung=0.3 - A_FEW), "plus 1024"),
        (census(lowest=-1), census(lowest=0), "below 0"),
        (census(fat=0.4), census(low=0.8, fat=0.1), "Most of its values"),
        (census(fat=0.4), census(high=0.8, fat=0.1), "Most of its values"),
    ],
)
def test_each_limit_parts_what_is_told_from_what_is_not(
    just_right: Census, just_wrong: Census, word: str
) -> None:
    right, wrong = judged(just_right), judged(just_wrong)
    assert word not in f"{right.refusal} {right.notes}"
    assert word in f"{wrong.refusal} {wrong.notes}"


def shares(of_hu: dict[int, float]) -> Census:
    """A census of 100,000 voxels with these shares of each HU; the last gets the rest."""
    histogram = Census().histogram.copy()
    for hu, share in of_hu.items():
        histogram[(hu - LOWEST_BIN_HU) // BIN_HU] = round(share * 100_000)
    histogram[(hu - LOWEST_BIN_HU) // BIN_HU] += 100_000 - histogram.sum()
    return Census(min(of_hu), max(of_hu), histogram)


def with_noise(air: int, share: float) -> dict[int, float]:
    """Two levels of air: one by itself would be padding."""
    return {air: share / 2, air + BIN_HU: share / 2}


@pytest.mark.parametrize(
    ("seen", "unseen"),
    [
        (
            with_noise(-1000, 0.01) | {40: 0},
            with_noise(-1000, 0.01 - 4 * A_FEW) | {40: 0},
        ),
        ({40: 0.05, -992: 0.1, -1000: 0}, {40: 0.05 - A_FEW, -992: 0.1, -1000: 0}),
        (
            with_noise(-1000, 0.5) | {-620 + (PEAK_BINS + 3) * BIN_HU: 0},
            with_noise(-1000, 0.5) | {-620 + (PEAK_BINS - 3) * BIN_HU: 0},
        ),
        (
            with_noise(-96, 0.5) | {754 + 3 * BIN_HU: 0},
            with_noise(-96, 0.5) | {754 - 2 * BIN_HU: 0},
        ),
        (
            {40: 0.03, -60 + BIN_HU: 0.02, -992: 0.1, -1000: 0},
            {40: 0.03, -60 - 4 * BIN_HU: 0.02, -992: 0.1, -1000: 0},
        ),
    ],
)
def test_each_limit_parts_air_from_what_is_none(
    seen: dict[int, float], unseen: dict[int, float]
) -> None:
    air = shares(seen).air
    assert air is not None
    assert air.darkest - BIN_HU // 2 == min(seen)
    assert shares(unseen).air is None


def test_air_is_the_peak_near_the_darkest_values() -> None:
    for above, near in ((100 - BIN_HU, True), (100 + 3 * BIN_HU, False)):
        air = shares(with_noise(-1000, 0.02) | with_noise(-1000 + above, 0.5) | {200: 0}).air
        assert air is not None
        assert (air.usual > -1000 + BIN_HU) == near


def test_a_dark_level_by_itself_is_padding_and_not_air() -> None:
    rest = with_noise(-1000, 0.3) | {40: 0.0}
    for above, alone in ((96, False), (96 + BIN_HU, True)):
        air = shares({-2000: 0.2, -2000 + above: 0.01, -2000 + above + BIN_HU: 0.01} | rest).air
        assert air is not None
        assert (air.darkest > -2000 + BIN_HU) == alone
    for beside, alone in ((0.0005, True), (0.0005 + A_FEW, False)):
        air = shares({-2000: 0.2, -1992: beside} | rest).air
        assert air is not None
        assert (air.darkest > -2000 + BIN_HU) == alone


def test_the_flank_of_what_is_lighter_is_no_air() -> None:
    for share, seen in ((0.49, True), (0.51, False)):
        # The peak of air contains three of the levels between, beside two of its own.
        even = 0.1 * share / (PEAK_BINS - 3 * share)
        between = dict.fromkeys(range(-984, -536, BIN_HU), even)
        census = shares(with_noise(-1000, 0.1) | between | {-536: 0})
        assert (census.air is not None) == seen


def cut_at(highest: int, voxels: int, below: int) -> Census:
    """A census of 100,000 voxels of which some have the highest value, and some lie just below."""
    of_hu = {highest - 64: below / 100_000, highest: voxels / 100_000, 40: 0.3, -1000: 0}
    return dataclasses.replace(shares(of_hu), at_highest=voxels)


@pytest.mark.parametrize(
    ("census", "told"),
    [
        (cut_at(999, 100, 0), True),
        (cut_at(1000, 100, 0), False),
        (cut_at(500, 51, 0), True),
        (cut_at(500, 50, 0), False),
        (cut_at(500, 100, 99), True),
        (cut_at(500, 100, 101), False),
    ],
)
def test_values_are_cut_off_where_they_pile_up(census: Census, told: bool) -> None:
    assert census.is_cut == told


@pytest.mark.parametrize(
    ("share", "beside", "told"),
    [
        (0.21, 0.0, True),
        (0.19, 0.0, False),
        (0.3, 0.14, True),
        (0.3, 0.16, False),
    ],
)
def test_a_level_is_a_bin_that_stands_alone(share: float, beside: float, told: bool) -> None:
    census = shares({-100: share, -100 + BIN_HU: beside, -1000: 0})
    assert (census.level is not None) == told


def test_a_few_voxels_of_the_highest_value_are_chance() -> None:
    hu = np.full((4, 16, 16), -1000, np.int16)
    hu[:, 4:12, 4:12] = np.arange(256).reshape(4, 8, 8) - 100
    for voxels, cut in ((16, False), (17, True)):
        bright = hu.copy()
        bright.ravel()[:voxels] = 700
        assert census_of(bright).is_cut == cut


@pytest.mark.parametrize(("limit", "beyond"), [(600, -BIN_HU), (1300, BIN_HU)])
def test_air_and_tissue_are_as_far_apart_as_no_factor_makes_them(limit: int, beyond: int) -> None:
    for apart, told in (
        (limit - 2 * beyond, False),
        (limit + 2 * beyond, True),
    ):
        notes = judged(shares(with_noise(-1000, 0.3) | {apart - 1000 + BIN_HU: 0})).notes
        assert any("times a factor" in note for note in notes) == told


def test_so_does_the_limit_of_what_jumps() -> None:
    pairs = 100_000
    most = int(0.4 * pairs)
    plain = census(fat=0.2)
    assert judged(dataclasses.replace(plain, pairs=pairs, jumps=most)).refusal is None
    refusal = judged(dataclasses.replace(plain, pairs=pairs, jumps=most + 1)).refusal
    assert refusal is not None
    assert "jump" in refusal


def test_the_body_has_the_hu_of_its_highest_peak_air_and_lung_aside() -> None:
    for value in (-200, 0, 200, 1000):
        hu = np.full((4, 4, 4), -900, np.int16)
        hu[:2] = value
        assert abs(census_of(hu).body_hu - value) < PEAK_BINS * BIN_HU
