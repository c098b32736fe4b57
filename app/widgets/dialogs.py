"""What all dialogs share: their buttons, their size, and the questions that lose work or stay."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QMessageBox, QWidget

EDGE = (40, 80)
"""What a small screen must have beside and above a dialog, its title among it."""


def dialog_buttons(kinds: QDialogButtonBox.StandardButton) -> QDialogButtonBox:
    """Standard buttons in the desktop's order, the one that accepts emphasised.

    They go without Qt's icons, which are black in the dark.
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
    """Show a dialog until it is closed, and free it; whether it was accepted.

    What was chosen in it can be read until the next event. A dialog that is not freed lives, with
    all that it shows, as long as the window.
    """
    accepted = bool(dialog.exec())
    dialog.deleteLater()
    return accepted


def agreed(parent: QWidget, question: str, yes: str) -> bool:
    """Ask whether to do something that loses work; staying is the answer of Return and Escape."""
    stay = QCoreApplication.translate("dialogs", "Stay")
    return answer_to(parent, question, [yes], stay) == 0


def answer_to(parent: QWidget, question: str, answers: Sequence[str], stay: str) -> int | None:
    """Ask which of several things to do; None for none of them, as Return and Escape say too."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(QGuiApplication.applicationDisplayName())
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    buttons = [box.addButton(text, QMessageBox.ButtonRole.AcceptRole) for text in answers]
    stay_button = box.addButton(stay, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay_button)
    box.setEscapeButton(stay_button)
    run_dialog(box)
    clicked = box.clickedButton()
    return next((number for number, button in enumerate(buttons) if button is clicked), None)


def may_replace(parent: QWidget, names: Sequence[str]) -> bool:
    """Ask whether files may be replaced; where there are none, nothing is asked."""
    if not names:
        return True
    question = QCoreApplication.translate(
        "dialogs", "These files already exist:\n{0}\nReplace them?"
    )
    replace = QCoreApplication.translate("dialogs", "Replace")
    return agreed(parent, question.format("\n".join(names)), replace)


def chosen_folder(parent: QWidget, title: str, first: str) -> Path | None:
    """Let the user choose a folder to write to; None where none was chosen.

    Qt hands on a name that is not UTF-8 as another one, under which nothing must be written.
    """
    name = QFileDialog.getExistingDirectory(parent, title, first)
    return Path(name) if name and _usable(Path(name), parent, title) else None


def chosen_file(parent: QWidget, title: str, first: str, kind: str) -> Path | None:
    """Let the user name a file to write, and agree to replace it; None where none was named.

    Args:
        first: the path that is offered; its ending is that of all files of this ``kind``.
    """
    ending = Path(first).suffix
    name, _ = QFileDialog.getSaveFileName(parent, title, first, f"{kind} (*{ending})")
    return Path(name) if name and _usable(Path(name).parent, parent, title) else None


def _usable(folder: Path, parent: QWidget, title: str) -> bool:
    """Whether there is such a folder; where Qt changed its name, the user is told."""
    if folder.is_dir():
        return True
    text = QCoreApplication.translate(
        "dialogs", "The name of this folder cannot be used here. Rename it or choose another."
    )
    QMessageBox.warning(parent, title, text)
    return False
