"""Solution markers: what nbgrader would not find is found before anything is released."""

from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.assignment import Assignment
from grader.errors import AssignmentError
from grader.markers import check_markers

from . import tiny

PATH = Path("some/tiny.ipynb")


def check(*lines, solution=True):
    """Check one cell, standing second in its notebook."""
    cell = new_code_cell("\n".join(lines), metadata=tiny.about("double", solution=solution))
    check_markers(new_notebook(cells=[new_markdown_cell("# Text"), cell]), PATH)


GOOD = [
    ["def f():", "    ### BEGIN SOLUTION", "    return 1", "    ### END SOLUTION"],
    ["### BEGIN SOLUTION", "a = 1", "### END SOLUTION", "b = 2", "### BEGIN SOLUTION", "### END SOLUTION"],
    ["### BEGIN HIDDEN TESTS", "assert f() == 1", "### END HIDDEN TESTS"],
    ["# The solution begins with a sum.", "# In the end, solve it: the solution of the system"],
    ["x = 1  # begin with one", "print('end of solution')"],
    ["# begin the loop here", "# end the loop here"],
]


@pytest.mark.parametrize("lines", GOOD, ids=lambda lines: lines[0][:30])
def test_right_markers_and_ordinary_comments_pass(lines):
    """Balanced markers, and comments that happen to use the words, are no fault."""
    assert check(*lines) is None


@pytest.mark.parametrize(
    "marker",
    [
        "### BEGIN SOLUTON", "### BEGIN  SOLUTION", "### BEGIN_SOLUTION", "### begin solution", "# Begin Solution",
        "### BEGINN SOLUTION", "### BEIGN SOLUTION", "###BEGIN SOLLUTION", "#BEGIN-SOLUTION",
        "### END SOLUTOIN", "### BEGIN HIDEN TESTS", "### BEGIN HIDDEN TEST", "### END HIDDEN  TESTS",
    ],
)  # fmt: skip
def test_misspelt_markers_are_named_with_file_cell_and_line(marker):
    """A word nbgrader would not recognise stops with file, cell, line and the right spelling."""
    with pytest.raises(AssignmentError) as caught:
        check("def f():", f"    {marker}", "    return 1")
    text = str(caught.value)
    assert text.startswith("some/tiny.ipynb: cell 'double' (number 2), line 2: ")
    assert "write ### " in text


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["### BEGIN SOLUTION", "x = 1"], "line 1: ### BEGIN SOLUTION without ### END SOLUTION"),
        (["x = 1", "### END SOLUTION"], "line 2: ### END SOLUTION without ### BEGIN SOLUTION before it"),
        (["### BEGIN SOLUTION", "### BEGIN SOLUTION"], "line 2: ### BEGIN SOLUTION inside a region that line 1 opened"),
        (["### BEGIN SOLUTION", "### END HIDDEN TESTS"], "line 2: ### END HIDDEN TESTS without"),
        (["### END SOLUTION", "### BEGIN SOLUTION"], "line 1: ### END SOLUTION without"),
    ],
)
def test_unbalanced_markers_are_named_with_file_cell_and_line(lines, words):
    """A region that does not open or close stops with file, cell and line."""
    with pytest.raises(AssignmentError) as caught:
        check(*lines)
    assert "some/tiny.ipynb: cell 'double' (number 2), " in str(caught.value)
    assert words in str(caught.value)


def test_solution_outside_a_solution_cell():
    """A solution in a cell that nbgrader does not clear would be released as it is."""
    with pytest.raises(AssignmentError, match="whose nbgrader metadata say solution"):
        check("### BEGIN SOLUTION", "### END SOLUTION", solution=False)


def test_cells_without_an_id_are_told_by_their_number():
    """A cell that has no id is named by its place."""
    with pytest.raises(AssignmentError, match=r"cell 1 \(number 1\), line 1"):
        check_markers(new_notebook(cells=[new_code_cell("### BEGIN SOLUTION")]), PATH)


@pytest.mark.parametrize("name", ["02-softmax-and-losses", "03-gradient-checking"])
def test_markers_of_the_courses_assignments(name):
    """The course's own notebooks have no fault."""
    assignment = Assignment.find(name)
    assert check_markers(assignment.source, assignment.notebook_path) is None
