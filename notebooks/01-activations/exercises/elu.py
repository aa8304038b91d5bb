"""elu: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, family, mistake, slip, variant
from nnlib.checks import assert_close

from .common import (
    EITHER_WAY,
    MEETS_INFINITY,
    OTHER_SIGNATURE,
    Forward,
    away_from_zero,
    check_forward,
    elu_value,
    stored_as_integers,
)

HINTS = (
    'On the right it is a line; on the left an exponential minus 1. Of which numbers is the exponential '
    'needed at all?',
    'np.where computes both sides for all entries, and exp of a large positive number overflows. What could '
    'you feed to exp instead, where its result is not used?',
    'With alpha 2: z = −1 gives 2·(0.3679 − 1) = −1.264, z = −50 gives −2, z = 3 gives 3.',
)

TESTS = family(
    "elu", EITHER_WAY,
    Forward(lambda student: student.elu, "Negative entries become exp(z) - 1, the others stay.", elu_value, "ELU"),
)


def test_elu_takes_the_alpha_it_is_given(student, rng):
    """Alpha scales the whole negative side and leaves the positive side alone."""
    for alpha in (0.2, 1.7, 3.0):
        z = away_from_zero(rng, (3, 4))
        check_forward(student.elu, elu_value, z, alpha, what=f"ELU with alpha = {alpha}")


def test_elu_of_large_numbers(student):
    """Large positive numbers stay, large negative ones approach -alpha, and nothing is nan."""
    got = student.elu(np.array([1000.0, -1000.0, 800.0, -40.0]), 2.0)
    assert_close(got, np.array([1000.0, -2.0, 800.0, -2.0]), what="ELU of large numbers")


@easy
def test_elu_at_zero(student):
    """The two sides meet at zero."""
    assert_close(student.elu(np.array([0.0, 1e-6, -1e-6])), np.array([0.0, 1e-6, -1e-6]), atol=1e-11, what="ELU at 0")


@variant
def with_expm1(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


@variant
def overflow_unused(z, alpha=1.0):
    with np.errstate(over="ignore"):
        return np.where(z > 0, z, alpha * (np.exp(z) - 1))


@variant
def sum_of_parts(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)


@variant
def float_copy(z, alpha=1.0):
    out = np.array(z, dtype=float)
    left = out <= 0
    out[left] = alpha * (np.exp(out[left]) - 1)
    return out


def infinity_times_zero(z, alpha=1.0):
    with np.errstate(all="ignore"):
        return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)


LEFT = "alpha * (np.exp(np.minimum(z, 0)) - 1)"
VALUE = f"np.where(z > 0, z, {LEFT})"
AT_THREE = "What should ELU of 3 be?"
FAR_LEFT = "What should ELU approach far out on the left?"
UNSAFE = "np.where(z > 0, z, alpha * (np.exp(z) - 1))"
MISTAKES = [
    mistake("The - 1 is missing, so that the two sides do not meet at zero.",
            "What should ELU be just left of zero, and what is exp(0)?",
            {LEFT: "alpha * np.exp(np.minimum(z, 0))"}),
    slip("fixed", {LEFT: "np.exp(np.minimum(z, 0)) - 1"}, what="alpha"),
    mistake("alpha scales only the exponential, not the - 1: the brackets are missing.",
            "For alpha = 3 the two sides must still meet at zero. Do they?",
            {LEFT: "alpha * np.exp(np.minimum(z, 0)) - 1"}),
    mistake("alpha stands in the exponent instead of in front.",
            f"{FAR_LEFT} What does yours approach?",
            {LEFT: "np.exp(alpha * np.minimum(z, 0)) - 1"}),
    mistake("The positive side is scaled by alpha as well.",
            "What should ELU of 2 be, whatever alpha is?",
            {VALUE: "alpha * np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)"}),
    mistake(MEETS_INFINITY,
            "np.where or a mask only chooses; both sides are computed. What can you put into exp instead of z?",
            by=infinity_times_zero),
    mistake("The exponent has the wrong sign, so that the left side grows without bound.",
            "What should ELU of -5 be, roughly?",
            {LEFT: "alpha * (np.exp(np.minimum(-z, 700)) - 1)"}),
    mistake("The left side comes out positive: it is alpha(1 - exp(z)).",
            "What sign should ELU of -2 have?",
            {LEFT: "alpha * (1 - np.exp(np.minimum(z, 0)))"}),
    mistake("The larger of the two formulas is taken, which goes wrong where they cross for alpha above 1.",
            "Which of z and alpha(exp(z) - 1) is larger at z = -0.5 with alpha = 3? What should decide instead?",
            {VALUE: f"np.maximum(z, {LEFT})"}),
    mistake("The negative side is a straight line, alpha·z: that is PReLU.", FAR_LEFT,
            {LEFT: "alpha * z"}),
    mistake("The exponential is used on both sides.", AT_THREE,
            {UNSAFE: "alpha * (np.exp(z) - 1)"}, of=overflow_unused),
    mistake("The two sides have changed places.",
            f"{AT_THREE} Which of the two values does np.where take where the condition holds?",
            {"z > 0, z, alpha * (np.exp(z) - 1)": "z > 0, alpha * (np.exp(z) - 1), z"}, of=overflow_unused),
    mistake("The negative side is zero: this is ReLU.",
            "What should ELU of -2 be?",
            {VALUE: "np.maximum(z, 0)"}),
    mistake("This is the slope at z, not the value.", AT_THREE,
            {VALUE: "np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))"}),
    mistake("The 1 is subtracted in the exponent: exp(z - 1) instead of exp(z) - 1.",
            "What should ELU be at zero? What does exp(0 - 1) give?",
            {LEFT: "alpha * np.exp(np.minimum(z, 0) - 1)"}),
    mistake("The default alpha is 0.1 instead of 1.", OTHER_SIGNATURE,
            {"alpha=1.0": "alpha=0.1"}),
    mistake("The negative side is -alpha everywhere; that is only what it approaches.",
            "What should ELU be just left of zero?",
            {LEFT: "-alpha"}),
    mistake("The bend is at 1 instead of at 0.",
            "From which z on is the output z itself?",
            {VALUE: "np.where(z > 1, z, alpha * (np.exp(np.minimum(z, 1)) - 1))"}),
    slip("writes_into_input", {f"return {VALUE}": f"z[...] = {VALUE}\n    return z"}, what="z"),
    stored_as_integers(VALUE),
]
