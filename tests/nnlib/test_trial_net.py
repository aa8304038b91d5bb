"""A plain net around a caller's own batch norm."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nnlib import batchnorm_backward, batchnorm_forward, fold_batchnorm, make_moons, numerical_gradient
from nnlib.trial_net import TrialNet

BATCHNORM = (batchnorm_forward, batchnorm_backward)


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
@pytest.mark.parametrize("batchnorm", [None, BATCHNORM])
def test_gradients_are_those_of_the_loss(rng, activation, batchnorm):
    """Every kind of parameter meets central differences."""
    net = TrialNet([3, 5, 4, 2], activation, batchnorm)
    X, y = rng.normal(size=(7, 3)), np.array([0, 1, 1, 0, 1, 0, 0])
    _, grads = net.gradients(X, y)
    for (name, i), gradient in grads.items():
        values = getattr(net, name)
        kept = values[i]

        def loss(value, values=values, i=i):
            values[i] = value
            return net.gradients(X, y)[0]

        assert_allclose(gradient, numerical_gradient(loss, kept), rtol=1e-4, atol=1e-7)
        values[i] = kept


def test_nets_start_alike_with_and_without():
    """The seed alone decides about the weights, and batch norm adds two numbers per hidden unit."""
    plain, normed = TrialNet([4, 6, 3], seed=5), TrialNet([4, 6, 3], batchnorm=BATCHNORM, seed=5)
    assert all(np.array_equal(one, other) for one, other in zip(plain.w, normed.w, strict=True))
    assert normed.num_parameters == plain.num_parameters + 12


def test_training_takes_the_steps_asked_for_and_the_folded_net_says_the_same(rng):
    """Losses are one per step; folding changes no score."""
    X, y = make_moons(90, 0.1, rng)
    net, seen = TrialNet([2, 16, 16, 2], batchnorm=BATCHNORM), []
    losses = net.train(X, y, 0.3, 70, watch=seen.append)
    assert len(losses) == 70
    assert seen == list(range(1, 71))
    assert net.evaluate(X, y)[1] > 0.85
    assert_allclose(net.folded(fold_batchnorm).forward(X)[0], net.forward(X)[0], rtol=1e-9, atol=1e-9)
