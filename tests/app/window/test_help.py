"""Help on F1: a guide in the user's language, and all keys."""

import re

import pytest
from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QTabWidget, QTextBrowser
from pytestqt.qtbot import QtBot

from app.window.help_dialog import GUIDE, PICTURE_WIDTH, GuideBrowser, HelpDialog, guide_page


def test_f1_shows_the_guide_first_and_then_the_keys(qtbot: QtBot) -> None:
    dialog = HelpDialog()
    qtbot.addWidget(dialog)
    pages = dialog.findChild(QTabWidget)
    assert isinstance(pages, QTabWidget)
    guide, keys = pages.widget(0), pages.widget(1)
    assert isinstance(guide, QTextBrowser) and isinstance(keys, QTextBrowser)
    assert "not for diagnosis" in " ".join(guide.toPlainText().split())
    assert "Ctrl+wheel" in keys.toPlainText()


@pytest.mark.parametrize(
    ("locale", "page"), [("de_AT", "guide_de.md"), ("en_GB", "guide_en.md"), ("fr", "guide_en.md")]
)
def test_the_guide_is_in_the_language_of_the_window_or_in_english(locale: str, page: str) -> None:
    assert guide_page(QLocale(locale)).name == page


@pytest.mark.parametrize("page", ["guide_en.md", "guide_de.md"])
def test_every_picture_of_the_guide_is_there(page: str) -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", (GUIDE / page).read_text(encoding="utf-8"))
    assert pictures
    assert [name for name in pictures if not (GUIDE / name).is_file()] == []


@pytest.mark.parametrize("dots_per_pixel", [1.0, 1.5, 2.0])
def test_pictures_are_as_sharp_as_the_screen_and_equally_wide(
    dots_per_pixel: float, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GuideBrowser, "devicePixelRatioF", lambda _: dots_per_pixel)
    browser = GuideBrowser()
    qtbot.addWidget(browser)
    kind = QTextDocument.ResourceType.ImageResource.value
    for file in sorted(GUIDE.glob("*/*.png")):
        picture = browser.loadResource(kind, QUrl.fromLocalFile(str(file)))
        assert isinstance(picture, QImage)
        assert picture.width() == round(PICTURE_WIDTH * dots_per_pixel)
        assert picture.deviceIndependentSize().width() == PICTURE_WIDTH


def test_both_guides_have_the_same_sections() -> None:
    pages = [(GUIDE / f"guide_{x}.md").read_text(encoding="utf-8") for x in ("en", "de")]
    assert len({len(re.findall("^## ", page, re.MULTILINE)) for page in pages}) == 1
