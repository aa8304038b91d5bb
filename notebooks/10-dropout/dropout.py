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
# # 10 · Dropout: a different, smaller network for every example
#
# Somebody was careless: 52 of these 300 training digits carry a *wrong label*. A net with nearly 55,000 weights can learn most of them by heart, and does.
# Yet the same net can be trained on the same labels so that it believes only one lie in ten, though nobody tells it which they are. **How?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import math
from itertools import pairwise, product

import numpy as np

from nnlib import (
    affine_backward, affine_forward, explore, he_normal, load_digits,
    numerical_gradient, plots, random_minibatches, relative_error, relu, relu_backward,
    softmax, softmax_cross_entropy,
)
from nnlib.checks import check, hint, progress  # stuck? hint(dropout_forward)

# %%
X, y = load_digits()
split = np.random.default_rng(1)
order = split.permutation(len(X))
train_X, train_y, dev_X, dev_y = (
    X[order[:300]], y[order[:300]].copy(), X[order[-600:]], y[order[-600:]]
)
mislabelled = split.random(300) < 0.15
train_y[mislabelled] = (train_y[mislabelled] + split.integers(1, 10, size=mislabelled.sum())) % 10
plots.wrong_digits(train_X, y[order[:300]], train_y)

# %% [markdown]
# **When you are done, you can**
# - write inverted dropout forward and backward, and say what the factor $1/p$ is for;
# - tell the inverted form from the classic one, and know what each does at test time;
# - train a network with its own keep probability for each layer, and leave dropout out where it does harm;
# - check a gradient, and look at a cost curve, in spite of the randomness;
# - explain dropout as an ensemble of networks that share weights, and as pressure to spread weights out.
#
# **You need** backpropagation through affine layers and ReLU (notebook 01), softmax cross-entropy (02), gradient checks (03) and mini-batches (06); momentum (07) and L2 regularisation (09) are met in passing.
#
# **Time**: about 110 minutes for five short functions and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(dropout_forward)` in a cell of your own, up to three times.
#
# House conventions: examples are rows, `x` is `(N, D)`, weights are `(D, K)`, biases `(K,)`; functions return new arrays and leave their inputs as they were.
# `keep_prob` is always the probability of **keeping** a unit; some libraries ask for the probability of dropping it instead.
# Everything random comes from an argument `rng`, a `numpy.random.Generator`; which of its methods you draw with is your choice.
#
# ## 1. Dropping units
#
# Advertisers know that what we hear often enough we come to believe. A net is shown its training set a hundred times, and by then it believes all of it, misprints included.
# Dropout sees to it that no example is ever told twice by the same mouths.
#
# For every training example, every unit of a layer is kept with probability $p$ and dropped with probability $1 - p$.
# A dropped unit's output is 0, as if it had been cut out of the network together with all its connections.
# What is left is a smaller, *thinned* network, and this example trains only that one.
# The next example, and the same example in the next epoch, meets another.

# %%
sizes = [4, 6, 6, 3]
plots.network(sizes, title="The whole network, as it is at test time")


# %%
def thinned_network(keep_prob, seed):
    units = np.random.default_rng(seed)
    dropped = {layer: np.flatnonzero(units.random(sizes[layer]) >= keep_prob) for layer in (1, 2)}
    left = [size - len(dropped.get(layer, ())) for layer, size in enumerate(sizes)]
    connections = [sum(a * b for a, b in pairwise(widths)) for widths in (left, sizes)]
    title = "Thinned for one example: {} of {} connections are left".format(*connections)
    return plots.network(sizes, dropped=dropped, title=title)


explore(thinned_network, keep_prob=(0.1, 1.0, 0.5), seed=(0, 99, 1))

# %% [markdown]
# ### Now you
# Draw some more networks with `keep_prob=0.5`. Which share of the connections *between the two hidden layers* is left on average, and why not half?
# How low may `keep_prob` be before you meet a network that cannot learn anything at all?
#
# <details><summary>What you should see</summary>
#
# A connection needs both of its ends: ½ · ½, so a quarter of the 36 is left between the hidden layers, and half of those at the input and at the output.
# If all six units of a layer are gone, nothing gets through: with ½ that is 1 in 64 for each layer, with 0.2 about 1 in 4. Narrow layers bear less dropout.
#
# </details>

# %% [markdown]
# **Why it was invented.** Units *co-adapt*: one gets used to correcting what another always says, and the pair is right on the training set and nowhere else.
# Hinton et al. (2012) dropped units to break up such pairs, since no unit can count on any other; Srivastava et al. (2014) is the long account.
# Computer vision took it up first: Krizhevsky et al. (2012) had 60 million weights, and in vision there are never enough images for that.
#
# The dropping is done with a **mask** of the same shape as the activations, one entry for each unit of each example.
# Say two examples have the activations
#
# $$x = \begin{pmatrix} 3 & 1 & 4 & 1 \\ 5 & 9 & 2 & 6 \end{pmatrix}, \qquad
# \text{mask} = \begin{pmatrix} 1 & 0 & 1 & 1 \\ 0 & 1 & 1 & 1 \end{pmatrix}, \qquad
# x \odot \text{mask} = \begin{pmatrix} 3 & 0 & 4 & 1 \\ 0 & 9 & 2 & 6 \end{pmatrix}$$
#
# where $\odot$ multiplies entry by entry.
# How many thinned networks are there?
# Each unit is in or out, so a layer of $n$ units has $2^n$ masks:

# %%
for units in (10, 50, 4096):
    print(f"{units:5d} units: 2^{units} masks, about 10^{units * math.log10(2):.0f}")

# %% [markdown]
# A layer of 4,096 units has about $10^{1233}$ masks; the universe has about $10^{80}$ atoms.
# So practically no thinned network is ever trained twice.
# They learn together, because they share their weights: dropout trains a huge **ensemble** at the price of one network.
#
# ## 2. What the next layer notices
#
# Take one unit $a = w_1 x_1 + w_2 x_2$ whose two inputs are kept with probability ½ each.
# It meets four masks, all equally often, and on average gives
#
# $$\tfrac14 (w_1 x_1 + w_2 x_2) + \tfrac14 w_1 x_1 + \tfrac14 w_2 x_2 + \tfrac14 \cdot 0 = \tfrac12 (w_1 x_1 + w_2 x_2),$$
#
# just half of what it gives with all inputs present:

# %%
w, x = np.array([2.0, -1.0]), np.array([3.0, 4.0])
outputs = [float(w @ (mask * x)) for mask in product([0, 1], repeat=2)]
print(f"outputs under the four masks {outputs}, mean {np.mean(outputs)}")
print(f"output with nothing dropped  {w @ x}, half of it {0.5 * w @ x}")

# %% [markdown]
# (A slide of lecture 001, introduction to neural networks, has it the wrong way round: it is the output while *training* that is half of the output at test time.)
#
# In general, dropping with keep probability $p$ shrinks the mean of every activation to $p$ times its size.
# At test time nothing is dropped, and the next layer would suddenly receive $1/p$ times what it was trained on.
# Somebody has to make up for it.
#
# **Inverted dropout** does so while training: it divides what it keeps by $p$.
# The mask then holds 0 and $1/p$ instead of 0 and 1, and the mean of an output is
#
# $$E[\text{out}] = p \cdot \frac{x}{p} + (1 - p) \cdot 0 = x.$$
#
# At test time there is nothing left to do at all.
# With $p = 0.8$ and the mask above, the first row $(3, 1, 4, 1)$ becomes $(3.75,\ 0,\ 5,\ 1.25)$.
#
# ### Exercise 1: `dropout_forward` (8 points)
# - `x` holds floats and may have any shape; every entry is kept or dropped **on its own**, independently of all others.
# - While training, an entry that is kept becomes `x / keep_prob`, one that is dropped becomes exactly 0.
# - Every call draws a fresh mask from `rng`; the same state of the generator gives the same mask.
# - With `train=False` the output equals `x` (it may be `x` itself), and nothing is drawn: a look at the dev set must not change the training that follows.
# - Return `(out, cache)`. What the cache holds is your own affair: whatever *your* `dropout_backward` will need. The mask, already divided by `keep_prob`, is enough.
# - `keep_prob` is in (0, 1], and `x` stays as it is.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "dropout_forward", "locked": false, "solution": true, "task": false}
def dropout_forward(x, keep_prob, rng, train=True):
    """Drop entries of x and scale up the others (inverted dropout).

    x: floats of any shape, keep_prob: in (0, 1], rng: a numpy.random.Generator,
    train: False at test time
    returns: out, of the shape of x, and the cache for dropout_backward
    """
    ### BEGIN SOLUTION
    mask = (rng.random(x.shape) < keep_prob) / keep_prob if train else np.ones(x.shape)
    return x * mask, mask
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_dropout_forward", "locked": true, "points": 8, "solution": false, "task": false}
check(dropout_forward)

# %% [markdown]
# Your function at work.
# A layer of 50 units with $p = 0.8$ keeps 40 of them *on average*; how many it keeps of an example is binomial, with a standard deviation of $\sqrt{50 \cdot 0.8 \cdot 0.2} = 2.8$.
# Over many units the share comes close to $p$, within $\sqrt{p (1 - p) / n}$ or so:

# %%
rng = np.random.default_rng(10)
for rows in (1, 10, 1_000, 20_000):
    out, _ = dropout_forward(np.ones((rows, 50)), 0.8, rng)
    share, error = np.mean(out != 0), math.sqrt(0.8 * 0.2 / out.size)
    print(
        f"{out.size:9,d} units: share kept {share:.4f}, expected 0.8 ± {error:.4f}, "
        f"values {np.unique(out)}"
    )

# %% [markdown]
# And the mean over many masks is the input:

# %%
x = np.array([[3.0, 1.0, 4.0, 1.0], [5.0, 9.0, 2.0, 6.0]])
mean = np.mean([dropout_forward(x, 0.8, rng)[0] for _ in range(20_000)], axis=0)
print(mean.round(2))
print("at test time:", dropout_forward(x, 0.8, rng, train=False)[0].tolist())

# %% [markdown]
# The masks of a whole batch, 32 examples of 50 units: each row has its own.

# %% tags=["remembered"]
plots.dropout_masks(dropout_forward(np.ones((32, 50)), 0.8, rng)[0], keep_prob=0.8)

# %% [markdown]
# ## 3. Backward: the same mask
#
# With the mask $M$ drawn (entries 0 or $1/p$), forward is nothing but $\text{out} = x \odot M$.
# So the chain rule gives
#
# $$\frac{\partial L}{\partial x} = \frac{\partial L}{\partial \text{out}} \odot M .$$
#
# A unit that sent nothing forward had no part in the loss and receives no gradient; one that was scaled by $1/p$ has its gradient scaled by $1/p$.
# **By hand**: with $p = 0.8$ and the first row's mask from above, $M = (1.25,\ 0,\ 1.25,\ 1.25)$, and a gradient of $(1, 2, -1, 4)$ becomes $(1.25,\ 0,\ -1.25,\ 5)$.
#
# It has to be the *same* mask, that of the forward call.
# Another draw would give the gradient of another network, one that has not seen this example.
# That is what the cache is for.
#
# ### Exercise 2: `dropout_backward` (5 points)
# - `cache` is what your `dropout_forward` returned in the call whose gradient is wanted; there may have been other calls since.
# - A unit whose input was 0, which happens all the time behind a ReLU, was kept or dropped like any other.
# - Where nothing was dropped (`train=False`), the gradient goes through as it is; it may be `dout` itself.
# - `dout` stays as it is, and the same cache may be used again.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "dropout_backward", "locked": false, "solution": true, "task": false}
def dropout_backward(dout, cache):
    """Gradient of the input, shaped like dout, the output's gradient; cache is forward's."""
    ### BEGIN SOLUTION
    return dout * cache
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_dropout_backward", "locked": true, "points": 5, "solution": false, "task": false}
check(dropout_backward)

# %% [markdown]
# Can a gradient be checked numerically when every call draws another mask?
# Not like that: the two evaluations of a central difference would be of two different networks.
# Either switch dropout off, or hold the mask fixed by starting each evaluation from the same state of the generator:

# %%
x, dout = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
out, cache = dropout_forward(x, 0.8, np.random.default_rng(1))
dx = dropout_backward(dout, cache)
fixed = numerical_gradient(
    lambda x: np.sum(dout * dropout_forward(x, 0.8, np.random.default_rng(1))[0]), x
)
print(f"mask held fixed:      relative error {relative_error(dx, fixed):.1e}")
redrawn = numerical_gradient(lambda x: np.sum(dout * dropout_forward(x, 0.8, rng)[0]), x)
print(f"mask drawn each time: relative error {relative_error(dx, redrawn):.1e}")

# %% [markdown]
# ## 4. The classic form
#
# The first papers did it the other way round: nothing is scaled while training, and at test time every activation is multiplied by $p$ instead.
# With $p = 0.8$ the row $(3, 1, 4, 1)$ and the mask $(1, 0, 1, 1)$ give $(3, 0, 4, 1)$ while training, and $(2.4,\ 0.8,\ 3.2,\ 0.8)$ at test time.
# Either way the mean training output is the test-time output.
# It must be one or the other: with both factors, or neither, the two differ.
#
# | | while training | at test time |
# |---|---|---|
# | inverted | $x \odot \text{mask} \,/\, p$ | $x$ |
# | classic | $x \odot \text{mask}$ | $p \, x$ |
#
# Everybody uses the inverted form today: people wait for predictions, and at that point nobody has to think of dropout, not even of the value of $p$.
#
# ### Exercise 3: `classic_dropout_forward` (5 points)
# The rules of exercise 1, with the factor in the other place: none while training, `keep_prob` with `train=False` (where again nothing is drawn).
# The cache must suit your `dropout_backward`, so that `dropout_backward(dout, cache)` is the gradient of *this* form: the plain mask times `dout` while training, `keep_prob * dout` at test time.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "classic_dropout_forward", "locked": false, "solution": true, "task": false}
def classic_dropout_forward(x, keep_prob, rng, train=True):
    """Drop entries of x without scaling; at test time scale by keep_prob instead.

    x: floats of any shape, keep_prob: in (0, 1], rng: a numpy.random.Generator,
    train: False at test time
    returns: out, of the shape of x, and the cache for dropout_backward
    """
    ### BEGIN SOLUTION
    mask = rng.random(x.shape) < keep_prob if train else np.full(x.shape, keep_prob)
    return x * mask, mask
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_classic_dropout_forward", "locked": true, "points": 5, "solution": false, "task": false}
check(classic_dropout_forward)

# %%
x = np.full((100_000, 1), 10.0)
print("p = 0.8, x = 10      mean while training   at test time")
for name, forward in {"inverted": dropout_forward, "classic": classic_dropout_forward}.items():
    training, testing = (forward(x, 0.8, rng, train)[0].mean() for train in (True, False))
    print(f"{name:20s} {training:19.2f} {testing:14.2f}")

# %% [markdown]
# ## 5. A network with dropout
#
# Now a three-layer net, with dropout on the **input of each layer**:
#
# $$\begin{aligned}
# d_1 &= \text{dropout}(x,\ p_1) & z_1 &= d_1 W_1 + b_1 & a_1 &= \text{relu}(z_1) \\
# d_2 &= \text{dropout}(a_1,\ p_2) & z_2 &= d_2 W_2 + b_2 & a_2 &= \text{relu}(z_2) \\
# d_3 &= \text{dropout}(a_2,\ p_3) & \text{scores} &= d_3 W_3 + b_3 & &
# \end{aligned}$$
#
# Each layer has a keep probability of its own.
# - A layer with very many weights overfits most easily and gets the lowest, such as 0.5. A layer where there is nothing to fear gets 1, which is no dropout.
# - The input gets 1 or nearly 1, such as 0.8 or 0.9: what is dropped there is data.
# - The **scores are never dropped**: a score of 0 would be a statement about the class, and a wrong one.
#
# That is one more hyperparameter per layer. Many people settle for a single one: dropout on the layers that need it, with one $p$ for all of these, and none elsewhere.
#
# ### Exercise 4: `forward_with_dropout` (8 points)
# - `params` is a dict with `W1`, `b1`, `W2`, `b2`, `W3` and `b3`; `keep_probs` holds $(p_1, p_2, p_3)$.
# - The form is the inverted one, with a fresh mask for every layer, drawn from `rng`.
# - With `train=False` nothing is dropped, scaled or drawn.
# - Return `(scores, cache)`: scores as they are, without softmax, and whatever your `backward_with_dropout` will need; a list with one entry per layer is a good choice.
# - `x`, `params` and `keep_probs` stay as they are.
#
# Your own `dropout_forward` and these functions of `nnlib` do all the work, in exercise 5 too:
#
# | call | returns |
# |---|---|
# | `affine_forward(x, w, b)` | the *pair* `(out, cache)`, with `out` $= xw + b$ |
# | `affine_backward(dout, cache)` | `(dx, dw, db)` |
# | `relu(z)` | one array, the activations |
# | `relu_backward(da, z)` | one array, `dz`; it wants the `z` that went into the ReLU |


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "forward_with_dropout", "locked": false, "solution": true, "task": false}
def forward_with_dropout(x, params, keep_probs, rng, train=True):
    """Scores (N, C) of a three-layer ReLU net with dropout on each layer's input, and a cache.

    x: (N, D), params: dict W1, b1, ..., b3, keep_probs: of the input and of both hidden layers
    """
    ### BEGIN SOLUTION
    a, cache = x, []
    for i, keep_prob in enumerate(keep_probs, start=1):
        dropped, mask = dropout_forward(a, keep_prob, rng, train)
        z, affine_cache = affine_forward(dropped, params[f"W{i}"], params[f"b{i}"])
        cache.append((mask, affine_cache, z))
        a = relu(z)
    return z, cache
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_forward_with_dropout", "locked": true, "points": 8, "solution": false, "task": false}
check(forward_with_dropout)

# %% [markdown]
# **The cost is a moving target.**
# With dropout on, the cost of the *same* parameters on the *same* examples is different at each look, because each look is at different networks:


# %%
def start(sizes, rng):
    """He weights and zero biases of a three-layer net."""
    params = {}
    for i in (1, 2, 3):
        params[f"W{i}"], params[f"b{i}"] = (
            he_normal(sizes[i - 1], sizes[i], rng), np.zeros(sizes[i])
        )
    return params


net = start((64, 100, 100, 10), np.random.default_rng(2))
for train in (True, False):
    looks = [
        softmax_cross_entropy(forward_with_dropout(X, net, (0.9, 0.5, 0.5), rng, train)[0], y)[0]
        for _ in range(5)
    ]
    print(f"dropout {'on ' if train else 'off'}: {', '.join(f'{cost:.4f}' for cost in looks)}")

# %% [markdown]
# A single number $J$ that must fall at every step exists only with dropout off.
# So: first run your program with all keep probabilities at 1, check the gradient, watch the cost of batch descent fall at every step; then switch dropout on.
#
# ### Exercise 5: `backward_with_dropout` (8 points)
# From the scores back to the first layer, every step of `forward_with_dropout` in reverse, each with what forward remembered of it.
# - `dscores` is the gradient of the cost with respect to the scores, `(N, C)`; it holds the mean over the batch already, so sum over examples as `affine_backward` does.
# - Return a dict with the six gradients `W1`, `b1`, …, `b3`, each of the shape of its parameter.
# - The masks are those of the forward call that made the cache, at test time none.
# - `dscores` stays as it is, and the same cache may be used again.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "backward_with_dropout", "locked": false, "solution": true, "task": false}
def backward_with_dropout(dscores, cache):
    """Gradients of all parameters, a dict W1, b1, ..., b3, with the masks of the forward call."""
    ### BEGIN SOLUTION
    grads, dz = {}, dscores
    for i in (3, 2, 1):
        mask, affine_cache, _ = cache[i - 1]
        ddropped, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dz, affine_cache)
        if i > 1:
            dz = relu_backward(dropout_backward(ddropped, mask), cache[i - 2][2])
    return grads
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_backward_with_dropout", "locked": true, "points": 8, "solution": false, "task": false}
check(backward_with_dropout)

# %% [markdown]
# The two checks just named, on the network: its gradient against central differences with the masks held fixed, and batch descent with dropout off and on.


# %%
def cost_and_gradients(params, X, y, keep_probs, rng, train=True):
    """Mean cross-entropy of the net and its gradients."""
    scores, cache = forward_with_dropout(X, params, keep_probs, rng, train)
    cost, dscores = softmax_cross_entropy(scores, y)
    return cost, backward_with_dropout(dscores, cache)


small = start((64, 5, 4, 10), np.random.default_rng(3))
_, grads = cost_and_gradients(small, X[:6], y[:6], (0.9, 0.5, 0.5), np.random.default_rng(4))
for name, value in small.items():
    numeric = numerical_gradient(
        lambda v, name=name: cost_and_gradients(
            {**small, name: v}, X[:6], y[:6], (0.9, 0.5, 0.5), np.random.default_rng(4)
        )[0],
        value,
    )
    print(f"{name}: relative error {relative_error(grads[name], numeric):.1e}")

# %%
descents = {}
for keep_probs in ((1.0, 1.0, 1.0), (0.9, 0.5, 0.5)):
    params, costs = start((64, 30, 30, 10), np.random.default_rng(5)), []
    for _ in range(60):
        cost, grads = cost_and_gradients(params, X[:300], y[:300], keep_probs, rng)
        costs.append(cost)
        params = {name: value - 0.1 * grads[name] for name, value in params.items()}
    rises = int((np.diff(costs) > 0).sum())
    descents[f"keep_probs {keep_probs}:\nrose at {rises} of 59 steps"] = costs
plots.loss_curves(
    descents,
    title="Batch descent falls at every step only with dropout off",
    xlabel="step",
    ylabel="cost (nats)",
)

# %% [markdown]
# ## 6. Does it help?
#
# Back to the careless labels: 300 training digits, one in six of them wrong, and a net of nearly 55,000 weights.
# A net that learns those labels by heart gets the training set right and more of the new digits wrong; the dev set of 600 digits is clean.
# Both nets start from the same weights and see batches of 50, with momentum (notebook 07):


# %%
def accuracy(params, X, y):
    """Share of right answers, with dropout off."""
    return np.mean(
        forward_with_dropout(X, params, (1, 1, 1), np.random.default_rng(0), train=False)[0].argmax(
            axis=1
        )
        == y
    )


def fit(keep_probs, epochs=80, lr=0.03, beta=0.9):
    """Train 64-200-200-10; returns the parameters and each epoch's accuracies on both sets."""
    rng = np.random.default_rng(6)
    # smaller than He's: the lies are learnt later, and the picture shows when
    params = {name: 0.3 * value for name, value in start((64, 200, 200, 10), rng).items()}
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    curves = [], []
    for _ in range(epochs):
        for X_batch, y_batch in random_minibatches(train_X, train_y, 50, rng):
            _, grads = cost_and_gradients(params, X_batch, y_batch, keep_probs, rng)
            velocity = {name: beta * v - lr * grads[name] for name, v in velocity.items()}
            params = {name: value + velocity[name] for name, value in params.items()}
        curves[0].append(accuracy(params, train_X, train_y))
        curves[1].append(accuracy(params, dev_X, dev_y))
    return params, curves


plain, plain_curves = fit((1.0, 1.0, 1.0))
thinned, thinned_curves = fit((0.8, 0.5, 0.5))
for name, params, curves in (("without", plain, plain_curves), ("with", thinned, thinned_curves)):
    learnt = accuracy(params, train_X[mislabelled], train_y[mislabelled])
    training, dev = (np.mean(shares[-10:]) for shares in curves)
    print(
        f"{name:7s} dropout: last ten epochs: training {training:.1%}, dev {dev:.1%}; "
        f"wrong labels learnt: {learnt:.0%}"
    )

# %%
plots.accuracy_with_and_without(
    {"without dropout": plain_curves, "with dropout": thinned_curves},
    level=("labels that are right", 1 - np.mean(mislabelled)),
)

# %% [markdown]
# There it is: with dropout the net believes about one lie in ten, without it most of them.
# Without dropout dev accuracy is near 90% from epoch 20 to about 40. From about 50 on training accuracy is clearly above the dotted line, the share of labels that are right: the net learns the wrong labels by heart and pays for each.
# With dropout it stops at the dotted line: it refuses most of the lies, since no unit that remembers an odd example is there every time.
# (A test of the course finds the same from five other starts.)
# It also learns more slowly, and where nothing overfits it only costs: with little data and a big net, use it; with plenty of data, try without first.
#
# ### Question 1 (2 points)
# A classmate trains with dropout, on clean labels, and prints training accuracy from the scores of the training step itself.
# It is 88% while dev accuracy, with `train=False`, is 93%; and the training cost goes up and down although each step uses all the data.
# "Dev better than training, and a cost that rises: my gradient must be wrong."
# Explain both observations, and say how to find out whether the gradient is right.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_better_on_dev", "locked": false, "points": 2, "solution": true, "task": false}
# The training accuracy is measured with dropout on, so it is that of thinned networks that miss half of their units; the dev accuracy is that of the whole network.
# Measured with `train=False`, training accuracy would be above or near dev accuracy.
# The cost is measured with other masks at each step, so it belongs to another network each time: it is not one function of the parameters and need not fall at every step.
# To check: set all keep probabilities to 1; then batch descent with a small rate must fall at every step, and the gradient must agree with central differences (or hold the masks fixed by the same state of the generator in every evaluation).
#
# *Marking: half a point for "training accuracy is measured with units missing", half a point for "the cost is that of other masks at each step", 1 point for switching dropout off (or holding the mask fixed) for a gradient check or a falling cost.*
# *"Dropout is random" alone earns half a point at most.*

# %% [markdown]
# ## 7. Why it works, seen twice
#
# **It spreads the weights.**
# A unit that cannot count on any input does better with a little weight on many of them.
# Here a single unit predicts $y$ from *four copies* of one feature, starting with lopsided weights; any weights that sum to 1 would be perfect.
# Trained with your `dropout_forward` on the inputs:

# %%
feature = np.random.default_rng(7).normal(size=(400, 1))
copies, wanted = np.tile(feature, (1, 4)), feature[:, 0]


def four_copies(keep_prob):
    draws, w = np.random.default_rng(8), np.array([2.0, -1.0, 0.5, -0.5])
    for _ in range(2_000):
        dropped, _ = dropout_forward(copies, keep_prob, draws)
        w = w - 0.1 * dropped.T @ (dropped @ w - wanted) / len(wanted)
    print(
        f"keep_prob {keep_prob:.2f}: weights {w.round(2)}, sum {w.sum():.2f}, "
        f"sum of squares {np.sum(w**2):.2f}"
    )


for keep_prob in (1.0, 0.5):
    four_copies(keep_prob)

# %% [markdown]
# Without dropout all four weights move together and stay as lopsided as they were.
# With it they end up equal and smaller, as under L2 regularisation.
# That is no accident: for a linear unit with squared error the expected cost with dropout on the inputs is
#
# $$E\Big[\big(y - \textstyle\sum_j w_j M_j x_j\big)^2\Big] = \big(y - \textstyle\sum_j w_j x_j\big)^2 + \frac{1 - p}{p} \sum_j w_j^2 x_j^2 ,$$
#
# an L2 penalty that is harder on the weights of large inputs.
# With $p = ½$ and four copies its minimum is at $w_j = 1/5$ each, which is what you see.
#
# ### Now you
# Predict the four weights for $p = 0.8$ and for $p = 0.1$ from the formula, then try. What does a very low $p$ do to the prediction $\sum_j w_j x_j$?

# %%
explore(four_copies, keep_prob=(0.1, 1.0, 0.8))

# %% [markdown]
# <details><summary>What you should see</summary>
#
# With equal weights $w$ the cost is $(1 - 4w)^2 + 4 \frac{1-p}{p} w^2$, lowest at $w = 1 / (4 + \frac{1-p}{p})$: 0.24 for 0.8, and about 0.08 for 0.1, where the masks' noise shows.
# The sum falls to a third at 0.1: too much dropout is a penalty that is too strong, which is bias.
#
# </details>

# %% [markdown]
# The digit net's last layer, `W3`, shows the same. The picture sorts the sizes of its weights, the largest first, and adds them up:

# %%
plots.weight_spread({"without dropout": plain["W3"], "with dropout": thinned["W3"]})

# %% [markdown]
# **It averages an ensemble.**
# While training, the output is $y = f_W(x, z)$ with a random mask $z$. At test time we would like the mean over all masks,
#
# $$E_z\big[f_W(x, z)\big] = \sum_z p(z)\, f_W(x, z),$$
#
# a sum with $2^n$ terms. For eight hidden units it can be computed, all 256 of them:

# %%
little = np.random.default_rng(11)
hidden, W_out = relu(little.normal(size=8)), little.normal(size=(8, 3))
# inverted dropout with p = 1/2: each mask is as likely as any
masks = np.array(list(product([0.0, 2.0], repeat=8)))
all_scores = (masks * hidden) @ W_out
print(
    "scores:        mean over all masks", all_scores.mean(axis=0).round(3), "dropout off",
    (hidden @ W_out).round(3),
)
off = softmax((hidden @ W_out)[np.newaxis])[0]
print(
    "probabilities: mean over all masks", softmax(all_scores).mean(axis=0).round(3), "dropout off",
    off.round(3),
)

# %% [markdown]
# One pass with dropout off is *exactly* the mean where the output is linear in the mask, and an approximation behind anything bent, such as softmax or another layer.
# It costs one pass instead of hundreds. Leaving dropout *on* at test time asks one random member:

# %%
whole = softmax(forward_with_dropout(dev_X, thinned, (0.8, 0.5, 0.5), rng, train=False)[0])
members = np.array(
    [softmax(forward_with_dropout(dev_X, thinned, (0.8, 0.5, 0.5), rng)[0]) for _ in range(100)]
)
single = (members.argmax(axis=2) == dev_y).mean(axis=1)
print(
    f"one thinned network:        {single.mean():.1%} right (from {single.min():.1%} to "
    f"{single.max():.1%})"
)
print(f"mean of 100 thinned ones:   {np.mean(members.mean(axis=0).argmax(axis=1) == dev_y):.1%}")
print(f"dropout off, a single pass: {np.mean(whole.argmax(axis=1) == dev_y):.1%}")
changed = np.mean(members[0].argmax(axis=1) != members[1].argmax(axis=1))
print(f"two passes with dropout on disagree on {changed:.1%} of the digits")

# %% [markdown]
# (Where members disagree the net is unsure: Gal & Ghahramani (2016) turn this into a measure of doubt.)

# %% [markdown]
# ### Question 2 (2 points)
# A net has the sizes 784 – 1000 – 1000 – 10 and overfits badly.
# Choose keep probabilities for the inputs of its three layers, with a reason for each that mentions how many weights the layer has.
# Then somebody proposes dropout on the ten scores as well, "for symmetry".
# What would that do to the loss?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_keep_probs", "locked": false, "points": 2, "solution": true, "task": false}
# The second layer has 1,000,000 weights, the first 784,000, the last only 10,000.
# The input gets about 0.8 to 1, because dropping pixels loses data, although W1 is large; the hidden units that feed W2 get the lowest, about 0.5; those that feed the small W3 can get 0.7 to 1 (0.5 is common too).
# Each value is a hyperparameter, to be chosen on the dev set.
# Dropout on the scores would set the true class's score to 0 (or scale it) at random, whatever the net has learnt: the loss would punish the net for what it did not do, and the predicted probabilities would be noise; nothing downstream could make up for it.
#
# *Marking: half a point for the lowest value at the layer with most weights, half a point for a high value at the input with its reason, 1 point for saying that dropped scores falsify the output (and so the loss) itself.*
# *Numbers differing from these are fine with a reason; numbers without any reason earn nothing.*

# %% [markdown]
# ### Question 3 (2 points)
# Three programs train the same net well, with $p = 0.5$ on its hidden layers, and then predict as follows.
# (a) Inverted dropout, but `train=False` was forgotten.
# (b) Inverted dropout, and at test time each activation is multiplied by 0.5 as well.
# (c) Classic dropout, and at test time nothing is multiplied.
# What does each do to the scores, and which of them can you recognise by predicting twice?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_three_programs", "locked": false, "points": 2, "solution": true, "task": false}
# (a) The scores are noisy: each prediction is that of a random thinned network, right on average but less accurate; predicting twice gives two different answers, so this is the one that shows.
# (b) Every layer with dropout receives half of what it was trained on, so with two such layers the part of the scores that comes through the weights is about a quarter (the biases are not scaled): probabilities are too even, and predictions may change where biases matter.
# (c) Each such layer receives twice what it was trained on, so scores are about four times too large: the net is far too sure of itself, and again predictions may change.
# (b) and (c) give the same scores every time and can be found only by comparing mean activations while training and at test time.
#
# *Marking: half a point for each of a, b and c with its effect on the scores, half a point for "only (a), predicting twice differs".*

# %% [markdown]
# ## Stretch
# Beat **91.7%** on the clean dev digits (mean of the last ten epochs), with these 300 labels and no look at which are wrong: other keep probabilities, more or fewer units, more epochs, weight decay (notebook 09). Copy `fit` and change it; the cell below is a first try that fails.
# The reference takes the probabilities above, 150 epochs and L2 with λ = 1 beside dropout: **92.6%**.

# %%
_, my_curves = fit((1.0, 0.3, 0.3))
print(f"dev accuracy over the last ten epochs: {np.mean(my_curves[1][-10:]):.1%}")

# %% [markdown]
# ## What to take away
# - Keep each unit with probability $p$, on its own, for each example, anew in each pass.
# - Inverted dropout divides by $p$ while training and does nothing at test time; the classic form multiplies by $p$ at test time. Never both.
# - The mask of the forward call serves the backward call; it travels in the cache.
# - One keep probability per layer: lowest where most weights are, near 1 at the input, and no dropout on the scores.
# - The cost is well-defined only with dropout off: check gradients and look for a falling cost there, or hold the mask fixed.
# - Dropout trains an ensemble of thinned networks that share weights, and spreads weights out as L2 does. It is medicine against overfitting: without the illness, leave it out.
#
# Next: notebook 11 normalises the inputs of every layer, which also adds a little noise to each batch.

# %%
progress()
