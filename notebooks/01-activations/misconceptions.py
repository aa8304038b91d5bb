"""Wrong implementations that students hand in for 01-activations, each with what a good TA says."""

import math

import numpy as np

from grader.authoring import misconception

# ---------------------------------------------------------------- affine_forward


@misconception(
    of="affine_forward",
    says="The bias is not added.",
    hint="What is the output for an input of zeros? It should be b.",
)
def without_bias(x, w, b):
    return x @ w, (x, w, b)


@misconception(
    of="affine_forward",
    says="The weights are transposed.",
    hint="w is (D, K): which side of the product must x, (N, D), stand on?",
)
def weights_transposed(x, w, b):
    return x @ w.T + b, (x, w, b)


@misconception(
    of="affine_forward",
    says="The bias is added as a column, so that each example gets one instead of each unit.",
    hint="b has one entry for each unit. Along which axis of (N, K) do the units run?",
)
def bias_down_the_rows(x, w, b):
    return x @ w + np.reshape(b, (-1, 1)), (x, w, b)


@misconception(
    of="affine_forward",
    says="Only the first 64 examples are computed: the rows after them stay zero.",
    hint="What comes out for a batch of 100? Take the number of examples from x, not from a constant.",
)
def affine_of_64_examples_at_most(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    out[:64] = x[:64] @ w + b
    return out, (x, w, b)


@misconception(
    of="affine_forward",
    says="The cache is not the tuple (x, w, b) that the text asks for.",
    hint="What does backward unpack, and in which order?",
)
def another_cache(x, w, b):
    return x @ w + b, (w, x, b)


@misconception(
    of="affine_forward",
    says="Only the output is returned; the cache is missing.",
    hint="f_forward returns a pair: what must backward remember?",
)
def no_cache(x, w, b):
    return x @ w + b


@misconception(
    of="affine_forward",
    says="Negative scores are cut off: an activation has slipped into the layer.",
    hint="The affine layer is linear. What should a negative score be?",
)
def with_relu(x, w, b):
    return np.maximum(0, x @ w + b), (x, w, b)


@misconception(
    of="affine_forward",
    says="All biases are added to every unit.",
    hint="Each unit has one bias of its own. What does sum() do to b?",
)
def bias_summed(x, w, b):
    return x @ w + np.sum(b), (x, w, b)


@misconception(
    of="affine_forward",
    says="The bias is subtracted, as if it were a threshold.",
    hint="Which sign does b have in the formula?",
)
def bias_subtracted(x, w, b):
    return x @ w - b, (x, w, b)


@misconception(
    of="affine_forward",
    says="The sum over the inputs is missing: * multiplies entry by entry.",
    hint="Which operator is the matrix product?",
)
def product_entry_by_entry(x, w, b):
    return x * w + b, (x, w, b)


@misconception(
    of="affine_forward",
    says="The cache comes first; the text asks for the pair (out, cache).",
    hint="f_forward returns what goes on to the next layer first. Which of the two is that?",
)
def cache_before_output(x, w, b):
    return (x, w, b), x @ w + b


@misconception(
    of="affine_forward",
    says="out, x, w and b are returned as four things; the cache must be one tuple.",
    hint="Brackets make one thing of three. Where do they belong?",
)
def cache_without_brackets(x, w, b):
    return x @ w + b, x, w, b


@misconception(
    of="affine_forward",
    says="out is transposed: the units run down the rows.",
    hint="Examples are rows in this course. Which shape must out have?",
)
def output_transposed(x, w, b):
    return (x @ w + b).T, (x, w, b)


@misconception(
    of="affine_forward",
    says="The mean of the biases is added to every unit.",
    hint="Each unit has one bias of its own. Does b need to be reduced at all?",
)
def bias_averaged(x, w, b):
    return x @ w + np.mean(b), (x, w, b)


@misconception(
    of="affine_forward",
    says="Every unit gets the first unit's bias.",
    hint="Each unit has one bias of its own. Does b need an index at all?",
)
def first_bias_for_all(x, w, b):
    return x @ w + b[0], (x, w, b)


# ---------------------------------------------------------------- affine_backward


@misconception(
    of="affine_backward",
    says="dw is transposed.",
    hint="w is (D, K), and dw must be too. Which factor comes first?",
)
def weight_gradient_transposed(dout, cache):
    x, w, _ = cache
    return dout @ w.T, dout.T @ x, dout.sum(axis=0)


@misconception(
    of="affine_backward",
    says="dx uses w as it is, which only fits when the weights are square.",
    hint="dx must be (N, D). What shape must the factor behind dout, (N, K), have?",
)
def input_gradient_without_transpose(dout, cache):
    x, w, _ = cache
    return dout @ w, x.T @ dout, dout.sum(axis=0)


@misconception(
    of="affine_backward",
    says="db is not summed over the examples.",
    hint="db has b's shape, (K,). How do all examples contribute to one bias?",
)
def bias_gradient_not_summed(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout


@misconception(
    of="affine_backward",
    says="db is summed along the wrong axis.",
    hint="db has one entry for each unit. Which axis must disappear?",
)
def bias_gradient_along_the_units(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=1)


@misconception(
    of="affine_backward",
    says="dw and db are divided by the number of examples.",
    hint="If the loss is a mean, where is its 1/N already?",
)
def averages_over_the_batch(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout / len(x), dout.mean(axis=0)


@misconception(
    of="affine_backward",
    says="db is a mean over the examples instead of a sum.",
    hint="A bias acts on the loss through every example. Do these effects add up or average?",
)
def bias_gradient_averaged(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.mean(axis=0)


@misconception(
    of="affine_backward",
    says="db has shape (1, K) instead of (K,).",
    hint="A gradient has the shape of what it differentiates. Is keepdims meant here?",
)
def bias_gradient_keeps_an_axis(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0, keepdims=True)


@misconception(
    of="affine_backward",
    says="db is one number for all units.",
    hint="Each unit has its own bias. Which axis should be summed, and which stay?",
)
def bias_gradient_is_one_number(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.sum()


@misconception(
    of="affine_backward",
    says="The gradients come in another order than the forward arguments.",
    hint="The forward call is affine_forward(x, w, b). In which order must the gradients come?",
)
def gradients_in_another_order(dout, cache):
    x, w, _ = cache
    return x.T @ dout, dout.sum(axis=0), dout @ w.T


@misconception(
    of="affine_backward",
    says="All three gradients are divided by the number of examples.",
    hint="If the loss is a mean, where is its 1/N already? And did dx ever add up over examples?",
)
def averages_everything(dout, cache):
    x, w, _ = cache
    return dout @ w.T / len(x), x.T @ dout / len(x), dout.mean(axis=0)


@misconception(
    of="affine_backward",
    says="dw is divided by the number of examples.",
    hint="If the loss is a mean, where is its 1/N already?",
)
def weight_gradient_averaged(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout / len(x), dout.sum(axis=0)


@misconception(
    of="affine_backward",
    says="dx and dw are returned the wrong way round.",
    hint="The forward call is affine_forward(x, w, b). In which order must the gradients come?",
)
def weights_before_inputs(dout, cache):
    x, w, _ = cache
    return x.T @ dout, dout @ w.T, dout.sum(axis=0)


@misconception(
    of="affine_backward",
    says="Each example overwrites the gradients of the one before, so that only the last one counts.",
    hint="Inside a loop over examples, which of = and += collects?",
)
def only_the_last_example(dout, cache):
    x, w, _ = cache
    return dout @ w.T, np.outer(x[-1], dout[-1]), dout[-1].copy()


@misconception(
    of="affine_backward",
    says="db is missing.",
    hint="Which three things did the forward function take?",
)
def no_bias_gradient(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout


@misconception(
    of="affine_backward",
    says="The sign of all gradients is flipped: the step downhill belongs to the update, not to the gradient.",
    hint="If x grows a little and w is positive, does out grow or shrink?",
)
def affine_sign_flipped(dout, cache):
    x, w, _ = cache
    return -dout @ w.T, -x.T @ dout, -dout.sum(axis=0)


@misconception(
    of="affine_backward",
    says="The bias takes part in dx.",
    hint="Differentiate x·w + b with respect to x: is b still there?",
)
def bias_in_the_input_gradient(dout, cache):
    x, w, b = cache
    return (dout + b) @ w.T, x.T @ dout, dout.sum(axis=0)


@misconception(
    of="affine_backward",
    says="db is multiplied by b.",
    hint="Differentiate x·w + b with respect to b: is b still there?",
)
def bias_gradient_times_bias(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, (dout * b).sum(axis=0)


@misconception(
    of="affine_backward",
    says="db is one for every unit: dout is left out.",
    hint="The derivative of out with respect to b is 1. What does the chain rule multiply it with?",
)
def bias_gradient_of_ones(dout, cache):
    x, w, b = cache
    return dout @ w.T, x.T @ dout, np.ones_like(b)


@misconception(
    of="affine_backward",
    says="dw does not use dout: it is the sum of the inputs.",
    hint="The chain rule multiplies x by something before it adds up over the examples. By what?",
)
def weight_gradient_without_dout(dout, cache):
    x, w, _ = cache
    return dout @ w.T, np.repeat(x.sum(axis=0)[:, np.newaxis], w.shape[1], axis=1), dout.sum(axis=0)


@misconception(
    of="affine_backward",
    says="A gradient is written into an array of the cache.",
    hint="Functions leave their inputs as they were, and the cache is one. Build a new array.",
)
def writes_into_the_cache(dout, cache):
    x, w, _ = cache
    dw = x.T @ dout
    x[...] = dout @ w.T
    return x, dw, dout.sum(axis=0)


# ---------------------------------------------------------------- sigmoid


@misconception(
    of="sigmoid",
    says="exp(z) overflows for large z, and infinity over infinity is nan.",
    hint="Which of exp(z) and exp(-z) is harmless for large z? Use that one on each side.",
)
def overflows_on_the_right(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))


@misconception(
    of="sigmoid",
    says="The sign of the exponent is wrong: this falls where it should rise.",
    hint="What should the sigmoid of a large positive number be?",
)
def sign_of_the_exponent(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(z))


@misconception(
    of="sigmoid",
    says="The denominator is 1 - exp(-z) instead of 1 + exp(-z).",
    hint="Try z = 0: what do you divide by?",
)
def minus_in_the_denominator(z):
    with np.errstate(all="ignore"):
        return 1 / (1 - np.exp(-z))


@misconception(
    of="sigmoid",
    says="This is tanh, which runs from -1 to 1.",
    hint="Between which numbers should the output lie, and what is it at 0?",
)
def is_tanh(z):
    return np.tanh(z)


@misconception(
    of="sigmoid",
    says="This is (1 + tanh(z)) / 2, which is twice too steep: it is the sigmoid of 2z.",
    hint="tanh(z) = 2σ(2z) - 1. What must go into tanh to get σ(z)?",
)
def tanh_moved_but_not_stretched(z):
    return (1 + np.tanh(z)) / 2


@misconception(
    of="sigmoid",
    says="z is clipped to ±10, so that everything beyond looks alike.",
    hint="A sigmoid of -25 is tiny but not the same as at -10. Can overflow be avoided without changing z?",
)
def clips_the_input(z):
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))


@misconception(
    of="sigmoid",
    says="The exponentials are divided by their sum: that is softmax, in which entries depend on each other.",
    hint="Should the sigmoid of one number change when another one in the array does?",
)
def normalises_like_softmax(z):
    e = np.exp(z - np.max(z))
    return e / e.sum()


@misconception(
    of="sigmoid",
    says="Brackets are missing: this is 1/1 + exp(-z).",
    hint="Division binds more tightly than addition. What must be computed first?",
)
def brackets_missing(z):
    with np.errstate(all="ignore"):
        return 1 / 1 + np.exp(-z)


@misconception(
    of="sigmoid",
    says="The result is stored in an array of z's dtype, so that integers cut it to 0 and 1.",
    hint="What dtype has np.zeros_like of an integer array?",
)
def integers_cut_off(z):
    out = np.zeros_like(z)
    exp = np.exp(-np.abs(z))
    out[...] = np.where(z >= 0, 1, exp) / (1 + exp)
    return out


@misconception(
    of="sigmoid",
    says="The sign of z is lost: this is the sigmoid of |z|.",
    hint="The absolute value belongs into the exponent only together with a second form for negative z. Which?",
)
def of_the_absolute_value(z):
    return 1 / (1 + np.exp(-np.abs(z)))


@misconception(
    of="sigmoid",
    says="This is the slope σ(z)(1 - σ(z)), not the sigmoid itself.",
    hint="What should come out for a large positive number?",
)
def slope_for_value(z):
    a = np.exp(-np.logaddexp(0, -z))
    return a * (1 - a)


@misconception(
    of="sigmoid",
    says="This is tanh(z/2), which still runs from -1 to 1.",
    hint="Stretching is done. How do you bring -1 … 1 to 0 … 1?",
)
def tanh_stretched_but_not_moved(z):
    return np.tanh(z / 2)


@misconception(
    of="sigmoid",
    says="The largest z is subtracted, which helps in softmax but changes a sigmoid.",
    hint="Should the sigmoid of one number change when another one in the array does?",
)
def shifted_by_the_largest(z):
    e = np.exp(z - np.max(z))
    return e / (1 + e)


@misconception(
    of="sigmoid",
    says="z is clipped to ±30, so that everything beyond looks alike.",
    hint="Can overflow be avoided without changing z? Think of the sign of the exponent.",
)
def clips_the_input_at_thirty(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


@misconception(
    of="sigmoid",
    says="The result is clipped, so that it never comes close to 0 and 1.",
    hint="What should the sigmoid of -1000 be?",
)
def clips_the_result(z):
    with np.errstate(all="ignore"):
        return np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)


@misconception(
    of="sigmoid",
    says="A small constant is added to the denominator, which is never zero anyway.",
    hint="1 + exp(-z) is at least 1. What does the constant protect from, and what does σ(0) become?",
)
def constant_in_the_denominator(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-z) + 1e-8)


@misconception(
    of="sigmoid",
    says="nan is replaced by 0, also for large positive z, where 1 is right.",
    hint="Where does the nan come from? Choose a form in which it cannot arise.",
)
def nan_becomes_zero(z):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.exp(z) / (1 + np.exp(z)))


@misconception(
    of="sigmoid",
    says="This is the hard sigmoid, straight lines instead of the curve.",
    hint="What are σ(2) and σ(3) to four digits?",
)
def straight_lines(z):
    return np.clip(0.2 * z + 0.5, 0, 1)


@misconception(
    of="sigmoid",
    says="The base of the power is 2 instead of e.",
    hint="Compare σ(2) with the value in the text. Which function of NumPy is e to the power of z?",
)
def powers_of_two(z):
    return 1 / (1 + np.power(2.0, -z))


@misconception(
    of="sigmoid",
    says="math.exp, float() or int() takes one number, not an array.",
    hint="Which function of NumPy works entry by entry?",
)
def one_number_only(z):
    return 1 / (1 + math.exp(-z))


@misconception(
    of="sigmoid",
    says="z itself is changed: large entries are cut in the array that was passed in.",
    hint="Print z before and after the call. Work on a copy or build a new array.",
)
def cuts_z_in_place(z):
    z[z > 500] = 500
    z[z < -500] = -500
    return 1 / (1 + np.exp(-z))


# ---------------------------------------------------------------- sigmoid_backward


@misconception(
    of="sigmoid_backward",
    says="z is treated as the sigmoid's output: z(1 - z).",
    hint="The function receives z, the input. What is a in a(1 - a)?",
)
def takes_z_for_the_output(da, z):
    return da * z * (1 - z)


@misconception(
    of="sigmoid_backward",
    says="The incoming gradient da is not used.",
    hint="The chain rule multiplies. By what?",
)
def forgets_da(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return a * (1 - a)


@misconception(
    of="sigmoid_backward",
    says="The slope is taken to be a instead of a(1 - a).",
    hint="What should the slope be for a large positive z, where the curve is flat?",
)
def only_the_output(da, z):
    return da * np.exp(-np.logaddexp(0, -z))


@misconception(
    of="sigmoid_backward",
    says="The slope is taken to be 1 - a instead of a(1 - a).",
    hint="What should the slope be for a large negative z, where the curve is flat?",
)
def only_one_minus_the_output(da, z):
    return da * (1 - np.exp(-np.logaddexp(0, -z)))


@misconception(
    of="sigmoid_backward",
    says="This is the slope of tanh, 1 - a², with the sigmoid's output.",
    hint="What should the slope be at z = 0? What does 1 - a² give there?",
)
def slope_of_tanh(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return da * (1 - a**2)


@misconception(
    of="sigmoid_backward",
    says="exp(-z) overflows for large negative z, and infinity over infinity is nan.",
    hint="The slope can be had from the sigmoid's output alone. Which formula does not need exp at all?",
)
def nan_on_the_left(da, z):
    with np.errstate(all="ignore"):
        return da * np.exp(-z) / (1 + np.exp(-z)) ** 2


@misconception(
    of="sigmoid_backward",
    says="The second factor is σ(1 - z) instead of 1 - σ(z).",
    hint="From what is the 1 subtracted: from z or from the output?",
)
def sigmoid_of_one_minus_z(da, z):
    def s(t):
        return np.exp(-np.logaddexp(0, -t))

    return da * s(z) * s(1 - z)


@misconception(
    of="sigmoid_backward",
    says="The sign is flipped.",
    hint="The sigmoid rises everywhere. Which sign has its slope?",
)
def sign_flipped_sigmoid(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return da * a * (a - 1)


@misconception(
    of="sigmoid_backward",
    says="The slope is taken at da instead of at z.",
    hint="Which of the two arguments went into the sigmoid?",
)
def slope_at_da(da, z):
    a = np.exp(-np.logaddexp(0, -da))
    return da * a * (1 - a)


@misconception(
    of="sigmoid_backward",
    says="da and z have changed places.",
    hint="Compare the order of your parameters with the notebook's signature.",
)
def sigmoid_arguments_swapped(da, z):
    a = np.exp(-np.logaddexp(0, -da))
    return z * a * (1 - a)


@misconception(
    of="sigmoid_backward",
    says="The sigmoid is taken twice.",
    hint="z is what went into the sigmoid. How often must σ be applied to get a?",
)
def sigmoid_taken_twice(da, z):
    a = 1 / (1 + np.exp(-np.exp(-np.logaddexp(0, -z))))
    return da * a * (1 - a)


@misconception(
    of="sigmoid_backward",
    says="The second factor is 1 + a instead of 1 - a.",
    hint="What should the slope be for a large positive z, where the curve is flat?",
)
def plus_in_the_slope(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return da * a * (1 + a)


@misconception(
    of="sigmoid_backward",
    says="da itself is changed.",
    hint="The caller may still need da. Which operator builds a new array instead?",
)
def sigmoid_writes_into_da(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    da *= a * (1 - a)
    return da


@misconception(
    of="sigmoid_backward",
    says="z itself is changed.",
    hint="Print z before and after the call. Give the sigmoid's value a name of its own.",
)
def sigmoid_writes_into_z(da, z):
    z[...] = np.exp(-np.logaddexp(0, -z))
    return da * z * (1 - z)


@misconception(
    of="sigmoid_backward",
    says="The gradient is divided by the number of examples.",
    hint="If the loss is a mean, where is its 1/N already?",
)
def sigmoid_averages(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return da * a * (1 - a) / len(z)


@misconception(
    of="sigmoid_backward",
    says="The slope is taken to be 0.25 everywhere, which is right at zero only.",
    hint="What should the slope be at z = 10?",
)
def a_quarter_everywhere(da, z):
    return 0.25 * da


@misconception(
    of="sigmoid_backward",
    says="The slope is added to da; the chain rule multiplies.",
    hint="Try da = 0: how much gradient can go on then?",
)
def adds_the_slope(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return da + a * (1 - a)


@misconception(
    of="sigmoid_backward",
    says="@ is the matrix product; a gradient passes an activation entry by entry.",
    hint="Each entry of z acts on its own output only. Which operator multiplies entry by entry?",
)
def sigmoid_backward_by_a_matrix_product(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return da @ (a * (1 - a))


@misconception(
    of="sigmoid_backward",
    says="The result is stored in an array of z's dtype, so that integers cut it to 0.",
    hint="What dtype has np.zeros_like of an integer array?",
)
def sigmoid_slope_cut_off(da, z):
    dz = np.zeros_like(z)
    a = np.exp(-np.logaddexp(0, -z))
    dz[...] = da * a * (1 - a)
    return dz


# ---------------------------------------------------------------- tanh_backward


@misconception(
    of="tanh_backward",
    says="z is squared instead of tanh(z).",
    hint="Differentiate with respect to what you received: the function gets the input z. What is squared in the formula?",
)
def squares_z(da, z):
    return da * (1 - z**2)


@misconception(
    of="tanh_backward",
    says="The slope is taken to be 1 - tanh(z), without the square.",
    hint="What should the slope be at z = -2, where the curve is nearly flat?",
)
def square_missing(da, z):
    return da * (1 - np.tanh(z))


@misconception(
    of="tanh_backward",
    says="The slope is taken to be (1 - tanh(z))².",
    hint="Which is squared: the output, or the difference?",
)
def square_of_the_difference(da, z):
    return da * (1 - np.tanh(z)) ** 2


@misconception(
    of="tanh_backward",
    says="tanh is taken of z²; the square belongs around tanh.",
    hint="Read tanh²(z) aloud: what comes first, and what is squared?",
)
def tanh_of_the_square(da, z):
    return da * (1 - np.tanh(z**2))


@misconception(
    of="tanh_backward",
    says="The incoming gradient da is not used.",
    hint="The chain rule multiplies. By what?",
)
def tanh_forgets_da(da, z):
    return 1 - np.tanh(z) ** 2


@misconception(
    of="tanh_backward",
    says="This is the slope of the sigmoid with tanh's output, a(1 - a).",
    hint="What should the slope be at z = 0, where tanh is steepest? What does a(1 - a) give there?",
)
def slope_of_sigmoid(da, z):
    a = np.tanh(z)
    return da * a * (1 - a)


@misconception(
    of="tanh_backward",
    says="The square is added instead of subtracted.",
    hint="Can tanh be steeper far out than at zero?",
)
def plus_for_minus(da, z):
    return da * (1 + np.tanh(z) ** 2)


@misconception(
    of="tanh_backward",
    says="The slope is taken at da instead of at z.",
    hint="Which of the two arguments went into tanh?",
)
def tanh_slope_at_da(da, z):
    return da * (1 - np.tanh(da) ** 2)


@misconception(
    of="tanh_backward",
    says="The gradient is multiplied by tanh(z) instead of by its slope.",
    hint="What passes back is da times the derivative, not the value.",
)
def multiplies_by_the_output(da, z):
    return da * np.tanh(z)


@misconception(
    of="tanh_backward",
    says="da and z have changed places.",
    hint="Compare the order of your parameters with the notebook's signature.",
)
def tanh_arguments_swapped(da, z):
    return z * (1 - np.tanh(da) ** 2)


@misconception(
    of="tanh_backward",
    says="Brackets are missing: da multiplies only the 1.",
    hint="Multiplication comes before subtraction. What must be computed first?",
)
def tanh_brackets_missing(da, z):
    return da * 1 - np.tanh(z) ** 2


@misconception(
    of="tanh_backward",
    says="The sign is flipped.",
    hint="tanh rises everywhere. Which sign has its slope?",
)
def sign_flipped_tanh(da, z):
    return da * (np.tanh(z) ** 2 - 1)


@misconception(
    of="tanh_backward",
    says="tanh is taken twice.",
    hint="z is what went into tanh. How often must tanh be applied to get the output?",
)
def tanh_taken_twice(da, z):
    return da * (1 - np.tanh(np.tanh(z)) ** 2)


@misconception(
    of="tanh_backward",
    says="da itself is changed.",
    hint="The caller may still need da. Which operator builds a new array instead?",
)
def tanh_writes_into_da(da, z):
    da *= 1 - np.tanh(z) ** 2
    return da


@misconception(
    of="tanh_backward",
    says="The slope is taken to be 1/cosh(z), without the square.",
    hint="1 - tanh²(1) is 0.4200. What does 1/cosh(1) give?",
)
def cosh_not_squared(da, z):
    with np.errstate(all="ignore"):
        return da / np.cosh(z)


@misconception(
    of="tanh_backward",
    says="exp(z) overflows for large z, and infinity over infinity is nan.",
    hint="NumPy has a tanh that is finite everywhere.",
)
def tanh_from_exponentials(da, z):
    with np.errstate(all="ignore"):
        a = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
    return da * (1 - a**2)


@misconception(
    of="tanh_backward",
    says="The slope is half of what it should be: 2σ'(2z), where the inner 2 counts once more.",
    hint="tanh(z) = 2σ(2z) - 1. What does the chain rule make of the 2 inside?",
)
def inner_factor_missing(da, z):
    a = np.exp(-np.logaddexp(0, -2 * z))
    return 2 * da * a * (1 - a)


@misconception(
    of="tanh_backward",
    says="The gradient is divided by the number of examples.",
    hint="If the loss is a mean, where is its 1/N already?",
)
def tanh_averages(da, z):
    return da * (1 - np.tanh(z) ** 2) / len(z)


@misconception(
    of="tanh_backward",
    says="da stands inside the square.",
    hint="Try twice the da: does your dz double?",
)
def da_inside_the_square(da, z):
    return 1 - (da * np.tanh(z)) ** 2


@misconception(
    of="tanh_backward",
    says="@ is the matrix product; a gradient passes an activation entry by entry.",
    hint="Each entry of z acts on its own output only. Which operator multiplies entry by entry?",
)
def tanh_backward_by_a_matrix_product(da, z):
    return da @ (1 - np.tanh(z) ** 2)


@misconception(
    of="tanh_backward",
    says="The result is stored in an array of z's dtype, so that integers cut it to 0.",
    hint="What dtype has np.zeros_like of an integer array?",
)
def tanh_slope_cut_off(da, z):
    dz = np.zeros_like(z)
    dz[...] = da * (1 - np.tanh(z) ** 2)
    return dz


# ---------------------------------------------------------------- relu


@misconception(
    of="relu",
    says="Negative numbers are turned around instead of set to zero.",
    hint="What should ReLU of -3 be?",
)
def absolute_value(z):
    return np.abs(z)


@misconception(
    of="relu",
    says="The negative part is kept instead of the positive one.",
    hint="Which is larger, 0 or -3? ReLU keeps the larger.",
)
def keeps_the_negative_part(z):
    return np.minimum(z, 0)


@misconception(
    of="relu",
    says="The result says where z is positive, not what it is there.",
    hint="What should ReLU of 2.5 be?",
)
def returns_the_mask(z):
    return (z > 0).astype(float)


@misconception(
    of="relu",
    says="z itself is changed.",
    hint="Print z before and after the call. Which operation writes into the array it was given?",
)
def writes_into_z(z):
    z[z < 0] = 0
    return z


@misconception(
    of="relu",
    says="np.max(z, 0) takes the maximum along axis 0; it does not compare with 0.",
    hint="Which NumPy function compares two things entry by entry?",
)
def maximum_along_an_axis(z):
    return np.max(z, 0)


@misconception(
    of="relu",
    says="Large numbers are cut off at 6 (that is ReLU6).",
    hint="ReLU does not saturate on the positive side. What should it give for 100?",
)
def stops_at_six(z):
    return np.clip(z, 0, 6)


@misconception(
    of="relu",
    says="Everything below 1 is cut off.",
    hint="Where exactly is the bend?",
)
def cuts_at_one(z):
    return np.where(z > 1, z, 0)


@misconception(
    of="relu",
    says="Negative numbers leak through; that is leaky ReLU.",
    hint="What should ReLU of -100 be, exactly?",
)
def leaks_to_the_left(z):
    return np.where(z > 0, z, 0.01 * z)


@misconception(
    of="relu",
    says="Python's max, or an if, is asked about a whole array at once.",
    hint="Which function of NumPy compares entry by entry?",
)
def largest_of_an_array(z):
    return max(0, z)


@misconception(
    of="relu",
    says="Only the positive entries are returned, so that the shape is lost.",
    hint="The result must have the shape of z. What belongs in the other places?",
)
def positive_entries_only(z):
    return z[z > 0]


@misconception(
    of="relu",
    says="This is softplus, log(1 + exp(z)), a smooth relative of ReLU.",
    hint="What should ReLU of 0 be, exactly?",
)
def is_softplus(z):
    return np.logaddexp(0, z)


@misconception(
    of="relu",
    says="Numbers above 1 are cut off.",
    hint="ReLU does not saturate on the positive side. What should it give for 2.5?",
)
def stops_at_one(z):
    return np.clip(z, 0, 1)


@misconception(
    of="relu",
    says="One decision is made for the whole array; each entry needs its own.",
    hint="What should become of (-3, 2)? Which function of NumPy decides entry by entry?",
)
def decides_once(z):
    return z.copy() if np.any(z > 0) else 0.0 * z


@misconception(
    of="relu",
    says="z comes back as it was: nothing is cut off.",
    hint="What should become of (-3, 2)? A condition on a whole array decides once for all entries.",
)
def nothing_cut_off(z):
    return np.array(z)


@misconception(
    of="relu",
    says="z is turned around first: this is max(0, -z).",
    hint="What should ReLU of 2 be, and what of -2?",
)
def of_minus_z(z):
    return np.maximum(0, -z)


@misconception(
    of="relu",
    says="This is the slope, 1 or 0 in whole numbers, not the value.",
    hint="What should ReLU of 2.5 be?",
)
def ones_and_zeros(z):
    return np.where(z > 0, 1, 0)


@misconception(
    of="relu",
    says="Fractions are cut off: the result is stored as integers.",
    hint="What should ReLU of 2.5 be? Which dtype does your result have?",
)
def stored_as_integers(z):
    return np.maximum(0, z).astype(int)


@misconception(
    of="relu",
    says="z is compared with 1 instead of with 0.",
    hint="What should ReLU of -3 be?",
)
def maximum_with_one(z):
    return np.maximum(1, z)


@misconception(
    of="relu",
    says="The result is one long row; it should have the shape of z.",
    hint="What does ravel or flatten do? Can NumPy do it without a loop?",
)
def shape_lost(z):
    return np.maximum(0, z).ravel()


# ---------------------------------------------------------------- relu_backward


@misconception(
    of="relu_backward",
    says="The sign of da decides instead of the sign of z.",
    hint="Which units were switched on in the forward pass? Only z knows.",
)
def looks_at_the_gradient(da, z):
    return da * (da > 0)


@misconception(
    of="relu_backward",
    says="Negative gradients are blocked as well.",
    hint="May a gradient through an active unit be negative? What does the derivative, 1, do to it?",
)
def both_must_be_positive(da, z):
    return da * ((z > 0) & (da > 0))


@misconception(
    of="relu_backward",
    says="The slope is returned, without the incoming gradient.",
    hint="The chain rule multiplies. By what?",
)
def returns_the_slope(da, z):
    return (z > 0).astype(float)


@misconception(
    of="relu_backward",
    says="The gradient is multiplied by ReLU's value instead of its slope.",
    hint="What is the slope of max(0, z) at z = 100? It does not depend on how large z is.",
)
def multiplies_by_the_value(da, z):
    return da * np.maximum(z, 0)


@misconception(
    of="relu_backward",
    says="The gradient passes where z is negative.",
    hint="For which z does ReLU change when z does?",
)
def passes_on_the_wrong_side(da, z):
    return da * (z < 0)


@misconception(
    of="relu_backward",
    says="da itself is changed.",
    hint="The caller may still need da. Work on a copy or build a new array.",
)
def writes_into_da(da, z):
    da[z <= 0] = 0
    return da


@misconception(
    of="relu_backward",
    says="At z = 0 the gradient passes; the text takes the slope of the left side there.",
    hint="Which comparison leaves out zero itself?",
)
def passes_at_zero(da, z):
    return da * (z >= 0)


@misconception(
    of="relu_backward",
    says="The gradient passes everywhere, as if there were no bend.",
    hint="What is the slope of max(0, z) at z = -3?",
)
def passes_everything(da, z):
    return da * np.ones_like(z, dtype=float)


@misconception(
    of="relu_backward",
    says="z comes out where it is positive: that is ReLU itself, da is not used.",
    hint="The chain rule multiplies da by the slope. What is the slope where z > 0?",
)
def value_for_gradient(da, z):
    return np.where(z > 0, z, 0.0)


@misconception(
    of="relu_backward",
    says="At z = 0 half of the gradient passes; the text takes the slope of the left side there.",
    hint="What is ReLU's slope just left of zero?",
)
def half_at_zero(da, z):
    return da * np.heaviside(z, 0.5)


@misconception(
    of="relu_backward",
    says="The slope of the negative side is taken to be -1: that is |z|.",
    hint="ReLU is flat on the left. What is its slope there?",
)
def sign_of_z(da, z):
    return da * np.sign(z)


@misconception(
    of="relu_backward",
    says="The negative side leaks: this is the gradient of leaky ReLU.",
    hint="What is the slope of max(0, z) at z = -3, exactly?",
)
def gradient_leaks_through(da, z):
    return np.where(z > 0, da, 0.01 * da)


@misconception(
    of="relu_backward",
    says="da and z have changed places.",
    hint="Compare the order of your parameters with the notebook's signature.",
)
def relu_arguments_swapped(da, z):
    return z * (da > 0)


@misconception(
    of="relu_backward",
    says="z itself is changed.",
    hint="Print z before and after the call. Build the mask as a new array.",
)
def mask_written_into_z(da, z):
    z[z > 0] = 1
    z[z <= 0] = 0
    return da * z


@misconception(
    of="relu_backward",
    says="Only the entries that pass are returned, so that the shape is lost.",
    hint="dz has the shape of z. What belongs in the other places?",
)
def passing_entries_only(da, z):
    return da[z > 0]


@misconception(
    of="relu_backward",
    says="The bend is taken to be at 1 instead of at 0.",
    hint="Where exactly does ReLU begin to rise?",
)
def bend_at_one(da, z):
    return da * (z > 1)


@misconception(
    of="relu_backward",
    says="The sign is flipped.",
    hint="Where ReLU is on, its output moves with z. Which sign does the slope have?",
)
def sign_flipped_relu(da, z):
    return -da * (z > 0)


@misconception(
    of="relu_backward",
    says="@ is the matrix product; a gradient passes an activation entry by entry.",
    hint="Each entry of z acts on its own output only. Which operator multiplies entry by entry?",
)
def relu_backward_by_a_matrix_product(da, z):
    return da @ (z > 0)


@misconception(
    of="relu_backward",
    says="The gradient is divided by the number of examples.",
    hint="If the loss is a mean, where is its 1/N already?",
)
def relu_averages(da, z):
    return da * (z > 0) / len(z)


@misconception(
    of="relu_backward",
    says="One decision is made for the whole array; each entry needs its own.",
    hint="Which function of NumPy decides entry by entry?",
)
def passes_all_or_nothing(da, z):
    return da.copy() if np.all(z > 0) else np.zeros_like(da)


# ---------------------------------------------------------------- leaky_relu


@misconception(
    of="leaky_relu",
    says="The slope is applied to the positive side.",
    hint="Which side of zero should pass unchanged?",
)
def leaks_on_the_positive_side(z, slope=0.01):
    return np.where(z > 0, slope * z, z)


@misconception(
    of="leaky_relu",
    says="Negative numbers become the slope itself, not slope times z.",
    hint="What should come out at z = -2 and at z = -4? Not the same number.",
)
def leak_is_a_constant(z, slope=0.01):
    return np.where(z > 0, z, slope)


@misconception(
    of="leaky_relu",
    says="z is compared with the slope instead of with slope times z.",
    hint="What should come out at z = -2? Read the formula max(s·z, z) again.",
)
def maximum_of_slope_and_z(z, slope=0.01):
    return np.maximum(slope, z)


@misconception(
    of="leaky_relu",
    says="Nothing leaks: this is ReLU.",
    hint="What should come out at z = -2?",
)
def no_leak(z, slope=0.01):
    return np.maximum(z, 0)


@misconception(
    of="leaky_relu",
    says="The negative side comes out positive.",
    hint="Which sign should come out at z = -2? Leaky ReLU rises everywhere.",
)
def leak_turned_around(z, slope=0.01):
    return np.where(z > 0, z, -slope * z)


@misconception(
    of="leaky_relu",
    says="The slope that was passed in is not used.",
    hint="Call your function with slope 0.5. Does it make a difference?",
)
def ignores_the_slope(z, slope=0.01):
    return np.where(z > 0, z, 0.01 * z)


@misconception(
    of="leaky_relu",
    says="The default slope is 0.1 instead of 0.01.",
    hint="Look at the signature in the notebook.",
)
def default_of_a_tenth(z, slope=0.1):
    return np.where(z > 0, z, slope * z)


@misconception(
    of="leaky_relu",
    says="z itself is changed.",
    hint="Print z before and after the call. Build a new array instead.",
)
def leaky_writes_into_z(z, slope=0.01):
    z[z < 0] *= slope
    return z


@misconception(
    of="leaky_relu",
    says="The slope is applied on both sides, so that nothing bends.",
    hint="What should come out at z = 2, whatever the slope?",
)
def slope_on_both_sides(z, slope=0.01):
    return slope * z


@misconception(
    of="leaky_relu",
    says="The slope is added on the positive side as well: ReLU(z) + s·z.",
    hint="What should come out at z = 2, whatever the slope?",
)
def relu_plus_slope(z, slope=0.01):
    return np.maximum(0, z) + slope * z


@misconception(
    of="leaky_relu",
    says="The result is stored in an array of z's dtype, so that integers cut off the fractions.",
    hint="What dtype has np.zeros_like, or a copy, of an integer array?",
)
def leaky_integers_cut_off(z, slope=0.01):
    out = z.copy()
    out[z < 0] = slope * z[z < 0]
    return out


@misconception(
    of="leaky_relu",
    says="The negative side levels off at minus the slope.",
    hint="What should come out at z = -2 and at z = -4? Not the same number.",
)
def levels_off(z, slope=0.01):
    return np.maximum(z, -slope)


@misconception(
    of="leaky_relu",
    says="The negative side is multiplied by 1 - s instead of by s.",
    hint="With s = 0.01, should much or little leak through?",
)
def one_minus_the_slope(z, slope=0.01):
    return np.where(z > 0, z, (1 - slope) * z)


@misconception(
    of="leaky_relu",
    says="The negative side is divided by the slope.",
    hint="With s = 0.01, should z = -2 come out smaller or larger?",
)
def divided_by_the_slope(z, slope=0.01):
    with np.errstate(all="ignore"):
        return np.where(z > 0, z, z / slope)


@misconception(
    of="leaky_relu",
    says="This is the slope at z, 1 or s, not the value.",
    hint="What should come out at z = 2.5?",
)
def leaky_slope_for_value(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


@misconception(
    of="leaky_relu",
    says="The slope is subtracted from z; it is a factor.",
    hint="What should come out at z = -2 with s = 0.5?",
)
def slope_subtracted(z, slope=0.01):
    return np.where(z > 0, z, z - slope)


@misconception(
    of="leaky_relu",
    says="The slope is added to z; it is a factor.",
    hint="What should come out at z = -2 with s = 0.5?",
)
def slope_added(z, slope=0.01):
    return np.where(z > 0, z, z + slope)


@misconception(
    of="leaky_relu",
    says="The default slope is 0.2 instead of 0.01.",
    hint="Look at the signature in the notebook.",
)
def default_of_a_fifth(z, slope=0.2):
    return np.where(z > 0, z, slope * z)


# ---------------------------------------------------------------- leaky_relu_backward


@misconception(
    of="leaky_relu_backward",
    says="The negative side passes nothing: this is ReLU's gradient.",
    hint="What is the slope of s·z?",
)
def leaky_blocks_the_negative_side(da, z, slope=0.01):
    return da * (z > 0)


@misconception(
    of="leaky_relu_backward",
    says="The slope is applied where z is positive.",
    hint="Which side of zero passes the gradient unchanged?",
)
def slope_on_the_positive_side(da, z, slope=0.01):
    return np.where(z > 0, slope * da, da)


@misconception(
    of="leaky_relu_backward",
    says="The incoming gradient da is not used.",
    hint="The chain rule multiplies. By what?",
)
def leaky_forgets_da(da, z, slope=0.01):
    return np.where(z > 0, 1.0, slope) * np.ones_like(da)


@misconception(
    of="leaky_relu_backward",
    says="The negative side is multiplied by s·z, the value, instead of by s, the slope.",
    hint="What is the derivative of s·z with respect to z?",
)
def multiplies_by_leaky_value(da, z, slope=0.01):
    return np.where(z > 0, da, slope * z * da)


@misconception(
    of="leaky_relu_backward",
    says="The sign of da decides instead of the sign of z.",
    hint="Which side was used in the forward pass? Only z knows.",
)
def leaky_looks_at_the_gradient(da, z, slope=0.01):
    return np.where(da > 0, da, slope * da)


@misconception(
    of="leaky_relu_backward",
    says="The slope that was passed in is not used.",
    hint="Call your function with slope 0.5. Does it make a difference?",
)
def backward_ignores_the_slope(da, z, slope=0.01):
    return np.where(z > 0, da, 0.01 * da)


@misconception(
    of="leaky_relu_backward",
    says="Where z is negative the slope itself is returned, without da.",
    hint="Try da = 0: how much gradient can go on then?",
)
def slope_instead_of_product(da, z, slope=0.01):
    return np.where(z > 0, da, slope)


@misconception(
    of="leaky_relu_backward",
    says="At z = 0 the whole gradient passes; the text takes the slope of the left side there.",
    hint="On which side of your comparison is zero?",
)
def leaky_at_zero_from_the_right(da, z, slope=0.01):
    return np.where(z >= 0, da, slope * da)


@misconception(
    of="leaky_relu_backward",
    says="da itself is changed.",
    hint="The caller may still need da. Work on a copy or build a new array.",
)
def leaky_writes_into_da(da, z, slope=0.01):
    da[z <= 0] *= slope
    return da


@misconception(
    of="leaky_relu_backward",
    says="At z = 0 nothing passes; the text takes the slope of the left side there, which is s.",
    hint="Do your two conditions leave out a case?",
)
def leaky_nothing_at_zero(da, z, slope=0.01):
    return da * (z > 0) + slope * da * (z < 0)


@misconception(
    of="leaky_relu_backward",
    says="Where z is negative s·z comes out, the value, and da is not used.",
    hint="The chain rule multiplies da by the slope. What is the slope there?",
)
def leaky_value_for_gradient(da, z, slope=0.01):
    return np.where(z > 0, da, slope * z)


@misconception(
    of="leaky_relu_backward",
    says="The default slope is 0.1 instead of 0.01.",
    hint="Look at the signature in the notebook.",
)
def backward_default_of_a_tenth(da, z, slope=0.1):
    return np.where(z > 0, da, slope * da)


@misconception(
    of="leaky_relu_backward",
    says="The gradient is multiplied by leaky ReLU's value instead of by its slope.",
    hint="What is the slope at z = 100? It does not depend on how large z is.",
)
def times_the_leaky_output(da, z, slope=0.01):
    return da * np.where(z > 0, z, slope * z)


@misconception(
    of="leaky_relu_backward",
    says="The negative side is multiplied by 1 - s instead of by s.",
    hint="With s = 0.01, should much or little of the gradient pass on the left?",
)
def backward_one_minus_the_slope(da, z, slope=0.01):
    return np.where(z > 0, da, (1 - slope) * da)


@misconception(
    of="leaky_relu_backward",
    says="The slope is added on the positive side as well: 1 + s instead of 1.",
    hint="What is the slope of leaky ReLU at z = 2, exactly?",
)
def one_plus_the_slope(da, z, slope=0.01):
    return da * (z > 0) + slope * da


@misconception(
    of="leaky_relu_backward",
    says="The sign of the leak is flipped.",
    hint="Leaky ReLU rises everywhere. Which sign has its slope on the left?",
)
def minus_the_slope(da, z, slope=0.01):
    return np.where(z > 0, da, -slope * da)


@misconception(
    of="leaky_relu_backward",
    says="da and z have changed places.",
    hint="Compare the order of your parameters with the notebook's signature.",
)
def leaky_arguments_swapped(da, z, slope=0.01):
    return np.where(da > 0, z, slope * z)


@misconception(
    of="leaky_relu_backward",
    says="z itself is changed.",
    hint="Print z before and after the call. Build the slopes as a new array.",
)
def slopes_written_into_z(da, z, slope=0.01):
    right = z > 0
    z[right] = 1
    z[~right] = slope
    return da * z


@misconception(
    of="leaky_relu_backward",
    says="The slopes are stored in an array of z's dtype, so that integers cut them to 0.",
    hint="What dtype has np.ones_like of an integer array?",
)
def leaky_slopes_cut_off(da, z, slope=0.01):
    slopes = np.ones_like(z)
    slopes[z <= 0] = slope
    return da * slopes


@misconception(
    of="leaky_relu_backward",
    says="The negative side is divided by the slope.",
    hint="With s = 0.01, should the gradient on the left come out smaller or larger?",
)
def backward_divided_by_the_slope(da, z, slope=0.01):
    with np.errstate(all="ignore"):
        return np.where(z > 0, da, da / slope)


# ---------------------------------------------------------------- elu


@misconception(
    of="elu",
    says="The - 1 is missing, so that the two sides do not meet at zero.",
    hint="What should ELU be just left of zero, and what is exp(0)?",
)
def elu_without_minus_one(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu",
    says="alpha is not used.",
    hint="Call your function with alpha = 3. Does it make a difference?",
)
def elu_without_alpha(z, alpha=1.0):
    return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)


@misconception(
    of="elu",
    says="alpha scales only the exponential, not the - 1: the brackets are missing.",
    hint="For alpha = 3 the two sides must still meet at zero. Do they?",
)
def elu_brackets(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)) - 1)


@misconception(
    of="elu",
    says="alpha stands in the exponent instead of in front.",
    hint="What should ELU approach far out on the left? What does yours approach?",
)
def alpha_in_the_exponent(z, alpha=1.0):
    return np.where(z > 0, z, np.exp(alpha * np.minimum(z, 0)) - 1)


@misconception(
    of="elu",
    says="The positive side is scaled by alpha as well.",
    hint="What should ELU of 2 be, whatever alpha is?",
)
def alpha_on_the_right_too(z, alpha=1.0):
    return alpha * np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)


@misconception(
    of="elu",
    says="exp(z) overflows for large positive z, and infinity times the 0 of a mask is nan.",
    hint="np.where or a mask only chooses; both sides are computed. What can you put into exp instead of z?",
)
def infinity_times_zero(z, alpha=1.0):
    with np.errstate(all="ignore"):
        return (z > 0) * z + (z <= 0) * alpha * (np.exp(z) - 1)


@misconception(
    of="elu",
    says="The exponent has the wrong sign, so that the left side grows without bound.",
    hint="What should ELU of -5 be, roughly?",
)
def sign_in_elu_exponent(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (np.exp(np.minimum(-z, 700)) - 1))


@misconception(
    of="elu",
    says="The left side comes out positive: it is alpha(1 - exp(z)).",
    hint="Which sign should ELU of -2 have?",
)
def elu_turned_around(z, alpha=1.0):
    return np.where(z > 0, z, alpha * (1 - np.exp(np.minimum(z, 0))))


@misconception(
    of="elu",
    says="The result is stored in an array of z's dtype, so that integers cut off the fractions.",
    hint="What dtype has np.zeros_like of an integer array?",
)
def elu_integers_cut_off(z, alpha=1.0):
    out = np.zeros_like(z)
    out[...] = np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))
    return out


@misconception(
    of="elu",
    says="The larger of the two formulas is taken, which goes wrong where they cross for alpha above 1.",
    hint="Which of z and alpha(exp(z) - 1) is larger at z = -0.5 with alpha = 3? What should decide instead?",
)
def larger_of_the_two(z, alpha=1.0):
    return np.maximum(z, alpha * (np.exp(np.minimum(z, 0)) - 1))


@misconception(
    of="elu",
    says="The negative side is a straight line, alpha·z: that is PReLU.",
    hint="What should ELU approach far out on the left?",
)
def straight_to_the_left(z, alpha=1.0):
    return np.where(z > 0, z, alpha * z)


@misconception(
    of="elu",
    says="The exponential is used on both sides.",
    hint="What should ELU of 3 be?",
)
def exponential_on_both_sides(z, alpha=1.0):
    with np.errstate(all="ignore"):
        return alpha * (np.exp(z) - 1)


@misconception(
    of="elu",
    says="The two sides have changed places.",
    hint="What should ELU of 3 be? Which of the two values does np.where take where the condition holds?",
)
def sides_swapped(z, alpha=1.0):
    with np.errstate(all="ignore"):
        return np.where(z > 0, alpha * (np.exp(z) - 1), z)


@misconception(
    of="elu",
    says="The negative side is zero: this is ReLU.",
    hint="What should ELU of -2 be?",
)
def elu_is_relu(z, alpha=1.0):
    return np.maximum(z, 0)


@misconception(
    of="elu",
    says="This is the slope at z, not the value.",
    hint="What should ELU of 3 be?",
)
def elu_slope_for_value(z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu",
    says="The 1 is subtracted in the exponent: exp(z - 1) instead of exp(z) - 1.",
    hint="What should ELU be at zero? What does exp(0 - 1) give?",
)
def one_in_the_exponent(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0) - 1))


@misconception(
    of="elu",
    says="z itself is changed.",
    hint="Print z before and after the call. Build a new array instead.",
)
def elu_writes_into_z(z, alpha=1.0):
    left = z <= 0
    z[left] = alpha * (np.exp(z[left]) - 1)
    return z


@misconception(
    of="elu",
    says="The default alpha is 0.1 instead of 1.",
    hint="Look at the signature in the notebook.",
)
def elu_default_of_a_tenth(z, alpha=0.1):
    return np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))


@misconception(
    of="elu",
    says="The negative side is -alpha everywhere; that is only what it approaches.",
    hint="What should ELU be just left of zero?",
)
def levels_off_at_once(z, alpha=1.0):
    return np.where(z > 0, z, -alpha)


@misconception(
    of="elu",
    says="The bend is at 1 instead of at 0.",
    hint="From which z on is the output z itself?",
)
def elu_bend_at_one(z, alpha=1.0):
    return np.where(z > 1, z, alpha * (np.exp(np.minimum(z, 1)) - 1))


# ---------------------------------------------------------------- elu_backward


@misconception(
    of="elu_backward",
    says="The negative side is multiplied by ELU's value, alpha(exp(z) - 1), instead of its slope.",
    hint="Differentiate alpha(exp(z) - 1). What becomes of the - 1?",
)
def slope_is_the_value(da, z, alpha=1.0):
    return np.where(z > 0, da, da * alpha * (np.exp(np.minimum(z, 0)) - 1))


@misconception(
    of="elu_backward",
    says="The slope of the negative side lacks alpha.",
    hint="Differentiate alpha(exp(z) - 1) with alpha = 3.",
)
def slope_without_alpha(da, z, alpha=1.0):
    return np.where(z > 0, da, da * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu_backward",
    says="The slope is taken to be the output plus 1; it is the output plus alpha.",
    hint="exp(z) = output/alpha + 1. What is alpha times that?",
)
def output_plus_one(da, z, alpha=1.0):
    return np.where(z > 0, da, da * (alpha * (np.exp(np.minimum(z, 0)) - 1) + 1))


@misconception(
    of="elu_backward",
    says="The slope of the negative side is taken to be alpha everywhere; that is PReLU.",
    hint="Far out on the left the curve is flat. Is your slope?",
)
def slope_is_alpha(da, z, alpha=1.0):
    return np.where(z > 0, da, alpha * da)


@misconception(
    of="elu_backward",
    says="The incoming gradient da is not used.",
    hint="The chain rule multiplies. By what?",
)
def elu_forgets_da(da, z, alpha=1.0):
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu_backward",
    says="exp(z) overflows for large positive z, and infinity times the 0 of a mask is nan.",
    hint="Both sides are computed before one is chosen. What can you put into exp instead of z?",
)
def elu_infinity_times_zero(da, z, alpha=1.0):
    with np.errstate(all="ignore"):
        return da * ((z > 0) + (z <= 0) * alpha * np.exp(z))


@misconception(
    of="elu_backward",
    says="The negative side passes nothing: this is ReLU's gradient.",
    hint="Is ELU flat at z = -1?",
)
def elu_blocks_the_negative_side(da, z, alpha=1.0):
    return da * (z > 0)


@misconception(
    of="elu_backward",
    says="The sign of da decides instead of the sign of z.",
    hint="Which side was used in the forward pass? Only z knows.",
)
def elu_looks_at_the_gradient(da, z, alpha=1.0):
    return np.where(da > 0, da, da * alpha * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu_backward",
    says="The exponent has the wrong sign, so that the slope grows to the left.",
    hint="What should the slope be at z = -5?",
)
def elu_exponent_sign(da, z, alpha=1.0):
    return np.where(z > 0, da, da * alpha * np.exp(np.minimum(-z, 700)))


@misconception(
    of="elu_backward",
    says="The slope is taken to be z + alpha; it is the output plus alpha.",
    hint="alpha·exp(z) can be had from the output, not from z. How?",
)
def input_plus_alpha(da, z, alpha=1.0):
    return np.where(z > 0, da, da * (z + alpha))


@misconception(
    of="elu_backward",
    says="At z = 0 the slope of the right side is taken; the text takes the one of the left side, alpha.",
    hint="On which side of your comparison is zero?",
)
def elu_at_zero_from_the_right(da, z, alpha=1.0):
    return np.where(z >= 0, da, da * alpha * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu_backward",
    says="da itself is changed.",
    hint="The caller may still need da. Work on a copy or build a new array.",
)
def elu_writes_into_da(da, z, alpha=1.0):
    left = z <= 0
    da[left] *= alpha * np.exp(z[left])
    return da


@misconception(
    of="elu_backward",
    says="alpha stands in the exponent instead of in front.",
    hint="Differentiate alpha(exp(z) - 1). Where does alpha stay?",
)
def elu_slope_alpha_in_the_exponent(da, z, alpha=1.0):
    return np.where(z > 0, da, da * np.exp(alpha * np.minimum(z, 0)))


@misconception(
    of="elu_backward",
    says="The positive side is scaled by alpha as well.",
    hint="What is the slope of z, whatever alpha is?",
)
def elu_slope_alpha_on_the_right_too(da, z, alpha=1.0):
    return alpha * np.where(z > 0, da, da * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu_backward",
    says="elu is called without alpha, so that it uses its default.",
    hint="Which arguments does your call of elu pass on?",
)
def output_with_the_default_alpha(da, z, alpha=1.0):
    return np.where(z > 0, da, da * (np.exp(np.minimum(z, 0)) - 1 + alpha))


@misconception(
    of="elu_backward",
    says="Where z is negative the slope itself is returned, without da.",
    hint="Try da = 0: how much gradient can go on then?",
)
def elu_slope_instead_of_product(da, z, alpha=1.0):
    return np.where(z > 0, da, alpha * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu_backward",
    says="da and z have changed places.",
    hint="Compare the order of your parameters with the notebook's signature.",
)
def elu_arguments_swapped(da, z, alpha=1.0):
    return np.where(da > 0, z, z * alpha * np.exp(np.minimum(da, 0)))


@misconception(
    of="elu_backward",
    says="The positive side is multiplied by z.",
    hint="What is the slope of z at z = 100?",
)
def elu_right_side_times_z(da, z, alpha=1.0):
    return np.where(z > 0, da * z, da * alpha * np.exp(np.minimum(z, 0)))


@misconception(
    of="elu_backward",
    says="The slopes are stored in an array of z's dtype, so that integers cut them to 0.",
    hint="What dtype has np.ones_like of an integer array?",
)
def elu_slopes_cut_off(da, z, alpha=1.0):
    slopes = np.ones_like(z)
    slopes[z <= 0] = alpha * np.exp(z[z <= 0])
    return da * slopes


# ---------------------------------------------------------------- prelu_backward


@misconception(
    of="prelu_backward",
    says="dalpha is not summed: it has the shape of z.",
    hint="dalpha has the shape of alpha. Which entries share one slope?",
)
def slope_gradient_not_summed(da, z, alpha):
    return np.where(z > 0, da, alpha * da), da * np.minimum(z, 0)


@misconception(
    of="prelu_backward",
    says="dalpha is a mean instead of a sum.",
    hint="Each entry acts on the loss through the slope. Do these effects add up or average?",
)
def slope_gradient_averaged(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), each.mean() if np.ndim(alpha) == 0 else each.mean(axis=0)


@misconception(
    of="prelu_backward",
    says="Positive entries contribute to dalpha, although the slope does not act there.",
    hint="Where does alpha appear in the forward formula?",
)
def slope_gradient_from_both_sides(da, z, alpha):
    each = da * z
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dalpha does not use the incoming gradient.",
    hint="The chain rule multiplies here as well. By what?",
)
def slope_gradient_without_da(da, z, alpha):
    each = np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dalpha counts da where z is negative, without z.",
    hint="Differentiate alpha·z with respect to alpha.",
)
def slope_gradient_without_z(da, z, alpha):
    each = da * (z <= 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dalpha is multiplied by alpha once too often.",
    hint="Differentiate alpha·z with respect to alpha: is alpha still there?",
)
def slope_gradient_with_alpha(da, z, alpha):
    each = da * np.minimum(z, 0) * alpha
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dalpha is one number although each unit has its own slope.",
    hint="dalpha has the shape of alpha. Which axis should stay?",
)
def one_number_for_all_units(da, z, alpha):
    return np.where(z > 0, da, alpha * da), (da * np.minimum(z, 0)).sum()


@misconception(
    of="prelu_backward",
    says="dalpha is summed over the units instead of the examples.",
    hint="Which axis of (N, K) shares one slope?",
)
def summed_over_the_units(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=1)


@misconception(
    of="prelu_backward",
    says="dalpha has one entry for each unit even when alpha is one number.",
    hint="dalpha has the shape of alpha. What if all units share it?",
)
def one_slope_for_each_unit_only(da, z, alpha):
    return np.where(z > 0, da, alpha * da), (da * np.minimum(z, 0)).sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dz is zero where z is negative: this is ReLU's gradient.",
    hint="What is the derivative of alpha·z with respect to z?",
)
def nothing_to_the_left(da, z, alpha):
    each = da * np.minimum(z, 0)
    return da * (z > 0), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dz and dalpha are returned the wrong way round.",
    hint="In which order does the text ask for them?",
)
def prelu_order_swapped(da, z, alpha):
    each = da * np.minimum(z, 0)
    return each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0), np.where(z > 0, da, alpha * da)


@misconception(
    of="prelu_backward",
    says="dalpha has the wrong sign: it uses |z| instead of z.",
    hint="Differentiate alpha·z with respect to alpha. Which sign does z have there?",
)
def slope_gradient_of_the_size(da, z, alpha):
    each = da * np.maximum(-z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dalpha collects where z is positive, where the slope does not act.",
    hint="Where does alpha appear in the forward formula?",
)
def slope_gradient_from_the_right(da, z, alpha):
    each = da * np.maximum(z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dz uses the fixed slope 0.01 of leaky ReLU instead of alpha.",
    hint="PReLU's slope is learned. Which argument holds it?",
)
def fixed_slope_in_dz(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, 0.01 * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="dalpha has shape (1, K) instead of (K,).",
    hint="dalpha has the shape of alpha. Is keepdims meant here?",
)
def slope_gradient_keeps_an_axis(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0, keepdims=True)


@misconception(
    of="prelu_backward",
    says="dalpha has shape (1,) although alpha is one number.",
    hint="dalpha has the shape of alpha. What is np.shape of one number?",
)
def one_number_in_an_array(da, z, alpha):
    each = da * np.minimum(z, 0)
    total = each.sum().reshape(1) if np.ndim(alpha) == 0 else each.sum(axis=0)
    return np.where(z > 0, da, alpha * da), total


@misconception(
    of="prelu_backward",
    says="Only dz is returned; dalpha is missing.",
    hint="PReLU has a parameter to learn. What does it need for that?",
)
def no_slope_gradient(da, z, alpha):
    return np.where(z > 0, da, alpha * da)


@misconception(
    of="prelu_backward",
    says="At z = 0 the whole gradient passes; the text takes the slope of the left side there.",
    hint="On which side of your comparison is zero?",
)
def prelu_at_zero_from_the_right(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z >= 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="Where z is negative dz is alpha·z, the value, and da is not used.",
    hint="The chain rule multiplies da by the slope. What is the slope there?",
)
def prelu_value_for_gradient(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * z), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="da itself is changed.",
    hint="The caller may still need da. Work on a copy or build a new array.",
)
def prelu_writes_into_da(da, z, alpha):
    each = da * np.minimum(z, 0)
    da *= np.where(z > 0, 1.0, alpha)
    return da, each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


@misconception(
    of="prelu_backward",
    says="Every unit's dalpha is the total over all units.",
    hint="Each unit has its own slope. Which entries does it act on?",
)
def total_for_every_unit(da, z, alpha):
    each = da * np.minimum(z, 0)
    return np.where(z > 0, da, alpha * da), np.full(np.shape(alpha), each.sum())


@misconception(
    of="prelu_backward",
    says="dalpha is divided by the number of examples.",
    hint="If the loss is a mean, where is its 1/N already?",
)
def slope_gradient_over_the_batch(da, z, alpha):
    each = da * np.minimum(z, 0) / len(z)
    return np.where(z > 0, da, alpha * da), each.sum() if np.ndim(alpha) == 0 else each.sum(axis=0)


# ---------------------------------------------------------------- maxout_forward


@misconception(
    of="maxout_forward",
    says="The pieces are averaged, which is linear again.",
    hint="Which of the pieces should come out?",
)
def mean_of_the_pieces(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.mean(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The pieces are added up, which is linear again.",
    hint="Which of the pieces should come out?",
)
def sum_of_the_pieces(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.sum(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The smallest piece comes out instead of the largest.",
    hint="What does the max in maxout stand for?",
)
def smallest_piece(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.min(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The biases are not added.",
    hint="What is the output for an input of zeros?",
)
def pieces_without_bias(x, w, b):
    pieces = x @ w
    return pieces.max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The largest product and the largest bias are added, though they may belong to different pieces.",
    hint="Which is compared: the products, or the products with their biases?",
)
def bias_after_the_maximum(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return (x @ w).max(axis=0) + b.max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The maximum is taken over the units instead of the pieces.",
    hint="out must be (N, K). Which axis of (k, N, K) should disappear?",
)
def maximum_over_the_units(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.max(axis=2).T, (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The number of the winning piece comes out instead of its value.",
    hint="What is the difference between max and argmax?",
)
def number_of_the_winner(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.argmax(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The biases are lined up with the examples instead of with the pieces.",
    hint="b is (k, K) and the pieces are (k, N, K). Where must a new axis go?",
)
def bias_of_another_axis(x, w, b):
    pieces = x @ w + b
    return pieces.max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The piece that is largest in absolute value is compared.",
    hint="Which is larger, -8 or 6?",
)
def largest_in_size(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return np.abs(pieces).max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="Negative outputs are cut off: a ReLU has slipped in.",
    hint="If all pieces are negative, what should come out?",
)
def maxout_with_relu(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return np.maximum(pieces.max(axis=0), 0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The cache is not the tuple (x, w, pieces) with all pieces (k, N, K) that the text asks for.",
    hint="Backward must find out for every example and unit which piece won. What does it need?",
)
def another_maxout_cache(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.max(axis=0), (x, w, b)


@misconception(
    of="maxout_forward",
    says="The maximum is taken over the units, the last axis, instead of the pieces.",
    hint="out must be (N, K). Which axis of (k, N, K) should disappear?",
)
def maximum_over_the_last_axis(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.max(axis=-1), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The maximum is taken over the examples instead of the pieces.",
    hint="out must be (N, K). Which axis of (k, N, K) should disappear?",
)
def maximum_over_the_examples(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.max(axis=1), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The maximum is taken over everything, so that one number comes out.",
    hint="out must be (N, K). What does max() do without an axis?",
)
def maximum_of_everything(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.max(), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The axis of the pieces is kept: out is (1, N, K) instead of (N, K).",
    hint="Is keepdims meant here?",
)
def axis_of_the_pieces_kept(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces.max(axis=0, keepdims=True), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="Only the first two pieces are compared.",
    hint="There are k pieces. What happens with three?",
)
def two_pieces_at_most(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces[:2].max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The piece farthest from zero comes out, negative or not.",
    hint="Which is larger, -8 or 6?",
)
def farthest_from_zero(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    winner = np.abs(pieces).argmax(axis=0)[np.newaxis]
    return np.take_along_axis(pieces, winner, axis=0)[0], (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="All pieces get the first piece's biases.",
    hint="b is (k, K): one row for each piece. Where must a new axis go so that the rows meet the pieces?",
)
def biases_of_the_first_piece(x, w, b):
    pieces = x @ w + b[0]
    return pieces.max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="All pieces get the sum of all biases.",
    hint="b is (k, K): one row for each piece. Does it need to be reduced at all?",
)
def biases_summed_over_pieces(x, w, b):
    pieces = x @ w + b.sum(axis=0)
    return pieces.max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="One piece wins for a whole example, the same for all units.",
    hint="Another piece may win for another unit. Over which axes should the comparison run?",
)
def one_winner_for_each_example(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces[pieces.sum(axis=2).argmax(axis=0), np.arange(len(x))], (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="One piece wins for the whole batch.",
    hint="Another piece may win for another example and unit. Over which axes should the comparison run?",
)
def one_winner_for_everything(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces[pieces.sum(axis=(1, 2)).argmax()], (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The largest weights and biases are picked, not the largest outputs.",
    hint="max(x·w₁, x·w₂) is not x·max(w₁, w₂). Try a negative x.",
)
def largest_weights(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return x @ w.max(axis=0) + b.max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="The last piece is left out of the comparison.",
    hint="Where does your loop stop? Range leaves out its end.",
)
def last_piece_left_out(x, w, b):
    pieces = x @ w + b[:, np.newaxis, :]
    return pieces[: max(len(w) - 1, 1)].max(axis=0), (x, w, pieces)


@misconception(
    of="maxout_forward",
    says="Only the output is returned; the cache is missing.",
    hint="f_forward returns a pair: what must backward remember?",
)
def no_maxout_cache(x, w, b):
    return (x @ w + b[:, np.newaxis, :]).max(axis=0)


# ---------------------------------------------------------------- maxout_backward


@misconception(
    of="maxout_backward",
    says="Every piece receives the whole gradient.",
    hint="Which piece changed the output when it changed a little? Only that one.",
)
def to_all_pieces(dout, cache):
    x, w, pieces = cache
    dpieces = np.broadcast_to(dout, pieces.shape)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="The gradient is divided among the pieces.",
    hint="Which piece changed the output when it changed a little? Only that one.",
)
def shared_between_pieces(dout, cache):
    x, w, pieces = cache
    dpieces = np.broadcast_to(dout / len(w), pieces.shape)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="In a tie every one of the equal pieces receives the gradient, so it is counted twice.",
    hint="== finds all that are equal to the maximum. What finds the first only?",
)
def to_several_in_a_tie(dout, cache):
    x, w, pieces = cache
    dpieces = dout * (pieces == pieces.max(axis=0))
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="In a tie the last of the equal pieces receives the gradient; the text gives it to the first.",
    hint="Does your comparison use > or >=? argmax finds the first.",
)
def to_the_last_in_a_tie(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    winner = len(w) - 1 - pieces[::-1].argmax(axis=0)
    dpieces = dout * (winner == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="The gradient goes to the smallest piece.",
    hint="Which piece came out in the forward pass?",
)
def to_the_loser(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmin(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="dw and db are divided by the number of examples.",
    hint="If the loss is a mean, where is its 1/N already?",
)
def maxout_averages(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces / len(x), dpieces.mean(axis=1)


@misconception(
    of="maxout_backward",
    says="dx goes through all pieces, also through those that lost.",
    hint="Through which piece did x act on this output?",
)
def inputs_from_all_pieces(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dout @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="The winner is chosen once for all examples, not for each.",
    hint="May another piece win for another example? Over which axes does the comparison run?",
)
def one_winner_for_the_batch(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.sum(axis=1, keepdims=True).argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="db is the same for all pieces: it sums dout instead of each piece's share.",
    hint="b is (k, K): which piece's bias acted on which example?",
)
def biases_not_by_piece(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, np.tile(dout.sum(axis=0), (len(w), 1))


@misconception(
    of="maxout_backward",
    says="The gradients come in another order than the forward arguments.",
    hint="The forward call is maxout_forward(x, w, b). In which order must the gradients come?",
)
def maxout_order(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return x.T @ dpieces, dpieces.sum(axis=1), (dpieces @ w.transpose(0, 2, 1)).sum(axis=0)


@misconception(
    of="maxout_backward",
    says="The gradient is multiplied by the winning piece's value.",
    hint="The slope of max with respect to its winner is 1, whatever the winner's size.",
)
def multiplied_by_the_value(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * pieces * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="In a tie the equal pieces share the gradient; the text gives it to the first.",
    hint="== finds all that are equal to the maximum. What finds the first only?",
)
def divided_in_a_tie(dout, cache):
    x, w, pieces = cache
    won = (pieces == pieces.max(axis=0)).astype(float)
    dpieces = dout * won / won.sum(axis=0)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="Each piece overwrites dx, so that only the last piece's share is left.",
    hint="x acts on the output through whichever piece won. Which of = and += collects?",
)
def inputs_from_the_last_piece(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return dpieces[-1] @ w[-1].T, x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="dx takes only the first piece's share.",
    hint="x acts on the output through whichever piece won. Over what must dx add up?",
)
def inputs_from_the_first_piece(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return dpieces[0] @ w[0].T, x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="dx is not summed over the pieces: it has an axis too many.",
    hint="dx has the shape of x. Which axis should disappear?",
)
def inputs_piece_by_piece(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return dpieces @ w.transpose(0, 2, 1), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="dx is a mean over the pieces instead of a sum.",
    hint="Do the shares of the pieces add up or average?",
)
def inputs_averaged_over_pieces(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).mean(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="db is summed over the pieces as well and is (K,) instead of (k, K).",
    hint="db has the shape of b. Which axis of (k, N, K) should disappear?",
)
def biases_of_all_pieces_in_one(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=(0, 1))


@misconception(
    of="maxout_backward",
    says="db is summed over the pieces instead of the examples.",
    hint="db has the shape of b, (k, K). Which axis of (k, N, K) should disappear?",
)
def biases_summed_along_the_pieces(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=0)


@misconception(
    of="maxout_backward",
    says="db is summed over the units instead of the examples.",
    hint="db has the shape of b, (k, K). Which axis of (k, N, K) should disappear?",
)
def biases_summed_along_the_units(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=2)


@misconception(
    of="maxout_backward",
    says="db is a mean over the examples instead of a sum.",
    hint="If the loss is a mean, where is its 1/N already?",
)
def maxout_bias_gradient_averaged(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.mean(axis=1)


@misconception(
    of="maxout_backward",
    says="One piece wins for a whole example, the same for all units.",
    hint="Another piece may win for another unit. Over which axes should the comparison run?",
)
def maxout_winner_for_each_example(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.sum(axis=2, keepdims=True).argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="One piece wins for the whole batch and all its units.",
    hint="Another piece may win for another example and unit. Over which axes should the comparison run?",
)
def maxout_winner_for_everything(dout, cache):
    x, w, pieces = cache
    dpieces = np.zeros(pieces.shape)
    dpieces[pieces.sum(axis=(1, 2)).argmax()] = dout
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="The incoming gradient dout is not used: only the mask of the winners goes back.",
    hint="The chain rule multiplies. By what?",
)
def maxout_forgets_dout(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = (pieces.argmax(axis=0) == number).astype(float)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="Every piece that is positive receives the gradient, as in a ReLU.",
    hint="What decides in maxout: the sign of a piece, or its rank among the pieces?",
)
def to_the_positive_pieces(dout, cache):
    x, w, pieces = cache
    dpieces = dout * (pieces > 0)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="db is missing.",
    hint="Which three things did the forward function take?",
)
def no_maxout_bias_gradient(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces


@misconception(
    of="maxout_backward",
    says="dw is transposed within each piece.",
    hint="w is (k, D, K), and dw must be too. Which factor comes first?",
)
def maxout_weights_transposed(dout, cache):
    x, w, pieces = cache
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (pieces.argmax(axis=0) == number)
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), dpieces.transpose(0, 2, 1) @ x, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="Only the first two pieces are looked at.",
    hint="There are k pieces. What happens when the third wins?",
)
def first_against_second(dout, cache):
    x, w, pieces = cache
    dpieces = np.zeros(pieces.shape)
    first = pieces[0] >= pieces[1]
    dpieces[0], dpieces[1] = dout * first, dout * ~first
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="Examples overwrite each other's dw and db, where they should add up.",
    hint="One weight serves all examples. Which of = and += collects?",
)
def examples_overwrite_each_other(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros((len(w), w.shape[2]))
    for n, k in np.ndindex(winner.shape):
        i = winner[n, k]
        dx[n] += dout[n, k] * w[i, :, k]
        dw[i, :, k] = dout[n, k] * x[n]
        db[i, k] = dout[n, k]
    return dx, dw, db


@misconception(
    of="maxout_backward",
    says="db[winner, ...] += dout keeps only one of several examples with the same winner.",
    hint="What does NumPy do with += when an index occurs twice? Look up np.add.at, or use a mask and a sum.",
)
def repeated_indices_lost(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (winner == number)
    db = np.zeros((len(w), w.shape[2]))
    db[winner, np.arange(w.shape[2])] += dout
    return (dpieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ dpieces, db


@misconception(
    of="maxout_backward",
    says="Only the first 64 examples send their gradients back.",
    hint="What is dx for the last example of a batch of 100? Take the number of examples from x, not from a constant.",
)
def maxout_backward_of_64_examples_at_most(dout, cache):
    x, w, pieces = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros((w.shape[0], w.shape[2]))
    for n in range(min(len(x), 64)):
        for k in range(w.shape[2]):
            i = pieces[:, n, k].argmax()
            dx[n] += dout[n, k] * w[i, :, k]
            dw[i, :, k] += dout[n, k] * x[n]
            db[i, k] += dout[n, k]
    return dx, dw, db


@misconception(
    of="maxout_backward",
    says="Units overwrite each other's dx, where they should add up.",
    hint="One input acts on all units. Which of = and += collects?",
)
def units_overwrite_each_other(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    number = np.arange(len(w))[:, np.newaxis, np.newaxis]
    dpieces = dout * (winner == number)
    dx = np.zeros(x.shape)
    for n, k in np.ndindex(winner.shape):
        dx[n] = dout[n, k] * w[winner[n, k], :, k]
    return dx, x.T @ dpieces, dpieces.sum(axis=1)


@misconception(
    of="maxout_backward",
    says="The pieces in the cache are overwritten.",
    hint="Functions leave their inputs as they were, and the cache is one. Build a new array.",
)
def writes_into_the_pieces(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)[np.newaxis]
    pieces[...] = 0
    np.put_along_axis(pieces, winner, dout[np.newaxis], axis=0)
    return (pieces @ w.transpose(0, 2, 1)).sum(axis=0), x.T @ pieces, pieces.sum(axis=1)
