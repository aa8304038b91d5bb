"""numerical_gradient: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require

from .common import Recorder


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


@variant
def moves_in_place_and_puts_back(f, x, h=1e-5):
    if x.dtype != np.float64:
        x = x.astype(np.float64)
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        index = it.multi_index
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        below = f(x)
        x[index] = old
        grad[index] = (above - below) / (2 * h)
        it.iternext()
    return grad


@variant
def with_unit_vectors(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64)
    directions = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in directions]).reshape(x.shape)


@variant
def through_a_flat_view(f, x, h=1e-5):
    point = np.array(x, dtype=np.float64, order="C")
    flat = point.reshape(-1)
    grad = np.empty(flat.size)
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        above = float(f(point))
        flat[i] = kept - h
        grad[i] = (above - float(f(point))) / 2 / h
        flat[i] = kept
    return grad.reshape(np.shape(x))


@variant
def two_copies_an_entry(f, x, h=1e-5):
    grad = np.zeros(np.shape(x))
    for index, value in np.ndenumerate(x):
        up, down = np.array(x, dtype=float), np.array(x, dtype=float)
        up[index] = float(value) + h
        down[index] = float(value) - h
        grad[index] = (f(up) - f(down)) / (up[index] - down[index])
    return grad


@variant
def one_function_of_one_number_an_entry(f, x, h=1e-5):
    x = np.array(x, dtype=float)

    def along(index):
        def g(t):
            moved = x.copy()
            moved[index] = t
            return f(moved)

        return g

    slopes = [(along(i)(x[i] + h) - along(i)(x[i] - h)) / (2 * h) for i in np.ndindex(x.shape)]
    return np.asarray(slopes).reshape(x.shape)


@variant
def evaluates_more_than_needed(f, x, h=1e-5):
    f(np.array(x, dtype=float))
    grad = np.zeros(np.shape(x))
    for index in reversed(list(np.ndindex(np.shape(x)))):
        step = np.zeros(np.shape(x))
        step[index] = h
        middle = f(x + 0 * step)
        grad[index] = ((f(x + step) - middle) + (middle - f(x - step))) / (2 * h)
    return grad


def one_sided(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    base = f(point)
    for index in np.ndindex(point.shape):
        moved = point.copy()
        moved[index] += h
        grad[index] = (f(moved) - base) / h
    return grad


def divided_by_h(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / h
    return grad


def does_not_put_back(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        point[index] += h
        above = f(point)
        point[index] -= 2 * h
        grad[index] = (above - f(point)) / (2 * h)
    return grad


def leaves_x_moved(f, x, h=1e-5):
    grad = np.zeros(np.shape(x))
    for index in np.ndindex(np.shape(x)):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        grad[index] = (above - f(x)) / (2 * h)
    return grad


def moves_everything_at_once(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


def gradient_has_the_dtype_of_x(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


def moves_whole_rows(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for i in range(len(point)):
        up, down = point.copy(), point.copy()
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad


def steps_in_a_flattened_copy(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    flat = point.flatten()
    grad = np.zeros(flat.size)
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        above = f(point)
        flat[i] = kept - h
        below = f(point)
        flat[i] = kept
        grad[i] = (above - below) / (2 * h)
    return grad.reshape(point.shape)


def ravel_of_a_strided_array(f, x, h=1e-5):
    point = x if x.dtype == np.float64 else x.astype(np.float64, order="C")
    flat, grad = point.ravel(), np.zeros(point.size)
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        above = f(point)
        flat[i] = kept - h
        below = f(point)
        flat[i] = kept
        grad[i] = (above - below) / (2 * h)
    return grad.reshape(point.shape)


def returns_a_flat_vector(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = []
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad.append((f(up) - f(down)) / (2 * h))
    return np.array(grad)


def tiny_step(f, x, h=1e-12):
    h = 1e-12
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


def coarse_default_step(f, x, h=1e-2):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


def gradient_ignores_h(f, x, h=1e-5):
    h = 1e-5
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


def relative_step(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    with np.errstate(all="ignore"):
        for index in np.ndindex(point.shape):
            step = h * point[index]
            up, down = point.copy(), point.copy()
            up[index] += step
            down[index] -= step
            grad[index] = np.float64(f(up) - f(down)) / (2 * step)
    return grad


def passes_single_entries(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        grad[index] = (f(point[index] + h) - f(point[index] - h)) / (2 * h)
    return grad


def gradient_sign_flipped(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(down) - f(up)) / (2 * h)
    return grad


def fills_column_by_column(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = []
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad.append((f(up) - f(down)) / (2 * h))
    return np.array(grad).reshape(point.shape, order="F")


def adds_up_the_entries(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    total = 0.0
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        total += (f(up) - f(down)) / (2 * h)
    return total


def _slopes(x, h, slope):
    """An array of the shape of x, filled entry by entry with slope(up, down, index)."""
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = slope(up, down, index)
    return grad


def goes_back_half_the_way(f, x, h=1e-5):
    return _slopes(x, h, lambda up, down, i: (f(up) - f(np.array(x, dtype=float))) / (2 * h))


def gradient_over_2_times_h(f, x, h=1e-5):
    return _slopes(x, h, lambda up, down, i: (f(up) - f(down)) / 2 * h)


def sets_the_others_to_zero(f, x, h=1e-5):
    def only(point, i):
        alone = np.zeros(point.shape)
        alone[i] = point[i]
        return alone

    return _slopes(x, h, lambda up, down, i: (f(only(up, i)) - f(only(down, i))) / (2 * h))


def keeps_the_last_entry(f, x, h=1e-5):
    grad = _slopes(x, h, lambda up, down, i: (f(up) - f(down)) / (2 * h))
    last = np.zeros(grad.shape)
    last[(-1,) * grad.ndim] = grad[(-1,) * grad.ndim]
    return last


def returns_after_one_entry(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
        break
    return grad


def returns_nested_lists(f, x, h=1e-5):
    return _slopes(x, h, lambda up, down, i: (f(up) - f(down)) / (2 * h)).tolist()


def needs_two_axes(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for i in range(point.shape[0]):
        for j in range(point.shape[1]):
            up, down = point.copy(), point.copy()
            up[i, j] += h
            down[i, j] -= h
            grad[i, j] = (f(up) - f(down)) / (2 * h)
    return grad


def f_gets_a_flat_vector(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    flat = point.ravel()
    return _slopes(flat, h, lambda up, down, i: (f(up) - f(down)) / (2 * h)).reshape(point.shape)


def computes_in_float32(f, x, h=1e-5):
    point = np.array(x, dtype=np.float32)
    grad = np.zeros(point.shape, dtype=np.float32)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


def step_grows_with_the_entry(f, x, h=1e-5):
    size = np.maximum(1, np.abs(np.array(x, dtype=float)))

    def slope(up, down, i):
        up[i] += h * (size[i] - 1)
        down[i] -= h * (size[i] - 1)
        return (f(up) - f(down)) / (2 * h * size[i])

    return _slopes(x, h, slope)


def moves_back_by_subtracting(f, x, h=1e-5):
    grad = np.zeros(np.shape(x))
    for index in np.ndindex(np.shape(x)):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        grad[index] = (above - f(x)) / (2 * h)
        x[index] += h
    return grad


def finds_entries_by_value(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for value in point.flat:
        here = point == value
        grad[here] = (f(np.where(here, point + h, point)) - f(np.where(here, point - h, point))) / (2 * h)
    return grad


MISTAKES = [
    mistake("Each entry uses the one-sided difference.",
            "The text asks for central differences. How does the error of yours fall when h becomes ten times smaller?",
            by=one_sided),
    mistake("The difference is divided by h, but the two points are 2h apart.",
            "Every entry comes out twice too large. How far apart are the two points?",
            by=divided_by_h),
    mistake("An entry stays moved when the next one has its turn.",
            "Print the point at which f is called for the second entry. Which entries differ from x?",
            by=does_not_put_back),
    mistake("x itself is moved and not put back, so the caller's array is changed.",
            "Print x before and after the call. Either work on a copy, or put every entry back.",
            by=leaves_x_moved),
    mistake("All entries are moved at once, so every entry gets the sum of all partial derivatives.",
            "A partial derivative moves one entry and keeps the others. What does x + h do to an array?",
            by=moves_everything_at_once),
    mistake("An array of integers swallows the step: 2 + 0.00001 is stored as 2.",
            "Print x.dtype for np.array([1, 2]). What happens to a fraction that you write into it?",
            {", dtype=np.float64": ""}),
    mistake("The gradient is stored in an array of x's dtype, so that fractions of integer arrays are cut off.",
            "What dtype has np.zeros_like(np.array([1, 2]))? Choose the dtype of the result yourself.",
            by=gradient_has_the_dtype_of_x),
    mistake("The loop runs over the first axis only, so whole rows are moved together.",
            "Try a 2×3 array: do entries of one row get different numbers? Find a loop over all indices.",
            by=moves_whole_rows),
    mistake("The gradient is zero everywhere: f never sees an entry move.",
            "Print the two points at which you call f. flatten() makes a copy, and b = a makes none.",
            by=steps_in_a_flattened_copy),
    mistake("ravel() is trusted to be a view, but for an array that is not contiguous it is a copy, which f never sees.",
            "Try your function on x.T. When does ravel() share memory with the array? np.shares_memory tells.",
            by=ravel_of_a_strided_array),
    mistake("The result is a flat vector instead of an array of the shape of x.",
            "A gradient has the shape of what it differentiates. Which method gives a vector a shape?",
            by=returns_a_flat_vector),
    mistake("The step is so small that rounding errors drown the difference.",
            "Look at the picture of error against step: where is the best h in float64?",
            by=tiny_step),
    mistake("The default step is 1e-2, which leaves a truncation error that looks like a bug.",
            "Look at the signature in the notebook: which h does it ask for when none is given?",
            by=coarse_default_step),
    mistake("The step that was passed in is not used; a step of its own is.",
            "Call your function on a sum of cubes with h = 0.1 and h = 0.01. Should the answers be the same?",
            by=gradient_ignores_h),
    mistake("The computation stays in the precision of x, and a step of 1e-5 drowns in the rounding of float32.",
            "How many digits has a float32? Convert once at the start, whatever the dtype of x.",
            {"point = np.array(x, dtype=np.float64":
                 'x = np.asarray(x)\n    point = x.copy() if x.dtype.kind == "f" else x.astype(float'}),
    mistake("The step is a share of the entry, so an entry of zero is not moved at all (0/0).",
            "What is h * x[i] for x[i] = 0? The step here is h itself.",
            by=relative_step),
    mistake("f is called with the single entry that moves, but it needs the whole array.",
            "What does f take, according to the text? The other entries matter as well, even though they do not move.",
            by=passes_single_entries),
    mistake("The two values are subtracted the wrong way round, so the sign is flipped.",
            "For f(x) = x.sum() every entry must be +1.",
            by=gradient_sign_flipped),
    mistake("The gradient is filled column by column, so that a matrix has its numbers in the wrong places.",
            "For which order of the entries does reshape put them back? Try f(x) = x[0, 1].",
            by=fills_column_by_column),
    mistake("The partial derivatives are added up instead of kept apart.",
            "f has as many partial derivatives as x has entries. How many numbers do you return?",
            by=adds_up_the_entries),
    mistake("From x + h the entry goes back by h only, so the second point is x itself.",
            "Follow one entry by hand: where is it at the first call of f, and where at the second?",
            by=goes_back_half_the_way),
    mistake("The result is divided by 2 and then multiplied by h: a/2*h is not a/(2h).",
            "Python works from left to right among / and *. Where do brackets belong?",
            by=gradient_over_2_times_h),
    mistake("While one entry moves, all others are set to zero.",
            "A partial derivative keeps the other entries where x has them. What does your point hold beside the one that moves?",
            by=sets_the_others_to_zero),
    mistake("The result is made new for every entry, so that only the last one is kept.",
            "Which lines must run once, before the loop, and which at every turn?",
            by=keeps_the_last_entry),
    mistake("The return stands inside the loop, so that only the first entry is computed.",
            "How far is the return indented?",
            by=returns_after_one_entry),
    mistake("A list is returned; the gradient must be an array of the shape of x.",
            "Which function makes an array of a list, and which method ends it again?",
            by=returns_nested_lists),
    mistake("Two nested loops need exactly two axes, so vectors and 3-d arrays fail.",
            "x may have any number of axes. np.ndindex(x.shape) walks over all of them.",
            by=needs_two_axes),
    mistake("f is called with a flattened x, but it takes an array of the shape of x.",
            "A flat vector is good for the loop. What shape must the point have before f sees it?",
            by=f_gets_a_flat_vector),
    mistake("x is converted to float32, in which a step of 1e-5 drowns in rounding.",
            "How many digits has a float32? Which dtype does the text ask for?",
            by=computes_in_float32),
    mistake("The step grows with the size of the entry, so it is not the h that was passed in.",
            "The step here is h itself, for large entries too.",
            by=step_grows_with_the_entry),
    mistake("x itself is moved and moved back by adding and subtracting, which leaves rounding errors in it.",
            "(0.1 + 0.2) - 0.2 is not 0.1. Keep the old value and write it back, or work on a copy.",
            by=moves_back_by_subtracting),
    mistake("Entries are found by their value, so two that are equal move together.",
            "Which entries move in np.array([2.0, 2.0])? Go through positions, not values.",
            by=finds_entries_by_value),
]
