"""What gradings of a submission changed, and why: one line of JSON for each, which is never written again.

nbgrader keeps a score's last value only. Here each grading adds what it found to a file of the student's, under the
lock that writing the gradebook has; a line that a kill has torn is passed over.
"""

import functools
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.intake.names import listed

if TYPE_CHECKING:
    from grader.assignment import Assignment

MOST_LINES = 1000  # of one student and assignment that are read, the newest


class Graded(msgspec.Struct, frozen=True):
    """One grading: when, of what, and what it gave; ``by_hand`` are scores of a person's that stood then."""

    at: datetime
    submission: str  # digests, and the version of this package
    assignment: str
    grader: str
    cells: dict[str, float]  # what tests gave, by cell
    points: float
    by_hand: dict[str, float] = {}
    penalty: float = 0.0
    files: dict[str, str] = {}  # of the assignment, with the beginnings of their digests

    @property
    def score(self) -> float:
        """Points, with a person's in the place of the tests', and the late penalty taken off."""
        return max(0.0, sum({**self.cells, **self.by_hand}.values()) - self.penalty)


@dataclass(frozen=True)
class Step:
    """One grading, or a change by hand since the last, beside the one before."""

    at: datetime | None  # None for now
    before: float | None
    after: float
    points: float
    cells: dict[str, tuple[float | None, float]]  # those that changed: before and after
    why: str

    def to_json(self, assignment: str) -> str:
        """Write the object that ``--json`` prints."""
        return json.dumps({"assignment": assignment, **msgspec.to_builtins(self)})


@functools.cache
def _own_version() -> str:
    from importlib.metadata import version  # not for whoever only reads what there is

    return version("nnlib")


def now_graded(
    submission: str,
    assignment: "Assignment",
    cells: Mapping[str, float],
    points: float,
    by_hand: Mapping[str, float],
    penalty: float,
) -> Graded:
    """Describe a grading that has just come to its end."""
    at = datetime.now(UTC).replace(microsecond=0)
    files = {name: digest[:12] for name, digest in assignment.digests.items()}
    done = (_own_version(), dict(cells), points, dict(by_hand), penalty, files)
    return Graded(at, submission, assignment.fingerprint, *done)


def add(path: Path, graded: Graded) -> None:
    """Add a grading to the file at ``path``, unless it is the last one over again, as after a kill."""
    before = list(read(path))
    if before and msgspec.structs.replace(before[-1], at=graded.at) == graded:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        torn = size and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, b"\n" * bool(torn) + msgspec.json.encode(graded) + b"\n")
    finally:
        os.close(descriptor)


def read(path: Path) -> Iterator[Graded]:
    """Read the gradings, the oldest first."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return
    for line in lines[-MOST_LINES - 1 :]:
        try:
            yield msgspec.json.decode(line, type=Graded)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue


def steps(gradings: list[Graded], by_hand: Mapping[str, float], penalty: float) -> list[Step]:
    """Say of each grading what it changed and why; last, what a person changed since.

    Parameters
    ----------
    by_hand, penalty
        What the gradebook holds now.
    """
    told: list[Step] = []
    before: Graded | None = None
    for graded in gradings:
        told.append(_step(before, graded, graded.at, _why(before, graded)))
        before = graded
    if before is not None:
        now = msgspec.structs.replace(before, by_hand=dict(by_hand), penalty=penalty)
        if reasons := _by_person(before, now):
            told.append(_step(before, now, None, "; ".join(reasons)))
    return told


def _step(before: Graded | None, after: Graded, at: datetime | None, why: str) -> Step:
    then = {**before.cells, **before.by_hand} if before else {}
    now = {**after.cells, **after.by_hand}
    changed = {name: (then.get(name), score) for name, score in now.items() if then.get(name) != score}
    return Step(at, before.score if before else None, after.score, after.points, changed if before else {}, why)


def _why(before: Graded | None, after: Graded) -> str:
    if before is None:
        return "handed in"
    reasons = []
    if before.submission != after.submission:
        reasons.append("handed in again")
    if before.assignment != after.assignment:
        changed = sorted({name for name, _ in before.files.items() ^ after.files.items()}) if before.files else []
        reasons.append("the assignment was changed" + (f": {listed(changed, 3)}" if changed else ""))
    if before.grader != after.grader:
        reasons.append(f"grader {before.grader} → {after.grader}")
    reasons += _by_person(before, after)
    return "; ".join(reasons) or "graded again"


def _by_person(before: Graded, after: Graded) -> list[str]:
    reasons = []
    if before.by_hand != after.by_hand:
        reasons.append("scores by hand")
    if before.penalty != after.penalty:
        reasons.append("late penalty")
    return reasons
