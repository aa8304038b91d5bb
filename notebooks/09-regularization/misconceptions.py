"""Wrong implementations that students hand in for 09-regularization, each with what a good TA says."""

import numpy as np

from grader.authoring import misconception


@misconception(
    of="diagnose",
    says="The Bayes error is not used: bias is measured from zero.",
    hint="What is the verdict on a training error of 15% where nobody can do better than 15%?",
)
def bias_from_zero(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="Variance is measured from the Bayes error to the dev error, so that a model with high bias always has high variance as well.",
    hint="Where does the gap called variance begin? Try 15% and 16%.",
)
def variance_from_the_bayes_error(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - bayes_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="A high dev error is taken for high variance, whatever the training error is.",
    hint="Training 15%, dev 16%: does the model do worse on what it has not seen?",
)
def variance_by_the_dev_error(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="Bias is measured at the dev error instead of at the training error.",
    hint="Which of the two errors says how well the model fits what it has seen?",
)
def bias_at_the_dev_error(train_err, dev_err, bayes_err=0.0):
    bias, variance = dev_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The size of the gap counts, whichever way it goes: a dev error below the training error is called variance.",
    hint="Does a model overfit that does better on the dev set?",
)
def gaps_without_their_sign(train_err, dev_err, bayes_err=0.0):
    bias, variance = abs(train_err - bayes_err) > 0.05, abs(dev_err - train_err) > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The threshold is one point instead of five.",
    hint="Read again how large a gap has to be to count as high.",
)
def a_threshold_of_one_point(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.01, dev_err - train_err > 0.01
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The threshold is ten points instead of five.",
    hint="Read again how large a gap has to be to count as high.",
)
def a_threshold_of_ten_points(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.1, dev_err - train_err > 0.1
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The errors are taken for percentages: they are compared with 5, which no rate reaches.",
    hint="15% comes as 0.15. What are five points then?",
)
def compares_with_five(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 5, dev_err - train_err > 5
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="A gap of exactly five points is already called high.",
    hint="Is the comparison meant to hold when both sides are equal? Read the definition again.",
)
def five_points_are_too_many(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err >= 0.05, dev_err - train_err >= 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The gaps are read as ratios: the verdict depends on how many times larger one error is, not on the points between them.",
    hint="From 0.5% to 1% the error doubles. Is that a gap of more than five points?",
)
def gaps_as_ratios(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err > 1.5 * bayes_err + 0.05, dev_err > 1.5 * train_err
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The Bayes error is subtracted from the second gap, too.",
    hint="Both errors of the second gap already include what nobody can avoid. What is left of it in their difference?",
)
def subtracts_the_bayes_error_twice(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err - bayes_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="Bias and variance are mixed up.",
    hint="Which of them says that the training set itself is fitted badly?",
)
def mixes_up_the_names(train_err, dev_err, bayes_err=0.0):
    bias, variance = dev_err - train_err > 0.05, train_err - bayes_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="Bias is measured the wrong way round: from the training error down to the Bayes error.",
    hint="Which of the two is larger when a model underfits?",
)
def bias_the_wrong_way_round(train_err, dev_err, bayes_err=0.0):
    bias, variance = bayes_err - train_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="One verdict shuts out the other: a model with both problems is only told about its bias.",
    hint="What does your function return where both conditions hold? In which order are they asked?",
)
def never_says_both(train_err, dev_err, bayes_err=0.0):
    if train_err - bayes_err > 0.05:
        return "high bias"
    elif dev_err - train_err > 0.05:
        return "high variance"
    return "neither"


@misconception(
    of="diagnose",
    says="One verdict shuts out the other: a model with both problems is only told about its variance.",
    hint="What does your function return where both conditions hold? In which order are they asked?",
)
def prefers_variance(train_err, dev_err, bayes_err=0.0):
    if dev_err - train_err > 0.05:
        return "high variance"
    elif train_err - bayes_err > 0.05:
        return "high bias"
    return "neither"


@misconception(
    of="diagnose",
    says="The larger gap alone decides.",
    hint="Must one of the gaps be small for the other to be high?",
)
def lets_the_larger_gap_decide(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err, dev_err - train_err
    if max(bias, variance) <= 0.05:
        return "neither"
    return "high bias" if bias > variance else "high variance"


@misconception(
    of="diagnose",
    says="The verdict for both problems has other words than asked for.",
    hint="Compare your four strings with the text, letter by letter.",
)
def says_both_in_a_word(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "both"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The verdict for both problems names them in another order than asked for.",
    hint="Compare your four strings with the text, letter by letter.",
)
def names_variance_first(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high variance and high bias"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The verdicts begin with a capital letter.",
    hint="Compare your four strings with the text, letter by letter.",
)
def capitalises_the_verdicts(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "High bias and high variance"
    if bias:
        return "High bias"
    return "High variance" if variance else "Neither"


@misconception(
    of="diagnose",
    says="Where nothing is wrong, nothing is returned.",
    hint="Which verdict is there for a model without a problem, and does your function return it?",
)
def says_nothing_for_neither(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else None


@misconception(
    of="diagnose",
    says="Both verdicts are returned as a pair of truth values; one of the four strings is asked for.",
    hint="Look at the list of the four verdicts: which of them belongs to each pair?",
)
def returns_two_truth_values(train_err, dev_err, bayes_err=0.0):
    return train_err - bayes_err > 0.05, dev_err - train_err > 0.05


@misconception(
    of="diagnose",
    says="The verdict is printed, not returned.",
    hint="What does a function without return give to its caller?",
)
def prints_the_verdict(train_err, dev_err, bayes_err=0.0):
    return None


@misconception(
    of="diagnose",
    says="Any dev error above twice the training error is high variance, and any training error above twice the Bayes error high bias.",
    hint="From 20% to 40% the error doubles exactly. How many points is that, and how many are too many?",
)
def gaps_as_doublings(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err > max(2 * bayes_err, 0.05), dev_err > max(2 * train_err, 0.05)
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The rates are cut to whole percentages, so that a gap of 5.5 points may count as 5.",
    hint="What does int make of 100 * 0.29, and of 5.5?",
)
def cuts_to_whole_percentages(train_err, dev_err, bayes_err=0.0):
    train, dev, bayes = (int(100 * err) for err in (train_err, dev_err, bayes_err))
    bias, variance = train - bayes > 5, dev - train > 5
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The threshold is two points instead of five.",
    hint="Read again how large a gap has to be to count as high.",
)
def a_threshold_of_two_points(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.02, dev_err - train_err > 0.02
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="The Bayes error is added to the training error instead of subtracted.",
    hint="What is the bias of a model that makes 15% errors where nobody can do better than 15%?",
)
def adds_the_bayes_error(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err + bayes_err > 0.05, dev_err - train_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="Training and dev error are taken for each other.",
    hint="In which order do the two errors come in?",
)
def takes_the_errors_in_the_other_order(train_err, dev_err, bayes_err=0.0):
    bias, variance = dev_err - bayes_err > 0.05, train_err - dev_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="diagnose",
    says="Variance is measured the wrong way round: from the dev error down to the training error.",
    hint="On which of the two sets does a model that overfits do worse?",
)
def variance_the_wrong_way_round(train_err, dev_err, bayes_err=0.0):
    bias, variance = train_err - bayes_err > 0.05, train_err - dev_err > 0.05
    if bias and variance:
        return "high bias and high variance"
    if bias:
        return "high bias"
    return "high variance" if variance else "neither"


@misconception(
    of="l2_penalty",
    says="The factor is lam/m: the 2 below is missing.",
    hint="Work the example through by hand. By which factor are you off?",
)
def l2_without_the_half(weights, lam, m):
    return lam / m * sum(float(np.sum(w**2)) for w in weights)


@misconception(
    of="l2_penalty",
    says="The sum is not divided by m.",
    hint="The loss is a mean over m examples. What must happen to the penalty so that more data counts for more?",
)
def l2_without_m(weights, lam, m):
    return lam / 2 * sum(float(np.sum(w**2)) for w in weights)


@misconception(
    of="l2_penalty",
    says="lam / 2 * m multiplies by m: Python reads from left to right.",
    hint="What is 0.5 / 2 * 10 in Python, and what is 0.5 / (2 * 10)?",
)
def l2_multiplied_by_m(weights, lam, m):
    return lam / 2 * m * sum(float(np.sum(w**2)) for w in weights)


@misconception(
    of="l2_penalty",
    says="lam is left out.",
    hint="What must the penalty be for lam = 0?",
)
def l2_without_lam(weights, lam, m):
    return 1 / (2 * m) * sum(float(np.sum(w**2)) for w in weights)


@misconception(
    of="l2_penalty",
    says="The penalty is averaged over the weights instead of summed.",
    hint="Should a network with twice as many weights of the same size pay the same?",
)
def l2_averaged_over_weights(weights, lam, m):
    return lam / (2 * m) * sum(float(np.mean(w**2)) for w in weights)


@misconception(
    of="l2_penalty",
    says="The penalty is averaged over the layers.",
    hint="The formula sums over the layers. Is there a count of layers in it?",
)
def l2_averaged_over_layers(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(w**2)) for w in weights) / len(weights)


@misconception(
    of="l2_penalty",
    says="This is the length of the weights, not its square: a root too many.",
    hint="np.linalg.norm takes a root. Does the formula?",
)
def l2_with_a_root(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sqrt(np.sum(w**2))) for w in weights)


@misconception(
    of="l2_penalty",
    says="A root is taken of the sum of all squares.",
    hint="Is there a root in the formula?",
)
def l2_with_a_root_of_the_whole(weights, lam, m):
    return lam / (2 * m) * np.sqrt(sum(float(np.sum(w**2)) for w in weights))


@misconception(
    of="l2_penalty",
    says="np.linalg.norm(w, 2) of a matrix is its largest singular value, not the root of the summed squares.",
    hint="Look up what the argument 2 means for a matrix, and what is computed without it.",
)
def l2_by_the_spectral_norm(weights, lam, m):
    return lam / (2 * m) * sum(float(np.linalg.norm(w, 2)) ** 2 for w in weights)


@misconception(
    of="l2_penalty",
    says="The weights are summed first and squared afterwards.",
    hint="What does your penalty say about the weights 1 and -1?",
)
def l2_squares_the_sum(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(w)) ** 2 for w in weights)


@misconception(
    of="l2_penalty",
    says="These are the sizes of the weights, which is L1; L2 has their squares.",
    hint="What does a weight of 3 contribute to L2?",
)
def l2_sums_sizes(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(np.abs(w))) for w in weights)


@misconception(
    of="l2_penalty",
    says="Only the last array counts: the total is overwritten in the loop.",
    hint="What becomes of the first layer's sum when the second one's is computed?",
)
def l2_of_the_last_layer(weights, lam, m):
    for w in weights:
        total = float(np.sum(w**2))
    return lam / (2 * m) * total


@misconception(
    of="l2_penalty",
    says="Only the first array counts.",
    hint="How many arrays are in the list, and how many does your function look at?",
)
def l2_of_the_first_layer(weights, lam, m):
    return lam / (2 * m) * float(np.sum(weights[0] ** 2))


@misconception(
    of="l2_penalty",
    says="The list is turned into one array, which fails where the matrices differ in shape.",
    hint="Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
)
def l2_of_the_list_as_an_array(weights, lam, m):
    return lam / (2 * m) * float(np.sum(np.square(weights)))


@misconception(
    of="l2_penalty",
    says="w.T @ w summed over everything multiplies different weights with each other.",
    hint="Which entries of w.T @ w are squares of single weights times nothing else? w**2 needs no matrix product.",
)
def l2_by_matrix_product(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(w.T @ w)) for w in weights)


@misconception(
    of="l2_penalty",
    says="Arrays of one axis are left out.",
    hint="Whoever calls the function decides what is a weight. Does every array in the list count?",
)
def l2_skips_vectors(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(w**2)) for w in weights if w.ndim > 1)


@misconception(
    of="l2_penalty",
    says="The weights themselves are squared: the caller's arrays are changed.",
    hint="Which operation writes into its operand, and which makes a new array?",
)
def l2_squares_in_place(weights, lam, m):
    total = 0.0
    for w in weights:
        w *= w
        total += float(w.sum())
    return lam / (2 * m) * total


@misconception(
    of="l2_penalty",
    says="There is a penalty for each array, in a list; their sum is asked for.",
    hint="How many numbers are added to the loss?",
)
def l2_for_each_layer(weights, lam, m):
    return [lam / (2 * m) * float(np.sum(w**2)) for w in weights]


@misconception(
    of="l2_penalty",
    says="lam is squared along with the weights: brackets are misplaced.",
    hint="What does a penalty with twice the lam cost?",
)
def l2_squares_lam_as_well(weights, lam, m):
    return sum(float(np.sum((lam * w) ** 2)) for w in weights) / (2 * m)


@misconception(
    of="l2_penalty",
    says="m is divided out once for each array: the factor is applied within the sum and once more outside.",
    hint="How often does m occur in the formula?",
)
def l2_divides_by_m_twice(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(w**2)) for w in weights) / m


@misconception(
    of="l2_penalty",
    says="Arrays of one row or one column are left out, as if they were biases.",
    hint="Whoever calls the function decides what is a weight. Does every array in the list count?",
)
def l2_skips_rows_and_columns(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(w**2)) for w in weights if 1 not in w.shape)


@misconception(
    of="l2_penalty",
    says="The sum runs over one axis only, so an array is returned instead of a number.",
    hint="What does sum do without an axis?",
)
def l2_summed_over_rows_alone(weights, lam, m):
    return lam / (2 * m) * sum((w**2).sum(axis=0) for w in weights)


@misconception(
    of="l2_penalty",
    says="The factor is applied inside the loop to the whole total, so the first arrays are scaled again with each one that follows.",
    hint="Write the total down after each of two arrays.",
)
def l2_scales_the_total_again(weights, lam, m):
    total = 0.0
    for w in weights:
        total = (total + float((w**2).sum())) * lam / (2 * m)
    return total


@misconception(
    of="l2_penalty",
    says="The matrix product w @ w.T summed over everything multiplies different weights with each other.",
    hint="Which entries of w @ w.T are sums of squares?",
)
def l2_by_the_other_matrix_product(weights, lam, m):
    return lam / (2 * m) * sum(float((w @ w.T).sum()) for w in weights)


@misconception(
    of="l2_penalty",
    says="// divides and rounds down.",
    hint="Try 19 // 20 and 19 / 20.",
)
def l2_divided_to_whole_numbers(weights, lam, m):
    return lam * sum(float((w**2).sum()) for w in weights) // (2 * m)


@misconception(
    of="l2_penalty",
    says="Exactly two arrays are expected; the list may hold any number.",
    hint="How would you add up over a list whose length you do not know?",
)
def l2_of_two_layers(weights, lam, m):
    return lam / (2 * m) * (float((weights[0] ** 2).sum()) + float((weights[1] ** 2).sum()))


@misconception(
    of="l2_penalty",
    says="The last array is left out.",
    hint="Up to which index does your loop run? Try a list with a single array.",
)
def l2_without_the_last_layer(weights, lam, m):
    return lam / (2 * m) * sum(float((w**2).sum()) for w in weights[:-1])


@misconception(
    of="l2_penalty",
    says="The first array is left out.",
    hint="At which index does a list begin?",
)
def l2_without_the_first_layer(weights, lam, m):
    return lam / (2 * m) * sum(float((w**2).sum()) for w in weights[1:])


@misconception(
    of="l2_penalty",
    says="m is the number of weights here; the argument m, the number of examples, is not used.",
    hint="What does m count in the formula, and where does it come from?",
)
def l2_by_the_number_of_weights(weights, lam, m):
    return lam / (2 * sum(w.size for w in weights)) * sum(float((w**2).sum()) for w in weights)


@misconception(
    of="l2_gradient",
    says="The factor is lam/(2m), as in the penalty: the 2 of the derivative is missing.",
    hint="What is the derivative of w squared?",
)
def l2_gradient_keeps_the_half(weights, lam, m):
    return [lam / (2 * m) * w for w in weights]


@misconception(
    of="l2_gradient",
    says="The factor is 2 lam/m: the half of the penalty was forgotten.",
    hint="Differentiate the penalty as it is written: which two numbers cancel?",
)
def l2_gradient_doubled(weights, lam, m):
    return [2 * lam / m * w for w in weights]


@misconception(
    of="l2_gradient",
    says="lam is left out.",
    hint="What must the gradient be for lam = 0?",
)
def l2_gradient_without_lam(weights, lam, m):
    return [w / m for w in weights]


@misconception(
    of="l2_gradient",
    says="The division by m is left out.",
    hint="The penalty is divided by m. Can its gradient be without it?",
)
def l2_gradient_without_m(weights, lam, m):
    return [lam * w for w in weights]


@misconception(
    of="l2_gradient",
    says="lam * m stands where lam / m should.",
    hint="What happens to the pull when there is more data?",
)
def l2_gradient_times_m(weights, lam, m):
    return [lam * m * w for w in weights]


@misconception(
    of="l2_gradient",
    says="This is the gradient of L1: the sign of the weights, not the weights.",
    hint="How hard does L2 pull on a weight of 10 compared with one of 1?",
)
def l2_gradient_by_sign(weights, lam, m):
    return [lam / m * np.sign(w) for w in weights]


@misconception(
    of="l2_gradient",
    says="The sizes of the weights stand in for the weights: negative ones are pushed further away.",
    hint="Which sign has the slope of w squared at w = -2?",
)
def l2_gradient_of_sizes(weights, lam, m):
    return [lam / m * np.abs(w) for w in weights]


@misconception(
    of="l2_gradient",
    says="The squares were kept: this is the penalty entry by entry, not its slope.",
    hint="What is the derivative of w squared?",
)
def l2_gradient_squared(weights, lam, m):
    return [lam / m * w**2 for w in weights]


@misconception(
    of="l2_gradient",
    says="The sign is turned round: this points downhill.",
    hint="A gradient points to where the penalty grows. The step brings the minus.",
)
def l2_gradient_downhill(weights, lam, m):
    return [-lam / m * w for w in weights]


@misconception(
    of="l2_gradient",
    says="This shrinks the weights instead of differentiating: it is what a step makes of them.",
    hint="The gradient is what is subtracted in a step, not what is left after it.",
)
def l2_gradient_shrinks(weights, lam, m):
    return [(1 - lam / m) * w for w in weights]


@misconception(
    of="l2_gradient",
    says="Each gradient is summed up to a number.",
    hint="A gradient has the shape of what it differentiates.",
)
def l2_gradient_summed(weights, lam, m):
    return [lam / m * float(np.sum(w)) for w in weights]


@misconception(
    of="l2_gradient",
    says="The gradients are joined into one long vector.",
    hint="One array for each array in the list, in its shape: how will W1 find its own gradient?",
)
def l2_gradient_joined(weights, lam, m):
    return lam / m * np.concatenate([w.ravel() for w in weights])


@misconception(
    of="l2_gradient",
    says="The list is turned into one array, which fails where the matrices differ in shape.",
    hint="Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
)
def l2_gradient_of_the_list_as_an_array(weights, lam, m):
    return list(lam / m * np.array(weights))


@misconception(
    of="l2_gradient",
    says="The gradient of the first array alone is returned.",
    hint="How many arrays came in, and how many go out?",
)
def l2_gradient_of_the_first(weights, lam, m):
    return [lam / m * weights[0]]


@misconception(
    of="l2_gradient",
    says="A bare array is returned, the gradient of the last one.",
    hint="What happens to the gradient of the first array in your loop?",
)
def l2_gradient_of_the_last(weights, lam, m):
    for w in weights:
        grad = lam / m * w
    return grad


@misconception(
    of="l2_gradient",
    says="The weights themselves are multiplied: the caller's arrays are changed.",
    hint="Which operation writes into its operand, and which makes a new array?",
)
def l2_gradient_in_place(weights, lam, m):
    for w in weights:
        w *= lam / m
    return weights


@misconception(
    of="l2_gradient",
    says="The gradient is averaged: it is divided by the number of weights as well.",
    hint="Is there a mean over the weights in the penalty?",
)
def l2_gradient_averaged(weights, lam, m):
    return [lam / m * w / w.size for w in weights]


@misconception(
    of="l2_gradient",
    says="The gradients are returned transposed.",
    hint="A gradient has the shape of what it differentiates.",
)
def l2_gradient_transposed(weights, lam, m):
    return [lam / m * w.T for w in weights]


@misconception(
    of="l2_gradient",
    says="Arrays of one axis get no gradient.",
    hint="Whoever calls the function decides what is a weight. Does every array in the list get its gradient?",
)
def l2_gradient_skips_vectors(weights, lam, m):
    return [lam / m * w if w.ndim > 1 else np.zeros_like(w) for w in weights]


@misconception(
    of="l2_gradient",
    says="Every weight has the same slope, whatever its size.",
    hint="Differentiate w**2 for a single weight.",
)
def l2_gradient_constant(weights, lam, m):
    return [np.full_like(w, lam / m) for w in weights]


@misconception(
    of="l2_gradient",
    says="Each gradient is divided by the length of its array, as if the penalty were that length.",
    hint="Differentiate w**2 for a single weight. Do other weights come in?",
)
def l2_gradient_of_lengths(weights, lam, m):
    return [lam / m * w / np.sqrt((w**2).sum()) for w in weights]


@misconception(
    of="l2_gradient",
    says="lam / 2 * m multiplies by m, and the 2 has cancelled already.",
    hint="In which order does Python go through lam / 2 * m? And what is left of the 2 after differentiating?",
)
def l2_gradient_times_half_m(weights, lam, m):
    return [lam / 2 * m * w for w in weights]


@misconception(
    of="l2_gradient",
    says="Each array is divided by the number of its rows; the argument m is not used.",
    hint="What does m count? Does it have to do with the shape of a weight matrix?",
)
def l2_gradient_by_rows(weights, lam, m):
    return [lam / len(w) * w for w in weights]


@misconception(
    of="l2_gradient",
    says="Arrays of one axis are missing from the list.",
    hint="How many gradients does a list of three arrays have?",
)
def l2_gradient_drops_vectors(weights, lam, m):
    return [lam / m * w for w in weights if w.ndim > 1]


@misconception(
    of="l2_gradient",
    says="Each gradient is flattened to one axis.",
    hint="Compare the shapes of your gradients with those of the weights.",
)
def l2_gradient_flattened(weights, lam, m):
    return [lam / m * w.ravel() for w in weights]


@misconception(
    of="l2_gradient",
    says="The gradients come in the reverse order of the weights.",
    hint="Which gradient belongs to the first array of the list?",
)
def l2_gradient_reversed(weights, lam, m):
    return [lam / m * w for w in weights[::-1]]


@misconception(
    of="l2_gradient",
    says="All gradients are summed up to one number.",
    hint="A gradient has an entry for each weight. What shape must each of yours have?",
)
def l2_gradient_one_number(weights, lam, m):
    return lam / m * sum(float(w.sum()) for w in weights)


@misconception(
    of="weight_decay_step",
    says="The factor is 1 - lr*lam: m is missing.",
    hint="Work the example through by hand: what is the factor for m = 10?",
)
def decay_without_m(w, dw, lr, lam, m):
    return (1 - lr * lam) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The factor is 1 - lam/m: the rate is missing.",
    hint="The penalty's gradient is part of the step, which is multiplied by the rate. All of it?",
)
def decay_without_the_rate(w, dw, lr, lam, m):
    return (1 - lam / m) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The factor is 1 - lr*lam/(2m): the half of the penalty has no place in its gradient.",
    hint="Differentiate the penalty: what becomes of the 2?",
)
def decay_by_half(w, dw, lr, lam, m):
    return (1 - lr * lam / (2 * m)) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The factor is 1 - 2*lr*lam/m: twice the decay.",
    hint="Differentiate the penalty, the half included.",
)
def decay_twice_as_fast(w, dw, lr, lam, m):
    return (1 - 2 * lr * lam / m) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The weights grow: the factor is above 1.",
    hint="Which way does a penalty on large weights push them?",
)
def decay_that_grows(w, dw, lr, lam, m):
    return (1 + lr * lam / m) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The gradient is added: the step climbs.",
    hint="The gradient points to where the loss grows.",
)
def decay_then_climbs(w, dw, lr, lam, m):
    return (1 - lr * lam / m) * w + lr * dw


@misconception(
    of="weight_decay_step",
    says="The rate is left out of the usual step.",
    hint="What should happen to the weights with lr = 0?",
)
def decay_and_a_step_without_rate(w, dw, lr, lam, m):
    return (1 - lr * lam / m) * w - dw


@misconception(
    of="weight_decay_step",
    says="The step comes first and the result is shrunk: the gradient decays, too.",
    hint="To which of the two terms does the factor belong? Multiply your brackets out.",
)
def decay_after_the_step(w, dw, lr, lam, m):
    return (1 - lr * lam / m) * (w - lr * dw)


@misconception(
    of="weight_decay_step",
    says="The gradient is shrunk instead of the weights.",
    hint="Which of w and dw is the penalty about?",
)
def decay_of_the_gradient(w, dw, lr, lam, m):
    return w - lr * (1 - lr * lam / m) * dw


@misconception(
    of="weight_decay_step",
    says="Nothing decays: this is the usual step.",
    hint="Where do lam and m occur in your step?",
)
def no_decay_at_all(w, dw, lr, lam, m):
    return w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The weights shrink, but the step against the gradient is missing.",
    hint="The penalty is only half of the cost. Where is dw?",
)
def decay_alone(w, dw, lr, lam, m):
    return (1 - lr * lam / m) * w


@misconception(
    of="weight_decay_step",
    says="All weights move by the same amount: that is the pull of L1.",
    hint="How much does L2 take from a weight of 10, and how much from one of 1?",
)
def decay_by_sign(w, dw, lr, lam, m):
    return w - lr * lam / m * np.sign(w) - lr * dw


@misconception(
    of="weight_decay_step",
    says="A fixed amount is subtracted, whatever the weight is.",
    hint="The shrinking is a factor. What does it multiply?",
)
def decay_by_a_constant(w, dw, lr, lam, m):
    return w - lr * lam / m - lr * dw


@misconception(
    of="weight_decay_step",
    says="The penalty itself is subtracted from the gradient's place, not the penalty's gradient.",
    hint="What enters a step is the slope of the penalty, entry by entry.",
)
def decay_by_the_penalty(w, dw, lr, lam, m):
    return w - lr * (dw + lam / (2 * m) * np.sum(w**2))


@misconception(
    of="weight_decay_step",
    says="The weights are changed in place.",
    hint="-= and *= write into the caller's array. Which expression makes a new one?",
)
def decay_in_place(w, dw, lr, lam, m):
    w *= 1 - lr * lam / m
    w -= lr * dw
    return w


@misconception(
    of="weight_decay_step",
    says="The gradient that came in is changed: the penalty's part is added to it in place.",
    hint="+= writes into the caller's array. Which expression makes a new one?",
)
def decay_writes_into_the_gradient(w, dw, lr, lam, m):
    dw += lam / m * w
    return w - lr * dw


@misconception(
    of="weight_decay_step",
    says="Only the change is returned, not the new weights.",
    hint="What is left to do with the change?",
)
def decay_returns_the_change(w, dw, lr, lam, m):
    return -lr * (dw + lam / m * w)


@misconception(
    of="weight_decay_step",
    says="The rate is multiplied in twice for the decay.",
    hint="Write the step with both gradients in one bracket and multiply out.",
)
def decay_with_the_rate_twice(w, dw, lr, lam, m):
    return (1 - lr * lr * lam / m) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The gradient is divided by m as well, though it is the gradient of a mean already.",
    hint="What does dw hold? Read again what the exercise says of it.",
)
def decay_with_the_gradient_over_m(w, dw, lr, lam, m):
    return (1 - lr * lam / m) * w - lr * dw / m


@misconception(
    of="weight_decay_step",
    says="The update is returned, with the sign as it is subtracted, not the new weights.",
    hint="Which array should the caller go on with?",
)
def decay_returns_what_to_subtract(w, dw, lr, lam, m):
    return lr * (dw + lam / m * w)


@misconception(
    of="weight_decay_step",
    says="The factor is kept from going below zero; the formula has no such limit.",
    hint="What does the formula give for lr*lam/m = 1.5? (It is a sign that the rate is too high, but it is the step.)",
)
def decay_stops_at_zero(w, dw, lr, lam, m):
    return max(0.0, 1 - lr * lam / m) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The factor is 1 - lr*lam*m: m multiplies where it should divide.",
    hint="Should more data make the penalty stronger or weaker?",
)
def decay_times_m(w, dw, lr, lam, m):
    return (1 - lr * lam * m) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="The factor is 1 - lam: both the rate and m are missing.",
    hint="Multiply the step out: what stands before w?",
)
def decay_by_lam(w, dw, lr, lam, m):
    return (1 - lam) * w - lr * dw


@misconception(
    of="weight_decay_step",
    says="lr and lam are taken in each other's place.",
    hint="Compare the order of the arguments with your formula: which multiplies dw?",
)
def decay_with_lr_and_lam_swapped(w, dw, lr, lam, m):
    return (1 - lr * lam / m) * w - lam * dw


@misconception(
    of="weight_decay_step",
    says="The weights decay twice: by the factor and by the penalty's gradient as well.",
    hint="The factor 1 - lr*lam/m and the gradient lam/m * w are two ways to write the same.",
)
def decay_twice(w, dw, lr, lam, m):
    w = (1 - lr * lam / m) * w
    return w - lr * (dw + lam / m * w)


@misconception(
    of="weight_decay_step",
    says="Arrays of one axis do not decay, as if they were biases.",
    hint="Whoever calls the function has left the biases out already. May weights have one axis?",
)
def decay_of_matrices_alone(w, dw, lr, lam, m):
    return (1 - lr * lam / m if w.ndim > 1 else 1) * w - lr * dw


@misconception(
    of="network_step",
    says="Everything decays, the biases too.",
    hint="Which names are weights? What happens to a bias of 290 in your step if its gradient is zero?",
)
def decays_biases_too(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m) * params[k] - lr * grads[k] for k in params}


@misconception(
    of="network_step",
    says="Nothing decays: lam is not used.",
    hint="Which parameters are penalised, and by what?",
)
def decays_nothing(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] for k in params}


@misconception(
    of="network_step",
    says="What has two axes is taken for a weight, and what has one for a bias.",
    hint="The name decides. Which shape may a bias or a weight have?",
)
def decays_by_number_of_axes(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (lr * lam / m * params[k] if params[k].ndim > 1 else 0) for k in params}


@misconception(
    of="network_step",
    says="All that does not begin with b decays, so gamma decays as well.",
    hint="Which parameters are penalised is said by one letter. Ask for it, not for another.",
)
def decays_all_but_b(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (0 if k.startswith("b") else lr * lam / m * params[k]) for k in params}


@misconception(
    of="network_step",
    says="The biases decay, and the weights do not.",
    hint="Which of the two does the penalty sum over?",
)
def decays_biases_instead(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (0 if k.startswith("W") else lr * lam / m * params[k]) for k in params}


@misconception(
    of="network_step",
    says="The biases are not updated at all.",
    hint="No decay does not mean no step.",
)
def leaves_the_biases_behind(params, grads, lr, lam, m):
    return {
        k: (1 - lr * lam / m) * params[k] - lr * grads[k] if k.startswith("W") else params[k].copy() for k in params
    }


@misconception(
    of="network_step",
    says="The biases are missing from the result.",
    hint="The new dict has the same names as the old one.",
)
def loses_the_biases(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m) * params[k] - lr * grads[k] for k in params if k.startswith("W")}


@misconception(
    of="network_step",
    says="Only W1 decays.",
    hint="Is the first layer the only one with weights?",
)
def decays_the_first_layer(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (lr * lam / m * params[k] if k == "W1" else 0) for k in params}


@misconception(
    of="network_step",
    says="Only names of the form W and one digit decay, or exactly the name W1, W2 and so on.",
    hint="W_out begins with a capital W, too.",
)
def decays_numbered_layers(params, grads, lr, lam, m):
    return {
        k: params[k] - lr * grads[k] - (lr * lam / m * params[k] if k[:1] == "W" and k[1:].isdigit() else 0)
        for k in params
    }


@misconception(
    of="network_step",
    says="The gradients are taken by their position, not by name.",
    hint="The two dicts need not be in the same order. How do you look up the gradient of 'W1'?",
)
def pairs_gradients_by_position(params, grads, lr, lam, m):
    return {
        k: v - lr * g - (lr * lam / m * v if k.startswith("W") else 0)
        for (k, v), g in zip(params.items(), grads.values(), strict=True)
    }


@misconception(
    of="network_step",
    says="What came in is changed: the new values are written into the caller's dict or arrays.",
    hint="Look for +=, -=, *= and params[...] = in your function. What do they write into? Put the results into a dict of your own.",
)
def steps_in_place(params, grads, lr, lam, m):
    for k in params:
        if k.startswith("W"):
            params[k] *= 1 - lr * lam / m
        params[k] -= lr * grads[k]
    return params


@misconception(
    of="network_step",
    says="The decay lacks the division by m.",
    hint="Use the step of the last exercise: all of its arguments are at hand.",
)
def network_decay_without_m(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (lr * lam * params[k] if k.startswith("W") else 0) for k in params}


@misconception(
    of="network_step",
    says="The decay has lam/(2m) instead of lam/m.",
    hint="Use the step of the last exercise: differentiate the penalty, and the 2 is gone.",
)
def network_decay_by_half(params, grads, lr, lam, m):
    return {k: params[k] - lr * grads[k] - (lr * lam / (2 * m) * params[k] if k.startswith("W") else 0) for k in params}


@misconception(
    of="network_step",
    says="The weights shrink, but do not follow their gradient.",
    hint="Both halves of the step belong to a weight: the decay and the usual step.",
)
def weights_only_decay(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m) * params[k] if k.startswith("W") else params[k] - lr * grads[k] for k in params}


@misconception(
    of="network_step",
    says="The step comes first and the result is shrunk.",
    hint="To which term does the factor belong? Use the step of the last exercise.",
)
def network_decay_after_the_step(params, grads, lr, lam, m):
    return {k: (params[k] - lr * grads[k]) * (1 - lr * lam / m if k.startswith("W") else 1) for k in params}


@misconception(
    of="network_step",
    says="The weights of the last layer do not decay.",
    hint="Is the last layer less of a layer?",
)
def decays_all_but_the_last_layer(params, grads, lr, lam, m):
    last = [k for k in params if k.startswith("W")][-1]
    decayed = [k for k in params if k.startswith("W") and k != last]
    return {k: params[k] - lr * grads[k] - (lr * lam / m * params[k] if k in decayed else 0) for k in params}


@misconception(
    of="network_step",
    says="The names W1, b1, W2, b2 and so on are taken for granted.",
    hint="Go through the names that params has. What if there is a gamma among them?",
)
def counts_layers_up(params, grads, lr, lam, m):
    new = {}
    for layer in range(1, len(params) // 2 + 1):
        w, b = f"W{layer}", f"b{layer}"
        new[w] = (1 - lr * lam / m) * params[w] - lr * grads[w]
        new[b] = params[b] - lr * grads[b]
    return new


@misconception(
    of="network_step",
    says="The caller's dict is updated and nothing is returned.",
    hint="Make a new dict, and end with return.",
)
def updates_and_returns_nothing(params, grads, lr, lam, m):
    for name in params:
        params[name] = params[name] * (1 - lr * lam / m if name[0] == "W" else 1) - lr * grads[name]


@misconception(
    of="network_step",
    says="The new values come as a list, without their names.",
    hint="With which kind of brackets, and with what before the colon, does a comprehension make a dict?",
)
def returns_values_without_names(params, grads, lr, lam, m):
    return [value * (1 - lr * lam / m if name[0] == "W" else 1) - lr * grads[name] for name, value in params.items()]


@misconception(
    of="network_step",
    says="The weights decay twice: the penalty's gradient is added, and the step decays them as well.",
    hint="What does weight_decay_step do with the gradient that it is given?",
)
def network_decays_twice(params, grads, lr, lam, m):
    return {
        name: (1 - lr * lam / m) * value - lr * (grads[name] + lam / m * value)
        if name[0] == "W"
        else value - lr * grads[name]
        for name, value in params.items()
    }


@misconception(
    of="network_step",
    says="The gradients are added: the step climbs.",
    hint="In which direction does the gradient point?",
)
def network_step_climbs(params, grads, lr, lam, m):
    return {
        name: value * (1 - lr * lam / m if name[0] == "W" else 1) + lr * grads[name] for name, value in params.items()
    }


@misconception(
    of="network_step",
    says="The penalty itself, one number, is added to the gradients, not the penalty's gradient.",
    hint="What is the gradient of the penalty for one matrix, and which shape does it have?",
)
def adds_the_penalty(params, grads, lr, lam, m):
    penalty = lam / (2 * m) * sum(float((value**2).sum()) for name, value in params.items() if name[0] == "W")
    return {name: value - lr * (grads[name] + (penalty if name[0] == "W" else 0)) for name, value in params.items()}


@misconception(
    of="network_step",
    says="Only names with W and b are updated; gamma stays where it is.",
    hint="Which step do parameters take that are neither weights nor biases?",
)
def leaves_gamma_behind(params, grads, lr, lam, m):
    new = dict(params)
    for name, value in params.items():
        if name[0] in "Wb":
            new[name] = value * (1 - lr * lam / m if name[0] == "W" else 1) - lr * grads[name]
    return new


@misconception(
    of="network_step",
    says="Only names with W and b are updated; gamma and beta stay where they are.",
    hint="Which step do parameters take that are neither weights nor biases?",
)
def leaves_other_names_behind(params, grads, lr, lam, m):
    new = dict(params)
    for name, value in params.items():
        if name[0] in "Wb" and name != "beta":
            new[name] = value * (1 - lr * lam / m if name[0] == "W" else 1) - lr * grads[name]
    return new


@misconception(
    of="network_step",
    says="The penalty's gradient is added into the caller's grads.",
    hint="Compare grads before and after. Where do you write?",
)
def writes_into_the_gradients(params, grads, lr, lam, m):
    for name in grads:
        if name.startswith("W"):
            grads[name] = grads[name] + lam / m * params[name]
    return {name: value - lr * grads[name] for name, value in params.items()}


@misconception(
    of="network_step",
    says="The weights are listed by name, W1 and W2; other names with W do not decay.",
    hint="Which question to a name has the answer yes for W1, W10, W and W_out?",
)
def decays_two_names(params, grads, lr, lam, m):
    return {
        name: value * (1 - lr * lam / m if name in ("W1", "W2") else 1) - lr * grads[name]
        for name, value in params.items()
    }


@misconception(
    of="network_step",
    says="The weights are listed by name, W1 to W3; other names with W do not decay.",
    hint="Which question to a name has the answer yes for W1, W10, W and W_out?",
)
def decays_three_names(params, grads, lr, lam, m):
    return {
        name: value * (1 - lr * lam / m if name in ("W1", "W2", "W3") else 1) - lr * grads[name]
        for name, value in params.items()
    }


@misconception(
    of="network_step",
    says="Names that begin with a small w decay as well.",
    hint="What does the rule say about capitals?",
)
def decays_small_w(params, grads, lr, lam, m):
    return {
        name: value * (1 - lr * lam / m if name[0] in "wW" else 1) - lr * grads[name] for name, value in params.items()
    }


@misconception(
    of="network_step",
    says="A W anywhere in a name makes a weight; it must stand at the beginning.",
    hint="Is b_W a weight by the rule of the exercise?",
)
def decays_names_with_a_w(params, grads, lr, lam, m):
    return {name: value * (1 - lr * lam / m if "W" in name else 1) - lr * grads[name] for name, value in params.items()}


@misconception(
    of="l1_penalty",
    says="The factor is lam/m: this course keeps the 2 below in L1 as well.",
    hint="Work the example through by hand. By which factor are you off?",
)
def l1_without_the_half(weights, lam, m):
    return lam / m * sum(float(np.sum(np.abs(w))) for w in weights)


@misconception(
    of="l1_penalty",
    says="The sum is not divided by m.",
    hint="Where has m gone? The penalty must count less, the more data there is.",
)
def l1_without_m(weights, lam, m):
    return lam / 2 * sum(float(np.sum(np.abs(w))) for w in weights)


@misconception(
    of="l1_penalty",
    says="lam / 2 * m multiplies by m: Python reads from left to right.",
    hint="What is 0.5 / 2 * 10 in Python, and what is 0.5 / (2 * 10)?",
)
def l1_multiplied_by_m(weights, lam, m):
    return lam / 2 * m * sum(float(np.sum(np.abs(w))) for w in weights)


@misconception(
    of="l1_penalty",
    says="lam is left out.",
    hint="What must the penalty be for lam = 0?",
)
def l1_without_lam(weights, lam, m):
    return 1 / (2 * m) * sum(float(np.sum(np.abs(w))) for w in weights)


@misconception(
    of="l1_penalty",
    says="The weights are summed with their signs, so that they cancel.",
    hint="What does your penalty say about the weights 1 and -1?",
)
def l1_without_sizes(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(w)) for w in weights)


@misconception(
    of="l1_penalty",
    says="The size is taken of the sum, not of each weight.",
    hint="What does your penalty say about the weights 1 and -1?",
)
def l1_size_of_the_sum(weights, lam, m):
    return lam / (2 * m) * sum(abs(float(np.sum(w))) for w in weights)


@misconception(
    of="l1_penalty",
    says="These are squares, which is L2.",
    hint="What does a weight of 3 contribute to L1?",
)
def l1_sums_squares(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(w**2)) for w in weights)


@misconception(
    of="l1_penalty",
    says="np.linalg.norm(w, 1) of a matrix is its largest column sum.",
    hint="Look up what the argument 1 means for a matrix. Summing sizes needs no norm.",
)
def l1_by_matrix_norm(weights, lam, m):
    return lam / (2 * m) * sum(float(np.linalg.norm(w, 1)) for w in weights if w.ndim < 3)


@misconception(
    of="l1_penalty",
    says="The penalty is averaged over the weights instead of summed.",
    hint="Should a network with twice as many weights of the same size pay the same?",
)
def l1_averaged_over_weights(weights, lam, m):
    return lam / (2 * m) * sum(float(np.mean(np.abs(w))) for w in weights)


@misconception(
    of="l1_penalty",
    says="The penalty is averaged over the layers.",
    hint="The formula sums over the layers. Is there a count of layers in it?",
)
def l1_averaged_over_layers(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(np.abs(w))) for w in weights) / len(weights)


@misconception(
    of="l1_penalty",
    says="Only the last array counts: the total is overwritten in the loop.",
    hint="What becomes of the first layer's sum when the second one's is computed?",
)
def l1_of_the_last_layer(weights, lam, m):
    for w in weights:
        total = float(np.sum(np.abs(w)))
    return lam / (2 * m) * total


@misconception(
    of="l1_penalty",
    says="Only the first array counts.",
    hint="How many arrays are in the list, and how many does your function look at?",
)
def l1_of_the_first_layer(weights, lam, m):
    return lam / (2 * m) * float(np.sum(np.abs(weights[0])))


@misconception(
    of="l1_penalty",
    says="The list is turned into one array, which fails where the matrices differ in shape.",
    hint="Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
)
def l1_of_the_list_as_an_array(weights, lam, m):
    return lam / (2 * m) * float(np.sum(np.abs(weights)))


@misconception(
    of="l1_penalty",
    says="Arrays of one axis are left out.",
    hint="Whoever calls the function decides what is a weight. Does every array in the list count?",
)
def l1_skips_vectors(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(np.abs(w))) for w in weights if w.ndim > 1)


@misconception(
    of="l1_penalty",
    says="The signs are taken off the caller's weights: the arrays are changed.",
    hint="np.abs with out=w, or w[w < 0] *= -1, writes into the array that came in.",
)
def l1_in_place(weights, lam, m):
    total = 0.0
    for w in weights:
        np.abs(w, out=w)
        total += float(w.sum())
    return lam / (2 * m) * total


@misconception(
    of="l1_penalty",
    says="Only positive weights count.",
    hint="Is a large negative weight cheaper than a large positive one?",
)
def l1_of_positive_weights(weights, lam, m):
    return lam / (2 * m) * sum(float(np.sum(np.maximum(w, 0))) for w in weights)


@misconception(
    of="l1_penalty",
    says="The non-zero weights are counted, not their sizes added.",
    hint="What does a weight of 3 cost compared with one of 1?",
)
def l1_counts_weights(weights, lam, m):
    return lam / (2 * m) * sum(int(np.count_nonzero(w)) for w in weights)


@misconception(
    of="l1_penalty",
    says="This is the length of the weights, the root of their summed squares.",
    hint="np.linalg.norm computes another norm unless told otherwise. What is asked for is a sum of sizes.",
)
def l1_by_length(weights, lam, m):
    return lam / (2 * m) * sum(float(np.linalg.norm(w)) for w in weights)


@misconception(
    of="l1_penalty",
    says="The last array is left out.",
    hint="Up to which index does your loop run? Try a list with a single array.",
)
def l1_without_the_last_layer(weights, lam, m):
    return lam / (2 * m) * sum(float(np.abs(w).sum()) for w in weights[:-1])


@misconception(
    of="l1_penalty",
    says="The first array is left out.",
    hint="At which index does a list begin?",
)
def l1_without_the_first_layer(weights, lam, m):
    return lam / (2 * m) * sum(float(np.abs(w).sum()) for w in weights[1:])


@misconception(
    of="l1_penalty",
    says="Only arrays of two axes count.",
    hint="Whatever is in the list is a weight, of whatever shape.",
)
def l1_of_matrices_alone(weights, lam, m):
    return lam / (2 * m) * sum(float(np.abs(w).sum()) for w in weights if w.ndim == 2)


@misconception(
    of="l1_penalty",
    says="There is a penalty for each array, in a list; their sum is asked for.",
    hint="One number is asked for. What should become of the numbers in your list?",
)
def l1_for_each_layer(weights, lam, m):
    return [lam / (2 * m) * float(np.abs(w).sum()) for w in weights]


@misconception(
    of="l1_gradient",
    says="The factor is lam/m: nothing cancels the 2 here.",
    hint="The slope of |w| is 1. What then happens to the 2 of the penalty?",
)
def l1_gradient_without_the_half(weights, lam, m):
    return [lam / m * np.sign(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="lam is left out.",
    hint="What must the gradient be for lam = 0?",
)
def l1_gradient_without_lam(weights, lam, m):
    return [np.sign(w) / (2 * m) for w in weights]


@misconception(
    of="l1_gradient",
    says="The division by m is left out.",
    hint="The penalty is divided by m. Can its gradient be without it?",
)
def l1_gradient_without_m(weights, lam, m):
    return [lam / 2 * np.sign(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="lam / 2 * m multiplies by m: Python reads from left to right.",
    hint="What is 0.5 / 2 * 10 in Python, and what is 0.5 / (2 * 10)?",
)
def l1_gradient_multiplied_by_m(weights, lam, m):
    return [lam / 2 * m * np.sign(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="Only the signs are returned, without the strength.",
    hint="Where do lam and m occur in your gradient?",
)
def l1_gradient_signs_alone(weights, lam, m):
    return [np.sign(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="A weight of exactly 0 gets the slope +1.",
    hint="Which case of the formula is w = 0? What does >= do with it?",
)
def l1_gradient_plus_one_at_zero(weights, lam, m):
    return [lam / (2 * m) * np.where(w >= 0, 1.0, -1.0) for w in weights]


@misconception(
    of="l1_gradient",
    says="A weight of exactly 0 gets the slope -1.",
    hint="Which of your two cases does w = 0 fall into? The formula has three.",
)
def l1_gradient_minus_one_at_zero(weights, lam, m):
    return [lam / (2 * m) * np.where(w > 0, 1.0, -1.0) for w in weights]


@misconception(
    of="l1_gradient",
    says="Negative weights get no gradient: that is ReLU's, not that of the size.",
    hint="Which slope has |w| to the left of 0?",
)
def l1_gradient_of_positive_weights(weights, lam, m):
    return [lam / (2 * m) * np.where(w > 0, 1.0, 0.0) for w in weights]


@misconception(
    of="l1_gradient",
    says="The sign is computed as w / |w|, which is nan at 0.",
    hint="What is 0 / 0? NumPy has a function that knows all three cases.",
)
def l1_gradient_divides_by_size(weights, lam, m):
    return [lam / (2 * m) * w / np.abs(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="The sign is smoothed with a small number below, so that tiny weights are hardly pulled.",
    hint="How hard should a weight of 1e-9 be pulled? Work out 1e-9 / (1e-9 + 1e-8).",
)
def l1_gradient_smoothed(weights, lam, m):
    return [lam / (2 * m) * w / (np.abs(w) + 1e-8) for w in weights]


@misconception(
    of="l1_gradient",
    says="The sizes of the weights are returned, not the slope of the size.",
    hint="Does the slope of |w| depend on how large w is?",
)
def l1_gradient_of_sizes(weights, lam, m):
    return [lam / (2 * m) * np.abs(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="This is the gradient of L2: it is proportional to the weight.",
    hint="How hard does L1 pull on a weight of 10 compared with one of 1?",
)
def l1_gradient_proportional(weights, lam, m):
    return [lam / m * w for w in weights]


@misconception(
    of="l1_gradient",
    says="The weights take the place of their signs.",
    hint="Does the slope of |w| depend on how large w is?",
)
def l1_gradient_with_weights(weights, lam, m):
    return [lam / (2 * m) * w for w in weights]


@misconception(
    of="l1_gradient",
    says="All weights get the slope +1.",
    hint="Which slope has |w| to the left of 0?",
)
def l1_gradient_all_plus_one(weights, lam, m):
    return [lam / (2 * m) * np.ones_like(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="The sign is turned round: this points downhill.",
    hint="A gradient points to where the penalty grows. The step brings the minus.",
)
def l1_gradient_downhill(weights, lam, m):
    return [-lam / (2 * m) * np.sign(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="Each gradient is summed up to a number.",
    hint="A gradient has the shape of what it differentiates.",
)
def l1_gradient_summed(weights, lam, m):
    return [lam / (2 * m) * float(np.sum(np.sign(w))) for w in weights]


@misconception(
    of="l1_gradient",
    says="The gradients are joined into one long vector.",
    hint="One array for each array in the list, in its shape: how will W1 find its own gradient?",
)
def l1_gradient_joined(weights, lam, m):
    return lam / (2 * m) * np.concatenate([np.sign(w).ravel() for w in weights])


@misconception(
    of="l1_gradient",
    says="The list is turned into one array, which fails where the matrices differ in shape.",
    hint="Which array could hold a 2 x 2 and a 2 x 1 matrix? Go through the list instead.",
)
def l1_gradient_of_the_list_as_an_array(weights, lam, m):
    return list(lam / (2 * m) * np.sign(np.array(weights)))


@misconception(
    of="l1_gradient",
    says="A bare array is returned, the gradient of the last one.",
    hint="What happens to the gradient of the first array in your loop?",
)
def l1_gradient_of_the_last(weights, lam, m):
    for w in weights:
        grad = lam / (2 * m) * np.sign(w)
    return grad


@misconception(
    of="l1_gradient",
    says="The signs are written into the caller's weights.",
    hint="Assigning to w[w > 0] changes the array that came in. Where could the result go instead?",
)
def l1_gradient_in_place(weights, lam, m):
    for w in weights:
        w[:] = lam / (2 * m) * np.sign(w)
    return weights


@misconception(
    of="l1_gradient",
    says="Weights below a small size are taken for zero and not pulled.",
    hint="How hard should a weight of 1e-9 be pulled?",
)
def l1_gradient_with_a_dead_zone(weights, lam, m):
    return [lam / (2 * m) * np.where(np.abs(w) < 1e-6, 0.0, np.sign(w)) for w in weights]


@misconception(
    of="l1_gradient",
    says="The sign is approximated by a steep tanh, so that tiny weights are hardly pulled.",
    hint="Try a weight of 1e-9. NumPy has a function for signs.",
)
def l1_gradient_by_tanh(weights, lam, m):
    return [lam / (2 * m) * np.tanh(1000 * w) for w in weights]


@misconception(
    of="l1_gradient",
    says="A bare array is returned, the gradient of the first one.",
    hint="How many gradients does a list of three arrays have?",
)
def l1_gradient_of_the_first_alone(weights, lam, m):
    return lam / (2 * m) * np.sign(weights[0])


@misconception(
    of="l1_gradient",
    says="Arrays of one axis get no gradient.",
    hint="Whatever is in the list is a weight, of whatever shape.",
)
def l1_gradient_skips_vectors(weights, lam, m):
    return [lam / (2 * m) * np.sign(w) if w.ndim > 1 else np.zeros_like(w) for w in weights]


@misconception(
    of="l1_gradient",
    says="The weights are clipped to the range from -1 to 1, so that small ones are pulled less than large ones.",
    hint="What is the slope of |w| at w = 0.1?",
)
def l1_gradient_clipped(weights, lam, m):
    return [lam / (2 * m) * np.clip(w, -1, 1) for w in weights]


@misconception(
    of="elastic_net_penalty",
    says="beta multiplies the sizes instead of the squares.",
    hint="Which of the two terms has beta before it?",
)
def elastic_beta_on_the_sizes(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * (sum(float(np.sum(w**2)) for w in weights) + beta * sum(float(np.sum(np.abs(w))) for w in weights))
    )


@misconception(
    of="elastic_net_penalty",
    says="beta multiplies both terms.",
    hint="Multiply your brackets out: which term should be without beta?",
)
def elastic_beta_on_both(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * beta
        * (sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))
    )


@misconception(
    of="elastic_net_penalty",
    says="beta is not used.",
    hint="What must be left for beta = 0?",
)
def elastic_without_beta(weights, lam, beta, m):
    return lam / (2 * m) * (sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))


@misconception(
    of="elastic_net_penalty",
    says="beta mixes the two, beta against 1 - beta; here L1 always counts fully.",
    hint="What does the formula give for beta = 1? Other libraries have other conventions.",
)
def elastic_as_a_mixture(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * (
            beta * sum(float(np.sum(w**2)) for w in weights)
            + (1 - beta) * sum(float(np.sum(np.abs(w))) for w in weights)
        )
    )


@misconception(
    of="elastic_net_penalty",
    says="beta mixes the two the other way round, as a share of L1.",
    hint="What does the formula give for beta = 0? Other libraries have other conventions.",
)
def elastic_as_a_share_of_l1(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * (
            (1 - beta) * sum(float(np.sum(w**2)) for w in weights)
            + beta * sum(float(np.sum(np.abs(w))) for w in weights)
        )
    )


@misconception(
    of="elastic_net_penalty",
    says="Only the L2 part is there.",
    hint="A net has two threads: where are the sizes?",
)
def elastic_l2_alone(weights, lam, beta, m):
    return lam / (2 * m) * beta * sum(float(np.sum(w**2)) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="Only the L1 part is there.",
    hint="A net has two threads: where are the squares?",
)
def elastic_l1_alone(weights, lam, beta, m):
    return lam / (2 * m) * sum(float(np.sum(np.abs(w))) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="beta is squared along with the weights.",
    hint="To what does the square apply in the formula?",
)
def elastic_squares_beta(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * (beta**2 * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))
    )


@misconception(
    of="elastic_net_penalty",
    says="The L1 part has lam/m: the 2 below stands under both.",
    hint="Which factor stands before the bracket, and for which terms?",
)
def elastic_l1_without_the_half(weights, lam, beta, m):
    return lam / (2 * m) * beta * sum(float(np.sum(w**2)) for w in weights) + lam / m * sum(
        float(np.sum(np.abs(w))) for w in weights
    )


@misconception(
    of="elastic_net_penalty",
    says="The factor is lam/m: the 2 below is missing.",
    hint="Work the example through by hand. By which factor are you off?",
)
def elastic_without_the_half(weights, lam, beta, m):
    return lam / m * (beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))


@misconception(
    of="elastic_net_penalty",
    says="The sum is not divided by m.",
    hint="Where has m gone?",
)
def elastic_without_m(weights, lam, beta, m):
    return lam / 2 * (beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))


@misconception(
    of="elastic_net_penalty",
    says="lam multiplies the squares only; the sizes go without.",
    hint="What must the penalty be for lam = 0?",
)
def elastic_l1_without_lam(weights, lam, beta, m):
    return (lam * beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights)) / (
        2 * m
    )


@misconception(
    of="elastic_net_penalty",
    says="lam is multiplied in twice: it is in the parts already.",
    hint="Your two penalties bring their lam. What does a third factor do?",
)
def elastic_with_lam_twice(weights, lam, beta, m):
    return (
        lam
        * lam
        / (2 * m)
        * (beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(np.abs(w))) for w in weights))
    )


@misconception(
    of="elastic_net_penalty",
    says="The two parts are multiplied instead of added.",
    hint="What would the penalty be if beta were 0?",
)
def elastic_multiplied(weights, lam, beta, m):
    return (
        lam
        / (2 * m)
        * beta
        * sum(float(np.sum(w**2)) for w in weights)
        * sum(float(np.sum(np.abs(w))) for w in weights)
    )


@misconception(
    of="elastic_net_penalty",
    says="beta is taken for lam of the squares: lam multiplies the sizes only.",
    hint="lam stands before the bracket. What does a doubled lam do to each term?",
)
def elastic_beta_for_lam(weights, lam, beta, m):
    return (beta * sum(float(np.sum(w**2)) for w in weights) + lam * sum(float(np.sum(np.abs(w))) for w in weights)) / (
        2 * m
    )


@misconception(
    of="elastic_net_penalty",
    says="Only the last array counts: the total is overwritten in the loop.",
    hint="What becomes of the first layer's sum when the second one's is computed?",
)
def elastic_of_the_last_layer(weights, lam, beta, m):
    for w in weights:
        total = beta * float(np.sum(w**2)) + float(np.sum(np.abs(w)))
    return lam / (2 * m) * total


@misconception(
    of="elastic_net_penalty",
    says="The sizes lack their absolute value, so that negative weights are subtracted.",
    hint="What does a weight of -3 contribute to L1?",
)
def elastic_without_sizes(weights, lam, beta, m):
    return lam / (2 * m) * (beta * sum(float(np.sum(w**2)) for w in weights) + sum(float(np.sum(w)) for w in weights))


@misconception(
    of="elastic_net_penalty",
    says="The L2 part has lam/m: the 2 below stands under both.",
    hint="Which factor stands before the bracket, and for which terms?",
)
def elastic_l2_without_the_half(weights, lam, beta, m):
    return lam / m * beta * sum(float(np.sum(w**2)) for w in weights) + lam / (2 * m) * sum(
        float(np.sum(np.abs(w))) for w in weights
    )


@misconception(
    of="elastic_net_penalty",
    says="Arrays of one axis are left out.",
    hint="Whatever is in the list is a weight, of whatever shape.",
)
def elastic_net_skips_vectors(weights, lam, beta, m):
    return lam / (2 * m) * sum(float((beta * w**2 + np.abs(w)).sum()) for w in weights if w.ndim > 1)


@misconception(
    of="elastic_net_penalty",
    says="lam/(2m) is multiplied in twice: the two penalties have it already.",
    hint="What do your l1_penalty and l2_penalty return: the plain sums, or the sums times a factor?",
)
def elastic_net_with_the_factor_twice(weights, lam, beta, m):
    return (lam / (2 * m)) ** 2 * sum(float((beta * w**2 + np.abs(w)).sum()) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="There is a penalty for each array, in a list; their sum is asked for.",
    hint="One number is asked for. What should become of the numbers in your list?",
)
def elastic_net_for_each_layer(weights, lam, beta, m):
    return [lam / (2 * m) * float((beta * w**2 + np.abs(w)).sum()) for w in weights]


@misconception(
    of="elastic_net_penalty",
    says="The L2 part is the length of the weights, not its square: a root too many.",
    hint="np.linalg.norm takes a root at the end. What undoes it?",
)
def elastic_net_with_a_root(weights, lam, beta, m):
    return lam / (2 * m) * sum(beta * float(np.sqrt((w**2).sum())) + float(np.abs(w).sum()) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="The penalty is averaged over the weights instead of summed.",
    hint="Should a layer of a thousand weights cost as much as one of ten?",
)
def elastic_net_averaged(weights, lam, beta, m):
    return lam / (2 * m) * sum(float((beta * w**2 + np.abs(w)).mean()) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="The two penalties are multiplied instead of added.",
    hint="What stands between the two terms of the bracket?",
)
def elastic_net_as_a_product(weights, lam, beta, m):
    squares, sizes = (lam / (2 * m) * sum(float(f(w).sum()) for w in weights) for f in (np.square, np.abs))
    return beta * squares * sizes


@misconception(
    of="elastic_net_penalty",
    says="lam / 2 * m multiplies by m: Python reads from left to right.",
    hint="Try 1 / 2 * 10. Where do brackets belong?",
)
def elastic_net_multiplied_by_m(weights, lam, beta, m):
    return lam / 2 * m * sum(float((beta * w**2 + np.abs(w)).sum()) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="The factor lam/(2m) stands before the sizes only.",
    hint="What does the bracket in the formula hold together?",
)
def elastic_net_with_the_factor_on_the_sizes(weights, lam, beta, m):
    return sum(beta * float((w**2).sum()) + lam / (2 * m) * float(np.abs(w).sum()) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="The factor lam/(2m) stands before the squares only.",
    hint="What does the bracket in the formula hold together?",
)
def elastic_net_with_the_factor_on_the_squares(weights, lam, beta, m):
    return sum(lam / (2 * m) * beta * float((w**2).sum()) + float(np.abs(w).sum()) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="lam and beta are taken in each other's place.",
    hint="Which of the two stands before the whole sum?",
)
def elastic_net_with_lam_and_beta_swapped(weights, lam, beta, m):
    return beta / (2 * m) * sum(float((lam * w**2 + np.abs(w)).sum()) for w in weights)


@misconception(
    of="elastic_net_penalty",
    says="beta and m are taken in each other's place.",
    hint="Compare the order of the arguments with the signature.",
)
def elastic_net_with_beta_and_m_swapped(weights, lam, beta, m):
    beta, m = m, beta
    return lam / (2 * m) * sum(float((beta * w**2 + np.abs(w)).sum()) for w in weights)


@misconception(
    of="early_stopping",
    says="A loss that is lower by less than 1e-8 is not taken for an improvement; strictly below is enough.",
    hint="What is the best epoch of the losses 4e-10, 3e-10, 2e-10?",
)
def stopping_with_a_least_improvement(dev_losses, patience):
    best_epoch = 0
    for epoch, loss in enumerate(dev_losses):
        if loss < dev_losses[best_epoch] - 1e-8:
            best_epoch = epoch
        elif epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The stopping epoch is returned for the best one as well.",
    hint="At which epoch was the loss lowest, and at which did training notice?",
)
def stop_for_the_best(dev_losses, patience):
    best, waited = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, epoch
    return len(dev_losses) - 1, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The two epochs are returned in the wrong order.",
    hint="Which of the two is asked for first?",
)
def stop_before_best(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best_epoch
    return len(dev_losses) - 1, best_epoch


@misconception(
    of="early_stopping",
    says="The lowest loss of the whole list is taken for the best, also when it lies after the stop.",
    hint="Training that has stopped never sees what follows. Where does your search for the minimum end?",
)
def best_of_all_epochs(dev_losses, patience):
    losses = np.asarray(dev_losses, dtype=float)
    best, waited = np.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return int(np.argmin(losses)), epoch
    return int(np.argmin(losses)), len(losses) - 1


@misconception(
    of="early_stopping",
    says="The minimum of the whole list is found first, and patience counted from there.",
    hint="Epoch by epoch: could training have reached your minimum before patience ran out?",
)
def counts_from_the_overall_minimum(dev_losses, patience):
    best_epoch = int(np.argmin(dev_losses))
    return best_epoch, min(best_epoch + patience, len(dev_losses) - 1)


@misconception(
    of="early_stopping",
    says="The stop is computed as best epoch plus patience, also where there are not that many epochs.",
    hint="How many epochs are there when training ends before patience runs out?",
)
def stops_beyond_the_end(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, best_epoch + patience


@misconception(
    of="early_stopping",
    says="A tie counts as an improvement: it becomes the best epoch and sets the count back.",
    hint="Is an equal loss strictly below?",
)
def ties_improve(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss <= best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="A tie becomes the best epoch, though it does not set the count back.",
    hint="Which epoch is the best among equals?",
)
def ties_become_the_best(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            if loss == best:
                best_epoch = epoch
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="A tie sets the count back, though the best epoch stays.",
    hint="What is the count after a loss that only equals the lowest? See the table.",
)
def ties_reset_the_count(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        elif loss == best:
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="Training stops one epoch too late.",
    hint="Patience 2 in the table: at which count does training stop?",
)
def stops_one_late(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited > patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="Training stops one epoch too early.",
    hint="Patience 2 in the table: how many epochs without improvement pass before the stop, the last one included?",
)
def stops_one_early(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience - 1:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="Training stops at the first loss that is no improvement; patience is not used.",
    hint="What is patience for?",
)
def stops_at_the_first_rise(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= 1:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="Epochs are counted from 1.",
    hint="Which number has the first epoch?",
)
def counts_from_one(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch + 1, epoch + 1
    return best_epoch + 1, len(dev_losses)


@misconception(
    of="early_stopping",
    says="The stop is the number of epochs that were run, one more than the last epoch's number.",
    hint="Five epochs are numbered 0 to 4. Which of them was the last?",
)
def stop_as_a_number_of_epochs(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch + 1
    return best_epoch, len(dev_losses)


@misconception(
    of="early_stopping",
    says="Where training runs to its end, the number of epochs is returned instead of the last epoch.",
    hint="Five epochs are numbered 0 to 4. Which of them was the last?",
)
def end_one_too_far(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses)


@misconception(
    of="early_stopping",
    says="The count is never set back: bad epochs are counted in all, not in a row.",
    hint="What happens to the count at a new lowest loss?",
)
def never_resets_the_count(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best = epoch, loss
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="Each loss is compared with the one before it, not with the lowest so far.",
    hint="After 1 comes 3, then 2.5. Is 2.5 an improvement?",
)
def compares_with_the_epoch_before(dev_losses, patience):
    best_epoch, waited = 0, 0
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[best_epoch]:
            best_epoch = epoch
        if dev_losses[epoch] < dev_losses[epoch - 1]:
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="Both the count and the best epoch follow the comparison with the epoch before.",
    hint="After 1 comes 3, then 2.5. Which epoch is the best so far?",
)
def follows_the_last_epoch(dev_losses, patience):
    best_epoch, waited = 0, 0
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[epoch - 1]:
            best_epoch, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The lowest loss is returned instead of its epoch.",
    hint="Two epochs are asked for. Of what kind is the first thing you return?",
)
def returns_the_loss(dev_losses, patience):
    best, waited = np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best, waited = loss, 0
        else:
            waited += 1
            if waited >= patience:
                return float(best), epoch
    return float(best), len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The highest value is taken for the best, as if these were accuracies.",
    hint="Is a loss better when it is higher?",
)
def takes_losses_for_accuracies(dev_losses, patience):
    best_epoch, best, waited = 0, -np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss > best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="Nothing is returned where patience never runs out.",
    hint="What comes after the loop?",
)
def returns_nothing_at_the_end(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return None


@misconception(
    of="early_stopping",
    says="Where patience never runs out, there is None for the stop.",
    hint="Which epoch was the last one that training ran?",
)
def no_stop_at_the_end(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, None


@misconception(
    of="early_stopping",
    says="Where training runs to its end, the best epoch is returned for the stop.",
    hint="Training did not end at the best epoch. Which was the last one it ran?",
)
def best_for_the_end(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, best_epoch


@misconception(
    of="early_stopping",
    says="Only the best epoch is returned.",
    hint="The pair of best and stopping epoch is asked for.",
)
def returns_the_best_alone(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch
    return best_epoch


@misconception(
    of="early_stopping",
    says="The first epoch is not counted as an improvement, so patience runs out too early where the first loss is the lowest.",
    hint="With which count does training leave the first epoch?",
)
def first_epoch_counts_as_bad(dev_losses, patience):
    best_epoch, best, waited = 0, dev_losses[0], 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The epoch before the stop is returned: the one that could still go on.",
    hint="The stop is the epoch at which the count reaches patience. Which one is that in the table?",
)
def stop_before_the_stop(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch - 1
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="Patience is not used: the lowest loss of all and the last epoch are returned.",
    hint="When does training stop if the loss has not improved for `patience` epochs?",
)
def never_stops(dev_losses, patience):
    return int(np.argmin(dev_losses)), len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="A small improvement is not taken for one.",
    hint="How much below all before it must a loss be? Read the definition again.",
)
def asks_for_a_clear_improvement(dev_losses, patience):
    best_epoch, best, waited = 0, np.inf, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best - 1e-3:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The lowest loss so far starts at a fixed number, which is not above every loss.",
    hint="What is the count after the first epoch if its loss is 5? Which number is above all losses?",
)
def starts_the_best_at_one(dev_losses, patience):
    best_epoch, best, waited = 0, 1.0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < best:
            best_epoch, best, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The losses are taken out of the caller's list.",
    hint="What is left of dev_losses after the call? Reading is enough.",
)
def empties_the_list(dev_losses, patience):
    losses = dev_losses if isinstance(dev_losses, list) else list(dev_losses)
    lowest, best, count, epoch = float("inf"), 0, 0, -1
    while losses and count < patience:
        loss, epoch = losses.pop(0), epoch + 1
        if loss < lowest:
            lowest, best, count = loss, epoch, 0
        else:
            count += 1
    return best, epoch


@misconception(
    of="early_stopping",
    says="Methods of lists are used, which arrays do not have.",
    hint="dev_losses may be an array, too. What does it have in place of index?",
)
def takes_lists_alone(dev_losses, patience):
    lowest, count, stop = dev_losses[0], 0, len(dev_losses) - 1
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < lowest:
            lowest, count = dev_losses[epoch], 0
        else:
            count += 1
            if count == patience:
                stop = epoch
                break
    return dev_losses.index(lowest), stop


@misconception(
    of="early_stopping",
    says="The search for the best epoch leaves out the last one.",
    hint="Which losses does dev_losses[:stop] hold?",
)
def leaves_the_last_epoch_out(dev_losses, patience):
    best = stop = 0
    for epoch in range(1, len(dev_losses)):
        stop = epoch
        if dev_losses[epoch] < dev_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return int(np.argmin(dev_losses[:stop])), stop


@misconception(
    of="early_stopping",
    says="Every loss is compared with the first one: the lowest so far is never replaced.",
    hint="After an improvement, what must the next losses be compared with?",
)
def compares_with_the_first(dev_losses, patience):
    count = 0
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[0]:
            count = 0
        else:
            count += 1
            if count == patience:
                return int(np.argmin(dev_losses[: epoch + 1])), epoch
    return int(np.argmin(dev_losses)), len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The first epoch is skipped: the search for the lowest loss begins at epoch 1.",
    hint="What is the best epoch of losses that only rise?",
)
def skips_the_first_epoch(dev_losses, patience):
    best, count = 1, 0
    for epoch in range(2, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[best]:
            best, count = epoch, 0
        else:
            count += 1
            if count == patience:
                return best, epoch
    return best, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The count is looked at before the epoch's own loss, so the stop comes an epoch late.",
    hint="Follow the table of the text through your loop: at which line is the 2 noticed?",
)
def looks_at_the_count_first(dev_losses, patience):
    best = count = 0
    for epoch in range(1, len(dev_losses)):
        if count == patience:
            return best, epoch
        if dev_losses[epoch] < dev_losses[best]:
            best, count = epoch, 0
        else:
            count += 1
    return best, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The count starts at 1, so patience runs out an epoch early.",
    hint="How many epochs without improvement have passed right after an improvement?",
)
def counts_the_improvement(dev_losses, patience):
    best, count = 0, 1
    for epoch in range(1, len(dev_losses)):
        if dev_losses[epoch] < dev_losses[best]:
            best, count = epoch, 1
        else:
            count += 1
        if count == patience:
            return best, epoch
    return best, len(dev_losses) - 1


@misconception(
    of="early_stopping",
    says="The lowest loss so far starts at 0, so no loss is ever below it.",
    hint="With which number must a search for a minimum begin, so that the first loss is an improvement?",
)
def starts_at_zero(dev_losses, patience):
    lowest, best, waited, epoch = 0.0, 0, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited >= patience:
            break
    return best, epoch


@misconception(
    of="early_stopping",
    says="The lowest loss so far starts at a fixed number, which is below some of the losses of other tasks.",
    hint="What happens with losses around 700?",
)
def starts_at_a_hundred(dev_losses, patience):
    lowest, best, waited, epoch = 100.0, 0, 0, 0
    for epoch, loss in enumerate(dev_losses):
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited >= patience:
            break
    return best, epoch


@misconception(
    of="early_stopping",
    says="The best epoch is taken to lie patience epochs before the last one, also where patience never runs out.",
    hint="What is the best epoch of losses that fall all the time?",
)
def best_is_patience_before_the_end(dev_losses, patience):
    best = stop = 0
    for epoch in range(1, len(dev_losses)):
        stop = epoch
        if dev_losses[epoch] < dev_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return stop - patience, stop
