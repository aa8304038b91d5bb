"""Wrong implementations that students hand in for 01-activations, each with what a good TA says."""

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
def leaks(z):
    return np.where(z > 0, z, 0.01 * z)


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
