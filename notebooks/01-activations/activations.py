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
# # 01 · Activations: the bend that makes depth worth its price
#
# Two spirals, and a straight cut through them, fitted by least squares.
# However many straight cuts you put on top of each other, the result is one straight cut again.
# **What is the smallest thing you could add so that the border can follow the spirals?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
from itertools import pairwise
from timeit import repeat

import numpy as np

from nnlib import (
    dead_units, explore, load_digits, make_spirals, numerical_gradient, plots,
    saturated_share, softmax_cross_entropy,
)
from nnlib.checks import check, hint, progress  # stuck? hint(sigmoid)
from nnlib.first_net import learn_by_nudging

np.set_printoptions(precision=4, suppress=True)

# %%
X_spirals, y_spirals = make_spirals(150, 2, 0.1, np.random.default_rng(0))
with_ones = np.column_stack([X_spirals, np.ones(len(X_spirals))])
cut = np.linalg.lstsq(with_ones, 2 * y_spirals - 1, rcond=None)[0]
right = np.mean((with_ones @ cut > 0) == y_spirals)
print(f"this straight cut puts {right:.0%} of the points on the right side")
plots.decision_regions(
    lambda X: (X @ cut[:2] + cut[2] > 0).astype(int), X_spirals, y_spirals,
    title="A straight cut",
)

# %% [markdown]
# The smallest thing is a bend.
# Here is a whole network: two hidden layers of twelve units and one output; in the hidden layers every number goes through $\tanh$, an S-shaped curve.
# It starts from random weights and learns now, while the cell runs.

# %%
film = learn_by_nudging(np.tanh, X_spirals, y_spirals)
stills = {f"step {step}": film[step] for step in (0, 1, 2, 4, 8, 20)}
plots.decision_boundaries(
    stills, X_spirals, y_spirals, title="A net learns: its answer for every point of the plane"
)

# %% [markdown]
# Now take the bend out, or put another in its place.
# Nothing else changes: the same points, the same random start, ten steps.

# %%
bends = {"no bend": lambda z: z, "tanh": np.tanh, "|z|": np.abs}
ends = {
    name: learn_by_nudging(bend, X_spirals, y_spirals, steps=10)[-1] for name, bend in bends.items()
}
plots.decision_boundaries(
    ends, X_spirals, y_spirals, title="One function decides what a net can become"
)

# %% [markdown]
# Without a bend, three layers still make one straight cut.
# With $\tanh$ the border is a smooth curve; with $|z|$, which only drops the minus signs, it is made of straight pieces.
# Nearly any bend will do. Which is best is what this notebook is about.
#
# How did it learn? Each of its 205 weights and biases was nudged by itself, to see what that does to the answers: more than two hundred runs of the net for a single step.
# A net with a million weights would run a million times.
# You are going to write the pieces that get the same from *one* run forwards and one backwards; every later notebook stands on them.
#
# ### Now you
# How few units per layer are enough to follow the spirals? Is that the same for both bends, and from every start (`seed`)?


# %%
def watch(bend, units, step, seed):
    """The net with two hidden layers of so many units, after so many steps from this start."""
    film = learn_by_nudging(
        bends[bend], X_spirals, y_spirals, hidden=(units, units), steps=step, seed=seed
    )
    return plots.decision_regions(
        film[-1], X_spirals, y_spirals, title=f"{bend}, units: {units}, step {step}"
    )


explore(
    watch, bend=["|z|", "tanh", "no bend"], units=(1, 16, 1), step=(0, 40, 40), seed=(0, 9, 0)
)

# %% [markdown]
# <details><summary>What you should see</summary>
# Three tanh units per layer did it from every start that we tried, two from about half of them. With |z| three do it from about half, four from most, six from nearly all. With twelve, nine steps put at least 99% of the points right.
# </details>

# %% [markdown]
# **When you are done, you can**
#
# - send a batch through a linear layer and send gradients back through it, every gradient in the right shape;
# - write sigmoid, tanh, ReLU and its relatives with their derivatives, so that no number overflows;
# - say which activation blocks gradients where, and which one can die;
# - translate between the two conventions of the field, examples as rows and examples as columns.
#
# **You need** NumPy arrays, matrix products and the chain rule.
#
# **Time**: about 120 minutes for fourteen short functions and three written answers; 42 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it.
# `check(...)` tries a few small cases, which you can read in `public_cases.py`, and says what it finds; grading uses other inputs, so passing it is a good sign, not a proof.
# Stuck? Run `hint(...)` with the function's name: a nudge, then a stronger one, then a worked example.
# Still stuck? Go on to the next exercise: where it calls the one you lack, grading lends it a right one.
# Section 6 ends with a picture of all activations.

# %% [markdown]
# ## The conventions of this course
#
# - **Examples are rows.** `x` is `(N, D)`: $N$ examples with $D$ numbers each. Weights `w` are `(D, K)`, biases `b` are `(K,)`, and a layer's output is `(N, K)`.
# - **A gradient has the shape of what it differentiates.** `dout` stands for $\partial J/\partial \text{out}$, `dw` for $\partial J/\partial w$, where $J$ is the loss, one number.
# - **`f_forward` returns `(out, cache)`** and `f_backward(dout, cache)` returns the gradients in the order of the forward arguments. The cache is what backward needs to remember.
# - **Functions return new arrays** and leave their inputs as they were.
#
# Half of the literature writes examples as columns: $X$ is `(n_x, m)`, $W$ is `(n_out, n_in)` and $b$ is `(n_out, 1)`, with $Z = W X + b$.
# Both say the same thing; to translate, transpose everything and reverse the order of the product:

# %%
columns_X = np.array([[1.0, 4.0, 0.0], [2.0, 5.0, -1.0]])  # 2 features, 3 examples
columns_W = np.array([[1.0, 0.5], [0.0, 2.0], [-1.0, 1.0], [3.0, 0.0]])  # 4 units, 2 inputs
columns_b = np.array([[0.1], [0.2], [0.3], [0.4]])
columns_Z = columns_W @ columns_X + columns_b

x, w, b = columns_X.T, columns_W.T, columns_b[:, 0]
rows_Z = x @ w + b

print("columns:", columns_X.shape, columns_W.shape, columns_b.shape, "->", columns_Z.shape)
print("rows:   ", x.shape, w.shape, b.shape, "->", rows_Z.shape)
print("the same numbers:", np.array_equal(rows_Z, columns_Z.T))

# %% [markdown]
# ## 1. The affine layer
#
# Each of the $K$ outputs is a weighted sum of the $D$ inputs plus a bias, for all $N$ examples at once:
#
# $$\text{out} = x\,w + b, \qquad \text{out}_{nk} = \sum_d x_{nd}\, w_{dk} + b_k$$
#
# **By hand.** One example $x = (1, 2)$ with $w = \begin{pmatrix} 3 & 0 \\ -1 & 4 \end{pmatrix}$ and $b = (10, 20)$ gives $(1 \cdot 3 + 2 \cdot (-1) + 10,\; 1 \cdot 0 + 2 \cdot 4 + 20) = (11, 28)$.
#
# ### Exercise 1: `affine_forward(x, w, b)` (2 points)
# Return the pair `(out, cache)`, where the cache is the tuple `(x, w, b)`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "affine_forward", "locked": false, "solution": true, "task": false}
def affine_forward(x, w, b):
    """Scores (N, K) of x (N, D) with weights w (D, K), biases b (K,), and the cache (x, w, b)."""
    ### BEGIN SOLUTION
    return x @ w + b, (x, w, b)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_affine_forward", "locked": true, "points": 2, "solution": false, "task": false}
check(affine_forward)

# %% [markdown]
# Now backwards.
# Somebody further up gives you `dout`, the gradient of the loss with respect to this layer's output, `(N, K)`.
# The chain rule asks of every input: through which outputs does it act on the loss, and how strongly?
#
# $$\frac{\partial J}{\partial x_{nd}} = \sum_k \text{dout}_{nk}\, w_{dk}, \qquad \frac{\partial J}{\partial w_{dk}} = \sum_n x_{nd}\, \text{dout}_{nk}, \qquad \frac{\partial J}{\partial b_k} = \sum_n \text{dout}_{nk}$$
#
# A weight and a bias serve all examples, so their gradients *add up* over the batch.
# Nothing is averaged here: if the loss is a mean, the $\frac{1}{N}$ is in `dout` already.
#
# Shapes lead the way: `dx` must be `(N, D)`, and `(N, K)` times something `(K, D)` is the only product that gives it.
#
# ### Exercise 2: `affine_backward(dout, cache)` (4 points)
# Return `(dx, dw, db)`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "affine_backward", "locked": false, "solution": true, "task": false}
def affine_backward(dout, cache):
    """Gradients (dx, dw, db) of shapes (N, D), (D, K), (K,), given dout (N, K) and (x, w, b)."""
    ### BEGIN SOLUTION
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_affine_backward", "locked": true, "points": 4, "solution": false, "task": false}
check(affine_backward)

# %% [markdown]
# A stack of affine layers alone is a waste: $(x w_1 + b_1) w_2 + b_2 = x (w_1 w_2) + (b_1 w_2 + b_2)$ is one affine layer again.
# What makes depth worth its price is the bend between them, the **activation**.
# (A net's **depth** is the number of its layers, the input not counted, a layer's **width** the number of its units, and what the net could become at all is its **capacity**: wider and deeper nets have more of it.)
#
# All activations below work entry by entry, on arrays `z` of any shape, of integers or floats.
# Their backward functions take `da`, the gradient with respect to the *output*, and `z`, the *input* (not the output!), of the same shape, and return
#
# $$dz = da \cdot f'(z)$$
#
# **At a kink** ($z = 0$ for ReLU and its relatives) there is no derivative; this course takes the slope on the left side, as most libraries do.

# %% [markdown]
# ## 2. Sigmoid
#
# $$\sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \sigma'(z) = \sigma(z)\,(1 - \sigma(z))$$
#
# It squashes every number into $(0, 1)$, so its output can be read as a probability or as how strongly a neuron fires.
#
# **By hand.** $\sigma(0) = \frac12$ and $\sigma'(0) = \frac12 \cdot \frac12 = 0.25$, the steepest it gets.
# At $z = 2$: $\sigma = 0.8808$ and $\sigma' = 0.8808 \cdot 0.1192 = 0.1050$.
#
# On a computer $e^{1000}$ is infinite, and $\infty/\infty$ is `nan`.
# Both ends must come out right: $\sigma(1000) = 1$ and $\sigma(-1000) = 0$.
#
# ### Exercise 3: `sigmoid(z)` (3 points)
# Finite for every finite `z`, and nothing is clipped: $\sigma(-25)$ is a tiny number, not 0; a new array of the same shape as `z`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "sigmoid", "locked": false, "solution": true, "task": false}
def sigmoid(z):
    """Squash z, of any shape, to (0, 1): 1 / (1 + exp(-z)), finite and exact also at ±1000."""
    ### BEGIN SOLUTION
    exp = np.exp(-np.abs(z))  # at most 1, so it never overflows
    return np.where(z >= 0, 1, exp) / (1 + exp)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_sigmoid", "locked": true, "points": 3, "solution": false, "task": false}
check(sigmoid)

# %% [markdown]
# ### Exercise 4: `sigmoid_backward(da, z)` (3 points)
# Return `dz`, shaped as `z`; `z` is what went *into* the sigmoid.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "sigmoid_backward", "locked": false, "solution": true, "task": false}
def sigmoid_backward(da, z):
    """Gradient dz = da * sigmoid'(z); da and z have one shape, z is the input of the sigmoid."""
    ### BEGIN SOLUTION
    a = sigmoid(z)
    return da * a * (1 - a)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_sigmoid_backward", "locked": true, "points": 3, "solution": false, "task": false}
check(sigmoid_backward)

# %%
z = np.array([0.0, 2.0, 5.0, 10.0, 20.0])
for at, value, slope in zip(z, sigmoid(z), sigmoid_backward(np.ones(5), z), strict=True):
    print(f"z = {at:4.0f}   sigmoid {value:.6f}   slope {slope:.1e}")

# %% [markdown]
# Beyond $|z| = 7$ the slope is below $10^{-3}$: the unit is **saturated**, and whatever gradient arrives, next to nothing goes through.

# %%
written = {"no bend": (lambda z: z, lambda da, z: da)}
written["sigmoid"] = sigmoid, sigmoid_backward
plots.activations_and_derivatives(written)

# %% [markdown]
# You can read a unit as a detector: the weighted sum asks "how much of my feature is there?", and the activation says how strongly the unit answers.
# The sigmoid was the first choice, because a neuron fires or does not, and something between can be differentiated: Rumelhart et al. (1986) trained their nets with it.
#
# It has a price besides its small slope: an exponential for every number.

# %%
z = np.random.default_rng(0).normal(size=1_000_000)
seconds = {
    name: min(repeat(lambda f=f: f(z), number=1, repeat=5))
    for name, f in {"exp": np.exp, "comparison": lambda z: z > 0}.items()
}
factor = seconds["exp"] / seconds["comparison"]
print(f"on this machine exp takes {factor:.0f} times as long as a comparison")

# %% [markdown]
# ## 3. Tanh
#
# $$\tanh(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}} = 2\sigma(2z) - 1, \qquad \tanh'(z) = 1 - \tanh^2(z)$$
#
# It squashes to $(-1, 1)$ and is **centred on zero**, which the sigmoid is not.
# It still saturates.
#
# **By hand.** At $z = 1$: $\tanh = 0.7616$, so the slope is $1 - 0.5800 = 0.4200$. Note what is squared: the output, not $z$.
#
# ### Exercise 5: `tanh_backward(da, z)` (2 points)
# Return `dz`, shaped as `z`. The forward function is `np.tanh`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "tanh_backward", "locked": false, "solution": true, "task": false}
def tanh_backward(da, z):
    """Gradient dz = da * tanh'(z); da and z have one shape, z is the input of tanh."""
    ### BEGIN SOLUTION
    return da * (1 - np.tanh(z) ** 2)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_tanh_backward", "locked": true, "points": 2, "solution": false, "task": false}
check(tanh_backward)

# %%
written["tanh"] = np.tanh, tanh_backward
plots.activations_and_derivatives({name: written[name] for name in ("sigmoid", "tanh")})

# %% [markdown]
# The same S, from $-1$ to 1, and four times as steep at zero.
#
# ## 4. ReLU
#
# $$\text{ReLU}(z) = \max(0, z), \qquad \text{ReLU}'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}$$
#
# The *rectified linear unit* costs one comparison and does not saturate on the positive side.
# It is also closer to a nerve cell: silent below a threshold, stronger and stronger above it, and few of many fire at a time, as Glorot et al. (2011) point out.
# Its output is not centred on zero, and on the negative side it passes no gradient at all.
#
# **By hand.** For $z = (-3, 0, 2)$: output $(0, 0, 2)$; with $da = (5, 6, 7)$ the gradient is $(0, 0, 7)$.
# What decides is the sign of $z$, whatever the sign of $da$.
#
# ### Exercise 6: `relu(z)` (1 point) and `relu_backward(da, z)` (2 points)
# `relu` returns $\text{ReLU}(z)$ as a new array, `relu_backward` returns `dz`, both shaped as `z`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "relu", "locked": false, "solution": true, "task": false}
def relu(z):
    """Keep the positive part of z, of any shape: max(0, z), as a new array."""
    ### BEGIN SOLUTION
    return np.maximum(z, 0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_relu", "locked": true, "points": 1, "solution": false, "task": false}
check(relu)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "relu_backward", "locked": false, "solution": true, "task": false}
def relu_backward(da, z):
    """Gradient dz: da where z > 0, and 0 elsewhere (at z = 0 too); da and z have one shape."""
    ### BEGIN SOLUTION
    return da * (z > 0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_relu_backward", "locked": true, "points": 2, "solution": false, "task": false}
check(relu_backward)

# %%
written["ReLU"] = relu, relu_backward
plots.activations_and_derivatives({name: written[name] for name in ("no bend", "ReLU")})

# %% [markdown]
# Your own functions at work, in the net from the beginning:

# %%
yours = {
    f"your {f.__name__}": learn_by_nudging(f, X_spirals, y_spirals, steps=20)[-1]
    for f in (sigmoid, relu)
}
plots.decision_boundaries(
    yours, X_spirals, y_spirals, title="Your activations, and what they let a net become"
)

# %% [markdown]
# With fewer units ReLU is less reliable than $|z|$: with eight a layer it failed from one start in three.
# A unit that begins below zero for every point answers zero to all of them, and learns nothing.

# %% [markdown]
# ## 5. Relatives of ReLU
#
# A ReLU whose $z$ is negative for *every* example receives no gradient from any of them, so its weights get no more updates: it is **dead**.
# One oversized step can do it.
# Three relatives keep a slope on the negative side.
#
# | | $z > 0$ | $z \le 0$ | slope for $z \le 0$ |
# |---|---|---|---|
# | leaky ReLU | $z$ | $s\,z$ with a small fixed $s$ | $s$ |
# | ELU | $z$ | $\alpha\,(e^z - 1)$ | $\alpha\, e^z$ |
# | PReLU | $z$ | $\alpha\,z$ with a *learned* $\alpha$ | $\alpha$ |
#
# **By hand.** At $z = -2$: leaky ReLU with $s = 0.01$ gives $-0.02$; ELU with $\alpha = 1$ gives $e^{-2} - 1 = -0.8647$ with slope $e^{-2} = 0.1353$; ELU with $\alpha = 3$ gives $-2.5940$ with slope $0.4060$.
#
# ### Exercise 7: `leaky_relu(z, slope=0.01)` (2 points) and `leaky_relu_backward(da, z, slope=0.01)` (2 points)
# The slope lies between 0 and 1.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "leaky_relu", "locked": false, "solution": true, "task": false}
def leaky_relu(z, slope=0.01):
    """Leaky ReLU of z, of any shape: z where z > 0, slope * z elsewhere."""
    ### BEGIN SOLUTION
    return np.where(z > 0, z, slope * z)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_leaky_relu", "locked": true, "points": 2, "solution": false, "task": false}
check(leaky_relu)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "leaky_relu_backward", "locked": false, "solution": true, "task": false}
def leaky_relu_backward(da, z, slope=0.01):
    """Gradient dz: da where z > 0, slope * da elsewhere; da and z have one shape."""
    ### BEGIN SOLUTION
    return np.where(z > 0, da, slope * da)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_leaky_relu_backward", "locked": true, "points": 2, "solution": false, "task": false}
check(leaky_relu_backward)

# %% [markdown]
# ### Exercise 8: `elu(z, alpha=1.0)` (2 points) and `elu_backward(da, z, alpha=1.0)` (2 points)
# Keep both finite for large positive `z`, where $e^z$ overflows although it is not needed.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "elu", "locked": false, "solution": true, "task": false}
def elu(z, alpha=1.0):
    """ELU of z, of any shape: z where z > 0, alpha * (exp(z) - 1) elsewhere."""
    ### BEGIN SOLUTION
    return np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_elu", "locked": true, "points": 2, "solution": false, "task": false}
check(elu)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "elu_backward", "locked": false, "solution": true, "task": false}
def elu_backward(da, z, alpha=1.0):
    """Gradient dz: da where z > 0, alpha * exp(z) * da elsewhere; da and z have one shape."""
    ### BEGIN SOLUTION
    return np.where(z > 0, da, da * alpha * np.exp(np.minimum(z, 0)))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_elu_backward", "locked": true, "points": 2, "solution": false, "task": false}
check(elu_backward)

# %%
written["leaky ReLU"] = leaky_relu, leaky_relu_backward
written["ELU"] = elu, elu_backward
plots.activations_and_derivatives({name: written[name] for name in ("leaky ReLU", "ELU")})

# %% [markdown]
# Leaky ReLU goes on below zero with a hundredth of the slope; ELU bends smoothly down to a floor at $-1$.
#
# ### Exercise 9: `prelu_backward(da, z, alpha)` (4 points)
# PReLU learns its slope, so $\alpha$ needs a gradient as well.
# It acts only where $z \le 0$, where $a = \alpha z$ and therefore $\partial a/\partial \alpha = z$.
# One $\alpha$ serves many entries, so their contributions add up.
#
# - `da` and `z` are `(N, K)`.
# - `alpha` is either one number, shared by everything, or an array `(K,)` with one slope for each unit.
# - Return `(dz, dalpha)`: `dz` like `z`, and `dalpha` like `alpha`, that is one number or `(K,)`.
#
# **By hand.** For one unit with $z = (-2, 3, -1)$ in three examples, $da = (10, 20, 30)$ and $\alpha = 0.1$: $dz = (1, 20, 3)$ and $d\alpha = 10 \cdot (-2) + 30 \cdot (-1) = -50$.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "prelu_backward", "locked": false, "solution": true, "task": false}
def prelu_backward(da, z, alpha):
    """Gradients (dz, dalpha): da, z are (N, K); dalpha is like alpha, one number or (K,)."""
    ### BEGIN SOLUTION
    dz = np.where(z > 0, da, alpha * da)
    each = da * np.minimum(z, 0)
    return dz, each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_prelu_backward", "locked": true, "points": 4, "solution": false, "task": false}
check(prelu_backward)

# %%
written["PReLU"] = (  # with its slope at 0.25, where He et al. (2015) let learning start
    lambda z: leaky_relu(z, slope=0.25),
    lambda da, z: prelu_backward(da.reshape(-1, 1), z.reshape(-1, 1), 0.25)[0].reshape(z.shape),
)
plots.activations_and_derivatives({name: written[name] for name in ("leaky ReLU", "PReLU")})

# %% [markdown]
# PReLU is drawn where learning starts, with a quarter of the slope below zero.
#
# ## 6. Maxout
#
# Why fix the shape of the bend at all?
# A **maxout** unit computes $k$ affine pieces and keeps the largest:
#
# $$\text{out}_{nj} = \max_{i = 1 \dots k} \Big( \sum_d x_{nd}\, w_{idj} + b_{ij} \Big)$$
#
# With two pieces, one of them zero, it is a ReLU; with more it can approximate any convex shape.
# The price is $k$ times as many weights.
#
# Only the piece that won acted on the output, so going backwards only that piece receives the gradient, separately for each example and unit.
# If pieces tie, the first of them counts as the winner.
#
# **By hand.** Let $x = 2$ and two pieces with $w = 3, -1$ and $b = 0, 10$.
# They give $6$ and $8$, so the output is $8$; with $\text{dout} = 5$ the second piece gets $dw = 5 \cdot 2 = 10$ and $db = 5$, the first gets nothing, and $dx = 5 \cdot (-1) = -5$.
#
# ### Exercise 10: `maxout_forward(x, w, b)` (3 points)
# `x` is `(N, D)`, `w` is `(k, D, K)`, `b` is `(k, K)`.
# Return `(out, cache)`: `out` is `(N, K)`, and the cache is the tuple `(x, w, pieces)` with all pieces `(k, N, K)`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "maxout_forward", "locked": false, "solution": true, "task": false}
def maxout_forward(x, w, b):
    """Largest of k pieces (N, K) for x (N, D), w (k, D, K), b (k, K); the cache (x, w, pieces)."""
    ### BEGIN SOLUTION
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.max(axis=0), (x, w, pieces)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_maxout_forward", "locked": true, "points": 3, "solution": false, "task": false}
check(maxout_forward)

# %% [markdown]
# ### Exercise 11: `maxout_backward(dout, cache)` (4 points)
# Return `(dx, dw, db)`, shaped as `x`, `w` and `b`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "maxout_backward", "locked": false, "solution": true, "task": false}
def maxout_backward(dout, cache):
    """Gradients (dx, dw, db) shaped as x, w and b; dout is (N, K), cache (x, w, pieces)."""
    ### BEGIN SOLUTION
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)  # argmax finds the first of equals
    dx = (dpieces @ w.transpose(0, 2, 1)).sum(axis=0)
    return dx, x.T @ dpieces, dpieces.sum(axis=1)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_maxout_backward", "locked": true, "points": 4, "solution": false, "task": false}
check(maxout_backward)

# %% [markdown]
# Here are all eight, maxout with the two pieces $z$ and $-z/2$:

# %% tags=["remembered"]
two_pieces = np.array([1.0, -0.5]).reshape(2, 1, 1), np.zeros((2, 1))


def maxout(z):
    return maxout_forward(z.reshape(-1, 1), *two_pieces)[0].reshape(z.shape)


def maxout_slope(da, z):
    _, cache = maxout_forward(z.reshape(-1, 1), *two_pieces)
    return maxout_backward(da.reshape(-1, 1), cache)[0].reshape(z.shape)


written["maxout"] = maxout, maxout_slope
plots.activations_and_derivatives(written)

# %% [markdown]
# Where the dashed line is at zero, a unit passes no gradient back.
# Sigmoid and tanh come near it on both sides, ELU on the left as fast as the sigmoid does, ReLU is exactly there on the left, and leaky ReLU keeps a hundredth.
# ELU's bend costs an exponential, and buys outputs nearer to zero and a floor: below about $-3$ it hardly answers to noise any more, Clevert et al. (2016).
#
# Are all these derivatives right?
# Notebook 03 builds the tool that tells, the numerical gradient; here it is, at work on your functions.
# The numbers are the largest differences of `dz` (of `dx` for maxout), and should be below $10^{-8}$.

# %%
rng = np.random.default_rng(1)
z, da = 2 * rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
forwards_and_backwards = {
    "sigmoid": (sigmoid, sigmoid_backward),
    "tanh": (np.tanh, tanh_backward),
    "ReLU": (relu, relu_backward),
    "leaky ReLU": (leaky_relu, leaky_relu_backward),
    "ELU": (elu, elu_backward),
}
two_more = {name: written[name] for name in ("PReLU", "maxout")}
for name, (f, f_backward) in (forwards_and_backwards | two_more).items():
    numeric = numerical_gradient(lambda z, f=f: np.sum(f(z) * da), z)
    print(f"{name:11s} {np.abs(f_backward(da, z) - numeric).max():.0e}")

# %% [markdown]
# ## 7. How they differ
#
# ReLU, leaky ReLU and PReLU differ in one number only: the slope below zero.
#
# ### Now you
# Which slope makes leaky ReLU no activation at all? And which makes it the plain ReLU?


# %%
def draw_leaky(slope):
    """Leaky ReLU with another slope below zero."""
    f, f_backward = lambda z: leaky_relu(z, slope), lambda da, z: leaky_relu_backward(da, z, slope)
    return plots.activations_and_derivatives({"leaky ReLU": (f, f_backward)})


explore(draw_leaky, slope=(0.0, 1.0, 0.3))

# %% [markdown]
# <details><summary>What you should see</summary>
# With a slope of 1 it is a straight line, and a stack of such layers is one layer. With 0 it is ReLU. PReLU lets training choose, He et al. (2015).
# </details>

# %% [markdown]
# **Centred or not?** Feed each with numbers that are centred on zero and look at the mean of what comes out:

# %%
z = np.random.default_rng(2).normal(size=1_000_000)
for name, (f, _) in forwards_and_backwards.items():
    print(f"{name:11s} mean output {f(z).mean():6.3f}")

# %% [markdown]
# Sigmoid outputs are always positive.
# That matters for the layer above: by $dw = x^\top\,\text{dout}$ all weights of one unit then get gradients of *one* sign for an example, so they can only rise together or fall together, and training zigzags.

# %%
inputs, dout = sigmoid(np.random.default_rng(3).normal(size=(1, 6))), np.array([[-0.7]])
_, dw, _ = affine_backward(dout, affine_forward(inputs, np.zeros((6, 1)), np.zeros(1))[1])
print("one example, inputs from a sigmoid: dw =", dw[:, 0])
inputs = np.tanh(np.random.default_rng(3).normal(size=(1, 6)))
_, dw, _ = affine_backward(dout, affine_forward(inputs, np.zeros((6, 1)), np.zeros(1))[1])
print("one example, inputs from a tanh:    dw =", dw[:, 0])

# %% [markdown]
# ## 8. A deep network of each kind
#
# Now five networks on handwritten digits, alike in everything but the activation: five hidden layers of 32 units, started too wide on purpose so that trouble shows early.
# They run on your functions: a second or two with array operations, minutes with Python loops.
# After every epoch we ask each unit for its slope on all examples.
# A slope below 0.001 counts as none: the share of such slopes is *saturated*, and a unit without slope on *every* example is *dead*.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train", "locked": true, "solution": false, "task": false}
def train(f, f_backward, epochs=20, lr=0.12, spread=2.5, batch=50, seed=5):
    """Train on digits; return losses, shares of saturated slopes and of dead units by epoch."""
    rng = np.random.default_rng(seed)
    X, y = load_digits()
    X, y = X[:500] - X[:500].mean(axis=0), y[:500]
    sizes = [64, 32, 32, 32, 32, 32, 10]
    ws = [spread * rng.normal(size=shape) / np.sqrt(shape[0]) for shape in pairwise(sizes)]
    bs = [np.zeros(size) for size in sizes[1:]]

    def forward(a):
        zs, caches = [], []
        for w, b in zip(ws, bs, strict=True):
            z, cache = affine_forward(a, w, b)
            zs.append(z)
            caches.append(cache)
            a = f(z)
        return zs, caches  # the last z are the scores; no activation follows them

    losses, saturated, dead = [], [], []
    for epoch in range(epochs + 1):
        zs, _ = forward(X)
        slopes = [f_backward(np.ones_like(z), z) for z in zs[:-1]]
        losses.append(softmax_cross_entropy(zs[-1], y)[0])
        saturated.append(np.mean([saturated_share(s) for s in slopes]))
        dead.append(np.mean([dead_units(s).mean() for s in slopes]))
        if epoch == epochs:
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
    return losses, saturated, dead


# %%
history = {name: train(f, f_backward) for name, (f, f_backward) in forwards_and_backwards.items()}
for name, (losses, saturated, dead) in history.items():
    print(
        f"{name:11s} loss {losses[0]:5.2f} -> {losses[-1]:4.2f}   "
        f"saturated {saturated[0]:4.0%} -> {saturated[-1]:4.0%}   dead {dead[-1]:4.0%}"
    )

# %%
plots.blocked_units(
    range(21),
    {name: saturated for name, (_, saturated, _) in history.items()},
    {name: dead for name, (_, _, dead) in history.items()},
)

# %% [markdown]
# Read it together with the losses.
#
# - **ReLU** is off for about half of the examples at the start, and that is healthy: a different half of the units works for each. At the end it is off for nearly two thirds, and yet the loss is low: its units have specialised, each works for some digits and is silent for the others. Only those that are silent for all are a loss. The early, wild steps push them out of the range of all data, and most of those that die stay dead: only a change in the layers below can bring one back.
# - **Leaky ReLU** always lets a hundredth through: a trickle, not a stream. Its units cannot die, but one that is off for all examples learns a hundred times more slowly.
# - **ELU** begins partly saturated because the weights are too wide, and training adds to it (6% → 13%). Yet its slope is never exactly zero, so its units can come back. **Tanh** hardly saturates.
# - **Sigmoid** hardly saturates either, and yet hardly learns (2.27, where guessing costs 2.30). The cell below shows why, at the start of training.


# %%
def at_the_start(f, f_backward, spread=2.5, seed=5):
    """How far examples differ after each layer, and the size of the first layer's gradient."""
    rng = np.random.default_rng(seed)
    X, y = load_digits()
    a = X[:500] - X[:500].mean(axis=0)
    zs, caches, differ = [], [], []
    for fan_in, fan_out in pairwise([64, 32, 32, 32, 32, 32, 10]):
        z, cache = affine_forward(
            a, spread * rng.normal(size=(fan_in, fan_out)) / np.sqrt(fan_in), np.zeros(fan_out)
        )
        a = f(z)
        zs, caches, differ = [*zs, z], [*caches, cache], [*differ, a.std(axis=0).mean()]
    _, dz = softmax_cross_entropy(zs[-1], y[:500])
    for layer in reversed(range(6)):
        da, dw, _ = affine_backward(dz, caches[layer])
        if layer:
            dz = f_backward(da, zs[layer - 1])
    return differ[:-1], np.linalg.norm(dw)


for name in ("sigmoid", "tanh"):
    differ, gradient = at_the_start(*forwards_and_backwards[name])
    print(
        f"{name:8s} examples differ by", " ".join(f"{each:.3f}" for each in differ),
        f"  first gradient {gradient:.3f}",
    )

# %% [markdown]
# Each sigmoid layer multiplies a gradient by at most $\frac14$. The weights, 2.5 times too wide, give back a factor of about 2.5, so it shrinks less than $0.25^5$ says, and yet to a hundredth of tanh's.
# And on the way up the examples become more and more alike: the last layer sees nearly the same image 500 times.
# Notebook 05 asks how to start so that signals survive.
#
# ### Now you
# At which learning rate are more than half of the ReLUs dead after five epochs, and is a smaller one enough to save them all?


# %%
def dying(lr):
    """Train the ReLU net for five epochs and count."""
    with np.errstate(all="ignore"):  # high rates overflow
        losses, _, dead = train(relu, relu_backward, epochs=5, lr=lr)
    ended = f"loss {losses[-1]:.2f}, dead {dead[-1]:.0%}"
    print(f"rate {lr:.2g}:", ended if np.isfinite(losses[-1]) else "overflowed")


explore(dying, lr=(0.01, 1.0, 0.12))

# %% [markdown]
# <details><summary>What you should see</summary>
# From somewhere between 0.3 and 0.5 on, more than half die and the loss stays near chance, $\ln 10 = 2.30$; at many higher rates the numbers overflow. At 0.03 about one in a hundred is dead: a smaller rate helps most, and the wide start does the rest of the harm.
# </details>

# %% [markdown]
# ReLU came into use with Nair & Hinton (2010), when deep sigmoid nets would not train.
# Krizhevsky et al. (2012) reached a training error of 25% on small photographs six times sooner with it than with tanh.
# Is that a law? Count the epochs that our nets take to a loss of 0.3, from a better start and at one rate, for five seeds:


# %%
def epochs_to(loss, f, f_backward, seed):
    """How many epochs it takes to this loss; 21 if it is not there after 20."""
    losses, _, _ = train(f, f_backward, lr=0.2, spread=np.sqrt(2), seed=seed)
    return next((epoch for epoch, each in enumerate(losses) if each < loss), 21)


for name in ("sigmoid", "tanh", "ReLU"):
    epochs = [epochs_to(0.3, *forwards_and_backwards[name], seed) for seed in range(5)]
    print(f"{name:8s} epochs:", *("over 20" if each > 20 else each for each in epochs))

# %% [markdown]
# It is not: on these small images tanh is at least as quick as ReLU from every seed, and only the sigmoid never gets there.
# How much ReLU gains depends on the net and the data; that it costs little and does not saturate holds everywhere.
#
# **Which one, then?** Begin with ReLU and keep an eye on the learning rate; try leaky ReLU, ELU or maxout; tanh where outputs should be centred; sigmoid only where a number between 0 and 1 is the point, as at the output.

# %% [markdown]
# ### Question 1 (2 points)
# Name three problems of the sigmoid as a hidden activation, each with its reason or a number from this notebook.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "sigmoid_problems", "locked": false, "points": 2, "solution": true, "task": false}
# It saturates: for large |z| its slope is nearly zero (below 1e-4 beyond 10, and never more than 0.25), so gradients vanish on their way back.
# Its outputs are not centred on zero but all positive, so the gradients of a unit's weights share one sign for an example, and training zigzags.
# The exponential is expensive beside a comparison (the cell in section 2 says how many times).
#
# *Marking: 1 point for saturation with its effect on gradients; half a point each for two more: not zero-centred, the cost of exp, a slope of at most 1/4 that multiplies over layers.*
# *Half of each if it is only named, without a reason.*

# %% [markdown]
# ### Question 2 (2 points)
# How can a ReLU unit die during training, why does it stay dead, and what exactly does leaky ReLU change?
# Which setting would you look at first when a third of your units are dead?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "dying_relu", "locked": false, "points": 2, "solution": true, "task": false}
# A large step can move a unit's weights or bias so far that z is negative for every example.
# Then its slope is 0 for all of them, so dw and db are sums of zeros: no gradient ever reaches the weights, and nothing can move z back (only a change of its inputs from below could).
# Leaky ReLU has slope 0.01 there instead of 0, so a small gradient always flows and the unit can recover.
# The first suspect is a learning rate that is too high (then weights drawn too wide, or a large negative bias).
#
# *Marking: half a point for "negative for all examples", half a point for "zero gradient, hence no update", half a point for the leaky slope, half a point for the learning rate.*

# %% [markdown]
# ### Question 3 (2 points)
# Your friend stacks three affine layers without activations "to have a deep network" and finds that it does no better than one layer.
# Show why with one line of algebra.
# Then say why `db` is a *sum* over the batch although the loss is a *mean*.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "no_activation", "locked": false, "points": 2, "solution": true, "task": false}
# $(x w_1 + b_1) w_2 + b_2 = x\,(w_1 w_2) + (b_1 w_2 + b_2)$: the product of matrices is a matrix, so any stack is one affine layer (of at most the rank of the narrowest).
# The bias acts on the loss through every example, and by the chain rule effects along different paths add up.
# The 1/N of the mean is a factor of each example's `dout` already; dividing by N again would make the gradient N times too small.
#
# *Marking: 1 point for the algebra; half a point for adding up over examples, half a point for the 1/N that is in dout.*

# %% [markdown]
# ## Stretch
# No points: bring the sigmoid net of section 8 below a loss of 0.3 in the same 20 epochs.
# You may turn `lr` and `spread`, nothing else; as it stands it ends near 2.3, and ours got to 0.13.

# %%
losses, _, _ = train(sigmoid, sigmoid_backward, lr=0.12, spread=2.5)
print(f"loss {losses[-1]:.2f}; the number to beat is 0.3, ours is 0.13")

# %% [markdown]
# ## What to take away
#
# - An affine layer's gradients follow from their shapes: `dx = dout @ w.T`, `dw = x.T @ dout`, and `db` sums over the examples.
# - An activation's backward multiplies the incoming gradient by its slope at the *input* it was given.
# - Sigmoid and tanh saturate, and the sigmoid's slope never exceeds 0.25; ReLU keeps a slope of 1 but can die; leaky ReLU, PReLU and maxout keep a gradient alive, ELU a small one.
# - Compute `exp` only of numbers that are not positive, and nothing overflows.
# - A gradient has the shape of what it differentiates. When in doubt, check the shape, then check the number with the numerical gradient of notebook 03.

# %%
progress()
