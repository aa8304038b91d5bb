"""New training images from old ones: flips, shifts, crops, turns, zooms and distortions that leave the label true.

Augment the training set only; dev and test sets must stay what the model will meet.
"""

import numpy as np

from nnlib._validate import Array, require_int, require_real, require_rng


def flip_horizontal(images: Array) -> Array:
    """Mirror each image left to right.

    Parameters
    ----------
    images
        ``(N, H, W)`` or ``(N, H, W, C)``.

    Returns
    -------
    Array
        New images of the same shape and dtype. Not for digits: a mirrored 2 is no digit.
    """
    return _images(images)[:, :, ::-1].copy()


def random_shift(images: Array, max_shift: int, rng: np.random.Generator) -> Array:
    """Move each image by its own random number of pixels in both directions.

    Parameters
    ----------
    images
        ``(N, H, W)`` or ``(N, H, W, C)``.
    max_shift
        Largest move, in pixels, at least 0; every move from ``-max_shift`` to ``max_shift`` is as likely.
    rng
        Source of randomness.

    Returns
    -------
    Array
        New images of the same shape and dtype. What moves in is 0, what moves out is gone.
    """
    images = _images(images)
    require_int("max_shift", max_shift, at_least=0)
    require_rng(rng)
    around = [(0, 0), (max_shift, max_shift), (max_shift, max_shift)] + [(0, 0)] * (images.ndim - 3)
    # A window of the old size, anywhere in the image with its margin, is a shifted image.
    return _random_windows(np.pad(images, around), images.shape[1], images.shape[2], rng)


def random_crop(images: Array, size: int | tuple[int, int], rng: np.random.Generator) -> Array:
    """Cut a window out of each image, at its own random place.

    Parameters
    ----------
    images
        ``(N, H, W)`` or ``(N, H, W, C)``.
    size
        Side of a square window, or (height, width), in pixels, 1 to H and W.
    rng
        Source of randomness; every place where the window fits is as likely.

    Returns
    -------
    Array
        New images ``(N, height, width[, C])`` of the same dtype.
    """
    images = _images(images)
    require_rng(rng)
    height, width = size if isinstance(size, tuple) else (size, size)
    require_int("the window's height", height, at_least=1)
    require_int("the window's width", width, at_least=1)
    if height > images.shape[1] or width > images.shape[2]:
        msg = f"A window must fit into images of {images.shape[1]}×{images.shape[2]}, got {height}×{width}."
        raise ValueError(msg + " Choose a smaller size, or pad the images first.")
    return _random_windows(images, height, width, rng)


def random_rotation(images: Array, max_degrees: float, rng: np.random.Generator) -> Array:
    """Turn each image about its centre by its own random angle.

    Parameters
    ----------
    images
        ``(N, H, W)`` or ``(N, H, W, C)``.
    max_degrees
        Largest angle, at least 0; every angle from ``-max_degrees`` to ``max_degrees`` is as likely.
    rng
        Source of randomness.

    Returns
    -------
    Array
        New images of the same shape and dtype: pixels between pixels are mixed in proportion, and what comes in from
        outside is 0. Not far for digits: a 6 turned by half a circle is a 9.
    """
    images = _images(images)
    require_real("max_degrees", max_degrees, at_least=0)
    require_rng(rng)
    angles = np.deg2rad(rng.uniform(-max_degrees, max_degrees, size=len(images)))[:, np.newaxis, np.newaxis]
    up, right = _from_centre(images)
    cos, sin = np.cos(angles), np.sin(angles)
    return _resampled(images, cos * up - sin * right, sin * up + cos * right)


def random_zoom(images: Array, most: float, rng: np.random.Generator) -> Array:
    """Enlarge or shrink each image about its centre by its own random factor.

    Parameters
    ----------
    images
        ``(N, H, W)`` or ``(N, H, W, C)``.
    most
        Largest factor, at least 1; factors lie between ``1 / most`` and ``most``, evenly on a logarithmic scale, so
        that half of the images shrink.
    rng
        Source of randomness.

    Returns
    -------
    Array
        New images of the same shape and dtype; what comes in from outside is 0.
    """
    images = _images(images)
    require_real("most", most, at_least=1)
    require_rng(rng)
    factors = np.exp(rng.uniform(-np.log(most), np.log(most), size=len(images)))[:, np.newaxis, np.newaxis]
    up, right = _from_centre(images)
    return _resampled(images, up / factors, right / factors)


def random_distortion(images: Array, strength: float, rng: np.random.Generator) -> Array:
    """Warp each image as if it were printed on rubber, smoothly and in its own way; after Simard et al. (2003).

    Parameters
    ----------
    images
        ``(N, H, W)`` or ``(N, H, W, C)``.
    strength
        Largest move of a pixel in each direction, in pixels, at least 0. Nine points, three in a row, are moved at
        random, and the pixels between them follow.
    rng
        Source of randomness.

    Returns
    -------
    Array
        New images of the same shape and dtype; what comes in from outside is 0.
    """
    images = _images(images)
    require_real("strength", strength, at_least=0)
    require_rng(rng)
    _, height, width = images.shape[:3]
    moves = rng.uniform(-strength, strength, size=(2, len(images), 3, 3))
    down, across = (_hats(size) for size in (height, width))
    smooth = np.einsum("ha,knab,wb->knhw", down, moves, across)
    up, right = _from_centre(images)
    return _resampled(images, up + smooth[0], right + smooth[1])


def _hats(size: int) -> Array:
    """Shares ``(size, 3)`` that three evenly spaced points have in each pixel of a row, between which they fall."""
    where = np.linspace(0.0, 2.0, size) if size > 1 else np.ones(1)
    return np.asarray(np.maximum(1.0 - np.abs(where[:, np.newaxis] - np.arange(3)), 0.0))


def _from_centre(images: Array) -> tuple[Array, Array]:
    """Rows ``(1, H, 1)`` and columns ``(1, 1, W)`` of the pixels, counted from the middle of the image."""
    _, height, width = images.shape[:3]
    rows, columns = np.arange(height) - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    return rows[np.newaxis, :, np.newaxis], columns[np.newaxis, np.newaxis, :]


def _resampled(images: Array, up: Array, right: Array) -> Array:
    """Take each pixel from a place ``(N, H, W)``, counted from the centre: the mean of four, by nearness."""
    n, height, width = images.shape[:3]
    # A border of zeros: what is further out is taken from it.
    framed = np.pad(images, [(0, 0), (1, 1), (1, 1)] + [(0, 0)] * (images.ndim - 3)).astype(float)
    rows = np.clip(up + (height - 1) / 2 + 1, 0, height + 1)
    columns = np.clip(right + (width - 1) / 2 + 1, 0, width + 1)
    top = np.minimum(np.floor(rows).astype(int), height)
    left = np.minimum(np.floor(columns).astype(int), width)
    shape = (*np.broadcast_shapes(rows.shape, columns.shape), *([1] * (images.ndim - 3)))
    lower, later = (np.broadcast_to(part, shape[:3]).reshape(shape) for part in (rows - top, columns - left))
    each = np.arange(n)[:, np.newaxis, np.newaxis]
    mixed = (1 - lower) * ((1 - later) * framed[each, top, left] + later * framed[each, top, left + 1])
    mixed += lower * ((1 - later) * framed[each, top + 1, left] + later * framed[each, top + 1, left + 1])
    whole = images.dtype.kind in "iu"
    return np.asarray((np.rint(mixed) if whole else mixed).astype(images.dtype))


def _random_windows(images: Array, height: int, width: int, rng: np.random.Generator) -> Array:
    n = len(images)
    top = rng.integers(images.shape[1] - height, endpoint=True, size=n)
    left = rng.integers(images.shape[2] - width, endpoint=True, size=n)
    rows = (top[:, np.newaxis] + np.arange(height))[:, :, np.newaxis]  # (N, height, 1)
    columns = (left[:, np.newaxis] + np.arange(width))[:, np.newaxis, :]  # (N, 1, width)
    return np.asarray(images[np.arange(n)[:, np.newaxis, np.newaxis], rows, columns])


def _images(images: Array) -> Array:
    images = np.asarray(images)
    if images.ndim not in (3, 4):
        msg = f"images must have shape (N, H, W) or (N, H, W, C), got {images.shape}."
        if images.ndim == 2:
            msg += " Flat digits: X.reshape(-1, 8, 8)."
        raise ValueError(msg)
    return images
