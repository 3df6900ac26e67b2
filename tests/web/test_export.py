import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.export import RISKY, cell, csv_lines


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+84 28", "-cmd|x", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")'),
        *("\uff1d1+1", "\uff0bcmd", "\uff0d1", "\uff20SUM(A1)", "-\u0661"),
    ],
)
def test_no_cell_can_be_run_as_a_formula(text: str):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("-5.00"), "-5.00"), ("-5.00", "-5.00"), (date(2026, 11, 24), "2026-11-24"), (None, ""), (True, "yes")],
)
def test_figures_and_days_stay_what_they_are(value: object, text: str):
    assert cell(value) == text


@given(st.text())
def test_whatever_upstream_says_is_never_a_formula(text: str):
    written = cell(text)
    assert not written.startswith(RISKY) or Decimal(written).is_finite()


def test_a_file_has_a_head_and_is_read_back_as_it_was():
    rows: list[list[tuple[str, object]]] = [
        [("Name", "Søndergaard, A"), ("Note", 'says "hi"\nand more')],
        [("Name", "Đà Lạt"), ("Note", None)],
    ]
    text = "".join(csv_lines(rows)).removeprefix("\ufeff")
    assert list(csv.reader(io.StringIO(text))) == [
        ["Name", "Note"],
        ["Søndergaard, A", 'says "hi"\nand more'],
        ["Đà Lạt", ""],
    ]
