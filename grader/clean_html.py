"""What a student wrote, as HTML in which nothing can run: the filters of feedback pages and formgrader."""

import re
from typing import Any

from jinja2 import pass_context

HARMLESS_TAGS = [
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
]  # fmt: skip
HARMLESS_STYLES = ["color", "font-weight", "border-left", "padding", "padding-left", "margin", "list-style"]


@pass_context
def render_markdown(context: Any, source: str) -> str:
    """Render markdown as nbconvert does, without what could run: nbgrader's pages clean the outputs of cells only."""
    import bleach  # type: ignore[import-untyped]  # nbconvert brings it
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, attachments=context.get("cell", {}).get("attachments", {}))
    page = MarkdownWithMath(renderer=renderer).render(source)
    protocols = ["http", "https", "mailto", "data"]
    return str(bleach.clean(page, tags=HARMLESS_TAGS, attributes=_is_harmless, protocols=protocols))


def clean_output(page: str | bytes) -> str:
    """Clean the HTML of a cell's output; nbconvert's own filter has a fixed list, without paragraphs and colours."""
    import bleach
    from bleach.css_sanitizer import CSSSanitizer  # type: ignore[import-untyped]

    def allowed(tag: str, name: str, value: str) -> bool:
        return name == "style" or _is_harmless(tag, name, value)

    styles = CSSSanitizer(allowed_css_properties=HARMLESS_STYLES)
    protocols = ["http", "https", "mailto", "data"]
    text = page.decode() if isinstance(page, bytes) else str(page)
    return str(bleach.clean(text, tags=HARMLESS_TAGS, attributes=allowed, protocols=protocols, css_sanitizer=styles))


def _is_harmless(tag: str, name: str, value: str) -> bool:
    data = re.sub(r"[\x00-\x20]", "", value).lower().startswith("data:")
    if name in ("href", "src"):
        return not data or (tag == "img" and re.match(r"data:image/(png|jpeg|gif);base64,", value) is not None)
    return name in ("class", "id", "title", "alt", "width", "height")
