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
# Seven nets, alike but for one number: how widely their starting weights were spread.
# They see the same digits, at the same rate, for the same 170 steps.
# Most of them learn nothing at all.
# At the end of this notebook nearly all will learn, thanks to three short functions of yours that touch neither the weights nor the rate.
# **What can they be doing?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import time
from itertools import pairwise

import numpy as np

from nnlib import (
    affine_backward, affine_forward, dropout_backward, dropout_forward, explore,
    gradient_step, he_normal, load_digits, make_spirals, numerical_gradient, plots,
    random_minibatches, relative_error, relu, relu_backward, softmax,
    softmax_cross_entropy, standardize_apply, standardize_fit, train_dev_test_split,
)
from nnlib.checks import check, hint, progress  # stuck? hint(fold_batchnorm)
from nnlib.trial_net import TrialNet

np.set_printoptions(precision=4, suppress=True)

# %%
X, y = load_digits()
(X, y), (X_dev, y_dev), _ = train_dev_test_split(X, y, (0.6, 0.2, 0.2), np.random.default_rng(0))
mean, std = standardize_fit(X)
X, X_dev = standardize_apply(X, mean, std), standardize_apply(X_dev, mean, std)
SPREADS = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0]


def accuracies_by_spread(activation, batchnorm, steps=170):
    """Dev accuracy of nets with five hidden layers, one for each spread of the starting weights."""
    nets = [
        TrialNet([64, 50, 50, 50, 50, 50, 10], activation, batchnorm, std=spread)
        for spread in SPREADS
    ]
    for net in nets:
        net.train(X, y, 0.1, steps)
    return [net.evaluate(X_dev, y_dev)[1] for net in nets]


reached = {"plain ReLU net": accuracies_by_spread("relu", None)}
title = "The spread of the starting weights decides: most of these nets learn nothing"
about = ("standard deviation of the starting weights", "dev accuracy after 170 steps")
plots.measured_against(
    SPREADS, reached, title, *about, log="x", percent=True, level=("chance", 0.1)
)

# %% [markdown]
# **When you are done, you can**
# - normalise a layer's outputs over a batch, and say which numbers are learnt, which measured and which remembered;
# - write its gradient, the ways through mean and variance included, and prove it right with differences;
# - use running averages at test time, and recognise the bugs that come from mixing the two modes up;
# - fold a trained batch norm into the layer before it, so that it costs nothing in use;
# - say, with numbers, what batch norm buys and what nobody knows about it;
# - train a whole net with batch norm and dropout from your own pieces.
#
# **You need** the affine layer and its gradient (notebook 01), averages that forget (07), dropout (10, for exercise 5) and the chain rule.
#
# **Time**: about 150 minutes for five functions and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(fold_batchnorm)` in a cell of your own, up to three times.
#
# House conventions: a layer's outputs for a batch are `x` of shape `(N, K)`, one row per example, one column per feature (a unit); losses are means over the batch; functions leave their inputs as they were, all but one argument below, `running`.
#
# **Why it was invented.**
# Notebook 04 gave a model's *inputs* mean 0 and variance 1. But the inputs of the second layer are the outputs of the first, and they move whenever it learns.
# Good starting weights (05) give every layer a steady input for the *first* step only.
# An image net of that time took 31 million steps, with a small rate and a careful start. Ioffe & Szegedy (2015) standardised the layers inside as well, at every step, and reached the same accuracy in a fourteenth of them.
#
# Batch norm sits between the affine layer (or convolution) and the activation, at every hidden layer:

# %%
hidden_layer = ["affine", "batch norm", "activation"]
plots.chain(
    [["x"], hidden_layer, hidden_layer, ["affine", "softmax"]], marked="batch norm",
    labels=["input", "hidden layer", "hidden layer", "output layer"],
    title="The place of batch norm: between each hidden layer's affine part and its activation",
)

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
# - $\gamma$ and $\beta$ come **last**. Without them the layer could only ever put out mean 0 and deviation 1, which keeps a sigmoid in its nearly linear middle; with them the net can undo the normalisation where that is better. Like weights they have gradients, so any optimizer will do: plain steps, momentum, RMSProp, Adam.
#
# Should one normalise the scores $z$ before the activation, or its outputs $a$?
# Both have been tried; in practice it is $z$ nearly always, and so here.
# (After a convolution one mean and variance serve a whole channel, over the batch and all places in the image.)
#
# ## 2. What to do at test time
#
# In use, one image may come alone, and an answer should not depend on who else happens to ask.
# So training keeps **running averages** of the batch means and variances, and test time normalises with those.
#
# After each training batch they are updated; `momentum` is the share of the old average that is kept:
#
# $$\text{new} = \text{momentum} \cdot \text{old} + (1 - \text{momentum}) \cdot \text{this batch's}$$
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
# ### Exercise 1: `update_running` (4 points)
# Move `running` towards the statistics of one batch, by the formula above, and also return it.
# `momentum` is at least 0 and below 1.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "update_running", "locked": false, "solution": true, "task": false}
def update_running(running, mean, var, momentum):
    """Move running["mean"] and running["var"] towards a batch's mean (K,) and variance (K,);
    returns running.

    running: a dict, empty (mean 0, variance 1) or with "mean" and "var"; it is changed.
    momentum: the share of the old averages that is kept, from 0 to below 1.
    """
    ### BEGIN SOLUTION
    running["mean"] = momentum * running.get("mean", 0.0) + (1 - momentum) * mean
    running["var"] = momentum * running.get("var", 1.0) + (1 - momentum) * var
    return running
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_update_running", "locked": true, "points": 4, "solution": false, "task": false}
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
        print(
            f"after {step:2d} batches: mean {mean:6.3f}, var {var:.3f}, "
            f"the start still counts {share:.1%}"
        )

# %% [markdown]
# Ten batches leave 35% of the start, 44 leave 1%.
# A net that is tested after a handful of steps is tested with averages that are mostly the numbers 0 and 1.
#
# ## 3. The layer
#
# ### Exercise 2: `batchnorm_forward` (9 points)
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


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_batchnorm_forward", "locked": true, "points": 9, "solution": false, "task": false}
check(batchnorm_forward)

# %% [markdown]
# What it does to a deep net shows before any training.
# Below, the digits pass through five ReLU layers whose weights are far too small, then too large; your function makes the second row of each pair:


# %%
def signals(spread, batchnorm):
    """What the activations of five hidden layers receive before any learning."""
    net = TrialNet(
        [64, 50, 50, 50, 50, 50, 10], "relu", (batchnorm_forward, None) if batchnorm else None,
        std=spread,
    )
    net.forward(X, train=True)
    return net.received


rows = {
    f"spread {spread:g},\n{'with' if bn else 'without'}\nbatch norm": signals(spread, bn)
    for spread in (0.03, 0.6)
    for bn in (False, True)
}
plots.histograms_by_layer(rows, "input", colours=[0, 1, 0, 1])

# %% [markdown]
# (Each row has its own scale, below the bars.)
# Whatever the weights' spread, with batch norm each layer gets numbers of mean 0 and deviation 1.
# Three more facts, for one layer:

# %%
rng = np.random.default_rng(11)
x = rng.normal(loc=[5.0, -300.0, 0.02], scale=[2.0, 40.0, 0.5], size=(8, 3))
gamma, beta = np.array([1.0, 2.0, 0.5]), np.array([0.0, -1.0, 3.0])
out, _ = batchnorm_forward(x, np.sqrt(x.var(axis=0) + 1e-5), x.mean(axis=0), {})
print(
    "1. with gamma = root of the variance, beta = mean it is the identity, "
    f"to {np.abs(out - x).max():.1e}"
)

running = {"mean": np.array([5.0, -300.0, 0.0]), "var": np.array([4.0, 1600.0, 0.25])}
for name, train in {"in training": True, "at test time": False}.items():
    in_company, _ = batchnorm_forward(x, gamma, beta, dict(running), train)
    with_others, _ = batchnorm_forward(
        np.vstack([x[:1], x[1:] + 1.0]), gamma, beta, dict(running), train
    )
    print(f"2. {name:12s}: x[0] gives {in_company[0]}, among other rows {with_others[0]}")
for name, train in {"in training": True, "at test time": False}.items():
    print(
        f"3. {name:12s}: x[0] alone gives "
        f"{batchnorm_forward(x[:1], gamma, beta, dict(running), train)[0][0]}"
    )

# %% [markdown]
# So where a net is better off without the normalisation, it can learn a $\gamma$ and a $\beta$ that undo it (1).
# In training an example's output depends on its batch mates (2), and alone it gives $\beta$, whatever it was (3); at test time neither happens.
#
# ### Now you
# Turn the spread of the weights and the size of the batch. A ReLU fires where its input is above 0. **What does the spread change, and what does it leave alone? What does the size of the batch change, and what goes wrong with batches of two?**


# %%
def fire(spread=0.3, batch_size=32, layer=5):
    """Share of the inputs above 0 at one hidden layer, by unit, with and without batch norm."""
    nets = {"without": None, "with": (batchnorm_forward, None)}
    for name, batchnorm in nets.items():
        net = TrialNet([64, 50, 50, 50, 50, 50, 10], "relu", batchnorm, std=spread)
        net.forward(X[:batch_size], train=True)
        z = net.received[layer - 1]
        share = (z > 0).mean(axis=0)
        print(f"{name:7s} batch norm: mean |input| {np.abs(z).mean():9.3g};", end=" ")
        print(
            f"{(z > 0).mean():.0%} of them above 0, "
            f"{((share == 0) | (share == 1)).mean():.0%} of the units always or never"
        )


explore(fire, spread=(0.003, 3.0, 0.3), batch_size=(2, 512, 32), layer=(1, 5, 5))

# %% [markdown]
# <details><summary>What you should see</summary>
#
# The spread changes sizes only. Without batch norm, ten times the spread makes the inputs of layer 5 a hundred thousand times as large, ten times for each layer; with it they stay as they are (at the narrowest $\varepsilon$ begins to count).
# No sign changes, so both shares stay: about half of the inputs are above 0, with batch norm and without.
# The size of the batch tells the two nets apart. Without batch norm some units fire for every image or for none: a few in a batch of 512, most of them in a batch of two.
# With it hardly any does: each unit is centred over the batch, so it fires for some images and not for others.
# With batches of two every normalised pair is $-1$ and $1$ (or 0 and 0 for equal ones): which image is larger is all that is left of it.
# </details>

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
# Take the straight road alone, and you get $(1, 0)$.
#
# ### Exercise 3: `batchnorm_backward` (10 points)
# Return `(dx, dgamma, dbeta)` with the shapes `(N, K)`, `(K,)`, `(K,)`.
# `dout` may be anything, and neither it nor the cache may change: the same call made twice gives the same result.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "batchnorm_backward", "locked": false, "solution": true, "task": false}
def batchnorm_backward(dout, cache):
    """Gradients (dx, dgamma, dbeta) of a training pass, for dout (N, K) and forward's cache."""
    ### BEGIN SOLUTION
    x_hat, inv_std, gamma = cache
    dbeta = dout.sum(axis=0)
    dgamma = (dout * x_hat).sum(axis=0)
    # The roads through mean and variance take away what dout has in common with 1 and x_hat.
    dx = gamma * inv_std * (dout - (dbeta + x_hat * dgamma) / len(dout))
    return dx, dgamma, dbeta
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_batchnorm_backward", "locked": true, "points": 10, "solution": false, "task": false}
check(batchnorm_backward)

# %% [markdown]
# The proof is a gradient check (notebook 03), at values that hide nothing: as many examples as features, $\gamma \ne 1$, $\beta \ne 0$, a large `eps` and a random `dout`.

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
    print(
        f"{name:6s} relative error against central differences {relative_error(mine, numeric):.1e}"
    )

# %% [markdown]
# Two sums say briefly what the roads through mean and variance do.
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
print(
    f"gradient of the weights up to {np.abs(dw).max():.2f}, "
    f"of the bias up to {np.abs(db).max():.1e}"
)

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
# ### Gradients, layer by layer
#
# With both directions written you can see how much of the gradient reaches each layer of a net with eight hidden layers, before any learning:

# %%
BATCHNORM = (batchnorm_forward, batchnorm_backward)
DEEP = [64, *[50] * 8, 10]
sizes = {}
for name, activation, spread in [
    ("ReLU, std 0.03", "relu", 0.03), ("ReLU, std 0.5", "relu", 0.5),
    ("sigmoid, Xavier", "sigmoid", None),
]:
    for batchnorm in (None, BATCHNORM):
        net = TrialNet(DEEP, activation, batchnorm, std=spread)
        label = f"{name} + batch norm" if batchnorm else f"{name}, plain"
        curve = sizes[label] = net.gradient_sizes(X[:256], y[:256])
        print(f"{label:28s} first layer {curve[0]:.0e}, last but one {curve[-2]:.0e}")

title = "With batch norm every layer gets a gradient of about the same size"
plots.measured_against(
    range(1, 10), sizes, title, "layer", "size of the gradient of its weights", log="y"
)

# %% [markdown]
# Without batch norm the size depends on the weights: less than a millionth of what helps, or a thousand times too much; and behind eight sigmoids the first layer gets next to nothing (notebook 01 met that with five).
# With it all layers get gradients of one size from any start: vanishing and exploding are much reduced, and **saturating activations become usable**.
# Good starting weights do as much for the first step; batch norm does it again at every step, when the weights have long moved.

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
# ### Exercise 4: `fold_batchnorm` (4 points)
# `w` is `(D, K)`; `b`, `gamma`, `beta`, `mean` and `var` are `(K,)`.
# Return the new `(w, b)`, with the same shapes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "fold_batchnorm", "locked": false, "solution": true, "task": false}
def fold_batchnorm(w, b, gamma, beta, mean, var, eps):
    """Weights (D, K) and biases (K,) of one affine layer that does what both do at test time."""
    ### BEGIN SOLUTION
    scale = gamma / np.sqrt(var + eps)
    return w * scale, (b - mean) * scale + beta
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_fold_batchnorm", "locked": true, "points": 4, "solution": false, "task": false}
check(fold_batchnorm)

# %% [markdown]
# A slide of lecture 001 (introduction to neural networks) has this formula without $\gamma$, which is right only while $\gamma = 1$, where training starts:

# %%
mean, var = rng.normal(size=4), rng.uniform(0.5, 3.0, size=4)
both_layers, _ = batchnorm_forward(
    inputs @ w + b, gamma, beta, {"mean": mean, "var": var}, train=False
)
folded_w, folded_b = fold_batchnorm(w, b, gamma, beta, mean, var, 1e-5)
slide_w, slide_b = fold_batchnorm(w, b, np.ones(4), beta, mean, var, 1e-5)
print(
    "largest difference with gamma    "
    f"{np.abs(inputs @ folded_w + folded_b - both_layers).max():.1e}"
)
print(
    f"largest difference without gamma {np.abs(inputs @ slide_w + slide_b - both_layers).max():.2f}"
)

# %% [markdown]
# ## 6. What it buys
#
# `TrialNet` (in `nnlib/trial_net.py`, a page to read) puts your functions between the affine layers and the activations and takes plain gradient steps.
#
# ### Nearly any starting weights will do

# %% tags=["remembered"]
reached["ReLU net + batch norm"] = accuracies_by_spread("relu", BATCHNORM)
reached["plain sigmoid net"] = accuracies_by_spread("sigmoid", None)
reached["sigmoid net + batch norm"] = accuracies_by_spread("sigmoid", BATCHNORM)
for name, accuracies in reached.items():
    print(
        f"{name:24s}",
        "  ".join(
            f"{spread:g}: {value:.0%}" for spread, value in zip(SPREADS, accuracies, strict=True)
        ),
    )

title = "With batch norm, nearly any start will do"
plots.measured_against(
    SPREADS, reached, title, *about, log="x", percent=True, level=("chance", 0.1)
)

# %% [markdown]
# The plain ReLU net wants a spread within a factor of three of the right one; the plain sigmoid net of this depth learns only near 1, and slowly.
# With batch norm a thousandfold range of starts works (far too wide ones learn more slowly, and with sigmoids far too narrow ones too).
# The same holds for learning rates, below: a search (notebook 12) has an easier time, since a wider range works.
#
# ### A rate at which only batch norm learns
#
# Five hidden layers, He's weights, a modest rate and ten times that rate (means over five seeds, at test time; the picture shows the training of the first):

# %%
curves, judged = {}, {}
for lr in (0.1, 1.0):
    for batchnorm in (None, BATCHNORM):
        name = f"{'batch norm' if batchnorm else 'plain'}, rate {lr:g}"
        judged[name] = []
        for seed in range(1, 6):
            net = TrialNet([64, 50, 50, 50, 50, 50, 10], "relu", batchnorm, seed=seed)
            losses = net.train(X, y, lr, 400, seed=seed + 1)
            curves.setdefault(name, losses)
            judged[name].append((*net.evaluate(X, y), *net.evaluate(X_dev, y_dev)))
        train_loss, _, dev_loss, dev_accuracy = np.mean(judged[name], axis=0)
        overflowed = (~np.isfinite(judged[name]).all(axis=1)).sum()
        print(
            f"{name:20s} training loss {train_loss:.4f}, dev loss {dev_loss:.3f}, "
            f"dev accuracy {dev_accuracy:.1%}, {overflowed} of 5 overflowed"
        )

title = "A rate ten times higher: plain fails, batch norm learns"
plots.loss_curves(
    curves, title, xlabel="step", smooth=20, top=4.0, level=("chance: ln 10", np.log(10))
)

# %%
plain, with_bn = (np.array(judged[f"{name}, rate 0.1"]) for name in ("plain", "batch norm"))
print(
    "seeds with the higher training loss with batch norm:", (with_bn[:, 0] > plain[:, 0]).sum(),
    "of 5",
)
print(
    "seeds with the lower dev loss with batch norm:      ", (with_bn[:, 2] < plain[:, 2]).sum(),
    "of 5",
)

# %% [markdown]
# At ten times the rate the plain net jumps about and ends far behind, or its numbers overflow (the mean is then `nan`), depending on the seed and the machine; the one with batch norm learns on.
# Large weights make large outputs, but the normalisation divides that out again, so a step that was too long does less harm.
#
# At the modest rate both read the dev digits about equally well.
# Batch norm leaves a higher training loss and a lower dev loss: each batch's statistics are a little wrong in another way, and that noise is a **mild regulariser**, like weak dropout; you then need a little less dropout.
# (Larger batches have less noise, and regularise less.)
#
# ### Steps to a given accuracy
#
# The experiment of the paper, whose nets have ReLUs but for the last row of the table below, with a small sigmoid net: how many steps until 93% of the dev digits are right?


# %%
def accuracy_curve(net, lr, steps):
    """Dev accuracy after every fifth step."""
    seen = []

    def watch(step):
        if step % 5 == 0:
            seen.append(net.evaluate(X_dev, y_dev)[1])

    net.train(X, y, lr, steps, watch=watch)
    return seen


target, runs = 0.93, {}
for name, batchnorm, lr, steps in [
    ("plain, rate 0.05", None, 0.05, 2600),
    ("batch norm, rate 0.05", BATCHNORM, 0.05, 600),
    ("batch norm, 5 times the rate", BATCHNORM, 0.25, 600),
    ("batch norm, 30 times the rate", BATCHNORM, 1.5, 600),
]:
    seen = runs[name] = accuracy_curve(TrialNet([64, 50, 50, 10], "sigmoid", batchnorm), lr, steps)
    first = np.flatnonzero(np.array(seen) >= target)
    when = f"{5 * (first[0] + 1)}" if first.size else f"over {steps}"
    print(f"{name:30s} {when:>9} steps, at best {max(seen):.1%}")

plots.steps_to_accuracy(runs, target, every=5)

# %% [markdown]
# | Ioffe & Szegedy (2015), on ImageNet | steps to 72.2% | best accuracy |
# |---|---|---|
# | plain | 31.0 million | 72.2% |
# | batch norm | 13.3 million | 72.7% |
# | batch norm, 5 times the rate | 2.1 million | 73.0% |
# | batch norm, 30 times the rate | 2.7 million | 74.8% |
# | batch norm, 5 times the rate, sigmoid | never | 69.8% |
#
# Our numbers and the paper's agree that batch norm saves steps at the same rate and many more at a higher one (lecture 003, deep network components and training, promises "10 times or more", a slide of lecture 001 shows 200% more speed), and that the highest rate ends best.
# They differ in one point: in the paper 30 times the rate is *slower* to 72.2% than 5 times; on small digits it is faster still.
# And the sigmoid, hopeless in such a deep net before, comes within a few points.
#
# ### Running averages, or the exact numbers?
#
# In theory one would send the whole training set through the finished net once and take *its* means and variances; averages kept on the way are the cheap stand-in.
# How good are they?

# %%
print("dev accuracy, mean of five seeds")
for steps in (5, 20, 300):
    both = []
    for seed in range(5):
        net = TrialNet([64, 50, 50, 50, 10], "relu", BATCHNORM, seed=seed)
        net.train(X, y, 0.3, steps, seed=seed + 1)
        _, averaged = net.evaluate(X_dev, y_dev)
        net.forward(
            X, train=True, momentum=0.0
        )  # nothing of the old averages is kept: what is left is the whole set's
        both.append((averaged, net.evaluate(X_dev, y_dev)[1]))
    averaged, exact = np.mean(both, axis=0)
    print(
        f"after {steps:3d} steps: {averaged:.1%} with running averages, "
        f"{exact:.1%} with exact numbers"
    )

# %% [markdown]
# After a few steps the averages still hold their start (0 and 1) and lag behind weights that move fast; soon there is nothing to choose.
#
# ### The price

# %%
net, plain = (TrialNet([64, 50, 50, 10], "sigmoid", batchnorm) for batchnorm in (BATCHNORM, None))
net.train(X, y, 0.25, 340)
for name, which in {
    "plain": plain, "with batch norm": net, "folded": net.folded(fold_batchnorm)
}.items():
    times = []
    for _ in range(300):
        began = time.perf_counter()
        which.forward(X_dev[:32])
        times.append(1000 * (time.perf_counter() - began))
    print(
        f"{name:16s} {which.num_parameters} parameters, {min(times):.3f} ms for 32 images", end=""
    )
    print(f", dev accuracy {which.evaluate(X_dev, y_dev)[1]:.2%}" if which is not plain else "")

# %% [markdown]
# More parameters, and more time in use; folding takes both back.
#
# ### Why it works: a quarrel
#
# A classifier that learnt cats from pictures of black cats stumbles over coloured ones: the rule from image to "cat" is the same, but the images come from elsewhere.
# That is **covariate shift**, as Shimodaira (2000) named it.
# Seen from the third layer, the same happens inside the net whenever the first two learn: the paper calls it **internal covariate shift**, and sees batch norm's merit in holding it back, so that layers learn more independently and need not wait for those before them to settle.
# With shortcuts besides (notebook 03), nets of a hundred and even a thousand layers became trainable, He et al. (2016).
# What do the sigmoids of a third hidden layer receive, with and without?


# %%
def received_through_training(batchnorm, seed=1):
    """What the third hidden layer's sigmoids receive at test time: (times, images, units)."""
    net, received = TrialNet([64, 50, 50, 50, 10], "sigmoid", batchnorm, seed=seed), []

    def watch(step):
        if step % 20 == 0:
            net.forward(X_dev)
            received.append(net.received[-1])

    net.train(X, y, 0.3, 1300, watch=watch)
    return np.array(received)


layer3 = {
    "without batch norm": received_through_training(None),
    "with batch norm": received_through_training(BATCHNORM),
}
shown = {}
for name, received in layer3.items():
    # over the images, for each unit
    low, middle, high = np.quantile(received, [0.15, 0.5, 0.85], axis=1)
    wander, width = np.ptp(middle, axis=0), (high - low).mean(axis=1)
    shown[name] = received[:, :, np.argsort(wander)[25]]  # the unit in the middle of all 50
    print(
        f"{name:18s}: the band is {width[0]:.2f} wide at step 20, {width[-1]:.2f} at the end;\n"
        f"{'':20s}a unit's median wanders over {np.median(wander):.2f}"
    )

steps = range(20, 1301, 20)
plots.distributions_through_training(steps, shown)

# %% [markdown]
# The great difference is the *width*: with batch norm the sigmoids tell images apart from the first steps on; without it they get nearly the same number for every image, for the first two hundred steps.
# That the middle stays put is much less clear: it wanders with batch norm, too.
# Santurkar et al. (2018) went further: they put random shifts back in *after* batch norm, training was as fast as ever, and what batch norm changes, they found, is the cost surface: it becomes smoother.
# That it helps is certain; why is still argued about.

# %% [markdown]
# ## 7. Other libraries, other words
#
# | | this course | PyTorch `BatchNorm1d` | Keras `BatchNormalization` |
# |---|---|---|---|
# | `momentum` is | the share of the **old** average, 0.9 | the share of the **new** batch, 0.1 | the share of the old average, 0.99 |
# | variance for normalising | biased | biased | biased |
# | variance in the running average | biased | **unbiased**, times $N/(N-1)$ | biased (Keras 3) |
# | $\varepsilon$ | `1e-5` | `1e-5` | `1e-3` |
#
# The lectures have both kinds of momentum as well: lecture 004 (optimizers, normalization, regularization) writes $\mu \leftarrow \alpha \cdot \text{mean}_{\text{batch}} + (1 - \alpha) \cdot \mu$, where $\alpha$ is the share of the new batch.
# (Lecture 002 (improving deep neural networks) teaches batch norm, too.)
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
# ## 8. Rehearsal: a whole net, by you
#
# Until now the training was given.
# Before the capstone, write one yourself, from your own batch norm and the pieces of earlier notebooks (all imported above).
# Three spiral arms, two numbers per point:

# %%
spirals = make_spirals(100, 3, 0.2, np.random.default_rng(3))
new_points = make_spirals(100, 3, 0.2, np.random.default_rng(4))
linear = TrialNet([2, 3])
linear.train(*spirals, 0.5, 300)
print(
    f"a net without a hidden layer is right on {linear.evaluate(*new_points)[1]:.1%} of new points"
)
plots.decision_regions(lambda points: linear.forward(points)[0].argmax(axis=1), *spirals)

# %% [markdown]
# ### Exercise 5: `train_and_predict` (7 points)
# Build a net, train it on `X`, `y`, and return what it says about `X_new`.
# - `X` is `(N, D)`, `y` holds whole numbers from 0; there are `C = y.max() + 1` classes. `X_new` is `(M, D)`. Any D and C may come.
# - At least one hidden layer: affine, batch norm, ReLU, dropout, in this order; softmax at the end. Sizes, rate, batch size and optimizer are yours.
# - An epoch uses every example once, the short last batch too, in a fresh order. There are `epochs` of them.
# - `keep_prob` is the share of hidden units that dropout keeps; 1.0 is no dropout.
# - Return probabilities `(M, C)` **at test time**: running averages, no dropout, so that a point gets the same answer alone and in company.
# - Whatever is random comes from `rng`; `X`, `y` and `X_new` stay as they are.
#
# **Graded** by these rules, and by spirals of its own: with the defaults at least 90% of 300 new points must be right, in one of three tries, also where all features are 300 times as large (why should your net not care?).
# A call may take 5 seconds; ours takes a third of one.
# Two tips: a rate that falls to 0 lets the running averages catch up with the weights; and keep the averages of each layer in a dict of its own.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train_and_predict", "locked": false, "solution": true, "task": false}
def train_and_predict(X, y, X_new, rng, epochs=60, keep_prob=0.9):
    """Train with batch norm and dropout on X (N, D), y (N,); (M, C) probabilities of X_new."""
    ### BEGIN SOLUTION
    sizes = [X.shape[1], 32, 32, int(y.max()) + 1]
    params, running = {}, [{} for _ in sizes[1:-1]]
    for i, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        params[f"W{i}"], params[f"b{i}"] = he_normal(fan_in, fan_out, rng), np.zeros(fan_out)
        params[f"gamma{i}"], params[f"beta{i}"] = np.ones(fan_out), np.zeros(fan_out)

    def forward(h, train):
        caches = []
        for i in range(2):
            z, affine = affine_forward(h, params[f"W{i}"], params[f"b{i}"])
            z, bn = batchnorm_forward(z, params[f"gamma{i}"], params[f"beta{i}"], running[i], train)
            h, mask = dropout_forward(relu(z), keep_prob, rng, train)
            caches.append((affine, bn, z, mask))
        scores, last = affine_forward(h, params["W2"], params["b2"])
        return scores, caches, last

    for epoch in range(epochs):
        for X_batch, y_batch in random_minibatches(X, y, 32, rng):
            scores, caches, last = forward(X_batch, train=True)
            _, dscores = softmax_cross_entropy(scores, y_batch)
            grads = {}
            dh, grads["W2"], grads["b2"] = affine_backward(dscores, last)
            for i in (1, 0):
                affine, bn, z, mask = caches[i]
                dz = relu_backward(dropout_backward(dh, mask), z)
                dz, grads[f"gamma{i}"], grads[f"beta{i}"] = batchnorm_backward(dz, bn)
                dh, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dz, affine)
            lr = 0.5 * (1 - epoch / epochs)
            params |= gradient_step({name: params[name] for name in grads}, grads, lr)
    scores, _, _ = forward(X_new, train=False)
    return softmax(scores)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_train_and_predict", "locked": true, "points": 7, "solution": false, "task": false}
check(train_and_predict)

# %%
probs = train_and_predict(*spirals, new_points[0], np.random.default_rng(5))
print(f"right on new points: {np.mean(probs.argmax(axis=1) == new_points[1]):.1%}")
plots.decision_regions(
    lambda points: train_and_predict(*spirals, points, np.random.default_rng(5)).argmax(axis=1),
    *spirals,
)

# %% [markdown]
# ### Now you
# **How few examples of each arm are enough for 90%, and does dropout help then?**
# Guess before you turn.


# %%
def arms(per_arm=100, keep_prob=0.9):
    """Train on few points and count how many new ones are right."""
    X_few, y_few = make_spirals(per_arm, 3, 0.2, np.random.default_rng(6))
    probs = train_and_predict(
        X_few, y_few, new_points[0], np.random.default_rng(7), keep_prob=keep_prob
    )
    print(f"right on new points: {np.mean(probs.argmax(axis=1) == new_points[1]):.1%}")


explore(arms, per_arm=(2, 100, 20), keep_prob=(0.3, 1.0, 0.9))

# %% [markdown]
# <details><summary>What you should see</summary>
#
# With our net, five points per arm are about enough, three are not; ten give about 95%, a hundred 98 or 99%.
# Dropout does not help here: at 0.9 it changes little, at 0.6 it costs more than ten points with ten per arm and a few with a hundred, and at 0.3 the net stays far below 90%.
# Two layers of 32 units are not large enough to lose half of them, and 60 epochs of so few points are only some sixty to six hundred steps.
# </details>

# %% [markdown]
# ## Stretch
# With noise of 0.6 the arms mix, and not even somebody who knows how they were drawn gets more than about 91% right.
# How many of 900 new points do you get right, from 40 per arm, on average over five seeds?
# The net above gets **87.3%**; another `keep_prob`, weight decay, fewer epochs, an average of several nets: anything goes.

# %%
scores = []
for seed in range(5):
    few = make_spirals(40, 3, 0.6, np.random.default_rng(seed))
    many = make_spirals(300, 3, 0.6, np.random.default_rng(100 + seed))
    probs = train_and_predict(*few, many[0], np.random.default_rng(seed))
    scores.append(np.mean(probs.argmax(axis=1) == many[1]))
print(
    f"right on 900 new points: {np.mean(scores):.1%} on average, "
    f"from {min(scores):.1%} to {max(scores):.1%}"
)

# %% [markdown]
# ## What to take away
# - Batch norm standardises each feature over the batch, with the biased variance and $\varepsilon$ inside the root, then scales by $\gamma$ and shifts by $\beta$, which are learnt.
# - Training uses the batch's statistics and moves the running averages; test time uses the averages, moves nothing, and answers the same whoever else is in the batch.
# - Three roads lead back to $x$; over the batch `dx` adds up to zero, and a bias in front of batch norm learns nothing.
# - At test time it is a scale and a shift, and folds into the affine layer, $\gamma$ included.
# - It makes a net far less sensitive to its starting weights, evens out the gradients of the layers, allows higher rates and saves steps; it does not promise a better result where the plain net trains well already.
# - Ask of every library whether its `momentum` is the share of the old average or of the new batch.
#
# Next: notebook 12 searches for the hyperparameters that are left.

# %%
progress()
