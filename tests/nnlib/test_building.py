"""nnlib.building: networks from sizes, and LSUV."""

import numpy as np
import pytest

import nnlib
from nnlib.building import ACTIVATIONS


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_by_name(activation, rng):
    """Each name builds a net that takes a batch and learns a step."""
    network = nnlib.build_network([3, 4, 5, 2], rng, activation=activation, batchnorm=True, keep_prob=0.9)
    loss = network.loss_and_grad(rng.normal(size=(6, 3)), np.array([0, 1, 1, 0, 1, 0]), rng)
    assert np.isfinite(loss)
    assert network.grad.any()


def test_the_order_of_layers(rng):
    """Affine, batch norm, activation, dropout in each hidden layer; the output is affine alone."""
    network = nnlib.build_network([3, 4, 5, 2], rng, batchnorm=True, keep_prob=[0.9, 1.0])
    names = [type(layer).__name__ for layer in network.layers]
    assert names == ["Affine", "BatchNorm", "ReLU", "Dropout", "Affine", "BatchNorm", "ReLU", "Affine"]
    assert [type(layer) for layer in nnlib.build_network([3, 2], rng).layers] == [nnlib.Affine]


def test_the_initialiser_follows_the_activation(rng):
    """He for ReLU, Xavier for tanh, and any name or deviation on request."""
    he, xavier, own = (
        nnlib.build_network([400, 600, 10], rng, **options).params["0.W"].var()
        for options in ({}, {"activation": "tanh"}, {"init": 0.02})
    )
    assert he == pytest.approx(2 / 400, rel=0.02)
    assert xavier == pytest.approx(2 / 1000, rel=0.02)
    assert own == pytest.approx(0.02**2, rel=0.02)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_lsuv_gives_every_layer_unit_variance(activation, rng):
    """Ten layers deep, each affine output has variance 1 within the tolerance."""
    network = nnlib.build_network([30] + [50] * 10 + [10], rng, activation=activation)
    X = 7 + 3 * rng.normal(size=(300, 30))
    nnlib.lsuv(network, X, rng, tolerance=0.02)
    outputs = network.activations(X)
    variances = [a.var() for a, layer in zip(outputs, network.layers, strict=True) if isinstance(layer, nnlib.Affine)]
    assert variances == pytest.approx([1.0] * 11, abs=0.021)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rng: nnlib.build_network([3], rng), "sizes must hold an input and at least one layer"),
        (lambda rng: nnlib.build_network([3, 0, 2], rng), "Each of sizes must be an integer of at least 1, got 0"),
        (lambda rng: nnlib.build_network([3, 2], rng, activation="Relu"), "Did you mean 'relu'"),
        (lambda rng: nnlib.build_network([3, 4, 2], rng, keep_prob=[0.5, 0.5]), "one per hidden layer, got 2"),
        (lambda rng: nnlib.build_network([3, 4, 2], rng, keep_prob=0.0), r"in \(0, 1\], got 0.0"),
        (lambda rng: nnlib.build_network([3, 4, 2], rng, init="he"), "Did you mean|must be one of"),
        (lambda rng: nnlib.lsuv(nnlib.build_network([3, 2], rng), np.zeros((5, 3)), rng), "LSUV must see varied data"),
    ],
)
def test_errors_say_rule_got_repair(call, words, rng):
    """Sizes, names and probabilities that make no network are refused."""
    with pytest.raises(ValueError, match=words):
        call(rng)
