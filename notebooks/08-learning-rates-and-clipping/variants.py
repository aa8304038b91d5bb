"""Correct implementations of 08-learning-rates-and-clipping written differently; refusing one is a bug of ours."""

import copy
import functools
import math

import numpy as np

from grader.authoring import variant


@variant(of="has_exploded")
def exploded_on_arrays(costs, factor=3.0):
    costs = np.asarray(costs, dtype=float)
    if costs.size == 0:
        return False
    return bool(not np.isfinite(costs).all() or (costs > factor * costs[0]).any())


@variant(of="has_exploded")
def exploded_unless_all_is_well(costs, factor=3.0):
    if len(costs) == 0:
        return False
    limit = factor * costs[0]
    if not np.isfinite(limit):
        return True
    # nan is not <= anything, so the comparison itself finds it; -inf needs its own.
    return not np.all([-np.inf < cost <= limit for cost in costs])


@variant(of="has_exploded")
def exploded_with_a_numpy_bool(costs, factor=3.0):
    c = np.array(list(costs) or [0.0])
    return np.isnan(c).any() | np.isinf(c).any() | (c.max() > factor * c[0])


@variant(of="has_exploded")
def exploded_in_a_loop(costs, factor=3.0):
    first = None
    for cost in costs:
        if first is None:
            first = cost
        if math.isnan(cost) or math.isinf(cost):
            return True
        if cost / first > factor and cost > factor * first:
            return True
    return False


@variant(of="inverse_time_decay")
def inverse_time_by_power(lr0, epoch, rate):
    return lr0 * (1.0 + epoch * rate) ** -1


@variant(of="inverse_time_decay")
def inverse_time_in_numpy(lr0, epoch, rate):
    return np.divide(lr0, np.add(1, np.multiply(rate, epoch)))


@variant(of="inverse_time_decay")
def inverse_time_as_a_zero_axis_array(lr0, epoch, rate):
    return np.array(1 / (1 / lr0 + rate * epoch / lr0))


@variant(of="exponential_decay")
def exponential_by_exp_and_log(lr0, epoch, base):
    return lr0 * math.exp(epoch * math.log(base))


@variant(of="exponential_decay")
def exponential_in_numpy(lr0, epoch, base):
    return np.float64(lr0) * np.power(float(base), epoch)


@variant(of="exponential_decay")
def exponential_in_single_precision(lr0, epoch, base):
    return np.float32(lr0 * math.pow(base, epoch))


@variant(of="exponential_decay")
def exponential_in_a_loop(lr0, epoch, base):
    whole = int(epoch)
    for _ in range(whole):
        lr0 = lr0 * base
    return lr0 * base ** (epoch - whole)


@variant(of="sqrt_decay")
def sqrt_by_power(lr0, epoch, k):
    return k * epoch**-0.5 * lr0


@variant(of="sqrt_decay")
def sqrt_in_numpy(lr0, epoch, k):
    return k / np.sqrt(epoch) * lr0


@variant(of="sqrt_decay")
def sqrt_of_the_square(lr0, epoch, k):
    return math.sqrt((lr0 * k) ** 2 / epoch)


@variant(of="staircase_decay")
def staircase_with_floor(lr0, epoch, drop, every):
    return lr0 * math.pow(drop, math.floor(epoch / every))


@variant(of="staircase_decay")
def staircase_in_a_loop(lr0, epoch, drop, every):
    for done in range(1, epoch + 1):
        if done % every == 0:
            lr0 = lr0 * drop
    return lr0


@variant(of="staircase_decay")
def staircase_by_recursion(lr0, epoch, drop, every):
    if epoch < every:
        return lr0
    return drop * staircase_by_recursion.function(lr0, epoch - every, drop, every)


@variant(of="staircase_decay")
def staircase_in_numpy(lr0, epoch, drop, every):
    return lr0 * np.float64(drop) ** (np.asarray(epoch) // every)


@variant(of="cosine_restarts")
def cosine_by_half_angle(lr_max, lr_min, step, period):
    half = 0.5 * math.pi * (step % period) / period
    return lr_min + (lr_max - lr_min) * math.cos(half) ** 2


@variant(of="cosine_restarts")
def cosine_as_a_mix(lr_max, lr_min, step, period):
    share = (1 + np.cos(np.pi * np.mod(step, period) / period)) / 2
    return share * lr_max + (1 - share) * lr_min


@variant(of="cosine_restarts")
def cosine_by_subtracting_periods(lr_max, lr_min, step, period):
    while step >= period:
        step -= period
    return (lr_max + lr_min) / 2 + (lr_max - lr_min) / 2 * math.cos(step / period * math.pi)


@variant(of="clip_by_value")
def value_by_minimum_and_maximum(g, low, high):
    return np.minimum(np.maximum(g, low), high)


@variant(of="clip_by_value")
def value_by_where(g, low, high):
    return np.where(g < low, low, np.where(g > high, high, g))


@variant(of="clip_by_value")
def value_by_masks_on_a_copy(g, low, high):
    out = g.astype(float)
    out[out > high] = high
    out[out < low] = low
    return out


@variant(of="clip_by_value")
def value_entry_by_entry(g, low, high):
    out = np.array(g, dtype=float)
    for index in np.ndindex(out.shape):
        if out[index] < low:
            out[index] = low
        elif out[index] > high:
            out[index] = high
    return out


@variant(of="clip_by_value")
def value_in_single_precision(g, low, high):
    return np.clip(g.astype(np.float32), np.float32(low), np.float32(high))


@variant(of="clip_by_norm")
def norm_by_linalg(g, threshold):
    norm = np.linalg.norm(g)
    if norm > threshold:
        return threshold * g / norm
    return g.copy()


@variant(of="clip_by_norm")
def norm_by_einsum(g, threshold):
    flat = np.ravel(g).astype(float)
    length = math.sqrt(np.einsum("i,i->", flat, flat))
    return g * (threshold / length) if length >= threshold else g


@variant(of="clip_by_norm")
def norm_in_place_on_a_copy(g, threshold):
    out = np.array(g, dtype=np.float64)
    norm = np.sqrt((out * out).sum())
    if norm > threshold:
        out *= threshold
        out /= norm
    return out


@variant(of="clip_by_norm")
def norm_in_python_loops(g, threshold):
    total = 0.0
    for value in g.reshape(-1).tolist():
        total += value**2
    norm = total**0.5
    scale = 1.0 if norm == 0 or norm <= threshold else threshold / norm
    return np.multiply(g, scale)


@variant(of="clip_by_norm")
def norm_that_spreads_the_fault(g, threshold):
    norm = np.linalg.norm(g)
    if not np.isfinite(norm):
        return np.full(g.shape, np.nan)
    return g / max(1.0, norm / threshold)


@variant(of="clip_by_norm")
def norm_in_single_precision(g, threshold):
    g = g.astype(np.float32)
    norm = np.linalg.norm(g)
    return g * np.float32(threshold / norm) if norm > threshold else g


@variant(of="clip_by_global_norm")
def global_by_linalg(grads, threshold):
    names = list(grads) if isinstance(grads, dict) else range(len(grads))
    total = np.linalg.norm([np.linalg.norm(grads[name]) for name in names])
    scale = threshold / total if total > threshold else 1.0
    if isinstance(grads, dict):
        return {name: scale * grads[name] for name in names}
    return tuple(scale * g for g in grads)


@variant(of="clip_by_global_norm")
def global_by_concatenation(grads, threshold):
    arrays = list(grads.values()) if isinstance(grads, dict) else list(grads)
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in arrays]))
    clipped = [g * min(1.0, threshold / norm if norm else 1.0) for g in arrays]
    return dict(zip(grads.keys(), clipped, strict=True)) if isinstance(grads, dict) else clipped


@variant(of="clip_by_global_norm")
def global_on_a_deep_copy(grads, threshold):
    out = copy.deepcopy(grads)
    keys = list(out) if isinstance(out, dict) else list(range(len(out)))
    out = out if isinstance(out, dict) else list(out)
    squares = 0.0
    for key in keys:
        squares += np.sum(np.square(out[key].astype(float)))
    if squares > threshold**2:
        for key in keys:
            out[key] = out[key] * (threshold / math.sqrt(squares))
    return out


@variant(of="clip_by_global_norm")
def global_in_the_other_order(grads, threshold):
    if not isinstance(grads, dict):
        clipped = global_in_the_other_order.function(dict(enumerate(grads)), threshold)
        return [clipped[i] for i in range(len(grads))]
    total = functools.reduce(lambda so_far, g: so_far + float(np.vdot(g, g)), grads.values(), 0.0)
    scale = 1 / max(1, total**0.5 / threshold)
    return {name: grads[name] * scale for name in reversed(list(grads))}


@variant(of="clip_by_global_norm")
def global_that_returns_its_input(grads, threshold):
    arrays = grads.values() if isinstance(grads, dict) else grads
    norm = math.hypot(*(float(v) for g in arrays for v in np.ravel(g)))
    if norm <= threshold:
        return grads
    if isinstance(grads, dict):
        return {k: (threshold / norm * v).astype(np.float32) for k, v in grads.items()}
    return type(grads)((threshold / norm * v).astype(np.float32) for v in grads)
