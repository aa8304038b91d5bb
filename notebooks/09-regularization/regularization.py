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
# A large network can learn its training set by heart, errors and all.
# It then does splendidly on the examples it has seen and badly on the next one.
# This notebook is about noticing that, and about three ways to hold a network back: a penalty on large weights, a penalty that switches weights off, and stopping in time.
#
# **When you are done, you can**
# - tell from two error rates whether a model is too stiff, too free, both or neither, and what to try next;
# - add an L2, L1 or elastic-net penalty to any cost, with the right gradient, and leave the biases out;
# - explain why L2 is called weight decay, and why L1 gives zeros and L2 does not;
# - plot the cost in the one way in which it must fall;
# - stop training at the right epoch, and say what that costs you.
#
# **You need** softmax and cross-entropy (notebook 02) and a step of gradient descent (notebook 06).
#
# **Time**: about 110 minutes for nine short functions and three written answers; 40 points, 6 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it.
# The check tries a few inputs that you can see in `public_cases.py`; grading uses others, so passing it is a good sign, not a proof.
#
# House conventions: examples are rows, weights `W` are `(D, K)`, biases `b` are `(K,)`; a loss is a mean over its $m$ examples; functions return new arrays and leave their inputs as they were.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
from itertools import pairwise

import numpy as np

from nnlib import load_digits, make_moons, numerical_gradient, plots, relative_error, softmax_cross_entropy
from nnlib.checks import check

# %% [markdown]
# ## 1. First find out what is wrong
#
# Two numbers tell most of the story: the error rate on the **training set** and the error rate on the **dev set**, which the model was not trained on.
# A third one is the yardstick: the **Bayes error**, the lowest error rate that anybody could reach, often estimated by how well people do.
#
# - The gap from the Bayes error up to the training error is **bias**: the model does not even fit what it has seen (it *underfits*).
# - The gap from the training error up to the dev error is **variance**: the model fits what it has seen better than what it has not (it *overfits*).
#
# How large is too large?
# That depends on the task; in this notebook a gap of **more than 5 percentage points** is high, and a gap of exactly 5 points or less is fine.
#
# **By hand.** Training error 15%, dev error 16%, and people make no errors at all: the bias is $15 - 0 = 15$ points, the variance $16 - 15 = 1$ point.
# High bias.
# Now suppose the photos are so blurred that people get 15% wrong as well: the bias is $15 - 15 = 0$ points, and nothing is wrong with the model.
# The same two numbers, another verdict.
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
    bias = train_err - bayes_err > 0.05
    variance = dev_err - train_err > 0.05
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
# Five cases worth knowing by heart:

# %%
for train_err, dev_err, bayes_err in [
    (0.01, 0.11, 0),
    (0.15, 0.16, 0),
    (0.15, 0.30, 0),
    (0.005, 0.01, 0),
    (0.15, 0.16, 0.15),
]:
    verdict = diagnose(train_err, dev_err, bayes_err)
    print(f"training {train_err:5.1%}, dev {dev_err:5.1%}, best possible {bayes_err:3.0%}: {verdict}")

# %% [markdown]
# The verdict decides what is worth trying, and, as important, what is not:
#
# | verdict | try | do not expect anything from |
# |---|---|---|
# | high bias | a larger network, longer training, a better optimizer, another architecture | more data, more regularisation |
# | high variance | more data, **regularisation**, another architecture | a larger network by itself |
#
# First fix the bias, then look again and fix the variance, and repeat.
# People once spoke of a *trade-off*, because what lowered one raised the other.
# With a larger network (against bias) and more data or regularisation (against variance) you can mostly lower one and leave the other alone.
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
# - $\lambda$ (`lam` in code, since `lambda` is a keyword in Python) says how much simplicity is worth to you; it is a hyperparameter, chosen on the dev set.
# - $m$ is the number of training examples. The loss is a mean over them, and with $\lambda/m$ the penalty counts less the more data speaks against it.
# - The 2 is there to cancel when you differentiate.
# - Sum over *all* weight matrices $W^{[1]}, W^{[2]}, \dots$, and over all entries of each; no mean, no square root.
#
# **Biases are not penalised.**
# There are few of them, they add no wiggles, and they say where the outputs lie: a model of temperatures in kelvin needs a bias near 290, and pulling it to 0 would only make it wrong (section 3 shows it).
#
# **By hand.** Two layers with $W^{[1]} = \begin{pmatrix}1 & -2\\ 0 & 3\end{pmatrix}$ and $W^{[2]} = \begin{pmatrix}2\\ -1\end{pmatrix}$.
# The squares add up to $(1 + 4 + 0 + 9) + (4 + 1) = 19$.
# With $\lambda = 0.5$ and $m = 10$ the penalty is $\frac{0.5}{20} \cdot 19 = 0.475$.
#
# ### What `weights` is
# In this and the following exercises, `weights` is a **list of float arrays**, such as `[W1, W2]`.
# There may be any number of them, of any shape, one-dimensional ones too (the weights of a model with one output).
# Whoever calls the function leaves the biases out; whatever *is* in the list is a weight and counts.
#
# ### Exercise 2: `l2_penalty` (4 points)
# Return the penalty, one number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "l2_penalty", "locked": false, "solution": true, "task": false}
def l2_penalty(weights, lam, m):
    """L2 penalty lam/(2m) times the sum of all squared weights; weights is a list of arrays."""
    ### BEGIN SOLUTION
    return lam / (2 * m) * sum(np.sum(w**2) for w in weights)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_l2_penalty", "locked": true, "points": 4, "solution": false, "task": false}
check(l2_penalty)

# %% [markdown]
# ### Exercise 3: `l2_gradient` (3 points)
# Differentiate the penalty with respect to each weight: the square gives a 2, which cancels with the $\frac12$.
#
# $$\frac{\partial}{\partial W_{ij}} \frac{\lambda}{2m} W_{ij}^2 = \frac{\lambda}{m} W_{ij}$$
#
# For the matrices above, with $\lambda = 0.5$ and $m = 10$, that is $0.05\, W$: the entry $-2$ has the gradient $-0.1$.
# Return a list with one new array for each array in `weights`, in the same order and of the same shapes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "l2_gradient", "locked": false, "solution": true, "task": false}
def l2_gradient(weights, lam, m):
    """Gradients of l2_penalty, a list of arrays shaped like those in weights."""
    ### BEGIN SOLUTION
    return [lam / m * w for w in weights]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_l2_gradient", "locked": true, "points": 3, "solution": false, "task": false}
check(l2_gradient)

# %% [markdown]
# Your two functions should fit each other.
# Notebook 03 has the tool for that, central differences:

# %%
rng = np.random.default_rng(0)
W = rng.normal(size=(4, 3))
numeric = numerical_gradient(lambda w: l2_penalty([w], 0.7, 5), W)
print(f"relative error of l2_gradient: {relative_error(l2_gradient([W], 0.7, 5)[0], numeric):.1e}")

# %% [markdown]
# ### What it does: polynomials
# Twelve points were drawn from a parabola, with noise.
# A polynomial of degree 1 cannot bend (bias), one of degree 2 is right, and one of degree 9 has enough freedom to chase the noise (variance).
# The fit below solves "gradient of $J$ = 0" for the coefficients, and takes the penalty's share of that gradient from your `l2_gradient`.
# The constant term is the bias and goes unpenalised.

# %%
points_rng = np.random.default_rng(1)


def parabola(x):
    """The curve that the points come from."""
    return 1 - 2 * x + 1.5 * x**2


x_train = np.sort(points_rng.uniform(-1, 1, size=12))
y_train = parabola(x_train) + 0.3 * points_rng.normal(size=12)
x_dev = points_rng.uniform(-1, 1, size=1000)
y_dev = parabola(x_dev) + 0.3 * points_rng.normal(size=1000)


def fit_polynomial(degree, lam):
    """Minimise the mean of half the squared errors plus the penalty; returns the curve and its weights."""
    m = len(x_train)
    powers = x_train[:, np.newaxis] ** np.arange(1, degree + 1)
    centred, targets = powers - powers.mean(axis=0), y_train - y_train.mean()
    # Both parts of the gradient are linear in w: (centred.T @ centred / m + penalty) @ w = centred.T @ targets / m.
    penalty = l2_gradient([np.eye(degree)], lam, m)[0]
    w = np.linalg.solve(centred.T @ centred / m + penalty, centred.T @ targets / m)
    b = y_train.mean() - powers.mean(axis=0) @ w
    return lambda x: np.asarray(x)[:, np.newaxis] ** np.arange(1, degree + 1) @ w + b, w


curves = {}
print("degree  lambda   error on the data   error on new points   largest weight")
for degree, lam in [(1, 0), (2, 0), (9, 0), (9, 0.01), (9, 1), (9, 1000)]:
    curve, w = fit_polynomial(degree, lam)
    curves[f"degree {degree}, λ = {lam:g}"] = curve
    errors = [np.sqrt(np.mean((curve(x) - t) ** 2)) for x, t in [(x_train, y_train), (x_dev, y_dev)]]
    print(f"{degree:6d}  {lam:6g}   {errors[0]:17.2f}   {errors[1]:19.2f}   {np.abs(w).max():14.2f}")

# %%
plots.polynomial_fits(x_train, y_train, curves, truth=parabola)

# %% [markdown]
# Degree 9 without a penalty has the smallest error on the data, three times the error of degree 2 on new points, and weights above a hundred.
# A small $\lambda$ brings it within reach of the right degree without anybody knowing that degree.
# A huge one allows nothing but a flat line, at the *right height*, because the bias is free.
#
# One condition: the penalty treats all weights alike, so the inputs should be on **one scale** (notebook 04).
# A length in millimetres instead of metres has a weight a thousand times smaller, and a penalty a million times smaller, for the very same model.
#
# ## 3. Weight decay
#
# Put the penalty's gradient into a step of gradient descent with rate $\alpha$, where $dW$ is the gradient of the *loss alone*:
#
# $$W \leftarrow W - \alpha \Big( dW + \frac{\lambda}{m} W \Big) = \Big(1 - \frac{\alpha\lambda}{m}\Big) W - \alpha\, dW$$
#
# So every step first multiplies all weights by a number slightly below 1, and then goes on as usual.
# Hence the name **weight decay**.
# (With mini-batches $m$ is still the size of the whole training set: the penalty belongs to the cost over all data.)
#
# **By hand.** $\alpha = 0.1$, $\lambda = 2$, $m = 10$: the factor is $1 - 0.02 = 0.98$.
# A weight of $5$ whose loss gradient is $3$ becomes $0.98 \cdot 5 - 0.1 \cdot 3 = 4.6$.
#
# ### Exercise 4: `weight_decay_step` (4 points)
# `w` is one float array of any shape, `dw` has the same shape and is the gradient of the loss *without* its penalty.
# Return the new weights, a new array.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "weight_decay_step", "locked": false, "solution": true, "task": false}
def weight_decay_step(w, dw, lr, lam, m):
    """One step of gradient descent with rate lr on the loss plus its L2 penalty."""
    ### BEGIN SOLUTION
    return (1 - lr * lam / m) * w - lr * dw
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_weight_decay_step", "locked": true, "points": 4, "solution": false, "task": false}
check(weight_decay_step)

# %% [markdown]
# Both ways to write the step agree, and a weight that the loss does not hold on to fades away:

# %%
w, dw = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
long_way = w - 0.1 * (dw + l2_gradient([w], 0.7, 10)[0])
print(f"largest difference of the two ways: {np.abs(weight_decay_step(w, dw, 0.1, 0.7, 10) - long_way).max():.1e}")
weight = np.array([1.0])
for _ in range(100):
    weight = weight_decay_step(weight, np.array([0.0]), 0.1, 0.7, 10)
print(f"factor of one step {1 - 0.1 * 0.7 / 10:.3f}; a weight of 1 after 100 steps without gradient: {weight[0]:.3f}")

# %% [markdown]
# (The two ways agree for plain gradient descent only: Adam would rescale the penalty's gradient together with the loss's, so its form with true decay has a name of its own, AdamW.)
#
# ### Exercise 5: `network_step` (4 points)
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


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_network_step", "locked": true, "points": 4, "solution": false, "task": false}
check(network_step)

# %% [markdown]
# Many libraries decay *every* parameter unless told otherwise, and nothing breaks visibly.
# Here is what it costs: temperatures around 290 kelvin that rise by 3 for each unit of a feature, a straight line fitted to them, and a strong penalty.
# Your `network_step` leaves the bias alone; the other run decays it too, with your `weight_decay_step`.

# %%
feature = rng.normal(size=(50, 1))
kelvin = 290 + 3 * feature + 0.5 * rng.normal(size=(50, 1))


def fit_line(step):
    """Descend on half the mean squared error; returns the parameters."""
    line = {"W": np.zeros((1, 1)), "b": np.zeros(1)}
    for _ in range(300):
        error = feature @ line["W"] + line["b"] - kelvin
        line = step(line, {"W": feature.T @ error / 50, "b": error.mean(axis=0)}, 0.1, 50, 50)
    return line


def decay_everything(params, grads, lr, lam, m):
    """What not to do."""
    return {name: weight_decay_step(params[name], grads[name], lr, lam, m) for name in params}


for name, step in {"bias left alone": network_step, "bias decayed too": decay_everything}.items():
    line = fit_line(step)
    error = np.sqrt(np.mean((feature @ line["W"] + line["b"] - kelvin) ** 2))
    print(f"{name:16s}: bias {line['b'][0]:6.1f} K, slope {line['W'][0, 0]:5.1f} K, typical error {error:6.1f} K")

# %% [markdown]
# With the bias penalised, everything is wrong by half the absolute temperature, and even the slope is off, because it tries to make up for the bias.
#
# ## 4. On a network
#
# Two half moons with so much noise that they overlap, 150 points to learn from, and a network with two hidden layers of 40 tanh units.
# Every step is your `network_step`; `m` is the 150.
# The biases are in `params` and in the step, but not in the penalty.


# %%
def new_network(sizes, rng):
    """Weights with variance 1 / fan_in, biases zero, by name."""
    params = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = rng.normal(size=(fan_in, fan_out)) / np.sqrt(fan_in)
        params[f"b{layer}"] = np.zeros(fan_out)
    return params


def layer_outputs(params, X):
    """The input and the output of every layer; the last are the scores."""
    outputs, depth = [X], len(params) // 2
    for layer in range(1, depth + 1):
        z = outputs[-1] @ params[f"W{layer}"] + params[f"b{layer}"]
        outputs.append(np.tanh(z) if layer < depth else z)
    return outputs


def loss_and_gradients(params, X, y):
    """The loss without penalty, and its gradients by name."""
    outputs, grads = layer_outputs(params, X), {}
    loss, delta = softmax_cross_entropy(outputs[-1], y)
    for layer in range(len(params) // 2, 0, -1):
        grads[f"W{layer}"] = outputs[layer - 1].T @ delta
        grads[f"b{layer}"] = delta.sum(axis=0)
        delta = (delta @ params[f"W{layer}"].T) * (1 - outputs[layer - 1] ** 2)
    return float(loss), grads


def predict(params, X):
    """The class with the highest score."""
    return layer_outputs(params, X)[-1].argmax(axis=1)


def error_rate(params, X, y):
    """The share of wrong answers."""
    return float(np.mean(predict(params, X) != y))


def weight_matrices(params):
    """The weights without the biases, as the penalties want them."""
    return [value for name, value in params.items() if name.startswith("W")]


# %% [markdown]
# Because we made the data, we know the Bayes error here: with the two curves and the noise known, say for each point which moon is more likely, and count how often even that is wrong.

# %%
noise, moons_rng = 0.35, np.random.default_rng(0)
X, y = make_moons(150, noise, moons_rng)
X_dev, y_dev_moons = make_moons(1000, noise, moons_rng)

angle = np.linspace(0, np.pi, 300)
upper, lower = (
    np.stack([np.cos(angle), np.sin(angle)], axis=1),
    np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], axis=1),
)
likelihoods = [
    np.exp(-((X_dev[:, np.newaxis] - curve) ** 2).sum(axis=2) / (2 * noise**2)).mean(axis=1) for curve in (upper, lower)
]
bayes_err = float(np.mean((likelihoods[1] > likelihoods[0]) != y_dev_moons))
print(f"Bayes error: about {bayes_err:.1%}")

# %%
nets = {}
for lam in (0, 1, 100):
    params = new_network((2, 40, 40, 2), np.random.default_rng(1))
    for _ in range(5000):
        _, grads = loss_and_gradients(params, X, y)
        params = network_step(params, grads, 1.0, lam, len(X))
    nets[lam] = params
    train_err, dev_err = error_rate(params, X, y), error_rate(params, X_dev, y_dev_moons)
    norm = np.sqrt(sum((w**2).sum() for w in weight_matrices(params)))
    hidden = np.abs(layer_outputs(params, X)[2]).mean()
    print(
        f"lambda {lam:3d}: training {train_err:5.1%}, dev {dev_err:5.1%}  ->  {diagnose(train_err, dev_err, bayes_err)}"
    )
    print(f"            length of all weights {norm:5.2f}, mean size of the hidden outputs {hidden:.2f}")

# %% tags=["remembered"]
plots.decision_boundaries(
    {f"λ = {lam}": lambda points, net=net: predict(net, points) for lam, net in nets.items()},
    X,
    y,
    title="Without a penalty the border follows the noise, with a huge one there is none",
)

# %% [markdown]
# (The panels' percentages are on the 150 training points; the dev errors are printed further up.)
#
# Why do small weights make smooth borders?
# Two ways to see it:
# - Small weights mean small inputs of the tanh, and near 0 a tanh is nearly a straight line. A network of straight lines is linear, however deep it is. Between the extremes the net is as bent as the data insists.
# - Many units end up with hardly any influence, so the net acts like a smaller one.
#
# With $\lambda = 100$ all weights have decayed to nothing, and the net gives the same answer everywhere: high bias, made by too much of a good thing.
# To choose $\lambda$, train with several values (0.01, 0.1, 1, ...) and take the one with the lowest error on the *dev* set.
#
# ## 5. Plot what you minimise
#
# Gradient descent lowers $J$, the loss *with* its penalty.
# With all data in each step and a small enough rate, $J$ falls at every step.
# The loss alone need not: part of each step goes into making the weights smaller, and that may well cost some loss.
# With $\lambda = 30$ it soon does:

# %%
params = new_network((2, 40, 40, 2), np.random.default_rng(1))
losses, costs = [], []
for _ in range(400):
    loss, grads = loss_and_gradients(params, X, y)
    losses.append(loss)
    costs.append(loss + l2_penalty(weight_matrices(params), 30, len(X)))
    params = network_step(params, grads, 0.1, 30, len(X))
for name, values in {"J, penalty included": costs, "loss alone": losses}.items():
    print(
        f"{name:19s}: rises at {np.sum(np.diff(values) > 0):3d} of 399 steps, from {values[0]:.3f} to {values[-1]:.3f}"
    )

# %%
plots.loss_curves(
    {"J, penalty included": costs, "loss alone": losses},
    title="Same training, two plots: only J must fall",
    xlabel="step",
    ylabel="cost (nats)",
    log=True,
)

# %% [markdown]
# This is also the best test of your penalty and gradient together: if $J$ rises in full-batch descent at a small rate, one of them is wrong, or biases decay that the penalty does not count.
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
# (Others write $\lambda/m$ here, since nothing cancels; it is only a matter of what $\lambda$ means. We keep $\lambda/2m$ for both.)
#
# **By hand.** With the matrices of section 2, the sizes add up to $(1 + 2 + 0 + 3) + (2 + 1) = 9$, and for $\lambda = 0.5$, $m = 10$ the penalty is $\frac{0.5}{20} \cdot 9 = 0.225$.
#
# ### Exercise 6: `l1_penalty` (3 points)
# `weights` is a list of arrays as before; return one number.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "l1_penalty", "locked": false, "solution": true, "task": false}
def l1_penalty(weights, lam, m):
    """L1 penalty lam/(2m) times the sum of the sizes of all weights; weights is a list of arrays."""
    ### BEGIN SOLUTION
    return lam / (2 * m) * sum(np.sum(np.abs(w)) for w in weights)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_l1_penalty", "locked": true, "points": 3, "solution": false, "task": false}
check(l1_penalty)

# %% [markdown]
# ### Exercise 7: `l1_gradient` (3 points)
# The slope of $|w|$ is $+1$ for every positive $w$, however small, and $-1$ for every negative one.
# At exactly 0 there is a corner and no slope; we use **0** there, so that a weight which is off is not pushed.
#
# $$\frac{\lambda}{2m} \cdot \begin{cases} +1 & w > 0\\ \;\;\,0 & w = 0\\ -1 & w < 0\end{cases}$$
#
# For $\lambda = 0.5$ and $m = 10$ the matrix $\begin{pmatrix}1 & -2\\ 0 & 3\end{pmatrix}$ has the gradient $\begin{pmatrix}0.025 & -0.025\\ 0 & 0.025\end{pmatrix}$.
# Return a list with one new array for each array in `weights`, of the same shapes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "l1_gradient", "locked": false, "solution": true, "task": false}
def l1_gradient(weights, lam, m):
    """Gradients of l1_penalty, 0 where a weight is 0; a list of arrays shaped like those in weights."""
    ### BEGIN SOLUTION
    return [lam / (2 * m) * np.sign(w) for w in weights]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_l1_gradient", "locked": true, "points": 3, "solution": false, "task": false}
check(l1_gradient)

# %% [markdown]
# ### Why zeros?
# L2 pulls on a weight in proportion to its size: the smaller it gets, the weaker the pull, and it never arrives.
# L1 pulls on a weight of 0.001 as hard as on one of 10, until it is zero.
#
# See it on a single weight.
# The loss $\frac12 (w - c)^2$ wants $w = c$; add either of your penalties and search for the minimum on a fine grid (with $m = 1$ and $\lambda = 1$):

# %%
grid = np.linspace(-3, 3, 6001)
print("loss wants   best with L2   best with L1")
for c in (0.2, 0.4, 0.6, 1.0, 2.0):
    totals = [
        [0.5 * (w - c) ** 2 + penalty([np.array([w])], 1.0, 1) for w in grid] for penalty in (l2_penalty, l1_penalty)
    ]
    best = [grid[int(np.argmin(total))] + 0.0 for total in totals]
    print(f"{c:10.1f}   {best[0]:12.3f}   {best[1]:12.3f}")

# %% [markdown]
# L2 halves every weight and makes none zero.
# L1 moves every weight by $\lambda/2m = 0.5$ towards zero, and those that the loss wants by less than that stay there, *exactly*.
#
# Now softmax regression on 600 digits: 64 pixels, 10 classes, 640 weights.
# Three runs from the same random start; the penalty's gradient comes from your functions and goes to the weights only.

# %%
digits, labels = load_digits()
order = np.random.default_rng(0).permutation(len(labels))
first, rest = order[:600], order[600:]


def train_on_digits(penalty_gradient, lam):
    """Softmax regression by full-batch descent; returns weights and biases."""
    W, b = 0.1 * np.random.default_rng(1).normal(size=(64, 10)), np.zeros(10)
    for _ in range(1500):
        _, dscores = softmax_cross_entropy(digits[first] @ W + b, labels[first])
        dW, db = digits[first].T @ dscores, dscores.sum(axis=0)
        W, b = W - 0.5 * (dW + penalty_gradient([W], lam, len(first))[0]), b - 0.5 * db
    return W, b


found = {
    "no penalty": train_on_digits(l2_gradient, 0),
    "L2, λ = 2": train_on_digits(l2_gradient, 2),
    "L1, λ = 2": train_on_digits(l1_gradient, 2),
}
for name, (W, b) in found.items():
    pruned = np.where(np.abs(W) < 1e-3, 0.0, W)
    wrong = [np.mean((digits[rest] @ v + b).argmax(axis=1) != labels[rest]) for v in (W, pruned)]
    print(
        f"{name:10s}: {np.mean(np.abs(W) < 1e-3):4.0%} of the weights below 0.001, dev error {wrong[0]:.1%}", end="; "
    )
    print(f"with those set to zero {wrong[1]:.1%}")

# %%
plots.weight_histograms({name: W for name, (W, _) in found.items()})

# %% [markdown]
# Under L1 most weights are nearly zero, and setting them to exactly zero changes nothing; the price here is about one point of dev error.
# *Nearly*, because gradient descent steps back and forth across the corner, by $\alpha\lambda/2m = 0.0008$ at a time; methods made for L1 land on it.
# The model now says which pixels it uses, and needs less memory.
# That is what L1 is for; as a remedy for overfitting alone, L2 is used far more often.
#
# ## 7. Elastic net: both at once
#
# Give two features that are copies of each other to L1, and it does not care how the weight is split: $|3| + |0| = |1.5| + |1.5|$.
# L2 does care: $3^2 + 0^2 = 9$ against $1.5^2 + 1.5^2 = 4.5$, so it shares the weight between them.
# The **elastic net** has both, with $\beta \ge 0$ for how much L2 there is beside L1:
#
# $$\frac{\lambda}{2m} \sum_l \sum_{i,j} \Big( \beta\, \big(W^{[l]}_{ij}\big)^2 + \big|W^{[l]}_{ij}\big| \Big)$$
#
# **By hand.** With squares adding up to 19 and sizes to 9 as before, $\lambda = 0.5$, $m = 10$ and $\beta = 2$: $\frac{0.5}{20} (2 \cdot 19 + 9) = 1.175$.
#
# ### Exercise 8: `elastic_net_penalty` (3 points)
# Return one number.
# You may use your functions from above.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "elastic_net_penalty", "locked": false, "solution": true, "task": false}
def elastic_net_penalty(weights, lam, beta, m):
    """Elastic-net penalty lam/(2m) times the sum of beta * w**2 + |w|; weights is a list of arrays."""
    ### BEGIN SOLUTION
    return beta * l2_penalty(weights, lam, m) + l1_penalty(weights, lam, m)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_elastic_net_penalty", "locked": true, "points": 3, "solution": false, "task": false}
check(elastic_net_penalty)

# %% [markdown]
# Three features: the first two are copies of each other, the third has nothing to do with the target.
# Each penalty is minimised by descent from the same lopsided start, with numerical gradients of your penalty functions:

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
        f"{name:11s}: weights of the two copies {w[0]:.2f} and {w[1]:.2f}, of the useless feature {round(w[2], 3) + 0.0:6.3f}"
    )

# %% [markdown]
# L1 leaves the copies as lopsided as they started and drops the useless feature, L2 shares evenly and keeps a little of everything, the elastic net shares evenly *and* drops what is useless.
#
# ## 8. Early stopping
#
# Training starts with small weights, and they grow as it goes on; a net that is stopped halfway has weights of middling size.
# So stopping in time regularises, too: watch the loss on the dev set, and go back to the epoch where it was lowest.
#
# The dev loss wobbles, so one bad epoch proves nothing.
# **Patience** says how many epochs in a row may pass without a new lowest loss before we give up.
#
# **By hand.** Patience 2 and these dev losses:
#
# | epoch | 0 | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|---|
# | dev loss | 0.9 | 0.7 | 0.8 | 0.7 | 0.5 | 0.4 |
# | epochs without a new lowest | 0 | 0 | 1 | 2, stop | | |
#
# Epoch 3 only *equals* the lowest loss, which is not an improvement, so its count is 2 and training stops there.
# The best epoch is 1.
# The fine losses of epochs 4 and 5 would never have been seen.
#
# ### Exercise 9: `early_stopping` (6 points)
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


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_early_stopping", "locked": true, "points": 6, "solution": false, "task": false}
check(early_stopping)

# %% [markdown]
# On a net that is bound to overfit: 300 digits, of which a fifth have a random label, 50 hidden units, no penalty, batches of 32.
# All 80 epochs are run here so that you can see what is missed; a real training would end at the stop and return the weights of the best epoch.

# %%
stop_rng = np.random.default_rng(0)


def with_wrong_labels(y, share):
    """A copy of the labels, of which a share is drawn at random."""
    y = y.copy()
    drawn = stop_rng.random(len(y)) < share
    y[drawn] = stop_rng.integers(10, size=drawn.sum())
    return y


X_small, y_small = digits[order[:300]], with_wrong_labels(labels[order[:300]], 0.2)
X_held, y_held = digits[order[300:900]], with_wrong_labels(labels[order[300:900]], 0.2)
params = new_network((64, 50, 10), stop_rng)
train_losses, dev_losses, dev_errors, lengths = [], [], [], []
for _ in range(80):
    shuffled = stop_rng.permutation(300)
    for start in range(0, 300, 32):
        batch = shuffled[start : start + 32]
        _, grads = loss_and_gradients(params, X_small[batch], y_small[batch])
        params = network_step(params, grads, 0.3, 0, 300)
    train_losses.append(loss_and_gradients(params, X_small, y_small)[0])
    dev_losses.append(loss_and_gradients(params, X_held, y_held)[0])
    dev_errors.append(error_rate(params, X_held, y_held))
    lengths.append(np.sqrt(sum((w**2).sum() for w in weight_matrices(params))))

for patience in (2, 5, 10, 20):
    best_epoch, stop_epoch = early_stopping(dev_losses, patience)
    print(f"patience {patience:2d}: best epoch {best_epoch:2d}, stopped at {stop_epoch:2d}", end="; ")
    print(
        f"dev loss {dev_losses[best_epoch]:.3f}, dev error {dev_errors[best_epoch]:.1%}, weights {lengths[best_epoch]:.1f} long"
    )
print(f"never stopped: dev loss {dev_losses[-1]:.3f}, dev error {dev_errors[-1]:.1%}, weights {lengths[-1]:.1f} long")

# %%
plots.train_dev_curves(train_losses, dev_losses, *early_stopping(dev_losses, 10))

# %% [markdown]
# Too little patience stops at the first wobble, more patience costs epochs and gains little.
#
# Is it better than L2?
# It is cheaper: a single run passes small, middling and large weights, where L2 needs a run for each $\lambda$.
# But it does two jobs with one knob.
# Making $J$ small is one task, with its own tools (optimizers, rates); not overfitting is another, with its own (penalties, data).
# Keeping them apart is called **orthogonalisation**, and with L2 you can: train as long as you like, and tune $\lambda$ by itself.
#
# ### Question 3 (2 points)
# A team tunes the learning rate, the batch size and the patience of early stopping all together.
# Whenever they lower the rate, the best patience changes, and they cannot tell why a run is better.
# Explain what couples these hyperparameters, and what they could do instead.
# They also report the dev loss of the best epoch as the loss to be expected on new data.
# Is that number too low, too high or right on average, and why?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_stopping", "locked": false, "points": 2, "solution": true, "task": false}
# Early stopping makes the number of steps the regulariser: how far the weights have grown at the stop depends on the rate and on the number of steps in an epoch, which depends on the batch size.
# So whatever changes the optimisation changes the regularisation as well: one knob does two jobs.
# Instead, regularise with a penalty (or dropout, or more data), train until $J$ no longer falls, and tune λ on the dev set separately from rate and batch size.
# The reported number is too low on average: the best of many epochs was *chosen* by this very dev loss, so it is partly luck; new data for an honest estimate is what the test set is for.
#
# *Marking: 1 point for the coupling (progress at the stop depends on rate and batch size) with an alternative that separates the two, 1 point for "too low" with the reason that the epoch was chosen on the same data.*

# %% [markdown]
# ## What to take away
# - Training error above Bayes error is bias, dev error above training error is variance; the verdict says what to try, and what to leave.
# - L2 adds $\frac{\lambda}{2m}\sum W^2$ to the cost, $\frac{\lambda}{m} W$ to the gradient, and multiplies the weights by $1 - \alpha\lambda/m$ in each step: weight decay.
# - Biases are not penalised, and the inputs are on one scale.
# - L1 pulls with constant force, so weights end at zero, exactly or nearly; L2 pulls in proportion, so they only get small; the elastic net does both.
# - Plot $J$ with its penalty: that is what must fall. Judge with the loss or the error alone.
# - Early stopping is a regulariser in one run, at the price of tying optimisation and regularisation together.
# - Every regulariser has a strength, and too much of it is high bias; choose it on the dev set.
#
# Next: notebook 10 regularises by switching units off at random, dropout.
