"""What grading one submission gives: plain data, the same for the terminal, JSON, the gradebook and the pages."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

_TOLD = {
    "passed": "passed",
    "partial": "partly right",
    "failed": "failed",
    "missing": "missing",
    "syntax": "syntax error",
    "timeout": "did not finish",
    "died": "crashed",
    "manual": "not yet graded",
    "infrastructure": "not graded: our fault",
}
LONGEST_LINE = 1000  # characters of what is told of one matter
MOST_LINES = 40  # that tell of one submission


def told(status: str) -> str:
    """Say a status in the words that people read, wherever they read it; JSON keeps the one of ``CellResult``."""
    return _TOLD[status]


def points(value: float) -> str:
    """Write points with at most two decimals, and none that say nothing."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")  # + 0.0: no -0


def short_line(line: str) -> str:
    """Cut what is told of one matter to a length that a table, a record and a page can show."""
    return line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} …"


def short_lines(lines: Iterable[str]) -> list[str]:
    """Cut lines, say each once and how often it came, and count those that are too many."""
    counted = Counter(map(short_line, lines))
    told = [f"{line} (×{count:,})" if count > 1 else line for line, count in counted.items()]
    return told if len(told) <= MOST_LINES else [*told[:MOST_LINES], f"and {len(told) - MOST_LINES:,} more lines"]


def in_notebook(notebook: str, grade_id: str) -> str:
    """The id of a cell among those of several notebooks, where its own may come twice."""
    return f"{notebook}/{grade_id}"


class TestResult(msgspec.Struct, frozen=True):
    """One hidden test: its name, the claim it makes, and what was wrong, in words for the student."""

    __test__ = False  # not a test of ours, whatever pytest thinks of the name

    name: str
    passed: bool
    message: str
    claim: str = ""


class Diagnosis(msgspec.Struct, frozen=True):
    """A known mistake that explains the failed tests; ``sure`` unless a single test of several is all that it fits.

    ``name`` is what tells it from all others: the exercise, and what is said.
    """

    name: str
    says: str
    hint: str
    sure: bool = True

    @property
    def told(self) -> str:
        """What to say of it."""
        return self.says if self.sure else f"Perhaps: {self.says}"


class SyntaxFault(msgspec.Struct):
    """A cell that Python could not compile: one fault, however many exercises the cell holds.

    ``line`` counts from 1 in the cell and is 0 where it is not known; ``says`` are Python's words, ``text`` is the
    student's line; ``exercises`` are those that are missing for it.
    """

    line: int
    says: str
    text: str = ""
    exercises: list[str] = []

    @property
    def told(self) -> str:
        """What to say of it, once."""
        place = f"line {self.line} of the cell" if self.line else "the cell"
        return f"Syntax error in {place} of {' and '.join(self.exercises)}: {self.says}. Nothing in that cell was run."


class CellResult(msgspec.Struct):
    """The score of one graded cell and how it came about; ``status`` is one word.

    passed, partial, failed; missing (never written), syntax (its cell could not be compiled), timeout, died; manual (a
    person grades it); infrastructure (our fault: not graded, listed, and graded by the next run). :func:`told` says
    them to people.
    """

    grade_id: str
    score: float
    points: float
    status: str
    reason: str = ""
    tests: list[TestResult] = []
    diagnosis: list[Diagnosis] = []


class Standing(msgspec.Struct, frozen=True):
    """What the gradebook holds of a submission: the final score, people's marks counted and a late penalty taken off.

    ``penalty`` are the points that were taken off. While a person has yet to give a score, the submission ``waits``.
    """

    score: float
    points: float
    penalty: float = 0.0
    waits: bool = False
    scored: bool = True  # whether any cell has a score


class GradeResult(msgspec.Struct):
    """All that grading one submission found out.

    ``score`` and ``points`` count what tests decide; cells graded by people are listed with their points and are
    in neither. ``blank`` names the cells for students in which nothing was written; ``notebooks`` are the executed,
    repaired notebooks as JSON, by file name; ``standing`` is the earlier grade that counts on where there is a problem;
    ``syntax`` are the cells that could not be compiled, each once;
    ``spent`` is where the time went, in seconds by ``profiling.Stage``.
    Where an assignment has several notebooks, ids are those of ``in_notebook``.
    """

    assignment: str
    student: str
    cells: list[CellResult]
    repairs: list[str]
    seconds: float
    problem: str = ""
    blank: list[str] = []
    notebooks: dict[str, bytes] = {}
    standing: Standing | None = None
    spent: dict[str, float] = {}
    syntax: list[SyntaxFault] = []

    @property
    def score(self) -> float:
        """Points that tests gave."""
        return float(sum(cell.score for cell in self.cells if cell.status != "manual"))

    @property
    def points(self) -> float:
        """Points that tests could give."""
        return float(sum(cell.points for cell in self.cells if cell.status != "manual"))

    @property
    def problem_line(self) -> str:
        """Why there is no grade, and which one stands; empty where there is one."""
        if self.standing is None:
            return self.problem
        earlier = f"{points(self.standing.score)} of {points(self.standing.points)}"
        return f"{self.problem.rstrip('.')}; the grade of the earlier submission, {earlier}, stands."

    def to_json(self, with_student: bool = False) -> str:
        """Write the object that ``--json`` prints."""
        cells: list[dict[str, Any]] = []
        for cell in self.cells:
            item: dict[str, Any] = msgspec.to_builtins(cell)
            item["tests"] = [{"name": test.name, "passed": test.passed, "message": test.message} for test in cell.tests]
            cells.append(item)
        report: dict[str, Any] = {"student": self.student} if with_student else {}
        report |= {"assignment": self.assignment, "score": self.score, "points": self.points, "cells": cells}
        report |= {"repairs": self.repairs, "seconds": round(self.seconds, 3)}
        if self.syntax:
            report["syntax"] = msgspec.to_builtins(self.syntax)
        if self.problem:
            report["problem"] = self.problem
        if self.standing:
            report["standing"] = msgspec.to_builtins(self.standing)
        return json.dumps(report)  # with escapes for letters: any terminal can show it
