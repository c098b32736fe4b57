"""Tables as text: comma-separated for a file, tab-separated for the clipboard.

Numbers in a file have a decimal point in every language. Those on the clipboard have the mark that
the user's spreadsheet expects: a German one takes 14.8 for the 14th of August. Neither has a unit:
the header names it.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

Cell = str | float | None
"""A text, a number, or nothing."""

FORMULA_STARTS = ("=", "+", "-", "@")
"""Text that begins with one of these may be run as a formula by a spreadsheet."""


@dataclass(frozen=True)
class Table:
    """Rows of cells under a header.

    Attributes:
        header: names of the columns, units in brackets.
        rows: each with as many cells.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        """Check that all rows are as long as the header."""
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("a row does not fit the header")


def decimals(value: float | None, places: int) -> float | None:
    """A number rounded for a table, without a point if there are no places; None stays None."""
    return None if value is None else rounded(value, places)


def rounded(value: float, places: int) -> float:
    """A number rounded as everywhere in the program, halves to the even digit; never minus zero."""
    return round(value, places) + 0.0 if places else round(value)


def csv_text(table: Table) -> str:
    """The table as in RFC 4180: commas, quotes where needed, lines ending with CR LF."""
    text = io.StringIO()
    csv.writer(text).writerows(_lines(table))
    return text.getvalue()


def tsv_text(table: Table, mark: str) -> str:
    """The table as a spreadsheet expects it on the clipboard: tabs, one line per row.

    Args:
        mark: what numbers have between whole part and decimals.
    """
    lines = _lines(table, mark)
    return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)


def _lines(table: Table, mark: str = ".") -> Iterable[list[str]]:
    for row in (table.header, *table.rows):
        yield [_text(cell, mark) for cell in row]


def _text(cell: Cell, mark: str) -> str:
    """A cell as text; an apostrophe marks text that a spreadsheet would run as a formula."""
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return str(cell).replace(".", mark) if isinstance(cell, float) else str(cell)
