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


@misconception(
    of="softmax",
    says="The mean of the row is subtracted, so that the largest score may still overflow.",
    hint="Which number must be subtracted so that no exponent is positive?",
)
def softmax_shifted_by_the_mean(scores):
    powers = np.exp(scores - scores.mean(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="The largest absolute value is subtracted: where all scores are very negative, all exponentials vanish.",
    hint="Try scores of -1,000 and -1,001. What is the largest exponent, and what should it be?",
)
def softmax_shifted_by_the_largest_size(scores):
    powers = np.exp(scores - np.abs(scores).max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="nan is replaced by 0 instead of being avoided, so that the likeliest class of large scores gets probability 0.",
    hint="Where does the nan come from? What may you subtract from a row so that it cannot arise?",
)
def softmax_with_nan_replaced(scores):
    powers = np.exp(scores)
    return np.nan_to_num(powers / powers.sum(axis=1, keepdims=True))


@misconception(
    of="softmax",
    says="This is hardmax: all of the probability goes to the largest score.",
    hint="What shares should the scores (1, 1.1) get? Nearly equal ones.",
)
def softmax_as_hardmax(scores):
    return np.eye(scores.shape[1])[scores.argmax(axis=1)]


@misconception(
    of="softmax",
    says="The sign of the scores is flipped: the smallest score gets the largest probability.",
    hint="Does the order of the scores stay as it was? Look at the sign in the exponent.",
)
def softmax_of_negative_scores(scores):
    powers = np.exp(scores.min(axis=1, keepdims=True) - scores)
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="Only the numerator is shifted, so that the rows do not add up to one.",
    hint="The factor cancels only if it stands in numerator and denominator.",
)
def softmax_shifting_the_numerator_only(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / np.exp(scores).sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="The exponentials are not divided by their total.",
    hint="What should each row add up to?",
)
def softmax_without_the_division(scores):
    return np.exp(scores - scores.max(axis=1, keepdims=True))


@misconception(
    of="softmax",
    says="The scores are divided by their maximum; only subtracting leaves the probabilities as they are.",
    hint="Which operation on all scores of a row cancels in the fraction?",
)
def softmax_dividing_scores_by_the_maximum(scores):
    powers = np.exp(scores / scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="The scores are divided by their sum before the exponential.",
    hint="Exponentiate first, divide by the total then. In which order does the formula do it?",
)
def softmax_of_normalised_scores(scores):
    powers = np.exp(scores / scores.sum(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="The base of the powers is 2 instead of e.",
    hint="Compare with the numbers worked by hand in the text. Which function of NumPy is e to the power of z?",
)
def softmax_in_powers_of_two(scores):
    powers = 2.0 ** (scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="A batch of one loses its axis: the result is (C,) instead of (1, C).",
    hint="Which line treats one example differently? squeeze and ravel drop axes.",
)
def softmax_flattening_a_single_example(scores):
    if len(scores) == 1:
        powers = np.exp(scores[0] - scores[0].max())
        return powers / powers.sum()
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="Only the first example is used.",
    hint="scores holds N rows. What becomes of the others?",
)
def softmax_of_the_first_example(scores):
    powers = np.exp(scores[0] - scores[0].max())
    return powers / powers.sum()


@misconception(
    of="softmax",
    says="The scores are cut to half precision, which keeps three digits and ends at 65,504.",
    hint="Is there a reason to change the dtype at all?",
)
def softmax_in_half_precision(scores):
    half = scores.astype(np.float16)
    powers = np.exp(half - half.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@misconception(
    of="softmax",
    says="The probabilities are rounded.",
    hint="Round when you print, not when you compute. What do three digits make of a probability of 0.0004?",
)
def softmax_rounded(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.round(powers / powers.sum(axis=1, keepdims=True), 3)


@misconception(
    of="softmax",
    says="Only the first 64 rows are computed: the rows after them stay zero.",
    hint="What comes out for a batch of 100? Take the number of rows from scores, not from a constant.",
)
def softmax_of_64_rows_at_most(scores):
    probs = np.zeros(np.shape(scores))
    for i, row in enumerate(scores[:64]):
        powers = np.exp(row - row.max())
        probs[i] = powers / powers.sum()
    return probs


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


@misconception(
    of="one_hot",
    says="The table holds integers; the text asks for floats.",
    hint="Which dtype does np.eye give when you do not name one?",
)
def one_hot_in_whole_numbers(y, num_classes):
    return np.eye(num_classes, dtype=int)[y]


@misconception(
    of="one_hot",
    says="The table holds True and False; the text asks for floats.",
    hint="A comparison gives truth values. How do you make numbers of them?",
)
def one_hot_of_truth_values(y, num_classes):
    return y[:, np.newaxis] == np.arange(num_classes)


@misconception(
    of="one_hot",
    says="There is a column too many: num_classes + 1.",
    hint="Labels run from 0 to num_classes - 1. How many are that?",
)
def one_hot_with_a_column_too_many(y, num_classes):
    return np.eye(num_classes + 1)[y]


@misconception(
    of="one_hot",
    says="The other entries are -1 instead of 0.",
    hint="A one-hot row is a probability distribution. What should it add up to?",
)
def one_hot_of_plus_and_minus_one(y, num_classes):
    return 2 * np.eye(num_classes)[y] - 1


@misconception(
    of="one_hot",
    says="The result has an axis too many: (N, 1, C).",
    hint="Which shape do the labels have when you use them as an index?",
)
def one_hot_with_an_extra_axis(y, num_classes):
    return np.eye(num_classes)[y[:, np.newaxis]]


@misconception(
    of="one_hot",
    says="The smallest label of the batch is taken for class 0.",
    hint="A batch may lack the first classes. Does label 2 still belong into column 2?",
)
def one_hot_counting_from_the_smallest_label(y, num_classes):
    return np.eye(num_classes)[y - y.min()]


@misconception(
    of="one_hot",
    says="There are always ten columns: num_classes is not used.",
    hint="Call your function with 3 classes. Which shape comes out?",
)
def one_hot_for_ten_classes(y, num_classes):
    return np.eye(10)[y]


@misconception(
    of="one_hot",
    says="The result is a list of lists of integers, not an array of floats.",
    hint="np.array makes one of it. Which dtype does it get?",
)
def one_hot_as_nested_lists(y, num_classes):
    return [[int(c == label) for c in range(num_classes)] for label in y]


@misconception(
    of="one_hot",
    says="All columns up to the label hold ones.",
    hint="A row should have exactly one 1. Is == or <= meant?",
)
def one_hot_filled_up_to_the_label(y, num_classes):
    return (np.arange(num_classes) <= y[:, np.newaxis]).astype(float)


@misconception(
    of="one_hot",
    says="Row and column are swapped in the assignment.",
    hint="table[row, column]: which of the two is the example, which the label?",
)
def one_hot_with_rows_and_columns_swapped(y, num_classes):
    rows = np.zeros((len(y), num_classes))
    rows[y, np.arange(len(y))] = 1
    return rows


@misconception(
    of="one_hot",
    says="The table is flattened: (N·C,) instead of (N, C).",
    hint="What shape did np.eye(num_classes)[y] have before?",
)
def one_hot_in_one_long_row(y, num_classes):
    return np.eye(num_classes)[y].ravel()


@misconception(
    of="one_hot",
    says="The labels that occur are numbered anew, and there are only as many columns as they are.",
    hint="A batch may lack classes. Which argument tells how many columns there are?",
)
def one_hot_numbering_the_labels_that_occur(y, num_classes):
    occurring, position = np.unique(y, return_inverse=True)
    return np.eye(len(occurring))[position]


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


@misconception(
    of="cross_entropy",
    says="The logarithms of all classes are added up, not only those of the true ones.",
    hint="How the rest is spread over the wrong classes should not matter. Does it with yours?",
)
def cross_entropy_of_all_classes(probs, y):
    return -np.log(probs).sum() / len(y)


@misconception(
    of="cross_entropy",
    says="The labels are not used: this is the entropy of the predictions, -Σ p log p.",
    hint="Where does y come in? The first factor under the sum is the truth, not the prediction.",
)
def cross_entropy_as_entropy(probs, y):
    return -(probs * np.log(probs)).sum() / len(y)


@misconception(
    of="cross_entropy",
    says="The cost -log p is multiplied by p once more.",
    hint="The factor in front of the logarithm is the truth, which is 1. What does an impossible class cost with yours?",
)
def cross_entropy_weighted_with_the_probability(probs, y):
    chosen = probs[np.arange(len(y)), y]
    return -np.mean(chosen * np.log(chosen))


@misconception(
    of="cross_entropy",
    says="The cost is multiplied by the label as if it were a number.",
    hint="The label names a class. What does an example of class 0 cost with yours?",
)
def cross_entropy_times_the_label(probs, y):
    return -np.mean(y * np.log(probs[np.arange(len(y)), y]))


@misconception(
    of="cross_entropy",
    says="The label is used as a number instead of as a one-hot row.",
    hint="t in the formula is a row of zeros and a one. What is y[:, np.newaxis]?",
)
def cross_entropy_times_the_label_for_all_classes(probs, y):
    return -np.sum(y[:, np.newaxis] * np.log(probs)) / len(y)


@misconception(
    of="cross_entropy",
    says="There is a one half too many.",
    hint="A probability of 0.2 should cost 1.609. The half belongs to some squared errors.",
)
def cross_entropy_halved(probs, y):
    return -np.sum(np.log(probs[np.arange(len(y)), y])) / (2 * len(y))


@misconception(
    of="cross_entropy",
    says="The sum is divided by the number of classes instead of the number of examples.",
    hint="Losses are means over the batch. Which of the two axes of probs is the batch?",
)
def cross_entropy_divided_by_the_classes(probs, y):
    return -np.sum(np.log(probs[np.arange(len(y)), y])) / probs.shape[1]


@misconception(
    of="cross_entropy",
    says="The sum is divided by N - 1 instead of N.",
    hint="A mean divides by how many there are.",
)
def cross_entropy_divided_by_one_less(probs, y):
    return -np.sum(np.log(probs[np.arange(len(y)), y])) / max(len(y) - 1, 1)


@misconception(
    of="cross_entropy",
    says="The sum is divided by the number of classes that occur in the batch instead of the number of examples.",
    hint="Losses are means over the batch. How many rows does probs have?",
)
def cross_entropy_divided_by_the_classes_that_occur(probs, y):
    return -np.sum(np.log(probs[np.arange(len(y)), y])) / len(np.unique(y))


@misconception(
    of="cross_entropy",
    says="Labels are taken to start at 1: the column before the true class is charged.",
    hint="Classes are counted from 0, and so are columns.",
)
def cross_entropy_of_the_class_before(probs, y):
    return -np.mean(np.log(probs[np.arange(len(y)), y - 1]))


@misconception(
    of="cross_entropy",
    says="Only the first example is charged.",
    hint="What becomes of the other rows?",
)
def cross_entropy_of_the_first_example(probs, y):
    return -np.log(probs[0, y[0]])


@misconception(
    of="cross_entropy",
    says="The probabilities are added up before the logarithm; each example needs a logarithm of its own.",
    hint="log(a) + log(b) is not log(a + b). Which comes first in the formula, the sum or the logarithm?",
)
def cross_entropy_of_the_added_probabilities(probs, y):
    return -np.log(probs[np.arange(len(y)), y].sum()) / len(y)


@misconception(
    of="cross_entropy",
    says="log1p(p) is log(1 + p), not log p.",
    hint="What does a probability of 1 cost? It should be nothing.",
)
def cross_entropy_of_one_plus_the_probability(probs, y):
    return -np.mean(np.log1p(probs[np.arange(len(y)), y]))


@misconception(
    of="cross_entropy",
    says="1/p is charged, without a logarithm.",
    hint="What does a probability of 1 cost? It should be nothing.",
)
def cross_entropy_of_reciprocals(probs, y):
    return np.mean(1 / probs[np.arange(len(y)), y])


@misconception(
    of="cross_entropy",
    says="The loss is rounded.",
    hint="Round when you print, not when you compute.",
)
def cross_entropy_rounded(probs, y):
    return round(float(-np.mean(np.log(probs[np.arange(len(y)), y]))), 3)


@misconception(
    of="cross_entropy",
    says="The loss comes in a list; it should be one number.",
    hint="Which brackets are round the value you return?",
)
def cross_entropy_in_a_list(probs, y):
    return [-np.mean(np.log(probs[np.arange(len(y)), y]))]


@misconception(
    of="cross_entropy",
    says="The answer of the example in the text is returned, whatever the input.",
    hint="Use probs and y. What should another picture cost?",
)
def cross_entropy_of_the_text_always(probs, y):
    return 1.609


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


@misconception(
    of="softmax_cross_entropy",
    says="The maximum is subtracted in log-sum-exp but not from the true score.",
    hint="The shift cancels only if both terms know of it. Compare the losses of (1, 2) and (11, 12).",
)
def softmax_cross_entropy_mixing_shifted_and_unshifted(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - scores[rows, y]).mean()
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="In the loss one number, the maximum of the whole batch, is subtracted from every row.",
    hint="What happens to a row of small scores when another row has huge ones?",
)
def softmax_cross_entropy_with_a_batch_maximum_in_the_loss(scores, y):
    rows, n = np.arange(len(y)), len(y)
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    largest = scores.max()
    loss = (np.log(np.exp(scores - largest).sum(axis=1)) + largest - scores[rows, y]).mean()
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="The gradient is safe, but in the loss the exponentials overflow: nothing is subtracted there.",
    hint="The same freedom as in softmax helps in log-sum-exp: what may you subtract from all scores of a row?",
)
def softmax_cross_entropy_with_an_unshifted_loss(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(np.exp(scores).sum(axis=1)) - scores[rows, y]).mean()
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="In the loss the smallest score is subtracted, so that the largest still overflows.",
    hint="Which number must be subtracted so that no exponent is positive?",
)
def softmax_cross_entropy_with_a_loss_shifted_by_the_minimum(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    low = scores - scores.min(axis=1, keepdims=True)
    loss = (np.log(np.exp(low).sum(axis=1)) - low[rows, y]).mean()
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="The loss is divided by the number of classes instead of the number of examples.",
    hint="Losses are means over the batch. Which of the two axes of scores is the batch?",
)
def softmax_cross_entropy_with_a_loss_divided_by_classes(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).sum() / scores.shape[1]
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="The gradient is divided by the number of classes as well, although the loss is not.",
    hint="Compare with a numerical gradient of your loss. By which factor do they differ?",
)
def softmax_cross_entropy_with_a_gradient_divided_by_everything(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth) / scores.size


@misconception(
    of="softmax_cross_entropy",
    says="The gradient is averaged over the examples, so that it has shape (C,).",
    hint="A gradient has the shape of what it differentiates. Each example has scores of its own.",
)
def softmax_cross_entropy_with_a_gradient_averaged_over_examples(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth).mean(axis=0)


@misconception(
    of="softmax_cross_entropy",
    says="Gradient and loss are returned the wrong way round.",
    hint="In which order does the text ask for them?",
)
def softmax_cross_entropy_in_swapped_order(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return (probs - truth) / n, loss


@misconception(
    of="softmax_cross_entropy",
    says="The cost of each example is returned instead of their mean.",
    hint="The loss is one number. What turns N costs into one?",
)
def softmax_cross_entropy_for_each_example(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = np.log(totals[:, 0]) - shifted[rows, y]
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="The gradient carries an extra p(1 - p), the slope of the softmax, which the logarithm cancels.",
    hint="Prediction minus truth is the whole gradient with respect to the scores.",
)
def softmax_cross_entropy_with_an_extra_slope(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth) * probs * (1 - probs) / n


@misconception(
    of="softmax_cross_entropy",
    says="The logarithm has base 2.",
    hint="Which of NumPy's logarithms undoes np.exp?",
)
def softmax_cross_entropy_in_bits(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log2(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="Softmax is applied twice: the probabilities are treated as scores.",
    hint="Which variable goes into log-sum-exp: scores or probabilities?",
)
def softmax_cross_entropy_of_probabilities(scores, y):
    n, rows = len(y), np.arange(len(y))
    high = np.exp(scores - scores.max(axis=1, keepdims=True))
    probs = high / high.sum(axis=1, keepdims=True)
    shifted = probs - probs.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="Only the prediction is divided by N, not the truth: brackets are missing.",
    hint="Division binds more tightly than subtraction. What must be subtracted first?",
)
def softmax_cross_entropy_dividing_the_prediction_only(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, probs / n - truth


@misconception(
    of="softmax_cross_entropy",
    says="The 1 is subtracted for the first example only.",
    hint="Every example has a true class. Which rows does your index name?",
)
def softmax_cross_entropy_subtracting_in_the_first_row(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    probs[0, y[0]] -= 1
    return loss, probs / n


@misconception(
    of="softmax_cross_entropy",
    says="The probabilities are returned as the gradient: neither is the truth subtracted nor is there a 1/N.",
    hint="Prediction minus truth, over N. Which two steps are missing?",
)
def softmax_cross_entropy_returning_the_probabilities(scores, y):
    rows = np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean()
    return loss, probs


@misconception(
    of="softmax_cross_entropy",
    says="An infinite cost is replaced by a number instead of being avoided.",
    hint="A true score that is 10,000 too low should cost 10,000. Can you reach the logarithm without a probability?",
)
def softmax_cross_entropy_with_infinity_replaced(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    with np.errstate(divide="ignore"):
        costs = -np.log(probs[rows, y])
    loss = np.where(np.isinf(costs), 1000.0, costs).mean()
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="Probabilities are kept above 1e-300, which caps the loss at 691.",
    hint="A true score that is 1,000 too low should cost 1,000. Can you reach the logarithm without a probability?",
)
def softmax_cross_entropy_with_the_smallest_number_as_a_floor(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = -np.log(np.maximum(probs[rows, y], 1e-300)).mean()
    return loss, (probs - truth) / n


@misconception(
    of="softmax_cross_entropy",
    says="There is a one half too many in the loss.",
    hint="Equal scores of C classes should cost log C.",
)
def softmax_cross_entropy_with_a_half(scores, y):
    n, rows = len(y), np.arange(len(y))
    shifted = scores - scores.max(axis=1, keepdims=True)
    totals = np.exp(shifted).sum(axis=1, keepdims=True)
    probs = np.exp(shifted) / totals
    truth = np.eye(scores.shape[1])[y]
    loss = (np.log(totals[:, 0]) - shifted[rows, y]).mean() / 2
    return loss, (probs - truth) / n


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
    says="The difference is the wrong way round: true score minus the others, in loss and gradient alike.",
    hint="Who is charged: a wrong class that scores high, or one that scores low?",
)
def hinge_loss_with_both_sides_reversed(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores[rows, y][:, np.newaxis] - scores + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The maximum with 0 is missing: classes far below the true one earn a reward.",
    hint="An example that keeps the margin costs nothing, however large its lead.",
)
def hinge_loss_without_the_maximum(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = scores - scores[rows, y][:, np.newaxis] + margin
    charged[rows, y] = 0.0
    dscores = np.ones(scores.shape)
    dscores[rows, y] = 0.0
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The loss is summed over the batch, although the gradient is that of the mean.",
    hint="The same examples twice should cost the same.",
)
def hinge_loss_loss_summed(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum(), dscores / n


@misconception(
    of="hinge_loss",
    says="Loss and gradient are divided by the number of wrong classes as well.",
    hint="The formula adds up over the classes and averages over the examples. With tiny scores the loss should be C - 1.",
)
def hinge_loss_averaged_over_wrong_classes(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n / (scores.shape[1] - 1), dscores / n / (scores.shape[1] - 1)


@misconception(
    of="hinge_loss",
    says="Every class is asked a yes-or-no question of its own; scores are not compared with the true score.",
    hint="The loss looks at differences of scores. What should adding 100 to all scores change?",
)
def hinge_loss_for_each_class_alone(scores, y, margin=1.0):
    n = len(y)
    signs = 2 * np.eye(scores.shape[1])[y] - 1
    charged = np.maximum(0.0, margin - signs * scores)
    dscores = np.where(charged > 0, -signs, 0.0)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The true class is charged and then 1 is taken off, which is right only for a margin of 1.",
    hint="What does the true class contribute to your sum when the margin is 2.5?",
)
def hinge_loss_taking_off_one(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = 0.0
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n - 1, dscores / n


@misconception(
    of="hinge_loss",
    says="The gradient is stored in an array of truth values, so that the pull on the true score becomes True.",
    hint="charged > 0 holds True and False. What happens when you write -2 into it?",
)
def hinge_loss_with_a_gradient_of_truth_values(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = charged > 0
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The slopes are divided as whole numbers: //, or an integer array, cuts off the fractions.",
    hint="Two of three examples contribute a third each. Which dtype must the gradient have?",
)
def hinge_loss_with_whole_slopes(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(int)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores // n


@misconception(
    of="hinge_loss",
    says="The gradient counts only classes that beat the true one; those within the margin are charged, too.",
    hint="Which classes have a positive charge? Use the same condition for the slope.",
)
def hinge_loss_with_a_gradient_without_margin(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (scores > scores[rows, y][:, np.newaxis]).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The true score gets a positive slope.",
    hint="If the true score rises, do the charges rise or fall?",
)
def hinge_loss_pushing_the_true_score_down(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The loop ends at the true class, so that the classes behind it are never charged.",
    hint="Which statement skips one turn of a loop, and which ends it?",
)
def hinge_loss_stopping_at_the_true_class(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[np.arange(scores.shape[1]) > y[:, np.newaxis]] = 0.0
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The charged classes are counted along the wrong axis.",
    hint="How many classes of this row are charged? Which axis runs over the classes?",
)
def hinge_loss_counting_along_the_examples(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=0)[y]
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The scores themselves are changed.",
    hint="Print scores before and after the call. Which operator writes into the array it was given?",
)
def hinge_loss_in_place(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    scores -= scores[rows, y][:, np.newaxis] - margin
    charged = np.maximum(0.0, scores)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="scores[:, y] takes the columns of all labels, so that a row is not compared with its own true score.",
    hint="Which index picks one entry from each row?",
)
def hinge_loss_with_a_mean_true_score(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[:, y].mean(axis=1, keepdims=True) + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The default margin is 0 instead of 1.",
    hint="Look at the signature in the notebook.",
)
def hinge_loss_with_no_margin_by_default(scores, y, margin=0.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum() / n, dscores / n


@misconception(
    of="hinge_loss",
    says="The cost of each example is returned instead of their mean.",
    hint="The loss is one number. What turns N costs into one?",
)
def hinge_loss_for_each_example(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return charged.sum(axis=1), dscores / n


@misconception(
    of="hinge_loss",
    says="Only the loss is returned; the gradient is missing.",
    hint="Training needs both. What does the text ask for?",
)
def hinge_loss_returning_only_the_loss(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    return charged.sum() / n


@misconception(
    of="hinge_loss",
    says="Gradient and loss are returned the wrong way round.",
    hint="In which order does the text ask for them?",
)
def hinge_loss_in_swapped_order(scores, y, margin=1.0):
    n, rows = len(y), np.arange(len(y))
    charged = np.maximum(0.0, scores - scores[rows, y][:, np.newaxis] + margin)
    charged[rows, y] = 0.0
    dscores = (charged > 0).astype(float)
    dscores[rows, y] = -dscores.sum(axis=1)
    return dscores / n, charged.sum() / n


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


@misconception(
    of="mse",
    says="Only the loss is returned; the gradient is missing.",
    hint="Training needs both. What does the text ask for?",
)
def mse_returning_only_the_loss(pred, target):
    difference = pred - target
    return np.mean(difference**2)


@misconception(
    of="mse",
    says="Gradient and loss are returned the wrong way round.",
    hint="In which order does the text ask for them?",
)
def mse_in_swapped_order(pred, target):
    difference = pred - target
    return 2 * difference / difference.size, np.mean(difference**2)


@misconception(
    of="mse",
    says="The gradient is flattened; it should have the shape of the predictions.",
    hint="Which line changes the shape? A gradient has the shape of what it differentiates.",
)
def mse_with_a_flat_gradient(pred, target):
    difference = (pred - target).ravel()
    return np.mean(difference**2), 2 * difference / difference.size


@misconception(
    of="mse",
    says="The gradient is averaged to one number; each prediction needs its own slope.",
    hint="A gradient has the shape of what it differentiates.",
)
def mse_with_one_slope_for_all(pred, target):
    difference = pred - target
    return np.mean(difference**2), (2 * difference / difference.size).sum()


@misconception(
    of="mse",
    says="The predictions themselves are changed.",
    hint="Print pred before and after the call. Which operator writes into the array it was given?",
)
def mse_in_place(pred, target):
    pred -= target
    difference = pred
    return np.mean(difference**2), 2 * difference / difference.size


@misconception(
    of="mse",
    says="The mean is over the columns only: a table of N rows costs N times too much.",
    hint="The mean is over all numbers there are. How many are that in (N, D)?",
)
def mse_averaged_over_columns(pred, target):
    difference = pred - target
    return np.sum(difference**2) / pred.shape[-1], 2 * difference / pred.shape[-1]


@misconception(
    of="mse",
    says="The gradient is divided by the number of columns, although the loss is a mean over all entries.",
    hint="Compare with a numerical gradient of your loss. By which factor do they differ?",
)
def mse_gradient_divided_by_columns(pred, target):
    difference = pred - target
    return np.mean(difference**2), 2 * difference / pred.shape[-1]


@misconception(
    of="mse",
    says="Loss and gradient are divided by n - 1 instead of n.",
    hint="A mean divides by how many there are.",
)
def mse_divided_by_one_less(pred, target):
    difference = pred - target
    return np.sum(difference**2) / max(difference.size - 1, 1), 2 * difference / max(difference.size - 1, 1)


@misconception(
    of="mse",
    says="There is a one half in front of the squares, but not in the gradient.",
    hint="A prediction that is 3 off should cost 9. Compare with a numerical gradient of your loss.",
)
def mse_with_only_the_loss_halved(pred, target):
    difference = pred - target
    return np.mean(difference**2) / 2, 2 * difference / difference.size


@misconception(
    of="mse",
    says="The root of the loss is taken, although the gradient is that of the mean square.",
    hint="A prediction that is 3 off should cost 9.",
)
def mse_with_only_the_loss_rooted(pred, target):
    difference = pred - target
    return np.sqrt(np.mean(difference**2)), 2 * difference / difference.size


@misconception(
    of="mse",
    says="In the loss the mean is squared instead of the differences: errors of opposite sign cancel.",
    hint="What do errors of +3 and -3 cost? Which comes first, squaring or averaging?",
)
def mse_with_the_loss_of_the_mean(pred, target):
    difference = pred - target
    return np.mean(difference) ** 2, 2 * difference / difference.size


@misconception(
    of="mse",
    says="In the loss absolute differences are averaged instead of squares, although the gradient is that of squares.",
    hint="A prediction that is 3 off should cost 9.",
)
def mse_with_absolute_values_in_the_loss(pred, target):
    difference = pred - target
    return np.abs(difference).mean(), 2 * difference / difference.size


@misconception(
    of="mse",
    says="@ is used on the differences, which is a sum of squares only for one axis.",
    hint="Try a (3, 2) table. Which operation squares entry by entry whatever the shape?",
)
def mse_for_vectors_only(pred, target):
    difference = pred - target
    return difference @ difference / len(difference), 2 * difference / len(difference)


@misconception(
    of="mse",
    says="The squares are subtracted instead of the difference squared.",
    hint="What do a prediction of -2 and a target of 2 cost? Subtract first, then square.",
)
def mse_as_difference_of_squares(pred, target):
    difference = pred - target
    return np.mean(pred**2 - target**2), 2 * difference / difference.size


@misconception(
    of="mse",
    says="The gradient has lost its sign: it points up even where the prediction is too low.",
    hint="Where the prediction is too low, should it rise or fall?",
)
def mse_with_a_gradient_of_sizes(pred, target):
    difference = pred - target
    return np.mean(difference**2), 2 * np.abs(difference) / difference.size


@misconception(
    of="mse",
    says="The gradient holds the squares; differentiating lowers the power by one.",
    hint="What is the derivative of x squared?",
)
def mse_with_a_gradient_of_squares(pred, target):
    difference = pred - target
    return np.mean(difference**2), 2 * difference**2 / difference.size


@misconception(
    of="mse",
    says="The variance of the differences is taken, which leaves out their mean.",
    hint="What do predictions cost that are all 3 too high? np.var gives 0.",
)
def mse_as_variance(pred, target):
    difference = pred - target
    return np.var(difference), 2 * difference / difference.size


@misconception(
    of="mse",
    says="The gradient is 2·pred/n: the target is left out.",
    hint="What is the derivative of (ŷ - t)²? The inside stays.",
)
def mse_without_the_target_in_the_gradient(pred, target):
    difference = pred - target
    return np.mean(difference**2), 2 * pred / difference.size


@misconception(
    of="mse",
    says="The length of the vector of differences is divided by n, without being squared.",
    hint="A prediction that is 3 off should cost 9. What does a norm give?",
)
def mse_as_a_norm(pred, target):
    difference = pred - target
    return np.sqrt(np.sum(difference**2)) / difference.size, 2 * difference / difference.size


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


@misconception(
    of="mae",
    says="Only the loss is returned; the gradient is missing.",
    hint="Training needs both. What does the text ask for?",
)
def mae_returning_only_the_loss(pred, target):
    difference = pred - target
    return np.abs(difference).mean()


@misconception(
    of="mae",
    says="Gradient and loss are returned the wrong way round.",
    hint="In which order does the text ask for them?",
)
def mae_in_swapped_order(pred, target):
    difference = pred - target
    return np.sign(difference) / difference.size, np.abs(difference).mean()


@misconception(
    of="mae",
    says="The gradient is flattened; it should have the shape of the predictions.",
    hint="Which line changes the shape? A gradient has the shape of what it differentiates.",
)
def mae_with_a_flat_gradient(pred, target):
    difference = (pred - target).ravel()
    return np.abs(difference).mean(), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="The gradient is averaged to one number; each prediction needs its own slope.",
    hint="A gradient has the shape of what it differentiates.",
)
def mae_with_one_slope_for_all(pred, target):
    difference = pred - target
    return np.abs(difference).mean(), (np.sign(difference) / difference.size).sum()


@misconception(
    of="mae",
    says="The predictions themselves are changed.",
    hint="Print pred before and after the call. Which operator writes into the array it was given?",
)
def mae_in_place(pred, target):
    pred -= target
    difference = pred
    return np.abs(difference).mean(), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="The mean is over the columns only: a table of N rows costs N times too much.",
    hint="The mean is over all numbers there are. How many are that in (N, D)?",
)
def mae_averaged_over_columns(pred, target):
    difference = pred - target
    return np.abs(difference).sum() / pred.shape[-1], np.sign(difference) / pred.shape[-1]


@misconception(
    of="mae",
    says="The gradient is divided by the number of columns, although the loss is a mean over all entries.",
    hint="Compare with a numerical gradient of your loss. By which factor do they differ?",
)
def mae_gradient_divided_by_columns(pred, target):
    difference = pred - target
    return np.abs(difference).mean(), np.sign(difference) / pred.shape[-1]


@misconception(
    of="mae",
    says="Loss and gradient are divided by n - 1 instead of n.",
    hint="A mean divides by how many there are.",
)
def mae_divided_by_one_less(pred, target):
    difference = pred - target
    return np.abs(difference).sum() / max(difference.size - 1, 1), np.sign(difference) / max(difference.size - 1, 1)


@misconception(
    of="mae",
    says="The gradient is the one of squared errors.",
    hint="The slope of |x| is the same at 1 and at 100. Is yours?",
)
def mae_with_the_slope_of_squares(pred, target):
    difference = pred - target
    return np.abs(difference).mean(), 2 * difference / difference.size


@misconception(
    of="mae",
    says="In the loss the absolute value is missing: errors of opposite sign cancel, and the loss can be negative.",
    hint="What do errors of +3 and -3 cost?",
)
def mae_with_the_loss_of_signed_differences(pred, target):
    difference = pred - target
    return difference.mean(), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="In the loss the absolute value is taken after the mean: errors of opposite sign cancel.",
    hint="What do errors of +3 and -3 cost? Which comes first?",
)
def mae_with_the_loss_of_the_mean(pred, target):
    difference = pred - target
    return np.abs(difference.mean()), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="Each column has a loss of its own instead of one number for all.",
    hint="The mean is over all numbers there are. What does axis=0 leave?",
)
def mae_for_each_column(pred, target):
    difference = pred - target
    return np.abs(difference).mean(axis=0), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="The median of the differences is taken instead of their mean.",
    hint="Absolute error is drawn to the median, but it is a mean itself.",
)
def mae_as_median(pred, target):
    difference = pred - target
    return np.median(np.abs(difference)), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="The absolute values are taken before the difference.",
    hint="What do a prediction of -2 and a target of 2 cost? Subtract first.",
)
def mae_of_sizes(pred, target):
    difference = np.abs(pred) - np.abs(target)
    return np.abs(difference).mean(), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="The gradient holds the distances instead of the signs.",
    hint="The slope of |x| is the same at 1 and at 100. Is yours?",
)
def mae_with_a_gradient_of_sizes(pred, target):
    difference = pred - target
    return np.abs(difference).mean(), np.abs(difference) / difference.size


@misconception(
    of="mae",
    says="The gradient is 0 where the prediction is too low; it should be -1/n there.",
    hint="Where the prediction is too low, does the loss rise or fall with it?",
)
def mae_without_a_slope_below(pred, target):
    difference = pred - target
    return np.abs(difference).mean(), (difference > 0) / difference.size


@misconception(
    of="mae",
    says="The sign is taken of the prediction instead of the difference.",
    hint="What decides whether the loss rises with the prediction?",
)
def mae_with_the_sign_of_the_prediction(pred, target):
    difference = pred - target
    return np.abs(difference).mean(), np.sign(pred) / difference.size


@misconception(
    of="mae",
    says="The loss is the root of the mean square.",
    hint="What do errors of 1 and 7 cost? 4, not 5.",
)
def mae_as_root_of_squares(pred, target):
    difference = pred - target
    return np.sqrt(np.mean(difference**2)), np.sign(difference) / difference.size


@misconception(
    of="mae",
    says="This is the smooth relative (Huber), quadratic near the target.",
    hint="A prediction that is 0.5 off should cost 0.5.",
)
def mae_smoothed(pred, target):
    difference = pred - target
    size = np.abs(difference)
    return np.where(size < 1, difference**2 / 2, size - 0.5).mean(), np.clip(difference, -1, 1) / size.size


@misconception(
    of="mae",
    says="There is a one half too many.",
    hint="A prediction that is 3 off should cost 3.",
)
def mae_halved(pred, target):
    difference = pred - target
    return np.abs(difference).mean() / 2, np.sign(difference) / difference.size / 2


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


@misconception(
    of="binary_cross_entropy",
    says="The loss is summed over the batch, although the gradient is that of the mean.",
    hint="The same examples twice should cost the same.",
)
def binary_cross_entropy_loss_summed(logits, y):
    loss = np.sum(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="Only the examples with answer yes get a gradient.",
    hint="A confident yes where the answer is no must be pushed down.",
)
def binary_cross_entropy_with_a_gradient_for_yes_only(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, y * (probs - 1) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The gradient is with respect to the probabilities, divided by p(1 - p), not to the logits.",
    hint="The chain rule goes on through the sigmoid. What does its slope cancel?",
)
def binary_cross_entropy_with_a_gradient_of_the_probabilities(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = 1 / (1 + np.exp(-logits))
    return loss, (probs - y) / (probs * (1 - probs)) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The sign of the loss is flipped.",
    hint="A loss is never negative here: what does a doubtful answer, z = 0, cost?",
)
def binary_cross_entropy_with_a_negative_loss(logits, y):
    loss = -np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The cost of each example is returned instead of their mean.",
    hint="The loss is one number. What turns N costs into one?",
)
def binary_cross_entropy_for_each_example(logits, y):
    loss = np.logaddexp(0, logits) - y * logits
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The labels are used as an index, which fails when they are 1.0 and 0.0.",
    hint="The text says so: compute with the labels.",
)
def binary_cross_entropy_indexing_by_labels(logits, y):
    y = np.array([0.0, 1.0])[y]
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The logits are clipped to ±500, which caps the loss.",
    hint="A logit of 1,000 where the answer is no should cost 1,000.",
)
def binary_cross_entropy_with_logits_cut_at_500(logits, y):
    logits = np.clip(logits, -500, 500)
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The logits are clipped to ±30, which caps the loss.",
    hint="A logit of 1,000 where the answer is no should cost 1,000.",
)
def binary_cross_entropy_with_logits_cut_at_30(logits, y):
    logits = np.clip(logits, -30, 30)
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The logarithm is left out: only max(z, 0) - y·z remains.",
    hint="At z = 0 either answer should cost 0.693. What does it cost with yours?",
)
def binary_cross_entropy_without_the_logarithm(logits, y):
    loss = np.mean(np.maximum(logits, 0) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="|z| stands where max(z, 0) belongs.",
    hint="At z = -2 a no should cost 0.127. What does it cost with yours?",
)
def binary_cross_entropy_with_the_size_for_the_maximum(logits, y):
    loss = np.mean(np.abs(logits) - y * logits + np.log1p(np.exp(-np.abs(logits))))
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The logits themselves are changed.",
    hint="Print the logits before and after the call. Build a new array for the gradient.",
)
def binary_cross_entropy_in_place(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    logits[...] = (probs - y) / len(y)
    return loss, logits


@misconception(
    of="binary_cross_entropy",
    says="This is the mean squared error of the probabilities.",
    hint="A confident wrong answer should cost about |z|, not 1 at most.",
)
def binary_cross_entropy_with_squared_errors(logits, y):
    probs = np.exp(-np.logaddexp(0, -logits))
    return np.mean((probs - y) ** 2), 2 * (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="Only the loss is returned; the gradient is missing.",
    hint="Training needs both. What does the text ask for?",
)
def binary_cross_entropy_returning_only_the_loss(logits, y):
    return np.mean(np.logaddexp(0, logits) - y * logits)


@misconception(
    of="binary_cross_entropy",
    says="Gradient and loss are returned the wrong way round.",
    hint="In which order does the text ask for them?",
)
def binary_cross_entropy_in_swapped_order(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return (probs - y) / len(y), loss


@misconception(
    of="binary_cross_entropy",
    says="nan and infinity are replaced by numbers instead of being avoided.",
    hint="A logit of 1,000 where the answer is no should cost 1,000. What does log(1 - p) give there?",
)
def binary_cross_entropy_with_nan_replaced(logits, y):
    with np.errstate(all="ignore"):
        probs = 1 / (1 + np.exp(-logits))
        costs = -(y * np.log(probs) + (1 - y) * np.log(1 - probs))
    loss = np.nan_to_num(costs).mean()
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="nan is left out of the mean, which hides the examples where the loss breaks down.",
    hint="Where does the nan come from? Choose a form in which it cannot arise.",
)
def binary_cross_entropy_leaving_out_nan(logits, y):
    with np.errstate(all="ignore"):
        probs = 1 / (1 + np.exp(-logits))
        costs = -(y * np.log(probs) + (1 - y) * np.log(1 - probs))
    loss = np.nanmean(costs)
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="There is a one half too many in the loss.",
    hint="At z = 0 either answer should cost 0.693.",
)
def binary_cross_entropy_halved(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits) / 2
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="The gradient is the prediction alone: the truth was never subtracted.",
    hint="At a confident and right yes, how much should still be changed?",
)
def binary_cross_entropy_without_the_truth_in_the_gradient(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, probs / len(y)


@misconception(
    of="binary_cross_entropy",
    says="y is subtracted where y·z belongs.",
    hint="At z = 2 a yes should cost 0.127. What does it cost with yours?",
)
def binary_cross_entropy_with_the_label_alone(logits, y):
    loss = np.mean(np.logaddexp(0, logits) - y)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)


@misconception(
    of="binary_cross_entropy",
    says="z + log(1 + e^-z) is used on both sides and overflows for very negative z.",
    hint="Each of the two forms is safe on one side. Which one where?",
)
def binary_cross_entropy_overflowing_on_the_left(logits, y):
    with np.errstate(all="ignore"):
        loss = np.mean(logits + np.log(1 + np.exp(-logits)) - y * logits)
    probs = np.exp(-np.logaddexp(0, -logits))
    return loss, (probs - y) / len(y)
