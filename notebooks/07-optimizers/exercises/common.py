"""What the exercises of 07-optimizers share.

What a step function keeps in its state is the student's business: a state "from earlier" is made by the student's own
steps, and nothing here looks inside one. Weights are compared with those of nnlib after every step, but only when all
steps of a test are taken, so that a diagnosis has them all to go by.
"""

import copy

import numpy as np

import nnlib as reference
from grader.authoring import mistake, slip
from nnlib.checks import assert_close, require

TINY = 1e-6

# ---------------------------------------------------------------- averages


def series(result, length):
    """Take a list of numbers for an array; anything else is compared as it came."""
    if isinstance(result, list | tuple) and len(result) == length:
        return np.asarray(result)
    return result


def averages_agree(student, name, values, beta, what="the averages"):
    got = series(getattr(student, name)(values.copy(), beta), len(values))
    assert_close(got, getattr(reference, name)(values.astype(float), beta), what=what)


def without_memory(student, rng, name):
    """With beta = 0 the averages are the values, with a small beta nearly."""
    values = rng.normal(size=9)
    averages_agree(student, name, values, 0.15, what="the averages with beta = 0.15")
    assert_close(series(getattr(student, name)(values.copy(), 0.0), 9), values, what="the averages with beta = 0")


def of_whole_numbers(student, name):
    """Averages of whole numbers keep their fractions."""
    averages_agree(student, name, np.array([7, -3, 12, 5, 5, 0]), 0.6, what="the averages of whole numbers")


AVERAGES = [without_memory, of_whole_numbers]

# ---------------------------------------------------------------- steps


def pair(result):
    fits = isinstance(result, list | tuple) and len(result) == 2
    require(fits, "A step must return a pair: the new w, and the state for the next step.")
    return result[0], result[1]


def right(name):
    """The step of nnlib, which gets other copies than those that are looked at."""

    def call(w, dw, state, *settings):
        return getattr(reference, name)(copy.deepcopy(w), copy.deepcopy(dw), state, *settings)

    return call


def follow(step, w, gradients, settings, state=None, rates=None):
    """Take a step for each gradient; returns the weights after each, and the last state."""
    state, path = {} if state is None else state, []
    for number, dw in enumerate(gradients):
        lr = settings[0] if rates is None else rates[number]
        w, state = pair(step(copy.deepcopy(w), copy.deepcopy(dw), state, lr, *settings[1:]))
        w = np.asarray(w) if isinstance(w, int | float | np.generic) else w  # a 0-d array comes back as a number
        path.append(copy.deepcopy(w))
    return path, state


def step_lengths(step, gradients, settings):
    """Follow a single weight from 0; returns its steps, sign included."""
    path, _ = follow(step, np.zeros(1), gradients, settings)
    return np.diff(np.concatenate([[0.0], np.ravel(path)]))


def compare(got, expected, what="the weights"):
    # A millionth of a usual step is no mistake: eps of 1e-8 beside a root or under it differs by as much.
    for number, (mine, theirs) in enumerate(zip(got, expected, strict=True), start=1):
        assert_close(mine, theirs, atol=TINY, what=f"{what} after step {number}")


def agrees(student, name, w, gradients, settings, rates=None):
    """The student's weights are those of nnlib after every step."""
    expected, _ = follow(right(name), w.copy(), gradients, settings, rates=rates)
    got, _ = follow(getattr(student, name), w, gradients, settings, rates=rates)
    compare(got, expected)


def changing_gradients(rng, shape, count=6):
    """Gradients that differ in size and sign from step to step, and from entry to entry; none is nearly zero."""
    gradients = []
    for size in [1.0, 0.3, 2.5, 0.8, 1.7, 0.1, 3.0, 0.6][:count]:
        dw = rng.normal(size=shape) + 0.4
        gradients.append(np.asarray(size * np.sign(dw) * (0.3 + np.abs(dw))))
    return gradients


def steps_agree(student, name, rng, settings, shape=(3,), count=6, rates=None):
    w = np.asarray(rng.normal(size=shape))
    agrees(student, name, w, changing_gradients(rng, shape, count), settings, rates)


def as_it_is(gradient):
    return gradient


def shapes(student, rng, name, settings, wrap=as_it_is):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    for shape in [(150,), (3, 3), (2, 5), (2, 3, 2), (1,), ()]:
        w = np.asarray(rng.normal(size=shape))
        agrees(student, name, w, [wrap(dw) for dw in changing_gradients(rng, shape, 4)], settings)


def from_a_state(student, rng, name, settings, wrap=as_it_is):
    """One can go on from a state, a dict, twice and in different ways, and an empty one starts afresh."""
    # a state kept elsewhere than in the dict shows
    step, w = getattr(student, name), rng.normal(size=(3, 2))
    before = [wrap(dw) for dw in changing_gradients(rng, (3, 2), 4)]
    path, state = follow(step, w, before, settings)
    right_path, right_state = follow(right(name), w.copy(), before, settings)
    compare(path, right_path)
    require(isinstance(state, dict), "The state that is returned must be a dict.")
    for way in ("the first way on", "another way on from the same state"):
        more = [wrap(dw) for dw in changing_gradients(rng, (3, 2), 5)]
        expected, _ = follow(right(name), right_path[-1], more, settings, right_state)
        got, _ = follow(step, copy.deepcopy(path[-1]), more, settings, copy.deepcopy(state))
        compare(got, expected, what=f"{way}: the weights")
    again, _ = follow(step, w, before, settings)
    compare(again, right_path, what="from an empty state once more: the weights")


def two_parameters(student, rng, name, settings, wrap=as_it_is):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    step = getattr(student, name)
    for two in [((4,), (4,)), ((2, 3), (3,))]:
        weights = [rng.normal(size=shape) for shape in two]
        gradients = [[wrap(dw) for dw in changing_gradients(rng, shape, 5)] for shape in two]
        expected = [follow(right(name), w.copy(), its, settings)[0] for w, its in zip(weights, gradients, strict=True)]
        states, paths = [{}, {}], [[], []]
        for turn in zip(*gradients, strict=True):
            for i, dw in enumerate(turn):
                weights[i], states[i] = pair(step(weights[i], dw, states[i], *settings))
                paths[i].append(copy.deepcopy(weights[i]))
        for i in range(2):
            compare(paths[i], expected[i], what=f"parameter {i + 1} of two that take turns,")


RATES = [0.1, 0.02, 0.3, 0.3, 0.05]


def when_the_rate_changes(student, rng, name, settings):
    """The rate of the present step scales the whole step, whatever earlier gradients have left."""
    steps_agree(student, name, rng, settings, count=5, rates=RATES)


def treats_entries_apart(student, rng, name, settings):
    """Every entry has a memory of its own: entries of very different scale move alike."""
    scale = np.array([1.0, 10.0, 1e3, 1e5])
    agrees(student, name, np.zeros(4), [scale * dw for dw in changing_gradients(rng, (), 5)], settings)


def without_a_gradient(student, name, settings):
    """A weight whose gradients have all been zero stays, and does not become nan."""
    gradients = [np.array([0.0, size, 0.0]) for size in (0.7, -1.1, 0.4, 2.0)]
    path, _ = follow(getattr(student, name), np.array([1.5, -2.0, 0.25]), gradients, settings)
    for number, w in enumerate(path, start=1):
        require(np.shape(w) == (3,), "The new w must have the shape of w.")
        assert_close(w[[0, 2]], np.array([1.5, 0.25]), what=f"weights without a gradient, after step {number}")
    require(abs(path[-1][1] + 2.0) > 1e-3, "The weight that has a gradient must move.")


# Properties; a row has the exercise's name, its settings, and for Nesterov what makes a function of a gradient.
EVERY_STEP = [shapes, from_a_state, two_parameters]
WITH_MEMORY = [*EVERY_STEP, when_the_rate_changes]
ADAPTIVE = [*WITH_MEMORY, treats_entries_apart, without_a_gradient]


def either_epsilon(student, name, inside, rng, settings):
    """Accept epsilon beside the root or under it (``inside``), the same throughout."""
    w = rng.normal(size=4)
    gradients = [dw * np.array([1.0, 0.1, 0.01, 3.0]) for dw in changing_gradients(rng, (4,))]
    under, _ = follow(inside, w.copy(), gradients, settings)
    beside, _ = follow(right(name), w.copy(), gradients, settings)
    got, _ = follow(getattr(student, name), w, gradients, settings)
    try:
        compare(got, under)
    except AssertionError:
        compare(got, beside)


# ---------------------------------------------------------------- mistakes

ARRAY_IN_THE_STATE = (
    "An array in the state that was passed in is changed in place.",
    "*= and += write into the array that the last state holds. Which expressions make a new array?",
)
RATE_INSIDE = (
    "The rate is mixed into the velocity, so a changed rate does not reach the gradients already in it.",
    "Suppose the rate drops to zero for one step. Should the weights still move?",
)
RATE_AGAIN = (
    "The step, rate included, is kept as the velocity, so the rate is applied to old gradients again and again.",
    "By which power of the rate is the first gradient scaled in your third step?",
)
FIRST_FORGOTTEN = (
    "The first step leaves no velocity behind: what is kept after it is still zero.",
    "Which velocity has the first step used? The second step must find just that.",
)
SHARES_SWAPPED = "With β = 0.9, which should count more: the average so far or the new {}?"
CUT_OFF = (
    "The averages are kept as whole numbers, which cuts their fractions off.",
    "What is the dtype of zeros_like of an array of whole numbers?",
)


def no_memory(what, *edits):
    """Nothing goes from one step to the next."""
    return mistake(f"The {what} is created anew in every step, never reaches the state that is returned, "
                   "or has no part in the step, "
                   "so nothing is remembered.",
                   "Where do you read what the last step left in the state, and what does the next one find in yours?",
                   *edits)


def fixed(name, value, *edits):
    """A setting's default is used whatever is passed."""
    return mistake(f"{value} is used whatever {name} is passed.", f"Does your result change with {name}?", *edits)


def another_default(name, value, *others):
    """Nothing is wrong with the formula, only with what is used where nothing is passed."""
    return mistake(f"Without a {name} it is not {value}, which the signature in the notebook has.",
                   "Compare your first line with the one in the notebook, number by number.",
                   *({f"{name}={value}": f"{name}={other}"} for other in others))


def of_every_step(step, *kept, sign="-"):
    """What goes wrong in every step function whose solution ends in ``return w - step, {"kept": kept}``."""
    state = "{" + ", ".join(f'"{name}": {name}' for name in kept) + "}"
    stored = f"state.update({', '.join(f'{name}={name}' for name in kept)})\n    "
    end = f"return w {sign} {step}, {state}"
    return [
        slip("writes_into_input", {end: f"w {sign}= {step}\n    return w, {state}"}, what="w"),
        mistake("The state that was passed in is changed.",
                "Could one take a second, different step from the same state? Build a new dict, and new arrays in it.",
                {end: f"{stored}return w {sign} {step}, state"},
                {f'state.get("{name}", 0.0)': f'state.setdefault("{name}", np.zeros_like(w))'
                 for name in kept if name != "t"}),
        mistake("Everything is changed in place: the state that was passed in, and w as well.",
                "Could one take a second, different step from the same place? "
                "Make a new dict, new arrays in it, and a new w.",
                {end: f"{stored}w {sign}= {step}\n    return w, state"}),
        mistake("The change is returned, not the changed weights.",
                "What is left to do after computing the step?",
                {end: f"return {sign}{step}, {state}"}),
    ]


def about_eps(above, root):
    """What goes wrong with eps in ``above / (root + eps)``."""
    quotient = f"{above} / ({root} + eps)"
    return [
        mistake("Without eps a weight that has never had a gradient becomes nan: 0/0.",
                "What is the quotient where all gradients so far were zero?",
                {quotient: f"{above} / {root}"}),
        fixed("eps", "1e-8", {"+ eps": "+ 1e-8"}),
        mistake("eps is added to the quotient instead of to its denominator: brackets are misplaced.",
                "eps is there against division by zero. Does yours stand in the divisor?",
                {quotient: f"({above} / {root} + eps)"},
                {f"lr * {quotient}": f"(lr * {above} / {root} + eps)"},
                {f"lr * {quotient}": f"lr * {above} / {root} + eps"}),
    ]


def of_dividing(name, what):
    """What goes wrong in AdaGrad and RMSProp, which divide by the root of ``name``, a sum or an average of squares."""
    quotient = f"dw / (np.sqrt({name}) + eps)"
    return [
        slip("uphill", {"w - lr": "w + lr"}),
        *of_every_step(f"lr * {quotient}", name),
        *about_eps("dw", f"np.sqrt({name})"),
        mistake(f"eps is added to the {what} that is kept, so it piles up from step to step.",
                "How often should eps be in the divisor after a hundred steps?",
                {"dw**2": "dw**2 + eps", quotient: f"dw / np.sqrt({name})"}),
        one_for_all(name, what, "sum" if what == "sum" else "mean"),
        mistake(f"The step is divided by the {what} from before, which is zero at first.",
                "In which order do the two lines of the formula stand?",
                {f"np.sqrt({name})": f'np.sqrt(state.get("{name}", 0.0))'}),
        mistake("The rate is divided by the root, but the gradient is left out of the step.",
                "Your step has the same sign for all gradients. What says where down is?",
                {"lr * dw /": "lr /"}),
        mistake(f"The root is kept in the state, so that the next square meets a root and not the {what} of squares.",
                f"Which of the two goes on to the next step: the {what} of squares or its root?",
                {f'"{name}": {name}': f'"{name}": np.sqrt({name})'}),
        mistake(f"The rate is mixed into the {what} and cancels: the steps do not depend on it any more.",
                "Double the rate. Do your steps double?",
                {"dw**2": "(lr * dw) ** 2"}),
    ]


def one_for_all(name, what, function):
    """The entries share a memory."""
    return mistake(f"One {what} of squares over all entries is kept, so all weights share one rate.",
                   f"What is the shape of {name}? Each weight needs its own {what}.",
                   {"dw**2": f"np.{function}(dw**2)"})
