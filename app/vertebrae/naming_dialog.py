"""Which vertebra is this? All others follow."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.failures import failure_text
from app.widgets.dialogs import FittingDialog, dialog_buttons
from inference.cases.vertebrae import CaseVertebrae
from inference.errors import UsageError
from inference.values.vertebra_names import NAMES, numbers_from, with_name

WIDTH = 420


class NamingDialog(FittingDialog):
    """Lets the user choose a name, and says what the others would be called."""

    def __init__(self, vertebrae: CaseVertebrae, place: int, parent: QWidget | None = None) -> None:
        """Ask for the name of the vertebra at a place counted from the head."""
        super().__init__(parent)
        self._vertebrae = vertebrae
        self._place = place
        self.setWindowTitle(self.tr("Name the vertebra"))
        self._names = QComboBox()
        for number, name in NAMES.items():
            self._names.addItem(name, number)
        now = vertebrae.numbering or vertebrae.proposal
        at_first = now.numbers[place - 1] if now else self._first_that_fits()
        self._names.setCurrentIndex(self._names.findData(at_first))
        self._names.currentIndexChanged.connect(self._check)
        label = QLabel(self.tr("&This is"))
        label.setBuddy(self._names)
        self._follows = QLabel()
        self._follows.setWordWrap(True)
        self._follows.setTextFormat(Qt.TextFormat.PlainText)
        kinds = QDialogButtonBox.StandardButton
        self._buttons = dialog_buttons(kinds.Ok | kinds.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow(label, self._names)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self._follows)
        layout.addStretch()
        layout.addWidget(self._buttons)
        self.resize(WIDTH, self.sizeHint().height())
        self._check()

    @property
    def number(self) -> int:
        """The VerSe number of the choice."""
        return int(self._names.currentData())

    def _first_that_fits(self) -> int:
        """The first name from which all others can follow."""
        count = self._vertebrae.found.count
        for number in NAMES:
            try:
                numbers_from({number: self._place}, count)
            except UsageError:
                continue
            return number
        return next(iter(NAMES))

    def _check(self) -> None:
        """Say what would follow, and accept only what is possible."""
        found = self._vertebrae.found
        try:
            known = with_name(self._vertebrae.known, self.number, self._place, found.count)
            numbers = numbers_from(known, found.count)
            text = self.tr("From head to feet the vertebrae are then {0} to {1}.").format(
                NAMES[numbers[0]], NAMES[numbers[-1]]
            )
        except UsageError as error:
            known, text = {}, failure_text(error)
        self._follows.setText(text)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(known))
