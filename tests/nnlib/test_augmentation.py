"""Flips, shifts, crops, turns, zooms and distortions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from nnlib.augmentation import (
    flip_horizontal,
    random_crop,
    random_distortion,
    random_rotation,
    random_shift,
    random_zoom,
)


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


@pytest.mark.parametrize("shape", [(3, 5, 4), (3, 5, 4, 2), (2, 1, 1)])
@pytest.mark.parametrize("warp", [random_rotation, random_zoom, random_distortion])
def test_a_warp_of_no_strength_changes_nothing(warp, shape, rng):
    """An angle of 0, a factor of 1 and a move of 0 give the images back, as new arrays of the same dtype."""
    nothing = 1.0 if warp is random_zoom else 0.0
    for dtype in (np.uint8, np.float32, float):
        images = numbered(*shape).astype(dtype)
        warped = warp(images, nothing, rng)
        assert warped.dtype == dtype
        assert_allclose(warped, images, rtol=1e-5)
        assert not np.shares_memory(warped, images)


class Fixed:
    """A generator whose uniform numbers are all at the upper or the lower end."""

    def __init__(self, end):
        self.end = end

    def uniform(self, low, high, size):
        return np.full(size, (low, high)[self.end])


@pytest.mark.parametrize("end", [0, 1])
def test_a_quarter_turn_is_rot90(monkeypatch, end):
    """Turned by 90 degrees an image is np.rot90 of itself, one way or the other."""
    monkeypatch.setattr("nnlib.augmentation.require_rng", lambda rng: None)
    images = numbered(2, 5, 5, 3).astype(float)
    turned = random_rotation(images, 90.0, Fixed(end))
    assert_allclose(turned, np.rot90(images, -1 if end else 1, axes=(1, 2)), atol=1e-9)


@pytest.mark.parametrize("end", [0, 1])
def test_a_zoom_by_two_shows_the_middle_half_or_shrinks_the_whole(monkeypatch, end):
    """At twice the size the centre stays and its neighbours move out; at half the size they move in."""
    monkeypatch.setattr("nnlib.augmentation.require_rng", lambda rng: None)
    images = numbered(1, 5, 5).astype(float)
    zoomed = random_zoom(images, 2.0, Fixed(end))[0]
    if end:
        assert_allclose(zoomed[::2, ::2], images[0, 1:4, 1:4])
    else:
        assert_allclose(zoomed[1:4, 1:4], images[0, ::2, ::2])
        assert zoomed[0].max() == 0


def test_a_distortion_moves_by_its_strength_at_most_and_smoothly(rng):
    """On a ramp of grey the value tells where a pixel came from: no further than the strength, neighbours alike."""
    ramp = np.broadcast_to(np.arange(9.0), (50, 9, 9))
    moves = (random_distortion(ramp, 0.8, rng) - ramp)[:, 1:-1, 1:-1]
    assert 0.6 < np.abs(moves).max() <= 0.8 + 1e-12
    assert np.abs(np.diff(moves, axis=1)).max() <= 2 * 0.8 / 4 + 1e-12


@pytest.mark.parametrize(("warp", "most"), [(random_rotation, 40.0), (random_zoom, 1.5), (random_distortion, 1.0)])
def test_each_image_is_warped_in_its_own_way(warp, most, rng):
    """Copies of one image come out different, and within the range of its values."""
    images = np.repeat(rng.uniform(size=(1, 8, 8)), 20, axis=0)
    warped = warp(images, most, rng)
    assert len(np.unique(warped.round(9), axis=0)) == 20
    assert warped.min() >= 0
    assert warped.max() <= images.max() + 1e-12


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda rng: random_rotation(np.ones((2, 8, 8)), -1.0, rng), "max_degrees"),
        (lambda rng: random_zoom(np.ones((2, 8, 8)), 0.5, rng), "most"),
        (lambda rng: random_distortion(np.ones((2, 8, 8)), -0.1, rng), "strength"),
        (lambda rng: random_rotation(np.ones((8, 64)), 10.0, rng), "reshape"),
    ],
)
def test_a_warp_says_what_it_wants(call, words, rng):
    """A strength out of range and flat images are refused by name."""
    with pytest.raises(ValueError, match=words):
        call(rng)
