"""Our feedback page: what a student needs stands first, all their words are there, and nothing hidden or live is."""

import json
import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbgrader.api import Gradebook

from grader.formulas import as_mathml
from tests.grader import tiny

SQUARED = "def double(x):\n    return x * x"


class _Text(HTMLParser):
    """The text of a page, without its style."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def text_of(page: str) -> str:
    """What a page says, with single blanks."""
    parser = _Text()
    parser.feed(page)
    return " ".join("".join(parser.pieces).split())


@pytest.fixture
def page_of(cli, course):
    """Grade what was handed in and read a student's page."""

    def read(student: str, *options: object) -> str:
        assert cli("autograde", "tiny", "--course", course.root, "--jobs", 1)[0] == 0
        assert cli("feedback", "tiny", "--course", course.root, "--jobs", 1, *options)[0] == 0
        return (course.root / "feedback" / student / "tiny" / "tiny.html").read_text(encoding="utf-8")

    return read


def test_the_score_the_mistake_its_hint_and_what_waits_come_first(submit, page_of):
    """Before any of the student's cells: points, exercises by name, the mistake, what a person has to read."""
    submit("ada", double=SQUARED)
    said = text_of(page_of("ada"))
    first = said[: said.index("def double(x)")]
    assert "of 5 points so far" in first
    assert "1 answer waits for a person to read it, worth 4 more points." in first
    assert "Begin with double" in first
    assert "The number is squared instead of doubled." in first
    assert "Hint: The double of 3 is 6, not 9." in first
    assert re.search(r"why not yet graded – of 4", said)
    assert not re.search(r"\b0(\.0)? of 4", said)


def test_points_by_hand_comments_extra_credit_and_lateness_are_told(submit, cli, course, page_of):
    """What a person entered in the gradebook is on the page: points, extra credit, a comment with its formula."""
    submit("ada")
    page_of("ada")
    with Gradebook(course.db_url, course.course_id) as gradebook:
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 3.5, 0.25, False
        gradebook.find_comment("why", "tiny", "tiny", "ada").manual_comment = "Nearly: see $x^2$ & <b>this</b>."
        gradebook.find_submission("tiny", "ada").notebooks[0].late_submission_penalty = 1.0
        gradebook.db.commit()
    assert cli("feedback", "tiny", "--course", course.root)[0] == 0
    page = (course.root / "feedback" / "ada" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    said = text_of(page)
    assert "7.75 of 9 points" in said
    assert "so far" not in said
    assert "Handed in late: 1 point is taken off." in said
    assert "graded by a person 3.5 of 4 + 0.25 extra" in said
    assert "Nearly: see" in said[: said.index("Exercise by exercise")]
    assert "Begin with" not in said  # a written answer is nothing to run again
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in page


def test_every_word_of_a_student_is_there_and_the_courses_text_is_not(submit, hand_in, page_of):
    """Answers, added cells, changed cells and what they printed are on the page; the course's cells are not."""
    notebook = nbformat.reads(hand_in(double="def double(x):\n    # my remark\n    return 2 * x"), 4)
    notebook.cells.insert(1, nbformat.v4.new_code_cell("print('my own ' + 'output')"))
    notebook.cells.append(nbformat.v4.new_markdown_cell("A last thought of mine, with <i>care</i>."))
    next(cell for cell in notebook.cells if cell.id == "picture").source = "picture = [double(21)]  # changed by me"
    submit("ada", nbformat.writes(notebook).encode())
    said = text_of(page_of("ada"))
    for words in ("# my remark", "my own output", "A last thought of mine", "changed by me"):
        assert words in said
    assert "import nnlib" not in said
    assert "assert double(2) == 4" not in said


def test_nothing_hidden_and_nobody_else_is_on_a_page(submit, page_of, course):
    """No text of a hidden test, of the reference or of another student reaches a page or the student's list."""
    submit("ada", double=SQUARED)
    submit("bob", why="Only bob wrote this.")
    page = page_of("ada") + (course.root / "feedback" / "ada" / "index.html").read_text(encoding="utf-8")
    for hidden in (tiny.SECRET, "rng.normal", "assert_close", "bob", "Only bob"):
        assert hidden not in page


def test_a_page_loads_and_runs_nothing(submit, page_of):
    """Whatever is handed in, the page has no script, no address that is loaded, and forbids both."""
    submit("ada", why="<script>alert(1)</script> ![p](https://example.org/p.png) $\\href{javascript:alert(1)}{x}$")
    page = page_of("ada")
    assert "default-src 'none'" in page
    assert "script-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r"""(src|href)\s*=\s*["']?(https?:|javascript:|//)""", page)


def test_nbgraders_own_page_is_had_by_an_option_or_a_setting(submit, page_of, course, cli):
    """--nbgrader, or nbgraders_pages in the settings, writes nbgrader's page, which shows the whole notebook."""
    submit("ada")
    assert "assert double(2) == 4" in text_of(page_of("ada", "--nbgrader"))
    assert "Exercise by exercise" in page_of("ada")
    settings = course.root / "nbgrader_config.py"
    changed = settings.read_text(encoding="utf-8").replace("__file__)", "__file__, nbgraders_pages=True)")
    settings.write_text(changed, encoding="utf-8")
    assert "assert double(2) == 4" in text_of(page_of("ada"))


def test_lists_lead_to_the_pages(submit, page_of, course):
    """A student's list has their assignments with points and links that exist; the class's list has all students."""
    for student in ("ada", "b#b <i>"):
        submit(student)
    page_of("ada")
    top = course.root / "feedback"
    own = (top / "ada" / "index.html").read_text(encoding="utf-8")
    assert 'href="tiny/tiny.html"' in own
    assert "5 of 9" in text_of(own)
    whole = (top / "index.html").read_text(encoding="utf-8")
    assert 'href="b%23b%20%3Ci%3E/tiny/tiny.html"' in whole
    assert "b#b &lt;i&gt;" in whole


def test_verdicts_are_words_and_points_are_short(submit, page_of):
    """A call that does not end is told in words, and no number has more than two decimals."""
    submit("ada", double="def double(x):\n    while True: pass", center="def center(x):\n    return x - x.mean()")
    said = text_of(page_of("ada"))
    assert "did not finish" in said
    assert "timeout" not in said
    assert not re.search(r"\d\.\d{3,} of", said)


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{</mtext></math><img src=x onerror=alert(1)>}",
        r"\class{danger}{\style{position:fixed}{x}}",
        r"\mathrm{<script>}",
        r'\color{red" onclick="alert(1)}{x}',
        "{" * 1500,
        r"\left(" * 300,
        "x" * 3000,
    ],
)
def test_a_formula_holds_nothing_but_formula(latex):
    """Whatever was typed, only formulas' elements come out, with no attribute that loads, leads, runs or styles."""
    made = as_mathml(latex)
    for tag, attributes in re.findall(r"<(/?\w+)([^>]*)>", made):
        assert tag.strip("/") in {"math", "mrow", "mi", "mo", "mn", "mtext", "mstyle", "code"}, json.dumps(made[:200])
        assert not re.search(r"on\w+=|href|style=|class=", attributes)


def test_an_underscore_in_a_name_is_one():
    """A name inside a formula, typed with a backslash before its underscore as LaTeX wants it, is shown without."""
    assert "<mtext>fan_in</mtext>" in as_mathml(r"\frac{1}{\text{fan\_in}}")


def test_formulas_in_text_are_laid_out_and_those_in_a_pictures_words_are_not(submit, page_of):
    """A formula becomes MathML where it is text, and stays as it was typed inside a tag, whose quotes it cannot end."""
    submit("ada", why='It is $\\frac{1}{N}$. <b title="$y$">k</b> ![of $z^2$ " x](data:image/png;base64,iVBORw0KGgo=)')
    page = page_of("ada")
    assert "<mfrac><mrow><mn>1</mn></mrow><mrow><mi>N</mi></mrow></mfrac>" in page
    assert not re.search(r'="[^"]*<math', page)


def test_a_question_left_empty_is_called_that(submit, page_of):
    """Where nothing was written, the page says so instead of "not yet graded" or of a person's verdict."""
    submit("ada", why="YOUR ANSWER HERE")
    said = text_of(page_of("ada"))
    assert "why nothing was written 0 of 4" in said
    assert "not yet graded" not in said
