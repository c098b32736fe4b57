"""The page that is shown while no CT is open: what to do first."""

import html
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.widgets.elided_label import ElidedLabel, shortened_lines
from app.widgets.style import restyle
from inference.values.messages import visible

ZONE_WIDTH = 570
"""Pixels; a window of 894 has room for it beside a queue: a ward PC's 1366 at 150 %, without the
desktop's frame.
"""

ZONE_MARGIN = 16
ICON_PIXELS = 64
BUTTON_HEIGHT = 32
NAME_WIDTH = 280
"""Pixels of a recent path's name; a longer one is shortened in the middle."""


class WelcomePage(QScrollArea):
    """Says what to do first, and offers it as buttons; scrolls on a low screen."""

    folder_asked = Signal()
    file_asked = Signal()
    demo_asked = Signal()
    recent_asked = Signal(Path)
    forget_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """A page without recent paths."""
        super().__init__(parent)
        self._open = QPushButton(self.tr("Open &folder…"))
        self._zone = self._drop_zone()
        self.set_next_step(True)
        self._recent_box = QWidget()
        self._recent_box.setFixedWidth(ZONE_WIDTH)
        self._recent = QGridLayout(self._recent_box)
        self._recent.setColumnStretch(1, 1)
        self._recent.setVerticalSpacing(2)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.addStretch(2)
        layout.addWidget(self._zone, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(12)
        layout.addWidget(self._recent_box, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_hovering(self, hovering: bool) -> None:
        """Show whether what the user drags would be accepted if dropped now."""
        restyle(self._zone, "dropzone", "hot" if hovering else "true")

    def set_next_step(self, next_step: bool) -> None:
        """Set whether opening a CT is the next step."""
        restyle(self._open, "emphasised", next_step)

    def focus_next_step(self) -> None:
        """Give the focus to opening a CT, for Return and Space."""
        self._open.setFocus()

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer these paths."""
        while (item := self._recent.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        self._recent_box.setVisible(bool(paths))
        if not paths:
            return
        heading = QLabel(self.tr("Recently opened"))
        heading.setProperty("heading", True)
        heading.setContentsMargins(4, 0, 0, 0)
        forget = QPushButton(self.tr("Clear list"))
        forget.setFlat(True)
        forget.setProperty("link", True)
        forget.clicked.connect(self.forget_asked)
        self._recent.addWidget(heading, 0, 0)
        self._recent.addWidget(forget, 0, 1, alignment=Qt.AlignmentFlag.AlignRight)
        for row, path in enumerate(paths, start=1):
            self._recent.addWidget(self._recent_button(path), row, 0)
            folder = ElidedLabel(visible(str(path.parent)))
            folder.setProperty("quiet", True)
            self._recent.addWidget(folder, row, 1)

    def _drop_zone(self) -> QFrame:
        zone = QFrame()
        zone.setProperty("dropzone", "true")
        zone.setFixedWidth(ZONE_WIDTH)
        icon = QLabel()
        icon.setFixedHeight(ICON_PIXELS)
        icon.setPixmap(QApplication.windowIcon().pixmap(ICON_PIXELS, ICON_PIXELS))
        heading = QLabel(self.tr("Drop a CT here"))
        font = heading.font()
        font.setPointSizeF(font.pointSizeF() * 2)
        heading.setFont(font)
        explanation = QLabel(
            self.tr(
                "A DICOM folder, a zip archive, or a NIfTI, NRRD or MHA file. Drop several "
                "to queue them."
            )
        )
        explanation.setProperty("quiet", True)
        explanation.setWordWrap(True)
        # The zone has a fixed width, so that the number of lines is known; a layout assumes one.
        explanation.setMinimumHeight(explanation.heightForWidth(ZONE_WIDTH - 2 * ZONE_MARGIN))
        layout = QVBoxLayout(zone)
        layout.setContentsMargins(ZONE_MARGIN, ZONE_MARGIN, ZONE_MARGIN, ZONE_MARGIN)
        layout.setSpacing(10)
        for label in (icon, heading, explanation):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addSpacing(8)
        layout.addLayout(self._buttons())
        return zone

    def _buttons(self) -> QHBoxLayout:
        file, demo = QPushButton(self.tr("Open f&ile…")), QPushButton(self.tr("Try the &demo case"))
        buttons = QHBoxLayout()
        buttons.addStretch()
        for button, asked in (
            (self._open, self.folder_asked),
            (file, self.file_asked),
            (demo, self.demo_asked),
        ):
            button.setMinimumHeight(BUTTON_HEIGHT)
            button.clicked.connect(asked)
            buttons.addWidget(button)
        buttons.addStretch()
        return buttons

    def _recent_button(self, path: Path) -> QPushButton:
        name = shortened_lines(visible(path.name), self.fontMetrics(), NAME_WIDTH)
        button = QPushButton(name.replace("&", "&&"))
        button.setFlat(True)
        button.setProperty("link", True)
        button.setToolTip(f"<p>{html.escape(visible(str(path)))}</p>")
        button.setAccessibleName(self.tr("Open {0}").format(visible(str(path))))
        button.clicked.connect(lambda: self.recent_asked.emit(path))
        return button
