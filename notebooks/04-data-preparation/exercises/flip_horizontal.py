"""flip_horizontal: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import leaves_alone, mistake, variant
from nnlib.checks import assert_close, require

from .common import _array, _numbered


def _check_flip(student, images, call=None):
    expected = np.empty_like(images)
    for column in range(images.shape[2]):
        expected[:, :, column] = images[:, :, -1 - column]
    got = (call or student.flip_horizontal)(images)
    assert_close(_array(got, expected.shape, "the mirrored images"), expected, what="the mirrored images")


def test_flip_horizontal_of_grey_images(student):
    """Columns are reversed, rows and images keep their order."""
    for shape in [(3, 2, 5), (4, 4, 4), (1, 3, 2), (150, 2, 3)]:
        _check_flip(student, _numbered(*shape))


def test_flip_horizontal_of_colour_images(student):
    """The channels keep their order too."""
    for shape in [(2, 4, 5, 3), (3, 3, 3, 3), (2, 3, 4, 1)]:
        _check_flip(student, _numbered(*shape))


def test_flip_horizontal_twice_is_the_image_itself(student, rng):
    """A mirrored image mirrored again is as it was, but once is not."""
    images = rng.normal(size=(2, 3, 4))
    once = _array(student.flip_horizontal(images.copy()), images.shape, "the mirrored images")
    twice = _array(student.flip_horizontal(once.copy()), images.shape, "the mirrored images")
    assert_close(twice, images, what="images mirrored twice")
    require(not np.allclose(once, images), "The images were not mirrored.")


def test_flip_horizontal_keeps_bytes(student):
    """Bytes stay bytes."""
    images = _numbered(2, 3, 4, dtype=np.uint8)
    _check_flip(student, images.copy())
    require(np.asarray(student.flip_horizontal(images)).dtype == np.uint8, "The dtype must stay np.uint8.")


def test_flip_horizontal_leaves_the_images_alone(student):
    """The images stay as they were."""
    _check_flip(student, _numbered(3, 2, 5), lambda images: leaves_alone(student.flip_horizontal, ["images"], images))


@variant
def flips_with_np_flip(images):
    return np.flip(images, axis=2)


@variant
def flips_each_image(images):
    return np.array([np.fliplr(image) for image in images])


@variant
def flips_by_index(images):
    return images[:, :, np.arange(images.shape[2] - 1, -1, -1)]


@variant
def flips_by_loops(images):
    out = images.copy()
    width = images.shape[2]
    for column in range(width):
        out[:, :, column] = images[:, :, width - column - 1]
    return out


def flips_in_place(images):
    images[:] = images[:, :, ::-1].copy()
    return images


def flips_and_overwrites(images):
    out = images.copy()
    width = images.shape[2]
    for column in range(width // 2):
        out[:, :, column] = out[:, :, width - 1 - column]
        out[:, :, width - 1 - column] = out[:, :, column]
    return out


def flips_all_but_the_first_column(images):
    out = np.zeros_like(images)
    for column in range(images.shape[2]):
        out[:, :, column] = images[:, :, -column]
    return out


def flips_into_floats(images):
    out = np.zeros(images.shape)
    out[:] = images[:, :, ::-1]
    return out


def flips_with_the_height(images):
    out, height = np.zeros_like(images), images.shape[1]
    for column in range(height):
        out[:, :, height - 1 - column] = images[:, :, column]
    return out


MISTAKES = [
    mistake("The images are turned upside down: the rows are reversed, not the columns.",
            "In (N, H, W), which axis runs from left to right? np.fliplr is made for a single image and reverses axis 1.",
            {"[:,": "[", "]": "].copy()"}),
    mistake("The last axis is reversed: in colour images that is the channels, so red and blue change places.",
            "Which axis are the columns in (N, H, W), and which in (N, H, W, C)?",
            {":, :": "...", "]": "].copy()"}),
    mistake("The order of the images is reversed; the images stay as they are.",
            "The first axis runs over the images. Which one runs over the columns?",
            {":, :,": "", "]": "].copy()"}),
    mistake("Rows and columns are both reversed: the images are turned by half a turn.",
            "In a mirror on the wall, up stays up.",
            {", :,": ", ::-1,", "]": "].copy()"}),
    mistake("Rows and columns have changed places: the images are mirrored along the diagonal.",
            "What is the shape of a mirrored image of 4 × 5?",
            {"[:, :, ::-1]": ".swapaxes(1, 2).copy()"}),
    mistake("The images themselves are changed.",
            "Make a new array, or a view, and leave the old one as it is.",
            by=flips_in_place),
    mistake("The mirrored images are appended to the old ones.",
            "How many images should come back for N images?",
            {"return": "return np.concatenate([images,", "]": "]])"}),
    mistake("Images are moved by one column around the edge, not mirrored.",
            "The first column becomes the last, the second the last but one.",
            {"images[:, :, ::-1]": "np.roll(images, 1, axis=2)"}),
    mistake("Light and dark are exchanged; the image is not mirrored.",
            "Mirroring moves pixels and leaves their values.",
            {"[:, :, ::-1]": ".max() - images"}),
    mistake("Everything is reversed, the order of the images and of the rows as well.",
            "np.flip without an axis reverses all of them. Which is the one?",
            {", axis=2)": ").copy()"}, of=flips_with_np_flip),
    mistake("Columns are swapped one after the other, and the first of each pair is overwritten before it was copied.",
            "After a = b, what is b = a? Swap both at once, or write into another array.",
            by=flips_and_overwrites),
    mistake("The images come back as they were.",
            "Which pixel of (5, 6, 7) should be the first?",
            {"[:, :, ::-1]": ".copy()"}),
    mistake("One column is lost: the slice stops before the first.",
            "What does -1:0:-1 leave out? How is a slice written that goes on to the very end?",
            {"::": "-1:0:"}),
    mistake("The first column stays where it is: counting from the end starts at -1, not at -0.",
            "For column 0, which column of the old image is -0?",
            by=flips_all_but_the_first_column),
    mistake("The images come back as floats, whatever they were.",
            "np.zeros makes floats unless it is told a dtype. What is images.dtype?",
            by=flips_into_floats),
    mistake("The height is taken for the width.",
            "Which entry of images.shape counts the columns? Try an image that is not square.",
            by=flips_with_the_height),
]
