"""``grader report``: a class's results in one assignment, gathered from the gradebook and the records of gradings.

Scores are the gradebook's, people's marks and late penalties in them; statuses, hidden tests and named mistakes are
those of each student's last grading.
"""

import csv
import io
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from math import fsum
from pathlib import Path
from statistics import fmean, median
from urllib.parse import quote

import msgspec

from grader import vocabulary
from grader.assignment import Assignment
from grader.course import Course, CourseError
from grader.csv_safe import safe_cell
from grader.files import write_atomically
from grader.gradebook import GradebookWriter
from grader.item_analysis import FEWEST, discrimination, distribution, is_full
from grader.records import load_problems, load_results
from grader.results import GradeResult, in_notebook, told
from grader.results import points as number
from grader.similar import CAUTION, Pair, nobody_alike
from grader.similar import similar as find_similar
from grader.standing import Mark
from grader.templating import render
from grader.watch import Watch

GRADED, NOT_GRADED, MISSING = "graded", "not graded", "nothing handed in"
UNFINISHED = ("syntax", "timeout", "died")  # statuses of a cell whose code did not get to its end


class Mistake(msgspec.Struct):
    """A named mistake in one exercise, and who made it; of ``perhaps`` a single failed test is all that it fits."""

    says: str
    hint: str
    students: list[str] = []
    perhaps: list[str] = []


class HiddenTest(msgspec.Struct):
    """How often a hidden test passed and failed, among those who wrote the exercise."""

    name: str
    claim: str
    passed: int = 0
    failed: int = 0


class Exercise(msgspec.Struct):
    """One graded cell over the class: numbers of students, and means where nobody waits for a score.

    ``full``, ``part``, ``none`` and ``not_written`` add up to ``scored``; ``waiting`` have no score yet.
    """

    grade_id: str
    name: str
    points: float
    by_hand: bool  # a person grades it
    scored: int = 0
    full: int = 0
    part: int = 0
    none: int = 0
    not_written: int = 0
    waiting: int = 0
    mean: float | None = None
    passed: float | None = None  # the share with all points
    difficulty: float | None = None  # the share of the points that the class did not get
    discrimination: float | None = None
    mistakes: list[Mistake] = []
    unnamed: list[str] = []  # who lost points to hidden tests without a named mistake
    tests: list[HiddenTest] = []


class Student(msgspec.Struct):
    """One student: where the work stands, the gradebook's score, and what happened in the last grading."""

    student: str
    name: str
    state: str
    score: float | None = None  # the gradebook's, the late penalty taken off
    points: float | None = None
    marked_points: float | None = None  # of those exercises that have a score
    penalty: float = 0.0
    exercises: dict[str, float | None] = {}
    waiting: list[str] = []  # exercises without a score
    look_again: list[str] = []  # exercises that a person marked and that were graded again since
    mistakes: list[str] = []
    not_written: list[str] = []
    unfinished: dict[str, str] = {}  # by exercise: syntax, timeout or died
    repairs: list[str] = []
    problem: str = ""  # why the newest that was handed in has no grade
    pages: dict[str, str] = {}  # feedback pages by notebook, as addresses from the report's folder

    @property
    def share(self) -> float | None:
        """The share of the points that can be had in what is marked so far."""
        return self.score / self.marked_points if self.score is not None and self.marked_points else None


class Report(msgspec.Struct):
    """All that the page, ``--json`` and ``--csv`` tell."""

    assignment: str
    title: str
    made: datetime
    points: float
    exercises: list[Exercise]
    students: list[Student]
    misfiled: list[str]  # a line each
    mean: float | None = None  # of the shares of the points marked so far
    median: float | None = None
    distribution: list[int] = []
    similar: list[dict[str, object]] | None = None  # None where it was not asked for
    similar_note: str = ""

    def of(self, *states: str) -> list[Student]:
        """Students in these states."""
        return [student for student in self.students if student.state in states]

    @property
    def line(self) -> str:
        """How the class stands, in a line."""
        counts = [f"{len(found)} {state}" for state in (GRADED, NOT_GRADED, MISSING) if (found := self.of(state))]
        if waiting := sum(bool(one.waiting) for one in self.students):
            counts.append(f"{waiting} waiting for a person")
        return f"{', '.join(counts)}."

    def to_json(self) -> str:
        """Write the object that ``--json`` prints."""
        return msgspec.json.encode(self).decode()

    def to_csv(self) -> str:
        """Write a line for every student, for a spreadsheet."""
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        names = [exercise.name for exercise in self.exercises]
        head = ["student", "name", "state", "score", "points", "late penalty", *names]
        head += ["waits for a person", "mistakes", "did not finish", "repairs", "problem"]
        table.writerow(map(safe_cell, head))
        for one in self.students:
            happened = [f"{name}: {told(status)}" for name, status in one.unfinished.items()]
            lists = (one.waiting, one.mistakes, happened, one.repairs, [one.problem])
            numbers = (one.score, one.points, one.penalty or None, *map(one.exercises.get, names))
            table.writerow(
                [
                    *map(safe_cell, (one.student, one.name, one.state)),
                    *("" if number is None else round(number, 6) for number in numbers),
                    *(safe_cell("; ".join(lines)) for lines in lists),
                ]
            )
        return text.getvalue()


def gather(name: str, course: Course, with_similar: bool = False, watch: Watch | None = None) -> Report:
    """Gather the report of an assignment; ``CourseError`` where nothing of it is graded.

    Parameters
    ----------
    with_similar
        Compare all students' code, too, which takes the time of ``grader similar``.
    """
    assignment = course.assignment(name)
    with GradebookWriter(course.db_url, course.course_id) as gradebook:
        if not gradebook.knows(assignment.name) or not (marks := gradebook.marks(assignment.name)):
            raise CourseError(f"Nothing of {assignment.name} is graded yet: grader autograde {assignment.name}")
        released = gradebook.released_points(assignment.name)
        standing = gradebook.standing(assignment.name)
        people = gradebook.people()
    exercises = _exercises(assignment, released)
    results = {result.student: result for result in load_results(course, assignment.name) if result.student in marks}
    problems = load_problems(course, assignment.name)
    misfiled = course.misfiled(assignment.name)
    handed_in = {student for student, _ in course.submissions(assignment.name)} | {one.student for one in misfiled}
    report = Report(
        assignment.name,
        assignment.settings.title,
        datetime.now(UTC).replace(microsecond=0),
        fsum(exercise.points for exercise in exercises),
        exercises,
        students=[],
        misfiled=[one.line for one in misfiled],
    )
    pages = report_path(course, assignment.name).parent
    for student in sorted({*people, *marks, *handed_in}, key=lambda student: (student.casefold(), student)):
        readable = student.encode("utf-8", "backslashreplace").decode()
        one = Student(readable, people.get(student, ""), MISSING)
        if student in marks:
            one.state = GRADED
            if (held := standing.get(student)) is not None:
                one.score, one.points, one.penalty = held.score, held.points, held.penalty
            _add_marks(one, exercises, marks[student])
            one.pages = _pages(course, assignment, student, pages)
        elif student in handed_in:
            one.state = NOT_GRADED
        if student in handed_in:
            one.problem = problems.get(readable, "")
        if (result := results.get(student)) is not None:
            _add_result(one, exercises, result)
        report.students.append(one)
    _summarise(report, marks, results)
    if with_similar:
        pairs, report.similar_note = find_similar(assignment.name, course, watch)
        report.similar = [_told(pair) for pair in pairs]
    return report


def report_path(course: Course, assignment: str) -> Path:
    """Where the page of an assignment lies: in a folder of the course's that nbgrader does not know."""
    return course.root / "report" / f"{assignment}.html"


def write_report(report: Report, course: Course) -> Path:
    """Write the page and return where it is."""
    path = report_path(course, report.assignment)
    write_atomically(path, page(report))
    return path


def page(report: Report) -> str:
    """Lay the report out as one page of HTML that loads nothing."""
    pages = {one.student: next(iter(one.pages.values()), "") for one in report.students}
    graded, not_graded, missing = (report.of(state) for state in (GRADED, NOT_GRADED, MISSING))
    states = {"graded": graded, "not_graded": not_graded, "missing": missing}
    of_words = {"told": told, "number": number, "caution": CAUTION, "nobody_alike": nobody_alike}
    return render("report.html", "report.js", report=report, pages=pages, fewest=FEWEST, **states, **of_words)


def _exercises(assignment: Assignment, released: Mapping[str, Mapping[str, float]]) -> list[Exercise]:
    """The graded cells of the gradebook, in the notebook's order; those that it has no more come last."""
    several = len(released) > 1
    sources = {part.notebook_name: part for part in assignment.parts}
    found = []
    for notebook, cells in sorted(released.items()):
        known = sources[notebook].graded_cells if notebook in sources else {}
        order = list(known)
        for grade_id in sorted(cells, key=lambda name: order.index(name) if name in known else len(order)):
            place = in_notebook(notebook, "") if several else ""
            by_hand = grade_id not in known or vocabulary.is_manual(known[grade_id])
            name = place + vocabulary.exercise_of(grade_id)
            found.append(Exercise(place + grade_id, name, cells[grade_id], by_hand))
    return found


def _add_marks(one: Student, exercises: Iterable[Exercise], marks: Mapping[str, Mark]) -> None:
    marked = []
    for exercise in exercises:
        mark = marks.get(exercise.grade_id)
        one.exercises[exercise.name] = score = mark.total if mark else None
        if score is None:
            one.waiting.append(exercise.name)
        else:
            marked.append(exercise.points)
        if mark and mark.look_again:
            one.look_again.append(exercise.name)
    one.marked_points = fsum(marked)


def _add_result(one: Student, exercises: Iterable[Exercise], result: GradeResult) -> None:
    names = {exercise.grade_id: exercise.name for exercise in exercises}
    one.repairs = list(result.repairs)
    one.not_written = [names[grade_id] for grade_id in result.blank if grade_id in names]  # of questions
    for cell in result.cells:
        name = names.get(cell.grade_id, cell.grade_id)
        if cell.status == "missing":
            one.not_written.append(name)
        elif cell.status in UNFINISHED:
            one.unfinished[name] = cell.status
        one.mistakes += [f"{name}: {found.told}" for found in cell.diagnosis]


def _summarise(report: Report, marks: Mapping[str, Mapping[str, Mark]], results: Mapping[str, GradeResult]) -> None:
    """Fill in what the class's scores and results say of the whole and of every exercise."""
    graded = {one.student: one for one in report.of(GRADED)}
    shares = [share for one in graded.values() if (share := one.share) is not None]
    report.distribution = distribution(shares)
    if shares:
        report.mean, report.median = fmean(shares), median(shares)
    scores = {student: one.exercises for student, one in graded.items()}
    for exercise in report.exercises:
        counts: Counter[str] = Counter()
        given = []
        for one in graded.values():
            score = one.exercises[exercise.name]
            counts[_outcome(score, exercise, one)] += 1
            given += [] if score is None else [score]
        exercise.full, exercise.part, exercise.none = counts["full"], counts["part"], counts["none"]
        exercise.not_written, exercise.waiting = counts["not written"], counts["waiting"]
        exercise.scored = len(given)
        if given and not exercise.waiting:  # the first to be marked, and the blank ones, do not speak for the class
            exercise.mean, exercise.passed = fmean(given), counts["full"] / len(given)
            exercise.difficulty = 1 - exercise.mean / exercise.points if exercise.points else None
            exercise.discrimination = discrimination(scores, exercise.name)
    _add_mistakes_and_tests(report.exercises, results)


def _outcome(score: float | None, exercise: Exercise, one: Student) -> str:
    if score is None:
        return "waiting"
    if is_full(score, exercise.points):
        return "full"
    if score > 0:
        return "part"
    return "not written" if exercise.name in one.not_written else "none"


def _add_mistakes_and_tests(exercises: Iterable[Exercise], results: Mapping[str, GradeResult]) -> None:
    cells = defaultdict(list)
    for student, result in sorted(results.items(), key=lambda item: item[0].casefold()):
        for cell in result.cells:
            cells[cell.grade_id].append((student, cell))
    for exercise in exercises:
        mistakes: dict[str, Mistake] = {}
        tests: dict[str, HiddenTest] = {}
        for student, cell in cells[exercise.grade_id]:
            for found in cell.diagnosis:
                mistake = mistakes.setdefault(found.name, Mistake(found.says, found.hint))
                (mistake.students if found.sure else mistake.perhaps).append(student)
            if cell.status in ("partial", "failed") and not cell.diagnosis:
                exercise.unnamed.append(student)
            for test in cell.tests if cell.status not in ("missing", "infrastructure") else ():
                counted = tests.setdefault(test.name, HiddenTest(test.name, test.claim))
                counted.passed += test.passed
                counted.failed += not test.passed
        exercise.mistakes = sorted(mistakes.values(), key=lambda one: (-len(one.students) - len(one.perhaps), one.says))
        exercise.tests = list(tests.values())


def _pages(course: Course, assignment: Assignment, student: str, start: Path) -> dict[str, str]:
    """The addresses of a student's feedback pages that are there, from the folder ``start``."""
    folder = course.path("feedback", student, assignment.name)
    names = [part.notebook_name for part in assignment.parts]
    there = {name: folder / f"{name}.html" for name in names if (folder / f"{name}.html").is_file()}
    return {name: quote(Path(os.path.relpath(path, start)).as_posix()) for name, path in there.items()}


def _told(pair: Pair) -> dict[str, object]:
    found: dict[str, object] = msgspec.json.decode(pair.to_json())
    return found
