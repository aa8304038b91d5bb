"""nnlib.network and nnlib.layers: views, gradients of every layer in a chain, copies and folding."""

import copy
import pickle

import numpy as np
import pytest

import nnlib
from nnlib import layers as ly
from nnlib import numerical_gradient, relative_error

ACTIVATIONS = [
    ly.ReLU(),
    ly.Sigmoid(),
    ly.Tanh(),
    ly.LeakyReLU(0.2),
    ly.ELU(0.7),
    ly.Softplus(),
    ly.GELU(),
    ly.PReLU(4),
    ly.BatchNorm(4, eps=1e-2),
    ly.Dropout(0.6),
    ly.Maxout(4, 4, pieces=3),
]


def randomized(network, rng):
    """Move every parameter off its special starting value (zero biases, unit gamma)."""
    network.theta += rng.normal(scale=0.3, size=network.theta.size)
    return network


def gradient_error(network, X, y, seed=5):
    def loss(theta):
        network.set_theta(theta)
        buffers = {name: value.copy() for name, value in network.buffers.items()}
        value = network.loss_and_grad(X, y, np.random.default_rng(seed))
        network.set_buffers(buffers)
        return value

    theta = network.theta.copy()
    loss(theta)
    analytic = network.grad.copy()
    return relative_error(analytic, numerical_gradient(loss, theta))


@pytest.mark.parametrize("layer", ACTIVATIONS, ids=[type(layer).__name__ for layer in ACTIVATIONS])
def test_every_layer_meets_central_differences_inside_a_chain(layer, rng):
    """Between two affine layers, in training mode, the gradient of every parameter is right."""
    chain = [ly.Affine(4, 4), layer, ly.Affine(4, 4, init="xavier_normal")]
    network = randomized(nnlib.Network(chain, rng, dtype=np.float64), rng)
    assert gradient_error(network, rng.normal(size=(4, 4)), np.array([0, 3, 3, 1])) < 1e-6


@pytest.mark.parametrize("loss", ["softmax_cross_entropy", "hinge", "mse", "mae", "binary_cross_entropy"])
def test_a_deep_net_of_everything_meets_central_differences(loss, rng):
    """Maxout, batch norm, two in-place ReLUs, dropout and PReLU in a row, under every loss."""
    chain = [
        *(ly.Maxout(5, 6), ly.BatchNorm(6), ly.ReLU(), ly.ReLU(), ly.Dropout(0.7)),
        *(ly.Affine(6, 4), ly.PReLU(4), ly.Affine(4, 3)),
    ]
    network = randomized(nnlib.Network(chain, rng, loss=loss, dtype=np.float64), rng)
    y = rng.integers(3, size=7) if loss in ("softmax_cross_entropy", "hinge") else rng.uniform(size=(7, 3))
    assert gradient_error(network, rng.normal(size=(7, 5)), y) < 1e-5


@pytest.mark.parametrize("last", [ly.ReLU(), ly.Dropout(0.5), ly.BatchNorm(3)])
def test_nothing_handed_in_is_overwritten(last, rng):
    """The batch, the labels and the upstream gradient stay as they were, in-place layers or not."""
    network = nnlib.Network([ly.ReLU(), ly.Affine(4, 3), last], rng)
    X, dscores = rng.normal(size=(5, 4)).astype(np.float32), rng.normal(size=(5, 3)).astype(np.float32)
    before = X.copy(), dscores.copy()
    network.forward(X, train=True, rng=rng)
    network.backward(dscores)
    network.activations(X)
    assert np.array_equal(X, before[0])
    assert np.array_equal(dscores, before[1])


def test_layers_that_reuse_memory_compute_what_the_functions_do(rng):
    """Affine and ReLU in place give the outputs and gradients of the pure functions."""
    network = randomized(nnlib.Network([ly.Affine(4, 3), ly.ReLU(), ly.Affine(3, 3)], rng, dtype=np.float64), rng)
    X, dscores, params = rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), network.params
    z, first = nnlib.affine_forward(X, params["0.W"], params["0.b"])
    scores, last = nnlib.affine_forward(nnlib.relu(z), params["2.W"], params["2.b"])
    da, *dlast = nnlib.affine_backward(dscores, last)
    _, *dfirst = nnlib.affine_backward(nnlib.relu_backward(da, z), first)
    assert np.allclose(network.forward(X, train=True), scores, rtol=1e-12)
    network.backward(dscores)
    for name, expected in zip(("0.W", "0.b", "2.W", "2.b"), [*dfirst, *dlast], strict=True):
        assert np.allclose(network.grads[name], expected, rtol=1e-12)
    with pytest.raises(ValueError, match=r"dout must have shape \(3, 3\), the scores' own, got \(3, 1\)"):
        network.backward(dscores[:, :1])


def test_parameters_are_views_into_theta_weights_first(rng):
    """Writing theta changes W, writing W changes theta, and the leading part is all the weights."""
    network = nnlib.Network([ly.Affine(3, 4), ly.BatchNorm(4), ly.ReLU(), ly.Affine(4, 2)], rng)
    assert list(network.params) == ["0.W", "3.W", "0.b", "1.gamma", "1.beta", "3.b"]
    assert network.num_decayed == 12 + 8
    assert network.theta.size == 12 + 8 + 4 + 4 + 4 + 2
    for name, view in {**network.params, **network.grads}.items():
        assert np.shares_memory(view, network.theta) or np.shares_memory(view, network.grad), name
    network.theta[...] = 0
    assert not network.params["3.W"].any()
    network.layers[0].params["W"][0, 0] = 7
    assert network.theta[0] == network.weights[0] == 7


def test_the_gradient_is_overwritten_not_added_to(rng):
    """Two passes over the same batch leave the same gradient."""
    network = nnlib.Network([ly.Affine(3, 4), ly.PReLU(4), ly.Maxout(4, 2)], rng)
    X, y = rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    network.loss_and_grad(X, y)
    first = network.grad.copy()
    network.loss_and_grad(X, y)
    assert np.array_equal(network.grad, first)


def test_a_float32_step_stays_float32(rng):
    """No score, gradient, buffer or state of a full step is float64."""
    chain = [ly.Affine(3, 4), ly.BatchNorm(4), ly.GELU(), ly.Dropout(0.5), ly.PReLU(4), ly.Affine(4, 2)]
    network, optimizer = nnlib.Network(chain, rng), nnlib.Adam(0.1)
    outputs = []
    for layer in network.layers:
        forward, backward = layer.forward, layer.backward
        layer.forward = lambda *a, f=forward: outputs.append(f(*a)) or outputs[-1]
        layer.backward = lambda *a, f=backward: outputs.append(f(*a)) or outputs[-1]
    network.loss_and_grad(rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1]), rng)
    optimizer.step(network.theta, network.grad)
    assert len(outputs) == 12
    arrays = [*outputs, network.theta, network.grad, *network.buffers.values(), *optimizer.state().values()]
    assert {a.dtype for a in arrays if isinstance(a, np.ndarray)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("way", [lambda n: n.copy(), copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_copies_are_whole_and_independent(way, rng):
    """Method, deepcopy and pickle give the same scores from their own theta, with views intact."""
    chain = [ly.Affine(3, 4), ly.BatchNorm(4), ly.ReLU(), ly.Affine(4, 2)]
    network = nnlib.Network(chain, rng)
    X, y = rng.normal(size=(6, 3)), np.array([0, 1, 1, 0, 1, 0])
    network.loss_and_grad(X, y)
    other = way(network)
    assert np.array_equal(other.forward(X), network.forward(X))
    scores = network.forward(X)
    other.theta[...] = 0
    assert not other.params["0.W"].any()
    other.loss_and_grad(X, y)
    assert np.array_equal(network.forward(X), scores)


def test_one_list_of_layers_serves_two_networks(rng):
    """Layers are copied, so networks share no parameters."""
    chain = [ly.Affine(3, 2)]
    first, second = nnlib.Network(chain, rng), nnlib.Network(chain, rng)
    assert not np.array_equal(first.theta, second.theta)
    first.theta[...] = 0
    assert second.theta[:6].all()


def test_folding_the_whole_network(rng):
    """Each batch norm after an affine layer vanishes into it; scores at test time stay the same."""
    chain = [
        *(ly.Affine(5, 6), ly.BatchNorm(6), ly.ReLU(), ly.BatchNorm(6)),
        *(ly.Affine(6, 4), ly.BatchNorm(4, eps=1e-2), ly.Tanh(), ly.Affine(4, 3)),
    ]
    network = randomized(nnlib.Network(chain, rng, dtype=np.float64), rng)
    for _ in range(3):
        network.forward(rng.normal(loc=2, scale=3, size=(8, 5)), train=True)
    folded = network.fold_batchnorm()
    X = rng.normal(size=(7, 5))
    assert [type(layer).__name__ for layer in folded.layers] == [
        *("Affine", "ReLU", "BatchNorm", "Affine", "Tanh", "Affine")
    ]
    assert np.allclose(folded.forward(X), network.forward(X), rtol=1e-12)
    assert folded.dtype == np.float64


def test_activations_are_those_of_the_forward_pass(rng):
    """One output a layer, and the pre-activations survive the in-place ReLU after them."""
    network = nnlib.Network([ly.Affine(3, 4), ly.ReLU(), ly.Affine(4, 2)], rng)
    X = rng.normal(size=(6, 3)).astype(np.float32)
    z, a, scores = network.activations(X)
    assert (z < 0).any()
    assert np.array_equal(a, np.maximum(z, 0))
    assert np.array_equal(scores, network.forward(X))


def test_evaluation_in_parts_equals_the_whole(rng):
    """Loss, accuracy, classes and probabilities of 2,500 examples do not depend on the cut."""
    network = nnlib.Network([ly.Affine(3, 4)], rng, dtype=np.float64)
    X, y = rng.normal(size=(2500, 3)), rng.integers(4, size=2500)
    scores = network.forward(X)
    loss, accuracy = network.evaluate(X, y)
    assert loss == pytest.approx(nnlib.softmax_cross_entropy(scores, y)[0])
    assert accuracy == (scores.argmax(axis=1) == y).mean()
    assert np.array_equal(network.predict(X), scores.argmax(axis=1))
    assert np.allclose(network.predict_proba(X), nnlib.softmax(scores))


def test_regression_and_logistic_networks_predict_what_they_should(rng):
    """A regression predicts outputs and has no accuracy; a logistic net predicts 0 and 1."""
    X, y = rng.normal(size=(9, 3)), rng.integers(2, size=(9, 1))
    regression = nnlib.Network([ly.Affine(3, 1)], rng, loss="mse")
    assert np.array_equal(regression.predict(X), regression.forward(X))
    assert np.isnan(regression.evaluate(X, y)[1])
    logistic = nnlib.Network([ly.Affine(3, 1)], rng, loss="binary_cross_entropy")
    assert np.array_equal(logistic.predict(X), (logistic.predict_proba(X) > 0.5).astype(int))
    assert logistic.evaluate(X, y)[1] == (logistic.predict(X) == y).mean()


@pytest.mark.parametrize("init", [*ly.INITS, 0.5])
def test_layers_take_every_initialiser_by_name_or_deviation(init, rng):
    """Each name draws weights of the right shape; biases start at zero."""
    network = nnlib.Network([ly.Affine(200, 100, init=init)], rng)
    assert not network.params["0.b"].any()
    assert network.params["0.W"].std() == pytest.approx(
        {"zeros": 0, 0.5: 0.5, "lecun_normal": 200**-0.5, "orthogonal": 200**-0.5}.get(
            init, 150**-0.5 if str(init).startswith("xavier") else 100**-0.5
        ),
        rel=0.05,
    )


def test_constant_weights_leave_units_equal(rng):
    """Units that start alike stay alike through any number of steps."""
    network, optimizer = nnlib.Network([ly.Affine(3, 4), ly.Tanh(), ly.Affine(4, 2)], rng), nnlib.Adam(0.1)
    network.theta[...] = 0.3
    X, y = rng.normal(size=(8, 3)), rng.integers(2, size=8)
    for _ in range(20):
        network.loss_and_grad(X, y)
        optimizer.step(network.theta, network.grad)
    w = network.params["0.W"]
    assert np.allclose(w, w[:, :1], rtol=1e-5)
    assert np.abs(w - 0.3).max() > 0.1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rng: nnlib.Network([], rng), "at least one layer, got none"),
        (lambda rng: nnlib.Network([ly.Affine(3, 2)], 7), "rng must be a numpy.random.Generator, got int"),
        (
            lambda rng: nnlib.Network([ly.Affine(3, 4), ly.ReLU(), ly.Affine(5, 2)], rng),
            "Layer 2, Affine.*must take the 4 outputs",
        ),
        (lambda rng: nnlib.Network([ly.Affine(3, 2)], rng, loss="hing"), "Did you mean 'hinge'"),
        (lambda rng: nnlib.Network([ly.Affine(3, 2)], rng, dtype=int), "dtype must be a float type"),
        (lambda rng: ly.Affine(3, 2, init="he_norml"), "Did you mean 'he_normal'"),
        (lambda rng: ly.Affine(3, 0), "fan_out must be an integer of at least 1, got 0"),
        (lambda rng: ly.Dropout(0), r"in \(0, 1\], got 0"),
        (lambda rng: ly.BatchNorm(3, momentum=1.0), r"momentum must lie in \[0, 1\)"),
        (lambda rng: nnlib.Network([ly.Affine(3, 2)], rng).forward(np.ones(3)), r"pass x\[np.newaxis, :\]"),
        (lambda rng: nnlib.Network([ly.Affine(3, 2)], rng).forward(np.ones((2, 4))), r"\(N, 3\), got \(2, 4\)"),
        (lambda rng: nnlib.Network([ly.Affine(3, 2)], rng).forward([["a"] * 3]), "real numbers, got dtype <U1"),
        (
            lambda rng: nnlib.Network([ly.Dropout(0.5)], rng).forward(np.ones((2, 3)), train=True),
            "rng must be a numpy.random.Generator, got NoneType",
        ),
        (lambda rng: nnlib.Network([ly.Affine(3, 2)], rng).set_theta(np.ones(3)), r"network.theta, \(8,\)"),
        (lambda rng: nnlib.Network([ly.Affine(3, 2)], rng).evaluate(np.ones((2, 3)), [1]), "one row per example"),
    ],
)
def test_errors_say_rule_got_repair(call, words, rng):
    """Layers that do not fit, unknown names and foreign batches are named."""
    with pytest.raises(ValueError, match=words):
        call(rng)
