"""init_normal: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import easy, family, mistake, variant

from .common import DRAWN, NUMBERS, STANDARD, Row, check_mean, check_scale, is_normal, wrong_normals

HINTS = (
    'rng has a method that draws numbers of a bell curve with a given spread. What shape do you ask it for?',
    'std is the standard deviation, not the variance. The mean is 0.',
    '1,000 draws with std 3: about 683 lie within ±3, and their squares have a mean near 9.',
)


def with_std(std):
    """The row of init_normal with a standard deviation."""
    return Row(
        lambda student: lambda fan_in, fan_out, rng: student.init_normal(fan_in, fan_out, std, rng),
        lambda fan_in, fan_out: std,
    )


def test_init_normal_has_the_standard_deviation_it_is_given(student, rng):
    """The standard deviation is std, whatever the layer's size.

    A right answer fails with a chance below 3e-8.
    """
    for row in map(with_std, (0.01, 0.3, 2.0)):
        check_scale(row.of(student), row.std, rng)


@easy
def test_init_normal_has_mean_zero(student, rng):
    """The weights lie around zero.

    A right answer fails with a chance below 2e-8.
    """
    for row in map(with_std, (0.01, 2.0)):
        check_mean(row.of(student), row.std, rng)


TESTS = family("init_normal", [is_normal, *DRAWN], with_std(0.5))


@variant
def with_scale(fan_in, fan_out, std, rng):
    return rng.normal(0.0, std, size=(fan_in, fan_out))


@variant
def float32(fan_in, fan_out, std, rng):
    return (std * rng.standard_normal((fan_in, fan_out))).astype(np.float32)


@variant
def row_by_row(fan_in, fan_out, std, rng):
    return np.stack([rng.normal(scale=std, size=fan_out) for _ in range(fan_in)])


@variant
def transposed_draw(fan_in, fan_out, std, rng):
    return rng.normal(scale=std, size=(fan_out, fan_in)).T


@variant
def box_muller(fan_in, fan_out, std, rng):
    u, v = 1 - rng.random((fan_in, fan_out)), rng.random((fan_in, fan_out))
    return std * np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)


DRAW = f"std * {STANDARD}"
MISTAKES = [
    mistake("std is treated as a variance: its root is taken.",
            "The argument is a standard deviation already. What does np.std of your weights say?",
            {DRAW: f"np.sqrt(std) * {STANDARD}"}),
    mistake("std is squared, as if a variance were wanted as scale.",
            "What multiplies a standard normal number to give it the standard deviation std?",
            {DRAW: f"std**2 * {STANDARD}"}),
    mistake("std is passed as the mean: rng.normal takes the mean first.",
            "Look at the order of rng.normal's arguments.",
            {DRAW: f"std + {STANDARD}"}),
    mistake("std is not used.",
            "Call your function with std 0.01 and 1 and compare.",
            {"std * ": ""}),
    mistake("The weights are divided by the root of fan_in; here std alone decides.",
            "Should the standard deviation of your weights depend on the layer's size?",
            {DRAW: f"{DRAW} / np.sqrt(fan_in)"}),
    mistake("The arguments come in another order: std is taken for rng and rng for std.",
            "The signature is (fan_in, fan_out, std, rng). A call by position fills them in that order.",
            {"std, rng)": "rng, std)"}),
    mistake("All weights are positive.",
            "What is the mean of your weights? It should be 0.",
            after=np.abs),
    mistake("The weights are plus or minus std, and nothing between.",
            "Draw a histogram: a bell or two spikes?",
            {DRAW: "rng.choice([-std, std], size=(fan_in, fan_out))"}),
    mistake("The weights come in pairs of opposite sign; every weight should be a draw of its own.", NUMBERS,
            {f"return {DRAW}": "half = std * rng.standard_normal((fan_in, (fan_out + 1) // 2))\n"
                               "    return np.hstack([half, -half])[:, :fan_out]"}),
    mistake("Each weight is a product of a number for its row and one for its column.",
            f"{NUMBERS} Yours come from fan_in + fan_out.",
            {STANDARD: "np.outer(rng.normal(size=fan_in), rng.normal(size=fan_out))"}),
    *wrong_normals(DRAW, "std"),
]
