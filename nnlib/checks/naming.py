"""Which known mistake a function makes: one rule, at the student's desk and in grading.

A mistake that comes to the same everywhere is the one. Else it must come to the same wherever the function failed,
with numbers that another mistake would hardly give too.
"""

from __future__ import annotations

from enum import IntEnum


class Fit(IntEnum):
    """How well a known mistake explains what a function does."""

    SOMEWHERE = 1  # it comes to the same in some case that failed
    WHERE_FAILED = 2  # in all that failed
    EVERYWHERE = 3  # and in all that passed


class Evidence:
    """What cases say for a mistake; give those that failed first, which rule out most mistakes."""

    def __init__(self) -> None:
        self._alike_where_passed = self._alike_where_failed = True
        self._applies = self._explains = self._telling = False

    def add(
        self, alike: bool, *, passed: bool, nameable: bool = True, explains: bool = True, telling: bool = False
    ) -> None:
        """Take a case into account.

        Parameters
        ----------
        alike
            Whether function and mistake come to the same.
        passed
            Whether the function passes the case.
        nameable
            Whether a mistake may explain how it fails; none does a timeout.
        explains
            Whether coming to the same in a case that failed is evidence.
        telling
            Whether what came holds numbers that hardly come by chance.
        """
        failed = not passed and nameable
        self._applies = self._applies or failed
        if alike and failed and explains:
            self._explains = True
            self._telling = self._telling or telling
        elif not alike and passed:
            self._alike_where_passed = False
        elif not alike:
            self._alike_where_failed = False

    @property
    def fits_where_passed(self) -> bool:
        """Whether the mistake passes what the function passes."""
        return self._alike_where_passed

    @property
    def may_fit(self) -> bool:
        """Whether cases that passed can still matter, once all that failed were taken into account."""
        return self._explains or self.fit is not None

    @property
    def fit(self) -> Fit | None:
        """How well the mistake explains them all; None for not at all."""
        if self._applies and self._alike_where_passed and self._alike_where_failed:
            return Fit.EVERYWHERE
        if not (self._explains and self._telling):
            return None
        return Fit.WHERE_FAILED if self._alike_where_failed else Fit.SOMEWHERE
