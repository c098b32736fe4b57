"""The report on one page of A4: the views, the figures, and what they are not for."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QBuffer, QCoreApplication, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument

from app.exports.picture import notice
from app.translation import translated
from app.wording import duration_text, number_text, sides_text
from inference.values.geometry import Geometry, Triple
from inference.values.messages import nameless
from inference.version import version_text

if TYPE_CHECKING:
    from inference.mask.figures import MaskFigures
    from inference.pipeline import Segmentation
    from inference.values.mask import Mask
    from inference.values.volume import Volume

DPI = 300
MARGIN_MM = 18.0
POINTS_PER_INCH = 72.0
GAP_PT = 12.0
BODY_PT = 10
MOST_MEASUREMENTS = 12
"""Rows of the table: with more, the picture would be smaller than a third of the page."""

STYLE = """
h1 { font-size: 16px; margin: 0 }
p { margin: 3px 0 }
td { padding: 2px 14px 2px 0 }
table { margin: 6px 0 0 0 }
"""


@dataclass(frozen=True)
class RunFacts:
    """What the report says of the run.

    Attributes:
        model: name and version.
        sha256: of the model file.
        seconds: of the run.
        finder_confidence: 0 to 1; None if the whole CT was looked at from the start.
    """

    model: str
    sha256: str
    seconds: float
    finder_confidence: float | None
    unsure: bool

    @classmethod
    def of(cls, result: "Segmentation") -> "RunFacts":
        """The facts of a run with this result."""
        return cls(
            model=f"{result.model.name} {result.model.version}",
            sha256=result.model.sha256,
            seconds=sum(result.seconds.values()),
            finder_confidence=result.finder_confidence,
            unsure=result.unsure,
        )


@dataclass(frozen=True)
class ReportFacts:
    """What the report says; nothing of the patient but the name that is typed for an export.

    Attributes:
        extent_mm: left to right, front to back, head to foot.
        run: None where the mask was opened from a file.
        corrected: whether a person changed what the model found.
        warnings: plain sentences about the CT and the run.
        measurements: names and figures of what a person measured.
    """

    geometry: Geometry
    volume_ml: float
    extent_mm: Triple
    run: RunFacts | None
    corrected: bool
    warnings: tuple[str, ...]
    measurements: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        volume: "Volume",
        result: "Segmentation | None",
        mask: "Mask",
        figures: "MaskFigures",
        measurements: tuple[tuple[str, str], ...] = (),
    ) -> "ReportFacts":
        """The facts of a case whose mask, corrected or not, has these figures.

        Args:
            result: None where the mask was opened from a file.
        """
        notes = (*volume.warnings, *(result.notes if result else ()))
        return cls(
            geometry=volume.geometry,
            volume_ml=figures.volume_ml,
            extent_mm=figures.extent_mm,
            run=RunFacts.of(result) if result else None,
            corrected=mask.corrected,
            warnings=tuple(translated(nameless(told)) for told in notes),
            measurements=measurements,
        )


def program_text() -> str:
    """What wrote the report."""
    return f"SpineContext Desktop {version_text()}"


def write_report_pdf(
    file: BinaryIO, facts: ReportFacts, picture: QImage, caption: str = ""
) -> None:
    """Write the page.

    Args:
        caption: what the user calls the case, below the heading.

    Raises:
        OSError: it cannot be written.
    """
    page_in_memory = QBuffer()
    page_in_memory.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(page_in_memory)
    writer.setResolution(DPI)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    writer.setTitle(QCoreApplication.translate("report_pdf", "Spine segmentation of a CT"))
    writer.setCreator(program_text())
    painter = QPainter()
    painter.begin(writer)
    scale = DPI / POINTS_PER_INCH
    painter.scale(scale, scale)
    page = QSizeF(writer.width() / scale, writer.height() / scale)
    _draw_page(painter, page, facts, picture, caption)
    painter.end()
    file.write(page_in_memory.data().data())


def _draw_page(
    painter: QPainter, page: QSizeF, facts: ReportFacts, picture: QImage, caption: str
) -> None:
    """Heading above, figures below, and between them the picture as large as there is room."""
    title = QCoreApplication.translate("report_pdf", "Spine segmentation of a CT")
    named = f"<p><b>{escape(caption)}</b></p>" if caption else ""
    heading = _document(f"<h1>{escape(title)}</h1>{named}<p>{escape(notice())}.</p>", page)
    figures = _document(_list(_warnings(facts)) + _table(facts), page)
    heading.drawContents(painter)
    top = heading.size().height() + GAP_PT
    room = QSizeF(page.width(), page.height() - top - figures.size().height() - GAP_PT)
    size = QSizeF(picture.size()).scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    left = (page.width() - size.width()) / 2
    painter.drawImage(QRectF(left, top, size.width(), size.height()), picture)
    painter.translate(0, top + size.height() + GAP_PT)
    figures.drawContents(painter)


def _document(html: str, page: QSizeF) -> QTextDocument:
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(STYLE)
    font = document.defaultFont()
    font.setPixelSize(BODY_PT)  # a pixel is a point here, as the painter is scaled
    document.setDefaultFont(font)
    document.setHtml(html)
    document.setTextWidth(page.width())
    return document


def _rows(facts: ReportFacts) -> list[tuple[str, str]]:
    """Names and values of the table."""
    translate = QCoreApplication.translate
    size = sides_text(facts.geometry.size)
    spacing = sides_text(facts.geometry.spacing, 2)
    return [
        (
            translate("report_pdf", "Volume of the spine"),
            translate("report_pdf", "{0} mL").format(number_text(facts.volume_ml, 1)),
        ),
        (
            translate("report_pdf", "Extent: left to right × front to back × head to foot"),
            translate("report_pdf", "{0} mm").format(sides_text(facts.extent_mm)),
        ),
        *_corrections(facts),
        (
            translate("report_pdf", "CT"),
            translate("report_pdf", "{0} voxels of {1} mm").format(size, spacing),
        ),
        (translate("report_pdf", "Program"), program_text()),
        *_run_rows(facts.run),
        *_measurements(facts),
    ]


def _corrections(facts: ReportFacts) -> list[tuple[str, str]]:
    """Whether a person changed what was found; of a mask from a file nobody knows."""
    translate = QCoreApplication.translate
    if facts.run is None:
        return []
    made = translate("report_pdf", "yes") if facts.corrected else translate("report_pdf", "none")
    return [(translate("report_pdf", "Manual corrections"), made)]


def _run_rows(run: RunFacts | None) -> list[tuple[str, str]]:
    """What the mask came from."""
    translate = QCoreApplication.translate
    if run is None:
        return [(translate("report_pdf", "Mask"), translate("report_pdf", "opened from a file"))]
    sure = run.finder_confidence
    return [
        (
            translate("report_pdf", "Localisation confidence"),
            translate("report_pdf", "none: the whole CT was searched")
            if sure is None
            else translate("report_pdf", "{0} %").format(round(100 * sure)),
        ),
        (translate("report_pdf", "Model"), run.model),
        (translate("report_pdf", "SHA-256 of the model, its first half"), run.sha256[:32]),
        (translate("report_pdf", "Time of the run"), duration_text(run.seconds)),
    ]


def _measurements(facts: ReportFacts) -> tuple[tuple[str, str], ...]:
    """What was measured, as much of it as the page has room for beside the picture."""
    left_out = len(facts.measurements) - MOST_MEASUREMENTS
    if left_out <= 0:
        return facts.measurements
    more = QCoreApplication.translate("report_pdf", "{0} more measurements").format(left_out)
    return (*facts.measurements[:MOST_MEASUREMENTS], (more, "…"))


def _warnings(facts: ReportFacts) -> tuple[str, ...]:
    """What a reader should know, the gravest first."""
    if facts.run is None or not facts.run.unsure:
        return facts.warnings
    unsure = QCoreApplication.translate(
        "report_pdf", "Unsure: the spine was hard to locate. Check all slices."
    )
    return (unsure, *facts.warnings)


def _table(facts: ReportFacts) -> str:
    rows = "".join(
        f'<tr><td width="40%">{escape(name)}</td><td>{escape(value)}</td></tr>'
        for name, value in _rows(facts)
    )
    return f'<table width="100%">{rows}</table>'


def _list(sentences: Sequence[str]) -> str:
    return "".join(f"<p>• {escape(sentence)}</p>" for sentence in sentences)
