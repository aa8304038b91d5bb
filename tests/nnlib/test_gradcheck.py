"""nnlib.gradcheck: the lecture's numbers, any structure of parameters, and errors that are caught."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import nnlib


def cube(x):
    return x**3


def test_differences_of_a_cube():
    """At 1 with h = 0.01 the central formula gives 3.0001 and the one-sided 3.0301."""
    assert nnlib.central_difference(cube, 1.0, 0.01) == pytest.approx(3.0001, abs=1e-12)
    assert nnlib.forward_difference(cube, 1.0, 0.01) == pytest.approx(3.0301, abs=1e-12)


def test_errors_fall_as_h_squared_and_h_until_round_off():
    """A tenth of h cuts the central error by 100 and the one-sided by 10; at 1e-13 round-off rules both."""
    for method, ratio in ((nnlib.central_difference, 100), (nnlib.forward_difference, 10)):
        errors = [abs(method(cube, 1.0, h) - 3) for h in (1e-1, 1e-2, 1e-3)]
        assert errors[0] / errors[1] == pytest.approx(ratio, rel=0.1)
        assert errors[1] / errors[2] == pytest.approx(ratio, rel=0.1)
        assert abs(method(cube, 1.0, 1e-13) - 3) > 1e-5


def test_float32_meets_round_off_at_a_larger_step():
    """The formula keeps the precision of its argument, so float32 fails where float64 is fine."""
    assert abs(nnlib.central_difference(cube, np.float32(1), np.float32(1e-6)) - 3) > 1e-3
    assert abs(nnlib.central_difference(cube, np.float64(1), 1e-6) - 3) < 1e-9


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 2)])
def test_numerical_gradient_takes_any_shape(shape):
    """The gradient of a sum of sines is the cosine, in the shape of x, and x stays as it was."""
    x = np.random.default_rng(0).normal(size=shape)
    before = x.copy()
    grad = nnlib.numerical_gradient(lambda v: np.sin(v).sum(), x)
    assert grad.shape == shape
    assert np.allclose(grad, np.cos(x), atol=1e-9)
    assert np.array_equal(x, before)


def test_numerical_gradient_sees_cross_terms_and_restores_each_component():
    """x'Ax has gradient (A + A')x: a component left perturbed would leak into the next."""
    a = np.random.default_rng(3).normal(size=(5, 5))
    x = np.arange(5.0)
    assert np.allclose(nnlib.numerical_gradient(lambda v: v @ a @ v, x, h=1e-2), (a + a.T) @ x, rtol=1e-9)


def test_numerical_gradient_reads_integers_float32_and_strided_views():
    """Integers, float32 and a transposed view give the float64 gradient."""
    x = np.arange(6).reshape(2, 3)
    for point in (x, x.astype(np.float32), x.T):
        assert np.allclose(nnlib.numerical_gradient(lambda v: (v**2).sum(), point), 2 * point, atol=1e-8)


def test_relative_error_facts():
    """Equal is 0, opposite is 1, two zeros agree, and scale does not matter, even at float's limits."""
    a = np.array([3.0, -4.0])
    assert nnlib.relative_error(a, a) == 0
    assert nnlib.relative_error(a, -a) == 1
    assert nnlib.relative_error(a, [3.0, -4.01]) == pytest.approx(0.01 / (5 + np.hypot(3, 4.01)))
    assert nnlib.relative_error(np.zeros(3), np.zeros(3)) == 0
    for scale in (1e-300, 1e300):
        assert nnlib.relative_error(a * scale, 3 * a * scale) == pytest.approx(0.5)


@pytest.mark.parametrize("kind", [dict, list, tuple])
def test_flatten_and_unflatten_are_inverse(kind):
    """Any structure of arrays survives the round trip, in new memory."""
    arrays = {"W1": np.arange(6.0).reshape(2, 3), "b1": np.ones(3), "scale": np.array(2.0)}
    params = arrays if kind is dict else kind(arrays.values())
    theta = nnlib.flatten(params)
    assert theta.shape == (10,)
    back = nnlib.unflatten(theta, params)
    assert type(back) is kind
    pairs = zip(back.values(), arrays.values(), strict=True) if kind is dict else zip(back, params, strict=True)
    for new, old in pairs:
        assert np.array_equal(new, old)
        assert not np.shares_memory(new, theta)


def test_check_gradient_passes_a_right_gradient_and_flags_a_wrong_one():
    """Softmax regression over a dict of parameters: right below 1e-7, regularisation left out above 1e-3."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(5, 3)), np.array([0, 1, 2, 3, 3])
    params = {"W": rng.normal(size=(3, 4)), "b": rng.normal(size=4)}

    def loss(p):
        scores, _ = nnlib.affine_forward(x, p["W"], p["b"])
        return nnlib.softmax_cross_entropy(scores, y)[0] + 0.05 * (p["W"] ** 2).sum()

    def grad(p, lam=0.1):
        scores, cache = nnlib.affine_forward(x, p["W"], p["b"])
        _, dw, db = nnlib.affine_backward(nnlib.softmax_cross_entropy(scores, y)[1], cache)
        return {"W": dw + lam * p["W"], "b": db}

    assert nnlib.check_gradient(loss, grad, params) < 1e-7
    assert nnlib.check_gradient(loss, grad(params), params) < 1e-7
    assert nnlib.check_gradient(loss, grad(params, lam=0), params) > 1e-3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nnlib.central_difference(cube, 1.0, 0), "h must be positive, got 0"),
        (lambda: nnlib.numerical_gradient(lambda v: v, np.ones(2)), r"one number, got shape \(2,\)"),
        (lambda: nnlib.relative_error(np.ones(3), np.ones((3, 1))), "a must have the shape of b"),
        (lambda: nnlib.unflatten(np.ones(3), [np.ones(4)]), r"theta must have shape \(4,\)"),
        (lambda: nnlib.flatten({}), "at least one array, got none"),
        (lambda: nnlib.check_gradient(np.sum, np.ones(2), np.ones(3)), "grad must have the shape of x"),
    ],
)
def test_errors_say_rule_got_repair(call, words):
    """Every misuse is a ValueError that names what came."""
    with pytest.raises(ValueError, match=words):
        call()


@given(
    st.lists(hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_side=3), elements=st.floats(-9, 9)), min_size=1)
)
def test_any_list_of_arrays_survives_flattening(params):
    """Shapes and values come back, scalars and repeated shapes included."""
    theta = nnlib.flatten(params)
    assert theta.size == sum(p.size for p in params)
    for new, old in zip(nnlib.unflatten(theta, params), params, strict=True):
        assert new.shape == old.shape
        assert np.array_equal(new, old)


@given(
    hnp.arrays(np.float64, 5, elements=st.floats(-1e6, 1e6)), hnp.arrays(np.float64, 5, elements=st.floats(-1e6, 1e6))
)
def test_relative_error_is_symmetric_and_within_one(a, b):
    """It lies in [0, 1], does not care which gradient is which, and is 0 for equal ones."""
    error = nnlib.relative_error(a, b)
    assert 0 <= error <= 1 + 1e-12
    assert error == nnlib.relative_error(b, a)
    assert nnlib.relative_error(a, a) == 0


def test_a_gradient_dict_is_matched_by_name():
    """The order in which a backward pass lists its gradients does not matter."""
    x = {"w": np.array([1.0, 2.0]), "b": np.array([3.0])}
    backwards = {"b": np.array([7.0]), "w": 2 * x["w"]}
    assert nnlib.check_gradient(lambda p: float(np.sum(p["w"] ** 2) + 7 * p["b"][0]), backwards, x) < 1e-7
