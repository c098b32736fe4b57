"""An export: the chosen files, all of them or none."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtGui import QImage

from app.exports.picture import captioned, compose, write_picture
from app.exports.report_pdf import Report, make_report, write_report_pdf
from app.wording import date_text
from inference.export import FORMATS, Writer, mask_writer, staged_folder
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, Progress, ProgressCallback, stop_if
from inference.values.volume import DicomSource

if TYPE_CHECKING:
    from app.cases.session import Case
    from inference.mask.figures import MaskFigures

SUFFIXES: Mapping[str, str] = {**FORMATS, "png": "_spine.png", "pdf": "_spine.pdf"}
"""What can be exported, and what the files' names end with."""

MASK_FORMATS = frozenset(FORMATS)
"""Those that hold the spine itself."""


@dataclass(frozen=True, eq=False)
class Exportable:
    """What there is to export of a case.

    Attributes:
        name: what the files are named after, if the user does not choose another name.
        source: the DICOM slices; None if the CT is no DICOM.
        picture: of the views.
        report: draws and measures what the report shows, on the export's thread.
    """

    name: str
    mask: Mask
    source: DicomSource | None
    picture: QImage
    report: Callable[[CancelCheck], Report]

    @classmethod
    def of(
        cls,
        case: "Case",
        figures: "MaskFigures | None",
        views: Sequence[QImage],
        measurements: tuple[tuple[str, str], ...] = (),
    ) -> "Exportable":
        """A case that has a mask, with pictures of its views.

        Args:
            figures: of the mask; None where they are not known yet.
            measurements: names and figures of what a person measured.
        """
        if case.mask is None:
            raise ValueError("the case has no mask")
        report = partial(make_report, case, figures, measurements)
        return cls(case.volume.name, case.mask, case.volume.source, compose(views), report)


@dataclass(frozen=True)
class ExportRequest:
    """What the user wants.

    Attributes:
        formats: of ``SUFFIXES``.
        name: what the files' names begin with.
    """

    folder: Path
    name: str
    formats: tuple[str, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """What will be written."""
        return tuple(self.folder / f"{self.name}{SUFFIXES[one]}" for one in self.formats)

    @property
    def keeps_the_spine(self) -> bool:
        """Whether nothing of the spine would be lost after it."""
        return not MASK_FORMATS.isdisjoint(self.formats)

    @property
    def overwritten(self) -> tuple[Path, ...]:
        """Those of the files that are there already."""
        return tuple(path for path in self.files if path.exists())


def export(
    exportable: Exportable,
    request: ExportRequest,
    *,
    progress: ProgressCallback,
    cancel: CancelCheck,
) -> tuple[Path, ...]:
    """Write what was asked for and return the files.

    Raises:
        SpineContextError: a file cannot be written; nothing is left behind.
        CancelledError: ``cancel`` said so; nothing is left behind.
    """
    writers = {
        f"{request.name}{SUFFIXES[one]}": _writer(exportable, request.name, one, cancel)
        for one in request.formats
    }

    def telling(done: int, write: Writer) -> Writer:
        def write_and_tell(file: BinaryIO) -> None:
            progress(Progress("write", done, len(writers)))
            write(file)

        return write_and_tell

    with staged_folder(request.folder) as stage:
        numbered = enumerate(writers.items())
        told = {name: telling(done, write) for done, (name, write) in numbered}
        stage.write(told, cancel)
        stop_if(cancel)
    progress(Progress("write", len(writers), len(writers)))
    return request.files


def _writer(exportable: Exportable, name: str, one: str, cancel: CancelCheck) -> Writer:
    """What writes one of ``SUFFIXES``; pictures carry the export's name and today's date."""
    date = date_text(datetime.date.today())
    match one:
        case "png":
            picture = captioned(exportable.picture, f"{name}, {date}")
            return lambda file: write_picture(picture, file)
        case "pdf":
            return lambda file: write_report_pdf(file, exportable.report(cancel), name, date)
        case _:
            return mask_writer(exportable.mask, one, exportable.source)
