"""batch_gradient_descent: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip, variant
from nnlib import gradient_step, softmax_cross_entropy
from nnlib.checks import assert_close, require

from .common import (
    EPOCHS,
    STEP,
    SUMMED_COST,
    SUMMED_GRADIENT,
    descend,
    edits_of,
    history,
    mistakes_in_the_steps,
    problem,
    require_ln,
)
from .common import model as cost_and_gradients

HINTS = (
    "You have a function that takes steps with batches of any size. Which size makes one batch of everything?",
    "If all examples are in one batch, what does shuffling change? Does it matter then which generator you "
    "hand over?",
    "4 examples, 3 epochs: each epoch is one batch of 4, so there are 3 costs. With 400 examples there are 3 "
    "costs as well.",
)


def test_batch_gradient_descent_history(student, rng):
    """The costs are those of the rules: zeros at the start, all examples in each step, the cost before the step."""
    for n, d, classes, lr in [(12, 3, 3, 0.3), (5, 1, 2, 1.0), (4, 4, 4, 0.1), (200, 3, 3, 0.5)]:
        X, y = problem(rng, n, d, classes)
        got = history(student.batch_gradient_descent(X.copy(), y.copy(), lr, 6), 6)
        assert_close(got, reference.batch_gradient_descent(X, y, lr, 6), what="the costs")


def test_batch_gradient_descent_starts_at_ln_c(student, rng):
    """The first cost is the logarithm of the number of classes, before anything was learnt; the second is lower."""
    for classes in (2, 3, 10):
        X, y = problem(rng, 20, 4, classes)
        costs = history(student.batch_gradient_descent(X, y, 0.05, 2), 2)
        require_ln(costs[0], classes)
        require(costs[1] < costs[0], "The second cost must be lower than the first.")


def test_batch_gradient_descent_falls_at_every_step(student, rng):
    """With a small rate the cost falls at every step and gets far."""
    y = np.arange(30) % 3
    X = rng.normal(size=(30, 3)) + 3 * np.eye(3)[y]
    costs = history(student.batch_gradient_descent(X, y, 0.1, 80), 80)
    require((np.diff(costs) < 0).all(), "The cost rose at a step.")
    require(costs[-1] < 0.5 * costs[0], "After 80 steps the cost must be less than half of the first.")


def test_batch_gradient_descent_with_a_class_missing(student, rng):
    """C is the largest label plus one, though no example may have some label below it."""
    X, y = problem(rng, 9, 2, 2)
    got = history(student.batch_gradient_descent(X.copy(), 3 * y, 0.4, 5), 5)
    assert_close(got, reference.batch_gradient_descent(X, 3 * y, 0.4, 5), what="the costs with labels 0 and 3")


def test_batch_gradient_descent_with_a_rate_too_large(student, rng):
    """Where the rate is so large that the cost rises, every step is taken and noted all the same."""
    X, y = problem(rng, 15, 3, 3)
    expected = reference.batch_gradient_descent(X, y, 25.0, 7)
    got = history(student.batch_gradient_descent(X, y, 25.0, 7), 7)
    assert_close(got, expected, what="the costs at rate 25")


def test_batch_gradient_descent_does_not_depend_on_the_size_of_the_set(student, rng):
    """Data given three times over has the same costs: they and the gradients are means."""
    X, y = problem(rng, 7, 3, 3)
    costs = history(student.batch_gradient_descent(np.tile(X, (3, 1)), np.tile(y, 3), 0.5, 5), 5)
    assert_close(costs, reference.batch_gradient_descent(X, y, 0.5, 5), what="the costs")


def test_batch_gradient_descent_of_equal_examples(student, rng):
    """Ninety copies of one example are one batch, and have the costs of that example alone."""
    x, y = rng.normal(size=(1, 3)), np.array([1])  # in whatever order: so a batch of another size has a name
    got = history(student.batch_gradient_descent(np.tile(x, (90, 1)), np.tile(y, 90), 0.5, 4), 4)
    assert_close(got, reference.batch_gradient_descent(x, y, 0.5, 4), what="the costs")


def test_batch_gradient_descent_learns_the_biases(student, rng):
    """Where no feature tells anything the biases alone lower the cost."""
    X, y = np.zeros((8, 2)), np.array([0, 1, 1, 1, 1, 2, 1, 1])
    got = history(student.batch_gradient_descent(X.copy(), y.copy(), 0.5, 6), 6)
    assert_close(got, reference.batch_gradient_descent(X, y, 0.5, 6), what="the costs")


def test_batch_gradient_descent_of_no_and_of_one_epoch(student, rng):
    """No epochs give no costs, and one epoch gives one."""
    X, y = problem(rng, 6, 2, 2)
    one = history(student.batch_gradient_descent(X.copy(), y.copy(), 0.3, 1), 1)
    assert_close(one, [np.log(2)], what="the costs of one epoch")
    history(student.batch_gradient_descent(X, y, 0.3, 0), 0)


@variant
def in_a_loop(X, y, lr, epochs):
    num_classes = int(y.max()) + 1
    params = {"W": np.zeros((X.shape[1], num_classes)), "b": np.zeros(num_classes)}
    costs = []
    for _ in range(epochs):
        cost, grads = cost_and_gradients(params, X, y)
        costs.append(cost)
        params = gradient_step(params, grads, lr)
    return costs


@variant
def by_hand(X, y, lr, epochs):
    return descend([range(len(X))] * epochs, X, y, lr, len(X))


@variant
def as_an_array(X, y, lr, epochs):
    return np.array(descend([np.arange(len(X))[::-1]] * epochs, X, y, lr, len(X)), dtype=float)


@variant
def with_a_column_of_ones(X, y, lr, epochs):
    X = np.hstack([X, np.ones((len(X), 1))])
    theta, costs = np.zeros((X.shape[1], y.max() + 1)), []
    for _ in range(epochs):
        cost, dscores = softmax_cross_entropy(X @ theta, y)
        costs += [float(cost)]
        theta = theta - lr * X.T @ dscores
    return costs


@variant
def cuts_off_the_last_cost(X, y, lr, epochs):
    return tuple(descend([range(len(X))] * (epochs + 1), X, y, lr, len(X))[:-1])


GRADIENTS = "cost_and_gradients(params, X, y)"
OF_THE_LOOP = [
    *mistakes_in_the_steps("X, y", ("the number of examples", "len(X)"), "\n        "),
    mistake(*SUMMED_GRADIENT, {"grads, lr)": "grads, lr * len(X))"}),
    mistake(*SUMMED_COST, {"append(cost)": "append(cost * len(X))"}),
    mistake("Only the first 64 examples take part in the steps; all examples must.",
            "Do the costs change if you change the last of 100 examples?",
            {GRADIENTS: "cost_and_gradients(params, X[:64], y[:64])"}),
    mistake("Every step starts from zero parameters: they are set back, or what the step returns is not kept.",
            "With which parameters does the second epoch begin? Print W after each step.",
            {STEP: STEP.removeprefix("params = ")}),
    mistake("One cost too many: the cost after the last step is noted too.",
            "There is one cost per step. How many steps do three epochs have here?",
            {"return costs": f"return [*costs, {GRADIENTS}[0]]"}),
    mistake("The gradient is computed once, before the loop; every step uses that one.",
            "Does the gradient stay the same when the parameters have moved?",
            {EPOCHS: f"_, grads = {GRADIENTS}\n    {EPOCHS}", "cost, grads": "cost, _"}),
    mistake("One epoch too few: the loop starts at 1 and ends before epochs.",
            "Which numbers does range(1, 3) give?",
            {"range(epochs)": "range(1, epochs)"}),
    mistake("A step is taken after every example, not after all of them.",
            "How many steps does an epoch of batch descent have, and how many examples does each use?",
            {EPOCHS: "for i in list(range(len(X))) * epochs:",
             GRADIENTS: "cost_and_gradients(params, X[i : i + 1], y[i : i + 1])"}),
    mistake("A first cost is noted before the loop, also where there is no epoch at all.",
            "How many costs should no epochs give?",
            {"range(epochs)": "range(max(epochs, 1))"}),
    mistake("The loop ends as soon as the cost rises.",
            "Every epoch has a step and a cost, also with a rate that is too large. Nobody asked to stop early.",
            {"costs.append": "if costs and cost > costs[-1]:\n            break\n        costs.append"}),
    mistake("The parameters are returned as well; only the costs are asked for.",
            "Return the list of noted costs, and nothing else.",
            {"return costs": "return params, costs"}),
]
def batches_of(size):
    """Return the forms of a mistake that hands over another batch size, with the seeds that most people take."""
    return [{"len(X), np.random.default_rng(0)": f"{size}, np.random.default_rng({seed})"} for seed in (0, 1, 42)]


MISTAKES = [
    *edits_of(in_a_loop, OF_THE_LOOP),
    mistake("The batch size is 1: a step is taken after every example, not after all of them.",
            "How many examples does the one batch of an epoch hold?",
            *batches_of("1")),
    slip("arguments_swapped", *({"epochs, len(X), np.random.default_rng(0)":
                                 f"len(X), epochs, np.random.default_rng({seed})"} for seed in (0, 1, 42)),
         what="The number of epochs and the batch size"),
    mistake("The batch size is fixed, so a larger set is cut into several batches.",
            "Which batch size makes a single batch of any data set?",
            *batches_of("64")),
    mistake("The batch size is the number of features, not of examples.",
            "Which entry of X.shape counts the examples?",
            *batches_of("X.shape[1]")),
]
