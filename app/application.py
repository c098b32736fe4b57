"""The Qt application object, set up the same for the program and for its tests."""

from PySide6.QtWidgets import QApplication


def create_application() -> QApplication:
    """The one QApplication of the process; the settings' place on disk follows from its names."""
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication([])
    application.setApplicationName("SpineContext")
    application.setApplicationDisplayName("SpineContext Desktop")
    application.setStyle("Fusion")
    return application
