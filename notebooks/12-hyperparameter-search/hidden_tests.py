"""Hidden tests of 12-hyperparameter-search.

Draws are judged by what every correct way to draw has in common, never by a seed.
Two bounds hold whatever the method, and both give the same margin for n draws: the largest distance of the draws'
distribution from the right one exceeds it (Dvoretzky, Kiefer, Wolfowitz, Massart) with a chance of at most 1e-8, and
so does the distance of a share from its probability (Hoeffding). A test makes at most forty such comparisons, so it
refuses a right answer less than once in two million gradings; where a test rests on something else, it says on what.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import copy
import math
import operator

import numpy as np

from grader.authoring import easy, weight
from nnlib.checks import CheckFailed, assert_close, assert_shape, assert_unchanged, require

DRAWS = 20_000
RUNS = 300  # fewer, since each run is a call, and 300 tell the scales apart


def _margin(n):
    return math.sqrt(math.log(2 / 1e-8) / (2 * n))


def _floats(value, n):
    """The result of a draw as an array, in whatever kind of sequence it came."""
    kind = isinstance(value, np.ndarray | list | tuple)
    require(kind, "The result must be an array of n numbers.")
    numbers = np.asarray(value)
    assert_shape(numbers, (n,), what="the result")
    require(numbers.dtype.kind == "f" and np.isfinite(numbers).all(), "The numbers must be finite floats.")
    return numbers.astype(float)


def _integers(value, n):
    kind = isinstance(value, np.ndarray | list | tuple)
    require(kind, "The result must be an array of n whole numbers.")
    numbers = np.asarray(value)
    assert_shape(numbers, (n,), what="the result")
    require(numbers.dtype.kind in "iu", "The numbers must be of an integer dtype.")
    return numbers.astype(np.int64)


def _require_uniform(places, what):
    """Compare the distribution of places in [0, 1] with the uniform one."""
    n, places = len(places), np.sort(places)
    above, below = np.arange(1, n + 1) / n - places, places - np.arange(n) / n
    require(max(above.max(), below.max()) < _margin(n), f"{what} does not have the distribution asked for.")


def _require_independent(numbers):
    """Neighbours of a draw know nothing of each other: pairs that do not overlap rise as often as they fall."""
    first, second = numbers[: len(numbers) // 2 * 2].reshape(-1, 2).T
    shares = {
        "rise": np.mean(first < second),
        "lie on the same side of the middle": np.mean((first < np.median(numbers)) == (second < np.median(numbers))),
    }
    for what, share in shares.items():
        # The median is measured on the same draws, which moves the share by less than 0.01.
        near = abs(share - 0.5) < _margin(len(first)) + 0.01
        require(near, f"The draws are not independent: too many or too few neighbours {what}.")


def _require_fresh(draw):
    """Judge five calls of draw(rng) by where their numbers come from; at least 30 draws of a continuous range.

    Two right draws of this many floats are equal with a chance far below 1e-20.
    """
    first, again, other = (draw(np.random.default_rng(seed)) for seed in (51, 51, 52))
    require(np.array_equal(first, again), "Two generators in the same state must give the same numbers: draw from rng.")
    require(not np.array_equal(first, other), "Generators in other states must give other numbers: draw from rng.")
    rng = np.random.default_rng(53)
    one, two = draw(rng), draw(rng)
    require(not np.array_equal(one, two), "Two calls with one generator gave the same numbers: draw anew each time.")
    require(
        not np.allclose(np.sort(one), np.sort(two), rtol=1e-9, atol=0.0),
        "Two calls gave the same numbers in another order: draw the numbers themselves.",
    )


def _require_different(numbers):
    """Nearly all draws of a continuous range differ (float32 repeats a few)."""
    require(len(np.unique(numbers)) > 0.9 * len(numbers), "Many of the draws are the same number.")


# ---------------------------------------------------------------- sample_log_uniform


def _log_draw(student, low, high, n, rng):
    return _floats(student.sample_log_uniform(low, high, n, rng), n)


def _log_place(values, low, high):
    require((values > 0).all(), "The numbers must be positive.")
    return (np.log(values) - math.log(low)) / (math.log(high) - math.log(low))


@easy
def test_sample_log_uniform_returns_n_numbers(student, rng):
    """There are n finite floats in a row, for any n."""
    for n in (1, 2, 7, 40):
        _log_draw(student, 0.003, 3.0, n, rng)


def test_sample_log_uniform_stays_in_its_range(student, rng):
    """No number lies outside the range, and the range is used from end to end.

    A right answer leaves a hundredth of the range empty with a chance of 0.99 to the power 20,000, below 1e-80.
    """
    for low, high in [(1e-3, 10.0), (0.02, 0.7), (3.0, 5.0)]:
        places = _log_place(_log_draw(student, low, high, DRAWS, rng), low, high)
        require(places.min() > -1e-5 and places.max() < 1 + 1e-5, "A number lies outside the range.")
        require(places.min() < 0.01 and places.max() > 0.99, "The numbers do not reach both ends of the range.")


@weight(3)
def test_sample_log_uniform_treats_all_decades_alike(student, rng):
    """Each power of ten gets the same share, wherever the range lies.

    Four distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(1e-5, 1e-1), (1e-3, 1e2), (10.0, 1e6), (1e-12, 1e-9)]:
        places = _log_place(_log_draw(student, low, high, DRAWS, rng), low, high)
        _require_uniform(places, "A draw over several decades")


@weight(3)
def test_sample_log_uniform_between_any_two_numbers(student, rng):
    """The ends need not be powers of ten, nor far apart.

    Three distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.02, 0.7), (3.0, 5.0), (0.3, 40.0)]:
        places = _log_place(_log_draw(student, low, high, DRAWS, rng), low, high)
        _require_uniform(places, "A draw between ends that are no powers of ten")


def test_sample_log_uniform_of_a_single_value(student, rng):
    """A range of one value gives that value."""
    for value in (0.05, 1.0, 300.0):
        got = _log_draw(student, value, value, 5, rng)
        assert_close(got, np.full(5, value), what="the draws where low == high")
    _require_different(_log_draw(student, 0.05, 300.0, 200, rng))


def test_sample_log_uniform_draws_are_independent(student, rng):
    """The n numbers differ, are in no order, and do not depend on each other.

    Two shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    values = _log_draw(student, 1e-4, 0.5, DRAWS, rng)
    _require_different(values)
    _require_independent(values)


def test_sample_log_uniform_draws_anew_from_rng(student):
    """The numbers come from rng alone, and every call draws others.

    A right answer draws the same 40 floats twice with a chance far below 1e-20.
    """
    _require_fresh(lambda rng: _log_draw(student, 1e-3, 2.0, 40, rng))


# ---------------------------------------------------------------- sample_momentum


def _momentum_draw(student, low, high, n, rng):
    return _floats(student.sample_momentum(low, high, n, rng), n)


def _momentum_place(betas, low, high):
    require((betas < 1).all(), "A beta must be below 1.")
    return (math.log(1 - low) - np.log(1 - betas)) / (math.log(1 - low) - math.log(1 - high))


@easy
def test_sample_momentum_returns_n_numbers(student, rng):
    """There are n finite floats in a row, for any n."""
    for n in (1, 2, 7, 40):
        _momentum_draw(student, 0.8, 0.98, n, rng)


def test_sample_momentum_stays_in_its_range(student, rng):
    """No beta lies outside the range, and the range is used from end to end.

    A right answer leaves a hundredth of the range empty with a chance of 0.99 to the power 20,000, below 1e-80.
    """
    for low, high in [(0.9, 0.999), (0.5, 0.95), (0.0, 0.9)]:
        betas = _momentum_draw(student, low, high, DRAWS, rng)
        require(betas.min() > low - 1e-6 and betas.max() < high + 1e-6, "A beta lies outside the range.")
        places = _momentum_place(betas, low, high)
        require(places.min() < 0.01 and places.max() > 0.99, "The betas do not reach both ends of the range.")


@weight(3)
def test_sample_momentum_treats_all_decades_of_the_window_alike(student, rng):
    """Windows of 10 to 100 steps get as many draws as those of 100 to 1,000.

    Two distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.9, 0.9999), (0.99, 0.999)]:
        _require_uniform(_momentum_place(_momentum_draw(student, low, high, DRAWS, rng), low, high), "A draw of beta")


@weight(3)
def test_sample_momentum_between_any_two_numbers(student, rng):
    """The ends need not be 0.9 or 0.999; zero is allowed.

    Three distributions are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(0.0, 0.9), (0.55, 0.9875), (0.2, 0.7)]:
        _require_uniform(_momentum_place(_momentum_draw(student, low, high, DRAWS, rng), low, high), "A draw of beta")


def test_sample_momentum_of_a_single_value(student, rng):
    """A range of one value gives that value."""
    for value in (0.0, 0.9, 0.995):
        got = _momentum_draw(student, value, value, 5, rng)
        assert_close(got, np.full(5, value), what="the draws where low == high")
    _require_different(_momentum_draw(student, 0.0, 0.995, 200, rng))


def test_sample_momentum_draws_are_independent(student, rng):
    """The n numbers differ, are in no order, and do not depend on each other.

    Two shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    betas = _momentum_draw(student, 0.3, 0.995, DRAWS, rng)
    _require_different(betas)
    _require_independent(betas)


def test_sample_momentum_draws_anew_from_rng(student):
    """The numbers come from rng alone, and every call draws others.

    A right answer draws the same 40 floats twice with a chance far below 1e-20.
    """
    _require_fresh(lambda rng: _momentum_draw(student, 0.6, 0.995, 40, rng))


# ---------------------------------------------------------------- sample_uniform_int


def _int_draw(student, low, high, n, rng):
    return _integers(student.sample_uniform_int(low, high, n, rng), n)


def _require_equal_shares(numbers, low, high):
    require(numbers.min() >= low and numbers.max() <= high, "A number lies outside the range.")
    count = high - low + 1
    shares = np.bincount(numbers - low, minlength=count) / len(numbers)
    require(shares.min() > 0, "Some numbers of the range never come: both ends are included.")
    near = np.abs(shares - 1 / count).max() < _margin(len(numbers))
    require(near, "Not all numbers of the range are equally likely.")


def test_sample_uniform_int_returns_n_whole_numbers(student, rng):
    """There are n numbers of an integer dtype in a row, for any n, also more than the range has values."""
    for n in (1, 2, 7, 40):
        _int_draw(student, 3, 12, n, rng)


@weight(2)
def test_sample_uniform_int_includes_both_ends(student, rng):
    """Both ends come, and nothing beyond them.

    A right answer misses an end of (0, 1) with a chance of one in 2 to the power 1,000, of (50, 60) below 1e-40.
    """
    for low, high in [(0, 1), (5, 7), (50, 60)]:
        numbers = _int_draw(student, low, high, 1000, rng)
        require(numbers.max() <= high and numbers.min() >= low, "A number lies outside the range.")
        require(numbers.min() == low, "The lower end never comes: it is included.")
        require(numbers.max() == high, "The upper end never comes: it is included.")


def test_sample_uniform_int_favours_nobody(student, rng):
    """Each number of the range is as likely as any other, the ends too.

    Thirteen shares are compared; together they refuse a right answer with a chance below 2e-7.
    """
    for low, high in [(0, 2), (3, 7), (10, 14)]:
        _require_equal_shares(_int_draw(student, low, high, DRAWS, rng), low, high)


def test_sample_uniform_int_below_zero(student, rng):
    """Ranges that begin below zero are drawn alike: cutting off the fraction rounds towards zero.

    Nine shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    for low, high in [(-3, 2), (-6, -4)]:
        _require_equal_shares(_int_draw(student, low, high, DRAWS, rng), low, high)


def test_sample_uniform_int_of_a_single_value(student, rng):
    """A range of one value gives that value."""
    for value in (0, 3, 64):
        assert_close(_int_draw(student, value, value, 6, rng), np.full(6, value), what="the draws where low == high")
    require(len(set(_int_draw(student, 0, 64, 200, rng).tolist())) > 20, "Most of the draws are the same number.")


def test_sample_uniform_int_draws_are_independent(student, rng):
    """The n numbers are in no order and may come again.

    Of 10,000 pairs from 1 to 1,000 a share of 0.4995 rises; it and the share of equal sides are compared, and a
    right answer is refused with a chance below 1e-7.
    """
    numbers = _int_draw(student, 1, 1000, DRAWS, rng)
    require(len(np.unique(numbers)) > 900, "Most of the numbers never come.")
    _require_independent(numbers)


def test_sample_uniform_int_draws_anew_from_rng(student):
    """The numbers come from rng alone, and every call draws others.

    A right answer draws the same 40 of 100,000 numbers twice with a chance far below 1e-20.
    """
    _require_fresh(lambda rng: _int_draw(student, 1, 100_000, 40, rng))


# ---------------------------------------------------------------- grid


def _key(config):
    return tuple(sorted((name, repr(_plain(value))) for name, value in config.items()))


def _plain(value):
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return value.item()
    return tuple(map(_plain, value)) if isinstance(value, list | tuple) else value


def _combinations(points):
    """Count through all combinations as an odometer does."""
    names, configs = list(points), []
    for number in range(math.prod(len(values) for values in points.values())):
        config = {}
        for name in names:
            number, digit = divmod(number, len(points[name]))
            config[name] = points[name][digit]
        configs.append(config)
    return configs


def _require_grid(student, points):
    got = student.grid(copy.deepcopy(points))
    require(isinstance(got, list | tuple), "The result must be a list of dicts.")
    for config in got:
        require(isinstance(config, dict), "Every configuration must be a dict.")
        require(set(config) == set(points), "Every configuration must have exactly the names of points.")
    expected = _combinations(points)
    require(len(got) == len(expected), f"There are {len(expected)} combinations here.")
    require(len(set(map(_key, got))) == len(got), "A configuration comes more than once.")
    require(set(map(_key, got)) == set(map(_key, expected)), "The configurations are not all combinations.")


def test_grid_of_two_names(student):
    """Every value of one name meets every value of the other."""
    _require_grid(student, {"lr": [0.3, 0.03], "hidden": [20, 40, 80]})
    _require_grid(student, {"a": [1, 2, 3], "b": [1, 2, 3]})


def test_grid_of_one_name(student):
    """One name gives one configuration a value, and one value each a single configuration."""
    _require_grid(student, {"momentum": [0.5, 0.9, 0.99, 0.999]})
    _require_grid(student, {"momentum": [0.9]})
    _require_grid(student, {"x": [2], "y": [3], "z": [5]})


def test_grid_of_many_names(student):
    """Any number of names, with any number of values each."""
    _require_grid(student, {"a": [1, 2], "b": [5, 6, 7], "c": [8], "d": [10, 11, 12, 13]})
    _require_grid(student, {name: [0, 1] for name in "abcdefgh"})


def test_grid_keeps_values_as_they_are(student):
    """Strings, None, bools, tuples and whole numbers come out as they went in."""
    _require_grid(student, {"activation": ["relu", "tanh"], "clip": [None, 1.0], "layers": [2, 3], "bn": [True, False]})
    _require_grid(student, {"sizes": [(64, 32), (64, 10), (128, 32)], "units": [16, 32]})


def test_grid_takes_lists_tuples_and_arrays(student):
    """The values of a name may come in any of these."""
    got = student.grid({"lr": np.array([0.25, 0.5]), "layers": (2, 3), "bn": ["yes"]})
    require(isinstance(got, list | tuple) and len(got) == 4, "There are 4 combinations here.")
    found = {(float(config["lr"]), int(config["layers"]), str(config["bn"])) for config in got}
    expected = {(lr, layers, "yes") for lr in (0.25, 0.5) for layers in (2, 3)}
    require(found == expected, "The configurations are not all combinations.")


def test_grid_tries_few_values_of_each(student):
    """A 6 × 6 grid makes 36 configurations with 6 values of each name."""
    got = student.grid({"x": [1, 2, 4, 8, 16, 32], "y": [0, 1, 2, 3, 4, 5]})
    require(len(got) == 36, "There are 36 combinations here.")
    for name in ("x", "y"):
        require(len({config[name] for config in got}) == 6, "Every name must have all of its 6 values.")


def test_grid_leaves_points_alone(student):
    """The values that came in are still there, and new lists make new grids."""
    points = {"lr": [0.7, 0.07], "layers": [1, 2, 3]}
    before = copy.deepcopy(points)
    _require_grid(student, points)
    student.grid(points)
    assert_unchanged(list(points), list(before), what="the list of names of points")
    assert_unchanged(points, before, what="points")
    _require_grid(student, {"layers": [4], "lr": [0.5, 0.6]})


# ---------------------------------------------------------------- random_search


def _number(value, what):
    plain = value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value
    fits = isinstance(plain, int | float) and not isinstance(plain, bool)
    require(fits, f"{what} must be a single number.")
    return plain


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


# ---------------------------------------------------------------- at_edge


def _require_edges(student, space, best, expected):
    got = student.at_edge(copy.deepcopy(space), copy.deepcopy(best))
    require(isinstance(got, list | tuple), "The result must be a list of names.")
    require(all(isinstance(name, str) for name in got), "The result must be a list of names.")
    require(len(got) == len(set(got)), "A name comes more than once.")
    for name in space:
        scale = space[name][0]
        if name in expected:
            require(name in got, f'A value at an edge of a range on the "{scale}" scale is not named.')
        else:
            require(name not in got, f'A value that is not at an edge is named, on the "{scale}" scale.')
    require(set(got) <= set(space), "Only names of the space can be named.")


def _edges(student, scale, low, high, places):
    """Check values by themselves; places maps a value to whether it is at an edge."""
    for value, edge in places.items():
        _require_edges(student, {"v": (scale, low, high)}, {"v": value}, ["v"] if edge else [])


def test_at_edge_on_a_log_scale(student):
    """Edges of a log range are counted in decades, at both ends."""
    _edges(student, "log", 1e-5, 1e-1, {2e-2: False, 1e-3: False, 2.5e-5: False, 1.2e-5: True, 8e-2: True})
    _edges(student, "log", 0.02, 50.0, {0.0215: True, 0.5: False, 2.0: False, 30.0: False, 45.0: True})


def test_at_edge_on_a_momentum_scale(student):
    """Edges of a range of beta are counted by its distance to 1, at both ends."""
    _edges(student, "momentum", 0.9, 0.9999, {0.94: False, 0.995: False, 0.999: False, 0.9997: False, 0.99988: True})
    _edges(student, "momentum", 0.9, 0.9999, {0.91: True, 0.902: True})
    _edges(student, "momentum", 0.0, 0.99, {0.1: True, 0.3: False, 0.5: False, 0.97: False, 0.9895: True})


def test_at_edge_of_beta_far_from_one(student):
    """Near zero, where beta hardly matters, the edge of its range is wide."""
    _edges(student, "momentum", 0.05, 0.99, {0.075: True, 0.12: True, 0.5: False, 0.985: False, 0.9895: True})


def test_at_edge_on_a_linear_scale(student):
    """Edges of a linear range are a twentieth of its length, at both ends."""
    _edges(student, "linear", 0.4, 0.9, {0.41: True, 0.44: False, 0.65: False, 0.86: False, 0.89: True})
    _edges(student, "linear", -3.0, 1.0, {-2.9: True, -2.5: False, 0.0: False, 0.7: False, 0.9: True})


def test_at_edge_of_whole_numbers(student):
    """Whole numbers are measured on a linear scale, and the ends are edges."""
    _edges(student, "int", 2, 4, {2: True, 3: False, 4: True})
    _edges(student, "int", 1, 101, {4: True, 5: True, 8: False, 51: False, 94: False, 98: True})
    _edges(student, "int", 0, 1, {0: True, 1: True})


def test_at_edge_at_the_very_ends(student):
    """The ends themselves are at the edge, on every scale."""
    space = {"a": ("log", 0.003, 3.0), "b": ("momentum", 0.7, 0.98), "c": ("linear", 0.1, 0.7), "d": ("int", 5, 9)}
    for end in (1, 2):
        _require_edges(student, space, {name: entry[end] for name, entry in space.items()}, list(space))
    _require_edges(student, space, {"a": 0.1, "b": 0.9, "c": 0.4, "d": 7}, [])


def test_at_edge_begins_at_five_percent(student):
    """Four hundredths of a range away from an end is at the edge, six hundredths is not, on every scale."""
    for scale, low, high in [("linear", 10.0, 20.0), ("log", 0.001, 4.0), ("momentum", 0.8, 0.995), ("int", 100, 200)]:
        for place in (0.02, 0.04, 0.06, 0.08, 0.5, 0.92, 0.94, 0.96, 0.98):
            if scale == "log":
                value = low * (high / low) ** place
            elif scale == "momentum":
                value = 1 - (1 - low) * ((1 - high) / (1 - low)) ** place
            else:
                value = low + place * (high - low)
            value = round(value) if scale == "int" else value
            _edges(student, scale, low, high, {value: not 0.05 < place < 0.95})


def test_at_edge_names_each_that_is_and_no_other(student):
    """With several hyperparameters, exactly those at an edge are named."""
    space = {
        "width": ("int", 10, 210),
        "lr": ("log", 1e-4, 1e2),
        "beta": ("momentum", 0.5, 0.995),
        "keep": ("linear", 0.2, 1.0),
    }
    inside = {"width": 100, "lr": 0.02, "beta": 0.93, "keep": 0.5}
    outer = {"width": 208, "lr": 80.0, "beta": 0.9945, "keep": 0.21}
    for number in range(16):
        out = {name for i, name in enumerate(space) if number >> i & 1}
        best = {name: (outer if name in out else inside)[name] for name in reversed(space)}
        _require_edges(student, space, best, out)


def test_at_edge_goes_by_the_range(student):
    """The same value is at the edge of one range and well inside another."""
    for high, edge in [(0.011, True), (0.1, False), (10.0, False)]:
        _edges(student, "log", 1e-4, high, {0.0105: edge})
    _require_edges(student, {"x": ("linear", 0.0, 1.0), "y": ("linear", 0.0, 8.0)}, {"x": 0.99, "y": 0.99}, ["x"])


def test_at_edge_never_names_a_range_of_one_value(student):
    """Where low equals high the value was chosen on purpose."""
    space = {
        "a": ("log", 0.1, 0.1),
        "b": ("momentum", 0.9, 0.9),
        "c": ("linear", 0.0, 0.0),
        "d": ("int", 3, 3),
        "e": ("log", 1.0, 9.0),
    }
    _require_edges(student, space, {"a": 0.1, "b": 0.9, "c": 0.0, "d": 3, "e": 8.9}, ["e"])
    _require_edges(student, space, {"a": 0.1, "b": 0.9, "c": 0.0, "d": 3, "e": 3.0}, [])


def test_at_edge_ignores_other_names(student):
    """What the configuration has beyond the space does not count, whatever it is."""
    space = {"lr": ("log", 1e-3, 1.0), "units": ("int", 4, 40)}
    _require_edges(student, space, {"epochs": 20, "units": 20, "activation": "relu", "lr": 0.98}, ["lr"])
    _require_edges(student, space, {"seed": 1, "lr": 0.05, "units": 22}, [])


def test_at_edge_of_tiny_ranges(student):
    """Ranges that lie close together near zero are ranges like any other."""
    _edges(student, "log", 1e-12, 1e-9, {1.1e-12: True, 3e-11: False, 9e-10: True})
    _edges(student, "linear", 1e-10, 9e-10, {1.1e-10: True, 5e-10: False, 8.9e-10: True})


def test_at_edge_leaves_its_inputs_alone(student):
    """Neither the space nor the configuration changes."""
    space = {"width": ("int", 10, 210), "lr": ("log", 1e-4, 1e2), "keep": ("linear", 0.2, 1.0)}
    best = {"keep": 0.5, "width": 208, "lr": 0.02, "epochs": 20}
    before = copy.deepcopy((space, best))
    got = student.at_edge(space, best)
    for after, was, what in zip((space, best), before, ("space", "best"), strict=True):
        assert_unchanged(list(after), list(was), what=f"the list of names of {what}")
        assert_unchanged(after, was, what=what)
    require(isinstance(got, list | tuple) and list(got) == ["width"], "Exactly the names at an edge must be returned.")


# ---------------------------------------------------------------- narrow


def _require_narrowed(student, space, results, keep, expected):
    got = student.narrow(copy.deepcopy(space), copy.deepcopy(results), keep)
    require(isinstance(got, dict), "The result must be a dict, a space.")
    require(set(got) == set(space), "The new space must have exactly the names of the old one.")
    for name, (scale, low, high) in expected.items():
        entry = got[name]
        fits = isinstance(entry, list | tuple) and len(entry) == 3
        require(fits, "Every entry of the new space must be (scale, low, high).")
        require(isinstance(entry[0], str) and entry[0] == scale, "The scale of a hyperparameter must stay.")
        new = [_number(end, "An end of a range") for end in entry[1:]]
        assert_close(new, [low, high], rtol=1e-9, atol=0.0, what=f'the new range on the "{scale}" scale')
        if scale == "int":
            require(all(isinstance(end, int) for end in new), 'The ends of an "int" range must be of an integer type.')


def _runs(rng, space, n):
    """Runs with scores that all differ, in random order."""
    draw = {
        "log": lambda low, high: float(low * (high / low) ** rng.random()),
        "momentum": lambda low, high: float(1 - (1 - low) * ((1 - high) / (1 - low)) ** rng.random()),
        "linear": lambda low, high: float(rng.uniform(low, high)),
        "int": lambda low, high: int(rng.integers(low, high, endpoint=True)),
    }
    scores = rng.permutation(n) / n - 0.3  # some below zero
    return [
        ({name: draw[scale](low, high) for name, (scale, low, high) in space.items()}, float(score)) for score in scores
    ]


def _expected(space, results, keep):
    best = sorted((run for run in results if run[1] == run[1]), key=operator.itemgetter(1))[-keep:]
    columns = {name: [config[name] for config, _ in best] for name in space}
    return {name: (entry[0], min(columns[name]), max(columns[name])) for name, entry in space.items()}


WIDE = {
    "lr": ("log", 1e-5, 10.0),
    "beta": ("momentum", 0.2, 0.999),
    "units": ("int", 5, 500),
    "keep": ("linear", 0.1, 1.0),
}


@weight(2)
def test_narrow_spans_the_best(student, rng):
    """The new ends are the smallest and largest values among the keep best runs, name by name."""
    for keep, n in ((3, 30), (5, 200), (8, 30)):
        results = _runs(rng, WIDE, n)
        _require_narrowed(student, WIDE, results, keep, _expected(WIDE, results, keep))


def test_narrow_by_hand(student):
    """Ends may come from any of the best, not only from the first and last of them."""
    space = {"lr": ("log", 0.001, 100.0), "units": ("int", 1, 99)}
    results = [
        ({"lr": 0.5, "units": 30}, 0.7),
        ({"lr": 4.0, "units": 31}, 0.8),
        ({"lr": 0.2, "units": 77}, 0.6),
        ({"lr": 50.0, "units": 2}, 0.1),
        ({"lr": 0.9, "units": 12}, 0.75),
        ({"lr": 0.002, "units": 98}, 0.2),
    ]
    _require_narrowed(student, space, results, 4, {"lr": ("log", 0.2, 4.0), "units": ("int", 12, 77)})
    _require_narrowed(student, space, results, 3, {"lr": ("log", 0.5, 4.0), "units": ("int", 12, 31)})


def test_narrow_in_any_order_of_results(student, rng):
    """Best first, worst first or shuffled: the new space is the same."""
    results = _runs(rng, WIDE, 20)
    expected = _expected(WIDE, results, 5)
    for order in (
        results,
        results[::-1],
        sorted(results, key=lambda run: run[1]),
        sorted(results, key=lambda r: -r[1]),
    ):
        _require_narrowed(student, WIDE, list(order), 5, expected)


def _require_without_nan(student, rng, bad, shift):
    results = _runs(rng, WIDE, 20)
    results = [(config, math.nan if i in bad else score + shift) for i, (config, score) in enumerate(results)]
    _require_narrowed(student, WIDE, results, 4, _expected(WIDE, results, 4))


def test_narrow_never_counts_nan(student, rng):
    """Runs with the score nan are never among the best, not even if they come first or last."""
    for bad in ([0], [19], [0, 1, 2, 3], list(range(0, 20, 2))):
        _require_without_nan(student, rng, bad, 0.0)


def test_narrow_with_nan_between_the_others(student, rng):
    """Runs with the score nan do not disturb the order of the others."""
    for bad in ([5, 11, 17], [10], [3, 4, 12], [1, 6, 7, 8, 13, 18]):
        _require_without_nan(student, rng, bad, 0.0)


def test_narrow_prefers_any_score_to_nan(student, rng):
    """A score far below zero is still better than none."""
    for bad in ([2, 9], [0, 1, 2, 3], [14, 15, 16, 17, 18]):
        _require_without_nan(student, rng, bad, -20.0)


def test_narrow_keeps_as_many_as_asked(student, rng):
    """Two runs are enough, all of them are allowed, and it is keep that counts."""
    results = _runs(rng, WIDE, 12)
    for keep in (2, 4, 11, 12):
        _require_narrowed(student, WIDE, results, keep, _expected(WIDE, results, keep))


def test_narrow_with_scores_below_zero(student, rng):
    """Higher is better also where all scores are negative or huge."""
    for scale, shift in [(1.0, -50.0), (1e6, -1e7), (1e-6, 0.0)]:
        results = [(config, scale * score + shift) for config, score in _runs(rng, WIDE, 15)]
        _require_narrowed(student, WIDE, results, 4, _expected(WIDE, results, 4))


def test_narrow_goes_by_the_names_of_the_space(student, rng):
    """Any names; what a configuration has beyond the space does not count."""
    space = {"zeta": ("log", 2.0, 90.0), "alpha": ("linear", -4.0, 4.0)}
    results = _runs(rng, space, 10)
    more = [({"seed": i, "activation": "relu", **config}, score) for i, (config, score) in enumerate(results)]
    _require_narrowed(student, space, more, 3, _expected(space, results, 3))
    one = {"k": ("int", -9, 9)}
    results = _runs(rng, one, 10)
    _require_narrowed(student, one, results, 3, _expected(one, results, 3))


def test_narrow_to_a_single_value(student):
    """If the best agree on a value, its range becomes that value; equal scores do no harm."""
    space = {"layers": ("int", 1, 5), "lr": ("log", 0.01, 1.0)}
    results = [({"layers": 3, "lr": rate}, 0.9) for rate in (0.3, 0.2, 0.4)] + [({"layers": 1, "lr": 0.02}, 0.5)]
    _require_narrowed(student, space, results, 3, {"layers": ("int", 3, 3), "lr": ("log", 0.2, 0.4)})


def test_narrow_twice(student, rng):
    """A narrowed space can be narrowed again."""
    results = _runs(rng, WIDE, 25)
    once = _expected(WIDE, results, 6)
    got = student.narrow(dict(WIDE), list(results), 6)
    require(isinstance(got, dict) and set(got) == set(WIDE), "The result must be a space with the same names.")
    finer = _runs(rng, once, 25)
    _require_narrowed(student, got, finer, 4, _expected(once, finer, 4))


@easy
def test_narrow_leaves_its_inputs_alone(student, rng):
    """Neither the space nor the results change, their order included."""
    space, results = dict(WIDE), _runs(rng, WIDE, 9)
    results[4] = (results[4][0], math.nan)
    before = copy.deepcopy((space, results))
    got = student.narrow(space, results, 3)
    assert_unchanged(list(space), list(before[0]), what="the list of names of space")
    assert_unchanged(space, before[0], what="space")
    assert_unchanged(results, before[1], what="results")
    require(isinstance(got, dict) and set(got) == set(WIDE), "The result must be a space with the same names.")
