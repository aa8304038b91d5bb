"""Where a submission's time goes, by stage, each without those inside it: ``grader autograde --profile``."""

import contextlib
import time
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum


class Stage(StrEnum):
    """A stage of grading a submission, in the words of the table."""

    reading = "reading and repairing the notebook"
    starting = "starting and ending the student's process"
    answers = "cells that students wrote"
    checks = "graded cells, with their checks"
    course = "other cells of the course"
    tests = "hidden tests"
    naming = "naming mistakes"
    writing = "writing the graded notebook"
    keeping = "gradebook and files"


_spent: defaultdict[str, float] = defaultdict(float)  # seconds in this process, which grades one submission at a time
_inside: list[float] = []  # of the stages that are running, what those inside them took


@contextlib.contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Count the time of the block for this stage, and for none around it."""
    started = time.perf_counter()
    _inside.append(0.0)
    try:
        yield
    finally:
        took = time.perf_counter() - started
        _spent[name] += took - _inside.pop()
        if _inside:
            _inside[-1] += took


def taken() -> dict[str, float]:
    """Return the seconds by stage since this was last asked."""
    spent = dict(_spent)
    _spent.clear()
    return spent
