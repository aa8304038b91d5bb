"""Wrong implementations that students hand in for 05-initialization, each with what a good TA says."""

import copy
from itertools import pairwise

import numpy as np

from grader.authoring import misconception

# ---------------------------------------------------------------- init_zeros


@misconception(
    of="init_zeros",
    says="The weights are one, not zero.",
    hint="Read the name again.",
)
def weights_of_one(fan_in, fan_out):
    return np.ones((fan_in, fan_out))


@misconception(
    of="init_zeros",
    says="The shape is (fan_out, fan_in).",
    hint="x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
)
def zeros_transposed(fan_in, fan_out):
    return np.zeros((fan_out, fan_in))


@misconception(
    of="init_zeros",
    says="The weights are one long vector.",
    hint="A layer computes x @ w. How many axes must w have?",
)
def zeros_flat(fan_in, fan_out):
    return np.zeros(fan_in * fan_out)


@misconception(
    of="init_zeros",
    says="The biases are returned as well.",
    hint="Only weights are asked for. How many things should come back?",
)
def zeros_with_biases(fan_in, fan_out):
    return np.zeros((fan_in, fan_out)), np.zeros(fan_out)


@misconception(
    of="init_zeros",
    says="There is a row too many, as if the bias were part of the weights.",
    hint="How many rows does a unit with fan_in inputs need in this course, where b is an array of its own?",
)
def zeros_with_bias_row(fan_in, fan_out):
    return np.zeros((fan_in + 1, fan_out))


@misconception(
    of="init_zeros",
    says="The weights are integers, which would cut off every later fraction.",
    hint="What dtype should weights have, and what is the default of np.zeros?",
)
def integer_zeros(fan_in, fan_out):
    return np.zeros((fan_in, fan_out), dtype=int)


@misconception(
    of="init_zeros",
    says="The weights are small numbers, not zeros.",
    hint="Zero means zero; the next exercise draws small numbers.",
)
def nearly_zero(fan_in, fan_out):
    return np.full((fan_in, fan_out), 0.01)


@misconception(
    of="init_zeros",
    says="A list is returned; the weights must be an array.",
    hint="Which function makes an array of zeros?",
)
def list_of_zeros(fan_in, fan_out):
    return [[0.0] * fan_out for _ in range(fan_in)]


@misconception(
    of="init_zeros",
    says="The weights are square, whatever the number of units.",
    hint="x is (N, fan_in) and the result (N, fan_out). Which shape has w?",
)
def square_zeros(fan_in, fan_out):
    return np.zeros((fan_in, fan_in))


@misconception(
    of="init_zeros",
    says="There is one zero a unit, which is the shape of the biases.",
    hint="x is (N, fan_in) and meets w in x @ w. How many axes has w?",
)
def zeros_of_a_bias(fan_in, fan_out):
    return np.zeros(fan_out)


# ---------------------------------------------------------------- init_normal


@misconception(
    of="init_normal",
    says="The numbers are uniform between 0 and 1, not normal.",
    hint="rng.random and rng.standard_normal differ by more than their name. Look at a histogram.",
)
def uniform_instead(fan_in, fan_out, std, rng):
    return std * rng.random((fan_in, fan_out))


@misconception(
    of="init_normal",
    says="std is treated as a variance: its root is taken.",
    hint="The argument is a standard deviation already. What does np.std of your weights say?",
)
def std_taken_for_variance(fan_in, fan_out, std, rng):
    return np.sqrt(std) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="init_normal",
    says="std is squared, as if a variance were wanted as scale.",
    hint="What multiplies a standard normal number to give it the standard deviation std?",
)
def squared_std(fan_in, fan_out, std, rng):
    return std**2 * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="init_normal",
    says="std is passed as the mean: rng.normal takes the mean first.",
    hint="Look at the order of rng.normal's arguments.",
)
def std_as_mean(fan_in, fan_out, std, rng):
    return rng.normal(std, 1.0, (fan_in, fan_out))


@misconception(
    of="init_normal",
    says="std is not used.",
    hint="Call your function with std 0.01 and 1 and compare.",
)
def std_unused(fan_in, fan_out, std, rng):
    return rng.standard_normal((fan_in, fan_out))


@misconception(
    of="init_normal",
    says="The shape is (fan_out, fan_in).",
    hint="x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
)
def normal_transposed(fan_in, fan_out, std, rng):
    return std * rng.standard_normal((fan_out, fan_in))


@misconception(
    of="init_normal",
    says="A generator is made inside, so that every layer gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def own_generator(fan_in, fan_out, std, rng):
    return std * np.random.default_rng(0).standard_normal((fan_in, fan_out))


@misconception(
    of="init_normal",
    says="One column is drawn and repeated, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def one_column_repeated(fan_in, fan_out, std, rng):
    return np.repeat(std * rng.standard_normal((fan_in, 1)), fan_out, axis=1)


@misconception(
    of="init_normal",
    says="All weights are positive.",
    hint="What is the mean of your weights? It should be 0.",
)
def only_positive(fan_in, fan_out, std, rng):
    return np.abs(std * rng.standard_normal((fan_in, fan_out)))


@misconception(
    of="init_normal",
    says="Numbers beyond two standard deviations are cut off.",
    hint="The text asks for a normal distribution as it is.",
)
def cut_off_at_two(fan_in, fan_out, std, rng):
    return np.clip(std * rng.standard_normal((fan_in, fan_out)), -2 * std, 2 * std)


@misconception(
    of="init_normal",
    says="The weights are divided by the root of fan_in; here std alone decides.",
    hint="Should the standard deviation of your weights depend on the layer's size?",
)
def normal_scaled_by_fan_in(fan_in, fan_out, std, rng):
    return std * rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in)


@misconception(
    of="init_normal",
    says="One number is drawn for the whole layer, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def normal_one_number(fan_in, fan_out, std, rng):
    return np.full((fan_in, fan_out), rng.normal(0.0, std))


@misconception(
    of="init_normal",
    says="One row is drawn and repeated: all inputs of a unit have the same weight.",
    hint="How many independent numbers does a layer need?",
)
def normal_one_row_repeated(fan_in, fan_out, std, rng):
    return np.tile(rng.normal(0.0, std, fan_out), (fan_in, 1))


@misconception(
    of="init_normal",
    says="The numbers are uniform; their spread is right, their distribution is not.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
)
def normal_uniform_of_the_right_spread(fan_in, fan_out, std, rng):
    return np.sqrt(3) * std * (2 * rng.random((fan_in, fan_out)) - 1)


@misconception(
    of="init_normal",
    says="The numbers are uniform between minus and plus the standard deviation.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
)
def normal_uniform_within_one_std(fan_in, fan_out, std, rng):
    return std * (2 * rng.random((fan_in, fan_out)) - 1)


@misconception(
    of="init_normal",
    says="Standard normal numbers are divided by the standard deviation instead of multiplied with it.",
    hint="What multiplies a standard normal number to give it the spread you want?",
)
def normal_divided(fan_in, fan_out, std, rng):
    return rng.standard_normal((fan_in, fan_out)) / std


@misconception(
    of="init_normal",
    says="Numbers beyond two standard deviations are drawn again, so that the distribution is truncated.",
    hint="The text asks for a normal distribution as it is.",
)
def normal_drawn_again_beyond_two(fan_in, fan_out, std, rng):
    w = rng.normal(0.0, std, (fan_in, fan_out))
    while (far := np.abs(w) > 2 * std).any():
        w[far] = rng.normal(0.0, std, far.sum())
    return w


@misconception(
    of="init_normal",
    says="The biases are returned as well.",
    hint="Only weights are asked for. How many things should come back?",
)
def normal_with_biases(fan_in, fan_out, std, rng):
    return rng.normal(0.0, std, (fan_in, fan_out)), np.zeros(fan_out)


@misconception(
    of="init_normal",
    says="A list is returned; the weights must be an array.",
    hint="A layer computes x @ w. What must w be?",
)
def normal_as_a_list(fan_in, fan_out, std, rng):
    return rng.normal(0.0, std, (fan_in, fan_out)).tolist()


@misconception(
    of="init_normal",
    says="The standard deviation is 0.01, whatever was asked for.",
    hint="Measure np.std of your weights for several layers. What should it be?",
)
def normal_always_a_hundredth(fan_in, fan_out, std, rng):
    return rng.normal(0.0, 0.01, (fan_in, fan_out))


@misconception(
    of="init_normal",
    says="The weights are all zero.",
    hint="What breaks the symmetry of the units? Draw from rng.",
)
def normal_zeros(fan_in, fan_out, std, rng):
    return np.zeros((fan_in, fan_out))


@misconception(
    of="init_normal",
    says="The weights are forced to have exactly this spread and mean; a draw has them only about.",
    hint="Draw ten layers of four weights: should all have the same np.std?",
)
def normal_standardised(fan_in, fan_out, std, rng):
    w = rng.standard_normal((fan_in, fan_out))
    with np.errstate(all="ignore"):
        return (w - w.mean()) / w.std() * std


@misconception(
    of="init_normal",
    says="A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def normal_own_generator_of_seed_42(fan_in, fan_out, std, rng):
    return np.random.default_rng(42).normal(0.0, std, (fan_in, fan_out))


@misconception(
    of="init_normal",
    says="The generator is copied, so that rng does not move on and the next layer gets the same numbers.",
    hint="Call your function twice with one rng: do two layers differ?",
)
def normal_copies_the_generator(fan_in, fan_out, std, rng):
    return copy.deepcopy(rng).normal(0.0, std, (fan_in, fan_out))


@misconception(
    of="init_normal",
    says="The weights come in pairs of opposite sign; every weight should be a draw of its own.",
    hint="How many independent numbers does a layer need?",
)
def normal_and_its_mirror(fan_in, fan_out, std, rng):
    half = rng.normal(0.0, std, (fan_in, (fan_out + 1) // 2))
    return np.hstack([half, -half])[:, :fan_out]


@misconception(
    of="init_normal",
    says="Each weight is a product of a number for its row and one for its column.",
    hint="How many independent numbers does a layer need? Yours come from fan_in + fan_out.",
)
def normal_outer_product(fan_in, fan_out, std, rng):
    return std * np.outer(rng.normal(size=fan_in), rng.normal(size=fan_out))


@misconception(
    of="init_normal",
    says="The arguments come in another order: std is taken for rng and rng for std.",
    hint="The signature is (fan_in, fan_out, std, rng). A call by position fills them in that order.",
)
def normal_arguments_exchanged(fan_in, fan_out, rng, std):
    return rng.normal(0.0, std, (fan_in, fan_out))


@misconception(
    of="init_normal",
    says="The weights are plus or minus std, and nothing between.",
    hint="Draw a histogram: a bell or two spikes?",
)
def normal_two_values(fan_in, fan_out, std, rng):
    return rng.choice([-std, std], size=(fan_in, fan_out))


# ---------------------------------------------------------------- lecun_normal


@misconception(
    of="lecun_normal",
    says="The variance is used as the standard deviation: the root is missing.",
    hint="The table gives variances. What must a standard normal number be multiplied by?",
)
def lecun_variance_as_std(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) / fan_in


@misconception(
    of="lecun_normal",
    says="fan_out is used instead of fan_in.",
    hint="How many terms has the sum that one unit computes?",
)
def lecun_uses_fan_out(fan_in, fan_out, rng):
    return np.sqrt(1 / fan_out) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The variance is 2 / fan_in: that is He's.",
    hint="Which of the three keeps the variance of a linear sum? The 2 is for ReLU.",
)
def lecun_is_he(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The variance is 2 / (fan_in + fan_out): that is Xavier's in this course.",
    hint="Which fans does the table name for LeCun?",
)
def lecun_is_xavier(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The weights grow with fan_in instead of shrinking.",
    hint="The more inputs a unit has, the smaller its weights must be.",
)
def lecun_multiplied(fan_in, fan_out, rng):
    return np.sqrt(fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="A generator is made inside, so that every layer of a size gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def lecun_own_generator(fan_in, fan_out, rng):
    return np.sqrt(1 / fan_in) * np.random.default_rng(0).standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The shape is (fan_out, fan_in).",
    hint="x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
)
def lecun_transposed(fan_in, fan_out, rng):
    return np.sqrt(1 / fan_in) * rng.standard_normal((fan_out, fan_in))


@misconception(
    of="lecun_normal",
    says="The numbers are uniform between 0 and 1, so they are neither normal nor centred on zero.",
    hint="What is the mean of your weights? Which method of rng draws standard normal numbers?",
)
def lecun_uniform_numbers(fan_in, fan_out, rng):
    return np.sqrt(1 / fan_in) * rng.random((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="One column is drawn and repeated, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def lecun_one_column_repeated(fan_in, fan_out, rng):
    return np.repeat(np.sqrt(1 / fan_in) * rng.standard_normal((fan_in, 1)), fan_out, axis=1)


@misconception(
    of="lecun_normal",
    says="One number is drawn for the whole layer, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def lecun_one_number(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), rng.normal(0.0, np.sqrt(1 / fan_in)))


@misconception(
    of="lecun_normal",
    says="One row is drawn and repeated: all inputs of a unit have the same weight.",
    hint="How many independent numbers does a layer need?",
)
def lecun_one_row_repeated(fan_in, fan_out, rng):
    return np.tile(rng.normal(0.0, np.sqrt(1 / fan_in), fan_out), (fan_in, 1))


@misconception(
    of="lecun_normal",
    says="The numbers are uniform; their spread is right, their distribution is not.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
)
def lecun_uniform_of_the_right_spread(fan_in, fan_out, rng):
    return np.sqrt(3) * np.sqrt(1 / fan_in) * (2 * rng.random((fan_in, fan_out)) - 1)


@misconception(
    of="lecun_normal",
    says="The numbers are uniform between minus and plus the standard deviation.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
)
def lecun_uniform_within_one_std(fan_in, fan_out, rng):
    return np.sqrt(1 / fan_in) * (2 * rng.random((fan_in, fan_out)) - 1)


@misconception(
    of="lecun_normal",
    says="Numbers beyond two standard deviations are drawn again, so that the distribution is truncated.",
    hint="The text asks for a normal distribution as it is.",
)
def lecun_drawn_again_beyond_two(fan_in, fan_out, rng):
    w = rng.normal(0.0, np.sqrt(1 / fan_in), (fan_in, fan_out))
    while (far := np.abs(w) > 2 * np.sqrt(1 / fan_in)).any():
        w[far] = rng.normal(0.0, np.sqrt(1 / fan_in), far.sum())
    return w


@misconception(
    of="lecun_normal",
    says="The biases are returned as well.",
    hint="Only weights are asked for. How many things should come back?",
)
def lecun_with_biases(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(1 / fan_in), (fan_in, fan_out)), np.zeros(fan_out)


@misconception(
    of="lecun_normal",
    says="A list is returned; the weights must be an array.",
    hint="A layer computes x @ w. What must w be?",
)
def lecun_as_a_list(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(1 / fan_in), (fan_in, fan_out)).tolist()


@misconception(
    of="lecun_normal",
    says="The standard deviation is 0.01, whatever was asked for.",
    hint="Measure np.std of your weights for several layers. What should it be?",
)
def lecun_always_a_hundredth(fan_in, fan_out, rng):
    return rng.normal(0.0, 0.01, (fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The weights are all zero.",
    hint="What breaks the symmetry of the units? Draw from rng.",
)
def lecun_zeros(fan_in, fan_out, rng):
    return np.zeros((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The weights are forced to have exactly this spread and mean; a draw has them only about.",
    hint="Draw ten layers of four weights: should all have the same np.std?",
)
def lecun_standardised(fan_in, fan_out, rng):
    w = rng.standard_normal((fan_in, fan_out))
    with np.errstate(all="ignore"):
        return (w - w.mean()) / w.std() * np.sqrt(1 / fan_in)


@misconception(
    of="lecun_normal",
    says="A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def lecun_own_generator_of_seed_42(fan_in, fan_out, rng):
    return np.random.default_rng(42).normal(0.0, np.sqrt(1 / fan_in), (fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The generator is copied, so that rng does not move on and the next layer gets the same numbers.",
    hint="Call your function twice with one rng: do two layers differ?",
)
def lecun_copies_the_generator(fan_in, fan_out, rng):
    return copy.deepcopy(rng).normal(0.0, np.sqrt(1 / fan_in), (fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The weights are not scaled: their standard deviation is 1.",
    hint="How many terms has the sum that one unit computes, and what becomes of its variance?",
)
def lecun_not_scaled(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="Numbers beyond two standard deviations are cut off.",
    hint="The text asks for a normal distribution as it is.",
)
def lecun_cut_off_at_two(fan_in, fan_out, rng):
    return np.clip(
        rng.normal(0.0, np.sqrt(1 / fan_in), (fan_in, fan_out)), -2 * np.sqrt(1 / fan_in), 2 * np.sqrt(1 / fan_in)
    )


@misconception(
    of="lecun_normal",
    says="The standard deviation is passed as the mean as well.",
    hint="Look at the order of rng.normal's arguments. What is the mean of your weights?",
)
def lecun_mean_of_one_std(fan_in, fan_out, rng):
    return rng.normal(np.sqrt(1 / fan_in), np.sqrt(1 / fan_in), (fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="Mean and standard deviation are exchanged: all weights are equal.",
    hint="Look at the order of rng.normal's arguments.",
)
def lecun_mean_for_std(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), np.sqrt(1 / fan_in))


@misconception(
    of="lecun_normal",
    says="The variance is half of what it should be.",
    hint="The table gives 1 / fan_in. For 8 inputs the standard deviation is 0.3536.",
)
def lecun_half_the_variance(fan_in, fan_out, rng):
    return np.sqrt(1 / (2 * fan_in)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The variance is 1 / (fan_in + fan_out): fan_out does not belong here.",
    hint="How many terms has the sum that one unit computes?",
)
def lecun_both_fans(fan_in, fan_out, rng):
    return np.sqrt(1 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="The 3 belongs to the uniform distribution, where the root is a bound.",
    hint="What is the variance of numbers uniform between -r and r?",
)
def lecun_bound_as_std(fan_in, fan_out, rng):
    return np.sqrt(3 / fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="lecun_normal",
    says="One is added to fan_in, as if the bias were one of the inputs.",
    hint="Biases are zero and add no variance. How many terms are left?",
)
def lecun_counts_the_bias(fan_in, fan_out, rng):
    return np.sqrt(1 / (fan_in + 1)) * rng.standard_normal((fan_in, fan_out))


# ---------------------------------------------------------------- xavier_normal


@misconception(
    of="xavier_normal",
    says="The variance is used as the standard deviation: the root is missing.",
    hint="The table gives variances. What must a standard normal number be multiplied by?",
)
def xavier_variance_as_std(fan_in, fan_out, rng):
    return 2 / (fan_in + fan_out) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The 2 is missing.",
    hint="For fan_in = fan_out the variance should be 1 / fan_in. Is yours?",
)
def xavier_without_two(fan_in, fan_out, rng):
    return np.sqrt(1 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The 2 stands outside the root.",
    hint="Is the 2 part of the variance or of the standard deviation?",
)
def xavier_two_outside_the_root(fan_in, fan_out, rng):
    return 2 / np.sqrt(fan_in + fan_out) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The variance is 1 / fan_in: that is LeCun's in this course.",
    hint="Which fans does the table name for Xavier?",
)
def xavier_is_lecun(fan_in, fan_out, rng):
    return np.sqrt(1 / fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The variance is 2 / fan_in: fan_out is missing.",
    hint="Xavier is a compromise between the way forward and the way back. Which fan does each want?",
)
def xavier_is_he(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The 6 belongs to the uniform distribution, where the root is a bound and not a standard deviation.",
    hint="What is the variance of numbers uniform between -r and r?",
)
def xavier_bound_as_std(fan_in, fan_out, rng):
    return np.sqrt(6 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The fans are multiplied instead of added.",
    hint="Compute the variance for 8 inputs and 24 units by hand, and with your code.",
)
def xavier_multiplies_the_fans(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in * fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="A generator is made inside, so that every layer of a size gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def xavier_own_generator(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + fan_out)) * np.random.default_rng(0).standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The shape is (fan_out, fan_in).",
    hint="x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
)
def xavier_transposed(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal((fan_out, fan_in))


@misconception(
    of="xavier_normal",
    says="The numbers are uniform between 0 and 1, so they are neither normal nor centred on zero.",
    hint="What is the mean of your weights? Which method of rng draws standard normal numbers?",
)
def xavier_uniform_numbers(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + fan_out)) * rng.random((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="One column is drawn and repeated, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def xavier_one_column_repeated(fan_in, fan_out, rng):
    return np.repeat(np.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal((fan_in, 1)), fan_out, axis=1)


@misconception(
    of="xavier_normal",
    says="One number is drawn for the whole layer, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def xavier_one_number(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out))))


@misconception(
    of="xavier_normal",
    says="One row is drawn and repeated: all inputs of a unit have the same weight.",
    hint="How many independent numbers does a layer need?",
)
def xavier_one_row_repeated(fan_in, fan_out, rng):
    return np.tile(rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), fan_out), (fan_in, 1))


@misconception(
    of="xavier_normal",
    says="The numbers are uniform; their spread is right, their distribution is not.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
)
def xavier_uniform_of_the_right_spread(fan_in, fan_out, rng):
    return np.sqrt(3) * np.sqrt(2 / (fan_in + fan_out)) * (2 * rng.random((fan_in, fan_out)) - 1)


@misconception(
    of="xavier_normal",
    says="The numbers are uniform between minus and plus the standard deviation.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
)
def xavier_uniform_within_one_std(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + fan_out)) * (2 * rng.random((fan_in, fan_out)) - 1)


@misconception(
    of="xavier_normal",
    says="Standard normal numbers are divided by the standard deviation instead of multiplied with it.",
    hint="What multiplies a standard normal number to give it the spread you want?",
)
def xavier_divided(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) / np.sqrt(2 / (fan_in + fan_out))


@misconception(
    of="xavier_normal",
    says="Numbers beyond two standard deviations are drawn again, so that the distribution is truncated.",
    hint="The text asks for a normal distribution as it is.",
)
def xavier_drawn_again_beyond_two(fan_in, fan_out, rng):
    w = rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))
    while (far := np.abs(w) > 2 * np.sqrt(2 / (fan_in + fan_out))).any():
        w[far] = rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), far.sum())
    return w


@misconception(
    of="xavier_normal",
    says="The biases are returned as well.",
    hint="Only weights are asked for. How many things should come back?",
)
def xavier_with_biases(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out)), np.zeros(fan_out)


@misconception(
    of="xavier_normal",
    says="A list is returned; the weights must be an array.",
    hint="A layer computes x @ w. What must w be?",
)
def xavier_as_a_list(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out)).tolist()


@misconception(
    of="xavier_normal",
    says="The standard deviation is 0.01, whatever was asked for.",
    hint="Measure np.std of your weights for several layers. What should it be?",
)
def xavier_always_a_hundredth(fan_in, fan_out, rng):
    return rng.normal(0.0, 0.01, (fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The weights are all zero.",
    hint="What breaks the symmetry of the units? Draw from rng.",
)
def xavier_zeros(fan_in, fan_out, rng):
    return np.zeros((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The weights are forced to have exactly this spread and mean; a draw has them only about.",
    hint="Draw ten layers of four weights: should all have the same np.std?",
)
def xavier_standardised(fan_in, fan_out, rng):
    w = rng.standard_normal((fan_in, fan_out))
    with np.errstate(all="ignore"):
        return (w - w.mean()) / w.std() * np.sqrt(2 / (fan_in + fan_out))


@misconception(
    of="xavier_normal",
    says="A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def xavier_own_generator_of_seed_42(fan_in, fan_out, rng):
    return np.random.default_rng(42).normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The generator is copied, so that rng does not move on and the next layer gets the same numbers.",
    hint="Call your function twice with one rng: do two layers differ?",
)
def xavier_copies_the_generator(fan_in, fan_out, rng):
    return copy.deepcopy(rng).normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The weights are not scaled: their standard deviation is 1.",
    hint="How many terms has the sum that one unit computes, and what becomes of its variance?",
)
def xavier_not_scaled(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="Numbers beyond two standard deviations are cut off.",
    hint="The text asks for a normal distribution as it is.",
)
def xavier_cut_off_at_two(fan_in, fan_out, rng):
    return np.clip(
        rng.normal(0.0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out)),
        -2 * np.sqrt(2 / (fan_in + fan_out)),
        2 * np.sqrt(2 / (fan_in + fan_out)),
    )


@misconception(
    of="xavier_normal",
    says="The standard deviation is passed as the mean as well.",
    hint="Look at the order of rng.normal's arguments. What is the mean of your weights?",
)
def xavier_mean_of_one_std(fan_in, fan_out, rng):
    return rng.normal(np.sqrt(2 / (fan_in + fan_out)), np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="Mean and standard deviation are exchanged: all weights are equal.",
    hint="Look at the order of rng.normal's arguments.",
)
def xavier_mean_for_std(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), np.sqrt(2 / (fan_in + fan_out)))


@misconception(
    of="xavier_normal",
    says="The variance is 2 / fan_out: fan_in is missing.",
    hint="Xavier is a compromise between the way forward and the way back. Which fan does each want?",
)
def xavier_fan_out_alone(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_out) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="The variance is 1 / fan_out: fan_in is missing.",
    hint="Xavier is a compromise between the way forward and the way back. Which fan does each want?",
)
def xavier_one_over_fan_out(fan_in, fan_out, rng):
    return np.sqrt(1 / fan_out) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="Only the 2 is under the root.",
    hint="Compute the standard deviation for 8 inputs and 24 units by hand: it is 0.25.",
)
def xavier_root_of_two_only(fan_in, fan_out, rng):
    return np.sqrt(2) / (fan_in + fan_out) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_normal",
    says="Brackets are missing: fan_out is added to the fraction instead of to fan_in.",
    hint="Division binds more tightly than addition. What stands under the fraction bar?",
)
def xavier_without_brackets(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in + fan_out) * rng.standard_normal((fan_in, fan_out))


# ---------------------------------------------------------------- he_normal


@misconception(
    of="he_normal",
    says="The variance is used as the standard deviation: the root is missing.",
    hint="The table gives variances. What must a standard normal number be multiplied by?",
)
def he_variance_as_std(fan_in, fan_out, rng):
    return 2 / fan_in * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="fan_out is used instead of fan_in.",
    hint="How many terms has the sum that one unit computes?",
)
def he_uses_fan_out(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_out) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The 2 is missing, so that ReLU halves the signal in every layer.",
    hint="Which half of the numbers does ReLU cut, and what makes up for it?",
)
def he_without_two(fan_in, fan_out, rng):
    return np.sqrt(1 / fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The 2 stands outside the root.",
    hint="Is the 2 part of the variance or of the standard deviation?",
)
def he_two_outside_the_root(fan_in, fan_out, rng):
    return 2 / np.sqrt(fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="Only the 2 is under the root.",
    hint="Compute the standard deviation for 8 inputs by hand: it is 0.5.",
)
def he_root_of_two_over_fan_in(fan_in, fan_out, rng):
    return np.sqrt(2) / fan_in * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The variance is 2 / (fan_in + fan_out): that is Xavier's.",
    hint="Which fan does the table name for He?",
)
def he_is_xavier(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="A generator is made inside, so that every layer of a size gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def he_own_generator(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in) * np.random.default_rng(0).standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The shape is (fan_out, fan_in).",
    hint="x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
)
def he_transposed(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in) * rng.standard_normal((fan_out, fan_in))


@misconception(
    of="he_normal",
    says="The numbers are uniform between 0 and 1, so they are neither normal nor centred on zero.",
    hint="What is the mean of your weights? Which method of rng draws standard normal numbers?",
)
def he_uniform_numbers(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in) * rng.random((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="One column is drawn and repeated, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def he_one_column_repeated(fan_in, fan_out, rng):
    return np.repeat(np.sqrt(2 / fan_in) * rng.standard_normal((fan_in, 1)), fan_out, axis=1)


@misconception(
    of="he_normal",
    says="One number is drawn for the whole layer, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def he_one_number(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), rng.normal(0.0, np.sqrt(2 / fan_in)))


@misconception(
    of="he_normal",
    says="One row is drawn and repeated: all inputs of a unit have the same weight.",
    hint="How many independent numbers does a layer need?",
)
def he_one_row_repeated(fan_in, fan_out, rng):
    return np.tile(rng.normal(0.0, np.sqrt(2 / fan_in), fan_out), (fan_in, 1))


@misconception(
    of="he_normal",
    says="The numbers are uniform; their spread is right, their distribution is not.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
)
def he_uniform_of_the_right_spread(fan_in, fan_out, rng):
    return np.sqrt(3) * np.sqrt(2 / fan_in) * (2 * rng.random((fan_in, fan_out)) - 1)


@misconception(
    of="he_normal",
    says="The numbers are uniform between minus and plus the standard deviation.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws normal numbers?",
)
def he_uniform_within_one_std(fan_in, fan_out, rng):
    return np.sqrt(2 / fan_in) * (2 * rng.random((fan_in, fan_out)) - 1)


@misconception(
    of="he_normal",
    says="Standard normal numbers are divided by the standard deviation instead of multiplied with it.",
    hint="What multiplies a standard normal number to give it the spread you want?",
)
def he_divided(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out)) / np.sqrt(2 / fan_in)


@misconception(
    of="he_normal",
    says="Numbers beyond two standard deviations are drawn again, so that the distribution is truncated.",
    hint="The text asks for a normal distribution as it is.",
)
def he_drawn_again_beyond_two(fan_in, fan_out, rng):
    w = rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))
    while (far := np.abs(w) > 2 * np.sqrt(2 / fan_in)).any():
        w[far] = rng.normal(0.0, np.sqrt(2 / fan_in), far.sum())
    return w


@misconception(
    of="he_normal",
    says="The biases are returned as well.",
    hint="Only weights are asked for. How many things should come back?",
)
def he_with_biases(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out)), np.zeros(fan_out)


@misconception(
    of="he_normal",
    says="A list is returned; the weights must be an array.",
    hint="A layer computes x @ w. What must w be?",
)
def he_as_a_list(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out)).tolist()


@misconception(
    of="he_normal",
    says="The standard deviation is 0.01, whatever was asked for.",
    hint="Measure np.std of your weights for several layers. What should it be?",
)
def he_always_a_hundredth(fan_in, fan_out, rng):
    return rng.normal(0.0, 0.01, (fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The weights are all zero.",
    hint="What breaks the symmetry of the units? Draw from rng.",
)
def he_zeros(fan_in, fan_out, rng):
    return np.zeros((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The weights are forced to have exactly this spread and mean; a draw has them only about.",
    hint="Draw ten layers of four weights: should all have the same np.std?",
)
def he_standardised(fan_in, fan_out, rng):
    w = rng.standard_normal((fan_in, fan_out))
    with np.errstate(all="ignore"):
        return (w - w.mean()) / w.std() * np.sqrt(2 / fan_in)


@misconception(
    of="he_normal",
    says="A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def he_own_generator_of_seed_42(fan_in, fan_out, rng):
    return np.random.default_rng(42).normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The generator is copied, so that rng does not move on and the next layer gets the same numbers.",
    hint="Call your function twice with one rng: do two layers differ?",
)
def he_copies_the_generator(fan_in, fan_out, rng):
    return copy.deepcopy(rng).normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The weights are not scaled: their standard deviation is 1.",
    hint="How many terms has the sum that one unit computes, and what becomes of its variance?",
)
def he_not_scaled(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="Numbers beyond two standard deviations are cut off.",
    hint="The text asks for a normal distribution as it is.",
)
def he_cut_off_at_two(fan_in, fan_out, rng):
    return np.clip(
        rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out)), -2 * np.sqrt(2 / fan_in), 2 * np.sqrt(2 / fan_in)
    )


@misconception(
    of="he_normal",
    says="The standard deviation is passed as the mean as well.",
    hint="Look at the order of rng.normal's arguments. What is the mean of your weights?",
)
def he_mean_of_one_std(fan_in, fan_out, rng):
    return rng.normal(np.sqrt(2 / fan_in), np.sqrt(2 / fan_in), (fan_in, fan_out))


@misconception(
    of="he_normal",
    says="Mean and standard deviation are exchanged: all weights are equal.",
    hint="Look at the order of rng.normal's arguments.",
)
def he_mean_for_std(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), np.sqrt(2 / fan_in))


@misconception(
    of="he_normal",
    says="The variance is 4 / (fan_in + fan_out): fan_out does not belong here.",
    hint="How many terms has the sum that one unit computes?",
)
def he_mean_of_the_fans(fan_in, fan_out, rng):
    return np.sqrt(4 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The 6 belongs to the uniform distribution, where the root is a bound and not a standard deviation.",
    hint="What is the variance of numbers uniform between -r and r?",
)
def he_bound_as_std(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="The fans are multiplied; fan_out does not belong here.",
    hint="How many terms has the sum that one unit computes?",
)
def he_product_of_the_fans(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in * fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_normal",
    says="One is added to fan_in, as if the bias were one of the inputs.",
    hint="Biases are zero and add no variance. How many terms are left?",
)
def he_counts_the_bias(fan_in, fan_out, rng):
    return np.sqrt(2 / (fan_in + 1)) * rng.standard_normal((fan_in, fan_out))


# ---------------------------------------------------------------- xavier_uniform


@misconception(
    of="xavier_uniform",
    says="The standard deviation is used as the bound, so that the variance is three times too small.",
    hint="What is the variance of numbers uniform between -r and r?",
)
def xavier_std_as_bound(fan_in, fan_out, rng):
    bound = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The numbers run from 0 to the bound; none is negative.",
    hint="What is the mean of your weights? It should be 0.",
)
def xavier_not_centred(fan_in, fan_out, rng):
    return np.sqrt(6 / (fan_in + fan_out)) * rng.random((fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The numbers run from minus half to plus half of the bound.",
    hint="How far is it from minus the bound to plus the bound?",
)
def xavier_half_the_range(fan_in, fan_out, rng):
    return np.sqrt(6 / (fan_in + fan_out)) * (rng.random((fan_in, fan_out)) - 0.5)


@misconception(
    of="xavier_uniform",
    says="The root is missing in the bound.",
    hint="The 6 comes from 3 times the variance. What turns a variance into a distance?",
)
def xavier_root_missing(fan_in, fan_out, rng):
    bound = 6 / (fan_in + fan_out)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The numbers are normal, with the bound as standard deviation.",
    hint="Which method of rng draws evenly between two numbers?",
)
def xavier_bound_as_std_of_normal(fan_in, fan_out, rng):
    return np.sqrt(6 / (fan_in + fan_out)) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="fan_out is missing from the bound.",
    hint="Which fans does Xavier's formula name?",
)
def xavier_uniform_is_he(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The 6 has become a 3.",
    hint="The bound is the root of 3 times the variance, and the variance has a 2 of its own.",
)
def xavier_three_for_six(fan_in, fan_out, rng):
    bound = np.sqrt(3 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The shape is (fan_out, fan_in).",
    hint="x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
)
def xavier_uniform_transposed(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))


@misconception(
    of="xavier_uniform",
    says="A generator is made inside, so that every layer of a size gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def xavier_uniform_own_generator(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(0).uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The numbers are normal; their spread is right, their distribution is not.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws evenly between two numbers?",
)
def xavier_uniform_normal_of_the_right_spread(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(6 / (fan_in + fan_out)) / np.sqrt(3), (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The 6 has become a 12.",
    hint="Numbers between -r and r have the variance r²/3; the 12 is for an interval of length 1.",
)
def xavier_uniform_twelve_for_six(fan_in, fan_out, rng):
    bound = np.sqrt(12 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The numbers run from -1 to 1; the bound is not used.",
    hint="Measure np.abs(w).max(). What should it be for a wide layer?",
)
def xavier_uniform_bound_unused(fan_in, fan_out, rng):
    return rng.uniform(-1.0, 1.0, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="Only the 6 is under the root.",
    hint="Compute the bound for 8 inputs and 24 units by hand and with your code.",
)
def xavier_uniform_root_of_six_only(fan_in, fan_out, rng):
    bound = np.sqrt(6) / (fan_in + fan_out)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="All weights are equal to the bound.",
    hint="Where are the random numbers? The bound is the edge of their range.",
)
def xavier_uniform_bound_everywhere(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), np.sqrt(6 / (fan_in + fan_out)))


@misconception(
    of="xavier_uniform",
    says="The weights are plus or minus the bound, and nothing between.",
    hint="Draw a histogram: a box or two spikes?",
)
def xavier_uniform_signs_only(fan_in, fan_out, rng):
    return np.sqrt(6 / (fan_in + fan_out)) * rng.choice([-1, 1], (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The numbers run from minus the bound to 0; none is positive.",
    hint="What is the mean of your weights? It should be 0.",
)
def xavier_uniform_negative_only(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, 0.0, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="One row is drawn and repeated: all inputs of a unit have the same weight.",
    hint="How many independent numbers does a layer need?",
)
def xavier_uniform_one_row_repeated(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.tile(rng.uniform(-bound, bound, fan_out), (fan_in, 1))


@misconception(
    of="xavier_uniform",
    says="One column is drawn and repeated, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def xavier_uniform_one_column_repeated(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.repeat(rng.uniform(-bound, bound, (fan_in, 1)), fan_out, axis=1)


@misconception(
    of="xavier_uniform",
    says="The difference of two uniform numbers is not uniform: the middle is too full.",
    hint="Draw a histogram: a box or a tent?",
)
def xavier_uniform_difference_of_two(fan_in, fan_out, rng):
    return np.sqrt(6 / (fan_in + fan_out)) * (rng.random((fan_in, fan_out)) - rng.random((fan_in, fan_out)))


@misconception(
    of="xavier_uniform",
    says="Evenly spaced numbers are no random ones.",
    hint="Which method of rng draws evenly between two numbers?",
)
def xavier_uniform_evenly_spaced(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.linspace(-bound, bound, fan_in * fan_out).reshape((fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="Evenly spaced numbers in random order are no independent draws: every layer holds the same ones.",
    hint="Draw two layers: should their sorted weights be the same?",
)
def xavier_uniform_evenly_spaced_and_shuffled(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.permutation(np.linspace(-bound, bound, fan_in * fan_out)).reshape((fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def xavier_uniform_own_generator_of_seed_42(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.random.default_rng(42).uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The left end is -1 instead of minus the bound.",
    hint="Measure w.min() and w.max(). Are they opposite?",
)
def xavier_uniform_left_end_of_one(fan_in, fan_out, rng):
    return rng.uniform(-1.0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception(
    of="xavier_uniform",
    says="The biases are returned as well.",
    hint="Only weights are asked for. How many things should come back?",
)
def xavier_uniform_with_biases(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out)), np.zeros(fan_out)


@misconception(
    of="xavier_uniform",
    says="fan_in is missing from the bound.",
    hint="Which fans does Xavier's formula name?",
)
def xavier_uniform_fan_out_alone(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_out)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


# ---------------------------------------------------------------- he_uniform


@misconception(
    of="he_uniform",
    says="The standard deviation is used as the bound, so that the variance is three times too small.",
    hint="What is the variance of numbers uniform between -r and r?",
)
def he_std_as_bound(fan_in, fan_out, rng):
    bound = np.sqrt(2 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The numbers run from 0 to the bound; none is negative.",
    hint="What is the mean of your weights? It should be 0.",
)
def he_not_centred(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * rng.random((fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The numbers run from minus half to plus half of the bound.",
    hint="How far is it from minus the bound to plus the bound?",
)
def he_half_the_range(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * (rng.random((fan_in, fan_out)) - 0.5)


@misconception(
    of="he_uniform",
    says="The root is missing in the bound.",
    hint="The 6 comes from 3 times the variance. What turns a variance into a distance?",
)
def he_root_missing(fan_in, fan_out, rng):
    bound = 6 / fan_in
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The numbers are normal, with the bound as standard deviation.",
    hint="Which method of rng draws evenly between two numbers?",
)
def he_bound_as_std_of_normal(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * rng.standard_normal((fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="fan_out is in the bound, but He's formula has fan_in alone.",
    hint="How many terms has the sum that one unit computes?",
)
def he_uniform_is_xavier(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="fan_out is used instead of fan_in.",
    hint="How many terms has the sum that one unit computes?",
)
def he_uniform_uses_fan_out(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_out)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The bound is that of variance 1 / fan_in: the 2 for ReLU is missing.",
    hint="The bound is the root of 3 times the variance. Which variance is He's?",
)
def he_three_for_six(fan_in, fan_out, rng):
    bound = np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The shape is (fan_out, fan_in).",
    hint="x is (N, fan_in) and meets w in x @ w. Which axis of w comes first?",
)
def he_uniform_transposed(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_out, fan_in))


@misconception(
    of="he_uniform",
    says="A generator is made inside, so that every layer of a size gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def he_uniform_own_generator(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return np.random.default_rng(0).uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The numbers are normal; their spread is right, their distribution is not.",
    hint="Draw a histogram: a bell or a box? Which method of rng draws evenly between two numbers?",
)
def he_uniform_normal_of_the_right_spread(fan_in, fan_out, rng):
    return rng.normal(0.0, np.sqrt(6 / fan_in) / np.sqrt(3), (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The 6 has become a 12.",
    hint="Numbers between -r and r have the variance r²/3; the 12 is for an interval of length 1.",
)
def he_uniform_twelve_for_six(fan_in, fan_out, rng):
    bound = np.sqrt(12 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The numbers run from -1 to 1; the bound is not used.",
    hint="Measure np.abs(w).max(). What should it be for a wide layer?",
)
def he_uniform_bound_unused(fan_in, fan_out, rng):
    return rng.uniform(-1.0, 1.0, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="Only the 6 is under the root.",
    hint="Compute the bound for 8 inputs and 24 units by hand and with your code.",
)
def he_uniform_root_of_six_only(fan_in, fan_out, rng):
    bound = np.sqrt(6) / fan_in
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="All weights are equal to the bound.",
    hint="Where are the random numbers? The bound is the edge of their range.",
)
def he_uniform_bound_everywhere(fan_in, fan_out, rng):
    return np.full((fan_in, fan_out), np.sqrt(6 / fan_in))


@misconception(
    of="he_uniform",
    says="The weights are plus or minus the bound, and nothing between.",
    hint="Draw a histogram: a box or two spikes?",
)
def he_uniform_signs_only(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * rng.choice([-1, 1], (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The numbers run from minus the bound to 0; none is positive.",
    hint="What is the mean of your weights? It should be 0.",
)
def he_uniform_negative_only(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, 0.0, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="One row is drawn and repeated: all inputs of a unit have the same weight.",
    hint="How many independent numbers does a layer need?",
)
def he_uniform_one_row_repeated(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return np.tile(rng.uniform(-bound, bound, fan_out), (fan_in, 1))


@misconception(
    of="he_uniform",
    says="One column is drawn and repeated, so that all units are equal.",
    hint="How many independent numbers does a layer need?",
)
def he_uniform_one_column_repeated(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return np.repeat(rng.uniform(-bound, bound, (fan_in, 1)), fan_out, axis=1)


@misconception(
    of="he_uniform",
    says="The difference of two uniform numbers is not uniform: the middle is too full.",
    hint="Draw a histogram: a box or a tent?",
)
def he_uniform_difference_of_two(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * (rng.random((fan_in, fan_out)) - rng.random((fan_in, fan_out)))


@misconception(
    of="he_uniform",
    says="Evenly spaced numbers are no random ones.",
    hint="Which method of rng draws evenly between two numbers?",
)
def he_uniform_evenly_spaced(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return np.linspace(-bound, bound, fan_in * fan_out).reshape((fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="Evenly spaced numbers in random order are no independent draws: every layer holds the same ones.",
    hint="Draw two layers: should their sorted weights be the same?",
)
def he_uniform_evenly_spaced_and_shuffled(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.permutation(np.linspace(-bound, bound, fan_in * fan_out)).reshape((fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="A generator is made inside, with a seed of its own, so that every layer gets the same numbers.",
    hint="Call your function twice: do two layers differ? Draw from the generator you are given.",
)
def he_uniform_own_generator_of_seed_42(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return np.random.default_rng(42).uniform(-bound, bound, (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The left end is -1 instead of minus the bound.",
    hint="Measure w.min() and w.max(). Are they opposite?",
)
def he_uniform_left_end_of_one(fan_in, fan_out, rng):
    return rng.uniform(-1.0, np.sqrt(6 / fan_in), (fan_in, fan_out))


@misconception(
    of="he_uniform",
    says="The biases are returned as well.",
    hint="Only weights are asked for. How many things should come back?",
)
def he_uniform_with_biases(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out)), np.zeros(fan_out)


# ---------------------------------------------------------------- activation_stats


@misconception(
    of="activation_stats",
    says="The numbers are measured before the activation instead of behind it.",
    hint="Which is asked for: the statistics of z, or of activation(z)?",
)
def measures_before_the_activation(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        z = a @ init(fan_in, fan_out, rng)
        a = activation(z)
        means.append(z.mean())
        stds.append(z.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="The next layer is fed with z instead of with activation(z).",
    hint="What is the input of a layer: the sums of the layer below, or its activations?",
)
def passes_on_z(sizes, init, activation, rng, n=1000):
    z = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        z = z @ init(fan_in, fan_out, rng)
        a = activation(z)
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="The input is measured as if it were a layer.",
    hint="How many layers have sizes of five numbers?",
)
def counts_the_input_as_a_layer(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [a.mean()], [a.std()]
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="The last layer is missing.",
    hint="How many pairs of neighbours have five sizes?",
)
def stops_one_layer_early(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes[:-1]):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="The last layer is left linear.",
    hint="The text wants the activation behind every layer. Which does your loop leave out?",
)
def last_layer_without_activation(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for layer, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        a = a @ init(fan_in, fan_out, rng)
        if layer < len(sizes) - 2:
            a = activation(a)
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="The variances are returned instead of the standard deviations.",
    hint="What is the root of your numbers?",
)
def variance_for_std(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.var())
    return means, stds


@misconception(
    of="activation_stats",
    says="The input is uniform between 0 and 1 instead of standard normal.",
    hint="What are mean and standard deviation of rng.random?",
)
def uniform_input(sizes, init, activation, rng, n=1000):
    a = rng.random((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="Mean and standard deviation are taken for each unit instead of for the layer.",
    hint="How many numbers should there be for one layer? Over which axes do mean and std run?",
)
def one_number_for_each_unit(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean(axis=0))
        stds.append(a.std(axis=0))
    return means, stds


@misconception(
    of="activation_stats",
    says="Every layer gets fresh random numbers instead of the output of the layer below.",
    hint="What flows from layer to layer? Where is your input drawn: before the loop or inside?",
)
def fresh_input_for_each_layer(sizes, init, activation, rng, n=1000):
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = rng.standard_normal((n, fan_in))
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="init is called with fan_out and fan_in exchanged.",
    hint="Which comes first in init(fan_in, fan_out, rng): the inputs or the units?",
)
def fans_swapped(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_out, fan_in, rng).T)
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="The weights are drawn once and used in every layer.",
    hint="Is init called before the loop or inside it?",
)
def same_weights_in_every_layer(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    w = init(sizes[0], sizes[1], rng)
    means, stds = [], []
    for _ in sizes[1:]:
        a = activation(a @ w)
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="Standard deviations and means come in the wrong order.",
    hint="Which does the text name first?",
)
def order_swapped(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
    return stds, means


@misconception(
    of="activation_stats",
    says="The mean is taken of absolute values.",
    hint="Can a mean be negative? Where does yours lose the sign?",
)
def mean_of_absolute_values(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(np.abs(a).mean())
        stds.append(a.std())
    return means, stds


def _walk(sizes, init, activation, rng, n, measure, first=None):
    """Go through the layers with what is measured, and the input, to choose."""
    a = rng.standard_normal((n, sizes[0])) if first is None else first
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        mean, std = measure(a)
        means.append(mean)
        stds.append(std)
    return means, stds


def _both(a):
    return a.mean(), a.std()


@misconception(
    of="activation_stats",
    says="The activation is never called.",
    hint="What comes out of a layer: z, or activation(z)?",
)
def no_activation_at_all(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, lambda z: z, rng, n, _both)


@misconception(
    of="activation_stats",
    says="Every layer is fed with the input instead of with the output of the layer below.",
    hint="Which variable goes into the product, and is it replaced at every turn of the loop?",
)
def feeds_every_layer_with_the_input(sizes, init, activation, rng, n=1000):
    x = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(x @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="The input is all ones instead of random.",
    hint="Which numbers does the text want as input?",
)
def input_of_ones(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, activation, rng, n, _both, np.ones((n, sizes[0])))


@misconception(
    of="activation_stats",
    says="The standard deviations of the units are averaged; one is asked for over all examples and units.",
    hint="Two units may differ by their means, which this leaves out. Over what should std run?",
)
def mean_of_the_units_stds(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, activation, rng, n, lambda a: (a.mean(), a.std(axis=0).mean()))


@misconception(
    of="activation_stats",
    says="The standard deviations of the examples are averaged; one is asked for over all examples and units.",
    hint="Two examples may differ by their means, which this leaves out. Over what should std run?",
)
def mean_of_the_examples_stds(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, activation, rng, n, lambda a: (a.mean(), a.std(axis=1).mean()))


@misconception(
    of="activation_stats",
    says="n is not used: there are always 1000 examples.",
    hint="Call your function with n = 5. How many rows does the first layer see?",
)
def always_a_thousand_examples(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, activation, rng, 1000, _both)


@misconception(
    of="activation_stats",
    says="Only one example is drawn, whatever n is.",
    hint="Which shape has the input: (n, sizes[0]) or (sizes[0],)?",
)
def a_single_example(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, activation, rng, 1, _both)


@misconception(
    of="activation_stats",
    says="A list of pairs is returned instead of a pair of lists.",
    hint="The text wants (means, stds): first all means, then all standard deviations.",
)
def pairs_for_each_layer(sizes, init, activation, rng, n=1000):
    return list(zip(*_walk(sizes, init, activation, rng, n, _both), strict=True))


@misconception(
    of="activation_stats",
    says="Only the last layer is measured.",
    hint="How many numbers should means hold for three layers? Where do you measure: in the loop or after it?",
)
def measures_the_last_layer_only(sizes, init, activation, rng, n=1000):
    means, stds = _walk(sizes, init, activation, rng, n, _both)
    return means[-1], stds[-1]


@misconception(
    of="activation_stats",
    says="The input is drawn from a generator with a seed of its own instead of from rng.",
    hint="Call your function with two generators: does the first layer see other numbers?",
)
def input_of_an_own_generator(sizes, init, activation, rng, n=1000):
    x = np.random.default_rng(0).standard_normal((n, sizes[0]))
    return _walk(sizes, init, activation, rng, n, _both, x)


@misconception(
    of="activation_stats",
    says="A generator is made inside and used for everything; rng is not.",
    hint="Call your function with two generators: are the results different?",
)
def own_generator_throughout(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, activation, np.random.default_rng(0), n, _both)


@misconception(
    of="activation_stats",
    says="Every layer's init gets a fresh generator of one seed, so that layers of a size have the same weights.",
    hint="Which generator does the text hand to init? Two layers must not get the same numbers.",
)
def fresh_generator_for_each_layer(sizes, init, activation, rng, n=1000):
    def seeded(fan_in, fan_out, rng):
        return init(fan_in, fan_out, np.random.default_rng(0))

    return _walk(sizes, seeded, activation, rng, n, _both)


@misconception(
    of="activation_stats",
    says="The root of the mean square is returned for the standard deviation: the mean is not subtracted.",
    hint="Both agree only where the mean is 0. What does np.std of a ReLU's output say?",
)
def root_mean_square_for_std(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, activation, rng, n, lambda a: (a.mean(), np.sqrt(np.mean(a**2))))


@misconception(
    of="activation_stats",
    says="Biases are drawn as well.",
    hint="The text wants no bias. Which terms has a layer here?",
)
def adds_random_biases(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng) + rng.standard_normal(fan_out))
        means.append(a.mean())
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="tanh is used, whatever activation was passed in.",
    hint="Call your function with lambda z: z. What should happen, and what does?",
)
def always_tanh(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, np.tanh, rng, n, _both)


@misconception(
    of="activation_stats",
    says="Without n there are 100 examples instead of 1000.",
    hint="Look at the signature in the notebook: which n does it ask for when none is given?",
)
def a_hundred_by_default(sizes, init, activation, rng, n=100):
    return _walk(sizes, init, activation, rng, n, _both)


@misconception(
    of="activation_stats",
    says="The activations are standardised before they go on, which hides what the weights do.",
    hint="The next layer gets the activations as they are. What do you want to see fade or grow?",
)
def standardises_on_the_way(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(a.mean())
        stds.append(a.std())
        a = (a - a.mean()) / (a.std() + 1e-9)
    return means, stds


@misconception(
    of="activation_stats",
    says="The weights are measured instead of the activations.",
    hint="What flows from layer to layer? It is not what init returns.",
)
def measures_the_weights(sizes, init, activation, rng, n=1000):
    weights = [init(fan_in, fan_out, rng) for fan_in, fan_out in pairwise(sizes)]
    return [w.mean() for w in weights], [w.std() for w in weights]


@misconception(
    of="activation_stats",
    says="The activation is applied twice in every layer.",
    hint="Count the calls of activation for one layer.",
)
def activates_twice(sizes, init, activation, rng, n=1000):
    return _walk(sizes, init, lambda z: activation(activation(z)), rng, n, _both)


@misconception(
    of="activation_stats",
    says="init is called twice a layer, so that mean and standard deviation belong to different weights.",
    hint="Draw the weights once, keep what comes out, and measure that.",
)
def draws_the_weights_twice(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        means.append(activation(a @ init(fan_in, fan_out, rng)).mean())
        a = activation(a @ init(fan_in, fan_out, rng))
        stds.append(a.std())
    return means, stds


@misconception(
    of="activation_stats",
    says="The list of sizes is changed: the first of them is taken out.",
    hint="Print sizes before and after the call. Does your loop need to take anything away?",
)
def takes_from_the_sizes(sizes, init, activation, rng, n=1000):
    x = rng.standard_normal((n, sizes[0]))
    result = _walk(list(sizes), init, activation, rng, n, _both, x)
    sizes.pop(0)
    return result
