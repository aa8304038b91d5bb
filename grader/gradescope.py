"""A result in the format of Gradescope's ``results.json``, so that its autograders can use the engine."""

import json
from typing import Any

from grader import vocabulary
from grader.pages import as_text
from grader.results import CellResult, GradeResult, told


def gradescope_json(result: GradeResult) -> str:
    """Write one exercise a test, with nothing that a feedback page would not tell.

    Cells that a person grades are questions of the assignment's outline there and no tests; the text names them.
    """
    by_hand = [vocabulary.exercise_of(cell.grade_id) for cell in result.cells if cell.status == "manual"]
    lines = [*result.repairs, *([f"A person grades: {', '.join(by_hand)}."] if by_hand else [])]
    return _written(
        {
            "output": "\n".join(lines),
            "execution_time": round(result.seconds, 1),
            "tests": [_test(cell) for cell in result.cells if cell.status != "manual"],
        }
    )


def refused_json(reason: str) -> str:
    """Say why a file is no submission of the assignment: 0 points, for handing in can be done again."""
    return _written({"output": reason, "score": 0.0, "tests": []})


def _written(report: dict[str, Any]) -> str:
    # stdout is for the instructor: a student's text may not command what shows it.
    always = {"output_format": "text", "visibility": "visible", "stdout_visibility": "hidden"}
    return json.dumps(report | always, indent=1)


def _test(cell: CellResult) -> dict[str, Any]:
    _, *lines = as_text(cell).split("\n")
    return {
        "name": vocabulary.exercise_of(cell.grade_id),
        "score": cell.score,
        "max_score": cell.points,
        "status": "passed" if cell.status == "passed" else "failed",
        "output": "\n".join([told(cell.status), *lines]),
        "output_format": "text",
        "visibility": "visible",
    }
