"""What all dialogs share: buttons, size, and questions about losing work."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir, QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon, QTextOption
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.work.asking import asked
from app.work.jobs import Jobs

EDGE = (40, 80)
"""Pixels that a dialog leaves free beside and above it, for its frame and title."""


MOST_LISTED = 8
"""Lines of names in a dialog."""

MOST_LISTED_LETTERS = 38
"""Letters of a name on its own line; a message box would wrap longer ones."""

MOST_LETTERS = 56
"""Letters of a name in a question: as many as fit on the narrowest screen."""


class FittingDialog(QDialog):
    """A dialog that grows with its text, up to the size of the screen."""

    def event(self, event: QEvent) -> bool:
        """Grow if a text has become longer."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._grow()
        return done

    def _grow(self) -> None:
        layout = self.layout()
        if layout is None:
            return
        width = max(self.width(), layout.totalMinimumSize().width())
        height = layout.totalSizeHint().height()
        if layout.hasHeightForWidth():
            height = layout.totalHeightForWidth(width)
        resize_within_screen(self, width, max(self.height(), height))
        available, frame = self.screen().availableGeometry(), self.frameGeometry()
        if frame.bottom() > available.bottom():
            top = available.bottom() - frame.height() + 1
            self.move(self.x(), max(available.top(), top))


NAME_WIDTH = 420
"""Pixels of a dialog that asks for a name: enough for its own title."""

TEXT_SIZE = (560, 220)
"""Pixels of a dialog with a text: enough for a failure's sentences without scrolling."""


def dialog_buttons(kinds: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Standard buttons in the desktop's order, with the accepting one emphasised.

    They have none of Qt's icons, which are black even in the dark theme.
    """
    box = QDialogButtonBox(kinds)
    for button in box.buttons():
        button.setIcon(QIcon())
        accepts = box.buttonRole(button) == QDialogButtonBox.ButtonRole.AcceptRole
        button.setProperty("emphasised", accepts)
    return box


def resize_within_screen(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog this size, or as much of it as the screen has."""
    room = dialog.screen().availableSize() - QSize(*EDGE)
    dialog.resize(QSize(width, height).boundedTo(room))


def run_dialog(dialog: QDialog) -> bool:
    """Show a dialog until it is closed, free it, and return whether it was accepted.

    The choices in it can be read until the next event. A dialog that is not freed lives as long as
    the window, with everything it shows. Over a window that has been closed meanwhile it is not
    shown, because it would keep the program from ending.
    """
    parent = dialog.parentWidget()
    over_nothing = parent is not None and was_closed(parent.window())
    accepted = not over_nothing and bool(dialog.exec())
    dialog.deleteLater()
    return accepted


def was_closed(window: QWidget) -> bool:
    """Whether a window was shown and is closed or hidden now; not if it was never shown."""
    return window.isHidden() and window.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def agreed(parent: QWidget, question: str, yes: str) -> bool:
    """Ask whether to do something that loses work; Return and Escape mean no."""
    stay = QCoreApplication.translate("dialogs", "&Stay")
    return answer_to(parent, question, [yes], stay) == 0


def answer_to(parent: QWidget, question: str, answers: Sequence[str], stay: str) -> int | None:
    """Ask which of several things to do; None for none of them, also for Return and Escape."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QGuiApplication.applicationDisplayName())
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    buttons = [box.addButton(text, QMessageBox.ButtonRole.AcceptRole) for text in answers]
    stay_button = box.addButton(stay, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay_button)
    box.setEscapeButton(stay_button)
    stay_button.setFocus()
    run_dialog(box)
    clicked = box.clickedButton()
    return next((number for number, button in enumerate(buttons) if button is clicked), None)


def asked_name(parent: QWidget, title: str, label: str) -> str:
    """Let the user type a name; empty if they type none or cancel."""
    dialog = FittingDialog(parent)
    dialog.setWindowTitle(title)
    field = QLineEdit()
    kinds = QDialogButtonBox.StandardButton
    buttons = dialog_buttons(kinds.Ok | kinds.Cancel)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    named = QLabel(label)
    named.setBuddy(field)
    form = QFormLayout()
    form.addRow(named, field)
    layout = QVBoxLayout(dialog)
    layout.addLayout(form)
    layout.addWidget(buttons)
    resize_within_screen(dialog, NAME_WIDTH, dialog.sizeHint().height())
    return field.text().strip() if run_dialog(dialog) else ""


def tell(parent: QWidget, title: str, text: str, details: str = "") -> None:
    """Show a text of any length, to be read and copied; ``details`` are only copied."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    shown = QPlainTextEdit(text)
    shown.setReadOnly(True)
    shown.setTabChangesFocus(True)
    shown.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    shown.setAccessibleName(title)
    buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    if details:
        copy = DetailsButton(details)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
    layout = QVBoxLayout(dialog)
    layout.addWidget(shown)
    layout.addWidget(buttons)
    resize_within_screen(dialog, *TEXT_SIZE)
    run_dialog(dialog)


class DetailsButton(QPushButton):
    """Copies what a failure's sentence leaves out; hidden if there is nothing."""

    def __init__(self, details: str = "") -> None:
        """A button that copies these."""
        super().__init__(QCoreApplication.translate("dialogs", "Copy details"))
        self._details = details
        self.setAutoDefault(False)
        self.clicked.connect(self._copy)
        if not details:
            self.hide()

    def offer(self, details: str) -> None:
        """From now on, copy these."""
        self._details = details
        self.setVisible(bool(details))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)


def may_replace(parent: QWidget, names: Sequence[str]) -> bool:
    """Ask whether files may be replaced; ask nothing if there are none."""
    if not names:
        return True
    question = QCoreApplication.translate(
        "dialogs", "These files already exist:\n{0}\nReplace them?"
    )
    replace = QCoreApplication.translate("dialogs", "&Replace")
    return agreed(parent, question.format(listed(names)), replace)


def listed(names: Sequence[str]) -> str:
    """Names as lines for a dialog: shortened, and no more than fit on a screen."""
    lines = [short_name(name, MOST_LISTED_LETTERS) for name in names]
    if len(lines) > MOST_LISTED:
        more = QCoreApplication.translate("dialogs", "and {0} more")
        lines[MOST_LISTED - 1 :] = [more.format(len(lines) - MOST_LISTED + 1)]
    return "\n".join(lines)


def short_name(name: str, most: int = MOST_LETTERS) -> str:
    """A name in a question, without its middle if it has more than ``most`` letters."""
    half = most // 2
    return name if len(name) <= most else f"{name[:half]}…{name[1 - half :]}"


def start_folder(folder: Path, jobs: Jobs) -> str:
    """Where a file dialog starts: in the folder, or at the user's home if it is out of reach.

    Qt would wait for a network drive that is gone.
    """
    return str(folder) if asked(folder.is_dir, False, jobs) else QDir.homePath()


def chosen_folder(parent: QWidget, title: str, first: str, jobs: Jobs) -> Path | None:
    """Let the user choose a folder to write to; None if none was chosen.

    Qt returns a wrong name for one that is not UTF-8; nothing must be written there.
    """
    start = start_folder(Path(first), jobs) if first else ""
    if jobs.closed:
        return None  # the window was closed meanwhile
    name = QFileDialog.getExistingDirectory(parent, title, start)
    return Path(name) if name and _usable(Path(name), parent, title, jobs) else None


def chosen_file(parent: QWidget, title: str, first: Path, kind: str, jobs: Jobs) -> Path | None:
    """Let the user name a file to write, and confirm replacing it; None if none was named.

    Args:
        first: the suggested path; all files of this ``kind`` have its ending.
    """
    start = str(Path(start_folder(first.parent, jobs)) / first.name)
    if jobs.closed:
        return None
    name, _ = QFileDialog.getSaveFileName(parent, title, start, f"{kind} (*{first.suffix})")
    return Path(name) if name and _usable(Path(name).parent, parent, title, jobs) else None


def show_folder(parent: QWidget, title: str, folder: Path, jobs: Jobs) -> None:
    """Open a folder in the system's file manager, or say that it is out of reach.

    The system would let the window wait for a network drive that is gone.
    """
    if asked(folder.is_dir, False, jobs):
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
    elif not jobs.closed:  # else the window was closed meanwhile
        text = QCoreApplication.translate(
            "dialogs", "The folder cannot be reached. Check that its drive is connected."
        )
        QMessageBox.warning(parent, title, text)


def _usable(folder: Path, parent: QWidget, title: str, jobs: Jobs) -> bool:
    """Whether there is such a folder; the user is told if Qt changed its name."""
    if asked(folder.is_dir, True, jobs):
        return True
    text = QCoreApplication.translate(
        "dialogs", "The name of this folder cannot be used here. Rename it or choose another."
    )
    QMessageBox.warning(parent, title, text)
    return False
