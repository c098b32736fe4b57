"""The Qt application object, set up the same for the program and for its tests."""

from importlib import resources

from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QApplication

QUIET_OPACITY = 0.65
"""Of secondary text: some 6 to 1 against its ground, light or dark."""


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
    application.styleHints().colorSchemeChanged.connect(lambda: _darken_quiet_text(application))
    _darken_quiet_text(application)
    return application


def _darken_quiet_text(application: QApplication) -> None:
    """Make secondary text stand out as WCAG 2.2 asks (4.5 to 1); Qt's own has 4 to 1."""
    palette = application.palette()
    colour = palette.color(QPalette.ColorRole.WindowText)
    colour.setAlphaF(QUIET_OPACITY)
    palette.setColor(QPalette.ColorRole.PlaceholderText, colour)
    application.setPalette(palette)
