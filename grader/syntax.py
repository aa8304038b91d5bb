"""Cells that Python could not compile: nothing in them ran, so all that they define is missing for one reason."""

import ast
import re

from nbformat import NotebookNode

from grader.needed import MAGIC, MOST_PARSED
from grader.results import SyntaxFault

_ERRORS = {"SyntaxError", "IndentationError", "TabError"}
LONGEST_LINE = 200  # characters of a student's line that are shown


def faults_by_place(notebook: NotebookNode) -> dict[int, SyntaxFault]:
    """Find the cells of a notebook that was run in which Python found a syntax error, by place."""
    faults = {}
    for place, cell in enumerate(notebook.cells):
        ended_in = {output.get("ename") for output in cell.get("outputs", [])}
        if ended_in & _ERRORS and (fault := fault_in(cell.source)):  # a student's process may say what it likes
            faults[place] = fault
    return faults


def fault_in(source: str) -> SyntaxFault | None:
    """Compile a cell's text without running it, its magics aside; None where that works, or it is too long."""
    if len(source) > MOST_PARSED:
        return None
    try:
        ast.parse(MAGIC.sub(r"\1pass", source))
    except SyntaxError as error:
        lines, number = source.split("\n"), error.lineno or 0
        text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        return SyntaxFault(number, error.msg.rstrip("."), text[:LONGEST_LINE])
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def defines(source: str, function: str) -> bool:
    """Whether a text that cannot be parsed looks as if it were to define a function."""
    return re.search(rf"(?m)^[ \t]*(?:async[ \t]+)?def[ \t]+{re.escape(function)}\b", source) is not None
