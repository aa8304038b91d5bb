"""Assignments with their tests inside the cells: which score an output gives, and what students see of the tests."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from grader.batch import autograde
from grader.budget import CellEnd
from grader.course import Course
from grader.errors import AssignmentError
from grader.feedback import feedback
from grader.in_cells import score_by_output
from grader.sandbox.messages import Output, Ran

from . import tiny

STUB = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
TESTS = """assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(3) == 6, 'three is the magic number'
### END HIDDEN TESTS"""
PARTIAL = "(double(2) == 4) + (double(-2) == -4)"


def notebook(*cells):
    """Make a source notebook of these cells after the solution's."""
    first = new_code_cell(STUB, metadata=tiny.about("double", solution=True))
    return new_notebook(cells=[first, *cells], metadata=tiny.source_notebook().metadata)


def cell_of_tests(text=TESTS, grade_id="doubles", points=2):
    """Make a cell of tests."""
    return new_code_cell(text, metadata=tiny.about(grade_id, grade=True, locked=True, points=points))


@pytest.fixture
def theirs(tmp_path):
    """Somebody's nbgrader course, and a way to hand in there."""
    root = tmp_path / "theirs"
    (root / "source").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text("c = get_config()\n")

    def hand_in(student, files):
        folder = root / "submitted" / student / "hw"
        folder.mkdir(parents=True)
        for name, content in files.items():
            if isinstance(content, str):
                (folder / name).write_text(content)
                continue
            for cell in content.cells:  # as a student has them: without what is hidden
                if cell.source == TESTS:
                    cell.source = TESTS.split("\n")[0]
            nbformat.write(content, folder / name)

    return root, hand_in


def source(root, files):
    """Write the assignment ``hw``."""
    (root / "source" / "hw").mkdir()
    for name, content in files.items():
        if isinstance(content, str):
            (root / "source" / "hw" / name).write_text(content)
        else:
            nbformat.write(content, root / "source" / "hw" / name)


def answer(text, *cells):
    """Make a student's notebook with ``text`` as its function."""
    handed_in = notebook(*cells)
    handed_in.cells[0].source = text
    return handed_in


def graded(root, **options):
    """Grade the class; return its results by student."""
    summary = autograde("hw", Course(root), jobs=1, **options)
    return {result.student: result for result in summary.results}


def ends_in(text):
    """What a cell gave that ended in a value."""
    return Ran([Output("execute_result", data={"text/plain": text})])


@pytest.mark.parametrize(
    ("shown", "score", "told"),
    [
        ("3.0", 3.0, ""),
        ("1", 1.0, ""),
        ("np.float64(0.5)", 0.5, ""),
        ("np.int64(2)", 2.0, ""),
        ("0.0", 0.0, ""),
        ("'all fine'", 4.0, ""),
        ("True", 4.0, ""),
        ("-1", 4.0, "as in nbgrader, all count"),
        ("nan", 0.0, "no number of points"),
        ("np.float64(nan)", 0.0, "no number of points"),
        ("inf", 0.0, "no number of points"),
        ("5", 4.0, "no more than these count"),
    ],
)
def test_a_cell_that_ends_in_a_number_earns_it(shown, score, told):
    """A number is the score; anything else earns all points; what is no number of points is told."""
    result = score_by_output("doubles", 4.0, ends_in(shown), None)
    assert result.score == score
    assert told in result.reason
    assert bool(told) == bool(result.reason)


def test_an_error_earns_nothing_and_a_warning_costs_nothing():
    """The error is told in its own words, whatever was shown before; stderr takes nothing off."""
    failed = Ran(
        [Output("stream", "stdout", "so far so good"), Output("error", "AssertionError", "not 4")], "AssertionError"
    )
    result = score_by_output("doubles", 2.0, failed, None)
    assert (result.score, result.status, result.reason) == (0.0, "failed", "AssertionError: not 4")
    warned = Ran([Output("stream", "stderr", "DeprecationWarning: …")])
    assert score_by_output("doubles", 2.0, warned, None).score == 2.0


def test_a_cell_that_was_not_run_to_its_end_earns_nothing():
    """No verdict, no points, although such a cell has no error among its outputs."""
    assert score_by_output("doubles", 2.0, None, CellEnd("timeout", "did not end in 30 s")).status == "timeout"
    assert score_by_output("doubles", 2.0, None, None).score == 0.0
    cut = Ran([Output("stream", "stdout", "x" * 10)], "AssertionError")  # its error did not fit among the outputs
    assert score_by_output("doubles", 2.0, cut, None).score == 0.0


def test_hidden_tests_decide_and_are_never_shown(theirs):
    """What stands in a hidden region is run, and neither its text nor its words reach notebook, record or page."""
    root, hand_in = theirs
    source(root, {"hw.ipynb": notebook(cell_of_tests())})
    hand_in("ada", {"hw.ipynb": answer("def double(x):\n    return x + x", cell_of_tests())})
    hand_in("bob", {"hw.ipynb": answer("def double(x):\n    return 4", cell_of_tests())})
    hand_in("cyd", {"hw.ipynb": answer("def double(x):\n    return x", cell_of_tests())})
    results = graded(root)
    assert {name: result.score for name, result in results.items()} == {"ada": 2.0, "bob": 0.0, "cyd": 0.0}
    assert results["bob"].cells[0].reason == "AssertionError: a hidden test in this cell failed"
    feedback("hw", Course(root))
    for student in results:
        shown = [*(root / "autograded" / student).rglob("*.ipynb"), *(root / "feedback" / student).rglob("*.html")]
        shown.append(root / ".grader" / "hw" / f"{student}.json")
        assert len(shown) == 4  # with the list of the student's pages
        for path in shown:
            assert "magic" not in path.read_text(), path
            assert "double(3)" not in path.read_text(), path
    assert "double(2) == 4" in (root / "autograded" / "cyd" / "hw" / "hw.ipynb").read_text()


def test_several_notebooks_are_graded_apart_and_one_may_be_missing(theirs):
    """Cells of one name in two notebooks have scores of their own; a missing notebook has none and is told."""
    root, hand_in = theirs
    source(root, {"a.ipynb": notebook(cell_of_tests()), "b.ipynb": notebook(cell_of_tests(PARTIAL))})
    half = "def double(x):\n    return 2 * abs(x)"
    hand_in("ada", {"a.ipynb": answer(half, cell_of_tests()), "b.ipynb": answer(half, cell_of_tests(PARTIAL))})
    hand_in("bob", {"b.ipynb": answer(tiny.DOUBLE, cell_of_tests(PARTIAL))})
    results = graded(root)
    scores = {name: {cell.grade_id: cell.score for cell in result.cells} for name, result in results.items()}
    assert scores["ada"] == {"a/doubles": 2.0, "b/doubles": 1.0}
    assert scores["bob"] == {"a/doubles": 0.0, "b/doubles": 2.0}
    assert "a.ipynb was not handed in" in results["bob"].repairs
    course = Course(root)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        bob = {one.name: one for one in gradebook.find_submission("hw", "bob").notebooks}
        assert {name: one.score for name, one in bob.items()} == {"a": 0.0, "b": 2.0}
        assert not bob["a"].needs_manual_grade
    assert graded(root) == {}  # everybody is up to date


def test_a_file_that_is_for_students_to_change_is_theirs(theirs):
    """exclude_overwriting of nbgrader_config.py names files of which the student's own counts; others are put back."""
    root, hand_in = theirs
    settings = "c = get_config()\nc.Autograde.exclude_overwriting = {'hw': ['mine.py']}\n"
    (root / "nbgrader_config.py").write_text(settings)
    both = {"mine.py": "def double(x):\n    return 0\n", "ours.py": "FOUR = 4\n"}
    text = "from mine import double\nfrom ours import FOUR"
    uses = cell_of_tests("assert double(2) == FOUR == 4")
    source(root, {"hw.ipynb": notebook(uses), **both})
    own = {"mine.py": "def double(x):\n    return 2 * x\n", "ours.py": "FOUR = 5\n"}
    hand_in("ada", {"hw.ipynb": answer(text, uses), **own})
    assert graded(root)["ada"].score == 2.0


def test_tests_that_hide_stand_beside_tests_in_cells(theirs):
    """With tests_in_cells a cell with hidden tests in exercises/ is decided by these, the others by themselves."""
    root, hand_in = theirs
    source(root, {"hw.ipynb": notebook(cell_of_tests("check = 1", "test_double"), cell_of_tests(TESTS))})
    folder = root / "source" / "hw"
    (folder / "assignment.toml").write_text('title = "Homework"\ntests_in_cells = true\n')
    (folder / "exercises").mkdir()
    hidden = 'def test_double_of_five(student):\n    """Twice five is ten."""\n    assert student.double(5) == 10\n'
    (folder / "exercises" / "double.py").write_text(hidden)
    hand_in("ada", {"hw.ipynb": answer(tiny.DOUBLE, cell_of_tests("check = 1", "test_double"), cell_of_tests())})
    text = "def double(x):\n    return {2: 4, 3: 6}[x]"
    hand_in("bob", {"hw.ipynb": answer(text, cell_of_tests("check = 1", "test_double"), cell_of_tests())})
    scores = {name: [cell.score for cell in result.cells] for name, result in graded(root).items()}
    assert scores == {"ada": [2.0, 2.0], "bob": [0.0, 2.0]}


def test_time_is_what_nbgrader_gives(theirs):
    """A cell has the seconds of Execute.timeout, and 30 where the course says nothing."""
    root, _ = theirs
    source(root, {"hw.ipynb": notebook(cell_of_tests())})
    assert Course(root).assignment("hw").settings.limits.cell_seconds == 30
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 90\n")
    limits = Course(root).assignment("hw").settings.limits
    assert (limits.cell_seconds, limits.submission_seconds) == (90, 1800)


def test_another_language_is_refused_in_one_line(theirs):
    """Only Python is graded: a notebook in R is named, with its language."""
    root, _ = theirs
    foreign = notebook(cell_of_tests())
    foreign.metadata = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    source(root, {"hw.ipynb": foreign})
    with pytest.raises(AssignmentError, match=r"hw\.ipynb is written in R; only Python can be graded here\.$"):
        graded(root)


def test_a_written_answer_of_a_missing_notebook_has_no_points(theirs):
    """As in nbgrader, nobody has to look at what was not handed in."""
    root, hand_in = theirs
    why = new_markdown_cell("Why?", metadata=tiny.about("why", grade=True, solution=True, points=3))
    source(root, {"a.ipynb": notebook(why), "b.ipynb": notebook(cell_of_tests())})
    hand_in("bob", {"b.ipynb": answer(tiny.DOUBLE, cell_of_tests())})
    graded(root)
    course = Course(root)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        grade = gradebook.find_grade("why", "a", "hw", "bob")
        assert (grade.auto_score, grade.needs_manual_grade) == (0.0, False)


OUTWITS = {
    "an answer equal to everything": """
class Any:
    def __eq__(self, other):
        return True
def double(x):
    return Any()
""",
    "an error that nobody hears": """
get_ipython().run_cell_async = None
def double(x):
    from IPython.core.interactiveshell import ExecutionResult
    get_ipython().run_cell = lambda *a, **k: ExecutionResult(None)
    return 4
double(0)
""",
    "a test that is read": """
import sys
def double(x):
    frame = sys._getframe(1)
    answers = [c for c in frame.f_code.co_consts if isinstance(c, int)]
    return answers[answers.index(x) + 1]
""",
}


@pytest.mark.parametrize("text", OUTWITS.values(), ids=OUTWITS)
def test_what_outwits_a_test_in_a_cell_does_not_outwit_a_hidden_one(theirs, text):
    """What docs/coming-from-nbgrader.md says of tests inside cells is true, and moving them out ends it."""
    root, hand_in = theirs
    source(root, {"hw.ipynb": notebook(cell_of_tests("check = 1", "test_double"), cell_of_tests())})
    folder = root / "source" / "hw"
    (folder / "assignment.toml").write_text('title = "Homework"\ntests_in_cells = true\n')
    (folder / "exercises").mkdir()
    hidden = 'def test_double_of_five(student):\n    """Twice five is ten."""\n    assert student.double(5) == 10\n'
    (folder / "exercises" / "double.py").write_text(hidden)
    hand_in("eve", {"hw.ipynb": answer(text, cell_of_tests("check = 1", "test_double"), cell_of_tests())})
    assert [cell.score for cell in graded(root)["eve"].cells] == [0.0, 2.0]
