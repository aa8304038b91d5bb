"""minibatch_gradient_descent: what it must do, other right ways, and what goes wrong."""

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


@variant
def minibatch_by_shuffling_indices(X, y, lr, epochs, batch_size, rng):
    order, orders = list(range(len(X))), []
    for _ in range(epochs):
        rng.shuffle(order)
        orders.append(list(order))
    return _descend_right(orders, X, y, lr, batch_size)


@variant
def minibatch_by_sorting(X, y, lr, epochs, batch_size, rng):
    return np.array(_descend_right(np.argsort(rng.random((epochs, len(X))), axis=1), X, y, lr, batch_size))


@variant
def minibatch_by_choice(X, y, lr, epochs, batch_size, rng):
    return tuple(_descend_right([rng.choice(len(X), len(X), replace=False) for _ in range(epochs)], X, y, lr, batch_size))


def minibatch_notes_the_cost_after(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            _, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
            costs.append(_gradients(params, X[chosen], y[chosen])[0])
    return costs


def minibatch_climbs(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, -lr)
    return costs


def minibatch_forgets_the_biases(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
    return costs


def minibatch_starts_again_each_epoch(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        params = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def minibatch_returns_the_last_cost(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs[-1] if costs else 0.0


def minibatch_counts_labels_present(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, len(np.unique(y))), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def minibatch_sums_the_gradient(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr * len(chosen))
    return costs


def minibatch_does_not_shuffle(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(np.arange(len(X)), batch_size) for _ in range(epochs)], X, y, lr)


def minibatch_shuffles_once(X, y, lr, epochs, batch_size, rng):
    order = rng.permutation(len(X))
    return _descend([_cut(order, batch_size)] * epochs, X, y, lr)


def minibatch_draws_with_replacement(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(rng.integers(len(X), size=len(X)), batch_size) for _ in range(epochs)], X, y, lr)


def minibatch_notes_one_cost_an_epoch(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    means = []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
        means.append(float(np.mean(costs)))
        costs = []
    return means


def minibatch_notes_the_cost_of_all(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            _, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(_gradients(params, X, y)[0])
            params = _step(params, grads, lr)
    return costs


def minibatch_drops_the_short_batch(X, y, lr, epochs, batch_size, rng):
    full = len(X) - len(X) % batch_size
    return _descend([_cut(rng.permutation(len(X))[:full], batch_size) for _ in range(epochs)], X, y, lr)


def minibatch_divides_by_the_full_size(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr * len(chosen) / batch_size)
    return costs


def minibatch_lets_the_rate_shrink(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for epoch in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / (1 + epoch))
    return costs


def minibatch_sums_the_cost(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost * len(chosen))
            params = _step(params, grads, lr)
    return costs


def minibatch_fixes_ten_classes(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, max(10, int(y.max()) + 1)), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def minibatch_moves_w_before_b(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
            _, grads = _gradients(params, X[chosen], y[chosen])
            params["b"] = params["b"] - lr * grads["b"]
    return costs


def minibatch_steps_twice(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
            params = _step(params, grads, lr)
    return costs


def minibatch_keeps_no_step(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, _ = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
    return costs


def minibatch_divides_the_rate(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / batch_size)
    return costs


def minibatch_adds_up_the_gradients(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        total = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            total = {name: total[name] + grads[name] for name in total}
        params = _step(params, total, lr)
    return costs


def minibatch_takes_one_step_an_epoch(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(rng.permutation(len(X)), batch_size)[:1] for _ in range(epochs)], X, y, lr)


def minibatch_chooses_one_an_epoch(X, y, lr, epochs, batch_size, rng):
    size = min(batch_size, len(X))
    return _descend([[rng.choice(len(X), size, replace=False)] for _ in range(epochs)], X, y, lr)


def minibatch_uses_up_its_batches(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(rng.permutation(len(X)), batch_size)][:epochs], X, y, lr)


def minibatch_seeds_each_epoch_alike(X, y, lr, epochs, batch_size, rng):
    seed = int(rng.integers(2**30))
    orders = [np.random.default_rng(seed).permutation(len(X)) for _ in range(epochs)]
    return _descend([_cut(order, batch_size) for order in orders], X, y, lr)


def minibatch_ignores_the_size(X, y, lr, epochs, batch_size, rng):
    return _descend([[np.arange(len(X))]] * epochs, X, y, lr)


def minibatch_steps_after_each_example(X, y, lr, epochs, batch_size, rng):
    return _descend([_cut(rng.permutation(len(X)), 1) for _ in range(epochs)], X, y, lr)


def minibatch_counts_steps_as_epochs(X, y, lr, epochs, batch_size, rng):
    steps = []
    while len(steps) < epochs:
        steps += _cut(rng.permutation(len(X)), batch_size)
    return _descend([steps[:epochs]], X, y, lr)


def minibatch_fills_the_last_batch(X, y, lr, epochs, batch_size, rng):
    full = -(-len(X) // batch_size) * batch_size
    return _descend([_cut(np.resize(rng.permutation(len(X)), full), batch_size) for _ in range(epochs)], X, y, lr)


def minibatch_makes_batches_alike(X, y, lr, epochs, batch_size, rng):
    count = -(-len(X) // batch_size)
    return _descend([np.array_split(rng.permutation(len(X)), count) for _ in range(epochs)], X, y, lr)


def minibatch_notes_the_last_cost_of_an_epoch(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
        costs.append(cost)
    return costs


def minibatch_scales_the_last_batch(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            share = len(chosen) / batch_size
            costs.append(cost * share)
            params = _step(params, grads, lr * share)
    return costs


def minibatch_returns_the_parameters(X, y, lr, epochs, batch_size, rng):
    params = _zeros(X, int(y.max()) + 1)
    for _ in range(epochs):
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            _, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
    return params


def minibatch_swaps_the_loops(X, y, lr, epochs, batch_size, rng):
    return _descend([[chosen] * epochs for chosen in _cut(rng.permutation(len(X)), batch_size)], X, y, lr)


def minibatch_shuffles_in_place(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X[:], y[:] = X[order], y[order]
        for chosen in _cut(np.arange(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def minibatch_seeds_its_own_generator(X, y, lr, epochs, batch_size, rng):
    own = np.random.default_rng(0)
    return _descend([_cut(own.permutation(len(X)), batch_size) for _ in range(epochs)], X, y, lr)


def minibatch_averages_the_gradients(X, y, lr, epochs, batch_size, rng):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        total = _zeros(X, int(y.max()) + 1)
        for chosen in _cut(rng.permutation(len(X)), batch_size):
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            total = {name: total[name] + grads[name] * len(chosen) / len(X) for name in total}
        params = _step(params, total, lr)
    return costs


MISTAKES = [
    mistake("The cost is noted after the step instead of before it.",
            "What must the first cost be, when all weights are still zero?",
            by=minibatch_notes_the_cost_after),
    mistake("The step goes uphill: the gradient is added.",
            "Do the costs grow? The gradient points to where they do.",
            by=minibatch_climbs),
    mistake("The biases are never updated.",
            "W and b both have a gradient. Which of them does your step move?",
            by=minibatch_forgets_the_biases),
    mistake("The parameters are set back to zero at the start of every epoch.",
            "What of the last epoch is left when the next begins?",
            by=minibatch_starts_again_each_epoch),
    mistake("Only the last cost is returned, not the history.",
            "One cost a step is asked for. Where do the earlier ones go?",
            by=minibatch_returns_the_last_cost),
    mistake("The number of classes is counted by the different labels present, not by the largest label.",
            "Which class numbers can occur when the labels are 0 and 3?",
            by=minibatch_counts_labels_present),
    mistake("The gradient is summed over the batch instead of averaged, so the step grows with the batch.",
            "cost_and_gradients gives means already. What should happen when every example is given twice?",
            by=minibatch_sums_the_gradient),
    mistake("Nothing is shuffled: the examples are visited in the order of the data.",
            "What would the steps be if the data were sorted by class?",
            by=minibatch_does_not_shuffle),
    mistake("The data is shuffled once, and every epoch has the same order.",
            "Where must the shuffle stand, before the loop over epochs or in it?",
            by=minibatch_shuffles_once),
    mistake("Examples are drawn with replacement: some come twice in an epoch, others not at all.",
            "Count how often each example is used in one epoch.",
            by=minibatch_draws_with_replacement),
    mistake("The costs are averaged over each epoch: one an epoch, not one a step.",
            "How many steps does an epoch have, and how many costs are asked for?",
            by=minibatch_notes_one_cost_an_epoch),
    mistake("The cost that is noted is that of all examples, not that of the step's own batch.",
            "Which examples did the gradient of this step come from? Note their cost.",
            by=minibatch_notes_the_cost_of_all),
    mistake("The last short batch is dropped.",
            "How many steps has an epoch of 5 examples in batches of 2?",
            by=minibatch_drops_the_short_batch),
    mistake("The gradient of the short last batch is divided by the full batch size, so its step is too small.",
            "The mean over three examples divides by three, whatever batch_size says.",
            by=minibatch_divides_by_the_full_size),
    mistake("The rate shrinks from epoch to epoch; it must stay the same.",
            "Which rate does the text give for the second epoch?",
            by=minibatch_lets_the_rate_shrink),
    mistake("The noted cost is the sum over the batch, not the mean.",
            "cost_and_gradients gives the mean. What is the first cost at zero weights, whatever the batch size?",
            by=minibatch_sums_the_cost),
    mistake("The number of classes is fixed at ten instead of taken from y.",
            "What is the first cost with labels 0 and 1, and why is it not ln 10?",
            by=minibatch_fixes_ten_classes),
    mistake("The biases' gradient is taken after W has moved: the two must move together.",
            "From the gradients of how many points does one step come?",
            by=minibatch_moves_w_before_b),
    mistake("Two steps are taken where one is noted.",
            "How often is the step called in the loop?",
            by=minibatch_steps_twice),
    mistake("The parameters stay zero: what the step returns is not kept.",
            "gradient_step returns new parameters and leaves the old ones alone. Where do the new ones go?",
            by=minibatch_keeps_no_step),
    mistake("The rate is divided by the batch size, though the gradient is a mean already.",
            "cost_and_gradients averages. What does a second division do to the step?",
            by=minibatch_divides_the_rate),
    mistake("The gradients are added up, and the parameters move only once an epoch.",
            "When must the first step come, before the second batch or after the last?",
            by=minibatch_adds_up_the_gradients),
    mistake("There are only as many steps as epochs; an epoch needs a step for every batch.",
            "How many steps has an epoch, and who is used in them?",
            by=minibatch_takes_one_step_an_epoch),
    mistake("There are only as many steps as epochs; an epoch needs a step for every batch.",
            "How many steps has an epoch, and who is used in them?",
            by=minibatch_chooses_one_an_epoch),
    mistake("The batches are made once, before the loop over epochs, and are used up after the first.",
            "A generator runs through only once. Where must random_minibatches be called?",
            by=minibatch_uses_up_its_batches),
    mistake("The data is shuffled once, and every epoch has the same order.",
            "A generator made anew with the same seed draws the same again. Draw from rng in every epoch.",
            by=minibatch_seeds_each_epoch_alike),
    mistake("The batch size is ignored: every step uses all examples.",
            "How many steps has an epoch of 5 examples in batches of 2?",
            by=minibatch_ignores_the_size),
    mistake("The batch size is ignored: every step uses a single example.",
            "How many steps has an epoch of 5 examples in batches of 2?",
            by=minibatch_steps_after_each_example),
    mistake("There are only as many steps as epochs; an epoch needs a step for every batch.",
            "How many steps has an epoch, and who is used in them?",
            by=minibatch_counts_steps_as_epochs),
    mistake("The last batch is filled up with examples from the beginning, which come twice.",
            "How many examples has the last batch of 5 in batches of 2?",
            by=minibatch_fills_the_last_batch),
    mistake("The batches are made equally large, instead of all full but the last.",
            "Six examples in batches of four: which two sizes does the text ask for?",
            by=minibatch_makes_batches_alike),
    mistake("Only the last batch's cost is noted: one an epoch, not one a step.",
            "How many steps does an epoch have, and how many costs are asked for?",
            by=minibatch_notes_the_last_cost_of_an_epoch),
    mistake("Cost and step of the short last batch are divided by the full batch size, so both are too small.",
            "The mean over three examples divides by three, whatever batch_size says.",
            by=minibatch_scales_the_last_batch),
    mistake("The trained parameters are returned, not the costs.",
            "What is the function asked to return, and where are the costs noted?",
            by=minibatch_returns_the_parameters),
    mistake("The two loops have changed places: every batch is used for all epochs before the next one comes.",
            "An epoch is a pass over all examples. Which of the loops must be the outer one?",
            by=minibatch_swaps_the_loops),
    mistake("X and y themselves are shuffled in place: the caller's data is changed.",
            "Work with an array of indices, or on copies.",
            by=minibatch_shuffles_in_place),
    mistake("The order comes from a generator of the function's own with a fixed seed, not from rng.",
            "Draw from the rng you are given: with another rng the order must be another.",
            by=minibatch_seeds_its_own_generator),
    mistake("The gradients are added up, and the parameters move only once an epoch.",
            "When must the first step come, before the second batch or after the last?",
            by=minibatch_averages_the_gradients),
]
