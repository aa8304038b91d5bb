"""Correct implementations of 10-dropout written differently; refusing one is a bug of ours.

Variants of a forward function keep other caches than the solution; variants of a backward function read the
solution's.
"""

import numpy as np

from grader.authoring import variant

# ---------------------------------------------------------------- dropout_forward


@variant(of="dropout_forward")
def inverted_by_binomial(x, keep_prob, rng, train=True):
    if not train:
        return x.copy(), (None, keep_prob)
    mask = rng.binomial(1, keep_prob, size=x.shape)
    return x * mask / keep_prob, (mask, keep_prob)


@variant(of="dropout_forward")
def inverted_by_choice(x, keep_prob, rng, train=True):
    if not train:
        return x, {"mask": np.ones_like(x)}
    mask = rng.choice([1 / keep_prob, 0.0], size=x.shape, p=[keep_prob, 1 - keep_prob])
    return mask * x, {"mask": mask}


@variant(of="dropout_forward")
def inverted_by_uniform_and_where(x, keep_prob, rng, train=True):
    if train and keep_prob < 1:
        dropped = rng.uniform(0, 1, x.shape) >= keep_prob
        return np.where(dropped, 0.0, x / keep_prob), (dropped, keep_prob)
    return x, None


@variant(of="dropout_forward")
def inverted_in_place_on_a_copy(x, keep_prob, rng, train=True):
    out = np.array(x, copy=True)
    cache = [train, keep_prob]
    if train:
        mask = rng.random(x.shape, dtype=np.float32) < keep_prob
        out[~mask] = 0
        out /= keep_prob
        cache.append(mask)
    return out, cache


@variant(of="dropout_forward")
def inverted_in_a_loop(x, keep_prob, rng, train=True):
    if not train:
        return x + 0.0, None
    mask = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        if rng.random() < keep_prob:
            mask[index] = 1 / keep_prob
    return np.multiply(x, mask), mask


@variant(of="dropout_forward")
def inverted_in_single_precision(x, keep_prob, rng, train=True):
    keep = rng.random(x.shape) > 1 - keep_prob if train else np.ones(x.shape, dtype=bool)
    mask = keep.astype(np.float32) / np.float32(keep_prob if train else 1)
    return (x * mask).astype(x.dtype), mask


@variant(of="dropout_forward")
def inverted_with_the_state_kept(x, keep_prob, rng, train=True):
    """Remember the generator's state instead of the mask; backward would draw the same again."""
    state = rng.bit_generator.state
    if train:
        return x * (rng.random(x.shape) < keep_prob) / keep_prob, (str(state), x.shape, keep_prob)
    return x, None


# ---------------------------------------------------------------- dropout_backward


@variant(of="dropout_backward")
def backward_by_where(dout, cache):
    return np.where(cache > 0, dout * cache.max(initial=1.0), 0.0)


@variant(of="dropout_backward")
def backward_on_a_copy(dout, cache):
    dx = dout.copy()
    dx *= cache
    return dx


@variant(of="dropout_backward")
def backward_with_einsum(dout, cache):
    return np.einsum("...,...->...", cache, dout)


@variant(of="dropout_backward")
def backward_in_a_loop(dout, cache):
    dx = np.zeros(dout.shape)
    for index in np.ndindex(*dout.shape):
        dx[index] = dout[index] * cache[index]
    return dx


# ---------------------------------------------------------------- classic_dropout_forward


@variant(of="classic_dropout_forward")
def classic_by_binomial(x, keep_prob, rng, train=True):
    mask = rng.binomial(1, keep_prob, x.shape) if train else keep_prob
    return x * mask, mask


@variant(of="classic_dropout_forward")
def classic_by_choice(x, keep_prob, rng, train=True):
    if train:
        mask = rng.choice(2, size=x.shape, p=[1 - keep_prob, keep_prob]).astype(float)
        return mask * x, mask
    return keep_prob * x, np.full_like(x, keep_prob)


@variant(of="classic_dropout_forward")
def classic_by_where(x, keep_prob, rng, train=True):
    if not train:
        return np.multiply(x, keep_prob), np.array(keep_prob)
    dropped = rng.uniform(size=x.shape) >= keep_prob
    out = x.copy()
    out[dropped] = 0.0
    return out, np.where(dropped, 0.0, 1.0)


@variant(of="classic_dropout_forward")
def classic_in_a_loop(x, keep_prob, rng, train=True):
    mask = np.array([float(rng.random() < keep_prob) if train else keep_prob for _ in range(x.size)])
    mask = mask.reshape(x.shape)
    return x * mask, mask


# ---------------------------------------------------------------- forward_with_dropout


def _mask(shape, keep_prob, rng, train):
    return (rng.random(shape) < keep_prob) / keep_prob if train else np.ones(shape)


@variant(of="forward_with_dropout")
def net_written_out(x, params, keep_probs, rng, train=True):
    p1, p2, p3 = keep_probs
    d1 = x * _mask(x.shape, p1, rng, train)
    z1 = d1 @ params["W1"] + params["b1"]
    d2 = np.maximum(z1, 0) * _mask(z1.shape, p2, rng, train)
    z2 = d2 @ params["W2"] + params["b2"]
    d3 = np.maximum(z2, 0) * _mask(z2.shape, p3, rng, train)
    return d3 @ params["W3"] + params["b3"], (params, d1, d2, d3)


@variant(of="forward_with_dropout")
def net_dropping_before_relu(x, params, keep_probs, rng, train=True):
    """A mask of zeros and positive numbers may stand on either side of a ReLU."""
    cache = {"d1": x * _mask(x.shape, keep_probs[0], rng, train)}
    for i in (1, 2):
        z = cache[f"d{i}"] @ params[f"W{i}"] + params[f"b{i}"]
        cache[f"d{i + 1}"] = np.maximum(z * _mask(z.shape, keep_probs[i], rng, train), 0)
    return cache["d3"] @ params["W3"] + params["b3"], cache


@variant(of="forward_with_dropout")
def net_with_masks_drawn_first(x, params, keep_probs, rng, train=True):
    shapes = [(len(x), params[f"W{i}"].shape[0]) for i in (1, 2, 3)]
    masks = [_mask(shape, keep, rng, train) for shape, keep in zip(shapes, keep_probs, strict=True)]
    a, inputs = x, []
    for i in range(3):
        inputs.append(a * masks[i])
        a = np.einsum("nd,dk->nk", inputs[-1], params[f"W{i + 1}"]) + params[f"b{i + 1}"]
        if i < 2:
            a = a * (a > 0)
    return a, [masks, inputs, dict(params)]


@variant(of="forward_with_dropout")
def net_drawing_by_binomial_only_where_needed(x, params, keep_probs, rng, train=True):
    a, cache = x, []
    for i, keep in zip((1, 2, 3), keep_probs, strict=True):
        if train and keep < 1:
            a = a * rng.binomial(1, keep, size=a.shape) / keep
        cache.append(a)
        a = a @ params[f"W{i}"] + params[f"b{i}"]
        if i != 3:
            a = np.where(a > 0, a, 0.0)
    return a, cache


# ---------------------------------------------------------------- backward_with_dropout


@variant(of="backward_with_dropout")
def net_backward_written_out(dscores, cache):
    (_, (d1, _, _), z1), (m2, (d2, w2, _), z2), (m3, (d3, w3, _), _) = cache
    dz2 = (dscores @ w3.T) * m3 * (z2 > 0)
    dz1 = (dz2 @ w2.T) * m2 * (z1 > 0)
    return {
        "W1": d1.T @ dz1,
        "b1": dz1.sum(axis=0),
        "W2": d2.T @ dz2,
        "b2": dz2.sum(axis=0),
        "W3": d3.T @ dscores,
        "b3": dscores.sum(axis=0),
    }


@variant(of="backward_with_dropout")
def net_backward_with_einsum(dscores, cache):
    grads, dz = {}, np.array(dscores)
    for i in (3, 2, 1):
        mask, (dropped, w, _), _ = cache[i - 1]
        grads |= {f"W{i}": np.einsum("nd,nk->dk", dropped, dz), f"b{i}": np.einsum("nk->k", dz)}
        dz = np.einsum("nk,dk->nd", dz, w) * mask
        dz[dropped <= 0] = 0 if i > 1 else dz[dropped <= 0]
    return grads


@variant(of="backward_with_dropout")
def net_backward_one_example_at_a_time(dscores, cache):
    grads = {}
    for i in (1, 2, 3):
        _, (_, w, b), _ = cache[i - 1]
        grads[f"W{i}"], grads[f"b{i}"] = np.zeros(w.shape), np.zeros(b.shape)
    for n in range(len(dscores)):
        dz = dscores[n]
        for i in (3, 2, 1):
            mask, (dropped, w, _), _ = cache[i - 1]
            grads[f"W{i}"] += np.outer(dropped[n], dz)
            grads[f"b{i}"] += dz
            if i > 1:
                dz = (w @ dz) * mask[n] * (cache[i - 2][2][n] > 0)
    return grads
