"""Pictures of training: curves, contours, animations."""

import base64
import io
import itertools
import re
import shutil
import subprocess

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

import nnlib
from nnlib import plots

from .legible import assert_legible

mpl.use("Agg")

BOWL_WINDOW = (-2.5, 1.5, -1.5, 2.0)


def bowl(w):
    return w[..., 0] ** 2 / 2 + w[..., 1] ** 2


def path(n, rate=0.2):
    w, points = np.array([-2.0, 1.5]), []
    for _ in range(n):
        points.append(w)
        w = w - rate * np.array([w[0], 2 * w[1]])
    return np.array(points)


@pytest.fixture(autouse=True)
def _leaves_no_figure_open():
    yield
    assert plt.get_fignums() == []


def line(ax, start):
    return next(line for line in ax.lines if str(line.get_label()).startswith(start))


def title(ax):
    return ax.get_title(loc="left")


def test_a_loss_curve_ends_where_it_explodes():
    """Values after the first NaN or infinity are not drawn; a cross and the legend say where."""
    figure = plots.loss_curves(
        {"fine": [2.0, 1.0, 0.5], "wild": [2.0, 9.0, np.inf, 1.0]}, top=5, level=("ln 10", 2.303)
    )
    (ax,) = figure.axes
    assert_allclose(line(ax, "fine").get_ydata(), [2.0, 1.0, 0.5])
    wild = line(ax, "wild")
    assert_allclose(wild.get_ydata(), [2.0, 9.0])
    assert wild.get_label() == "wild (not finite from 2)"
    assert any(mark.get_marker() == "X" for mark in ax.lines)
    assert ax.get_ylim()[1] == 5
    assert 0 < ax.get_ylim()[0] < 0.5
    assert_allclose(line(ax, "ln 10").get_ydata(), 2.303)
    assert_legible(figure)


def test_dots_stand_on_a_curve_at_the_steps_asked_for():
    """Such as the ends of cycles."""
    (ax,) = plots.loss_curves({"rate": [4.0, 2.0, 4.0, 2.0]}, dots=range(1, 4, 2)).axes
    assert_array_equal(ax.lines[-1].get_xydata(), [[1, 2], [3, 2]])


def test_smoothing_is_the_mean_about_a_step_and_does_not_lag():
    """As many steps before as after, at the ends what there is: the mean of a straight line is the line."""
    (ax,) = plots.loss_curves({"a": np.arange(9.0, 0.0, -1.0)}, smooth=5).axes
    assert_allclose(line(ax, "a").get_ydata()[2:-2], np.arange(7.0, 2.0, -1.0))
    values = np.array([4.0, 2.0, 6.0, 0.0])
    (ax,) = plots.loss_curves({"a": values}, smooth=3).axes
    assert_allclose(line(ax, "a").get_ydata(), [3, 4, 8 / 3, 3])
    assert_allclose(ax.lines[0].get_ydata(), values)


def test_cost_per_step_counts_the_rises():
    """The batch never rises, the mini-batch twice."""
    figure = plots.cost_per_step({"batch": [3, 2, 1], "mini-batch": [3, 4, 2, 3]})
    assert [title(ax) for ax in figure.axes] == ["batch\n0 of 2 steps rise", "mini-batch\n2 of 3 steps rise"]
    apart = plots.cost_per_step({"J": [9, 8], "loss": [2, 1]}, title="apart", ylabel="cost", own_axes=True)
    assert [ax.get_ylim()[0] > 4 for ax in apart.axes] == [True, False]
    assert (apart.get_suptitle(), apart.axes[0].get_ylabel()) == ("apart", "cost")
    assert_legible(figure)


def test_time_against_batch_size_marks_the_fastest():
    """In milliseconds; a size that never got there (NaN) is left out, and equally good ones are all named."""
    figure = plots.time_against_batch_size([1, 32, 1024], [9.0, 2.0, np.nan], [900, 60, 60])
    assert title(figure.axes[0]) == "least time: batch size 32"
    assert_allclose(figure.axes[0].lines[0].get_ydata(), [9000, 2000, np.nan])
    assert title(figure.axes[1]) == "fewest steps: batch size 32 and above"
    assert figure.axes[1].get_ylim()[0] == 0
    assert figure.axes[1].get_ylabel() == "steps to the loss"
    assert_array_equal(figure.axes[1].lines[0].get_ydata(), [900, 60, 60])
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == ["1", "32", "1024"]
    assert_legible(figure)


def test_averages_show_both_curves_for_each_beta(rng):
    """Plain starts near 0, corrected at the first day's temperature."""
    t = nnlib.noisy_yearly_temperatures(rng)
    figure = plots.averages_of_temperatures(t, nnlib.ewa, nnlib.ewa_corrected)
    assert [title(ax) for ax in figure.axes] == [
        "β = 0.5: about 2 days",
        "β = 0.9: about 10 days",
        "β = 0.98: about 50 days",
    ]
    for ax, beta in zip(figure.axes, (0.5, 0.9, 0.98), strict=True):
        assert line(ax, "plain").get_ydata()[0] == pytest.approx((1 - beta) * t[0])
        assert line(ax, "bias").get_ydata()[0] == pytest.approx(t[0])
    assert_legible(figure)


def test_schedules_are_drawn_from_epoch_0():
    """One panel each, on one scale."""
    figure = plots.schedules({"constant": lambda epoch: 0.1, "halves": lambda epoch: 0.2 * 0.5**epoch}, epochs=4)
    assert_allclose(figure.axes[1].lines[0].get_ydata(), [0.2, 0.1, 0.05, 0.025])
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim()
    assert_legible(figure)


def test_early_stopping_is_marked_on_the_dev_curve():
    """The dot sits on the best epoch's loss."""
    figure = plots.train_dev_curves([3, 2, 1, 0.5], [3, 2, 2.5, 2.6], best_epoch=1, stop_epoch=3)
    (ax,) = figure.axes
    dot = next(mark for mark in ax.lines if mark.get_marker() == "o")
    assert (dot.get_xdata()[0], dot.get_ydata()[0]) == (1, 2)
    assert_allclose(line(ax, "stopped: epoch 3").get_xdata(), 3)
    assert_legible(figure)


def test_steps_to_accuracy_counts_to_the_first_time():
    """At 10 steps a measurement, the third one is step 30; one run never gets there."""
    figure = plots.steps_to_accuracy({"plain": [0.1, 0.5, 0.8], "BN": [0.5, 0.7, 0.95]}, 0.9, every=10)
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["90%", "plain: not reached", "BN: after 30 steps"]
    early = plots.steps_to_accuracy({"BN": [0.5, 0.95, 0.9]}, 0.9, every=10)
    assert_allclose(line(early.axes[0], "BN: after 20 steps").get_xdata(), [10, 20])
    assert_legible(figure)


def test_descent_paths_draw_every_step_of_every_path():
    """The legend counts steps, in the order given, and the contours are the cost's."""
    figure = plots.descent_paths(bowl, {"batch": path(6), "stochastic": path(11)}, BOWL_WINDOW)
    (ax,) = figure.axes
    assert_allclose(line(ax, "batch").get_xydata(), path(6))
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["batch (5 steps)", "stochastic (10 steps)", "start", "end"]
    assert ax.get_xlim() == BOWL_WINDOW[:2]
    assert_legible(figure)


def test_descent_paths_draw_a_tangle_thin():
    """A path of hundreds of steps does not hide a short one."""
    (ax,) = plots.descent_paths(bowl, {"few": path(6), "many": path(301)}, BOWL_WINDOW).axes
    assert line(ax, "many").get_linewidth() < line(ax, "few").get_linewidth()


def test_descent_paths_from_the_middle_of_two_runs_show_no_start():
    """A dot there would hide a path that hardly moves; the minimum is marked where it is told, to one scale."""
    halves = {"wide": path(9)[3:], "narrow": path(9)[6:]}
    figure = plots.descent_paths(bowl, halves, BOWL_WINDOW, minimum=(0, 0), equal=True, legend="lower left")
    (ax,) = figure.axes
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["wide (5 steps)", "narrow (2 steps)", "end", "minimum"]
    assert ax.get_aspect() == 1
    assert_legible(figure)


def test_paths_on_surfaces_take_the_surfaces_of_nnlib():
    """A panel a surface, a line an optimizer."""
    surfaces = {name: (s.function, s.window) for name, s in nnlib.SURFACES.items()}
    figure = plots.paths_on_surfaces(surfaces, {name: {"descent": path(5), "Adam": path(9)} for name in surfaces})
    assert [title(ax) for ax in figure.axes] == list(surfaces)
    assert_allclose(line(figure.axes[2], "Adam").get_xydata(), path(9))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["descent", "Adam", "start", "end"]
    assert_legible(figure)


def test_out_of_a_valley_marks_where_each_path_ends():
    """On the profile a star stands where a path's first coordinate ends, and the minima have their names."""
    s = nnlib.SURFACES["two valleys"]
    paths = {"exact": np.array([s.start, (0.9, 0.0)]), "noisy": np.array([s.start, (-1.0, 0.3)])}
    figure = plots.out_of_a_valley(s.function, paths, s.window, {"poor": 0.917, "best": -1.067})
    side, above = figure.axes
    assert_allclose(line(side, "noisy: end").get_xdata(), [-1.0])
    assert_allclose(line(above, "exact").get_xydata(), paths["exact"])
    assert_allclose(line(side, "start").get_ydata(), s.function(np.array(s.start))[0])
    assert {text.get_text() for text in side.texts} == {"poor", "best"}
    assert_legible(figure)


def test_elongated_and_round_count_their_steps():
    """Each panel has its own cost, path and window."""
    figure = plots.elongated_and_round((bowl, bowl), (path(40, 0.9), path(4)), (BOWL_WINDOW, (-3, 3, -3, 3)))
    assert [title(ax) for ax in figure.axes] == ["raw: a long valley, 39 steps", "standardised: nearly round, 3 steps"]
    assert figure.axes[1].get_xlim() == (-3, 3)
    assert_legible(figure)


def test_the_cliff_shows_the_longest_step():
    """A path thrown far away says so though it leaves the window."""
    s = nnlib.surface("cliff")
    plain = np.array([s.start, (0.5, 1.4), (-11.5, 17.4)])  # 12 and 16: a step of 20, in no coordinate
    figure = plots.cliff_with_and_without_clipping(s.function, plain, path(5), s.window)
    assert title(figure.axes[0]) == "without clipping: longest step 20"
    assert figure.axes[0].get_xlim() == s.window[:2]
    assert_legible(figure)


def test_arrows_of_clipping_show_what_was_given():
    """Grey arrows are the gradients, coloured ones what each way made of them, from the origin and to scale."""
    before = np.array([[3.0, 1.0], [-0.5, 0.2]])
    by_value, by_norm = np.clip(before, -1, 1), np.array([[0.949, 0.316], [-0.5, 0.2]])
    figure = plots.clipping_arrows(before, by_value, by_norm, 1.0)
    for ax, after in zip(figure.axes, (by_value, by_norm), strict=True):
        for arrows, vectors in zip(ax.collections, (before, after), strict=True):
            assert_allclose(np.column_stack([arrows.U, arrows.V]), vectors)
            assert_allclose(arrows.get_offsets(), 0)
    assert_legible(figure)
    with pytest.raises(ValueError, match="by norm must have shape"):
        plots.clipping_arrows(before, by_value, by_norm[:1], 1.0)


def test_runs_apart_have_a_panel_each_and_the_others_behind():
    """In each panel the coloured line is the run of its title, drawn over all the others."""
    runs = {"a": [3.0, 2.0, 1.0], "b": [3.0, 1.0, 0.5], "c": [3.0, 3.0, 3.0]}
    figure = plots.curves_apart(runs, "three")
    assert [ax.get_title(loc="left") for ax in figure.axes] == list(runs)
    for ax, values in zip(figure.axes, runs.values(), strict=True):
        assert len(ax.lines) == 3
        assert_allclose(ax.lines[-1].get_ydata(), values)
    assert_legible(figure)


def test_a_landscape_shows_paths_at_their_height_and_leaves_out_what_is_outside():
    """A path lies just above the surface that it was walked on."""
    walked = np.array([[-9.0, 0.0], [-1.0, 0.5], [0.5, -0.5]])
    figure = plots.landscape(bowl, (-2.0, 2.0, -2.0, 2.0), {"walk": walked}, title="A bowl")
    x, y, height = figure.axes[0].lines[0].get_data_3d()
    assert_allclose(np.column_stack([x, y]), walked[1:])
    lifted = height - bowl(walked[1:])
    assert (lifted > 0).all()
    assert lifted.max() < 0.3


def test_a_landscape_gives_each_path_the_colour_it_has_elsewhere():
    """The place in the order that is given counts, not that among the paths drawn here."""
    walks = {"a": path(3), "b": path(4)}
    all_of_them = plots.landscape(bowl, BOWL_WINDOW, walks)
    one = plots.landscape(bowl, BOWL_WINDOW, {"b": walks["b"]}, order=("a", "b"))
    assert line(one.axes[0], "b").get_color() == line(all_of_them.axes[0], "b").get_color()
    assert "start" in [text.get_text() for text in one.legends[0].get_texts()]


def test_weights_of_the_past_say_how_much_the_window_holds():
    """For β = 0.5 three quarters are in the last two days, which are drawn darker."""
    figure = plots.weights_of_the_past({0.5: 0.5 * 0.5 ** np.arange(10)})
    (ax,) = figure.axes
    assert "75% in the\nlast 2 days" in [text.get_text() for text in ax.texts]
    assert [bar.get_alpha() for bar in ax.patches] == [None] * 2 + [0.35] * 8
    assert_legible(figure)


def test_a_graph_has_values_above_and_gradients_below():
    """Two arrows for each edge, forward and back; what belongs to no box is refused."""
    boxes = {"x": (0, 0), "x²": (1, 0)}
    figure = plots.computational_graph(boxes, [("x", "x²")], {"x": 3, "x²": 9}, {"x": 6, "x²": 1}, title="A square")
    (ax,) = figure.axes
    heights = {text.get_text(): text.get_position() for text in ax.texts}
    assert heights["9"][1] > 0 > heights["6"][1]
    assert len(ax.patches) == 2
    with pytest.raises(ValueError, match="must belong to a box, got 'y'"):
        plots.computational_graph(boxes, [("y", "x²")], {}, {})


def test_a_chain_has_a_box_for_each_thing_and_an_arrow_into_each_but_the_first():
    """Only the boxes of the marked thing have a colour of their own."""
    figure = plots.chain([["x"], ["affine", "ReLU"], ["affine"]], labels=["in", "hidden", "out"], marked="ReLU")
    (ax,) = figure.axes
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None) is not None]
    assert len(arrows) == 3
    fills = {text.get_text(): text.get_bbox_patch().get_facecolor() for text in ax.texts if text.get_bbox_patch()}
    assert fills["x"] == fills["affine"] != fills["ReLU"]
    assert_legible(figure)


def test_momentum_and_nesterov_measure_the_slope_in_two_places():
    """Both keep the same velocity; the gradient's arrow begins here, or where the velocity leads."""
    figure = plots.momentum_and_nesterov(nnlib.ravine, (-3.0, 0.9), (1.0, -1.1), rho=0.9, lr=0.5)
    kept, sloped = zip(*[ax.collections[:2] for ax in figure.axes], strict=True)
    assert_allclose(kept[0].get_offsets(), kept[1].get_offsets())
    assert_allclose(sloped[0].get_offsets(), [(-3.0, 0.9)])
    assert_allclose(sloped[1].get_offsets(), [(-2.1, -0.09)])
    assert_legible(figure)


def test_a_cost_that_sums_too_much_is_named():
    """np.sum over everything is the usual slip."""
    with pytest.raises(ValueError, match=r"to costs \(161, 161\), got \(\).*last axis"):
        plots.descent_paths(lambda w: (w**2).sum(), {"a": path(3)}, BOWL_WINDOW)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: plots.descent_paths(bowl, {"a": np.zeros((0, 2))}, BOWL_WINDOW), r"\(T, 2\).*w\.copy\(\)"),
        (lambda: plots.loss_curves({"a": []}), "'a' must have shape"),
        (lambda: plots.schedules({}), "at least one thing to draw"),
    ],
)
def test_nothing_to_draw_is_named(call, says):
    """Empty paths, curves and sets."""
    with pytest.raises(ValueError, match=says):
        call()


def movie(**kwargs):
    return plots.animate_descent(bowl, {"batch": path(12), "short": path(3)}, BOWL_WINDOW, **kwargs)


def test_a_movie_saves_as_a_gif_that_moves(tmp_path):
    """Every frame is there, they differ, and house colours survive the palette."""
    target = movie(frames=8).save_gif(tmp_path / "descent.gif")
    with Image.open(target) as gif:
        assert gif.n_frames == 8
        frames = []
        for k in range(8):
            gif.seek(k)
            frames.append(np.array(gif.convert("RGB")).astype(int))
    assert all((a != b).any() for a, b in itertools.pairwise(frames))
    blue = np.array(mpl.colors.to_rgb("#0072B2")) * 255
    drawn = [(np.abs(frame - blue).sum(axis=2) < 12).sum() for frame in frames]
    assert drawn[0] + 50 < drawn[4] < drawn[-1]  # the trail grows, and no later part of it shows through


def test_a_movie_plays_in_a_notebook_and_is_the_same_each_time():
    """The player holds every frame and depends on nothing random, so notebooks do not change."""
    html = movie(frames=5)._repr_html_()
    assert len(re.findall(r'"iVBOR[^"]+"', html)) == 5
    assert html == movie(frames=5).to_jshtml()
    assert len(html) < 100_000  # what a grader keeps of a cell's output is limited


def test_the_player_lays_changes_over_the_last_frame():
    """The one picture in the page is the whole last frame; with a frame's changes over it, it is that frame."""
    film = movie(frames=5)
    html = film.to_jshtml()
    encoded = [re.search(r"base64,([^\"]+)\"", html).group(1), *re.findall(r'"(iVBOR[^"]+)"', html)]
    end, *frames = [Image.open(io.BytesIO(base64.b64decode(part))).convert("RGBA") for part in encoded]
    wanted_frames = film.pictures()
    assert_array_equal(np.array(end.convert("RGB")), np.array(wanted_frames[-1].convert("RGB")))
    for frame, wanted in zip(frames, wanted_frames, strict=True):
        shown = np.array(Image.alpha_composite(end, frame).convert("RGB"))
        assert_array_equal(shown, np.array(wanted.convert("RGB")))


def test_a_page_without_scripts_and_styles_shows_one_whole_picture():
    """Viewers that drop both, such as code hosts, have one picture left, with words for those who cannot see it."""
    bare = re.sub(r"<script>.*</script>| style=\"[^\"]*\"", "", movie(frames=3).to_jshtml(), flags=re.S)
    (tag,) = re.findall(r"<img[^>]*>", bare)
    assert 'alt="animation: Batch, mini-batch and stochastic descent"' in tag
    assert repr(movie(frames=3)) == "Movie(3 frames)"  # no address, so a notebook stays the same


def test_the_player_is_valid_script(tmp_path):
    """A JavaScript engine runs it and ends on the last frame."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine")
    script = re.search(r"<script>(.*)</script>", movie(frames=4).to_jshtml(), re.S).group(1)
    stub = """
    const parts = {};
    const image = {style: {}};
    const document = {
      getElementById: (id) => parts[id] ??= {value: "3", id, appendChild: () => {}},
      createElement: () => image,
    };
    """
    check = """
    const [button, slider] = Object.values(parts);
    button.onclick();
    setTimeout(() => { console.log(slider.value, image.src.slice(0, 22)); process.exit(0); }, 900);
    """
    file = tmp_path / "player.js"
    file.write_text(stub + script + check)
    done = subprocess.run([node, str(file)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3 data:image/png;base64,"


def test_a_movie_of_surfaces_has_a_panel_each():
    """Shorter paths wait at their end."""
    surfaces = {name: (s.function, s.window) for name, s in nnlib.SURFACES.items()}
    film = plots.animate_on_surfaces(surfaces, {name: {"descent": path(5), "Adam": path(9)} for name in surfaces})
    assert film.frames == 9
    assert [title(ax) for ax in film.figure.axes] == list(surfaces)
    assert len(film.pictures()) == 9
    assert_legible(film.figure)


def test_other_formats_are_refused(tmp_path):
    """MP4 would need ffmpeg."""
    with pytest.raises(ValueError, match=r"end in \.gif, got descent\.mp4"):
        movie(frames=2).save_gif(tmp_path / "descent.mp4")


def test_measured_against_has_a_marked_line_for_each_curve_and_the_level():
    """Points at what was turned; a share in percent."""
    figure = plots.measured_against(
        [0.01, 0.1, 1.0],
        {"a": [0.1, 0.9, 0.2], "b": [0.8, 0.9, 0.9]},
        "what",
        "std",
        "accuracy",
        log="x",
        percent=True,
        level=("chance", 0.1),
    )
    (ax,) = figure.axes
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b", "chance"]
    assert ax.get_xscale() == "log"
    assert_allclose(line(ax, "b").get_ydata(), [0.8, 0.9, 0.9])
    assert_legible(figure)


def test_draws_by_decade_say_the_share_of_each(rng):
    """Four decades, four shares, in each panel; numbers below 0 have no decade."""
    figure = plots.draws_by_decade({"linear": rng.uniform(1e-4, 1, 5000), "log": 10 ** rng.uniform(-4, 0, 5000)})
    shares = [[float(text.get_text()[:-1]) for text in ax.texts] for ax in figure.axes]
    assert [len(row) for row in shares] == [4, 4]
    assert shares[0][3] > 85
    assert max(abs(share - 25) for share in shares[1]) < 4
    assert_legible(figure)
    with pytest.raises(ValueError, match="above 0"):
        plots.draws_by_decade({"a": [-1.0, 1.0]})
