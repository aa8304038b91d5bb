"""Pages of ours, from ``templates/``: each is one file that loads nothing and runs nothing but its own script."""

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

import jinja2
from pygments.formatters import HtmlFormatter

from grader.results import points

FOLDER = Path(__file__).parent / "templates"
LIGHT, DARK = "xcode", "github-dark"  # colours of code that can be read on the paper of page.css


@functools.cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["points"] = points
    return made


@functools.cache
def _script(name: str) -> tuple[str, str]:
    """A script of ours, and the sign by which a browser knows that it may run."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    sign = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return text, f"'sha256-{sign}'"


@functools.cache
def _code_style() -> str:
    """The colours of code, by day and by night."""
    light, dark = (HtmlFormatter(style=name).get_style_defs(".highlight") for name in (LIGHT, DARK))
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"


def render(template: str, script: str = "", **values: Any) -> str:
    """Fill in a template; whatever is not marked as safe HTML stands there as text.

    Parameters
    ----------
    script
        The file in ``templates/`` that the page may run; none by default. Data for it stand in the page as
        ``<script type="application/json">``, which nothing runs.
    """
    text, allowed = _script(script) if script else ("", "'none'")
    shared = {"script": text, "script_allowed": allowed, "code_style": _code_style()}
    return _templates().get_template(template).render(**shared, **values)
