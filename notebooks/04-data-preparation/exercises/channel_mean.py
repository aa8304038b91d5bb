"""channel_mean: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close, require

from .common import array

HINTS = (
    "One number for each colour: over which axes of (N, H, W, C) must you average?",
    "An axis argument may hold several axes at once. Or put all pixels of all images in one long list of rows "
    "with C entries: which reshape does that?",
    "Two images of one pixel with two channels, (1, 30) and (3, 50): the first channel's mean is 2, the "
    "second's 40. With more pixels each of them counts the same.",
)


def _check_channel_mean(student, images):
    got = student.channel_mean(images.copy())
    channels = images.shape[-1]
    expected = [images[..., c].astype(float).sum() / images[..., c].size for c in range(channels)]
    assert_close(array(got, (channels,), "the channel means"), np.array(expected), what="the channel means")


def test_channel_mean_of_colour_images(student, rng):
    """There is one mean per channel, over all pixels of all images."""
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


@variant
def by_reshaping(images):
    return images.reshape(-1, images.shape[-1]).mean(axis=0)


@variant
def one_by_one(images):
    return [float(np.mean(images[:, :, :, c])) for c in range(images.shape[3])]


@variant
def in_steps(images):
    return images.mean(axis=0).mean(axis=0).mean(axis=0)


@variant
def by_einsum(images):
    n, h, w, _ = images.shape
    return np.einsum("nhwc->c", images.astype(np.float64)) / (n * h * w)


MEAN = "images.mean(axis=(0, 1, 2))"
AXES = "axis=(0, 1, 2)"
GO = "The result has shape (C,). Which axes must go?"
GO_AND_STAY = "The result has shape (C,). Which axes must go, and which must stay?"
DIVIDED = {
    "not divided": "",
    "divided by the number of images only": " / len(images)",
    "divided by the number of pixels of one image only": " / (images.shape[1] * images.shape[2])",
    "divided by the number of all pixels, those of the other channels too": " / images.size",
    "divided by the height twice, and not by the width": " / (images.shape[0] * images.shape[1] ** 2)",
}
MISTAKES = [
    mistake("The mean is taken over everything: one number comes out, not one per channel.",
            "How many numbers must there be for red, green and blue?",
            {AXES: ""}),
    mistake("Each image has means of its own; they must be averaged over the images too.", GO,
            {AXES: "axis=(1, 2)"}),
    mistake("This is the mean image; its pixels must be averaged too.", GO,
            {AXES: "axis=0"}),
    mistake("The width was forgotten: one mean per column and channel comes out.", GO,
            {AXES: "axis=(0, 1)"}),
    mistake("The mean is taken over the channels; they are what should stay.", GO_AND_STAY,
            {AXES: "axis=3"}),
    mistake("Each image has one mean of its own, over all its channels.", GO_AND_STAY,
            {AXES: "axis=(1, 2, 3)"}),
    mistake("The second axis is taken for the channels, as in data with channels first.",
            "Images are (N, H, W, C) here. Which axis is to stay?",
            {AXES: "axis=(0, 2, 3)"}),
    mistake("Reshaping to (C, ...) does not sort by channel: it cuts the pixels into C parts as they are stored.",
            "The channels lie next to each other in memory. What shape makes columns of them?",
            {MEAN: "images.reshape(images.shape[-1], -1).mean(axis=1)"}),
    *(mistake(f"The pixels are added up but {words}.",
              "How many numbers were added for each channel?",
              {MEAN: f"images.sum({AXES}){divided}"})
      for words, divided in DIVIDED.items()),
    mistake("The mean is divided by 255 as well.",
            "Nobody asked for another scale: what is the mean of 100 and 200?",
            {MEAN: f"{MEAN} / 255"}),
    mistake("The means are cut to whole numbers.",
            "The mean of 1 and 2 is 1.5. Which dtype can hold it?",
            *({MEAN: f"{MEAN}.astype({dtype})"} for dtype in ("np.uint8", "int"))),
    mistake("The bytes overflow while they are added up: 200 + 100 is 44 in np.uint8.",
            "What is the largest number a byte can hold? Add in floats.",
            {MEAN: f"images.sum({AXES}, dtype=images.dtype) / images[..., 0].size"}),
    mistake("The result has shape (1, 1, 1, C); (C,) is asked for.",
            "What does keepdims do to the shape?",
            {AXES: f"{AXES}, keepdims=True"}),
    mistake("Only the first image is averaged.",
            "Which axes must go? The images have one too.",
            {MEAN: "images[0].mean(axis=(0, 1))"}),
    mistake("These are medians.",
            "The mean adds all pixels up and divides by their number.",
            {MEAN: f"np.median(images, {AXES})"}),
    mistake("These are standard deviations.",
            "The mean adds all pixels up and divides by their number.",
            {"images.mean": "images.std"}),
    mistake("Three channels are taken for granted.",
            "Satellites have seven. What tells you the number of channels?",
            {MEAN: "np.array([images[..., channel].mean() for channel in range(3)])"}),
    mistake("The channels come in reverse order.",
            "Which channel is images[..., 0]?",
            {MEAN: f"{MEAN}[::-1]"}),
    mistake("The centred images are returned where the channel means are asked for.",
            "Subtracting comes later. What shape is asked for?",
            {MEAN: f"images - {MEAN}"}),
]
