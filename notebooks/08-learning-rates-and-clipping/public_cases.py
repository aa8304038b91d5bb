"""What `check(...)` tries in the notebook; students may read it."""

import math

import numpy as np


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
    grads = [np.array([3.0, 4.0]), np.array([[12.0]])]
    return {"result": _parts(clip_by_global_norm(grads, 6.5)), "grads afterwards": _parts(grads)}


def short_by_name(clip_by_global_norm):
    """W and b of global norm 5 with the threshold 6, in a dict"""
    return _parts(clip_by_global_norm({"W": np.array([[4.0]]), "b": np.array([0.0, 3.0])}, 6.0))


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
