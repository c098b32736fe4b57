"""The values of a CT, and whether they can be HU."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from inference.read.voxels.hounsfield import HIGHEST_HU, LOWEST_HU, VOID_HU, with_air
from inference.values.messages import Sentence, sentence
from inference.values.volume import AIR_HU

CONTRAST_HU = 200
"""Air and soft tissue differ by more than this, unlike the values of a label map or an empty
image."""

GREY_LEVELS = 255
"""The brightest level of a picture with one byte per pixel."""

TISSUE_HU = (-200, 200)
"""From fat to blood and brain: most of any body."""

DARKEST_BODY_HU = -500
"""A voxel of half air and half tissue: everything above is the body, without its lungs."""

FAT_HU = (-200, -24)
"""Fat, and soft tissue that shares its voxel with air. Nothing has such HU if all are shifted."""

FAT_SHARE = 0.001
"""A smaller share of a volume counts as no fat: among seventeen real CTs the lowest was 0.058."""

SHIFT_HU = 1024
"""What scanners add to HU so that stored numbers are positive; it remains if a converter forgets
the intercept."""

SHIFTED_SHARE = 0.05
"""Shifted soft tissue fills a larger share of a volume than this; cortical bone, which really has
such HU, filled at most 0.014, in a box around a lumbar spine."""

BIN_HU = 8
LOWEST_BIN_HU, HIGHEST_BIN_HU = -4096, 3072
"""The range of HU that is counted in bins; lower values, padding, count in the first bin, and
higher ones, metal, in the last."""

BINS = (HIGHEST_BIN_HU - LOWEST_BIN_HU) // BIN_HU

PEAK_BINS = 5
"""This many bins together make a peak, because noise spreads a tissue that far."""

AIR_TOLERANCE_HU = 150
"""Something further than this from -1000 HU is not air: in all of seventeen real CTs that show air,
it lies between -1024 and -985, and lungs, which may be the darkest region, still have voxels below
-850. Soft tissue at 50 HU shifted this far is at the limit of the range of tissue."""

PLATEAU_HU = 100
"""Air lies this close to the darkest values, because noise spreads it that far."""

AIR_SHARE = 0.01
"""A smaller share of a volume is not taken as its air."""

FEW = 0.0005
"""A share of the voxels that counts as none."""

LONE_HU = 96
"""A level this far below the next one is padding, which has a single value; air has many, and
shares voxels with skin."""

LEAST_APART_HU = 380
"""Anything up to this far above air is lung. Air and fat are 900 HU apart, or half of that if the
slope is halved."""

BONE_APART_HU = 850
"""Anything up to this far above fat or muscle may be bone."""

VALLEY_SHARE = 0.5
"""Somewhere between air and tissue, HU must be rarer than this share of the peak of air or lungs;
otherwise the dark values are just the flank of the bright ones."""

TISSUE_AROUND_HU = 100
"""From a peak of soft tissue to fat, or to organs with contrast medium."""

TISSUE_SHARE = 0.05
"""The range around the tissue's peak fills a larger share of a volume than this; in a box without
air, bone fills at most 0.03."""

APART_HU = (600, 1300)
"""The possible distance between air and the commonest tissue: 888 HU to fat and 1056 HU to muscle
in seventeen real CTs. Half and twice of that lie outside."""

BRIGHT_HU = 1000
"""Most cortical bone is darker: values that end above this lack only dense bone and metal."""

CUT_SHARE = FEW
"""If a larger share of a volume has exactly the highest value, brighter ones were cut off: among
seventeen real CTs the highest share was 0.0004."""

CUT_VOXELS = 16
"""Fewer voxels with the highest value may have it by chance."""

BELOW_CUT_HU = 64
"""Values that were cut off pile up: they are commoner than all those up to this far below."""

LEVEL_SHARE = 0.2
"""If a larger share of a volume lies in one bin above air, twice as much as in those beside it,
something was replaced by that value: among seventeen real CTs the highest share was 0.08, and noise
spreads every tissue over several bins."""

JUMP_HU = 500
"""Neighbours that differ by more than this lie on either side of a surface."""

JUMPING_SHARE = 0.4
"""If a larger share of neighbours differs that much, the values are noise, for example due to a
wrong byte order: among seventeen real CTs the highest share was 0.06."""

UNIFORM_SHARE = 0.6
"""If a larger share of the neighbours in a body are equal, they are labels: at most 0.32 were in
eighteen real CTs, some of them rounded to 8 HU, and at least 0.97 in fourteen label maps."""

FEW_LEVELS = 4
"""A phantom drawn by a program has so few values, such as those of air, fat, muscle and bone; a map
that tells more structures apart has more."""

UNLIKE_SHARE = 0.25
"""If a larger share of the slices is unlike the slices beside them, every third or second one is
damaged or mirrored."""


@dataclass(frozen=True, eq=False)
class Census:
    """Statistics of the HU of a volume or of a part of one.

    Attributes:
        lowest, highest: lowest and highest HU of all voxels except voids.
        histogram: the number of voxels, except voids, in each bin of HU.
        padding: the number of voxels that are voids or lower than air can be.
        not_numbers: the number of voxels that are NaN or infinite.
        pairs: the number of neighbours along x.
        jumps: how many of the pairs are far apart.
        body_pairs: the number of neighbours along x with fat or more on both sides, and not the
            darkest value.
        equal_pairs: how many of these are equal.
        at_highest: the number of voxels with exactly the highest HU.
        empty_inside, empty_at_ends: the number of planes with a single value throughout, between
            others or before and after all of them.
        repeated: the number of planes that equal the one before.
        planes: the number of planes.
        unlike: the number of planes that differ from both beside them, which are alike.
        mirrored: the number of planes that resemble the mirror image of the one before.
        torn: the number of planes a large part of which is blank, unlike in the one before, or the
            other way round.
    """

    lowest: int = HIGHEST_HU
    highest: int = VOID_HU
    histogram: NDArray[np.int64] = field(default_factory=lambda: np.zeros(BINS, np.int64))
    padding: int = 0
    not_numbers: int = 0
    pairs: int = 0
    jumps: int = 0
    body_pairs: int = 0
    equal_pairs: int = 0
    at_highest: int = 0
    empty_inside: int = 0
    empty_at_ends: int = 0
    repeated: int = 0
    planes: int = 0
    unlike: int = 0
    mirrored: int = 0
    torn: int = 0

    def __add__(self, other: "Census") -> "Census":
        """The census of both parts; planes at their ends are counted as in each."""
        lowest, highest = min(self.lowest, other.lowest), max(self.highest, other.highest)
        return Census(
            lowest,
            highest,
            self.histogram + other.histogram,
            self.padding + other.padding,
            self.not_numbers + other.not_numbers,
            self.pairs + other.pairs,
            self.jumps + other.jumps,
            self.body_pairs + other.body_pairs,
            self.equal_pairs + other.equal_pairs,
            sum(one.at_highest for one in (self, other) if one.highest == highest),
            self.empty_inside + other.empty_inside,
            self.empty_at_ends + other.empty_at_ends,
            self.repeated + other.repeated,
            self.planes + other.planes,
            self.unlike + other.unlike,
            self.mirrored + other.mirrored,
            self.torn + other.torn,
        )

    def share(self, low: int, high: int) -> float:
        """The share of voxels with HU from ``low`` up to, but not including, ``high``."""
        return float(self.histogram[_bin(low) : _bin(high)].sum() / self.histogram.sum())

    @property
    def is_uniform(self) -> bool:
        """Whether most voxels of the body equal their neighbours, as labels do."""
        return self.equal_pairs > UNIFORM_SHARE * self.body_pairs

    @property
    def levels(self) -> int:
        """How many bins of HU are in use."""
        return int(np.count_nonzero(self.histogram))

    @property
    def is_cut(self) -> bool:
        """Whether values above the highest one were cut off, so that bone is flat."""
        near = self.histogram[_bin(self.highest - BELOW_CUT_HU) : _bin(self.highest) + 1].sum()
        return bool(
            self.highest < BRIGHT_HU
            and self.at_highest > max(CUT_VOXELS, CUT_SHARE * self.histogram.sum())
            and self.at_highest > near / 2
        )

    @property
    def level(self) -> int | None:
        """The lowest HU of a bin above air that holds what was replaced; None if nothing was."""
        above = _bin(AIR_HU + AIR_TOLERANCE_HU)
        level = above + int(self.histogram[above:-1].argmax())
        beside = self.histogram[level - 1] + self.histogram[level + 1]
        if self.histogram[level] <= max(LEVEL_SHARE * self.histogram.sum(), 2 * beside):
            return None
        return LOWEST_BIN_HU + level * BIN_HU

    @property
    def body_hu(self) -> int:
        """The commonest HU of the body."""
        body = self.histogram[_bin(DARKEST_BODY_HU) :]
        peaks = np.convolve(body, np.ones(PEAK_BINS, np.int64), "same")
        return DARKEST_BODY_HU + int(peaks.argmax()) * BIN_HU

    @property
    def air(self) -> "Air | None":
        """Where its air lies; None if there seems to be none."""
        counts, total = self.histogram.copy(), int(self.histogram.sum())
        darkest = _first_above(counts, FEW * total)
        while darkest < _bin(AIR_HU + AIR_TOLERANCE_HU) and _is_lone(counts, darkest, FEW * total):
            counts[: darkest + 1] = 0
            darkest = _first_above(counts, FEW * total)
        peaks = np.convolve(counts, np.ones(PEAK_BINS, np.int64), "same")
        air = darkest + int(peaks[darkest : darkest + PLATEAU_HU // BIN_HU + 1].argmax())
        from_here = air + LEAST_APART_HU // BIN_HU
        if from_here + PEAK_BINS >= BINS:
            return None
        tissue = from_here + int(peaks[from_here:].argmax())
        valley = air + int(peaks[air : tissue + 1].argmin())
        around = TISSUE_AROUND_HU // BIN_HU
        least_apart = LEAST_APART_HU if _hu_of(air) < TISSUE_HU[0] else BONE_APART_HU
        # The flank of a darker peak, such as bone above muscle in a box without air, is not a peak.
        if (
            tissue < from_here + PEAK_BINS
            or (tissue - air) * BIN_HU < least_apart
            or peaks[valley] > VALLEY_SHARE * peaks[air : valley + 1].max()
            or counts[tissue - around : tissue + around + 1].sum() < TISSUE_SHARE * total
            or counts[darkest : air + PEAK_BINS].sum() < AIR_SHARE * total
        ):
            return None
        return Air(_hu_of(darkest), _hu_of(air), _hu_of(tissue))


@dataclass(frozen=True)
class Air:
    """Where air lies, judged only by its place among the values, whatever they mean.

    Attributes:
        darkest: hardly any voxel is below this value.
        usual: the commonest value of the air.
        tissue: the commonest value of the tissue.
    """

    darkest: int
    usual: int
    tissue: int


@dataclass(frozen=True)
class Verdict:
    """Whether values can be HU.

    Attributes:
        refusal: why they cannot be; None if they can.
        shift: what must be added to turn them into HU.
        notes: what seems wrong, and what became air.
    """

    refusal: Sentence | None = None
    shift: int = 0
    notes: tuple[Sentence, ...] = ()


def census_of(hu: NDArray[np.int16], not_numbers: int = 0) -> Census:
    """The census of HU, z, y, x or y, x, with voids still marked.

    Args:
        not_numbers: how many of the voids are NaN or infinite.
    """
    rows = with_air(hu[..., ::4, :])
    steps = np.abs(np.diff(rows.astype(np.int32), axis=-1))
    darker = np.minimum(rows[..., 1:], rows[..., :-1])
    # What is darkest may have been cut off there, and then it is uniform in a CT too.
    in_body = (darker >= TISSUE_HU[0]) & (darker > rows.min(initial=HIGHEST_HU))
    values = hu[hu != VOID_HU]
    inside = np.clip(values, LOWEST_BIN_HU, HIGHEST_BIN_HU - 1).astype(np.int32)
    return Census(
        lowest=int(values.min(initial=HIGHEST_HU)),
        highest=int(values.max(initial=VOID_HU)),
        histogram=np.bincount((inside - LOWEST_BIN_HU) // BIN_HU, minlength=BINS),
        padding=int(np.count_nonzero(hu < AIR_HU - AIR_TOLERANCE_HU)) - not_numbers,
        not_numbers=not_numbers,
        pairs=steps.size,
        jumps=int(np.count_nonzero(steps > JUMP_HU)),
        body_pairs=int(np.count_nonzero(in_body)),
        equal_pairs=int(np.count_nonzero(in_body & (steps == 0))),
        at_highest=int(np.count_nonzero(values == values.max(initial=VOID_HU))),
    )


def judged(census: Census) -> Verdict:
    """Whether values with such a census can be HU.

    Refusals and notes speak of "its values", because they are about a series.
    """
    if (refusal := plain_problem(census) or _refusal(census)) is not None:
        return Verdict(refusal)
    if _looks_shifted(census):
        note = sentence(
            "Its values seem to be HU plus {0}, because soft tissue lies near {0} and nothing "
            "lies where fat would; {0} was subtracted. Check that this is right.",
            SHIFT_HU,
        )
        return Verdict(shift=-SHIFT_HU, notes=(note,))
    if (suspicion := _suspicion(census)) is not None:
        return Verdict(notes=(*_number_notes(census), suspicion, *_cut_notes(census)))
    return Verdict(notes=(*void_notes(census), *_cut_notes(census)))


def void_notes(census: Census) -> tuple[Sentence, ...]:
    """Notes on values that became air because they had no meaning."""
    if not census.padding:
        return _number_notes(census)
    note = sentence(
        "{0} voxels are padding outside the scanned area; they were taken as air.",
        census.padding,
    )
    return (*_number_notes(census), note)


def _number_notes(census: Census) -> tuple[Sentence, ...]:
    if not census.not_numbers:
        return ()
    return (sentence("{0} voxels are not numbers; they were taken as air.", census.not_numbers),)


def plain_problem(census: Census) -> Sentence | None:
    """Why voxels with such a census are no CT, whatever is added to their values."""
    lowest, highest = census.lowest, census.highest
    if not census.histogram.any():
        lowest = highest = AIR_HU
    if highest - lowest < CONTRAST_HU:
        return sentence(
            "its values are not those of a CT, because they range only from {0} to {1} HU; "
            "choose the CT itself",
            lowest,
            highest,
        )
    if census.empty_inside:
        return sentence(
            "{0} slices in the middle have a single value throughout, as if they were missing; "
            "fetch the whole series again",
            census.empty_inside,
        )
    if census.unlike > UNLIKE_SHARE * census.planes:
        return sentence(
            "{0} of its {1} slices are unlike the slices on both sides of them, as if they were "
            "damaged, mirrored or of another scan; export the series again",
            census.unlike,
            census.planes,
        )
    return None


def plane_notes(census: Census) -> tuple[Sentence, ...]:
    """Notes on planes that say nothing of their own, or something else than those beside them."""
    notes = []
    if census.unlike:
        notes.append(
            sentence(
                "{0} slices are unlike the slices on both sides of them, as if they were damaged, "
                "mirrored or of another scan. Look through the images.",
                census.unlike,
            )
        )
    if census.torn:
        notes.append(
            sentence(
                "Beside {0} slices, a large part of the picture begins or ceases to be blank, as "
                "if it had been lost. Look through the images.",
                census.torn,
            )
        )
    if census.mirrored:
        notes.append(
            sentence(
                "{0} slices resemble the mirror image of the one before. Look through the images, "
                "and check left and right.",
                census.mirrored,
            )
        )
    if census.empty_at_ends:
        notes.append(
            sentence(
                "{0} slices at its ends have a single value throughout. Check that no part of the "
                "patient is missing.",
                census.empty_at_ends,
            )
        )
    if census.repeated:
        notes.append(
            sentence(
                "{0} slices equal the one before. Check that none is missing and that distances "
                "are right.",
                census.repeated,
            )
        )
    return tuple(notes)


def _cut_notes(census: Census) -> tuple[Sentence, ...]:
    """Notes on values that were cut off or replaced."""
    if census.is_uniform and not 2 < census.levels <= FEW_LEVELS:
        return (
            sentence(
                "Most of its voxels equal their neighbours, like those of a mask or a map of "
                "structures. Check that this is the CT."
            ),
        )
    notes = []
    total = int(census.histogram.sum())
    if census.is_cut:
        notes.append(
            sentence(
                "Its values end at {0} HU, where {1:.1f} % of them lie: brighter bone was cut off. "
                "Check the result, or get the original CT from the scanner.",
                census.highest,
                100 * census.at_highest / total,
            )
        )
    if (level := census.level) is not None:
        notes.append(
            sentence(
                "{0:.0f} % of its values lie near {1} HU, as if air or other parts had been "
                "replaced. Check the result, or get the original CT from the scanner.",
                100 * census.share(level, level + BIN_HU),
                level,
            )
        )
    return tuple(notes)


def _refusal(census: Census) -> Sentence | None:
    """Why values with such a census cannot be HU."""
    lowest, highest = census.lowest, census.highest
    if census.jumps > JUMPING_SHARE * census.pairs:
        return sentence(
            "its values jump from voxel to voxel as in no CT; its header probably names the "
            "wrong number type or byte order"
        )
    if lowest >= 0 and census.is_uniform and census.levels > FEW_LEVELS:
        return sentence(
            "most of its voxels equal their neighbours, like those of a mask or a map of "
            "structures; choose the CT itself"
        )
    if lowest >= 0 and highest <= GREY_LEVELS:
        return sentence(
            "its values range from {0} to {1} like the grey levels of a picture, but HU range "
            "from -1000 in air to above 1000 in bone; get the original CT from the scanner",
            lowest,
            highest,
        )
    return None


def _suspicion(census: Census) -> Sentence | None:
    """Why values with such a census may not be HU."""
    air = census.air
    if air is not None and not APART_HU[0] <= air.tissue - air.usual <= APART_HU[1]:
        return sentence(
            "Air and most of the body lie {0} HU apart instead of about {1}, so its values may "
            "be HU times a factor. Check the result.",
            air.tissue - air.usual,
            -AIR_HU,
        )
    if air is not None and (
        air.darkest > AIR_HU + AIR_TOLERANCE_HU or air.usual < AIR_HU - AIR_TOLERANCE_HU
    ):
        return sentence(
            "Air seems to lie near {0} HU instead of {1}, so its values may not be HU. Check the "
            "result; on the command line, --hu-offset {2} would shift them back.",
            air.usual,
            AIR_HU,
            AIR_HU - air.usual,
        )
    if census.lowest >= 0:
        return sentence(
            "None of its values is below 0 HU, as air and fat would be, so they may not be HU. "
            "Check the result."
        )
    low, high = TISSUE_HU
    if not low <= census.body_hu <= high:
        return sentence(
            "Most of its values lie near {0} HU, but fat, muscle and blood lie between {1} and "
            "{2}, so they may not be HU. Check the result.",
            census.body_hu,
            low,
            high,
        )
    return None


def _looks_shifted(census: Census) -> bool:
    """Whether soft tissue and air lie where the shift puts them, and nothing where fat lies."""
    low, high = TISSUE_HU
    shifted = census.share(SHIFT_HU + low, SHIFT_HU + high)
    return (
        census.share(*FAT_HU) < FAT_SHARE
        and census.share(LOWEST_HU, SHIFT_HU + AIR_HU - AIR_TOLERANCE_HU) <= FEW
        and shifted > SHIFTED_SHARE
        and shifted > census.share(high, SHIFT_HU + low)
        # Inverted values have air where shifted ones have hardly any bone.
        and census.share(SHIFT_HU - AIR_HU - AIR_TOLERANCE_HU, HIGHEST_BIN_HU) <= SHIFTED_SHARE
    )


def _first_above(counts: NDArray[np.int64], few: float) -> int:
    """The first bin up to which there are more than ``few`` voxels."""
    return int(np.searchsorted(counts.cumsum(), few, "right"))


def _is_lone(counts: NDArray[np.int64], level: int, few: float) -> bool:
    """Whether hardly any voxel lies slightly above a bin."""
    return bool(counts[level + 1 : level + 1 + LONE_HU // BIN_HU].sum() <= few)


def _bin(hu: int) -> int:
    return (hu - LOWEST_BIN_HU) // BIN_HU


def _hu_of(bin_: int) -> int:
    return LOWEST_BIN_HU + bin_ * BIN_HU + BIN_HU // 2
