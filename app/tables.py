"""Tables in the window's language."""

from app.translation import translated
from inference.values.table import Table


def translated_table(table: Table) -> Table:
    """The table with the engine's sentences in it translated."""
    return Table(
        tuple(map(translated, table.header)),
        tuple(
            tuple(translated(cell) if isinstance(cell, str) else cell for cell in row)
            for row in table.rows
        ),
    )
