"""adam_step: what it must do, other right ways, and what goes wrong."""

import copy
import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close

from .common import (
    _compare,
    _defaults,
    _follow,
    _from_a_state,
    _gradients,
    _leaves_inputs_alone,
    _own,
    _rate_may_change,
    _shapes,
    _steps,
    _two_parameters,
    _zero_gradient,
)


def test_adam_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state follow algorithm 1 of the paper."""
    for settings in [(0.1, 0.9, 0.999), (0.3, 0.3, 0.6), (0.05, 0.8, 0.7)]:
        _steps(student, "adam_step", rng, settings)


def test_adam_step_has_eps_where_the_paper_has_it(student, rng):
    """With eps = 0.01 its place is seen: beside the root of the corrected average."""
    w = rng.normal(size=4)
    gradients = [dw * np.array([1.0, 0.1, 0.01, 3.0]) for dw in _gradients(rng, (4,), 6)]
    settings = (0.1, 0.8, 0.9, 1e-2)
    expected, _ = _follow(_own(reference.adam_step), w.copy(), gradients, settings)
    got, _ = _follow(student.adam_step, w, gradients, settings)
    _compare(got, expected)


def test_adam_step_first_step_has_the_size_of_the_rate(student):
    """The first step is lr in the gradient's direction, whatever the gradient's scale."""
    w, dw = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1e-3, -0.5, 40.0, -1e6])
    path, _ = _follow(student.adam_step, w, [dw, -0.3 * dw, 1.7 * dw], (0.02,))
    assert_close(path[0], np.array([0.98, 2.02, 2.98, 4.02]), what="the weights after the first step")


def test_adam_step_corrects_at_every_step(student):
    """Under a constant gradient every step has the size lr, the first and the fiftieth."""
    path, _ = _follow(student.adam_step, np.zeros(1), [np.array([7.0])] * 50, (0.1, 0.9, 0.99))
    steps = np.diff(np.concatenate([[0.0], np.ravel(path)]))
    assert_close(steps, np.full(50, -0.1), what="the steps under a constant gradient")


def test_adam_step_rolls_on(student, rng):
    """Where the gradient has become zero the weights go on in its old direction, and less at every step."""
    gradients = [np.array([3.0, -0.2]), *[np.zeros(2)] * 5]
    expected, _ = _follow(_own(reference.adam_step), np.zeros(2), gradients, (0.1, 0.8, 0.95))
    got, _ = _follow(student.adam_step, np.zeros(2), gradients, (0.1, 0.8, 0.95))
    _compare(got, expected)


def test_adam_step_treats_entries_apart(student, rng):
    """Every entry has averages of its own: entries of very different scale move alike."""
    w, scale = np.zeros(4), np.array([1.0, 10.0, 1e3, 1e5])
    gradients = [scale * dw for dw in _gradients(rng, (), 5)]
    path, _ = _follow(student.adam_step, w, gradients, (0.1, 0.8, 0.9))
    expected, _ = _follow(_own(reference.adam_step), w.copy(), gradients, (0.1, 0.8, 0.9))
    _compare(path, expected)


def test_adam_step_without_a_gradient(student):
    """A weight whose gradients have all been zero stays, and does not become nan."""
    _zero_gradient(student, "adam_step", (0.1,))


def test_adam_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "adam_step", rng, (0.1, 0.8, 0.9))


def test_adam_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "adam_step", rng, (0.1, 0.8, 0.9))


def test_adam_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state and its count of steps, do not disturb each other."""
    _two_parameters(student, "adam_step", rng, (0.1, 0.85, 0.95))


@easy
def test_adam_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "adam_step", rng, (0.1, 0.8, 0.9))


def test_adam_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the whole step, also what comes from earlier gradients."""
    _rate_may_change(student, "adam_step", rng, (0.1, 0.8, 0.9))


def test_adam_step_defaults(student, rng):
    """Without further settings they are 0.9, 0.999 and 1e-8."""
    _defaults(student, "adam_step", rng, 0.1)


def test_adam_step_default_eps_is_tiny(student):
    """The default eps is 1e-8: it shows for gradients of that size, and no others."""
    w, dw = np.zeros(3), np.array([1e-8, 1e-6, 1e-2])
    path, _ = _follow(student.adam_step, w, [dw, -0.3 * dw, 1.7 * dw], (0.1,))
    assert_close(path[0], -0.1 * dw / (dw + 1e-8), what="the weights after a first step with tiny gradients")


@variant
def adam_on_copies(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new = copy.deepcopy(state) if state else {"m": np.zeros_like(w), "v": np.zeros_like(w), "t": 0}
    new["t"] += 1
    new["m"] = beta1 * new["m"] + (1 - beta1) * dw
    new["v"] = beta2 * new["v"] + (1 - beta2) * np.square(dw)
    m = new["m"] / (1 - np.power(beta1, new["t"]))
    v = new["v"] / (1 - np.power(beta2, new["t"]))
    return np.array(w - lr * m / (eps + v**0.5)), new


@variant
def adam_with_the_correction_in_the_rate(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state.get("all", (0, 0.0, 0.0))
    t, m, v = t + 1, m + (1 - beta1) * (dw - m), v + (1 - beta2) * (dw**2 - v)
    root = math.sqrt(1 - beta2**t)
    return w - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root), {"all": (t, m, v)}


@variant
def adam_with_running_powers(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    power1, power2 = state.get("power1", 1.0) * beta1, state.get("power2", 1.0) * beta2
    first = beta1 * state.get("first", np.zeros(w.shape)) + (1 - beta1) * dw
    second = beta2 * state.get("second", np.zeros(w.shape)) + (1 - beta2) * dw * dw
    step = first / (1 - power1) / (np.sqrt(second / (1 - power2)) + eps)
    return [w - lr * step, {"power1": power1, "power2": power2, "first": first, "second": second}]


@variant
def adam_counting_from_one(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("next", 1)
    m = beta1 * state.get("m", 0) + (1 - beta1) * dw
    v = beta2 * state.get("v", 0) + (1 - beta2) * dw**2
    w = w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w, {"m": m, "v": v, "next": t + 1}


@variant
def adam_in_float32(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m = np.float32(beta1) * state.get("m", 0) + np.float32(1 - beta1) * np.asarray(dw, np.float32)
    v = np.float32(beta2) * state.get("v", 0) + np.float32(1 - beta2) * np.asarray(dw, np.float32) ** 2
    step = (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return np.asarray(w - lr * step, dtype=np.float32), {"m": m, "v": v, "t": t}


def _moments(dw, state, beta1, beta2):
    """The right t, m and v after this gradient."""
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * dw
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * dw**2
    return t, m, v


def adam_counting_from_zero(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, v = _moments(dw, state, beta1, beta2)
    t = state.get("t", 0)
    m_hat, v_hat = m / np.float64(1 - beta1**t), v / np.float64(1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t + 1}


def adam_counting_from_two(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_with_a_stuck_count(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1), v / (1 - beta2)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": 1}


def adam_without_correction(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


def adam_correcting_only_m(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


def adam_correcting_only_v(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * m / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


def adam_with_a_product_for_the_power(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1 * t), v / (1 - beta2 * t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_with_misplaced_brackets(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1) ** t, v / (1 - beta2) ** t
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_with_one_beta_for_both_corrections(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta1**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_correcting_by_multiplying(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m * (1 - beta1**t), v * (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_keeping_the_corrected(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


def adam_correcting_twice(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_without_the_root(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat + eps), {"m": m, "v": v, "t": t}


def adam_with_the_square_of_the_mean(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, _ = _moments(dw, state, beta1, beta2)
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * m**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_without_the_square(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, _ = _moments(dw, state, beta1, beta2)
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * dw
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_with_betas_swapped(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta2, beta1)
    m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_with_shares_swapped(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m = (1 - beta1) * state.get("m", 0.0) + beta1 * dw
    v = (1 - beta2) * state.get("v", 0.0) + beta2 * dw**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_without_memory(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, {}, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_forgetting_v(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, _ = _moments(dw, state, beta1, beta2)
    v = (1 - beta2) * dw**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_forgetting_m(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, _, v = _moments(dw, state, beta1, beta2)
    m = (1 - beta1) * dw
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_from_the_first_gradient(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    if t == 1:
        m, v = dw.copy(), dw**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_with_eps_under_the_root(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / np.sqrt(v_hat + eps), {"m": m, "v": v, "t": t}


def adam_with_eps_before_the_correction(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


def adam_without_eps(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / np.sqrt(v_hat), {"m": m, "v": v, "t": t}


def adam_with_a_fixed_eps(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + 1e-8), {"m": m, "v": v, "t": t}


def adam_with_fixed_betas(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, 0.9, 0.999)
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_without_using_m(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * dw / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


def adam_with_one_average_for_all(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, _ = _moments(dw, state, beta1, beta2)
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * np.mean(dw**2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_uphill(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w + lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_changes_the_weights(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    w -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w, {"m": m, "v": v, "t": t}


def adam_changes_the_state(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    state["t"], state["m"], state["v"] = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = state["m"] / (1 - beta1 ** state["t"]), state["v"] / (1 - beta2 ** state["t"])
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), state


def adam_returns_the_change(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return -lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_correcting_outside_the_root(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v) / (1 - beta2**t) + eps), {"m": m, "v": v, "t": t}


def adam_with_betas_swapped_in_the_corrections(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_with_eps_beside_the_quotient(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * (m_hat / np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


def adam_changes_the_arrays_in_the_state(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m, v = state.get("m", np.zeros_like(w)), state.get("v", np.zeros_like(w))
    m *= beta1
    m += (1 - beta1) * dw
    v *= beta2
    v += (1 - beta2) * dw**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


def adam_changes_everything(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    state["t"], state["m"], state["v"] = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = state["m"] / (1 - beta1 ** state["t"]), state["v"] / (1 - beta2 ** state["t"])
    w -= lr * m_hat / (np.sqrt(v_hat) + eps)
    return w, state


def adam_counting_double(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    step = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w - step, {"m": m, "v": v, "t": t + 1}


def adam_with_one_array_for_both(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m = state.get("m", 0.0) * beta1 + (1 - beta1) * dw
    m = m * beta2 + (1 - beta2) * dw**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(m / (1 - beta2**t)) + eps), {"m": m, "v": m, "t": t}


def adam_with_the_rate_inside(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state.get("t", 0) + 1, beta1 * state.get("m", 0.0), beta2 * state.get("v", 0.0)
    m, v = m + (1 - beta1) * lr * dw, v + (1 - beta2) * dw**2
    return w - (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


def adam_with_fading_sums(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state.get("t", 0) + 1, beta1 * state.get("m", 0.0) + dw, beta2 * state.get("v", 0.0) + dw**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


def adam_starting_elsewhere(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * state.get("m", dw) + (1 - beta1) * dw
    v = beta2 * state.get("v", dw**2) + (1 - beta2) * dw**2
    return w - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v}


def adam_with_a_fixed_rate(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - 1e-3 * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


MISTAKES = [
    mistake("t is still 0 at the first correction, which divides 0 by 0: it must be advanced before it is used.",
            "How many gradients are in m at the first step? That is its t.",
            by=adam_counting_from_zero),
    mistake("t is one too large: the first correction uses t = 2.",
            "How many gradients are in m at the first step? That is its t.",
            by=adam_counting_from_two),
    mistake("t never advances, so every step is corrected as if it were the first.",
            "Which t does the second step find in the state?",
            by=adam_with_a_stuck_count),
    mistake("Neither average is corrected for its start.",
            "How long should the first step be, and how long is yours?",
            by=adam_without_correction),
    mistake("Only the average of the gradients is corrected, not that of their squares.",
            "Both averages start from zero. Which of them is still too small?",
            by=adam_correcting_only_m),
    mistake("Only the average of the squares is corrected, not that of the gradients.",
            "Both averages start from zero. Which of them is still too small?",
            by=adam_correcting_only_v),
    mistake("The corrections have β · t where they should have β to the power of t.",
            "Which operator is the power in Python?",
            by=adam_with_a_product_for_the_power),
    mistake("The corrections take the power of 1 − β instead of β.",
            "Brackets: which comes first in 1 − βᵗ, the power or the minus?",
            by=adam_with_misplaced_brackets),
    mistake("Both corrections use beta1.",
            "Each average is corrected with the share that it was made with.",
            by=adam_with_one_beta_for_both_corrections),
    mistake("The averages are multiplied by 1 − βᵗ instead of divided by it.",
            "The plain averages are too small at first. Does your correction raise them?",
            by=adam_correcting_by_multiplying),
    mistake("The corrected averages are kept, so they are corrected again at every step.",
            "The correction is for reading. Which m must the next step go on from?",
            by=adam_keeping_the_corrected),
    mistake("Everything is corrected twice, in the averages and once more in the rate.",
            "The paper's short form puts the correction into the rate *instead of* the averages.",
            by=adam_correcting_twice),
    mistake("The root is missing.",
            "At the first step m̂ is dw and v̂ is dw². What must the divisor be for the step to be lr?",
            by=adam_without_the_root),
    mistake("v averages the squares of m, not those of the gradient.",
            "Mean of the squares, not square of the mean: what goes into v?",
            by=adam_with_the_square_of_the_mean),
    mistake("v averages the gradients without squaring them, and the root of a negative average is nan.",
            "What goes into v: dw or its square?",
            by=adam_without_the_square),
    mistake("beta1 and beta2 are swapped.",
            "Which of the two belongs to the gradients, which to their squares?",
            by=adam_with_betas_swapped),
    mistake("β and 1 − β are swapped in the averages: they hardly remember anything.",
            "With β = 0.9, which should count more: the average so far or the new gradient?",
            by=adam_with_shares_swapped),
    mistake("m, v and t are created anew in every step, or never reach the state that is returned: each step is a first one, of the full length in the gradient's sign.",
            "Where do you read what the last step left in the state, and what does the next one find in yours?",
            by=adam_without_memory),
    mistake("The average of the squares is not carried on; only m and t are.",
            "Which of m, v and t does the next step find in the state?",
            by=adam_forgetting_v),
    mistake("The average of the gradients is not carried on; only v and t are.",
            "Which of m, v and t does the next step find in the state?",
            by=adam_forgetting_m),
    mistake("The averages start as the first gradient and its square, and are corrected on top of it.",
            "m and v are zero before the first step; the correction makes up for that.",
            by=adam_from_the_first_gradient),
    mistake("eps is under the root; the paper and this exercise have it beside the root.",
            "What is inside the brackets of the square root in the formula?",
            by=adam_with_eps_under_the_root),
    mistake("eps is added before the correction: this is the paper's short form, with another eps.",
            "Algorithm 1 corrects v first and adds eps afterwards.",
            by=adam_with_eps_before_the_correction),
    mistake("Without eps a weight that has never had a gradient becomes nan: 0/0.",
            "What is the quotient where all gradients so far were zero?",
            by=adam_without_eps),
    mistake("1e-8 is used whatever eps is passed.",
            "Does your result change with eps?",
            by=adam_with_a_fixed_eps),
    mistake("0.9 and 0.999 are used whatever betas are passed.",
            "Does your result change with beta1 and beta2?",
            by=adam_with_fixed_betas),
    mistake("The step uses the bare gradient where it should use its average: this is RMSProp with a correction.",
            "What does your m do to w?",
            by=adam_without_using_m),
    mistake("One average of squares over all entries is kept, so all weights share one rate.",
            "What shape has v? Each weight has an average of its own.",
            by=adam_with_one_average_for_all),
    mistake("The weights move uphill.",
            "The gradient points to where the cost grows. Which sign takes you down?",
            by=adam_uphill),
    mistake("w itself is changed: the caller's array is no longer what it was.",
            "-= writes into the array of the caller. Which expression makes a new array?",
            by=adam_changes_the_weights),
    mistake("The state that was passed in, or an array in it, is changed.",
            "Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
            by=adam_changes_the_state),
    mistake("The change is returned, not the changed weights.",
            "What is left to do after computing the step?",
            by=adam_returns_the_change),
    mistake("The root of v is divided by 1 − β₂ᵗ, which belongs under the root.",
            "Correct v first, then take the root. What is the first step otherwise?",
            by=adam_correcting_outside_the_root),
    mistake("beta1 and beta2 are swapped in the corrections.",
            "Each average is corrected with the share that it was made with.",
            by=adam_with_betas_swapped_in_the_corrections),
    mistake("eps is added to the quotient instead of to its denominator: brackets are misplaced.",
            "eps is there against division by zero. Does yours stand in the divisor?",
            by=adam_with_eps_beside_the_quotient),
    mistake("The arrays in the state that was passed in are changed in place.",
            "*= and += write into the array that the last state holds. Which expressions make a new array?",
            by=adam_changes_the_arrays_in_the_state),
    mistake("Everything is changed in place: the state that was passed in, and w as well.",
            "Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
            by=adam_changes_everything),
    mistake("t advances twice in a step, so that later corrections are too weak.",
            "How many gradients are in m at the second step? Print your t.",
            by=adam_counting_double),
    mistake("m and v are one and the same array: what is written into one shows in the other.",
            "What does m = v = zeros_like(w) make: two arrays, or two names for one?",
            by=adam_with_one_array_for_both),
    mistake("The rate is mixed into m, so a changed rate does not reach the gradients already in it.",
            "Suppose the rate drops to zero for one step. Should the weights still move?",
            by=adam_with_the_rate_inside),
    mistake("The factors 1 − β are missing: m and v are fading sums, which the corrections do not fit.",
            "How large is m after the first gradient of 3: 0.3 or 3?",
            by=adam_with_fading_sums),
    mistake("The averages start as the first gradient and its square, and are not corrected.",
            "m and v start at zero. What mends their start in the formula?",
            by=adam_starting_elsewhere),
    mistake("0.001 is used whatever rate is passed.",
            "Where does the argument lr occur in your function?",
            by=adam_with_a_fixed_rate),
]
