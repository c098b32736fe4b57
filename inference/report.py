"""The JSON report beside the results: what was done, how, and how long it took.

It holds no names, numbers or dates of a patient, and no paths.
"""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from inference.mask.components import Components, DroppedPiece
from inference.mask.figures import MaskFigures
from inference.model.card import ModelCard
from inference.pipeline import Segmentation
from inference.values.geometry import Geometry
from inference.values.messages import nameless, sentence
from inference.values.table import Cell, Table, decimals
from inference.values.volume import Volume
from inference.version import version_text

REPORT_ENDING = "_report.json"
"""The ending of the report's file name after the case's name."""

NOTICE = "For research use, not for diagnosis."


def build_report(
    volume: Volume,
    segmentation: Segmentation,
    seconds: Mapping[str, float],
    peak_bytes: int = 0,
) -> dict[str, Any]:
    """The report as JSON values.

    Args:
        seconds: wall-clock seconds of the stages around the segmentation, such as reading and
            writing; the segmentation's own are added.
        peak_bytes: the most memory that the run held around the segmentation, such as in writing.
    """
    stages = {**seconds, **segmentation.seconds}
    figures = segmentation.figures
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
        "spine_volume_ml": round(figures.volume_ml, 3),
        "spine_length_mm": figures.length_mm,
        "spine_extent_mm": [round(side, 3) for side in figures.extent_mm],
        "spine_mean_hu": decimals(figures.mean_hu, 2),
        "spine_deviation_hu": decimals(figures.deviation_hu, 2),
        "seconds": {stage: round(value, 3) for stage, value in stages.items()},
        "peak_rss_bytes": max(peak_bytes, segmentation.peak_bytes),
    }


def segmentation_facts(report: Mapping[str, Any]) -> dict[str, Any]:
    """All of a ``Segmentation`` but its mask and figures, from a report of this version."""
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


def figures_table(
    figures: MaskFigures, corrected: bool | None, segmentation: Segmentation | None
) -> Table:
    """The measurements of a mask in one row, with nothing about the patient.

    Args:
        corrected: as in ``Mask``.
        segmentation: how the mask came about; None if no run of ours made it.
    """
    left, back, head = (decimals(side, 1) for side in figures.extent_mm)
    cells: dict[str, Cell] = {
        sentence("Volume (mL)"): decimals(figures.volume_ml, 1),
        sentence("Length (mm)"): decimals(figures.length_mm, 0),
        sentence("Extent left to right (mm)"): left,
        sentence("Extent front to back (mm)"): back,
        sentence("Extent head to foot (mm)"): head,
        sentence("Mean (HU)"): decimals(figures.mean_hu, 1),
        sentence("Standard deviation (HU)"): decimals(figures.deviation_hu, 1),
        sentence("Corrected by hand"): _known(corrected),
    }
    if segmentation is not None:
        sure = segmentation.finder_confidence
        cells |= {
            sentence("Time (s)"): decimals(sum(segmentation.seconds.values()), 1),
            sentence("Model"): f"{segmentation.model.name} {segmentation.model.version}",
            sentence("Localisation confidence (%)"): decimals(sure and 100 * sure, 0),
        }
    return Table(tuple(cells), (tuple(cells.values()),))


def _known(what: bool | None) -> str:
    if what is None:
        return sentence("unknown")
    return sentence("yes") if what else sentence("no")


def geometry_facts(geometry: Geometry) -> dict[str, Any]:
    """A grid as JSON values, x, y, z, LPS millimetres; the direction row by row."""
    return {
        "size": list(geometry.size),
        "spacing_mm": list(geometry.spacing),
        "origin_mm": list(geometry.origin),
        "direction": list(geometry.direction),
    }


def report_text(report: Mapping[str, Any]) -> str:
    """The report as text that can always be encoded in UTF-8, whatever names it contains."""
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")  # JSON's own escapes
