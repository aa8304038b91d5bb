"""Hidden tests of 06-gradient-descent.

Random exercises are judged by what every correct way to draw has in common, never by a seed.
A cost history is judged by looking for an order of the examples that explains it, step by step, so that every
order is accepted and nothing but an order of all examples is.
Where chance could fail a right answer, the test says how seldom: always below once in a million gradings.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

from itertools import combinations

import numpy as np

import nnlib as reference
from grader.authoring import easy
from nnlib.checks import assert_close, assert_unchanged, require

# ---------------------------------------------------------------- steps_per_epoch


def _steps(student, cases):
    for n, batch_size, expected in cases:
        got = student.steps_per_epoch(n, batch_size)
        assert_close(got, expected, rtol=0, what=f"the steps for n = {n} and batch_size = {batch_size}")


def test_steps_per_epoch_where_the_size_divides(student):
    """Without remainder there is no extra step."""
    _steps(student, [(10_000, 200, 50), (5_000_000, 1_000, 5_000), (7, 7, 1), (7, 1, 7)])


def test_steps_per_epoch_counts_the_short_batch(student):
    """A short last batch is a step, whether it holds one example or nearly all."""
    _steps(student, [(18, 4, 5), (14, 5, 3), (1_797, 64, 29), (11, 5, 3), (13, 6, 3)])


@easy
def test_steps_per_epoch_with_a_batch_larger_than_the_data(student):
    """Everything fits into one batch, which is one step."""
    _steps(student, [(3, 4, 1), (3, 1_000, 1), (1, 2, 1)])


def test_steps_per_epoch_is_a_whole_number_for_range(student):
    """The result is an int that range takes."""
    for n, batch_size, expected in [(17, 6, 3), (20, 6, 4), (20, 5, 4)]:
        got = student.steps_per_epoch(n, batch_size)
        require(isinstance(got, int | np.integer) and not isinstance(got, bool), "The result must be an int.")
        require(len(range(got)) == expected, "The number of steps is wrong.")


# ---------------------------------------------------------------- random_minibatches


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
        batches = _pairs(student.random_minibatches(X.copy(), y.copy(), batch_size, np.random.default_rng(rng.integers(2**62))))
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


def test_random_minibatches_leaves_the_data_alone(student, rng):
    """X and y stay as they were, and the batches keep their dtypes and further axes."""
    X, y = rng.normal(size=(10, 4, 3)).astype(np.float32), np.arange(10) % 3
    X_before, y_before = X.copy(), y.copy()
    batches = _pairs(student.random_minibatches(X, y, 4, rng))
    assert_unchanged(X, X_before, what="X")
    assert_unchanged(y, y_before, what="y")
    require([rows.shape for rows, _ in batches] == [(4, 4, 3), (4, 4, 3), (2, 4, 3)], "The shapes are wrong.")
    for rows, labels in batches:
        require(rows.dtype == np.float32 and labels.dtype.kind == "i", "A batch must keep the dtypes of X and y.")
        for row, label in zip(rows, labels, strict=True):
            where = [i for i in range(10) if np.array_equal(X_before[i], row)]
            require(len(where) == 1 and y_before[where[0]] == label, "An image has lost its label.")


# ---------------------------------------------------------------- gradient_step


def _copied(arrays):
    return {name: value.copy() for name, value in arrays.items()}


def _step(student, params, grads, lr):
    expected = {name: params[name] - lr * grads[name] for name in params}
    got = student.gradient_step(_copied(params), _copied(grads), lr)
    assert_close(got, expected, what="the new parameters")


def _layers(rng, sizes=(4, 3, 2)):
    shapes = {}
    for i in range(1, len(sizes)):
        shapes |= {f"W{i}": sizes[i - 1 : i + 1], f"b{i}": sizes[i : i + 1]}
    return tuple({name: rng.normal(size=shape) for name, shape in shapes.items()} for _ in range(2))


def test_gradient_step_moves_against_the_gradient(student, rng):
    """Every parameter moves by the rate times its own gradient, downhill."""
    for lr in (0.1, 0.37, 2.0):
        _step(student, *_layers(rng), lr)


def test_gradient_step_of_weights_and_biases(student, rng):
    """W and b of one layer are updated."""
    shapes = {"W": (3, 2), "b": (2,)}
    _step(student, *({name: rng.normal(size=shape) for name, shape in shapes.items()} for _ in range(2)), 0.2)


def test_gradient_step_goes_by_name(student, rng):
    """The order of the gradients does not matter, their names do, also where all shapes are equal."""
    names = ["c", "a", "b"]
    params = {name: rng.normal(size=(2, 2)) for name in names}
    _step(student, params, {name: rng.normal(size=(2, 2)) for name in reversed(names)}, 0.5)


def test_gradient_step_takes_any_name_and_shape(student, rng):
    """Parameters of three axes, of none, and of names never heard of are updated too."""
    shapes = {"gamma": (), "kernel": (150, 3, 2), "scale of layer 7": (1,)}
    _step(student, *({name: np.array(rng.normal(size=s)) for name, s in shapes.items()} for _ in range(2)), 0.3)


def test_gradient_step_with_tiny_and_huge_gradients(student, rng):
    """Gradients are taken at their size: neither scaled to length 1 nor cut."""
    params, grads = _layers(rng)
    for scale in (1e-3, 1e4):
        _step(student, params, {name: scale * dw for name, dw in grads.items()}, 0.2)


def test_gradient_step_twice(student, rng):
    """Two steps in a row move by the sum of both."""
    params, grads = _layers(rng)
    once = student.gradient_step(_copied(params), _copied(grads), 0.25)
    twice = student.gradient_step(once, _copied(grads), 0.5)
    expected = {name: params[name] - 0.75 * grads[name] for name in params}
    assert_close(twice, expected, what="the parameters after two steps")


def test_gradient_step_stays_where_nothing_pulls(student, rng):
    """With a rate of zero, or a gradient of zeros, the parameters stay; otherwise they move."""
    params, grads = _layers(rng)
    _step(student, params, grads, 0.3)
    _step(student, params, grads, 0.0)
    _step(student, params, {name: 0.0 * dw for name, dw in grads.items()}, 0.3)


def test_gradient_step_leaves_its_inputs_alone(student, rng):
    """Neither params nor grads, nor an array in them, changes."""
    params, grads = _layers(rng)
    before = _copied(params), _copied(grads)
    got = student.gradient_step(params, grads, 0.3)
    assert_unchanged(params, before[0], what="params")
    assert_unchanged(grads, before[1], what="grads")
    expected = {name: before[0][name] - 0.3 * before[1][name] for name in before[0]}
    assert_close(got, expected, what="the new parameters")


# ---------------------------------------------------------------- the three descents


def _problem(rng, n, d, classes):
    """Inputs with labels of which every class occurs where there is room, shuffled."""
    y = np.arange(n) % classes
    rng.shuffle(y)
    return rng.normal(size=(n, d)), y


def _history(result, steps):
    try:
        costs = np.asarray(result)
    except ValueError:  # lists of several lengths
        costs = np.array(None)
    fits = isinstance(result, list | tuple | np.ndarray) and costs.ndim == 1 and costs.dtype.kind in "fiu"
    empty = isinstance(result, list | tuple | np.ndarray) and steps == costs.size == 0
    require(fits or empty, "The result must be the list of costs, one number a step, and nothing else.")
    require(len(costs) == steps, f"There must be {steps} costs here, one a step.")
    require(np.isfinite(costs.astype(float)).all(), "A cost is nan or infinite.")
    return costs.astype(float)


def _gradients(w, b, X, y):
    """Cost and gradients of softmax regression on a batch."""
    scores = X @ w + b
    cost, dscores = reference.softmax_cross_entropy(scores, y)
    return cost, X.T @ dscores, dscores.sum(axis=0)


def _explain(costs, X, y, lr, batch_size):
    """Find the batches that explain a history; returns the epochs as lists of batches, or None.

    Each epoch must use every example once. All costs are alike at zero weights, so the first batch is found by
    what follows: this is a search that goes back where it fails.
    """
    n = len(X)

    def search(step, w, b, left, epochs):
        if step == len(costs):
            return epochs
        if not left:
            left, epochs = frozenset(range(n)), [*epochs, []]
        for batch in combinations(sorted(left), min(batch_size, len(left))):
            chosen = list(batch)
            cost, dw, db = _gradients(w, b, X[chosen], y[chosen])
            if abs(cost - costs[step]) > 1e-6 * abs(cost) + 1e-9:
                continue
            grown = [*epochs[:-1], [*epochs[-1], batch]]
            found = search(step + 1, w - lr * dw, b - lr * db, left - set(batch), grown)
            if found is not None:
                return found
        return None

    classes = int(y.max()) + 1
    return search(0, np.zeros((X.shape[1], classes)), np.zeros(classes), frozenset(), [])


def _require_explained(costs, X, y, lr, batch_size):
    epochs = _explain(costs, X, y, lr, batch_size)
    require(
        epochs is not None,
        "No order of the examples gives these costs. Each is the mean cost of the step's own batch before the step, "
        "and each epoch uses every example once.",
    )
    return epochs


def _require_ln(cost, classes):
    require(
        abs(cost - np.log(classes)) < 1e-6,
        f"The first cost with {classes} classes must be ln {classes} = {np.log(classes):.6f}, that of zero parameters "
        "before any step.",
    )


def test_batch_gradient_descent_history(student, rng):
    """The costs are those of the rules: zeros at the start, all examples in each step, the cost before the step."""
    for n, d, classes, lr in [(12, 3, 3, 0.3), (5, 1, 2, 1.0), (4, 4, 4, 0.1), (200, 3, 3, 0.5)]:
        X, y = _problem(rng, n, d, classes)
        got = _history(student.batch_gradient_descent(X.copy(), y.copy(), lr, 6), 6)
        assert_close(got, reference.batch_gradient_descent(X, y, lr, 6), what="the costs")


def test_batch_gradient_descent_starts_at_ln_c(student, rng):
    """The first cost is the logarithm of the number of classes, before anything was learnt; the second is lower."""
    for classes in (2, 3, 10):
        X, y = _problem(rng, 20, 4, classes)
        costs = _history(student.batch_gradient_descent(X, y, 0.05, 2), 2)
        _require_ln(costs[0], classes)
        require(costs[1] < costs[0], "The second cost must be lower than the first.")


def test_batch_gradient_descent_falls_at_every_step(student, rng):
    """With a small rate the cost falls at every step and gets far."""
    y = np.arange(30) % 3
    X = rng.normal(size=(30, 3)) + 3 * np.eye(3)[y]
    costs = _history(student.batch_gradient_descent(X, y, 0.1, 80), 80)
    require((np.diff(costs) < 0).all(), "The cost rose at a step.")
    require(costs[-1] < 0.5 * costs[0], "After 80 steps the cost must be less than half of the first.")


def test_batch_gradient_descent_with_a_class_missing(student, rng):
    """C is the largest label plus one, though no example may have some label below it."""
    X, y = _problem(rng, 9, 2, 2)
    got = _history(student.batch_gradient_descent(X.copy(), 3 * y, 0.4, 5), 5)
    assert_close(got, reference.batch_gradient_descent(X, 3 * y, 0.4, 5), what="the costs with labels 0 and 3")


def test_batch_gradient_descent_with_a_rate_too_large(student, rng):
    """Where the rate is so large that the cost rises, every step is taken and noted all the same."""
    X, y = _problem(rng, 15, 3, 3)
    expected = reference.batch_gradient_descent(X, y, 25.0, 7)
    got = _history(student.batch_gradient_descent(X, y, 25.0, 7), 7)
    assert_close(got, expected, what="the costs at rate 25")


def test_batch_gradient_descent_does_not_depend_on_the_size_of_the_set(student, rng):
    """Data given three times over has the same costs: they and the gradients are means."""
    X, y = _problem(rng, 7, 3, 3)
    costs = _history(student.batch_gradient_descent(np.tile(X, (3, 1)), np.tile(y, 3), 0.5, 5), 5)
    assert_close(costs, reference.batch_gradient_descent(X, y, 0.5, 5), what="the costs")


def test_batch_gradient_descent_learns_the_biases(student, rng):
    """Where no feature tells anything the biases alone lower the cost."""
    X, y = np.zeros((8, 2)), np.array([0, 1, 1, 1, 1, 2, 1, 1])
    got = _history(student.batch_gradient_descent(X.copy(), y.copy(), 0.5, 6), 6)
    assert_close(got, reference.batch_gradient_descent(X, y, 0.5, 6), what="the costs")


def test_batch_gradient_descent_leaves_the_data_alone(student, rng):
    """X and y stay as they were."""
    X, y = _problem(rng, 10, 3, 3)
    before = X.copy(), y.copy()
    got = _history(student.batch_gradient_descent(X, y, 0.3, 4), 4)
    assert_unchanged(X, before[0], what="X")
    assert_unchanged(y, before[1], what="y")
    assert_close(got, reference.batch_gradient_descent(*before, 0.3, 4), what="the costs")


def test_batch_gradient_descent_of_no_and_of_one_epoch(student, rng):
    """No epochs have no costs, and one epoch has one."""
    X, y = _problem(rng, 6, 2, 2)
    one = _history(student.batch_gradient_descent(X.copy(), y.copy(), 0.3, 1), 1)
    assert_close(one, [np.log(2)], what="the costs of one epoch")
    _history(student.batch_gradient_descent(X, y, 0.3, 0), 0)


def test_stochastic_gradient_descent_is_explained_by_an_order(student, rng):
    """Each epoch visits every example once, with a step and a cost for each."""
    for n, d, classes, lr in [(5, 3, 3, 0.4), (6, 2, 2, 0.7)]:
        X, y = _problem(rng, n, d, classes)
        costs = _history(student.stochastic_gradient_descent(X.copy(), y.copy(), lr, 4, rng), 4 * n)
        _require_explained(costs, X, y, lr, 1)


def test_stochastic_gradient_descent_shuffles_anew_each_epoch(student, rng):
    """The order is neither that of the data nor the same in two epochs.

    12 examples: a right answer fails twice in 12! gradings.
    """
    X, y = _problem(rng, 12, 4, 3)
    costs = _history(student.stochastic_gradient_descent(X.copy(), y.copy(), 0.3, 2, rng), 24)
    first, second = ([batch[0] for batch in epoch] for epoch in _require_explained(costs, X, y, 0.3, 1))
    require(first != list(range(12)), "The examples come in the order of the data: shuffle.")
    require(first != second, "Two epochs come in the same order: shuffle anew in each.")


def test_stochastic_gradient_descent_of_equal_examples(student, rng):
    """Where all examples are alike, the order cannot matter and the costs are those of batch descent."""
    x, y = rng.normal(size=(1, 3)), np.array([2])
    for n in (5, 150):
        got = _history(student.stochastic_gradient_descent(np.tile(x, (n, 1)), np.tile(y, n), 0.3, 2, rng), 2 * n)
        assert_close(got, reference.batch_gradient_descent(x, y, 0.3, 2 * n), what="the costs")


def test_stochastic_gradient_descent_of_one_example(student, rng):
    """With a single example it is batch descent, and the label is not the number of classes."""
    x = rng.normal(size=(1, 4))
    got = _history(student.stochastic_gradient_descent(x.copy(), np.array([3]), 0.2, 6, rng), 6)
    assert_close(got, reference.batch_gradient_descent(x, np.array([3]), 0.2, 6), what="the costs")


def test_stochastic_gradient_descent_draws_from_rng(student, rng):
    """Generators in the same state give the same costs, and in other states others.

    Two orders of 12 examples agree once in 12! gradings.
    """
    X, y = _problem(rng, 12, 3, 3)
    same, again, other = (
        _history(student.stochastic_gradient_descent(X.copy(), y.copy(), 0.3, 2, np.random.default_rng(seed)), 24)
        for seed in (3, 3, 4)
    )
    require(np.array_equal(same, again), "Generators in the same state gave other costs: draw from rng only.")
    require(not np.allclose(same, other, rtol=1e-6), "Generators in other states gave the same costs.")


def test_stochastic_gradient_descent_learns(student, rng):
    """On classes that lie apart the last epoch costs far less than the first."""
    y = np.arange(40) % 2
    X = rng.uniform(-1.5, 1.5, size=(40, 2)) + 4 * np.eye(2)[y]  # apart, whatever is drawn
    costs = _history(student.stochastic_gradient_descent(X, y, 0.1, 10, rng), 400)
    _require_ln(costs[0], 2)
    require(costs[-40:].mean() < 0.6 * costs[:40].mean(), "The mean cost must fall from the first epoch to the last.")


def test_stochastic_gradient_descent_leaves_the_data_alone(student, rng):
    """X and y stay as they were."""
    X, y = _problem(rng, 10, 3, 3)
    before = X.copy(), y.copy()
    costs = _history(student.stochastic_gradient_descent(X, y, 0.3, 3, rng), 30)
    assert_unchanged(X, before[0], what="X")
    assert_unchanged(y, before[1], what="y")
    _require_ln(costs[0], 3)


def test_minibatch_gradient_descent_is_explained_by_batches(student, rng):
    """Each epoch uses every example in one batch, with a step and a mean cost for each batch, the short one too."""
    for n, batch_size, lr in [(5, 2, 0.5), (6, 4, 0.8), (6, 3, 0.4)]:
        X, y = _problem(rng, n, 3, 3)
        steps = 3 * -(-n // batch_size)
        costs = _history(student.minibatch_gradient_descent(X.copy(), y.copy(), lr, 3, batch_size, rng), steps)
        _require_explained(costs, X, y, lr, batch_size)


def test_minibatch_gradient_descent_with_one_batch_is_batch_descent(student, rng):
    """With a batch size of N, or above, the costs are those of batch descent."""
    X, y = _problem(rng, 170, 3, 3)
    for batch_size in (170, 500):
        got = _history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.4, 6, batch_size, rng), 6)
        assert_close(got, reference.batch_gradient_descent(X, y, 0.4, 6), what=f"the costs, batch size {batch_size}")


def test_minibatch_gradient_descent_with_single_examples_is_stochastic(student, rng):
    """With a batch size of 1 an order of the examples explains the costs."""
    X, y = _problem(rng, 5, 3, 2)
    costs = _history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.5, 3, 1, rng), 15)
    _require_explained(costs, X, y, 0.5, 1)


def test_minibatch_gradient_descent_of_equal_examples(student, rng):
    """Where all examples are alike, every batch, short or not, is a step of batch descent."""
    x, y = rng.normal(size=(1, 3)), np.array([2])
    for n, batch_size in [(7, 3), (200, 80)]:
        got = student.minibatch_gradient_descent(np.tile(x, (n, 1)), np.tile(y, n), 0.3, 3, batch_size, rng)
        assert_close(_history(got, 9), reference.batch_gradient_descent(x, y, 0.3, 9), what="the costs")


def test_minibatch_gradient_descent_shuffles_anew_each_epoch(student, rng):
    """Neither are the batches those of the data's order, nor the same in every epoch.

    9 examples in threes can be dealt in 1680 ways; over 4 epochs, that all are equal has a chance of 1680^-3, and
    that all are in the data's order 1680^-4.
    """
    X, y = _problem(rng, 9, 3, 3)
    costs = _history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.4, 4, 3, rng), 12)
    epochs = _require_explained(costs, X, y, 0.4, 3)
    in_order = [(0, 1, 2), (3, 4, 5), (6, 7, 8)]
    require(any(epoch != in_order for epoch in epochs), "The batches follow the order of the data: shuffle.")
    require(any(epoch != epochs[0] for epoch in epochs), "Every epoch has the same batches: shuffle anew.")


def test_minibatch_gradient_descent_counts_classes_in_the_whole_set(student, rng):
    """A batch that lacks the last classes is no special case."""
    X = rng.normal(size=(6, 2))
    y = np.array([0, 0, 0, 0, 0, 4])
    costs = _history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.5, 3, 2, rng), 9)
    _require_ln(costs[0], 5)
    _require_explained(costs, X, y, 0.5, 2)


def test_minibatch_gradient_descent_draws_from_rng(student, rng):
    """Generators in the same state give the same costs, and in other states others.

    Two epochs of 12 examples in batches of 3 agree once in 369600² gradings.
    """
    X, y = _problem(rng, 12, 3, 3)
    same, again, other = (
        _history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.3, 2, 3, np.random.default_rng(seed)), 8)
        for seed in (3, 3, 4)
    )
    require(np.array_equal(same, again), "Generators in the same state gave other costs: draw from rng only.")
    require(not np.allclose(same, other, rtol=1e-6), "Generators in other states gave the same costs.")


def test_minibatch_gradient_descent_learns(student, rng):
    """On classes that lie apart the last epoch costs far less than the first."""
    y = np.arange(42) % 3
    X = rng.uniform(-1.5, 1.5, size=(42, 3)) + 4 * np.eye(3)[y]
    costs = _history(student.minibatch_gradient_descent(X, y, 0.1, 20, 10, rng), 100)
    require(costs[-5:].mean() < 0.6 * costs[:5].mean(), "The mean cost must fall from the first epoch to the last.")


def test_minibatch_gradient_descent_leaves_the_data_alone(student, rng):
    """X and y stay as they were."""
    X, y = _problem(rng, 10, 3, 3)
    before = X.copy(), y.copy()
    costs = _history(student.minibatch_gradient_descent(X, y, 0.3, 3, 4, rng), 9)
    assert_unchanged(X, before[0], what="X")
    assert_unchanged(y, before[1], what="y")
    _require_ln(costs[0], 3)
