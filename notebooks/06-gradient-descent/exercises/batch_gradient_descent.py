"""batch_gradient_descent: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib import softmax_cross_entropy
from nnlib.checks import assert_close, assert_unchanged, require

from .common import _cut, _descend, _descend_right, _gradients, _history, _problem, _require_ln, _step, _zeros


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


@variant
def batch_by_hand(X, y, lr, epochs):
    return _descend_right([range(len(X))] * epochs, X, y, lr, len(X))


@variant
def batch_as_an_array(X, y, lr, epochs):
    return np.array(_descend_right([np.arange(len(X))[::-1]] * epochs, X, y, lr, len(X)), dtype=float)


@variant
def batch_with_a_column_of_ones(X, y, lr, epochs):
    X = np.hstack([X, np.ones((len(X), 1))])
    theta, costs = np.zeros((X.shape[1], y.max() + 1)), []
    for _ in range(epochs):
        cost, dscores = softmax_cross_entropy(X @ theta, y)
        costs += [float(cost)]
        theta = theta - lr * X.T @ dscores
    return costs


@variant
def batch_cuts_off_the_last_cost(X, y, lr, epochs):
    return tuple(_descend_right([range(len(X))] * (epochs + 1), X, y, lr, len(X))[:-1])


def batch_of_64_examples_at_most(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        cost, grads = _gradients(params, X[:64], y[:64])
        costs.append(cost)
        params = _step(params, grads, lr)
    return costs


def batch_notes_the_cost_after(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            _, grads = _gradients(params, X[chosen], y[chosen])
            params = _step(params, grads, lr)
            costs.append(_gradients(params, X[chosen], y[chosen])[0])
    return costs


def batch_climbs(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, -lr)
    return costs


def batch_forgets_the_biases(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
    return costs


def batch_starts_again_each_epoch(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        params = _zeros(X, int(y.max()) + 1)
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def batch_returns_the_last_cost(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs[-1] if costs else 0.0


def batch_counts_labels_present(X, y, lr, epochs):
    params, costs = _zeros(X, len(np.unique(y))), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def batch_sums_the_gradient(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr * len(chosen))
    return costs


def batch_notes_one_more(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return [*costs, _gradients(params, X, y)[0]]


def batch_divides_twice(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for _batch in range(1):
            cost, grads = _gradients(params, X, y)
            costs.append(cost)
            params = _step(params, grads, lr / len(X))
    return costs


def batch_lets_the_rate_shrink(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for epoch in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr / (1 + epoch))
    return costs


def batch_sums_the_cost(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost * len(chosen))
            params = _step(params, grads, lr)
    return costs


def batch_fixes_ten_classes(X, y, lr, epochs):
    params, costs = _zeros(X, max(10, int(y.max()) + 1)), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
    return costs


def batch_moves_w_before_b(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params["W"] = params["W"] - lr * grads["W"]
            _, grads = _gradients(params, X[chosen], y[chosen])
            params["b"] = params["b"] - lr * grads["b"]
    return costs


def batch_steps_twice(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        for chosen in [np.arange(len(X))]:
            cost, grads = _gradients(params, X[chosen], y[chosen])
            costs.append(cost)
            params = _step(params, grads, lr)
            params = _step(params, grads, lr)
    return costs


def batch_keeps_the_first_gradient(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    _, grads = _gradients(params, X, y)
    for _ in range(epochs):
        costs.append(_gradients(params, X, y)[0])
        params = _step(params, grads, lr)
    return costs


def batch_starts_at_one(X, y, lr, epochs):
    return _descend([[np.arange(len(X))]] * max(epochs - 1, 0), X, y, lr)


def batch_steps_after_each_example(X, y, lr, epochs):
    return _descend([_cut(np.arange(len(X)), 1)] * epochs, X, y, lr)


def batch_notes_a_cost_of_no_epochs(X, y, lr, epochs):
    return _descend([[np.arange(len(X))]] * max(epochs, 1), X, y, lr)


def batch_stops_when_the_cost_rises(X, y, lr, epochs):
    costs = _descend([[np.arange(len(X))]] * epochs, X, y, lr)
    rises = [i for i in range(1, len(costs)) if costs[i] > costs[i - 1]]
    return costs[: rises[0]] if rises else costs


def batch_returns_the_parameters_too(X, y, lr, epochs):
    params, costs = _zeros(X, int(y.max()) + 1), []
    for _ in range(epochs):
        cost, grads = _gradients(params, X, y)
        costs.append(cost)
        params = _step(params, grads, lr)
    return params, costs


MISTAKES = [
    mistake("Only the first 64 examples take part in the steps; all examples must.",
            "Do the costs change if you change the last of 100 examples?",
            by=batch_of_64_examples_at_most),
    mistake("The cost is noted after the step instead of before it.",
            "What must the first cost be, when all weights are still zero?",
            by=batch_notes_the_cost_after),
    mistake("The step goes uphill: the gradient is added.",
            "Do the costs grow? The gradient points to where they do.",
            by=batch_climbs),
    mistake("The biases are never updated.",
            "W and b both have a gradient. Which of them does your step move?",
            by=batch_forgets_the_biases),
    mistake("Every step starts from zero parameters: they are set back, or what the step returns is not kept.",
            "With which parameters does the second epoch begin? Print W after each step.",
            by=batch_starts_again_each_epoch),
    mistake("Only the last cost is returned, not the history.",
            "One cost a step is asked for. Where do the earlier ones go?",
            by=batch_returns_the_last_cost),
    mistake("The number of classes is counted by the different labels present, not by the largest label.",
            "Which class numbers can occur when the labels are 0 and 3?",
            by=batch_counts_labels_present),
    mistake("The gradient is summed over the batch instead of averaged, so the step grows with the batch.",
            "cost_and_gradients gives means already. What should happen when every example is given twice?",
            by=batch_sums_the_gradient),
    mistake("One cost too many: the cost after the last step is noted too.",
            "There is one cost a step. How many steps do three epochs have here?",
            by=batch_notes_one_more),
    mistake("The rate is divided by the number of examples, though the gradient is a mean already.",
            "cost_and_gradients averages. What does a second division by N do to the step?",
            by=batch_divides_twice),
    mistake("The rate shrinks from epoch to epoch; it must stay the same.",
            "Which rate does the text give for the second epoch?",
            by=batch_lets_the_rate_shrink),
    mistake("The noted cost is the sum over the batch, not the mean.",
            "cost_and_gradients gives the mean. What is the first cost at zero weights, whatever the batch size?",
            by=batch_sums_the_cost),
    mistake("The number of classes is fixed at ten instead of taken from y.",
            "What is the first cost with labels 0 and 1, and why is it not ln 10?",
            by=batch_fixes_ten_classes),
    mistake("The biases' gradient is taken after W has moved: the two must move together.",
            "From the gradients of how many points does one step come?",
            by=batch_moves_w_before_b),
    mistake("Two steps are taken where one is noted.",
            "How often is the step called in the loop?",
            by=batch_steps_twice),
    mistake("The gradient is computed once, before the loop; every step uses that one.",
            "Does the gradient stay the same when the parameters have moved?",
            by=batch_keeps_the_first_gradient),
    mistake("One epoch too few: the loop starts at 1 and ends before epochs.",
            "Which numbers does range(1, 3) give?",
            by=batch_starts_at_one),
    mistake("A step is taken after every example, not after all of them.",
            "How many steps has an epoch of batch descent, and how many examples does each use?",
            by=batch_steps_after_each_example),
    mistake("A first cost is noted before the loop, also where there is no epoch at all.",
            "How many costs have no epochs?",
            by=batch_notes_a_cost_of_no_epochs),
    mistake("The loop ends as soon as the cost rises.",
            "Every epoch has a step and a cost, also with a rate that is too large. Nobody asked to stop early.",
            by=batch_stops_when_the_cost_rises),
    mistake("The parameters are returned as well; only the costs are asked for.",
            "Return the list of noted costs, and nothing else.",
            by=batch_returns_the_parameters_too),
]
