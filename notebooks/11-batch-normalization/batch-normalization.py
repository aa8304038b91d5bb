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
# # 11 · Batch normalisation: a steady input for every layer
#
# In notebook 04 you gave the *inputs* of a model the mean 0 and the variance 1, and gradient descent thanked you for it.
# The inputs of the second layer are the outputs of the first, and those move whenever the first layer learns.
# Why not standardise them as well, at every step, inside the net?
# That is batch normalisation: four short functions, one of them with a gradient that most people get wrong at first.
#
# **When you are done, you can**
# - normalise a layer's outputs over a batch, and say which numbers are learnt, which are measured and which are remembered;
# - write its gradient, the way through the mean and the variance included, and prove it right with differences;
# - keep running averages in training and use them at test time, and recognise the bugs that come from mixing the two up;
# - fold a trained batch norm into the layer before it, so that it costs nothing in use;
# - say what batch norm buys on a real net, and move a net between NumPy, PyTorch and Keras without spoiling it.
#
# **You need** the affine layer and its gradient (notebook 01), the exponentially weighted average (07 has it; all that is needed is repeated here), NumPy broadcasting, and the chain rule.
#
# **Time**: about 120 minutes for four functions and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it.
# The check tries a few inputs that you may look at; grading tries others, so passing it is a good sign, not a proof.
#
# House conventions: examples are rows, so a layer's outputs for a batch are `x` of shape `(N, K)`, one row per example and one column per feature (a unit); losses are means over the batch; gradients have the shape of what they belong to; functions return new arrays and leave their inputs as they were.
# One argument below, `running`, is an exception, and the text says so.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import time
from itertools import pairwise

import numpy as np

from nnlib import (
    affine_backward,
    affine_forward,
    he_normal,
    load_digits,
    numerical_gradient,
    plots,
    random_minibatches,
    relative_error,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    softmax_cross_entropy,
    standardize_apply,
    standardize_fit,
    train_dev_test_split,
    xavier_normal,
)
from nnlib.checks import check

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## 1. Normalise, then scale and shift
#
# Take one feature, that is, one column of `x`.
# Over the $N$ examples of the batch it has a mean and a variance:
#
# $$\mu = \frac1N \sum_i x_i \qquad\qquad \sigma^2 = \frac1N \sum_i (x_i - \mu)^2$$
#
# Every value is moved and scaled by them, and then moved and scaled again by two numbers that the net *learns*, one pair per feature:
#
# $$\hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \varepsilon}} \qquad\qquad \text{out}_i = \gamma\, \hat x_i + \beta$$
#
# **By hand.** A batch of four, one feature: $x = (2, 4, 4, 6)$, with $\gamma = 3$, $\beta = 1$ and $\varepsilon = 0$.
# The mean is 4, the deviations are $(-2, 0, 0, 2)$, the variance is $(4 + 0 + 0 + 4)/4 = 2$.
# So $\hat x = (-2, 0, 0, 2)/\sqrt2 = (-1.414, 0, 0, 1.414)$ and $\text{out} = (-3.243, 1, 1, 5.243)$.
# The output has mean $\beta = 1$ and standard deviation $\gamma = 3$, whatever the input was.
#
# Four details decide whether it works:
# - The statistics run **over the batch**, one mean and one variance for each feature: `(K,)` numbers each, from `(N, K)`.
# - The variance is the **biased** one, divided by $N$ and not by $N - 1$.
# - $\varepsilon$ is added to the variance, **inside the root**. It keeps a feature that is constant over the batch from dividing by zero.
# - $\gamma$ and $\beta$ come **last**. Without them the layer could only ever put out mean 0 and deviation 1, which keeps a sigmoid in its nearly linear middle; with them the net can undo the normalisation where that is better.
#
# ## 2. What to do at test time
#
# In use, there may be no batch: one image comes and wants an answer.
# And even if others come along, an answer should not depend on who else happens to ask.
# So training keeps **running averages** of the batch means and variances, and test time normalises with those.
#
# After each training batch, with a number called `momentum`, the share of the old average that is kept:
#
# $$\text{new} = \text{momentum} \cdot \text{old} + (1 - \text{momentum}) \cdot \text{of this batch}$$
#
# The averages start at mean 0 and variance 1.
# **By hand**, with momentum 0.9 and batches whose mean is 10 each time: $0.9 \cdot 0 + 0.1 \cdot 10 = 1$, then $0.9 \cdot 1 + 0.1 \cdot 10 = 1.9$, then $2.71$.
# If the variance of the batches is 5 each time, its average goes $0.9 \cdot 1 + 0.1 \cdot 5 = 1.4$, then $1.76$.
#
# ### The rules for `running`
# - `running` is a dict. It is empty before the first batch; after it, it holds `"mean"` and `"var"`, arrays `(K,)`, and nothing else.
# - An **empty dict stands for mean 0 and variance 1**.
# - What is averaged is the batch's mean and its (biased) *variance*, not its standard deviation. No correction for the start is made.
# - `running` is the one argument that is **changed**: the caller's own dict gets the new averages. Better to put new arrays into it than write into the old ones, which somebody may have kept; `mean` and `var` of the batch stay as they are.
#
# ### Exercise 1: `update_running` (6 points)
# Move `running` towards the statistics of one batch, by the formula above, and also return it.
# `momentum` is at least 0 and below 1.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "update_running", "locked": false, "solution": true, "task": false}
def update_running(running, mean, var, momentum):
    """Move running["mean"] and running["var"] towards a batch's mean (K,) and variance (K,); returns running.

    running: a dict, empty (mean 0, variance 1) or with "mean" and "var"; it is changed.
    momentum: the share of the old averages that is kept, from 0 to below 1.
    """
    ### BEGIN SOLUTION
    running["mean"] = momentum * running.get("mean", 0.0) + (1 - momentum) * mean
    running["var"] = momentum * running.get("var", 1.0) + (1 - momentum) * var
    return running
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_update_running", "locked": true, "points": 6, "solution": false, "task": false}
check(update_running)

# %% [markdown]
# The start is forgotten slowly: after $t$ batches its share is $\text{momentum}^t$.
# Here every batch has mean 10 and variance 4, so the averages should become 10 and 4:

# %%
running = {}
for step in range(1, 45):
    update_running(running, np.array([10.0]), np.array([4.0]), 0.9)
    if step in (1, 3, 10, 22, 44):
        share = 0.9**step
        mean, var = running["mean"][0], running["var"][0]
        print(f"after {step:2d} batches: mean {mean:6.3f}, var {var:.3f}, the start still counts {share:.1%}")

# %% [markdown]
# Ten batches leave 35% of the start, 44 leave 1%.
# A net that is tested after a handful of steps is tested with averages that are mostly the numbers 0 and 1.
#
# ## 3. The layer
#
# ### Exercise 2: `batchnorm_forward` (11 points)
# - `x` is `(N, K)`, `gamma` and `beta` are `(K,)`, all of floats. Return `(out, cache)`; `out` is `(N, K)`.
# - With `train=True`, normalise with the statistics of this batch, and update `running` with them by your `update_running`. The output does not depend on `running` at all.
# - With `train=False`, normalise with the averages in `running`, and leave `running` as it is.
# - `cache` is for your `batchnorm_backward` alone, which is only ever called for training passes. Nobody looks inside; ours is the tuple `(x_hat, inv_std, gamma)` with $1/\sqrt{\sigma^2+\varepsilon}$ as `inv_std`, and if you have no reason for another, take the same: a wrong gradient is then easier to recognise.
# - It must work for a batch of one (in training too, where it gives $\beta$), and for a feature that is constant over the batch.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "batchnorm_forward", "locked": false, "solution": true, "task": false}
def batchnorm_forward(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    """Normalise every feature of x (N, K), then scale by gamma (K,) and shift by beta (K,).

    running: the dict of averages: moved when train is True, used and left alone when it is False.
    returns: (out, cache), out is (N, K)
    """
    ### BEGIN SOLUTION
    if train:
        mean = x.mean(axis=0)
        var = ((x - mean) ** 2).mean(axis=0)
        update_running(running, mean, var, momentum=momentum)
    else:
        mean, var = running.get("mean", 0.0), running.get("var", 1.0)
    inv_std = 1 / np.sqrt(var + eps)
    x_hat = (x - mean) * inv_std
    return gamma * x_hat + beta, (x_hat, inv_std, gamma)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_batchnorm_forward", "locked": true, "points": 11, "solution": false, "task": false}
check(batchnorm_forward)

# %% [markdown]
# Four things to see with your own function.
# First, whatever comes in, the output of training has mean $\beta$ and deviation $\gamma$, with the deviation taken over $N$:

# %%
rng = np.random.default_rng(11)
x = rng.normal(loc=[5.0, -300.0, 0.02], scale=[2.0, 40.0, 0.5], size=(8, 3))
gamma, beta = np.array([1.0, 2.0, 0.5]), np.array([0.0, -1.0, 3.0])
out, _ = batchnorm_forward(x, gamma, beta, {})
print("means of the input       ", x.mean(axis=0))
print("means of the output      ", out.mean(axis=0), "  beta ", beta)
print("deviations, over N       ", out.std(axis=0), "  gamma", gamma)
print("deviations, over N - 1   ", out.std(axis=0, ddof=1), "  a little more than gamma")

# %% [markdown]
# Second, with $\gamma = \sqrt{\sigma^2 + \varepsilon}$ and $\beta = \mu$ the layer is the identity.
# So adding it takes nothing away: the net can learn to have no batch norm.

# %%
out, _ = batchnorm_forward(x, np.sqrt(x.var(axis=0) + 1e-5), x.mean(axis=0), {})
print(f"largest difference between input and output: {np.abs(out - x).max():.1e}")

# %% [markdown]
# Third, in training an example's output depends on its batch mates; at test time it does not, and the averages stay as they are:

# %%
running = {"mean": np.array([5.0, -300.0, 0.0]), "var": np.array([4.0, 1600.0, 0.25])}
before = {name: value.copy() for name, value in running.items()}
for name, train in {"training": True, "test": False}.items():
    in_company, _ = batchnorm_forward(x, gamma, beta, dict(running), train)
    with_others, _ = batchnorm_forward(np.vstack([x[:1], x[1:] + 1.0]), gamma, beta, dict(running), train)
    print(f"{name:8s}: the first example {in_company[0]}, with other mates {with_others[0]}")
batchnorm_forward(x, gamma, beta, running, train=False)
print("running untouched by a test pass:", all(np.array_equal(running[name], before[name]) for name in before))

# %% [markdown]
# Fourth, a batch of one.
# At test time it gives what the example gets in company.
# In training its deviation from the mean *of itself* is zero, so all that comes out is $\beta$, whatever the example was:

# %%
alone, _ = batchnorm_forward(x[:1], gamma, beta, running, train=False)
together, _ = batchnorm_forward(x, gamma, beta, running, train=False)
print(f"test time: alone {alone[0]}, in a batch of eight {together[0]}")
print(f"training:  alone {batchnorm_forward(x[:1], gamma, beta, {})[0][0]}, beta {beta}")

# %% [markdown]
# ### Question 1 (2 points)
# A service answers one image at a time.
# Its net, with batch norm after the first affine layer, reached 98% on the dev set, measured in batches of 256, but in service it gives every image the same class.
# What is wrong, why is the answer the *same* for every image, and why did the dev set not show it?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_service", "locked": false, "points": 2, "solution": true, "task": false}
# The net still runs in training mode: it normalises with the statistics of the batch at hand (`train=True`, or in PyTorch a forgotten `model.eval()`).
# With a batch of one every feature equals its own mean, so the normalised value is 0 and the layer puts out $\beta$; what comes after it gets the same numbers for every image.
# Batches of 256 dev images have nearly the statistics of the training data, so there the mistake makes hardly a difference.
#
# *Marking: 1 point for batch statistics at test time, half a point for "x minus its own mean is zero, so the output is beta", half a point for the large dev batches whose statistics are close to the averages.*
# *"The batch is too small" alone earns half a point.*

# %% [markdown]
# ## 4. The gradient
#
# Let $s = \sqrt{\sigma^2 + \varepsilon}$.
# `dout` holds the gradient of the loss for each entry of the output.
# Everything below is for one feature; features do not meet in a batch norm.
#
# $\gamma$ and $\beta$ are the easy part.
# Each is one number that all $N$ examples share, so its gradient collects the contributions of all of them: $\partial \text{out}_i / \partial \beta = 1$ and $\partial \text{out}_i / \partial \gamma = \hat x_i$.
# (A sum, not a mean: if the loss is a mean, `dout` has its $1/N$ in it already.)
#
# For $x_i$ there are **three roads** to the loss.
# It stands in the numerator of its own $\hat x_i$; it moves the mean, and with it all $\hat x_1, \dots, \hat x_N$; and it moves the variance, and with that all of them again.
#
# | the step | its derivative |
# |---|---|
# | from $x_i$ straight to $\hat x_i$ | $1/s$ |
# | from $\mu$ to each $\hat x_j$ | $-1/s$ |
# | from $\sigma^2$ to each $\hat x_j$ | $-\frac12 (x_j - \mu)\, s^{-3}$ |
# | from $x_i$ to $\mu$ | $1/N$ |
# | from $x_i$ to $\sigma^2$ | $\frac2N (x_i - \mu)$ |
# | from $\mu$ to $\sigma^2$ | $-\frac2N \sum_j (x_j - \mu) = 0$ |
#
# Go backwards: from `dout` to $\hat x$ (which factor comes in here?), from there to $\sigma^2$ and to $\mu$ (which sum over the batch does each collect?), and at last to $x$, where the three roads are added.
# You may write these steps one by one, or simplify them on paper first; both are fine.
#
# **By hand.** Two examples, $x = (1, 3)$, $\gamma = 1$, $\varepsilon = 0$: $\mu = 2$, $s = 1$, $\hat x = (-1, 1)$.
# Let $\text{dout} = (1, 0)$.
# - Straight: $(1, 0)$.
# - Through the mean: $\mu$ collects $-1 \cdot 1 - 1 \cdot 0 = -1$, and passes half of it to each: $(-\frac12, -\frac12)$.
# - Through the variance: $\sigma^2$ collects $-\frac12 (-1) \cdot 1 - \frac12 \cdot 1 \cdot 0 = \frac12$, and passes on $\frac12 \cdot \frac22 \cdot (-1, 1) = (-\frac12, \frac12)$.
#
# The sum is $(0, 0)$, and it must be: two different numbers always normalise to $-1$ and $1$, so moving them a little changes nothing.
# Whoever takes the straight road alone gets $(1, 0)$.
#
# ### Exercise 3: `batchnorm_backward` (11 points)
# Return `(dx, dgamma, dbeta)` with the shapes `(N, K)`, `(K,)`, `(K,)`.
# `dout` may be anything, and neither it nor the cache may change: the same call made twice gives the same result.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "batchnorm_backward", "locked": false, "solution": true, "task": false}
def batchnorm_backward(dout, cache):
    """Gradients of a training pass: (dx, dgamma, dbeta) for dout (N, K) and the cache of batchnorm_forward."""
    ### BEGIN SOLUTION
    x_hat, inv_std, gamma = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    # What the roads through mean and variance take away is what dout has in common with 1 and with x_hat.
    dx = gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / len(dout))
    return dx, dgamma, dbeta
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_batchnorm_backward", "locked": true, "points": 11, "solution": false, "task": false}
check(batchnorm_backward)

# %% [markdown]
# The proof is a gradient check (notebook 03), at values that hide nothing: as many examples as features, $\gamma \ne 1$, $\beta \ne 0$, a large $\varepsilon$, and a random `dout`.

# %%
x, dout = rng.normal(loc=3.0, scale=2.0, size=(4, 4)), rng.normal(size=(4, 4))
gamma, beta = rng.uniform(0.5, 2.0, size=4), rng.normal(size=4)


def loss(x, gamma, beta):
    """Any scalar function of the output will do; this one has the gradient dout."""
    return float((batchnorm_forward(x, gamma, beta, {}, eps=1e-2)[0] * dout).sum())


_, cache = batchnorm_forward(x, gamma, beta, {}, eps=1e-2)
dx, dgamma, dbeta = batchnorm_backward(dout, cache)
for name, mine, numeric in [
    ("dx", dx, numerical_gradient(lambda v: loss(v, gamma, beta), x)),
    ("dgamma", dgamma, numerical_gradient(lambda v: loss(x, v, beta), gamma)),
    ("dbeta", dbeta, numerical_gradient(lambda v: loss(x, gamma, v), beta)),
]:
    print(f"{name:6s} relative error against central differences {relative_error(mine, numeric):.1e}")

# %% [markdown]
# Two sums say in short what the roads through mean and variance do.
# Over the batch, `dx` adds up to zero, and so does `dx` times $\hat x$ (but for $\varepsilon$).
# One consequence has a practical side: an affine layer in front of batch norm has a bias, and its gradient is the sum of `dx` over the batch.

# %%
w, b = rng.normal(size=(5, 4)), rng.normal(size=4)
inputs = rng.normal(size=(6, 5))
scores, affine_cache = affine_forward(inputs, w, b)
_, cache = batchnorm_forward(scores, gamma, beta, {})
dscores, _, _ = batchnorm_backward(rng.normal(size=(6, 4)), cache)
_, dw, db = affine_backward(dscores, affine_cache)
x_hat = (scores - scores.mean(axis=0)) / scores.std(axis=0)
print(f"largest |sum of dx|            {np.abs(dscores.sum(axis=0)).max():.1e}")
print(f"largest |sum of dx times x_hat| {np.abs((dscores * x_hat).sum(axis=0)).max():.1e}")
print(f"gradient of the weights up to {np.abs(dw).max():.2f}, of the bias up to {np.abs(db).max():.1e}")

# %% [markdown]
# ### Question 2 (2 points)
# The bias of an affine layer that is followed by batch norm never learns: its gradient is zero up to rounding.
# Explain why without any formula for the gradient, from what the forward pass does with a bias.
# Which parameter does the bias's work, and what do you change in the net?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_bias", "locked": false, "points": 2, "solution": true, "task": false}
# A bias adds the same number to a feature of all examples, so it moves the batch mean by that number too, and subtracting the mean takes it out again; the variance does not notice it.
# The output, and with it the loss, is the same for every bias, so the derivative is zero.
# $\beta$, which is added after the normalisation, does its work; leave the bias out of affine layers that are followed by batch norm (`use_bias=False` in Keras, `bias=False` in PyTorch).
#
# *Marking: 1 point for "it shifts the mean as well and is subtracted again", half a point for beta, half a point for leaving the bias out.*
# *A derivation by formulas earns the first point too if it is right.*

# %% [markdown]
# ## 5. Folding it away
#
# At test time $\mu$ and $\sigma^2$ are fixed numbers, and then batch norm is nothing but a scale and a shift for each feature.
# The affine layer before it is linear too, so one affine layer can do the work of both:
#
# $$\text{out} = \gamma\, \frac{(xW + b) - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta = x W' + b'$$
#
# $W'$ is all that multiplies $x$, and $b'$ is the rest.
#
# **By hand**, with one input and one unit: $W = 2$, $b = 1$, $\mu = 3$, $\sigma^2 = 4$, $\varepsilon = 0$, $\gamma = 6$, $\beta = -1$.
# The scale is $6/\sqrt4 = 3$, so $\text{out} = 3\,(2x + 1 - 3) - 1 = 6x - 7$: $W' = 6$ and $b' = -7$.
# Test it: $x = 2$ gives $2 \cdot 2 + 1 = 5$, normalised $(5-3)/2 = 1$, scaled and shifted $6 - 1 = 5$; and $6 \cdot 2 - 7 = 5$.
#
# ### Exercise 4: `fold_batchnorm` (6 points)
# `w` is `(D, K)`; `b`, `gamma`, `beta`, `mean` and `var` are `(K,)`.
# Return the new `(w, b)`, with the same shapes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "fold_batchnorm", "locked": false, "solution": true, "task": false}
def fold_batchnorm(w, b, gamma, beta, mean, var, eps):
    """Weights (D, K) and biases (K,) of the one affine layer that does what affine and batch norm do at test time."""
    ### BEGIN SOLUTION
    scale = gamma / np.sqrt(var + eps)
    return w * scale, (b - mean) * scale + beta
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_fold_batchnorm", "locked": true, "points": 6, "solution": false, "task": false}
check(fold_batchnorm)

# %% [markdown]
# One of the lecture slides has this formula without $\gamma$.
# That is right as long as $\gamma = 1$, which is where training starts, and wrong ever after:

# %%
mean, var = rng.normal(size=4), rng.uniform(0.5, 3.0, size=4)
both_layers, _ = batchnorm_forward(inputs @ w + b, gamma, beta, {"mean": mean, "var": var}, train=False)
folded_w, folded_b = fold_batchnorm(w, b, gamma, beta, mean, var, 1e-5)
slide_w, slide_b = fold_batchnorm(w, b, np.ones(4), beta, mean, var, 1e-5)
print(f"largest difference with gamma    {np.abs(inputs @ folded_w + folded_b - both_layers).max():.1e}")
print(f"largest difference without gamma {np.abs(inputs @ slide_w + slide_b - both_layers).max():.2f}")

# %% [markdown]
# ## 6. What it buys: a net with and without
#
# The functions below are given: a net of affine layers with batch norm (yours) between each affine layer and its activation, as in the original paper, trained by plain gradient descent on the digits.
# The running averages, one dict per layer, live in the net beside the weights, but no gradient ever touches them.
#
# (The affine layers keep their biases, so that the nets with and without batch norm are the same but for one thing.)

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "net", "locked": true, "solution": false, "task": false}
ACTIVATIONS = {"sigmoid": (sigmoid, sigmoid_backward), "relu": (relu, relu_backward)}


def new_net(sizes, activation, batchnorm, seed=1):
    """A net as a dict of lists, one entry per layer; the seed makes nets with and without batch norm start alike."""
    rng = np.random.default_rng(seed)
    draw = he_normal if activation == "relu" else xavier_normal
    hidden = sizes[1:-1]
    return {
        "activation": activation,
        "batchnorm": batchnorm,
        "W": [draw(fan_in, fan_out, rng) for fan_in, fan_out in pairwise(sizes)],
        "b": [np.zeros(size) for size in sizes[1:]],
        "gamma": [np.ones(size) for size in hidden],
        "beta": [np.zeros(size) for size in hidden],
        "running": [{} for _ in hidden],
    }


def net_forward(net, X, train):
    """Scores (N, C), and for each hidden layer what backward needs: two caches and the input of the activation."""
    activate, _ = ACTIVATIONS[net["activation"]]
    h, layers = X, []
    for i in range(len(net["W"]) - 1):
        z, affine_cache = affine_forward(h, net["W"][i], net["b"][i])
        bn_cache = None
        if net["batchnorm"]:
            z, bn_cache = batchnorm_forward(z, net["gamma"][i], net["beta"][i], net["running"][i], train)
        layers.append((affine_cache, bn_cache, z))
        h = activate(z)
    scores, last_cache = affine_forward(h, net["W"][-1], net["b"][-1])
    return scores, layers, last_cache


def net_step(net, X, y, lr):
    """One step of gradient descent on a batch; returns its loss."""
    _, activate_backward = ACTIVATIONS[net["activation"]]
    scores, layers, last_cache = net_forward(net, X, train=True)
    loss, dscores = softmax_cross_entropy(scores, y)
    dh, dw, db = affine_backward(dscores, last_cache)
    moves = [("W", -1, dw), ("b", -1, db)]
    for i in reversed(range(len(layers))):
        affine_cache, bn_cache, z = layers[i]
        dz = activate_backward(dh, z)
        if net["batchnorm"]:
            dz, dgamma, dbeta = batchnorm_backward(dz, bn_cache)
            moves += [("gamma", i, dgamma), ("beta", i, dbeta)]
        dh, dw, db = affine_backward(dz, affine_cache)
        moves += [("W", i, dw), ("b", i, db)]
    for name, i, gradient in moves:
        net[name][i] = net[name][i] - lr * gradient
    return float(loss)


# %%
X, y = load_digits()
(X, y), (X_dev, y_dev), _ = train_dev_test_split(X, y, (0.6, 0.2, 0.2), np.random.default_rng(0))
mean, std = standardize_fit(X)
X, X_dev = standardize_apply(X, mean, std), standardize_apply(X_dev, mean, std)


def accuracy(net, X, y):
    """Share of examples whose largest score is that of the true class, at test time."""
    scores, _, _ = net_forward(net, X, train=False)
    return float((scores.argmax(axis=1) == y).mean())


def train(net, lr, steps, watch=None, every=5):
    """Train with batches of 32; returns the losses, one per step, and the dev accuracy at every fifth step."""
    rng, losses, accuracies = np.random.default_rng(2), [], []
    while len(losses) < steps:
        for X_batch, y_batch in random_minibatches(X, y, 32, rng):
            losses.append(net_step(net, X_batch, y_batch, lr))
            if len(losses) % every == 0:
                accuracies.append(accuracy(net, X_dev, y_dev))
            if watch is not None:
                watch(len(losses), net)
            if len(losses) == steps:
                break
    return losses, accuracies


# %% [markdown]
# ### What a layer receives
#
# Two sigmoid nets, 64-50-50-50-10, start from the same weights and train at the same rate.
# Watch what arrives at the sigmoids of the third hidden layer while the layers before it learn, for the 359 dev images at test time: for each sigmoid the median, and the width of the band that holds the middle 70% of them.
# The numbers are means over the layer's 50 sigmoids; the picture shows one of them.


# %%
def received_through_training(batchnorm):
    """Steps, and what the third hidden layer's sigmoids receive at each, (images, units)."""
    steps, received = [], []

    def watch(step, net):
        if step % 20 == 0:
            _, layers, _ = net_forward(net, X_dev, train=False)
            steps.append(step)
            received.append(layers[-1][2])

    train(new_net([64, 50, 50, 50, 10], "sigmoid", batchnorm), 0.3, 1300, watch, every=1300)
    return steps, np.array(received)


steps, without = received_through_training(batchnorm=False)
_, with_bn = received_through_training(batchnorm=True)
for name, received in {"without": without, "with": with_bn}.items():
    low, middle, high = np.quantile(received, [0.15, 0.5, 0.85], axis=1)
    width = (high - low).mean(axis=1)  # over the 50 sigmoids
    print(f"{name:7s} batch norm: the median wanders over {np.ptp(middle, axis=0).mean():.2f},", end=" ")
    print(f"the band grows from {width[0]:.2f} at step 20 to {width[-1]:.2f}")

unit = 7
plots.distributions_through_training(
    steps, {"without batch norm": without[:, :, unit], "with batch norm": with_bn[:, :, unit]}
)

# %% [markdown]
# Batch norm does not freeze the distribution: $\gamma$ and $\beta$ learn, and are meant to.
# But what arrives has a sensible mean and width from the first steps on, instead of hardly any width for hundreds of steps and a middle that drifts away.

# %% [markdown]
# ### A rate that only batch norm survives
#
# Five hidden layers of ReLU units, once at a modest rate and once at ten times that rate, each with and without batch norm:

# %% tags=["remembered"]
curves = {}
with np.errstate(all="ignore"):  # one of these overflows, and that is the point
    for lr in (0.1, 1.0):
        for batchnorm in (False, True):
            name = f"{'batch norm' if batchnorm else 'plain'}, rate {lr:g}"
            net = new_net([64, 50, 50, 50, 50, 50, 10], "relu", batchnorm)
            curves[name], _ = train(net, lr, 400, every=400)
            last = np.mean(curves[name][-34:])
            print(f"{name:20s} mean loss of the last epoch {last:6.3f}, dev accuracy {accuracy(net, X_dev, y_dev):.1%}")

title = "A rate ten times higher: plain fails, batch norm learns"
plots.loss_curves(curves, title, xlabel="step", smooth=20, top=4.0, level=("chance: ln 10", np.log(10)))

# %% [markdown]
# At the modest rate the plain net does well, and on this easy data even reaches the lower training loss: batch norm adds the noise of each batch's statistics, a mild regulariser like dropout.
# At ten times the rate the plain net learns little, and in the end its numbers overflow and the loss is `nan`; the one with batch norm learns as if nothing had happened.
# Large weights make large outputs, but the normalisation divides that out again, so that a step that was too long does much less harm.
#
# ### Steps to a given accuracy
#
# The sigmoid net again, as in the experiment of the original paper: how many steps until 93% of the dev digits are right?

# %%
target, runs = 0.93, {}
for name, batchnorm, lr, steps in [
    ("plain, rate 0.05", False, 0.05, 2600),
    ("batch norm, rate 0.05", True, 0.05, 600),
    ("batch norm, 5 times the rate", True, 0.25, 600),
    ("batch norm, 30 times the rate", True, 1.5, 600),
]:
    _, runs[name] = train(new_net([64, 50, 50, 10], "sigmoid", batchnorm), lr, steps)
    reached = np.flatnonzero(np.array(runs[name]) >= target)
    when = f"{5 * (reached[0] + 1)}" if reached.size else f"over {steps}"
    print(f"{name:30s} {when:>9} steps")

plots.steps_to_accuracy(runs, target, every=5)

# %% [markdown]
# At the same rate batch norm needs far fewer steps, and it allows higher rates, which save again.
# The paper reports the same order for a large net on ImageNet: 31.0 million steps plain, 13.3 with batch norm, 2.1 at five times the rate and 2.7 at thirty times.
#
# Nothing is free: a step with batch norm takes longer.
# Folding brings the time of *use* back to that of the plain net:

# %%
net = new_net([64, 50, 50, 10], "sigmoid", batchnorm=True)
train(net, 0.25, 340, every=340)
folded = {**net, "batchnorm": False, "W": list(net["W"]), "b": list(net["b"])}
for i, running in enumerate(net["running"]):
    folded["W"][i], folded["b"][i] = fold_batchnorm(
        net["W"][i], net["b"][i], net["gamma"][i], net["beta"][i], running["mean"], running["var"], 1e-5
    )
for name, which in {"with batch norm": net, "folded": folded}.items():
    began = time.process_time()
    for _ in range(300):
        net_forward(which, X_dev[:32], train=False)
    milliseconds = 1000 * (time.process_time() - began) / 300
    print(f"{name:16s} dev accuracy {accuracy(which, X_dev, y_dev):.2%}, {milliseconds:.3f} ms for 32 images")
gap = np.abs(net_forward(net, X_dev, train=False)[0] - net_forward(folded, X_dev, train=False)[0]).max()
print(f"largest difference between their scores {gap:.1e}")

# %% [markdown]
# The usual story is that batch norm holds back the *shift* of each layer's inputs while the layers before it learn, which is what the first picture shows.
# Later work (Santurkar and others, 2018) found that it helps even where such shifts are put back in on purpose, and points to a smoother cost surface instead.
# That it helps is certain; why is less so.
#
# ## 7. Other libraries, other words
#
# | | this course | PyTorch `BatchNorm1d` | Keras `BatchNormalization` |
# |---|---|---|---|
# | `momentum` is | the share of the **old** average, 0.9 | the share of the **new** batch, 0.1 | the share of the old average, 0.99 |
# | variance for normalising | biased | biased | biased |
# | variance in the running average | biased | **unbiased**, times $N/(N-1)$ | biased (Keras 3) |
# | $\varepsilon$ | `1e-5` | `1e-5` | `1e-3` |
#
# The lectures have both kinds of momentum as well: one slide writes $\mu := \alpha \cdot \text{mean}_{\text{batch}} + (1 - \alpha) \cdot \mu$, where $\alpha$ is the share of the new batch.
# Before you copy a number, look at which share it is.
#
# ### Question 3 (2 points)
# A net is moved from Keras to PyTorch, and the line `momentum=0.99` is copied with it.
# The training loss falls exactly as before, but the dev accuracy now jumps up and down from epoch to epoch.
# Explain both observations and give the right value.
# PyTorch's averages hold the unbiased variance, those of this notebook the biased one: by what percentage do the two differ for batches of 64, and for batches of 2?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_momentum", "locked": false, "points": 2, "solution": true, "task": false}
# In training the batch's own statistics are used, so momentum cannot change the training loss.
# In PyTorch 0.99 is the share of the *new* batch: the averages are practically those of the last batch, they jump from batch to batch, and the dev set is normalised with them.
# The right value is $1 - 0.99 = 0.01$.
# The variances differ by the factor $N/(N-1)$: $64/63$, or 1.6%, and $2/1$, or 100%.
#
# *Marking: half a point for the training loss, which does not use the averages; half a point for "the share of the new batch, so the averages are those of the last batch"; half a point for 0.01; half a point for the factor with both numbers.*

# %% [markdown]
# ## What to take away
# - Batch norm standardises each feature over the batch, with the biased variance and $\varepsilon$ inside the root, then scales by $\gamma$ and shifts by $\beta$, which are learnt.
# - Training uses the batch's statistics and moves the running averages; test time uses the averages, moves nothing, and answers the same whoever else is in the batch.
# - Three roads lead back to $x$; over the batch `dx` adds up to zero, and a bias in front of batch norm learns nothing.
# - At test time it is a scale and a shift, and folds into the affine layer, $\gamma$ included.
# - It allows higher rates and saves steps; it does not promise a better result where the plain net trains well already.
# - Ask of every library which share its `momentum` is.
#
# Next: notebook 12 searches for the hyperparameters that are left.
