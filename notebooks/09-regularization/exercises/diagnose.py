"""diagnose: what it must do, other right ways, and what goes wrong."""

from grader.authoring import mistake, variant
from nnlib.checks import assert_close


def _verdicts(student, cases):
    for errors, verdict in cases:
        assert_close(student.diagnose(*errors), verdict, what="the verdict")


def test_diagnose_the_four_verdicts(student):
    """Bias is training error above Bayes error, variance dev error above training error."""
    _verdicts(
        student,
        [
            ((0.01, 0.11), "high variance"),
            ((0.15, 0.16), "high bias"),
            ((0.15, 0.30), "high bias and high variance"),
            ((0.005, 0.01), "neither"),
            ((0.035, 0.145), "high variance"),
            ((0.23, 0.25), "high bias"),
            ((0.11, 0.21), "high bias and high variance"),
            ((0.02, 0.03), "neither"),
        ],
    )


def test_diagnose_measures_bias_from_the_bayes_error(student):
    """A training error is judged by the Bayes error, not by zero."""
    _verdicts(
        student,
        [
            ((0.17, 0.18, 0.17), "neither"),
            ((0.25, 0.26, 0.1), "high bias"),
            ((0.22, 0.35, 0.2), "high variance"),
            ((0.22, 0.24, 0.1), "high bias"),
        ],
    )


def test_diagnose_measures_variance_from_the_training_error(student):
    """A dev error is judged by the training error, whatever the Bayes error is."""
    _verdicts(
        student,
        [
            ((0.4, 0.42), "high bias"),
            ((0.13, 0.22, 0.1), "high variance"),
            ((0.04, 0.08), "neither"),
            ((0.04, 0.08, 0.03), "neither"),
            ((0.4, 0.5), "high bias and high variance"),
            ((0.3, 0.45, 0.2), "high bias and high variance"),
        ],
    )


def test_diagnose_uses_five_points(student):
    """Gaps of four points are fine, gaps of six are not, however small or large the errors are."""
    _verdicts(
        student,
        [
            ((0.04, 0.04), "neither"),
            ((0.06, 0.06), "high bias"),
            ((0.5, 0.54, 0.46), "neither"),
            ((0.5, 0.56, 0.46), "high variance"),
            ((0.5, 0.54, 0.44), "high bias"),
            ((0.0, 0.04), "neither"),
            ((0.01, 0.07), "high variance"),
        ],
    )


def test_diagnose_lets_exactly_five_points_pass(student):
    """A gap of exactly five points is not high yet, one just above is."""
    _verdicts(
        student,
        [
            ((0.08, 0.08), "high bias"),
            ((0.01, 0.09), "high variance"),
            ((0.05, 0.05), "neither"),
            ((0.0, 0.05), "neither"),
            ((0.0501, 0.06), "high bias"),
            ((0.0, 0.0501), "high variance"),
        ],
    )


def test_diagnose_takes_gaps_the_lucky_way_for_fine(student):
    """A dev error below the training error is no variance, a training error below the Bayes error no bias."""
    _verdicts(
        student,
        [
            ((0.2, 0.1), "high bias"),
            ((0.01, 0.02, 0.12), "neither"),
            ((0.1, 0.02, 0.2), "neither"),
            ((0.1, 0.3, 0.2), "high variance"),
        ],
    )


@variant
def diagnose_from_parts(train_err, dev_err, bayes_err=0.0):
    found = []
    if train_err > bayes_err + 0.05:
        found.append("high bias")
    if dev_err > train_err + 0.05:
        found.append("high variance")
    return " and ".join(found) or "neither"


@variant
def diagnose_with_a_table(train_err, dev_err, bayes_err=0):
    bias, variance = (train_err - bayes_err) > 5 / 100, (dev_err - train_err) > 5 / 100
    table = {
        (False, False): "neither",
        (True, False): "high bias",
        (False, True): "high variance",
        (True, True): "high bias and high variance",
    }
    return table[bool(bias), bool(variance)]


@variant
def diagnose_in_rounded_points(train_err, dev_err, bayes_err=0.0):
    bias, variance = round(100 * (train_err - bayes_err), 6), round(100 * (dev_err - train_err), 6)
    if bias <= 5 and variance <= 5:
        return "neither"
    if bias <= 5:
        return "high variance"
    return "high bias" if variance <= 5 else "high bias and high variance"


def bias_from_zero(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def variance_from_the_bayes_error(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - bayes_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def variance_by_the_dev_error(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def bias_at_the_dev_error(train_err, dev_err, bayes_err=0.0):
    bias, variance = dev_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def gaps_without_their_sign(train_err, dev_err, bayes_err=0.0):
    bias, variance = abs(train_err - bayes_err) > 0.05, abs(dev_err - train_err) > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def a_threshold_of_one_point(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.01, dev_err - train_err > 0.01
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def a_threshold_of_ten_points(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.1, dev_err - train_err > 0.1
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def compares_with_five(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 5, dev_err - train_err > 5
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def five_points_are_too_many(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err >= 0.05, dev_err - train_err >= 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def gaps_as_ratios(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err > 1.5 * bayes_err + 0.05, dev_err > 1.5 * train_err
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def subtracts_the_bayes_error_twice(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err - bayes_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def mixes_up_the_names(train_err, dev_err, bayes_err=0.0):
    bias, variance = dev_err - train_err > 0.05, train_err - bayes_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def bias_the_wrong_way_round(train_err, dev_err, bayes_err=0.0):
    bias, variance = bayes_err - train_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def never_says_both(train_err, dev_err, bayes_err=0.0):
    if train_err - bayes_err > 0.05:
        return "high bias"
    elif dev_err - train_err > 0.05:
        return "high variance"
    return "neither"


def prefers_variance(train_err, dev_err, bayes_err=0.0):
    if dev_err - train_err > 0.05:
        return "high variance"
    elif train_err - bayes_err > 0.05:
        return "high bias"
    return "neither"


def lets_the_larger_gap_decide(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err, dev_err - train_err
    if max(bias, variance) <= 0.05:
        return "neither"
    return "high bias" if bias > variance else "high variance"


def says_both_in_a_word(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "both"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def names_variance_first(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high variance and high bias"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def capitalises_the_verdicts(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "High bias and high variance"
    if bias:
        return "High bias"
    return "High variance" if variance else "Neither"


def says_nothing_for_neither(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else None


def returns_two_truth_values(train_err, dev_err, bayes_err=0.0):
    return train_err - bayes_err > 0.05, dev_err - train_err > 0.05


def prints_the_verdict(train_err, dev_err, bayes_err=0.0):
    return None


def gaps_as_doublings(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err > max(2 * bayes_err, 0.05), dev_err > max(2 * train_err, 0.05)
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def cuts_to_whole_percentages(train_err, dev_err, bayes_err=0.0):
    train, dev, bayes = (int(100 * err) for err in (train_err, dev_err, bayes_err))
    bias, variance = train - bayes > 5, dev - train > 5
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def a_threshold_of_two_points(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.02, dev_err - train_err > 0.02
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def adds_the_bayes_error(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err + bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def takes_the_errors_in_the_other_order(train_err, dev_err, bayes_err=0.0):
    bias, variance = dev_err - bayes_err > 0.05, train_err - dev_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


def variance_the_wrong_way_round(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, train_err - dev_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


MISTAKES = [
    mistake("The Bayes error is not used: bias is measured from zero.",
            "What is the verdict on a training error of 15% where nobody can do better than 15%?",
            by=bias_from_zero),
    mistake("Variance is measured from the Bayes error to the dev error, so that a model with high bias always has high variance as well.",
            "Where does the gap called variance begin? Try 15% and 16%.",
            by=variance_from_the_bayes_error),
    mistake("A high dev error is taken for high variance, whatever the training error is.",
            "Training 15%, dev 16%: does the model do worse on what it has not seen?",
            by=variance_by_the_dev_error),
    mistake("Bias is measured at the dev error instead of at the training error.",
            "Which of the two errors says how well the model fits what it has seen?",
            by=bias_at_the_dev_error),
    mistake("The size of the gap counts, whichever way it goes: a dev error below the training error is called variance.",
            "Does a model overfit that does better on the dev set?",
            by=gaps_without_their_sign),
    mistake("The threshold is one point instead of five.",
            "Read again how large a gap has to be to count as high.",
            by=a_threshold_of_one_point),
    mistake("The threshold is ten points instead of five.",
            "Read again how large a gap has to be to count as high.",
            by=a_threshold_of_ten_points),
    mistake("The errors are taken for percentages: they are compared with 5, which no rate reaches.",
            "15% comes as 0.15. What are five points then?",
            by=compares_with_five),
    mistake("A gap of exactly five points is already called high.",
            "Is the comparison meant to hold when both sides are equal? Read the definition again.",
            by=five_points_are_too_many),
    mistake("The gaps are read as ratios: the verdict depends on how many times larger one error is, not on the points between them.",
            "From 0.5% to 1% the error doubles. Is that a gap of more than five points?",
            by=gaps_as_ratios),
    mistake("The Bayes error is subtracted from the second gap, too.",
            "Both errors of the second gap already include what nobody can avoid. What is left of it in their difference?",
            by=subtracts_the_bayes_error_twice),
    mistake("Bias and variance are mixed up.",
            "Which of them says that the training set itself is fitted badly?",
            by=mixes_up_the_names),
    mistake("Bias is measured the wrong way round: from the training error down to the Bayes error.",
            "Which of the two is larger when a model underfits?",
            by=bias_the_wrong_way_round),
    mistake("One verdict shuts out the other: a model with both problems is only told about its bias.",
            "What does your function return where both conditions hold? In which order are they asked?",
            by=never_says_both),
    mistake("One verdict shuts out the other: a model with both problems is only told about its variance.",
            "What does your function return where both conditions hold? In which order are they asked?",
            by=prefers_variance),
    mistake("The larger gap alone decides.",
            "Must one of the gaps be small for the other to be high?",
            by=lets_the_larger_gap_decide),
    mistake("The verdict for both problems has other words than asked for.",
            "Compare your four strings with the text, letter by letter.",
            by=says_both_in_a_word),
    mistake("The verdict for both problems names them in another order than asked for.",
            "Compare your four strings with the text, letter by letter.",
            by=names_variance_first),
    mistake("The verdicts begin with a capital letter.",
            "Compare your four strings with the text, letter by letter.",
            by=capitalises_the_verdicts),
    mistake("Where nothing is wrong, nothing is returned.",
            "Which verdict is there for a model without a problem, and does your function return it?",
            by=says_nothing_for_neither),
    mistake("Both verdicts are returned as a pair of truth values; one of the four strings is asked for.",
            "Look at the list of the four verdicts: which of them belongs to each pair?",
            by=returns_two_truth_values),
    mistake("The verdict is printed, not returned.",
            "What does a function without return give to its caller?",
            by=prints_the_verdict),
    mistake("Any dev error above twice the training error is high variance, and any training error above twice the Bayes error high bias.",
            "From 20% to 40% the error doubles exactly. How many points is that, and how many are too many?",
            by=gaps_as_doublings),
    mistake("The rates are cut to whole percentages, so that a gap of 5.5 points may count as 5.",
            "What does int make of 100 * 0.29, and of 5.5?",
            by=cuts_to_whole_percentages),
    mistake("The threshold is two points instead of five.",
            "Read again how large a gap has to be to count as high.",
            by=a_threshold_of_two_points),
    mistake("The Bayes error is added to the training error instead of subtracted.",
            "What is the bias of a model that makes 15% errors where nobody can do better than 15%?",
            by=adds_the_bayes_error),
    mistake("Training and dev error are taken for each other.",
            "In which order do the two errors come in?",
            by=takes_the_errors_in_the_other_order),
    mistake("Variance is measured the wrong way round: from the dev error down to the training error.",
            "On which of the two sets does a model that overfits do worse?",
            by=variance_the_wrong_way_round),
]
