"""stochastic_gradient_descent: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib import gradient_step
from nnlib.checks import assert_close, require

from .common import descend, edits_of, history, mistakes_with_batches, problem, require_explained, require_ln
from .common import listed_minibatches as random_minibatches
from .common import model as cost_and_gradients

HINTS = (
    "You have a function that takes steps with batches of any size. How many examples does a stochastic step "
    "look at?",
    "Which generator must decide the order, one of your own or the one you were given? And do epochs mean the "
    "same for both functions?",
    "4 examples, 3 epochs: 12 steps, so 12 costs. With one example and 3 epochs there are 3.",
)


def test_stochastic_gradient_descent_is_explained_by_an_order(student, rng):
    """Each epoch visits every example once, with a step and a cost for each."""
    for n, d, classes, lr in [(5, 3, 3, 0.4), (6, 2, 2, 0.7)]:
        X, y = problem(rng, n, d, classes)
        costs = history(student.stochastic_gradient_descent(X.copy(), y.copy(), lr, 4, rng), 4 * n)
        require_explained(costs, X, y, lr, 1)


def test_stochastic_gradient_descent_shuffles_anew_each_epoch(student, rng):
    """The order is neither that of the data nor the same in two epochs.

    12 examples: a right answer fails twice in 12! gradings.
    """
    X, y = problem(rng, 12, 4, 3)
    costs = history(student.stochastic_gradient_descent(X.copy(), y.copy(), 0.3, 2, rng), 24)
    first, second = ([batch[0] for batch in epoch] for epoch in require_explained(costs, X, y, 0.3, 1))
    require(first != list(range(12)), "The examples come in the order of the data: shuffle.")
    require(first != second, "Two epochs come in the same order: shuffle anew in each.")


def test_stochastic_gradient_descent_of_equal_examples(student, rng):
    """Where all examples are alike, the order cannot matter and the costs are those of batch descent."""
    x, y = rng.normal(size=(1, 3)), np.array([2])
    for n in (5, 150):
        got = history(student.stochastic_gradient_descent(np.tile(x, (n, 1)), np.tile(y, n), 0.3, 2, rng), 2 * n)
        assert_close(got, reference.batch_gradient_descent(x, y, 0.3, 2 * n), what="the costs")


def test_stochastic_gradient_descent_of_one_example(student, rng):
    """With a single example it is batch descent, and the label is not the number of classes."""
    x = rng.normal(size=(1, 4))
    got = history(student.stochastic_gradient_descent(x.copy(), np.array([3]), 0.2, 6, rng), 6)
    assert_close(got, reference.batch_gradient_descent(x, np.array([3]), 0.2, 6), what="the costs")


def test_stochastic_gradient_descent_draws_from_rng(student, rng):
    """Generators in the same state give the same costs, and in other states others.

    Two orders of 12 examples agree once in 12! gradings.
    """
    X, y = problem(rng, 12, 3, 3)
    same, again, other = (
        history(student.stochastic_gradient_descent(X.copy(), y.copy(), 0.3, 2, np.random.default_rng(seed)), 24)
        for seed in (3, 3, 4)
    )
    require(np.array_equal(same, again), "Generators in the same state gave other costs: draw from rng only.")
    require(not np.allclose(same, other, rtol=1e-6), "Generators in other states gave the same costs.")


def test_stochastic_gradient_descent_learns(student, rng):
    """On classes that lie apart the last epoch costs far less than the first."""
    y = np.arange(40) % 2
    X = rng.uniform(-1.5, 1.5, size=(40, 2)) + 4 * np.eye(2)[y]  # apart, whatever is drawn
    costs = history(student.stochastic_gradient_descent(X, y, 0.1, 10, rng), 400)
    require_ln(costs[0], 2)
    require(costs[-40:].mean() < 0.6 * costs[:40].mean(), "The mean cost must fall from the first epoch to the last.")


@variant
def in_a_loop(X, y, lr, epochs, rng):
    num_classes = int(y.max()) + 1
    params = {"W": np.zeros((X.shape[1], num_classes)), "b": np.zeros(num_classes)}
    costs = []
    for _ in range(epochs):
        for X_batch, y_batch in random_minibatches(X, y, 1, rng):
            cost, grads = cost_and_gradients(params, X_batch, y_batch)
            costs.append(cost)
            params = gradient_step(params, grads, lr)
    return costs


@variant
def by_shuffling_indices(X, y, lr, epochs, rng):
    order, orders = np.arange(len(X)), []
    for _ in range(epochs):
        rng.shuffle(order)
        orders.append(order.copy())
    return descend(orders, X, y, lr, 1)


@variant
def by_sorting(X, y, lr, epochs, rng):
    return np.array(descend(np.argsort(rng.random((epochs, len(X))), axis=1), X, y, lr, 1))


@variant
def by_choice(X, y, lr, epochs, rng):
    return descend([rng.choice(len(X), len(X), replace=False) for _ in range(epochs)], X, y, lr, 1)


BATCHES = "random_minibatches(X, y, 1, rng)"
OF_THE_LOOP = [
    *mistakes_with_batches("1", "[rng.integers(len(X))]"),
    mistake("An example and a label of another one are used together.",
            "The order holds the numbers of examples: both X and y are taken by it.",
            {BATCHES: "[(X[[i]], y[[place]]) for place, i in enumerate(rng.permutation(len(X)))]"}),
    mistake("Every step uses all examples: that is batch descent, N times per epoch.",
            "Which example does this step belong to? Hand cost_and_gradients that one alone.",
            {BATCHES: "[(X, y)] * len(X)"}),
    mistake("The last example of each epoch is left out.",
            "How many steps does an epoch of N examples have?",
            {BATCHES: f"{BATCHES}[:-1]"}),
    mistake("The running mean of the costs is returned, not each step's own cost.",
            "What is the noted cost of the second step? It knows nothing of the first step's example.",
            {"return costs": "return list(np.cumsum(costs) / np.arange(1, len(costs) + 1))"}),
]
MISTAKES = [
    *edits_of(in_a_loop, OF_THE_LOOP),
    mistake("The batch size is the number of examples: that is batch descent, one step per epoch.",
            "How many examples does a step of stochastic descent look at?",
            {"epochs, 1,": "epochs, len(X),"}),
    mistake("Each step takes two examples, not one.",
            "How many steps must an epoch of N examples have?",
            {"epochs, 1,": "epochs, 2,"}),
    mistake("epochs is multiplied by the number of examples: mini-batch descent already takes a step per example.",
            "How many costs should two epochs of five examples give, and how many do you get?",
            {"epochs, 1,": "epochs * len(X), 1,"}),
]
