"""Where grading tests inside cells differs from stock nbgrader on purpose: what each of the two does.

Each test is a row of the table of differences in the docs.
"""

import json

import nbformat
import pytest

from .classic import ClassicCourse, Graded, asserts, code, make, words

ANSWER = "def double(x):\n    return 2 * x"
SOURCE = make(
    code("def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION", "double", solution=True),
    asserts("assert double(2) == 4", "first", 1),
    asserts("assert double(3) == 6\n### BEGIN HIDDEN TESTS\nassert double(7) == 14\n### END HIDDEN TESTS", "second", 2),
    asserts("double(0.25)", "partly", 4),  # what it returns are the points
    asserts("### BEGIN HIDDEN TESTS\nassert double(8) == 16\n### END HIDDEN TESTS", "all-hidden", 1),
    words("Draw it.", "draw", task=True, locked=True, points=5),
)
ALL = {"first": 1.0, "second": 2.0, "partly": 0.5}
SHOWS = "def double(x):\n    return {} if x == 0.25 else 2 * x"  # what the cell with a number ends in
ANSWERS = {
    "right": ANSWER,
    "nan": SHOWS.format("float('nan')"),
    "numpy": "import numpy as np\n" + SHOWS.format("np.float64(0.5)"),
    "negative": SHOWS.format("-1"),
    "exits": "import os\n\ndef double(x):\n    return os._exit(0) if x == 3 else 2 * x",
    "forgets-seven": "def double(x):\n    return 0 if x == 7 else 2 * x",
    "warns": "import sys\n\ndef double(x):\n    print('careful', file=sys.stderr)\n    return 2 * x",
    "shell": "listed = !ls /\n\ndef double(x):\n    return 2 * x if listed else 0",
    "network": """import socket
with socket.socket() as listener:
    listener.bind(("127.0.0.1", 0))

def double(x):
    return 2 * x""",
    "reads": """from pathlib import Path
found = [*Path("../../../source").rglob("*.ipynb")]

def double(x):
    return 2 * x if found else 0""",
    "writes": "open('left.txt', 'w').write('behind')\n\ndef double(x):\n    return 2 * x",
    "z-too-much": SHOWS.format("5"),
}


def _id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def _skips(notebook):
    for cell in notebook.cells:
        if _id(cell) in ALL:
            cell.metadata["tags"] = ["skip-execution"]


def _deletes(notebook):
    notebook.cells = [cell for cell in notebook.cells if _id(cell) != "first"]


def _twice(notebook):
    copy = nbformat.from_dict(next(cell for cell in notebook.cells if _id(cell) == "second"))
    copy.source = "pass"
    notebook.cells.append(copy)


EDITS = {"skips": _skips, "deletes": _deletes, "zz-twice": _twice}
LAST = "zzz-right"  # comes after the one that has a cell twice


@pytest.fixture(scope="session")
def both(tmp_path_factory) -> tuple[Graded, Graded]:
    """One class, one student for each difference."""
    course = ClassicCourse(tmp_path_factory.mktemp("classic") / "differences", "c.Execute.timeout = 10\n")
    course.source("hw", {"hw.ipynb": SOURCE})
    course.release()
    for student, answer in {**ANSWERS, LAST: ANSWER}.items():
        course.answer(student, "hw", double=answer)
    for student, edit in EDITS.items():
        course.answer(student, "hw", double="def double(x):\n    return 0" if student == "skips" else ANSWER)
        path = course.root / "submitted" / student / "hw" / "hw.ipynb"
        notebook = nbformat.read(path, as_version=4)
        edit(notebook)
        path.write_text(json.dumps(notebook))  # as it is: nbformat would mend what is there twice
    return course.grade_twice()


def points(graded: Graded, student: str) -> dict[str, float | None]:
    """The points of each cell of tests, None where there are none."""
    return {cell: grade.auto for cell, grade in graded.of("hw", student).items() if cell in ALL}


def test_where_nothing_is_special_there_is_no_difference(both):
    """An honest submission has the same points in both gradebooks, partial credit included."""
    stock, ours = both
    assert points(stock, "right") == points(ours, "right") == ALL


def test_a_cell_of_which_students_see_nothing_is_run(both):
    """Not a difference: a cell may hold hidden tests alone."""
    assert [side.of("hw", "right")["all-hidden"].auto for side in both] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("student", "nbgraders", "graders"),
    [
        ("nan", 4.0, 0.0),
        ("numpy", 4.0, 0.5),
        ("z-too-much", None, 4.0),
        ("negative", 4.0, 4.0),  # none: an odd rule is kept, and told
    ],
)
def test_a_cell_that_ends_in_an_odd_number(both, student, nbgraders, graders):
    """NaN is no full mark, a number of NumPy's is a number, and one that is too large stops nothing."""
    stock, ours = both
    assert points(stock, student)["partly"] == nbgraders
    assert points(ours, student)["partly"] == graders


def test_a_test_that_was_not_run_earns_nothing(both):
    """A student's tag skips test cells, whose lack of output is full marks in nbgrader; here tags are taken off."""
    stock, ours = both
    assert points(stock, "skips") == {"first": 1.0, "second": 2.0, "partly": 4.0}
    assert points(ours, "skips") == {"first": 0.0, "second": 0.0, "partly": 0.0}


def test_a_process_that_ends_costs_one_cell(both):
    """Where the kernel dies nbgrader gives up the submission, ungraded; here the cell has 0 and the others count."""
    stock, ours = both
    assert points(stock, "exits") == dict.fromkeys(ALL, None)
    assert points(ours, "exits") == {**ALL, "second": 0.0}


def test_a_word_on_stderr_costs_nothing(both):
    """A warning takes all points of a cell in nbgrader."""
    stock, ours = both
    assert points(stock, "warns") == dict.fromkeys(ALL, 0.0)
    assert points(ours, "warns") == ALL


def test_one_cell_that_is_there_twice_stops_nobody_else(both):
    """A copied test cell ends nbgrader's run: neither it nor anybody after it is graded."""
    stock, ours = both
    assert stock.ends == [1]
    assert not any(points(stock, "zz-twice").values())
    assert points(stock, LAST) == {}
    assert points(ours, "zz-twice") == points(ours, LAST) == ALL


def test_a_deleted_test_is_put_back(both):
    """nbgrader leaves it without points and for a person to look at; here it is run."""
    stock, ours = both
    deleted = [side.of("hw", "deletes")["first"] for side in both]
    assert [(grade.auto, grade.by_person) for grade in deleted] == [(None, True), (1.0, False)]
    assert points(stock, "deletes")["second"] == points(ours, "deletes")["second"] == 2.0


def test_hidden_tests_stay_hidden(both):
    """The notebook that feedback is made of shows nbgrader's students the hidden tests, and ours nothing of them."""
    stock, ours = both
    shown = [(side.root / "autograded/forgets-seven/hw/hw.ipynb").read_text() for side in both]
    assert ["double(7)" in text for text in shown] == [True, False]
    assert points(stock, "forgets-seven") == points(ours, "forgets-seven") == {**ALL, "second": 0.0}


@pytest.mark.parametrize("student", ["shell", "network", "reads"])
def test_no_command_no_network_and_no_file_of_the_course(both, student):
    """A submission may do in nbgrader what the TA may; here it is shut in, and what needs more fails."""
    stock, ours = both
    assert points(stock, student) == ALL
    assert points(ours, student) != ALL


def test_what_a_submission_writes_stays_nowhere(both):
    """nbgrader keeps files that were written while grading; here they are gone with the process."""
    left = [(side.root / "autograded/writes/hw/left.txt").exists() for side in both]
    assert left == [True, False]


def test_a_task_waits_for_a_person_in_neither(both):
    """Not a difference: a task cell's points are a person's, and neither side marks it."""
    tasks = [side.of("hw", "right")["draw"] for side in both]
    assert tasks[0] == tasks[1]


@pytest.fixture(scope="session")
def again(tmp_path_factory) -> tuple[list[Graded], list[Graded]]:
    """A student hands in again: right at first, then without a cell of tests and wrong."""
    course = ClassicCourse(tmp_path_factory.mktemp("classic") / "again", "c.Execute.timeout = 10\n")
    course.source("hw", {"hw.ipynb": SOURCE})
    course.release()
    course.answer("ada", "hw", double=ANSWER)
    first = [course.grade("stock"), course.grade("ours")]
    course.answer("ada", "hw", double="def double(x):\n    return 0")
    path = course.root / "submitted" / "ada" / "hw" / "hw.ipynb"
    notebook = nbformat.read(path, as_version=4)
    _deletes(notebook)
    nbformat.write(notebook, path)
    second = [course.grade("stock"), course.grade("ours")]
    return [first[0], second[0]], [first[1], second[1]]


def test_no_points_are_left_of_an_earlier_version(again):
    """Points of a cell that is missing from the newer work stay in nbgrader's gradebook; here they are set anew."""
    stock, ours = again
    assert [points(side, "ada") for side in stock] == [ALL, {"first": 1.0, "second": 0.0, "partly": 0.0}]
    assert [points(side, "ada") for side in ours] == [ALL, {"first": 0.0, "second": 0.0, "partly": 0.0}]
