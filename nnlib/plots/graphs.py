"""A computation drawn as boxes and arrows: pictures of assignments 03 and 11."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch

from nnlib.plots._style import BLACK, BLUE, GREY, ORANGE, VERMILLION, WIDTH, headline, paler, panels, picture


def _room(name: str) -> float:
    """Points between the middle of a box and an arrow's end."""
    return 16 + 3.4 * len(name)


@picture
def computational_graph(
    nodes: Mapping[str, tuple[float, float]],
    edges: Sequence[tuple[str, str]],
    values: Mapping[str, float],
    gradients: Mapping[str, float],
    title: str = "",
) -> Figure:
    """Draw a small expression as boxes and arrows.

    Parameters
    ----------
    nodes
        What stands in each box, such as ``"x"`` or ``"z = x·w"``, to the place of the box: column and row.
    edges
        Pairs of boxes: the result of the first goes into the second.
    values
        What each box comes to on the way forward, above it.
    gradients
        The derivative of the last result by each box, below it.
    title
        What is to be seen.

    Raises
    ------
    ValueError
        If an edge, a value or a gradient belongs to no box.
    """
    for name in [end for edge in edges for end in edge] + list(values) + list(gradients):
        if name not in nodes:
            raise ValueError(
                f"Every edge, value and gradient must belong to a box, got {name!r}. There are {list(nodes)}."
            )
    figure, (ax,) = panels(width=WIDTH, height=3.8)
    ax.axis("off")
    ax.grid(visible=False)
    for start, end in edges:
        (x1, y1), (x2, y2) = nodes[start], nodes[end]
        for shift, ends, ink, style in (
            (0.09, ((x1, y1), (x2, y2)), BLUE, "-"),
            (-0.09, ((x2, y2), (x1, y1)), VERMILLION, "--"),
        ):
            (a, b), (c, d) = ends
            arrow = FancyArrowPatch(
                (a, b + shift), (c, d + shift), arrowstyle="-|>", mutation_scale=13,
                shrinkA=_room(start if ink == BLUE else end), shrinkB=_room(end if ink == BLUE else start),
                color=ink, linestyle=style, linewidth=1.4,
            )  # fmt: skip
            ax.add_patch(arrow)
    for name, (x, y) in nodes.items():
        box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": BLACK}
        ax.text(x, y, name, ha="center", va="center", fontsize=12, bbox=box, zorder=3)
        if name in values:
            ax.text(x, y + 0.3, f"{values[name]:.4g}".replace("-", "−"), color=BLUE, ha="center", va="bottom", zorder=4)
        if name in gradients:
            text = f"{gradients[name]:.4g}".replace("-", "−")
            ax.text(x, y - 0.3, text, color=VERMILLION, ha="center", va="top", zorder=4)
    columns, rows = zip(*nodes.values(), strict=True)
    ax.set(xlim=(min(columns) - 0.5, max(columns) + 0.5), ylim=(min(rows) - 0.8, max(rows) + 0.8))
    ax.plot([], [], color=BLUE, label="forward: values")
    ax.plot([], [], color=VERMILLION, linestyle="--", label="back: gradients of the result")
    figure.legend(loc="outside lower center", ncols=2)
    headline(figure, title)
    return figure


@picture
def chain(layers: Sequence[Sequence[str]], *, labels: Sequence[str], marked: str = "", title: str = "") -> Figure:
    """Draw what a net does one after another as a row of boxes.

    Parameters
    ----------
    layers
        What each layer does, first thing first.
    labels
        What stands below each layer's boxes.
    marked
        The thing whose boxes are coloured.
    title
        What is to be seen.
    """
    figure, (ax,) = panels(width=WIDTH, height=1.5)
    ax.axis("off")
    ax.grid(visible=False)
    right, before = 0.0, None  # in letters
    for layer, label in zip(layers, labels, strict=True):
        left = right
        for name in layer:
            fill = paler(ORANGE, 0.4) if name == marked else "white"
            box = {"boxstyle": "round,pad=0.4", "edgecolor": BLACK, "facecolor": fill}
            middle = right + 1.5 + len(name) / 2
            here = ax.text(middle, 0, name, ha="center", va="center", fontsize=9, bbox=box, zorder=3)
            if before is not None:
                ends = {"patchA": before.get_bbox_patch(), "patchB": here.get_bbox_patch(), "shrinkA": 0, "shrinkB": 1}
                arrow = {"arrowstyle": "-|>", "color": GREY, "mutation_scale": 10, **ends}
                ax.annotate("", (middle, 0), before.get_position(), arrowprops=arrow, zorder=2)
            right, before = right + len(name) + 5, here
        ax.plot([left + 0.5, right - 2.5], [-0.75, -0.75], color=GREY, linewidth=1)
        ax.text((left + right) / 2 - 1, -0.9, label, ha="center", va="top", fontsize=10, color=GREY)
    ax.set(xlim=(-0.5, right - 1), ylim=(-1.6, 0.7))
    headline(figure, title)
    return figure
