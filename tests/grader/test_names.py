"""Names that others changed, read back."""

from datetime import UTC, datetime

import pytest

from grader.intake.names import PlatformName, loose, module_name_before, read_platform_name, without_copy_marks


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("doejane_12345_67890_work.ipynb", PlatformName("doejane", "12345", "work.ipynb")),
        ("doejane_LATE_12345_67890_my_work-1.ipynb", PlatformName("doejane", "12345", "my_work-1.ipynb", is_late=True)),
        ("Jane Doe_123_assignsubmission_file_", PlatformName("Jane Doe", "123", "")),
        ("Jane Doe_123_assignsubmission_file", PlatformName("Jane Doe", "123", "")),
        ("Jane Van_Doe_123_assignsubmission_file_w.zip", PlatformName("Jane Van_Doe", "123", "w.zip")),
        ("Participant 7_123_assignsubmission_file_", PlatformName("Participant 7", "123", "")),
        ("Jane Doe_123_assignsubmission_onlinetext_", PlatformName("Jane Doe", "123", "", is_note=True)),
        (
            "Homework_2_jdoe_attempt_2026-01-30-15-00-01_work.ipynb",
            PlatformName("", "jdoe", "work.ipynb", datetime(2026, 1, 30, 15, 0, 1, tzinfo=UTC)),
        ),
        (
            "Homework 2_jdoe_attempt_2026-01-30-15-00-01.txt",
            PlatformName("", "jdoe", "", datetime(2026, 1, 30, 15, 0, 1, tzinfo=UTC), is_note=True),
        ),
        (
            "12345-67890 - Jane Doe - Sep 9, 2026 1234 PM",
            PlatformName("Jane Doe", "12345", "", datetime(2026, 9, 9, 12, 34, tzinfo=UTC)),
        ),
        (
            "12345-67890 - Jane Doe-Smith- 9 September, 2026".replace("9 September, 2026", "September 9, 2026 1:05 AM"),
            PlatformName("Jane Doe-Smith", "12345", "", datetime(2026, 9, 9, 1, 5, tzinfo=UTC)),
        ),
        ("softmax-and-losses.ipynb", None),
        ("my_data_2.csv", None),
        ("run_1_2.csv", None),
    ],
)
def test_platform_names(name, about):
    """Canvas', Moodle's, Blackboard's and Brightspace's names give student, id, file and time; others none."""
    assert read_platform_name(name) == about


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("utils (1).py", "utils.py"), ("utils(12).py", "utils.py"), ("utils-Copy1.py", "utils.py"),
        ("utils copy 2.py", "utils.py"), ("Copy of utils.py", "utils.py"), ("utils - Copy.py", "utils.py"),
        ("utils - Copy (2).py", "utils.py"), ("utils-1.py", "utils.py"), ("utils2.py", "utils2.py"),
        ("photocopy.py", "photocopy.py"), ("(1).py", "(1).py"), ("my_copy.py", "my.py"),
    ],
)  # fmt: skip
def test_marks_of_a_copy(name, before):
    """What a browser or file manager adds to a copy's name is taken off, and nothing else."""
    assert without_copy_marks(name) == before


def test_loose_names():
    """Capitals, blanks, underscores, marks of a copy and a platform's words do not count."""
    names = ["Softmax and_Losses.ipynb", "softmax-and-losses (2).ipynb", "doejane_LATE_1_2_softmax-and-losses.ipynb"]
    assert {loose(name) for name in names} == {"softmax-and-losses.ipynb"}


def test_only_a_module_that_cannot_be_imported_gets_another_name():
    """``my_copy.py`` may be what the student imports; ``utils (1).py`` is not."""
    names = ["utils (1).py", "utils-1.py", "my_copy.py", "data (1).csv"]
    assert [module_name_before(name) for name in names] == ["utils.py", "utils.py", "my_copy.py", "data (1).csv"]
