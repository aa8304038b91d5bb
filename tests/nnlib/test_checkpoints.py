"""nnlib.checkpoints: whole or refused, never half."""

import numpy as np
import pytest

import nnlib


def make(seed=0, width=8, optimizer=nnlib.Adam):
    rng = np.random.default_rng(seed)
    return nnlib.build_network([3, width, 2], rng, batchnorm=True), optimizer(0.1), rng


@pytest.fixture
def saved(tmp_path, rng):
    network, optimizer, generator = make()
    for _ in range(3):
        network.loss_and_grad(rng.normal(size=(6, 3)), np.array([0, 1, 1, 0, 1, 0]))
        optimizer.step(network.theta, network.grad)
    path = tmp_path / "model.npz"
    nnlib.save_checkpoint(path, network, optimizer, generator, extra={"epoch": 3}, arrays={"best": np.arange(3)})
    return path, network, optimizer, generator


def test_round_trip(saved):
    """Parameters, running averages, optimizer, generator and extras come back bit for bit."""
    path, network, optimizer, rng = saved
    other, other_optimizer, other_rng = make(seed=5)
    extra, arrays = nnlib.load_checkpoint(path, other, other_optimizer, other_rng)
    assert np.array_equal(other.theta, network.theta)
    assert all(np.array_equal(other.buffers[name], value) for name, value in network.buffers.items())
    assert other_optimizer.t == optimizer.t == 3
    assert np.array_equal(other_optimizer.state()["m"], optimizer.state()["m"])
    assert other_rng.random() == rng.random()
    assert extra == {"epoch": 3}
    assert arrays["best"].tolist() == [0, 1, 2]


def test_a_network_alone_can_be_saved(tmp_path):
    """Optimizer and generator are optional on both sides."""
    network, _, _ = make()
    nnlib.save_checkpoint(tmp_path / "model.npz", network)
    other, _, _ = make(seed=5)
    nnlib.load_checkpoint(tmp_path / "model.npz", other)
    assert np.array_equal(other.theta, network.theta)


def test_it_holds_no_pickle(saved):
    """NumPy reads every member with pickle switched off."""
    with np.load(saved[0], allow_pickle=False) as archive:
        assert all(archive[name].dtype.kind in "fiu" for name in archive.files)


def refused(path, words):
    network, optimizer, rng = make(seed=5)
    before = network.theta.copy(), optimizer.t, rng.bit_generator.state, network.buffers["1.var"].copy()
    with pytest.raises(ValueError, match=words) as error:
        nnlib.load_checkpoint(path, network, optimizer, rng)
    assert str(path) in str(error.value)
    assert np.array_equal(network.theta, before[0])
    assert (optimizer.t, rng.bit_generator.state) == before[1:3]
    assert np.array_equal(network.buffers["1.var"], before[3])


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.999])
def test_a_truncated_file_is_refused_by_name(saved, share):
    """Cut anywhere, the file is named and nothing is changed."""
    path = saved[0]
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    refused(path, "is not a whole checkpoint")


def test_flipped_bytes_are_refused_by_name(saved):
    """One wrong byte in the numbers breaks a checksum, wherever it is."""
    path = saved[0]
    content = path.read_bytes()
    with np.load(path) as archive:
        needle = archive["theta"].tobytes()[:16]
    at = content.index(needle)
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    refused(path, "is not a whole checkpoint")


def test_foreign_files_are_refused_by_name(saved, tmp_path):
    """Text, another archive, a pickle and a missing file are told apart from a checkpoint."""
    text = tmp_path / "text.npz"
    text.write_text("not an archive")
    refused(text, "is not a whole checkpoint")
    other = tmp_path / "other.npz"
    np.savez(other, theta=np.ones(3))
    refused(other, "is not a whole checkpoint .KeyError")
    single = tmp_path / "single.npy"
    np.save(single, np.ones(3))
    refused(single, "is not a whole checkpoint")
    with pytest.raises(FileNotFoundError):
        nnlib.load_checkpoint(tmp_path / "missing.npz", make()[0])


def test_other_networks_optimizers_and_generators_are_refused(saved):
    """A checkpoint only fits what it was saved from."""
    path = saved[0]
    with pytest.raises(ValueError, match="must hold the state of this network"):
        nnlib.load_checkpoint(path, make(width=9)[0])
    with pytest.raises(ValueError, match="this optimizer, RMSProp, but holds Adam"):
        nnlib.load_checkpoint(path, make()[0], nnlib.RMSProp(0.1))
    with pytest.raises(ValueError, match="this bit generator, MT19937, but holds PCG64"):
        nnlib.load_checkpoint(path, make()[0], None, np.random.Generator(np.random.MT19937(0)))


def test_a_failed_save_leaves_the_old_file_and_no_rubbish(saved):
    """What JSON cannot hold stops the save; the checkpoint before it stays readable."""
    path, network, optimizer, rng = saved
    before = path.read_bytes()
    with pytest.raises(TypeError, match="plain data for JSON, got object"):
        nnlib.save_checkpoint(path, network, optimizer, rng, extra={"odd": object()})
    with pytest.raises(OSError, match="No such file"):
        nnlib.save_checkpoint(path.parent / "nowhere" / "model.npz", network)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_fit_refuses_a_damaged_checkpoint_and_leaves_it(saved, rng):
    """Training does not start over a damaged file, and the file is kept for whoever wants to mend it."""
    path = saved[0]
    path.write_bytes(path.read_bytes()[:200])
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"model\.npz is not a whole checkpoint"):
        nnlib.fit(make()[0], np.ones((4, 3)), np.array([0, 1, 0, 1]), rng=rng, watch=nnlib.Watch(checkpoint=path))
    assert path.read_bytes() == before


def test_fit_refuses_another_batch_size(tmp_path, rng):
    """The steps of an epoch would not line up."""
    X, y, path = np.ones((4, 3)), np.array([0, 1, 0, 1]), tmp_path / "run.npz"
    nnlib.fit(make()[0], X, y, rng=rng, epochs=1, batch_size=2, watch=nnlib.Watch(checkpoint=path))
    with pytest.raises(ValueError, match="was saved with batch_size 2, got 4"):
        nnlib.fit(make()[0], X, y, rng=rng, epochs=2, batch_size=4, watch=nnlib.Watch(checkpoint=path))
