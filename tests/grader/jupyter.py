"""A Jupyter server with formgrader in a course folder, for tests."""

import contextlib
import http.cookiejar
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

TOKEN = "a-token-for-this-test"
SETTINGS = {
    "docmanager-extension/plugin": {"autosave": False},  # two saves at once ask a person which of them to keep
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},  # asked for over the page
}


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


@contextlib.contextmanager
def serve(root: Path, home: Path) -> Iterator[Server]:
    """Serve the folder ``root``; ``home`` is a person's own folder, for settings and the log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "HOME": str(home), "JUPYTER_TOKEN": TOKEN}
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(home / "lab")
    for name, chosen in SETTINGS.items():
        settings = home / "lab" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(chosen))
    command = [sys.executable, "-m", "jupyter_server", f"--port={port}", "--no-browser", "--allow-root"]
    command += ["--ServerApp.disable_check_xsrf=True", "--ServerApp.open_browser=False"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
        server = Server(port)
        try:
            for _ in range(600):
                try:
                    server.ask("/api/status")
                    break
                except (urllib.error.URLError, ConnectionError):
                    assert process.poll() is None, (home / "log").read_text()
                    time.sleep(0.1)
            yield server
        finally:
            process.terminate()
            process.wait(30)
