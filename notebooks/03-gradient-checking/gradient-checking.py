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
# # 03 · Gradient checking: trust no gradient that you have not measured
#
# Somebody wrote the backward pass of the net below, and one line of it is wrong. Nothing crashes, every shape is right, and here the loss falls from 0.69 to 0.04.
# **How would you ever find out? And which of its eleven lines, from the loss back to the first weights, is it?** By the end of this notebook it takes you a minute.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
from itertools import pairwise

import numpy as np

from nnlib import explore, plots
from nnlib.checks import check, hint, progress  # stuck? hint(flatten)

# %%
plots.network(
    [2, 6, 6, 1], above=["", "tanh", "tanh", "sigmoid"],
    title="The net: two inputs, two layers of six tanh units, one answer",
)

# %% [markdown]
# A wrong gradient seldom crashes.
# The network still learns, only more slowly or less well, and nobody knows why.
# The cure: compute the gradient a second time, in a way too simple to be wrong, and compare.
# When Rumelhart et al. (1986) made backpropagation known, its formulas were derived by hand for each network. Libraries now differentiate by themselves, and still test their operations like this (PyTorch's `gradcheck`).
#
# **When you are done, you can**
# - approximate a derivative from one side and from both sides, and say how wrong each answer is;
# - choose the step, knowing what spoils the answer when it is too large and when it is too small;
# - check the gradient of a whole network, whatever the shapes of its parameters;
# - read the result: which error is fine, which asks for a second look, which is a bug, and in which line the bug sits;
# - name the situations in which a correct gradient fails the check and a wrong one passes.
#
# **You need** derivatives, NumPy arrays, backpropagation through a two-layer network (notebook 01), and softmax cross-entropy with its gradient (02).
# Two terms come from later: *weight decay* (regularisation, 09) and *dropout* (10). What you need of them is said here.
#
# **Time**: about 100 minutes for seven short functions (exercises 1 to 6), three bugs (7 to 9) and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(flatten)` in a cell of your own, up to three times.
#
# House conventions: examples are rows, `X` is `(N, D)`, weights are `(D, K)`, biases `(K,)`; losses are means over the batch; a gradient has the shape of what it differentiates; functions return new arrays and leave their inputs as they were.

# %% [markdown]
# ## 1. The slope from one side
#
# The derivative is the slope of ever shorter secants, $f'(x) = \lim_{h \to 0} \frac{f(x+h) - f(x)}{h}$.
# A computer cannot take the limit, but it can stop at a small step $h$:
#
# $$\frac{f(x+h) - f(x)}{h} = f'(x) + \frac{h}{2} f''(x) + \dots$$
#
# The right-hand side is Taylor's series.
# It says that the *forward difference* is off by an amount proportional to $h$, written $O(h)$: a step ten times smaller makes the error ten times smaller.
#
# **By hand.** Take $f(\theta) = \theta^3$ at $\theta = 1$, where the true slope is $3\theta^2 = 3$, with $h = 0.01$.
# Then $1.01^3 = 1.030301$, so the forward difference is $(1.030301 - 1)/0.01 = 3.0301$: wrong by $0.0301$.

# %% [markdown]
# ### Exercise 1: `forward_difference` (2 points)
# `f` takes one number and returns one number; `x` is a number; `h` is a positive number.
# Evaluate `f` at `x` and at `x + h`, nowhere else.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "forward_difference", "locked": false, "solution": true, "task": false}
def forward_difference(f, x, h):
    """Approximate f'(x) for a number x from one side, with step h; returns a number."""
    ### BEGIN SOLUTION
    return (f(x + h) - f(x)) / h
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_forward_difference", "locked": true, "points": 2, "solution": false, "task": false}
check(forward_difference)

# %% [markdown]
# ## 2. The slope from both sides
#
# Write Taylor's series for a step to the right and a step to the left, and subtract.
# All even terms cancel, and with them the $f''$ that spoilt the forward difference:
#
# $$\frac{f(x+h) - f(x-h)}{2h} = f'(x) + \frac{h^2}{6} f'''(x) + \dots$$
#
# The error is now $O(h^2)$: a step ten times smaller makes it a hundred times smaller, again for two evaluations of $f$.
#
# **By hand.** With the same cube, $1.01^3 - 0.99^3 = 1.030301 - 0.970299 = 0.060002$.
# The two points are $2h = 0.02$ apart, so the *central difference* is $0.060002 / 0.02 = 3.0001$: wrong by $0.0001$, three hundred times better.

# %% [markdown]
# ### Exercise 2: `central_difference` (3 points)
# The same arguments; evaluate `f` at `x + h` and `x - h`, a full step to each side.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "central_difference", "locked": false, "solution": true, "task": false}
def central_difference(f, x, h):
    """Approximate f'(x) for a number x from both sides, with step h to each; returns a number."""
    ### BEGIN SOLUTION
    return (f(x + h) - f(x - h)) / (2 * h)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_central_difference", "locked": true, "points": 3, "solution": false, "task": false}
check(central_difference)

# %% [markdown]
# Both promises, $O(h)$ and $O(h^2)$, as numbers:


# %%
def cube(theta):
    return theta**3


print("    h      forward   error      central    error")
for h in (0.1, 0.01, 0.001):
    forward, central = forward_difference(cube, 1.0, h), central_difference(cube, 1.0, h)
    print(f"{h:6.3f}   {forward:8.6f}  {forward - 3:.1e}    {central:8.6f}   {central - 3:.1e}")

# %% [markdown]
# From line to line the first error falls tenfold and the second a hundredfold.
#
# ## 3. How small may the step be?
#
# If small is good, why not $h = 10^{-15}$?
# Because a float64 has about 16 digits.
# $f(x+h)$ and $f(x-h)$ agree in nearly all of them when $h$ is tiny; the subtraction cancels those digits and leaves the rounding errors, and the division by $2h$ blows them up.
# With machine precision $\varepsilon \approx 2.2 \cdot 10^{-16}$ the total error is about
#
# $$\underbrace{\frac{h^2}{6}\,|f'''|}_{\text{truncation}} + \underbrace{\frac{\varepsilon\,|f|}{h}}_{\text{round-off}}$$
#
# As $h$ shrinks, the first part falls and the second rises; they balance near $h \approx \varepsilon^{1/3} \approx 6 \cdot 10^{-6}$.
# That is why $10^{-5}$ is the usual step of a gradient check in float64.
# For the forward difference the balance is near $\varepsilon^{1/2} \approx 1.5 \cdot 10^{-8}$, and the error there is no better than about $10^{-8}$.

# %%
for h in (1e-5, 1e-15):
    print(f"h = {h:.0e}: central difference {central_difference(cube, 1.0, h):.9f}")

# %% [markdown]
# At $h = 10^{-15}$ the first decimal is wrong already.
# The picture shows the whole range for your two functions.
# Look for three things: the two slopes on the right (1 and 2 on logarithmic axes, like those of the grey lines), the noisy rise on the left, and how much worse float32 is, with its $\varepsilon \approx 1.2 \cdot 10^{-7}$.
# Where float32's line lies flat at 3, $x + h$ rounds back to $x$: the difference is 0, and the error is the whole slope.

# %% tags=["remembered"]
plots.gradient_error_against_step({"forward": forward_difference, "central": central_difference})

# %% [markdown]
# In float32 even the best step leaves an error near $10^{-5}$, which is what a real bug can look like.
# Check gradients in float64, even when you train in float32.
#
# ### Now you
# The best step depends on the function. Is it larger or smaller than $10^{-5}$ for $\sin(100\,\theta)$, which bends much faster? And does it matter where you stand?


# %%
def best_step(bends, theta):
    """Print the error of the central difference of sin(bends * theta) for steps of all sizes."""
    steps = np.logspace(-10, 0, 41)
    slope = bends * np.cos(bends * theta)
    errors = [
        abs(central_difference(lambda v: np.sin(bends * v), theta, h) - slope) / abs(slope)
        for h in steps
    ]
    print(
        f"best step {steps[np.argmin(errors)]:.1e}, relative error there {min(errors):.0e}; "
        f"at 1e-5: {errors[20]:.0e}"
    )


explore(best_step, bends=[100.0, 1.0, 10000.0], theta=(0.5, 3.0, 1.0))

# %% [markdown]
# <details><summary>What you should see</summary>
# The faster the function bends, the smaller its best step: about 1e-7 for 100 and 1e-8 for 10,000, where 1e-5 gives 2e-3, "a bug", for a slope that is right.
# Where you stand changes little.
# </details>

# %% [markdown]
# ### Question 1 (2 points)
# A friend checks a gradient with `h = 1e-12` "to be as exact as possible" and gets a relative error of $10^{-4}$.
# Another uses `h = 0.1` and gets $10^{-3}$.
# Their gradient is correct.
# What happened to each, and how could they have found out that the step was to blame and not the gradient?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_step", "locked": false, "points": 2, "solution": true, "task": false}
# With 1e-12 the two values of the loss agree in nearly all their digits; the difference keeps only the rounding errors, which the division by 2h magnifies (about ε/h ≈ 2e-4).
# With 0.1 the truncation error, h²/6 times the third derivative, is what is seen.
# Both find out by changing h and watching the error: a truncation error falls a hundred times when h becomes ten times smaller, a round-off error grows when h shrinks, and a true bug stays the same whatever h is.
#
# *Marking: 1 point for both causes (cancellation and round-off; truncation), 1 point for varying h, or for any other test that separates the step from the gradient.*
# *Saying only "too small" and "too large" is half a point.*

# %% [markdown]
# ## 4. Many parameters
#
# A loss depends on many numbers, and its gradient collects one partial derivative for each.
# A partial derivative moves *one* number and keeps all others where they were:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x_1, \dots, x_i + h, \dots, x_n) - f(x_1, \dots, x_i - h, \dots, x_n)}{2h}$$
#
# **By hand.** Let $f(x) = x_1^2 + 3 x_1 x_2$ at $x = (1, 2)$.
# The partial derivatives are $2x_1 + 3x_2 = 8$ and $3x_1 = 3$.
# Moving $x_1$ by $\pm 0.1$ gives $(7.81 - 6.21)/0.2 = 8$, moving $x_2$ by $\pm 0.1$ gives $(7.3 - 6.7)/0.2 = 3$.
#
# ### Exercise 3: `numerical_gradient` (8 points)
# - `f` takes an array of the shape of `x` and returns one number, which may depend on all entries together.
# - `x` is an array of any shape: a vector, a matrix, a 3-d array, even a 0-d array such as `np.array(2.0)`; it may hold integers or float32, and it need not be contiguous in memory.
# - Use central differences with step `h` to each side, one entry at a time.
# - Compute in float64 whatever the dtype of `x`, and return a float64 array of the shape of `x`.
# - When you return, `x` must be as it was.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "numerical_gradient", "locked": false, "solution": true, "task": false}
def numerical_gradient(f, x, h=1e-5):
    """Approximate the gradient of f at x, an array of any shape, by central differences.

    f maps an array shaped as x to one number; the result has the shape of x and dtype float64.
    """
    ### BEGIN SOLUTION
    point = np.array(x, dtype=np.float64)  # a copy, in which integers can take a small step too
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        kept = point[index]
        point[index] = kept + h
        above = f(point)
        point[index] = kept - h
        below = f(point)
        point[index] = kept  # put back: each partial derivative moves one entry
        grad[index] = (above - below) / (2 * h)
    return grad
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_numerical_gradient", "locked": true, "points": 8, "solution": false, "task": false}
check(numerical_gradient)

# %% [markdown]
# ## 5. Comparing two gradients
#
# Is a difference of 0.001 large?
# It is nothing beside a gradient of 1000 and everything beside one of 0.001, so the check is a *relative* one.
# Take all entries as one long vector and use its Euclidean length:
#
# $$\text{relative error}(a, b) = \frac{\lVert a - b \rVert}{\lVert a \rVert + \lVert b \rVert}, \qquad \lVert a \rVert = \sqrt{\textstyle\sum_i a_i^2}$$
#
# It treats both alike, has no unit, and lies between 0 (equal) and 1 (one of them zero, or in opposite directions).
# Lecture 002 (improving deep neural networks) divides by the length of the backpropagated gradient alone: near agreement its number is about twice ours, and it has no upper end. The verdicts below serve for either.
#
# **By hand.** For $a = (3, 4)$ and $b = (3, 3)$: $\lVert a - b\rVert = 1$, $\lVert a \rVert = 5$, $\lVert b \rVert = \sqrt{18} = 4.2426$, hence $1 / 9.2426 = 0.1082$.
#
# How to read it, for central differences in float64 with $h = 10^{-5}$:
#
# | relative error | verdict |
# |---|---|
# | up to $10^{-7}$ | great |
# | between $10^{-7}$ and $10^{-3}$, say $10^{-5}$ | look again: a kink, float32, a rarely used path, or a small bug |
# | $10^{-3}$ and more | a bug |
#
# ### Exercise 4: `relative_error` (4 points)
# - `a` and `b` are arrays of one and the same shape, of any number of axes, or two plain numbers; the result is one number.
# - All entries count together: one norm for the whole array.
# - Two zero gradients agree: return 0 (and no warning).
# - Add nothing to the denominator: gradients of $10^{-12}$ deserve the same scrutiny as gradients of 1, and a constant such as $10^{-8}$ would hide their errors.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "relative_error", "locked": false, "solution": true, "task": false}
def relative_error(a, b):
    """Compare gradients of one shape: ‖a - b‖ / (‖a‖ + ‖b‖), and 0 when both are zero."""
    ### BEGIN SOLUTION
    scale = np.linalg.norm(a) + np.linalg.norm(b)  # one norm for any shape
    if scale == 0:
        return 0.0
    return np.linalg.norm(a - b) / scale
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_relative_error", "locked": true, "points": 4, "solution": false, "task": false}
check(relative_error)

# %% [markdown]
# A function for reading results, used from here on:


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "verdict", "locked": true, "solution": false, "task": false}
def verdict(error):
    """Put the relative error of a gradient check into words."""
    if error <= 1e-7:
        return "great"
    if error < 1e-3:
        return "look again"
    return "a bug"


# %%
rng = np.random.default_rng(3)
A, point = rng.normal(size=(4, 4)), rng.normal(size=4)
numeric = numerical_gradient(lambda x: x @ A @ x, point)
for name, gradient in {
    "(A + Aᵀ) x": (A + A.T) @ point,
    "2 A x": 2 * A @ point,
    "(A + Aᵀ) x, 4 decimals": np.round((A + A.T) @ point, 4),
}.items():
    error = relative_error(gradient, numeric)
    print(f"{name:28s} {error:.1e}   {verdict(error)}")

# %% [markdown]
# $x^\top A x$ has the gradient $(A + A^\top)x$; the formula $2Ax$, right for symmetric $A$ only, is caught at once.
# Rounding to four decimals lands in between: the right formula, poorly computed.
#
# ## 6. A network is one long vector
#
# A network keeps its parameters as a dict of arrays, `{"W1": ..., "b1": ..., "W2": ...}`.
# The mathematics is simpler with one vector $\theta$ that holds them all: $J(W_1, b_1, W_2, \dots) = J(\theta)$, and the gradient is one vector too.
# So we need a way there and back.
#
# **By hand.** For `params = {"W": np.array([[1, 2], [3, 4]]), "b": np.array([5, 6]), "s": np.array(7)}` the vector is `[1, 2, 3, 4, 5, 6, 7]`; with the shapes of `params` as a pattern it can be cut up again.
#
# ### Exercise 5: `flatten` (2 points) and `unflatten` (3 points)
# - `params` is a dict from names to arrays of any shape; shape `()` (one number, such as `np.array(7.0)`), `(1,)` and `(1, 3)` all occur.
# - `flatten` joins the entries in the order in which the dict lists its names, each array row by row (NumPy's default, C order), into one new float64 vector `(P,)`.
# - `unflatten` is the way back: a new dict with the names, the order and the shapes of `like`, filled from `theta`.
#   The values in `like` do not matter, and `like` and `theta` stay as they are; the arrays may be views of `theta` or copies.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "flatten", "locked": false, "solution": true, "task": false}
def flatten(params):
    """Join the arrays of the dict params, in its order, row by row, into a float64 vector (P,)."""
    ### BEGIN SOLUTION
    return np.concatenate([np.ravel(array) for array in params.values()]).astype(np.float64)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_flatten", "locked": true, "points": 2, "solution": false, "task": false}
check(flatten)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "unflatten", "locked": false, "solution": true, "task": false}
def unflatten(theta, like):
    """Cut theta (P,) into a new dict with the names, order and shapes of the dict like."""
    ### BEGIN SOLUTION
    params, start = {}, 0
    for name, array in like.items():
        stop = start + np.size(array)
        params[name] = theta[start:stop].reshape(np.shape(array)).copy()
        start = stop
    return params
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_unflatten", "locked": true, "points": 3, "solution": false, "task": false}
check(unflatten)

# %% [markdown]
# ### Exercise 6: `check_gradient` (3 points)
# Now put the pieces together: the whole check in one number.
# - `x` is a dict of parameters.
# - `f(x)` takes such a dict and returns the loss.
# - `grad(x)` takes such a dict and returns a dict with one gradient for each parameter.
#   A backward pass meets the last layer first, so **its names may come in another order** than those of `x`; match them by name.
# - Return the relative error between the analytic gradient `grad(x)` and the central differences of `f` at `x` with step `h`, over all parameters as one vector.
# - `x` stays as it is.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "check_gradient", "locked": false, "solution": true, "task": false}
def check_gradient(f, grad, x, h=1e-5):
    """Return the relative error of grad(x) against central differences of f at the dict x."""
    ### BEGIN SOLUTION
    grads = grad(x)
    analytic = flatten({name: grads[name] for name in x})
    numeric = numerical_gradient(lambda theta: f(unflatten(theta, x)), flatten(x), h)
    return relative_error(analytic, numeric)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_check_gradient", "locked": true, "points": 3, "solution": false, "task": false}
check(check_gradient)

# %% [markdown]
# ## 7. The fine print
#
# The check compares a formula with a function.
# It only works if both speak of the *same* function, and if that function has a derivative there.
#
# **Keep the regularisation in both.**
# If the loss contains $\frac{\lambda}{2m}\sum W^2$ ($m$ is the number of examples, $\lambda$ the strength of the penalty), the gradient needs its derivative $\frac{\lambda}{m} W$.
# Leave it out on one side, and a correct gradient fails; set λ = 0 in both, and a missing term is never noticed.

# %%
m, lam = 20, 3.0
X = rng.normal(size=(m, 3))
t = rng.normal(size=m)
line = {"w": rng.normal(size=3)}


def data_loss(p):
    return np.mean((X @ p["w"] - t) ** 2) / 2


def full_loss(p):
    return data_loss(p) + lam / (2 * m) * np.sum(p["w"] ** 2)


def full_gradient(p):
    return {"w": X.T @ (X @ p["w"] - t) / m + lam / m * p["w"]}


print(f"penalty in both:          {check_gradient(full_loss, full_gradient, line):.1e}")
print(f"penalty in one only:      {check_gradient(data_loss, full_gradient, line):.1e}")

# %% [markdown]
# **Switch dropout off.**
# Dropout zeroes random inputs, and draws a fresh mask at every evaluation.
# Then $J(\theta + h)$ and $J(\theta - h)$ belong to different functions; their difference is noise, divided by $2h$.
# Check with `keep_prob = 1` (the share of inputs that is kept), or with one mask that is drawn once and kept.

# %%
mask_rng = np.random.default_rng(7)


def draw_mask():
    return (mask_rng.random(X.shape) < 0.8) / 0.8


def masked_loss(p, mask):
    return np.mean(((X * mask) @ p["w"] - t) ** 2) / 2


kept = draw_mask()
for name, loss, mask in [
    ("a fresh mask each time", lambda p: masked_loss(p, draw_mask()), kept),
    ("one mask, kept", lambda p: masked_loss(p, kept), kept),
    ("dropout off", data_loss, 1.0),
]:
    def gradient(p, inputs=X * mask):
        return {"w": inputs.T @ (inputs @ p["w"] - t) / m}

    print(f"{name + ':':24s}  {check_gradient(loss, gradient, line):.1e}")

# %% [markdown]
# **Mind the kinks.**
# ReLU, $\max(0, x)$, has slope 0 to the left of zero and 1 to the right.
# A central difference whose two points lie on different sides sees a mixture of both.


# %%
def relu(x):
    return max(0.0, x)


print("     x      slope   central difference with h = 1e-5")
for x in (1e-4, 3e-6, 0.0, -3e-6, -1e-4):
    print(f"{x:8.0e}    {float(x > 0):.0f}       {central_difference(relu, x, 1e-5):.2f}")
plots.secants(relu, (-1.5e-5, -3e-6, 3e-6), h=1e-5)

# %% [markdown]
# So a correct network with many ReLUs fails now and then, in a few entries only.
# You know a kink by this: the failure moves when you change the point or make $h$ smaller; a bug stays.
# Fewer examples in the batch mean fewer kinks to hit.
#
# **Stay in float64.**
# Your `numerical_gradient` computes in float64, but a loss that computes in float32 rounds every value before you subtract.


# %%
def loss_in_float32(p):
    return data_loss({"w": p["w"].astype(np.float32)}).astype(np.float32)


def data_gradient(p):
    return {"w": X.T @ (X @ p["w"] - t) / m}


print(f"loss in float64:          {check_gradient(data_loss, data_gradient, line):.1e}")
print(f"loss in float32:          {check_gradient(loss_in_float32, data_gradient, line):.1e}")

# %% [markdown]
# **Never during training.**
# A numerical gradient evaluates the loss twice for every parameter.
# Count it for a network as small as 64 inputs, 32 hidden units and 10 classes, with a loss that does nothing but count:

# %%
theta, asked = np.zeros(64 * 32 + 32 + 32 * 10 + 10), []
numerical_gradient(lambda theta: asked.append(theta) or 0.0, theta)
print(f"{theta.size} parameters: {len(asked)} evaluations of the loss for one gradient")
print("backpropagation gives the same gradient for the price of about 3 evaluations")
print(f"100 epochs of 30 steps: {100 * 30 * len(asked):,} evaluations against {100 * 30 * 3:,}")

# %% [markdown]
# So the check belongs on the workbench: run it once on a small network with a few examples, switch it off, and train with backpropagation.
# On a large network check a random sample of the entries, some from *every* array, since a bug often sits in one array alone.

# %% [markdown]
# ### Question 2 (2 points)
# The gradient of a ReLU network passes the check with $2 \cdot 10^{-9}$ for one random seed and gives $4 \cdot 10^{-4}$ for the next.
# Name two innocent explanations, and say how you would tell each from a bug.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_kinks", "locked": false, "points": 2, "solution": true, "task": false}
# A kink: with the second seed a pre-activation lies within h of zero, so that the two points are on different sides of it.
# Look at single entries: only few are wrong, and they come right with a smaller h, with another batch, or when the biases are moved a little.
# Round-off: with the second seed the loss is huge beside its gradient, say because nearly all units are off; then a *larger* h makes the error smaller.
# Truncation: the second seed has drawn large weights, and the loss bends more there; then h/10 makes the error a hundred times smaller.
# A bug in a path that only some data take (a clipped value, a unit that is on for some inputs only, a class that was absent) stays for every h.
#
# *Marking: 1 point for each of two such explanations with a test that separates it from a bug; half a point without the test.*
# *Randomness in the loss (dropout, redrawn noise) and float32 would have spoilt the first seed too: half a point, and only with a test.*

# %% [markdown]
# ## 8. Find the bug
#
# Backpropagation is a walk through a graph.
# Forward, each box computes a value from the boxes before it; back, each hands on the gradient that it got, times its own slope.
# Here $L = (xw + b)^2$, forward by hand, with the gradients from *your* `numerical_gradient`:

# %%
x, w, b = 2.0, -1.0, 3.0
dx, dw, db = numerical_gradient(lambda v: (v[0] * v[1] + v[2]) ** 2, np.array([x, w, b]))
p = x * w
dp = numerical_gradient(lambda v: (v + b) ** 2, np.array(p))
z = p + b
dz = numerical_gradient(lambda v: v**2, np.array(z))
P, Z, L = "p = x·w", "z = p + b", "L = z²"
boxes = {"x": (0, 2.6), "w": (0, 1.2), "b": (1, 0.3), P: (1, 1.9), Z: (2, 1.1), L: (3, 1.1)}
plots.computational_graph(
    boxes, [("x", P), ("w", P), (P, Z), ("b", Z), (Z, L)],
    values=dict(zip(boxes, (x, w, b, p, z, z**2), strict=True)),
    gradients=dict(zip(boxes, (dx, dw, db, dp, dz, 1.0), strict=True)),
    title="Values go forward, gradients come back, each step by its own slope",
)

# %% [markdown]
# From right to left: the square's slope is $2z = 2$; a sum hands the same 2 to both of its terms; a product hands each factor the 2 times the *other* factor.
# Were one of these slopes wrong, everything behind it would be wrong too (follow the dashed arrows), and nothing else.
#
# Three networks follow, each with a loss that is right and a backward pass with one fault.
# Work as you would on your own code:
#
# 1. Look at the error *parameter by parameter*, with the function below.
# 2. The fault sits on the way to the wrong parameter *nearest to the loss*: in its own line, or in one between it and what is still right.
# 3. Fix that line, and check again.
#
# For each network write a corrected backward pass, starting from a copy of the faulty one, and set the variable `faulty_parameters_a` (`_b`, `_c`) to a list of the names of **all** parameters whose gradient is wrong: strings as in `params`, such as `"W2"`, in any order.
# The list counts for a small part of the points, the function for the rest.
# The corrected function must be backpropagation: central differences are too inexact and far too slow to train with.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "errors_by_parameter", "locked": true, "solution": false, "task": false}
def errors_by_parameter(loss, grads, params):
    """Print the relative error of each parameter's gradient: loss takes a dict like params."""
    for name in params:
        numeric = numerical_gradient(
            lambda value, name=name: loss({**params, name: value}), params[name]
        )
        if np.shape(grads[name]) != numeric.shape:
            print(f"d{name:4s} has shape {np.shape(grads[name])}, but {name} has {numeric.shape}")
            continue
        error = relative_error(grads[name], numeric)
        print(f"d{name:4s} {error:.1e}   {verdict(error)}")


def random_params(sizes, rng, scale=0.7):
    """Random weights and biases W1, b1, W2, b2, ... for layers of these sizes."""
    params = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = scale * rng.normal(size=(fan_in, fan_out))
        params[f"b{layer}"] = scale * rng.normal(size=fan_out)
    return params


# %% [markdown]
# ### Exercise 7: network A, a classifier with weight decay (3 points)
#
# $$H = \tanh(X W_1 + b_1), \quad S = H W_2 + b_2, \quad J = \text{mean cross-entropy}(S, y) + \frac{\lambda}{2m}\left(\lVert W_1\rVert^2 + \lVert W_2\rVert^2\right)$$


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "network_a", "locked": true, "solution": false, "task": false}
def loss_a(params, X, y, lam):
    """Mean cross-entropy of a tanh network plus lam/(2m) times the squared weights."""
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    scores = scores - scores.max(axis=1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    penalty = lam / (2 * m) * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    return -log_probs[np.arange(m), y].mean() + penalty


def backward_a_faulty(params, X, y, lam):
    """Gradients of loss_a as a dict W1, b1, W2, b2; one line is wrong."""
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = exp / exp.sum(axis=1, keepdims=True)

    dscores = probs.copy()
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    db2 = dscores.sum(axis=0)
    dhidden = dscores @ params["W2"].T
    dz1 = dhidden * (1 - hidden**2)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


rng_a = np.random.default_rng(11)
X_a, y_a, lam_a = rng_a.normal(size=(12, 4)), np.arange(12) % 3, 2.0
params_a = random_params([4, 5, 3], rng_a)

# %%
faulty_grads_a = backward_a_faulty(params_a, X_a, y_a, lam_a)
errors_by_parameter(lambda p: loss_a(p, X_a, y_a, lam_a), faulty_grads_a, params_a)

# %% [markdown]
# Fix it, and name all parameters whose gradient was wrong.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "backward_a", "locked": false, "solution": true, "task": false}
def backward_a(params, X, y, lam):
    """Gradients of loss_a as a new dict W1, b1, W2, b2, each shaped as its parameter.

    X is (m, D), y holds m integer labels, lam is the strength of the penalty.
    """
    ### BEGIN SOLUTION
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = exp / exp.sum(axis=1, keepdims=True)

    dscores = probs.copy()
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    db2 = dscores.sum(axis=0)
    dhidden = dscores @ params["W2"].T
    dz1 = dhidden * (1 - hidden**2)
    dW1 = X.T @ dz1 + lam / m * params["W1"]
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "faulty_parameters_a", "locked": false, "solution": true, "task": false}
# Set faulty_parameters_a to the list of all parameters
# whose gradient backward_a_faulty gets wrong.
# With two of them it could read: faulty_parameters_a = ["W2", "b2"]
### BEGIN SOLUTION
faulty_parameters_a = ["W1"]
### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_backward_a", "locked": true, "points": 3, "solution": false, "task": false}
check(backward_a)

# %% [markdown]
# ### Exercise 8: network B, a shortcut (3 points)
#
# The first hidden layer feeds the second *and*, past it, the output.
# Such shortcuts are what makes very deep networks trainable.
#
# $$H_1 = \max(0, X W_1 + b_1), \quad H_2 = \max(0, H_1 W_2 + b_2)$$
#
# $$O = (H_1 + H_2) W_3 + b_3, \quad J = \frac{1}{2m} \sum (O - T)^2$$


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "network_b", "locked": true, "solution": false, "task": false}
def loss_b(params, X, T):
    """Half the mean squared distance between the network's output and the targets T."""
    h1 = np.maximum(0, X @ params["W1"] + params["b1"])
    h2 = np.maximum(0, h1 @ params["W2"] + params["b2"])
    out = (h1 + h2) @ params["W3"] + params["b3"]
    return np.sum((out - T) ** 2) / (2 * len(X))


def backward_b_faulty(params, X, T):
    """Gradients of loss_b as a dict W1, b1, W2, b2, W3, b3; one line is wrong."""
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]

    dout = (out - T) / len(X)
    dW3 = (h1 + h2).T @ dout
    db3 = dout.sum(axis=0)
    dh1 = dh2 = dout @ params["W3"].T
    dz2 = dh2 * (z2 > 0)
    dW2 = h1.T @ dz2
    db2 = dz2.sum(axis=0)
    dh1 = dz2 @ params["W2"].T
    dz1 = dh1 * (z1 > 0)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}


rng_b = np.random.default_rng(12)
X_b, T_b = rng_b.normal(size=(10, 3)), rng_b.normal(size=(10, 2))
params_b = random_params([3, 6, 6, 2], rng_b)

# %%
errors_by_parameter(lambda p: loss_b(p, X_b, T_b), backward_b_faulty(params_b, X_b, T_b), params_b)

# %% [markdown]
# Fix it, and name all parameters whose gradient was wrong.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "backward_b", "locked": false, "solution": true, "task": false}
def backward_b(params, X, T):
    """Gradients of loss_b as a new dict W1, b1, W2, b2, W3, b3, each shaped as its parameter.

    X is (m, D), the targets T are (m, K).
    """
    ### BEGIN SOLUTION
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]

    dout = (out - T) / len(X)
    dW3 = (h1 + h2).T @ dout
    db3 = dout.sum(axis=0)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dW2 = h1.T @ dz2
    db2 = dz2.sum(axis=0)
    dh1 = dsum + dz2 @ params["W2"].T  # h1 is used twice, so two gradients arrive
    dz1 = dh1 * (z1 > 0)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "faulty_parameters_b", "locked": false, "solution": true, "task": false}
# Set faulty_parameters_b to the list of all parameters
# whose gradient backward_b_faulty gets wrong.
### BEGIN SOLUTION
faulty_parameters_b = ["W1", "b1"]
### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_backward_b", "locked": true, "points": 3, "solution": false, "task": false}
check(backward_b)

# %% [markdown]
# ### Exercise 9: network C, the bug that hides (3 points)
#
# Two tanh layers and one output that says how likely the answer is "yes" ($y = 1$):
#
# $$H_1 = \tanh(X W_1 + b_1), \quad H_2 = \tanh(H_1 W_2 + b_2), \quad s = H_2 W_3 + b_3, \quad J = \frac{1}{m} \sum_i \left[ \log(1 + e^{s_i}) - y_i s_i \right]$$


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "network_c", "locked": true, "solution": false, "task": false}
def loss_c(params, X, y):
    """Mean binary cross-entropy of a network with two tanh layers; y is (m,) of 0 and 1."""
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    return np.mean(np.logaddexp(0, s) - y * s)


def backward_c_faulty(params, X, y):
    """Gradients of loss_c as a dict W1, b1, W2, b2, W3, b3; one line is wrong."""
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = (h2 @ params["W3"] + params["b3"])[:, 0]

    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dW3 = h2.T @ ds
    db3 = ds.sum(axis=0)
    dh2 = ds @ params["W3"].T
    dz2 = dh2 * (1 - z2**2)
    dW2 = h1.T @ dz2
    db2 = dz2.sum(axis=0)
    dh1 = dz2 @ params["W2"].T
    dz1 = dh1 * (1 - h1**2)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}


rng_c = np.random.default_rng(13)
X_c = rng_c.normal(size=(40, 2))
y_c = (X_c[:, 0] + X_c[:, 1] ** 2 > 0.8).astype(float)
params_c = random_params([2, 6, 6, 1], rng_c, scale=0.05)
params_c |= {name: 0 * b for name, b in params_c.items() if name[0] == "b"}
# %% [markdown]
# Its weights are small and its biases zero, as they are at the start of training.
# The check says:

# %%
errors_by_parameter(lambda p: loss_c(p, X_c, y_c), backward_c_faulty(params_c, X_c, y_c), params_c)

# %% [markdown]
# Not a bug in sight.
# Now train with this gradient.
# The loss falls, as if all were well (about one start in four explodes instead):

# %%
trained = params_c
for step in range(401):
    if step % 100 == 0:
        print(f"step {step:3d}   loss {loss_c(trained, X_c, y_c):.3f}")
    step_grads = backward_c_faulty(trained, X_c, y_c)
    trained = {name: trained[name] - 0.3 * step_grads[name] for name in trained}
print()
errors_by_parameter(lambda p: loss_c(p, X_c, y_c), backward_c_faulty(trained, X_c, y_c), trained)

# %% [markdown]
# Check at random weights, **and again after some training**: near zero many wrong formulas agree with the right one.
# The picture measures it, with one new draw of weights and biases, scaled up (the biases were zero above, so here the bug shows sooner).

# %%
scales = np.logspace(-3, 0, 25)
unit = random_params([2, 6, 6, 1], np.random.default_rng(14), scale=1.0)
hidden_errors = []
for scale in scales:
    scaled = {name: scale * value for name, value in unit.items()}
    error = check_gradient(
        lambda p: loss_c(p, X_c, y_c), lambda p: backward_c_faulty(p, X_c, y_c), scaled
    )
    hidden_errors.append(error)

plots.error_against_weights(scales, hidden_errors)

# %% [markdown]
# ### Now you
# From which size of the weights on does the check speak of a bug? Which parameters does it never accuse, and why?


# %%
def check_at(scale):
    """Check the faulty gradient with the weights at this size."""
    p = {name: scale * value for name, value in unit.items()}
    errors_by_parameter(lambda q: loss_c(q, X_c, y_c), backward_c_faulty(p, X_c, y_c), p)


explore(check_at, scale=(0.001, 1.0, 0.1))

# %% [markdown]
# <details><summary>What you should see</summary>
# From about 0.03 on four of the six parameters are to be looked at again; from about 0.1 on the first of them is called a bug, and well before 0.2 all four are.
# The two of the last layer never are: what goes wrong happens behind them, on the way back.
# (Far below 0.02 some ask for a second look again: their gradients are so small that rounding shows.)
# </details>

# %% [markdown]
# Now find it, name all parameters that it spoils (at weights of ordinary size), and fix it.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "backward_c", "locked": false, "solution": true, "task": false}
def backward_c(params, X, y):
    """Gradients of loss_c as a new dict W1, b1, W2, b2, W3, b3, each shaped as its parameter.

    X is (m, D), y is (m,) of 0 and 1.
    """
    ### BEGIN SOLUTION
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = (h2 @ params["W3"] + params["b3"])[:, 0]

    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dW3 = h2.T @ ds
    db3 = ds.sum(axis=0)
    dh2 = ds @ params["W3"].T
    dz2 = dh2 * (1 - h2**2)  # tanh' = 1 - tanh², in the output, not in z
    dW2 = h1.T @ dz2
    db2 = dz2.sum(axis=0)
    dh1 = dz2 @ params["W2"].T
    dz1 = dh1 * (1 - h1**2)
    dW1 = X.T @ dz1
    db1 = dz1.sum(axis=0)
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "faulty_parameters_c", "locked": false, "solution": true, "task": false}
# Set faulty_parameters_c to the list of all parameters
# whose gradient backward_c_faulty gets wrong.
### BEGIN SOLUTION
faulty_parameters_c = ["W1", "b1", "W2", "b2"]
### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_backward_c", "locked": true, "points": 3, "solution": false, "task": false}
check(backward_c)

# %% [markdown]
# ### Question 3 (2 points)
# Why did the bug of network C pass the check at its small starting weights, and why did the loss fall in spite of it?
# What does that say about "the loss goes down" as a test of a backward pass, and about when to run a gradient check?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_hiding", "locked": false, "points": 2, "solution": true, "task": false}
# For small weights z is small and tanh(z) ≈ z, so 1 − z² and 1 − tanh²(z) differ only by about 2z⁴/3, far below what the check can see.
# The wrong gradient still has nearly the right direction (the last layer's is even exact), and any direction with a positive share of the gradient lowers the loss for a small enough step.
# So a falling loss proves little; the gradient must be compared with differences, and at a point where the formulas disagree: random weights of ordinary size, and again after some training.
#
# *Marking: 1 point for tanh(z) ≈ z near zero; half a point for "still a descent direction"; half a point for the consequence: check again after some training.*

# %% [markdown]
# ## Stretch
# Checking all parameters of a large network takes too long. Check it along *one* random direction $u$ instead: $\frac{J(\theta + hu) - J(\theta - hu)}{2h}$ must equal $\nabla J \cdot u$.
# With how few evaluations of the loss do you catch all three faulty networks above (C after training)? The full check needs two for each parameter; the course's reference needs **6**, two for each network.

# %%
theta_a = flatten(params_a)
print(f"the full check of network A evaluates its loss {2 * theta_a.size} times")

# %% [markdown]
# ## What to take away
#
# - The central difference costs as much as the forward difference and its error falls as $h^2$ instead of $h$; $h = 10^{-5}$ in float64 is close to the best.
# - Smaller is not better: below that, cancellation eats the digits.
# - Compare relatively, $\lVert a-b\rVert / (\lVert a\rVert + \lVert b\rVert)$: up to $10^{-7}$ great, in between look again, from $10^{-3}$ on a bug.
# - Check the function you train: regularisation in, dropout off, float64, away from kinks, at random weights and again after some training.
# - When the check fails, go parameter by parameter; the fault sits in the line of the wrong one nearest to the loss, or between it and what is still right.
# - The check costs two evaluations per parameter, so it is for the workbench and never for training.
#
# Next: notebook 04 prepares the data before any net sees them.

# %%
progress()
