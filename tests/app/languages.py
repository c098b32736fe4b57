"""Another language for as long as a test takes."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.translation import install_translation


@contextmanager
def speaking(language: str, application: QApplication) -> Iterator[None]:
    """Texts and numbers in ``language``, restored afterwards."""
    before = QLocale()
    install_translation(application, language)
    yield
    for translator in application.findChildren(QTranslator):
        application.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)
