"""Nudges stand for another machine's round-off: they move numbers, and nothing else."""

import numpy as np
import pytest

from grader.roundoff import Roundoff

NUMBERS = np.array([0.1, -0.1, 0.0, 0.1, 3.0, np.nan, np.inf, 1e300])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_number_moves_by_a_few_ulps_and_no_further(seed):
    """Each is one to four ulps away, but for zero, infinity and nan, which no machine rounds."""
    x = np.random.default_rng(0).normal(size=1000)
    ulps = np.abs(Roundoff(seed).nudged(x) - x) / np.spacing(np.abs(x))
    assert ulps.min() >= 0.5
    assert ulps.max() <= 8.5  # four times the spacing of 1, in numbers just below a power of two
    nudged = Roundoff(seed).nudged(NUMBERS)
    assert nudged[2] == 0
    assert np.isnan(nudged[5])
    assert np.isinf(nudged[6])


def test_equal_numbers_stay_equal_and_opposite_ones_opposite():
    """Ties, constant features and symmetry are no matter of round-off; seeds differ."""
    nudged = Roundoff(1).nudged(NUMBERS)
    assert nudged[0] == nudged[3] == -nudged[1] != 0.1
    assert Roundoff(1).nudged([0.1, (0.3, {"a": 0.1})])[1][1]["a"] == nudged[0]
    assert not np.array_equal(nudged, Roundoff(2).nudged(NUMBERS), equal_nan=True)


def test_settings_integers_and_single_precision_stay():
    """A probability of 1 stays valid, and an ulp of single precision would be another input."""
    single = np.array([0.1, 0.2], dtype=np.float32)
    assert Roundoff(1).nudged([1.0, 3, True, "a", None]) == [1.0, 3, True, "a", None]
    assert Roundoff(1).nudged(0.5) != 0.5
    assert np.array_equal(Roundoff(1).nudged(single), single)


def test_a_transposed_array_keeps_its_layout():
    """A function that reads memory order finds it."""
    x = np.arange(6.0).reshape(2, 3).T
    assert Roundoff(1).nudged(x).strides == x.strides


def test_what_is_handed_on_comes_back_as_it_was():
    """Rows that were drawn, in arrays, lists and numbers, are the rows that there were; what was computed is not."""
    x = np.random.default_rng(0).normal(size=(4, 3))
    rows, one, listed, doubled = Roundoff(1).fed(lambda x: (x[[2, 0]], float(x[1, 1]), x[3].tolist(), 3 * x))(x)
    assert np.array_equal(rows, x[[2, 0]])
    assert one == x[1, 1]
    assert listed == x[3].tolist()
    assert not np.array_equal(doubled, 3 * x)
    assert np.allclose(doubled, 3 * x, rtol=1e-14, atol=0)


def test_scores_of_an_objective_come_back_as_they_were():
    """A search hands on what the function that it was given returned."""
    nudged = []

    def search(objective):
        nudged.append(objective(0.3))
        return nudged[0]

    assert Roundoff(1).fed(search)(lambda x: x / 7) == pytest.approx(0.3 / 7, rel=1e-14)
    assert nudged[0] != 0.3 / 7


def test_what_a_function_leaves_alone_is_left_alone():
    """Arguments that were read are as they were, bit by bit, neighbours of an ulp apart too."""
    given = {"w": NUMBERS.copy(), "pairs": [(0.1, 1), (0.1 + 2e-17, 2), (np.nextafter(0.1, 1), 3)]}
    before = {"w": NUMBERS.copy(), "pairs": list(given["pairs"])}
    Roundoff(1).fed(lambda given: given["w"].sum())(given)
    assert given["w"].tobytes() == before["w"].tobytes()
    assert given["pairs"] == before["pairs"]


def test_what_a_function_writes_reaches_the_caller():
    """Arrays, lists and dicts change in place, and what is moved in them stays the same object."""

    def rearranges(w, results, state):
        w[1] = 7.0
        results.sort(key=lambda pair: pair[1])
        results.pop()
        state["velocity"] *= 0.5
        state["new"] = w[0]
        del state["old"]

    w, velocity, first = np.array([0.1, 0.2, 0.3]), np.array([0.4]), ({"lr": 0.1}, 0.9)
    results, state = [first, ({"lr": 0.2}, 0.7), ({"lr": 0.3}, 0.95)], {"velocity": velocity, "old": 1}
    Roundoff(1).fed(rearranges)(w, results, state)
    assert w.tolist() == [0.1, 7.0, 0.3]
    assert [score for _, score in results] == [0.7, 0.9]
    assert results[1] is first
    assert state["velocity"] is velocity
    assert velocity == pytest.approx(0.2, rel=1e-14)
    assert state.keys() == {"velocity", "new"}
    assert state["new"] == 0.1
