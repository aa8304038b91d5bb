"""An answer counts wherever it stands, and of several the one the student means; the verdict says which."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.blank import blank_cells

from . import tiny

HALF = "def double(x):\n    return x / 2"


def add(cell, *, after="", before=""):
    """Make the edit that inserts a cell beside one of the released cells."""

    def edit(notebook):
        place = notebook.cells.index(tiny.cell_of(notebook, after or before))
        notebook.cells.insert(place + bool(after), cell)

    return edit


@pytest.mark.parametrize(
    "place", [{"before": "double"}, {"after": "double"}, {"after": "test_double"}, {"after": "why"}]
)
def test_an_answer_in_any_cell_counts_beside_an_untouched_stub(grade, place):
    """Above the stub, below it, below the check and at the end: the stub gives way, and the report says so."""
    result = grade(add(new_code_cell(tiny.DOUBLE), **place), double=None)
    assert result.score == 5
    assert result.repairs == ["double: the cell provided is as it was released; the answer in another cell counts"]
    assert "double" not in result.blank


@pytest.mark.parametrize("text", ["double = lambda x: 2 * x", "%%time\n" + tiny.DOUBLE, "!pip list\n" + tiny.DOUBLE])
def test_an_answer_may_be_written_in_any_way(grade, text):
    """A lambda, and a cell with magics, are answers too."""
    assert grade(add(new_code_cell(text), after="double"), double=None).score == 5


def test_a_copy_of_the_stub_does_not_undo_an_answer(grade, released):
    """A pasted copy of the stub below the answer, with or without nbgrader's metadata, is passed over."""
    stub = tiny.cell_of(released, "double").source
    assert grade(add(new_code_cell(stub), after="double")).score == 5
    with_id = new_code_cell(stub, metadata=tiny.cell_of(released, "double").metadata)
    assert grade(add(with_id, after="double")).score == 5


def test_of_answers_above_the_check_the_last_counts(grade):
    """Two answers under one id are run as in the student's kernel, so the last one is the function, and it is told."""
    for first, second, score in ((HALF, tiny.DOUBLE, 5), (tiny.DOUBLE, HALF, 4)):

        def copy(notebook, second=second):
            cell = nbformat.from_dict(tiny.cell_of(notebook, "double"))
            cell.update(id="copy", source=second)
            notebook.cells.insert(notebook.cells.index(tiny.cell_of(notebook, "double")) + 1, cell)

        result = grade(copy, double=first)
        assert result.score == score
        assert result.repairs == ["cell 'double' was there 2 times: all are run, and the last answer counts"]


def test_an_answer_in_a_check_cell_counts(grade):
    """A function typed into the check cell runs above the restored check."""
    result = grade(double=None, test_double=tiny.DOUBLE + "\nassert double(2) == 4")
    assert result.score == 5
    assert (
        "locked cell 'test_double' was changed; restored, and what was written there is kept in a cell of its own"
        in result.repairs
    )


def test_an_import_in_a_locked_cell_counts(grade):
    """What a student imports in the course's import cell is there for the functions."""
    imports = "import math\nimport numpy as np\nimport nnlib"
    assert grade(imports=imports, double="def double(x):\n    return x * math.ldexp(1.0, 1)").score == 5


def test_a_better_answer_below_its_check_counts(grade):
    """A second attempt below the check, as the student's kernel has it in the end, counts where it does better."""
    result = grade(add(new_code_cell(tiny.DOUBLE), after="test_double"), double=HALF)
    assert result.score == 5
    assert result.repairs == ["double: of several answers, the one below its check counts"]


def test_a_worse_experiment_below_its_check_costs_nothing(grade):
    """What is tried out below a right answer does not take its points."""
    result = grade(add(new_code_cell(HALF), after="test_double"))
    assert result.score == 5
    assert result.repairs == []


def test_what_was_mended_is_told_to_the_student(grade):
    """The graded notebook, and so the feedback page, begins with what was chosen or repaired; a clean one does not."""
    result = grade(imports="<b>mine</b> = 1")
    told = nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4).cells[0]
    assert "locked cell &#x27;imports&#x27; was changed" in told.source
    assert "<b>mine" not in told.source
    clean = nbformat.reads(grade().notebooks["tiny.ipynb"].decode(), as_version=4).cells[0]
    assert clean.source == "# A tiny assignment"


# -- written answers -------------------------------------------------------------------------------------------------


def test_nothing_written_is_blank(grade, released):
    """An untouched question, and an untouched exercise, are blank."""
    result = grade(why=None, double=None)
    assert result.blank == ["double", "why"]


@pytest.mark.parametrize("cell", [new_markdown_cell("Since it is noise."), new_code_cell("# since it is noise")])
@pytest.mark.parametrize("place", [{"before": "why"}, {"after": "why"}])
def test_a_blank_answer_with_text_beside_it_waits_for_a_person(grade, cell, place):
    """New text above or below the cell provided may be the answer, so it is not 0 at once, and the report says why."""
    result = grade(add(cell, **place), why=None)
    assert result.blank == []
    assert result.repairs[-1].startswith("why: blank, but there is text beside it")


def test_text_elsewhere_is_no_answer(grade):
    """A note of the student's beside another cell does not keep a blank answer from being blank."""
    result = grade(add(new_markdown_cell("My note."), after="imports"), why=None)
    assert result.blank == ["why"]


def test_an_answer_written_into_the_question_waits(grade):
    """Text in the locked question above a blank answer waits for a person."""
    result = grade(why=None, question="Why is the mean removed?\n\nSince it is noise.")
    assert result.blank == []


@pytest.mark.parametrize("how", ["delete", "copy", "retype"])
def test_a_touched_question_waits(grade, how):
    """A question whose cell was deleted, copied or retyped is not blank, whatever stands in it."""

    def edit(notebook):
        cell = tiny.cell_of(notebook, "why")
        place = notebook.cells.index(cell)
        if how == "delete":
            del notebook.cells[place]
        elif how == "copy":
            notebook.cells.insert(place, nbformat.from_dict(cell))
            notebook.cells[place].id = "copy"
        else:
            notebook.cells[place] = new_code_cell(cell.source, metadata=cell.metadata)

    assert grade(edit, why=None).blank == []


# -- pictures ----------------------------------------------------------------------------------------------------------

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("my photo.png", "<attachment:my photo.png>"),
        ("my photo.png", "attachment:my%20photo.png"),
        ("b(1).png", "attachment:b(1).png"),
        ("b(1).png", "<attachment:b(1).png>"),
        ("ü & 'x'.png", "<attachment:ü & 'x'.png>"),
        ("a_b.png", r"attachment:a\_b.png"),
        ("scan.webp", 'attachment:scan.webp "my scan"'),
        ("100%.png", "<attachment:100%.png>"),
    ],
)
def test_a_picture_shows_whatever_its_name(grade, name, link):
    """nbconvert, which makes the pages, finds every attached picture under every way to write its link."""
    from nbconvert import HTMLExporter

    kind = "image/webp" if name.endswith("webp") else "image/png"

    def attach(notebook):
        cell = tiny.cell_of(notebook, "why")
        cell.source = f"My derivation: ![photo]({link})"
        cell.attachments = {name: {kind: PIXEL}}

    result = grade(attach)
    page, _ = HTMLExporter().from_notebook_node(nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4))
    assert f"data:{kind};base64,{PIXEL}" in page
    assert result.repairs == []


def test_a_link_to_no_picture_is_no_error(grade):
    """A link to a picture that is not there, or is none, leaves the page whole, and what was left out is told."""
    from nbconvert import HTMLExporter

    def attach(notebook):
        cell = tiny.cell_of(notebook, "why")
        cell.source = "![a](attachment:a.png) ![b](<attachment:b c.png>) ![d](attachment:d.pdf) ![a](attachment:a.png2)"
        cell.attachments = {"d.pdf": {"application/pdf": PIXEL}, "a.pn": {"image/png": PIXEL}}

    result = grade(attach)
    HTMLExporter().from_notebook_node(nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4))
    assert result.repairs == ["what is attached as 'd.pdf' is not a picture that a page can show; it was left out"]


def test_an_answer_typed_over_the_text_below_a_blank_one_waits_for_a_person():
    """What was written into the locked text beside an untouched answer may be that answer; elsewhere it is not."""
    answer = new_markdown_cell("YOUR ANSWER HERE", metadata=tiny.about("why", grade=True, solution=True, points=4))
    below = new_markdown_cell("## Next", metadata=tiny.about("next", locked=True))
    last = new_markdown_cell("## Last", metadata=tiny.about("last", locked=True))
    notebook = nbformat.v4.new_notebook(cells=[answer, below, last])
    assert blank_cells(notebook, notebook, frozenset(), frozenset(), {"next"}) == ([], ["why"])
    assert blank_cells(notebook, notebook, frozenset(), frozenset(), {"last"}) == (["why"], [])
