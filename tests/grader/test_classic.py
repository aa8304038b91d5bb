"""Assignments with tests inside their cells get the scores that stock nbgrader gives, cell by cell."""

import nbformat
import pytest

from grader.course import Course
from grader.errors import AssignmentError
from grader.release import release

from .classic import APPS, GUIDE, PREPROCESSORS, ClassicCourse, Graded, asserts, code, differences, make, words

SLOW = "c.Execute.timeout = 3\n"  # seconds


ON_PURPOSE = {  # by assignment, the cells of which each side says something else; see the table in the docs
    "ps1": {"ps1/locked-cell-changed/p1/quux"},  # words stand beside an answer that looks blank: a person looks
    # Of a notebook that is missing it says "No response.", too.
    "autotest": {f"autotest/wrong/{kind}/soln" for kind in ("simple", "hashed", "multi")},
    "single": {"single/answered/timeout/squares"},
    "hw1": {f"hw1/missing/part2/{cell}" for cell in ("total", "why", "draw")},
}
SUBMITTED = (
    *("unchanged", "changed", "grade-cell-changed", "locked-cell-changed", "cheat-attempt"),
    "cheat-attempt-alternative",
)
AUTOTESTS = {  # by student, the submission of each notebook
    "right": {"simple": "changed", "hashed": "changed", "hidden": "changed-right", "multi": "changed"},
    "wrong": {"hidden": "changed-wrong"},
    "unchanged": dict.fromkeys(("simple", "hashed", "hidden", "multi"), "unchanged"),
}
SINGLE = ("validation-zero-points", "side-effects", "infinite-loop", "timeout", "validating-environment-variable")
ASSERTED = {  # by assignment, student and notebook, what nbgrader's tests/apps/test_nbgrader_autograde.py asserts
    ("ps1", "unchanged", "p1"): 1,
    ("ps1", "changed", "p1"): 2,
    ("ps1", "cheat-attempt", "p1"): 1,
    ("ps1", "cheat-attempt-alternative", "p1"): 1,
    ("autotest", "unchanged", "simple"): 0,
    ("autotest", "right", "simple"): 1,
    ("autotest", "unchanged", "hashed"): 0,
    ("autotest", "right", "hashed"): 1,
    ("autotest", "unchanged", "hidden"): 0,
    ("autotest", "wrong", "hidden"): 0,
    ("autotest", "right", "hidden"): 1,
    ("autotest", "unchanged", "multi"): 0,
    ("autotest", "right", "multi"): 3,
    ("single", "shipped", "timeout"): 0,
}


@pytest.fixture(scope="session")
def fixtures(tmp_path_factory) -> tuple[Graded, Graded]:
    """Both sides' grades of the notebooks that nbgrader's own tests use."""
    course = ClassicCourse(tmp_path_factory.mktemp("classic") / "fixtures", SLOW)
    course.source("ps1", {"p1.ipynb": APPS / "submitted-unchanged.ipynb"})
    shown = {"test.ipynb": APPS / "test.ipynb", "hidden.ipynb": APPS / "test-hidden-tests.ipynb"}
    course.source("tests", {**shown, "jupyter.png": APPS / "jupyter.png"})
    (course.root / "autotests.yml").write_bytes((APPS / "autotests.yml").read_bytes())
    kinds = AUTOTESTS["right"]
    course.source("autotest", {f"{kind}.ipynb": APPS / f"autotest-{kind}.ipynb" for kind in kinds})
    single = {f"{name}.ipynb": APPS / f"{name}.ipynb" for name in (*SINGLE, "open_relative_file")}
    single |= {
        f"{name}.ipynb": PREPROCESSORS / f"{name}.ipynb" for name in ("manually-graded-code-cell", "test_taskcell")
    }
    course.source("single", {**single, "data.txt": APPS / "data.txt"})
    course.release()
    for name in SUBMITTED:
        course.submit(name, "ps1", {"p1.ipynb": APPS / f"submitted-{name}.ipynb"})
    course.submit("solution", "tests", shown)
    course.submit("with-output", "tests", {**shown, "test.ipynb": APPS / "test-with-output.ipynb"})
    course.answer("blank", "tests")
    for student, parts in AUTOTESTS.items():
        files = {f"{kind}.ipynb": APPS / f"autotest-{kind}-{ending}.ipynb" for kind, ending in parts.items()}
        course.submit(student, "autotest", files)
    course.submit("shipped", "single", {**single, "data.txt": "one line, of the student's own"})
    longer = nbformat.read(APPS / "timeout.ipynb", as_version=4)
    longer.cells[0].source = longer.cells[0].source.replace("sleep(5)", "sleep(30)")  # past three times the limit
    nbformat.write(longer, course.root / "submitted" / "shipped" / "single" / "timeout.ipynb")
    course.answer("answered", "single", foo="print('mine')", squares="def squares(n):\n    return [n]")
    for name in ("infinite-loop", "timeout"):  # one is slow enough
        (course.root / "submitted" / "answered" / "single" / f"{name}.ipynb").unlink()
    return course.grade_twice()


@pytest.mark.parametrize("name", ["ps1", "tests", "autotest", "single"])
def test_the_notebooks_of_nbgraders_own_tests_are_graded_as_nbgrader_grades_them(fixtures, name):
    """Points, cells that wait for a person, and comments are the same in both gradebooks."""
    stock, ours = fixtures
    assert any(key[0] == name for key in stock.book)
    assert differences(stock, ours, name).keys() == ON_PURPOSE.get(name, set())


@pytest.mark.parametrize(("name", "student", "notebook"), ASSERTED)
def test_the_scores_are_those_that_nbgraders_tests_assert(fixtures, name, student, notebook):
    """A second check on the first: nbgrader's own tests name the score."""
    for side in fixtures:
        assert side.score(name, student, notebook) == ASSERTED[name, student, notebook]


def test_a_cell_may_ask_whether_it_is_graded(fixtures):
    """nbgrader says so in the environment, and cells that only work at a student's desk look there."""
    scores = [side.score("single", "shipped", "validating-environment-variable") for side in fixtures]
    assert scores == [0, 0]


@pytest.fixture(scope="session")
def guide(tmp_path_factory) -> tuple[Graded, Graded]:
    """Both sides' grades of the course that nbgrader's documentation shows and ``nbgrader quickstart`` makes."""
    header = 'c.IncludeHeaderFooter.header = "source/header.ipynb"\n'
    course = ClassicCourse(tmp_path_factory.mktemp("classic") / "guide", header)
    course.source("ps1", files_in(GUIDE / "source" / "ps1"))
    (course.root / "source" / "header.ipynb").write_bytes((GUIDE / "source" / "header.ipynb").read_bytes())
    course.release()
    for student in ("bitdiddle", "hacker"):  # the two of the documentation
        course.submit(student, "ps1", files_in(GUIDE / "submitted" / student / "ps1"))
    course.answer("right", "ps1", squares=SQUARES, sum_of_squares=SUM, **{"part-a": "Fibonacci.", "part-b": "-1"})
    course.answer("half", "ps1", squares=SQUARES.replace("n + 1", "n"), sum_of_squares=SUM)
    course.answer("blank", "ps1")
    course.answer("broken", "ps1", squares="def squares(n) return", sum_of_squares=SUM)
    return course.grade_twice()


def files_in(folder):
    """Name the files of a folder."""
    return {path.name: path for path in folder.iterdir() if path.is_file()}


SQUARES = """def squares(n):
    if n < 1:
        raise ValueError(n)
    return [i**2 for i in range(1, n + 1)]"""
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"


def test_the_course_of_nbgraders_documentation_is_graded_as_nbgrader_grades_it(guide):
    """Two notebooks and a header, two submissions that nbgrader ships, and four of ours."""
    stock, ours = guide
    assert differences(stock, ours) == {}
    scores = {student: stock.score("ps1", student) for student in ("hacker", "right", "half", "blank", "broken")}
    assert scores["right"] == 3 > scores["half"] > scores["blank"] == 0


CONFIG = """
c.ClearSolutions.begin_solution_delimeter = "ANSWER FROM HERE"
c.ClearSolutions.end_solution_delimeter = "ANSWER TO HERE"
c.ClearHiddenTests.begin_test_delimeter = "SECRET FROM HERE"
c.ClearHiddenTests.end_test_delimeter = "SECRET TO HERE"
c.IncludeHeaderFooter.header = "source/header.ipynb"
c.IncludeHeaderFooter.footer = "source/footer.ipynb"
c.Execute.timeout = 3
"""
PART1 = make(
    words("# Squares"),
    code("def square(x):\n    ### ANSWER FROM HERE\n    return x * x\n    ### ANSWER TO HERE", "square", solution=True),
    asserts("assert square(2) == 4\n### SECRET FROM HERE\nassert square(-3) == 9\n### SECRET TO HERE", "squares", 2),
    asserts("points = (square(3) == 9) + 0.5 * (square(0) == 0) + 0.5 * (square(-1) == 1)\npoints", "partly", 2),
    code("### ANSWER FROM HERE\nprint('a use')\n### ANSWER TO HERE", "use", solution=True, grade=True, points=3),
)
PART2 = make(
    code("import csv\nfrom pathlib import Path", "imports", locked=True),
    code(
        "def total(path):\n    ### ANSWER FROM HERE\n"
        "    return sum(int(row[0]) for row in csv.reader(Path(path).open()))\n    ### ANSWER TO HERE",
        "total",
        solution=True,
    ),
    asserts("assert total('data.csv') == 6\nassert total('more/data.csv') == 60", "totals", 1.5),
    asserts("STARTED = True\nTRIED = total('data.csv')", "tried", 0.5),
    words("### ANSWER FROM HERE\nBecause.\n### ANSWER TO HERE", "why", solution=True, grade=True, points=2),
    words(
        "Draw it.\n\n=== BEGIN MARK SCHEME ===\n1 mark for axes\n=== END MARK SCHEME ===",
        "draw",
        task=True,
        locked=True,
        points=4,
    ),
)
SQUARE = "def square(x):\n    return x * x"
TOTAL = "def total(path):\n    return sum(map(int, Path(path).read_text().split()))"


@pytest.fixture(scope="session")
def homework(tmp_path_factory) -> tuple[Graded, Graded]:
    """Both sides' grades of a course that uses what nbgrader has."""
    course = ClassicCourse(tmp_path_factory.mktemp("classic") / "homework", CONFIG)
    files = {"data.csv": "1\n2\n3\n", "more/data.csv": "10\n20\n30\n"}
    course.source("hw1", {"part1.ipynb": PART1, "part2.ipynb": PART2, **files})
    nbformat.write(make(words("# Read this first"), code("NAME = ''")), course.root / "source" / "header.ipynb")
    nbformat.write(make(words("The end."), code("print(NAME)")), course.root / "source" / "footer.ipynb")
    course.release()
    course.answer("right", "hw1", square=SQUARE, total=TOTAL, use="square(5)", why="Since.")
    course.answer("half", "hw1", square="def square(x):\n    return x * abs(x)", total="def total(path):\n    return 6")
    course.answer("blank", "hw1")
    course.answer("loops", "hw1", square="def square(x):\n    while True:\n        pass", total=TOTAL)
    course.answer("missing", "hw1", square=SQUARE, use="square(5)", why="Since.")
    (course.root / "submitted" / "missing" / "hw1" / "part2.ipynb").unlink()
    course.answer("changes-data", "hw1", total=TOTAL)
    (course.root / "submitted" / "changes-data" / "hw1" / "data.csv").write_text("6\n0\n0\n1\n")
    return course.grade_twice()


def test_a_course_that_uses_what_nbgrader_has_is_graded_as_nbgrader_grades_it(homework):
    """Several notebooks, hidden tests, partial credit, own markers, files, an endless loop, a missing notebook."""
    stock, ours = homework
    assert differences(stock, ours).keys() == ON_PURPOSE["hw1"]
    scores = {student: stock.score("hw1", student) for student in ("right", "half", "blank", "loops", "missing")}
    assert scores == {"right": 6, "half": 2.0, "blank": 0, "loops": 2, "missing": 4}


def test_a_task_of_a_missing_notebook_waits_for_nobody(homework):
    """What was not handed in has no points, and nobody has to look for it."""
    tasks = [side.of("hw1", "missing")["part2/draw"] for side in homework]
    assert [(task.auto, task.by_person) for task in tasks] == [(0.0, False), (0.0, False)]


def test_another_language_is_refused_in_one_line(tmp_path):
    """A notebook in R is named with its language, and nothing is graded."""
    course = ClassicCourse(tmp_path / "course")
    notebook = make(asserts("stopifnot(TRUE)", "one"))
    notebook.metadata["kernelspec"] = {"name": "ir", "display_name": "R", "language": "R"}
    course.source("hw", {"hw.ipynb": notebook})
    course.submit("ada", "hw", {"hw.ipynb": notebook})
    refused = course.grade("ours")
    assert refused.ends == [1]
    assert "hw.ipynb is written in R; only Python can be graded here." in refused.said
    assert "Traceback" not in refused.said


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("test-v0", r"of an older form \(schema_version 0, not 3\); run: nbgrader update .*test-v0"),
        ("test-v1", r"of an older form \(schema_version 1, not 3\); run: nbgrader update .*test-v1"),
        ("test-v2", r"of an older form \(schema_version 2, not 3\); run: nbgrader update .*test-v2"),
        ("too-new", r"schema_version 10, and this nbgrader knows 3"),
    ],
)
def test_a_source_of_another_schema_is_one_line(tmp_path, name, rule):
    """The metadata of older nbgraders are for its own update to mend, and nothing is released until then."""
    course = Course.init(tmp_path / "course")
    folder = course.own_source / name
    folder.mkdir(parents=True)
    (folder / f"{name}.ipynb").write_bytes((APPS / f"{name}.ipynb").read_bytes())
    with pytest.raises(AssignmentError, match=rf"{name}\.ipynb: cell .*{rule}"):
        release(name, course)
    assert not course.path("release", ".", name).exists()
