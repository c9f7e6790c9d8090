"""Fashion-MNIST through the hub: the IDX reader, the batches, the real files."""

import gzip
import struct
from pathlib import Path

import numpy
import pytest
from d2l import mxnet as d2l
from mxnet import gluon, np
from mxnet.gluon.data.vision import transforms


@pytest.fixture(scope="module")
def pictures():
    draw = pytest.importorskip("press.samples.fashion_mnist").draw
    return draw(500, seed=1)


# --- the format -----------------------------------------------------------------------


def idx(path, header, body):
    with gzip.open(path, "wb") as f:
        f.write(header + body)
    return path


def test_reads_what_the_header_says(tmp_path):
    header = struct.pack(">HBB3I", 0, 8, 3, 2, 3, 4)
    array = d2l.read_idx(idx(tmp_path / "x.gz", header, bytes(range(24))))
    assert array.shape == (2, 3, 4) and array.dtype == numpy.uint8
    assert array[1, 2, 3] == 23


@pytest.mark.parametrize(
    "header, body, words",
    [
        (struct.pack(">HBB1I", 0, 8, 1, 5), b"four", "should hold 5"),
        (struct.pack(">HBB1I", 0, 8, 1, 3), b"four", "should hold 3"),
        (struct.pack(">HBB1I", 0, 13, 1, 4), b"four", "not an IDX file"),
        (struct.pack(">HBB1I", 1, 8, 1, 4), b"four", "not an IDX file"),
        (struct.pack(">HBB", 0, 8, 3), b"", "ends within its header"),
        (b"<!DOCTYPE html>", b"", "not an IDX file"),
        (b"", b"", "not an IDX file"),
    ],
)
def test_refuses_what_is_no_idx_file(tmp_path, header, body, words):
    with pytest.raises(ValueError, match=words):
        d2l.read_idx(idx(tmp_path / "x.gz", header, body))


def test_images_and_labels_must_fit(hub, monkeypatch):
    names = dict(d2l.DATA_HUB)
    names["fashion-mnist/train-labels"] = names["fashion-mnist/test-labels"]
    monkeypatch.setattr(d2l, "DATA_HUB", names)
    with pytest.raises(ValueError, match="do not fit"):
        d2l.read_fashion_mnist()


# --- minibatches ----------------------------------------------------------------------


@pytest.mark.parametrize("resize", [None, 28, 40, 20])
def test_same_as_gluon_to_the_last_bit(pictures, resize):
    images, labels = pictures
    steps = [transforms.Resize(resize)] if resize else []
    dataset = gluon.data.ArrayDataset(
        np.array(images[..., None], dtype="uint8"), labels
    )
    theirs = gluon.data.DataLoader(
        dataset.transform_first(transforms.Compose([*steps, transforms.ToTensor()])), 64
    )
    ours = d2l.ImageBatches(images, labels, 64, resize=resize)
    assert len(ours) == len(theirs) == 8
    for (X, y), (A, b) in zip(ours, theirs, strict=True):
        assert X.dtype == numpy.float32 and y.dtype == numpy.int32
        assert X.shape == A.shape and (X == A).all()
        assert (y.asnumpy() == b.asnumpy()).all()


def test_resize_takes_height_and_width(pictures):
    X, _ = next(iter(d2l.ImageBatches(*pictures, 5, resize=(32, 40))))
    assert X.shape == (5, 1, 32, 40)
    assert float(X.min()) >= 0 and float(X.max()) <= 1


def test_each_example_once_in_a_new_order_each_pass(pictures):
    images, _ = pictures
    labels = numpy.arange(500)
    batches = d2l.ImageBatches(images, labels, 64, shuffle=True)

    def one_pass():
        rows = numpy.concatenate([y.asnumpy() for _, y in batches])
        assert sorted(rows) == list(range(500))
        return list(rows)

    d2l.set_seed(3)
    first, second = one_pass(), one_pass()
    d2l.set_seed(3)
    assert first != second and one_pass() == first
    for X, y in batches:
        assert (X[0, 0].asnumpy() * 255 + 0.5).astype(int).tolist() == images[
            int(y[0])
        ].tolist()
        break


def test_last_batch_and_sizes(pictures):
    sizes = [len(y) for _, y in d2l.ImageBatches(*pictures, 300)]
    assert sizes == [300, 200]
    assert [len(y) for _, y in d2l.ImageBatches(*pictures, 999)] == [500]


def test_two_passes_at_once_do_not_disturb_each_other(pictures):
    batches = d2l.ImageBatches(*pictures, 100)
    for (_, a), (_, b) in zip(batches, batches, strict=True):
        assert (a == b).all()


def test_wrong_arguments_are_named(pictures):
    images, labels = pictures
    with pytest.raises(ValueError, match="500 images, 10 labels"):
        d2l.ImageBatches(images, labels[:10], 5)
    with pytest.raises(ValueError, match="batch_size"):
        d2l.ImageBatches(images, labels, 0)


def test_load_data_fashion_mnist(hub):
    train_iter, test_iter = d2l.load_data_fashion_mnist(256, resize=32)
    assert (len(train_iter), len(test_iter)) == (24, 8)
    X, y = next(iter(train_iter))
    assert X.shape == (256, 1, 32, 32) and y.shape == (256,)
    first = [next(iter(test_iter))[1] for _ in range(2)]
    assert (first[0] == first[1]).all()
    assert (next(iter(train_iter))[1] != y).any()


# --- pictures and names ---------------------------------------------------------------


def test_names_of_any_kind_of_label():
    assert d2l.get_fashion_mnist_labels([0, 9]) == ["t-shirt", "ankle boot"]
    assert d2l.get_fashion_mnist_labels(np.array([6])) == ["shirt"]


@pytest.mark.parametrize("kind", [numpy.array, np.array])
@pytest.mark.parametrize("shape", [(5, 6), (5, 6, 1), (1, 5, 6), (5, 6, 3)])
def test_show_images(kind, shape):
    images = [kind(numpy.ones(shape, "float32") * i / 3) for i in range(3)]
    axes = d2l.show_images(images, 2, 2, titles=list("abc"), scale=0.5)
    assert axes.shape == (4,)
    drawn = axes[2].images[0]
    assert drawn.get_array().shape[:2] == (5, 6)
    assert drawn.get_cmap().name == "gray"
    assert [ax.get_title() for ax in axes] == ["a", "b", "c", ""]
    d2l.plt.close("all")


# --- the real data set ----------------------------------------------------------------


def test_real_files_load(real):
    for is_train in (True, False):
        images, labels = d2l.read_fashion_mnist(is_train)
        assert images.shape == (len(labels), 28, 28)
        assert set(labels.tolist()) == set(range(10))
    train_iter, _ = d2l.load_data_fashion_mnist(100)
    X, y = next(iter(train_iter))
    assert X.shape == (100, 1, 28, 28) and 0.2 < float(X.mean()) < 0.4


def test_real_classes_are_those_of_the_sample(real, hub, monkeypatch):
    """The mean image of a sample class is most like that of a related real class.

    Related: upper garments, what is long and narrow, shoes, bags. Sandals, which are
    mostly holes, may look like anything.
    """
    sample, labels = d2l.read_fashion_mnist()
    monkeypatch.setenv("D2L_HUB", real.as_uri())
    monkeypatch.setenv("D2L_DATA", str(Path(d2l.os.environ["D2L_DATA"]) / "real"))
    images, truth = d2l.read_fashion_mnist()

    def means(x, y):
        rows = [x[y == k].mean(axis=0).ravel() for k in range(10)]
        return [(r - r.mean()) / r.std() for r in rows]

    ours, theirs = means(sample, labels), means(images, truth)
    alike = ({0, 2, 4, 6}, {1, 3}, {5, 7, 9}, {8})
    for k in (0, 1, 2, 3, 4, 6, 7, 8, 9):
        nearest = max(range(10), key=lambda j: float((ours[k] * theirs[j]).sum()))
        assert any({k, nearest} <= group for group in alike), (k, nearest)


def test_real_files_are_those_the_hub_lists(real):
    for name in d2l.DATA_HUB:
        if name.startswith("fashion-mnist/"):
            path, sha1, _ = d2l.find_data(name)
            assert d2l.sha1sum(d2l.download(name)) == sha1
            assert path.is_file()
