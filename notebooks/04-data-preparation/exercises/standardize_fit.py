"""standardize_fit: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import mistake, slip, variant, weight
from nnlib.checks import assert_close, require

from .common import BY_THE_FEATURES, array, cloud

HINTS = (
    "Both numbers are measured down a column, over the examples. Which axis of (N, D) is that, and does your std divide "
    "by N or by N - 1?",
    "Before you replace a deviation, ask what a feature that never changes looks like: print np.std of three times 0.1. "
    "Is there something about the values themselves that rounding cannot spoil?",
    "With X = [[1, 7], [3, 7]]: means 2 and 7, deviations 1 and 0, ranges 2 and 0. The second range is exactly 0, so its "
    "deviation becomes 1, and the pair is ([2, 7], [1, 1]). A range of 1e-9 would stay as it is.",
)


def _fit(student, X):
    got = student.standardize_fit(X.copy())
    require(isinstance(got, list | tuple | np.ndarray) and len(got) == 2, "The result must be a pair (mean, std).")
    d = X.shape[1:]
    return array(got[0], d, "mean"), array(got[1], d, "std")


def test_standardize_fit_measures_the_mean_of_each_feature(student, rng):
    """The mean is taken over the examples, feature by feature, also where N equals D."""
    for n, d in [(30, 4), (5, 5), (2, 7), (200, 3)]:
        X = cloud(rng, n, d)
        assert_close(_fit(student, X)[0], X.mean(axis=0), what="mean")


def test_standardize_fit_measures_the_deviation_of_each_feature(student, rng):
    """The standard deviation divides by N, and is measured about the feature's own mean."""
    for n, d in [(30, 4), (5, 5), (2, 7), (400, 3)]:
        X = cloud(rng, n, d)
        assert_close(_fit(student, X)[1], X.std(axis=0), what="std")


def test_standardize_fit_keeps_small_and_large_deviations(student, rng):
    """Features that vary by a thousand, by less than a millionth or by 1e-10 have just that deviation."""
    X = rng.normal(size=(25, 4)) * [1e-3, 1.0, 1e3, 0.3]
    assert_close(_fit(student, X)[1], X.std(axis=0), what="std")
    for sizes in ([2e-7, 1.0, 5e-6], [1.0, 3e-10, 4e-9]):
        X = rng.normal(size=(25, 3)) * sizes
        what = "std over the right one, for tiny deviations"
        assert_close(_fit(student, X)[1] / X.std(axis=0), np.ones(3), what=what)


@weight(2)
def test_standardize_fit_gives_a_constant_feature_the_deviation_1(student, rng):
    """A feature that never changes has its value as mean and 1 as deviation; the others keep their own."""
    X = cloud(rng, 16, 5)
    X[:, 1], X[:, 3] = 0.0, -2.5
    mean, std = _fit(student, X)
    assert_close(mean, X.mean(axis=0), what="mean with constant features")
    expected = X.std(axis=0)
    expected[[1, 3]] = 1.0
    assert_close(std, expected, what="std with constant features")


@weight(2)
def test_standardize_fit_knows_a_constant_by_its_values(student, rng):
    """A feature that is always 0.3 or 19.9 has the deviation 1, though rounding keeps np.std a little off 0."""
    constants = [0.3, 1.1, -0.6, 19.9]
    for n in (3, 7, 10, 49, 99, 200):
        X = cloud(rng, n, 9)
        X[:, 1::2] = constants
        expected = X.std(axis=0)
        expected[1::2] = 1.0
        assert_close(_fit(student, X)[1], expected, what="std with constant features that are no whole numbers")


def test_standardize_fit_looks_at_all_values_of_a_feature(student, rng):
    """A feature in which two values are the same, and others not, keeps its own deviation."""
    X = cloud(rng, 20, 4)
    X[1, 0], X[-1, 1], X[8, 2], X[-1, 3] = X[0, 0], X[0, 1], X[7, 2], X[-2, 3]
    assert_close(_fit(student, X)[1], X.std(axis=0), what="std of features in which two values are the same")


def test_standardize_fit_of_one_example(student, rng):
    """With a single example every feature is constant."""
    X = rng.normal(size=(1, 4))
    mean, std = _fit(student, X)
    assert_close(mean, X[0], what="mean of one example")
    assert_close(std, np.ones(4), what="std of one example")


def test_standardize_fit_of_whole_numbers(student, rng):
    """Whole numbers have real means and deviations."""
    X = rng.integers(0, 256, size=(60, 3))
    mean, std = _fit(student, X)
    assert_close(mean, X.astype(float).mean(axis=0), what="mean of whole numbers")
    assert_close(std, X.astype(float).std(axis=0), what="std of whole numbers")


@variant
def by_hand(X):
    n = X.shape[0]
    mean = np.sum(X, axis=0) / n
    std = np.sqrt(np.sum((X - mean) ** 2, axis=0) / n)
    std[[len(set(column)) == 1 for column in X.T.tolist()]] = 1
    return mean, std


@variant
def by_loops(X):
    mean, std = [], []
    for column in X.T.tolist():
        m = sum(column) / len(column)
        s = math.sqrt(sum((v - m) ** 2 for v in column) / len(column))
        mean.append(m)
        std.append(s if max(column) > min(column) else 1.0)
    return np.array(mean), np.array(std)


@variant
def by_mean_of_squares(X):
    X = np.asarray(X, dtype=np.float64)
    mean = X.mean(0)
    variance = np.maximum((X * X).mean(0) - mean**2, 0.0)
    constant = X.max(0) == X.min(0)
    return mean, np.sqrt(np.where(constant, 1.0, variance))


@variant
def with_a_threshold(X):
    std = np.std(X, axis=0)
    return [np.mean(X, axis=0), np.where(std < 1e-12, 1.0, std)]


@variant
def in_single_precision(X):
    X32 = X.astype(np.float32)
    std = X32.std(axis=0)
    std[np.ptp(X, axis=0) == 0] = 1
    return X32.mean(axis=0), std


MEAN = "X.mean(axis=0)"
STD = "X.std(axis=0)"
REPLACED = "np.where(constant, 1.0, std)"
CONSTANT = "np.ptp(X, axis=0) == 0"
SQUARES = "((X - mean) ** 2).sum(axis=0)"
MISTAKES = [
    # the mean and the spread
    mistake("The standard deviation divides by N - 1 instead of N.",
            "The formula has 1/N. Which ddof is NumPy's own, and which is that of pandas or of a sample?",
            {STD: "X.std(axis=0, ddof=min(1, len(X) - 1))"}),
    mistake("Mean and deviation are those of each example, not of each feature.",
            "Which axis runs over the examples? The results must have shape (D,).",
            {MEAN: "X.mean(axis=1)", STD: "X.std(axis=1)"},
            {MEAN: "X.mean(axis=1)", STD: "X.std(axis=1)", REPLACED: "np.where(std == 0, 1.0, std)"}),
    mistake("One mean and one deviation are taken over all features together.",
            "Rooms and areas have different means. How many numbers must come out for D features?",
            {MEAN: "X.mean()", STD: "X.std()", REPLACED: "std if std > 0 else 1.0"}),
    mistake("This is the variance, not the standard deviation.",
            "What is left to do after the mean of the squared deviations?",
            {STD: "X.var(axis=0)"}),
    mistake("The spread is measured from 0 instead of from the feature's mean.",
            "A feature that is always about 100 hardly varies. Is your number small for it?",
            {STD: "np.sqrt((X.astype(float) ** 2).mean(axis=0))"}),
    mistake("This is the range from the smallest to the largest value, not the standard deviation.",
            "Scaling by the range is another method. What does the formula for σ say?",
            {STD: "np.ptp(X, axis=0)", "1.0": "1"}),
    mistake("Smallest value and range are measured, as for scaling to 0 to 1, instead of mean and deviation.",
            "Which two numbers do the formulas for μ and σ give for 2, 4, 6?",
            {MEAN: "X.min(axis=0)", STD: "np.ptp(X, axis=0)", "1.0": "1"}),
    mistake("This is the mean of the absolute deviations; the standard deviation is the root of the mean square.",
            "Square, average, take the root: in your code, what stands for each?",
            {STD: "np.abs(X - mean).mean(axis=0)"}),
    mistake("The median is taken for the mean.",
            "The formula adds all values up and divides by N.",
            {MEAN: "np.median(X, axis=0)"}),
    mistake("The squared deviations are added up but never divided by N.",
            "Twice the same data must have the same deviation. Does yours grow with N?",
            {STD: f"np.sqrt({SQUARES})"}),
    mistake(*BY_THE_FEATURES,
            {STD: f"np.sqrt({SQUARES} / X.shape[1])"},
            {MEAN: "X.sum(axis=0) / X.shape[1]", STD: f"np.sqrt({SQUARES} / X.shape[1])"}),
    mistake("Only the first 64 examples are measured.",
            "Does the mean change if you change the last of 100 examples?",
            {"X.mean": "X[:64].mean", "X.std": "X[:64].std"}),
    # a feature that never changes
    mistake("A constant feature is known by a deviation of exactly 0, which rounding spoils: np.std of a feature that is "
            "always 0.1 can be 1e-17.",
            "Print X.std(axis=0) of three rows of 0.1. What else is true of a feature that never changes?",
            {REPLACED: "np.where(std > 0, std, 1.0)"}),
    mistake("Two values decide whether a feature is constant: the first and the next, or the first and the last.",
            "What does yours say of a feature with the values 3, 3, 8, 3? How many values must be the same?",
            {CONSTANT: "X[0] == X[1]"}, {CONSTANT: "X[0] == X[-1]"}),
    mistake("A constant feature keeps the deviation 0, so dividing by it gives nan.",
            "What is 0/0? Which divisor would leave a centred constant at 0?",
            {REPLACED: "std"}),
    mistake("A constant feature gets a tiny number, such as 1e-8, for its deviation, not 1.",
            "The feature was constant at 5 and is 5.1 in the test set. What is 0.1 divided by your number?",
            {REPLACED: "std + 1e-8"}, {REPLACED: "np.maximum(std, 1e-8)"}),
    mistake("A small number is added under the root: every deviation changes, and a constant feature gets one near 0.",
            "What must come out for a feature that never changes, and what for one that varies by a thousandth?",
            {STD: "np.sqrt(X.var(axis=0) + 1e-5)"}),
    mistake("All deviations below 1 are raised to 1, not just those of constant features.",
            "A feature that varies by 0.3 has the deviation 0.3. When, and only when, should it be 1?",
            {REPLACED: "np.maximum(std, 1.0)"}),
    mistake("Small deviations are taken for 0: features that vary little get the deviation 1.",
            "A length of 1e-10 metres is ordinary among atoms, and nothing to np.isclose. Which features never change?",
            {REPLACED: "np.where(std < 1e-6, 1.0, std)"}, {REPLACED: "np.where(np.isclose(std, 0), 1.0, std)"}),
    mistake("1 is added to every deviation.",
            "Only a constant feature gets 1, and instead of its own deviation, not on top.",
            {REPLACED: "std + 1.0"}),
    mistake("The mean of a constant feature is lost: it is set to 0.",
            "A feature that is always 5 has the mean 5. Only its deviation is replaced.",
            {"return mean": "return np.where(constant, 0.0, mean)"}),
    mistake("As soon as one feature is constant, all features get the deviation 1.",
            "Replace only the entries that are 0. What picks them out?",
            {REPLACED: "np.ones_like(std) if constant.any() else std"}),
    mistake("Constant features are left out, so mean and deviation do not fit the features any more.",
            "Both results must have shape (D,), whatever the data.",
            {f"return mean, {REPLACED}": "return mean[~constant], std[~constant]"}),
    # what is returned
    mistake("The standardised examples are returned where their mean and deviation are asked for.",
            "This function only measures. Which two things are asked for, and of what shape?",
            {"return mean, ": "return (X - mean) / "}),
    mistake("The results have shape (1, D); (D,) is asked for.",
            "What does keepdims do to the shape?",
            {MEAN: "X.mean(axis=0, keepdims=True)", STD: "X.std(axis=0, keepdims=True)"}),
    mistake("A dict is returned where a pair is asked for.",
            "`mean, std = standardize_fit(X)` takes a dict's keys, which are words.",
            after=lambda result: {"mean": result[0], "std": result[1]}),
    mistake("Mean and deviation have changed places.",
            "In which order does `mean, std = standardize_fit(X)` take them?",
            after=lambda result: (result[1], result[0])),
    slip("stored_as_integers",
         {f"mean, {REPLACED}": f"mean.astype(X.dtype), {REPLACED}.astype(X.dtype)"},
         {f"mean, {REPLACED}": f"mean.astype(X.dtype), {REPLACED}"},
         {REPLACED: f"{REPLACED}.astype(X.dtype)"}, what="X"),
    slip("writes_into_input", {f"std = {STD}": f"X -= mean.astype(X.dtype)\n    std = {STD}"}, what="X"),
]
