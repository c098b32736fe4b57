"""The About dialog: version, model card, licences."""

import sys
from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QTextBrowser
from pytestqt.qtbot import QtBot

from app.about.dialog import AboutDialog
from app.about.facts import AboutFacts, LicenceNotice, about_facts, model_card


def test_all_that_is_shipped_is_named_with_its_licence() -> None:
    licences = {
        notice.component.split()[0].lower(): notice.text for notice in about_facts("").licences
    }
    for name in ("numpy", "onnxruntime", "simpleitk", "pydicom", "highdicom", "pillow", "tqdm"):
        # onnxruntime comes as one of two packages, of which one has more to its name.
        text = next(text for key, text in licences.items() if key.startswith(name)).lower()
        assert "permission" in text or "licen" in text
    assert "LGPL" in licences["pyside6_essentials"]
    assert all(text.strip() for text in licences.values())


def test_tools_that_are_not_shipped_are_not_named() -> None:
    names = {notice.component.split()[0].lower() for notice in about_facts("").licences}
    assert names.isdisjoint({"pytest", "mypy", "ruff", "hypothesis", "torch"})


def test_the_program_itself_comes_first() -> None:
    first = about_facts("").licences[0]
    assert first.component == f"spinecontext {metadata.version('spinecontext')}"
    assert "MIT" in first.text


def test_the_card_is_that_of_the_model_in_use(tmp_path: Path) -> None:
    assert "not for diagnosis" in model_card()
    (tmp_path / "own.md").write_text("# Own", encoding="utf-8")
    assert model_card(str(tmp_path / "own.onnx")) == "# Own"
    assert model_card(str(tmp_path / "bare.onnx")) == ""
    assert model_card("spinecontext_resunet_free") == model_card(), "its former name"
    assert model_card("ResUNet").startswith("# resunet.onnx")


def test_an_installed_program_shows_the_texts_that_came_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("qt-6.11.3", "zlib-1.3"):
        (tmp_path / "licences" / name).mkdir(parents=True)
        (tmp_path / "licences" / name / "LICENSE").write_text(f"Words of {name}")
    (tmp_path / "licences" / "SpineContext.txt").write_text("MIT")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "spinecontext-app"))
    assert about_facts("").licences == (
        LicenceNotice("SpineContext", "MIT"),
        LicenceNotice("qt-6.11.3", "Words of qt-6.11.3"),
        LicenceNotice("zlib-1.3", "Words of zlib-1.3"),
    )


def test_the_dialog_shows_all_three(qtbot: QtBot) -> None:
    facts = AboutFacts(
        "1.2.3", "# The card", (LicenceNotice("one", "first"), LicenceNotice("two", "second"))
    )
    dialog = AboutDialog(facts)
    qtbot.addWidget(dialog)
    texts = " ".join(page.toPlainText() for page in dialog.findChildren(QTextBrowser))
    assert "1.2.3" in texts
    assert "For research use, not for diagnosis." in texts
    assert "The card" in texts
    components = dialog.findChild(QListWidget)
    assert isinstance(components, QListWidget)
    components.setCurrentRow(1)
    words = [edit.toPlainText() for edit in dialog.findChildren(QPlainTextEdit)]
    assert words == ["second"]
