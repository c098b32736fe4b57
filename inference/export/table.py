"""A table as a file."""

from pathlib import Path

from inference.export.staging import staged_folder
from inference.values.table import Table, csv_text

ENCODING = "utf-8-sig"
"""UTF-8 with the byte order mark by which Excel recognises it."""


def write_csv(path: Path, table: Table) -> None:
    """Write a table to a file, completely or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    content = csv_text(table).encode(ENCODING, "backslashreplace")
    with staged_folder(path.parent) as stage:
        stage.write({path.name: lambda file: file.write(content)})
