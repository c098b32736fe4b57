"""A table in a file opens in a spreadsheet; if it cannot be written, a sentence says why."""

from pathlib import Path

import pytest

from inference.errors import OutputError
from inference.export.table import write_csv
from inference.values.table import Table

TABLE = Table(("Name", "Fläche (mm²)"), (("Müller, \udcfc", 1.5),))


def test_a_file_says_that_it_is_utf8_and_replaces_an_older_one(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")
    write_csv(file, TABLE)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert file.read_text("utf-8-sig") == 'Name,Fläche (mm²)\n"Müller, \\udcfc",1.5\n'
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_csv(tmp_path / "file" / "a.csv", TABLE)
