"""Tables as text are read back unchanged."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.values.table import Table, csv_text, decimals, tsv_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=20)
NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6).map(lambda value: round(value, 2))
CELLS = st.none() | NUMBERS | TEXTS.filter(lambda text: not text.startswith(("=", "+", "-", "@")))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 5))
    row = st.tuples(*[CELLS] * columns)
    header = st.tuples(*[TEXTS.map(lambda text: f"column {text}")] * columns)
    return Table(draw(header), tuple(draw(st.lists(row, max_size=4))))


@given(tables())
def test_a_csv_reader_finds_every_cell_again(table: Table) -> None:
    header, *rows = csv.reader(io.StringIO(csv_text(table), newline=""))
    assert tuple(header) == table.header
    told = [tuple("" if cell is None else str(cell) for cell in row) for row in table.rows]
    assert [tuple(row) for row in rows] == told


@given(tables())
def test_the_clipboard_has_a_line_a_row_and_a_tab_between_two_cells(table: Table) -> None:
    lines = tsv_text(table, ".").split("\n")
    assert len(lines) == 1 + len(table.rows)
    assert {line.count("\t") for line in lines} == {len(table.header) - 1}


def test_numbers_have_a_decimal_point_and_no_unit() -> None:
    table = Table(("Volume (mL)", "Slice", "Angle (°)"), ((412.5, 12, None),))
    assert csv_text(table) == "Volume (mL),Slice,Angle (°)\r\n412.5,12,\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", '=HYPERLINK("http://x")'])
def test_a_name_is_no_formula(text: str) -> None:
    table = Table(("Name",), ((text,),))
    assert tsv_text(table, ",") == f"Name\n'{text}"


def test_a_negative_number_stays_a_number() -> None:
    assert tsv_text(Table(("Mean (HU)",), ((-12.5,),)), ".") == "Mean (HU)\n-12.5"


def test_the_clipboard_has_the_decimal_mark_of_the_spreadsheet() -> None:
    table = Table(("Mean (HU)", "No.", "File"), ((-12.5, 3, "a.nii"),))
    assert tsv_text(table, ",") == "Mean (HU)\tNo.\tFile\n-12,5\t3\ta.nii"


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Table(("a", "b"), ((1.0,),))


def test_rounding_leaves_whole_numbers_whole_and_nothing_nothing() -> None:
    assert (decimals(12.34, 1), decimals(12.6, 0), decimals(None, 1)) == (12.3, 13, None)


def test_what_is_rounded_to_nothing_has_no_sign() -> None:
    assert [str(decimals(-0.04, places)) for places in (0, 1)] == ["0", "0.0"]
