"""The marking guide stands beside the answer for those who grade, and nowhere for those who are graded."""

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.marking_guide import HEADING, with_guide

from . import tiny
from .jupyter import serve

MODEL, GUIDE = "Only differences count here.", "Marking: two points for differences."
WORDS = ("Only differences count", "two points for differences", "Model answer and marking guide")


@pytest.fixture
def guided(course):
    """A course whose source has a model answer and a marking guide in the cell of the written question."""
    path = course.own_source / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    tiny.cell_of(notebook, "why").source = f"{MODEL}\n\n*{GUIDE}*"
    nbformat.write(notebook, path)
    return course


@pytest.fixture
def show(guided):
    """Write cells as the course's formgrader does."""

    def write(*cells) -> str:
        config = guided.config.copy()
        config.HTMLExporter.template_name = "formgrade"
        known = {"submission_id": "1", "assignment_id": "tiny", "notebook_id": "tiny", "index": 0, "total": 1}
        notebook = new_notebook(cells=nbformat.from_dict(list(cells)))
        return HTMLExporter(config=config).from_notebook_node(notebook, resources=known)[0]

    return write


def answer(grade_id: str, make=new_markdown_cell, **flags):
    """A student's cell."""
    return make("My answer.", metadata=tiny.about(grade_id, **flags))


def test_formgrader_shows_it_and_students_get_no_word_of_it(guided, submit, cli, tmp_path):
    """A real formgrader's page holds guide and model answer; release, graded notebook and feedback hold neither."""
    for command in ("release", "autograde", "feedback"):
        if command == "autograde":
            submit("ada", why="Shifts do not matter.")
        code, _, told = cli(command, "tiny", "--course", guided.root)
        assert code == 0, told
    (tmp_path / "home").mkdir()
    with serve(guided.root, tmp_path / "home") as server:
        server.ask("/formgrader/api/notebooks/tiny")
        (entry,) = server.ask("/formgrader/api/submitted_notebooks/tiny/tiny")
        page = server.ask(f"/formgrader/submissions/{entry['id']}/")
    assert all(word in page for word in WORDS)
    assert page.index("Shifts do not matter") < page.index(WORDS[0])
    for folder in ("release", "autograded", "feedback"):
        texts = [path.read_bytes() for path in (guided.root / folder).rglob("*") if path.is_file()]
        assert texts
        assert not [word for word in WORDS if any(word.encode() in text for text in texts)]


def test_only_a_page_with_a_submission_id_has_it(guided):
    """Where the page is not formgrader's, or the assignment has no source, nothing is added."""
    cells = [answer("why", grade=True, solution=True, points=4)]
    about = {"submission_id": "1", "assignment_id": "tiny", "notebook_id": "tiny"}
    assert len(with_guide(cells, about, guided.config)) == 2
    assert with_guide(cells, about | {"assignment_id": "elsewhere"}, guided.config) == cells
    for missing in about:
        rest = {name: value for name, value in about.items() if name != missing}
        assert with_guide(cells, rest, guided.config) == cells


def test_no_solution_of_a_tested_exercise_is_shown(show):
    """Cells that a test grades have no guide, even where a student's metadata says that a person grades them."""
    assert tiny.SECRET not in show(answer("double", grade=True, solution=True, points=4))


def test_task_cells_and_code_that_a_person_grades_have_it(show, guided):
    """A task's mark scheme and the source's code stand below the answer."""
    path = guided.own_source / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    scheme = "Draw it.\n\n### BEGIN MARK SCHEME\n\nA point for the axes.\n\n### END MARK SCHEME"
    task = tiny.about("draw", task=True, locked=True, points=2)
    code = tiny.about("plot", grade=True, solution=True, points=2)
    notebook.cells += [new_markdown_cell(scheme, metadata=task), new_code_cell("plotted = 1729", metadata=code)]
    nbformat.write(notebook, path)
    page = show(answer("draw", task=True, points=2), answer("plot", new_code_cell, grade=True, solution=True, points=2))
    assert "A point for the axes." in page
    assert "1729" in page
    assert page.count(HEADING.split("**")[1]) == 2
