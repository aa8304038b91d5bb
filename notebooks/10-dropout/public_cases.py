"""What `check(...)` tries in the notebook; students may read it.

Masks are random, so most cases try one generator after the other until the mask that they are about comes up.
"""

import numpy as np

from nnlib.checks import require, tolerance


def _until(call, pattern):
    """Call with one generator after the other until exactly the units of the pattern are kept."""
    for seed in range(1000):
        out, cache = call(np.random.default_rng(seed))
        if np.array_equal(np.asarray(out) != 0, np.array(pattern, dtype=bool)):
            return out, cache
    return require(False, "In 1000 calls with different generators the units that this case is about were never kept.")


def _counts(call):
    """Shares and independence of the masks of 200 examples of 100 units."""
    kept = [np.asarray(call(np.random.default_rng(seed))[0]) != 0 for seed in (1, 1, 2)]
    rng = np.random.default_rng(3)
    calls = [np.asarray(call(rng)[0]) != 0 for _ in range(7)]
    return {
        "all examples have the same mask": bool((kept[0] == kept[0][:1]).all()),
        "all units of an example are kept or dropped together": bool((kept[0] == kept[0][:, :1]).all()),
        "two calls have the same mask": bool((calls[0] == calls[1]).all()),
        "all calls keep the same number of units": len({int(kept.sum()) for kept in calls}) == 1,
        "all examples keep the same number of units": len(set(calls[0].sum(axis=1).tolist())) == 1,
        "two generators in the same state give the same mask": bool((kept[0] == kept[1]).all()),
        "two generators in different states give the same mask": bool((kept[0] == kept[2]).all()),
    }


def _moved(call):
    """Whether a call drew from its generator."""
    rng = np.random.default_rng(4)
    before = rng.bit_generator.state
    call(rng)
    return rng.bit_generator.state != before


# ---------------------------------------------------------------- dropout_forward


def second_of_four_dropped(dropout_forward):
    """x = (3, -1, 4, -2) with keep_prob 0.8, when the second unit is the one dropped"""
    x = np.array([[3.0, -1.0, 4.0, -2.0]])
    out, _ = _until(lambda rng: dropout_forward(x.copy(), 0.8, rng), [[1, 0, 1, 1]])
    return {"out": out + 0.0}  # shows -0 as 0


@tolerance(rtol=0, atol=0.08)
def many_ones(dropout_forward):
    """20,000 ones with keep_prob 0.3 (share and mean may be 0.08 off)"""
    out, _ = dropout_forward(np.ones((200, 100)), 0.3, np.random.default_rng(5))
    return {
        "share kept": np.mean(out != 0),
        "largest value": np.max(out),
        "smallest value above 0": np.min(out[out > 0], initial=np.max(out)),
        "mean": np.mean(out),
    }


def masks_of_many(dropout_forward):
    """the masks of several calls with keep_prob 0.8"""
    return _counts(lambda rng: dropout_forward(np.ones((200, 100)), 0.8, rng))


def while_predicting(dropout_forward):
    """x = (3, -1, 4, -2) with keep_prob 0.8 at test time"""
    x = np.array([[3.0, -1.0, 4.0, -2.0]])
    out, _ = dropout_forward(x, 0.8, np.random.default_rng(6), train=False)
    drew = _moved(lambda rng: dropout_forward(np.ones((2, 3)), 0.8, rng, train=False))
    return {"out": out, "x afterwards": x, "something was drawn from rng": drew}


def input_after_training(dropout_forward):
    """x after a call while training"""
    x = np.ones((5, 4))
    dropout_forward(x, 0.5, np.random.default_rng(7))
    return {"x afterwards": x}


# ---------------------------------------------------------------- dropout_backward


def gradient_of_second_dropped(dropout_backward, dropout_forward):
    """dout = (1, 2, -1, 4) with keep_prob 0.8, when the second unit was the one dropped"""
    x, dout = np.array([[3.0, -1.0, 4.0, -2.0]]), np.array([[1.0, 2.0, -1.0, 4.0]])
    _, cache = _until(lambda rng: dropout_forward(x.copy(), 0.8, rng), [[1, 0, 1, 1]])
    dx = dropout_backward(dout, cache)
    return {"dx": dx, "dout afterwards": dout}


def gradient_of_an_earlier_call(dropout_backward, dropout_forward):
    """two examples, keep_prob 0.4, the cache of an earlier call after another one was made"""
    x, dout = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.0], [3.0, -2.0]])
    _, earlier = _until(lambda rng: dropout_forward(x.copy(), 0.4, rng), [[1, 0], [0, 1]])
    _until(lambda rng: dropout_forward(x.copy(), 0.4, rng), [[0, 1], [0, 0]])
    return {"dx": dropout_backward(dout, earlier)}


def gradient_while_predicting(dropout_backward, dropout_forward):
    """dout = (1, 2, -1, 4) at test time"""
    _, cache = dropout_forward(np.ones((1, 4)), 0.8, np.random.default_rng(1), train=False)
    return {"dx": dropout_backward(np.array([[1.0, 2.0, -1.0, 4.0]]), cache)}


@tolerance(rtol=0, atol=0.05)
def gradient_of_zeros(dropout_backward, dropout_forward):
    """20,000 inputs of 0 with keep_prob 0.8 (shares may be 0.05 off)"""
    _, cache = dropout_forward(np.zeros((200, 100)), 0.8, np.random.default_rng(2))
    dx = dropout_backward(np.ones((200, 100)), cache)
    return {"share of gradients that come through": np.mean(dx != 0), "mean gradient": np.mean(dx)}


# ---------------------------------------------------------------- classic_dropout_forward


def second_of_four_dropped_classic(classic_dropout_forward):
    """x = (3, -1, 4, -2) with keep_prob 0.8, when the second unit is the one dropped"""
    x = np.array([[3.0, -1.0, 4.0, -2.0]])
    out, _ = _until(lambda rng: classic_dropout_forward(x.copy(), 0.8, rng), [[1, 0, 1, 1]])
    return {"out": out + 0.0}  # shows -0 as 0


@tolerance(rtol=0, atol=0.08)
def many_ones_classic(classic_dropout_forward):
    """20,000 ones with keep_prob 0.3 (share and mean may be 0.08 off)"""
    out, _ = classic_dropout_forward(np.ones((200, 100)), 0.3, np.random.default_rng(5))
    return {"share kept": np.mean(out != 0), "largest value": np.max(out), "mean": np.mean(out)}


def masks_of_many_classic(classic_dropout_forward):
    """the masks of several calls with keep_prob 0.8"""
    x = np.ones((200, 100))
    result = _counts(lambda rng: classic_dropout_forward(x, 0.8, rng))
    return {**result, "x afterwards": [x.min(), x.max()]}


def while_predicting_classic(classic_dropout_forward):
    """x = (3, -1, 4, -2) with keep_prob 0.8 at test time"""
    x = np.array([[3.0, -1.0, 4.0, -2.0]])
    out, _ = classic_dropout_forward(x, 0.8, np.random.default_rng(6), train=False)
    drew = _moved(lambda rng: classic_dropout_forward(np.ones((2, 3)), 0.8, rng, train=False))
    return {"out": out, "x afterwards": x, "something was drawn from rng": drew}


def gradients_of_classic(classic_dropout_forward, dropout_backward):
    """dout = (1, 2, -1, 4) with keep_prob 0.8, when the second unit was dropped, and at test time"""
    x, dout = np.array([[3.0, -1.0, 4.0, -2.0]]), np.array([[1.0, 2.0, -1.0, 4.0]])
    _, cache = _until(lambda rng: classic_dropout_forward(x.copy(), 0.8, rng), [[1, 0, 1, 1]])
    _, cache_of_test = classic_dropout_forward(x, 0.8, np.random.default_rng(1), train=False)
    training = dropout_backward(dout.copy(), cache)
    return {"dx while training": training, "dx at test time": dropout_backward(dout, cache_of_test)}


# ---------------------------------------------------------------- forward_with_dropout


def _net():
    """Three inputs, two hidden layers of two units, two scores."""
    return {
        "W1": np.array([[1.0, -2.0], [0.5, 1.0], [-1.0, 2.0]]),
        "b1": np.array([0.5, -0.5]),
        "W2": np.array([[1.0, 2.0], [-1.5, 0.5]]),
        "b2": np.array([1.0, -1.0]),
        "W3": np.array([[2.0, -1.0], [1.0, 0.5]]),
        "b3": np.array([-3.0, 2.0]),
    }


def _chain():
    """One unit per layer: the input 1 becomes 1 + 2 = 3, then 3 + 4 = 7, then the score 7 + 8 = 15."""
    params = {name: np.ones((1, 1)) for name in ("W1", "W2", "W3")}
    return params | {"b1": np.array([2.0]), "b2": np.array([4.0]), "b3": np.array([8.0])}


def scores_without_dropout(forward_with_dropout):
    """three examples at test time, and with three keep probabilities of 1"""
    x, params = np.array([[1.0, 2.0, 3.0], [2.0, -1.0, 0.5], [-1.0, 4.0, 1.0]]), _net()
    test, _ = forward_with_dropout(x, params, (0.9, 0.5, 0.6), np.random.default_rng(1), train=False)
    keeping, _ = forward_with_dropout(x, params, (1.0, 1.0, 1.0), np.random.default_rng(2))
    drew = _moved(lambda rng: forward_with_dropout(x, params, (0.9, 0.5, 0.6), rng, train=False))
    return {"scores at test time": test, "scores keeping all": keeping, "drawn at test time": drew, "x afterwards": x}


def scores_of_a_chain(forward_with_dropout):
    """one unit per layer, keep_probs (0.8, 0.5, 0.4): all different scores of 2,000 examples"""
    scores, _ = forward_with_dropout(np.ones((2000, 1)), _chain(), (0.8, 0.5, 0.4), np.random.default_rng(3))
    return {"different scores": np.unique(np.round(scores, 4))}


@tolerance(rtol=0, atol=0.08)
def shares_in_a_chain(forward_with_dropout):
    """one unit per layer, keep_probs (0.8, 0.5, 0.4), 2,000 examples (shares may be 0.08 off)"""
    scores, _ = forward_with_dropout(np.ones((2000, 1)), _chain(), (0.8, 0.5, 0.4), np.random.default_rng(4))
    _, counts = np.unique(np.round(scores, 4), return_counts=True)
    return {"share of each score, from the smallest score to the largest": counts / 2000}


def masks_of_several_calls(forward_with_dropout):
    """the scores of several calls with keep_probs (0.8, 0.5, 0.5)"""
    rng = np.random.default_rng(5)
    generators = [np.random.default_rng(6), np.random.default_rng(6), rng, rng]
    x = np.ones((40, 3))
    runs = [forward_with_dropout(x, _net(), (0.8, 0.5, 0.5), g)[0] for g in generators]
    twice = {name: np.eye(2) if name.startswith("W") else np.tile(value, 2) for name, value in _chain().items()}
    pair = forward_with_dropout(np.ones((40, 2)), twice, (0.8, 0.5, 0.5), np.random.default_rng(7))[0]
    lone = {
        **_chain(),
        "W1": np.ones((1, 2)),
        "W2": np.eye(2),
        "W3": np.eye(2),
        "b1": np.zeros(2),
        "b2": np.zeros(2),
        "b3": np.zeros(2),
    }
    fed = [forward_with_dropout(np.ones((1, 1)), lone, (0.5, 1.0, 1.0), np.random.default_rng(s))[0] for s in range(30)]
    return {
        "two units fed by one input get it or lose it together": bool(np.ptp(np.vstack(fed), axis=1).max() < 1e-9),
        "generators in the same state give the same scores": bool(np.array_equal(runs[0], runs[1])),
        "two calls with one generator give the same scores": bool(np.array_equal(runs[2], runs[3])),
        "all of the equal examples have the same scores": bool(np.ptp(runs[0], axis=0).max() == 0),
        "equal units are always dropped together": bool((pair[:, 0] == pair[:, 1]).all()),
        "smallest and largest of x afterwards": [x.min(), x.max()],
    }


# ---------------------------------------------------------------- backward_with_dropout


def gradients_without_dropout(backward_with_dropout, forward_with_dropout):
    """three examples at test time"""
    x = np.array([[1.0, 2.0, 3.0], [2.0, -1.0, 0.5], [-1.0, 4.0, 1.0]])
    _, cache = forward_with_dropout(x, _net(), (0.9, 0.5, 0.6), np.random.default_rng(1), train=False)
    dscores = np.array([[1.0, -1.0], [0.5, 2.0], [-1.0, 0.25]])
    return {"gradients": backward_with_dropout(dscores, cache), "dscores afterwards": dscores}


def _gradients_where(score, forward_with_dropout, backward_with_dropout):
    """Gradients of the chain for one example, with the masks that give this score."""
    for seed in range(1000):
        scores, cache = forward_with_dropout(np.ones((1, 1)), _chain(), (0.8, 0.5, 0.4), np.random.default_rng(seed))
        if np.allclose(scores, score):
            return backward_with_dropout(np.array([[1.0]]), cache)
    return require(
        False, "In 1000 calls forward_with_dropout never gave the scores of the masks that this case is about."
    )


def gradients_with_all_kept(backward_with_dropout, forward_with_dropout):
    """one unit per layer, keep_probs (0.8, 0.5, 0.4), dscores = 1, when nothing happened to be dropped"""
    return _gradients_where(8 + (4 + (2 + 1 / 0.8) / 0.5) / 0.4, forward_with_dropout, backward_with_dropout)


def gradients_with_one_dropped(backward_with_dropout, forward_with_dropout):
    """one unit per layer, keep_probs (0.8, 0.5, 0.4), dscores = 1, when the first hidden unit was dropped"""
    return _gradients_where(8 + 4 / 0.4, forward_with_dropout, backward_with_dropout)
