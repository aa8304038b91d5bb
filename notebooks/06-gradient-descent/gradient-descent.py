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
# Two walkers go down the same hill from the same place.
# One knows the slope under its feet exactly, the other gets it wrong at nearly every step.
# **Which of them ends lower?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import math
import time

import numpy as np

from nnlib import (
    SURFACES, affine_backward, affine_forward, explore, he_normal, load_digits,
    make_spirals, plots, relu, relu_backward, softmax_cross_entropy,
)
from nnlib.checks import check, hint, progress  # stuck? hint(gradient_step)

# %%
valleys = SURFACES["two valleys"]


def walk(noise, seed=0, rate=0.2):
    """Take 150 steps down a slope with errors of this size, and 50 without."""
    draw, w = np.random.default_rng(seed), np.array(valleys.start)
    path = [w]
    for step in range(200):
        slope = valleys.function(w)[1]
        w = w - rate * (slope + (step < 150) * noise * draw.normal(size=2))
        path.append(w)
    return np.array(path)


walkers = {"exact slope": walk(0.0), "noisy slope": walk(1.0)}
plots.out_of_a_valley(valleys.function, walkers, valleys.window, {"poor": 0.917, "best": -1.067})

# %% [markdown]
# The exact walker stops in the first valley it meets, a **local minimum**, and never learns of the deeper one, the **global minimum**.
# The noisy one stumbles over the ridge. (For the last 50 of its 200 steps the noise is off, so that it comes to rest.) Luck? Not only:

# %%
for noise in (0.0, 0.3, 1.0):
    found = np.mean([walk(noise, seed)[-1, 0] < 0 for seed in range(100)])
    print(f"errors of size {noise:3.1f}: {found:4.0%} of a hundred walkers end in the best valley")

# %% [markdown]
# Noise costs accuracy at every step, but it can also help to get out (lecture 001, introduction to neural networks); where you start matters as much.
# (In nets with very many weights poor valleys are rarer than saddles; notebook 07 counts them.)
# In this notebook noise comes from looking at a few examples instead of all.
#
# **When you are done, you can**
# - count the steps of an epoch, and say why the count matters more than the number of epochs;
# - cut a data set into random batches without losing, repeating or mispairing an example;
# - write mini-batch descent, and see batch and stochastic descent as its two ends;
# - choose a batch size for a reason, knowing how noise, speed and memory depend on it;
# - train a whole net of two layers, from pieces you have written;
# - recognise a learning rate that is far too small or far too large.
#
# **You need** softmax and cross-entropy (notebook 02), NumPy indexing with an array of indices, and the idea of a gradient; for exercise 7 also the way back through affine layers and ReLU (01) and He's rule (05).
#
# **Time**: about 110 minutes for seven functions, the last a rehearsal of the whole, and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(gradient_step)` in a cell of your own, up to three times.
#
# House conventions: examples are rows, `X` is `(N, D)`, labels `y` are `(N,)` whole numbers from 0, weights are `(D, C)`, biases `(C,)`; a cost, which is what training minimises, is the mean of the losses of a batch's examples, and a penalty where there is one; functions return new arrays and leave their inputs as they were.
# Everything random comes from an argument `rng`, a `numpy.random.Generator`; draw with whichever of its methods you like.

# %% [markdown]
# ## 1. Epochs, batches and steps
#
# Three words that are easy to mix up:
# - a **batch** is the group of examples whose mean gradient makes one step;
# - a **step** (or iteration) is one update of the parameters;
# - an **epoch** is one pass over the whole training set: every example is used exactly once.
#
# With $N$ examples in batches of $B$, an epoch has $N / B$ steps if $B$ divides $N$.
# If it does not, the examples that are left over form a last, shorter batch, and it is a step like any other.
# Ten examples in batches of four: $4 + 4 + 2$, three steps.
#
# ### Exercise 1: `steps_per_epoch` (2 points)
# Count the steps of one epoch, the last, short batch included.
# A batch size above `n` means a single batch with everything in it.
# Return an `int`, so that `range(steps_per_epoch(...))` works.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "steps_per_epoch", "locked": false, "solution": true, "task": false}
def steps_per_epoch(n, batch_size):
    """Number of batches in an epoch of n examples, an int; n and batch_size are 1 or more."""
    ### BEGIN SOLUTION
    return (n + batch_size - 1) // batch_size  # rounds up without leaving the whole numbers
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_steps_per_epoch", "locked": true, "points": 2, "solution": false, "task": false}
check(steps_per_epoch)

# %% [markdown]
# Why the number matters: an epoch costs about the same arithmetic whatever the batch size, but the number of *steps* it buys does not.

# %%
for n, batch_size in [(10_000, 200), (5_000_000, 5_000_000), (5_000_000, 1_000)]:
    print(
        f"{n:9,d} examples in batches of {batch_size:9,d}: "
        f"{steps_per_epoch(n, batch_size):5,d} steps per epoch"
    )

# %% [markdown]
# With five million examples, batch descent reads all of them before it moves at all.
# In the same pass, batches of a thousand move five thousand times.
#
# **Three brackets.** Lecture 002 (improving deep neural networks) marks three kinds of index with three kinds of bracket:
#
# | written | counts | here |
# |---|---|---|
# | $x^{(i)}$ | examples | row `X[i]` |
# | $W^{[l]}$ | layers | `params["W1"]`, `params["W2"]` |
# | $X^{\{t\}}$ | mini-batches, there of shape $(n_x, 1000)$ | `X_batch`, of shape `(1000, D)`: examples are rows |
#
# ## 2. Random batches
#
# The batches of an epoch should be random, and different in every epoch.
# Otherwise the order of the file, often by class or by date, pushes the parameters about (section 8 shows how).
#
# One **permutation** of the numbers $0, \dots, N-1$ does it all.
# Say $N = 5$, $B = 2$ and the permutation drawn is $(3, 0, 4, 1, 2)$.
# Then the batches are the examples $\{3, 0\}$, $\{4, 1\}$ and $\{2\}$: everyone once, nobody twice, and the last batch is short.
# The labels follow the *same* permutation, or example 3 is taught the label of somebody else.
#
# ### Exercise 2: `random_minibatches` (6 points)
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


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_random_minibatches", "locked": true, "points": 6, "solution": false, "task": false}
check(random_minibatches)

# %% [markdown]
# ## 3. One step downhill
#
# All parameters move at once, each against its own gradient, by the **learning rate** $\alpha$ times the gradient:
#
# $$w \leftarrow w - \alpha \frac{\partial J}{\partial w}$$
#
# It is the oldest method here: Cauchy (1847) invented it to find the orbits of planets.
#
# For $w = (1, 2)$, gradient $(0.5, -1)$ and $\alpha = 0.1$ the new $w$ is $(1 - 0.05,\ 2 + 0.1) = (0.95, 2.1)$.
#
# This notebook keeps a model's parameters in a dict by name, such as `{"W": ..., "b": ...}`.
# The gradients come in a second dict with the same names, perhaps in another order.
#
# ### Exercise 3: `gradient_step` (3 points)
# Return a *new* dict with the same names and shapes; neither `params` nor `grads`, nor any array in them, may change.
# The arrays hold floats; any name and any shape may come, `()` included.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "gradient_step", "locked": false, "solution": true, "task": false}
def gradient_step(params, grads, lr):
    """Take one step of descent with rate lr; params and grads are dicts of arrays by name."""
    ### BEGIN SOLUTION
    return {name: value - lr * grads[name] for name, value in params.items()}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_gradient_step", "locked": true, "points": 3, "solution": false, "task": false}
check(gradient_step)

# %% [markdown]
# Two functions, and you can descend.
# The model is linear in two features, without a bias; the grey contours are the cost over *all* examples.
# All three runs last twelve epochs, at rates of 0.6, 0.2 and 0.1: with one batch of everything that makes 12 steps, with single examples 720.

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
lowest = np.linalg.lstsq(features, targets)[0]
plots.descent_paths(line_cost, paths, (-2.2, 3.0, -2.4, 2.2), minimum=lowest)

# %% [markdown]
# The same in motion, the first epoch of stochastic descent against all twelve of the others (press play; a path that has ended waits):

# %%
plots.animate_descent(
    line_cost, {name: path[:61] for name, path in paths.items()}, (-2.2, 3.0, -2.4, 2.2)
)

# %% [markdown]
# Near the minimum the full gradient fades, so batch descent comes to rest.
# The gradient of a single example does not fade, so stochastic descent with a constant rate wanders about the minimum forever, the wider the larger the rate.
# A rate that shrinks over time (notebook 08) calms it.

# %% [markdown]
# ### Now you
# Which changes the size of the cloud about the minimum more, the rate or the batch size? Can a rate make *batch* descent restless too?


# %%
def paths_of(rate, batch_size):
    """Draw twelve epochs with this rate and this batch size."""
    path = descend(batch_size, rate, 12, np.random.default_rng(0))
    return plots.descent_paths(
        line_cost,
        {f"B = {batch_size}": path},
        (-2.2, 3.0, -2.4, 2.2),
        title=f"Rate {rate:.2g}",
        minimum=lowest,
    )


explore(paths_of, rate=(0.01, 1.5, 0.1), batch_size=[1, 5, 12, 60])

# %% [markdown]
# <details><summary>What you should see</summary>
# Neither, they do about alike: the noise of a step grows with the rate and falls with the batch size, so half the rate or twice the batch makes about the same smaller cloud; but a small rate also takes longer to get there.
# With all 60 examples there is no noise and the path comes to rest; above a rate of about 1.4 it jumps across the valley at each step.
# </details>

# %% [markdown]
# ## 4. Mini-batch gradient descent
#
# The model is softmax regression: scores $s = XW + b$, then softmax, then cross-entropy, averaged over the batch.
# Its cost and gradients are given, for any batch, even a batch of one.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "cost_and_gradients", "locked": true, "solution": false, "task": false}
def cost_and_gradients(params, X, y):
    """Mean cost of softmax regression on X (n, D), y (n,), and its gradients by name."""
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
# ### Exercise 4: `minibatch_gradient_descent` (7 points)
# - Start with all weights and biases at zero: `W` is `(D, C)`, `b` is `(C,)`, where $C$ is the largest label in the whole of `y`, plus one.
#   (For softmax regression zeros are fine; notebook 05 says why they are not for deeper nets.)
# - Measure the cost of the step's batch, note it, and then take the step with `gradient_step`.
#   The rate `lr` stays the same throughout.
# - Return the list of noted costs, one per step, and nothing else; no epochs, no costs: `[]`.
# - Each epoch cuts the data into fresh random batches, as `random_minibatches` does, and takes a step for each: `epochs * steps_per_epoch(N, batch_size)` costs.
# - The cost and the gradient of a short last batch are the means over the examples it *has*.
# - Leave `X` and `y` as they are.


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
# ## 5. The two ends
#
# **Batch descent** takes all examples for every step, **stochastic descent** a single one.
# You need not write either: which batch sizes turn your function into them?
#
# ### Exercise 5: `batch_gradient_descent` (2 points)
# The rules of exercise 4, with all examples in each step: an epoch is one step, and there are `epochs` costs.
# It gets no `rng`, so give your function a generator of your own making: does the order within the one batch matter?


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "batch_gradient_descent", "locked": false, "solution": true, "task": false}
def batch_gradient_descent(X, y, lr, epochs):
    """Train softmax regression with one step per epoch; returns the costs, `epochs` long.

    X: (N, D), y: (N,) whole numbers from 0, lr: a float, epochs: an int
    """
    ### BEGIN SOLUTION
    return minibatch_gradient_descent(X, y, lr, epochs, len(X), np.random.default_rng(0))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_batch_gradient_descent", "locked": true, "points": 2, "solution": false, "task": false}
check(batch_gradient_descent)

# %% [markdown]
# ### Exercise 6: `stochastic_gradient_descent` (2 points)
# The rules of exercise 4, with one example in each step, in a fresh random order each epoch: `epochs * N` costs, each that of its own example before its step.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "stochastic_gradient_descent", "locked": false, "solution": true, "task": false}
def stochastic_gradient_descent(X, y, lr, epochs, rng):
    """Train softmax regression with one step per example; returns the costs, `epochs * N` long."""
    ### BEGIN SOLUTION
    return minibatch_gradient_descent(X, y, lr, epochs, 1, rng)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_stochastic_gradient_descent", "locked": true, "points": 2, "solution": false, "task": false}
check(stochastic_gradient_descent)

# %% [markdown]
# On the digits: 1,797 images of 64 pixels, ten classes (the stochastic run takes the first 200).
# The first cost must be $\ln 10 = 2.3026$, because zero weights give every class the same probability.

# %%
X, y = load_digits()
histories = {
    "batch (all 1,797)": batch_gradient_descent(X, y, 0.5, 200),
    "mini-batch (64)": minibatch_gradient_descent(X, y, 0.3, 7, 64, np.random.default_rng(1)),
    "stochastic (1)": stochastic_gradient_descent(
        X[:200], y[:200], 0.1, 1, np.random.default_rng(1)
    ),
}
for name, costs in histories.items():
    rose = int((np.diff(costs) > 0).sum())
    print(
        f"{name:18s} starts at {costs[0]:.4f}; "
        f"rose at {rose:3d} of {len(costs) - 1} steps; "
        f"last 50 on average {np.mean(costs[-50:]):.2f}"
    )
plots.cost_per_step(histories)

# %% [markdown]
# Batch descent never rises, as the exact gradient promises for a small enough rate: if it ever does, the rate is too large or the gradient is wrong.
# The other two only fall in trend (thin: each step; bold: the mean over 25): each cost is measured on *other* examples, and some batches are simply harder.
# A mini-batch cost that rises is no sign of a bug, nor is a bold line that rises for a few dozen steps: at a constant rate descent ends in a wobble.
# A *trend* that keeps rising is.
#
# ### Question 1 (2 points)
# A classmate trains with batches of 64 and plots the cost of every step.
# It rises at 45 of 100 steps, so the classmate suspects the gradient and spends the evening on it.
# Explain why a correct program gives this picture, and name two things to look at or to run that would tell a correct program from a wrong one.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_rises", "locked": false, "points": 2, "solution": true, "task": false}
# Each cost is measured on a different batch, and batches differ in how hard they are, so the cost can rise although the step lowered the cost over all data.
# Only the trend must fall.
# To tell: smooth the curve over a few dozen steps, or plot the cost over the whole training set once per epoch; run the same program with the whole set as one batch and a small rate, where the cost must fall at every step; check the gradient numerically (notebook 03).
#
# *Marking: 1 point for the reason (other examples at each step, or a noisy gradient, and only the trend counts), half a point for each of two tests that would really separate the cases.*
# *"Lower the rate until it falls" alone is not such a test and earns nothing here.*

# %% [markdown]
# ## 6. How noisy?
#
# The gradient of one example is right on average, since the mean over all examples *is* the full gradient, but wrong each time.
# Robbins & Monro (1951) proved that such steps still arrive, if the rate shrinks, neither too fast nor too slowly; that is why anybody dares to use them.
#
# A batch of $B$ examples averages the noise of $B$ gradients.
# The variance of a mean of $B$ independent draws is $1/B$ of the variance of one draw.
# Measured on the digits, at the zero weights where training starts:

# %%
noise_rng = np.random.default_rng(6)
start = {"W": np.zeros((64, 10)), "b": np.zeros(10)}
_, full = cost_and_gradients(start, X, y)
print("batch size   noise variance   times batch size")
for batch_size in (1, 4, 16, 64):
    squares = []
    for _ in range(300):
        drawn = noise_rng.integers(len(X), size=batch_size)
        _, noisy = cost_and_gradients(start, X[drawn], y[drawn])
        squares.append(np.sum((noisy["W"] - full["W"]) ** 2))
    print(f"{batch_size:10d}   {np.mean(squares):14.4f}   {batch_size * np.mean(squares):16.2f}")

# %% [markdown]
# The last column hardly changes: the variance falls as $1/B$.
# What you feel is the *size* of the error, its square root, and that falls only as $1/\sqrt{B}$: a hundred times the work for ten times less noise.
# So the first few examples of a batch are worth a lot, and the thousandth very little.
# That is the main case for small batches.
# The case against very small ones is hardware: a matrix product with 64 rows takes a few times as long as one with a single row, not 64 times.
#
# **One bad example** can carry a step away.
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
# ## 7. Which batch size is fastest?
#
# "Fastest" means seconds until a given cost: steps, times the time of a step.
# Small batches need more steps, because each is noisy; large ones take longer for each step and, past some size, save no steps any more.
# Measured on the digits, until the cost over all of them is below 0.5:


# %%
def race(batch_size, target=0.5, lr=0.3, check_every=5, most=1500):
    """Seconds and steps until the cost over all digits is below the target."""
    rng = np.random.default_rng(3)
    params = {"W": np.zeros((64, 10)), "b": np.zeros(10)}
    seconds, steps = 0.0, 0
    while steps < most:
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            began = time.perf_counter()
            _, grads = cost_and_gradients(params, X_batch, y_batch)
            params = gradient_step(params, grads, lr)
            seconds += time.perf_counter() - began
            steps += 1
            if steps % check_every == 0 and cost_and_gradients(params, X, y)[0] < target:
                return seconds, steps
    return math.nan, steps


sizes = [1, 4, 16, 64, 256, 1024]
# the fastest of five: the machine has other things to do as well
results = [min(race(size) for _ in range(5)) for size in sizes]
for size, (seconds, steps) in zip(sizes, results, strict=True):
    print(f"batch size {size:5d}: {steps:4d} steps, {1000 * seconds:7.1f} ms")

# %%
plots.time_against_batch_size(
    sizes,
    [seconds for seconds, _ in results],
    [steps for _, steps in results],
    goal="until the cost is below 0.5",
)

# %% [markdown]
# The exact numbers depend on your machine; the shape does not: neither end wins.
# (In this tiny model a step of up to a few dozen rows costs mostly Python's own time; and the task is so easy that single examples need only half as many steps again.)
# Why does a step with 64 rows not take four times as long as one with 16? The rows are multiplied in one go, by code that keeps all of a processor busy.

# %%
weights, many = np.random.default_rng(0).normal(size=(64, 100)), np.tile(X, (3, 1))
began = time.perf_counter()
one_by_one = [
    [sum(row[i] * column[i] for i in range(64)) for column in weights.T[:10].tolist()]
    for row in many[:100].tolist()
]
in_python = (time.perf_counter() - began) / (100 * 10)
began = time.perf_counter()
row_by_row = np.array([row @ weights for row in many])
by_rows = (time.perf_counter() - began) / (len(many) * 100)
began = time.perf_counter()
at_once = many @ weights
together = (time.perf_counter() - began) / (len(many) * 100)
print(f"a Python loop takes {in_python / together:8,.0f} times as long as one product of matrices")
print(
    f"row by row takes    {by_rows / together:8,.0f} times as long; "
    f"largest difference {np.abs(row_by_row - at_once).max():.0e}"
)

# %% [markdown]
# A GPU carries that further: thousands of rows cost it hardly more than one.
# Rules of thumb, from larger nets and other hardware:
# - up to about 2,000 examples, batch descent is affordable (though, as you saw, not the fastest);
# - above that, take 32 to 512, the powers of two that hardware likes (Keras' `fit` takes `batch_size=32` unless told otherwise);
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
# Against B = 1: the steps are very noisy, so it does not settle, and it wastes the hardware, which multiplies many rows together in far less time than one by one.
# Against B = N: a single step needs a pass over a million images, which takes long and does not fit into memory, while the gradient of a few hundred is nearly as good.
#
# *Marking: 1 point for half as many steps at the same rate, half a point for each of the two reasons.*
# *"Larger batches are worse" without the count of steps earns nothing for the first part.*

# %% [markdown]
# ## 8. What the shuffle is for
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


by_class, noted = np.argsort(y, kind="stable"), {}
for name, shuffled in {"sorted by class": False, "shuffled": True}.items():
    noted[name], after = five_epochs(X[by_class], y[by_class], shuffled)
    print(
        f"{name:16s} mean noted cost of the last epoch {np.mean(noted[name][-57:]):.2f}, "
        f"cost over all digits {after:.2f}"
    )
plots.loss_curves(
    {name: costs[: 2 * 57] for name, costs in noted.items()},
    title="The noted cost, batch by batch, in the first two epochs of 57 steps",
    xlabel="step",
    ylabel="cost of the batch (nats)",
)

# %% [markdown]
# ### Question 3 (2 points)
# Look at the saw teeth and the two numbers of the sorted run.
# Describe what the parameters do while the batches hold one class after the other, and why the cost over all digits at the end is so much higher than the noted costs suggest.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_shuffle", "locked": false, "points": 2, "solution": true, "task": false}
# While all batches hold zeros, every step pushes towards "always say 0"; then all hold ones, and the steps push towards "always say 1", and so on: the parameters chase the class of the moment and forget the others.
# The gradient of such a batch is not an estimate of the full gradient: it is biased, not just noisy.
# The noted cost is measured on a batch of the same class that the last steps trained for, so after the first few batches of a class it looks low; over all digits the parameters are tuned to the last class, the nines, and do badly on the rest.
#
# *Marking: 1 point for chasing the present class (or: the batch's gradient is biased), 1 point for saying that the noted cost is measured on the very class just trained.*

# %% [markdown]
# ## 9. Rehearsal: a whole net
#
# All the pieces are there: batches and steps from this notebook, layers and ReLU from 01, the loss from 02, a start from 05.
# Put them together, and train a net of two layers from the first draw of its weights to the last step.

# %%
plots.network([2, 6, 3], title="Two features, a hidden layer of ReLU units, three classes")

# %% [markdown]
# ### Exercise 7: `train_net` (12 points)
# The net: $z = X W_1 + b_1$, $h = \mathrm{ReLU}(z)$, scores $= h W_2 + b_2$, then softmax and cross-entropy, averaged over the batch.
# - `W1` is `(D, hidden)`, `b1` `(hidden,)`, `W2` `(hidden, C)`, `b2` `(C,)`; $C$ is the largest label in `y`, plus one.
# - Weights start by He's rule (notebook 05): mean 0 and variance 2 / fan_in, where fan_in is the number of rows; normal or uniform, as you like. Biases start at 0.
# - Each epoch cuts the data into fresh random batches and takes a step for each, all four arrays at once; note the batch's cost *before* the step.
# - Start and batches come from `rng`. The rate stays the same; it may be 0, then nothing moves (grading looks at your start that way).
# - Return the pair `params, costs`: a dict with the four trained arrays by name, and the list of costs, one per step.
#
# From `nnlib` you have `he_normal(fan_in, fan_out, rng)`, `affine_forward(x, w, b)` → `(out, cache)`, `affine_backward(dout, cache)` → `(dx, dw, db)`, `relu(z)`, `relu_backward(da, z)` and `softmax_cross_entropy(scores, y)` → `(loss, dscores)`; your own `random_minibatches` and `gradient_step` are above.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train_net", "locked": false, "solution": true, "task": false}
def train_net(X, y, hidden, lr, epochs, batch_size, rng):
    """Train a net of two layers; returns params (W1, b1, W2, b2 by name) and a cost per step."""
    ### BEGIN SOLUTION
    num_classes = int(y.max()) + 1
    params = {
        "W1": he_normal(X.shape[1], hidden, rng),
        "b1": np.zeros(hidden),
        "W2": he_normal(hidden, num_classes, rng),
        "b2": np.zeros(num_classes),
    }
    costs = []
    for _ in range(epochs):
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            z, first = affine_forward(X_batch, params["W1"], params["b1"])
            scores, second = affine_forward(relu(z), params["W2"], params["b2"])
            cost, dscores = softmax_cross_entropy(scores, y_batch)
            dh, dW2, db2 = affine_backward(dscores, second)
            _, dW1, db1 = affine_backward(relu_backward(dh, z), first)
            grads = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
            costs.append(float(cost))
            params = gradient_step(params, grads, lr)
    return params, costs
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_train_net", "locked": true, "points": 12, "solution": false, "task": false}
check(train_net)

# %% [markdown]
# Three spirals, which no straight line can part.
# (If yours does not learn them though the check passes, see whether every step uses `lr` and all four gradients.)


# %%
def predict(params, points):
    """The most probable class of each point."""
    return (relu(points @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]).argmax(axis=1)


spirals, arms = make_spirals(100, 3, 0.15, np.random.default_rng(0))
nets = {
    epochs: train_net(spirals, arms, 64, 0.5, epochs, 16, np.random.default_rng(1))
    for epochs in (1, 100)
}
for epochs, (params, costs) in nets.items():
    right = np.mean(predict(params, spirals) == arms)
    print(
        f"after epoch {epochs:3d}: mean cost of the last 19 steps {np.mean(costs[-19:]):.3f}, "
        f"{right:.0%} right"
    )
plots.decision_boundaries(
    {
        f"epoch {epochs}": lambda points, params=params: predict(params, points)
        for epochs, (params, _) in nets.items()
    },
    spirals,
    arms,
    title="Your net after 1 and after 100 epochs",
)

# %% [markdown]
# ### Now you
# How few hidden units can part the spirals? And how large may the rate be?


# %%
def spirals_with(hidden, rate):
    """Train on the spirals for 30 epochs and draw what comes out."""
    params, _ = train_net(spirals, arms, hidden, rate, 30, 16, np.random.default_rng(1))
    right = np.mean(predict(params, spirals) == arms)
    print(f"{hidden} units, rate {rate:.2g}: {right:.0%} right")
    return plots.decision_regions(
        lambda points: predict(params, points), spirals, arms, title="Three spirals"
    )


explore(spirals_with, hidden=(1, 100, 20), rate=(0.01, 5.0, 0.5))

# %% [markdown]
# <details><summary>What you should see</summary>
# Each ReLU unit adds a fold along a line: with one or two there are only a few straight borders and half of the points are wrong, with five to ten they begin to bend, and from twenty on the arms come apart.
# At a rate of 0.01, 30 epochs are too few; from 2 or 3 on it gets worse the larger the rate, and at 5 only chance is left.
# </details>

# %% [markdown]
# **Does the batch size change what is learnt?** Nets with 300 digits to learn from, trained until they get all of them right, with batches of 4 or of all (each with a rate and a number of epochs that suit it):

# %%
part = np.random.default_rng(0).permutation(len(X))
few, others = part[:300], part[300:]
for batch_size, epochs, rate in [(4, 20, 0.2), (300, 400, 1.0)]:
    scores = []
    for seed in range(5):
        params, _ = train_net(
            X[few], y[few], 32, rate, epochs, batch_size, np.random.default_rng(seed)
        )
        scores.append([np.mean(predict(params, X[which]) == y[which]) for which in (few, others)])
    (learnt, new), new_ones = np.mean(scores, axis=0), np.array(scores)[:, 1]
    print(
        f"batches of {batch_size:3d}: {learnt:.1%} of the 300 right, {new:.1%} of new digits "
        f"(five starts: {new_ones.min():.1%} to {new_ones.max():.1%})"
    )

# %% [markdown]
# Here it does not: the difference is within the luck of the start.
# In large nets it can: Keskar et al. (2017) trained with small and with huge batches to the same training loss, and the huge ones did worse on new data. They blame narrow minima, from which noisy steps escape.
# So the batch size matters for speed, in large nets perhaps for generalisation too, and is worth tuning on the dev set.
#
# ## 10. Rates far from right
#
# Three symptoms to know by heart, on a net with one hidden layer of ReLU units and ten epochs of your mini-batches.
# Its loss is written in the plain way, exponentials without a shift, as many first programs have it:


# %%
def train_a_net(lr, seed=5, epochs=10, hidden=20):
    """Train 64-20-10 on 500 digits; returns each epoch's mean cost and the accuracy after it."""
    rng, history, accuracy = np.random.default_rng(seed), [], []
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
        history.append(np.mean(costs))
        guesses = (np.maximum(X[:500] @ net["W1"] + net["b1"], 0) @ net["W2"] + net["b2"]).argmax(
            axis=1
        )
        accuracy.append(np.mean(guesses == y[:500]))
    return history, accuracy


by_epoch = {}
with np.errstate(all="ignore"):
    print("rate      cost of epoch 1     2     5    10   accuracy after 1    10")
    for lr in (1e-6, 0.1, 0.5, 2.0, 1e6):
        costs, right = train_a_net(lr)
        by_epoch[f"rate {lr:g}"] = costs
        told = " ".join(f"{costs[epoch - 1]:5.3f}" for epoch in (1, 2, 5, 10))
        print(f"{lr:7.0e}           {told}            {right[0]:3.0%}   {right[-1]:3.0%}")
    starts = [train_a_net(2.0, seed)[0] for seed in range(5)]
    print(
        "rate 2, five starts, the lowest cost of an epoch: "
        f"{', '.join(f'{min(costs):.2f}' for costs in starts)}\n"
        "rate 2, five starts, the cost of the last epoch:  "
        f"{', '.join(f'{costs[-1]:.2f}' for costs in starts)}"
    )
plots.loss_curves(
    by_epoch,
    title="Of the five rates only 0.5 gets far",
    xlabel="epoch (the first is 0)",
    ylabel="cost (nats)",
)

# %% [markdown]
# - $10^{-6}$: the net has hardly left $\ln 10 = 2.3026$. Nothing is broken; a rate of 0.5 does in one step what this one does in half a million.
# - 0.5: right for this net. The cost hardly moves for two epochs, while the small weights grow, then falls in each.
# - 2: the instructive case. It may learn something at first and is then thrown back to about 2.3 for good: a few wild steps have switched its ReLUs off.
#   (In lecture 003, deep network components and training, a rate of $3 \cdot 10^{-3}$ on photographs learns for four epochs, down to 1.83, and then explodes; $10^6$ gives `nan`, $10^{-6}$ learns nothing, so the search goes on between $10^{-3}$ and $10^{-5}$. The numbers belong to the data, the bracketing does not.)
# - $10^{6}$: the first steps throw the weights so far that the exponentials overflow, and from then on everything is `nan`.
#   (A loss with the shift of notebook 02 stays finite there; it has not learnt anything either.)
#
# A cost that stays at its starting value: raise the rate. One that jumps up, falls back to chance or becomes `nan`: lower it, by factors of ten at first.
#
# **A puzzle.** At a rate of 0.1 the cost falls by one percent in ten epochs, and the accuracy nearly triples. How can that be?
#
# <details><summary>Answer</summary>
# The accuracy only asks which score is the largest, by however little. All ten probabilities are still about 0.1, so the cost is about ln 10 = 2.303; but the right one is now often a hair's breadth ahead.
# In lecture 003 the same puzzle stands beside its smallest rate.
# </details>

# %% [markdown]
# ## Stretch
# Five arms instead of three, and only forty points in each. How many of 2,000 new points can your net tell? You may change everything but the data.
# The cell below gets about 40%; the course's net, from the same function, gets **98%**.

# %%
five_rng = np.random.default_rng(5)
train_points, train_arms = make_spirals(40, 5, 0.15, five_rng)
new_points, new_arms = make_spirals(400, 5, 0.15, five_rng)
params, _ = train_net(train_points, train_arms, 16, 0.1, 50, 16, np.random.default_rng(0))
print(f"{np.mean(predict(params, new_points) == new_arms):.1%} of the new points are right")

# %% [markdown]
# ## What to take away
# - An epoch is one pass; what moves the parameters is *steps*, and small batches buy many of them in a pass.
# - One permutation for examples and labels, a fresh one each epoch, the short last batch kept.
# - All parameters move at once, from the gradients of one and the same point.
# - Batch cost must fall at every step for a small enough rate; mini-batch cost falls in trend only.
# - Noise variance falls as $1/B$, its size as $1/\sqrt{B}$; the fastest batch size lies between 1 and $N$.
# - Noise moves a step far from where it should go, and sometimes out of a poor valley.
# - Without shuffling, sorted data makes the gradient biased, and the noted cost looks far too good.
#
# Next: notebook 07 makes the step itself cleverer, with momentum, RMSProp and Adam.

# %%
progress()
