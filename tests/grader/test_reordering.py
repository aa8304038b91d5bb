"""Reordered code computes the same, rounded otherwise."""

import numpy as np
import pytest

from grader import reordering
from grader.reordering import _product, plainly, reordered

X, Y = (np.random.default_rng(seed).normal(size=(40, 40)) for seed in (1, 2))


def both(expression, **names):
    """The value of an expression as it stands and reordered."""
    values = []
    for compiled in (plainly, reordered):
        scope = {"np": np, "X": X, "Y": Y, **names}
        exec(compiled(f"result = {expression}", "<test>"), scope)
        values.append(scope["result"])
    return values


@pytest.mark.parametrize(
    "expression",
    [
        "X @ Y", "np.dot(X, Y)", "X.dot(Y)", "X @ Y[0]", "np.matmul(X[None], Y[None])", "np.einsum('ij,jk->ik', X, Y)",
        "X.sum()", "X.sum(axis=0)", "np.sum(X, axis=1, keepdims=True)", "X.mean(0)", "np.var(X, axis=0)", "X.std()",
        "np.linalg.norm(X)", "np.linalg.inv(X)", "np.linalg.eigvalsh(X + X.T)",
    ],
)  # fmt: skip
def test_the_same_comes_out_but_for_rounding(expression, monkeypatch):
    """Each is handed to the other order, and no result is further away than rounding explains.

    Whether the last bit differs is the processor's affair.
    """
    handed = []
    hook = reordering.in_another_order
    monkeypatch.setattr(reordering, "in_another_order", lambda *args, **named: handed.append(1) or hook(*args, **named))
    plain, other = both(expression)
    assert handed == [1]
    assert np.shape(plain) == np.shape(other)
    assert np.allclose(plain, other, rtol=1e-9, atol=1e-11)


def test_the_order_is_another():
    """A sum begins with its end and loses what it would have kept; a product begins with its second half."""
    x = np.array([1e16, -1e16, 1.0])
    assert both("x.sum()", x=x) == [1.0, 0.0]
    assert both("x[:, None].mean(axis=0)[0] * 3", x=x) == [1.0, 0.0]
    halves = []

    def dot(a, b):
        halves.append(a.tolist())
        return np.dot(a, b)

    _product(dot, x, np.ones(3))
    assert halves == [[1.0], [1e16, -1e16]]


@pytest.mark.parametrize(
    "expression",
    [
        "np.array([1, 2]) @ np.array([3, 4])",
        "np.sum([1, 2])",
        "X.sum(where=X > 0)",
        "np.arange(4).sum()",
        "max([1, 2])",
    ],
)
def test_what_no_order_changes_is_left_alone(expression):
    """Integers and unusual arguments go through as they are."""
    plain, other = both(expression)
    assert np.array_equal(plain, other)


def test_another_objects_method_of_the_same_name_is_its_own():
    """A solution may have a class with a method ``sum``."""

    class Total:
        def sum(self, by):
            return 3 * by

    assert both("total.sum(by=2)", total=Total()) == [6, 6]


def test_signs_that_mathematics_leaves_open_are_turned():
    """Eigenvectors and singular vectors come out the other way round, and still decompose."""
    symmetric = X + X.T
    (values, vectors), (others, turned) = both("np.linalg.eigh(S)", S=symmetric)
    assert np.allclose(values, others)
    assert np.allclose(np.abs(np.sum(vectors * turned, axis=0)), 1)
    assert np.allclose(turned * others @ turned.T, symmetric)
    left, singular, right = both("np.linalg.svd(X)")[1]
    assert np.allclose(left * singular @ right, X)


def test_errors_are_those_of_the_plain_code():
    """Shapes that do not fit raise what they raise in any order."""
    for expression in ("X @ X[:3]", "X.sum(axis=5)"):
        with pytest.raises(ValueError):
            exec(reordered(expression, "<test>"), {"X": X})


def test_reordered_code_keeps_its_line_numbers():
    """An error in reordered code is reported at the author's own line."""
    scope = {}
    exec(reordered("import numpy as np\n\ndef total(x):\n    return x.sum() / {}\n", "<test>"), scope)
    with pytest.raises(TypeError) as caught:
        scope["total"](X)
    assert caught.traceback[-1].lineno == 3
