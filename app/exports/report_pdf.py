"""The report on one A4 page: pictures of the spine, the figures, and their limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtCore import QBuffer, QCoreApplication, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
    QTextOption,
)

from app.cases.session import Case, Origin
from app.exports.picture import notice
from app.exports.report_pictures import ReportPicture, report_pictures
from app.exports.report_vertebrae import VertebraPage
from app.slices.marks import bar_length_mm
from app.translation import translated
from app.widgets.names import draw_text
from app.wording import (
    duration_text,
    number_text,
    sides_text,
    spread_text,
    version_in_words,
)
from inference.values.geometry import Geometry
from inference.values.messages import nameless
from inference.values.progress import CancelCheck

if TYPE_CHECKING:
    from inference.cases.vertebrae import CaseVertebrae
    from inference.mask.figures import MaskFigures
    from inference.pipeline import Segmentation

DPI = 300
MARGIN_MM = 16.0
POINTS_PER_INCH = 72.0
GAP_PT = 10.0
BODY_PT = 9
SMALL_PT = 8
LETTERS_MARGIN_PT = 3
CAPTION_PT = 12.0
"""The height of the titles above the pictures, and that of the scale bar below them."""

LEAST_PICTURES_PT = 200.0
"""Least height of the pictures, more than a quarter of the page. Notes give way to them."""

MOST_MEASUREMENTS = 12
"""Rows of the table; more would leave the pictures too little height."""

MOST_NAME = 120
"""Characters of the name typed for an export: what fits two lines."""

FACTS_PERCENT, MEASURED_PERCENT = 46, 62
"""Share of a table's width for its names: measurements have long names and short values."""

INK = QColor(0, 0, 0)

Rows = Sequence[tuple[str, str]]

STYLE = """
p { margin: 2px 0 }
p.title { font-size: 16px; font-weight: bold }
p.above { font-weight: bold; margin: 4px 0 1px 0 }
td { padding: 1px 8px 1px 0 }
"""


@dataclass(frozen=True)
class RunFacts:
    """What the report says about the run.

    Attributes:
        model: name and version.
        sha256: of the model file.
        seconds: of the run.
        finder_confidence: 0 to 1; None if the whole CT was searched from the start.
    """

    model: str
    sha256: str
    seconds: float
    finder_confidence: float | None
    unsure: bool

    @classmethod
    def of(cls, result: "Segmentation") -> "RunFacts":
        """The facts of the run that had this result."""
        return cls(
            model=f"{result.model.name} {result.model.version}",
            sha256=result.model.sha256,
            seconds=sum(result.seconds.values()),
            finder_confidence=result.finder_confidence,
            unsure=result.unsure,
        )


@dataclass(frozen=True)
class ReportFacts:
    """What the report says; about the patient only the name typed for the export.

    Attributes:
        figures: of the mask.
        run: None if no run of this program made the mask.
        origin: of the mask.
        corrected: as in ``Mask``.
        warnings: plain sentences about the CT and the run.
        measurements: names and values of what a person measured.
    """

    geometry: Geometry
    figures: "MaskFigures"
    run: RunFacts | None
    origin: Origin
    corrected: bool | None
    warnings: tuple[str, ...]
    measurements: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        case: Case,
        figures: "MaskFigures",
        measurements: tuple[tuple[str, str], ...] = (),
    ) -> "ReportFacts":
        """The facts of a case whose mask, corrected or not, has these figures."""
        result = case.segmentation
        notes = (*case.volume.warnings, *(result.notes if result else ()))
        return cls(
            geometry=case.volume.geometry,
            figures=figures,
            run=RunFacts.of(result) if result else None,
            origin=case.origin,
            corrected=case.mask.corrected if case.mask else None,
            warnings=tuple(translated(nameless(told)) for told in notes),
            measurements=measurements,
        )


@dataclass(frozen=True, eq=False)
class Report:
    """A report before it is drawn on one page, or on two if the vertebrae were told apart."""

    facts: ReportFacts
    pictures: tuple[ReportPicture, ...]
    vertebrae: VertebraPage | None = None


def make_report(
    case: Case,
    figures: "MaskFigures | None",
    measurements: tuple[tuple[str, str], ...],
    vertebrae: "CaseVertebrae | None",
    cancel: CancelCheck,
) -> Report:
    """Draw and measure the report's content, which takes seconds.

    Args:
        figures: of the mask; None if they are not known yet.
        vertebrae: of the mask; None if they were not told apart.

    Raises:
        CancelledError: ``cancel`` said so.
    """
    from inference.mask.figures import measure  # imported here because it is slow to load

    if case.mask is None:
        raise ValueError("the case has no mask")
    known = figures or measure(case.mask, case.volume, cancel)
    facts = ReportFacts.of(case, known, measurements)
    pictures = report_pictures(case.volume, case.mask, known.slices, cancel)
    return Report(facts, pictures, VertebraPage.of(vertebrae, case.volume) if vertebrae else None)


def program_text() -> str:
    """What wrote the report."""
    return f"SpineContext Desktop {version_in_words()}"


def write_report_pdf(file: BinaryIO, report: Report, name: str, date: str) -> None:
    """Write the page.

    Args:
        name: what the user calls the case, below the heading.
        date: of today, in words.

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
    writer.setTitle(_title())
    writer.setCreator(program_text())
    painter = QPainter()
    painter.begin(writer)
    scale = DPI / POINTS_PER_INCH
    painter.scale(scale, scale)
    page = QSizeF(writer.width() / scale, writer.height() / scale)
    _draw_page(painter, page, report, name, date)
    if report.vertebrae is not None:
        writer.newPage()
        _draw_vertebrae(painter, page, report.vertebrae, name, date)
    painter.end()
    file.write(page_in_memory.data().data())


def _title() -> str:
    return QCoreApplication.translate("report_pdf", "Spine segmentation of a CT")


def _draw_page(painter: QPainter, page: QSizeF, report: Report, name: str, date: str) -> None:
    """Heading, pictures, notes, two tables and the limits, from top to bottom.

    The pictures get the room that the others leave.
    """
    heading = _document(_heading(name, date), page.width())
    half = (page.width() - GAP_PT) / 2
    left, right = (_document(column, half) for column in _columns(report.facts))
    limits = _document(f"<p>{escape(_limits(report.facts))}</p>", page.width())
    tables_height = max(left.size().height(), right.size().height())
    fixed = heading.size().height() + tables_height + limits.size().height() + 4 * GAP_PT
    least = LEAST_PICTURES_PT if report.pictures else 0.0
    notes = _notes(report, page.width(), page.height() - fixed - least)
    notes_height = notes.size().height()
    room = QSizeF(page.width(), page.height() - fixed - notes_height)

    _draw(painter, heading, 0, 0)
    y = heading.size().height() + GAP_PT
    y += _draw_pictures(painter, report.pictures, y, room) + GAP_PT
    _draw(painter, notes, 0, y)
    y += notes_height + GAP_PT
    _draw(painter, left, 0, y)
    _draw(painter, right, half + GAP_PT, y)
    _draw(painter, limits, 0, page.height() - limits.size().height())


def _draw_vertebrae(
    painter: QPainter, page: QSizeF, vertebrae: VertebraPage, name: str, date: str
) -> None:
    """Heading, the straightened spine, and a row of figures for each vertebra."""
    heading = _document(_heading(name, date), page.width())
    table = _document(vertebrae.html(), page.width())
    _draw(painter, heading, 0, 0)
    y = heading.size().height() + GAP_PT
    room = QSizeF(page.width(), page.height() - y - table.size().height() - GAP_PT)
    y += _draw_pictures(painter, vertebrae.pictures, y, room) + GAP_PT
    _draw(painter, table, 0, y)


def _draw(painter: QPainter, document: QTextDocument, x: float, y: float) -> None:
    painter.save()
    painter.translate(x, y)
    document.drawContents(painter)
    painter.restore()


def _draw_pictures(
    painter: QPainter, pictures: Sequence[ReportPicture], top: float, room: QSizeF
) -> float:
    """Draw the pictures in a row at one scale, as large as possible; return its height."""
    if not pictures:
        return 0.0
    gaps = GAP_PT * (len(pictures) - 1)
    width_mm = sum(picture.size_mm[0] for picture in pictures)
    height_mm = max(picture.size_mm[1] for picture in pictures)
    across, down = room.width() - gaps, room.height() - 2 * CAPTION_PT
    scale = min(across / width_mm, down / height_mm)
    font = painter.font()
    font.setPixelSize(SMALL_PT)
    painter.setFont(font)
    x = (across - scale * width_mm) / 2
    _draw_scale_bar(painter, QPointF(x, top + CAPTION_PT + scale * height_mm), across, scale)
    for picture in pictures:
        width, height = (scale * side for side in picture.size_mm)
        aside = scale * height_mm - height
        place = QRectF(x, top + CAPTION_PT + aside / 2, width, height)
        _draw_picture(painter, place, picture)
        x += width + GAP_PT
    return scale * height_mm + 2 * CAPTION_PT


def _draw_picture(painter: QPainter, place: QRectF, picture: ReportPicture) -> None:
    """Draw a picture with its title above and its letters at the edges."""
    painter.drawImage(place, picture.image)
    left, right, top, bottom = picture.edges
    more = LETTERS_MARGIN_PT
    inner = place.adjusted(more, more, -more, -more)
    column, row = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignVCenter
    for where, letters in (
        (row | Qt.AlignmentFlag.AlignLeft, left),
        (row | Qt.AlignmentFlag.AlignRight, right),
        (column | Qt.AlignmentFlag.AlignTop, top),
        (column | Qt.AlignmentFlag.AlignBottom, bottom),
    ):
        draw_text(painter, inner, where, letters)
    above = QRectF(place.left(), place.top() - CAPTION_PT, place.width() + GAP_PT, CAPTION_PT)
    painter.setPen(INK)
    painter.drawText(above, Qt.AlignmentFlag.AlignLeft | row, picture.title)


def _draw_scale_bar(painter: QPainter, at: QPointF, room: float, scale: float) -> None:
    """Draw the scale bar for all pictures below them, with its length."""
    length_mm = bar_length_mm(room / 2, scale)
    start = at + QPointF(0, CAPTION_PT / 2)
    end = start + QPointF(length_mm * scale, 0)
    painter.setPen(INK)
    painter.drawLine(start, end)
    for tip in (start, end):
        painter.drawLine(tip - QPointF(0, 2), tip + QPointF(0, 2))
    beside = QRectF(end.x() + 4, at.y(), room, CAPTION_PT)
    text = f"{length_mm} mm" if length_mm < 10 else f"{length_mm // 10} cm"
    painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _document(html: str, width: float) -> QTextDocument:
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(STYLE)
    font = document.defaultFont()
    font.setPixelSize(BODY_PT)  # one pixel is one point here, because the painter is scaled
    document.setDefaultFont(font)
    document.setDefaultTextOption(_wrapped_anywhere())
    document.setHtml(html)
    document.setTextWidth(width)
    return document


def _wrapped_anywhere() -> QTextOption:
    """Breaks even names without a blank instead of cutting them off."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _heading(name: str, date: str) -> str:
    half = MOST_NAME // 2
    shown = name if len(name) <= MOST_NAME else f"{name[:half]}…{name[-half:]}"
    told = f"<b>{escape(shown)}</b>, {escape(date)}"
    return f'<p class="title">{escape(_title())}</p><p>{told}</p><p>{escape(notice())}.</p>'


def _limits(facts: ReportFacts) -> str:
    """What the figures must not be taken for."""
    translate = QCoreApplication.translate
    origin = translate(
        "report_pdf",
        "Limits: the outline was made by a neural network. It can miss vertebrae or parts of "
        "them, and include ribs, metal or other bone. It is meant to contain vertebrae with "
        "their processes, without discs, spinal canal, ribs and sacrum.",
    )
    if facts.origin is Origin.RESTORED:
        origin = translate(
            "report_pdf",
            "Limits: the outline was corrected by hand and restored after the program had ended. "
            "How it was made before, and how well it fits, is not known here.",
        )
    elif facts.run is None:
        origin = translate(
            "report_pdf",
            "Limits: the outline was opened from a file. What it is meant to contain, and how well "
            "it does, is not known here.",
        )
    figures = translate(
        "report_pdf",
        "All figures are those of the outline and end where the scan ends. HU change with "
        "contrast medium, tube voltage and noise.",
    )
    return f"{origin} {figures}"


def _columns(facts: ReportFacts) -> tuple[str, str]:
    """The tables in two columns of about the same height."""
    translate = QCoreApplication.translate
    spine = _titled(translate("report_pdf", "Spine"), _figures(facts.figures), FACTS_PERCENT)
    origin = _titled(translate("report_pdf", "Origin"), _origin(facts), FACTS_PERCENT)
    measured = _measurements(facts)
    if not measured:
        return spine, origin
    title = translate("report_pdf", "Measurements")
    return spine + origin, _titled(title, measured, MEASURED_PERCENT)


def _origin(facts: ReportFacts) -> Rows:
    """What the figures are based on."""
    translate = QCoreApplication.translate
    size = sides_text(facts.geometry.size)
    spacing = sides_text(facts.geometry.spacing, 2)
    return [
        (
            translate("report_pdf", "CT"),
            translate("report_pdf", "{0} voxels of {1} mm").format(size, spacing),
        ),
        *_run_rows(facts),
        *_corrections(facts),
        (translate("report_pdf", "Program"), program_text()),
    ]


def _figures(figures: "MaskFigures") -> Rows:
    translate = QCoreApplication.translate
    return [
        (
            translate("report_pdf", "Volume"),
            translate("report_pdf", "{0} mL").format(number_text(figures.volume_ml, 1)),
        ),
        (
            translate("report_pdf", "Length along the vertebral bodies"),
            translate("report_pdf", "not measurable")
            if figures.length_mm is None
            else translate("report_pdf", "{0} mm").format(number_text(figures.length_mm)),
        ),
        (
            translate("report_pdf", "Extent (left–right × front–back × head–foot)"),
            translate("report_pdf", "{0} mm").format(sides_text(figures.extent_mm)),
        ),
        (
            translate("report_pdf", "Density (mean ± standard deviation)"),
            spread_text(figures.mean_hu, figures.deviation_hu),
        ),
    ]


def _corrections(facts: ReportFacts) -> Rows:
    """Whether a person changed the result, if that is known."""
    translate = QCoreApplication.translate
    if facts.corrected is None:
        return []
    made = translate("report_pdf", "yes") if facts.corrected else translate("report_pdf", "none")
    return [(translate("report_pdf", "Manual corrections"), made)]


def _run_rows(facts: ReportFacts) -> Rows:
    """What the mask was made by."""
    translate = QCoreApplication.translate
    run = facts.run
    if run is None:
        origin = (
            translate("report_pdf", "restored with its corrections")
            if facts.origin is Origin.RESTORED
            else translate("report_pdf", "opened from a file")
        )
        return [(translate("report_pdf", "Mask"), origin)]
    sure = run.finder_confidence
    return [
        (translate("report_pdf", "Model"), run.model),
        (translate("report_pdf", "SHA-256 of the model, its first half"), run.sha256[:32]),
        (
            translate("report_pdf", "Localisation confidence"),
            translate("report_pdf", "none: the whole CT was searched")
            if sure is None
            else translate("report_pdf", "{0} %").format(round(100 * sure)),
        ),
        (translate("report_pdf", "Time of the run"), duration_text(run.seconds)),
    ]


def _measurements(facts: ReportFacts) -> Rows:
    """As many measurements as the page has room for beside the pictures."""
    left_out = len(facts.measurements) - MOST_MEASUREMENTS
    if left_out <= 0:
        return facts.measurements
    more = QCoreApplication.translate("report_pdf", "{0} more measurements").format(left_out)
    return (*facts.measurements[:MOST_MEASUREMENTS], (more, "…"))


def _notes(report: Report, width: float, height: float) -> QTextDocument:
    """What a reader should know, most serious first, as much as there is room for."""
    notes = _warnings(report)
    for kept in range(len(notes), 0, -1):
        document = _document(_list(_shortened(notes, kept)), width)
        if document.size().height() <= height:
            return document
    return _document(_list(_shortened(notes, 0)), width)


def _shortened(notes: Sequence[str], kept: int) -> Sequence[str]:
    """The first notes, and a line with how many more there are."""
    if kept == len(notes):
        return notes
    more = QCoreApplication.translate("report_pdf", "{0} more notes: see the program's window.")
    return (*notes[:kept], more.format(len(notes) - kept))


def _warnings(report: Report) -> tuple[str, ...]:
    translate = QCoreApplication.translate
    facts = report.facts
    told = []
    if not facts.figures.volume_ml:
        told.append(
            translate("report_pdf", "No spine was found in this CT.")
            if facts.run
            else translate("report_pdf", "There is no spine in this mask.")
        )
    elif facts.run is not None and facts.run.unsure:
        told.append(
            translate("report_pdf", "Unsure: the spine was hard to locate. Check all slices.")
        )
    return (*told, *facts.warnings)


def _titled(title: str, rows: Rows, percent: int) -> str:
    cells = "".join(
        f'<tr><td width="{percent}%">{escape(name)}</td><td>{escape(value)}</td></tr>'
        for name, value in rows
    )
    return f'<p class="above">{escape(title)}</p><table width="100%">{cells}</table>'


def _list(sentences: Sequence[str]) -> str:
    return "".join(f"<p>• {escape(sentence)}</p>" for sentence in sentences)
