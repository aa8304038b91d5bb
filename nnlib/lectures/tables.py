"""A table of the lecture's figures beside ours."""

from dataclasses import dataclass, field

DASH = "–"


@dataclass(frozen=True)
class Row:
    """One quantity: what the lecture says, what came out here, and whether that agrees."""

    what: str
    lecture: str
    ours: str
    agrees: bool | None = None
    """None where there is nothing to compare with."""


@dataclass(frozen=True)
class Table:
    """Rows under a title, with what a reader should know below."""

    title: str
    rows: list[Row]
    note: str = ""
    columns: tuple[str, str, str] = ("", "lecture", "here")
    source: str = field(default="", kw_only=True)

    @property
    def agrees(self) -> bool:
        """Whether no row disagrees."""
        return all(row.agrees is None or row.agrees for row in self.rows)

    def __str__(self) -> str:
        mark = {True: "yes", False: "NO", None: ""}
        cells = [(*self.columns, "agrees")]
        cells += [(row.what, row.lecture or DASH, row.ours, mark[row.agrees]) for row in self.rows]
        widths = [max(len(line[i]) for line in cells) for i in range(4)]
        lines = [self.title + (f" ({self.source})" if self.source else "")]
        for number, line in enumerate(cells):
            first = line[0].ljust(widths[0])
            rest = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
            lines.append("  " + "   ".join([first, *rest]).rstrip())
            if number == 0:
                lines.append("  " + "   ".join("─" * width for width in widths))
        if self.note:
            lines.append(f"  {self.note}")
        return "\n".join(lines)


def near(ours: float, lecture: float, rel: float = 0.03, absolute: float = 1e-6) -> bool:
    """Whether two figures agree within ``rel`` (3% unless told) or to the lecture's last printed digit."""
    return bool(abs(ours - lecture) <= max(rel * abs(lecture), absolute))
