"""The class report: the gradebook's scores, who made which mistake, and a page that any class may open."""

import csv
import io
import json
import shutil
from html.parser import HTMLParser
from statistics import fmean, median

import msgspec
import pytest
from nbgrader.api import Gradebook

from grader.batch import autograde
from grader.course import Course, CourseError
from grader.records import load_results
from grader.report import Report, gather, page, report_path, write_report

from . import tiny

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SQUARED = "def double(x):\n    return x * x"
EVIL = "<script>document.title='owned'</script>"


@pytest.fixture(scope="module")
def graded_template(course_template, tmp_path_factory):
    """A class of whom some are right, some wrong, two unreadable, one absent; one answer is marked, one is late."""
    import nbformat

    course = Course(shutil.copytree(course_template, tmp_path_factory.mktemp("report") / "course"))
    released = nbformat.read(course.path("release", ".", "tiny") / "tiny.ipynb", as_version=4)
    right = {"double": tiny.DOUBLE, "center": tiny.CENTER, "why": tiny.WHY}

    def put(student, data=None, **answers):
        notebook = nbformat.from_dict(released)
        for grade_id, source in (right | answers).items():
            if source is not None:
                tiny.cell_of(notebook, grade_id).source = source
        folder = course.path("submitted", student, "tiny")
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_bytes(nbformat.writes(notebook).encode() if data is None else data)

    put("ada")
    put("bob", double=SQUARED)
    put("cyd", double=SQUARED, center="import os\nos._exit(1)")
    put("dan", center=None, why=None)
    put("=1+1", center="def center(x):\n    return x - x.mean(axis=1, keepdims=True)")
    put("<b>eve", double="def double(x):\n    while True: pass")
    put("garbage", b"%PDF-1.4")
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.add_student("absent", first_name=EVIL, last_name="=HYPERLINK(1)")
    autograde("tiny", course, jobs=2)
    with Gradebook(course.db_url, course.course_id) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 3.0, 1.0, False
        gradebook.find_submission_notebook("tiny", "tiny", "bob").late_submission_penalty = 1.5
        gradebook.db.commit()
    for student in ("ada", "<b>eve"):
        place = course.path("feedback", student, "tiny")
        place.mkdir(parents=True)
        (place / "tiny.html").write_text("a page")
    return course.root


@pytest.fixture
def course(graded_template, tmp_path):
    """A copy of the graded course of one's own."""
    return Course(shutil.copytree(graded_template, tmp_path / "course"))


@pytest.fixture
def report(course) -> Report:
    """The report of it."""
    return gather("tiny", course)


def by_id(report):
    """Students by their ids."""
    return {one.student: one for one in report.students}


def exercise(report, name):
    """One exercise by its name."""
    return next(one for one in report.exercises if one.name == name)


def test_scores_are_the_gradebooks(course, report):
    """Every score is nbgrader's, marks, extra credit and late penalties in it, by student and by cell."""
    students, seen = by_id(report), 0
    with Gradebook(course.db_url, course.course_id) as gradebook:
        for submission in gradebook.assignment_submissions("tiny"):
            one = students[submission.student.id]
            assert one.score == pytest.approx(max(0.0, submission.score - submission.late_submission_penalty))
            assert one.points == submission.max_score == report.points
            for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
                shown = one.exercises[grade.name.removeprefix("test_")]
                assert (shown or 0.0) == pytest.approx(grade.score)
                assert (shown is None) == (grade.auto_score is None and grade.manual_score is None)
                seen += 1
    assert seen == 6 * 3
    assert (students["ada"].score, students["bob"].penalty) == (9.0, 1.5)


def test_everybody_is_in_one_state(report):
    """Who is on the roster or handed in is there once; a reason is given where there is no grade."""
    assert {one.student: one.state for one in report.students} == {
        **dict.fromkeys(["ada", "bob", "cyd", "dan", "=1+1", "<b>eve"], "graded"),
        "garbage": "not graded",
        "absent": "nothing handed in",
    }
    assert "not a notebook" in by_id(report)["garbage"].problem
    assert report.line == "6 graded, 1 not graded, 1 nothing handed in, 4 waiting for a person."


def test_work_in_the_wrong_place_is_handed_in(course):
    """Who handed in work that lies where grading does not look is not graded, and did hand something in."""
    wrong = course.submitted / "absent" / "tiny.ipynb"
    wrong.parent.mkdir()
    shutil.copy(course.path("submitted", "ada", "tiny") / "tiny.ipynb", wrong)
    found = gather("tiny", course)
    assert by_id(found)["absent"].state == "not graded"
    assert len(found.misfiled) == 1


def test_a_problem_is_told_until_the_work_is_graded(course):
    """What is handed in instead and graded ends it; an earlier grade stands beside it."""
    good, bad = (course.path("submitted", name, "tiny") / "tiny.ipynb" for name in ("ada", "garbage"))
    right = good.read_bytes()
    good.write_bytes(b"%PDF-1.4")
    bad.write_bytes(right)
    autograde("tiny", course, jobs=1)
    students = by_id(gather("tiny", course))
    assert (students["ada"].state, students["ada"].score) == ("graded", 9.0)
    assert "not a notebook" in students["ada"].problem
    assert (students["garbage"].state, students["garbage"].problem) == ("graded", "")
    good.write_bytes(right)
    autograde("tiny", course, jobs=1)
    assert by_id(gather("tiny", course))["ada"].problem == ""


def test_mistakes_have_their_students(course, report):
    """Counts and students are those of the records, the most frequent mistake first."""
    made = {}
    for result in load_results(course, "tiny"):
        for cell in result.cells:
            for found in cell.diagnosis:
                made.setdefault((cell.grade_id, found.says), set()).add(result.student)
    told = {
        (one.grade_id, mistake.says): {*mistake.students, *mistake.perhaps}
        for one in report.exercises
        for mistake in one.mistakes
    }
    assert told == made
    assert exercise(report, "double").mistakes[0].says == "The number is squared instead of doubled."
    assert exercise(report, "double").mistakes[0].students == ["bob", "cyd"]


def test_figures_of_an_exercise_are_those_of_its_scores(report):
    """Mean, shares and counts are computed again from the students' scores."""
    for one in report.exercises:
        scores = [student.exercises[one.name] for student in report.of("graded")]
        given = [score for score in scores if score is not None]
        assert one.full + one.part + one.none + one.not_written == one.scored == len(given)
        assert one.waiting == len(scores) - len(given)
        if one.waiting:
            assert (one.mean, one.passed, one.difficulty, one.discrimination) == (None,) * 4
        else:
            assert one.mean == pytest.approx(fmean(given))
            assert one.difficulty == pytest.approx(1 - fmean(given) / one.points)
            assert one.passed == pytest.approx(sum(score == one.points for score in given) / len(given))
    assert exercise(report, "center").not_written == 1
    assert (exercise(report, "why").waiting, exercise(report, "why").not_written) == (4, 1)
    shares = [one.score / one.marked_points for one in report.of("graded")]
    assert (report.mean, report.median) == (pytest.approx(fmean(shares)), pytest.approx(median(shares)))
    assert sum(report.distribution) == 6


def test_hidden_tests_count_who_wrote_the_exercise(course, report):
    """An exercise that is not written fails no test; passes and failures are those of the records."""
    results = load_results(course, "tiny")
    for one in report.exercises:
        for test in one.tests:
            cells = [cell for result in results for cell in result.cells if cell.grade_id == one.grade_id]
            runs = [each for cell in cells if cell.status != "missing" for each in cell.tests]
            verdicts = [each.passed for each in runs if each.name == test.name]
            assert (test.passed, test.failed) == (verdicts.count(True), verdicts.count(False))
    assert {test.passed + test.failed for test in exercise(report, "center").tests} == {5}


def test_json_and_csv_hold_the_same_as_the_page(course, report, cli):
    """One set of numbers: the object, the table and the page agree; both options at once are refused."""
    told = {
        one["student"]: one
        for one in json.loads(cli("report", "tiny", "--course", course.root, "--json")[1])["students"]
    }
    text = cli("report", "tiny", "--course", course.root, "--csv")[1]
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == len(told) == len(report.students)
    for line, one in zip(lines, report.students, strict=True):
        assert line["student"] in (one.student, f"'{one.student}")
        assert told[one.student] == {**msgspec.to_builtins(one)}
        assert float(line["score"] or "nan") == pytest.approx(
            float("nan") if one.score is None else one.score, nan_ok=True
        )
        for name, score in one.exercises.items():
            assert line[name] == ("" if score is None else str(round(score, 6)))
    rows = Rows(page(report)).found
    for row, one in zip(rows, report.students, strict=True):
        assert row[0] == one.student
        assert [float(cell) for cell in row[-3:] if cell.replace(".", "").isdigit()] == [
            pytest.approx(score, abs=0.005) for score in one.exercises.values() if score is not None
        ]
    assert cli("report", "tiny", "--course", course.root, "--csv", "--json")[0] == 2


class Rows(HTMLParser):
    """Reads the rows of the table of students, and what a page runs or loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.scripts = 0
        self._inside = self._cell = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        self.scripts += tag == "script"
        self.loads += [value for name, value in attrs if name in ("src", "srcset", "data") or (tag == "link")]
        self.links += [about["href"]] if tag == "a" else []
        if tag == "tr" and "data-state" in about:
            self.found.append([])
            self._inside = True
        elif tag in ("td", "th") and self._inside:
            self.found[-1].append("")
            self._cell = True

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "tr"
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data):
        if self._inside and self._cell:
            self.found[-1][-1] += data


def test_what_somebody_typed_is_text(report):
    """An id or a name is neither markup on the page nor a formula in the table; one script is there, and no request."""
    read = Rows(page(report))
    assert (read.scripts, read.loads) == (1, [])
    assert "<b>eve" in [row[0] for row in read.found]
    cells = [cell for line in csv.reader(io.StringIO(report.to_csv())) for cell in line]
    assert "'=1+1" in cells
    assert f"'=HYPERLINK(1), {EVIL}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_links_lead_to_pages_that_are_there(course, report):
    """Only who has a feedback page is linked, by an address from the report's own folder."""
    path = write_report(report, course)
    assert path == report_path(course, "tiny") == course.root / "report" / "tiny.html"
    assert {one.student for one in report.students if one.pages} == {"ada", "<b>eve"}
    links = {link for link in Rows(path.read_text(encoding="utf-8")).links if not link.startswith("#")}
    assert links == {"../feedback/ada/tiny/tiny.html", "../feedback/%3Cb%3Eeve/tiny/tiny.html"}


def test_nothing_graded_is_one_line(course_template, tmp_path, cli):
    """The command to run first is named, and an unknown assignment is one line, too."""
    course = Course(shutil.copytree(course_template, tmp_path / "course"))
    with pytest.raises(CourseError, match=r"Nothing of tiny is graded yet: grader autograde tiny$"):
        gather("tiny", course)
    code, _, said = cli("report", "nowhere", "--course", course.root)
    assert (code, said.count("\n")) == (1, 1)
    assert "No assignment is called 'nowhere'" in said


def test_similar_work_is_listed_on_request(course, cli):
    """Without the option nobody is compared; with it pairs and the caution are on the page."""
    assert "Similar work" not in page(gather("tiny", course))
    code, said, _ = cli("report", "tiny", "--course", course.root, "--similar")
    assert code == 0
    assert "6 graded" in said
    text = report_path(course, "tiny").read_text(encoding="utf-8")
    assert "Similar work" in text
    assert "bob" in text.split("Similar work")[-1].split("<section")[0]


def test_a_thousand_students_fit_on_a_page(report):
    """Every one has a row, and the file is of a size that opens at once."""
    some = report.of("graded")
    report.students = [msgspec.structs.replace(some[n % 6], student=f"student{n}") for n in range(1000)]
    text = page(report)
    assert len(Rows(text).found) == 1000
    assert len(text) < 2_000_000


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: Debian's package chromium is one")
def test_the_table_sorts_and_filters_in_a_browser(course, report):
    """Buttons in the head sort by keyboard and say so; what has no score comes last; a search leaves who fits."""
    from playwright.sync_api import sync_playwright

    path = write_report(report, course)
    said, asked = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        shown = browser.new_page(viewport={"width": 360, "height": 800})
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto(path.as_uri())
        ids = "[...document.querySelectorAll('#table tbody tr:not([hidden]) th')].map(one => one.innerText)"
        head = shown.locator("#table thead th", has_text="score").first
        scores = {one.student: one.score for one in report.students}
        for order, sign in (("descending", -1), ("ascending", 1)):
            head.locator("button").focus()
            shown.keyboard.press("Enter")
            assert head.get_attribute("aria-sort") == order
            sorted_ids = shown.evaluate(ids)
            given = [scores[name] for name in sorted_ids if scores[name] is not None]
            assert given == sorted(given, key=lambda score: sign * score)
            assert {scores[name] for name in sorted_ids[len(given) :]} == {None}
        shown.locator("#find").fill("squared")
        assert sorted(shown.evaluate(ids)) == ["bob", "cyd"]
        assert shown.locator("#shown").inner_text() == "2 of 8 students"
        assert shown.evaluate("document.documentElement.scrollWidth") == 360
        assert shown.title() == "A tiny assignment – class report"
        browser.close()
    assert said == []
    assert asked == [path.as_uri()]
