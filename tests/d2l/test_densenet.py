"""The names that section 7.7 saves: dense blocks, transitions and the network."""

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, init, np
from mxnet.base import MXNetError
from mxnet.gluon import nn


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def images(*shape):
    return np.array(onp.random.normal(size=shape), dtype="float32")


def ready(net, X):
    """Initialise net for X, with scales, shifts and averages of its own."""
    net.initialize(init.Xavier())
    net(X)
    for name, parameter in net.collect_params().items():
        if name.endswith(("weight", "bias")):
            continue
        low = 0.5 if name.endswith(("gamma", "var")) else -0.5
        values = onp.random.uniform(low, low + 1, size=parameter.shape)
        parameter.set_data(np.array(values, dtype="float32"))
    return net


def value(parameter):
    return parameter.data().asnumpy().astype("float64")


# The same in plain NumPy, in double precision.


def batch_norm(X, layer, training, eps=1e-5):
    """Normalise the channels of X (n, c, h, w) as `layer` should."""
    if training:
        mean, var = X.mean((0, 2, 3)), X.var((0, 2, 3))
    else:
        mean, var = value(layer.running_mean), value(layer.running_var)
    scale = value(layer.gamma) / onp.sqrt(var + eps)
    shift = value(layer.beta) - mean * scale
    return X * scale[:, None, None] + shift[:, None, None]


def convolve(X, layer):
    """Cross-correlate X with the weights of `layer`, same height and width."""
    W, b = value(layer.weight), value(layer.bias)
    pad = W.shape[2] // 2
    padded = onp.pad(X, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    Y = onp.zeros((len(X), len(W), *X.shape[2:]))
    for i in range(W.shape[2]):
        for j in range(W.shape[3]):
            window = padded[:, :, i : i + X.shape[2], j : j + X.shape[3]]
            Y += onp.einsum("nchw,oc->nohw", window, W[:, :, i, j])
    return Y + b[:, None, None]


def chain(X, layers, training):
    """Apply layers of a conv block or a transition, pooling left out."""
    for layer in layers:
        if isinstance(layer, nn.BatchNorm):
            X = batch_norm(X, layer, training)
        elif isinstance(layer, nn.Activation):
            X = onp.maximum(X, 0)
        elif isinstance(layer, nn.Conv2D):
            X = convolve(X, layer)
    return X


def dense(X, block, training):
    for layers in block.blocks:
        X = onp.concatenate([X, chain(X, layers, training)], axis=1)
    return X


def mean_pool(X):
    n, c, h, w = X.shape
    X = X[:, :, : h // 2 * 2, : w // 2 * 2]
    return X.reshape(n, c, h // 2, 2, w // 2, 2).mean((3, 5))


def forward(net, X, training):
    with autograd.record(train_mode=training):
        return net(X).asnumpy()


both_modes = pytest.mark.parametrize("training", [False, True])
both_kinds = pytest.mark.parametrize("bottleneck", [False, True])


@both_modes
@both_kinds
def test_conv_block_equals_numpy(bottleneck, training):
    X = images(4, 5, 6, 7)
    block = ready(d2l.conv_block(3, bottleneck), X)
    expected = chain(X.asnumpy().astype("float64"), block, training)
    assert expected.shape == (4, 3, 6, 7)
    assert onp.allclose(forward(block, X, training), expected, atol=1e-4)


def test_bottleneck_reduces_to_four_times_the_channels():
    block = ready(d2l.conv_block(3, bottleneck=True), images(1, 20, 4, 4))
    weights = [layer.weight.shape for layer in block if isinstance(layer, nn.Conv2D)]
    assert weights == [(12, 20, 1, 1), (3, 12, 3, 3)]


@both_modes
@both_kinds
def test_dense_block_equals_numpy(bottleneck, training):
    X = images(4, 3, 5, 5)
    block = ready(d2l.DenseBlock(3, 2, bottleneck), X)
    expected = dense(X.asnumpy().astype("float64"), block, training)
    assert expected.shape == (4, 9, 5, 5)
    assert onp.allclose(forward(block, X, training), expected, atol=1e-4)


def test_dense_block_of_the_section():
    X = images(4, 3, 8, 8)
    block = d2l.DenseBlock(2, 10)
    block.initialize()
    Y = block(X)
    assert Y.shape == (4, 23, 8, 8)
    assert (Y[:, :3] == X).all()
    transition = d2l.transition_block(10)
    transition.initialize()
    assert transition(Y).shape == (4, 10, 4, 4)


@both_modes
@pytest.mark.parametrize("side", [6, 7])
def test_transition_block_equals_numpy(side, training):
    X = images(3, 5, side, 6)
    block = ready(d2l.transition_block(4), X)
    expected = mean_pool(chain(X.asnumpy().astype("float64"), block, training))
    assert expected.shape == (3, 4, 3, 3)
    assert onp.allclose(forward(block, X, training), expected, atol=1e-4)


def test_transition_block_takes_another_pooling():
    X = images(2, 3, 4, 4)
    block = ready(d2l.transition_block(2, nn.MaxPool2D), X)
    Z = chain(X.asnumpy().astype("float64"), block, training=False)
    expected = Z.reshape(2, 2, 2, 2, 2, 2).max((3, 5))
    assert onp.allclose(block(X).asnumpy(), expected, atol=1e-4)


@both_modes
def test_gradients_equal_finite_differences(training):
    X = images(2, 2, 4, 4)
    net = nn.HybridSequential()
    net.add(d2l.DenseBlock(2, 2), d2l.transition_block(3))
    ready(net, X)
    G = images(2, 3, 2, 2).asnumpy().astype("float64")

    def reference(X):
        Y = dense(X, net[0], training)
        return (mean_pool(chain(Y, net[1], training)) * G).sum()

    X.attach_grad()
    with autograd.record(train_mode=training):
        total = (net(X) * np.array(G, dtype="float32")).sum()
    total.backward(train_mode=training)
    X64, eps = X.asnumpy().astype("float64"), 1e-6
    for index in onp.ndindex(X64.shape):
        step = onp.zeros_like(X64)
        step[index] = eps
        slope = (reference(X64 + step) - reference(X64 - step)) / (2 * eps)
        assert float(X.grad[index]) == pytest.approx(slope, rel=1e-2, abs=1e-3)

    W = net[0].blocks[0][-1].weight
    original = W.data().copy()
    for index in [(0, 0, 0, 0), (1, 1, 1, 2), (0, 1, 2, 1)]:
        totals = []
        for sign in (1, -1):
            moved = original.copy()
            moved[index] += sign * 1e-3
            W.set_data(moved)
            totals.append(reference(X64))
        W.set_data(original)
        slope = (totals[0] - totals[1]) / 2e-3
        assert float(W.grad()[index]) == pytest.approx(slope, rel=2e-2, abs=2e-3)


def test_the_network_of_the_section_has_its_parameters_and_shapes():
    net = d2l.densenet()
    net.initialize()
    layers = d2l.summarize(net, (1, 32, 32))
    assert sum(layer.num_params for layer in layers) == 758_226
    X, channels = np.zeros((1, 1, 32, 32)), []
    for layer in net:
        X = layer(X)
        channels.append(X.shape[1])
    assert channels[3:-4] == [64, 192, 96, 224, 112, 240, 120, 248]
    assert X.shape == (1, 10)
    assert layers[0].label == "7×7 Conv (64), pad 3, stride 2"
    assert [layer.label for layer in layers].count("3×3 Conv (32), pad 1") == 16
    assert layers[-1].label == "Dense (10)"


def test_shapes_at_the_resolution_of_the_paper():
    net = d2l.densenet(num_channels=4, growth_rate=2)
    net.initialize()
    X, sides = np.zeros((1, 1, 224, 224)), []
    for layer in net[:-3]:
        X = layer(X)
        sides.append(X.shape[2])
    assert sides == [112, 112, 112, 56, 56, 28, 28, 14, 14, 7, 7, 7]


def test_arguments_shape_the_network():
    net = d2l.densenet((1, 2), 10, 3, num_classes=7, compression=0.3)
    net.initialize()
    assert net(images(2, 3, 32, 32)).shape == (2, 7)
    # 10 + 3 = 13 channels, of which 3 are kept, and 3 + 2 · 3 = 9 at the end.
    assert net[5][2].weight.shape == (3, 13, 1, 1)
    assert net[-1].weight.shape == (7, 9)
    wide = d2l.densenet((1, 2), 10, 3, compression=1)
    wide.initialize()
    wide(images(2, 3, 32, 32))
    assert wide[-1].weight.shape == (10, 13 + 6)
    pooled = d2l.densenet((1, 1), 4, 2, pool=nn.MaxPool2D)
    assert isinstance(pooled[5][-1], nn.MaxPool2D)


@both_kinds
def test_hybridized_network_computes_the_same(bottleneck):
    X = images(2, 1, 32, 32)
    net = ready(d2l.densenet((1, 2, 1, 1), 4, 2, bottleneck=bottleneck), X)
    y = np.array([1, 3])

    def run():
        with autograd.record():
            total = net(X)[np.arange(2), y].sum()
        total.backward()
        grads = [p.grad().copy() for p in trained]
        return grads, net(X).copy()

    trained = [p for p in net.collect_params().values() if p.grad_req != "null"]
    averages = [p for p in net.collect_params().values() if p.grad_req == "null"]
    before = [p.data().copy() for p in averages]
    plain, plain_scores = run()
    after = [p.data().copy() for p in averages]
    for parameter, old in zip(averages, before, strict=True):
        parameter.set_data(old)
    net.hybridize()
    hybrid, hybrid_scores = run()
    assert np.allclose(plain_scores, hybrid_scores, atol=1e-5)
    for a, b in zip(plain, hybrid, strict=True):
        assert np.allclose(a, b, atol=1e-4)
    for parameter, new in zip(averages, after, strict=True):
        assert np.allclose(parameter.data(), new, atol=1e-5)
    assert any(abs(a - b).max() > 1e-3 for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize(
    "options",
    [
        {"num_convs": ()},
        {"num_convs": (2, 0)},
        {"num_channels": 0},
        {"growth_rate": 0},
        {"compression": 0},
        {"compression": 1.5},
    ],
)
def test_sizes_that_make_no_network_are_refused(options):
    with pytest.raises(ValueError):
        d2l.densenet(**options)


def test_the_smallest_image():
    net = d2l.densenet((1, 1, 1, 1), 4, 2)
    net.initialize()
    assert net(np.zeros((1, 1, 29, 29))).shape == (1, 10)
    with pytest.raises(MXNetError, match="kernel size"):
        net(np.zeros((1, 1, 28, 28))).wait_to_read()
