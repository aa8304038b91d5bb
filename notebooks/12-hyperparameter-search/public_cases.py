"""What `check(...)` tries in the notebook; students may read it."""

import math

import numpy as np

from nnlib.checks import tolerance

DRAWS = 20_000
RUNS = 1_600


def _shares(values, ends):
    """Shares of the values between neighbouring ends, with those below the first and above the last."""
    places = np.searchsorted(ends, np.atleast_1d(np.asarray(values, dtype=float)), side="right")
    return np.bincount(places, minlength=len(ends) + 1) / places.size


def _draw_again(draw):
    """What two calls with one generator, and a third with another in the same state, have in common."""
    rng = np.random.default_rng(3)
    one, two, again = np.asarray(draw(rng)), np.asarray(draw(rng)), np.asarray(draw(np.random.default_rng(3)))
    return {
        "a second call gives the same numbers": np.array_equal(one, two),
        "a second call gives them in another order": np.allclose(np.sort(one), np.sort(two)),
        "a generator in the same state gives the same numbers": np.array_equal(one, again),
        "the numbers are sorted": bool((np.diff(one) >= 0).all() or (np.diff(one) <= 0).all()),
        "all numbers are the same": len(np.unique(one)) == 1,
    }


@tolerance(atol=0.03)
def share_of_each_decade(sample_log_uniform):
    """20,000 draws from 0.001 to 10"""
    values = sample_log_uniform(0.001, 10.0, DRAWS, np.random.default_rng(1))
    ends = [0.001 * (1 - 1e-5), 0.01, 0.1, 1.0, 10.0 * (1 + 1e-5)]
    return {
        "shape": list(np.shape(values)),
        "shares below the range, in each decade, and above": _shares(values, ends),
    }


@tolerance(atol=0.03)
def ends_that_are_no_powers_of_ten(sample_log_uniform):
    """20,000 draws from 0.05 to 0.8"""
    values = sample_log_uniform(0.05, 0.8, DRAWS, np.random.default_rng(2))
    ends = [0.05 * (1 - 1e-5), 0.1, 0.2, 0.4, 0.8 * (1 + 1e-5)]
    return {"shares below 0.05, from there up to 0.1, 0.2, 0.4, 0.8, and above": _shares(values, ends)}


def log_draws_again(sample_log_uniform):
    """30 draws, and 30 again"""
    return _draw_again(lambda rng: sample_log_uniform(0.002, 5.0, 30, rng))


def a_range_of_one_rate(sample_log_uniform):
    """low = high = 0.3"""
    return np.asarray(sample_log_uniform(0.3, 0.3, 3, np.random.default_rng(4)))


@tolerance(atol=0.03)
def share_of_each_window(sample_momentum):
    """20,000 draws from 0.9 to 0.999"""
    values = np.asarray(sample_momentum(0.9, 0.999, DRAWS, np.random.default_rng(1)))
    ends = [0.9 - 1e-6, 0.968377, 0.99, 0.996838, 0.999 + 1e-6]
    return {
        "shape": list(values.shape),
        "shares below the range, up to windows of 32, 100, 316, 1000, and above": _shares(values, ends),
    }


@tolerance(atol=0.03)
def momentum_from_zero(sample_momentum):
    """20,000 draws from 0 to 0.75"""
    values = sample_momentum(0.0, 0.75, DRAWS, np.random.default_rng(2))
    return {"shares below 0, from there up to 0.5 and 0.75, and above": _shares(values, [-1e-6, 0.5, 0.75 + 1e-6])}


def momentum_draws_again(sample_momentum):
    """30 draws, and 30 again"""
    return _draw_again(lambda rng: sample_momentum(0.4, 0.98, 30, rng))


def a_range_of_one_beta(sample_momentum):
    """low = high = 0.95"""
    return np.asarray(sample_momentum(0.95, 0.95, 3, np.random.default_rng(4)))


@tolerance(atol=0.03)
def share_of_each_number(sample_uniform_int):
    """20,000 draws from 2 to 4"""
    values = np.asarray(sample_uniform_int(2, 4, DRAWS, np.random.default_rng(1)))
    return {
        "shape": list(values.shape),
        "shares below 2, of 2, of 3, of 4, and above": _shares(values, [2, 3, 4, 5]),
        "of an integer dtype": values.dtype.kind in "iu",
    }


@tolerance(atol=0.03)
def numbers_about_zero(sample_uniform_int):
    """20,000 draws from -1 to 1"""
    values = sample_uniform_int(-1, 1, DRAWS, np.random.default_rng(2))
    return {"shares below -1, of -1, of 0, of 1, and above": _shares(values, [-1, 0, 1, 2])}


def int_draws_again(sample_uniform_int):
    """30 draws from 1 to 90, and 30 again"""
    return _draw_again(lambda rng: sample_uniform_int(1, 90, 30, rng))


def a_range_of_one_number(sample_uniform_int):
    """low = high = 7"""
    return np.asarray(sample_uniform_int(7, 7, 3, np.random.default_rng(4)))


def _in_order(configs):
    if not isinstance(configs, list | tuple) or not all(isinstance(config, dict) for config in configs):
        return configs
    return sorted(configs, key=lambda config: repr(sorted(config.items())))


def two_by_three(grid):
    """two rates and three sizes"""
    configs = _in_order(grid({"lr": [0.5, 0.05], "hidden": [10, 20, 30]}))
    values = [config.get("hidden") for config in configs if isinstance(config, dict)]
    return {"configurations": configs, "sizes are ints": all(isinstance(value, int) for value in values)}


def three_names(grid):
    """three names, one of them with a single value"""
    points = {"activation": ["relu", "elu"], "layers": (3,), "hidden": [16, 32]}
    configs = grid(points)
    return {"configurations": _in_order(configs), "names in points afterwards": list(points)}


def one_name(grid):
    """one name with two values"""
    return {"configurations": _in_order(grid({"beta": [0.8, 0.95]}))}


_SPACE = {
    "lr": ("log", 0.001, 10.0),
    "beta": ("momentum", 0.6, 0.996),
    "layers": ("int", 1, 3),
    "keep": ("linear", 0.2, 0.8),
}


def _ranking(random_search, scores):
    calls, tried = 0, []  # a configuration's score is that of its place in the order in which they first came

    def objective(*given, **named):
        nonlocal calls
        calls += 1
        config = repr(sorted((given[0] if given else named).items()))
        if config not in tried:
            tried.append(config)
        if named:
            alone.append(False)
        return scores[tried.index(config) % len(scores)]

    alone: list[bool] = []
    results = random_search(objective, dict(_SPACE), len(scores), np.random.default_rng(5))
    told = {"the objective gets one dict": not alone}
    told |= {"it is called once for each run": calls == len(scores), "number of results": len(results)}
    told["length of each result"] = sorted({len(pair) for pair in results})
    kinds = {tuple(type(part).__name__ for part in pair) for pair in results if isinstance(pair, list | tuple)}
    told["all pairs are (dict, number)"] = bool(kinds) and all(
        len(kind) == 2 and kind[0] == "dict" and kind[1] != "dict" for kind in kinds
    )
    if told["all pairs are (dict, number)"]:
        told["scores"] = [float(score) for _, score in results]
        own = {config: repr(float(score)) for config, score in zip(tried, scores, strict=False)}
        told["each configuration has its own score"] = all(
            own.get(repr(sorted(config.items()))) == repr(float(score)) for config, score in results
        )
    return told


def the_order_of_results(random_search):
    """six runs whose scores are 0.25, -0.5, 0.75, 0.5, -1, 0.125"""
    return _ranking(random_search, [0.25, -0.5, 0.75, 0.5, -1.0, 0.125])


def two_explosions(random_search):
    """five runs whose scores are 0.25, nan, -2, nan, 0.5"""
    return _ranking(random_search, [0.25, math.nan, -2.0, math.nan, 0.5])


def equal_scores(random_search):
    """four runs whose scores are 0.5, 0.25, 0.5, 0.5"""
    return _ranking(random_search, [0.5, 0.25, 0.5, 0.5])


@tolerance(atol=0.1)
def draws_on_each_scale(random_search):
    """1,600 runs over a space with all four scales"""
    calls = []

    def objective(config):
        calls.append(dict(config))
        return 0.0

    random_search(objective, dict(_SPACE), RUNS, np.random.default_rng(32))
    told = {"names of a configuration": sorted(calls[0]), "shape of a value": list(np.shape(calls[0]["lr"]))}
    if told["shape of a value"]:
        return told
    columns = {name: np.array([config[name] for config in calls], dtype=float) for name in _SPACE}
    upper = columns["lr"] > 0.1
    types = {type(config["layers"]) for config in calls}
    return told | {
        'share of "lr" above 0.1': upper.mean(),
        'share of "beta" above 0.96': (columns["beta"] > 0.96).mean(),
        'share of "keep" above 0.5': (columns["keep"] > 0.5).mean(),
        'shares of 1, 2 and 3 "layers"': _shares(columns["layers"], [1, 2, 3, 4])[1:-1],
        'share of runs with "lr" and "keep" both high or both low': (upper == (columns["keep"] > 0.5)).mean(),
        '"layers" are of an integer type': all(issubclass(kind, int | np.integer) for kind in types),
    }


def a_search_again(random_search):
    """20 runs, and 20 again"""

    def rates(rng):
        results = random_search(lambda config: float(np.ravel(config["lr"])[0]), dict(_SPACE), 20, rng)
        return [float(np.ravel(config["lr"])[0]) for config, _ in results]

    told = _draw_again(rates)
    del told["the numbers are sorted"]
    return told


_RANGES = {
    "lr": ("log", 1e-6, 1e2),
    "beta": ("momentum", 0.9, 0.99999),
    "rho": ("momentum", 0.05, 0.99),
    "hidden": ("int", 10, 110),
    "keep": ("linear", 0.5, 0.9),
}


def _names(found):
    return sorted(found) if isinstance(found, list | tuple | set) else found


def well_inside(at_edge):
    """a run with all values well inside their ranges"""
    return _names(at_edge(dict(_RANGES), {"lr": 1e-3, "beta": 0.9995, "rho": 0.97, "hidden": 17, "keep": 0.86}))


def at_upper_ends(at_edge):
    """a run with rate and beta near the upper ends"""
    return _names(at_edge(dict(_RANGES), {"lr": 60.0, "beta": 0.9999897, "rho": 0.5, "hidden": 60, "keep": 0.7}))


def at_lower_ends(at_edge):
    """a run with most values near the lower ends, and a name that is not in the space"""
    best = {"epochs": 20, "lr": 0.5, "beta": 0.93, "rho": 0.075, "hidden": 14, "keep": 0.506}
    return _names(at_edge(dict(_RANGES), best))


def a_range_without_inside(at_edge):
    """a space with two ranges of one value"""
    space = {"beta": ("momentum", 0.9, 0.9), "keep": ("linear", 0.5, 0.5), "layers": ("int", 1, 3)}
    best = {"beta": 0.9, "keep": 0.5, "layers": 2}
    return {"middle": _names(at_edge(space, best)), "end": _names(at_edge(space, {**best, "layers": 3}))}


_TRIED = [
    ({"lr": 0.3, "layers": 2}, -0.25),
    ({"lr": 40.0, "layers": 5}, -0.875),
    ({"lr": 0.04, "layers": 3}, -0.125),
    ({"lr": 0.9, "layers": 4}, -0.5),
    ({"lr": 0.002, "layers": 1}, -0.75),
    ({"lr": 0.0015, "layers": 2}, -0.375),
    ({"lr": 1.5, "layers": 1}, -0.625),
]
_OLD = {"lr": ("log", 0.001, 100.0), "layers": ("int", 1, 6)}


def _entries(found):
    return {name: list(entry) for name, entry in found.items()} if isinstance(found, dict) else found


def _whole(found):
    return isinstance(found, dict) and all(isinstance(end, int | np.integer) for end in found["layers"][1:])


def the_best_three(narrow):
    """seven runs, of which three are kept"""
    space, results = dict(_OLD), list(_TRIED)
    found = narrow(space, results, 3)
    return {
        "new space": _entries(found),
        "space afterwards": space,
        "scores afterwards": [score for _, score in results],
        '"layers" keep an integer type': _whole(found),
    }


def the_best_four(narrow):
    """the same runs, of which four are kept"""
    return _entries(narrow(dict(_OLD), list(_TRIED), 4))


def runs_that_exploded(narrow):
    """seven runs, two of which exploded, and which have a name that is not in the space"""
    bad = {1: math.nan, 4: math.nan}
    results = [({"seed": i, **config}, bad.get(i, score + 0.5)) for i, (config, score) in enumerate(_TRIED)]
    return _entries(narrow(dict(_OLD), results, 4))
