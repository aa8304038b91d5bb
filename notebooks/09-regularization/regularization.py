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
# # 09 · Regularisation: learn the pattern, not the noise
#
# Two networks of the same size were trained on the same 150 points, which come from two overlapping half moons.
# One of them gets **every point right**, the other misses one in seven. **Which of the two would you trust with the next thousand points?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import numpy as np

from nnlib import (
    bayes_rule_for_moons, binary_cross_entropy, build_network, explore, load_digits,
    make_moons, numerical_gradient, plots, relative_error, softmax_cross_entropy,
)
from nnlib.checks import check, hint, progress  # stuck? hint(diagnose)

# %%
noise, moons_rng = 0.35, np.random.default_rng(0)
X, y = make_moons(150, noise, moons_rng)
X_dev, y_dev = make_moons(1000, noise, moons_rng)


def new_net(sizes, seed):
    """A tanh network from nnlib, with numbers of double precision."""
    return build_network(sizes, np.random.default_rng(seed), activation="tanh", dtype=float)


by_steps = {}
for steps in (500, 5000):
    net = by_steps[f"after {steps} steps"] = new_net([2, 40, 40, 2], 1)
    for _ in range(steps):
        net.loss_and_grad(X, y)
        net.theta -= 1.0 * net.grad
plots.decision_boundaries(
    {name: net.predict for name, net in by_steps.items()}, X, y,
    title="Which one would you trust?", margin=0.3,
)

# %% [markdown]
# You will have the answer after exercise 1.
#
# **When you are done, you can**
# - tell from two error rates what is wrong with a model, and what to try next;
# - add a penalty to any cost, say what L2 and L1 do to the weights, and plot the cost in the one way in which it must fall;
# - stop training at the right epoch, and say what that costs you.
#
# **You need** softmax and cross-entropy (notebook 02), central differences (notebook 03) and a step of gradient descent (notebook 06).
#
# **Time**: about 110 minutes for ten short functions and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(diagnose)` in a cell of your own, up to three times.
#
# House conventions: examples are rows, a loss is a mean over its $m$ examples, functions return new arrays and leave their inputs as they were.
#
# ## 1. First find out what is wrong
#
# Two numbers tell most of the story: the error rates on the **training set** and on the **dev set**, which the model was not trained on.
# The yardstick is the **Bayes error**, the lowest rate that anybody could reach, often estimated by how well people do.
#
# - The gap from the Bayes error up to the training error is **bias**: the model does not even fit what it has seen (it *underfits*).
# - The gap from the training error up to the dev error is **variance**: it fits what it has seen better than what it has not (it *overfits*).
#
# Here a gap of **more than 5 percentage points** is high, and one of exactly 5 points or less is fine.
#
# **By hand.** Training error 15%, dev error 16%, and people make no errors: a bias of 15 points, a variance of 1 point. High bias.
# But if the photos are so blurred that people get 15% wrong as well, the bias is $15 - 15 = 0$, and nothing is wrong with the model.
#
# **A trap.** From 15% to 20% are exactly 5 points, so that gap is fine. Python disagrees, since 0.15 and 0.20 are not exact in binary:

# %%
print(f"0.20 - 0.15 = {0.20 - 0.15}, above 0.05: {0.20 - 0.15 > 0.05}")

# %% [markdown]
# So `round` a gap before you compare it: to nine decimals, say, which is far finer than any error rate is known.
#
# ### Exercise 1: `diagnose` (4 points)
# The three errors are rates from 0 to 1: 15% is `0.15`.
# Return one of these four as an ordinary Python string (`np.where` and `np.select` make something else), letter by letter:
# `"high bias"`, `"high variance"`, `"high bias and high variance"`, `"neither"`.
# Without a third argument the Bayes error is 0.
# An error may also be *below* the one it is compared with, by luck; such a gap is not high.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "diagnose", "locked": false, "solution": true, "task": false}
def diagnose(train_err, dev_err, bayes_err=0.0):
    """Read error rates (0 to 1) as one of the four verdicts."""
    ### BEGIN SOLUTION
    bias = round(train_err - bayes_err, 9) > 0.05
    variance = round(dev_err - train_err, 9) > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    if variance:
        return "high variance"
    return "neither"
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_diagnose", "locked": true, "points": 4, "solution": false, "task": false}
check(diagnose)

# %% [markdown]
# The cases of lecture 002 (improving deep neural networks), two more, and the puzzle's two nets.
# We made the moons, so here even the Bayes error is known: `bayes_rule_for_moons` says which moon is likelier at a point, and nothing beats that.

# %%
cases = [
    (0.01, 0.11, 0), (0.15, 0.18, 0), (0.15, 0.30, 0), (0.0, 0.01, 0), (0.0, 0.30, 0),
    (0.15, 0.16, 0.15),
]
for errors in cases:
    print(
        "training {:5.1%}, dev {:5.1%}, best possible {:5.1%}:".format(*errors), diagnose(*errors)
    )

bayes_err = np.mean(bayes_rule_for_moons(X_dev, noise) != y_dev)


def error_rates(net):
    """Share of wrong answers on the 150 points and on the 1,000 of the dev set."""
    return [np.mean(net.predict(points) != labels) for points, labels in ((X, y), (X_dev, y_dev))]


print("\nThe puzzle's nets:")
for name, net in by_steps.items():
    train_err, dev_err = error_rates(net)
    verdict = diagnose(train_err, dev_err, bayes_err)
    print(
        f"{name}: training {train_err:.1%}, dev {dev_err:.1%}, best possible {bayes_err:.1%}: "
        f"{verdict}"
    )

# %% [markdown]
# So trust the *first* net, the one with 22 errors.
# The other drew its border around every odd point, and odd points do not come back.
#
# **Both at once?** Yes, if a model is too stiff in one region and too free in another.
# The border below should be a parabola; this model has a straight line on both sides, and in the middle, where some labels are wrong, it copies the nearest training point.

# %%
plots.stiff_and_free(diagnose)

# %% [markdown]
# The verdict decides what is worth trying. Just as important is what will *not* help: more data or more regularisation against bias, a larger network by itself against variance.

# %%
plots.improvement_loop()

# %% [markdown]
# In the bias/variance *dilemma* of Geman et al. (1992) what lowers one raises the other.
# With a larger network against bias, and data or regularisation against variance, you can mostly lower one and leave the other alone: a larger network that is regularised well costs hardly anything but computing time.
#
# ### Question 1 (2 points)
# Team A has a training error of 2% and a dev error of 14%, team B 18% and 20%; people get 1% wrong on both tasks.
# Both plan to spend a month on collecting ten times as much data.
# For which team is that a good plan, and what should the other one do instead?
# Team A then admits that its training photos come from the web and its dev photos from users' phones.
# What does that do to the verdict?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_recipe", "locked": false, "points": 2, "solution": true, "task": false}
# Team A has high variance (12 points from training to dev) and hardly any bias: more data is a good plan (so is regularisation, which is cheaper to try first).
# Team B has high bias (17 points above people) and hardly any variance: it cannot fit the data it has, and more of it will not help; a larger network, longer training, a better optimizer or another architecture may.
# Reading the second gap as variance assumes that training and dev set come from the same distribution.
# With web photos on one side and phone photos on the other, part of the 12 points, or all of it, may be the difference between the two kinds of photos; the verdict is open until both sets are drawn from the same source.
#
# *Marking: 1 point for both teams with a fitting remedy for B (half if only one of the two is right), 1 point for saying that the gap may come from the different distributions.*
# *"The dev set is harder" without what follows for the verdict earns half of that.*

# %% [markdown]
# ## 2. A penalty on large weights
#
# To bend sharply around single examples, a model needs large weights that nearly cancel each other.
# So make large weights expensive: add a **penalty** to the cost.
# The most common one is **L2**, the sum of all squared weights:
#
# $$J = \underbrace{\frac{1}{m}\sum_{i=1}^{m} L_i}_{\text{loss}} \;+\; \underbrace{\frac{\lambda}{2m}\sum_{l}\sum_{i,j} \big(W^{[l]}_{ij}\big)^2}_{\text{penalty}}$$
#
# - $\lambda$ (`lam` in code, since `lambda` is a keyword) says how much simplicity is worth to you; it is a hyperparameter, chosen on the dev set.
# - $m$ is the number of training examples: the penalty counts less, the more data speaks against it. The 2 is there to cancel when you differentiate.
# - Sum over *all* weight matrices and all entries of each; no mean, no root. (For one matrix that is the square of its **Frobenius norm**, the length of the vector that holds all its entries.)
#
# **Biases are not penalised.** They are few, add no wiggles, and say where the outputs lie (section 3).
#
# **By hand.** Two layers with $W^{[1]} = \begin{pmatrix}1 & -2\\ 0 & 3\end{pmatrix}$ and $W^{[2]} = \begin{pmatrix}2\\ -1\end{pmatrix}$: the squares add up to $(1 + 4 + 0 + 9) + (4 + 1) = 19$.
# With $\lambda = 0.5$ and $m = 10$ the penalty is $\frac{0.5}{20} \cdot 19 = 0.475$.
#
# **Why it was invented.** Where features are nearly copies of each other (**collinearity**), least squares finds huge weights of opposite signs, which change wildly with the noise.
# Hoerl & Kennard (1970) cured that with a squared penalty, *ridge regression*; Krogh & Hertz (1992) say why it helps networks to generalise.
#
# ### Exercise 2: `l2_penalty` (2 points)
# `weights` is a **list of float arrays**, such as `[W1, W2]`: any number of them, of any shape, one-dimensional ones too.
# The caller leaves the biases out; whatever *is* in the list is a weight and counts.
# Return the penalty, one number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "l2_penalty", "locked": false, "solution": true, "task": false}
def l2_penalty(weights, lam, m):
    """L2 penalty lam/(2m) times the sum of all squared weights; weights is a list of arrays."""
    ### BEGIN SOLUTION
    return lam / (2 * m) * sum(np.sum(w**2) for w in weights)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_l2_penalty", "locked": true, "points": 2, "solution": false, "task": false}
check(l2_penalty)

# %% [markdown]
# ### Exercise 3: `l2_gradient` (2 points)
# Differentiate: the square gives a 2, which cancels with the $\frac12$, so that $\frac{\lambda}{m} W$ is left.
# For the matrices above, with $\lambda = 0.5$ and $m = 10$, that is $0.05\, W$: the entry $-2$ has the gradient $-0.1$.
# Return a list with one new array for each array in `weights`, in the same order and of the same shapes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "l2_gradient", "locked": false, "solution": true, "task": false}
def l2_gradient(weights, lam, m):
    """Gradients of l2_penalty, a list of arrays shaped like those in weights."""
    ### BEGIN SOLUTION
    return [lam / m * w for w in weights]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_l2_gradient", "locked": true, "points": 2, "solution": false, "task": false}
check(l2_gradient)

# %% [markdown]
# ### What it does: polynomials
# Twelve points from a parabola, with noise.
# A polynomial of degree 1 cannot bend (bias), degree 2 is right, degree 9 is free to chase the noise (variance).
# The fit solves "gradient of $J$ = 0" and takes the penalty's share from your `l2_gradient`; the constant term is the bias and goes free.


# %%
def some_points(n, rng):
    """Points near the parabola, with noise 0.3: no typical error on new points stays below that."""
    x = np.sort(rng.uniform(-1, 1, size=n))
    return x, truth(x) + 0.3 * rng.normal(size=n)


def truth(x):
    """The curve that the points come from."""
    return 1 - 2 * x + 1.5 * x**2


def fit_polynomial(x, t, degree, lam):
    """Minimise half the mean squared error plus the penalty: the curve and its weights."""
    powers = x[:, np.newaxis] ** np.arange(1, degree + 1)
    centred, wanted = powers - powers.mean(axis=0), t - t.mean()
    penalty = l2_gradient([np.eye(degree)], lam, len(x))[0]
    w = np.linalg.solve(centred.T @ centred / len(x) + penalty, centred.T @ wanted / len(x))
    b = t.mean() - powers.mean(axis=0) @ w
    return lambda x: np.asarray(x)[:, np.newaxis] ** np.arange(1, degree + 1) @ w + b, w


def typical_error(curve, x, t):
    """Root of the mean squared error."""
    return np.sqrt(np.mean((curve(x) - t) ** 2))


x_train, t_train = some_points(12, np.random.default_rng(1))
x_new, t_new = some_points(1000, np.random.default_rng(2))
curves = {}
for degree, lam in [(1, 0), (2, 0), (9, 0), (9, 0.01), (9, 1), (9, 1000)]:
    curve, w = fit_polynomial(x_train, t_train, degree, lam)
    curves[f"degree {degree}, λ = {lam:g}"] = curve
    on_new = typical_error(curve, x_new, t_new)
    print(
        f"degree {degree}, lambda {lam:6g}: error on new points {on_new:.2f}, "
        f"largest weight {np.abs(w).max():6.2f}"
    )

# %%
plots.polynomial_fits(x_train, t_train, curves, truth=truth)

# %% [markdown]
# Degree 9 without a penalty has the smallest error on the data, three times the error of degree 2 on new points, and weights above a hundred.
# A small $\lambda$ brings it within reach of the right degree without anybody knowing that degree; a huge one allows nothing but a flat line, at the *right height*, because the bias is free.
#
# Is that the luck of twelve points? Take 100 sets of twelve, the new points as their dev set, and the median error for each of 33 strengths:

# %%
strengths, many = np.logspace(-6, 2, 33), np.random.default_rng(3)
errors = np.zeros((2, 100, len(strengths)))
for i in range(100):
    x, t = some_points(12, many)
    for j, lam in enumerate(strengths):
        curve, _ = fit_polynomial(x, t, 9, lam)
        errors[:, i, j] = typical_error(curve, x, t), typical_error(curve, x_new, t_new)
plots.error_over_strength(strengths, *np.median(errors, axis=1), ylabel="typical error, degree 9")

# %% [markdown]
# Expect that U for *every* regulariser's strength, and search for its bottom on the dev set, on a logarithmic scale.
#
# One condition: the inputs should be on **one scale** (notebook 04).
# A length in millimetres instead of metres has a weight a thousand times smaller, and a penalty a million times smaller, for the same model.
#
# ### Now you
# Turn the degree up to 15 and find the best $\lambda$. Does the right degree, 2, want a penalty at all?
# And with more **data** instead: how many points does degree 9 need before $\lambda$ at its lowest does no harm?


# %%
def play(degree, lam, points):
    x, t = some_points(points, np.random.default_rng(1))
    curve, _ = fit_polynomial(x, t, degree, lam)
    error = typical_error(curve, x_new, t_new)
    name = f"degree {degree}, λ = {lam:.2g}, {points} points, error on new ones {error:.2f}"
    return plots.polynomial_fits(x, t, {name: curve}, truth=truth)


explore(play, degree=(1, 15, 9), lam=(1e-7, 100.0, 1e-7), points=(12, 500, 12))

# %% [markdown]
# <details><summary>What you should see</summary>
#
# Around λ = 0.01 degree 15 is nearly as good as degree 2 is without a penalty (0.34 against 0.32); degree 2 gains nothing from one.
# With some fifty points degree 9 is close to the truth without any penalty: more data lowers variance, and does nothing against the bias of degree 1. The next cell has it in numbers, medians of 100 sets.
#
# </details>

# %%
for points in (12, 50, 200, 1000):
    sets = [some_points(points, many) for _ in range(100)]
    for degree in (1, 9):
        fits = [(fit_polynomial(x, t, degree, 0)[0], x, t) for x, t in sets]
        train = np.median([typical_error(*fit) for fit in fits])
        on_new = np.median([typical_error(curve, x_new, t_new) for curve, _, _ in fits])
        print(f"{points:4d} points, degree {degree}: training {train:.2f}, new points {on_new:.2f}")

# %% [markdown]
# ### Exercise 4: `regularised_logistic` (6 points)
# Now put it together: cost and gradients of **logistic regression with L2**, for the classes 0 and 1.
# `w` is `(D,)`, `b` a number, `X` is `(m, D)` and `y` is `(m,)`.
#
# $$z = Xw + b, \qquad J = \frac1m \sum_i L(z_i, y_i) + \frac{\lambda}{2m} \sum_j w_j^2$$
#
# - `binary_cross_entropy(z, y)` from nnlib returns the *mean* loss and its gradient with respect to each $z_i$, `dlogits`, `(m,)`.
# - The gradient of the loss is `X.T @ dlogits` for $w$ and the sum of `dlogits` for $b$.
# - The penalty and its gradient come from exercises 2 and 3; the bias has no part in them.
#
# Return `(J, dw, db)`: a number, an array `(D,)` and a number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "regularised_logistic", "locked": false, "solution": true, "task": false}
def regularised_logistic(w, b, X, y, lam):
    """Cost of logistic regression with L2 on w, and its gradients: (J, dw, db)."""
    ### BEGIN SOLUTION
    m = len(X)
    loss, dlogits = binary_cross_entropy(X @ w + b, y)
    return (
        loss + l2_penalty([w], lam, m), X.T @ dlogits + l2_gradient([w], lam, m)[0], dlogits.sum()
    )
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_regularised_logistic", "locked": true, "points": 6, "solution": false, "task": false}
check(regularised_logistic)

# %% [markdown]
# Sum or mean (notebook 02): with a *mean* loss, $\frac{\lambda}{2}\|w\|^2$ without the $m$ would make λ count $m$ times as much.
# Central differences (notebook 03) test your gradient, and two near copies of one feature show what the penalty does about collinearity:

# %%
rng = np.random.default_rng(0)
one = rng.normal(size=(60, 1))
twins, classes = (
    np.hstack([one, one + 0.01 * rng.normal(size=(60, 1))]),
    (one[:, 0] + rng.normal(size=60) > 0).astype(int),
)
w = rng.normal(size=2)
numeric = numerical_gradient(lambda w: regularised_logistic(w, 0.3, twins, classes, 2.0)[0], w)
print(
    "relative error of dw: "
    f"{relative_error(regularised_logistic(w, 0.3, twins, classes, 2.0)[1], numeric):.1e}"
)
for lam in (0, 1):
    w, b = np.array([40.0, -40.0]), 0.0
    for _ in range(20_000):
        _, dw, db = regularised_logistic(w, b, twins, classes, lam)
        w, b = w - 1.0 * dw, b - 1.0 * db
    print(f"lambda {lam}, started from 40 and -40: the two weights are {w[0]:.2f} and {w[1]:.2f}")

# %% [markdown]
# Without a penalty the two weights stay far apart, with opposite signs; with one they end small and nearly equal.
#
# ## 3. Weight decay
#
# Put the penalty's gradient into a step of gradient descent with rate $\alpha$, where $dW$ is the gradient of the *loss alone*:
#
# $$W \leftarrow W - \alpha \Big( dW + \frac{\lambda}{m} W \Big) = \Big(1 - \frac{\alpha\lambda}{m}\Big) W - \alpha\, dW$$
#
# Every step first multiplies all weights by a number slightly below 1: hence **weight decay**.
# With mini-batches $m$ stays the size of the *whole* training set here.
# (Lecture 002 divides by the batch, 1,000 of 5,000,000: the same λ is 5,000 times as strong then. Ask any library what its λ is divided by.)
#
# **By hand.** $\alpha = 0.1$, $\lambda = 2$, $m = 10$: the factor is $1 - 0.02 = 0.98$.
# A weight of $5$ whose loss gradient is $3$ becomes $0.98 \cdot 5 - 0.1 \cdot 3 = 4.6$.
#
# ### Exercise 5: `weight_decay_step` (3 points)
# `w` is one float array of any shape, `dw` has the same shape and is the gradient of the loss *without* its penalty.
# Return the new weights, a new array.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "weight_decay_step", "locked": false, "solution": true, "task": false}
def weight_decay_step(w, dw, lr, lam, m):
    """One step of gradient descent with rate lr on the loss plus its L2 penalty."""
    ### BEGIN SOLUTION
    return (1 - lr * lam / m) * w - lr * dw
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_weight_decay_step", "locked": true, "points": 3, "solution": false, "task": false}
check(weight_decay_step)

# %%
weight = np.array([1.0])
for _ in range(100):
    weight = weight_decay_step(weight, np.array([0.0]), 0.1, 0.7, 10)
print(
    f"factor of one step {1 - 0.1 * 0.7 / 10:.3f}; a weight of 1 after 100 steps without gradient: "
    f"{weight[0]:.3f}"
)

# %% [markdown]
# (With Adam, decay and penalty differ: it rescales the penalty's gradient, too. AdamW, by Loshchilov & Hutter (2019), has true decay.)
#
# ### Exercise 6: `network_step` (5 points)
# Now you decide what is penalised.
# A whole network is a dict of float arrays by name.
# Names that begin with a capital `W` (`W1`, `W2`, `W_out`) are **weights** and decay.
# All others, such as `b1`, or the `gamma` and `beta` of notebook 11, take the **usual step without decay**, whatever their shape.
# `grads` has the same names, not necessarily in the same order, and holds the gradients of the loss without its penalty.
# Return a new dict with the same names; `params` and `grads`, and the arrays in them, stay as they were.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "network_step", "locked": false, "solution": true, "task": false}
def network_step(params, grads, lr, lam, m):
    """One step for all parameters of a network: L2 on the weights, none on the rest."""
    ### BEGIN SOLUTION
    new = {}
    for name, value in params.items():
        strength = lam if name.startswith("W") else 0.0
        new[name] = weight_decay_step(value, grads[name], lr, strength, m)
    return new
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_network_step", "locked": true, "points": 5, "solution": false, "task": false}
check(network_step)

# %% [markdown]
# Many libraries decay *every* parameter unless told otherwise, and nothing breaks visibly.
# What that costs: a straight line through temperatures around 290 kelvin that rise by 3 per unit of a feature, a strong penalty, and the bias once under the name of a weight.

# %%
feature = rng.normal(size=(50, 1))
kelvin = 290 + 3 * feature + 0.5 * rng.normal(size=(50, 1))
for case, bias in {"bias left alone": "b", "bias decayed too": "W_b"}.items():
    line = {"W": np.zeros((1, 1)), bias: np.zeros(1)}
    for _ in range(300):
        error = feature @ line["W"] + line[bias] - kelvin
        line = network_step(
            line, {"W": feature.T @ error / 50, bias: error.mean(axis=0)}, 0.1, 50, 50
        )
    error = np.sqrt(np.mean((feature @ line["W"] + line[bias] - kelvin) ** 2))
    print(
        f"{case:16s}: bias {line[bias][0]:6.1f} K, slope {line['W'][0, 0]:5.1f} K, "
        f"typical error {error:6.1f} K"
    )

# %% [markdown]
# The penalty halves the slope (1.5 instead of 3), as it must. Decay the bias as well, and the line is wrong by half the absolute temperature; here the slope even changes sign.
#
# ## 4. On a network
#
# Back to the moons: the same two hidden layers of 40 tanh units and the same start, 5,000 steps of your `network_step`, with three strengths.


# %%
def by_name(arrays):
    """nnlib's names as network_step wants them: "0.W" becomes "W0"."""
    return {name[2:] + name[0]: array for name, array in arrays.items()}


def weights_of(net):
    """The weight matrices, without the biases."""
    return [array for name, array in net.params.items() if name.endswith("W")]


def train_step(net, X, y, lr, lam, m):
    """One step of a network, by your network_step; returns the loss before it."""
    loss = net.loss_and_grad(X, y)
    params = by_name(net.params)
    for name, value in network_step(params, by_name(net.grads), lr, lam, m).items():
        params[name][...] = value
    return loss


nets = {}
for lam in (0, 0.3, 100):
    net = nets[lam] = new_net([2, 40, 40, 2], 1)
    for _ in range(5000):
        train_step(net, X, y, 1.0, lam, len(X))
    train_err, dev_err = error_rates(net)
    length = np.sqrt(sum(np.sum(w**2) for w in weights_of(net)))
    print(
        f"lambda {lam:3g}: training {train_err:5.1%}, dev {dev_err:5.1%}, "
        f"length of all weights {length:5.2f}: ",
        end="",
    )
    print(diagnose(train_err, dev_err, bayes_err))

# %% tags=["remembered"]
plots.decision_boundaries(
    {f"λ = {lam}": net.predict for lam, net in nets.items()},
    X,
    y,
    title="Without a penalty the border follows the noise, with a huge one there is none",
    margin=0.3,
)

# %% [markdown]
# Why do small weights make smooth borders?
# Many units end up with hardly any influence, so the net acts like a smaller one.
# And small weights mean small inputs of the tanh: near 0 it is a straight line, and a net of straight lines is linear, however deep it is.

# %%
into_tanh = {f"λ = {lam}": np.hstack(nets[lam].activations(X)[0:3:2]) for lam in (0, 0.3)}
plots.linear_zone(into_tanh)

# %% [markdown]
# With $\lambda = 100$ all weights have decayed to nothing, and the net gives the same answer everywhere: high bias, made by too much of a good thing.
#
# ## 5. Plot what you minimise
#
# Gradient descent lowers $J$, the loss *with* its penalty: with all data and a small enough rate, at every step.
# The loss alone need not fall: part of each step makes the weights smaller, and that may cost some loss. With $\lambda = 30$ it rises from about step 25 on:

# %%
net, losses, costs = new_net([2, 40, 40, 2], 1), [], []
for _ in range(400):
    penalty = l2_penalty(weights_of(net), 30, len(X))
    losses.append(train_step(net, X, y, 0.1, 30, len(X)))
    costs.append(losses[-1] + penalty)
for name, values in {"J, penalty included": costs, "loss alone": losses}.items():
    rises = np.sum(np.diff(values) > 0)
    print(f"{name:19s}: rises at {rises:3d} of 399 steps, from {values[0]:.3f} to {values[-1]:.3f}")

# %%
plots.cost_per_step(
    {"J, penalty included": costs, "loss alone": losses},
    smooth=1,
    title="Same training, two plots: only J must fall",
    ylabel="cost (nats)",
    own_axes=True,
)

# %% [markdown]
# If $J$ rises in full-batch descent at a small rate, penalty and gradient do not belong together, or biases decay that the penalty does not count.
# To *judge* a model afterwards, use the loss or the error rate without the penalty.
#
# ### Question 2 (2 points)
# After switching on a penalty, a classmate plots the training loss of full-batch gradient descent.
# It falls for 100 steps and then creeps up for 300.
# The classmate halves the learning rate, and the curve has the same shape, only slower.
# What is going on, and what should the classmate plot instead?
# If *that* plot rises as well, name two things that could be wrong.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_plot", "locked": false, "points": 2, "solution": true, "task": false}
# Descent minimises loss plus penalty.
# At first lowering the loss is worth more; later the steps shrink weights whose penalty is worth more than the little loss they save, so the loss alone rises while the sum still falls.
# Nothing is wrong, and the rate has nothing to do with it.
# Plot $J$, the loss with its penalty, computed from the same parameters as the gradient.
# If J rises too: the rate is too large; the penalty's gradient does not belong to the penalty (λ/m against λ/2m, a wrong m such as the batch size in one of them, wrong sign); biases decay but are not in the penalty; the plotted costs are of mini-batches, which rise by chance.
#
# *Marking: 1 point for the penalty being traded against the loss together with plotting J, half a point for each of two causes that would really make J rise.*

# %% [markdown]
# ## 6. L1: weights that are switched off
#
# The **L1** penalty adds up the sizes of the weights instead of their squares:
#
# $$\frac{\lambda}{2m} \sum_l \sum_{i,j} \big|W^{[l]}_{ij}\big|$$
#
# (Others write $\lambda/m$ here, since nothing cancels.)
# Tibshirani (1996) called regression with it the *lasso*: he wanted a short list of the features that matter, and L2 never drops one.
#
# **By hand.** With the matrices of section 2, the sizes add up to $(1 + 2 + 0 + 3) + (2 + 1) = 9$, and for $\lambda = 0.5$, $m = 10$ the penalty is $\frac{0.5}{20} \cdot 9 = 0.225$.
#
# ### Exercise 7: `l1_penalty` (1 point)
# `weights` is a list of arrays as before; return one number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "l1_penalty", "locked": false, "solution": true, "task": false}
def l1_penalty(weights, lam, m):
    """L1 penalty lam/(2m) times the sum of all |w|; weights is a list of arrays."""
    ### BEGIN SOLUTION
    return lam / (2 * m) * sum(np.sum(np.abs(w)) for w in weights)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_l1_penalty", "locked": true, "points": 1, "solution": false, "task": false}
check(l1_penalty)

# %% [markdown]
# ### Exercise 8: `l1_gradient` (2 points)
# The gradient is $\frac{\lambda}{2m}$ times the slope of $|w|$: $+1$ for every positive $w$, however small, and $-1$ for every negative one.
# At exactly 0 there is a corner and no slope; we use **0** there, so that a weight which is off is not pushed.
#
# For $\lambda = 0.5$ and $m = 10$ the matrix $\begin{pmatrix}1 & -2\\ 0 & 3\end{pmatrix}$ has the gradient $\begin{pmatrix}0.025 & -0.025\\ 0 & 0.025\end{pmatrix}$.
# Return a list with one new array for each array in `weights`, of the same shapes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "l1_gradient", "locked": false, "solution": true, "task": false}
def l1_gradient(weights, lam, m):
    """Gradients of l1_penalty, 0 where a weight is 0; a list of arrays shaped like weights."""
    ### BEGIN SOLUTION
    return [lam / (2 * m) * np.sign(w) for w in weights]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_l1_gradient", "locked": true, "points": 2, "solution": false, "task": false}
check(l1_gradient)

# %% [markdown]
# **Why zeros?**
# L2 pulls on a weight in proportion to its size: the smaller it gets, the weaker the pull, and it never arrives.
# L1 pulls on a weight of 0.001 as hard as on one of 10, until it is zero.
#
# ### Now you
# The same as a picture: of all pairs of weights that cost no more than a given penalty (blue), which has the lowest loss (contours)?
# Move the lowest loss from left to right at `w2=1.6`: for which of its places does L1 hold $w_1$ at exactly 0, and for which does L2?


# %%
def meet(w1, w2):
    return plots.diamond_and_circle(minimum=(w1, w2))


explore(meet, w1=(-1.0, 2.0, 0.35), w2=(1.2, 2.0, 1.6))

# %% [markdown]
# <details><summary>What you should see</summary>
#
# L1 holds $w_1$ at 0 for every minimum from about −0.6 to 0.6: a whole range of losses meets the diamond at its corner.
# L2 gives 0 at a single place, −0.33; left and right of it $w_1$ is not 0.
#
# </details>

# %% [markdown]
# Now softmax regression on 600 digits, 640 weights, three runs from the same start; the penalty's gradient comes from your functions.

# %%
digits, labels = load_digits()
order = np.random.default_rng(0).permutation(len(labels))
first, rest = order[:600], order[600:]
found = {}
for name, gradient, lam in (
    ("no penalty", l2_gradient, 0), ("L2, λ = 2", l2_gradient, 2), ("L1, λ = 2", l1_gradient, 2)
):
    W, b = 0.1 * np.random.default_rng(1).normal(size=(64, 10)), np.zeros(10)
    for _ in range(1500):
        _, dscores = softmax_cross_entropy(digits[first] @ W + b, labels[first])
        W = W - 0.5 * (digits[first].T @ dscores + gradient([W], lam, 600)[0])
        b = b - 0.5 * dscores.sum(axis=0)
    found[name], off = W, np.abs(W) < 1e-3
    wrong = [
        np.mean((digits[rest] @ v + b).argmax(axis=1) != labels[rest])
        for v in (W, np.where(off, 0.0, W))
    ]
    print(
        f"{name:10s}: {off.mean():4.0%} below 0.001; dev error {wrong[0]:.1%}, "
        f"with those at zero {wrong[1]:.1%}"
    )

# %%
plots.weight_histograms(found)

# %% [markdown]
# Under L1 most weights are nearly zero (descent steps back and forth across the corner), and setting them to exactly zero changes nothing; the price here is about one point of dev error. (L2 does not lower it either: this small model hardly overfits.)
# The model now says which pixels it uses. That is what L1 is for; against overfitting alone, L2 is used far more often.
#
# ## 7. Elastic net: both at once
#
# L1 does not care how a weight is split between two copies of a feature, $|3| + |0| = |1.5| + |1.5|$, but L2 does, $9 + 0$ against $2.25 + 2.25$.
# The **elastic net** of Zou & Hastie (2005) has both, with $\beta \ge 0$ for how much L2 there is beside L1:
#
# $$\frac{\lambda}{2m} \sum_l \sum_{i,j} \Big( \beta\, \big(W^{[l]}_{ij}\big)^2 + \big|W^{[l]}_{ij}\big| \Big)$$
#
# **By hand.** With squares adding up to 19 and sizes to 9 as before, $\lambda = 0.5$, $m = 10$ and $\beta = 2$: $\frac{0.5}{20} (2 \cdot 19 + 9) = 1.175$.
#
# ### Exercise 9: `elastic_net_penalty` (2 points)
# Return one number. You may use your functions from above.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "elastic_net_penalty", "locked": false, "solution": true, "task": false}
def elastic_net_penalty(weights, lam, beta, m):
    """Elastic-net penalty lam/(2m) times the sum of beta * w**2 + |w|; weights is a list."""
    ### BEGIN SOLUTION
    return beta * l2_penalty(weights, lam, m) + l1_penalty(weights, lam, m)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_elastic_net_penalty", "locked": true, "points": 2, "solution": false, "task": false}
check(elastic_net_penalty)

# %% [markdown]
# Three features: the first two are copies, the third has nothing to do with the target.
# Descent from the same lopsided start, with numerical gradients of your functions:

# %%
copies = rng.normal(size=(40, 3))
copies[:, 1] = copies[:, 0]
wanted = 3 * copies[:, 0] + rng.normal(size=40)
penalties = {
    "L1": lambda w: l1_penalty([w], 20, 40),
    "L2": lambda w: l2_penalty([w], 20, 40),
    "elastic net": lambda w: elastic_net_penalty([w], 20, 0.5, 40),
}
for name, penalty in penalties.items():
    w = np.array([2.0, 0.5, 1.0])
    for step in range(2000):
        gradient = copies.T @ (copies @ w - wanted) / 40 + numerical_gradient(penalty, w, h=1e-8)
        w = w - (0.05 if step < 1500 else 0.001) * gradient
    print(
        f"{name:11s}: copies {w[0]:.2f} and {w[1]:.2f}, useless feature {round(w[2], 3) + 0.0:6.3f}"
    )

# %% [markdown]
# L1 drops the useless feature, L2 shares evenly between the copies, the elastic net does both.
#
# ## 8. Early stopping
#
# Weights start small and grow, so stopping in time regularises, too: watch the dev loss, and go back to the epoch where it was lowest.
# It wobbles, so one bad epoch proves nothing; **patience** says how many epochs in a row may pass without a new lowest loss. Prechelt (1998) compares such rules.
#
# **By hand.** Patience 2 and these dev losses:
#
# | epoch | 0 | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|---|
# | dev loss | 0.9 | 0.7 | 0.8 | 0.7 | 0.5 | 0.4 |
# | epochs without a new lowest | 0 | 0 | 1 | 2, stop | | |
#
# Epoch 3 only *equals* the lowest loss, so its count is 2 and training stops there; the best epoch is 1, and nobody ever sees epochs 4 and 5.
#
# ### Exercise 10: `early_stopping` (7 points)
# `dev_losses` is a list or a one-dimensional array of at least one loss, one per epoch; `patience` is an int of 1 or more.
# - Epochs count from 0. The first epoch is an improvement.
# - An improvement is a loss *strictly below* all before it; with every improvement the count starts again at 0.
# - Training stops after the epoch at which the count reaches `patience`; later losses play no part.
# - `best_epoch` is the epoch of the lowest loss up to the stop, the earliest one among equals.
# - If training never stops early, `stop_epoch` is the last epoch.
#
# Return the pair `(best_epoch, stop_epoch)` of ints.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "early_stopping", "locked": false, "solution": true, "task": false}
def early_stopping(dev_losses, patience):
    """Find where training with patience would have stopped; returns (best_epoch, stop_epoch)."""
    ### BEGIN SOLUTION
    best_epoch = 0
    for epoch, loss in enumerate(dev_losses):
        if loss < dev_losses[best_epoch]:
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_early_stopping", "locked": true, "points": 7, "solution": false, "task": false}
check(early_stopping)

# %% [markdown]
# On a net that is bound to overfit: 300 digits, a fifth of them with a random label. All 80 epochs are run, so that you can see what is missed.

# %%
stop_rng = np.random.default_rng(0)
noisy = labels.copy()
drawn = stop_rng.random(len(labels)) < 0.2
noisy[drawn] = stop_rng.integers(10, size=drawn.sum())
X_small, y_small, X_held, y_held = (
    digits[order[:300]], noisy[order[:300]], digits[order[300:900]], noisy[order[300:900]]
)


def train_on_noisy_digits(lam, epochs=80, seed=1):
    """Train with your network_step; a row per epoch: training loss, dev loss, dev error, length."""
    net, shuffle, rows = new_net([64, 50, 10], seed), np.random.default_rng(seed), []
    for _ in range(epochs):
        shuffled = shuffle.permutation(300)
        for start in range(0, 300, 32):
            batch = shuffled[start : start + 32]
            train_step(net, X_small[batch], y_small[batch], 0.1, lam, 300)
        (train_loss, _), (dev_loss, dev_accuracy) = (
            net.evaluate(X_small, y_small), net.evaluate(X_held, y_held)
        )
        rows.append(
            (
                train_loss, dev_loss, 1 - dev_accuracy,
                np.sqrt(sum(np.sum(w**2) for w in weights_of(net))),
            )
        )
    return np.array(rows)


rows = train_on_noisy_digits(lam=0)
for patience in (2, 5, 10, 20, 80):
    best_epoch, stop_epoch = early_stopping(rows[:, 1], patience)
    _, dev_loss, dev_error, length = rows[best_epoch]
    print(
        f"patience {patience:2d}: best epoch {best_epoch:2d}, stopped at {stop_epoch:2d}; ", end=""
    )
    print(f"dev loss {dev_loss:.3f}, dev error {dev_error:.1%}, weights {length:.1f}")
print(
    f"the last epoch: dev loss {rows[-1, 1]:.3f}, dev error {rows[-1, 2]:.1%}, "
    f"weights {rows[-1, 3]:.1f}"
)

# %%
plots.train_dev_curves(rows[:, 0], rows[:, 1], *early_stopping(rows[:, 1], 10))

# %% [markdown]
# Early stopping is cheaper than L2: a single run passes small, middling and large weights, where L2 needs a run for each $\lambda$.
# But it does two jobs with one knob: making $J$ small is one task, avoiding overfitting is another, each with its own tools.
# Keeping them apart is called **orthogonalisation**, and with L2 you can: train as long as you like, and tune $\lambda$ by itself.
#
# ### Question 3 (2 points)
# A team tunes the learning rate, the batch size and the patience of early stopping all together.
# Whenever they lower the rate, the best patience changes, and they cannot tell why a run is better.
# Explain what couples these hyperparameters, and what they could do instead.
# They also report the dev loss of the best epoch as the loss to be expected on new data.
# Is that number too low, too high or right on average, and why?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_stopping", "locked": false, "points": 2, "solution": true, "task": false}
# Early stopping makes the number of steps the regulariser: how far the weights have grown at the stop depends on the rate and on the number of steps per epoch, which depends on the batch size.
# So whatever changes the optimisation changes the regularisation as well: one knob does two jobs.
# Instead, regularise with a penalty (or dropout, or more data), train until $J$ no longer falls, and tune λ on the dev set separately from rate and batch size.
# The reported number is too low on average: the best of many epochs was *chosen* by this very dev loss, so it is partly luck; new data for an honest estimate is what the test set is for.
#
# *Marking: 1 point for the coupling (progress at the stop depends on rate and batch size) with an alternative that separates the two, 1 point for "too low" with the reason that the epoch was chosen on the same data.*

# %% [markdown]
# ## Stretch
# Lower the dev error of the noisy digits, with 300 training digits and whatever you like: a λ, patience, L1, a smaller net, digits moved by a pixel.
# A tenth of the random labels are right by luck, so about 18% of the dev labels are wrong and nobody can do much better than that.
# The reference, λ = 10 and nothing else, ends at **27.5%**.

# %%
my_rows = train_on_noisy_digits(lam=1)
print(f"dev error after the last epoch: {my_rows[-1, 2]:.1%}")

# %% [markdown]
# ## What to take away
# - Training error above Bayes error is bias, dev error above training error variance; the verdict says what to try.
# - L2 adds $\frac{\lambda}{2m}\sum W^2$ to the cost and multiplies the weights by $1 - \alpha\lambda/m$ in each step. Biases go free, and inputs are on one scale.
# - L1 pulls with constant force, down to zero; L2 in proportion; the elastic net does both.
# - Plot $J$ with its penalty. Early stopping saves runs, and ties optimisation and regularisation together.
# - Too much of any regulariser is high bias; choose its strength on the dev set.
#
# **One sentence for all of them**: a regulariser either *constrains the weights* (L2, L1, stopping early), or *adds noise* while training and averages it out at test time (dropout, notebook 10; batch norm, notebook 11), or *adds what you know already* (images moved and mirrored, notebook 04).
# Goodfellow et al. (2016), chapter 7, has them all.
#
# Next: notebook 10 regularises by switching units off at random: dropout.

# %%
progress()
