"""The networks that Section 7.2 saves: VGG and its blocks."""

import math

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, gluon, init, np
from mxnet.base import MXNetError
from mxnet.gluon import nn

ARCH_11 = ((1, 64), (1, 128), (2, 256), (2, 512), (2, 512))
TINY = ((1, 3), (2, 4))


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def ready(net, *shape, bias=True):
    """Initialize net and settle its shapes; with biases that can be felt."""
    net.initialize(init.Xavier())
    net(np.zeros(shape))
    if bias:
        for layer in convolutions(net):
            layer.bias.set_data(np.random.normal(0, 0.1, layer.bias.shape))
    return net


def convolutions(net):
    for layer in net:
        if isinstance(layer, nn.HybridSequential):
            yield from convolutions(layer)
        elif isinstance(layer, nn.Conv2D):
            yield layer


def num_params(net, *shape):
    """Count the parameters from shapes alone, without allocating them."""
    net.infer_shape(np.zeros((1, *shape)))
    return sum(math.prod(p.shape) for p in net.collect_params().values())


def plain_conv(X, weight, bias):
    """A padded 3 x 3 convolution and a ReLU, one element after the other."""
    n, _, height, width = X.shape
    padded = onp.pad(X, ((0, 0), (0, 0), (1, 1), (1, 1)))
    Y = onp.zeros((n, len(weight), height, width))
    for i, j in onp.ndindex(height, width):
        window = padded[:, :, i : i + 3, j : j + 3]
        Y[:, :, i, j] = onp.tensordot(window, weight, ((1, 2, 3), (1, 2, 3))) + bias
    return onp.maximum(Y, 0)


def plain_pool(X):
    n, c, height, width = X.shape
    X = X[:, :, : height // 2 * 2, : width // 2 * 2]
    return X.reshape(n, c, height // 2, 2, width // 2, 2).max(axis=(3, 5))


def plain_block(block, X):
    for conv in convolutions(block):
        X = plain_conv(X, conv.weight.data().asnumpy(), conv.bias.data().asnumpy())
    return plain_pool(X)


# vgg_block


@pytest.mark.parametrize("num_convs", [1, 2, 4])
@pytest.mark.parametrize(("height", "width"), [(2, 2), (8, 6), (7, 9), (3, 2)])
@pytest.mark.parametrize("hybridize", [False, True])
@pytest.mark.parametrize("mode", [autograd.predict_mode, autograd.train_mode])
def test_block_is_what_numpy_computes(num_convs, height, width, hybridize, mode):
    block = ready(d2l.vgg_block(num_convs, 5), 1, 3, height, width)
    if hybridize:
        block.hybridize()
    X = np.random.normal(size=(2, 3, height, width))
    with mode():
        Y = block(X)
    assert Y.shape == (2, 5, height // 2, width // 2)
    assert len(list(convolutions(block))) == num_convs
    assert onp.allclose(Y.asnumpy(), plain_block(block, X.asnumpy()), atol=1e-5)
    assert abs(Y).max() > 0.1


def test_gradients_of_a_block_are_finite_differences():
    block = ready(d2l.vgg_block(2, 3), 1, 2, 4, 6)
    X = np.random.normal(size=(1, 2, 4, 6))
    upstream = np.random.normal(size=(1, 3, 2, 3))
    X.attach_grad()
    with autograd.record():
        loss = (block(X) * upstream).sum()
    loss.backward()

    def plain(convs, x):
        for weight, bias in convs:
            x = plain_conv(x, weight, bias)
        return (plain_pool(x) * upstream.asnumpy()).sum()

    convs = [
        [p.data().asnumpy().astype("float64") for p in (c.weight, c.bias)]
        for c in convolutions(block)
    ]
    x = X.asnumpy().astype("float64")
    grads = [[c.weight.grad(), c.bias.grad()] for c in convolutions(block)]
    arrays = [x, *convs[0], *convs[1]]
    step = 1e-5
    for array, grad in zip(arrays, [X.grad, *grads[0], *grads[1]], strict=True):
        assert abs(grad).max() > 0
        for index in onp.ndindex(array.shape):
            kept = array[index]
            array[index] = kept + step
            above = plain(convs, x)
            array[index] = kept - step
            below = plain(convs, x)
            array[index] = kept
            assert abs((above - below) / (2 * step) - float(grad[index])) < 1e-3


@pytest.mark.parametrize(("num_convs", "channels"), [(0, 4), (-1, 4), (2, 0)])
def test_block_must_not_be_empty(num_convs, channels):
    with pytest.raises(ValueError, match="a convolution and a channel"):
        d2l.vgg_block(num_convs, channels)


# vgg


def test_vgg_is_its_blocks_and_its_dense_layers():
    net = ready(d2l.vgg(TINY, num_classes=3, hidden=6), 1, 2, 9, 8)
    X = np.random.normal(size=(2, 2, 9, 8))
    H = X.asnumpy()
    for block in net[:2]:
        H = plain_block(block, H)
    H = H.reshape(2, -1)
    assert H.shape == (2, 4 * 2 * 2)
    for i, layer in enumerate(layer for layer in net if isinstance(layer, nn.Dense)):
        H = H @ layer.weight.data().asnumpy().T + layer.bias.data().asnumpy()
        H = onp.maximum(H, 0) if i < 2 else H
    plain = net(X).asnumpy()
    assert onp.allclose(plain, H, atol=1e-5)
    net.hybridize()
    assert onp.allclose(net(X).asnumpy(), plain, atol=1e-5)


def test_vgg_drops_half_of_the_hidden_units_in_training_only():
    net = ready(d2l.vgg(TINY, hidden=400), 1, 1, 8, 8)
    drops = [layer for layer in net if isinstance(layer, nn.Dropout)]
    assert len(drops) == 2
    with autograd.train_mode():
        for drop in drops:
            assert 0.4 < (drop(np.ones((20, 400))) == 0).mean() < 0.6
    X = np.random.normal(size=(1, 1, 8, 8))
    assert (net(X) == net(X)).all()


@pytest.mark.parametrize(
    ("convs", "shape", "classes", "ratio", "expected"),
    [
        ((1, 1, 2, 2, 2), (1, 224, 224), 10, 1, 128_806_154),
        ((1, 1, 2, 2, 2), (1, 224, 224), 10, 4, 43_093_322),
        ((1, 1, 2, 2, 2), (3, 224, 224), 1000, 1, 132_863_336),
        ((2, 2, 2, 2, 2), (3, 224, 224), 1000, 1, 133_047_848),
        ((2, 2, 3, 3, 3), (3, 224, 224), 1000, 1, 138_357_544),
        ((2, 2, 4, 4, 4), (3, 224, 224), 1000, 1, 143_667_240),
    ],
)
def test_parameters_of_the_published_networks(convs, shape, classes, ratio, expected):
    channels = (64, 128, 256, 512, 512)
    arch = [(n, c // ratio) for n, c in zip(convs, channels, strict=True)]
    assert num_params(d2l.vgg(arch, classes), *shape) == expected


def test_shapes_of_vgg_11():
    narrow = [(n, c // 32) for n, c in ARCH_11]
    net = d2l.vgg(narrow, hidden=7)
    net.initialize()
    layers = d2l.summarize(net, (1, 224, 224))
    assert len(layers) == 18
    shapes = [layer.shape[1:] for layer in layers if "Pool" in layer.label]
    assert shapes == [
        (2, 112, 112),
        (4, 56, 56),
        (8, 28, 28),
        (16, 14, 14),
        (16, 7, 7),
    ]
    assert [layer.shape for layer in layers[13:]] == [(1, 7)] * 4 + [(1, 10)]
    assert sum(layer.num_params > 0 for layer in layers) == 11


def test_the_smallest_image_leaves_one_pixel():
    narrow = [(n, 2) for n, _ in ARCH_11]
    net = d2l.vgg(narrow, hidden=4)
    net.initialize()
    assert net(np.zeros((2, 1, 32, 32))).shape == (2, 10)
    too_small = d2l.vgg(narrow, hidden=4)
    too_small.initialize()
    with pytest.raises(MXNetError):
        too_small(np.zeros((2, 1, 31, 31))).wait_to_read()


def test_vgg_needs_a_block():
    with pytest.raises(ValueError, match="conv_arch is empty"):
        d2l.vgg([])


def test_vgg_learns_where_a_spot_is():
    y = onp.arange(32) % 2
    X = onp.random.normal(0, 0.1, (32, 1, 8, 8))
    X[onp.arange(32), 0, 2 + 4 * y, 4] += 3
    X, y = np.array(X, dtype="float32"), np.array(y, dtype="int32")
    net = d2l.vgg(((1, 4), (1, 8)), num_classes=2, hidden=32)
    net.initialize(init.Xavier())
    net.hybridize()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.01})
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    for _ in range(40):
        with autograd.record():
            value = loss(net(X), y)
        value.backward()
        trainer.step(len(y))
    assert d2l.accuracy(net(X), y) == 32
