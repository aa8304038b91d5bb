"""Check that a source notebook's solution markers are what nbgrader looks for, before anything is released.

nbgrader removes what stands between exact words; a misspelt word leaves the solution in the release.
"""

import difflib
import re
from pathlib import Path

from nbformat import NotebookNode

from grader import vocabulary
from grader.errors import AssignmentError

REGIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
WORDS = [f"{side} {region}" for region in REGIONS for side in ("BEGIN", "END")]


def check_markers(notebook: NotebookNode, path: Path) -> None:
    """Raise ``AssignmentError`` with file, cell and line of the first marker that is misspelt or unbalanced."""
    for number, cell in enumerate(notebook.cells, 1):
        name = f"{path}: cell {vocabulary.grade_id(cell) or number!r} (number {number})"
        opened: tuple[str, int] | None = None
        for line_number, line in enumerate(cell.source.split("\n"), 1):
            word = _marker(line)
            if word is None:
                continue
            place = f"{name}, line {line_number}"
            if word not in line:
                raise AssignmentError(f"{place}: {line.strip()!r} looks like a marker but is not; write ### {word}.")
            side, region = word.split(" ", 1)
            if region == "SOLUTION" and not vocabulary.is_solution(cell):
                raise AssignmentError(f"{place}: a solution region needs a cell whose nbgrader metadata say solution.")
            if side == "BEGIN":
                if opened:
                    raise AssignmentError(f"{place}: ### {word} inside a region that line {opened[1]} opened.")
                opened = (region, line_number)
            elif not opened or opened[0] != region:
                raise AssignmentError(f"{place}: ### {word} without ### BEGIN {region} before it.")
            else:
                opened = None
        if opened:
            raise AssignmentError(f"{name}, line {opened[1]}: ### BEGIN {opened[0]} without ### END {opened[0]}.")


def _marker(line: str) -> str | None:
    """Return the marker that a comment line is or was meant to be."""
    for word in WORDS:
        if word in line:
            return word
    match = re.fullmatch(r"\s*(?:#+|<!-{1,3}|={2,}|%+)?\s*([A-Za-z][A-Za-z _-]{6,24}?)\s*(?:#*|-->|=*)\s*", line)
    if not match or not re.match(r"\s*(#|<!|=|%)", line):
        return None
    text = re.sub(r"[ _-]+", " ", match[1]).upper()
    near = difflib.get_close_matches(text, WORDS, n=1, cutoff=0.8)
    return near[0] if near else None
