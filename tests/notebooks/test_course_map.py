"""notebooks/README.md, the map of the course, says what the notebooks say."""

import importlib
import re

import nbformat
import pytest

from grader.assignment import Assignment, find_notebooks_folder, list_assignments

PAGE = (find_notebooks_folder() / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| \[\d\d\]\((\S+)\) \| .*? \| .*? \| (\d+) \| ([\d.]+) \| !\[.+?\]\((\S+)\)<br>.+ \|$", PAGE, re.MULTILINE
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
    opening = notebook.cells[0].source + notebook.cells[1].source
    assert re.search(r"about (\d+) minutes", opening)[1] == minutes
    total = sum(cell.metadata.nbgrader.points for cell in assignment.graded_cells.values())
    assert float(points) == total
    assert any("remembered" in cell.metadata.get("tags", []) for cell in notebook.cells)
    assert (find_notebooks_folder() / picture).is_file()


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


def test_names_of_ours_in_the_correspondence_exist():
    """Every function of the first column is nnlib's."""
    import nnlib

    table = PAGE.split("| Here | PyTorch")[1]
    firsts = " ".join(line.split("|")[1] for line in table.split("\n")[2:] if line.startswith("|"))
    names = re.findall(r"`([a-z]\w+)", firsts)
    assert len(names) > 35
    assert [name for name in names if not hasattr(nnlib, name)] == []
