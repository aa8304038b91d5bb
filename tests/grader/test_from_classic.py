"""The first step out of tests inside cells: it grades as the cell did, and what cannot be moved by rule is told."""

import nbformat
import pytest

from grader.batch import autograde
from grader.course import Course
from grader.errors import AssignmentError
from grader.from_classic import first_step

from .classic import APPS, asserts, code, make

STUB = "def double(x):\n    ### BEGIN SOLUTION\n    return FACTOR * x\n    ### END SOLUTION"
HIDDEN = """assert double(1) == 2
### BEGIN HIDDEN TESTS
x = np.arange(3)
assert (double(x) == [0, FACTOR, 4]).all()
### END HIDDEN TESTS"""


@pytest.fixture
def course(tmp_path):
    """A course, and a notebook of nbgrader's own kind outside it."""
    root = tmp_path / "course"
    root.mkdir()
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    notebook = make(
        code("import numpy as np\nFACTOR = 2", "start", locked=True),
        code(STUB, "answer", solution=True),
        asserts(HIDDEN, "correct", 2),
        asserts(
            "assert double(3) == 6\n### BEGIN HIDDEN TESTS\nassert double(-1) == -2\n### END HIDDEN TESTS", "more", 1
        ),
    )
    nbformat.write(notebook, tmp_path / "hw.ipynb")
    return root


def test_the_moved_test_decides_as_the_cell_did(course):
    """The first region becomes a hidden test, by which right work passes and work that fits the visible test fails."""
    target = course / "source" / "hw"
    written = first_step(course.parent / "hw.ipynb", target)
    assert [path.relative_to(target).as_posix() for path in written] == [
        "assignment.toml", "exercises/double.py", "hw.ipynb",
    ]  # fmt: skip
    test = (target / "exercises" / "double.py").read_text()
    assert "import numpy as np\n" in test
    assert "(student.double(x) == [0, student.value('FACTOR'), 4]).all()" in test
    for student, answer in {"ada": "def double(x):\n    return x + x", "bob": "def double(x):\n    return 2"}.items():
        notebook = nbformat.read(target / "hw.ipynb", as_version=4)
        assert [cell.metadata.nbgrader.grade_id for cell in notebook.cells] == [
            "start",
            "double",
            "test_double",
            "more",
        ]
        notebook.cells[1].source = answer
        (course / "submitted" / student / "hw").mkdir(parents=True)
        nbformat.write(notebook, course / "submitted" / student / "hw" / "hw.ipynb")
    results = {result.student: result for result in autograde("hw", Course(course), jobs=1).results}
    scores = {student: [cell.score for cell in result.cells] for student, result in results.items()}
    assert scores == {"ada": [2.0, 1.0], "bob": [0.0, 0.0]}


def test_a_notebook_of_nbgraders_is_moved_as_it_is(tmp_path):
    """nbgrader's own notebook with hidden tests becomes an assignment of ours."""
    first_step(APPS / "test-hidden-tests.ipynb", tmp_path / "ps1")
    assert (
        (tmp_path / "ps1" / "exercises" / "squares.py")
        .read_text()
        .endswith(
            "    assert student.squares(10) == [1, 4, 9, 16, 25, 36, 49, 64, 81, 100]\n"
            "    assert student.squares(11) == [1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121]\n"
        )
    )


@pytest.mark.parametrize(
    ("region", "told"),
    [
        ("double = len", "replace or delete double"),
        ("del double", "replace or delete double"),
        ("%timeit double(2)", "not plain Python"),
        ("assert True", "call no function of an answer"),
        (None, "no graded cell has a line ### BEGIN HIDDEN TESTS"),
    ],
)
def test_what_cannot_be_moved_by_rule_is_told_and_nothing_is_written(tmp_path, region, told):
    """Each reason is a line, and the target stays as it was."""
    text = "pass" if region is None else f"### BEGIN HIDDEN TESTS\n{region}\n### END HIDDEN TESTS"
    nbformat.write(make(code(STUB, "double", solution=True), asserts(text, "correct")), tmp_path / "hw.ipynb")
    with pytest.raises(AssignmentError, match=told):
        first_step(tmp_path / "hw.ipynb", tmp_path / "target")
    assert not (tmp_path / "target").exists()
