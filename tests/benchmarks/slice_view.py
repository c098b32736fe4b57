"""Measures how fast slices are drawn.

    python -m tests.benchmarks.slice_view [--fourfold] [--slab MM]

The wheel is turned over each view of a CT of 512×512×600 voxels with a mask, and every frame is
painted at the size of a view in the ward PC's window. Wall-clock time is what the user waits;
processor time depends less on other programs.
"""

import argparse
import statistics
import time

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.slices.look import Look
from app.slices.planes import Plane
from app.slices.slab import Projection, Slab
from app.slices.view_grid import ViewGrid
from inference.values.geometry import Geometry
from inference.values.volume import Volume

LONG_SCAN = Geometry((512, 512, 600), (0.8, 0.8, 1.0))
WARD_PC = QSize(1066, 680)
"""Size of all four views together in a window of 1366×768, in pixels."""

FRAMES = 200
ROD_MM = 40.0
"""The radius of the rod that replaces the spine."""


def main() -> None:
    """Print a row for each plane."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fourfold", action="store_true", help="draw at the size of a 4K screen")
    parser.add_argument("--slab", type=float, metavar="MM", help="show maxima of this thickness")
    options = parser.parse_args()
    application = QApplication([])
    look = Look()
    look.set_slab(Slab(Projection.MAXIMUM, options.slab) if options.slab else None)
    grid = ViewGrid(look)
    grid.resize(WARD_PC * 2 if options.fourfold else WARD_PC)
    look.move_cursor((256, 256, 300))
    grid.show()
    voxels, mask = long_scan()
    grid.show_volume(Volume(voxels, LONG_SCAN, "long"))
    grid.show_mask(mask)
    application.processEvents()
    print("| view | frames a second | in processor time | median frame, ms | longest, ms |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for plane in Plane:
        wall, processor, frames = scroll(application, grid.slices[plane].viewport())
        print(
            f"| {plane.value} | {FRAMES / wall:.0f} | {FRAMES / processor:.0f} | "
            f"{1000 * statistics.median(frames):.1f} | {1000 * max(frames):.1f} |"
        )


def long_scan() -> tuple[np.ndarray, np.ndarray]:
    """Noise in int16 HU with a rod along z, and the mask of the rod (z, y, x)."""
    rng = np.random.default_rng(0)
    voxels = rng.integers(-1000, 1500, LONG_SCAN.shape, dtype=np.int16)
    _, y, x = np.ogrid[: LONG_SCAN.size[2], : LONG_SCAN.size[1], : LONG_SCAN.size[0]]
    rod = np.hypot(x - 256, y - 300) * LONG_SCAN.spacing[0] < ROD_MM
    return voxels, np.ascontiguousarray(np.broadcast_to(rod, LONG_SCAN.shape)).view(np.uint8)


def scroll(application: QApplication, widget: QWidget) -> tuple[float, float, list[float]]:
    """Scroll there and back; wall and processor seconds of all frames, and seconds of each."""
    paints = Paints()
    widget.installEventFilter(paints)
    frames = []
    processor = time.process_time()
    for number in range(FRAMES):
        start = time.perf_counter()
        before = paints.seen
        turn_wheel(widget, 1 if number < FRAMES / 2 else -1)
        while paints.seen == before:
            application.processEvents()
        application.processEvents()
        frames.append(time.perf_counter() - start)
    return sum(frames), time.process_time() - processor, frames


class Paints(QObject):
    """Counts how often a widget is painted."""

    seen = 0

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
