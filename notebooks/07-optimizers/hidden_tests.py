"""Hidden tests of 07-optimizers.

What a step function keeps in its state is the student's business: a state "from earlier" is made by the student's own
steps, and nothing here looks inside one. Weights are compared after every step with those of nnlib.
Every test of several steps has gradients that change in size and sign.
All steps of a test are taken before the first is compared, so that a diagnosis has them all to go by.
Functions are given copies, but for the one test an exercise that looks at what became of its inputs.
"""

import copy

import numpy as np

import nnlib as reference
from grader.authoring import easy
from nnlib.checks import assert_close, assert_unchanged, require

TINY = 1e-6

# ---------------------------------------------------------------- averages


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


def test_ewa_follows_the_recursion(student, rng):
    """Each average is beta times the last plus (1 - beta) times the new value, starting from zero."""
    for length, beta in [(12, 0.9), (7, 0.3), (40, 0.98), (200, 0.95)]:
        _average(student, "ewa", rng.normal(size=length) * 3 + 1, beta, what=f"the averages with beta = {beta}")


def test_ewa_starts_from_zero(student):
    """The first average is (1 - beta) times the first value, and it is the only one of a series of one."""
    for beta in (0.4, 0.8, 0.95):
        got = _series(student.ewa(np.array([30.0, -8.0, 11.0]), beta), 3)
        require(np.shape(got) == (3,), "There must be one average a value.")
        assert_close(got[0], (1 - beta) * 30, what=f"the first average with beta = {beta}")
    assert_close(_series(student.ewa(np.array([30.0]), 0.8), 1), np.array([6.0]), what="the average of one value")


def test_ewa_weighs_old_values_less(student):
    """A value's weight is (1 - beta) at first and falls by the factor beta a step."""
    spike = np.zeros(20)
    spike[3] = 1.0
    expected = np.concatenate([np.zeros(3), 0.2 * 0.8 ** np.arange(17)])
    assert_close(_series(student.ewa(spike.copy(), 0.8), 20), expected, what="the weights of a single 1")


def test_ewa_of_a_constant_series_approaches_it(student):
    """A constant series is reached from below, as 1 - beta^t."""
    got = _series(student.ewa(np.append(np.zeros(3), np.ones(9)), 0.7), 12)
    expected = np.append(np.zeros(3), 1 - 0.7 ** np.arange(1, 10))
    assert_close(got, expected, what="the averages of a series of zeros and then ones")
    got = _series(student.ewa(np.full(30, -4.0), 0.7), 30)
    assert_close(got, -4.0 * (1 - 0.7 ** np.arange(1, 31)), what="the averages of a constant series")


def test_ewa_without_memory(student, rng):
    """With beta = 0 the averages are the values, with a small beta nearly."""
    values = rng.normal(size=9)
    _average(student, "ewa", values, 0.15, what="the averages with beta = 0.15")
    assert_close(_series(student.ewa(values.copy(), 0.0), 9), values, what="the averages with beta = 0")


def test_ewa_of_whole_numbers(student):
    """Averages of whole numbers keep their fractions."""
    _average(student, "ewa", np.array([7, -3, 12, 5, 5, 0]), 0.6, what="the averages of whole numbers")


def test_ewa_leaves_the_values_alone(student, rng):
    """The values stay as they came."""
    _leaves_values_alone(student, "ewa", rng.normal(size=8), 0.7)


def test_ewa_corrected_is_a_weighted_mean(student, rng):
    """The weights of the values so far add up to 1 at every step."""
    for length, beta in [(12, 0.9), (7, 0.3), (40, 0.98), (200, 0.95)]:
        what = f"the corrected averages with beta = {beta}"
        _average(student, "ewa_corrected", rng.normal(size=length) * 3 + 1, beta, what=what)


@easy
def test_ewa_corrected_of_a_constant_series(student):
    """A constant series stays what it is from the first value on."""
    for beta in (0.5, 0.98):
        got = _series(student.ewa_corrected(np.full(25, -6.5), beta), 25)
        assert_close(got, np.full(25, -6.5), what=f"the corrected averages of a constant series, beta = {beta}")


def test_ewa_corrected_begins_with_the_first_value(student):
    """The first corrected average is the first value, and it is the only one of a series of one."""
    got = _series(student.ewa_corrected(np.array([-3.0, 5.0, 2.0]), 0.6), 3)
    expected = [-3.0, (0.24 * -3 + 0.4 * 5) / 0.64, (0.144 * -3 + 0.24 * 5 + 0.4 * 2) / 0.784]
    assert_close(got, np.array(expected), what="the corrected averages of three values")
    got = _series(student.ewa_corrected(np.array([12.5]), 0.98), 1)
    assert_close(got, np.array([12.5]), what="the corrected average of one value")


def test_ewa_corrected_fades_away(student, rng):
    """After many values the correction changes nothing any more."""
    values = rng.normal(size=300) + 5
    got = _series(student.ewa_corrected(values.copy(), 0.8), 300)
    plain = reference.ewa(values, 0.8)
    require(np.shape(got) == (300,), "There must be one average a value.")
    assert_close(got[200:], plain[200:], what="the late averages")
    require(abs(got[0] - plain[0]) > 1, "The first average must be corrected.")


def test_ewa_corrected_without_memory(student, rng):
    """With beta = 0 the averages are the values, with a small beta nearly."""
    values = rng.normal(size=6)
    _average(student, "ewa_corrected", values, 0.1, what="the averages with beta = 0.1")
    assert_close(_series(student.ewa_corrected(values.copy(), 0.0), 6), values, what="the averages with beta = 0")


def test_ewa_corrected_of_whole_numbers(student):
    """Averages of whole numbers keep their fractions."""
    _average(student, "ewa_corrected", np.array([7, -3, 12, 5, 5, 0]), 0.6, what="the averages of whole numbers")


def test_ewa_corrected_leaves_the_values_alone(student, rng):
    """The values stay as they came."""
    _leaves_values_alone(student, "ewa_corrected", rng.normal(size=8), 0.7)


# ---------------------------------------------------------------- steps


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


# ---------------------------------------------------------------- momentum_step


def test_momentum_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state go where the average of the gradients leads."""
    for settings in [(0.17, 0.9), (0.5, 0.3), (0.05, 0.75)]:
        _steps(student, "momentum_step", rng, settings)


def test_momentum_step_first_step(student):
    """The velocity starts at zero, so the first step is lr * (1 - beta) * dw."""
    gradients = [np.array([4.0, 0.5]), np.array([-1.0, 3.0]), np.array([0.7, -0.2])]
    path, _ = _follow(student.momentum_step, np.array([1.0, -2.0]), gradients, (0.3, 0.8))
    assert_close(path[0], np.array([1.0 - 0.24, -2.0 - 0.03]), what="the weights after the first step")


def test_momentum_step_long_run(student):
    """Under a constant gradient the step approaches lr times the gradient."""
    path, _ = _follow(student.momentum_step, np.zeros(2), [np.array([2.0, -1.0])] * 60, (0.1, 0.7))
    assert_close(path[-1] - path[-2], np.array([-0.2, 0.1]), rtol=1e-4, what="the late step")


def test_momentum_step_rolls_on(student):
    """Where the gradient has become zero the weights go on, each step beta times the last."""
    gradients = [np.array([3.0]), *[np.zeros(1)] * 4]
    path, _ = _follow(student.momentum_step, np.zeros(1), gradients, (1.0, 0.6))
    steps = np.diff(np.concatenate([[0.0], np.ravel(path)]))
    assert_close(steps, -1.2 * 0.6 ** np.arange(5), what="the steps after a single gradient")


def test_momentum_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "momentum_step", rng, (0.1, 0.8))


def test_momentum_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "momentum_step", rng, (0.1, 0.8))


def test_momentum_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "momentum_step", rng, (0.1, 0.85))


@easy
def test_momentum_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "momentum_step", rng, (0.1, 0.8))


def test_momentum_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the whole step, also what comes from earlier gradients."""
    _rate_may_change(student, "momentum_step", rng, (0.1, 0.8))


def test_momentum_step_defaults(student, rng):
    """Without a beta it is 0.9."""
    _defaults(student, "momentum_step", rng, 0.3)


# ---------------------------------------------------------------- classic_momentum_step


def test_classic_momentum_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state go where the fading sum of the gradients leads."""
    for settings in [(0.1, 0.9), (0.5, 0.3), (0.05, 0.75)]:
        _steps(student, "classic_momentum_step", rng, settings)


def test_classic_momentum_step_first_step(student):
    """The first step is that of plain descent, lr * dw."""
    gradients = [np.array([4.0, 0.5]), np.array([-1.0, 3.0]), np.array([0.7, -0.2])]
    path, _ = _follow(student.classic_momentum_step, np.array([1.0, -2.0]), gradients, (0.3, 0.8))
    assert_close(path[0], np.array([-0.2, -2.15]), what="the weights after the first step")


def test_classic_momentum_step_long_run(student):
    """Under a constant gradient the step approaches lr / (1 - rho) times the gradient."""
    path, _ = _follow(student.classic_momentum_step, np.zeros(2), [np.array([2.0, -1.0])] * 60, (0.1, 0.7))
    assert_close(path[-1] - path[-2], np.array([-0.2, 0.1]) / 0.3, rtol=1e-4, what="the late step")


def test_classic_momentum_step_rolls_on(student):
    """Where the gradient has become zero the weights go on, each step rho times the last."""
    gradients = [np.array([3.0]), *[np.zeros(1)] * 4]
    path, _ = _follow(student.classic_momentum_step, np.zeros(1), gradients, (1.0, 0.6))
    steps = np.diff(np.concatenate([[0.0], np.ravel(path)]))
    assert_close(steps, -3.0 * 0.6 ** np.arange(5), what="the steps after a single gradient")


def test_classic_momentum_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "classic_momentum_step", rng, (0.1, 0.8))


def test_classic_momentum_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "classic_momentum_step", rng, (0.1, 0.8))


def test_classic_momentum_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "classic_momentum_step", rng, (0.1, 0.85))


@easy
def test_classic_momentum_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "classic_momentum_step", rng, (0.1, 0.8))


def test_classic_momentum_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the whole step, also what comes from earlier gradients."""
    _rate_may_change(student, "classic_momentum_step", rng, (0.1, 0.8))


def test_classic_momentum_step_defaults(student, rng):
    """Without a rho it is 0.9."""
    _defaults(student, "classic_momentum_step", rng, 0.03)


# ---------------------------------------------------------------- nesterov_step


def _slopes(rng, shape, count=6):
    """Gradient functions that change from step to step, as batches make them, each curved and off centre."""
    functions = []
    for _ in range(count):
        curvature, centre = rng.uniform(0.5, 3.0, size=shape), rng.normal(size=shape)

        def slope(point, curvature=curvature, centre=centre):
            return curvature * (point - centre)

        functions.append(slope)
    return functions


def _look_ahead(student, rng, settings, shape=(3,), count=6, rates=None):
    w, slopes = np.asarray(rng.normal(size=shape)), _slopes(rng, shape, count)
    expected, _ = _follow(_own(reference.nesterov_step), w.copy(), slopes, settings, rates=rates)
    got, _ = _follow(student.nesterov_step, w, slopes, settings, rates=rates)
    _compare(got, expected)


def _centred(gradient):
    """A gradient function with this gradient at zero."""

    def slope(point):
        return 0.8 * point + gradient

    return slope


def test_nesterov_step_over_several_steps(student, rng):
    """Six steps with changing gradient functions from an empty state go where looking ahead leads."""
    for settings in [(0.1, 0.9), (0.2, 0.3), (0.05, 0.75)]:
        _look_ahead(student, rng, settings)


def test_nesterov_step_asks_at_the_point_ahead(student, rng):
    """The gradient is measured at w + rho * v, where the velocity leads."""
    curvature = np.array([1.0, 4.0])
    asked = [[], [], [], []]

    def slope_of(number):
        def slope(point):
            asked[number].append(np.array(point, dtype=float))
            return curvature * point

        return slope

    w, v = np.array([1.0, -1.0]), np.zeros(2)
    path, _ = _follow(student.nesterov_step, w.copy(), [slope_of(number) for number in range(4)], (0.1, 0.7))
    for number, got in enumerate(path):
        expected = w + 0.7 * v
        require(asked[number], "dw must be called: it is a function that returns the gradient at a point.")
        where = min(asked[number], key=lambda point: np.abs(point - expected).max() if point.shape == (2,) else np.inf)
        assert_close(where, expected, what=f"the point at which step {number + 1} asks for the gradient")
        v = 0.7 * v - 0.1 * curvature * expected
        w = w + v
        assert_close(got, w, what=f"the weights after step {number + 1}")


def test_nesterov_step_first_step(student):
    """Without a velocity there is nothing to look ahead to: the first step is that of plain descent."""
    slopes = [lambda p: p**3, lambda p: p - 0.5, lambda p: 2 - p]
    path, _ = _follow(student.nesterov_step, np.array([1.0, -2.0]), slopes, (0.2, 0.8))
    assert_close(path[0], np.array([0.8, -0.4]), what="the weights after the first step")


def test_nesterov_step_on_a_slope(student):
    """On a plane, where all points have one gradient, it is classic momentum."""
    slope = np.array([2.0, -1.0])
    got, _ = _follow(student.nesterov_step, np.zeros(2), [lambda p: 0 * p + slope] * 8, (0.1, 0.6))
    expected, _ = _follow(_own(reference.classic_momentum_step), np.zeros(2), [slope] * 8, (0.1, 0.6))
    _compare(got, expected)


def test_nesterov_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    for shape in [(), (1,), (150,), (3, 3), (2, 5), (2, 3, 2)]:
        _look_ahead(student, rng, (0.1, 0.8), shape, count=4)


def test_nesterov_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "nesterov_step", rng, (0.1, 0.8), wrap=_centred)


def test_nesterov_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "nesterov_step", rng, (0.1, 0.85), wrap=_centred)


@easy
def test_nesterov_step_leaves_inputs_alone(student, rng):
    """w and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "nesterov_step", rng, (0.1, 0.8), wrap=_centred)


def test_nesterov_step_when_the_rate_changes(student, rng):
    """The rate of a step scales that step's gradient; the velocity that it finds already holds earlier rates."""
    _look_ahead(student, rng, (0.1, 0.8), count=5, rates=[0.1, 0.02, 0.3, 0.3, 0.05])


def test_nesterov_step_defaults(student, rng):
    """Without a rho it is 0.9."""
    w, slopes = rng.normal(size=(2, 3)), _slopes(rng, (2, 3))
    expected, _ = _follow(_own(reference.nesterov_step), w.copy(), slopes, (0.1, 0.9))
    got, _ = _follow(student.nesterov_step, w, slopes, (0.1,))
    _compare(got, expected)


# ---------------------------------------------------------------- adagrad_step


def _adagrad_inside(w, dw, state, lr, eps=1e-8):
    cache = state.get("cache", 0) + dw**2
    return w - lr * dw / np.sqrt(cache + eps), {"cache": cache}


def test_adagrad_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state are divided by the root of the summed squares."""
    for settings in [(0.1,), (1.5,), (0.02, 1e-8)]:
        _steps(student, "adagrad_step", rng, settings)


def test_adagrad_step_uses_eps(student, rng):
    """With eps = 0.01 its place is seen: beside the root or under it, the same at every step."""
    _either_epsilon(student, "adagrad_step", _adagrad_inside, rng, (0.1, 1e-2))


def test_adagrad_step_fades(student):
    """Under a constant gradient the steps shrink as 1/sqrt(t), and their size does not depend on the gradient's."""
    for gradient in (-40.0, 0.5):
        path, _ = _follow(student.adagrad_step, np.zeros(1), [np.array([gradient])] * 30, (0.1,))
        steps = np.diff(np.concatenate([[0.0], np.ravel(path)]))
        expected = -np.sign(gradient) * 0.1 / np.sqrt(np.arange(1, 31))
        assert_close(steps, expected, what=f"the steps under a constant gradient of {gradient}")


def test_adagrad_step_treats_entries_apart(student, rng):
    """Every entry has a sum of its own: entries of very different scale move alike."""
    w, scale = np.zeros(4), np.array([1.0, 10.0, 1e3, 1e5])
    gradients = [scale * dw for dw in _gradients(rng, (), 5)]
    path, _ = _follow(student.adagrad_step, w, gradients, (0.1,))
    expected, _ = _follow(_own(reference.adagrad_step), w.copy(), gradients, (0.1,))
    _compare(path, expected)


def test_adagrad_step_without_a_gradient(student):
    """A weight whose gradients have all been zero stays, and does not become nan."""
    _zero_gradient(student, "adagrad_step", (0.1,))


def test_adagrad_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "adagrad_step", rng, (0.3,))


def test_adagrad_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "adagrad_step", rng, (0.3,))


def test_adagrad_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "adagrad_step", rng, (0.3,))


@easy
def test_adagrad_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "adagrad_step", rng, (0.3,))


def test_adagrad_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the step."""
    _rate_may_change(student, "adagrad_step", rng, (0.1,))


# ---------------------------------------------------------------- rmsprop_step


def _rmsprop_inside(w, dw, state, lr, beta=0.9, eps=1e-8):
    s = beta * state.get("s", 0) + (1 - beta) * dw**2
    return w - lr * dw / np.sqrt(s + eps), {"s": s}


def test_rmsprop_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state are divided by the root of the averaged squares."""
    for settings in [(0.1, 0.9), (0.5, 0.3), (0.05, 0.75, 1e-8)]:
        _steps(student, "rmsprop_step", rng, settings)


def test_rmsprop_step_uses_eps(student, rng):
    """With eps = 0.01 its place is seen: beside the root or under it, the same at every step."""
    _either_epsilon(student, "rmsprop_step", _rmsprop_inside, rng, (0.1, 0.8, 1e-2))


def test_rmsprop_step_first_step(student):
    """The average starts at zero and is not corrected: the first step is lr / sqrt(1 - beta) at any scale."""
    for gradient in (2.7, -500.0):
        gradients = [np.array([size * gradient]) for size in (1.0, -0.4, 1.9)]
        path, _ = _follow(student.rmsprop_step, np.zeros(1), gradients, (0.1, 0.75))
        assert_close(path[0], np.array([-np.sign(gradient) * 0.2]), what="the weight after the first step from 0")


def test_rmsprop_step_forgets(student):
    """Under a constant gradient the steps settle at lr, also after gradients that were a thousand times larger."""
    gradients = [np.array([2000.0])] * 3 + [np.array([2.0])] * 200
    path, _ = _follow(student.rmsprop_step, np.zeros(1), gradients, (0.1, 0.8))
    assert_close(path[-1] - path[-2], np.array([-0.1]), rtol=1e-4, what="the late step")


def test_rmsprop_step_treats_entries_apart(student, rng):
    """Every entry has an average of its own: entries of very different scale move alike."""
    w, scale = np.zeros(4), np.array([1.0, 10.0, 1e3, 1e5])
    gradients = [scale * dw for dw in _gradients(rng, (), 5)]
    path, _ = _follow(student.rmsprop_step, w, gradients, (0.1, 0.8))
    expected, _ = _follow(_own(reference.rmsprop_step), w.copy(), gradients, (0.1, 0.8))
    _compare(path, expected)


def test_rmsprop_step_without_a_gradient(student):
    """A weight whose gradients have all been zero stays, and does not become nan."""
    _zero_gradient(student, "rmsprop_step", (0.1, 0.8))


def test_rmsprop_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "rmsprop_step", rng, (0.1, 0.8))


def test_rmsprop_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "rmsprop_step", rng, (0.1, 0.8))


def test_rmsprop_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state, do not disturb each other."""
    _two_parameters(student, "rmsprop_step", rng, (0.1, 0.85))


@easy
def test_rmsprop_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "rmsprop_step", rng, (0.1, 0.8))


def test_rmsprop_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the step."""
    _rate_may_change(student, "rmsprop_step", rng, (0.1, 0.8))


def test_rmsprop_step_defaults(student, rng):
    """Without a beta it is 0.9."""
    _defaults(student, "rmsprop_step", rng, 0.1)


# ---------------------------------------------------------------- adam_step


def test_adam_step_over_several_steps(student, rng):
    """Six steps with changing gradients from an empty state follow algorithm 1 of the paper."""
    for settings in [(0.1, 0.9, 0.999), (0.3, 0.3, 0.6), (0.05, 0.8, 0.7)]:
        _steps(student, "adam_step", rng, settings)


def test_adam_step_has_eps_where_the_paper_has_it(student, rng):
    """With eps = 0.01 its place is seen: beside the root of the corrected average."""
    w = rng.normal(size=4)
    gradients = [dw * np.array([1.0, 0.1, 0.01, 3.0]) for dw in _gradients(rng, (4,), 6)]
    settings = (0.1, 0.8, 0.9, 1e-2)
    expected, _ = _follow(_own(reference.adam_step), w.copy(), gradients, settings)
    got, _ = _follow(student.adam_step, w, gradients, settings)
    _compare(got, expected)


def test_adam_step_first_step_has_the_size_of_the_rate(student):
    """The first step is lr in the gradient's direction, whatever the gradient's scale."""
    w, dw = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1e-3, -0.5, 40.0, -1e6])
    path, _ = _follow(student.adam_step, w, [dw, -0.3 * dw, 1.7 * dw], (0.02,))
    assert_close(path[0], np.array([0.98, 2.02, 2.98, 4.02]), what="the weights after the first step")


def test_adam_step_corrects_at_every_step(student):
    """Under a constant gradient every step has the size lr, the first and the fiftieth."""
    path, _ = _follow(student.adam_step, np.zeros(1), [np.array([7.0])] * 50, (0.1, 0.9, 0.99))
    steps = np.diff(np.concatenate([[0.0], np.ravel(path)]))
    assert_close(steps, np.full(50, -0.1), what="the steps under a constant gradient")


def test_adam_step_rolls_on(student, rng):
    """Where the gradient has become zero the weights go on in its old direction, and less at every step."""
    gradients = [np.array([3.0, -0.2]), *[np.zeros(2)] * 5]
    expected, _ = _follow(_own(reference.adam_step), np.zeros(2), gradients, (0.1, 0.8, 0.95))
    got, _ = _follow(student.adam_step, np.zeros(2), gradients, (0.1, 0.8, 0.95))
    _compare(got, expected)


def test_adam_step_treats_entries_apart(student, rng):
    """Every entry has averages of its own: entries of very different scale move alike."""
    w, scale = np.zeros(4), np.array([1.0, 10.0, 1e3, 1e5])
    gradients = [scale * dw for dw in _gradients(rng, (), 5)]
    path, _ = _follow(student.adam_step, w, gradients, (0.1, 0.8, 0.9))
    expected, _ = _follow(_own(reference.adam_step), w.copy(), gradients, (0.1, 0.8, 0.9))
    _compare(path, expected)


def test_adam_step_without_a_gradient(student):
    """A weight whose gradients have all been zero stays, and does not become nan."""
    _zero_gradient(student, "adam_step", (0.1,))


def test_adam_step_shapes(student, rng):
    """Numbers, vectors, matrices and larger arrays are updated alike."""
    _shapes(student, "adam_step", rng, (0.1, 0.8, 0.9))


def test_adam_step_from_a_state(student, rng):
    """A state can be gone on from, twice and in different ways, and an empty one starts afresh."""
    _from_a_state(student, "adam_step", rng, (0.1, 0.8, 0.9))


def test_adam_step_two_parameters(student, rng):
    """Two parameters that take turns, each with its state and its count of steps, do not disturb each other."""
    _two_parameters(student, "adam_step", rng, (0.1, 0.85, 0.95))


@easy
def test_adam_step_leaves_inputs_alone(student, rng):
    """w, dw and the state stay as they were, and a dict is returned."""
    _leaves_inputs_alone(student, "adam_step", rng, (0.1, 0.8, 0.9))


def test_adam_step_when_the_rate_changes(student, rng):
    """The rate of the present step scales the whole step, also what comes from earlier gradients."""
    _rate_may_change(student, "adam_step", rng, (0.1, 0.8, 0.9))


def test_adam_step_defaults(student, rng):
    """Without further settings they are 0.9, 0.999 and 1e-8."""
    _defaults(student, "adam_step", rng, 0.1)


def test_adam_step_default_eps_is_tiny(student):
    """The default eps is 1e-8: it shows for gradients of that size, and no others."""
    w, dw = np.zeros(3), np.array([1e-8, 1e-6, 1e-2])
    path, _ = _follow(student.adam_step, w, [dw, -0.3 * dw, 1.7 * dw], (0.1,))
    assert_close(path[0], -0.1 * dw / (dw + 1e-8), what="the weights after a first step with tiny gradients")
