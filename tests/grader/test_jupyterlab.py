"""Released notebooks in JupyterLab, in a real browser: every cell, hints, nbgrader's Validate, sliders, animations."""

import shutil
from pathlib import Path

import nbformat
import pytest

from grader import vocabulary
from grader.assignment import Assignment
from grader.course import Course
from grader.release import release

from .browser import NEEDS_CHROMIUM, Lab, chromium
from .jupyter import TOKEN, serve

pytestmark = NEEDS_CHROMIUM
LOSSES, DESCENT = "02-softmax-and-losses", "06-gradient-descent"
RIGHT, WRONG = "2 * difference / difference.size", "difference / difference.size"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A student's folder with two releases, one of them also blank; of the other's, all is answered and one wrong."""
    course = Course.init(tmp_path_factory.mktemp("lab") / "course")
    folder = tmp_path_factory.mktemp("student")
    for name in (LOSSES, DESCENT):
        shutil.copytree(release(name, course).folder, folder / name)
    shutil.copytree(folder / LOSSES, folder / "blank")
    for name in (LOSSES, DESCENT):
        answer(folder / name, name)
    return folder


def answer(folder: Path, name: str) -> None:
    """Answer every exercise as the course does, but forget a factor in mse."""
    assignment = Assignment.find(name)
    source = {vocabulary.grade_id(cell): without_markers(cell.source) for cell in assignment.source.cells}
    (path,) = folder.glob("*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if vocabulary.is_exercise(cell):
            cell.source = source[vocabulary.grade_id(cell)].replace(RIGHT, WRONG)
        elif vocabulary.about(cell).get("solution"):
            cell.source = "An answer in my own words."
    nbformat.write(notebook, path)


def without_markers(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if "SOLUTION" not in line)


def place_of(path: Path, what: str) -> int:
    """Find the place of the one cell that holds a text."""
    places = [i for i, cell in enumerate(nbformat.read(path, as_version=4).cells) if what in cell.source]
    assert len(places) == 1
    return places[0]


@pytest.fixture(scope="module")
def opened(folder, tmp_path_factory):
    """Open a notebook in JupyterLab by its path in the student's folder; one server for all."""
    with serve(folder, tmp_path_factory.mktemp("home")) as server, chromium() as browser:
        yield lambda path: Lab(browser, server.url, TOKEN, path)


def test_a_blank_release_runs_to_its_end(opened, folder):
    """Run All Cells passes every cell of an untouched release, and what ends in an error is what is not written."""
    lab = opened("blank/softmax-and-losses.ipynb")
    lab.run_all()
    assert set(lab.errors()) == {"NotImplementedError"}
    says = lab.output(place_of(folder / "blank" / "softmax-and-losses.ipynb", "check(softmax)")).text_content()
    assert "softmax is not written yet" in says
    assert (lab.heard.errors, lab.heard.far) == ([], [])
    lab.page.close()


@pytest.fixture(scope="module")
def losses(opened, folder):
    """The answered notebook on losses, every cell run."""
    lab = opened(f"{LOSSES}/softmax-and-losses.ipynb")
    lab.run_all()
    yield lab, folder / LOSSES / "softmax-and-losses.ipynb"
    lab.page.close()


def test_a_mistake_gets_its_hint_and_passes_after_the_mend(losses):
    """check names a planted mistake in the page and Validate fails; mended by typing, both pass."""
    lab, path = losses
    mse, check = place_of(path, "def mse("), place_of(path, "check(mse)")
    assert lab.errors() == []
    said = " ".join(lab.output(check).text_content().split())
    assert "Mistake The factor 2 is missing in the gradient." in said
    assert " Hint " in said
    failed = lab.validate()
    assert "The following cell failed:" in failed
    assert "check(mse)" in failed
    assert failed.count("check(") == 1

    lab.write(mse, nbformat.read(path, as_version=4).cells[mse].source.replace(WRONG, RIGHT))
    lab.run(mse)
    lab.run(check)
    assert "mse: all 3 cases pass." in lab.output(check).text_content()
    assert "Success! Your notebook passes all the tests." in lab.validate()
    assert (lab.heard.errors, lab.heard.far) == ([], [])


def test_a_slider_moves_its_picture(losses):
    """An arrow key on a slider changes the number beside it and draws another picture."""
    lab, path = losses
    output = lab.output(place_of(path, "explore(at_temperature"))
    picture = output.locator("img")
    before, number = picture.get_attribute("src"), output.locator(".widget-readout").text_content()
    handle = output.locator(".noUi-handle")
    handle.focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.wait_for_function(
        "([picture, before]) => picture.isConnected ? picture.src !== before : true",
        arg=[picture.element_handle(), before],
    )
    output.locator("img").wait_for()
    assert output.locator("img").get_attribute("src") != before
    assert output.locator(".widget-readout").text_content() != number
    assert (lab.heard.errors, lab.heard.far) == ([], [])


def test_details_fold(losses):
    """What you should see is folded until it is clicked."""
    lab, _ = losses
    fold = lab.page.locator(".jp-Notebook details").first
    assert fold.get_attribute("open") is None
    fold.locator("summary").click()
    assert fold.get_attribute("open") is not None


def test_an_animation_plays_and_stops(opened, folder):
    """The play button runs through the frames from the first, and its slider goes back and forth by hand."""
    lab = opened(f"{DESCENT}/gradient-descent.ipynb")
    lab.run_all()
    assert lab.errors() == []
    output = lab.output(place_of(folder / DESCENT / "gradient-descent.ipynb", "plots.animate_descent("))
    slider = output.get_by_label("frame", exact=True)
    last = int(slider.get_attribute("max"))
    button = output.get_by_label("play or pause")
    button.click()
    seen = lab.page.evaluate_handle("slider => { window.seen = new Set(); return slider; }", slider.element_handle())
    lab.page.wait_for_function(
        "slider => (window.seen.add(slider.parentElement.parentElement.querySelectorAll('img')[1]?.src), "
        "window.seen.size > 3)",
        arg=seen,
    )
    lab.page.wait_for_function("([slider, last]) => +slider.value === last", arg=[seen, last])
    moving = output.locator("img").nth(1)
    end = moving.get_attribute("src")
    slider.focus()
    lab.page.keyboard.press("Home")
    assert slider.input_value() == "0"
    assert moving.get_attribute("src") != end
    assert (lab.heard.errors, lab.heard.far) == ([], [])
    lab.page.close()
