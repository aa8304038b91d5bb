"""relative_error: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

import nnlib as reference
from grader.authoring import easy, mistake, variant
from nnlib.checks import assert_close, assert_unchanged, require


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


def absolute_error(a, b):
    return np.linalg.norm(np.ravel(a) - np.ravel(b))


def divides_by_a_alone(a, b):
    a, b = np.ravel(a), np.ravel(b)
    if not a.any() and not b.any():
        return 0.0
    return np.linalg.norm(a - b) / np.linalg.norm(a)


def divides_by_b_alone(a, b):
    a, b = np.ravel(a), np.ravel(b)
    if not a.any() and not b.any():
        return 0.0
    return np.linalg.norm(a - b) / np.linalg.norm(b)


def divides_by_the_larger(a, b):
    a, b = np.ravel(a), np.ravel(b)
    scale = max(np.linalg.norm(a), np.linalg.norm(b))
    return 0.0 if scale == 0 else np.linalg.norm(a - b) / scale


def largest_of_the_entries(a, b):
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    scale = np.abs(a) + np.abs(b)
    return np.max(np.abs(a - b) / np.where(scale == 0, 1, scale))


def mean_of_the_entries(a, b):
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    scale = np.abs(a) + np.abs(b)
    return np.mean(np.abs(a - b) / np.where(scale == 0, 1, scale))


def zero_over_zero(a, b):
    a, b = np.ravel(a), np.ravel(b)
    with np.errstate(all="ignore"):
        return np.linalg.norm(a - b) / np.float64(np.linalg.norm(a) + np.linalg.norm(b))


def squared_lengths(a, b):
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    scale = np.sum(a**2) + np.sum(b**2)
    return 0.0 if scale == 0 else np.sum((a - b) ** 2) / scale


def length_of_the_sum(a, b):
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    if not a.any() and not b.any():
        return 0.0
    with np.errstate(all="ignore"):
        return np.linalg.norm(a - b) / np.linalg.norm(a + b)


def difference_of_the_lengths(a, b):
    scale = np.linalg.norm(np.ravel(a)) + np.linalg.norm(np.ravel(b))
    return 0.0 if scale == 0 else abs(np.linalg.norm(np.ravel(a)) - np.linalg.norm(np.ravel(b))) / scale


def spectral_norm(a, b):
    scale = np.linalg.norm(a, 2) + np.linalg.norm(b, 2)
    return 0.0 if scale == 0 else np.linalg.norm(a - b, 2) / scale


def norm_along_an_axis(a, b):
    a, b = np.atleast_1d(a).astype(float), np.atleast_1d(b).astype(float)
    scale = np.linalg.norm(a, axis=0) + np.linalg.norm(b, axis=0)
    return np.linalg.norm(a - b, axis=0) / np.where(scale == 0, 1, scale)


def sums_of_absolute_values(a, b):
    a, b = np.ravel(a), np.ravel(b)
    scale = np.abs(a).sum() + np.abs(b).sum()
    return 0.0 if scale == 0 else np.abs(a - b).sum() / scale


def _length(a):
    return np.linalg.norm(np.ravel(a))


def denominator_without_brackets(a, b):
    if not (np.any(a) or np.any(b)):
        return 0.0
    return np.float64(_length(np.subtract(a, b))) / _length(a) + _length(b)


def divides_by_the_mean_length(a, b):
    scale = (_length(a) + _length(b)) / 2
    return _length(np.subtract(a, b)) / scale if scale else 0.0


def one_root_for_both(a, b):
    scale = np.sqrt(_length(a) ** 2 + _length(b) ** 2)
    return _length(np.subtract(a, b)) / scale if scale else 0.0


def product_of_the_lengths(a, b):
    scale = _length(a) * _length(b)
    return _length(np.subtract(a, b)) / scale if scale else 0.0


def largest_entries_for_lengths(a, b):
    scale = np.max(np.abs(a)) + np.max(np.abs(b))
    return np.max(np.abs(np.subtract(a, b))) / scale if scale else 0.0


def spectral_norm_of_the_difference(a, b):
    scale = _length(a) + _length(b)
    return np.linalg.norm(np.atleast_1d(np.subtract(a, b)), 2) / scale if scale else 0.0


def one_zero_is_agreement(a, b):
    if _length(a) == 0 or _length(b) == 0:
        return 0.0
    return _length(np.subtract(a, b)) / (_length(a) + _length(b))


def small_is_taken_for_zero(a, b):
    scale = _length(a) + _length(b)
    return 0.0 if scale < 1e-8 else _length(np.subtract(a, b)) / scale


def zero_and_zero_differ(a, b):
    scale = _length(a) + _length(b)
    return _length(np.subtract(a, b)) / scale if scale else 1.0


def tiny_constant_in_the_denominator(a, b):
    return _length(np.subtract(a, b)) / (_length(a) + _length(b) + 1e-15)


def verdict_for_error(a, b):
    scale = _length(a) + _length(b)
    return bool(_length(np.subtract(a, b)) <= 1e-7 * scale)


def mean_over_the_columns(a, b):
    scale = np.linalg.norm(a, axis=0) + np.linalg.norm(b, axis=0)
    return np.mean(np.linalg.norm(np.subtract(a, b), axis=0) / np.where(scale == 0, 1, scale))


def norm_of_matrices_only(a, b):
    scale = np.linalg.norm(a, "fro") + np.linalg.norm(b, "fro")
    return np.linalg.norm(np.subtract(a, b), "fro") / scale if scale else 0.0


MISTAKES = [
    mistake("This is the absolute error: it is not divided by the size of the gradients.",
            "Multiply both gradients by 1000. Should the verdict change?",
            by=absolute_error),
    mistake("The error is divided by the length of a alone.",
            "Exchange a and b: a fair measure gives the same number. What stands in the denominator of the formula?",
            by=divides_by_a_alone),
    mistake("The error is divided by the length of b alone.",
            "Exchange a and b: a fair measure gives the same number. What stands in the denominator of the formula?",
            by=divides_by_b_alone),
    mistake("The error is divided by the larger of the two lengths instead of their sum.",
            "Work out the example of the text by hand: 5 and 4.2426 give 9.2426.",
            by=divides_by_the_larger),
    mistake("The error is taken entry by entry, and the largest is returned.",
            "All entries count together here: one length for each gradient. Where do the norms go?",
            by=largest_of_the_entries),
    mistake("The error is taken entry by entry, and the mean is returned.",
            "A mean hides one bad entry among many good ones. Where do the norms go?",
            by=mean_of_the_entries),
    mistake("Two gradients that are both zero give 0/0, which is nan.",
            "What should the error of two equal gradients be, even when both are zero? Treat that case before you divide.",
            by=zero_over_zero),
    mistake("A constant of 1e-8 in the denominator makes wrong gradients look right when they are small.",
            "Compare gradients of size 1e-12, one twice the other. What does your function say, and what should it say?",
            {"np.finfo(float).tiny)": "1e-8)"}, of=smallest_float_in_the_denominator),
    mistake("The denominator is never smaller than 1e-8, so wrong gradients look right when they are small.",
            "Compare gradients of size 1e-12, one twice the other. What does your function say, and what should it say?",
            {"(np": "max(1e-8, np", "+ np.finfo(float).tiny)": ")"}, of=smallest_float_in_the_denominator),
    mistake("The squared lengths are used: the root is missing.",
            "The length of (3, 4) is 5. What does yours give?",
            by=squared_lengths),
    mistake("The length of the sum a + b is used instead of the sum of the lengths.",
            "What is your denominator when b = -a? The lengths are taken first, then added.",
            by=length_of_the_sum),
    mistake("The lengths are compared instead of the gradients, so directions do not matter at all.",
            "What does your function say about a and -a? Subtract first, then take the length.",
            by=difference_of_the_lengths),
    mistake("For a matrix np.linalg.norm(…, 2) is not the root of the summed squares but the largest singular value.",
            "Read what ord=2 means for a matrix, or make a vector of the array first.",
            by=spectral_norm),
    mistake("The norm is taken along one axis, so the result is an array instead of one number.",
            "The gradient is one vector, however many axes its array has. How many numbers should come back?",
            by=norm_along_an_axis),
    mistake("Absolute values are summed (the 1-norm) where the text asks for the Euclidean length.",
            "The length of (3, 4) is 5, not 7.",
            by=sums_of_absolute_values),
    mistake("Brackets are missing: only the length of a divides, and the length of b is added.",
            "Division binds more tightly than addition. What belongs under the fraction bar?",
            by=denominator_without_brackets),
    mistake("The error is divided by the mean of the two lengths, so it is twice too large.",
            "It should lie between 0 and 1. What does yours give for b = -a?",
            by=divides_by_the_mean_length),
    mistake("The squares of both are added under one root; the two lengths should be added.",
            "Lengths first, then the sum: 5 and 4.2426 give 9.2426 in the example of the text.",
            by=one_root_for_both),
    mistake("The lengths are multiplied instead of added.",
            "Multiply both gradients by 1000. Should the verdict change?",
            by=product_of_the_lengths),
    mistake("The largest entry stands for the length of a gradient.",
            "The length of (3, 4) is 5, not 4.",
            by=largest_entries_for_lengths),
    mistake("np.linalg.norm(…, 2) of the difference is, for a matrix, the largest singular value.",
            "Read what ord=2 means for a matrix, or make a vector of the array first.",
            by=spectral_norm_of_the_difference),
    mistake("When one gradient is zero the answer is 0, as if they agreed.",
            "A gradient that is missing altogether is as wrong as can be. When do both agree: one zero, or both?",
            by=one_zero_is_agreement),
    mistake("Small gradients count as equal, however different they are.",
            "What does np.allclose, or your own limit, say about 1e-12 and 2e-12? Which case alone is 0/0?",
            by=small_is_taken_for_zero),
    mistake("Two zero gradients give 1, as if they differed.",
            "What should the error of two equal gradients be, even when both are zero?",
            by=zero_and_zero_differ),
    mistake("A small constant is added to the denominator, and the error of tiny gradients comes out too small.",
            "Add nothing: treat the one case in which the denominator is 0 before you divide.",
            by=tiny_constant_in_the_denominator),
    mistake("A verdict, True or False, is returned instead of the error.",
            "Return the number; the reader decides what is small enough.",
            by=verdict_for_error),
    mistake("The errors of the columns are averaged; all entries should count together.",
            "One norm for the whole array: make a vector of it first.",
            by=mean_over_the_columns),
    mistake("The norm chosen takes matrices only, so vectors, numbers and 3-d arrays fail.",
            "Make a vector of the array first: then one norm does for every shape.",
            by=norm_of_matrices_only),
]
