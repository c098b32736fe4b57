"""Numbers and facts in words."""

import pytest
from PySide6.QtWidgets import QApplication

from app import wording
from inference.version import Version
from tests.app.languages import speaking

BUILT = Version("1.2.3", "1a2b3c4d5e", "2026-11-25")


@pytest.mark.parametrize(
    ("language", "version", "expected"),
    [
        ("en", BUILT, "1.2.3 (build 1a2b3c4d5e of 25 Nov 2026)"),
        ("de", BUILT, "1.2.3 (Build 1a2b3c4d5e vom 25.11.2026)"),
        ("en", Version("1.2.3"), "1.2.3 (from source)"),
        ("de", Version("1.2.3"), "1.2.3 (aus dem Quelltext)"),
    ],
)
def test_the_version_is_told_in_the_language_of_the_window(
    language: str,
    version: Version,
    expected: str,
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wording, "version", lambda: version)
    with speaking(language, qapp):
        assert wording.version_in_words() == expected
