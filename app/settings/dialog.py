"""The settings dialog."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.settings.store import MOST_THREADS, RAM_LIMITS_GIB, LoadedSettings, Settings
from app.translation import translated
from app.widgets.dialogs import FittingDialog, chosen_folder, dialog_buttons, resize_within_screen
from app.work.jobs import Jobs

WIDTH = 520
"""Initial width in pixels."""


class SettingsDialog(FittingDialog):
    """Shows settings and lets the user change them; the caller saves them."""

    def __init__(self, loaded: LoadedSettings, jobs: Jobs, parent: QWidget | None = None) -> None:
        """Show the present settings; those fixed by the administrator cannot be changed.

        Args:
            jobs: owns what is asked of the disk.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._jobs = jobs
        self._usual = loaded.usual
        self._shown = loaded.settings
        self._model = QComboBox()
        self._mode = QComboBox()
        self._max_ram = QDoubleSpinBox()
        self._threads = QSpinBox()
        self._export_folder = QLineEdit()
        self._language = QComboBox()
        self._fill_choices()
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        model_file = self._browse(self.tr("File…"), self._choose_model)
        folder = self._browse(self.tr("Choose…"), self._choose_folder)
        self._rows: dict[str, QWidget] = {}
        for name, text, field, more in (
            ("model", self.tr("&Model"), self._model, model_file),
            ("mode", self.tr("&Search mode"), self._mode, None),
            ("max_ram_gib", self.tr("Memory &limit"), self._max_ram, None),
            ("threads", self.tr("&Processor threads"), self._threads, None),
            ("export_folder", self.tr("&Export folder"), self._export_folder, folder),
            ("language", self.tr("Lan&guage"), self._language, None),
        ):
            label = QLabel(text)
            label.setBuddy(field)
            # A screen reader takes only the label directly beside a field, and the row is in
            # between.
            field.setAccessibleName(text.replace("&", ""))
            self._rows[name] = _beside(field, more)
            form.addRow(label, self._rows[name])
        self._note = QLabel()
        self._note.setWordWrap(True)
        self._note.setProperty("quiet", True)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self._note)
        layout.addWidget(self._buttons())
        resize_within_screen(self, max(WIDTH, self.sizeHint().width()), self.sizeHint().height())
        self._show(loaded.settings)
        self._lock(loaded.locked)

    @property
    def settings(self) -> Settings:
        """The settings as chosen now."""
        return replace(
            self._shown,
            model=self._model.currentData(),
            mode=self._mode.currentData(),
            max_ram_gib=self._max_ram.value(),
            threads=self._threads.value(),
            export_folder=self._export_folder.text().strip(),
            language=self._language.currentData(),
        )

    def _fill_choices(self) -> None:
        # Imported here because it is slow to load, and the window must stand at once.
        from inference.model.bundled import DEFAULT_MODEL
        from inference.model.catalogue import catalogue

        for entry in catalogue():
            default = entry.key == DEFAULT_MODEL
            self._model.addItem(translated(entry.summary), "" if default else entry.key)
            self._model.setItemData(
                self._model.count() - 1, entry.licence, Qt.ItemDataRole.ToolTipRole
            )
        self._model.setMinimumWidth(self._model.sizeHint().width())
        self._model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._mode.addItem(self.tr("Along the spine (fast)"), "follow")
        self._mode.addItem(self.tr("Everywhere (the published method, slow)"), "full")
        self._max_ram.setRange(*RAM_LIMITS_GIB)
        self._max_ram.setSingleStep(0.25)
        self._max_ram.setSuffix(self.tr(" GiB"))
        self._threads.setRange(0, MOST_THREADS)
        self._threads.setSpecialValueText(self.tr("One per core"))
        self._export_folder.setPlaceholderText(self.tr("Beside the CT"))
        self._language.addItem(self.tr("As on the desktop"), "")
        self._language.addItem("English", "en")
        self._language.addItem("Deutsch", "de")

    def _browse(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = dialog_buttons(kinds.Ok | kinds.Cancel | kinds.RestoreDefaults)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        buttons.button(kinds.RestoreDefaults).clicked.connect(lambda: self._show(self._usual))
        return buttons

    def _show(self, settings: Settings) -> None:
        from inference.model.bundled import DEFAULT_MODEL, current_name

        self._shown = settings
        named = current_name(settings.model)
        model = "" if named == DEFAULT_MODEL else named
        if self._model.findData(model) < 0:
            self._model.addItem(Path(model).name, model)
        for box, value in (
            (self._model, model),
            (self._mode, settings.mode),
            (self._language, settings.language),
        ):
            if box.isEnabled():
                box.setCurrentIndex(box.findData(value))
        if self._max_ram.isEnabled():
            self._max_ram.setValue(settings.max_ram_gib)
        if self._threads.isEnabled():
            self._threads.setValue(settings.threads)
        if self._export_folder.isEnabled():
            self._export_folder.setText(settings.export_folder)

    def _lock(self, locked: frozenset[str]) -> None:
        for name in locked & self._rows.keys():
            self._rows[name].setEnabled(False)
            self._rows[name].setToolTip(self.tr("Fixed by your administrator"))
        notes = [self.tr("A new language takes effect when the program is restarted.")]
        if locked:
            notes.append(
                self.tr(
                    "Settings shown in grey are fixed by your administrator or by a start option."
                )
            )
        self._note.setText("\n".join(notes))

    def _choose_model(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose a model"), "", self.tr("Models") + " (*.onnx)"
        )
        if name:
            if self._model.findData(name) < 0:
                self._model.addItem(Path(name).name, name)
            self._model.setCurrentIndex(self._model.findData(name))

    def _choose_folder(self) -> None:
        title = self.tr("Choose the folder for exports")
        folder = chosen_folder(self, title, self._export_folder.text(), self._jobs)
        if folder is not None:
            self._export_folder.setText(str(folder))


def _beside(field: QWidget, more: QWidget | None) -> QWidget:
    """A row of its own for each field, so that it can be locked as a whole."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(field, 1)
    if more is not None:
        layout.addWidget(more)
    layout.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    return row
