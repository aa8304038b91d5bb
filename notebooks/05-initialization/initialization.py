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
# # 05 · Initialisation: how large to begin
#
# Two networks of six layers, before any training: what comes out of each layer.
# They differ in one number, and neither is a good start for a deep net.
# **What has happened to each, and what should that number be?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
from itertools import pairwise

import numpy as np

from nnlib import (
    affine_backward, affine_forward, explore, init_uniform, load_digits, make_spirals,
    plots, relu, relu_backward, softmax_cross_entropy, tanh_backward,
)
from nnlib.checks import check, hint, progress  # stuck? hint(he_normal)

np.set_printoptions(precision=4, suppress=True)

# %%
rng = np.random.default_rng(0)
outputs = {}
for name, std in (("one network", 0.01), ("the other", 1.0)):
    signal, outputs[name] = rng.normal(size=(300, 200)), []
    for _ in range(6):
        signal = np.tanh(signal @ rng.normal(0, std, size=(200, 200)))
        outputs[name].append(signal)
plots.histograms_by_layer(outputs, limits=(-1, 1))

# %% [markdown]
# One has gone silent; in the other nearly every unit shouts at the top of its voice.
# Where training starts decides whether it starts at all: from a bad place it is slow, or ends in a poor valley, or never leaves.
# The cure is one line of code. See the disease first.
#
# **When you are done, you can**
#
# - say why weights must differ, and why biases may start at zero;
# - derive how large they should be, from the variance of a weighted sum;
# - write the initialisations of LeCun, Xavier (Glorot) and He, normal and uniform, and choose between them;
# - measure a deep network before training and tell from a row of numbers whether it will learn.
#
# **You need** activations and their slopes (notebook 01), mean and variance of random numbers.
#
# **Time**: about 90 minutes for nine short functions and three written answers; 40 points, 9 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(he_normal)` in a cell of your own, up to three times.

# %% [markdown]
# ## The conventions of this course
#
# - **Examples are rows**: `x` is `(N, D)`, weights are `(fan_in, fan_out)`, and a layer computes `x @ w + b`. *Fan-in* is the number of inputs of a layer, *fan-out* the number of units that each input feeds into, that is the layer's own width.
# - **Randomness comes from `rng`**, a `numpy.random.Generator`. Draw from it and from nothing else, and do not make a generator of your own: then a run can be repeated, and two layers never get the same numbers.
# - Random functions are graded by what every correct draw has in common: shape, mean, variance, distribution. Which method of `rng` you call, and in which order, is up to you.
# - Biases start at zero. Only weights are drawn.

# %% [markdown]
# ## 1. All alike
#
# The simplest start is zero everywhere.
#
# ### Exercise 1: `init_zeros(fan_in, fan_out)` (1 point)
# Return a new float array of zeros, `(fan_in, fan_out)`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "init_zeros", "locked": false, "solution": true, "task": false}
def init_zeros(fan_in, fan_out):
    """Weights (fan_in, fan_out), all zero."""
    ### BEGIN SOLUTION
    return np.zeros((fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_init_zeros", "locked": true, "points": 1, "solution": false, "task": false}
check(init_zeros)

# %% [markdown]
# What is wrong with it?
# Look at the gradients of a network with one hidden layer, $h = \tanh(x w_1)$ and scores $h\, w_2$:
#
# $$\frac{\partial J}{\partial w_2} = h^\top \text{dscores}, \qquad \frac{\partial J}{\partial w_1} = x^\top \big[(\text{dscores}\; w_2^\top) \cdot (1 - h^2)\big]$$
#
# (dscores is the gradient of the scores, notebook 02; the dot multiplies entry by entry.)
#
# With all weights zero, $h = 0$ and $w_2 = 0$, so both gradients are zero: nothing moves, ever.
#
# Any other constant is hardly better.
# All hidden units compute the same number, feed the same number forward, receive the same gradient and take the same step.
# They stay equal after any number of steps: a hundred units, but the network has only one.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train_small", "locked": true, "solution": false, "task": false}
def train_small(w1, w2, steps=200, lr=0.5):
    """Train a small tanh network on sixty points; return its weights and its losses."""
    points = np.random.default_rng(0).normal(size=(60, 2))
    X = np.hstack([points, np.ones((60, 1))])  # the column of ones stands for a bias
    y = (points[:, 0] * points[:, 1] > 0).astype(int)
    losses = []
    for _ in range(steps):
        h = np.tanh(X @ w1)
        loss, dscores = softmax_cross_entropy(h @ w2, y)
        losses.append(loss)
        dw1, dw2 = X.T @ ((dscores @ w2.T) * (1 - h**2)), h.T @ dscores
        w1, w2 = w1 - lr * dw1, w2 - lr * dw2
    return w1, w2, losses


# %%
rng = np.random.default_rng(1)
second = rng.normal(size=(1, 2)) * np.ones((4, 2))  # the same row for each hidden unit
starts = {
    "all zero": (init_zeros(3, 4), init_zeros(4, 2)),
    "all alike": (np.full((3, 4), 0.5), second),
    "random": (0.5 * rng.normal(size=(3, 4)), rng.normal(size=(4, 2))),
}
for name, (w1, w2) in starts.items():
    after, _, losses = train_small(w1, w2)
    apart = np.abs(after - after[:, :1]).max()
    print(
        f"{name:10s} loss {losses[0]:.3f} -> {losses[-1]:.3f}   units differ by up to {apart:.2f}"
    )

# %% [markdown]
# So the weights must break the symmetry: they are drawn at random.
# Biases need not be, since the weights have made the units different already.
#
# ## 2. Small random numbers
#
# ### Exercise 2: `init_normal(fan_in, fan_out, std, rng)` (2 points)
# Draw every weight from a normal distribution with mean 0 and standard deviation `std` (a standard deviation, not a variance; not truncated), `(fan_in, fan_out)`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "init_normal", "locked": false, "solution": true, "task": false}
def init_normal(fan_in, fan_out, std, rng):
    """Weights (fan_in, fan_out), normal with mean 0 and standard deviation std, drawn from rng."""
    ### BEGIN SOLUTION
    return std * rng.standard_normal((fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_init_normal", "locked": true, "points": 2, "solution": false, "task": false}
check(init_normal)

# %% [markdown]
# Which `std`?
# For a shallow network 0.01 works.
# To see what happens in a deep one, send numbers through it and measure every layer.
#
# ### Exercise 3: `activation_stats(sizes, init, activation, rng, n=1000)` (12 points)
# - `sizes` lists the width of the input and of every layer: `[500, 300, 10]` is an input of 500 and two layers. It stays as it came.
# - Draw the input from `rng`: `(n, sizes[0])`, standard normal (mean 0, standard deviation 1).
# - For each layer call `init(fan_in, fan_out, rng)` *once* for its weights, use no bias, and compute `activation(a @ w)` from the output `a` of the layer below.
#   The activation follows every layer, the last one included.
# - Return `(means, stds)`: for each layer the mean and the standard deviation of its activations, over all examples and units.
#   Each is a list or array with one number per layer; the input itself is not a layer.
#
# **By hand.** With the identity as weights and as activation, every layer repeats the input: means near 0, standard deviations near 1.
# With weights $\begin{pmatrix} 2 & 0 \\ 0 & 2\end{pmatrix}$ in two layers the standard deviations are near 2 and 4.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "activation_stats", "locked": false, "solution": true, "task": false}
def activation_stats(sizes, init, activation, rng, n=1000):
    """Means and standard deviations of each layer's activations for n standard normal examples."""
    ### BEGIN SOLUTION
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
    return means, stds
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_activation_stats", "locked": true, "points": 12, "solution": false, "task": false}
check(activation_stats)

# %% [markdown]
# ## 3. Ten layers
#
# Ten layers of 500 tanh units, fed with standard normal numbers.
# First with the small random numbers, then with large ones:

# %%
ten_layers = [500] * 11


def small(fan_in, fan_out, rng):
    return init_normal(fan_in, fan_out, 0.01, rng)


def large(fan_in, fan_out, rng):
    return init_normal(fan_in, fan_out, 1.0, rng)


spreads = {}
for name, init in (("std 0.01", small), ("std 1", large)):
    _, stds = activation_stats(ten_layers, init, np.tanh, np.random.default_rng(1), 300)
    spreads[name] = stds
    print(f"{name:9s}", " ".join(f"{std:7.4f}" for std in stds))

# %% [markdown]
# With 0.01 the activations fade until nothing is left.
# The gradient of a weight is its input times what comes back, so where activations are zero, gradients are too.
#
# With 1 the row looks healthy and is not: a tanh unit with standard deviation 0.98 sits near $-1$ or $+1$ nearly always, where its slope is next to zero.
# Most units are stuck, and what passes through the few others is multiplied by large weights: the gradient is wild (section 5).
#
# ### Now you
# Somewhere between 0.01 and 1 the ten layers stop fading. Where?


# %%
def spreads_from(std):
    """What your activation_stats measures in the ten layers from this deviation of the weights."""

    def init(fan_in, fan_out, rng):
        return init_normal(fan_in, fan_out, std, rng)

    _, found = activation_stats(ten_layers, init, np.tanh, np.random.default_rng(1), 300)
    curves = {**spreads, f"std {std:.2g}, yours": found}
    title = "Ten layers of tanh, and a start of yours between"
    return plots.measured_against(
        range(1, 11), curves, title, "layer", "standard deviation of the activations", log="y"
    )


explore(spreads_from, std=(0.01, 1.0, 0.03))

# %% [markdown]
# <details><summary>What you should see</summary>
# From about 0.055 on, a little above $1/\sqrt{500} = 0.045$: below, every layer takes a share away; above, the bend of tanh holds a level, at first a healthy one, in the end that of units stuck near −1 and 1. Where the 500 comes from is next.
# </details>

# %% [markdown]
# ## 4. The right size
#
# Take one unit, $s = \sum_{i=1}^{n} w_i x_i$, with independent weights and inputs of mean zero.
# The variance of a sum of independent terms is the sum of their variances, and the variance of such a product is the product of the variances:
#
# $$\text{Var}(s) = \sum_{i=1}^{n} \text{Var}(w_i x_i) = n\, \text{Var}(w)\, \text{Var}(x)$$
#
# **By hand.** With $n = 500$ inputs of variance 1 and $\text{Var}(w) = 0.01^2$: $\text{Var}(s) = 500 \cdot 0.0001 = 0.05$, a standard deviation of $0.2236$; tanh bends that to about 0.21, as in the first layer above.
#
# To keep the variance, $n\,\text{Var}(w)$ must be 1: the more inputs a unit has, the smaller its weights.
#
# | name | variance of the weights | reason |
# |---|---|---|
# | LeCun | $\dfrac{1}{\text{fan\_in}}$ | forward, the variance stays |
# | Xavier (Glorot) | $\dfrac{2}{\text{fan\_in} + \text{fan\_out}} = \dfrac{1}{\text{fan\_avg}}$ | a compromise: backward, a gradient is a sum over fan_out terms and would want $1/\text{fan\_out}$ |
# | He | $\dfrac{2}{\text{fan\_in}}$ | ReLU sets half of the numbers to zero and so halves the mean square; the 2 makes up for it |
#
# Here $\text{fan\_avg}$ is the mean of both fans.
# Some books call the first of these Xavier as well; in this course the names mean what the table says.
# One slide of lecture 001 (introduction to neural networks) divides He's 2 by $n^{[l]}$, the width of layer $l$ itself; the terms of the sum come from the layer below, so it is $n^{[l-1]}$.
#
# **Behind a ReLU** the inputs are not centred, and the product has two more terms:
#
# $$\text{Var}(w x) = \text{E}[w]^2\,\text{Var}(x) + \text{E}[x]^2\,\text{Var}(w) + \text{Var}(w)\,\text{Var}(x)$$
#
# That is why weights have mean zero: the first term is gone, and the others add up to $\text{Var}(w)\,\text{E}[x^2]$.
# So the *mean square* of the inputs is what counts:

# %%
w, x = (
    init_normal(500, 2000, 0.1, np.random.default_rng(2)),
    np.random.default_rng(3).normal(size=(200, 500)),
)
for name, inputs in (("centred", x), ("behind a ReLU", relu(x)), ("all 3 higher", x + 3)):
    told = 500 * 0.1**2 * np.mean(inputs**2)
    print(f"{name:13s} n Var(w) E[x²] = {told:5.2f}, measured: {np.var(inputs @ w):5.2f}")

# %% [markdown]
# ### Exercise 4: `lecun_normal` (1 point), `xavier_normal` (2 points), `he_normal` (2 points)
# Each takes `(fan_in, fan_out, rng)` and returns `(fan_in, fan_out)` weights, normal with mean 0 and the variance of the table, not truncated.
# Note that the table gives variances.
#
# **By hand.** For `fan_in = 8` and `fan_out = 24` the standard deviations are $\sqrt{1/8} = 0.3536$, $\sqrt{2/32} = 0.25$ and $\sqrt{2/8} = 0.5$.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "lecun_normal", "locked": false, "solution": true, "task": false}
def lecun_normal(fan_in, fan_out, rng):
    """Weights (fan_in, fan_out), normal with mean 0 and variance 1 / fan_in, drawn from rng."""
    ### BEGIN SOLUTION
    return init_normal(fan_in, fan_out, np.sqrt(1 / fan_in), rng)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_lecun_normal", "locked": true, "points": 1, "solution": false, "task": false}
check(lecun_normal)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "xavier_normal", "locked": false, "solution": true, "task": false}
def xavier_normal(fan_in, fan_out, rng):
    """Weights (fan_in, fan_out), normal with mean 0 and variance 2 / (fan_in + fan_out)."""
    ### BEGIN SOLUTION
    return init_normal(fan_in, fan_out, np.sqrt(2 / (fan_in + fan_out)), rng)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_xavier_normal", "locked": true, "points": 2, "solution": false, "task": false}
check(xavier_normal)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "he_normal", "locked": false, "solution": true, "task": false}
def he_normal(fan_in, fan_out, rng):
    """Weights (fan_in, fan_out), normal with mean 0 and variance 2 / fan_in."""
    ### BEGIN SOLUTION
    return init_normal(fan_in, fan_out, np.sqrt(2 / fan_in), rng)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_he_normal", "locked": true, "points": 2, "solution": false, "task": false}
check(he_normal)

# %% [markdown]
# The same variances can be had from a uniform distribution, which has no far-out values.
# Numbers uniform between $-r$ and $r$ have the variance $r^2/3$, so the bound must be $r = \sqrt{3\,\text{Var}}$:
#
# $$r_{\text{Xavier}} = \sqrt{\frac{3}{\text{fan\_avg}}} = \sqrt{\frac{6}{\text{fan\_in} + \text{fan\_out}}}, \qquad r_{\text{He}} = \sqrt{\frac{6}{\text{fan\_in}}}$$
#
# The picture shows Xavier's two, for `fan_in = 8` and `fan_out = 24`:

# %%
weights = np.linspace(-1, 1, 401)
heights = {
    "normal": np.exp(-((weights / 0.25) ** 2) / 2) / (0.25 * np.sqrt(2 * np.pi)),
    "uniform": np.where(np.abs(weights) <= 0.433, 1 / (2 * 0.433), 0),
}
plots.measured_against(
    weights, heights, "One variance, two shapes", "weight", "density", marks=False
)

# %% [markdown]
# **By hand.** For `fan_in = 8` and `fan_out = 24` the bounds are $\sqrt{6/32} = 0.4330$ and $\sqrt{6/8} = 0.8660$, which is $\sqrt 3$ times the standard deviations 0.25 and 0.5.
#
# ### Exercise 5: `xavier_uniform` (2 points), `he_uniform` (2 points)
# Each takes `(fan_in, fan_out, rng)` and returns `(fan_in, fan_out)` weights, uniform between minus and plus the bound.
# You may use `init_uniform(fan_in, fan_out, bound, rng)` of `nnlib`, the general form, as `init_normal` is for the others.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "xavier_uniform", "locked": false, "solution": true, "task": false}
def xavier_uniform(fan_in, fan_out, rng):
    """Weights (fan_in, fan_out), uniform within ±sqrt(6 / (fan_in + fan_out))."""
    ### BEGIN SOLUTION
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, size=(fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_xavier_uniform", "locked": true, "points": 2, "solution": false, "task": false}
check(xavier_uniform)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "he_uniform", "locked": false, "solution": true, "task": false}
def he_uniform(fan_in, fan_out, rng):
    """Weights (fan_in, fan_out), uniform within ±sqrt(6 / fan_in)."""
    ### BEGIN SOLUTION
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, size=(fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_he_uniform", "locked": true, "points": 2, "solution": false, "task": false}
check(he_uniform)

# %% [markdown]
# Now one that the table does not have.
# A leaky ReLU multiplies what is negative by a `slope` instead of cutting it, so less of the mean square is lost.
# Which variance makes up for exactly that?
#
# **By hand.** Slope 0 is ReLU, so He's variance must come out; slope 1 bends nothing, so LeCun's must.
#
# ### Exercise 6: `leaky_he_normal(fan_in, fan_out, slope, rng)` (7 points)
# Return `(fan_in, fan_out)` weights, normal with mean 0, with which leaky ReLU layers of this slope keep the mean square, however many there are.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "leaky_he_normal", "locked": false, "solution": true, "task": false}
def leaky_he_normal(fan_in, fan_out, slope, rng):
    """Weights (fan_in, fan_out), normal, that keep the mean square through a leaky ReLU."""
    ### BEGIN SOLUTION
    return init_normal(fan_in, fan_out, np.sqrt(2 / ((1 + slope**2) * fan_in)), rng)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_leaky_he_normal", "locked": true, "points": 7, "solution": false, "task": false}
check(leaky_he_normal)

# %% [markdown]
# ## 5. Ten layers again
#
# Now with weights of the right size.
# For ReLU, whose outputs are not centred, the mean square $\text{mean}^2 + \text{std}^2$ is what carries the signal on.

# %%
_, stds = activation_stats(ten_layers, lecun_normal, np.tanh, np.random.default_rng(1), 300)
print("tanh, LeCun: std        ", " ".join(f"{std:.3f}" for std in stds))
for name, init in (("LeCun", lecun_normal), ("He", he_normal)):
    means, stds = activation_stats(ten_layers, init, relu, np.random.default_rng(1), 300)
    squares = np.square(means) + np.square(stds)
    print(f"ReLU, {name + ':':6s} mean square ", " ".join(f"{square:.3f}" for square in squares))
last = []
for seed in range(5):
    means, stds = activation_stats(ten_layers, he_normal, relu, np.random.default_rng(seed), 300)
    last.append(means[-1] ** 2 + stds[-1] ** 2)
print("ReLU, He, tenth layer, five draws:", " ".join(f"{square:.2f}" for square in last))

# %% [markdown]
# - tanh declines slowly, since it bends large numbers inwards, and the tenth layer still has a signal. (Layers of equal width make LeCun and Xavier the same.)
# - ReLU with the same weights loses half of its mean square in every layer: about $2^{-10} \approx 0.001$ should be left, and this draw has 0.002.
# - ReLU with He's weights keeps it on average; a single draw of ten layers may end at half or twice that.
#
# ### Now you
# By which factor may He's weights be off before the signal in the tenth layer is ten times too small, or too large?


# %%
def off_by(factor):
    """The ten ReLU layers with He's weights, and with all of them multiplied by a factor."""
    sizes = {}
    for name, times in (("He", 1.0), (f"He × {factor:.2f}, yours", factor)):

        def init(fan_in, fan_out, rng, times=times):
            return times * he_normal(fan_in, fan_out, rng)

        means, stds = activation_stats(ten_layers, init, relu, np.random.default_rng(1), 300)
        sizes[name] = np.sqrt(np.square(means) + np.square(stds))
    plain, yours = sizes.values()
    print(f"factor {factor:.2f}: in the tenth layer {yours[-1] / plain[-1]:.3g} times He's signal")
    return plots.measured_against(
        range(1, 11), sizes, "Ten layers of ReLU, and weights a little off", "layer",
        "root mean square of the activations", log="y",
    )


explore(off_by, factor=(0.5, 2.0, 1.1))

# %% [markdown]
# <details><summary>What you should see</summary>
# A factor is taken to the tenth power: 1.26, or 0.79, is enough, since 1.26 to the tenth is 10. In one layer nobody would notice it.
# </details>

# %% [markdown]
# The same in pictures, forwards and backwards.
# `travel` sends standard normal numbers forward through a fresh network and standard normal gradients back.
# One start is new, the third row, usual before 2010: uniform within $\pm 1/\sqrt{\text{fan\_in}}$, which has a third of LeCun's variance.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "travel", "locked": true, "solution": false, "task": false}
def travel(init, seed=4, sizes=(200,) * 7):
    """Each tanh layer's activations, their gradients, and its weights' gradients."""
    draw = np.random.default_rng(seed)
    signal = draw.normal(size=(300, sizes[0]))
    activations, memory = [], []
    for shape in pairwise(sizes):
        z, cache = affine_forward(signal, init(*shape, draw), np.zeros(shape[1]))
        signal = np.tanh(z)
        activations.append(signal)
        memory.append((z, cache))
    gradients, of_weights = [draw.normal(size=signal.shape)], []
    for z, cache in reversed(memory):
        below, dw, _ = affine_backward(tanh_backward(gradients[0], z), cache)
        gradients, of_weights = [below, *gradients], [dw, *of_weights]
    return activations, gradients[1:], of_weights


def old_uniform(fan_in, fan_out, rng):
    return init_uniform(fan_in, fan_out, 1 / np.sqrt(fan_in), rng)


# %% tags=["remembered"]
four = {"std 0.01": small, "std 1": large, "±1/√fan_in": old_uniform, "Xavier": xavier_normal}
travels = {name: travel(init) for name, init in four.items()}
plots.histograms_by_layer({name: each[0] for name, each in travels.items()}, limits=(-1, 1))

# %% [markdown]
# Above each picture stands the standard deviation.
# From the top row down: everything collapses to zero; nearly everything sits at the ends; a slow collapse; still spread wide in the last layer.
# Now the gradients that arrive at each layer's output.
# All start at 1 behind the last layer and travel to the left:

# %%
plots.measured_against(
    range(1, 7),
    {name: [g.std() for g in each[1]] for name, each in travels.items()},
    "Gradients that arrive at each layer: they fade or explode on the way back",
    "layer",
    "standard deviation",
    log="y",
)

# %% [markdown]
# A straight line on this scale is a constant factor per layer, about a seventh for 0.01 and nearly three for 1: there slopes are 0.06 on average, but the large weights more than make up for it.
# Xavier's gradients lose half on the way, those of the old start nearly all.
#
# What a step uses is the gradient of the *weights*, a layer's input times what comes back to it.
# Glorot & Bengio (2010) were surprised by it:

# %%
plots.measured_against(
    range(1, 7),
    {name: [dw.std() for dw in each[2]] for name, each in travels.items()},
    "Gradients of the weights: level over the layers but for std 1, far apart between starts",
    "layer",
    "standard deviation",
    log="y",
)

# %% [markdown]
# From layer to layer the input shrinks by the factor by which the gradient grows, so their product stays level, however small it is.
# Compare starts, not layers: Xavier's gradients are six to seven times those of the old start, and those of 0.01 about a thousandth of the old start's.
# Only the start with 1 is not level: a tanh cannot answer more than 1, while its gradients grow and grow.
# All this is before the first step. During training the old start's gradients drift apart, the higher layers' becoming the smaller, while Xavier's stay alike: that is the gap which lecture 003 (deep network components and training) shows.
#
# ## 6. Why depth is so unforgiving
#
# Leave out the activation, and let every layer multiply by the same $c$ times the identity.
# A factor a little off 1 is repeated in every layer, so its effect is a power of the depth.

# %%
depths = range(0, 51, 10)
sizes = {
    f"{c}·I": [(np.ones(2) @ np.linalg.matrix_power(c * np.eye(2), depth))[0] for depth in depths]
    for c in (1.5, 1.1, 1.0, 0.9, 0.5)
}
print("after 50 layers:", ", ".join(f"{name} {each[-1]:.2g}" for name, each in sizes.items()))
plots.measured_against(
    depths, sizes, "A little off in a layer is far off after fifty", "layers", "size of the output",
    log="y",
)

# %% [markdown]
# With $L$ layers, of which $L - 1$ are $1.5 \cdot I$, the output carries the factor $1.5^{L-1}$; gradients travel through the same matrices and carry it too.
# A careful start does not remove this, but it keeps every factor close to 1, and so the powers too.
# It does so at the start only: during training weights grow, and signals may vanish or explode again. Batch normalisation (notebook 11) is the cure for the rest.
#
# For years deep nets were thought to be untrainable. Glorot & Bengio (2010) looked at signals and gradients layer by layer, as you just did, found the reason, and nets of five layers trained.
# He et al. (2015) added the 2 for ReLU, and trained thirty.
#
# ## 7. Does it matter in training?
#
# A ReLU network with eight hidden layers learns handwritten digits, from five different starts and alike in everything else.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train", "locked": true, "solution": false, "task": false}
def train(
    init, epochs=15, lr=0.05, hidden=(50,) * 8, f=relu, f_backward=relu_backward, batch=50, seed=0
):
    """Train a deep network on digits; return the losses from the start on, and a look inside."""
    rng = np.random.default_rng(seed)
    X, y = load_digits()
    X, y = (X[:500] - X[:500].mean(axis=0)) / X[:500].std(), y[:500]
    sizes = [64, *hidden, 10]
    ws = [init(fan_in, fan_out, rng) for fan_in, fan_out in pairwise(sizes)]
    bs = [np.zeros(size) for size in sizes[1:]]

    def forward(a):
        zs, caches = [], []
        for w, b in zip(ws, bs, strict=True):
            z, cache = affine_forward(a, w, b)
            zs.append(z)
            caches.append(cache)
            a = f(z)
        return zs, caches

    losses, hidden_outputs = [], []
    for epoch in range(epochs + 1):
        zs, _ = forward(X)
        losses.append(softmax_cross_entropy(zs[-1], y)[0])
        hidden_outputs.append([f(z) for z in zs[:-1]])
        if epoch == epochs or not np.isfinite(losses[-1]):
            break
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch):
            rows = order[start : start + batch]
            zs, caches = forward(X[rows])
            _, dz = softmax_cross_entropy(zs[-1], y[rows])
            for layer in reversed(range(len(ws))):
                da, dw, db = affine_backward(dz, caches[layer])
                if layer:
                    dz = f_backward(da, zs[layer - 1])
                ws[layer] = ws[layer] - lr * dw
                bs[layer] = bs[layer] - lr * db
    return losses, hidden_outputs


# %%
starts = {
    "zeros": lambda fan_in, fan_out, rng: init_zeros(fan_in, fan_out),
    "std 0.01": small,
    "std 1": large,
    "Xavier": xavier_normal,
    "He": he_normal,
}
with np.errstate(all="ignore"):  # the large start overflows on purpose
    curves = {name: train(init)[0] for name, init in starts.items()}
for name, losses in curves.items():
    print(f"{name:9s} loss at the start {losses[0]:10.4g}, at the end {losses[-1]:.4g}")

# %%
drawn = {"zeros, std 0.01": curves["zeros"]}  # one line: they lie on one another
drawn |= {name: curves[name] for name in ("Xavier", "He")}
plots.loss_curves(
    drawn, title="Only the start differs", top=2.6, level=("chance: ln 10", np.log(10))
)

# %% [markdown]
# Zeros and 0.01 stay where guessing is, at $\ln 10 = 2.303$: no gradient reaches the lower layers.
# The large start is not in the picture: see where it begins.
# Xavier learns some ten epochs later, since ReLU halves its mean square in each of eight layers; He learns at once.
#
# Does training repair a poor start? A tanh net of five hidden layers, each layer's outputs for all images, before training and after fifteen epochs:

# %%
densities = {}
for name, init in (("±1/√fan_in", old_uniform), ("Xavier", xavier_uniform)):
    losses, outputs = train(init, lr=0.1, hidden=(50,) * 5, f=np.tanh, f_backward=tanh_backward)
    densities[f"{name}\nbefore"], densities[f"{name}\nafter"] = outputs[0], outputs[-1]
    print(
        f"{name:11s} loss {losses[0]:.2f}, after 4 epochs {losses[4]:.2f}, "
        f"after 15 {losses[-1]:.2f}"
    )
plots.histograms_by_layer(
    densities, limits=(-1, 1),
    title="Training repairs a small start (above each layer: its standard deviation)",
)

# %% [markdown]
# Both nets learn, and in the end both have lively layers: training repairs a start that is too small, by growing the weights until signals come through.
# But that takes time.
# Fifteen epochs leave the old start with several times Xavier's loss; after four it had hardly begun.
# Xavier's net had a signal in every layer from the first step on.
#
# The same in a plane, where one can see it: a tanh net with three hidden layers of 16 on spirals, after 300 steps from a start of 0.01, and from Xavier's.


# %%
def fitted(init, X, y, steps=300, lr=0.5, seed=0):
    """Train a tanh net 2-16-16-16-2 on all points; returns the function that labels points."""
    rng = np.random.default_rng(seed)
    ws = [init(fan_in, fan_out, rng) for fan_in, fan_out in pairwise([2, 16, 16, 16, 2])]
    bs = [np.zeros(w.shape[1]) for w in ws]

    def forward(a):
        zs, caches = [], []
        for w, b in zip(ws, bs, strict=True):
            z, cache = affine_forward(a, w, b)
            zs, caches, a = [*zs, z], [*caches, cache], np.tanh(z)
        return zs, caches

    for _ in range(steps):
        zs, caches = forward(X)
        _, dz = softmax_cross_entropy(zs[-1], y)
        for layer in reversed(range(4)):
            da, dw, db = affine_backward(dz, caches[layer])
            if layer:
                dz = tanh_backward(da, zs[layer - 1])
            ws[layer], bs[layer] = ws[layer] - lr * dw, bs[layer] - lr * db
    return lambda points: forward(points)[0][-1].argmax(axis=1)


X_spirals, y_spirals = make_spirals(150, 2, 0.1, np.random.default_rng(0))
for name, init in (("std 0.01", small), ("Xavier", xavier_normal)):
    shares = [
        np.mean(fitted(init, X_spirals, y_spirals, seed=seed)(X_spirals) == y_spirals)
        for seed in range(5)
    ]
    print(
        f"{name:9s} five starts:", " ".join(f"{share:.0%}" for share in shares),
        "of the points right",
    )
ends = {
    "from std 0.01": fitted(small, X_spirals, y_spirals),
    "from Xavier's": fitted(xavier_normal, X_spirals, y_spirals),
}
plots.decision_boundaries(
    ends, X_spirals, y_spirals, title="The same net, the same points, the same 300 steps"
)

# %% [markdown]
# ### Now you
# From which standard deviation on does this net learn in 300 steps? Xavier has 0.25 between layers of 16. And what do the borders look like from 5?


# %%
def regions_from(std):
    """The regions after training from weights of this standard deviation."""
    predict = fitted(
        lambda fan_in, fan_out, rng: init_normal(fan_in, fan_out, std, rng), X_spirals, y_spirals
    )
    return plots.decision_regions(predict, X_spirals, y_spirals, title=f"From std {std:.2g}")


explore(regions_from, std=(0.01, 10.0, 0.25))

# %% [markdown]
# <details><summary>What you should see</summary>
# Up to 0.15 it hardly gets anywhere. From 0.25 on it learns, even at 5, with ragged borders: three layers forgive much. So the exact size is a hyperparameter of little weight; what hurts is far too small a size, or ten layers.
# </details>

# %% [markdown]
# **Rule of thumb**: tanh or sigmoid with Xavier (or LeCun), ReLU and its relatives with He, biases zero, and a look at `activation_stats` before any long training.

# %% [markdown]
# ### Question 1 (3 points)
# Why must weights not start all equal, and why is it no problem that all biases start at zero?
# Why is it not enough to draw only the first layer's weights at random and to set all others to the same constant, in a net with two hidden layers? (With one hidden layer it is enough: the cell below shows both.)


# %%
def left_alike(hidden, seed, steps=40):
    """Train from constants above a random layer: the loss, how far the last units differ."""
    rng = np.random.default_rng(seed)
    X, y = load_digits()
    X, y = (X[:500] - X[:500].mean(axis=0)) / X[:500].std(), y[:500]
    sizes = [64, *hidden, 10]
    ws = [
        rng.normal(0, 0.1, size=(sizes[0], sizes[1])),
        *(np.full(shape, 0.1) for shape in pairwise(sizes[1:])),
    ]
    for _ in range(steps):
        signals, zs = [X], []
        for w in ws:
            zs.append(signals[-1] @ w)
            signals.append(np.tanh(zs[-1]))
        loss, dz = softmax_cross_entropy(zs[-1], y)
        for layer in reversed(range(len(ws))):
            da, dw = dz @ ws[layer].T, signals[layer].T @ dz
            if layer:
                dz = tanh_backward(da, zs[layer - 1])
            ws[layer] = ws[layer] - 0.5 * dw
    return loss, np.ptp(ws[-2], axis=1).max()


for hidden in ([20], [20, 20]):
    found = [left_alike(hidden, seed) for seed in range(5)]
    print(f"hidden {hidden!s:9s} losses", " ".join(f"{loss:.2f}" for loss, _ in found))
    print("last hidden units differ by", " ".join(f"{apart:.2f}" for _, apart in found))

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "why_symmetry", "locked": false, "points": 3, "solution": true, "task": false}
# Units of one layer with equal weights compute the same output, receive the same gradient and take the same step, so they stay equal forever: the layer acts as one unit.
# (With zeros it is worse: the gradients themselves are zero.)
# Biases may be equal since different weights already make the units compute different things and receive different gradients.
# With two hidden layers it is not enough: the units of the second one have equal weights in and out, so each computes the same sum and receives the same gradient, and they stay equal to one another.
# With one hidden layer it is: the output units have equal weights too, but each receives an error of its own, $p - t$ of its class, so they part at the first step.
# (The first layer's units receive equal gradients at first, but their slopes differ since their weights do, so they stay different.)
#
# *Marking: 1 point for same output, same gradient, same step; 1 point for the biases; 1 point for the reason why it is not enough with two, that the units of the second hidden layer remain equal. That one hidden layer is enough, because the outputs' errors differ, is right wherever it is said.*

# %% [markdown]
# ### Question 2 (3 points)
# Derive $\text{Var}(w) = 1/n$ from the variance of $s = \sum_i w_i x_i$, naming what you assume.
# Then say where the 2 in He's $2/n$ comes from, and what goes wrong in a 30-layer ReLU network without it.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "derive_variance", "locked": false, "points": 3, "solution": true, "task": false}
# If the terms are independent, the variance of the sum is the sum of the variances; if w and x are independent with mean zero, Var(wx) = Var(w) Var(x).
# With equal variances Var(s) = n Var(w) Var(x), which equals Var(x) if n Var(w) = 1.
# Behind a ReLU the inputs do not have mean zero; then E[x²] takes the place of Var(x), and since ReLU cuts the negative half of a symmetric s, E[relu(s)²] = Var(s)/2.
# The factor 2 restores it.
# Without it each layer halves the mean square: 2⁻³⁰ ≈ 1e-9 is left after 30 layers, and gradients fade in the same way.
#
# *Marking: 1 point for the derivation with n; half a point for naming independence and mean zero; 1 point for the half that ReLU cuts; half a point for the effect, 2⁻³⁰ or "vanishes".*

# %% [markdown]
# ### Question 3 (3 points)
# Three classmates measure `activation_stats` of their ten-layer networks before training:
# **(a)** tanh, standard deviations 0.98 in every layer; **(b)** ReLU, standard deviations 0.6, 0.4, 0.3, …, 0.03; **(c)** ReLU, standard deviations 12, 170, 2300, …
# What is wrong with each, if anything, and what would you change?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "read_stats", "locked": false, "points": 3, "solution": true, "task": false}
# (a) Constant, but saturated: tanh outputs with a standard deviation of 0.98 are nearly all close to ±1, where the slope is next to 0. Most units are stuck, and what passes through the few others is multiplied by large weights, so that gradients explode on the way back. Weights too large; use Xavier.
# (b) The signal fades by a constant factor (the mean square halves): Xavier or LeCun weights with ReLU. Use He.
# (c) The signal grows about 14-fold per layer: the weights are about 14 times as large as those of He, and activations and gradients explode. Use He.
#
# *Marking: 1 point for each: half for what is wrong, half for the cure. For (a) "saturated" is enough for what is wrong, whether gradients are said to vanish or to explode; "looks fine" gets nothing.*

# %% [markdown]
# ## Stretch
# No points: the ReLU net of section 7, trained by `train(your_init, epochs=15)`; how low can you get its last loss by the start alone?
# He's start is the number to beat.
#
# `nnlib` has more ways: `orthogonal`, after Saxe et al. (2014), keeps lengths exactly, and `lsuv` of Mishkin & Matas (2016) measures each layer and corrects it; Sussillo & Abbott (2015) set the scale by treating depth as a random walk, Krähenbühl et al. (2016) from the data.

# %%
print(f"He's start: {curves['He'][-1]:.4f}   yours: {train(he_normal)[0][-1]:.4f}")

# %% [markdown]
# ## What to take away
#
# - Weights must differ, so draw them; biases may be zero.
# - $\text{Var}(s) = n\,\text{Var}(w)\,\text{Var}(x)$: the more inputs, the smaller the weights.
# - Xavier, $2/(\text{fan\_in} + \text{fan\_out})$, for tanh; He, $2/\text{fan\_in}$, for ReLU. As a uniform distribution the bound is $\sqrt3$ times the standard deviation.
# - What is a little off in one layer is a power of it after many. Measure all layers before training, and look at the slopes too: a constant 0.98 is saturated.
#
# Next: notebook 06 takes the steps themselves: gradient descent on all examples, on one, or on a batch.

# %%
progress()
