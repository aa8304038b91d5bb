"""What a course's ``nbgrader_config.py`` calls: nbgrader's commands and buttons then go through this engine."""

import sys
from pathlib import Path
from typing import Any

from grader.safe_path import import_nothing_from_here


def configure(c: Any, config_file: str, isolation: str = "sandbox") -> None:
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
    import_nothing_from_here()
    from grader import nbgrader_door  # not before: nbgrader put the current folder first on the path
    from grader.harmless import make_logs_harmless
    from grader.sandbox.limits import Isolation

    root = str(Path(config_file).resolve().parent)
    if root not in sys.path:
        sys.path.append(root)  # where a course keeps its plugins
    settings: dict[str, dict[str, object]] = {
        "Grader": {"isolation": Isolation(isolation).value},
        "CourseDirectory": {"root": root},
        "GenerateAssignment": {
            "preprocessors": [
                "grader.nbgrader_door.CheckMarkers",
                *_named("IncludeHeaderFooter LockCells ClearSolutions ClearOutput CheckCellMetadata ComputeChecksums"),
                *_named("SaveCells ClearHiddenTests ClearMarkScheme ComputeChecksums CheckCellMetadata"),
            ]
        },
        "ZipCollectApp": {"collector_plugin": "grader.intake.lms.PlatformCollector"},
        "HTMLExporter": {
            "sanitize_html": True,  # a student's output must not run in the TA's browser
            "filters": {
                "markdown2html": "grader.clean_html.render_markdown",
                "clean_html": "grader.clean_html.clean_output",
            },
        },
    }
    for section, values in settings.items():
        for name, value in values.items():
            if name not in c[section]:
                c[section][name] = value
    make_logs_harmless()
    nbgrader_door.open_door()


def _named(names: str) -> list[str]:
    return [f"nbgrader.preprocessors.{name}" for name in names.split()]
