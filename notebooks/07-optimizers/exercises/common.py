"""What the exercises of 07-optimizers share.

Hidden tests of 07-optimizers.

What a step function keeps in its state is the student's business: a state "from earlier" is made by the student's own
steps, and nothing here looks inside one. Weights are compared after every step with those of nnlib.
Every test of several steps has gradients that change in size and sign.
All steps of a test are taken before the first is compared, so that a diagnosis has them all to go by.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import copy

import numpy as np

import nnlib as reference
from nnlib.checks import assert_close, assert_unchanged, require

TINY = 1e-6


def _series(result, length):
    """Take a list of numbers for an array; anything else is compared as it came."""
    if isinstance(result, list | tuple) and len(result) == length:
        return np.asarray(result)
    return result


def _average(student, name, values, beta, what="the averages"):
    got = _series(getattr(student, name)(values.copy(), beta), len(values))
    assert_close(got, getattr(reference, name)(values.astype(float), beta), what=what)


def _leaves_values_alone(student, name, values, beta):
    before = values.copy()
    got = _series(getattr(student, name)(values, beta), len(values))
    assert_unchanged(values, before, what="values")
    assert_close(got, getattr(reference, name)(before, beta), what="the averages")


def _pair(result):
    fits = isinstance(result, list | tuple) and len(result) == 2
    require(fits, "A step must return a pair: the new w, and the state for the next step.")
    return result[0], result[1]


def _own(step):
    """Give a step of the library other copies than those that are looked at."""

    def call(w, dw, state, *settings, **named):
        return step(copy.deepcopy(w), copy.deepcopy(dw), state, *settings, **named)

    return call


def _follow(step, w, gradients, settings, state=None, rates=None):
    """Take a step for each gradient; returns the weights after each, and the last state."""
    state, path = {} if state is None else state, []
    for number, dw in enumerate(gradients):
        lr = settings[0] if rates is None else rates[number]
        w, state = _pair(step(copy.deepcopy(w), copy.deepcopy(dw), state, lr, *settings[1:]))
        w = np.asarray(w) if isinstance(w, int | float | np.generic) else w  # a 0-d array comes back as a number
        path.append(copy.deepcopy(w))
    return path, state


def _compare(got, expected, what="the weights"):
    # A millionth of a usual step is no mistake: eps of 1e-8 beside a root or under it differs by as much.
    for number, (mine, right) in enumerate(zip(got, expected, strict=True), start=1):
        assert_close(mine, right, atol=TINY, what=f"{what} after step {number}")


def _gradients(rng, shape, count=6):
    """Gradients that differ in size and sign from step to step, and from entry to entry; none is nearly zero."""
    gradients = []
    for size in [1.0, 0.3, 2.5, 0.8, 1.7, 0.1, 3.0, 0.6][:count]:
        dw = rng.normal(size=shape) + 0.4
        gradients.append(np.asarray(size * np.sign(dw) * (0.3 + np.abs(dw))))
    return gradients


def _steps(student, name, rng, settings, shape=(3,), count=6, **named):
    w, gradients = np.asarray(rng.normal(size=shape)), _gradients(rng, shape, count)
    expected, _ = _follow(_own(getattr(reference, name)), w.copy(), gradients, settings, **named)
    got, _ = _follow(getattr(student, name), w, gradients, settings, **named)
    _compare(got, expected)


def _shapes(student, name, rng, settings):
    for shape in [(150,), (3, 3), (2, 5), (2, 3, 2), (1,), ()]:
        _steps(student, name, rng, settings, shape, count=4)


def _defaults(student, name, rng, lr):
    """Call without the settings that have defaults."""
    _steps(student, name, rng, (lr,), (2, 3))


def _two_parameters(student, name, rng, settings, wrap=lambda gradient: gradient):
    """Steps of two parameters take turns; once they have different shapes, once the same."""
    step, right = getattr(student, name), _own(getattr(reference, name))
    for shapes in [((4,), (4,)), ((2, 3), (3,))]:
        weights = [rng.normal(size=shape) for shape in shapes]
        gradients = [_gradients(rng, shape, 5) for shape in shapes]
        expected = [
            _follow(right, w.copy(), [wrap(dw) for dw in its], settings)[0]
            for w, its in zip(weights, gradients, strict=True)
        ]
        states, paths = [{}, {}], [[], []]
        for number in range(5):
            for i in range(2):
                dw = wrap(gradients[i][number])
                weights[i], states[i] = _pair(step(weights[i], dw, states[i], *settings))
                paths[i].append(copy.deepcopy(weights[i]))
        for i in range(2):
            _compare(paths[i], expected[i], what=f"parameter {i + 1} of two that take turns,")


def _from_a_state(student, name, rng, settings, wrap=lambda gradient: gradient):
    """Go on twice from one state, with other gradients; a state kept elsewhere than in the dict shows."""
    step, right = getattr(student, name), _own(getattr(reference, name))
    w = rng.normal(size=(3, 2))
    before = [wrap(dw) for dw in _gradients(rng, (3, 2), 4)]
    path, state = _follow(step, w, before, settings)
    right_path, right_state = _follow(right, w.copy(), before, settings)
    _compare(path, right_path)
    for name_of_branch in ("the first way on", "another way on from the same state"):
        more = [wrap(dw) for dw in _gradients(rng, (3, 2), 5)]
        expected, _ = _follow(right, right_path[-1], more, settings, right_state)
        got, _ = _follow(step, copy.deepcopy(path[-1]), more, settings, copy.deepcopy(state))
        _compare(got, expected, what=f"{name_of_branch}: the weights")
    again, _ = _follow(step, w, before, settings)
    _compare(again, right_path, what="from an empty state once more: the weights")


def _to_compare(state):
    """Plain data as it is; of anything else that students keep only the type can be seen from here."""
    if isinstance(state, dict):
        return {str(name): _to_compare(value) for name, value in state.items()}
    if isinstance(state, list | tuple):
        return [_to_compare(value) for value in state]
    plain = state is None or isinstance(state, np.ndarray | int | float | str | np.generic)
    return state if plain else type(state).__name__


def _leaves_inputs_alone(student, name, rng, settings, wrap=lambda gradient: gradient):
    """Compare everything that was passed with a copy made before, at the first step and at later ones."""
    step = getattr(student, name)
    w, state = rng.normal(size=(2, 3)), {}
    for dw in _gradients(rng, (2, 3), 4):
        before = copy.deepcopy((w, dw, state))
        result = step(w, wrap(dw), state, *settings)
        assert_unchanged(w, before[0], what="w")
        assert_unchanged(dw, before[1], what="dw")
        assert_unchanged(_to_compare(state), _to_compare(before[2]), what="the state")
        w, state = _pair(result)
        require(isinstance(state, dict), "The state that is returned must be a dict.")


def _rate_may_change(student, name, rng, settings):
    _steps(student, name, rng, settings, (3,), count=5, rates=[0.1, 0.02, 0.3, 0.3, 0.05])


def _either_epsilon(student, name, inside, rng, settings):
    """Accept epsilon beside the root or under it, the same throughout."""
    gradients = _gradients(rng, (4,), 6)
    gradients = [dw * np.array([1.0, 0.1, 0.01, 3.0]) for dw in gradients]
    w = rng.normal(size=4)
    beside, _ = _follow(_own(getattr(reference, name)), w.copy(), gradients, settings)
    under, _ = _follow(inside, w.copy(), gradients, settings)
    got, _ = _follow(getattr(student, name), w, gradients, settings)
    try:
        _compare(got, under)
    except AssertionError:
        _compare(got, beside)


def _zero_gradient(student, name, settings):
    """Entries whose gradients were always zero stay where they are."""
    step = getattr(student, name)
    w, state = np.array([1.5, -2.0, 0.25]), {}
    path, _ = _follow(step, w, [np.array([0.0, size, 0.0]) for size in (0.7, -1.1, 0.4, 2.0)], settings, state)
    for number, w in enumerate(path, start=1):
        require(np.shape(w) == (3,), "The new w must have the shape of w.")
        assert_close(w[[0, 2]], np.array([1.5, 0.25]), what=f"weights without a gradient, after step {number}")
    require(abs(path[-1][1] + 2.0) > 1e-3, "The weight that has a gradient must move.")
