"""Measurements in a view: shows those of its slice and takes new ones."""

from dataclasses import replace

from PySide6.QtCore import QObject

from app.measurements.board import MeasurementBoard
from app.measurements.item import MeasurementItem, Preview, label, outline
from app.measurements.measurement import Draft, Kind, Measurement, Point, distance_mm
from app.measurements.wording import value_text
from app.slices.look import Look
from app.slices.slice_view import SliceView

DRAG_PIXELS = 6.0
"""A press released further away than this has drawn a line; nearer, it was a click."""


class MeasurementLayer(QObject):
    """Shows a board's measurements in one view's slice, and adds those drawn there to the board."""

    def __init__(self, view: SliceView, look: Look, board: MeasurementBoard) -> None:
        """Work on ``view``, as long as it lives."""
        super().__init__(view)
        self._view = view
        self._board = board
        self._kind: Kind | None = None
        self._draft: Draft | None = None
        self._items: list[MeasurementItem] = []
        self._preview = Preview()
        self._preview_label = label()
        for item in (self._preview, self._preview_label):
            item.setZValue(2)
            view.box.addItem(item, ignoreBounds=True)
        view.point_pressed.connect(self._press)
        view.point_moved.connect(self._move)
        view.point_released.connect(self._release)
        board.changed.connect(self.refresh)
        look.cursor_changed.connect(self.refresh)
        self._show_draft()

    def measure(self, kind: Kind | None) -> None:
        """Take measurements of this kind from now on; None takes no more."""
        self._kind = kind
        self._draft = None
        self._view.measuring = kind is not None
        self._show_draft()

    def refresh(self) -> None:
        """Show the measurements of the current slice."""
        if self._draft is not None and self._draft.index != self._view.index:
            self._draft = None  # its slice is gone
            self._show_draft()
        volume = self._view.volume
        wanted = [
            one
            for one in (self._board.all if volume else ())
            if one.plane is self._view.plane and one.index == self._view.index
        ]
        for item in [i for i in self._items if not any(i.measurement is one for one in wanted)]:
            self._items.remove(item)
            self._view.box.removeItem(item)
        shown = [item.measurement for item in self._items]
        for one in wanted:
            if volume is not None and not any(one is other for other in shown):
                item = MeasurementItem(one, value_text(one, volume))
                item.setZValue(2)
                item.sigRegionChanged.connect(self._follow_item)
                item.sigRegionChangeFinished.connect(self._take_item)
                self._items.append(item)
                self._view.box.addItem(item, ignoreBounds=True)

    def _press(self, point: Point) -> None:
        if self._kind is not None:
            draft = self._draft or Draft(self._kind, self._view.plane, self._view.index)
            self._set_point(draft, point)

    def _move(self, point: Point) -> None:
        self._show_draft(point)

    def _release(self, point: Point) -> None:
        draft = self._draft
        if draft is None or not draft.points:
            return
        moved = distance_mm(draft.points[-1], point) * self._view.pixels_per_mm
        if moved > DRAG_PIXELS:
            self._set_point(draft, point)

    def _set_point(self, draft: Draft, point: Point) -> None:
        grown = draft.with_point(point)
        if isinstance(grown, Measurement):
            self._draft = None
            self._board.add(grown)
        else:
            self._draft = grown
        self._show_draft(point)

    def _show_draft(self, pointer: Point | None = None) -> None:
        """Show the unfinished measurement as if its next point were under the pointer."""
        draft, volume = self._draft, self._view.volume
        shown = draft is not None and pointer is not None and volume is not None
        self._preview.setVisible(shown)
        self._preview_label.setVisible(shown)
        if draft is None or pointer is None or volume is None:
            return
        self._preview.setPath(outline(draft.kind, (*draft.points, pointer)))
        grown = draft.with_point(pointer)
        text = value_text(grown, volume) if isinstance(grown, Measurement) else ""
        self._preview_label.setVisible(bool(text))
        self._preview_label.setText(text)
        self._preview_label.setPos(*pointer)

    def _follow_item(self, item: MeasurementItem) -> None:
        """Update its value while it is being changed."""
        if self._view.volume is not None:
            changed = replace(item.measurement, points=item.points)
            item.show_text(value_text(changed, self._view.volume))

    def _take_item(self, item: MeasurementItem) -> None:
        """Take over a measurement that was changed by its handles."""
        old = item.measurement
        if item.points != old.points:
            item.measurement = replace(old, points=item.points)
            self._board.replace(old, item.measurement)
