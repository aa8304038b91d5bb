"""Wrong implementations that students hand in for 07-optimizers, each with what a good TA says.

Every function stands alone. States hold the letters of the notebook's formulas, as most students' do.
"""

import numpy as np

from grader.authoring import misconception
from nnlib import ewa as right_ewa

# ---------------------------------------------------------------- ewa


@misconception(
    of="ewa",
    says="β and 1 − β are swapped: the new value gets nearly all the weight.",
    hint="With β = 0.9, which should count more: the average so far or today's value?",
)
def ewa_with_shares_swapped(values, beta):
    v, averages = 0.0, []
    for value in values:
        v = (1 - beta) * v + beta * value
        averages.append(v)
    return np.array(averages)


@misconception(
    of="ewa",
    says="The average starts from the first value instead of from zero.",
    hint="The formula says v_0 = 0. What is v_1 then?",
)
def ewa_from_the_first_value(values, beta):
    v, averages = values[0], []
    for value in values:
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return np.array(averages)


@misconception(
    of="ewa",
    says="v_0 is in the result, which is one entry too long.",
    hint="How many averages belong to three values?",
)
def ewa_with_the_zeroth(values, beta):
    averages = [0.0]
    for value in values:
        averages.append(beta * averages[-1] + (1 - beta) * value)
    return np.array(averages)


@misconception(
    of="ewa",
    says="The averages are one step late: each is noted before its own value was mixed in.",
    hint="Which comes first in your loop, the update or the note?",
)
def ewa_one_step_late(values, beta):
    v, averages = 0.0, []
    for value in values:
        averages.append(v)
        v = beta * v + (1 - beta) * value
    return np.array(averages)


@misconception(
    of="ewa",
    says="The factor 1 − β at the new value is missing, so this is a fading sum and not an average.",
    hint="A series of ones: what should its average approach, and what does yours?",
)
def ewa_as_a_fading_sum(values, beta):
    v, averages = 0.0, []
    for value in values:
        v = beta * v + value
        averages.append(v)
    return np.array(averages)


@misconception(
    of="ewa",
    says="The averages are stored in an array of whole numbers, which cuts their fractions off.",
    hint="What dtype has zeros_like of an array of whole numbers?",
)
def ewa_cut_to_whole_numbers(values, beta):
    averages = np.zeros_like(values)
    v = 0.0
    for t, value in enumerate(values):
        v = beta * v + (1 - beta) * value
        averages[t] = v
    return averages


@misconception(
    of="ewa",
    says="The previous *value* is mixed in, not the previous average: nothing older than a day counts.",
    hint="Where do the values of two days ago come in?",
)
def ewa_of_two_neighbours(values, beta):
    before = np.concatenate([[0.0], values[:-1]])
    return beta * before + (1 - beta) * values


@misconception(
    of="ewa",
    says="This is a plain mean over a window of the last 1/(1 − β) values.",
    hint="The window is how one speaks about β. What does the formula keep from one value to the next?",
)
def ewa_as_a_window(values, beta):
    window = max(1, round(1 / (1 - beta)))
    return np.array([np.mean(values[max(0, t + 1 - window) : t + 1]) for t in range(len(values))])


@misconception(
    of="ewa",
    says="Only the last average is returned.",
    hint="One average for each value is asked for. Where do the earlier ones go?",
)
def ewa_only_the_last(values, beta):
    v = 0.0
    for value in values:
        v = beta * v + (1 - beta) * value
    return v


@misconception(
    of="ewa",
    says="The averages are corrected for their start already; that is the next exercise.",
    hint="Return v_t itself here, small as the first ones are.",
)
def ewa_corrected_too_early(values, beta):
    return right_ewa(values, beta) / (1 - beta ** np.arange(1, len(values) + 1))


@misconception(
    of="ewa",
    says="The averages are written into the array that was passed in.",
    hint="Does `values` still hold the temperatures afterwards? Collect the averages elsewhere.",
)
def ewa_over_its_input(values, beta):
    values[...] = right_ewa(values.astype(float), beta)
    return values


@misconception(
    of="ewa",
    says="The first average stays at zero: the loop begins with the second value.",
    hint="v_1 is the first average and has the first value in it. Where does your loop begin?",
)
def ewa_that_skips_the_first(values, beta):
    averages = np.zeros(len(values))
    for t in range(1, len(values)):
        averages[t] = beta * averages[t - 1] + (1 - beta) * values[t]
    return averages


@misconception(
    of="ewa",
    says="The values come back as they are; nothing is averaged.",
    hint="What do you return: the averages or the values?",
)
def ewa_returns_the_values(values, beta):
    return values.copy()


@misconception(
    of="ewa",
    says="0.9 is used whatever beta is passed.",
    hint="Does your result change with beta?",
)
def ewa_with_a_fixed_beta(values, beta):
    return right_ewa(values, 0.9)


@misconception(
    of="ewa",
    says="This is the plain mean of everything so far; beta is not used.",
    hint="Where does beta occur, and which value should count most?",
)
def ewa_as_a_running_mean(values, beta):
    return np.cumsum(values) / np.arange(1, len(values) + 1)


@misconception(
    of="ewa",
    says="The weights are put on from the wrong end: the oldest value counts most.",
    hint="In which order do the powers of β have to meet the values?",
)
def ewa_with_weights_from_the_wrong_end(values, beta):
    shares = (1 - beta) * beta ** np.arange(len(values))
    return np.cumsum(shares * values)


@misconception(
    of="ewa",
    says="Only today's and yesterday's value are mixed: what is shifted is the share, not the average.",
    hint="Does the first of three values still count in the third average?",
)
def ewa_of_two_shares(values, beta):
    v = (1 - beta) * values.astype(float)
    v[1:] += beta * v[:-1].copy()
    return v


@misconception(
    of="ewa",
    says="v is never carried on: each average starts from zero.",
    hint="Where does the next value find the last average?",
)
def ewa_without_memory(values, beta):
    return (1 - beta) * values


@misconception(
    of="ewa",
    says="The return stands in the loop, so that only the first average comes back.",
    hint="When are you done: after the first value or after the last?",
)
def ewa_returns_within_the_loop(values, beta):
    return np.array([(1 - beta) * values[0]])


@misconception(
    of="ewa",
    says="The recursion reads from an array of whole numbers, so every average is cut off and passed on like that.",
    hint="Which dtype does zeros_like take from an array of whole numbers?",
)
def ewa_recursion_in_whole_numbers(values, beta):
    averages = np.zeros_like(values)
    for t in range(len(values)):
        averages[t] = beta * averages[t - 1] + (1 - beta) * values[t]
    return averages


# ---------------------------------------------------------------- ewa_corrected


@misconception(
    of="ewa_corrected",
    says="t counts from 0, so the first average is divided by 1 − β⁰ = 0.",
    hint="How many values are in the first average? That is its t.",
)
def corrected_counting_from_zero(values, beta):
    return right_ewa(values, beta) / (1 - beta ** np.arange(len(values)))


@misconception(
    of="ewa_corrected",
    says="t is one too large: the first average is divided by 1 − β².",
    hint="How many values are in the first average? That is its t.",
)
def corrected_counting_from_two(values, beta):
    return right_ewa(values, beta) / (1 - beta ** np.arange(2, len(values) + 2))


@misconception(
    of="ewa_corrected",
    says="All averages are divided by the last one's 1 − β^T.",
    hint="Each average has its own t. Which of them needs the correction most?",
)
def corrected_by_the_last(values, beta):
    return right_ewa(values, beta) / (1 - beta ** len(values))


@misconception(
    of="ewa_corrected",
    says="The corrected average is fed back into the recursion, so it is corrected again and again.",
    hint="The correction is for reading. Which v must the next step go on from?",
)
def corrected_and_fed_back(values, beta):
    v, averages = 0.0, []
    for t, value in enumerate(values, start=1):
        v = (beta * v + (1 - beta) * value) / (1 - beta**t)
        averages.append(v)
    return np.array(averages)


@misconception(
    of="ewa_corrected",
    says="β is multiplied by t instead of raised to the power of t.",
    hint="The weights of t values add up to what? Try t = 2 by hand.",
)
def corrected_with_a_product(values, beta):
    return right_ewa(values, beta) / (1 - beta * np.arange(1, len(values) + 1))


@misconception(
    of="ewa_corrected",
    says="The power is taken of 1 − β instead of β.",
    hint="Brackets: which comes first in 1 − βᵗ, the power or the minus?",
)
def corrected_with_misplaced_brackets(values, beta):
    return right_ewa(values, beta) / (1 - beta) ** np.arange(1, len(values) + 1)


@misconception(
    of="ewa_corrected",
    says="The averages are multiplied by 1 − βᵗ instead of divided by it: they become even smaller.",
    hint="The plain averages are too small at first. Does your correction raise them?",
)
def corrected_by_multiplying(values, beta):
    return right_ewa(values, beta) * (1 - beta ** np.arange(1, len(values) + 1))


@misconception(
    of="ewa_corrected",
    says="Every average is divided by 1 − β, whatever its t.",
    hint="Does the correction die out after many values, as it should?",
)
def corrected_by_a_constant(values, beta):
    return right_ewa(values, beta) / (1 - beta)


@misconception(
    of="ewa_corrected",
    says="The averages are not corrected at all.",
    hint="What is your result for a series of equal values, on the first day?",
)
def corrected_not_at_all(values, beta):
    return right_ewa(values, beta)


@misconception(
    of="ewa_corrected",
    says="The average starts from the first value; that also mends the start, but it is another average.",
    hint="With that start the first value keeps too much weight for long. Start from zero, and divide.",
)
def corrected_by_starting_elsewhere(values, beta):
    v, averages = values[0], []
    for value in values:
        v = beta * v + (1 - beta) * value
        averages.append(v)
    return np.array(averages)


@misconception(
    of="ewa_corrected",
    says="Only the first average is corrected.",
    hint="The second average lacks weight too: 1 − (1 − β²) of it. Which t does its correction have?",
)
def corrected_only_at_first(values, beta):
    averages = right_ewa(values, beta)
    averages[0] = values[0]
    return averages


@misconception(
    of="ewa_corrected",
    says="The averages are divided by βᵗ instead of 1 − βᵗ, so they grow without end.",
    hint="What should the divisor approach after many values?",
)
def corrected_by_the_missing_weight(values, beta):
    return right_ewa(values, beta) / beta ** np.arange(1, len(values) + 1)


@misconception(
    of="ewa_corrected",
    says="t counts from 0, and the first average, which would be divided by zero, is left as it is.",
    hint="The first average needs the correction most. What is its t?",
)
def corrected_counting_from_zero_with_a_patch(values, beta):
    averages = right_ewa(values, beta)
    averages[1:] = averages[1:] / (1 - beta ** np.arange(1, len(values)))
    return averages


@misconception(
    of="ewa_corrected",
    says="The average starts from the first value and is corrected on top of that.",
    hint="One mends the start by a better first value or by dividing, not by both.",
)
def corrected_on_top_of_the_first_value(values, beta):
    v = values[0]
    averages = [v]
    for t, value in enumerate(values[1:], start=2):
        v = beta * v + (1 - beta) * value
        averages.append(v / (1 - beta**t))
    return np.array(averages)


@misconception(
    of="ewa_corrected",
    says="The averages are stored in an array of whole numbers, which cuts their fractions off.",
    hint="Which dtype does zeros_like take from an array of whole numbers?",
)
def corrected_cut_to_whole_numbers(values, beta):
    averages = np.zeros_like(values)
    averages[...] = right_ewa(values, beta) / (1 - beta ** np.arange(1, len(values) + 1))
    return averages


@misconception(
    of="ewa_corrected",
    says="β and 1 − β are swapped in the average, though the correction is right.",
    hint="With β = 0.9, which should count more: the average so far or the new value?",
)
def corrected_with_shares_swapped(values, beta):
    return right_ewa(values, 1 - beta) / (1 - beta ** np.arange(1, len(values) + 1))


@misconception(
    of="ewa_corrected",
    says="The factor 1 − β is missing in the average, so the corrected ones are too large.",
    hint="A constant series of 20 should stay at 20. Does yours?",
)
def corrected_as_a_fading_sum(values, beta):
    v, sums = 0.0, []
    for t, value in enumerate(values, start=1):
        v = beta * v + value
        sums.append(v / (1 - beta**t))
    return np.array(sums)


@misconception(
    of="ewa_corrected",
    says="The divisor has 1 − β in the place of β: 1 − (1 − β)ᵗ.",
    hint="What do the weights of two values add up to with β = 0.98?",
)
def corrected_with_the_other_share(values, beta):
    return right_ewa(values, beta) / (1 - (1 - beta) ** np.arange(1, len(values) + 1))


@misconception(
    of="ewa_corrected",
    says="The sign in the divisor is wrong: 1 + βᵗ.",
    hint="What do the weights of the first value add up to: 1 − β or 1 + β?",
)
def corrected_with_a_plus(values, beta):
    return right_ewa(values, beta) / (1 + beta ** np.arange(1, len(values) + 1))


@misconception(
    of="ewa_corrected",
    says="Only the last average is returned.",
    hint="How many averages does a series of T values have?",
)
def corrected_only_the_last(values, beta):
    return right_ewa(values, beta)[-1] / (1 - beta ** len(values))


@misconception(
    of="ewa_corrected",
    says="The corrected averages are written into the array that was passed in.",
    hint="Who else may still need the values?",
)
def corrected_over_its_input(values, beta):
    v = 0.0
    for t in range(len(values)):
        v = beta * v + (1 - beta) * values[t]
        values[t] = v / (1 - beta ** (t + 1))
    return values


@misconception(
    of="ewa_corrected",
    says="This is the plain mean of everything so far.",
    hint="Should the first of a hundred values count as much as the last?",
)
def corrected_as_a_running_mean(values, beta):
    return np.cumsum(values) / np.arange(1, len(values) + 1)


# ---------------------------------------------------------------- momentum_step


@misconception(
    of="momentum_step",
    says="β and 1 − β are swapped: the velocity hardly remembers anything.",
    hint="With β = 0.9, which should count more: the velocity so far or the new gradient?",
)
def momentum_with_shares_swapped(w, dw, state, lr, beta=0.9):
    v = (1 - beta) * state.get("v", 0.0) + beta * dw
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="The factor 1 − β is missing: this is the classic form, whose steps are 1/(1 − β) times as long.",
    hint="This exercise asks for the *average* of the gradients. What do the shares of an average add up to?",
)
def momentum_in_the_classic_form(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + dw
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="The velocity is created anew in every step, or never reaches the state that is returned, so nothing is remembered.",
    hint="Where do you read what the last step left in the state, and what does the next one find in yours?",
)
def momentum_without_memory(w, dw, state, lr, beta=0.9):
    v = beta * np.zeros_like(w) + (1 - beta) * dw
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="The average is corrected for its start, which this exercise does not ask for.",
    hint="Compare the first step with the text's example: is it lr · dw or lr · (1 − β) · dw?",
)
def momentum_with_a_corrected_average(w, dw, state, lr, beta=0.9):
    t = state.get("t", 0) + 1
    v = beta * state.get("v", 0.0) + (1 - beta) * dw
    return w - lr * v / (1 - beta**t), {"v": v, "t": t}


@misconception(
    of="momentum_step",
    says="The velocity starts as the first gradient instead of from zero.",
    hint="v is zero before the first step. What is it after mixing the first gradient in?",
)
def momentum_from_the_first_gradient(w, dw, state, lr, beta=0.9):
    v = beta * state["v"] + (1 - beta) * dw if "v" in state else dw.copy()
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="The rate is applied twice, in the velocity and in the step.",
    hint="By how much does a rate of 0.1 scale your step altogether?",
)
def momentum_with_the_rate_twice(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * lr * dw
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="The rate is mixed into the velocity, so a changed rate does not reach the gradients already in it.",
    hint="Suppose the rate drops to zero for one step. Should the weights still move?",
)
def momentum_with_the_rate_inside(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * lr * dw
    return w - v, {"v": v}


@misconception(
    of="momentum_step",
    says="The weights move along the average gradient, which is uphill.",
    hint="The gradient points to where the cost grows. Which sign takes you down?",
)
def momentum_uphill(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * dw
    return w + lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="w itself is changed: the caller's array is no longer what it was.",
    hint="-= writes into the array of the caller. Which expression makes a new array?",
)
def momentum_changes_the_weights(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * dw
    w -= lr * v
    return w, {"v": v}


@misconception(
    of="momentum_step",
    says="The state that was passed in, or an array in it, is changed.",
    hint="Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
)
def momentum_changes_the_state(w, dw, state, lr, beta=0.9):
    state["v"] = beta * state.get("v", 0.0) + (1 - beta) * dw
    return w - lr * state["v"], state


@misconception(
    of="momentum_step",
    says="The step uses the velocity from before the new gradient was mixed in.",
    hint="In which order do the two lines of the formula stand?",
)
def momentum_with_the_old_velocity(w, dw, state, lr, beta=0.9):
    old = state.get("v", np.zeros_like(w))
    return w - lr * old, {"v": beta * old + (1 - beta) * dw}


@misconception(
    of="momentum_step",
    says="The velocity is computed but the step uses the bare gradient.",
    hint="What does your v do to w?",
)
def momentum_that_is_not_used(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * dw
    return w - lr * dw, {"v": v}


@misconception(
    of="momentum_step",
    says="0.9 is used whatever beta is passed.",
    hint="Does your result change with beta?",
)
def momentum_with_a_fixed_beta(w, dw, state, lr, beta=0.9):
    v = 0.9 * state.get("v", 0.0) + 0.1 * dw
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="β multiplies the new gradient as well: brackets are misplaced.",
    hint="Which of the two terms does β belong to?",
)
def momentum_with_misplaced_brackets(w, dw, state, lr, beta=0.9):
    v = beta * (state.get("v", 0.0) + (1 - beta) * dw)
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="The change is returned, not the changed weights.",
    hint="What is left to do after computing lr · v?",
)
def momentum_returns_the_change(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * dw
    return -lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="An array in the state that was passed in is changed in place.",
    hint="*= and += write into the array that the last state holds. Which expressions make a new array?",
)
def momentum_changes_an_array_in_the_state(w, dw, state, lr, beta=0.9):
    v = state.get("v", np.zeros_like(w))
    v *= beta
    v += (1 - beta) * dw
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="Everything is changed in place: the state that was passed in, and w as well.",
    hint="Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
)
def momentum_changes_everything(w, dw, state, lr, beta=0.9):
    v = state.setdefault("v", np.zeros_like(w))
    v *= beta
    v += (1 - beta) * dw
    w -= lr * v
    return w, state


@misconception(
    of="momentum_step",
    says="The rate is left out: the weights move by the whole velocity.",
    hint="Where does lr occur in your function?",
)
def momentum_without_the_rate(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * dw
    return w - v, {"v": v}


@misconception(
    of="momentum_step",
    says="The last gradient is kept instead of the velocity, so only two gradients are ever mixed.",
    hint="What does the next step need: the gradient, or the average so far?",
)
def momentum_keeping_the_gradient(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * dw
    return w - lr * v, {"v": dw.copy()}


@misconception(
    of="momentum_step",
    says="The gradients are squared: that is RMSProp's average, and it has no direction.",
    hint="Can your velocity ever be negative?",
)
def momentum_of_the_squares(w, dw, state, lr, beta=0.9):
    v = beta * state.get("v", 0.0) + (1 - beta) * dw**2
    return w - lr * v, {"v": v}


@misconception(
    of="momentum_step",
    says="The weights are mixed with the gradient; it is the last velocity that belongs there.",
    hint="What does β multiply in the formula: w or v?",
)
def momentum_of_the_weights(w, dw, state, lr, beta=0.9):
    v = beta * w + (1 - beta) * dw
    return w - lr * v, {"v": v}


# ---------------------------------------------------------------- classic_momentum_step


@misconception(
    of="classic_momentum_step",
    says="The factor 1 − ρ is put in: this is the average form of the exercise before.",
    hint="How large is the first velocity here, compared with the gradient?",
)
def classic_in_the_average_form(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) + (1 - rho) * dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="ρ scales the gradient instead of the old velocity, which then never fades.",
    hint="Which of the two should friction slow down?",
)
def classic_with_friction_on_the_gradient(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0) + rho * dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="There is no friction: old gradients count for ever.",
    hint="Where does ρ stand in your formula?",
)
def classic_without_friction(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0) + dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The velocity is created anew in every step, or never reaches the state that is returned, so this is plain descent.",
    hint="Where do you read what the last step left in the state, and what does the next one find in yours?",
)
def classic_without_memory(w, dw, state, lr, rho=0.9):
    v = rho * np.zeros_like(w) + dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The rate is applied twice, in the velocity and in the step.",
    hint="By how much does a rate of 0.1 scale your first step?",
)
def classic_with_the_rate_twice(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) + lr * dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The rate is mixed into the velocity, so a changed rate does not reach the gradients already in it.",
    hint="Suppose the rate drops to zero for one step. Should the weights still move?",
)
def classic_with_the_rate_inside(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - lr * dw
    return w + v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The weights move along the velocity, which is uphill.",
    hint="The gradient points to where the cost grows. Which sign takes you down?",
)
def classic_uphill(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) + dw
    return w + lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The signs of two conventions are mixed: the velocity counts against the gradient.",
    hint="If the step subtracts lr · v, which sign must dw have in v?",
)
def classic_with_mixed_signs(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="w itself is changed: the caller's array is no longer what it was.",
    hint="-= writes into the array of the caller. Which expression makes a new array?",
)
def classic_changes_the_weights(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) + dw
    w -= lr * v
    return w, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The state that was passed in, or an array in it, is changed.",
    hint="Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
)
def classic_changes_the_state(w, dw, state, lr, rho=0.9):
    state["v"] = rho * state.get("v", 0.0) + dw
    return w - lr * state["v"], state


@misconception(
    of="classic_momentum_step",
    says="The step uses the velocity from before the new gradient was added.",
    hint="In which order do the two lines of the formula stand?",
)
def classic_with_the_old_velocity(w, dw, state, lr, rho=0.9):
    old = state.get("v", np.zeros_like(w))
    return w - lr * old, {"v": rho * old + dw}


@misconception(
    of="classic_momentum_step",
    says="The step adds the gradient a second time, as the libraries' Nesterov does.",
    hint="The step is lr · v and nothing else. Is dw not in v already?",
)
def classic_with_the_gradient_twice(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) + dw
    return w - lr * (dw + rho * v), {"v": v}


@misconception(
    of="classic_momentum_step",
    says="0.9 is used whatever rho is passed.",
    hint="Does your result change with rho?",
)
def classic_with_a_fixed_rho(w, dw, state, lr, rho=0.9):
    v = 0.9 * state.get("v", 0.0) + dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="ρ multiplies the new gradient as well: brackets are misplaced.",
    hint="Which of the two terms does ρ belong to?",
)
def classic_with_misplaced_brackets(w, dw, state, lr, rho=0.9):
    v = rho * (state.get("v", 0.0) + dw)
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The change is returned, not the changed weights.",
    hint="What is left to do after computing lr · v?",
)
def classic_returns_the_change(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) + dw
    return -lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The rate is mixed into the velocity, so a changed rate does not reach what it was built from.",
    hint="Suppose the rate drops to zero for one step. Should the weights still move?",
)
def classic_with_the_rate_inside_and_subtracted(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) + lr * dw
    return w - v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The old velocity is scaled by 1 − ρ instead of ρ.",
    hint="With ρ = 0.9, how much of the old velocity should be left?",
)
def classic_with_the_other_share(w, dw, state, lr, rho=0.9):
    v = (1 - rho) * state.get("v", 0.0) + dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="The velocity starts as the first gradient and then has it added once more.",
    hint="v is zero before the first step. What is it after adding the first gradient?",
)
def classic_from_the_first_gradient_and_again(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", dw) + dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="An array in the state that was passed in is changed in place.",
    hint="*= and += write into the array that the last state holds. Which expressions make a new array?",
)
def classic_changes_an_array_in_the_state(w, dw, state, lr, rho=0.9):
    v = state.get("v", np.zeros_like(w))
    v *= rho
    v += dw
    return w - lr * v, {"v": v}


@misconception(
    of="classic_momentum_step",
    says="Everything is changed in place: the state that was passed in, and w as well.",
    hint="Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
)
def classic_changes_everything(w, dw, state, lr, rho=0.9):
    v = state.setdefault("v", np.zeros_like(w))
    v *= rho
    v += dw
    w -= lr * v
    return w, state


@misconception(
    of="classic_momentum_step",
    says="The velocity is written into the gradient that was passed in.",
    hint="Who else may still need dw? Which expression makes a new array?",
)
def classic_changes_the_gradient(w, dw, state, lr, rho=0.9):
    dw += rho * state.get("v", 0.0)
    return w - lr * dw, {"v": dw.copy()}


@misconception(
    of="classic_momentum_step",
    says="The sum is corrected like an average; this form has no correction.",
    hint="The first step is that of plain descent. Is yours?",
)
def classic_with_a_correction(w, dw, state, lr, rho=0.9):
    t, v = state.get("t", 0) + 1, rho * state.get("v", 0.0) + dw
    return w - lr * v / (1 - rho**t), {"v": v, "t": t}


# ---------------------------------------------------------------- nesterov_step


@misconception(
    of="nesterov_step",
    says="The gradient is measured at w, not at the point looked ahead to: this is plain momentum.",
    hint="At which point does the formula take the gradient? What do you pass to dw?",
)
def nesterov_without_looking_ahead(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - lr * dw(w)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="It looks back instead of ahead: the velocity is subtracted from w.",
    hint="v is the step itself here, with its sign. To which point will it take you?",
)
def nesterov_looking_back(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w - rho * v)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="It looks ahead by the whole velocity, without ρ.",
    hint="How much of the old velocity is left in the next step?",
)
def nesterov_looking_too_far(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w + v)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The step starts from the point looked ahead to, so ρ · v is counted twice.",
    hint="Looking is not moving: from where does the formula take its step?",
)
def nesterov_stepping_from_ahead(w, dw, state, lr, rho=0.9):
    old = state.get("v", 0.0)
    ahead = w + rho * old
    v = rho * old - lr * dw(ahead)
    return ahead + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The gradient is added to the velocity instead of subtracted, so the weights climb.",
    hint="v is the step itself. Should it point along the gradient or against it?",
)
def nesterov_uphill(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v + lr * dw(w + rho * v)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="Two conventions are mixed: v collects gradients, as in the classic form, but is used as a step to look ahead.",
    hint="In Nesterov's formula v is the step itself, rate and minus sign included. Is yours?",
)
def nesterov_with_a_classic_velocity(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v + dw(w + rho * v)
    return w - lr * v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The velocity has the opposite sign in the two lines: it is subtracted from w, but looked ahead with plus.",
    hint="If the step is w − v, where does the velocity lead?",
)
def nesterov_with_opposite_signs(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v + lr * dw(w + rho * v)
    return w - v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The velocity is created anew in every step, or never reaches the state that is returned, so this is plain descent.",
    hint="Where do you read what the last step left in the state, and what does the next one find in yours?",
)
def nesterov_without_memory(w, dw, state, lr, rho=0.9):
    v = -lr * dw(w)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="dw is used as if it were an array; here it is a function that returns the gradient at a point.",
    hint="You have to say where you want the gradient: call dw with that point.",
)
def nesterov_with_a_gradient_array(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - lr * dw
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="This is the libraries' form, which returns the point looked ahead to instead of w.",
    hint="That form asks for the gradient at the w it is given. Here w is where you are: look ahead from it.",
)
def nesterov_in_the_libraries_form(w, dw, state, lr, rho=0.9):
    v = rho * state.get("v", 0.0) - lr * dw(w)
    return w + rho * v - lr * dw(w), {"v": v}


@misconception(
    of="nesterov_step",
    says="w itself is changed: the caller's array is no longer what it was.",
    hint="+= writes into the array of the caller. Which expression makes a new array?",
)
def nesterov_changes_the_weights(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w + rho * v)
    w += v
    return w, {"v": v}


@misconception(
    of="nesterov_step",
    says="The state that was passed in, or an array in it, is changed.",
    hint="Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
)
def nesterov_changes_the_state(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    state["v"] = rho * v - lr * dw(w + rho * v)
    return w + state["v"], state


@misconception(
    of="nesterov_step",
    says="The rate is applied twice, in the velocity and in the step.",
    hint="The velocity holds the rate already. What is the step from w?",
)
def nesterov_with_the_rate_twice(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w + rho * v)
    return w + lr * v, {"v": v}


@misconception(
    of="nesterov_step",
    says="0.9 is used whatever rho is passed.",
    hint="Does your result change with rho?",
)
def nesterov_with_a_fixed_rho(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = 0.9 * v - lr * dw(w + 0.9 * v)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The old velocity goes into the new one without ρ.",
    hint="ρ stands in the formula twice. Where is yours?",
)
def nesterov_without_friction(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = v - lr * dw(w + rho * v)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The gradient is scaled by 1 − ρ, as in the average form of momentum.",
    hint="Compare the first step with the text's example: is the gradient scaled by anything but the rate?",
)
def nesterov_in_the_average_form(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * (1 - rho) * dw(w + rho * v)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The change is returned, not the changed weights.",
    hint="v is the step. From where is it taken?",
)
def nesterov_returns_the_change(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w + rho * v)
    return v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The rate is applied outside the velocity, but the velocity is used as a step to look ahead.",
    hint="By how much will the old velocity move w? Look ahead by that and no more.",
)
def nesterov_with_the_rate_outside(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - dw(w + rho * v)
    return w + lr * v, {"v": v}


@misconception(
    of="nesterov_step",
    says="ρ multiplies the new gradient as well: brackets are misplaced.",
    hint="Which of the two terms does ρ belong to?",
)
def nesterov_with_misplaced_brackets(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * (v - lr * dw(w + rho * v))
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="An array in the state that was passed in is changed in place.",
    hint="*= and += write into the array that the last state holds. Which expressions make a new array?",
)
def nesterov_changes_an_array_in_the_state(w, dw, state, lr, rho=0.9):
    v = state.get("v", np.zeros_like(w))
    gradient = dw(w + rho * v)
    v *= rho
    v -= lr * gradient
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="Everything is changed in place: the state that was passed in, and w as well.",
    hint="Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
)
def nesterov_changes_everything(w, dw, state, lr, rho=0.9):
    v = state.setdefault("v", np.zeros_like(w))
    gradient = dw(w + rho * v)
    v *= rho
    v -= lr * gradient
    w += v
    return w, state


@misconception(
    of="nesterov_step",
    says="The velocity is kept without the rate, so a new rate also scales what earlier steps have left in it.",
    hint="In this form v is the step itself. With which rate did the gradients of earlier steps go into it?",
)
def nesterov_with_a_velocity_of_gradients(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v + dw(w - lr * rho * v)
    return w - lr * v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The velocity is right, but it is subtracted from w: the minus sign is in v already.",
    hint="v is the step itself here. Which sign stands in the second formula?",
)
def nesterov_subtracting_the_step(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w + rho * v)
    return w - v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The old velocity is used to look ahead but is missing in the new one.",
    hint="Which two terms make up the new v?",
)
def nesterov_that_drops_the_velocity(w, dw, state, lr, rho=0.9):
    v = -lr * dw(w + rho * state.get("v", 0.0))
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="The look ahead is scaled by the rate, which is in v already.",
    hint="By how much is momentum going to move the weights: ρ · v, or less?",
)
def nesterov_scaling_the_look_ahead(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w + lr * rho * v)
    return w + v, {"v": v}


@misconception(
    of="nesterov_step",
    says="It looks ahead by a whole step, the gradient at w included; the point ahead is w + ρ · v.",
    hint="At how many points does the formula ask for a gradient?",
)
def nesterov_looking_a_whole_step_ahead(w, dw, state, lr, rho=0.9):
    v = state.get("v", 0.0)
    v = rho * v - lr * dw(w + rho * v - lr * dw(w))
    return w + v, {"v": v}


# ---------------------------------------------------------------- adagrad_step


@misconception(
    of="adagrad_step",
    says="The sum of squares is made to fade; this is RMSProp, the next exercise.",
    hint="AdaGrad forgets nothing. What happens to the old sum in its formula?",
)
def adagrad_that_forgets(w, dw, state, lr, eps=1e-8):
    c = 0.9 * state.get("c", 0.0) + 0.1 * dw**2
    return w - lr * dw / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The root is missing: gradients that are ten times larger give steps a tenth as long.",
    hint="At the first step c is dw². What must the divisor be for the step to be lr?",
)
def adagrad_without_the_root(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    return w - lr * dw / (c + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The gradients are added up without being squared, so they cancel, and the root of a negative sum is nan.",
    hint="What is summed in c: dw or its square?",
)
def adagrad_without_the_square(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw
    return w - lr * dw / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="Sizes are summed instead of squares.",
    hint="Gradients 3 and 4: should the second step be divided by 7 or by 5?",
)
def adagrad_with_sizes(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + np.abs(dw)
    return w - lr * dw / (c + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The sum is squared, not the gradients: gradients of opposite sign cancel.",
    hint="Sum of squares, not square of the sum: which do you keep from step to step?",
)
def adagrad_with_the_square_of_the_sum(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw
    return w - lr * dw / (np.sqrt(c**2) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The sum is created anew in every step, or never reaches the state that is returned, so every step has the full length.",
    hint="Where do you read what the last step left in the state, and what does the next one find in yours?",
)
def adagrad_without_memory(w, dw, state, lr, eps=1e-8):
    c = np.zeros_like(w) + dw**2
    return w - lr * dw / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="One sum over all entries is kept, so all weights share one rate.",
    hint="What shape has c? The idea of AdaGrad is a rate for each weight.",
)
def adagrad_with_one_sum_for_all(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + np.sum(dw**2)
    return w - lr * dw / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The step is divided by the sum from before, which is zero at first.",
    hint="In which order do the two lines of the formula stand?",
)
def adagrad_with_the_old_sum(w, dw, state, lr, eps=1e-8):
    old = state.get("c", np.zeros_like(w))
    return w - lr * dw / (np.sqrt(old) + eps), {"c": old + dw**2}


@misconception(
    of="adagrad_step",
    says="The sum is divided by the number of steps: a mean does not make the steps fade.",
    hint="Under a constant gradient, how long should the fourth step be, compared with the first?",
)
def adagrad_with_a_mean(w, dw, state, lr, eps=1e-8):
    t, c = state.get("t", 0) + 1, state.get("c", 0.0) + dw**2
    return w - lr * dw / (np.sqrt(c / t) + eps), {"c": c, "t": t}


@misconception(
    of="adagrad_step",
    says="Without eps a weight that has never had a gradient becomes nan: 0/0.",
    hint="What is dw/√c where all gradients so far were zero?",
)
def adagrad_without_eps(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    return w - lr * dw / np.sqrt(c), {"c": c}


@misconception(
    of="adagrad_step",
    says="1e-8 is used whatever eps is passed.",
    hint="Does your result change with eps?",
)
def adagrad_with_a_fixed_eps(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    return w - lr * dw / (np.sqrt(c) + 1e-8), {"c": c}


@misconception(
    of="adagrad_step",
    says="eps is added to the quotient instead of to its denominator: brackets are misplaced.",
    hint="eps is there against division by zero. Does yours stand in the divisor?",
)
def adagrad_with_misplaced_brackets(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    return w - lr * (dw / np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The rate is divided by the root, but the gradient is left out of the step.",
    hint="Your step has the same sign for all gradients. What says where down is?",
)
def adagrad_without_the_gradient(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    return w - lr / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The step is multiplied by the root instead of divided by it.",
    hint="Weights with large gradients should take smaller steps. Do they?",
)
def adagrad_that_multiplies(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    return w - lr * dw * (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The weights move along the gradient, which is uphill.",
    hint="The gradient points to where the cost grows. Which sign takes you down?",
)
def adagrad_uphill(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    return w + lr * dw / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="w itself is changed: the caller's array is no longer what it was.",
    hint="-= writes into the array of the caller. Which expression makes a new array?",
)
def adagrad_changes_the_weights(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    w -= lr * dw / (np.sqrt(c) + eps)
    return w, {"c": c}


@misconception(
    of="adagrad_step",
    says="The state that was passed in, or an array in it, is changed.",
    hint="Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
)
def adagrad_changes_the_state(w, dw, state, lr, eps=1e-8):
    state["c"] = state.get("c", 0.0) + dw**2
    return w - lr * dw / (np.sqrt(state["c"]) + eps), state


@misconception(
    of="adagrad_step",
    says="The change is returned, not the changed weights.",
    hint="What is left to do after computing the step?",
)
def adagrad_returns_the_change(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2
    return -lr * dw / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The root is kept in the state, so the next square is added to a root.",
    hint="Which of the two goes on to the next step: the sum of squares or its root?",
)
def adagrad_keeping_the_root(w, dw, state, lr, eps=1e-8):
    c = np.sqrt(state.get("c", 0.0) + dw**2)
    return w - lr * dw / (c + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="eps is added to the sum that is kept, so it piles up from step to step.",
    hint="How often should eps be in the divisor after a hundred steps?",
)
def adagrad_piling_up_eps(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + dw**2 + eps
    return w - lr * dw / np.sqrt(c), {"c": c}


@misconception(
    of="adagrad_step",
    says="An array in the state that was passed in is changed in place.",
    hint="*= and += write into the array that the last state holds. Which expressions make a new array?",
)
def adagrad_changes_an_array_in_the_state(w, dw, state, lr, eps=1e-8):
    c = state.get("c", np.zeros_like(w))
    c += dw**2
    return w - lr * dw / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="Everything is changed in place: the state that was passed in, and w as well.",
    hint="Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
)
def adagrad_changes_everything(w, dw, state, lr, eps=1e-8):
    c = state.setdefault("c", np.zeros_like(w))
    c += dw**2
    w -= lr * dw / (np.sqrt(c) + eps)
    return w, state


@misconception(
    of="adagrad_step",
    says="The rate is mixed into the sum and cancels: the steps do not depend on it any more.",
    hint="Double the rate. Do your steps double?",
)
def adagrad_with_the_rate_inside(w, dw, state, lr, eps=1e-8):
    c = state.get("c", 0.0) + (lr * dw) ** 2
    return w - lr * dw / (np.sqrt(c) + eps), {"c": c}


@misconception(
    of="adagrad_step",
    says="The rate is divided by the root of the number of steps, not of each weight's own squares.",
    hint="Two weights with gradients of 1 and 1000: should they move alike?",
)
def adagrad_by_the_count(w, dw, state, lr, eps=1e-8):
    t = state.get("t", 0) + 1
    return w - lr / np.sqrt(t) * dw, {"t": t}


# ---------------------------------------------------------------- rmsprop_step


@misconception(
    of="rmsprop_step",
    says="The squares are summed and never forgotten: this is AdaGrad, and its steps fade.",
    hint="What share of the old s is left in the new one?",
)
def rmsprop_that_never_forgets(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = state.get("s", 0.0) + dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="β and 1 − β are swapped: s hardly remembers anything.",
    hint="With β = 0.9, which should count more: the average so far or the new square?",
)
def rmsprop_with_shares_swapped(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = (1 - beta) * state.get("s", 0.0) + beta * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The factor 1 − β is missing, so s is a fading sum and the steps are too short.",
    hint="Under a constant gradient the step should settle at lr. Where does yours settle?",
)
def rmsprop_with_a_fading_sum(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The root is missing: gradients that are ten times larger give steps a tenth as long.",
    hint="The R in RMS stands for root. Where is yours?",
)
def rmsprop_without_the_root(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w - lr * dw / (s + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The average is squared, not the gradients: gradients of opposite sign cancel.",
    hint="Mean of the squares, not square of the mean: which do you keep from step to step?",
)
def rmsprop_with_the_square_of_the_mean(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw
    return w - lr * dw / (np.sqrt(s**2) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The gradients are averaged without being squared, and the root of a negative average is nan.",
    hint="What is averaged in s: dw or its square?",
)
def rmsprop_without_the_square(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="Sizes are averaged instead of squares.",
    hint="Root of the mean of the squares: where are the squares?",
)
def rmsprop_with_sizes(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * np.abs(dw)
    return w - lr * dw / (s + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The average is created anew in every step, or never reaches the state that is returned, so nothing is remembered.",
    hint="Where do you read what the last step left in the state, and what does the next one find in yours?",
)
def rmsprop_without_memory(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * np.zeros_like(w) + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The average is corrected for its start, which this exercise does not ask for; Adam will.",
    hint="Compare the first step with the text's example: is it lr, or more than three times as much?",
)
def rmsprop_with_a_corrected_average(w, dw, state, lr, beta=0.9, eps=1e-8):
    t = state.get("t", 0) + 1
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(s / (1 - beta**t)) + eps), {"s": s, "t": t}


@misconception(
    of="rmsprop_step",
    says="The average starts as the first square instead of from zero.",
    hint="s is zero before the first step. What is it after mixing the first square in?",
)
def rmsprop_from_the_first_square(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state["s"] + (1 - beta) * dw**2 if "s" in state else dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="One average over all entries is kept, so all weights share one rate.",
    hint="What shape has s? Each weight has an average of its own.",
)
def rmsprop_with_one_average_for_all(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * np.mean(dw**2)
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The step is divided by the average from before, which is zero at first.",
    hint="In which order do the two lines of the formula stand?",
)
def rmsprop_with_the_old_average(w, dw, state, lr, beta=0.9, eps=1e-8):
    old = state.get("s", np.zeros_like(w))
    return w - lr * dw / (np.sqrt(old) + eps), {"s": beta * old + (1 - beta) * dw**2}


@misconception(
    of="rmsprop_step",
    says="Without eps a weight that has never had a gradient becomes nan: 0/0.",
    hint="What is dw/√s where all gradients so far were zero?",
)
def rmsprop_without_eps(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w - lr * dw / np.sqrt(s), {"s": s}


@misconception(
    of="rmsprop_step",
    says="1e-8 is used whatever eps is passed.",
    hint="Does your result change with eps?",
)
def rmsprop_with_a_fixed_eps(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(s) + 1e-8), {"s": s}


@misconception(
    of="rmsprop_step",
    says="0.9 is used whatever beta is passed.",
    hint="Does your result change with beta?",
)
def rmsprop_with_a_fixed_beta(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = 0.9 * state.get("s", 0.0) + 0.1 * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="eps is added to the quotient instead of to its denominator: brackets are misplaced.",
    hint="eps is there against division by zero. Does yours stand in the divisor?",
)
def rmsprop_with_misplaced_brackets(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w - lr * (dw / np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The rate is divided by the root, but the gradient is left out of the step.",
    hint="Your step has the same sign for all gradients. What says where down is?",
)
def rmsprop_without_the_gradient(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w - lr / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The weights move along the gradient, which is uphill.",
    hint="The gradient points to where the cost grows. Which sign takes you down?",
)
def rmsprop_uphill(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w + lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="w itself is changed: the caller's array is no longer what it was.",
    hint="-= writes into the array of the caller. Which expression makes a new array?",
)
def rmsprop_changes_the_weights(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    w -= lr * dw / (np.sqrt(s) + eps)
    return w, {"s": s}


@misconception(
    of="rmsprop_step",
    says="The state that was passed in, or an array in it, is changed.",
    hint="Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
)
def rmsprop_changes_the_state(w, dw, state, lr, beta=0.9, eps=1e-8):
    state["s"] = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(state["s"]) + eps), state


@misconception(
    of="rmsprop_step",
    says="The change is returned, not the changed weights.",
    hint="What is left to do after computing the step?",
)
def rmsprop_returns_the_change(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    return -lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The root is kept in the state, so the next square is mixed with a root.",
    hint="Which of the two goes on to the next step: the average of squares or its root?",
)
def rmsprop_keeping_the_root(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = np.sqrt(beta * state.get("s", 0.0) + (1 - beta) * dw**2)
    return w - lr * dw / (s + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="The share 1 − β is squared together with the gradient.",
    hint="Brackets: what does the square belong to?",
)
def rmsprop_squaring_the_share(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + ((1 - beta) * dw) ** 2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="eps is added to the average that is kept, so it piles up from step to step.",
    hint="How often should eps be in the divisor after a hundred steps?",
)
def rmsprop_piling_up_eps(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2 + eps
    return w - lr * dw / np.sqrt(s), {"s": s}


@misconception(
    of="rmsprop_step",
    says="An array in the state that was passed in is changed in place.",
    hint="*= and += write into the array that the last state holds. Which expressions make a new array?",
)
def rmsprop_changes_an_array_in_the_state(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = state.get("s", np.zeros_like(w))
    s *= beta
    s += (1 - beta) * dw**2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="Everything is changed in place: the state that was passed in, and w as well.",
    hint="Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
)
def rmsprop_changes_everything(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = state.setdefault("s", np.zeros_like(w))
    s *= beta
    s += (1 - beta) * dw**2
    w -= lr * dw / (np.sqrt(s) + eps)
    return w, state


@misconception(
    of="rmsprop_step",
    says="The rate is mixed into the average and cancels: the steps do not depend on it any more.",
    hint="Double the rate. Do your steps double?",
)
def rmsprop_with_the_rate_inside(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * (lr * dw) ** 2
    return w - lr * dw / (np.sqrt(s) + eps), {"s": s}


@misconception(
    of="rmsprop_step",
    says="This is momentum: the step follows an average of gradients and divides by nothing.",
    hint="What does RMSProp do with its average: follow it, or divide by its root?",
)
def rmsprop_as_momentum(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw
    return w - lr * s, {"s": s}


@misconception(
    of="rmsprop_step",
    says="The step follows an average of the gradients; here it follows the gradient itself.",
    hint="What stands above the root in the formula? (Adam will do what you did.)",
)
def rmsprop_with_momentum(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0.0) + (1 - beta) * dw**2
    m = beta * state.get("m", 0.0) + (1 - beta) * dw
    return w - lr * m / (np.sqrt(s) + eps), {"s": s, "m": m}


# ---------------------------------------------------------------- adam_step


def _moments(dw, state, beta1, beta2):
    """The right t, m and v after this gradient."""
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * dw
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * dw**2
    return t, m, v


@misconception(
    of="adam_step",
    says="t is still 0 at the first correction, which divides 0 by 0: it must be advanced before it is used.",
    hint="How many gradients are in m at the first step? That is its t.",
)
def adam_counting_from_zero(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, v = _moments(dw, state, beta1, beta2)
    t = state.get("t", 0)
    m_hat, v_hat = m / np.float64(1 - beta1**t), v / np.float64(1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t + 1}


@misconception(
    of="adam_step",
    says="t is one too large: the first correction uses t = 2.",
    hint="How many gradients are in m at the first step? That is its t.",
)
def adam_counting_from_two(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="t never advances, so every step is corrected as if it were the first.",
    hint="Which t does the second step find in the state?",
)
def adam_with_a_stuck_count(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    _, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1), v / (1 - beta2)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": 1}


@misconception(
    of="adam_step",
    says="Neither average is corrected for its start.",
    hint="How long should the first step be, and how long is yours?",
)
def adam_without_correction(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="Only the average of the gradients is corrected, not that of their squares.",
    hint="Both averages start from zero. Which of them is still too small?",
)
def adam_correcting_only_m(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="Only the average of the squares is corrected, not that of the gradients.",
    hint="Both averages start from zero. Which of them is still too small?",
)
def adam_correcting_only_v(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * m / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The corrections have β · t where they should have β to the power of t.",
    hint="Which operator is the power in Python?",
)
def adam_with_a_product_for_the_power(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1 * t), v / (1 - beta2 * t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The corrections take the power of 1 − β instead of β.",
    hint="Brackets: which comes first in 1 − βᵗ, the power or the minus?",
)
def adam_with_misplaced_brackets(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1) ** t, v / (1 - beta2) ** t
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="Both corrections use beta1.",
    hint="Each average is corrected with the share that it was made with.",
)
def adam_with_one_beta_for_both_corrections(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta1**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The averages are multiplied by 1 − βᵗ instead of divided by it.",
    hint="The plain averages are too small at first. Does your correction raise them?",
)
def adam_correcting_by_multiplying(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m * (1 - beta1**t), v * (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The corrected averages are kept, so they are corrected again at every step.",
    hint="The correction is for reading. Which m must the next step go on from?",
)
def adam_keeping_the_corrected(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="Everything is corrected twice, in the averages and once more in the rate.",
    hint="The paper's short form puts the correction into the rate *instead of* the averages.",
)
def adam_correcting_twice(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The root is missing.",
    hint="At the first step m̂ is dw and v̂ is dw². What must the divisor be for the step to be lr?",
)
def adam_without_the_root(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (v_hat + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="v averages the squares of m, not those of the gradient.",
    hint="Mean of the squares, not square of the mean: what goes into v?",
)
def adam_with_the_square_of_the_mean(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, _ = _moments(dw, state, beta1, beta2)
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * m**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="v averages the gradients without squaring them, and the root of a negative average is nan.",
    hint="What goes into v: dw or its square?",
)
def adam_without_the_square(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, _ = _moments(dw, state, beta1, beta2)
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * dw
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="beta1 and beta2 are swapped.",
    hint="Which of the two belongs to the gradients, which to their squares?",
)
def adam_with_betas_swapped(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta2, beta1)
    m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="β and 1 − β are swapped in the averages: they hardly remember anything.",
    hint="With β = 0.9, which should count more: the average so far or the new gradient?",
)
def adam_with_shares_swapped(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m = (1 - beta1) * state.get("m", 0.0) + beta1 * dw
    v = (1 - beta2) * state.get("v", 0.0) + beta2 * dw**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="m, v and t are created anew in every step, or never reach the state that is returned: each step is a first one, of the full length in the gradient's sign.",
    hint="Where do you read what the last step left in the state, and what does the next one find in yours?",
)
def adam_without_memory(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, {}, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The average of the squares is not carried on; only m and t are.",
    hint="Which of m, v and t does the next step find in the state?",
)
def adam_forgetting_v(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, _ = _moments(dw, state, beta1, beta2)
    v = (1 - beta2) * dw**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The average of the gradients is not carried on; only v and t are.",
    hint="Which of m, v and t does the next step find in the state?",
)
def adam_forgetting_m(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, _, v = _moments(dw, state, beta1, beta2)
    m = (1 - beta1) * dw
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The averages start as the first gradient and its square, and are corrected on top of it.",
    hint="m and v are zero before the first step; the correction makes up for that.",
)
def adam_from_the_first_gradient(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    if t == 1:
        m, v = dw.copy(), dw**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="eps is under the root; the paper and this exercise have it beside the root.",
    hint="What is inside the brackets of the square root in the formula?",
)
def adam_with_eps_under_the_root(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / np.sqrt(v_hat + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="eps is added before the correction: this is the paper's short form, with another eps.",
    hint="Algorithm 1 corrects v first and adds eps afterwards.",
)
def adam_with_eps_before_the_correction(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * m / (np.sqrt(v) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="Without eps a weight that has never had a gradient becomes nan: 0/0.",
    hint="What is the quotient where all gradients so far were zero?",
)
def adam_without_eps(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / np.sqrt(v_hat), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="1e-8 is used whatever eps is passed.",
    hint="Does your result change with eps?",
)
def adam_with_a_fixed_eps(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + 1e-8), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="0.9 and 0.999 are used whatever betas are passed.",
    hint="Does your result change with beta1 and beta2?",
)
def adam_with_fixed_betas(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, 0.9, 0.999)
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The step uses the bare gradient where it should use its average: this is RMSProp with a correction.",
    hint="What does your m do to w?",
)
def adam_without_using_m(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * dw / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="One average of squares over all entries is kept, so all weights share one rate.",
    hint="What shape has v? Each weight has an average of its own.",
)
def adam_with_one_average_for_all(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, _ = _moments(dw, state, beta1, beta2)
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * np.mean(dw**2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The weights move uphill.",
    hint="The gradient points to where the cost grows. Which sign takes you down?",
)
def adam_uphill(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w + lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="w itself is changed: the caller's array is no longer what it was.",
    hint="-= writes into the array of the caller. Which expression makes a new array?",
)
def adam_changes_the_weights(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    w -= lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w, {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The state that was passed in, or an array in it, is changed.",
    hint="Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
)
def adam_changes_the_state(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    state["t"], state["m"], state["v"] = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = state["m"] / (1 - beta1 ** state["t"]), state["v"] / (1 - beta2 ** state["t"])
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), state


@misconception(
    of="adam_step",
    says="The change is returned, not the changed weights.",
    hint="What is left to do after computing the step?",
)
def adam_returns_the_change(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return -lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The root of v is divided by 1 − β₂ᵗ, which belongs under the root.",
    hint="Correct v first, then take the root. What is the first step otherwise?",
)
def adam_correcting_outside_the_root(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v) / (1 - beta2**t) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="beta1 and beta2 are swapped in the corrections.",
    hint="Each average is corrected with the share that it was made with.",
)
def adam_with_betas_swapped_in_the_corrections(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta2**t), v / (1 - beta1**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="eps is added to the quotient instead of to its denominator: brackets are misplaced.",
    hint="eps is there against division by zero. Does yours stand in the divisor?",
)
def adam_with_eps_beside_the_quotient(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - lr * (m_hat / np.sqrt(v_hat) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The arrays in the state that was passed in are changed in place.",
    hint="*= and += write into the array that the last state holds. Which expressions make a new array?",
)
def adam_changes_the_arrays_in_the_state(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m, v = state.get("m", np.zeros_like(w)), state.get("v", np.zeros_like(w))
    m *= beta1
    m += (1 - beta1) * dw
    v *= beta2
    v += (1 - beta2) * dw**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="Everything is changed in place: the state that was passed in, and w as well.",
    hint="Could one take a second, different step from the same place? Make a new dict, new arrays in it, and a new w.",
)
def adam_changes_everything(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    state["t"], state["m"], state["v"] = _moments(dw, state, beta1, beta2)
    m_hat, v_hat = state["m"] / (1 - beta1 ** state["t"]), state["v"] / (1 - beta2 ** state["t"])
    w -= lr * m_hat / (np.sqrt(v_hat) + eps)
    return w, state


@misconception(
    of="adam_step",
    says="t advances twice in a step, so that later corrections are too weak.",
    hint="How many gradients are in m at the second step? Print your t.",
)
def adam_counting_double(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    step = lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return w - step, {"m": m, "v": v, "t": t + 1}


@misconception(
    of="adam_step",
    says="m and v are one and the same array: what is written into one shows in the other.",
    hint="What does m = v = zeros_like(w) make: two arrays, or two names for one?",
)
def adam_with_one_array_for_both(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t = state.get("t", 0) + 1
    m = state.get("m", 0.0) * beta1 + (1 - beta1) * dw
    m = m * beta2 + (1 - beta2) * dw**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(m / (1 - beta2**t)) + eps), {"m": m, "v": m, "t": t}


@misconception(
    of="adam_step",
    says="The rate is mixed into m, so a changed rate does not reach the gradients already in it.",
    hint="Suppose the rate drops to zero for one step. Should the weights still move?",
)
def adam_with_the_rate_inside(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state.get("t", 0) + 1, beta1 * state.get("m", 0.0), beta2 * state.get("v", 0.0)
    m, v = m + (1 - beta1) * lr * dw, v + (1 - beta2) * dw**2
    return w - (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The factors 1 − β are missing: m and v are fading sums, which the corrections do not fit.",
    hint="How large is m after the first gradient of 3: 0.3 or 3?",
)
def adam_with_fading_sums(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = state.get("t", 0) + 1, beta1 * state.get("m", 0.0) + dw, beta2 * state.get("v", 0.0) + dw**2
    return w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}


@misconception(
    of="adam_step",
    says="The averages start as the first gradient and its square, and are not corrected.",
    hint="m and v start at zero. What mends their start in the formula?",
)
def adam_starting_elsewhere(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * state.get("m", dw) + (1 - beta1) * dw
    v = beta2 * state.get("v", dw**2) + (1 - beta2) * dw**2
    return w - lr * m / (np.sqrt(v) + eps), {"m": m, "v": v}


@misconception(
    of="adam_step",
    says="0.001 is used whatever rate is passed.",
    hint="Where does the argument lr occur in your function?",
)
def adam_with_a_fixed_rate(w, dw, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v = _moments(dw, state, beta1, beta2)
    return w - 1e-3 * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps), {"m": m, "v": v, "t": t}
