"""Hidden tests of 04-data-preparation.

Random exercises are judged by what every correct way to draw has in common, never by a seed; where chance could
fail a right answer, the test says how seldom, always below once in a million gradings.
Principal components have no sign, so columns are compared after turning each to the reference's side.
Data comes in hundreds of examples too, and with spreads below 1e-8: a deviation is none only where it is 0.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import numpy as np

import nnlib as reference
from grader.authoring import easy, leaves_alone, weight
from nnlib.checks import assert_close, assert_shape, assert_unchanged, require


def _array(value, shape, what):
    """A result as an array, which must have this shape and hold finite numbers."""
    plain = isinstance(value, np.ndarray | list | tuple | int | float | np.number)
    require(plain, f"{what} must be an array.")
    try:
        array = np.asarray(value)
    except ValueError:  # rows of unequal length
        array = np.empty(0, dtype=object)
    require(array.dtype.kind in "fiub", f"{what} must be an array of numbers.")
    assert_shape(array, shape, what=what)
    require(np.isfinite(array).all(), f"{what} must be finite.")
    return array


# ---------------------------------------------------------------- train_dev_test_split


def _data(n):
    """Rows that tell which example they are, with labels that do too."""
    return np.stack([np.arange(n) + 0.25, -3.0 * np.arange(n)], axis=1), np.arange(n)


def _sets(result):
    fits = isinstance(result, list | tuple) and len(result) == 3
    fits = fits and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in result)
    require(fits, "The result must be three pairs: (X_train, y_train), (X_dev, y_dev), (X_test, y_test).")
    require(all(len(rows) == len(labels) for rows, labels in result), "A set needs as many examples as labels.")
    return [(np.asarray(rows), np.asarray(labels)) for rows, labels in result]


def _split(student, n, fractions, rng):
    return _sets(student.train_dev_test_split(*_data(n), fractions, rng))


def _numbers(sets):
    """Which examples are in each set; in these tests the label is the number of the example."""
    return [labels.astype(int).tolist() for _, labels in sets]


def _together(parts):
    return sorted(i for part in parts for i in part)


@easy
def test_train_dev_test_split_has_the_sizes_of_its_fractions(student, rng):
    """Where the fractions are whole numbers of examples, training, dev and test set have exactly those sizes."""
    for n, fractions, sizes in [
        (50, (0.6, 0.2, 0.2), [30, 10, 10]),
        (40, (0.5, 0.3, 0.2), [20, 12, 8]),
        (8, [0.5, 0.25, 0.25], [4, 2, 2]),
        (1000, (0.98, 0.01, 0.01), [980, 10, 10]),
    ]:
        got = [len(labels) for _, labels in _split(student, n, fractions, rng)]
        require(got == sizes, f"{n} examples by {fractions} must be sets of {sizes}.")


@weight(2)
def test_train_dev_test_split_uses_every_example_once(student, rng):
    """No example is missing, and none comes twice, in one set or in two."""
    for n, fractions in [(50, (0.6, 0.2, 0.2)), (24, (0.25, 0.25, 0.5)), (300, (0.8, 0.1, 0.1))]:
        together = _together(_numbers(_split(student, n, fractions, rng)))
        require(together == list(range(n)), "An example is missing or comes twice.")


def test_train_dev_test_split_loses_nothing_to_rounding(student, rng):
    """Where the fractions are no whole numbers, the sets still hold everybody once and are nearly of their sizes."""
    for n, fractions in [
        (23, (0.6, 0.2, 0.2)),
        (7, (0.6, 0.2, 0.2)),
        (14, (1 / 3, 1 / 3, 1 / 3)),
        (19, (0.5, 0.3, 0.2)),
    ]:
        numbers = _numbers(_split(student, n, fractions, rng))
        require(_together(numbers) == list(range(n)), "An example is missing or comes twice.")
        near = all(abs(len(part) - share * n) < 2 for part, share in zip(numbers, fractions, strict=True))
        require(near, f"{n} examples by {fractions} must be close to their shares.")


def test_train_dev_test_split_without_a_test_set(student, rng):
    """With a fraction of 0 the test set is empty, and the other two hold everybody."""
    numbers = _numbers(_split(student, 40, (0.75, 0.25, 0.0), rng))
    require([len(part) for part in numbers] == [30, 10, 0], "40 examples by (0.75, 0.25, 0) must be 30, 10 and 0.")
    require(_together(numbers) == list(range(40)), "An example is missing or comes twice.")


def test_train_dev_test_split_keeps_examples_and_labels_together(student, rng):
    """Every example keeps its own label."""
    for n, fractions in [(50, (0.6, 0.2, 0.2)), (23, (0.5, 0.3, 0.2)), (400, (0.5, 0.3, 0.2))]:
        X, _ = _data(n)
        sets = _split(student, n, fractions, rng)
        require(sum(len(labels) for _, labels in sets) > n - 3, "Most of the examples are missing.")
        for rows, labels in sets:
            require(rows.shape == (len(labels), 2), "A set's X must keep the shape of its examples.")
            assert_close(rows, X[labels.astype(int)], what="the examples that belong to the labels of a set")


def test_train_dev_test_split_favours_nobody(student, rng):
    """Every example comes into every set as often as the fractions say.

    300 splits of 8 examples: the counts are binomial, and the bounds of 60 about 150 and of 55 about 75 are missed
    by a right answer less than once in a thousand million gradings.
    """
    counts = np.zeros((3, 8))
    for _ in range(300):
        for row, part in enumerate(_numbers(_split(student, 8, (0.5, 0.25, 0.25), rng))):
            require(all(0 <= i < 8 for i in part), "A label came that the data does not have.")
            np.add.at(counts[row], part, 1)
    require((counts.sum(axis=0) == 300).all(), "An example is missing or comes twice.")
    fair = np.abs(counts[0] - 150).max() < 60 and np.abs(counts[1:] - 75).max() < 55
    require(fair, "Some examples come into some set far too often: deal them out at random.")


def test_train_dev_test_split_mixes_neighbours(student, rng):
    """The sets are no blocks of the data's order, wherever the blocks begin.

    Of the C(60, 30) = 1e17 training sets and the C(60, 18) = 9e14 dev sets 60 each are blocks, so a right answer
    fails less than once in 1e13 gradings.
    """
    train, dev, _ = _numbers(_split(student, 60, (0.5, 0.3, 0.2), rng))
    for part in (train, dev):
        inside = set(part)
        require(len(inside) > 10, "Most of the examples are missing.")
        seams = sum((i + 1) % 60 not in inside for i in inside)
        require(seams > 1, "A set is a block of neighbours: deal the examples out at random.")


def test_train_dev_test_split_draws_anew(student, rng):
    """Two calls with the same generator give different sets.

    Two of the C(60, 30) = 1e17 training sets are the same less than once in 1e17 gradings.
    """
    first, second = (_numbers(_split(student, 60, (0.5, 0.3, 0.2), rng)) for _ in range(2))
    require(sorted(first[0]) != sorted(second[0]), "Two calls gave the same training set: draw anew from rng.")


def test_train_dev_test_split_draws_from_rng(student):
    """Generators in the same state give the same sets, and in other states others.

    Two of 1e17 training sets are the same less than once in 1e17 gradings.
    """
    splits = [_numbers(_split(student, 60, (0.5, 0.3, 0.2), np.random.default_rng(seed))) for seed in (5, 5, 6)]
    require(splits[0] == splits[1], "Two generators in the same state gave different sets: draw from rng only.")
    require(sorted(splits[0][0]) != sorted(splits[2][0]), "Generators in other states gave the same sets.")


def test_train_dev_test_split_leaves_the_data_alone(student, rng):
    """X and y stay as they were, and the sets keep their dtypes and further axes."""
    X, y = rng.normal(size=(20, 4, 3)).astype(np.float32), np.arange(20) % 3
    before = X.copy(), y.copy()
    sets = _sets(student.train_dev_test_split(X, y, (0.6, 0.2, 0.2), rng))
    assert_unchanged(X, before[0], what="X")
    assert_unchanged(y, before[1], what="y")
    require([rows.shape for rows, _ in sets] == [(12, 4, 3), (4, 4, 3), (4, 4, 3)], "The shapes are wrong.")
    for rows, labels in sets:
        require(rows.dtype == np.float32 and labels.dtype.kind == "i", "A set must keep the dtypes of X and y.")
        for row, label in zip(rows, labels, strict=True):
            where = [i for i in range(20) if np.array_equal(before[0][i], row)]
            require(len(where) == 1 and before[1][where[0]] == label, "An image has lost its label.")


# ---------------------------------------------------------------- standardize_fit


def _cloud(rng, n, d, spread=2.0):
    """Correlated points far from the origin; features of very different size, in no order."""
    sizes = rng.permutation(np.logspace(-spread / 2, spread / 2, d))
    return (
        (rng.normal(size=(n, d)) @ (np.eye(d) + 0.4 * rng.normal(size=(d, d)))) * sizes + 3.0 * rng.normal(size=d) + 1.0
    )


def _directions(rng, n, d):
    """Such points, whose variances are far enough apart that round-off does not turn one direction into the next."""
    while True:
        X = _cloud(rng, n, d)
        lengths = np.linalg.svd(X - X.mean(axis=0), compute_uv=False)[: min(n - 1, d)]
        if (lengths[:-1] > 1.1 * lengths[1:]).all() and lengths[-1] > 1e-3 * lengths[0]:
            return X


def _fit(student, X, call=None):
    got = (call or student.standardize_fit)(X.copy() if call is None else X)
    require(isinstance(got, list | tuple | np.ndarray) and len(got) == 2, "The result must be a pair (mean, std).")
    d = X.shape[1:]
    return _array(got[0], d, "mean"), _array(got[1], d, "std")


def test_standardize_fit_measures_the_mean_of_each_feature(student, rng):
    """The mean is taken over the examples, feature by feature, also where N equals D."""
    for n, d in [(30, 4), (5, 5), (2, 7), (200, 3)]:
        X = _cloud(rng, n, d)
        assert_close(_fit(student, X)[0], X.mean(axis=0), what="mean")


def test_standardize_fit_measures_the_deviation_of_each_feature(student, rng):
    """The standard deviation divides by N, and is measured about the feature's own mean."""
    for n, d in [(30, 4), (5, 5), (2, 7), (400, 3)]:
        X = _cloud(rng, n, d)
        assert_close(_fit(student, X)[1], X.std(axis=0), what="std")


def test_standardize_fit_keeps_small_and_large_deviations(student, rng):
    """Features that vary by a thousand, by less than a millionth or by 1e-10 have just that deviation."""
    X = rng.normal(size=(25, 4)) * [1e-3, 1.0, 1e3, 0.3]
    assert_close(_fit(student, X)[1], X.std(axis=0), what="std")
    for sizes in ([2e-7, 1.0, 5e-6], [1.0, 3e-10, 4e-9]):
        X = rng.normal(size=(25, 3)) * sizes
        assert_close(_fit(student, X)[1] / X.std(axis=0), np.ones(3), what="std over the right one, for tiny deviations")


@weight(2)
def test_standardize_fit_gives_a_constant_feature_the_deviation_1(student, rng):
    """A feature that never changes has its value as mean and 1 as deviation; the others are as ever."""
    X = _cloud(rng, 16, 5)
    X[:, 1], X[:, 3] = 0.0, -2.5
    mean, std = _fit(student, X)
    assert_close(mean, X.mean(axis=0), what="mean with constant features")
    expected = X.std(axis=0)
    expected[[1, 3]] = 1.0
    assert_close(std, expected, what="std with constant features")


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


def test_standardize_fit_leaves_the_data_alone(student, rng):
    """X stays as it was."""
    X = _cloud(rng, 9, 3)
    X[:, 2] = 4.0
    expected = X.mean(axis=0)
    mean, _ = _fit(student, X, lambda X: leaves_alone(student.standardize_fit, ["X"], X))
    assert_close(mean, expected, what="mean")


# ---------------------------------------------------------------- standardize_apply


def _apply(student, X, mean, std, call=None):
    expected = (X - mean) / std
    got = (call or student.standardize_apply)(X, mean, std)
    assert_close(_array(got, X.shape, "the result"), expected, what="the standardised examples")


def _numbers_of(rng, d):
    return rng.normal(size=d) * 3, np.exp(rng.normal(size=d))


def test_standardize_apply_uses_the_numbers_it_is_given(student, rng):
    """Whatever the examples' own mean and deviation, the given ones are used, feature by feature."""
    for n, d in [(12, 4), (4, 4), (3, 6), (200, 3)]:
        _apply(student, _cloud(rng, n, d), *_numbers_of(rng, d))


def test_standardize_apply_to_its_own_training_set(student, rng):
    """With the training set's numbers it has mean 0 and deviation 1."""
    X = _cloud(rng, 40, 3)
    Z = _array(student.standardize_apply(X.copy(), X.mean(axis=0), X.std(axis=0)), X.shape, "the result")
    assert_close(Z.mean(axis=0), np.zeros(3), atol=1e-7, what="the means afterwards")
    assert_close(Z.std(axis=0), np.ones(3), what="the deviations afterwards")


def test_standardize_apply_to_one_example(student, rng):
    """A single example is scaled as if it were one of many."""
    for _ in range(2):
        _apply(student, _cloud(rng, 1, 5), *_numbers_of(rng, 5))


def test_standardize_apply_does_not_look_at_the_other_examples(student, rng):
    """An example comes out the same, whoever is in the set with it."""
    X, (mean, std) = _cloud(rng, 8, 3), _numbers_of(rng, 3)
    whole = _array(student.standardize_apply(X.copy(), mean.copy(), std.copy()), X.shape, "the result")
    part = _array(student.standardize_apply(X[2:5].copy(), mean.copy(), std.copy()), (3, 3), "the result")
    assert_close(part, whole[2:5], what="the same three examples, alone and among others")
    assert_close(part, (X[2:5] - mean) / std, what="the standardised examples")


def test_standardize_apply_with_tiny_and_huge_deviations(student, rng):
    """Deviations of a thousand, of a thousandth and of 1e-10 are divided by as they are."""
    _apply(student, _cloud(rng, 6, 3), rng.normal(size=3), np.array([1e-3, 1.0, 1e3]))
    tiny = np.array([1.0, 1e-10, 2e-9])
    _apply(student, rng.normal(size=(6, 3)) * tiny, rng.normal(size=3) * tiny, tiny)


def test_standardize_apply_leaves_its_inputs_alone(student, rng):
    """Neither X nor mean nor std changes."""

    def call(X, mean, std):
        return leaves_alone(student.standardize_apply, ("X", "mean", "std"), X, mean, std)

    _apply(student, _cloud(rng, 5, 3), *_numbers_of(rng, 3), call)


def test_standardize_apply_to_whole_numbers(student, rng):
    """Whole numbers come out as real ones, with their fractions."""
    _apply(student, rng.integers(-20, 20, size=(7, 3)), *_numbers_of(rng, 3))


def test_standardize_apply_to_a_feature_that_was_constant(student, rng):
    """A feature with deviation 1 is centred only, and a value that the training set lacked stays itself."""
    _apply(student, np.array([[5.0, 0.0], [5.5, 2.0], [5.0, -4.0]]), np.array([5.0, 0.5]), np.array([1.0, 2.0]))


# ---------------------------------------------------------------- pca_fit


def _towards(columns, side):
    """Turn each column to the side of the reference's: a direction has no sign."""
    signs = np.sign((columns * side).sum(axis=0))
    return columns * np.where(signs == 0, 1.0, signs)


def _pca(student, X, k):
    got = student.pca_fit(X.copy(), k)
    require(isinstance(got, list | tuple) and len(got) == 2, "The result must be a pair (mean, components).")
    d = X.shape[1]
    return _array(got[0], (d,), "mean").astype(float), _array(got[1], (d, k), "components").astype(float)


def _check_pca(student, X, k):
    mean, components = _pca(student, X, k)
    right_mean, right = reference.pca_fit(X, k)
    assert_close(mean, right_mean, what="mean")
    assert_close(_towards(components, right), right, rtol=1e-4, atol=1e-6, what="components (signs aside)")


def test_pca_fit_finds_the_direction_in_which_the_data_is_longest(student, rng):
    """Points along a line with a little noise have the line as their first component."""
    line = np.array([2.0, -1.0, 2.0]) / 3
    X = 4 * rng.normal(size=(200, 1)) * line + 0.05 * rng.normal(size=(200, 3)) + [5.0, 5.0, -3.0]
    mean, components = _pca(student, X, 1)
    assert_close(mean, X.mean(axis=0), what="mean")
    assert_close(_towards(components, line[:, None])[:, 0], line, atol=0.02, what="the first component (sign aside)")


def test_pca_fit_finds_all_components_in_order(student, rng):
    """All D components are right, as columns, by falling variance."""
    for n, d in [(60, 4), (25, 2), (40, 6)]:
        _check_pca(student, _directions(rng, n, d), d)


def test_pca_fit_finds_the_first_k(student, rng):
    """With k below D it is the k components of largest variance, no others."""
    X = _directions(rng, 50, 5)
    for k in (1, 2, 3):
        _check_pca(student, X, k)


def test_pca_fit_has_columns_of_length_1_at_right_angles(student, rng):
    """The components are orthonormal, however small the data is."""
    for n, d, k, size in [(30, 5, 3, 1.0), (12, 4, 4, 1.0), (20, 3, 3, 1e-10), (6, 8, 3, 1e-10)]:
        _, components = _pca(student, size * _directions(rng, n, d), k)
        assert_close(components.T @ components, np.eye(k), atol=1e-6, what="components.T @ components")


def test_pca_fit_centres_the_data(student, rng):
    """Moving the whole cloud moves the mean and leaves the components as they are."""
    X = _directions(rng, 30, 3) + [100.0, -40.0, 7.0]
    _check_pca(student, X, 3)


def test_pca_fit_does_not_scale_the_features(student, rng):
    """A feature in larger units pulls the first component to itself."""
    X = _directions(rng, 60, 4) * [1.0, 30.0, 0.2, 5.0]
    _check_pca(student, X, 2)


def test_pca_fit_orders_components_whatever_the_order_of_the_features(student, rng):
    """Largest variance comes first also where the features of largest variance are the last, or in the middle."""
    for sizes in ([0.5, 2.0, 8.0], [2.0, 8.0, 0.5, 20.0], [1.0, 4.0, 2.0]):
        X = rng.normal(size=(80, len(sizes))) * sizes
        _check_pca(student, X, 2)


def test_pca_fit_with_fewer_examples_than_features(student, rng):
    """Five examples of nine features have four directions in which they vary, also at the scale of 1e-9."""
    X = _directions(rng, 5, 9)
    for k in (2, 4):
        _check_pca(student, X, k)
        _check_pca(student, 1e-9 * X, k)


def test_pca_fit_with_as_many_examples_as_features(student, rng):
    """Where N equals D, and so does k + 1, rows and columns are not mixed up."""
    X = _directions(rng, 5, 5)
    _check_pca(student, X, 4)


def test_pca_fit_keeps_most_of_the_variance(student, rng):
    """No other two directions keep as much of the digits' variance as the first two components."""
    X = reference.load_digits()[0][:200]
    mean, components = _pca(student, X, 2)
    assert_close(mean, X.mean(axis=0), what="mean")
    kept = ((X - X.mean(axis=0)) @ components).var(axis=0)
    right = ((X - X.mean(axis=0)) @ reference.pca_fit(X, 2)[1]).var(axis=0)
    assert_close(kept, right, what="the variances along the two first components of the digits")
    assert_close(components.T @ components, np.eye(2), atol=1e-6, what="components.T @ components")


def test_pca_fit_leaves_the_data_alone(student, rng):
    """X stays as it was."""
    X = _cloud(rng, 12, 3)
    expected = X.mean(axis=0)
    got = leaves_alone(lambda X: student.pca_fit(X, 2), ["X"], X)
    require(isinstance(got, list | tuple) and len(got) == 2, "The result must be a pair (mean, components).")
    assert_close(got[0], expected, what="mean")


# ---------------------------------------------------------------- pca_apply


def _project(student, X, mean, components, call=None):
    expected = (X - mean) @ components
    got = (call or student.pca_apply)(X, mean, components)
    assert_close(_array(got, expected.shape, "the result"), expected, what="the coordinates")


def _axes(rng, d, k):
    return np.linalg.qr(rng.normal(size=(d, d)))[0][:, :k]


def test_pca_apply_is_the_product_of_centred_examples_and_components(student, rng):
    """Each coordinate is the scalar product of an example, minus the given mean, with a component."""
    for n, d, k in [(9, 4, 2), (6, 5, 3), (7, 3, 1), (200, 3, 2)]:
        _project(student, _cloud(rng, n, d), rng.normal(size=d), _axes(rng, d, k))


def test_pca_apply_with_all_components(student, rng):
    """With k = D, where every transposed product has the right shape too, the components are the columns."""
    for n, d in [(8, 3), (4, 4)]:
        _project(student, _cloud(rng, n, d), rng.normal(size=d), _axes(rng, d, d))


def test_pca_apply_uses_the_training_sets_mean(student, rng):
    """A set that lies elsewhere than the training set keeps its distance to it."""
    X = _cloud(rng, 30, 3)
    mean, components = X.mean(axis=0), _axes(rng, 3, 2)
    _project(student, X[:10] + [5.0, 0.0, -2.0], mean, components)


def test_pca_apply_to_one_example(student, rng):
    """A single example has coordinates too."""
    _project(student, _cloud(rng, 1, 4), rng.normal(size=4), _axes(rng, 4, 3))


def test_pca_apply_keeps_lengths_and_spread(student, rng):
    """Coordinates are as far out as the examples are: nothing is scaled to variance 1."""
    X = 20 * rng.normal(size=(30, 4))
    mean, components = X.mean(axis=0), _axes(rng, 4, 4)
    Z = _array(student.pca_apply(X.copy(), mean.copy(), components.copy()), (30, 4), "the coordinates")
    distance = np.linalg.norm(X - mean, axis=1)
    assert_close(np.linalg.norm(Z, axis=1), distance, what="the distances from the mean")
    assert_close(Z, (X - mean) @ components, what="the coordinates")


def test_pca_apply_decorrelates(student, rng):
    """Along the training set's own components the coordinates of the training set are uncorrelated."""
    X = _cloud(rng, 50, 4)
    mean, components = reference.pca_fit(X, 4)
    got = student.pca_apply(X.copy(), mean.copy(), components.copy())
    Z = _array(got, X.shape, "the coordinates").astype(float)
    assert_close(Z.mean(axis=0), np.zeros(4), atol=1e-6, what="the means of the coordinates")
    variances = ((X - mean) @ components).var(axis=0)
    assert_close(Z.T @ Z / len(Z), np.diag(variances), atol=1e-6, what="the covariance of the coordinates")


def test_pca_apply_leaves_its_inputs_alone(student, rng):
    """Neither X nor mean nor components change."""

    def call(X, mean, components):
        return leaves_alone(student.pca_apply, ("X", "mean", "components"), X, mean, components)

    _project(student, _cloud(rng, 6, 4), rng.normal(size=4), _axes(rng, 4, 2), call)


# ---------------------------------------------------------------- whiten


def _whitened(student, X, eps):
    return _array(student.whiten(X.copy(), eps), X.shape, "the whitened examples").astype(float)


def _check_whiten(student, X, eps):
    got, right = _whitened(student, X, eps), reference.whiten(X, eps)
    assert_close(_towards(got, right), right, rtol=1e-4, atol=1e-6, what="the whitened examples (signs aside)")


def test_whiten_makes_the_covariance_the_identity(student, rng):
    """With eps = 0 all variances, divided by N, are 1, all covariances 0, and all means 0, however small X is."""
    for n, d, size in [(12, 3, 1.0), (40, 5, 1.0), (7, 2, 1.0), (200, 3, 1.0), (15, 3, 1e-10)]:
        Z = _whitened(student, size * _cloud(rng, n, d), 0.0)
        assert_close(Z.mean(axis=0), np.zeros(d), atol=1e-6, what="the means of the whitened examples")
        assert_close(Z.T @ Z / n, np.eye(d), atol=1e-6, what="their covariance")


def test_whiten_goes_along_the_components_in_order(student, rng):
    """Each column is the coordinate along a component, largest variance first, over its deviation."""
    for n, d in [(15, 3), (50, 4)]:
        _check_whiten(student, _cloud(rng, n, d), 0.0)


def test_whiten_adds_eps_to_the_variance(student, rng):
    """eps stands under the root, beside the variance: directions that vary less are scaled up less."""
    X = _cloud(rng, 20, 3)
    for eps in (1e-2, 1.0, 30.0):
        _check_whiten(student, X, eps)


def test_whiten_divides_variances_by_n(student, rng):
    """With eight examples, and eps large enough to tell, N and N - 1 make a difference."""
    X = _cloud(rng, 8, 3)
    for eps in (0.0, 0.5):
        _check_whiten(student, X, eps)


def test_whiten_does_not_mind_where_the_cloud_is(student, rng):
    """Moving all examples by the same amount changes nothing."""
    X = rng.normal(size=(25, 3)) * [2.0, 1.0, 0.4]
    _check_whiten(student, X + [50.0, -20.0, 8.0], 1e-3)


def test_whiten_holds_a_direction_without_variance_down(student, rng):
    """A feature that repeats another adds a direction in which nothing varies; it stays at 0, by eps."""
    X = rng.normal(size=(30, 2)) * [3.0, 1.0]
    X = np.c_[X, X[:, 0] - X[:, 1]]
    Z = _whitened(student, X, 1e-3)
    right = reference.whiten(X, 1e-3)
    assert_close(_towards(Z[:, :2], right[:, :2]), right[:, :2], rtol=1e-4, what="the directions that vary")
    assert_close(Z[:, 2], np.zeros(30), atol=1e-4, what="the direction that does not vary")


def test_whiten_leaves_the_data_alone(student, rng):
    """X stays as it was."""
    X = _cloud(rng, 12, 3)
    right = reference.whiten(X.copy(), 0.1)
    got = _array(leaves_alone(lambda X: student.whiten(X, 0.1), ["X"], X), X.shape, "the whitened examples")
    assert_close(_towards(got.astype(float), right), right, rtol=1e-4, atol=1e-6, what="the whitened examples")


# ---------------------------------------------------------------- mean_image


def _check_mean_image(student, X):
    got = student.mean_image(X.copy())
    expected = X.astype(float).sum(axis=0) / len(X)
    assert_close(_array(got, X.shape[1:], "the mean image"), expected, what="the mean image")


def test_mean_image_of_flat_images(student, rng):
    """Rows of pixels average to one row, also where N equals D."""
    for shape in [(7, 12), (5, 5), (1, 4), (200, 3)]:
        _check_mean_image(student, rng.normal(size=shape))


def test_mean_image_of_grey_images(student, rng):
    """The mean image has the height and width of an image, pixel by pixel."""
    for shape in [(6, 3, 4), (4, 4, 4)]:
        _check_mean_image(student, rng.normal(size=shape))


def test_mean_image_of_colour_images(student, rng):
    """The channels stay apart."""
    for shape in [(5, 4, 3, 3), (3, 3, 3, 3)]:
        _check_mean_image(student, rng.normal(size=shape))


def test_mean_image_of_bytes(student, rng):
    """Bytes have a mean with fractions, and their sum does not overflow."""
    X = rng.integers(100, 256, size=(9, 3, 4)).astype(np.uint8)
    _check_mean_image(student, X)
    got = np.asarray(student.mean_image(X))
    require(got.dtype.kind == "f", "The mean image must hold floats.")


def test_mean_image_is_a_mean_not_a_median(student):
    """One image with a single bright pixel counts by its share."""
    X = np.zeros((10, 2, 3))
    X[4, 1, 2] = 20.0
    _check_mean_image(student, X)


def test_mean_image_leaves_the_images_alone(student, rng):
    """X stays as it was."""
    X = rng.normal(size=(5, 3, 2))
    expected = X.mean(axis=0)
    got = _array(leaves_alone(student.mean_image, ["X"], X), (3, 2), "the mean image")
    assert_close(got, expected, what="the mean image")


# ---------------------------------------------------------------- channel_mean


def _check_channel_mean(student, images):
    got = student.channel_mean(images.copy())
    channels = images.shape[-1]
    expected = [images[..., c].astype(float).sum() / images[..., c].size for c in range(channels)]
    assert_close(_array(got, (channels,), "the channel means"), np.array(expected), what="the channel means")


def test_channel_mean_of_colour_images(student, rng):
    """There is one mean a channel, over all pixels of all images."""
    _check_channel_mean(student, rng.normal(size=(150, 4, 5, 3)) + [3.0, -1.0, 0.5])


def test_channel_mean_where_all_axes_are_alike(student, rng):
    """The channels are the last axis, also where every axis has length 3."""
    _check_channel_mean(student, rng.normal(size=(3, 3, 3, 3)) + [1.0, 2.0, 3.0])


def test_channel_mean_of_other_numbers_of_channels(student, rng):
    """One channel, or five, or one image, are no special cases."""
    for shape in [(4, 3, 2, 1), (2, 6, 3, 5), (1, 2, 4, 3)]:
        _check_channel_mean(student, rng.normal(size=shape))


def test_channel_mean_of_bytes(student, rng):
    """Bytes have means with fractions, and their sum does not overflow."""
    images = rng.integers(90, 256, size=(5, 4, 3, 3)).astype(np.uint8)
    _check_channel_mean(student, images)
    require(np.asarray(student.channel_mean(images)).dtype.kind == "f", "The channel means must be floats.")


def test_channel_mean_counts_every_pixel_alike(student):
    """A bright pixel in one image counts by its share of all pixels."""
    images = np.zeros((2, 3, 5, 3))
    images[1, 2, 0, 1] = 60.0
    _check_channel_mean(student, images)


def test_channel_mean_leaves_the_images_alone(student, rng):
    """The images stay as they were."""
    images = rng.normal(size=(4, 3, 2, 3)) + [3.0, -1.0, 0.5]
    expected = images.mean(axis=(0, 1, 2))
    got = _array(leaves_alone(student.channel_mean, ["images"], images), (3,), "the channel means")
    assert_close(got, expected, what="the channel means")


# ---------------------------------------------------------------- flip_horizontal


def _numbered(*shape, dtype=float):
    """Images whose pixels are all different and none is 0."""
    return np.arange(1, np.prod(shape) + 1).reshape(shape).astype(dtype)


def _check_flip(student, images, call=None):
    expected = np.empty_like(images)
    for column in range(images.shape[2]):
        expected[:, :, column] = images[:, :, -1 - column]
    got = (call or student.flip_horizontal)(images)
    assert_close(_array(got, expected.shape, "the mirrored images"), expected, what="the mirrored images")


def test_flip_horizontal_of_grey_images(student):
    """Columns are reversed, rows and images keep their order."""
    for shape in [(3, 2, 5), (4, 4, 4), (1, 3, 2), (150, 2, 3)]:
        _check_flip(student, _numbered(*shape))


def test_flip_horizontal_of_colour_images(student):
    """The channels keep their order too."""
    for shape in [(2, 4, 5, 3), (3, 3, 3, 3), (2, 3, 4, 1)]:
        _check_flip(student, _numbered(*shape))


def test_flip_horizontal_twice_is_the_image_itself(student, rng):
    """A mirrored image mirrored again is as it was, but once is not."""
    images = rng.normal(size=(2, 3, 4))
    once = _array(student.flip_horizontal(images.copy()), images.shape, "the mirrored images")
    twice = _array(student.flip_horizontal(once.copy()), images.shape, "the mirrored images")
    assert_close(twice, images, what="images mirrored twice")
    require(not np.allclose(once, images), "The images were not mirrored.")


def test_flip_horizontal_keeps_bytes(student):
    """Bytes stay bytes."""
    images = _numbered(2, 3, 4, dtype=np.uint8)
    _check_flip(student, images.copy())
    require(np.asarray(student.flip_horizontal(images)).dtype == np.uint8, "The dtype must stay np.uint8.")


def test_flip_horizontal_leaves_the_images_alone(student):
    """The images stay as they were."""
    _check_flip(student, _numbered(3, 2, 5), lambda images: leaves_alone(student.flip_horizontal, ["images"], images))


# ---------------------------------------------------------------- random_shift


def _moved(image, down, right):
    """The image moved over zeros, pixel by pixel."""
    out = np.zeros_like(image)
    height, width = image.shape[:2]
    for row in range(max(0, down), min(height, height + down)):
        for column in range(max(0, right), min(width, width + right)):
            out[row, column] = image[row - down, column - right]
    return out


def _moves(images, result, max_shift):
    """How far each image was moved; fails where a result is no moved image."""
    steps = range(-max_shift, max_shift + 1)
    moves = []
    for old, new in zip(images, result, strict=True):
        fits = [(d, r) for d in steps for r in steps if np.array_equal(_moved(old, d, r), new)]
        require(
            len(fits) == 1,
            f"A result is not its image moved by whole pixels from -{max_shift} to {max_shift} over zeros.",
        )
        moves.append(fits[0])
    return np.array(moves)


def _shift(student, images, max_shift, rng):
    return _array(student.random_shift(images.copy(), max_shift, rng), images.shape, "the moved images")


def _many_shifts(student, rng, n=900):
    """The moves of many images by at most one pixel: of each only the middle pixel is lit, so a move can be read."""
    images = np.zeros((n, 3, 3))
    images[:, 1, 1] = 1.0
    got = _shift(student, images, 1, rng)
    require((got.sum(axis=(1, 2)) == 1).all() and got.max() == 1, "A lit pixel was lost or doubled by a move of 1.")
    where = got.reshape(n, 9).argmax(axis=1)
    return np.stack([where // 3 - 1, where % 3 - 1], axis=1)


@easy
def test_random_shift_moves_grey_images_over_zeros(student, rng):
    """Each result is its image moved by up to max_shift pixels, with zeros where nothing came in."""
    for shape, max_shift in [((12, 4, 6), 1), ((20, 5, 4), 3), ((15, 6, 6), 2)]:
        images = _numbered(*shape)
        _moves(images, _shift(student, images, max_shift, rng), max_shift)


@easy
def test_random_shift_moves_the_channels_of_an_image_together(student, rng):
    """In colour images rows and columns move, the channels stay in their places."""
    for shape, max_shift in [((12, 4, 5, 3), 2), ((12, 3, 3, 3), 1)]:
        images = _numbered(*shape)
        _moves(images, _shift(student, images, max_shift, rng), max_shift)


@weight(2)
def test_random_shift_reaches_every_move_equally_often(student, rng):
    """All nine moves by at most one pixel are equally likely, both ends and no move included.

    900 images: each count is binomial with mean 100, and one is off by 61 or more less than once in ten million
    gradings.
    """
    moves = _many_shifts(student, rng)
    counts = np.zeros((3, 3))
    np.add.at(counts, (moves[:, 0] + 1, moves[:, 1] + 1), 1)
    require((counts > 0).all(), "Some moves never come: down and up, right and left, and both ends are all possible.")
    require(np.abs(counts - 100).max() < 61, "Some moves come far too often or too seldom.")


def test_random_shift_reaches_both_ends(student, rng):
    """With max_shift = 2, moves of -2 and of 2 come in both directions, and nothing beyond.

    Of 300 images none moves by a given one of five steps less than once in 1e28 gradings.
    """
    images = np.zeros((300, 7, 8))
    images[:, 3, 4] = 1.0
    got = _shift(student, images, 2, rng)
    require((got.sum(axis=(1, 2)) == 1).all(), "A pixel in the middle must not leave the picture by a move of 2.")
    where = got.reshape(300, 56).argmax(axis=1)
    for what, steps in (("down or up", where // 8 - 3), ("right or left", where % 8 - 4)):
        require(set(steps.tolist()) == {-2, -1, 0, 1, 2}, f"Moves {what} must be -2, -1, 0, 1 and 2, all of them.")


def test_random_shift_draws_for_each_image(student, rng):
    """Neighbouring images move independently.

    Of 899 pairs of neighbours about 100 move alike; a right answer is off by 61 or more less than once in ten million
    gradings.
    """
    moves = _many_shifts(student, rng)
    alike = int((moves[1:] == moves[:-1]).all(axis=1).sum())
    require(abs(alike - 99.9) < 61, "Neighbouring images move alike far too often or too seldom: draw for each image.")


def test_random_shift_draws_anew(student, rng):
    """Two calls with the same generator move the images differently.

    All of 60 images move alike less than once in 1e57 gradings.
    """
    first, second = _many_shifts(student, rng, 60), _many_shifts(student, rng, 60)
    require(not np.array_equal(first, second), "Two calls moved all images alike: draw anew from rng.")


def test_random_shift_draws_from_rng(student):
    """Generators in the same state give the same moves, and in other states others.

    All of 60 images move alike less than once in 1e57 gradings.
    """
    moves = [_many_shifts(student, np.random.default_rng(seed), 60) for seed in (1, 1, 2)]
    require(np.array_equal(moves[0], moves[1]), "Two generators in the same state gave other moves: draw from rng.")
    require(not np.array_equal(moves[0], moves[2]), "Generators in other states gave the same moves: draw from rng.")


@easy
def test_random_shift_by_nothing(student, rng):
    """With max_shift = 0 the images stay as they are."""
    for shape in [(5, 3, 4), (3, 4, 3, 3)]:
        images = _numbered(*shape)
        assert_close(_shift(student, images, 0, rng), images, what="images moved by nothing")


@easy
def test_random_shift_keeps_bytes(student, rng):
    """Bytes stay bytes, and are moved like any other image."""
    images = _numbered(10, 4, 5, dtype=np.uint8)
    got = _shift(student, images, 1, rng)
    _moves(images, got, 1)
    require(got.dtype == np.uint8, "The dtype must stay np.uint8.")


@easy
def test_random_shift_leaves_the_images_alone(student, rng):
    """The images stay as they were."""
    images = _numbered(8, 4, 5)
    before = images.copy()
    got = leaves_alone(lambda images: student.random_shift(images, 2, rng), ["images"], images)
    _moves(before, _array(got, before.shape, "the moved images"), 2)


# ---------------------------------------------------------------- random_crop


def _crop(student, images, size, rng):
    got = student.random_crop(images.copy(), size, rng)
    return _array(got, (len(images), size, size, *images.shape[3:]), "the windows")


def _places(images, windows, size):
    """Where each window was cut out; fails where a result is no window of its image."""
    places = []
    for image, window in zip(images, windows, strict=True):
        corner = window[0, 0] if image.ndim == 2 else window[0, 0, 0]
        first = image if image.ndim == 2 else image[:, :, 0]
        found = np.argwhere(first == corner)
        fits = len(found) == 1
        if fits:
            top, left = found[0]
            cut = image[top : top + size, left : left + size]
            fits = cut.shape == window.shape and np.array_equal(cut, window)
        require(fits, "A result is not a window of its own image.")
        places.append((top, left))
    return np.array(places)


def _many_places(student, rng, n=900, shape=(4, 5), size=3):
    images = _numbered(n, *shape)
    return _places(images, _crop(student, images, size, rng), size)


def test_random_crop_cuts_windows_out_of_grey_images(student, rng):
    """Each result is a window of its own image, of the asked size, whether the image is wide or high."""
    for shape, size in [((12, 4, 7), 3), ((12, 6, 3), 2), ((8, 5, 5), 4), ((6, 3, 4), 1)]:
        images = _numbered(*shape)
        _places(images, _crop(student, images, size, rng), size)


def test_random_crop_keeps_the_channels(student, rng):
    """In colour images the window goes over rows and columns, all channels alike."""
    for shape, size in [((12, 4, 5, 3), 3), ((10, 3, 3, 3), 2)]:
        images = _numbered(*shape)
        _places(images, _crop(student, images, size, rng), size)


@weight(2)
def test_random_crop_reaches_every_place_equally_often(student, rng):
    """All six windows of 3 x 3 in an image of 4 x 5 are equally likely, those at the edges included.

    900 images: each count is binomial with mean 150, and one is off by 73 or more less than once in a hundred million
    gradings.
    """
    places = _many_places(student, rng)
    counts = np.zeros((2, 3))
    np.add.at(counts, (places[:, 0], places[:, 1]), 1)
    require((counts > 0).all(), "Some windows never come: those at the lower and right edge are possible too.")
    require(np.abs(counts - 150).max() < 73, "Some windows come far too often or too seldom.")


def test_random_crop_reaches_all_edges(student, rng):
    """Single pixels come from everywhere in the image.

    Of 12 pixels one is missed in 400 draws less than once in 1e13 gradings.
    """
    places = _many_places(student, rng, 400, (3, 4), 1)
    require(len({tuple(place) for place in places.tolist()}) == 12, "Some places of the image are never cut out.")


def test_random_crop_draws_for_each_image(student, rng):
    """Neighbouring images are cut independently.

    Of 899 pairs of neighbours about 150 are cut alike; a right answer is off by 73 or more less than once in a
    million gradings.
    """
    places = _many_places(student, rng)
    alike = int((places[1:] == places[:-1]).all(axis=1).sum())
    require(abs(alike - 149.8) < 73, "Neighbours are cut alike far too often or too seldom: draw for each image.")


def test_random_crop_draws_anew(student, rng):
    """Two calls with the same generator cut the images differently.

    All of 60 images are cut alike less than once in 1e46 gradings.
    """
    first, second = _many_places(student, rng, 60), _many_places(student, rng, 60)
    require(not np.array_equal(first, second), "Two calls cut all images alike: draw anew from rng.")


def test_random_crop_draws_from_rng(student):
    """Generators in the same state give the same windows, and in other states others.

    All of 60 images are cut alike less than once in 1e46 gradings.
    """
    places = [_many_places(student, np.random.default_rng(seed), 60) for seed in (1, 1, 2)]
    require(np.array_equal(places[0], places[1]), "Two generators in the same state gave other windows.")
    require(not np.array_equal(places[0], places[2]), "Generators in other states gave the same windows.")


def test_random_crop_of_the_whole_image(student, rng):
    """A window as large as the image is the image; as high but narrower, it moves sideways only."""
    images = _numbered(4, 3, 3)
    assert_close(_crop(student, images, 3, rng), images, what="windows of the whole image")
    images = _numbered(6, 3, 5)
    _places(images, _crop(student, images, 3, rng), 3)


def test_random_crop_keeps_bytes(student, rng):
    """Bytes stay bytes."""
    images = _numbered(10, 4, 5, dtype=np.uint8)
    got = _crop(student, images, 2, rng)
    _places(images, got, 2)
    require(got.dtype == np.uint8, "The dtype must stay np.uint8.")


def test_random_crop_leaves_the_images_alone(student, rng):
    """The images stay as they were."""
    images = _numbered(8, 4, 5)
    before = images.copy()
    got = leaves_alone(lambda images: student.random_crop(images, 3, rng), ["images"], images)
    _places(before, _array(got, (8, 3, 3), "the windows"), 3)
