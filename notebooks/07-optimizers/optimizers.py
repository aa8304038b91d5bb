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
# # 07 · Optimizers: steps with a memory
#
# Plain gradient descent forgets everything after each step.
# The walk below crosses the same valley at every step, and learns nothing from it.
# **What is the least it would have to remember to stop doing that?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import itertools
from dataclasses import replace

import numpy as np

from nnlib import (
    SURFACES, Affine, Network, ReLU, explore, load_digits, noisy_yearly_temperatures,
    plots, random_minibatches,
)
from nnlib.checks import check, hint, progress  # stuck? hint(adam_step)

# %%
valley = SURFACES["ravine"].function  # a point's cost and gradient
zigzag = [np.array([-9.0, 1.4])]
for _ in range(12):
    zigzag.append(zigzag[-1] - 0.95 * valley(zigzag[-1])[1])
crossings = np.count_nonzero(np.diff(np.sign(np.array(zigzag)[:, 1])))
print(f"12 steps, {crossings} times across the valley, and {-zigzag[-1][0]:.1f} of 9 still to go")
plots.descent_paths(
    valley,
    {"plain descent": np.array(zigzag)},
    (-10.0, 1.0, -1.5, 2.5),
    title="At every step across the valley, and along it only a little",
)

# %% [markdown]
# One or two numbers for each weight are enough.
# The optimizers of this notebook remember no more, and take better steps from the same gradients.
#
# **When you are done, you can**
# - average a series with one number of memory, say how far back it looks, and correct its wrong start;
# - write momentum in both customary forms, Nesterov's momentum, AdaGrad, RMSProp and Adam, with their state kept where it belongs;
# - say what each does on a ravine, a saddle and a plateau, and which of the three troubles training;
# - move settings from one form, or from one library, to another without changing the training by accident.
#
# **You need** notebook 06 (gradient descent, mini-batches, epochs); nothing else from before.
#
# **Time**: about 120 minutes for eight short functions and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(adam_step)` in a cell of your own, up to three times.

# %% [markdown]
# ## 1. An average that needs one number
#
# You measure the temperature every day and want to know what it has been "lately".
# You could keep the last ten values and take their mean.
# An **exponentially weighted average** keeps a single number $v$ and mixes each new value $\theta_t$ into it:
#
# $$v_0 = 0, \qquad v_t = \beta\, v_{t-1} + (1 - \beta)\, \theta_t$$
#
# **By hand**, with $\beta = 0.9$ and the values 40, 49 and 45 on the first three days:
#
# | day | $\beta v_{t-1}$ | $(1-\beta)\theta_t$ | $v_t$ |
# |---|---|---|---|
# | 1 | 0 | 4.0 | 4.0 |
# | 2 | 3.6 | 4.9 | 8.5 |
# | 3 | 7.65 | 4.5 | 12.15 |
#
# The old values are never stored, and yet they are all in there: yesterday's counts $\beta$ times as much as today's, the day before $\beta^2$ times, and so on.
# (A mean over the last ten days is often the better estimate, but it has to keep ten values for each average, and a net needs an average for each of its weights.)
#
# ### Exercise 1: `ewa` (3 points)
# - `values` is an array `(T,)` of real numbers, `T` is 1 or more; it may hold integers. Do not change it.
# - `beta` lies in $[0, 1)$.
# - Return the averages $v_1, \dots, v_T$ as an array `(T,)` of floats; $v_0$ is not among them.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "ewa", "locked": false, "solution": true, "task": false}
def ewa(values, beta):
    """Exponentially weighted averages (T,) of a series (T,), starting from v_0 = 0."""
    ### BEGIN SOLUTION
    v, averages = 0.0, []
    for value in values:
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return np.array(averages)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_ewa", "locked": true, "points": 3, "solution": false, "task": false}
check(ewa)

# %% [markdown]
# How far back does it look?
# Feed it a single 1, then zeros, and it tells you what weight a value still has some days later:

# %%
spike = np.zeros(60)
spike[0] = 1.0
weights = ewa(spike, 0.9)
for days in (0, 1, 5, 10, 20):
    print(
        f"{days:2d} days later: weight {weights[days]:.4f}, "
        f"{weights[days] / weights[0]:.3f} of what it was at first"
    )
plots.weights_of_the_past({beta: ewa(spike, beta) for beta in (0.5, 0.9, 0.98)})

# %% [markdown]
# After ten days $0.9^{10} = 0.349$ is left, about $1/e = 0.368$.
# That is no accident: with $\varepsilon = 1 - \beta$, $(1-\varepsilon)^{1/\varepsilon} \approx 1/e$ for every small $\varepsilon$.
# So people say that the average reaches back over about $\frac{1}{1-\beta}$ values, although older ones are in it too:

# %%
for beta in (0.5, 0.9, 0.98, 0.999):
    window = round(1 / (1 - beta))
    print(f"beta = {beta:5g}: about {window:4d} values, and beta^{window} = {beta**window:.3f}")
print(f"1/e = {np.exp(-1):.3f}")

# %% [markdown]
# A long memory has a price: the average comes late.
# On a series that grows by 1 a day, it ends up this far behind:

# %%
ramp = np.arange(1.0, 1001.0)
for beta in (0.5, 0.9, 0.98):
    print(
        f"beta = {beta:4g}: {ramp[-1] - ewa(ramp, beta)[-1]:5.2f} days late, "
        f"beta/(1 - beta) = {beta / (1 - beta):5.2f}"
    )

# %% [markdown]
# ## 2. The start is too small
#
# The table of section 1 has a flaw: after days of 40, 49 and 45 the "average" is 12.
# It starts from $v_0 = 0$, so at first most of the weight lies on a zero that nobody measured.
# With $\beta = 0.98$, written out for two days:
#
# $$v_1 = 0.02\,\theta_1, \qquad v_2 = 0.98 \cdot 0.02\,\theta_1 + 0.02\,\theta_2 = 0.0196\,\theta_1 + 0.02\,\theta_2$$
#
# The two weights add up to 0.0396 instead of 1.
# Dividing by that sum makes a true weighted mean of it, and the sum has a short form: the weights of $t$ values add up to $1 - \beta^t$, here $1 - 0.98^2 = 0.0396$.
#
# $$\hat v_t = \frac{v_t}{1 - \beta^t}, \qquad t = 1, 2, 3, \dots$$
#
# With $\beta = 0.9$ and 40 on the first day, $\hat v_1 = 4.0 / (1 - 0.9) = 40$.
# On the second, $\hat v_2 = 8.5 / (1 - 0.81) = 44.74$.
# The plain $v_t$ still goes on from $v_{t-1}$, never from the corrected value: the correction is for reading, not for keeping.
#
# ### Exercise 2: `ewa_corrected` (3 points)
# Arguments and result are as in exercise 1; you may call your `ewa`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "ewa_corrected", "locked": false, "solution": true, "task": false}
def ewa_corrected(values, beta):
    """Exponentially weighted averages (T,) of a series (T,), corrected for their start."""
    ### BEGIN SOLUTION
    t = np.arange(1, len(values) + 1)
    return ewa(values, beta) / (1 - beta**t)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_ewa_corrected", "locked": true, "points": 3, "solution": false, "task": false}
check(ewa_corrected)

# %%
first, second = ewa(np.array([1.0, 0.0]), 0.98)[1], ewa(np.array([0.0, 1.0]), 0.98)[1]
print(
    f"beta = 0.98: v_2 = {first:.4f} theta_1 + {second:.4f} theta_2, "
    f"and 1 - beta^2 = {1 - 0.98**2:.4f}"
)
steady = np.full(400, 20.0)
for t in (1, 2, 10, 50, 400):
    plain, corrected = ewa(steady, 0.98)[t - 1], ewa_corrected(steady, 0.98)[t - 1]
    print(f"20 degrees every day, day {t:3d}: plain {plain:5.2f}, corrected {corrected:5.2f}")

# %% [markdown]
# After many values $\beta^t$ is nearly zero, and the correction changes nothing any more.
# Here is a year in a warm town:

# %%
temperatures = noisy_yearly_temperatures(np.random.default_rng(0), mean=18.0, swing=7.0)
plots.averages_of_temperatures(temperatures, ewa, ewa_corrected)

# %% [markdown]
# Larger $\beta$: smoother, later, and longer wrong at the start.
# Smaller $\beta$: quicker, noisier, and an outlier shows.
# The same trade-off returns in every optimizer below, where the $\theta_t$ are gradients.
#
# ### Now you
# Find the β at which the average is calm enough to see the seasons and not yet a month late. How many days does it average?


# %%
def temperatures_with(beta):
    """The year of temperatures with one average."""
    return plots.averages_of_temperatures(temperatures, ewa, ewa_corrected, betas=(beta,))


explore(temperatures_with, beta=(0.5, 0.995, 0.9))

# %% [markdown]
# <details><summary>What you should see</summary>
# Between 0.93 and 0.96: 15 to 25 days. Calm and prompt exclude each other; a mean over a window forgets old days altogether, and for that has to keep all of its days.
# </details>

# %% [markdown]
# ## 3. Momentum: step along the average gradient
#
# In a ravine, steep across and flat along, plain descent jumps from wall to wall.
# The gradients across point up, down, up; averaged, they nearly cancel.
# The gradients along all point the same way; averaged, they stay.
# So step along the *average*:
#
# $$v \leftarrow \beta v + (1 - \beta)\, dw, \qquad w \leftarrow w - \alpha v$$
#
# $v$ starts at zero and is **not** corrected here: the first few steps are small, which does no harm.
#
# Polyak (1964) took the idea from mechanics: a ball with a velocity $v$, friction that leaves it the share $\beta$, and the gradient as its acceleration.
# Before, all one could do was lower the rate until the steep direction was calm, and wait for the flat one. Sutskever et al. (2013) showed how much deep nets gain from momentum.
#
# **By hand**: $w = 1$, $\alpha = 0.1$, $\beta = 0.9$, gradients 2 and then 4.
# First $v = 0.2$ and $w = 1 - 0.02 = 0.98$, then $v = 0.18 + 0.4 = 0.58$ and $w = 0.98 - 0.058 = 0.922$.
#
# ### The rules for all step functions
# Each is called as `w, state = some_step(w, dw, state, lr, ...)`, once for each step of each parameter:
# - `w` and `dw` are arrays of floats of the same shape, and any shape may come: `(D, K)`, `(K,)`, and `()` too (there NumPy returns scalars instead of arrays, which is fine);
# - `state` is a dict. It is `{}` at a parameter's first step; after that it is what your function returned at the last step *of this parameter*.
#   What you keep in it and under which names is your choice, and no test looks inside;
#   the letters of the formulas (`"v"`, `"c"`, `"s"`, `"m"`, `"t"`) make good names, and let the feedback recognise more mistakes;
# - return a pair: the new `w`, and a **new** dict for the next step;
# - `w`, `dw`, `state` and the arrays in `state` stay as they were.
#   So you can go back a step, or try two rates from the same place;
# - everything that must outlive a step goes into `state`: no global variables, no attributes of the function.
#   A net has many parameters, and each has a state of its own;
# - `lr` may change from one step to the next. It scales the step; it is not mixed into what you keep.
#   (Nesterov's formula will be the exception.)
#
# `dict.get` helps with the empty start: `state.get("n", 0)` is `state["n"]`, or 0 if there is no such key.
#
# ### Exercise 3: `momentum_step` (4 points)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "momentum_step", "locked": false, "solution": true, "task": false}
def momentum_step(w, dw, state, lr, beta=0.9):
    """One step along the exponentially weighted average of the gradients; returns (w, state)."""
    ### BEGIN SOLUTION
    v = beta * state.get("v", 0.0) + (1 - beta) * dw
    return w - lr * v, {"v": v}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_momentum_step", "locked": true, "points": 4, "solution": false, "task": false}
check(momentum_step)

# %% [markdown]
# ## 4. Momentum in its classic form
#
# Polyak's form of 1964, and that of most libraries, leaves out the factor $1 - \beta$ and calls the other one $\rho$, the share of its speed that a ball keeps while it rolls downhill against friction:
#
# $$v \leftarrow \rho v + dw, \qquad w \leftarrow w - \alpha v$$
#
# $v$ is now a *sum* that fades, not an average.
# The gradients 2 and 4 from above give $v = 2,\ w = 0.8$, and then $v = 1.8 + 4 = 5.8,\ w = 0.22$.
#
# ### Exercise 4: `classic_momentum_step` (3 points)
# The rules of section 3 hold.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "classic_momentum_step", "locked": false, "solution": true, "task": false}
def classic_momentum_step(w, dw, state, lr, rho=0.9):
    """One step along the fading sum of the gradients; returns (w, state)."""
    ### BEGIN SOLUTION
    v = rho * state.get("v", 0.0) + dw
    return w - lr * v, {"v": v}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_classic_momentum_step", "locked": true, "points": 3, "solution": false, "task": false}
check(classic_momentum_step)

# %% [markdown]
# What is the same rate worth in the two forms?
# Keep the gradient at 1 and look at the step after a long time, in units of the rate:

# %%
print("         average form   classic form")
for share in (0.5, 0.9, 0.99):
    sizes = []
    for step in (momentum_step, classic_momentum_step):
        w, state = np.zeros(1), {}
        for _ in range(2000):
            before = w
            w, state = step(w, np.ones(1), state, 0.01, share)
        sizes.append((before - w)[0] / 0.01)
    print(f"{share:4.2f}     {sizes[0]:12.2f}   {sizes[1]:12.2f}")

# %% [markdown]
# A sum of fading gradients settles at $1 + \rho + \rho^2 + \dots = \frac{1}{1-\rho}$ of them.
# So the classic form with rate $\alpha$ and the average form with rate $\frac{\alpha}{1-\rho}$ are the same method.
#
# ### Question 1 (2 points)
# A team trains well with the classic form, $\rho = 0.9$ and rate 0.05.
# They change to a program that has the average form and keep both numbers; training is suddenly slow.
# Later, back in the classic form, they raise $\rho$ to 0.99, keep the rate, and training explodes.
# Explain both with one idea, and give the rate for each that keeps the long-run step what it was.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_forms", "locked": false, "points": 2, "solution": true, "task": false}
# Under gradients that agree, the classic velocity grows to $1/(1-\rho)$ gradients, the average stays at one.
# Average form with the same rate: steps 10 times smaller, so it is slow; the rate must be 0.05 / (1 − 0.9) = 0.5.
# Classic form with $\rho = 0.99$: the velocity grows to 100 gradients instead of 10, steps 10 times larger, so it explodes; the rate must be 0.05 · (1 − 0.99)/(1 − 0.9) = 0.005.
#
# *Marking: 1 point for the idea (the sum settles at 1/(1 − ρ) times the gradient, the average at once), half a point for each rate.*
# *"Momentum makes it unstable" without the factor earns nothing.*

# %% [markdown]
# ## 5. Nesterov: look before you roll
#
# Momentum is going to carry the ball by $\rho v$ whatever the gradient says.
# Then it is wiser to measure the gradient *there*, at the point looked ahead to, and not at the point that is about to be left:
#
# $$v \leftarrow \rho v - \alpha\, \nabla f(w + \rho v), \qquad w \leftarrow w + v$$
#
# Note the signs: in this form $v$ is the step itself, rate and minus sign included.
# (This is the one place where the rate goes into what is kept.)
#
# **By hand** on $f(w) = w^2$, whose gradient at $p$ is $2p$, from $w = 1$ with $\alpha = 0.1$, $\rho = 0.9$:
# first $v = 0 - 0.1 \cdot 2 = -0.2$ and $w = 0.8$.
# Then the point ahead is $0.8 - 0.18 = 0.62$, its gradient 1.24, so $v = -0.18 - 0.124 = -0.304$ and $w = 0.496$.
# (Momentum without looking ahead would have used the gradient 1.6 at 0.8.)
#
# Nesterov (1983) proved that this small change gives the best possible speed on smooth convex costs, if $\rho$ grows as he prescribes.
# Here are the two steps as arrows, from one point with one velocity:

# %%
plots.momentum_and_nesterov(valley, (-3.0, 0.9), (1.0, -1.1), rho=0.9, lr=0.5)

# %% [markdown]
# ### Exercise 5: `nesterov_step` (5 points)
# The rules of section 3 hold, with one difference: since you choose the point, `dw` is a **function** here.
# `dw(point)` returns the gradient at `point`, for an array of the shape of `w`.
# (Libraries are only given the gradient at one point and rearrange the formula; section 12 says how.)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "nesterov_step", "locked": false, "solution": true, "task": false}
def nesterov_step(w, dw, state, lr, rho=0.9):
    """One step of Nesterov's momentum: (w, state); dw(point) is the gradient at a point."""
    ### BEGIN SOLUTION
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w + rho * v)
    return w + v, {"v": v}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_nesterov_step", "locked": true, "points": 5, "solution": false, "task": false}
check(nesterov_step)

# %% [markdown]
# To see the difference, walk down a ravine, 20 times steeper across than along, which plain descent can only survive with rates below 1.
# `walk` is given; it returns the path, one row per step.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "walk", "locked": true, "solution": false, "task": false}
def plain_step(w, dw, state, lr):
    """Gradient descent in the form of the others; it has nothing to remember."""
    return w - lr * dw, {}


def walk(step, surface, lr, steps, **settings):
    """Follow an optimizer over a surface from its start; returns the points (steps + 1, 2)."""

    def slope(point):
        return surface.function(point)[1]

    w, state = np.array(surface.start), {}
    path = [w]
    for _ in range(steps):
        w, state = step(w, slope if step is nesterov_step else slope(w), state, lr, **settings)
        path.append(w)
    return np.array(path)


def steps_until(surface, path, cost):
    """Number of steps after which the cost stays below the given one."""
    above = np.flatnonzero(surface.function(path)[0] >= cost)
    return int(above[-1]) + 1 if above.size else 0


# %%
ravine = SURFACES["ravine"]
for name, step, lr, settings in [
    ("plain, rate 0.5", plain_step, 0.5, {}),
    ("plain, rate 0.9", plain_step, 0.9, {}),
    ("classic momentum, rate 0.5, rho 0.7", classic_momentum_step, 0.5, {"rho": 0.7}),
    ("Nesterov, rate 0.5, rho 0.7", nesterov_step, 0.5, {"rho": 0.7}),
]:
    print(
        f"{name:36s} {steps_until(ravine, walk(step, ravine, lr, 300, **settings), 1e-3):3d} steps "
        "to a cost of 0.001"
    )

# %% [markdown]
# At the same rate momentum needs about a third of plain descent's steps and Nesterov about a fifth; a larger rate alone does not save as many.
#
# ## 6. AdaGrad: a rate for each weight
#
# The second idea: directions differ.
# A weight whose gradients are large gets a smaller *rate*, one whose gradients are small a larger one, so that both move alike.
# The weights of rare features hardly learned: the weight of a word that occurs in one text in a thousand got one small step in a thousand.
# So Duchi et al. (2011) gave every weight a rate of its own.
# AdaGrad sums up each weight's squared gradients since the beginning, and divides by the root:
#
# $$c \leftarrow c + dw^2, \qquad w \leftarrow w - \alpha \frac{dw}{\sqrt{c} + \epsilon}$$
#
# Squares, root and division are taken entry by entry; $c$ has the shape of $w$ and starts at zero.
# $\epsilon$ is a tiny number against division by zero, for a weight whose gradients have all been zero.
# (Some slides, those of lecture 004 (optimizers, normalization, regularization) among them, lose the root. Without it the first step is $0.1 \cdot 3/9 = 0.033$ for a gradient of 3, and $0.1 \cdot 300/90000 = 0.00033$ for one of 300: the steeper, the shorter. RMSProp and Adam need theirs too.)
#
# **By hand**: $w = 1$, $\alpha = 0.1$, gradients 3 and then 4.
# First $c = 9$ and the step is $0.1 \cdot 3/3 = 0.1$: $w = 0.9$.
# Then $c = 25$ and the step is $0.1 \cdot 4/5 = 0.08$: $w = 0.82$.
#
# ### Exercise 6: `adagrad_step` (4 points)
# The rules of section 3 hold.
# $\epsilon$ may stand beside the root, as above, or under it, $\sqrt{c + \epsilon}$; both are customary and accepted, here and in exercise 7.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "adagrad_step", "locked": false, "solution": true, "task": false}
def adagrad_step(w, dw, state, lr, eps=1e-8):
    """One step of AdaGrad; returns (w, state)."""
    ### BEGIN SOLUTION
    c = state.get("c", 0.0) + dw**2
    return w - lr * dw / (np.sqrt(c) + eps), {"c": c}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_adagrad_step", "locked": true, "points": 4, "solution": false, "task": false}
check(adagrad_step)

# %% [markdown]
# ## 7. RMSProp: AdaGrad that forgets
#
# A sum of squares never falls, so AdaGrad's rates, $\alpha / \sqrt c$, only ever fall, even where training has a long way to go.
# RMSProp, of Tieleman & Hinton (2012), replaces the sum by the average of section 1:
#
# $$s \leftarrow \beta s + (1 - \beta)\, dw^2, \qquad w \leftarrow w - \alpha \frac{dw}{\sqrt{s} + \epsilon}$$
#
# It is the average of the *squares*, entry by entry, again from zero and without correction.
#
# **By hand**: $w = 1$, $\alpha = 0.1$, $\beta = 0.9$, gradients 3 and then 4.
# First $s = 0.9$, $\sqrt s = 0.949$ and the step is $0.3/0.949 = 0.316$: $w = 0.684$.
# Then $s = 0.81 + 1.6 = 2.41$, $\sqrt s = 1.552$ and the step is $0.4/1.552 = 0.258$: $w = 0.426$.
#
# ### Exercise 7: `rmsprop_step` (4 points)
# The rules of section 3 hold.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "rmsprop_step", "locked": false, "solution": true, "task": false}
def rmsprop_step(w, dw, state, lr, beta=0.9, eps=1e-8):
    """One step of RMSProp; returns (w, state)."""
    ### BEGIN SOLUTION
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_rmsprop_step", "locked": true, "points": 4, "solution": false, "task": false}
check(rmsprop_step)

# %% [markdown]
# Under a gradient that never changes, in units of the rate:


# %%
def step_sizes(step, count, gradient=1.0, **settings):
    """Sizes of the steps under a constant gradient, divided by the rate."""
    w, state, sizes = np.zeros(1), {}, []
    for _ in range(count):
        new, state = step(w, np.full(1, gradient), state, 0.01, **settings)
        sizes.append((w - new)[0] / 0.01)
        w = new
    return sizes


fading, steadying = step_sizes(adagrad_step, 1000), step_sizes(rmsprop_step, 1000)
print("step    AdaGrad   1/sqrt(t)   RMSProp")
for t in (1, 4, 25, 100, 1000):
    print(f"{t:4d}   {fading[t - 1]:8.3f}   {1 / np.sqrt(t):9.3f}   {steadying[t - 1]:7.3f}")

# %% [markdown]
# AdaGrad's step fades as $1/\sqrt{t}$, RMSProp's settles at the rate itself.
# But look at RMSProp's first step: more than three times the rate, because $s$ starts too small and stands in the denominator.
# With $\beta = 0.999$ it would be $1/\sqrt{0.001} = 31.6$ times.
# This is the place for the correction of section 2.
#
# ## 8. Adam: both ideas, and the correction
#
# Adam, for *adaptive moment estimation*, keeps an average of the gradients (the first moment, $m$), an average of their squares (the second, $v$), and the number $t$ of the step, so that it can correct both. (Adam's $m$ is section 3's $v$; its $v$ is section 7's $s$.)
# RMSProp had reached practice from a lecture slide, Tieleman & Hinton (2012), without momentum and without a correction; Kingma & Ba (2015) put both in (algorithm 1):
#
# $$t \leftarrow t + 1$$
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, dw, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, dw^2$$
# $$\hat m = \frac{m}{1 - \beta_1^{\,t}}, \qquad \hat v = \frac{v}{1 - \beta_2^{\,t}}, \qquad w \leftarrow w - \alpha \frac{\hat m}{\sqrt{\hat v} + \epsilon}$$
#
# $m$, $v$ and $t$ start at zero, so the first step has $t = 1$.
# The defaults $\beta_1 = 0.9$, $\beta_2 = 0.999$, $\epsilon = 10^{-8}$ are hardly ever changed; $\alpha$ is, with $10^{-3}$ the usual start.
#
# **By hand**: $w = 1$, $\alpha = 0.1$, gradients 3 and then 4.
# First $m = 0.3$, $\hat m = 3$, $v = 0.009$, $\hat v = 9$: the step is $0.1 \cdot 3/3 = 0.1$ and $w = 0.9$.
# Then $m = 0.27 + 0.4 = 0.67$, $\hat m = 0.67/0.19 = 3.526$, $v = 0.008991 + 0.016 = 0.024991$, $\hat v = 0.024991/0.001999 = 12.50$: the step is $0.1 \cdot 3.526/3.536 = 0.0997$ and $w = 0.8003$.
#
# ### Exercise 8: `adam_step` (8 points)
# The rules of section 3 hold.
# This time the place of $\epsilon$ is part of the exercise: where the paper has it, *beside* the root of the *corrected* $\hat v$.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "adam_step", "locked": false, "solution": true, "task": false}
def adam_step(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam (algorithm 1 of Kingma & Ba (2015)); returns (w, state)."""
    ### BEGIN SOLUTION
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * dw
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * dw**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_adam_step", "locked": true, "points": 8, "solution": false, "task": false}
check(adam_step)

# %% [markdown]
# At the first step $\hat m = dw$ and $\hat v = dw^2$, so the step is the rate times the *sign* of the gradient, whatever the gradient's scale:

# %%
print("gradient      plain step      Adam's first step   (rate 0.01)")
for gradient in (1e-6, 1e-3, 1.0, 1e3, 1e6):
    plain, _ = plain_step(np.zeros(1), np.full(1, gradient), {}, 0.01)
    adam, _ = adam_step(np.zeros(1), np.full(1, gradient), {}, 0.01)
    print(f"{gradient:8.0e}    {-plain[0]:12.6g}    {-adam[0]:18.6f}")

# %% [markdown]
# Only when gradients come near $\epsilon$ does that end: a hundred times $\epsilon$ costs one per cent of the step.
# So Adam's rate is nearly a length: how far a weight may go in one step.
# Later steps are shorter where gradients disagree (then $\hat m$ is small against $\sqrt{\hat v}$), and still about $\alpha$ where they agree.
# (Longer ones are rare: after very many zeros a gradient moves the weight by up to $(1-\beta_1)/\sqrt{1-\beta_2} \approx 3.2$ times $\alpha$.)
#
# ### Question 2 (2 points)
# A net has 10 million weights in float32, 4 bytes each.
# How many megabytes of state do plain descent, momentum and Adam keep besides the weights and gradients?
# A long Adam run is stopped and started again from a checkpoint that holds the weights only.
# What happens to the state, and what would you see in the first steps after the restart?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_state", "locked": false, "points": 2, "solution": true, "task": false}
# Plain descent 0 MB, momentum 40 MB (one number per weight), Adam 80 MB (two, and one t).
# After the restart m, v and t begin at zero again, so the first step has size α for *every* weight, in the sign of one noisy batch: also for weights whose steps had become tiny because their gradients disagree, and without knowing any longer which weights have large gradients.
# The loss jumps up and takes some tens of steps (m) to hundreds (v) to recover; the state belongs in the checkpoint.
#
# *Marking: half a point for 0 and 40 MB, half a point for 80 MB; half a point for "everything starts from zero, also t", half a point for a first step of full size α (or "sign of one batch") or the jump in the loss with this reason.*

# %% [markdown]
# ## 9. A ravine, a saddle and a plateau
#
# Three kinds of trouble, each in two dimensions, with the same settings for all three:
# - the **ravine**: the steep direction limits the rate, the flat one needs it;
# - the **saddle**: the start lies almost on the ridge, where the gradient leads to a point that is not a minimum;
# - the **plateau**: far out the gradient points the right way but has a length of only 0.02.

# %%
surfaces = {name: SURFACES[name] for name in ("ravine", "saddle", "plateau")}
surfaces["saddle"] = replace(surfaces["saddle"], start=(-1.5, 1e-6))  # almost on the ridge
optimizers = {
    "plain descent, 0.9": (plain_step, 0.9, {}),
    "classic momentum, 0.5": (classic_momentum_step, 0.5, {"rho": 0.7}),
    "AdaGrad, 0.7": (adagrad_step, 0.7, {}),
    "Adam, 0.2": (adam_step, 0.2, {}),
    "Nesterov, 0.5": (nesterov_step, 0.5, {"rho": 0.7}),
    "RMSProp, 0.1": (rmsprop_step, 0.1, {}),
}
paths = {
    where: {
        name: walk(step, surface, lr, 100, **settings)
        for name, (step, lr, settings) in optimizers.items()
    }
    for where, surface in surfaces.items()
}
print("steps to a cost below        -> ravine 0.05   saddle -0.1   plateau 0.3")
for name in optimizers:
    counts = [
        steps_until(surfaces[where], paths[where][name], cost)
        for where, cost in (("ravine", 0.05), ("saddle", -0.1), ("plateau", 0.3))
    ]
    shown = [str(count) if count <= 100 else "over 100" for count in counts]
    print(f"{name:30s}  {shown[0]:>10s}   {shown[1]:>11s}   {shown[2]:>11s}")
print("\nlength of a step in the ravine   ->  the 1st    the 40th    the 80th")
for name in ("AdaGrad, 0.7", "RMSProp, 0.1"):
    lengths = np.linalg.norm(np.diff(paths["ravine"][name], axis=0), axis=1)
    print(f"{name:30s}  {lengths[0]:10.3f}  {lengths[39]:10.3f}  {lengths[79]:10.3f}")

# %% tags=["remembered"]
drawn = {name: (surface.function, surface.window) for name, surface in surfaces.items()}
runners = ("plain descent, 0.9", "classic momentum, 0.5", "AdaGrad, 0.7", "Adam, 0.2")
few = {where: {name: paths[where][name] for name in runners} for where in drawn}
plots.paths_on_surfaces(
    drawn, few,
    title="Momentum and Adam roll past and return; dividing by the root leaves flat ground first",
)

# %% [markdown]
# (On the plateau, and along the ridge of the saddle, plain descent, momentum and Nesterov follow one and the same straight line; only the animation shows *when* each is where.)
#
# From above, a saddle does not look like one:

# %%
ridge = {name: paths["saddle"][name] for name in ("plain descent, 0.9", "Adam, 0.2")}
plots.landscape(
    surfaces["saddle"].function, (-1.6, 1.4, -1.4, 1.4), ridge,
    title="The saddle: along the ridge it is a valley, across it a summit",
    order=tuple(optimizers),
)

# %% [markdown]
# All six in motion, each with its rate: press play, or pull the slider.

# %%
plots.animate_on_surfaces(drawn, paths)

# %% [markdown]
# In the ravine momentum pays, because the gradients across cancel.
# At the saddle and on the plateau the methods that divide by the gradient's size leave first: a tiny gradient is divided by a tiny root, and the step is as long as anywhere.
# Nothing is free: in the ravine AdaGrad and RMSProp arrive last.
# After the first twenty or so, RMSProp's steps are a little shorter than its rate, whatever the slope, so a distance of 9 takes some ninety steps at a rate of 0.1.
# AdaGrad's first step is the longest, and they fade.
# And momentum and Adam run past the goal and come back.
#
# ### Now you
# Which rate first brings RMSProp below 0.05 in half the steps, and what happens to it near the goal?


# %%
def ravine_with(rate, beta):
    """RMSProp in the ravine, with your step function."""
    path = walk(rmsprop_step, surfaces["ravine"], rate, 100, beta=beta)
    below = ravine.function(path)[0] < 0.05
    first = f"first at step {below.argmax()}" if below.any() else "never"
    stays = f", and from step {steps_until(ravine, path, 0.05)} on" if below[-1] else ""
    print(f"below 0.05 {first}{stays} (of 100)")
    return plots.descent_paths(
        ravine.function, {"RMSProp": path}, ravine.window,
        title=f"RMSProp in the ravine at a rate of {rate:.3g}: {len(path) - 1} steps",
    )


explore(ravine_with, rate=(0.01, 1.0, 0.1), beta=(0.5, 0.99, 0.9))

# %% [markdown]
# <details><summary>What you should see</summary>
# At twice the rate it first gets there in half the steps, but does not stay. Near the goal its steps do not fade: now and then one leaps across the valley, and the cost is above 0.05 again. A schedule (notebook 08) is the cure.
# </details>

# %% [markdown]
# ## 10. Where training really gets stuck
#
# In two dimensions people fear the *local minimum*, a hollow from which there is no way down.
# At a point with zero gradient, the curvature decides what it is: a minimum needs upward curvature in **every** direction.
# In $d$ dimensions the curvatures are the eigenvalues of a symmetric $d \times d$ matrix, the Hessian, which holds all second derivatives.
# Draw such matrices at random and count how often all eigenvalues are positive:

# %%
rng = np.random.default_rng(0)
print("dimension   all directions curve up   share of upward directions")
for d in range(1, 9):
    square = rng.normal(size=(10_000, d, d))
    curvatures = np.linalg.eigvalsh((square + square.transpose(0, 2, 1)) / 2)
    print(
        f"{d:9d}   {np.mean((curvatures > 0).all(axis=1)):23.2%}   {np.mean(curvatures > 0):26.1%}"
    )

# %% [markdown]
# One dimension: every second flat point is a minimum.
# Two: one in seven.
# In five dimensions ten thousand draws hold about one, in six or more nearly always none, and a net has thousands of dimensions or millions.
# (Random matrices are a caricature, and low on the cost surface fewer directions lead down; but saddles have been found to be the rule in real nets as well: Dauphin et al. (2014).)
#
# So the usual point with zero gradient is a **saddle**, and a saddle holds nobody forever: some direction leads down.
# What costs time is its neighbourhood, where the gradient is small over a long way: a **plateau**.
# A net makes its own if its weights start too small.
# Here is a net 64-32-32-10 on the digits, its starting weights shrunk to a tenth:


# %%
X, y = load_digits()
order = np.random.default_rng(1).permutation(len(X))
X_train, y_train = X[order[:1400]], y[order[:1400]]
X_dev, y_dev = X[order[1400:]], y[order[1400:]]


def train(step, lr, epochs=6, hidden=(32,), shrink=1.0):
    """Train a ReLU net on the digits with one of your steps; returns costs and dev accuracy.

    All parameters of the net are views into one vector theta, so theta has one state.
    """
    rng = np.random.default_rng(7)
    layers = []
    for units_in, units_out in itertools.pairwise([64, *hidden, 10]):
        layers += [Affine(units_in, units_out), ReLU()]
    net = Network(layers[:-1], rng, dtype=np.float64)
    theta, state, costs = shrink * net.theta, {}, []
    for _ in range(epochs):
        for X_batch, y_batch in random_minibatches(X_train, y_train, 64, rng):

            def gradient(point, X_batch=X_batch, y_batch=y_batch):
                net.set_theta(point)
                costs.append(net.loss_and_grad(X_batch, y_batch))
                return net.grad.copy()

            theta, state = step(
                theta, gradient if step is nesterov_step else gradient(theta), state, lr
            )
    net.set_theta(theta)
    return costs, net.evaluate(X_dev, y_dev)[1]


flat = {}
print("                             steps until a cost of 1.5   mean cost of the last epoch")
for name, step, lr in [
    ("plain descent", plain_step, 0.3),
    ("plain descent", plain_step, 1.0),
    ("classic momentum", classic_momentum_step, 0.1),
    ("RMSProp", rmsprop_step, 0.01),
    ("Adam", adam_step, 0.01),
]:
    costs, _ = train(step, lr, epochs=30, hidden=(32, 32), shrink=0.1)
    flat[f"{name}, {lr:g}"] = costs
    below = np.flatnonzero(np.array(costs) < 1.5)
    waited = str(below[0]) if below.size else f"over {len(costs)}"
    print(f"{name:17s} rate {lr:5g} {waited:>20s} {np.mean(costs[-22:]):29.3f}")

# %%
plots.loss_curves(
    flat, "A net from weights that are too small", "step", "cost of the batch (nats)", smooth=15
)

# %% [markdown]
# All begin at $\ln 10 = 2.303$.
# Plain descent sits there for some two hundred steps, and then learns as if nothing had happened.
# Three times the rate hardly shortens the wait, and what follows is unstable.
#
# ### Question 3 (2 points)
# A large net's training cost has been flat at 2.30 for 300 steps (ten classes).
# A classmate says: "It is stuck in a local minimum; we need another random start."
# Why is a local minimum the least likely reason?
# Name what it more likely is, two things you would look at or try, and for each what it would tell you or why it would help.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_flat", "locked": false, "points": 2, "solution": true, "task": false}
# A minimum needs upward curvature in all of very many directions; in high dimension nearly every point of zero gradient has some that lead down (a saddle).
# 2.30 is ln 10, the cost of an untrained net: it more likely sits on a plateau, the region of tiny gradients around such a point (weights too small, saturated or dead units, or simply a rate far too small).
# To look at: the size of the gradient by layer, or of the update against the weights; tiny ones mean a plateau, while healthy ones with a flat cost point to a bug (labels shuffled apart, say).
# To try: Adam or RMSProp, which divide by the gradient's size, so that the step is as long on the plateau as elsewhere; a rate ten times larger; a better initialisation (notebook 05).
#
# *Marking: half a point for "all directions must curve up", half a point for plateau or saddle (or the start's ln 10 with a cause), half a point for each of two measures with its reason.*
# *"Use Adam" without why earns nothing for that measure.*

# %% [markdown]
# ## 11. All of them on the digits
#
# One net, 64-32-10, six epochs, the same batches, each optimizer at a good rate of its own.
# The two forms of momentum give one and the same curve if their rates differ by the factor of section 4:

# %%
average, _ = train(momentum_step, 1.0)
classic, _ = train(classic_momentum_step, 0.1)
print(
    "average form at 1.0 against classic form at 0.1: "
    f"largest difference {np.abs(np.subtract(average, classic)).max():.0e}"
)

rates = {
    "plain descent": (plain_step, 1.0),
    "momentum (average)": (momentum_step, 1.0),
    "AdaGrad": (adagrad_step, 0.1),
    "Adam": (adam_step, 0.03),
    "Nesterov": (nesterov_step, 0.3),
    "RMSProp": (rmsprop_step, 0.03),
}
curves = {}
for name, (step, lr) in rates.items():
    costs, accuracy = train(step, lr)
    curves[f"{name}, {lr:g}"] = costs
    print(
        f"{name:22s} rate {lr:4g}: mean cost of the last epoch {np.mean(costs[-22:]):.3f}, "
        f"dev accuracy {accuracy:.1%}"
    )

# %%
plots.curves_apart(
    curves,
    "Each at a good rate (the number), a mean over 15 steps; grey: the others",
    xlabel="step",
    ylabel="cost of the batch (nats)",
    smooth=15,
    log=True,
)

# %% [markdown]
# All of them get there.
# What separates them more than the method is the *rate*, and no method frees you from choosing it.
# The mean cost of the last epoch (it started from about 2.37):

# %%
powers = range(-4, 2)
print("rate                 " + "".join(f"{10.0**power:9g}" for power in powers))
with np.errstate(all="ignore"):
    for name, (step, _) in rates.items():
        ends = [np.mean(train(step, 10.0**power)[0][-22:]) for power in powers]
        print(f"{name:22s}" + "".join(f"{end:9.3f}" for end in ends))

# %% [markdown]
# Each has a window about one power of ten wide, and not all in the same place: 0.1 to 1 for plain descent, momentum and AdaGrad, 0.01 to 0.1 for the others.
# (132 steps are few: at its usual rate of $10^{-3}$ Adam is only about half way down.)
#
# Rules of thumb:
# - Adam with $10^{-3}$ is a good first choice, since it cares least about the scale of the problem; search its rate next, by factors of three or ten;
# - momentum with $\rho = 0.9$ and a well-chosen rate is often as good, and keeps half the state;
# - $\beta_1$, $\beta_2$ and $\epsilon$ stay at their defaults;
# - a rate that falls during training (notebook 08) helps all of them.
#
# ## 12. The same steps in PyTorch and Keras
#
# <details><summary>For the day when you move to a library</summary>
#
# Three surprises when you move:
# - PyTorch calls RMSProp's decay `alpha` and sets it to 0.99.
# - Keras adds RMSProp's and AdaGrad's $\epsilon$ *under* the root, and Adam's to the root of the *uncorrected* $v$.
# - Keras's velocity holds the rate, $v \leftarrow \rho v - \alpha\, dw$: the same while the rate is constant.
#
# **Dampening** $d$ makes PyTorch's velocity $v \leftarrow \rho v + (1 - d)\, dw$; with $d = \rho$ it is the average form, except that its first $v$ is $dw$ itself, and the default 0 gives the classic one.
#
# **More than the exercises**: `nnlib` also has AdaDelta of Zeiler (2012), which needs no rate, and AdamW of Loshchilov & Hutter (2019), which keeps weight decay out of Adam's averages. Andrychowicz et al. (2016) let another net learn the step.
#
# **Nesterov in libraries**: an optimizer there receives a gradient that was computed *before* it was called, at the weights as they are.
# So the library keeps the point *looked ahead to*, $w + \rho v$, as "the weights"; the gradient it is given is then the right one, and the same sequence comes out, one look ahead.
#
# </details>

# %% [markdown]
# ## What to take away
# - $v \leftarrow \beta v + (1-\beta)\theta$ averages about $1/(1-\beta)$ values with one number of memory; dividing by $1 - \beta^t$, with $t$ from 1, corrects the start.
# - Momentum averages gradients: what disagrees cancels, what agrees adds up. The two forms differ by a factor of $1 - \beta$ in the rate.
# - Nesterov measures the gradient where momentum is about to take it.
# - AdaGrad divides by the root of the *sum* of squares and fades; RMSProp by that of their *average* and does not.
# - Adam is both averages, both corrected; its step is about $\alpha$ at any scale of the gradient.
# - State belongs to one parameter, lives from step to step, and goes into the checkpoint.
# - In high dimension fear plateaus, not local minima.
#
# ## Stretch
# No points, only honour: get below a cost of 0.05 in the ravine, and stay there, in as few steps as you can, with any step function of yours and any settings.
# In section 9 plain descent takes 24 steps, and the best run 12.

# %%
yours = walk(classic_momentum_step, surfaces["ravine"], 0.5, 100, rho=0.7)
print(f"{steps_until(surfaces['ravine'], yours, 0.05)} steps; the number to beat is 12")

# %% [markdown]
# Next: notebook 08 changes the rate during training, and cuts off gradients that are too large.

# %%
progress()
