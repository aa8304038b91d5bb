"""Score a graded cell by its own tests, as nbgrader has it: by the error it ends in, or the number it shows.

These tests run beside the student's code and cannot promise what hidden tests do. Which attacks work, and where a score
is not nbgrader's and why, is in docs/coming-from-nbgrader.md.
"""

import math
import re

from grader.assignment import Assignment
from grader.budget import CellEnd
from grader.results import CellResult, short_line
from grader.results import points as number
from grader.sandbox.messages import MAX_NAME, Output, Ran

HIDDEN = "a hidden test in this cell failed"
_NUMPY = re.compile(r"(?:np|numpy)\.(?:float|int|uint)\d+\((.*)\)")  # as NumPy 2 shows its scalars


def in_cells_note(assignment: Assignment) -> str:
    """Tell a TA, in a line, what tests inside cells cannot promise; empty where there are none."""
    cells = [grade_id for part in assignment.parts for grade_id in sorted(part.decided_in_cells)]
    if not cells:
        return ""
    are = "cells hold their tests, which run" if len(cells) > 1 else "cell holds its tests, which run"
    return (
        f"Note: {len(cells)} {are} beside the student's code: code that looks for them can read or outwit them. "
        "docs/coming-from-nbgrader.md says how, and how to move one out."
    )


def without_hidden(ran: Ran, whole: str, released: str) -> Ran:
    """Leave the lines that students do not see, and their words, out of the error that a cell ended in."""
    hidden = _lines(whole) - _lines(released)
    outputs = [
        Output("error", output.name, HIDDEN, traceback=[f"{output.name}: {HIDDEN}"])
        if output.kind == "error" and hidden & _lines("\n".join(output.traceback))
        else output
        for output in ran.outputs
    ]
    return Ran(outputs, ran.error, ran.missing_name)


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n")} - {""}


def score_by_output(grade_id: str, points: float, ran: Ran | None, end: CellEnd | None) -> CellResult:
    """Score one cell of tests.

    Parameters
    ----------
    ran
        What running it gave; None where it did not end by itself, or was not run.
    end
        How it ended then.
    """
    if ran is None:
        status, words = (end.kind, f"The cell {end.words}.") if end else ("missing", "The cell was not run.")
        return CellResult(grade_id, 0.0, points, status, words)
    if ran.error is not None:
        return CellResult(grade_id, 0.0, points, "failed", _told(ran.error, ran.outputs))
    score, reason = _shown(ran.outputs, points)
    status = "passed" if score == points else "partial" if score else "failed"
    if not reason and any(output.kind == "stream" and output.name == "stderr" for output in ran.outputs):
        reason = "It wrote to stderr, which takes no points off."
    return CellResult(grade_id, score, points, status, reason)


def _shown(outputs: list[Output], points: float) -> tuple[float, str]:
    """Read the score off the value that a cell ends in; all points where there is no number."""
    text = next((output.data.get("text/plain", "") for output in outputs if output.kind == "execute_result"), "")
    numpy = _NUMPY.fullmatch(text)
    try:
        score = float(numpy[1] if numpy else text)
    except ValueError:
        return points, ""
    if not math.isfinite(score):
        return 0.0, f"Its tests gave {number(score)} of {number(points)} points, which is no number of points."
    if score > points:
        return points, f"Its tests gave {number(score)} of at most {number(points)} points; no more than these count."
    return (
        (score, "")
        if score >= 0
        else (points, f"Its tests gave {number(score)} points; as in nbgrader, all count then.")
    )


def _told(error: str, outputs: list[Output]) -> str:
    """What the error says, where it is the test's own words."""
    words = next((output.text for output in outputs if output.kind == "error"), "").strip()
    name = error[:MAX_NAME]
    return short_line(f"{name}: {words}" if words else f"{name}.")
