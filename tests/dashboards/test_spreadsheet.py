"""CSV: what spreadsheets would reckon with stays text, and comes back as it was."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.spreadsheet import guarded, written


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-x", "@sum", "\tx", "\r=1", "'=1", "\uff1d1", "+255754000000"])
def test_given_text_that_begins_as_a_formula_then_it_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["12.5", "1e6", "a=b", "", "ge-0/0/0"])
def test_given_plain_text_then_it_is_left_alone(text: str) -> None:
    assert guarded(text) == text


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4), max_size=4))
def test_given_any_cells_then_they_are_read_back_as_they_were(rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(written(rows), newline=""))) == rows
