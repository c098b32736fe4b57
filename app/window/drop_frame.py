"""A frame that shows that what is dragged over the images would be accepted."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget


class DropFrame(QLabel):
    """Lies over a whole widget while something is dragged over it."""

    def __init__(self, covered: QWidget) -> None:
        """A hidden frame over ``covered``."""
        super().__init__(self.tr("Drop a CT to open it, or a mask of this one"), covered)
        self.setProperty("dropframe", True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        covered.installEventFilter(self)
        self.hide()

    def show_hovering(self, hovering: bool) -> None:
        """Show whether what the user drags would be accepted if dropped now."""
        self.setVisible(hovering)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay as large as the covered widget."""
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return False
