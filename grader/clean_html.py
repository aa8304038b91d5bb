"""What a student wrote, as HTML in which nothing can run, reach out or stand in for the page: nbconvert's filters.

Feedback pages and formgrader show it beside what the course says, and formgrader's script looks its own boxes up by id
and class. So text keeps no id and no class that means anything there, loads nothing, and is shut in a box of its own
(``contain: paint``), over whose edge no style and no formula reaches. What would take long to lay out stands on the
page as it was typed.
"""

import functools
import html
import re
import secrets
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import nh3
from jinja2 import pass_context
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

from grader.formulas import as_mathml

CELL_CHARACTERS = 100_000  # of one text that are laid out; a longer one stands as it was typed
PAGE_CHARACTERS = 600_000  # that are laid out on one page
SLOW = 4  # times as long as HTML take code and markdown, so they count as often
PLAIN_CHARACTERS = 600_000  # that one page shows as they were typed; the graded notebook has the rest
PICTURE_CHARACTERS = 20_000_000  # of pictures on one page, in base64
TEXT_COST = 200  # characters that one text counts more than it has: many empty cells take time too
MOST_DEPTH = 100  # tags open at once
MOST_SEARCHED = 10_000_000  # signs that may open something, times the length in which its end is searched
SEEN = 256  # texts of other pages, the course's own above all, that are not laid out again
MOST_BLANKS = 300  # in a row: lexers and parsers begin anew at each

VOID = {"br", "hr", "img"}
TAGS = VOID | {
    "a", "abbr", "b", "blockquote", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "i", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
CLASSES = {"highlight", *STANDARD_TYPES.values()} - {""}  # colours of code: k, nn, s2 ...
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
HIGHLIGHTED = {"python", "python3", "py", "py3", "ipython", "ipython3"}  # other languages' lexers are slow on odd text

_TAG = re.compile(
    rf"""<(?P<end>/?)(?P<name>{"|".join(sorted(TAGS))})"""
    r"""(?:\s+(?:open|[a-z:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=`]+)))*+\s*/?>""",
    re.IGNORECASE | re.ASCII,
)
_SEARCHED, _BLANKS = re.compile(r"\$|\\begin\{|\\\\[\[(]|\\N\{"), re.compile(rf"\s{{{MOST_BLANKS}}}")
# No bare name and no address in numbers: those are this computer and its neighbours, a notebook server among them.
_LINK = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#][^\s\\]*)?|mailto:[^\s\\]+", re.IGNORECASE)
_PICTURE = re.compile(rf"data:(?:{'|'.join(PICTURES)});base64,[A-Za-z0-9+/=\s]*")
_COLOR = r"#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d.,% ]{1,40}\)"
_LENGTH = r"(?:0|\d?\d(?:\.\d+)?px|[0-4]?(?:\.\d+)?em)"
_VALUES = {
    "color": _COLOR,
    "background-color": _COLOR,
    "font-weight": r"bold|normal|[1-9]00",
    "font-style": r"italic|normal",
    "text-align": r"left|right|center|justify",
    "vertical-align": r"top|middle|bottom|baseline",
    "list-style": r"none|disc|decimal",
    "border-left": rf"\d?\dpx (?:solid|dashed|dotted) (?:{_COLOR})",
    **dict.fromkeys(("padding", "margin"), rf"{_LENGTH}(?: {_LENGTH}){{0,3}}"),
    "padding-left": _LENGTH,
}
_STYLES = {name: re.compile(values, re.IGNORECASE) for name, values in _VALUES.items()}
_SIZE, _SPAN = re.compile(r"\d{1,3}(?:px|%)?"), re.compile(r"[1-9]\d?")
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "style"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_TEXT_AND_TAG = re.compile(r'([^<]*)(<(?:[^<>"]|"[^"]*")*>)?')  # as nh3 writes them: every value between quotes
_BOX = '<div style="contain: paint; overflow-x: auto">'


class _Clean(str):
    """What went through a filter of this module already."""


class _TooMuch(Exception):
    """The text would take too long to lay out."""


class Page:
    """How much one page may still lay out and show."""

    def __init__(self) -> None:
        self.rich, self.plain, self.pictures = PAGE_CHARACTERS, PLAIN_CHARACTERS, PICTURE_CHARACTERS
        self.has_mathjax = True  # pages of nbgrader's do; on ours formulas are laid out as they are written

    @classmethod
    def of(cls, context: Any) -> "Page":
        """Find the page that a filter is working on."""
        found = (context.get("resources") or {}).setdefault("grader_page", cls())
        assert isinstance(found, cls)
        return found

    def show(self, text: str, lay_out: Callable[[str], str], times: int = 1) -> str:
        """Lay ``text`` out, or show it as it was typed where that would be too much or goes wrong.

        ``times`` says how often its characters count; what is slow is also slow on some kinds of text.
        """
        cost = times * len(text) + TEXT_COST
        if cost <= min(self.rich, CELL_CHARACTERS) and not (times > 1 and _is_slow(text)):
            self.rich -= cost
            try:
                return _Clean(lay_out(text))
            except Exception:  # parsers of other people's, fed by people who look for their faults
                pass
        return self._as_typed(text)

    def _as_typed(self, text: str) -> str:
        shown = text[: self.plain]
        self.plain -= len(shown)
        told = "This text is too long or too deeply nested to be laid out; it stands here as it was typed."
        if left := len(text) - len(shown):
            told += f" {left} more characters are in the graded notebook."
        return _Clean(f"<pre>{html.escape(shown)}</pre><p><b>{told}</b></p>")

    def picture(self, data: object) -> bool:
        """Say whether ``data`` is a picture in base64 for which there is room."""
        return isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data) is not None and self.room(len(data))

    def room(self, characters: int) -> bool:
        """Take room for a picture, if there is that much."""
        if characters > self.pictures:
            return False
        self.pictures -= characters
        return True


@pass_context
def render_markdown(context: Any, source: str) -> str:
    """Render markdown as nbconvert does, without what a page must not have of a student."""
    page, links = Page.of(context), _may_link(context)
    attachments = (context.get("cell") or {}).get("attachments") or {}
    if not attachments:
        return page.show(str(source), lambda text: _laid_out(text, links, page.has_mathjax), SLOW)
    return page.show(str(source), lambda text: _boxed_markdown(text, attachments, page, links), SLOW)


@functools.lru_cache(maxsize=SEEN)
def _laid_out(text: str, links: bool, has_mathjax: bool) -> str:
    """Lay out markdown without attachments: most of it is the course's, and on everybody's page."""
    page = Page()
    page.has_mathjax = has_mathjax
    return _boxed_markdown(text, {}, page, links)


def _boxed_markdown(text: str, attachments: Mapping[str, Any], page: Page, links: bool) -> str:
    """Lay out markdown in its box; formulas get their places in it once it is clean."""
    formulas = None if page.has_mathjax else _Formulas()
    laid_out = boxed(_markdown(text, attachments, page, formulas), links)
    return laid_out if formulas is None else formulas.put_into(laid_out)


class _Formulas:
    """The formulas of one text, and the words that stand for them until it is clean."""

    def __init__(self) -> None:
        self._word = secrets.token_hex(8)  # no text can hold it
        self._found: list[tuple[str, bool]] = []

    def add(self, latex: str, display: bool) -> str:
        self._found.append((latex, display))
        return f"{self._word}n{len(self._found) - 1}n"

    def put_into(self, page: str) -> str:
        """Put them in; inside a tag, as in a picture's description, they stand as they were typed."""
        if not self._found:
            return page
        word = re.compile(rf"{self._word}n(\d+)n")
        pieces = []
        for text, tag in _TEXT_AND_TAG.findall(page):
            pieces.append(word.sub(lambda match: as_mathml(*self._found[int(match[1])]), text))
            pieces.append(word.sub(lambda match: html.escape(self._found[int(match[1])][0]), tag))
        return "".join(pieces)


@pass_context
def clean_output(context: Any, source: str | bytes) -> str:
    """Clean the HTML of a cell's output."""
    text = source.decode(errors="replace") if isinstance(source, bytes) else str(source)
    if isinstance(source, _Clean):  # markdown of an output
        return source
    return Page.of(context).show(text, lambda text: boxed(text, _may_link(context)))


@pass_context
def color_terminal(context: Any, source: str) -> str:
    """Colour what a terminal would: a stream, a traceback, a value's text."""
    from nbconvert.filters import ansi2html

    return Page.of(context).show(str(source), lambda text: str(ansi2html(text)))


@pass_context
def color_code(context: Any, source: str, **_: Any) -> str:
    """Colour a code cell."""
    return Page.of(context).show(str(source), lambda text: _highlighted(text or " ", " highlight hl-ipython3"), SLOW)


def keep_links(text: str) -> str:
    """Leave text as it is; nbconvert's filter of the name takes ``files/`` off links, after they were looked at."""
    return text


def boxed(text: str, links: bool) -> str:
    """Clean HTML and shut it in a box; without ``links`` an address is shown by hovering and cannot be followed."""
    cleaned = _cleaned(_known_tags(_without_hidden(text)))
    # A browser reads the result once more: what it would put together differently could reach out of the box.
    if _cleaned(cleaned) != cleaned or len(cleaned) > 4 * len(text) + CELL_CHARACTERS:
        raise _TooMuch
    if not links:
        cleaned = cleaned.replace('<a href="', '<a title="')
    return f"{_BOX}{cleaned}</div>"


def _is_slow(text: str) -> bool:
    return len(_SEARCHED.findall(text)) * len(text) > MOST_SEARCHED or _BLANKS.search(text) is not None


def _may_link(context: Any) -> bool:
    """Formgrader's page is a server's, on which a link would act in the name of the person who clicks on it."""
    return "submission_id" not in (context.get("resources") or {})


def _markdown(text: str, attachments: Mapping[str, Any], page: Page, formulas: _Formulas | None) -> str:
    from mistune.plugins import import_plugin
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        """Knows few languages, shows a picture that is there, and keeps formulas for where there is no MathJax."""

        def block_math(self, body: str) -> str:
            return super().block_math(body) if formulas is None else formulas.add(body, True)

        def inline_math(self, body: str) -> str:
            return super().inline_math(body) if formulas is None else formulas.add(body, False)

        def latex_environment(self, name: str, body: str) -> str:
            if formulas is None:
                return super().latex_environment(name, body)
            return formulas.add(f"\\begin{{{name}}}{body}\\end{{{name}}}", True)

        def block_code(self, code: str, info: str | None = None) -> str:
            if HIGHLIGHTED.intersection((info or "").split()[:1]):
                return _highlighted(code, "highlight")
            return f"<pre><code>{html.escape(code)}</code></pre>\n"

        def _embed_image_or_attachment(self, src: str) -> str:
            bundle: Any = attachments.get(src.removeprefix("attachment:"))
            for mime in PICTURES if src.startswith("attachment:") and isinstance(bundle, Mapping) else ():
                if mime in bundle and page.picture(bundle[mime]):
                    return f"data:{mime};base64,{bundle[mime]}"
            return src

    plugins = [import_plugin(name) for name in ("strikethrough", "table", "url", "def_list")]
    renderer = Renderer(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer, plugins=plugins).render(text)


@functools.lru_cache(maxsize=SEEN)
def _highlighted(code: str, css_class: str) -> str:
    return highlight(code, get_lexer_by_name("python3"), HtmlFormatter(cssclass=css_class))


def _without_hidden(text: str) -> str:
    """Drop comments and style sheets, which nobody is meant to read."""
    for begin, end in (("(<!--)", "-->"), (r"(<style\b)", r"</style\s{0,9}>")):
        first, *others = re.split(begin, text, flags=re.IGNORECASE)
        kept = [first]
        for opening, piece in zip(others[::2], others[1::2], strict=True):
            hidden, *rest = re.split(end, piece, maxsplit=1, flags=re.IGNORECASE)
            kept += rest or [opening, hidden]
        text = "".join(kept)
    return text


def _known_tags(text: str) -> str:
    """Turn every < that does not begin a harmless tag into text, so that no word is taken for one and lost."""
    done, place, opened = [], 0, Counter[str]()
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if name not in VOID:
            opened[name] = max(0, opened[name] + (-1 if tag["end"] else 1))
            if opened.total() > MOST_DEPTH:
                raise _TooMuch
        done += [text[place : tag.start()].replace("<", "&lt;"), tag[0]]
        place = tag.end()
    return "".join([*done, text[place:].replace("<", "&lt;")])


def _cleaned(text: str) -> str:
    return nh3.clean(
        text,
        tags=TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_harmless,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )


def _harmless(tag: str, name: str, value: str) -> str | None:
    """Say what may stay of an attribute."""
    match name:
        case "class":
            return " ".join(word for word in value.split() if word in CLASSES) or None
        case "style":
            return _style(value) or None
        case "href":
            return value if _LINK.fullmatch(value) else None
        case "src":
            return value if _PICTURE.fullmatch(value) else None
        case "width" | "height":
            return value if _SIZE.fullmatch(value) else None
        case "colspan" | "rowspan" | "start":
            return value if _SPAN.fullmatch(value) else None
    return value


def _style(text: str) -> str:
    kept = []
    for part in text.split(";"):
        name, _, value = part.partition(":")
        name, value = name.strip().lower(), " ".join(value.split())
        if name in _STYLES and len(value) < 100 and _STYLES[name].fullmatch(value):
            kept.append(f"{name}: {value}")
    return "; ".join(kept)
