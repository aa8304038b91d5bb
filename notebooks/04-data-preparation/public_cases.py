"""What `check(...)` tries in the notebook: small cases to look at while you work."""

import numpy as np

from nnlib.checks import require, tolerance


def _rows(n):
    """Row i is (2i, 2i + 1) and its label is i, so that every row tells which example it is."""
    return np.arange(2.0 * n).reshape(n, 2), np.arange(n)


def _four_points():
    """The points of the example by hand in section 4."""
    return np.array([[4.0, 5.0], [-2.0, -3.0], [0.2, 1.6], [1.8, 0.4]])


def _six_points():
    """Three features of different spread that go together, far from the origin."""
    return np.array(
        [[10.0, 1.0, 4.0], [14.0, 2.5, 4.0], [9.0, 0.0, 5.0], [16.0, 2.0, 6.0], [11.0, 1.5, 3.0], [12.0, 2.0, 5.0]]
    )


def _same_and_other(results):
    """Whether the second result is the first, as it should be, and whether the third is, as it should not."""
    return {
        "the same state, the same result": bool(np.array_equal(results[0], results[1])),
        "another state, the same result": bool(np.array_equal(results[0], results[2])),
    }


def _array(result):
    """A list of numbers is as good as an array."""
    return np.array(result) if isinstance(result, list | tuple) else result


# ---------------------------------------------------------------- train_dev_test_split


def ten_examples_in_60_20_20(train_dev_test_split):
    """10 examples by (0.6, 0.2, 0.2)"""
    X, y = _rows(10)
    sets = train_dev_test_split(X, y, (0.6, 0.2, 0.2), np.random.default_rng(0))
    if len(sets) != 3:
        return {"number of pairs": len(sets)}
    rows, labels = (np.concatenate([pair[part] for pair in sets]) for part in (0, 1))
    return {
        "number of pairs": 3,
        "sizes of the sets": [len(pair[1]) for pair in sets],
        "labels of all sets, sorted": np.sort(labels),
        "share of examples with their own label": np.mean(rows[:, 0] == 2 * labels),
        "X afterwards": X,
        "y afterwards": y,
    }


def unequal_dev_and_test_sets(train_dev_test_split):
    """20 examples by (0.5, 0.3, 0.2)"""
    sets = train_dev_test_split(*_rows(20), (0.5, 0.3, 0.2), np.random.default_rng(1))
    return [len(pair[1]) for pair in sets]


def no_test_set(train_dev_test_split):
    """8 examples by (0.75, 0.25, 0)"""
    sets = train_dev_test_split(*_rows(8), (0.75, 0.25, 0.0), np.random.default_rng(1))
    return [len(pair[1]) for pair in sets]


def generators_of_the_same_state(train_dev_test_split):
    """two generators in the same state and one in another: whether the splits of 40 examples are the same"""
    splits = [train_dev_test_split(*_rows(40), (0.5, 0.25, 0.25), np.random.default_rng(seed)) for seed in (7, 7, 8)]
    return _same_and_other([np.sort(pairs[0][1]) for pairs in splits])


def thirds_of_eleven(train_dev_test_split):
    """11 examples by thirds, which are not whole numbers"""
    sets = train_dev_test_split(*_rows(11), (1 / 3, 1 / 3, 1 / 3), np.random.default_rng(2))
    return {"labels of all sets, sorted": np.sort(np.concatenate([pair[1] for pair in sets]))}


def each_example_once(train_dev_test_split):
    """30 examples by (0.4, 0.3, 0.3): whether each is in one set, and in one only"""
    sets = train_dev_test_split(*_rows(30), (0.4, 0.3, 0.3), np.random.default_rng(4))
    labels = [np.asarray(pair[1]).tolist() for pair in sets]
    together = [label for each in labels for label in set(each)]
    return {
        "an example is in two sets": len(set(together)) < len(together),
        "an example is in no set": len(set(together)) < 30,
        "an example is twice in a set": any(len(set(each)) < len(each) for each in labels),
    }


def kinds_of_numbers(train_dev_test_split):
    """examples in float32 with labels that are whole numbers: what they are afterwards"""
    X, y = _rows(10)
    sets = train_dev_test_split(X.astype(np.float32), y, (0.6, 0.2, 0.2), np.random.default_rng(5))
    return {
        "dtypes of the examples": sorted({str(np.asarray(rows).dtype) for rows, _ in sets}),
        "labels are whole numbers": all(np.asarray(labels).dtype.kind == "i" for _, labels in sets),
    }


def two_hundred_splits(train_dev_test_split):
    """200 splits of the same 10 examples, with one rng"""
    X, y = _rows(10)
    rng = np.random.default_rng(3)
    dev, together = set(), set()
    for _ in range(200):
        labels = [pair[1] for pair in train_dev_test_split(X.copy(), y.copy(), (0.6, 0.2, 0.2), rng)]
        dev |= set(np.asarray(labels[1]).tolist())
        together |= {tuple(sorted(np.asarray(labels[1]).tolist()))}
    return {
        "examples that were ever in the dev set": sorted(dev),
        "dev sets that are no neighbours came": any(b - a not in (1, 9) for a, *_, b in together if a != b),
    }


# ---------------------------------------------------------------- standardize_fit


def two_four_six(standardize_fit):
    """a single feature with the values 2, 4, 6"""
    X = np.array([[2.0], [4.0], [6.0]])
    mean, std = standardize_fit(X)
    return {"mean": _array(mean), "std": _array(std), "X afterwards": X}


def a_constant_feature(standardize_fit):
    """a feature that is always 5 between two that vary, each of which has a value twice"""
    mean, std = standardize_fit(
        np.array([[0.1, 5.0, 10.0], [0.3, 5.0, 10.0], [0.2, 5.0, 80.0], [0.2, 5.0, 0.0], [0.1, 5.0, 9.0]])
    )
    return {"mean": _array(mean), "std": _array(std)}


def tiny_deviations(standardize_fit):
    """two features whose values differ by some billionths"""
    mean, std = standardize_fit(np.array([[0.0, 3e-9], [2e-9, 0.0], [4e-9, 3e-9]]))
    return {"mean, in billionths": _array(mean) * 1e9, "std, in billionths": _array(std) * 1e9}


def whole_numbers_fit(standardize_fit):
    """two features of whole numbers"""
    mean, std = standardize_fit(np.array([[1, 10], [2, 30], [4, 81]]))
    return {"mean": _array(mean), "std": _array(std)}


def constants_that_are_no_whole_numbers(standardize_fit):
    """features that are always 0.1, 0.7 or 25.5, in 2 to 60 examples"""
    fitted = [standardize_fit(np.tile([0.1, 0.7, 25.5], (n, 1))) for n in range(2, 61)]
    return {
        "the means are 0.1, 0.7 and 25.5": all(np.allclose(mean, [0.1, 0.7, 25.5], rtol=1e-6) for mean, _ in fitted),
        "every deviation is 1": all(np.shape(std) == (3,) and np.allclose(std, 1.0) for _, std in fitted),
    }


# ---------------------------------------------------------------- standardize_apply


def two_houses(standardize_apply):
    """two examples with the mean (4, 100) and the deviation (2, 50)"""
    X, mean, std = np.array([[6.0, 50.0], [3.0, 225.0]]), np.array([4.0, 100.0]), np.array([2.0, 50.0])
    return {"result": _array(standardize_apply(X, mean, std)), "X afterwards": X}


def one_house(standardize_apply):
    """a single example with the mean (4, 100) and the deviation (2, 50)"""
    return _array(standardize_apply(np.array([[5.0, 25.0]]), np.array([4.0, 100.0]), np.array([2.0, 50.0])))


def whole_numbers_apply(standardize_apply):
    """two examples of whole numbers with the mean (4, 100) and the deviation (0.5, 50)"""
    X = np.array([[6, 50], [3, 225]])
    return _array(standardize_apply(X, np.array([4.0, 100.0]), np.array([0.5, 50.0])))


# ---------------------------------------------------------------- pca_fit


def the_points_by_hand(pca_fit):
    """the four points by hand and k = 2 (components without their signs)"""
    X = _four_points()
    mean, components = pca_fit(X, 2)
    return {"mean": mean, "components": np.abs(components), "X afterwards": X}


def two_of_three(pca_fit):
    """six points with three features and k = 2 (components without their signs)"""
    X = _six_points()
    mean, components = pca_fit(X, 2)
    return {"mean": mean, "components": np.abs(components), "components.T @ components": components.T @ components}


def the_first_of_three(pca_fit):
    """six points with three features and k = 1: the variance along the component"""
    X = _six_points()
    _, components = pca_fit(X, 1)
    return {"shape of the components": list(components.shape), "variance": (X @ components).var()}


# ---------------------------------------------------------------- pca_apply


def coordinates_by_hand(pca_apply):
    """the four points by hand and both their components"""
    X, mean, components = _four_points(), np.array([1.0, 1.0]), np.array([[0.6, -0.8], [0.8, 0.6]])
    return {"coordinates": _array(pca_apply(X, mean, components)), "X afterwards": X}


def another_set(pca_apply):
    """two other points along the first component"""
    return _array(pca_apply(np.array([[7.0, 9.0], [1.0, 3.5]]), np.array([1.0, 1.5]), np.array([[0.6], [0.8]])))


def one_point(pca_apply):
    """a single point along two directions of three features"""
    directions = np.array([[1.0, 0.0], [0.0, 0.6], [0.0, -0.8]])
    return _array(pca_apply(np.array([[3.0, 4.0, 5.0]]), np.array([1.0, -1.0, 2.0]), directions))


# ---------------------------------------------------------------- whiten


def the_points_by_hand_whitened(whiten):
    """the four points by hand and eps = 0 (columns without their signs)"""
    X = _four_points()
    return {"whitened": np.abs(whiten(X, 0.0)), "X afterwards": X}


def covariance_afterwards(whiten):
    """six points with three features and eps = 0: mean and covariance of the result"""
    Z = whiten(_six_points(), 0.0)
    return {"mean": Z.mean(axis=0), "covariance": np.cov(Z.T, ddof=0)}


def with_eps(whiten):
    """six points with three features and eps = 0.5 (columns without their signs)"""
    return np.abs(whiten(_six_points(), 0.5))


# ---------------------------------------------------------------- mean_image


def two_small_images(mean_image):
    """two images of one row with two pixels and two channels"""
    X = np.array([[[[1.0, 0.0], [3.0, 0.0]]], [[[5.0, 2.0], [7.0, 6.0]]]])
    return {"mean image": _array(mean_image(X)), "X afterwards": X}


def three_flat_images(mean_image):
    """three flat images of four pixels"""
    return _array(mean_image(np.array([[0.0, 1.0, 2.0, 3.0], [0.0, 1.0, 8.0, 3.0], [6.0, 1.0, 2.0, 9.0]])))


def bytes_as_pixels(mean_image):
    """two grey images of bytes"""
    X = np.array([[[200, 1], [0, 255]], [[101, 2], [0, 255]]], dtype=np.uint8)
    return _array(mean_image(X))


# ---------------------------------------------------------------- channel_mean


def two_channels_by_hand(channel_mean):
    """two images of one row with two pixels and two channels"""
    images = np.array([[[[1.0, 0.0], [3.0, 0.0]]], [[[5.0, 2.0], [7.0, 6.0]]]])
    return {"channel means": _array(channel_mean(images)), "images afterwards": images}


def three_channels(channel_mean):
    """two colour images of 2 × 4 pixels"""
    return _array(channel_mean((np.arange(48.0).reshape(2, 2, 4, 3) % 7) ** 2))


def channels_of_bytes(channel_mean):
    """two colour images of bytes, 1 × 2 pixels"""
    images = np.array([[[[200, 1, 0], [101, 2, 9]]], [[[250, 1, 0], [250, 1, 0]]]], dtype=np.uint8)
    return _array(channel_mean(images))


# ---------------------------------------------------------------- flip_horizontal


def two_grey_images(flip_horizontal):
    """two grey images of 2 × 3 pixels"""
    images = np.array([[[1.0, 5.0, 2.0], [8.0, 3.0, 9.0]], [[4.0, 7.0, 6.0], [0.0, 12.0, 11.0]]])
    return {"mirrored": np.array(flip_horizontal(images)), "images afterwards": images}


def a_colour_image(flip_horizontal):
    """a colour image of 2 × 2 pixels"""
    return _array(flip_horizontal(np.arange(12.0).reshape(1, 2, 2, 3)))


# ---------------------------------------------------------------- random_shift


def _lit(n):
    """Images of 5 × 5 with a lit pixel in the middle, which shows how far an image was moved."""
    images = np.zeros((n, 5, 5))
    images[:, 2, 2] = 1.0
    return images


def _moves(moved):
    """How far each lit pixel has come, as (down, right)."""
    moved = np.asarray(moved)
    require(moved.ndim == 3 and moved.shape[1:] == (5, 5), f"The images must stay of 5 × 5, but {moved.shape} came.")
    lit = moved.sum(axis=(1, 2))
    require((lit > 0).all(), "The lit pixel in the middle of an image was lost, though it cannot move out.")
    require((lit == 1).all(), "An image has more than its one lit pixel after the move.")
    return np.argwhere(moved == 1)[:, 1:] - 2


def one_image_at_a_time(random_shift):
    """an image with a lit pixel in the middle, moved 600 times by at most two pixels"""
    rng = np.random.default_rng(0)
    moves = _moves(np.concatenate([random_shift(_lit(1), 2, rng) for _ in range(600)]))
    return {
        "moves down (up is negative)": np.unique(moves[:, 0]),
        "moves right (left is negative)": np.unique(moves[:, 1]),
        "different moves": len(np.unique(moves, axis=0)),
    }


def six_hundred_images(random_shift):
    """600 images with a lit pixel in the middle, moved together by at most two pixels"""
    moves = _moves(random_shift(_lit(600), 2, np.random.default_rng(1)))
    return {"different moves": len(np.unique(moves, axis=0))}


def what_moves_in(random_shift):
    """600 images of 3 × 3 pixels, 1 2 4 over 8 16 32 over 64 128 256, moved by at most one: the sums that are left"""
    images = np.tile(2.0 ** np.arange(9).reshape(1, 3, 3), (600, 1, 1))
    moved = np.asarray(random_shift(images, 1, np.random.default_rng(2)))
    return {"shape": list(moved.shape), "sums that came": np.unique(moved.reshape(len(moved), -1).sum(axis=1))}


@tolerance(rtol=0.25)
def shares_of_the_moves(random_shift):
    """6000 images with a lit pixel in the middle, moved by at most two pixels: the share of each move"""
    moves = _moves(random_shift(_lit(6000), 2, np.random.default_rng(4)))
    return {
        "share of the moves down by -2 to 2": np.mean(moves[:, 0] == np.arange(-2, 3)[:, None], axis=1),
        "share of the moves right by -2 to 2": np.mean(moves[:, 1] == np.arange(-2, 3)[:, None], axis=1),
    }


def generators_of_one_state(random_shift):
    """two generators in the same state and one in another: whether 60 images are moved alike"""
    return _same_and_other([np.array(random_shift(_lit(60), 1, np.random.default_rng(seed))) for seed in (7, 7, 8)])


def a_wide_image(random_shift):
    """100 images of 2 × 5 pixels, all 1, moved by at most one pixel: the sums that are left"""
    moved = np.asarray(random_shift(np.ones((100, 2, 5)), 1, np.random.default_rng(5)))
    return {"shape": list(moved.shape), "sums that came": np.unique(moved.reshape(len(moved), -1).sum(axis=1))}


def colour_images_of_bytes(random_shift):
    """300 colour images of bytes"""
    images = np.full((300, 4, 4, 3), 7, dtype=np.uint8) * np.array([1, 2, 3], dtype=np.uint8)
    moved = np.asarray(random_shift(images, 1, np.random.default_rng(3)))
    return {
        "dtype": str(moved.dtype),
        "values that came, by channel": [sorted(set(moved[..., c].ravel().tolist())) for c in range(3)],
        "images afterwards": images[:1],
        "images afterwards, smallest pixel": int(images.min()),
    }


# ---------------------------------------------------------------- random_crop


def one_window_at_a_time(random_crop):
    """an image of 3 × 4 pixels, 0 to 11 in order, cut 400 times to 2 × 2"""
    rng, image = np.random.default_rng(0), np.arange(12.0).reshape(1, 3, 4)
    corners = {float(np.asarray(random_crop(image.copy(), 2, rng))[0, 0, 0]) for _ in range(400)}
    return {"upper left pixels that came": sorted(corners)}


def four_hundred_windows(random_crop):
    """400 copies of an image of 3 × 4 pixels, cut together to 2 × 2"""
    images = np.tile(np.arange(12.0).reshape(1, 3, 4), (400, 1, 1))
    windows = np.asarray(random_crop(images, 2, np.random.default_rng(1)))
    return {
        "shape": list(windows.shape),
        "different windows": len({tuple(window) for window in windows.reshape(len(windows), -1).tolist()}),
        "pixels side by side": bool(np.all(np.diff(windows, axis=2) == 1) and np.all(np.diff(windows, axis=1) == 4)),
        "images afterwards": images[:1],
    }


@tolerance(rtol=0.25)
def shares_of_the_places(random_crop):
    """6000 copies of an image of 2 × 6 pixels, cut to 2 × 2: the share of the places 0, 1, 2, 3, 4"""
    images = np.tile(np.arange(6.0), (6000, 2, 1))
    windows = np.asarray(random_crop(images, 2, np.random.default_rng(3)))
    return np.mean(windows[:, 0, 0] == np.arange(5)[:, None], axis=1)


def generators_of_a_state(random_crop):
    """two generators in the same state and one in another: whether 60 images are cut alike"""
    images = np.arange(60.0 * 12).reshape(60, 3, 4)
    return _same_and_other([np.array(random_crop(images, 2, np.random.default_rng(seed))) for seed in (7, 7, 8)])


def a_colour_window_of_bytes(random_crop):
    """colour images of bytes, 2 × 2 pixels, cut to 2 × 2"""
    images = np.arange(12, dtype=np.uint8).reshape(1, 2, 2, 3)
    windows = np.asarray(random_crop(images, 2, np.random.default_rng(2)))
    return {"dtype": str(windows.dtype), "window": windows}
