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
# # 08 · Learning rates that fall, and gradients that are held back
#
# Sixty steps of plain descent, and one of them throws it further from the goal than it was at the start.
# **Which one is it, and would a smaller learning rate be the right cure?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import math

import numpy as np

from nnlib import Affine, Network, ReLU, cliff, explore, load_digits, plots, random_minibatches, ravine
from nnlib.checks import check, hint, progress  # hint(clip_by_norm) helps who is stuck

# %%
thrown = [np.array([1.0, 1.5])]
for _ in range(60):
    thrown.append(thrown[-1] - 0.1 * cliff(thrown[-1])[1])
lengths = np.linalg.norm(np.diff(thrown, axis=0), axis=1)
far = np.linalg.norm(thrown, axis=1)
print(f"median step {np.median(lengths):.3f}, the longest {lengths.max():.1f}: step {lengths.argmax() + 1}")
print(f"distance to the minimum: {far[0]:.2f} at the start, {far[10]:.2f} before that step, {far[11]:.2f} after it")
plots.descent_paths(cliff, {"plain descent": np.array(thrown)}, (-5.0, 1.5, -0.5, 2.0), title="Down a cliff")

# %% [markdown]
# A smaller rate would make that step shorter and all the others as well.
# This notebook is about the two better answers: a rate that falls over time, and a limit for any single gradient.
#
# **When you are done, you can**
# - tell from a cost history whether a rate was too low, right or too high, and let a program notice an explosion;
# - write the five usual schedules, and say where their epochs begin to count;
# - explain why a constant rate never comes to rest, and what a restart is good for;
# - clip a gradient by value, by norm and by global norm, and know which of them keeps its direction;
# - find all of this in PyTorch and Keras, where one of the names does not mean what it seems to.
#
# **You need** gradient descent with mini-batches (notebook 06), and NumPy's arithmetic on arrays and dicts of arrays.
#
# **Time**: about 100 minutes for nine short functions and three written answers; 40 points, 7 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it.
# The check uses a few numbers that you can see; grading uses other inputs, so passing it is a good sign, not a proof.
# Stuck? Run `hint(clip_by_norm)` in a cell of your own, up to three times.
#
# House conventions: a cost is a mean over its batch; a gradient has the shape of what it differentiates; functions return new arrays and leave their inputs as they were.

# %% [markdown]
# ## 1. When is a run lost?
#
# A step is the rate times the gradient.
# If the rate is so large that the step lands higher up on the other side of the valley, the next gradient is larger, and so is the next step: the cost does not just stop falling, it **explodes**.
# Soon it is `inf`, and as `inf - inf` and `0 * inf` are `nan`, the rest of the run consists of `nan`.
# You do not want to find that out in the morning, so training loops watch for it.
#
# A good rule of thumb has two parts.
# A run is lost if any cost so far
# - is **not finite**: `nan`, `inf` or `-inf`; or
# - is **more than** `factor` times the *first* cost, with a `factor` of 3 unless something else is asked for.
#
# For the costs 2.0, 5.9, 1.0 nothing is wrong: a bad start, but 5.9 is below 6.
# The costs 2.0, 6.1, 1.0 have exploded, although the last one looks healthy: what was learnt before the jump is gone.
# Exactly 6.0 is not *more* than three times 2.0.
# (The costs of this course are positive; for one that may be negative, three times the first means nothing.)
#
# Mind how `nan` compares: `nan > 6` is `False`, and so is `nan <= 6`.
# A test that only looks for large numbers sleeps through it.
#
# ### Exercise 1: `has_exploded` (5 points)
# - `costs` is a list or an array `(T,)` of numbers, one per step (or epoch) from the start of the run on.
# - Return `True` or `False`.
# - An empty history has not exploded: training has not begun.
# - A first cost that is not finite is an explosion like any other; `costs` itself stays as it is.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "has_exploded", "locked": false, "solution": true, "task": false}
def has_exploded(costs, factor=3.0):
    """Whether any cost is not finite, or more than factor times the first."""
    ### BEGIN SOLUTION
    return any(not math.isfinite(cost) or cost > factor * costs[0] for cost in costs)  # of no costs, none has
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_has_exploded", "locked": true, "points": 5, "solution": false, "task": false}
check(has_exploded)

# %%
for costs in ([2.0, 5.9, 1.0], [2.0, 6.0, 1.0], [2.0, 6.1, 1.0], [2.0, math.nan, 1.0], [math.inf, 1.0, 0.5]):
    print(f"{costs!s:17} exploded: {has_exploded(costs)}")

# %% [markdown]
# ## 2. Too low, right, too high
#
# A net with one hidden layer on the digits, 1,797 images of 64 pixels.
# `train` takes a function that gives the rate for each epoch, here a constant, and stops as soon as your `has_exploded` says so.


# %%
X, y = load_digits()


def train(rate_at, y=y, epochs=15, batch_size=32, hidden=32, seed=2):
    """Train 64-hidden-10 by plain mini-batch descent with the rate rate_at(epoch), epochs counted from 0.

    Returns the cost over all examples before the first epoch and after each, and the network.
    """
    network = Network([Affine(64, hidden), ReLU(), Affine(hidden, 10)], np.random.default_rng(1))
    rng = np.random.default_rng(seed)
    costs = [network.evaluate(X, y)[0]]
    for epoch in range(epochs):
        lr = np.float32(rate_at(epoch))  # the net keeps its parameters in that precision
        for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
            network.loss_and_grad(X_batch, y_batch)
            network.theta -= lr * network.grad
        costs.append(network.evaluate(X, y)[0])
        if has_exploded(costs):
            break
    return costs, network


curves = {}
for lr, name in [(0.001, "far too low"), (0.02, "low"), (0.2, "right"), (3.0, "too high"), (30.0, "far too high")]:
    costs, network = train(lambda epoch, lr=lr: lr)
    curves[f"{lr:g}: {name}"] = costs
    hidden = np.maximum(X @ network.params["0.W"] + network.params["0.b"], 0)
    print(
        f"rate {lr:6g}: cost {costs[0]:.2f} -> {costs[-1]:6.3f} after {len(costs) - 1:2d} epochs, "
        f"exploded: {has_exploded(costs)!s:5}, units that still answer to some digit: {(hidden.max(axis=0) > 0).sum()}"
    )

# %%
plots.loss_curves(
    curves,
    title="Too low crawls, too high gets stuck or explodes",
    ylabel="cost over all digits (nats)",
    log=True,
    level=("chance: ln 10", math.log(10)),
)

# %% [markdown]
# How to read such curves:
# - **Nearly a straight line** that has hardly left its start: the rate is far too low. Nothing is broken; it would take a hundred times as long.
# - **Down quickly, then slowly further down**: about right.
# - **Around $\ln 10 = 2.303$ from early on**: chance. A step was so large that it pushed every hidden unit to where ReLU is flat, for every image. Without a gradient they never come back, though the cost of 2.39 is below the first, just above chance, and `has_exploded` rightly says no.
# - **Up and away**: far too high. The run was stopped after one epoch.
#
# The usual way to a first rate: begin with 0.01, try powers of ten around it for an epoch or two, take the largest that does not misbehave, and go down a little from there.
# Who keeps a checkpoint now and then need not begin again after an explosion: go back to the last one, and go on with a smaller rate.
#
# ### Now you
# Between 0.2 and 3 lies the largest rate at which all three runs get below a cost of 0.5. Find it to within a factor of 1.5. What happens at the ends of some epochs long before?

# %%
def curve_at(rate):
    """Five epochs with a constant rate, three times with other batches."""
    curves = {f"batches {seed}": train(lambda epoch: rate, epochs=5, seed=seed)[0] for seed in (2, 3, 4)}
    return plots.loss_curves(
        curves, title=f"Rate {rate:.3g}", ylabel="cost (nats)", top=4.0, level=("chance: ln 10", math.log(10))
    )


explore(curve_at, rate=(0.01, 10.0, 0.2))

# %% [markdown]
# <details><summary>What you should see</summary>
# At 1 all three get there, at 1.3 none does. But already at 0.2 the cost jumps at the end of an epoch: its last batch has five examples only, and one bad step undoes many. Take a rate well below the edge, and let it fall.
# </details>

# %% [markdown]
# ### Question 1 (3 points)
# Three classmates train the same ten-class net and show you the costs after each epoch:
# - Ada: 2.31, 2.30, 2.30, 2.29, 2.29
# - Ben: 2.31, 14.2, 871, nan, nan
# - Cem: 2.31, 0.61, 0.55, 0.58, 0.56, 0.59, 0.54
#
# For each: what do you conclude about the learning rate, and what should they do next?
# Name for Ada *one* other fault that would give the same picture, and how to tell the two apart.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_curves", "locked": false, "points": 3, "solution": true, "task": false}
# Ada: the cost has hardly left $\ln 10$, so the rate is probably far too low; raise it by factors of ten until the cost falls clearly.
# The same picture comes from a net that gets no useful gradient: all weights zero, dead or saturated units, a loss that is cut off from the parameters, labels that do not belong to their examples.
# To tell: with a rate ten or a hundred times higher a healthy net moves; or look at the gradient itself, which is small but not zero at a rate that is merely low, or overfit twenty examples.
# Ben: exploded, the rate is far too high (or a gradient was enormous once); lower it by factors of ten and clip the gradient; start again, or from a checkpoint before it, as the parameters are lost.
# Cem: the rate was right at the start and is too high now: the cost goes up and down at the same height. Let it decay, or lower it by hand from here on.
#
# *Marking: half a point for each reading with its remedy (Ben: "start again" is not required); 1 point for another fault of Ada's that fits a flat cost at ln 10; half a point for a test that would really separate the two.*
# *"Train longer" alone is no remedy for Ben or Cem.*

# %% [markdown]
# ## 3. Why the rate should fall
#
# The gradient of a mini-batch is noisy, and the noise does not fade at the minimum, where the true gradient does.
# With a constant rate the parameters therefore never settle: they wander about the minimum, the wider the larger the rate.
# A small rate from the start would wander less, but take ages to get there.
# So: large steps first, small ones later.
# Robbins & Monro (1951) proved that this comes to rest at the minimum if the rates fall, but not too fast: their sum must be infinite, the sum of their squares finite.
#
# **Inverse time decay** divides the starting rate $\alpha_0$ by a number that grows with the epoch $t$; `rate` is a constant of the schedule:
#
# $$\alpha_t = \frac{\alpha_0}{1 + \text{rate} \cdot t}$$
#
# With $\alpha_0 = 0.2$ and a rate of 1, epoch 1 has $0.2 / 2 = 0.1$, epoch 2 has $0.2 / 3 = 0.067$, epoch 3 has $0.05$ and epoch 4 has $0.04$.
#
# **Where does counting begin?**
# The classic pitfall of schedules.
# In this notebook the number you are given is the number that goes into the formula; add or subtract nothing.
# Here $t = 0$ is allowed and gives $\alpha_0$ itself, so a loop `for epoch in range(...)` starts with the full rate.
# The number may be a fraction too: 2.5 is half-way through the epoch that began at 2, for training loops that change the rate at every step.
#
# ### Exercise 2: `inverse_time_decay` (2 points)
# All arguments are numbers, `epoch` and `rate` are 0 or more, and any of them may be an `int`.
# Return a number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "inverse_time_decay", "locked": false, "solution": true, "task": false}
def inverse_time_decay(lr0, epoch, rate):
    """The learning rate lr0, divided by 1 + rate * epoch; epochs count from 0."""
    ### BEGIN SOLUTION
    return lr0 / (1 + rate * epoch)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_inverse_time_decay", "locked": true, "points": 2, "solution": false, "task": false}
check(inverse_time_decay)

# %%
print("epoch    rate")
for epoch in range(5):
    print(f"{epoch:5d}   {inverse_time_decay(0.2, epoch, 1):.3f}")

# %% [markdown]
# **Exponential decay** multiplies the rate by the same `base` every epoch, a number a little below 1; 0.95 is usual:
#
# $$\alpha_t = \alpha_0 \cdot \text{base}^{\,t}$$
#
# For $\alpha_0 = 0.2$ and 0.95, epoch 2 has $0.2 \cdot 0.9025 = 0.1805$.
# After 14 epochs about half is left, since $0.95^{14} = 0.488$.
#
# ### Exercise 3: `exponential_decay` (2 points)
# As before: `epoch` counts from 0 and may be a fraction, `base` is above 0 and at most 1; return a number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "exponential_decay", "locked": false, "solution": true, "task": false}
def exponential_decay(lr0, epoch, base):
    """The learning rate lr0, multiplied by base once for every epoch; epochs count from 0."""
    ### BEGIN SOLUTION
    return lr0 * base**epoch
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_exponential_decay", "locked": true, "points": 2, "solution": false, "task": false}
check(exponential_decay)

# %% [markdown]
# **Square-root decay** falls quickly at first and ever more slowly later:
#
# $$\alpha_t = \frac{k}{\sqrt{t}} \, \alpha_0$$
#
# Here the formula itself forbids $t = 0$, so **epochs count from 1**: a loop from 0 must pass `epoch + 1`.
# With $\alpha_0 = 0.2$ and $k = 1$, epoch 1 has 0.2, epoch 4 has 0.1, epoch 9 has 0.067 and epoch 100 still has 0.02, where inverse time decay with rate 1 is down to 0.002.
#
# ### Exercise 4: `sqrt_decay` (2 points)
# `epoch` is a number of 1 or more; add nothing to it. `k` is above 0, possibly above 1. Return a number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "sqrt_decay", "locked": false, "solution": true, "task": false}
def sqrt_decay(lr0, epoch, k):
    """The learning rate lr0 times k over the root of the epoch; epochs count from 1."""
    ### BEGIN SOLUTION
    return lr0 * k / math.sqrt(epoch)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_sqrt_decay", "locked": true, "points": 2, "solution": false, "task": false}
check(sqrt_decay)

# %%
print("epoch   inverse time, rate 1   exponential, 0.95   square root, k = 1")
for epoch in (1, 2, 3, 4, 9, 14, 100):
    rates = inverse_time_decay(0.2, epoch, 1), exponential_decay(0.2, epoch, 0.95), sqrt_decay(0.2, epoch, 1)
    print(f"{epoch:5d}   {rates[0]:20.4f}   {rates[1]:17.4f}   {rates[2]:18.4f}")

# %% [markdown]
# See what a falling rate does.
# The model is a straight line through the origin in two features; the grey contours are the cost over all 60 examples, and every step uses a single example, so it is as noisy as can be.
# Both runs begin with the same rate and see the same examples in the same order, so their first epoch is the same; the picture shows the twentieth.


# %%
line_rng = np.random.default_rng(12)
features = line_rng.normal(size=(60, 2)) * [1.0, 0.7]
targets = features @ np.array([1.5, -1.0]) + 0.8 * line_rng.normal(size=60)
best = np.linalg.lstsq(features, targets, rcond=None)[0]


def line_cost(w):
    """Half the mean squared error over all examples, for weights (..., 2)."""
    errors = np.asarray(w) @ features.T - targets
    return 0.5 * np.mean(errors**2, axis=-1)


def descend_one_by_one(rate_at, epochs=20):
    """Follow the weights from (-1.5, 1.5), one row per step, with the rate rate_at(epoch)."""
    rng = np.random.default_rng(0)
    path = [np.array([-1.5, 1.5])]
    for epoch in range(epochs):
        for i in rng.permutation(60):
            error = features[i] @ path[-1] - targets[i]
            path.append(path[-1] - rate_at(epoch) * error * features[i])
    return np.array(path)


paths = {
    "constant 0.2": descend_one_by_one(lambda epoch: 0.2),
    "0.2 / (1 + epoch)": descend_one_by_one(lambda epoch: inverse_time_decay(0.2, epoch, 1)),
}
for name, path in paths.items():
    far = np.linalg.norm(path - best, axis=1)
    print(f"{name:18s} mean distance to the minimum: {far[:60].mean():.2f} in epoch 1, {far[-60:].mean():.3f} in epoch 20")

# %%
plots.descent_paths(
    line_cost,
    {f"{name}, epoch 20": path[-60:] for name, path in paths.items()},
    (0.2, 2.6, -1.9, -0.1),
    title="A constant rate wanders about the minimum, a falling one closes in",
)

# %% [markdown]
# ## 4. In steps, and with restarts
#
# **Staircase decay** holds the rate for a while and then drops it at once: multiply by `drop` after every `every` epochs.
# From 0.8 with a drop of 0.5 every 3 epochs:
#
# | epoch | 0 | 1 | 2 | 3 | 4 | 5 | 6 |
# |---|---|---|---|---|---|---|---|
# | drops so far | 0 | 0 | 0 | 1 | 1 | 1 | 2 |
# | rate | 0.8 | 0.8 | 0.8 | 0.4 | 0.4 | 0.4 | 0.2 |
#
# The number of drops is how many *whole* times `every` fits into the epochs that are done.
# People set such drops by watching: whenever the curve has been flat for a while.
#
# ### Exercise 5: `staircase_decay` (3 points)
# `epoch` is an `int` of 0 or more, `every` an `int` of 1 or more, and `drop` the number above 0 that the rate is multiplied by, so 0.1 leaves a tenth.
# Return a number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "staircase_decay", "locked": false, "solution": true, "task": false}
def staircase_decay(lr0, epoch, drop, every):
    """The learning rate lr0, multiplied by drop after every `every` epochs; epochs count from 0."""
    ### BEGIN SOLUTION
    return lr0 * drop ** (epoch // every)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_staircase_decay", "locked": true, "points": 3, "solution": false, "task": false}
check(staircase_decay)

# %% [markdown]
# **Cosine decay with restarts**, of Loshchilov & Hutter (2017), falls from $\alpha_{\max}$ to $\alpha_{\min}$ along half a wave of the cosine, and then jumps back to $\alpha_{\max}$ and falls again.
# Let $s$ be the step (or the epoch) and $P$ the length of a period, and let
#
# $$u = \frac{s \bmod P}{P}$$
#
# be the share of the present period that is over, from 0 up to just below 1.
# Then
#
# $$\alpha_s = \alpha_{\min} + \tfrac12 \, (\alpha_{\max} - \alpha_{\min}) \, (1 + \cos \pi u)$$
#
# **By hand**, from 1.0 to 0.2 with a period of 4.
# Step 0: $u = 0$, the cosine is 1, the rate $0.2 + \frac12 \cdot 0.8 \cdot 2 = 1.0$.
# Step 2: $u = \frac12$, the cosine is 0, the rate $0.2 + 0.4 = 0.6$, half-way.
# Step 3: $u = \frac34$, the cosine is $-0.707$, the rate $0.2 + 0.4 \cdot 0.293 = 0.317$.
# Step 4: a new period, $u = 0$ again, and the rate is back at 1.0.
# (So $\alpha_{\min}$ itself is approached and never quite reached.)
#
# Why go back up?
# The large rate throws the net out of the valley it has settled in, and it may settle in a better one; and the net at the end of each period is a usable net, so one training run yields several, whose answers can be averaged (notebook 13).
#
# ### Exercise 6: `cosine_restarts` (4 points)
# `step` is an `int` of 0 or more, counted from 0 over the whole run; `period` is an `int` of 1 or more, the same for all periods.
# Return a number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "cosine_restarts", "locked": false, "solution": true, "task": false}
def cosine_restarts(lr_max, lr_min, step, period):
    """Fall from lr_max towards lr_min along half a cosine, and start again every `period` steps."""
    ### BEGIN SOLUTION
    done = (step % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_cosine_restarts", "locked": true, "points": 4, "solution": false, "task": false}
check(cosine_restarts)

# %% [markdown]
# All of them over 30 epochs, drawn by calling your functions:

# %%
schedules = {
    "constant": lambda epoch: 0.5,
    "inverse time": lambda epoch: inverse_time_decay(0.5, epoch, 0.5),
    "exponential": lambda epoch: exponential_decay(0.5, epoch, 0.9),
    "square root": lambda epoch: sqrt_decay(0.5, epoch + 1, 1.0),
    "staircase": lambda epoch: staircase_decay(0.5, epoch, 0.3, 10),
    "cosine, restarts": lambda epoch: cosine_restarts(0.5, 0.0, epoch, 10),
}
plots.schedules(schedules, epochs=30)

# %% [markdown]
# Now the digits, with a difficulty that real data sets have: a tenth of the labels is replaced by random ones.
# No step can please all examples then, so the noise of the batches does not fade, and a constant rate shows its weakness.
# (On clean digits this net fits every single example, all gradients fade at the end, and even a constant rate comes to rest.)

# %%
spoiler = np.random.default_rng(2)
noisy_y = y.copy()
spoiled = spoiler.random(len(y)) < 0.1
noisy_y[spoiled] = spoiler.integers(10, size=spoiled.sum())

curves = {}
for name, rate_at in {"constant, a 20th": lambda epoch: 0.025, **schedules}.items():
    costs, network = train(rate_at, y=noisy_y, epochs=30, batch_size=16)
    curves[name] = costs
    print(
        f"{name:17s} cost of the last five epochs: {np.min(costs[-5:]):.3f} to {np.max(costs[-5:]):.3f}, "
        f"true labels found at the end: {network.evaluate(X, y)[1]:.1%}"
    )

# %%
plots.loss_curves(
    curves, title="Falling rates end lower and calmer", ylabel="cost over all examples (nats)", top=1.0
)

# %% [markdown]
# The constant rate of 0.5 gets down quickly and then jumps up and down.
# The constant small rate is calm, and has not got far in 30 epochs.
# The falling rates have both, speed at first and calm later, and they find more of the *true* labels than either.
# The cosine jumps up at epochs 10 and 20, as it should, and ends lower after each restart.
#
# A note on counting that costs people evenings: here the schedule was asked once an *epoch*.
# Frameworks let you ask at every *step*, and then the same constants mean something else entirely.
#
# ### Question 2 (2 points)
# A classmate's loop calls `exponential_decay(0.2, step, 0.95)` with the number of the *step*, which runs on through the whole training.
# An epoch of theirs has 500 steps.
# What is the rate after one epoch, roughly?
# What will the cost curve look like, and which base would have given the intended decay, 0.95 per epoch?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_steps", "locked": false, "points": 2, "solution": true, "task": false}
# $0.95^{500} \approx 7 \cdot 10^{-12}$, so after one epoch the rate is about $10^{-12}$: nothing.
# The cost falls during the first hundred steps or so and is then flat forever, at whatever height it has reached; it looks as if the net had converged, or as if the rate were too low, which it is.
# The right base for steps is the 500th root, $0.95^{1/500} \approx 0.9999$ (or pass `step / 500`, the epoch as a fraction).
#
# *Marking: half a point for a rate that is practically zero, half a point for a curve that freezes early, 1 point for $0.95^{1/500}$ or for step / 500.*

# %% [markdown]
# ## 5. The cliff
#
# A schedule decides about the rate; the other half of a step is the gradient.
# In deep nets, and above all in nets that apply the same weights many times over, the cost has **cliffs**: nearly flat ground, and then a wall.
# On the wall the gradient is enormous.
# It points the right way, away from the wall, but the step is the rate times an enormous length and lands far out, where everything learnt so far is void.
#
# The gradient tells a *direction* reliably; its *length* only says how steep it is right here, not how far this holds.
# So keep the direction and limit the length: **gradient clipping**.
#
# ### By value
# The simplest way limits each entry on its own: whatever is below `low` becomes `low`, whatever is above `high` becomes `high`, and everything between stays.
# With $g = (30, -4)$ and limits $-5$ and $5$: $(5, -4)$.
# The long first entry is cut down and the second is not, so the step, which pointed almost along the first axis, is now nearly diagonal.
#
# ### Exercise 7: `clip_by_value` (3 points)
# - `g` is an array of any shape; return a new array of the same shape.
# - `low` is at most `high`; they need not be symmetric about zero, nor lie on both sides of it.
# - Gradients usually hold floats, but do not rely on it: an array of integers with limits such as $-2.5$ must not lose their fractions.
# - `nan` stays `nan`: clipping must not hide that something has gone wrong.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "clip_by_value", "locked": false, "solution": true, "task": false}
def clip_by_value(g, low, high):
    """Limit every entry of the array g to the range from low to high."""
    ### BEGIN SOLUTION
    return np.clip(g, low, high)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_clip_by_value", "locked": true, "points": 3, "solution": false, "task": false}
check(clip_by_value)

# %% [markdown]
# ### By norm
# The length of a gradient is its **norm**, the root of the sum of the squares of *all* its entries, whatever its shape:
#
# $$\lVert g \rVert = \sqrt{\textstyle\sum_i g_i^2}$$
#
# If it is above the threshold $\theta$, scale the whole gradient so that its length becomes $\theta$; otherwise change nothing:
#
# $$g \leftarrow \frac{\theta}{\lVert g \rVert} \, g \quad \text{if } \lVert g \rVert > \theta$$
#
# **By hand**: $g = (3, -4)$ has the norm $\sqrt{9 + 16} = 5$.
# With $\theta = 10$ it stays $(3, -4)$.
# With $\theta = 1$ it becomes $\frac15 (3, -4) = (0.6, -0.8)$, of length 1, in the same direction.
#
# Two traps.
# The threshold is for the *norm*, 5, and not for the sum of squares, 25.
# And a gradient may be all zeros: its norm is 0, there is nothing to clip, and $0/0$ must not turn it into `nan`.
#
# ### Exercise 8: `clip_by_norm` (5 points)
# - `g` is an array of any shape, with one norm for all of it; `threshold` is above 0; return a new array of the same shape.
# - A norm of exactly the threshold, or below, changes nothing, and zeros stay zeros.
# - The array may hold integers; the result must not cut off their fractions.
# - If `g` holds `nan` or `inf`, its direction is lost. What you return then is up to you, as long as it still holds an entry that is not finite, so that the fault is seen.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "clip_by_norm", "locked": false, "solution": true, "task": false}
def clip_by_norm(g, threshold):
    """Scale the array g down to the norm `threshold` if its norm is larger."""
    ### BEGIN SOLUTION
    norm = np.sqrt(np.sum(g**2))
    return g * (threshold / np.maximum(norm, threshold))  # the factor is 1 for every norm up to the threshold
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_clip_by_norm", "locked": true, "points": 5, "solution": false, "task": false}
check(clip_by_norm)

# %% [markdown]
# By norm keeps the direction, by value does not, in numbers:


# %%
def angle(a, b):
    """Angle between two gradients of any (equal) shape, in degrees."""
    cosine = np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b))
    return math.degrees(math.acos(min(1.0, cosine)))


for g in (np.array([30.0, -4.0]), np.array([3.0, -4.0])):
    for name, clipped in {"value": clip_by_value(g, -5, 5), "norm": clip_by_norm(g, 5)}.items():
        length = np.sqrt(np.sum(clipped**2))
        print(f"{g} by {name:5s}: {clipped.round(3)}, length {length:.2f}, turned by {angle(g, clipped):4.1f} degrees")

# %% [markdown]
# The second gradient was short enough, and neither way changed it.
#
# What the turn means for descent, in a long valley that is twenty times steeper across than along:

# %%
clippings = {
    "by value, -0.3 to 0.3": lambda g: clip_by_value(g, -0.3, 0.3),
    "by norm, 0.3": lambda g: clip_by_norm(g, 0.3),
}
valley_paths = {}
for name, clipped in clippings.items():
    path = [np.array([-9.0, 2.0])]
    for _ in range(24):
        path.append(path[-1] - 0.4 * clipped(ravine(path[-1])[1]))
    valley_paths[name] = np.array(path)
plots.descent_paths(
    ravine,
    valley_paths,
    (-10.0, 1.0, -1.5, 2.5),
    title="By value goes diagonally, by norm straight down the steepest way",
)

# %% [markdown]
# By value, both entries are at their limit, so the step is diagonal whatever the true gradient says: it takes as much of the flat direction as of the steep one.
# That can even be of use (here it makes headway along the valley), but it is not the direction that you computed.
#
# Now the cliff: a gentle bowl around the origin and a wall of height 10 at $w_1 = 0.5$, with a gradient of about 50 on it.
# Both runs start on top, at $(1, 1.5)$, with the rate 0.1.

# %% tags=["remembered"]
cliff_paths = {}
for name, clipped in {"without clipping": lambda g: g, "clipped to norm 1": lambda g: clip_by_norm(g, 1.0)}.items():
    path = [np.array([1.0, 1.5])]
    for _ in range(60):
        path.append(path[-1] - 0.1 * clipped(cliff(path[-1])[1]))
    cliff_paths[name] = np.array(path)
    longest = np.sqrt((np.diff(path, axis=0) ** 2).sum(axis=1)).max()
    print(f"{name:17s} longest step {longest:.2f}, cost after 60 steps {cliff(path[-1])[0]:.3f}")

window = (-5.0, 1.5, -0.5, 2.0)
plots.cliff_with_and_without_clipping(cliff, *cliff_paths.values(), window)

# %% [markdown]
# The same in motion (press play):

# %%
plots.animate_on_surfaces(
    dict.fromkeys(cliff_paths, (cliff, window)),
    {name: {"descent with rate 0.1": path} for name, path in cliff_paths.items()},
    title="Down the cliff, with and without clipping",
)

# %% [markdown]
# On the flat top and at the foot the gradient is below the threshold, and both runs take the same steps.
# Only on the wall do they differ: one lands five units away and has to walk back, the other goes over the edge in steps of at most $0.1 \cdot 1$.
# Pascanu et al. (2013) drew this cliff to explain why nets that apply the same weights many times over would not train, and clipped by norm.
#
# ### Now you
# Which thresholds do any good here? What does a very small one cost?

# %%
def clipped_down(threshold):
    """Sixty steps down the cliff with gradients clipped to this norm."""
    path = [np.array([1.0, 1.5])]
    for _ in range(60):
        path.append(path[-1] - 0.1 * clip_by_norm(cliff(path[-1])[1], threshold))
    print(f"cost after 60 steps: {cliff(path[-1])[0]:.3f}")
    return plots.descent_paths(cliff, {f"clipped to {threshold:.2g}": np.array(path)}, window, title="")


explore(clipped_down, threshold=(0.1, 100.0, 1.0))

# %% [markdown]
# <details><summary>What you should see</summary>
# Above 50, the gradient on the wall, nothing is clipped. Between 1 and 10 the wall is passed unharmed. At 0.1 every step is clipped, on flat ground too, and 60 steps are not enough.
# </details>
#
# ## 6. One norm for all parameters
#
# A net has many gradients, one for each weight matrix and each bias vector.
# Together they are *one* vector, the gradient with respect to all parameters, and its direction is what counts.
# If each array is clipped on its own, the long ones shrink and the short ones do not, and the whole has turned: the fault of clipping by value, only coarser.
#
# Clipping by **global norm** takes the norm of everything together and scales all arrays by the *same* factor:
#
# $$\lVert g \rVert = \sqrt{\textstyle\sum_{\text{arrays}} \sum_i g_i^2}, \qquad
# \text{every array} \leftarrow \frac{\theta}{\lVert g \rVert} \cdot \text{array} \quad \text{if } \lVert g \rVert > \theta$$
#
# **By hand**: the arrays $(3, 4)$ and $(12)$ have the norms 5 and 12, and the global norm is $\sqrt{9 + 16 + 144} = 13$, not $5 + 12 = 17$.
# For $\theta = 6.5$ everything is halved: $(1.5, 2)$ and $(6)$.
# Note that $(3, 4)$ is halved too, though its own norm is below the threshold.
# Clipped one by one they would become $(3, 4)$ and $(6.5)$.
#
# ### Exercise 9: `clip_by_global_norm` (7 points)
# - `grads` is a list, a tuple or a dict (by name) of arrays of any shapes; `threshold` is above 0.
# - Return new arrays in the same arrangement: a dict with the same names for a dict, a list (or tuple) in the same order otherwise. Only the gradients, not the norm.
# - As before: a global norm up to the threshold changes nothing, zeros stay zeros, integers keep their fractions, and `nan` or `inf` must not vanish.
# - Neither `grads` nor any array in it may change.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "clip_by_global_norm", "locked": false, "solution": true, "task": false}
def clip_by_global_norm(grads, threshold):
    """Scale all gradients by one factor, so that the norm of all of them together is at most `threshold`."""
    ### BEGIN SOLUTION
    by_name = isinstance(grads, dict)
    arrays = grads.values() if by_name else grads
    norm = np.sqrt(sum(np.sum(g**2) for g in arrays))
    scale = threshold / np.maximum(norm, threshold)
    if by_name:
        return {name: g * scale for name, g in grads.items()}
    return [g * scale for g in grads]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_clip_by_global_norm", "locked": true, "points": 7, "solution": false, "task": false}
check(clip_by_global_norm)

# %% [markdown]
# How far do the three ways turn a real gradient?
# Here is that of the digits' net before training, clipped by global norm, array by array, and by value, with limits that leave about the same length:

# %%
network = Network([Affine(64, 32), ReLU(), Affine(32, 10)], np.random.default_rng(1))
network.loss_and_grad(X[:64], y[:64])
raw = {name: dw.copy() for name, dw in network.grads.items()}


def in_one_row(grads):
    return np.concatenate([np.ravel(dw) for dw in grads.values()])


for name, dw in raw.items():
    print(f"gradient of {name}: norm {np.linalg.norm(dw):.3f}")
for name, clipped in {
    "by global norm 0.25": clip_by_global_norm(raw, 0.25),
    "array by array, 0.125": {name: clip_by_norm(dw, 0.125) for name, dw in raw.items()},
    "by value, 0.0077": {name: clip_by_value(dw, -0.0077, 0.0077) for name, dw in raw.items()},
}.items():
    row = in_one_row(clipped)
    print(f"{name:22s} length {np.linalg.norm(row):.3f}, turned by {angle(in_one_row(raw), row):5.2f} degrees")

# %% [markdown]
# ## 7. A net that explodes
#
# Here is a net made for trouble: it reads a digit as a sequence, four pixels at a time in 16 steps, and applies the *same* matrix $W$ at each:
#
# $$h_t = \text{ReLU}(x_t U + h_{t-1} W + b)$$
#
# The gradient goes back through $W$ 16 times.
# If $W$ stretches by 1.2, that is a factor of up to $1.2^{16} \approx 18$, and if training makes it 2, up to $2^{16} = 65{,}536$.
# You need not follow the backward pass; what counts is that your `clip_by_global_norm` stands between the gradient and the step, and your `has_exploded` on watch.


# %%
def reader_cost_and_gradients(params, X, y, steps=16):
    """Mean cost of the sequence reader on a batch, and its gradients by name."""
    pieces = X.reshape(len(X), steps, -1)
    states = [np.zeros((len(X), len(params["W"])))]
    for t in range(steps):
        states.append(np.maximum(pieces[:, t] @ params["U"] + states[-1] @ params["W"] + params["b"], 0))
    scores = states[-1] @ params["V"] + params["c"]
    scores = scores - scores.max(axis=1, keepdims=True)
    probs = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    cost = -np.mean(scores[rows, y] - np.log(np.exp(scores).sum(axis=1)))
    probs[rows, y] -= 1
    dscores = probs / len(y)
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    grads["V"], grads["c"] = states[-1].T @ dscores, dscores.sum(axis=0)
    dh = dscores @ params["V"].T
    for t in range(steps - 1, -1, -1):
        dz = dh * (states[t + 1] > 0)
        grads["U"] += pieces[:, t].T @ dz
        grads["W"] += states[t].T @ dz
        grads["b"] += dz.sum(axis=0)
        dh = dz @ params["W"].T
    return cost, grads


def train_reader(threshold, lr=0.3, epochs=10, hidden=32):
    """Train the reader; returns the cost and the gradient's norm at each step."""
    rng = np.random.default_rng(4)
    params = {
        "U": rng.normal(size=(4, hidden)) / 2,
        "W": 1.2 * np.linalg.qr(rng.normal(size=(hidden, hidden)))[0],  # stretches every vector by 1.2
        "b": np.zeros(hidden),
        "V": rng.normal(size=(hidden, 10)) / math.sqrt(hidden),
        "c": np.zeros(10),
    }
    costs, norms = [], []
    for _ in range(epochs):
        for X_batch, y_batch in random_minibatches(X, y, 64, rng):
            cost, grads = reader_cost_and_gradients(params, X_batch, y_batch)
            costs.append(cost)
            norms.append(np.linalg.norm(in_one_row(grads)))
            if has_exploded(costs):
                return costs, norms
            if threshold is not None:
                grads = clip_by_global_norm(grads, threshold)
            params = {name: params[name] - lr * grads[name] for name in params}
    return costs, norms


readers = {}
with np.errstate(all="ignore"):  # numbers are going to overflow here
    for name, threshold in {"without clipping": None, "clipped to global norm 1": 1.0}.items():
        costs, norms = train_reader(threshold)
        readers[name] = costs
        print(f"{name}: exploded {has_exploded(costs)}, {len(costs)} steps, last cost {costs[-1]:.3g}")
        print(f"    gradients: the longest {np.nanmax(norms):.3g}, above 1 in {np.mean(np.array(norms) > 1):.0%} of the steps")

# %%
plots.loss_curves(
    readers,
    title="The same net, the same rate, the same batches",
    xlabel="step",
    ylabel="cost of the batch (nats)",
    smooth=10,
    top=4.0,
)

# %% [markdown]
# Without clipping the run is lost within a few steps.
# With it, the gradient still becomes long at times, but no step is longer than $0.3 \cdot 1$, and the net learns.
#
# How to choose the threshold: watch the global norm over a few hundred steps of healthy training and take a value that is seldom passed, or start with 1.
# If nearly *every* step is clipped, as here, the step length is in truth set by $\alpha \theta$; then the learning rate deserves a second look.
#
# What clipping cannot do: it does not make vanishing gradients longer. (Had $W$ shrunk by 0.5, the first pieces of the digit would reach the gradient with $0.5^{16} \approx 0.000015$: such a net learns from the last pieces alone, and the cure is another architecture, Hochreiter & Schmidhuber (1997).) It does not fix a wrong gradient either, and a `nan` stays a `nan`.
#
# ### Question 3 (2 points)
# A classmate clips array by array with a threshold of 1, because "that is even safer: no gradient can be longer than 1".
# The gradient of their first layer has the norm 40, that of the last layer 0.5.
# By what factor is each layer's step changed, and what does that do to the direction of the whole step?
# What happens with a global norm of 1 instead?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_global", "locked": false, "points": 2, "solution": true, "task": false}
# Array by array, the first layer's step shrinks to a fortieth and the last layer's stays as it is: the ratio between them was 80 to 1 and is now 2 to 1.
# The whole step no longer points along the gradient: it still goes down, but no longer the steepest way.
# (Nor is the length limited to 1: with $n$ arrays it can be $\sqrt n$.)
# With the global norm, $\sqrt{40^2 + 0.5^2} \approx 40$, both are divided by about 40: the length is 1, the ratio stays 80 to 1, and so does the direction.
#
# *Marking: half a point for the two factors (1/40 and 1), half a point for the changed direction or ratio, 1 point for one common factor of about 1/40 that keeps it.*

# %% [markdown]
# ## 8. What the frameworks call it
#
# Schedules are in `torch.optim.lr_scheduler` and `keras.optimizers.schedules`, clipping is in `torch.nn.utils` and among the arguments of every Keras optimizer.
#
# | here | PyTorch | Keras |
# |---|---|---|
# | `inverse_time_decay` | `LambdaLR` with your formula | `InverseTimeDecay` |
# | `exponential_decay` | `ExponentialLR(gamma=base)` | `ExponentialDecay` |
# | `sqrt_decay` | `LambdaLR` with your formula | a `LearningRateSchedule` of your own |
# | `staircase_decay` | `StepLR(step_size=every, gamma=drop)` | `ExponentialDecay(staircase=True)` |
# | `cosine_restarts` | `CosineAnnealingWarmRestarts(T_0=period, eta_min=lr_min)` | `CosineDecayRestarts(t_mul=1.0)` |
# | `clip_by_value` | `clip_grad_value_` | `clipvalue=` |
# | `clip_by_norm`, each array on its own | (call it array by array) | `clipnorm=` |
# | `clip_by_global_norm` | `clip_grad_norm_` | `global_clipnorm=` |
# | `has_exploded` | (your own line in the loop) | `keras.callbacks.TerminateOnNaN`, for what is not finite |
#
# - PyTorch's `clip_grad_norm_` takes the norm of *all* parameters together, though its name does not say so; Keras's `clipnorm` takes each array's own.
# - The underscore at the end says that PyTorch changes the gradients in place. Call it after `backward()` and before `step()`.
# - A PyTorch scheduler counts your calls of `scheduler.step()`, once an epoch or once a step as you like; a Keras schedule is always asked with the number of *steps*, and `decay_steps` says how many make one unit of decay.
# - Old Keras code has `SGD(decay=1e-6)`: inverse time decay by the *step*, $\alpha_0/(1 + 10^{-6} k)$ after $k$ mini-batches. A square root, too, may count mini-batches instead of epochs; `k` is another one then.
# - Keras's `PolynomialDecay` is not the square root above but a power of the time that is left.
# - By default `CosineDecayRestarts` doubles its period at each restart; `t_mul=1.0` keeps it.
#
# ## Stretch
# No points: a schedule of your own for 15 epochs of `train`, such that the *worst* of five runs with other batches is as good as you can make it.
# A constant 0.2 and one falling cosine are printed; the cosine's worst is the number to beat.

# %%
for name, rate_at in (("constant 0.2", lambda epoch: 0.2), ("one cosine", lambda epoch: cosine_restarts(0.2, 0.0, epoch, 15))):
    ends = [train(rate_at, seed=seed)[0][-1] for seed in range(2, 7)]
    print(f"{name:12s}  best {min(ends):.3f}   worst {max(ends):.3f}")

# %% [markdown]
# ## What to take away
# - A cost that stays at its start: raise the rate. A cost that takes off: lower it. A cost that jitters at one height: let it decay.
# - `nan` is neither above nor below anything; look for it on purpose.
# - Batch noise does not fade, so the rate must. Know whether your schedule counts from 0 or 1, and epochs or steps.
# - Trust a gradient's direction more than its length: clip by norm, and by the *global* norm for a whole net.
# - Below the threshold nothing changes; clipping is a seat belt, not a brake.
#
# Next: notebook 09 keeps the net from learning the training set by heart.

# %%
progress()
