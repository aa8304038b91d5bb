"""diagnose: what it must do, other right ways, and what goes wrong."""

from decimal import Decimal

import numpy as np

from grader.authoring import mistake, slip, variant
from nnlib.checks import assert_close

HINTS = (
    "Draw the three errors on a line: best possible, training, dev. Which distance is called bias, and which "
    "variance?",
    "Two questions, each with yes or no, give four answers. And what does Python print for 0.3 - 0.1? Such digits "
    "must not decide a verdict.",
    "With a limit of 10 points instead: training 0.30, dev 0.45, best possible 0.25. Bias is 0.30 - 0.25 = 0.05, "
    "fine; variance 0.45 - 0.30 = 0.15, high. And 0.30 - 0.20 prints 0.09999999999999998: round a gap to six "
    "digits, say, before you compare it.",
)


def _verdicts(student, cases):
    for errors, verdict in cases:
        assert_close(student.diagnose(*errors), verdict, what="the verdict")


def test_diagnose_the_four_verdicts(student):
    """Bias is training error above Bayes error, variance dev error above training error."""
    _verdicts(student, [
        ((0.01, 0.11), "high variance"),
        ((0.15, 0.16), "high bias"),
        ((0.15, 0.30), "high bias and high variance"),
        ((0.005, 0.01), "neither"),
        ((0.035, 0.145), "high variance"),
        ((0.23, 0.25), "high bias"),
        ((0.11, 0.21), "high bias and high variance"),
        ((0.02, 0.03), "neither"),
    ])


def test_diagnose_measures_bias_from_the_bayes_error(student):
    """A training error is judged by the Bayes error, not by zero."""
    _verdicts(student, [
        ((0.17, 0.18, 0.17), "neither"),
        ((0.25, 0.26, 0.1), "high bias"),
        ((0.22, 0.35, 0.2), "high variance"),
        ((0.22, 0.24, 0.1), "high bias"),
    ])


def test_diagnose_measures_variance_from_the_training_error(student):
    """A dev error is judged by the training error, whatever the Bayes error is."""
    _verdicts(student, [
        ((0.4, 0.42), "high bias"),
        ((0.13, 0.22, 0.1), "high variance"),
        ((0.04, 0.08), "neither"),
        ((0.04, 0.08, 0.03), "neither"),
        ((0.4, 0.5), "high bias and high variance"),
        ((0.3, 0.45, 0.2), "high bias and high variance"),
    ])


def test_diagnose_uses_five_points(student):
    """Gaps of four points are fine, gaps of six are not, however small or large the errors are."""
    _verdicts(student, [
        ((0.04, 0.04), "neither"),
        ((0.06, 0.06), "high bias"),
        ((0.5, 0.54, 0.46), "neither"),
        ((0.5, 0.56, 0.46), "high variance"),
        ((0.5, 0.54, 0.44), "high bias"),
        ((0.0, 0.04), "neither"),
        ((0.01, 0.07), "high variance"),
    ])


def test_diagnose_lets_exactly_five_points_pass(student):
    """A gap of exactly five points is not high yet, one just above is."""
    _verdicts(student, [
        ((0.08, 0.08), "high bias"),
        ((0.01, 0.09), "high variance"),
        ((0.05, 0.05), "neither"),
        ((0.0, 0.05), "neither"),
        ((0.0501, 0.06), "high bias"),
        ((0.0, 0.0501), "high variance"),
    ])


def test_diagnose_lets_five_points_pass_whatever_their_digits(student):
    """Exactly five points are fine also where the difference of the two rates comes out a hair above 0.05."""
    for low in (9, 12, 18, 21, 29, 41, 62, 74):
        pair = low / 100, (low + 5) / 100
        _verdicts(student, [((*pair, pair[0]), "neither"), ((pair[1], pair[1], pair[0]), "neither")])
        _verdicts(student, [((pair[0], pair[1] + 0.0005, pair[0]), "high variance")])


def test_diagnose_takes_gaps_the_lucky_way_for_fine(student):
    """A dev error below the training error is no variance, a training error below the Bayes error no bias."""
    _verdicts(student, [
        ((0.2, 0.1), "high bias"),
        ((0.01, 0.02, 0.12), "neither"),
        ((0.1, 0.02, 0.2), "neither"),
        ((0.1, 0.3, 0.2), "high variance"),
    ])


@variant
def from_parts(train_err, dev_err, bayes_err=0.0):
    found = []
    if train_err > bayes_err + 0.050001:
        found.append("high bias")
    if dev_err > train_err + 0.050001:
        found.append("high variance")
    return " and ".join(found) or "neither"


@variant
def with_a_table(train_err, dev_err, bayes_err=0):
    bias, variance = (np.round(gap, 10) > 5 / 100 for gap in (train_err - bayes_err, dev_err - train_err))
    table = {
        (False, False): "neither",
        (True, False): "high bias",
        (False, True): "high variance",
        (True, True): "high bias and high variance",
    }
    return table[bool(bias), bool(variance)]


@variant
def in_rounded_points(train_err, dev_err, bayes_err=0.0):
    bias, variance = round(100 * (train_err - bayes_err), 6), round(100 * (dev_err - train_err), 6)
    if bias <= 5 and variance <= 5:
        return "neither"
    if bias <= 5:
        return "high variance"
    return "high bias" if variance <= 5 else "high bias and high variance"


@variant
def with_isclose(train_err, dev_err, bayes_err=0.0):
    def high(gap):
        return gap > 0.05 and not np.isclose(gap, 0.05, rtol=0, atol=1e-9)

    words = ["high bias"] * high(train_err - bayes_err) + ["high variance"] * high(dev_err - train_err)
    return " and ".join(words or ["neither"])


@variant
def in_decimals(train_err, dev_err, bayes_err=0.0):
    train, dev, bayes = (Decimal(str(float(error))) for error in (train_err, dev_err, bayes_err))
    bias, variance = train - bayes > Decimal("0.05"), dev - train > Decimal("0.05")
    if bias:
        return "high bias and high variance" if variance else "high bias"
    return "high variance" if variance else "neither"


BIAS, VARIANCE = "round(train_err - bayes_err, 9) > 0.05", "round(dev_err - train_err, 9) > 0.05"
BOTH = '"high bias and high variance"'
SPELLING = "Compare your four strings with the text, letter by letter."
MISTAKES = [
    mistake("The bare differences are compared with 0.05: some gaps of exactly five points are called high.",
            "Print 0.20 - 0.15 in Python, and 0.14 - 0.09. What makes both of them equal to 0.05?",
            {BIAS: "train_err - bayes_err > 0.05", VARIANCE: "dev_err - train_err > 0.05"},
            {BIAS: "train_err > bayes_err + 0.05", VARIANCE: "dev_err > train_err + 0.05"},
            {BIAS: "100 * train_err - 100 * bayes_err > 5", VARIANCE: "100 * dev_err - 100 * train_err > 5"}),
    mistake("The Bayes error is not used: bias is measured from zero.",
            "What is the verdict on a training error of 15% where nobody can do better than 15%?",
            {BIAS: "train_err > 0.05"}),
    mistake("Variance is measured from the Bayes error to the dev error, "
            "so that a model with high bias always has high variance as well.",
            "Where does the gap called variance begin? Try 15% and 16%.",
            {VARIANCE: "round(dev_err - bayes_err, 9) > 0.05"}),
    mistake("A high dev error is taken for high variance, whatever the training error is.",
            "Training 15%, dev 16 %: does the model do worse on what it has not seen?",
            {VARIANCE: "dev_err > 0.05"}),
    mistake("Bias is measured at the dev error instead of at the training error.",
            "Which of the two errors says how well the model fits what it has seen?",
            {BIAS: "round(dev_err - bayes_err, 9) > 0.05"}),
    mistake("The size of the gap counts, whichever way it goes: "
            "a dev error below the training error is called variance.",
            "Does a model overfit that does better on the dev set?",
            {"train_err - bayes_err": "abs(train_err - bayes_err)", "dev_err - train_err": "abs(dev_err - train_err)"}),
    *(mistake(f"The threshold is {number} {points} instead of five.",
              "Read again how large a gap has to be to count as high.",
              {BIAS: BIAS.replace("0.05", str(threshold)), VARIANCE: VARIANCE.replace("0.05", str(threshold))})
      for number, points, threshold in [("one", "point", 0.01), ("two", "points", 0.02), ("ten", "points", 0.1)]),
    mistake("The errors are taken for percentages: they are compared with 5, which no rate reaches.",
            "15% comes as 0.15. What are five points then?",
            {BIAS: "train_err - bayes_err > 5", VARIANCE: "dev_err - train_err > 5"}),
    mistake("A gap of exactly five points is already called high.",
            "Is the comparison meant to hold when both sides are equal? Read the definition again.",
            {BIAS: BIAS.replace(">", ">="), VARIANCE: VARIANCE.replace(">", ">=")}),
    mistake("The gaps are read as ratios: the verdict depends on how many times larger one error is, "
            "not on the points between them.",
            "From 0.5% to 1% the error doubles. Is that a gap of more than five points?",
            {BIAS: "train_err > 1.5 * bayes_err + 0.05", VARIANCE: "dev_err > 1.5 * train_err"}),
    mistake("Any dev error above twice the training error is high variance, "
            "and any training error above twice the Bayes error high bias.",
            "From 20% to 40% the error doubles exactly. How many points is that, and how many are too many?",
            {BIAS: "train_err > max(2 * bayes_err, 0.05)", VARIANCE: "dev_err > max(2 * train_err, 0.05)"}),
    mistake("The Bayes error is subtracted from the second gap, too.",
            "Both errors of the second gap already include what nobody can avoid. "
            "What is left of it in their difference?",
            {VARIANCE: "round(dev_err - train_err - bayes_err, 9) > 0.05"}),
    mistake("Bias and variance are mixed up.",
            "Which of them says that the training set itself is fitted badly?",
            {BIAS: "round(dev_err - train_err, 9) > 0.05", f"variance = {VARIANCE}": f"variance = {BIAS}"}),
    mistake("Bias is measured the wrong way round: from the training error down to the Bayes error.",
            "Which of the two is larger when a model underfits?",
            {BIAS: "round(bayes_err - train_err, 9) > 0.05"}),
    mistake("Variance is measured the wrong way round: from the dev error down to the training error.",
            "On which of the two sets does a model that overfits do worse?",
            {VARIANCE: "round(train_err - dev_err, 9) > 0.05"}),
    mistake("The Bayes error is added to the training error instead of subtracted.",
            "What is the bias of a model that makes 15% errors where nobody can do better than 15%?",
            {BIAS: "round(train_err + bayes_err, 9) > 0.05"}),
    mistake("Training and dev error are taken for each other.",
            "In which order do the two errors come in?",
            {"(train_err, dev_err,": "(dev_err, train_err,"}),
    mistake("One verdict shuts out the other: a model with both problems is only told about its bias.",
            "What does your function return where both conditions hold? In which order are they asked?",
            {BOTH: '"high bias"'}),
    mistake("One verdict shuts out the other: a model with both problems is only told about its variance.",
            "What does your function return where both conditions hold? In which order are they asked?",
            {BOTH: '"high variance"'}),
    mistake("The larger gap alone decides.",
            "Must one of the gaps be small for the other to be high?",
            {BOTH: '"high bias" if train_err - bayes_err > dev_err - train_err else "high variance"'}),
    mistake("The verdict for both problems has other words than asked for.", SPELLING, {BOTH: '"both"'}),
    mistake("The verdict for both problems names them in another order than asked for.", SPELLING,
            {BOTH: '"high variance and high bias"'}),
    mistake("The verdicts begin with a capital letter.", SPELLING, after=str.capitalize),
    mistake("Where nothing is wrong, nothing is returned.",
            "Which verdict is there for a model without a problem, and does your function return it?",
            {'"neither"': "None"}),
    mistake("Both verdicts are returned as a pair of truth values; one of the four strings is asked for.",
            "Look at the list of the four verdicts: which of them belongs to each pair?",
            {"if bias and variance": "return bias, variance\n    if bias and variance"}),
    slip("printed"),
    mistake("The gaps are cut or rounded to whole percentage points, so that one of 5.4 points counts as 5.",
            "Is a gap of 5.4 points more than 5? Round off only what binary digits add.",
            {BIAS: "int(100 * train_err) - int(100 * bayes_err) > 5",
             VARIANCE: "int(100 * dev_err) - int(100 * train_err) > 5"},
            {BIAS: BIAS.replace("9", "2"), VARIANCE: VARIANCE.replace("9", "2")}),
]
