"""The JSON report beside the results: what was done, how, and how long it took.

It holds no names, numbers or dates of a patient, and no paths.
"""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from inference.mask.components import Components, DroppedPiece
from inference.model.card import ModelCard
from inference.pipeline import Segmentation
from inference.values.geometry import Geometry
from inference.values.messages import nameless
from inference.values.volume import Volume
from inference.version import version_text

REPORT_ENDING = "_report.json"
"""What the report's name ends with after the case's name."""

NOTICE = "For research use, not for diagnosis."


def build_report(
    volume: Volume, segmentation: Segmentation, seconds: Mapping[str, float], peak_bytes: int = 0
) -> dict[str, Any]:
    """The report as JSON values.

    Args:
        seconds: wall-clock seconds of the stages around the segmentation, such as reading and
            writing; those of the segmentation are added.
        peak_bytes: the most memory that the run held around the segmentation, such as in writing.
    """
    stages = {**seconds, **segmentation.seconds}
    return {
        "program": "SpineContext Desktop",
        "version": version_text(),
        "notice": NOTICE,
        "model": dataclasses.asdict(segmentation.model),
        "provider": segmentation.provider,
        "precision": segmentation.precision,
        "mode": segmentation.mode,
        "finder": {
            "confidence": segmentation.finder_confidence,
            "unsure": segmentation.unsure,
        },
        "geometry": geometry_facts(volume.geometry),
        "warnings": [nameless(sentence) for sentence in volume.warnings],
        "notes": [nameless(sentence) for sentence in segmentation.notes],
        "windows": {
            "run": segmentation.windows_run,
            "skipped": segmentation.windows_skipped,
        },
        "components": dataclasses.asdict(segmentation.components),
        "spine_volume_ml": round(segmentation.mask.volume_ml, 3),
        "seconds": {stage: round(value, 3) for stage, value in stages.items()},
        "peak_rss_bytes": max(peak_bytes, segmentation.peak_bytes),
    }


def segmentation_facts(report: Mapping[str, Any]) -> dict[str, Any]:
    """All of the ``Segmentation`` that a report of this version tells of, but its mask, by name."""
    card, components = report["model"], report["components"]
    noted = (
        DroppedPiece(**piece | {"centre_mm": tuple(piece["centre_mm"])})
        for piece in components["noted"]
    )
    return {
        "model": ModelCard(
            **card | {"spacing_mm": tuple(card["spacing_mm"]), "patch": tuple(card["patch"])}
        ),
        "provider": report["provider"],
        "precision": report["precision"],
        "mode": report["mode"],
        "finder_confidence": report["finder"]["confidence"],
        "unsure": report["finder"]["unsure"],
        "windows_run": report["windows"]["run"],
        "windows_skipped": report["windows"]["skipped"],
        "components": Components(**components | {"noted": tuple(noted)}),
        "seconds": report["seconds"],
        "peak_bytes": report["peak_rss_bytes"],
        "notes": tuple(report["notes"]),
    }


def geometry_facts(geometry: Geometry) -> dict[str, Any]:
    """A grid as JSON values, x, y, z, LPS millimetres; the direction row by row."""
    return {
        "size": list(geometry.size),
        "spacing_mm": list(geometry.spacing),
        "origin_mm": list(geometry.origin),
        "direction": list(geometry.direction),
    }


def report_text(report: Mapping[str, Any]) -> str:
    """The report as the text of its file, which UTF-8 can hold whatever the names in it."""
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")  # JSON's own escapes
