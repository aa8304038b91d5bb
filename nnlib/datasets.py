"""Data for the course: digits and wines that ship with it, and toy problems made by a generator."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from nnlib._validate import (
    Array,
    require_float_dtype,
    require_int,
    require_real,
    require_rng,
    require_shape,
    unknown_name,
)

DIGITS_SHAPE = (1797, 64)
COURSE_SHAPE = (1198, 64)  # without the images that held_out_digits keeps for grading
MAX_INK = 16  # a pixel counts the inked dots in a block of 4x4


def _data_file(name: str) -> Path:
    """Find a file of data in a wheel or a student's folder first, then beside a clone's package."""
    package = Path(__file__).parent
    places = [package / "data" / name, package.parent / "data" / name]
    for place in places:
        if place.is_file():
            return place
    looked = " or ".join(str(place) for place in places)
    raise ValueError(f"The course's data must be at {looked}, found neither. Install nnlib again.")


def _digits_file() -> Path:
    return _data_file("digits.npz")


def _read_digits(path: Path) -> tuple[Array, Array]:
    """Read and check the archive; a damaged one is named, never half used."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            images, labels = archive["images"], archive["labels"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"{path} is damaged and cannot be read ({error}). Install nnlib again.") from error
    sound = images.shape in (DIGITS_SHAPE, COURSE_SHAPE) and labels.shape == images.shape[:1]
    sound = sound and images.dtype == labels.dtype == np.uint8
    if not sound or images.max() > MAX_INK or labels.max() > 9:
        msg = f"{path} must hold images {DIGITS_SHAPE} and labels {DIGITS_SHAPE[:1]} as uint8,"
        msg += f" got {images.shape} {images.dtype} and {labels.shape} {labels.dtype}. Install nnlib again."
        raise ValueError(msg)
    return images, labels


def is_held_out(labels: Array) -> Array:
    """Mark the images ``(N,)`` that are kept for grading: with all sorted by class, the second of every three.

    The rule draws nothing, so it always picks the same images, and each class keeps its share.
    """
    held_out = np.zeros(len(labels), dtype=bool)
    held_out[np.argsort(labels, kind="stable")[1::3]] = True
    return held_out


def load_digits(*, part: str = "all", scale: bool = True, dtype: DTypeLike = np.float64) -> tuple[Array, Array]:
    """Load the UCI handwritten digits: 1,797 real images of 8x8 pixels in ten classes.

    Parameters
    ----------
    part
        ``"all"``, or ``"course"`` for the 1,198 that the capstone hands out; the other 599 are kept for grading.
        The capstone's edition of nnlib holds no others, and gives these for both.
    scale
        Divide by 16, so that pixels run from 0 (paper) to 1 (ink).
        ``False`` keeps the original counts 0 to 16.
    dtype
        Floating type of the images.

    Returns
    -------
    X : Array
        Images ``(1797, 64)``, or ``(1198, 64)``, row by row; ``X.reshape(-1, 8, 8)`` for pictures.
    y : Array
        Labels ``(1797,)``, or ``(1198,)``, int64, 0 to 9.

    Raises
    ------
    ValueError
        If the file that ships with the package is missing or damaged.

    Notes
    -----
    Alpaydin & Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0.
    """
    if part not in ("all", "course"):
        raise unknown_name("part", part, {"all", "course"})
    images, labels = _read_digits(_digits_file())
    if part == "course" and len(images) == DIGITS_SHAPE[0]:
        kept = ~is_held_out(labels)
        images, labels = images[kept], labels[kept]
    return _as_examples(images, labels, scale, dtype)


def held_out_digits(*, scale: bool = True, dtype: DTypeLike = np.float64) -> tuple[Array, Array]:
    """Load the 599 digits that grade the capstone; an edition that withholds this function lacks their images.

    Parameters and results are those of :func:`load_digits`.
    """
    images, labels = _read_digits(_digits_file())
    if len(images) != DIGITS_SHAPE[0]:
        raise ValueError(f"The digits kept for grading are not in this edition, which holds {len(images)} others.")
    kept = is_held_out(labels)
    return _as_examples(images[kept], labels[kept], scale, dtype)


def _as_examples(images: Array, labels: Array, scale: bool, dtype: DTypeLike) -> tuple[Array, Array]:
    X = images.astype(dtype)
    require_float_dtype(X.dtype)
    if scale:
        X /= MAX_INK
    return X, labels.astype(np.int64)


def load_wine() -> tuple[Array, Array, list[str]]:
    """Load the UCI wines: chemical analyses of 178 Italian wines of one region, of three cultivars (kinds of grape).

    Returns
    -------
    X : Array
        Measurements ``(178, 13)``, each in its own unit: from hundredths to 1,680.
    y : Array
        Cultivar of each wine ``(178,)``, int64, 0 to 2; the wines come sorted by it.
    names : list of str
        What each column of ``X`` measures.

    Raises
    ------
    ValueError
        If the file that ships with the package is missing or damaged.

    Notes
    -----
    Aeberhard & Forina (1992), UCI Machine Learning Repository, CC BY 4.0.
    """
    path = _data_file("wine.csv")
    try:
        names, *rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        table = np.array(rows, dtype=float)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} is damaged and cannot be read ({error}). Install nnlib again.") from error
    if table.shape != (178, 14) or len(names) != 14:
        raise ValueError(f"{path} must hold 178 wines of 14 numbers each, got {table.shape}. Install nnlib again.")
    return table[:, :-1], table[:, -1].astype(np.int64), names[:-1]


def make_moons(n: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw two interlocking half circles: the smallest problem a linear classifier cannot solve.

    Parameters
    ----------
    n
        Number of points in all; the classes alternate, so every slice is balanced.
    noise
        Standard deviation of the Gaussian noise on both coordinates; the moons have radius 1.
    rng
        Source of randomness.

    Returns
    -------
    X : Array
        Points ``(n, 2)``, float64.
    y : Array
        Labels ``(n,)``, int64, 0 (upper moon) or 1 (lower).
    """
    _require_toy(n, noise, rng)
    y = np.arange(n) % 2
    angle = rng.uniform(0.0, np.pi, size=n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    X = np.where(y[:, np.newaxis] == 0, upper, lower)
    return X + noise * rng.normal(size=X.shape), y.astype(np.int64)


def bayes_rule_for_moons(X: ArrayLike, noise: float) -> Array:
    """Say for each point which moon is the likelier: the rule that nobody can beat on :func:`make_moons`.

    Parameters
    ----------
    X
        Points ``(N, 2)``.
    noise
        The one they were made with, above 0.

    Returns
    -------
    Array
        Labels ``(N,)``. The share that differs from the true ones is the Bayes error, up to chance.
    """
    require_real("noise", noise, above=0.0)
    points = np.asarray(X, dtype=float)
    require_shape("X", points, (len(points), 2), "one point per row")
    angle = np.linspace(0.0, np.pi, 300)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    likelihood = [
        np.exp(-((points[:, np.newaxis] - moon) ** 2).sum(axis=2) / (2 * noise**2)).mean(axis=1)
        for moon in (upper, lower)
    ]
    return np.asarray(likelihood[1] > likelihood[0], dtype=np.int64)


def make_circles(n: int, noise: float, rng: np.random.Generator, inner_radius: float = 0.5) -> tuple[Array, Array]:
    """Draw two circles about one centre, of radius 1 (class 0) and ``inner_radius`` (class 1).

    Parameters
    ----------
    n
        Number of points in all; the classes alternate.
    noise
        Standard deviation of the Gaussian noise on both coordinates.
    rng
        Source of randomness.
    inner_radius
        Radius of the inner circle, above 0 and at most 1.

    Returns
    -------
    X : Array
        Points ``(n, 2)``, float64.
    y : Array
        Labels ``(n,)``, int64, 0 or 1.
    """
    _require_toy(n, noise, rng)
    require_real("inner_radius", inner_radius, above=0.0, at_most=1.0)
    y = np.arange(n) % 2
    angle = rng.uniform(0.0, 2.0 * np.pi, size=n)
    radius = np.where(y == 0, 1.0, inner_radius)
    X = radius[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return X + noise * rng.normal(size=X.shape), y.astype(np.int64)


def make_spirals(n_per_class: int, num_classes: int, noise: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Draw spiral arms that wind around each other, one per class.

    Parameters
    ----------
    n_per_class
        Points in each arm.
    num_classes
        Number of arms, at least 2.
    noise
        Standard deviation, in radians, of the angle around the arm; 0.2 blurs three arms slightly.
    rng
        Source of randomness.

    Returns
    -------
    X : Array
        Points ``(n_per_class * num_classes, 2)``, float64, inside the unit circle.
    y : Array
        Labels ``(n_per_class * num_classes,)``, int64; the classes take turns.
    """
    require_int("num_classes", num_classes, at_least=2)
    _require_toy(n_per_class, noise, rng)
    y = np.tile(np.arange(num_classes), n_per_class)
    radius = np.repeat(np.linspace(0.02, 1.0, n_per_class), num_classes)
    # Each arm makes two thirds of a turn, so that no straight line separates two of them.
    turn = 4.0 * np.pi / 3.0 * radius + 2.0 * np.pi * y / num_classes
    angle = turn + noise * rng.normal(size=turn.shape)
    X = radius[:, np.newaxis] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return X, y.astype(np.int64)


def noisy_yearly_temperatures(
    rng: np.random.Generator,
    days: int = 365,
    mean: float = 10.0,
    swing: float = 8.0,
    noise: float = 3.0,
) -> Array:
    """Draw a year of daily temperatures: a smooth season under noise that changes from day to day.

    Parameters
    ----------
    rng
        Source of randomness.
    days
        Length of the series; the season repeats every 365 days and is coldest on 20 January.
    mean
        Mean over a year, in °C.
    swing
        Half the difference between the warmest and the coldest season, in °C.
    noise
        Standard deviation of the daily noise, in °C.

    Returns
    -------
    Array
        Temperatures ``(days,)`` in °C, float64.
    """
    require_rng(rng)
    require_int("days", days, at_least=1)
    require_real("mean", mean)
    require_real("swing", swing)
    require_real("noise", noise, at_least=0.0)
    day = np.arange(days)
    season = mean - swing * np.cos(2.0 * np.pi * (day - 19) / 365.0)
    return np.asarray(season + noise * rng.normal(size=days))


def _require_toy(n: int, noise: float, rng: np.random.Generator) -> None:
    require_rng(rng)
    require_int("the number of points", n, at_least=1)
    require_real("noise", noise, at_least=0.0)
