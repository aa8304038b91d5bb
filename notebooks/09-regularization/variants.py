"""Correct implementations of 09-regularization written differently; refusing one is a bug of ours."""

import math

import numpy as np

from grader.authoring import variant


@variant(of="diagnose")
def diagnose_from_parts(train_err, dev_err, bayes_err=0.0):
    found = []
    if train_err > bayes_err + 0.05:
        found.append("high bias")
    if dev_err > train_err + 0.05:
        found.append("high variance")
    return " and ".join(found) or "neither"


@variant(of="diagnose")
def diagnose_with_a_table(train_err, dev_err, bayes_err=0):
    bias, variance = (train_err - bayes_err) > 5 / 100, (dev_err - train_err) > 5 / 100
    table = {
        (False, False): "neither",
        (True, False): "high bias",
        (False, True): "high variance",
        (True, True): "high bias and high variance",
    }
    return table[bool(bias), bool(variance)]


@variant(of="diagnose")
def diagnose_in_rounded_points(train_err, dev_err, bayes_err=0.0):
    bias, variance = round(100 * (train_err - bayes_err), 6), round(100 * (dev_err - train_err), 6)
    if bias <= 5 and variance <= 5:
        return "neither"
    if bias <= 5:
        return "high variance"
    return "high bias" if variance <= 5 else "high bias and high variance"


@variant(of="l2_penalty")
def l2_in_loops(weights, lam, m):
    total = 0.0
    for w in weights:
        for entry in w.flat:
            total += entry * entry
    return lam * total / (2 * m)


@variant(of="l2_penalty")
def l2_by_frobenius_norm(weights, lam, m):
    return 0.5 * lam / m * np.sum([np.linalg.norm(w.ravel()) ** 2 for w in weights])


@variant(of="l2_penalty")
def l2_of_one_long_vector(weights, lam, m):
    theta = np.concatenate([np.ravel(w) for w in weights])
    return float(theta @ theta) * lam / 2 / m


@variant(of="l2_penalty")
def l2_by_einsum(weights, lam, m):
    return np.array(lam / (2 * m) * sum(np.einsum("i,i->", w.reshape(-1), w.reshape(-1)) for w in weights))


@variant(of="l2_gradient")
def l2_gradients_in_a_loop(weights, lam, m):
    grads = []
    for w in weights:
        grads.append(w * lam / m)
    return grads


@variant(of="l2_gradient")
def l2_gradients_as_a_tuple(weights, lam, m):
    return tuple(2 * lam / (2 * m) * w for w in weights)


@variant(of="l2_gradient")
def l2_gradients_on_copies(weights, lam, m):
    grads = [w.copy() for w in weights]
    for g in grads:
        g *= lam / m
    return grads


@variant(of="l2_gradient")
def l2_gradients_in_float32(weights, lam, m):
    return [(np.float64(lam) / m * w).astype(np.float32) for w in weights]


@variant(of="weight_decay_step")
def decay_the_long_way(w, dw, lr, lam, m):
    return w - lr * (dw + lam / m * w)


@variant(of="weight_decay_step")
def decay_on_a_copy(w, dw, lr, lam, m):
    new = np.array(w, dtype=float)
    new *= 1 - lr * lam / m
    new -= lr * dw
    return new


@variant(of="weight_decay_step")
def decay_in_three_parts(w, dw, lr, lam, m):
    return np.subtract(w, lr * dw) - (lr * lam / m) * w


@variant(of="weight_decay_step")
def decay_entry_by_entry(w, dw, lr, lam, m):
    new = np.empty(w.shape)
    for index in np.ndindex(w.shape):
        new[index] = w[index] - lr * dw[index] - lr * w[index] * lam / m
    return new


@variant(of="network_step")
def network_by_factor(params, grads, lr, lam, m):
    return {k: (1 - lr * lam / m if k[0] == "W" else 1) * v - lr * grads[k] for k, v in params.items()}


@variant(of="network_step")
def network_in_the_order_of_the_gradients(params, grads, lr, lam, m):
    new = {}
    for k in grads:
        g = grads[k]
        if k.startswith("W"):
            g = g + lam / m * params[k]
        new[k] = params[k] - lr * g
    return new


@variant(of="network_step")
def network_on_copies(params, grads, lr, lam, m):
    new = {k: np.array(v) for k, v in params.items()}
    for k, v in new.items():
        if k[:1] == "W":
            v *= 1 - lr * lam / m
        v -= lr * grads[k]
    return new


@variant(of="l1_penalty")
def l1_in_loops(weights, lam, m):
    total = 0.0
    for w in weights:
        for entry in w.ravel().tolist():
            total += abs(entry)
    return total * lam / (2 * m)


@variant(of="l1_penalty")
def l1_by_root_of_the_square(weights, lam, m):
    return lam / m / 2 * math.fsum(float(np.sqrt(w * w).sum()) for w in weights)


@variant(of="l1_penalty")
def l1_of_one_long_vector(weights, lam, m):
    return np.linalg.norm(np.concatenate([w.ravel() for w in weights]), 1) * lam / (2 * m)


@variant(of="l1_penalty")
def l1_by_weights_and_signs(weights, lam, m):
    return lam / (2 * m) * sum(np.vdot(np.sign(w), w) for w in weights)


@variant(of="l1_gradient")
def l1_gradients_by_comparison(weights, lam, m):
    return [lam / (2 * m) * ((w > 0).astype(float) - (w < 0).astype(float)) for w in weights]


@variant(of="l1_gradient")
def l1_gradients_by_where(weights, lam, m):
    s = 0.5 * lam / m
    return [np.where(w > 0, s, np.where(w < 0, -s, 0.0)) for w in weights]


@variant(of="l1_gradient")
def l1_gradients_by_masks(weights, lam, m):
    grads = []
    for w in weights:
        g = np.zeros_like(w)
        g[w > 0] = lam / 2 / m
        g[w < 0] = -lam / 2 / m
        grads.append(g)
    return tuple(grads)


@variant(of="elastic_net_penalty")
def elastic_net_in_one_sum(weights, lam, beta, m):
    return lam / (2 * m) * sum(np.sum(beta * w**2 + np.abs(w)) for w in weights)


@variant(of="elastic_net_penalty")
def elastic_net_of_one_long_vector(weights, lam, beta, m):
    theta = np.concatenate([w.ravel() for w in weights])
    return float(lam * (beta * theta @ theta + np.abs(theta).sum()) / 2 / m)


@variant(of="elastic_net_penalty")
def elastic_net_in_loops(weights, lam, beta, m):
    squares = sizes = 0.0
    for w in weights:
        for entry in w.flat:
            squares += entry**2
            sizes += abs(entry)
    return (lam * beta * squares + lam * sizes) / (2 * m)


@variant(of="early_stopping")
def stopping_with_a_counter(dev_losses, patience):
    best, best_epoch, waited = math.inf, 0, 0
    for epoch in range(len(dev_losses)):
        if dev_losses[epoch] < best:
            best, best_epoch, waited = dev_losses[epoch], epoch, 0
        else:
            waited += 1
            if waited == patience:
                return (best_epoch, epoch)
    return best_epoch, epoch


@variant(of="early_stopping")
def stopping_with_minimum_so_far(dev_losses, patience):
    losses = np.asarray(dev_losses, dtype=float)
    for epoch in range(len(losses)):
        best_epoch = np.argmin(losses[: epoch + 1])
        if epoch - best_epoch == patience:
            break
    return [best_epoch, epoch]


@variant(of="early_stopping")
def stopping_in_a_while_loop(dev_losses, patience):
    epoch, best_epoch, left = 0, 0, patience
    while epoch + 1 < len(dev_losses) and left:
        epoch += 1
        left -= 1
        if dev_losses[epoch] < dev_losses[best_epoch]:
            best_epoch, left = epoch, patience
    return np.array([best_epoch, epoch])


@variant(of="early_stopping")
def stopping_by_new_lows(dev_losses, patience):
    losses = np.asarray(dev_losses)
    lowest = np.minimum.accumulate(losses)
    lows = [0, *(np.flatnonzero(lowest[1:] < lowest[:-1]) + 1)]
    for low, following in zip(lows, [*lows[1:], len(losses) + patience], strict=True):
        if following - low > patience:
            return int(low), min(int(low) + patience, len(losses) - 1)
    raise AssertionError
