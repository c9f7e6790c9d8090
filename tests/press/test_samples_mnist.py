"""The sample digits: MNIST's format, as many of each, and learnable."""

import gzip

import numpy as np
import pytest

from press.samples import mnist


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    mnist.write(folder, num_train=200, num_test=100)
    return folder / "mnist"


@pytest.fixture(scope="module")
def digits():
    seed = 2 * 1998
    return mnist.draw(mnist.NUM_TRAIN, seed), mnist.draw(mnist.NUM_TEST, seed + 1)


def test_files_are_named_and_laid_out_as_mnist_is(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
    ]
    for part, count, offset in (("train", 200, 0), ("t10k", 100, 1)):
        data = gzip.decompress((folder / f"{part}-images-idx3-ubyte.gz").read_bytes())
        images, labels = mnist.draw(count, 2 * 1998 + offset)
        assert data[:4] == bytes([0, 0, 8, 3])  # unsigned bytes, three axes
        assert np.frombuffer(data, ">i4", 3, 4).tolist() == [count, 28, 28]
        assert data[16:] == images.tobytes()
        data = gzip.decompress((folder / f"{part}-labels-idx1-ubyte.gz").read_bytes())
        assert data[:4] == bytes([0, 0, 8, 1])
        assert int.from_bytes(data[4:8], "big") == count
        assert data[8:] == labels.tobytes()


def test_the_same_seed_draws_the_same_digits():
    first, again, other = (mnist.draw(50, seed) for seed in (3, 3, 4))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert (first[0] != other[0]).any()


def test_as_many_of_each_mixed_and_various(digits):
    for images, labels in digits:
        assert images.shape == (len(labels), 28, 28) and images.dtype == np.uint8
        assert labels.dtype == np.uint8
        assert (np.bincount(labels, minlength=10) == len(labels) // 10).all()
        assert (np.diff(labels.astype(int)) != 0).mean() > 0.8
        assert len({image.tobytes() for image in images}) == len(images)


def test_light_strokes_on_a_dark_ground_away_from_the_margin(digits):
    for images, _ in digits:
        assert (images.max(axis=(1, 2)) > 200).all()
        assert 0.05 < (images > 127).mean() < 0.3
        margin = images[:, [0, -1], :].mean(), images[:, :, [0, -1]].mean()
        assert max(margin) < 5


def test_no_digit_is_in_both_sets(digits):
    (train, _), (test, _) = digits
    assert not {x.tobytes() for x in train} & {x.tobytes() for x in test}


def test_simple_model_learns_and_a_better_one_learns_more(digits):
    """The nearest mean image of a class < the three nearest neighbours' vote."""
    (X, y), (A, b) = digits
    X, A = X.reshape(-1, 784) / 255, A.reshape(-1, 784) / 255
    means = np.stack([X[y == k].mean(axis=0) for k in range(10)])
    by_mean = ((means**2).sum(1) - 2 * A @ means.T).argmin(1)
    nearest = ((X**2).sum(1) - 2 * A @ X.T).argsort(1)[:, :3]
    by_vote = np.array([np.bincount(votes).argmax() for votes in y[nearest]])
    scores = [(guess == b).mean() for guess in (by_mean, by_vote)]
    assert 0.8 < scores[0] < scores[1]
    assert scores[1] > 0.95
