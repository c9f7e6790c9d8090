"""The names that Section 7.4 saves: the Inception block and GoogLeNet."""

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, init, np
from mxnet.gluon import nn

CHANNELS = (3, (2, 4), (1, 2), 2)


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def small(shape=(2, 3, 5, 6), **options):
    """An Inception block with random weights and biases, and an input."""
    block = d2l.Inception(*CHANNELS, **options)
    block.initialize(init.Normal(0.4))
    X = np.random.normal(0, 1, shape)
    block(X)
    for parameter in block.collect_params(".*bias").values():
        parameter.set_data(np.random.normal(0, 0.3, parameter.shape))
    return block, X


def numbers(parameter):
    return parameter.data().asnumpy().astype("float64")


def conv(X, layer):
    """A convolution that keeps the size, with ReLU, from the definition."""
    W, b = numbers(layer.weight), numbers(layer.bias)
    k = W.shape[2]
    n, _, h, w = X.shape
    padded = onp.pad(X, [(0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)])
    Y = onp.zeros((n, len(W), h, w))
    for i, j in onp.ndindex(h, w):
        Y[:, :, i, j] = onp.tensordot(
            padded[:, :, i : i + k, j : j + k], W, ([1, 2, 3],) * 2
        )
    return onp.maximum(Y + b[:, None, None], 0)


def pool(X):
    """3×3 max pooling with stride 1 in which the padding never wins."""
    Y = onp.empty_like(X)
    for i, j in onp.ndindex(*X.shape[2:]):
        rows, columns = slice(max(i - 1, 0), i + 2), slice(max(j - 1, 0), j + 2)
        Y[:, :, i, j] = X[:, :, rows, columns].max(axis=(2, 3))
    return Y


def plainly(block, X):
    X = X.asnumpy().astype("float64")
    return onp.concatenate(
        [
            conv(X, block.p1),
            conv(conv(X, block.p2_1), block.p2_2),
            conv(conv(X, block.p3_1), block.p3_2),
            conv(pool(X), block.p4_2),
        ],
        axis=1,
    )


@pytest.mark.parametrize("hybrid", [False, True])
@pytest.mark.parametrize("train", [False, True])
@pytest.mark.parametrize("shape", [(2, 3, 5, 6), (1, 1, 1, 1), (3, 2, 4, 2)])
def test_block_is_what_numpy_computes(shape, train, hybrid):
    block, X = small(shape)
    if hybrid:
        block.hybridize()
    X = X - 2  # mostly negative: padding with zeros would win the pooling
    with autograd.record(train_mode=train):
        Y = block(X)
    assert Y.shape == (shape[0], 3 + 4 + 2 + 2, *shape[2:])
    assert onp.allclose(Y.asnumpy(), plainly(block, X), atol=1e-4)


def gradients(block, X, G):
    """By the input and by each parameter, recorded in training mode."""
    X.attach_grad()
    with autograd.record():
        total = (block(X) * G).sum()
    total.backward()
    return [X.grad.asnumpy()] + [
        p.grad().asnumpy() for p in block.collect_params().values()
    ]


@pytest.mark.parametrize("hybrid", [False, True])
def test_gradients_are_finite_differences(hybrid):
    block, X = small((2, 3, 4, 5))
    if hybrid:
        block.hybridize()
    G = np.random.normal(0, 1, (2, 11, 4, 5))
    found = gradients(block, X, G)
    weights = list(block.collect_params().values())
    values = [X.asnumpy()] + [p.data().asnumpy() for p in weights]
    weight_of = G.asnumpy().astype("float64")

    def total():
        return (plainly(block, np.array(values[0])) * weight_of).sum()

    eps, checked = 1e-3, 0
    for k, (value, gradient) in enumerate(zip(values, found, strict=True)):
        for index in list(onp.ndindex(value.shape))[::9]:
            sums = []
            for sign in (1, -1):
                old = value[index]
                value[index] += sign * eps
                if k:
                    weights[k - 1].set_data(np.array(value))
                sums.append(total())
                value[index] = old
            if k:
                weights[k - 1].set_data(np.array(value))
            slope = (sums[0] - sums[1]) / (2 * eps)
            # a kink of a ReLU or of the pooling within eps is rare and allowed
            checked += abs(slope - gradient[index]) < 0.02 * (1 + abs(slope))
            assert abs(slope - gradient[index]) < 1
    entries = sum(len(list(onp.ndindex(v.shape))[::9]) for v in values)
    assert checked > 0.97 * entries


def test_pooling_path_sends_gradients_to_the_maxima():
    block, X = small((1, 1, 4, 4))
    for path in (block.p1, block.p2_2, block.p3_2):  # only the fourth counts
        path.weight.set_data(np.zeros(path.weight.shape))
    block.p4_2.weight.set_data(np.ones((2, 1, 1, 1)))
    block.p4_2.bias.set_data(np.zeros(2))
    X = np.arange(1, 17, dtype="float32").reshape(1, 1, 4, 4)
    gradient = gradients(block, X, np.ones((1, 11, 4, 4)))[0][0, 0]
    # the maximum of a window is its lower right corner: rows 1, 2, 3 and 3 again
    hits = onp.array([0, 1, 1, 2])
    assert onp.allclose(gradient, 2 * onp.outer(hits, hits))


def test_conv_makes_every_convolution():
    made = []

    def conv(*args, **kwargs):
        made.append(nn.Conv2D(*args, **kwargs))
        return made[-1]

    small(conv=conv)
    assert [layer.weight.shape[0] for layer in made] == [3, 2, 4, 1, 2, 2]
    made.clear()
    d2l.googlenet(conv=conv)
    assert len(made) == 3 + 9 * 6


def test_googlenet_has_the_known_size_and_shapes():
    net = d2l.googlenet()
    net.initialize(init.Zero())
    layers = d2l.summarize(net, (1, 96, 96))
    assert sum(layer.num_params for layer in layers) == 5_977_530
    assert len(layers) == 2 + 3 + 9 * 7 + 2 + 1 + 1
    X, shapes = np.zeros((1, 1, 96, 96)), []
    for module in net:
        X = module(X)
        shapes.append(X.shape[1:])
    assert shapes == [
        (64, 24, 24),
        (192, 12, 12),
        (480, 6, 6),
        (832, 3, 3),
        (1024, 1, 1),
        (10,),
    ]


@pytest.mark.parametrize("ratio", [1, 2, 16])
def test_ratio_divides_all_channels(ratio):
    net = d2l.googlenet(num_classes=7, ratio=ratio)
    net.initialize()
    assert net(np.zeros((2, 3, 32, 32))).shape == (2, 7)
    widths = [p.shape[0] for p in net.collect_params(".*conv.*weight").values()]
    net = d2l.googlenet()
    net.initialize()
    net(np.zeros((1, 1, 32, 32)))
    whole = [p.shape[0] for p in net.collect_params(".*conv.*weight").values()]
    assert widths == [n // ratio for n in whole]


@pytest.mark.parametrize("ratio", [0, 17, -1])
def test_googlenet_refuses_a_ratio_that_leaves_no_channels(ratio):
    with pytest.raises(ValueError, match=str(ratio)):
        d2l.googlenet(ratio=ratio)


@pytest.mark.parametrize("side", [1, 28, 33])
def test_hybridized_network_computes_the_same(side):
    net = d2l.googlenet(ratio=16)
    net.initialize(init.Xavier("gaussian", "in", 2))
    X = np.random.normal(0, 1, (2, 1, side, side))
    before = net(X)
    net.hybridize()
    assert abs(before).max() > 1e-5
    assert abs(net(X) - before).max() < 1e-4 * abs(before).max()


def test_block_can_be_exchanged():
    class Narrow(d2l.Inception):
        pass

    net = d2l.googlenet(ratio=8, block=Narrow)
    blocks = [child for module in list(net)[2:5] for child in module]
    assert sum(isinstance(child, Narrow) for child in blocks) == 9
