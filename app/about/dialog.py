"""What the program is, what its model can do, and whose work it builds on."""

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.about.facts import AboutFacts, LicenceNotice
from app.widgets.dialogs import dialog_buttons, resize_within_screen

SIZE = (760, 540)
LIST_WIDTH = 220
MARGIN = 16


class AboutDialog(QDialog):
    """Version, model card and licences, each on a page."""

    def __init__(self, facts: AboutFacts, parent: QWidget | None = None) -> None:
        """Show ``facts``."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("About SpineContext Desktop"))
        resize_within_screen(self, *SIZE)
        pages = QTabWidget()
        pages.setAccessibleName(self.tr("Pages"))
        pages.addTab(self._program(facts.version), self.tr("&Program"))
        pages.addTab(self._model(facts.model_card), self.tr("&Model"))
        pages.addTab(self._licences(facts.licences), self.tr("&Licences"))
        buttons = dialog_buttons(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(pages, 1)
        layout.addWidget(buttons)

    def _program(self, version: str) -> QWidget:
        page = QTextBrowser()
        page.setAccessibleName(self.tr("About SpineContext Desktop"))
        page.document().setDocumentMargin(MARGIN)
        paragraphs = (
            self.tr("Version {0}").format(version),
            "<b>" + self.tr("For research use, not for diagnosis.") + "</b>",
            self.tr(
                "Finds the spine in a CT on this computer. No data is sent anywhere: the "
                "program does not use the network."
            ),
            self.tr(
                "The method is SpineContextResUNet, arXiv 2605.20760. A person must check "
                "every result."
            ),
            self.tr(
                "The program is under the MIT licence. What the model was trained on, and "
                "what its licence allows, is on its page."
            ),
        )
        heading = "<h2>SpineContext Desktop</h2>"
        page.setHtml(heading + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
        return page

    def _model(self, card: str) -> QWidget:
        page = QTextBrowser()
        page.setAccessibleName(self.tr("Model card"))
        page.setOpenLinks(False)
        page.setMarkdown(card or self.tr("This model has no card."))
        return page

    def _licences(self, licences: tuple[LicenceNotice, ...]) -> QWidget:
        words = QPlainTextEdit()
        words.setReadOnly(True)
        words.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        words.setAccessibleName(self.tr("Licence text"))
        components = QListWidget()
        components.setAccessibleName(self.tr("Components"))
        components.setFixedWidth(LIST_WIDTH)
        components.addItems([notice.component for notice in licences])
        components.currentRowChanged.connect(lambda row: words.setPlainText(licences[row].text))
        components.setCurrentRow(0)
        page = QWidget()
        layout = QHBoxLayout(page)
        layout.addWidget(components)
        layout.addWidget(words, 1)
        return page
