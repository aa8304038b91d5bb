"""relative_error: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, require

from .common import ONE_LENGTH, VERDICT

HINTS = (
    "How many norms does the formula have, and over how many entries does each run?",
    "np.linalg.norm treats arrays of one and two axes alike unless told otherwise. What happens where both "
    "lengths are 0?",
    "(0, 5) and (0, 3): 2 over 8, so 0.25. A gradient and twice the same gradient: 1 over 3. Two zeros: 0, "
    "with no warning.",
)


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


@variant
def with_sums_of_squares(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    bottom = np.sqrt((a**2).sum()) + np.sqrt((b**2).sum())
    return float(np.sqrt(((a - b) ** 2).sum()) / bottom) if bottom > 0 else 0.0


@variant
def with_plain_loops(a, b):
    a, b = [float(v) for v in np.ravel(a)], [float(v) for v in np.ravel(b)]
    top = math.sqrt(math.fsum((p - q) ** 2 for p, q in zip(a, b, strict=True)))
    bottom = math.hypot(*a) + math.hypot(*b)
    return 0 if bottom == 0 else top / bottom


@variant
def with_dot_products(a, b):
    a, b = np.reshape(a, -1), np.reshape(b, -1)
    if not (np.any(a) or np.any(b)):
        return 0.0
    d = a - b
    return np.sqrt(d @ d) / (np.sqrt(a @ a) + np.sqrt(b @ b))


@variant
def equal_first(a, b):
    if np.array_equal(a, b):
        return np.float64(0)
    lengths = [np.linalg.norm(np.ravel(v)) for v in (a, b)]
    return np.asarray(np.linalg.norm(np.subtract(a, b).ravel()) / sum(lengths))


@variant
def smallest_float_in_the_denominator(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + np.finfo(float).tiny)


def along_an_axis(a, b):
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    scale = np.linalg.norm(a, axis=0) + np.linalg.norm(b, axis=0)
    return np.linalg.norm(a - b, axis=0) / np.where(scale == 0, 1, scale)


BOTH = "np.linalg.norm(a) + np.linalg.norm(b)"
APART = "np.linalg.norm(a - b)"
MISTAKES = [
    mistake("This is the absolute error: it is not divided by the size of the gradients.",
            "Multiply both gradients by 1000. Should the verdict change?",
            {f"{APART} / scale": APART}),
    mistake(*ONE_LENGTH, *({"/ scale": f"/ np.linalg.norm({one})"} for one in "ab")),
    mistake("The error is divided by the larger of the two lengths instead of their sum.",
            "Work out the example of the text by hand: 5 and 4.2426 give 9.2426.",
            {BOTH: "max(np.linalg.norm(a), np.linalg.norm(b))"}),
    mistake("The error is divided by the mean of the two lengths, so it is twice too large.",
            "It should lie between 0 and 1. What does yours give for b = -a?",
            {BOTH: f"({BOTH}) / 2"}),
    mistake("The lengths are multiplied instead of added.",
            "Multiply both gradients by 1000. Should the verdict change?",
            {BOTH: "np.linalg.norm(a) * np.linalg.norm(b)"}),
    mistake("The squares of both are added under one root; the two lengths should be added.",
            "Lengths first, then the sum: 5 and 4.2426 give 9.2426 in the example of the text.",
            {BOTH: "np.sqrt(np.linalg.norm(a) ** 2 + np.linalg.norm(b) ** 2)"}),
    mistake("The length of the sum a + b is used instead of the sum of the lengths.",
            "What is your denominator when b = -a? The lengths are taken first, then added.",
            {"/ scale": "/ np.linalg.norm(a + b)"}),
    mistake("Brackets are missing: only the length of a divides, and the length of b is added.",
            "Division binds more tightly than addition. What belongs under the fraction bar?",
            {"/ scale": f"/ {BOTH}"}),
    mistake("The lengths are compared instead of the gradients, so directions do not matter at all.",
            "What does your function say about a and -a? Subtract first, then take the length.",
            {APART: "abs(np.linalg.norm(a) - np.linalg.norm(b))"}),
    mistake("The squared lengths are used: the root is missing.",
            "The length of (3, 4) is 5. What does yours give?",
            {BOTH: "np.sum(a**2) + np.sum(b**2)", APART: "np.sum((a - b) ** 2)"}),
    mistake("Absolute values are summed (the 1-norm) where the text asks for the Euclidean length.",
            "The length of (3, 4) is 5, not 7.",
            {BOTH: "np.sum(np.abs(a)) + np.sum(np.abs(b))", APART: "np.sum(np.abs(a - b))"}),
    mistake("The largest entry stands for the length of a gradient.",
            "The length of (3, 4) is 5, not 4.",
            {BOTH: "np.max(np.abs(a)) + np.max(np.abs(b))", APART: "np.max(np.abs(a - b))"}),
    mistake("For a matrix np.linalg.norm(…, 2) is not the root of the summed squares but the largest singular value.",
            "Read what ord=2 means for a matrix, or make a vector of the array first.",
            {BOTH: "np.linalg.norm(a, 2) + np.linalg.norm(b, 2)", APART: "np.linalg.norm(a - b, 2)"},
            {APART: "np.linalg.norm(np.atleast_1d(a - b), 2)"}),
    mistake("The norm chosen takes matrices only, so vectors, numbers and 3-d arrays fail.",
            "Make a vector of the array first: then one norm does for every shape.",
            {BOTH: 'np.linalg.norm(a, "fro") + np.linalg.norm(b, "fro")', APART: 'np.linalg.norm(a - b, "fro")'}),
    mistake("The norm is taken along one axis, so the result is an array instead of one number.",
            "The gradient is one vector, however many axes its array has. How many numbers should come back?",
            by=along_an_axis),
    mistake("The errors of the columns are averaged; all entries should count together.",
            "One norm for the whole array: make a vector of it first.",
            {"np.atleast_1d(a), np.atleast_1d(b)": "np.asarray(a), np.asarray(b)"}, of=along_an_axis, after=np.mean),
    mistake("The error is taken entry by entry, and the largest or the mean is returned.",
            "All entries count together here: one length for each gradient. Where do the norms go?",
            *({f"{APART} / scale": f"np.{one}(np.abs(a - b) / (np.abs(a) + np.abs(b)))"} for one in ("max", "mean"))),
    mistake("Two gradients that are both zero give 0/0, which is nan.",
            "What should the error of two equal gradients be, even when both are zero? Treat that case before you "
            "divide.",
            {"return 0.0": "pass"}),
    mistake("Two zero gradients give 1, as if they differed.",
            "What should the error of two equal gradients be, even when both are zero?",
            {"return 0.0": "return 1.0"}),
    mistake("When one gradient is zero the answer is 0, as if they agreed.",
            "A gradient that is missing altogether is as wrong as can be. When do both agree: one zero, or both?",
            {"scale == 0": "np.linalg.norm(a) == 0 or np.linalg.norm(b) == 0"}),
    mistake("Small gradients count as equal, however different they are.",
            "What does np.allclose, or your own limit, say about 1e-12 and 2e-12? Which case alone is 0/0?",
            {"scale == 0": "scale < 1e-8"}),
    mistake("A small constant in the denominator makes the error of small gradients too small, so wrong ones look "
            "right.",
            "Compare gradients of size 1e-12, one twice the other. What should your function say? Only one case is "
            "0/0: treat it before you divide.",
            {BOTH: f"{BOTH} + 1e-8"}, {BOTH: f"max(1e-8, {BOTH})"}, {BOTH: f"{BOTH} + 1e-15"}),
    mistake(*VERDICT, after=lambda error: bool(error <= 1e-7)),
]
