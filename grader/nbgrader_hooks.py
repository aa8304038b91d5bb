"""What a course's ``nbgrader_config.py`` calls: nbgrader's commands and buttons then go through this engine."""

from pathlib import Path
from typing import Any

import nbgrader
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from grader import nbgrader_door
from grader.markers import check_markers
from grader.sandbox.limits import Isolation

TEMPLATES = (  # a file in the first goes before nbconvert's of the same name
    Path(__file__).parent / "templates",
    Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates",
)


def configure(c: Any, config_file: str, isolation: Isolation = Isolation.sandbox) -> None:
    """Set up nbgrader for a course folder; what the folder's settings say already stays.

    Parameters
    ----------
    c
        nbgrader's configuration object.
    config_file
        The path of the calling file, which lies in the course folder.
    isolation
        How far students' code is shut in, by default; ``grader autograde --isolation`` overrules it.
    """
    settings: dict[str, dict[str, object]] = {
        "Grader": {"isolation": Isolation(isolation).value},
        "CourseDirectory": {"root": str(Path(config_file).resolve().parent)},
        "GenerateAssignment": {
            "preprocessors": [
                "grader.nbgrader_hooks.CheckMarkers",
                *_named("IncludeHeaderFooter LockCells ClearSolutions ClearOutput CheckCellMetadata ComputeChecksums"),
                *_named("SaveCells ClearHiddenTests ClearMarkScheme ComputeChecksums CheckCellMetadata"),
            ]
        },
        "ZipCollectApp": {"collector_plugin": "grader.intake.lms.PlatformCollector"},
        "HTMLExporter": {
            "sanitize_html": True,  # a student's output must not run in the TA's browser
            "preprocessors": ["grader.clean_notebook.CleanNotebook"],
            "extra_template_basedirs": [*map(str, TEMPLATES)],
            "filters": {
                "markdown2html": "grader.clean_html.render_markdown",
                "clean_html": "grader.clean_html.clean_output",
                "ansi2html": "grader.clean_html.color_terminal",
                "highlight_code": "grader.clean_html.color_code",
                "strip_files_prefix": "grader.clean_html.keep_links",
            },
        },
    }
    for section, values in settings.items():
        for name, value in values.items():
            if name not in c[section]:
                c[section][name] = value
            elif isinstance(value, dict) and isinstance(c[section][name], dict):
                c[section][name] = {**value, **c[section][name]}  # a course's own filter is no reason to lose ours
    nbgrader_door.open_door()


def _named(names: str) -> list[str]:
    return [f"nbgrader.preprocessors.{name}" for name in names.split()]


class CheckMarkers(NbGraderPreprocessor):  # type: ignore[misc]
    """Stops a release whose solution markers nbgrader would not find."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Check all cells of ``nb``; it is returned as it came."""
        about = resources["nbgrader"]
        check_markers(nb, Path(about["assignment"]) / f"{about['notebook']}.ipynb")
        return nb, resources
