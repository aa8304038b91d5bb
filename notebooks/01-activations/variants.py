"""Correct implementations of 01-activations written differently; refusing one is a bug of ours."""

import numpy as np

from grader.authoring import variant

# ---------------------------------------------------------------- affine_forward


@variant(of="affine_forward")
def with_einsum(x, w, b):
    out = np.einsum("nd,dk->nk", x, w) + b[np.newaxis, :]
    return out, (x, w, b)


@variant(of="affine_forward")
def with_loops(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    for n in range(x.shape[0]):
        for k in range(w.shape[1]):
            out[n, k] = sum(x[n, d] * w[d, k] for d in range(x.shape[1])) + b[k]
    return [out, (x, w, b)]


@variant(of="affine_forward")
def as_columns_and_back(x, w, b):
    out = (w.T @ x.T + b.reshape(-1, 1)).T
    return out, (x, w, b)


@variant(of="affine_forward")
def with_a_column_of_ones(x, w, b):
    extended = np.hstack([x, np.ones((len(x), 1))])
    return extended.dot(np.vstack([w, b])), (x, w, b)


@variant(of="affine_forward")
def copies_in_the_cache(x, w, b):
    out = x @ w
    out += b
    return out, [x.copy(), w.copy(), b.copy()]


# ---------------------------------------------------------------- affine_backward


@variant(of="affine_backward")
def backward_with_einsum(dout, cache):
    x, w, _ = cache
    return np.einsum("nk,dk->nd", dout, w), np.einsum("nd,nk->dk", x, dout), np.einsum("nk->k", dout)


@variant(of="affine_backward")
def one_example_at_a_time(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n in range(len(x)):
        dx[n] = w @ dout[n]
        dw += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dw, db


@variant(of="affine_backward")
def transposed_products(dout, cache):
    x, w, _ = cache
    return [(w @ dout.T).T, (dout.T @ x).T, np.ones(len(dout)) @ dout]


# ---------------------------------------------------------------- sigmoid


@variant(of="sigmoid")
def textbook_formula(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


@variant(of="sigmoid")
def through_tanh(z):
    z = np.asarray(z, dtype=float)
    near = (1 + np.tanh(z / 2)) / 2
    return np.where(z < -1, np.exp(np.minimum(z, 0)) / (1 + np.exp(np.minimum(z, 0))), near)


@variant(of="sigmoid")
def half_of_one_plus_tanh(z):
    return 0.5 * (1 + np.tanh(z / 2))


@variant(of="sigmoid")
def clipped_where_nothing_changes(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@variant(of="sigmoid")
def one_number_at_a_time(z):
    return np.vectorize(lambda t: 1 / (1 + np.exp(-t)) if t > 0 else np.exp(t) / (1 + np.exp(t)), otypes=[float])(z)


@variant(of="sigmoid")
def with_two_masks(z):
    z = np.asarray(z)
    out = np.empty(z.shape)
    right = z >= 0
    out[right] = 1 / (1 + np.exp(-z[right]))
    e = np.exp(z[~right])
    out[~right] = e / (1 + e)
    return out


@variant(of="sigmoid")
def with_logaddexp(z):
    return np.exp(-np.logaddexp(0.0, -z))


# ---------------------------------------------------------------- sigmoid_backward


@variant(of="sigmoid_backward")
def from_both_sides(da, z):
    def s(t):
        return np.exp(-np.logaddexp(0, -t))

    return da * s(z) * s(-z)


@variant(of="sigmoid_backward")
def with_the_square(da, z):
    a = np.exp(-np.logaddexp(0, -z))
    return da * (a - a**2)


@variant(of="sigmoid_backward")
def through_cosh(da, z):
    with np.errstate(over="ignore"):
        return da / (4 * np.cosh(np.asarray(z) / 2) ** 2)


@variant(of="sigmoid_backward")
def with_absolute_values(da, z):
    e = np.exp(-np.abs(z))
    return np.multiply(da, e / (1 + e) ** 2)


# ---------------------------------------------------------------- tanh_backward


@variant(of="tanh_backward")
def through_tanh_cosh(da, z):
    with np.errstate(over="ignore"):
        return da / np.cosh(z) ** 2


@variant(of="tanh_backward")
def as_a_product(da, z):
    a = np.tanh(z)
    return da * (1 - a) * (1 + a)


@variant(of="tanh_backward")
def with_power(da, z):
    return np.multiply(1 - np.power(np.tanh(z), 2), da)


@variant(of="tanh_backward")
def da_last(da, z):
    a = np.tanh(z)
    return da - da * a * a


# ---------------------------------------------------------------- relu


@variant(of="relu")
def with_where(z):
    return np.where(z > 0, z, 0)


@variant(of="relu")
def with_a_mask(z):
    return z * (z > 0)


@variant(of="relu")
def with_a_copy(z):
    out = np.array(z)
    out[out < 0] = 0
    return out


@variant(of="relu")
def half_of_sum(z):
    return (z + np.abs(z)) / 2


@variant(of="relu")
def with_clip(z):
    return np.clip(z, 0, None)


# ---------------------------------------------------------------- relu_backward


@variant(of="relu_backward")
def backward_with_where(da, z):
    return np.where(z > 0, da, 0)


@variant(of="relu_backward")
def copy_and_zero(da, z):
    dz = da.copy()
    dz[z <= 0] = 0
    return dz


@variant(of="relu_backward")
def with_heaviside(da, z):
    return da * np.heaviside(z, 0)


@variant(of="relu_backward")
def from_the_output(da, z):
    a = np.maximum(0, z)
    return np.multiply(da, np.sign(a))


# ---------------------------------------------------------------- leaky_relu


@variant(of="leaky_relu")
def larger_of_two(z, slope=0.01):
    return np.maximum(slope * z, z)


@variant(of="leaky_relu")
def sum_of_parts(z, slope=0.01):
    return np.maximum(z, 0) + slope * np.minimum(z, 0)


@variant(of="leaky_relu")
def float_copy(z, slope=0.01):
    out = np.array(z, dtype=float)
    out[out < 0] *= slope
    return out


# ---------------------------------------------------------------- leaky_relu_backward


@variant(of="leaky_relu_backward")
def leaky_by_masks(da, z, slope=0.01):
    return da * (z > 0) + slope * da * (z <= 0)


@variant(of="leaky_relu_backward")
def slopes_first(da, z, slope=0.01):
    slopes = np.ones(z.shape)
    slopes[z <= 0] = slope
    return slopes * da


@variant(of="leaky_relu_backward")
def leaky_copy(da, z, slope=0.01):
    dz = np.array(da, dtype=float)
    dz[z <= 0] = dz[z <= 0] * slope
    return dz


# ---------------------------------------------------------------- elu


@variant(of="elu")
def with_expm1(z, alpha=1.0):
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


@variant(of="elu")
def overflow_unused(z, alpha=1.0):
    with np.errstate(over="ignore"):
        return np.where(z > 0, z, alpha * (np.exp(z) - 1))


@variant(of="elu")
def elu_sum_of_parts(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)


@variant(of="elu")
def elu_float_copy(z, alpha=1.0):
    out = np.array(z, dtype=float)
    left = out <= 0
    out[left] = alpha * (np.exp(out[left]) - 1)
    return out


# ---------------------------------------------------------------- elu_backward


@variant(of="elu_backward")
def output_plus_alpha(da, z, alpha=1.0):
    a = np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))
    return da * np.where(z > 0, 1, a + alpha)


@variant(of="elu_backward")
def elu_slopes_first(da, z, alpha=1.0):
    slopes = np.ones(z.shape)
    slopes[z <= 0] = alpha * np.exp(z[z <= 0])
    return da * slopes


@variant(of="elu_backward")
def elu_overflow_unused(da, z, alpha=1.0):
    with np.errstate(over="ignore"):
        return da * np.where(z > 0, 1.0, alpha * np.exp(z))


# ---------------------------------------------------------------- prelu_backward


@variant(of="prelu_backward")
def prelu_loops(da, z, alpha):
    alpha = np.asarray(alpha, dtype=float)
    each = np.broadcast_to(alpha, z.shape[1:]) if alpha.ndim else np.full(z.shape[1:], alpha)
    dz, dalpha = np.zeros(z.shape), np.zeros(alpha.shape)
    for n in range(z.shape[0]):
        for k in range(z.shape[1]):
            if z[n, k] > 0:
                dz[n, k] = da[n, k]
            else:
                dz[n, k] = each[k] * da[n, k]
                if alpha.ndim:
                    dalpha[k] += da[n, k] * z[n, k]
                else:
                    dalpha += da[n, k] * z[n, k]
    return dz, dalpha


@variant(of="prelu_backward")
def with_masks(da, z, alpha):
    left = z <= 0
    dz = da * (~left) + da * left * alpha
    dalpha = np.sum(da * z * left, axis=0)
    if np.ndim(alpha) == 0:
        dalpha = float(np.sum(dalpha))
    return dz, dalpha


@variant(of="prelu_backward")
def with_prelu_einsum(da, z, alpha):
    left = np.where(z > 0, 0.0, z)
    pattern = "nk,nk->" if np.ndim(alpha) == 0 else "nk,nk->k"
    return da * np.where(z > 0, 1.0, alpha), np.einsum(pattern, da, left)


@variant(of="prelu_backward")
def reshaped_at_the_end(da, z, alpha):
    dz = np.where(z > 0, 1, alpha) * da
    whole = (da * np.where(z < 0, z, 0)).sum(axis=0)
    return [
        dz,
        whole.sum() if np.size(alpha) == 1 and np.ndim(alpha) == 0 else whole.reshape(np.shape(alpha)),
    ]


# ---------------------------------------------------------------- maxout_forward


@variant(of="maxout_forward")
def maxout_einsum(x, w, b):
    pieces = np.einsum("nd,idk->ink", x, w) + b[:, None, :]
    return np.max(pieces, axis=0), (x, w, pieces)


@variant(of="maxout_forward")
def piece_by_piece(x, w, b):
    pieces = np.stack([x @ w[i] + b[i] for i in range(len(w))])
    out = pieces[0]
    for piece in pieces[1:]:
        out = np.maximum(out, piece)
    return out, (x, w, pieces)


@variant(of="maxout_forward")
def takes_along_the_winner(x, w, b):
    pieces = np.matmul(x[np.newaxis], w) + np.expand_dims(b, 1)
    winner = np.argmax(pieces, axis=0)
    return np.take_along_axis(pieces, winner[np.newaxis], axis=0)[0], (x, w, pieces)


@variant(of="maxout_forward")
def one_affine_layer_for_each_piece(x, w, b):
    pieces = [np.dot(x, weights) + biases for weights, biases in zip(w, b, strict=True)]
    return np.maximum.reduce(pieces), (x, w, pieces)


# ---------------------------------------------------------------- maxout_backward


@variant(of="maxout_backward")
def maxout_loops(dout, cache):
    x, w, pieces = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros((w.shape[0], w.shape[2]))
    for n in range(dout.shape[0]):
        for j in range(dout.shape[1]):
            i = int(np.argmax(pieces[:, n, j]))
            dx[n] += dout[n, j] * w[i, :, j]
            dw[i, :, j] += dout[n, j] * x[n]
            db[i, j] += dout[n, j]
    return dx, dw, db


@variant(of="maxout_backward")
def maxout_backward_einsum(dout, cache):
    x, w, pieces = cache
    mask = np.zeros(pieces.shape)
    np.put_along_axis(mask, pieces.argmax(axis=0)[np.newaxis], 1.0, axis=0)
    d = mask * dout
    return np.einsum("ink,idk->nd", d, w), np.einsum("nd,ink->idk", x, d), d.sum(axis=1)


@variant(of="maxout_backward")
def maxout_piece_by_piece(dout, cache):
    x, w, pieces = cache
    winner = pieces.argmax(axis=0)
    dx, dw, db = 0, [], []
    for i in range(len(w)):
        mine = np.where(winner == i, dout, 0.0)
        dx = dx + mine @ w[i].T
        dw.append(x.T @ mine)
        db.append(mine.sum(axis=0))
    return dx, np.array(dw), np.array(db)
