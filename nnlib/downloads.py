"""Larger data sets, fetched on request: Fashion-MNIST, MNIST, CIFAR-10. The course never needs them.

Files are checked against checksums and kept in a cache (``NNLIB_DATA``, or the system's cache folder).
"""

import os
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nnlib._formats import CIFAR_BATCHES, read_cifar10, read_labelled_idx
from nnlib._validate import Array, require_float_dtype, unknown_name

TIMEOUT = 30  # seconds without an answer


@dataclass(frozen=True)
class Source:
    """Where a data set's files are, and how to know them."""

    name: str
    mirrors: tuple[str, ...]  # tried in order; the checksum makes them equals
    checksums: dict[str, str]


_IDX = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}

MNIST = Source(
    "mnist",
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    {
        "train-images-idx3-ubyte.gz": "sha256:440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "train-labels-idx1-ubyte.gz": "sha256:3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "t10k-images-idx3-ubyte.gz": "sha256:8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "t10k-labels-idx1-ubyte.gz": "sha256:f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    },
)
FASHION_MNIST = Source(
    "fashion-mnist",
    (
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    {  # the sums that its authors publish
        "train-images-idx3-ubyte.gz": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
    },
)
CIFAR10 = Source(
    "cifar-10",
    ("https://www.cs.toronto.edu/~kriz/",),
    {"cifar-10-binary.tar.gz": "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"},
)


def load_mnist(
    split: str = "train",
    *,
    scale: bool = True,
    dtype: DTypeLike = np.float32,
    cache: str | os.PathLike[str] | None = None,
) -> tuple[Array, Array]:
    """Load MNIST: handwritten digits of 28x28 pixels, by Y. LeCun, C. Cortes and C. Burges.

    Parameters
    ----------
    split
        ``"train"`` (60,000 images) or ``"test"`` (10,000).
    scale
        Divide by 255, so that pixels run from 0 to 1; ``False`` keeps 0 to 255.
    dtype
        Floating type of the images.
    cache
        Folder for the files; by default the variable ``NNLIB_DATA`` or the system's cache.

    Returns
    -------
    X : Array
        Images ``(N, 784)``, row by row.
    y : Array
        Labels ``(N,)``, int64, 0 to 9.

    Raises
    ------
    ImportError
        If pooch is not installed.
    ConnectionError
        If a file is not in the cache and cannot be downloaded.
    ValueError
        If a file is damaged.
    """
    return _load_idx(MNIST, split, scale, dtype, cache)


def load_fashion_mnist(
    split: str = "train",
    *,
    scale: bool = True,
    dtype: DTypeLike = np.float32,
    cache: str | os.PathLike[str] | None = None,
) -> tuple[Array, Array]:
    """Load Fashion-MNIST: clothes in MNIST's format, harder than digits; Xiao et al. (2017).

    Parameters, results and errors are those of :func:`load_mnist`. Labels: 0 T-shirt, 1 trouser, 2 pullover,
    3 dress, 4 coat, 5 sandal, 6 shirt, 7 sneaker, 8 bag, 9 ankle boot.
    """
    return _load_idx(FASHION_MNIST, split, scale, dtype, cache)


def load_cifar10(
    split: str = "train",
    *,
    scale: bool = True,
    dtype: DTypeLike = np.float32,
    cache: str | os.PathLike[str] | None = None,
) -> tuple[Array, Array]:
    """Load CIFAR-10: colour photographs of 32x32 pixels in ten classes; Krizhevsky (2009).

    Parameters and errors are those of :func:`load_mnist`; the splits have 50,000 and 10,000 images.
    Labels: 0 airplane, 1 automobile, 2 bird, 3 cat, 4 deer, 5 dog, 6 frog, 7 horse, 8 ship, 9 truck.

    Returns
    -------
    X : Array
        Images ``(N, 3072)``; ``X.reshape(-1, 32, 32, 3)`` for pictures.
    y : Array
        Labels ``(N,)``, int64, 0 to 9.
    """
    _require_split(split, list(CIFAR_BATCHES))
    images, labels = read_cifar10(_fetch(CIFAR10, "cifar-10-binary.tar.gz", cache), split)
    return _as_rows(images, labels, scale, dtype)


def _load_idx(
    source: Source, split: str, scale: bool, dtype: DTypeLike, cache: str | os.PathLike[str] | None
) -> tuple[Array, Array]:
    _require_split(split, list(_IDX))
    images, labels = (_fetch(source, name, cache) for name in _IDX[split])
    return _as_rows(*read_labelled_idx(images, labels), scale, dtype)


def _require_split(split: str, known: list[str]) -> None:
    if split not in known:
        raise unknown_name("split", split, known)


def _as_rows(images: Array, labels: Array, scale: bool, dtype: DTypeLike) -> tuple[Array, Array]:
    require_float_dtype(np.dtype(dtype))
    X = images.reshape(len(images), -1).astype(dtype)
    if scale:
        X /= 255  # in place: a second copy of 60,000 images is 190 MB
    return X, labels.astype(np.int64)


def _fetch(source: Source, name: str, cache: str | os.PathLike[str] | None) -> Path:
    """Return the path of a checked file, from the cache or from the first mirror that has it."""
    pooch = _pooch()
    folder = Path(cache or os.environ.get("NNLIB_DATA") or pooch.os_cache("nnlib")) / source.name
    failures: list[str] = []
    for mirror in source.mirrors:
        try:
            # pooch writes to a temporary file and moves it only if the checksum fits.
            got = pooch.retrieve(
                url=mirror + name,
                known_hash=source.checksums[name],
                fname=name,
                path=folder,
                downloader=pooch.HTTPDownloader(timeout=TIMEOUT),
            )
            return Path(got)
        except (OSError, ValueError) as error:  # no network, no such page, or another file than promised
            failures.append(f"{mirror + name}: {str(error).splitlines()[0]}")
    msg = f"Could not fetch {name} of {source.name} ({'; '.join(failures)})."
    msg += f" Go online once, or put the file into {folder} by hand; nnlib.load_digits() needs no network."
    raise ConnectionError(msg)


def _pooch() -> Any:
    try:
        return import_module("pooch")
    except ImportError as error:
        msg = "Fetching data sets needs pooch. Install it with: pip install 'nnlib[datasets]'"
        raise ImportError(msg) from error
