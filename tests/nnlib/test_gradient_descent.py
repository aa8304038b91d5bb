"""nnlib.gradient_descent: one update rule, three ways to choose the batch."""

import math

import numpy as np
import pytest

import nnlib


@pytest.fixture
def data(rng):
    X = rng.normal(size=(30, 4))
    return X, (X @ rng.normal(size=(4, 3))).argmax(axis=1)


@pytest.mark.parametrize("kind", [dict, list, tuple])
def test_gradient_step_goes_downhill_in_new_arrays(kind):
    """w - lr * dw, structured as the parameters, which stay as they were."""
    w, dw = [np.ones(3), np.full((2, 2), 4.0)], [np.full(3, 2.0), np.ones((2, 2))]
    params, grads = (kind(zip("ab", v, strict=True)) if kind is dict else kind(v) for v in (w, dw))
    new = nnlib.gradient_step(params, grads, 0.5)
    assert type(new) is kind
    values = list(new.values()) if kind is dict else new
    assert np.array_equal(values[0], np.zeros(3))
    assert np.array_equal(values[1], np.full((2, 2), 3.5))
    assert np.array_equal(w[0], np.ones(3))


def test_gradient_step_keeps_float32():
    """A Python rate does not turn float32 into float64."""
    w = np.ones(3, np.float32)
    assert nnlib.gradient_step(w, w, 0.1).dtype == np.float32
    assert nnlib.gradient_step(w, w, np.float64(0.1)).dtype == np.float32


def test_gradient_step_refuses_other_names_and_shapes():
    """Missing keys, short lists and broadcasts are named."""
    with pytest.raises(ValueError, match=r"grads must have the keys of params, \['W', 'b'\], got \['W'\]"):
        nnlib.gradient_step({"W": np.ones(2), "b": np.ones(2)}, {"W": np.ones(2)}, 0.1)
    with pytest.raises(ValueError, match="grads must hold 2 arrays"):
        nnlib.gradient_step([np.ones(2), np.ones(2)], [np.ones(2)], 0.1)
    with pytest.raises(ValueError, match=r"grads\['W'\] must have the shape of params\['W'\], \(2, 3\), got \(3,\)"):
        nnlib.gradient_step({"W": np.ones((2, 3))}, {"W": np.ones(3)}, 0.1)


def test_batch_cost_falls_at_every_step_from_ln_c(data):
    """With a small rate batch descent never climbs; it starts at ln 3."""
    costs = nnlib.batch_gradient_descent(*data, lr=0.1, epochs=40)
    assert costs[0] == pytest.approx(math.log(3))
    assert len(costs) == 40
    assert (np.diff(costs) < 0).all()


def test_minibatch_cost_falls_in_trend_only(data, rng):
    """Some mini-batch steps climb, but the last epoch is far below the first."""
    costs = np.array(nnlib.minibatch_gradient_descent(*data, lr=0.1, epochs=40, batch_size=4, rng=rng))
    assert len(costs) == 40 * 8
    assert (np.diff(costs) > 0).any()
    assert costs[-8:].mean() < 0.5 * costs[:8].mean()


def test_the_three_coincide_at_their_limits(data):
    """Batch size N is batch descent, batch size 1 is stochastic descent."""
    n = len(data[0])
    full = nnlib.minibatch_gradient_descent(*data, 0.1, 5, n, np.random.default_rng(1))
    assert full == pytest.approx(nnlib.batch_gradient_descent(*data, 0.1, 5), rel=1e-12)
    single = nnlib.minibatch_gradient_descent(*data, 0.1, 2, 1, np.random.default_rng(1))
    assert single == nnlib.stochastic_gradient_descent(*data, 0.1, 2, np.random.default_rng(1))
    assert len(single) == 2 * n


def test_a_tiny_rate_goes_nowhere(data):
    """A rate of 1e-6 leaves the cost where it started."""
    costs = nnlib.batch_gradient_descent(*data, lr=1e-6, epochs=20)
    assert costs[-1] == pytest.approx(costs[0], rel=1e-4)


def test_errors_say_rule_got_repair(data, rng):
    """NaN in the data, labels that are no classes, and wrong counts are refused at the call."""
    X, y = data
    broken = X.copy()
    broken[2, 1] = np.nan
    with pytest.raises(ValueError, match=r"X must be finite, got 1 NaN .* index \(2, 1\)"):
        nnlib.batch_gradient_descent(broken, y, 0.1, 5)
    with pytest.raises(ValueError, match="Labels must lie in"):
        nnlib.batch_gradient_descent(X, y - 1, 0.1, 5)
    with pytest.raises(ValueError, match="integer labels"):
        nnlib.batch_gradient_descent(X, y * 1.0, 0.1, 5)
    with pytest.raises(ValueError, match="epochs must be an integer"):
        nnlib.minibatch_gradient_descent(X, y, 0.1, 1.5, 4, rng)
