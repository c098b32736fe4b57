"""Tables as text: comma-separated for a file, tab-separated for the clipboard.

Numbers have a decimal point whatever the language, and no unit: that stands in the header.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

Cell = str | float | None
"""A text, a number, or nothing."""

FORMULA_STARTS = ("=", "+", "-", "@")
"""What a spreadsheet takes a text for a formula by, and may run it."""


@dataclass(frozen=True)
class Table:
    """Rows of cells under a header.

    Attributes:
        header: names of the columns, units in brackets.
        rows: as many cells each.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        """Hold all rows to the header's length."""
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("a row does not fit the header")


def decimals(value: float | None, places: int) -> float | None:
    """A number rounded for a table, a whole one where no places are left; None stays."""
    if value is None:
        return None
    return round(value, places) if places else round(value)


def csv_text(table: Table) -> str:
    """The table as in RFC 4180: commas, quotes where needed, lines that end with CR LF."""
    text = io.StringIO()
    csv.writer(text).writerows(_lines(table))
    return text.getvalue()


def tsv_text(table: Table) -> str:
    """The table as a spreadsheet takes it from the clipboard: tabs, a line a row."""
    return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in _lines(table))


def _lines(table: Table) -> Iterable[list[str]]:
    for row in (table.header, *table.rows):
        yield [_text(cell) for cell in row]


def _text(cell: Cell) -> str:
    """A cell as text; one that a spreadsheet would run is marked as text by an apostrophe."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return str(cell)
