"""How accurate are softmax regression, an MLP, LeNet and a ResNet on a hub's data?

    D2L_HUB=file:///path/to/hub python benchmarks/real_subset.py

Trains each from scratch with several seeds on the Fashion-MNIST of the hub that D2L_HUB
names (the public one when it is unset) and tables the accuracy on its test set. LeNet
has ReLU and max pooling; the ResNet is ResNet-18 with a quarter of its channels. Images
are standardised by the numbers of the training set. The learning rate and the number of
epochs are the book's, one for all, not chosen by test accuracy. Batches of 256 are the
book's too; they make few steps in a small subset, and having seen how far the first two
fall short there, we added a second table with batches of 16.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from d2l import mxnet as d2l  # noqa: E402

autograd, gluon, init, nn, np = d2l.autograd, d2l.gluon, d2l.init, d2l.nn, d2l.np


def dense(*layers):
    net = nn.HybridSequential()
    net.add(*layers)
    return net


NETWORKS = {
    "softmax regression": lambda: dense(nn.Dense(10)),
    "MLP 256": lambda: dense(nn.Dense(256, activation="relu"), nn.Dense(10)),
    "LeNet": lambda: d2l.lenet("relu", nn.MaxPool2D),
    "ResNet-18, 1/4": lambda: d2l.resnet(ratio=4),
}


def train(make_net, data, seed, epochs, lr, batch_size):
    """Train one network: (loss of the last epoch, train and test accuracy)."""
    d2l.set_seed(seed)
    (images, labels), test = data
    numbers = images.mean() / 255, images.std() / 255
    train_iter = d2l.StandardizedImages(
        *numbers, images, labels, batch_size, shuffle=True
    )
    test_iter = d2l.StandardizedImages(*numbers, *test, 1000)
    net = make_net()
    net.initialize(init.Xavier())
    net.hybridize()
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": lr})
    for _ in range(epochs):
        total = np.zeros(())
        for X, y in train_iter:
            with autograd.record():
                l = loss(net(X), y)  # noqa: E741
            l.backward()
            trainer.step(len(y))
            total += l.sum()
    return (
        float(total) / len(labels),
        d2l.evaluate_accuracy_gpu(net, train_iter),
        d2l.evaluate_accuracy_gpu(net, test_iter),
    )


def compare(data, batch_size, options):
    """Train each network with every seed and print what came of it."""
    print(
        f"\n{options.epochs} epochs, batches of {batch_size}, lr {options.lr}, "
        f"{options.seeds} seeds (mean ± standard deviation)\n"
        f"{'':20}{'loss':>16}{'train accuracy':>18}{'test accuracy':>18}{'s/run':>8}"
    )
    for name, make_net in NETWORKS.items():
        start = time.perf_counter()
        runs = [
            train(make_net, data, seed, options.epochs, options.lr, batch_size)
            for seed in range(options.seeds)
        ]
        seconds = (time.perf_counter() - start) / options.seeds
        loss, *accuracies = (
            f"{statistics.mean(column):.3f} ± {statistics.pstdev(column):.3f}"
            for column in zip(*runs, strict=True)
        )
        print(f"{name:20}{loss:>16}", *(f"{a:>17}" for a in accuracies), end="")
        print(f"{seconds:8.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[256, 16])
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        if os.environ.get("D2L_HUB"):
            os.environ["D2L_DATA"] = folder
        data = d2l.read_fashion_mnist(), d2l.read_fashion_mnist(is_train=False)
    sizes = len(data[0][1]), len(data[1][1])
    print(f"hub: {os.environ.get('D2L_HUB') or 'public'}")
    print(f"{sizes[0]} training and {sizes[1]} test images; guessing is right in 10 %")
    for batch_size in options.batch_sizes:
        compare(data, batch_size, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
