"""grid: what it must do, other right ways, and what goes wrong."""

import copy
import itertools
import math

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import require

HINTS = (
    "Start with a single empty configuration. What does a second name, with three values, make of a list of four "
    "configurations?",
    "For each name, make a new list: every configuration so far, extended by every value. Do you make new dicts, or "
    "change the old ones? itertools.product is another way.",
    "With {'a': [1, 2]} the list is [{'a': 1}, {'a': 2}]; after {'b': ['x', 'y']} each of the two has become two: four "
    "dicts, among them {'a': 2, 'b': 'x'}.",
)


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
    """One name gives one configuration per value, and one value each a single configuration."""
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


@variant
def by_product(points):
    return [dict(zip(points.keys(), values, strict=True)) for values in itertools.product(*points.values())]


@variant
def by_recursion(points):
    if not points:
        return [{}]
    (name, values), *rest = points.items()
    return [{name: value} | others for value in values for others in by_recursion(dict(rest))]


@variant
def by_counting(points):
    names, total = list(points), math.prod(len(values) for values in points.values())
    configs = []
    for number in range(total):
        config = {}
        for name in reversed(names):
            number, digit = divmod(number, len(points[name]))
            config[name] = points[name][digit]
        configs.append(config)
    return configs


@variant
def by_indices(points):
    return tuple(
        {name: points[name][i] for name, i in zip(points, where, strict=True)}
        for where in np.ndindex(*(len(values) for values in points.values()))
    )


def through_a_table(points):
    table = np.array(list(itertools.product(*points.values())))
    return [dict(zip(points, row, strict=True)) for row in table]


def through_an_array(points):
    columns = [column.ravel() for column in np.meshgrid(*points.values())]
    return [dict(zip(points, row, strict=True)) for row in np.stack(columns, axis=1).tolist()]


LOOP = "for name, values in points.items():"
RETURN = "return configs"
LONGER = "configs = [{**config, name: value} for config in configs for value in values]"
MISTAKES = [
    mistake("The values are paired up one by one: first with first, second with second.",
            "zip walks along all lists at the same time. How many configurations do 2 and 3 values make?",
            {RETURN: "return [dict(zip(points, values)) for values in zip(*points.values())]"}),
    mistake("Only one hyperparameter is varied at a time; the others stay at their first value.",
            "Is the last value of one name ever combined with the last value of another?",
            {"configs = [{}]":
             "first = {name: list(values)[0] for name, values in points.items()}\n    configs = [first]",
             LONGER: "configs += [{**first, name: value} for value in list(values)[1:]]"}),
    mistake("Each configuration holds one name only: the combining is missing.",
            "A run needs a value for every name. How many names does your first configuration have?",
            {RETURN: "return [{name: value} for name, values in points.items() for value in values]"}),
    mistake("Combinations that are not finished stay in the list, beside those with all names.",
            "How many names has each of your configurations? Where do those go that you have just made longer?",
            {LONGER: LONGER.replace("= [", "= configs + [")},
            {LONGER: LONGER.replace("= [", "= configs + ["), RETURN: "return configs[1:]"}),
    mistake("The key is the word itself, not the name that the variable holds.",
            "Print one configuration. What does Python take for the key when you write dict(word=value)?",
            {"{**config, name: value}": "dict(config, name=value)"},
            {"{**config, name: value}": "dict(config, key=value)"}),
    mistake("Every combination comes several times, once for each order of the names.",
            "Does it matter whether the rate or the units are written down first? Count the configurations.",
            by=lambda points: [dict(zip(names, values, strict=True)) for names in itertools.permutations(points)
                               for values in itertools.product(*(points[name] for name in names))]),
    mistake("The names are sorted and the values are not, so that values stand under the names of others.",
            "Which list of values belongs to the first name of your order?",
            by=lambda points: [dict(zip(sorted(points), values, strict=True))
                               for values in itertools.product(*points.values())]),
    mistake("The names were combined, letter by letter, instead of their values.",
            "What do you get when you loop over a dict: its keys or its values?",
            {"in values]": "in name]"}),
    mistake("Only the first two names are combined; with one name or three this goes wrong.",
            "Two nested loops make two names. How can the number of loops depend on the number of names?",
            {RETURN: "(first, some), (second, others) = list(points.items())[:2]\n"
                     "    return [{first: a, second: b} for a in some for b in others]"}),
    mistake("Two names are written into the function: it works for no other space.",
            "Which names would a grid over the momentum have? Take them from points.",
            {RETURN: "return [{'lr': lr, 'hidden': hidden} for lr in points['lr'] for hidden in points['hidden']]"}),
    mistake("Names with a single value are left out of the configurations.",
            "The objective needs that value, too. Which names must every configuration have?",
            {LOOP: f"{LOOP}\n        if len(values) == 1:\n            continue"}),
    mistake("The lists are used up on the way: points is empty afterwards.",
            "pop takes away what the caller may need again. Loop without it.",
            {LOOP: "for name in list(points):\n        values = points.pop(name)"}),
    mistake("The values went through a NumPy array, which gave them all one type: 32 became '32' or 32.0.",
            "An array has one dtype. Where do strings and numbers meet in yours?",
            by=(through_an_array, through_a_table)),
    mistake("The same dict is put into the list again and again, so that all entries show its last state.",
            "Each configuration needs a dict of its own. Where is yours made: inside the loop or before it?",
            after=lambda configs: configs[-1:] * len(configs)),
    mistake("The combinations are bare tuples: the names are missing.",
            "How will the objective find the learning rate in a configuration?",
            after=lambda configs: [tuple(config.values()) for config in configs]),
    mistake("One dict of long lists is returned, not a list of dicts.",
            "One configuration is what a single run needs. Which type should the whole have?",
            after=lambda configs: {name: [config[name] for config in configs] for name in configs[0]}),
    mistake("Only the first combination is returned: the function ends in the first round of its loop.",
            "Where does return stand: inside the loop or after it?",
            after=lambda configs: configs[:1]),
]
