"""narrow: what it must do, other right ways, and what goes wrong."""

import copy
import heapq
import math
import operator

import numpy as np

from grader.authoring import mistake, variant, weight
from nnlib.checks import assert_close, require

from .common import number

HINTS = (
    "Which runs may count at all? Throw those without a score out first; then which keep of them are best?",
    "For each name of the space, collect the values of the best runs. What is kept of the old entry, and what is new?",
    "Runs with x = 4, 9, 7, 1 and scores 0.5, 0.9, nan, 0.8, keep=2: the best have x = 9 and 1, so a range "
    "('int', 0, 20) becomes ('int', 1, 9).",
)


def _require_narrowed(student, space, results, keep, expected):
    got = student.narrow(copy.deepcopy(space), copy.deepcopy(results), keep)
    require(isinstance(got, dict), "The result must be a dict, a space.")
    require(set(got) == set(space), "The new space must have exactly the names of the old one.")
    for name, (scale, low, high) in expected.items():
        entry = got[name]
        fits = isinstance(entry, list | tuple) and len(entry) == 3
        require(fits, "Every entry of the new space must be (scale, low, high).")
        require(isinstance(entry[0], str) and entry[0] == scale, "The scale of a hyperparameter must stay.")
        new = [number(end, "An end of a range") for end in entry[1:]]
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


@variant
def by_argsort(space, results, keep):
    scores = np.array([score for _, score in results], dtype=float)
    order = np.argsort(-scores)[:keep]
    new = {}
    for name, (scale, _, _) in space.items():
        values = sorted(results[i][0][name] for i in order)
        new[name] = [scale, values[0], values[-1]]
    return new


@variant
def by_heap(space, results, keep):
    best = heapq.nlargest(keep, (run for run in results if run[1] == run[1]), key=lambda run: run[1])
    return {
        name: (space[name][0], min(c[name] for c, _ in best), max(c[name] for c, _ in best)) for name in reversed(space)
    }


@variant
def by_growing_ranges(space, results, keep):
    left, new = list(results), {}
    for _ in range(keep):
        best = None
        for run in left:
            if not math.isnan(run[1]) and (best is None or run[1] > best[1]):
                best = run
        left.remove(best)
        for name, (scale, _, _) in space.items():
            value = best[0][name]
            _, low, high = new.get(name, (scale, value, value))
            new[name] = (scale, min(low, value), max(high, value))
    return new


@variant
def with_nan_as_minus_infinity(space, results, keep):
    ranked = sorted(results, key=lambda run: -np.inf if np.isnan(run[1]) else run[1], reverse=True)
    columns = zip(*([config[name] for name in space] for config, _ in ranked[:keep]), strict=True)
    return {n: (space[n][0], np.min(column), np.max(column)) for n, column in zip(space, columns, strict=True)}


BEST = "sorted(scored, key=lambda run: run[1])[-keep:]"
FROM_THE_BEST = "sorted(scored, key=lambda run: -run[1])"
BY_ARGSORT = "np.argsort([score for _, score in results], kind='stable')"
VALUES = "[config[name] for config, _ in best]"
ENDS = "min(values), max(values)"
NAMES = "for name, (scale, _, _) in space.items():"
MISTAKES = [
    mistake("The worst runs are kept: the scores are taken for costs.",
            "Higher is better. Which end of the sorted list do you keep?",
            {"[-keep:]": "[:keep]"}),
    mistake("The first or the last runs of the list are kept, whatever their scores.",
            "The results may come in any order. What makes a run one of the best?",
            {BEST: "results[:keep]"}, {BEST: "results[-keep:]"}),
    mistake("The new ranges span all runs, not the best ones.",
            "Where does keep enter?",
            {BEST: "scored"}),
    mistake("One run too few or one too many is kept.",
            "Which entries does your slice hold for keep = 3?",
            *({BEST: f"{FROM_THE_BEST}[:{kept}]"} for kept in ("keep - 1", "keep + 1"))),
    mistake("Always the best five are kept; keep is not used.",
            "What should change when keep does?",
            {"[-keep:]": "[-5:]"}),
    mistake("The new range holds only the best run's value.",
            "One value leaves nothing to search. How many runs span the range?",
            {BEST: f"{FROM_THE_BEST}[:1]"}),
    mistake("Runs with the score nan count as the best: np.argsort puts them last, where the highest are.",
            "Print the scores of the runs that you keep.",
            {BEST: f"[results[i] for i in {BY_ARGSORT}[-keep:]]"}),
    mistake("A plain sort is lost where a score is nan: every comparison with it is false.",
            "Take the runs with nan out before you sort.",
            {BEST: "sorted(results, key=lambda run: run[1], reverse=True)[:keep]"}),
    mistake("Runs with the score nan are thrown out only after the best were chosen, where they took the place of "
            "others.",
            "How many runs are left when one of the chosen has no score? Throw them out first.",
            {BEST: "[run for run in sorted(results, key=lambda run: -run[1])[:keep] if not np.isnan(run[1])]"},
            {BEST: f"[results[i] for i in {BY_ARGSORT}[-keep:] if not np.isnan(results[i][1])]"}),
    mistake("Scores of nan are taken for zero, which beats scores below zero.",
            "A run that exploded is never among the best. What does np.nan_to_num make of it?",
            {BEST: "sorted(results, key=lambda run: -np.nan_to_num(run[1]))[:keep]"}),
    mistake("Runs are looked up by their score, so that of several runs with one score only one is left.",
            "What happens in a dict when two runs have the same score?",
            {f"best = {BEST}": "by_score = {score: config for config, score in scored}\n"
                               "    best = [(by_score[score], score) for score in sorted(by_score)[-keep:]]"}),
    mistake("The scale is lost: the entries are only (low, high).",
            "The result is a space again, which random_search must be able to read.",
            {"(scale, _, _)": "(scale, *_)", "(scale, min": "(min"}),
    mistake("All scales become linear.",
            "A learning rate is still a matter of factors. Where does the old scale go?",
            {"(scale, min": "('linear', min"}),
    mistake("The new ends are those of the best and of the last kept run, not the smallest and largest values.",
            "Does the run with the best score also have the smallest rate? Look at the third of the best, too.",
            {VALUES: "[config[name] for config, _ in (best[0], best[-1])]"}),
    mistake("The ends are the wrong way round: high comes before low.",
            "An entry is (scale, low, high).",
            {ENDS: "max(values), min(values)"}),
    mistake("The ends of whole numbers become floats.",
            "What does float() or an array make of 16? Nobody can draw whole numbers between 16.0 and 40.0.",
            {ENDS: "float(min(values)), float(max(values))"}),
    mistake("The exponents of a log range are returned instead of its ends.",
            'A space holds the values themselves: ("log", 0.02, 0.1). Its reader takes the logarithm.',
            {VALUES: "[np.log10(config[name]) if scale == 'log' else config[name] for config, _ in best]"}),
    mistake("The old range is halved around the best run; the other good runs play no part.",
            "The ends of the new range are values that were tried. Which ones?",
            {BEST: f"{FROM_THE_BEST}[:1]", "(scale, _, _)": "(scale, low, high)",
             ENDS: "values[0] - (high - low) / 4, values[0] + (high - low) / 4"}),
    mistake("The ranges are mean plus and minus standard deviation of the best values.",
            "The ends asked for are the smallest and the largest value among the best.",
            {ENDS: "np.mean(values) - np.std(values), np.mean(values) + np.std(values)"}),
    mistake("The new ranges are widened beyond the best values.",
            "The ends asked for are values that were tried. A margin can be put on afterwards.",
            {ENDS: "0.9 * min(values), 1.1 * max(values)"}),
    mistake("The space that came in is changed.",
            "The old ranges are needed to see whether the best lies at their edge. Make a new dict.",
            {"smaller = {}": "smaller = space"}),
    mistake("The list of results that came in is sorted in place.",
            "results.sort() works on the caller's list. Which function gives a new one?",
            {f"best = {BEST}": "results.sort(key=lambda run: (np.isnan(run[1]), -run[1]))\n    best = results[:keep]"}),
    mistake("The loop goes over the names of a configuration, which may have more than the space.",
            "Which of the two dicts says what is searched?",
            {NAMES: "for name in best[0][0]:\n        scale, _, _ = space[name]"}),
    mistake("A list is returned, so that the names are lost.",
            "The result is a space again: a dict by name.",
            after=lambda smaller: list(smaller.values())),
    mistake("The best configurations are returned, not the space that they span.",
            "What does random_search take as its space?",
            {BEST: f"{FROM_THE_BEST}[:keep]", "return smaller": "return best"}),
]
