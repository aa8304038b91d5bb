"""clip_by_value: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

HINTS = (
    'Every entry is looked at by itself. What happens to one that lies within the limits?',
    'Two comparisons, one with each limit; NumPy has a function for both at once. Does it write into g, and '
    'what does it make of nan?',
    'g = (7, −1, 0.5) with limits −2 and 3 becomes (3, −1, 0.5); with limits 1 and 3 it becomes (3, 1, 1).',
)


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


@variant
def by_minimum_and_maximum(g, low, high):
    return np.minimum(np.maximum(g, low), high)


@variant
def by_where(g, low, high):
    return np.where(g < low, low, np.where(g > high, high, g))


@variant
def by_masks_on_a_copy(g, low, high):
    out = g.astype(float)
    out[out > high] = high
    out[out < low] = low
    return out


@variant
def entry_by_entry(g, low, high):
    out = np.array(g, dtype=float)
    for index in np.ndindex(out.shape):
        if out[index] < low:
            out[index] = low
        elif out[index] > high:
            out[index] = high
    return out


@variant
def in_single_precision(g, low, high):
    return np.clip(g.astype(np.float32), np.float32(low), np.float32(high))


CLIP = "np.clip(g, low, high)"
SCALED = "g * (limit / largest) if largest > limit else g.copy()"
ONE_BY_ONE = ("[min(high, max(low, entry)) for entry in g.flat]", "[max(low, min(high, entry)) for entry in g.flat]")
MISTAKES = [
    mistake("Only entries above high are clipped, those below low are not.",
            "What happens to an entry of -9 with a low of -1?",
            {CLIP: "np.minimum(g, high)"}),
    mistake("Only entries below low are clipped, those above high are not.",
            "What happens to an entry of 9 with a high of 1?",
            {CLIP: "np.maximum(g, low)"}),
    mistake("The limits are taken to be -high and high; low is not used.",
            "The two limits are independent. Where does low occur in your function?",
            {CLIP: "np.clip(g, -high, high)"}),
    mistake("The limits are swapped, so every entry ends at one of them.",
            "In which order does the function that you call take its limits?",
            {CLIP: "np.clip(g, high, low)"}, {CLIP: "np.maximum(np.minimum(g, low), high)"}),
    slip("writes_into_input",
         {CLIP: "np.clip(g, low, high, out=g)"},
         {f"return {CLIP}": "g[g > high] = high\n    g[g < low] = low\n    return g"},
         what="g"),
    mistake("The whole gradient is scaled by its largest entry; by value, every entry is limited for itself.",
            "With limits of -5 and 5, what becomes of the -4 in (30, -4)?",
            *({f"return {CLIP}": f"largest, limit = np.abs(g).max(), {limit}\n    return {SCALED}"}
              for limit in ("high", "max(abs(low), abs(high))"))),
    mistake("Entries beyond the limits become 0 instead of the limit.",
            "A very long gradient should give a long step. What does yours give?",
            {CLIP: "np.where((g < low) | (g > high), 0.0, g)"}),
    mistake("Entries beyond the limits are left out, so the shape is lost.",
            "The result must have g's shape. What stands in the place of a large entry?",
            {CLIP: "g[(g >= low) & (g <= high)]"}),
    mistake("Entries below low become high.",
            "Which limit belongs to entries that are too negative?",
            {CLIP: "np.where((g < low) | (g > high), high, g)"}),
    slip("stored_as_integers",
         {f"return {CLIP}": "out = g.copy()\n    out[g > high] = high\n    out[g < low] = low\n    return out"},
         what="g"),
    mistake("nan is replaced by a number, so that the fault is hidden.",
            "What should become of a nan, according to the exercise?",
            {CLIP: "np.clip(np.nan_to_num(g), low, high)"}),
    mistake("nan becomes a limit: every comparison with it is False, those inside Python's min and max too.",
            "max(low, nan) depends on the order of its arguments. What should become of a nan?",
            *({CLIP: f"np.reshape({entries}, g.shape)"} for entries in ONE_BY_ONE)),
    mistake("The norm is limited; here every entry is to be limited for itself.",
            "Read the title of the exercise again: what is compared with the limits?",
            {CLIP: "g * (high / np.linalg.norm(g)) if np.linalg.norm(g) > high else g.copy()"}),
    mistake("The entries are stretched to fill the range from low to high; those within it must stay as they are.",
            "What should become of a gradient whose entries all lie within the limits?",
            {CLIP: "low + (g - g.min()) * (high - low) / np.ptp(g) if np.ptp(g) else g.astype(float)"}),
    mistake("Sizes are compared with high regardless of the sign, and every long entry gets the positive limit.",
            "What becomes of -9 with limits of -1 and 1?",
            {CLIP: "np.where(np.abs(g) > high, high, g)"}),
    mistake("low is taken to be negative and high positive; limits on one side of zero come out wrong.",
            "What should become of 5 with limits of 1 and 2, and of 0?",
            {CLIP: "np.clip(g, -abs(low), abs(high))"}),
    mistake("The size is clipped instead of the entry, so the sign is lost.",
            "What should become of -3 with the limits -5 and 5?",
            {CLIP: "np.clip(np.abs(g), low, high)"}),
    mistake("Nothing is clipped: g comes back as it is.",
            "Where do low and high occur in what you return?",
            {CLIP: "g"}),
    mistake("The result is flattened: the shape is lost.",
            "What is the shape of a matrix's gradient?",
            after=np.ravel),
    mistake("One entry that is too large sets all of them to the limit.",
            "Which entries may change: all, or only those beyond a limit?",
            {CLIP: "np.full_like(g, high if g.max() > high else low) if g.max() > high or g.min() < low else g"}),
]
