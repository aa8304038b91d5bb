"""Feedback pages, their lists and the class report in a real browser: on a phone, in the dark, by keyboard, alone."""

import pytest
from msgspec.structs import replace
from nbgrader.api import Gradebook

from grader.course import Course
from grader.report import gather, write_report
from tests.grader.browser import NEEDS_CHROMIUM, chromium, faults_of

pytestmark = NEEDS_CHROMIUM
PAGES = ("feedback/ada/tiny/tiny.html", "feedback/ada/index.html", "feedback/index.html", "report/tiny.html")
LONG = "x" * 300 + " $\\sum_{i=1}^{100} x_i + y_i + z_i + u_i + v_i + w_i + a_i + b_i + c_i + d_i + e_i + f_i$"


@pytest.fixture
def made(course, submit, cli):
    """A course with pages: a mistake, a long answer, a comment, and someone who wrote nothing."""
    submit("ada", double="def double(x):\n    return x * x  # " + "long " * 60, why=LONG)
    submit("bob", double=None, center=None, why="YOUR ANSWER HERE")
    assert cli("autograde", "tiny", "--course", course.root, "--jobs", 1)[0] == 0
    with Gradebook(course.db_url, course.course_id) as gradebook:
        gradebook.find_comment("why", "tiny", "tiny", "ada").manual_comment = "Nearly: $x^2$."
        gradebook.db.commit()
    assert cli("feedback", "tiny", "--course", course.root, "--jobs", 1)[0] == 0
    assert cli("report", "tiny", "--course", course.root)[0] == 0
    return course.root


def test_pages_shut_nobody_out_and_ask_for_nothing(made):
    """At 360 to 1,600 pixels, by day and by night: no serious fault by axe-core, no sideways scroll, no request."""
    with chromium() as browser:
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme)
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))
            page.on(
                "request",
                lambda asked, said=said: None if asked.url[:5] in ("file:", "data:") else said.append(asked.url),
            )
            for name in PAGES:
                page.goto((made / name).as_uri())
                for width in (360, 900, 1600):
                    page.set_viewport_size({"width": width, "height": 900})
                    assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                assert faults_of(page) == [], (name, scheme)
                page.set_viewport_size({"width": 360, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= 360, name
            assert said == [], scheme


def test_an_exercise_is_opened_by_keyboard(made):
    """Tab and Enter show a student's work, which is folded until then; the comment stands open."""
    with chromium() as browser:
        page = browser.new_page()
        page.goto((made / PAGES[0]).as_uri())
        work = page.locator(".item .work").first
        assert not work.is_visible()
        assert page.get_by_text("Nearly:").is_visible()
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "SUMMARY":
                break
        page.keyboard.press("Enter")
        work.wait_for(state="visible")


def test_five_hundred_students_scroll_and_sort(made):
    """The head of the table stays while it scrolls by keyboard, a click on a heading sorts, and Tab leads onwards."""
    course = Course(made)
    report = gather("tiny", course)
    (ada,) = (one for one in report.students if one.student == "ada")
    scores = {f"student{n}": 7 * n % 500 / 100 for n in range(500)}
    report.students = [replace(ada, student=student, score=score) for student, score in scores.items()]
    path = write_report(report, course)
    from playwright.sync_api import expect

    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1100, "height": 800})
        page.goto(path.as_uri())
        table, rows = page.locator("#students .all"), page.locator("#table tbody th")
        assert rows.count() == 500
        table.focus()
        page.keyboard.press("End")
        expect(rows.last).to_be_in_viewport()
        heading = page.locator("#table thead").get_by_role("button", name="score", exact=True)
        expect(heading).to_be_in_viewport()
        for sign in (-1, 1):
            heading.click()
            assert rows.all_inner_texts() == sorted(scores, key=lambda student, sign=sign: sign * scores[student])
        page.locator("#table thead").get_by_role("button", name="student", exact=True).click()
        assert rows.all_inner_texts() == list(scores)  # student2 before student10
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.locator("#table thead th").nth(1).get_attribute("aria-sort") == "ascending"
        assert faults_of(page) == []


def test_a_printed_report_loses_no_column(made):
    """On paper the table of students is as wide as a page, and what is folded stands open."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 700})  # a page of A4 on its side
        page.goto((made / "report/tiny.html").as_uri())
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1000
        assert page.evaluate("document.querySelector('.all').scrollWidth") <= 1000
        assert page.locator("#mistakes details:not([open])").count() == 0
