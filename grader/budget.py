"""A submission's time, and how a cell ended that did not end by itself."""

import time
from dataclasses import dataclass
from typing import Literal

from grader.sandbox.limits import Limits


class Budget:
    """The clock of one submission, started when it is made; all cells and tests of it share it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._started = time.monotonic()

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    @property
    def until(self) -> float:
        """The end of the submission's time, on the monotonic clock."""
        return self._started + self.limits.submission_seconds

    @property
    def is_over(self) -> bool:
        """Whether nothing more of this submission is run."""
        return self.spent > self.limits.submission_seconds

    @property
    def cell_seconds(self) -> float:
        """What the next cell may take; 0 or less where nothing is left."""
        return min(self.limits.cell_seconds, self.limits.submission_seconds - self.spent)


@dataclass(frozen=True)
class CellEnd:
    """How a cell ended that did not end by itself; ``words`` go on after the name of the cell or the process."""

    kind: Literal["timeout", "died"]
    words: str

    def of(self, exercise: str) -> str:
        """Say it of an exercise's cell, in a sentence."""
        subject = "The cell" if self.kind == "timeout" else "In the cell"
        return f"{subject} of {exercise} {self.words}."
