"""What a person marks: all answers to one question, and the points and words that go into nbgrader's gradebook."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook

from grader import vocabulary
from grader.assignment import Assignment
from grader.connection import open_gradebook
from grader.course import Course, CourseError
from grader.errors import did_you_mean
from grader.results import in_notebook
from grader.results import points as number
from grader.turns import turn


@dataclass(frozen=True)
class Question:
    """A cell that a person grades."""

    notebook: str  # without its ending
    grade_id: str
    name: str  # for people; with the notebook where there are several
    points: float
    text: str  # of the cell before it, which asks
    guide: NotebookNode  # the source's cell: model answer and marking guide


@dataclass(frozen=True)
class Answer:
    """One student's answer, and the mark it has."""

    key: str  # names it on the page, without telling whose it is
    student: str
    cell: NotebookNode
    points: float | None
    extra: float | None
    comment: str
    is_blank: bool  # nothing was written, and it has its 0 already

    @property
    def is_marked(self) -> bool:
        """Whether nobody has to look at it any more."""
        return self.points is not None or self.is_blank

    @property
    def version(self) -> str:
        """A digest of the mark, by which a change by somebody else is seen."""
        return hashlib.sha256(repr((self.points, self.extra, self.comment)).encode()).hexdigest()[:16]


class Changed(CourseError):
    """Somebody else marked this answer meanwhile."""


def questions(assignment: Assignment) -> list[Question]:
    """List what a person grades in cells of its own, in order."""
    found: list[Question] = []
    parts = assignment.parts
    for part in parts:
        before = NotebookNode(source="")
        for cell in part.source.cells:
            if vocabulary.is_manual(cell):
                grade_id = vocabulary.grade_id(cell)
                name = in_notebook(part.notebook_name, grade_id) if len(parts) > 1 else grade_id
                points = float(vocabulary.about(cell).points)
                found.append(Question(part.notebook_name, grade_id, name, points, before.source, cell))
            before = cell
    return found


def find_question(assignment: Assignment, name: str) -> Question:
    """Find a question by its name; ``CourseError`` names what there is."""
    found = {question.name: question for question in questions(assignment)}
    if name not in found:
        there = "" if found else " No cell of it is graded by a person."
        raise CourseError(f"{assignment.name} has no question {name}.{there}{did_you_mean(name, found)}")
    return found[name]


class Marks:
    """The answers to one question, read from a course and marked in its gradebook."""

    def __init__(self, course: Course, assignment: Assignment, question: Question) -> None:
        self.course, self.assignment, self.question = course, assignment, question

    def answers(self) -> list[Answer]:
        """All answers, in an order that tells nothing of who wrote them and stays from day to day."""
        return sorted(self._answers(), key=lambda answer: answer.key)

    def _answers(self) -> Iterator[Answer]:
        with open_gradebook(self.course.db_url, self.course.course_id) as gradebook:
            for submission in gradebook.assignment_submissions(self.assignment.name):
                if (answer := self._answer(gradebook, submission.student.id)) is not None:
                    yield answer

    def _answer(self, gradebook: Gradebook, student: str, to_change: bool = False) -> Answer | None:
        """Read one student's answer; None where it was not handed in, or graded elsewhere.

        Where it is read ``to_change`` it, others on the same server, formgrader too, wait until that is done.
        """
        question = self.question
        folder = self.course.path("autograded", student, self.assignment.name)
        try:
            notebook = nbformat.read(folder / f"{question.notebook}.ipynb", as_version=4)
        except (OSError, ValueError):
            return None
        cell = vocabulary.by_grade_id(notebook).get(question.grade_id)
        if cell is None:
            return None
        grade, comment = self._mark(gradebook, student)
        if to_change:
            gradebook.db.refresh(grade, with_for_update=True)
            gradebook.db.refresh(comment)
        blank = grade.auto_score == 0.0 and grade.manual_score is None
        words = comment.manual_comment or ""
        return Answer(self._key(student), student, cell, grade.manual_score, grade.extra_credit, words, blank)

    def _mark(self, gradebook: Gradebook, student: str) -> tuple[Grade, Comment]:
        where = (self.question.grade_id, self.question.notebook, self.assignment.name, student)
        return gradebook.find_grade(*where), gradebook.find_comment(*where)

    def _key(self, student: str) -> str:
        """Name an answer; who knows the students' ids could find them out, who only sees the page cannot."""
        told = (self.course.root, self.assignment.name, self.question.name, student)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:20]

    def comments(self, answers: list[Answer]) -> list[str]:
        """The comments given so far, the most frequent first."""
        return [comment for comment, _ in Counter(answer.comment for answer in answers if answer.comment).most_common()]

    def save(self, key: str, version: str, points: float | None, extra: float | None, comment: str) -> Answer:
        """Write a mark into the gradebook and return the answer as it is then.

        ``Changed`` where the mark is not the one that was seen, ``CourseError`` where the points cannot be.
        """
        most = self.question.points
        if points is not None and not 0 <= points <= most:
            raise CourseError(f"{self.question.name} has 0 to {most:g} points, got {points:g}; more is extra credit.")
        if extra is not None and not 0 <= extra < 1000:
            raise CourseError(f"Extra credit is a number of 0 or more, got {extra:g}.")
        with turn(self.course.root), open_gradebook(self.course.db_url, self.course.course_id) as gradebook:
            students = [submission.student.id for submission in gradebook.assignment_submissions(self.assignment.name)]
            student = next((student for student in students if self._key(student) == key), "")
            before = self._answer(gradebook, student, to_change=True) if student else None
            if before is None:
                raise CourseError("This answer is not there any more; load the page again.")
            if before.version != version:
                now = "no points" if before.points is None else f"{number(before.points)} points"
                raise Changed(f"Somebody else marked this answer meanwhile: {now}. {before.comment[:200]}".strip())
            grade, words = self._mark(gradebook, student)
            grade.manual_score, grade.extra_credit = points, extra
            grade.needs_manual_grade = points is None and grade.auto_score is None
            words.manual_comment = comment.replace("\0", "").strip() or None  # PostgreSQL has no place for a NUL
            gradebook.db.commit()
            after = self._answer(gradebook, student)
            assert after is not None
            return after
