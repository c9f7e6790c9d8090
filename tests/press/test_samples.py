"""The sample hub: the same bytes everywhere, and pictures that can be learned."""

import gzip
import hashlib
import multiprocessing
import os
import time
from pathlib import Path

import numpy as np
import pytest

from press import samples
from press.samples import _tools, fashion_mnist

GOLDEN = Path(samples.__file__).parent / "SHA1SUMS"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    start = time.process_time()
    samples.build(folder)
    assert time.process_time() - start < 30
    return folder


def sums(folder):
    rows = (line.split("  ") for line in (folder / "SHA1SUMS").read_text().splitlines())
    return {name: digest for digest, name in rows}


def test_bytes_are_those_of_every_other_machine(hub):
    """If a drawing was changed on purpose: cp _build/samples/SHA1SUMS press/samples/"""
    assert (hub / "SHA1SUMS").read_text() == GOLDEN.read_text()


def test_sums_are_true(hub):
    for name, digest in sums(hub).items():
        assert hashlib.sha1((hub / name).read_bytes()).hexdigest() == digest
    assert not list(hub.glob(".writing*"))


def test_second_build_writes_nothing(hub):
    before = {name: (hub / name).stat().st_mtime_ns for name in sums(hub)}
    lines = []
    paths = samples.build(hub, say=lines.append)
    assert paths == [hub / name for name in sorted(before)]
    assert {name: (hub / name).stat().st_mtime_ns for name in before} == before
    assert all(line.endswith("up to date") for line in lines)


def test_damaged_or_missing_files_are_written_again(tmp_path, monkeypatch):
    monkeypatch.setattr(fashion_mnist, "NUM_TRAIN", 100)
    write = fashion_mnist.write
    monkeypatch.setattr(fashion_mnist, "write", lambda folder: write(folder, 50, 20))
    paths = samples.build(tmp_path)
    listed = (tmp_path / "SHA1SUMS").read_text()
    paths[0].write_bytes(b"damaged")
    paths[1].unlink()
    samples.build(tmp_path)
    assert (tmp_path / "SHA1SUMS").read_text() == listed
    assert all(
        hashlib.sha1(p.read_bytes()).hexdigest() == d
        for p, d in zip(paths, sums(tmp_path).values(), strict=True)
    )


def test_changed_code_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(
        fashion_mnist, "write", lambda folder: (folder / "x").write_bytes(b"x")
    )
    samples.build(tmp_path, only=["fashion_mnist"])
    lines = []
    monkeypatch.setattr(samples, "_key", lambda name: "other code")
    samples.build(tmp_path, only=["fashion_mnist"], say=lines.append)
    assert lines == ["fashion_mnist: 1 files"]


def test_unknown_data_set(tmp_path):
    with pytest.raises(ValueError, match="no sample data set 'fasion'.*fashion_mnist"):
        samples.build(tmp_path, only=["fasion"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_two_builds_at_once(tmp_path):
    context = multiprocessing.get_context("fork")
    running = [context.Process(target=samples.build, args=[tmp_path]) for _ in range(2)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    assert (tmp_path / "SHA1SUMS").read_text() == GOLDEN.read_text()


# --- what the files are built of ------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 65534, 65535, 65536, 200_000])
def test_gzip_without_compression_is_gzip(size):
    data = np.random.PCG64(1).random_raw(size // 8 + 1).tobytes()[:size]
    assert gzip.decompress(_tools.gzip_bytes(data)) == data


def test_random_numbers_are_what_they_say():
    rng = _tools.Random(7)
    uniform = rng.uniform((20_000,), -2, 3)
    assert -2 <= uniform.min() and uniform.max() < 3
    assert abs(uniform.mean() - 0.5) < 0.05
    bell = rng.bell((20_000,), 1, 2)
    assert abs(bell.mean() - 1) < 0.06 and abs(bell.std() - 2) < 0.06
    assert set(rng.integers((1000,), 2, 5).tolist()) == {2, 3, 4}
    assert sorted(rng.permutation(100).tolist()) == list(range(100))
    again = _tools.Random(7).uniform((20_000,), -2, 3)
    assert (again == uniform).all()
    assert _tools.Random(0).uniform((1,))[0] == 0.6369616873214543


# --- the garments ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def garments():
    return fashion_mnist.draw(2000, 11), fashion_mnist.draw(1000, 12)


def test_balanced_mixed_and_various(garments):
    for images, labels in garments:
        assert images.shape == (len(labels), 28, 28) and images.dtype == np.uint8
        assert (np.bincount(labels) == len(labels) // 10).all()
        assert len({image.tobytes() for image in images}) == len(images)
        assert (np.diff(labels.astype(int)) != 0).mean() > 0.8
        assert (images.reshape(len(images), -1).max(axis=1) > 40).all()
        assert images[:, :, [0, -1]].mean() < 25  # garments keep off the margin


def test_no_picture_is_in_both_sets(garments):
    (train, _), (test, _) = garments
    assert not {x.tobytes() for x in train} & {x.tobytes() for x in test}


def test_simple_model_learns_and_a_better_one_learns_more(garments):
    """The mean image of each class < a linear fit < five nearest neighbours' votes."""
    (X, y), (A, b) = garments
    X, A = X.reshape(-1, 784) / 255, A.reshape(-1, 784) / 255

    means = np.stack([X[y == k].mean(axis=0) for k in range(10)])
    by_mean = ((means**2).sum(1) - 2 * A @ means.T).argmin(1)

    ones = np.ones((len(X), 1)), np.ones((len(A), 1))
    design = np.hstack([X, ones[0]])
    ridge = design.T @ design + 20 * np.eye(785)
    linear = np.linalg.solve(ridge, design.T @ np.eye(10)[y])
    by_line = (np.hstack([A, ones[1]]) @ linear).argmax(1)

    scores = [(guess == b).mean() for guess in (by_mean, by_line)]
    assert 0.5 < scores[0] < 0.8
    assert max(0.75, scores[0]) < scores[1] < 0.9
    # What is hard is what is hard in the real data set.
    wrong = by_line != b
    assert wrong[b == 6].mean() > 2 * wrong[b == 1].mean()
