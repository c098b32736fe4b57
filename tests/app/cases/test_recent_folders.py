"""The paths that were opened before."""

import errno
import os
from pathlib import Path

import pytest

from app.cases.recent_folders import MOST, RecentFolders, is_gone
from app.work.keeping import Keeping


def test_recent_paths_are_few_the_last_first_and_none_twice(tmp_path: Path) -> None:
    recent = RecentFolders(tmp_path / "config" / "recent.json", Keeping())
    folders = [tmp_path / str(number) for number in range(MOST + 2)]
    for folder in folders:
        folder.mkdir()
        recent.add(folder)
    recent.add(folders[3])
    assert recent.paths() == [folders[3], *(folders[n] for n in (7, 6, 5, 4, 2))]
    recent.forget(folders[7])
    assert folders[7] not in recent.paths()
    recent.clear()
    assert recent.paths() == []


@pytest.mark.parametrize("content", ["{", "5", '{"a": 1}', "[1, null]"])
def test_a_broken_list_of_recent_paths_counts_as_empty(content: str, tmp_path: Path) -> None:
    file = tmp_path / "recent.json"
    file.write_text(content)
    recent = RecentFolders(file, Keeping())
    assert recent.paths() == []
    recent.add(tmp_path)
    assert recent.paths() == [tmp_path]


def test_remembering_a_path_does_not_wait_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []
    monkeypatch.setattr(os, "fsync", waits.append)
    recent = RecentFolders(tmp_path / "recent.json", Keeping())
    recent.add(tmp_path)
    assert recent.paths() == [tmp_path]
    assert waits == []


def test_a_path_is_gone_only_if_its_drive_says_so(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    (tmp_path / "empty").mkdir()
    assert is_gone(tmp_path / "deleted")
    assert not is_gone(tmp_path / "there")
    assert not is_gone(tmp_path / "empty" / "study"), "perhaps a drive is mounted there"
    assert not is_gone(tmp_path / "unplugged" / "study")
    assert not is_gone(tmp_path / "there" / "study"), "an answer of another kind"


def test_a_path_whose_drive_answers_with_an_error_is_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "there").write_text("")

    def stale(path: Path) -> None:
        raise OSError(errno.ESTALE, "Stale file handle", str(path))

    monkeypatch.setattr(Path, "lstat", stale)
    assert not is_gone(tmp_path / "study")
