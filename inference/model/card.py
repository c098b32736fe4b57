"""What a model's file says about itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from inference.model.bundled import FINDER_MODEL
from inference.values.geometry import Shape, Triple

SPACING_LIMITS_MM = (0.2, 10.0)
"""Voxel spacings that a model may ask for; anything else is a mistake in its metadata."""

PATCH_LIMIT = 512
"""Longest side of a patch in voxels; more cannot be run within the memory promise."""


TRUNK = "trunk"
"""The region of a model that has seen no real neck, skull, arm or leg."""

COMPARISON = "comparison"
"""The purpose of a model that was trained only to be compared with others."""


@dataclass(frozen=True)
class ModelCard:
    """The facts that the contract requires in the file's metadata.

    Attributes:
        spacing_mm: voxel spacing that the model was trained on, x, y, z.
        patch: voxels of one window, z, y, x.
        threshold: probability from which a voxel is spine.
        parameters: number of trained weights.
        sha256: hexadecimal digest of the file.
        finder: name of the bundled finder that looks for the spine before it.
        region: the part of the body it was trained for; ``TRUNK``, or empty for the whole body.
        purpose: ``COMPARISON``, or empty for finding spines.
    """

    name: str
    version: str
    spacing_mm: Triple
    patch: Shape
    threshold: float
    parameters: int
    trained_on: str
    licence: str
    opset: int
    sha256: str
    finder: str = FINDER_MODEL
    region: str = ""
    purpose: str = ""


FACTS = frozenset(ModelCard.__dataclass_fields__) - {
    "sha256",
    "finder",
    "region",
    "purpose",
}
"""The metadata that the contract requires, by name; the other three are optional."""


def read_card(facts: Mapping[str, str], sha256: str) -> ModelCard:
    """The card of a model file.

    Args:
        facts: the file's metadata, where lengths are in z, y, x order.
        sha256: hexadecimal digest of the file.

    Raises:
        ValueError: a fact is missing, unreadable or impossible; the message says which.
    """
    missing = sorted(FACTS - facts.keys())
    if missing:
        raise ValueError(f"its metadata lacks {', '.join(missing)}")
    try:
        depth_mm, height_mm, width_mm = (float(v) for v in facts["spacing_mm"].split())
        depth, height, width = (int(v) for v in facts["patch"].split())
        card = ModelCard(
            name=facts["name"],
            version=facts["version"],
            spacing_mm=(width_mm, height_mm, depth_mm),
            patch=(depth, height, width),
            threshold=float(facts["threshold"]),
            parameters=int(facts["parameters"]),
            trained_on=facts["trained_on"],
            licence=facts["licence"],
            opset=int(facts["opset"]),
            sha256=sha256,
            finder=facts.get("finder", FINDER_MODEL),
            region=facts.get("region", ""),
            purpose=facts.get("purpose", ""),
        )
    except ValueError as error:
        raise ValueError(f"its metadata cannot be read ({error})") from error
    problem = _implausible(card)
    if problem:
        raise ValueError(problem)
    return card


def _implausible(card: ModelCard) -> str | None:
    """Which fact is impossible; None if none is."""
    low, high = SPACING_LIMITS_MM
    if not all(low <= mm <= high for mm in card.spacing_mm):
        return f"its spacing must lie between {low} and {high} mm"
    if not all(1 <= voxels <= PATCH_LIMIT for voxels in card.patch):
        return f"its patch must have between 1 and {PATCH_LIMIT} voxels a side"
    if not 0.0 < card.threshold < 1.0:
        return "its threshold must lie between 0 and 1"
    if not card.licence.strip() or not card.trained_on.strip():
        return "it must say what it was trained on and what its licence allows"
    return None
