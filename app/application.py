"""The Qt application object, set up the same for the program and for its tests."""

from importlib import resources

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication


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
    return application
