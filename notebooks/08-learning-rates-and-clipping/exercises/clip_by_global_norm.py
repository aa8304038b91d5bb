"""clip_by_global_norm: what it must do, other right ways, and what goes wrong."""

import copy
import functools
import math

import numpy as np

from grader.authoring import easy, mistake, slip, variant, weight
from nnlib.checks import require

from .common import near, norm_of, of_norm

HINTS = (
    'All arrays together have one norm. Which numbers go into it?',
    'Add up the squares of all entries of all arrays before you take the root. Is the factor then the same '
    'for every array?',
    'The arrays (6) and (0, 8) have norms 6 and 8, together 10. Threshold 5: the factor is 0.5 for both, '
    'giving (3) and (0, 4), though neither alone is far above 5.',
)


def _copied(grads):
    if isinstance(grads, dict):
        return {name: g.copy() for name, g in grads.items()}
    return type(grads)(g.copy() for g in grads)


def _values(grads):
    return list(grads.values()) if isinstance(grads, dict) else list(grads)


def _by_global_norm(student, *cases):
    results = [student.clip_by_global_norm(_copied(grads), threshold) for grads, threshold in cases]
    for (grads, threshold), got in zip(cases, results, strict=True):
        norm = norm_of(*_values(grads))
        scaled = [threshold / max(norm, threshold) * g.astype(float) for g in _values(grads)]
        expected = dict(zip(grads, scaled, strict=True)) if isinstance(grads, dict) else scaled
        near(got, expected, min(norm, threshold), "the clipped gradients")


def _network(rng, norms, shapes=((40, 3), (3,), (3, 3), (2, 2, 2))):
    return [of_norm(rng, shape, norm) for shape, norm in zip(shapes, norms, strict=False)]


@weight(2)
def test_clip_by_global_norm_scales_all_by_one_factor(student, rng):
    """Every array shrinks by the same factor, so that all together get the threshold's length."""
    pairs = [((9.0, 2.0, 6.0, 1.0), 5.5), ((100.0, 30.0, 20.0, 7.0), 1.0), ((2.0, 2.0, 2.0, 2.0), 3.9)]
    _by_global_norm(student, *((_network(rng, norms), threshold) for norms, threshold in pairs))


@weight(2)
def test_clip_by_global_norm_shrinks_short_arrays_too(student, rng):
    """An array whose own norm is below the threshold is scaled with the others."""
    _by_global_norm(
        student,
        (_network(rng, (50.0, 0.1, 0.5)), 2.0),
        (_network(rng, (0.01, 8.0)), 4.0),
    )


@weight(2)
def test_clip_by_global_norm_of_many_short_arrays(student, rng):
    """Arrays that are all shorter than the threshold are too long together, and are scaled."""
    _by_global_norm(
        student,
        (_network(rng, (3.0, 3.0, 3.0, 3.0)), 4.0),
        (_network(rng, (0.4, 0.3)), 0.45),
    )


@easy
def test_clip_by_global_norm_leaves_short_gradients(student, rng):
    """Up to the threshold nothing changes, though the sum of the norms or of the squares is above it."""
    pairs = [((3.0, 4.0), 6.0), ((2.0, 3.0, 1.0, 2.0), 5.0), ((0.1, 0.2), 1.0), ((0.5, 0.5), 0.8)]
    cases = [(_network(rng, norms), threshold) for norms, threshold in pairs]
    _by_global_norm(student, *cases, ([np.array([2.0, -1.0]), np.array([[2.0], [4.0]])], 5.0))


def test_clip_by_global_norm_takes_the_root_of_the_sum_of_squares(student, rng):
    """The global norm is neither a sum, a mean nor a maximum of the norms, and not squared, also below 1."""
    pairs = [((0.6, 0.5, 0.2, 0.1), 0.7), ((0.3, 0.4), 0.2), ((12.0, 5.0), 12.5)]
    _by_global_norm(student, *((_network(rng, norms), threshold) for norms, threshold in pairs))


def test_clip_by_global_norm_of_a_dict(student, rng):
    """Gradients by name come back by name, scaled or not."""
    cases = []
    for threshold in (0.5, 50.0):
        w1, b1, w2, b2 = _network(rng, (6.0, 0.3, 2.0, 0.7))
        cases.append(({"W2": w2, "b2": b2, "W1": w1, "b1": b1}, threshold))
    _by_global_norm(student, *cases, ({"gamma": np.array([3.0, -4.0])}, 1.0))


def test_clip_by_global_norm_of_lists_and_tuples(student, rng):
    """A list and a tuple come back in their order, also with one array in them."""
    _by_global_norm(
        student,
        (tuple(_network(rng, (6.0, 0.3, 2.0))), 1.5),
        ([np.array([[6.0, -8.0]])], 2.0),
        ((np.array([6.0, -8.0]),), 20.0),
    )


def test_clip_by_global_norm_of_arrays_of_one_shape(student, rng):
    """Arrays that look alike are not taken for rows of one."""
    alike = _network(rng, (1.0, 7.0, 2.0), ((3,),) * 3)
    square = _network(rng, (9.0, 1.0, 4.0), ((3, 3),) * 3)
    _by_global_norm(student, (square, 2.0), (dict(zip("abc", alike, strict=True)), 2.0))


def test_clip_by_global_norm_of_zeros(student):
    """Zeros stay zeros, everywhere or in one array only; there is no 0/0."""
    _by_global_norm(
        student,
        ([np.zeros((2, 2)), np.zeros(3)], 1.0),
        ({"W": np.zeros((2, 2)), "b": np.array([3.0, 4.0])}, 1.0),
    )


def test_clip_by_global_norm_of_tiny_gradients(student, rng):
    """Norms of 1e-9 and less are norms like any other, above the threshold and below it."""
    pairs = [((3e-9, 1e-9), 2e-9), ((2e-10, 1e-10), 1e-10), ((2e-10, 1e-10), 1.0)]
    _by_global_norm(student, *((_network(rng, norms), threshold) for norms, threshold in pairs))


def test_clip_by_global_norm_of_whole_numbers(student):
    """Arrays of ints are scaled without cutting off fractions."""
    _by_global_norm(
        student,
        ([np.array([3, -4]), np.array([[12]])], 6.0),
        ({"W": np.array([[3, 4]]), "b": np.array([1.5])}, 2),
    )


def test_clip_by_global_norm_keeps_faults_in_sight(student):
    """Gradients that hold nan or infinity do not come back as healthy ones."""
    bad = [{"W": np.array([[1.0, fault]]), "b": np.array([2.0])} for fault in (np.nan, np.inf)]
    results = [student.clip_by_global_norm(_copied(grads), 1.0) for grads in bad]
    for got in results:
        require(isinstance(got, dict) and set(got) == {"W", "b"}, "A dict must come back with the same names.")
        healthy = all(np.isfinite(g).all() for g in got.values())
        require(not healthy, "A nan or infinity in grads has vanished: the fault must stay visible.")
    _by_global_norm(student, ({"W": np.array([[6.0, 0.0]]), "b": np.array([8.0])}, 5.0))


def test_clip_by_global_norm_of_single_precision(student, rng):
    """float32 gradients are clipped too, beside float64 ones."""
    w, b, v = _network(rng, (6.0, 2.0, 3.0))
    _by_global_norm(student, ([w.astype(np.float32), b.astype(np.float32), v], 3.5))


@variant
def by_linalg(grads, threshold):
    names = list(grads) if isinstance(grads, dict) else range(len(grads))
    total = np.linalg.norm([np.linalg.norm(grads[name]) for name in names])
    scale = threshold / total if total > threshold else 1.0
    if isinstance(grads, dict):
        return {name: scale * grads[name] for name in names}
    return tuple(scale * g for g in grads)


@variant
def by_concatenation(grads, threshold):
    arrays = list(grads.values()) if isinstance(grads, dict) else list(grads)
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in arrays]))
    clipped = [g * min(1.0, threshold / norm if norm else 1.0) for g in arrays]
    return dict(zip(grads.keys(), clipped, strict=True)) if isinstance(grads, dict) else clipped


@variant
def on_a_deep_copy(grads, threshold):
    out = copy.deepcopy(grads)
    keys = list(out) if isinstance(out, dict) else list(range(len(out)))
    out = out if isinstance(out, dict) else list(out)
    squares = 0.0
    for key in keys:
        squares += np.sum(np.square(out[key].astype(float)))
    if squares > threshold**2:
        for key in keys:
            out[key] = out[key] * (threshold / math.sqrt(squares))
    return out


@variant
def in_the_other_order(grads, threshold):
    if not isinstance(grads, dict):
        clipped = in_the_other_order(dict(enumerate(grads)), threshold)
        return [clipped[i] for i in range(len(grads))]
    total = functools.reduce(lambda so_far, g: so_far + float(np.vdot(g, g)), grads.values(), 0.0)
    scale = 1 / max(1, total**0.5 / threshold)
    return {name: grads[name] * scale for name in reversed(list(grads))}


@variant
def that_returns_its_input(grads, threshold):
    arrays = grads.values() if isinstance(grads, dict) else grads
    norm = math.hypot(*(float(v) for g in arrays for v in np.ravel(g)))
    if norm <= threshold:
        return grads
    if isinstance(grads, dict):
        return {k: (threshold / norm * v).astype(np.float32) for k, v in grads.items()}
    return type(grads)((threshold / norm * v).astype(np.float32) for v in grads)


NORM = "np.sqrt(sum(np.sum(g**2) for g in arrays))"
SCALE = "threshold / np.maximum(norm, threshold)"
RETURN = """if by_name:
        return {name: g * scale for name, g in grads.items()}
    return [g * scale for g in grads]"""
IF_LONG = {SCALE: "threshold / norm if norm > threshold else 1.0"}


def taken_for_it(norm):
    """Return the forms of a mistake that takes something else for the norm, whichever way the factor is made."""
    return {NORM: norm}, {NORM: norm} | IF_LONG


def each(expression):
    """Something else becomes of each array g."""
    return {RETURN: RETURN.replace("g * scale", expression)}


MISTAKES = [
    mistake("Each array is clipped by its own norm, which turns the whole gradient.",
            "(3, 4) and (12) with a threshold of 6.5: by which factor must the first array shrink, and the second?",
            each("g * (threshold / np.maximum(np.linalg.norm(g), threshold))")),
    mistake("Each array is scaled to the threshold's length once the global norm is too large; short ones even grow.",
            "After clipping, all arrays must have shrunk by the same factor.",
            each("g * (threshold / (np.linalg.norm(g) + 1e-12) if norm > threshold else 1.0)")),
    mistake("The sum of squares is used as if it were the norm: the root is missing.",
            "(3, 4) and (12): the global norm is 13, not 169.",
            *taken_for_it("sum(np.sum(g**2) for g in arrays)")),
    mistake("The sum of squares is compared with the threshold, though the scaling uses the norm.",
            "A global norm of 5 with a threshold of 6 is short enough. What do you compare with 6?",
            {SCALE: "threshold / norm if norm**2 > threshold else 1.0"}),
    mistake("1e-6 is added to the norm, as PyTorch does, so that tiny gradients are cut far too short.",
            "A norm above the threshold is never 0: why add anything? How long is your result for a norm of 2e-9?",
            {SCALE: "min(1.0, threshold / (norm + 1e-6))"}),
    mistake("The norms of the arrays are added up; their squares must be, and the root comes last.",
            "(3, 4) and (12): the global norm is 13, not 17.",
            *taken_for_it("sum(np.sqrt(np.sum(g**2)) for g in arrays)")),
    mistake("The longest array's norm is taken for that of all.",
            "(3, 4) and (12): the global norm is 13, not 12.",
            *taken_for_it("np.max([np.linalg.norm(g) for g in arrays])")),
    mistake("The norms of the arrays are averaged.",
            "(3, 4) and (12): the global norm is 13, not 8.5.",
            *taken_for_it("np.mean([np.linalg.norm(g) for g in arrays])")),
    mistake("The squares are averaged over all entries instead of summed.",
            "(3, 4) and (12): the global norm is 13. What does your function take it to be?",
            *taken_for_it("np.sqrt(np.mean(np.concatenate([np.ravel(g) for g in arrays]) ** 2))")),
    mistake("The squares of each array are averaged before they are added up.",
            "A norm adds up all squares, however many there are. Where does a mean come in?",
            *taken_for_it("np.sqrt(sum(np.mean(g**2) for g in arrays))")),
    mistake("Only the first array's norm counts.",
            "Which arrays does your sum go over?",
            *taken_for_it("np.linalg.norm(next(iter(arrays)))")),
    mistake("The norm of each array overwrites that of the one before, so the last array's norm counts.",
            "What should happen to the sum of squares as the loop goes on?",
            *taken_for_it("[np.linalg.norm(g) for g in arrays][-1]")),
    mistake("Each array is scaled by the norm of the arrays so far, which lacks those that come after it.",
            "(3, 4) and (12): which norm do you know when you scale the first? Can it be done in a single loop?",
            {RETURN: "squares, out = 0.0, []\n    for g in arrays:\n        squares += np.sum(g**2)\n"
                     "        out.append(g * (threshold / np.maximum(np.sqrt(squares), threshold)))\n"
                     "    return dict(zip(grads, out)) if by_name else out"}),
    mistake("Gradients are always scaled to the threshold's length, short ones too.",
            "Up to the threshold nothing may change.",
            {SCALE: "threshold / norm"},
            {SCALE: "threshold / norm if norm > 0 else 1.0"}),
    mistake("Short gradients are scaled up and long ones are left alone.",
            "When is there anything to clip: above or below the threshold?",
            each("g * (threshold / norm) if 0 < norm < threshold else g.copy()")),
    mistake("Every entry is limited for itself, which turns the gradient.",
            "That is clipping by value. Which one number decides about all arrays here?",
            each("np.clip(g, -threshold, threshold)")),
    mistake("The arrays that were passed are changed themselves.",
            "*= writes into the arrays of the caller. Which expression makes a new array?",
            {RETURN: "for g in arrays:\n        g *= scale\n    return grads"},
            {RETURN: "out = [g if g.dtype.kind == 'f' else g.astype(float) for g in arrays]\n"
                     "    for g in out:\n        g *= scale\n    return dict(zip(grads, out)) if by_name else out"}),
    mistake("The arrays stay, but the dict or list that was passed is filled with new ones.",
            "Whom does the dict belong to? Fill a new one.",
            {"by_name =": "grads = list(grads) if isinstance(grads, tuple) else grads\n    by_name =",
             RETURN: "for key in grads if by_name else range(len(grads)):\n"
                     "        grads[key] = grads[key] * scale\n    return grads"}),
    mistake("A dict comes back as a list: the names are lost.",
            "How does the caller find the gradient of W afterwards?",
            {RETURN: "return [g * scale for g in arrays]"}),
    mistake("Only lists work: going through a dict gives its names, not its arrays.",
            "What does `for g in grads` yield when grads is a dict?",
            {"grads.values() if by_name else grads": "grads", "np.sum(g**2)": "np.sum(np.square(g))"}),
    mistake("Only dicts work: a list has no items().",
            "grads may also be a list or a tuple. How can you tell?",
            {"grads.values() if by_name else grads": "grads.values()"}),
    mistake("Gradients of zeros become nan: 0/0.",
            "What is the global norm of zeros, and what do you divide by it?",
            each("g / norm * np.minimum(norm, threshold)")),
    mistake("Gradients of zeros raise an error: their norm is divided by.",
            "What is the global norm of zeros, and what do you divide by it?",
            {NORM: NORM.replace("np.sqrt", "math.sqrt"), SCALE: "min(1.0, threshold / norm)"}),
    mistake("The threshold is divided among the arrays, and each is clipped to its share.",
            "After clipping, all arrays must have shrunk by the same factor.",
            {SCALE: "threshold / len(grads)"} | each("g * (scale / np.maximum(np.linalg.norm(g), scale))")),
    mistake("All gradients come back as one long vector.",
            "Each array must come back in its own shape, or the step cannot be taken.",
            {RETURN: "return np.concatenate([np.ravel(g) for g in arrays]) * scale"}),
    mistake("The norm is returned as well; only the gradients are asked for.",
            "Other libraries return a pair here. What does the exercise ask for?",
            {"grads.items()}": "grads.items()}, float(norm)", "for g in grads]": "for g in grads], float(norm)"}),
    mistake("Only matrices are clipped; vectors such as biases are passed through.",
            "Every array takes part, in the norm and in the scaling.",
            each("g * scale if g.ndim > 1 else g.copy()")),
    mistake("Gradients that are not finite are replaced by zeros, so that the fault is hidden.",
            "What should a caller see when a gradient holds nan?",
            each("g * scale if np.isfinite(norm) else np.zeros(g.shape)")),
    mistake("Long gradients are scaled to the length 1 instead of to the threshold.",
            "How long must all of them together be when the threshold is 10?",
            {SCALE: "1 / norm if norm > threshold else 1.0"}),
    mistake("The factor is upside down: long gradients are made even longer.",
            "How long is norm / threshold times the gradients?",
            {SCALE: "norm / threshold if norm > threshold else 1.0"}),
    slip("stored_as_integers", each("(g * scale).astype(g.dtype)"), what="g"),
    mistake("Only arrays that are longer than the threshold themselves are scaled.",
            "In the example (3, 4) is halved too, though its own norm is below the threshold.",
            each("g * threshold / norm if np.linalg.norm(g) > threshold else g.copy()")),
    mistake("Each array is flattened: the shapes are lost.",
            "What shape must the gradient of W have?",
            IF_LONG | each("np.ravel(g) * scale")),
    mistake("The entries are summed and the sum is squared; entries of opposite sign cancel.",
            "Which comes first in the formula: the square or the sum?",
            *taken_for_it("np.sqrt(sum(np.sum(g) ** 2 for g in arrays))")),
    mistake("The entries' sizes are summed instead of their squares: that is another norm.",
            "What is the norm of (3, 4): 7 or 5?",
            *taken_for_it("sum(np.sum(np.abs(g)) for g in arrays)")),
]
