"""minibatch_gradient_descent: what it must do, other right ways, and what goes wrong."""

import numpy as np

import nnlib as reference
from grader.authoring import mistake, variant
from nnlib.checks import assert_close, require

from .common import (
    EPOCHS,
    STEP,
    SUMMED_COST,
    SUMMED_GRADIENT,
    descend,
    history,
    mistakes_with_batches,
    problem,
    require_explained,
    require_ln,
)

HINTS = (
    "Two loops, one in the other: which runs over epochs and which over batches? In which of the two must the "
    "shuffle stand?",
    "In the inner loop three things happen: measure, note, move. In which order, so that the noted cost "
    "belongs to the parameters before the step? And what does gradient_step do with what it returns?",
    "5 examples in batches of 2, three epochs: 3 steps per epoch, 9 costs. With classes 0 and 1 the first "
    "cost is ln 2 = 0.693, whatever the batch, since nothing has been learnt yet.",
)


def test_minibatch_gradient_descent_is_explained_by_batches(student, rng):
    """Each epoch uses every example in one batch, with a step and a mean cost for each batch, the short one too."""
    for n, batch_size, lr in [(5, 2, 0.5), (6, 4, 0.8), (6, 3, 0.4)]:
        X, y = problem(rng, n, 3, 3)
        steps = 3 * -(-n // batch_size)
        costs = history(student.minibatch_gradient_descent(X.copy(), y.copy(), lr, 3, batch_size, rng), steps)
        require_explained(costs, X, y, lr, batch_size)


def test_minibatch_gradient_descent_with_one_batch_is_batch_descent(student, rng):
    """With a batch size of N, or above, the costs are those of batch descent."""
    X, y = problem(rng, 170, 3, 3)
    for batch_size in (170, 500):
        got = history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.4, 6, batch_size, rng), 6)
        assert_close(got, reference.batch_gradient_descent(X, y, 0.4, 6), what=f"the costs, batch size {batch_size}")


def test_minibatch_gradient_descent_with_single_examples_is_stochastic(student, rng):
    """With a batch size of 1 an order of the examples explains the costs."""
    X, y = problem(rng, 5, 3, 2)
    costs = history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.5, 3, 1, rng), 15)
    require_explained(costs, X, y, 0.5, 1)


def test_minibatch_gradient_descent_of_equal_examples(student, rng):
    """Where all examples are alike, every batch, short or not, is a step of batch descent."""
    x, y = rng.normal(size=(1, 3)), np.array([2])
    for n, batch_size in [(7, 3), (200, 80)]:
        got = student.minibatch_gradient_descent(np.tile(x, (n, 1)), np.tile(y, n), 0.3, 3, batch_size, rng)
        assert_close(history(got, 9), reference.batch_gradient_descent(x, y, 0.3, 9), what="the costs")


def test_minibatch_gradient_descent_shuffles_anew_each_epoch(student, rng):
    """Neither are the batches those of the data's order, nor the same in every epoch.

    9 examples in threes can be dealt in 1680 ways; over 4 epochs, that all are equal has a chance of 1680^-3, and
    that all are in the data's order 1680^-4.
    """
    X, y = problem(rng, 9, 3, 3)
    costs = history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.4, 4, 3, rng), 12)
    epochs = require_explained(costs, X, y, 0.4, 3)
    in_order = [(0, 1, 2), (3, 4, 5), (6, 7, 8)]
    require(any(epoch != in_order for epoch in epochs), "The batches follow the order of the data: shuffle.")
    require(any(epoch != epochs[0] for epoch in epochs), "Every epoch has the same batches: shuffle anew.")


def test_minibatch_gradient_descent_counts_classes_in_the_whole_set(student, rng):
    """A batch that lacks the last classes is no special case."""
    X = rng.normal(size=(6, 2))
    y = np.array([0, 0, 0, 0, 0, 4])
    costs = history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.5, 3, 2, rng), 9)
    require_ln(costs[0], 5)
    require_explained(costs, X, y, 0.5, 2)


def test_minibatch_gradient_descent_draws_from_rng(student, rng):
    """Generators in the same state give the same costs, and in other states others.

    Two epochs of 12 examples in batches of 3 agree once in 369600² gradings.
    """
    X, y = problem(rng, 12, 3, 3)
    same, again, other = (
        history(student.minibatch_gradient_descent(X.copy(), y.copy(), 0.3, 2, 3, np.random.default_rng(seed)), 8)
        for seed in (3, 3, 4)
    )
    require(np.array_equal(same, again), "Generators in the same state gave other costs: draw from rng only.")
    require(not np.allclose(same, other, rtol=1e-6), "Generators in other states gave the same costs.")


def test_minibatch_gradient_descent_learns(student, rng):
    """On classes that lie apart the last epoch costs far less than the first."""
    y = np.arange(42) % 3
    X = rng.uniform(-1.5, 1.5, size=(42, 3)) + 4 * np.eye(3)[y]
    costs = history(student.minibatch_gradient_descent(X, y, 0.1, 20, 10, rng), 100)
    require(costs[-5:].mean() < 0.6 * costs[:5].mean(), "The mean cost must fall from the first epoch to the last.")


@variant
def by_shuffling_indices(X, y, lr, epochs, batch_size, rng):
    order, orders = list(range(len(X))), []
    for _ in range(epochs):
        rng.shuffle(order)
        orders.append(list(order))
    return descend(orders, X, y, lr, batch_size)


@variant
def by_sorting(X, y, lr, epochs, batch_size, rng):
    return np.array(descend(np.argsort(rng.random((epochs, len(X))), axis=1), X, y, lr, batch_size))


@variant
def by_choice(X, y, lr, epochs, batch_size, rng):
    return tuple(descend([rng.choice(len(X), len(X), replace=False) for _ in range(epochs)], X, y, lr, batch_size))


BATCHES = "random_minibatches(X, y, batch_size, rng)"
COUNT = "-(-len(X) // batch_size)"  # of batches
SHARE = "* (len(X_batch) / batch_size))"
MISTAKES = [
    *mistakes_with_batches("batch_size", "rng.choice(len(X), min(batch_size, len(X)), replace=False)"),
    mistake(*SUMMED_GRADIENT, {"grads, lr)": "grads, lr * len(X_batch))"}),
    mistake(*SUMMED_COST, {"append(cost)": "append(cost * len(X_batch))"}),
    mistake("The gradient is divided by the number of examples in the batch once more, though it is a mean already.",
            "cost_and_gradients averages. What does a second division do to the step?",
            {"grads, lr)": "grads, lr / len(X_batch))"}),
    mistake("The last short batch is dropped.",
            "How many steps does an epoch of 5 examples in batches of 2 have?",
            {BATCHES: f"{BATCHES}[: len(X) // batch_size]"}),
    mistake("The gradient of the short last batch is divided by the full batch size, so its step is too small.",
            "The mean over three examples divides by three, whatever batch_size says.",
            {"grads, lr)": f"grads, lr {SHARE}"}),
    mistake("Cost and step of the short last batch are divided by the full batch size, so both are too small.",
            "The mean over three examples divides by three, whatever batch_size says.",
            {"append(cost)": f"append(cost {SHARE}", "grads, lr)": f"grads, lr {SHARE}"}),
    mistake("The batches are made once, before the loop over epochs, and are used up after the first.",
            "A generator runs through only once. Where must random_minibatches be called?",
            {EPOCHS: f"batches = iter({BATCHES})\n    {EPOCHS}", f"in {BATCHES}": "in batches"}),
    mistake("The data is shuffled once, and every epoch has the same order.",
            "A generator made anew with the same seed draws the same again. Draw from rng in every epoch.",
            {EPOCHS: f"seed = int(rng.integers(2**30))\n    {EPOCHS}",
             BATCHES: "random_minibatches(X, y, batch_size, np.random.default_rng(seed))"}),
    mistake("The batch size is ignored: every step uses all examples.",
            "How many steps does an epoch of 5 examples in batches of 2 have?",
            {BATCHES: "[(X, y)]"}),
    mistake("The batch size is ignored: every step uses a single example.",
            "How many steps does an epoch of 5 examples in batches of 2 have?",
            {BATCHES: "random_minibatches(X, y, 1, rng)"}),
    mistake("The last batch is filled up with examples from the beginning, which come twice.",
            "How many examples does the last batch have when 5 are cut into batches of 2?",
            {BATCHES: f"[(X[i], y[i]) for i in np.resize(rng.permutation(len(X)), ({COUNT}, batch_size))]"}),
    mistake("The batches are made equally large, instead of all full but the last.",
            "Six examples in batches of four: which two sizes does the text ask for?",
            {BATCHES: f"[(X[i], y[i]) for i in np.array_split(rng.permutation(len(X)), {COUNT})]"}),
    mistake("Only the last batch's cost is noted: there is one per epoch, not one per step.",
            "How many steps does an epoch have, and how many costs are asked for?",
            {"costs.append(cost)": "pass", STEP: f"{STEP}\n        costs.append(cost)"}),
    mistake("The trained parameters are returned, not the costs.",
            "What is the function asked to return, and where are the costs noted?",
            {"return costs": "return params"}),
]
