"""formgrader in a real browser: a person grades with its buttons, types points and words, and a student reads them."""

import shutil

import pytest

from grader.course import Course
from grader.records import load_results

from .browser import NEEDS_CHROMIUM, PATIENCE, Watched, chromium, press
from .jupyter import TOKEN, serve

pytestmark = NEEDS_CHROMIUM
WORDS = "Well argued: the mean is a nuisance."


@pytest.fixture(scope="module")
def course(course_template, tmp_path_factory) -> Course:
    """A course of one's own, for all of the file."""
    return Course(shutil.copytree(course_template, tmp_path_factory.mktemp("clicked") / "course"))


def test_graded_by_buttons_marked_by_hand_and_read(course, hand_in, tmp_path):
    """Autograde is the course's own engine; typed points and words outlive a second one and stand on the page."""
    folder = course.path("submitted", "ada", "tiny")
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(hand_in())
    with serve(course.root, tmp_path) as server, chromium() as browser:
        watched = Watched(browser)
        page = watched.page
        page.set_default_timeout(PATIENCE)
        page.goto(f"{server.url}/api/status?token={TOKEN}")
        page.goto(f"{server.url}/formgrader/manage_assignments")
        page.get_by_role("link", name="tiny", exact=True).first.wait_for()
        page.goto(f"{server.url}/formgrader/manage_submissions/tiny")
        press(page, "ada", "autograde")
        (graded,) = load_results(course, "tiny")
        assert (graded.student, graded.score) == ("ada", 5.0)  # a record that nbgrader itself does not leave

        (entry,) = server.ask("/formgrader/api/submitted_notebooks/tiny/tiny")
        marked = f"{server.url}/formgrader/submissions/{entry['id']}/"
        page.goto(marked)
        page.wait_for_load_state("networkidle")  # points and words are there, and what is typed is saved
        for field, text in (("input.score#why", "3"), ("textarea#why-comment", WORDS)):
            with page.expect_response(lambda answer: answer.request.method in ("PUT", "POST")):
                page.locator(field).fill(text)
                page.locator(field).blur()

        page.goto(f"{server.url}/formgrader/manage_submissions/tiny")
        press(page, "ada", "autograde")
        page.goto(marked)
        page.wait_for_load_state("networkidle")  # points and words are there, and what is typed is saved
        page.wait_for_function("document.querySelector('input.score#why').value !== ''", timeout=PATIENCE)
        assert page.locator("input.score#why").input_value() == "3"
        assert page.locator("textarea#why-comment").input_value() == WORDS

        page.goto(f"{server.url}/formgrader/manage_submissions/tiny")
        press(page, "ada", "generate-feedback")
        page.goto((course.path("feedback", "ada", "tiny") / "tiny.html").as_uri())
        assert WORDS in (page.locator("body").text_content() or "")
