"""The round trip on the sample class: release, hand in, autograde, feedback."""

import io
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from rich.console import Console

from grader.course import Course
from grader.demo import ASSIGNMENT, find_sample_class, run_demo
from grader.records import load_results
from grader.results import GradeResult
from grader.screen import class_table

SCORES = {  # points lost in the cell that loses some, as the share of its hidden tests that fail, rules aside
    "adaeze": 34,
    "bruno": 34,
    "chidi": 34 - 5 * 4 / 11,
    "dilnoza": 34 - 6 * 9 / 15,
    "elif": 34 - 6 * 6 / 17,
    "farid": 34 - 2 * 3 / 8,
    "greta": 34 - 3 * 4 / 9,
    "hiro": 34 - 4 * 1 / 9,
    "ingrid": 0,
    "joao": 34 - 6,
    "kwame": 34,
    "lena": 34,
    "mateo": 34 - 3,
    "nadia": 34,
    "oskar": 34 - 6,
    "piotr": 2,
    "quynh": 34,
    "sören müller": 5 + 2 + 4,
    "tomas": 5 + 2 + 4,
    "uma": 34 - 6 * 2 / 17 - 3 * 3 / 9 - 3 * 3 / 9,
    "viktor": 34,
}
MISTAKES = {  # what is said, from its first words on
    "chidi": ["Large scores overflow: nothing is subtracted"],
    "dilnoza": ["The true class is charged the margin against itself"],
    "elif": ["The gradient is not divided by the number of examples"],
    "farid": ["The number of columns is read off the labels"],
    "greta": ["The factor 2 is missing in the gradient"],
    "hiro": ["A small constant inside the logarithm"],
    "tomas": 2 * ["Only the loss is returned"],
    "uma": ["The logarithm is taken of a probability", *2 * ["The mean is over the rows only"]],
}
STATUSES = {
    "ingrid": {"test_softmax": "missing"},
    "joao": {"test_hinge_loss": "syntax", "test_softmax": "passed"},
    "mateo": {"test_mae": "timeout", "test_binary_cross_entropy": "passed"},
    "piotr": {"test_softmax": "failed"},
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The demo's course folder."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    run_demo(folder, 2)
    return Course(folder)


@pytest.fixture(scope="module")
def results(course: Course) -> dict[str, GradeResult]:
    """What was recorded, by student."""
    return {result.student: result for result in load_results(course, ASSIGNMENT)}


def page(course: Course, student: str) -> str:
    """Read a student's feedback page."""
    folder = course.path("feedback", student, ASSIGNMENT)
    return (folder / "softmax-and-losses.html").read_text(encoding="utf-8")


def test_every_student_of_the_sample_class_has_an_expected_score():
    """The table of scores above is about the class that is there."""
    assert {path.name for path in find_sample_class().iterdir() if path.is_dir()} == set(SCORES)


@pytest.mark.parametrize("student", SCORES)
def test_a_student_gets_the_score_the_work_is_worth(results, student):
    """Points are the share of hidden tests passed, cell by cell; what hangs or dies costs that cell."""
    assert results[student].score == pytest.approx(SCORES[student])
    assert results[student].points == 34


@pytest.mark.parametrize("student", SCORES)
def test_the_gradebook_has_the_same_score(course, student):
    """nbgrader's gradebook tells what the result tells, and what waits for a person."""
    with Gradebook(course.db_url, course.course_id) as gradebook:
        submission = gradebook.find_submission(ASSIGNMENT, student)
        assert submission.score == pytest.approx(SCORES[student])
        assert submission.max_score == 40
        written = {"why_shift", "first_loss", "cross_entropy_or_hinge"}
        comments = [comment for notebook in submission.notebooks for comment in notebook.comments]
        blank = {comment.name for comment in comments if comment.auto_comment == "No response."} & written
        assert submission.needs_manual_grade == (blank != written)


@pytest.mark.parametrize("student", SCORES)
def test_a_known_mistake_is_named_and_no_other(results, student):
    """The diagnosis names the mistakes a student made, and nothing for who made none."""
    named = [found.says for cell in results[student].cells for found in cell.diagnosis]
    begin = MISTAKES.get(student, [])
    assert [said[: len(words)] for said, words in zip(named, begin, strict=True)] == begin


@pytest.mark.parametrize(("student", "statuses"), STATUSES.items(), ids=STATUSES)
def test_a_status_says_what_happened(results, student, statuses):
    """Blank, broken, hanging and cheating submissions end in the word for it."""
    found = {cell.grade_id: cell.status for cell in results[student].cells}
    assert {name: found[name] for name in statuses} == statuses


@pytest.mark.parametrize("student", SCORES)
def test_a_feedback_page_holds_score_mistake_and_hint_but_no_hidden_test(course, results, student):
    """The page shows what the student needs, and nothing of a hidden test's source."""
    text = page(course, student)
    for cell in results[student].cells:
        for found in cell.diagnosis:
            assert found.says.split("'")[0].split("&")[0][:40] in text
    exercises = course.assignment(ASSIGNMENT).exercises
    source = "\n".join(exercise.path.read_text(encoding="utf-8").split("\n@variant")[0] for exercise in exercises)
    lines = [
        line.strip() for line in source.splitlines() if "(" in line and len(line.strip()) > 30 and '"""' not in line
    ]
    assert lines
    assert [line for line in lines if line in text] == []


def test_what_a_cheat_prints_is_not_a_verdict(course, results):
    """A printed score stays a printed text: points come from hidden tests alone."""
    assert results["piotr"].score == 2
    assert sum(cell.score for cell in results["piotr"].cells) == 2


def test_a_flood_of_output_is_cut(course):
    """Of 100 MB printed, a mebibyte is kept, and the page says so."""
    notebook = course.path("autograded", "nadia", ASSIGNMENT) / "softmax-and-losses.ipynb"
    assert notebook.stat().st_size < 3 * 2**20
    assert "more characters of output were not kept" in notebook.read_text(encoding="utf-8")


def test_the_report_is_the_last_page(course):
    """The demo leaves a page on the class, with the mistake that one student made and a link to her own page."""
    text = (course.root / "report" / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert "The factor 2 is missing in the gradient" in text
    assert f'href="../feedback/greta/{ASSIGNMENT}/softmax-and-losses.html"' in text


def test_the_zip_is_the_folder(course):
    """The zip holds the files of the release folder, under its name."""
    folder = course.path("release", ".", ASSIGNMENT)
    with zipfile.ZipFile(folder.with_name(f"{ASSIGNMENT}.zip")) as archive:
        zipped = {Path(name) for name in archive.namelist()}
    assert zipped == {Path(ASSIGNMENT) / path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def test_a_second_run_grades_nobody_twice(course, capsys):
    """Graded notebooks stay as they are when the demo runs again."""
    notebooks = {s: course.path("autograded", s, ASSIGNMENT) / "softmax-and-losses.ipynb" for s in SCORES}
    before = {student: path.stat().st_mtime_ns for student, path in notebooks.items()}
    run_demo(course.root, 2)
    assert {student: path.stat().st_mtime_ns for student, path in notebooks.items()} == before


def test_the_readme_shows_what_the_demo_prints(results):
    """The table in the README is the one that the demo ends in, of five of its students."""
    shown = ("bruno", "chidi", "greta", "kwame", "mateo")
    screen = io.StringIO()
    Console(file=screen, width=80).print(class_table([results[student] for student in shown]))
    printed = "\n".join(line.rstrip() for line in screen.getvalue().split("\n"))
    assert printed in (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
