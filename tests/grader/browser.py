"""The system's Chromium for tests: what pages and JupyterLab show is asked of a browser."""

import mimetypes
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: Debian's package chromium is one")

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
MATHJAX = re.compile(r"https://cdnjs\.cloudflare\.com/ajax/libs/mathjax/2\.7\.\d+/([\w./-]+)(\?[\w=.,-]*)?")
NOT_OURS = "@jupyterlite/"  # a part of the extra lite, which JupyterLab loads in vain; students do not have it
PATIENCE = 300_000  # milliseconds that a condition may take to come true, on a machine with other work


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page in the browser, and all it asked for."""

    def __init__(self, browser) -> None:
        import jupyter_server_mathjax

        self._mathjax = Path(jupyter_server_mathjax.__file__).parent / "static"
        self.asked: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.page = browser.new_page(viewport={"width": 1100, "height": 900})
        self.page.on("request", lambda request: self.asked.append((request.method, request.url)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), self._answer)

    def _answer(self, route) -> None:
        """Stand in for the address that MathJax comes from, and for nothing else."""
        wanted = MATHJAX.fullmatch(route.request.url)
        name = wanted[1] if wanted else ""
        combined = "config/TeX-AMS-MML_HTMLorMML-full.js"  # the one that is packaged, without CommonHTML's fonts
        file = self._mathjax / name.replace("config/TeX-AMS_CHTML-full.js", combined)
        if not wanted or not file.is_file():
            route.abort()
            return
        body = file.read_bytes()
        if file.name == Path(combined).name:
            body = body.replace(b"TeX-AMS-MML_HTMLorMML-full", b"TeX-AMS_CHTML-full")
            body += b"\nMathJax.Hub.Config({'HTML-CSS': {availableFonts: [], webFont: 'STIX-Web', imageFont: null}});"
        kind = mimetypes.guess_type(file.name)[0] or "font/woff"
        route.fulfill(body=body, content_type=kind, headers={"Access-Control-Allow-Origin": "*"})

    def open(self, url: str) -> None:
        """Open a page and wait until its formulas are set, where MathJax sets them."""
        self.asked.clear()
        self.said.clear()
        self.page.goto(url)
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(
            "!document.querySelector('script[src*=mathjax i]') || "
            "window.MathJax && MathJax.Hub && MathJax.Hub.queue.pending === 0 && "
            "document.querySelectorAll('script[type^=\"math/tex\"]').length > 0 && "
            "!document.querySelector('.MathJax_Preview:not(:empty)')",
            timeout=60_000,
        )

    def to(self, *, far_from: str) -> list[str]:
        """Tell which requests went elsewhere than the page's own parts."""
        own = (f"{far_from}/formgrader/", "file:", "data:", "about:", "blob:")
        return [url for _, url in self.asked if not url.startswith(own) and not MATHJAX.fullmatch(url)]

    @property
    def saved(self) -> list[str]:
        """What was sent to be kept."""
        return [f"{method} {url}" for method, url in self.asked if method not in ("GET", "HEAD")]


def faults_of(page: Any) -> list[str]:
    """Name what axe-core finds serious or critical on a page: what shuts people out who see, hear or move otherwise.

    A student's own text, whose pictures may come without words, is left out.
    """
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context={"exclude": [["[style*='contain: paint']"]]}).response["violations"]
    grave = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    return [f"{fault['help']} {node['html'][:120]}" for fault in grave for node in fault["nodes"]]


class Heard:
    """What a page complains of, and what it asks of other places than ``home``."""

    def __init__(self, page: Any, home: str) -> None:
        self.errors: list[str] = []
        self.far: list[str] = []
        near = (home, home.replace("http:", "ws:"), "data:", "blob:", "about:")
        page.on("console", lambda said: self._hear(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._hear(str(error)))
        page.on("request", lambda request: None if request.url.startswith(near) else self.far.append(request.url))

    def _hear(self, said: str) -> None:
        if NOT_OURS not in said:
            self.errors.append(said)


def press(place: Any, row: str, column: str) -> None:
    """Press a button in a row of formgrader's tables, and formgrader must say that it went well."""
    place.locator(f"tr:has-text('{row}') td.{column} a").click()
    said = place.locator("#success-modal, #error-modal")
    said.get_by_role("button", name="Close").last.wait_for()
    title, body = said.locator(".modal-title").inner_text(), said.locator(".modal-body").inner_text()
    said.get_by_role("button", name="Close").last.click()
    said.wait_for(state="detached")
    assert title == "Success", body


class Lab:
    """JupyterLab with a notebook or none, as a person uses it."""

    def __init__(self, browser: Any, url: str, token: str, path: str = "") -> None:
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self.page.set_default_timeout(PATIENCE)
        self.heard = Heard(self.page, url)
        workspace = re.sub(r"\W", "-", path)  # one each: JupyterLab would open what the last one had open, too
        if not path:
            self.page.goto(f"{url}/lab?token={token}")
            return
        self.page.goto(f"{url}/lab/workspaces/{workspace}/tree/{path}?token={token}")
        self.wait_for(path)

    def wait_for(self, path: str) -> None:
        """Wait until a notebook is open and can be run."""
        self.page.locator(".jp-NotebookPanel:not(:has(.jp-Spinner)) .jp-Notebook .jp-Cell").first.wait_for()
        until = time.monotonic() + PATIENCE / 1000
        while not self.page.evaluate(READY, path):  # wait_for_function takes a promise for a yes
            assert time.monotonic() < until, f"the kernel of {path} was not ready"
            self.page.wait_for_timeout(100)

    def cell(self, index: int) -> Any:
        """Find a cell by its place."""
        return self.page.locator(CELL.format(index))

    def place_of(self, text: str) -> int:
        """Find the place of the one code cell that holds a text and may be written."""
        found = self.page.locator(".jp-Notebook .jp-CodeCell", has_text=text)
        return int(found.get_attribute("data-windowed-list-index"))

    def output(self, index: int) -> Any:
        """Find what a cell printed and drew."""
        return self.cell(index).locator(".jp-OutputArea").first

    def menu(self, *labels: str) -> None:
        """Choose from a menu."""
        for selector, label in zip((".lm-MenuBar-itemLabel", ".lm-Menu-itemLabel"), labels, strict=True):
            self.page.locator(selector).get_by_text(label, exact=True).click()

    def run_all(self) -> None:
        """Run every cell, in a fresh kernel, and wait for the last."""
        self.menu("Run", "Run All Cells")
        ran = f"{STATUS} === 'idle' && {RAN}.every(prompt => /\\d/.test(prompt))"
        self.page.wait_for_function(ran, timeout=PATIENCE)

    def run(self, index: int) -> None:
        """Run a cell once more and wait until it ran."""
        prompt = f"{CELL.format(index)} .jp-InputArea-prompt"
        before = self.page.locator(prompt).text_content()
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")
        self.page.wait_for_function(
            """([prompt, before]) => {
                const now = document.querySelector(prompt)?.textContent;  // asked anew: a cell may be drawn again
                return /\\d/.test(now) && now !== before;
            }""",
            arg=[prompt, before],
            timeout=PATIENCE,
        )

    def write(self, index: int, text: str) -> None:
        """Type a text in place of a code cell's."""
        self.cell(index).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def save(self) -> None:
        """Save the notebook and wait until nothing is unsaved."""
        self.menu("File", "Save Notebook")
        self.page.locator(".jp-mod-dirty").wait_for(state="detached")

    def errors(self) -> list[str]:
        """Name the exceptions that cells ended in."""
        shown = self.page.locator(".jp-OutputArea-output pre").all_text_contents()
        return re.findall(r"(\w+)\s+Traceback \(most recent call last\)", "\n".join(shown))

    def validate(self) -> str:
        """Press nbgrader's button and read its answer."""
        self.page.locator(".validate-button").first.click()
        answer = self.page.locator(".jp-Dialog:has(#validation-message)")
        answer.wait_for()
        said = answer.inner_text()
        answer.get_by_role("button", name="OK").click()
        return said


CELL = ".jp-Notebook .jp-Cell[data-windowed-list-index='{}']"
STATUS = "document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status"
RAN = """[...document.querySelectorAll('.jp-Notebook .jp-CodeCell')]
    .filter(cell => cell.querySelector('.cm-content').textContent.trim())
    .map(cell => cell.querySelector('.jp-InputArea-prompt').textContent)"""
READY = f"""async path => {{
    const answer = await fetch('/api/sessions');
    const mine = (await answer.json()).find(session => session.path === path);
    return mine?.kernel.connections > 0 && mine.kernel.execution_state === 'idle' && {STATUS} === 'idle';
}}"""  # the page says idle before it is connected, too, and what is run then is lost
