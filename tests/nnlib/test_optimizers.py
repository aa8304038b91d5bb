"""nnlib.optimizers: the in-place classes are the pure steps, whatever the length."""

import numpy as np
import pytest

import nnlib
from nnlib import optimizers

PAIRS = [
    (nnlib.SGD, lambda w, dw, state, lr: (nnlib.gradient_step(w, dw, lr), state), [{}]),
    (nnlib.Momentum, nnlib.momentum_step, [{}, {"beta": 0.5}]),
    (nnlib.ClassicMomentum, nnlib.classic_momentum_step, [{}, {"rho": 0.5}]),
    (nnlib.Nesterov, nnlib.nesterov_step, [{}, {"rho": 0.5}]),
    (nnlib.AdaGrad, nnlib.adagrad_step, [{}, {"eps": 1e-2}]),
    (nnlib.RMSProp, nnlib.rmsprop_step, [{}, {"beta": 0.5, "eps": 1e-2}]),
    (nnlib.AdaDelta, nnlib.adadelta_step, [{}, {"rho": 0.5, "eps": 1e-2}]),
    (nnlib.Adam, nnlib.adam_step, [{}, {"beta1": 0.5, "beta2": 0.9, "eps": 1e-2}]),
    (nnlib.AdamW, nnlib.adamw_step, [{}, {"beta1": 0.5, "eps": 1e-2, "weight_decay": 0.3}]),
]
CASES = [(cls, step, options) for cls, step, variants in PAIRS for options in variants]
IDS = [f"{cls.__name__} {options}" for cls, _, options in CASES]


@pytest.mark.parametrize(("cls", "step", "options"), CASES, ids=IDS)
@pytest.mark.parametrize("shape", [(7,), (3, 2)])
def test_ten_steps_equal_the_pure_function(cls, step, options, shape, rng):
    """Ten in-place steps at a changing rate end where the papers' formulas do."""
    theta = rng.normal(size=shape)
    w, state, optimizer = theta.copy(), {}, cls(0.1, **options)
    for i in range(10):
        grad = rng.normal(size=shape)
        before = grad.copy()
        optimizer.lr = lr = 0.1 / (1 + i)
        optimizer.step(theta, grad)
        w, state = step(w, grad, state, lr=lr, **options)
        assert np.array_equal(grad, before)
    assert np.allclose(theta, w, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("cls", [cls for cls, _, _ in PAIRS])
def test_blocks_change_nothing(cls, rng, monkeypatch):
    """A vector cut into blocks of 4, the last one short, is updated as a whole one is, in float32 too."""
    start, grads = rng.normal(size=10).astype(np.float32), rng.normal(size=(3, 10)).astype(np.float32)
    whole, cut = start.copy(), start.copy()
    optimizer = cls(0.1)
    for grad in grads:
        optimizer.step(whole, grad)
    monkeypatch.setattr(optimizers, "_BLOCK", 4)
    optimizer = cls(0.1)
    for grad in grads:
        optimizer.step(cut, grad)
    assert np.array_equal(whole, cut)
    assert cut.dtype == np.float32
    assert all(np.asarray(v).dtype == np.float32 for k, v in optimizer.state().items() if k != "t")


@pytest.mark.parametrize("cls", [cls for cls, _, _ in PAIRS])
def test_state_resumes_exactly(cls, rng):
    """A fresh optimizer with the state of another goes on bit for bit."""
    grads = rng.normal(size=(6, 5))
    straight, resumed, first = np.ones(5), np.ones(5), cls(0.1)
    one = cls(0.1)
    for grad in grads[:3]:
        one.step(straight, grad)
        first.step(resumed, grad)
    second = cls(0.1)
    second.load_state({name: np.copy(value) for name, value in first.state().items()})
    for grad in grads[3:]:
        one.step(straight, grad)
        second.step(resumed, grad)
    assert np.array_equal(straight, resumed)


def test_adamw_can_spare_the_tail():
    """With `decayed` only the leading entries shrink."""
    theta = np.ones(4)
    nnlib.AdamW(0.1, weight_decay=0.5, decayed=2).step(theta, np.zeros(4))
    assert np.allclose(theta, [0.95, 0.95, 1, 1])


def test_misuse_is_named():
    """Another vector, another shape, integers, views with gaps, foreign states and rates below 0."""
    adam = nnlib.Adam(0.1)
    adam.step(np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match="One optimizer serves one parameter vector"):
        adam.step(np.ones(4), np.ones(4))
    with pytest.raises(ValueError, match=r"grad must have the shape of theta, \(3,\), got \(3, 1\)"):
        adam.step(np.ones(3), np.ones((3, 1)))
    with pytest.raises(ValueError, match="contiguous float array to be updated in place, got int64"):
        nnlib.SGD(0.1).step(np.ones(3, int), np.ones(3, int))
    with pytest.raises(ValueError, match="float64, not contiguous"):
        nnlib.SGD(0.1).step(np.ones(6)[::2], np.ones(3))
    with pytest.raises(ValueError, match=r"The state of Adam must hold \['m', 'v'\]"):
        nnlib.Adam(0.1).load_state({"t": 3})
    with pytest.raises(ValueError, match="lr must be a finite number at least 0, got -1"):
        nnlib.SGD(-1)
    with pytest.raises(ValueError, match=r"beta2 must lie in \[0, 1\), got 1"):
        nnlib.Adam(0.1, beta2=1)
