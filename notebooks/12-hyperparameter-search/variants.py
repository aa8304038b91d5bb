"""Correct implementations of 12-hyperparameter-search written differently; refusing one is a bug of ours."""

import heapq
import itertools
import math
import random

import numpy as np

from grader.authoring import variant
from nnlib import sample_log_uniform, sample_momentum, sample_uniform_int


@variant(of="sample_log_uniform")
def log_draw_in_powers_of_ten(low, high, n, rng):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), n)


@variant(of="sample_log_uniform")
def log_draw_one_by_one(low, high, n, rng):
    values = []
    for _ in range(n):
        r = rng.random()
        values.append(math.exp(math.log(low) + r * (math.log(high) - math.log(low))))
    return values


@variant(of="sample_log_uniform")
def log_draw_by_ratio(low, high, n, rng):
    return low * (high / low) ** rng.random(n)


@variant(of="sample_log_uniform")
def log_draw_downwards_in_base_two(low, high, n, rng):
    return tuple(np.exp2(np.log2(high) - (np.log2(high) - np.log2(low)) * rng.random(size=n)))


@variant(of="sample_log_uniform")
def log_draw_in_float32(low, high, n, rng):
    u = rng.random(n, dtype=np.float32)
    return np.exp(np.float32(math.log(low)) + u * np.float32(math.log(high / low))).astype(np.float32)


@variant(of="sample_log_uniform")
def log_draw_clipped(low, high, n, rng):
    return np.clip(np.exp(rng.uniform(np.log(low), np.log(high), size=(n,))), low, high)


@variant(of="sample_log_uniform")
def log_draw_with_a_seed_from_rng(low, high, n, rng):
    own = random.Random(int(rng.integers(2**60)))
    return np.array([math.exp(own.uniform(math.log(low), math.log(high))) for _ in range(n)])


@variant(of="sample_momentum")
def momentum_draw_in_powers_of_ten(low, high, n, rng):
    return 1 - 10 ** rng.uniform(np.log10(1 - high), np.log10(1 - low), size=n)


@variant(of="sample_momentum")
def momentum_draw_by_window(low, high, n, rng):
    windows = sample_log_uniform(1 / (1 - low), 1 / (1 - high), n, rng)
    return [1 - 1 / window for window in windows]


@variant(of="sample_momentum")
def momentum_draw_one_by_one(low, high, n, rng):
    found = np.zeros(n)
    start, end = math.log1p(-low), math.log1p(-high)
    for i in range(n):
        found[i] = 1 - math.exp(start + (end - start) * rng.random())
    return found


@variant(of="sample_momentum")
def momentum_draw_by_ratio(low, high, n, rng):
    return -np.expm1(np.log1p(-low) + rng.random(n) * (np.log1p(-high) - np.log1p(-low)))


@variant(of="sample_uniform_int")
def int_draw_with_high_plus_one(low, high, n, rng):
    return rng.integers(low, high + 1, n)


@variant(of="sample_uniform_int")
def int_draw_by_choice(low, high, n, rng):
    return rng.choice(range(low, high + 1), size=n)


@variant(of="sample_uniform_int")
def int_draw_by_floor(low, high, n, rng):
    return np.floor(rng.uniform(low, high + 1, size=n)).astype(np.int32)


@variant(of="sample_uniform_int")
def int_draw_one_by_one(low, high, n, rng):
    return [int(low + math.floor(rng.random() * (high - low + 1))) for _ in range(n)]


@variant(of="sample_uniform_int")
def int_draw_by_index(low, high, n, rng):
    return np.arange(low, high + 1)[rng.integers(0, high - low + 1, size=n)]


@variant(of="grid")
def grid_by_product(points):
    return [dict(zip(points.keys(), values, strict=True)) for values in itertools.product(*points.values())]


@variant(of="grid")
def grid_by_recursion(points):
    if not points:
        return [{}]
    (name, values), *rest = points.items()
    return [{name: value} | others for value in values for others in grid_by_recursion.function(dict(rest))]


@variant(of="grid")
def grid_by_counting(points):
    names, total = list(points), math.prod(len(values) for values in points.values())
    configs = []
    for number in range(total):
        config = {}
        for name in reversed(names):
            number, digit = divmod(number, len(points[name]))
            config[name] = points[name][digit]
        configs.append(config)
    return configs


@variant(of="grid")
def grid_by_indices(points):
    return tuple(
        {name: points[name][i] for name, i in zip(points, where, strict=True)}
        for where in np.ndindex(*(len(values) for values in points.values()))
    )


@variant(of="random_search")
def search_run_by_run(objective, space, n, rng):
    results = []
    for _ in range(n):
        config = {}
        for name, (scale, low, high) in space.items():
            if scale == "log":
                config[name] = float(sample_log_uniform(low, high, 1, rng)[0])
            elif scale == "momentum":
                config[name] = float(sample_momentum(low, high, 1, rng)[0])
            elif scale == "int":
                config[name] = int(sample_uniform_int(low, high, 1, rng)[0])
            else:
                config[name] = float(rng.uniform(low, high))
        score = objective(config)
        results.append((config, score))
    good = [run for run in results if not math.isnan(run[1])]
    bad = [run for run in results if math.isnan(run[1])]
    return sorted(good, key=lambda run: run[1], reverse=True) + bad


@variant(of="random_search")
def search_by_argsort(objective, space, n, rng):
    columns = {}
    for name, (scale, low, high) in space.items():
        match scale:
            case "int":
                columns[name] = rng.integers(low, high + 1, size=n).tolist()
            case "linear":
                columns[name] = (low + (high - low) * rng.random(n)).tolist()
            case "log":
                columns[name] = (10 ** rng.uniform(np.log10(low), np.log10(high), n)).tolist()
            case _:
                columns[name] = (1 - 10 ** rng.uniform(np.log10(1 - high), np.log10(1 - low), n)).tolist()
    configs = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    scores = np.array([objective(config) for config in configs])
    return [[configs[i], float(scores[i])] for i in np.argsort(-scores)]


@variant(of="random_search")
def search_by_heap(objective, space, n, rng):
    heap = []
    for i in range(n):
        config = {}
        for name in reversed(list(space)):
            scale, low, high = space[name]
            u = rng.random()
            if scale == "log":
                config[name] = low * (high / low) ** u
            elif scale == "momentum":
                config[name] = 1 - (1 - low) * ((1 - high) / (1 - low)) ** u
            elif scale == "int":
                config[name] = low + math.floor(u * (high + 1 - low))
            else:
                config[name] = low + u * (high - low)
        score = objective(config)
        heapq.heappush(heap, (-score if score == score else math.inf, i, config, score))
    return tuple((config, score) for _, _, config, score in (heapq.heappop(heap) for _ in range(n)))


@variant(of="random_search")
def search_by_insertion(objective, space, n, rng):
    draw = {"log": sample_log_uniform, "momentum": sample_momentum, "int": sample_uniform_int}
    results = []
    for _ in range(n):
        config = {
            name: draw[scale](low, high, 1, rng)[0] if scale in draw else rng.uniform(low, high, 1)[0]
            for name, (scale, low, high) in space.items()
        }
        score = objective(config)
        place = len(results)
        while place > 0 and (results[place - 1][1] < score or math.isnan(results[place - 1][1])):
            place -= 1
        results.insert(place, (config, score))
    return results


@variant(of="at_edge")
def edge_by_limits(space, best):
    found = []
    for name in space:
        scale, low, high = space[name]
        value = best[name]
        if scale == "log":
            low, high, value = np.log10(low), np.log10(high), np.log10(value)
        if scale == "momentum":
            low, high, value = -np.log10(1 - low), -np.log10(1 - high), -np.log10(1 - value)
        margin = 0.05 * (high - low)
        if margin > 0 and (value <= low + margin or value >= high - margin):
            found.append(name)
    return found


@variant(of="at_edge")
def edge_by_distance_from_the_middle(space, best):
    def place(scale, low, high, value):
        if scale == "log":
            return math.log(value / low) / math.log(high / low)
        if scale == "momentum":
            return math.log((1 - value) / (1 - low)) / math.log((1 - high) / (1 - low))
        return (value - low) / (high - low)

    return sorted(n for n, (s, a, b) in space.items() if a != b and abs(place(s, a, b, best[n]) - 0.5) > 0.45)


@variant(of="at_edge")
def edge_by_nearest_end(space, best):
    names = ()
    for name, (scale, *ends) in reversed(space.items()):
        points = np.array([*ends, best[name]], dtype=float)
        points = {"log": np.log2, "momentum": lambda p: np.log1p(-p)}.get(scale, np.asarray)(points)
        length = abs(points[1] - points[0])
        if length == 0:
            continue
        if np.abs(points[:2] - points[2]).min() / length < 0.05:
            names += (name,)
    return names


@variant(of="narrow")
def narrow_by_argsort(space, results, keep):
    scores = np.array([score for _, score in results], dtype=float)
    order = np.argsort(-scores)[:keep]
    new = {}
    for name, (scale, _, _) in space.items():
        values = sorted(results[i][0][name] for i in order)
        new[name] = [scale, values[0], values[-1]]
    return new


@variant(of="narrow")
def narrow_by_heap(space, results, keep):
    best = heapq.nlargest(keep, (run for run in results if run[1] == run[1]), key=lambda run: run[1])
    return {
        name: (space[name][0], min(c[name] for c, _ in best), max(c[name] for c, _ in best)) for name in reversed(space)
    }


@variant(of="narrow")
def narrow_by_growing_ranges(space, results, keep):
    left, new = list(results), {}
    for _ in range(keep):
        best = None
        for run in left:
            if not math.isnan(run[1]) and (best is None or run[1] > best[1]):
                best = run
        left.remove(best)
        for name, (scale, _, _) in space.items():
            value = best[0][name]
            _, low, high = new.get(name, (scale, value, value))
            new[name] = (scale, min(low, value), max(high, value))
    return new


@variant(of="narrow")
def narrow_with_nan_as_minus_infinity(space, results, keep):
    ranked = sorted(results, key=lambda run: -np.inf if np.isnan(run[1]) else run[1], reverse=True)
    columns = zip(*([config[name] for name in space] for config, _ in ranked[:keep]), strict=True)
    return {n: (space[n][0], np.min(column), np.max(column)) for n, column in zip(space, columns, strict=True)}
