"""``hint(...)``: the next of an exercise's hints, from a nudge to a worked example; never the solution."""

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nnlib.checks.instant import FROZEN, exercise_of, parsed, takes_functions

HINTS = "hints"  # beside an exercise's expected results and mistakes in public_cases.json
_WIDTH = 96
_given: dict[tuple[Path, str], int] = {}  # how many were asked for, by folder and exercise


def hint(function: Any, step: int | None = None) -> None:
    """Print a hint for an exercise: at each call one that says more than the last.

    Parameters
    ----------
    function
        The exercise's function, written or not, such as ``hint(softmax)``.
    step
        Which hint, counted from 1; the next one if None.
    """
    print(next_hint(function, step, sys._getframe(1).f_globals, Path.cwd()))


def next_hint(function: Any, step: int | None, scope: Mapping[str, Any], folder: Path) -> str:
    """Say the hint that comes next, or the ``step``-th one."""
    path = folder / FROZEN
    if not path.is_file():
        return f"hint needs {FROZEN} beside the notebook and found none in {folder}. Unpack the release again."
    frozen = parsed(path.read_bytes())
    exercises = [name for name, parts in frozen.items() if isinstance(parts, dict)]
    name = exercise_of(function, exercises, scope)
    if not name:
        return takes_functions("hint", function, exercises)
    hints = frozen[name].get(HINTS, [])
    if not hints:
        return f"There are no hints for {name}. What check({name}) says is the best there is."
    if step is None:
        _given[folder, name] = step = min(_given.get((folder, name), 0) + 1, len(hints))
    if not 1 <= step <= len(hints):
        return f"{name} has hints 1 to {len(hints)}, got {step}."
    more = "Run the cell again for the next one." if step < len(hints) else "This was the last one."
    lines = [f"{name}, hint {step} of {len(hints)}. {more}"]
    for paragraph in hints[step - 1].split("\n"):
        lines += textwrap.wrap(paragraph, _WIDTH - 2, initial_indent="  ", subsequent_indent="  ") or [""]
    return "\n".join(lines)
