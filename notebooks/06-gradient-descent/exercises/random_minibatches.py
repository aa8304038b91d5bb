"""random_minibatches: what it must do, other right ways, and what goes wrong."""

import random

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, require

HINTS = (
    "One random order of the numbers 0 to N-1 is enough for a whole epoch. How do X and y both follow it?",
    "Where does each batch start in that order, and what does a slice do that runs over its end? May a batch "
    "be empty when the batch size divides N?",
    "Order 2, 0, 4, 3, 1 and batch size 3: the first batch holds examples 2, 0, 4, the second 3 and 1. If y "
    "is 10, 11, 12, 13, 14, its labels are 12, 10, 14 and 13, 11.",
)


def _data(n):
    """Rows that tell which example they are, with labels that do too."""
    return np.stack([np.arange(n) + 0.25, -3.0 * np.arange(n)], axis=1), np.arange(n)


def _pairs(result):
    require(isinstance(result, list | tuple), "The result must be a list of pairs (X_batch, y_batch).")
    for pair in result:
        fits = isinstance(pair, list | tuple) and len(pair) == 2
        require(fits, "Every batch must be a pair (X_batch, y_batch).")
        require(len(pair[0]) == len(pair[1]), "A batch must hold as many examples as labels.")
    return [(np.asarray(rows), np.asarray(labels)) for rows, labels in result]


def _batches(student, n, batch_size, rng):
    # A generator that yields its batches draws after the call has returned, and rng does not hear of it.
    epoch = np.random.default_rng(rng.integers(2**62))
    return _pairs(student.random_minibatches(*_data(n), batch_size, epoch))


def _order(batches):
    """The labels in the order of the epoch; in these tests the label is the number of the example."""
    require(batches, "No batch was returned.")
    return np.concatenate([labels for _, labels in batches]).astype(int).tolist()


def test_random_minibatches_uses_every_example_once(student, rng):
    """In an epoch nobody is missing and nobody comes twice, whether or not the size divides."""
    for n, batch_size in [(23, 5), (20, 5), (9, 2), (64, 16), (300, 70)]:
        order = _order(_batches(student, n, batch_size, rng))
        require(sorted(order) == list(range(n)), "An example is missing or comes twice in an epoch.")


def test_random_minibatches_keeps_examples_and_labels_together(student, rng):
    """Every example keeps its own label."""
    for n, batch_size in [(23, 5), (20, 4), (8, 8), (7, 1), (300, 150)]:
        X, _ = _data(n)
        batches = _batches(student, n, batch_size, rng)
        require(len(_order(batches)) >= n - batch_size, "Most of the examples are missing.")
        for rows, labels in batches:
            require(rows.shape[1:] == (2,), "A batch of X must keep the shape of its examples.")
            assert_close(rows, X[labels.astype(int)], what="the examples that belong to the labels of a batch")


@easy
def test_random_minibatches_keeps_the_short_last_batch(student, rng):
    """All batches are full but the last, which holds what is left."""
    for n, batch_size, sizes in [(17, 5, [5, 5, 5, 2]), (9, 2, [2, 2, 2, 2, 1]), (11, 6, [6, 5])]:
        got = [len(labels) for _, labels in _batches(student, n, batch_size, rng)]
        require(got == sizes, f"{n} examples in batches of {batch_size} must have the sizes {sizes}.")


def test_random_minibatches_of_equal_examples(student, rng):
    """Where all examples are alike, the order cannot matter and the batches differ in size alone."""
    for n, batch_size in [(17, 5), (15, 5)]:
        X, y = np.tile([1.37, -2.21], (n, 1)), np.full(n, 3)
        epoch = np.random.default_rng(rng.integers(2**62))
        batches = _pairs(student.random_minibatches(X.copy(), y.copy(), batch_size, epoch))
        got = [len(labels) for _, labels in batches]
        sizes = [min(batch_size, n - start) for start in range(0, n, batch_size)]
        require(got == sizes, f"{n} examples in batches of {batch_size} must have the sizes {sizes}.")
        for rows, labels in batches:
            assert_close(rows, X[: len(rows)], what="the examples of a batch")
            assert_close(labels, y[: len(labels)], what="the labels of a batch")


@easy
def test_random_minibatches_has_no_empty_batch(student, rng):
    """Where the size divides there is no batch beyond the last full one."""
    for n, batch_size in [(20, 5), (6, 6), (4, 1)]:
        got = [len(labels) for _, labels in _batches(student, n, batch_size, rng)]
        require(got == [batch_size] * (n // batch_size), f"All batches must hold {batch_size}.")


def test_random_minibatches_with_a_size_above_the_data(student, rng):
    """A batch size above N gives one batch with everybody in it."""
    batches = _batches(student, 7, 100, rng)
    require(len(batches) == 1, "There must be one batch.")
    require(sorted(_order(batches)) == list(range(7)), "The one batch must hold every example once.")


def test_random_minibatches_shuffles(student, rng):
    """The order is not the one in which the data came.

    A right answer fails once in 40! epochs.
    """
    order = _order(_batches(student, 40, 8, rng))
    require(len(set(order)) > 20, "Most of the examples are missing.")
    require(order not in (list(range(40)), list(range(40))[::-1]), "The examples come in the order of the data.")


def test_random_minibatches_mixes_the_batches(student, rng):
    """Neighbours in the data are not batch mates for ever, and the first batch is not always of the same examples.

    A right answer repeats the ten first batches of 5 out of 30 with a chance far below 1e-40.
    """
    firsts = set()
    for _ in range(10):
        batches = _batches(student, 30, 5, rng)
        require(len(batches) == 6, "30 examples in batches of 5 must be 6 batches.")
        groups = [sorted(labels.astype(int).tolist()) for _, labels in batches]
        firsts.add(tuple(groups[0]))
        together = all(any({(first + i) % 30 for i in range(5)} == set(group) for first in group) for group in groups)
        require(not together, "Only whole blocks of neighbours were moved: shuffle the examples.")
    require(len(firsts) > 1, "The first batch holds the same examples in every epoch.")


def test_random_minibatches_draws_anew_each_epoch(student, rng):
    """Two calls with the same generator give different orders.

    A right answer fails once in 40! times.
    """
    first, second = _order(_batches(student, 40, 7, rng)), _order(_batches(student, 40, 7, rng))
    require(first != second, "Two epochs came in the same order: draw anew from rng in each call.")
    require(sorted(first) == sorted(second) == list(range(40)), "Both epochs must hold every example once.")


def test_random_minibatches_draws_from_rng(student):
    """Generators in the same state give the same batches, and in other states others.

    A right answer fails once in 40! times.
    """
    orders = [_order(_batches(student, 40, 7, np.random.default_rng(seed))) for seed in (11, 11, 12)]
    require(orders[0] == orders[1], "Two generators in the same state gave different batches: draw from rng only.")
    require(orders[0] != orders[2], "Generators in different states gave the same batches: draw from rng.")


def test_random_minibatches_favours_nobody(student, rng):
    """Every example is equally likely at every place of the epoch.

    300 epochs of 6 examples: each of 36 counts has mean 50 and deviation 6.5; the bound of 45 is seven deviations,
    which a right answer passes but for less than once in a million gradings.
    """
    counts = np.zeros((6, 6))
    for _ in range(300):
        order = _order(_batches(student, 6, 4, rng))
        require(sorted(order) == list(range(6)), "An example is missing or comes twice in an epoch.")
        counts[np.arange(6), order] += 1
    require(np.abs(counts - 50).max() < 45, "Some examples come at some places of the epoch far too often.")


def test_random_minibatches_keeps_dtypes_and_further_axes(student, rng):
    """The batches keep the dtypes of X and y, and the further axes of X."""
    X, y = rng.normal(size=(10, 4, 3)).astype(np.float32), np.arange(10) % 3
    batches = _pairs(student.random_minibatches(X, y, 4, rng))
    require([rows.shape for rows, _ in batches] == [(4, 4, 3), (4, 4, 3), (2, 4, 3)], "The shapes are wrong.")
    for rows, labels in batches:
        require(rows.dtype == np.float32 and labels.dtype.kind == "i", "A batch must keep the dtypes of X and y.")
        for row, label in zip(rows, labels, strict=True):
            where = [i for i in range(10) if np.array_equal(X[i], row)]
            require(len(where) == 1 and y[where[0]] == label, "An image has lost its label.")


@variant
def shuffles_a_copy_of_the_indices(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    return [(X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, len(X), batch_size)]


@variant
def sorts_random_numbers(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(y)))
    X, y = X[order], y[order]
    return tuple((X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size))


@variant
def chooses_without_replacement(X, y, batch_size, rng):
    left, batches = np.arange(len(X)), []
    while len(left):
        chosen = rng.choice(left, size=min(batch_size, len(left)), replace=False)
        left = np.setdiff1d(left, chosen)
        batches.append([X[chosen], y[chosen]])
    return batches


@variant
def with_pythons_own_shuffle(X, y, batch_size, rng):
    order = list(range(len(X)))
    random.Random(int(rng.integers(2**62))).shuffle(order)
    cuts = range(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(y[order], cuts), strict=True))


@variant
def permutes_both_with_one_state(X, y, batch_size, rng):
    seed = int(rng.integers(2**62))
    X = np.random.default_rng(seed).permutation(X)
    y = np.random.default_rng(seed).permutation(y)
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


ORDER = "rng.permutation(len(X))"
STARTS = "range(0, len(X), batch_size)"
CHOSEN = "order[start : start + batch_size]"
PAIR = "(X[chosen], y[chosen])"
COUNT = "-(-len(X) // batch_size)"  # of batches


def _in(pieces):
    """Return an edit: the batches are the ``pieces`` of the order."""
    return {"return batches": f"return [(X[i], y[i]) for i in {pieces}]"}


MISTAKES = [
    mistake("The last short batch is dropped, so some examples are never used.",
            "How many examples are in your batches altogether when N = 11 and the size is 4?",
            {STARTS: "range(0, len(X) - len(X) % batch_size, batch_size)"}),
    mistake("X and y are shuffled by two different permutations, so the examples lose their labels.",
            "Draw one order and use it twice.",
            {"batches = []": f"other = {ORDER}\n    batches = []",
             "y[chosen]": "y[other[start : start + batch_size]]"}),
    mistake("Only X is shuffled; y stays in its old order.",
            "Example 3 came first. Whose label does it get?",
            {"y[chosen]": "y[start : start + batch_size]"}),
    mistake("Nothing is shuffled: the batches follow the order of the data.",
            "What would the batches be if the data were sorted by class?",
            {ORDER: "np.arange(len(X))"}),
    mistake("Nothing is drawn: the examples come in the reverse order of the data.",
            "What would the batches be if the data were sorted by class?",
            {ORDER: "np.arange(len(X))[::-1]"}),
    mistake("Examples are drawn with replacement: some come twice in an epoch, others not at all.",
            "Count how often each example occurs in one epoch. Which kind of draw gives each exactly once?",
            {ORDER: "rng.integers(len(X), size=len(X))"}),
    mistake("The order is not drawn anew from rng in every call, so all epochs come in the same order.",
            "Draw from the rng you are given, in each call: it remembers what it has drawn.",
            {"order = rng": "order = np.random.default_rng(0)"}),
    mistake("Only the order of the batches is shuffled; the same examples stay together in every epoch.",
            "Shuffle the examples first, then cut.",
            {ORDER: "np.arange(len(X))",
             "return batches": "return [batches[i] for i in rng.permutation(len(batches))]"},
            {ORDER: "np.arange(len(X))",
             "return batches": "full = len(X) // batch_size\n"
                               "    return [batches[i] for i in rng.permutation(full)] + batches[full:]"}),
    mistake("The examples are shuffled only within their batch: the same ones stay together in every epoch.",
            "Can the first and the last example of the data ever meet in a batch? Shuffle first, then cut.",
            {ORDER: "np.arange(len(X))", CHOSEN: f"rng.permutation({CHOSEN})"}),
    mistake("The data is only rotated by a random number of places, so neighbours stay neighbours.",
            "How many different orders can np.roll give, and how many are there?",
            {ORDER: "np.roll(np.arange(len(X)), rng.integers(len(X)))"}),
    mistake("Each batch is drawn from all examples, so some come in two batches and others in none.",
            "replace=False holds within one draw only. How many draws does an epoch have if everyone is to come once?",
            {ORDER: "np.arange(len(X))",
             CHOSEN: "rng.choice(order, min(batch_size, len(X) - start), replace=False)"},
            {ORDER: "np.arange(len(X))", CHOSEN: "rng.choice(order, min(batch_size, len(X)), replace=False)"}),
    mistake("There is an empty batch at the end where the size divides N.",
            "How many starts does your loop have for N = 20 and a size of 5? The mean over no examples is nan.",
            {STARTS: "range(0, len(X) + 1, batch_size)"}),
    mistake("The last batch is filled up with examples from the beginning, which come twice.",
            "What must the size of the last batch be for N = 11 and a size of 4?",
            {ORDER: f"np.resize({ORDER}, {COUNT} * batch_size)"}),
    mistake("batch_size is taken as the number of batches.",
            "How many examples should the first batch hold?",
            _in("np.array_split(order, batch_size)")),
    mistake("The batches are made equally large, instead of all full but the last.",
            "Seventeen examples in batches of five: which four sizes does the text ask for?",
            _in(f"np.array_split(order, {COUNT})")),
    mistake("The short batch comes first instead of last.",
            "Where does the first cut lie if the first batch is to be full?",
            {STARTS: "range(-(-len(X) % batch_size), len(X), batch_size)", "order[start :": "order[max(start, 0) :"}),
    mistake("The batches overlap: the start moves on by one example instead of by a whole batch.",
            "Where does the second batch begin if the first holds four examples?",
            {STARTS: f"range({COUNT})"}),
    mistake("The batches overlap: every example starts a batch of its own.",
            "By how much must the start move on so that nobody comes twice?",
            {STARTS: "range(len(X))"}),
    mistake("Each batch begins one example early: its first is the last of the batch before.",
            "Where must the second batch begin if the first is order[0:4]?",
            {STARTS: "range(0, len(X), max(batch_size - 1, 1))"}),
    mistake("Each batch ends one example early, and that example is never used.",
            "The end of a slice is left out anyway. How many examples are in order[0:4]?",
            {CHOSEN: "order[start : start + batch_size - 1]"}),
    mistake("X and y themselves are shuffled in place: the caller's data is changed.",
            "Work with an array of indices, or on copies.",
            {"batches = []": "X[:], y[:] = X[order], y[order]\n    order = np.arange(len(X))\n    batches = []"}),
    mistake("X and y are each shuffled in place: the examples lose their labels, and the caller's data is changed.",
            "Draw one order of indices, and take X and y by it.",
            {f"order = {ORDER}": "rng.shuffle(X)\n    rng.shuffle(y)\n    order = np.arange(len(X))"}),
    mistake("Only one batch is returned, not all batches of an epoch.",
            "Who teaches the network the examples of the other batches?",
            {"return batches": "return batches[0]"}),
    mistake("The return stands inside the loop: the list ends after the first batch.",
            "How far is the return indented?",
            {"return batches": "    return batches"}),
    mistake("Two lists are returned, one of X batches and one of y batches, instead of a list of pairs.",
            "In `for X_batch, y_batch in ...` each entry must hold both. What does zip do?",
            after=lambda batches: ([rows for rows, _ in batches], [labels for _, labels in batches])),
    mistake("The pairs are the wrong way round: labels first.",
            "Which of the two comes first in (X_batch, y_batch)?",
            {PAIR: "(y[chosen], X[chosen])"}),
    mistake("The batches are turned into another dtype.",
            "Compare X.dtype and y.dtype with those of a batch. Labels must stay whole numbers to serve as indices.",
            {PAIR: "(X[chosen].astype(float), y[chosen].astype(float))"}),
    mistake("The labels become a column, (n, 1), instead of (n,).",
            "What is the shape of y, and what is that of your y_batch?",
            {"y[chosen]": "y[chosen].reshape(-1, 1)"}),
    mistake("The examples are flattened; a batch must keep the further axes of X.",
            "What shape must a batch of images (N, H, W) have?",
            {"X[chosen]": "X[chosen].reshape(len(chosen), -1)"}),
]
