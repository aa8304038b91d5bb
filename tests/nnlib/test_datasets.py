"""Digits that ship with the course, and generators of toy problems."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from nnlib import datasets
from nnlib.datasets import (
    bayes_rule_for_moons,
    held_out_digits,
    load_digits,
    load_wine,
    make_circles,
    make_moons,
    make_spirals,
    noisy_yearly_temperatures,
)

PACKAGE = Path(datasets.__file__).parent


def test_digits_are_the_uci_test_set():
    """Shape, dtype and the images of each class are those of the repository's description."""
    X, y = load_digits()
    assert X.shape == (1797, 64)
    assert X.dtype == np.float64
    assert y.dtype == np.int64
    assert_array_equal(np.bincount(y), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])


def test_digits_are_scaled_by_sixteen_unless_told():
    """The original counts run from 0 to 16, the default from 0 to 1."""
    counts, _ = load_digits(scale=False)
    X, _ = load_digits()
    assert (counts.min(), counts.max()) == (0.0, 16.0)
    assert_array_equal(X, counts / 16)


def test_digits_look_like_digits():
    """The mean zero is dark in the middle and the mean one is inked there: labels fit the images."""
    X, y = load_digits()
    middle = X.reshape(-1, 8, 8)[:, 3:5, 3:5].mean(axis=(1, 2))
    assert middle[y == 0].mean() < 0.2 < 0.7 < middle[y == 1].mean()


def test_digits_come_in_float32_on_request():
    """float32 loses nothing: sixteenths are exact in binary."""
    X, _ = load_digits(dtype=np.float32)
    assert X.dtype == np.float32
    assert_array_equal(X, load_digits()[0])


def test_digits_refuse_an_integer_dtype():
    """Scaled pixels as integers would all be 0 or 1."""
    with pytest.raises(ValueError, match=r"float type, got uint8.*float32"):
        load_digits(dtype=np.uint8)


def test_the_course_part_and_the_held_out_part_are_the_digits():
    """Every image is in exactly one of the two, each part in the order of the file, two thirds against one."""
    X, y = load_digits()
    held = datasets.is_held_out(y)
    assert (held.sum(), (~held).sum()) == (599, 1198)
    for (images, labels), rows in ((load_digits(part="course"), ~held), (held_out_digits(), held)):
        assert_array_equal(images, X[rows])
        assert_array_equal(labels, y[rows])


def test_every_class_is_held_out_in_its_proportion():
    """A third of each class, up to one image, so that the test is not harder for some digits than for others."""
    _, y = load_digits()
    _, held = held_out_digits()
    assert np.abs(np.bincount(held) - np.bincount(y) / 3).max() < 1


def test_the_held_out_part_stays_what_it_is():
    """The rule draws nothing: the first rows of the file that it marks are these, for ever."""
    _, y = load_digits()
    assert np.flatnonzero(datasets.is_held_out(y))[:8].tolist() == [1, 5, 7, 10, 12, 13, 14, 16]
    assert datasets.is_held_out(np.array([1, 0, 0, 1, 0, 1])).tolist() == [False, False, True, True, False, False]


def test_an_unknown_part_is_refused():
    """The error names the parts there are."""
    with pytest.raises(ValueError, match=r"part must be one of all, course; got 'cours'.*'course'"):
        load_digits(part="cours")


def test_a_file_with_the_course_part_alone_gives_that(tmp_path, monkeypatch):
    """The capstone's edition holds 1,198 digits: they come for every part, and the held-out ones are refused."""
    X, y = load_digits(part="course", scale=False)
    np.savez(tmp_path / "digits.npz", images=X.astype(np.uint8), labels=y.astype(np.uint8))
    monkeypatch.setattr(datasets, "_digits_file", lambda: tmp_path / "digits.npz")
    for part in ("all", "course"):
        assert_array_equal(load_digits(part=part, scale=False)[0], X)
    with pytest.raises(ValueError, match=r"kept for grading are not in this edition, which holds 1198"):
        held_out_digits()


def test_each_call_gives_new_arrays():
    """Writing into one copy does not spoil the next."""
    X, y = load_digits()
    X[:], y[:] = -1, -1
    again, labels = load_digits()
    assert again.min() == 0
    assert labels.min() == 0


@pytest.mark.parametrize(
    "kind",
    ["truncated", "garbage", "too much ink", "an eleventh digit", "wrong shape", "missing array", "pickled", "flipped"],
)
def test_damaged_digits_are_refused_by_name(tmp_path, monkeypatch, kind):
    """A file that is not whole is named, and nothing of it is used."""
    path = tmp_path / "digits.npz"
    good = datasets._digits_file().read_bytes()
    if kind == "truncated":
        path.write_bytes(good[: len(good) // 2])
    elif kind == "garbage":
        path.write_bytes(b"not an archive")
    elif kind == "flipped":
        path.write_bytes(good[:2000] + bytes([good[2000] ^ 0xFF]) + good[2001:])
    elif kind == "wrong shape":
        np.savez(path, images=np.zeros((5, 64), np.uint8), labels=np.zeros(5, np.uint8))
    elif kind == "too much ink":
        np.savez(path, images=np.full((1797, 64), 17, np.uint8), labels=np.zeros(1797, np.uint8))
    elif kind == "an eleventh digit":
        np.savez(path, images=np.zeros((1797, 64), np.uint8), labels=np.full(1797, 10, np.uint8))
    elif kind == "missing array":
        np.savez(path, images=np.zeros((1797, 64), np.uint8))
    else:
        np.savez(path, images=np.array([{}], dtype=object), labels=np.zeros(1))
    monkeypatch.setattr(datasets, "_digits_file", lambda: path)
    with pytest.raises(ValueError, match=r"digits\.npz"):
        load_digits()


@pytest.mark.parametrize("place", ["nnlib/data", "data"])
def test_digits_load_from_a_wheel_and_from_a_clone(tmp_path, place):
    """The archive is found inside the package and beside it, with nothing of the repository in reach."""
    copy = tmp_path / "nnlib"
    copy.mkdir()
    for name in ("_validate.py", "datasets.py"):
        shutil.copy(PACKAGE / name, copy / name)
    (copy / "__init__.py").touch()
    (tmp_path / place).mkdir(parents=True, exist_ok=True)
    shutil.copy(datasets._digits_file(), tmp_path / place / "digits.npz")
    code = "import nnlib.datasets as d; print(d.__file__, d.load_digits()[0].shape)"
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert str(tmp_path) in done.stdout
    assert "(1797, 64)" in done.stdout


def test_missing_digits_say_where_they_were_sought(monkeypatch, tmp_path):
    """Without the file the message names both places."""
    monkeypatch.setattr(datasets, "__file__", str(tmp_path / "nnlib" / "datasets.py"))
    with pytest.raises(ValueError, match=r"nnlib.data.digits\.npz or .*found neither"):
        load_digits()


def test_moons_without_noise_lie_on_two_half_circles(rng):
    """Each class keeps radius 1 about its own centre, and its own side."""
    X, y = make_moons(101, 0.0, rng)
    assert X.shape == (101, 2)
    np.testing.assert_allclose(np.linalg.norm(X[y == 0], axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(X[y == 1] - [1, 0.5], axis=1), 1)
    assert X[y == 0, 1].min() >= 0
    assert X[y == 1, 1].max() <= 0.5


def test_the_bayes_rule_for_moons_cannot_be_beaten(rng):
    """Hardly an error where moons are thin, more with noise; wrong labels are no likelier than right ones."""
    thin, noisy = (make_moons(4000, noise, rng) for noise in (0.05, 0.35))
    assert np.mean(bayes_rule_for_moons(thin[0], 0.05) != thin[1]) < 0.002
    bayes = np.mean(bayes_rule_for_moons(noisy[0], 0.35) != noisy[1])
    assert 0.09 < bayes < 0.16
    nearest = ((noisy[0][:, None] - noisy[0][:400]) ** 2).sum(axis=2).argmin(axis=1)
    assert np.mean(noisy[1][:400][nearest] != noisy[1]) > bayes + 0.03
    with pytest.raises(ValueError, match=r"X must have shape .*one point per row"):
        bayes_rule_for_moons(np.zeros((3, 3)), 0.1)


def test_circles_have_their_radii(rng):
    """Class 0 is the unit circle, class 1 the inner one."""
    X, y = make_circles(40, 0.0, rng, inner_radius=0.3)
    np.testing.assert_allclose(np.linalg.norm(X, axis=1), np.where(y == 0, 1, 0.3))


def test_spirals_without_noise_are_one_arm_turned(rng):
    """Every arm is the first one, rotated by its share of a full turn."""
    X, y = make_spirals(50, 3, 0.0, rng)
    angle = 2 * np.pi / 3
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    np.testing.assert_allclose(X[y == 1], X[y == 0] @ turn.T, atol=1e-12)
    assert np.linalg.norm(X, axis=1).max() <= 1 + 1e-12


def test_no_straight_line_separates_spirals(rng):
    """The best linear classifier by least squares errs on at least a quarter of the points."""
    X, y = make_spirals(200, 3, 0.1, rng)
    A = np.c_[X, np.ones(len(X))]
    W = np.linalg.lstsq(A, np.eye(3)[y], rcond=None)[0]
    assert np.mean((A @ W).argmax(axis=1) == y) < 0.75


@given(n=st.integers(1, 60), classes=st.integers(2, 6), noise=st.floats(0, 2))
def test_generators_are_balanced_and_finite(n, classes, noise):
    """Class sizes differ by at most one, whatever is asked."""
    rng = np.random.default_rng(0)
    for X, y, k in [
        (*make_moons(n, noise, rng), 2),
        (*make_circles(n, noise, rng), 2),
        (*make_spirals(n, classes, noise, rng), classes),
    ]:
        assert np.isfinite(X).all()
        assert X.shape == (len(y), 2)
        assert y.dtype == np.int64
        assert np.ptp(np.bincount(y, minlength=k)) <= 1


def test_noise_has_the_standard_deviation_asked(rng):
    """Moons scatter about radius 1 by the noise."""
    X, y = make_moons(20_000, 0.05, rng)
    assert np.linalg.norm(X[y == 0], axis=1).std() == pytest.approx(0.05, rel=0.05)


def test_temperatures_follow_the_season(rng):
    """January is cold, July is warm, the mean and the daily noise are as asked."""
    t = noisy_yearly_temperatures(rng, days=3650, mean=12.0, swing=9.0, noise=2.0)
    smooth = noisy_yearly_temperatures(rng, days=3650, mean=12.0, swing=9.0, noise=0.0)
    assert smooth.argmin() == 19
    assert (smooth.min(), smooth.max()) == (pytest.approx(3.0), pytest.approx(21.0, abs=1e-2))
    assert t.mean() == pytest.approx(12.0, abs=0.2)
    assert (t - smooth).std() == pytest.approx(2.0, rel=0.05)


def test_generators_repeat_with_their_rng():
    """Equal generators give equal data, and nothing else is drawn from."""
    first = make_spirals(10, 3, 0.2, np.random.default_rng(7))[0]
    np.random.default_rng().normal()
    assert_array_equal(first, make_spirals(10, 3, 0.2, np.random.default_rng(7))[0])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda rng: make_moons(0, 0.1, rng), "number of points must be an integer of at least 1, got 0"),
        (lambda rng: make_moons(2.5, 0.1, rng), "got 2.5"),
        (lambda rng: make_moons(10, -0.1, rng), "noise must be a finite number at least 0"),
        (lambda rng: make_moons(10, float("nan"), rng), "noise"),
        (lambda rng: make_moons(10, 0.1, 3), r"Generator, got int.*default_rng"),
        (lambda rng: make_circles(10, 0.1, rng, inner_radius=0), "inner_radius"),
        (lambda rng: make_spirals(10, 1, 0.1, rng), "num_classes must be an integer of at least 2"),
        (lambda rng: noisy_yearly_temperatures(rng, days=0), "days"),
    ],
)
def test_generators_refuse_nonsense(rng, call, says):
    """A wrong argument is named with the rule and what came."""
    with pytest.raises(ValueError, match=says):
        call(rng)


def test_wines_are_those_of_the_repository():
    """Shapes, cultivars and the range of each measurement that UCI's description gives."""
    X, y, names = load_wine()
    assert X.shape == (178, 13)
    assert X.dtype == np.float64
    assert y.dtype == np.int64
    assert_array_equal(np.bincount(y), [59, 71, 48])
    assert (names[0], names[-1]) == ("alcohol", "proline")
    assert (X[:, -1].min(), X[:, -1].max()) == (278, 1680)
    assert round(X[:, names.index("magnesium")].mean(), 1) == 99.7


def test_wines_are_scikit_learns():
    """The table that scikit-learn carries is the same, number for number."""
    sklearn_datasets = pytest.importorskip("sklearn.datasets")
    expected, labels = sklearn_datasets.load_wine(return_X_y=True)
    X, y, _ = load_wine()
    assert_array_equal(X, expected)
    assert_array_equal(y, labels)


@pytest.mark.parametrize("text", ["", "alcohol,cultivar\n13.2,0\n", "alcohol\nred\n"])
def test_damaged_wines_are_named(monkeypatch, tmp_path, text):
    """A file that holds something else is refused with its path."""
    (tmp_path / "wine.csv").write_text(text)
    monkeypatch.setattr(datasets, "_data_file", lambda name: tmp_path / name)
    with pytest.raises(ValueError, match=r"wine\.csv .*Install nnlib again"):
        load_wine()
