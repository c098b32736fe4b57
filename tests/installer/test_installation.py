"""What the installed program says when its files are not as they were built."""

import sys
from pathlib import Path

import pytest

from installer.launch import installation
from installer.launch.installation import DAMAGED_EXIT_CODE, damaged_files
from installer.manifest import differences, write_list


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder like that of the installed program."""
    folder = tmp_path / "SpineContext für Ärzte"
    (folder / "_internal").mkdir(parents=True)
    (folder / "spinecontext").write_bytes(b"program")
    (folder / "_internal" / "model.onnx").write_bytes(b"weights" * 1000)
    write_list(folder)
    return folder


def test_a_whole_installation_has_no_damaged_files(installed: Path) -> None:
    assert list(damaged_files(installed, thorough=True)) == []


def test_a_missing_and_a_cut_short_file_are_found_by_their_size(installed: Path) -> None:
    (installed / "spinecontext").unlink()
    (installed / "_internal" / "model.onnx").write_bytes(b"weights")
    assert list(damaged_files(installed, thorough=False)) == [
        "_internal/model.onnx",
        "spinecontext",
    ]


def test_a_changed_byte_is_found_by_the_thorough_check_alone(installed: Path) -> None:
    model = installed / "_internal" / "model.onnx"
    model.write_bytes(b"W" + model.read_bytes()[1:])
    assert list(damaged_files(installed, thorough=False)) == []
    assert list(damaged_files(installed, thorough=True)) == ["_internal/model.onnx"]


def test_a_missing_list_is_damage(installed: Path) -> None:
    (installed / "FILES.txt").unlink()
    assert list(damaged_files(installed, thorough=False)) == ["FILES.txt"]


def test_a_damaged_program_ends_with_a_sentence_that_says_what_to_do(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed / "_internal" / "model.onnx").unlink()
    monkeypatch.setattr(sys, "executable", str(installed / "spinecontext"))
    monkeypatch.setattr(installation, "_show_on_desktop", lambda _: None)
    with pytest.raises(SystemExit) as left:
        installation.check_or_exit(["spinecontext", "demo"])
    assert left.value.code == DAMAGED_EXIT_CODE
    said = capsys.readouterr().err
    assert "model.onnx" in said
    assert "install SpineContext again" in said


def test_a_child_process_is_not_checked_again(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (installed / "_internal" / "model.onnx").unlink()
    monkeypatch.setattr(sys, "executable", str(installed / "spinecontext"))
    installation.check_or_exit(["spinecontext-app", "--multiprocessing-fork", "pipe_handle=4"])


def test_two_payloads_differ_by_the_files_that_differ(installed: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "_internal").mkdir(parents=True)
    (other / "spinecontext").write_bytes(b"program")
    (other / "_internal" / "extra.txt").write_bytes(b"")
    assert differences(installed, installed) == ()
    assert differences(installed, other) == (
        f"_internal/extra.txt is only in {other}",
        f"_internal/model.onnx is only in {installed}",
    )
