"""random_crop: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import leaves_alone, mistake, variant, weight
from nnlib.checks import assert_close, require

from .common import _array, _numbered


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


@variant
def crops_all_at_once(images, size, rng):
    n, h, w = images.shape[:3]
    top, left = rng.integers(0, h - size, size=n, endpoint=True), rng.integers(0, w - size, size=n, endpoint=True)
    rows = top[:, None, None] + np.arange(size)[None, :, None]
    columns = left[:, None, None] + np.arange(size)[None, None, :]
    return images[np.arange(n)[:, None, None], rows, columns]


@variant
def crops_into_a_prepared_array(images, size, rng):
    out = np.empty((len(images), size, size, *images.shape[3:]), dtype=images.dtype)
    for i in range(len(images)):
        t, s = rng.choice(images.shape[1] - size + 1), rng.choice(images.shape[2] - size + 1)
        out[i] = images[i, t : t + size, s : s + size]
    return out


@variant
def crops_by_the_number_of_the_place(images, size, rng):
    down, right = images.shape[1] - size + 1, images.shape[2] - size + 1
    windows = []
    for image in images:
        top, left = divmod(int(rng.integers(down * right)), right)
        windows.append(image[top : top + size, left : left + size])
    return np.array(windows)


@variant
def crops_with_a_sliding_view(images, size, rng):
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    n = len(images)
    tops = np.floor(rng.random(n) * view.shape[1]).astype(int)
    lefts = np.floor(rng.random(n) * view.shape[2]).astype(int)
    chosen = view[np.arange(n), tops, lefts]  # (N, size, size), the channels before the window
    return chosen if images.ndim == 3 else np.moveaxis(chosen, 1, -1)


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


def crops_never_at_the_far_edge(images, size, rng):
    down, right = _room(images, size)
    corners = [(rng.integers(max(down, 1)), rng.integers(max(right, 1))) for _ in images]
    return _cut(images, size, *zip(*corners, strict=True))


def crops_all_alike(images, size, rng):
    down, right = _room(images, size)
    top, left = rng.integers(down + 1), rng.integers(right + 1)
    return images[:, top : top + size, left : left + size].copy()


def crops_the_middle(images, size, rng):
    top, left = (room // 2 for room in _room(images, size))
    return images[:, top : top + size, left : left + size].copy()


def crops_along_the_diagonal(images, size, rng):
    starts = rng.integers(min(_room(images, size)) + 1, size=len(images))
    return _cut(images, size, starts, starts)


def crops_with_height_for_width(images, size, rng):
    down, right = _room(images, size)
    windows = []
    for image in images:
        top, left = rng.integers(right + 1), rng.integers(down + 1)
        windows.append(image[top : top + size, left : left + size])
    return np.stack(windows)


def crops_over_the_edge(images, size, rng):
    windows = []
    for image in images:
        top, left = rng.integers(image.shape[0]), rng.integers(image.shape[1])
        windows.append(image[top : top + size, left : left + size])
    return np.stack(windows) if len({w.shape for w in windows}) == 1 else windows


def crops_the_corners(images, size, rng):
    down, right = _room(images, size)
    picks = rng.integers(2, size=(len(images), 2))
    return _cut(images, size, picks[:, 0] * down, picks[:, 1] * right)


def crops_only_up_and_down(images, size, rng):
    tops = rng.integers(_room(images, size)[0] + 1, size=len(images))
    return _cut(images, size, tops, np.zeros_like(tops))


def crops_only_sideways(images, size, rng):
    lefts = rng.integers(_room(images, size)[1] + 1, size=len(images))
    return _cut(images, size, np.zeros_like(lefts), lefts)


def crops_one_too_large(images, size, rng):
    side = min(size + 1, *images.shape[1:3])
    return _cut(images, side, *_corners(images, side, rng))


def crops_by_blacking_out(images, size, rng):
    out = np.zeros_like(images)
    for i, (t, s) in enumerate(zip(*_corners(images, size, rng), strict=True)):
        out[i, t : t + size, s : s + size] = images[i, t : t + size, s : s + size]
    return out


def crops_scattered_pixels(images, size, rng):
    windows = []
    for image in images:
        rows = np.sort(rng.choice(image.shape[0], size, replace=False))
        columns = np.sort(rng.choice(image.shape[1], size, replace=False))
        windows.append(image[rows][:, columns])
    return np.stack(windows)


def crops_by_its_own_seed(images, size, rng):
    return _cut(images, size, *_corners(images, size, np.random.default_rng(0)))


def crops_into_floats(images, size, rng):
    return _cut(images, size, *_corners(images, size, rng)).astype(float)


def crops_the_wrong_axes(images, size, rng):
    top = rng.integers(max(images.shape[0] - size, 0) + 1)
    left = rng.integers(images.shape[1] - size + 1)
    return images[top : top + size, left : left + size].copy()


def crops_with_one_row_for_all(images, size, rng):
    down, right = _room(images, size)
    top = int(rng.integers(down + 1))
    lefts = rng.integers(right + 1, size=len(images))
    return _cut(images, size, [top] * len(images), lefts)


def crops_by_rounding(images, size, rng):
    down, right = _room(images, size)
    places = np.rint(rng.uniform(size=(len(images), 2)) * [down, right]).astype(int)
    return _cut(images, size, places[:, 0], places[:, 1])


def crops_pushed_back_from_the_edge(images, size, rng):
    down, right = _room(images, size)
    corners = [(rng.integers(down + size), rng.integers(right + size)) for _ in images]
    return _cut(images, size, [min(top, down) for top, _ in corners], [min(left, right) for _, left in corners])


def crops_along_swapped_axes(images, size, rng):
    return _cut(images, size, *_corners(images, size, rng)).swapaxes(1, 2).copy()


MISTAKES = [
    mistake("The windows at the lower and the right edge never come: the upper end of rng.integers is left out.",
            "In 4 rows a window of 3 can begin at row 0 or 1. Which numbers does rng.integers(1) draw?",
            by=crops_never_at_the_far_edge),
    mistake("All images are cut at the same place.",
            "How often do you draw? Each image needs a place of its own.",
            by=crops_all_alike),
    mistake("The window is always cut out of the middle.",
            "Every place where the window fits should be possible. What do you draw from rng?",
            by=crops_the_middle),
    mistake("One number is used for both directions, so windows lie along the diagonal.",
            "How many numbers does each image need?",
            by=crops_along_the_diagonal),
    mistake("Height and width have changed places in the draws: in images that are not square, windows are cut short or miss an edge.",
            "Which of images.shape[1] and images.shape[2] limits where the top of the window may be?",
            by=crops_with_height_for_width),
    mistake("Windows may begin anywhere in the image, so those near the edge are cut short.",
            "Where is the last place at which a window of this size still fits?",
            by=crops_over_the_edge),
    mistake("Windows come only from the four corners.",
            "Every place where the window fits should be possible.",
            by=crops_the_corners),
    mistake("The window is moved up and down only; it always begins at the left edge.",
            "Two numbers are drawn for each image, one for each direction.",
            by=crops_only_up_and_down),
    mistake("The window is moved sideways only; it always begins at the upper edge.",
            "Two numbers are drawn for each image, one for each direction.",
            by=crops_only_sideways),
    mistake("The windows are one pixel larger than asked for.",
            "A slice stops before its end: how many pixels are in image[2 : 2 + size]?",
            by=crops_one_too_large),
    mistake("The images keep their size: what is outside of the window is set to 0 instead of cut off.",
            "What shape must the result have?",
            by=crops_by_blacking_out),
    mistake("The pixels of a window are picked one by one from all over the image.",
            "A window is a block of neighbouring pixels: draw where it begins, then slice.",
            by=crops_scattered_pixels),
    mistake("Every call starts a generator of its own with a fixed seed, so the windows are always the same.",
            "Draw from the rng you are given: it remembers what it has drawn.",
            by=crops_by_its_own_seed),
    mistake("The images come back as floats, whatever they were.",
            "np.zeros makes floats unless it is told a dtype. What is images.dtype?",
            by=crops_into_floats),
    mistake("The first axis is cut too, or instead: images are picked, not windows of each image.",
            "In (N, H, W) the axes to cut are 1 and 2. How many windows must come back?",
            by=crops_the_wrong_axes),
    mistake("All windows begin at the same row; only the column is drawn for each image.",
            "Which of your two draws is inside of the loop over the images?",
            by=crops_with_one_row_for_all),
    mistake("Places are drawn from the real numbers and rounded, so windows at the edges come half as often as others.",
            "Which real numbers are rounded to 0, and which to 1? Draw whole numbers.",
            by=crops_by_rounding),
    mistake("Windows that stick out are pushed back to the edge, so those at the edge come too often.",
            "Draw only from the places where the window fits.",
            by=crops_pushed_back_from_the_edge),
    mistake("Rows and columns of the windows have changed places.",
            "Compare a window with the image pixel by pixel: what was above must stay above.",
            by=crops_along_swapped_axes),
]
