"""nnlib.activations: values at the extremes, and every backward against central differences."""

import numpy as np
import pytest

import nnlib
from nnlib import numerical_gradient, relative_error

ELEMENTWISE = [
    (nnlib.sigmoid, nnlib.sigmoid_backward, {}),
    (nnlib.tanh, nnlib.tanh_backward, {}),
    (nnlib.relu, nnlib.relu_backward, {}),
    (nnlib.leaky_relu, nnlib.leaky_relu_backward, {"slope": 0.2}),
    (nnlib.elu, nnlib.elu_backward, {"alpha": 0.7}),
    (nnlib.softplus, nnlib.softplus_backward, {}),
    (nnlib.gelu, nnlib.gelu_backward, {}),
]
NAMES = [forward.__name__ for forward, _, _ in ELEMENTWISE]


@pytest.fixture
def rng():
    return np.random.default_rng(1)


@pytest.mark.parametrize(("forward", "backward", "options"), ELEMENTWISE, ids=NAMES)
def test_backward_meets_central_differences(forward, backward, options, rng):
    """Each elementwise backward is the derivative of its forward, for a random upstream gradient."""
    z = rng.normal(scale=2, size=(4, 4))
    da = rng.normal(size=z.shape)
    before = da.copy(), z.copy()
    numeric = numerical_gradient(lambda v: (forward(v, **options) * da).sum(), z)
    assert relative_error(backward(da, z, **options), numeric) < 1e-7
    assert np.array_equal(da, before[0])
    assert np.array_equal(z, before[1])


@pytest.mark.parametrize(("forward", "backward", "options"), ELEMENTWISE, ids=NAMES)
def test_extreme_inputs_stay_finite_without_a_warning(forward, backward, options):
    """Scores of ±1e3 and ±1e4 give finite outputs and gradients; float32 stays float32."""
    for dtype in (np.float32, np.float64):
        z = np.array([-1e4, -1e3, 0, 1e3, 1e4], dtype=dtype)
        a, dz = forward(z, **options), backward(np.ones_like(z), z, **options)
        assert np.isfinite(a).all()
        assert np.isfinite(dz).all()
        assert a.dtype == dz.dtype == dtype


@pytest.mark.parametrize(("forward", "backward", "options"), ELEMENTWISE, ids=NAMES)
def test_integers_are_read_as_numbers(forward, backward, options):
    """Integer scores give the same as their float twins, single numbers included."""
    z = np.array([[-2, 0, 3]])
    assert np.array_equal(forward(z, **options), forward(z.astype(float), **options))
    assert forward(-2, **options) == forward(z, **options)[0, 0]
    ones = np.ones(z.shape, int)
    assert np.array_equal(backward(ones, z, **options), backward(ones * 1.0, z * 1.0, **options))


@pytest.mark.parametrize(("forward", "backward", "options"), ELEMENTWISE, ids=NAMES)
def test_mismatched_shapes_are_refused(forward, backward, options):
    """A gradient of another shape would broadcast silently; it is refused with both shapes."""
    with pytest.raises(ValueError, match=r"da must have the shape of z, \(3, 1\), got \(3,\)"):
        backward(np.ones(3), np.ones((3, 1)), **options)


def test_sigmoid_is_exact_at_the_ends():
    """sigmoid is exactly 0 and 1 at ∓1000, and keeps relative precision far below."""
    assert nnlib.sigmoid(-1000.0) == 0
    assert nnlib.sigmoid(1000.0) == 1
    assert nnlib.sigmoid(-40.0) == pytest.approx(np.exp(-40), rel=1e-12)
    assert nnlib.sigmoid(0.0) == 0.5


def test_sigmoid_gradient_facts():
    """The derivative peaks at 0.25 and is below 1e-4 beyond ±10, where learning stops."""
    assert nnlib.sigmoid_backward(1.0, 0.0) == 0.25
    z = np.array([-30, -10.01, 10.01, 30])
    assert (nnlib.sigmoid_backward(np.ones(4), z) < 1e-4).all()
    assert (nnlib.sigmoid_backward(np.ones(4), z) > 0).all()


def test_tanh_is_zero_centred_and_relu_is_not(rng):
    """On symmetric inputs tanh averages 0; sigmoid and ReLU do not."""
    z = rng.normal(size=2000)
    z = np.concatenate([z, -z])
    assert abs(nnlib.tanh(z).mean()) < 1e-12
    assert nnlib.relu(z).mean() > 0.3
    assert nnlib.sigmoid(z).mean() == pytest.approx(0.5)


def test_relu_passes_no_gradient_at_or_below_zero():
    """A unit negative on every example gets no gradient: it is dead."""
    z = np.array([-1.0, 0.0, 2.0])
    assert nnlib.relu_backward(np.full(3, -5.0), z).tolist() == [0, 0, -5]
    assert nnlib.leaky_relu_backward(np.full(3, -5.0), z).tolist() == [-0.05, -0.05, -5]


@pytest.mark.parametrize("shape", [(), (4,)])
def test_prelu_backward_meets_central_differences(shape, rng):
    """dz and dalpha are both right, for one shared slope and for one slope per unit."""
    z, da, alpha = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)), rng.uniform(0.1, 0.9, size=shape)
    dz, dalpha = nnlib.prelu_backward(da, z, alpha)
    assert relative_error(dz, numerical_gradient(lambda v: (nnlib.prelu(v, alpha) * da).sum(), z)) < 1e-8
    assert relative_error(dalpha, numerical_gradient(lambda v: (nnlib.prelu(z, v) * da).sum(), alpha)) < 1e-8
    assert np.shape(dalpha) == shape


def test_prelu_refuses_slopes_of_another_shape():
    """A slope an example is refused."""
    with pytest.raises(ValueError, match="alpha must be one number or have z's last axes"):
        nnlib.prelu(np.ones((2, 3)), np.ones(2))


def test_affine_backward_meets_central_differences(rng):
    """dx, dw and db are right with a nonzero bias and N == D == K, and nothing passed in changes."""
    x, w, b, dout = (rng.normal(size=s) for s in [(4, 4), (4, 4), (4,), (4, 4)])
    before = [v.copy() for v in (x, w, b, dout)]
    out, cache = nnlib.affine_forward(x, w, b)
    assert np.allclose(out, np.einsum("nd,dk->nk", x, w) + b)
    dx, dw, db = nnlib.affine_backward(dout, cache)

    def loss(x, w, b):
        return (nnlib.affine_forward(x, w, b)[0] * dout).sum()

    assert relative_error(dx, numerical_gradient(lambda v: loss(v, w, b), x)) < 1e-8
    assert relative_error(dw, numerical_gradient(lambda v: loss(x, v, b), w)) < 1e-8
    assert relative_error(db, numerical_gradient(lambda v: loss(x, w, v), b)) < 1e-8
    for now, then in zip((x, w, b, dout), before, strict=True):
        assert np.array_equal(now, then)


@pytest.mark.parametrize(
    ("x", "w", "b", "words"),
    [
        ((3,), (3, 2), (2,), r"pass x\[np.newaxis, :\]"),
        ((5, 3), (2, 3), (2,), "w must have a row for each of x's 3 columns"),
        ((5, 3), (3, 2), (1, 2), r"b must have shape \(2,\), got \(1, 2\)"),
    ],
)
def test_affine_errors_say_rule_got_repair(x, w, b, words):
    """Wrong shapes are named with the shape that came."""
    with pytest.raises(ValueError, match=words):
        nnlib.affine_forward(np.ones(x), np.ones(w), np.ones(b))


def test_affine_backward_refuses_another_batch():
    """The gradient of another batch than the cache's is refused."""
    _, cache = nnlib.affine_forward(np.ones((5, 3)), np.ones((3, 2)), np.ones(2))
    with pytest.raises(ValueError, match="the same forward call"):
        nnlib.affine_backward(np.ones((4, 2)), cache)


def test_maxout_backward_meets_central_differences(rng):
    """dx, dw and db are right for three pieces with nonzero biases."""
    x, w, b, dout = (rng.normal(size=s) for s in [(5, 4), (3, 4, 5), (3, 5), (5, 5)])
    out, cache = nnlib.maxout_forward(x, w, b)
    assert np.allclose(out, np.max([x @ w[k] + b[k] for k in range(3)], axis=0))
    dx, dw, db = nnlib.maxout_backward(dout, cache)

    def loss(x, w, b):
        return (nnlib.maxout_forward(x, w, b)[0] * dout).sum()

    assert relative_error(dx, numerical_gradient(lambda v: loss(v, w, b), x)) < 1e-8
    assert relative_error(dw, numerical_gradient(lambda v: loss(x, v, b), w)) < 1e-8
    assert relative_error(db, numerical_gradient(lambda v: loss(x, w, v), b)) < 1e-8


def test_maxout_tie_feeds_one_piece():
    """Equal pieces do not each get the whole gradient."""
    _, cache = nnlib.maxout_forward(np.ones((2, 3)), np.ones((2, 3, 1)), np.zeros((2, 1)))
    _, _, db = nnlib.maxout_backward(np.ones((2, 1)), cache)
    assert db.tolist() == [[2], [0]]


def test_maxout_refuses_wrong_shapes():
    """Weights of one piece only, and a bias without pieces, are refused."""
    with pytest.raises(ValueError, match=r"w must have shape \(k, D, K\)"):
        nnlib.maxout_forward(np.ones((2, 3)), np.ones((3, 1)), np.ones(1))
    with pytest.raises(ValueError, match=r"b must have shape \(k, K\) = \(2, 1\)"):
        nnlib.maxout_forward(np.ones((2, 3)), np.ones((2, 3, 1)), np.ones(1))
    with pytest.raises(ValueError, match=r"w must have shape \(k, 3, K\)"):
        nnlib.maxout_forward(np.ones((2, 3)), np.ones((2, 4, 1)), np.ones((2, 1)))
