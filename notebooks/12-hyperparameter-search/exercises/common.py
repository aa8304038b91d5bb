"""What the exercises of 12-hyperparameter-search share.

Draws are judged by what every correct way to draw has in common, never by a seed.
Two bounds hold whatever the method, and both give the same margin for n draws: the largest distance of the draws'
distribution from the right one exceeds it (Dvoretzky, Kiefer, Wolfowitz, Massart) with a chance of at most 1e-8, and
so does the distance of a share from its probability (Hoeffding). A test makes at most forty such comparisons, so it
refuses a right answer less than once in two million gradings; where a test rests on something else, it says on what.
"""

import copy
import math
import operator
from typing import NamedTuple

import numpy as np

from grader.authoring import easy, family, mistake, slip
from nnlib.checks import CheckFailed, assert_close, assert_shape, require

DRAWS = 20_000
RUNS = 300  # of a search: fewer, since each run is a call, and 300 tell the scales apart


def margin(n):
    return math.sqrt(math.log(2 / 1e-8) / (2 * n))


def floats(value, n):
    """The result of a draw as an array, in whatever kind of sequence it came."""
    kind = isinstance(value, np.ndarray | list | tuple)
    require(kind, "The result must be an array of n numbers.")
    numbers = np.asarray(value)
    assert_shape(numbers, (n,), what="the result")
    require(numbers.dtype.kind == "f" and np.isfinite(numbers).all(), "The numbers must be finite floats.")
    return numbers.astype(float)


def require_uniform(places, what):
    """Compare the distribution of places in [0, 1] with the uniform one."""
    n, places = len(places), np.sort(places)
    above, below = np.arange(1, n + 1) / n - places, places - np.arange(n) / n
    require(max(above.max(), below.max()) < margin(n), f"{what} does not have the distribution asked for.")


def require_independent(numbers):
    """Neighbours of a draw know nothing of each other: pairs that do not overlap rise as often as they fall."""
    first, second = numbers[: len(numbers) // 2 * 2].reshape(-1, 2).T
    shares = {
        "rise": np.mean(first < second),
        "lie on the same side of the middle": np.mean((first < np.median(numbers)) == (second < np.median(numbers))),
    }
    for what, share in shares.items():
        # The median is measured on the same draws, which moves the share by less than 0.01.
        near = abs(share - 0.5) < margin(len(first)) + 0.01
        require(near, f"The draws are not independent: too many or too few neighbours {what}.")


def require_fresh(draw):
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


def require_different(numbers):
    """Nearly all draws of a continuous range differ (float32 repeats a few)."""
    require(len(np.unique(numbers)) > 0.9 * len(numbers), "Many of the draws are the same number.")


def log_place(values, low, high):
    require((values > 0).all(), "The numbers must be positive.")
    return (np.log(values) - math.log(low)) / (math.log(high) - math.log(low))


def momentum_place(betas, low, high):
    require((betas < 1).all(), "A beta must be below 1.")
    return (math.log(1 - low) - np.log(1 - betas)) / (math.log(1 - low) - math.log(1 - high))


class Continuous(NamedTuple):
    """What the two draws of floats are tried with."""

    exercise: str
    some: tuple[float, float]
    wide: tuple[float, float]
    other: tuple[float, float]
    single: tuple[float, ...]  # ranges of one value; from the first to the last is a range, too

    def drawn(self, student, low, high, n, rng):
        return floats(getattr(student, self.exercise)(low, high, n, rng), n)


@easy
def returns_n_numbers(student, rng, draw):
    """There are n finite floats in a row, for any n."""
    for n in (1, 2, 7, 40):
        draw.drawn(student, *draw.some, n, rng)


def of_a_single_value(student, rng, draw):
    """A range of one value gives that value."""
    for value in draw.single:
        got = draw.drawn(student, value, value, 5, rng)
        assert_close(got, np.full(5, value), what="the draws where low == high")
    require_different(draw.drawn(student, draw.single[0], draw.single[-1], 200, rng))


def draws_are_independent(student, rng, draw):
    """The n numbers differ, are in no order, and do not depend on each other.

    Two shares are compared; together they refuse a right answer with a chance below 1e-7.
    """
    numbers = draw.drawn(student, *draw.wide, DRAWS, rng)
    require_different(numbers)
    require_independent(numbers)


def draws_anew_from_rng(student, draw):
    """The numbers come from rng alone, and every call draws others.

    A right answer draws the same 40 floats twice with a chance far below 1e-20.
    """
    require_fresh(lambda rng: draw.drawn(student, *draw.other, 40, rng))


def continuous(draw):
    """Make the tests that both draws of floats have."""
    properties = (returns_n_numbers, of_a_single_value, draws_are_independent, draws_anew_from_rng)
    return family(draw.exercise, properties, draw)


def require_equal_shares(numbers, low, high):
    require(numbers.min() >= low and numbers.max() <= high, "A number lies outside the range.")
    count = high - low + 1
    shares = np.bincount(numbers - low, minlength=count) / len(numbers)
    require(shares.min() > 0, "Some numbers of the range never come: both ends are included.")
    near = np.abs(shares - 1 / count).max() < margin(len(numbers))
    require(near, "Not all numbers of the range are equally likely.")


def number(value, what):
    plain = value.item() if isinstance(value, np.generic | np.ndarray) and np.ndim(value) == 0 else value
    fits = isinstance(plain, int | float) and not isinstance(plain, bool)
    require(fits, f"{what} must be a single number.")
    return plain


def searched(student, score, space, n, rng):
    """Search with an objective that keeps count; returns its calls and the results, as plain numbers."""
    calls, problems, given = [], [], copy.deepcopy(space)
    space = copy.deepcopy(space)

    def objective(config):
        try:
            require(isinstance(config, dict), "The objective takes one configuration, a dict.")
            require(set(config) == set(space), "A configuration must have exactly the names of the space.")
            plain = {name: number(value, "A value of a configuration") for name, value in config.items()}
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
        config = {name: number(value, "A value of a configuration") for name, value in pair[0].items()}
        pairs.append((config, float(number(pair[1], "A score"))))
    return calls, pairs


def places_of(space, configs):
    """Where the values of many configurations lie in their ranges, by name, on their own scales."""
    places = {}
    for name, (scale, low, high) in space.items():
        values = np.array([config[name] for config in configs], dtype=float)
        if scale == "log":
            places[name] = log_place(values, low, high)
        elif scale == "momentum":
            places[name] = momentum_place(values, low, high)
        else:
            places[name] = (values - low) / (high - low)
    return places


def alone(student, rng, entry, n):
    """Draw one hyperparameter n times; returns its values."""
    calls, _ = searched(student, operator.itemgetter("v"), {"v": entry}, n, rng)
    require(len(calls) == n, "The objective must be called once per run.")
    return [config["v"] for config in calls]


def require_scale(student, rng, *entry):
    """Judge the draws of one hyperparameter; a right answer is refused with a chance of 1e-8."""
    values = [{"v": value} for value in alone(student, rng, entry, RUNS)]
    places = places_of({"v": entry}, values)["v"]
    require(places.min() > -1e-5 and places.max() < 1 + 1e-5, f'A value on the "{entry[0]}" scale is out of its range.')
    require_uniform(places, f'A hyperparameter on the "{entry[0]}" scale')


# What goes wrong in several exercises.

BASES = (
    "The bases do not match: the ends are natural logarithms and ten is raised to them, or the other way round.",
    "np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
)
EVENLY_SPACED = (
    "The numbers are evenly spaced, not drawn: every call gives the same ones.",
    "np.logspace and np.geomspace make a grid. Where does rng come in?",
)


def mistakes_of_a_draw(draw, single):
    """List what goes wrong whatever the scale, given the solution's code and code that draws one number."""
    return [
        mistake("One number is drawn and repeated n times.",
                "How many numbers do you ask rng for? Every one of the n must be a draw of its own.",
                {draw: f"np.full(n, {single})"}),
        mistake("A single number is returned instead of n.",
                "Where does n enter your draw?",
                {draw: single}),
        mistake("The numbers come back sorted, so they are not independent of each other.",
                "The first of the n should be as likely to be large as the last.",
                after=np.sort),
        slip("own_generator", {draw: draw.replace("rng", "np.random.default_rng(0)")}),
    ]
