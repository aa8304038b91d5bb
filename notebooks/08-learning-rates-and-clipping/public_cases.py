"""What `check(...)` tries in the notebook; students may read it."""

import math

import numpy as np

from nnlib.checks import tolerance


def _parts(clipped):
    """Name the arrays of a list, so that the one that is wrong can be shown."""
    if isinstance(clipped, list | tuple) and len(clipped) == 2:
        return {"first array": _parts(clipped[0]), "second array": _parts(clipped[1])}
    return clipped


def histories(has_exploded):
    """short histories: nothing wrong, a jump, exactly three times the first cost, and others"""
    costs = [2.0, 6.1, 1.0]
    return {
        "2.0, 5.9, 1.0": has_exploded([2.0, 5.9, 1.0]),
        "2.0, 6.1, 1.0": has_exploded(costs),
        "costs afterwards": costs,
        "2.0, 6.0": has_exploded([2.0, 6.0]),
        "2.0, 4.0, 7.0": has_exploded([2.0, 4.0, 7.0]),
        "2.0, 0.1, 0.5": has_exploded([2.0, 0.1, 0.5]),
        "0.3, 1.2": has_exploded([0.3, 1.2]),
        "10.0, 9.0": has_exploded([10.0, 9.0]),
        "1.0, 3.5, 9.0, 2.0": has_exploded([1.0, 3.5, 9.0, 2.0]),
        "5.0, 0.1, 0.1, 0.1, 9.0": has_exploded([5.0, 0.1, 0.1, 0.1, 9.0]),
    }


def faults(has_exploded):
    """costs that are nan or infinite"""
    nan, inf = math.nan, math.inf
    return {
        "2.0, nan, 1.0": has_exploded([2.0, nan, 1.0]),
        "2.0, inf, 1.0": has_exploded([2.0, inf, 1.0]),
        "nan, 1.0": has_exploded([nan, 1.0]),
        "inf, 1.0": has_exploded([inf, 1.0]),
        "nan alone": has_exploded([nan]),
        "2.0, -inf": has_exploded([2.0, -inf]),
    }


def factors(has_exploded):
    """the costs 1.0, 2.5 with factors of 2 and 4"""
    return {"factor 2": has_exploded([1.0, 2.5], factor=2.0), "factor 4": has_exploded([1.0, 3.5], factor=4.0)}


def an_array(has_exploded):
    """an array of the costs 1.0, 0.5, 4.0"""
    return has_exploded(np.array([1.0, 0.5, 4.0]))


def no_costs(has_exploded):
    """an empty history"""
    return has_exploded([])


def first_epochs(inverse_time_decay):
    """lr0 = 0.2 and rate 1 in epochs 0 to 4"""
    return [inverse_time_decay(0.2, epoch, 1) for epoch in range(5)]


def whole_numbers(inverse_time_decay):
    """lr0 = 5 and rate 3 in epoch 1, all of them ints"""
    return inverse_time_decay(5, 1, 3)


def half_an_epoch(inverse_time_decay):
    """lr0 = 0.6 and rate 0.4 in epoch 1.5"""
    return inverse_time_decay(0.6, 1.5, 0.4)


def four_epochs(exponential_decay):
    """lr0 = 0.2 and base 0.95 in epochs 0 to 3"""
    return [exponential_decay(0.2, epoch, 0.95) for epoch in range(4)]


def another_base(exponential_decay):
    """lr0 = 0.1 and base 0.8 in epoch 3"""
    return exponential_decay(0.1, 3, 0.8)


def a_fraction(exponential_decay):
    """lr0 = 0.1 and base 0.64 in epoch 1.5"""
    return exponential_decay(0.1, 1.5, 0.64)


def squares(sqrt_decay):
    """lr0 = 0.2 and k = 1 in epochs 1, 2, 4 and 9"""
    return [sqrt_decay(0.2, epoch, 1) for epoch in (1, 2, 4, 9)]


def other_factors(sqrt_decay):
    """lr0 = 0.1 with k = 0.5 and k = 4 in epoch 4"""
    return {"k = 0.5": sqrt_decay(0.1, 4, 0.5), "k = 4": sqrt_decay(0.1, 4, 4.0)}


def quarter(sqrt_decay):
    """lr0 = 0.3 and k = 1 in epoch 6.25"""
    return sqrt_decay(0.3, 6.25, 1.0)


def stairs(staircase_decay):
    """lr0 = 0.8 with a drop of 0.5 every 3 epochs, in epochs 0 to 6"""
    return [staircase_decay(0.8, epoch, 0.5, 3) for epoch in range(7)]


def to_a_tenth(staircase_decay):
    """lr0 = 0.4 with a drop of 0.1 every 5 epochs, in epochs 3, 4, 5 and 11"""
    return [staircase_decay(0.4, epoch, 0.1, 5) for epoch in (3, 4, 5, 11)]


def two_periods(cosine_restarts):
    """from 1.0 to 0.2 with a period of 4, in steps 0 to 8"""
    return [cosine_restarts(1.0, 0.2, step, 4) for step in range(9)]


def fourth_period(cosine_restarts):
    """from 0.3 to 0 with a period of 3, in step 10"""
    return cosine_restarts(0.3, 0.0, 10, 3)


def both_sides(clip_by_value):
    """entries beyond both limits, low = -5 and high = 4"""
    g = np.array([[30.0, -4.0], [-8.0, 3.5]])
    return {"result": clip_by_value(g, -5.0, 4.0), "g afterwards": g}


def within(clip_by_value):
    """a gradient within the limits -1 and 2"""
    return clip_by_value(np.array([0.5, -0.25, 1.5]), -1.0, 2.0)


def above_zero(clip_by_value):
    """both limits above zero, low = 1 and high = 2"""
    return clip_by_value(np.array([-3.0, 0.0, 1.25, 5.0]), 1.0, 2.0)


def ints_by_value(clip_by_value):
    """an array of ints with limits of -2.5 and 1.5"""
    return clip_by_value(np.array([3, -4, 1, 0]), -2.5, 1.5)


def nan_by_value(clip_by_value):
    """a gradient with a nan in it"""
    return clip_by_value(np.array([np.nan, 2.0, 0.5]), -1.0, 1.0)


def three_and_four(clip_by_norm):
    """(3, -4), of norm 5, with the thresholds 1, 5, 10 and 30"""
    results = {}
    for threshold in (1.0, 5.0, 10.0, 30.0):
        g = np.array([3.0, -4.0])
        results[f"threshold {threshold:g}"] = clip_by_norm(g, threshold)
        results[f"g after threshold {threshold:g}"] = g
    return results


def a_matrix(clip_by_norm):
    """a matrix of norm 6 with the threshold 2"""
    return clip_by_norm(np.array([[4.0, 2.0], [0.0, -4.0]]), 2.0)


def zeros_by_norm(clip_by_norm):
    """a gradient of zeros"""
    return clip_by_norm(np.zeros(3), 1.0)


def ints_by_norm(clip_by_norm):
    """an array of ints, (6, 8), with the threshold 4"""
    return clip_by_norm(np.array([6, 8]), 4.0)


def nan_by_norm(clip_by_norm):
    """a gradient with a nan in it, which must still be seen"""
    return {"all finite": bool(np.isfinite(clip_by_norm(np.array([np.nan, 2.0]), 1.0)).all())}


def five_and_twelve(clip_by_global_norm):
    """(3, 4) and (12), of global norm 13, with the threshold 6.5"""
    short, long = np.array([3.0, 4.0]), np.array([[12.0]])
    grads = [short, long]
    return {
        "result": _parts(clip_by_global_norm(grads, 6.5)),
        "the two arrays afterwards": _parts([short, long]),
        "what is in grads afterwards": _parts(grads),
    }


def short_by_name(clip_by_global_norm):
    """W and b of global norm 5 with the threshold 6, and of 0.5 with 0.8, in dicts"""
    return {
        f"global norm {5 * size}": clip_by_global_norm(
            {"W": np.array([[4.0 * size]]), "b": np.array([0.0, 3.0 * size])}, threshold
        )
        for size, threshold in ((1.0, 6.0), (0.1, 0.8))
    }


def long_by_name(clip_by_global_norm):
    """W and b of global norm 3 with the threshold 1.5, in a dict"""
    grads = {"W": np.array([[2.0, 0.0], [0.0, 2.0]]), "b": np.array([1.0])}
    return {"result": _parts(clip_by_global_norm(grads, 1.5)), "grads afterwards": grads}


def zeros_together(clip_by_global_norm):
    """zeros everywhere"""
    return _parts(clip_by_global_norm([np.zeros((2, 2)), np.zeros(1)], 1.0))


def nan_in_one(clip_by_global_norm):
    """a nan in one array, which must still be seen"""
    clipped = clip_by_global_norm([np.array([np.nan, 1.0]), np.array([2.0])], 1.0)
    return {"all finite": bool(all(np.isfinite(g).all() for g in clipped))}


def ints_together(clip_by_global_norm):
    """arrays of ints, (2, 1) and (2), with the threshold 1.5"""
    return _parts(clip_by_global_norm([np.array([2, 1]), np.array([2])], 1.5))


# ---------------------------------------------------------------- train_with_care


def _points():
    """Six points of three classes, and the net's cost and gradients at any parameters, by hand."""
    X = np.array([[1.0, 0.5], [-1.0, 1.0], [0.5, -1.5], [1.5, 1.0], [-0.5, 2.0], [0.2, -1.0]])
    return X, np.array([0, 1, 2, 0, 1, 2])


def _cost_and_gradients(params, X, y):
    z = X @ params["W1"] + params["b1"]
    h = np.maximum(z, 0)
    scores = h @ params["W2"] + params["b2"]
    probs = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs /= probs.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    with np.errstate(divide="ignore"):
        cost = -np.log(probs[rows, y]).mean()
    probs[rows, y] -= 1
    d = probs / len(y)
    dz = (d @ params["W2"].T) * (z > 0)
    return cost, {"W1": X.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ d, "b2": d.sum(axis=0)}


def _against_the_rules(train_with_care, rates, threshold, points=None, size=6):
    """Steps with batches that are all the same, compared with momentum 0.9 and one clipping factor from one start."""
    X, y = points or _points()
    rng, steps = np.random.default_rng, len(X) // size
    params, _ = train_with_care(X, y, 4, lambda epoch: 0.0, threshold, 1, size, rng(2))
    start = params = {name: np.array(w, dtype=float) for name, w in params.items()}

    def rate_at(epoch):
        return rates[min(round(epoch * steps), len(rates) - 1)]

    after, noted = train_with_care(X, y, 4, rate_at, threshold, len(rates) // steps, size, rng(2))
    velocity, costs = {name: np.zeros_like(w) for name, w in params.items()}, []
    for rate in rates:
        cost, grads = _cost_and_gradients(params, X, y)
        costs.append(cost)
        share = threshold / max(threshold, np.sqrt(sum((g**2).sum() for g in grads.values())))
        velocity = {name: 0.9 * velocity[name] + share * g for name, g in grads.items()}
        params = {name: w - rate * velocity[name] for name, w in params.items()}
    told = {"noted costs over the right ones": np.round(np.asarray(noted, dtype=float) / costs[: len(noted)], 4)}
    for name, w in params.items():
        gone, right = after[name] - start[name], w - start[name]
        share = (gone * right).sum() / ((right**2).sum() or 1.0)
        told[f"way of {name} along the right one, 1 if right"] = round(float(share), 4)
    return told


def shapes_and_steps(train_with_care):
    """six examples of three classes, batches of 4, three epochs: shapes, costs, and what the schedule is asked"""
    X, y = _points()
    asked = []
    params, costs = train_with_care(
        X, y, 5, lambda epoch: asked.append(float(epoch)) or 0.01, 1.0, 3, 4, np.random.default_rng(0)
    )
    return {
        "shapes": {name: np.shape(params[name]) for name in sorted(params)},
        "number of costs": np.size(costs),
        "epochs asked of the schedule": asked,
        "X afterwards": X,
    }


def labels_0_and_3(train_with_care):
    """labels 0 and 3, nothing between"""
    params, _ = train_with_care(
        np.eye(2), np.array([0, 3]), 3, lambda epoch: 0.1, 1.0, 1, 2, np.random.default_rng(0)
    )
    return {"shape of W2": np.shape(params["W2"])}


@tolerance(rtol=0.05)
def the_start(train_with_care):
    """a rate of 0: 60 features, 150 hidden units, 90 classes"""
    X, y = np.ones((90, 60)), np.arange(90)
    params, _ = train_with_care(X, y, 150, lambda epoch: 0.0, 1.0, 1, 90, np.random.default_rng(1))
    return {
        "spread of W1, over He's": float(np.std(params["W1"])) / np.sqrt(2 / 60),
        "spread of W2, over He's": float(np.std(params["W2"])) / np.sqrt(2 / 150),
        "biases are 0": [not np.any(params["b1"]), not np.any(params["b2"])],
    }


def steps_with_momentum(train_with_care):
    """four steps with all six examples, rate 0.1, nothing to clip"""
    return _against_the_rules(train_with_care, [0.1] * 4, 1e9)


def six_alike_in_twos(train_with_care):
    """two epochs of three steps each, with six copies of one example, rate 0.1, nothing to clip"""
    points = np.tile([1.0, -0.5], (6, 1)), np.ones(6, dtype=int)
    told = _against_the_rules(train_with_care, [0.1] * 6, 1e9, points, size=2)
    costs = "noted costs over the right ones"
    return {costs: told[costs]}  # one example may leave all hidden units switched off, and W1 where it is


def clipped_steps(train_with_care):
    """four steps with all six examples, rate 0.2, thresholds of 0.05 and 0.6"""
    return {f"threshold {t}": _against_the_rules(train_with_care, [0.2] * 4, t) for t in (0.05, 0.6)}


def falling_rates(train_with_care):
    """four steps with the rates 0.2, 0.02, 0.1 and 0.05"""
    return _against_the_rules(train_with_care, [0.2, 0.02, 0.1, 0.05], 1e9)


def an_explosion(train_with_care):
    """a rate of 10,000 in the first step of the second of five epochs, with one step and with two in each"""
    X, y = _points()
    _, costs = train_with_care(
        X, y, 4, lambda epoch: 1e4 * (round(epoch) == 1), 1e9, 5, 6, np.random.default_rng(2)
    )
    # Every point has every label, so that no batch of nine can be all right.
    X, y = np.repeat(0.1 * X, 3, axis=0), np.arange(18) % 3
    _, more = train_with_care(
        X, y, 4, lambda epoch: 1e4 * (abs(epoch - 1) < 0.25), 1e9, 5, 9, np.random.default_rng(2)
    )
    return {"number of costs, one step per epoch": np.size(costs), "two steps per epoch": np.size(more)}


def visits(train_with_care):
    """a rate of 0 and batches of 1, small features: which example is met when"""
    X, y = _points()
    X = 0.1 * X
    start, costs = train_with_care(X, y, 5, lambda epoch: 0.0, 1.0, 3, 1, np.random.default_rng(4))
    _, again = train_with_care(X, y, 5, lambda epoch: 0.0, 1.0, 3, 1, np.random.default_rng(4))
    elsewhere, other = train_with_care(X, y, 5, lambda epoch: 0.0, 1.0, 3, 1, np.random.default_rng(5))
    if np.size(costs) != 18:
        return {"number of costs": np.size(costs)}
    alone = np.array([_cost_and_gradients(start, X[[i]], y[[i]])[0] for i in range(6)])
    epochs = np.reshape(np.asarray(costs, dtype=float), (3, 6))
    return {
        "every example once per epoch": [bool(np.allclose(np.sort(epoch), np.sort(alone))) for epoch in epochs],
        "in the order of the data": bool(np.allclose(epochs[0], alone)),
        "every epoch in the same order": bool(np.allclose(epochs[0], epochs[1]) and np.allclose(epochs[1], epochs[2])),
        "the same again from a generator in the same state": bool(np.allclose(costs, again)),
        "the same from a generator in another state": bool(np.allclose(costs, other)),
        "W1 and W2 start the same, from another state": [
            bool(np.allclose(start[name], elsewhere[name])) for name in ("W1", "W2")
        ],
    }
