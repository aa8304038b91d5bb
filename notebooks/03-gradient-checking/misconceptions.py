"""Wrong implementations that students hand in for 03-gradient-checking, each with what a good TA says.

Every function stands alone: nothing here uses another function of the assignment.
"""

import numpy as np

from grader.authoring import misconception

# ---------------------------------------------------------------- forward_difference


@misconception(
    of="forward_difference",
    says="The second point lies to the left of x, so this is the backward difference.",
    hint="Draw the two points on the curve: which of them should be at x + h?",
)
def steps_to_the_left(f, x, h):
    return (f(x) - f(x - h)) / h


@misconception(
    of="forward_difference",
    says="The difference is divided by 2h although the two points are only h apart.",
    hint="A slope is rise over run. How far apart are x and x + h?",
)
def forward_divided_by_2h(f, x, h):
    return (f(x + h) - f(x)) / (2 * h)


@misconception(
    of="forward_difference",
    says="This is the central difference, which looks to both sides.",
    hint="Here only one side is asked for, so that its error can be compared. Which two points does the formula name?",
)
def forward_is_central(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


@misconception(
    of="forward_difference",
    says="The rise is not divided by the step.",
    hint="What do you get for a straight line of slope 5 with h = 0.5? The answer should not depend on h.",
)
def forward_not_divided(f, x, h):
    return f(x + h) - f(x)


@misconception(
    of="forward_difference",
    says="Brackets are missing: only f(x) is divided by h.",
    hint="Division binds more tightly than subtraction. What must be computed first?",
)
def forward_without_brackets(f, x, h):
    return f(x + h) - f(x) / h


@misconception(
    of="forward_difference",
    says="The two values are subtracted the wrong way round, so the sign is flipped.",
    hint="For a rising function the answer must be positive. Try f(t) = t.",
)
def forward_sign_flipped(f, x, h):
    return (f(x) - f(x + h)) / h


@misconception(
    of="forward_difference",
    says="The step that was passed in is not used; a step of its own is.",
    hint="Call your function with h = 0.5 and h = 0.01 on a cube. Should the answers be the same?",
)
def forward_ignores_h(f, x, h):
    h = 1e-5
    return (f(x + h) - f(x)) / h


@misconception(
    of="forward_difference",
    says="The rise is multiplied by h instead of divided by it.",
    hint="Check a straight line of slope 5: which operation gives 5 back?",
)
def forward_multiplied_by_h(f, x, h):
    return (f(x + h) - f(x)) * h


@misconception(
    of="forward_difference",
    says="The rise is divided by x instead of by the step.",
    hint="A slope is rise over run. How far apart are x and x + h?",
)
def forward_divided_by_x(f, x, h):
    return np.float64(f(x + h) - f(x)) / x


@misconception(
    of="forward_difference",
    says="The rise is divided by 2 and multiplied by h: a/2*h is not a/(2h), and the 2 does not belong here.",
    hint="Python works from left to right among / and *. And how far apart are x and x + h?",
)
def forward_over_2_times_h(f, x, h):
    return (f(x + h) - f(x)) / 2 * h


@misconception(
    of="forward_difference",
    says="The points are half a step to each side of x, which is a central difference.",
    hint="Which two points does the formula name? Is one of them x itself?",
)
def forward_with_half_steps(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h


@misconception(
    of="forward_difference",
    says="The second point lies to the left, and the division does not know it: the slope has the wrong sign.",
    hint="Draw the two points on the curve: which of them should be at x + h?",
)
def forward_left_and_flipped(f, x, h):
    return (f(x - h) - f(x)) / h


@misconception(
    of="forward_difference",
    says="The arguments come in another order: x is taken for h and h for x.",
    hint="The signature is (f, x, h). A call by position fills them in that order.",
)
def forward_arguments_exchanged(f, h, x):
    return (f(x + h) - f(x)) / h


@misconception(
    of="forward_difference",
    says="The step is made a share of x, so it is not the h that was passed in.",
    hint="The step is h itself, whatever the size of x. What happens to yours at x = 0?",
)
def forward_relative_step(f, x, h):
    return (f(x + h * x) - f(x)) / (h * x)


@misconception(
    of="forward_difference",
    says="The slope is made positive.",
    hint="What is the slope of f(t) = -t? Which sign has yours?",
)
def forward_always_positive(f, x, h):
    return abs(f(x + h) - f(x)) / h


@misconception(
    of="forward_difference",
    says="The division // rounds down to a whole number.",
    hint="What is 7 // 2 in Python, and what is 7 / 2?",
)
def forward_floor_division(f, x, h):
    return (f(x + h) - f(x)) // h


@misconception(
    of="forward_difference",
    says="f is called with the step instead of the point that the step leads to.",
    hint="f belongs to points: which two are named in the formula?",
)
def forward_f_of_the_step(f, x, h):
    return f((x + h) - x) / h


@misconception(
    of="forward_difference",
    says="The result is rounded, so that its error can no longer be measured.",
    hint="Return the number as it is; a format such as {value:.4f} rounds when you print.",
)
def forward_rounded(f, x, h):
    return round(float(f(x + h) - f(x)) / h, 4)


@misconception(
    of="forward_difference",
    says="The computation is done in float32, where the difference has only a few digits left.",
    hint="How many digits has a float32? Leave the numbers as they come.",
)
def forward_in_float32(f, x, h):
    return np.float32(f(np.float32(x + h)) - f(np.float32(x))) / np.float32(h)


# ---------------------------------------------------------------- central_difference


@misconception(
    of="central_difference",
    says="This is the one-sided difference.",
    hint="For a parabola the central difference is exact. Is yours? Which two points lie evenly around x?",
)
def central_is_one_sided(f, x, h):
    return (f(x + h) - f(x)) / h


@misconception(
    of="central_difference",
    says="The difference is divided by h, but the two points are 2h apart.",
    hint="Your slopes come out twice too large. How far is it from x - h to x + h?",
)
def central_divided_by_h(f, x, h):
    return (f(x + h) - f(x - h)) / h


@misconception(
    of="central_difference",
    says="The result is divided by 2 and then multiplied by h: a/2*h is not a/(2h).",
    hint="Python works from left to right among / and *. Where do brackets belong?",
)
def central_over_2_times_h(f, x, h):
    return (f(x + h) - f(x - h)) / 2 * h


@misconception(
    of="central_difference",
    says="Brackets are missing around the difference: only f(x - h) is divided.",
    hint="Division binds more tightly than subtraction. What must be computed first?",
)
def central_without_brackets(f, x, h):
    return f(x + h) - f(x - h) / (2 * h)


@misconception(
    of="central_difference",
    says="The points are half a step from x instead of a full one.",
    hint="Both are central differences, but compare the error for a cube with h² as the text gives it.",
)
def central_with_half_steps(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / h


@misconception(
    of="central_difference",
    says="The points are half a step from x, but the division assumes full steps.",
    hint="Your slopes are half of what they should be. Measure the distance between your two points.",
)
def central_half_steps_over_2h(f, x, h):
    return (f(x + h / 2) - f(x - h / 2)) / (2 * h)


@misconception(
    of="central_difference",
    says="The two values are subtracted the wrong way round, so the sign is flipped.",
    hint="For a rising function the answer must be positive. Try f(t) = t.",
)
def central_sign_flipped(f, x, h):
    return (f(x - h) - f(x + h)) / (2 * h)


@misconception(
    of="central_difference",
    says="The values are added instead of subtracted.",
    hint="What should come out for a constant function? What does yours give?",
)
def central_adds(f, x, h):
    return (f(x + h) + f(x - h)) / (2 * h)


@misconception(
    of="central_difference",
    says="The step that was passed in is not used; a step of its own is.",
    hint="Call your function with h = 0.5 and h = 0.01 on a cube. Should the answers be the same?",
)
def central_ignores_h(f, x, h):
    h = 1e-5
    return (f(x + h) - f(x - h)) / (2 * h)


@misconception(
    of="central_difference",
    says="One point is x itself, but the division assumes two points that are 2h apart.",
    hint="Which two points does the formula name? Yours are only h apart.",
)
def central_one_sided_over_2h(f, x, h):
    return (f(x + h) - f(x)) / (2 * h)


@misconception(
    of="central_difference",
    says="The points are two steps from x, but the division assumes one to each side.",
    hint="Your slopes are twice too large. Measure the distance between your two points.",
)
def central_two_steps_over_2h(f, x, h):
    return (f(x + 2 * h) - f(x - 2 * h)) / (2 * h)


@misconception(
    of="central_difference",
    says="The points are two steps from x instead of one.",
    hint="Compare the error for a cube with h² as the text gives it: where do your two points lie?",
)
def central_two_steps_over_4h(f, x, h):
    return (f(x + 2 * h) - f(x - 2 * h)) / (4 * h)


@misconception(
    of="central_difference",
    says="This is the formula for the second derivative.",
    hint="For a straight line yours gives 0. The slope needs two points and no f(x).",
)
def central_second_derivative(f, x, h):
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2


@misconception(
    of="central_difference",
    says="The difference is divided by h² instead of by the distance of the two points.",
    hint="h² is the size of the error. How far is it from x - h to x + h?",
)
def central_over_h_squared(f, x, h):
    return (f(x + h) - f(x - h)) / h**2


@misconception(
    of="central_difference",
    says="The difference is not divided by the distance of the two points.",
    hint="What do you get for a straight line of slope 5 with h = 0.5? The answer should not depend on h.",
)
def central_not_divided(f, x, h):
    return f(x + h) - f(x - h)


@misconception(
    of="central_difference",
    says="The difference is divided by 2 but not by h.",
    hint="What do you get for a straight line of slope 5 with h = 0.5? The answer should not depend on h.",
)
def central_over_2_only(f, x, h):
    return (f(x + h) - f(x - h)) / 2


@misconception(
    of="central_difference",
    says="This is the one-sided difference to the left.",
    hint="For a parabola the central difference is exact. Is yours? Which two points lie evenly around x?",
)
def central_is_backward(f, x, h):
    return (f(x) - f(x - h)) / h


@misconception(
    of="central_difference",
    says="The arguments come in another order: x is taken for h and h for x.",
    hint="The signature is (f, x, h). A call by position fills them in that order.",
)
def central_arguments_exchanged(f, h, x):
    return (f(x + h) - f(x - h)) / (2 * h)


@misconception(
    of="central_difference",
    says="This formula uses four points, two of them further away than h.",
    hint="It is more exact, but the text asks for x + h and x - h alone, so that its error can be compared.",
)
def central_with_four_points(f, x, h):
    return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)


@misconception(
    of="central_difference",
    says="The slope is made positive.",
    hint="What is the slope of f(t) = -t? Which sign has yours?",
)
def central_always_positive(f, x, h):
    return abs(f(x + h) - f(x - h)) / (2 * h)


@misconception(
    of="central_difference",
    says="The result is rounded, so that its error can no longer be measured.",
    hint="Return the number as it is; a format such as {value:.4f} rounds when you print.",
)
def central_rounded(f, x, h):
    return round(float(f(x + h) - f(x - h)) / (2 * h), 4)


@misconception(
    of="central_difference",
    says="The computation is done in float32, where the difference has only a few digits left.",
    hint="How many digits has a float32? Leave the numbers as they come.",
)
def central_in_float32(f, x, h):
    x, h = np.float32(x), np.float32(h)
    return (f(x + h) - f(x - h)) / (2 * h)


# ---------------------------------------------------------------- numerical_gradient


@misconception(
    of="numerical_gradient",
    says="Each entry uses the one-sided difference.",
    hint="The text asks for central differences. How does the error of yours fall when h becomes ten times smaller?",
)
def one_sided(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    base = f(point)
    for index in np.ndindex(point.shape):
        moved = point.copy()
        moved[index] += h
        grad[index] = (f(moved) - base) / h
    return grad


@misconception(
    of="numerical_gradient",
    says="The difference is divided by h, but the two points are 2h apart.",
    hint="Every entry comes out twice too large. How far apart are the two points?",
)
def divided_by_h(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / h
    return grad


@misconception(
    of="numerical_gradient",
    says="An entry stays moved when the next one has its turn.",
    hint="Print the point at which f is called for the second entry. Which entries differ from x?",
)
def does_not_put_back(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        point[index] += h
        above = f(point)
        point[index] -= 2 * h
        grad[index] = (above - f(point)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="x itself is moved and not put back, so the caller's array is changed.",
    hint="Print x before and after the call. Either work on a copy, or put every entry back.",
)
def leaves_x_moved(f, x, h=1e-5):
    grad = np.zeros(np.shape(x))
    for index in np.ndindex(np.shape(x)):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        grad[index] = (above - f(x)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="All entries are moved at once, so every entry gets the sum of all partial derivatives.",
    hint="A partial derivative moves one entry and keeps the others. What does x + h do to an array?",
)
def moves_everything_at_once(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@misconception(
    of="numerical_gradient",
    says="An array of integers swallows the step: 2 + 0.00001 is stored as 2.",
    hint="Print x.dtype for np.array([1, 2]). What happens to a fraction that you write into it?",
)
def integers_swallow_the_step(f, x, h=1e-5):
    point = np.array(x)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        kept = point[index]
        point[index] = kept + h
        above = f(point)
        point[index] = kept - h
        below = f(point)
        point[index] = kept
        grad[index] = (above - below) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The gradient is stored in an array of x's dtype, so that fractions of integer arrays are cut off.",
    hint="What dtype has np.zeros_like(np.array([1, 2]))? Choose the dtype of the result yourself.",
)
def gradient_has_the_dtype_of_x(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The loop runs over the first axis only, so whole rows are moved together.",
    hint="Try a 2×3 array: do entries of one row get different numbers? Find a loop over all indices.",
)
def moves_whole_rows(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for i in range(len(point)):
        up, down = point.copy(), point.copy()
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The gradient is zero everywhere: f never sees an entry move.",
    hint="Print the two points at which you call f. flatten() makes a copy, and b = a makes none.",
)
def steps_in_a_flattened_copy(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    flat = point.flatten()
    grad = np.zeros(flat.size)
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        above = f(point)
        flat[i] = kept - h
        below = f(point)
        flat[i] = kept
        grad[i] = (above - below) / (2 * h)
    return grad.reshape(point.shape)


@misconception(
    of="numerical_gradient",
    says="ravel() is trusted to be a view, but for an array that is not contiguous it is a copy, which f never sees.",
    hint="Try your function on x.T. When does ravel() share memory with the array? np.shares_memory tells.",
)
def ravel_of_a_strided_array(f, x, h=1e-5):
    point = x if x.dtype == np.float64 else x.astype(np.float64, order="C")
    flat, grad = point.ravel(), np.zeros(point.size)
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        above = f(point)
        flat[i] = kept - h
        below = f(point)
        flat[i] = kept
        grad[i] = (above - below) / (2 * h)
    return grad.reshape(point.shape)


@misconception(
    of="numerical_gradient",
    says="The result is a flat vector instead of an array of the shape of x.",
    hint="A gradient has the shape of what it differentiates. Which method gives a vector a shape?",
)
def returns_a_flat_vector(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = []
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad.append((f(up) - f(down)) / (2 * h))
    return np.array(grad)


@misconception(
    of="numerical_gradient",
    says="The step is so small that rounding errors drown the difference.",
    hint="Look at the picture of error against step: where is the best h in float64?",
)
def tiny_step(f, x, h=1e-12):
    h = 1e-12
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The default step is 1e-2, which leaves a truncation error that looks like a bug.",
    hint="Look at the signature in the notebook: which h does it ask for when none is given?",
)
def coarse_default_step(f, x, h=1e-2):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The step that was passed in is not used; a step of its own is.",
    hint="Call your function on a sum of cubes with h = 0.1 and h = 0.01. Should the answers be the same?",
)
def gradient_ignores_h(f, x, h=1e-5):
    h = 1e-5
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The computation stays in the precision of x, and a step of 1e-5 drowns in the rounding of float32.",
    hint="How many digits has a float32? Convert once at the start, whatever the dtype of x.",
)
def stays_in_float32(f, x, h=1e-5):
    x = np.asarray(x)
    point = x.copy() if x.dtype.kind == "f" else x.astype(float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        kept = point[index]
        point[index] = kept + h
        above = f(point)
        point[index] = kept - h
        below = f(point)
        point[index] = kept
        grad[index] = (above - below) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The step is a share of the entry, so an entry of zero is not moved at all (0/0).",
    hint="What is h * x[i] for x[i] = 0? The step here is h itself.",
)
def relative_step(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    with np.errstate(all="ignore"):
        for index in np.ndindex(point.shape):
            step = h * point[index]
            up, down = point.copy(), point.copy()
            up[index] += step
            down[index] -= step
            grad[index] = np.float64(f(up) - f(down)) / (2 * step)
    return grad


@misconception(
    of="numerical_gradient",
    says="f is called with the single entry that moves, but it needs the whole array.",
    hint="What does f take, according to the text? The other entries matter as well, even though they do not move.",
)
def passes_single_entries(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        grad[index] = (f(point[index] + h) - f(point[index] - h)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The two values are subtracted the wrong way round, so the sign is flipped.",
    hint="For f(x) = x.sum() every entry must be +1.",
)
def gradient_sign_flipped(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(down) - f(up)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The gradient is filled column by column, so that a matrix has its numbers in the wrong places.",
    hint="For which order of the entries does reshape put them back? Try f(x) = x[0, 1].",
)
def fills_column_by_column(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = []
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad.append((f(up) - f(down)) / (2 * h))
    return np.array(grad).reshape(point.shape, order="F")


@misconception(
    of="numerical_gradient",
    says="The partial derivatives are added up instead of kept apart.",
    hint="f has as many partial derivatives as x has entries. How many numbers do you return?",
)
def adds_up_the_entries(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    total = 0.0
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        total += (f(up) - f(down)) / (2 * h)
    return total


def _slopes(x, h, slope):
    """An array of the shape of x, filled entry by entry with slope(up, down, index)."""
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = slope(up, down, index)
    return grad


@misconception(
    of="numerical_gradient",
    says="From x + h the entry goes back by h only, so the second point is x itself.",
    hint="Follow one entry by hand: where is it at the first call of f, and where at the second?",
)
def goes_back_half_the_way(f, x, h=1e-5):
    return _slopes(x, h, lambda up, down, i: (f(up) - f(np.array(x, dtype=float))) / (2 * h))


@misconception(
    of="numerical_gradient",
    says="The result is divided by 2 and then multiplied by h: a/2*h is not a/(2h).",
    hint="Python works from left to right among / and *. Where do brackets belong?",
)
def gradient_over_2_times_h(f, x, h=1e-5):
    return _slopes(x, h, lambda up, down, i: (f(up) - f(down)) / 2 * h)


@misconception(
    of="numerical_gradient",
    says="While one entry moves, all others are set to zero.",
    hint="A partial derivative keeps the other entries where x has them. What does your point hold beside the one that moves?",
)
def sets_the_others_to_zero(f, x, h=1e-5):
    def only(point, i):
        alone = np.zeros(point.shape)
        alone[i] = point[i]
        return alone

    return _slopes(x, h, lambda up, down, i: (f(only(up, i)) - f(only(down, i))) / (2 * h))


@misconception(
    of="numerical_gradient",
    says="The result is made new for every entry, so that only the last one is kept.",
    hint="Which lines must run once, before the loop, and which at every turn?",
)
def keeps_the_last_entry(f, x, h=1e-5):
    grad = _slopes(x, h, lambda up, down, i: (f(up) - f(down)) / (2 * h))
    last = np.zeros(grad.shape)
    last[(-1,) * grad.ndim] = grad[(-1,) * grad.ndim]
    return last


@misconception(
    of="numerical_gradient",
    says="The return stands inside the loop, so that only the first entry is computed.",
    hint="How far is the return indented?",
)
def returns_after_one_entry(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
        break
    return grad


@misconception(
    of="numerical_gradient",
    says="A list is returned; the gradient must be an array of the shape of x.",
    hint="Which function makes an array of a list, and which method ends it again?",
)
def returns_nested_lists(f, x, h=1e-5):
    return _slopes(x, h, lambda up, down, i: (f(up) - f(down)) / (2 * h)).tolist()


@misconception(
    of="numerical_gradient",
    says="Two nested loops need exactly two axes, so vectors and 3-d arrays fail.",
    hint="x may have any number of axes. np.ndindex(x.shape) walks over all of them.",
)
def needs_two_axes(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for i in range(point.shape[0]):
        for j in range(point.shape[1]):
            up, down = point.copy(), point.copy()
            up[i, j] += h
            down[i, j] -= h
            grad[i, j] = (f(up) - f(down)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="f is called with a flattened x, but it takes an array of the shape of x.",
    hint="A flat vector is good for the loop. What shape must the point have before f sees it?",
)
def f_gets_a_flat_vector(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    flat = point.ravel()
    return _slopes(flat, h, lambda up, down, i: (f(up) - f(down)) / (2 * h)).reshape(point.shape)


@misconception(
    of="numerical_gradient",
    says="x is converted to float32, in which a step of 1e-5 drowns in rounding.",
    hint="How many digits has a float32? Which dtype does the text ask for?",
)
def computes_in_float32(f, x, h=1e-5):
    point = np.array(x, dtype=np.float32)
    grad = np.zeros(point.shape, dtype=np.float32)
    for index in np.ndindex(point.shape):
        up, down = point.copy(), point.copy()
        up[index] += h
        down[index] -= h
        grad[index] = (f(up) - f(down)) / (2 * h)
    return grad


@misconception(
    of="numerical_gradient",
    says="The step grows with the size of the entry, so it is not the h that was passed in.",
    hint="The step here is h itself, for large entries too.",
)
def step_grows_with_the_entry(f, x, h=1e-5):
    size = np.maximum(1, np.abs(np.array(x, dtype=float)))

    def slope(up, down, i):
        up[i] += h * (size[i] - 1)
        down[i] -= h * (size[i] - 1)
        return (f(up) - f(down)) / (2 * h * size[i])

    return _slopes(x, h, slope)


@misconception(
    of="numerical_gradient",
    says="x itself is moved and moved back by adding and subtracting, which leaves rounding errors in it.",
    hint="(0.1 + 0.2) - 0.2 is not 0.1. Keep the old value and write it back, or work on a copy.",
)
def moves_back_by_subtracting(f, x, h=1e-5):
    grad = np.zeros(np.shape(x))
    for index in np.ndindex(np.shape(x)):
        x[index] += h
        above = f(x)
        x[index] -= 2 * h
        grad[index] = (above - f(x)) / (2 * h)
        x[index] += h
    return grad


@misconception(
    of="numerical_gradient",
    says="Entries are found by their value, so two that are equal move together.",
    hint="Which entries move in np.array([2.0, 2.0])? Go through positions, not values.",
)
def finds_entries_by_value(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    grad = np.zeros(point.shape)
    for value in point.flat:
        here = point == value
        grad[here] = (f(np.where(here, point + h, point)) - f(np.where(here, point - h, point))) / (2 * h)
    return grad


# ---------------------------------------------------------------- relative_error


@misconception(
    of="relative_error",
    says="This is the absolute error: it is not divided by the size of the gradients.",
    hint="Multiply both gradients by 1000. Should the verdict change?",
)
def absolute_error(a, b):
    return np.linalg.norm(np.ravel(a) - np.ravel(b))


@misconception(
    of="relative_error",
    says="The error is divided by the length of a alone.",
    hint="Exchange a and b: a fair measure gives the same number. What stands in the denominator of the formula?",
)
def divides_by_a_alone(a, b):
    a, b = np.ravel(a), np.ravel(b)
    if not a.any() and not b.any():
        return 0.0
    return np.linalg.norm(a - b) / np.linalg.norm(a)


@misconception(
    of="relative_error",
    says="The error is divided by the length of b alone.",
    hint="Exchange a and b: a fair measure gives the same number. What stands in the denominator of the formula?",
)
def divides_by_b_alone(a, b):
    a, b = np.ravel(a), np.ravel(b)
    if not a.any() and not b.any():
        return 0.0
    return np.linalg.norm(a - b) / np.linalg.norm(b)


@misconception(
    of="relative_error",
    says="The error is divided by the larger of the two lengths instead of their sum.",
    hint="Work out the example of the text by hand: 5 and 4.2426 give 9.2426.",
)
def divides_by_the_larger(a, b):
    a, b = np.ravel(a), np.ravel(b)
    scale = max(np.linalg.norm(a), np.linalg.norm(b))
    return 0.0 if scale == 0 else np.linalg.norm(a - b) / scale


@misconception(
    of="relative_error",
    says="The error is taken entry by entry, and the largest is returned.",
    hint="All entries count together here: one length for each gradient. Where do the norms go?",
)
def largest_of_the_entries(a, b):
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    scale = np.abs(a) + np.abs(b)
    return np.max(np.abs(a - b) / np.where(scale == 0, 1, scale))


@misconception(
    of="relative_error",
    says="The error is taken entry by entry, and the mean is returned.",
    hint="A mean hides one bad entry among many good ones. Where do the norms go?",
)
def mean_of_the_entries(a, b):
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    scale = np.abs(a) + np.abs(b)
    return np.mean(np.abs(a - b) / np.where(scale == 0, 1, scale))


@misconception(
    of="relative_error",
    says="Two gradients that are both zero give 0/0, which is nan.",
    hint="What should the error of two equal gradients be, even when both are zero? Treat that case before you divide.",
)
def zero_over_zero(a, b):
    a, b = np.ravel(a), np.ravel(b)
    with np.errstate(all="ignore"):
        return np.linalg.norm(a - b) / np.float64(np.linalg.norm(a) + np.linalg.norm(b))


@misconception(
    of="relative_error",
    says="A constant of 1e-8 in the denominator makes wrong gradients look right when they are small.",
    hint="Compare gradients of size 1e-12, one twice the other. What does your function say, and what should it say?",
)
def constant_in_the_denominator(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + 1e-8)


@misconception(
    of="relative_error",
    says="The denominator is never smaller than 1e-8, so wrong gradients look right when they are small.",
    hint="Compare gradients of size 1e-12, one twice the other. What does your function say, and what should it say?",
)
def floor_under_the_denominator(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return np.linalg.norm(a - b) / max(1e-8, np.linalg.norm(a) + np.linalg.norm(b))


@misconception(
    of="relative_error",
    says="The squared lengths are used: the root is missing.",
    hint="The length of (3, 4) is 5. What does yours give?",
)
def squared_lengths(a, b):
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    scale = np.sum(a**2) + np.sum(b**2)
    return 0.0 if scale == 0 else np.sum((a - b) ** 2) / scale


@misconception(
    of="relative_error",
    says="The length of the sum a + b is used instead of the sum of the lengths.",
    hint="What is your denominator when b = -a? The lengths are taken first, then added.",
)
def length_of_the_sum(a, b):
    a, b = np.ravel(a).astype(float), np.ravel(b).astype(float)
    if not a.any() and not b.any():
        return 0.0
    with np.errstate(all="ignore"):
        return np.linalg.norm(a - b) / np.linalg.norm(a + b)


@misconception(
    of="relative_error",
    says="The lengths are compared instead of the gradients, so directions do not matter at all.",
    hint="What does your function say about a and -a? Subtract first, then take the length.",
)
def difference_of_the_lengths(a, b):
    scale = np.linalg.norm(np.ravel(a)) + np.linalg.norm(np.ravel(b))
    return 0.0 if scale == 0 else abs(np.linalg.norm(np.ravel(a)) - np.linalg.norm(np.ravel(b))) / scale


@misconception(
    of="relative_error",
    says="For a matrix np.linalg.norm(…, 2) is not the root of the summed squares but the largest singular value.",
    hint="Read what ord=2 means for a matrix, or make a vector of the array first.",
)
def spectral_norm(a, b):
    scale = np.linalg.norm(a, 2) + np.linalg.norm(b, 2)
    return 0.0 if scale == 0 else np.linalg.norm(a - b, 2) / scale


@misconception(
    of="relative_error",
    says="The norm is taken along one axis, so the result is an array instead of one number.",
    hint="The gradient is one vector, however many axes its array has. How many numbers should come back?",
)
def norm_along_an_axis(a, b):
    a, b = np.atleast_1d(a).astype(float), np.atleast_1d(b).astype(float)
    scale = np.linalg.norm(a, axis=0) + np.linalg.norm(b, axis=0)
    return np.linalg.norm(a - b, axis=0) / np.where(scale == 0, 1, scale)


@misconception(
    of="relative_error",
    says="Absolute values are summed (the 1-norm) where the text asks for the Euclidean length.",
    hint="The length of (3, 4) is 5, not 7.",
)
def sums_of_absolute_values(a, b):
    a, b = np.ravel(a), np.ravel(b)
    scale = np.abs(a).sum() + np.abs(b).sum()
    return 0.0 if scale == 0 else np.abs(a - b).sum() / scale


def _length(a):
    return np.linalg.norm(np.ravel(a))


@misconception(
    of="relative_error",
    says="Brackets are missing: only the length of a divides, and the length of b is added.",
    hint="Division binds more tightly than addition. What belongs under the fraction bar?",
)
def denominator_without_brackets(a, b):
    if not (np.any(a) or np.any(b)):
        return 0.0
    return np.float64(_length(np.subtract(a, b))) / _length(a) + _length(b)


@misconception(
    of="relative_error",
    says="The error is divided by the mean of the two lengths, so it is twice too large.",
    hint="It should lie between 0 and 1. What does yours give for b = -a?",
)
def divides_by_the_mean_length(a, b):
    scale = (_length(a) + _length(b)) / 2
    return _length(np.subtract(a, b)) / scale if scale else 0.0


@misconception(
    of="relative_error",
    says="The squares of both are added under one root; the two lengths should be added.",
    hint="Lengths first, then the sum: 5 and 4.2426 give 9.2426 in the example of the text.",
)
def one_root_for_both(a, b):
    scale = np.sqrt(_length(a) ** 2 + _length(b) ** 2)
    return _length(np.subtract(a, b)) / scale if scale else 0.0


@misconception(
    of="relative_error",
    says="The lengths are multiplied instead of added.",
    hint="Multiply both gradients by 1000. Should the verdict change?",
)
def product_of_the_lengths(a, b):
    scale = _length(a) * _length(b)
    return _length(np.subtract(a, b)) / scale if scale else 0.0


@misconception(
    of="relative_error",
    says="The largest entry stands for the length of a gradient.",
    hint="The length of (3, 4) is 5, not 4.",
)
def largest_entries_for_lengths(a, b):
    scale = np.max(np.abs(a)) + np.max(np.abs(b))
    return np.max(np.abs(np.subtract(a, b))) / scale if scale else 0.0


@misconception(
    of="relative_error",
    says="np.linalg.norm(…, 2) of the difference is, for a matrix, the largest singular value.",
    hint="Read what ord=2 means for a matrix, or make a vector of the array first.",
)
def spectral_norm_of_the_difference(a, b):
    scale = _length(a) + _length(b)
    return np.linalg.norm(np.atleast_1d(np.subtract(a, b)), 2) / scale if scale else 0.0


@misconception(
    of="relative_error",
    says="When one gradient is zero the answer is 0, as if they agreed.",
    hint="A gradient that is missing altogether is as wrong as can be. When do both agree: one zero, or both?",
)
def one_zero_is_agreement(a, b):
    if _length(a) == 0 or _length(b) == 0:
        return 0.0
    return _length(np.subtract(a, b)) / (_length(a) + _length(b))


@misconception(
    of="relative_error",
    says="Small gradients count as equal, however different they are.",
    hint="What does np.allclose, or your own limit, say about 1e-12 and 2e-12? Which case alone is 0/0?",
)
def small_is_taken_for_zero(a, b):
    scale = _length(a) + _length(b)
    return 0.0 if scale < 1e-8 else _length(np.subtract(a, b)) / scale


@misconception(
    of="relative_error",
    says="Two zero gradients give 1, as if they differed.",
    hint="What should the error of two equal gradients be, even when both are zero?",
)
def zero_and_zero_differ(a, b):
    scale = _length(a) + _length(b)
    return _length(np.subtract(a, b)) / scale if scale else 1.0


@misconception(
    of="relative_error",
    says="A small constant is added to the denominator, and the error of tiny gradients comes out too small.",
    hint="Add nothing: treat the one case in which the denominator is 0 before you divide.",
)
def tiny_constant_in_the_denominator(a, b):
    return _length(np.subtract(a, b)) / (_length(a) + _length(b) + 1e-15)


@misconception(
    of="relative_error",
    says="A verdict, True or False, is returned instead of the error.",
    hint="Return the number; the reader decides what is small enough.",
)
def verdict_for_error(a, b):
    scale = _length(a) + _length(b)
    return bool(_length(np.subtract(a, b)) <= 1e-7 * scale)


@misconception(
    of="relative_error",
    says="The errors of the columns are averaged; all entries should count together.",
    hint="One norm for the whole array: make a vector of it first.",
)
def mean_over_the_columns(a, b):
    scale = np.linalg.norm(a, axis=0) + np.linalg.norm(b, axis=0)
    return np.mean(np.linalg.norm(np.subtract(a, b), axis=0) / np.where(scale == 0, 1, scale))


@misconception(
    of="relative_error",
    says="The norm chosen takes matrices only, so vectors, numbers and 3-d arrays fail.",
    hint="Make a vector of the array first: then one norm does for every shape.",
)
def norm_of_matrices_only(a, b):
    scale = np.linalg.norm(a, "fro") + np.linalg.norm(b, "fro")
    return np.linalg.norm(np.subtract(a, b), "fro") / scale if scale else 0.0


# ---------------------------------------------------------------- flatten


@misconception(
    of="flatten",
    says="The names are sorted instead of taken in the order of the dict.",
    hint="Which order does a dict keep by itself? The text asks for that one.",
)
def flattens_in_sorted_order(params):
    return np.concatenate([np.ravel(params[name]) for name in sorted(params)]).astype(float)


@misconception(
    of="flatten",
    says="Matrices are read column by column.",
    hint="Row by row is NumPy's default. Look for an order='F' or a .T too many.",
)
def flattens_by_columns(params):
    return np.concatenate([np.ravel(array, order="F") for array in params.values()]).astype(float)


@misconception(
    of="flatten",
    says="Parameters of shape () are left out or refused: np.concatenate takes no 0-d arrays.",
    hint="Make a vector of every array first, a single number included.",
)
def refuses_single_numbers(params):
    return np.concatenate([array.reshape(-1) if array.ndim > 1 else array for array in params.values()]).astype(float)


@misconception(
    of="flatten",
    says="Only the weights are taken; the biases and other parameters are left out.",
    hint="Every parameter has a gradient to be checked. How many numbers are in params, and how many in your vector?",
)
def flattens_matrices_only(params):
    return np.concatenate([np.ravel(array) for array in params.values() if np.ndim(array) >= 2]).astype(float)


@misconception(
    of="flatten",
    says="The result is a column of shape (P, 1) instead of a vector (P,).",
    hint="Print its shape. How many axes has a vector?",
)
def flattens_to_a_column(params):
    return np.concatenate([np.reshape(array, (-1, 1)) for array in params.values()]).astype(float)


@misconception(
    of="flatten",
    says="The dtype is taken over from the parameters, so integers cannot take a small step later.",
    hint="What dtype has your vector when all parameters are integers? The text asks for one dtype in all cases.",
)
def flattens_without_a_dtype(params):
    return np.concatenate([np.ravel(array) for array in params.values()])


@misconception(
    of="flatten",
    says="The arrays are only flattened one by one, and a list of vectors is returned.",
    hint="The check needs one long vector. Which NumPy function joins vectors end to end?",
)
def flattens_one_by_one(params):
    return [np.ravel(array).astype(float) for array in params.values()]


@misconception(
    of="flatten",
    says="The parameters are joined in reverse order.",
    hint="Compare the first entry of your vector with the first array of the dict. What puts new parts in front?",
)
def flattens_in_reverse(params):
    return np.concatenate([np.ravel(array) for array in reversed(params.values())]).astype(float)


@misconception(
    of="flatten",
    says="Only the first array is flattened: the loop ends at its return.",
    hint="How far is the return indented? The vector has a place for every entry of every array.",
)
def flattens_the_first_only(params):
    return np.ravel(next(iter(params.values()))).astype(float)


@misconception(
    of="flatten",
    says="Only the last array is left: each one replaces those before it.",
    hint="What does theta hold after the first turn of the loop, and what after the second?",
)
def flattens_the_last_only(params):
    return np.ravel(list(params.values())[-1]).astype(float)


@misconception(
    of="flatten",
    says="Arrays are read in the order in which they lie in memory (order K), which a transposed one does not show.",
    hint="Flatten W.T: do its rows come one after the other? The text asks for C order.",
)
def flattens_in_memory_order(params):
    return np.concatenate([np.ravel(value, order="K") for value in params.values()]).astype(float)


@misconception(
    of="flatten",
    says="The vector is float32, in which a small step is lost.",
    hint="How many digits has a float32? The text asks for float64.",
)
def flattens_to_float32(params):
    return np.concatenate([np.ravel(value) for value in params.values()]).astype(np.float32)


@misconception(
    of="flatten",
    says="The result is a row of shape (1, P) instead of a vector (P,).",
    hint="How many axes has a vector? Print the shape of what you join.",
)
def flattens_to_a_row(params):
    return np.concatenate([np.reshape(value, (1, -1)) for value in params.values()], axis=1).astype(float)


@misconception(
    of="flatten",
    says="Weights are put before all other parameters, whatever the order of the dict.",
    hint="The dict lists its names in an order of its own. Go through it as it is.",
)
def flattens_weights_first(params):
    names = sorted(params, key=lambda name: not name.startswith("W"))
    return np.concatenate([np.ravel(params[name]) for name in names]).astype(float)


@misconception(
    of="flatten",
    says="Parameters of shape () are left out.",
    hint="A single number is a parameter too. How many places does np.array(7.0) need?",
)
def flattens_without_single_numbers(params):
    return np.concatenate([np.ravel(v) for v in params.values() if np.ndim(v) > 0]).astype(float)


@misconception(
    of="flatten",
    says="Numbers are cut off to whole ones.",
    hint="What does astype(int) do to 0.5?",
)
def flattens_to_whole_numbers(params):
    return np.concatenate([np.ravel(value).astype(int) for value in params.values()]).astype(float)


@misconception(
    of="flatten",
    says="A plain list of numbers is returned instead of a vector.",
    hint="Which function makes an array of a list?",
)
def flattens_to_a_list(params):
    return [float(number) for value in params.values() for number in np.ravel(value)]


@misconception(
    of="flatten",
    says="Names are written into the function, so it works for one network only.",
    hint="params may have any names. How do you go through a dict without knowing them?",
)
def flattens_fixed_names(params):
    return np.concatenate([np.ravel(params[name]) for name in ("W1", "b1", "W2", "b2")]).astype(float)


# ---------------------------------------------------------------- unflatten


@misconception(
    of="unflatten",
    says="Matrices are filled column by column.",
    hint="flatten reads row by row, so the way back must fill row by row. Look for an order='F' or a .T too many.",
)
def unflattens_by_columns(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = theta[start : start + size].reshape(np.shape(array), order="F").copy()
        start += size
    return params


@misconception(
    of="unflatten",
    says="Every array is filled from the start of theta: the place is not moved on.",
    hint="Print where each piece begins. Where should the second array begin?",
)
def always_from_the_start(theta, like):
    return {name: theta[: np.size(array)].reshape(np.shape(array)).copy() for name, array in like.items()}


@misconception(
    of="unflatten",
    says="The names are sorted instead of taken in the order of `like`.",
    hint="The pieces must be dealt out in the order in which flatten joined them. Which was that?",
)
def unflattens_in_sorted_order(theta, like):
    params, start = {}, 0
    for name in sorted(like):
        size = int(np.size(like[name]))
        params[name] = theta[start : start + size].reshape(np.shape(like[name])).copy()
        start += size
    return params


@misconception(
    of="unflatten",
    says="The pieces stay flat: their shapes are not restored.",
    hint="Compare the shapes of your arrays with those in `like`.",
)
def forgets_the_shapes(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = theta[start : start + size].copy()
        start += size
    return params


@misconception(
    of="unflatten",
    says="len() counts the rows of a matrix, not its entries, so too little is cut off for each.",
    hint="How many numbers does a (3, 2) array hold, and what does len() say?",
)
def counts_rows_for_entries(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        length = len(array)
        params[name] = np.resize(theta[start : start + length], np.shape(array))
        start += length
    return params


@misconception(
    of="unflatten",
    says="`like` itself is filled and returned.",
    hint="`like` is a pattern and may be the network itself. Fill a new dict.",
)
def fills_like_itself(theta, like):
    start = 0
    for name in like:
        size = int(np.size(like[name]))
        like[name] = theta[start : start + size].reshape(np.shape(like[name])).copy()
        start += size
    return like


@misconception(
    of="unflatten",
    says="New arrays take over the dtype of `like`, so that fractions are cut off where it holds integers.",
    hint="What dtype has np.zeros_like of an integer array? Only the shapes of `like` matter.",
)
def keeps_the_dtype_of_like(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = np.zeros_like(array)
        params[name][...] = theta[start : start + size].reshape(np.shape(array))
        start += size
    return params


@misconception(
    of="unflatten",
    says="A list of arrays is returned; their names are lost.",
    hint="The loss looks parameters up by name. What kind of object is `like`?",
)
def returns_a_list(theta, like):
    parts, start = [], 0
    for array in like.values():
        size = int(np.size(array))
        parts.append(theta[start : start + size].reshape(np.shape(array)).copy())
        start += size
    return parts


@misconception(
    of="unflatten",
    says="The next piece begins one place too late.",
    hint="A slice start:stop does not include stop. Where does the next one begin?",
)
def skips_one_between_pieces(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = np.resize(theta[start : start + size], np.shape(array))
        start += size + 1
    return params


@misconception(
    of="unflatten",
    says="Shapes are squeezed: (1,) and () or (1, 3) and (3,) become the same.",
    hint="Compare the shapes of your arrays with those in `like` for a parameter of shape (1,).",
)
def squeezes_the_shapes(theta, like):
    params, start = {}, 0
    for name, array in like.items():
        size = int(np.size(array))
        params[name] = np.squeeze(theta[start : start + size].reshape(np.shape(array))).copy()
        start += size
    return params


@misconception(
    of="unflatten",
    says="`like` is returned as it is; theta is not used.",
    hint="What should stand in the new arrays: the old values, or those of theta?",
)
def returns_like_unchanged(theta, like):
    return like


@misconception(
    of="unflatten",
    says="The number of rows is used where the number of entries is needed, so the pieces overlap.",
    hint="How many entries has a (2, 3) array? Which attribute tells, for any shape?",
)
def moves_on_by_rows(theta, like):
    params, start = {}, 0
    for name, value in like.items():
        params[name] = theta[start : start + value.size].reshape(value.shape)
        start += len(np.atleast_1d(value))
    return params


@misconception(
    of="unflatten",
    says="The number of entries is computed from two axes at most, so shape () and 3-d arrays fail.",
    hint="Which attribute of an array counts its entries, whatever its shape?",
)
def sizes_of_two_axes(theta, like):
    params, start = {}, 0
    for name, value in like.items():
        size = value.shape[0] * value.shape[1] if value.ndim == 2 else value.shape[0]
        params[name] = theta[start : start + size].reshape(value.shape)
        start += size
    return params


@misconception(
    of="unflatten",
    says="The new dict lists its names in reverse.",
    hint="A dict remembers the order in which names are put in. Start with the first name of `like`.",
)
def unflattens_in_reverse(theta, like):
    params, stop = {}, theta.size
    for name, value in reversed(like.items()):
        params[name] = theta[stop - value.size : stop].reshape(value.shape)
        stop -= value.size
    return params


@misconception(
    of="unflatten",
    says="A parameter of shape () comes back with shape (1,).",
    hint="A piece of one number has shape (1,). What shape does `like` ask for?",
)
def single_numbers_become_vectors(theta, like):
    params, start = {}, 0
    for name, value in like.items():
        params[name] = np.atleast_1d(theta[start : start + value.size].reshape(value.shape))
        start += value.size
    return params


@misconception(
    of="unflatten",
    says="The arguments come in another order: theta is taken for like and like for theta.",
    hint="The signature is (theta, like). A call by position fills them in that order.",
)
def unflatten_arguments_exchanged(like, theta):
    params, start = {}, 0
    for name, value in like.items():
        params[name] = theta[start : start + value.size].reshape(value.shape)
        start += value.size
    return params


@misconception(
    of="unflatten",
    says="The arrays of `like` are written into: a new dict still holds the same arrays.",
    hint="dict(like) and like.copy() copy names, not arrays. Make a new array for each name.",
)
def writes_into_the_arrays_of_like(theta, like):
    params, start = dict(like), 0
    for value in params.values():
        value[...] = theta[start : start + value.size].reshape(value.shape)
        start += value.size
    return params


# ---------------------------------------------------------------- check_gradient


@misconception(
    of="check_gradient",
    says="The gradients are joined in their own order, so they are compared with the wrong parameters.",
    hint="grad(x) may list W2 before W1. In which order is the numerical gradient?",
)
def joins_gradients_in_their_own_order(f, grad, x, h=1e-5):
    def join(arrays):
        return np.concatenate([np.ravel(array) for array in arrays])

    numeric = []
    for name in x:
        for index in np.ndindex(np.shape(x[name])):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric.append((f({**x, name: up}) - f({**x, name: down})) / (2 * h))
    analytic, numeric = join(grad(x).values()), np.array(numeric)
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return 0.0 if scale == 0 else np.linalg.norm(analytic - numeric) / scale


@misconception(
    of="check_gradient",
    says="It returns a verdict, True or False, instead of the error.",
    hint="How wrong a gradient is says what kind of mistake to look for. Return the number.",
)
def returns_a_verdict(f, grad, x, h=1e-5):
    grads = grad(x)
    analytic, numeric = [], []
    for name in x:
        analytic.extend(np.ravel(grads[name]))
        for index in np.ndindex(np.shape(x[name])):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric.append((f({**x, name: up}) - f({**x, name: down})) / (2 * h))
    analytic, numeric = np.array(analytic), np.array(numeric)
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return bool(scale == 0 or np.linalg.norm(analytic - numeric) / scale < 1e-7)


@misconception(
    of="check_gradient",
    says="It returns the absolute distance between the two gradients.",
    hint="You have written a function for the comparison already; which one has no unit?",
)
def returns_the_distance(f, grad, x, h=1e-5):
    grads = grad(x)
    analytic, numeric = [], []
    for name in x:
        analytic.extend(np.ravel(grads[name]))
        for index in np.ndindex(np.shape(x[name])):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric.append((f({**x, name: up}) - f({**x, name: down})) / (2 * h))
    return np.linalg.norm(np.array(analytic) - np.array(numeric))


@misconception(
    of="check_gradient",
    says="The error is taken for each parameter by itself, and the worst is returned.",
    hint="Here all parameters form one vector: flatten first, then compare once.",
)
def worst_of_the_parameters(f, grad, x, h=1e-5):
    grads, errors = grad(x), []
    for name in x:
        numeric = np.zeros(np.shape(x[name]))
        for index in np.ndindex(numeric.shape):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric[index] = (f({**x, name: up}) - f({**x, name: down})) / (2 * h)
        scale = np.linalg.norm(grads[name]) + np.linalg.norm(numeric)
        errors.append(0.0 if scale == 0 else np.linalg.norm(grads[name] - numeric) / scale)
    return max(errors)


@misconception(
    of="check_gradient",
    says="The error is taken for each parameter by itself, and the mean is returned.",
    hint="Here all parameters form one vector: flatten first, then compare once.",
)
def mean_over_the_parameters(f, grad, x, h=1e-5):
    grads, errors = grad(x), []
    for name in x:
        numeric = np.zeros(np.shape(x[name]))
        for index in np.ndindex(numeric.shape):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric[index] = (f({**x, name: up}) - f({**x, name: down})) / (2 * h)
        scale = np.linalg.norm(grads[name]) + np.linalg.norm(numeric)
        errors.append(0.0 if scale == 0 else np.linalg.norm(grads[name] - numeric) / scale)
    return sum(errors) / len(errors)


@misconception(
    of="check_gradient",
    says="Only the first parameter is checked.",
    hint="A return inside the loop ends it. How many parameters does your comparison see?",
)
def checks_the_first_parameter_only(f, grad, x, h=1e-5):
    name = next(iter(x))
    analytic, numeric = np.ravel(grad(x)[name]), []
    for index in np.ndindex(np.shape(x[name])):
        up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
        up[index] += h
        down[index] -= h
        numeric.append((f({**x, name: up}) - f({**x, name: down})) / (2 * h))
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return 0.0 if scale == 0 else np.linalg.norm(analytic - np.array(numeric)) / scale


@misconception(
    of="check_gradient",
    says="The error is divided by the length of the analytic gradient alone.",
    hint="What stands in the denominator of the relative error? You have a function for it.",
)
def divides_by_the_analytic_length(f, grad, x, h=1e-5):
    grads = grad(x)
    analytic, numeric = [], []
    for name in x:
        analytic.extend(np.ravel(grads[name]))
        for index in np.ndindex(np.shape(x[name])):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric.append((f({**x, name: up}) - f({**x, name: down})) / (2 * h))
    analytic, numeric = np.array(analytic), np.array(numeric)
    scale = np.linalg.norm(analytic)
    return 0.0 if scale == 0 else np.linalg.norm(analytic - numeric) / scale


@misconception(
    of="check_gradient",
    says="The step h that was passed in does not reach the numerical gradient.",
    hint="Call it with h = 0.1 on a sum of cubes: the truncation error must show. Where is h handed on?",
)
def check_ignores_h(f, grad, x, h=1e-5):
    h = 1e-5
    grads = grad(x)
    analytic, numeric = [], []
    for name in x:
        analytic.extend(np.ravel(grads[name]))
        for index in np.ndindex(np.shape(x[name])):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric.append((f({**x, name: up}) - f({**x, name: down})) / (2 * h))
    analytic, numeric = np.array(analytic), np.array(numeric)
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return 0.0 if scale == 0 else np.linalg.norm(analytic - numeric) / scale


@misconception(
    of="check_gradient",
    says="f is called with the flat vector, but it takes a dict of parameters.",
    hint="f looks parameters up by name. What turns theta back into a dict?",
)
def passes_the_flat_vector(f, grad, x, h=1e-5):
    grads = grad(x)
    analytic = np.concatenate([np.ravel(grads[name]) for name in x])
    theta = np.concatenate([np.ravel(array) for array in x.values()]).astype(float)
    numeric = np.zeros(theta.size)
    for i in range(theta.size):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        numeric[i] = (f(up) - f(down)) / (2 * h)
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return 0.0 if scale == 0 else np.linalg.norm(analytic - numeric) / scale


@misconception(
    of="check_gradient",
    says="The numerical gradient is one-sided, so that a correct gradient has an error near 1e-6.",
    hint="Which of your difference formulas has the error h²?",
)
def checks_with_one_side(f, grad, x, h=1e-5):
    grads, base = grad(x), f(x)
    analytic, numeric = [], []
    for name in x:
        analytic.extend(np.ravel(grads[name]))
        for index in np.ndindex(np.shape(x[name])):
            up = np.array(x[name], dtype=float)
            up[index] += h
            numeric.append((f({**x, name: up}) - base) / h)
    analytic, numeric = np.array(analytic), np.array(numeric)
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return 0.0 if scale == 0 else np.linalg.norm(analytic - numeric) / scale


def _both_gradients(f, grad, x, h):
    """The analytic and the numerical gradient of the dict x, as dicts in its order."""
    analytic, numeric = grad(x), {}
    for name, value in x.items():
        numeric[name] = np.zeros(np.shape(value))
        for index in np.ndindex(np.shape(value)):
            up, down = np.array(value, dtype=float), np.array(value, dtype=float)
            up[index] += h
            down[index] -= h
            numeric[name][index] = (f({**x, name: up}) - f({**x, name: down})) / (2 * h)
    return {name: analytic[name] for name in x}, numeric


def _vector(values):
    return np.concatenate([np.ravel(value) for value in values])


def _error(a, b):
    scale = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(np.subtract(a, b)) / scale if scale else 0.0


@misconception(
    of="check_gradient",
    says="The errors of the parameters are added up.",
    hint="Here all parameters form one vector: flatten first, then compare once.",
)
def adds_the_errors_up(f, grad, x, h=1e-5):
    analytic, numeric = _both_gradients(f, grad, x, h)
    return sum(_error(np.ravel(analytic[name]), np.ravel(numeric[name])) for name in x)


@misconception(
    of="check_gradient",
    says="Only the last parameter is checked: each error replaces the one before.",
    hint="How many parameters does the number that you return speak of? Flatten first, then compare once.",
)
def checks_the_last_parameter_only(f, grad, x, h=1e-5):
    analytic, numeric = _both_gradients(f, grad, x, h)
    return [_error(np.ravel(analytic[name]), np.ravel(numeric[name])) for name in x][-1]


@misconception(
    of="check_gradient",
    says="Only the weights are checked, by their names.",
    hint="A bug often sits in one array alone, and it may be a bias. Which names may x have?",
)
def checks_the_weights_only(f, grad, x, h=1e-5):
    analytic, numeric = _both_gradients(f, grad, x, h)
    names = [name for name in x if name.startswith("W")] or list(x)
    return _error(_vector(analytic[n] for n in names), _vector(numeric[n] for n in names))


@misconception(
    of="check_gradient",
    says="The gradient is compared with itself, so nothing is ever found.",
    hint="One side comes from grad, the other from values of f alone. Which line calls f?",
)
def compares_the_gradient_with_itself(f, grad, x, h=1e-5):
    vector = _vector(_both_gradients(f, grad, x, h)[0].values())
    return _error(vector, vector)


@misconception(
    of="check_gradient",
    says="The gradient's names are turned round, as if they always came in reverse.",
    hint="They may come in any order. What tells you which gradient belongs to which parameter?",
)
def turns_the_gradient_round(f, grad, x, h=1e-5):
    _, numeric = _both_gradients(f, grad, x, h)
    return _error(_vector(reversed(list(grad(x).values()))), _vector(numeric.values()))


@misconception(
    of="check_gradient",
    says="The gradient's names are sorted, but those of the numerical gradient are in the order of x.",
    hint="Both sides need one and the same order. Which dict sets it?",
)
def sorts_one_side_only(f, grad, x, h=1e-5):
    analytic, numeric = _both_gradients(f, grad, x, h)
    return _error(_vector(analytic[name] for name in sorted(x)), _vector(numeric.values()))


@misconception(
    of="check_gradient",
    says="The default step is 1e-2, so that a correct gradient has a large error.",
    hint="Look at the signature in the notebook: which h does it ask for when none is given?",
)
def checks_with_a_coarse_default(f, grad, x, h=1e-2):
    analytic, numeric = _both_gradients(f, grad, x, h)
    return _error(_vector(analytic.values()), _vector(numeric.values()))


@misconception(
    of="check_gradient",
    says="The error is divided by the length of the numerical gradient alone.",
    hint="You have written a function for the comparison already. What stands in its denominator?",
)
def divides_by_the_numerical_length(f, grad, x, h=1e-5):
    analytic, numeric = _both_gradients(f, grad, x, h)
    a, b = _vector(analytic.values()), _vector(numeric.values())
    return np.float64(np.linalg.norm(a - b)) / np.linalg.norm(b)


@misconception(
    of="check_gradient",
    says="More than the error is returned.",
    hint="The result is one number. Keep the gradients to yourself, or print them.",
)
def returns_the_gradients_too(f, grad, x, h=1e-5):
    analytic, numeric = _both_gradients(f, grad, x, h)
    a, b = _vector(analytic.values()), _vector(numeric.values())
    return _error(a, b), a, b


@misconception(
    of="check_gradient",
    says="The vector is cut up in the order of the gradient's names, so the loss gets numbers in the wrong places.",
    hint="theta was joined in the order of x. Which dict must be the pattern on the way back?",
)
def cuts_by_the_order_of_the_gradient(f, grad, x, h=1e-5):
    grads = grad(x)
    theta = _vector(x.values()).astype(float)

    def loss(vector):
        params, start = {}, 0
        for name in grads:
            params[name] = vector[start : start + np.size(x[name])].reshape(np.shape(x[name]))
            start += np.size(x[name])
        return f(params)

    numeric = [(loss(theta + e) - loss(theta - e)) / (2 * h) for e in h * np.eye(theta.size)]
    return _error(_vector(grads[name] for name in x), np.array(numeric))


@misconception(
    of="check_gradient",
    says="grad is called with the flat vector, but it takes a dict of parameters.",
    hint="What does grad(x) take, according to the text? The vector is for the differences alone.",
)
def grad_gets_the_flat_vector(f, grad, x, h=1e-5):
    _, numeric = _both_gradients(f, lambda p: p, x, h)
    grads = grad(_vector(x.values()))
    return _error(_vector(grads[name] for name in x), _vector(numeric.values()))


@misconception(
    of="check_gradient",
    says="Every parameter is measured as if it were the last: a lambda looks its name up only when it is called.",
    hint="In lambda v: f({**x, k: v}) the k is read at the call. How do you bind it when the lambda is made?",
)
def lambdas_read_the_last_name(f, grad, x, h=1e-5):
    last, grads, numeric = list(x)[-1], grad(x), {}
    for name, value in x.items():
        numeric[name] = np.zeros(np.shape(value))
        for index in np.ndindex(np.shape(value)):
            up, down = np.array(value, dtype=float), np.array(value, dtype=float)
            up[index] += h
            down[index] -= h
            numeric[name][index] = (f({**x, last: up}) - f({**x, last: down})) / (2 * h)
    return _error(_vector(grads[name] for name in x), _vector(numeric.values()))


# ---------------------------------------------------------------- backward_a


@misconception(
    of="backward_a",
    says="This is the faulty backward pass as it was: a term is still missing.",
    hint="The loss has a penalty on both weight matrices. Follow its derivative for each of them.",
)
def a_unchanged(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


@misconception(
    of="backward_a",
    says="The penalty's gradient has kept the ½ that the derivative of a square cancels.",
    hint="Differentiate lam/(2m) · w² with respect to w.",
)
def a_half_of_the_penalty(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW1 = X.T @ dz1 + lam / (2 * m) * params["W1"]
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


@misconception(
    of="backward_a",
    says="The penalty's gradient for W1 is not divided by the number of examples.",
    hint="The penalty in the loss has a 1/m. What became of it?",
)
def a_penalty_not_divided(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW1 = X.T @ dz1 + lam * params["W1"]
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


@misconception(
    of="backward_a",
    says="The biases are penalised as well, but the loss does not penalise them.",
    hint="Which parameters appear in the penalty of loss_a? Only those get its derivative.",
)
def a_penalises_biases(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    grads = {"W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": hidden.T @ dscores, "b2": dscores.sum(axis=0)}
    return {name: grads[name] + lam / m * params[name] for name in grads}


@misconception(
    of="backward_a",
    says="The penalty itself, one number, is added to the gradient instead of its derivative.",
    hint="The derivative of a sum of squares with respect to a matrix is a matrix. What is yours?",
)
def a_adds_the_penalty_itself(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW1 = X.T @ dz1 + lam / (2 * m) * np.sum(params["W1"] ** 2)
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


@misconception(
    of="backward_a",
    says="The penalty's derivative is subtracted from W1's gradient: that is the update, not the gradient.",
    hint="Larger weights make the loss larger. Which sign must the derivative of the penalty have?",
)
def a_subtracts_the_penalty(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    dW1 = X.T @ dz1 - lam / m * params["W1"]
    dW2 = hidden.T @ dscores + lam / m * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


@misconception(
    of="backward_a",
    says="The penalty was taken out of W2's gradient so that both layers agree, but the loss still has it.",
    hint="The gradient must follow the loss. Read the penalty in loss_a: which matrices are in it?",
)
def a_drops_the_penalty_everywhere(params, X, y, lam):
    m = len(y)
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(m), y] -= 1
    dscores /= m
    dz1 = (dscores @ params["W2"].T) * (1 - hidden**2)
    return {"W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": hidden.T @ dscores, "b2": dscores.sum(axis=0)}


@misconception(
    of="backward_a",
    says="The gradient is measured with central differences instead of computed by backpropagation.",
    hint="That is the check, not the thing checked: slow, and inexact where the loss is large. Which line is wrong?",
)
def a_central_differences(params, X, y, lam):
    def loss(p):
        scores = np.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]
        scores = scores - scores.max(axis=1, keepdims=True)
        log_probs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        penalty = lam / (2 * len(y)) * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        return -log_probs[np.arange(len(y)), y].mean() + penalty

    grads = {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        for index in np.ndindex(params[name].shape):
            up, down = params[name].copy(), params[name].copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            grads[name][index] = (loss({**params, name: up}) - loss({**params, name: down})) / 2e-5
    return grads


def _a(params, X, y, lam, slope=lambda hidden: 1 - hidden**2, share=len):
    """Network A with the derivative of tanh and the share of an example to choose."""
    hidden = np.tanh(X @ params["W1"] + params["b1"])
    scores = hidden @ params["W2"] + params["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    dscores = exp / exp.sum(axis=1, keepdims=True)
    dscores[np.arange(len(y)), y] -= 1
    dscores /= share(y)
    dz1 = (dscores @ params["W2"].T) * slope(hidden)
    dW1 = X.T @ dz1 + lam / len(y) * params["W1"]
    dW2 = hidden.T @ dscores + lam / len(y) * params["W2"]
    return {"W1": dW1, "b1": dz1.sum(axis=0), "W2": dW2, "b2": dscores.sum(axis=0)}


@misconception(
    of="backward_a",
    says="The penalty's gradient for W1 is twice too large.",
    hint="Differentiate lam/(2m) · w² with respect to w: the 2 of the square meets the ½.",
)
def a_twice_the_penalty(params, X, y, lam):
    grads = _a(params, X, y, lam)
    return {**grads, "W1": grads["W1"] + lam / len(y) * params["W1"]}


@misconception(
    of="backward_a",
    says="The weights in the penalty's gradient are still squared.",
    hint="What is the derivative of w²?",
)
def a_squares_in_the_gradient(params, X, y, lam):
    grads = _a(params, X, y, lam)
    return {**grads, "W1": grads["W1"] + lam / len(y) * (params["W1"] ** 2 - params["W1"])}


@misconception(
    of="backward_a",
    says="The bias b1 is penalised as well, but the loss does not penalise it.",
    hint="The gradient must follow the loss. Which parameters stand in its penalty?",
)
def a_penalises_the_first_bias(params, X, y, lam):
    grads = _a(params, X, y, lam)
    return {**grads, "b1": grads["b1"] + lam / len(y) * params["b1"]}


@misconception(
    of="backward_a",
    says="The derivative of tanh is written 1 - h instead of 1 - h².",
    hint="That line was right in the faulty version. Which gradients did the check complain about?",
)
def a_square_missing(params, X, y, lam):
    return _a(params, X, y, lam, slope=lambda hidden: 1 - hidden)


@misconception(
    of="backward_a",
    says="The bias gradient is averaged over the examples a second time.",
    hint="dscores holds the 1/m already. That line was right in the faulty version.",
)
def a_averages_the_bias_again(params, X, y, lam):
    grads = _a(params, X, y, lam)
    return {**grads, "b1": grads["b1"] / len(y)}


@misconception(
    of="backward_a",
    says="The mean over the examples is missing: gradients are summed.",
    hint="The loss is a mean over m examples. Which line of the faulty version divides by m?",
)
def a_sum_for_mean(params, X, y, lam):
    return _a(params, X, y, lam, share=lambda y: 1)


@misconception(
    of="backward_a",
    says="The parameters are updated inside the backward pass, so the caller's network has changed.",
    hint="A backward pass returns gradients. Who takes the step?",
)
def a_takes_the_step_too(params, X, y, lam):
    grads = _a(params, X, y, lam)
    for name in params:
        params[name] -= 0.1 * grads[name]
    return grads


@misconception(
    of="backward_a",
    says="Only the gradient that was mended is returned.",
    hint="The dict has four names: a network needs all of its gradients.",
)
def a_returns_the_mended_one_only(params, X, y, lam):
    return {"W1": _a(params, X, y, lam)["W1"]}


@misconception(
    of="backward_a",
    says="The gradients are returned without their names.",
    hint="The text asks for a dict, as the faulty version returns it.",
)
def a_returns_a_tuple(params, X, y, lam):
    return tuple(_a(params, X, y, lam).values())


# ---------------------------------------------------------------- backward_b


@misconception(
    of="backward_b",
    says="The shortcut's gradient is overwritten, so that it never reaches the first layer.",
    hint="h1 is used twice in the forward pass. How many gradients arrive at it, and what happens to the first?",
)
def b_unchanged(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = (dz2 @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_b",
    says="Only the shortcut's gradient reaches the first layer; the way through the second layer is lost.",
    hint="h1 is used in two places of the forward pass. Which of them is missing now?",
)
def b_shortcut_only(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = dsum * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_b",
    says="The shortcut's gradient is added after the ReLU of the first layer, so it passes through dead units.",
    hint="The shortcut starts at h1, behind the ReLU. On the way back, is it met before or after the mask (z1 > 0)?",
)
def b_adds_after_the_mask(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = dsum + (dz2 @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_b",
    says="The two gradients that meet at h1 are averaged instead of added.",
    hint="The chain rule for a value that is used twice: do its effects on the loss add up, or share?",
)
def b_averages_the_branches(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = (dsum + dz2 @ params["W2"].T) / 2 * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_b",
    says="The sum is written into an array with two names, so the second layer's gradient changes too.",
    hint="dh1 = dh2 = … makes two names for one array. What does += do to it, and is it used again afterwards?",
)
def b_adds_into_a_shared_array(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dh1 = dh2 = dout @ params["W3"].T
    dh1 += (dh2 * (z2 > 0)) @ params["W2"].T
    dz2 = dh2 * (z2 > 0)
    dz1 = dh1 * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_b",
    says="The first layer's gradient is masked with the second layer's ReLU.",
    hint="Each ReLU blocks the units that were silent in its own layer. Which z belongs to the first?",
)
def b_masks_with_the_wrong_layer(params, X, T):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = (dsum + dz2 @ params["W2"].T) * (z2 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_b",
    says="The ReLU masks look at the incoming gradient instead of the input of the ReLU.",
    hint="A ReLU blocks where its own input was negative, whatever the sign of the gradient that arrives.",
)
def b_masks_by_the_gradient(params, X, T):
    h1 = np.maximum(0, X @ params["W1"] + params["b1"])
    h2 = np.maximum(0, h1 @ params["W2"] + params["b2"])
    out = (h1 + h2) @ params["W3"] + params["b3"]
    dout = (out - T) / len(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (dsum > 0)
    dh1 = dsum + dz2 @ params["W2"].T
    dz1 = dh1 * (dh1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_b",
    says="The gradient is measured with central differences instead of computed by backpropagation.",
    hint="That is the check, not the thing checked: slow, and inexact where the loss is large. Which line is wrong?",
)
def b_central_differences(params, X, T):
    def loss(p):
        h1 = np.maximum(0, X @ p["W1"] + p["b1"])
        h2 = np.maximum(0, h1 @ p["W2"] + p["b2"])
        return np.sum(((h1 + h2) @ p["W3"] + p["b3"] - T) ** 2) / (2 * len(X))

    grads = {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        for index in np.ndindex(params[name].shape):
            up, down = params[name].copy(), params[name].copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            grads[name][index] = (loss({**params, name: up}) - loss({**params, name: down})) / 2e-5
    return grads


def _b(params, X, T, arriving, share=len):
    """Network B with what arrives at h1, from its two ways, and the share of an example to choose."""
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.maximum(0, z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.maximum(0, z2)
    dout = ((h1 + h2) @ params["W3"] + params["b3"] - T) / share(X)
    dsum = dout @ params["W3"].T
    dz2 = dsum * (z2 > 0)
    dz1 = arriving(dsum, dz2 @ params["W2"].T) * (z1 > 0)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": (h1 + h2).T @ dout, "b3": dout.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_b",
    says="The two gradients that meet at h1 are multiplied instead of added.",
    hint="A value that is used twice has two effects on the loss. How do two effects combine?",
)
def b_multiplies_the_branches(params, X, T):
    return _b(params, X, T, lambda short, through: short * through)


@misconception(
    of="backward_b",
    says="One of the two gradients that meet at h1 is subtracted.",
    hint="Both ways lead to the same loss, and h1 is added in both. Which sign has each?",
)
def b_subtracts_a_branch(params, X, T):
    return _b(params, X, T, lambda short, through: short - through)


@misconception(
    of="backward_b",
    says="The way through the second layer is counted twice, and the shortcut not at all.",
    hint="Which two places of the forward pass use h1? Each sends its own gradient back.",
)
def b_doubles_one_branch(params, X, T):
    return _b(params, X, T, lambda short, through: 2 * through)


@misconception(
    of="backward_b",
    says="What comes back through the second layer has not passed its ReLU.",
    hint="The second layer's mask makes dz2 of dh2. Which of them goes through W2?",
)
def b_skips_the_second_mask(params, X, T):
    return _b(params, X, T, lambda short, through: short + short @ params["W2"].T)


@misconception(
    of="backward_b",
    says="W2 is not transposed on the way back.",
    hint="Forward is h1 @ W2. Try layers of different widths: which shape fits on the way back?",
)
def b_without_a_transpose(params, X, T):
    z2 = np.maximum(0, X @ params["W1"] + params["b1"]) @ params["W2"] + params["b2"]
    return _b(params, X, T, lambda short, through: short + (short * (z2 > 0)) @ params["W2"])


@misconception(
    of="backward_b",
    says="The mean over the examples is missing: gradients are summed.",
    hint="The loss has 1/(2m). Which line of the faulty version divides by m?",
)
def b_sum_for_mean(params, X, T):
    return _b(params, X, T, lambda short, through: short + through, share=lambda X: 1)


@misconception(
    of="backward_b",
    says="The gradient is divided by the number of all target values instead of examples.",
    hint="The loss has 1/(2m), with m rows, however many columns.",
)
def b_divides_by_all_targets(params, X, T):
    return _b(params, X, T, lambda short, through: short + through, share=lambda X: T.size)


@misconception(
    of="backward_b",
    says="W3's gradient sees one of the two layers only.",
    hint="W3 multiplies h1 + h2. That line was right in the faulty version.",
)
def b_output_sees_one_layer(params, X, T):
    grads = _b(params, X, T, lambda short, through: short + through)
    h1 = np.maximum(0, X @ params["W1"] + params["b1"])
    h2 = np.maximum(0, h1 @ params["W2"] + params["b2"])
    return {**grads, "W3": h2.T @ ((h1 + h2) @ params["W3"] + params["b3"] - T) / len(X)}


# ---------------------------------------------------------------- backward_c


@misconception(
    of="backward_c",
    says="This is the faulty backward pass as it was: one derivative of tanh is taken at the wrong value.",
    hint="tanh'(z) = 1 - tanh²(z). Compare the two lines that use it: what is squared in each?",
)
def c_unchanged(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - z2**2)
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_c",
    says="The other tanh was changed to match the faulty line: now both are wrong.",
    hint="The check said that one layer was right. Which value does the derivative 1 - tanh²(z) need: z or the output?",
)
def c_both_from_z(params, X, y):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - z2**2)
    dz1 = (dz2 @ params["W2"].T) * (1 - z1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_c",
    says="The derivative is written 1 - h instead of 1 - h².",
    hint="Draw tanh: at h = -0.9 it is nearly flat. What does 1 - h give there?",
)
def c_square_missing(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - h2)
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_c",
    says="The derivative is written (1 - h)² instead of 1 - h².",
    hint="Which is squared, the output or the difference? Test it at h = 1, where tanh is flat, and at h = -1.",
)
def c_square_of_the_difference(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - h2) ** 2
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_c",
    says="tanh is applied a second time to what is already its output.",
    hint="h2 is tanh(z2) already. What does 1 - tanh²(z2) read in terms of h2?",
)
def c_tanh_twice(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * (1 - np.tanh(h2) ** 2)
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_c",
    says="This is the derivative of the sigmoid, h(1 - h), but the layer is a tanh.",
    hint="What is the slope of tanh at 0, and what does h(1 - h) give there?",
)
def c_derivative_of_sigmoid(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = (ds @ params["W3"].T) * h2 * (1 - h2)
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_c",
    says="The derivative of the second tanh was taken out altogether.",
    hint="Without it the layer is treated as linear. Where is tanh flat, and what must happen to a gradient there?",
)
def c_no_derivative(params, X, y):
    h1 = np.tanh(X @ params["W1"] + params["b1"])
    h2 = np.tanh(h1 @ params["W2"] + params["b2"])
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / len(X)
    dz2 = ds @ params["W3"].T
    dz1 = (dz2 @ params["W2"].T) * (1 - h1**2)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_c",
    says="The gradient is measured with central differences instead of computed by backpropagation.",
    hint="That is the check, not the thing checked: it is slow, and loses digits. Which line is wrong?",
)
def c_central_differences(params, X, y):
    def loss(p):
        h2 = np.tanh(np.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])
        s = (h2 @ p["W3"] + p["b3"])[:, 0]
        return np.mean(np.logaddexp(0, s) - y * s)

    grads = {}
    for name in params:
        grads[name] = np.zeros(params[name].shape)
        for index in np.ndindex(params[name].shape):
            up, down = params[name].copy(), params[name].copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            grads[name][index] = (loss({**params, name: up}) - loss({**params, name: down})) / 2e-5
    return grads


def _c(params, X, y, second=lambda h, z: 1 - h**2, first=lambda h, z: 1 - h**2, share=len):
    """Network C with the derivatives of both tanh layers and the share of an example to choose."""
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = (h2 @ params["W3"] + params["b3"])[:, 0]
    ds = (1 / (1 + np.exp(-s)) - y)[:, np.newaxis] / share(X)
    dz2 = (ds @ params["W3"].T) * second(h2, z2)
    dz1 = (dz2 @ params["W2"].T) * first(h1, z1)
    return {
        "W1": X.T @ dz1, "b1": dz1.sum(axis=0), "W2": h1.T @ dz2, "b2": dz2.sum(axis=0),
        "W3": h2.T @ ds, "b3": ds.sum(axis=0),
    }  # fmt: skip


@misconception(
    of="backward_c",
    says="The second layer is mended, but the derivative of the first is now taken at z instead of the output.",
    hint="The check said that one layer was right. Compare your lines with the faulty version, one by one.",
)
def c_spoils_the_first_layer(params, X, y):
    return _c(params, X, y, first=lambda h, z: 1 - z**2)


@misconception(
    of="backward_c",
    says="This is the derivative of a ReLU, but the layer is a tanh.",
    hint="Which function made h2 of z2 in the forward pass?",
)
def c_derivative_of_relu(params, X, y):
    return _c(params, X, y, second=lambda h, z: z > 0)


@misconception(
    of="backward_c",
    says="The derivative is written 1 + h² instead of 1 - h².",
    hint="tanh is steepest at 0 and flat far out. Does yours grow or fall with h?",
)
def c_plus_for_minus(params, X, y):
    return _c(params, X, y, second=lambda h, z: 1 + h**2)


@misconception(
    of="backward_c",
    says="The derivative of the second tanh is applied twice.",
    hint="Each tanh of the forward pass has one derivative on the way back. How often does yours occur?",
)
def c_derivative_twice(params, X, y):
    return _c(params, X, y, second=lambda h, z: (1 - h**2) ** 2)


@misconception(
    of="backward_c",
    says="The mean over the examples is missing: gradients are summed.",
    hint="The loss is a mean over m examples. Which line of the faulty version divides by m?",
)
def c_sum_for_mean(params, X, y):
    return _c(params, X, y, share=lambda X: 1)


@misconception(
    of="backward_c",
    says="The sign of the error is flipped: label minus probability.",
    hint="That line was right in the faulty version. If the probability is too high, should s rise or fall?",
)
def c_label_minus_probability(params, X, y):
    return _c(params, X, y, share=lambda X: -len(X))
