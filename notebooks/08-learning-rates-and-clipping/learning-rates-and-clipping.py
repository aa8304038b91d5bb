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

from nnlib import (
    Affine, Network, ReLU, affine_backward, affine_forward, classic_momentum_step,
    cliff, explore, he_normal, load_digits, load_wine, plots, random_minibatches,
    ravine, relu, relu_backward, softmax_cross_entropy, standardize_apply,
    standardize_fit,
)
from nnlib.checks import check, hint, progress  # stuck? hint(clip_by_norm)

# %%
thrown = [np.array([1.0, 1.5])]
for _ in range(60):
    thrown.append(thrown[-1] - 0.1 * cliff(thrown[-1])[1])
plots.descent_paths(
    cliff, {"plain descent": np.array(thrown)}, (-5.0, 1.5, -0.5, 2.0), title="Down a cliff",
    minimum=(0, 0), legend="lower left",
)

# %% [markdown]
# The dark ground on the right is high, the wall is where the contours crowd. In numbers:

# %%
lengths = np.linalg.norm(np.diff(thrown, axis=0), axis=1)
far = np.linalg.norm(thrown, axis=1)
print(
    f"median step {np.median(lengths):.3f}, the longest {lengths.max():.1f}: "
    f"step {lengths.argmax() + 1}"
)
print(
    f"distance to the minimum: {far[0]:.2f} at the start, {far[10]:.2f} before that step, "
    f"{far[11]:.2f} after it"
)

# %% [markdown]
# A smaller rate would make that step shorter, and all the others too.
# This notebook is about two better answers: a rate that falls over time, and a limit on any single gradient.
#
# **When you are done, you can**
# - tell from a cost history whether a rate was too low, right or too high, and let a program notice an explosion;
# - write the usual schedules, and say where their epochs begin to count;
# - explain why a constant rate never comes to rest, and what a restart is good for;
# - clip a gradient by value, by norm and by global norm, and know which of them keep its direction;
# - train a net with all of it: momentum, a schedule, clipping and a watch.
#
# **You need** mini-batches (notebook 06), momentum (07), and NumPy's arithmetic on arrays and dicts of arrays.
#
# **Time**: about 110 minutes for ten functions and three written answers; 40 points, 7 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(clip_by_norm)` in a cell of your own, up to three times.
#
# House conventions: a cost is a mean over its batch; a gradient has the shape of its parameter; functions return new arrays and leave their inputs as they were.

# %% [markdown]
# ## 1. When is a run lost?
#
# If a step lands higher up on the other side of the valley, the next gradient is larger, and so is the next step: the cost **explodes**.
# Soon it is `inf`, and as `inf - inf` and `0 * inf` are `nan`, the rest of the run is `nan`.
# You do not want to find that out in the morning, so training loops watch for it.
#
# A rule of thumb: a run is lost if any cost so far
# - is **not finite**: `nan`, `inf` or `-inf`; or
# - is **more than** `factor` times the *first* cost, with a `factor` of 3 unless told otherwise.
#
# The costs 2.0, 5.9, 1.0 are fine: a bad start, but 5.9 is below 6.
# The costs 2.0, 6.1, 1.0 have exploded, healthy though the last one looks: what was learnt before the jump is gone.
# Exactly 6.0 is not *more* than three times 2.0.
# (Costs here are positive; for one that may be negative, three times the first means nothing.)
#
# Beware how `nan` compares: `nan > 6` is `False`, and so is `nan <= 6`.
# A test that only looks for large numbers sleeps through it.
#
# ### Exercise 1: `has_exploded` (4 points)
# - `costs` is a list or an array `(T,)` of numbers, one per step (or epoch) from the start of the run.
# - Return `True` or `False`. An empty history has not exploded: training has not begun.
# - A first cost that is not finite is an explosion like any other; `costs` itself stays as it is.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "has_exploded", "locked": false, "solution": true, "task": false}
def has_exploded(costs, factor=3.0):
    """Whether any cost is not finite, or more than factor times the first."""
    ### BEGIN SOLUTION
    # of no costs, none has
    return any(not math.isfinite(cost) or cost > factor * costs[0] for cost in costs)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_has_exploded", "locked": true, "points": 4, "solution": false, "task": false}
check(has_exploded)

# %%
for costs in (
    [2.0, 5.9, 1.0], [2.0, 6.0, 1.0], [2.0, 6.1, 1.0], [2.0, math.nan, 1.0], [math.inf, 1.0, 0.5]
):
    print(f"{costs!s:17} exploded: {has_exploded(costs)}")

# %% [markdown]
# ## 2. Too low, right, too high
#
# A net with one hidden layer on the digits.
# `train` takes a function that gives the rate for each epoch, here a constant, and stops as soon as your `has_exploded` says so.


# %%
X, y = load_digits()


def train(rate_at, y=y, epochs=15, batch_size=32, hidden=32, seed=2):
    """Train 64-hidden-10 by plain descent with the rate rate_at(epoch), epochs from 0.

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
for lr, name in [
    (0.001, "far too low"), (0.02, "low"), (0.2, "right"), (3.0, "too high"),
    (30.0, "far too high"),
]:
    costs, network = train(lambda epoch, lr=lr: lr)
    curves[f"{lr:g}: {name}"] = costs
    hidden = np.maximum(X @ network.params["0.W"] + network.params["0.b"], 0)
    print(
        f"rate {lr:6g}: cost {costs[0]:.2f} -> {costs[-1]:6.3f} after {len(costs) - 1:2d} epochs, "
        f"exploded: {has_exploded(costs)!s:5}, live units: {(hidden.max(axis=0) > 0).sum():2d}"
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
# - **Nearly a straight line** that has hardly left its start: far too low. Nothing is broken; it would take nearly two hundred times as long as 0.2.
# - **Down quickly, then slowly further down**, here with jumps (see below): about right.
# - **Around $\ln 10 = 2.303$ from early on**: chance. A step was so large that it pushed every hidden unit to where ReLU is flat, for every image, and without a gradient none comes back. (A live unit is one that answers to some digit.) The cost of 2.39 is below the first, so `has_exploded` rightly says no.
# - **Up and away**: far too high. The run was stopped after one epoch.
#
# How to find a first rate: begin with 0.01, try powers of ten around it for an epoch or two, take the largest that behaves, and go down a little from there.
# Keep a checkpoint now and then: after an explosion you go back to the last one, and on with a smaller rate.
#
# ### Now you
# Between 0.2 and 3 lies the largest rate at which all three runs get below a cost of 0.5 at some time. Find it to within a factor of 2. And what goes wrong after a few epochs even at 0.2?


# %%
def curve_at(rate):
    """Five epochs with a constant rate, three times with other batches."""
    curves = {
        f"run {run}": train(lambda epoch: rate, epochs=5, seed=1 + run)[0] for run in (1, 2, 3)
    }
    return plots.loss_curves(
        curves, title=f"Rate {rate:.3g}", ylabel="cost (nats)", top=4.0,
        level=("chance: ln 10", math.log(10)),
    )


explore(curve_at, rate=(0.01, 10.0, 0.2))

# %% [markdown]
# <details><summary>What you should see</summary>
# At 1 all three get there, at 1.6 none does; between them it is luck. But already at 0.2 the cost jumps at the end of an epoch: its last batch has five examples only, and one bad step undoes many. Take a rate well below the edge, and let it fall.
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
# So with a constant rate the parameters never settle: they wander about the minimum, the wider the larger the rate.
# A small rate wanders less, but takes ages to get there.
# Hence large steps first, small ones later.
# Robbins & Monro (1951) proved that this comes to rest if the rates fall, but not too fast: their sum must be infinite, the sum of their squares finite; of the four below only inverse time meets both.
#
# Four ways to fall, from the starting rate $\alpha_0$ in epoch $t$ (the other letters and words are constants of the schedule, not learning rates):
#
# | schedule | $\alpha_t$ | with $\alpha_0 = 0.2$ | epochs count |
# |---|---|---|---|
# | inverse time | $\alpha_0 / (1 + \text{rate} \cdot t)$ | rate 1: 0.2, 0.1, 0.067, 0.05, 0.04 | from 0 |
# | exponential | $\alpha_0 \cdot \text{base}^{\,t}$ | base 0.95: 0.2, 0.19, 0.1805; half is left after 14 | from 0 |
# | square root | $\alpha_0 \, k / \sqrt{t}$ | $k = 1$: 0.2 in epoch 1, 0.1 in epoch 4, 0.02 in epoch 100 | from 1 |
# | staircase | $\alpha_0 \cdot \text{drop}^{\text{drops so far}}$, one drop after every `every` epochs | drop 0.5, every 3: 0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.05 | from 0 |
#
# The square root falls fast at first and ever more slowly later.
# People set a staircase's drops by watching: whenever the curve has been flat for a while.
#
# **Where does counting begin?** The classic pitfall.
# Here the number that you are given goes into the formula as it is; add or subtract nothing.
# A loop from 0 therefore passes `epoch` to three of them, and `epoch + 1` to the square root.
# The number may be a fraction, except for the staircase: 2.5 is half-way through the epoch that began at 2.
# All arguments are numbers, any of them may be an `int`, and each function returns a number.
#
# ### Exercise 2: `inverse_time_decay` (1 point)
# `epoch` and `rate` are 0 or more.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "inverse_time_decay", "locked": false, "solution": true, "task": false}
def inverse_time_decay(lr0, epoch, rate):
    """The learning rate lr0, divided by 1 + rate * epoch; epochs count from 0."""
    ### BEGIN SOLUTION
    return lr0 / (1 + rate * epoch)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_inverse_time_decay", "locked": true, "points": 1, "solution": false, "task": false}
check(inverse_time_decay)

# %% [markdown]
# ### Exercise 3: `exponential_decay` (1 point)
# `base` is above 0 and at most 1.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "exponential_decay", "locked": false, "solution": true, "task": false}
def exponential_decay(lr0, epoch, base):
    """The learning rate lr0, multiplied by base once for every epoch; epochs count from 0."""
    ### BEGIN SOLUTION
    return lr0 * base**epoch
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_exponential_decay", "locked": true, "points": 1, "solution": false, "task": false}
check(exponential_decay)

# %% [markdown]
# ### Exercise 4: `sqrt_decay` (1 point)
# `epoch` is 1 or more; `k` is above 0, possibly above 1.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "sqrt_decay", "locked": false, "solution": true, "task": false}
def sqrt_decay(lr0, epoch, k):
    """The learning rate lr0 times k over the root of the epoch; epochs count from 1."""
    ### BEGIN SOLUTION
    return lr0 * k / math.sqrt(epoch)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_sqrt_decay", "locked": true, "points": 1, "solution": false, "task": false}
check(sqrt_decay)

# %% [markdown]
# ### Exercise 5: `staircase_decay` (2 points)
# `epoch` is an `int` of 0 or more, `every` an `int` of 1 or more, and `drop` what the rate is multiplied by: 0.1 leaves a tenth.
# The number of drops so far is how many *whole* times `every` fits into the epochs that are done.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "staircase_decay", "locked": false, "solution": true, "task": false}
def staircase_decay(lr0, epoch, drop, every):
    """The learning rate lr0, multiplied by drop after every `every` epochs; epochs count from 0."""
    ### BEGIN SOLUTION
    return lr0 * drop ** (epoch // every)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_staircase_decay", "locked": true, "points": 2, "solution": false, "task": false}
check(staircase_decay)

# %%
print("epoch   inverse time, 1   exponential, 0.95   square root, 1   staircase, 0.5 every 3")
for epoch in (1, 2, 3, 4, 9, 14, 100):
    rates = [inverse_time_decay(0.2, epoch, 1), exponential_decay(0.2, epoch, 0.95)]
    rates += [sqrt_decay(0.2, epoch, 1), staircase_decay(0.2, epoch, 0.5, 3)]
    print(f"{epoch:5d}   {rates[0]:15.4f}   {rates[1]:17.4f}   {rates[2]:14.4f}   {rates[3]:22.4f}")

# %% [markdown]
# See what a falling rate does.
# The model is linear in two features, without a bias. The grey contours are the cost over all 60 examples; every step uses a single one, so it is as noisy as can be.
# Both runs begin with the same rate and meet the same examples in the same order. The picture shows their twentieth epoch.


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
    print(
        f"{name:18s} mean distance to the minimum: {far[:60].mean():.2f} in epoch 1, "
        f"{far[-60:].mean():.3f} in epoch 20"
    )

# %%
plots.descent_paths(
    line_cost,
    {f"{name}, epoch 20": path[-61:] for name, path in paths.items()},
    (0.2, 2.6, -1.9, -0.1),
    title="A constant rate wanders about the minimum, a falling one closes in",
)

# %% [markdown]
# The constant rate still draws a wide tangle about the minimum; the falling one has shrunk to a knot at the minimum.
#
# ## 4. Up again: restarts
#
# **Cosine decay with restarts**, of Loshchilov & Hutter (2017), falls from $\alpha_{\max}$ to $\alpha_{\min}$ along half a wave of the cosine, then jumps back up and falls again.
# With the step (or epoch) $s$ and the length of a period $P$, the share of the present period that is over is $u = (s \bmod P) / P$, from 0 up to just below 1, and
#
# $$\alpha_s = \alpha_{\min} + \tfrac12 \, (\alpha_{\max} - \alpha_{\min}) \, (1 + \cos \pi u)$$
#
# **By hand**, from 1.0 to 0.2 with a period of 4.
# Step 0: the cosine is 1, the rate $0.2 + \frac12 \cdot 0.8 \cdot 2 = 1.0$.
# Step 2: the cosine is 0, the rate 0.6, half-way.
# Step 3: the cosine is $-0.707$, the rate $0.2 + 0.4 \cdot 0.293 = 0.317$.
# Step 4: a new period, back at 1.0. ($\alpha_{\min}$ itself is approached and never quite reached.)
#
# Why go back up?
# The large rate throws the net out of its valley, and it may settle in a better one. And each period ends with a usable net, so one run yields several, whose answers can be averaged (notebook 13).
#
# ### Exercise 6: `cosine_restarts` (3 points)
# `step` is an `int` of 0 or more, counted from 0 over the whole run; `period` is an `int` of 1 or more.
# Return a number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "cosine_restarts", "locked": false, "solution": true, "task": false}
def cosine_restarts(lr_max, lr_min, step, period):
    """Fall from lr_max towards lr_min along half a cosine, and start again every `period` steps."""
    ### BEGIN SOLUTION
    done = (step % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_cosine_restarts", "locked": true, "points": 3, "solution": false, "task": false}
check(cosine_restarts)

# %% [markdown]
# All your schedules over 30 epochs:

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
# Now the digits, with a tenth of the labels replaced by random ones.
# No step can please all examples then, so the noise of the batches does not fade.
# (On clean digits this net fits every example, all gradients fade, and in the end, after some fifty epochs or more, even a constant rate comes to rest.)

# %%
spoiler = np.random.default_rng(2)
noisy_y = y.copy()
spoiled = spoiler.random(len(y)) < 0.1
noisy_y[spoiled] = spoiler.integers(10, size=spoiled.sum())

curves = {}
for name, rate_at in schedules.items():
    costs, network = train(rate_at, y=noisy_y, epochs=30, batch_size=16)
    curves[name] = costs
    print(
        f"{name:17s} last five costs: "
        f"{np.min(costs[-5:]):.3f} to {np.max(costs[-5:]):.3f}, "
        f"true labels found: {network.evaluate(X, y)[1]:.1%}"
    )

# %%
plots.curves_apart(
    curves, "Falling rates end calmer, and most of them lower (grey: the others)",
    ylabel="cost over all examples (nats)", top=1.0,
)

# %% [markdown]
# The constant rate gets down quickly and then jumps up and down. The falling ones have both, speed at first and calm later, and find more of the *true* labels.
# The cosine jumps up at epochs 10 and 20, as it should, and ends lower after each restart.
#
# Here the schedule was asked once per *epoch*.
# Frameworks also let you ask at every *step*, and then the same constants mean something else entirely.
#
# ### Question 2 (2 points)
# A classmate's loop calls `exponential_decay(0.2, step, 0.95)` with the number of the *step*, which runs on through the whole training.
# An epoch of theirs has 500 steps.
# What is the rate after one epoch, roughly?
# What will the cost curve look like, and which base (or which number in the place of `step`) would have given the intended decay, 0.95 per epoch?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_steps", "locked": false, "points": 2, "solution": true, "task": false}
# $0.95^{500} \approx 7 \cdot 10^{-12}$, so after one epoch the rate is about $10^{-12}$: nothing.
# The cost falls during the first hundred steps or so and is then flat forever, at whatever height it has reached; it looks as if the net had converged, or as if the rate were too low, which it is.
# The right base for steps is the 500th root, $0.95^{1/500} \approx 0.9999$ (or pass `step / 500`, the epoch as a fraction).
#
# *Marking: half a point for a rate that is practically zero, half a point for a curve that freezes early, 1 point for $0.95^{1/500}$ or for step / 500.*

# %% [markdown]
# ## 5. The cliff
#
# The other half of a step is the gradient.
# In deep nets, and above all in nets that apply the same weights many times over, the cost has **cliffs**: nearly flat ground, then a wall.
# On the wall the gradient points the right way, but the step is the rate times an enormous length and lands far out, where all that was learnt is void.
#
# The gradient tells a *direction* reliably; its *length* only says how steep it is right here, not how far this holds.
# So limit the length: **gradient clipping**.
#
# ### By value
# The simplest way limits each entry on its own: below `low` becomes `low`, above `high` becomes `high`, everything between stays.
# With $g = (15, -4)$ and limits $-5$ and $5$: $(5, -4)$.
# The step pointed almost along the first axis and is now nearly diagonal.
#
# ### Exercise 7: `clip_by_value` (2 points)
# - `g` is an array of any shape, which stays as it is; return an array of the same shape.
# - `low` is at most `high`; they need not be symmetric about zero, nor lie on both sides of it.
# - `g` may hold integers; limits such as $-2.5$ must keep their fractions all the same.
# - `nan` stays `nan`: clipping must not hide that something has gone wrong.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "clip_by_value", "locked": false, "solution": true, "task": false}
def clip_by_value(g, low, high):
    """Limit every entry of the array g to the range from low to high."""
    ### BEGIN SOLUTION
    return np.clip(g, low, high)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_clip_by_value", "locked": true, "points": 2, "solution": false, "task": false}
check(clip_by_value)

# %% [markdown]
# ### By norm
# The length of a gradient is its **norm**, the root of the sum of the squares of *all* its entries, whatever its shape: $\lVert g \rVert = \sqrt{\sum_i g_i^2}$.
# If it is above the threshold $\theta$, scale the whole gradient to that length; otherwise change nothing:
#
# $$g \leftarrow \frac{\theta}{\lVert g \rVert} \, g \quad \text{if } \lVert g \rVert > \theta$$
#
# **By hand**: $g = (3, -4)$ has the norm 5.
# With $\theta = 10$ it stays $(3, -4)$; with $\theta = 1$ it becomes $\frac15 (3, -4) = (0.6, -0.8)$, of length 1, in the same direction.
#
# Two traps: the threshold is for the *norm*, 5, not for the sum of squares, 25.
# And a gradient may be all zeros: there is nothing to clip, and $0/0$ must not turn it into `nan`.
#
# ### Exercise 8: `clip_by_norm` (4 points)
# - `g` is an array of any shape, with one norm for all of it; `threshold` is above 0; return an array of the same shape, and leave `g` as it is.
# - A norm of exactly the threshold, or below, changes nothing, and zeros stay zeros.
# - The array may hold integers; the result holds floats and is not cut off to integers.
# - If `g` holds `nan` or `inf`, its direction is lost. What you return then is up to you, as long as some entry is still not finite, so that the fault is seen.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "clip_by_norm", "locked": false, "solution": true, "task": false}
def clip_by_norm(g, threshold):
    """Scale the array g down to the norm `threshold` if its norm is larger."""
    ### BEGIN SOLUTION
    norm = np.sqrt(np.sum(g**2))
    # the factor is 1 for every norm up to the threshold
    return g * (threshold / np.maximum(norm, threshold))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_clip_by_norm", "locked": true, "points": 4, "solution": false, "task": false}
check(clip_by_norm)


# %%
def angle(a, b):
    """Angle between two gradients of any (equal) shape, in degrees."""
    cosine = np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b))
    return math.degrees(math.acos(min(1.0, cosine)))


arrows = np.array([[15.0, -4.0], [6.0, 9.0], [-11.0, 6.0], [-3.0, -9.0], [3.0, 1.0]])
by_value = np.array([clip_by_value(g, -5, 5) for g in arrows])
by_norm = np.array([clip_by_norm(g, 5) for g in arrows])
for g, value, norm in zip(arrows, by_value, by_norm, strict=True):
    print(
        f"{g!s:12}  by value {value.round(1)!s:12} turned {angle(g, value):4.1f}°,"
        f"  by norm {norm.round(1)!s:12} turned {angle(g, norm):3.1f}°"
    )
plots.clipping_arrows(arrows, by_value, by_norm, 5)

# %% [markdown]
# The last gradient was short enough, and neither way changed it.
# Whatever is too long in both entries ends in a corner of the square: all those directions become four.
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
    title="By value goes diagonally at first, by norm the steepest way",
    equal=True,
)

# %% [markdown]
# By value, both entries are at their limit until the floor of the valley, so the step is diagonal whatever the gradient says.
# That can even help (here it makes headway along the valley), but it is not the direction that you computed.
#
# Now the cliff: a gentle bowl around the origin and a wall of height 10 at $w_1 = 0.5$, with a gradient of about 50 on it.
# Both runs start on top, at $(1, 1.5)$, with the rate 0.1.

# %% tags=["remembered"]
cliff_paths = {}
for name, clipped in {
    "without clipping": lambda g: g, "clipped to norm 1": lambda g: clip_by_norm(g, 1.0)
}.items():
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
    {name: {name: path} for name, path in cliff_paths.items()},
    title="Down the cliff, with and without clipping",
)

# %% [markdown]
# On top and at the foot the gradient is shorter than 1, so nothing is clipped.
# On the wall one lands five units away and has to walk back, the other goes over the edge in steps of at most $0.1 \cdot 1$.
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
    paths = {
        "without clipping": cliff_paths["without clipping"],
        f"clipped to {threshold:.2g}": np.array(path),
    }
    return plots.descent_paths(
        cliff, paths, window, legend="lower left", minimum=(0, 0),
        title=f"Clipped to norm {threshold:.2g}: cost {cliff(path[-1])[0]:.3f} after 60 steps",
    )


explore(clipped_down, threshold=(0.1, 100.0, 20.0))

# %% [markdown]
# <details><summary>What you should see</summary>
# Above 50, the gradient on the wall, nothing is clipped. From about 0.3 to 10 the wall is passed unharmed. At 0.1 every step is clipped, on flat ground too, and 60 steps are not enough.
# </details>

# %% [markdown]
# ## 6. One norm for all parameters
#
# A net has many gradients, one for each weight matrix and bias vector.
# Together they are *one* vector, and its direction is what counts.
# If each array is clipped on its own, the long ones shrink and the short ones do not, and the whole has turned: the fault of clipping by value, only coarser.
#
# Clipping by **global norm** takes the norm of everything together and scales all arrays by the *same* factor:
#
# $$\lVert g \rVert = \sqrt{\textstyle\sum_{\text{arrays}} \sum_i g_i^2}, \qquad
# \text{every array} \leftarrow \frac{\theta}{\lVert g \rVert} \cdot \text{array} \quad \text{if } \lVert g \rVert > \theta$$
#
# **By hand**: the arrays $(3, 4)$ and $(12)$ have the norms 5 and 12, and the global norm is $\sqrt{9 + 16 + 144} = 13$, not 17.
# For $\theta = 6.5$ everything is halved: $(1.5, 2)$, though its own norm was below the threshold, and $(6)$.
#
# ### Exercise 9: `clip_by_global_norm` (6 points)
# - `grads` is a list, a tuple or a dict (by name) of arrays of any shapes; `threshold` is above 0.
# - Return new arrays in the same arrangement: a dict with the same names for a dict, a list (or tuple) in the same order otherwise. Only the gradients, not the norm.
# - As before: a global norm up to the threshold changes nothing, zeros stay zeros, integers may become fractions, and `nan` or `inf` must not vanish.
# - Neither `grads` nor any array in it may change.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "clip_by_global_norm", "locked": false, "solution": true, "task": false}
def clip_by_global_norm(grads, threshold):
    """Scale all gradients by one factor, so that their common norm is at most `threshold`."""
    ### BEGIN SOLUTION
    by_name = isinstance(grads, dict)
    arrays = grads.values() if by_name else grads
    norm = np.sqrt(sum(np.sum(g**2) for g in arrays))
    scale = threshold / np.maximum(norm, threshold)
    if by_name:
        return {name: g * scale for name, g in grads.items()}
    return [g * scale for g in grads]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_clip_by_global_norm", "locked": true, "points": 6, "solution": false, "task": false}
check(clip_by_global_norm)

# %% [markdown]
# How far do the three ways turn the gradient of the digits' net before training, with limits that leave about the same length? (`0.W` are the first layer's weights, `2.W` the last layer's.)

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
    print(
        f"{name:22s} length {np.linalg.norm(row):.3f}, "
        f"turned by {angle(in_one_row(raw), row):5.2f} degrees"
    )

# %% [markdown]
# By global norm, not at all; array by array less than by value, but far from nothing.
#
# ## 7. A net that explodes
#
# Here is a net made for trouble: it reads a digit as a sequence, four pixels at a time in 16 steps, and applies the *same* matrix $W$ at each:
#
# $$h_t = \text{ReLU}(x_t U + h_{t-1} W + b)$$
#
# From the last state to the first the gradient goes back through $W$ 15 times.
# If $W$ stretches by 1.2, that is a factor of up to $1.2^{15} \approx 15$, and if training makes it 2, up to $2^{15} = 32{,}768$.
# You need not follow the backward pass; what counts is that your `clip_by_global_norm` stands between the gradient and the step, and your `has_exploded` on watch.


# %%
def reader_cost_and_gradients(params, X, y, steps=16):
    """Mean cost of the sequence reader on a batch, and its gradients by name."""
    pieces = X.reshape(len(X), steps, -1)
    states = [np.zeros((len(X), len(params["W"])))]
    for t in range(steps):
        states.append(
            np.maximum(pieces[:, t] @ params["U"] + states[-1] @ params["W"] + params["b"], 0)
        )
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
        # stretches every vector by 1.2
        "W": 1.2 * np.linalg.qr(rng.normal(size=(hidden, hidden)))[0],
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
        last = costs[-1:] if has_exploded(costs) else costs[-10:]  # one batch may be odd
        print(
            f"{name}: exploded {has_exploded(costs)}, {len(costs)} steps, "
            f"cost in the end {np.mean(last):.3g}"
        )
        print(
            f"    gradients: the longest {np.nanmax(norms):.3g}, "
            f"above 1 in {np.mean(np.array(norms) > 1):.0%} of the steps"
        )

# %%
plots.loss_curves(
    readers,
    title="The same net, the same rate, the same batches (thick: mean of ten steps)",
    xlabel="step",
    ylabel="cost of the batch (nats)",
    smooth=10,
    top=4.0,
)

# %% [markdown]
# Without clipping the run is lost within a few steps.
# With it the gradient is still longer than 1 nearly always, and at times longer than 10, but no step is longer than $0.3 \cdot 1$, and the net learns.
#
# How to choose the threshold: watch the global norm over a few hundred healthy steps and take a value that is seldom passed, or start with 1.
# If nearly *every* step is clipped, as here, the step length is in truth set by $\alpha \theta$; then the rate deserves a second look.
#
# What clipping cannot do: it does not make vanishing gradients longer. (Had $W$ shrunk by 0.5, the first pieces of the digit would reach the gradient with $0.5^{15} \approx 0.00003$: such a net learns from the last pieces alone, and the cure is another architecture, Hochreiter & Schmidhuber (1997).) It does not fix a wrong gradient either, and a `nan` stays a `nan`.
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
# ## 8. Rehearsal: which wine is it?
#
# No digits this time: 178 wines of one Italian region, pressed from three kinds of grape, each with thirteen chemical measurements, Aeberhard & Forina (1992).

# %%
wines, cultivar, measured = load_wine()
for name in ("hue", "alcohol", "magnesium", "proline"):
    column = wines[:, measured.index(name)]
    print(f"{name:10s} from {column.min():7.2f} to {column.max():7.2f}")
order = np.random.default_rng(0).permutation(len(wines))
learn, new = order[:120], order[120:]
# notebook 04: the training set's mean and deviation
features = standardize_apply(wines, *standardize_fit(wines[learn]))
plots.network(
    [13, 16, 3], title="Thirteen measurements, a hidden layer of ReLU units, three kinds of wine"
)

# %% [markdown]
# Now put everything together: a start from 05, layers and loss from 01 and 02, batches from 06, momentum from 07, and rate, clipping and watch from here.
# If you have your `train_net` of notebook 06, begin with it.
#
# ### Exercise 10: `train_with_care` (9 points)
# The net: $z = X W_1 + b_1$, $h = \mathrm{ReLU}(z)$, scores $= h W_2 + b_2$, softmax and cross-entropy, averaged over the batch.
# - `W1` is `(D, hidden)`, `W2` `(hidden, C)`, with biases `b1`, `b2`; $C$ is the largest label plus one. Weights start by He's rule, mean 0 and variance 2 / fan_in, biases at 0.
# - Each epoch cuts the data into fresh random batches. For each batch:
#     1. compute and note the batch's cost; if the costs so far have exploded, return at once, with that cost noted and no further step;
#     2. clip all four gradients by their *global* norm to `threshold`;
#     3. ask `rate_at` for the rate, once, with the epoch as a fraction: step $i$ (from 0) of epoch $e$ (from 0) asks for $e + i / \text{steps per epoch}$;
#     4. move each array by `classic_momentum_step(w, dw, state, lr)` → `(w, state)`, with a velocity of its own that begins as `{}` and lives for the whole run.
# - Start and batches come from `rng`. Return the pair `params, costs`: a dict with the four arrays by name, and the costs, one per step.
#
# From `nnlib` you have `he_normal(fan_in, fan_out, rng)`, `random_minibatches(X, y, batch_size, rng)`, `affine_forward(x, w, b)` → `(out, cache)`, `affine_backward(dout, cache)` → `(dx, dw, db)`, `relu(z)`, `relu_backward(da, z)` and `softmax_cross_entropy(scores, y)` → `(loss, dscores)`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train_with_care", "locked": false, "solution": true, "task": false}
def train_with_care(X, y, hidden, rate_at, threshold, epochs, batch_size, rng):
    """Train two layers with momentum, a schedule, clipping and a watch: params and costs."""
    ### BEGIN SOLUTION
    num_classes = int(y.max()) + 1
    params = {
        "W1": he_normal(X.shape[1], hidden, rng),
        "b1": np.zeros(hidden),
        "W2": he_normal(hidden, num_classes, rng),
        "b2": np.zeros(num_classes),
    }
    states = {name: {} for name in params}
    costs, steps = [], math.ceil(len(X) / batch_size)
    for epoch in range(epochs):
        for i, (X_batch, y_batch) in enumerate(random_minibatches(X, y, batch_size, rng)):
            z, first = affine_forward(X_batch, params["W1"], params["b1"])
            scores, second = affine_forward(relu(z), params["W2"], params["b2"])
            cost, dscores = softmax_cross_entropy(scores, y_batch)
            costs.append(float(cost))
            if has_exploded(costs):
                return params, costs
            dh, dW2, db2 = affine_backward(dscores, second)
            _, dW1, db1 = affine_backward(relu_backward(dh, z), first)
            grads = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
            grads = clip_by_global_norm(grads, threshold)
            lr = rate_at(epoch + i / steps)
            for name in params:
                stepped = classic_momentum_step(params[name], grads[name], states[name], lr)
                params[name], states[name] = stepped
    return params, costs
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_train_with_care", "locked": true, "points": 9, "solution": false, "task": false}
check(train_with_care)


# %%
def right(params, which):
    """The share of these wines that is given to the right kind of grape."""
    h = relu(features[which] @ params["W1"] + params["b1"])
    return np.mean((h @ params["W2"] + params["b2"]).argmax(axis=1) == cultivar[which])


runs = {}
for name, rate_at, threshold in [
    ("rate 5, no clipping", lambda epoch: 5.0, 1e9),
    ("rate 5, clipped to 0.1", lambda epoch: 5.0, 0.1),
    ("0.1 and falling, clipped to 1", lambda epoch: inverse_time_decay(0.1, epoch, 1), 1.0),
]:
    params, costs = train_with_care(
        features[learn], cultivar[learn], 16, rate_at, threshold, 15, 16, np.random.default_rng(1)
    )
    runs[name] = costs
    print(
        f"{name:30s} {len(costs):3d} steps, exploded: {has_exploded(costs)!s:5}  "
        f"right: {right(params, learn):6.1%} learnt, {right(params, new):5.1%} new"
    )
plots.loss_curves(
    runs, title="The same net and the same wines, with and without care", xlabel="step",
    ylabel="cost of the batch (nats)", top=4.0,
)

# %% [markdown]
# Unclipped, rate 5 is hopeless for this net: the second cost ends the run.
# Clipped, the very same rate learns the wines, by leaps and relapses; a rate that starts at 0.1 and falls gets there calmly.
#
# What do the thirteen different scales do to it? Put `wines` in the place of `features`, in training and in `right`.
#
# <details><summary>What you should see</summary>
#
# No run learns the wines. Proline, in hundreds and thousands, drowns the other twelve: the first cost is about a hundred times as large, and the first steps leave half of the ReLU units dead, or all of them. At rate 5 the run explodes or guesses, clipped or not; the calm one finds about half of the wines, where naming the most frequent kind finds four in ten.
# </details>

# %% [markdown]
# ## 9. What the frameworks call it
#
# <details><summary>For the day when you move to a library</summary>
#
# The surprises when you move to PyTorch or Keras:
# - PyTorch's `clip_grad_norm_` takes the norm of *all* parameters together, though its name does not say so; Keras's `clipnorm` takes each array's own, and `global_clipnorm` that of all.
# - The underscore says that PyTorch changes the gradients in place. Call it after `backward()` and before `step()`.
# - A PyTorch scheduler counts your calls of `scheduler.step()`; a Keras schedule is always asked with the number of *steps*, and `decay_steps` says how many make one unit of decay.
# - Old Keras code has `SGD(decay=1e-6)`: inverse time decay by the *step*, $\alpha_0/(1 + 10^{-6} k)$ after $k$ mini-batches. A square root, too, may count mini-batches; its constant is another one then.
# - By default `CosineDecayRestarts` doubles its period at each restart; `t_mul=1.0` keeps it.
# - Keras has `TerminateOnNaN`, for what is not finite; in PyTorch the watch is a line of your own.
#
# </details>

# %% [markdown]
# ## Stretch
# No points: a schedule of your own for 15 epochs of `train`, such that the *worst* of five runs with other batches is as good as you can make it.
# A constant 0.2 and one falling cosine are printed; the cosine's worst is the number to beat.

# %%
for name, rate_at in (
    ("constant 0.2", lambda epoch: 0.2),
    ("one cosine", lambda epoch: cosine_restarts(0.2, 0.0, epoch, 15)),
):
    ends = [train(rate_at, seed=seed)[0][-1] for seed in range(2, 7)]
    print(f"{name:12s}  best {min(ends):.3f}   worst {max(ends):.3f}")

# %% [markdown]
# ## What to take away
# - A cost that stays at its start: raise the rate. A cost that takes off: lower it. A cost that jitters at one height: let it decay.
# - `nan` is neither above nor below anything; look for it on purpose.
# - Batch noise does not fade, so the rate must. Know whether your schedule counts from 0 or 1, and epochs or steps.
# - Trust a gradient's direction more than its length: clip by norm, and by the *global* norm for a whole net.
# - Below the threshold nothing changes: clipping should be a seat belt, not a brake. If it acts at every step, lower the rate.
#
# Next: notebook 09 keeps the net from learning the training set by heart.

# %%
progress()
