"""What `check(...)` tries in the notebook: small cases to look at while you work."""

import copy

import numpy as np

from nnlib.checks import require


def _numbers(result):
    """A list of averages is as good as an array."""
    return np.array(result, dtype=float) if isinstance(result, list | tuple) else result


def _alike(a, b):
    """Whether two states, or parts of them, are equal in everything; objects by their attributes."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_alike(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_alike, a, b))
    if isinstance(a, int | float | complex | str | np.ndarray | np.generic):
        return bool(np.array_equal(a, b))
    return type(a) is type(b) and _alike(getattr(a, "__dict__", {}), getattr(b, "__dict__", {}))


def _pair(result):
    fits = isinstance(result, list | tuple) and len(result) == 2 and isinstance(result[1], dict)
    require(fits, "A step must return a pair: the new w, and a dict for the next step.")
    return result


def _path(step, w, gradients, settings, rates=None):
    """The weights after each step, from an empty state."""
    state, path = {}, {}
    for number, dw in enumerate(gradients, start=1):
        lr = settings[0] if rates is None else rates[number - 1]
        # A step that writes into its gradient must not spoil the next case.
        w, state = _pair(step(w, copy.deepcopy(dw), state, lr, *settings[1:]))
        path[f"w after step {number}"] = np.array(w)
    return path


def _what_is_left(step, settings, wrap=lambda gradient: gradient):
    """What became of everything that was passed in, at a first and at a second step."""
    w, dw, state = np.array([1.0, -2.0]), np.array([0.5, 4.0]), {}
    new, second = _pair(step(w, wrap(dw), state, *settings))
    kept = copy.deepcopy(second)
    _pair(step(np.array(new), wrap(-dw), second, *settings))
    return {
        "w afterwards": w,
        "dw afterwards": dw,
        "the empty state is still empty": state == {},
        "the next state is afterwards what it was": _alike(second, kept),
    }


def _in_turn(step, settings, wrap=lambda gradient: gradient):
    """Three rounds of steps of two parameters, each with a state of its own."""
    a, b, state_a, state_b = np.array([[1.0, 0.0]]), np.array([-1.0]), {}, {}
    for size in (2.0, -1.0, 0.5):
        a, state_a = _pair(step(a, wrap(size * np.array([[1.0, -3.0]])), state_a, *settings))
        b, state_b = _pair(step(b, wrap(size * np.array([-4.0])), state_b, *settings))
    return {"the first parameter": a, "the second parameter": b}


def _with_huge_eps(step, settings):
    """Two steps whose length eps alone decides, wherever it stands."""
    dw = np.array([1e-3])
    first, state = _pair(step(np.array([0.0]), dw, {}, 1.0, *settings, 1e6))
    second, _ = _pair(step(np.array(first), dw, state, 1.0, *settings, 1e6))
    return {
        "the first step is tiny": bool(np.abs(first[0]) < 1e-5),
        "the second step over the first": np.round((second[0] - first[0]) / first[0], 4),
    }


CHANGING = [np.array([2.0, -0.5]), np.array([-1.0, 1.5]), np.array([0.5, 3.0]), np.array([-3.0, -0.25])]


# ---------------------------------------------------------------- averages


def three_days(ewa):
    """40, 49 and 45 degrees with beta = 0.9"""
    values = np.array([40.0, 49.0, 45.0])
    return {"averages": _numbers(ewa(values, 0.9)), "values afterwards": values}


def whole_numbers(ewa):
    """the whole numbers 3, 1, -2, 7 with beta = 0.75"""
    return _numbers(ewa(np.array([3, 1, -2, 7]), 0.75))


def six_days(ewa):
    """the values 8, -4, 6, 2, 10, -6 with beta = 0.5"""
    return _numbers(ewa(np.array([8.0, -4.0, 6.0, 2.0, 10.0, -6.0]), 0.5))


def three_days_corrected(ewa_corrected):
    """40, 49 and 45 degrees with beta = 0.9"""
    values = np.array([40.0, 49.0, 45.0])
    return {"averages": _numbers(ewa_corrected(values, 0.9)), "values afterwards": values}


def steady_days_corrected(ewa_corrected):
    """six days of 20 degrees with beta = 0.5"""
    return _numbers(ewa_corrected(np.full(6, 20.0), 0.5))


# ---------------------------------------------------------------- momentum


def example_of_the_text(momentum_step):
    """the example of the text, gradients 2 and 4, without a beta"""
    return _path(momentum_step, np.array([1.0]), [np.array([2.0]), np.array([4.0])], (0.1,))


def four_steps(momentum_step):
    """four steps with changing gradients and beta = 0.6"""
    return _path(momentum_step, np.array([1.0, 2.0]), CHANGING, (0.5, 0.6))


def rate_that_changes(momentum_step):
    """three steps with rates 0.1, 0 and 0.4"""
    return _path(momentum_step, np.array([1.0, 2.0]), CHANGING[:3], (0.1, 0.8), rates=[0.1, 0.0, 0.4])


def what_is_left(momentum_step):
    """what was passed in, looked at again after the call"""
    return _what_is_left(momentum_step, (0.1, 0.9))


def example_of_the_text_in_classic_form(classic_momentum_step):
    """the example of the text, gradients 2 and 4, without a rho"""
    return _path(classic_momentum_step, np.array([1.0]), [np.array([2.0]), np.array([4.0])], (0.1,))


def four_steps_in_classic_form(classic_momentum_step):
    """four steps with changing gradients and rho = 0.6"""
    return _path(classic_momentum_step, np.array([1.0, 2.0]), CHANGING, (0.25, 0.6))


def rate_that_changes_in_classic_form(classic_momentum_step):
    """three steps with rates 0.1, 0 and 0.4"""
    return _path(classic_momentum_step, np.array([1.0, 2.0]), CHANGING[:3], (0.1, 0.8), rates=[0.1, 0.0, 0.4])


def what_is_left_in_classic_form(classic_momentum_step):
    """what was passed in, looked at again after the call"""
    return _what_is_left(classic_momentum_step, (0.1, 0.9))


def _bowl(point):
    return 2 * point


def _shifted(gradient):
    """A gradient function that is `gradient` at zero."""
    return lambda point: point + gradient


def example_of_the_text_looking_ahead(nesterov_step):
    """the example of the text, on a parabola, without a rho"""
    return _path(nesterov_step, np.array([1.0]), [_bowl, _bowl], (0.1,))


def four_steps_looking_ahead(nesterov_step):
    """four steps with changing gradient functions and rho = 0.6"""
    return _path(nesterov_step, np.array([1.0, 2.0]), [_shifted(dw) for dw in CHANGING], (0.25, 0.6))


def two_parameters_looking_ahead(nesterov_step):
    """two parameters in turn"""
    return _in_turn(nesterov_step, (0.1, 0.8), _shifted)


def what_is_left_looking_ahead(nesterov_step):
    """what was passed in, looked at again after the call"""
    return _what_is_left(nesterov_step, (0.1, 0.9), _shifted)


# ---------------------------------------------------------------- adaptive


def example_of_the_text_with_a_sum(adagrad_step):
    """the example of the text, gradients 3 and 4"""
    return _path(adagrad_step, np.array([1.0]), [np.array([3.0]), np.array([4.0])], (0.1,))


def four_steps_with_a_sum(adagrad_step):
    """four steps with changing gradients, one of them always zero"""
    gradients = [np.append(dw, 0.0) for dw in CHANGING]
    return _path(adagrad_step, np.array([1.0, 2.0, 3.0]), gradients, (0.5,))


def huge_eps_with_a_sum(adagrad_step):
    """two equal gradients of 0.001 with eps = 1e6, beside which they do not count"""
    return _with_huge_eps(adagrad_step, ())


def what_is_left_with_a_sum(adagrad_step):
    """what was passed in, looked at again after the call"""
    return _what_is_left(adagrad_step, (0.1,))


def example_of_the_text_with_an_average(rmsprop_step):
    """the example of the text, gradients 3 and 4, without a beta"""
    return _path(rmsprop_step, np.array([1.0]), [np.array([3.0]), np.array([4.0])], (0.1,))


def four_steps_with_an_average(rmsprop_step):
    """four steps with changing gradients, one of them always zero, and beta = 0.6"""
    gradients = [np.append(dw, 0.0) for dw in CHANGING]
    return _path(rmsprop_step, np.array([1.0, 2.0, 3.0]), gradients, (0.25, 0.6))


def huge_eps_with_an_average(rmsprop_step):
    """two equal gradients of 0.001 with eps = 1e6, beside which they do not count"""
    return _with_huge_eps(rmsprop_step, (0.9,))


def what_is_left_with_an_average(rmsprop_step):
    """what was passed in, looked at again after the call"""
    return _what_is_left(rmsprop_step, (0.1, 0.9))


def example_of_the_text_with_both(adam_step):
    """the example of the text, gradients 3 and 4"""
    return _path(adam_step, np.array([1.0]), [np.array([3.0]), np.array([4.0])], (0.1,))


def four_steps_with_both(adam_step):
    """four steps with changing gradients, one of them always zero, beta1 = 0.6 and beta2 = 0.7"""
    gradients = [np.append(dw, 0.0) for dw in CHANGING]
    return _path(adam_step, np.array([1.0, 2.0, 3.0]), gradients, (0.25, 0.6, 0.7))


def large_eps(adam_step):
    """three steps with eps = 0.5, which shows where eps is added"""
    return _path(adam_step, np.array([1.0, 2.0]), CHANGING[:3], (0.5, 0.6, 0.7, 0.5))


def what_is_left_with_both(adam_step):
    """what was passed in, looked at again after the call"""
    return _what_is_left(adam_step, (0.1, 0.9, 0.99))
