"""What the filters of pages let through of a student's text, and how long they may take over it."""

import html
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from traitlets.config import Config

from grader.clean_html import CELL_CHARACTERS, CLASSES, SLOW, clean_output, color_code, color_terminal, render_markdown
from grader.nbgrader_hooks import configure
from grader.shown_cell import new_page, shown

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
LONGEST = 30.0  # seconds of processor time for a page, a sixth of that for one text; honest pages take a tenth of one


@pytest.fixture(scope="module")
def show():
    """Write cells as formgrader does, with the settings of a course."""
    config = Config()
    configure(config, __file__)
    config.HTMLExporter.template_name = "formgrade"
    exporter = HTMLExporter(config=config)
    about = {"submission_id": "1", "index": 0, "total": 1, "student": "ada", "notebook_path": "x"}

    def write(*cells, **more) -> str:
        notebook = new_notebook(cells=nbformat.from_dict(list(cells)))
        return exporter.from_notebook_node(notebook, resources=about | more)[0].partition("<body>")[2]

    return write


def html_output(text: str, **more):
    """A cell that shows HTML."""
    return new_code_cell("", outputs=[new_output("display_data", {"text/html": text}, **more)])


WAYS = {
    "markdown": new_markdown_cell,
    "html": html_output,
    "raw": new_raw_cell,
    "markdown output": lambda text: new_code_cell("", outputs=[new_output("display_data", {"text/markdown": text})]),
    "latex output": lambda text: new_code_cell("", outputs=[new_output("display_data", {"text/latex": text})]),
    "stream": lambda text: new_code_cell("", outputs=[new_output("stream", text=text)]),
    "error": lambda text: new_code_cell("", outputs=[new_output("error", ename=text, evalue=text, traceback=[text])]),
    "text": lambda text: new_code_cell("", outputs=[new_output("execute_result", {"text/plain": text})]),
    "code": new_code_cell,
}


class Attributes(HTMLParser):
    """Collects what tags are there and what they say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.values: set[tuple[str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        """Keep them."""
        self.tags.add(tag)
        self.values |= {(name, value or "") for name, value in attrs}


HOSTILE = (
    '<div id="why" name="why" class="nbgrader_cell full-credit modal-backdrop k" style="position:fixed;top:0;margin:'
    '-9em;padding:900em;width:9999px;transform:scale(9);color:red;background:url(http://far/a)" data-link="x" '
    'onclick="alert(1)" tabindex="1" contenteditable="true" draggable="true" accesskey="x">words</div>'
    "<a href='javascript:alert(1)'>words</a><a href=/logout>words</a><a href=//far/x>x</a><a href='https:/\\f'>x</a>"
    "<a href='http://localhost:8888/formgrader/?path=/tmp'>words</a><a href=http://127.0.0.1/>x</a><a href='#why'>x</a>"
    "<a href='/files/javascript:alert(1)'>x</a><a href='http://u@far.example/'>x</a><a href='data:text/html,x'>x</a>"
    "<img src=http://far/b.png width=99999 height=99999><img src=/logout srcset='http://far/c 2x' lowsrc=//far/d>"
    "<img src='data:image/svg+xml;base64,AA=='><img src='data:text/html;base64,AA=='><img src=x usemap=#m onerror=f()>"
    "<base href=//far><meta http-equiv=refresh content=0><link rel=stylesheet href=//far><form action=/logout><input "
    "id=why><button formaction=/x>go</button></form><iframe src=//far></iframe><object data=//far></object><svg><a "
    "href=//far><image href=//far></a></svg><math><mtext><style><img src onerror=f()></style></mtext></math><video "
    "src=//far poster=//far></video><map name=m><area href=//far></map><table background=//far><td background=//far>"
    "<template><b></template><noscript><p title='</noscript><img src=x onerror=f()>'></noscript><textarea></textarea>"
)


@pytest.mark.parametrize("way", WAYS)
def test_nothing_named_placed_loaded_or_live(show, way):
    """Whatever way text takes to the page, its tags keep no name, class, place, handler, address or odd link."""
    before, after = Attributes(show(WAYS[way]("plain"))), Attributes(show(WAYS[way](HOSTILE)))
    assert after.tags - before.tags <= {"a", "div", "span", "img", "table", "tbody", "tr", "td", "p", "b", "pre", "em"}
    new = after.values - before.values
    harmless = {"color: red", "contain: paint; overflow-x: auto"}
    for name, value in new:
        assert name in ("class", "style", "rel", "alt", "title", "id"), (name, value)
        assert name != "class" or set(value.split()) <= CLASSES, value
        assert name != "style" or value in harmless, value
        assert name != "title" or not value.startswith(("javascript", "/")), value
        assert name != "id" or value.startswith("cell-id="), value


def test_no_class_that_is_kept_is_known_to_the_pages(show):
    """The classes that text keeps are those of coloured code; bootstrap, formgrader's sheet and scripts know none."""
    sheets = [*FORMGRADER.glob("static/css/*.css"), FORMGRADER / "static/node_modules/bootstrap/dist/css/bootstrap.css"]
    sheets += [*FORMGRADER.glob("static/js/*.js"), FORMGRADER / "static/node_modules/bootstrap/dist/js/bootstrap.js"]
    sheets += FORMGRADER.glob("templates/form*/*.j2")
    known = set()
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        known |= set(re.findall(r"(?:^|[\s,'\"(])\.([a-zA-Z][\w-]*)(?=[\s,.:{'\")\[>+~])", text))
        known |= {name for names in re.findall(r'class="([\w\s-]*)"', text) for name in names.split()}
    assert {"full-credit", "modal-backdrop", "nbgrader_cell", "fade", "in"} <= known
    assert known & CLASSES <= {"highlight"}


@pytest.mark.parametrize("live", [True, False])
def test_links_can_be_followed_where_they_cannot_act_for_the_reader(show, live):
    """A link to a named host stays on feedback pages; formgrader, where one could act for the TA, shows its address."""
    config = Config()
    configure(config, __file__)
    exporter = HTMLExporter(config=config, template_name="classic")
    cell = new_markdown_cell("[numpy](https://numpy.org/doc/?a=b)")
    page = exporter.from_notebook_node(new_notebook(cells=[cell]))[0] if live else show(cell)
    assert ("href" if live else "title", "https://numpy.org/doc/?a=b") in Attributes(page).values
    assert ("rel", "noopener noreferrer") in Attributes(page).values


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("if a <b and c> d", "if a &lt;b and c&gt; d"),
        ("x <y z> and <foo bar> </bar>", "x &lt;y z&gt; and &lt;foo bar&gt; &lt;/bar&gt;"),
        ('a <b title="x', 'a &lt;b title="x'),
        ("- [x] done", "<li>[x] done</li>"),
        ("**a** $a<b$ `<p>`", "<strong>a</strong> $a&lt;b$ <code>&lt;p&gt;</code>"),
        ("seen <!-- not --> seen <!-- open", "seen  seen &lt;!-- open"),
        ("$x$ <script>f()</script>", "$x$ &lt;script&gt;f()&lt;/script&gt;"),
        ("![x](attachment:none.png) ![y](http://far.example/y.png)", '<img alt="x"/> <img alt="y"/>'),
        ("|a|\n|-:|\n|1|", '<td style="text-align: right">1</td>'),
        ("```python\nx = 1\n```", '<span class="n">x</span>'),
    ],
)
def test_words_are_kept(show, typed, shown):
    """What is no harmless HTML is shown as text, and markdown looks as it is meant."""
    assert shown in show(new_markdown_cell(typed))


def test_a_table_shows_without_its_style_sheet(show):
    """A data frame's table is a table, and no rules of its style sheet are shown as text."""
    table = '<style scoped>\n.dataframe td { x: y }\n</style><table border="1">'
    table += '<tr style="text-align: right"><td>1</td></tr></table>'
    page = show(html_output(table))
    assert '<table><tbody><tr style="text-align: right"><td>1</td></tr></tbody></table>' in page
    assert "dataframe" not in page


def test_what_lies_beside_the_text_is_left_out(show):
    """Metadata of outputs and cells, names of people and kinds of output reach no attribute and no frame."""
    spoilt = {"width": "1 onload=f() class=full-credit", "height": "9", "filenames": {"image/png": "http://far/x.png"}}
    about = {"image/png": spoilt, "filenames": {"image/png": "http://far/x.png"}, "isolated": True}
    output = new_output("display_data", {"image/png": "AAAA"}, metadata=about)
    svg = new_output("display_data", {"image/svg+xml": "<svg/>"})
    frame = new_output("display_data", {"text/html": "x"}, metadata={"text/html": {"isolated": True}})
    script = new_output("display_data", {"application/javascript": "f()", "text/plain": "seen"})
    bad = new_output("display_data", {"image/png": 'AAAA" onerror="f()', "text/plain": "seen too"})
    cell = new_code_cell("", outputs=[output, svg, frame, script, bad], metadata={"tags": ["x full-credit"]})
    graded = new_markdown_cell("x", metadata={"nbgrader": {"grade_id": 'x" onclick="f()', "grade": True, "points": 1}})
    page = show(cell, graded, student="<img src=x onerror=f()>", notebook_path='x" onclick="f()')
    found = Attributes(page)
    assert not {"iframe", "script"} & (found.tags - Attributes(show()).tags)
    assert not any("far" in value or name.startswith("on") for name, value in found.values - Attributes(show()).values)
    assert ("width", spoilt["width"]) not in found.values
    assert "celltag" not in page
    assert re.search(r'<img alt="[^"]*" height="9" src="data:image/png;base64,AAAA"/>|height="9"', page)
    assert "seen" in page
    assert "seen too" in page
    assert "&lt;img src=x onerror=f()&gt;" in page


SHAPES = {
    "[": "", "[a](": "", "![": "", "*a ": "", "**a *a ": "", "_a __a ": "", ">": "a", "- ": "a", "`": "a", "` `` ": "",
    "<": "", "<a ": "", "<!--": "", "<![CDATA[": "", "<?": "", "<a a='": "", "<div>": "", "<b>": "", "[a]: b\n": "",
    "[a]": "", "|": "\n", "x|y\n": "", "~~a ": "", "$": "", "$$a ": "", "\\begin{a}": "", "\\\\(": "", "$a\n": "",
    "\n": "b", " ": "b", " \n": "b", "\t": "b", "# a\n": "", "a\n": "=", "* ": "", "```\n": "", "~": "", "&": "",
    "\\": "", ".": "", "www.": "", "a@": "", "[a](<": "", '[a](b "': "", "a\n: ": "", ">! ": "", "attachment:": "",
    "<svg><math>": "", "<table>": "", "<a href=x>": "", "<p>": "", "<b><p>": "", "<a><table><a>": "", "</p>": "",
    "<b><i><u><s>": "<p>", "&#x0": "", "{": "", "(": "", "'": "", '"""': "", "\\N{": "", "f'{": "", "%": "",
    "&a": "", "match ": "",
    "case x\n": "", "a.b.": "", "\x1b[1m": "", "\x1b[": "", "1;": "m", "<style>": "", "<!-- -->": "",
    "<p style='color:(": "",
    "<td><div>": "", "<li><div>": "", "http://a.": "", "a ": "", "\\\n": "", "<b title=1>": "</p><p>x",
}  # fmt: skip


FILTERS = {"markdown": render_markdown, "html": clean_output, "code": color_code, "stream": color_terminal}


@pytest.mark.parametrize("way", FILTERS)
def test_no_shape_of_text_takes_long(way):
    """The longest text that is laid out takes seconds at most, whatever is repeated in it."""
    room = CELL_CHARACTERS // (SLOW if way in ("markdown", "code") else 1) - 500
    slow = {}
    for shape, end in SHAPES.items():
        if shape.startswith("<") and way in ("code", "stream"):
            continue
        text = "".join(["'" if shape in ("\\N{", "%") else "a", shape * (room // len(shape)), end])[:room]
        began = time.process_time()
        FILTERS[way]({"resources": {}}, text)
        if (took := time.process_time() - began) > LONGEST / 6:
            slow[shape] = took
    assert slow == {}


@pytest.mark.parametrize("shape", ["<", "* ", "\x1b[1m"])
def test_a_page_of_it_takes_no_longer(show, shape):
    """A notebook of twenty times what a page lays out is laid out as far as that goes; the rest is told."""
    text = shape * (20_000 // len(shape))
    cells = [WAYS[way](text) for _ in range(30) for way in ("markdown", "html", "code", "stream")]
    began = time.process_time()
    page = show(*cells)
    assert time.process_time() - began < LONGEST
    assert "more characters are in the graded notebook" in page


@pytest.mark.parametrize("text", ["<p style='color:" + "(" * 3000 + "'>x</p>", "<b>" * 5000, "> " * 3000 + "x"])
def test_what_is_too_deep_is_shown_as_it_was_typed(show, text):
    """Deeply nested text costs its layout, neither the words nor the page."""
    for way in ("markdown", "html"):
        page = show(WAYS[way](text), new_markdown_cell("**after**"))
        assert "<strong>after</strong>" in page
        assert "x" in page


def test_a_picture_shown_many_times_is_written_a_few_times(show):
    """One attached picture, named in every line, does not grow the page without bound."""
    picture = {"a.png": {"image/png": "AAAA" * 500_000}}
    page = show(new_markdown_cell("[r]: attachment:a.png\n\n" + "![x][r]\n" * 1000, attachments=picture))
    assert len(page) < 30_000_000
    assert "AAAA" in page


PNG = "iVBORw0KGgo="


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("![](attachment:a.png)", "a picture without a description"),
        ("<img src='attachment:a.png' width='9'>", "a picture that is not shown here"),
        (f'<img src="data:image/png;base64,{PNG}">', "a picture without a description"),
        ("![my > plot](attachment:a.png)", "my &gt; plot"),
        ("![](http://far.example/y.png)", "a picture that is not shown here"),
    ],
)
def test_a_picture_has_words_for_who_cannot_see_it(source, words):
    """On pages of ours a picture of a student's says that it is one, where the student gave it no description."""
    attachments = {"a.png": {"image/png": PNG}}
    cell = new_markdown_cell(source, attachments=attachments)
    text = shown(cell, new_page(), links=False)
    assert re.findall(r'<img[^<]*?alt="([^"]*)"', text) in ([words], [html.unescape(words)])
    assert text.count("alt=") == 1
