"""Search for hyperparameters: draw them on the right scale, try many, zoom in on the best (lectures 002 and 003).

A *space* says how each hyperparameter is drawn: ``name: (scale, low, high)``, where the scale is

- ``"log"`` for what matters by its order of magnitude (learning rates, penalties),
- ``"momentum"`` for what matters by its distance from 1 (β of an average),
- ``"linear"`` for the rest, and ``"int"`` for whole numbers, both ends included.

A *configuration* is a dict of values by name. *Results* are ``(configuration, score)`` pairs, higher is better.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from itertools import product
from typing import Any

import numpy as np

from nnlib._validate import Array, require_int, require_real, require_rng, unknown_name

Config = dict[str, Any]
Space = Mapping[str, tuple[str, float, float]]
Results = Sequence[tuple[Config, float]]

SCALES = ("int", "linear", "log", "momentum")


def sample_log_uniform(low: float, high: float, n: int, rng: np.random.Generator) -> Array:
    """Draw numbers whose logarithm is uniform: each decade gets the same share.

    Parameters
    ----------
    low, high
        Ends of the range, 0 < low <= high.
    n
        How many to draw.
    rng
        Source of randomness.

    Returns
    -------
    Array
        ``(n,)`` in [low, high], float64. A uniform draw of [1e-4, 1] would put 90% of them above 0.1.
    """
    _require_draw("log", low, high, n, rng)
    exponents = rng.uniform(np.log(low), np.log(high), size=n)
    return np.clip(np.exp(exponents), low, high)  # exp(log(x)) may miss an end by one rounding


def sample_momentum(low: float, high: float, n: int, rng: np.random.Generator) -> Array:
    """Draw decay rates β such that the window 1/(1 − β) is log-uniform.

    Parameters
    ----------
    low, high
        Ends of the range, 0 <= low <= high < 1.
    n
        How many to draw.
    rng
        Source of randomness.

    Returns
    -------
    Array
        ``(n,)`` in [low, high], float64. From 0.9 to 0.9005 the window stays about 10 steps; from 0.999 to
        0.9995 it doubles to 2,000, so the draw is denser there.
    """
    _require_draw("momentum", low, high, n, rng)
    return np.clip(1.0 - sample_log_uniform(1.0 - high, 1.0 - low, n, rng), low, high)


def sample_uniform_int(low: int, high: int, n: int, rng: np.random.Generator) -> Array:
    """Draw whole numbers, all as likely, both ends included.

    Parameters
    ----------
    low, high
        Ends of the range, low <= high: 50 to 100 hidden units, 2 to 4 layers.
    n
        How many to draw.
    rng
        Source of randomness.

    Returns
    -------
    Array
        ``(n,)``, int64.
    """
    _require_draw("int", low, high, n, rng)
    return rng.integers(low, high, endpoint=True, size=n)


def grid(points: Mapping[str, Sequence[Any]]) -> list[Config]:
    """List every combination of the given values, the last name changing fastest.

    Parameters
    ----------
    points
        Values to try, by name.

    Returns
    -------
    list of dict
        One configuration per combination: 5 values of each of 2 hyperparameters make 25 runs that try only
        5 values of the one that matters.
    """
    return [dict(zip(points, values, strict=True)) for values in product(*points.values())]


def sample_configs(space: Space, n: int, rng: np.random.Generator) -> list[Config]:
    """Draw ``n`` configurations from a space, each hyperparameter on its own scale.

    Returns
    -------
    list of dict
        Plain Python numbers by name.
    """
    _require_space(space)
    columns = {name: _sample(scale, low, high, n, rng).tolist() for name, (scale, low, high) in space.items()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def random_search(
    objective: Callable[[Config], float],
    space: Space,
    n: int,
    rng: np.random.Generator,
    executor: Executor | None = None,
) -> list[tuple[Config, float]]:
    """Try configurations drawn at random, so that n runs try n values of whichever hyperparameter matters.

    Parameters
    ----------
    objective
        Maps a configuration to its score, higher is better: the accuracy on the dev set, never on the
        training set. A run that exploded should return NaN.
    space
        How each hyperparameter is drawn; see the module's text.
    n
        Number of runs.
    rng
        Source of randomness for the configurations; they do not depend on the executor.
    executor
        Any ``concurrent.futures`` executor, to train many models at once; without one they take turns.
        Processes need an objective that is defined at the top of a module.

    Returns
    -------
    list of (dict, float)
        Configurations with their scores, best first, NaN last.

    Notes
    -----
    Why at random and not on a grid: Bergstra & Bengio (2012).
    """
    return run_configs(objective, sample_configs(space, n, rng), executor)


def run_configs(
    objective: Callable[[Config], float], configs: Sequence[Config], executor: Executor | None = None
) -> list[tuple[Config, float]]:
    """Score given configurations, such as those of :func:`grid`; best first, NaN last."""
    run = map if executor is None else executor.map
    scores = [float(score) for score in run(objective, configs)]
    order = np.argsort(-np.array(scores), kind="stable")  # NaN sorts last, ties keep their order
    return [(configs[i], scores[i]) for i in order]


def narrow(space: Space, results: Results, keep: int) -> dict[str, tuple[str, float, float]]:
    """Shrink each range to what the best runs cover: from coarse to fine.

    Parameters
    ----------
    space
        The space that the results were drawn from.
    results
        ``(configuration, score)`` pairs in any order; NaN never counts as good.
    keep
        How many of the best span the new ranges, at least 2: one alone leaves nothing to search.

    Returns
    -------
    dict
        A space with the same names and scales.
    """
    _require_space(space)
    require_int("keep", keep, at_least=2)
    scored = [(config, score) for config, score in results if not np.isnan(score)]
    if len(scored) < keep:
        msg = f"narrow needs at least keep = {keep} results with a score, got {len(scored)}."
        raise ValueError(msg + " Run more, or keep fewer.")
    best = [config for config, _ in sorted(scored, key=lambda pair: -pair[1])[:keep]]
    ranges = {name: [config[name] for config in best] for name in space}
    return {name: (scale, min(ranges[name]), max(ranges[name])) for name, (scale, _, _) in space.items()}


def at_edge(space: Space, best: Config, margin: float = 0.05) -> list[str]:
    """Name the hyperparameters whose best value lies at an end of its range, which is then too narrow.

    Parameters
    ----------
    space
        The space that was searched.
    best
        The winning configuration.
    margin
        How near counts as at the end, as a share of the range on its own scale, 0 to 0.5.

    Returns
    -------
    list of str
        Names in the order of the space; empty if the best lies well inside.
    """
    _require_space(space)
    require_real("margin", margin, at_least=0.0, at_most=0.5)
    missing = [name for name in space if name not in best]
    if missing:
        msg = f"best must have a value for every name of the space, got none for {', '.join(missing)}."
        raise ValueError(msg + " Pass results[0][0].")
    places = {name: _place(scale, low, high, best[name]) for name, (scale, low, high) in space.items()}
    return [name for name, place in places.items() if not margin < place < 1.0 - margin]


def coarse_to_fine(
    objective: Callable[[Config], float],
    space: Space,
    n: int,
    rng: np.random.Generator,
    rounds: int = 2,
    keep: int = 5,
    executor: Executor | None = None,
) -> list[tuple[Space, list[tuple[Config, float]]]]:
    """Search at random, narrow the space to the best runs, search again.

    Parameters
    ----------
    objective, space, n, rng, executor
        As in :func:`random_search`; ``n`` runs a round.
    rounds
        How many searches, at least 1.
    keep
        How many of a round's best span the next round's space.

    Returns
    -------
    list of (space, results)
        One pair a round.
    """
    require_int("rounds", rounds, at_least=1)
    history: list[tuple[Space, list[tuple[Config, float]]]] = []
    for _ in range(rounds):
        if history:
            space = narrow(*history[-1], keep)
        history.append((space, random_search(objective, space, n, rng, executor)))
    return history


def _sample(scale: str, low: float, high: float, n: int, rng: np.random.Generator) -> Array:
    if scale == "log":
        return sample_log_uniform(low, high, n, rng)
    if scale == "momentum":
        return sample_momentum(low, high, n, rng)
    if scale == "int":
        return sample_uniform_int(int(low), int(high), n, rng)
    _require_draw("linear", low, high, n, rng)
    return rng.uniform(low, high, size=n)


def _place(scale: str, low: float, high: float, value: float) -> float:
    """Where a value lies in its range on its scale, from 0 (low) to 1 (high)."""
    if scale == "log":
        low, high, value = np.log(low), np.log(high), np.log(value)
    elif scale == "momentum":
        low, high, value = -np.log(1.0 - low), -np.log(1.0 - high), -np.log(1.0 - value)
    return float((value - low) / (high - low)) if high > low else 0.5


def _require_space(space: Space) -> None:
    if not space:
        raise ValueError("space must name at least one hyperparameter, got none.")
    for name, entry in space.items():
        if not isinstance(entry, tuple | list) or len(entry) != 3:
            msg = f"space[{name!r}] must be (scale, low, high), got {entry!r}."
            raise ValueError(msg + ' An example: ("log", 1e-4, 1e-1).')
        if entry[0] not in SCALES:
            raise unknown_name(f"The scale of {name!r}", entry[0], SCALES)
        _require_range(f"The range of {name!r}", *entry)


def _require_draw(scale: str, low: float, high: float, n: int, rng: np.random.Generator) -> None:
    _require_range("The range", scale, low, high)
    require_int("n", n, at_least=1)
    require_rng(rng)


def _require_range(what: str, scale: str, low: float, high: float) -> None:
    require_real(f"{what}: low", low)
    require_real(f"{what}: high", high)
    if low > high:
        raise ValueError(f"{what} must have low <= high, got {low} and {high}. Swap them.")
    if scale == "log" and low <= 0:
        raise ValueError(f"{what} must lie above 0 on a log scale, got low = {low}. A rate of 0 learns nothing.")
    if scale == "momentum" and not 0 <= low <= high < 1:
        raise ValueError(f"{what} must lie in [0, 1) for momentum, got {low} to {high}. At 1 nothing is forgotten.")
    if scale == "int":
        require_int(f"{what}: low", low, at_least=int(np.iinfo(np.int64).min))
        require_int(f"{what}: high", high, at_least=int(np.iinfo(np.int64).min))
