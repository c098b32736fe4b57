"""Tables in the window's language."""

from app.translation import translated
from inference.values.table import Table


def translated_table(table: Table) -> Table:
    """The table with those of its texts translated that are the engine's sentences."""
    return Table(
        tuple(map(translated, table.header)),
        tuple(
            tuple(translated(cell) if isinstance(cell, str) else cell for cell in row)
            for row in table.rows
        ),
    )
