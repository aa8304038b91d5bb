"""random_search: what it must do, other right ways, and what goes wrong."""

import copy
import heapq
import math
import operator
from itertools import islice, product

import numpy as np

from grader.authoring import mistake, variant, weight
from nnlib import sample_log_uniform, sample_momentum, sample_uniform_int
from nnlib.checks import CheckFailed, assert_close, assert_unchanged, require

from .common import (
    _log_place,
    _margin,
    _momentum_place,
    _number,
    _require_different,
    _require_equal_shares,
    _require_fresh,
    _require_independent,
    _require_uniform,
)

RUNS = 300  # fewer, since each run is a call, and 300 tell the scales apart


def _search(student, score, space, n, rng):
    """Search with an objective that keeps count; returns its calls and the results, as plain numbers."""
    calls, problems, given = [], [], copy.deepcopy(space)
    space = copy.deepcopy(space)

    def objective(config):
        try:
            require(isinstance(config, dict), "The objective takes one configuration, a dict.")
            require(set(config) == set(space), "A configuration must have exactly the names of the space.")
            plain = {name: _number(value, "A value of a configuration") for name, value in config.items()}
        except CheckFailed as problem:  # told after the search, whose results say more about the mistake
            problems.append(str(problem))
            return 0.0
        calls.append(plain)
        return score(plain)

    results = student.random_search(objective, given, n, rng)
    require(not problems, "".join(problems[:1]))
    require(isinstance(results, list | tuple), "The results must be a list of pairs (configuration, score).")
    require(len(results) == n, f"There must be {n} results for n = {n}.")
    pairs = []
    for pair in results:
        fits = isinstance(pair, list | tuple) and len(pair) == 2 and isinstance(pair[0], dict)
        require(fits, "Every result must be a pair (configuration, score).")
        require(set(pair[0]) == set(space), "A configuration must have exactly the names of the space.")
        config = {name: _number(value, "A value of a configuration") for name, value in pair[0].items()}
        pairs.append((config, float(_number(pair[1], "A score"))))
    return calls, pairs


def _places(space, configs):
    """Where the values of many configurations lie in their ranges, by name, on their own scales."""
    places = {}
    for name, (scale, low, high) in space.items():
        values = np.array([config[name] for config in configs], dtype=float)
        if scale == "log":
            places[name] = _log_place(values, low, high)
        elif scale == "momentum":
            places[name] = _momentum_place(values, low, high)
        else:
            places[name] = (values - low) / (high - low)
    return places


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
        calls, _ = _search(student, _peak, SPACE, n, rng)
        require(len(calls) == n, f"The objective must be called {n} times for n = {n}.")


def test_random_search_returns_every_run_with_its_score(student, rng):
    """The results are the configurations that were tried, each with the score that the objective gave it."""
    for score in (_peak, operator.itemgetter("keep"), lambda config: 100 * config["units"] - config["beta"]):
        calls, results = _search(student, score, SPACE, 12, rng)
        tried = sorted(sorted(config.items()) for config in calls)
        found = sorted(sorted(config.items()) for config, _ in results)
        require(tried == found, "The results must hold each configuration that the objective was called with, once.")
        for config, got in results:
            assert_close(got, score(config), what="the score beside a configuration")


@weight(2)
def test_random_search_puts_the_best_first(student, rng):
    """Higher is better: the scores fall from first to last, also where all are below zero."""
    for score in (_peak, operator.itemgetter("beta"), lambda config: 1e6 * config["lr"] - 1e5):
        _, results = _search(student, score, SPACE, 15, rng)
        scores = [got for _, got in results]
        require(scores == sorted(scores, reverse=True), "The scores must fall from the first result to the last.")
        require(len(set(scores)) > 10, "Runs with different configurations must have their own scores.")


def test_random_search_copes_with_equal_scores(student, rng):
    """Equal scores may come in any order, and none of the runs is lost.

    Fifty runs of five values miss one of them with a chance below 1e-4; nothing depends on it.
    """
    for score in (lambda config: 0.5, operator.itemgetter("units")):
        calls, results = _search(student, score, SPACE, 50, rng)
        require(len(calls) == 50, "The objective must be called once a run.")
        scores = [got for _, got in results]
        require(scores == sorted(map(score, calls), reverse=True), "A run with an equal score was lost or misplaced.")


@weight(2)
def test_random_search_puts_nan_last(student, rng):
    """Runs whose training exploded are kept, after the worst of the others.

    Forty runs with one in two exploding are all of one kind with a chance below 1e-11.
    """
    for edge, sign in [(0.65, 1), (0.65, -1)]:
        calls, results = _search(
            student, lambda c, e=edge, s=sign: math.nan if s * (c["keep"] - e) > 0 else _peak(c), SPACE, 40, rng
        )
        bad = sum(sign * (config["keep"] - edge) > 0 for config in calls)
        require(0 < bad < 40, "The values of a linear range do not cover both halves of it.")
        scores = np.array([got for _, got in results])
        require(np.isnan(scores).sum() == bad, "Runs with the score nan must be in the results, too.")
        require(np.isnan(scores[40 - bad :]).all(), "Runs with the score nan must come last.")
        kept = scores[: 40 - bad]
        require((np.diff(kept) <= 0).all(), "The scores that are numbers must fall from the first result to the last.")


def test_random_search_copes_with_nothing_but_nan(student, rng):
    """If every run exploded, all are returned; and so are scores that are whole numbers or NumPy's."""
    _, results = _search(student, lambda config: math.nan, SPACE, 6, rng)
    require(all(math.isnan(got) for _, got in results), "The scores must be those of the objective.")
    for kind in (int, np.float64, np.float32):
        calls, results = _search(student, lambda c, kind=kind: kind(round(100 * c["keep"])), SPACE, 6, rng)
        expected = sorted((round(100 * config["keep"]) for config in calls), reverse=True)
        assert_close([got for _, got in results], expected, what="the scores")


def _alone(student, rng, entry, n):
    """Draw one hyperparameter n times; returns its values."""
    calls, _ = _search(student, operator.itemgetter("v"), {"v": entry}, n, rng)
    require(len(calls) == n, "The objective must be called once a run.")
    return [config["v"] for config in calls]


def _require_scale(student, rng, *entry):
    values = [{"v": value} for value in _alone(student, rng, entry, RUNS)]
    places = _places({"v": entry}, values)["v"]
    require(places.min() > -1e-5 and places.max() < 1 + 1e-5, f'A value on the "{entry[0]}" scale is out of its range.')
    _require_uniform(places, f'A hyperparameter on the "{entry[0]}" scale')


def test_random_search_draws_log_scales(student, rng):
    """A value on the "log" scale has the same chance in each decade of its range.

    A right answer is refused with a chance of 1e-8.
    """
    _require_scale(student, rng, "log", 1e-5, 0.2)


def test_random_search_draws_momentum_scales(student, rng):
    """A value on the "momentum" scale is log-uniform in its distance to 1.

    A right answer is refused with a chance of 1e-8.
    """
    _require_scale(student, rng, "momentum", 0.8, 0.998)


def test_random_search_draws_linear_scales(student, rng):
    """A value on the "linear" scale has the same chance everywhere in its range.

    A right answer is refused with a chance of 1e-8.
    """
    _require_scale(student, rng, "linear", 0.02, 0.9)


def test_random_search_draws_whole_numbers(student, rng):
    """A value on the "int" scale is of an integer type, both ends come, all with the same chance.

    Three shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    values = _alone(student, rng, ("int", 3, 5), 2 * RUNS)
    require(all(isinstance(value, int) for value in values), 'A value on the "int" scale must be of an integer type.')
    _require_equal_shares(np.array(values), 3, 5)
    _, results = _search(student, _peak, SPACE, 5, rng)
    whole = all(isinstance(config["units"], int) for config, _ in results)
    require(whole, 'A value on the "int" scale must be of an integer type.')


def test_random_search_draws_every_value_for_itself(student, rng):
    """The values of a run do not depend on each other, nor on the run before.

    Ten shares are compared (Hoeffding's bound holds for draws without replacement too); together they refuse a right
    answer with a chance below 2e-7.
    """
    space = {"a": ("log", 0.01, 3.0), "b": ("log", 0.01, 3.0), "c": ("momentum", 0.5, 0.99), "d": ("linear", -1.0, 2.0)}
    calls, _ = _search(student, operator.itemgetter("a"), space, RUNS, rng)
    require(len(calls) == RUNS, "The objective must be called once a run.")
    places = _places(space, calls)
    # Halves are taken at each one's own middle, so that a wrong distribution is not taken for dependence.
    upper = {name: values > np.median(values) for name, values in places.items()}
    for one, other in [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]:
        same = np.mean(upper[one] == upper[other])
        require(abs(same - 0.5) < _margin(RUNS), "Two hyperparameters of a run depend on each other.")
    for name in ("a", "d"):
        _require_different(places[name])
        _require_independent(places[name])


def test_random_search_draws_anew_from_rng(student):
    """The configurations come from rng alone, and every search draws others.

    A right answer draws the same 30 rates twice with a chance far below 1e-20.
    """

    def rates(rng):
        calls, _ = _search(student, _peak, SPACE, 30, rng)
        return np.array([config["lr"] for config in calls])

    _require_fresh(rates)


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
        calls, results = _search(student, lambda config: sum(config.values()), space, 9, rng)
        require(len(calls) == 9, "The objective must be called once a run.")
        for config, _ in results:
            for name, (_, low, high) in space.items():
                inside = low - 1e-6 * abs(low) <= config[name] <= high + 1e-6 * abs(high)
                require(inside, "A value lies outside its range.")


def test_random_search_finds_the_winner_wherever_it_was(student, rng):
    """The best run comes first, whether it was tried first, last or between."""
    for sign in (1.0, -1.0):
        for _ in range(8):
            calls, results = _search(student, lambda c, s=sign: s * c["keep"], SPACE, 5, rng)
            best = max(calls, key=lambda c, s=sign: s * c["keep"])
            require(results[0][0] == best, "The best run must come first.")


def test_random_search_leaves_the_space_alone(student, rng):
    """The space stays as it came."""
    space = copy.deepcopy(SPACE)
    results = student.random_search(_peak, space, 6, rng)
    assert_unchanged(list(space), list(SPACE), what="the list of names of space")
    assert_unchanged(space, SPACE, what="space")
    require(isinstance(results, list | tuple) and len(results) == 6, "There must be 6 results for n = 6.")


@variant
def search_run_by_run(objective, space, n, rng):
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
def search_by_argsort(objective, space, n, rng):
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
def search_by_heap(objective, space, n, rng):
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
def search_by_insertion(objective, space, n, rng):
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


def _draw(scale, low, high, n, rng):
    if scale == "log":
        return sample_log_uniform(low, high, n, rng)
    if scale == "momentum":
        return sample_momentum(low, high, n, rng)
    if scale == "int":
        return sample_uniform_int(low, high, n, rng)
    return rng.uniform(low, high, size=n)


def _config(space, rng, draw=_draw):
    return {name: draw(scale, low, high, 1, rng)[0] for name, (scale, low, high) in space.items()}


def _ranked(results):
    return sorted(results, key=lambda run: (np.isnan(run[1]), -run[1]))


def _searched(objective, space, n, rng, draw=_draw):
    results = []
    for _ in range(n):
        config = _config(space, rng, draw)
        results.append((config, objective(config)))
    return results


def search_puts_the_worst_first(objective, space, n, rng):
    return sorted(_searched(objective, space, n, rng), key=lambda run: (np.isnan(run[1]), run[1]))


def search_does_not_sort(objective, space, n, rng):
    return _searched(objective, space, n, rng)


def search_returns_the_best_only(objective, space, n, rng):
    return _ranked(_searched(objective, space, n, rng))[0]


def search_keeps_improvements_only(objective, space, n, rng):
    best, kept = -math.inf, []
    for config, score in _searched(objective, space, n, rng):
        if score > best:
            best = score
            kept.append((config, score))
    return _ranked(kept)


def search_puts_nan_first(objective, space, n, rng):
    results = _searched(objective, space, n, rng)
    return [results[i] for i in np.argsort([score for _, score in results], kind="stable")[::-1]]


def search_sorts_without_regard_to_nan(objective, space, n, rng):
    return sorted(_searched(objective, space, n, rng), key=lambda run: run[1], reverse=True)


def search_drops_nan(objective, space, n, rng):
    return _ranked([run for run in _searched(objective, space, n, rng) if not np.isnan(run[1])])


def search_draws_again_on_nan(objective, space, n, rng):
    results = []
    for _ in range(20 * n):
        config = _config(space, rng)
        score = objective(config)
        if not np.isnan(score):
            results.append((config, score))
        if len(results) == n:
            break
    return _ranked(results)


def search_stops_at_nan(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = _config(space, rng)
        results.append((config, objective(config)))
        if np.isnan(results[-1][1]):
            break
    return _ranked(results)


def search_sorts_the_scores_alone(objective, space, n, rng):
    results = _searched(objective, space, n, rng)
    scores = sorted((score for _, score in results), key=lambda score: (np.isnan(score), -score))
    return [(config, score) for (config, _), score in zip(results, scores, strict=True)]


def search_replaces_nan(objective, space, n, rng):
    return _ranked([(config, float(np.nan_to_num(score))) for config, score in _searched(objective, space, n, rng)])


def search_pairs_the_wrong_way_round(objective, space, n, rng):
    return [(score, config) for config, score in _ranked(_searched(objective, space, n, rng))]


def search_returns_configurations_only(objective, space, n, rng):
    return [config for config, _ in _ranked(_searched(objective, space, n, rng))]


def search_puts_scores_into_the_dicts(objective, space, n, rng):
    return [{**config, "score": score} for config, score in _ranked(_searched(objective, space, n, rng))]


def search_reuses_one_dict(objective, space, n, rng):
    config, results = {}, []
    for _ in range(n):
        for name, (scale, low, high) in space.items():
            config[name] = _draw(scale, low, high, 1, rng)[0]
        results.append((config, objective(config)))
    return _ranked(results)


def search_seeds_its_own(objective, space, n, rng):
    return _ranked(_searched(objective, space, n, np.random.default_rng(0)))


def search_seeds_every_run(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = _config(space, np.random.default_rng(42))
        results.append((config, objective(config)))
    return _ranked(results)


def search_tries_one_configuration(objective, space, n, rng):
    config = _config(space, rng)
    return _ranked([(dict(config), objective(dict(config))) for _ in range(n)])


def search_draws_all_linearly(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        return _draw("int" if scale == "int" else "linear", low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


def search_draws_momentum_as_log(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        if scale == "momentum":
            return np.exp(rng.uniform(np.log(max(low, 1e-12)), np.log(max(high, 1e-12)), size=n))
        return _draw(scale, low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


def search_draws_momentum_linearly(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        return _draw("linear" if scale == "momentum" else scale, low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


def search_draws_linear_as_log(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        return _draw("log" if scale == "linear" and low > 0 else scale, low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


def search_leaves_out_the_upper_int(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        return rng.integers(low, max(high, low + 1), size=n) if scale == "int" else _draw(scale, low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


def search_gives_whole_numbers_as_floats(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = {name: float(value) for name, value in _config(space, rng).items()}
        results.append((config, objective(config)))
    return _ranked(results)


def search_leaves_arrays_of_one(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = {name: _draw(scale, low, high, 1, rng) for name, (scale, low, high) in space.items()}
        results.append((config, objective(config)))
    return _ranked(results)


def search_gives_each_run_all_values(objective, space, n, rng):
    columns = {name: _draw(scale, low, high, n, rng) for name, (scale, low, high) in space.items()}
    return _ranked([(columns, objective(columns)) for _ in range(n)])


def search_uses_one_number_for_all(objective, space, n, rng):
    results = []
    for _ in range(n):
        u = rng.random()
        config = {}
        for name, (scale, low, high) in space.items():
            if scale == "log":
                config[name] = low * (high / low) ** u
            elif scale == "momentum":
                config[name] = 1 - (1 - low) * ((1 - high) / (1 - low)) ** u
            elif scale == "int":
                config[name] = int(low + np.floor(u * (high - low + 1)))
            else:
                config[name] = low + u * (high - low)
        results.append((config, objective(config)))
    return _ranked(results)


def search_calls_twice(objective, space, n, rng):
    configs = sorted((_config(space, rng) for _ in range(n)), key=lambda c: -np.nan_to_num(objective(c), nan=-np.inf))
    return [(config, objective(config)) for config in configs]


def search_unpacks_the_configuration(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = _config(space, rng)
        results.append((config, objective(**config)))
    return _ranked(results)


def search_compares_dicts(objective, space, n, rng):
    pairs = [(bool(np.isnan(score)), -score, config) for config, score in _searched(objective, space, n, rng)]
    return [(config, -score) for _, score, config in sorted(pairs)]


def search_runs_one_too_few(objective, space, n, rng):
    return _ranked(_searched(objective, space, n - 1, rng))


def search_makes_a_grid(objective, space, n, rng):
    columns = [_draw(scale, low, high, n, rng) for scale, low, high in space.values()]
    most = islice(product(*columns), 1000)  # the rest would take till morning
    configs = [dict(zip(space, values, strict=True)) for values in most]
    return _ranked([(config, objective(config)) for config in configs])


def search_wants_positive_scores(objective, space, n, rng):
    return _ranked([run for run in _searched(objective, space, n, rng) if run[1] > 0])


MISTAKES = [
    mistake("The worst run comes first: scores are sorted upwards, as if they were costs.",
            "Higher is better here. Which score should the first pair have?",
            by=search_puts_the_worst_first),
    mistake("The results are in the order of the runs; they were not sorted.",
            "Which run should be the first of the list?",
            by=search_does_not_sort),
    mistake("Only the best run is returned, and the others are lost.",
            "The results of all n runs are asked for: narrow needs more than one.",
            by=search_returns_the_best_only),
    mistake("Only runs that beat all runs before them are kept.",
            "How many pairs should there be after n runs?",
            by=search_keeps_improvements_only),
    mistake("Runs with the score nan come first.",
            "A sort puts nan at one end. Which end is that once you turn the order around? Sort by two things if need be.",
            by=search_puts_nan_first),
    mistake("A plain sort is lost where a score is nan: every comparison with it is false.",
            "Give sorted a key that says first whether the score is nan.",
            by=search_sorts_without_regard_to_nan),
    mistake("Runs with the score nan are thrown away.",
            "A rate that explodes is worth knowing about. Where should those runs be in the list?",
            by=search_drops_nan),
    mistake("A run that exploded is drawn again, so that there are more runs than asked for.",
            "A call of the objective is a whole training. How many of them does n allow?",
            by=search_draws_again_on_nan),
    mistake("The search ends at the first run that exploded.",
            "break leaves the loop. What about the runs that are still to come?",
            by=search_stops_at_nan),
    mistake("The scores are sorted by themselves, so that they stand beside other configurations.",
            "Evaluate the first configuration again. Is its score the one beside it?",
            by=search_sorts_the_scores_alone),
    mistake("Scores of nan are replaced by another number.",
            "The pair holds the score that the objective gave. Sort by something else, but return that.",
            by=search_replaces_nan),
    mistake("The pairs are the wrong way round: score first.",
            "A result is (configuration, score), in this order.",
            by=search_pairs_the_wrong_way_round),
    mistake("The configurations alone are returned, without their scores.",
            "A result is a pair. What did the objective say?",
            by=search_returns_configurations_only),
    mistake("The score is put into the configuration, instead of beside it.",
            "A result is a pair of two things. How many entries may the configuration have?",
            by=search_puts_scores_into_the_dicts),
    mistake("All results share one dict, so that they all show the configuration of the last run.",
            "Each run needs a dict of its own. Where is yours made: inside the loop or before it?",
            by=search_reuses_one_dict),
    mistake("A generator of its own with a fixed seed is used, so that every search tries the same configurations.",
            "Draw from the rng that is passed in: it remembers what it has drawn.",
            by=search_seeds_its_own),
    mistake("The generator is seeded anew for every run, so that all runs try the same configuration.",
            "How many different configurations did your n runs try?",
            by=search_seeds_every_run),
    mistake("One configuration is drawn and tried n times.",
            "Does your draw stand inside the loop over the runs?",
            by=search_tries_one_configuration),
    mistake("Every value is drawn linearly; the scale is not looked at.",
            "What is the first of the three entries of the space for?",
            by=search_draws_all_linearly),
    mistake('The "momentum" scale is drawn like "log": log-uniform in beta, not in its distance to 1.',
            "You wrote a function for beta. Which scale should call it?",
            by=search_draws_momentum_as_log),
    mistake('The "momentum" scale is drawn linearly.',
            "You wrote a function for beta. Which scale should call it?",
            by=search_draws_momentum_linearly),
    mistake('The "linear" scale is drawn like "log".',
            "What should a keep probability be drawn by? See the table of scales.",
            by=search_draws_linear_as_log),
    mistake('On the "int" scale the upper end never comes.',
            "Both ends belong to the range. Do you call your own function from exercise 3?",
            by=search_leaves_out_the_upper_int),
    mistake('Values on the "int" scale come as floats.',
            "Can a layer have 32.0 units? Print the types of a configuration's values.",
            by=search_gives_whole_numbers_as_floats),
    mistake("Values are arrays of length 1 instead of single numbers.",
            "Your samplers return n numbers, also for n = 1. How do you take the one out?",
            by=search_leaves_arrays_of_one),
    mistake("All n values of each hyperparameter are put into every configuration.",
            "A configuration is one value for each name. Which of the n belongs to run i?",
            by=search_gives_each_run_all_values),
    mistake("One random number places all hyperparameters of a run, so that they rise and fall together.",
            "Each value is a draw of its own. How many random numbers does a run with four names need?",
            by=search_uses_one_number_for_all),
    mistake("The objective is called twice for each configuration.",
            "A call is a whole training. Keep its score in a variable.",
            by=search_calls_twice),
    mistake("The configuration is unpacked into keyword arguments; the objective takes one dict.",
            "How does the page call it: objective(configuration), or with **?",
            by=search_unpacks_the_configuration),
    mistake("The pairs are sorted whole, so that equal scores make Python compare two dicts, which it cannot.",
            "Say with key= what to sort by.",
            by=search_compares_dicts),
    mistake("There is one run too few.",
            "How often does a loop over range(1, n) run?",
            by=search_runs_one_too_few),
    mistake("n values of each hyperparameter are combined into a grid.",
            "How many runs did you make, and how many were asked for?",
            by=search_makes_a_grid),
    mistake("Scores that are not above zero count as no result.",
            "The score of a run can be any number. What does your best score start from?",
            by=search_wants_positive_scores),
]
