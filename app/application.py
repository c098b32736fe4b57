"""The Qt application object, set up the same for the program and for its tests."""

from importlib import resources

import shiboken6
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

BLUE = "#1f6ea6"
"""Of what stands out or is chosen; white on it has a contrast of 5.4 to 1."""

QUIET_OPACITY = 0.65
"""Of secondary text: some 6 to 1 against its ground, light or dark."""


BORDER_SHARE = 0.45
"""Of the text's colour in the colour of borders, the rest being the ground: some 3 to 1 against it,
light or dark, as WCAG 2.2 asks of controls (1.4.11)."""

FUSION_OUTLINE = 140
"""Fusion draws outlines this many percent darker than a widget's ground (``QColor.darker``)."""

OUTLINED = ("QLineEdit", "QComboBox", "QAbstractSpinBox", "QSlider", "QProgressBar")
"""Classes whose edges Fusion draws itself, and whose own ground is not the window's."""


def create_application() -> QApplication:
    """The one QApplication of the process; the settings' place on disk follows from its names."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication([])
    application.setApplicationName("SpineContext")
    application.setApplicationDisplayName("SpineContext Desktop")
    application.setDesktopFileName("spinecontext")
    application.setWindowIcon(QIcon(str(resources.files("assets") / "icons" / "spinecontext.svg")))
    application.setStyle("Fusion")
    application.styleHints().colorSchemeChanged.connect(lambda: _raise_contrast(application))
    _raise_contrast(application)
    return application


def run_until_closed(application: QApplication, window: QWidget) -> int:
    """Let a window live until it is closed, take it apart, and return the exit code.

    It goes while Qt and Python are both whole. What is left when Python ends is deleted in any
    order, children before or after their parents, and now and then that ends in a crash.
    """
    code = application.exec()
    shiboken6.delete(window)
    return code


def _raise_contrast(application: QApplication) -> None:
    """Make secondary and chosen text stand out as WCAG 2.2 asks (4.5 to 1), and borders be seen.

    Qt's own have 4 to 1 and 3.7 to 1, and borders in the dark 1.4 to 1.
    """
    palette = application.palette()
    palette.setColor(QPalette.ColorRole.Highlight, QColor(BLUE))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor("white"))
    colour = palette.color(QPalette.ColorRole.WindowText)
    colour.setAlphaF(QUIET_OPACITY)
    palette.setColor(QPalette.ColorRole.PlaceholderText, colour)
    border = border_of(palette)
    palette.setColor(QPalette.ColorRole.Dark, border)
    application.setPalette(palette)
    palette.setColor(QPalette.ColorRole.Window, border.lighter(FUSION_OUTLINE))
    for name in OUTLINED:
        # PySide6's stub asks for bytes, its binding for a str.
        application.setPalette(palette, name)  # type: ignore[arg-type]


def border_of(palette: QPalette) -> QColor:
    """A colour between text and ground. Fusion's own borders are darker than a dark ground."""
    text = palette.color(QPalette.ColorRole.WindowText)
    ground = palette.color(QPalette.ColorRole.Window)
    parts = (
        (text.red(), ground.red()),
        (text.green(), ground.green()),
        (text.blue(), ground.blue()),
    )
    return QColor(*(round(BORDER_SHARE * one + (1 - BORDER_SHARE) * other) for one, other in parts))
