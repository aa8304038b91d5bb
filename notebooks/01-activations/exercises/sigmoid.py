"""sigmoid: what it must do, other right ways, and what goes wrong."""

import numpy as np

from grader.authoring import family, mistake, slip, variant
from nnlib.checks import assert_close

from .common import EITHER_WAY, Forward, check_forward, logistic, stored_as_integers

HINTS = (
    'For which z does the exponential of the formula overflow? What is the sigmoid there?',
    '1/(1 + e^(−z)) and e^z/(1 + e^z) are the same number. Which of them is safe for large z, which for very '
    'negative z? Whose exponential never exceeds 1?',
    'At z = −3: e^(−3) = 0.0498, and 0.0498/1.0498 = 0.0474. At z = 3: 1/1.0498 = 0.9526. The same '
    'exponential serves both.',
)

TESTS = family(
    "sigmoid", EITHER_WAY,
    Forward(lambda student: student.sigmoid, "Every entry is 1 / (1 + exp(-z)).", logistic, "sigmoid"),
)


def test_sigmoid_is_one_half_at_zero(student):
    """At zero the sigmoid is exactly in the middle."""
    assert_close(student.sigmoid(np.zeros((2, 2))), np.full((2, 2), 0.5), rtol=1e-9, atol=0.0, what="sigmoid at 0")


def test_sigmoid_at_a_thousand(student):
    """Large numbers of either sign give 1 and 0, never nan."""
    z = np.array([1000.0, -1000.0, 750.0, -750.0])
    check_forward(student.sigmoid, logistic, z, what="sigmoid of huge numbers", rtol=1e-6)


def test_sigmoid_keeps_apart_what_is_nearly_zero(student):
    """Far out on the negative side the values go on falling, and nothing is clipped."""
    z = np.array([-12.0, -25.0, -40.0])
    # (1 + tanh(z / 2)) / 2 is right, too, and rounds by 1e-16.
    check_forward(student.sigmoid, logistic, z, what="sigmoid of -12, -25 and -40", rtol=1e-4, atol=1e-15)


def test_sigmoid_of_opposite_numbers_adds_up_to_one(student, rng):
    """σ(-z) = 1 - σ(z)."""
    z = 4 * rng.normal(size=9)
    assert_close(student.sigmoid(-z), 1 - logistic(z), what="sigmoid of -z")


@variant
def textbook_formula(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


@variant
def through_tanh(z):
    z = np.asarray(z, dtype=float)
    near = (1 + np.tanh(z / 2)) / 2
    return np.where(z < -1, np.exp(np.minimum(z, 0)) / (1 + np.exp(np.minimum(z, 0))), near)


@variant
def half_of_one_plus_tanh(z):
    return 0.5 * (1 + np.tanh(z / 2))


@variant
def clipped_where_nothing_changes(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@variant
def one_number_at_a_time(z):
    return np.vectorize(lambda t: 1 / (1 + np.exp(-t)) if t > 0 else np.exp(t) / (1 + np.exp(t)), otypes=[float])(z)


@variant
def with_two_masks(z):
    z = np.asarray(z)
    out = np.empty(z.shape)
    right = z >= 0
    out[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    out[~right] = e / (1 + e)
    return out


@variant
def with_logaddexp(z):
    return np.exp(-np.logaddexp(0.0, -z))


def textbook(says, hint, formula):
    """Take another formula for the textbook's."""
    return mistake(says, hint, {"1 / (1 + np.exp(-z))": formula}, of=textbook_formula)


VALUE = "np.where(z >= 0, 1, exp) / (1 + exp)"
OTHERS_COUNT = "Should the sigmoid of one number change when another one in the array does?"
MISTAKES = [
    textbook("exp(z) overflows for large z, and infinity over infinity is nan.",
             "Which of exp(z) and exp(-z) is harmless for large z? Use that one on each side.",
             "np.exp(z) / (1 + np.exp(z))"),
    textbook("The sign of the exponent is wrong: this falls where it should rise.",
             "What should the sigmoid of a large positive number be?",
             "1 / (1 + np.exp(z))"),
    textbook("The denominator is 1 - exp(-z) instead of 1 + exp(-z).",
             "Try z = 0: what do you divide by?",
             "1 / (1 - np.exp(-z))"),
    textbook("This is tanh, which runs from -1 to 1.",
             "Between which numbers should the output lie, and what is it at 0?",
             "np.tanh(z)"),
    textbook("This is (1 + tanh(z)) / 2, which is twice too steep: it is the sigmoid of 2z.",
             "tanh(z) = 2σ(2z) - 1. What must go into tanh to get σ(z)?",
             "(1 + np.tanh(z)) / 2"),
    textbook("This is tanh(z/2), which still runs from -1 to 1.",
             "Stretching is done. How do you bring -1 … 1 to 0 … 1?",
             "np.tanh(z / 2)"),
    mistake("z is clipped, so that everything beyond looks alike.",
            "A sigmoid of -40 is tiny but not the same as at -30. Can overflow be avoided without changing z?",
            *({"-500, 500": f"-{edge}, {edge}"} for edge in (10, 20)), of=clipped_where_nothing_changes),
    textbook("The exponentials are divided by their sum: that is softmax, in which entries depend on each other.",
             OTHERS_COUNT,
             "np.exp(z - np.max(z)) / np.exp(z - np.max(z)).sum()"),
    mistake("The largest z is subtracted, which helps in softmax but changes a sigmoid.", OTHERS_COUNT,
            {"-np.abs(z)": "z - np.max(z)", VALUE: "exp / (1 + exp)"}),
    textbook("Brackets are missing: this is 1/1 + exp(-z).",
             "Division binds more tightly than addition. What must be computed first?",
             "1 / 1 + np.exp(-z)"),
    textbook("The sign of z is lost: this is the sigmoid of |z|.",
             "The absolute value belongs in the exponent only together with a second form for negative z. Which?",
             "1 / (1 + np.exp(-np.abs(z)))"),
    mistake("This is the slope σ(z)(1 - σ(z)), not the sigmoid itself.",
            "What should come out for a large positive number?",
            after=lambda a: a * (1 - a)),
    mistake("The result is clipped, so that it never comes close to 0 and 1.",
            "What should the sigmoid of -1000 be?",
            after=[lambda a, edge=edge: np.clip(a, edge, 1 - edge) for edge in (1e-7, 1e-8, 1e-10)]),
    # by numbers below 1e-12 grading tells no mistakes apart, so these have one name
    *(mistake("The tiny numbers far on the left are lost: everything beyond a bound is made equal.",
              "Which step of yours has a bound in it? What does it make of -30 and of -40?",
              *edits, after=done, of=of)
      for edits, done, of in (
          ([{"-500, 500": "-30, 30"}], (), clipped_where_nothing_changes),
          ([], [lambda a: np.clip(a, 1e-12, 1 - 1e-12)], None),
      )),
    textbook("A small constant is added to the denominator, which is never zero anyway.",
             "1 + exp(-z) is at least 1. What does the constant protect from, and what does σ(0) become?",
             "1 / (1 + np.exp(-z) + 1e-8)"),
    textbook("nan is replaced by 0, also for large positive z, where 1 is right.",
             "Where does the nan come from? Choose a form in which it cannot arise.",
             "np.nan_to_num(np.exp(z) / (1 + np.exp(z)))"),
    textbook("This is the hard sigmoid, straight lines instead of the curve.",
             "What are σ(2) and σ(3) to four digits?",
             "np.clip(0.2 * z + 0.5, 0, 1)"),
    textbook("The base of the power is 2 instead of e.",
             "Compare σ(2) with the value in the text. Which function of NumPy is e to the power of z?",
             "1 / (1 + np.power(2.0, -z))"),
    textbook("math.exp, float() or int() takes one number, not an array.",
             "Which function of NumPy works entry by entry?",
             "1 / (1 + np.exp(-float(z)))"),
    mistake("Neither of the two conditions takes in z = 0, so that nothing is computed there.",
            "Every z must fall on one side. Which of your comparisons is true for z = 0, and what is the sigmoid there?",
            *({"np.empty(z.shape)": f"np.{start}(z.shape)", "z >= 0": "z > 0",
               "e = np.exp(z[~right])": "left = z < 0\n    e = np.exp(z[left])", "out[~right]": "out[left]"}
              for start in ("zeros", "ones")), of=with_two_masks),
    slip("writes_into_input", {"exp = np": "z[...] = np.clip(z, -500, 500)\n    exp = np"}, what="z"),
    stored_as_integers(VALUE),
]
