"""init_zeros: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import TRANSPOSED, biases_as_well, weights

HINTS = (
    'Which NumPy function makes an array of zeros of a given shape?',
    'The weights of a layer are (fan_in, fan_out): one row for each input, one column for each unit. Is it a '
    'new array of floats?',
    'For 2 inputs and 3 units: two rows of three zeros.',
)


def test_init_zeros_are_zero(student):
    """Every weight is zero."""
    for fan_in, fan_out in ((4, 4), (1, 1), (30, 20)):
        assert_close(student.init_zeros(fan_in, fan_out), np.zeros((fan_in, fan_out)), atol=0, what="the weights")


def test_init_zeros_has_a_row_for_each_input(student):
    """The shape is (fan_in, fan_out), whichever is larger."""
    for fan_in, fan_out in ((2, 5), (5, 2), (1, 3), (3, 1)):
        weights(student.init_zeros(fan_in, fan_out), fan_in, fan_out)


def test_init_zeros_holds_floats(student):
    """The weights can take fractions."""
    w = student.init_zeros(3, 2)
    require(isinstance(w, np.ndarray) and w.dtype.kind == "f", "The weights must be a float array.")
    assert_close(w, np.zeros((3, 2)), atol=0, what="the weights")


@variant
def with_full(fan_in, fan_out):
    return np.full((fan_in, fan_out), 0.0)


@variant
def from_lists(fan_in, fan_out):
    return np.array([[0.0] * fan_out for _ in range(fan_in)])


@variant
def float32(fan_in, fan_out):
    return np.zeros([fan_in, fan_out], dtype=np.float32)


ZEROS = "np.zeros((fan_in, fan_out))"
MISTAKES = [
    mistake("The weights are one, not zero.",
            "Read the name again.",
            {ZEROS: "np.ones((fan_in, fan_out))"}),
    mistake("The weights are small numbers, not zeros.",
            "Zero means zero; the next exercise draws small numbers.",
            {ZEROS: "np.full((fan_in, fan_out), 0.01)"}),
    mistake("The weights are integers, which would cut off every later fraction.",
            "What dtype should weights have, and what is the default of np.zeros?",
            {ZEROS: "np.zeros((fan_in, fan_out), dtype=int)"}),
    mistake(*TRANSPOSED, {ZEROS: "np.zeros((fan_out, fan_in))"}),
    mistake("The weights are square, whatever the number of units.",
            "x is (N, fan_in) and the result (N, fan_out). What is the shape of w?",
            {ZEROS: "np.zeros((fan_in, fan_in))"}),
    mistake("The weights are one long vector.",
            "A layer computes x @ w. How many axes must w have?",
            {ZEROS: "np.zeros(fan_in * fan_out)"}),
    mistake("There is one zero per unit, which is the shape of the biases.",
            "x is (N, fan_in) and meets w in x @ w. How many axes does w have?",
            {ZEROS: "np.zeros(fan_out)"}),
    mistake("There is a row too many, as if the bias were part of the weights.",
            "How many rows does a unit with fan_in inputs need in this course, where b is an array of its own?",
            {ZEROS: "np.zeros((fan_in + 1, fan_out))"}),
    biases_as_well(),
    slip("list_for_array"),
]
