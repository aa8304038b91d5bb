"""Proofread an assignment: its author's faults, each in one line with file, place, rule and next step.

``release`` and ``verify`` read it the same way. What takes running the tests, and is about fairness, only ``verify``
finds.
"""

import inspect
from collections.abc import Callable, Iterator

from grader import vocabulary
from grader.assignment import SETTINGS, Assignment
from grader.errors import AssignmentError, did_you_mean
from grader.exercises import COMMON
from grader.freezing import public_cases
from grader.hidden import Local, run_test
from grader.markers import check_markers
from grader.source_cells import cell_name, checked_names, faults_of_cells, faults_of_exercises
from grader.student_edition import defined_in_nnlib
from nnlib.checks.cases import CASES


def require_sound(assignment: Assignment) -> None:
    """Raise ``AssignmentError`` with the first fault of the author's."""
    found = faults(assignment)
    if found:
        more = f" ({len(found) - 1} more: grader verify {assignment.name} --quick)" if found[1:] else ""
        raise AssignmentError(found[0] + more)


def faults(assignment: Assignment) -> list[str]:
    """List an assignment's faults; what cannot be read ends the reading, since the rest would be told wrongly."""
    try:
        parts = assignment.parts
    except AssignmentError as error:
        return [str(error)]
    for part in parts:
        for step in _STEPS:
            found: list[str] = []
            try:
                found += step(part)
            except AssignmentError as error:
                found.append(str(error))
            if found:
                return found
    return []


def _cells(assignment: Assignment) -> Iterator[str]:
    _ = assignment.settings
    yield from faults_of_cells(assignment.source, assignment.notebook_path)


def _solutions(assignment: Assignment) -> Iterator[str]:
    check_markers(assignment.source, assignment.notebook_path)
    yield from faults_of_exercises(assignment.source, assignment.notebook_path, assignment.decided_in_cells)


def _exercises(assignment: Assignment) -> Iterator[str]:
    """The files of exercises/: what they declare, and that it can be read and run."""
    assignment.require_tests()
    if not assignment.exercises:  # a classic assignment, whose solutions may do anything
        return
    _ = assignment.reference
    for exercise in assignment.exercises:
        for name, value in vars(exercise.common).items() if exercise.common else ():
            if (name.startswith("test_") and callable(value)) or getattr(value, "is_variant", False):
                yield (
                    f"{exercise.path.with_name(COMMON)}.py: {name} counts for no exercise here; move it into the file "
                    "of its exercise."
                )
        break
    for test in assignment.hidden_tests:
        if not test.claim:
            path, line = inspect.getsourcefile(test.function), inspect.unwrap(test.function).__code__.co_firstlineno
            yield (
                f"{path}, line {line}: {test.name} has no docstring; say in a sentence what must hold, which the "
                "student reads when it fails."
            )
    _ = assignment.variants, assignment.input_rules, assignment.hints
    for wrong in assignment.mistakes:
        _ = wrong.function


def _names(assignment: Assignment) -> Iterator[str]:
    """The names in assignment.toml."""
    settings, path = assignment.settings, assignment.folder / SETTINGS
    graded = [name for name, cell in assignment.graded_cells.items() if not vocabulary.is_manual(cell)]
    for name in settings.all_or_nothing:
        if name not in graded:
            yield f"{path}: all_or_nothing names {name!r}, which is no graded cell.{did_you_mean(name, graded)}"
    for entry in settings.equivalents:
        if entry.exercise not in assignment.solutions:
            yield (
                f"{path}: [[equivalents]] names {entry.exercise!r}, which is no exercise of the notebook."
                f"{did_you_mean(entry.exercise, assignment.solutions)}"
            )
    known = {test.name for test in assignment.hidden_tests}
    known |= {case.name for its_cases in public_cases(assignment).values() for case in its_cases}
    for exact in settings.exact:
        if exact.name not in known:
            yield (
                f"{path}: [[exact]] names {exact.name!r}, which is no hidden test or public case."
                f"{did_you_mean(exact.name, known)}"
            )
    library = defined_in_nnlib() if settings.withhold else set()
    for name in settings.withhold:
        if name not in library:
            near = did_you_mean(name, library, all=False)
            yield f"{path}: withhold names {name!r}, which nnlib does not define; take it out.{near}"


def _checks(assignment: Assignment) -> Iterator[str]:
    """What check(...) tries in the notebook, and the public cases."""
    if not assignment.uses_nnlib:
        return
    path, cases = assignment.folder / CASES, public_cases(assignment)
    for number, cell, line, name in checked_names(assignment.source):
        place = f"{assignment.notebook_path}: {cell_name(number, cell)}, line {line}"
        if not path.is_file():
            yield f"{place}: check({name}) needs public cases, and {path} does not exist; write it, or take check out."
        elif name not in cases:
            yield f"{place}: check({name}): no case in {CASES} tries {name}.{did_you_mean(name, cases)}"
    for exercise, its_cases in cases.items():
        if exercise not in assignment.reference:
            yield (
                f"{path}: {its_cases[0].name} takes {exercise}, which is no function of the notebook."
                f"{did_you_mean(exercise, assignment.solutions)}"
            )


def _reference(assignment: Assignment) -> Iterator[str]:
    """That the solutions pass their hidden tests."""
    functions = Local(assignment.reference if assignment.hidden_tests else {})
    for test in assignment.hidden_tests:
        if not (run := run_test(test, functions)).passed:
            yield (
                f"{assignment.notebook_path}: cell {vocabulary.exercise_of(test.grade_id)}: the solution fails "
                f"{test.name}: {run.message} Mend the solution or the test."
            )


_STEPS: tuple[Callable[[Assignment], Iterator[str]], ...] = (
    *(_cells, _solutions, _exercises),
    *(_names, _checks, _reference),
)
