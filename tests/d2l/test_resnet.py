"""The names that Section 7.6 saves: residual blocks, modules and networks."""

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, init, np
from mxnet.base import MXNetError
from mxnet.gluon import nn

BLOCKS = [(3, False, 1), (3, True, 1), (6, True, 1), (6, True, 2), (5, True, 3)]
EPSILON = 1e-5  # of Gluon's batch normalization


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def images(*shape):
    return np.random.normal(0, 1, shape)


def randomized(block, X):
    """The block with random numbers in all its parameters and averages."""
    block.initialize(init.Xavier())
    block(X)
    for name, parameter in block.collect_params().items():
        values = onp.random.normal(0, 0.5, parameter.shape)
        if name.endswith(("gamma", "running_var")):
            values = 0.5 + abs(values)
        parameter.set_data(np.array(values))
    return block


# the same in NumPy, with 64 bits


def numbers(parameter):
    return parameter.data().asnumpy().astype("float64")


def conv(X, layer, padding, strides):
    """A convolution, one output after the other."""
    W, b = numbers(layer.weight), numbers(layer.bias)
    X = onp.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = W.shape[2]
    height, width = ((s - k) // strides + 1 for s in X.shape[2:])
    Y = onp.zeros((len(X), len(W), height, width))
    for n, o, i, j in onp.ndindex(Y.shape):
        top, left = i * strides, j * strides
        window = X[n, :, top : top + k, left : left + k]
        Y[n, o, i, j] = (window * W[o]).sum() + b[o]
    return Y


def norm(X, layer, training):
    if training:
        mean, var = X.mean(axis=(0, 2, 3)), X.var(axis=(0, 2, 3))
    else:
        mean, var = numbers(layer.running_mean), numbers(layer.running_var)
    scale = numbers(layer.gamma) / onp.sqrt(var + EPSILON)
    shift = numbers(layer.beta) - mean * scale
    return X * scale[:, None, None] + shift[:, None, None]


def plainly(block, X, strides, training):
    X = X.asnumpy().astype("float64")
    Y = onp.maximum(norm(conv(X, block.conv1, 1, strides), block.bn1, training), 0)
    Y = norm(conv(Y, block.conv2, 1, 1), block.bn2, training)
    if block.conv3:
        X = conv(X, block.conv3, 0, strides)
    assert X.shape == Y.shape
    return onp.maximum(Y + X, 0)


# Residual


@pytest.mark.parametrize(("channels", "use_1x1conv", "strides"), BLOCKS)
@pytest.mark.parametrize("size", [(6, 6), (7, 5), (1, 1)])
def test_shape(channels, use_1x1conv, strides, size):
    block = d2l.Residual(channels, use_1x1conv, strides)
    block.initialize()
    out = tuple(-(-s // strides) for s in size)
    assert block(images(4, 3, *size)).shape == (4, channels, *out)


@pytest.mark.parametrize(("channels", "use_1x1conv", "strides"), BLOCKS)
@pytest.mark.parametrize("training", [False, True])
def test_block_is_what_numpy_computes(channels, use_1x1conv, strides, training):
    X = images(2, 3, 5, 4)
    block = randomized(d2l.Residual(channels, use_1x1conv, strides), X)
    expected = plainly(block, X, strides, training)
    with autograd.record(train_mode=training):
        Y = block(X)
    assert onp.allclose(Y.asnumpy(), expected, atol=1e-4)
    assert (expected > 0).any() and (expected == 0).any()


@pytest.mark.parametrize(("channels", "use_1x1conv", "strides"), BLOCKS)
def test_gradients_are_finite_differences_in_training_mode(
    channels, use_1x1conv, strides
):
    """Of the weighted sum of outputs, by the input and by every parameter."""
    X = images(2, 3, 4, 4)
    block = randomized(d2l.Residual(channels, use_1x1conv, strides), X)
    arriving = onp.random.normal(size=plainly(block, X, strides, True).shape)
    X.attach_grad()
    with autograd.record():
        total = (block(X) * np.array(arriving)).sum()
    total.backward()

    learned = [p for p in block.collect_params().values() if p.grad_req != "null"]
    assert len(learned) == 8 + 2 * use_1x1conv
    pairs = [(X, X.grad)] + [(p, p.grad()) for p in learned]
    compared = 0
    for variable, gradient in pairs:
        start = variable if variable is X else variable.data()
        start, gradient = start.asnumpy().copy(), gradient.asnumpy()

        def value(array, variable=variable):
            if variable is X:
                return (plainly(block, np.array(array), strides, True) * arriving).sum()
            variable.set_data(np.array(array))
            return (plainly(block, X, strides, True) * arriving).sum()

        scale = max(1.0, abs(gradient).max())
        for at in list(onp.ndindex(start.shape))[::7]:
            slopes = []
            for step in (2e-3, 1e-3):
                up, down = start.copy(), start.copy()
                up[at] += step
                down[at] -= step
                width = float(up[at]) - float(down[at])  # as rounded to 32 bits
                slopes.append((value(up) - value(down)) / width)
            if abs(slopes[0] - slopes[1]) > 1e-3 * scale:
                continue  # a ReLU bends within the step
            assert abs(slopes[1] - gradient[at]) < 5e-3 * scale
            compared += 1
        if variable is not X:
            variable.set_data(np.array(start))
    assert compared > 30


@pytest.mark.parametrize(("channels", "use_1x1conv", "strides"), BLOCKS)
@pytest.mark.parametrize("training", [False, True])
def test_hybridized_block_computes_the_same(channels, use_1x1conv, strides, training):
    X = images(2, 3, 5, 4)
    block = randomized(d2l.Residual(channels, use_1x1conv, strides), X)
    net = nn.HybridSequential()
    net.add(block)
    results = []
    for hybridized in (False, True):
        net.hybridize(hybridized)
        X.attach_grad()
        with autograd.record(train_mode=training):
            Y = net(X)
        Y.backward(2 * Y, train_mode=training)
        results.append([Y, X.grad.copy(), block.conv2.weight.grad().copy()])
    for plain, graph in zip(*results, strict=True):
        assert onp.allclose(plain.asnumpy(), graph.asnumpy(), rtol=1e-4, atol=1e-4)


def test_block_is_the_identity_of_nonnegative_inputs_when_its_last_scale_is_zero():
    X = images(2, 3, 5, 5)
    block = d2l.Residual(3)
    block.initialize(init.Xavier())
    block(X)
    block.bn2.gamma.set_data(np.zeros(3))
    with autograd.train_mode():
        assert (block(abs(X)) == abs(X)).all()
        assert (block(X) == np.maximum(X, 0)).all()


def test_keyword_arguments_go_to_the_block():
    assert d2l.Residual(3, prefix="mine_").prefix == "mine_"


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_wrong_number_of_channels_is_a_clear_error_and_nothing_is_broadcast(channels):
    block = d2l.Residual(3)
    block.initialize()
    with pytest.raises(ValueError, match=f"{channels} channels .* 3.*use_1x1conv=True"):
        block(images(2, channels, 4, 4))


@pytest.mark.parametrize("channels", [1, 2, 4])
@pytest.mark.parametrize("known", [False, True])
def test_hybridized_network_refuses_wrong_channels_too(channels, known):
    net = nn.HybridSequential()
    net.add(d2l.Residual(3))
    net.initialize()
    net.hybridize()
    if known:
        net(images(2, 3, 4, 4))
    with pytest.raises((ValueError, MXNetError), match=r"(?i)shape"):
        net(images(2, channels, 4, 4)).wait_to_read()


@pytest.mark.parametrize("strides", [2, 3, (2, 2), (1, 2)])
def test_stride_without_1x1_convolution_is_refused_when_made(strides):
    with pytest.raises(ValueError, match="use_1x1conv=True is needed"):
        d2l.Residual(3, strides=strides)


def test_stride_of_one_may_be_written_as_a_pair():
    block = d2l.Residual(3, strides=(1, 1))
    block.initialize()
    assert block(images(2, 3, 4, 4)).shape == (2, 3, 4, 4)


# resnet_block


@pytest.mark.parametrize(
    ("first_block", "num_residuals", "channels", "out"),
    [
        (True, 2, 4, (2, 4, 8, 8)),
        (False, 2, 8, (2, 8, 4, 4)),
        (False, 3, 4, (2, 4, 4, 4)),
        (True, 1, 4, (2, 4, 8, 8)),
    ],
)
def test_module(first_block, num_residuals, channels, out):
    module = d2l.resnet_block(channels, num_residuals, first_block=first_block)
    module.initialize()
    assert module(images(2, 4, 8, 8)).shape == out
    assert len(module) == num_residuals
    shortcuts = [block.conv3 is not None for block in module]
    assert shortcuts == [not first_block] + [False] * (num_residuals - 1)


# resnet


def test_resnet_18_has_the_published_sizes():
    net = d2l.resnet()
    net.initialize()
    layers = d2l.summarize(net, (1, 32, 32))
    assert sum(layer.num_params for layer in layers) == 11_178_378
    assert sum(layer.multiply_adds > 0 for layer in layers) == 18 + 3
    X, shapes = images(1, 1, 224, 224), []
    for part in net:
        X = part(X)
        shapes.append(X.shape[1:])
    assert shapes == 3 * [(64, 112, 112)] + 2 * [(64, 56, 56)] + [
        (128, 28, 28),
        (256, 14, 14),
        (512, 7, 7),
        (512, 1, 1),
        (10,),
    ]


@pytest.mark.parametrize(
    ("num_blocks", "depth"),
    [((2, 2, 2, 2), 18), ((3, 4, 6, 3), 34), ((1,), 4), ([1, 2], 8)],
)
def test_depth_and_ratio(num_blocks, depth):
    net = d2l.resnet(num_blocks, num_classes=3, ratio=16)
    net.initialize()
    layers = d2l.summarize(net, (2, 33, 33))
    shortcuts = len(num_blocks) - 1
    assert sum(layer.multiply_adds > 0 for layer in layers) == depth + shortcuts
    assert layers[0].shape[1] == 4
    assert layers[-2].shape[1] == 4 * 2 ** (len(num_blocks) - 1)
    assert net(images(2, 2, 33, 33)).shape == (2, 3)


def test_hybridized_network_computes_the_same():
    net = d2l.resnet((1, 1), ratio=16)
    net.initialize(init.Xavier())
    X = images(2, 1, 28, 28)
    before = net(X)
    net.hybridize()
    assert abs(net(X) - before).max() < 1e-5


@pytest.mark.parametrize("ratio", [0, -1, 65])
def test_ratio_that_leaves_no_channel_is_an_error(ratio):
    with pytest.raises(ValueError, match="ratio"):
        d2l.resnet(ratio=ratio)


@pytest.mark.parametrize("num_blocks", [(), (2, 0)])
def test_module_without_a_block_is_an_error(num_blocks):
    with pytest.raises(ValueError, match="block"):
        d2l.resnet(num_blocks)
