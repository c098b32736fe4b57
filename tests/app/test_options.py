"""The window's command line options."""

from pathlib import Path

import pytest

from app.options import parse_options


def test_without_options_nothing_is_fixed() -> None:
    assert parse_options(["a", "b c"]) == ([Path("a"), Path("b c")], {})


def test_settings_that_are_typed_go_by_their_names() -> None:
    _, typed = parse_options(["--mode", "full", "--max-ram", "1.5", "--language", "de"])
    assert typed == {"mode": "full", "max_ram_gib": 1.5, "language": "de"}


@pytest.mark.parametrize(
    "typed", [["--threads", "-1"], ["--max-ram", "0"], ["--mode", "fast"], ["--language", "xx"]]
)
def test_what_cannot_be_is_refused(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_options(typed)
    assert ended.value.code == 2
    assert typed[1] in capsys.readouterr().err


def test_an_empty_path_is_not_the_current_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_options([""])
    assert "the path is empty" in capsys.readouterr().err
