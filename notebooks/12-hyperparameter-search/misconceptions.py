"""Wrong implementations that students hand in for 12-hyperparameter-search, each with what a good TA says.

Random ones draw as most students do, so that the diagnosis, which repeats the recorded calls with the generator's
recorded state, can recognise them: a search draws one configuration after the other, name by name.
"""

import math
from itertools import islice, permutations, product

import numpy as np

from grader.authoring import misconception
from nnlib import sample_log_uniform, sample_momentum, sample_uniform_int

# ---------------------------------------------------------------- sample_log_uniform


@misconception(
    of="sample_log_uniform",
    says="The draw is linear: nearly all numbers land in the highest decade.",
    hint="What must be uniform is the logarithm. What do you have to do before drawing, and what afterwards?",
)
def log_draw_is_linear(low, high, n, rng):
    return rng.uniform(low, high, size=n)


@misconception(
    of="sample_log_uniform",
    says="The ends are used as exponents: their logarithm was not taken.",
    hint="For low = 0.0001 the exponent should start at -4. Where does yours start?",
)
def log_draw_without_logs_of_the_ends(low, high, n, rng):
    return 10 ** rng.uniform(low, high, size=n)


@misconception(
    of="sample_log_uniform",
    says="The bases do not match: the exponents are natural logarithms, but ten is raised to them.",
    hint="np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
)
def log_draw_natural_logs_powers_of_ten(low, high, n, rng):
    return 10 ** rng.uniform(np.log(low), np.log(high), size=n)


@misconception(
    of="sample_log_uniform",
    says="The bases do not match: the exponents are powers of ten, but np.exp is taken of them.",
    hint="np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
)
def log_draw_log10_then_exp(low, high, n, rng):
    return np.exp(rng.uniform(np.log10(low), np.log10(high), size=n))


@misconception(
    of="sample_log_uniform",
    says="Only whole exponents are drawn, so nothing but powers of ten is ever tried.",
    hint="Should 0.003 be able to come up between 0.001 and 0.01?",
)
def log_draw_whole_exponents(low, high, n, rng):
    exponents = rng.integers(round(math.log10(low)), round(math.log10(high)), size=n, endpoint=True)
    return 10.0**exponents


@misconception(
    of="sample_log_uniform",
    says="The range 0.0001 to 1 is written into the function; low and high are not used.",
    hint="What should come out for low = 10 and high = 1000?",
)
def log_draw_four_decades_written_in(low, high, n, rng):
    return 10 ** (-4 * rng.random(n))


@misconception(
    of="sample_log_uniform",
    says="One number is drawn and repeated n times.",
    hint="How many numbers do you ask rng for? Every one of the n must be a draw of its own.",
)
def log_draw_repeats_one(low, high, n, rng):
    return np.full(n, np.exp(rng.uniform(np.log(low), np.log(high))))


@misconception(
    of="sample_log_uniform",
    says="A single number is returned instead of n.",
    hint="Where does n enter your draw?",
)
def log_draw_without_size(low, high, n, rng):
    return np.exp(rng.uniform(np.log(low), np.log(high)))


@misconception(
    of="sample_log_uniform",
    says="A generator of its own with a fixed seed is used, so that every call gives the same numbers.",
    hint="Draw from the rng that is passed in: it remembers what it has drawn.",
)
def log_draw_seeds_its_own(low, high, n, rng):
    return np.exp(np.random.default_rng(0).uniform(np.log(low), np.log(high), size=n))


@misconception(
    of="sample_log_uniform",
    says="The numbers are evenly spaced on the log scale, not drawn: every call gives the same ones.",
    hint="np.logspace and np.geomspace make a grid. Where does rng come in?",
)
def log_draw_is_a_logspace(low, high, n, rng):
    return np.geomspace(low, high, n)


@misconception(
    of="sample_log_uniform",
    says="A fixed list of evenly spaced numbers is shuffled: only the order is random.",
    hint="Compare the sorted numbers of two calls. Should they be the same?",
)
def log_draw_shuffles_a_logspace(low, high, n, rng):
    return rng.permutation(np.geomspace(low, high, n))


@misconception(
    of="sample_log_uniform",
    says="The numbers come back sorted, so they are not independent of each other.",
    hint="The first of the n should be as likely to be large as the last.",
)
def log_draw_is_sorted(low, high, n, rng):
    return np.sort(np.exp(rng.uniform(np.log(low), np.log(high), size=n)))


@misconception(
    of="sample_log_uniform",
    says="The exponents themselves are returned; the way back from the logarithm is missing.",
    hint="Can a learning rate be negative? What undoes a logarithm?",
)
def log_draw_returns_exponents(low, high, n, rng):
    return rng.uniform(np.log(low), np.log(high), size=n)


@misconception(
    of="sample_log_uniform",
    says="The logarithm is taken of a linear draw, instead of drawing between the logarithms.",
    hint="In which order do the two steps come: the logarithm of the ends, the draw?",
)
def log_draw_log_of_a_linear_draw(low, high, n, rng):
    return np.log(rng.uniform(low, high, size=n))


@misconception(
    of="sample_log_uniform",
    says="The logarithms are normal, not uniform: most numbers lie near the middle, some outside the range.",
    hint="Which decade is more likely with your draw, a middle one or one at the end?",
)
def log_draw_is_log_normal(low, high, n, rng):
    a, b = np.log(low), np.log(high)
    return np.exp(rng.normal((a + b) / 2, (b - a) / 4, size=n))


@misconception(
    of="sample_log_uniform",
    says="The decade is drawn at random, but within it the draw is linear: 1 to 2 comes as rarely as 8 to 9.",
    hint="From 1 to 2 is a factor of two. How far does that factor reach from 4, and are both as likely?",
)
def log_draw_linear_within_a_decade(low, high, n, rng):
    decades = rng.integers(round(math.log10(low)), max(round(math.log10(high)), round(math.log10(low)) + 1), size=n)
    return 10.0**decades * rng.uniform(1, 10, size=n)


@misconception(
    of="sample_log_uniform",
    says="The exponents start at the logarithm of low but end at that of 1: high is not used.",
    hint="What should the largest number be for high = 0.1?",
)
def log_draw_up_to_one(low, high, n, rng):
    return 10 ** (np.log10(low) * rng.random(n))


@misconception(
    of="sample_log_uniform",
    says="The logarithm of high is used as the width of the range, which is the difference of both logarithms.",
    hint="From -4 to 1 is how far?",
)
def log_draw_high_as_width(low, high, n, rng):
    return 10 ** (np.log10(low) + np.log10(high) * rng.random(n))


@misconception(
    of="sample_log_uniform",
    says="The draw has the right width but starts at 1: low is not added again on the log scale.",
    hint="With a random number of 0, which value should come out, and which does?",
)
def log_draw_starts_at_one(low, high, n, rng):
    return np.exp(rng.random(n) * (np.log(high) - np.log(low)))


@misconception(
    of="sample_log_uniform",
    says="The ends are rounded down to whole powers of ten.",
    hint="What are the logarithms of 0.05 and 0.8? They need not be whole.",
)
def log_draw_ends_rounded_down(low, high, n, rng):
    return 10.0 ** rng.uniform(math.floor(math.log10(low)), math.floor(math.log10(high)), size=n)


# ---------------------------------------------------------------- sample_momentum


@misconception(
    of="sample_momentum",
    says="Beta is drawn linearly, so that long windows hardly ever come.",
    hint="Between 0.9 and 0.999, how many of your draws are above 0.99? It should be half of them.",
)
def momentum_draw_is_linear(low, high, n, rng):
    return rng.uniform(low, high, size=n)


@misconception(
    of="sample_momentum",
    says="The logarithm is uniform in beta itself, not in its distance to 1.",
    hint="log(0.9) and log(0.999) nearly agree. Which quantity runs over powers of ten here?",
)
def momentum_draw_log_in_beta(low, high, n, rng):
    return np.exp(rng.uniform(np.log(max(low, 1e-12)), np.log(max(high, 1e-12)), size=n))


@misconception(
    of="sample_momentum",
    says="The distance to 1 is returned, not beta.",
    hint="A draw between 0.9 and 0.999 should not give 0.05. What did you draw, and what was asked for?",
)
def momentum_draw_returns_the_distance(low, high, n, rng):
    return sample_log_uniform(1 - high, 1 - low, n, rng)


@misconception(
    of="sample_momentum",
    says="The ends are not turned into distances to 1 before drawing: the range is mirrored.",
    hint="If beta runs from 0.9 to 0.999, from where to where does 1 - beta run?",
)
def momentum_draw_keeps_the_ends(low, high, n, rng):
    return 1 - sample_log_uniform(max(low, 1e-12), max(high, 1e-12), n, rng)


@misconception(
    of="sample_momentum",
    says="The ends of the distances are in the wrong order, so the draw runs from high to low.",
    hint="Which of the two betas has the smaller distance to 1? It is the lower end for the draw.",
)
def momentum_draw_swaps_the_ends(low, high, n, rng):
    return 1 - np.exp(rng.uniform(np.log(1 - low), np.log(1 - high), size=n))


@misconception(
    of="sample_momentum",
    says="The range 0.9 to 0.999 is written into the function; low and high are not used.",
    hint="What should come out for low = 0 and high = 0.5?",
)
def momentum_draw_decades_written_in(low, high, n, rng):
    return 1 - 10 ** rng.uniform(-3, -1, size=n)


@misconception(
    of="sample_momentum",
    says="The window 1 / (1 - beta) is drawn linearly, so nearly all windows are long.",
    hint="Windows of 10 to 100 and of 100 to 1000 should be equally likely. Are they?",
)
def momentum_draw_linear_in_the_window(low, high, n, rng):
    return 1 - 1 / rng.uniform(1 / (1 - low), 1 / (1 - high), size=n)


@misconception(
    of="sample_momentum",
    says="One beta is drawn and repeated n times.",
    hint="How many numbers do you ask rng for?",
)
def momentum_draw_repeats_one(low, high, n, rng):
    return np.full(n, 1 - sample_log_uniform(1 - high, 1 - low, 1, rng)[0])


@misconception(
    of="sample_momentum",
    says="A single number is returned instead of n.",
    hint="Where does n enter your draw?",
)
def momentum_draw_without_size(low, high, n, rng):
    return 1 - np.exp(rng.uniform(np.log(1 - high), np.log(1 - low)))


@misconception(
    of="sample_momentum",
    says="A generator of its own with a fixed seed is used, so that every call gives the same numbers.",
    hint="Draw from the rng that is passed in: it remembers what it has drawn.",
)
def momentum_draw_seeds_its_own(low, high, n, rng):
    return 1 - sample_log_uniform(1 - high, 1 - low, n, np.random.default_rng(0))


@misconception(
    of="sample_momentum",
    says="The bases do not match: natural logarithms are drawn, but ten is raised to them.",
    hint="np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
)
def momentum_draw_mixes_bases(low, high, n, rng):
    return 1 - 10 ** rng.uniform(np.log(1 - high), np.log(1 - low), size=n)


@misconception(
    of="sample_momentum",
    says="The bases do not match: powers of ten are drawn, but np.exp is taken of them.",
    hint="np.log belongs to np.exp, np.log10 to powers of ten. Which pair do you have?",
)
def momentum_draw_log10_then_exp(low, high, n, rng):
    return 1 - np.exp(rng.uniform(np.log10(1 - high), np.log10(1 - low), size=n))


@misconception(
    of="sample_momentum",
    says="The numbers are evenly spaced, not drawn: every call gives the same ones.",
    hint="np.logspace and np.geomspace make a grid. Where does rng come in?",
)
def momentum_draw_is_a_logspace(low, high, n, rng):
    return 1 - np.geomspace(1 - high, 1 - low, n)


@misconception(
    of="sample_momentum",
    says="The betas come back sorted, so they are not independent of each other.",
    hint="The first of the n should be as likely to be large as the last.",
)
def momentum_draw_is_sorted(low, high, n, rng):
    return np.sort(1 - sample_log_uniform(1 - high, 1 - low, n, rng))


@misconception(
    of="sample_momentum",
    says="Only whole exponents are drawn, so nothing but 0.9, 0.99, 0.999 is ever tried.",
    hint="Should 0.97 be able to come up between 0.9 and 0.99?",
)
def momentum_draw_whole_exponents(low, high, n, rng):
    exponents = rng.integers(round(math.log10(1 - high)), round(math.log10(1 - low)), size=n, endpoint=True)
    return 1 - 10.0**exponents


# ---------------------------------------------------------------- sample_uniform_int


@misconception(
    of="sample_uniform_int",
    says="The upper end never comes: rng.integers leaves it out unless told otherwise.",
    hint="Draw a thousand numbers from 2 to 4 and look at the largest.",
)
def int_draw_leaves_out_the_upper_end(low, high, n, rng):
    return rng.integers(low, high, size=n)


@misconception(
    of="sample_uniform_int",
    says="A linear draw up to high is cut off to whole numbers, so the upper end never comes.",
    hint="What does the cut make of 3.99? Which draw could ever become 4?",
)
def int_draw_cuts_off_a_linear_draw(low, high, n, rng):
    return rng.uniform(low, high, size=n).astype(int)


@misconception(
    of="sample_uniform_int",
    says="Cutting off the fraction rounds towards zero, so that below zero the shares are wrong.",
    hint="What does int() make of -0.7, and what does np.floor?",
)
def int_draw_cuts_towards_zero(low, high, n, rng):
    return rng.uniform(low, high + 1, size=n).astype(int)


@misconception(
    of="sample_uniform_int",
    says="A linear draw is rounded, so both ends come only half as often as the others.",
    hint="Which stretch of the line is rounded to low, and which to its neighbour? Compare their lengths.",
)
def int_draw_rounds_a_linear_draw(low, high, n, rng):
    return np.round(rng.uniform(low, high, size=n)).astype(int)


@misconception(
    of="sample_uniform_int",
    says="A linear draw is rounded up, so the lower end never comes.",
    hint="Which stretch of the line is rounded up to low?",
)
def int_draw_rounds_up(low, high, n, rng):
    return np.ceil(rng.uniform(low, high, size=n)).astype(int)


@misconception(
    of="sample_uniform_int",
    says="The numbers are whole but floats.",
    hint="Look at the dtype. Can an array have 64.0 rows?",
)
def int_draw_gives_floats(low, high, n, rng):
    return np.floor(rng.uniform(low, high + 1, size=n))


@misconception(
    of="sample_uniform_int",
    says="No number comes twice, so that there are never more than the range has values.",
    hint="How would you draw ten times from 2 to 4?",
)
def int_draw_without_replacement(low, high, n, rng):
    return rng.permutation(np.arange(low, high + 1))[:n]


@misconception(
    of="sample_uniform_int",
    says="Numbers are chosen without replacement, which fails as soon as n exceeds the range.",
    hint="How would you draw ten times from 2 to 4?",
)
def int_draw_chooses_without_replacement(low, high, n, rng):
    return rng.choice(np.arange(low, high + 1), size=n, replace=False)


@misconception(
    of="sample_uniform_int",
    says="low is added to a draw up to high, so that the numbers go beyond high.",
    hint="How many numbers lie from low to high, both included? Draw below that count, then shift.",
)
def int_draw_shifts_the_whole_range(low, high, n, rng):
    return low + rng.integers(0, max(high, 1), size=n)


@misconception(
    of="sample_uniform_int",
    says="One number is drawn and repeated n times.",
    hint="How many numbers do you ask rng for?",
)
def int_draw_repeats_one(low, high, n, rng):
    return np.full(n, rng.integers(low, high + 1))


@misconception(
    of="sample_uniform_int",
    says="A single number is returned instead of n.",
    hint="Where does n enter your draw?",
)
def int_draw_without_size(low, high, n, rng):
    return rng.integers(low, high + 1)


@misconception(
    of="sample_uniform_int",
    says="A generator of its own with a fixed seed is used, so that every call gives the same numbers.",
    hint="Draw from the rng that is passed in: it remembers what it has drawn.",
)
def int_draw_seeds_its_own(low, high, n, rng):
    return np.random.default_rng(0).integers(low, high + 1, size=n)


@misconception(
    of="sample_uniform_int",
    says="The upper end is passed: one number too many can come.",
    hint="endpoint=True includes high already. What does adding 1 on top do?",
)
def int_draw_goes_one_too_far(low, high, n, rng):
    return rng.integers(low, high + 1, size=n, endpoint=True)


@misconception(
    of="sample_uniform_int",
    says="The numbers are drawn on a log scale and rounded, so that small ones come more often.",
    hint="From 50 to 100 all are to be equally likely. Which scale is that?",
)
def int_draw_on_a_log_scale(low, high, n, rng):
    return np.round(np.exp(rng.uniform(np.log(low), np.log(high), size=n))).astype(int)


@misconception(
    of="sample_uniform_int",
    says="The numbers come back sorted, so they are not independent of each other.",
    hint="The first of the n should be as likely to be large as the last.",
)
def int_draw_is_sorted(low, high, n, rng):
    return np.sort(rng.integers(low, high + 1, size=n))


@misconception(
    of="sample_uniform_int",
    says="The numbers of the range come one after the other; nothing is drawn.",
    hint="Where does rng come in?",
)
def int_draw_goes_round(low, high, n, rng):
    return np.resize(np.arange(low, high + 1), n)


@misconception(
    of="sample_uniform_int",
    says="The draw starts at 0: low is not used.",
    hint="Which is the smallest number that may come up? Which is the smallest of yours?",
)
def int_draw_from_zero(low, high, n, rng):
    return rng.integers(0, high, size=n, endpoint=True)


# ---------------------------------------------------------------- grid


@misconception(
    of="grid",
    says="The values are paired up one by one: first with first, second with second.",
    hint="zip walks along all lists at the same time. How many configurations do 2 and 3 values make?",
)
def grid_pairs_values_up(points):
    return [dict(zip(points, values, strict=True)) for values in zip(*points.values(), strict=False)]


@misconception(
    of="grid",
    says="Only one hyperparameter is varied at a time; the others stay at their first value.",
    hint="Is the last value of one name ever combined with the last value of another?",
)
def grid_varies_one_at_a_time(points):
    base = {name: next(iter(values)) for name, values in points.items()}
    configs = [dict(base)]
    for name, values in points.items():
        configs += [{**base, name: value} for value in list(values)[1:]]
    return configs


@misconception(
    of="grid",
    says="The same dict is put into the list again and again, so that all entries show its last state.",
    hint="Each configuration needs a dict of its own. Where is yours made: inside the loop or before it?",
)
def grid_repeats_one_dict(points):
    config, configs = {}, []
    for values in product(*points.values()):
        for name, value in zip(points, values, strict=True):
            config[name] = value
        configs.append(config)
    return configs


@misconception(
    of="grid",
    says="The combinations are bare tuples: the names are missing.",
    hint="How will the objective find the learning rate in a configuration?",
)
def grid_gives_tuples(points):
    return list(product(*points.values()))


@misconception(
    of="grid",
    says="The values went through a NumPy array, which gave them all one type: 32 became '32' or 32.0.",
    hint="An array has one dtype. Where do strings and numbers meet in yours?",
)
def grid_through_an_array(points):
    columns = [column.ravel() for column in np.meshgrid(*points.values())]
    rows = np.stack(columns, axis=1).tolist()
    return [dict(zip(points, row, strict=True)) for row in rows]


@misconception(
    of="grid",
    says="One dict of long lists is returned, not a list of dicts.",
    hint="One configuration is what a single run needs. Which type should the whole have?",
)
def grid_gives_a_dict_of_lists(points):
    rows = list(product(*points.values()))
    return {name: [row[i] for row in rows] for i, name in enumerate(points)}


@misconception(
    of="grid",
    says="Only the first two names are combined; with one name or three this goes wrong.",
    hint="Two nested loops make two names. How can the number of loops depend on the number of names?",
)
def grid_of_two_names_only(points):
    (first, some), (second, others) = list(points.items())[:2]
    return [{first: a, second: b} for a in some for b in others]


@misconception(
    of="grid",
    says="Names with a single value are left out of the configurations.",
    hint="The objective needs that value, too. Which names must every configuration have?",
)
def grid_drops_single_values(points):
    varied = {name: values for name, values in points.items() if len(values) > 1}
    return [dict(zip(varied, values, strict=True)) for values in product(*varied.values())]


@misconception(
    of="grid",
    says="The names were combined, letter by letter, instead of their values.",
    hint="What do you get when you loop over a dict: its keys or its values?",
)
def grid_combines_the_letters(points):
    return [dict(zip(points, values, strict=True)) for values in product(*points)]


@misconception(
    of="grid",
    says="Every combination comes several times, once for each order of the names.",
    hint="Does it matter whether the rate or the units are written down first? Count the configurations.",
)
def grid_in_every_order_of_names(points):
    configs = []
    for names in permutations(points):
        for values in product(*(points[name] for name in names)):
            configs.append(dict(zip(names, values, strict=True)))
    return configs


@misconception(
    of="grid",
    says="The lists are used up on the way: points is empty afterwards.",
    hint="pop takes away what the caller may need again. Loop without it.",
)
def grid_uses_points_up(points):
    configs = [{}]
    for name in list(points):
        values = points.pop(name)
        configs = [{**config, name: value} for config in configs for value in values]
    return configs


@misconception(
    of="grid",
    says="Each configuration holds one name only: the combining is missing.",
    hint="A run needs a value for every name. How many names has your first configuration?",
)
def grid_lists_single_settings(points):
    return [{name: value} for name, values in points.items() for value in values]


@misconception(
    of="grid",
    says="Only the first combination is returned: the function ends in the first round of its loop.",
    hint="Where does return stand: inside the loop or after it?",
)
def grid_returns_in_the_loop(points):
    return [dict(zip(points, values, strict=True)) for values in islice(product(*points.values()), 1)]


@misconception(
    of="grid",
    says="Two names are written into the function: it works for no other space.",
    hint="Which names would a grid over the momentum have? Take them from points.",
)
def grid_of_two_fixed_names(points):
    return [{"lr": lr, "hidden": hidden} for lr in points["lr"] for hidden in points["hidden"]]


# ---------------------------------------------------------------- random_search


def _draw(scale, low, high, n, rng):
    if scale == "log":
        return sample_log_uniform(low, high, n, rng)
    if scale == "momentum":
        return sample_momentum(low, high, n, rng)
    if scale == "int":
        return sample_uniform_int(low, high, n, rng)
    return rng.uniform(low, high, size=n)


def _config(space, rng, draw=_draw):
    return {name: draw(scale, low, high, 1, rng)[0] for name, (scale, low, high) in space.items()}


def _ranked(results):
    return sorted(results, key=lambda run: (np.isnan(run[1]), -run[1]))


def _searched(objective, space, n, rng, draw=_draw):
    results = []
    for _ in range(n):
        config = _config(space, rng, draw)
        results.append((config, objective(config)))
    return results


@misconception(
    of="random_search",
    says="The worst run comes first: scores are sorted upwards, as if they were costs.",
    hint="Higher is better here. Which score should the first pair have?",
)
def search_puts_the_worst_first(objective, space, n, rng):
    return sorted(_searched(objective, space, n, rng), key=lambda run: (np.isnan(run[1]), run[1]))


@misconception(
    of="random_search",
    says="The results are in the order of the runs; they were not sorted.",
    hint="Which run should be the first of the list?",
)
def search_does_not_sort(objective, space, n, rng):
    return _searched(objective, space, n, rng)


@misconception(
    of="random_search",
    says="Only the best run is returned, and the others are lost.",
    hint="The results of all n runs are asked for: narrow needs more than one.",
)
def search_returns_the_best_only(objective, space, n, rng):
    return _ranked(_searched(objective, space, n, rng))[0]


@misconception(
    of="random_search",
    says="Only runs that beat all runs before them are kept.",
    hint="How many pairs should there be after n runs?",
)
def search_keeps_improvements_only(objective, space, n, rng):
    best, kept = -math.inf, []
    for config, score in _searched(objective, space, n, rng):
        if score > best:
            best = score
            kept.append((config, score))
    return _ranked(kept)


@misconception(
    of="random_search",
    says="Runs with the score nan come first.",
    hint="A sort puts nan at one end. Which end is that once you turn the order around? Sort by two things if need be.",
)
def search_puts_nan_first(objective, space, n, rng):
    results = _searched(objective, space, n, rng)
    return [results[i] for i in np.argsort([score for _, score in results], kind="stable")[::-1]]


@misconception(
    of="random_search",
    says="A plain sort is lost where a score is nan: every comparison with it is false.",
    hint="Give sorted a key that says first whether the score is nan.",
)
def search_sorts_without_regard_to_nan(objective, space, n, rng):
    return sorted(_searched(objective, space, n, rng), key=lambda run: run[1], reverse=True)


@misconception(
    of="random_search",
    says="Runs with the score nan are thrown away.",
    hint="A rate that explodes is worth knowing about. Where should those runs be in the list?",
)
def search_drops_nan(objective, space, n, rng):
    return _ranked([run for run in _searched(objective, space, n, rng) if not np.isnan(run[1])])


@misconception(
    of="random_search",
    says="A run that exploded is drawn again, so that there are more runs than asked for.",
    hint="A call of the objective is a whole training. How many of them does n allow?",
)
def search_draws_again_on_nan(objective, space, n, rng):
    results = []
    for _ in range(20 * n):
        config = _config(space, rng)
        score = objective(config)
        if not np.isnan(score):
            results.append((config, score))
        if len(results) == n:
            break
    return _ranked(results)


@misconception(
    of="random_search",
    says="The search ends at the first run that exploded.",
    hint="break leaves the loop. What about the runs that are still to come?",
)
def search_stops_at_nan(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = _config(space, rng)
        results.append((config, objective(config)))
        if np.isnan(results[-1][1]):
            break
    return _ranked(results)


@misconception(
    of="random_search",
    says="The scores are sorted by themselves, so that they stand beside other configurations.",
    hint="Evaluate the first configuration again. Is its score the one beside it?",
)
def search_sorts_the_scores_alone(objective, space, n, rng):
    results = _searched(objective, space, n, rng)
    scores = sorted((score for _, score in results), key=lambda score: (np.isnan(score), -score))
    return [(config, score) for (config, _), score in zip(results, scores, strict=True)]


@misconception(
    of="random_search",
    says="Scores of nan are replaced by another number.",
    hint="The pair holds the score that the objective gave. Sort by something else, but return that.",
)
def search_replaces_nan(objective, space, n, rng):
    return _ranked([(config, float(np.nan_to_num(score))) for config, score in _searched(objective, space, n, rng)])


@misconception(
    of="random_search",
    says="The pairs are the wrong way round: score first.",
    hint="A result is (configuration, score), in this order.",
)
def search_pairs_the_wrong_way_round(objective, space, n, rng):
    return [(score, config) for config, score in _ranked(_searched(objective, space, n, rng))]


@misconception(
    of="random_search",
    says="The configurations alone are returned, without their scores.",
    hint="A result is a pair. What did the objective say?",
)
def search_returns_configurations_only(objective, space, n, rng):
    return [config for config, _ in _ranked(_searched(objective, space, n, rng))]


@misconception(
    of="random_search",
    says="The score is put into the configuration, instead of beside it.",
    hint="A result is a pair of two things. How many entries may the configuration have?",
)
def search_puts_scores_into_the_dicts(objective, space, n, rng):
    return [{**config, "score": score} for config, score in _ranked(_searched(objective, space, n, rng))]


@misconception(
    of="random_search",
    says="All results share one dict, so that they all show the configuration of the last run.",
    hint="Each run needs a dict of its own. Where is yours made: inside the loop or before it?",
)
def search_reuses_one_dict(objective, space, n, rng):
    config, results = {}, []
    for _ in range(n):
        for name, (scale, low, high) in space.items():
            config[name] = _draw(scale, low, high, 1, rng)[0]
        results.append((config, objective(config)))
    return _ranked(results)


@misconception(
    of="random_search",
    says="A generator of its own with a fixed seed is used, so that every search tries the same configurations.",
    hint="Draw from the rng that is passed in: it remembers what it has drawn.",
)
def search_seeds_its_own(objective, space, n, rng):
    return _ranked(_searched(objective, space, n, np.random.default_rng(0)))


@misconception(
    of="random_search",
    says="The generator is seeded anew for every run, so that all runs try the same configuration.",
    hint="How many different configurations did your n runs try?",
)
def search_seeds_every_run(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = _config(space, np.random.default_rng(42))
        results.append((config, objective(config)))
    return _ranked(results)


@misconception(
    of="random_search",
    says="One configuration is drawn and tried n times.",
    hint="Does your draw stand inside the loop over the runs?",
)
def search_tries_one_configuration(objective, space, n, rng):
    config = _config(space, rng)
    return _ranked([(dict(config), objective(dict(config))) for _ in range(n)])


@misconception(
    of="random_search",
    says="Every value is drawn linearly; the scale is not looked at.",
    hint="What is the first of the three entries of the space for?",
)
def search_draws_all_linearly(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        return _draw("int" if scale == "int" else "linear", low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


@misconception(
    of="random_search",
    says='The "momentum" scale is drawn like "log": log-uniform in beta, not in its distance to 1.',
    hint="You wrote a function for beta. Which scale should call it?",
)
def search_draws_momentum_as_log(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        if scale == "momentum":
            return np.exp(rng.uniform(np.log(max(low, 1e-12)), np.log(max(high, 1e-12)), size=n))
        return _draw(scale, low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


@misconception(
    of="random_search",
    says='The "momentum" scale is drawn linearly.',
    hint="You wrote a function for beta. Which scale should call it?",
)
def search_draws_momentum_linearly(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        return _draw("linear" if scale == "momentum" else scale, low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


@misconception(
    of="random_search",
    says='The "linear" scale is drawn like "log".',
    hint="What should a keep probability be drawn by? See the table of scales.",
)
def search_draws_linear_as_log(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        return _draw("log" if scale == "linear" and low > 0 else scale, low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


@misconception(
    of="random_search",
    says='On the "int" scale the upper end never comes.',
    hint="Both ends belong to the range. Do you call your own function from exercise 3?",
)
def search_leaves_out_the_upper_int(objective, space, n, rng):
    def draw(scale, low, high, n, rng):
        return rng.integers(low, max(high, low + 1), size=n) if scale == "int" else _draw(scale, low, high, n, rng)

    return _ranked(_searched(objective, space, n, rng, draw))


@misconception(
    of="random_search",
    says='Values on the "int" scale come as floats.',
    hint="Can a layer have 32.0 units? Print the types of a configuration's values.",
)
def search_gives_whole_numbers_as_floats(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = {name: float(value) for name, value in _config(space, rng).items()}
        results.append((config, objective(config)))
    return _ranked(results)


@misconception(
    of="random_search",
    says="Values are arrays of length 1 instead of single numbers.",
    hint="Your samplers return n numbers, also for n = 1. How do you take the one out?",
)
def search_leaves_arrays_of_one(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = {name: _draw(scale, low, high, 1, rng) for name, (scale, low, high) in space.items()}
        results.append((config, objective(config)))
    return _ranked(results)


@misconception(
    of="random_search",
    says="All n values of each hyperparameter are put into every configuration.",
    hint="A configuration is one value for each name. Which of the n belongs to run i?",
)
def search_gives_each_run_all_values(objective, space, n, rng):
    columns = {name: _draw(scale, low, high, n, rng) for name, (scale, low, high) in space.items()}
    return _ranked([(columns, objective(columns)) for _ in range(n)])


@misconception(
    of="random_search",
    says="One random number places all hyperparameters of a run, so that they rise and fall together.",
    hint="Each value is a draw of its own. How many random numbers does a run with four names need?",
)
def search_uses_one_number_for_all(objective, space, n, rng):
    results = []
    for _ in range(n):
        u = rng.random()
        config = {}
        for name, (scale, low, high) in space.items():
            if scale == "log":
                config[name] = low * (high / low) ** u
            elif scale == "momentum":
                config[name] = 1 - (1 - low) * ((1 - high) / (1 - low)) ** u
            elif scale == "int":
                config[name] = int(low + np.floor(u * (high - low + 1)))
            else:
                config[name] = low + u * (high - low)
        results.append((config, objective(config)))
    return _ranked(results)


@misconception(
    of="random_search",
    says="The objective is called twice for each configuration.",
    hint="A call is a whole training. Keep its score in a variable.",
)
def search_calls_twice(objective, space, n, rng):
    configs = sorted((_config(space, rng) for _ in range(n)), key=lambda c: -np.nan_to_num(objective(c), nan=-np.inf))
    return [(config, objective(config)) for config in configs]


@misconception(
    of="random_search",
    says="The configuration is unpacked into keyword arguments; the objective takes one dict.",
    hint="How does the page call it: objective(configuration), or with **?",
)
def search_unpacks_the_configuration(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = _config(space, rng)
        results.append((config, objective(**config)))
    return _ranked(results)


@misconception(
    of="random_search",
    says="The pairs are sorted whole, so that equal scores make Python compare two dicts, which it cannot.",
    hint="Say with key= what to sort by.",
)
def search_compares_dicts(objective, space, n, rng):
    pairs = [(bool(np.isnan(score)), -score, config) for config, score in _searched(objective, space, n, rng)]
    return [(config, -score) for _, score, config in sorted(pairs)]


@misconception(
    of="random_search",
    says="There is one run too few.",
    hint="How often does a loop over range(1, n) run?",
)
def search_runs_one_too_few(objective, space, n, rng):
    return _ranked(_searched(objective, space, n - 1, rng))


@misconception(
    of="random_search",
    says="n values of each hyperparameter are combined into a grid.",
    hint="How many runs did you make, and how many were asked for?",
)
def search_makes_a_grid(objective, space, n, rng):
    columns = [_draw(scale, low, high, n, rng) for scale, low, high in space.values()]
    most = islice(product(*columns), 1000)  # the rest would take till morning
    configs = [dict(zip(space, values, strict=True)) for values in most]
    return _ranked([(config, objective(config)) for config in configs])


@misconception(
    of="random_search",
    says="Scores that are not above zero count as no result.",
    hint="The score of a run can be any number. What does your best score start from?",
)
def search_wants_positive_scores(objective, space, n, rng):
    return _ranked([run for run in _searched(objective, space, n, rng) if run[1] > 0])


# ---------------------------------------------------------------- at_edge


def _place(scale, low, high, value):
    if scale == "log":
        low, high, value = math.log(low), math.log(high), math.log(value)
    elif scale == "momentum":
        low, high, value = math.log(1 - low), math.log(1 - high), math.log(1 - value)
    return (value - low) / (high - low) if high != low else 0.5


def _edges(space, best, place=_place, start=0.05, end=0.95):
    return [name for name, entry in space.items() if not start < place(*entry, best[name]) < end]


@misconception(
    of="at_edge",
    says="Only values exactly at an end are named.",
    hint="A random draw never hits an end exactly. How near is near enough?",
)
def edge_is_the_end_itself(space, best):
    return [n for n, (_, low, high) in space.items() if low != high and best[n] in (low, high)]


@misconception(
    of="at_edge",
    says="Every range is measured on a linear scale.",
    hint="Where does 0.001 lie between 0.00001 and 0.1, counted in decades?",
)
def edge_on_a_linear_scale(space, best):
    return _edges(space, best, lambda scale, low, high, value: _place("linear", low, high, value))


@misconception(
    of="at_edge",
    says='The "momentum" scale is treated as linear.',
    hint="Where does 0.99 lie between 0.9 and 0.999, counted in powers of ten of 1 - beta?",
)
def edge_of_momentum_is_linear(space, best):
    return _edges(space, best, lambda scale, *rest: _place("linear" if scale == "momentum" else scale, *rest))


@misconception(
    of="at_edge",
    says='The "momentum" scale is treated like "log": the logarithm is taken of beta, not of 1 - beta.',
    hint="Which quantity has the natural scale for beta? See exercise 2.",
)
def edge_of_momentum_in_beta(space, best):
    def place(scale, low, high, value):
        if scale == "momentum":
            return _place("log", max(low, 1e-12), max(high, 1e-12), max(value, 1e-12))
        return _place(scale, low, high, value)

    return _edges(space, best, place)


@misconception(
    of="at_edge",
    says='The "log" scale is treated as linear.',
    hint="Where does 0.001 lie between 0.00001 and 0.1, counted in decades?",
)
def edge_of_log_is_linear(space, best):
    return _edges(space, best, lambda scale, *rest: _place("linear" if scale == "log" else scale, *rest))


@misconception(
    of="at_edge",
    says="The momentum scale is measured by its window 1 / (1 - beta), linearly.",
    hint="Is a window of 100 near the lower end of 10 to 1000? On which scale?",
)
def edge_of_momentum_in_the_window(space, best):
    def place(scale, low, high, value):
        if scale == "momentum":
            return _place("linear", 1 / (1 - low), 1 / (1 - high), 1 / (1 - value))
        return _place(scale, low, high, value)

    return _edges(space, best, place)


@misconception(
    of="at_edge",
    says="For beta the logarithm of the distance falls as beta rises, so that the limits are compared the wrong way round.",
    hint="Is log(1 - low) the larger or the smaller of the two ends? A place from 0 to 1 does not care.",
)
def edge_forgets_that_distances_fall(space, best):
    functions, names = {"log": math.log, "momentum": lambda v: math.log(1 - v)}, []
    for name, (scale, low, high) in space.items():
        start, value, end = (functions.get(scale, float)(v) for v in (low, best[name], high))
        margin = 0.05 * (end - start)
        if start != end and (value < start + margin or value > end - margin):
            names.append(name)
    return names


@misconception(
    of="at_edge",
    says="Whole numbers are measured on a log scale.",
    hint="From 1 to 101 units, how far from the lower end is 8? Count units, not factors.",
)
def edge_of_int_is_log(space, best):
    def place(scale, low, high, value):
        if scale == "int" and low > 0:
            return _place("log", low, high, value)
        return _place(scale, low, high, value)

    return _edges(space, best, place)


@misconception(
    of="at_edge",
    says="Only the upper end is looked at.",
    hint="Can a range also be too short below?",
)
def edge_above_only(space, best):
    return _edges(space, best, start=-1.0)


@misconception(
    of="at_edge",
    says="Only the lower end is looked at.",
    hint="Can a range also be too short above?",
)
def edge_below_only(space, best):
    return _edges(space, best, end=2.0)


@misconception(
    of="at_edge",
    says="The result is only whether any value is at an edge, not which.",
    hint="Which range must be moved? The names say so.",
)
def edge_as_a_bool(space, best):
    return bool(_edges(space, best))


@misconception(
    of="at_edge",
    says="The names of the values well inside are returned instead of those at an edge.",
    hint="What should come out when all is well?",
)
def edge_names_the_inside(space, best):
    outside = _edges(space, best)
    return [name for name in space if name not in outside]


@misconception(
    of="at_edge",
    says="A tenth of the range counts as edge instead of a twentieth.",
    hint="Between which two places is a value well inside?",
)
def edge_of_ten_percent(space, best):
    return _edges(space, best, start=0.1, end=0.9)


@misconception(
    of="at_edge",
    says="A hundredth of the range counts as edge instead of a twentieth.",
    hint="Between which two places is a value well inside?",
)
def edge_of_one_percent(space, best):
    return _edges(space, best, start=0.01, end=0.99)


@misconception(
    of="at_edge",
    says="Half of the five percent was put at each end.",
    hint="Below which place is a value at the lower edge?",
)
def edge_of_half_the_margin(space, best):
    return _edges(space, best, start=0.025, end=0.975)


@misconception(
    of="at_edge",
    says="Five percent of the ends themselves are used, not of the range between them.",
    hint="From 50 to 60, how long is the range, and what is a twentieth of that?",
)
def edge_by_percent_of_the_ends(space, best):
    return [
        n
        for n, (_, low, high) in space.items()
        if low != high and (best[n] <= low + 0.05 * abs(low) or best[n] >= high - 0.05 * abs(high))
    ]


@misconception(
    of="at_edge",
    says="The distance from the end is compared with 0.05 itself, whatever the length of the range.",
    hint="A range from 1 to 101 and one from 0.4 to 0.9: is 0.05 the same share of both?",
)
def edge_by_absolute_distance(space, best):
    return [
        n for n, (_, low, high) in space.items() if low != high and (best[n] - low <= 0.05 or high - best[n] <= 0.05)
    ]


@misconception(
    of="at_edge",
    says="A range of one value is named, though it was chosen on purpose.",
    hint="What is your place when low equals high? Treat that case by itself.",
)
def edge_names_single_values(space, best):
    return [n for n, (s, low, high) in space.items() if low == high or not 0.05 < _place(s, low, high, best[n]) < 0.95]


@misconception(
    of="at_edge",
    says="A range of one value makes the function divide by zero.",
    hint="high - low can be zero. Treat that case by itself.",
)
def edge_divides_by_zero(space, best):
    def place(scale, low, high, value):
        if low == high:
            raise ZeroDivisionError("float division by zero")
        return _place(scale, low, high, value)

    return _edges(space, best, place)


@misconception(
    of="at_edge",
    says="The loop goes over best, which may have names that the space does not know.",
    hint="Which of the two dicts says what was searched?",
)
def edge_goes_over_best(space, best):
    return [n for n, value in best.items() if not 0.05 < _place(*space[n], value) < 0.95]


@misconception(
    of="at_edge",
    says="Only the first name at an edge is returned.",
    hint="Does a return inside the loop let it go on?",
)
def edge_stops_at_the_first(space, best):
    return _edges(space, best)[:1]


@misconception(
    of="at_edge",
    says="A value must be near both ends at once to be named, which never happens.",
    hint="and, or: which of them joins the two ends?",
)
def edge_needs_both_ends(space, best):
    return []


@misconception(
    of="at_edge",
    says="The places are returned, not the names.",
    hint="What should the reader of the result do next, and what must it say for that?",
)
def edge_returns_places(space, best):
    return {name: _place(*entry, best[name]) for name, entry in space.items()}


# ---------------------------------------------------------------- narrow


def _best(results, keep):
    return sorted((run for run in results if not np.isnan(run[1])), key=lambda run: -run[1])[:keep]


def _span(space, chosen):
    columns = {name: [config[name] for config, _ in chosen] for name in space}
    return {name: (entry[0], min(columns[name]), max(columns[name])) for name, entry in space.items()}


@misconception(
    of="at_edge",
    says="Ends that differ by less than 1e-8 are taken for a single value, so that tiny ranges are never at an edge.",
    hint="What does np.isclose say of 1e-12 and 1e-9? A range of a single value has low == high.",
)
def edge_takes_tiny_ranges_for_single_values(space, best):
    on_scale = {"log": np.log, "momentum": lambda v: np.log(1 - v), "int": float, "linear": float}
    names = []
    for name, (scale, low, high) in space.items():
        if np.isclose(low, high):
            continue
        start, value, end = (on_scale[scale](v) for v in (low, best[name], high))
        if not 0.05 < (value - start) / (end - start) < 0.95:
            names.append(name)
    return names


@misconception(
    of="narrow",
    says="The worst runs are kept: the scores are taken for costs.",
    hint="Higher is better. Which end of the sorted list do you keep?",
)
def narrow_to_the_worst(space, results, keep):
    return _span(space, sorted((r for r in results if not np.isnan(r[1])), key=lambda run: run[1])[:keep])


@misconception(
    of="narrow",
    says="The first runs of the list are kept, whatever their scores.",
    hint="The results may come in any order. What makes a run one of the best?",
)
def narrow_to_the_first(space, results, keep):
    return _span(space, results[:keep])


@misconception(
    of="narrow",
    says="The last runs of the list are kept, whatever their scores.",
    hint="The results may come in any order. What makes a run one of the best?",
)
def narrow_to_the_last(space, results, keep):
    return _span(space, results[-keep:])


@misconception(
    of="narrow",
    says="The new ranges span all runs, not the best ones.",
    hint="Where does keep enter?",
)
def narrow_to_all(space, results, keep):
    return _span(space, [run for run in results if not np.isnan(run[1])])


@misconception(
    of="narrow",
    says="Runs with the score nan count as the best: np.argsort puts them last, where the highest are.",
    hint="Print the scores of the runs that you keep.",
)
def narrow_counts_nan_as_best(space, results, keep):
    return _span(space, [results[i] for i in np.argsort([score for _, score in results], kind="stable")[-keep:]])


@misconception(
    of="narrow",
    says="A plain sort is lost where a score is nan: every comparison with it is false.",
    hint="Take the runs with nan out before you sort.",
)
def narrow_sorts_without_regard_to_nan(space, results, keep):
    return _span(space, sorted(results, key=lambda run: run[1], reverse=True)[:keep])


@misconception(
    of="narrow",
    says="Scores of nan are taken for zero, which beats scores below zero.",
    hint="A run that exploded is never among the best. What does np.nan_to_num make of it?",
)
def narrow_takes_nan_for_zero(space, results, keep):
    return _span(space, sorted(results, key=lambda run: -np.nan_to_num(run[1]))[:keep])


@misconception(
    of="narrow",
    says="The scale is lost: the entries are only (low, high).",
    hint="The result is a space again, which random_search must be able to read.",
)
def narrow_loses_the_scale(space, results, keep):
    return {name: entry[1:] for name, entry in _span(space, _best(results, keep)).items()}


@misconception(
    of="narrow",
    says="All scales become linear.",
    hint="A learning rate is still a matter of factors. Where does the old scale go?",
)
def narrow_makes_all_linear(space, results, keep):
    return {name: ("linear", *entry[1:]) for name, entry in _span(space, _best(results, keep)).items()}


@misconception(
    of="narrow",
    says="One run too few is kept.",
    hint="Which entries does a slice up to keep - 1 hold?",
)
def narrow_keeps_one_too_few(space, results, keep):
    return _span(space, _best(results, keep - 1))


@misconception(
    of="narrow",
    says="One run too many is kept.",
    hint="Which entries does a slice up to keep + 1 hold?",
)
def narrow_keeps_one_too_many(space, results, keep):
    return _span(space, _best(results, keep + 1))


@misconception(
    of="narrow",
    says="Always the best five are kept; keep is not used.",
    hint="What should change when keep does?",
)
def narrow_keeps_five(space, results, keep):
    return _span(space, _best(results, 5))


@misconception(
    of="narrow",
    says="The new ends are those of the best and of the last kept run, not the smallest and largest values.",
    hint="Does the run with the best score also have the smallest rate? Look at the third of the best, too.",
)
def narrow_spans_best_and_last(space, results, keep):
    best = _best(results, keep)
    ends = {name: sorted((best[0][0][name], best[-1][0][name])) for name in space}
    return {name: (entry[0], *ends[name]) for name, entry in space.items()}


@misconception(
    of="narrow",
    says="The ends are the wrong way round: high comes before low.",
    hint="An entry is (scale, low, high).",
)
def narrow_swaps_the_ends(space, results, keep):
    return {name: (scale, high, low) for name, (scale, low, high) in _span(space, _best(results, keep)).items()}


@misconception(
    of="narrow",
    says="The ends of whole numbers become floats.",
    hint="What does float() or an array make of 16? Nobody can draw whole numbers between 16.0 and 40.0.",
)
def narrow_makes_floats(space, results, keep):
    return {n: (s, float(low), float(high)) for n, (s, low, high) in _span(space, _best(results, keep)).items()}


@misconception(
    of="narrow",
    says="The exponents of a log range are returned instead of its ends.",
    hint='A space holds the values themselves: ("log", 0.02, 0.1). Its reader takes the logarithm.',
)
def narrow_returns_exponents(space, results, keep):
    found = _span(space, _best(results, keep))
    return {n: (s, np.log10(a), np.log10(b)) if s == "log" else (s, a, b) for n, (s, a, b) in found.items()}


@misconception(
    of="narrow",
    says="The old range is halved around the best run; the other good runs play no part.",
    hint="The ends of the new range are values that were tried. Which ones?",
)
def narrow_halves_around_the_best(space, results, keep):
    best = _best(results, keep)[0][0]
    return {n: (s, best[n] - (high - low) / 4, best[n] + (high - low) / 4) for n, (s, low, high) in space.items()}


@misconception(
    of="narrow",
    says="The new range holds only the best run's value.",
    hint="One value leaves nothing to search. How many runs span the range?",
)
def narrow_to_the_best_alone(space, results, keep):
    return _span(space, _best(results, 1))


@misconception(
    of="narrow",
    says="The ranges are mean plus and minus standard deviation of the best values.",
    hint="The ends asked for are the smallest and the largest value among the best.",
)
def narrow_by_mean_and_spread(space, results, keep):
    columns = {name: np.array([config[name] for config, _ in _best(results, keep)]) for name in space}
    return {
        n: (entry[0], columns[n].mean() - columns[n].std(), columns[n].mean() + columns[n].std())
        for n, entry in space.items()
    }


@misconception(
    of="narrow",
    says="The new ranges are widened beyond the best values.",
    hint="The ends asked for are values that were tried. A margin can be put on afterwards.",
)
def narrow_widens_by_a_tenth(space, results, keep):
    return {n: (s, 0.9 * low, 1.1 * high) for n, (s, low, high) in _span(space, _best(results, keep)).items()}


@misconception(
    of="narrow",
    says="The space that came in is changed.",
    hint="The old ranges are needed to see whether the best lies at their edge. Make a new dict.",
)
def narrow_changes_the_space(space, results, keep):
    for name, entry in _span(space, _best(results, keep)).items():
        space[name] = entry
    return space


@misconception(
    of="narrow",
    says="The list of results that came in is sorted in place.",
    hint="results.sort() works on the caller's list. Which function gives a new one?",
)
def narrow_sorts_in_place(space, results, keep):
    results.sort(key=lambda run: (np.isnan(run[1]), -run[1]))
    return _span(space, results[:keep])


@misconception(
    of="narrow",
    says="The loop goes over the names of a configuration, which may have more than the space.",
    hint="Which of the two dicts says what is searched?",
)
def narrow_goes_over_the_configuration(space, results, keep):
    best = _best(results, keep)
    found = {}
    for name in best[0][0]:
        values = [config[name] for config, _ in best]
        found[name] = (space[name][0], min(values), max(values))
    return found


@misconception(
    of="narrow",
    says="A list is returned, so that the names are lost.",
    hint="The result is a space again: a dict by name.",
)
def narrow_returns_a_list(space, results, keep):
    return list(_span(space, _best(results, keep)).values())


@misconception(
    of="narrow",
    says="The best configurations are returned, not the space that they span.",
    hint="What does random_search take as its space?",
)
def narrow_returns_the_best_runs(space, results, keep):
    return _best(results, keep)


@misconception(
    of="narrow",
    says="Runs are looked up by their score, so that of several runs with one score only one is left.",
    hint="What happens in a dict when two runs have the same score?",
)
def narrow_looks_up_by_score(space, results, keep):
    by_score = {score: config for config, score in results if not math.isnan(score)}
    best = [by_score[score] for score in sorted(by_score, reverse=True)[:keep]]
    return {
        name: (scale, min(config[name] for config in best), max(config[name] for config in best))
        for name, (scale, _, _) in space.items()
    }


@misconception(
    of="narrow",
    says="Runs with the score nan are thrown out only after the best were chosen, where they took the place of others.",
    hint="How many runs are left when one of the chosen has no score? Throw them out first.",
)
def narrow_drops_nan_too_late(space, results, keep):
    ordered = sorted(results, key=lambda result: -result[1])[:keep]
    best = [config for config, score in ordered if not math.isnan(score)]
    return {
        name: (scale, min(config[name] for config in best), max(config[name] for config in best))
        for name, (scale, _, _) in space.items()
    }
