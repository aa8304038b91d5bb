"""The fenced blocks of the pages, and what the comment above a block says of it."""

import re
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
COMMANDS = ("", "console", "sh", "bash")  # what a block of commands may be called


@dataclass(frozen=True)
class Block:
    """One fenced block: its place, what it is called, its text, and the comment above it."""

    place: str
    language: str
    text: str
    not_run: str = ""
    file: str = ""
    exit_code: int = 0

    @property
    def commands(self) -> list[tuple[str, str]]:
        """Each command with the output that is shown below it, which may be nothing."""
        pairs = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", self.text, re.MULTILINE)
        return [(command, output) for command, output in pairs]


def blocks(page: Path) -> list[Block]:
    """Read the fenced blocks of a page."""
    found, comment = [], ""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "html_block":
            comment = token.content
        elif token.type == "fence":
            line = token.map[0] + 1 if token.map else 0
            said = dict(re.findall(r"<!-- (not run|file|exit): (.*?) -->", comment))
            place, language = f"{page.relative_to(ROOT)}, line {line}", token.info.strip()
            code = int(said.get("exit", 0))
            found.append(Block(place, language, token.content, said.get("not run", ""), said.get("file", ""), code))
            comment = ""
        elif token.type == "inline":
            comment = ""
    return found


def pages() -> list[Path]:
    """All pages that people write: those of docs/ and of the root."""
    made = (DOCS / "course", DOCS / "reference" / "commands.md", DOCS / "reference" / "messages.md")
    library = DOCS / "reference" / "nnlib"
    found = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    return sorted(page for page in found if not {page, *page.parents} & {*made, library})
