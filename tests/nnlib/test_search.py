"""Drawing hyperparameters, searching, narrowing."""

import math
import operator
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnlib.search import (
    at_edge,
    coarse_to_fine,
    grid,
    narrow,
    random_search,
    run_configs,
    sample_configs,
    sample_log_uniform,
    sample_momentum,
    sample_uniform_int,
)

SPACE = {
    "lr": ("log", 1e-6, 1e-1),
    "beta": ("momentum", 0.9, 0.999),
    "hidden": ("int", 50, 100),
    "keep_prob": ("linear", 0.5, 1.0),
}


distance = operator.itemgetter("lr")  # an objective that another process can import


def peak(config):
    """Score that depends on the rate alone and is best at 1e-3."""
    return -abs(math.log10(config["lr"]) + 3)


def test_a_log_draw_gives_each_decade_the_same_share(rng):
    """A linear draw of [1e-4, 1] spends 90% above 0.1, a log draw a quarter."""
    draw = sample_log_uniform(1e-4, 1.0, 20_000, rng)
    shares = np.histogram(np.log10(draw), bins=[-4, -3, -2, -1, 0])[0] / 20_000
    assert_allclose(shares, 0.25, atol=0.02)
    assert (rng.uniform(1e-4, 1.0, 20_000) > 0.1).mean() == pytest.approx(0.9, abs=0.01)


def test_a_momentum_draw_gives_each_decade_of_the_window_the_same_share(rng):
    """As many β between 0.9 and 0.99 as between 0.99 and 0.999."""
    beta = sample_momentum(0.9, 0.999, 20_000, rng)
    assert (beta < 0.99).mean() == pytest.approx(0.5, abs=0.02)


def test_windows_of_momentum():
    """0.999 → 0.9995 doubles the window, 0.9 → 0.9005 changes next to nothing."""

    def window(beta):
        return 1 / (1 - beta)

    assert window(0.9995) / window(0.999) == pytest.approx(2)
    assert window(0.9005) / window(0.9) == pytest.approx(1.005, abs=1e-4)


@settings(max_examples=60)
@given(low=st.floats(1e-12, 1e6), factor=st.floats(1, 1e6), n=st.integers(1, 50))
def test_log_draws_stay_in_range(low, factor, n):
    """Both ends hold to the last digit, whatever they are."""
    draw = sample_log_uniform(low, low * factor, n, np.random.default_rng(n))
    assert draw.shape == (n,)
    assert draw.min() >= low
    assert draw.max() <= low * factor


@settings(max_examples=60)
@given(low=st.floats(0, 0.9), share=st.floats(0, 1), n=st.integers(1, 50))
def test_momentum_draws_stay_in_range(low, share, n):
    """Never below low, never 1."""
    high = low + share * (0.99999 - low)
    draw = sample_momentum(low, high, n, np.random.default_rng(n))
    assert draw.min() >= low
    assert draw.max() <= high < 1


def test_whole_numbers_include_both_ends(rng):
    """2, 3, 4 layers come a third each."""
    draw = sample_uniform_int(2, 4, 9000, rng)
    assert draw.dtype == np.int64
    values, counts = np.unique(draw, return_counts=True)
    assert_array_equal(values, [2, 3, 4])
    assert_allclose(counts / 9000, 1 / 3, atol=0.02)


def test_a_grid_tries_5_values_in_25_runs_and_random_search_25(rng):
    """The fact behind random search."""
    configs = grid({"lr": [1, 2, 3, 4, 5], "eps": [10, 20, 30, 40, 50]})
    assert len(configs) == 25
    assert len({config["lr"] for config in configs}) == 5
    assert configs[1] == {"lr": 1, "eps": 20}
    drawn = sample_configs({"lr": ("log", 1e-4, 1), "eps": ("log", 1e-10, 1e-6)}, 25, rng)
    assert len({config["lr"] for config in drawn}) == 25


def test_configurations_are_plain_python_numbers(rng):
    """They print and travel as JSON does; names are drawn independently."""
    configs = sample_configs(SPACE, 2000, rng)
    assert {type(v) for v in configs[0].values()} == {float, int}
    table = np.array([[math.log(c["lr"]), c["hidden"], c["keep_prob"]] for c in configs])
    assert np.abs(np.corrcoef(table.T) - np.eye(3)).max() < 0.08


def test_random_search_returns_the_best_first(rng):
    """Scores fall, every configuration has its own score, and NaN comes last."""
    results = random_search(lambda c: float("nan") if c["lr"] > 1e-2 else peak(c), SPACE, 60, rng)
    scores = [score for _, score in results]
    valid = [s for s in scores if not math.isnan(s)]
    assert len(results) == 60
    assert 0 < len(valid) < 60
    assert scores[: len(valid)] == sorted(valid, reverse=True)
    assert all(peak(config) == score for config, score in results[: len(valid)])


def test_ties_keep_the_order_of_trial():
    """A stable order makes a search repeatable."""
    configs = [{"i": i} for i in range(5)]
    assert [c["i"] for c, _ in run_configs(lambda c: c["i"] % 2, configs)] == [1, 3, 0, 2, 4]


@pytest.mark.parametrize("pool", ["threads", "processes"])
def test_an_executor_changes_nothing_but_the_time(pool):
    """Results with threads and with processes equal those one by one."""
    space = {"lr": ("log", 1e-6, 1.0)}
    one_by_one = random_search(distance, space, 12, np.random.default_rng(1))
    if pool == "threads":
        executor = ThreadPoolExecutor(4)
    else:
        executor = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    with executor:
        assert random_search(distance, space, 12, np.random.default_rng(1), executor) == one_by_one


def test_an_executor_really_runs_many_at_once():
    """Four runs wait for each other, which only works at the same time."""
    barrier = threading.Barrier(4, timeout=20)

    def meet(config):
        barrier.wait()
        return config["x"]

    with ThreadPoolExecutor(4) as executor:
        assert len(random_search(meet, {"x": ("linear", 0, 1)}, 4, np.random.default_rng(0), executor)) == 4


def test_narrowing_spans_the_best_runs():
    """Ranges shrink to the best two, scales and names stay, NaN and bad runs do not count."""
    results = [
        ({"lr": 1e-1, "h": 50}, float("nan")),
        ({"lr": 1e-5, "h": 60}, 0.1),
        ({"lr": 1e-3, "h": 90}, 0.9),
        ({"lr": 1e-1, "h": 51}, float("nan")),
        ({"lr": 1e-2, "h": 70}, 0.8),
    ]
    space = {"lr": ("log", 1e-6, 1.0), "h": ("int", 50, 100)}
    assert narrow(space, results, 2) == {"lr": ("log", 1e-3, 1e-2), "h": ("int", 70, 90)}


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), keep=st.integers(2, 10))
def test_a_narrowed_space_lies_inside_and_can_be_searched(seed, keep):
    """Each new range is within the old one, and drawing from it works."""
    rng = np.random.default_rng(seed)
    new = narrow(SPACE, random_search(peak, SPACE, 20, rng), keep)
    for name, (scale, low, high) in new.items():
        assert scale == SPACE[name][0]
        assert SPACE[name][1] <= low <= high <= SPACE[name][2]
    for config in sample_configs(new, 5, rng):
        assert all(new[k][1] <= v <= new[k][2] for k, v in config.items())


def test_the_edge_is_measured_on_the_scale_of_the_draw():
    """1e-2 is the middle of [1e-4, 1] on a log scale and its lower end on a linear one."""
    assert at_edge({"lr": ("log", 1e-4, 1.0)}, {"lr": 1e-2}) == []
    assert at_edge({"lr": ("linear", 1e-4, 1.0)}, {"lr": 1e-2}) == ["lr"]
    assert at_edge({"b": ("momentum", 0.9, 0.999)}, {"b": 0.99}) == []
    assert at_edge({"b": ("momentum", 0.9, 0.999)}, {"b": 0.9989}) == ["b"]


def test_the_edge_names_all_and_only_the_offenders():
    """In the order of the space, at either end; a range of one value has no edge."""
    best = {"lr": 9e-2, "beta": 0.99, "hidden": 50, "keep_prob": 0.7}
    assert at_edge(SPACE, best) == ["lr", "hidden"]
    assert at_edge({"n": ("int", 3, 3)}, {"n": 3}) == []


def test_coarse_to_fine_gets_closer(rng):
    """The second round searches a smaller range and its best is at least as near the peak, as a rule."""
    (_, coarse), (fine_space, fine) = coarse_to_fine(peak, SPACE, 30, rng, rounds=2, keep=5)
    _, low, high = fine_space["lr"]
    assert math.log10(high / low) < 3
    assert low < 1e-3 < high
    assert np.mean([s for _, s in fine]) > np.mean([s for _, s in coarse])
    assert fine[0][1] > -0.1


def test_each_round_narrows_the_round_before(rng):
    """The third space lies inside the second, not only inside the first."""
    first, second, third = (space["lr"] for space, _ in coarse_to_fine(peak, SPACE, 30, rng, rounds=3, keep=3))
    assert first == SPACE["lr"]
    assert first[1] < second[1] <= third[1] < third[2] <= second[2] < first[2]
    assert third[2] / third[1] < second[2] / second[1]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda rng: sample_log_uniform(0.0, 1.0, 5, rng), "above 0 on a log scale"),
        (lambda rng: sample_log_uniform(1.0, 0.1, 5, rng), r"low <= high, got 1\.0 and 0\.1\. Swap"),
        (lambda rng: sample_log_uniform(0.1, np.inf, 5, rng), "high must be a finite number"),
        (lambda rng: sample_log_uniform(0.1, 1.0, 0, rng), "n must be an integer of at least 1"),
        (lambda rng: sample_log_uniform(0.1, 1.0, 5, 0), "default_rng"),
        (lambda rng: sample_momentum(0.9, 1.0, 5, rng), r"\[0, 1\) for momentum"),
        (lambda rng: sample_uniform_int(1.5, 3, 5, rng), "integer"),
        (lambda rng: sample_configs({"lr": ("logg", 1e-3, 1)}, 5, rng), r"scale of 'lr'.*Did you mean 'log'"),
        (lambda rng: sample_configs({"lr": (1e-3, 1)}, 5, rng), r"must be \(scale, low, high\)"),
        (lambda rng: sample_configs({}, 5, rng), "at least one hyperparameter"),
        (lambda rng: narrow(SPACE, [], 2), r"keep = 2 results with a score, got 0"),
        (lambda rng: narrow(SPACE, [], 1), "keep must be an integer of at least 2"),
        (lambda rng: at_edge(SPACE, {"lr": 1.0}), "got none for beta, hidden, keep_prob"),
        (lambda rng: coarse_to_fine(peak, SPACE, 5, rng, rounds=0), "rounds"),
    ],
)
def test_nonsense_is_named(rng, call, says):
    """Rule, what came, repair."""
    with pytest.raises(ValueError, match=says):
        call(rng)
