"""Flips, shifts and crops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from nnlib.augmentation import flip_horizontal, random_crop, random_shift


def numbered(n, height, width, *channels):
    """Images whose pixels are all different and none 0."""
    shape = (n, height, width, *channels)
    return np.arange(1, np.prod(shape) + 1).reshape(shape)


@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3, 4, 5)])
def test_a_flip_mirrors_columns_only(shape):
    """Rows, channels and images keep their order; twice is the identity."""
    images = numbered(*shape)
    flipped = flip_horizontal(images)
    assert_array_equal(flipped[1, 2, 0], images[1, 2, 3])
    assert_array_equal(flip_horizontal(flipped), images)
    flipped[:] = 0
    assert images.min() == 1


@given(n=st.integers(1, 5), h=st.integers(1, 6), w=st.integers(1, 6), s=st.integers(0, 8), colour=st.booleans())
def test_a_shifted_image_is_the_image_moved_over_zeros(n, h, w, s, colour):
    """Each result equals the original moved by some (dy, dx) in range: nothing wraps around."""
    images = numbered(n, h, w, 2) if colour else numbered(n, h, w)
    shifted = random_shift(images, s, np.random.default_rng(n + s))
    assert shifted.shape == images.shape
    assert shifted.dtype == images.dtype
    for old, new in zip(images, shifted, strict=True):
        moves = [(dy, dx) for dy in range(-s, s + 1) for dx in range(-s, s + 1)]
        assert any(np.array_equal(new, moved(old, dy, dx)) for dy, dx in moves)


def moved(image, dy, dx):
    out = np.zeros_like(image)
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            if 0 <= r - dy < image.shape[0] and 0 <= c - dx < image.shape[1]:
                out[r, c] = image[r - dy, c - dx]
    return out


def test_every_move_is_as_likely(rng):
    """All 9 moves by at most one pixel come about equally often, each image having its own."""
    image = np.zeros((1, 3, 3))
    image[0, 1, 1] = 1
    where = random_shift(np.repeat(image, 9000, axis=0), 1, rng).reshape(9000, 9).argmax(axis=1)
    counts = np.bincount(where, minlength=9)
    assert counts.min() > 850
    assert counts.max() < 1150


@given(h=st.integers(1, 6), w=st.integers(1, 6), colour=st.booleans(), seed=st.integers(0, 99))
def test_a_crop_is_a_window_of_its_own_image(h, w, colour, seed):
    """Rows and columns of the crop are neighbours in the original."""
    images = numbered(3, 6, 6, 2) if colour else numbered(3, 6, 6)
    crops = random_crop(images, (h, w), np.random.default_rng(seed))
    assert crops.shape == (3, h, w, *images.shape[3:])
    for old, new in zip(images, crops, strict=True):
        assert any(np.array_equal(new, old[r : r + h, c : c + w]) for r in range(7 - h) for c in range(7 - w))


def test_every_place_of_a_crop_is_as_likely(rng):
    """A window of 2 in an image of 3 has four places."""
    crops = random_crop(np.repeat(numbered(1, 3, 3), 8000, axis=0), 2, rng)
    places, counts = np.unique(crops[:, 0, 0], return_counts=True)
    assert_array_equal(places, [1, 2, 4, 5])
    assert counts.min() > 1800


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda rng: flip_horizontal(np.ones((5, 64))), r"reshape\(-1, 8, 8\)"),
        (lambda rng: random_shift(np.ones((5, 8, 8)), -1, rng), "max_shift"),
        (lambda rng: random_shift(np.ones((5, 8, 8)), 1, 0), "default_rng"),
        (lambda rng: random_crop(np.ones((5, 8, 8)), 9, rng), "must fit into images of 8×8, got 9×9"),
        (lambda rng: random_crop(np.ones((5, 8, 8)), 0, rng), "height"),
    ],
)
def test_wrong_input_is_named(rng, call, says):
    """Rule, what came, repair."""
    with pytest.raises(ValueError, match=says):
        call(rng)
