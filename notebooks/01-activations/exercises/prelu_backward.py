"""prelu_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

from .common import CHAIN_RULE, MEAN, RELU_GRADIENT, away_from_zero, of_a_bend, parts

HINTS = (
    'PReLU is leaky ReLU with a slope that is learnt. So dz is one you know; what does the output change by '
    'if alpha changes a little?',
    'Only entries with z at most 0 depend on alpha, each in proportion to its z. alpha is one number or one '
    'per column: over what do you add up?',
    'z = (−2, 4, −1), da = (1, 1, 10), one alpha 0.5: dz = (0.5, 1, 5), dalpha = −2·1 + −1·10 = −12.',
)


def _check_prelu(student, da, z, alpha):
    slopes = np.asarray(alpha)
    each = np.where(z > 0, 0.0, da * z)
    expected = np.where(z > 0, da, slopes * da), each.sum() if slopes.ndim == 0 else each.sum(axis=0)
    dz, dalpha = parts(student.prelu_backward(da, z, alpha), 2, "prelu_backward", "two things, dz and dalpha")
    assert_close(dz, expected[0], rtol=1e-6, what="dz")
    assert_close(dalpha, expected[1], rtol=1e-6, what="dalpha")


def test_prelu_backward_with_one_slope_for_all(student, rng):
    """A shared slope collects from all examples and units and gets one number."""
    _check_prelu(student, rng.normal(size=(170, 3)), away_from_zero(rng, (170, 3)), 0.25)


def test_prelu_backward_with_one_slope_for_each_unit(student, rng):
    """Each unit's slope collects from all examples of that unit only."""
    _check_prelu(student, rng.normal(size=(170, 3)), away_from_zero(rng, (170, 3)), np.array([0.1, 0.25, 0.7]))


def test_prelu_backward_with_as_many_examples_as_units(student, rng):
    """With as many examples as units the sum still runs over the examples."""
    _check_prelu(student, rng.normal(size=(4, 4)), away_from_zero(rng, (4, 4)), np.array([0.1, 0.2, 0.3, 0.4]))


def test_prelu_backward_where_z_is_positive_everywhere(student, rng):
    """Where no entry is negative the slope acts on nothing and gets no gradient."""
    for alpha in (0.5, np.array([0.5, 0.2])):
        _check_prelu(student, rng.normal(size=(3, 2)), np.abs(away_from_zero(rng, (3, 2))), alpha)


def test_prelu_backward_where_z_is_negative_everywhere(student, rng):
    """Where all entries are negative the whole gradient is scaled by the slope."""
    for alpha in (0.5, np.array([0.5, 0.2])):
        _check_prelu(student, rng.normal(size=(3, 2)), -np.abs(away_from_zero(rng, (3, 2))), alpha)


def test_prelu_backward_of_one_example_and_one_unit(student):
    """With one unit alpha and dalpha keep shape (1,); with one example nothing is lost."""
    _check_prelu(student, np.array([[2.0], [-3.0]]), np.array([[-1.5], [-0.7]]), np.array([0.3]))
    _check_prelu(student, np.array([[2.0, -3.0]]), np.array([[-1.5, 0.5]]), np.array([0.3, 0.1]))


def test_prelu_backward_at_zero(student):
    """At z = 0 the slope of the left side counts, as the text says."""
    _check_prelu(student, np.array([[3.0, -4.0]]), np.zeros((1, 2)), 0.5)


@variant
def with_loops(da, z, alpha):
    alpha = np.asarray(alpha, dtype=float)
    each = np.broadcast_to(alpha, z.shape[1:]) if alpha.ndim else np.full(z.shape[1:], alpha)
    dz, dalpha = np.zeros(z.shape), np.zeros(alpha.shape)
    for n in range(z.shape[0]):
        for k in range(z.shape[1]):
            if z[n, k] > 0:
                dz[n, k] = da[n, k]
            else:
                dz[n, k] = each[k] * da[n, k]
                if alpha.ndim:
                    dalpha[k] += da[n, k] * z[n, k]
                else:
                    dalpha += da[n, k] * z[n, k]
    return dz, dalpha


@variant
def with_masks(da, z, alpha):
    left = z <= 0
    dz = da * (~left) + da * left * alpha
    dalpha = np.sum(da * z * left, axis=0)
    if np.ndim(alpha) == 0:
        dalpha = float(np.sum(dalpha))
    return dz, dalpha


@variant
def with_einsum(da, z, alpha):
    left = np.where(z > 0, 0.0, z)
    pattern = "nk,nk->" if np.ndim(alpha) == 0 else "nk,nk->k"
    return da * np.where(z > 0, 1.0, alpha), np.einsum(pattern, da, left)


@variant
def reshaped_at_the_end(da, z, alpha):
    dz = np.where(z > 0, 1, alpha) * da
    whole = (da * np.where(z < 0, z, 0)).sum(axis=0)
    return [
        dz,
        whole.sum() if np.size(alpha) == 1 and np.ndim(alpha) == 0 else whole.reshape(np.shape(alpha)),
    ]


DZ = "np.where(z > 0, da, alpha * da)"
EACH = "da * np.minimum(z, 0)"
DALPHA = "each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)"
SHAPE = "dalpha has the shape of alpha."
DERIVATIVE = "Differentiate alpha·z with respect to alpha."
MISTAKES = [
    mistake("dalpha is not summed: it has the shape of z.",
            f"{SHAPE} Which entries share one slope?",
            {DALPHA: "each"}),
    mistake("dalpha is a mean instead of a sum.",
            "Each entry acts on the loss through the slope. Do these effects add up or average?",
            {DALPHA: "each.mean() if np.ndim(alpha) == 0 else each.mean(axis=0)"}),
    mistake("dalpha is divided by the number of examples.", MEAN,
            {EACH: f"{EACH} / len(z)"}),
    mistake("Positive entries contribute to dalpha, although the slope does not act there.",
            "Where does alpha appear in the forward formula?",
            {EACH: "da * z"}, {EACH: "da * np.maximum(z, 0)"}),
    mistake("dalpha does not use the incoming gradient.", CHAIN_RULE,
            {EACH: "np.minimum(z, 0)"}),
    mistake("dalpha counts da where z is negative, without z.", DERIVATIVE,
            {EACH: "da * (z <= 0)"}),
    mistake("dalpha is multiplied by alpha once too often.",
            f"{DERIVATIVE} Is alpha still there?",
            {EACH: f"{EACH} * alpha"}),
    mistake("dalpha has the wrong sign: it uses |z| instead of z.",
            f"{DERIVATIVE} What is the sign of z there?",
            {EACH: "da * np.maximum(-z, 0)"}),
    mistake("dalpha is one number although each unit has its own slope.",
            f"{SHAPE} Which axis should stay?",
            {DALPHA: "each.sum()"}),
    mistake("An alpha of shape (1,) is taken for a plain number, so that dalpha has shape () instead of (1,).",
            f"{SHAPE} How many axes has a plain number, and how many an array that holds only one?",
            {"np.ndim(alpha) == 0": "np.size(alpha) == 1"}),
    mistake("dalpha is summed over the units instead of the examples.",
            "Which axis of (N, K) shares one slope?",
            {"axis=0": "axis=1"}),
    mistake("dalpha has one entry for each unit even when alpha is one number.",
            f"{SHAPE} What if all units share it?",
            {DALPHA: "each.sum(axis=0)"}),
    mistake("Every unit's dalpha is the total over all units.",
            "Each unit has its own slope. Which entries does it act on?",
            {DALPHA: "np.full(np.shape(alpha), each.sum())"}),
    mistake("dalpha has shape (1, K) instead of (K,).",
            f"{SHAPE} Is keepdims meant here?",
            {"axis=0": "axis=0, keepdims=True"}),
    mistake("dalpha has shape (1,) although alpha is one number.",
            f"{SHAPE} What is np.shape of one number?",
            {"each.sum()": "each.sum().reshape(1)"}),
    mistake("Only dz is returned; dalpha is missing.",
            "PReLU has a parameter to learn. What does it need for that?",
            after=lambda result: result[0]),
    slip("results_swapped"),
    mistake(RELU_GRADIENT,
            "What is the derivative of alpha·z with respect to z?",
            {DZ: "da * (z > 0)"}),
    mistake("dz uses the fixed slope 0.01 of leaky ReLU instead of alpha.",
            "PReLU's slope is learned. Which argument holds it?",
            {DZ: "np.where(z > 0, da, 0.01 * da)"}),
    mistake("Where z is negative dz is alpha·z, the value, and da is not used.",
            "The chain rule multiplies da by the slope. What is the slope there?",
            {DZ: "np.where(z > 0, da, alpha * z)"}),
    mistake("At z = 0 nothing passes; the text takes the slope of the left side there.",
            "Do your two conditions leave out a case?",
            {DZ: f"{DZ} * (z != 0)"}),
    *of_a_bend("the whole gradient passes"),
    slip("writes_into_input",
         {f"dz = {DZ}": "", "return dz": "da *= np.where(z > 0, 1.0, alpha)\n    return da"}, what="da"),
]
