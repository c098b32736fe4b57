"""The log: enough to fix the program, and nothing about a patient."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inference.errors import UnreadableInputError
from inference.system import logs
from inference.system.logs import (
    LOGGER,
    MOST_BYTES,
    OLD_FILES,
    as_defect,
    log_file,
    logging_to_file,
    private_traceback,
)
from inference.values.messages import sentence

SECRET = "MUSTERMANN^MAX 19500307"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "state"))
    file = log_file()
    assert file is not None and file.is_relative_to(tmp_path)
    return file


def fail_with_a_secret() -> None:
    try:
        Path(f"/nowhere/{SECRET}").read_bytes()
    except OSError as error:
        raise UnreadableInputError(sentence("{0} cannot be read.", SECRET)) from error


def failure() -> Exception:
    try:
        fail_with_a_secret()
    except UnreadableInputError as error:
        return error
    raise AssertionError


def test_an_exception_is_logged_with_its_places_in_the_code_and_no_message(log: Path) -> None:
    with logging_to_file():
        LOGGER.error("a run failed with %s", failure(), exc_info=failure())
    text = log.read_text("utf-8")
    assert SECRET not in text
    assert str(Path(__file__).parent) not in text
    assert "FileNotFoundError: ENOENT" in text
    assert "tests/system/test_logs.py" in text
    assert "in fail_with_a_secret" in text
    assert "UnreadableInputError: {0} cannot be read." in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("a name: %s", SECRET),
        ("a path: %s", Path(SECRET)),
        ("a list: %s", [SECRET]),
        ("a mapping: %(name)s", {"name": SECRET}),
        (ValueError(SECRET),),
    ],
    ids=str,
)
def test_text_that_may_be_a_name_is_left_out(arguments: tuple[object, ...], log: Path) -> None:
    with logging_to_file():
        LOGGER.warning(*arguments)  # type: ignore[arg-type]
        LOGGER.info("%d windows in %.1f s", 12, 3.5)
    text = log.read_text("utf-8")
    assert SECRET not in text
    assert "12 windows in 3.5 s" in text


def test_what_libraries_log_does_not_get_in(log: Path) -> None:
    with logging_to_file():
        logging.getLogger("pydicom").warning("invalid value for PN: %s", SECRET)
    assert "PN" not in log.read_text("utf-8")


def test_the_log_stays_small(log: Path) -> None:
    with logging_to_file():
        for number in range(12_000):
            LOGGER.info("a line among very many others, which is neither short nor long %d", number)
    files = sorted(log.parent.iterdir())
    assert len(files) == 1 + OLD_FILES
    assert all(file.stat().st_size <= MOST_BYTES for file in files)


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null/below", "relative/folder"])
def test_a_folder_that_cannot_be_written_to_is_no_trouble(
    place: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, place)
    with logging_to_file():
        LOGGER.info("nobody hears it")
    assert capfd.readouterr() == ("", "")


def test_the_handlers_go_with_the_block(log: Path) -> None:
    before = list(LOGGER.handlers)
    with logging_to_file(verbose=True):
        assert len(LOGGER.handlers) > len(before)
    assert LOGGER.handlers == before
    assert log.exists()


def test_a_defect_is_told_in_a_sentence_with_details_to_report() -> None:
    try:
        raise RuntimeError(f"ITK ERROR: cannot open {SECRET}")
    except RuntimeError as error:
        defect = as_defect(error)
    assert str(defect).startswith("Unexpected error (RuntimeError).")
    assert SECRET not in str(defect) + defect.details
    assert "tests/system/test_logs.py" in defect.details
    assert defect.exit_code == 1


def test_code_outside_of_known_packages_is_not_named(tmp_path: Path) -> None:
    script = tmp_path / f"{SECRET}.py"
    script.write_text("def work():\n    raise ValueError\n")
    scope: dict[str, object] = {}
    exec(compile(script.read_text(), str(script), "exec"), scope)
    try:
        scope["work"]()  # type: ignore[operator]
    except ValueError as error:
        text = private_traceback(error)
    assert SECRET not in text
    assert logs.LEFT_OUT in text


def test_a_defect_in_a_command_ends_with_1_and_verbose_shows_where_it_is(tmp_path: Path) -> None:
    program = tmp_path / "broken.py"
    program.write_text(
        "import sys\n"
        "import inference.cli.commands as commands\n"
        "from inference.__main__ import main\n"
        "def broken(*_, **__): raise RuntimeError('MUSTERMANN')\n"
        "commands.list_series = broken\n"
        "sys.exit(main(['info', 'x', *sys.argv[1:]]))\n"
    )
    for verbose in ([], ["--verbose"]):
        run = subprocess.run(
            [sys.executable, str(program), *verbose],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )
        assert run.returncode == 1
        assert "MUSTERMANN" not in run.stderr
        assert run.stderr.splitlines()[-1].startswith("Error: Unexpected error")
        assert ("in _info" in run.stderr) == bool(verbose)
