"""How long does one epoch of LeNet take? Ours against the plain way.

    python benchmarks/lenet_epoch.py [--images 60000] [--passes 2]

Both train LeNet with ReLU and max pooling for one epoch on the same images of the hub
that D2L_HUB names, repeated to 60,000 where it has fewer, in the same batches of 256 in
the same order, from the same weights; so both must end with the same loss, and this is
checked. The images are standardised, as in the section. Ours is `train_on` with a
hybridized network over `StandardizedImages`. The plain way is Gluon's DataLoader over a
data set whose items are transformed one by one (to a tensor, then standardised), with 0
and with 4 worker processes, a network that is not hybridized, and loss and accuracy
read back after every batch. Starting the workers is not counted. The best of the passes
counts, and processor seconds (workers included) are told beside seconds of the clock,
because only they mean something on a busy machine. The exit status is 1 when ours is
not at least 1.5 times as fast by the clock as the faster of the plain ways.
"""

import argparse
import contextlib
import io
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as onp  # noqa: E402
import psutil  # noqa: E402
from d2l import mxnet as d2l  # noqa: E402

autograd, gluon, nn, np, npx = d2l.autograd, d2l.gluon, d2l.nn, d2l.np, d2l.npx

BATCH, RATE, SEED, AT_LEAST = 256, 0.1, 0, 1.5


def lenet():
    net = d2l.lenet("relu", nn.MaxPool2D)
    d2l.set_seed(SEED)  # the same weights for all
    net.initialize(d2l.init.Xavier())
    with autograd.predict_mode():  # so that all shapes are known
        net(np.zeros((1, 1, 28, 28))).wait_to_read()
    return net


def trainer_of(net):
    return gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": RATE})


def mean_and_std(images):
    return images.mean() / 255, images.std() / 255


def ours(images, labels):
    """Prepare an epoch our way: a function that trains and returns (loss, acc)."""
    net = lenet()
    net.hybridize()
    trainer = trainer_of(net)
    train_iter = d2l.StandardizedImages(
        *mean_and_std(images), images, labels, BATCH, shuffle=True
    )
    one_image = d2l.ImageBatches(images[:1], labels[:1], 1)

    def epoch():
        d2l.set_seed(SEED)  # the order of the batches
        with contextlib.redirect_stdout(io.StringIO()):
            ((loss, accuracy, _),) = d2l.train_on(
                net, train_iter, one_image, 1, trainer
            )
        return loss, accuracy

    return epoch


def plain(images, labels, workers):
    """Prepare an epoch the plain way, likewise."""
    net, loss = lenet(), gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = trainer_of(net)
    transforms = gluon.data.vision.transforms
    dataset = gluon.data.ArrayDataset(
        np.array(images[..., None], dtype="uint8"), labels.astype("int32")
    ).transform_first(
        transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize(*mean_and_std(images))]
        )
    )
    d2l.set_seed(SEED)
    order = onp.random.permutation(len(labels))  # as ImageBatches draws it
    loader = gluon.data.DataLoader(
        dataset, BATCH, sampler=order.tolist(), num_workers=workers
    )

    def epoch():
        total, right, seen = 0.0, 0.0, 0
        for X, y in loader:
            with autograd.record():
                y_hat = net(X)
                losses = loss(y_hat, y)
            losses.backward()
            trainer.step(len(y))
            total += float(losses.sum())
            right += d2l.accuracy(y_hat, y)
            seen += len(y)
        return total / seen, right / seen

    return epoch


def processor_seconds():
    """Seconds of processor time of this process and its living children."""
    me = psutil.Process()
    times = [p.cpu_times() for p in [me, *me.children(recursive=True)]]
    return sum(t.user + t.system for t in times)


def measure(prepare):
    """Run one epoch: (seconds, processor seconds, loss, accuracy)."""
    epoch = prepare()
    npx.waitall()
    busy, start = processor_seconds(), time.perf_counter()
    loss, accuracy = epoch()
    npx.waitall()
    seconds = time.perf_counter() - start
    return seconds, processor_seconds() - busy, loss, accuracy


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=60_000)
    parser.add_argument("--passes", type=int, default=2)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("D2L_DATA", folder)
        images, labels = d2l.read_fashion_mnist()
    rows = onp.arange(options.images) % len(labels)
    images, labels = images[rows], labels[rows]
    print(
        f"one epoch of LeNet on {options.images:,} images in batches of {BATCH}, "
        f"best of {options.passes}; {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}\n",
        flush=True,
    )

    ways = {
        "train_on, our loader": lambda: ours(images, labels),
        "plain, workers: 0": lambda: plain(images, labels, 0),
        "plain, workers: 4": lambda: plain(images, labels, 4),
    }
    best = {}
    for _ in range(options.passes):  # in turns, so that all meet the same machine
        for name, prepare in ways.items():
            result = measure(prepare)
            if name not in best or result < best[name]:
                best[name] = result

    first, *others = best.values()
    print(
        f"{'':26}{'s':>8}{'images/s':>11}{'times':>7}{'cpu s':>9}{'times':>7}", end=""
    )
    print(f"{'loss':>10}{'accuracy':>10}")
    for name, (seconds, busy, loss, accuracy) in best.items():
        print(
            f"{name:26}{seconds:8.2f}{options.images / seconds:11,.0f}"
            f"{seconds / first[0]:7.2f}{busy:9.2f}{busy / first[1]:7.2f}"
            f"{loss:10.5f}{accuracy:10.5f}"
        )
    for other in others:
        assert abs(other[2] - first[2]) < 1e-3 * first[2], "another loss"
        assert abs(other[3] - first[3]) < 1e-3, "another accuracy"

    faster = min(other[0] for other in others) / first[0]
    good = faster >= AT_LEAST
    print(
        f"\n{'met' if good else 'NOT MET'}: {faster:.2f} times as fast as the faster "
        f"plain way (at least {AT_LEAST})"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
