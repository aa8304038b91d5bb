"""standardize_apply: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, slips, variant
from nnlib.checks import assert_close

from .common import array, cloud

HINTS = (
    "The mean and the deviation are given. Is anything left to measure in X?",
    "mean and std have shape (D,), X has (N, D). What does NumPy do with the missing axis when you combine "
    "them? And in which order come the two operations?",
    "X = [[10, 3]], mean (4, 1), std (3, 2): (10 - 4) / 3 is 2 and (3 - 1) / 2 is 1, so the result is [[2, "
    "1]]. A lone example gets the same numbers as in a crowd.",
)


def _apply(student, X, mean, std):
    expected = (X - mean) / std
    got = array(student.standardize_apply(X, mean, std), X.shape, "the result")
    assert_close(got, expected, what="the standardised examples")


def _numbers_of(rng, d):
    return rng.normal(size=d) * 3, np.exp(rng.normal(size=d))


def test_standardize_apply_uses_the_numbers_it_is_given(student, rng):
    """Whatever the examples' own mean and deviation, the given ones are used, feature by feature."""
    for n, d in [(12, 4), (4, 4), (3, 6), (200, 3)]:
        _apply(student, cloud(rng, n, d), *_numbers_of(rng, d))


def test_standardize_apply_to_its_own_training_set(student, rng):
    """With the training set's numbers it has mean 0 and deviation 1."""
    X = cloud(rng, 40, 3)
    Z = array(student.standardize_apply(X.copy(), X.mean(axis=0), X.std(axis=0)), X.shape, "the result")
    assert_close(Z.mean(axis=0), np.zeros(3), atol=1e-7, what="the means afterwards")
    assert_close(Z.std(axis=0), np.ones(3), what="the deviations afterwards")


def test_standardize_apply_to_one_example(student, rng):
    """A single example is scaled as if it were one of many."""
    for _ in range(2):
        _apply(student, cloud(rng, 1, 5), *_numbers_of(rng, 5))


def test_standardize_apply_does_not_look_at_the_other_examples(student, rng):
    """An example comes out the same, whoever is in the set with it."""
    X, (mean, std) = cloud(rng, 8, 3), _numbers_of(rng, 3)
    whole = array(student.standardize_apply(X.copy(), mean.copy(), std.copy()), X.shape, "the result")
    part = array(student.standardize_apply(X[2:5].copy(), mean.copy(), std.copy()), (3, 3), "the result")
    assert_close(part, whole[2:5], what="the same three examples, alone and among others")
    assert_close(part, (X[2:5] - mean) / std, what="the standardised examples")


def test_standardize_apply_with_tiny_and_huge_deviations(student, rng):
    """Deviations of a thousand, of a thousandth and of 1e-10 are divided by as they are."""
    _apply(student, cloud(rng, 6, 3), rng.normal(size=3), np.array([1e-3, 1.0, 1e3]))
    tiny = np.array([1.0, 1e-10, 2e-9])
    _apply(student, rng.normal(size=(6, 3)) * tiny, rng.normal(size=3) * tiny, tiny)


def test_standardize_apply_to_whole_numbers(student, rng):
    """Whole numbers come out as real ones, with their fractions."""
    _apply(student, rng.integers(-20, 20, size=(7, 3)), *_numbers_of(rng, 3))


def test_standardize_apply_to_a_feature_that_was_constant(student, rng):
    """A feature with deviation 1 is centred only, and a value that the training set lacked stays itself."""
    _apply(student, np.array([[5.0, 0.0], [5.5, 2.0], [5.0, -4.0]]), np.array([5.0, 0.5]), np.array([1.0, 2.0]))


@variant
def by_loops(X, mean, std):
    return np.array([[(v - m) / s for v, m, s in zip(row, mean, std, strict=True)] for row in X])


@variant
def on_a_copy(X, mean, std):
    X = X.astype(float)
    X -= mean[np.newaxis, :]
    X /= std[np.newaxis, :]
    return X


@variant
def in_two_terms(X, mean, std):
    return X / std - mean / std


@variant
def with_functions(X, mean, std):
    return np.divide(np.subtract(X, mean), std)


SCALED = "(X - mean) / std"
OWN_STD = "np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)"
MISTAKES = [
    # whose numbers
    mistake("The examples are scaled with their own mean and deviation; the given ones are not used.",
            "These examples may be a test set, or a single house. Whose numbers should they be scaled with?",
            {SCALED: f"(X - X.mean(axis=0)) / {OWN_STD}"}),
    mistake("The given mean is used, but the deviation is the examples' own.",
            "Both numbers come from the training set. Where does yours come from?",
            {SCALED: f"(X - mean) / {OWN_STD}"}),
    mistake("The set is centred by its own mean, in the first place or once more at the end.",
            "A test set need not have mean 0 afterwards. What would a single example become?",
            after=lambda Z: Z - Z.mean(axis=0)),
    mistake("The numbers of all features are averaged, so each feature gets the same.",
            "Rooms and areas have means of their own. How many numbers does mean hold?",
            {SCALED: "(X - mean.mean()) / std.mean()"}),
    mistake("Mean and deviation are made columns, as if there were one for each example.",
            "mean has one entry per feature. Along which axis of X do the features lie?",
            {SCALED: "(X - mean[:, np.newaxis]) / std[:, np.newaxis]"}),
    mistake("Mean and deviation have changed places.",
            "Which of the two is subtracted?",
            {SCALED: "(X - std) / mean"}),
    # the two steps
    mistake("The examples are only centred, not divided by the deviation.",
            "Which of the two steps of standardising is missing?",
            {SCALED: "X - mean"}),
    mistake("The examples are only divided by the deviation, not centred.",
            "Which of the two steps of standardising is missing?",
            {SCALED: "X / std"}),
    mistake("The brackets are missing: only the mean is divided by the deviation.",
            "In X - mean / std, what is computed first?",
            {SCALED: "X - mean / std"}),
    mistake("The examples are divided first and centred afterwards, by a mean that is not divided.",
            "After dividing by std the mean of the feature is no longer `mean`. In which order do the steps come?",
            {SCALED: "X / std - mean"}),
    mistake("The examples are multiplied by the deviation instead of divided by it.",
            "A feature with a large deviation must become smaller. Does it?",
            {SCALED: "(X - mean) * std"}),
    mistake("The deviation is squared before dividing.",
            "std already is the root of the variance. What should the deviation be afterwards?",
            {SCALED: "(X - mean) / std**2"}),
    mistake("The root of the deviation is taken, as if it were a variance.",
            "std already is the root of the variance.",
            {SCALED: "(X - mean) / np.sqrt(std)"}),
    mistake("The mean is added instead of subtracted.",
            "What should an example that equals the mean become?",
            {SCALED: "(X + mean) / std"}),
    mistake("The sign is turned around: the example is subtracted from the mean.",
            "An example above the mean must come out above 0.",
            {SCALED: "(mean - X) / std"}),
    mistake("Deviations below 1 are raised to 1.",
            "What must a feature with the deviation 0.1 be divided by?",
            {SCALED: "(X - mean) / np.maximum(std, 1)"}),
    mistake("The deviation is made larger by a small number; the given one must be used as it is.",
            "No entry of std is 0 here. What becomes of a feature whose deviation is 1e-10?",
            *({SCALED: f"(X - mean) / (std + {tiny})"} for tiny in ("1e-5", "1e-8")),
            {SCALED: "(X - mean) / np.maximum(std, 1e-8)"}),
    # what is returned
    mistake("Large values are cut off; nobody asked for that.",
            "What should an example six deviations above the mean become?",
            after=lambda Z: np.clip(Z, -3, 3)),
    mistake("A single example loses its first axis.",
            "What shape must come out for X of shape (1, D)?",
            after=np.squeeze),
    mistake("Mean and deviation are returned as well; only the standardised examples are asked for.",
            "What does Z = standardize_apply(X, mean, std) hold?",
            {SCALED: f"{SCALED}, mean, std"}),
    slip("stored_as_integers",
         {f"return {SCALED}": f"Z = np.zeros_like(X)\n    Z[:] = {SCALED}\n    return Z"}, what="X"),
    slip("writes_into_input", {f"return {SCALED}": "X -= mean\n    X /= std\n    return X"}, what="X"),
    *slips("rounded"),
]
