"""``grader mark``: a page on this computer's own address, on which one question's answers are read and marked.

A page of its own is less to keep than a change of formgrader, whose pages show one submission each. It is for the
person who started it: the address holds a secret, which the browser keeps as a cookie; other sites' pages cannot ask
for anything, whatever name they have for this computer, and what students wrote is cleaned as on every page of ours.
"""

import asyncio
import json
import secrets
import webbrowser
from collections.abc import Callable
from typing import Any

import tornado.web
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from grader.course import CourseError
from grader.marking import Answer, Changed, Marks
from grader.shown_cell import new_page, shown
from grader.templating import render

HOST = "127.0.0.1"
COOKIE = "grader_mark"


class _Handler(tornado.web.RequestHandler):
    def initialize(self, marks: Marks, secret: str, port: int, names: bool) -> None:
        self.marks, self.secret, self.port, self.names = marks, secret, port, names

    def prepare(self) -> None:
        """Answer nobody but a page of this server's, opened with the secret."""
        self.nonce = secrets.token_urlsafe(16)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "DENY")
        self.set_header(
            "Content-Security-Policy",
            f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'nonce-{self.nonce}'; "
            "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
        allowed = {f"{name}:{self.port}" for name in (HOST, "localhost")}
        origin = self.request.headers.get("Origin")
        if self.request.host not in allowed or (origin and origin.removeprefix("http://") not in allowed):
            raise tornado.web.HTTPError(403)
        given = self.get_query_argument("secret", "") or self.get_cookie(COOKIE, "") or ""
        if not secrets.compare_digest(given.encode(), self.secret.encode()):
            raise tornado.web.HTTPError(403)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish("Open the address that grader mark printed." if status_code == 403 else f"Error {status_code}.")


class _Page(_Handler):
    async def get(self) -> None:
        """Show the page; the secret goes from the address into a cookie."""
        if self.get_query_argument("secret", ""):
            self.set_cookie(COOKIE, self.secret, httponly=True, samesite="Strict", path="/")
            self.redirect("/")
            return
        try:
            self.write(_page(self.marks, self.nonce, self.names))
        except CourseError as error:
            self.set_status(503)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(str(error))


class _Save(_Handler):
    async def post(self) -> None:
        """Write one mark."""
        if self.request.headers.get("Content-Type") != "application/json":
            raise tornado.web.HTTPError(415)
        try:
            told = json.loads(self.request.body)
            points, extra = (None if told[name] is None else float(told[name]) for name in ("points", "extra"))
            answer = self.marks.save(
                str(told["key"]), str(told["version"]), points, extra, str(told["comment"])[:10_000]
            )
        except Changed as error:
            self.set_status(409)
            self.write({"error": str(error)})
        except CourseError as error:
            self.set_status(422)
            self.write({"error": str(error)})
        except (KeyError, TypeError, ValueError):
            raise tornado.web.HTTPError(400) from None
        else:
            self.write({"version": answer.version, "marked": answer.is_marked})


def _page(marks: Marks, nonce: str, names: bool) -> str:
    answers = marks.answers()
    question = marks.question
    asked = NotebookNode(cell_type="markdown", source=question.text, metadata={})
    return render(
        "mark.html",
        assignment=marks.assignment.settings.title,
        question=question,
        asked=shown(asked, new_page(), links=False),
        guide=shown(question.guide, new_page(), links=False),
        answers=[
            {"answer": answer, "html": shown(answer.cell, new_page(), links=False), "name": _name(answer, names)}
            for answer in answers
        ],
        comments=marks.comments(answers),
        highlight=HtmlFormatter().get_style_defs(".highlight"),
        nonce=nonce,
    )


def _name(answer: Answer, names: bool) -> str:
    return answer.student if names else ""


def make_app(marks: Marks, secret: str, port: int, names: bool = False) -> tornado.web.Application:
    """Make the two addresses: the page, and where it sends marks."""
    told = {"marks": marks, "secret": secret, "port": port, "names": names}
    return tornado.web.Application([("/", _Page, told), ("/save", _Save, told)])


def serve(marks: Marks, port: int, names: bool, browser: bool, say: Callable[[str], object]) -> None:
    """Serve the page until Ctrl+C."""

    async def run() -> None:
        try:
            sockets = bind_sockets(port, HOST)
        except OSError as error:
            raise CourseError(f"Port {port} cannot be used: {error.strerror}. Name another with --port.") from None
        secret, bound = secrets.token_urlsafe(32), sockets[0].getsockname()[1]
        server = HTTPServer(make_app(marks, secret, bound, names), max_body_size=100_000)
        server.add_sockets(sockets)
        address = f"http://{HOST}:{bound}/?secret={secret}"
        say(f"Marking {marks.question.name} at {address}\nCtrl+C ends it; every mark is saved at once.")
        if browser:
            webbrowser.open(address)
        await asyncio.Event().wait()

    asyncio.run(run())
