"""flip_horizontal: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close, require

from .common import INTO_FLOATS, array, numbered

HINTS = (
    "Which axis of (N, H, W, C) runs from left to right? Draw an image of 2 × 3 numbers and its mirror image.",
    "A slice with a negative step runs backwards. Which axes must run forwards, and does your line also do "
    "with no channels?",
    "An image with the rows 1 2 and 3 4 becomes 2 1 and 4 3. Were it upside down it would be 3 4 and 1 2; "
    "that is the other axis.",
)


def _check_flip(student, images):
    expected = np.empty_like(images)
    for column in range(images.shape[2]):
        expected[:, :, column] = images[:, :, -1 - column]
    got = array(student.flip_horizontal(images), expected.shape, "the mirrored images")
    assert_close(got, expected, what="the mirrored images")


def test_flip_horizontal_of_grey_images(student):
    """Columns are reversed, rows and images keep their order."""
    for shape in [(3, 2, 5), (4, 4, 4), (1, 3, 2), (150, 2, 3)]:
        _check_flip(student, numbered(*shape))


def test_flip_horizontal_of_colour_images(student):
    """The channels keep their order too."""
    for shape in [(2, 4, 5, 3), (3, 3, 3, 3), (2, 3, 4, 1)]:
        _check_flip(student, numbered(*shape))


def test_flip_horizontal_twice_is_the_image_itself(student, rng):
    """A mirrored image mirrored again is as it was, but once is not."""
    images = rng.normal(size=(2, 3, 4))
    once = array(student.flip_horizontal(images.copy()), images.shape, "the mirrored images")
    twice = array(student.flip_horizontal(once.copy()), images.shape, "the mirrored images")
    assert_close(twice, images, what="images mirrored twice")
    require(not np.allclose(once, images), "The images were not mirrored.")


def test_flip_horizontal_keeps_bytes(student):
    """Bytes stay bytes."""
    images = numbered(2, 3, 4, dtype=np.uint8)
    _check_flip(student, images.copy())
    require(np.asarray(student.flip_horizontal(images)).dtype == np.uint8, "The dtype must stay np.uint8.")


@variant
def with_np_flip(images):
    return np.flip(images, axis=2)


@variant
def each_image(images):
    return np.array([np.fliplr(image) for image in images])


@variant
def by_index(images):
    return images[:, :, np.arange(images.shape[2] - 1, -1, -1)]


@variant
def by_loops(images):
    out = images.copy()
    width = images.shape[2]
    for column in range(width):
        out[:, :, column] = images[:, :, width - column - 1]
    return out


FLIPPED = "images[:, :, ::-1]"
MISTAKES = [
    mistake("The images are turned upside down: the rows are reversed, not the columns.",
            "Which axis of (N, H, W) runs from left to right? np.fliplr is made for one image and reverses axis 1.",
            {FLIPPED: "images[:, ::-1]"}),
    mistake("The last axis is reversed: in colour images that is the channels, so red and blue change places.",
            "Which axis are the columns in (N, H, W), and which in (N, H, W, C)?",
            {FLIPPED: "images[..., ::-1]"}),
    mistake("The order of the images is reversed; the images stay as they are.",
            "The first axis runs over the images. Which one runs over the columns?",
            {FLIPPED: "images[::-1]"}),
    mistake("Rows and columns are both reversed: the images are turned by half a turn.",
            "In a mirror on the wall, up stays up.",
            {FLIPPED: "images[:, ::-1, ::-1]"}),
    mistake("Everything is reversed, the order of the images and of the rows as well.",
            "np.flip without an axis reverses all of them. Which is the one?",
            {FLIPPED: "np.flip(images)"}),
    mistake("Rows and columns have changed places: the images are mirrored along the diagonal.",
            "What is the shape of a mirrored image of 4 × 5?",
            {FLIPPED: "images.swapaxes(1, 2)"}),
    mistake("The mirrored images are appended to the old ones.",
            "How many images should come back for N images?",
            {FLIPPED: f"np.concatenate([images, {FLIPPED}])"}),
    mistake("Images are moved by one column around the edge, not mirrored.",
            "The first column becomes the last, the second the last but one.",
            {FLIPPED: "np.roll(images, 1, axis=2)"}),
    mistake("Light and dark are exchanged; the image is not mirrored.",
            "Mirroring moves pixels and leaves their values.",
            {FLIPPED: "images.max() - images"}),
    mistake("The images come back as they were.",
            "Which pixel of (5, 6, 7) should be the first?",
            {FLIPPED: "images.copy()"}),
    mistake("One column is lost: the slice stops before the first.",
            "What does -1:0:-1 leave out? How is a slice written that goes on to the very end?",
            {"::-1": "-1:0:-1"}),
    mistake("Columns are swapped one after the other, and the first of each pair is overwritten before it was copied.",
            "After a = b, what is b = a? Swap both at once, or write into another array.",
            {"= images[:, :, width": "= out[:, :, width"}, of=by_loops),
    mistake("The first column stays where it is: counting from the end starts at -1, not at -0.",
            "For column 0, which column of the old image is -0?",
            {"width - column - 1": "-column"}, of=by_loops),
    mistake("The height is taken for the width.",
            "Which entry of images.shape counts the columns? Try an image that is not square.",
            {"images.copy()": "np.zeros_like(images)", "images.shape[2]": "images.shape[1]"}, of=by_loops),
    mistake(*INTO_FLOATS, {FLIPPED: f"{FLIPPED}.astype(float)"}),
    slip("writes_into_input", {f"return {FLIPPED}": f"images[:] = {FLIPPED}.copy()\n    return images"}, what="images"),
]
