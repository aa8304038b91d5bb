"""random_search: what it must do, other right ways, and what goes wrong."""

import heapq
import math
import operator
from functools import partial

import numpy as np

from grader.authoring import mistake, slip, variant, weight
from nnlib import sample_log_uniform, sample_momentum, sample_uniform_int
from nnlib.checks import assert_close, require

from .common import (
    RUNS,
    alone,
    margin,
    places_of,
    require_different,
    require_equal_shares,
    require_fresh,
    require_independent,
    require_scale,
    searched,
)

HINTS = (
    "Write it for one run first: an empty dict, and for each name of the space one value, drawn by the function of its "
    "scale. The samplers return n numbers, even for n = 1.",
    "Where do you keep the score, so that the objective is called once per run? For the order, give sorted a key; "
    "which two things decide, if nan must come last?",
    "Scores 0.2, nan, 0.7: keys such as (False, -0.2), (True, nan), (False, -0.7) sort to 0.7, 0.2, nan, since False "
    "comes before True and the nan is never compared.",
)


def _peak(config):
    return -abs(math.log10(config["lr"]) + 2.5)


SPACE = {
    "lr": ("log", 1e-5, 0.2),
    "beta": ("momentum", 0.8, 0.998),
    "units": ("int", 3, 7),
    "keep": ("linear", 0.4, 0.9),
}


def test_random_search_calls_the_objective_once_a_run(student, rng):
    """n runs are n calls, each with a configuration that has a value for every name."""
    for n in (1, 2, 17):
        calls, _ = searched(student, _peak, SPACE, n, rng)
        require(len(calls) == n, f"The objective must be called {n} times for n = {n}.")


def test_random_search_returns_every_run_with_its_score(student, rng):
    """The results are the configurations that were tried, each with the score that the objective gave it."""
    for score in (_peak, operator.itemgetter("keep"), lambda config: 100 * config["units"] - config["beta"]):
        calls, results = searched(student, score, SPACE, 12, rng)
        tried = sorted(sorted(config.items()) for config in calls)
        found = sorted(sorted(config.items()) for config, _ in results)
        require(tried == found, "The results must hold each configuration that the objective was called with, once.")
        for config, got in results:
            assert_close(got, score(config), what="the score beside a configuration")


@weight(2)
def test_random_search_puts_the_best_first(student, rng):
    """Higher is better: the scores fall from first to last, also where all are below zero."""
    for score in (_peak, operator.itemgetter("beta"), lambda config: 1e6 * config["lr"] - 1e5):
        _, results = searched(student, score, SPACE, 15, rng)
        scores = [got for _, got in results]
        require(scores == sorted(scores, reverse=True), "The scores must fall from the first result to the last.")
        require(len(set(scores)) > 10, "Runs with different configurations must have their own scores.")


def test_random_search_copes_with_equal_scores(student, rng):
    """Equal scores may come in any order, and none of the runs is lost.

    Fifty runs of five values miss one of them with a chance below 1e-4; nothing depends on it.
    """
    for score in (lambda config: 0.5, operator.itemgetter("units")):
        calls, results = searched(student, score, SPACE, 50, rng)
        require(len(calls) == 50, "The objective must be called once per run.")
        scores = [got for _, got in results]
        require(scores == sorted(map(score, calls), reverse=True), "A run with an equal score was lost or misplaced.")


@weight(2)
def test_random_search_puts_nan_last(student, rng):
    """Runs whose training exploded are kept, after the worst of the others.

    Forty runs with one in two exploding are all of one kind with a chance below 1e-11.
    """
    for exploded in (lambda c: c["keep"] > 0.65, lambda c: c["keep"] < 0.65):
        calls, results = searched(student, lambda c, e=exploded: math.nan if e(c) else _peak(c) + 0.5, SPACE, 40, rng)
        bad = sum(map(exploded, calls))
        require(0 < bad < 40, "The values of a linear range do not cover both halves of it.")
        scores = np.array([got for _, got in results])
        require(np.isnan(scores).sum() == bad, "Runs with the score nan must be in the results, too.")
        first, kept = np.isnan(scores[:bad]).all(), scores[~np.isnan(scores)]
        require(not first, "Runs with the score nan come first; they must come last.")
        require((np.diff(kept) <= 0).all(), "The scores that are numbers must fall from the first result to the last.")
        require(np.isnan(scores[40 - bad :]).all(), "Runs with the score nan must come last, after the worst score.")


def test_random_search_copes_with_nothing_but_nan(student, rng):
    """If every run exploded, all are returned; and so are scores that are whole numbers or NumPy's."""
    _, results = searched(student, lambda config: math.nan, SPACE, 6, rng)
    require(all(math.isnan(got) for _, got in results), "The scores must be those of the objective.")
    for kind in (int, np.float64, np.float32):
        calls, results = searched(student, lambda c, kind=kind: kind(round(100 * c["keep"])), SPACE, 6, rng)
        expected = sorted((round(100 * config["keep"]) for config in calls), reverse=True)
        assert_close([got for _, got in results], expected, what="the scores")


def test_random_search_draws_log_scales(student, rng):
    """A value on the "log" scale has the same chance in each decade of its range."""
    require_scale(student, rng, "log", 1e-5, 0.2)


def test_random_search_draws_momentum_scales(student, rng):
    """A value on the "momentum" scale is log-uniform in its distance to 1."""
    require_scale(student, rng, "momentum", 0.8, 0.998)


def test_random_search_draws_linear_scales(student, rng):
    """A value on the "linear" scale has the same chance everywhere in its range."""
    require_scale(student, rng, "linear", 0.02, 0.9)


def test_random_search_draws_whole_numbers(student, rng):
    """A value on the "int" scale is of an integer type, both ends come, all with the same chance.

    Three shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    values = alone(student, rng, ("int", 3, 5), 2 * RUNS)
    require(all(isinstance(value, int) for value in values), 'A value on the "int" scale must be of an integer type.')
    require_equal_shares(np.array(values), 3, 5)
    _, results = searched(student, _peak, SPACE, 5, rng)
    whole = all(isinstance(config["units"], int) for config, _ in results)
    require(whole, 'A value on the "int" scale must be of an integer type.')


def test_random_search_draws_every_value_for_itself(student, rng):
    """The values of a run do not depend on each other, nor on the run before.

    Ten shares are compared (Hoeffding's bound holds for draws without replacement too); together they refuse a right
    answer with a chance below 2e-7.
    """
    space = {"a": ("log", 0.01, 3.0), "b": ("log", 0.01, 3.0), "c": ("momentum", 0.5, 0.99), "d": ("linear", -1.0, 2.0)}
    calls, _ = searched(student, operator.itemgetter("a"), space, RUNS, rng)
    require(len(calls) == RUNS, "The objective must be called once per run.")
    places = places_of(space, calls)
    # Halves are taken at each one's own middle, so that a wrong distribution is not taken for dependence.
    upper = {name: values > np.median(values) for name, values in places.items()}
    for one, other in [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]:
        same = np.mean(upper[one] == upper[other])
        require(abs(same - 0.5) < margin(RUNS), "Two hyperparameters of a run depend on each other.")
    for name in ("a", "d"):
        require_different(places[name])
        require_independent(places[name])


def test_random_search_draws_anew_from_rng(student):
    """The configurations come from rng alone, and every search draws others.

    A right answer draws the same 30 rates twice with a chance far below 1e-20.
    """

    def rates(rng):
        calls, _ = searched(student, _peak, SPACE, 30, rng)
        return np.array([config["lr"] for config in calls])

    require_fresh(rates)


def test_random_search_takes_any_space(student, rng):
    """Any names and any scale alone; a range of one value gives that value."""
    spaces = [
        {"dropout of layer 2": ("linear", 0.1, 0.2)},
        {"k": ("int", 2, 2)},
        {"rho": ("momentum", 0.0, 0.5)},
        {"lam": ("log", 20.0, 30.0)},
        {"z": ("int", -2, -1), "a": ("log", 0.5, 0.5), "m": ("linear", 2.0, 2.0), "q": ("momentum", 0.9, 0.9)},
        {"lr": ["log", 1e-2, 1e-1], "lr2": ["linear", 1e-2, 1e-1]},
    ]
    for space in spaces:
        calls, results = searched(student, lambda config: sum(config.values()), space, 9, rng)
        require(len(calls) == 9, "The objective must be called once per run.")
        for config, _ in results:
            for name, (_, low, high) in space.items():
                inside = low - 1e-6 * abs(low) <= config[name] <= high + 1e-6 * abs(high)
                require(inside, "A value lies outside its range.")


def test_random_search_finds_the_winner_wherever_it_was(student, rng):
    """The best run comes first, whether it was tried first, last or between."""
    for sign in (1.0, -1.0):
        for _ in range(8):
            calls, results = searched(student, lambda c, s=sign: s * c["keep"], SPACE, 5, rng)
            best = max(calls, key=lambda c, s=sign: s * c["keep"])
            require(results[0][0] == best, "The best run must come first.")


@variant
def run_by_run(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = {}
        for name, (scale, low, high) in space.items():
            if scale == "log":
                config[name] = float(sample_log_uniform(low, high, 1, rng)[0])
            elif scale == "momentum":
                config[name] = float(sample_momentum(low, high, 1, rng)[0])
            elif scale == "int":
                config[name] = int(sample_uniform_int(low, high, 1, rng)[0])
            else:
                config[name] = float(rng.uniform(low, high))
        score = objective(config)
        results.append((config, score))
    good = [run for run in results if not math.isnan(run[1])]
    bad = [run for run in results if math.isnan(run[1])]
    return sorted(good, key=lambda run: run[1], reverse=True) + bad


@variant
def by_argsort(objective, space, n, rng):
    columns = {}
    for name, (scale, low, high) in space.items():
        match scale:
            case "int":
                columns[name] = rng.integers(low, high + 1, size=n).tolist()
            case "linear":
                columns[name] = (low + (high - low) * rng.random(n)).tolist()
            case "log":
                columns[name] = (10 ** rng.uniform(np.log10(low), np.log10(high), n)).tolist()
            case _:
                columns[name] = (1 - 10 ** rng.uniform(np.log10(1 - high), np.log10(1 - low), n)).tolist()
    configs = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    scores = np.array([objective(config) for config in configs])
    return [[configs[i], float(scores[i])] for i in np.argsort(-scores)]


@variant
def by_heap(objective, space, n, rng):
    heap = []
    for i in range(n):
        config = {}
        for name in reversed(list(space)):
            scale, low, high = space[name]
            u = rng.random()
            if scale == "log":
                config[name] = low * (high / low) ** u
            elif scale == "momentum":
                config[name] = 1 - (1 - low) * ((1 - high) / (1 - low)) ** u
            elif scale == "int":
                config[name] = low + math.floor(u * (high + 1 - low))
            else:
                config[name] = low + u * (high - low)
        score = objective(config)
        heapq.heappush(heap, (-score if score == score else math.inf, i, config, score))
    return tuple((config, score) for _, _, config, score in (heapq.heappop(heap) for _ in range(n)))


@variant
def by_insertion(objective, space, n, rng):
    draw = {"log": sample_log_uniform, "momentum": sample_momentum, "int": sample_uniform_int}
    results = []
    for _ in range(n):
        config = {
            name: draw[scale](low, high, 1, rng)[0] if scale in draw else rng.uniform(low, high, 1)[0]
            for name, (scale, low, high) in space.items()
        }
        score = objective(config)
        place = len(results)
        while place > 0 and (results[place - 1][1] < score or math.isnan(results[place - 1][1])):
            place -= 1
        results.insert(place, (config, score))
    return results


@variant
def one_run_at_a_time(objective, space, n, rng):
    """The notebook's solution but for the order of the draws; the mistakes are edits of this."""
    draw = {
        "log": sample_log_uniform,
        "momentum": sample_momentum,
        "int": sample_uniform_int,
        "linear": lambda low, high, n, rng: rng.uniform(low, high, size=n),
    }
    results = []
    for _ in range(n):
        config = {name: draw[scale](low, high, 1, rng)[0] for name, (scale, low, high) in space.items()}
        results.append((config, objective(config)))
    return sorted(results, key=lambda run: (np.isnan(run[1]), -run[1]))


RUNS_LOOP = "for _ in range(n):"
CONFIG = "config = {name: draw[scale](low, high, 1, rng)[0] for name, (scale, low, high) in space.items()}"
APPEND = "results.append((config, objective(config)))"
SORTED = "sorted(results, key=lambda run: (np.isnan(run[1]), -run[1]))"
BY_SCORE = """by_score = {score: config for config, score in results if not np.isnan(score)}
    ranking = [(by_score[score], score) for score in sorted(by_score, reverse=True)]
    return ranking + [run for run in results if np.isnan(run[1])]"""
wrong = partial(mistake, of=one_run_at_a_time)
MISTAKES = [
    wrong("The worst run comes first: scores are sorted upwards, as if they were costs.",
          "Higher is better here. Which score should the first pair have?",
          {"-run[1]": "run[1]"}),
    wrong("The results are in the order of the runs; they were not sorted.",
          "Which run should be the first of the list?",
          {SORTED: "results"}),
    wrong("Only the best run is returned, and the others are lost.",
          "The results of all n runs are asked for: narrow needs more than one.",
          after=lambda results: results[0]),
    wrong("Only runs that beat all runs before them are kept.",
          "How many pairs should there be after n runs?",
          {APPEND: "score = objective(config)\n"
                   "        if score > max((other for _, other in results), default=-np.inf):\n"
                   "            results.append((config, score))"}),
    wrong("Scores that are not above zero count as no result.",
          "The score of a run can be any number. What does your best score start from?",
          {"sorted(results,": "sorted([run for run in results if run[1] > 0],"}),
    wrong("Runs with the score nan come first.",
          "A sort puts nan at one end. Which end is that once you reverse the order? Sort by two things if need be.",
          {SORTED: "[results[i] for i in np.argsort([score for _, score in results], kind='stable')[::-1]]"},
          {SORTED: "[results[i] for i in np.argsort([score for _, score in results])[::-1]]"}),
    wrong("Runs with the score nan are ranked as if it were some number, so that worse scores come after them.",
          "A score may be any number, also one below yours. What can you sort by that is no number at all?",
          {SORTED: "sorted(results, key=lambda run: -1.0 if np.isnan(run[1]) else run[1], reverse=True)"},
          {SORTED: "sorted(results, key=lambda run: 0.0 if np.isnan(run[1]) else run[1], reverse=True)"}),
    wrong("Runs are kept by their score, so that of several runs with one score only one is left.",
          "What happens in a dict when two runs have the same score?",
          {f"return {SORTED}": BY_SCORE}),
    wrong("A plain sort is lost where a score is nan: every comparison with it is false.",
          "Give sorted a key that says first whether the score is nan.",
          {SORTED: "sorted(results, key=lambda run: run[1], reverse=True)"}),
    wrong("Runs with the score nan are thrown away.",
          "A rate that explodes is worth knowing about. Where should those runs be in the list?",
          {"sorted(results,": "sorted([run for run in results if not np.isnan(run[1])],"}),
    wrong("A run that exploded is drawn again, so that there are more runs than asked for.",
          "A call of the objective is a whole training. How many of them does n allow?",
          {"range(n)": "range(20 * n)",
           APPEND: "score = objective(config)\n"
                   "        if not np.isnan(score):\n            results.append((config, score))\n"
                   "        if len(results) == n:\n            break"}),
    wrong("The search ends at the first run that exploded.",
          "break leaves the loop. What about the runs that are still to come?",
          {APPEND: f"{APPEND}\n        if np.isnan(results[-1][1]):\n            break"}),
    wrong("Scores of nan are replaced by another number.",
          "The pair holds the score that the objective gave. Sort by something else, but return that.",
          {APPEND: "results.append((config, float(np.nan_to_num(objective(config)))))"},
          {APPEND: "score = objective(config)\n"
                   "        results.append((config, -np.inf if np.isnan(score) else score))"}),
    wrong("The scores are sorted by themselves, so that they stand beside other configurations.",
          "Evaluate the first configuration again. Is its score the one beside it?",
          {f"return {SORTED}": f"scores = [score for _, score in {SORTED}]\n"
                               "    return [(config, score) for (config, _), score in zip(results, scores)]"}),
    wrong("The pairs are sorted whole, so that equal scores make Python compare two dicts, which it cannot.",
          "Say with key= what to sort by.",
          {"-run[1])": "-run[1], run[0])"}),
    wrong("The pairs are the wrong way round: score first.",
          "A result is (configuration, score), in this order.",
          after=lambda results: [(score, config) for config, score in results]),
    wrong("The configurations alone are returned, without their scores.",
          "A result is a pair. What did the objective say?",
          after=lambda results: [config for config, _ in results]),
    wrong("The score is put into the configuration, instead of beside it.",
          "A result is a pair of two things. How many entries may the configuration have?",
          after=lambda results: [{**config, "score": score} for config, score in results]),
    wrong("All results share one dict, so that they all show the configuration of the last run.",
          "Each run needs a dict of its own. Where is yours made: inside the loop or before it?",
          {"results = []": "results, config = [], {}", "config = {name": "config |= {name"}),
    slip("own_generator", {"results = []": "rng, results = np.random.default_rng(0), []"}, of=one_run_at_a_time),
    wrong("The generator is seeded anew for every run, so that all runs try the same configuration.",
          "How many different configurations did your n runs try?",
          {CONFIG: f"rng = np.random.default_rng(42)\n        {CONFIG}"}),
    wrong("One configuration is drawn and tried n times.",
          "Does your draw stand inside the loop over the runs?",
          {f"{RUNS_LOOP}\n        {CONFIG}": f"{CONFIG}\n    {RUNS_LOOP}"}),
    wrong("Every value is drawn linearly; the scale is not looked at.",
          "What is the first of the three entries of the space for?",
          {"draw[scale]": "draw['int' if scale == 'int' else 'linear']"}),
    wrong('Every scale is drawn like "log".',
          "The table names a function for each of the four scales. How many of them does your search call?",
          {"draw[scale](low, high, 1, rng)[0]":
           '(lambda v: int(round(v)) if scale == "int" else v)(sample_log_uniform(low, high, 1, rng)[0])'}),
    wrong('The "momentum" scale is drawn linearly or like "log": in beta itself, not in its distance to 1.',
          "You wrote a function for beta. Which scale should call it?",
          {"draw[scale]": "draw['linear' if scale == 'momentum' else scale]"},
          {"sample_momentum": "lambda low, high, *rest: sample_log_uniform(max(low, 1e-12), max(high, 1e-12), *rest)"}),
    wrong('The "linear" scale is drawn like "log".',
          "What should a keep probability be drawn by? See the table of scales.",
          {"draw[scale]": "draw['log' if scale == 'linear' and low > 0 else scale]"}),
    wrong('On the "int" scale the upper end never comes.',
          "Both ends belong to the range. Do you call your own function from exercise 3?",
          {"sample_uniform_int": "lambda low, high, n, rng: rng.integers(low, max(high, low + 1), size=n)"}),
    wrong('Values on the "int" scale come as floats.',
          "Can a layer have 32.0 units? Print the types of a configuration's values.",
          {"draw[scale](low, high, 1, rng)[0]": "float(draw[scale](low, high, 1, rng)[0])"}),
    wrong("Values are arrays of length 1 instead of single numbers.",
          "Your samplers return n numbers, also for n = 1. How do you take the one out?",
          {"rng)[0]": "rng)"}),
    mistake("All n values of each hyperparameter are put into every configuration.",
            "A configuration is one value for each name. Which of the n belongs to run i?",
            {"values[i]": "values"}),
    mistake("One random number places all hyperparameters of a run, so that they rise and fall together.",
            "Each value is a draw of its own. How many random numbers does a run with four names need?",
            {"config = {}": "config, u = {}, rng.random()", "            u = rng.random()\n": "",
             "reversed(list(space))": "space", "return tuple(": "return list("}, of=by_heap),
    wrong("The objective is called twice for each configuration.",
          "A call is a whole training. Keep its score in a variable.",
          {SORTED: f"[(config, objective(config)) for config, _ in {SORTED}]"}),
    wrong("The configuration is unpacked into keyword arguments; the objective takes one dict.",
          "How does the page call it: objective(configuration), or with **?",
          {"objective(config)": "objective(**config)"}),
    wrong("There is one run too few.",
          "How often does a loop over range(1, n) run?",
          {"range(n)": "range(1, n)"}),
    wrong("n values of each hyperparameter are combined into a grid.",
          "How many runs did you make, and how many were asked for?",
          {f"{RUNS_LOOP}\n        {CONFIG}":  # no more than 1,000, since the rest would take till morning
           "from itertools import islice, product\n"
           "    columns = [draw[scale](low, high, n, rng) for scale, low, high in space.values()]\n"
           "    for values in islice(product(*columns), 1000):\n        config = dict(zip(space, values))"}),
]
