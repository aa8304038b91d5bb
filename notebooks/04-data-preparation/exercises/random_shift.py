"""random_shift: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, mistake, slip, variant, weight
from nnlib.checks import assert_close, require

from .common import INTO_FLOATS, array, numbered

HINTS = (
    "Could moving an image be the same as looking at it through a window that moves the other way? What would "
    "have to lie around the image?",
    "With a frame of zeros as wide as the largest move, how many places has a window of the old size? What "
    "must stay the same: shape, dtype, and the channels of one image together?",
    "The row 1 2 in a frame of one zero is 0 1 2 0. Windows of two see 0 1 (moved right), 1 2 (not moved) and "
    "2 0 (moved left): three moves for a largest move of 1. np.roll would have given 2 1 instead.",
)


def _moved(image, down, right):
    """The image moved over zeros, pixel by pixel."""
    out = np.zeros_like(image)
    height, width = image.shape[:2]
    for row in range(max(0, down), min(height, height + down)):
        for column in range(max(0, right), min(width, width + right)):
            out[row, column] = image[row - down, column - right]
    return out


# What np.pad may have put where nothing came in.
FILLED = {
    "edge": "What is empty after a move repeats the edge of the image; it must be 0.",
    "reflect": "What is empty after a move mirrors the image; it must be 0.",
    "symmetric": "What is empty after a move mirrors the image; it must be 0.",
}


def _filled(image, moved, max_shift):
    """With what a moved image was filled up, in words; empty if with none of these."""
    frame = [(max_shift, max_shift)] * 2 + [(0, 0)] * (image.ndim - 2)
    height, width = image.shape[:2]
    for mode, words in FILLED.items():
        padded = np.pad(image, frame, mode=mode)
        places = [(d, r) for d in range(2 * max_shift + 1) for r in range(2 * max_shift + 1)]
        if any(np.array_equal(padded[d : d + height, r : r + width], moved) for d, r in places):
            return words
    return ""


def _moves(images, result, max_shift):
    """How far each image was moved; fails where a result is no moved image."""
    steps = range(-max_shift, max_shift + 1)
    moves = []
    for old, new in zip(images, result, strict=True):
        fits = [(d, r) for d in steps for r in steps if np.array_equal(_moved(old, d, r), new)]
        if not fits and (words := _filled(old, new, max_shift)):
            require(False, words)
        require(
            len(fits) == 1,
            f"A result is not its image moved by whole pixels from -{max_shift} to {max_shift} over zeros.",
        )
        moves.append(fits[0])
    return np.array(moves)


def _shift(student, images, max_shift, rng):
    return array(student.random_shift(images.copy(), max_shift, rng), images.shape, "the moved images")


def _many_shifts(student, rng, n=900):
    """The moves of many images by at most one pixel: of each only the middle pixel is lit, so a move can be read."""
    images = np.zeros((n, 3, 3))
    images[:, 1, 1] = 1.0
    got = _shift(student, images, 1, rng)
    require((got.sum(axis=(1, 2)) == 1).all() and got.max() == 1, "A lit pixel was lost or doubled by a move of 1.")
    where = got.reshape(n, 9).argmax(axis=1)
    return np.stack([where // 3 - 1, where % 3 - 1], axis=1)


@easy
def test_random_shift_moves_grey_images_over_zeros(student, rng):
    """Each result is its image moved by up to max_shift pixels, with zeros where nothing came in."""
    for shape, max_shift in [((12, 4, 6), 1), ((20, 5, 4), 3), ((15, 6, 6), 2)]:
        images = numbered(*shape)
        _moves(images, _shift(student, images, max_shift, rng), max_shift)


@easy
def test_random_shift_moves_the_channels_of_an_image_together(student, rng):
    """In colour images rows and columns move, the channels stay in their places."""
    for shape, max_shift in [((12, 4, 5, 3), 2), ((12, 3, 3, 3), 1)]:
        images = numbered(*shape)
        _moves(images, _shift(student, images, max_shift, rng), max_shift)


@weight(2)
def test_random_shift_reaches_every_move_equally_often(student, rng):
    """All nine moves by at most one pixel are equally likely, both ends and no move included.

    900 images: each count is binomial with mean 100, and one is off by 61 or more less than once in ten million
    gradings.
    """
    moves = _many_shifts(student, rng)
    counts = np.zeros((3, 3))
    np.add.at(counts, (moves[:, 0] + 1, moves[:, 1] + 1), 1)
    require((counts > 0).all(), "Some moves never come: down and up, right and left, and both ends are all possible.")
    require(np.abs(counts - 100).max() < 61, "Some moves come far too often or too rarely.")


def test_random_shift_reaches_both_ends(student, rng):
    """With max_shift = 2, moves of -2 and of 2 come in both directions as often as others, and nothing beyond.

    Of 3000 images about 600 move by each step, with a spread of 22: both bounds are more than ten spreads away.
    """
    images = np.zeros((3000, 7, 8))
    images[:, 3, 4] = 1.0
    got = _shift(student, images, 2, rng)
    require((got.sum(axis=(1, 2)) == 1).all(), "A pixel in the middle must not leave the picture by a move of 2.")
    where = got.reshape(len(got), 56).argmax(axis=1)
    for what, before, after, steps in (("down or up", "up", "down", where // 8 - 3),
                                       ("right or left", "left", "right", where % 8 - 4)):
        names = (f"two {before}", f"one {before}", "none", f"one {after}", f"two {after}")
        never = " and ".join(name for step, name in enumerate(names, -2) if step not in steps)
        came = set(steps.tolist()) == {-2, -1, 0, 1, 2}
        never = f"; {never} never came" if never else ""
        require(came, f"Moves {what} must be -2, -1, 0, 1 and 2, all of them{never}.")
        # rounded real numbers give about 750 and 750, a distance with a random sign 1000 and 1000
        wrong = ["the largest come far too rarely"] if np.sum(np.abs(steps) == 2) < 875 else []
        wrong += ["0 comes far too often"] if np.sum(steps == 0) > 875 else []
        require(not wrong, f"Of the moves {what} {' and '.join(wrong)}.")


def test_random_shift_draws_for_each_image(student, rng):
    """Neighbouring images move independently.

    Of 899 pairs of neighbours about 100 move alike; a right answer is off by 61 or more less than once in ten million
    gradings.
    """
    moves = _many_shifts(student, rng)
    alike = int((moves[1:] == moves[:-1]).all(axis=1).sum())
    require(abs(alike - 99.9) < 61, "Neighbouring images move alike far too often or too rarely: draw for each image.")


def test_random_shift_draws_anew(student, rng):
    """Two calls with the same generator move the images differently.

    All of 60 images move alike less than once in 1e57 gradings.
    """
    first, second = _many_shifts(student, rng, 60), _many_shifts(student, rng, 60)
    require(not np.array_equal(first, second), "Two calls moved all images alike: draw anew from rng.")


def test_random_shift_draws_from_rng(student):
    """Generators in the same state give the same moves, and in other states others.

    All of 60 images move alike less than once in 1e57 gradings.
    """
    moves = [_many_shifts(student, np.random.default_rng(seed), 60) for seed in (1, 1, 2)]
    require(np.array_equal(moves[0], moves[1]), "Two generators in the same state gave other moves: draw from rng.")
    require(not np.array_equal(moves[0], moves[2]), "Generators in other states gave the same moves: draw from rng.")


@easy
def test_random_shift_by_nothing(student, rng):
    """With max_shift = 0 the images stay as they are."""
    for shape in [(5, 3, 4), (3, 4, 3, 3)]:
        images = numbered(*shape)
        assert_close(_shift(student, images, 0, rng), images, what="images moved by nothing")


@easy
def test_random_shift_keeps_bytes(student, rng):
    """Bytes stay bytes, and are moved like any other image."""
    images = numbered(10, 4, 5, dtype=np.uint8)
    got = _shift(student, images, 1, rng)
    _moves(images, got, 1)
    require(got.dtype == np.uint8, "The dtype must stay np.uint8.")


@variant
def by_slices(images, max_shift, rng):
    n, h, w = images.shape[:3]
    out = np.zeros(images.shape, dtype=images.dtype)
    dy = rng.integers(-max_shift, max_shift, size=n, endpoint=True)
    dx = rng.integers(-max_shift, max_shift, size=n, endpoint=True)
    for i in range(n):
        y, x = int(dy[i]), int(dx[i])
        out[i, max(y, 0) : h + min(y, 0), max(x, 0) : w + min(x, 0)] = images[
            i, max(-y, 0) : h + min(-y, 0), max(-x, 0) : w + min(-x, 0)
        ]
    return out


@variant
def by_rolling_and_blanking(images, max_shift, rng):
    moved = []
    for image in images:
        dy, dx = (int(rng.choice(np.arange(-max_shift, max_shift + 1))) for _ in range(2))
        image = np.roll(image, (dy, dx), axis=(0, 1))
        if dy > 0:
            image[:dy] = 0
        elif dy < 0:
            image[dy:] = 0
        if dx > 0:
            image[:, :dx] = 0
        elif dx < 0:
            image[:, dx:] = 0
        moved.append(image)
    return np.array(moved)


@variant
def by_floor_of_uniform(images, max_shift, rng):
    n, h, w = images.shape[:3]
    d = np.floor(rng.random((2, n)) * (2 * max_shift + 1)).astype(int) - max_shift
    rows = np.arange(h)[None, :, None] - d[0][:, None, None]
    columns = np.arange(w)[None, None, :] - d[1][:, None, None]
    inside = (rows >= 0) & (rows < h) & (columns >= 0) & (columns < w)
    got = images[np.arange(n)[:, None, None], rows % h, columns % w]
    inside = inside.reshape(inside.shape + (1,) * (images.ndim - 3))
    return np.where(inside, got, np.zeros((), images.dtype))


@variant
def pixel_by_pixel(images, max_shift, rng):
    out = np.zeros_like(images)
    for i in range(len(images)):
        down = int(rng.integers(2 * max_shift + 1)) - max_shift
        right = int(rng.integers(2 * max_shift + 1)) - max_shift
        for row in range(images.shape[1]):
            for column in range(images.shape[2]):
                if 0 <= row - down < images.shape[1] and 0 <= column - right < images.shape[2]:
                    out[i, row, column] = images[i, row - down, column - right]
    return out


@variant
def one_by_one(images, max_shift, rng):
    out = np.zeros_like(images)
    height, width = images.shape[1:3]
    for old, new in zip(images, out, strict=True):
        down, right = rng.integers(-max_shift, max_shift + 1, size=2)
        new[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = old[
            max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
        ]
    return out


def the_last_two_axes(images, max_shift, rng):
    if images.ndim == 3:
        return one_by_one(images, max_shift, rng)
    return np.moveaxis(one_by_one(np.moveaxis(images, 1, -1), max_shift, rng), -1, 1)


def each_channel(images, max_shift, rng):
    if images.ndim == 3:
        return one_by_one(images, max_shift, rng)
    channels = np.moveaxis(images, 3, 1)
    moved = one_by_one(channels.reshape(-1, *images.shape[1:3]), max_shift, rng)
    return np.moveaxis(moved.reshape(channels.shape), 1, 3)


def on_one_canvas(images, max_shift, rng):
    height, width = images.shape[1:3]
    canvas = np.zeros((height + 2 * max_shift, width + 2 * max_shift, *images.shape[3:]), dtype=images.dtype)
    out = np.empty_like(images)
    for i, image in enumerate(images):
        down, right = max_shift + rng.integers(-max_shift, max_shift + 1, size=2)
        canvas[down : down + height, right : right + width] = image
        out[i] = canvas[max_shift : max_shift + height, max_shift : max_shift + width]
    return out


# In the notebook's solution: where the window begins on the framed image, and the window.
PLACE = "rng.integers(0, 2 * max_shift + 1, size=2)"
WINDOW = "framed[i, top : top + height, left : left + width]"
# In one_by_one: how far an image moves.
MOVE = "rng.integers(-max_shift, max_shift + 1, size=2)"
STEP = "rng.integers(-max_shift, max_shift + 1)"
OUT = "out = np.zeros_like(images)"
ROLLED = "np.roll(images[i], (top, left), axis=(0, 1))"
TWO = "Two numbers are drawn for each image, one for each direction."
ALL_EQUAL = "All whole numbers from -max_shift to max_shift are equally likely"
ZEROS = "np.pad has several modes. Which one fills in zeros?"
MISTAKES = [
    # what is drawn for an image
    mistake("max_shift itself never comes: the upper end of rng.integers is left out.",
            "Which numbers does rng.integers(-1, 1) draw? Both ends should be possible.",
            {MOVE: "rng.integers(-max_shift, max_shift, size=2)"},
            {MOVE: "rng.integers(-max_shift, max(max_shift, 1 - max_shift), size=2)"}, of=one_by_one),
    mistake("The last place in the frame is never cut out, so no image moves up or left by max_shift.",
            "A frame of m pixels on both sides leaves 2m + 1 places for the window. How many do you draw from?",
            {PLACE: "rng.integers(0, 2 * max_shift, size=2)"},
            {PLACE: "rng.integers(0, max(2 * max_shift, 1), size=2)"}),
    mistake("Images are only ever moved down and right, never up or left.",
            "The moves go from -max_shift to max_shift.",
            {MOVE: "rng.integers(0, max_shift + 1, size=2)"}, of=one_by_one),
    mistake("Only the extreme moves are drawn, -max_shift or max_shift, nothing between and never 0.",
            f"{ALL_EQUAL}.",
            {MOVE: "rng.choice([-max_shift, max_shift], size=2)"}, of=one_by_one),
    mistake("Moves are drawn from a bell curve and rounded, so small moves come more often than large ones.",
            f"{ALL_EQUAL}: which method draws those?",
            {MOVE: "np.rint(np.clip(rng.normal(0, max_shift / 2, size=2), -max_shift, max_shift)).astype(int)"},
            of=one_by_one),
    mistake("Moves are drawn from the real numbers and rounded, so the two ends come half as often as the others.",
            "Which real numbers are rounded to max_shift, and which to 0? Draw whole numbers.",
            {MOVE: "np.rint(rng.uniform(-max_shift, max_shift, size=2)).astype(int)"}, of=one_by_one),
    mistake("A distance and a sign are drawn, so no move comes twice as often as any other.",
            f"{ALL_EQUAL}. In how many ways can your two draws give 0, and in how many 1?",
            {MOVE: "rng.integers(0, max_shift + 1, size=2) * rng.choice([-1, 1], size=2)"}, of=one_by_one),
    mistake("Moves are real numbers cut to whole ones, so max_shift never comes and 0 comes twice as often.",
            "What does int(0.9) give, and int(-0.9)? Draw whole numbers.",
            {MOVE: "rng.uniform(-max_shift, max_shift, size=2).astype(int)"}, of=one_by_one),
    mistake("Moves are real numbers cut towards 0, so -max_shift never comes and 0 comes twice as often.",
            "Which real numbers does int() make 0, and which -1? Draw whole numbers.",
            {MOVE: "rng.uniform(-max_shift, max_shift + 1, size=2).astype(int)"}, of=one_by_one),
    mistake("Each moved image is moved again: moves of up to twice max_shift come.",
            "Of your offsets into the framed image, which is the smallest and which the largest that you draw?",
            {MOVE: "rng.integers(-2 * max_shift, 2 * max_shift + 1, size=2)"}, of=one_by_one),
    mistake("Every image has to move: a draw of no move is repeated.",
            "All moves are equally likely, no move among them.",
            {MOVE: f"{MOVE}\n        while max_shift and down == right == 0:\n            down, right = {MOVE}"},
            of=one_by_one),
    mistake("An image moves in one direction only at a time: down or up, or else right or left.",
            "Two numbers are drawn for each image, and both count.",
            {MOVE: f"{MOVE} * rng.permutation([0, 1])"}, of=one_by_one),
    mistake("One number is used for both directions, so images only move along the diagonal.",
            "How many numbers does each image need? Can yours move to the right without moving down?",
            *({f"top, left = {PLACE}": f"top = left = {place}"}
              for place in ("rng.integers(0, 2 * max_shift + 1)", f"max_shift - {STEP}"))),
    mistake("Images only move sideways, never up or down.", TWO,
            {MOVE: f"0, {STEP}"}, of=one_by_one),
    mistake("Images only move up or down, never sideways.", TWO,
            {MOVE: f"{STEP}, 0"}, of=one_by_one),
    # how often
    mistake("All images are moved by the same amount.",
            "How often do you draw? Each image needs a move of its own.",
            *({f"top, left = {PLACE}": "pass", "for i in": f"top, left = {place}\n    for i in"}
              for place in (PLACE, f"max_shift - {MOVE}"))),
    mistake("All images move down or up by the same number; only right or left is drawn for each.",
            "Which of your two draws is inside the loop over the images?",
            {MOVE: f"row, {STEP}", OUT: f"{OUT}\n    row = {STEP}"}, of=one_by_one),
    mistake("Each channel is moved by a number of its own, so the colours come apart.",
            "An image in colour has one place. How often is a move drawn for it?",
            by=each_channel),
    slip("own_generator", {OUT: "out, rng = np.zeros_like(images), np.random.default_rng(0)"}, of=one_by_one),
    # what is empty after the move
    mistake("The pixels that move out come back in on the other side: np.roll wraps around.",
            "What should stand in the first column of an image that was moved to the right?",
            {PLACE: MOVE, WINDOW: ROLLED}),
    mistake("After rolling, only moves down and right are blanked; what comes in at the bottom and at the right stays.",
            "Which rows must be 0 after a move up?",
            {PLACE: MOVE, WINDOW: f"{ROLLED}\n        shifted[i, : max(top, 0)] = shifted[i, :, : max(left, 0)] = 0"}),
    mistake("The same slice blanks moves up as moves down, and with a negative number it blanks nearly everything.",
            "Which rows are image[:-1]? After a move up by 1, which should be 0?",
            {PLACE: MOVE, WINDOW: f"{ROLLED}\n        shifted[i, :top] = shifted[i, :, :left] = 0"}),
    mistake("What is empty after the move repeats the edge of the image instead of being 0.", ZEROS,
            {"np.pad(images, frame)": 'np.pad(images, frame, mode="edge")'}),
    mistake("What is empty after the move mirrors the image instead of being 0.", ZEROS,
            {"np.pad(images, frame)": 'np.pad(images, frame, mode="reflect")'}),
    mistake("What is empty after the move keeps the old pixels instead of being 0.",
            "Begin with an array of zeros, not with a copy of the images.",
            {OUT: "out = images.copy()"}, of=one_by_one),
    mistake("One canvas serves all images and is not cleared between them, so pixels of earlier images show through.",
            "What is on the canvas when the second image is put on it? Which pixels does that image not cover?",
            by=on_one_canvas),
    # axes, and what is returned
    mistake("The last two axes are moved: in colour images that is columns and channels, not rows and columns.",
            "Which axes are rows and columns in (N, H, W), and which in (N, H, W, C)?",
            by=the_last_two_axes),
    mistake("Height and width have changed places: images that are not square lose rows or columns.",
            "Which comes first in images.shape, H or W? Try an image that is not square.",
            {"height, width =": "width, height ="}, of=one_by_one),
    mistake("The images come back larger, with their frame of zeros.",
            "After framing an image with zeros, cut a window of the old size out of it.",
            {"empty_like(images)": "empty_like(framed)", PLACE: MOVE, WINDOW: ROLLED.replace("images", "framed")}),
    mistake(*INTO_FLOATS, {OUT: "out = np.zeros(images.shape)"}, of=one_by_one),
    mistake("The moves are returned as well; only the moved images are asked for.",
            "What does moved = random_shift(...) hold?",
            {OUT: f"{OUT}\n    moves = []", MOVE: f"{MOVE}\n        moves.append((down, right))",
             "return out": "return out, np.array(moves)"}, of=one_by_one),
    slip("writes_into_input", {"return out": "images[:] = out\n    return images"}, of=one_by_one, what="images"),
]
