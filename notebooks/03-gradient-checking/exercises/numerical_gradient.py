"""numerical_gradient: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import COARSE_DEFAULT, OVER_H, OWN_STEP, PRECEDENCE, Recorder

HINTS = (
    "Each partial derivative moves one entry. What must be true of all others while it does, and of this one "
    "afterwards?",
    "What happens to a small step in an array of whole numbers? And how do you visit every entry of an array "
    "of any shape, even ()?",
    "f = 2a + ab at (3, 4), h = 0.5: a moves to 3.5 and 2.5: 21 and 15, so 6; b moves to 4.5 and 3.5: 19.5 and"
    " 16.5, so 3. In the end the point is (3, 4) again.",
)


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
    # the student gets an array that is one block in any order as it is, but big.T[:3], with gaps, row by row
    for x in (big.T, big[:, ::2], np.asfortranarray(big)):
        _check_gradient_at(student, x)


def test_numerical_gradient_where_entries_are_zero(student):
    """An entry that is zero is moved like any other."""
    _check_gradient_at(student, np.array([0.0, 2.0, 0.0, -1.0]))


def test_numerical_gradient_moves_one_entry_at_a_time(student, rng):
    """At every evaluation all entries but one are where x has them."""
    x = rng.normal(size=(2, 3))
    f = Recorder(_coupled)
    student.numerical_gradient(f, x.copy())
    require(len(f.points) >= 2 * x.size, "f was called fewer than twice for each entry.")
    require(all(point.shape == x.shape for point in f.points), "f was called with an array of a shape other than that of x.")
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
def two_copies_per_entry(f, x, h=1e-5):
    grad = np.zeros(np.shape(x))
    for index, value in np.ndenumerate(x):
        up, down = np.array(x, dtype=float), np.array(x, dtype=float)
        up[index] = float(value) + h
        down[index] = float(value) - h
        grad[index] = (f(up) - f(down)) / (up[index] - down[index])
    return grad


@variant
def one_function_of_one_number_per_entry(f, x, h=1e-5):
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


COPY = "np.array(x, dtype=np.float64)"
GRAD = "grad = np.zeros(point.shape)"
INDICES = "np.ndindex(point.shape)"
KEPT = "kept = point[index]"
MOVED_BACK = {"point[index] = kept - h": "point[index] -= 2 * h"}
PUT_BACK = "point[index] = kept  #"


def _f_gets(above, below):
    """Return an edit: f is called with these instead of the point."""
    return {"above = f(point)": f"above = f({above})", "below = f(point)": f"below = f({below})"}


def _step(step):
    """Return an edit: the step is another one, though h stands in the loop."""
    return {"kept + h": f"kept + {step}", "kept - h": f"kept - {step}", "(2 * h)": f"(2 * {step})"}


MISTAKES = [
    mistake("Each entry uses the one-sided difference.",
            "The text asks for central differences. How does the error of yours fall when h becomes ten times smaller?",
            {GRAD: f"base = f(point)\n    {GRAD}", "below = f(point)": "below = base", "(2 * h)": "h"}),
    mistake("From x + h the entry goes back by h only, so the second point is x itself.",
            "Follow one entry by hand: where is it at the first call of f, and where at the second?",
            {"kept - h": "kept"}),
    mistake(*OVER_H, {"(2 * h)": "h"}),
    mistake(*PRECEDENCE, {"(2 * h)": "2 * h"}),
    mistake("The two points have changed places, so that the gradient has the wrong sign.",
            "Which of your two values belongs to the larger entry? For a rising f, which is larger?",
            {"(above - below)": "(below - above)"}),
    mistake("An entry stays moved when the next one has its turn.",
            "Print the point at which f is called for the second entry. Which entries differ from x?",
            {**MOVED_BACK, PUT_BACK: "#"}),
    mistake("x itself is moved and not put back, so the caller's array is changed.",
            "Print x before and after the call. Either work on a copy, or put every entry back.",
            {COPY: "x", **MOVED_BACK, PUT_BACK: "#"}),
    mistake("x itself is moved and moved back by adding and subtracting, which leaves rounding errors in it.",
            "(0.1 + 0.2) - 0.2 is not 0.1. Keep the old value and write it back, or work on a copy.",
            {COPY: "x", **MOVED_BACK, PUT_BACK: "point[index] += h  #"}),
    mistake("All entries are moved at once, so every entry gets the sum of all partial derivatives.",
            "A partial derivative moves one entry and keeps the others. What does x + h do to an array?",
            _f_gets("np.asarray(x, dtype=float) + h", "np.asarray(x, dtype=float) - h")),
    mistake("While one entry moves, all others are set to zero.",
            "A partial derivative keeps the other entries where x has them. What does your point hold beside "
            "the one that moves?",
            {KEPT: "point, kept = np.zeros(np.shape(x)), float(x[index])"}),
    mistake("The loop runs over the first axis only, so whole rows are moved together.",
            "Try a 2×3 array: do entries of one row get different numbers? Find a loop over all indices.",
            {INDICES: "range(len(point))", KEPT: "kept = np.copy(point[index])"}),
    mistake("Two nested loops need exactly two axes, so vectors and 3-d arrays fail.",
            "x may have any number of axes. np.ndindex(x.shape) walks over all of them.",
            {INDICES: "np.ndindex(point.shape[0], point.shape[1])", KEPT: "kept = np.copy(point[index])"}),
    mistake("Entries are found by their value, so two that are equal move together.",
            "Which entries move in np.array([2.0, 2.0])? Go through positions, not values.",
            {INDICES: "(point == value for value in point.flat)"}),
    mistake("The gradient is zero everywhere: f never sees an entry move.",
            "Print the two points at which you call f. flatten() makes a copy, and b = a makes none.",
            _f_gets("x", "x")),
    mistake("ravel() or reshape() is trusted to be a view, but for an array that is not contiguous, such as x.T, it is "
            "a copy, which f never sees.",
            "Try your function on x.T. When does a flat version share memory with the array? np.shares_memory tells.",
            {', order="C"': ""},
            {'np.array(x, dtype=np.float64, order="C")': "np.asarray(x, dtype=np.float64)", "reshape(-1)": "ravel()"},
            of=through_a_flat_view),
    mistake("f is called with the single entry that moves, but it needs the whole array.",
            "What does f take, according to the text? The other entries matter as well, even though they do not move.",
            _f_gets("point[index]", "point[index]")),
    mistake("f is called with a flattened x, but it takes an array of the shape of x.",
            "A flat vector is good for the loop. What shape must the point have before f sees it?",
            _f_gets("point.ravel()", "point.ravel()")),
    mistake("An array of integers swallows the step: 0.00001 is stored as 0, and 2 + 0.00001 as 2.",
            "Print x.dtype for np.array([1, 2]). What happens to a fraction that you write into it?",
            {COPY: "np.array(x)"},
            {KEPT: "step = np.zeros_like(x)\n        step[index] = h\n        kept = point[index]",
             **_f_gets("x + step", "x - step")}),
    mistake("The computation stays in the precision of x, and a step of 1e-5 drowns in the rounding of float32.",
            "How many digits does a float32 have? Convert once at the start, whatever the dtype of x.",
            {COPY: "np.array(x, dtype=x.dtype if x.dtype.kind == 'f' else float)"}),
    mistake("x is converted to float32, in which a step of 1e-5 drowns in rounding.",
            "How many digits does a float32 have? Which dtype does the text ask for?",
            {COPY: "np.array(x, dtype=np.float32)", GRAD: "grad = np.zeros(point.shape, dtype=np.float32)"}),
    mistake("The gradient is stored in an array of x's dtype, so that fractions of integer arrays are cut off.",
            "What is the dtype of np.zeros_like(np.array([1, 2]))? Choose the dtype of the result yourself.",
            {GRAD: "grad = np.zeros_like(x)"}),
    mistake("The step is so small that rounding errors drown the difference.",
            "Look at the picture of error against step: where is the best h in float64?",
            {GRAD: f"h = 1e-12\n    {GRAD}"}),
    mistake(*OWN_STEP, {GRAD: f"h = 1e-5\n    {GRAD}"}),
    mistake(*COARSE_DEFAULT, {"h=1e-5": "h=1e-2"}),
    mistake("The step is a share of the entry, so an entry of zero is not moved at all (0/0).",
            "What is h * x[i] for x[i] = 0? The step here is h itself.",
            _step("h * kept")),
    mistake("The step grows with the size of the entry, so it is not the h that was passed in.",
            "The step here is h itself, for large entries too.",
            _step("h * max(1, abs(kept))")),
    mistake("The result is a flat vector instead of an array of the shape of x.",
            "A gradient has the shape of what it differentiates. Which method gives a vector a shape?",
            {"return grad": "return grad.ravel()"}),
    mistake("The gradient is filled column by column, so that a matrix has its numbers in the wrong places.",
            "In which order does reshape put the entries back? Try f(x) = x[0, 1].",
            {"return grad": 'return grad.ravel().reshape(point.shape, order="F")'}),
    mistake("The partial derivatives are added up instead of kept apart.",
            "f has as many partial derivatives as x has entries. How many numbers do you return?",
            {GRAD: "grad = 0.0", "grad[index] =": "grad +="}),
    mistake("The result is made new for every entry, so that only the last one is kept.",
            "Which lines must run once, before the loop, and which in every round?",
            {KEPT: f"{GRAD}\n        {KEPT}"}),
    mistake("The return stands inside the loop, so that only the first entry is computed.",
            "How far is the return indented?",
            {"return grad": "    return grad"}),
    slip("list_for_array"),
]
