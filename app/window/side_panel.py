"""The column beside the views: queue, case, next step, result, and how it is drawn."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.cases.identity import Identity
from app.slices.look import Look
from app.widgets.elided_label import ElidedLabel
from app.window.look_panel import LookPanel
from app.window.result_panel import ResultPanel
from app.window.run_panel import RunPanel
from app.wording import sides_text
from inference.values.volume import Volume

WIDTH = 300
"""Pixels: a third of a ward PC's 1366 would leave too little for the views."""


class SidePanel(QWidget):
    """Whose case it is and the next step stay at the top; everything else scrolls below.

    Its width is fixed, so that nothing that appears here moves an image.
    """

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """All panels, in their state with a case."""
        super().__init__(parent)
        self.run = RunPanel()
        self.result = ResultPanel()
        self.look = LookPanel(look)
        self._name = ElidedLabel()
        font = self._name.font()
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setBold(True)
        self._name.setFont(font)
        self._details = ElidedLabel()
        self._details.setProperty("quiet", True)
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._facts.setProperty("quiet", True)
        content, self._case = QWidget(), QWidget()
        self._content = QVBoxLayout(content)
        self._content.setSpacing(8)
        self._content.addWidget(self._case)
        self._scrolled = QVBoxLayout(self._case)
        self._scrolled.setContentsMargins(0, 0, 0, 0)
        self._scrolled.setSpacing(8)
        self._scrolled.addWidget(self._facts)
        self._scrolled.addWidget(self.result)
        self._scrolled.addStretch()
        self._scrolled.addWidget(_line())
        self._scrolled.addWidget(self.look)
        self.area = QScrollArea()
        self.area.setWidget(content)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._next_step = QWidget()
        self._pinned = QVBoxLayout(self._next_step)
        margins = self._content.contentsMargins()
        self._pinned.setContentsMargins(margins.left(), margins.top(), margins.right(), 0)
        self._pinned.setSpacing(8)
        for widget in (self._name, self._details, self.run):
            self._pinned.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._next_step)
        layout.addWidget(self.area, 1)
        self.setFixedWidth(WIDTH)

    def show_case(self, shown: bool) -> None:
        """Show what belongs to a case, or only the queue."""
        for part in (self._next_step, self._case):
            part.setVisible(shown)

    def show_identity(self, identity: Identity) -> None:
        """Show which case it is."""
        self._name.setText(identity.name)
        self._details.setText("\n".join(identity.details))
        self._details.setVisible(bool(identity.details))

    def show_volume(self, volume: Volume) -> None:
        """Show how large the CT is."""
        x, y, z = volume.geometry.size
        sides = sides_text(volume.geometry.spacing, 2)
        size = self.tr("{0} × {1} × {2} voxels").format(x, y, z)
        self._facts.setText(f"{size}\n{sides} mm")

    def pin(self, widget: QWidget) -> None:
        """Put a button where it is always visible."""
        self._pinned.addWidget(widget)

    def hold(self, queue: QWidget) -> None:
        """Put the queue above the case; it gets the spare room."""
        self._content.insertWidget(0, queue, 1)

    def insert(self, widget: QWidget) -> None:
        """Put a panel below the result."""
        self._scrolled.insertWidget(self._scrolled.indexOf(self.result) + 1, widget)


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line
