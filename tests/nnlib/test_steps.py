"""nnlib.steps: the lecture's averages, and each update against its formula over several steps."""

import math

import numpy as np
import pytest

import nnlib

STEPS = [
    nnlib.momentum_step,
    nnlib.classic_momentum_step,
    nnlib.nesterov_step,
    nnlib.adagrad_step,
    nnlib.rmsprop_step,
    nnlib.adam_step,
    nnlib.adamw_step,
    nnlib.adadelta_step,
]
GRADS = [np.array([0.5, -2.0]), np.array([1.0, 1.0]), np.array([-0.3, 4.0])]


def run(step, **options):
    w, state = np.array([1.0, -1.0]), {}
    for dw in GRADS:
        w, state = step(w, dw, state, **options)
    return w


@pytest.mark.parametrize("step", STEPS)
def test_nothing_passed_in_changes(step):
    """Weights, gradient and state of the step before stay as they were, and each state is its own."""
    w, dw, state = np.array([1.0, -1.0]), GRADS[0].copy(), {}
    new, first = step(w, dw, state, lr=0.1)
    kept = {name: np.copy(value) for name, value in first.items()}
    step(new, GRADS[1], first, lr=0.1)
    assert state == {}
    assert w.tolist() == [1, -1]
    assert np.array_equal(dw, GRADS[0])
    for name, value in kept.items():
        assert np.array_equal(first[name], value)


@pytest.mark.parametrize("step", STEPS)
def test_float32_stays_float32(step):
    """Three steps in float32 end in float32."""
    w, state = np.ones(2, np.float32), {}
    for dw in GRADS:
        w, state = step(w, dw.astype(np.float32), state, lr=0.1)
    assert w.dtype == np.float32
    assert all(np.asarray(v).dtype == np.float32 for name, v in state.items() if name != "t")


def test_momentum_in_both_forms():
    """Three steps by hand: the average form is the classic one with its rate times 1 - beta."""
    g1, g2, g3 = GRADS
    v1, v2 = g1, 0.8 * g1 + g2
    v3 = 0.8 * v2 + g3
    assert np.allclose(run(nnlib.classic_momentum_step, lr=0.1, rho=0.8), [1, -1] - 0.1 * (v1 + v2 + v3))
    assert np.allclose(run(nnlib.momentum_step, lr=0.5, beta=0.8), run(nnlib.classic_momentum_step, lr=0.1, rho=0.8))


def test_nesterov_with_a_gradient_function_is_the_lectures_update():
    """v = rho v - lr grad(x + rho v), x = x + v, five times on a quadratic."""
    a = np.array([1.0, 10.0])
    x, v = np.array([1.0, 1.0]), np.zeros(2)
    w, state = x, {}
    for _ in range(5):
        v = 0.9 * v - 0.05 * a * (x + 0.9 * v)
        x = x + v
        w, state = nnlib.nesterov_step(w, lambda p: a * p, state, lr=0.05, rho=0.9)
    assert np.allclose(w, x)


def test_nesterov_with_a_gradient_array_follows_the_look_ahead_points():
    """Given gradients where it stands, it visits x + rho v of the lecture's sequence."""
    a = np.array([1.0, 10.0])
    x, v = np.array([1.0, 1.0]), np.zeros(2)
    w, state = x, {}
    for _ in range(5):
        w, state = nnlib.nesterov_step(w, a * w, state, lr=0.05, rho=0.9)
        v = 0.9 * v - 0.05 * a * (x + 0.9 * v)
        x = x + v
        assert np.allclose(w, x + 0.9 * v)


def test_adagrad_fades_and_rmsprop_does_not():
    """Under a constant gradient AdaGrad's step falls as 1/sqrt(t); RMSProp's settles at lr."""
    moves = {}
    for step in (nnlib.adagrad_step, nnlib.rmsprop_step):
        w, state, path = np.zeros(1), {}, [0.0]
        for _ in range(100):
            w, state = step(w, np.ones(1), state, lr=0.1)
            path.append(float(w[0]))
        moves[step] = -np.diff(path)
    assert moves[nnlib.adagrad_step] == pytest.approx(0.1 / np.sqrt(np.arange(1, 101)), rel=1e-6)
    assert moves[nnlib.rmsprop_step][-1] == pytest.approx(0.1, rel=1e-3)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_adams_first_step_has_size_lr(scale):
    """Whatever the gradient's scale, the first step is lr in its sign."""
    w, _ = nnlib.adam_step(np.zeros(2), scale * np.array([1.0, -5.0]), {}, lr=0.01)
    assert w == pytest.approx([-0.01, 0.01], rel=1e-4)


def test_adam_by_hand():
    """Three steps of algorithm 1 with beta1 0.8, beta2 0.9 and an eps that is seen."""
    w, m, v = np.array([1.0, -1.0]), 0, 0
    for t, g in enumerate(GRADS, start=1):
        m, v = 0.8 * m + 0.2 * g, 0.9 * v + 0.1 * g**2
        w = w - 0.1 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.9**t)) + 1e-2)
    assert np.allclose(run(nnlib.adam_step, lr=0.1, beta1=0.8, beta2=0.9, eps=1e-2), w, rtol=1e-12)


def test_adamw_decays_apart_from_the_gradient():
    """Without a gradient AdamW only shrinks; with no decay it is Adam."""
    w, _ = nnlib.adamw_step(np.ones(2), np.zeros(2), {}, lr=0.1, weight_decay=0.5)
    assert np.allclose(w, 0.95)
    assert np.array_equal(run(nnlib.adamw_step, lr=0.1, weight_decay=0.0), run(nnlib.adam_step, lr=0.1))


def test_corrected_average_of_two_values():
    """v2 = 0.0196 x1 + 0.02 x2 for beta 0.98, corrected by 1 - beta^2 = 0.0396."""
    x = np.array([40.0, 49.0])
    v2 = 0.0196 * 40 + 0.02 * 49
    assert nnlib.ewa(x, 0.98)[1] == pytest.approx(v2)
    assert nnlib.ewa_corrected(x, 0.98)[1] == pytest.approx(v2 / 0.0396)
    assert nnlib.ewa_corrected(x, 0.98)[0] == pytest.approx(40)


@pytest.mark.parametrize(("beta", "days"), [(0.9, 10), (0.98, 50), (0.5, 2)])
def test_windows(beta, days):
    """0.9 averages about 10 values, 0.98 about 50, 0.5 about 2: there the weight has fallen to about 1/e."""
    assert 1 / (1 - beta) == pytest.approx(days)
    assert beta**days == pytest.approx(1 / math.e, abs=0.12)
    assert math.pow(0.9, 10) == pytest.approx(0.349, abs=5e-4)
    weights = nnlib.ewa(np.eye(200), beta)[-1][::-1]  # weight of each past value, newest first
    assert weights[days] / weights[0] == pytest.approx(beta**days)


def test_averages_take_series_of_arrays():
    """A series of vectors is averaged entry by entry, a constant series stays constant once corrected."""
    series = np.full((5, 2), [1.0, -3.0])
    assert np.allclose(nnlib.ewa_corrected(series, 0.9), series)
    assert nnlib.ewa(series.astype(np.float32), 0.9).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nnlib.momentum_step(np.ones(2), np.ones(2), {}, 0.1, 1.0), r"beta must lie in \[0, 1\), got 1.0"),
        (lambda: nnlib.adam_step(np.ones(2), np.ones((2, 1)), {}, 0.1), "dw must have the shape of w"),
        (lambda: nnlib.rmsprop_step(np.ones(2), np.ones(2), {}, -0.1), "lr must be a finite number at least 0"),
        (lambda: nnlib.ewa(3.0, 0.9), "values must be a series"),
        (lambda: nnlib.ewa([3.0], 1.2), r"beta must lie in \[0, 1\), got 1.2"),
    ],
)
def test_errors_say_rule_and_got(call, words):
    """Rates, decays and shapes out of range are refused."""
    with pytest.raises(ValueError, match=words):
        call()
