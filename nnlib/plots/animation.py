"""Descent in motion: animations that play in a notebook and save as GIF, without ffmpeg."""

import base64
import hashlib
import io
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from nnlib._validate import Array
from nnlib.plots._style import BLACK, LINES, PALETTE, STYLE, colour, grid_of_panels, headline, panels
from nnlib.plots.surfaces import Cost, Window, as_path, draw_contours

FRAMES = 40  # enough to follow the motion
DOTS_PER_INCH = 80
CLEAR = 255  # the palette's entry for "as in the picture under it"

PLAYER = """<div style="font-family: sans-serif">
<div id="{name}" style="position: relative; display: inline-block">
<img alt="{says}" style="display: block; max-width: 100%" src="data:image/png;base64,{end}">
</div>
<div><button id="{name}-button" aria-label="play or pause">&#9654;</button>
<input id="{name}-slider" type="range" min="0" max="{last}" value="{last}" style="width: 60%" aria-label="frame"></div>
</div>
<script>
(function () {{
  const frames = [{frames}];
  const find = (part) => document.getElementById("{name}" + part);
  const image = document.createElement("img"), button = find("-button"), slider = find("-slider");
  image.style.cssText = "position: absolute; left: 0; top: 0; width: 100%; height: 100%";
  let timer = null;
  const show = (i) => {{
    slider.value = i;
    image.src = "data:image/png;base64," + frames[i];
    find("").appendChild(image);
  }};
  const stop = () => {{ clearInterval(timer); timer = null; button.innerHTML = "&#9654;"; }};
  const play = () => {{
    if (+slider.value === {last}) show(0);
    button.innerHTML = "&#10074;&#10074;";
    timer = setInterval(() => (+slider.value === {last} ? stop() : show(+slider.value + 1)), {pause});
  }};
  button.onclick = () => (timer === null ? play() : stop());
  slider.oninput = () => {{ stop(); show(+slider.value); }};
}})();
</script>"""


class Movie:
    """An animation; a notebook cell that ends in one shows it with a play button and a slider.

    Parameters
    ----------
    figure
        What stays; drawn once.
    update
        ``update(frame)`` moves the lines for one frame and returns them.
    frames
        Number of frames.
    fps
        Frames per second.
    """

    def __init__(self, figure: Figure, update: Callable[[int], list[Line2D]], frames: int, fps: int = 10) -> None:
        self.figure, self.update, self.frames, self.fps = figure, update, frames, fps

    def pictures(self) -> list[Image.Image]:
        """Draw every frame, in few colours and one palette."""
        with plt.rc_context(STYLE):
            self.figure.set_dpi(DOTS_PER_INCH)
            canvas: Any = FigureCanvasAgg(self.figure)  # its methods carry no types
            for line in self.update(self.frames - 1):
                line.set_animated(True)  # left out of the drawing of what stays
            canvas.draw()
            still = canvas.copy_from_bbox(self.figure.bbox)
            full = []
            for frame in range(self.frames):
                canvas.restore_region(still)
                for line in self.update(frame):
                    line.draw(canvas.get_renderer())
                full.append(_picture(canvas))
        palette = _palette()
        return [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in full]

    def to_jshtml(self) -> str:
        """Return a player of HTML and JavaScript that holds every frame, the same for the same frames.

        It shows the whole last frame until it plays, for pages that run no scripts or drop styles.
        """
        pictures = self.pictures()
        end = pictures[-1]
        frames = [_encode(_changes(end, picture), transparency=CLEAR) for picture in pictures]
        listed = ", ".join(f'"{frame}"' for frame in frames)
        name = "movie-" + hashlib.sha256(listed.encode()).hexdigest()[:16]  # two players in a page stay apart
        values = {"end": _encode(end), "last": len(frames) - 1, "pause": 1000 // self.fps}
        return PLAYER.format(name=name, says=escape(self._title()), frames=listed, **values)

    def _title(self) -> str:
        """Return what the figure says above, for those who cannot see it."""
        above = [self.figure.get_suptitle(), *(ax.get_title(loc="left") for ax in self.figure.axes)]
        return f"animation: {next(filter(None, above), 'descent')}"

    def __repr__(self) -> str:
        return f"Movie({self.frames} frames)"  # a notebook keeps it, so it must not hold an address

    def _repr_html_(self) -> str:
        return self.to_jshtml()

    def save_gif(self, path: str | Path) -> Path:
        """Write the animation to a GIF file, in a loop, and return its path."""
        path = Path(path)
        if path.suffix.lower() != ".gif":
            raise ValueError(f"path must end in .gif, got {path.name}. GIF is the format that needs no ffmpeg.")
        first, *rest = self.pictures()
        first.save(path, save_all=True, append_images=rest, duration=1000 // self.fps, loop=0)
        return path


def _picture(canvas: Any) -> Image.Image:
    return Image.fromarray(np.array(canvas.buffer_rgba())).convert("RGB")


def _changes(base: Image.Image, picture: Image.Image) -> Image.Image:
    """Keep of a frame what differs from the picture under it: a twentieth of its size."""
    before, after = np.asarray(base), np.asarray(picture)
    changes = Image.fromarray(np.where(after == before, CLEAR, after).astype(np.uint8), mode="P")
    changes.putpalette(picture.getpalette() or [])
    return changes


def _encode(picture: Image.Image, **options: int) -> str:
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return base64.b64encode(out.getvalue()).decode()


def _palette() -> Image.Image:
    """Make the colours that frames are stored in: greys, and the house palette with its edges blended.

    A picture of few colours is a quarter of the size; a palette drawn from the picture itself would drop the colours
    of thin lines.
    """
    colours = [[level] * 3 for level in np.linspace(0.0, 1.0, 36).tolist()]
    for name in PALETTE:
        for background in (0.5, 0.75, 1.0):
            for share in (1.0, 0.7, 0.4):
                colours.append([share * part + (1 - share) * background for part in to_rgb(name)])
    flat = np.round(255 * np.array(colours)).astype(int).ravel().tolist()
    image = Image.new("P", (1, 1))
    image.putpalette(flat + flat[-3:] * (256 - len(flat) // 3))
    return image


def animate_descent(
    cost: Cost,
    paths: Mapping[str, Array],
    window: Window,
    title: str = "Batch, mini-batch and stochastic descent",
    frames: int = FRAMES,
) -> Movie:
    """Let several paths of descent run on one set of contours.

    Parameters
    ----------
    cost
        Maps points ``(..., 2)`` to costs, as in :func:`nnlib.plots.descent_paths`.
    paths
        Name to the parameters after each step ``(T, 2)``; a shorter path waits at its end.
    window
        Left, right, bottom and top of the picture.
    title
        What is to be seen.
    frames
        At most this many; longer paths skip steps.
    """
    with plt.rc_context(STYLE):
        figure, (ax,) = panels(width=6.4, height=4.4)
        draw_contours(ax, cost, window)
        ax.set_title(title)
        runners = [(ax, paths)]
        return _run(figure, runners, frames)


def animate_on_surfaces(
    surfaces: Mapping[str, tuple[Cost, Window]],
    paths: Mapping[str, Mapping[str, Array]],
    title: str = "The same optimizers on a ravine, a saddle and a plateau",
    frames: int = FRAMES,
) -> Movie:
    """Let each optimizer run on each surface, one panel per surface.

    Parameters
    ----------
    surfaces, paths, title
        As in :func:`nnlib.plots.paths_on_surfaces`.
    frames
        At most this many; longer paths skip steps.
    """
    with plt.rc_context(STYLE):
        figure, axes = grid_of_panels(len(surfaces), columns=3, panel_height=3.0, width=9.0)
        runners = []
        for ax, (name, (cost, window)) in zip(axes, surfaces.items(), strict=True):
            draw_contours(ax, cost, window)
            ax.set_title(name)
            runners.append((ax, paths[name]))
        headline(figure, title)
        return _run(figure, runners, frames)


def _run(figure: Figure, runners: list[tuple[Axes, Mapping[str, Array]]], frames: int) -> Movie:
    """Prepare the moving parts over a figure whose layout no longer changes."""
    tracks: list[tuple[Array, Line2D, Line2D]] = []
    names = list(dict.fromkeys(name for _, paths in runners for name in paths))  # one colour each, in every panel
    keys: dict[str, Line2D] = {}
    for ax, paths in runners:
        for name, points in paths.items():
            path, index = as_path(points), names.index(name)
            style: dict[str, Any] = {"color": colour(index), "linestyle": LINES[index % len(LINES)]}
            (trail,) = ax.plot([], [], linewidth=1.6, label=name, **style)
            (head,) = ax.plot([], [], "o", color=colour(index), markersize=7, markeredgecolor="white", zorder=5)
            tracks.append((path, trail, head))
            keys[name] = trail
        ax.plot(*as_path(next(iter(paths.values())))[0], "o", color=BLACK, markersize=6)
    steps = max(len(path) for path, _, _ in tracks)
    columns = 3 if len(keys) > 5 else len(keys)
    figure.legend(list(keys.values()), list(keys), loc="outside lower center", ncols=columns)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laying out again at each frame would make the axes tremble
    shown = np.unique(np.linspace(1, steps, min(frames, steps)).round().astype(int))

    def update(frame: int) -> list[Line2D]:
        for path, trail, head in tracks:
            so_far = path[: shown[frame]]
            trail.set_data(so_far[:, 0], so_far[:, 1])
            head.set_data(so_far[-1:, 0], so_far[-1:, 1])
        return [line for _, trail, head in tracks for line in (trail, head)]

    plt.close(figure)
    return Movie(figure, update, len(shown))
