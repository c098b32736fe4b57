"""The report's page on the vertebrae: their names, the reasons, and a row of figures for each."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage, QPainter

from app.exports.report_pictures import Edges, ReportPicture
from app.slices.image import BONE, grey_table
from app.slices.labels import Writing
from app.slices.look import Overlay
from app.straightened.picture import (
    Sampled,
    mixed_colours,
    straightened_image,
    straightened_names,
)
from app.vertebrae.layer import layer_of
from app.vertebrae.wording import is_proposal, name_text, reason_text
from app.widgets.names import draw_name
from app.wording import number_text
from inference.mask.straightened import Plane, StraightenedView

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae
    from inference.mask.vertebra_table import VertebraFacts
    from inference.values.volume import Volume

PIXELS_PER_DOT, NAME_DOTS = 4, 9
"""Of a straightened picture, and the height of the names in it: half a thoracic body."""

UNKNOWN = "\N{EN DASH}"


@dataclass(frozen=True)
class VertebraPage:
    """The content of the page.

    Attributes:
        told: plain sentences: why the vertebrae have these names, and what to check.
        proposed: whether nobody has confirmed the names.
        rows: a name and figures for each vertebra, from the head.
        pictures: of the straightened spine; none if it has no centre line.
    """

    told: tuple[str, ...]
    proposed: bool
    rows: tuple[tuple[str, ...], ...]
    pictures: tuple[ReportPicture, ...] = ()

    @classmethod
    def of(cls, vertebrae: "CaseVertebrae", volume: "Volume") -> "VertebraPage":
        """The page of these vertebrae of a CT."""
        rows = tuple(
            (name_text(vertebrae, place), *_figures(facts))
            for place, facts in enumerate(vertebrae.table, start=1)
        )
        told = tuple(reason_text(vertebrae).splitlines())
        return cls(told, is_proposal(vertebrae), rows, _pictures(vertebrae, volume))

    def html(self) -> str:
        """The page below its heading."""
        translate = QCoreApplication.translate
        title = translate("report_vertebrae", "Vertebrae")
        told = "".join(f"<p>{escape(one)}</p>" for one in self.told)
        heads = "".join(f'<td align="right"><b>{escape(head)}</b></td>' for head in _heads()[1:])
        first = f"<td><b>{escape(_heads()[0])}</b></td>"
        rows = "".join(self._row(*row) for row in self.rows)
        note = translate(
            "report_vertebrae",
            "Heights are of the body in the midline, HU of its inner part. A vertebra that the "
            "scan cuts is marked with an asterisk. Confidence is that of the borders to its "
            "neighbours.",
        )
        return (
            f'<p class="above">{escape(title)}</p>{told}'
            f'<table width="100%"><tr>{first}{heads}</tr>{rows}</table><p>{escape(note)}</p>'
        )

    def _row(self, name: str, *figures: str) -> str:
        shown = f"<i>{escape(name)}</i>" if self.proposed else escape(name)
        cells = "".join(f'<td align="right">{escape(figure)}</td>' for figure in figures)
        return f"<tr><td>{shown}</td>{cells}</tr>"


def _pictures(vertebrae: "CaseVertebrae", volume: "Volume") -> tuple[ReportPicture, ...]:
    """The straightened spine from the side and from the front, with names."""
    line = vertebrae.found.line
    if line is None:
        return ()
    translate = QCoreApplication.translate
    layer, table = layer_of(vertebrae), grey_table(BONE)
    pictures = []
    planes: tuple[tuple[Plane, str, Edges], ...] = (
        ("sagittal", translate("report_vertebrae", "Straightened, sagittal"), ("A", "P", "", "")),
        ("coronal", translate("report_vertebrae", "Straightened, coronal"), ("R", "L", "", "")),
    )
    for plane, title, edges in planes:
        view = StraightenedView(line, plane)
        sampled = Sampled.along(view, volume, layer)
        overlay = Overlay()
        mixed = mixed_colours(overlay.opacity, layer)
        image = straightened_image(sampled, table, mixed, overlay)
        names = straightened_names(view, sampled, volume, layer)
        rows, columns = view.shape
        pictures.append(
            ReportPicture(title, _named(image, names), (float(columns), float(rows)), edges)
        )
    return tuple(pictures)


def _named(dots: QImage, names: Iterable[Writing]) -> QImage:
    """The picture enlarged, with the names in it."""
    smooth = Qt.TransformationMode.SmoothTransformation
    keep = Qt.AspectRatioMode.KeepAspectRatio
    large = dots.scaled(dots.size() * PIXELS_PER_DOT, keep, smooth)
    painter = QPainter(large)
    font = painter.font()
    font.setPixelSize(NAME_DOTS * PIXELS_PER_DOT)
    painter.setFont(font)
    for name in names:
        draw_name(painter, name.at * PIXELS_PER_DOT, name.text, italic=name.unsure)
    painter.end()
    return large


def _heads() -> tuple[str, ...]:
    translate = QCoreApplication.translate
    return (
        translate("report_vertebrae", "Vertebra"),
        translate("report_vertebrae", "Volume (mL)"),
        translate("report_vertebrae", "Height in front (mm)"),
        translate("report_vertebrae", "Middle (mm)"),
        translate("report_vertebrae", "Behind (mm)"),
        translate("report_vertebrae", "Mean (HU)"),
        translate("report_vertebrae", "Confidence"),
    )


def _figures(facts: "VertebraFacts") -> tuple[str, ...]:
    cut = "*" if facts.cut else ""
    heights = (facts.height_front_mm, facts.height_middle_mm, facts.height_back_mm)
    return (
        f"{number_text(facts.volume_ml, 1)}{cut}",
        *(UNKNOWN if mm is None else number_text(mm, 1) for mm in heights),
        UNKNOWN if facts.mean_hu is None else number_text(facts.mean_hu),
        f"{round(100 * facts.confidence)} %",
    )
