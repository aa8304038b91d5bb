"""What the exercises of 06-gradient-descent share.

Random exercises are judged by what every correct way to draw has in common, never by a seed.
A cost history is judged by looking for an order of the examples that explains it, step by step, so that every
order is accepted and nothing but an order of all examples is.
Where chance could fail a right answer, the test says how seldom: always below once in a million gradings.
"""

from dataclasses import replace
from itertools import combinations

import numpy as np

from grader.authoring import mistake, slip
from nnlib import random_minibatches, softmax_cross_entropy
from nnlib.checks import require


def problem(rng, n, d, classes):
    """Inputs with labels of which every class occurs where there is room, shuffled."""
    y = np.arange(n) % classes
    rng.shuffle(y)
    return rng.normal(size=(n, d)), y


def history(result, steps):
    try:
        costs = np.asarray(result)
    except ValueError:  # lists of several lengths
        costs = np.array(None)
    fits = isinstance(result, list | tuple | np.ndarray) and costs.ndim == 1 and costs.dtype.kind in "fiu"
    empty = isinstance(result, list | tuple | np.ndarray) and steps == costs.size == 0
    require(fits or empty, "The result must be the list of costs, one number per step, and nothing else.")
    require(len(costs) == steps, f"There must be {steps} costs here, one per step.")
    require(np.isfinite(costs.astype(float)).all(), "A cost is nan or infinite.")
    return costs.astype(float)


def cost_and_gradients(w, b, X, y):
    """Cost and gradients of softmax regression on a batch."""
    scores = X @ w + b
    cost, dscores = softmax_cross_entropy(scores, y)
    return cost, X.T @ dscores, dscores.sum(axis=0)


def model(params, X, y):
    """What the notebook gives as cost_and_gradients, for right ways that are written out in a loop."""
    cost, dw, db = cost_and_gradients(params["W"], params["b"], X, y)
    return float(cost), {"W": dw, "b": db}


def listed_minibatches(X, y, batch_size, rng):
    """The batches of an epoch in a list, as the notebook's solution has them, so that mistakes can cut it."""
    return list(random_minibatches(X, y, batch_size, rng))


def edits_of(function, mistakes):
    """Let the mistakes that edit the solution edit this variant instead."""
    return [replace(each, of=function) if each.edits else each for each in mistakes]


def explain(costs, X, y, lr, batch_size):
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
            cost, dw, db = cost_and_gradients(w, b, X[chosen], y[chosen])
            if abs(cost - costs[step]) > 1e-6 * abs(cost) + 1e-9:
                continue
            grown = [*epochs[:-1], [*epochs[-1], batch]]
            found = search(step + 1, w - lr * dw, b - lr * db, left - set(batch), grown)
            if found is not None:
                return found
        return None

    classes = int(y.max()) + 1
    return search(0, np.zeros((X.shape[1], classes)), np.zeros(classes), frozenset(), [])


def require_explained(costs, X, y, lr, batch_size):
    epochs = explain(costs, X, y, lr, batch_size)
    require(
        epochs is not None,
        "No order of the examples gives these costs. Each is the mean cost of the step's own batch before the step, "
        "and each epoch uses every example once.",
    )
    return epochs


def require_ln(cost, classes):
    require(
        abs(cost - np.log(classes)) < 1e-6,
        f"The first cost with {classes} classes must be ln {classes} = {np.log(classes):.6f}, that of zero parameters "
        "before any step.",
    )


def descend(orders, X, y, lr, size):
    """Train by hand, with batches of ``size`` cut from one order of the examples per epoch; returns the costs."""
    classes = max(y.tolist()) + 1
    w, b, costs = np.zeros((X.shape[1], classes)), np.zeros((1, classes)), []
    for order in orders:
        for start in range(0, len(order), size):
            chosen = np.asarray(order[start : start + size])
            cost, dw, db = cost_and_gradients(w, b, X[chosen], y[chosen])
            costs.append(cost)
            w, b = w - lr * dw, b - lr * db
    return costs


# What goes wrong in all three ways to descend, and lines of their solutions.

EPOCHS = "for _ in range(epochs):"
STEP = "params = gradient_step(params, grads, lr)"
ZEROS = "{name: np.zeros_like(value) for name, value in params.items()}"
SUMMED_GRADIENT = (
    "The gradient is summed over the batch instead of averaged, so the step grows with the batch.",
    "cost_and_gradients gives means already. What should happen when every example is given twice?",
)
SUMMED_COST = (
    "The noted cost is the sum over the batch, not the mean.",
    "cost_and_gradients gives the mean. What is the first cost at zero weights, whatever the batch size?",
)


def mistakes_in_the_steps(data, count, line):
    """List the mistakes of all three.

    ``data`` is what cost_and_gradients is called with, ``count`` the number of examples in words and in code, and
    ``line`` begins a line of the loop.
    """
    gradients = f"cost_and_gradients(params, {data})"
    w, b = (f"params['{name}'] = gradient_step(params, grads, lr)['{name}']" for name in "Wb")
    words, number = count
    return [
        mistake("The cost is noted after the step instead of before it.",
                "What must the first cost be, when all weights are still zero?",
                {STEP: f"{STEP}{line}costs[-1] = {gradients}[0]"}),
        slip("uphill", {"grads, lr)": "grads, -lr)"}),
        mistake("The biases are never updated.",
                "W and b both have a gradient. Which of them does your step move?",
                {STEP: w}),
        mistake("The weights are never updated: only the biases move.",
                "W and b both have a gradient. Which of them does your step move?",
                {STEP: b}),
        mistake("The biases' gradient is taken after W has moved: the two must move together.",
                "From the gradients at how many points does one step come?",
                {STEP: f"{w}{line}_, grads = {gradients}{line}{b}"}),
        mistake("Two steps are taken where one is noted.",
                "How often is the step called in the loop?",
                {STEP: f"{STEP}{line}{STEP}"}),
        mistake(f"The rate is divided by {words}, though the gradient is a mean already.",
                "cost_and_gradients averages. What does a second division do to the step?",
                {"grads, lr)": f"grads, lr / {number})"}),
        mistake("The rate shrinks from epoch to epoch; it must stay the same.",
                "Which rate does the text give for the second epoch?",
                {EPOCHS: "for epoch in range(epochs):", "grads, lr)": "grads, lr / (1 + epoch))"}),
        mistake("Only the last cost is returned, not the history.",
                "One cost per step is asked for. Where do the earlier ones go?",
                {"return costs": "return costs[-1] if costs else 0.0"}),
        mistake("The list of costs is emptied in every epoch: only those of the last one come back.",
                "How many costs should three epochs give? Where does your list begin?",
                {EPOCHS: f"{EPOCHS}\n        costs = []"}),
        mistake("The number of classes is counted by the different labels present, not by the largest label.",
                "How many columns does W need for the labels 0 and 3, or for a label 3 on its own?",
                {"int(y.max()) + 1": "len(np.unique(y))"}),
        mistake("The number of classes is fixed at ten instead of taken from y.",
                "What is the first cost with labels 0 and 1, and why is it not ln 10?",
                {"int(y.max()) + 1": "max(10, int(y.max()) + 1)"}),
    ]


def cut(order, size):
    """Return code for the batches of an order, which is code as well."""
    return f"[(X[i], y[i]) for i in np.split({order}, range({size}, len(X), {size}))]"


def mistakes_with_batches(size, one_batch):
    """List the mistakes of the two that shuffle; ``one_batch`` is code for the numbers of one batch's examples."""
    batches = f"random_minibatches(X, y, {size}, rng)"
    loop = f"for X_batch, y_batch in {batches}:"
    return [
        *mistakes_in_the_steps(
            "X_batch, y_batch",
            ("the number of examples", "len(X)") if size == "1" else ("the batch size", "batch_size"),
            "\n            ",
        ),
        mistake("The parameters are set back to zero at the start of every epoch.",
                "What of the last epoch is left when the next begins?",
                {EPOCHS: f"{EPOCHS}\n        params = {ZEROS}"}),
        mistake("The parameters stay zero: what the step returns is not kept.",
                "gradient_step returns new parameters and leaves the old ones alone. Where do the new ones go?",
                {STEP: STEP.removeprefix("params = ")}),
        mistake("Nothing is shuffled: the examples are visited in the order of the data.",
                "What would the steps be if the data were sorted by class?",
                {batches: cut("np.arange(len(X))", size)}),
        mistake("The data is shuffled once, and every epoch has the same order.",
                "Where must the shuffle stand, before the loop over epochs or in it?",
                {EPOCHS: f"batches = list({batches})\n    {EPOCHS}", f"in {batches}": "in batches"}),
        mistake("Examples are drawn with replacement: some come twice in an epoch, others not at all.",
                "Count how often each example is used in one epoch.",
                {batches: cut("rng.integers(len(X), size=len(X))", size)}),
        mistake("The costs are averaged over each epoch: there is one per epoch, not one per step.",
                "How many steps does an epoch have, and how many costs are asked for?",
                {EPOCHS: f"{EPOCHS}\n        own = []", "costs.append(cost)": "own.append(cost)",
                 STEP: f"{STEP}\n        costs.append(float(np.mean(own)))"}),
        mistake("The cost that is noted is that of all examples, not that of the step's own batch.",
                "Which examples did the gradient of this step come from? Note their cost.",
                {"append(cost)": "append(cost_and_gradients(params, X, y)[0])"}),
        mistake("There are only as many steps as epochs; an epoch needs a step for every batch.",
                "How many steps does an epoch have, and who is used in them?",
                {batches: f"{batches}[:1]"},
                {batches: f"[(X[i], y[i]) for i in [{one_batch}]]"},
                {STEP: f"{STEP}\n            if len(costs) == epochs:\n                return costs"}),
        mistake("The gradients are added up, and the parameters move only once an epoch.",
                "When must the first step come, before the second batch or after the last?",
                *({EPOCHS: f"{EPOCHS}\n        total = {ZEROS}",
                   STEP: f"total = {{name: total[name] + {grad} for name in total}}\n"
                         "        params = gradient_step(params, total, lr)"}
                  for grad in ("grads[name]", "grads[name] * len(X_batch) / len(X)"))),
        mistake("The two loops have changed places: every batch is used for all epochs before the next one comes.",
                "An epoch is a pass over all examples. Which of the loops must be the outer one?",
                {f"{EPOCHS}\n        {loop}": f"{loop}\n        {EPOCHS}"}),
        mistake("X and y themselves are shuffled in place: the caller's data is changed.",
                "Work with an array of indices, or on copies.",
                {EPOCHS: f"{EPOCHS}\n        order = rng.permutation(len(X))\n        X[:], y[:] = X[order], y[order]",
                 batches: cut("np.arange(len(X))", size)}),
        slip("own_generator", {EPOCHS: f"rng = np.random.default_rng(0)\n    {EPOCHS}"}),
    ]
