"""A slice with a slider beside it, and a button that plays through all slices."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.slice_view import SliceView
from inference.values.volume import Volume

FRAMES_A_SECOND = 20
"""How fast slices are played: 600 slices take half a minute."""


class SlicePane(QWidget):
    """One plane of a CT, with the position of its slice among the others."""

    maximise_asked = Signal()

    def __init__(self, plane: Plane, look: Look, parent: QWidget | None = None) -> None:
        """A pane without a CT."""
        super().__init__(parent)
        self.view = SliceView(plane, look, self)
        self._look = look
        self._slider = QSlider(Qt.Orientation.Vertical)
        self._slider.setAccessibleName(self.tr("Slice: {0}").format(self.view.title))
        self._slider.valueChanged.connect(self._go_to)
        self._play = QToolButton()
        self._play.setCheckable(True)
        self._play.setArrowType(Qt.ArrowType.RightArrow)
        self._play.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._play.setToolTip(self.tr("Play through the slices (P)"))
        self._play.setAccessibleName(self.tr("Play: {0}").format(self.view.title))
        self._play.toggled.connect(self._set_playing)
        self._clock = QTimer(self, interval=round(1000 / FRAMES_A_SECOND))
        self._clock.timeout.connect(self._show_next)
        beside = QVBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self._slider, 1, Qt.AlignmentFlag.AlignHCenter)
        beside.addWidget(self._play)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addLayout(beside)
        self.setFocusProxy(self.view)
        self.view.maximise_asked.connect(self.maximise_asked)
        self.view.play_asked.connect(self._play.toggle)
        look.cursor_changed.connect(self._follow_cursor)

    def show_volume(self, volume: Volume | None) -> None:
        """Show another CT, whole and without a mask, and stop playing."""
        self.stop()
        self.view.show_volume(volume)
        view = self.view.view
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, view.across.size - 1 if view else 0)
        self._follow_cursor()

    def stop(self) -> None:
        """Stop playing."""
        self._play.setChecked(False)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Stop playing while hidden."""
        super().hideEvent(event)
        self.stop()

    def _follow_cursor(self) -> None:
        if view := self.view.view:
            with QSignalBlocker(self._slider):
                self._slider.setValue(view.place_of(self._look.cursor))

    def _go_to(self, place: int) -> None:
        if view := self.view.view:
            cursor = self._look.cursor
            self._look.move_cursor(view.stepped(cursor, place - view.place_of(cursor)))

    def _set_playing(self, playing: bool) -> None:
        if playing:
            self._clock.start()
        else:
            self._clock.stop()

    def _show_next(self) -> None:
        """Go to the next slice, and from the last to the first."""
        last = self._slider.maximum()
        self._slider.setValue(self._slider.value() + 1 if self._slider.value() < last else 0)
