"""random_shift: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, leaves_alone, mistake, variant, weight
from nnlib.checks import assert_close, require

from .common import _array, _numbered


def _moved(image, down, right):
    """The image moved over zeros, pixel by pixel."""
    out = np.zeros_like(image)
    height, width = image.shape[:2]
    for row in range(max(0, down), min(height, height + down)):
        for column in range(max(0, right), min(width, width + right)):
            out[row, column] = image[row - down, column - right]
    return out


def _moves(images, result, max_shift):
    """How far each image was moved; fails where a result is no moved image."""
    steps = range(-max_shift, max_shift + 1)
    moves = []
    for old, new in zip(images, result, strict=True):
        fits = [(d, r) for d in steps for r in steps if np.array_equal(_moved(old, d, r), new)]
        require(
            len(fits) == 1,
            f"A result is not its image moved by whole pixels from -{max_shift} to {max_shift} over zeros.",
        )
        moves.append(fits[0])
    return np.array(moves)


def _shift(student, images, max_shift, rng):
    return _array(student.random_shift(images.copy(), max_shift, rng), images.shape, "the moved images")


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
        images = _numbered(*shape)
        _moves(images, _shift(student, images, max_shift, rng), max_shift)


@easy
def test_random_shift_moves_the_channels_of_an_image_together(student, rng):
    """In colour images rows and columns move, the channels stay in their places."""
    for shape, max_shift in [((12, 4, 5, 3), 2), ((12, 3, 3, 3), 1)]:
        images = _numbered(*shape)
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
    require(np.abs(counts - 100).max() < 61, "Some moves come far too often or too seldom.")


def test_random_shift_reaches_both_ends(student, rng):
    """With max_shift = 2, moves of -2 and of 2 come in both directions, and nothing beyond.

    Of 300 images none moves by a given one of five steps less than once in 1e28 gradings.
    """
    images = np.zeros((300, 7, 8))
    images[:, 3, 4] = 1.0
    got = _shift(student, images, 2, rng)
    require((got.sum(axis=(1, 2)) == 1).all(), "A pixel in the middle must not leave the picture by a move of 2.")
    where = got.reshape(300, 56).argmax(axis=1)
    for what, steps in (("down or up", where // 8 - 3), ("right or left", where % 8 - 4)):
        require(set(steps.tolist()) == {-2, -1, 0, 1, 2}, f"Moves {what} must be -2, -1, 0, 1 and 2, all of them.")


def test_random_shift_draws_for_each_image(student, rng):
    """Neighbouring images move independently.

    Of 899 pairs of neighbours about 100 move alike; a right answer is off by 61 or more less than once in ten million
    gradings.
    """
    moves = _many_shifts(student, rng)
    alike = int((moves[1:] == moves[:-1]).all(axis=1).sum())
    require(abs(alike - 99.9) < 61, "Neighbouring images move alike far too often or too seldom: draw for each image.")


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
        images = _numbered(*shape)
        assert_close(_shift(student, images, 0, rng), images, what="images moved by nothing")


@easy
def test_random_shift_keeps_bytes(student, rng):
    """Bytes stay bytes, and are moved like any other image."""
    images = _numbered(10, 4, 5, dtype=np.uint8)
    got = _shift(student, images, 1, rng)
    _moves(images, got, 1)
    require(got.dtype == np.uint8, "The dtype must stay np.uint8.")


@easy
def test_random_shift_leaves_the_images_alone(student, rng):
    """The images stay as they were."""
    images = _numbered(8, 4, 5)
    before = images.copy()
    got = leaves_alone(lambda images: student.random_shift(images, 2, rng), ["images"], images)
    _moves(before, _array(got, before.shape, "the moved images"), 2)


@variant
def shifts_by_slices(images, max_shift, rng):
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
def shifts_by_rolling_and_blanking(images, max_shift, rng):
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
def shifts_by_floor_of_uniform(images, max_shift, rng):
    n, h, w = images.shape[:3]
    d = np.floor(rng.random((2, n)) * (2 * max_shift + 1)).astype(int) - max_shift
    rows = np.arange(h)[None, :, None] - d[0][:, None, None]
    columns = np.arange(w)[None, None, :] - d[1][:, None, None]
    inside = (rows >= 0) & (rows < h) & (columns >= 0) & (columns < w)
    got = images[np.arange(n)[:, None, None], rows % h, columns % w]
    inside = inside.reshape(inside.shape + (1,) * (images.ndim - 3))
    return np.where(inside, got, np.zeros((), images.dtype))


@variant
def shifts_pixel_by_pixel(images, max_shift, rng):
    out = np.zeros_like(images)
    for i in range(len(images)):
        down = int(rng.integers(2 * max_shift + 1)) - max_shift
        right = int(rng.integers(2 * max_shift + 1)) - max_shift
        for row in range(images.shape[1]):
            for column in range(images.shape[2]):
                if 0 <= row - down < images.shape[1] and 0 <= column - right < images.shape[2]:
                    out[i, row, column] = images[i, row - down, column - right]
    return out


def _over_zeros(image, down, right):
    out = np.zeros_like(image)
    height, width = image.shape[:2]
    rows = slice(max(0, down), min(height, height + down))
    columns = slice(max(0, right), min(width, width + right))
    old_rows = slice(max(0, -down), min(height, height - down))
    old_columns = slice(max(0, -right), min(width, width - right))
    out[rows, columns] = image[old_rows, old_columns]
    return out


def _all_moved(images, moves):
    return np.stack([_over_zeros(image, d, r) for image, (d, r) in zip(images, moves, strict=True)])


def _moves_of_each(images, m, rng):
    return rng.integers(-m, m + 1, size=(len(images), 2))


def shifts_around_the_edge(images, max_shift, rng):
    moves = _moves_of_each(images, max_shift, rng)
    return np.stack([np.roll(image, move, axis=(0, 1)) for image, move in zip(images, moves, strict=True)])


def shifts_all_alike(images, max_shift, rng):
    return _all_moved(images, [rng.integers(-max_shift, max_shift + 1, size=2)] * len(images))


def shifts_without_the_upper_end(images, max_shift, rng):
    high = max(max_shift, 1 - max_shift)
    return _all_moved(images, rng.integers(-max_shift, high, size=(len(images), 2)))


def shifts_only_forwards(images, max_shift, rng):
    return _all_moved(images, rng.integers(0, max_shift + 1, size=(len(images), 2)))


def shifts_along_the_diagonal(images, max_shift, rng):
    moves = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return _all_moved(images, np.stack([moves, moves], axis=1))


def shifts_only_sideways(images, max_shift, rng):
    moves = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return _all_moved(images, np.stack([np.zeros_like(moves), moves], axis=1))


def shifts_only_up_and_down(images, max_shift, rng):
    moves = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return _all_moved(images, np.stack([moves, np.zeros_like(moves)], axis=1))


def shifts_and_repeats_the_edge(images, max_shift, rng):
    frame = [(0, 0)] + [(max_shift, max_shift)] * 2 + [(0, 0)] * (images.ndim - 3)
    framed = np.pad(images, frame, mode="edge")
    height, width = images.shape[1:3]
    moves = _moves_of_each(images, max_shift, rng) + max_shift
    return np.stack([framed[i, t : t + height, s : s + width] for i, (t, s) in enumerate(moves)])


def shifts_all_the_way(images, max_shift, rng):
    return _all_moved(images, rng.choice([-max_shift, max_shift], size=(len(images), 2)))


def shifts_over_the_old_image(images, max_shift, rng):
    moved = _all_moved(images, moves := _moves_of_each(images, max_shift, rng))
    ones = np.ones(images.shape[:3] + (1,) * (images.ndim - 3), dtype=bool)
    return np.where(_all_moved(ones, moves), moved, images)


def shifts_and_keeps_the_frame(images, max_shift, rng):
    frame = [(0, 0)] + [(max_shift, max_shift)] * 2 + [(0, 0)] * (images.ndim - 3)
    moves = _moves_of_each(images, max_shift, rng)
    return np.stack([np.roll(image, m, axis=(0, 1)) for image, m in zip(np.pad(images, frame), moves, strict=True)])


def shifts_into_floats(images, max_shift, rng):
    return _all_moved(images, _moves_of_each(images, max_shift, rng)).astype(float)


def shifts_in_place(images, max_shift, rng):
    images[:] = _all_moved(images, _moves_of_each(images, max_shift, rng))
    return images


def shifts_by_its_own_seed(images, max_shift, rng):
    return _all_moved(images, _moves_of_each(images, max_shift, np.random.default_rng(0)))


def shifts_by_a_bell_curve(images, max_shift, rng):
    drawn = np.rint(rng.normal(0, max_shift / 2, size=(len(images), 2))).astype(int)
    return _all_moved(images, np.clip(drawn, -max_shift, max_shift))


def shifts_the_last_two_axes(images, max_shift, rng):
    moves = _moves_of_each(images, max_shift, rng)
    if images.ndim == 3:
        return _all_moved(images, moves)
    turned = np.moveaxis(images, 1, -1)  # columns and channels first, rows as if they were channels
    return np.moveaxis(_all_moved(turned, np.clip(moves, -images.shape[3], images.shape[3])), -1, 1)


def shifts_twice_as_far(images, max_shift, rng):
    return _all_moved(images, rng.integers(-2 * max_shift, 2 * max_shift + 1, size=(len(images), 2)))


def shifts_without_the_last_place(images, max_shift, rng):
    return _all_moved(images, max_shift - rng.integers(0, max(2 * max_shift, 1), size=(len(images), 2)))


def shifts_with_one_row_for_all(images, max_shift, rng):
    down = rng.integers(-max_shift, max_shift + 1)
    right = rng.integers(-max_shift, max_shift + 1, size=len(images))
    return _all_moved(images, np.stack([np.full_like(right, down), right], axis=1))


def shifts_by_rounding(images, max_shift, rng):
    return _all_moved(images, np.rint(rng.uniform(-max_shift, max_shift, size=(len(images), 2))).astype(int))


def shifts_by_cutting_off(images, max_shift, rng):
    return _all_moved(images, rng.uniform(-max_shift, max_shift, size=(len(images), 2)).astype(int))


def shifts_and_blanks_half(images, max_shift, rng):
    moved = []
    for image in images:
        down, right = rng.integers(-max_shift, max_shift + 1, size=2)
        image = np.roll(image, (down, right), axis=(0, 1))
        image[: max(down, 0)] = 0
        image[:, : max(right, 0)] = 0
        moved.append(image)
    return np.stack(moved)


def shifts_and_blanks_too_much(images, max_shift, rng):
    moved = []
    for image in images:
        down, right = rng.integers(-max_shift, max_shift + 1, size=2)
        image = np.roll(image, (down, right), axis=(0, 1))
        image[:down] = 0
        image[:, :right] = 0
        moved.append(image)
    return np.stack(moved)


def shifts_always(images, max_shift, rng):
    moves = []
    for _ in images:
        move = rng.integers(-max_shift, max_shift + 1, size=2)
        while max_shift and not move.any():
            move = rng.integers(-max_shift, max_shift + 1, size=2)
        moves.append(move)
    return _all_moved(images, moves)


def shifts_in_one_direction_at_a_time(images, max_shift, rng):
    moves = _moves_of_each(images, max_shift, rng)
    moves[np.arange(len(moves)), rng.integers(2, size=len(moves))] = 0
    return _all_moved(images, moves)


def shifts_all_alike_out_of_a_frame(images, max_shift, rng):
    down, right = max_shift - rng.integers(0, 2 * max_shift + 1, 2)
    return _all_moved(images, [(down, right)] * len(images))


def shifts_along_the_diagonal_out_of_a_frame(images, max_shift, rng):
    moves = [max_shift - rng.integers(0, 2 * max_shift + 1) for _ in images]
    return _all_moved(images, [(move, move) for move in moves])


def shifts_and_mirrors_the_edge(images, max_shift, rng):
    m, (height, width) = max_shift, images.shape[1:3]
    frame = np.pad(images, [(0, 0), (m, m), (m, m)] + [(0, 0)] * (images.ndim - 3), mode="reflect")
    places = rng.integers(0, 2 * m + 1, size=(len(images), 2))
    return np.array([one[a : a + height, b : b + width] for one, (a, b) in zip(frame, places, strict=True)])


def shifts_by_cutting_towards_0(images, max_shift, rng):
    return _all_moved(images, [rng.uniform(-max_shift, max_shift + 1, 2).astype(int) for _ in images])


def shifts_with_height_for_width(images, max_shift, rng):
    width, height = images.shape[1:3]
    out = np.zeros_like(images)
    for old, new in zip(images, out, strict=True):
        down, right = rng.integers(-max_shift, max_shift + 1, 2)
        new[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = old[
            max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
        ]
    return out


def shifts_each_channel(images, max_shift, rng):
    if images.ndim == 3:
        return _all_moved(images, _moves_of_each(images, max_shift, rng))
    out = np.zeros_like(images)
    for old, new in zip(images, out, strict=True):
        for channel in range(images.shape[3]):
            move = rng.integers(-max_shift, max_shift + 1, 2)
            new[..., channel] = _all_moved(old[np.newaxis, ..., channel], [move])[0]
    return out


def shifts_and_tells_the_moves(images, max_shift, rng):
    moves = rng.integers(-max_shift, max_shift + 1, size=(len(images), 2))
    return _all_moved(images, moves), moves


MISTAKES = [
    mistake("The pixels that move out come back in on the other side: np.roll wraps around.",
            "What should stand in the first column of an image that was moved to the right?",
            by=shifts_around_the_edge),
    mistake("All images are moved by the same amount.",
            "How often do you draw? Each image needs a move of its own.",
            by=shifts_all_alike),
    mistake("max_shift itself never comes: the upper end of rng.integers is left out.",
            "Which numbers does rng.integers(-1, 1) draw? Both ends should be possible.",
            by=shifts_without_the_upper_end),
    mistake("Images are only ever moved down and right, never up or left.",
            "The moves go from -max_shift to max_shift.",
            by=shifts_only_forwards),
    mistake("One number is used for both directions, so images only move along the diagonal.",
            "How many numbers does each image need? Can yours move to the right without moving down?",
            by=shifts_along_the_diagonal),
    mistake("Images only move sideways, never up or down.",
            "Two numbers are drawn for each image, one for each direction.",
            by=shifts_only_sideways),
    mistake("Images only move up or down, never sideways.",
            "Two numbers are drawn for each image, one for each direction.",
            by=shifts_only_up_and_down),
    mistake("What is empty after the move repeats the edge of the image instead of being 0.",
            "np.pad has several modes. Which one fills in zeros?",
            by=shifts_and_repeats_the_edge),
    mistake("Only the extreme moves are drawn, -max_shift or max_shift, nothing between and never 0.",
            "All whole numbers from -max_shift to max_shift are equally likely.",
            by=shifts_all_the_way),
    mistake("What is empty after the move keeps the old pixels instead of being 0.",
            "Begin with an array of zeros, not with a copy of the images.",
            by=shifts_over_the_old_image),
    mistake("The images come back larger, with their frame of zeros.",
            "After framing an image with zeros, cut a window of the old size out of it.",
            by=shifts_and_keeps_the_frame),
    mistake("The images come back as floats, whatever they were.",
            "np.zeros makes floats unless it is told a dtype. What is images.dtype?",
            by=shifts_into_floats),
    mistake("The images themselves are changed.",
            "Write into a new array of zeros, or work on a copy.",
            by=shifts_in_place),
    mistake("Every call starts a generator of its own with a fixed seed, so the moves are always the same.",
            "Draw from the rng you are given: it remembers what it has drawn.",
            by=shifts_by_its_own_seed),
    mistake("Moves are drawn from a bell curve and rounded, so small moves come more often than large ones.",
            "All whole numbers from -max_shift to max_shift are equally likely: which method draws those?",
            by=shifts_by_a_bell_curve),
    mistake("The last two axes are moved: in colour images that are columns and channels, not rows and columns.",
            "Which axes are rows and columns in (N, H, W), and which in (N, H, W, C)?",
            by=shifts_the_last_two_axes),
    mistake("Each moved image is moved again: moves of up to twice max_shift come.",
            "Of your offsets into the framed image, which is the smallest and which the largest that you draw?",
            by=shifts_twice_as_far),
    mistake("Where an image is cut out of its frame, the last place never comes, so no image moves up or left by max_shift.",
            "A frame of m pixels on both sides leaves 2m + 1 places for the window. How many do you draw from?",
            by=shifts_without_the_last_place),
    mistake("All images move down or up by the same number; only right or left is drawn for each.",
            "Which of your two draws is inside of the loop over the images?",
            by=shifts_with_one_row_for_all),
    mistake("Moves are drawn from the real numbers and rounded, so the two ends come half as often as the others.",
            "Which real numbers are rounded to max_shift, and which to 0? Draw whole numbers.",
            by=shifts_by_rounding),
    mistake("Moves are drawn from the real numbers and cut to whole ones, so max_shift never comes and 0 twice as often.",
            "What does int(0.9) give, and int(-0.9)? Draw whole numbers.",
            by=shifts_by_cutting_off),
    mistake("After rolling, only moves down and right are blanked; what comes in at the bottom and at the right stays.",
            "Which rows must be 0 after a move up?",
            by=shifts_and_blanks_half),
    mistake("The same slice blanks moves up as moves down, and with a negative number it blanks nearly everything.",
            "Which rows are image[:-1]? After a move up by 1, which should be 0?",
            by=shifts_and_blanks_too_much),
    mistake("Every image has to move: a draw of no move is repeated.",
            "All moves are equally likely, no move among them.",
            by=shifts_always),
    mistake("An image moves in one direction only at a time: down or up, or else right or left.",
            "Two numbers are drawn for each image, and both count.",
            by=shifts_in_one_direction_at_a_time),
    mistake("All images are moved by the same amount.",
            "How often do you draw? Each image needs a move of its own.",
            by=shifts_all_alike_out_of_a_frame),
    mistake("One number is used for both directions, so images only move along the diagonal.",
            "How many numbers does each image need? Can yours move to the right without moving down?",
            by=shifts_along_the_diagonal_out_of_a_frame),
    mistake("What is empty after the move mirrors the image instead of being 0.",
            "np.pad has several modes. Which one fills in zeros?",
            by=shifts_and_mirrors_the_edge),
    mistake("Moves are drawn from the real numbers and cut towards 0, so -max_shift never comes and 0 twice as often.",
            "Which real numbers does int() make 0, and which -1? Draw whole numbers.",
            by=shifts_by_cutting_towards_0),
    mistake("Height and width have changed places: images that are not square lose rows or columns.",
            "Which comes first in images.shape, H or W? Try an image that is not square.",
            by=shifts_with_height_for_width),
    mistake("Each channel is moved by a number of its own, so the colours come apart.",
            "An image in colour has one place. How often is a move drawn for it?",
            by=shifts_each_channel),
    mistake("The moves are returned as well; only the moved images are asked for.",
            "What does moved = random_shift(...) hold?",
            by=shifts_and_tells_the_moves),
]
