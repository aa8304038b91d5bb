"""nnlib.batchnorm: statistics of training and test time, gradients, folding."""

import numpy as np
import pytest

import nnlib
from nnlib import numerical_gradient, relative_error


@pytest.fixture
def layer(rng):
    return rng.normal(loc=3, scale=2, size=(4, 4)), rng.uniform(0.5, 2, size=4), rng.normal(size=4)


def test_outputs_have_mean_beta_and_deviation_gamma(layer):
    """The normaliser is the biased variance, so std (over N) is gamma to within eps."""
    x, gamma, beta = layer
    before = x.copy()
    out, _ = nnlib.batchnorm_forward(x, gamma, beta, {}, eps=1e-12)
    assert np.allclose(out.mean(axis=0), beta)
    assert np.allclose(out.std(axis=0), gamma)
    assert np.array_equal(x, before)


def test_some_gamma_and_beta_give_the_identity(layer):
    """gamma = sqrt(var + eps) and beta = mean undo the normalisation."""
    x, _, _ = layer
    out, _ = nnlib.batchnorm_forward(x, np.sqrt(x.var(axis=0) + 1e-2), x.mean(axis=0), {}, eps=1e-2)
    assert np.allclose(out, x)


@pytest.mark.parametrize("train", [True, False])
@pytest.mark.parametrize("n", [4, 1])
def test_backward_meets_central_differences(layer, train, n, rng):
    """dx, dgamma and dbeta are right at N == K, gamma != 1, beta != 0, eps 1e-2, in both modes, for one too."""
    x, gamma, beta = layer
    x, dout = x[:n], rng.normal(size=(n, 4))
    running = {"mean": rng.normal(size=4), "var": rng.uniform(1, 2, size=4)}

    def loss(x, gamma, beta):
        return (nnlib.batchnorm_forward(x, gamma, beta, dict(running), train, eps=1e-2)[0] * dout).sum()

    _, cache = nnlib.batchnorm_forward(x, gamma, beta, dict(running), train, eps=1e-2)
    dx, dgamma, dbeta = nnlib.batchnorm_backward(dout, cache)
    assert np.allclose(dx, numerical_gradient(lambda v: loss(v, gamma, beta), x), atol=1e-8)
    assert np.allclose(dgamma, numerical_gradient(lambda v: loss(x, v, beta), gamma), atol=1e-8)
    assert relative_error(dbeta, numerical_gradient(lambda v: loss(x, gamma, v), beta)) < 1e-8


def test_running_averages_over_three_batches(layer, rng):
    """They start at 0 and 1 and keep `momentum` of the old; three batches tell the two apart."""
    _, gamma, beta = layer
    running, mean, var = {}, np.zeros(4), np.ones(4)
    for _ in range(3):
        x = rng.normal(loc=5, scale=3, size=(8, 4))
        nnlib.batchnorm_forward(x, gamma, beta, running, momentum=0.8)
        mean, var = 0.8 * mean + 0.2 * x.mean(axis=0), 0.8 * var + 0.2 * x.var(axis=0)
    assert np.allclose(running["mean"], mean)
    assert np.allclose(running["var"], var)


def test_update_running_replaces_the_arrays():
    """Whoever kept the old averages still has them."""
    old = {"mean": np.ones(2), "var": np.ones(2)}
    kept = old["mean"]
    new = nnlib.update_running(old, np.array([3.0, 5.0]), np.array([2.0, 2.0]), 0.5)
    assert new is old
    assert nnlib.update_running({}, np.ones(2), np.full(2, 3.0), 0)["var"].tolist() == [3, 3]
    assert new["mean"].tolist() == [2, 3]
    assert kept.tolist() == [1, 1]


def test_test_time_ignores_batch_mates_and_leaves_the_averages(layer, rng):
    """An example alone gets what it gets in company, and running stays as it was."""
    x, gamma, beta = layer
    running = {"mean": rng.normal(size=4), "var": rng.uniform(1, 2, size=4)}
    before = {name: value.copy() for name, value in running.items()}
    together, _ = nnlib.batchnorm_forward(x, gamma, beta, running, train=False)
    alone = [nnlib.batchnorm_forward(x[i : i + 1], gamma, beta, running, train=False)[0][0] for i in range(4)]
    assert np.allclose(together, alone)
    for name, value in before.items():
        assert np.array_equal(running[name], value)


def test_folding_reproduces_the_two_layers(layer, rng):
    """x @ w' + b' equals affine then batch norm at test time, gamma and eps included."""
    x, gamma, beta = layer
    w, b = rng.normal(size=(4, 4)), rng.normal(size=4)
    mean, var = rng.normal(size=4), rng.uniform(0.1, 2, size=4)
    scores, _ = nnlib.affine_forward(x, w, b)
    out, _ = nnlib.batchnorm_forward(scores, gamma, beta, {"mean": mean, "var": var}, train=False, eps=1e-2)
    folded_w, folded_b = nnlib.fold_batchnorm(w, b, gamma, beta, mean, var, 1e-2)
    assert np.allclose(x @ folded_w + folded_b, out)


def test_a_bias_before_batch_norm_gets_no_gradient(layer, rng):
    """The mean takes any bias out again."""
    x, gamma, beta = layer
    scores, affine_cache = nnlib.affine_forward(x, rng.normal(size=(4, 4)), rng.normal(size=4))
    _, cache = nnlib.batchnorm_forward(scores, gamma, beta, {})
    dscores, _, _ = nnlib.batchnorm_backward(rng.normal(size=(4, 4)), cache)
    _, dw, db = nnlib.affine_backward(dscores, affine_cache)
    assert np.allclose(db, 0, atol=1e-12)
    assert np.abs(dw).max() > 1e-3


def test_large_means_do_not_cost_precision():
    """Deviations of 1 around 1e6 are normalised all the same."""
    x = 1e6 + np.array([[-1.0], [1.0], [-1.0], [1.0]])
    out, _ = nnlib.batchnorm_forward(x, np.ones(1), np.zeros(1), {}, eps=1e-12)
    assert np.allclose(out, x - 1e6)


def test_float32_stays_float32(layer):
    """Output, running averages and gradients are float32 for float32 input, in both modes."""
    x, gamma, beta = (v.astype(np.float32) for v in layer)
    for train in (True, False):
        running = {}
        out, cache = nnlib.batchnorm_forward(x, gamma, beta, running, train=train)
        assert out.dtype == np.float32
        assert all(v.dtype == np.float32 for v in (*nnlib.batchnorm_backward(x, cache), *running.values()))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x, g, b: nnlib.batchnorm_forward(x[0], g, b, {}), r"x must have shape \(N, K\), got \(4,\)"),
        (lambda x, g, b: nnlib.batchnorm_forward(x, g[:2], b, {}), r"gamma must have shape \(4,\)"),
        (lambda x, g, b: nnlib.batchnorm_forward(x[:0], g, b, {}), "at least one example"),
        (lambda x, g, b: nnlib.batchnorm_forward(x, g, b, {}, eps=0), "eps must be a finite number above 0"),
        (lambda x, g, b: nnlib.batchnorm_forward(x, g, b, {}, momentum=1), r"momentum must lie in \[0, 1\), got 1"),
        (
            lambda x, g, b: nnlib.batchnorm_forward(x, g, b, {"mean": np.ones(3)}, train=False),
            r"running\['mean'\] must have shape \(4,\)",
        ),
        (lambda x, g, b: nnlib.fold_batchnorm(x, b, g, b, b, b[:1]), r"var must have shape \(4,\)"),
    ],
)
def test_errors_say_rule_and_got(call, words, layer):
    """Shapes and ranges are named."""
    with pytest.raises(ValueError, match=words):
        call(*layer)
