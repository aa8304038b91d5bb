"""Scores for people and platforms: a CSV file, and gradebook files that Canvas and Moodle import as they are.

A score is the gradebook's, marks by people in and the late penalty off. Where an answer waits for a person there is
none yet, and none is written: an empty cell is no grade to a platform, and a 0 would be one.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from nbgrader.api import Student

from grader.connection import open_gradebook
from grader.course import Course, CourseError
from grader.csv_safe import safe_cell
from grader.intake.names import listed
from grader.results import Standing, points
from grader.standing import standings


class Format(StrEnum):
    """Whose columns a file has."""

    csv = "csv"
    canvas = "canvas"
    moodle = "moodle"


@dataclass(frozen=True)
class Score:
    """What one student has in one assignment; ``value`` is None where there is no score to tell, and ``why`` says so.

    ``value`` and ``points`` are in points, ``penalty`` is what was taken off for lateness.
    """

    why: str  # graded, waiting for a person, not graded, not handed in
    value: float | None = None
    penalty: float = 0.0


GRADED, WAITS, UNGRADED, ABSENT = "graded", "waiting for a person", "not graded", "not handed in"


@dataclass
class Grades:
    """The scores of one assignment: ``title`` for people, ``points`` that can be had, scores by student."""

    name: str
    title: str
    points: float
    scores: dict[str, Score] = field(default_factory=dict)

    def text(self, student: str) -> str:
        """What stands in the assignment's column: a number, or nothing."""
        value = self.scores[student].value if student in self.scores else None
        return "" if value is None else points(value)

    def students(self, why: str) -> list[str]:
        """Those of whom this is so."""
        return sorted(student for student, score in self.scores.items() if score.why == why)


@dataclass
class Export:
    """What there is to write: the students of the gradebook, and the grades of each assignment."""

    people: list[Any]  # nbgrader's students, by id
    grades: list[Grades]

    @property
    def told(self) -> list[str]:
        """Which cells are empty, and why, a line for each reason."""
        lines = []
        for one in self.grades:
            for why in (WAITS, UNGRADED, ABSENT):
                if students := one.students(why):
                    value = "0" if any(one.text(student) for student in students) else "left empty"
                    lines.append(f"{one.name}: {len(students)} {why}, {value}: {listed(students, 20)}.")
        return lines


def read_grades(course: Course, names: Sequence[str], zero_absent: bool = False) -> Export:
    """Read the scores of assignments, of all that were graded where none is named; ``CourseError`` where none was.

    Parameters
    ----------
    zero_absent
        Whether who handed in nothing gets 0 points; else there is no score.
    """
    chosen = list(dict.fromkeys(course.assignment(name).name for name in names))
    with open_gradebook(course.db_url, course.course_id) as gradebook:
        held = standings(gradebook)
        graded = {name: held[name] for name in chosen or course.assignments() if name in held}
        for name in chosen:
            if name not in graded:
                raise CourseError(f"Nothing of {name} is graded yet: grader autograde {name}")
        if not graded:
            raise CourseError("Nothing of this course is graded yet: grader autograde ASSIGNMENT")
        handed_in = {name: {student for student, _ in course.submissions(name)} for name in graded}
        people = gradebook.db.query(Student).all()
        strangers = set().union(*handed_in.values()) - {person.id for person in people}  # whom no run could grade
        people = sorted([*people, *(Student(id=student) for student in strangers)], key=attrgetter("id"))
        grades = []
        for name, standing in graded.items():
            scores = {student: _score(one) for student, one in standing.items()}
            tried = handed_in[name] | {one.student for one in course.misfiled(name)}
            for person in people:
                if person.id not in scores:
                    absent = Score(ABSENT, 0.0 if zero_absent else None)
                    scores[person.id] = Score(UNGRADED) if person.id in tried else absent
            most = float(gradebook.find_assignment(name).max_score)
            grades.append(Grades(name, course.assignment(name).settings.title, most, scores))
        gradebook.db.expunge_all()
    return Export(people, grades)


def _score(held: Standing) -> Score:
    if not held.scored:
        return Score(UNGRADED)
    return Score(WAITS) if held.waits else Score(GRADED, held.score, held.penalty)


def write_table(export: Export, form: Format) -> str:
    """Make a file from the roster, with a platform's columns or, as CSV, with ours."""
    rows = {Format.csv: _plain_rows, Format.canvas: _canvas_rows, Format.moodle: _moodle_rows}[form](export)
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return written.getvalue()


def _plain_rows(export: Export) -> Iterable[list[str]]:
    columns = [column for one in export.grades for column in (one.name, f"{one.name}: of", *_asides(one))]
    yield ["student", "last name", "first name", "email", *map(safe_cell, columns)]
    for person in export.people:
        row = [person.id, person.last_name, person.first_name, person.email]
        shown = [safe_cell(text or "") for text in row]
        for one in export.grades:
            score = one.scores[person.id]
            shown += [
                one.text(person.id),
                points(one.points),
                points(score.penalty) if score.penalty else "",
                score.why,
            ]
        yield shown


def _asides(one: Grades) -> tuple[str, str]:
    return f"{one.name}: late penalty", f"{one.name}: state"


def _canvas_rows(export: Export) -> Iterable[list[str]]:
    yield [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *(safe_cell(one.title) for one in export.grades),
    ]
    yield ["    Points Possible", "", "", "", "", *(points(one.points) for one in export.grades)]
    for person in export.people:
        name = ", ".join(part for part in (person.last_name, person.first_name) if part) or person.id
        number = person.lms_user_id if (person.lms_user_id or "").isdigit() else ""
        scores = [one.text(person.id) for one in export.grades]
        yield [safe_cell(name), number, "", safe_cell(person.id), "", *scores]


def _moodle_rows(export: Export) -> Iterable[list[str]]:
    known = ("Username", "ID number", "First name", "Last name", "Email address")
    yield [*known, *(safe_cell(one.title) for one in export.grades)]
    for person in export.people:
        about = (person.id, person.lms_user_id, person.first_name, person.last_name, person.email)
        yield [*(safe_cell(text or "") for text in about), *(one.text(person.id) for one in export.grades)]


def incomplete(people: Iterable[Any], form: Format) -> str:
    """Say of whom a platform's file holds only the course's id; empty where that is nobody, or no platform is meant."""
    unknown = [person.id for person in people if not (person.lms_user_id or person.email)]
    if form is Format.csv or not unknown:
        return ""
    return (
        f"The roster has neither mail address nor platform id of {len(unknown)}, who are in the file by the course's "
        f"id: {listed(unknown, 20)}. To add them: nbgrader db student import FILE.csv, or use --into."
    )
