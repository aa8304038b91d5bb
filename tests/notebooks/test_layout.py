"""Every notebook can be read on a small screen: nothing scrolls sideways, nothing sticks together."""

import re

import pytest

from grader.assignment import Assignment, list_assignments
from grader.sync import notebook_from_script, scripts

WIDEST = 100  # characters of code beside JupyterLab's list of files in a window of 1,280 pixels

SCRIPTS = pytest.mark.parametrize("script", scripts(), ids=lambda path: path.parent.name)


def test_there_is_a_script_for_each_notebook():
    """The tests below look at something."""
    assert len(scripts()) == len(list_assignments()) == 13


@SCRIPTS
def test_no_line_of_code_scrolls_sideways(script):
    """In JupyterLab a line of code is not wrapped: what is longer is cut off."""
    code = [cell.source for cell in notebook_from_script(script).cells if cell.cell_type == "code"]
    assert [line for source in code for line in source.splitlines() if len(line) > WIDEST] == []


@SCRIPTS
def test_what_is_folded_ends_its_cell(script):
    """JupyterLab leaves no gap below a folded text; the next cell begins at a distance."""
    folded = [cell.source for cell in notebook_from_script(script).cells if "</details>" in cell.source]
    assert folded
    assert [source for source in folded if not source.endswith("</details>")] == []


@SCRIPTS
def test_what_is_folded_shows_no_marks_of_markdown(script):
    """Inside HTML, Markdown begins again only below an empty line."""
    text = "\n".join(cell.source for cell in notebook_from_script(script).cells if cell.cell_type == "markdown")
    as_html = re.findall(r"</summary>(.*?)(?:\n\n|</details>)", text, re.DOTALL)
    assert [each for each in as_html if re.search(r"[`*\[]", each)] == []


@pytest.mark.parametrize("name", list_assignments())
def test_words_stand_beside_every_picture(name):
    """Who cannot see a picture reads above or below it what it shows."""
    kinds, drawn = [], []
    for cell in Assignment.find(name).source.cells:
        kinds.append(cell.cell_type)
        drawn.append(any("image/png" in output.get("data", {}) for output in cell.get("outputs", [])))
    assert any(drawn)
    mute = [i for i, shown in enumerate(drawn) if shown and "markdown" not in (kinds[i - 1], kinds[i + 1])]
    assert mute == []
