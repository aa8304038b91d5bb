"""The second door: nbgrader's own commands and formgrader's buttons, with the same engine behind them."""

import atexit
import logging
import re
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import pass_context
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.assignment import AUTHORS_FILES, Assignment, find_notebooks_folder

HIDDEN = [*AUTHORS_FILES, "*.py"]
HARMLESS_TAGS = [
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
]  # fmt: skip
HARMLESS_STYLES = ["color", "font-weight", "border-left", "padding", "padding-left", "margin", "list-style"]
_engines: dict[str, Any] = {}


def configure(c: Any, config_file: str) -> None:
    """Set up nbgrader for a course folder; called by its ``nbgrader_config.py``.

    Parameters
    ----------
    c
        nbgrader's configuration object.
    config_file
        The path of the calling file, which lies in the course folder.
    """
    root = Path(config_file).resolve().parent
    own = root / "source"
    c.CourseDirectory.root = str(root)
    has_own = own.is_dir() and any(own.glob("*/*.ipynb"))
    c.CourseDirectory.source_directory = str(own if has_own else find_notebooks_folder())
    c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", *HIDDEN]
    c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
    c.GenerateAssignment.preprocessors = [
        "grader.nbgrader_hooks.CheckMarkers",
        *_names("IncludeHeaderFooter LockCells ClearSolutions ClearOutput CheckCellMetadata ComputeChecksums"),
        *_names("SaveCells ClearHiddenTests ClearMarkScheme ComputeChecksums CheckCellMetadata"),
    ]
    c.GenerateAssignment.post_convert_hook = finish_release
    c.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.ClearOutput"]
    c.Autograde.autograde_preprocessors = [
        "grader.nbgrader_hooks.GradeInSandbox",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
    c.HTMLExporter.sanitize_html = True  # a student's output must not run in the TA's browser
    c.HTMLExporter.filters = {
        "markdown2html": "grader.nbgrader_hooks.render_markdown",
        "clean_html": "grader.nbgrader_hooks.clean_output",
    }


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


def _names(names: str) -> list[str]:
    return [f"nbgrader.preprocessors.{name}" for name in names.split()]


class CheckMarkers(NbGraderPreprocessor):  # type: ignore[misc]
    """Stops a release whose solution markers nbgrader would not find."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Check all cells of ``nb``; it is returned as it came."""
        from grader.markers import check_markers

        about = resources["nbgrader"]
        check_markers(nb, Path(about["assignment"]) / f"{about['notebook']}.ipynb")
        return nb, resources


class GradeInSandbox(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades the notebook with the engine and writes the gradebook; takes the place of Execute and SaveAutoGrades."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Grade ``nb``; the graded notebook is returned."""
        from grader.batch import blank_answers
        from grader.gradebook import GradebookWriter
        from grader.submission import read_submission

        about = resources["nbgrader"]
        directory = self._coursedir()
        source = Path(directory.format_path(directory.source_directory, ".", about["assignment"]))
        engine = _engine_for(source)
        submitted = Path(directory.format_path(directory.submitted_directory, about["student"], about["assignment"]))
        submission = read_submission(about["student"], submitted, f"{engine.assignment.notebook_name}.ipynb")
        data = submission.notebook or nbformat.writes(nb).encode()
        result = engine.grade(data, about["student"], submission.files)
        if result.problem:
            raise ValueError(result.problem)
        for line in result.repairs:
            self.log.warning("%s: %s", about["student"], line)
        with GradebookWriter(about["db_url"], directory.course_id or "default_course") as writer:
            writer.write(result, about["notebook"], submission.submitted, blank_answers(result, engine.released))
        self.log.info("%s: %g of %g points", about["student"], result.score, result.points)
        return nbformat.reads(result.notebook.decode(), as_version=4), resources

    def _coursedir(self) -> CourseDirectory:
        owner: Any = self
        while owner is not None:
            if getattr(owner, "coursedir", None) is not None:
                return owner.coursedir
            owner = owner.parent
        raise RuntimeError("GradeInSandbox runs inside nbgrader autograde only.")


def _engine_for(source: Path) -> Any:
    """Keep one warm engine an assignment for all submissions of this process."""
    from grader.engine import Engine
    from grader.release import build_student_edition, released_notebook

    key = str(source)
    if key not in _engines:
        assignment = Assignment(source)
        edition = build_student_edition(assignment)
        engine = Engine(assignment, released_notebook(assignment), Path(edition.name))
        atexit.register(edition.cleanup)
        atexit.register(engine.zygote.close)
        _engines[key] = engine
    return _engines[key]


def finish_release(assignment: str, student: str, notebooks: list[str]) -> None:
    """Complete a release made by nbgrader's own command or button: student's edition, instructions, zip."""
    from grader.course import Course
    from grader.release import finish

    root = Path.cwd()  # nbgrader works in the course folder while it converts
    try:
        course = Course(root)
        finish(course.assignment(assignment), course)
    except Exception:
        logging.getLogger("grader").exception("The release of %s is not complete.", assignment)
        raise
