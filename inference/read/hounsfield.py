"""Any numbers that stand for HU, as int16, and whether they can be HU at all."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.values.messages import sentence
from inference.values.slabs import slabs
from inference.values.volume import AIR_HU

LOWEST_HU = -1024
"""No tissue is below it; scanners mark what lies outside their field of view by lower values."""

HIGHEST_HU = 32767
"""The largest int16; metal reaches 30,000 on the extended scale."""

CONTRAST_HU = 200
"""Air and soft tissue are further apart than this; a map of labels or an empty image is not."""

GREY_LEVELS = 255
"""The whitest level of a picture of one byte a pixel."""

TISSUE_HU = (-200, 200)
"""From fat to blood and brain: the HU of most of any body."""

DARKEST_BODY_HU = -500
"""Half of a voxel of air and of tissue: what is above is the body, without its lungs."""

FAT_HU = (-200, -24)
"""Fat, and soft tissue that shares its voxel with air. None has such HU where all is shifted."""

FAT_SHARE = 0.001
"""Less of a volume than this is as good as no fat: of seventeen real CTs the least had
0.058."""

SHIFT_HU = 1024
"""What scanners add to HU, that stored numbers be positive; it is lost where a converter forgets
the intercept."""

SHIFTED_SHARE = 0.05
"""Soft tissue shifted up is more of a volume than this; cortical bone, which truly has such HU, was
0.014 at most, in a box around a lumbar spine."""

BIN_HU = 8
HIGHEST_BIN_HU = 3072
"""HU are counted in steps of this size up to here; what is above, metal, counts as the last."""

PEAK_BINS = 5
"""So many bins together make a peak: noise spreads a tissue over as many HU."""

JUMP_HU = 500
"""Neighbours further apart than this lie on either side of a surface."""

JUMPING_SHARE = 0.4
"""More neighbours apart than this, and values are noise, as where the order of bytes is wrong: of
seventeen real CTs the most had 0.06."""


def to_hu(values: NDArray[np.generic], offset: float = 0.0) -> NDArray[np.int16]:
    """HU rounded to int16; padding, NaN and infinities become air, too large values the largest.

    Args:
        offset: added to all values first.
    """
    if offset:
        values = values.astype(np.float64) + offset
    if np.issubdtype(values.dtype, np.floating):
        values = np.nan_to_num(np.rint(values), nan=AIR_HU, posinf=AIR_HU, neginf=AIR_HU)
    hu: NDArray[np.int16] = np.clip(values, -32768, HIGHEST_HU).astype(np.int16)
    hu[hu < LOWEST_HU] = AIR_HU
    return hu


@dataclass(frozen=True, eq=False)
class Census:
    """What HU the voxels of a volume, or of a part of one, have.

    Attributes:
        lowest, highest: of all voxels.
        histogram: how many voxels there are of each bin of HU.
        pairs: neighbours along x.
        jumps: how many of the pairs are far apart.
    """

    lowest: int = HIGHEST_HU
    highest: int = LOWEST_HU
    histogram: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros((HIGHEST_BIN_HU - LOWEST_HU) // BIN_HU, np.int64)
    )
    pairs: int = 0
    jumps: int = 0

    def __add__(self, other: "Census") -> "Census":
        """The census of both parts."""
        return Census(
            min(self.lowest, other.lowest),
            max(self.highest, other.highest),
            self.histogram + other.histogram,
            self.pairs + other.pairs,
            self.jumps + other.jumps,
        )

    def share(self, low: int, high: int) -> float:
        """Which part of the voxels has HU from ``low`` up to, but not including, ``high``."""
        return float(self.histogram[_bin(low) : _bin(high)].sum() / self.histogram.sum())

    @property
    def body_hu(self) -> int:
        """The HU that most of the body has."""
        body = self.histogram[_bin(DARKEST_BODY_HU) :]
        peaks = np.convolve(body, np.ones(PEAK_BINS, np.int64), "same")
        return DARKEST_BODY_HU + int(peaks.argmax()) * BIN_HU


@dataclass(frozen=True)
class Verdict:
    """Whether values can be HU.

    Attributes:
        refusal: why they cannot; None if they may be.
        shift: what must be added to make HU of them.
        note: what is suspected; None if nothing is.
    """

    refusal: str | None = None
    shift: int = 0
    note: str | None = None


def census_of(hu: NDArray[np.int16]) -> Census:
    """The census of HU, z, y, x or y, x."""
    steps = np.abs(np.diff(hu[..., ::4, :].astype(np.int32), axis=-1))
    bins = (np.minimum(hu, HIGHEST_BIN_HU - 1).astype(np.int32) - LOWEST_HU) // BIN_HU
    return Census(
        int(hu.min()),
        int(hu.max()),
        np.bincount(bins.ravel(), minlength=(HIGHEST_BIN_HU - LOWEST_HU) // BIN_HU),
        steps.size,
        int(np.count_nonzero(steps > JUMP_HU)),
    )


def judged(census: Census) -> Verdict:
    """Whether values of such a census can be HU.

    The sentences of a refusal and of a note begin with "its values", for they stand for a series.
    """
    lowest, highest = census.lowest, census.highest
    if highest - lowest < CONTRAST_HU:
        return Verdict(
            sentence(
                "its values are not those of a CT, because they range only from {0} to {1} HU; "
                "choose the CT itself",
                lowest,
                highest,
            )
        )
    if census.jumps > JUMPING_SHARE * census.pairs:
        return Verdict(
            sentence(
                "its values jump from voxel to voxel as those of no CT do, so that its header "
                "seems to name the wrong type of number or order of bytes"
            )
        )
    if lowest >= 0 and highest <= GREY_LEVELS:
        return Verdict(
            sentence(
                "its values run from {0} to {1}, as the grey levels of a picture do, and HU run "
                "from -1000 in air to above 1000 in bone; get the CT as the scanner made it",
                lowest,
                highest,
            )
        )
    if _looks_shifted(census):
        return Verdict(
            shift=-SHIFT_HU,
            note=sentence(
                "Its values seem to be HU with {0} added, as soft tissue lies near {0} and "
                "nothing where fat would; {0} was taken off. Check that this is right.",
                SHIFT_HU,
            ),
        )
    if lowest >= 0:
        return Verdict(
            note=sentence(
                "None of its values is below 0 HU, as air and fat are, so that they may be no HU. "
                "Check the result."
            )
        )
    low, high = TISSUE_HU
    if not low <= census.body_hu <= high:
        return Verdict(
            note=sentence(
                "Most of its values lie near {0} HU, and those of fat, muscle and blood between "
                "{1} and {2}, so that they may be no HU. Check the result.",
                census.body_hu,
                low,
                high,
            )
        )
    return Verdict()


def census_of_volume(voxels: NDArray[np.int16]) -> Census:
    """The census of a volume, z, y, x, which may be mapped from a file."""
    census = Census()
    for _, slab in slabs(voxels):
        for plane in slab:
            census += census_of(plane)
    return census


def shift_hu(voxels: NDArray[np.int16], shift: int) -> None:
    """Add ``shift`` to all HU of a volume, z, y, x, where it lies."""
    for _, slab in slabs(voxels):
        for plane in slab:
            plane[:] = to_hu(plane, shift)


def _looks_shifted(census: Census) -> bool:
    """Whether soft tissue lies where it comes to lie by the shift, and nothing where fat does."""
    low, high = TISSUE_HU
    shifted = census.share(SHIFT_HU + low, SHIFT_HU + high)
    return (
        census.share(*FAT_HU) < FAT_SHARE
        and shifted > SHIFTED_SHARE
        and shifted > census.share(high, SHIFT_HU + low)
    )


def _bin(hu: int) -> int:
    return (hu - LOWEST_HU) // BIN_HU
