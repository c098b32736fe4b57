"""The window in the user's language.

Sources are in British English; ``translations/`` holds one file for each further language. To add
one, see "Languages" in ``translations/README.md``.
"""

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

FOLDER = Path(__file__).parent / "translations"


def install_translation(application: QApplication, language: str = "") -> None:
    """Let every text of the window, and Qt's own buttons, appear in ``language``.

    Args:
        language: such as "de"; empty for that of the desktop. English if there is no such file.
    """
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)
    own_of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", own_of_qt), ("spinecontext", str(FOLDER))):
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)
