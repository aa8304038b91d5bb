"""Run the hidden tests of one submission, exercise after exercise, and score its cells."""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace
from nbformat import NotebookNode

from grader import vocabulary
from grader.attempts import Stubs
from grader.budget import Budget
from grader.carried_forward import WithRightHelpers, reached_from, usable_apart, with_partners
from grader.cells import NotebookRun
from grader.diagnosis import Replays, diagnose, may_be_named
from grader.guard import Clock, Overran
from grader.hidden import Functions, Sandboxed, TestRun, overran, run_test, with_rules_looked_at
from grader.hidden_test import HiddenTest
from grader.in_cells import score_by_output
from grader.needed import Names, assigned_in
from grader.profiling import Stage, stage
from grader.results import CellResult, Diagnosis, SyntaxFault
from grader.sandbox.session import Session
from grader.scoring import score_cell, share_passed
from grader.syntax import defines, faults_by_place
from nnlib.checks.in_errors import TELLING
from nnlib.checks.natural import RULES, Rule, natural_slip
from nnlib.checks.seen import functions_in

MOST_SEARCHED = 2**20  # characters of a student's text, for every name in a message
MOST_TIMEOUTS = 2  # of one cell's tests; after these its other tests are not run
END = "the end of the notebook"  # no cell has this name, so functions are as all cells left them


@dataclass
class Judged:
    """The verdicts, the names that something failed for want of, what is to be told, and cells with syntax errors."""

    cells: list[CellResult] = field(default_factory=list)
    missed: set[str] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    syntax: list[SyntaxFault] = field(default_factory=list)


@dataclass
class _Tried:
    """How an exercise's tests went, with what is to be said about the functions it uses."""

    grade_id: str
    runs: list[TestRun]
    functions: Functions
    at: str
    reason: str = ""
    may_be_right: bool = False

    @property
    def exercise(self) -> str:
        return vocabulary.exercise_of(self.grade_id)

    @property
    def is_unwritten(self) -> bool:
        """Whether the exercise itself is not there yet, not only one that it uses."""
        return any(run.unwritten == self.exercise for run in self.runs)

    @property
    def share(self) -> float:
        return share_passed(self.runs)


class Judge:
    """Judges one submission, whose cells were run in ``session``.

    Parameters
    ----------
    names
        What the code cells use and define, by place.
    ran
        How running the cells went.
    submission
        The digest from which the tests' inputs are drawn.
    """

    def __init__(
        self,
        replays: Replays,
        stubs: Stubs,
        session: Session,
        notebook: NotebookNode,
        names: Mapping[int, Names],
        ran: NotebookRun,
        budget: Budget,
        submission: str,
    ) -> None:
        self._replays, self._stubs = replays, stubs
        self._assignment = replays.assignment
        self._session, self._notebook, self._names = session, notebook, names
        self._ran, self._budget, self._submission = ran, budget, submission
        code = (cell.source for cell in notebook.cells if cell.cell_type == "code")
        self._source = "\n".join(code)[:MOST_SEARCHED]
        self._cells = vocabulary.by_grade_id(notebook)
        self._told: list[str] = []

    def judge(self) -> Judged:
        """Run the tests and score every graded cell."""
        graded = self._assignment.graded_cells
        in_cells = self._assignment.decided_in_cells
        tested = [grade_id for grade_id, cell in graded.items() if not vocabulary.is_manual(cell)]
        with stage(Stage.tests):
            tried = {grade_id: self._try(grade_id) for grade_id in tested if grade_id not in in_cells}
        judged = Judged(missed=set(self._ran.missed), told=self._told)
        judged.missed.update(run.missing_name for one in tried.values() for run in one.runs)
        with stage(Stage.tests):
            self._carry_forward(list(tried.values()))
        for grade_id, cell in graded.items():
            points = float(vocabulary.about(cell).points)
            if vocabulary.is_manual(cell):
                judged.cells.append(CellResult(grade_id, 0.0, points, "manual", "a person grades this"))
            elif grade_id in in_cells:
                ran, end = self._ran.graded.get(grade_id), self._ran.ends.get(grade_id)
                judged.cells.append(score_by_output(grade_id, points, ran, end))
            else:
                judged.cells.append(self._score(tried[grade_id], points))
        judged.syntax = self._call_by_name(judged.cells)
        return judged

    def _call_by_name(self, results: list[CellResult]) -> list[SyntaxFault]:
        """Say of what is missing for a syntax error in its cell that this is so; return each such error once."""
        faults = faults_by_place(self._notebook)
        for place, fault in faults.items():
            cell = self._notebook.cells[place]
            concerned = [
                result
                for result in results
                for exercise in [vocabulary.exercise_of(result.grade_id)]
                if result.status == "missing"
                and (vocabulary.grade_id(cell) == exercise or defines(cell.source, exercise))
            ]
            fault.exercises = [vocabulary.exercise_of(result.grade_id) for result in concerned]
            for result in concerned:
                result.status, result.reason = "syntax", fault.told
                result.tests = [replace(test, message="") for test in result.tests]
        return [fault for fault in faults.values() if fault.exercises]

    def _try(self, grade_id: str) -> _Tried:
        """Test an exercise as it was at its graded cell; or as it was written below, where that does better."""
        tried = self._tried(grade_id, self._functions(grade_id), grade_id)
        if tried.share < 1 and self._stubs.is_written_later(grade_id, self._notebook, self._names):
            later = self._tried(grade_id, self._functions(END), END)
            if later.share > tried.share:
                self._told.append(f"{later.exercise}: of several answers, the one below its check counts")
                return later
        return tried

    def _tried(self, grade_id: str, functions: Functions, at: str) -> _Tried:
        runs = self._run(self._assignment.tests_of(grade_id), functions, self._submission)
        return _Tried(grade_id, with_rules_looked_at(runs, self._assignment), functions, at)

    def _functions(self, at: str) -> Sandboxed:
        return Sandboxed(self._session, self._budget.limits.call_seconds, at)

    def _carry_forward(self, exercises: list[_Tried]) -> None:
        """Try exercises that use wrong ones again, with right ones in their place; in order, so causes come first.

        What is right by its own tests may still come in a form, or at a pace, that who uses it stumbles over.
        """
        wrong, right = set[str](), set[str]()
        for tried in exercises:
            known = tried.exercise in self._assignment.reference
            if tried.share < 1 and not tried.is_unwritten:
                called = {call.name for run in tried.runs for call in run.calls}
                reached = self._reached(tried.exercise, called)
                if reached & wrong:
                    self._try_with_right(tried, with_partners(reached & wrong, self._assignment.reference))
                elif helpers := self._reached(tried.exercise) & right:
                    self._try_with_the_courses(tried, usable_apart(helpers, {tried.exercise, *called}))
            if known:
                (wrong if tried.share < 1 else right).add(tried.exercise)

    def _reached(self, exercise: str, called: Collection[str] = ()) -> set[str]:
        return reached_from(exercise, called, list(self._names.values()))

    def _again(self, tried: _Tried, names: Collection[str]) -> tuple[_Tried, WithRightHelpers]:
        """Try an exercise with the course's functions in the place of some others."""
        solutions = {name: self._assignment.reference[name] for name in names if name != tried.exercise}
        functions = WithRightHelpers(self._session, self._budget.limits.call_seconds, tried.at, solutions)
        return self._tried(tried.grade_id, functions, tried.at), functions

    def _try_with_right(self, tried: _Tried, names: Collection[str]) -> None:
        again, functions = self._again(tried, names)
        if not functions.used or again.is_unwritten:
            return
        helpers = " and ".join(sorted(functions.used))
        one = "a right one" if len(functions.used) == 1 else "right ones"
        if again.share > tried.share:
            tried.runs, tried.functions = again.runs, functions
            tried.reason = f"{tried.exercise} uses your {helpers}, which lost points: with {one} instead it earns this."
        elif again.share == tried.share and (any(run.cause for run in again.runs) or self._diagnosed(again)):
            tried.runs, tried.functions = again.runs, functions  # its own mistakes, free of the others' consequences
            tried.reason = f"{tried.exercise} uses your {helpers}, which lost points; with {one} it still fails."
        else:
            tried.may_be_right = True
            tried.reason = f"Fix {helpers} first: {tried.exercise} uses it, and may be right."

    def _try_with_the_courses(self, tried: _Tried, names: Collection[str]) -> None:
        if not names:
            return
        again, functions = self._again(tried, names)
        if functions.used and again.share > tried.share:
            helpers = " and ".join(sorted(functions.used))
            tried.runs, tried.functions = again.runs, functions
            tried.reason = (
                f"{tried.exercise} uses your {helpers}, right in what comes out but not in its form, or too slow for "
                "this: with the course's instead it earns this."
            )

    def _score(self, tried: _Tried, points: float) -> CellResult:
        own_cell = self._cells.get(tried.exercise, NotebookNode())
        stopped_with = next((output.ename for output in own_cell.get("outputs", []) if "ename" in output), "")
        all_or_nothing = tried.grade_id in self._assignment.settings.all_or_nothing
        diagnosis = [] if tried.may_be_right else self._names_of(tried)
        result = score_cell(tried.grade_id, points, tried.runs, self._ran.ends, stopped_with, all_or_nothing, diagnosis)
        result.reason = tried.reason or result.reason
        return result

    def _run(self, tests: list[HiddenTest], functions: Functions, submission: str) -> list[TestRun]:
        """Run a graded cell's tests."""
        end = self._ran.ends.get(tests[0].grade_id) if tests else None
        hung = end is not None and end.kind == "timeout"  # its visible checks did not end either
        runs: list[TestRun] = []
        timeouts = 0
        for test in tests:
            if timeouts >= (1 if hung else MOST_TIMEOUTS):
                runs.append(_not_run(test, "Not run: other calls of this function did not end."))
                continue
            if self._budget.is_over:
                seconds = self._budget.limits.submission_seconds
                runs.append(_not_run(test, f"Not run: the submission took over {seconds:g} s."))
                continue
            clock = Clock()
            try:
                with clock:
                    run = run_test(test, functions, self._source, submission)
            except Overran:  # on the way out of the test
                run = overran(test)
            if clock.overran:
                self._session.close()  # the alarm may have come in the middle of a message
            timeouts += run.cause == "timeout"
            runs.append(run)
        return runs

    def _diagnosed(self, tried: _Tried) -> list[Diagnosis]:
        """Name the mistakes in an exercise.

        Tests that draw their inputs go again, with those that known mistakes met: these are run once for a class.
        """
        if not any(may_be_named(run) for run in tried.runs):
            return []
        with stage(Stage.naming):
            return self._named(tried)

    def _names_of(self, tried: _Tried) -> list[Diagnosis]:
        """What went wrong: what an error's words or the text show goes before a mistake that is only a possibility."""
        if shown := self._natural_slip(tried, TELLING):
            return shown
        known = self._diagnosed(tried)
        return known if any(one.sure for one in known) else self._natural_slip(tried, RULES) or known

    def _natural_slip(self, tried: _Tried, rules: Sequence[Rule]) -> list[Diagnosis]:
        """Name a slip that no exercise owns, read off the function's text and what was said of it."""
        said = [run.message for run in tried.runs if may_be_named(run)]
        if not said:
            return []
        code = {place: self._notebook.cells[place].source for place in self._names}
        own = [code[place] for place in sorted(code) if tried.exercise in self._names[place].defined]
        data = {name for source in code.values() for name in assigned_in(source)}
        with contextlib.suppress(Overran, Exception), Clock():  # as in _named
            functions = functions_in(self._assignment.reference)
            if slip := natural_slip(own[-1] if own else "", tried.exercise, said, data, functions, rules):
                return [Diagnosis(f"{tried.exercise}: {slip.says}", slip.says, slip.hint)]
        return []

    def _named(self, tried: _Tried) -> list[Diagnosis]:
        drawing = {run.test.name: run.test for run in tried.runs if run.test.draws}
        again = {run.test.name: run for run in self._run(list(drawing.values()), tried.functions, "")}
        kept = [again.get(run.test.name, run) for run in tried.runs if not run.test.is_rule]
        runs = with_rules_looked_at(kept, self._assignment)
        with contextlib.suppress(Overran, Exception), Clock():  # a mistake without a name is better than no verdict
            return diagnose(runs, self._replays)
        return []


def _not_run(test: HiddenTest, reason: str) -> TestRun:
    return TestRun(test, False, reason, "timeout")
