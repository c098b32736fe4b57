"""Help: a one-page guide, and what mouse and keys do."""

from collections.abc import Sequence
from html import escape
from importlib import resources
from pathlib import Path

from PySide6.QtCore import QLocale, Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.widgets.dialogs import dialog_buttons, resize_within_screen

SIZE = (860, 680)
Rows = Sequence[tuple[str, str]]

GUIDE = Path(str(resources.files("assets"))) / "guide"


PICTURE_WIDTH = 720
"""Pixels of a picture in the guide, whose file has twice as many for screens of 150 % and more."""


class GuideBrowser(QTextBrowser):
    """Shows a page whose pictures are as sharp as the screen, and equally wide on all."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:  # noqa: N802
        """A picture in the dots of the screen; Qt's own would be in those of its file."""
        url = QUrl(name)
        if kind != QTextDocument.ResourceType.ImageResource.value or not url.isLocalFile():
            return super().loadResource(kind, name)
        dots_per_pixel = self.devicePixelRatioF()
        smooth = Qt.TransformationMode.SmoothTransformation
        width = round(PICTURE_WIDTH * dots_per_pixel)
        picture = QImage(url.toLocalFile()).scaledToWidth(width, smooth)
        picture.setDevicePixelRatio(dots_per_pixel)
        return picture


class HelpDialog(QDialog):
    """The guide, and a table of mouse and keys for each part of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show the guide."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Help"))
        resize_within_screen(self, *SIZE)
        guide = GuideBrowser(self)
        guide.setAccessibleName(self.tr("Guide"))
        guide.setSource(QUrl.fromLocalFile(str(guide_page(QLocale()))))
        keys = QTextBrowser()
        keys.setAccessibleName(self.tr("Keys and mouse"))
        keys.setHtml("".join(_table(heading, rows) for heading, rows in self._tables()))
        pages = QTabWidget()
        pages.setAccessibleName(self.windowTitle())
        pages.addTab(guide, self.tr("&Guide"))
        pages.addTab(keys, self.tr("&Keys and mouse"))
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(pages, 1)
        layout.addWidget(buttons)

    def _tables(self) -> Sequence[tuple[str, Rows]]:
        return (
            (self.tr("In a slice, with the mouse"), self._mouse()),
            (self.tr("In a slice, with keys"), self._slice_keys()),
            (self.tr("In the 3D view"), self._surface()),
            (self.tr("Corrections"), self._corrections()),
            (self.tr("Measurements"), self._measurements()),
            (self.tr("Vertebrae"), self._vertebrae()),
            (self.tr("Everywhere"), self._everywhere()),
        )

    def _mouse(self) -> Rows:
        return (
            (self.tr("Wheel"), self.tr("scroll through the slices")),
            (self.tr("Click"), self.tr("move the crosshair here; the other views follow")),
            (self.tr("Drag with the right button"), self.tr("brightness and contrast")),
            (self.tr("Drag with the middle button"), self.tr("pan the slice")),
            (self.tr("Ctrl+wheel"), self.tr("zoom")),
            (self.tr("Double click"), self.tr("enlarge the view, or restore it")),
        )

    def _slice_keys(self) -> Rows:
        return (
            (self.tr("Up, Down; Page Up, Page Down"), self.tr("one slice; ten slices")),
            (self.tr("Home, End"), self.tr("first slice, last slice")),
            (self.tr("Shift+arrows"), self.tr("move the crosshair")),
            (self.tr("Ctrl+arrows"), self.tr("pan the slice")),
            (self.tr("Ctrl+Shift+arrows"), self.tr("brightness and contrast")),
            (self.tr("+, −, 0"), self.tr("zoom in, zoom out, the whole slice")),
            (self.tr("P"), self.tr("play through the slices, or stop")),
            (self.tr("Return"), self.tr("enlarge the view, or restore it")),
        )

    def _surface(self) -> Rows:
        return (
            (self.tr("Drag, or arrows"), self.tr("rotate the spine")),
            (self.tr("Wheel, or +, −"), self.tr("zoom")),
            (self.tr("Drag with the middle button"), self.tr("pan the spine")),
            (self.tr("0"), self.tr("the whole spine from the front")),
            (self.tr("Click, or Space"), self.tr("move the crosshair here, or to the middle")),
            (self.tr("Slider beside it"), self.tr("cut away; turn to look into the rest")),
        )

    def _corrections(self) -> Rows:
        return (
            (self.tr("L, Escape"), self.tr("look; a click changes nothing")),
            (self.tr("R, K"), self.tr("a click removes a piece, or keeps only this one")),
            (self.tr("B, E"), self.tr("brush, eraser; with 3D they reach across slices")),
            (self.tr("X"), self.tr("draw a line, or click its ends: the smaller part goes")),
            (self.tr("G, S"), self.tr("a click grows or shrinks the spine under the brush")),
            (self.tr("Shift+wheel"), self.tr("larger or smaller brush")),
            (self.tr("Ctrl+Space"), self.tr("use the tool at the crosshair")),
            (self.tr("Ctrl+Z"), self.tr("undo; the arrow beside it lists the steps")),
            (self.tr("Ctrl+Y"), self.tr("redo")),
        )

    def _measurements(self) -> Rows:
        return (
            (self.tr("D, A, C, M"), self.tr("distance, angle, Cobb angle, HU in a circle")),
            (self.tr("Drag a handle or a line"), self.tr("change a measurement, or move it")),
            (self.tr("Ctrl+Space"), self.tr("set a point at the crosshair")),
            (self.tr("Ctrl+Z, Ctrl+Y"), self.tr("undo, redo what was measured last")),
            (self.tr("Delete, in the list"), self.tr("delete a measurement")),
        )

    def _vertebrae(self) -> Rows:
        return (
            (self.tr("V, N"), self.tr("find the vertebrae, name the one at the crosshair")),
            (
                self.tr("Right click on a vertebra"),
                self.tr("name it, merge it, split it, give a piece to its neighbour"),
            ),
            (self.tr("T"), self.tr("straightened view in place of the 3D view, or back")),
            (self.tr("Space, in the list"), self.tr("hide or show the vertebra")),
        )

    def _everywhere(self) -> Rows:
        return (
            (self.tr("1, 2, 3"), self.tr("bone, soft tissue, lung")),
            (self.tr("I"), self.tr("dark bone on bright air, and back")),
            (self.tr("O, Shift+O"), self.tr("show or hide the spine; outline or filled")),
            (self.tr("F"), self.tr("whole slices in all views")),
            (self.tr("Tab"), self.tr("next view or button")),
            (self.tr("F11"), self.tr("full screen, and back")),
            (self.tr("Ctrl+O, Ctrl+R, Ctrl+E"), self.tr("open a folder, find the spine, export")),
            (self.tr("Ctrl+M"), self.tr("open a mask of this CT")),
            (self.tr("Escape"), self.tr("cancel the current task")),
        )


def guide_page(locale: QLocale) -> Path:
    """The guide in a language, or in English if there is none."""
    own = GUIDE / f"guide_{locale.name().split('_')[0]}.md"
    return own if own.is_file() else GUIDE / "guide_en.md"


def _table(heading: str, rows: Rows) -> str:
    cells = "".join(
        f'<tr><td width="220"><b>{escape(keys)}</b></td><td>{escape(does)}</td></tr>'
        for keys, does in rows
    )
    return f'<h3>{escape(heading)}</h3><table cellpadding="3">{cells}</table>'
