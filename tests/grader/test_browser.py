"""Graded work in a real browser: what a student wrote neither acts nor reaches out nor stands in for the page."""

import html
import shutil
from contextlib import suppress

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.batch import autograde
from grader.course import Course
from grader.feedback import feedback

from . import tiny
from .browser import NEEDS_CHROMIUM, Watched, chromium
from .jupyter import TOKEN, serve

pytestmark = NEEDS_CHROMIUM

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"
OVER_ALL = "position:fixed;position:absolute;top:0;left:0;width:4000px;height:90000px;z-index:99999;opacity:1"
SHEET = "".join(
    f'<div class="nbgrader_cell"><span id="{name}">x</span><span id="{name}-comment">x</span>'
    f'<div class="modal-backdrop fade full-credit score" style="{OVER_ALL}">sheet</div></div>'
    for name in ("test_double", "test_center", "why")
)
TEXTS = [
    SHEET,
    f'<nav class="navbar navbar-fixed-top" style="{OVER_ALL}">Score: 9.0 / 9.0</nav>',
    '<div style="margin:-4000px;padding:3000px;position:fixed;inset:0">over</div><p style="margin-top:-900px">up</p>',
    "<span class='full-credit btn'>click</span> <b class='help' data-toggle='modal' data-target='#x'>click</b>",
    '<a name="why" id="why"></a><form id="why-comment" action="/logout"><input id="why" class="score tabbable"></form>',
    "# why\n\n## test_double\n\n### statusmessage",
    "![a](http://far.example/a.png) <img src=/logout> <img srcset='http://far.example/b.png 2x' src=//far.example/c>",
    '<img src=x onerror="alert(1)"> <p onclick="alert(1)" onmouseover="alert(1)">click</p><script>alert(1)</script>',
    "<a href='javascript:alert(1)'>click</a> [click](javascript:alert(1)) [click](/files/javascript:alert(1)) "
    "<a href='files/javascript:alert(1)'>click</a> [click](data:text/html,<script>alert(1)</script>)",
    "[click](/logout) [click](/formgrader/?path=/tmp) <a href='http://127.0.0.1:1/x'>click</a>",
    "<base href=http://far.example/><meta http-equiv=refresh content='0;url=http://far.example/'><link rel=stylesheet "
    "href=http://far.example/s.css><style>@import url(http://far.example/t.css);</style><iframe src=/logout></iframe>",
    "<div style='background:url(http://far.example/d.png);color:red;list-style:url(http://far.example/e.png)'>x</div>",
    "<svg><image href='http://far.example/f.png'/><style>*{background:url(http://far.example/g.png)}</style></svg>",
    "<li><div><table><li>x</table></div></li></div></div></div></div></div></div>out",
    r"$\href{javascript:alert(1)}{click}$ $\href{/logout}{click}$ $\class{full-credit}{\cssId{why}{x}}$",
    r"$\style{cursor:url(http://far.example/h.png),auto}{click}$ $\bbox[background:url(http://far.example/i.png)]{x}$",
    rf"$\fcolorbox{{red;{OVER_ALL};background:url(http://far.example/j.png)}}{{white}}{{Score: 9.0 / 9.0}}$",
    rf"$\mathtip{{hover}}{{\fcolorbox{{red;{OVER_ALL}}}{{white}}{{over}}}}$ $\require{{../../../../evil}}$",
    r"$\smash{\raise 900px{\hspace{-900px}\rule{4000px}{900px}}}$ $\rule{9000px}{1px}$",
]
HONEST = "## Notes\n\n**Bold**, $x = \\frac{a}{b}$, [numpy](https://numpy.org/doc/), ![red](attachment:red.png)"


@pytest.fixture(scope="module")
def graded(course_template, released_once, tmp_path_factory) -> Course:
    """A course with an honest and a hostile submission, graded, with feedback pages."""
    course = Course(shutil.copytree(course_template, tmp_path_factory.mktemp("browser") / "course"))

    def hand_in(student: str, before: list, answer: str) -> None:
        notebook = nbformat.from_dict(released_once)
        for name, source in {"double": tiny.DOUBLE, "center": tiny.CENTER, "why": answer}.items():
            tiny.cell_of(notebook, name).source = source
        notebook.cells[:0] = before
        folder = course.path("submitted", student, "tiny")
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")

    shows = [f"for kind in (HTML, Markdown, Latex, SVG): display(kind({text!r}))" for text in TEXTS if "svg" in text]
    shows += [f"display(HTML({text!r}))\ndisplay(Latex({text!r}))" for text in TEXTS if "svg" not in text]
    code = new_code_cell("from IPython.display import HTML, Latex, Markdown, SVG, display\n" + "\n".join(shows))
    hand_in("mallory", [*map(new_markdown_cell, TEXTS), code], "\n\n".join(TEXTS[3:6]))
    picture = {"red.png": {"image/png": PIXEL}}
    hand_in("ada", [new_markdown_cell(HONEST, attachments=picture)], tiny.WHY)
    assert not autograde("tiny", course, jobs=1).problems
    assert feedback("tiny", course, jobs=1) == {}
    return course


@pytest.fixture(scope="module")
def released_once(course_template):
    """The notebook that the course handed out."""
    return nbformat.read(course_template / "release" / "tiny" / "tiny.ipynb", as_version=4)


@pytest.fixture(scope="module")
def watched():
    """A browser with one page."""
    with chromium() as browser:
        yield Watched(browser)


@pytest.fixture(scope="module")
def formgrader(graded, tmp_path_factory, watched):
    """The address of formgrader, signed in, and its pages by student."""
    with serve(graded.root, tmp_path_factory.mktemp("home")) as server:
        submissions = server.ask("/formgrader/api/notebooks/tiny") and server.ask(
            "/formgrader/api/submitted_notebooks/tiny/tiny"
        )
        pages = {entry["student"]: f"{server.url}/formgrader/submissions/{entry['id']}/" for entry in submissions}
        watched.page.goto(f"{server.url}/api/status?token={TOKEN}")
        yield server, pages


def boxes(page) -> list[dict[str, float]]:
    """Where a student's text stands on a page."""
    return [box for part in page.query_selector_all("[style*='contain: paint']") if (box := part.bounding_box())]


HEADINGS = """() => [...document.querySelectorAll(
    '.panel-heading, .navbar, .panel-footer, header, .box, .item > summary'
)].map(part => {
    part.scrollIntoView({block: 'center'});
    const box = part.getBoundingClientRect();
    return [.02, .3, .5, .7, .98].every(share => {
        const top = document.elementFromPoint(box.x + share * box.width, box.y + box.height / 2);
        return top && (part.contains(top) || !top.closest('[style*="contain: paint"]'));
    });
})"""
NAMED = """() => [...document.querySelectorAll('[style*="contain: paint"] *')]
    .filter(part => !part.closest('.MathJax, .MathJax_Display, .MathJax_Preview, script'))
    .flatMap(part => [part.id, part.getAttribute('name'), ...part.classList]).filter(Boolean)"""


def test_no_click_on_a_students_text_saves_anything(watched, formgrader, graded):
    """Clicks all over a hostile submission in formgrader save no score, open no dialog and lead nowhere."""
    server, pages = formgrader
    watched.open(pages["mallory"])
    page = watched.page
    for part in page.query_selector_all("[style*='contain: paint'], [style*='contain: paint'] *")[:250]:
        with suppress(Exception):  # of what is not to be seen
            part.click(timeout=300, force=True, no_wait_after=True)
    assert page.url.startswith(pages["mallory"])
    assert (watched.saved, watched.said) == ([], [])
    assert watched.to(far_from=server.url) == []


def test_a_typed_score_is_saved(watched, formgrader, scores_of):
    """The score a person types is saved, whatever ids the submission shows in earlier cells."""
    _, pages = formgrader
    watched.open(pages["mallory"])
    field = watched.page.locator("input.score#why")
    assert field.count() == 1
    with watched.page.expect_response(lambda answer: answer.request.method == "PUT"):
        field.fill("3")
        field.blur()
    assert scores_of("mallory")["why"] == 3


@pytest.fixture
def scores_of(graded):
    """Read the scores people gave, by student and cell."""

    def read(student: str) -> dict[str, float | None]:
        from nbgrader.api import Gradebook

        with Gradebook(graded.db_url, graded.course_id) as gradebook:
            notebook = gradebook.find_submission_notebook("tiny", "tiny", student)
            return {grade.name: grade.manual_score for grade in notebook.grades}

    return read


@pytest.mark.parametrize("place", ["formgrader", "feedback"])
def test_text_stays_in_its_box_and_loads_nothing(watched, formgrader, graded, place):
    """Over no heading lies a student's text, none of it is named, and no request, dialog or script is of its making."""
    server, pages = formgrader
    file = graded.path("feedback", "mallory", "tiny") / "tiny.html"
    watched.open(pages["mallory"] if place == "formgrader" else file.as_uri())
    page = watched.page
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    over = page.evaluate(HEADINGS)
    assert len(over) > 3
    assert all(over)
    for formula in page.query_selector_all(".MathJax")[:30]:
        with suppress(Exception):
            formula.hover(timeout=300, force=True)
    assert all(page.evaluate(HEADINGS))
    assert set(page.evaluate(NAMED)) <= {"highlight"}
    assert watched.to(far_from=server.url) == []
    assert (watched.saved, watched.said) == ([], [])
    if place == "feedback":
        assert page.locator(".score").inner_text().startswith("5 of 5 points so far")
    else:
        assert "Score: 9.0 / 9.0" not in page.locator(".panel-heading").first.inner_text()


@pytest.mark.parametrize("place", ["formgrader", "feedback"])
def test_honest_work_shows(watched, formgrader, graded, place):
    """Formulas are set, pictures shown and words bold, on both pages; on feedback pages links can be followed."""
    _, pages = formgrader
    file = graded.path("feedback", "ada", "tiny") / "tiny.html"
    watched.open(pages["ada"] if place == "formgrader" else file.as_uri())
    page = watched.page
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.locator(".MathJax" if place == "formgrader" else "mfrac").count() >= 1
    assert page.evaluate("document.querySelector('img[alt=red]').naturalWidth") == 10
    assert page.locator("strong").first.inner_text() == "Bold"
    links = page.locator("a[href='https://numpy.org/doc/']")
    assert links.count() == (place == "feedback")
    assert page.locator("text=numpy").count()
    assert html.escape(PIXEL) in page.content()
