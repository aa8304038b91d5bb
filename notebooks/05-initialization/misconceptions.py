"""Wrong implementations that students hand in for 05-initialization, each with what a good TA says."""

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
