"""The window in the user's language.

Sources are in British English; ``translations/`` holds two files for each further language: one of
the window's texts, one of the engine's sentences. To add one, see ``translations/README.md``.
"""

from numbers import Integral, Real
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from inference.values.messages import Sentence
from inference.values.table import Table

FOLDER = Path(__file__).parent / "translations"


def install_translation(application: QApplication, language: str = "") -> None:
    """Show every text of the window, and Qt's own buttons, in ``language``.

    Args:
        language: such as "de"; empty for the desktop's. English if there is no translation.
    """
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)
    own_of_qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (
        ("qtbase", own_of_qt),
        ("engine", str(FOLDER)),
        ("spinecontext", str(FOLDER)),
    ):
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)


def translated(text: str) -> str:
    """The engine's text, in the window's language if it is a ``Sentence`` with a translation."""
    if not isinstance(text, Sentence):
        return text
    template = QCoreApplication.translate("", text.template)
    return template.format(*map(_in_language, text.values))


def translated_table(table: Table) -> Table:
    """The table with the engine's sentences in it translated."""
    return Table(
        tuple(map(translated, table.header)),
        tuple(
            tuple(translated(cell) if isinstance(cell, str) else cell for cell in row)
            for row in table.rows
        ),
    )


class _Decimal(float):
    """A number that writes its decimal point as the window's language does."""

    def __format__(self, specification: str) -> str:
        return super().__format__(specification).replace(".", QLocale().decimalPoint())


def _in_language(value: object) -> object:
    if isinstance(value, str):
        return translated(value)
    # numpy's single-precision numbers are no ``float``.
    if isinstance(value, Real) and not isinstance(value, Integral):
        return _Decimal(value)
    return value
