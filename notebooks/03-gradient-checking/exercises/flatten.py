"""flatten: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import copied, in_order, many_shapes

HINTS = (
    "In which order does a dict list its values? And in which order are the entries of one array read?",
    "What does your way do with an array of shape ()? And which dtype comes out if all arrays hold whole "
    "numbers?",
    "A: [[9, 8]], b: 7, in this order, give 9, 8, 7 as floats; with b first they give 7, 9, 8.",
)


def test_flatten_joins_all_shapes_in_the_order_of_the_dict(student, rng):
    """Names come in the dict's own order, arrays of every shape included."""
    params = many_shapes(rng)
    assert_close(student.flatten(copied(params)), in_order(params), what="the flat vector")


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


@variant
def with_a_plain_list(params):
    numbers = []
    for array in params.values():
        numbers.extend(float(value) for value in np.asarray(array).ravel())
    return np.array(numbers)


@variant
def with_hstack(params):
    return np.hstack([np.asarray(params[name], dtype=np.float64).reshape(-1) for name in params])


@variant
def filling_a_vector(params):
    theta = np.empty(sum(np.size(array) for array in params.values()))
    start = 0
    for array in params.values():
        theta[start : start + np.size(array)] = np.asarray(array).flatten()
        start += np.size(array)
    return theta


@variant
def with_an_empty_start(params):
    theta = np.array([])
    for array in params.values():
        theta = np.append(theta, array)
    return theta


ROWS = "np.ravel(array)"
ARRAYS = "array in params.values()"
MISTAKES = [
    mistake("The names are sorted instead of taken in the order of the dict.",
            "Which order does a dict keep by itself? The text asks for that one.",
            {ARRAYS: "_, array in sorted(params.items())"}),
    mistake("Weights are put before all other parameters, whatever the order of the dict.",
            "The dict lists its names in an order of its own. Go through it as it is.",
            {ARRAYS: '_, array in sorted(params.items(), key=lambda item: not item[0].startswith("W"))'}),
    mistake("The parameters are joined in reverse order.",
            "Compare the first entry of your vector with the first array of the dict. What puts new parts in front?",
            {ARRAYS: "array in reversed(params.values())"}),
    mistake("Names are written into the function, so it works for one network only.",
            "params may have any names. How do you go through a dict without knowing them?",
            {f"{ROWS} for {ARRAYS}": 'np.ravel(params[name]) for name in ("W1", "b1", "W2", "b2")'}),
    mistake("Only the first array is flattened: the loop ends at its return.",
            "How far is the return indented? The vector has a place for every entry of every array.",
            {ARRAYS: "array in list(params.values())[:1]"}),
    mistake("Only the last array is left: each one replaces those before it.",
            "What does theta hold after the first round of the loop, and what after the second?",
            {ARRAYS: "array in list(params.values())[-1:]"}),
    mistake("Only the weights are taken; the biases and other parameters are left out.",
            "Every parameter has a gradient to be checked. How many numbers are in params, and how many in your "
            "vector?",
            {ARRAYS: f"{ARRAYS} if np.ndim(array) >= 2"}),
    mistake("Parameters of shape () are left out.",
            "A single number is a parameter too. How many places does np.array(7.0) need?",
            {ARRAYS: f"{ARRAYS} if np.ndim(array) > 0"}),
    mistake("Parameters of shape () are left out or refused: np.concatenate takes no 0-d arrays.",
            "Make a vector of every array first, a single number included.",
            {ROWS: "array.reshape(-1) if array.ndim > 1 else array"}),
    mistake("Matrices are read column by column.",
            "Row by row is NumPy's default. Look for an order='F' or a .T too many.",
            {ROWS: 'np.ravel(array, order="F")'}),
    mistake("Arrays are read in the order in which they lie in memory (order K), which a transposed one does not show.",
            "Flatten W.T: do its rows come one after the other? The text asks for C order.",
            {ROWS: 'np.ravel(array, order="K")'}),
    mistake("The result has two axes, as a column (P, 1) or a row (1, P), instead of one.",
            "Print its shape. How many axes does a vector have?",
            after=[lambda theta: theta[:, np.newaxis], lambda theta: theta[np.newaxis]]),
    mistake("The arrays are only flattened one by one, and a list of vectors is returned.",
            "The check needs one long vector. Which NumPy function joins vectors end to end?",
            {f"np.concatenate([{ROWS} for {ARRAYS}]).astype(np.float64)": f"[{ROWS}.astype(float) for {ARRAYS}]"}),
    slip("list_for_array"),
    mistake("The dtype is taken over from the parameters, so integers cannot take a small step later.",
            "What dtype does your vector have when all parameters are integers? The text asks for one dtype in all "
            "cases.",
            {".astype(np.float64)": ""}),
    mistake("The vector is float32, in which a small step is lost.",
            "How many digits does a float32 have? The text asks for float64.",
            {"np.float64": "np.float32"}),
    mistake("Fractions are cut off.",
            "What does astype(int) do to 0.5?",
            {".astype": ".astype(int).astype"}),
]
