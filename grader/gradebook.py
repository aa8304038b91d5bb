"""The single writer into nbgrader's gradebook: one submission, one transaction.

nbgrader's own methods commit after every change and inspect the schema at every opening; here the gradebook is
opened once and a submission is written whole or not at all, with grades of an earlier version reset. On a server,
where others write at the same time and a restart cuts connections, a transaction that failed by that is done again.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import fsum
from operator import attrgetter
from types import TracebackType
from typing import Any, TypeVar

from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import or_, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from traitlets.config import Config

from grader.connection import is_server, open_gradebook, reason_of, shown
from grader.course import CourseError
from grader.extensions import Extension
from grader.results import CellResult, GradeResult, Standing, in_notebook
from grader.results import points as number
from grader.standing import Mark, marks, standings

_SEARCHED = (
    ("grade", "notebook_id"),
    ("comment", "notebook_id"),
    ("submitted_notebook", "assignment_id"),
    ("base_cell", "notebook_id"),
)
LatePolicy = Callable[[str, float, float], float | None]  # student, score, seconds late → points taken off
PAUSES = (0.2, 1.0, 4.0)  # seconds before a transaction is tried again; a restart of a server takes about two
_LONGEST_ID = Student.id.type.length  # characters, which SQLite does not count and PostgreSQL does
_T = TypeVar("_T")


@dataclass(frozen=True)
class Written:
    """What the gradebook holds of a submission that was just written."""

    notes: list[str]  # what there is to say about scores set by hand and the late penalty
    by_hand: dict[str, float]  # see ``GradebookWriter.by_person``
    penalty: float


class GradebookGone(CourseError):
    """The server does not answer any more: nobody's grades can be written now."""


def late_policy_of(config: Config) -> LatePolicy:
    """The course's late policy: nbgrader's plugin, asked and bounded as nbgrader's own autograder does."""
    try:
        asking = AssignLatePenalties(config=config)
        asking.init_plugin()
    except Exception as error:  # it is looked up by a name in the TA's settings
        name = config.AssignLatePenalties.get("plugin_class")
        raise CourseError(f"The late policy {name!r} of nbgrader_config.py cannot be used: {error}") from error

    def penalty_of(student: str, score: float, seconds: float) -> float | None:
        try:
            penalty = asking.plugin_inst.late_submission_penalty(student, score, seconds)
            return None if penalty is None else min(max(float(penalty), 0.0), score)
        except Exception as error:  # the plugin is a program of the TA's
            name = type(asking.plugin_inst).__name__
            told = f"{name} fails for {student}: {type(error).__name__}: {error}"
            raise CourseError(f"the late policy {told}. Fix it, then run again.") from error

    return penalty_of


class GradebookWriter:
    """Writes results into the gradebook of a course; one at a time, from one process.

    Parameters
    ----------
    late_policy
        Returns the points that a late submission loses; see ``late_policy_of``. None takes none off.
    extensions
        Until when students may hand in; the gradebook's own stay where there is no word about them.
    """

    def __init__(
        self,
        db_url: str,
        course_id: str = "default_course",
        late_policy: LatePolicy | None = None,
        extensions: Iterable[Extension] = (),
    ) -> None:
        self._late_policy = late_policy
        self._extensions = {(one.student, one.assignment): one.until for one in extensions}
        self._gradebook = open_gradebook(db_url, course_id)
        self._db = self._gradebook.db
        self._owners: dict[str, Any] = {}  # the assignments written to; what nobody holds would be read again
        self._cell_names: dict[str, str] = {}  # by id
        self._db().expire_on_commit = False  # else the assignment and its cells are read anew for every submission
        self._on_server = is_server(self._gradebook.engine.url)

    def __enter__(self) -> "GradebookWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._gradebook.close()

    def index(self) -> None:
        """Let the rows of one submission be found without reading everybody's: nbgrader's tables have no such index.

        nbgrader itself is faster by it and needs to know nothing of it.
        """
        self._transaction(self._index)  # on a server somebody else may do so at the same moment

    def _index(self) -> None:
        for table, column in _SEARCHED:
            self._db.execute(text(f"CREATE INDEX IF NOT EXISTS grader_{table}_{column} ON {table} ({column})"))

    def knows(self, assignment: str) -> bool:
        """Whether the assignment was released into this gradebook."""
        try:
            return bool(self._gradebook.find_assignment(assignment).notebooks)
        except MissingEntry:
            return False

    def released_points(self, assignment: str) -> dict[str, dict[str, float]]:
        """The points that the last release gave every cell, by notebook and cell."""
        notebooks = self._gradebook.find_assignment(assignment).notebooks
        cells = {notebook.name: [*notebook.grade_cells, *notebook.task_cells] for notebook in notebooks}
        return {
            name: {cell.name: cell.max_score for cell in sorted(of, key=attrgetter("name"))}
            for name, of in cells.items()
        }

    def saved(self, assignment: str) -> dict[str, dict[str, str]]:
        """The texts of cells as they were released, tests inside them included, by notebook and cell."""
        notebooks = self._gradebook.find_assignment(assignment).notebooks
        return {notebook.name: {cell.name: cell.source for cell in notebook.source_cells} for notebook in notebooks}

    def by_person(self, assignment: str, student: str) -> tuple[dict[str, float], float]:
        """The scores that people gave a submission, extra credit with them, by cell, and its late penalty.

        Where there are several notebooks, the names of cells are those of ``in_notebook``.
        """
        return self._transaction(lambda: self._by_person(assignment, student))

    def _by_person(self, assignment: str, student: str) -> tuple[dict[str, float], float]:
        submission = self._found(self._owner(assignment), student)
        return self._set_by_person(submission) if submission is not None else ({}, 0.0)

    def _set_by_person(self, submission: SubmittedAssignment) -> tuple[dict[str, float], float]:
        several = len(self._owner(submission.assignment.name).notebooks) > 1
        scores = {
            in_notebook(notebook.name, name) if several else name: (
                (grade.auto_score or 0.0) if grade.manual_score is None else grade.manual_score
            )
            + (grade.extra_credit or 0.0)
            for notebook in submission.notebooks
            for grade in notebook.grades
            for name in [self._name_of(grade.cell_id)]
            if grade.manual_score is not None or grade.extra_credit
        }
        penalty = fsum(notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks)  # in any order
        return dict(sorted(scores.items())), penalty  # a server gives rows in any order

    def roster(self) -> set[str]:
        """Ids of all students in this gradebook."""
        return {student for (student,) in self._db.query(Student.id)}

    def graded(self, assignment: str) -> set[str]:
        """Ids of the students who have scores for the assignment here."""
        assignment_id = self._gradebook.find_assignment(assignment).id
        query = self._db.query(SubmittedAssignment.student_id)
        return {student for (student,) in query.filter(SubmittedAssignment.assignment_id == assignment_id)}

    def standing(self, assignment: str) -> dict[str, Standing]:
        """How the students stand who have any score for the assignment."""
        found = standings(self._gradebook, assignment).get(assignment, {})
        return {student: one for student, one in found.items() if one.scored}

    def people(self) -> dict[str, str]:
        """The names of all students in this gradebook, last name first, by id; empty where there is none."""
        found = self._db.query(Student.id, Student.last_name, Student.first_name)
        return {student: ", ".join(filter(None, names)) for student, *names in found}

    def marks(self, assignment: str) -> dict[str, dict[str, Mark]]:
        """The score of every cell, by student and cell; see ``by_person`` for the cells' names."""
        return marks(self._gradebook, assignment)

    def write(self, result: GradeResult, notebooks: Sequence[str], submitted: datetime | None = None) -> Written:
        """Write one submission's scores and its late penalty; return what there is to say and what people decided.

        Parameters
        ----------
        result
            With a verdict for every graded cell.
        notebooks
            The assignment's notebooks, without their endings.
        submitted
            When it was handed in, if known.
        """
        return self._transaction(lambda: self._write(result, notebooks, submitted))

    def _write(self, result: GradeResult, notebooks: Sequence[str], submitted: datetime | None) -> Written:
        by_hand: list[str] = []
        cells = {cell.grade_id: cell for cell in result.cells}
        with self._db.no_autoflush:  # every row goes to the database once, with all that it is to hold
            submission, parts = self._submission(result.assignment, result.student)
            if submitted is not None:
                submission.timestamp = submitted.astimezone(UTC).replace(tzinfo=None)
            for name, written in parts.items():
                if name in notebooks:
                    place = in_notebook(name, "") if len(notebooks) > 1 else ""
                    by_hand += self._write_cells(written, place, cells, set(result.blank))
        self._db.flush()
        self._penalise(submission)
        points = sum(written.late_submission_penalty or 0.0 for written in submission.notebooks)
        hours = submission.total_seconds_late / 3600 if points else 0.0
        notes = [f"scores set by hand stand: {', '.join(sorted(by_hand))}"] if by_hand else []
        notes += [f"handed in {hours:.3g} h late: {number(points)} points are taken off"] if points else []
        return Written(notes, *self._set_by_person(submission))

    def refresh_penalties(self, assignment: str) -> list[str]:
        """Bring the late penalties of all submissions up to date with the due date; return whose changed."""
        return self._transaction(lambda: self._refresh_penalties(assignment))

    def _refresh_penalties(self, assignment: str) -> list[str]:
        owner = self._gradebook.find_assignment(assignment)
        concerned = or_(
            SubmittedNotebook.late_submission_penalty > 0,
            SubmittedAssignment.student_id.in_([student for student, name in self._extensions if name == assignment]),
        )
        if owner.duedate is not None:
            concerned = or_(concerned, SubmittedAssignment.timestamp > owner.duedate)
        query = self._db.query(SubmittedAssignment).join(SubmittedNotebook)
        submissions = query.filter(SubmittedAssignment.assignment_id == owner.id, concerned).all()
        return [submission.student_id for submission in submissions if self._penalise(submission)]

    def _transaction(self, work: Callable[[], _T]) -> _T:
        """Do ``work`` whole or not at all; ``GradebookGone`` where a server answers to nothing any more."""
        for pause in (*PAUSES, None):
            try:
                done = work()
                self._db.commit()
                return done
            except BaseException as error:
                self._db.rollback()
                if not self._may_pass(error):
                    raise
                if pause is None:
                    self._require_answer()
                    raise
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _may_pass(self, error: BaseException) -> bool:
        """Whether the same may go well in a moment: another session was first, or the connection was cut."""
        return (
            self._on_server
            and isinstance(error, DBAPIError)
            and (error.connection_invalidated or isinstance(error, OperationalError | IntegrityError))
        )

    def _require_answer(self) -> None:
        engine = self._gradebook.engine
        try:
            engine.connect().close()
        except SQLAlchemyError as error:
            raise GradebookGone(
                f"The server of the gradebook {shown(engine.url)} does not answer any more: {reason_of(error)}. What "
                "was graded before is kept. Once the server runs, run the same command again; it grades the rest."
            ) from error

    def _penalise(self, submission: SubmittedAssignment) -> bool:
        """Set a submission's extension and late penalty anew; return whether the penalty changed."""
        due, key = submission.assignment.duedate, (submission.student_id, submission.assignment.name)
        if key in self._extensions and due is not None:
            until = self._extensions[key]
            submission.extension = None if until is None or until <= due else until - due
        late = submission.total_seconds_late if submission.assignment.duedate is not None else 0
        changed = False
        for notebook in submission.notebooks:
            before = notebook.late_submission_penalty
            if before is not None:
                notebook.late_submission_penalty = None
            if late > 0 and self._late_policy is not None:
                self._db.flush()
                self._db.expire(notebook, ["score"])
                penalty = self._late_policy(submission.student_id, notebook.score, late)
                notebook.late_submission_penalty = penalty
            changed = changed or (before or 0.0) != (notebook.late_submission_penalty or 0.0)
        return changed

    def _owner(self, assignment: str) -> Any:
        if assignment not in self._owners:
            self._owners[assignment] = self._gradebook.find_assignment(assignment)
        return self._owners[assignment]

    def _name_of(self, cell_id: str) -> str:
        if cell_id not in self._cell_names:
            self._cell_names[cell_id] = self._db.query(BaseCell.name).filter(BaseCell.id == cell_id).scalar()
        return self._cell_names[cell_id]

    def _found(self, owner: Any, student: str) -> SubmittedAssignment | None:
        query = self._db.query(SubmittedAssignment)
        of = SubmittedAssignment.assignment_id == owner.id, SubmittedAssignment.student_id == student
        return query.filter(*of).one_or_none()

    def _submission(self, assignment: str, student: str) -> tuple[SubmittedAssignment, dict[str, SubmittedNotebook]]:
        """Find or make the submission with an entry for every cell, without flushing; its notebooks by name."""
        db = self._db
        person = db.query(Student).filter(Student.id == student).one_or_none()
        if person is None:
            if self._on_server and len(student) > _LONGEST_ID:
                raise CourseError(
                    f"on PostgreSQL a student's id has at most {_LONGEST_ID} characters, and this one has "
                    f"{len(student)}; rename the folder in submitted."
                )
            person = Student(id=student)
            db.add(person)
            db.flush()
        owner = self._owner(assignment)
        submission = self._found(owner, student)
        if submission is None:
            submission = SubmittedAssignment(assignment_id=owner.id, student_id=person.id)  # owner is not to hold all
            db.add(submission)
        present = {notebook.name: notebook for notebook in submission.notebooks}
        for notebook in owner.notebooks:
            if notebook.name not in present:
                present[notebook.name] = SubmittedNotebook(notebook_id=notebook.id, assignment=submission)
                db.add(present[notebook.name])
            written = present[notebook.name]
            graded = {grade.cell_id for grade in written.grades}
            commented = {comment.cell_id for comment in written.comments}
            for cell in [*notebook.grade_cells, *notebook.task_cells]:
                if cell.id not in graded:
                    db.add(Grade(cell_id=cell.id, notebook=written))
            for cell in [*notebook.solution_cells, *notebook.task_cells]:
                if cell.id not in commented:
                    db.add(Comment(cell_id=cell.id, notebook=written))
        return submission, present

    def _write_cells(
        self, notebook: SubmittedNotebook, place: str, cells: dict[str, CellResult], blank: set[str]
    ) -> list[str]:
        """Set every grade of the notebook anew, by nbgrader's rule for what a person must look at.

        The names of cells begin with ``place`` in ``cells`` and ``blank``.

        A cell that a person grades and in which nothing was written gets 0 at once. Returned are the tested cells
        whose score a person set: that score counts on.
        """
        by_hand = []
        for grade in notebook.grades:
            name = place + self._name_of(grade.cell_id)
            cell = cells.get(name)
            if cell is None or cell.status == "manual":
                grade.auto_score = 0.0 if name in blank else None
            else:
                grade.auto_score = float(cell.score)
                if (manual := grade.manual_score) is not None:
                    now = f"automatic score now {number(cell.score)}"
                    by_hand.append(f"{cell.grade_id} {number(manual)} of {number(cell.points)} ({now})")
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            comment.auto_comment = "No response." if place + self._name_of(comment.cell_id) in blank else None
        return by_hand
