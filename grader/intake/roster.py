"""The students of a course by all that a platform may call them."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Roster:
    """Ids by what stands for them; what could mean two students stands for neither."""

    ids: set[str] = field(default_factory=set)
    _by_key: dict[str, set[str]] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)  # ids by the name as people write it

    @classmethod
    def of(cls, students: Iterable[Any]) -> "Roster":
        """Read nbgrader's students: their ids, names, mail addresses and ids on a platform."""
        roster = cls()
        for student in students:
            roster.ids.add(student.id)
            first, last = squeezed(student.first_name or ""), squeezed(student.last_name or "")
            account = (student.email or "").partition("@")[0]
            keys = {student.id, student.lms_user_id or "", student.email or "", account, squeezed(student.id)}
            keys |= {last + first, first + last} if first and last else set()
            for key in keys - {""}:
                roster._by_key.setdefault(key, set()).add(student.id)
            roster._names[f"{student.first_name or ''} {student.last_name or ''}".strip() or student.id] = student.id
        return roster

    def find(self, *known: str) -> str:
        """The id of the one student of ``meant``; empty where that is nobody or more than one."""
        ids = self.meant(*known)
        return next(iter(ids)) if len(ids) == 1 else ""

    def meant(self, *known: str) -> set[str]:
        """The ids of those for whom all stands that stands for anybody: ids, mail addresses, names.

        They may be several: a platform's number may be another student's id, and two may have one name. Where no
        student fits all that is known, those are meant who fit any of it.
        """
        meant = [set().union(*(self._by_key.get(key, ()) for key in (each, squeezed(each)))) for each in known if each]
        found = [each for each in meant if each]
        return set[str].intersection(*found) or set[str].union(*found) if found else set()

    def nearest(self, name: str) -> str:
        """The student whose name is most like this one, for people; empty where none is like it."""
        near = difflib.get_close_matches(name, self._names, 1, 0.6)
        return f"{near[0]} ({self._names[near[0]]})" if near else ""


def squeezed(name: str) -> str:
    """Reduce a name to its letters and digits, as Canvas does, without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())
