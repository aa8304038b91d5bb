"""Hidden tests of 03-gradient-checking.

Functions passed to the student are evaluated here, so a test can see where they were called.
The three networks are judged by complex-step derivatives of losses written a second time below:
these are exact to rounding, so that central differences handed in as a backward pass do not pass for one.
What should come out is computed before the call, and one test an exercise looks at what became of its inputs.
"""

from itertools import pairwise

import numpy as np

import nnlib as reference
from grader.authoring import easy
from nnlib.checks import assert_close, assert_unchanged, require


class Recorder:
    """A function that remembers copies of the points at which it was called."""

    def __init__(self, f):
        self.f = f
        self.points = []

    def __call__(self, x):
        self.points.append(np.array(x))
        return self.f(x)

    def numbers(self):
        """The points of a function of one number."""
        plain = [point for point in self.points if point.size == 1 and point.dtype.kind in "iuf"]
        require(self.points, "f was never called.")
        require(len(plain) == len(self.points), "f was called with something else than one number.")
        return [float(point.reshape(())) for point in plain]


def _number(value, what):
    """Insist on one real number, so that a test can compute with it."""
    plain = isinstance(value, int | float | np.integer | np.floating | np.ndarray) and not isinstance(value, bool)
    require(plain and np.size(value) == 1 and np.asarray(value).dtype.kind in "iuf", f"{what} must be one number.")
    return float(np.asarray(value).reshape(()))


# ---------------------------------------------------------------- forward_difference


def test_forward_difference_of_a_cube(student):
    """The forward difference of x³ at x is 3x² + 3xh + h²."""
    for x, h in ((1.0, 0.01), (2.0, 0.1), (-1.5, 0.25)):
        got = student.forward_difference(lambda t: t**3, x, h)
        assert_close(got, 3 * x**2 + 3 * x * h + h**2, what="the forward difference of a cube")


def test_forward_difference_is_exact_for_a_line(student):
    """For a straight line the forward difference is the slope, whatever the step."""
    for h in (1e-3, 0.5, 3.0):
        assert_close(student.forward_difference(lambda t: 7.0 - 2.5 * t, 4.0, h), -2.5, what="the slope of a line")


def test_forward_difference_steps_to_the_right(student):
    """At the kink of 3|x| the forward difference sees the slope on the right."""
    got = student.forward_difference(lambda t: 3 * abs(t), 0.0, 0.125)
    assert_close(got, 3.0, what="the forward difference of 3|x| at 0")


def test_forward_difference_error_is_of_first_order(student):
    """A step ten times smaller makes the error ten times smaller."""
    slopes = [_number(student.forward_difference(np.exp, 0.5, h), "The difference") for h in (1e-2, 1e-3)]
    for slope, h in zip(slopes, (1e-2, 1e-3), strict=True):
        error = slope - np.exp(0.5)
        assert_close(error, h / 2 * np.exp(0.5), rtol=0.01, what=f"the error of the slope of exp with h = {h}")


def test_forward_difference_uses_the_step_it_is_given(student):
    """The function is evaluated at x and x + h and nowhere else."""
    f = Recorder(np.sin)
    student.forward_difference(f, 2.0, 0.375)
    points = f.numbers()
    for side in (2.0, 2.375):
        require(any(abs(t - side) < 1e-9 for t in points), "f was not called at both x and x + h.")
    far = [t for t in points if min(abs(t - 2.0), abs(t - 2.375)) > 1e-9]
    require(not far, "f was called somewhere else than at x and x + h.")


def test_forward_difference_keeps_the_digits_of_a_small_slope(student):
    """A slope of a ten-thousandth comes out with all its digits."""
    got = student.forward_difference(lambda t: 1e-4 * t**2, 1.0, 0.01)
    assert_close(got, 2.01e-4, atol=0.0, what="the forward difference of a flat parabola")


# ---------------------------------------------------------------- central_difference


def test_central_difference_of_a_cube(student):
    """The central difference of x³ at x is 3x² + h²."""
    for x, h in ((1.0, 0.01), (2.0, 0.1), (-1.5, 0.25), (0.0, 0.5)):
        got = student.central_difference(lambda t: t**3, x, h)
        assert_close(got, 3 * x**2 + h**2, what="the central difference of a cube")


def test_central_difference_is_exact_for_a_parabola(student):
    """For a parabola the central difference is the derivative, whatever the step."""
    for h in (1e-3, 0.5, 3.0):
        got = student.central_difference(lambda t: 4 * t**2 - 3 * t + 1, 1.5, h)
        assert_close(got, 9.0, what="the central difference of a parabola")


def test_central_difference_error_is_of_second_order(student):
    """A step ten times smaller makes the error a hundred times smaller."""
    slopes = [_number(student.central_difference(np.exp, 0.5, h), "The difference") for h in (1e-1, 1e-2)]
    for slope, h in zip(slopes, (1e-1, 1e-2), strict=True):
        error = slope - np.exp(0.5)
        assert_close(error, h**2 / 6 * np.exp(0.5), rtol=0.01, what=f"the error of the slope of exp with h = {h}")


def test_central_difference_looks_to_both_sides(student):
    """At a kink the central difference is the mean of the slopes on both sides."""
    assert_close(student.central_difference(abs, 0.0, 0.125), 0.0, what="the central difference of |x| at 0")
    got = student.central_difference(lambda t: max(t, 0.0), 0.0, 0.125)
    assert_close(got, 0.5, what="the central difference of max(0, x) at 0")


def test_central_difference_uses_the_step_it_is_given(student):
    """The function is evaluated a full step to each side of x."""
    f = Recorder(np.sin)
    student.central_difference(f, 2.0, 0.375)
    points = f.numbers()
    for side in (1.625, 2.375):
        require(any(abs(t - side) < 1e-9 for t in points), "f was not called at both x + h and x - h.")
    require(all(1.625 - 1e-9 < t < 2.375 + 1e-9 for t in points), "f was called further away than h.")


def test_central_difference_is_negative_where_the_function_falls(student):
    """A falling function has a negative slope."""
    assert_close(student.central_difference(np.cos, 1.0, 1e-5), -np.sin(1.0), rtol=1e-7, what="the slope of cos at 1")


def test_central_difference_keeps_the_digits_of_a_small_slope(student):
    """A slope of a ten-thousandth comes out with all its digits."""
    got = student.central_difference(lambda t: 1e-4 * t**2 + 1e-5 * t, 1.0, 0.01)
    assert_close(got, 2.1e-4, atol=0.0, what="the central difference of a flat parabola")


# ---------------------------------------------------------------- numerical_gradient


def _coupled(x):
    """Every entry has its own slope and curvature, and each depends on the sum of all."""
    flat = np.ravel(x)
    weights = np.arange(1, flat.size + 1)
    return float(np.sum(weights * flat**3) + np.sum(flat) ** 2)


def _coupled_gradient(x, h=0.0):
    """Exact gradient, and with h what central differences make of it."""
    flat = np.ravel(np.asarray(x, dtype=float))
    weights = np.arange(1, flat.size + 1)
    return (weights * (3 * flat**2 + h**2) + 2 * flat.sum()).reshape(np.shape(x))


def _check_gradient_at(student, x, rtol=1e-6):
    x = np.asarray(x)
    expected = _coupled_gradient(x)
    got = student.numerical_gradient(_coupled, x)
    assert_close(got, expected, rtol=rtol, atol=1e-7, what="the numerical gradient")
    require(np.asarray(got).dtype == np.float64, "The gradient must be float64.")


def test_numerical_gradient_of_a_vector(student, rng):
    """Each entry of a vector gets its own partial derivative, the first of five and the last of 130."""
    _check_gradient_at(student, rng.normal(size=5))
    _check_gradient_at(student, 0.1 * rng.normal(size=130))


def test_numerical_gradient_of_a_matrix(student, rng):
    """A matrix gets a gradient of its shape, entry by entry."""
    _check_gradient_at(student, rng.normal(size=(3, 4)))


def test_numerical_gradient_of_a_square_matrix(student, rng):
    """In a square matrix rows and columns are not exchanged."""
    _check_gradient_at(student, rng.normal(size=(3, 3)))


def test_numerical_gradient_of_a_3d_array(student, rng):
    """Any number of axes will do."""
    _check_gradient_at(student, rng.normal(size=(2, 3, 2)))


def test_numerical_gradient_of_one_number(student):
    """A 0-d array gets a gradient of shape ()."""
    _check_gradient_at(student, np.array(2.0))


def test_numerical_gradient_keeps_axes_of_length_one(student):
    """Shapes (1,), (1, 3) and (3, 1) come back as they are."""
    for x in (np.array([0.7]), np.array([[1.0, -2.0, 0.5]]), np.array([[1.0], [-2.0], [0.5]])):
        _check_gradient_at(student, x)


def test_numerical_gradient_of_integers(student):
    """An array of integers can take a small step too."""
    _check_gradient_at(student, np.array([[1, -2], [3, 0]]))


def test_numerical_gradient_of_float32(student, rng):
    """A float32 array is checked with the precision of float64."""
    _check_gradient_at(student, rng.normal(size=(2, 3)).astype(np.float32))


def test_numerical_gradient_of_arrays_that_are_not_contiguous(student, rng):
    """Transposed arrays and slices with a step work as any other."""
    big = rng.normal(size=(4, 6))
    for x in (big.T[:3], big[:, ::2], np.asfortranarray(big)[:2]):
        _check_gradient_at(student, x)


def test_numerical_gradient_where_entries_are_zero(student):
    """An entry that is zero is moved like any other."""
    _check_gradient_at(student, np.array([0.0, 2.0, 0.0, -1.0]))


@easy
def test_numerical_gradient_leaves_x_as_it_was(student, rng):
    """After the call x holds exactly what it held before."""
    for x in (rng.normal(size=6), rng.normal(size=(2, 2)), np.array(0.3)):
        before = x.copy()
        got = student.numerical_gradient(_coupled, x)
        assert_unchanged(x, before, what="x")
        require(np.any(np.asarray(got)), "The gradient is zero everywhere.")


def test_numerical_gradient_moves_one_entry_at_a_time(student, rng):
    """At every evaluation all entries but one are where x has them."""
    x = rng.normal(size=(2, 3))
    f = Recorder(_coupled)
    student.numerical_gradient(f, x.copy())
    require(len(f.points) >= 2 * x.size, "f was called fewer than twice for each entry.")
    require(all(point.shape == x.shape for point in f.points), "f was called with an array of another shape than x.")
    moved = [np.count_nonzero(np.abs(point - x) > 1e-9) for point in f.points]
    require(max(moved) == 1, "f was called at a point where several entries had moved.")


def test_numerical_gradient_takes_the_step_it_is_given(student, rng):
    """With step h the result is the central difference with that step, for each entry."""
    x = rng.normal(size=(3, 2))
    for h in (0.1, 0.01):
        got = student.numerical_gradient(_coupled, x.copy(), h)
        assert_close(got, _coupled_gradient(x, h), rtol=1e-7, atol=1e-8, what=f"the gradient with h = {h}")


def test_numerical_gradient_takes_a_step_of_1e_5_unless_told(student, rng):
    """Without h the step is 1e-5 to each side, whatever the size of the entry."""
    x = np.array([0.02, -40.0, 3.0])
    f = Recorder(_coupled)
    student.numerical_gradient(f, x.copy())
    steps = np.array([point - x for point in f.points if point.shape == x.shape])
    require(steps.size, "f was not called with arrays of the shape of x.")
    for step in (1e-5, -1e-5):
        reached = (np.abs(steps - step) < 1e-8).any(axis=0)
        require(reached.all(), "Not every entry was moved by 1e-5 to each side.")


def test_numerical_gradient_sees_what_entries_do_together(student, rng):
    """A function of all entries at once has the gradient of the whole."""
    A = rng.normal(size=(4, 4))
    x = rng.normal(size=4)
    got = student.numerical_gradient(lambda v: float(v @ A @ v), x.copy())
    assert_close(got, (A + A.T) @ x, rtol=1e-6, atol=1e-8, what="the gradient of x·Ax")


# ---------------------------------------------------------------- relative_error


def _check_relative_error(student, a, b):
    expected = reference.relative_error(a, b)
    assert_close(student.relative_error(a, b), expected, what="the relative error")


def test_relative_error_of_two_vectors(student, rng):
    """The error is the length of the difference over the sum of the lengths."""
    a, b = rng.normal(size=7), rng.normal(size=7)
    _check_relative_error(student, a, b)


def test_relative_error_lets_all_entries_count_together(student, rng):
    """One wrong entry among many small and large ones is weighed by its size."""
    a = rng.normal(size=200) * np.logspace(-6, 3, 200)
    b = a.copy()
    b[[3, 150]] *= 1.5
    _check_relative_error(student, a, b)


def _tells_different_ones_apart(student):
    """A function that always answers 0 agrees with everything, and so is right about nothing."""
    got = student.relative_error(np.array([1.0, 2.0]), np.array([1.0, 4.0]))
    require(np.all(np.asarray(got) > 0.1), "relative_error finds no error between gradients that differ.")


def test_relative_error_of_two_zero_gradients_is_zero(student):
    """Gradients that are both zero agree, and others do not."""
    _tells_different_ones_apart(student)
    for zeros in (np.zeros(4), np.zeros((2, 3)), np.array(0.0)):
        assert_close(student.relative_error(zeros, zeros.copy()), 0.0, what="the relative error of zero and zero")


@easy
def test_relative_error_is_one_when_only_one_gradient_is_zero(student, rng):
    """A gradient that is missing altogether has error 1, on whichever side it is."""
    a = rng.normal(size=(2, 3))
    assert_close(student.relative_error(a.copy(), np.zeros((2, 3))), 1.0, what="the relative error of a and zero")
    assert_close(student.relative_error(np.zeros((2, 3)), a), 1.0, what="the relative error of zero and a")


def test_relative_error_treats_both_alike(student, rng):
    """Exchanging a and b changes nothing, and a factor of 2 gives 1/3."""
    a = rng.normal(size=5)
    assert_close(student.relative_error(2 * a, a.copy()), 1 / 3, what="the relative error of 2a and a")
    assert_close(student.relative_error(a.copy(), 2 * a), 1 / 3, what="the relative error of a and 2a")


@easy
def test_relative_error_of_a_flipped_sign_is_one(student, rng):
    """Opposite gradients are as far apart as can be."""
    a = rng.normal(size=(3, 2))
    assert_close(student.relative_error(a, -a), 1.0, what="the relative error of a and -a")


def test_relative_error_of_equal_gradients_is_zero(student, rng):
    """Equal gradients have no error, and others have one."""
    _tells_different_ones_apart(student)
    a = rng.normal(size=(3, 2))
    assert_close(student.relative_error(a, a.copy()), 0.0, what="the relative error of a and a")


def test_relative_error_has_no_unit(student, rng):
    """Multiplying both gradients by one number changes nothing, however small it is."""
    a, b = rng.normal(size=6), rng.normal(size=6)
    expected = reference.relative_error(a, b)
    for unit in (1e-12, 1e-20, 1e-6, 1e9):
        assert_close(student.relative_error(unit * a, unit * b), expected, what="the relative error of tiny gradients")


def test_relative_error_of_matrices_and_3d_arrays(student, rng):
    """An array of any shape has one norm, over all its entries."""
    for shape in ((3, 3), (2, 5), (2, 3, 4), (1, 4)):
        a, b = rng.normal(size=shape), rng.normal(size=shape)
        _check_relative_error(student, a, b)


def test_relative_error_of_numbers(student):
    """Plain numbers and arrays of one entry are compared too."""
    for a, b in ((2.0, 3.0), (np.array([2.0]), np.array([3.0])), (np.array(-2.0), np.array(-3.0))):
        assert_close(student.relative_error(a, b), 0.2, what="the relative error of 2 and 3")


def test_relative_error_leaves_its_inputs_alone(student, rng):
    """Neither gradient is changed by comparing them."""
    a, b = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    before = a.copy(), b.copy()
    got = student.relative_error(a, b)
    assert_close(got, reference.relative_error(*before), what="the relative error")
    assert_unchanged(a, before[0], what="a")
    assert_unchanged(b, before[1], what="b")


# ---------------------------------------------------------------- flatten and unflatten


def _many_shapes(rng):
    """Parameters of all shapes, whose names are not in alphabetical order."""
    return {
        "W2": rng.normal(size=(3, 2)),
        "b2": rng.normal(size=2),
        "scale": np.array(rng.normal()),
        "W1": rng.normal(size=(2, 30, 3)),
        "a": rng.normal(size=(1,)),
        "row": rng.normal(size=(1, 3)),
        "K": rng.normal(size=(3, 3)),
    }


def _in_order(params):
    return np.concatenate([np.ravel(value) for value in params.values()])


def _copied(params):
    return {name: np.copy(value) for name, value in params.items()}


def test_flatten_joins_all_shapes_in_the_order_of_the_dict(student, rng):
    """Names come in the dict's own order, arrays of every shape included."""
    params = _many_shapes(rng)
    assert_close(student.flatten(_copied(params)), _in_order(params), what="the flat vector")


def test_flatten_reads_row_by_row(student, rng):
    """A matrix is read row by row, also when it is a transposed view."""
    W, K = rng.normal(size=(2, 3)), rng.normal(size=(2, 2))
    joined, turned = np.r_[W.ravel(), K.ravel()], W.T.ravel()
    assert_close(student.flatten({"W": W.copy(), "K": K}), joined, what="the flat vector")
    assert_close(student.flatten({"W": W.T}), turned, what="the flat vector of a transposed matrix")


def test_flatten_takes_numbers_of_shape_nothing(student):
    """A parameter of shape () takes one place."""
    params = {"temperature": np.array(2.5), "b": np.array([1.0, -1.0]), "gain": np.array(-3.0)}
    assert_close(student.flatten(params), np.array([2.5, 1.0, -1.0, -3.0]), what="the flat vector")


def test_flatten_of_a_single_array(student, rng):
    """A dict with one entry gives that entry as a vector."""
    W = rng.normal(size=(2, 3))
    assert_close(student.flatten({"W": W.copy()}), W.ravel(), what="the flat vector of one matrix")


def test_flatten_gives_float64_and_keeps_fractions(student):
    """An integer array beside others does not cut off their fractions."""
    got = student.flatten({"n": np.array([1, 2]), "w": np.array([0.5, 0.25])})
    assert_close(got, np.array([1.0, 2.0, 0.5, 0.25]), what="the flat vector")
    whole = student.flatten({"n": np.array([[3, 4]]), "m": np.array(5)})
    assert_close(whole, np.array([3.0, 4.0, 5.0]), what="the flat vector of integers")
    require(np.asarray(whole).dtype == np.float64, "The vector must be float64, or a small step is lost in it.")


def test_flatten_leaves_the_parameters_alone(student, rng):
    """The dict and its arrays are as they were."""
    params = _many_shapes(rng)
    before = _copied(params)
    assert_close(student.flatten(params), _in_order(before), what="the flat vector")
    assert_unchanged(list(params), list(before), what="the list of names of params")
    assert_unchanged(params, before, what="params")


def _check_unflatten(student, theta, like):
    shapes = {name: np.shape(value) for name, value in like.items()}
    given, theta = theta, theta.copy()
    got = student.unflatten(given, like)
    require(isinstance(got, dict), "unflatten must return a dict.")
    require(list(got) == list(shapes), "The names must be those of `like`, in its order.")
    start = 0
    for name, shape in shapes.items():
        size = int(np.prod(shape))
        assert_close(got[name], theta[start : start + size].reshape(shape), what=f"the array {name}")
        start += size


def test_unflatten_restores_all_shapes(student, rng):
    """Every array comes back with its name, its place and its shape."""
    like = _many_shapes(rng)
    size = sum(value.size for value in like.values())
    _check_unflatten(student, rng.normal(size=size), like)


def test_unflatten_fills_row_by_row(student, rng):
    """Matrices are filled row by row, square ones too."""
    _check_unflatten(student, np.arange(13.0), {"K": np.zeros((2, 2)), "W": np.zeros((3, 3))})


def test_unflatten_keeps_shape_nothing_and_one_apart(student):
    """Shapes () and (1,) are restored as they are."""
    like = {"s": np.array(0.0), "t": np.zeros(1), "u": np.zeros((1, 1))}
    _check_unflatten(student, np.array([1.5, -2.5, 3.5]), like)


def test_unflatten_takes_only_the_shapes_from_like(student, rng):
    """What `like` holds does not matter: neither its values nor its dtype."""
    like = {"W": np.array([[7, 7], [7, 7]]), "b": np.array([9, 9])}
    _check_unflatten(student, np.array([0.5, 1.5, 2.5, 3.5, 4.5, 5.5]), like)


def test_unflatten_follows_the_order_of_like(student):
    """Two arrays of one shape are not exchanged."""
    _check_unflatten(student, np.arange(4.0), {"z": np.zeros(2), "a": np.zeros(2)})


def test_unflatten_leaves_its_inputs_alone(student, rng):
    """Neither theta nor `like` is written into."""
    like = _many_shapes(rng)
    before = _copied(like)
    theta = rng.normal(size=sum(value.size for value in like.values()))
    kept = theta.copy()
    _check_unflatten(student, theta, like)
    assert_unchanged(theta, kept, what="theta")
    assert_unchanged(list(like), list(before), what="the list of names of `like`")
    assert_unchanged(like, before, what="`like`")


@easy
def test_unflatten_undoes_flatten(student, rng):
    """There and back again gives the same dict."""
    params = _many_shapes(rng)
    back = student.unflatten(_in_order(params), _copied(params))
    assert_close(back, params, what="the rebuilt dict")


# ---------------------------------------------------------------- check_gradient


def _bowl(p):
    """A loss in which every parameter meets every other; W and V have the same shape on purpose."""
    hidden = np.tanh(p["W"]) * p["scale"] + p["V"] ** 3
    return float(np.sum(hidden * hidden) / 2 + np.sum(p["b"]) ** 3 / 6 * p["a"][0])


def _bowl_gradient(p):
    """Gradient of the bowl in the order in which a backward pass would meet the parameters."""
    hidden = np.tanh(p["W"]) * p["scale"] + p["V"] ** 3
    total = np.sum(p["b"])
    return {
        "a": np.array([total**3 / 6]),
        "b": np.full(p["b"].shape, total**2 / 2 * p["a"][0]),
        "V": hidden * 3 * p["V"] ** 2,
        "scale": np.array(np.sum(hidden * np.tanh(p["W"]))),
        "W": hidden * p["scale"] * (1 - np.tanh(p["W"]) ** 2),
    }


def _bowl_point(rng):
    point = {
        "W": rng.normal(size=(2, 3)),
        "V": rng.normal(size=(2, 3)),
        "scale": np.array(1.3),
        "b": rng.normal(size=4),
        "a": np.array([0.8]),
    }
    point["b"] += 1.0
    return point


def _expected_error(wrong, right):
    """The relative error that a check should find, up to rounding of the differences."""
    names = list(right)
    return reference.relative_error(
        np.concatenate([np.ravel(wrong[name]) for name in names]),
        np.concatenate([np.ravel(right[name]) for name in names]),
    )


def _require_small(got):
    error = _number(got, "The result of check_gradient")
    require(0 <= error < 1e-7, "A correct gradient must have an error between 0 and 1e-7.")


def _check_bowl(student, rng, spoil):
    point = _bowl_point(rng)

    def grad(p):
        grads = _bowl_gradient(p)
        spoil(grads)
        return grads

    expected = _expected_error(grad(point), _bowl_gradient(point))
    assert_close(student.check_gradient(_bowl, grad, point), expected, rtol=1e-4, what="the error of a wrong gradient")


def _finds_a_wrong_gradient(student):
    """A function that always answers 0 passes every gradient, and so has checked none."""
    point = {"w": np.array([1.0, -2.0])}
    got = student.check_gradient(lambda p: float(np.sum(p["w"] ** 2)), lambda p: {"w": -2 * p["w"]}, point)
    require(np.all(np.asarray(got) > 0.5), "check_gradient finds no error in a gradient with the wrong sign.")
    got = student.check_gradient(lambda p: float(np.sum(p["w"] ** 2)), lambda p: {"w": 2.2 * p["w"]}, point)
    require(np.all(np.asarray(got) < 0.5), "check_gradient finds the error of a wrong sign in one that is 10% off.")


def test_check_gradient_passes_a_right_gradient(student, rng):
    """A correct gradient of parameters of many shapes has an error below 1e-7, and a wrong one has not."""
    _finds_a_wrong_gradient(student)
    _require_small(student.check_gradient(_bowl, _bowl_gradient, _bowl_point(rng)))


def test_check_gradient_matches_gradients_by_name(student, rng):
    """The order of the gradient's names does not matter."""
    _finds_a_wrong_gradient(student)
    point = _bowl_point(rng)
    for order in (sorted, lambda names: sorted(names, reverse=True)):

        def grad(p, order=order):
            grads = _bowl_gradient(p)
            return {name: grads[name] for name in order(grads)}

        _require_small(student.check_gradient(_bowl, grad, point))


def test_check_gradient_measures_one_wrong_entry(student, rng):
    """One wrong entry shows with its share of the whole gradient's length."""

    def spoil(grads):
        grads["V"][1, 2] += 0.5

    _check_bowl(student, rng, spoil)


def test_check_gradient_measures_a_wrong_bias(student, rng):
    """A mistake in a small parameter is weighed against the whole gradient, not against itself alone."""

    def spoil(grads):
        grads["b"] = grads["b"] * 1.1

    _check_bowl(student, rng, spoil)


def test_check_gradient_of_a_number_that_is_wrong(student, rng):
    """Parameters of shape () are checked too."""

    def spoil(grads):
        grads["scale"] = grads["scale"] * 3

    _check_bowl(student, rng, spoil)


def test_check_gradient_of_a_flipped_sign_is_one(student, rng):
    """Going uphill instead of downhill has the largest error there is."""
    _finds_a_wrong_gradient(student)
    got = student.check_gradient(
        _bowl, lambda p: {name: -value for name, value in _bowl_gradient(p).items()}, _bowl_point(rng)
    )
    assert_close(got, 1.0, rtol=1e-6, what="the error of the negative gradient")


def test_check_gradient_of_a_flat_loss_is_zero(student):
    """A loss without slope and a gradient of zeros agree."""
    _finds_a_wrong_gradient(student)
    point = {"w": np.array([1.0, 2.0]), "s": np.array(3.0)}
    got = student.check_gradient(lambda p: 4.0, lambda p: {"w": np.zeros(2), "s": np.array(0.0)}, point)
    assert_close(got, 0.0, what="the error at a flat loss")


def test_check_gradient_takes_the_step_it_is_given(student):
    """With a large h the truncation error of central differences shows: 3w² against 3w² + h²."""
    point = {"w": np.array([1.0, 2.0])}

    def cubes(p):
        return float(np.sum(p["w"] ** 3))

    for h in (0.1, 0.01):
        got = student.check_gradient(cubes, lambda p: {"w": 3 * p["w"] ** 2}, _copied(point), h)
        expected = reference.relative_error(3 * point["w"] ** 2, 3 * point["w"] ** 2 + h**2)
        assert_close(got, expected, rtol=1e-4, what=f"the error with h = {h}")


@easy
def test_check_gradient_takes_a_step_of_1e_5_unless_told(student):
    """Without h every entry is moved by 1e-5 to each side."""
    point = {"w": np.array([1.0, -2.0]), "s": np.array(0.5)}
    seen = []

    def loss(p):
        seen.append(np.array([p["w"][0] - 1.0, p["w"][1] + 2.0, float(np.reshape(p["s"], ())) - 0.5]))
        return float(np.sum(p["w"] ** 2) * np.sum(p["s"]))

    got = student.check_gradient(loss, lambda p: {"w": 2 * p["w"] * p["s"], "s": np.sum(p["w"] ** 2)}, point)
    _require_small(got)
    for step in (1e-5, -1e-5):
        reached = (np.abs(np.array(seen) - step) < 1e-8).any(axis=0)
        require(reached.all(), "Not every entry was moved by 1e-5 to each side.")


def test_check_gradient_gives_the_loss_a_dict_like_x(student, rng):
    """The loss and the gradient are called with dicts of the names and shapes of x."""
    _finds_a_wrong_gradient(student)
    point = _bowl_point(rng)
    shapes = {name: value.shape for name, value in point.items()}
    seen = []

    def loss(p):
        seen.append({name: np.shape(value) for name, value in p.items()})
        return _bowl(p)

    def grad(p):
        seen.append({name: np.shape(value) for name, value in p.items()})
        return _bowl_gradient(p)

    got = student.check_gradient(loss, grad, point)
    require(all(shape == shapes for shape in seen), "f or grad was called with other names or shapes than those of x.")
    _require_small(got)


@easy
def test_check_gradient_takes_the_gradient_at_x(student, rng):
    """The analytic gradient is taken at x itself."""
    point = _bowl_point(rng)
    before = _copied(point)
    places = []

    def grad(p):
        places.append({name: np.array(value) for name, value in p.items()})
        return _bowl_gradient(p)

    got = student.check_gradient(_bowl, grad, point)
    require(places, "grad was never called.")
    for place in places:
        for name, value in before.items():
            assert_close(place[name], value, rtol=1e-12, atol=0.0, what=f"{name}, as grad received it,")
    _require_small(got)


@easy
def test_check_gradient_leaves_x_alone(student, rng):
    """After the call x holds exactly what it held before."""
    point = _bowl_point(rng)
    before = _copied(point)
    got = student.check_gradient(_bowl, _bowl_gradient, point)
    assert_unchanged(list(point), list(before), what="the list of names of x")
    assert_unchanged(point, before, what="x")
    _require_small(got)


# ---------------------------------------------------------------- find the bug


def _relu(z):
    return np.where(z.real > 0, z, 0)


def _loss_a(params, X, y, lam):
    m = len(y)
    scores = np.tanh(X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
    scores = scores - scores.real.max(axis=1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    penalty = lam / (2 * m) * (np.sum(params["W1"] ** 2) + np.sum(params["W2"] ** 2))
    return -log_probs[np.arange(m), y].mean() + penalty


def _loss_b(params, X, T):
    h1 = _relu(X @ params["W1"] + params["b1"])
    h2 = _relu(h1 @ params["W2"] + params["b2"])
    out = (h1 + h2) @ params["W3"] + params["b3"]
    return np.sum((out - T) ** 2) / (2 * len(X))


def _loss_c(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    magnitude = np.where(s.real > 0, s, -s)
    return np.mean(_relu(s) + np.log1p(np.exp(-magnitude)) - y * s)


def _exact(loss, params, *data):
    """Gradient by complex steps: no subtraction, hence exact to rounding."""
    grads = {}
    for name, value in params.items():
        grads[name] = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            moved = value.astype(complex)
            moved[index] += 1e-30j
            grads[name][index] = loss({**params, name: moved}, *data).imag / 1e-30
    return grads


def _random_params(rng, sizes, scale=0.8):
    params = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes), start=1):
        params[f"W{layer}"] = scale * rng.normal(size=(fan_in, fan_out))
        params[f"b{layer}"] = scale * rng.normal(size=fan_out)
    return params


def _check_backward(backward, loss, params, *data, rtol=1e-7):
    """Compare with the exact gradient."""
    expected = _exact(loss, params, *data)
    got = backward(_copied(params), *(np.copy(value) if np.ndim(value) else value for value in data))
    require(isinstance(got, dict), "The backward pass must return a dict of gradients.")
    for name in expected:
        require(name in got, f"The gradient of {name} is missing.")
        size = np.abs(expected[name]).max()
        assert_close(got[name], expected[name], rtol=rtol, atol=rtol * size + 1e-12, what=f"the gradient of {name}")


def _check_backward_leaves_alone(backward, params, X, y, *strength):
    """Compare the arguments with copies of themselves."""
    before = _copied(params), X.copy(), y.copy()
    got = backward(params, X, y, *strength)
    for name, after, value in zip(("params", "X", "the labels or targets"), (params, X, y), before, strict=True):
        assert_unchanged(after, value, what=name)
    require(isinstance(got, dict) and set(before[0]) <= set(got), "The backward pass must return a dict of gradients.")
    require(any(np.any(value) for value in got.values()), "All gradients are zero.")


def _named(student, variable):
    """The names a student gave, as a set; a single string and dW1 for W1 are understood."""
    value = student.value(variable)
    names = [value] if isinstance(value, str) else value
    require(isinstance(names, list | tuple | set), f"{variable} must be a list of names.")
    require(all(isinstance(name, str) for name in names), f"{variable} must hold strings.")
    return {name.strip().removeprefix("d") for name in names}


def _labels(rng, m, classes):
    y = np.arange(m) % classes
    rng.shuffle(y)
    return y


def test_backward_a_names_the_wrong_gradients(student):
    """All parameters of network A whose gradient was wrong are named, and no other."""
    named = _named(student, "faulty_parameters_a")
    require("W1" in named, "A parameter of network A whose gradient is wrong is not named.")
    require(named == {"W1"}, "A parameter of network A is named whose gradient was right.")


def test_backward_a_is_the_gradient(student, rng):
    """The mended gradient of network A is the gradient of its loss."""
    params = _random_params(rng, [4, 5, 3])
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(150, 4)), _labels(rng, 150, 3), 2.0)


def test_backward_a_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = _random_params(rng, [3, 3, 3])
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(3, 3)), np.array([2, 0, 2]), 1.5)


def test_backward_a_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = _random_params(rng, [4, 6, 3])
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(1, 4)), np.array([1]), 0.7)


def test_backward_a_with_every_strength_of_the_penalty(student, rng):
    """The penalty counts as much as lam says: not at all, a little, or for nearly everything."""
    params = _random_params(rng, [3, 4, 2])
    X, y = rng.normal(size=(8, 3)), _labels(rng, 8, 2)
    for lam in (0.0, 0.1, 50.0):
        _check_backward(student.backward_a, _loss_a, params, X, y, lam)


def test_backward_a_where_scores_are_large(student, rng):
    """Scores in the thousands overflow nothing, whatever their batch mates."""
    params = _random_params(rng, [4, 5, 3])
    params["W2"] = params["W2"] * 3000
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(9, 4)), _labels(rng, 9, 3), 1.0)


def test_backward_a_is_backpropagation(student, rng):
    """The gradient is exact also where central differences drown in a huge loss."""
    params = _random_params(rng, [4, 5, 3])
    _check_backward(student.backward_a, _loss_a, params, rng.normal(size=(6, 4)), _labels(rng, 6, 3), 1e7, rtol=1e-8)


@easy
def test_backward_a_leaves_its_inputs_alone(student, rng):
    """Neither the parameters nor the data change."""
    params = _random_params(rng, [4, 5, 3])
    _check_backward_leaves_alone(student.backward_a, params, rng.normal(size=(6, 4)), _labels(rng, 6, 3), 2.0)


def test_backward_b_names_the_wrong_gradients(student):
    """All parameters of network B whose gradient was wrong are named, and no other."""
    named = _named(student, "faulty_parameters_b")
    require({"W1", "b1"} <= named, "A parameter of network B whose gradient is wrong is not named.")
    require(named == {"W1", "b1"}, "A parameter of network B is named whose gradient was right.")


def test_backward_b_is_the_gradient(student, rng):
    """The mended gradient of network B is the gradient of its loss."""
    params = _random_params(rng, [3, 6, 6, 2])
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(150, 3)), rng.normal(size=(150, 2)))


def test_backward_b_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = _random_params(rng, [4, 4, 4, 4])
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(4, 4)), rng.normal(size=(4, 4)))


def test_backward_b_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = _random_params(rng, [3, 9, 9, 1])
    params["b1"] = params["b1"] + 1
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(1, 3)), rng.normal(size=(1, 1)))


def test_backward_b_where_the_second_layer_is_dead(student, rng):
    """With the second layer silent the first learns through the shortcut alone."""
    params = _random_params(rng, [3, 5, 5, 2])
    params["b2"] = params["b2"] - 50
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(8, 3)), rng.normal(size=(8, 2)))


def test_backward_b_where_all_units_are_active(student, rng):
    """With every unit active both ways through the network count in full."""
    params = _random_params(rng, [3, 5, 5, 2])
    params["b1"], params["b2"] = params["b1"] + 40, params["b2"] + 400
    _check_backward(student.backward_b, _loss_b, params, rng.normal(size=(8, 3)), rng.normal(size=(8, 2)))


def test_backward_b_is_backpropagation(student, rng):
    """The gradient is exact also where central differences drown in a huge loss."""
    params = _random_params(rng, [3, 6, 6, 2])
    X, T = rng.normal(size=(10, 3)), 1e7 * rng.normal(size=(10, 2))
    _check_backward(student.backward_b, _loss_b, params, X, T, rtol=1e-9)


@easy
def test_backward_b_leaves_its_inputs_alone(student, rng):
    """Neither the parameters nor the data change."""
    params = _random_params(rng, [3, 5, 5, 2])
    _check_backward_leaves_alone(student.backward_b, params, rng.normal(size=(6, 3)), rng.normal(size=(6, 2)))


def test_backward_c_names_the_wrong_gradients(student):
    """All parameters of network C whose gradient was wrong are named, and no other."""
    named = _named(student, "faulty_parameters_c")
    require({"W1", "b1", "W2", "b2"} <= named, "A parameter of network C whose gradient is wrong is not named.")
    require(named == {"W1", "b1", "W2", "b2"}, "A parameter of network C is named whose gradient was right.")


def test_backward_c_is_the_gradient(student, rng):
    """The mended gradient of network C is the gradient of its loss."""
    params = _random_params(rng, [2, 6, 5, 1])
    y = _labels(rng, 150, 2).astype(float)
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(150, 2)), y)


def test_backward_c_at_other_shapes(student, rng):
    """Square layers, where a transposed matrix would fit, have the right gradient."""
    params = _random_params(rng, [4, 4, 4, 1])
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(4, 4)), np.array([1.0, 0.0, 0.0, 1.0]))


def test_backward_c_of_one_example(student, rng):
    """A batch of one is a batch."""
    params = _random_params(rng, [3, 5, 4, 1])
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(1, 3)), np.array([1.0]))


def test_backward_c_at_large_weights(student, rng):
    """Where tanh bends most, after some training, the gradient is still right."""
    params = _random_params(rng, [2, 6, 5, 1], scale=2.0)
    y = _labels(rng, 15, 2).astype(float)
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(15, 2)), y)


def test_backward_c_with_all_labels_equal(student, rng):
    """A batch that holds one class only is no special case."""
    params = _random_params(rng, [2, 4, 3, 1])
    for label in (0.0, 1.0):
        _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(6, 2)), np.full(6, label))


def test_backward_c_is_backpropagation(student, rng):
    """The gradient is exact also where central differences lose their digits."""
    params = _random_params(rng, [2, 6, 5, 1])
    params["b3"] = params["b3"] + 300
    y = _labels(rng, 20, 2).astype(float)
    _check_backward(student.backward_c, _loss_c, params, rng.normal(size=(20, 2)), y, rtol=1e-10)


@easy
def test_backward_c_leaves_its_inputs_alone(student, rng):
    """Neither the parameters nor the data change."""
    params = _random_params(rng, [2, 4, 3, 1])
    y = _labels(rng, 6, 2).astype(float)
    _check_backward_leaves_alone(student.backward_c, params, rng.normal(size=(6, 2)), y)
