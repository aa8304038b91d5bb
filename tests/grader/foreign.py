"""A folder as an attacker fills it: all that programs look for in the current folder leaves a mark when it is run."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

# Files that some program takes for its settings or its hooks, where it finds them beside it. Jinja's templates are
# programs, too: nbconvert looks for them in the current folder.
PYTHON_HOOKS = (
    *("nbgrader_config", "jupyter_config", "jupyter_server_config", "jupyter_nbconvert_config", "ipython_config"),
    *("ipython_kernel_config", "conftest", "sitecustomize", "usercustomize", "argcomplete", "hidden_tests", "setup"),
    *("misconceptions", "variants", "public_cases", "noxfile", "ipykernel_launcher", "late_policy", "lextab", "evil"),
)
TEMPLATES = ("feedback", "formgrade", "base", "classic", "lab", "compatibility", "basic")


def importable_names() -> set[str]:
    """Name what a Python here could import: its standard library and the packages that are installed."""
    installed = {name for name in importlib.metadata.packages_distributions() if name.isidentifier()}
    return {*sys.stdlib_module_names, *installed} - {"__future__"}


def fill(folder: Path, mark: Path, without: tuple[str, ...] = ()) -> None:
    """Fill ``folder``; whatever of it is run writes its name into ``mark``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted({*importable_names(), *PYTHON_HOOKS} - set(without)):
        (folder / f"{name}.py").write_text(_code(name, mark), encoding="utf-8")
    for name in TEMPLATES:
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "conf.json").write_text('{"base_template": "base", "mimetypes": {"text/html": true}}')
        body = f"{{{{ cycler.__init__.__globals__.__builtins__.open({str(mark)!r}, 'a').write('template {name} ') }}}}"
        for file in ("index.html.j2", "base.html.j2", f"{name}.tpl", "null.j2"):
            (folder / name / file).write_text(body)
    ini = "pythonpath = .\naddopts = -p evil\n"
    (folder / "pytest.ini").write_text("[pytest]\n" + ini)
    (folder / "tox.ini").write_text("[pytest]\n" + ini)
    (folder / "setup.cfg").write_text("[tool:pytest]\n" + ini)
    (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["."]\naddopts = ["-p", "evil"]\n')
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = .\nprepend_sys_path = .\n")
    (folder / "env.py").write_text(_code("alembic env", mark))
    (folder / "matplotlibrc").write_text("backend: module://evil\n")
    (folder / "x.pth").write_text(f"import sys; open({str(mark)!r}, 'a').write('pth ')\n")
    about = folder / "evil-1.0.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[pytest11]\nevil = evil\n[nbconvert.exporters]\nhtml = evil:E\n")


def _code(name: str, mark: Path) -> str:
    return f"with open({str(mark)!r}, 'a') as _mark:\n    _mark.write({name!r} + ' ')\n"


def loaded_at_the_start() -> set[str]:
    """Name what Python and pip's script load before any of ours is run; nothing of ours can keep these off."""
    script = "import re, sys; print(*{name.split('.')[0] for name in sys.modules})"
    return set(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout.split())
