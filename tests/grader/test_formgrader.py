"""formgrader in a real Jupyter server: its list, its links, and where it writes."""

import pytest

from grader.assignment import find_notebooks_folder, list_assignments
from grader.course import Course

from .jupyter import serve


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server started in a new course folder."""
    course = Course.init(tmp_path_factory.mktemp("formgrader") / "course")
    with serve(course.root, tmp_path_factory.mktemp("home")) as started:
        yield course, started


def test_assignments_are_links_that_open(server):
    """The list holds the project's assignments, and each name leads to a folder that the server shows."""
    _, jupyter = server
    listed = {entry["name"]: entry for entry in jupyter.ask("/formgrader/api/assignments")}
    assert list(listed) == list_assignments()
    for entry in listed.values():
        shown = jupyter.ask(f"/api/contents/{entry['source_path']}")
        assert any(inside["name"].endswith(".ipynb") for inside in shown["content"])


def test_a_new_assignment_goes_into_the_courses_own_source(server):
    """Add new assignment writes beside the others in the course, nothing beside the package, and hides nothing."""
    course, jupyter = server
    project = sorted(find_notebooks_folder().iterdir())
    jupyter.ask("/formgrader/api/assignment/99-my-own", "PUT", {"duedate_notimezone": None})
    assert (course.own_source / "99-my-own").is_dir()
    assert sorted(find_notebooks_folder().iterdir()) == project
    names = [entry["name"] for entry in jupyter.ask("/formgrader/api/assignments")]
    assert names == sorted([*list_assignments(), "99-my-own"])
    (course.own_source / "99-my-own").rmdir()


def test_the_page_has_no_complaint_about_the_settings(server):
    """formgrader's page shows; the course's settings are plain data that it can list."""
    page = server[1].ask("/formgrader/manage_assignments")
    assert "Current configuration" in page
    assert "grader.clean_html.render_markdown" in page
