"""What a course's ``nbgrader_config.py`` calls: nbgrader's commands and buttons then go through this engine."""

import sys
from pathlib import Path
from typing import Any

from grader.safe_path import import_nothing_from_here


def configure(
    c: Any,
    config_file: str,
    isolation: str = "sandbox",
    nbgraders_pages: bool = False,
    hand_in: str = "",
    site: str = "",
) -> None:
    """Set up nbgrader for a course folder; what the folder's settings say already stays.

    Parameters
    ----------
    c
        nbgrader's configuration object.
    config_file
        The path of the calling file, which is in the course folder.
    isolation
        How far students' code is shut in, by default; ``grader autograde --isolation`` overrules it.
    nbgraders_pages
        Whether feedback is nbgrader's own page, which shows the whole notebook, instead of ours.
    hand_in
        Where students hand in, in a sentence for the README of every release.
    site
        The address at which the course has put what ``grader site`` made; releases then link to it.
    """
    import_nothing_from_here()
    import nbgrader  # not before: nbgrader put the current folder first on the path

    from grader import nbgrader_door
    from grader.harmless import make_logs_harmless
    from grader.sandbox.limits import Isolation

    root = str(Path(config_file).resolve().parent)
    if root not in sys.path:
        sys.path.append(root)  # where a course keeps its plugins
    settings: dict[str, dict[str, object]] = {
        "Grader": {
            "isolation": Isolation(isolation).value,
            "nbgraders_pages": nbgraders_pages,
            "hand_in": hand_in,
            "site": site,
        },
        "CourseDirectory": {"root": root},
        "GenerateAssignment": {
            "preprocessors": [
                "grader.nbgrader_door.CheckMarkers",
                *_named("IncludeHeaderFooter InstantiateTests LockCells ClearSolutions ClearOutput CheckCellMetadata"),
                *_named("ComputeChecksums SaveCells ClearHiddenTests ClearMarkScheme ComputeChecksums"),
                *_named("CheckCellMetadata"),
            ]
        },
        "ZipCollectApp": {"collector_plugin": "grader.intake.lms.PlatformCollector"},
        "HTMLExporter": {
            "sanitize_html": True,  # a student's output must not run in the TA's browser
            "preprocessors": ["grader.clean_notebook.CleanNotebook"],
            "extra_template_basedirs": [  # a file in the first goes before nbconvert's of the same name
                str(Path(__file__).parent / "templates"),
                str(Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"),
            ],
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
    make_logs_harmless()
    nbgrader_door.open_door()


def _named(names: str) -> list[str]:
    return [f"nbgrader.preprocessors.{name}" for name in names.split()]
