"""Right answers to 02-softmax-and-losses written differently; refusing one of them is a bug of the tests."""

import math

import numpy as np

from grader.authoring import variant

# softmax


@variant(of="softmax")
def softmax_with_loops(scores):
    """Plain Python numbers, one entry at a time."""
    n, c = scores.shape
    probs = np.zeros((n, c))
    for i in range(n):
        largest = max(float(s) for s in scores[i])
        total = 0.0
        for j in range(c):
            probs[i, j] = math.exp(float(scores[i, j]) - largest)
            total += probs[i, j]
        for j in range(c):
            probs[i, j] /= total
    return probs


@variant(of="softmax")
def softmax_by_transposing(scores):
    """Classes as rows inside, so that plain broadcasting does without keepdims."""
    columns = np.asarray(scores, dtype=float).T
    powers = np.exp(columns - columns.max(axis=0))
    return (powers / powers.sum(axis=0)).T


@variant(of="softmax")
def softmax_by_logsumexp(scores):
    """Through log-probabilities, with NumPy's own stable sum of exponentials."""
    scores = np.asarray(scores, dtype=float)
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])


@variant(of="softmax")
def softmax_in_single_precision(scores):
    """float32 throughout, which is what fast code uses."""
    shifted = (scores - scores.max(axis=1, keepdims=True)).astype(np.float32)
    powers = np.exp(shifted)
    return powers / powers.sum(axis=1, keepdims=True)


@variant(of="softmax")
def softmax_with_einsum(scores):
    """The division as a product of rows with the reciprocals of their sums."""
    powers = np.exp(scores - np.amax(scores, axis=-1)[..., None])
    return np.einsum("nc,n->nc", powers, 1.0 / np.einsum("nc->n", powers))


@variant(of="softmax")
def softmax_row_by_row(scores):
    """A helper for one example, applied along the rows."""

    def one(row):
        powers = np.exp(row - row.max())
        return powers / powers.sum()

    return np.apply_along_axis(one, 1, np.array(scores, dtype=float))


@variant(of="softmax")
def softmax_by_pairwise_differences(scores):
    """1 over the sum of exponentials of differences, with overflow to infinity, whose reciprocal is right."""
    scores = np.asarray(scores, dtype=float)
    with np.errstate(over="ignore"):
        return 1 / np.exp(scores[:, None, :] - scores[:, :, None]).sum(axis=2)


# one_hot


@variant(of="one_hot")
def one_hot_from_the_identity(y, num_classes):
    """Rows of the identity matrix."""
    return np.eye(num_classes)[y]


@variant(of="one_hot")
def one_hot_by_comparison(y, num_classes):
    """Compare every label with every class."""
    return (np.asarray(y)[:, None] == np.arange(num_classes)).astype(float)


@variant(of="one_hot")
def one_hot_with_loops(y, num_classes):
    """One entry at a time, as lists."""
    return np.array([[1.0 if label == c else 0.0 for c in range(num_classes)] for label in y])


@variant(of="one_hot")
def one_hot_with_add_at(y, num_classes):
    """np.add.at on an array of zeros, in single precision."""
    rows = np.zeros((len(y), num_classes), dtype=np.float32)
    np.add.at(rows, (np.arange(len(y)), y), 1)
    return rows


@variant(of="one_hot")
def one_hot_through_flat_positions(y, num_classes):
    """One index into the flattened table."""
    rows = np.zeros(len(y) * num_classes)
    rows[np.arange(len(y)) * num_classes + y] = 1
    return rows.reshape(len(y), num_classes)


@variant(of="one_hot")
def one_hot_by_taking_along_the_axis(y, num_classes):
    """np.put_along_axis."""
    rows = np.zeros((y.shape[0], num_classes))
    np.put_along_axis(rows, y[:, None], 1.0, axis=1)
    return rows


# cross_entropy


@variant(of="cross_entropy")
def cross_entropy_with_a_loop(probs, y):
    """A running total of Python floats."""
    total = 0.0
    for i in range(len(y)):
        total -= math.log(probs[i, y[i]])
    return total / len(y)


@variant(of="cross_entropy")
def cross_entropy_with_one_hot_rows(probs, y):
    """The double sum of the formula."""
    truth = np.eye(probs.shape[1])[y]
    return -(truth * np.log(probs)).sum() / probs.shape[0]


@variant(of="cross_entropy")
def cross_entropy_with_einsum(probs, y):
    """The double sum as one contraction; the result is a 0-d array."""
    truth = (y[:, None] == np.arange(probs.shape[1])).astype(float)
    return np.asarray(np.einsum("nc,nc->", truth, -np.log(probs)) / len(y))


@variant(of="cross_entropy")
def cross_entropy_in_single_precision(probs, y):
    """float32 throughout."""
    picked = np.take_along_axis(probs.astype(np.float32), y[:, None], axis=1)
    return np.mean(-np.log(picked))


@variant(of="cross_entropy")
def cross_entropy_with_choose(probs, y):
    """The logarithm of the reciprocals."""
    return float(np.average(np.log(1 / np.choose(y, probs.T))))


# softmax_cross_entropy


@variant(of="softmax_cross_entropy")
def softmax_cross_entropy_with_loops(scores, y):
    """Plain Python, one example at a time."""
    n, c = scores.shape
    loss, dscores = 0.0, np.zeros((n, c))
    for i in range(n):
        row = [float(s) for s in scores[i]]
        largest = max(row)
        total = sum(math.exp(s - largest) for s in row)
        loss += math.log(total) + largest - row[y[i]]
        for j in range(c):
            dscores[i, j] = (math.exp(row[j] - largest) / total - (1.0 if j == y[i] else 0.0)) / n
    return loss / n, dscores


@variant(of="softmax_cross_entropy")
def softmax_cross_entropy_by_logaddexp(scores, y):
    """log-sum-exp from NumPy."""
    scores = np.asarray(scores, dtype=float)
    total = np.logaddexp.reduce(scores, axis=1)
    truth = np.eye(scores.shape[1])[y]
    return (total - (scores * truth).sum(axis=1)).mean(), (np.exp(scores - total[:, None]) - truth) / len(y)


@variant(of="softmax_cross_entropy")
def softmax_cross_entropy_relative_to_the_true_score(scores, y):
    """Differences to the true score first; the loss is log of a sum with a one in it."""
    n, rows = len(y), np.arange(len(y))
    relative = scores - scores[rows, y][:, None]
    largest = relative.max(axis=1)
    total = largest + np.log(np.exp(relative - largest[:, None]).sum(axis=1))
    dscores = np.exp(relative - total[:, None])
    dscores[rows, y] -= 1
    return [float(np.sum(total) / n), dscores / n]


@variant(of="softmax_cross_entropy")
def softmax_cross_entropy_in_single_precision(scores, y):
    """float32 throughout."""
    n, rows = len(y), np.arange(len(y))
    shifted = (scores - scores.max(axis=1, keepdims=True)).astype(np.float32)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dscores = np.exp(log_probs)
    dscores[rows, y] -= np.float32(1)
    return -log_probs[rows, y].mean(), dscores / np.float32(n)


@variant(of="softmax_cross_entropy")
def softmax_cross_entropy_with_the_jacobian(scores, y):
    """Gradient of the probabilities through the full Jacobian of softmax, kept safe by working with p_y alone."""
    n, c = scores.shape
    shifted = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(shifted)
    probs = powers / powers.sum(axis=1, keepdims=True)
    losses = np.log(powers.sum(axis=1)) - shifted[np.arange(n), y]
    # d(-log p_y)/ds_c = -(1/p_y) p_y (delta_yc - p_c): p_y cancels before it can be zero
    dscores = np.stack([-(np.eye(c)[y[i]] - probs[i]) for i in range(n)]) / n
    return np.asarray(losses.mean()), dscores


# hinge_loss


@variant(of="hinge_loss")
def hinge_loss_with_loops(scores, y, margin=1.0):
    """Plain Python, one class at a time."""
    n, c = scores.shape
    loss, dscores = 0.0, np.zeros((n, c))
    for i in range(n):
        for j in range(c):
            charge = scores[i, j] - scores[i, y[i]] + margin
            if j != y[i] and charge > 0:
                loss += charge / n
                dscores[i, j] += 1 / n
                dscores[i, y[i]] -= 1 / n
    return loss, dscores


@variant(of="hinge_loss")
def hinge_loss_counting_the_margin_off(scores, y, margin=1.0):
    """Charge the true class too, and take its margin off again."""
    n, truth = len(y), np.eye(scores.shape[1])[y]
    true = np.einsum("nc,nc->n", scores, truth)
    charged = np.clip(scores - true[:, None] + margin, 0, None)
    wrong = (charged > 0) * (1 - truth)
    return np.mean(charged.sum(axis=1) - margin), (wrong - wrong.sum(axis=1, keepdims=True) * truth) / n


@variant(of="hinge_loss")
def hinge_loss_with_the_other_slope_at_the_kink(scores, y, margin=1.0):
    """At a difference of exactly zero the slope 1 is as good as 0."""
    n, rows = len(y), np.arange(len(y))
    terms = scores - scores[rows, y].reshape(-1, 1) + margin
    active = terms >= 0
    active[rows, y] = False
    dscores = active / n
    np.add.at(dscores, (rows, y), -active.sum(axis=1) / n)
    return np.sum(terms[active]) / n, dscores


@variant(of="hinge_loss")
def hinge_loss_in_single_precision(scores, y, margin=1.0):
    """float32 throughout."""
    n, rows = np.float32(len(y)), np.arange(len(y))
    scores = scores.astype(np.float32)
    charged = np.maximum(scores - scores[rows, y][:, None] + np.float32(margin), 0)
    charged[rows, y] = 0
    dscores = np.where(charged > 0, np.float32(1), np.float32(0))
    dscores[rows, y] = -np.count_nonzero(charged, axis=1)
    return np.sum(charged) / n, dscores / n


@variant(of="hinge_loss")
def hinge_loss_with_a_mask(scores, y, margin=1.0):
    """The wrong classes of each row as a table of their own."""
    n, c = scores.shape
    wrong = np.arange(c) != y[:, None]
    gaps = scores[wrong].reshape(n, c - 1) - scores[~wrong].reshape(n, 1)
    hits = gaps + margin > 0
    dscores = np.zeros((n, c))
    dscores[wrong] = hits.ravel()
    dscores[~wrong] = -hits.sum(axis=1)
    return ((gaps + margin) * hits).sum() / n, dscores / n


# mse


@variant(of="mse")
def mse_with_a_loop(pred, target):
    """One number at a time."""
    total, dpred = 0.0, np.zeros(pred.shape)
    for position in np.ndindex(pred.shape):
        error = float(pred[position]) - float(target[position])
        total += error * error
        dpred[position] = 2 * error / pred.size
    return total / pred.size, dpred


@variant(of="mse")
def mse_with_a_dot_product(pred, target):
    """The squared length of the flattened difference."""
    error = (pred - target).ravel()
    return error @ error / len(error), (error * (2 / len(error))).reshape(pred.shape)


@variant(of="mse")
def mse_in_single_precision(pred, target):
    """float32 throughout."""
    error = pred.astype(np.float32) - target.astype(np.float32)
    return np.square(error).mean(), error * np.float32(2 / error.size)


@variant(of="mse")
def mse_with_a_norm(pred, target):
    """Through the Frobenius norm; the result is a 0-d array."""
    error = np.subtract(target, pred)
    return np.asarray(np.linalg.norm(error) ** 2 / error.size), -2.0 / error.size * error


# mae


@variant(of="mae")
def mae_with_a_loop(pred, target):
    """One number at a time; slope +1/n on target."""
    total, dpred = 0.0, np.zeros(pred.shape)
    for position in np.ndindex(pred.shape):
        error = float(pred[position]) - float(target[position])
        total += abs(error)
        dpred[position] = (1.0 if error >= 0 else -1.0) / pred.size
    return total / pred.size, dpred


@variant(of="mae")
def mae_with_where(pred, target):
    """Slope -1/n on target."""
    return np.average(np.abs(target - pred)), np.where(pred > target, 1.0, -1.0) / np.size(pred)


@variant(of="mae")
def mae_in_single_precision(pred, target):
    """float32 throughout."""
    error = pred.astype(np.float32) - target.astype(np.float32)
    return np.abs(error).mean(), np.sign(error) / np.float32(error.size)


@variant(of="mae")
def mae_with_comparisons(pred, target):
    """Larger minus smaller."""
    above, below = pred > target, pred < target
    loss = np.sum(np.maximum(pred, target) - np.minimum(pred, target)) / pred.size
    return loss, (above.astype(float) - below.astype(float)) / pred.size


# binary_cross_entropy


@variant(of="binary_cross_entropy")
def binary_cross_entropy_with_a_loop(logits, y):
    """Plain Python, each form of the sigmoid where it is safe."""
    n = len(logits)
    loss, dlogits = 0.0, np.zeros(n)
    for i in range(n):
        z = float(logits[i])
        if z > 0:
            cost, p = z + math.log1p(math.exp(-z)), 1 / (1 + math.exp(-z))
        else:
            cost, p = math.log1p(math.exp(z)), math.exp(z) / (1 + math.exp(z))
        loss += (cost - y[i] * z) / n
        dlogits[i] = (p - y[i]) / n
    return loss, dlogits


@variant(of="binary_cross_entropy")
def binary_cross_entropy_by_logaddexp(logits, y):
    """NumPy's stable log(e^a + e^b), and the sigmoid from its logarithm."""
    return np.mean(np.logaddexp(0, logits) - y * logits), (np.exp(-np.logaddexp(0, -logits)) - y) / y.size


@variant(of="binary_cross_entropy")
def binary_cross_entropy_with_tanh(logits, y):
    """The sigmoid as a tanh that cannot overflow."""
    loss = np.mean(y * np.logaddexp(0, -logits) + (1 - y) * np.logaddexp(0, logits))
    return float(loss), (0.5 * (1 + np.tanh(logits / 2)) - y) / len(y)


@variant(of="binary_cross_entropy")
def binary_cross_entropy_in_single_precision(logits, y):
    """float32 throughout."""
    logits, y = logits.astype(np.float32), y.astype(np.float32)
    small = np.exp(-np.abs(logits))
    loss = np.mean(np.maximum(logits, 0) - logits * y + np.log1p(small))
    probs = np.where(logits >= 0, 1 / (1 + small), small / (1 + small))
    return loss, (probs - y) / np.float32(len(y))


@variant(of="binary_cross_entropy")
def binary_cross_entropy_as_softmax_of_two_classes(logits, y):
    """Scores [0, z] through the softmax loss."""
    n, labels = len(y), np.asarray(y).astype(int)
    scores = np.stack([np.zeros(n), logits], axis=1)
    total = np.logaddexp.reduce(scores, axis=1)
    probs = np.exp(scores - total[:, None])
    return (total - scores[np.arange(n), labels]).mean(), (probs[:, 1] - labels) / n
