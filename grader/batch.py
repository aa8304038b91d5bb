"""Grade a class: each result is kept as it comes, every problem is one line, and no problem costs anybody else."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from grader import vocabulary
from grader.assignment import Assignment
from grader.connection import nobody_else_releasing, reason_of
from grader.course import Course, CourseError
from grader.errors import GraderError
from grader.extensions import read_extensions, unknown, with_deleted
from grader.gradebook import GradebookGone, GradebookWriter, late_policy_of
from grader.grading import NotGraded, as_problem
from grader.in_cells import in_cells_note
from grader.intake.misfiled import Misfiled
from grader.intake.names import listed
from grader.intake.submission import Submission, read_submission
from grader.intake.tree import outward
from grader.pool import Graders, GradesAll, Outcome
from grader.profiling import Stage, stage, taken
from grader.reading import Refused
from grader.records import Records
from grader.release import release, require_released
from grader.released import Saved
from grader.results import (
    CellResult,
    Diagnosis,
    GradeResult,
    Standing,
    TestResult,
    in_notebook,
    short_line,
    short_lines,
)
from grader.sandbox.limits import Isolation
from grader.turns import turn
from grader.watch import Watch

MakesGraders = Callable[[Assignment, Saved], GradesAll]


@dataclass
class Summary:
    """What one run of a batch did."""

    results: list[GradeResult] = field(default_factory=list)
    up_to_date: int = 0
    misfiled: list[Misfiled] = field(default_factory=list)  # not graded because of where it lies
    roster: set[str] = field(default_factory=set)  # students in the gradebook, where the run was over all
    absent: list[str] = field(default_factory=list)  # those of them who handed in nothing
    spent: Counter[str] = field(default_factory=Counter)  # seconds by stage, of all results
    started: float = field(default_factory=time.monotonic)
    first: float = 0.0  # seconds until the first verdict
    seconds: float = 0.0  # of the whole run so far

    @property
    def is_empty(self) -> bool:
        """Whether nobody handed in anything."""
        return not (self.results or self.up_to_date or self.misfiled)

    def add_times(self, result: GradeResult) -> None:
        """Count where the time of one result went."""
        self.spent.update({**result.spent, **taken()})
        self.seconds = time.monotonic() - self.started
        self.first = self.first or self.seconds

    @property
    def absence(self) -> str:
        """Who handed in nothing, in a line; empty where nobody is missed, or nobody at all handed in."""
        if not self.absent or self.is_empty:
            return ""
        line = f"{len(self.absent)} of {len(self.roster)} students in the gradebook handed in nothing: "
        astray = sorted({one.student for one in self.misfiled} & self.roster)
        return line + listed(self.absent, 20) + (f"; in the wrong place: {listed(astray, 20)}." if astray else ".")

    def to_json(self) -> str:
        """Write the object that ``--json`` prints last; empty where nobody is missing and nothing misplaced."""
        misfiled = [one.student for one in self.misfiled]
        return json.dumps({"not_handed_in": self.absent, "misfiled": misfiled}) if self.absent or misfiled else ""

    @property
    def problems(self) -> list[GradeResult]:
        """Submissions without a grade."""
        return [result for result in self.results if result.problem]


def autograde(
    name: str,
    course: Course,
    jobs: int | None = None,
    isolation: Isolation = Isolation.sandbox,
    force: bool = False,
    students: Iterable[str] | None = None,
    watch: Watch | None = None,
    graders: MakesGraders | None = None,
) -> Summary:
    """Grade all submissions of an assignment that are new or changed, and write them into the gradebook.

    Parameters
    ----------
    jobs
        Processes, by default one per core.
    force
        Grade unchanged submissions again.
    students
        Only these; all by default.
    graders
        Gives others to grade instead of this machine's new processes: processes kept warm, or a cluster.
    """
    assignment = course.assignment(name)
    _ = assignment.settings
    assignment.require_tests()
    watch = watch or Watch()
    with ExitStack() as stack:
        policy, extensions = late_policy_of(course.config), read_extensions(course.root)
        with turn(course.root):  # the first to come makes the gradebook
            of_gradebook = with_deleted(extensions, course.root, assignment.name)
            writer = stack.enter_context(GradebookWriter(course.db_url, course.course_id, policy, of_gradebook))
            writer.index()
        require_released(assignment, course, _released_points(assignment, course, writer, watch))
        students_known = writer.roster() | {student for student, _ in course.submissions(assignment.name)}
        for line in unknown(extensions, students_known, course.assignments()) if extensions else []:
            watch.say(line)
        summary = Summary()
        work = _choose_students(course, assignment.name, students, summary.misfiled)
        if work and (line := in_cells_note(assignment)):
            watch.say(line)
        watch.start(len(work))
        standing = writer.standing(assignment.name)
        if not students:
            summary.roster = writer.roster()
            there = {student for student, _ in work} | {one.student for one in summary.misfiled} | set(standing)
            summary.absent = sorted(summary.roster - there)
        if work:
            saved = writer.saved(assignment.name) if assignment.settings.tests_in_cells else {}
            warm: GradesAll
            if graders is None:
                warm = stack.enter_context(Graders(assignment, jobs, isolation, saved))
            else:
                warm = graders(assignment, saved)
            for line in warm.warnings:
                watch.say(line)
            run = _Run(assignment, Records(course, assignment, writer), standing, summary, watch, force)
            for submission, outcome in warm.grade_all(run.new_or_changed(work, warm)):
                run.finish(submission, outcome)
        try:
            if changed := writer.refresh_penalties(assignment.name):
                watch.say(f"The late penalty changed, with the due date or the policy: {', '.join(sorted(changed))}.")
        except CourseError as error:  # the policy failed, for somebody who was told so already perhaps
            if str(error) not in [result.problem for result in summary.problems]:
                raise
    return summary


def _released_points(
    assignment: Assignment, course: Course, writer: GradebookWriter, watch: Watch
) -> dict[str, dict[str, float]]:
    """The points by notebook and cell that the gradebook goes by; what was never released into it is, once.

    A release is entered cell by cell, so nothing is read while somebody is at it.
    """

    def entered() -> bool:
        return writer.knows(assignment.name)

    def points() -> dict[str, dict[str, float]] | None:
        with turn(course.root), nobody_else_releasing(course.db_url):
            return writer.released_points(assignment.name) if entered() else None

    if (known := points()) is not None:
        return known
    watch.say(f"{assignment.name} was not released into this gradebook; releasing it now.")
    release(assignment.name, course, watch.say, entered=entered)
    return points() or {}


@dataclass
class _Run:
    """One run over a class."""

    assignment: Assignment
    records: Records
    standing: dict[str, Standing]  # the grades before this run, by student
    summary: Summary
    watch: Watch
    force: bool
    said: dict[TestResult, TestResult] = field(default_factory=dict)
    named: dict[Diagnosis, Diagnosis] = field(default_factory=dict)

    def new_or_changed(self, work: list[tuple[str, Path]], graders: GradesAll) -> Iterator[Submission]:
        """Read the submissions that look new, each once, and yield those to be graded."""
        for student, folder in work:
            look = outward(folder)
            if not self.force and self.records.is_as_it_was(student, look):
                self._pass_over(student)
                continue
            try:
                submission = read_submission(student, folder, *graders.expected)
            except Exception as error:  # whatever it is, the others are graded
                readable = student.encode("utf-8", "backslashreplace").decode()
                self._tell(_without_verdict(self.assignment, readable, as_problem(error)))
                continue
            submission.look = look
            if not self.force and self.records.is_up_to_date(submission):
                self._pass_over(student)
                continue
            yield submission

    def _pass_over(self, student: str) -> None:
        self.records.forget_problem(student)
        self.summary.up_to_date += 1
        self.watch.step()

    def finish(self, submission: Submission, outcome: Outcome) -> None:
        """Keep a verdict; say why there is none."""
        if isinstance(outcome, GradeResult):
            try:
                with stage(Stage.keeping), turn(self.records.root):
                    self.records.keep(submission, outcome)
            except GradebookGone:  # it would be the same for everybody
                raise
            except CourseError as error:  # of the TA's late policy
                outcome = error
            except Exception as error:  # of the disk, the database, the memory; the others' are written
                reason = reason_of(error) or type(error).__name__
                outcome = NotGraded(f"the grade could not be written ({reason})")
        if isinstance(outcome, GraderError):
            outcome = _without_verdict(self.assignment, submission.student, outcome, submission.notes)
        self.summary.add_times(outcome)
        outcome.notebooks, outcome.spent = {}, {}  # on disk and counted; all of a large class's would not fit in memory
        self._share(outcome)
        self._tell(outcome)

    def _share(self, result: GradeResult) -> None:
        """Let results that say the same of a test hold it once: a class of ten thousand is kept until its table."""
        for cell in result.cells:
            cell.tests = [self.said.setdefault(test, test) for test in cell.tests]
            cell.diagnosis = [self.named.setdefault(each, each) for each in cell.diagnosis]
            cell.grade_id, cell.reason = sys.intern(cell.grade_id), sys.intern(cell.reason)

    def _tell(self, result: GradeResult) -> None:
        if result.problem:
            result.standing = self.standing.get(result.student)
            self.records.keep_problem(result)
        self.summary.results.append(result)
        self.watch.step(result)


def _choose_students(
    course: Course, assignment: str, students: Iterable[str] | None, misfiled: list[Misfiled]
) -> list[tuple[str, Path]]:
    """List the submissions to grade, and add to ``misfiled``; ``CourseError`` for a student nobody knows."""
    submissions = list(course.submissions(assignment))
    wrong = course.misfiled(assignment)
    known = {student for student, _ in submissions} | {one.student for one in wrong}
    chosen = set(students or known)
    for student in sorted(chosen - known):
        nearest = get_close_matches(student, known, 1, 0.5)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        raise CourseError(f"{student} handed in no {assignment}: submitted/{student} is not there.{hint}")
    misfiled += [one for one in wrong if one.student in chosen]
    return [(student, folder) for student, folder in submissions if student in chosen]


def _without_verdict(
    assignment: Assignment, student: str, error: GraderError, notes: list[str] | None = None
) -> GradeResult:
    """Say in the form of a result that there is none, and why: no verdict, no points, and no zero."""
    status = "missing" if isinstance(error, Refused) else "infrastructure"
    problem = short_line(str(error))
    parts = assignment.parts
    cells = [
        CellResult(
            in_notebook(part.notebook_name, grade_id) if len(parts) > 1 else grade_id,
            *(0.0, float(vocabulary.about(cell).points), status, problem),
        )
        for part in parts
        for grade_id, cell in part.graded_cells.items()
        if not vocabulary.is_manual(cell)
    ]
    return GradeResult(assignment.name, student, cells, short_lines(notes or []), 0.0, problem=problem)
