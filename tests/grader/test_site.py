"""A site for working in the browser holds the releases and nothing else, and opens their notebooks."""

import json
import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from grader.course import Course
from grader.release import release
from grader.site import KERNEL, LOADED, NEEDS, build_site

for module in NEEDS:
    pytest.importorskip(module, reason=f"no {module} here: pip install 'nnlib[lite]' brings it")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NAMES = ["02-softmax-and-losses", "tiny"]


@pytest.fixture(scope="module")
def built(course_template, tmp_path_factory):
    """A course with two releases, and the site of what is released."""
    course = Course(shutil.copytree(course_template, tmp_path_factory.mktemp("site") / "course"))
    for name in NAMES:
        release(name, course)
    return course, build_site([], course, course.root / "site")


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_a_site_holds_every_file_of_a_release(built, name):
    """Notebook, cases, nnlib, data and requirements are in the site, and in the lists by which its drive finds them."""
    course, site = built
    released = files_in(course.path("release", ".", name))
    assert {"README.md", "requirements.txt", "public_cases.json"} <= released.keys()
    assert files_in(site.folder / "files" / name) == released
    for path in released:
        listing = site.folder / "api" / "contents" / name / Path(path).parent / "all.json"
        assert Path(path).name in {entry["name"] for entry in json.loads(listing.read_text())["content"]}


def test_a_site_holds_nothing_else_of_the_course(built):
    """Of the course's files none but the releases' is in the site, and no line of a solution is in any file."""
    course, site = built
    assert {path.name for path in (site.folder / "files").iterdir()} == set(NAMES)
    assert not list(site.folder.rglob("assignment.toml")) + list(site.folder.rglob("exercises"))
    texts = [path.read_bytes() for path in site.folder.rglob("*") if path.is_file()]
    for line in (b"shifted = scores - scores.max(axis=1, keepdims=True)", b"BEGIN SOLUTION", b"BEGIN HIDDEN TESTS"):
        assert not [text for text in texts if line in text and b"jupyter" not in text[:400].lower()]
    solution = b"".join(path.read_bytes() for path in (course.own_source / NAMES[0]).glob("*.py"))
    assert (
        b"shifted = scores - scores.max(axis=1, keepdims=True)" in solution
    )  # what is looked for is there to be found


def test_the_kernel_has_what_nnlib_imports(built):
    """NumPy and matplotlib are loaded before the first cell, and no extension of the teacher's own goes along."""
    _, site = built
    settings = json.loads((site.folder / "jupyter-lite.json").read_text())["jupyter-config-data"]
    assert settings["litePluginSettings"][f"{KERNEL}:kernel"]["loadPyodideOptions"] == {"packages": LOADED}
    names = {each["name"] for each in settings["federated_extensions"]}
    assert names == {KERNEL, "@jupyter-widgets/jupyterlab-manager"}


def test_a_release_with_a_solution_stops_the_site(course, cli, tmp_path):
    """A line of a solution that came into a release later leaves no site behind, and one that was there stays."""
    made = release("tiny", course)
    target = tmp_path / "site"
    assert cli("site", "tiny", "--course", course.root, "--to", target)[0] == 0
    before = files_in(target)
    (made.folder / "mine.txt").write_text("\n".join(cell.source for cell in course.assignment("tiny").source.cells))
    code, _, said = cli("site", "tiny", "--course", course.root, "--to", target)
    assert code == 1
    assert "mine.txt holds a line of a solution" in said
    assert files_in(target) == before


def test_what_stops_a_site_is_one_line(course, cli, tmp_path):
    """Without a release, or with somebody's files in the way, a line says what to do."""
    shutil.rmtree(course.path("release", ".", "."), ignore_errors=True)
    code, _, said = cli("site", "--course", course.root)
    assert code == 1
    assert "grader release --all" in said
    code, _, said = cli("site", "tiny", "--course", course.root)
    assert code == 1
    assert "grader release tiny" in said
    release("tiny", course)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    code, _, said = cli("site", "--course", course.root, "--to", tmp_path / "mine")
    assert code == 1
    assert "--to" in said
    code, _, said = cli("site", "--course", course.root, "--to", tmp_path / "s", "--pyodide", tmp_path / "no.tar.bz2")
    assert code == 1
    assert "no.tar.bz2" in said
    assert not (tmp_path / "s").exists()
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: Debian's package chromium is one")
def test_a_link_opens_the_notebook(built):
    """The address that grader site prints shows the notebook; only Pyodide is asked of anywhere else."""
    playwright = pytest.importorskip("playwright.sync_api")
    _, site = built

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site.folder))
    Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    elsewhere, faults = [], []

    def answer(route):
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            return route.continue_()
        elsewhere.append(route.request.url)
        return route.abort()

    try:
        with playwright.sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            context = browser.new_context(viewport={"width": 1300, "height": 900})
            context.route("**/*", answer)
            page = context.new_page()
            page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(f"{here}/{site.addresses[0].removeprefix('./')}")
            page.locator(".jp-Notebook h1", has_text="Softmax").first.wait_for(timeout=60_000)
            page.locator(".jp-Notebook .cm-content", has_text="import numpy").first.wait_for(timeout=60_000)
            files = page.locator(".jp-DirListing-itemText").all_inner_texts()
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
    assert {"nnlib", "public_cases.json", "softmax-and-losses.ipynb"} <= set(files)
    assert {urlsplit(url).path.split("/")[1] for url in elsewhere} <= {"pyodide"}
    assert [fault for fault in faults if "pyodide" not in fault and "ERR_FAILED" not in fault] == []
