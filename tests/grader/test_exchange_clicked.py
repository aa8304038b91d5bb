"""nbgrader's exchange in a real browser: two people, each in a JupyterLab of one's own, from release to feedback."""

from .browser import NEEDS_CHROMIUM, Lab, chromium, press
from .jupyter import TOKEN, serve
from .tiny import CENTER

pytestmark = NEEDS_CHROMIUM


def test_from_release_to_a_feedback_page_that_is_read(room, tmp_path):
    """A teacher releases, a student fetches, writes and submits, and reads the page that comes back: all by clicks."""
    for who in ("teacher", "student"):
        (tmp_path / f"home-{who}").mkdir()
    with (
        serve(room.course.root, tmp_path / "home-teacher") as teachers,
        serve(tmp_path / "student", tmp_path / "home-student") as students,
        chromium() as browser,
    ):
        teacher = Lab(browser, teachers.url, TOKEN)
        teacher.menu("Nbgrader", "Formgrader")
        formgrader = teacher.page.frame_locator("iframe")
        press(formgrader, "tiny", "assign")
        press(formgrader, "tiny", "release")

        student = Lab(browser, students.url, TOKEN)
        student.menu("Nbgrader", "Assignment List")
        released, fetched, submitted = (
            student.page.locator(f"#{which}_assignments_list") for which in ("released", "fetched", "submitted")
        )
        released.locator(".list_item", has_text="tiny").get_by_role("button", name="Fetch").click()
        fetched.get_by_role("button", name="tiny").click()
        fetched.locator(".nested_list_item").get_by_role("link", name="tiny").click()
        student.wait_for("tiny/tiny.ipynb")
        for name, text in {"double": "def double(x):\n    return x * x", "center": CENTER}.items():
            place = student.place_of(f"def {name}(")
            student.write(place, text)
            student.run(place)
        student.save()
        student.page.locator(".lm-TabBar-tabLabel").get_by_text("Assignments").click()
        fetched.get_by_role("button", name="Submit").click()
        submitted.get_by_role("button", name="Fetch Feedback").wait_for()

        press(formgrader, "tiny", "collect")
        formgrader.locator("tr:has-text('tiny') td.num-submissions a").click()
        press(formgrader, "needs autograding", "autograde")
        press(formgrader, "graded", "generate-feedback")
        press(formgrader, "graded", "release-feedback")

        submitted.get_by_role("button", name="Fetch Feedback").click()
        submitted.get_by_text("(view feedback)").click()
        student.page.locator(".jp-DirListing-item", has_text="tiny.html").dblclick()
        page = student.page.frame_locator(".jp-HTMLViewer iframe")
        page.get_by_text("The double of 3 is 6, not 9.").wait_for()
        assert (teacher.heard.errors, teacher.heard.far) == ([], [])
        assert (student.heard.errors, student.heard.far) == ([], [])
