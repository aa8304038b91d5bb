"""All answers to one question are read and marked on one page, into nbgrader's own gradebook, by nobody else."""

import asyncio
import json
import threading

import pytest
import tornado.httpclient
from nbgrader.api import Gradebook
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from grader.batch import autograde
from grader.course import CourseError
from grader.mark_page import make_app
from grader.marking import Changed, Marks, find_question, questions

from .browser import NEEDS_CHROMIUM, chromium, faults_of
from .gradebooks import BOTH

SECRET = "open-sesame"
EVIL = "<script>alert(1)</script> <b id='progress'>**40 of 40 marked**</b> <img src=http://far.example/x.png>"


@pytest.fixture
def marks(course, submit):
    """The written answers of three students, one of them blank, and one that would take over the page."""
    submit("ada")
    submit("bob", why=EVIL)
    submit("cyd", why=None)
    autograde("tiny", course, jobs=1)
    assignment = course.assignment("tiny")
    return Marks(course, assignment, find_question(assignment, "why"))


def of(marks, student):
    """One student's answer."""
    return next(answer for answer in marks.answers() if answer.student == student)


def in_gradebook(marks, student="ada"):
    """What nbgrader itself has of the mark."""
    with Gradebook(marks.course.db_url, marks.course.course_id) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", student)
        comment = gradebook.find_comment("why", "tiny", "tiny", student)
        return grade.manual_score, grade.extra_credit, grade.needs_manual_grade, comment.manual_comment


@BOTH
def test_a_mark_is_nbgraders_and_outlives_regrading(marks):
    """Points, extra credit and words stand in the gradebook as formgrader writes them, and grading keeps them."""
    ada = of(marks, "ada")
    assert not ada.is_marked
    after = marks.save(ada.key, ada.version, 1.5, 0.5, " Well put. ")
    assert after.is_marked
    assert in_gradebook(marks) == (1.5, 0.5, False, "Well put.")
    autograde("tiny", marks.course, jobs=1, force=True)
    assert in_gradebook(marks)[:2] == (1.5, 0.5)
    assert in_gradebook(marks)[3] == "Well put."
    cleared = marks.save(ada.key, of(marks, "ada").version, None, None, "")
    assert not cleared.is_marked
    assert in_gradebook(marks) == (None, None, True, None)


@BOTH
def test_two_people_do_not_overwrite_each_other(marks):
    """A mark that changed since the page was loaded is told and not replaced."""
    ada = of(marks, "ada")
    marks.save(ada.key, ada.version, 1.0, None, "first")
    with pytest.raises(Changed, match=r"Somebody else marked this answer meanwhile: 1 points\. first$"):
        marks.save(ada.key, ada.version, 0.0, None, "second")
    assert in_gradebook(marks)[0] == 1.0


@BOTH
def test_answers_have_no_names_and_keep_their_order(marks):
    """The page's keys tell no id; a blank answer has its 0 and is marked; comments are offered again."""
    answers = marks.answers()
    assert [answer.key for answer in answers] == sorted(answer.key for answer in marks.answers())
    assert not any(answer.student in answer.key for answer in answers)
    assert [answer.is_marked for answer in answers if answer.student == "cyd"] == [True]
    marks.save(of(marks, "ada").key, of(marks, "ada").version, 1.0, None, "Good.")
    assert marks.comments(marks.answers()) == ["Good."]


@pytest.mark.parametrize(("points", "extra"), [(4.5, None), (-1.0, None), (float("nan"), None), (1.0, -1.0)])
def test_points_that_cannot_be_are_refused(marks, points, extra):
    """More than the question has, less than 0, or no number."""
    ada = of(marks, "ada")
    with pytest.raises(CourseError):
        marks.save(ada.key, ada.version, points, extra, "")
    assert in_gradebook(marks)[0] is None


@BOTH
def test_questions_are_listed_and_misspelt_ones_offered(marks, cli):
    """Without a question the command says how far each one is; an unknown one is a line."""
    assert [question.name for question in questions(marks.assignment)] == ["why"]
    code, said, _ = cli("mark", "tiny", "--course", marks.course.root)
    assert (code, "why: 1 of 3 marked" in said) == (0, True)
    with pytest.raises(CourseError, match=r"has no question whyy\. Did you mean why\?"):
        find_question(marks.assignment, "whyy")


@pytest.fixture
def served(marks):
    """The page on this computer's own address; yields its port."""
    sockets = bind_sockets(0, "127.0.0.1")
    port = sockets[0].getsockname()[1]
    started = threading.Event()
    loops = []

    async def run():
        server = HTTPServer(make_app(marks, SECRET, port))
        server.add_sockets(sockets)
        loops.append((asyncio.get_running_loop(), stop := asyncio.Event()))
        started.set()
        await stop.wait()
        server.stop()

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    started.wait()
    yield port
    loop, stop = loops[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()


def ask(port, path="/", host=None, body=None, **headers):
    """Ask the server; return status and text."""
    client = tornado.httpclient.HTTPClient()
    method = "GET" if body is None else "POST"
    headers = {
        "Host": host or f"127.0.0.1:{port}",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    request = tornado.httpclient.HTTPRequest(
        f"http://127.0.0.1:{port}{path}", method, headers, body, follow_redirects=False, request_timeout=60
    )
    reply = client.fetch(request, raise_error=False)
    client.close()
    return reply.code, reply.body.decode()


def test_nobody_else_reads_or_marks(served, marks):
    """Without the secret, from another site, under another name or as a form: nothing is shown and nothing written."""
    cookie = f"grader_mark={SECRET}"
    ada = of(marks, "ada")
    mark = json.dumps({"key": ada.key, "version": ada.version, "points": 2, "extra": None, "comment": ""})
    as_json = {"Content_Type": "application/json"}
    assert ask(served)[0] == 403
    assert ask(served, "/?secret=guess")[0] == 403
    assert ask(served, host="evil.example", Cookie=cookie)[0] == 403  # a name that was made to mean this computer
    assert ask(served, "/save", body=mark, **as_json)[0] == 403
    assert ask(served, "/save", body=mark, Cookie=cookie, Origin="http://evil.example", **as_json)[0] == 403
    assert ask(served, "/save", body=mark, Cookie=cookie, Content_Type="text/plain")[0] == 415
    assert ask(served, "/save", body="[]", Cookie=cookie, **as_json)[0] == 400
    assert in_gradebook(marks)[0] is None
    assert ask(served, Cookie=cookie)[0] == 200
    assert ask(served, "/save", body=mark, Cookie=cookie, **as_json)[0] == 200
    assert in_gradebook(marks)[0] == 2.0


def test_what_a_student_wrote_is_text(served):
    """No script, no id and no picture from elsewhere of a student's stands on the page."""
    code, page = ask(served, Cookie=f"grader_mark={SECRET}")
    assert code == 200
    assert "<script>alert" not in page
    assert "far.example" not in page
    assert page.count('id="progress"') == 1
    assert "ada" not in page.casefold().replace("read", "")  # names are not shown


@NEEDS_CHROMIUM
def test_a_person_marks_in_a_browser(served, marks):
    """What is typed is saved when its field is left, and Enter goes on; what is wrong, or not saved yet, is told."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 400, "height": 800})
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"http://127.0.0.1:{served}/?secret={SECRET}")
        assert SECRET not in page.url
        assert page.locator("#progress").inner_text() == "1 of 3 marked"
        assert faults_of(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        first = page.locator("article:not(.marked)").first
        key = first.get_attribute("data-key")
        first = page.locator(f"article[data-key='{key}']")
        first.locator("textarea").fill("Nice.")
        first.locator("input[name=points]").fill("2")
        first.locator("input[name=points]").press("Enter")
        page.locator("#progress", has_text="2 of 3 marked").wait_for()
        assert page.evaluate("document.activeElement.name") == "points"
        key = page.locator("article:not(.marked)").first.get_attribute("data-key")
        second = page.locator(f"article[data-key='{key}']")
        second.locator("select").select_option("Nice.")
        second.locator("button[data-points='1']").click()
        page.locator("#progress", has_text="3 of 3 marked").wait_for()
        points, said = second.locator("input[name=points]"), second.locator(".told")
        points.fill("7")
        points.press("Tab")
        said.get_by_text("Not saved").wait_for()
        assert "has 0 to 4 points, got 7" in said.inner_text()
        points.fill("1.5")
        points.press("Tab")
        said.get_by_text("✓ saved").wait_for()
        leaving = "dispatchEvent(new Event('beforeunload', {cancelable: true}))"  # false: a person is asked first
        assert page.evaluate(leaving)
        second.locator("textarea").fill("Not yet said.")
        assert not page.evaluate(leaving)
        second.locator("textarea").fill("Nice.")  # a browser that is closed may leave the field first, which saves it
    assert errors == []
    found = {answer.student: (answer.points, answer.comment) for answer in marks.answers()}
    assert sorted(found.values(), key=str) == sorted([(2.0, "Nice."), (1.5, "Nice."), (None, "")], key=str)
