"""Measures how fast slices are drawn.

    python -m tests.benchmarks.slice_view [--fourfold] [--slab MM]

A CT of 512×512×600 voxels with a mask is shown at the size of the views in the ward PC's window.
The wheel is turned over each view. Then the crosshair is moved obliquely, which changes all views
at once: without and with vertebrae, and with the straightened spine in the fourth place.
Wall-clock time is what the user waits; processor time depends less on other programs.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.slices.labels import LabelLayer, Structure
from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.slab import Projection, Slab
from app.slices.view_grid import ViewGrid
from app.vertebrae.layer import colour_of
from inference.mask.centre_line import CentreLine
from inference.mask.curve import curve_through
from inference.values.geometry import Geometry
from inference.values.volume import Volume

LONG_SCAN = Geometry((512, 512, 600), (0.8, 0.8, 1.0))
WARD_PC = QSize(1066, 680)
"""Size of all four views together in a window of 1366×768, in pixels."""

FRAMES = 200
ROD_MM = 40.0
"""The radius of the rod that replaces the spine."""

VERTEBRA_SLICES = 25
"""Slices of each label of the rod: the height of a vertebra."""

ROD_AT = (256, 300)
"""Column and row of the rod's middle."""


@dataclass(frozen=True)
class Frames:
    """How long frames took, in seconds.

    Attributes:
        wall: of each.
        own: processor time of the window's own thread for all.
        process: processor time of all threads for all.
    """

    wall: Sequence[float]
    own: float
    process: float


def main() -> None:
    """Print a row for each way to move."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fourfold", action="store_true", help="draw at the size of a 4K screen")
    parser.add_argument("--slab", type=float, metavar="MM", help="show maxima of this thickness")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication([])
    look = Look()
    look.set_slab(Slab(Projection.MAXIMUM, options.slab) if options.slab else None)
    grid = ViewGrid(look)
    grid.resize(WARD_PC * 2 if options.fourfold else WARD_PC)
    look.move_cursor((256, 256, 300))
    grid.show()
    print(
        "| moved | frames a second | in processor time | own thread, ms a frame "
        "| median frame, ms | longest, ms |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, frames in measured(application, grid, look):
        number = len(frames.wall)
        print(
            f"| {name} | {number / sum(frames.wall):.0f} | {number / frames.process:.0f} | "
            f"{1000 * frames.own / number:.1f} | {1000 * statistics.median(frames.wall):.1f} | "
            f"{1000 * max(frames.wall):.1f} |",
            flush=True,
        )


def measured(application: QApplication, grid: ViewGrid, look: Look) -> Iterator[tuple[str, Frames]]:
    """The frames of each way to move, with its name."""
    # Imported here because it loads pyqtgraph, whose loading another benchmark measures.
    from app.straightened.view import Spine, StraightView

    voxels, mask = long_scan()
    volume = Volume(voxels, LONG_SCAN, "long")
    grid.show_volume(volume)
    grid.show_mask(mask)
    application.processEvents()
    for plane in Plane:
        yield f"{plane.value}, by the wheel", scroll(application, grid.slices[plane].viewport())
    slices = [view.viewport() for view in grid.slices.values()]
    yield "the crosshair, in all three", move(application, slices, look)
    layer = vertebrae(mask)
    grid.show_labels(layer)
    application.processEvents()
    yield "the crosshair, with vertebrae", move(application, slices, look)
    straight = StraightView(look)
    grid.set_fourth(straight)
    straight.show_spine(Spine(volume, rod_line(), layer))
    application.processEvents()
    yield "the same and the straightened spine", move(application, [*slices, straight], look)


def long_scan() -> tuple[np.ndarray, np.ndarray]:
    """Noise in int16 HU with a rod along z, and the mask of the rod (z, y, x)."""
    rng = np.random.default_rng(0)
    voxels = rng.integers(-1000, 1500, LONG_SCAN.shape, dtype=np.int16)
    _, y, x = np.ogrid[: LONG_SCAN.size[2], : LONG_SCAN.size[1], : LONG_SCAN.size[0]]
    rod = np.hypot(x - ROD_AT[0], y - ROD_AT[1]) * LONG_SCAN.spacing[0] < ROD_MM
    return voxels, np.ascontiguousarray(np.broadcast_to(rod, LONG_SCAN.shape)).view(np.uint8)


def vertebrae(mask: np.ndarray) -> LabelLayer:
    """The rod cut into vertebrae."""
    number = np.arange(len(mask)) // VERTEBRA_SLICES + 1
    labels = mask * number.astype(np.uint8)[:, None, None]
    structures = {}
    for label in range(1, int(number[-1]) + 1):
        middle = (*ROD_AT, (label - 1) * VERTEBRA_SLICES + VERTEBRA_SLICES // 2)
        structures[label] = Structure(str(label), False, colour_of(label), middle=middle)
    return LabelLayer(labels, structures)


def rod_line() -> CentreLine:
    """The line along the rod."""
    z = np.arange(LONG_SCAN.size[2])
    voxels = np.stack([np.full_like(z, ROD_AT[0]), np.full_like(z, ROD_AT[1]), z], axis=1)
    points = LONG_SCAN.to_patient(voxels.astype(float))
    curve = curve_through(points, np.tile([0.0, 1.0, 0.0], (len(z), 1)), points)
    radius = np.full(len(z), ROD_MM)
    return CentreLine(curve, radius, radius, radius)


def scroll(application: QApplication, widget: QWidget) -> Frames:
    """Turn the wheel over a view, there and back."""
    return timed(application, [widget], lambda sign: turn_wheel(widget, sign))


def move(application: QApplication, widgets: Sequence[QWidget], look: Look) -> Frames:
    """Move the crosshair by a voxel along each axis, there and back."""

    def step(sign: int) -> None:
        x, y, z = look.cursor
        look.move_cursor((x + sign, y + sign, z + sign))

    return timed(application, widgets, step)


def timed(
    application: QApplication, widgets: Sequence[QWidget], act: Callable[[int], object]
) -> Frames:
    """Act forwards, then backwards, each time until all widgets are painted."""
    paints = [Paints(widget) for widget in widgets]
    wall = []
    own, process = time.thread_time(), time.process_time()
    for number in range(FRAMES):
        start = time.perf_counter()
        before = [each.seen for each in paints]
        act(1 if number < FRAMES / 2 else -1)
        while any(each.seen == seen for each, seen in zip(paints, before, strict=True)):
            application.processEvents()
        application.processEvents()
        wall.append(time.perf_counter() - start)
    return Frames(wall, time.thread_time() - own, time.process_time() - process)


class Paints(QObject):
    """Counts how often a widget is painted."""

    seen = 0

    def __init__(self, widget: QWidget) -> None:
        """Count from now on."""
        super().__init__()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002, N802
        """Count paint events and let them pass."""
        self.seen += event.type() == QEvent.Type.Paint
        return False


def turn_wheel(widget: QWidget, notches: int) -> None:
    """Send one wheel event to the middle of a widget."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


if __name__ == "__main__":
    main()
