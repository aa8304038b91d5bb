"""Correct implementations of 11-batch-normalization written differently; refusing one is a bug of ours.

The notebook leaves the layout of the cache open. A variant replaces one function while the others stay the
course's, so the variants here keep the course's layout but for extra parts.
"""

import math

import numpy as np

from grader.authoring import variant


@variant(of="update_running")
def running_as_a_step_towards_the_batch(running, mean, var, momentum):
    for name, start, batch in (("mean", 0.0, mean), ("var", 1.0, var)):
        old = running.get(name, np.full_like(batch, start))
        running[name] = old + (1 - momentum) * (batch - old)
    return running


@variant(of="update_running")
def running_filled_first(running, mean, var, momentum):
    if not running:
        running["mean"], running["var"] = np.zeros(len(mean)), np.ones(len(var))
    running["mean"] = running["mean"] * momentum + mean * (1.0 - momentum)
    running["var"] = running["var"] * momentum + var * (1.0 - momentum)
    return running


@variant(of="update_running")
def running_feature_by_feature(running, mean, var, momentum):
    old_mean = running.get("mean", [0.0] * len(mean))
    old_var = running.get("var", [1.0] * len(var))
    new_mean = [momentum * a + (1 - momentum) * b for a, b in zip(old_mean, mean, strict=True)]
    new_var = [momentum * a + (1 - momentum) * b for a, b in zip(old_var, var, strict=True)]
    running.update(mean=np.array(new_mean), var=np.array(new_var))
    return running


@variant(of="update_running")
def running_by_interpolation(running, mean, var, momentum):
    new = {
        "var": np.average([running.get("var", np.ones_like(var)), var], axis=0, weights=[momentum, 1 - momentum]),
        "mean": np.average([running.get("mean", np.zeros_like(mean)), mean], axis=0, weights=[momentum, 1 - momentum]),
    }
    running.clear()
    running.update(new)
    return new


@variant(of="update_running")
def running_in_float32(running, mean, var, momentum):
    running["mean"] = np.float32(momentum * running.get("mean", 0) + (1 - momentum) * mean)
    running["var"] = np.float32(momentum * running.get("var", 1) + (1 - momentum) * var)
    return running


@variant(of="update_running")
def running_into_the_same_arrays(running, mean, var, momentum):
    running.setdefault("mean", np.zeros(mean.shape))
    running.setdefault("var", np.ones(var.shape))
    for name, batch in (("mean", mean), ("var", var)):
        kept = running[name] = np.array(running[name], dtype=float)
        kept *= momentum
        kept += (1 - momentum) * batch
    return running


def _move(running, mean, var, momentum):
    running["mean"] = momentum * running.get("mean", np.zeros_like(mean)) + (1 - momentum) * mean
    running["var"] = momentum * running.get("var", np.ones_like(var)) + (1 - momentum) * var


@variant(of="batchnorm_forward")
def forward_with_var_of_numpy(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        mean, var = np.mean(x, 0), np.var(x, 0)
        _move(running, mean, var, momentum)
    else:
        mean, var = running.get("mean", np.zeros(x.shape[1])), running.get("var", np.ones(x.shape[1]))
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return np.multiply(x_hat, gamma) + beta, (x_hat, 1 / std, gamma)


@variant(of="batchnorm_forward")
def forward_by_mean_of_squares(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        mean = x.mean(axis=0, keepdims=True)
        var = np.maximum((x**2).mean(axis=0, keepdims=True) - mean**2, 0)
        _move(running, mean[0], var[0], momentum)
    else:
        mean, var = running.get("mean", 0), running.get("var", 1)
    inv_std = (var + eps) ** -0.5
    x_hat = (x - mean) * inv_std
    return x_hat * gamma + beta, (x_hat, inv_std, gamma)


@variant(of="batchnorm_forward")
def forward_feature_by_feature(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    n, k = x.shape
    mean, var, x_hat, inv_std = np.zeros(k), np.ones(k), np.zeros((n, k)), np.zeros(k)
    for j in range(k):
        if train:
            mean[j] = sum(x[i, j] for i in range(n)) / n
            var[j] = sum((x[i, j] - mean[j]) ** 2 for i in range(n)) / n
        elif running:
            mean[j], var[j] = running["mean"][j], running["var"][j]
        inv_std[j] = 1 / math.sqrt(var[j] + eps)
        for i in range(n):
            x_hat[i, j] = (x[i, j] - mean[j]) * inv_std[j]
    if train:
        _move(running, mean, var, momentum)
    return np.array([[gamma[j] * x_hat[i, j] + beta[j] for j in range(k)] for i in range(n)]), (x_hat, inv_std, gamma)


@variant(of="batchnorm_forward")
def forward_in_place_on_copies(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    out = np.array(x, dtype=float)
    if train:
        mean = out.mean(axis=0)
        out -= mean
        var = np.einsum("nk,nk->k", out, out) / len(out)
        _move(running, mean, var, momentum)
    else:
        out -= running.get("mean", 0.0)
        var = running.get("var", np.ones(x.shape[1]))
    inv_std = 1 / np.sqrt(eps + var)
    out *= inv_std
    x_hat = out.copy()
    out *= gamma
    out += beta
    return [out, [x_hat, inv_std, gamma]]


@variant(of="batchnorm_forward")
def forward_as_one_scale_and_shift(x, gamma, beta, running, train=True, momentum=0.9, eps=1e-5):
    if train:
        mean, var = np.average(x, axis=0), np.std(x, axis=0) ** 2
        _move(running, mean, var, momentum)
    elif not running:
        mean, var = np.zeros(x.shape[1]), np.ones(x.shape[1])
    else:
        mean, var = running["mean"], running["var"]
    scale = gamma / np.sqrt(var + eps)
    inv_std = 1 / np.sqrt(var + eps)
    return x * scale + (beta - mean * scale), ((x - mean) * inv_std, inv_std, gamma)


@variant(of="batchnorm_backward")
def backward_by_the_long_chain(dout, cache):
    x_hat, inv_std, gamma = cache
    n = dout.shape[0]
    centred = x_hat / inv_std
    dx_hat = dout * gamma
    dvar = np.sum(dx_hat * centred * -0.5 * inv_std**3, axis=0)
    dmean = np.sum(-dx_hat * inv_std, axis=0) + dvar * np.mean(-2.0 * centred, axis=0)
    dx = dx_hat * inv_std + dvar * 2.0 * centred / n + dmean / n
    return dx, np.sum(dout * x_hat, axis=0), np.sum(dout, axis=0)


@variant(of="batchnorm_backward")
def backward_through_the_jacobian(dout, cache):
    x_hat, inv_std, gamma = cache
    n = len(dout)
    dx = np.empty(dout.shape)
    for k in range(dout.shape[1]):
        jacobian = gamma[k] * inv_std[k] * (np.eye(n) - 1 / n - np.outer(x_hat[:, k], x_hat[:, k]) / n)
        dx[:, k] = jacobian.T @ dout[:, k]
    return dx, np.einsum("nk,nk->k", dout, x_hat), np.ones(n) @ dout


@variant(of="batchnorm_backward")
def backward_by_means(dout, cache):
    x_hat, inv_std, gamma = cache
    h = dout * gamma
    dx = inv_std * (h - h.mean(axis=0) - x_hat * np.mean(h * x_hat, axis=0))
    return [dx, (dout * x_hat).sum(0), dout.sum(0)]


@variant(of="batchnorm_backward")
def backward_by_the_compact_formula(dout, cache):
    x_hat, inv_std, gamma = cache
    n, _ = dout.shape
    dgamma, dbeta = np.sum(x_hat * dout, 0), np.sum(dout, 0)
    dx = (1.0 / n) * gamma * inv_std * (n * dout - dbeta - x_hat * dgamma)
    return dx, dgamma, dbeta


@variant(of="batchnorm_backward")
def backward_by_projections(dout, cache):
    x_hat, inv_std, gamma = cache
    rest = dout - dout.mean(axis=0, keepdims=True)
    rest = rest - x_hat * (rest * x_hat).mean(axis=0, keepdims=True)
    return rest * (gamma * inv_std), np.diag(dout.T @ x_hat).copy(), dout.sum(axis=0)


@variant(of="batchnorm_backward")
def backward_number_by_number(dout, cache):
    x_hat, inv_std, gamma = cache
    n, k = dout.shape
    dx, dgamma, dbeta = np.zeros((n, k)), np.zeros(k), np.zeros(k)
    for j in range(k):
        for i in range(n):
            dbeta[j] += dout[i, j]
            dgamma[j] += dout[i, j] * x_hat[i, j]
        for i in range(n):
            dx[i, j] = gamma[j] * inv_std[j] * (dout[i, j] - dbeta[j] / n - x_hat[i, j] * dgamma[j] / n)
    return dx, dgamma, dbeta


@variant(of="fold_batchnorm")
def fold_by_the_definition(w, b, gamma, beta, mean, var, eps):
    std = np.sqrt(var + eps)
    return gamma * w / std, gamma * (b - mean) / std + beta


@variant(of="fold_batchnorm")
def fold_by_a_diagonal_matrix(w, b, gamma, beta, mean, var, eps):
    scale = np.diag(gamma * (var + eps) ** -0.5)
    return [w @ scale, (b - mean) @ scale + beta]


@variant(of="fold_batchnorm")
def fold_by_trying_inputs(w, b, gamma, beta, mean, var, eps):
    def both(x):
        return gamma * (x @ w + b - mean) / np.sqrt(var + eps) + beta

    new_b = both(np.zeros(len(w)))
    return both(np.eye(len(w))) - new_b, new_b


@variant(of="fold_batchnorm")
def fold_unit_by_unit(w, b, gamma, beta, mean, var, eps):
    new_w, new_b = np.array(w, dtype=float), np.array(b, dtype=float)
    for k in range(w.shape[1]):
        scale = gamma[k] / math.sqrt(var[k] + eps)
        new_w[:, k] *= scale
        new_b[k] = (new_b[k] - mean[k]) * scale + beta[k]
    return new_w, new_b
