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
# # 13 · Capstone: a digit reader of your own
#
# Below is the simplest reader of digits: it has ten averages, one per digit, and says whichever is nearest.
# The pictures are those of the dev set that it gets wrong.
# **How many of them can you read?** This reader gets 93% right; your net must reach at least 97.5%.

# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "imports", "locked": true, "solution": false, "task": false}
import math
import time

import numpy as np

from nnlib import (
    adam_step, affine_backward, affine_forward, cosine_restarts, cross_entropy,
    dropout_backward, dropout_forward, explore, gradient_step, he_normal, load_digits,
    plots, random_minibatches, relu, relu_backward, softmax, softmax_cross_entropy,
    steps_per_epoch, update_ratio,
)
from nnlib.checks import check, hint, progress, use_my_nnlib  # stuck? hint(train)

# %%
X, y = load_digits(part="course")
order = np.random.default_rng(13).permutation(len(X))
X_train, y_train = X[order[:1000]], y[order[:1000]]
X_dev, y_dev = X[order[1000:]], y[order[1000:]]
print(
    f"training set {X_train.shape}, dev set {X_dev.shape}, pixels from {X.min():g} to {X.max():g}"
)
print("dev images per class:", np.bincount(y_dev))

averages = np.stack([X_train[y_train == digit].mean(axis=0) for digit in range(10)])
nearest = ((X_dev[:, np.newaxis] - averages) ** 2).sum(axis=2).argmin(axis=1)
wrong = np.flatnonzero(nearest != y_dev)
upper, lower = np.array_split(X_dev[wrong].reshape(-1, 8, 8), 2)
plots.image_rows(
    {"upper row": upper, "lower row": lower},
    f"{len(wrong)} of {len(y_dev)} digits that the simplest reader gets wrong",
)

# %% [markdown]
# <details><summary>What you should see</summary>
# The upper row is 5, 9, 4, 6, 5, 1, 8, the lower row 4, 8, 3, 4, 9, 8, 3.
# The reader says 9, 5, 1, 0, 9, 8, 1 and 7, 1, 8, 1, 7, 1, 8.
# </details>

# %% [markdown]
# **When you are done, you can**
# - build and train a network from nothing but NumPy and your own functions, and reach 97.5% on digits that you have never seen;
# - test a training program before you trust it: loss at the start, twenty examples learnt by heart, gradients against differences;
# - read a loss curve, the gap between training and dev set, and the ratio of update to weight, and say what to do next;
# - average networks the right way, say what the average is guaranteed to do and what it is not, and get several networks out of one training;
# - report what you did so that somebody else believes it.
#
# **You need** notebooks 01 to 12; above all 02 (softmax), 05 (initialisation), 06 (mini-batches), 07 (Adam), 09 (regularisation) and 10 (dropout).
#
# **Your own library**: what passed its check in the other assignments is in `my_nnlib`. Import it in a new cell under the import cell, such as these two functions, and every function of your net can be your own:
#
# ```python
# use_my_nnlib()
# from my_nnlib import relu, softmax
# ```
#
# **Time**: about 240 minutes for six functions, a written answer and a report; 50 points, 13 of them graded by people.
#
# **How it works**: write each function in place of `raise NotImplementedError()`, then run the check under it; grading uses other inputs. Stuck? Run `hint(train)` in a cell of your own, up to three times.
#
# **What you may use**: NumPy, everything in `nnlib` that is not withheld (layers' functions, losses, initialisers, optimizer steps, schedules, dropout, batch norm and so on are all there), and your own code from earlier notebooks.
# Whole networks and training loops are withheld: writing them is the point.
# Copying weights or images of digits into the notebook is not allowed, and would not help: grading trains your network anew, with the classes under other numbers.
#
# **Where it comes from.**
# Alpaydin & Kaynak (1998) had the digits written on forms and scanned; post offices and banks paid for reading such digits long before anybody spoke of deep learning, and LeCun et al. (1998) collect the tricks that made nets good at it.
# Asking several nets is as old: Hansen & Salamon (1990).
#
# <details><summary>House conventions</summary>
#
# Examples are rows, `X` is `(N, D)`, labels `y` are `(N,)` whole numbers from 0, weights are `(fan_in, fan_out)`, biases `(fan_out,)`; a loss is a mean over its batch; functions return new arrays and leave their inputs as they were.
# Everything random comes from an argument `rng`, a `numpy.random.Generator`: nothing is graded by comparing with a seed, but the same `rng` must give the same result again.
# </details>

# %% [markdown]
# ## 1. The data, and the part that you do not have
#
# The digits are 1,797 images of 8 × 8 pixels.
# A third of them, 599 images with every class in its proportion, has been taken out of this edition of `nnlib`: that third is the test set, and it stays with the graders.
# (The set is public and earlier notebooks came with all of it, so that third is no secret; looking at it would only cost you the one honest number that you get.)
# You have 1,198 images, to be used as you like.
# Here 1,000 of them are for training and 198 are the dev set, which tells you how you are doing.
#
# The dev set is for *choosing*: sizes, rates, when to stop.
# Train on it and it tells you nothing any more.
# And the more often you choose by it, the more it flatters you, which is why somebody else keeps the test set.

# %% [markdown]
# ## 2. Build
#
# A network here is a chain of affine layers, with an activation after each but the last, and softmax on top:
#
# $$a^{(0)} = x, \qquad z^{(i)} = a^{(i-1)} W_i + b_i, \qquad a^{(i)} = g(z^{(i)}), \qquad p = \operatorname{softmax}(z^{(L)})$$
#
# It is kept as a dict of float64 arrays: `W1`, `b1`, `W2`, `b2`, … up to `WL`, `bL`.
# `sizes = [64, 20, 10]` means 64 inputs, one hidden layer of 20 units, ten classes: `W1` is `(64, 20)`, `b1` is `(20,)`, `W2` is `(20, 10)`, `b2` is `(10,)`.
# `sizes = [64, 10]` has no hidden layer at all: softmax regression.
#
# ### Exercise 1: `build_network` (4 points)
# Return the starting parameters of such a network, as a dict.
# - The dict holds exactly these names, with these shapes.
# - Biases are zero.
# - Weights are drawn from `rng`, each layer anew, with mean zero.
#   In a hidden layer their standard deviation lies between half and twice $1/\sqrt{\text{fan\_in}}$, so that signals neither die nor explode: He, Xavier and LeCun all satisfy this where neighbouring layers differ by less than a factor of six.
#   In the last layer it may be smaller, but not zero.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "build_network", "locked": false, "solution": true, "task": false}
def build_network(sizes, rng):
    """Draw the starting parameters of a network.

    sizes: a list of two or more ints: inputs, units of each hidden layer, classes;
    rng: a numpy.random.Generator
    returns: a dict with W1, b1, ..., WL, bL
    """
    ### BEGIN SOLUTION
    params = {}
    for i in range(1, len(sizes)):
        params[f"W{i}"] = he_normal(sizes[i - 1], sizes[i], rng)
        params[f"b{i}"] = np.zeros(sizes[i])
    return params
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_build_network", "locked": true, "points": 4, "solution": false, "task": false}
check(build_network)

# %% [markdown]
# ## 3. Predict
#
# **By hand**, with ReLU: $x = (1, -1)$, $W_1 = \begin{pmatrix} 1 & 0 \\ 2 & 1 \end{pmatrix}$, $b_1 = (0, 3)$.
# Then $z^{(1)} = (1 - 2 + 0,\ 0 - 1 + 3) = (-1, 2)$ and $a^{(1)} = (0, 2)$.
# With $W_2 = \begin{pmatrix} 5 & 7 \\ 1 & 0.5 \end{pmatrix}$ and $b_2 = (0, 1)$ the scores are $(2 \cdot 1 + 0,\ 2 \cdot 0.5 + 1) = (2, 2)$, so both classes get probability ½.
#
# ### Exercise 2: `predict_probabilities` (4 points)
# Return the probabilities of the classes, `(N, C)`, one row for each example.
# - Works for the parameters of any `build_network`, also after training, and also without a hidden layer.
# - The activation $g$ of the hidden layers is your choice, any of notebook 01 that works on each number alone and has no parameters; if in doubt, ReLU.
#   There is none after the last layer but softmax.
# - This is the network at test time: no dropout, nothing random, and the answer for an image does not depend on which others are in `X`.
# - Scores of a few thousand are no reason for `nan`.
#
# (Batch norm and standardised inputs are welcome in exercise 4: both can be folded into `W` and `b` in the end, as in notebook 11.)


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "predict_probabilities", "locked": false, "solution": true, "task": false}
def predict_probabilities(params, X):
    """Map examples X (N, D) to the probabilities (N, C) of each class; each row sums to 1."""
    ### BEGIN SOLUTION
    last = len(params) // 2
    a = X
    for i in range(1, last):
        a = relu(a @ params[f"W{i}"] + params[f"b{i}"])
    return softmax(a @ params[f"W{last}"] + params[f"b{last}"])
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_predict_probabilities", "locked": true, "points": 4, "solution": false, "task": false}
check(predict_probabilities)

# %% [markdown]
# The first sanity check of any training: before it has learnt anything, the network should cost about $\ln 10 = 2.303$.
# With He's spread in the last layer too it starts a little above, since it is wrong with some confidence.

# %%
fresh = build_network([64, 32, 10], np.random.default_rng(0))
print(
    f"cost at the start {cross_entropy(predict_probabilities(fresh, X_dev), y_dev):.2f}, "
    f"ln 10 = {math.log(10):.3f}"
)

# %% [markdown]
# ## 4. Loss and gradients
#
# Training needs the loss of a batch, $J = -\frac1n \sum_j \ln p_{j, y_j}$, and its gradient for every parameter.
# Write $\delta^{(i)}$ for $\partial J / \partial z^{(i)}$. With softmax and cross-entropy together, $\delta^{(L)} = (p - \text{one-hot}(y)) / n$, and from there one goes back layer by layer:
#
# $$\frac{\partial J}{\partial W_i} = {a^{(i-1)}}^\top \delta^{(i)}, \qquad \frac{\partial J}{\partial b_i} = \sum_{\text{rows}} \delta^{(i)}, \qquad \delta^{(i-1)} = \bigl(\delta^{(i)} W_i^\top\bigr) \odot g'(z^{(i-1)})$$
#
# ### Exercise 3: `loss_and_gradients` (7 points)
# - Return the pair `(loss, grads)`: the mean cross-entropy of what `predict_probabilities` says, a number, and a dict with the names and shapes of `params`.
# - Called with these three arguments it computes the plain loss: no penalty, no dropout, nothing random.
#   You may add optional arguments after them, such as `keep_prob=1.0, rng=None`, for your own training.
# - Scores of a few thousand must give the right loss too, so take the logarithm from the scores, not from probabilities that have become zero.
# - Neither `params` nor `X` nor `y` changes.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "loss_and_gradients", "locked": false, "solution": true, "task": false}
def loss_and_gradients(params, X, y, keep_prob=1.0, rng=None):
    """Mean cross-entropy of a batch X (n, D), y (n,), and its gradients by parameter's name."""
    ### BEGIN SOLUTION
    last = len(params) // 2
    a, passed = X, []
    for i in range(1, last):
        z, cache = affine_forward(a, params[f"W{i}"], params[f"b{i}"])
        a, mask = dropout_forward(relu(z), keep_prob, rng)
        passed.append((cache, z, mask))
    scores, cache = affine_forward(a, params[f"W{last}"], params[f"b{last}"])
    loss, dscores = softmax_cross_entropy(scores, y)
    grads = {}
    da, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dscores, cache)
    for i in range(last - 1, 0, -1):
        cache, z, mask = passed[i - 1]
        dz = relu_backward(dropout_backward(da, mask), z)
        da, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dz, cache)
    return loss, grads
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_loss_and_gradients", "locked": true, "points": 7, "solution": false, "task": false}
check(loss_and_gradients)

# %% [markdown]
# The second sanity check: a program that works can learn twenty examples by heart.
# Plain gradient steps with your own functions do; if this fails, no amount of tuning will help.

# %%
twenty = build_network([64, 32, 10], np.random.default_rng(1))
for step in range(301):
    loss, grads = loss_and_gradients(twenty, X_train[:20], y_train[:20])
    if step % 100 == 0:
        right = np.mean(predict_probabilities(twenty, X_train[:20]).argmax(axis=1) == y_train[:20])
        print(f"step {step:3d}: cost {loss:.4f}, accuracy {right:.2f}")
    twenty = gradient_step(twenty, grads, 0.3)

# %% [markdown]
# ## 5. Train
#
# ### Exercise 4: `SIZES` and `train` (12 points)
# `SIZES` is the network that you hand in, a list that begins with 64 and ends with 10.
#
# `train(params, X, y, X_dev, y_dev, rng, epochs=...)` returns a pair `(params, history)`; the default of `epochs` is your choice.
# Optimizer, learning rates, batch size, regularisation, augmentation and early stopping are yours too, within these rules:
# - An **epoch** uses every example of `X` once, the short last batch included, in an order drawn from `rng`.
#   There are at most `epochs` of them, and at least one.
# - `X_dev`, `y_dev` may decide when to stop and which epoch's parameters to return, but nothing is ever *fitted* to them.
#   With `epochs=1` there is nothing to decide, so the parameters do not depend on the dev set at all.
# - The returned `params` are a new dict with the same names and shapes, and those of the end of one of the epochs; what was passed in stays as it was.
# - `history` is a dict of five lists with one number per epoch:
#   - `train_loss` and `dev_loss`: the mean cross-entropy of `predict_probabilities` over *all* of `X`, and over all of `X_dev`, with the parameters at the end of the epoch, without any penalty;
#   - `train_accuracy` and `dev_accuracy`: the share of right answers there, 0 to 1;
#   - `update_ratio`: $\lVert \Delta W_1 \rVert / \lVert W_1 \rVert$ of the epoch's last step, the change of `W1` over `W1` before that step (`nnlib.update_ratio`).
#     If you fold batch norm or standardised inputs into the result, it is about the `W1` that you train, before the folding.
# - It works for other sizes, numbers of classes and data as well, not just for images of 64 pixels; a class may be missing from `X`.
#
# **How it is graded.**
# Several tests look at the rules, on small data.
# One trains your network on 1,000 of your 1,198 digits, with the other 198 as dev set, your `SIZES` and your default for `epochs`, and tries it on the 599 that you do not have: **at least 97.5%** (585 of them) must be right.
# Luck should not decide: if a training misses the mark, it is repeated with other random numbers, up to three times in all.
# A training may take 20 seconds there, so aim for five on your own machine.
#
# **What to expect.**
#
# | network | right, on average |
# |---|---|
# | one hidden layer of 64 units, no regularisation | near 96.7% |
# | one hidden layer with $\tanh$, with noise or L2 | 97.0 to 97.5% |
# | our net, with noise and dropout | 98.6% of the dev set |
# | the same, its training digits moved by up to a pixel (notebook 04) | 95.9% of the dev set |
#
# So a little craft is needed: more units, a second hidden layer, a rate that falls, dropout, L2 or a little noise on the training images. ReLU is the safer choice here.
# Moving the digits does *not* help: the test digits are all centred, and of eight pixels one is much.
# Train with three or four seeds before you hand in: a design whose average is at the mark needs luck, one a point above does not.
# The dev set of 198 can only roughly tell two good networks apart: 1% of it is two images.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "train", "locked": false, "solution": true, "task": false}
# SIZES = [64, ..., 10], the network that you hand in
### BEGIN SOLUTION
SIZES = [64, 128, 128, 10]
### END SOLUTION


def train(params, X, y, X_dev, y_dev, rng, epochs=50):
    """Train a network on X (N, D), y (N,) and watch it on X_dev, y_dev.

    returns: the trained parameters, and a dict with the lists train_loss, dev_loss,
    train_accuracy, dev_accuracy and update_ratio, one number per epoch
    """
    ### BEGIN SOLUTION
    params, states = dict(params), {name: {} for name in params}
    history = {
        name: []
        for name in (
            "train_loss", "dev_loss", "train_accuracy", "dev_accuracy", "update_ratio",
        )
    }
    for epoch in range(epochs):
        lr = cosine_restarts(0.004, 0.0, epoch, epochs)  # one cycle: falls and does not come back
        for X_batch, y_batch in random_minibatches(X, y, 64, rng):
            # the same digit, so more examples for free
            noisy = X_batch + 0.15 * rng.normal(size=X_batch.shape)
            _, grads = loss_and_gradients(params, noisy, y_batch, 0.8, rng)
            before = params["W1"]
            for name, gradient in grads.items():
                params[name], states[name] = adam_step(params[name], gradient, states[name], lr)
        for part, images, labels in (("train", X, y), ("dev", X_dev, y_dev)):
            probs = predict_probabilities(params, images)
            history[f"{part}_loss"].append(cross_entropy(probs, labels))
            history[f"{part}_accuracy"].append(float(np.mean(probs.argmax(axis=1) == labels)))
        history["update_ratio"].append(update_ratio(before, params["W1"] - before))
    return params, history
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_train", "locked": true, "points": 12, "solution": false, "task": false}
check(train)

# %% [markdown]
# ## 6. Look at it
#
# Train the real thing, and look at the three curves that an engineer looks at first.

# %% tags=["remembered"]
rng = np.random.default_rng(2026)
start = build_network(SIZES, rng)
began = time.perf_counter()
network, history = train(start, X_train, y_train, X_dev, y_dev, rng)
seconds = time.perf_counter() - began
probs_dev = predict_probabilities(network, X_dev)
print(
    f"dev accuracy {np.mean(probs_dev.argmax(axis=1) == y_dev):.3f}, "
    f"{len(history['dev_loss'])} epochs"
)
middle = len(history["update_ratio"]) // 2
print(f"update ratio after half of the epochs: {history['update_ratio'][middle]:.1e}")
ratios = {"W1": history["update_ratio"]}
plots.dashboard(history["train_loss"], history["train_accuracy"], history["dev_accuracy"], ratios)

# %% [markdown]
# How to read it:
# - **Loss.** It should fall steeply at first and then level out.
#   A straight slow line: the rate is too small. A curve that stops high, or jumps about: too large. A long flat start: a bad initialisation.
# - **Gap.** Training accuracy far above dev accuracy is high variance: regularise, or find more data. Both low and close together is high bias: a larger network, more epochs, a better optimizer.
# - **Update over weight.** About $10^{-3}$ is healthy. $10^{-1}$ throws the weights about, $10^{-6}$ hardly moves them.
#   A rate that falls to zero takes the ratio down with it, as it should.
#
# The dev loss says something that the accuracy does not: how sure the network is where it is wrong.
# On a logarithmic axis the gap stays visible where both are small.

# %%
plots.loss_curves(
    {"training set": history["train_loss"], "dev set": history["dev_loss"]},
    title="The dev loss ends above the training loss: the gap", log=True,
)

# %% [markdown]
# Then look at the mistakes themselves, every single one.
# Are they digits that you would read wrongly too?
# Is there one pair of classes that is confused again and again?

# %%
plots.wrong_digits(X_dev, y_dev, probs_dev.argmax(axis=1))

# %% [markdown]
# Look at the first layer, too.
# The weights themselves are mostly the random numbers they started from; what training has *added* shows more.
# In the upper row, for ten units, that difference at the place of each pixel, averaged with its neighbours: a dark orange spot beside a purple one is a stroke or an edge that the unit looks for.
# In the lower row, the mean of the thirty training digits that excite the unit most.

# %%
plots.units_and_their_digits(network["W1"] - start["W1"], network["W1"], X_train)

# %% [markdown]
# Each neuron looks for a feature and says how strongly it finds it; the layers behind make digits of such features.
# Pixels at the left and right edge are white in nearly all digits; what their weights show is partly noise.
#
# ### Now you
# **Which of these ten digits does your net still read when they are moved by a pixel, dimmed or drowned in noise? And how sure is it where it is wrong?**

# %%
ten = [np.flatnonzero(y_dev == digit)[0] for digit in range(10)]


def disturb(right=1, noise=0.0, ink=1.0):
    """Move ten dev digits to the right, dim their ink, add noise, and ask the net."""
    images = np.roll(X_dev[ten].reshape(-1, 8, 8), right, axis=2)
    images = ink * images + noise * np.random.default_rng(1).normal(size=images.shape)
    probs = predict_probabilities(network, images.reshape(-1, 64))
    said = probs.argmax(axis=1)
    print("digit: what the net says (how sure it is)")
    told = [f"{digit}: {said[digit]} ({probs[digit].max():.0%})" for digit in range(10)]
    print("   ".join(told[:5]), "   ".join(told[5:]), sep="\n")
    return plots.image_rows(
        {"shown": images}, f"{np.sum(said == np.arange(10))} of 10 read correctly"
    )


explore(disturb, right=[1, 0, -1, 2], noise=(0.0, 1.0, 0.0), ink=(0.1, 1.5, 1.0))

# %% [markdown]
# <details><summary>What you should see</summary>
#
# (Our net; yours will differ a little.) Noise of 0.2 and a third of the ink do no harm; a single pixel to the side makes four or five of the ten wrong, two pixels nearly all of them, many with 90% and more.
# The net has only ever seen centred digits, and nothing in it knows that a picture may move (convolutions do).
# That is the other side of the last section's advice: shifts do not help on centred digits, and are needed for others.
# </details>

# %% [markdown]
# ## 7. Ask several
#
# Train the same network five times from different starts, and the five are wrong on different images.
# Average what they say and some of these mistakes are outvoted.
# What is averaged is the *probabilities*: each member says how sure it is, and one that is sure counts for more than one that hesitates.
#
# **By hand.** One image of class 0. The first member gives class 0 the probability 0.9, the second 0.1.
# The average is 0.5.
# The members cost $-\ln 0.9 = 0.105$ and $-\ln 0.1 = 2.303$, on average 1.204; the ensemble costs $-\ln 0.5 = 0.693$, less.
# That is no accident: $-\ln$ is convex, so by Jensen's inequality the cost of the average is never above the average of the costs, for any members, on any data.
#
# ### Exercise 5: `ensemble_average` (4 points)
# `probs` holds the members' probabilities for the same examples: a list of M arrays `(N, C)`, or one array `(M, N, C)`.
# Return the average `(N, C)`, in which every member counts the same.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "ensemble_average", "locked": false, "solution": true, "task": false}
def ensemble_average(probs):
    """Average the probabilities (N, C) of M members, given as a list or as one array (M, N, C)."""
    ### BEGIN SOLUTION
    return np.mean(probs, axis=0)
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_ensemble_average", "locked": true, "points": 4, "solution": false, "task": false}
check(ensemble_average)

# %% [markdown]
# On clean digits there is not much left to win.
# So here is a harder set: the dev images under heavy noise, five times each with other noise, far more than in training if yours saw any.


# %%
def judge(members, images, labels):
    """Print accuracy and cost of the members and of their ensemble, or of a single net."""
    said = [predict_probabilities(member, images) for member in members]
    costs = [cross_entropy(probs, labels) for probs in said]
    rights = [np.mean(probs.argmax(axis=1) == labels) for probs in said]
    if len(members) == 1:
        print(f"  {rights[0]:.1%} right, cost {costs[0]:.3f}")
        return
    average = ensemble_average(said)
    together = np.mean(average.argmax(axis=1) == labels), cross_entropy(average, labels)
    print(
        f"  members   {np.mean(rights):.1%} right on average ({min(rights):.1%} to "
        f"{max(rights):.1%})",
        end=", ",
    )
    print(f"mean cost {np.mean(costs):.3f}")
    print(f"  ensemble  {together[0]:.1%} right, cost {together[1]:.3f}")


members = []
for seed in range(5):
    rng = np.random.default_rng(seed)
    members.append(
        train(build_network(SIZES, rng), X_train, y_train, X_dev, y_dev, rng, epochs=25)[0]
    )
rng = np.random.default_rng(99)
X_noisy = np.concatenate([X_dev + 0.4 * rng.normal(size=X_dev.shape) for _ in range(5)])
print("clean dev set:")
judge(members, X_dev, y_dev)
print("noisy dev set:")
judge(members, X_noisy, np.tile(y_dev, 5))

# %% [markdown]
# The ensemble's cost is below the members' mean cost both times, as it must be.
# The accuracy is not guaranteed to rise, but on hard data it usually does, by a point or two.
#
# ## 8. Several for the price of one
#
# Five trainings cost five times as much.
# **Snapshots**, by Huang et al. (2017), are cheaper: train once, with a learning rate that falls along half a cosine to nearly nothing, so that the network settles; keep a copy; jump back to the full rate, which throws it out of its valley; let it settle again, somewhere else; and so on.
# Each cycle leaves one member.
#
# **By hand.** Five examples in batches of two are three steps per epoch; with two epochs per cycle the period is six steps.
# From `lr_max` = 0.4 to `lr_min` = 0 the rates are 0.4, 0.373, 0.3, 0.2, 0.1, 0.027, and then 0.4 again: the snapshot is taken between the sixth step and the seventh.

# %%
# ten epochs per cycle, of 1,000 digits by 32
rates = [cosine_restarts(0.5, 0.0, step, 320) for step in range(1600)]
plots.loss_curves(
    {"rate": rates}, title="Five cycles: a snapshot at the end of each", xlabel="step",
    ylabel="learning rate", dots=range(319, 1600, 320),
)

# %% [markdown]
# ### Exercise 6: `snapshot_ensemble` (6 points)
# - Start from `params`; make `cycles * epochs_per_cycle` epochs of mini-batches, the short last batch included, in a fresh random order each epoch.
# - Every step is a plain `gradient_step` with the gradients of `loss_and_gradients`, without penalty, dropout or momentum.
#   The rate of step $t$ (0 is the first of the whole training) is `cosine_restarts(lr_max, lr_min, t, period)`, with a period of one cycle's steps.
# - After the last step of each cycle, keep a copy of the parameters; training goes on from where it is.
# - The defaults in the head stay as they are.
# - Return the list of the `cycles` snapshots, in order: dicts that share no array with each other or with `params`, which stays as it was.


# %% nbgrader={"schema_version": 3, "grade": false, "grade_id": "snapshot_ensemble", "locked": false, "solution": true, "task": false}
def snapshot_ensemble(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    """Train once with a rate that restarts, and return the parameters at the end of every cycle."""
    ### BEGIN SOLUTION
    period = epochs_per_cycle * steps_per_epoch(len(X), batch_size)
    snapshots, step = [], 0
    for _ in range(cycles):
        for _ in range(epochs_per_cycle):
            for X_batch, y_batch in random_minibatches(X, y, batch_size, rng):
                _, grads = loss_and_gradients(params, X_batch, y_batch)
                params = gradient_step(params, grads, cosine_restarts(lr_max, lr_min, step, period))
                step += 1
        snapshots.append(params)  # gradient_step makes a new dict of new arrays, so this one stays
    return snapshots
    ### END SOLUTION


# %% nbgrader={"schema_version": 3, "grade": true, "grade_id": "test_snapshot_ensemble", "locked": true, "points": 6, "solution": false, "task": false}
check(snapshot_ensemble)

# %%
rng = np.random.default_rng(5)
snapshots = snapshot_ensemble(build_network(SIZES, rng), X_train, y_train, rng)
print("clean dev set:")
judge(snapshots, X_dev, y_dev)
print("noisy dev set:")
judge(snapshots, X_noisy, np.tile(y_dev, 5))

# %% [markdown]
# Snapshots come from one training, so they resemble each other more than networks from different starts, and the ensemble usually gains less: the price of the discount.
# That the snapshots themselves do worse is not their fault alone: they are trained with plain steps, without whatever noise, dropout or optimizer your `train` uses.
#
# ### Question 1 (3 points)
# A friend says: "An ensemble is always at least as accurate as its members."
#
# - a) Make up an example with three members, one image and two classes in which two of the three members are right and the average is wrong.
# - b) What *is* guaranteed, on any data?
# - c) Another friend wants to save memory and averages the five networks' *weights* instead of their probabilities. For networks from different starts the result is far worse than any of them (about 30% right). Why?

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_ensemble", "locked": false, "points": 3, "solution": true, "task": false}
# a) True class 0; the members give class 0 the probabilities 0.6, 0.6 and 0.1.
# Two are right, but the average is 0.433, so the ensemble says class 1.
#
# b) The cross-entropy of the average is never above the average of the members' cross-entropies (Jensen, since $-\ln$ is convex).
# It may well be above that of the best member.
#
# c) Hidden units have no fixed order: two networks may compute the same with their units permuted, and from different starts unit 7 of one has nothing to do with unit 7 of the other.
# The average of two unrelated weights is a unit that neither network has, so the layers do not fit together any more.
# (The probabilities mean the same in all networks: that is why they can be averaged.)
#
# *Marking: 1 point for a correct example with numbers; 1 point for the cost of the average against the average of the costs (half a point if "the best member" is claimed); 1 point for the units that do not correspond.*

# %% [markdown]
# ## 9. Report
#
# ### Question 2: the report (10 points)
# Write it for a colleague who has to decide whether to use your network and who will not read your code; about one page, with numbers from your own runs.
# 1. **What was built**: sizes, activation, optimizer, rates, batch size, regularisation, epochs; training and dev accuracy; and what you expect on the test set, with a reason.
# 2. **The loss curve**: describe it, and say what it tells about rate and initialisation.
# 3. **The gap**: how large is it, in accuracy and in loss; bias or variance; what did you do about it, and what happened?
# 4. **The update ratio**: its size in the middle of training, its course, and what that says about the rate.
# 5. **What was tried**: at least two things that you changed one at a time, with the dev accuracy before and after, and whether a difference of that size means anything on 198 images.
# 6. **The mistakes**: which digits are wrong, what they have in common, and the next thing you would try because of them.

# %% [markdown] nbgrader={"schema_version": 3, "grade": true, "grade_id": "question_report", "locked": false, "points": 10, "solution": true, "task": false}
# *A report in the spirit of the question; every right report has other numbers.*
#
# **Built.** 64-128-128-10 with ReLU, He initialisation, 26,000 parameters; Adam with a rate that falls from 0.004 to 0 along half a cosine, batches of 64, dropout that keeps 80% of each hidden layer, noise of deviation 0.15 on the training images, 50 epochs, about a second.
# Training accuracy 100%, dev accuracy 98.5%.
# On the test set I expect about 98%, half a point less than on the dev set by which I chose; with 599 images that number itself is good to about ±0.6 points.
#
# **Loss.** It starts at 2.5 before the first epoch, is 0.25 after the second, and levels out at 0.007 without a jump: the rate is neither too small (it would fall in a straight line) nor too large (it would jump or stop high), and there is no flat start, so the initialisation is fine.
#
# **Gap.** 1.5 points of accuracy, and in loss 0.007 against 0.036: a little variance, no bias.
# Dropout and noise together narrowed it from 2.0 points to 1.4, as a mean over ten seeds.
#
# **Update ratio.** 8·10⁻³ after the first epoch, 2.4·10⁻³ in the middle, then towards zero with the rate.
# That is a little above 10⁻³, which small batches and Adam explain; the dev accuracy flickers by a point while the ratio is above 3·10⁻³ and is calm below, so the falling rate is worth having.
#
# **Tried.** One hidden layer of 128 instead of two: dev 97.9% instead of 98.6%. Neither dropout nor noise: 98.0%. (Means over ten seeds.)
# On 198 images half a point is one image, and seeds scatter by 0.4 points, so single runs cannot tell these apart; the means of ten are good to about 0.13 points, and 0.6 is more than that.
# All of it is measured on the same 198 images, though, so another dev set could still disagree.
#
# **Mistakes.** Two narrow, slanted eights were read as ones, and a six as a zero: their holes are closed or tiny at eight by eight pixels.
# Next: small rotations and shears of the training digits, since slant is what they have in common, or an ensemble of five.
#
# *Marking.*
#
# | part | full points | half | none |
# |---|---|---|---|
# | 1 built (1) | complete enough to repeat, both accuracies, an expectation with a reason | something that is needed to repeat it is missing | no numbers |
# | 2 loss curve (2) | describes the writer's own curve and concludes on the rate *and* the start | only describes, or only one conclusion | says that it falls |
# | 3 gap (2) | size, verdict, and what a change did to it | size and verdict | no number, or the wrong verdict |
# | 4 update ratio (2) | own number, compared with 10⁻³, with its course and a conclusion on the rate | a number without a conclusion | no number |
# | 5 tried (2) | two single changes with numbers, and a judgement of chance (seeds, standard error, images) | two changes without that judgement, or one with it | several things changed at once |
# | 6 mistakes (1) | own mistakes looked at, and a next step that follows from them | one of the two | neither |
#
# *A poor accuracy that is understood earns more here than a good one that is not: the 97.5% are graded by the tests.*

# %% [markdown]
# ## 10. Your card
#
# To show to others: your net's result on digits that it was not trained on, mistakes first. (Right-click to save it.)

# %%
parameters = sum(value.size for value in network.values())
plots.result_card(
    X_dev, y_dev, probs_dev.argmax(axis=1), parameters=parameters, seconds=seconds,
    name="My digit reader",
)

# %% [markdown]
# ## Stretch
# The noisy dev set of section 7 is far from solved: our members, trained for 25 epochs, are right on 81% of it, their ensemble on 83%.
# Trained for noisy digits, one net reaches **85%**, and five together **86%**. What do you reach?
# Choose by it as often as you like, but train on training digits only; `random_rotation`, `random_zoom` and `random_distortion` of `nnlib` make more of them.
#
# **Tired of digits?** With a connection and `pip install pooch`, `load_fashion_mnist()` of `nnlib` fetches 60,000 pictures of clothes in 28 × 28 pixels, collected by Xiao et al. (2017), and `load_fashion_mnist("test")` another 10,000.
# Your functions take them as they are, with sizes that begin with 784. Which garments does your net confuse, and would you?

# %%
mine = [network]  # your own nets
judge(mine, X_noisy, np.tile(y_dev, 5))

# %% [markdown]
# ## What to take away
# - Write down what a program must do before you write it; then any code that does it is right.
# - Before tuning: loss at the start about $\ln C$, gradients against differences, twenty examples by heart.
# - Measure at the end of each epoch, on all data, without penalty and dropout; choose on the dev set, and let somebody else keep the test set.
# - Read loss, gap and update ratio together: each names another fault.
# - Average probabilities, not labels and not weights; the cost of the average is never above the average cost.
# - A rate that restarts gives several networks for the price of one.
# - A difference that is smaller than the scatter between seeds is no difference.

# %%
progress()
