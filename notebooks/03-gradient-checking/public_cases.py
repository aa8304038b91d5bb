"""What `check(...)` tries in the notebook: small cases to look at while you work."""

from itertools import pairwise

import numpy as np

from nnlib.checks import tolerance


def cube_at_one(forward_difference):
    """θ³ at θ = 1 with h = 0.01"""
    return forward_difference(lambda t: t**3, 1.0, 0.01)


def a_line(forward_difference):
    """the falling line 2 - 5θ at θ = -4 with h = 0.5"""
    return forward_difference(lambda t: 2 - 5 * t, -4.0, 0.5)


def a_parabola(forward_difference):
    """θ² at θ = 3 with h = 0.5"""
    return forward_difference(lambda t: t**2, 3.0, 0.5)


def cube_both_sides(central_difference):
    """θ³ at θ = 1 with h = 0.01"""
    return central_difference(lambda t: t**3, 1.0, 0.01)


def parabola_both_sides(central_difference):
    """θ² at θ = -3, where it falls, with h = 0.5"""
    return central_difference(lambda t: t**2, -3.0, 0.5)


def cube_of_a_large_step(central_difference):
    """θ³ + 4θ at θ = -2 with h = 2"""
    return central_difference(lambda t: t**3 + 4 * t, -2.0, 2.0)


def growth_of_a_large_step(central_difference):
    """e to the θ at θ = 0 with h = 0.5"""
    return central_difference(np.exp, 0.0, 0.5)


def _at(numerical_gradient, f, x, **options):
    given = x.copy()
    gradient = numerical_gradient(f, given, **options)
    return {"gradient": gradient, "x afterwards": given}


@tolerance(rtol=1e-5, atol=1e-7)
def two_numbers(numerical_gradient):
    """x₀² + 3 x₀ x₁ at (1, 2)"""
    return _at(numerical_gradient, lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([1.0, 2.0]))


@tolerance(rtol=1e-5, atol=1e-7)
def whole_numbers(numerical_gradient):
    """the same at the integers (1, 2)"""
    return _at(numerical_gradient, lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([1, 2]))


@tolerance(rtol=1e-5, atol=1e-7)
def a_matrix(numerical_gradient):
    """a weighted sum of cubes of a 2 x 3 matrix"""
    weights = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    return _at(numerical_gradient, lambda x: np.sum(weights * x**3), np.arange(6.0).reshape(2, 3))


@tolerance(rtol=1e-5, atol=1e-7)
def a_transposed_matrix(numerical_gradient):
    """a weighted sum of squares of a matrix that was transposed"""
    weights = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    return numerical_gradient(lambda x: np.sum(weights * x**2), np.arange(6.0).reshape(2, 3).T)


@tolerance(rtol=1e-4, atol=1e-6)
def single_precision(numerical_gradient):
    """x₀² + 3 x₀ x₁ at (1, 2) in float32"""
    return numerical_gradient(lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([1.0, 2.0], dtype=np.float32))


@tolerance(rtol=1e-5, atol=1e-7)
def equal_entries(numerical_gradient):
    """x₀² + 3 x₀ x₁ at (2, 2), and at the integers (2, 2) with a factor of 0.1"""
    first = _at(numerical_gradient, lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([2.0, 2.0]))
    tenth = numerical_gradient(lambda x: (x[0] ** 2 + 3 * x[0] * x[1]) / 10, np.array([2, 2]))
    return {**first, "a tenth of it": tenth}


@tolerance(rtol=1e-5, atol=1e-7)
def a_large_step(numerical_gradient):
    """x³ at a single number of shape () with h = 0.5"""
    return _at(numerical_gradient, lambda x: float(x**3), np.array(2.0), h=0.5)


@tolerance(rtol=1e-5, atol=1e-7)
def one_at_a_time(numerical_gradient):
    """the product of three numbers with h = 0.5, which is exact where they move one at a time"""
    return _at(numerical_gradient, lambda x: x[0] * x[1] * x[2], np.array([2.0, -1.0, 3.0]), h=0.5)


def pythagoras(relative_error):
    """(3, 4) and (3, 3)"""
    return relative_error(np.array([3.0, 4.0]), np.array([3.0, 3.0]))


def opposite(relative_error):
    """a matrix and its opposite"""
    return relative_error(np.array([[1.0, 2.0], [-3.0, 0.5]]), -np.array([[1.0, 2.0], [-3.0, 0.5]]))


def both_zero(relative_error):
    """two gradients that are zero"""
    return relative_error(np.zeros(3), np.zeros(3))


def one_missing(relative_error):
    """a gradient, and zeros in its place"""
    return relative_error(np.array([1.0, -2.0]), np.zeros(2))


def both_tiny(relative_error):
    """gradients around 1e-9 that do not agree"""
    return relative_error(np.array([2e-9, 0.0]), np.array([0.0, 1e-9]))


def one_twice_the_other(relative_error):
    """two matrices, one of which has a number twice too large"""
    return relative_error(np.array([[1.0, 2.0], [4.0, -1.0]]), np.array([[1.0, 2.0], [8.0, -1.0]]))


def _params():
    return {"W": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([5.0, 6.0]), "A": np.array(7.0)}


def three_parameters(flatten):
    """W, b and a single number A, in this order"""
    params = _params()
    theta = flatten(params)
    return {"theta": theta, "W afterwards": params["W"]}


def whole_numbers_flat(flatten):
    """parameters of whole numbers: a small step must be possible afterwards"""
    theta = flatten({"W": np.array([[1, 2]]), "b": np.array([3])})
    theta[0] += 1e-9
    return {"change times 1e9": (theta[0] - 1) * 1e9, "the others": theta[1:]}


def in_the_order_of_the_dict(flatten):
    """fractions, a bias before its weights, and a matrix that was transposed"""
    return flatten({"b1": np.array([0.5, -1.5]), "W1": np.arange(6.0).reshape(2, 3).T, "s": np.array(0.25)})


def rebuild_three(unflatten):
    """seven numbers as W, b and a single number A"""
    like = {"W": np.zeros((2, 2)), "b": np.zeros(2), "A": np.array(0.0)}
    rebuilt = unflatten(np.arange(1.0, 8.0), like)
    return {"names in order": list(rebuilt), **rebuilt, "like['W'] afterwards": like["W"]}


def rebuild_odd_shapes(unflatten):
    """shapes (1, 3), (1,) and (2, 1), where `like` holds whole numbers"""
    like = {"v": np.zeros((1, 3), dtype=int), "c": np.zeros(1, dtype=int), "u": np.zeros((2, 1), dtype=int)}
    return unflatten(np.arange(6.0) + 0.5, like)


def _product(p):
    return np.sum(p["u"]) * np.sum(p["v"] ** 2)


def _gradient_of_product(p):
    return {"v": 2 * p["v"] * np.sum(p["u"]), "u": np.full(2, np.sum(p["v"] ** 2))}


def _here():
    return {"u": np.array([1.0, 2.0]), "v": np.array([0.5, -1.0])}


def a_right_gradient(check_gradient):
    """a right gradient, whose names come in another order"""
    error = check_gradient(_product, _gradient_of_product, _here())
    return {"error below 1e-7": bool(error < 1e-7), "True or False instead of an error": isinstance(error, bool)}


@tolerance(rtol=1e-5)
def twice_too_large(check_gradient):
    """a gradient that is twice too large"""
    return check_gradient(_product, lambda p: {k: 2 * g for k, g in _gradient_of_product(p).items()}, _here())


@tolerance(rtol=1e-5)
def one_of_two_wrong(check_gradient):
    """a gradient whose second part has the wrong sign"""
    return check_gradient(_product, lambda p: {**_gradient_of_product(p), "v": -2 * p["v"] * np.sum(p["u"])}, _here())


@tolerance(rtol=1e-4)
def a_wrong_bias(check_gradient):
    """a gradient that is right for W and 10% off for b; its names come as b, W, a"""
    here = {"W": np.array([[1.0, -2.0]]), "a": np.array([0.5]), "b": np.array([3.0])}

    def loss(p):
        return float(np.sum(p["W"] ** 2) * p["b"][0] + p["a"][0] ** 2)

    def grad(p):
        return {"b": np.array([1.1 * np.sum(p["W"] ** 2)]), "W": 2 * p["W"] * p["b"], "a": 2 * p["a"]}

    return check_gradient(loss, grad, here)


@tolerance(rtol=1e-5)
def with_a_large_step(check_gradient):
    """a right gradient of v³ + u⁵, checked with h = 0.5"""
    here = {"v": np.array([2.0]), "u": np.array([1.0])}
    right = {"v": 3 * here["v"] ** 2, "u": 5 * here["u"] ** 4}
    return check_gradient(lambda p: np.sum(p["v"] ** 3) + np.sum(p["u"] ** 5), lambda p: right, here, 0.5)


@tolerance(rtol=1e-5)
def wrong_with_a_large_step(check_gradient):
    """a gradient of u⁵ + v³ that is twice too large in u, checked with h = 0.5"""
    here = {"u": np.array([1.0]), "v": np.array([2.0])}
    wrong = {"u": 10 * here["u"] ** 4, "v": 3 * here["v"] ** 2}
    return check_gradient(lambda p: np.sum(p["u"] ** 5) + np.sum(p["v"] ** 3), lambda p: wrong, here, 0.5)


def _net(sizes, seed):
    """Parameters of a small net with biases that are not zero."""
    rng, params = np.random.default_rng(seed), {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), 1):
        params[f"W{layer}"] = rng.normal(size=(fan_in, fan_out))
        params[f"b{layer}"] = rng.normal(size=fan_out)
    return params


def _only_parameters(names, params):
    names = [names] if isinstance(names, str) else names
    return {"names of parameters, such as W1, and no others": {str(n).removeprefix("d") for n in names} <= set(params)}


def network_a(backward_a, faulty_parameters_a):
    """a net of 2-3-3 with five examples and lam = 0.7"""
    params, rng = _net([2, 3, 3], 1), np.random.default_rng(2)
    grads = backward_a(params, rng.normal(size=(5, 2)), np.array([0, 2, 1, 1, 0]), 0.7)
    return {**grads, **_only_parameters(faulty_parameters_a, params)}


def network_b(backward_b, faulty_parameters_b):
    """a net of 2-4-4-2 with six examples"""
    params, rng = _net([2, 4, 4, 2], 3), np.random.default_rng(4)
    grads = backward_b(params, rng.normal(size=(6, 2)), rng.normal(size=(6, 2)))
    return {**grads, **_only_parameters(faulty_parameters_b, params)}


def network_c(backward_c, faulty_parameters_c):
    """a net of 2-3-3-1 with large weights and six examples"""
    params, rng = _net([2, 3, 3, 1], 5), np.random.default_rng(6)
    grads = backward_c(params, rng.normal(size=(6, 2)), np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0]))
    return {**grads, **_only_parameters(faulty_parameters_c, params)}
