"""Correct implementations of 06-gradient-descent written differently; refusing one is a bug of ours."""

import math
import random

import numpy as np

from grader.authoring import variant
from nnlib import softmax_cross_entropy


def _gradients(w, b, X, y):
    cost, dscores = softmax_cross_entropy(X @ w + b, y)
    return cost, X.T @ dscores, dscores.sum(axis=0)


def _descend(orders, X, y, lr, size):
    classes = max(y.tolist()) + 1
    w, b, costs = np.zeros((X.shape[1], classes)), np.zeros((1, classes)), []
    for order in orders:
        for start in range(0, len(order), size):
            chosen = np.asarray(order[start : start + size])
            cost, dw, db = _gradients(w, b, X[chosen], y[chosen])
            costs.append(cost)
            w, b = w - lr * dw, b - lr * db
    return costs


@variant(of="steps_per_epoch")
def steps_with_ceil(n, batch_size):
    return math.ceil(n / batch_size)


@variant(of="steps_per_epoch")
def steps_by_negative_division(n, batch_size):
    return -(-n // batch_size)


@variant(of="steps_per_epoch")
def steps_by_counting(n, batch_size):
    return len(range(0, n, batch_size))


@variant(of="steps_per_epoch")
def steps_by_divmod(n, batch_size):
    full, rest = divmod(n, batch_size)
    return full + (rest > 0)


@variant(of="random_minibatches")
def shuffles_a_copy_of_the_indices(X, y, batch_size, rng):
    order = np.arange(len(X))
    rng.shuffle(order)
    return [(X[order[i : i + batch_size]], y[order[i : i + batch_size]]) for i in range(0, len(X), batch_size)]


@variant(of="random_minibatches")
def sorts_random_numbers(X, y, batch_size, rng):
    order = np.argsort(rng.random(len(y)))
    X, y = X[order], y[order]
    return tuple((X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size))


@variant(of="random_minibatches")
def chooses_without_replacement(X, y, batch_size, rng):
    left, batches = np.arange(len(X)), []
    while len(left):
        chosen = rng.choice(left, size=min(batch_size, len(left)), replace=False)
        left = np.setdiff1d(left, chosen)
        batches.append([X[chosen], y[chosen]])
    return batches


@variant(of="random_minibatches")
def with_pythons_own_shuffle(X, y, batch_size, rng):
    order = list(range(len(X)))
    random.Random(int(rng.integers(2**62))).shuffle(order)
    cuts = range(batch_size, len(X), batch_size)
    return list(zip(np.split(X[order], cuts), np.split(y[order], cuts), strict=True))


@variant(of="random_minibatches")
def permutes_both_with_one_state(X, y, batch_size, rng):
    seed = int(rng.integers(2**62))
    X = np.random.default_rng(seed).permutation(X)
    y = np.random.default_rng(seed).permutation(y)
    return [(X[i : i + batch_size], y[i : i + batch_size]) for i in range(0, len(X), batch_size)]


@variant(of="gradient_step")
def steps_in_a_loop(params, grads, lr):
    new = {}
    for name in grads:
        new[name] = params[name] - lr * grads[name]
    return new


@variant(of="gradient_step")
def steps_on_copies(params, grads, lr):
    new = {name: np.array(value) for name, value in params.items()}
    for name, value in new.items():
        value -= lr * grads[name]
    return new


@variant(of="gradient_step")
def steps_in_reverse_order(params, grads, lr):
    return {name: np.add(params[name], np.multiply(-lr, grads[name])) for name in sorted(params, reverse=True)}


@variant(of="batch_gradient_descent")
def batch_by_hand(X, y, lr, epochs):
    return _descend([range(len(X))] * epochs, X, y, lr, len(X))


@variant(of="batch_gradient_descent")
def batch_as_an_array(X, y, lr, epochs):
    return np.array(_descend([np.arange(len(X))[::-1]] * epochs, X, y, lr, len(X)), dtype=float)


@variant(of="batch_gradient_descent")
def batch_with_a_column_of_ones(X, y, lr, epochs):
    X = np.hstack([X, np.ones((len(X), 1))])
    theta, costs = np.zeros((X.shape[1], y.max() + 1)), []
    for _ in range(epochs):
        cost, dscores = softmax_cross_entropy(X @ theta, y)
        costs += [float(cost)]
        theta = theta - lr * X.T @ dscores
    return costs


@variant(of="stochastic_gradient_descent")
def stochastic_by_shuffling_indices(X, y, lr, epochs, rng):
    order, orders = np.arange(len(X)), []
    for _ in range(epochs):
        rng.shuffle(order)
        orders.append(order.copy())
    return _descend(orders, X, y, lr, 1)


@variant(of="batch_gradient_descent")
def batch_cuts_off_the_last_cost(X, y, lr, epochs):
    return tuple(_descend([range(len(X))] * (epochs + 1), X, y, lr, len(X))[:-1])


@variant(of="stochastic_gradient_descent")
def stochastic_by_sorting(X, y, lr, epochs, rng):
    return np.array(_descend(np.argsort(rng.random((epochs, len(X))), axis=1), X, y, lr, 1))


@variant(of="stochastic_gradient_descent")
def stochastic_by_choice(X, y, lr, epochs, rng):
    return _descend([rng.choice(len(X), len(X), replace=False) for _ in range(epochs)], X, y, lr, 1)


@variant(of="minibatch_gradient_descent")
def minibatch_by_shuffling_indices(X, y, lr, epochs, batch_size, rng):
    order, orders = list(range(len(X))), []
    for _ in range(epochs):
        rng.shuffle(order)
        orders.append(list(order))
    return _descend(orders, X, y, lr, batch_size)


@variant(of="minibatch_gradient_descent")
def minibatch_by_sorting(X, y, lr, epochs, batch_size, rng):
    return np.array(_descend(np.argsort(rng.random((epochs, len(X))), axis=1), X, y, lr, batch_size))


@variant(of="minibatch_gradient_descent")
def minibatch_by_choice(X, y, lr, epochs, batch_size, rng):
    return tuple(_descend([rng.choice(len(X), len(X), replace=False) for _ in range(epochs)], X, y, lr, batch_size))
