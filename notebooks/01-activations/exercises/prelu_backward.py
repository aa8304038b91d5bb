"""prelu_backward: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import leaves_alone, mistake, variant
from nnlib.checks import assert_close

from .common import _away_from_zero, _parts


def _check_prelu(student, da, z, alpha):
    kept = da.copy(), z.copy(), np.copy(alpha)
    result = student.prelu_backward(da, z, alpha)
    dz, dalpha = _parts(result, 2, "prelu_backward", "two things, dz and dalpha")
    da, z, alpha = kept
    each = np.where(z > 0, 0.0, da * z)
    assert_close(dz, np.where(z > 0, da, alpha * da), rtol=1e-6, what="dz")
    assert_close(dalpha, each.sum() if alpha.ndim == 0 else each.sum(axis=0), rtol=1e-6, what="dalpha")


def test_prelu_backward_with_one_slope_for_all(student, rng):
    """A shared slope collects from all examples and units and gets one number."""
    _check_prelu(student, rng.normal(size=(170, 3)), _away_from_zero(rng, (170, 3)), 0.25)


def test_prelu_backward_with_one_slope_for_each_unit(student, rng):
    """Each unit's slope collects from all examples of that unit only."""
    _check_prelu(student, rng.normal(size=(170, 3)), _away_from_zero(rng, (170, 3)), np.array([0.1, 0.25, 0.7]))


def test_prelu_backward_with_as_many_examples_as_units(student, rng):
    """With as many examples as units the sum still runs over the examples."""
    _check_prelu(student, rng.normal(size=(4, 4)), _away_from_zero(rng, (4, 4)), np.array([0.1, 0.2, 0.3, 0.4]))


def test_prelu_backward_where_z_is_positive_everywhere(student, rng):
    """Where no entry is negative the slope acts on nothing and gets no gradient."""
    z, da = np.abs(_away_from_zero(rng, (3, 2))), rng.normal(size=(3, 2))
    _check_prelu(student, da.copy(), z.copy(), 0.5)
    _check_prelu(student, da, z, np.array([0.5, 0.2]))


def test_prelu_backward_where_z_is_negative_everywhere(student, rng):
    """Where all entries are negative the whole gradient is scaled by the slope."""
    z, da = -np.abs(_away_from_zero(rng, (3, 2))), rng.normal(size=(3, 2))
    _check_prelu(student, da.copy(), z.copy(), 0.5)
    _check_prelu(student, da, z, np.array([0.5, 0.2]))


def test_prelu_backward_of_one_example_and_one_unit(student):
    """With one unit alpha and dalpha keep shape (1,); with one example nothing is lost."""
    _check_prelu(student, np.array([[2.0], [-3.0]]), np.array([[-1.5], [-0.7]]), np.array([0.3]))
    _check_prelu(student, np.array([[2.0, -3.0]]), np.array([[-1.5, 0.5]]), np.array([0.3, 0.1]))


def test_prelu_backward_at_zero(student):
    """At z = 0 the slope of the left side counts, as the text says."""
    _check_prelu(student, np.array([[3.0, -4.0]]), np.zeros((1, 2)), 0.5)


def test_prelu_backward_leaves_its_inputs_alone(student, rng):
    """Neither da, z nor alpha is changed."""
    da, z, alpha = rng.normal(size=(3, 2)), _away_from_zero(rng, (3, 2)), np.array([0.1, 0.2])
    leaves_alone(lambda *given: _check_prelu(student, *given), ("da", "z", "alpha"), da, z, alpha)


@variant
def prelu_loops(da, z, alpha):
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
def with_prelu_einsum(da, z, alpha):
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


def slope_gradient_not_summed(da, z, alpha):
    return np.where(z > 0, da, alpha * da), da * np.minimum(z, 0)


def slope_gradient_averaged(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), each.mean() if np.ndim(alpha) == 0 else each.mean(axis=0)


def slope_gradient_from_both_sides(da, z, alpha):
    each = da * z
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


def slope_gradient_without_da(da, z, alpha):
    each = np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


def slope_gradient_without_z(da, z, alpha):
    each = da * (z <= 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


def slope_gradient_with_alpha(da, z, alpha):
    each = da * np.minimum(z, 0) * alpha
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


def one_number_for_all_units(da, z, alpha):
    return np.where(z > 0, da, alpha * da), (da * np.minimum(z, 0)).sum()


def summed_over_the_units(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=1)


def one_slope_for_each_unit_only(da, z, alpha):
    return np.where(z > 0, da, alpha * da), (da * np.minimum(z, 0)).sum(axis=0)


def slope_gradient_of_the_size(da, z, alpha):
    each = da * np.maximum(-z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


def slope_gradient_from_the_right(da, z, alpha):
    each = da * np.maximum(z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


def slope_gradient_keeps_an_axis(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0, keepdims=True)


def one_number_in_an_array(da, z, alpha):
    each = da * np.minimum(z, 0)
    total = each.sum().reshape(1) if np.ndim(alpha) == 0 else each.sum(axis=0)
    return np.where(z > 0, da, alpha * da), total


def no_slope_gradient(da, z, alpha):
    return np.where(z > 0, da, alpha * da)


def total_for_every_unit(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), np.full(np.shape(alpha), each.sum())


def slope_gradient_over_the_batch(da, z, alpha):
    each = da * np.minimum(z, 0) / len(z)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


MISTAKES = [
    mistake("dalpha is not summed: it has the shape of z.",
            "dalpha has the shape of alpha. Which entries share one slope?",
            by=slope_gradient_not_summed),
    mistake("dalpha is a mean instead of a sum.",
            "Each entry acts on the loss through the slope. Do these effects add up or average?",
            by=slope_gradient_averaged),
    mistake("Positive entries contribute to dalpha, although the slope does not act there.",
            "Where does alpha appear in the forward formula?",
            by=slope_gradient_from_both_sides),
    mistake("dalpha does not use the incoming gradient.",
            "The chain rule multiplies here as well. By what?",
            by=slope_gradient_without_da),
    mistake("dalpha counts da where z is negative, without z.",
            "Differentiate alpha·z with respect to alpha.",
            by=slope_gradient_without_z),
    mistake("dalpha is multiplied by alpha once too often.",
            "Differentiate alpha·z with respect to alpha: is alpha still there?",
            by=slope_gradient_with_alpha),
    mistake("dalpha is one number although each unit has its own slope.",
            "dalpha has the shape of alpha. Which axis should stay?",
            by=one_number_for_all_units),
    mistake("dalpha is summed over the units instead of the examples.",
            "Which axis of (N, K) shares one slope?",
            by=summed_over_the_units),
    mistake("dalpha has one entry for each unit even when alpha is one number.",
            "dalpha has the shape of alpha. What if all units share it?",
            by=one_slope_for_each_unit_only),
    mistake("dz is zero where z is negative: this is ReLU's gradient.",
            "What is the derivative of alpha·z with respect to z?",
            {"dz = np.where(z > 0, da, alpha * da)": "", "return dz": "return da * (z > 0)"}),
    mistake("dz and dalpha are returned the wrong way round.",
            "In which order does the text ask for them?",
            {"dz = np.where(z > 0, da, alpha * da)": "",
             "dz, each": "each",
             "=0)": "=0), np.where(z > 0, da, alpha * da)"}),
    mistake("dalpha has the wrong sign: it uses |z| instead of z.",
            "Differentiate alpha·z with respect to alpha. Which sign does z have there?",
            by=slope_gradient_of_the_size),
    mistake("dalpha collects where z is positive, where the slope does not act.",
            "Where does alpha appear in the forward formula?",
            by=slope_gradient_from_the_right),
    mistake("dz uses the fixed slope 0.01 of leaky ReLU instead of alpha.",
            "PReLU's slope is learned. Which argument holds it?",
            {"dz = np.where(z > 0, da, alpha * da)": "", "return dz": "return np.where(z > 0, da, 0.01 * da)"}),
    mistake("dalpha has shape (1, K) instead of (K,).",
            "dalpha has the shape of alpha. Is keepdims meant here?",
            by=slope_gradient_keeps_an_axis),
    mistake("dalpha has shape (1,) although alpha is one number.",
            "dalpha has the shape of alpha. What is np.shape of one number?",
            by=one_number_in_an_array),
    mistake("Only dz is returned; dalpha is missing.",
            "PReLU has a parameter to learn. What does it need for that?",
            by=no_slope_gradient),
    mistake("At z = 0 the whole gradient passes; the text takes the slope of the left side there.",
            "On which side of your comparison is zero?",
            {"dz = np.where(z > 0, da, alpha * da)": "", "return dz": "return np.where(z >= 0, da, alpha * da)"}),
    mistake("Where z is negative dz is alpha·z, the value, and da is not used.",
            "The chain rule multiplies da by the slope. What is the slope there?",
            {"dz = np.where(z > 0, da, alpha * da)": "", "return dz": "return np.where(z > 0, da, alpha * z)"}),
    mistake("da itself is changed.",
            "The caller may still need da. Work on a copy or build a new array.",
            {"dz = np.where(z > 0, da, alpha * da)": "",
             "return dz": "da *= np.where(z > 0, 1.0, alpha)\n    return da"}),
    mistake("Every unit's dalpha is the total over all units.",
            "Each unit has its own slope. Which entries does it act on?",
            by=total_for_every_unit),
    mistake("dalpha is divided by the number of examples.",
            "If the loss is a mean, where is its 1/N already?",
            by=slope_gradient_over_the_batch),
]
