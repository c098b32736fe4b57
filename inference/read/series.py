"""A series as it is shown to the user, and which of several is the best to use."""

from collections.abc import Sequence
from dataclasses import dataclass

from inference.geometry import Triple

SAME_REACH_SHARE = 0.9
"""A series that reaches this share of the longest one's way counts as equally long."""


@dataclass(frozen=True)
class Series:
    """One stack of slices, or one image file, and whether it can be used.

    Attributes:
        uid: what ``--series`` takes: the DICOM SeriesInstanceUID, followed by ``#2``, ``#3``, …
            for further stacks of the same series; the file's name where it is not DICOM.
        description: the series description, empty if there is none; never anything of the patient.
        modality: as DICOM names it, such as "CT"; empty where the file does not say.
        slices: how many slices or files were found.
        size: voxels along x, y, z; 0 where unknown.
        spacing: millimetres along x, y, z; None where unknown.
        reach_mm: how far it reaches from the feet to the head; 0 where unknown.
        derived: computed from another series, such as a coronal reformat.
        problems: why it cannot be used, as plain sentences; empty if it can.
        warnings: what reading repairs or notices, as plain sentences.
    """

    uid: str
    description: str
    modality: str
    slices: int
    size: tuple[int, int, int]
    spacing: Triple | None
    reach_mm: float = 0.0
    derived: bool = False
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether it can be segmented."""
        return not self.problems

    @property
    def parent_uid(self) -> str:
        """The uid without the number of the stack."""
        return self.uid.partition("#")[0]


RECOMMENDATION_RULE = (
    "original slices before reformatted ones, then the longest way along the body, "
    "then the thinnest slices"
)
"""How ``recommend`` chooses, in words for the user."""


def recommend(series: Sequence[Series]) -> Series | None:
    """The best series to segment by ``RECOMMENDATION_RULE``; None if none is usable.

    The choice does not depend on the order of ``series``.
    """
    usable = [one for one in series if one.usable]
    usable = [one for one in usable if not one.derived] or usable
    longest = max((one.reach_mm for one in usable), default=0.0)
    long_enough = [one for one in usable if one.reach_mm >= SAME_REACH_SHARE * longest]
    return min(long_enough, key=_thinnest_first, default=None)


def _thinnest_first(series: Series) -> tuple[float, int, str]:
    thickness = series.spacing[2] if series.spacing else float("inf")
    return thickness, -series.slices, series.uid
