"""When a view is drawn: once a frame, never while hidden, and always as it is now."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.slices import canvas
from app.slices.image import BONE, SOFT_TISSUE
from app.slices.labels import LabelLayer, Structure
from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.slab import Projection, Slab
from app.slices.slice_view import SliceView
from app.slices.view_grid import ViewGrid
from inference.values.geometry import Geometry
from inference.values.volume import Volume

GEOMETRY = Geometry((24, 20, 26), (1.0, 1.2, 1.5), direction=(-1, 0, 0, 0, 1, 0, 0, 0, 1))
MIDDLE = (12, 10, 13)
VOLUME = Volume(
    np.random.default_rng(0).integers(-1000, 1500, GEOMETRY.shape, dtype=np.int16), GEOMETRY, "CT"
)


class Scene:
    """Everything that the views show, and views that show it."""

    def __init__(self) -> None:
        """A mask with two labels."""
        self.look = Look()
        self.look.move_cursor(MIDDLE)
        self.mask = np.zeros(GEOMETRY.shape, np.uint8)
        self.mask[4:22, 5:15, 6:18] = 1
        labels = self.mask * np.where(np.arange(26) < 13, 1, 2).astype(np.uint8)[:, None, None]
        labels[:, :, 6:8] = 0
        structures = {
            1: Structure("L1", False, QColor(255, 0, 0), middle=(12, 10, 8)),
            2: Structure("L2?", True, QColor(0, 255, 0)),
        }
        self.every_layer = LabelLayer(labels, structures)
        self.layer: LabelLayer | None = None
        self.compared: np.ndarray | None = None
        self.grid = self.shown()

    def shown(self) -> ViewGrid:
        """Views that show it for the first time."""
        grid = ViewGrid(self.look)
        grid.resize(500, 400)
        grid.make_slices()
        grid.show()
        QApplication.processEvents()  # every view has its place
        grid.show_volume(VOLUME)
        grid.show_mask(self.mask)
        grid.show_compared(self.compared)
        grid.show_labels(self.layer)
        return grid

    def move(self, along: int, by: int) -> None:
        """Move the crosshair."""
        cursor = list(self.look.cursor)
        cursor[along] = min(max(cursor[along] + by, 0), GEOMETRY.size[along] - 1)
        self.look.move_cursor((cursor[0], cursor[1], cursor[2]))

    def correct(self) -> None:
        """Change the mask in place."""
        self.mask[10:14, 3:12, 4:16] ^= 1
        self.grid.refresh_mask()

    def label(self, labelled: bool) -> None:
        """Colour the vertebrae, or the spine as one."""
        self.layer = self.every_layer if labelled else None
        self.grid.show_labels(self.layer)

    def compare(self, compared: bool) -> None:
        """Show another mask, or none."""
        self.compared = np.roll(self.mask, 2, axis=2) if compared else None
        self.grid.show_compared(self.compared)


def pictures(grid: ViewGrid) -> list[QImage]:
    return [view.picture(1) for view in grid.slices.values()]


booleans = st.booleans()
ACTS: list[st.SearchStrategy[Callable[[Scene], object]]] = [
    st.builds(
        lambda along, by: lambda scene: scene.move(along, by),
        st.sampled_from((0, 0, 1, 2)),
        st.integers(-3, 3),
    ),
    st.just(lambda scene: scene.correct()),
    st.builds(lambda on: lambda scene: scene.label(on), booleans),
    st.builds(lambda on: lambda scene: scene.compare(on), booleans),
    st.builds(lambda on: lambda scene: scene.look.change_overlay(outline=on), booleans),
    st.builds(lambda on: lambda scene: scene.look.change_overlay(shown=on), booleans),
    st.builds(lambda on: lambda scene: scene.look.set_inverted(on), booleans),
    st.builds(
        lambda one: lambda scene: scene.look.set_window(one), st.sampled_from((BONE, SOFT_TISSUE))
    ),
    st.builds(
        lambda one: lambda scene: scene.look.set_slab(one),
        st.sampled_from((None, Slab(Projection.MAXIMUM, 6.0))),
    ),
]


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(st.one_of(ACTS), st.booleans()), max_size=12))
def test_whatever_happened_before_a_view_looks_like_a_new_one(
    acts: list[tuple[Callable[[Scene], object], bool]], qapp: QApplication
) -> None:
    scene = Scene()
    for act, drawn in acts:
        act(scene)
        if drawn:
            qapp.processEvents()
    fresh = scene.shown()
    try:
        assert pictures(scene.grid) == pictures(fresh)
    finally:
        for grid in (scene.grid, fresh):
            grid.deleteLater()


@pytest.fixture
def view(qtbot: QtBot) -> SliceView:
    """A view across x that has been painted."""
    look = Look()
    look.move_cursor(MIDDLE)
    view = SliceView(Plane.SAGITTAL, look)
    qtbot.addWidget(view)
    view.show()
    view.show_volume(VOLUME)
    QApplication.processEvents()
    return view


@pytest.fixture
def drawn(view: SliceView, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The slice of each drawing from now on."""
    slices: list[int] = []
    greys = canvas.greys

    def noting(hu: np.ndarray, table: np.ndarray) -> np.ndarray:
        slices.append(view.index)
        return greys(hu, table)

    monkeypatch.setattr(canvas, "greys", noting)
    return slices


def test_many_moves_at_once_are_drawn_once(view: SliceView, drawn: list[int]) -> None:
    for x in range(3, 9):
        view._look.move_cursor((x, 10, 13))
    assert drawn == []
    QApplication.processEvents()
    assert drawn == [8]


def test_a_move_within_the_slice_does_not_draw_it_again(view: SliceView, drawn: list[int]) -> None:
    view._look.move_cursor((MIDDLE[0], 3, 4))
    QApplication.processEvents()
    assert drawn == []


def test_a_hidden_view_is_drawn_when_it_is_shown_again(view: SliceView, drawn: list[int]) -> None:
    view.hide()
    view._look.move_cursor((5, 10, 13))
    QApplication.processEvents()
    assert drawn == []
    view.show()
    QApplication.processEvents()
    assert drawn == [5]


def test_the_picture_of_a_hidden_view_is_that_of_now(view: SliceView, drawn: list[int]) -> None:
    view.hide()
    view._look.move_cursor((5, 10, 13))
    now = view.picture(1)
    view.show()
    assert view.picture(1) == now
    assert drawn == [5]
