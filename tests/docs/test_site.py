"""The site: what its pages promise is there, it is built from a clone, and it publishes nothing that is hidden."""

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from grader.assignment import Assignment, Equivalent, Exact, Settings, list_assignments
from grader.results import _TOLD
from grader.sandbox.limits import Imports, Limits
from tests.grader.browser import NEEDS_CHROMIUM, Heard, chromium, faults_of

from .pages import DOCS, ROOT, pages

LOOKED_AT = (
    "index.html",
    "semester.html",
    "course/index.html",
    "reference/commands.html",
    "reference/nnlib/losses.html",
)
LOOKED_AT += ("course/02-softmax-and-losses/softmax-and-losses.html",)
SHORT = 20  # characters of a line that may stand anywhere


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site, built; a warning of Sphinx about a page that is missing fails it."""
    pytest.importorskip("sphinx", reason="the extra site is not installed")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-j", "2", "-d", str(folder / "trees"), str(DOCS)]
    made = subprocess.run([*command, str(folder / "site")], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-3000:]
    assert "nonexisting document" not in made.stderr
    return folder / "site"


def texts(site: Path) -> dict[str, str]:
    """What a reader can select on each page."""
    soup = pytest.importorskip("bs4").BeautifulSoup
    read = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    return {str(path.relative_to(site)): soup(text, "html.parser").get_text() for path, text in read.items()}


@pytest.mark.timeout(600)
def test_the_site_publishes_no_solution_no_hidden_test_and_no_model_answer(site):
    """No page holds a line of a solution that no release shows, a hidden test's name, or a written model answer."""
    from grader.release import _solution_lines
    from grader.released import released_notebook

    shown = texts(site)
    parts = [Assignment.find(name) for name in list_assignments()]
    released = "\n".join(cell.source for part in parts for cell in released_notebook(part).cells)
    secrets = {test.name for part in parts for test in part.hidden_tests if test.name != test.grade_id}
    for part in parts:
        lines = [*_solution_lines(part.source)]
        for cell in part.source.cells:
            if cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution"):
                lines += cell.source.split("\n")
        secrets |= {line for line in lines if len(line) >= SHORT and re.search(r"[=(.]", line) and line not in released}
    found = [f"{page}: {secret}" for page, text in shown.items() for secret in secrets if secret in text]
    assert secrets
    assert not found


def test_no_page_of_the_site_asks_anything_of_the_network(site):
    """No script, style, font or picture comes from elsewhere: the site works without a network."""
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        asked = re.findall(r"<(?:script|img|iframe|source)[^>]*\ssrc=\"((?:https?:)?//[^\"]+)", text)
        asked += re.findall(
            r"<link[^>]*rel=\"(?:stylesheet|preload|preconnect)\"[^>]*href=\"((?:https?:)?//[^\"]+)", text
        )
        assert not asked, f"{path.name} asks for {asked}"


def test_every_answer_to_a_question_is_where_the_table_says(site):
    """Each link of the front page leads to a page of the site, and to a heading on it."""
    front = (site / "index.html").read_text(encoding="utf-8")
    rows = (DOCS / "questions.md").read_text(encoding="utf-8").count("\n| ") - 1
    links = re.findall(r'<a class="reference internal" href="([^":]+)"', front)
    assert rows >= 22
    assert len(links) > rows
    for link in links:
        page, _, heading = link.partition("#")
        assert (site / (page or "index.html")).is_file(), link
        assert not heading or f'id="{heading}"' in (site / (page or "index.html")).read_text(encoding="utf-8"), link


def test_links_between_pages_of_the_repository_lead_somewhere():
    """A link of a page to a file, and to a heading of it, has its target in a clone."""
    for page in pages():
        text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
            if not (set(Path(link).parts) & {"course"} or Path(link).stem in ("commands", "messages")):
                assert (page.parent / link).exists(), f"{page.relative_to(ROOT)}: {link}"


def test_every_status_is_explained():
    """Each word that a cell's status may be has a row on the page for trouble."""
    text = (DOCS / "when-something-goes-wrong.md").read_text(encoding="utf-8")
    for status in _TOLD:
        assert f"| `{status}` |" in text, status


def test_every_message_is_in_the_index(monkeypatch):
    """The page of messages holds what is raised, said and put together, each as far as the code has it; no help."""
    monkeypatch.syspath_prepend(DOCS)
    text = importlib.import_module("course_pages").messages_page()
    for message in (
        *("is not a course folder; make it one with", "No assignment is called", "is no database's address"),
        "Somebody else marked this answer meanwhile: …. …",  # raised, of two parts
        "no hidden test calls …, so no mistake in it is caught",  # added to a list
        "locked … … changed; restored, and what was written there is kept",  # a template that is filled in elsewhere
        "No worker is at …; waiting up to … s for one to come.",  # said while working
        "[sandbox] packages names …, which is not installed here",  # raised in a module of other texts
        "points are a number of 0 or more, got …",  # returned, and raised elsewhere
    ):
        assert message in text, message
    assert "Leave out the mutants" not in text


def test_every_setting_of_an_assignment_is_in_the_reference_with_its_default():
    """The page about assignment.toml names each setting there is, no other, and what holds where it is left out."""
    rows = re.findall(
        r"^\| `(\w+)` \| (.*?) \|", (DOCS / "reference/assignment-toml.md").read_text("utf-8"), re.MULTILINE
    )
    told = dict(rows)
    expected = {}
    for kind in (Settings, Limits, Imports, Equivalent, Exact):
        for field in msgspec.structs.fields(kind):
            made = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
            expected[field.name] = made
    tables = ("limits", "sandbox", "equivalents", "exact")
    assert set(told) == set(expected) - set(tables)
    for name, default in expected.items():
        if name not in tables and default is not msgspec.NODEFAULT:
            assert told[name] == f"`{str(default).lower()}`", name


@NEEDS_CHROMIUM
@pytest.mark.timeout(600)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_shut_nobody_out_and_ask_for_nothing(site, scheme):
    """At 360 to 1,600 pixels: no serious fault by axe-core, no sideways scroll, no complaint, no far request."""
    with served(site) as home, chromium() as browser:
        page = browser.new_page(color_scheme=scheme)
        heard = Heard(page, home)
        for name in LOOKED_AT:
            page.goto(f"{home}/{name}")
            for width in (900, 1600, 360):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert faults_of(page) == [], name
        page.goto(f"{home}/index.html")
        page.set_viewport_size({"width": 1600, "height": 900})
        page.get_by_placeholder("Search").fill("softmax")
        page.keyboard.press("Enter")
        page.get_by_text("Search finished").wait_for()
        assert (heard.errors, heard.far) == ([], []), (heard.errors, heard.far)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as a web server would, and tell its address."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
