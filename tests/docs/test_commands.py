"""Every command on a page is run, in one course and in the order of the pages, and gives the output shown there."""

import doctest
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .pages import COMMANDS, DOCS, ROOT, blocks, pages

# In this order; each page begins in the folder named.
RUN = {
    "semester.md": ".",
    "a-large-class.md": "my-course",
    "when-something-goes-wrong.md": "my-course",
    "backup.md": "my-course",
    "jupyterhub.md": "my-course",
    "your-own-course.md": ".",
}
CLASS = {"bruno": "Bruno Costa", "chidi": "Chidi Okafor", "greta": "Greta Lind"}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with what a platform hands out of three students' work."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "downloads").mkdir()
    with zipfile.ZipFile(folder / "downloads" / "moodle.zip", "w") as archive:
        for number, (student, name) in enumerate(CLASS.items(), 9001):
            work = next((ROOT / "data" / "sample_class" / student).glob("*.ipynb"))
            entry = zipfile.ZipInfo(f"{name}_{number}_assignsubmission_file_/{work.name}", (2026, 10, 18, 12, 0, 0))
            archive.writestr(entry, work.read_bytes())
    return folder


def run(command: str, folder: Path) -> tuple[str, int, Path]:
    """Run a command as a shell in ``folder`` would, 80 columns wide; return output, exit code and the folder after."""
    after = folder.parent / "after"
    beside = str(Path(sys.executable).parent)
    surroundings = {**os.environ, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80"}
    surroundings |= {"NO_COLOR": "1", "JUPYTER_PREFER_ENV_PATH": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        ["bash", "-c", f'{command}\ncode=$?\npwd > "{after}"\nexit $code'],
        cwd=folder,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout, done.returncode, Path(after.read_text().strip())


@pytest.mark.timeout(1800)  # about two minutes on a machine that does nothing else
@pytest.mark.skipif(shutil.which("bash") is None, reason="pages show commands of bash")
def test_every_command_gives_the_output_that_its_page_shows(place):
    """What a page shows below a command is what the command prints; `...` stands for paths and times."""
    wrong = []
    for page, begins in RUN.items():
        folder = place / begins
        for block in blocks(DOCS / page):
            if block.not_run:
                continue
            if block.file:
                (folder / block.file).write_text(block.text)
            for command, shown in block.commands:
                output, code, folder = run(command, folder)
                options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
                if code != block.exit_code:
                    wrong.append(f"{block.place}: {command} exits with {code}:\n{output}")
                elif shown and not doctest.OutputChecker().check_output(shown, output, options):
                    wrong.append(f"{block.place}: {command} prints\n{output}where the page shows\n{shown}")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_block_of_commands_is_run_or_says_why_not(page):
    """No page shows commands that nothing runs, unless the comment above them gives the reason."""
    for block in blocks(page):
        is_run = block.language == "console" and block.commands and page.parent == DOCS and page.name in RUN
        if block.language in COMMANDS and not (is_run or block.file):
            assert block.not_run, f"{block.place}: run it, or write above it <!-- not run: why -->"
