# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 · Gradient descent: all at once, one by one, or in batches
#
# A gradient says which way is downhill.
# How many examples should you ask before you believe it?
# All of them is exact and slow, one is fast and noisy, and nearly everybody uses something between.
# This notebook lets you build all three and see what each costs.
#
# **When you are done, you can**
# - count the steps of an epoch, and say why the count matters more than the number of epochs;
# - cut a data set into random batches without losing, repeating or mispairing an example;
# - write batch, stochastic and mini-batch gradient descent, and tell from a cost curve which of them ran;
# - choose a batch size for a reason, knowing how noise, speed and memory depend on it;
# - recognise a learning rate that is far too small or far too large.
#
# **You need** softmax and cross-entropy (notebook 02), NumPy indexing with an array of indices, and the idea of a gradient.
#
# **Time**: about 100 minutes for six short functions and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it.
# `check(...)` tries a few small cases, which you can read in `public_cases.py`, and says what it finds; grading uses other inputs, so passing it is a good sign, not a proof.
#
# House conventions: examples are rows, `X` is `(N, D)`, labels `y` are `(N,)` whole numbers from 0, weights are `(D, C)`, biases `(C,)`; a cost is a mean over its batch; functions return new arrays and leave their inputs as they were.
# Everything random comes from an argument `rng`, a `numpy.random.Generator`.
# Which of its methods you draw with is your choice: nothing is graded by comparing with a seed.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import math
import time

import numpy as np

from nnlib import affine_backward, affine_forward, load_digits, plots, softmax_cross_entropy
from nnlib.checks import check

# %% [markdown]
# ## 1. Epochs, batches and steps
#
# Three words that are easy to mix up:
# - a **batch** is the group of examples whose mean gradient is used for one step;
# - a **step** (or iteration) is one update of the parameters;
# - an **epoch** is one pass over the whole training set: every example is used exactly once.
#
# With $N$ examples in batches of $B$, an epoch has $N / B$ steps if $B$ divides $N$.
# If it does not, the examples that are left over form a last, shorter batch, and it is a step like any other.
# Ten examples in batches of four: $4 + 4 + 2$, three steps.
#
# ### Exercise 1: `steps_per_epoch` (2 points)
# Count the steps of one epoch, the one with a short last batch included.
# A batch size above `n` means a single batch with everything in it.
# Return an `int`, so that `range(steps_per_epoch(...))` works.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "steps_per_epoch", "locked": false, "solution": true, "task": false}
def steps_per_epoch(n, batch_size):
    """Number of batches in an epoch of n examples (n and batch_size are ints of 1 or more), as an int."""
    ### BEGIN SOLUTION
    return (n + batch_size - 1) // batch_size  # rounds up without leaving the whole numbers
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_steps_per_epoch", "locked": true, "points": 2, "solution": false, "task": false}
check(steps_per_epoch)

# %% [markdown]
# Why the number matters: an epoch costs about the same arithmetic whatever the batch size, but the number of *steps* it buys does not.

# %%
for n, batch_size in [(10_000, 200), (5_000_000, 5_000_000), (5_000_000, 1_000)]:
    print(f"{n:9,d} examples in batches of {batch_size:9,d}: {steps_per_epoch(n, batch_size):5,d} steps per epoch")

# %% [markdown]
# With five million examples, batch descent reads all of them before it moves at all.
# In the same pass, batches of a thousand move five thousand times.
#
# ## 2. Random batches
#
# The batches of an epoch should be random, and different in every epoch.
# Otherwise the order in which the data happens to be stored, often sorted by class or by date, would push the parameters about.
#
# One **permutation** of the numbers $0, \dots, N-1$ does it all.
# Say $N = 5$, $B = 2$ and the permutation drawn is $(3, 0, 4, 1, 2)$.
# Then the batches are the examples $\{3, 0\}$, $\{4, 1\}$ and $\{2\}$: everyone once, nobody twice, and the last batch is short.
# The labels follow the *same* permutation, or example 3 is taught the label of somebody else.
#
# ### Exercise 2: `random_minibatches` (8 points)
# - `X` holds one example per entry of its first axis: `(N, D)`, or `(N, H, W)` for images; `y` is `(N,)`.
# - Return a list of pairs `(X_batch, y_batch)` for *one* epoch (a generator that yields the pairs, or a `zip`, is fine too).
# - Every example is in exactly one batch, together with its own label.
# - All batches hold `batch_size` examples, except the last, which holds what is left; no batch is empty.
# - Every order of the examples is equally likely, and every call draws anew, from `rng`.
# - `X` and `y` stay as they are; the batches keep their dtypes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "random_minibatches", "locked": false, "solution": true, "task": false}
def random_minibatches(X, y, batch_size, rng):
    """Cut one epoch into batches, in a random order.

    X: (N, ...), y: (N,), batch_size: an int of 1 or more, rng: a numpy.random.Generator
    returns: a list of pairs (X_batch, y_batch)
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        chosen = order[start : start + batch_size]  # a slice that runs over the end is cut short
        batches.append((X[chosen], y[chosen]))
    return batches
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_random_minibatches", "locked": true, "points": 8, "solution": false, "task": false}
check(random_minibatches)

# %% [markdown]
# ## 3. One step downhill
#
# All parameters move at the same time, each against its own gradient, by the **learning rate** $\alpha$ times the gradient:
#
# $$w \leftarrow w - \alpha \frac{\partial J}{\partial w}$$
#
# For $w = (1, 2)$, gradient $(0.5, -1)$ and $\alpha = 0.1$ the new $w$ is $(1 - 0.05,\ 2 + 0.1) = (0.95, 2.1)$.
#
# A model has many parameters, which this notebook keeps in a dict by name, such as `{"W": ..., "b": ...}`.
# The gradients come in a second dict with the same names, not necessarily in the same order.
#
# ### Exercise 3: `gradient_step` (5 points)
# Return a *new* dict with the same names and shapes; neither `params` nor `grads`, nor any array in them, may change.
# The arrays hold floats; any name and any shape may come, `()` included.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "gradient_step", "locked": false, "solution": true, "task": false}
def gradient_step(params, grads, lr):
    """Take one step of gradient descent with rate lr; params and grads are dicts of arrays by name."""
    ### BEGIN SOLUTION
    return {name: value - lr * grads[name] for name, value in params.items()}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_gradient_step", "locked": true, "points": 5, "solution": false, "task": false}
check(gradient_step)

# %% [markdown]
# ## 4. Batch gradient descent
#
# The model is softmax regression: scores $s = XW + b$, then softmax, then cross-entropy, averaged over the batch.
# Its cost and gradients are given; call this function for any batch of examples, also a batch of one.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "cost_and_gradients", "locked": true, "solution": false, "task": false}
def cost_and_gradients(params, X, y):
    """Mean cost of softmax regression on the examples X (n, D), y (n,), and its gradients by name."""
    scores, cache = affine_forward(X, params["W"], params["b"])
    cost, dscores = softmax_cross_entropy(scores, y)
    _, dW, db = affine_backward(dscores, cache)
    return float(cost), {"W": dW, "b": db}


# %% [markdown]
# **By hand.** Two examples with one feature each, $x = 1$ of class 0 and $x = -1$ of class 1, and all parameters zero.
# Both classes get probability ½, so the cost is $\ln 2 = 0.6931$.
# The gradient of the scores is prediction minus truth, $(-\frac12, \frac12)$ for the first example and $(\frac12, -\frac12)$ for the second.
# Averaged over the two, $\partial J / \partial W = (-\frac12, \frac12)$ and $\partial J / \partial b = (0, 0)$.
# A step with $\alpha = 1$ makes $W = (\frac12, -\frac12)$; the true class is now ahead by 1 in both examples, and the cost is $\ln(1 + e^{-1}) = 0.3133$.
#
# The cost *history* of two steps is therefore `[0.6931, 0.3133]`: each entry is the cost that was measured **before** its step, with the same parameters that the gradient came from.
#
# ### The rules for exercises 4, 5 and 6
# - Start with all weights and biases at zero: `W` is `(D, C)`, `b` is `(C,)`, where $C$ is the largest label in the whole of `y`, plus one.
#   (For softmax regression zeros are fine; notebook 05 says why they are not for deeper nets.)
# - Measure the cost of the step's batch, note it, and then take the step with `gradient_step`.
#   The rate `lr` stays the same throughout.
# - Return the list of noted costs, one per step, and nothing else; no epochs, no costs: `[]`.
# - Leave `X` and `y` as they are.
#
# ### Exercise 4: `batch_gradient_descent` (6 points)
# Every step uses all examples, so an epoch is one step.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "batch_gradient_descent", "locked": false, "solution": true, "task": false}
def batch_gradient_descent(X, y, lr, epochs):
    """Train softmax regression with one step per epoch; returns the costs, `epochs` long.

    X: (N, D), y: (N,) whole numbers from 0, lr: a float, epochs: an int
    """
    ### BEGIN SOLUTION
    num_classes = int(y.max()) + 1
    params = {"W": np.zeros((X.shape[1], num_classes)), "b": np.zeros(num_classes)}
    costs = []
    for _ in range(epochs):
        cost, grads = cost_and_gradients(params, X, y)
        costs.append(cost)
        params = gradient_step(params, grads, lr)
    return costs
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_batch_gradient_descent", "locked": true, "points": 6, "solution": false, "task": false}
check(batch_gradient_descent)

# %% [markdown]
# On the digits: 1,797 images of 64 pixels, ten classes.
# The first cost must be $\ln 10 = 2.3026$, because zero weights give every class the same probability.

# %%
X, y = load_digits()
batch_costs = batch_gradient_descent(X, y, 0.5, 60)
print(f"first cost {batch_costs[0]:.4f}, ln 10 = {math.log(10):.4f}")
print(f"after 10 steps {batch_costs[10]:.3f}, after 59 steps {batch_costs[59]:.3f}")
rises = int((np.diff(batch_costs) > 0).sum())
print(f"steps at which the cost rose: {rises}")

# %% [markdown]
# It falls at *every* step, as the exact gradient promises when the rate is small enough.
# If a batch cost ever rises, the rate is too large or the gradient is wrong.
# That is a test you can apply to any training, as long as all data goes into each step.
#
# ## 5. Stochastic gradient descent
#
# The other extreme: shuffle, then take a step after *every single example*.
# An epoch of $N$ examples is now $N$ steps.
# The gradient of one example is a noisy estimate of the true one: right on average, since the mean over all examples *is* the full gradient, but wrong each time.
#
# ### Exercise 5: `stochastic_gradient_descent` (6 points)
# The rules of exercise 4, with these changes:
# - each step uses one example, and the noted cost is that example's cost before its step;
# - each epoch visits every example once, in a fresh random order drawn from `rng`;
# - the result has `epochs * N` costs.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "stochastic_gradient_descent", "locked": false, "solution": true, "task": false}
def stochastic_gradient_descent(X, y, lr, epochs, rng):
    """Train softmax regression with one step per example; returns the costs, `epochs * N` long."""
    ### BEGIN SOLUTION
    num_classes = int(y.max()) + 1
    params = {"W": np.zeros((X.shape[1], num_classes)), "b": np.zeros(num_classes)}
    costs = []
    for _ in range(epochs):
        for X_batch, y_batch in random_minibatches(X, y, 1, rng):
            cost, grads = cost_and_gradients(params, X_batch, y_batch)
            costs.append(cost)
            params = gradient_step(params, grads, lr)
    return costs
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_stochastic_gradient_descent", "locked": true, "points": 6, "solution": false, "task": false}
check(stochastic_gradient_descent)

# %% [markdown]
# Because it trusts single examples, a single bad one can carry it away.
# Take the simplest cost of all, $J(w) = \frac{1}{N} \sum_i \frac12 (w - x_i)^2$, whose minimum is the mean.
# Example $i$ has the gradient $w - x_i$; 99 of the $x_i$ are near 0, and one is a typing error of 100:

# %%
rng = np.random.default_rng(6)
values = np.append(rng.normal(size=99), 100.0)
w, lr = 0.0, 0.1
print(f"one batch step moves w by       {-lr * np.mean(w - values):6.3f}")
print(f"one step on the outlier alone:  {-lr * (w - values[-1]):6.3f}")

# %% [markdown]
# The batch dilutes the outlier by a hundred; the stochastic step takes it at its word.
#
# ## 6. Mini-batches: between the two
#
# A batch of $B$ examples averages the noise of $B$ gradients.
# The variance of a mean of $B$ independent draws is $1/B$ of the variance of one draw.
# Measured on the digits, at the zero weights where training starts:

# %%
start = {"W": np.zeros((64, 10)), "b": np.zeros(10)}
_, full = cost_and_gradients(start, X, y)
print("batch size   noise variance   times batch size")
for batch_size in (1, 4, 16, 64):
    squares = []
    for _ in range(300):
        drawn = rng.integers(len(X), size=batch_size)
        _, noisy = cost_and_gradients(start, X[drawn], y[drawn])
        squares.append(np.sum((noisy["W"] - full["W"]) ** 2))
    print(f"{batch_size:10d}   {np.mean(squares):14.4f}   {batch_size * np.mean(squares):16.2f}")

# %% [markdown]
# The last column hardly changes: the variance falls as $1/B$.
# What you feel is the *size* of the error, its square root, and that falls only as $1/\sqrt{B}$: a hundred times the work for ten times less noise.
# So the first few examples of a batch are worth a lot, and the thousandth very little.
# That is the whole case for small batches.
# The case against very small ones is hardware: a matrix product with 64 rows takes hardly longer than one with a single row.
#
# ### Exercise 6: `minibatch_gradient_descent` (7 points)
# The rules of exercise 4, with these changes:
# - each epoch cuts the data into fresh random batches, as `random_minibatches` does, and takes a step for each;
# - the cost and the gradient of a short last batch are the means over the examples it *has*;
# - the result has `epochs * steps_per_epoch(N, batch_size)` costs.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "minibatch_gradient_descent", "locked": false, "solution": true, "task": false}
def minibatch_gradient_descent(X, y, lr, epochs, batch_size, rng):
    """Train softmax regression with one step per batch; returns one cost per step."""
    ### BEGIN SOLUTION
    num_classes = int(y.max()) + 1
    params = {"W": np.zeros((X.shape[1], num_classes)), "b": np.zeros(num_classes)}
    costs = []
    for _ in range(epochs):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            cost, grads = cost_and_gradients(params, X_batch, y_batch)
            costs.append(cost)
            params = gradient_step(params, grads, lr)
    return costs
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_minibatch_gradient_descent", "locked": true, "points": 7, "solution": false, "task": false}
check(minibatch_gradient_descent)

# %% [markdown]
# So batch descent and stochastic descent are mini-batch descent with $B = N$ and $B = 1$:

# %%
small, small_y = X[:200], y[:200]
whole = minibatch_gradient_descent(small, small_y, 0.5, 20, len(small), np.random.default_rng(0))
gap = np.abs(np.subtract(whole, batch_gradient_descent(small, small_y, 0.5, 20))).max()
print(f"B = N against batch descent:      largest difference {gap:.1e}")
single = minibatch_gradient_descent(small, small_y, 0.1, 2, 1, np.random.default_rng(0))
stochastic = stochastic_gradient_descent(small, small_y, 0.1, 2, np.random.default_rng(0))
print(f"B = 1 against stochastic descent: {len(single)} and {len(stochastic)} steps")
if len(single) == len(stochastic):
    gap = np.abs(np.subtract(single, stochastic)).max()
    print(f"                                  largest difference {gap:.1e} (if both draw in the same way)")

# %% [markdown]
# ## 7. The three side by side
#
# Below is each step's cost on the digits.
# Batch descent never rises.
# The other two fall in trend: each cost is measured on *other* examples, and some batches are simply easier than others, or hold a badly written digit.
# A rising mini-batch cost is not a sign of a bug; a rising *trend* is.

# %%
histories = {
    "batch (all 1,797)": batch_gradient_descent(X, y, 0.5, 200),
    "mini-batch (64)": minibatch_gradient_descent(X, y, 0.3, 7, 64, np.random.default_rng(1)),
    "stochastic (1)": stochastic_gradient_descent(X[:200], y[:200], 0.1, 1, np.random.default_rng(1)),
}
for name, costs in histories.items():
    rose = int((np.diff(costs) > 0).sum())
    print(f"{name:18s} the cost rose at {rose:3d} of {len(costs) - 1} steps; "
          f"mean of the first 50 {np.mean(costs[:50]):.2f}, of the last 50 {np.mean(costs[-50:]):.2f}")
plots.cost_per_step(histories)

# %% [markdown]
# With two parameters the paths can be drawn.
# The model is a straight line through the origin in two features; the grey contours are the cost over *all* examples, and each path uses your `random_minibatches` and `gradient_step`.
# All three run for the same number of epochs: batch descent has then taken 12 steps, stochastic descent hundreds.

# %% tags=["remembered"]
line_rng = np.random.default_rng(12)
features = line_rng.normal(size=(60, 2)) * [1.0, 0.7]
targets = features @ np.array([1.5, -1.0]) + 0.8 * line_rng.normal(size=60)


def line_cost(w):
    """Half the mean squared error over all examples, for weights (..., 2)."""
    errors = np.asarray(w) @ features.T - targets
    return 0.5 * np.mean(errors**2, axis=-1)


def descend(batch_size, lr, epochs, rng):
    """Follow the weights from (-1.5, 1.5), one row per step."""
    params = {"w": np.array([-1.5, 1.5])}
    path = [params["w"]]
    for _ in range(epochs):
        for inputs, wanted in random_minibatches(features, targets, batch_size, rng):
            error = inputs @ params["w"] - wanted
            params = gradient_step(params, {"w": inputs.T @ error / len(wanted)}, lr)
            path.append(params["w"])
    return np.array(path)


paths = {
    "batch (B = 60)": descend(60, 0.6, 12, np.random.default_rng(0)),
    "mini-batch (B = 12)": descend(12, 0.2, 12, np.random.default_rng(0)),
    "stochastic (B = 1)": descend(1, 0.1, 12, np.random.default_rng(0)),
}
plots.descent_paths(line_cost, paths, (-2.2, 3.0, -2.4, 2.2))

# %% [markdown]
# The same in motion, the first epoch of stochastic descent against all twelve of the others (press play; a path that has ended waits):

# %%
plots.animate_descent(line_cost, {name: path[:61] for name, path in paths.items()}, (-2.2, 3.0, -2.4, 2.2))

# %% [markdown]
# Near the minimum the full gradient fades, so batch descent comes to rest.
# The gradient of a single example does not fade, so stochastic descent with a constant rate wanders about the minimum forever, the wider the larger the rate.
# A rate that shrinks over time (notebook 08) calms it.
#
# ### Question 1 (2 points)
# A classmate trains with batches of 64 and plots the cost of every step.
# It rises at 45 of 100 steps, so the classmate suspects the gradient and spends the evening on it.
# Explain why a correct program gives this picture, and name two things to look at or to run that would tell a correct program from a wrong one.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_rises", "locked": false, "points": 2, "solution": true, "task": false}
# Each cost is measured on a different batch, and batches differ in how hard they are, so the cost can rise although the step lowered the cost over all data.
# Only the trend must fall.
# To tell: smooth the curve over a few dozen steps, or plot the cost over the whole training set once an epoch; run the same program with the whole set as one batch and a small rate, where the cost must fall at every step; check the gradient numerically (notebook 03).
#
# *Marking: 1 point for the reason (other examples at each step, or a noisy gradient, and only the trend counts), half a point for each of two tests that would really separate the cases.*
# *"Lower the rate until it falls" alone is not such a test and earns nothing here.*

# %% [markdown]
# ## 8. Which batch size is fastest?
#
# "Fastest" means seconds until a given cost, and seconds are steps times the time of a step.
# Small batches need more steps, because each is noisy; large batches take longer for each step and, past some size, save no steps any more.
# Measured here on the digits until the cost over all of them is below 0.5:


# %%
def race(batch_size, target=0.5, lr=0.3, check_every=5, most=1500):
    """Seconds of computing and number of steps until the cost over all digits is below the target."""
    rng = np.random.default_rng(3)
    params = {"W": np.zeros((64, 10)), "b": np.zeros(10)}
    seconds, steps = 0.0, 0
    while steps < most:
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            began = time.process_time()
            _, grads = cost_and_gradients(params, X_batch, y_batch)
            params = gradient_step(params, grads, lr)
            seconds += time.process_time() - began
            steps += 1
            if steps % check_every == 0 and cost_and_gradients(params, X, y)[0] < target:
                return seconds, steps
    return math.nan, steps


sizes = [1, 4, 16, 64, 256, 1024]
results = [race(size) for size in sizes]
for size, (seconds, steps) in zip(sizes, results, strict=True):
    print(f"batch size {size:5d}: {steps:4d} steps, {1000 * seconds:7.1f} ms")

# %%
plots.time_against_batch_size(sizes, [seconds for seconds, _ in results], [steps for _, steps in results])

# %% [markdown]
# The exact numbers depend on your machine, the shape does not: neither end wins.
# Rules of thumb that follow:
# - up to about 2,000 examples, batch descent is fine;
# - above that, take 64, 128, 256 or 512, the powers of two that hardware likes;
# - a batch and everything computed from it must fit into memory;
# - the batch size is a hyperparameter: when you change it, the best learning rate changes too.
#
# ### Question 2 (2 points)
# A team doubles the batch size from 256 to 512 and keeps the rate and the number of epochs.
# After the same number of epochs the training cost is clearly worse.
# Why?
# And give one reason against $B = 1$ and one against $B = N$ for a set of a million images.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_batch_size", "locked": false, "points": 2, "solution": true, "task": false}
# Twice the batch size means half the steps in the same number of epochs, each of about the same length because the gradient is a mean and the rate did not change; so the parameters moved only about half as far.
# (They may train for more epochs, or raise the rate, which the less noisy gradient allows.)
# Against B = 1: the steps are very noisy, so it does not settle, and it wastes the hardware, which multiplies many rows in hardly more time than one.
# Against B = N: a single step needs a pass over a million images, which takes long and does not fit into memory, while the gradient of a few hundred is nearly as good.
#
# *Marking: 1 point for half as many steps at the same rate, half a point for each of the two reasons.*
# *"Larger batches are worse" without the count of steps earns nothing for the first part.*

# %% [markdown]
# ## 9. What the shuffle is for
#
# Here the digits are sorted by class, as many data sets are when they arrive.
# One run takes the batches in that order, the other shuffles with your function; both run for five epochs.


# %%
def five_epochs(X, y, shuffled):
    """Train with batches of 32; returns the noted costs and the cost over all data afterwards."""
    rng = np.random.default_rng(4)
    params, costs = {"W": np.zeros((64, 10)), "b": np.zeros(10)}, []
    for _ in range(5):
        in_order = [(X[i : i + 32], y[i : i + 32]) for i in range(0, len(X), 32)]
        for X_batch, y_batch in random_minibatches(X, y, 32, rng) if shuffled else in_order:
            cost, grads = cost_and_gradients(params, X_batch, y_batch)
            costs.append(cost)
            params = gradient_step(params, grads, 0.3)
    return costs, cost_and_gradients(params, X, y)[0]


by_class = np.argsort(y, kind="stable")
for name, shuffled in {"sorted by class": False, "shuffled": True}.items():
    costs, after = five_epochs(X[by_class], y[by_class], shuffled)
    print(f"{name:16s} mean noted cost of the last epoch {np.mean(costs[-57:]):.2f}, cost over all digits {after:.2f}")

# %% [markdown]
# ### Question 3 (2 points)
# Look at the two numbers of the sorted run.
# Describe what the parameters do while the batches hold one class after the other, and why the cost over all digits at the end is so much higher than the noted costs suggest.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_shuffle", "locked": false, "points": 2, "solution": true, "task": false}
# While all batches hold zeros, every step pushes towards "always say 0"; then all hold ones, and the steps push towards "always say 1", and so on: the parameters chase the class of the moment and forget the others.
# The gradient of such a batch is not an estimate of the full gradient: it is biased, not just noisy.
# The noted cost is measured on a batch of the same class that the last steps trained for, so after the first few batches of a class it looks low; over all digits the parameters are tuned to the last class, the nines, and do badly on the rest.
#
# *Marking: 1 point for chasing the present class (or: the batch's gradient is biased), 1 point for saying that the noted cost is measured on the very class just trained.*

# %% [markdown]
# ## 10. Rates far from right
#
# Two symptoms to know by heart, on a net with one hidden layer of ReLU units and ten epochs of your mini-batches.
# Its loss is written in the plain way, exponentials without a shift, as many first programs have it:


# %%
def train_a_net(lr, epochs=10, hidden=20):
    """Train 64-20-10 on the first 500 digits; returns the mean cost of the last epoch."""
    rng = np.random.default_rng(5)
    net = {"W1": 0.01 * rng.normal(size=(64, hidden)), "b1": np.zeros(hidden)}
    net |= {"W2": 0.01 * rng.normal(size=(hidden, 10)), "b2": np.zeros(10)}
    for _ in range(epochs):
        costs = []
        for X_batch, y_batch in random_minibatches(X[:500], y[:500], 50, rng):
            rows = np.arange(len(y_batch))
            z = X_batch @ net["W1"] + net["b1"]
            powers = np.exp(np.maximum(z, 0) @ net["W2"] + net["b2"])
            probs = powers / powers.sum(axis=1, keepdims=True)
            costs.append(-np.log(probs[rows, y_batch]).mean())
            dscores = probs.copy()
            dscores[rows, y_batch] -= 1
            dscores /= len(y_batch)
            dz = (dscores @ net["W2"].T) * (z > 0)
            grads = {"W2": np.maximum(z, 0).T @ dscores, "b2": dscores.sum(axis=0)}
            grads |= {"W1": X_batch.T @ dz, "b1": dz.sum(axis=0)}
            net = gradient_step(net, grads, lr)
    return np.mean(costs)


with np.errstate(all="ignore"):
    for lr in (1e-6, 0.5, 1e6):
        print(f"rate {lr:7.0e}: cost of the tenth epoch {train_a_net(lr):.4g}")

# %% [markdown]
# With $10^{-6}$ the net has hardly left $\ln 10 = 2.3026$: nothing is broken, it would only take a million times as long.
# With $10^{6}$ the first steps throw the weights so far that the exponentials overflow, and from then on everything is `nan`.
# (A loss with the shift of notebook 02 stays finite there, with costs in the hundreds of thousands; it has not learnt anything either.)
# A cost that stays at its starting value: raise the rate. A cost that jumps up or becomes `nan`: lower it, by factors of ten at first.
#
# ## What to take away
# - An epoch is one pass; what moves the parameters is *steps*, and small batches buy many of them in a pass.
# - One permutation for examples and labels, a fresh one each epoch, the short last batch kept.
# - All parameters move at once, from the gradients of one and the same point.
# - Batch cost must fall at every step for a small enough rate; mini-batch cost falls in trend only.
# - Noise variance falls as $1/B$, its size as $1/\sqrt{B}$; the fastest batch size lies between 1 and $N$.
# - One outlier moves a stochastic step far and a batch step little.
# - Without shuffling, sorted data makes the gradient biased and the noted cost a liar.
#
# Next: notebook 07 makes the step itself cleverer, with momentum, RMSProp and Adam.
