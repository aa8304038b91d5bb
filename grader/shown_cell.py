"""A cell of a graded notebook as clean HTML on a page of ours: what was written, and what it showed."""

import base64
import html
import re
from typing import Any

from nbformat import NotebookNode

from grader.clean_html import Page, clean_output, color_code, color_terminal, render_markdown
from grader.clean_notebook import clean_cell

_WITHOUT_WORDS = re.compile(r'<img((?: (?!alt=)[a-z]+="[^"]*"| alt="")*)>')  # as nh3 writes tags
WORDS = "a picture without a description"
NOT_SHOWN = "a picture that is not shown here"


def new_page(plain: bool = False) -> Page:
    """What a page of ours may lay out and show; a ``plain`` one shows everything as it was typed."""
    page = Page()
    page.has_mathjax = False
    if plain:
        page.rich = 0
    return page


def shown(cell: NotebookNode, page: Page, links: bool = True) -> str:
    """Lay out a cell; without ``links`` addresses are shown and cannot be followed."""
    about = {"grader_page": page} | ({} if links else {"submission_id": ""})
    cleaned = clean_cell(cell, page)
    context = {"resources": about, "cell": cleaned}
    if cleaned.cell_type != "code":
        return _with_words(render_markdown(context, cleaned.source))
    outputs = "".join(_output(context, output) for output in cleaned.outputs)
    return color_code(context, cleaned.source) + outputs


def shown_outputs(cell: NotebookNode, page: Page) -> str:
    """Lay out what a code cell showed, without its text."""
    cleaned = clean_cell(cell, page)
    context = {"resources": {"grader_page": page}, "cell": cleaned}
    return "".join(_output(context, output) for output in cleaned.get("outputs", []))


def _output(context: Any, output: NotebookNode) -> str:
    if output.output_type == "stream":
        return _printed(context, output.text)
    if output.output_type == "error":
        return _printed(context, "\n".join(output.traceback))
    mime, data = next(iter(output.data.items()))
    match mime:
        case "text/html":
            return _with_words(clean_output(context, data))
        case "text/markdown":
            return _with_words(render_markdown(context, data))
        case "image/svg+xml":
            return _picture(mime, base64.b64encode(data.encode()).decode())
        case "image/png" | "image/jpeg":
            return _picture(mime, "".join(data.split()))
    return _printed(context, data)


def _printed(context: Any, text: str) -> str:
    laid_out = color_terminal(context, text)
    return laid_out if laid_out.startswith("<pre>") else f"<pre>{laid_out}</pre>"


def _picture(mime: str, data: str) -> str:
    return f'<img alt="a picture that this cell drew" src="data:{mime};base64,{html.escape(data)}">'


def _with_words(page: str) -> str:
    """Say of each picture without a description that there is one: who cannot see it would not know."""

    def described(tag: re.Match[str]) -> str:
        rest = tag[1].replace(' alt=""', "")
        return f'<img alt="{WORDS if " src=" in rest else NOT_SHOWN}"{rest}>'

    return _WITHOUT_WORDS.sub(described, page)
