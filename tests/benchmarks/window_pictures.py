"""Makes the pictures of the window for the README and the guide, from a session on the demo case.

    python -m tests.benchmarks.window_pictures

runs the session under Xvfb in English and in German. The pictures keep their size in the README,
and are made smaller for the guide.
"""

import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

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

GUIDE_WIDTH = 720

SCREEN = ("xvfb-run", "--auto-servernum", "--server-args=-screen 0 1366x768x24")


def tell(language: str, ct: Path, out: Path) -> None:
    """Run the session with a CT in one language, with pictures in ``out``.

    Raises:
        subprocess.CalledProcessError: it did not reach its end.
    """
    story = (sys.executable, "-m", "tests.benchmarks.story", str(ct), "--out", str(out))
    subprocess.run((*SCREEN, *story, "--language", language), check=True)


def main() -> None:
    """Write all pictures."""
    for language in ("en", "de"):
        with TemporaryDirectory() as folder:
            out = Path(folder)
            ct = shutil.copy(DEMO, out / "trunk_ct.nii.gz")  # the queue also uses the demo itself
            tell(language, Path(ct), out)
            if language == "en":
                for name, step in README.items():
                    QImage(str(out / f"{step}.png")).save(str(PICTURES / f"{name}.png"))
            target = GUIDE / language
            target.mkdir(parents=True, exist_ok=True)
            for name, step in IN_GUIDE.items():
                picture = QImage(str(out / f"{step}.png"))
                smooth = Qt.TransformationMode.SmoothTransformation
                picture.scaledToWidth(GUIDE_WIDTH, smooth).save(str(target / f"{name}.png"))


if __name__ == "__main__":
    main()
