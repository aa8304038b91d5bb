"""nnlib.regularizers: penalties, their gradients, and weight decay."""

import numpy as np
import pytest

import nnlib
from nnlib import numerical_gradient, relative_error

LAM, M, BETA = 0.7, 5, 0.3


@pytest.mark.parametrize(
    ("penalty", "gradient"),
    [
        (lambda w: nnlib.l2_penalty(w, LAM, M), lambda w: nnlib.l2_gradient(w, LAM, M)),
        (lambda w: nnlib.l1_penalty(w, LAM, M), lambda w: nnlib.l1_gradient(w, LAM, M)),
        (
            lambda w: nnlib.elastic_net_penalty(w, LAM, BETA, M),
            lambda w: nnlib.elastic_net_gradient(w, LAM, BETA, M),
        ),
    ],
)
def test_gradients_meet_central_differences(penalty, gradient, rng):
    """Each gradient is its penalty's, for one matrix and for a list, which add up."""
    w, v = rng.normal(size=(4, 4)), rng.normal(size=(3, 2))
    assert relative_error(gradient(w), numerical_gradient(penalty, w)) < 1e-7
    assert penalty([w, v]) == pytest.approx(penalty(w) + penalty(v))
    both = gradient([w, v])
    assert np.array_equal(both[0], gradient(w))
    assert np.array_equal(both[1], gradient(v))
    assert gradient(w.astype(np.float32)).dtype == np.float32


def test_penalties_have_the_lectures_constants():
    """L2 is lam/(2m) times the sum of squares, L1 lam/(2m) times the sum of sizes."""
    w = np.array([[3.0, -4.0], [0.0, 0.0]])
    assert nnlib.l2_penalty(w, 2.0, 10) == pytest.approx(2.5)
    assert nnlib.l1_penalty(w, 2.0, 10) == pytest.approx(0.7)
    assert nnlib.elastic_net_penalty(w, 2.0, 0.5, 10) == pytest.approx(0.5 * 2.5 + 0.7)
    assert nnlib.l1_gradient(w, 2.0, 10).tolist() == [[0.1, -0.1], [0, 0]]


def test_weight_decay_is_the_l2_step(rng):
    """Shrinking by 1 - lr*lam/m and stepping equals the step with the penalty's gradient."""
    w, dw, lr = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), 0.1
    expected = w - lr * (dw + nnlib.l2_gradient(w, LAM, M))
    assert np.allclose(nnlib.weight_decay_step(w, dw, lr, LAM, M), expected)
    shrunk = nnlib.weight_decay_step(w, np.zeros_like(w), lr, LAM, M)
    assert np.allclose(shrunk, (1 - lr * LAM / M) * w)


def test_l1_makes_weights_exactly_or_nearly_zero_and_l2_does_not(rng):
    """On a regression with 3 useful inputs of 10, L1 leaves the other weights tiny."""
    X = rng.normal(size=(200, 10))
    target = X[:, :3] @ [1.0, -2.0, 1.5]

    def fit(gradient):
        w = rng.normal(size=10)
        for _ in range(2000):
            w = w - 0.02 * (X.T @ (X @ w - target) / 200 + gradient(w, 80.0, 200))
        return np.abs(w)

    l1, l2 = fit(nnlib.l1_gradient), fit(nnlib.l2_gradient)
    assert (l1[3:] < 0.01).all()
    assert (l1[:3] > 0.5).all()
    assert (l2[3:] > 0.01).any()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nnlib.l2_penalty(np.ones(2), -1, 5), "lam must be a finite number at least 0, got -1"),
        (lambda: nnlib.l2_gradient(np.ones(2), 1, 0), "m must be an integer of at least 1, got 0"),
        (lambda: nnlib.l1_penalty({"W": np.ones(2)}, 1, 5), "got a dict. Pass the weight matrices only"),
        (lambda: nnlib.elastic_net_penalty(np.ones(2), 1, -1, 5), "beta must be a finite number at least 0"),
        (lambda: nnlib.weight_decay_step(np.ones(2), np.ones(3), 1, 1, 5), "dw must have the shape of w"),
    ],
)
def test_errors_say_rule_and_got(call, words):
    """Negative strengths, no examples and other shapes are refused."""
    with pytest.raises(ValueError, match=words):
        call()
