"""Mistakes that students make in 02-softmax-and-losses, each with what a good TA says to it.

Every function stands alone, as if handed in, so that it can be run anywhere in place of the right one.
"""

from dataclasses import replace

import numpy as np

from grader.authoring import misconception

# The constants that people put under a logarithm "to be safe", besides the 1e-8 below; each caps the loss elsewhere.
FLOORS = (1e-5, 1e-6, 1e-7, 1e-9, 1e-10, 1e-12, 1e-15)


def _in_words(floor):
    return f"{floor:.0e}".replace("-", "_")


# softmax


@misconception(
    of="softmax",
    says="Large scores overflow: nothing is subtracted before the exponential.",
    hint="Try softmax on [[1000, 1000]]. Section 1 shows what you may subtract from a row without changing its shares.",
)
def softmax_without_a_shift(scores):
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="One number, the maximum of the whole batch, is subtracted from every row.",
    hint="Think of a batch with one huge row: what is exp of the other rows then, and what is their total?",
)
def softmax_shifted_by_the_batch_maximum(scores):
    powers = np.exp(scores - scores.max())
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="The sum runs over the whole batch, so that all entries together add up to one.",
    hint="Each example needs probabilities of its own: over which axis does one example's row extend?",
)
def softmax_normalised_over_the_batch(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum()


@misconception(
    of="softmax",
    says="The columns add up to one instead of the rows.",
    hint="Examples are rows here. Print the shape of your sum: it should have one entry for each example.",
)
def softmax_over_columns(scores):
    powers = np.exp(scores - scores.max(axis=0, keepdims=True))
    return powers / powers.sum(axis=0, keepdims=True)


@misconception(
    of="softmax",
    says="Each row is divided by another row's total: the sum lost its axis and lined up with the columns.",
    hint="Look at the trap at the end of section 1: what shape has your sum, and what shape do you need to divide by?",
)
def softmax_dividing_without_keepdims(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1)


@misconception(
    of="softmax",
    says="Each row is shifted by another row's maximum: the maximum lost its axis and lined up with the columns.",
    hint="Print the shape of the maximum you subtract. Which option keeps the axis that was reduced?",
)
def softmax_shifting_without_keepdims(scores):
    powers = np.exp(scores - scores.max(axis=1))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="The scores themselves are changed: -= writes into the caller's array.",
    hint="The caller still needs the scores. Which operation makes a new array instead of changing the old one?",
)
def softmax_shifting_in_place(scores):
    scores -= scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="The shift has the wrong direction: the smallest score is subtracted, so the largest still overflows.",
    hint="After the subtraction, which sign should all exponents have so that none of them can overflow?",
)
def softmax_shifted_by_the_minimum(scores):
    powers = np.exp(scores - scores.min(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="Integer scores lose their fractions: the result is stored in an integer array.",
    hint="What dtype does zeros_like or empty_like give for integer scores, and what happens to 0.7 in it?",
)
def softmax_stored_like_the_scores(scores):
    probs = np.zeros_like(scores)
    for i, row in enumerate(scores):
        powers = np.exp(row - row.max())
        probs[i] = powers / powers.sum()
    return probs


@misconception(
    of="softmax",
    says="The scores are divided by their sum without being exponentiated.",
    hint="Scores can be negative, and probabilities cannot. Which step of the formula makes everything positive?",
)
def softmax_without_an_exponential(scores):
    return scores / scores.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="Each score goes through a sigmoid of its own, so the rows do not add up to one.",
    hint="The classes of one example compete for a total of one. What does the denominator of the formula add up?",
)
def softmax_as_separate_sigmoids(scores):
    return 1 / (1 + np.exp(-np.clip(scores, -700, 700)))


@misconception(
    of="softmax",
    says="The result is the logarithm of the probabilities.",
    hint="Can a probability be negative? One step too many, or one too few, came after the sum.",
)
def softmax_returning_logarithms(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


@misconception(
    of="softmax",
    says="Large scores are clipped, which changes the differences between them.",
    hint="Clipping makes 1000 and 1001 the same score. Is there a way to make scores smaller that keeps differences?",
)
def softmax_with_clipped_scores(scores):
    powers = np.exp(np.clip(scores, -500, 500))
    return powers / powers.sum(axis=1, keepdims=True)


# one_hot


@misconception(
    of="one_hot",
    says="The number of columns is read off the labels: the largest label plus one.",
    hint="What comes out for the labels [0, 1] and four classes? You were told how many columns there are.",
)
def one_hot_as_wide_as_the_largest_label(y, num_classes):
    return np.eye(int(np.max(y)) + 1)[y]


@misconception(
    of="one_hot",
    says="There is a column for each label that occurs, so classes missing from the batch move the others.",
    hint="Label 3 belongs in column 3 even if classes 0 to 2 do not occur. Do you need to look at which labels occur?",
)
def one_hot_of_the_labels_that_occur(y, num_classes):
    _, positions = np.unique(y, return_inverse=True)
    return np.eye(num_classes)[positions]


@misconception(
    of="one_hot",
    says="The table is transposed: classes are rows.",
    hint="Examples are rows in this course, so the shape must be (N, num_classes).",
)
def one_hot_transposed(y, num_classes):
    return np.eye(num_classes)[:, y]


@misconception(
    of="one_hot",
    says="Every row has ones in the columns of all labels of the batch.",
    hint="rows[:, y] means all rows and these columns. You want row 0 with y[0], row 1 with y[1], and so on, in pairs.",
)
def one_hot_marking_every_row(y, num_classes):
    rows = np.zeros((len(y), num_classes))
    rows[:, y] = 1.0
    return rows


@misconception(
    of="one_hot",
    says="Labels are counted from one, so every one sits a column too far left.",
    hint="Labels run from 0 to num_classes - 1. In which column does label 0 belong?",
)
def one_hot_counting_from_one(y, num_classes):
    return np.eye(num_classes)[np.asarray(y) - 1]


@misconception(
    of="one_hot",
    says="The labels are not used: row i has its one in column i.",
    hint="Two examples of the same class must get the same row. Which column should a row's one be in?",
)
def one_hot_ignoring_the_labels(y, num_classes):
    return np.eye(len(y), num_classes)


@misconception(
    of="one_hot",
    says="The rows come in the order of the classes, not of the examples.",
    hint="Row i belongs to example i. Does anything in your code sort?",
)
def one_hot_in_sorted_order(y, num_classes):
    return np.eye(num_classes)[np.sort(y)]


@misconception(
    of="one_hot",
    says="The column holds the label itself instead of a one.",
    hint="For label 3 the row should contain a 1 in column 3, and for label 0 it should not be all zeros.",
)
def one_hot_writing_the_label(y, num_classes):
    rows = np.zeros((len(y), num_classes))
    rows[np.arange(len(y)), y] = y
    return rows


@misconception(
    of="one_hot",
    says="The classes are counted: the result says how often each occurs, not which example has which.",
    hint="You need one row for each example, not one row for the whole batch.",
)
def one_hot_counting_the_classes(y, num_classes):
    return np.bincount(y, minlength=num_classes).astype(float)


@misconception(
    of="one_hot",
    says="Zeros and ones are swapped.",
    hint="The true class gets the one, all others zero.",
)
def one_hot_inverted(y, num_classes):
    rows = np.ones((len(y), num_classes))
    rows[np.arange(len(y)), y] = 0.0
    return rows


# cross_entropy


@misconception(
    of="cross_entropy",
    says="The costs are summed over the batch instead of averaged.",
    hint="Losses here are means over the batch: the same examples twice must cost the same as once.",
)
def cross_entropy_summed(probs, y):
    return -np.sum(np.log(probs[np.arange(len(y)), y]))


@misconception(
    of="cross_entropy",
    says="The mean runs over the classes as well, so the loss is too small by the number of classes.",
    hint="How many examples share the cost? Count what your mean divides by.",
)
def cross_entropy_averaged_over_classes(probs, y):
    truth = np.eye(probs.shape[1])[y]
    return -np.mean(truth * np.log(probs))


@misconception(
    of="cross_entropy",
    says="The logarithm has base 2.",
    hint="A probability of 0.2 should cost 1.609. Which logarithm gives that?",
)
def cross_entropy_in_bits(probs, y):
    return -np.mean(np.log2(probs[np.arange(len(y)), y]))


@misconception(
    of="cross_entropy",
    says="The logarithm has base 10.",
    hint="A probability of 0.2 should cost 1.609. Which logarithm gives that?",
)
def cross_entropy_in_base_ten(probs, y):
    return -np.mean(np.log10(probs[np.arange(len(y)), y]))


@misconception(
    of="cross_entropy",
    says="A small constant inside the logarithm, or a floor below the probabilities, caps the loss.",
    hint="What does a probability of 1e-30 cost with your code? The text above the exercise says what it should cost.",
)
def cross_entropy_with_a_safety_constant(probs, y):
    return -np.mean(np.log(probs[np.arange(len(y)), y] + 1e-8))


def _cross_entropy_with_a_floor_of(floor):
    @misconception(
        of="cross_entropy",
        says=f"Probabilities are kept above {floor:g}, by clipping or by adding a constant, which caps the loss.",
        hint="A model that is very wrong should see a very large loss. Which line of yours stops it from growing?",
    )
    def cross_entropy_with_a_floor(probs, y):
        return -np.mean(np.log(np.maximum(probs[np.arange(len(y)), y], floor)))

    return replace(cross_entropy_with_a_floor, name=f"cross_entropy_with_a_floor_of_{_in_words(floor)}")


for _floor in FLOORS:
    _made = _cross_entropy_with_a_floor_of(_floor)
    globals()[_made.name] = _made


@misconception(
    of="cross_entropy",
    says="The minus sign is missing: the loss is negative.",
    hint="The logarithm of a probability is negative or zero, and a loss should be positive.",
)
def cross_entropy_without_the_minus(probs, y):
    return np.mean(np.log(probs[np.arange(len(y)), y]))


@misconception(
    of="cross_entropy",
    says="probs[:, y] takes the columns of all labels for every example.",
    hint="Print the shape of what you picked: N examples should give N probabilities. How do you index in pairs?",
)
def cross_entropy_of_all_pairs(probs, y):
    return -np.mean(np.log(probs[:, y]))


@misconception(
    of="cross_entropy",
    says="probs[y] takes whole rows, those whose numbers are the labels.",
    hint="A label names a column. Which rows do you want, and which column in each of them?",
)
def cross_entropy_of_the_rows_named_by_labels(probs, y):
    return -np.mean(np.log(probs[y]))


@misconception(
    of="cross_entropy",
    says="The largest probability of each row is charged, whatever the label says.",
    hint="The loss must depend on y: a confident wrong answer is expensive.",
)
def cross_entropy_of_the_most_likely_class(probs, y):
    return -np.mean(np.log(probs.max(axis=1)))


@misconception(
    of="cross_entropy",
    says="The wrong classes are charged too, with -log(1 - p), as if each were a yes-or-no question.",
    hint="How the rest is spread over the wrong classes should not matter. Which terms of the sum are not zero?",
)
def cross_entropy_with_binary_terms(probs, y):
    truth = np.eye(probs.shape[1])[y]
    costs = truth * np.log(probs) + (1 - truth) * np.log(1 - probs)
    return -np.mean(costs.sum(axis=1))


@misconception(
    of="cross_entropy",
    says="The logarithm is taken of the mean probability instead of the mean of the logarithms.",
    hint="Which comes first in the formula, the logarithm or the average?",
)
def cross_entropy_of_the_mean_probability(probs, y):
    return -np.log(np.mean(probs[np.arange(len(y)), y]))


@misconception(
    of="cross_entropy",
    says="Softmax is applied to what are probabilities already.",
    hint="The argument is called probs: its rows add up to one before your function touches them.",
)
def cross_entropy_with_a_second_softmax(probs, y):
    powers = np.exp(probs)
    again = powers / powers.sum(axis=1, keepdims=True)
    return -np.mean(np.log(again[np.arange(len(y)), y]))


@misconception(
    of="cross_entropy",
    says="The cost of each example is returned instead of their mean.",
    hint="Training needs one number to make small. Which step of the formula comes after the logarithm?",
)
def cross_entropy_for_each_example(probs, y):
    return -np.log(probs[np.arange(len(y)), y])


@misconception(
    of="cross_entropy",
    says="The probability itself is charged, without a logarithm.",
    hint="A probability of 0.2 should cost 1.609, not 0.8 or -0.2. What does the formula do to the probability?",
)
def cross_entropy_without_a_logarithm(probs, y):
    return np.mean(1 - probs[np.arange(len(y)), y])


# softmax_cross_entropy


@misconception(
    of="softmax_cross_entropy",
    says="The gradient is not divided by the number of examples, although the loss is.",
    hint="The loss is a mean over N examples. How much does that mean change if one example's loss changes by 1?",
)
def softmax_cross_entropy_gradient_undivided(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores


@misconception(
    of="softmax_cross_entropy",
    says="Loss and gradient are sums over the batch instead of means.",
    hint="Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
)
def softmax_cross_entropy_summed(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].sum(), dscores


@misconception(
    of="softmax_cross_entropy",
    says="The loss is summed over the batch, although the gradient is that of the mean.",
    hint="Your gradient is right; now make the loss the mean that it belongs to.",
)
def softmax_cross_entropy_loss_summed(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].sum(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="The sign of the gradient is flipped: truth minus prediction.",
    hint="A step against the gradient must raise the true score. Which sign has the true class's entry then?",
)
def softmax_cross_entropy_truth_minus_prediction(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = -np.exp(log_probs)
    dscores[rows, y] += 1
    return -log_probs[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="The 1 is subtracted in the columns of all labels for every example.",
    hint="dscores[:, y] means all rows. You want one entry in each row: index rows and labels in pairs.",
)
def softmax_cross_entropy_subtracting_in_all_rows(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[:, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="The gradient is the prediction alone: the truth was never subtracted.",
    hint="Check whether each row of your gradient adds up to zero, as the text says it must.",
)
def softmax_cross_entropy_without_the_truth(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[rows, y].mean(), np.exp(log_probs) / n


@misconception(
    of="softmax_cross_entropy",
    says="The label is subtracted as a number: p - y instead of p minus its one-hot row.",
    hint="Label 3 is a name, not a quantity. In which column should how much be subtracted?",
)
def softmax_cross_entropy_subtracting_the_label(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[rows, y].mean(), (np.exp(log_probs) - y[:, np.newaxis]) / n


@misconception(
    of="softmax_cross_entropy",
    says="The gradient is with respect to the probabilities, -1/p at the true class, not to the scores.",
    hint="One more application of the chain rule is missing: every score moves every probability of its row.",
)
def softmax_cross_entropy_gradient_of_the_probabilities(scores, y):
    n, rows = len(y), np.arange(len(y))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    dscores = np.zeros(probs.shape)
    dscores[rows, y] = -1 / np.maximum(probs[rows, y], 1e-300)
    return np.log(powers.sum(axis=1)).mean() - (scores - scores.max(axis=1, keepdims=True))[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="Only the true class gets a gradient; the wrong classes are left at zero.",
    hint="Raising a wrong score takes probability away from the true class. Is the loss really flat in it?",
)
def softmax_cross_entropy_gradient_of_the_true_class_only(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.zeros(log_probs.shape)
    dscores[rows, y] = np.exp(log_probs[rows, y]) - 1
    return -log_probs[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="The logarithm is taken of a probability that may have underflowed to zero.",
    hint="exp and log cancel on paper. Section 4 writes the loss without any probability in it.",
)
def softmax_cross_entropy_in_two_steps(scores, y):
    n, rows = len(y), np.arange(len(y))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    loss = -np.log(probs[rows, y]).mean()
    dscores = probs.copy()
    dscores[rows, y] -= 1
    return loss, dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="Large scores overflow in the softmax, and the logarithm then meets nan or zero.",
    hint="Two cures are needed: the shift of section 1, and the formula of section 4 that has no probability in it.",
)
def softmax_cross_entropy_in_two_steps_without_a_shift(scores, y):
    n, rows = len(y), np.arange(len(y))
    powers = np.exp(scores)
    probs = powers / powers.sum(axis=1, keepdims=True)
    loss = -np.log(probs[rows, y]).mean()
    probs[rows, y] -= 1
    return loss, probs / n


@misconception(
    of="softmax_cross_entropy",
    says="A small constant inside the logarithm caps the loss of a hopeless example.",
    hint="A true score that is 1,000 too low should cost 1,000. Can you reach the logarithm without a probability?",
)
def softmax_cross_entropy_with_a_safety_constant(scores, y):
    n, rows = len(y), np.arange(len(y))
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = powers / powers.sum(axis=1, keepdims=True)
    loss = -np.log(probs[rows, y] + 1e-8).mean()
    dscores = probs.copy()
    dscores[rows, y] -= 1
    return loss, dscores / n


def _softmax_cross_entropy_with_a_floor_of(floor):
    @misconception(
        of="softmax_cross_entropy",
        says=f"Probabilities are kept above {floor:g}, by clipping or by adding a constant, which caps the loss.",
        hint="A true score that is 1,000 too low should cost 1,000. Can you reach the logarithm without a probability?",
    )
    def softmax_cross_entropy_with_a_floor(scores, y):
        n, rows = len(y), np.arange(len(y))
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        probs = powers / powers.sum(axis=1, keepdims=True)
        loss = -np.log(np.maximum(probs[rows, y], floor)).mean()
        probs[rows, y] -= 1
        return loss, probs / n

    return replace(softmax_cross_entropy_with_a_floor, name=f"softmax_cross_entropy_with_a_floor_of_{_in_words(floor)}")


for _floor in FLOORS:
    _made = _softmax_cross_entropy_with_a_floor_of(_floor)
    globals()[_made.name] = _made


@misconception(
    of="softmax_cross_entropy",
    says="Large scores overflow: nothing is subtracted before the exponential.",
    hint="The same freedom as in softmax helps here: what may you subtract from all scores of a row?",
)
def softmax_cross_entropy_without_a_shift(scores, y):
    n, rows = len(y), np.arange(len(y))
    log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="One number, the maximum of the whole batch, is subtracted from every row.",
    hint="What happens to a row whose scores are all far below the largest score of the batch?",
)
def softmax_cross_entropy_shifted_by_the_batch_maximum(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max()
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="Loss and gradient are divided by the number of classes as well.",
    hint="With tiny scores on ten classes the loss must be 2.303. By what do you divide in all?",
)
def softmax_cross_entropy_averaged_over_classes(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].sum() / scores.size, dscores / scores.size


@misconception(
    of="softmax_cross_entropy",
    says="Softmax runs over the columns, so examples compete instead of classes.",
    hint="Examples are rows. Along which axis do the classes of one example lie?",
)
def softmax_cross_entropy_over_columns(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=0, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="With integer scores the gradient is cut down to whole numbers, because it is stored in an array like them.",
    hint="What dtype does zeros_like give for integer scores, and what happens to 0.3 in it?",
)
def softmax_cross_entropy_gradient_stored_like_the_scores(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.zeros_like(scores)
    for i in range(n):
        dscores[i] = (np.exp(log_probs[i]) - (np.arange(scores.shape[1]) == y[i])) / n
    return -log_probs[rows, y].mean(), dscores


@misconception(
    of="softmax_cross_entropy",
    says="The scores themselves are changed: -= writes into the caller's array.",
    hint="The caller still needs the scores. Which operation makes a new array instead of changing the old one?",
)
def softmax_cross_entropy_in_place(scores, y):
    n, rows = len(y), np.arange(len(y))
    scores -= scores.max(axis=1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="The gradient is divided by the number of examples twice.",
    hint="One division by N belongs to the mean. Find the two places where you divide.",
)
def softmax_cross_entropy_gradient_divided_twice(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n / n


@misconception(
    of="softmax_cross_entropy",
    says="Each row is divided by another row's total: the sum lost its axis and lined up with the columns.",
    hint="Print the shape of your sum of exponentials. Which option keeps the axis that was summed?",
)
def softmax_cross_entropy_without_keepdims(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= 1
    return -log_probs[rows, y].mean(), dscores / n


@misconception(
    of="softmax_cross_entropy",
    says="Only the loss is returned; the gradient is missing.",
    hint="The docstring asks for two things: return the loss, a comma, and the gradient.",
)
def softmax_cross_entropy_returning_only_the_loss(scores, y):
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probs[np.arange(len(y)), y].mean()


# hinge_loss


@misconception(
    of="hinge_loss",
    says="The true class is charged the margin against itself.",
    hint="The sum leaves the true class out. With tiny scores on ten classes, does your loss start at 9 or at 10?",
)
def hinge_loss_charging_the_true_class(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = 0.0
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="In the gradient the true class is counted among those that violate the margin.",
    hint="How many wrong classes are charged? That many times, and no more, the true score is pulled up.",
)
def hinge_loss_counting_the_true_class_in_the_gradient(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    charged[rows, y] = 0.0
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="charged[:, y] clears the columns of all labels for every example, not one entry in each row.",
    hint="The true class is a different column in each row. How do you index rows and labels in pairs?",
)
def hinge_loss_clearing_all_label_columns(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[:, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="Each class's charge is squared.",
    hint="The formula charges max(0, ...) itself; a violation twice as large costs twice as much.",
)
def hinge_loss_squared(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = 2 * charged
    dscores[rows, y] = -dscores.sum(axis=1)
    return (charged**2).sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The margin has the wrong sign: wrong classes are charged only once they win by more than the margin.",
    hint="An example whose true score leads by less than the margin must still cost something.",
)
def hinge_loss_with_the_margin_subtracted(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] - margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The margin is added outside the maximum, so even perfect examples are charged.",
    hint="An example that keeps the margin costs nothing at all. What must stand inside max(0, ...)?",
)
def hinge_loss_with_the_margin_outside(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    above = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis])
    charged = above + margin
    charged[rows, y] = 0.0
    dscores = (above > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="Only the worst wrong class is charged instead of all that violate the margin.",
    hint="The formula has a sum over the wrong classes, not a maximum over them.",
)
def hinge_loss_of_the_worst_class(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    worst = charged.argmax(axis=1)
    dscores = np.zeros(charged.shape)
    dscores[rows, worst] = charged[rows, worst] > 0
    dscores[rows, y] -= charged[rows, worst] > 0
    return charged[rows, worst].sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="Loss and gradient are sums over the batch instead of means.",
    hint="Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
)
def hinge_loss_summed(scores, y, margin=1.0):
    rows = np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum(), dscores


@misconception(
    of="hinge_loss",
    says="The gradient is not divided by the number of examples, although the loss is.",
    hint="The loss is a mean over N examples; its slope carries the same 1/N.",
)
def hinge_loss_gradient_undivided(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores


@misconception(
    of="hinge_loss",
    says="The true score is pulled up with slope 1, however many classes violate the margin.",
    hint="The true score occurs in the charge of every wrong class. How often does its slope count, then?",
)
def hinge_loss_pulling_the_true_score_once(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -(charged.sum(axis=1) > 0).astype(float)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The true class gets no gradient: only the wrong scores are pushed down.",
    hint="Raising the true score lowers every charge. Which entry of the gradient says so?",
)
def hinge_loss_without_a_pull_on_the_true_score(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    return charged.sum() / n, (charged > 0).astype(float) / n


@misconception(
    of="hinge_loss",
    says="The margin is always 1: the argument is never used.",
    hint="Call your function with margin=5. Does anything change?",
)
def hinge_loss_with_a_fixed_margin(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + 1.0)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The difference is the wrong way round: true score minus the others.",
    hint="A wrong class that scores far above the true one should be charged much. Put such numbers into your formula.",
)
def hinge_loss_with_the_difference_reversed(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores[rows, y][:, np.newaxis] - scores + margin)
    charged[rows, y] = 0.0
    dscores = -(charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The gradient holds the charges themselves instead of their slopes.",
    hint="max(0, x) has slope 1 wherever it is positive, no matter how large x is.",
)
def hinge_loss_gradient_of_the_charges(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = charged.copy()
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The sign of the gradient is flipped.",
    hint="The loss grows when the score of a charged class grows: its slope is positive.",
)
def hinge_loss_gradient_flipped(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = -(charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="Loss and gradient are divided by the number of classes as well.",
    hint="With tiny scores on ten classes the loss must be 9. By what do you divide in all?",
)
def hinge_loss_averaged_over_classes(scores, y, margin=1.0):
    rows = np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / scores.size, dscores / scores.size


@misconception(
    of="hinge_loss",
    says="Rows are compared with another row's true score: the true scores lined up with the columns.",
    hint="scores[rows, y] has shape (N,). What shape does it need so that it is subtracted row by row?",
)
def hinge_loss_without_a_new_axis(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="This is the hinge loss for yes-or-no answers: only the true score is looked at.",
    hint="With several classes the true score has to beat each of the others. Where do they enter your formula?",
)
def hinge_loss_of_the_true_score_alone(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, margin - scores[rows, y])
    dscores = np.zeros(scores.shape)
    dscores[rows, y] = -(charged > 0).astype(float)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="With integer scores the gradient is cut down to whole numbers, because it is stored in an array like them.",
    hint="What dtype does zeros_like give for integer scores, and what happens to 1/3 in it?",
)
def hinge_loss_gradient_stored_like_the_scores(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = np.zeros_like(scores)
    for i in range(n):
        row = (charged[i] > 0) / n
        row[y[i]] = -row.sum()
        dscores[i] = row
    return charged.sum() / n, dscores


# mse


@misconception(
    of="mse",
    says="There is a one half in front of the squares.",
    hint="A prediction that is 3 off should cost 9. Some books halve the loss; the text above the exercise does not.",
)
def mse_halved(pred, target):
    difference = pred - target
    return np.mean(difference**2) / 2, difference / difference.size


@misconception(
    of="mse",
    says="The factor 2 is missing in the gradient.",
    hint="What is the derivative of x squared? Compare with a numerical gradient of your loss.",
)
def mse_gradient_without_the_two(pred, target):
    difference = pred - target
    return np.mean(difference**2), difference / difference.size


@misconception(
    of="mse",
    says="Loss and gradient are sums instead of means.",
    hint="For [2, 5] against [3, 1] the loss should be 8.5, not 17. What is the M in MSE?",
)
def mse_summed(pred, target):
    difference = pred - target
    return np.sum(difference**2), 2 * difference


@misconception(
    of="mse",
    says="The gradient is not divided by the number of entries, although the loss is.",
    hint="The loss is a mean over n numbers; its slope in each of them carries the same 1/n.",
)
def mse_gradient_undivided(pred, target):
    difference = pred - target
    return np.mean(difference**2), 2 * difference


@misconception(
    of="mse",
    says="The mean is over the rows only: a table with D columns costs D times too much.",
    hint="The text says what n is for an array of shape (N, D). len() counts only the rows.",
)
def mse_averaged_over_rows(pred, target):
    difference = pred - target
    return np.sum(difference**2) / len(difference), 2 * difference / len(difference)


@misconception(
    of="mse",
    says="The gradient is divided by the number of rows, although the loss is a mean over all entries.",
    hint="len() counts only the rows of a table. How many numbers does your loss average over?",
)
def mse_gradient_divided_by_rows(pred, target):
    difference = pred - target
    return np.mean(difference**2), 2 * difference / len(difference)


@misconception(
    of="mse",
    says="The sign of the gradient is flipped: target minus prediction.",
    hint="If a prediction is too high, raising it further makes the loss grow: which sign must its slope have?",
)
def mse_gradient_flipped(pred, target):
    difference = target - pred
    return np.mean(difference**2), 2 * difference / difference.size


@misconception(
    of="mse",
    says="A square root is taken: this is the root mean squared error.",
    hint="For [2, 5] against [3, 1] the loss should be 8.5. The formula has no root.",
)
def mse_with_a_root(pred, target):
    difference = pred - target
    root = np.sqrt(np.mean(difference**2))
    return root, difference / np.maximum(root, 1e-300) / difference.size


@misconception(
    of="mse",
    says="The mean is squared instead of the differences: errors of opposite sign cancel.",
    hint="Being 1 too high here and 1 too low there is not perfect. Which comes first, the square or the mean?",
)
def mse_as_square_of_the_mean(pred, target):
    mean = np.mean(pred - target)
    return mean**2, np.full(np.shape(pred), 2 * mean / np.size(pred))


@misconception(
    of="mse",
    says="Each column has a loss of its own instead of one number for all.",
    hint="Training needs one number to make small. Over which axes does your mean run?",
)
def mse_for_each_column(pred, target):
    difference = pred - target
    return np.mean(difference**2, axis=0), 2 * difference / difference.size


@misconception(
    of="mse",
    says="Absolute differences are averaged instead of squares.",
    hint="That is the next exercise. What does MSE do with each difference before it averages?",
)
def mse_with_absolute_values(pred, target):
    difference = pred - target
    return np.mean(np.abs(difference)), np.sign(difference) / difference.size


# mae


@misconception(
    of="mae",
    says="The gradient holds the differences instead of their signs.",
    hint="The slope of |x| is +1 or -1, no matter how large x is.",
)
def mae_gradient_of_the_differences(pred, target):
    difference = pred - target
    return np.mean(np.abs(difference)), difference / difference.size


@misconception(
    of="mae",
    says="The gradient is positive everywhere: the absolute value, or a plain 1/n, instead of the sign.",
    hint="A prediction that is too low should be raised. What is the slope of |x| for negative x?",
)
def mae_gradient_without_a_sign(pred, target):
    difference = pred - target
    return np.mean(np.abs(difference)), np.ones(difference.shape) / difference.size


@misconception(
    of="mae",
    says="The sign of the gradient is flipped: target minus prediction.",
    hint="If a prediction is too high, raising it further makes the loss grow: which sign must its slope have?",
)
def mae_gradient_flipped(pred, target):
    difference = target - pred
    return np.mean(np.abs(difference)), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="Dividing by the absolute difference gives 0/0 where a prediction is exactly on target.",
    hint="Try a prediction that equals its target. Is there a NumPy function that gives the sign without dividing?",
)
def mae_gradient_by_division(pred, target):
    difference = pred - target
    return np.mean(np.abs(difference)), difference / np.abs(difference) / difference.size


@misconception(
    of="mae",
    says="Loss and gradient are sums instead of means.",
    hint="For [2, 5] against [3, 1] the loss should be 2.5, not 5. What is the M in MAE?",
)
def mae_summed(pred, target):
    difference = pred - target
    return np.sum(np.abs(difference)), np.sign(difference)


@misconception(
    of="mae",
    says="The gradient is not divided by the number of entries, although the loss is.",
    hint="The loss is a mean over n numbers; its slope in each of them carries the same 1/n.",
)
def mae_gradient_undivided(pred, target):
    difference = pred - target
    return np.mean(np.abs(difference)), np.sign(difference)


@misconception(
    of="mae",
    says="The mean is over the rows only: a table with D columns costs D times too much.",
    hint="The text says what n is for an array of shape (N, D). len() counts only the rows.",
)
def mae_averaged_over_rows(pred, target):
    difference = pred - target
    return np.sum(np.abs(difference)) / len(difference), np.sign(difference) / len(difference)


@misconception(
    of="mae",
    says="The gradient is divided by the number of rows, although the loss is a mean over all entries.",
    hint="len() counts only the rows of a table. How many numbers does your loss average over?",
)
def mae_gradient_divided_by_rows(pred, target):
    difference = pred - target
    return np.mean(np.abs(difference)), np.sign(difference) / len(difference)


@misconception(
    of="mae",
    says="The absolute value is taken after the mean: errors of opposite sign cancel.",
    hint="Being 1 too high here and 1 too low there is not perfect. Which comes first, |.| or the mean?",
)
def mae_of_the_mean_difference(pred, target):
    difference = pred - target
    return np.abs(np.mean(difference)), np.full(difference.shape, np.sign(np.mean(difference)) / difference.size)


@misconception(
    of="mae",
    says="The absolute value is missing: errors of opposite sign cancel, and the loss can be negative.",
    hint="A loss that can be negative cannot be an average of distances. What is missing around each difference?",
)
def mae_without_the_absolute_value(pred, target):
    difference = pred - target
    return np.mean(difference), np.ones(difference.shape) / difference.size


@misconception(
    of="mae",
    says="Squares are averaged instead of absolute differences.",
    hint="That was the exercise before. What does MAE do with each difference before it averages?",
)
def mae_with_squares(pred, target):
    difference = pred - target
    return np.mean(difference**2), 2 * difference / difference.size


# binary_cross_entropy


@misconception(
    of="binary_cross_entropy",
    says="Logits overflow or probabilities round to 0 or 1 before the logarithm is taken.",
    hint="At z = 40 the sigmoid is exactly 1 in floating point. Section 7 writes the loss without any probability.",
)
def binary_cross_entropy_in_two_steps(logits, y):
    probs = 1 / (1 + np.exp(-logits))
    loss = -np.mean(y * np.log(probs) + (1 - y) * np.log(1 - probs))
    return loss, (probs - y) / len(y)


def _binary_cross_entropy_with_a_floor_of(floor):
    @misconception(
        of="binary_cross_entropy",
        says=f"Probabilities are kept {floor:g} away from 0 and 1, by clipping or by adding, which caps the loss.",
        hint="Being wrong with a logit of 50 should cost 50. What is the largest loss your code can return?",
    )
    def binary_cross_entropy_with_a_floor(logits, y):
        small = np.exp(-np.abs(logits))
        probs = np.where(logits >= 0, 1.0, small) / (1 + small)
        safe = np.clip(probs, floor, 1 - floor)
        loss = -np.mean(y * np.log(safe) + (1 - y) * np.log(1 - safe))
        return loss, (probs - y) / len(y)

    return replace(binary_cross_entropy_with_a_floor, name=f"binary_cross_entropy_with_a_floor_of_{_in_words(floor)}")


for _floor in (1e-8, *FLOORS):
    _made = _binary_cross_entropy_with_a_floor_of(_floor)
    globals()[_made.name] = _made


@misconception(
    of="binary_cross_entropy",
    says="log(1 + e^z) is computed as it stands and overflows for large z.",
    hint="Pull the z out of the logarithm for positive z, as the text shows, and use each form where it is safe.",
)
def binary_cross_entropy_overflowing(logits, y):
    small = np.exp(-np.abs(logits))
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return np.mean(np.log(1 + np.exp(logits)) - y * logits), (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The gradient's sigmoid is e^z / (1 + e^z), which is infinity over infinity for large z.",
    hint="There are two ways to write the sigmoid, one safe for positive z, one for negative z.",
)
def binary_cross_entropy_with_an_overflowing_sigmoid(logits, y):
    loss = np.mean(np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits))) - y * logits)
    powers = np.exp(logits)
    return loss, (powers / (1 + powers) - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The logits are used as if they were probabilities already: the sigmoid is missing.",
    hint="A logit may be -3, and log(-3) is nan. What turns a logit into a probability?",
)
def binary_cross_entropy_of_raw_logits(logits, y):
    loss = -np.mean(y * np.log(logits) + (1 - y) * np.log(1 - logits))
    return loss, (logits - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="Only the examples with answer yes are charged: the second term of the loss is missing.",
    hint="A confident yes where the answer is no must cost something. Which term of the formula does that?",
)
def binary_cross_entropy_without_the_no_term(logits, y):
    softplus = np.maximum(-logits, 0) + np.log1p(np.exp(-np.abs(logits)))
    small = np.exp(-np.abs(logits))
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return np.mean(y * softplus), (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="Loss and gradient are sums over the batch instead of means.",
    hint="Losses here are means over the batch, and the gradient follows the loss: what is missing in both?",
)
def binary_cross_entropy_summed(logits, y):
    small = np.exp(-np.abs(logits))
    loss = np.sum(np.maximum(logits, 0) + np.log1p(small) - y * logits)
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return loss, probs - y


@misconception(
    of="binary_cross_entropy",
    says="The gradient is not divided by the number of examples, although the loss is.",
    hint="The loss is a mean over N examples; its slope in each of them carries the same 1/N.",
)
def binary_cross_entropy_gradient_undivided(logits, y):
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) + np.log1p(small) - y * logits)
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return loss, probs - y


@misconception(
    of="binary_cross_entropy",
    says="The sign of the gradient is flipped: truth minus prediction.",
    hint="Where the answer is no, raising the logit makes the loss grow: which sign must its slope have?",
)
def binary_cross_entropy_truth_minus_prediction(logits, y):
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) + np.log1p(small) - y * logits)
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return loss, (y - probs) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The gradient carries an extra p(1 - p), the slope of the sigmoid, which the logarithm cancels.",
    hint="Differentiate the simplified loss log(1 + e^z) - y z once more, without going through the probability.",
)
def binary_cross_entropy_with_an_extra_sigmoid_slope(logits, y):
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) + np.log1p(small) - y * logits)
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return loss, (probs - y) * probs * (1 - probs) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="Yes and no are swapped.",
    hint="y = 1 means yes, and a large positive logit is a confident yes: together they should cost almost nothing.",
)
def binary_cross_entropy_with_swapped_labels(logits, y):
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) + np.log1p(small) - (1 - y) * logits)
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return loss, (probs - (1 - y)) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The gradient uses the logits where it should use the probabilities.",
    hint="Prediction minus truth: the prediction is a probability between 0 and 1, not the logit.",
)
def binary_cross_entropy_gradient_of_raw_logits(logits, y):
    loss = np.mean(np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits))) - y * logits)
    return loss, (logits - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The loss is measured in bits: the logarithm has base 2.",
    hint="A logit of zero should cost 0.693. Which logarithm gives that?",
)
def binary_cross_entropy_in_bits(logits, y):
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) + np.log1p(small) - y * logits) / np.log(2)
    probs = np.where(logits >= 0, 1.0, small) / (1 + small)
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The labels are treated as -1 and +1, as in the hinge loss.",
    hint="The labels here are 0 and 1. With y = 0, what is left of your formula?",
)
def binary_cross_entropy_for_signed_labels(logits, y):
    product = -y * logits
    loss = np.mean(np.maximum(product, 0) + np.log1p(np.exp(-np.abs(product))))
    small = np.exp(-np.abs(product))
    probs = np.where(product >= 0, 1.0, small) / (1 + small)
    return loss, -y * probs / len(y)
