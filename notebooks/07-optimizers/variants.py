"""Correct implementations of 07-optimizers written differently; refusing one is a bug of ours."""

import copy
import math

import numpy as np

from grader.authoring import variant

# ---------------------------------------------------------------- averages


@variant(of="ewa")
def ewa_into_an_array(values, beta):
    averages = np.zeros(len(values))
    for t in range(len(values)):
        averages[t] = (beta * averages[t - 1] if t else 0.0) + (1 - beta) * values[t]
    return averages


@variant(of="ewa")
def ewa_as_a_list(values, beta):
    averages = [0]
    for value in values.tolist():
        averages.append(averages[-1] + (1 - beta) * (value - averages[-1]))
    return averages[1:]


@variant(of="ewa")
def ewa_as_a_matrix_product(values, beta):
    t = np.arange(len(values))
    ages = t[:, None] - t[None, :]
    weights = np.where(ages >= 0, (1 - beta) * float(beta) ** np.maximum(ages, 0), 0.0)
    return weights @ values


@variant(of="ewa")
def ewa_by_convolution(values, beta):
    weights = (1 - beta) * np.power(float(beta), np.arange(len(values)))
    return np.convolve(values, weights)[: len(values)]


@variant(of="ewa_corrected")
def corrected_in_one_loop(values, beta):
    v, share, averages = 0.0, 1.0, []
    for value in values:
        v, share = beta * v + (1 - beta) * value, share * beta
        averages.append(v / (1 - share))
    return averages


@variant(of="ewa_corrected")
def corrected_as_weighted_means(values, beta):
    means = np.zeros(len(values))
    for t in range(len(values)):
        means[t] = np.average(values[: t + 1], weights=float(beta) ** np.arange(t, -1, -1))
    return means


@variant(of="ewa_corrected")
def corrected_by_an_average_of_ones(values, beta):
    tops, ones, v, u = [], [], 0.0, 0.0
    for value in values:
        v, u = beta * v + (1 - beta) * value, beta * u + (1 - beta)
        tops.append(v)
        ones.append(u)
    return np.array(tops) / np.array(ones)


# ---------------------------------------------------------------- momentum


@variant(of="momentum_step")
def momentum_on_copies(w, dw, state, lr, beta=0.9):
    v = state["velocity"].copy() if state else np.zeros(w.shape)
    v *= beta
    v += (1 - beta) * dw
    w = w.copy()
    w -= lr * v
    return w, {"velocity": v}


@variant(of="momentum_step")
def momentum_as_a_list_pair(w, dw, state, lr, beta=0.9):
    v = state.get("memory", [np.zeros_like(w)])[0]
    v = v + (1 - beta) * (dw - v)
    return [np.subtract(w, lr * v), {"memory": [v]}]


@variant(of="momentum_step")
def momentum_that_keeps_all_gradients(w, dw, state, lr, beta=0.9):
    history = [*state.get("gradients", []), dw.copy()]
    v = sum((1 - beta) * beta**age * g for age, g in enumerate(reversed(history)))
    return w - lr * v, {"gradients": history}


@variant(of="momentum_step")
def momentum_in_float32(w, dw, state, lr, beta=0.9):
    v = (beta * state.get("v", 0) + (1 - beta) * dw).astype(np.float32)
    return np.asarray(w - lr * v, dtype=np.float32), {**state, "v": v, "steps": state.get("steps", 0) + 1}


@variant(of="momentum_step")
def momentum_from_a_classic_sum(w, dw, state, lr, beta=0.9):
    v = beta * state.get("sum", 0.0) + dw
    return w - lr * (1 - beta) * v, {"sum": v}


@variant(of="classic_momentum_step")
def classic_on_copies(w, dw, state, lr, rho=0.9):
    new = copy.deepcopy(state)
    if "v" not in new:
        new["v"] = np.zeros_like(w)
    new["v"] = rho * new["v"] + dw
    return w - lr * new["v"], new


@variant(of="classic_momentum_step")
def classic_entry_by_entry(w, dw, state, lr, rho=0.9):
    old = state.get("flat", [0.0] * w.size)
    flat = [rho * a + float(b) for a, b in zip(old, dw.ravel(), strict=True)]
    return w - lr * np.array(flat).reshape(w.shape), {"flat": flat}


@variant(of="classic_momentum_step")
def classic_with_a_negative_velocity(w, dw, state, lr, rho=0.9):
    try:
        v = rho * state["velocity"] - dw
    except KeyError:
        v = -dw
    return w + lr * v, {"velocity": v}


@variant(of="classic_momentum_step")
def classic_from_the_first_gradient(w, dw, state, lr, rho=0.9):
    v = rho * state["v"] + dw if state else np.array(dw)
    return (np.add(w, -lr * v), {"v": v, "shape": w.shape})


@variant(of="nesterov_step")
def nesterov_in_small_steps(w, dw, state, lr, rho=0.9):
    velocity = state.get("velocity", np.zeros_like(w))
    ahead = w + rho * velocity
    gradient = dw(ahead)
    new = rho * velocity - lr * gradient
    return w + new, {"velocity": new, "last gradient": gradient}


@variant(of="nesterov_step")
def nesterov_from_ahead(w, dw, state, lr, rho=0.9):
    ahead = w + rho * state["step"] if "step" in state else w.copy()
    new = ahead - lr * np.asarray(dw(ahead))
    return [new, {"step": new - w}]


@variant(of="nesterov_step")
def nesterov_that_remembers_the_last_point(w, dw, state, lr, rho=0.9):
    ahead = w + rho * (w - state.get("last", w))
    return ahead - lr * dw(ahead), {"last": np.array(w)}


@variant(of="nesterov_step")
def nesterov_for_arrays_too(w, dw, state, lr, rho=0.9):
    v = state.get("v", np.zeros(np.shape(w)))
    g = dw(w + rho * v) if callable(dw) else dw
    v = rho * v - lr * g
    return w + v, dict(state, v=v)


# ---------------------------------------------------------------- adaptive


@variant(of="adagrad_step")
def adagrad_with_eps_under_the_root(w, dw, state, lr, eps=1e-8):
    cache = state.get("cache", np.zeros_like(w)) + np.square(dw)
    return w - lr * dw / np.sqrt(cache + eps), {"cache": cache}


@variant(of="adagrad_step")
def adagrad_entry_by_entry(w, dw, state, lr, eps=1e-8):
    old = state.get("sums", [0.0] * w.size)
    sums = [a + float(g) ** 2 for a, g in zip(old, dw.ravel(), strict=True)]
    step = [lr * float(g) / (math.sqrt(c) + eps) for c, g in zip(sums, dw.ravel(), strict=True)]
    return w - np.reshape(step, w.shape), {"sums": sums}


@variant(of="adagrad_step")
def adagrad_with_the_root_kept(w, dw, state, lr, eps=1e-8):
    root = np.hypot(state.get("root", 0.0), dw)
    return w - lr / (root + eps) * dw, {"root": root}


@variant(of="adagrad_step")
def adagrad_on_copies(w, dw, state, lr, eps=1e-8):
    new = {name: value.copy() for name, value in state.items()}
    new.setdefault("G", np.zeros(w.shape))
    new["G"] += dw * dw
    w = w + 0.0
    w -= lr * dw / (new["G"] ** 0.5 + eps)
    return w, new


@variant(of="rmsprop_step")
def rmsprop_with_eps_under_the_root(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", np.zeros_like(w)) + (1 - beta) * np.square(dw)
    return w - lr * dw / np.sqrt(s + eps), {"s": s}


@variant(of="rmsprop_step")
def rmsprop_on_copies(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = np.array(state.get("mean square", np.zeros(w.shape)))
    s += (1 - beta) * (dw**2 - s)
    return (w - lr * dw * (np.sqrt(s) + eps) ** -1, {"mean square": s})


@variant(of="rmsprop_step")
def rmsprop_entry_by_entry(w, dw, state, lr, beta=0.9, eps=1e-8):
    old = state.get("s", [0.0] * w.size)
    s = [beta * a + (1 - beta) * float(g) ** 2 for a, g in zip(old, dw.flat, strict=True)]
    step = [lr * float(g) / (math.sqrt(a) + eps) for a, g in zip(s, dw.flat, strict=True)]
    return w - np.array(step).reshape(w.shape), {"s": s}


@variant(of="rmsprop_step")
def rmsprop_with_none_at_first(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = state.get("s")
    s = (1 - beta) * dw**2 if s is None else beta * s + (1 - beta) * dw**2
    return np.asarray(w - lr * np.divide(dw, np.sqrt(s) + eps)), {"s": s, "eps": eps}


@variant(of="adam_step")
def adam_on_copies(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new = copy.deepcopy(state) if state else {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
    new["t"] += 1
    new["m"] = beta1 * new["m"] + (1 - beta1) * dw
    new["v"] = beta2 * new["v"] + (1 - beta2) * np.square(dw)
    m = new["m"] / (1 - np.power(beta1, new["t"]))
    v = new["v"] / (1 - np.power(beta2, new["t"]))
    return np.array(w - lr * m / (eps + v**0.5)), new


@variant(of="adam_step")
def adam_with_the_correction_in_the_rate(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state.get("all", (0, 0.0, 0.0))
    t, m, v = t + 1, m + (1 - beta1) * (dw - m), v + (1 - beta2) * (dw**2 - v)
    root = math.sqrt(1 - beta2**t)
    return w - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root), {"all": (t, m, v)}


@variant(of="adam_step")
def adam_with_running_powers(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    power1, power2 = state.get("power1", 1.0) * beta1, state.get("power2", 1.0) * beta2
    first = beta1 * state.get("first", np.zeros(w.shape)) + (1 - beta1) * dw
    second = beta2 * state.get("second", np.zeros(w.shape)) + (1 - beta2) * dw * dw
    step = first / (1 - power1) / (np.sqrt(second / (1 - power2)) + eps)
    return [w - lr * step, {"power1": power1, "power2": power2, "first": first, "second": second}]


@variant(of="adam_step")
def adam_counting_from_one(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("next", 1)
    m = beta1 * state.get("m", 0) + (1 - beta1) * dw
    v = beta2 * state.get("v", 0) + (1 - beta2) * dw**2
    w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w, {"m": m, "v": v, "next": t + 1}


@variant(of="adam_step")
def adam_in_float32(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m = np.float32(beta1) * state.get("m", 0) + np.float32(1 - beta1) * np.asarray(dw, np.float32)
    v = np.float32(beta2) * state.get("v", 0) + np.float32(1 - beta2) * np.asarray(dw, np.float32) ** 2
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return np.asarray(w - lr * step, dtype=np.float32), {"m": m, "v": v, "t": t}
