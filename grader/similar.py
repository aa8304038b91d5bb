"""Pairs of students whose code is alike, or who made the same rare mistake: a list to look at, never a verdict.

Code is compared by winnowing (Schleimer, Wilkerson and Aiken, 2003), as copydetect has it, with names left out of
account and the released code left out. What grading wrote is read, so its size is bounded already.
"""

import io
import itertools
import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from grader.assignment import Assignment
from grader.course import Course, CourseError
from grader.guard import bounded
from grader.reading import Refused
from grader.records import load_results
from grader.released import released_notebook
from grader.watch import Watch

LONGEST = 200_000  # characters of one student's code that are compared
TOKENS, WINDOW = 25, 6  # the shortest passage that is found is 30 characters of tokens
ALIKE = 0.5  # of the smaller submission's own code, from which on a pair is listed
MOST_PAIRS = 50
RARE = 3  # students at most who share a rare mistake, and no more than a tenth of a large class
CAUTION = "Alike is not copied: there may be one natural way. These are places to look at, not a verdict."


@dataclass
class Pair:
    """Two students, the share of the smaller one's code that is alike, the longest passage, and shared mistakes."""

    one: str
    other: str
    share: float = 0.0
    passage: tuple[str, str] = ("", "")
    mistakes: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        """Write the object that ``--json`` prints."""
        found = {"students": [self.one, self.other], "share": round(self.share, 3)}
        return json.dumps({**found, "passages": list(self.passage), "mistakes": self.mistakes})


def similar(name: str, course: Course, watch: Watch | None = None) -> tuple[list[Pair], str]:
    """List pairs, the most alike first, and say what could not be compared; ``CourseError`` if nothing is graded."""
    assignment = course.assignment(name)
    results = load_results(course, assignment.name)
    if not results:
        raise CourseError(f"Nothing of {assignment.name} is graded yet: grader autograde {assignment.name}")
    pairs: dict[tuple[str, str], Pair] = {}
    for mistake, students in _rare(results).items():
        for one, other in itertools.combinations(sorted(students), 2):
            pairs.setdefault((one, other), Pair(one, other)).mistakes.append(mistake)
    told = ""
    try:
        _compare(assignment, course, [result.student for result in results], pairs, watch or Watch())
    except ImportError:
        told = "Code was not compared: that needs the extra similarity, pip install 'nnlib[similarity]'."
    found = sorted(pairs.values(), key=lambda pair: (-pair.share, -len(pair.mistakes), pair.one, pair.other))
    return found[:MOST_PAIRS], told


def nobody_alike(told: str) -> str:
    """What it means that there is no pair; ``told`` says why code was not compared, if it was not."""
    return f"No two students {'share a rare mistake' if told else 'have work that is alike'}."


def _rare(results: list[Any]) -> dict[str, set[str]]:
    """The students by the mistakes that only a few of them made."""
    made: dict[str, set[str]] = defaultdict(set)
    for result in results:
        for cell in result.cells:
            for found in cell.diagnosis:
                made[found.name].add(result.student)
    most = min(RARE, max(2, len(results) // 10))
    return {name: students for name, students in made.items() if 2 <= len(students) <= most}


def _compare(
    assignment: Assignment, course: Course, students: list[str], pairs: dict[tuple[str, str], Pair], watch: Watch
) -> None:
    """Add what code is alike; ``ImportError`` where the extra is not installed."""
    from copydetect import CodeFingerprint, compare_files

    def fingerprint(text: str, boilerplate: Any = None) -> Any:
        return CodeFingerprint("cells.py", TOKENS, WINDOW, boilerplate, language="python", fp=io.StringIO(text))

    released = {
        cell.source.strip()
        for part in assignment.parts
        for cell in released_notebook(part).cells
        if cell.cell_type == "code"
    }
    boilerplate = list(fingerprint("\n\n".join(sorted(released))).hashes)
    watch.start(len(students))
    prints: dict[str, Any] = {}
    for student in students:
        folder = course.path("autograded", student, assignment.name)
        try:
            with bounded(student, "comparing"):
                own = fingerprint(_own_code(folder, released), boilerplate)
        except (Refused, OSError, ValueError):  # what cannot be compared is nobody's fault
            continue
        finally:
            watch.step()
        if own.hashes:
            prints[student] = own
    for one, other in itertools.combinations(sorted(prints), 2):
        left, right = prints[one], prints[other]
        if len(left.hashes & right.hashes) < ALIKE / 2 * min(len(left.hashes), len(right.hashes)):
            continue
        _, shares, slices = compare_files(left, right)
        if max(shares) >= ALIKE:
            pair = pairs.setdefault((one, other), Pair(one, other))
            pair.share = min(1.0, float(max(shares)))
            pair.passage = (_longest(left.raw_code, slices[0]), _longest(right.raw_code, slices[1]))


def _own_code(folder: Path, released: set[str]) -> str:
    """A student's own code cells, one after the other."""
    cells = [
        cell.source
        for path in sorted(folder.glob("*.ipynb"))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code" and cell.source.strip() not in released
    ]
    return "\n\n".join(cells)[:LONGEST]


def _longest(text: str, slices: Any) -> str:
    """The longest of the passages that are alike, in whole lines."""
    begin, end = max(zip(*slices, strict=True), key=lambda ends: ends[1] - ends[0])
    return text[text.rfind("\n", 0, int(begin)) + 1 : int(end)].strip("\n")
