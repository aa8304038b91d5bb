"""What is in a folder but not part of anybody's work: environments, caches, an editor's and a system's files."""

from collections.abc import Callable, Collection

FOLDERS = frozenset(
    [".git", ".hg", ".svn", ".idea", ".vscode", ".vs", ".settings", ".ipynb_checkpoints", ".virtual_documents"]
    + ["__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".cache", ".config", ".local", ".npm", ".jupyter"]
    + [".ipython", ".tox", ".nox", ".eggs", "__MACOSX", ".Trashes", ".Spotlight-V100", ".fseventsd"]
)
ENVIRONMENTS = frozenset([".venv", "venv", ".virtualenv", ".env", ".conda", "node_modules", "site-packages"])
PERHAPS_ENVIRONMENTS = frozenset(["env", "ENV", "virtualenv"])  # a package of the student's may be called so, too
_MARKS = frozenset(["pyvenv.cfg", "conda-meta"])  # an environment has one of these beside its parts
_PARTS = frozenset(
    ["bin", "conda-meta", "etc", "Include", "include", "Lib", "lib", "lib64", "man", "pyvenv.cfg", "Scripts"]
    + ["share", "ssl"]
)
_FILES = frozenset([".DS_Store", "Thumbs.db", "desktop.ini", "ehthumbs.db"])


def is_clutter(name: str, siblings: Collection[str], inside: Callable[[], Collection[str]]) -> bool:
    """Tell whether a file or folder is not part of the work.

    Parameters
    ----------
    name
        Its last part.
    siblings
        The names of all that lies beside it.
    inside
        Lists the names in it; nothing for a file.
    """
    if name in FOLDERS or name in _FILES or name.startswith(("._", "~$", ".~lock.")):
        return True
    return is_environment(name, siblings, inside)


def is_environment(name: str, siblings: Collection[str], inside: Callable[[], Collection[str]]) -> bool:
    """Tell whether it is an environment of installed packages, or a part of one."""
    if name in ENVIRONMENTS:
        return name != ".env" or bool(inside())  # a file of this name holds settings
    if name in _PARTS and not _MARKS.isdisjoint(siblings):
        return True
    if name in PERHAPS_ENVIRONMENTS:
        held = inside()
        return "__init__.py" not in held and not _PARTS.isdisjoint(held)
    return False
