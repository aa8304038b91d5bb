"""Correct implementations of 04-data-preparation written differently; refusing one is a bug of ours."""

import math

import numpy as np

from grader.authoring import variant

# ---------------------------------------------------------------- train_dev_test_split


@variant(of="train_dev_test_split")
def splits_rounding_down_with_the_rest_for_testing(X, y, fractions, rng):
    index = np.arange(len(X))
    rng.shuffle(index)
    a = int(len(X) * fractions[0])
    b = a + int(len(X) * fractions[1])
    return [[X[index[:a]], y[index[:a]]], [X[index[a:b]], y[index[a:b]]], [X[index[b:]], y[index[b:]]]]


@variant(of="train_dev_test_split")
def splits_by_cumulative_shares(X, y, fractions, rng):
    ends = np.rint(np.cumsum(fractions) * len(X)).astype(int)[:2]
    order = np.argsort(rng.random(len(X)))
    return tuple(zip(np.split(X[order], ends), np.split(y[order], ends), strict=True))


@variant(of="train_dev_test_split")
def splits_by_choosing_in_turn(X, y, fractions, rng):
    n = len(X)
    n_test, n_dev = math.floor(fractions[2] * n + 1e-9), math.floor(fractions[1] * n + 1e-9)
    test = rng.choice(n, n_test, replace=False)
    rest = np.setdiff1d(np.arange(n), test)
    dev = rng.choice(rest, n_dev, replace=False)
    train = np.setdiff1d(rest, dev)  # in the order of the data, which is no part of the exercise
    return (X[train], y[train]), (X[dev], y[dev]), (X[test], y[test])


@variant(of="train_dev_test_split")
def splits_with_masks(X, y, fractions, rng):
    n, place = len(X), rng.permutation(len(X))
    a, b = math.ceil(round(fractions[0] * n, 9)), math.ceil(round((fractions[0] + fractions[1]) * n, 9))
    masks = (place < a, (place >= a) & (place < b), place >= b)
    return tuple((X[mask], y[mask]) for mask in masks)


@variant(of="train_dev_test_split")
def splits_shuffled_copies_by_one_state(X, y, fractions, rng):
    seed = int(rng.integers(2**62))
    X, y = X.copy(), y.copy()
    np.random.default_rng(seed).shuffle(X)
    np.random.default_rng(seed).shuffle(y)
    a = round(len(X) * fractions[0])
    b = a + round(len(X) * fractions[1])
    return (X[:a], y[:a]), (X[a:b], y[a:b]), (X[b:], y[b:])


# ---------------------------------------------------------------- standardize_fit


@variant(of="standardize_fit")
def fit_by_hand(X):
    n = X.shape[0]
    mean = np.sum(X, axis=0) / n
    std = np.sqrt(np.sum((X - mean) ** 2, axis=0) / n)
    std[std == 0] = 1
    return mean, std


@variant(of="standardize_fit")
def fit_by_loops(X):
    mean, std = [], []
    for column in X.T.tolist():
        m = sum(column) / len(column)
        s = math.sqrt(sum((v - m) ** 2 for v in column) / len(column))
        mean.append(m)
        std.append(s if s > 0 else 1.0)
    return np.array(mean), np.array(std)


@variant(of="standardize_fit")
def fit_by_mean_of_squares(X):
    X = np.asarray(X, dtype=np.float64)
    mean = X.mean(0)
    variance = np.maximum((X * X).mean(0) - mean**2, 0.0)
    constant = X.max(0) == X.min(0)
    return mean, np.sqrt(np.where(constant, 1.0, variance))


@variant(of="standardize_fit")
def fit_with_a_threshold(X):
    std = np.std(X, axis=0)
    return [np.mean(X, axis=0), np.where(std < 1e-12, 1.0, std)]


@variant(of="standardize_fit")
def fit_in_single_precision(X):
    X32 = X.astype(np.float32)
    std = X32.std(axis=0)
    std[np.ptp(X, axis=0) == 0] = 1
    return X32.mean(axis=0), std


# ---------------------------------------------------------------- standardize_apply


@variant(of="standardize_apply")
def apply_by_loops(X, mean, std):
    return np.array([[(v - m) / s for v, m, s in zip(row, mean, std, strict=True)] for row in X])


@variant(of="standardize_apply")
def apply_on_a_copy(X, mean, std):
    X = X.astype(float)
    X -= mean[np.newaxis, :]
    X /= std[np.newaxis, :]
    return X


@variant(of="standardize_apply")
def apply_in_two_terms(X, mean, std):
    return X / std - mean / std


@variant(of="standardize_apply")
def apply_with_functions(X, mean, std):
    return np.divide(np.subtract(X, mean), std)


# ---------------------------------------------------------------- pca_fit


@variant(of="pca_fit")
def pca_by_svd(X, k):
    mean = X.mean(axis=0)
    _, _, rows = np.linalg.svd(X - mean, full_matrices=False)
    return mean, rows[:k].T


@variant(of="pca_fit")
def pca_by_svd_of_the_covariance(X, k):
    mu = np.mean(X, axis=0)
    U, _, _ = np.linalg.svd(np.cov(X, rowvar=False).reshape(X.shape[1], -1))
    return mu, U[:, :k]


@variant(of="pca_fit")
def pca_by_general_eigenvectors_sorted(X, k):
    mu = X.mean(0)
    C = (X - mu).T @ (X - mu) / (len(X) - 1)
    values, vectors = np.linalg.eig(C)
    order = np.argsort(-values.real)[:k]
    return mu, np.real(vectors[:, order])


@variant(of="pca_fit")
def pca_with_other_signs(X, k):
    mu = X.mean(0)
    C = np.einsum("ni,nj->ij", X - mu, X - mu) / len(X)
    _, vectors = np.linalg.eigh(-C)  # rising of the negative is falling
    return [mu, vectors[:, :k] * -1.0]


@variant(of="pca_fit")
def pca_from_products_of_examples(X, k):
    mu = X.mean(0)
    _, between = np.linalg.eigh((X - mu) @ (X - mu).T)
    columns = (X - mu).T @ between[:, ::-1][:, :k]
    return mu, columns / np.linalg.norm(columns, axis=0)


@variant(of="pca_fit")
def pca_direction_by_direction(X, k):
    mu = X.mean(0)
    C = (X - mu).T @ (X - mu) / len(X)
    found = []
    for _ in range(k):
        values, vectors = np.linalg.eigh(C)
        found.append(vectors[:, -1])
        C = C - values[-1] * np.outer(vectors[:, -1], vectors[:, -1])
    return mu, np.array(found).T


# ---------------------------------------------------------------- pca_apply


@variant(of="pca_apply")
def coordinates_by_turning_the_mean_too(X, mean, components):
    return X @ components - mean @ components


@variant(of="pca_apply")
def coordinates_by_einsum(X, mean, components):
    return np.einsum("nd,dk->nk", X - mean, components)


@variant(of="pca_apply")
def coordinates_by_loops(X, mean, components):
    out = np.empty((len(X), components.shape[1]))
    for i, x in enumerate(X):
        for j in range(components.shape[1]):
            out[i, j] = np.dot(x - mean, components[:, j])
    return out


@variant(of="pca_apply")
def coordinates_by_columns(X, mean, components):
    return np.dot(components.T, (X - mean).T).T


# ---------------------------------------------------------------- whiten


@variant(of="whiten")
def whiten_by_svd(X, eps):
    centred = X - X.mean(axis=0)
    U, S, _ = np.linalg.svd(centred, full_matrices=False)
    return U * S / np.sqrt(S**2 / len(X) + eps)


@variant(of="whiten")
def whiten_by_eigh(X, eps):
    Xc = X - np.mean(X, axis=0)
    values, vectors = np.linalg.eigh(np.cov(Xc.T, bias=True))
    values, vectors = values[::-1], vectors[:, ::-1]
    return -(Xc @ vectors) / np.sqrt(values + eps)


@variant(of="whiten")
def whiten_by_svd_of_the_covariance(X, eps):
    Xc = X - X.mean(axis=0)
    U, S, _ = np.linalg.svd(np.dot(Xc.T, Xc) / Xc.shape[0])
    return np.dot(Xc, U) / np.sqrt(S + eps)


@variant(of="whiten")
def whiten_by_a_diagonal_matrix(X, eps):
    Xc = X - X.mean(axis=0)
    values, vectors = np.linalg.eigh(Xc.T @ Xc / len(X))
    order = np.argsort(values)[::-1]
    return Xc @ vectors[:, order] @ np.diag((values[order] + eps) ** -0.5)


# ---------------------------------------------------------------- mean_image


@variant(of="mean_image")
def mean_image_by_sum(X):
    return np.sum(X, axis=0, dtype=float) / X.shape[0]


@variant(of="mean_image")
def mean_image_by_a_loop(X):
    total = np.zeros(X.shape[1:])
    for image in X:
        total += image
    return total / len(X)


@variant(of="mean_image")
def mean_image_in_single_precision(X):
    return np.average(X.astype(np.float32), axis=0)


@variant(of="mean_image")
def mean_image_by_reshaping(X):
    return X.reshape(len(X), -1).mean(0).reshape(X.shape[1:])


# ---------------------------------------------------------------- channel_mean


@variant(of="channel_mean")
def channel_mean_by_reshaping(images):
    return images.reshape(-1, images.shape[-1]).mean(axis=0)


@variant(of="channel_mean")
def channel_mean_one_by_one(images):
    return [float(np.mean(images[:, :, :, c])) for c in range(images.shape[3])]


@variant(of="channel_mean")
def channel_mean_in_steps(images):
    return images.mean(axis=0).mean(axis=0).mean(axis=0)


@variant(of="channel_mean")
def channel_mean_by_einsum(images):
    n, h, w, _ = images.shape
    return np.einsum("nhwc->c", images.astype(np.float64)) / (n * h * w)


# ---------------------------------------------------------------- flip_horizontal


@variant(of="flip_horizontal")
def flips_with_np_flip(images):
    return np.flip(images, axis=2)


@variant(of="flip_horizontal")
def flips_each_image(images):
    return np.array([np.fliplr(image) for image in images])


@variant(of="flip_horizontal")
def flips_by_index(images):
    return images[:, :, np.arange(images.shape[2] - 1, -1, -1)]


@variant(of="flip_horizontal")
def flips_by_loops(images):
    out = images.copy()
    width = images.shape[2]
    for column in range(width):
        out[:, :, column] = images[:, :, width - column - 1]
    return out


# ---------------------------------------------------------------- random_shift


@variant(of="random_shift")
def shifts_by_slices(images, max_shift, rng):
    n, h, w = images.shape[:3]
    out = np.zeros(images.shape, dtype=images.dtype)
    dy = rng.integers(-max_shift, max_shift, size=n, endpoint=True)
    dx = rng.integers(-max_shift, max_shift, size=n, endpoint=True)
    for i in range(n):
        y, x = int(dy[i]), int(dx[i])
        out[i, max(y, 0) : h + min(y, 0), max(x, 0) : w + min(x, 0)] = images[
            i, max(-y, 0) : h + min(-y, 0), max(-x, 0) : w + min(-x, 0)
        ]
    return out


@variant(of="random_shift")
def shifts_by_rolling_and_blanking(images, max_shift, rng):
    moved = []
    for image in images:
        dy, dx = (int(rng.choice(np.arange(-max_shift, max_shift + 1))) for _ in range(2))
        image = np.roll(image, (dy, dx), axis=(0, 1))
        if dy > 0:
            image[:dy] = 0
        elif dy < 0:
            image[dy:] = 0
        if dx > 0:
            image[:, :dx] = 0
        elif dx < 0:
            image[:, dx:] = 0
        moved.append(image)
    return np.array(moved)


@variant(of="random_shift")
def shifts_by_floor_of_uniform(images, max_shift, rng):
    n, h, w = images.shape[:3]
    d = np.floor(rng.random((2, n)) * (2 * max_shift + 1)).astype(int) - max_shift
    rows = np.arange(h)[None, :, None] - d[0][:, None, None]
    columns = np.arange(w)[None, None, :] - d[1][:, None, None]
    inside = (rows >= 0) & (rows < h) & (columns >= 0) & (columns < w)
    got = images[np.arange(n)[:, None, None], rows % h, columns % w]
    inside = inside.reshape(inside.shape + (1,) * (images.ndim - 3))
    return np.where(inside, got, np.zeros((), images.dtype))


@variant(of="random_shift")
def shifts_pixel_by_pixel(images, max_shift, rng):
    out = np.zeros_like(images)
    for i in range(len(images)):
        down = int(rng.integers(2 * max_shift + 1)) - max_shift
        right = int(rng.integers(2 * max_shift + 1)) - max_shift
        for row in range(images.shape[1]):
            for column in range(images.shape[2]):
                if 0 <= row - down < images.shape[1] and 0 <= column - right < images.shape[2]:
                    out[i, row, column] = images[i, row - down, column - right]
    return out


# ---------------------------------------------------------------- random_crop


@variant(of="random_crop")
def crops_all_at_once(images, size, rng):
    n, h, w = images.shape[:3]
    top, left = rng.integers(0, h - size, size=n, endpoint=True), rng.integers(0, w - size, size=n, endpoint=True)
    rows = top[:, None, None] + np.arange(size)[None, :, None]
    columns = left[:, None, None] + np.arange(size)[None, None, :]
    return images[np.arange(n)[:, None, None], rows, columns]


@variant(of="random_crop")
def crops_into_a_prepared_array(images, size, rng):
    out = np.empty((len(images), size, size, *images.shape[3:]), dtype=images.dtype)
    for i in range(len(images)):
        t, s = rng.choice(images.shape[1] - size + 1), rng.choice(images.shape[2] - size + 1)
        out[i] = images[i, t : t + size, s : s + size]
    return out


@variant(of="random_crop")
def crops_by_the_number_of_the_place(images, size, rng):
    down, right = images.shape[1] - size + 1, images.shape[2] - size + 1
    windows = []
    for image in images:
        top, left = divmod(int(rng.integers(down * right)), right)
        windows.append(image[top : top + size, left : left + size])
    return np.array(windows)


@variant(of="random_crop")
def crops_with_a_sliding_view(images, size, rng):
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    n = len(images)
    tops = np.floor(rng.random(n) * view.shape[1]).astype(int)
    lefts = np.floor(rng.random(n) * view.shape[2]).astype(int)
    chosen = view[np.arange(n), tops, lefts]  # (N, size, size), the channels before the window
    return chosen if images.ndim == 3 else np.moveaxis(chosen, 1, -1)
