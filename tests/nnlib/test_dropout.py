"""nnlib.dropout: expectations, one mask for both directions, and a net to put it in."""

import itertools
import math

import numpy as np
import pytest

import nnlib
from nnlib import numerical_gradient, relative_error


@pytest.mark.parametrize("keep_prob", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("forward", [nnlib.dropout_forward, nnlib.classic_dropout_forward])
def test_share_kept_is_keep_prob(forward, keep_prob, rng):
    """The share kept lies within binomial error of keep_prob, in every row and column on its own."""
    out, _ = forward(np.ones((500, 400)), keep_prob, rng)
    kept = out != 0
    sigma = math.sqrt(keep_prob * (1 - keep_prob))
    assert abs(kept.mean() - keep_prob) < 4 * sigma / math.sqrt(kept.size)
    assert np.abs(kept.mean(axis=0) - keep_prob).max() < 5 * sigma / math.sqrt(500)
    assert np.abs(kept.mean(axis=1) - keep_prob).max() < 5 * sigma / math.sqrt(400)


def test_the_mean_output_is_the_input(rng):
    """Averaged over many masks inverted dropout gives its input back."""
    x = rng.normal(size=(3, 4))
    mean = np.mean([nnlib.dropout_forward(x, 0.8, rng)[0] for _ in range(20_000)], axis=0)
    assert np.allclose(mean, x, atol=5 * 0.5 * np.abs(x).max() / math.sqrt(20_000))


def test_backward_uses_the_mask_of_its_forward(rng):
    """Where the output was dropped so is the gradient, with the same scale; calls draw fresh masks."""
    x, dout = rng.normal(size=(40, 30)), rng.normal(size=(40, 30))
    out, cache = nnlib.dropout_forward(x, 0.7, rng)
    other, _ = nnlib.dropout_forward(x, 0.7, rng)
    assert np.allclose(nnlib.dropout_backward(dout, cache), dout * out / x)
    assert np.allclose(np.unique(np.round(out / x, 12)), [0, 1 / 0.7])
    assert not np.array_equal(out, other)


def test_test_time(rng):
    """Inverted dropout is the identity, the classic form multiplies by keep_prob; neither draws."""
    x = rng.normal(size=(4, 5))
    state = rng.bit_generator.state
    out, cache = nnlib.dropout_forward(x, 0.7, rng, train=False)
    classic, classic_cache = nnlib.classic_dropout_forward(x, 0.7, rng, train=False)
    assert np.array_equal(out, x)
    assert out is not x
    assert np.array_equal(nnlib.dropout_backward(x, cache), x)
    assert np.allclose(classic, 0.7 * x)
    assert np.allclose(nnlib.dropout_backward(x, classic_cache), 0.7 * x)
    assert rng.bit_generator.state == state


def test_keeping_all_is_the_identity(rng):
    """keep_prob 1 changes nothing, and float32 stays float32 at any keep_prob."""
    x = rng.normal(size=(4, 5)).astype(np.float32)
    assert np.array_equal(nnlib.dropout_forward(x, 1, rng)[0], x)
    for forward in (nnlib.dropout_forward, nnlib.classic_dropout_forward):
        out, cache = forward(x, 0.3, rng)
        assert out.dtype == nnlib.dropout_backward(x, cache).dtype == np.float32


def test_the_average_over_all_masks_of_two_inputs():
    """The mean of the four thinned units is the unit with its weights halved."""
    w, x = np.array([0.7, -1.3]), np.array([2.0, 5.0])
    masks = itertools.product([0, 1], repeat=2)
    assert np.mean([w @ (x * mask) for mask in masks]) == pytest.approx(0.5 * w @ x)


def test_masks_of_a_layer_of_4096():
    """4,096 units have 2^4096, about 10^1233, masks."""
    assert round(4096 * math.log10(2)) == 1233


@pytest.fixture
def net(rng):
    sizes = [5, 4, 4, 3]
    params = {}
    for i, (d, k) in enumerate(itertools.pairwise(sizes), start=1):
        params[f"W{i}"], params[f"b{i}"] = rng.normal(size=(d, k)), rng.normal(size=k)
    return params


def test_three_layer_gradients_meet_central_differences(net, rng):
    """With the masks frozen by a seed, all six gradients are right."""
    x, y = rng.normal(size=(6, 5)), np.array([0, 1, 2, 2, 1, 0])

    def run(params):
        scores, cache = nnlib.forward_with_dropout(x, params, (0.9, 0.6, 0.5), np.random.default_rng(4))
        loss, dscores = nnlib.softmax_cross_entropy(scores, y)
        return loss, dscores, cache

    _, dscores, cache = run(net)
    grads = nnlib.backward_with_dropout(dscores, cache)
    for name, value in net.items():
        numeric = numerical_gradient(lambda v, name=name: run({**net, name: v})[0], value)
        assert relative_error(grads[name], numeric) < 1e-6, name


def test_the_cost_is_only_well_defined_without_dropout(net, rng):
    """Two training passes disagree, two test passes agree."""
    x = rng.normal(size=(6, 5))
    train = [nnlib.forward_with_dropout(x, net, (1, 0.5, 0.5), rng)[0] for _ in range(2)]
    test = [nnlib.forward_with_dropout(x, net, (1, 0.5, 0.5), rng, train=False)[0] for _ in range(2)]
    assert not np.allclose(*train)
    assert np.array_equal(*test)


@pytest.mark.parametrize("keep_prob", [0, -0.1, 1.5, float("nan")])
def test_impossible_probabilities_are_refused(keep_prob, rng):
    """keep_prob of 0 would divide by zero; above 1 is no probability."""
    for forward in (nnlib.dropout_forward, nnlib.classic_dropout_forward):
        with pytest.raises(ValueError, match=r"keep_prob is the probability of keeping a unit, in \(0, 1\]"):
            forward(np.ones(3), keep_prob, rng)


def test_other_misuse_is_named(net, rng):
    """Another shape in backward, and a keep probability too few."""
    _, cache = nnlib.dropout_forward(np.ones((3, 2)), 0.5, rng)
    with pytest.raises(ValueError, match="dout must have the shape of out"):
        nnlib.dropout_backward(np.ones(2), cache)
    with pytest.raises(ValueError, match="one number per layer, 3 in all, got 2"):
        nnlib.forward_with_dropout(np.ones((2, 5)), net, (0.5, 0.5), rng)
