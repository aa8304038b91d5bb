"""Where the project's own assignments lie; asked for by the shell's completion, which may load nothing else."""

from pathlib import Path


def notebooks_folder() -> Path | None:
    """The project's assignments: beside the package in a clone, inside it in an installed wheel; None where neither."""
    package = Path(__file__).resolve().parent
    return next(filter(Path.is_dir, (package.parent / "notebooks", package / "course" / "notebooks")), None)
