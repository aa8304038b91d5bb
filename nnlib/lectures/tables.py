"""A table of the lectures' figures beside ours, and what is said of each row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

DASH = "–"

AGREES = "agrees"  # the figure itself, to its last printed digit or within a tolerance that the table names
IN_KIND = "in kind"  # other data, another figure, the same behaviour
MISPRINT = "misprint"  # the lecture's own formula gives what stands here, not what it prints
DIFFERS = "differs"


@dataclass(frozen=True)
class Row:
    """One quantity: what the lecture says, what came out here, and whether that is the same."""

    what: str
    lecture: str
    ours: str
    verdict: str = ""
    """Empty where the lecture has nothing to compare with."""
    explained: bool = False
    """Whether the note says why this row differs, or may."""
    seeds: str = ""
    """In how many of several runs the verdict was this, as "4 of 5"."""


@dataclass(frozen=True)
class Table:
    """Rows under a title, with what a reader should know below."""

    title: str
    rows: list[Row]
    note: str = ""
    source: str = field(default="", kw_only=True)

    @property
    def unexplained(self) -> list[str]:
        """Rows that differ though no note says that they might."""
        return [row.what for row in self.rows if row.verdict == DIFFERS and not row.explained]

    def __str__(self) -> str:
        cells = [("", "lecture", "here", "")]
        for row in self.rows:
            verdict = f"{row.verdict}, {row.seeds}" if row.verdict and row.seeds else row.verdict
            cells.append((row.what, row.lecture or DASH, row.ours, verdict))
        widths = [max(len(line[i]) for line in cells) for i in range(4)]
        lines = [self.title + (f" ({self.source})" if self.source else "")]
        for number, line in enumerate(cells):
            columns = [line[0].ljust(widths[0]), line[1].rjust(widths[1]), line[2].rjust(widths[2]), line[3]]
            lines.append("  " + "   ".join(columns).rstrip())
            if number == 0:
                lines.append("  " + "   ".join("─" * width for width in widths))
        lines += [f"  {line}" for line in self.note.splitlines()]
        return "\n".join(lines)


def over_seeds(tables: Sequence[Table]) -> Table:
    """The first of several runs of one table, each row with the commonest verdict and how often it was given."""
    rows = []
    for runs in zip(*(table.rows for table in tables), strict=True):
        (verdict, times), *_ = Counter(row.verdict for row in runs).most_common()
        rows.append(replace(runs[0], verdict=verdict, seeds=f"{times} of {len(runs)}" if len(runs) > 1 else ""))
    return replace(tables[0], rows=rows)


def near(ours: float, lecture: float, rel: float = 0.03, absolute: float = 1e-6) -> bool:
    """Whether two figures agree within ``rel`` (3% unless told) or to the lecture's last printed digit."""
    return bool(abs(ours - lecture) <= max(rel * abs(lecture), absolute))


def to_the_last_digit(ours: float, printed: str) -> bool:
    """Whether ``ours`` rounds to what is printed, in the last of its decimals."""
    decimals = len(printed.partition(".")[2])
    return bool(abs(ours - float(printed)) <= 0.5001 * 10.0**-decimals)


def agree(same: bool) -> str:
    """The verdict on a figure that must be the same."""
    return AGREES if same else DIFFERS


def in_kind(alike: bool) -> str:
    """The verdict on a figure that can only be alike."""
    return IN_KIND if alike else DIFFERS


def misprint(as_its_formula_says: bool) -> str:
    """The verdict on a figure that the lecture prints wrongly."""
    return MISPRINT if as_its_formula_says else DIFFERS
