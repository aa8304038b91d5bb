"""Check that a picture's words can be read: all inside the figure, no title over another."""

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text


def assert_legible(figure):
    """No text leaves the figure, and no two titles or ticks overlap."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    whole = figure.bbox.padded(1.5)
    titles = []
    for text in figure.findobj(Text):
        words = text.get_text().strip()
        if not words or not text.get_visible() or not _shown(text, figure):
            continue
        box = text.get_window_extent(renderer)
        inside = whole.x0 <= box.x0 and box.x1 <= whole.x1 and whole.y0 <= box.y0 and box.y1 <= whole.y1
        assert inside, f"{words!r} leaves the figure: {box} in {whole}"
        if _is_title(text, figure):
            titles.append((words, box))
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
            labels = [t.label1 for t in ticks if t.label1.get_text().strip() and t.label1.get_visible()]
            boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in labels if _shown(t, figure)]
            for (one, a), (other, b) in itertools.combinations(boxes, 2):
                rotated = labels[0].get_rotation() % 90  # boxes of slanted words overlap though the words do not
                assert rotated or not a.overlaps(b), f"tick {one!r} overlaps tick {other!r}"
    for (one, a), (other, b) in itertools.combinations(titles, 2):
        assert not a.overlaps(b), f"{one!r} overlaps {other!r}"


def _is_title(text, figure):
    return text is figure._suptitle or any(text in (ax.title, ax._left_title, ax._right_title) for ax in figure.axes)


def _shown(text, figure):
    """Tick labels outside the limits of an axis have text and are not drawn."""
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            every = [
                t for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()) for t in (tick.label1, tick.label2)
            ]
            if text in every:
                low, high = sorted(axis.get_view_interval())
                ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
                tick = next(t for t in ticks if text in (t.label1, t.label2))
                return ax.axison and low <= tick.get_loc() <= high
    return True
