"""Numbers and facts in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from app import wording
from inference.values.table import decimals
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


halves = st.builds(lambda count, parts: count / parts, st.integers(-999, 9999), st.just(32))
"""Figures half-way between two shorter ones, as multiples of a spacing often are."""


@given(value=halves | st.floats(-1e4, 1e4), places=st.integers(0, 3))
def test_a_figure_is_the_same_on_the_screen_and_in_a_table(value: float, places: int) -> None:
    text = wording.number_text(value, places)
    assert float(text) == decimals(value, places)
    assert not (text.startswith("-") and float(text) == 0)
