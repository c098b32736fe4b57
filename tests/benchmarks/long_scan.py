"""Measures the memory of the whole program, window and engine, on a CT with many slices.

    QT_QPA_PLATFORM=offscreen python -m tests.benchmarks.long_scan --slices 1000

The CT is a DICOM series of the bundled phantom with 512×512 voxels of 0.8 mm, repeated in
alternating directions until it is long enough. It is opened in the window, run, corrected by a
stroke of the brush, and exported in every format. The figures are printed.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PySide6.QtCore import QStandardPaths

from app.cases.inputs import demo_ct
from app.settings.store import SettingsStore
from app.window.main_window import MainWindow
from inference.read import open_ct
from inference.values.geometry import Geometry
from inference.values.volume import AIR_HU
from tests.benchmarks.program import application_of_program
from tests.benchmarks.story import Story
from tests.read.dicom_factory import SeriesSettings, make_slice

SIDE = 512
SPACING_MM = 0.8


def main() -> None:
    """Make the CT, go through the session once, and print its memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slices", type=int, default=1000)
    options = parser.parse_args()
    with TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        (folder / "pictures").mkdir()
        write_long_scan(folder / "CT", options.slices)
        application = application_of_program()
        QStandardPaths.setTestModeEnabled(True)  # leaves the user's own recent folders alone
        store = SettingsStore(folder / "settings.toml", folder / "admin.toml")
        story = Story(application, MainWindow(store), folder / "pictures", folder)
        figures = story.tell_of_memory(folder / "CT")
    print(f"| {SIDE}×{SIDE}×{options.slices} | figure |\n| --- | --- |")
    for what, value in figures.items():
        print(f"| {what} | {value:.3g} |")


def write_long_scan(folder: Path, slices: int) -> None:
    """Write the phantom, repeated in alternating directions, as a DICOM series."""
    folder.mkdir()
    phantom = open_ct(demo_ct())
    geometry = Geometry((SIDE, SIDE, slices), (SPACING_MM,) * 3)
    z, y, x = (
        np.floor(np.arange(count) * SPACING_MM / mm).astype(int)
        for count, mm in zip(geometry.shape, phantom.geometry.spacing[::-1], strict=True)
    )
    planes, rows, columns = phantom.voxels.shape
    y, x = y[y < rows], x[x < columns]
    turned = np.abs((z + planes) % (2 * planes) - planes).clip(0, planes - 1)
    top, left = (SIDE - len(y)) // 2, (SIDE - len(x)) // 2
    for index, plane in enumerate(turned):
        hu = np.full((SIDE, SIDE), AIR_HU, np.int16)
        hu[top : top + len(y), left : left + len(x)] = phantom.voxels[plane][np.ix_(y, x)]
        dataset = make_slice(hu, geometry, index, SeriesSettings())
        dataset.save_as(folder / f"{index:04d}.dcm", enforce_file_format=True)


if __name__ == "__main__":
    main()
