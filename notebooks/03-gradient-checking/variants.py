"""Correct implementations of 03-gradient-checking written differently; refusing one is a bug of ours."""

import math

import numpy as np

from grader.authoring import variant

# ---------------------------------------------------------------- forward_difference


@variant(of="forward_difference")
def forward_base_first(f, x, h):
    base = f(x)
    ahead = f(x + h)
    rise = ahead - base
    return rise / h


@variant(of="forward_difference")
def forward_as_numpy_scalar(f, x, h):
    x, h = np.float64(x), np.float64(h)
    return np.divide(np.subtract(f(x + h), f(x)), h)


@variant(of="forward_difference")
def forward_by_the_distance_reached(f, x, h):
    ahead = x + h
    return (f(ahead) - f(x)) / (ahead - x)


@variant(of="forward_difference")
def forward_as_a_0d_array(f, x, h):
    values = np.array([float(f(x)), float(f(x + h))])
    return np.asarray(np.diff(values)[0] / h)


# ---------------------------------------------------------------- central_difference


@variant(of="central_difference")
def central_mean_of_both_sides(f, x, h):
    middle = f(x)
    return ((f(x + h) - middle) / h + (middle - f(x - h)) / h) / 2


@variant(of="central_difference")
def central_halves_first(f, x, h):
    return 0.5 * (f(x + h) - f(x - h)) / h


@variant(of="central_difference")
def central_by_polyfit(f, x, h):
    steps = np.array([-h, h])
    return np.polyfit(steps, [float(f(x + step)) for step in steps], 1)[0]


@variant(of="central_difference")
def central_below_first(f, x, h):
    below, above = f(x - h), f(x + h)
    return float(-(below - above) / h / 2)


# ---------------------------------------------------------------- numerical_gradient


@variant(of="numerical_gradient")
def moves_in_place_and_puts_back(f, x, h=1e-5):
    if x.dtype != np.float64:
        x = x.astype(np.float64)
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        index = it.multi_index
        old = x[index]
        x[index] = old + h
        above = f(x)
        x[index] = old - h
        below = f(x)
        x[index] = old
        grad[index] = (above - below) / (2 * h)
        it.iternext()
    return grad


@variant(of="numerical_gradient")
def with_unit_vectors(f, x, h=1e-5):
    x = np.asarray(x, dtype=np.float64)
    directions = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in directions]).reshape(x.shape)


@variant(of="numerical_gradient")
def through_a_flat_view(f, x, h=1e-5):
    point = np.array(x, dtype=np.float64, order="C")
    flat = point.reshape(-1)
    grad = np.empty(flat.size)
    for i in range(flat.size):
        kept = flat[i]
        flat[i] = kept + h
        above = float(f(point))
        flat[i] = kept - h
        grad[i] = (above - float(f(point))) / 2 / h
        flat[i] = kept
    return grad.reshape(np.shape(x))


@variant(of="numerical_gradient")
def two_copies_an_entry(f, x, h=1e-5):
    grad = np.zeros(np.shape(x))
    for index, value in np.ndenumerate(x):
        up, down = np.array(x, dtype=float), np.array(x, dtype=float)
        up[index] = float(value) + h
        down[index] = float(value) - h
        grad[index] = (f(up) - f(down)) / (up[index] - down[index])
    return grad


@variant(of="numerical_gradient")
def one_function_of_one_number_an_entry(f, x, h=1e-5):
    x = np.array(x, dtype=float)

    def along(index):
        def g(t):
            moved = x.copy()
            moved[index] = t
            return f(moved)

        return g

    slopes = [(along(i)(x[i] + h) - along(i)(x[i] - h)) / (2 * h) for i in np.ndindex(x.shape)]
    return np.asarray(slopes).reshape(x.shape)


@variant(of="numerical_gradient")
def evaluates_more_than_needed(f, x, h=1e-5):
    f(np.array(x, dtype=float))
    grad = np.zeros(np.shape(x))
    for index in reversed(list(np.ndindex(np.shape(x)))):
        step = np.zeros(np.shape(x))
        step[index] = h
        middle = f(x + 0 * step)
        grad[index] = ((f(x + step) - middle) + (middle - f(x - step))) / (2 * h)
    return grad


# ---------------------------------------------------------------- relative_error


@variant(of="relative_error")
def with_sums_of_squares(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    bottom = np.sqrt((a**2).sum()) + np.sqrt((b**2).sum())
    return float(np.sqrt(((a - b) ** 2).sum()) / bottom) if bottom > 0 else 0.0


@variant(of="relative_error")
def with_plain_loops(a, b):
    a, b = [float(v) for v in np.ravel(a)], [float(v) for v in np.ravel(b)]
    top = math.sqrt(math.fsum((p - q) ** 2 for p, q in zip(a, b, strict=True)))
    bottom = math.hypot(*a) + math.hypot(*b)
    return 0 if bottom == 0 else top / bottom


@variant(of="relative_error")
def with_dot_products(a, b):
    a, b = np.reshape(a, -1), np.reshape(b, -1)
    if not (np.any(a) or np.any(b)):
        return 0.0
    d = a - b
    return np.sqrt(d @ d) / (np.sqrt(a @ a) + np.sqrt(b @ b))


@variant(of="relative_error")
def equal_first(a, b):
    if np.array_equal(a, b):
        return np.float64(0)
    lengths = [np.linalg.norm(np.ravel(v)) for v in (a, b)]
    return np.asarray(np.linalg.norm(np.subtract(a, b).ravel()) / sum(lengths))


@variant(of="relative_error")
def smallest_float_in_the_denominator(a, b):
    a, b = np.ravel(a), np.ravel(b)
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b) + np.finfo(float).tiny)


# ---------------------------------------------------------------- flatten


@variant(of="flatten")
def with_a_plain_list(params):
    numbers = []
    for array in params.values():
        numbers.extend(float(value) for value in np.asarray(array).ravel())
    return np.array(numbers)


@variant(of="flatten")
def with_hstack(params):
    return np.hstack([np.asarray(params[name], dtype=np.float64).reshape(-1) for name in params])


@variant(of="flatten")
def filling_a_vector(params):
    theta = np.empty(sum(np.size(array) for array in params.values()))
    start = 0
    for array in params.values():
        theta[start : start + np.size(array)] = np.asarray(array).flatten()
        start += np.size(array)
    return theta


@variant(of="flatten")
def with_an_empty_start(params):
    theta = np.array([])
    for array in params.values():
        theta = np.append(theta, array)
    return theta


# ---------------------------------------------------------------- unflatten


@variant(of="unflatten")
def with_split(theta, like):
    cuts = np.cumsum([np.size(array) for array in like.values()])[:-1]
    pieces = np.split(np.asarray(theta), cuts)
    return {name: piece.reshape(np.shape(like[name])) for name, piece in zip(like, pieces, strict=True)}


@variant(of="unflatten")
def with_an_iterator(theta, like):
    numbers = iter(theta)
    params = {}
    for name, array in like.items():
        fresh = np.zeros(np.shape(array))
        for index in np.ndindex(fresh.shape):
            fresh[index] = next(numbers)
        params[name] = fresh
    return params


@variant(of="unflatten")
def eating_from_the_front(theta, like):
    params = {}
    rest = theta.copy()
    for name in like:
        size = int(np.prod(like[name].shape))
        params[name], rest = np.reshape(rest[:size], like[name].shape), rest[size:]
    return params


# ---------------------------------------------------------------- check_gradient


@variant(of="check_gradient")
def entry_by_entry(f, grad, x, h=1e-5):
    grads = grad(x)
    top = left = right = 0.0
    for name in x:
        for index in np.ndindex(np.shape(x[name])):
            up, down = np.array(x[name], dtype=float), np.array(x[name], dtype=float)
            up[index] += h
            down[index] -= h
            numeric = (f({**x, name: up}) - f({**x, name: down})) / (2 * h)
            analytic = grads[name][index]
            top += (analytic - numeric) ** 2
            left, right = left + analytic**2, right + numeric**2
    bottom = math.sqrt(left) + math.sqrt(right)
    return math.sqrt(top) / bottom if bottom else 0.0


@variant(of="check_gradient")
def in_place_and_back(f, grad, x, h=1e-5):
    work = {name: np.array(value, dtype=float) for name, value in x.items()}
    grads = {name: np.asarray(value) for name, value in grad(work).items()}
    numeric = {name: np.zeros(value.shape) for name, value in work.items()}
    for name, value in work.items():
        for index in np.ndindex(value.shape):
            kept = value[index]
            value[index] = kept + h
            above = f(work)
            value[index] = kept - h
            numeric[name][index] = (above - f(work)) / (2 * h)
            value[index] = kept
    a = np.concatenate([grads[name].ravel() for name in sorted(work)])
    b = np.concatenate([numeric[name].ravel() for name in sorted(work)])
    scale = np.linalg.norm(a) + np.linalg.norm(b)
    return np.linalg.norm(a - b) / scale if scale > 0 else 0


@variant(of="check_gradient")
def gradient_after_the_differences(f, grad, x, h=1e-5):
    names, shapes = list(x), [np.shape(value) for value in x.values()]
    sizes = [int(np.prod(shape)) for shape in shapes]
    theta = np.concatenate([np.ravel(value) for value in x.values()]).astype(float)

    def as_dict(vector):
        pieces = np.split(vector, np.cumsum(sizes)[:-1])
        return {n: p.reshape(s) for n, p, s in zip(names, pieces, shapes, strict=True)}

    numeric = np.array([(f(as_dict(theta + e)) - f(as_dict(theta - e))) / (2 * h) for e in h * np.eye(theta.size)])
    grads = grad(as_dict(theta))
    analytic = np.concatenate([np.ravel(grads[name]) for name in names])
    scale = np.linalg.norm(analytic) + np.linalg.norm(numeric)
    return float(np.linalg.norm(analytic - numeric) / scale) if scale else 0.0


# ---------------------------------------------------------------- backward_a


@variant(of="backward_a")
def a_one_example_at_a_time(params, X, y, lam):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    m = len(y)
    for x, label in zip(X, y, strict=True):
        h = np.tanh(x @ params["W1"] + params["b1"])
        s = h @ params["W2"] + params["b2"]
        p = np.exp(s - s.max())
        p /= p.sum()
        p[label] -= 1
        dz = params["W2"] @ p * (1 - h * h)
        grads["W2"] += np.outer(h, p) / m
        grads["b2"] += p / m
        grads["W1"] += np.outer(x, dz) / m
        grads["b1"] += dz / m
    for name in ("W1", "W2"):
        grads[name] += lam * params[name] / m
    return grads


@variant(of="backward_a")
def a_with_einsum_in_backward_order(params, X, y, lam):
    z = np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"]
    h = np.tanh(z)
    s = np.einsum("nh,hc->nc", h, params["W2"]) + params["b2"]
    s = s - np.max(s, axis=1)[:, None]
    log_p = s - np.log(np.sum(np.exp(s), axis=1))[:, None]
    ds = (np.exp(log_p) - np.eye(s.shape[1])[y]) / X.shape[0]
    dz = np.einsum("nc,hc->nh", ds, params["W2"]) / np.cosh(z) ** 2
    return {
        "b2": np.einsum("nc->c", ds),
        "W2": np.einsum("nh,nc->hc", h, ds) + lam * params["W2"] / X.shape[0],
        "b1": np.einsum("nh->h", dz),
        "W1": np.einsum("nd,nh->dh", X, dz) + lam * params["W1"] / X.shape[0],
    }


@variant(of="backward_a")
def a_with_the_mean_taken_last(params, X, y, lam):
    h = np.tanh(X.dot(params["W1"]) + params["b1"])
    s = h.dot(params["W2"]) + params["b2"]
    e = np.exp(s - s.max())  # one shift for the whole batch is enough while scores stay within a few hundred
    e = e if np.all(e.sum(axis=1) > 0) else np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    onehot = np.zeros(p.shape)
    onehot[range(len(y)), y] = 1
    d = p - onehot
    dz = d.dot(params["W2"].T) * (1 + h) * (1 - h)
    return {
        "W1": (X.T.dot(dz) + lam * params["W1"]) / len(y),
        "b1": dz.mean(axis=0),
        "W2": (h.T.dot(d) + lam * params["W2"]) / len(y),
        "b2": d.mean(axis=0),
    }


# ---------------------------------------------------------------- backward_b


@variant(of="backward_b")
def b_one_example_at_a_time(params, X, T):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    for x, t in zip(X, T, strict=True):
        z1 = x @ params["W1"] + params["b1"]
        h1 = z1 * (z1 > 0)
        z2 = h1 @ params["W2"] + params["b2"]
        h2 = z2 * (z2 > 0)
        d = ((h1 + h2) @ params["W3"] + params["b3"] - t) / len(X)
        back = params["W3"] @ d
        d2 = np.where(z2 > 0, back, 0)
        d1 = np.where(z1 > 0, back + params["W2"] @ d2, 0)
        for name, value in (("W3", np.outer(h1 + h2, d)), ("b3", d), ("W2", np.outer(h1, d2)), ("b2", d2),
                            ("W1", np.outer(x, d1)), ("b1", d1)):  # fmt: skip
            grads[name] += value
    return grads


@variant(of="backward_b")
def b_accumulates_into_a_copy(params, X, T):
    a1 = X @ params["W1"] + params["b1"]
    r1 = np.where(a1 > 0, a1, 0.0)
    a2 = r1 @ params["W2"] + params["b2"]
    r2 = np.where(a2 > 0, a2, 0.0)
    total = r1 + r2
    g = (total @ params["W3"] + params["b3"] - T) / X.shape[0]
    grads = {"W3": total.T @ g, "b3": np.sum(g, axis=0)}
    g = g @ params["W3"].T
    into_h1 = g.copy()
    g = g.copy()
    g[a2 <= 0] = 0
    grads["W2"], grads["b2"] = r1.T @ g, np.sum(g, axis=0)
    into_h1 += g @ params["W2"].T
    into_h1[a1 <= 0] = 0
    grads["W1"], grads["b1"] = X.T @ into_h1, np.sum(into_h1, axis=0)
    return grads


@variant(of="backward_b")
def b_as_two_paths(params, X, T):
    m = len(X)
    z1 = X @ params["W1"] + params["b1"]
    on1 = (z1 > 0).astype(float)
    h1 = z1 * on1
    z2 = h1 @ params["W2"] + params["b2"]
    on2 = (z2 > 0).astype(float)
    h2 = z2 * on2
    d = (h1 @ params["W3"] + h2 @ params["W3"] + params["b3"] - T) / m
    back = np.einsum("nk,hk->nh", d, params["W3"])
    short = back * on1
    d2 = back * on2
    long = np.einsum("nh,gh->ng", d2, params["W2"]) * on1
    return {
        "W1": X.T @ short + X.T @ long,
        "b1": short.sum(0) + long.sum(0),
        "W2": h1.T @ d2,
        "b2": d2.sum(0),
        "W3": h1.T @ d + h2.T @ d,
        "b3": d.sum(0),
    }


# ---------------------------------------------------------------- backward_c


@variant(of="backward_c")
def c_one_example_at_a_time(params, X, y):
    grads = {name: np.zeros(value.shape) for name, value in params.items()}
    for x, label in zip(X, y, strict=True):
        h1 = np.tanh(x @ params["W1"] + params["b1"])
        h2 = np.tanh(h1 @ params["W2"] + params["b2"])
        s = (h2 @ params["W3"] + params["b3"])[0]
        d = ((1 + np.tanh(s / 2)) / 2 - label) / len(y)
        d2 = params["W3"][:, 0] * d * (1 - h2**2)
        d1 = params["W2"] @ d2 * (1 - h1**2)
        for name, value in (("W3", h2[:, None] * d), ("b3", np.array([d])), ("W2", np.outer(h1, d2)), ("b2", d2),
                            ("W1", np.outer(x, d1)), ("b1", d1)):  # fmt: skip
            grads[name] = grads[name] + value
    return grads


@variant(of="backward_c")
def c_with_cosh(params, X, y):
    z1 = X @ params["W1"] + params["b1"]
    h1 = np.tanh(z1)
    z2 = h1 @ params["W2"] + params["b2"]
    h2 = np.tanh(z2)
    s = h2 @ params["W3"] + params["b3"]
    p = np.exp(-np.logaddexp(0, -s))
    ds = (p - y.reshape(-1, 1)) / X.shape[0]
    dz2 = ds * params["W3"].T / np.cosh(z2) ** 2
    dz1 = dz2 @ params["W2"].T / np.cosh(z1) ** 2
    return {
        "b3": ds.sum(axis=0), "W3": h2.T @ ds, "b2": dz2.sum(axis=0), "W2": h1.T @ dz2,
        "b1": dz1.sum(axis=0), "W1": X.T @ dz1,
    }  # fmt: skip


@variant(of="backward_c")
def c_with_einsum(params, X, y):
    h1 = np.tanh(np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"])
    h2 = np.tanh(np.einsum("ng,gh->nh", h1, params["W2"]) + params["b2"])
    s = np.einsum("nh,hk->nk", h2, params["W3"])[:, 0] + params["b3"][0]
    e = np.exp(-np.abs(s))
    p = np.where(s >= 0, 1, e) / (1 + e)
    d = (p - y) / len(y)
    d2 = np.einsum("n,h->nh", d, params["W3"][:, 0]) * (1 - h2) * (1 + h2)
    d1 = np.einsum("nh,gh->ng", d2, params["W2"]) * (1 - h1) * (1 + h1)
    return {
        "W1": np.einsum("nd,nh->dh", X, d1), "b1": d1.sum(0), "W2": np.einsum("ng,nh->gh", h1, d2), "b2": d2.sum(0),
        "W3": np.einsum("nh,n->h", h2, d)[:, None], "b3": np.atleast_1d(d.sum()),
    }  # fmt: skip
