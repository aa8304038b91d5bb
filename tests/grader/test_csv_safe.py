"""What somebody typed is no formula in a spreadsheet."""

import pytest

from grader.csv_safe import safe_cell


@pytest.mark.parametrize("text", ["=cmd|'/c calc'!A1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n=1"])
def test_what_begins_like_a_formula_is_text(text):
    """An apostrophe stands before whatever a spreadsheet would compute, and nothing of the text is lost."""
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["ada", "sören müller", "a=b", "1+1", "", "'quoted", "ada@example.org"])
def test_other_text_stays_as_it_is(text):
    """An id that no spreadsheet computes is written as it is, so that other programs find it."""
    assert safe_cell(text) == text
