"""formgrader in a real Jupyter server: its list, its links, and where it writes."""

import http.cookiejar
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from grader.assignment import find_notebooks_folder, list_assignments
from grader.course import Course

TOKEN = "a-token-for-this-test"


class Server:
    """A Jupyter server over HTTP, as formgrader's page uses it."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def ask(self, path: str, method: str = "GET", body: object = None) -> object:
        """Send a request and return the answer's JSON, or its text."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Authorization": f"token {TOKEN}"}, method=method)
        with self._opener.open(request, timeout=60) as answer:
            text = answer.read().decode()
        try:
            return json.loads(text)
        except ValueError:
            return text


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server started in a new course folder."""
    course = Course.init(tmp_path_factory.mktemp("formgrader") / "course")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "HOME": str(home), "JUPYTER_TOKEN": TOKEN}
    command = [sys.executable, "-m", "jupyter_server", f"--port={port}", "--no-browser", "--allow-root"]
    command += ["--ServerApp.disable_check_xsrf=True", "--ServerApp.open_browser=False"]
    log = (home / "log").open("wb")
    process = subprocess.Popen(command, cwd=course.root, env=environment, stdout=log, stderr=log)
    made = Server(port)
    try:
        for _ in range(600):
            try:
                made.ask("/api/status")
                break
            except (urllib.error.URLError, ConnectionError):
                assert process.poll() is None, (home / "log").read_text()
                time.sleep(0.1)
        yield course, made
    finally:
        process.terminate()
        process.wait(30)
        log.close()


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
