"""Wrong implementations that students hand in for 08-learning-rates-and-clipping, each with what a good TA says.

Every function stands alone. Where a slip concerns clipping alone, dicts and lists are handled correctly.
"""

import itertools
import math

import numpy as np

from grader.authoring import misconception


def _arrays(grads):
    return list(grads.values()) if isinstance(grads, dict) else list(grads)


def _map(function, grads):
    """Apply a function to every array and keep the arrangement."""
    if isinstance(grads, dict):
        return {name: function(g) for name, g in grads.items()}
    return [function(g) for g in grads]


def _total(grads):
    return np.sqrt(sum(np.sum(g**2) for g in _arrays(grads)))


# ---------------------------------------------------------------- has_exploded


@misconception(
    of="has_exploded",
    says="Exactly factor times the first cost counts as an explosion already.",
    hint="The rule says more than. What should the history 2.0, 6.0 give?",
)
def explodes_at_exactly_the_factor(costs, factor=3.0):
    return any(not math.isfinite(c) or c >= factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="Only the last cost is looked at, so a jump in the middle of the history goes unseen.",
    hint="What do you return for 2.0, 6.1, 1.0?",
)
def looks_at_the_last_cost(costs, factor=3.0):
    if len(costs) == 0:
        return False
    return bool(not np.isfinite([costs[0], costs[-1]]).all() or costs[-1] > factor * costs[0])


@misconception(
    of="has_exploded",
    says="Each cost is compared with the one before it instead of with the first.",
    hint="A cost that doubles at every step never triples at one. Which cost is the yardstick?",
)
def compares_with_the_cost_before(costs, factor=3.0):
    jumps = any(b > factor * a for a, b in itertools.pairwise(costs))
    return bool(jumps or not np.isfinite(np.asarray(costs, dtype=float)).all())


@misconception(
    of="has_exploded",
    says="Costs are compared with the lowest so far instead of with the first.",
    hint="A run that has come down to 0.1 may well jitter to 0.5. Which cost is the yardstick?",
)
def compares_with_the_lowest_cost(costs, factor=3.0):
    if len(costs) == 0:
        return False
    c = np.asarray(costs, dtype=float)
    return bool(not np.isfinite(c).all() or (c > factor * np.minimum.accumulate(c)).any())


@misconception(
    of="has_exploded",
    says="nan is not noticed: it was skipped, or compared, and a comparison with nan is always False.",
    hint="What is nan > 6, and what is nan <= 6? Ask for what is not finite on purpose.",
)
def sleeps_through_nan(costs, factor=3.0):
    return any(c > factor * costs[0] or math.isinf(c) for c in costs)


@misconception(
    of="has_exploded",
    says="Only the size is tested; nan, and an infinite first cost, are not noticed.",
    hint="Two parts make up the rule. Which costs are not finite, and does > find them?",
)
def asks_only_for_the_size(costs, factor=3.0):
    return any(c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="Only nan counts as not finite; infinity at the start, where nothing is larger, is not noticed.",
    hint="inf > 3 * inf is False. Which NumPy function is True for ordinary numbers only?",
)
def asks_only_for_nan(costs, factor=3.0):
    return any(math.isnan(c) or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="Only costs that are not finite count; a cost that is merely far too large does not.",
    hint="What should 2.0, 600.0 give? Long before inf the run is lost.",
)
def asks_only_for_what_is_not_finite(costs, factor=3.0):
    return any(not math.isfinite(c) for c in costs)


@misconception(
    of="has_exploded",
    says="The factor is always 3, whatever is passed.",
    hint="Where does the argument factor occur in your function?",
)
def always_takes_three(costs, factor=3.0):
    return any(not math.isfinite(c) or c > 3.0 * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="Costs are compared with the factor itself, not with the factor times the first cost.",
    hint="A first cost of 40 is no explosion. What is the limit relative to?",
)
def compares_with_the_factor_itself(costs, factor=3.0):
    return any(not math.isfinite(c) or c > factor for c in costs)


@misconception(
    of="has_exploded",
    says="The factor is added to the first cost instead of multiplied with it.",
    hint="Three times the first cost: what is the limit for a first cost of 0.5?",
)
def adds_the_factor(costs, factor=3.0):
    return any(not math.isfinite(c) or c - costs[0] > factor for c in costs)


@misconception(
    of="has_exploded",
    says="All costs must be too large for your function to return True; one is enough.",
    hint="all or any? The first cost is never above three times itself.",
)
def wants_all_costs_too_large(costs, factor=3.0):
    return len(costs) > 0 and all(not math.isfinite(c) or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="An empty history raises an error: there is no first cost to look at.",
    hint="What do you do with costs[0] when there are no costs yet?",
)
def trips_over_an_empty_history(costs, factor=3.0):
    first = costs[0]
    return any(not math.isfinite(c) or c > factor * first for c in costs)


@misconception(
    of="has_exploded",
    says="An empty history counts as an explosion.",
    hint="Before the first cost nothing can have exploded.",
)
def takes_nothing_for_an_explosion(costs, factor=3.0):
    return len(costs) == 0 or any(not math.isfinite(c) or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="This returns one verdict for each cost instead of one for the history.",
    hint="True or False for the whole run: how do you get from an array of booleans to one?",
)
def gives_a_verdict_for_each_cost(costs, factor=3.0):
    c = np.asarray(costs, dtype=float)
    return ~np.isfinite(c) | (c > factor * c[0]) if c.size else False


@misconception(
    of="has_exploded",
    says="The verdict is the wrong way round: True stands for a healthy run.",
    hint="What does the name of the function ask?",
)
def answers_the_opposite(costs, factor=3.0):
    return not any(not math.isfinite(c) or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="The largest cost is compared with factor times the smallest.",
    hint="A good run ends far below where it began. Which cost is the yardstick?",
)
def compares_largest_with_smallest(costs, factor=3.0):
    if len(costs) == 0:
        return False
    c = np.asarray(costs, dtype=float)
    return bool(not np.isfinite(c).all() or c.max() > factor * c.min())


@misconception(
    of="has_exploded",
    says="The first cost itself is not looked at: a run that begins with nan or infinity passes for healthy.",
    hint="Your loop starts at the second cost. What do you return for nan, 1.0?",
)
def overlooks_a_bad_first_cost(costs, factor=3.0):
    return any(not math.isfinite(c) or c > factor * costs[0] for c in costs[1:])


@misconception(
    of="has_exploded",
    says="A history of a single cost counts as healthy whatever that cost is.",
    hint="What do you return when the only cost so far is nan?",
)
def wants_two_costs(costs, factor=3.0):
    return len(costs) > 1 and any(not math.isfinite(c) or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="Only the last cost is tested for nan and infinity.",
    hint="What do you return for 2.0, nan, 1.0?",
)
def asks_the_last_for_faults(costs, factor=3.0):
    if len(costs) == 0:
        return False
    return not math.isfinite(costs[-1]) or any(c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="-inf is not noticed.",
    hint="Three values are not finite. Which function tests for all of them?",
)
def overlooks_minus_infinity(costs, factor=3.0):
    return any(math.isnan(c) or c == math.inf or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="The answer is given after the first cost: a return stands in the loop that should come after it.",
    hint="When may you say False: after one healthy cost, or after all of them?",
)
def returns_within_the_loop(costs, factor=3.0):
    for c in costs:
        return not math.isfinite(c) or c > factor * costs[0]
    return False


@misconception(
    of="has_exploded",
    says="The list of costs that was passed is sorted itself.",
    hint="costs.sort() changes the caller's history. What do you need the order for?",
)
def sorts_the_costs(costs, factor=3.0):
    if len(costs) == 0:
        return False
    first = costs[0]
    costs.sort()
    return bool(not np.isfinite(costs).all() or costs[-1] > factor * first)


@misconception(
    of="has_exploded",
    says="An array of costs raises an error: NumPy does not say whether a whole array is true.",
    hint="costs may be an array, and `not costs` works for lists only. How else can you tell that it is empty?",
)
def asks_an_array_whether_it_is_true(costs, factor=3.0):
    if not costs:
        return False
    return any(not math.isfinite(c) or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="The two parts of the rule are joined by and: a cost must be both too large and not finite.",
    hint="Is 6.1 after 2.0 lost although it is finite? Each part is enough for itself.",
)
def wants_both_parts(costs, factor=3.0):
    return any(not math.isfinite(c) and c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="nan and inf are looked for with ==, and nan equals nothing, not even itself.",
    hint="What is math.nan == math.nan? Which function tests for it?",
)
def compares_both_by_equality(costs, factor=3.0):
    return any(c == math.nan or c == math.inf or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="The test for finite numbers is the wrong way round: every ordinary cost counts as an explosion.",
    hint="What does isfinite return for 2.0?",
)
def takes_finite_for_lost(costs, factor=3.0):
    return any(math.isfinite(c) or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="Only the last cost is looked at, for its size and for nan alike; what came before goes unseen.",
    hint="What do you return for 2.0, 6.1, 1.0, and for 2.0, nan, 1.0?",
)
def looks_at_nothing_but_the_last(costs, factor=3.0):
    return bool(len(costs) and (not math.isfinite(costs[-1]) or costs[-1] > factor * costs[0]))


@misconception(
    of="has_exploded",
    says="All costs are tested for nan, but only the last one for its size.",
    hint="What do you return for 2.0, 6.1, 1.0?",
)
def measures_only_the_last(costs, factor=3.0):
    return bool(len(costs) and (not np.isfinite(costs).all() or costs[-1] > factor * costs[0]))


@misconception(
    of="has_exploded",
    says="Costs are compared with factor times their mean instead of the first.",
    hint="Which cost is the yardstick? A jump pulls the mean up with it.",
)
def compares_with_the_mean(costs, factor=3.0):
    return bool(len(costs) and (not np.isfinite(costs).all() or max(costs) > factor * np.mean(costs)))


@misconception(
    of="has_exploded",
    says="The comparison points the wrong way, or the factor stands on its wrong side: a healthy run counts as lost.",
    hint="Which of 0.5 and 60 has exploded after a first cost of 2?",
)
def takes_small_for_lost(costs, factor=3.0):
    return any(not math.isfinite(c) or c < factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="All costs must be too large for your function to return True, and of an empty history that is true.",
    hint="all or any? One cost that is too large is enough.",
)
def wants_all_costs_too_large_or_none(costs, factor=3.0):
    return all(not math.isfinite(c) or c > factor * costs[0] for c in costs)


@misconception(
    of="has_exploded",
    says="Python's max is asked for the largest cost, and with a nan in the list its answer depends on the order.",
    hint="What is max([2.0, math.nan, 1.0]), and what is max([math.nan, 2.0])? Look for nan before.",
)
def asks_max_for_nan(costs, factor=3.0):
    return bool(len(costs) and (not math.isfinite(max(costs)) or max(costs) > factor * costs[0]))


@misconception(
    of="has_exploded",
    says="nanmax leaves nan out, which is what you are to find.",
    hint="Which function tells you that a nan is there, instead of passing over it?",
)
def passes_over_nan(costs, factor=3.0):
    return bool(len(costs) and (not math.isfinite(np.nanmax(costs)) or np.nanmax(costs) > factor * costs[0]))


# ---------------------------------------------------------------- inverse_time_decay


@misconception(
    of="has_exploded",
    says="Only the first 64 costs are looked at.",
    hint="What does your function say of a run that jumps at step 150?",
)
def explosion_within_64_steps_only(costs, factor=3.0):
    return any(not math.isfinite(cost) or cost > factor * costs[0] for cost in costs[:64])


@misconception(
    of="inverse_time_decay",
    says="One is subtracted from the epoch, as if it counted from 1.",
    hint="The number that you are given goes into the formula as it is. What must epoch 1 give for 0.2 and rate 1?",
)
def inverse_counts_from_one(lr0, epoch, rate):
    return lr0 / (1 + rate * (epoch - 1))


@misconception(
    of="inverse_time_decay",
    says="One is added to the epoch, so the full rate is never used.",
    hint="The number that you are given goes into the formula as it is. What must epoch 0 give?",
)
def inverse_is_one_epoch_ahead(lr0, epoch, rate):
    return lr0 / (1 + rate * (epoch + 1))


@misconception(
    of="inverse_time_decay",
    says="Brackets are missing: only the 1 is divided by, and the rest is added.",
    hint="What does Python compute first in lr0 / 1 + rate * epoch?",
)
def inverse_without_brackets(lr0, epoch, rate):
    return lr0 / 1 + rate * epoch


@misconception(
    of="inverse_time_decay",
    says="The division is one of whole numbers, which cuts the fraction off.",
    hint="What is 1 // 4? Which operator keeps the fraction?",
)
def inverse_with_whole_division(lr0, epoch, rate):
    return lr0 // (1 + rate * epoch)


@misconception(
    of="inverse_time_decay",
    says="The starting rate is left out: this is the factor alone.",
    hint="What should epoch 0 give for lr0 = 0.2?",
)
def inverse_forgets_the_start(lr0, epoch, rate):
    return 1 / (1 + rate * epoch)


@misconception(
    of="inverse_time_decay",
    says="The rate compounds: 1 + rate is raised to the power of the epoch.",
    hint="Compare epochs 1 and 2: does the denominator grow by adding or by multiplying?",
)
def inverse_compounds(lr0, epoch, rate):
    return lr0 / (1 + rate) ** epoch


@misconception(
    of="inverse_time_decay",
    says="The already decayed rate is decayed again at each epoch, so the denominators multiply up.",
    hint="The formula starts from lr0 at every epoch, not from the last rate.",
)
def inverse_decays_the_decayed(lr0, epoch, rate):
    for e in range(1, int(epoch) + 1):
        lr0 = lr0 / (1 + rate * e)
    return lr0


@misconception(
    of="inverse_time_decay",
    says="The rate falls along a straight line instead of being divided.",
    hint="What happens to lr0 * (1 - rate * epoch) after many epochs? A learning rate must not become negative.",
)
def inverse_along_a_line(lr0, epoch, rate):
    return lr0 * (1 - rate * epoch)


@misconception(
    of="inverse_time_decay",
    says="The starting rate is multiplied by 1 + rate * epoch: it grows.",
    hint="Which way should the rate go over time?",
)
def inverse_grows(lr0, epoch, rate):
    return lr0 * (1 + rate * epoch)


@misconception(
    of="inverse_time_decay",
    says="The 1 in the denominator is missing, so epoch 0 divides by zero.",
    hint="What does your formula give for epoch 0?",
)
def inverse_forgets_the_one(lr0, epoch, rate):
    return lr0 / (rate * epoch)


@misconception(
    of="inverse_time_decay",
    says="Fractions of an epoch are cut off.",
    hint="Epoch 2.5 is half-way through the third epoch; int(2.5) is not.",
)
def inverse_of_whole_epochs_only(lr0, epoch, rate):
    return lr0 / (1 + rate * int(epoch))


@misconception(
    of="inverse_time_decay",
    says="rate and epoch are added, not multiplied.",
    hint="With a rate of 0 nothing should decay. Does it with yours?",
)
def inverse_adds_rate_and_epoch(lr0, epoch, rate):
    return lr0 / (1 + rate + epoch)


@misconception(
    of="inverse_time_decay",
    says="rate is not used: the starting rate is divided by 1 + epoch.",
    hint="Where does the argument rate occur in your function?",
)
def inverse_forgets_the_rate(lr0, epoch, rate):
    return lr0 / (1 + epoch)


@misconception(
    of="inverse_time_decay",
    says="The sign in the denominator is wrong: with 1 - rate * epoch the rate grows and turns negative.",
    hint="What should the denominator do as the epochs go by?",
)
def inverse_with_a_minus(lr0, epoch, rate):
    return lr0 / (1 - rate * epoch) if rate * epoch != 1 else 1 / 0


@misconception(
    of="inverse_time_decay",
    says="Brackets are misplaced: 1 + rate is multiplied by the epoch.",
    hint="What does your denominator come to at epoch 0?",
)
def inverse_with_misplaced_brackets(lr0, epoch, rate):
    return lr0 / ((1 + rate) * epoch)


@misconception(
    of="inverse_time_decay",
    says="This is exponential decay, exp(-rate * epoch); inverse time decay divides.",
    hint="Compare epochs 1 and 2 with the table: is the ratio the same from each epoch to the next?",
)
def inverse_as_an_exponential(lr0, epoch, rate):
    return lr0 * math.exp(-rate * epoch)


@misconception(
    of="inverse_time_decay",
    says="The decayed rate is decayed again in a loop over the epochs, so the denominators multiply up.",
    hint="The formula starts from lr0 at every epoch, not from the last rate.",
)
def inverse_decays_in_a_loop(lr0, epoch, rate):
    for t in range(epoch + 1):
        lr0 = lr0 / (1 + rate * t)
    return lr0


# ---------------------------------------------------------------- exponential_decay


@misconception(
    of="exponential_decay",
    says="One is subtracted from the epoch, as if it counted from 1.",
    hint="The number that you are given goes into the formula as it is. What must epoch 1 give for 0.2 and 0.95?",
)
def exponential_counts_from_one(lr0, epoch, base):
    return lr0 * base ** (epoch - 1)


@misconception(
    of="exponential_decay",
    says="One is added to the epoch, so the full rate is never used.",
    hint="The number that you are given goes into the formula as it is. What must epoch 0 give?",
)
def exponential_is_one_epoch_ahead(lr0, epoch, base):
    return lr0 * base ** (epoch + 1)


@misconception(
    of="exponential_decay",
    says="The base is multiplied by the epoch instead of raised to its power.",
    hint="Multiplied by 0.95 twice is 0.95 * 0.95. What is the operator for that?",
)
def exponential_multiplies_for_power(lr0, epoch, base):
    return lr0 * base * epoch


@misconception(
    of="exponential_decay",
    says="The starting rate is raised to the power as well: brackets are misplaced.",
    hint="Which part of the formula carries the exponent?",
)
def exponential_raises_the_start_too(lr0, epoch, base):
    return (lr0 * base) ** epoch


@misconception(
    of="exponential_decay",
    says="The starting rate is left out: this is the factor alone.",
    hint="What should epoch 0 give for lr0 = 0.2?",
)
def exponential_forgets_the_start(lr0, epoch, base):
    return base**epoch


@misconception(
    of="exponential_decay",
    says="This is exp(-base * epoch), another curve than base to the power of the epoch.",
    hint="No e occurs in the formula. By which factor does each epoch multiply the rate?",
)
def exponential_with_e(lr0, epoch, base):
    return lr0 * math.exp(-base * epoch)


@misconception(
    of="exponential_decay",
    says="The base is always 0.95, whatever is passed.",
    hint="Where does the argument base occur in your function?",
)
def exponential_with_a_fixed_base(lr0, epoch, base):
    return lr0 * 0.95**epoch


@misconception(
    of="exponential_decay",
    says="base is taken for the share that is lost at each epoch; it is the share that is left.",
    hint="With 0.95 the rate should fall slowly. By how much does yours fall in the first epoch?",
)
def exponential_takes_the_base_for_the_loss(lr0, epoch, base):
    return lr0 * (1 - base) ** epoch


@misconception(
    of="exponential_decay",
    says="The exponent has the wrong sign, so the rate grows.",
    hint="Which way should the rate go over time? Is 0.95 above or below 1?",
)
def exponential_grows(lr0, epoch, base):
    return lr0 * base ** (-epoch)


@misconception(
    of="exponential_decay",
    says="Base and exponent are swapped.",
    hint="What is raised to which power: the epoch to the base, or the base to the epoch?",
)
def exponential_swaps_base_and_exponent(lr0, epoch, base):
    return lr0 * epoch**base


@misconception(
    of="exponential_decay",
    says="Fractions of an epoch are cut off.",
    hint="Epoch 2.5 is half-way through the third epoch; int(2.5) is not.",
)
def exponential_of_whole_epochs_only(lr0, epoch, base):
    return lr0 * base ** int(epoch)


@misconception(
    of="exponential_decay",
    says="The rate is multiplied by the base once, whatever the epoch.",
    hint="How often has the rate been multiplied by the base after three epochs?",
)
def exponential_multiplies_once(lr0, epoch, base):
    return lr0 * base


@misconception(
    of="exponential_decay",
    says="The loop over range(epoch) raises an error for a fraction of an epoch.",
    hint="epoch may be 2.5. Which operator multiplies a fractional number of times?",
)
def exponential_in_a_loop(lr0, epoch, base):
    for _ in range(epoch):
        lr0 = lr0 * base
    return lr0


@misconception(
    of="exponential_decay",
    says="The first decay comes at epoch 2: epochs 0 and 1 get the same rate.",
    hint="What must epoch 1 give for 0.2 and 0.95?",
)
def exponential_starts_late(lr0, epoch, base):
    return lr0 if epoch <= 1 else lr0 * base ** (epoch - 1)


@misconception(
    of="exponential_decay",
    says="The epoch is rounded up, so part of an epoch counts as a whole one.",
    hint="The exponent may be a fraction.",
)
def exponential_rounds_up(lr0, epoch, base):
    return lr0 * base ** math.ceil(epoch)


@misconception(
    of="exponential_decay",
    says="This is inverse time decay with the base in the place of its rate.",
    hint="How does the rate change from one epoch to the next: by the same factor?",
)
def exponential_as_inverse_time(lr0, epoch, base):
    return lr0 / (1 + base * epoch)


# ---------------------------------------------------------------- sqrt_decay


@misconception(
    of="sqrt_decay",
    says="The root is missing: the rate is divided by the epoch itself.",
    hint="At epoch 4 the rate should have halved. Has yours?",
)
def sqrt_without_the_root(lr0, epoch, k):
    return lr0 * k / epoch


@misconception(
    of="sqrt_decay",
    says="One is added to the epoch; here epochs count from 1 and there is nothing to guard against.",
    hint="What must epoch 1 give with k = 1?",
)
def sqrt_counts_from_zero(lr0, epoch, k):
    return lr0 * k / math.sqrt(epoch + 1)


@misconception(
    of="sqrt_decay",
    says="The 1 is added after the root, to guard against an epoch 0 that never comes.",
    hint="What must epoch 1 give with k = 1?",
)
def sqrt_adds_one_after_the_root(lr0, epoch, k):
    return lr0 * k / (1 + math.sqrt(epoch))


@misconception(
    of="sqrt_decay",
    says="k is left out.",
    hint="Where does the argument k occur in your function?",
)
def sqrt_forgets_k(lr0, epoch, k):
    return lr0 / math.sqrt(epoch)


@misconception(
    of="sqrt_decay",
    says="The starting rate is left out.",
    hint="What should epoch 1 give for lr0 = 0.2 and k = 1?",
)
def sqrt_forgets_the_start(lr0, epoch, k):
    return k / math.sqrt(epoch)


@misconception(
    of="sqrt_decay",
    says="k is in the denominator: a larger k makes the rate smaller.",
    hint="Is the rate multiplied by k or divided by it?",
)
def sqrt_divides_by_k(lr0, epoch, k):
    return lr0 / (k * math.sqrt(epoch))


@misconception(
    of="sqrt_decay",
    says="k is under the root.",
    hint="How far does the root sign reach in the formula?",
)
def sqrt_with_k_under_the_root(lr0, epoch, k):
    return lr0 * math.sqrt(k / epoch)


@misconception(
    of="sqrt_decay",
    says="The root is taken of everything, the starting rate included.",
    hint="How far does the root sign reach in the formula?",
)
def sqrt_of_everything(lr0, epoch, k):
    return math.sqrt(lr0 * k / epoch)


@misconception(
    of="sqrt_decay",
    says="The rate is multiplied by the root, so it grows.",
    hint="Which way should the rate go over time?",
)
def sqrt_grows(lr0, epoch, k):
    return lr0 * k * math.sqrt(epoch)


@misconception(
    of="sqrt_decay",
    says="The epoch is squared instead of taken the root of.",
    hint="At epoch 4 the rate should have halved. Has yours?",
)
def sqrt_squares(lr0, epoch, k):
    return lr0 * k / epoch**2


@misconception(
    of="sqrt_decay",
    says="The rate is held at lr0 at most; a k above 1 may well start above it.",
    hint="The formula has no minimum in it. What should epoch 1 give with k = 3?",
)
def sqrt_never_above_the_start(lr0, epoch, k):
    return min(lr0, lr0 * k / math.sqrt(epoch))


@misconception(
    of="sqrt_decay",
    says="The root is rounded down to a whole number.",
    hint="math.isqrt(2) is 1. Which function gives 1.414?",
)
def sqrt_in_whole_numbers(lr0, epoch, k):
    return lr0 * k / math.isqrt(int(epoch))


@misconception(
    of="sqrt_decay",
    says="Fractions of an epoch are cut off.",
    hint="Epoch 2.25 lies between the second and the third; int(2.25) does not.",
)
def sqrt_of_whole_epochs_only(lr0, epoch, k):
    return lr0 * k / math.sqrt(int(epoch))


@misconception(
    of="sqrt_decay",
    says="One is subtracted from the epoch, so epoch 1 divides by zero.",
    hint="epoch counts from 1 already; the number goes into the formula as it is.",
)
def sqrt_subtracts_one(lr0, epoch, k):
    return lr0 * k / math.sqrt(epoch - 1)


@misconception(
    of="sqrt_decay",
    says="k is under the root, in the denominator.",
    hint="How far does the root sign reach in the formula, and on which side is k?",
)
def sqrt_with_k_in_the_denominators_root(lr0, epoch, k):
    return lr0 / math.sqrt(k * epoch)


@misconception(
    of="sqrt_decay",
    says="Brackets are misplaced: the starting rate is in the denominator.",
    hint="Twice the lr0 should give twice the rate. Does it?",
)
def sqrt_divides_by_the_start(lr0, epoch, k):
    return k / (math.sqrt(epoch) * lr0)


@misconception(
    of="sqrt_decay",
    says="** binds more tightly than /: epoch ** 1 / 2 is half the epoch, not its root.",
    hint="What is 9 ** 1 / 2 in Python? Which brackets does the exponent need?",
)
def sqrt_by_an_unbracketed_power(lr0, epoch, k):
    return lr0 * k / epoch**1 / 2


@misconception(
    of="sqrt_decay",
    says="** binds more tightly than /: epoch ** 1 / 2 is half the epoch, so the rate is divided by that.",
    hint="What is 9 ** 1 / 2 in Python? Which brackets does the exponent need?",
)
def sqrt_by_half_the_epoch(lr0, epoch, k):
    return lr0 * k / (epoch**1 / 2)


@misconception(
    of="sqrt_decay",
    says="math.isqrt gives the whole part of the root, and takes no fractions.",
    hint="Which function of math gives the root itself?",
)
def sqrt_by_isqrt(lr0, epoch, k):
    return lr0 * k / math.isqrt(epoch)


@misconception(
    of="sqrt_decay",
    says="The 1 is added after the multiplication by k, as in inverse time decay.",
    hint="What must epoch 1 give with k = 1?",
)
def sqrt_like_inverse_time(lr0, epoch, k):
    return lr0 / (1 + k * math.sqrt(epoch))


# ---------------------------------------------------------------- staircase_decay


@misconception(
    of="staircase_decay",
    says="The exponent is a fraction, so the rate falls a little at every epoch instead of in steps.",
    hint="How many whole times does 3 fit into 5? Which operator tells?",
)
def staircase_slides(lr0, epoch, drop, every):
    return lr0 * drop ** (epoch / every)


@misconception(
    of="staircase_decay",
    says="The remainder is taken instead of the number of drops.",
    hint="% gives what is left over. How many whole times does 3 fit into 5?",
)
def staircase_by_the_remainder(lr0, epoch, drop, every):
    return lr0 * drop ** (epoch % every)


@misconception(
    of="staircase_decay",
    says="The drop comes one epoch late: one is subtracted from the epoch.",
    hint="Epochs count from 0. With every = 3, which is the first epoch with the lower rate?",
)
def staircase_drops_late(lr0, epoch, drop, every):
    return lr0 * drop ** max(0, (epoch - 1) // every)


@misconception(
    of="staircase_decay",
    says="The drop comes one epoch early: one is added to the epoch.",
    hint="Epochs count from 0. With every = 3, which is the first epoch with the lower rate?",
)
def staircase_drops_early(lr0, epoch, drop, every):
    return lr0 * drop ** ((epoch + 1) // every)


@misconception(
    of="staircase_decay",
    says="The number of drops is rounded to the nearest, so half of the way counts as a drop.",
    hint="Write down the rates for every = 4, epoch by epoch. When does the first drop come?",
)
def staircase_rounds(lr0, epoch, drop, every):
    return lr0 * drop ** round(epoch / every)


@misconception(
    of="staircase_decay",
    says="The number of drops is rounded up, so the first one comes right after epoch 0.",
    hint="Write down the rates for every = 3, epoch by epoch. When does the first drop come?",
)
def staircase_rounds_up(lr0, epoch, drop, every):
    return lr0 * drop ** math.ceil(epoch / every)


@misconception(
    of="staircase_decay",
    says="drop is subtracted instead of multiplied with.",
    hint="A drop of 0.5 halves the rate. What does yours do to a rate of 0.2?",
)
def staircase_subtracts(lr0, epoch, drop, every):
    return lr0 - drop * (epoch // every)


@misconception(
    of="staircase_decay",
    says="The rate is divided by drop, so it grows.",
    hint="Which way should the rate go over time? Is drop above or below 1?",
)
def staircase_divides(lr0, epoch, drop, every):
    return lr0 / drop ** (epoch // every)


@misconception(
    of="staircase_decay",
    says="The rate drops once and never again.",
    hint="What should happen after another `every` epochs?",
)
def staircase_drops_once(lr0, epoch, drop, every):
    return lr0 * drop if epoch >= every else lr0


@misconception(
    of="staircase_decay",
    says="The rate drops only in the epochs that every divides and is back at lr0 in the next.",
    hint="A staircase stays down. What does your function return one epoch after a drop?",
)
def staircase_drops_for_one_epoch(lr0, epoch, drop, every):
    return lr0 * drop if epoch > 0 and epoch % every == 0 else lr0


@misconception(
    of="staircase_decay",
    says="Brackets are missing: ** binds more tightly than //, so the rate itself is divided and rounded down.",
    hint="What does Python compute first in drop ** epoch // every?",
)
def staircase_without_brackets(lr0, epoch, drop, every):
    return lr0 * drop**epoch // every


@misconception(
    of="staircase_decay",
    says="The drop is multiplied by the number of drops instead of raised to its power.",
    hint="After two drops the rate has been multiplied by drop twice.",
)
def staircase_multiplies_for_power(lr0, epoch, drop, every):
    return lr0 * drop * (epoch // every)


@misconception(
    of="staircase_decay",
    says="drop is taken for the share that is lost; it is what the rate is multiplied by.",
    hint="A drop of 0.1 leaves a tenth. What does yours leave?",
)
def staircase_takes_drop_for_the_loss(lr0, epoch, drop, every):
    return lr0 * (1 - drop) ** (epoch // every)


@misconception(
    of="staircase_decay",
    says="One drop too many: the rate has dropped already at epoch 0.",
    hint="What must epoch 0 give?",
)
def staircase_begins_a_step_down(lr0, epoch, drop, every):
    return lr0 * drop ** (epoch // every + 1)


@misconception(
    of="staircase_decay",
    says="The rate drops at every epoch; every is not used.",
    hint="Where does the argument every occur in your function?",
)
def staircase_ignores_every(lr0, epoch, drop, every):
    return lr0 * drop**epoch


@misconception(
    of="staircase_decay",
    says="The drop comes one epoch late, and epoch 0 counts as minus one drop: one is subtracted from the epoch.",
    hint="What is (0 - 1) // 3? The epoch goes into the formula as it is.",
)
def staircase_before_its_start(lr0, epoch, drop, every):
    return lr0 * drop ** ((epoch - 1) // every)


@misconception(
    of="staircase_decay",
    says="The rate drops only in the epochs that every divides, 0 among them, and is back at lr0 in the next.",
    hint="Which rate does epoch 4 have in the table? How many drops came before?",
)
def staircase_drops_for_one_epoch_from_zero(lr0, epoch, drop, every):
    return lr0 * drop if epoch % every == 0 else lr0


@misconception(
    of="staircase_decay",
    says="epoch and every are swapped in the division.",
    hint="How often does 3 fit into 7: which of the two is divided?",
)
def staircase_divides_the_wrong_way(lr0, epoch, drop, every):
    return lr0 * drop ** (every // epoch)


@misconception(
    of="staircase_decay",
    says="Brackets are missing: the whole rate is divided by every instead of the exponent.",
    hint="What does Python compute first in drop ** epoch / every?",
)
def staircase_divides_the_rate(lr0, epoch, drop, every):
    return lr0 * drop**epoch / every


@misconception(
    of="staircase_decay",
    says="The rate is always halved, whatever drop is.",
    hint="Where does the argument drop occur in your function?",
)
def staircase_halves(lr0, epoch, drop, every):
    return lr0 * 0.5 ** (epoch // every)


@misconception(
    of="staircase_decay",
    says="Each step is one epoch too long: every + 1 epochs.",
    hint="In which epoch does the first drop come when every is 3?",
)
def staircase_with_long_steps(lr0, epoch, drop, every):
    return lr0 * drop ** (epoch // (every + 1))


# ---------------------------------------------------------------- cosine_restarts


@misconception(
    of="cosine_restarts",
    says="It never restarts: after a period the cosine climbs back up slowly and falls again.",
    hint="Which part of the formula starts the share u again from 0?",
)
def cosine_swings(lr_max, lr_min, step, period):
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * step / period))


@misconception(
    of="cosine_restarts",
    says="It never restarts: after the first period the rate stays at lr_min.",
    hint="What should the first step of the second period give?",
)
def cosine_stays_down(lr_max, lr_min, step, period):
    done = min(step, period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="A period holds a whole wave: the rate is at its lowest in the middle and climbs back up.",
    hint="Half a wave goes from the top to the bottom. How far does the cosine's angle go?",
)
def cosine_of_a_whole_wave(lr_max, lr_min, step, period):
    done = (step % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(2 * math.pi * done))


@misconception(
    of="cosine_restarts",
    says="π is missing, so the cosine only gets from 1 to 0.54.",
    hint="What is the cosine at the end of a period? It should be close to -1.",
)
def cosine_without_pi(lr_max, lr_min, step, period):
    done = (step % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(done))


@misconception(
    of="cosine_restarts",
    says="The angle is in degrees; the cosine takes radians.",
    hint="What does cos(180) give, and what do you want half a turn to give?",
)
def cosine_in_degrees(lr_max, lr_min, step, period):
    done = (step % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(180 * done))


@misconception(
    of="cosine_restarts",
    says="The ½ is missing: the rate starts far above lr_max.",
    hint="How large is 1 + cos at the start of a period?",
)
def cosine_without_the_half(lr_max, lr_min, step, period):
    done = (step % period) / period
    return lr_min + (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="lr_min is not added, so the rate falls to 0.",
    hint="What should the rate be close to at the end of a period?",
)
def cosine_forgets_the_floor(lr_max, lr_min, step, period):
    done = (step % period) / period
    return 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="The wave has the height of lr_max instead of the difference, so it starts at lr_max + lr_min.",
    hint="What must step 0 give? How far is it from lr_max down to lr_min?",
)
def cosine_too_high(lr_max, lr_min, step, period):
    done = (step % period) / period
    return lr_min + 0.5 * lr_max * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="The rate rises from lr_min to lr_max: the sign of the cosine, or the order of the rates, is wrong.",
    hint="What must step 0 give?",
)
def cosine_rises(lr_max, lr_min, step, period):
    done = (step % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 - math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="A sine stands where the cosine should.",
    hint="What must step 0 give, and what is the sine of 0?",
)
def cosine_with_a_sine(lr_max, lr_min, step, period):
    done = (step % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.sin(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="The share is taken of period - 1, so that the last step gets lr_min itself.",
    hint="By the formula, u at the last step of a period is just below 1.",
)
def cosine_reaches_the_floor(lr_max, lr_min, step, period):
    done = (step % period) / max(1, period - 1)
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="One is subtracted from the step, as if it counted from 1.",
    hint="Steps count from 0. What must step 0 give?",
)
def cosine_counts_from_one(lr_max, lr_min, step, period):
    done = ((step - 1) % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="One is added to the step, so the full rate is never used.",
    hint="Steps count from 0. What must step 0 give?",
)
def cosine_is_one_step_ahead(lr_max, lr_min, step, period):
    done = ((step + 1) % period) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="The rate falls along a straight line: there is no cosine.",
    hint="A quarter of the way down the period, how far should the rate have fallen?",
)
def cosine_along_a_line(lr_max, lr_min, step, period):
    done = (step % period) / period
    return lr_max - (lr_max - lr_min) * done


@misconception(
    of="cosine_restarts",
    says="The share is divided as whole numbers, so it is always 0 and the rate never falls.",
    hint="What is (3 % 4) // 4?",
)
def cosine_never_falls(lr_max, lr_min, step, period):
    done = (step % period) // period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="A period is one step too long.",
    hint="With a period of 4, which steps belong to the first one, and what does step 4 give?",
)
def cosine_restarts_a_step_late(lr_max, lr_min, step, period):
    done = (step % (period + 1)) / period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * done))


@misconception(
    of="cosine_restarts",
    says="Each period is twice as long as the one before; here all have the same length.",
    hint="Other versions of this schedule stretch the periods. The formula here does not.",
)
def cosine_doubles_its_period(lr_max, lr_min, step, period):
    while step >= period:
        step, period = step - period, 2 * period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * step / period))


@misconception(
    of="cosine_restarts",
    says="The number of periods that are over stands where the share of the present one should.",
    hint="// counts whole periods. What tells how far the present one has got?",
)
def cosine_of_whole_periods(lr_max, lr_min, step, period):
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * (step // period)))


@misconception(
    of="cosine_restarts",
    says="The 1 before the cosine is missing, so the rate swings below lr_min.",
    hint="What is the cosine at the end of a period, and what should the rate be there?",
)
def cosine_without_the_one(lr_max, lr_min, step, period):
    return lr_min + 0.5 * (lr_max - lr_min) * math.cos(math.pi * (step % period) / period)


@misconception(
    of="cosine_restarts",
    says="The rates are added where their difference is asked for, so it starts above lr_max.",
    hint="What should step 0 give? What is lr_min + ½ (lr_max + lr_min) · 2?",
)
def cosine_adds_the_rates(lr_max, lr_min, step, period):
    return lr_min + 0.5 * (lr_max + lr_min) * (1 + math.cos(math.pi * (step % period) / period))


@misconception(
    of="cosine_restarts",
    says="The step within the period is not divided by the period.",
    hint="u is a share, below 1. What is yours at step 2?",
)
def cosine_without_the_share(lr_max, lr_min, step, period):
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * (step % period)))


@misconception(
    of="cosine_restarts",
    says="The operands of the remainder are swapped: period % step.",
    hint="Which number runs on and has to be wrapped around?",
)
def cosine_with_a_swapped_remainder(lr_max, lr_min, step, period):
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * (period % step) / period))


@misconception(
    of="cosine_restarts",
    says="A quarter of a wave is used, which falls slowly at first and steeply at the end.",
    hint="At half a period the rate should be half-way. Is it?",
)
def cosine_of_a_quarter_wave(lr_max, lr_min, step, period):
    return lr_min + (lr_max - lr_min) * math.cos(math.pi / 2 * (step % period) / period)


@misconception(
    of="cosine_restarts",
    says="It restarts one step late: step = period still belongs to the old period.",
    hint="The first period has the steps 0 to P - 1. Which rate does step P get?",
)
def cosine_restarts_after_the_floor(lr_max, lr_min, step, period):
    while step > period:
        step -= period
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * step / period))


@misconception(
    of="cosine_restarts",
    says="The number of the period, divided by its length, stands where the share of the present period should.",
    hint="Which operator gives what is left over: // or %?",
)
def cosine_of_the_periods_number(lr_max, lr_min, step, period):
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + math.cos(math.pi * (step // period) / period))


@misconception(
    of="cosine_restarts",
    says="Brackets are missing: the cosine is added to the rate instead of multiplied.",
    hint="What must be multiplied by ½ (lr_max - lr_min): the 1, or the 1 and the cosine?",
)
def cosine_without_brackets(lr_max, lr_min, step, period):
    return lr_min + 0.5 * (lr_max - lr_min) * 1 + math.cos(math.pi * (step % period) / period)


# ---------------------------------------------------------------- clip_by_value


@misconception(
    of="clip_by_value",
    says="Only entries above high are clipped, those below low are not.",
    hint="What happens to an entry of -9 with a low of -1?",
)
def value_clips_above_only(g, low, high):
    return np.minimum(g, high)


@misconception(
    of="clip_by_value",
    says="Only entries below low are clipped, those above high are not.",
    hint="What happens to an entry of 9 with a high of 1?",
)
def value_clips_below_only(g, low, high):
    return np.maximum(g, low)


@misconception(
    of="clip_by_value",
    says="The limits are taken to be -high and high; low is not used.",
    hint="The two limits are independent. Where does low occur in your function?",
)
def value_takes_high_for_both(g, low, high):
    return np.minimum(np.maximum(g, -high), high)


@misconception(
    of="clip_by_value",
    says="The limits are swapped, so every entry ends at one of them.",
    hint="In which order does the function that you call want its limits?",
)
def value_swaps_the_limits(g, low, high):
    return np.maximum(np.minimum(g, low), high)


@misconception(
    of="clip_by_value",
    says="The gradient that was passed is changed itself.",
    hint="Work on a new array: which calls write into g?",
)
def value_writes_into_g(g, low, high):
    g[g > high] = high
    g[g < low] = low
    return g


@misconception(
    of="clip_by_value",
    says="The whole gradient is scaled by its largest entry; by value, every entry is limited for itself.",
    hint="With limits of -5 and 5, what becomes of the -4 in (30, -4)?",
)
def value_scales_the_whole(g, low, high):
    limit = max(abs(low), abs(high))
    return g * min(1.0, limit / np.abs(g).max()) if np.abs(g).max() > 0 else g.copy()


@misconception(
    of="clip_by_value",
    says="Entries beyond the limits become 0 instead of the limit.",
    hint="A very long gradient should give a long step. What does yours give?",
)
def value_zeroes_what_is_beyond(g, low, high):
    return np.where((g < low) | (g > high), 0.0, g)


@misconception(
    of="clip_by_value",
    says="Entries beyond the limits are left out, so the shape is lost.",
    hint="The result must have g's shape. What stands in the place of a large entry?",
)
def value_drops_what_is_beyond(g, low, high):
    return g[(g >= low) & (g <= high)]


@misconception(
    of="clip_by_value",
    says="Entries below low become high.",
    hint="Which limit belongs to entries that are too negative?",
)
def value_sends_low_to_high(g, low, high):
    return np.where((g < low) | (g > high), high, g)


@misconception(
    of="clip_by_value",
    says="The result is an array of ints where g was one, so the fractions of the limits are cut off.",
    hint="What does an array of ints do with 2.5 when you put it in?",
)
def value_cuts_off_fractions(g, low, high):
    out = g.copy()
    out[g > high] = high
    out[g < low] = low
    return out


@misconception(
    of="clip_by_value",
    says="nan is replaced by a number, so that the fault is hidden.",
    hint="What should become of a nan, according to the exercise?",
)
def value_hides_nan(g, low, high):
    return np.clip(np.nan_to_num(g), low, high)


@misconception(
    of="clip_by_value",
    says="The norm is limited; here every entry is to be limited for itself.",
    hint="Read the title of the exercise again: what is compared with the limits?",
)
def value_clips_the_norm(g, low, high):
    norm = np.linalg.norm(g)
    return g * (high / norm) if norm > high else g.copy()


@misconception(
    of="clip_by_value",
    says="The entries are stretched to fill the range from low to high; those within it must stay as they are.",
    hint="What should become of a gradient whose entries all lie within the limits?",
)
def value_rescales_to_the_range(g, low, high):
    span = g.max() - g.min()
    return low + (g - g.min()) * (high - low) / span if span else g.astype(float)


@misconception(
    of="clip_by_value",
    says="Sizes are compared with high regardless of the sign, and every long entry gets the positive limit.",
    hint="What becomes of -9 with limits of -1 and 1?",
)
def value_loses_the_sign(g, low, high):
    return np.where(np.abs(g) > high, high, g)


@misconception(
    of="clip_by_value",
    says="low is taken to be negative and high positive; limits on one side of zero come out wrong.",
    hint="What should become of 5 with limits of 1 and 2, and of 0?",
)
def value_takes_zero_to_be_inside(g, low, high):
    return np.clip(g, -abs(low), abs(high))


@misconception(
    of="clip_by_value",
    says="nan becomes a limit: the comparison that your loop makes with it is False.",
    hint="max(low, nan) depends on the order of its arguments. What should become of a nan?",
)
def value_turns_nan_into_a_limit(g, low, high):
    out = np.empty(g.shape)
    for index in np.ndindex(g.shape):
        out[index] = min(high, max(low, g[index]))
    return out


@misconception(
    of="clip_by_value",
    says="low and high are swapped in the call of np.clip, so every entry becomes low.",
    hint="In which order does np.clip take its limits?",
)
def value_swaps_the_limits_of_clip(g, low, high):
    return np.clip(g, high, low)


@misconception(
    of="clip_by_value",
    says="The size is clipped instead of the entry, so the sign is lost.",
    hint="What should become of -3 with the limits -5 and 5?",
)
def value_clips_the_size(g, low, high):
    return np.clip(np.abs(g), low, high)


@misconception(
    of="clip_by_value",
    says="Nothing is clipped: g comes back as it is.",
    hint="Where do low and high occur in what you return?",
)
def value_clips_nothing(g, low, high):
    return g


@misconception(
    of="clip_by_value",
    says="The result is flattened: the shape is lost.",
    hint="What shape does the gradient of a matrix have?",
)
def value_flattens(g, low, high):
    return np.clip(np.ravel(g).astype(float), low, high)


@misconception(
    of="clip_by_value",
    says="One entry that is too large sets all of them to the limit.",
    hint="Which entries may change: all, or only those beyond a limit?",
)
def value_sets_the_whole(g, low, high):
    if g.max() > high:
        return np.full_like(g, high)
    return np.full_like(g, low) if g.min() < low else g


@misconception(
    of="clip_by_value",
    says="The whole gradient is scaled when its largest size exceeds high; by value, every entry is limited for itself.",
    hint="With (30, -4) and limits of 5 the second entry stays -4. Does yours?",
)
def value_scales_by_the_largest_size(g, low, high):
    largest = np.max(np.abs(g))
    return g * (high / largest) if largest > high else g.copy()


@misconception(
    of="clip_by_value",
    says="The result is written into g itself by out=g.",
    hint="What happens to the caller's gradient?",
)
def value_writes_by_out(g, low, high):
    return np.clip(g, low, high, out=g)


# ---------------------------------------------------------------- clip_by_norm


@misconception(
    of="clip_by_norm",
    says="The sum of squares is used as if it were the norm: the root is missing.",
    hint="For (3, -4) the norm is 5, not 25.",
)
def norm_without_the_root(g, threshold):
    squared = np.sum(g**2)
    return g * (threshold / squared) if squared > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="The sum of squares is compared with the threshold, though the scaling uses the norm.",
    hint="A norm of 3 with a threshold of 5 is short enough. What do you compare with 5?",
)
def norm_compares_the_square(g, threshold):
    squared = np.sum(g**2)
    return g * (threshold / np.sqrt(squared)) if squared > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="Gradients below the threshold are scaled up, and long ones are left alone.",
    hint="When is there anything to clip: above or below the threshold?",
)
def norm_clips_below(g, threshold):
    norm = np.sqrt(np.sum(g**2))
    return g * (threshold / norm) if 0 < norm < threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="Every gradient is scaled to the threshold's length, short ones too; zeros become nan.",
    hint="Below the threshold nothing may change. What does your function do with zeros?",
)
def norm_always_scales(g, threshold):
    return g * threshold / np.sqrt(np.sum(g**2))


@misconception(
    of="clip_by_norm",
    says="Every gradient is scaled to the threshold's length, short ones too; an epsilon only spares the zeros.",
    hint="Below the threshold nothing may change. What happens to a gradient of length 0.1 with a threshold of 1?",
)
def norm_always_scales_with_epsilon(g, threshold):
    return g * threshold / (np.sqrt(np.sum(g**2)) + 1e-8)


@misconception(
    of="clip_by_norm",
    says="1e-6 is added to the norm, as PyTorch does, so that tiny gradients are cut far too short.",
    hint="A norm above the threshold is never 0, so nothing needs to be added. How long is your result for a norm of 2e-9?",
)
def norm_with_an_epsilon_of_pytorch(g, threshold):
    return g * min(1.0, threshold / (np.linalg.norm(g) + 1e-6))


@misconception(
    of="clip_by_norm",
    says="A gradient of zeros becomes nan: 0/0.",
    hint="What is the norm of a gradient of zeros, and what do you divide by it?",
)
def norm_divides_zeros(g, threshold):
    norm = np.sqrt(np.sum(g**2))
    return g / norm * np.minimum(norm, threshold)


@misconception(
    of="clip_by_norm",
    says="A gradient of zeros raises an error: its norm is divided by.",
    hint="What is the norm of a gradient of zeros, and what do you divide by it?",
)
def norm_trips_over_zeros(g, threshold):
    return g * min(1.0, threshold / math.sqrt(np.sum(g**2)))


@misconception(
    of="clip_by_norm",
    says="Every entry is limited for itself, which turns the gradient.",
    hint="That is clipping by value. Which number decides about the whole gradient here?",
)
def norm_clips_values(g, threshold):
    return np.clip(g, -threshold, threshold)


@misconception(
    of="clip_by_norm",
    says="Long gradients are scaled to the length 1 instead of to the threshold.",
    hint="How long must the result be when the threshold is 10?",
)
def norm_scales_to_one(g, threshold):
    norm = np.sqrt(np.sum(g**2))
    return g / norm if norm > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="The gradient that was passed is changed itself.",
    hint="*= writes into the array of the caller. Which expression makes a new array?",
)
def norm_writes_into_g(g, threshold):
    norm = np.sqrt(np.sum(g**2))
    if norm > threshold:
        g *= threshold / norm
    return g


@misconception(
    of="clip_by_norm",
    says="The entries' sizes are summed instead of their squares: that is another norm.",
    hint="For (3, -4) the norm is 5, not 7.",
)
def norm_sums_sizes(g, threshold):
    norm = np.sum(np.abs(g))
    return g * (threshold / norm) if norm > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="The largest entry is taken for the norm.",
    hint="For (3, -4) the norm is 5, not 4.",
)
def norm_takes_the_largest(g, threshold):
    norm = np.max(np.abs(g))
    return g * (threshold / norm) if norm > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="For a matrix this is the spectral norm, its longest stretch, not the root of the sum of squares.",
    hint="What does np.linalg.norm(g, 2) compute for a matrix? Look at its table of norms.",
)
def norm_of_the_longest_stretch(g, threshold):
    norm = np.linalg.norm(g, 2) if g.ndim <= 2 else np.linalg.norm(g)
    return g * (threshold / norm) if norm > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="Every row is clipped for itself; the gradient has one norm for all its entries.",
    hint="Over which axes must the sum go for one number to come out?",
)
def norm_of_each_row(g, threshold):
    norm = np.sqrt(np.sum(g**2, axis=-1, keepdims=True))
    return g * (threshold / np.maximum(norm, threshold))


@misconception(
    of="clip_by_norm",
    says="Every column is clipped for itself; the gradient has one norm for all its entries.",
    hint="Over which axes must the sum go for one number to come out?",
)
def norm_of_each_column(g, threshold):
    norm = np.sqrt(np.sum(g**2, axis=0))
    return g * (threshold / np.maximum(norm, threshold))


@misconception(
    of="clip_by_norm",
    says="The squares are averaged instead of summed.",
    hint="For (3, -4) the norm is 5. What does your function take it to be?",
)
def norm_averages(g, threshold):
    norm = np.sqrt(np.mean(g**2))
    return g * (threshold / norm) if norm > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="A gradient that is not finite is replaced by zeros, so that the fault is hidden.",
    hint="What should a caller see when the gradient holds nan?",
)
def norm_hides_faults(g, threshold):
    norm = np.sqrt(np.sum(g**2))
    if not np.isfinite(norm):
        return np.zeros(g.shape)
    return g * (threshold / np.maximum(norm, threshold))


@misconception(
    of="clip_by_norm",
    says="The larger of 1 and threshold / norm is taken: long gradients stay and short ones grow.",
    hint="The factor must never be above 1.",
)
def norm_takes_max_for_min(g, threshold):
    norm = np.sqrt(np.sum(g**2))
    return g * max(1.0, threshold / norm) if norm else g.copy()


@misconception(
    of="clip_by_norm",
    says="The factor is upside down: long gradients are made even longer.",
    hint="How long is norm / threshold times the gradient?",
)
def norm_upside_down(g, threshold):
    norm = np.sqrt(np.sum(g**2))
    return g * (norm / threshold) if norm > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="A gradient that is too long is thrown away: it becomes 0.",
    hint="Its direction is still good. What should its length become?",
)
def norm_throws_long_ones_away(g, threshold):
    return g * 0.0 if np.sqrt(np.sum(g**2)) > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="The result is an array of ints where g was one, so the fractions are cut off.",
    hint="What does zeros_like of an array of ints hold?",
)
def norm_cuts_off_fractions(g, threshold):
    out = np.zeros_like(g)
    norm = np.sqrt(np.sum(g**2))
    out[...] = g * (threshold / norm) if norm > threshold else g
    return out


@misconception(
    of="clip_by_norm",
    says="The gradient is divided by the threshold instead of brought to its length.",
    hint="How long must a gradient of norm 20 be afterwards with a threshold of 2?",
)
def norm_divides_by_the_threshold(g, threshold):
    return g / threshold if np.sqrt(np.sum(g**2)) > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="The result is flattened: the shape is lost.",
    hint="A gradient must have the shape of its parameter, or the step cannot be taken.",
)
def norm_flattens(g, threshold):
    flat = g.ravel().copy()
    norm = np.sqrt(np.sum(flat**2))
    return flat * (threshold / norm) if norm > threshold else flat


@misconception(
    of="clip_by_norm",
    says="Every gradient is scaled to the threshold's length, short ones too; only zeros are spared.",
    hint="What should (3, -4) become with the threshold 10?",
)
def norm_always_scales_but_zeros(g, threshold):
    n = np.linalg.norm(g)
    return g * threshold / n if n > 0 else g.copy()


@misconception(
    of="clip_by_norm",
    says="The gradient is divided by the squared norm, though the comparison is right.",
    hint="How long is threshold / norm² · g?",
)
def norm_divides_by_the_square(g, threshold):
    n = np.linalg.norm(g)
    return g * threshold / n**2 if n > threshold else g.copy()


@misconception(
    of="clip_by_norm",
    says="Gradients below the threshold become zeros; they are to stay as they are.",
    hint="What happens in the other branch?",
)
def norm_zeroes_short_ones(g, threshold):
    n = np.linalg.norm(g)
    return g * threshold / n if n > threshold else np.zeros_like(g)


@misconception(
    of="clip_by_norm",
    says="Below the threshold nothing is returned: the return stands in the if only.",
    hint="What does your function return for a short gradient?",
)
def norm_returns_nothing_below(g, threshold):
    n = np.linalg.norm(g)
    return g * threshold / n if n > threshold else None


@misconception(
    of="clip_by_norm",
    says="nan and infinity are replaced by numbers before the norm is taken, so that the fault is hidden.",
    hint="What should be left to see where g held nan?",
)
def norm_replaces_nan(g, threshold):
    g = np.nan_to_num(g)
    n = np.linalg.norm(g)
    return g * threshold / n if n > threshold else g.copy()


# ---------------------------------------------------------------- clip_by_global_norm


@misconception(
    of="clip_by_global_norm",
    says="Each array is clipped by its own norm, which turns the whole gradient.",
    hint="(3, 4) and (12) with a threshold of 6.5: by which factor must the first array shrink, and the second?",
)
def global_array_by_array(grads, threshold):
    def clipped(g):
        norm = np.sqrt(np.sum(g**2))
        return g * (threshold / np.maximum(norm, threshold))

    return _map(clipped, grads)


@misconception(
    of="clip_by_global_norm",
    says="Each array is scaled to the threshold's length once the global norm is too large, short ones are even stretched.",
    hint="After clipping, all arrays must have shrunk by the same factor.",
)
def global_test_then_each_to_the_threshold(grads, threshold):
    if not _total(grads) > threshold:
        return _map(np.copy, grads)
    return _map(lambda g: g * (threshold / (np.sqrt(np.sum(g**2)) + 1e-12)), grads)


@misconception(
    of="clip_by_global_norm",
    says="The sum of squares is used as if it were the norm: the root is missing.",
    hint="(3, 4) and (12): the global norm is 13, not 169.",
)
def global_without_the_root(grads, threshold):
    squared = sum(np.sum(g**2) for g in _arrays(grads))
    return _map(lambda g: g * (threshold / np.maximum(squared, threshold)), grads)


@misconception(
    of="clip_by_global_norm",
    says="The sum of squares is compared with the threshold, though the scaling uses the norm.",
    hint="A global norm of 5 with a threshold of 6 is short enough. What do you compare with 6?",
)
def global_compares_the_square(grads, threshold):
    norm = _total(grads)
    return _map(lambda g: g * (threshold / norm) if norm**2 > threshold else g.copy(), grads)


@misconception(
    of="clip_by_global_norm",
    says="1e-6 is added to the norm, as PyTorch does, so that tiny gradients are cut far too short.",
    hint="A norm above the threshold is never 0, so nothing needs to be added. How long is your result for a norm of 2e-9?",
)
def global_norm_with_an_epsilon_of_pytorch(grads, threshold):
    return _map(lambda g: g * min(1.0, threshold / (_total(grads) + 1e-6)), grads)


@misconception(
    of="clip_by_global_norm",
    says="The norms of the arrays are added up; their squares must be, and the root comes last.",
    hint="(3, 4) and (12): the global norm is 13, not 17.",
)
def global_adds_the_norms(grads, threshold):
    norm = sum(np.sqrt(np.sum(g**2)) for g in _arrays(grads))
    return _map(lambda g: g * (threshold / np.maximum(norm, threshold)), grads)


@misconception(
    of="clip_by_global_norm",
    says="The longest array's norm is taken for that of all.",
    hint="(3, 4) and (12): the global norm is 13, not 12.",
)
def global_takes_the_longest(grads, threshold):
    norm = np.max([np.sqrt(np.sum(g**2)) for g in _arrays(grads)])
    return _map(lambda g: g * (threshold / np.maximum(norm, threshold)), grads)


@misconception(
    of="clip_by_global_norm",
    says="The norms of the arrays are averaged.",
    hint="(3, 4) and (12): the global norm is 13, not 8.5.",
)
def global_averages_the_norms(grads, threshold):
    norm = np.mean([np.sqrt(np.sum(g**2)) for g in _arrays(grads)])
    return _map(lambda g: g * (threshold / np.maximum(norm, threshold)), grads)


@misconception(
    of="clip_by_global_norm",
    says="The squares are averaged over all entries instead of summed.",
    hint="(3, 4) and (12): the global norm is 13. What does your function take it to be?",
)
def global_averages_the_squares(grads, threshold):
    norm = np.sqrt(np.mean(np.concatenate([np.ravel(g) for g in _arrays(grads)]) ** 2))
    return _map(lambda g: g * (threshold / np.maximum(norm, threshold)), grads)


@misconception(
    of="clip_by_global_norm",
    says="Only the first array's norm counts.",
    hint="Which arrays does your sum go over?",
)
def global_takes_the_first(grads, threshold):
    norm = np.sqrt(np.sum(_arrays(grads)[0] ** 2))
    return _map(lambda g: g * (threshold / np.maximum(norm, threshold)), grads)


@misconception(
    of="clip_by_global_norm",
    says="Gradients are always scaled to the threshold's length, short ones too.",
    hint="Up to the threshold nothing may change.",
)
def global_always_scales(grads, threshold):
    norm = _total(grads)
    return _map(lambda g: g * (threshold / norm), grads)


@misconception(
    of="clip_by_global_norm",
    says="Short gradients are scaled up and long ones are left alone.",
    hint="When is there anything to clip: above or below the threshold?",
)
def global_clips_below(grads, threshold):
    norm = _total(grads)
    return _map(lambda g: g * (threshold / norm) if 0 < norm < threshold else g.copy(), grads)


@misconception(
    of="clip_by_global_norm",
    says="Every entry is limited for itself, which turns the gradient.",
    hint="That is clipping by value. Which one number decides about all arrays here?",
)
def global_clips_values(grads, threshold):
    return _map(lambda g: np.clip(g, -threshold, threshold), grads)


@misconception(
    of="clip_by_global_norm",
    says="The arrays that were passed are changed themselves.",
    hint="*= writes into the arrays of the caller. Which expression makes a new array?",
)
def global_writes_into_the_arrays(grads, threshold):
    scale = threshold / np.maximum(_total(grads), threshold)
    for g in _arrays(grads):
        g *= scale
    return grads


@misconception(
    of="clip_by_global_norm",
    says="The arrays stay, but the dict or list that was passed is filled with new ones.",
    hint="Whom does the dict belong to? Fill a new one.",
)
def global_refills_the_container(grads, threshold):
    if isinstance(grads, tuple):
        grads = list(grads)
    scale = threshold / np.maximum(_total(grads), threshold)
    for key in list(grads) if isinstance(grads, dict) else range(len(grads)):
        grads[key] = grads[key] * scale
    return grads


@misconception(
    of="clip_by_global_norm",
    says="A dict comes back as a list: the names are lost.",
    hint="How does the caller find the gradient of W afterwards?",
)
def global_loses_the_names(grads, threshold):
    scale = threshold / np.maximum(_total(grads), threshold)
    return [g * scale for g in _arrays(grads)]


@misconception(
    of="clip_by_global_norm",
    says="Only lists work: going through a dict gives its names, not its arrays.",
    hint="What does `for g in grads` yield when grads is a dict?",
)
def global_takes_lists_only(grads, threshold):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    return [g * (threshold / np.maximum(norm, threshold)) for g in grads]


@misconception(
    of="clip_by_global_norm",
    says="Only dicts work: a list has no items().",
    hint="grads may also be a list or a tuple. How can you tell?",
)
def global_takes_dicts_only(grads, threshold):
    norm = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    return {name: g * (threshold / np.maximum(norm, threshold)) for name, g in grads.items()}


@misconception(
    of="clip_by_global_norm",
    says="Gradients of zeros become nan: 0/0.",
    hint="What is the global norm of zeros, and what do you divide by it?",
)
def global_divides_zeros(grads, threshold):
    norm = _total(grads)
    return _map(lambda g: g / norm * np.minimum(norm, threshold), grads)


@misconception(
    of="clip_by_global_norm",
    says="Gradients of zeros raise an error: their norm is divided by.",
    hint="What is the global norm of zeros, and what do you divide by it?",
)
def global_trips_over_zeros(grads, threshold):
    scale = min(1.0, threshold / math.sqrt(sum(np.sum(g**2) for g in _arrays(grads))))
    return _map(lambda g: g * scale, grads)


@misconception(
    of="clip_by_global_norm",
    says="The threshold is divided among the arrays, and each is clipped to its share.",
    hint="After clipping, all arrays must have shrunk by the same factor.",
)
def global_shares_the_threshold(grads, threshold):
    share = threshold / len(grads)

    def clipped(g):
        norm = np.sqrt(np.sum(g**2))
        return g * (share / np.maximum(norm, share))

    return _map(clipped, grads)


@misconception(
    of="clip_by_global_norm",
    says="All gradients come back as one long vector.",
    hint="Each array must come back in its own shape, or the step cannot be taken.",
)
def global_returns_one_vector(grads, threshold):
    row = np.concatenate([np.ravel(g) for g in _arrays(grads)])
    return row * (threshold / np.maximum(np.linalg.norm(row), threshold))


@misconception(
    of="clip_by_global_norm",
    says="The norm is returned as well; only the gradients are asked for.",
    hint="Other libraries return a pair here. What does the exercise ask for?",
)
def global_returns_the_norm_too(grads, threshold):
    norm = _total(grads)
    return _map(lambda g: g * (threshold / np.maximum(norm, threshold)), grads), float(norm)


@misconception(
    of="clip_by_global_norm",
    says="Only matrices are clipped; vectors such as biases are passed through.",
    hint="Every array takes part, in the norm and in the scaling.",
)
def global_spares_the_biases(grads, threshold):
    scale = threshold / np.maximum(_total(grads), threshold)
    return _map(lambda g: g * scale if g.ndim > 1 else g.copy(), grads)


@misconception(
    of="clip_by_global_norm",
    says="Gradients that are not finite are replaced by zeros, so that the fault is hidden.",
    hint="What should a caller see when a gradient holds nan?",
)
def global_hides_faults(grads, threshold):
    norm = _total(grads)
    if not np.isfinite(norm):
        return _map(lambda g: np.zeros(g.shape), grads)
    return _map(lambda g: g * (threshold / np.maximum(norm, threshold)), grads)


@misconception(
    of="clip_by_global_norm",
    says="Long gradients are scaled to the length 1 instead of to the threshold.",
    hint="How long must all of them together be when the threshold is 10?",
)
def global_scales_to_one(grads, threshold):
    norm = _total(grads)
    return _map(lambda g: g / norm if norm > threshold else g.copy(), grads)


@misconception(
    of="clip_by_global_norm",
    says="The factor is upside down: long gradients are made even longer.",
    hint="How long is norm / threshold times the gradients?",
)
def global_upside_down(grads, threshold):
    norm = _total(grads)
    return _map(lambda g: g * (norm / threshold) if norm > threshold else g.copy(), grads)


@misconception(
    of="clip_by_global_norm",
    says="Arrays of ints stay arrays of ints, so the fractions are cut off.",
    hint="What does zeros_like of an array of ints hold?",
)
def global_cuts_off_fractions(grads, threshold):
    scale = threshold / np.maximum(_total(grads), threshold)
    return _map(lambda g: (g * scale).astype(g.dtype), grads)


@misconception(
    of="clip_by_global_norm",
    says="Only arrays that are longer than the threshold themselves are scaled.",
    hint="In the example (3, 4) is halved too, though its own norm is below the threshold.",
)
def global_spares_short_arrays(grads, threshold):
    n = _total(grads)
    return _map(lambda g: g * threshold / n if np.linalg.norm(g) > threshold else g.copy(), grads)


@misconception(
    of="clip_by_global_norm",
    says="The norm of each array overwrites that of the one before, so the last array's norm counts.",
    hint="What should happen to the sum of squares as the loop goes on?",
)
def global_takes_the_last(grads, threshold):
    n = np.linalg.norm(_arrays(grads)[-1])
    return _map(lambda g: g * (threshold / n if n > threshold else 1.0), grads)


@misconception(
    of="clip_by_global_norm",
    says="Each array is flattened: the shapes are lost.",
    hint="Which shape must the gradient of W have?",
)
def global_flattens_each(grads, threshold):
    n = _total(grads)
    return _map(lambda g: np.ravel(g) * (threshold / n if n > threshold else 1.0), grads)


@misconception(
    of="clip_by_global_norm",
    says="The entries are summed and the sum is squared; entries of opposite sign cancel.",
    hint="Which comes first in the formula: the square or the sum?",
)
def global_squares_the_sums(grads, threshold):
    n = np.sqrt(sum(np.sum(g) ** 2 for g in _arrays(grads)))
    return _map(lambda g: g * (threshold / n if n > threshold else 1.0), grads)


@misconception(
    of="clip_by_global_norm",
    says="The entries' sizes are summed instead of their squares: that is another norm.",
    hint="What is the norm of (3, 4): 7 or 5?",
)
def global_sums_sizes(grads, threshold):
    n = sum(np.abs(g).sum() for g in _arrays(grads))
    return _map(lambda g: g * (threshold / n if n > threshold else 1.0), grads)


@misconception(
    of="clip_by_global_norm",
    says="The squares of each array are averaged before they are added up.",
    hint="A norm adds up all squares, however many there are. Where does a mean come in?",
)
def global_averages_each_arrays_squares(grads, threshold):
    n = np.sqrt(sum(np.mean(g**2) for g in _arrays(grads)))
    return _map(lambda g: g * (threshold / n if n > threshold else 1.0), grads)
