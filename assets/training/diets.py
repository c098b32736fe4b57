"""What a leg of training feeds on: where its patches lie, whose labels count, what weighs more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assets.training.loss import GAP_WEIGHT
from assets.training.patches import PatchSettings

DietName = Literal["broad", "outlines"]


@dataclass(frozen=True)
class Diet:
    """What a leg learns from.

    Attributes:
        patches: how they are drawn; their shape is set by the run.
        reader_factor: how much more often than usual readers' larger cases are used.
        gap_weight: how much more a voxel between two pieces of spine counts in the loss.
    """

    patches: PatchSettings
    reader_factor: float
    gap_weight: float


DIETS: Mapping[DietName, Diet] = {
    "broad": Diet(PatchSettings(), 1.0, GAP_WEIGHT),
    "outlines": Diet(
        PatchSettings(
            spine_share=0.62,
            near_bone_share=0.1,
            sacrum_share=0.18,
            bone_share=0.06,
            synthetic_share=0.1,
        ),
        reader_factor=3.0,
        gap_weight=1.0,
    ),
}
"""``broad`` makes a network for any part of the body, in thousands of steps. ``outlines`` is for
short legs, in which a network has hardly learned what a vertebra looks like: thin discs and what is
far from the spine can wait. The first vertebra of the sacrum cannot: it looks like one of the
spine, and few scans show it."""
