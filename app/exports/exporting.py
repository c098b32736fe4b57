"""An export: the chosen files, all of them or none."""

import datetime
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PySide6.QtGui import QImage

from app.exports.picture import captioned, compose, write_picture
from app.exports.report_pdf import Report, make_report, write_report_pdf
from app.wording import date_text
from app.work.writing import perform_apart
from inference.cases.kept import check_files_kept
from inference.errors import UsageError
from inference.export import FORMATS, NO_SURFACE, Writer, filled_formats, mask_writer, staged_folder
from inference.export.vertebrae import vertebra_endings, vertebra_writers
from inference.read import input_files
from inference.values.mask import Mask
from inference.values.progress import CancelCheck, Progress, ProgressCallback, stop_if, stopping
from inference.values.slabs import bounding_box
from inference.values.volume import DicomSource

if TYPE_CHECKING:
    from app.cases.session import Case
    from inference.cases.vertebrae import CaseVertebrae
    from inference.mask.figures import MaskFigures

SUFFIXES: Mapping[str, str] = {**FORMATS, "png": "_spine.png", "pdf": "_spine.pdf"}
"""What can be exported, with the endings of the files' names."""

MASK_FORMATS = frozenset(FORMATS)
"""Those that hold the spine itself."""


@dataclass(frozen=True, eq=False)
class Exportable:
    """What can be exported from a case.

    Attributes:
        name: what the files are named after, if the user does not choose another name.
        source: the DICOM slices; None if the CT is not DICOM.
        picture: draws that of the views, on the export's thread.
        report: draws and measures the report's content, on the export's thread.
        vertebrae: with their names; None if they were not told apart.
        ct: what was opened; None if the CT does not come from a file.
    """

    name: str
    mask: Mask
    source: DicomSource | None
    picture: Callable[[], QImage]
    report: Callable[[CancelCheck], Report]
    vertebrae: "CaseVertebrae | None" = None
    ct: Path | None = None

    @classmethod
    def of(
        cls,
        case: "Case",
        figures: "MaskFigures | None",
        views: Sequence[QImage],
        measurements: tuple[tuple[str, str], ...] = (),
        vertebrae: "CaseVertebrae | None" = None,
        surface: Callable[[], QImage] | None = None,
    ) -> "Exportable":
        """A case that has a mask, with pictures of its views.

        Args:
            figures: of the mask; None if they are not known yet.
            measurements: names and figures of what a person measured.
            vertebrae: of the mask; None if they were not told apart.
            surface: draws the last of the views, on the export's thread.
        """
        if case.mask is None:
            raise ValueError("the case has no mask")
        report = partial(make_report, case, figures, measurements, vertebrae)
        name, source = case.volume.name, case.volume.source
        picture = partial(_compose, views, surface)
        return cls(name, case.mask, source, picture, report, vertebrae, case.path)

    def vertebra_endings(self, formats: Sequence[str], *, surfaces: bool) -> tuple[str, ...]:
        """The endings of the names of the vertebrae's files.

        Args:
            formats: those of the mask.
            surfaces: whether to include one of each vertebra.
        """
        if self.vertebrae is None:
            return ()
        return vertebra_endings(self.vertebrae.present, formats, self.source, surfaces=surfaces)


@dataclass(frozen=True)
class ExportRequest:
    """What the user wants.

    Attributes:
        formats: of ``SUFFIXES``.
        name: what the files' names begin with.
        vertebrae: endings of the names of the files of the vertebrae.
        surfaces: whether one of each vertebra is among them.
    """

    folder: Path
    name: str
    formats: tuple[str, ...]
    vertebrae: tuple[str, ...] = ()
    surfaces: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """What will be written."""
        endings = (*(SUFFIXES[one] for one in self.formats), *self.vertebrae)
        return tuple(self.folder / f"{self.name}{ending}" for ending in endings)

    @property
    def keeps_the_spine(self) -> bool:
        """Whether it saves the spine itself."""
        return not MASK_FORMATS.isdisjoint(self.formats)


def replaced(
    exportable: Exportable,
    request: ExportRequest,
    *,
    progress: ProgressCallback,  # noqa: ARG001
    cancel: CancelCheck,
) -> tuple[Path, ...]:
    """The files that the export would replace.

    Raises:
        OutputError: one of them is the CT.
    """
    ct = exportable.ct
    if ct is not None:
        # Beside slices, and in a folder, earlier exports look like inputs.
        alone = exportable.source is None and ct.is_file()
        check_files_kept(request.files, input_files(ct) if alone else [ct])
    return tuple(path for path in stopping(request.files, cancel) if path.exists())


def export(
    exportable: Exportable,
    request: ExportRequest,
    *,
    progress: ProgressCallback,
    cancel: CancelCheck,
) -> tuple[Path, ...]:
    """Write what was asked for and return the files; an empty mask has no surface.

    Raises:
        UsageError: only a surface was asked for, and there is none.
        SpineContextError: a file cannot be written; nothing is left behind.
        CancelledError: ``cancel`` said so; nothing is left behind.
    """
    empty = bounding_box(exportable.mask.voxels) is None
    request = replace(request, formats=filled_formats(request.formats, empty=empty))
    if not request.formats:
        raise UsageError(NO_SURFACE)
    writers = {
        f"{request.name}{SUFFIXES[one]}": _writer(exportable, request.name, one, cancel)
        for one in request.formats
    }
    if exportable.vertebrae is not None and request.vertebrae:
        labels, source = exportable.vertebrae.label_map(), exportable.source
        of_vertebrae = vertebra_writers(labels, request.formats, source, surfaces=request.surfaces)
        writers |= {f"{request.name}{ending}": write for ending, write in of_vertebrae.items()}

    begun = itertools.count()

    def tell_and_perform(write: Writer, file: BinaryIO, cancel: CancelCheck) -> None:
        progress(Progress("write", next(begun), len(writers)))
        perform_apart(write, file, cancel)

    with staged_folder(request.folder, tell_and_perform) as stage:
        stage.write(writers, cancel)
        stop_if(cancel)
    progress(Progress("write", len(writers), len(writers)))
    return request.files


def _compose(views: Sequence[QImage], surface: Callable[[], QImage] | None) -> QImage:
    return compose([*views, surface()] if surface else views)


def _writer(exportable: Exportable, name: str, one: str, cancel: CancelCheck) -> Writer:
    """The writer of one of ``SUFFIXES``; pictures carry the export's name and today's date."""
    date = date_text(datetime.date.today())
    match one:
        case "png":
            caption = f"{name}, {date}"
            return lambda file: write_picture(captioned(exportable.picture(), caption), file)
        case "pdf":
            return lambda file: write_report_pdf(file, exportable.report(cancel), name, date)
        case _:
            return mask_writer(exportable.mask, one, exportable.source)
