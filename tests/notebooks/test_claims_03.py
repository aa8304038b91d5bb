"""What notebook 03 says of one network, one step and one seed holds for others."""

import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pytest

import nnlib

SCRIPT = Path(__file__).resolve().parents[2] / "notebooks" / "03-gradient-checking" / "gradient-checking.py"


@pytest.fixture(scope="module")
def notebook():
    """The names of the notebook, its faulty networks among them, after it has run without its checks."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(re.sub(r"(?m)^check\(.*$", "", SCRIPT.read_text(encoding="utf-8")), names)  # our own script
    return names


def trained(notebook, seed):
    """Network C from other weights, after 400 steps with the wrong gradient, and its losses."""
    rng = np.random.default_rng(seed)
    params = notebook["random_params"]([2, 6, 6, 1], rng, scale=0.05)
    X, y = notebook["X_c"], notebook["y_c"]
    before = notebook["loss_c"](params, X, y)
    for _ in range(400):
        grads = notebook["backward_c_faulty"](params, X, y)
        params = {name: params[name] - 0.3 * grads[name] for name in params}
    return params, before, notebook["loss_c"](params, X, y)


def test_the_wrong_gradient_learns_from_other_starts_too(notebook):
    """From most of 40 starts the loss falls by half and the check sees a bug then; about a quarter explode."""
    X, y = notebook["X_c"], notebook["y_c"]
    learned = 0
    for seed in range(40):
        with np.errstate(all="ignore"):
            params, before, after = trained(notebook, seed)
        if not after < before / 2:
            continue
        learned += 1
        error = nnlib.check_gradient(
            lambda p: notebook["loss_c"](p, X, y), lambda p: notebook["backward_c_faulty"](p, X, y), params
        )
        assert error > 1e-3
    assert 24 <= learned <= 35


def test_the_bug_hides_below_three_hundredths_whatever_the_weights(notebook):
    """Great at 0.01, a bug at 0.4, for five draws of the weights."""
    X, y = notebook["X_c"], notebook["y_c"]
    for seed in range(5):
        unit = notebook["random_params"]([2, 6, 6, 1], np.random.default_rng(seed), scale=1.0)
        small, large = (
            nnlib.check_gradient(
                lambda p: notebook["loss_c"](p, X, y),
                lambda p: notebook["backward_c_faulty"](p, X, y),
                {name: scale * value for name, value in unit.items()},
            )
            for scale in (0.01, 0.4)
        )
        assert small < 1e-7
        assert large > 1e-3


def test_a_bug_is_called_by_some_parameters_before_all_of_them(notebook):
    """With the notebook's own draw: at 0.05 none is called a bug, at 0.13 some, at 0.2 all but the last layer's."""
    X, y = notebook["X_c"], notebook["y_c"]

    def called(scale):
        params = {name: scale * value for name, value in notebook["unit"].items()}
        grads = notebook["backward_c_faulty"](params, X, y)
        numeric = {
            name: nnlib.numerical_gradient(lambda v, name=name: notebook["loss_c"]({**params, name: v}, X, y), value)
            for name, value in params.items()
        }
        return {name for name in params if nnlib.relative_error(grads[name], numeric[name]) >= 1e-3}

    assert called(0.05) == set()
    assert 1 <= len(called(0.13)) < 4
    assert called(0.2) == {"W1", "b1", "W2", "b2"}


def test_two_evaluations_along_a_direction_catch_each_network(notebook):
    """The slope along one random direction differs from the wrong gradient's, in five directions."""
    n = notebook
    cases = [
        (lambda p: n["loss_a"](p, n["X_a"], n["y_a"], n["lam_a"]),
         n["backward_a_faulty"](n["params_a"], n["X_a"], n["y_a"], n["lam_a"]), n["params_a"]),
        (lambda p: n["loss_b"](p, n["X_b"], n["T_b"]),
         n["backward_b_faulty"](n["params_b"], n["X_b"], n["T_b"]), n["params_b"]),
        (lambda p: n["loss_c"](p, n["X_c"], n["y_c"]),
         n["backward_c_faulty"](n["trained"], n["X_c"], n["y_c"]), n["trained"]),
    ]  # fmt: skip
    for loss, grads, params in cases:
        theta, gradient = n["flatten"](params), n["flatten"]({name: grads[name] for name in params})
        for seed in range(5):
            u = np.random.default_rng(seed).normal(size=theta.size)
            slope = nnlib.central_difference(
                lambda t, u=u, theta=theta, loss=loss, params=params: loss(n["unflatten"](theta + t * u, params)),
                0.0,
                1e-5,
            )
            assert nnlib.relative_error(np.array(slope), np.array(gradient @ u)) > 1e-4


def test_the_best_step_shrinks_where_a_function_bends_faster():
    """Of sin(100 x) it is below 1e-6, of sin(x) above, wherever one stands; 1e-5 is a bug for sin(10,000 x)."""
    steps = np.logspace(-10, 0, 41)
    for theta in (0.5, 1.0, 2.0, 3.0):
        best = []
        for bends in (1.0, 100.0, 10000.0):
            slope = bends * np.cos(bends * theta)
            errors = [abs(nnlib.central_difference(lambda v: np.sin(bends * v), theta, h) / slope - 1) for h in steps]  # noqa: B023
            best.append(steps[np.argmin(errors)])
        assert best[2] < best[1] < 6e-7 < best[0]
        assert errors[20] > 1e-3


def test_the_lectures_ratio_is_twice_ours_near_agreement():
    """Dividing by one length instead of both gives about twice the number."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=50)
    b = a + 1e-6 * rng.normal(size=50)
    assert np.linalg.norm(a - b) / np.linalg.norm(a) == pytest.approx(2 * nnlib.relative_error(a, b), rel=1e-4)
