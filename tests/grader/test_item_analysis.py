"""Figures about exercises, compared with another library's."""

import numpy as np
import pytest

from grader.item_analysis import discrimination, distribution, is_full


@pytest.fixture
def scores():
    """Forty students' scores in four exercises, which have something in common."""
    rng = np.random.default_rng(3)
    ability = rng.normal(size=40)
    table = np.clip(np.round(3 + ability[:, None] + rng.normal(size=(40, 4)), 2), 0, 6)
    return table, {f"s{row}": dict(zip("abcd", map(float, table[row]), strict=True)) for row in range(40)}


def test_discrimination_is_the_correlation_with_the_rest(scores):
    """NumPy's correlation of an exercise with the sum of the others is the same number."""
    table, by_student = scores
    for column, name in enumerate("abcd"):
        rest = np.delete(table, column, axis=1).sum(axis=1)
        assert discrimination(by_student, name) == pytest.approx(np.corrcoef(table[:, column], rest)[0, 1])


def test_an_exercise_that_is_not_marked_for_all_is_not_in_the_rest(scores):
    """Else those who wait for a person would seem to be weaker."""
    table, by_student = scores
    by_student["s0"]["d"] = None
    rest = table[:, 1:3].sum(axis=1)
    assert discrimination(by_student, "a") == pytest.approx(np.corrcoef(table[:, 0], rest)[0, 1])


@pytest.mark.parametrize(
    "scores",
    [
        {"a": {"x": 1.0, "y": 2.0}, "b": {"x": 0.0, "y": 1.0}},
        {str(n): {"x": float(n)} for n in range(9)},
        {str(n): {"x": float(n), "y": 2.0} for n in range(9)},
        {str(n): {"x": None, "y": 2.0} for n in range(9)},
        {},
    ],
    ids=["two students", "one exercise", "all the same", "not marked", "nobody"],
)
def test_there_is_no_discrimination_without_differences(scores):
    """Where there is no such number, there is none, and no 0."""
    assert discrimination(scores, "x") is None


def test_every_share_is_in_one_bin():
    """The edges belong to the bin above, except 1, and extra credit is in the last."""
    assert distribution([0.0, 0.0999, 0.1, 0.3, 0.7, 1.0, 1.2]) == [2, 1, 0, 1, 0, 0, 0, 1, 0, 2]


def test_rounding_takes_nobody_the_last_point():
    """A score that is all points but for the last bit is all points, and so is one with extra credit."""
    assert is_full(sum([0.1] * 3), 0.3)
    assert is_full(5.5, 5)
    assert not is_full(4.99, 5)
