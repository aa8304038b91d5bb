"""clip_by_value: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import assert_close, assert_unchanged


def _by_value(student, *cases):
    results = [student.clip_by_value(g.copy(), low, high) for g, low, high in cases]
    for (g, low, high), got in zip(cases, results, strict=True):
        assert_close(got, np.clip(g.astype(float), low, high), atol=0.0, what="the clipped gradient")


def test_clip_by_value_limits_every_entry(student, rng):
    """Entries beyond a limit become the limit, the others stay, in any shape."""
    shapes = [(7,), (4, 4), (3, 5), (2, 3, 4), (200,)]
    _by_value(student, *((3 * rng.normal(size=shape), -1.5, 1.5) for shape in shapes))


def test_clip_by_value_with_other_limits_on_each_side(student, rng):
    """low and high are limits of their own."""
    limits = [(-0.5, 2.0), (-3.0, 0.25), (0.5, 1.0), (-2.0, -1.0), (0.0, 1.0)]
    _by_value(student, *((4 * rng.normal(size=(5, 5)), low, high) for low, high in limits))


def test_clip_by_value_leaves_what_is_between(student, rng):
    """What lies within the limits is returned as it is, tiny entries, zeros and the limits themselves included."""
    _by_value(
        student,
        (rng.uniform(-1, 1, size=(4, 3)), -1.0, 1.0),
        (np.array([0.0, 1e-9, -1e-9, 0.5, -2.0, 3.0]), -2.0, 3.0),
        (np.zeros((2, 2)), -0.1, 0.1),
        (np.array([3e-10, -2e-10, 9e-10, -7e-10]), -5e-10, 5e-10),
    )


def test_clip_by_value_cuts_one_side_only(student):
    """Where entries lie beyond one limit only, the others stay."""
    _by_value(
        student,
        (np.array([9.0, 0.5, -0.5, 8.0]), -1.0, 1.0),
        (np.array([-9.0, 0.5, -0.5, -8.0]), -1.0, 1.0),
    )


def test_clip_by_value_with_huge_entries(student):
    """Huge and infinite entries become the limits."""
    _by_value(student, (np.array([1e30, -1e30, 0.25, np.inf, -np.inf]), -5.0, 4.0))


def test_clip_by_value_of_whole_numbers(student):
    """An array of ints is clipped to limits with fractions."""
    _by_value(
        student,
        (np.array([[7, -7], [2, -1]]), -2.5, 3.5),
        (np.array([4, 0, -3]), -0.5, 0.5),
    )


def test_clip_by_value_keeps_nan_in_sight(student):
    """A nan stays nan, and its neighbours are clipped as always."""
    _by_value(student, (np.array([0.5, np.nan, -7.0, 6.0]), -1.0, 1.0))


def test_clip_by_value_of_single_precision(student, rng):
    """float32 gradients are clipped too."""
    g = 3 * rng.normal(size=(4, 6))
    _by_value(student, (g.astype(np.float32), -1.25, 0.75))


def test_clip_by_value_leaves_its_input_alone(student):
    """The result is a new array, and g stays as it came."""
    g = np.array([[7.0, -0.5], [-6.0, 2.0]])
    before = g.copy()
    got = student.clip_by_value(g, -1.5, 3.0)
    assert_unchanged(g, before, what="g")
    assert_close(got, np.clip(before, -1.5, 3.0), what="the clipped gradient")


@variant
def value_by_minimum_and_maximum(g, low, high):
    return np.minimum(np.maximum(g, low), high)


@variant
def value_by_where(g, low, high):
    return np.where(g < low, low, np.where(g > high, high, g))


@variant
def value_by_masks_on_a_copy(g, low, high):
    out = g.astype(float)
    out[out > high] = high
    out[out < low] = low
    return out


@variant
def value_entry_by_entry(g, low, high):
    out = np.array(g, dtype=float)
    for index in np.ndindex(out.shape):
        if out[index] < low:
            out[index] = low
        elif out[index] > high:
            out[index] = high
    return out


@variant
def value_in_single_precision(g, low, high):
    return np.clip(g.astype(np.float32), np.float32(low), np.float32(high))


def value_writes_into_g(g, low, high):
    g[g > high] = high
    g[g < low] = low
    return g


def value_scales_the_whole(g, low, high):
    limit = max(abs(low), abs(high))
    return g * min(1.0, limit / np.abs(g).max()) if np.abs(g).max() > 0 else g.copy()


def value_cuts_off_fractions(g, low, high):
    out = g.copy()
    out[g > high] = high
    out[g < low] = low
    return out


def value_clips_the_norm(g, low, high):
    norm = np.linalg.norm(g)
    return g * (high / norm) if norm > high else g.copy()


def value_rescales_to_the_range(g, low, high):
    span = g.max() - g.min()
    return low + (g - g.min()) * (high - low) / span if span else g.astype(float)


def value_turns_nan_into_a_limit(g, low, high):
    out = np.empty(g.shape)
    for index in np.ndindex(g.shape):
        out[index] = min(high, max(low, g[index]))
    return out


def value_sets_the_whole(g, low, high):
    if g.max() > high:
        return np.full_like(g, high)
    return np.full_like(g, low) if g.min() < low else g


MISTAKES = [
    mistake("Only entries above high are clipped, those below low are not.",
            "What happens to an entry of -9 with a low of -1?",
            {"clip(g, low,": "minimum(g,"}),
    mistake("Only entries below low are clipped, those above high are not.",
            "What happens to an entry of 9 with a high of 1?",
            {"np.minimum(": "", "), high)": ")"}, of=value_by_minimum_and_maximum),
    mistake("The limits are taken to be -high and high; low is not used.",
            "The two limits are independent. Where does low occur in your function?",
            {"low)": "-high)"}, of=value_by_minimum_and_maximum),
    mistake("The limits are swapped, so every entry ends at one of them.",
            "In which order does the function that you call want its limits?",
            {"minimum(np.maximum": "maximum(np.minimum"}, of=value_by_minimum_and_maximum),
    mistake("The gradient that was passed is changed itself.",
            "Work on a new array: which calls write into g?",
            by=value_writes_into_g),
    mistake("The whole gradient is scaled by its largest entry; by value, every entry is limited for itself.",
            "With limits of -5 and 5, what becomes of the -4 in (30, -4)?",
            by=value_scales_the_whole),
    mistake("Entries beyond the limits become 0 instead of the limit.",
            "A very long gradient should give a long step. What does yours give?",
            {"clip(g, low, high)": "where((g < low) | (g > high), 0.0, g)"}),
    mistake("Entries beyond the limits are left out, so the shape is lost.",
            "The result must have g's shape. What stands in the place of a large entry?",
            {"np.clip(g, low, high)": "g[(g >= low) & (g <= high)]"}),
    mistake("Entries below low become high.",
            "Which limit belongs to entries that are too negative?",
            {"clip(g, low, high": "where((g < low) | (g > high), high, g"}),
    mistake("The result is an array of ints where g was one, so the fractions of the limits are cut off.",
            "What does an array of ints do with 2.5 when you put it in?",
            by=value_cuts_off_fractions),
    mistake("nan is replaced by a number, so that the fault is hidden.",
            "What should become of a nan, according to the exercise?",
            {"clip(g": "clip(np.nan_to_num(g)"}),
    mistake("The norm is limited; here every entry is to be limited for itself.",
            "Read the title of the exercise again: what is compared with the limits?",
            by=value_clips_the_norm),
    mistake("The entries are stretched to fill the range from low to high; those within it must stay as they are.",
            "What should become of a gradient whose entries all lie within the limits?",
            by=value_rescales_to_the_range),
    mistake("Sizes are compared with high regardless of the sign, and every long entry gets the positive limit.",
            "What becomes of -9 with limits of -1 and 1?",
            {"clip(g, low, high": "where(np.abs(g) > high, high, g"}),
    mistake("low is taken to be negative and high positive; limits on one side of zero come out wrong.",
            "What should become of 5 with limits of 1 and 2, and of 0?",
            {"clip(g, low, high)": "clip(g, -abs(low), abs(high))"}),
    mistake("nan becomes a limit: the comparison that your loop makes with it is False.",
            "max(low, nan) depends on the order of its arguments. What should become of a nan?",
            by=value_turns_nan_into_a_limit),
    mistake("low and high are swapped in the call of np.clip, so every entry becomes low.",
            "In which order does np.clip take its limits?",
            {"clip(g, low, high": "clip(g, high, low"}),
    mistake("The size is clipped instead of the entry, so the sign is lost.",
            "What should become of -3 with the limits -5 and 5?",
            {"clip(g": "clip(np.abs(g)"}),
    mistake("Nothing is clipped: g comes back as it is.",
            "Where do low and high occur in what you return?",
            {"np.clip(g, low, high)": "g"}),
    mistake("The result is flattened: the shape is lost.",
            "What shape does the gradient of a matrix have?",
            {"clip(g": "clip(np.ravel(g).astype(float)"}),
    mistake("One entry that is too large sets all of them to the limit.",
            "Which entries may change: all, or only those beyond a limit?",
            by=value_sets_the_whole),
    mistake("The whole gradient is scaled when its largest size exceeds high; by value, every entry is limited for itself.",
            "With (30, -4) and limits of 5 the second entry stays -4. Does yours?",
            {"return np.clip(g, low, high)":
                 "largest = np.max(np.abs(g))\n    return g * (high / largest) if largest > high else g.copy()"}),
    mistake("The result is written into g itself by out=g.",
            "What happens to the caller's gradient?",
            {"clip(g, low, high": "clip(g, low, high, out=g"}),
]
