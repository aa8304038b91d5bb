"""Cost surfaces of two parameters on which optimizers show their character, each with its gradient.

Every surface maps points ``w`` ``(..., 2)`` to ``(cost, dw)``: costs ``(...)`` for contours, and gradients
``(..., 2)`` for steps.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nnlib._validate import Array, as_float, unknown_name

SurfaceFunction = Callable[[npt.ArrayLike], tuple[Array, Array]]

RAVINE_CURVATURES = (0.1, 2.0)  # the steep direction limits the rate, the flat one needs it
VALLEY_TILT = 0.15  # one valley of two lies deeper
WALL_HEIGHT, WALL_STEEPNESS, WALL_AT = 10.0, 20.0, 0.5


def ravine(w: npt.ArrayLike) -> tuple[Array, Array]:
    """Long valley, 20 times steeper across than along: ``0.05 w1² + w2²``, lowest at the origin.

    Plain descent zigzags across it, or crawls along it; it diverges at rates above 1.
    """
    x, y = _split(w)
    along, across = RAVINE_CURVATURES
    return (along * x**2 + across * y**2) / 2, np.stack([along * x, across * y], axis=-1)


def saddle(w: npt.ArrayLike) -> tuple[Array, Array]:
    """Saddle at the origin, up along w1 and down along w2: ``w1²/2 − w2²/2 + w2⁴/4``.

    Its gradient is zero though it is no minimum; the minima, cost −1/4, are at (0, ±1).
    """
    x, y = _split(w)
    return x**2 / 2 - y**2 / 2 + y**4 / 4, np.stack([x, y**3 - y], axis=-1)


def plateau(w: npt.ArrayLike) -> tuple[Array, Array]:
    """Nearly flat but for a round hole at the origin: ``1 − exp(−‖w‖²/2)``, cost 0 to 1.

    Far out the gradient points the right way and is tiny: 0.03 at a distance of 3, 0.001 at 4.
    """
    x, y = _split(w)
    rest = np.exp(-(x**2 + y**2) / 2)
    return 1.0 - rest, np.stack([x * rest, y * rest], axis=-1)


def cliff(w: npt.ArrayLike) -> tuple[Array, Array]:
    """Gentle bowl at the foot of a wall of height 10 at w1 = 0.5, as recurrent nets have them.

    Slopes are below 1 except on the wall, where they reach 50: a step taken there lands far away.
    The lowest point is close to the origin.
    """
    x, y = _split(w)
    steps_from_wall = np.clip(WALL_STEEPNESS * (x - WALL_AT), -60.0, 60.0)  # exp would overflow far away
    up = 1.0 / (1.0 + np.exp(-steps_from_wall))
    cost = 0.1 * x**2 + 0.1 * y**2 + WALL_HEIGHT * up
    slope = 0.2 * x + WALL_HEIGHT * WALL_STEEPNESS * up * (1.0 - up)
    return cost, np.stack([slope, 0.2 * y], axis=-1)


def two_valleys(w: npt.ArrayLike) -> tuple[Array, Array]:
    """Two minima with a ridge between: ``w1⁴/4 − w1²/2 + 0.15 w1 + w2²/2``.

    The poor one, cost −0.11, is near (0.92, 0), the best, cost −0.40, near (−1.07, 0). Exact descent from the right
    ends in the poor one whatever its (small) rate; noisy steps can get over the ridge near 0.15.
    """
    x, y = _split(w)
    cost = x**4 / 4 - x**2 / 2 + VALLEY_TILT * x + y**2 / 2
    return cost, np.stack([x**3 - x + VALLEY_TILT, y], axis=-1)


@dataclass(frozen=True)
class Surface:
    """A surface with the window to draw and a start from which the trouble is seen."""

    name: str
    function: SurfaceFunction
    start: tuple[float, float]
    window: tuple[float, float, float, float]  # left, right, bottom, top
    trouble: str


SURFACES = {
    surface.name: surface
    for surface in (
        Surface("ravine", ravine, (-9.0, 2.0), (-10.0, 3.0, -3.0, 3.0), "steep across, flat along"),
        Surface("saddle", saddle, (-1.5, 0.001), (-2.0, 1.5, -1.6, 1.6), "zero gradient, no minimum"),
        Surface("plateau", plateau, (-3.0, 1.0), (-4.0, 2.0, -2.0, 2.0), "the gradient is tiny"),
        Surface("cliff", cliff, (1.0, 1.5), (-4.0, 1.5, -2.5, 2.5), "one step on the wall is thrown far away"),
        Surface("two valleys", two_valleys, (1.6, 1.2), (-1.9, 2.0, -1.5, 1.6), "a poor minimum beside the best"),
    )
}


def surface(name: str) -> Surface:
    """Return the surface of this name: ``"ravine"``, ``"saddle"``, ``"plateau"``, ``"cliff"`` or ``"two valleys"``."""
    if name not in SURFACES:
        raise unknown_name("surface", name, SURFACES)
    return SURFACES[name]


def _split(w: npt.ArrayLike) -> tuple[Array, Array]:
    points = as_float(w)
    if points.ndim == 0 or points.shape[-1] != 2:
        msg = f"w must have shape (..., 2), two parameters per point, got {points.shape}."
        raise ValueError(msg + " Put the coordinates on the last axis: np.stack([x, y], axis=-1).")
    return points[..., 0], points[..., 1]
