"""Makes the pictures of the window for the README and the guide, from a session on the demo case.

    python -m tests.benchmarks.window_pictures

runs the session under Xvfb: in English for the README, and in both languages at 200 % in a smaller
window for the guide. They show the times of this computer, which should have nothing else to do.
"""

import argparse
import os
import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from app.window.help_dialog import PICTURE_WIDTH

DEMO = Path(str(resources.files("assets"))) / "phantom" / "phantom_ct.nii.gz"
PICTURES, GUIDE = Path("assets/pictures"), Path("assets/guide")

README = {
    "window_empty": "1_empty",
    "window_running": "3_running",
    "window_result": "4_result",
    "window_queue": "8_queue",
}
IN_GUIDE = {"running": "3_running", "result": "4_result"}
"""Names of the pictures, and of the steps that they show."""

README_SCREEN = "1366x768"
GUIDE_SCREEN = "2048x1280"
"""Twice a window in which texts can still be read after it was made smaller."""

GUIDE_SCALE = 2

COLOURS = 256
"""In a palette, which makes the files a third smaller."""

ROUNDS = 8
"""Of moving each colour of a palette to the mean of what it stands for."""


def tell(out: Path, screen: str, scale: int, *options: str) -> None:
    """Run the session with these options, with pictures in ``out``.

    Raises:
        subprocess.CalledProcessError: it did not reach its end.
    """
    ct = shutil.copy(DEMO, out / "trunk_ct.nii.gz")  # the queue also uses the demo itself
    xvfb = ("xvfb-run", "--auto-servernum", f"--server-args=-screen 0 {screen}x24")
    story = (sys.executable, "-m", "tests.benchmarks.story", ct, "--out", str(out))
    environment = os.environ | {"QT_SCALE_FACTOR": str(scale)}
    subprocess.run((*xvfb, *story, *options), check=True, env=environment)


def smaller(picture: QImage, width: int) -> QImage:
    """The picture at another width, in few colours."""
    mode = Qt.TransformationMode.SmoothTransformation
    return in_few_colours(picture.scaledToWidth(width, mode))


def in_few_colours(picture: QImage) -> QImage:
    """The picture with a palette (Lloyd's algorithm; rare colours count by their root)."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), -1)
    found, place, count = np.unique(pixels, return_inverse=True, return_counts=True)
    weight = np.sqrt(count)
    colours = np.stack([found >> shift & 255 for shift in (16, 8, 0)], axis=1).astype(np.float32)
    palette = colours[np.argsort(-count)[:COLOURS]]
    for _ in range(ROUNDS):
        nearest = _nearest(colours, palette)
        total = np.maximum(np.bincount(nearest, weight, len(palette)), 1e-9)
        for channel in range(3):
            of_each = np.bincount(nearest, weight * colours[:, channel], len(palette))
            palette[:, channel] = of_each / total
    nearest = _nearest(colours, palette).astype(np.uint8)
    numbers = np.ascontiguousarray(nearest[place.reshape(pixels.shape)])
    height, width = numbers.shape
    made = QImage(numbers.data, width, height, width, QImage.Format.Format_Indexed8)
    red, green, blue = np.round(palette).astype(int).T
    made.setColorTable((255 << 24 | red << 16 | green << 8 | blue).tolist())
    return made.copy()


def _nearest(colours: NDArray[np.float32], palette: NDArray[np.float32]) -> NDArray[np.intp]:
    """The place in the palette of the colour nearest to each of ``colours``."""
    distances = (palette**2).sum(axis=1) - 2 * colours @ palette.T
    nearest: NDArray[np.intp] = distances.argmin(axis=1)
    return nearest


def make_for_the_readme() -> None:
    """Write the pictures of the README."""
    with TemporaryDirectory() as folder:
        tell(Path(folder), README_SCREEN, 1)
        for name, step in README.items():
            QImage(f"{folder}/{step}.png").save(str(PICTURES / f"{name}.png"))


def make_for_the_guide(language: str) -> None:
    """Write the pictures of the guide in one language."""
    target = GUIDE / language
    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        options = ("--language", language, "--to-the-result")
        tell(Path(folder), GUIDE_SCREEN, GUIDE_SCALE, *options)
        for name, step in IN_GUIDE.items():
            picture = smaller(QImage(f"{folder}/{step}.png"), GUIDE_SCALE * PICTURE_WIDTH)
            picture.save(str(target / f"{name}.png"))


def main() -> None:
    """Write all pictures."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    make_for_the_readme()
    for language in ("en", "de"):
        make_for_the_guide(language)


if __name__ == "__main__":
    main()
