"""Correct implementations of 13-capstone written differently; refusing one is a bug of ours."""

import copy
import itertools
import math

import numpy as np

from grader.authoring import variant
from nnlib import (
    adamw_step,
    affine_backward,
    affine_forward,
    classic_momentum_step,
    cosine_restarts,
    orthogonal,
    relu,
    relu_backward,
    rmsprop_step,
    softmax,
    softmax_cross_entropy,
    xavier_uniform,
)


@variant(of="build_network")
def with_xavier(sizes, rng):
    params = {}
    for i, (fan_in, fan_out) in enumerate(itertools.pairwise(sizes), start=1):
        params |= {f"W{i}": xavier_uniform(fan_in, fan_out, rng), f"b{i}": np.zeros((fan_out,))}
    return params


@variant(of="build_network")
def with_a_small_last_layer(sizes, rng):
    count = len(sizes) - 1
    weights = {f"W{i + 1}": rng.normal(0, math.sqrt(1 / sizes[i]), (sizes[i], sizes[i + 1])) for i in range(count)}
    weights[f"W{count}"] = 0.01 * weights[f"W{count}"]
    return weights | {f"b{i + 1}": np.zeros(sizes[i + 1]) for i in range(count)}


@variant(of="build_network")
def with_orthogonal_matrices(sizes, rng):
    params = {}
    for i in reversed(range(1, len(sizes))):
        params[f"b{i}"] = np.zeros(sizes[i], dtype=np.float32)
        params[f"W{i}"] = 1.4 * orthogonal(sizes[i - 1], sizes[i], rng)
    return params


@variant(of="build_network")
def with_uniform_numbers(sizes, rng):
    def draw(fan_in, fan_out):
        bound = (6 / fan_in) ** 0.5
        return (2 * rng.random((fan_in, fan_out)) - 1) * bound

    layers = range(1, len(sizes))
    return {f"W{i}": draw(*sizes[i - 1 : i + 1]) for i in layers} | {f"b{i}": 0.0 * np.ones(sizes[i]) for i in layers}


@variant(of="predict_probabilities")
def with_tanh(params, X):
    depth = sum(name.startswith("W") for name in params)
    for i in range(1, depth + 1):
        X = X @ params[f"W{i}"] + params[f"b{i}"]
        if i < depth:
            X = np.tanh(X)
    exp = np.exp(X - X.max(axis=-1, keepdims=True))
    return exp / exp.sum(axis=-1, keepdims=True)


@variant(of="predict_probabilities")
def one_example_at_a_time(params, X):
    depth, rows = len(params) // 2, []
    for x in X:
        for i in range(1, depth):
            x = np.maximum(params[f"W{i}"].T @ x + params[f"b{i}"], 0)
        scores = params[f"W{depth}"].T @ x + params[f"b{depth}"]
        log = scores - scores.max()
        rows.append(np.exp(log - np.log(np.exp(log).sum())))
    return np.array(rows)


@variant(of="predict_probabilities")
def with_leaky_units_and_recursion(params, X):
    def layer(i):
        if i == 0:
            return X
        z = np.einsum("nd,dk->nk", layer(i - 1), params[f"W{i}"]) + params[f"b{i}"]
        return z if f"W{i + 1}" not in params else np.where(z > 0, z, 0.05 * z)

    return softmax(layer(len(params) // 2))


@variant(of="loss_and_gradients")
def by_hand(params, X, y):
    depth, activations, scores = len(params) // 2, [X], []
    for i in range(1, depth + 1):
        scores.append(activations[-1] @ params[f"W{i}"] + params[f"b{i}"])
        activations.append(np.maximum(scores[-1], 0))
    shifted = scores[-1] - scores[-1].max(axis=1, keepdims=True)
    log = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    n, grads = len(y), {}
    delta = np.exp(log)
    delta[np.arange(n), y] -= 1
    delta /= n
    for i in range(depth, 0, -1):
        grads[f"b{i}"] = delta.sum(axis=0)
        grads[f"W{i}"] = activations[i - 1].T @ delta
        if i > 1:
            delta = delta @ params[f"W{i}"].T * (scores[i - 2] > 0)
    return -log[np.arange(n), y].mean(), grads


@variant(of="loss_and_gradients")
def one_example_after_another(params, X, y):
    total, grads = 0.0, {name: np.zeros_like(value) for name, value in params.items()}
    for x, label in zip(X, y, strict=True):
        loss, own = by_hand.function(params, x[np.newaxis], np.array([label]))
        total += loss
        for name, value in own.items():
            grads[name] += value / len(y)
    return [total / len(y), grads]


@variant(of="loss_and_gradients")
def with_functions_of_nnlib(params, X, y, lam=0.0):
    layers, a, passed = range(1, len(params) // 2 + 1), X, []
    for i in layers:
        a = relu(a) if i > 1 else a
        a, cache = affine_forward(a, params[f"W{i}"], params[f"b{i}"])
        passed.append((a, cache))
    loss, delta = softmax_cross_entropy(a, y)
    grads = {}
    for i in reversed(layers):
        z, cache = passed[i - 1]
        delta = relu_backward(delta, z) if i < layers[-1] else delta
        delta, dw, db = affine_backward(delta, cache)
        grads |= {f"W{i}": dw + lam * params[f"W{i}"], f"b{i}": db}
    return np.float64(loss), grads


def _measure(params, X, y):
    a, depth = X, len(params) // 2
    for i in range(1, depth + 1):
        a = (np.maximum(a, 0) if i > 1 else a) @ params[f"W{i}"] + params[f"b{i}"]
    return softmax_cross_entropy(a, y)[0], np.mean(a.argmax(axis=1) == y)


def _note(history, params, X, y, X_dev, y_dev, ratio):
    for part, images, labels in (("train", X, y), ("dev", X_dev, y_dev)):
        loss, right = _measure(params, images, labels)
        history.setdefault(f"{part}_loss", []).append(loss)
        history.setdefault(f"{part}_accuracy", []).append(right)
    history.setdefault("update_ratio", []).append(ratio)


def _ratio(old, new):
    return float(np.sqrt(((new - old) ** 2).sum() / (old**2).sum()))


@variant(of="train")
def momentum_with_l2_and_early_stopping(params, X, y, X_dev, y_dev, rng, epochs=45):
    params = copy.deepcopy(params)
    velocity, history, best, kept = {name: {} for name in params}, {}, np.inf, params
    for epoch in range(epochs):
        order, lr = rng.permutation(len(X)), 0.1 / (1 + 0.1 * epoch)
        for start in range(0, len(X), 20):
            rows = order[start : start + 20]
            _, grads = by_hand.function(params, X[rows], y[rows])
            old, params = params["W1"], dict(params)
            for name in params:
                gradient = grads[name] + (0.2 / len(X) * params[name] if name[0] == "W" else 0)
                params[name], velocity[name] = classic_momentum_step(params[name], gradient, velocity[name], lr, 0.8)
        _note(history, params, X, y, X_dev, y_dev, _ratio(old, params["W1"]))
        if history["dev_loss"][-1] < best:
            best, kept = history["dev_loss"][-1], params
        elif epoch > 20 and epoch - int(np.argmin(history["dev_loss"])) > 10:
            break
    return kept, history


@variant(of="train")
def adamw_with_noise_on_the_inputs(params, X, y, X_dev, y_dev, rng, epochs=60):
    params, states, history = {name: value.copy() for name, value in params.items()}, {}, {}
    for epoch in range(epochs):
        order = np.argsort(rng.random(len(X)))
        for rows in np.array_split(order, max(1, len(X) // 50)):
            noisy = X[rows] + 0.15 * rng.normal(size=X[rows].shape)
            _, grads = by_hand.function(params, noisy, y[rows])
            old = params["W1"].copy()
            for name, gradient in grads.items():
                lr = 0.003 if epoch < epochs * 2 / 3 else 0.0008
                new, states[name] = adamw_step(params[name], gradient, states.get(name, {}), lr, weight_decay=0.05)
                params[name][...] = new
        _note(history, params, X, y, X_dev, y_dev, _ratio(old, params["W1"]))
    return [params, {name: np.array(values) for name, values in history.items()}]


@variant(of="train")
def rmsprop_on_centred_inputs_folded_back(params, X, y, X_dev, y_dev, rng, epochs=50):
    centre, states, history = X.mean(axis=0), {}, {}
    inner = dict(params)
    inner["b1"] = params["b1"] + centre @ params["W1"]  # the same network, on inputs without their mean

    def outer():
        return inner | {"b1": inner["b1"] - centre @ inner["W1"]}

    for epoch in range(epochs):
        order = list(rng.permutation(len(X)))
        while order:
            rows, order = order[:32], order[32:]
            masks = [(rng.random((len(rows), X.shape[1])) < 0.9) / 0.9]
            _, grads = by_hand.function(inner, (X[rows] - centre) * masks[0], y[rows])
            old, inner = inner["W1"], dict(inner)
            for name in sorted(grads):
                lr = 0.002 * 0.94**epoch
                inner[name], states[name] = rmsprop_step(inner[name], grads[name], states.get(name, {}), lr)
        _note(history, outer(), X, y, X_dev, y_dev, _ratio(old, inner["W1"]))
    return outer(), history | {"rates": [0.002 * 0.94**epoch for epoch in range(epochs)]}


@variant(of="ensemble_average")
def average_in_a_loop(probs):
    total = 0.0
    for member in probs:
        total = total + np.asarray(member) / len(probs)
    return total


@variant(of="ensemble_average")
def average_with_einsum(probs):
    stacked = np.stack(list(probs))
    return np.einsum("mnc->nc", stacked) / stacked.shape[0]


@variant(of="ensemble_average")
def average_as_it_comes(probs):
    average = np.array(probs[0], dtype=float)
    for count, member in enumerate(probs[1:], start=2):
        average += (member - average) / count
    return average


@variant(of="ensemble_average")
def average_with_weights(probs):
    return np.average(np.array(probs), axis=0, weights=np.full(len(probs), 1 / len(probs)))


@variant(of="snapshot_ensemble")
def snapshots_by_deep_copies(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    params, kept, t = copy.deepcopy(params), [], 0
    period = epochs_per_cycle * math.ceil(len(X) / batch_size)
    while len(kept) < cycles:
        for _ in range(epochs_per_cycle):
            order = rng.permutation(len(X))
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                _, grads = by_hand.function(params, X[rows], y[rows])
                for name in params:
                    params[name] -= cosine_restarts(lr_max, lr_min, t, period) * grads[name]
                t += 1
        kept.append(copy.deepcopy(params))
    return kept


@variant(of="snapshot_ensemble")
def snapshots_with_the_formula(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    kept, batches = [], -(-len(X) // batch_size)
    for _ in range(cycles):
        for step in range(epochs_per_cycle * batches):
            if step % batches == 0:
                order = np.argsort(rng.random(len(X)))
            rows = order[step % batches * batch_size :][:batch_size]
            share = step / (epochs_per_cycle * batches)
            lr = lr_min + (lr_max - lr_min) / 2 * (1 + math.cos(math.pi * share))
            _, grads = by_hand.function(params, X[rows], y[rows])
            params = {name: params[name] - lr * grads[name] for name in grads}
        kept += [params]
    return tuple(kept)


@variant(of="snapshot_ensemble")
def snapshots_from_a_generator(
    params, X, y, rng, cycles=5, epochs_per_cycle=10, lr_max=0.5, lr_min=0.0, batch_size=32
):
    def every_epoch(now):
        t, period = 0, epochs_per_cycle * -(-len(y) // batch_size)
        while True:
            order = np.arange(len(y))
            rng.shuffle(order)
            for rows in np.split(order, range(batch_size, len(y), batch_size)):
                _, grads = by_hand.function(now, X[rows], y[rows])
                lr = cosine_restarts(lr_max, lr_min, t, period)
                now, t = {name: now[name] - lr * grads[name] for name in now}, t + 1
            yield now

    epochs = every_epoch(params)
    return [[next(epochs) for _ in range(epochs_per_cycle)][-1] for _ in range(cycles)]
