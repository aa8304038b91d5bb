"""clip_by_norm: what it must do, other right ways, and what goes wrong."""

import math

import numpy as np

from grader.authoring import easy, mistake, slip, variant, weight
from nnlib.checks import require

from .common import near, norm_of, of_norm

HINTS = (
    'What is the length of the whole array, whatever its shape? Is it above the threshold at all?',
    'By which one factor must all entries be multiplied so that the length becomes the threshold? What is '
    'that factor for a short gradient, and what for zeros?',
    'g = (6, 8) has the norm 10. Threshold 5: multiply by 5/10, giving (3, 4). Threshold 20: nothing changes.',
)


def _by_norm(student, *cases):
    results = [student.clip_by_norm(g.copy(), threshold) for g, threshold in cases]
    for (g, threshold), got in zip(cases, results, strict=True):
        factor = threshold / max(norm_of(g), threshold)
        near(got, factor * g.astype(float), min(norm_of(g), threshold), "the clipped gradient")


@weight(2)
def test_clip_by_norm_shortens_to_the_threshold(student, rng):
    """A gradient that is too long keeps its direction and gets the threshold's length, in any shape."""
    shapes, pairs = [(6,), (4, 4), (3, 5), (50, 4), (2, 3, 4)], [(20.0, 2.5), (8.0, 7.5), (300.0, 0.5)]
    _by_norm(student, *((of_norm(rng, shape, norm), threshold) for shape in shapes for norm, threshold in pairs))


@easy
def test_clip_by_norm_leaves_short_gradients(student, rng):
    """Below the threshold nothing changes, whether the norm is above or below 1."""
    shapes, pairs = [(6,), (4, 4), (2, 3, 4)], [(3.0, 4.0), (3.0, 100.0), (0.2, 0.5), (1e-6, 1.0), (9.0, 9.1)]
    _by_norm(student, *((of_norm(rng, shape, norm), threshold) for shape in shapes for norm, threshold in pairs))


def test_clip_by_norm_is_about_the_norm_and_not_its_square(student, rng):
    """The threshold is compared with the root of the sum of squares, also where the square is on its other side."""
    pairs = [(3.0, 5.0), (1.5, 2.0), (0.8, 0.7), (0.5, 0.3)]
    _by_norm(student, *((of_norm(rng, (3, 3), norm), threshold) for norm, threshold in pairs))


def test_clip_by_norm_at_exactly_the_threshold(student):
    """A norm that equals the threshold changes nothing; slightly above, it is scaled."""
    _by_norm(
        student,
        (np.array([6.0, -8.0]), 10.0),
        (np.array([[2.0, -1.0], [2.0, 4.0]]), 5.0),
        (np.array([6.0, -8.0]), 9.9),
    )


def test_clip_by_norm_of_zeros(student):
    """A gradient of zeros stays zeros; there is no 0/0."""
    _by_norm(
        student,
        (np.zeros(4), 1.0),
        (np.zeros((2, 3)), 0.01),
        (np.array([5.0, 0.0, 0.0]), 2.0),
    )


def test_clip_by_norm_of_tiny_gradients(student, rng):
    """Norms of 1e-9 and less are norms like any other, above the threshold and below it."""
    pairs = [(2e-9, 5e-10), (3e-10, 1e-10), (2e-10, 1.0)]
    _by_norm(student, *((of_norm(rng, (3, 3), norm), threshold) for norm, threshold in pairs))


def test_clip_by_norm_takes_one_norm_of_the_whole(student):
    """Rows, columns and single entries have no norm of their own here."""
    _by_norm(
        student,
        (np.array([[30.0, 40.0], [0.3, 0.4]]), 5.0),
        (np.array([[3.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 3.0]]), 4.0),
        (np.ones((4, 4)), 3.0),
    )


def test_clip_by_norm_of_one_long_entry(student):
    """All entries shrink by the same factor, small ones too, and signs stay."""
    _by_norm(
        student,
        (np.array([100.0, -1.0, 0.5, 0.0]), 10.0),
        (np.array([-100.0, 1.0, -0.5, 2.0]), 10.0),
    )


def test_clip_by_norm_of_whole_numbers(student):
    """An array of ints is scaled without cutting off fractions."""
    _by_norm(
        student,
        (np.array([30, -40]), 5.5),
        (np.array([[1, 2], [2, -4]]), 2.0),
        (np.array([3, 4]), 7),
    )


def test_clip_by_norm_keeps_faults_in_sight(student):
    """A gradient that holds nan or infinity does not come back as a healthy one."""
    bad = [np.array([1.0, np.nan, 2.0]), np.array([[np.inf, 1.0], [2.0, 3.0]]), np.array([-np.inf, 0.0])]
    results = [student.clip_by_norm(g.copy(), 1.0) for g in bad]
    for g, got in zip(bad, results, strict=True):
        require(np.shape(got) == g.shape, "The result must have the shape of g.")
        require(not np.isfinite(got).all(), "A nan or infinity in g has vanished: the fault must stay visible.")
    _by_norm(student, (np.array([6.0, 8.0]), 5.0))


def test_clip_by_norm_of_single_precision(student, rng):
    """float32 gradients are clipped too."""
    _by_norm(student, (of_norm(rng, (5, 5), 12.0).astype(np.float32), 3.0))


@variant
def by_linalg(g, threshold):
    norm = np.linalg.norm(g)
    if norm > threshold:
        return threshold * g / norm
    return g.copy()


@variant
def by_einsum(g, threshold):
    flat = np.ravel(g).astype(float)
    length = math.sqrt(np.einsum("i,i->", flat, flat))
    return g * (threshold / length) if length >= threshold else g


@variant
def in_place_on_a_copy(g, threshold):
    out = np.array(g, dtype=np.float64)
    norm = np.sqrt((out * out).sum())
    if norm > threshold:
        out *= threshold
        out /= norm
    return out


@variant
def in_python_loops(g, threshold):
    total = 0.0
    for value in g.reshape(-1).tolist():
        total += value**2
    norm = total**0.5
    scale = 1.0 if norm == 0 or norm <= threshold else threshold / norm
    return np.multiply(g, scale)


@variant
def that_spreads_the_fault(g, threshold):
    norm = np.linalg.norm(g)
    if not np.isfinite(norm):
        return np.full(g.shape, np.nan)
    return g / max(1.0, norm / threshold)


@variant
def in_single_precision(g, threshold):
    g = g.astype(np.float32)
    norm = np.linalg.norm(g)
    return g * np.float32(threshold / norm) if norm > threshold else g


NORM = "np.sqrt(np.sum(g**2))"
SCALED = "g * (threshold / np.maximum(norm, threshold))"
LINALG = "np.linalg.norm(g)"  # in by_linalg, which tells long gradients by an if, as most students do
SHORTENED = "threshold * g / norm"
HIDDEN = "    if not np.isfinite(norm):\n        return np.zeros(g.shape)\n    if norm >"
MISTAKES = [
    mistake("The sum of squares is used as if it were the norm: the root is missing.",
            "For (3, -4) the norm is 5, not 25.",
            {LINALG: "np.sum(g**2)"}, of=by_linalg),
    mistake("The sum of squares is compared with the threshold, though the scaling uses the norm.",
            "A norm of 3 with a threshold of 5 is short enough. What do you compare with 5?",
            {"if norm >": "if norm**2 >"}, of=by_linalg),
    mistake("Gradients below the threshold are scaled up, and long ones are left alone.",
            "When is there anything to clip: above or below the threshold?",
            {"if norm > threshold": "if 0 < norm < threshold"}, of=by_linalg),
    mistake("Every gradient is scaled to the threshold's length, short ones too.",
            "Below the threshold nothing may change. What should (3, -4) become with the threshold 10, and what zeros?",
            {SCALED: "g * threshold / norm"},
            {SCALED: "g * threshold / (norm + 1e-8)"},
            {SCALED: "g * threshold / norm if norm > 0 else g.copy()"}),
    mistake("1e-6 is added to the norm, as PyTorch does, so that tiny gradients are cut far too short.",
            "A norm above the threshold is never 0: why add anything? How long is your result for a norm of 2e-9?",
            {SCALED: "g * min(1.0, threshold / (norm + 1e-6))"}),
    mistake("A gradient of zeros becomes nan: 0/0.",
            "What is the norm of a gradient of zeros, and what do you divide by it?",
            {SCALED: "g / norm * np.minimum(norm, threshold)"}),
    mistake("A gradient of zeros raises an error: its norm is divided by.",
            "What is the norm of a gradient of zeros, and what do you divide by it?",
            {NORM: "math.sqrt(np.sum(g**2))", SCALED: "g * min(1.0, threshold / norm)"}),
    mistake("Every entry is limited for itself, which turns the gradient.",
            "That is clipping by value. Which number decides about the whole gradient here?",
            {SCALED: "np.clip(g, -threshold, threshold)"}),
    mistake("Long gradients are scaled to the length 1 instead of to the threshold.",
            "How long must the result be when the threshold is 10?",
            {SHORTENED: "g / norm"}, of=by_linalg),
    mistake("The gradient that was passed is changed itself.",
            "*= writes into the array of the caller. Which expression makes a new array?",
            {f"return {SHORTENED}": "g *= threshold / norm", "g.copy()": "g"}, of=by_linalg),
    mistake("The entries' sizes are summed instead of their squares: that is another norm.",
            "For (3, -4) the norm is 5, not 7.",
            {LINALG: "np.sum(np.abs(g))"}, of=by_linalg),
    mistake("The largest entry is taken for the norm.",
            "For (3, -4) the norm is 5, not 4.",
            {LINALG: "np.max(np.abs(g))"}, of=by_linalg),
    mistake("For a matrix this is the spectral norm, its longest stretch, not the root of the sum of squares.",
            "What does np.linalg.norm(g, 2) compute for a matrix? Look at its table of norms.",
            {LINALG: "np.linalg.norm(g, 2 if g.ndim <= 2 else None)"}, of=by_linalg),
    mistake("Every row or every column is clipped for itself; the gradient has one norm for all its entries.",
            "Over which axes must the sum go for one number to come out?",
            {"g**2": "g**2, axis=-1, keepdims=True"}, {"g**2": "g**2, axis=0"}),
    mistake("The squares are averaged instead of summed.",
            "For (3, -4) the norm is 5. What does your function take it to be?",
            {LINALG: "np.sqrt(np.mean(g**2))"}, of=by_linalg),
    mistake("nan and infinity are replaced by numbers, so that the fault is hidden.",
            "What should a caller see when the gradient holds nan?",
            {"    if norm >": HIDDEN}, {"    if norm >": HIDDEN, "g.copy()": "1.0 * g"},
            {f"norm = {LINALG}": f"g = np.nan_to_num(g)\n    norm = {LINALG}"},
            of=by_linalg),
    mistake("The larger of 1 and threshold / norm is taken: long gradients stay and short ones grow.",
            "The factor must never be above 1.",
            {SCALED: "g * max(1.0, threshold / norm) if norm else g.copy()"}),
    mistake("The factor is upside down: long gradients are made even longer.",
            "How long is norm / threshold times the gradient?",
            {SHORTENED: "norm * g / threshold"}, of=by_linalg),
    mistake("A gradient that is too long is thrown away: it becomes 0.",
            "Its direction is still good. What should its length become?",
            {SHORTENED: "0.0 * g"}, of=by_linalg),
    slip("stored_as_integers", {SHORTENED: f"({SHORTENED}).astype(g.dtype)"}, of=by_linalg, what="g"),
    mistake("The gradient is divided by the threshold instead of brought to its length.",
            "How long must a gradient of norm 20 be afterwards with a threshold of 2?",
            {SHORTENED: "g / threshold"}, of=by_linalg),
    mistake("The result is flattened: the shape is lost.",
            "A gradient must have the shape of its parameter, or the step cannot be taken.",
            of=by_linalg, after=np.ravel),
    mistake("The gradient is divided by the squared norm, though the comparison is right.",
            "How long is threshold / norm² · g?",
            {SHORTENED: "threshold * g / norm**2"}, of=by_linalg),
    mistake("Gradients below the threshold become zeros; they are to stay as they are.",
            "What happens in the other branch?",
            {"g.copy()": "np.zeros_like(g)"}, of=by_linalg),
    mistake("Below the threshold nothing is returned: the return stands in the if only.",
            "What does your function return for a short gradient?",
            {"return g.copy()": "return None"}, of=by_linalg),
]
