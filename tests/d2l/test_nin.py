"""The names that section 7.3 saves: the NiN block and the network."""

import math

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, init, np
from mxnet.gluon import nn


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def random(*shape):
    return np.random.normal(size=shape)


def randomize(net, scale=1.0):
    """Give all parameters, biases too, random values; shapes must be known."""
    for parameter in net.collect_params().values():
        parameter.set_data(scale * random(*parameter.shape))


def made(net, *shape):
    """Initialise a network for images of a shape, with random biases, too."""
    net.initialize(init.Normal(0.5))
    net(np.zeros((1, *shape)))
    randomize(net, 0.5)
    return net


def plain_conv(X, weight, bias, strides, padding):
    """Cross-correlate X (n, c, h, w) in NumPy, in float64, window by window."""
    X = onp.pad(X, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    k_h, k_w = weight.shape[2:]
    tops = range(0, X.shape[2] - k_h + 1, strides)
    lefts = range(0, X.shape[3] - k_w + 1, strides)
    H = [
        [
            onp.tensordot(X[:, :, i : i + k_h, j : j + k_w], weight, ([1, 2, 3],) * 2)
            for j in lefts
        ]
        for i in tops
    ]
    return onp.array(H).transpose(2, 3, 0, 1) + bias[:, None, None]


def plain_block(block, X, strides, padding, last_relu=True):
    """Compute a block: a convolution, then dense layers for each pixel."""
    weights = [
        (layer.weight.data().asnumpy(), layer.bias.data().asnumpy()) for layer in block
    ]
    H = plain_conv(X.asnumpy().astype("float64"), *weights[0], strides, padding)
    for n, (weight, bias) in enumerate(weights):
        if n:
            H = H.transpose(0, 2, 3, 1) @ weight[:, :, 0, 0].T + bias
            H = H.transpose(0, 3, 1, 2)
        if last_relu or n < len(weights) - 1:
            H = onp.maximum(H, 0)
    return H


# nin_block


@pytest.mark.parametrize(
    "kernel_size, strides, padding", [(1, 1, 0), (3, 1, 1), (5, 2, 2), (4, 3, 0)]
)
@pytest.mark.parametrize("num_1x1", [0, 1, 2, 3])
def test_block_is_a_convolution_and_dense_layers_at_each_pixel(
    kernel_size, strides, padding, num_1x1
):
    block = made(d2l.nin_block(4, kernel_size, strides, padding, num_1x1), 3, 7, 9)
    X = random(2, 3, 7, 9)
    expected = plain_block(block, X, strides, padding)
    assert len(block) == num_1x1 + 1
    assert block(X).shape == expected.shape
    assert onp.abs(block(X).asnumpy() - expected).max() < 1e-3
    assert expected.max() > 0.1  # not all cut off at zero
    block.hybridize()
    assert onp.abs(block(X).asnumpy() - expected).max() < 1e-3


@pytest.mark.parametrize("num_1x1", [0, 2])
def test_only_the_last_relu_of_a_block_can_be_left_out(num_1x1):
    block = made(d2l.nin_block(5, 3, 1, 1, num_1x1, last_activation=None), 2, 6, 6)
    X = random(2, 2, 6, 6)
    expected = plain_block(block, X, 1, 1, last_relu=False)
    assert onp.abs(block(X).asnumpy() - expected).max() < 1e-3
    assert expected.min() < 0
    assert [layer.act is None for layer in block] == [False] * num_1x1 + [True]


def test_default_block_has_three_convolutions_with_relu():
    block = made(d2l.nin_block(6, 5, 2, 2), 1, 9, 9)
    assert [d2l.layer_label(layer) for layer in block] == [
        "5×5 Conv (6), pad 2, stride 2, relu",
        "1×1 Conv (6), relu",
        "1×1 Conv (6), relu",
    ]


def test_gradients_of_a_block_are_those_of_finite_differences():
    block = made(d2l.nin_block(3, 3, 1, 1), 2, 5, 5)
    X, V = random(2, 2, 5, 5), random(2, 3, 5, 5)
    with autograd.record():
        value = (block(X) * V).sum()
    value.backward()

    def plain():
        return (plain_block(block, X, 1, 1) * V.asnumpy()).sum()

    step = 1e-3
    for layer in block:
        for parameter in (layer.weight, layer.bias):
            data, gradient = parameter.data().asnumpy(), parameter.grad().asnumpy()
            for i in [(0,) * data.ndim, tuple(n - 1 for n in data.shape)]:
                values = []
                for sign in (1, -1):
                    moved = data.copy()
                    moved[i] += sign * step
                    parameter.set_data(np.array(moved))
                    values.append(plain())
                parameter.set_data(np.array(data))
                slope = (values[0] - values[1]) / (2 * step)
                assert gradient[i] == pytest.approx(slope, rel=0.02, abs=0.02)


# nin


def test_network_has_the_published_sizes():
    net = d2l.nin()
    net.initialize(init.Zero())
    layers = d2l.summarize(net, (1, 224, 224))
    assert sum(layer.num_params for layer in layers) == 1_992_166
    X, shapes = np.zeros((1, 1, 224, 224)), []
    for layer in net:
        X = layer(X)
        shapes.append(X.shape[1:])
    assert shapes == [
        (96, 54, 54),
        (96, 26, 26),
        (256, 26, 26),
        (256, 12, 12),
        (384, 12, 12),
        (384, 5, 5),
        (384, 5, 5),
        (10, 5, 5),
        (10, 1, 1),
        (10,),
    ]
    labels = [layer.label for layer in layers]
    assert labels[0] == "11×11 Conv (96), stride 4, relu"
    assert labels[-3:] == ["1×1 Conv (10)", "GlobalAvgPool", "Flatten"]
    assert not any("Dense" in label for label in labels)


@pytest.mark.parametrize("num_1x1", [0, 1, 2])
@pytest.mark.parametrize("channels, classes, ratio", [(1, 10, 8), (3, 4, 32)])
def test_parameters_for_other_sizes(num_1x1, channels, classes, ratio):
    net = d2l.nin(classes, ratio, num_1x1)
    net.initialize()
    assert net(np.zeros((2, channels, 67, 67))).shape == (2, classes)
    expected, c_in = 0, channels
    for c_out, k in [(96, 11), (256, 5), (384, 3), (classes * ratio, 3)]:
        c_out //= ratio
        expected += c_out * (c_in * k * k + 1) + num_1x1 * c_out * (c_out + 1)
        c_in = c_out
    sizes = [math.prod(p.shape) for p in net.collect_params().values()]
    assert sum(sizes) == expected


@pytest.mark.parametrize("shape", [(67, 67), (99, 131), (180, 67)])
def test_scores_are_the_means_of_the_maps(shape):
    net = made(d2l.nin(6, ratio=16), 1, *shape)
    X = random(2, 1, *shape)
    maps = X
    for layer in list(net)[:-2]:
        maps = layer(maps)
    expected = maps.asnumpy().mean(axis=(2, 3))
    scale = onp.abs(expected).max()
    for _ in range(2):
        assert net(X).shape == (2, 6)
        assert onp.abs(net(X).asnumpy() - expected).max() < 1e-4 * scale
        net.hybridize()


def test_scores_can_be_negative_unless_relu_is_asked_for():
    for last_activation, negative in [(None, True), ("relu", False)]:
        d2l.set_seed(1)
        net = made(d2l.nin(10, 16, last_activation=last_activation), 1, 67, 67)
        scores = net(random(20, 1, 67, 67))
        assert (scores < 0).any() == negative
        assert (scores > 0).any()


def test_dropout_acts_in_training_only():
    net = made(d2l.nin(5, ratio=16), 1, 67, 67)
    X = random(3, 1, 67, 67)
    assert (net(X) == net(X)).all()
    with autograd.train_mode():
        assert (net(X) != net(X)).any()
    assert [layer for layer in net if isinstance(layer, nn.Dropout)][0]._rate == 0.5


def test_gradient_of_the_network_in_training_mode():
    """The slope along a random direction, against a central difference."""
    net = made(d2l.nin(4, ratio=16), 1, 67, 67)
    for layer in net:
        if isinstance(layer, nn.Dropout):
            layer._rate = 0
    parameters = list(net.collect_params().values())
    X, V = random(2, 1, 67, 67), random(2, 4)
    with autograd.record():
        value = (net(X) * V).sum()
    value.backward()
    parameter = parameters[-2]  # the weights of the last layer: no kink on the way
    direction = random(*parameter.shape)
    slope = float((parameter.grad() * direction).sum())
    data, values = parameter.data().copy(), []
    for sign in (1, -1):
        parameter.set_data(data + sign * 0.1 * direction)
        with autograd.train_mode():
            values.append(float((net(X) * V).sum()))
    assert slope == pytest.approx((values[0] - values[1]) / 0.2, rel=1e-2)
    assert all(float(abs(p.grad()).max()) > 0 for p in parameters)


@pytest.mark.parametrize("ratio", [0, -1, 97, 0.5])
def test_impossible_ratio_is_a_clear_error(ratio):
    with pytest.raises(ValueError, match="ratio must be between 1 and 96"):
        d2l.nin(ratio=ratio)


def test_too_small_images_are_an_error_of_the_library():
    net = d2l.nin(ratio=16)
    net.initialize()
    with pytest.raises(Exception, match="kernel size"):
        net(np.zeros((1, 1, 66, 66))).asnumpy()
