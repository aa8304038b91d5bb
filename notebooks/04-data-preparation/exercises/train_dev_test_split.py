"""train_dev_test_split: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, mistake, slip, variant, weight
from nnlib.checks import assert_close, require

HINTS = (
    "What would happen if you cut the data as it lies, and all houses from one town came last? And how do you "
    "keep each example together with its own label?",
    "One random order of the numbers 0 to N-1 serves X and y alike. How many examples does each set get, and "
    "which set takes what rounding leaves over, so that nothing is lost?",
    "5 examples and (0.6, 0.4, 0) make sizes 3, 2 and 0. If the order drawn is 4, 1, 0, 2, 3, then training "
    "gets the examples 4, 1, 0 with their labels, dev gets 2, 3, and test gets none, as arrays of length 0.",
)


def _data(n):
    """Rows that tell which example they are, with labels that do too."""
    return np.stack([np.arange(n) + 0.25, -3.0 * np.arange(n)], axis=1), np.arange(n)


def _sets(result):
    fits = isinstance(result, list | tuple) and len(result) == 3
    fits = fits and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in result)
    require(fits, "The result must be three pairs: (X_train, y_train), (X_dev, y_dev), (X_test, y_test).")
    require(all(len(rows) == len(labels) for rows, labels in result), "A set needs as many examples as labels.")
    return [(np.asarray(rows), np.asarray(labels)) for rows, labels in result]


def _split(student, n, fractions, rng):
    return _sets(student.train_dev_test_split(*_data(n), fractions, rng))


def _numbers(sets):
    """Which examples are in each set; in these tests the label is the number of the example."""
    return [labels.astype(int).tolist() for _, labels in sets]


def _together(parts):
    return sorted(i for part in parts for i in part)


@easy
def test_train_dev_test_split_has_the_sizes_of_its_fractions(student, rng):
    """Where the fractions are whole numbers of examples, training, dev and test set have exactly those sizes."""
    for n, fractions, sizes in [
        (50, (0.6, 0.2, 0.2), [30, 10, 10]),
        (40, (0.5, 0.3, 0.2), [20, 12, 8]),
        (8, [0.5, 0.25, 0.25], [4, 2, 2]),
        (1000, (0.98, 0.01, 0.01), [980, 10, 10]),
    ]:
        got = [len(labels) for _, labels in _split(student, n, fractions, rng)]
        require(got == sizes, f"{n} examples by {fractions} must be sets of {sizes}.")


@weight(2)
def test_train_dev_test_split_uses_every_example_once(student, rng):
    """No example is missing, and none comes twice, in one set or in two."""
    for n, fractions in [(50, (0.6, 0.2, 0.2)), (24, (0.25, 0.25, 0.5)), (300, (0.8, 0.1, 0.1))]:
        together = _together(_numbers(_split(student, n, fractions, rng)))
        require(together == list(range(n)), "An example is missing or comes twice.")


def test_train_dev_test_split_loses_nothing_to_rounding(student, rng):
    """Where the shares are not whole numbers, the sets still hold every example once and are nearly of their sizes."""
    for n, fractions in [
        (23, (0.6, 0.2, 0.2)),
        (7, (0.6, 0.2, 0.2)),
        (14, (1 / 3, 1 / 3, 1 / 3)),
        (19, (0.5, 0.3, 0.2)),
    ]:
        numbers = _numbers(_split(student, n, fractions, rng))
        require(_together(numbers) == list(range(n)), "An example is missing or comes twice.")
        near = all(abs(len(part) - share * n) < 2 for part, share in zip(numbers, fractions, strict=True))
        require(near, f"{n} examples by {fractions} must be close to their shares.")


def test_train_dev_test_split_without_a_test_set(student, rng):
    """With a fraction of 0 the test set is empty, and the other two hold every example."""
    numbers = _numbers(_split(student, 40, (0.75, 0.25, 0.0), rng))
    require([len(part) for part in numbers] == [30, 10, 0], "40 examples by (0.75, 0.25, 0) must be 30, 10 and 0.")
    require(_together(numbers) == list(range(40)), "An example is missing or comes twice.")


def test_train_dev_test_split_keeps_examples_and_labels_together(student, rng):
    """Every example keeps its own label."""
    for n, fractions in [(50, (0.6, 0.2, 0.2)), (23, (0.5, 0.3, 0.2)), (400, (0.5, 0.3, 0.2))]:
        X, _ = _data(n)
        sets = _split(student, n, fractions, rng)
        require(sum(len(labels) for _, labels in sets) > n - 3, "Most of the examples are missing.")
        for rows, labels in sets:
            require(rows.shape == (len(labels), 2), "A set's X must keep the shape of its examples.")
            assert_close(rows, X[labels.astype(int)], what="the examples that belong to the labels of a set")


def test_train_dev_test_split_favours_nobody(student, rng):
    """Every example comes into every set as often as the fractions say.

    300 splits of 8 examples: the counts are binomial, and the bounds of 60 about 150 and of 55 about 75 are missed
    by a right answer less than once in a thousand million gradings.
    """
    counts = np.zeros((3, 8))
    for _ in range(300):
        for row, part in enumerate(_numbers(_split(student, 8, (0.5, 0.25, 0.25), rng))):
            require(all(0 <= i < 8 for i in part), "A label came that the data does not have.")
            np.add.at(counts[row], part, 1)
    require((counts.sum(axis=0) == 300).all(), "An example is missing or comes twice.")
    fair = np.abs(counts[0] - 150).max() < 60 and np.abs(counts[1:] - 75).max() < 55
    require(fair, "Some examples come into some set far too often: deal them out at random.")


def test_train_dev_test_split_mixes_neighbours(student, rng):
    """The sets are not blocks of the data's order, wherever the blocks begin.

    Of the C(60, 30) = 1e17 training sets and the C(60, 18) = 9e14 dev sets 60 each are blocks, so a right answer
    fails less than once in 1e13 gradings.
    """
    train, dev, _ = _numbers(_split(student, 60, (0.5, 0.3, 0.2), rng))
    for part in (train, dev):
        inside = set(part)
        require(len(inside) > 10, "Most of the examples are missing.")
        seams = sum((i + 1) % 60 not in inside for i in inside)
        require(seams > 1, "A set is a block of neighbours: deal the examples out at random.")


def test_train_dev_test_split_draws_anew(student, rng):
    """Two calls with the same generator give different sets.

    Two of the C(60, 30) = 1e17 training sets are the same less than once in 1e17 gradings.
    """
    first, second = (_numbers(_split(student, 60, (0.5, 0.3, 0.2), rng)) for _ in range(2))
    require(sorted(first[0]) != sorted(second[0]), "Two calls gave the same training set: draw anew from rng.")


def test_train_dev_test_split_draws_from_rng(student):
    """Generators in the same state give the same sets, and in other states others.

    Two of 1e17 training sets are the same less than once in 1e17 gradings.
    """
    splits = [_numbers(_split(student, 60, (0.5, 0.3, 0.2), np.random.default_rng(seed))) for seed in (5, 5, 6)]
    require(splits[0] == splits[1], "Two generators in the same state gave different sets: draw from rng only.")
    require(sorted(splits[0][0]) != sorted(splits[2][0]), "Generators in other states gave the same sets.")


def test_train_dev_test_split_keeps_dtypes_and_further_axes(student, rng):
    """The sets keep the dtypes of X and y and the further axes of X."""
    X, y = rng.normal(size=(20, 4, 3)).astype(np.float32), np.arange(20) % 3
    sets = _sets(student.train_dev_test_split(X.copy(), y.copy(), (0.6, 0.2, 0.2), rng))
    require([rows.shape for rows, _ in sets] == [(12, 4, 3), (4, 4, 3), (4, 4, 3)], "The shapes are wrong.")
    for rows, labels in sets:
        require(rows.dtype == np.float32 and labels.dtype.kind == "i", "A set must keep the dtypes of X and y.")
        for row, label in zip(rows, labels, strict=True):
            where = [i for i in range(20) if np.array_equal(X[i], row)]
            require(len(where) == 1 and y[where[0]] == label, "An image has lost its label.")


@variant
def rounding_down_with_the_rest_for_testing(X, y, fractions, rng):
    index = np.arange(len(X))
    rng.shuffle(index)
    a = int(len(X) * fractions[0])
    b = a + int(len(X) * fractions[1])
    return [[X[index[:a]], y[index[:a]]], [X[index[a:b]], y[index[a:b]]], [X[index[b:]], y[index[b:]]]]


@variant
def by_cumulative_shares(X, y, fractions, rng):
    ends = np.rint(np.cumsum(fractions) * len(X)).astype(int)[:2]
    order = np.argsort(rng.random(len(X)))
    return tuple(zip(np.split(X[order], ends), np.split(y[order], ends), strict=True))


@variant
def by_choosing_in_turn(X, y, fractions, rng):
    n = len(X)
    n_test, n_dev = math.floor(fractions[2] * n + 1e-9), math.floor(fractions[1] * n + 1e-9)
    test = rng.choice(n, n_test, replace=False)
    rest = np.setdiff1d(np.arange(n), test)
    dev = rng.choice(rest, n_dev, replace=False)
    train = np.setdiff1d(rest, dev)  # in the order of the data, which is no part of the exercise
    return (X[train], y[train]), (X[dev], y[dev]), (X[test], y[test])


@variant
def with_masks(X, y, fractions, rng):
    n, place = len(X), rng.permutation(len(X))
    a, b = math.ceil(round(fractions[0] * n, 9)), math.ceil(round((fractions[0] + fractions[1]) * n, 9))
    masks = (place < a, (place >= a) & (place < b), place >= b)
    return tuple((X[mask], y[mask]) for mask in masks)


@variant
def shuffled_copies_by_one_state(X, y, fractions, rng):
    seed = int(rng.integers(2**62))
    X, y = X.copy(), y.copy()
    np.random.default_rng(seed).shuffle(X)
    np.random.default_rng(seed).shuffle(y)
    a = round(len(X) * fractions[0])
    b = a + round(len(X) * fractions[1])
    return (X[:a], y[:a]), (X[a:b], y[a:b]), (X[b:], y[b:])


def each_class(X, y, fractions, rng):
    parts = [[], [], []]
    for label in np.unique(y):
        order = rng.permutation(np.flatnonzero(y == label))
        n_train, n_dev = (round(share * len(order)) for share in fractions[:2])
        for part, chosen in zip(parts, np.split(order, [n_train, n_train + n_dev]), strict=True):
            part.extend(chosen.tolist())
    return tuple((X[part], y[part]) for part in parts)


def _dealt(X, y, *parts):
    return tuple((X[part], y[part]) for part in parts)


def only_training_drawn(X, y, fractions, rng):
    n_train, n_dev = (round(share * len(X)) for share in fractions[:2])
    train = rng.choice(len(X), n_train, replace=False)
    rest = np.setdiff1d(np.arange(len(X)), train)
    return _dealt(X, y, train, rest[:n_dev], rest[n_dev:])


def only_test_drawn(X, y, fractions, rng):
    n_train, n_dev = (round(share * len(X)) for share in fractions[:2])
    test = rng.choice(len(X), len(X) - n_train - n_dev, replace=False)
    rest = np.setdiff1d(np.arange(len(X)), test)
    return _dealt(X, y, rest[:n_train], rest[n_train:], test)


SHUFFLED = "rng.permutation(len(X))"
ORDER = f"order = {SHUFFLED}"
SIZES = "n_train = round(fractions[0] * len(X))\n    n_dev = round(fractions[1] * len(X))"
CUT = "np.split(order, [n_train, n_train + n_dev])"
SETS = "(X[train], y[train]), (X[dev], y[dev]), (X[test], y[test])"
PAIRS = "What does `(X_train, y_train), (X_dev, y_dev), (X_test, y_test) = ...` need on its right side?"
MISTAKES = [
    # the order
    mistake("X and y are shuffled by two different orders, so the examples lose their labels.",
            "Draw one order and use it twice.",
            {ORDER: f"X, y = X[{SHUFFLED}], y[{SHUFFLED}]\n    order = np.arange(len(X))"}),
    mistake("Only X is shuffled; y stays in its old order.",
            "Example 3 came first. Whose label does it get?",
            {ORDER: f"X = X[{SHUFFLED}]\n    order = np.arange(len(X))"}),
    mistake("X itself is shuffled, and y stays in its old order: the examples lose their labels.",
            "Shuffle the numbers of the examples, and use them for X and for y.",
            {ORDER: "rng.shuffle(X)\n    order = np.arange(len(X))"}),
    mistake("The examples are not shuffled before they are cut: the first are the training set, the last the test set.",
            "What would be in the test set if the data were sorted by class?",
            {SHUFFLED: "np.arange(len(X))"}),
    mistake("The sets are cut in the order of the data and shuffled only afterwards, each in itself.",
            "Can the last example of the data ever come into your training set? Shuffle before you cut.",
            {SHUFFLED: "np.arange(len(X))", CUT: f"map(rng.permutation, {CUT})"}),
    mistake("Only the training set is shuffled; which examples come into which set follows the order of the data.",
            "What would be in the test set if the data were sorted by class? Shuffle before you cut.",
            {SHUFFLED: "np.r_[rng.permutation(n_train), n_train : len(X)]"}),
    mistake("Only one set is drawn at random; what is left is cut into the other two in the order of the data.",
            "Can every example come into every set? Where does one go that stands last in the data and was not drawn?",
            by=(only_training_drawn, only_test_drawn)),
    mistake("Only the rotation of the data is random: each set is still a block of neighbours.",
            "Neighbours in the data always stay together. What draws every order equally likely?",
            {SHUFFLED: "np.roll(np.arange(len(X)), rng.integers(len(X)))"}),
    mistake("Examples are drawn with replacement: some come several times, others never.",
            "How often does each example occur in the three sets together? Which kind of draw gives each exactly once?",
            {SHUFFLED: "rng.integers(len(X), size=len(X))"}),
    mistake("Each set is drawn from all examples, so they overlap: the network is tested on what it was trained with.",
            "Once an example is in the training set, which sets must it stay out of?",
            {ORDER: "sizes = n_train, n_dev, len(X) - n_train - n_dev",
             CUT: "(rng.choice(len(X), size, replace=False) for size in sizes)"},
            {ORDER: "", CUT: f"({SHUFFLED}[: round(share * len(X))] for share in fractions)"}),
    mistake("Each class is split by itself; nothing is to be balanced by class here.",
            "What happens to a class with a single example? Deal out all examples together.",
            by=each_class),
    slip("own_generator", {SHUFFLED: "np.random.default_rng(0).permutation(len(X))"}),
    # the sizes
    mistake("The shares are always 60/20/20, whatever fractions says.",
            "Which sizes should (0.5, 0.3, 0.2) give?",
            {CUT: "np.split(order, [int(0.6 * len(X)), int(0.8 * len(X))])"}),
    mistake("A set is drawn for each example by chance, so the sizes are only roughly those of the fractions.",
            "10 examples by (0.6, 0.2, 0.2) are 6, 2 and 2, every time.",
            {SHUFFLED: "rng.choice(3, size=len(X), p=fractions)",
             CUT: "(np.flatnonzero(order == part) for part in range(3))"}),
    mistake("The dev fraction is taken of what the training set leaves, not of all examples.",
            "20% of 100 examples are how many? And 20% of the 40 that are left?",
            {"fractions[1] * len(X)": "fractions[1] * (len(X) - n_train)"}),
    mistake("Every size is rounded down, the last one too, so some examples are in no set.",
            "Add up your three sizes for N = 11 and thirds. Which set should take what is left?",
            {"train, dev, test =": "train, dev, test, _ =",
             CUT: "np.split(order, np.cumsum([int(share * len(X)) for share in fractions]))"}),
    mistake("Dev and test set have changed places.",
            "Which pair is the second, and which fraction belongs to it?",
            {"train, dev, test =": "train, test, dev ="}),
    # where one set ends and the next begins
    mistake("The dev set ends where its own size says, counted from the beginning and not from the training set's end.",
            "If the training set takes places 0 to 5 and the dev set two, at which place does the dev set end?",
            {CUT: "order[:n_train], order[n_train:n_dev], order[n_train + n_dev :]"},
            {SIZES: SIZES.replace("round", "int"), CUT: "order[:n_train], order[n_train:n_dev], order[n_dev:]"}),
    mistake("The test set begins where the dev set's own size says, counted from the beginning, so the sets overlap.",
            "How many examples are dealt out before the first of the test set?",
            {CUT: "order[:n_train], order[n_train : n_train + n_dev], order[n_dev:]"}),
    mistake("The test set begins where the training set ends, so it holds the dev set as well.",
            "Where in the order does the dev set end? The test set begins there.",
            {CUT: "order[:n_train], order[n_train : n_train + n_dev], order[n_train:]"}),
    mistake("One example is lost at each seam between two sets.",
            "A slice stops before its end, so the next one begins at that very number, not one later.",
            {CUT: "order[:n_train], order[n_train + 1 : n_train + n_dev], order[n_train + n_dev + 1 :]"}),
    mistake("A test set of no examples becomes all of them, since order[-0:] is the whole order.",
            "What does a slice from -n_test hold when n_test is 0? Count from the front.",
            {CUT: "order[:n_train], order[n_train : n_train + n_dev], order[n_train + n_dev - len(X) :]"},
            {SIZES: "n_train, n_test = int(fractions[0] * len(X)), round(fractions[2] * len(X))",
             CUT: "order[:n_train], order[n_train:-n_test], order[-n_test:]"}),
    # what is returned
    mistake("Six arrays are returned in a row instead of three pairs.", PAIRS,
            {SETS: "X[train], y[train], X[dev], y[dev], X[test], y[test]"},
            {SETS: "X[train], X[dev], X[test], y[train], y[dev], y[test]"}),
    mistake("The pairs are of the wrong kind: all X come first, then all y.", PAIRS,
            {SETS: "(X[train], X[dev], X[test]), (y[train], y[dev], y[test])"}),
    mistake("Only the numbers of the examples are returned, not the examples and labels themselves.",
            "What is left to do once you know which examples are in a set?",
            {SETS: "train, dev, test"}),
    mistake("The sets are turned into another dtype.",
            "Compare X.dtype with that of your X_train: float64 takes twice the memory of float32.",
            {ORDER: f"X = X.astype(float)\n    {ORDER}"},
            {ORDER: f"X, y = (each.astype(np.result_type(X, y)) for each in (X, y))\n    {ORDER}"},
            {ORDER: f"y = y.astype(float)\n    {ORDER}"}),
    mistake("X and y themselves are shuffled: the caller's data is changed.",
            "Work with an array of indices, or on copies.",
            {ORDER: f"{ORDER}\n    X[:], y[:] = X[order], y[order]\n    order = np.arange(len(X))"}),
]
