"""The rule by which a mistake is named, whatever is compared."""

import pytest

from nnlib.checks.naming import Evidence, Fit

RIGHT = {"passed": True}
WRONG = {"passed": False}
TELLING = {"passed": False, "telling": True}


@pytest.mark.parametrize(
    ("cases", "fit"),
    [
        ([], None),
        ([(True, RIGHT)], None),
        ([(True, WRONG)], Fit.EVERYWHERE),
        ([(True, WRONG), (True, RIGHT)], Fit.EVERYWHERE),
        ([(True, WRONG), (False, RIGHT)], None),
        ([(True, TELLING), (False, RIGHT)], Fit.WHERE_FAILED),
        ([(True, TELLING), (True, WRONG), (False, RIGHT)], Fit.WHERE_FAILED),
        ([(True, TELLING), (False, WRONG), (True, RIGHT)], Fit.SOMEWHERE),
        ([(True, {**TELLING, "explains": False}), (False, RIGHT)], None),
        ([(True, {**TELLING, "nameable": False})], None),
        ([(False, {**WRONG, "nameable": False}), (True, TELLING)], Fit.SOMEWHERE),
    ],
)
def test_a_mistake_fits_everywhere_or_where_the_function_failed_with_telling_numbers(cases, fit):
    """What a right function does too, or errors and whole numbers alone, name nothing unless all goes alike."""
    evidence = Evidence()
    for alike, case in cases:
        evidence.add(alike, **case)
    assert evidence.fit is fit


def test_cases_that_passed_need_not_be_tried_where_none_that_failed_went_alike():
    """A mistake that explains no failure is left before the passed cases are replayed."""
    evidence = Evidence()
    evidence.add(False, passed=False)
    assert not evidence.may_fit
    evidence.add(True, passed=False)
    assert evidence.may_fit
