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
