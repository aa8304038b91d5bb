"""New training images from old ones: flips, shifts and crops that leave the label as it was.

Augment the training set only; dev and test sets must stay what the model will meet.
"""

import numpy as np

from nnlib._validate import Array, require_int, require_rng


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
