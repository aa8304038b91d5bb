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
# # 04 · Data preparation: split, centre, scale, decorrelate, augment
#
# Two classes of points, and a line between them that gets nearly all of them right.
# Now its weights are changed a little, as any training step does.
# **Why do its copies scatter on the left, and hardly move on the right, though the points are the same?**

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import numpy as np

from nnlib import (
    SGD, Adam, build_network, explore, fit, load_digits, plots, random_distortion,
    random_rotation, random_zoom, sigmoid,
)
from nnlib.checks import check, hint, progress  # stuck? hint(whiten)

# %%
points_rng = np.random.default_rng(3)
side = np.arange(120) % 2
points = points_rng.normal(size=(120, 2)) * [0.6, 1.0]
points[:, 1] += np.where(side, 2.2, -2.2) + 0.6 * points[:, 0]
plots.nudged_lines(points + [25, -15], side)

# %% [markdown]
# Half of the answer: the left cloud is far from 0. Section 3 has the other half.
#
# **When you are done, you can**
# - split a data set into training, dev and test set, and choose the shares for its size;
# - centre and scale features with numbers measured on the training set alone, constant features included;
# - say why scaling makes a cost round, and gradient descent quick;
# - find principal components, and say what decorrelating and whitening do to a cloud of points;
# - make new training images by flips, crops and shifts, and say when not to;
# - centre images by a mean image or by channel.
#
# **Time**: about 120 minutes, in two sittings: 70 for the **data** (sections 1 to 5: six functions, two written answers) and 50 for the **images** (sections 6 and 7: five functions, one written answer), which you can also do first.
# 50 points, 6 of them graded by people.
#
# **You need** NumPy indexing and broadcasting, mean and variance, and the idea of gradient descent; section 4 says what it needs of eigenvectors.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(whiten)` in a cell of your own, up to three times.
#
# House conventions: examples are rows, `X` is `(N, D)`, labels `y` are `(N,)`; grey images are `(N, H, W)`, colour images `(N, H, W, C)`, channels last.
# Functions never write into their inputs; what they return may be a new array or a view.
# Everything random comes from an argument `rng`, a `numpy.random.Generator`; draw with whichever of its methods you like.

# %% [markdown]
# ## First sitting: data
#
# ## 1. Three sets
#
# - The **training set** is what the network learns from.
# - The **dev set** (also: validation set) is what you look at while you choose between networks, rates and other settings.
# - The **test set** is looked at once, at the very end, to know how good the chosen network is.
#
# Why not two?
# The best of fifty networks by dev error is also the luckiest, so its dev error is too good to be true.
# The test set had no part in that choice and is honest.
# (If nobody needs an honest figure, 70% to train on and 30% to choose by will do; people then often call the dev set "test set".)
#
# How large?
# A dev set only has to tell which of two networks is better: a few hundred to ten thousand examples do, however many there are in all.
# Up to some ten thousand examples, 60%, 20% and 20% are usual; of a million, 1% is plenty, so 98%, 1%, 1%.
# With more still, lecture 002 (improving deep neural networks) goes up to 99.5%, 0.25%, 0.25%, or 99.5%, 0.4%, 0.1%.
#
# Deal the examples out **at random**: data often arrives sorted by class or by date.
# And let dev and test set come from what the network will meet: do not tune on glossy photographs and then ship to people with blurry phones.
#
# ### Exercise 1: `train_dev_test_split` (6 points)
# - `X` holds one example per entry of its first axis: `(N, D)`, or `(N, H, W)` for images; `y` is `(N,)`.
# - `fractions` are the shares of training, dev and test set, in this order, with sum 1; the last may be 0.
# - Return three pairs: `(X_train, y_train), (X_dev, y_dev), (X_test, y_test)`.
# - Every example is in exactly one set, with its own label.
# - A set has its fraction of `N`, to within one example; the three sizes add up to `N`.
#   With (0.6, 0.2, 0.2), 10 examples become 6, 2 and 2, and 11 examples 7, 2 and 2, or 6, 2 and 3, or 6, 3 and 2.
# - Every way to deal is equally likely (nothing is balanced by class), and every call draws anew from `rng`.
#   The order within a set is up to you.
# - `X` and `y` stay as they are, and the sets keep their dtypes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train_dev_test_split", "locked": false, "solution": true, "task": false}
def train_dev_test_split(X, y, fractions, rng):
    """Deal N examples out at random into training, dev and test set.

    X: (N, ...), y: (N,), fractions: three numbers with sum 1, rng: a numpy.random.Generator
    returns: (X_train, y_train), (X_dev, y_dev), (X_test, y_test)
    """
    ### BEGIN SOLUTION
    n_train = round(fractions[0] * len(X))
    n_dev = round(fractions[1] * len(X))
    order = rng.permutation(len(X))  # one order for X and y
    train, dev, test = np.split(order, [n_train, n_train + n_dev])
    return (X[train], y[train]), (X[dev], y[dev]), (X[test], y[test])
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_train_dev_test_split", "locked": true, "points": 6, "solution": false, "task": false}
check(train_dev_test_split)

# %% [markdown]
# The digits that the whole course uses, and how many of a million examples 98%, 1% and 1% would be:

# %%
X, y = load_digits()
(X_train, y_train), (X_dev, y_dev), (X_test, y_test) = train_dev_test_split(
    X, y, (0.6, 0.2, 0.2), np.random.default_rng(0)
)
numbers = np.arange(1_000_000)
million = train_dev_test_split(numbers, numbers, (0.98, 0.01, 0.01), np.random.default_rng(0))
print(f"{len(X):9,d} digits:   {len(X_train):7,d} {len(X_dev):6,d} {len(X_test):6,d}")
print(f"{len(numbers):9,d} examples: " + " ".join(f"{len(part[1]):6,d}" for part in million))

# %% [markdown]
# ## 2. Centre and scale
#
# One feature is a number of rooms, from 1 to 8, another an area, from 200 to 20,000.
# The first layer's weights are all of one size, so the area drowns the rooms, and drives sigmoid and tanh units so far out that their gradient vanishes.
# **Standardising** gives all features the same size:
#
# $$\mu_j = \frac1N \sum_i x_{ij}, \qquad \sigma_j^2 = \frac1N \sum_i (x_{ij} - \mu_j)^2, \qquad x_{ij} \leftarrow \frac{x_{ij} - \mu_j}{\sigma_j}$$
#
# Each feature $j$ has its own mean and standard deviation, measured over the examples $i$; afterwards it has mean 0 and standard deviation 1.
# (This is scikit-learn's `StandardScaler`: `fit` measures on the training set, `transform` applies to any.)
#
# **By hand.** A feature with the values 2, 4, 6: the mean is 4, the variance is $(4 + 0 + 4)/3 = 2.667$, the standard deviation 1.633.
# The standardised values are $-1.225$, $0$ and $1.225$.
# (We divide by $N$, not by $N - 1$ as statistics books do, so that the training set itself ends up with variance exactly 1.)
#
# **A feature that never changes**, such as a corner pixel that never has ink, has $\sigma_j = 0$, and $0/0$ is `nan`, which goes into every sum of the first layer.
# The remedy: take 1 for its deviation. Minus its mean it is 0 everywhere, and stays 0.
# (Adding $10^{-8}$ to the deviation avoids the `nan` too, but if the feature *does* change in the test set, by 0.1 say, it comes out as ten million.)
#
# **A trap.** The deviation that the computer finds need not be 0:

# %%
for constant in (5.0, 0.7):
    print(f"np.std of a feature that is always {constant}: {np.std(np.full(7, constant)):.1e}")

# %% [markdown]
# The mean of seven times 0.7 is rounded, so each value is off its mean by a hair; divided by such a deviation, a test value of 0.8 becomes $10^{15}$.
# So do not ask the *deviation* whether a feature is constant. Ask its values.
#
# ### Exercise 2: `standardize_fit` (4 points)
# Measure mean and standard deviation of each feature, dividing by `N`; both have shape `(D,)`.
# A feature whose values are all the same gets 1 instead of its deviation; all others get their own, however small or large.
# Features may be whole numbers; mean and deviation are floats all the same.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "standardize_fit", "locked": false, "solution": true, "task": false}
def standardize_fit(X):
    """Mean and deviation of each feature of X (N, D), both (D,); a constant's deviation is 1."""
    ### BEGIN SOLUTION
    mean = X.mean(axis=0)
    std = X.std(axis=0)
    # by the values: rounding can give a constant a deviation of 1e-16
    constant = np.ptp(X, axis=0) == 0
    return mean, np.where(constant, 1.0, std)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_standardize_fit", "locked": true, "points": 4, "solution": false, "task": false}
check(standardize_fit)

# %% [markdown]
# ### The test set is scaled with the training set's numbers
#
# Mean and deviation are part of the model, just as the weights are: *learnt on the training set*, then applied, unchanged, to every example that ever comes.
# The same house must get the same input, whoever its neighbours are; and what is measured on dev or test examples leaks into the training, so that they are no longer new to the network.
# Hence two functions: one measures, one applies.
#
# ### Exercise 3: `standardize_apply` (3 points)
# Subtract the given mean and divide by the given standard deviation, feature by feature.
# `X` may be any set, even a single example, `(1, D)`; no entry of `std` is 0.
# It may hold whole numbers; the result holds floats.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "standardize_apply", "locked": false, "solution": true, "task": false}
def standardize_apply(X, mean, std):
    """Centre and scale X (N, D) with a training set's mean (D,) and standard deviation (D,)."""
    ### BEGIN SOLUTION
    return (X - mean) / std
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_standardize_apply", "locked": true, "points": 3, "solution": false, "task": false}
check(standardize_apply)

# %%
mean, std = standardize_fit(X_train)
Z_train, Z_dev, Z_test = (standardize_apply(part, mean, std) for part in (X_train, X_dev, X_test))
print(
    f"pixels that never have ink: {np.sum(np.ptp(X_train, axis=0) == 0)}; all values finite: "
    f"{np.isfinite(Z_train).all()}"
)
changing = np.ptp(X_train, axis=0) > 0
for name, Z in {"training": Z_train, "dev": Z_dev, "test": Z_test}.items():
    print(
        f"{name:8s} means of the pixels {np.round(Z.mean(axis=0).min(), 3) + 0.0:6.3f} to "
        f"{Z.mean(axis=0).max():5.3f}, "
        f"deviations {Z.std(axis=0)[changing].min():5.3f} to {Z.std(axis=0)[changing].max():5.3f}"
    )

# %% [markdown]
# Exactly 0 and 1 on the training set, only roughly on the others: that is as it should be.
# (The extremes, 0 and 2.1, belong to pixels in the margin: in a smaller set one may have no ink at all, and a single stroke becomes a large number: one reason why images are mostly just centred, section 7.)
#
# Does scaling save sigmoid units? Two hundred houses, and fifty units whose random weights are the same both times:

# %%
homes_rng = np.random.default_rng(0)
homes = np.column_stack(
    [homes_rng.integers(1, 9, size=200), homes_rng.uniform(200, 20_000, size=200)]
).astype(float)
first_weights = homes_rng.normal(size=(2, 50)) / np.sqrt(2)
for name, inputs in {
    "as measured": homes, "standardised": standardize_apply(homes, *standardize_fit(homes))
}.items():
    a = sigmoid(inputs @ first_weights)
    print(
        f"{name:12s} sums of up to {f'±{np.abs(inputs @ first_weights).max():,.1f}':>9s}; "
        f"slope below 0.001 for {np.mean(a * (1 - a) < 1e-3):4.0%} of the outputs"
    )

# %% [markdown]
# What goes wrong when the test set is scaled with its *own* numbers? It shows best when that set is small.
# A net trained on standardised digits is asked about the test digits, a few at a time, each group scaled either way:

# %%
net = build_network([64, 32, 10], np.random.default_rng(1), dtype=np.float64)
fit(net, Z_train, y_train, rng=np.random.default_rng(2), epochs=20, optimizer=Adam(3e-3))
sizes = (len(X_test), 50, 10, 3, 1)
right = {"training set's numbers": [], "the group's own": []}
for size in sizes:
    counts = np.zeros(2)
    for first in range(0, len(X_test), size):
        group, truth = X_test[first : first + size], y_test[first : first + size]
        for i, numbers in enumerate([(mean, std), standardize_fit(group)]):
            counts[i] += np.sum(net.predict(standardize_apply(group, *numbers)) == truth)
    for shares, count in zip(right.values(), counts, strict=True):
        shares.append(count / len(X_test))
plots.measured_against(
    sizes, right, "The smaller the group, the worse its own mean and deviation",
    "test digits scaled together", "right", log="x", percent=True,
)

# %% [markdown]
# A single digit minus its own mean is all zeros, so the net gives the same answer for every digit.
#
# ### Question 1 (2 points)
# A classmate standardises all 1,797 digits first and splits them afterwards.
# "The statistics hardly change," says the classmate, "and no labels were involved."
# Explain what is nevertheless wrong with it, and describe a case in which the same order of steps would make the dev or test error clearly too good, or the finished program fail.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_leak", "locked": false, "points": 2, "solution": true, "task": false}
# The mean and deviation then contain the dev and test examples, so those are no longer examples that the model has never met: something of them was used to make the model, and their error is not an honest forecast.
# With 1,797 digits the effect is small, but the habit is wrong, and the size of the effect is only known after doing it right.
# Cases where it is large: few examples with many features; outliers in the test set, which stretch the deviation; data that drifts in time, where the future's mean is not known when the model is used; any preparation that looks at labels as well, such as choosing the features that go with the label best, which finds "good" features even in pure noise.
# And the finished program meets one example at a time, which has no statistics of its own, so it needs the stored ones.
#
# *Marking: 1 point for saying that dev and test examples influence the model (or: that their error is no longer an error on unseen data), 1 point for one case that really shows it.*
# *"It is not allowed" alone earns nothing.*

# %% [markdown]
# ## 3. Why scaling makes descent quick
#
# **The puzzle.** The line is where $w_1 x_1 + w_2 x_2 + b = 0$.
# The further the points lie from the origin, the further a change of $w$ moves it. A weight changed by 0.05, at a coordinate of 25, moves it by 1.25, more than half of the way to the middle of a class (about 1.9 away; the weights have length 1).
# Near the origin the same change only turns it a little, so the loss of prepared data is far less sensitive to the weights (lecture 004, optimizers, normalization, regularization).
#
# ### Now you
# Move the cloud away and change the weights more. Does the right panel mind how far away the raw cloud is, and how large a nudge does its line bear?


# %%
def far_away(distance, nudge):
    """Draw the puzzle with the cloud this far from the origin."""
    return plots.nudged_lines(points + distance * np.array([0.86, -0.51]), side, nudge)


explore(far_away, distance=(0.0, 60.0, 0.0), nudge=(0.01, 0.2, 0.05))

# %% [markdown]
# <details><summary>What you should see</summary>
# It does not: centred and scaled, the cloud is the same wherever it was, and so is what the changes do to it.
# A nudge of 0.1 does its line next to no harm, and with 0.2 it still gets about 95% right on average.
# At a distance of 0 the left line is as steady. From 30 on, with a nudge of 0.05, some of its copies get only about half of the points right.
# </details>

# %% [markdown]
# **The bowl.** Take the smallest model there is, $\hat y = w_1 x_1 + w_2 x_2$, with the cost $J(w) = \frac{1}{2N} \sum_i (\hat y_i - y_i)^2$.
# Its curvature in the direction of $w_j$ is the mean of $x_j^2$.
# If $x_1$ is five times as large as $x_2$, the bowl is 25 times as curved in the direction of $w_1$: a long narrow valley.
# A rate small enough for the steep direction is far too small for the flat one.
# The ratio of the largest to the smallest curvature is the **condition number**, and the number of steps grows in proportion to it.
#
# Below are 200 houses, the first feature in units that make it five times as large as the second, before and after your functions.
# Each descent has the best constant rate for its own bowl, $2/(\lambda_{\max} + \lambda_{\min})$ with the curvatures $\lambda$, and stops once the cost is within 0.1% of its lowest value: a dot marks the start, a star the end.

# %%
house_rng = np.random.default_rng(3)
houses = house_rng.normal(size=(200, 2)) * [5.0, 1.0]
houses[:, 1] += 0.06 * houses[:, 0]
houses += [1.0, 0.4]
prices = houses @ np.array([0.6, 2.0]) + 0.5 * house_rng.normal(size=200)
prices -= prices.mean()


def cost_of(features):
    """Half the mean squared error for weights (..., 2)."""
    return lambda w: 0.5 * np.mean((np.asarray(w) @ features.T - prices) ** 2, axis=-1)


def descend(features, start):
    """Follow gradient descent with the best constant rate until the cost is nearly lowest."""
    cost, hessian = cost_of(features), features.T @ features / len(features)
    curvatures = np.linalg.eigvalsh(hessian)
    best = cost(np.linalg.solve(hessian, features.T @ prices / len(features)))
    path = [np.array(start)]
    while cost(path[-1]) > 1.001 * best and len(path) < 500:
        gradient = features.T @ (features @ path[-1] - prices) / len(features)
        path.append(path[-1] - 2 / curvatures.sum() * gradient)
    print(f"condition number {curvatures[1] / curvatures[0]:5.1f}: {len(path) - 1} steps")
    return np.array(path)


scaled_houses = standardize_apply(houses, *standardize_fit(houses))
raw_path = descend(houses, (0.0, -1.0))
round_path = descend(scaled_houses, (0.0, -1.0))
plots.elongated_and_round(
    (cost_of(houses), cost_of(scaled_houses)),
    (raw_path, round_path),
    ((-2.0, 3.0, -1.6, 2.8), (-0.7, 4.3, -1.4, 3.0)),
)

# %% [markdown]
# The same for a real net.
# Here the digits' 64 pixels are measured in 64 different units, from 1 to 1,000 times the original; then come five epochs of plain gradient descent, for several rates:

# %%
units = np.random.default_rng(1).permutation(np.logspace(0, 3, 64))
scale = standardize_fit(X_train * units)
print("rate      dev accuracy, as it is   dev accuracy, standardised")
for lr in (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0):
    accuracies = []
    for train_set, dev_set in [
        (X_train * units, X_dev * units),
        (standardize_apply(X_train * units, *scale), standardize_apply(X_dev * units, *scale)),
    ]:
        net = build_network([64, 32, 10], np.random.default_rng(1), dtype=np.float64)
        fit(
            net, train_set, y_train, rng=np.random.default_rng(2), epochs=5, optimizer=SGD(lr),
            on_explosion="stop",
        )
        accuracies.append(net.evaluate(dev_set, y_dev)[1])
    print(f"{lr:6g}    {accuracies[0]:22.1%}   {accuracies[1]:26.1%}")

# %% [markdown]
# Without scaling no rate works well: units a thousand times as large make the curvature a million times as large, so a rate that suits one pixel may be a million times too much for another.
# (Chance is 10%; at the highest rates the cost exploded and training broke off.)
# Once you standardise, you need not even know the units.
# (Methods that never compare one feature with another, such as decision trees, do not care.)
#
# **Why it was invented.** Networks learnt far too slowly. LeCun et al. (1998), "Efficient BackProp", showed why inputs should have mean 0, equal spreads and no correlation; their tricks are this section and the next two.
#
# ## 4. Principal components
#
# Scaling treats each feature alone, but features often go together: neighbouring pixels are both dark or both light.
# The **covariance matrix** of the centred data says which:
#
# $$C = \frac1N \sum_i (x_i - \mu)(x_i - \mu)^\top, \qquad C \text{ is } (D, D)$$
#
# Its diagonal holds the variances, entry $C_{jk}$ says how features $j$ and $k$ vary together.
#
# The **principal components** are the directions in which the cloud is longest.
# The first, $v_1$, a vector of length 1, is the direction of the largest variance; $v_2$ has the largest among all directions at right angles to $v_1$, and so on.
# They are the *eigenvectors* of $C$: $C v = \lambda v$, and the eigenvalue $\lambda$ is the variance along $v$.
# Pearson (1901) found them when he looked for the line closest to a cloud of points, all coordinates being equally uncertain.
#
# **By hand.** Four points: $(4, 5)$, $(-2, -3)$, $(0.2, 1.6)$ and $(1.8, 0.4)$.
# Their mean is $(1, 1)$, so the centred points are $\pm(3, 4)$ and $\pm(-0.8, 0.6)$, and
#
# $$C = \begin{pmatrix} 4.82 & 5.76 \\ 5.76 & 8.18 \end{pmatrix}, \qquad C \begin{pmatrix} 0.6 \\ 0.8 \end{pmatrix} = \begin{pmatrix} 7.5 \\ 10 \end{pmatrix} = 12.5 \begin{pmatrix} 0.6 \\ 0.8 \end{pmatrix}$$
#
# The first component is $(0.6, 0.8)$, with variance 12.5, and the second $(-0.8, 0.6)$, with variance 0.5.
#
# Good to know:
# - `np.linalg.eigh(C)`, for symmetric matrices, returns eigenvalues in *rising* order and the eigenvectors as *columns*.
# - `np.linalg.svd(centred, full_matrices=False)`, of the centred data itself, returns as its third result the components as *rows*, in *falling* order; the variances are its singular values squared, over `N`.
# - A direction has no sign: $(-0.6, -0.8)$ is the same component, and which one you get depends on the library.
#   Both are right, column by column, also in grading.
#
# ### Exercise 4: `pca_fit` (6 points)
# Return the mean, `(D,)`, and the first `k` components as the **columns** of a matrix `(D, k)`, largest variance first, each of length 1.
# `k` is at most `D` and below `N`: centred, `N` points vary in no more than `N - 1` directions.
# Centre, but do not scale the features; keep `X` as it is.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "pca_fit", "locked": false, "solution": true, "task": false}
def pca_fit(X, k):
    """Mean (D,) and the first k principal components (D, k), as columns, of X (N, D)."""
    ### BEGIN SOLUTION
    mean = X.mean(axis=0)
    centred = X - mean
    _, directions = np.linalg.eigh(centred.T @ centred)  # 1/N would change no direction
    return mean, directions[:, ::-1][:, :k]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_pca_fit", "locked": true, "points": 6, "solution": false, "task": false}
check(pca_fit)

# %% [markdown]
# ### New coordinates
#
# The coordinate of an example along a component is the scalar product of the *centred* example with it.
# By hand: $(4, 5)$ minus the mean is $(3, 4)$, and its coordinates are $3 \cdot 0.6 + 4 \cdot 0.8 = 5$ along the first and $-3 \cdot 0.8 + 4 \cdot 0.6 = 0$ along the second component.
# In these coordinates the features are **decorrelated**: their covariance is 0.
# Keeping only the first $k$ coordinates is the best summary in $k$ numbers that a linear map can give, measured by the squared error of what is rebuilt.
#
# ### Exercise 5: `pca_apply` (3 points)
# Return the coordinates `(N, k)` of the examples along the given components.
# As with standardising, mean and components are those of the training set, whatever `X` is.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "pca_apply", "locked": false, "solution": true, "task": false}
def pca_apply(X, mean, components):
    """Coordinates (N, k) of X (N, D) along components (D, k), with the training set's mean (D,)."""
    ### BEGIN SOLUTION
    return (X - mean) @ components
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_pca_apply", "locked": true, "points": 3, "solution": false, "task": false}
check(pca_apply)

# %% [markdown]
# How many numbers does a digit need?
# The components are found on the training set; the test digits are rebuilt from their first $k$ coordinates, by `coordinates @ components.T + mean`:

# %%
rebuilt = {"64 pixels": X_test[:10]}
for k in (1, 4, 16, 32):
    middle, components = pca_fit(X_train, k)
    coordinates = pca_apply(X_test, middle, components)
    rebuilt[f"k = {k}"] = (coordinates @ components.T + middle)[:10]
    kept = coordinates.var(axis=0).sum() / X_test.var(axis=0).sum()
    print(f"k = {k:2d} keeps {kept:5.1%} of the variance of the test digits")
plots.image_rows(
    {name: rows.reshape(-1, 8, 8) for name, rows in rebuilt.items()},
    "Test digits rebuilt from their first k coordinates",
)

# %% [markdown]
# ### Now you
# From which $k$ on can *you* read all ten digits, and what share of the variance is that? How many of 64 numbers are wasted?


# %%
def rebuild(k):
    """Show ten test digits and what k coordinates keep of them."""
    middle, components = pca_fit(X_train, k)
    coordinates = pca_apply(X_test, middle, components)
    print(f"{coordinates.var(axis=0).sum() / X_test.var(axis=0).sum():.1%} of the variance")
    again = (coordinates @ components.T + middle)[:10].reshape(-1, 8, 8)
    return plots.image_rows(
        {"64 pixels": X_test[:10].reshape(-1, 8, 8), f"k = {k}": again},
        "How many numbers is a digit?",
    )


explore(rebuild, k=(1, 64, 8))

# %% [markdown]
# <details><summary>What you should see</summary>
# Most people read them all from about 12 to 16 on, with some 75 to 85% of the variance: a quarter of the numbers will do.
# From 40 on nothing visible changes: three pixels never have ink, and many more hardly ever.
# </details>

# %% [markdown]
# ## 5. Whitening
#
# In the coordinates along *all* components the features are decorrelated, but the first still varies far more than the last.
# Divide each coordinate by its own standard deviation, and the cloud is round: this is **whitening**, and the covariance of the result is the identity matrix.
#
# $$z_{ij} = \frac{(x_i - \mu)^\top v_j}{\sqrt{\lambda_j + \epsilon}}$$
#
# By hand, with $\epsilon = 0$: $(4, 5)$ has the coordinates $(5, 0)$, and the deviations are $\sqrt{12.5} = 3.536$ and $\sqrt{0.5} = 0.707$, so it becomes $(1.414, 0)$; $(0.2, 1.6)$, with coordinates $(0, 1)$, becomes $(0, 1.414)$, equally far out.
#
# The small number $\epsilon$ is added to the variance, *under* the root.
# Directions that hardly vary hold mostly noise, and whitening blows it up to the size of everything else; $\epsilon$ limits how much.
#
# ### Exercise 6: `whiten` (5 points)
# Return the whitened examples `(N, D)`: centred, along the components in order of falling variance (the sign of a column is free), each divided by $\sqrt{\lambda_j + \epsilon}$.
# Variances divide by `N`; there are more examples than features; `eps` may be 0 where every direction varies.
# Do not turn the result back to the old axes.
# Your own `pca_fit` and `pca_apply` are welcome.
#
# (To stay short, this function measures and applies at once, on one set. In a program, other sets get the training set's mean, components and variances, as in exercises 2 to 5.)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "whiten", "locked": false, "solution": true, "task": false}
def whiten(X, eps):
    """Turn X (N, D) to its principal axes, each scaled to variance 1 (eps is added to it)."""
    ### BEGIN SOLUTION
    mean, directions = pca_fit(X, X.shape[1])
    turned = pca_apply(X, mean, directions)
    return turned / np.sqrt(turned.var(axis=0) + eps)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_whiten", "locked": true, "points": 5, "solution": false, "task": false}
check(whiten)

# %% [markdown]
# All steps on one cloud, where the second feature partly follows the first:

# %% tags=["remembered"]
cloud_rng = np.random.default_rng(4)
cloud = cloud_rng.normal(size=(400, 2)) * [2.0, 0.5]
cloud[:, 1] += 0.35 * cloud[:, 0]
cloud += [3.0, 1.5]
cloud_mean, cloud_std = standardize_fit(cloud)
standardised = standardize_apply(cloud, cloud_mean, cloud_std)
stages = {
    "raw": cloud,
    "centred": cloud - cloud_mean,
    "scaled": standardised,
    "decorrelated": pca_apply(cloud, *pca_fit(cloud, 2)),
    "whitened": whiten(cloud, 0.0),
}
for name, stage in stages.items():
    print(
        f"{name:13s} mean {np.round(stage.mean(axis=0), 2) + 0.0}, "
        f"covariance {(np.round(np.cov(stage.T, ddof=0), 2) + 0.0).tolist()}"
    )
plots.preprocessing_clouds(stages)

# %% [markdown]
# Read the numbers on the axes: every panel shows the whole cloud.
# The orange lines are its two principal axes, each two standard deviations long both ways.
# (Those of the whitened cloud point anywhere: where all directions have the same variance, none is first.)
# Scaling gives both features the same spread, but they still vary together. Turning to the principal axes ("decorrelated", from the centred cloud) makes their covariance 0 and keeps the lengths of the orange lines. Whitening makes the covariance 0 and both spreads 1: its covariance matrix is the identity. So it is for the digits:

# %%
whitened_digits = whiten(X_train, 1e-2)
exact = whiten(X_train[:, changing] @ pca_fit(X_train[:, changing], 40)[1], 0.0)
identity_gap = np.abs(exact.T @ exact / len(exact) - np.eye(40)).max()
print(
    "40 components of the digits, eps = 0: "
    f"covariance is off the identity by at most {identity_gap:.1e}"
)
variances = whitened_digits.var(axis=0)
print(
    f"all 64 directions, eps = 0.01: variances {variances[0]:.3f} (first), "
    f"{variances[19]:.3f} (20th), {variances[-1]:.3f} (last)"
)

# %% [markdown]
# With $\epsilon = 0.01$ the strong directions have a variance of nearly 1, and the weak ones are held down: the last, along a pixel without ink, stays at 0 instead of becoming `nan`.
#
# ### Question 2 (2 points)
# Whitening makes the squared error of a linear model a perfectly round bowl, rounder than standardising does.
# Yet for images hardly anybody whitens, or even divides by the standard deviation of each pixel.
# Name one thing that whitening costs and one that it does to the noise in the data, and say why the pixels of an image need no scaling.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_whitening", "locked": false, "points": 2, "solution": true, "task": false}
# Cost: the covariance matrix is D × D, and finding its eigenvectors takes about D³ operations; for an image of 224 × 224 × 3, D is 150,528, and the matrix alone has almost 23 billion entries.
# Noise: the directions with the smallest variance are mostly noise, and whitening scales them up to the same variance as the directions that show the object.
# (Also: it mixes all pixels, so the neighbourhood that convolutions rely on is gone.)
# All pixels are measured in the same unit, from 0 to 255, and have similar deviations, so there is no difference of scale to remove.
#
# *Marking: half a point for the cost (size of the covariance matrix, or time of its eigenvectors), half a point for blowing up noise, 1 point for pixels that all have the same unit or range.*

# %% [markdown]
# **End of the first sitting.** You can split, scale, decorrelate and whiten, and never let a test set speak too early.
# Have a break; what follows needs none of the functions above.
#
# ## Second sitting: images
#
# This part stands alone: run the import cell at the top, and begin here.
# A net learns to read digits, and reads new ones well.
# **Then the same digits are moved by a single pixel. What happens?**

# %%
X, y = load_digits()
dealt = np.random.default_rng(0).permutation(len(X))
X_train, y_train = X[dealt[:1078]], y[dealt[:1078]]
X_dev, y_dev = X[dealt[1078:1437]], y[dealt[1078:1437]]
dev_images = X_dev.reshape(-1, 8, 8)
reader = build_network([64, 32, 10], np.random.default_rng(1))
fit(reader, X_train, y_train, rng=np.random.default_rng(2), epochs=20, optimizer=Adam(3e-3))
seen = {"as they are": dev_images, "moved by a pixel": np.roll(dev_images, 1, axis=2)}
answers = {name: reader.predict(rows.reshape(-1, 64)) for name, rows in seen.items()}
for name, said in answers.items():
    print(f"new digits {name:17s} {np.mean(said == y_dev):.1%} right")
of_ten = [np.sum(said[:10] == y_dev[:10]) for said in answers.values()]
plots.image_rows(
    {name: rows[:10] for name, rows in seen.items()},
    f"You read both rows; the net (answers below) reads {of_ten[0]} and {of_ten[1]} of ten",
    below={name: said[:10] for name, said in answers.items()},
)

# %% [markdown]
# To the net a digit is 64 numbers, and most of those with ink have changed.
# Nobody told it that the place of a digit does not matter.
#
# ## 6. Augmentation: more images for nothing
#
# More data helps nearly always. Here are errors of nets trained on 16 to all 1,078 training digits, each for 340 steps or nearly, means of three starts:

# %%
counts = [16, 32, 64, 128, 256, 512, 1078]
errors = []
for count in counts:
    runs, batches = [], -(-count // 64)  # rounded up
    for seed in range(3):
        net = build_network([64, 32, 10], np.random.default_rng(seed))
        fit(
            net, X_train[:count], y_train[:count], rng=np.random.default_rng(seed),
            epochs=340 // batches, batch_size=64, optimizer=Adam(3e-3), on_explosion="stop",
        )
        runs.append(
            [
                1 - net.evaluate(*part)[1]
                for part in ((X_train[:count], y_train[:count]), (X_dev, y_dev))
            ]
        )
    errors.append(np.mean(runs, axis=0))
plots.learning_curve(counts, *np.transpose(errors))

# %% [markdown]
# But more data nearly always costs too much.
# A photograph of a cat, mirrored, is still a photograph of a cat; so is one moved by two pixels, or with the border cut off.
# **Augmentation** makes such copies while training, afresh in every epoch.
# A copy is not worth a new photograph, but it is free, and it tells the network what does *not* matter, so it overfits less.
#
# Two rules:
# - the label must stay true: a mirrored cat is a cat, a mirrored 2 is not a digit at all;
# - only the training set is augmented: dev and test set show what the network will meet.
#
# **Why it was invented.** Simard et al. (2003) warped handwritten digits as if on rubber and set a record; Krizhevsky et al. (2012) cut and mirrored photographs so that a net of 60 million weights did not learn a million images by heart.
#
# ### Exercise 7: `flip_horizontal` (2 points)
# Mirror every image left to right: the first column of pixels becomes the last.
# Rows, channels and images keep their order; `images` is `(N, H, W)` or `(N, H, W, C)`.
# By hand, an image of one row, $(5, 6, 7)$, becomes $(7, 6, 5)$.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "flip_horizontal", "locked": false, "solution": true, "task": false}
def flip_horizontal(images):
    """Mirror images (N, H, W) or (N, H, W, C) left to right."""
    ### BEGIN SOLUTION
    return images[:, :, ::-1]
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_flip_horizontal", "locked": true, "points": 2, "solution": false, "task": false}
check(flip_horizontal)

# %% [markdown]
# ### Exercise 8: `random_crop` (5 points)
# Cut a square window of `size` × `size` pixels out of each image, at its own random place.
# - Every place where the window fits into the image is equally likely, the edges included.
#   An image of 3 × 4 has $2 \cdot 3 = 6$ windows of size 2.
# - Different images are cut independently.
# - The result is `(N, size, size)` or `(N, size, size, C)`, of the same dtype.
#   `size` is at least 1 and at most `H` and `W`.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "random_crop", "locked": false, "solution": true, "task": false}
def random_crop(images, size, rng):
    """Cut a random window of size x size out of each image.

    images: (N, H, W) or (N, H, W, C), size: an int, rng: a numpy.random.Generator
    """
    ### BEGIN SOLUTION
    height, width = images.shape[1:3]
    windows = []
    for image in images:
        top = rng.integers(height - size + 1)
        left = rng.integers(width - size + 1)
        windows.append(image[top : top + size, left : left + size])
    return np.stack(windows)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_random_crop", "locked": true, "points": 5, "solution": false, "task": false}
check(random_crop)

# %% [markdown]
# ### Exercise 9: `random_shift` (6 points)
# Move every image by its own random number of pixels, down or up, and right or left.
# - For each image draw two whole numbers from $-m, \dots, m$ with $m$ = `max_shift`, both ends included, all equally likely: one for down or up, the other, independent of it, for right or left.
#   Different images move independently.
# - What moves out of the picture is gone, and what is empty then is 0.
#   Nothing comes back in on the other side.
# - The result has the shape and the dtype of `images` (bytes stay bytes: floats would take eight times the memory).
# - `images` is `(N, H, W)` or `(N, H, W, C)`; the channels of an image move together.
#   `max_shift` is smaller than `H` and `W`, and may be 0.
#
# By hand, an image of one row, $(5, 6, 7)$, moved right by 1 is $(0, 5, 6)$, and moved left by 2 it is $(7, 0, 0)$.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "random_shift", "locked": false, "solution": true, "task": false}
def random_shift(images, max_shift, rng):
    """Move each image by its own -max_shift to max_shift pixels both ways, over zeros.

    images: (N, H, W) or (N, H, W, C), max_shift: an int of 0 or more, rng: a numpy.random.Generator
    """
    ### BEGIN SOLUTION
    height, width = images.shape[1:3]
    frame = [(0, 0), (max_shift, max_shift), (max_shift, max_shift)] + [(0, 0)] * (images.ndim - 3)
    framed = np.pad(images, frame)  # with zeros
    shifted = np.empty_like(images)
    for i in range(len(images)):
        # a window on the framed image is a moved image
        top, left = rng.integers(0, 2 * max_shift + 1, size=2)
        shifted[i] = framed[i, top : top + height, left : left + width]
    return shifted
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_random_shift", "locked": true, "points": 6, "solution": false, "task": false}
check(random_shift)

# %% [markdown]
# Your three, and three that turn, zoom and distort, from `nnlib`:

# %%
some = np.array([X_train[y_train == digit][1] for digit in range(10)]).reshape(-1, 8, 8)
draw = np.random.default_rng(6)
plots.image_rows(
    {
        "digits": some,
        "mirrored": flip_horizontal(some),
        "cut to 6 × 6": random_crop(some, 6, draw),
        "moved": random_shift(some, 2, draw),
        "turned by up to 25°": random_rotation(some, 25, draw),
        "zoomed by up to 1.4": random_zoom(some, 1.4, draw),
        "distorted": random_distortion(some, 1.0, draw),
    },
    "Most mirrored digits are not digits; the other copies are, as long as they are not cut off",
)

# %% [markdown]
# ### Now you
# How far may a digit be turned before its label is a lie? Which digits suffer first?


# %%
def turn(degrees):
    """Show ten digits turned by up to so many degrees, three times."""
    turned = {
        f"copy {i}": random_rotation(some, degrees, np.random.default_rng(i)) for i in (1, 2, 3)
    }
    return plots.image_rows({"digits": some, **turned}, f"Turned by up to {degrees:.0f}°")


explore(turn, degrees=(0.0, 180.0, 30.0))

# %% [markdown]
# <details><summary>What you should see</summary>
# Up to 20 or 30 degrees all can be read. At 45 a 1 may pass for a 7 and a 7 for a 1, and at 180 a 6 is a 9: the label has become false.
# A 0 and an 8 never mind.
# </details>

# %% [markdown]
# ### Does it help?
#
# That depends on what will be met.
# Three hundred training digits, twenty epochs; the second net sees the same digits *and* copies moved by at most a pixel, drawn afresh in each epoch.
# Both read dev digits as they are, and moved ones: a camera that does not centre its digits.
# (This is the one good reason to move a dev set.)
# Five starts each:


# %%
def train_digits(augment, seed, epochs=20, n=300):
    """Train on n digits; returns the accuracy on the training, dev and moved dev digits."""
    draw = np.random.default_rng(seed)
    net, optimizer = build_network([64, 64, 10], draw), Adam(3e-3)
    digits, digit_labels = X_train[:n].reshape(-1, 8, 8), y_train[:n]
    for _ in range(epochs):
        shown = np.concatenate([digits, random_shift(digits, 1, draw)]) if augment else digits
        shown_labels = np.concatenate([digit_labels, digit_labels]) if augment else digit_labels
        fit(
            net, shown.reshape(len(shown), -1), shown_labels, rng=draw, epochs=1, batch_size=32,
            optimizer=optimizer, on_explosion="stop",
        )
    moved = random_shift(dev_images, 1, np.random.default_rng(9)).reshape(len(X_dev), -1)
    sets = [(X_train[:n], digit_labels), (X_dev, y_dev), (moved, y_dev)]
    return [net.evaluate(inputs, truth)[1] for inputs, truth in sets]


print("mean of five starts   training   dev (lowest to highest)   moved dev")
for name, augment in {"as they are": False, "with moved copies": True}.items():
    runs = np.array([train_digits(augment, seed) for seed in range(5)])
    training, dev, moved = runs.mean(axis=0)
    print(
        f"{name:21s} {training:9.1%} {dev:9.1%} ({runs[:, 1].min():.1%} to {runs[:, 1].max():.1%}) "
        f"{moved:10.1%}"
    )

# %% [markdown]
# The plain net knows its training digits and is helpless against a shift of one pixel; the augmented one has learnt, from the same three hundred, that the place matters less: it reads 68% of the moved digits instead of 37%.
# **But where all digits are centred, as in these data sets, the shift gains nothing**: the difference is within the luck of the start, and one pixel of eight is much.
# (In notebook 13, with a larger net and more digits, all of them centred, it even costs two or three points.)
# Augment with the changes that will be met in use, and measure on a dev set that shows them.
#
# ### Question 3 (2 points)
# For each of these, say whether you would use the augmentation for training, and why: (a) `flip_horizontal` for photographs of cats and dogs; (b) `flip_horizontal` for X-rays of the chest, where the network is to find out on which side the heart lies; (c) `random_shift` by up to 3 pixels for digits of 8 × 8.
# Then explain what would be wrong with augmenting all images first and splitting them into training, dev and test set afterwards.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_augmentation", "locked": false, "points": 2, "solution": true, "task": false}
# (a) Yes: a mirrored cat is a cat, and both sides occur in photographs.
# (b) No: the mirrored image shows the other side, so its label would be wrong.
# (c) No, or only less far: three of eight pixels cut off most of the ink, and what is left can often not be read, so the label is no longer true; one pixel keeps the label true, and helps if the digits to be read are not centred; if they all are, it gains nothing.
# Augmenting before splitting puts copies of the same original into training and dev or test set: the network is tested on images that it nearly knows, and the error is far too good.
# (The dev set would also hold images that nobody will meet.)
#
# *Marking: a quarter of a point each for (a) and (b) and half a point for (c), with a reason (whether one pixel would be better is not asked); 1 point for near-copies of training images in the dev or test set.*

# %% [markdown]
# ## 7. Images: centre only
#
# Two easy functions to end with.
# The pixels of images all have the same unit, so people just subtract a mean, of one of two kinds:
# - the **mean image** of the training set, which has the shape of one image (as in Krizhevsky et al. (2012); for small colour images $32 \times 32 \times 3 = 3072$ numbers);
# - the **channel mean**, one number for each colour over all pixels of all training images (as in Simonyan & Zisserman (2015); 3 numbers).
#   It does not mind a shifted image, or one of another size.
#
# By hand, two images of one row with two pixels, red and green only: $[(1, 0), (3, 0)]$ and $[(5, 2), (7, 6)]$.
# The mean image is $[(3, 1), (5, 3)]$; the channel means are $(1 + 3 + 5 + 7)/4 = 4$ for red and $(0 + 0 + 2 + 6)/4 = 2$ for green.
#
# ### Exercise 10: `mean_image` (2 points)
# Average the examples, pixel by pixel.
# `X` may be flat, `(N, D)`, grey, `(N, H, W)`, or in colour, `(N, H, W, C)`; the result has the shape of one example.
# Pixels may come as bytes (`np.uint8`, whole numbers from 0 to 255); a mean is a float all the same.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "mean_image", "locked": false, "solution": true, "task": false}
def mean_image(X):
    """Mean over the examples of X (N, ...), with the shape of one example."""
    ### BEGIN SOLUTION
    return X.mean(axis=0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_mean_image", "locked": true, "points": 2, "solution": false, "task": false}
check(mean_image)

# %% [markdown]
# ### Exercise 11: `channel_mean` (2 points)
# Average each channel over all pixels of all images.
# The channels are the last axis, there may be any number of them, and the result has shape `(C,)`, as floats.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "channel_mean", "locked": false, "solution": true, "task": false}
def channel_mean(images):
    """Mean of each channel (C,) of images (N, H, W, C)."""
    ### BEGIN SOLUTION
    return images.mean(axis=(0, 1, 2))
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_channel_mean", "locked": true, "points": 2, "solution": false, "task": false}
check(channel_mean)

# %% [markdown]
# On digits, and on a thousand images of random colour noise, brightest in red:

# %%
colour_rng = np.random.default_rng(5)
colour_images = (colour_rng.uniform(size=(1000, 32, 32, 3)) * [240, 160, 80]).astype(np.uint8)
print(
    f"mean image of {colour_images.shape}: shape {mean_image(colour_images).shape}, "
    f"{mean_image(colour_images).size} numbers"
)
print(
    f"channel mean: {np.round(channel_mean(colour_images), 1)}, "
    f"{channel_mean(colour_images).size} numbers"
)
average = mean_image(X_train).reshape(8, 8)
one_of_each = np.array([X_train[y_train == digit][0] for digit in range(10)]).reshape(-1, 8, 8)
plots.image_rows(
    {
        "colour noise": colour_images[:10] / 255,
        "mean digit": average[np.newaxis],
        "digits": one_of_each,
        "centred": one_of_each - average,
    },
    "Colour noise; digits minus their mean image (orange: more ink than the mean, violet: less)",
)

# %% [markdown]
# ## Stretch
# The dev digits below were written in a moving train: turned, zoomed and distorted. Train on the same **three hundred** digits, and read as many as you can.
# Without augmentation the course's net reads less than two thirds; with the right copies, several of each digit, it reads more than **80%**. The cell below is a start.

# %%
in_a_train = np.random.default_rng(9)
shaky = random_distortion(
    random_zoom(random_rotation(dev_images, 25, in_a_train), 1.25, in_a_train), 0.7, in_a_train
)
draw = np.random.default_rng(0)
net, optimizer = build_network([64, 64, 10], np.random.default_rng(80)), Adam(3e-3)
digits, digit_labels = X_train[:300].reshape(-1, 8, 8), y_train[:300]
for _ in range(30):
    copies = digits  # change this line: what do shaky digits look like?
    shown = np.concatenate([digits, copies]).reshape(600, 64)
    fit(
        net, shown, np.tile(digit_labels, 2), rng=draw, epochs=1, optimizer=optimizer,
        on_explosion="stop",
    )
print(f"{net.evaluate(shaky.reshape(-1, 64), y_dev)[1]:.1%} of the shaky digits are read")

# %% [markdown]
# ## What to take away
# - Split first, at random, X and y by the same order; 60/20/20 for thousands of examples, 98/1/1 for a million.
# - Whatever is measured, means, deviations or components, is measured on the training set and applied to all.
# - Standardise features of different units; a constant feature is known by its values and gets a deviation of 1.
# - Scaled features make the cost round, so one rate suits all weights.
# - PCA turns to the axes along which the data varies most; whitening also makes all variances 1, noise included.
# - Augment the training set only, with changes that keep the label true and that will be met in use.
# - For images, subtract the mean image or the channel means, no more.
#
# Next: notebook 05 asks which weights to start with.

# %%
progress()
