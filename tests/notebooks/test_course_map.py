"""notebooks/README.md, the map of the course, says what the notebooks say."""

import importlib
import inspect
import re

import nbformat
import numpy as np
import pytest

import nnlib
from grader.assignment import Assignment, find_notebooks_folder, list_assignments
from nnlib.sources import LECTURES, PAPERS

PAGE = (find_notebooks_folder() / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| \[\d\d\]\((\S+)\) \| .*? \| .*? \| (\d+) \| ([\d.]+) \| !\[\]\((\S+)\)<br>.+ \|$", PAGE, re.MULTILINE
)


def test_every_assignment_is_on_the_map_in_order():
    """The map links each notebook once."""
    assert [link.split("/")[0] for link, *_ in ROWS] == list_assignments()
    assert all((find_notebooks_folder() / link).is_file() for link, *_ in ROWS)


@pytest.mark.parametrize(("link", "minutes", "points", "picture"), ROWS, ids=[row[0][:2] for row in ROWS])
def test_minutes_points_and_picture_are_the_notebooks(link, minutes, points, picture):
    """Minutes as in the notebook's opening, points as its cells sum up, the picture from its tagged cell."""
    assignment = Assignment.find(link.split("/")[0])
    notebook = nbformat.read(assignment.notebook_path, as_version=4)
    opening = "\n".join(cell.source for cell in notebook.cells[:12] if cell.cell_type == "markdown")
    assert re.search(r"about (\d+) minutes", opening)[1] == minutes
    total = sum(cell.metadata.nbgrader.points for cell in assignment.graded_cells.values())
    assert float(points) == total
    assert any("remembered" in cell.metadata.get("tags", []) for cell in notebook.cells)
    assert (find_notebooks_folder() / picture).is_file()


@pytest.mark.parametrize("name", list_assignments())
def test_what_a_notebook_cites_stands_in_its_row(name):
    """The table of lectures and papers misses no paper that a notebook names."""
    assignment = Assignment.find(name)
    text = " ".join(cell.source for cell in assignment.source.cells if cell.cell_type == "markdown")
    (row,) = re.findall(rf"(?m)^\| {name[:2]} \| [^|\[]*? \| .*$", PAGE)
    assert [paper.citation for paper in PAPERS if paper.citation in text and paper.citation not in row] == []


def test_pytorchs_names_exist():
    """Every name of PyTorch's in the correspondence is one that PyTorch has."""
    pytest.importorskip("torch", reason="PyTorch is only installed for the comparison (extra 'crosscheck')")
    names = sorted(set(re.findall(r"`(torch(?:\.\w+)+)", PAGE)))
    assert len(names) > 20
    missing = []
    for name in names:
        module, attribute = name.rsplit(".", 1)
        while True:
            try:
                owner = importlib.import_module(module)
                break
            except ModuleNotFoundError:
                module, first = module.rsplit(".", 1)
                attribute = f"{first}.{attribute}"
        for part in attribute.split("."):
            owner = getattr(owner, part, None)
        missing += [name] if owner is None else []
    assert missing == []


def test_scikit_learns_names_exist():
    """Every name of scikit-learn's that the map mentions."""
    pytest.importorskip("sklearn", reason="scikit-learn is only installed for the comparison (extra 'crosscheck')")
    names = sorted(set(re.findall(r"`sklearn\.(\w+)\.(\w+)", PAGE)))
    assert len(names) > 6
    assert [name for module, name in names if not hasattr(importlib.import_module(f"sklearn.{module}"), name)] == []


def test_batches_are_as_large_as_the_map_says():
    """Where nobody says otherwise."""
    assert "`nnlib` of 64" in PAGE
    assert inspect.signature(nnlib.fit).parameters["batch_size"].default == 64
    torch = pytest.importorskip("torch", reason="PyTorch is only installed for the comparison (extra 'crosscheck')")
    assert inspect.signature(torch.utils.data.DataLoader).parameters["batch_size"].default == 1


def test_the_example_of_the_vocabulary_has_as_many_units_and_parameters_as_it_says():
    """A 64-50-10 net."""
    net = nnlib.build_network([64, 50, 10], np.random.default_rng(0))
    assert f"{net.theta.size:,}" in PAGE.split("## Words for a network")[1].split("##")[0]


def test_the_lectures_on_the_map_are_those_that_are_cited():
    """By number and title; and every assignment has something to read on."""
    page = PAGE.split("## Where to read on")[1]
    assert re.findall(r"^\| (\d{3}) \| (.+?) \|", page, re.MULTILINE) == [(x.number, x.title) for x in LECTURES]
    rows = re.findall(r"^\| (\d\d) \| ([\d, to]+) \| (.+) \|$", page, re.MULTILINE)
    assert [number for number, *_ in rows] == [name[:2] for name in list_assignments()]


def test_what_is_more_than_the_exercises_is_there():
    """Every name of the gallery is nnlib's, and no exercise's."""
    gallery = PAGE.split("## More than the exercises")[1].split("##")[0]
    names = set(re.findall(r"`([A-Za-z_]\w+)`", gallery)) - {"nnlib"}
    assert len(names) > 10
    assert [name for name in names if not hasattr(nnlib, name)] == []
    exercises = {exercise.name for title in list_assignments() for exercise in Assignment.find(title).exercises}
    assert not names & exercises


def test_names_of_ours_in_the_correspondence_exist():
    """Every function of the first column is nnlib's."""
    table = PAGE.split("| Here | PyTorch")[1]
    firsts = " ".join(line.split("|")[1] for line in table.split("\n")[2:] if line.startswith("|"))
    names = re.findall(r"`([a-z]\w+)", firsts)
    assert len(names) > 35
    assert [name for name in names if not hasattr(nnlib, name)] == []
