"""Data sets on request: real formats in miniature, fetched through pooch from a server of our own."""

import functools
import gzip
import hashlib
import http.server
import io
import sys
import tarfile
import threading

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nnlib import downloads
from nnlib._formats import read_cifar10, read_idx, read_labelled_idx
from nnlib.downloads import Source, load_cifar10, load_fashion_mnist, load_mnist


def idx(array):
    """Bytes of an IDX file, written after its specification."""
    head = bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype(np.uint8).tobytes()


def cifar_archive(batches):
    """Bytes of a CIFAR-10 binary archive with records given by batch name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in batches.items():
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def cifar_batches(rng, n=3):
    names = [f"data_batch_{i}.bin" for i in range(1, 6)] + ["test_batch.bin"]
    images = {name: rng.integers(0, 256, size=(n, 3, 32, 32), dtype=np.uint8) for name in names}
    records = {
        name: b"".join(bytes([(k + i) % 10]) + image.tobytes() for i, image in enumerate(batch))
        for k, (name, batch) in enumerate(images.items())
    }
    return images, records


@pytest.fixture
def tiny(rng):
    """Five images of 4x3 with labels, and the four files of MNIST that hold them."""
    images = rng.integers(0, 256, size=(5, 4, 3), dtype=np.uint8)
    labels = np.array([9, 0, 3, 3, 1], dtype=np.uint8)
    files = {
        "train-images-idx3-ubyte.gz": gzip.compress(idx(images)),
        "train-labels-idx1-ubyte.gz": gzip.compress(idx(labels)),
        "t10k-images-idx3-ubyte.gz": gzip.compress(idx(images[:2])),
        "t10k-labels-idx1-ubyte.gz": gzip.compress(idx(labels[:2])),
    }
    return images, labels, files


@pytest.mark.parametrize("packed", [True, False])
def test_idx_is_read_as_specified(tmp_path, rng, packed):
    """Big-endian sizes, then bytes; gzipped or not."""
    array = rng.integers(0, 256, size=(300, 2, 5))
    path = tmp_path / "some-idx3-ubyte"
    path.write_bytes(gzip.compress(idx(array)) if packed else idx(array))
    assert_array_equal(read_idx(path), array)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda raw: raw[:-1], r"promises 24 bytes of data, it has 23"),
        (lambda raw: raw + b"x", r"promises 24 bytes of data, it has 25"),
        (lambda raw: raw[:9], "ends inside its header"),
        (lambda raw: b"", "got nothing"),
        (lambda raw: b"<html>404</html>", "does not begin like an IDX file"),
        (lambda raw: raw[:2] + b"\x0d" + raw[3:], "does not begin like an IDX file"),
        (lambda raw: raw[:4] + b"\xff" * 12 + raw[16:], r"promises 792281\d+ bytes"),
        (lambda raw: gzip.compress(raw)[:-9], "gzip stream is broken"),
        (lambda raw: gzip.compress(raw)[:12] + b"\x00\x01\x02" + gzip.compress(raw)[15:], "gzip stream is broken"),
    ],
)
def test_a_damaged_idx_file_is_named(tmp_path, damage, says):
    """Truncated, too long, another format, an impossible header, a broken stream."""
    path = tmp_path / "some-idx3-ubyte.gz"
    path.write_bytes(damage(idx(np.arange(24).reshape(4, 3, 2))))
    with pytest.raises(ValueError, match=says) as caught:
        read_idx(path)
    assert str(path) in str(caught.value)


def test_images_and_labels_must_belong_together(tmp_path):
    """A label file of another length, or labels in place of images, is named."""
    (tmp_path / "images").write_bytes(idx(np.zeros((4, 2, 2))))
    (tmp_path / "labels").write_bytes(idx(np.zeros(3)))
    with pytest.raises(ValueError, match=r"labels is damaged: 4 images need as many labels"):
        read_labelled_idx(tmp_path / "images", tmp_path / "labels")
    with pytest.raises(ValueError, match=r"labels is damaged: images have three axes"):
        read_labelled_idx(tmp_path / "labels", tmp_path / "labels")


def test_cifar_planes_become_pixels(tmp_path, rng):
    """A record is a label and three planes; images come channels last, batches in order."""
    images, records = cifar_batches(rng)
    path = tmp_path / "cifar-10-binary.tar.gz"
    path.write_bytes(cifar_archive(records))
    got, labels = read_cifar10(path, "train")
    assert got.shape == (15, 32, 32, 3)
    assert_array_equal(got[4, :, :, 2], images["data_batch_2.bin"][1, 2])
    assert_array_equal(labels, [0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6])
    got, labels = read_cifar10(path, "test")
    assert_array_equal(got[0, 3, 7], images["test_batch.bin"][0, :, 3, 7])
    assert_array_equal(labels, [5, 6, 7])


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda r: cifar_archive({**r, "data_batch_3.bin": r["data_batch_3.bin"][:-1]}), r"data_batch_3.*9218 bytes"),
        (lambda r: cifar_archive({**r, "data_batch_3.bin": b""}), r"data_batch_3.*0 bytes"),
        (lambda r: cifar_archive({k: v for k, v in r.items() if "5" not in k}), r"lacks data_batch_5\.bin"),
        (lambda r: cifar_archive(r)[:20_000], "archive is broken"),
        (lambda r: b"not an archive", "archive is broken"),
        (lambda r: cifar_archive({**r, "data_batch_1.bin": b"\x0a" + r["data_batch_1.bin"][1:]}), "it has 10"),
    ],
)
def test_a_damaged_cifar_archive_is_named(tmp_path, rng, damage, says):
    """Truncated or missing batches, a broken stream, a label out of range."""
    path = tmp_path / "cifar-10-binary.tar.gz"
    path.write_bytes(damage(cifar_batches(rng)[1]))
    with pytest.raises(ValueError, match=says) as caught:
        read_cifar10(path, "train")
    assert str(path) in str(caught.value)


def test_checksums_and_files_are_those_of_the_official_sets():
    """Each file that a split needs has a full-length checksum."""
    for source in (downloads.MNIST, downloads.FASHION_MNIST):
        assert {name for pair in downloads._IDX.values() for name in pair} == set(source.checksums)
    for source in (downloads.MNIST, downloads.FASHION_MNIST, downloads.CIFAR10):
        for value in source.checksums.values():
            kind, _, digest = value.partition(":")
            assert len(digest) == {"md5": 32, "sha256": 64}[kind]
            int(digest, 16)


def test_without_pooch_the_extra_is_named(monkeypatch):
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(ImportError, match=r"nnlib\[datasets\]"):
        load_mnist()


@pytest.mark.parametrize("load", [load_mnist, load_fashion_mnist, load_cifar10])
def test_an_unknown_split_gets_a_suggestion(load):
    """Before anything is fetched."""
    with pytest.raises(ValueError, match=r"Did you mean 'train'"):
        load("trian")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def server(tmp_path):
    """A web server on this machine, and the folder it serves."""
    pytest.importorskip("pooch", reason="pooch is not installed: pip install 'nnlib[datasets]'")
    folder = tmp_path / "served"
    folder.mkdir()
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever, daemon=True)
        thread.start()
        yield folder, f"http://127.0.0.1:{served.server_port}/"
        served.shutdown()
        thread.join()


def put(server, monkeypatch, attribute, files):
    folder, url = server
    for name, data in files.items():
        (folder / name).write_bytes(data)
    sums = {name: "sha256:" + hashlib.sha256(data).hexdigest() for name, data in files.items()}
    monkeypatch.setattr(downloads, attribute, Source("tiny", (url + "nowhere/", url), sums))


def test_a_data_set_is_fetched_once_and_then_read_from_the_cache(server, tmp_path, monkeypatch, tiny):
    """The second mirror answers; offline afterwards, the cache does."""
    images, labels, files = tiny
    put(server, monkeypatch, "MNIST", files)
    X, y = load_mnist(cache=tmp_path / "cache")
    assert X.dtype == np.float32
    assert y.dtype == np.int64
    assert_array_equal(X, images.reshape(5, 12).astype(np.float32) / 255)
    assert_array_equal(y, labels)
    for name in files:
        (server[0] / name).unlink()
    monkeypatch.setenv("NNLIB_DATA", str(tmp_path / "cache"))
    raw, _ = load_mnist(scale=False, dtype=np.float64)
    assert_array_equal(raw, images.reshape(5, 12))
    with pytest.raises(ConnectionError, match=r"t10k-images-idx3-ubyte\.gz of tiny"):
        load_mnist("test")


def test_cifar_comes_in_rows_of_pixels(server, tmp_path, monkeypatch, rng):
    """Rows reshape to images with channels last."""
    images, records = cifar_batches(rng)
    put(server, monkeypatch, "CIFAR10", {"cifar-10-binary.tar.gz": cifar_archive(records)})
    X, y = load_cifar10("test", scale=False, cache=tmp_path / "cache")
    assert X.shape == (3, 3072)
    assert_array_equal(X.reshape(-1, 32, 32, 3), images["test_batch.bin"].transpose(0, 2, 3, 1))
    assert_array_equal(y, [5, 6, 7])


def test_a_file_with_another_checksum_is_not_kept(server, tmp_path, monkeypatch, tiny):
    """What a mirror serves in the file's place never enters the cache."""
    _, _, files = tiny
    put(server, monkeypatch, "FASHION_MNIST", files)
    (server[0] / "train-images-idx3-ubyte.gz").write_bytes(b"an error page")
    with pytest.raises(ConnectionError, match=r"train-images.*hash"):
        load_fashion_mnist(cache=tmp_path / "cache")
    assert not (tmp_path / "cache/tiny/train-images-idx3-ubyte.gz").exists()


def test_offline_the_message_says_what_to_do(server, tmp_path, monkeypatch, tiny):
    """Both mirrors and their failures, the folder to put the file in, and the data that needs no network."""
    put(server, monkeypatch, "MNIST", tiny[2])
    gone = Source("tiny", ("http://127.0.0.1:9/",), downloads.MNIST.checksums)
    monkeypatch.setattr(downloads, "MNIST", gone)
    with pytest.raises(ConnectionError, match=r"127\.0\.0\.1:9.*by hand; nnlib\.load_digits"):
        load_mnist(cache=tmp_path / "cache")


def test_a_damaged_file_in_the_cache_is_fetched_again_or_left_alone(server, tmp_path, monkeypatch, tiny):
    """Online it is replaced; offline it is refused and stays as it was."""
    put(server, monkeypatch, "MNIST", tiny[2])
    load_mnist(cache=tmp_path / "cache")
    kept = tmp_path / "cache/tiny/train-images-idx3-ubyte.gz"
    kept.write_bytes(b"damaged")
    assert_array_equal(load_mnist(cache=tmp_path / "cache", scale=False)[0], tiny[0].reshape(5, 12))
    kept.write_bytes(b"damaged")
    (server[0] / kept.name).unlink()
    with pytest.raises(ConnectionError, match=r"train-images"):
        load_mnist(cache=tmp_path / "cache")
    assert kept.read_bytes() == b"damaged"
