"""channel_mean: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import leaves_alone, mistake, variant
from nnlib.checks import assert_close, require

from .common import _array


def _check_channel_mean(student, images):
    got = student.channel_mean(images.copy())
    channels = images.shape[-1]
    expected = [images[..., c].astype(float).sum() / images[..., c].size for c in range(channels)]
    assert_close(_array(got, (channels,), "the channel means"), np.array(expected), what="the channel means")


def test_channel_mean_of_colour_images(student, rng):
    """There is one mean a channel, over all pixels of all images."""
    _check_channel_mean(student, rng.normal(size=(150, 4, 5, 3)) + [3.0, -1.0, 0.5])


def test_channel_mean_where_all_axes_are_alike(student, rng):
    """The channels are the last axis, also where every axis has length 3."""
    _check_channel_mean(student, rng.normal(size=(3, 3, 3, 3)) + [1.0, 2.0, 3.0])


def test_channel_mean_of_other_numbers_of_channels(student, rng):
    """One channel, or five, or one image, are no special cases."""
    for shape in [(4, 3, 2, 1), (2, 6, 3, 5), (1, 2, 4, 3)]:
        _check_channel_mean(student, rng.normal(size=shape))


def test_channel_mean_of_bytes(student, rng):
    """Bytes have means with fractions, and their sum does not overflow."""
    images = rng.integers(90, 256, size=(5, 4, 3, 3)).astype(np.uint8)
    _check_channel_mean(student, images)
    require(np.asarray(student.channel_mean(images)).dtype.kind == "f", "The channel means must be floats.")


def test_channel_mean_counts_every_pixel_alike(student):
    """A bright pixel in one image counts by its share of all pixels."""
    images = np.zeros((2, 3, 5, 3))
    images[1, 2, 0, 1] = 60.0
    _check_channel_mean(student, images)


def test_channel_mean_leaves_the_images_alone(student, rng):
    """The images stay as they were."""
    images = rng.normal(size=(4, 3, 2, 3)) + [3.0, -1.0, 0.5]
    expected = images.mean(axis=(0, 1, 2))
    got = _array(leaves_alone(student.channel_mean, ["images"], images), (3,), "the channel means")
    assert_close(got, expected, what="the channel means")


@variant
def channel_mean_by_reshaping(images):
    return images.reshape(-1, images.shape[-1]).mean(axis=0)


@variant
def channel_mean_one_by_one(images):
    return [float(np.mean(images[:, :, :, c])) for c in range(images.shape[3])]


@variant
def channel_mean_in_steps(images):
    return images.mean(axis=0).mean(axis=0).mean(axis=0)


@variant
def channel_mean_by_einsum(images):
    n, h, w, _ = images.shape
    return np.einsum("nhwc->c", images.astype(np.float64)) / (n * h * w)


def channel_mean_that_overflows(images):
    total = np.zeros(images.shape[-1], dtype=images.dtype)
    for pixel in images.reshape(-1, images.shape[-1]):
        total = total + pixel
    return total / images[..., 0].size


MISTAKES = [
    mistake("The mean is taken over everything: one number comes out, not one a channel.",
            "How many numbers must there be for red, green and blue?",
            {"axis=(0, 1, 2))": ")"}),
    mistake("Each image has means of its own; they must be averaged over the images too.",
            "The result has shape (C,). Which axes must go?",
            {"0,": ""}),
    mistake("This is the mean image; its pixels must be averaged too.",
            "The result has shape (C,). Which axes must go?",
            {"(0, 1, 2))": "0)"}),
    mistake("The second axis is taken for the channels, as in data with channels first.",
            "Images are (N, H, W, C) here. Which axis is to stay?",
            {"1, 2": "2, 3"}),
    mistake("The mean is taken over the channels; they are what should stay.",
            "The result has shape (C,). Which axes must go, and which must stay?",
            {"(0, 1, 2))": "3)"}),
    mistake("The width was forgotten: one mean a column and channel comes out.",
            "The result has shape (C,). Which axes must go?",
            {", 2": ""}),
    mistake("Reshaping to (C, ...) does not sort by channel: it cuts the pixels into C parts in the order they are stored.",
            "The channels lie next to each other in memory. To which shape can you reshape so that they become columns?",
            {".mean": ".reshape(images.shape[-1], -1).mean", "(0, 1, 2))": "1)"}),
    mistake("The pixels are added up but divided by the number of images only.",
            "How many numbers were added for each channel?",
            {".mean": ".sum", "))": ")) / len(images)"}),
    mistake("The pixels are added up but not divided.",
            "How many numbers were added for each channel?",
            {".mean": ".sum"}),
    mistake("The means are cut to whole numbers.",
            "The mean of 1 and 2 is 1.5. Which dtype can hold it?",
            {"))": ")).astype(np.uint8)"}),
    mistake("The result has shape (1, 1, 1, C); (C,) is asked for.",
            "What does keepdims do to the shape?",
            {"))": "), keepdims=True)"}),
    mistake("Only the first image is averaged.",
            "Which axes must go? The images have one too.",
            {".mean": "[0].mean", ", 2": ""}),
    mistake("Each image has one mean of its own, over all its channels.",
            "The result has shape (C,). Which axes must go, and which must stay?",
            {"0, 1, 2": "1, 2, 3"}),
    mistake("These are medians.",
            "The mean adds all pixels up and divides by their number.",
            {"images.mean(": "np.median(images,"}),
    mistake("Three channels are taken for granted.",
            "Satellites have seven. Where does the number of channels stand?",
            {"images.mean(axis=(0, 1, 2)": "np.array([images[..., channel].mean() for channel in range(3)]"}),
    mistake("The bytes overflow while they are added up: 200 + 100 is 44 in np.uint8.",
            "What is the largest number a byte can hold? Add in floats.",
            by=channel_mean_that_overflows),
    mistake("The pixels are added up but divided by those of one image only.",
            "How many numbers were added for each channel?",
            {".mean": ".sum", "))": ")) / (images.shape[1] * images.shape[2])"}),
    mistake("The sum is divided by all numbers there are, those of the other channels too.",
            "How many numbers were added for each channel?",
            {".mean": ".sum", "))": ")) / images.size"}),
    mistake("The height is taken twice, and the width not at all.",
            "How many pixels has an image of 2 × 4?",
            {".mean": ".sum", "))": ")) / (images.shape[0] * images.shape[1] ** 2)"}),
    mistake("The mean is divided by 255 as well.",
            "Nobody asked for another scale: what is the mean of 100 and 200?",
            {"))": ")) / 255"}),
    mistake("The channels come in reverse order.",
            "Which channel is images[..., 0]?",
            {"))": "))[::-1]"}),
    mistake("The centred images are returned where the channel means are asked for.",
            "Subtracting comes later. Which shape is asked for?",
            {"return": "return images -"}),
    mistake("These are standard deviations.",
            "The mean adds all pixels up and divides by their number.",
            {".mean": ".std"}),
    mistake("The means are cut to whole numbers.",
            "The mean of 1 and 2 is 1.5. Which dtype can hold it?",
            {"))": ")).astype(int)"}),
]
