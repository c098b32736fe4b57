"""The export dialog: what, where, and afterwards where it went."""

import html
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.exports.exporting import Exportable, ExportRequest, export, replaced
from app.failures import failure_text
from app.widgets.dialogs import (
    DetailsButton,
    FittingDialog,
    chosen_folder,
    may_replace,
    resize_within_screen,
    show_folder,
)
from app.widgets.style import restyle
from app.widgets.text_area import TextArea
from app.work.jobs import Job, Jobs, Work
from inference.errors import SpineContextError
from inference.values.messages import visible
from inference.values.progress import Progress

WIDTH = 520
"""Initial width in pixels."""

NOT_IN_NAMES = frozenset('<>:"/\\|?*')
"""Characters that Windows does not allow in file names."""


class ExportDialog(FittingDialog):
    """Lets the user choose, exports on a thread, and shows the result."""

    begun = Signal(ExportRequest)
    """The files of this request are about to be written."""
    exported = Signal(ExportRequest)
    """They are written."""
    ended = Signal(ExportRequest)
    """They are written, or none is."""

    def __init__(
        self,
        exportable: Exportable,
        folder: Path,
        formats: Collection[str],
        jobs: Jobs,
        parent: QWidget | None = None,
    ) -> None:
        """Offer what there is; ``folder`` and ``formats`` are selected at first."""
        super().__init__(parent)
        self._jobs = jobs
        self.setWindowTitle(self.tr("Export"))
        self._exportable = exportable
        self._job: Job | None = None
        self._running = ExportRequest(folder, exportable.name, ())
        self._boxes: dict[str, QCheckBox] = {}
        self._name = QLineEdit(exportable.name)
        self._at_first = folder
        self._folder = QLineEdit(str(folder))
        self._shown_at_first = self._folder.text()
        self._choose = QPushButton(self.tr("Choose…"))
        self._bar = QProgressBar()
        self._message = TextArea()
        self._details = DetailsButton()
        self._export = QPushButton(self.tr("Export"))
        self._show = QPushButton(self.tr("Show in folder"))
        self._close = QPushButton(self.tr("Cancel"))
        self._fill(formats)
        self._arrange()
        self._check()

    @property
    def request(self) -> ExportRequest:
        """What is chosen now."""
        chosen = tuple(one for one, box in self._boxes.items() if box.isChecked())
        typed = self._folder.text()
        # Qt drops what is not UTF-8 in a path, and some folder names end in blanks.
        unchanged = typed == self._shown_at_first
        folder = self._at_first if unchanged else Path(typed.strip()).expanduser()
        surfaces = self._surfaces.isChecked()
        endings = self._exportable.vertebra_endings(chosen, surfaces=surfaces)
        if not self._vertebrae.isChecked():
            endings, surfaces = (), False
        return ExportRequest(folder, self._name.text().strip(), chosen, endings, surfaces)

    def reject(self) -> None:
        """Close; cancel a running export first."""
        if self._job is None:
            super().reject()
        elif not self._job.asked_to_stop():
            self._job.cancel()
            self._close.setEnabled(False)
            self._message.setText(self.tr("Cancelling. Nothing will be written."))

    def _fill(self, formats: Collection[str]) -> None:
        for one, text in (
            ("nifti", self.tr("Mask as &NIfTI (.nii.gz)")),
            ("nrrd", self.tr("Mask as N&RRD (.nrrd)")),
            ("dicomseg", self.tr("Mask as &DICOM segmentation, for the archive (.dcm)")),
            ("stl", self.tr("&Surface as STL, for 3D printing (.stl)")),
            ("png", self.tr("&Picture of the views (.png)")),
            ("pdf", self.tr("&One-page report (.pdf)")),
        ):
            box = self._boxes[one] = QCheckBox(text)
            box.setChecked(one in formats)
            box.toggled.connect(self._check)
        self._vertebrae = QCheckBox(self.tr("&Vertebrae apart: NIfTI, and as the mask is ticked"))
        self._surfaces = QCheckBox(self.tr("S&TL of each vertebra"))
        self._vertebrae.setChecked(self._exportable.vertebrae is not None)
        for box in (self._vertebrae, self._surfaces):
            box.setVisible(self._exportable.vertebrae is not None)
            box.toggled.connect(self._check)
        if self._exportable.vertebrae is not None:
            self._boxes["pdf"].setText(self.tr("Rep&ort, with a page on the vertebrae (.pdf)"))
        dicom = self._boxes["dicomseg"]
        if self._exportable.source is None:
            dicom.setChecked(False)
            dicom.setEnabled(False)
            dicom.setToolTip(self.tr("Only for a CT that was opened as DICOM"))
        self._name.setToolTip(
            self.tr("In the files' names, and with today's date in picture and report")
        )
        self._name.textChanged.connect(self._check)
        self._folder.textChanged.connect(self._check)
        self._folder.textChanged.connect(self._tell_folder)
        self._tell_folder()
        for field in (self._name, self._folder):
            field.setCursorPosition(0)
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._choose_folder)
        self._bar.setAccessibleName(self.tr("Export progress"))
        self._bar.hide()
        self._export.clicked.connect(self._start)
        self._show.setAutoDefault(False)
        self._show.clicked.connect(self._show_in_folder)
        self._show.hide()
        self._close.setAutoDefault(False)
        self._close.clicked.connect(self.reject)

    def _arrange(self) -> None:
        form = QFormLayout()
        folder = QHBoxLayout()
        folder.addWidget(self._folder, 1)
        folder.addWidget(self._choose)
        for text, field, row in (
            (self.tr("&Folder"), self._folder, folder),
            (self.tr("Na&me"), self._name, self._name),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            form.addRow(label, row)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button in (self._details, self._show, self._export, self._close):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        for box in self._boxes.values():
            layout.addWidget(box)
        layout.addWidget(self._vertebrae)
        layout.addWidget(self._surfaces)
        layout.addSpacing(8)
        layout.addLayout(form)
        layout.addWidget(self._bar)
        layout.addWidget(self._message, 1)
        layout.addLayout(buttons)
        resize_within_screen(self, WIDTH, self.sizeHint().height())

    def _check(self) -> None:
        """Enable Export if it is possible, and otherwise say what is missing."""
        request = self.request
        self._surfaces.setEnabled(self._vertebrae.isChecked())
        if not request.files:
            problem = self.tr("Choose at least one of the above.")
        elif not request.name or NOT_IN_NAMES & set(request.name):
            problem = self.tr("Choose a name without these characters: {0}").format(
                " ".join(sorted(NOT_IN_NAMES))
            )
        elif not self._folder.text().strip():
            problem = self.tr("Choose a folder.")
        else:
            problem = ""
        self._message.setText(problem or self._advice(request))
        self._export.setEnabled(not problem)
        self._make_next_step(self._export)

    def _advice(self, request: ExportRequest) -> str:
        """What the user should know before passing the files on."""
        if "dicomseg" not in request.formats:
            return ""
        return self.tr(
            "The DICOM file contains the patient's name, ID and dates, because an archive "
            "needs them."
        )

    def _make_next_step(self, button: QPushButton) -> None:
        """Emphasise one button and let Return press it."""
        for other in (self._export, self._close):
            restyle(other, "emphasised", other is button)
        button.setDefault(True)

    def _tell_folder(self) -> None:
        """Show the whole path as a tooltip, because it is often longer than its field."""
        self._folder.setToolTip(f"<p>{html.escape(visible(self._folder.text()))}</p>")

    def _choose_folder(self) -> None:
        title = self.tr("Choose the folder for exports")
        folder = chosen_folder(self, title, self._folder.text(), self._jobs)
        if folder is not None:
            self._folder.setText(str(folder))

    def _start(self) -> None:
        """Look for files that would be replaced, then write."""
        self._running = self.request
        self.begun.emit(self._running)
        self._set_busy(True)
        self._message.setText("")
        self._details.offer("")
        self.setFocus()  # otherwise it may go to Cancel, where Space would end the export
        self._bar.setRange(0, 0)
        self._begin(partial(replaced, self._exportable, self._running), self._write)

    def _write(self, there: tuple[Path, ...]) -> None:
        """Write, once the user agrees to replace what is ``there``."""
        if may_replace(self, [path.name for path in there]):
            self._begin(partial(export, self._exportable, self._running), self._done)
        else:
            self._set_busy(False)
            self._check()

    def _begin(self, work: Work, take: Callable[[tuple[Path, ...]], None]) -> None:
        self._job = Job(work)
        self._job.progressed.connect(self._show_progress)
        self._job.succeeded.connect(take)
        self._job.failed.connect(self._failed)
        self._job.cancelled.connect(self._cancelled)
        self._jobs.start(self._job)

    def _show_progress(self, progress: Progress) -> None:
        """Say which file is being written; its progress is unknown, so the bar just moves."""
        if progress.done < progress.total and self._job and not self._job.asked_to_stop():
            name = self._running.files[progress.done].name
            text = self.tr("Writing {0} (file {1} of {2})")
            self._message.setText(text.format(name, progress.done + 1, progress.total))

    def _done(self, files: tuple[Path, ...]) -> None:
        self._set_busy(False)
        names = "\n".join(path.name for path in files)
        folder = visible(str(self._running.folder))
        text = self.tr("Written to {0}:\n{1}").format(folder, names)
        if len(files) < len(self._running.files):
            text += "\n" + self.tr("There is no spine, and so no surface.")
        self._message.setText(text)
        self._close.setText(self.tr("Close"))
        self._show.show()
        self._make_next_step(self._close)
        self._close.setFocus()
        self.exported.emit(self._running)

    def _failed(self, error: SpineContextError) -> None:
        self._set_busy(False)
        self._export.setFocus()
        self._message.setText(failure_text(error))
        self._details.offer(error.details)

    def _cancelled(self) -> None:
        self._set_busy(False)
        self._message.setText(self.tr("Cancelled. Nothing was written."))

    def _set_busy(self, busy: bool) -> None:
        if not busy:
            self._job = None
            self.ended.emit(self._running)
        self._close.setEnabled(True)
        self._bar.setVisible(busy)
        boxes = (*self._boxes.values(), self._vertebrae, self._surfaces)
        for widget in (*boxes, self._name, self._folder, self._choose, self._export):
            widget.setEnabled(not busy)
        self._surfaces.setEnabled(not busy and self._vertebrae.isChecked())
        self._boxes["dicomseg"].setEnabled(not busy and self._exportable.source is not None)

    def _show_in_folder(self) -> None:
        show_folder(self, self.windowTitle(), self._running.folder, self._jobs)
