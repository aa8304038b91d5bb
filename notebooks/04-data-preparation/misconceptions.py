"""Wrong implementations that students hand in for 04-data-preparation, each with what a good TA says.

Every function stands alone. Random ones draw as most students do, so that the diagnosis, which repeats the recorded
calls with the generator's recorded state, can recognise them.
"""

import numpy as np

from grader.authoring import misconception

# ---------------------------------------------------------------- train_dev_test_split


def _sizes(fractions, n):
    return round(fractions[0] * n), round(fractions[1] * n)


def _three(X, y, rows, labels):
    return tuple((X[i], y[j]) for i, j in zip(rows, labels, strict=True))


def _cut_in_three(order, fractions):
    n_train, n_dev = _sizes(fractions, len(order))
    return np.split(order, [n_train, n_train + n_dev])


@misconception(
    of="train_dev_test_split",
    says="X and y are shuffled by two different orders, so the examples lose their labels.",
    hint="Draw one order and use it twice.",
)
def splits_with_two_orders(X, y, fractions, rng):
    rows = _cut_in_three(rng.permutation(len(X)), fractions)
    return _three(X, y, rows, _cut_in_three(rng.permutation(len(X)), fractions))


@misconception(
    of="train_dev_test_split",
    says="Only X is shuffled; y stays in its old order.",
    hint="Example 3 came first. Whose label does it get?",
)
def splits_labels_in_the_old_order(X, y, fractions, rng):
    rows = _cut_in_three(rng.permutation(len(X)), fractions)
    return _three(X, y, rows, _cut_in_three(np.arange(len(X)), fractions))


@misconception(
    of="train_dev_test_split",
    says="The examples are not shuffled before they are cut: the first of the data are the training set, the last the test set.",
    hint="What would be in the test set if the data were sorted by class?",
)
def splits_without_shuffling(X, y, fractions, rng):
    rows = _cut_in_three(np.arange(len(X)), fractions)
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="The sets are cut in the order of the data and shuffled only afterwards, each in itself.",
    hint="Can the last example of the data ever come into your training set? Shuffle before you cut.",
)
def splits_first_and_shuffles_then(X, y, fractions, rng):
    rows = [rng.permutation(part) for part in _cut_in_three(np.arange(len(X)), fractions)]
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="Each set is drawn from all examples, so the sets overlap: the network is tested on what it was trained with.",
    hint="Once an example is in the training set, where must it not come any more?",
)
def splits_into_overlapping_sets(X, y, fractions, rng):
    n_train, n_dev = _sizes(fractions, len(X))
    rows = [rng.choice(len(X), size, replace=False) for size in (n_train, n_dev, len(X) - n_train - n_dev)]
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="Examples are drawn with replacement: some come several times, others never.",
    hint="Count how often each example occurs in the three sets together. Which kind of draw gives each exactly once?",
)
def splits_with_replacement(X, y, fractions, rng):
    rows = _cut_in_three(rng.integers(len(X), size=len(X)), fractions)
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="Dev and test set have changed places.",
    hint="Which pair is the second, and which fraction belongs to it?",
)
def splits_dev_for_test(X, y, fractions, rng):
    train, dev, test = _cut_in_three(rng.permutation(len(X)), fractions)
    return _three(X, y, (train, test, dev), (train, test, dev))


@misconception(
    of="train_dev_test_split",
    says="Every size is rounded down, the last one too, so some examples are in no set.",
    hint="Add up your three sizes for N = 11 and thirds. Which set should take what is left?",
)
def splits_and_loses_the_rest(X, y, fractions, rng):
    order = rng.permutation(len(X))
    sizes = [int(share * len(X)) for share in fractions]
    ends = np.cumsum(sizes)
    rows = [order[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="The dev set ends where its own size says, counted from the beginning, instead of its size after the training set.",
    hint="If the training set takes places 0 to 5 and the dev set two, at which place does the dev set end?",
)
def splits_dev_up_to_its_own_size(X, y, fractions, rng):
    order = rng.permutation(len(X))
    n_train, n_dev = _sizes(fractions, len(X))
    rows = (order[:n_train], order[n_train:n_dev], order[n_train + n_dev :])
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="The test set begins where the training set ends, so it holds the dev set as well.",
    hint="Where in the order does the dev set end? The test set begins there.",
)
def splits_test_holding_dev(X, y, fractions, rng):
    order = rng.permutation(len(X))
    n_train, n_dev = _sizes(fractions, len(X))
    rows = (order[:n_train], order[n_train : n_train + n_dev], order[n_train:])
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="One example is lost at each seam between two sets.",
    hint="A slice stops before its end, so the next one begins at that very number, not one later.",
)
def splits_losing_one_at_each_seam(X, y, fractions, rng):
    order = rng.permutation(len(X))
    n_train, n_dev = _sizes(fractions, len(X))
    rows = (order[:n_train], order[n_train + 1 : n_train + n_dev], order[n_train + n_dev + 1 :])
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="Every call starts a generator of its own with a fixed seed, so it always deals in the same way.",
    hint="Draw from the rng you are given: it remembers what it has drawn.",
)
def splits_by_its_own_seed(X, y, fractions, rng):
    rows = _cut_in_three(np.random.default_rng(0).permutation(len(X)), fractions)
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="X and y themselves are shuffled: the caller's data is changed.",
    hint="Work with an array of indices, or on copies.",
)
def splits_shuffling_in_place(X, y, fractions, rng):
    order = rng.permutation(len(X))
    X[:], y[:] = X[order], y[order]
    rows = _cut_in_three(np.arange(len(X)), fractions)
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="Six arrays are returned in a row instead of three pairs.",
    hint="What does `(X_train, y_train), (X_dev, y_dev), (X_test, y_test) = ...` need on its right side?",
)
def splits_into_six(X, y, fractions, rng):
    train, dev, test = _cut_in_three(rng.permutation(len(X)), fractions)
    return X[train], y[train], X[dev], y[dev], X[test], y[test]


@misconception(
    of="train_dev_test_split",
    says="Only the rotation of the data is random: each set is still a block of neighbours.",
    hint="Neighbours in the data always stay together. What draws every order equally likely?",
)
def splits_by_rotating(X, y, fractions, rng):
    rows = _cut_in_three(np.roll(np.arange(len(X)), rng.integers(len(X))), fractions)
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="The pairs are of the wrong kind: all X come first, then all y.",
    hint="What does `(X_train, y_train), (X_dev, y_dev), (X_test, y_test) = ...` need on its right side?",
)
def splits_into_xs_and_ys(X, y, fractions, rng):
    parts = _cut_in_three(rng.permutation(len(X)), fractions)
    return tuple(X[part] for part in parts), tuple(y[part] for part in parts)


@misconception(
    of="train_dev_test_split",
    says="The dev fraction is taken of what the training set leaves, not of all examples.",
    hint="20 % of 100 examples are how many? And 20 % of the 40 that are left?",
)
def splits_dev_from_the_remainder(X, y, fractions, rng):
    n_train = round(fractions[0] * len(X))
    n_dev = round(fractions[1] * (len(X) - n_train))
    rows = np.split(rng.permutation(len(X)), [n_train, n_train + n_dev])
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="A test set of no examples becomes all of them, since order[-0:] is the whole order.",
    hint="What does a slice from -n_test hold when n_test is 0? Count from the front.",
)
def splits_counting_from_the_end(X, y, fractions, rng):
    order = rng.permutation(len(X))
    n_train, n_dev = _sizes(fractions, len(X))
    n_test = len(X) - n_train - n_dev
    rows = (order[:n_train], order[n_train : n_train + n_dev], order[-n_test:])
    return _three(X, y, rows, rows)


@misconception(
    of="train_dev_test_split",
    says="Six arrays are returned in a row, X first and then y, instead of three pairs.",
    hint="What does `(X_train, y_train), (X_dev, y_dev), (X_test, y_test) = ...` need on its right side?",
)
def splits_into_six_by_kind(X, y, fractions, rng):
    parts = _cut_in_three(rng.permutation(len(X)), fractions)
    return (*(X[i] for i in parts), *(y[i] for i in parts))


@misconception(
    of="train_dev_test_split",
    says="The second cut is the dev set's size alone: it must be counted from where the training set ends.",
    hint="At which place of the order does the dev set of 10 examples by 60/20/20 begin, and where does it end?",
)
def splits_with_the_second_cut_too_early(X, y, fractions, rng):
    order, n = rng.permutation(len(X)), len(X)
    a, b = int(fractions[0] * n), int(fractions[1] * n)
    return (X[order[:a]], y[order[:a]]), (X[order[a:b]], y[order[a:b]]), (X[order[b:]], y[order[b:]])


@misconception(
    of="train_dev_test_split",
    says="The shares are always 60/20/20, whatever fractions says.",
    hint="Which sizes should (0.5, 0.3, 0.2) give?",
)
def splits_by_fixed_shares(X, y, fractions, rng):
    order, n = rng.permutation(len(X)), len(X)
    parts = np.split(order, [int(0.6 * n), int(0.8 * n)])
    return _three(X, y, parts, parts)


@misconception(
    of="train_dev_test_split",
    says="A set is drawn for each example by chance, so the sizes are only roughly those of the fractions.",
    hint="10 examples by (0.6, 0.2, 0.2) are 6, 2 and 2, every time.",
)
def splits_by_drawing_a_set_for_each(X, y, fractions, rng):
    which = rng.choice(3, size=len(X), p=fractions)
    parts = [np.flatnonzero(which == k) for k in range(3)]
    return _three(X, y, parts, parts)


@misconception(
    of="train_dev_test_split",
    says="Each set is drawn from all examples, so the sets overlap and some examples are in none.",
    hint="An example that the training set has must not be drawn for the dev set any more.",
)
def splits_with_overlap(X, y, fractions, rng):
    parts = [rng.permutation(len(X))[: round(share * len(X))] for share in fractions]
    return _three(X, y, parts, parts)


@misconception(
    of="train_dev_test_split",
    says="The test set is cut by a negative index, which for a size of 0 means everything.",
    hint="What is order[-0:]?",
)
def splits_by_negative_indices(X, y, fractions, rng):
    order, n = rng.permutation(len(X)), len(X)
    a, c = int(fractions[0] * n), round(fractions[2] * n)
    return tuple((X[i], y[i]) for i in (order[:a], order[a:-c], order[-c:]))


@misconception(
    of="train_dev_test_split",
    says="Only the numbers of the examples are returned, not the examples and labels themselves.",
    hint="What is left to do once you know which examples are in a set?",
)
def splits_into_indices(X, y, fractions, rng):
    return tuple(_cut_in_three(rng.permutation(len(X)), fractions))


@misconception(
    of="train_dev_test_split",
    says="Only the training set is shuffled; which examples come into which set follows the order of the data.",
    hint="What would be in the test set if the data were sorted by class? Shuffle before you cut.",
)
def splits_then_shuffles(X, y, fractions, rng):
    n_train, n_dev = _sizes(fractions, len(X))
    rows = np.arange(len(X))
    parts = [rng.permutation(n_train), rows[n_train : n_train + n_dev], rows[n_train + n_dev :]]
    return _three(X, y, parts, parts)


@misconception(
    of="train_dev_test_split",
    says="The sets are turned into another dtype.",
    hint="Compare X.dtype with that of your X_train: float64 takes twice the memory of float32.",
)
def splits_into_another_dtype(X, y, fractions, rng):
    parts = _cut_in_three(rng.permutation(len(X)), fractions)
    return _three(X.astype(float), y, parts, parts)


@misconception(
    of="train_dev_test_split",
    says="Each class is split by itself; nothing is to be balanced by class here.",
    hint="What happens to a class with a single example? Deal out all examples together.",
)
def splits_each_class(X, y, fractions, rng):
    parts = [[], [], []]
    for label in np.unique(y):
        for part, chosen in zip(
            parts, _cut_in_three(rng.permutation(np.flatnonzero(y == label)), fractions), strict=True
        ):
            part.extend(chosen.tolist())
    return _three(X, y, parts, parts)


# ---------------------------------------------------------------- standardize_fit


def _std(X, **options):
    std = np.std(X, axis=0, **options)
    return np.where(std > 0, std, 1.0)


@misconception(
    of="standardize_fit",
    says="The standard deviation divides by N - 1 instead of N.",
    hint="The formula has 1/N. Which ddof is NumPy's own, and which is that of pandas or of a sample?",
)
def fit_with_ddof_1(X):
    std = X.std(axis=0, ddof=1) if len(X) > 1 else np.zeros(X.shape[1])
    return X.mean(axis=0), np.where(std > 0, std, 1.0)


@misconception(
    of="standardize_fit",
    says="Mean and deviation are those of each example, not of each feature.",
    hint="Which axis runs over the examples? The results must have shape (D,).",
)
def fit_by_rows(X):
    std = X.std(axis=1)
    return X.mean(axis=1), np.where(std > 0, std, 1.0)


@misconception(
    of="standardize_fit",
    says="One mean and one deviation are taken over all features together.",
    hint="Rooms and areas have different means. How many numbers must come out for D features?",
)
def fit_over_everything(X):
    return X.mean(), X.std() if X.std() > 0 else 1.0


@misconception(
    of="standardize_fit",
    says="This is the variance, not the standard deviation.",
    hint="What is left to do after the mean of the squared deviations?",
)
def fit_the_variance(X):
    var = X.var(axis=0)
    return X.mean(axis=0), np.where(var > 0, var, 1.0)


@misconception(
    of="standardize_fit",
    says="A constant feature keeps the deviation 0, so dividing by it gives nan.",
    hint="What is 0/0? Which divisor would leave a centred constant at 0?",
)
def fit_leaves_zero_deviations(X):
    return X.mean(axis=0), X.std(axis=0)


@misconception(
    of="standardize_fit",
    says="A constant feature gets a tiny number, such as 1e-8, for its deviation, not 1.",
    hint="The feature was constant at 5 and is 5.1 in the test set. What does 0.1 become when divided by your number?",
)
def fit_adds_a_tiny_number(X):
    return X.mean(axis=0), X.std(axis=0) + 1e-8


@misconception(
    of="standardize_fit",
    says="All deviations below 1 are raised to 1, not just those of constant features.",
    hint="A feature that varies by 0.3 has the deviation 0.3. When, and only when, should it be 1?",
)
def fit_raises_small_deviations(X):
    return X.mean(axis=0), np.maximum(X.std(axis=0), 1.0)


@misconception(
    of="standardize_fit",
    says="1 is added to every deviation.",
    hint="Only a constant feature gets 1, and instead of its own deviation, not on top.",
)
def fit_adds_one(X):
    return X.mean(axis=0), X.std(axis=0) + 1.0


@misconception(
    of="standardize_fit",
    says="Mean and deviation have changed places.",
    hint="In which order does `mean, std = standardize_fit(X)` take them?",
)
def fit_in_the_other_order(X):
    return _std(X), X.mean(axis=0)


@misconception(
    of="standardize_fit",
    says="The spread is measured from 0 instead of from the feature's mean.",
    hint="A feature that is always about 100 hardly varies. Is your number small for it?",
)
def fit_about_zero(X):
    root = np.sqrt((X.astype(float) ** 2).mean(axis=0))
    return X.mean(axis=0), np.where(root > 0, root, 1.0)


@misconception(
    of="standardize_fit",
    says="This is the range from the smallest to the largest value, not the standard deviation.",
    hint="Scaling by the range is another method. What does the formula for σ say?",
)
def fit_the_range(X):
    span = X.max(axis=0) - X.min(axis=0)
    return X.mean(axis=0), np.where(span > 0, span, 1)


@misconception(
    of="standardize_fit",
    says="This is the mean of the absolute deviations; the standard deviation is the root of the mean square.",
    hint="Square, average, take the root: in your code, what stands for each?",
)
def fit_the_mean_absolute_deviation(X):
    spread = np.abs(X - X.mean(axis=0)).mean(axis=0)
    return X.mean(axis=0), np.where(spread > 0, spread, 1.0)


@misconception(
    of="standardize_fit",
    says="The median is taken for the mean.",
    hint="The formula adds all values up and divides by N.",
)
def fit_the_median(X):
    return np.median(X, axis=0), _std(X)


@misconception(
    of="standardize_fit",
    says="The squared deviations are added up but never divided by N.",
    hint="Twice the same data must have the same deviation. Does yours grow with N?",
)
def fit_sums_the_squares(X):
    root = np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0))
    return X.mean(axis=0), np.where(root > 0, root, 1.0)


@misconception(
    of="standardize_fit",
    says="The results have shape (1, D); (D,) is asked for.",
    hint="What does keepdims do to the shape?",
)
def fit_with_keepdims(X):
    std = X.std(axis=0, keepdims=True)
    return X.mean(axis=0, keepdims=True), np.where(std > 0, std, 1.0)


@misconception(
    of="standardize_fit",
    says="X itself was centred on the way: the caller's data is changed.",
    hint="X -= ... writes into the array of the caller. Which expression makes a new array?",
)
def fit_centres_in_place(X):
    mean = X.mean(axis=0)
    X -= mean.astype(X.dtype)
    return mean, _std(X)


@misconception(
    of="standardize_fit",
    says="The squared deviations are divided by the number of features, not of examples.",
    hint="Which entry of X.shape counts the examples?",
)
def fit_divides_by_the_features(X):
    root = np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0) / X.shape[1])
    return X.mean(axis=0), np.where(root > 0, root, 1.0)


@misconception(
    of="standardize_fit",
    says="A small number is added under the root, which changes every deviation and leaves a constant feature one next to nothing.",
    hint="What must come out for a feature that never changes, and what for one that varies by a thousandth?",
)
def fit_adds_under_the_root(X):
    return X.mean(axis=0), np.sqrt(X.var(axis=0) + 1e-5)


@misconception(
    of="standardize_fit",
    says="Smallest value and range are measured, as for scaling to 0 to 1, instead of mean and deviation.",
    hint="Which two numbers do the formulas for μ and σ give for 2, 4, 6?",
)
def fit_minimum_and_range(X):
    span = X.max(axis=0) - X.min(axis=0)
    return X.min(axis=0), np.where(span > 0, span, 1)


@misconception(
    of="standardize_fit",
    says="The standardised examples are returned where their mean and deviation are asked for.",
    hint="This function only measures. Which two things are asked for, and of which shape?",
)
def fit_already_applied(X):
    std = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(std == 0, 1.0, std)


@misconception(
    of="standardize_fit",
    says="The mean of a constant feature is lost: it is set to 0.",
    hint="A feature that is always 5 has the mean 5. Only its deviation is replaced.",
)
def fit_without_the_mean_of_constants(X):
    mean, std = X.mean(axis=0), X.std(axis=0)
    return np.where(std == 0, 0.0, mean), np.where(std == 0, 1.0, std)


@misconception(
    of="standardize_fit",
    says="As soon as one feature is constant, all features get the deviation 1.",
    hint="Replace only the entries that are 0. What picks them out?",
)
def fit_with_ones_for_all(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.ones_like(std) if (std == 0).any() else std


@misconception(
    of="standardize_fit",
    says="Constant features are left out, so mean and deviation do not fit the features any more.",
    hint="Both results must have shape (D,), whatever the data.",
)
def fit_without_constants(X):
    std = X.std(axis=0)
    return X.mean(axis=0)[std > 0], std[std > 0]


@misconception(
    of="standardize_fit",
    says="Sums are divided by the number of features, not of examples.",
    hint="Which entry of X.shape counts the examples?",
)
def fit_divided_by_the_features(X):
    mean = X.sum(axis=0) / X.shape[1]
    std = np.sqrt(((X - mean) ** 2).sum(axis=0) / X.shape[1])
    return mean, np.where(std == 0, 1.0, std)


@misconception(
    of="standardize_fit",
    says="Small deviations are taken for 0: features that vary little get the deviation 1.",
    hint="A length in kilometres may vary by a millionth and still tell something. Which features never change?",
)
def fit_with_a_threshold(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(std < 1e-6, 1.0, std)


@misconception(
    of="standardize_fit",
    says="Deviations below 1e-8 are taken for 0: features measured in large units get the deviation 1.",
    hint="A length of 1e-10 metres is ordinary in metres and nothing to np.isclose. Which features never change?",
)
def fit_with_isclose_to_zero(X):
    std = X.std(axis=0)
    return X.mean(axis=0), np.where(np.isclose(std, 0), 1.0, std)


@misconception(
    of="standardize_fit",
    says="Deviations are kept above 1e-8, and a constant feature gets that number, not 1.",
    hint="Which deviation must a constant feature get, and which one that varies by 1e-10?",
)
def fit_with_a_floor(X):
    return X.mean(axis=0), np.maximum(X.std(axis=0), 1e-8)


@misconception(
    of="standardize_fit",
    says="Only the first 64 examples are measured.",
    hint="Does the mean change if you change the last of 100 examples?",
)
def fit_to_64_examples_at_most(X):
    std = X[:64].std(axis=0)
    return X[:64].mean(axis=0), np.where(std > 0, std, 1.0)


@misconception(
    of="standardize_fit",
    says="A dict is returned where a pair is asked for.",
    hint="`mean, std = standardize_fit(X)` takes a dict's keys, which are words.",
)
def fit_as_a_dict(X):
    std = X.std(axis=0)
    return {"mean": X.mean(axis=0), "std": np.where(std == 0, 1.0, std)}


# ---------------------------------------------------------------- standardize_apply


@misconception(
    of="standardize_apply",
    says="The examples are scaled with their own mean and deviation; the given ones are not used.",
    hint="These examples may be a test set, or a single house. Whose numbers should they be scaled with?",
)
def apply_with_its_own_numbers(X, mean, std):
    own = X.std(axis=0)
    return (X - X.mean(axis=0)) / np.where(own > 0, own, 1.0)


@misconception(
    of="standardize_apply",
    says="The given mean is used, but the deviation is the examples' own.",
    hint="Both numbers come from the training set. Where does yours come from?",
)
def apply_with_its_own_deviation(X, mean, std):
    own = X.std(axis=0)
    return (X - mean) / np.where(own > 0, own, 1.0)


@misconception(
    of="standardize_apply",
    says="The examples are only centred, not divided by the deviation.",
    hint="Which of the two steps of standardising is missing?",
)
def apply_only_centres(X, mean, std):
    return X - mean


@misconception(
    of="standardize_apply",
    says="The examples are only divided by the deviation, not centred.",
    hint="Which of the two steps of standardising is missing?",
)
def apply_only_scales(X, mean, std):
    return X / std


@misconception(
    of="standardize_apply",
    says="The brackets are missing: only the mean is divided by the deviation.",
    hint="In X - mean / std, what is computed first?",
)
def apply_without_brackets(X, mean, std):
    return X - mean / std


@misconception(
    of="standardize_apply",
    says="The examples are divided first and centred afterwards, by a mean that is not divided.",
    hint="After dividing by std the mean of the feature is no longer `mean`. In which order do the steps come?",
)
def apply_divides_first(X, mean, std):
    return X / std - mean


@misconception(
    of="standardize_apply",
    says="The examples are multiplied by the deviation instead of divided by it.",
    hint="A feature with a large deviation must become smaller. Does it?",
)
def apply_multiplies(X, mean, std):
    return (X - mean) * std


@misconception(
    of="standardize_apply",
    says="The deviation is squared before dividing.",
    hint="std already is the root of the variance. What should the deviation be afterwards?",
)
def apply_divides_by_the_square(X, mean, std):
    return (X - mean) / std**2


@misconception(
    of="standardize_apply",
    says="The root of the deviation is taken, as if it were a variance.",
    hint="std already is the root of the variance.",
)
def apply_divides_by_the_root(X, mean, std):
    return (X - mean) / np.sqrt(std)


@misconception(
    of="standardize_apply",
    says="The mean is added instead of subtracted.",
    hint="What should an example that equals the mean become?",
)
def apply_adds_the_mean(X, mean, std):
    return (X + mean) / std


@misconception(
    of="standardize_apply",
    says="X itself is changed: -= and /= write into the caller's array.",
    hint="Which expression makes a new array?",
)
def apply_in_place(X, mean, std):
    X -= mean
    X /= std
    return X


@misconception(
    of="standardize_apply",
    says="The sign is turned around: the example is subtracted from the mean.",
    hint="An example above the mean must come out above 0.",
)
def apply_mean_minus_example(X, mean, std):
    return (mean - X) / std


@misconception(
    of="standardize_apply",
    says="The set is centred by its own mean, in the first place or once more at the end.",
    hint="A test set need not have mean 0 afterwards. What would a single example become?",
)
def apply_and_centre_again(X, mean, std):
    Z = (X - mean) / std
    return Z - Z.mean(axis=0)


@misconception(
    of="standardize_apply",
    says="The result is transposed: features are rows.",
    hint="Examples are rows, before and after.",
)
def apply_transposed(X, mean, std):
    return ((X - mean) / std).T


@misconception(
    of="standardize_apply",
    says="Mean and deviation have changed places.",
    hint="Which of the two is subtracted?",
)
def apply_swapped(X, mean, std):
    return (X - std) / mean


@misconception(
    of="standardize_apply",
    says="Mean and deviation are made columns, as if there were one for each example.",
    hint="mean has one entry a feature. Along which axis of X do the features lie?",
)
def apply_along_columns(X, mean, std):
    return (X - mean[:, np.newaxis]) / std[:, np.newaxis]


@misconception(
    of="standardize_apply",
    says="Large values are cut off; nobody asked for that.",
    hint="What should an example six deviations above the mean become?",
)
def apply_and_clip(X, mean, std):
    return np.clip((X - mean) / std, -3, 3)


@misconception(
    of="standardize_apply",
    says="A single example loses its first axis.",
    hint="Which shape must come out for X of shape (1, D)?",
)
def apply_and_squeeze(X, mean, std):
    return np.squeeze((X - mean) / std)


@misconception(
    of="standardize_apply",
    says="Mean and deviation are returned as well; only the standardised examples are asked for.",
    hint="What does Z = standardize_apply(X, mean, std) hold?",
)
def apply_returning_all(X, mean, std):
    return (X - mean) / std, mean, std


@misconception(
    of="standardize_apply",
    says="The numbers of all features are averaged, so each feature gets the same.",
    hint="Rooms and areas have means of their own. How many numbers does mean hold?",
)
def apply_one_mean_for_all(X, mean, std):
    return (X - mean.mean()) / std.mean()


@misconception(
    of="standardize_apply",
    says="Deviations below 1 are raised to 1.",
    hint="What must a feature with the deviation 0.1 be divided by?",
)
def apply_with_at_least_1(X, mean, std):
    return (X - mean) / np.maximum(std, 1)


@misconception(
    of="standardize_apply",
    says="The result is rounded.",
    hint="How many different values are left of a feature after rounding?",
)
def apply_and_round(X, mean, std):
    return np.round((X - mean) / std, 3)


@misconception(
    of="standardize_apply",
    says="The result is stored in an array of X's dtype, so for whole numbers the fractions are cut off.",
    hint="Which dtype does np.zeros_like(X) have if X holds whole numbers?",
)
def apply_in_the_old_dtype(X, mean, std):
    Z = np.zeros_like(X)
    Z[:] = (X - mean) / std
    return Z


@misconception(
    of="standardize_apply",
    says="Something is added to the deviation; the given one must be used as it is.",
    hint="No entry of std is 0 here. By how much does a small deviation change if you add to it?",
)
def apply_with_eps(X, mean, std):
    return (X - mean) / (std + 1e-5)


@misconception(
    of="standardize_apply",
    says="Deviations are kept above 1e-8; the given ones must be used as they are.",
    hint="No entry of std is 0 here. What becomes of a feature whose deviation is 1e-10?",
)
def apply_with_a_floor(X, mean, std):
    return (X - mean) / np.maximum(std, 1e-8)


@misconception(
    of="standardize_apply",
    says="1e-8 is added to the deviation; the given one must be used as it is.",
    hint="No entry of std is 0 here. What becomes of a feature whose deviation is 1e-10?",
)
def apply_with_a_safety_constant(X, mean, std):
    return (X - mean) / (std + 1e-8)


# ---------------------------------------------------------------- pca_fit


def _rising(M):
    """Eigenvectors of a symmetric matrix as columns, by rising eigenvalue."""
    return np.linalg.eigh(M)[1]


def _centred(X):
    return X - X.mean(axis=0)


@misconception(
    of="pca_fit",
    says="The data was not centred before its directions were measured: the first component points at the mean.",
    hint="Move the whole cloud far away from the origin. Should its components change?",
)
def pca_without_centring(X, k):
    return X.mean(axis=0), _rising(X.T @ X)[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="The components of smallest variance are returned.",
    hint="In which order does np.linalg.eigh return eigenvalues?",
)
def pca_smallest_first(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[:, :k]


@misconception(
    of="pca_fit",
    says="The right components are chosen, but by rising variance: the largest comes last.",
    hint="Which column should be the one with the largest variance?",
)
def pca_largest_last(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[:, -k:]


@misconception(
    of="pca_fit",
    says="The components are returned as rows, (k, D), not as columns, (D, k).",
    hint="Each column of the result must be a direction, so how many rows does it have? SVD returns its third part as rows.",
)
def pca_as_rows(X, k):
    return X.mean(axis=0), np.ascontiguousarray(_rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k].T)


@misconception(
    of="pca_fit",
    says="Rows of the matrix of eigenvectors are taken for directions; they are its columns.",
    hint="The eigenvector of the i-th eigenvalue is V[:, i]. Check that C @ v is a multiple of v.",
)
def pca_from_rows_of_the_eigenvectors(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[::-1][:k].T


@misconception(
    of="pca_fit",
    says="The features were divided by their deviations first: these are the components of the standardised data.",
    hint="Centre only. A feature that varies more should pull the first component towards itself.",
)
def pca_of_standardised_data(X, k):
    Z = _centred(X) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)
    return X.mean(axis=0), _rising(Z.T @ Z)[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="Each component is scaled by its standard deviation; directions have length 1.",
    hint="What is the length of each of your columns?",
)
def pca_scaled_by_deviation(X, k):
    values, vectors = np.linalg.eigh(_centred(X).T @ _centred(X) / len(X))
    return X.mean(axis=0), (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="Each component is divided by its standard deviation: that is whitening, not PCA.",
    hint="What is the length of each of your columns?",
)
def pca_divided_by_deviation(X, k):
    values, vectors = np.linalg.eigh(_centred(X).T @ _centred(X) / len(X))
    return X.mean(axis=0), (vectors / np.sqrt(np.maximum(values, 1e-12)))[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="The coordinates of the examples are returned where the directions are asked for.",
    hint="pca_fit measures, pca_apply computes coordinates. Which shape must the components have?",
)
def pca_returns_the_coordinates(X, k):
    return X.mean(axis=0), _centred(X) @ _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="The covariance is taken between examples, (N, N), instead of between features, (D, D).",
    hint="np.cov expects features as rows unless told otherwise. How large is your matrix?",
)
def pca_of_the_examples(X, k):
    return X.mean(axis=0), _rising(np.cov(X))[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="The directions are found from the products between examples, (N, N), but do not have length 1.",
    hint="With u an eigenvector of the matrix between examples, centred.T @ u points the right way. How long is it?",
)
def pca_from_products_of_examples_unscaled(X, k):
    _, between = np.linalg.eigh(_centred(X) @ _centred(X).T)
    return X.mean(axis=0), _centred(X).T @ between[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="1e-8 is added to the lengths that the directions are divided by, so that those of small data are too short.",
    hint="How long are your components for data of the size of 1e-9? Directions in which data varies have a length above 0.",
)
def pca_with_a_safety_constant(X, k):
    _, between = np.linalg.eigh(_centred(X) @ _centred(X).T)
    columns = _centred(X).T @ between[:, ::-1][:, :k]
    return X.mean(axis=0), columns / (np.linalg.norm(columns, axis=0) + 1e-8)


@misconception(
    of="pca_fit",
    says="The first part of the SVD is taken: it holds one row an example, not the directions.",
    hint="centred = U S Vᵀ. Which of the three has as many entries in a direction as there are features?",
)
def pca_from_u(X, k):
    return X.mean(axis=0), np.linalg.svd(_centred(X), full_matrices=False)[0][:, :k]


@misconception(
    of="pca_fit",
    says="The third part of NumPy's SVD is taken for V, but it is V transposed: its rows are the directions.",
    hint="np.linalg.svd returns the directions as rows. Which part of the result is the first direction?",
)
def pca_from_columns_of_vt(X, k):
    return X.mean(axis=0), np.linalg.svd(_centred(X), full_matrices=False)[2][:, :k]


@misconception(
    of="pca_fit",
    says="All components are returned, whatever k is.",
    hint="How many columns are asked for?",
)
def pca_returns_all(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[:, ::-1].copy()


@misconception(
    of="pca_fit",
    says="The mean that is returned is 0, that of the data after centring.",
    hint="pca_apply will subtract this mean from examples that are not centred yet.",
)
def pca_returns_the_mean_after_centring(X, k):
    return np.zeros(X.shape[1]), _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="One mean over all features is subtracted instead of each feature's own.",
    hint="Along which axis is the mean taken? It must have shape (D,).",
)
def pca_with_one_mean_for_all(X, k):
    Z = X - X.mean()
    return np.full(X.shape[1], X.mean()), _rising(Z.T @ Z)[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="Each example is centred by the mean of its own features.",
    hint="Which axis runs over the examples?",
)
def pca_centred_by_rows(X, k):
    Z = X - X.mean(axis=1, keepdims=True)
    return X.mean(axis=0), _rising(Z.T @ Z)[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="The k features of largest variance are picked; components are mixtures of features.",
    hint="A direction of large variance may lie between two axes. What does the covariance matrix have off its diagonal?",
)
def pca_picks_features(X, k):
    chosen = np.argsort(-X.var(axis=0))[:k]
    return X.mean(axis=0), np.eye(X.shape[1])[:, chosen]


@misconception(
    of="pca_fit",
    says="X itself was centred on the way: the caller's data is changed.",
    hint="X -= ... writes into the array of the caller. Which expression makes a new array?",
)
def pca_centres_in_place(X, k):
    mean = X.mean(axis=0)
    X -= mean
    return mean, _rising(X.T @ X)[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="np.linalg.eig returns eigenvalues in no order, and the first k of them were taken.",
    hint="Print the eigenvalues. Are they sorted? np.linalg.eigh sorts them, in rising order.",
)
def pca_of_unsorted_eigenvalues(X, k):
    return X.mean(axis=0), np.real(np.linalg.eig(_centred(X).T @ _centred(X) / len(X))[1][:, :k])


@misconception(
    of="pca_fit",
    says="Components and mean have changed places.",
    hint="In which order does `mean, components = pca_fit(X, k)` take them?",
)
def pca_in_the_other_order(X, k):
    return _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k].copy(), X.mean(axis=0)


@misconception(
    of="pca_fit",
    says="The mean is not returned, but pca_apply needs it.",
    hint="Two things are asked for: where the cloud is, and along which directions it is longest.",
)
def pca_without_returning_the_mean(X, k):
    return _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k].copy()


@misconception(
    of="pca_fit",
    says="The rows of the eigenvectors are turned round, not the columns.",
    hint="eigh returns the eigenvectors as columns. Which axis of the matrix counts them?",
)
def pca_with_rows_reversed(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[::-1][:, :k]


@misconception(
    of="pca_fit",
    says="A third thing is returned, the variances; only mean and components are asked for.",
    hint="`mean, components = pca_fit(X, k)` has room for two.",
)
def pca_returns_the_variances_too(X, k):
    values, vectors = np.linalg.eigh(_centred(X).T @ _centred(X) / len(X))
    return X.mean(axis=0), vectors[:, ::-1][:, :k], values[::-1][:k]


@misconception(
    of="pca_fit",
    says="One mean over all features is subtracted, and returned, instead of each feature's own.",
    hint="Along which axis is the mean taken? It must have shape (D,).",
)
def pca_with_a_single_mean(X, k):
    Z = X - X.mean()
    return X.mean(), _rising(Z.T @ Z)[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="The mean has shape (1, D); (D,) is asked for.",
    hint="What does keepdims do to the shape?",
)
def pca_with_keepdims(X, k):
    return X.mean(axis=0, keepdims=True), _rising(_centred(X).T @ _centred(X))[:, ::-1][:, :k]


@misconception(
    of="pca_fit",
    says="The first component is left out: counting from the end starts one too late.",
    hint="Which index has the last column, -1 or -2?",
)
def pca_without_the_first(X, k):
    return X.mean(axis=0), _rising(_centred(X).T @ _centred(X))[:, -2 : -k - 2 : -1]


# ---------------------------------------------------------------- pca_apply


@misconception(
    of="pca_apply",
    says="The examples are centred by their own mean; the given mean is not used.",
    hint="These examples may be a test set. Whose mean should be subtracted?",
)
def coordinates_with_their_own_mean(X, mean, components):
    return (X - X.mean(axis=0)) @ components


@misconception(
    of="pca_apply",
    says="The examples are not centred.",
    hint="What are the coordinates of an example that equals the mean?",
)
def coordinates_without_centring(X, mean, components):
    return X @ components


@misconception(
    of="pca_apply",
    says="The components are transposed, so rows are taken for directions.",
    hint="Each column of components is a direction: which product gives (N, k)?",
)
def coordinates_along_the_rows(X, mean, components):
    return (X - mean) @ components.T


@misconception(
    of="pca_apply",
    says="The result is turned back to the old axes: these are rebuilt examples, not coordinates.",
    hint="Which shape must the coordinates have for k components?",
)
def coordinates_turned_back(X, mean, components):
    return (X - mean) @ components @ components.T


@misconception(
    of="pca_apply",
    says="The examples are rebuilt, with the mean added again, where their coordinates are asked for.",
    hint="Which shape must the coordinates have for k components?",
)
def coordinates_rebuilt(X, mean, components):
    return (X - mean) @ components @ components.T + mean


@misconception(
    of="pca_apply",
    says="The coordinates are returned as (k, N), with examples as columns.",
    hint="Examples are rows, before and after.",
)
def coordinates_as_columns(X, mean, components):
    return ((X - mean) @ components).T.copy()


@misconception(
    of="pca_apply",
    says="The mean is added instead of subtracted.",
    hint="What are the coordinates of an example that equals the mean?",
)
def coordinates_plus_the_mean(X, mean, components):
    return (X + mean) @ components


@misconception(
    of="pca_apply",
    says="The mean is subtracted after the product, without being turned to the new axes itself.",
    hint="mean has D numbers, in the old features. When is it to be subtracted?",
)
def coordinates_minus_the_unturned_mean(X, mean, components):
    return X @ components - mean[: components.shape[1]]


@misconception(
    of="pca_apply",
    says="Each coordinate is divided by its standard deviation: that is whitening.",
    hint="The coordinates must be as far from 0 as the examples are from the mean.",
)
def coordinates_of_variance_1(X, mean, components):
    Z = (X - mean) @ components
    return Z / np.where(Z.std(axis=0) > 0, Z.std(axis=0), 1.0)


@misconception(
    of="pca_apply",
    says="The components are found anew from the examples; the given ones are not used.",
    hint="These examples may be a test set. Whose components should be used?",
)
def coordinates_along_their_own_components(X, mean, components):
    _, _, rows = np.linalg.svd(X - mean, full_matrices=True)
    return (X - mean) @ rows.T[:, : components.shape[1]]


@misconception(
    of="pca_apply",
    says="X itself was centred on the way: the caller's data is changed.",
    hint="X -= ... writes into the array of the caller. Which expression makes a new array?",
)
def coordinates_centring_in_place(X, mean, components):
    X -= mean
    return X @ components


@misconception(
    of="pca_apply",
    says="The mean is added again after the product; coordinates are counted from the mean.",
    hint="What are the coordinates of an example that equals the mean?",
)
def coordinates_with_the_mean_again(X, mean, components):
    return (X - mean) @ components + mean[: components.shape[1]]


@misconception(
    of="pca_apply",
    says="The sign is turned around: the example is subtracted from the mean.",
    hint="Components may have either sign, but these are given. What are the coordinates of mean + v₁?",
)
def coordinates_with_the_sign_turned(X, mean, components):
    return (mean - X) @ components


@misconception(
    of="pca_apply",
    says="The examples are divided by their deviations first; the components are directions among unscaled features.",
    hint="Only the mean is subtracted. Must a coordinate change when another example joins the set?",
)
def coordinates_of_scaled_examples(X, mean, components):
    std = X.std(axis=0)
    return (X - mean) / np.where(std == 0, 1.0, std) @ components


@misconception(
    of="pca_apply",
    says="Only the first coordinate is returned.",
    hint="How many columns must the result have for k components?",
)
def coordinates_along_the_first_only(X, mean, components):
    return (X - mean) @ components[:, 0]


@misconception(
    of="pca_apply",
    says="Each example is centred by the mean of its own features.",
    hint="Which mean is given, and what is its shape?",
)
def coordinates_centred_by_rows(X, mean, components):
    return (X - X.mean(axis=1, keepdims=True)) @ components


@misconception(
    of="pca_apply",
    says="The coordinates come in the reverse order of the components.",
    hint="Which column belongs to the first component?",
)
def coordinates_in_reverse(X, mean, components):
    return (X - mean) @ components[:, ::-1]


@misconception(
    of="pca_apply",
    says="One number, the mean of the means, is subtracted from all features.",
    hint="mean has one entry a feature. Subtract each from its own.",
)
def coordinates_with_one_mean_for_all(X, mean, components):
    return (X - mean.mean()) @ components


@misconception(
    of="pca_apply",
    says="The sign of the coordinates is lost.",
    hint="On which side of the mean is an example whose coordinate is negative?",
)
def coordinates_without_sign(X, mean, components):
    return np.abs((X - mean) @ components)


# ---------------------------------------------------------------- whiten


def _turned(X, centre=True):
    """Coordinates along the components by falling variance, with the directions as columns."""
    Z = _centred(X) if centre else X
    directions = np.linalg.svd(Z, full_matrices=False)[2].T
    return Z @ directions, directions


@misconception(
    of="whiten",
    says="The examples are only turned to the principal axes, not scaled.",
    hint="What is the variance of your first column? It should be 1.",
)
def whiten_only_turns(X, eps):
    return _turned(X)[0]


@misconception(
    of="whiten",
    says="The features are only standardised: their covariances are not 0.",
    hint="Compute Z.T @ Z / N. What stands off the diagonal?",
)
def whiten_only_standardises(X, eps):
    return _centred(X) / np.sqrt(X.var(axis=0) + eps)


@misconception(
    of="whiten",
    says="The data was not centred.",
    hint="What are the means of your columns? They should be 0.",
)
def whiten_without_centring(X, eps):
    Z, _ = _turned(X, centre=False)
    return Z / np.sqrt((Z**2).mean(axis=0) + eps)


@misconception(
    of="whiten",
    says="The directions were measured on the centred data, but the examples were not centred before turning.",
    hint="What are the means of your columns? They should be 0.",
)
def whiten_turns_what_is_not_centred(X, eps):
    Z, directions = _turned(X)
    return X @ directions / np.sqrt(Z.var(axis=0) + eps)


@misconception(
    of="whiten",
    says="Each coordinate is divided by its variance instead of by the root of it.",
    hint="If you divide by c, the variance is divided by c². Which c makes it 1?",
)
def whiten_by_the_variance(X, eps):
    Z, _ = _turned(X)
    return Z / (Z.var(axis=0) + eps)


@misconception(
    of="whiten",
    says="Each coordinate is multiplied by its standard deviation instead of divided by it.",
    hint="The first column varied most. Does it vary as much as the others now?",
)
def whiten_by_multiplying(X, eps):
    Z, _ = _turned(X)
    return Z * np.sqrt(Z.var(axis=0) + eps)


@misconception(
    of="whiten",
    says="eps is added to the standard deviation, after the root.",
    hint="Look at the formula: what stands under the root?",
)
def whiten_with_eps_after_the_root(X, eps):
    Z, _ = _turned(X)
    return Z / (Z.std(axis=0) + eps)


@misconception(
    of="whiten",
    says="eps is not used.",
    hint="What happens to a direction without any variance?",
)
def whiten_without_eps(X, eps):
    Z, _ = _turned(X)
    return Z / Z.std(axis=0)


@misconception(
    of="whiten",
    says="The covariance was not divided by N, so everything comes out too small by the root of N.",
    hint="Compute Z.T @ Z / N for your result. By which factor does it miss the identity?",
)
def whiten_by_sums_of_squares(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt((Z**2).sum(axis=0) + eps)


@misconception(
    of="whiten",
    says="The variances divide by N - 1 instead of N.",
    hint="np.cov divides by N - 1 unless told otherwise.",
)
def whiten_with_ddof_1(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt(Z.var(axis=0, ddof=1) + eps)


@misconception(
    of="whiten",
    says="The whitened examples are turned back to the old axes.",
    hint="The result should stay in the coordinates along the components.",
)
def whiten_and_turn_back(X, eps):
    Z, directions = _turned(X)
    return Z / np.sqrt(Z.var(axis=0) + eps) @ directions.T


@misconception(
    of="whiten",
    says="The columns come by rising variance: the component of largest variance is the last.",
    hint="In which order does np.linalg.eigh return eigenvalues?",
)
def whiten_smallest_first(X, eps):
    Z, _ = _turned(X)
    return (Z / np.sqrt(Z.var(axis=0) + eps))[:, ::-1].copy()


@misconception(
    of="whiten",
    says="The coordinates are divided by the deviations of the features, not by their own.",
    hint="Which variances belong to the directions v: those of X, or the eigenvalues?",
)
def whiten_by_the_features_deviations(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt(X.var(axis=0) + eps)


@misconception(
    of="whiten",
    says="The features are scaled first and turned then, with no scaling afterwards: the variances are not 1.",
    hint="Turn first, then divide each coordinate by its own deviation.",
)
def whiten_scales_then_turns(X, eps):
    return _turned(X / np.sqrt(X.var(axis=0) + eps))[0]


@misconception(
    of="whiten",
    says="Deviations and directions are in opposite order: each coordinate is divided by another's deviation.",
    hint="You turned the order of the eigenvectors around. Does the same hold for the eigenvalues?",
)
def whiten_by_the_deviations_in_reverse(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt(Z.var(axis=0)[::-1] + eps)


@misconception(
    of="whiten",
    says="All coordinates are divided by one and the same deviation.",
    hint="Each direction has a variance of its own. Along which axis do you measure it?",
)
def whiten_by_one_deviation_for_all(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt(Z.var() + eps)


@misconception(
    of="whiten",
    says="The features were standardised before turning: these are the components of other data.",
    hint="The formula only centres before it turns. Which covariance matrix do its v belong to?",
)
def whiten_of_standardised_data(X, eps):
    Z, _ = _turned(_centred(X) / X.std(axis=0))
    return Z / np.sqrt(Z.var(axis=0) + eps)


@misconception(
    of="whiten",
    says="X itself was centred on the way: the caller's data is changed.",
    hint="X -= ... writes into the array of the caller. Which expression makes a new array?",
)
def whiten_centres_in_place(X, eps):
    X -= X.mean(axis=0)
    Z, _ = _turned(X)
    return Z / np.sqrt(Z.var(axis=0) + eps)


@misconception(
    of="whiten",
    says="The sums of squares are divided by the number of features, not of examples.",
    hint="Which entry of X.shape counts the examples?",
)
def whiten_divides_by_the_features(X, eps):
    Z, _ = _turned(X)
    return Z / np.sqrt((Z**2).sum(axis=0) / X.shape[1] + eps)


def _by_eigh(C):
    """Eigenvalues and eigenvectors by falling eigenvalue, with the signs that eigh gives."""
    values, vectors = np.linalg.eigh(C)
    return np.maximum(values, 0)[::-1], vectors[:, ::-1]


@misconception(
    of="whiten",
    says="The data was not centred.",
    hint="What are the means of your columns? They should be 0.",
)
def whiten_without_centring_by_eigh(X, eps):
    values, directions = _by_eigh(X.T @ X / len(X))
    return X @ directions / np.sqrt(values + eps)


@misconception(
    of="whiten",
    says="eps is added to the standard deviation, after the root.",
    hint="Look at the formula: what stands under the root?",
)
def whiten_with_eps_after_the_root_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / (np.sqrt(values) + eps)


@misconception(
    of="whiten",
    says="eps is not used.",
    hint="What happens to a direction without any variance?",
)
def whiten_without_eps_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(values)


@misconception(
    of="whiten",
    says="The columns come by rising variance: the component of largest variance is the last.",
    hint="In which order does np.linalg.eigh return eigenvalues?",
)
def whiten_smallest_first_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return (Z @ directions / np.sqrt(values + eps))[:, ::-1]


@misconception(
    of="whiten",
    says="The features were standardised before turning: these are the components of other data.",
    hint="The formula only centres before it turns. Which covariance matrix do its v belong to?",
)
def whiten_of_standardised_data_by_eigh(X, eps):
    Z = _centred(X) / np.where(X.std(axis=0) > 0, X.std(axis=0), 1.0)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(values + eps)


@misconception(
    of="whiten",
    says="eps is squared before it is added.",
    hint="Look at the formula: what stands beside λ under the root?",
)
def whiten_with_eps_squared(X, eps):
    Z = _centred(X)
    _, singular, rows = np.linalg.svd(Z, full_matrices=False)
    values, directions = singular**2 / len(X), rows.T
    return Z @ directions / np.sqrt(values + eps**2)


@misconception(
    of="whiten",
    says="eps is only a lower bound for the variances, not added to them.",
    hint="Look at the formula: how do λ and eps come together under the root?",
)
def whiten_with_eps_as_a_floor(X, eps):
    Z = _centred(X)
    _, singular, rows = np.linalg.svd(Z, full_matrices=False)
    values, directions = singular**2 / len(X), rows.T
    return Z @ directions / np.sqrt(np.maximum(values, eps))


@misconception(
    of="whiten",
    says="eps is a fixed number; the argument is not used.",
    hint="What should change when eps is 1 instead of 0?",
)
def whiten_with_an_eps_of_its_own(X, eps):
    Z = _centred(X)
    _, singular, rows = np.linalg.svd(Z, full_matrices=False)
    values, directions = singular**2 / len(X), rows.T
    return Z @ directions / np.sqrt(values + 1e-5)


@misconception(
    of="whiten",
    says="The whitening matrix is returned, not the whitened examples.",
    hint="Which shape is asked for? The matrix still has to meet the centred examples.",
)
def whiten_returns_the_matrix(X, eps):
    Z = _centred(X)
    _, singular, rows = np.linalg.svd(Z, full_matrices=False)
    values, directions = singular**2 / len(X), rows.T
    return directions / np.sqrt(values + eps)


@misconception(
    of="whiten",
    says="eps is squared before it is added.",
    hint="Look at the formula: what stands beside λ under the root?",
)
def whiten_with_eps_squared_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(values + eps**2)


@misconception(
    of="whiten",
    says="eps is only a lower bound for the variances, not added to them.",
    hint="Look at the formula: how do λ and eps come together under the root?",
)
def whiten_with_eps_as_a_floor_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(np.maximum(values, eps))


@misconception(
    of="whiten",
    says="eps is a fixed number; the argument is not used.",
    hint="What should change when eps is 1 instead of 0?",
)
def whiten_with_an_eps_of_its_own_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return Z @ directions / np.sqrt(values + 1e-5)


@misconception(
    of="whiten",
    says="The whitening matrix is returned, not the whitened examples.",
    hint="Which shape is asked for? The matrix still has to meet the centred examples.",
)
def whiten_returns_the_matrix_by_eigh(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X))
    return directions / np.sqrt(values + eps)


@misconception(
    of="whiten",
    says="The singular values are taken for variances.",
    hint="Variances are the singular values squared, over N.",
)
def whiten_by_singular_values(X, eps):
    _, singular, rows = np.linalg.svd(_centred(X), full_matrices=False)
    return _centred(X) @ rows.T / np.sqrt(singular + eps)


@misconception(
    of="whiten",
    says="The third part of NumPy's SVD is taken for V, but it is V transposed: its rows are the directions.",
    hint="np.linalg.svd returns the directions as rows. Which product turns the examples to them?",
)
def whiten_with_vt(X, eps):
    _, singular, rows = np.linalg.svd(_centred(X), full_matrices=False)
    return _centred(X) @ rows / np.sqrt(singular**2 / len(X) + eps)


@misconception(
    of="whiten",
    says="The covariance is made the identity by a Cholesky factor, which is not the turn to the principal axes.",
    hint="Which direction must the first column follow? Other matrices whiten too, but along other axes.",
)
def whiten_by_cholesky(X, eps):
    Z = _centred(X)
    C = Z.T @ Z / len(X) + eps * np.eye(X.shape[1])
    return Z @ np.linalg.inv(np.linalg.cholesky(C)).T


@misconception(
    of="whiten",
    says="eps is added to all entries of the covariance, not to the variances along the components.",
    hint="What does eps do off the diagonal of C? Add it to the eigenvalues.",
)
def whiten_with_eps_everywhere(X, eps):
    Z = _centred(X)
    values, directions = _by_eigh(Z.T @ Z / len(X) + eps)
    return Z @ directions / np.sqrt(values)


@misconception(
    of="whiten",
    says="Besides eps a constant of its own keeps the variance from being small: with eps = 0 small data is not white.",
    hint="What variance has your result for data of the size of 1e-10 and eps = 0? Nothing but eps is to be added.",
)
def whiten_with_a_floor_of_its_own(X, eps):
    _, directions = np.linalg.eigh(_centred(X).T @ _centred(X))
    turned = _centred(X) @ directions[:, ::-1]
    return turned / np.sqrt(np.maximum(turned.var(axis=0), 1e-12) + eps)


# ---------------------------------------------------------------- mean_image


@misconception(
    of="mean_image",
    says="The mean is taken over everything: one number comes out, not an image.",
    hint="Which shape must the result have? Which axis runs over the images?",
)
def mean_image_of_everything(X):
    return X.mean()


@misconception(
    of="mean_image",
    says="The mean is taken over the second axis, not over the images.",
    hint="Which axis runs over the images?",
)
def mean_image_along_axis_1(X):
    return X.mean(axis=1)


@misconception(
    of="mean_image",
    says="The mean is taken over the last axis, not over the images.",
    hint="Which axis runs over the images?",
)
def mean_image_along_the_last_axis(X):
    return X.mean(axis=-1)


@misconception(
    of="mean_image",
    says="The images are added up but not divided by their number.",
    hint="Two copies of the same image must have that image as their mean.",
)
def mean_image_as_a_sum(X):
    return X.sum(axis=0)


@misconception(
    of="mean_image",
    says="The mean is cut to whole numbers.",
    hint="The mean of 1 and 2 is 1.5. Which dtype can hold it?",
)
def mean_image_in_the_old_dtype(X):
    return X.mean(axis=0).astype(np.uint8)


@misconception(
    of="mean_image",
    says="The bytes overflow while they are added up: 200 + 100 is 44 in np.uint8.",
    hint="What is the largest number a byte can hold? Add in floats.",
)
def mean_image_that_overflows(X):
    total = np.zeros_like(X[0])
    for image in X:
        total = total + image
    return total / len(X)


@misconception(
    of="mean_image",
    says="This is the median image.",
    hint="The mean adds all images up and divides by their number.",
)
def mean_image_as_a_median(X):
    return np.median(X, axis=0)


@misconception(
    of="mean_image",
    says="The result is flat; it must have the shape of an example.",
    hint="What is the shape of X[0]?",
)
def mean_image_flat(X):
    return X.reshape(len(X), -1).mean(axis=0)


@misconception(
    of="mean_image",
    says="The result keeps an axis for the images, (1, ...); it must have the shape of an example.",
    hint="What does keepdims do? What is the shape of X[0]?",
)
def mean_image_with_keepdims(X):
    return X.mean(axis=0, keepdims=True)


@misconception(
    of="mean_image",
    says="The centred images are returned where the mean image is asked for.",
    hint="Subtracting comes later. What is the shape of one image?",
)
def mean_image_already_subtracted(X):
    return X - X.mean(axis=0)


@misconception(
    of="mean_image",
    says="This is one number a channel; a mean image has one a pixel.",
    hint="Over which axes may be averaged if every pixel is to keep its own mean?",
)
def mean_image_by_channel(X):
    return X.mean(axis=tuple(range(X.ndim - 1)))


@misconception(
    of="mean_image",
    says="Each image has one mean of its own; what is asked for is one image that is the mean of all.",
    hint="Which axis must go, and which must stay?",
)
def mean_image_as_a_number_an_image(X):
    return X.mean(axis=tuple(range(1, X.ndim)))


@misconception(
    of="mean_image",
    says="The mean is rounded to whole numbers.",
    hint="The mean of 1 and 2 is 1.5.",
)
def mean_image_rounded(X):
    return np.round(X.mean(axis=0))


@misconception(
    of="mean_image",
    says="The mean is divided by 255 as well.",
    hint="Nobody asked for another scale: what is the mean of 100 and 200?",
)
def mean_image_over_255(X):
    return X.mean(axis=0) / 255


@misconception(
    of="mean_image",
    says="The sum is divided by the wrong axis's length.",
    hint="Which entry of X.shape counts the images?",
)
def mean_image_over_the_second_axis(X):
    return X.sum(axis=0) / X.shape[1]


@misconception(
    of="mean_image",
    says="The sum is divided by N - 1.",
    hint="The mean of two images is half their sum.",
)
def mean_image_over_n_minus_1(X):
    return X.sum(axis=0, dtype=float) / max(len(X) - 1, 1)


@misconception(
    of="mean_image",
    says="Only the first image is returned.",
    hint="What do the other images contribute?",
)
def mean_image_is_the_first(X):
    return X[0].astype(float)


@misconception(
    of="mean_image",
    says="The channels are averaged as well: the colour is lost.",
    hint="What is the shape of one colour image?",
)
def mean_image_without_colour(X):
    mean = X.mean(axis=0)
    return mean.mean(axis=-1) if mean.ndim == 3 else mean


@misconception(
    of="mean_image",
    says="The mean is cut to whole numbers.",
    hint="The mean of 1 and 2 is 1.5. What does // do?",
)
def mean_image_by_whole_division(X):
    return X.sum(axis=0) // len(X)


@misconception(
    of="mean_image",
    says="The mean is cut to whole numbers.",
    hint="The mean of 1 and 2 is 1.5. Which dtype can hold it?",
)
def mean_image_in_the_dtype_of_x(X):
    return X.mean(axis=0).astype(X.dtype)


# ---------------------------------------------------------------- channel_mean


@misconception(
    of="channel_mean",
    says="The mean is taken over everything: one number comes out, not one a channel.",
    hint="How many numbers must there be for red, green and blue?",
)
def channel_mean_of_everything(images):
    return images.mean()


@misconception(
    of="channel_mean",
    says="Each image has means of its own; they must be averaged over the images too.",
    hint="The result has shape (C,). Which axes must go?",
)
def channel_mean_of_each_image(images):
    return images.mean(axis=(1, 2))


@misconception(
    of="channel_mean",
    says="This is the mean image; its pixels must be averaged too.",
    hint="The result has shape (C,). Which axes must go?",
)
def channel_mean_as_an_image(images):
    return images.mean(axis=0)


@misconception(
    of="channel_mean",
    says="The second axis is taken for the channels, as in data with channels first.",
    hint="Images are (N, H, W, C) here. Which axis is to stay?",
)
def channel_mean_with_channels_first(images):
    return images.mean(axis=(0, 2, 3))


@misconception(
    of="channel_mean",
    says="The mean is taken over the channels; they are what should stay.",
    hint="The result has shape (C,). Which axes must go, and which must stay?",
)
def channel_mean_over_the_channels(images):
    return images.mean(axis=3)


@misconception(
    of="channel_mean",
    says="The width was forgotten: one mean a column and channel comes out.",
    hint="The result has shape (C,). Which axes must go?",
)
def channel_mean_by_column(images):
    return images.mean(axis=(0, 1))


@misconception(
    of="channel_mean",
    says="Reshaping to (C, ...) does not sort by channel: it cuts the pixels into C parts in the order they are stored.",
    hint="The channels lie next to each other in memory. To which shape can you reshape so that they become columns?",
)
def channel_mean_after_a_wrong_reshape(images):
    return images.reshape(images.shape[-1], -1).mean(axis=1)


@misconception(
    of="channel_mean",
    says="The pixels are added up but divided by the number of images only.",
    hint="How many numbers were added for each channel?",
)
def channel_mean_over_images_only(images):
    return images.sum(axis=(0, 1, 2)) / len(images)


@misconception(
    of="channel_mean",
    says="The pixels are added up but not divided.",
    hint="How many numbers were added for each channel?",
)
def channel_mean_as_a_sum(images):
    return images.sum(axis=(0, 1, 2))


@misconception(
    of="channel_mean",
    says="The means are cut to whole numbers.",
    hint="The mean of 1 and 2 is 1.5. Which dtype can hold it?",
)
def channel_mean_in_the_old_dtype(images):
    return images.mean(axis=(0, 1, 2)).astype(np.uint8)


@misconception(
    of="channel_mean",
    says="The result has shape (1, 1, 1, C); (C,) is asked for.",
    hint="What does keepdims do to the shape?",
)
def channel_mean_with_keepdims(images):
    return images.mean(axis=(0, 1, 2), keepdims=True)


@misconception(
    of="channel_mean",
    says="Only the first image is averaged.",
    hint="Which axes must go? The images have one too.",
)
def channel_mean_of_the_first_image(images):
    return images[0].mean(axis=(0, 1))


@misconception(
    of="channel_mean",
    says="Each image has one mean of its own, over all its channels.",
    hint="The result has shape (C,). Which axes must go, and which must stay?",
)
def channel_mean_as_a_number_an_image(images):
    return images.mean(axis=(1, 2, 3))


@misconception(
    of="channel_mean",
    says="These are medians.",
    hint="The mean adds all pixels up and divides by their number.",
)
def channel_mean_as_a_median(images):
    return np.median(images, axis=(0, 1, 2))


@misconception(
    of="channel_mean",
    says="Three channels are taken for granted.",
    hint="Satellites have seven. Where does the number of channels stand?",
)
def channel_mean_of_three_channels(images):
    return np.array([images[..., channel].mean() for channel in range(3)])


@misconception(
    of="channel_mean",
    says="The bytes overflow while they are added up: 200 + 100 is 44 in np.uint8.",
    hint="What is the largest number a byte can hold? Add in floats.",
)
def channel_mean_that_overflows(images):
    total = np.zeros(images.shape[-1], dtype=images.dtype)
    for pixel in images.reshape(-1, images.shape[-1]):
        total = total + pixel
    return total / images[..., 0].size


@misconception(
    of="channel_mean",
    says="The pixels are added up but divided by those of one image only.",
    hint="How many numbers were added for each channel?",
)
def channel_mean_over_one_image(images):
    return images.sum(axis=(0, 1, 2)) / (images.shape[1] * images.shape[2])


@misconception(
    of="channel_mean",
    says="The sum is divided by all numbers there are, those of the other channels too.",
    hint="How many numbers were added for each channel?",
)
def channel_mean_over_all_numbers(images):
    return images.sum(axis=(0, 1, 2)) / images.size


@misconception(
    of="channel_mean",
    says="The height is taken twice, and the width not at all.",
    hint="How many pixels has an image of 2 × 4?",
)
def channel_mean_over_squares(images):
    return images.sum(axis=(0, 1, 2)) / (images.shape[0] * images.shape[1] ** 2)


@misconception(
    of="channel_mean",
    says="The mean is divided by 255 as well.",
    hint="Nobody asked for another scale: what is the mean of 100 and 200?",
)
def channel_mean_over_255(images):
    return images.mean(axis=(0, 1, 2)) / 255


@misconception(
    of="channel_mean",
    says="The channels come in reverse order.",
    hint="Which channel is images[..., 0]?",
)
def channel_mean_in_reverse(images):
    return images.mean(axis=(0, 1, 2))[::-1]


@misconception(
    of="channel_mean",
    says="The centred images are returned where the channel means are asked for.",
    hint="Subtracting comes later. Which shape is asked for?",
)
def channel_mean_already_subtracted(images):
    return images - images.mean(axis=(0, 1, 2))


@misconception(
    of="channel_mean",
    says="These are standard deviations.",
    hint="The mean adds all pixels up and divides by their number.",
)
def channel_mean_as_a_deviation(images):
    return images.std(axis=(0, 1, 2))


@misconception(
    of="channel_mean",
    says="The means are cut to whole numbers.",
    hint="The mean of 1 and 2 is 1.5. Which dtype can hold it?",
)
def channel_mean_in_whole_numbers(images):
    return images.mean(axis=(0, 1, 2)).astype(int)


# ---------------------------------------------------------------- flip_horizontal


@misconception(
    of="flip_horizontal",
    says="The images are turned upside down: the rows are reversed, not the columns.",
    hint="In (N, H, W), which axis runs from left to right? np.fliplr is made for a single image and reverses axis 1.",
)
def flips_upside_down(images):
    return images[:, ::-1].copy()


@misconception(
    of="flip_horizontal",
    says="The last axis is reversed: in colour images that is the channels, so red and blue change places.",
    hint="Which axis are the columns in (N, H, W), and which in (N, H, W, C)?",
)
def flips_the_last_axis(images):
    return images[..., ::-1].copy()


@misconception(
    of="flip_horizontal",
    says="The order of the images is reversed; the images stay as they are.",
    hint="The first axis runs over the images. Which one runs over the columns?",
)
def flips_the_order_of_the_images(images):
    return images[::-1].copy()


@misconception(
    of="flip_horizontal",
    says="Rows and columns are both reversed: the images are turned by half a turn.",
    hint="In a mirror on the wall, up stays up.",
)
def flips_both_ways(images):
    return images[:, ::-1, ::-1].copy()


@misconception(
    of="flip_horizontal",
    says="Rows and columns have changed places: the images are mirrored along the diagonal.",
    hint="What is the shape of a mirrored image of 4 × 5?",
)
def flips_along_the_diagonal(images):
    return images.swapaxes(1, 2).copy()


@misconception(
    of="flip_horizontal",
    says="The images themselves are changed.",
    hint="Make a new array, or a view, and leave the old one as it is.",
)
def flips_in_place(images):
    images[:] = images[:, :, ::-1].copy()
    return images


@misconception(
    of="flip_horizontal",
    says="The mirrored images are appended to the old ones.",
    hint="How many images should come back for N images?",
)
def flips_and_appends(images):
    return np.concatenate([images, images[:, :, ::-1]])


@misconception(
    of="flip_horizontal",
    says="Images are moved by one column around the edge, not mirrored.",
    hint="The first column becomes the last, the second the last but one.",
)
def flips_by_rolling(images):
    return np.roll(images, 1, axis=2)


@misconception(
    of="flip_horizontal",
    says="Light and dark are exchanged; the image is not mirrored.",
    hint="Mirroring moves pixels and leaves their values.",
)
def flips_the_values(images):
    return images.max() - images


@misconception(
    of="flip_horizontal",
    says="Everything is reversed, the order of the images and of the rows as well.",
    hint="np.flip without an axis reverses all of them. Which is the one?",
)
def flips_all_axes(images):
    return np.flip(images).copy()


@misconception(
    of="flip_horizontal",
    says="Columns are swapped one after the other, and the first of each pair is overwritten before it was copied.",
    hint="After a = b, what is b = a? Swap both at once, or write into another array.",
)
def flips_and_overwrites(images):
    out = images.copy()
    width = images.shape[2]
    for column in range(width // 2):
        out[:, :, column] = out[:, :, width - 1 - column]
        out[:, :, width - 1 - column] = out[:, :, column]
    return out


@misconception(
    of="flip_horizontal",
    says="The images come back as they were.",
    hint="Which pixel of (5, 6, 7) should be the first?",
)
def flips_nothing(images):
    return images.copy()


@misconception(
    of="flip_horizontal",
    says="One column is lost: the slice stops before the first.",
    hint="What does -1:0:-1 leave out? How is a slice written that goes on to the very end?",
)
def flips_and_loses_a_column(images):
    return images[:, :, -1:0:-1]


@misconception(
    of="flip_horizontal",
    says="The first column stays where it is: counting from the end starts at -1, not at -0.",
    hint="For column 0, which column of the old image is -0?",
)
def flips_all_but_the_first_column(images):
    out = np.zeros_like(images)
    for column in range(images.shape[2]):
        out[:, :, column] = images[:, :, -column]
    return out


@misconception(
    of="flip_horizontal",
    says="The images come back as floats, whatever they were.",
    hint="np.zeros makes floats unless it is told a dtype. What is images.dtype?",
)
def flips_into_floats(images):
    out = np.zeros(images.shape)
    out[:] = images[:, :, ::-1]
    return out


@misconception(
    of="flip_horizontal",
    says="The height is taken for the width.",
    hint="Which entry of images.shape counts the columns? Try an image that is not square.",
)
def flips_with_the_height(images):
    out, height = np.zeros_like(images), images.shape[1]
    for column in range(height):
        out[:, :, height - 1 - column] = images[:, :, column]
    return out


# ---------------------------------------------------------------- random_shift


def _over_zeros(image, down, right):
    out = np.zeros_like(image)
    height, width = image.shape[:2]
    rows = slice(max(0, down), min(height, height + down))
    columns = slice(max(0, right), min(width, width + right))
    old_rows = slice(max(0, -down), min(height, height - down))
    old_columns = slice(max(0, -right), min(width, width - right))
    out[rows, columns] = image[old_rows, old_columns]
    return out


def _all_moved(images, moves):
    return np.stack([_over_zeros(image, d, r) for image, (d, r) in zip(images, moves, strict=True)])


def _moves_of_each(images, m, rng):
    return rng.integers(-m, m + 1, size=(len(images), 2))


@misconception(
    of="random_shift",
    says="The pixels that move out come back in on the other side: np.roll wraps around.",
    hint="What should stand in the first column of an image that was moved to the right?",
)
def shifts_around_the_edge(images, max_shift, rng):
    moves = _moves_of_each(images, max_shift, rng)
    return np.stack([np.roll(image, move, axis=(0, 1)) for image, move in zip(images, moves, strict=True)])


@misconception(
    of="random_shift",
    says="All images are moved by the same amount.",
    hint="How often do you draw? Each image needs a move of its own.",
)
def shifts_all_alike(images, max_shift, rng):
    return _all_moved(images, [rng.integers(-max_shift, max_shift + 1, size=2)] * len(images))


@misconception(
    of="random_shift",
    says="max_shift itself never comes: the upper end of rng.integers is left out.",
    hint="Which numbers does rng.integers(-1, 1) draw? Both ends should be possible.",
)
def shifts_without_the_upper_end(images, max_shift, rng):
    high = max(max_shift, 1 - max_shift)
    return _all_moved(images, rng.integers(-max_shift, high, size=(len(images), 2)))


@misconception(
    of="random_shift",
    says="Images are only ever moved down and right, never up or left.",
    hint="The moves go from -max_shift to max_shift.",
)
def shifts_only_forwards(images, max_shift, rng):
    return _all_moved(images, rng.integers(0, max_shift + 1, size=(len(images), 2)))


@misconception(
    of="random_shift",
    says="One number is used for both directions, so images only move along the diagonal.",
    hint="How many numbers does each image need? Can yours move to the right without moving down?",
)
def shifts_along_the_diagonal(images, max_shift, rng):
    moves = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return _all_moved(images, np.stack([moves, moves], axis=1))


@misconception(
    of="random_shift",
    says="Images only move sideways, never up or down.",
    hint="Two numbers are drawn for each image, one for each direction.",
)
def shifts_only_sideways(images, max_shift, rng):
    moves = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return _all_moved(images, np.stack([np.zeros_like(moves), moves], axis=1))


@misconception(
    of="random_shift",
    says="Images only move up or down, never sideways.",
    hint="Two numbers are drawn for each image, one for each direction.",
)
def shifts_only_up_and_down(images, max_shift, rng):
    moves = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return _all_moved(images, np.stack([moves, np.zeros_like(moves)], axis=1))


@misconception(
    of="random_shift",
    says="What is empty after the move repeats the edge of the image instead of being 0.",
    hint="np.pad has several modes. Which one fills in zeros?",
)
def shifts_and_repeats_the_edge(images, max_shift, rng):
    frame = [(0, 0)] + [(max_shift, max_shift)] * 2 + [(0, 0)] * (images.ndim - 3)
    framed = np.pad(images, frame, mode="edge")
    height, width = images.shape[1:3]
    moves = _moves_of_each(images, max_shift, rng) + max_shift
    return np.stack([framed[i, t : t + height, s : s + width] for i, (t, s) in enumerate(moves)])


@misconception(
    of="random_shift",
    says="Only the extreme moves are drawn, -max_shift or max_shift, nothing between and never 0.",
    hint="All whole numbers from -max_shift to max_shift are equally likely.",
)
def shifts_all_the_way(images, max_shift, rng):
    return _all_moved(images, rng.choice([-max_shift, max_shift], size=(len(images), 2)))


@misconception(
    of="random_shift",
    says="What is empty after the move keeps the old pixels instead of being 0.",
    hint="Begin with an array of zeros, not with a copy of the images.",
)
def shifts_over_the_old_image(images, max_shift, rng):
    moved = _all_moved(images, moves := _moves_of_each(images, max_shift, rng))
    ones = np.ones(images.shape[:3] + (1,) * (images.ndim - 3), dtype=bool)
    return np.where(_all_moved(ones, moves), moved, images)


@misconception(
    of="random_shift",
    says="The images come back larger, with their frame of zeros.",
    hint="After framing an image with zeros, cut a window of the old size out of it.",
)
def shifts_and_keeps_the_frame(images, max_shift, rng):
    frame = [(0, 0)] + [(max_shift, max_shift)] * 2 + [(0, 0)] * (images.ndim - 3)
    moves = _moves_of_each(images, max_shift, rng)
    return np.stack([np.roll(image, m, axis=(0, 1)) for image, m in zip(np.pad(images, frame), moves, strict=True)])


@misconception(
    of="random_shift",
    says="The images come back as floats, whatever they were.",
    hint="np.zeros makes floats unless it is told a dtype. What is images.dtype?",
)
def shifts_into_floats(images, max_shift, rng):
    return _all_moved(images, _moves_of_each(images, max_shift, rng)).astype(float)


@misconception(
    of="random_shift",
    says="The images themselves are changed.",
    hint="Write into a new array of zeros, or work on a copy.",
)
def shifts_in_place(images, max_shift, rng):
    images[:] = _all_moved(images, _moves_of_each(images, max_shift, rng))
    return images


@misconception(
    of="random_shift",
    says="Every call starts a generator of its own with a fixed seed, so the moves are always the same.",
    hint="Draw from the rng you are given: it remembers what it has drawn.",
)
def shifts_by_its_own_seed(images, max_shift, rng):
    return _all_moved(images, _moves_of_each(images, max_shift, np.random.default_rng(0)))


@misconception(
    of="random_shift",
    says="Moves are drawn from a bell curve and rounded, so small moves come more often than large ones.",
    hint="All whole numbers from -max_shift to max_shift are equally likely: which method draws those?",
)
def shifts_by_a_bell_curve(images, max_shift, rng):
    drawn = np.rint(rng.normal(0, max_shift / 2, size=(len(images), 2))).astype(int)
    return _all_moved(images, np.clip(drawn, -max_shift, max_shift))


@misconception(
    of="random_shift",
    says="The last two axes are moved: in colour images that are columns and channels, not rows and columns.",
    hint="Which axes are rows and columns in (N, H, W), and which in (N, H, W, C)?",
)
def shifts_the_last_two_axes(images, max_shift, rng):
    moves = _moves_of_each(images, max_shift, rng)
    if images.ndim == 3:
        return _all_moved(images, moves)
    turned = np.moveaxis(images, 1, -1)  # columns and channels first, rows as if they were channels
    return np.moveaxis(_all_moved(turned, np.clip(moves, -images.shape[3], images.shape[3])), -1, 1)


@misconception(
    of="random_shift",
    says="Each moved image is moved again: moves of up to twice max_shift come.",
    hint="Of your offsets into the framed image, which is the smallest and which the largest that you draw?",
)
def shifts_twice_as_far(images, max_shift, rng):
    return _all_moved(images, rng.integers(-2 * max_shift, 2 * max_shift + 1, size=(len(images), 2)))


@misconception(
    of="random_shift",
    says="Where an image is cut out of its frame, the last place never comes, so no image moves up or left by max_shift.",
    hint="A frame of m pixels on both sides leaves 2m + 1 places for the window. How many do you draw from?",
)
def shifts_without_the_last_place(images, max_shift, rng):
    return _all_moved(images, max_shift - rng.integers(0, max(2 * max_shift, 1), size=(len(images), 2)))


@misconception(
    of="random_shift",
    says="All images move down or up by the same number; only right or left is drawn for each.",
    hint="Which of your two draws is inside of the loop over the images?",
)
def shifts_with_one_row_for_all(images, max_shift, rng):
    down = rng.integers(-max_shift, max_shift + 1)
    right = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return _all_moved(images, np.stack([np.full_like(right, down), right], axis=1))


@misconception(
    of="random_shift",
    says="Moves are drawn from the real numbers and rounded, so the two ends come half as often as the others.",
    hint="Which real numbers are rounded to max_shift, and which to 0? Draw whole numbers.",
)
def shifts_by_rounding(images, max_shift, rng):
    return _all_moved(images, np.rint(rng.uniform(-max_shift, max_shift, size=(len(images), 2))).astype(int))


@misconception(
    of="random_shift",
    says="Moves are drawn from the real numbers and cut to whole ones, so max_shift never comes and 0 twice as often.",
    hint="What does int(0.9) give, and int(-0.9)? Draw whole numbers.",
)
def shifts_by_cutting_off(images, max_shift, rng):
    return _all_moved(images, rng.uniform(-max_shift, max_shift, size=(len(images), 2)).astype(int))


@misconception(
    of="random_shift",
    says="After rolling, only moves down and right are blanked; what comes in at the bottom and at the right stays.",
    hint="Which rows must be 0 after a move up?",
)
def shifts_and_blanks_half(images, max_shift, rng):
    moved = []
    for image in images:
        down, right = rng.integers(-max_shift, max_shift + 1, size=2)
        image = np.roll(image, (down, right), axis=(0, 1))
        image[: max(down, 0)] = 0
        image[:, : max(right, 0)] = 0
        moved.append(image)
    return np.stack(moved)


@misconception(
    of="random_shift",
    says="The same slice blanks moves up as moves down, and with a negative number it blanks nearly everything.",
    hint="Which rows are image[:-1]? After a move up by 1, which should be 0?",
)
def shifts_and_blanks_too_much(images, max_shift, rng):
    moved = []
    for image in images:
        down, right = rng.integers(-max_shift, max_shift + 1, size=2)
        image = np.roll(image, (down, right), axis=(0, 1))
        image[:down] = 0
        image[:, :right] = 0
        moved.append(image)
    return np.stack(moved)


@misconception(
    of="random_shift",
    says="Every image has to move: a draw of no move is repeated.",
    hint="All moves are equally likely, no move among them.",
)
def shifts_always(images, max_shift, rng):
    moves = []
    for _ in images:
        move = rng.integers(-max_shift, max_shift + 1, size=2)
        while max_shift and not move.any():
            move = rng.integers(-max_shift, max_shift + 1, size=2)
        moves.append(move)
    return _all_moved(images, moves)


@misconception(
    of="random_shift",
    says="An image moves in one direction only at a time: down or up, or else right or left.",
    hint="Two numbers are drawn for each image, and both count.",
)
def shifts_in_one_direction_at_a_time(images, max_shift, rng):
    moves = _moves_of_each(images, max_shift, rng)
    moves[np.arange(len(moves)), rng.integers(2, size=len(moves))] = 0
    return _all_moved(images, moves)


@misconception(
    of="random_shift",
    says="All images are moved by the same amount.",
    hint="How often do you draw? Each image needs a move of its own.",
)
def shifts_all_alike_out_of_a_frame(images, max_shift, rng):
    down, right = max_shift - rng.integers(0, 2 * max_shift + 1, 2)
    return _all_moved(images, [(down, right)] * len(images))


@misconception(
    of="random_shift",
    says="One number is used for both directions, so images only move along the diagonal.",
    hint="How many numbers does each image need? Can yours move to the right without moving down?",
)
def shifts_along_the_diagonal_out_of_a_frame(images, max_shift, rng):
    moves = [max_shift - rng.integers(0, 2 * max_shift + 1) for _ in images]
    return _all_moved(images, [(move, move) for move in moves])


@misconception(
    of="random_shift",
    says="What is empty after the move mirrors the image instead of being 0.",
    hint="np.pad has several modes. Which one fills in zeros?",
)
def shifts_and_mirrors_the_edge(images, max_shift, rng):
    m, (height, width) = max_shift, images.shape[1:3]
    frame = np.pad(images, [(0, 0), (m, m), (m, m)] + [(0, 0)] * (images.ndim - 3), mode="reflect")
    places = rng.integers(0, 2 * m + 1, size=(len(images), 2))
    return np.array([one[a : a + height, b : b + width] for one, (a, b) in zip(frame, places, strict=True)])


@misconception(
    of="random_shift",
    says="Moves are drawn from the real numbers and cut towards 0, so -max_shift never comes and 0 twice as often.",
    hint="Which real numbers does int() make 0, and which -1? Draw whole numbers.",
)
def shifts_by_cutting_towards_0(images, max_shift, rng):
    return _all_moved(images, [rng.uniform(-max_shift, max_shift + 1, 2).astype(int) for _ in images])


@misconception(
    of="random_shift",
    says="Height and width have changed places: images that are not square lose rows or columns.",
    hint="Which comes first in images.shape, H or W? Try an image that is not square.",
)
def shifts_with_height_for_width(images, max_shift, rng):
    width, height = images.shape[1:3]
    out = np.zeros_like(images)
    for old, new in zip(images, out, strict=True):
        down, right = rng.integers(-max_shift, max_shift + 1, 2)
        new[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = old[
            max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
        ]
    return out


@misconception(
    of="random_shift",
    says="Each channel is moved by a number of its own, so the colours come apart.",
    hint="An image in colour has one place. How often is a move drawn for it?",
)
def shifts_each_channel(images, max_shift, rng):
    if images.ndim == 3:
        return _all_moved(images, _moves_of_each(images, max_shift, rng))
    out = np.zeros_like(images)
    for old, new in zip(images, out, strict=True):
        for channel in range(images.shape[3]):
            move = rng.integers(-max_shift, max_shift + 1, 2)
            new[..., channel] = _all_moved(old[np.newaxis, ..., channel], [move])[0]
    return out


@misconception(
    of="random_shift",
    says="The moves are returned as well; only the moved images are asked for.",
    hint="What does moved = random_shift(...) hold?",
)
def shifts_and_tells_the_moves(images, max_shift, rng):
    moves = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
    return _all_moved(images, moves), moves


# ---------------------------------------------------------------- random_crop


def _cut(images, size, tops, lefts):
    pairs = zip(images, tops, lefts, strict=True)
    return np.stack([image[t : t + size, s : s + size] for image, t, s in pairs])


def _room(images, size):
    return images.shape[1] - size, images.shape[2] - size


def _corners(images, size, rng):
    """Top and left of each image's window, drawn image by image."""
    down, right = _room(images, size)
    corners = [(rng.integers(down + 1), rng.integers(right + 1)) for _ in images]
    return [top for top, _ in corners], [left for _, left in corners]


@misconception(
    of="random_crop",
    says="The windows at the lower and the right edge never come: the upper end of rng.integers is left out.",
    hint="In 4 rows a window of 3 can begin at row 0 or 1. Which numbers does rng.integers(1) draw?",
)
def crops_never_at_the_far_edge(images, size, rng):
    down, right = _room(images, size)
    corners = [(rng.integers(max(down, 1)), rng.integers(max(right, 1))) for _ in images]
    return _cut(images, size, *zip(*corners, strict=True))


@misconception(
    of="random_crop",
    says="All images are cut at the same place.",
    hint="How often do you draw? Each image needs a place of its own.",
)
def crops_all_alike(images, size, rng):
    down, right = _room(images, size)
    top, left = rng.integers(down + 1), rng.integers(right + 1)
    return images[:, top : top + size, left : left + size].copy()


@misconception(
    of="random_crop",
    says="The window is always cut out of the middle.",
    hint="Every place where the window fits should be possible. What do you draw from rng?",
)
def crops_the_middle(images, size, rng):
    top, left = (room // 2 for room in _room(images, size))
    return images[:, top : top + size, left : left + size].copy()


@misconception(
    of="random_crop",
    says="One number is used for both directions, so windows lie along the diagonal.",
    hint="How many numbers does each image need?",
)
def crops_along_the_diagonal(images, size, rng):
    starts = rng.integers(min(_room(images, size)) + 1, size=len(images))
    return _cut(images, size, starts, starts)


@misconception(
    of="random_crop",
    says="Height and width have changed places in the draws: in images that are not square, windows are cut short or miss an edge.",
    hint="Which of images.shape[1] and images.shape[2] limits where the top of the window may be?",
)
def crops_with_height_for_width(images, size, rng):
    down, right = _room(images, size)
    windows = []
    for image in images:
        top, left = rng.integers(right + 1), rng.integers(down + 1)
        windows.append(image[top : top + size, left : left + size])
    return np.stack(windows)


@misconception(
    of="random_crop",
    says="Windows may begin anywhere in the image, so those near the edge are cut short.",
    hint="Where is the last place at which a window of this size still fits?",
)
def crops_over_the_edge(images, size, rng):
    windows = []
    for image in images:
        top, left = rng.integers(image.shape[0]), rng.integers(image.shape[1])
        windows.append(image[top : top + size, left : left + size])
    return np.stack(windows) if len({w.shape for w in windows}) == 1 else windows


@misconception(
    of="random_crop",
    says="Windows come only from the four corners.",
    hint="Every place where the window fits should be possible.",
)
def crops_the_corners(images, size, rng):
    down, right = _room(images, size)
    picks = rng.integers(2, size=(len(images), 2))
    return _cut(images, size, picks[:, 0] * down, picks[:, 1] * right)


@misconception(
    of="random_crop",
    says="The window is moved up and down only; it always begins at the left edge.",
    hint="Two numbers are drawn for each image, one for each direction.",
)
def crops_only_up_and_down(images, size, rng):
    tops = rng.integers(_room(images, size)[0] + 1, size=len(images))
    return _cut(images, size, tops, np.zeros_like(tops))


@misconception(
    of="random_crop",
    says="The window is moved sideways only; it always begins at the upper edge.",
    hint="Two numbers are drawn for each image, one for each direction.",
)
def crops_only_sideways(images, size, rng):
    lefts = rng.integers(_room(images, size)[1] + 1, size=len(images))
    return _cut(images, size, np.zeros_like(lefts), lefts)


@misconception(
    of="random_crop",
    says="The windows are one pixel larger than asked for.",
    hint="A slice stops before its end: how many pixels are in image[2 : 2 + size]?",
)
def crops_one_too_large(images, size, rng):
    side = min(size + 1, *images.shape[1:3])
    return _cut(images, side, *_corners(images, side, rng))


@misconception(
    of="random_crop",
    says="The images keep their size: what is outside of the window is set to 0 instead of cut off.",
    hint="What shape must the result have?",
)
def crops_by_blacking_out(images, size, rng):
    out = np.zeros_like(images)
    for i, (t, s) in enumerate(zip(*_corners(images, size, rng), strict=True)):
        out[i, t : t + size, s : s + size] = images[i, t : t + size, s : s + size]
    return out


@misconception(
    of="random_crop",
    says="The pixels of a window are picked one by one from all over the image.",
    hint="A window is a block of neighbouring pixels: draw where it begins, then slice.",
)
def crops_scattered_pixels(images, size, rng):
    windows = []
    for image in images:
        rows = np.sort(rng.choice(image.shape[0], size, replace=False))
        columns = np.sort(rng.choice(image.shape[1], size, replace=False))
        windows.append(image[rows][:, columns])
    return np.stack(windows)


@misconception(
    of="random_crop",
    says="Every call starts a generator of its own with a fixed seed, so the windows are always the same.",
    hint="Draw from the rng you are given: it remembers what it has drawn.",
)
def crops_by_its_own_seed(images, size, rng):
    return _cut(images, size, *_corners(images, size, np.random.default_rng(0)))


@misconception(
    of="random_crop",
    says="The images come back as floats, whatever they were.",
    hint="np.zeros makes floats unless it is told a dtype. What is images.dtype?",
)
def crops_into_floats(images, size, rng):
    return _cut(images, size, *_corners(images, size, rng)).astype(float)


@misconception(
    of="random_crop",
    says="The first axis is cut too, or instead: images are picked, not windows of each image.",
    hint="In (N, H, W) the axes to cut are 1 and 2. How many windows must come back?",
)
def crops_the_wrong_axes(images, size, rng):
    top = rng.integers(max(images.shape[0] - size, 0) + 1)
    left = rng.integers(images.shape[1] - size + 1)
    return images[top : top + size, left : left + size].copy()


@misconception(
    of="random_crop",
    says="All windows begin at the same row; only the column is drawn for each image.",
    hint="Which of your two draws is inside of the loop over the images?",
)
def crops_with_one_row_for_all(images, size, rng):
    down, right = _room(images, size)
    top = int(rng.integers(down + 1))
    lefts = rng.integers(right + 1, size=len(images))
    return _cut(images, size, [top] * len(images), lefts)


@misconception(
    of="random_crop",
    says="Places are drawn from the real numbers and rounded, so windows at the edges come half as often as others.",
    hint="Which real numbers are rounded to 0, and which to 1? Draw whole numbers.",
)
def crops_by_rounding(images, size, rng):
    down, right = _room(images, size)
    places = np.rint(rng.uniform(size=(len(images), 2)) * [down, right]).astype(int)
    return _cut(images, size, places[:, 0], places[:, 1])


@misconception(
    of="random_crop",
    says="Windows that stick out are pushed back to the edge, so those at the edge come too often.",
    hint="Draw only from the places where the window fits.",
)
def crops_pushed_back_from_the_edge(images, size, rng):
    down, right = _room(images, size)
    corners = [(rng.integers(down + size), rng.integers(right + size)) for _ in images]
    return _cut(images, size, [min(top, down) for top, _ in corners], [min(left, right) for _, left in corners])


@misconception(
    of="random_crop",
    says="Rows and columns of the windows have changed places.",
    hint="Compare a window with the image pixel by pixel: what was above must stay above.",
)
def crops_along_swapped_axes(images, size, rng):
    return _cut(images, size, *_corners(images, size, rng)).swapaxes(1, 2).copy()
