"""random_crop: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant, weight
from nnlib.checks import assert_close, require

from .common import INTO_FLOATS, array, numbered

HINTS = (
    "In how many places can a window of 3 stand in a row of 5 pixels? Count them on paper before you write a "
    "range.",
    "Draw a top and a left corner for each image, each from 0 up to the last place where the window fits. "
    "Does your generator's method include its upper end? May H and W differ?",
    "A row of 5 and a window of 3: it may begin at 0, 1 or 2. With top 1 and left 2 it shows rows 1, 2, 3 and "
    "columns 2, 3, 4. For images of 3 × 3 and size 3 only the corner (0, 0) is left.",
)


def _crop(student, images, size, rng):
    got = student.random_crop(images.copy(), size, rng)
    return array(got, (len(images), size, size, *images.shape[3:]), "the windows")


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
    images = numbered(n, *shape)
    return _places(images, _crop(student, images, size, rng), size)


def test_random_crop_cuts_windows_out_of_grey_images(student, rng):
    """Each result is a window of its own image, of the size asked for, whether the image is wide or high."""
    for shape, size in [((12, 4, 7), 3), ((12, 6, 3), 2), ((8, 5, 5), 4), ((6, 3, 4), 1)]:
        images = numbered(*shape)
        _places(images, _crop(student, images, size, rng), size)


def test_random_crop_keeps_the_channels(student, rng):
    """In colour images the window goes over rows and columns, all channels alike."""
    for shape, size in [((12, 4, 5, 3), 3), ((10, 3, 3, 3), 2)]:
        images = numbered(*shape)
        _places(images, _crop(student, images, size, rng), size)


@weight(2)
def test_random_crop_reaches_every_place_equally_often(student, rng):
    """All six windows of 3 x 3 in an image of 4 x 5 are equally likely, those at the edges included.

    3600 images: each count is binomial with mean 600, and one is off by 146 or more less than once in a hundred million
    gradings.
    """
    places = _many_places(student, rng, 3600)
    counts = np.zeros((2, 3))
    np.add.at(counts, (places[:, 0], places[:, 1]), 1)
    require((counts > 0).all(), "Some windows never come: those at the lower and right edge are possible too.")
    require(np.abs(counts - 600).max() < 146, "Some windows come far too often or too rarely.")


def test_random_crop_reaches_all_edges(student, rng):
    """Single pixels come from everywhere in the image.

    Of 12 pixels one is missed in 400 draws less than once in 1e13 gradings.
    """
    places = _many_places(student, rng, 400, (3, 4), 1)
    ends = {2} <= set(places[:, 0].tolist()) and {3} <= set(places[:, 1].tolist())
    require(ends, "The pixels at the lower or at the right edge are never cut out.")
    require(len({tuple(place) for place in places.tolist()}) == 12, "Some places of the image are never cut out.")


def test_random_crop_draws_for_each_image(student, rng):
    """Neighbouring images are cut independently.

    Of 899 pairs of neighbours about 150 are cut alike, with a spread of 11; a right answer is off by 110 or more
    less than once in 1e18 gradings.
    """
    places = _many_places(student, rng)
    alike = int((places[1:] == places[:-1]).all(axis=1).sum())
    require(abs(alike - 149.8) < 110, "Neighbours are cut alike far too often or too rarely: draw for each image.")


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
    images = numbered(4, 3, 3)
    assert_close(_crop(student, images, 3, rng), images, what="windows of the whole image")
    images = numbered(6, 3, 5)
    _places(images, _crop(student, images, 3, rng), 3)


def test_random_crop_keeps_bytes(student, rng):
    """Bytes stay bytes."""
    images = numbered(10, 4, 5, dtype=np.uint8)
    got = _crop(student, images, 2, rng)
    _places(images, got, 2)
    require(got.dtype == np.uint8, "The dtype must stay np.uint8.")


@variant
def all_at_once(images, size, rng):
    n, h, w = images.shape[:3]
    top, left = rng.integers(0, h - size, size=n, endpoint=True), rng.integers(0, w - size, size=n, endpoint=True)
    rows = top[:, None, None] + np.arange(size)[None, :, None]
    columns = left[:, None, None] + np.arange(size)[None, None, :]
    return images[np.arange(n)[:, None, None], rows, columns]


@variant
def into_a_prepared_array(images, size, rng):
    out = np.empty((len(images), size, size, *images.shape[3:]), dtype=images.dtype)
    for i in range(len(images)):
        t, s = rng.choice(images.shape[1] - size + 1), rng.choice(images.shape[2] - size + 1)
        out[i] = images[i, t : t + size, s : s + size]
    return out


@variant
def by_the_number_of_the_place(images, size, rng):
    down, right = images.shape[1] - size + 1, images.shape[2] - size + 1
    windows = []
    for image in images:
        top, left = divmod(int(rng.integers(down * right)), right)
        windows.append(image[top : top + size, left : left + size])
    return np.array(windows)


@variant
def with_a_sliding_view(images, size, rng):
    view = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    n = len(images)
    tops = np.floor(rng.random(n) * view.shape[1]).astype(int)
    lefts = np.floor(rng.random(n) * view.shape[2]).astype(int)
    chosen = view[np.arange(n), tops, lefts]  # (N, size, size), the channels before the window
    return chosen if images.ndim == 3 else np.moveaxis(chosen, 1, -1)


def along_the_first_axis(images, size, rng):
    top = rng.integers(max(len(images) - size, 0) + 1)
    left = rng.integers(images.shape[1] - size + 1)
    return images[top : top + size, left : left + size]


TOP = "rng.integers(height - size + 1)"
LEFT = "rng.integers(width - size + 1)"
EMPTY = "windows = []"
WINDOW = "top : top + size, left : left + size"
TWO = "Two numbers are drawn for each image, one for each direction."
MISTAKES = [
    # what is drawn for an image
    mistake("The windows at the lower and the right edge never come: the upper end of rng.integers is left out.",
            "In 4 rows a window of 3 can begin at row 0 or 1. Which numbers does rng.integers(1) draw?",
            {TOP: "rng.integers(height - size)", LEFT: "rng.integers(width - size)"},
            {TOP: "rng.integers(max(height - size, 1))", LEFT: "rng.integers(max(width - size, 1))"}),
    mistake("Windows may begin anywhere in the image, so those near the edge are cut short.",
            "Where is the last place at which a window of this size still fits?",
            {TOP: "rng.integers(height)", LEFT: "rng.integers(width)",
             "np.stack(windows)": "np.stack(windows) if len({window.shape for window in windows}) == 1 else windows"}),
    mistake("Windows that stick out are pushed back to the edge, so those at the edge come too often.",
            "Draw only from the places where the window fits.",
            {TOP: "min(rng.integers(height), height - size)", LEFT: "min(rng.integers(width), width - size)"}),
    mistake("Places are drawn from the real numbers and rounded, so windows at the edges come half as often as others.",
            "Which real numbers are rounded to 0, and which to 1? Draw whole numbers.",
            {TOP: "round(rng.uniform() * (height - size))", LEFT: "round(rng.uniform() * (width - size))"}),
    mistake("Height and width have changed places in the draws: if images are not square, windows are cut short.",
            "Which of images.shape[1] and images.shape[2] limits where the top of the window may be?",
            {"height, width =": "width, height ="}),
    mistake("The window is always cut out of the middle.",
            "Every place where the window fits should be possible. What do you draw from rng?",
            {TOP: "(height - size) // 2", LEFT: "(width - size) // 2"}),
    mistake("Windows come only from the four corners.",
            "Every place where the window fits should be possible.",
            {TOP: "rng.integers(2) * (height - size)", LEFT: "rng.integers(2) * (width - size)"}),
    mistake("Row and column are drawn from the room of the shorter side, so the far end of the longer side never comes.",
            "In an image of 3 × 10 pixels a window of 2 has how many places downwards, and how many sideways?",
            {TOP: "rng.integers(min(height, width) - size + 1)", LEFT: "rng.integers(min(height, width) - size + 1)"}),
    mistake("One number is used for both directions, so windows lie along the diagonal.",
            "How many numbers does each image need?",
            {TOP: "rng.integers(min(height, width) - size + 1)", LEFT: "top"}),
    mistake("The window is moved up and down only; it always begins at the left edge.", TWO,
            {LEFT: "0"}),
    mistake("The window is moved sideways only; it always begins at the upper edge.", TWO,
            {TOP: "0"}),
    # how often
    mistake("All images are cut at the same place.",
            "How often do you draw? Each image needs a place of its own.",
            {f"top = {TOP}\n        left = {LEFT}\n        ": "", EMPTY: f"windows, top, left = [], {TOP}, {LEFT}"}),
    mistake("All windows begin at the same row; only the column is drawn for each image.",
            "Which of your two draws is inside the loop over the images?",
            {f"top = {TOP}\n        ": "", EMPTY: f"windows, top = [], {TOP}"}),
    slip("own_generator", {EMPTY: "windows, rng = [], np.random.default_rng(0)"}),
    # what is cut
    mistake("The windows are one pixel larger than asked for.",
            "A slice stops before its end: how many pixels are in image[2 : 2 + size]?",
            {EMPTY: "windows, size = [], min(size + 1, height, width)"}),
    mistake("The images keep their size: what is outside the window is set to 0 instead of cut off.",
            "What shape must the result have?",
            {f"windows.append(image[{WINDOW}])":
                 f"windows.append(np.zeros_like(image))\n        windows[-1][{WINDOW}] = image[{WINDOW}]"}),
    mistake("The pixels of a window are picked one by one from all over the image.",
            "A window is a block of neighbouring pixels: draw where it begins, then slice.",
            {TOP: "np.sort(rng.choice(height, size, replace=False))",
             LEFT: "np.sort(rng.choice(width, size, replace=False))",
             f"image[{WINDOW}]": "image[top][:, left]"}),
    mistake("The first axis is cut too, or instead: images are picked, not windows of each image.",
            "In (N, H, W) the axes to cut are 1 and 2. How many windows must come back?",
            by=along_the_first_axis),
    mistake("Rows and columns of the windows have changed places.",
            "Compare a window with the image pixel by pixel: what was above must stay above.",
            after=lambda windows: windows.swapaxes(1, 2)),
    mistake(*INTO_FLOATS, after=lambda windows: windows.astype(float)),
]
