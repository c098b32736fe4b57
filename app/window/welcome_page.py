"""What the window shows while no CT is open: what to do."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

RECENT_WIDTH = 560
"""Pixels of a recent path; longer ones are shortened in the middle."""


class WelcomePage(QScrollArea):
    """Says what to do first, and offers it as buttons; scrolls where the screen is low."""

    folder_asked = Signal()
    file_asked = Signal()
    demo_asked = Signal()
    recent_asked = Signal(Path)
    forget_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """A page without recent paths."""
        super().__init__(parent)
        heading = QLabel(self.tr("Drop a CT here"))
        font = heading.font()
        font.setPointSizeF(font.pointSizeF() * 2)
        heading.setFont(font)
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        explanation = QLabel(
            self.tr(
                "A DICOM folder, a zip archive, or a NIfTI, NRRD or MHA file. "
                "Several at once make a queue."
            )
        )
        explanation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        explanation.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.addStretch()
        for text, asked in (
            (self.tr("Open &folder…"), self.folder_asked),
            (self.tr("Open f&ile…"), self.file_asked),
            (self.tr("Try the &demo case"), self.demo_asked),
        ):
            button = QPushButton(text)
            button.clicked.connect(asked)
            buttons.addWidget(button)
        buttons.addStretch()
        self._recent = QVBoxLayout()
        self._recent_box = QWidget()
        self._recent_box.setLayout(self._recent)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.addStretch(2)
        layout.addWidget(heading)
        layout.addWidget(explanation)
        layout.addSpacing(12)
        layout.addLayout(buttons)
        layout.addSpacing(24)
        layout.addWidget(self._recent_box, alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Offer these paths."""
        while (item := self._recent.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        self._recent_box.setVisible(bool(paths))
        if not paths:
            return
        self._recent.addWidget(QLabel(self.tr("Opened before:")))
        for path in paths:
            button = QPushButton(
                self.fontMetrics().elidedText(str(path), Qt.TextElideMode.ElideMiddle, RECENT_WIDTH)
            )
            button.setFlat(True)
            button.setToolTip(str(path))
            button.setAccessibleName(self.tr("Open {0}").format(path))
            button.setStyleSheet("text-align: left; padding: 4px;")
            button.clicked.connect(lambda _=False, path=path: self.recent_asked.emit(path))
            self._recent.addWidget(button)
        forget = QPushButton(self.tr("Forget these"))
        forget.setFlat(True)
        forget.setStyleSheet("text-align: left; padding: 4px;")
        forget.clicked.connect(self.forget_asked)
        self._recent.addWidget(forget)
