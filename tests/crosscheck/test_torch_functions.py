"""Activations, losses, affine, maxout and batch norm against PyTorch, values and gradients, in float64."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nnlib

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'nnlib[crosscheck]'")
F = torch.nn.functional


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def tensor(array):
    return torch.tensor(np.asarray(array, dtype=np.float64), requires_grad=True)


def close(ours, theirs, **tolerance):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    assert_allclose(ours, theirs, **{"rtol": 1e-10, "atol": 1e-12, **tolerance})


ELEMENTWISE = [
    (nnlib.sigmoid, nnlib.sigmoid_backward, torch.sigmoid, {}),
    (nnlib.tanh, nnlib.tanh_backward, torch.tanh, {}),
    (nnlib.relu, nnlib.relu_backward, torch.relu, {}),
    (nnlib.leaky_relu, nnlib.leaky_relu_backward, lambda z: F.leaky_relu(z, 0.2), {"slope": 0.2}),
    (nnlib.elu, nnlib.elu_backward, lambda z: F.elu(z, 0.7), {"alpha": 0.7}),
    (nnlib.softplus, nnlib.softplus_backward, lambda z: F.softplus(z, threshold=100), {}),
    (nnlib.gelu, nnlib.gelu_backward, lambda z: F.gelu(z, approximate="tanh"), {}),
]


@pytest.mark.parametrize(
    ("ours", "backward", "theirs", "options"), ELEMENTWISE, ids=[c[0].__name__ for c in ELEMENTWISE]
)
def test_activations(ours, backward, theirs, options, rng):
    """Values and gradients agree, zero included; PyTorch's softplus turns linear early unless told not to."""
    z, da = np.concatenate([rng.normal(scale=5, size=50), [0.0, -30.0, 30.0]]), rng.normal(size=53)
    t = tensor(z)
    out = theirs(t)
    out.backward(torch.tensor(da))
    close(ours(z, **options), out)
    close(backward(da, z, **options), t.grad)


@pytest.mark.parametrize("slopes", [1, 4])
def test_prelu(slopes, rng):
    """dz and dalpha agree for one slope and for one a unit."""
    z, da, alpha = rng.normal(size=(6, 4)), rng.normal(size=(6, 4)), rng.uniform(0.1, 0.9, size=slopes)
    t, a = tensor(z), tensor(alpha)
    out = F.prelu(t, a)
    out.backward(torch.tensor(da))
    ours = alpha if slopes > 1 else alpha[0]
    dz, dalpha = nnlib.prelu_backward(da, z, ours)
    close(nnlib.prelu(z, ours), out)
    close(dz, t.grad)
    close(np.atleast_1d(dalpha), a.grad)


def test_affine_and_maxout(rng):
    """Outputs and all gradients agree."""
    x, w, b, dout = (rng.normal(size=s) for s in [(7, 4), (3, 4, 5), (3, 5), (7, 5)])
    tx, tw, tb = tensor(x), tensor(w), tensor(b)
    F.linear(tx, tw[0].T, tb[0]).backward(torch.tensor(dout))
    out, cache = nnlib.affine_forward(x, w[0], b[0])
    for ours, theirs in zip(nnlib.affine_backward(dout, cache), (tx.grad, tw.grad[0], tb.grad[0]), strict=True):
        close(ours, theirs)
    tx, tw, tb = tensor(x), tensor(w), tensor(b)
    pieces = torch.einsum("nd,kde->kne", tx, tw) + tb[:, None, :]
    expected = pieces.max(dim=0).values
    expected.backward(torch.tensor(dout))
    out, cache = nnlib.maxout_forward(x, w, b)
    close(out, expected)
    for ours, theirs in zip(nnlib.maxout_backward(dout, cache), (tx.grad, tw.grad, tb.grad), strict=True):
        close(ours, theirs)


LABEL_LOSSES = [
    (nnlib.softmax_cross_entropy, F.cross_entropy),
    # PyTorch divides by the number of classes as well.
    (nnlib.hinge_loss, lambda s, y: F.multi_margin_loss(s, y) * s.shape[1]),
]
TARGET_LOSSES = [
    (nnlib.mse, F.mse_loss),
    (nnlib.mae, F.l1_loss),
    (nnlib.binary_cross_entropy, F.binary_cross_entropy_with_logits),
]


@pytest.mark.parametrize(("ours", "theirs"), LABEL_LOSSES)
@pytest.mark.parametrize("scale", [1, 1e3])
def test_losses_of_labels(ours, theirs, scale, rng):
    """Loss and gradient agree, huge scores included."""
    scores, y = rng.normal(scale=scale, size=(8, 8)), rng.integers(8, size=8)
    t = tensor(scores)
    expected = theirs(t, torch.tensor(y))
    expected.backward()
    loss, dscores = ours(scores, y)
    close(loss, expected.item())
    close(dscores, t.grad)


@pytest.mark.parametrize(("ours", "theirs"), TARGET_LOSSES)
@pytest.mark.parametrize("shape", [(6,), (5, 3)])
def test_losses_of_targets(ours, theirs, shape, rng):
    """Loss and gradient agree; both average over all entries."""
    pred, target = rng.normal(scale=4, size=shape), rng.uniform(size=shape)
    t = tensor(pred)
    expected = theirs(t, torch.tensor(target))
    expected.backward()
    loss, dpred = ours(pred, target)
    close(loss, expected.item())
    close(dpred, t.grad)


def test_softmax(rng):
    """Probabilities agree."""
    scores = rng.normal(scale=30, size=(5, 5))
    close(nnlib.softmax(scores), torch.softmax(torch.tensor(scores), dim=1))


@pytest.mark.parametrize("train", [True, False])
def test_batch_norm(train, rng):
    """Outputs and gradients agree over three batches; running averages up to two conventions.

    PyTorch's momentum is the share of the *new* value, and it averages the *unbiased* variance.
    """
    theirs = torch.nn.BatchNorm1d(4, eps=1e-2, momentum=0.2, dtype=torch.float64)
    gamma, beta = rng.uniform(0.5, 2, size=4), rng.normal(size=4)
    with torch.no_grad():
        theirs.weight[:], theirs.bias[:] = torch.tensor(gamma), torch.tensor(beta)
    running = {"mean": np.zeros(4), "var": np.ones(4)}
    unbiased = np.ones(4)
    for _ in range(3):
        x = rng.normal(loc=3, scale=2, size=(6, 4))
        theirs(torch.tensor(x))
        nnlib.batchnorm_forward(x, gamma, beta, running, momentum=0.8, eps=1e-2)
        unbiased = 0.8 * unbiased + 0.2 * x.var(axis=0, ddof=1)
    close(running["mean"], theirs.running_mean)
    close(unbiased, theirs.running_var)
    with torch.no_grad():
        theirs.running_var[:] = torch.tensor(running["var"])
    theirs.train(train)
    x, dout = rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
    t = tensor(x)
    theirs.zero_grad()
    expected = theirs(t)
    expected.backward(torch.tensor(dout))
    out, cache = nnlib.batchnorm_forward(x, gamma, beta, running, train=train, momentum=0.8, eps=1e-2)
    close(out, expected)
    wanted = (t.grad, theirs.weight.grad, theirs.bias.grad)
    for ours, gradient in zip(nnlib.batchnorm_backward(dout, cache), wanted, strict=True):
        close(ours, gradient)
