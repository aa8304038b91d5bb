"""Correct implementations of 05-initialization written differently; refusing one is a bug of ours."""

from itertools import pairwise

import numpy as np

from grader.authoring import variant

# ---------------------------------------------------------------- init_zeros


@variant(of="init_zeros")
def zeros_full(fan_in, fan_out):
    return np.full((fan_in, fan_out), 0.0)


@variant(of="init_zeros")
def zeros_from_lists(fan_in, fan_out):
    return np.array([[0.0] * fan_out for _ in range(fan_in)])


@variant(of="init_zeros")
def zeros_float32(fan_in, fan_out):
    return np.zeros([fan_in, fan_out], dtype=np.float32)


# ---------------------------------------------------------------- init_normal


@variant(of="init_normal")
def normal_with_scale(fan_in, fan_out, std, rng):
    return rng.normal(0.0, std, size=(fan_in, fan_out))


@variant(of="init_normal")
def normal_float32(fan_in, fan_out, std, rng):
    return (std * rng.standard_normal((fan_in, fan_out))).astype(np.float32)


@variant(of="init_normal")
def normal_row_by_row(fan_in, fan_out, std, rng):
    return np.stack([rng.normal(scale=std, size=fan_out) for _ in range(fan_in)])


@variant(of="init_normal")
def normal_transposed_draw(fan_in, fan_out, std, rng):
    return rng.normal(scale=std, size=(fan_out, fan_in)).T


@variant(of="init_normal")
def normal_box_muller(fan_in, fan_out, std, rng):
    u, v = 1 - rng.random((fan_in, fan_out)), rng.random((fan_in, fan_out))
    return std * np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)


# ---------------------------------------------------------------- lecun_normal


@variant(of="lecun_normal")
def lecun_with_scale(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=(1 / fan_in) ** 0.5, size=(fan_in, fan_out))


@variant(of="lecun_normal")
def lecun_float32(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(np.sqrt(1 / fan_in))


@variant(of="lecun_normal")
def lecun_flat_draw(fan_in, fan_out, rng):
    variance = 1 / fan_in
    return np.sqrt(variance) * rng.normal(size=fan_in * fan_out).reshape(fan_in, fan_out)


@variant(of="lecun_normal")
def lecun_column_by_column(fan_in, fan_out, rng):
    columns = [rng.standard_normal(fan_in) for _ in range(fan_out)]
    return np.stack(columns, axis=1) * np.sqrt(1 / fan_in)


# ---------------------------------------------------------------- xavier_normal


@variant(of="xavier_normal")
def xavier_with_scale(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=(2 / (fan_in + fan_out)) ** 0.5, size=(fan_in, fan_out))


@variant(of="xavier_normal")
def xavier_float32(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(
        np.sqrt(2 / (fan_in + fan_out))
    )


@variant(of="xavier_normal")
def xavier_flat_draw(fan_in, fan_out, rng):
    variance = 2 / (fan_in + fan_out)
    return np.sqrt(variance) * rng.normal(size=fan_in * fan_out).reshape(fan_in, fan_out)


@variant(of="xavier_normal")
def xavier_column_by_column(fan_in, fan_out, rng):
    columns = [rng.standard_normal(fan_in) for _ in range(fan_out)]
    return np.stack(columns, axis=1) * np.sqrt(2 / (fan_in + fan_out))


# ---------------------------------------------------------------- he_normal


@variant(of="he_normal")
def he_with_scale(fan_in, fan_out, rng):
    return rng.normal(loc=0.0, scale=(2 / fan_in) ** 0.5, size=(fan_in, fan_out))


@variant(of="he_normal")
def he_float32(fan_in, fan_out, rng):
    return rng.standard_normal((fan_in, fan_out), dtype=np.float32) * np.float32(np.sqrt(2 / fan_in))


@variant(of="he_normal")
def he_flat_draw(fan_in, fan_out, rng):
    variance = 2 / fan_in
    return np.sqrt(variance) * rng.normal(size=fan_in * fan_out).reshape(fan_in, fan_out)


@variant(of="he_normal")
def he_column_by_column(fan_in, fan_out, rng):
    columns = [rng.standard_normal(fan_in) for _ in range(fan_out)]
    return np.stack(columns, axis=1) * np.sqrt(2 / fan_in)


# ---------------------------------------------------------------- xavier_uniform


@variant(of="xavier_uniform")
def xavier_shifted_random(fan_in, fan_out, rng):
    return np.sqrt(6 / (fan_in + fan_out)) * (2 * rng.random((fan_in, fan_out)) - 1)


@variant(of="xavier_uniform")
def xavier_uniform_float32(fan_in, fan_out, rng):
    bound = (6 / (fan_in + fan_out)) ** 0.5
    return rng.uniform(-bound, bound, (fan_in, fan_out)).astype(np.float32)


@variant(of="xavier_uniform")
def xavier_random_signs(fan_in, fan_out, rng):
    signs = rng.choice([-1.0, 1.0], size=(fan_in, fan_out))
    return signs * rng.uniform(0, np.sqrt(6 / (fan_in + fan_out)), size=(fan_in, fan_out))


@variant(of="xavier_uniform")
def xavier_uniform_flat(fan_in, fan_out, rng):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(low=-bound, high=bound, size=fan_in * fan_out).reshape((fan_in, fan_out))


# ---------------------------------------------------------------- he_uniform


@variant(of="he_uniform")
def he_shifted_random(fan_in, fan_out, rng):
    return np.sqrt(6 / fan_in) * (2 * rng.random((fan_in, fan_out)) - 1)


@variant(of="he_uniform")
def he_uniform_float32(fan_in, fan_out, rng):
    bound = (6 / fan_in) ** 0.5
    return rng.uniform(-bound, bound, (fan_in, fan_out)).astype(np.float32)


@variant(of="he_uniform")
def he_random_signs(fan_in, fan_out, rng):
    signs = rng.choice([-1.0, 1.0], size=(fan_in, fan_out))
    return signs * rng.uniform(0, np.sqrt(6 / fan_in), size=(fan_in, fan_out))


@variant(of="he_uniform")
def he_uniform_flat(fan_in, fan_out, rng):
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(low=-bound, high=bound, size=fan_in * fan_out).reshape((fan_in, fan_out))


# ---------------------------------------------------------------- activation_stats


@variant(of="activation_stats")
def arrays_filled_by_index(sizes, init, activation, rng, n=1000):
    layers = len(sizes) - 1
    means, stds = np.zeros(layers), np.zeros(layers)
    h = rng.normal(size=(n, sizes[0]))
    for i in range(layers):
        w = init(sizes[i], sizes[i + 1], rng)
        h = activation(np.dot(h, w))
        means[i], stds[i] = np.mean(h), np.std(h)
    return means, stds


@variant(of="activation_stats")
def weights_drawn_first(sizes, init, activation, rng, n=1000):
    ws = [init(sizes[i - 1], sizes[i], rng) for i in range(1, len(sizes))]
    a = rng.normal(0, 1, (n, sizes[0]))
    outputs = []
    for w in ws:
        a = activation(a @ w)
        outputs.append(a)
    return [np.mean(a) for a in outputs], [np.std(a) for a in outputs]


@variant(of="activation_stats")
def sample_standard_deviation(sizes, init, activation, rng, n=1000):
    a = rng.standard_normal((n, sizes[0]))
    means, stds = [], []
    for fan_in, fan_out in pairwise(sizes):
        a = activation(a @ init(fan_in, fan_out, rng))
        means.append(float(np.mean(a)))
        stds.append(float(np.std(a, ddof=1)))
    return tuple(means), tuple(stds)


@variant(of="activation_stats")
def with_a_bias_of_zeros(sizes, init, activation, rng, n=1000):
    a = rng.normal(size=(n, sizes[0]))
    stats = []
    for fan_in, fan_out in pairwise(sizes):
        w, b = init(fan_in, fan_out, rng), np.zeros(fan_out)
        a = np.asarray(activation(np.einsum("nd,dk->nk", a, w) + b))
        mean = a.sum() / a.size
        stats.append((mean, np.sqrt(((a - mean) ** 2).mean())))
    return [[mean for mean, _ in stats], [std for _, std in stats]]
