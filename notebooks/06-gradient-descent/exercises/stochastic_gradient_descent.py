"""stochastic_gradient_descent: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import (
    _cut,
    _descend,
    _descend_right,
    _gradients,
    _history,
    _problem,
    _require_explained,
    _require_ln,
    _step,
    _zeros,
)


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


@variant
def stochastic_by_shuffling_indices(X, y, lr, epochs, rng):
    order, orders = np.arange(len(X)), []
    for _ in range(epochs):
        rng.shuffle(order)
        orders.append(order.copy())
    return _descend_right(orders, X, y, lr, 1)


@variant
def stochastic_by_sorting(X, y, lr, epochs, rng):
    return np.array(_descend_right(np.argsort(rng.random((epochs, len(X))), axis=1), X, y, lr, 1))


@variant
def stochastic_by_choice(X, y, lr, epochs, rng):
    return _descend_right([rng.choice(len(X), len(X), replace=False) for _ in range(epochs)], X, y, lr, 1)


def stochastic_notes_the_cost_after(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            _, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
            costs.append(_gradients(params, X[chosen], y[chosen])[0])
    return costs


def stochastic_climbs(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, -lr)
    return costs


def stochastic_forgets_the_biases(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
    return costs


def stochastic_starts_again_each_epoch(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        params = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def stochastic_returns_the_last_cost(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs[-1] if costs else 0.0


def stochastic_counts_labels_present(X, y, lr, epochs, rng):
    params, costs = _zeros(X, len(np.unique(y))), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def stochastic_does_not_shuffle(X, y, lr, epochs, rng):
    return _descend([_cut(np.arange(len(X)), 1) for _ in range(epochs)], X, y, lr)


def stochastic_shuffles_once(X, y, lr, epochs, rng):
    order = rng.permutation(len(X))
    return _descend([_cut(order, 1)] * epochs, X, y, lr)


def stochastic_draws_with_replacement(X, y, lr, epochs, rng):
    return _descend([_cut(rng.integers(len(X), size=len(X)), 1) for _ in range(epochs)], X, y, lr)


def stochastic_notes_one_cost_an_epoch(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    means = []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
        means.append(float(np.mean(costs)))
        costs = []
    return means


def stochastic_notes_the_cost_of_all(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            _, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(_gradients(params, X, y)[0])
            params = _step(params, grads, lr)
    return costs


def stochastic_lets_the_rate_shrink(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for epoch in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / (1 + epoch))
    return costs


def stochastic_fixes_ten_classes(X, y, lr, epochs, rng):
    params, costs = _zeros(X, max(10, int(y.max()) + 1)), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def stochastic_moves_w_before_b(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
            _, grads = _gradients(params, X[chosen], y[chosen])
            params["b"] = params["b"] - lr * grads["b"]
    return costs


def stochastic_steps_twice(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
            params = _step(params, grads, lr)
    return costs


def stochastic_keeps_no_step(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, _ = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
    return costs


def stochastic_divides_the_rate(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / len(X))
    return costs


def stochastic_adds_up_the_gradients(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        total = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            total = {name: total[name] + grads[name] for name in total}
        params = _step(params, total, lr)
    return costs


def stochastic_takes_one_step_an_epoch(X, y, lr, epochs, rng):
    return _descend([_cut(rng.permutation(len(X)), 1)[:1] for _ in range(epochs)], X, y, lr)


def stochastic_draws_one_an_epoch(X, y, lr, epochs, rng):
    return _descend([[np.array([rng.integers(len(X))])] for _ in range(epochs)], X, y, lr)


def stochastic_mixes_up_labels(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for place, i in enumerate(rng.permutation(len(X))):
            cost, grads = _gradients(params, X[[i]], y[[place]])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def stochastic_uses_all_examples(X, y, lr, epochs, rng):
    return _descend([[np.arange(len(X))] * len(X)] * epochs, X, y, lr)


def stochastic_leaves_out_the_last(X, y, lr, epochs, rng):
    return _descend([_cut(rng.permutation(len(X))[:-1], 1) for _ in range(epochs)], X, y, lr)


def stochastic_smooths_the_costs(X, y, lr, epochs, rng):
    costs = _descend([_cut(rng.permutation(len(X)), 1) for _ in range(epochs)], X, y, lr)
    return list(np.cumsum(costs) / np.arange(1, len(costs) + 1))


def stochastic_swaps_the_loops(X, y, lr, epochs, rng):
    return _descend([[chosen] * epochs for chosen in _cut(rng.permutation(len(X)), 1)], X, y, lr)


def stochastic_shuffles_in_place(X, y, lr, epochs, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for chosen in _cut(np.arange(len(X)), 1):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def stochastic_seeds_its_own_generator(X, y, lr, epochs, rng):
    own = np.random.default_rng(0)
    return _descend([_cut(own.permutation(len(X)), 1) for _ in range(epochs)], X, y, lr)


MISTAKES = [
    mistake("The cost is noted after the step instead of before it.",
            "What must the first cost be, when all weights are still zero?",
            by=stochastic_notes_the_cost_after),
    mistake("The step goes uphill: the gradient is added.",
            "Do the costs grow? The gradient points to where they do.",
            by=stochastic_climbs),
    mistake("The biases are never updated.",
            "W and b both have a gradient. Which of them does your step move?",
            by=stochastic_forgets_the_biases),
    mistake("The parameters are set back to zero at the start of every epoch.",
            "What of the last epoch is left when the next begins?",
            by=stochastic_starts_again_each_epoch),
    mistake("Only the last cost is returned, not the history.",
            "One cost a step is asked for. Where do the earlier ones go?",
            by=stochastic_returns_the_last_cost),
    mistake("The number of classes is counted by the different labels present, not by the largest label.",
            "How many columns does W need for the label 3, when it is the only label there is?",
            by=stochastic_counts_labels_present),
    mistake("Nothing is shuffled: the examples are visited in the order of the data.",
            "What would the steps be if the data were sorted by class?",
            by=stochastic_does_not_shuffle),
    mistake("The data is shuffled once, and every epoch has the same order.",
            "Where must the shuffle stand, before the loop over epochs or in it?",
            by=stochastic_shuffles_once),
    mistake("Examples are drawn with replacement: some come twice in an epoch, others not at all.",
            "Count how often each example is used in one epoch.",
            by=stochastic_draws_with_replacement),
    mistake("The costs are averaged over each epoch: one an epoch, not one a step.",
            "How many steps does an epoch have, and how many costs are asked for?",
            by=stochastic_notes_one_cost_an_epoch),
    mistake("The cost that is noted is that of all examples, not that of the step's own batch.",
            "Which examples did the gradient of this step come from? Note their cost.",
            by=stochastic_notes_the_cost_of_all),
    mistake("The rate shrinks from epoch to epoch; it must stay the same.",
            "Which rate does the text give for the second epoch?",
            by=stochastic_lets_the_rate_shrink),
    mistake("The number of classes is fixed at ten instead of taken from y.",
            "What is the first cost with labels 0 and 1, and why is it not ln 10?",
            by=stochastic_fixes_ten_classes),
    mistake("The biases' gradient is taken after W has moved: the two must move together.",
            "From the gradients of how many points does one step come?",
            by=stochastic_moves_w_before_b),
    mistake("Two steps are taken where one is noted.",
            "How often is the step called in the loop?",
            by=stochastic_steps_twice),
    mistake("The parameters stay zero: what the step returns is not kept.",
            "gradient_step returns new parameters and leaves the old ones alone. Where do the new ones go?",
            by=stochastic_keeps_no_step),
    mistake("The rate is divided by the number of examples, though the gradient is a mean already.",
            "cost_and_gradients averages. What does a second division do to the step?",
            by=stochastic_divides_the_rate),
    mistake("The gradients are added up, and the parameters move only once an epoch.",
            "When must the first step come, before the second batch or after the last?",
            by=stochastic_adds_up_the_gradients),
    mistake("There are only as many steps as epochs; an epoch needs a step for every batch.",
            "How many steps has an epoch, and who is used in them?",
            by=stochastic_takes_one_step_an_epoch),
    mistake("There are only as many steps as epochs; an epoch needs a step for every batch.",
            "How many steps has an epoch, and who is used in them?",
            by=stochastic_draws_one_an_epoch),
    mistake("An example and a label of another one are used together.",
            "The order holds the numbers of examples: both X and y are taken by it.",
            by=stochastic_mixes_up_labels),
    mistake("Every step uses all examples: that is batch descent, N times an epoch.",
            "Which example does this step belong to? Hand cost_and_gradients that one alone.",
            by=stochastic_uses_all_examples),
    mistake("The last example of each epoch is left out.",
            "How many steps has an epoch of N examples?",
            by=stochastic_leaves_out_the_last),
    mistake("The running mean of the costs is returned, not each step's own cost.",
            "What is the noted cost of the second step? It knows nothing of the first step's example.",
            by=stochastic_smooths_the_costs),
    mistake("The two loops have changed places: every batch is used for all epochs before the next one comes.",
            "An epoch is a pass over all examples. Which of the loops must be the outer one?",
            by=stochastic_swaps_the_loops),
    mistake("X and y themselves are shuffled in place: the caller's data is changed.",
            "Work with an array of indices, or on copies.",
            by=stochastic_shuffles_in_place),
    mistake("The order comes from a generator of the function's own with a fixed seed, not from rng.",
            "Draw from the rng you are given: with another rng the order must be another.",
            by=stochastic_seeds_its_own_generator),
]
