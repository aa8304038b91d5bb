"""mean_image: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import array

HINTS = (
    "Which axis counts the examples? The result has all the others.",
    "Will your line do for (N, D) as well as for (N, H, W, C)? And what comes out if the pixels are bytes and "
    "you add them up in bytes?",
    "Two images of 1 × 2 pixels, [[10, 20]] and [[20, 60]]: the mean image is [[15, 40]], of shape (1, 2).",
)


def _check_mean_image(student, X):
    got = student.mean_image(X.copy())
    expected = X.astype(float).sum(axis=0) / len(X)
    assert_close(array(got, X.shape[1:], "the mean image"), expected, what="the mean image")


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


@variant
def by_sum(X):
    return np.sum(X, axis=0, dtype=float) / X.shape[0]


@variant
def by_a_loop(X):
    total = np.zeros(X.shape[1:])
    for image in X:
        total += image
    return total / len(X)


@variant
def in_single_precision(X):
    return np.average(X.astype(np.float32), axis=0)


@variant
def by_reshaping(X):
    return X.reshape(len(X), -1).mean(0).reshape(X.shape[1:])


def lost_colour(mean):
    return mean.mean(axis=-1) if mean.ndim == 3 else mean


MEAN = "X.mean(axis=0)"
MISTAKES = [
    mistake("The mean is taken over everything: one number comes out, not an image.",
            "What shape must the result have? Which axis runs over the images?",
            {MEAN: "X.mean()"}),
    mistake("The mean is taken over the second axis, not over the images.",
            "Which axis runs over the images?",
            {MEAN: "X.mean(axis=1)"}),
    mistake("The mean is taken over the last axis, not over the images.",
            "Which axis runs over the images?",
            {MEAN: "X.mean(axis=-1)"}),
    mistake("Each image has one mean of its own; what is asked for is one image that is the mean of all.",
            "Which axis must go, and which must stay?",
            {MEAN: "X.mean(axis=tuple(range(1, X.ndim)))"}),
    mistake("This is one number per channel; a mean image has one per pixel.",
            "Which axes may be averaged over if every pixel is to keep its own mean?",
            {MEAN: "X.mean(axis=tuple(range(X.ndim - 1)))"}),
    mistake("The channels are averaged as well: the colour is lost.",
            "What is the shape of one colour image?",
            after=lost_colour),
    mistake("The images are added up but not divided by their number.",
            "Two copies of the same image must have that image as their mean.",
            {MEAN: "X.sum(axis=0)"}),
    mistake("The sum is divided by the wrong axis's length.",
            "Which entry of X.shape counts the images?",
            {MEAN: "X.sum(axis=0) / X.shape[1]"}),
    mistake("The sum is divided by N - 1.",
            "The mean of two images is half their sum.",
            {MEAN: "X.sum(axis=0, dtype=float) / max(len(X) - 1, 1)"}),
    mistake("The mean is divided by 255 as well.",
            "Nobody asked for another scale: what is the mean of 100 and 200?",
            {MEAN: f"{MEAN} / 255"}),
    mistake("The mean is cut to whole numbers.",
            "The mean of 1 and 2 is 1.5. Which dtype can hold it, and what does // do?",
            {MEAN: f"{MEAN}.astype(np.uint8)"}, {MEAN: f"{MEAN}.astype(X.dtype)"}, {MEAN: "X.sum(axis=0) // len(X)"}),
    mistake("The mean is rounded to whole numbers.",
            "The mean of 1 and 2 is 1.5.",
            after=np.round),
    mistake("The bytes overflow while they are added up: 200 + 100 is 44 in np.uint8.",
            "What is the largest number a byte can hold? Add in floats.",
            {MEAN: "X.sum(axis=0, dtype=X.dtype) / len(X)"}),
    mistake("This is the median image.",
            "The mean adds all images up and divides by their number.",
            {MEAN: "np.median(X, axis=0)"}),
    mistake("The result is flat; it must have the shape of an example.",
            "What is the shape of X[0]?",
            after=np.ravel),
    mistake("The result keeps an axis for the images, (1, ...); it must have the shape of an example.",
            "What does keepdims do? What is the shape of X[0]?",
            {MEAN: "X.mean(axis=0, keepdims=True)"}),
    mistake("The centred images are returned where the mean image is asked for.",
            "Subtracting comes later. What is the shape of one image?",
            {MEAN: f"X - {MEAN}"}),
    slip("first_example_only", {MEAN: "X[0].astype(float)"}),
]
