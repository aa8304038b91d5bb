"""What a class's scores say about the exercises: how hard each is, and whether it tells good work from weak."""

from collections.abc import Mapping, Sequence
from math import fsum, isclose
from statistics import StatisticsError, correlation

BINS = 10  # of a distribution, of ten per cent each
FEWEST = 30  # students, below whom a discrimination is a rough number

Scores = Mapping[str, Mapping[str, float | None]]  # by student and exercise; None where nobody gave any yet


def is_full(score: float, points: float) -> bool:
    """Whether a score is all the points there are, or more by extra credit."""
    return score > points or isclose(score, points, abs_tol=1e-9)


def distribution(shares: Sequence[float]) -> list[int]:
    """Count shares from 0 to 1 by tenths; 1, and more than 1 by extra credit, is in the last."""
    counts = [0] * BINS
    for share in shares:
        counts[min(int(share * BINS + 1e-9), BINS - 1)] += 1  # 0.3 * 10 must not be 2.99…
    return counts


def discrimination(scores: Scores, exercise: str) -> float | None:
    """Correlate the scores of an exercise with the scores in the rest of the assignment: the item-rest correlation.

    The rest are the other exercises in which everybody concerned has a score, so that all are measured alike.
    None where there is no such number: fewer than three students, no other exercise, or all scores the same.
    """
    of = {student: cells for student, cells in scores.items() if cells.get(exercise) is not None}
    names = {name for cells in of.values() for name in cells} - {exercise}
    rest = sorted(name for name in names if all(cells.get(name) is not None for cells in of.values()))
    if len(of) < 3 or not rest:
        return None
    own = [cells[exercise] or 0.0 for cells in of.values()]
    others = [fsum(cells[name] or 0.0 for name in rest) for cells in of.values()]
    try:
        return correlation(own, others)
    except StatisticsError:  # one of them is constant
        return None
