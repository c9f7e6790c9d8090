"""AlexNet, which section 7.1 saves: sizes, shapes, and a plain computation of it."""

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, gluon, init, np
from mxnet.gluon import nn


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def initialized(scheme=None, **options):
    net = d2l.alexnet(**options)
    net.initialize(scheme or init.Xavier())
    return net


def small(hybridize=False, **options):
    """A very narrow network, whose shapes have been settled."""
    net = initialized(**{"num_classes": 3, "ratio": 48, "dropout": 0.0, **options})
    net(np.zeros((1, 1, 67, 67)))
    for bias in net.collect_params(".*bias").values():
        bias.set_data(np.random.normal(0, 0.1, bias.shape))
    if hybridize:
        net.hybridize()
    return net


# Sizes


def test_sizes_at_full_width_are_the_known_ones():
    layers = d2l.summarize(initialized(init.Zero()), (1, 224, 224))
    assert sum(layer.num_params for layer in layers) == 46_764_746
    assert sum(layer.multiply_adds for layer in layers) == 938_146_176
    assert [layer.shape for layer in layers] == [
        (1, 96, 54, 54),
        (1, 96, 26, 26),
        (1, 256, 26, 26),
        (1, 256, 12, 12),
        (1, 384, 12, 12),
        (1, 384, 12, 12),
        (1, 256, 12, 12),
        (1, 256, 5, 5),
        (1, 4096),
        (1, 4096),
        (1, 4096),
        (1, 4096),
        (1, 10),
    ]


def test_image_of_227_pixels_has_the_maps_of_the_paper():
    layers = d2l.summarize(initialized(ratio=96), (3, 227, 227))
    assert [layer.shape[2:] for layer in layers if len(layer.shape) == 4] == [
        (55, 55),
        (27, 27),
        (27, 27),
        (13, 13),
        (13, 13),
        (13, 13),
        (13, 13),
        (6, 6),
    ]


@pytest.mark.parametrize("ratio", [1, 5, 8, 96])
def test_ratio_divides_channels_and_hidden_units(ratio):
    net = d2l.alexnet(num_classes=7, ratio=ratio)
    kinds = nn.Conv2D, nn.Dense
    sizes = [layer.weight.shape[0] for layer in net if isinstance(layer, kinds)]
    channels = [96, 256, 384, 384, 256, 4096, 4096]
    assert sizes == [*(n // ratio for n in channels), 7]


@pytest.mark.parametrize("ratio", [0, -1, 0.5, 97])
def test_ratio_out_of_range_is_a_clear_error(ratio):
    with pytest.raises(ValueError, match="between 1 and 96"):
        d2l.alexnet(ratio=ratio)


def test_smallest_image_has_67_pixels():
    net = initialized(ratio=96)
    assert net(np.zeros((2, 1, 67, 67))).shape == (2, 10)
    with pytest.raises(Exception, match="(?i)kernel|shape|size"):
        net(np.zeros((2, 1, 66, 66))).wait_to_read()


def test_activation_and_dropout_are_those_asked_for():
    net = d2l.alexnet(activation="sigmoid", dropout=0.25)
    kinds = nn.Conv2D, nn.Dense
    acts = [layer.act for layer in net if isinstance(layer, kinds)]
    assert [act._act_type for act in acts[:-1]] == ["sigmoid"] * 7
    assert acts[-1] is None
    assert [d._rate for d in net if isinstance(d, nn.Dropout)] == [0.25, 0.25]


# A plain computation


def conv(X, W, b, stride=1, pad=0):
    X = onp.pad(X, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    k = W.shape[2]
    windows = onp.lib.stride_tricks.sliding_window_view(X, (k, k), (2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (n, c, h, w, k, k)
    return onp.einsum("nchwij,ocij->nohw", windows, W) + b[:, None, None]


def pool(X):
    windows = onp.lib.stride_tricks.sliding_window_view(X, (3, 3), (2, 3))
    return windows[:, :, ::2, ::2].max(axis=(4, 5))


def plain(weights, X):
    """The scores of AlexNet without dropout, in double precision."""
    pairs = iter(zip(weights[::2], weights[1::2], strict=True))
    X = pool(onp.maximum(conv(X, *next(pairs), stride=4), 0))
    X = pool(onp.maximum(conv(X, *next(pairs), pad=2), 0))
    for _ in range(3):
        X = onp.maximum(conv(X, *next(pairs), pad=1), 0)
    X = pool(X).reshape(len(X), -1)
    for _ in range(2):
        W, b = next(pairs)
        X = onp.maximum(X @ W.T + b, 0)
    W, b = next(pairs)
    return X @ W.T + b


def values(net):
    return [p.data().asnumpy().astype("float64") for p in net.collect_params().values()]


@pytest.mark.parametrize("hybridize", [False, True])
@pytest.mark.parametrize("training", [False, True])
def test_scores_equal_those_of_a_plain_computation(hybridize, training):
    net = small(hybridize)
    X = np.random.normal(size=(2, 1, 67, 67))
    with autograd.record(train_mode=training):
        scores = net(X)
    expected = plain(values(net), X.asnumpy().astype("float64"))
    assert expected.std() > 1e-3
    assert scores.asnumpy() == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_gradients_equal_finite_differences():
    net, loss = small(), gluon.loss.SoftmaxCrossEntropyLoss()
    X, y = np.random.normal(size=(2, 1, 67, 67)), onp.array([0, 2])
    with autograd.record():
        value = loss(net(X), np.array(y)).mean()
    value.backward()
    weights, inputs = values(net), X.asnumpy().astype("float64")

    def plain_loss():
        scores = plain(weights, inputs)
        return (onp.log(onp.exp(scores).sum(axis=1)) - scores[[0, 1], y]).mean()

    rng, step = onp.random.RandomState(0), 1e-6
    for weight, parameter in zip(weights, net.collect_params().values(), strict=True):
        gradient = parameter.grad().asnumpy()
        for _ in range(3):
            place = tuple(rng.randint(n) for n in weight.shape)
            kept = weight[place]
            differences = []
            for sign in (1, -1):
                weight[place] = kept + sign * step
                differences.append(plain_loss())
            weight[place] = kept
            expected = (differences[0] - differences[1]) / (2 * step)
            assert gradient[place] == pytest.approx(expected, rel=1e-3, abs=1e-6)


def test_dropout_is_there_in_training_only():
    net, X = small(dropout=0.5, ratio=8), np.random.normal(size=(1, 1, 67, 67))
    assert (net(X) == net(X)).all()
    with autograd.train_mode():
        assert not (net(X) == net(X)).all()
        hidden = net[:10](X).asnumpy()  # up to and with the first dropout
    before = net[:9](X).asnumpy()
    positive = before > 0
    dropped = (hidden == 0)[positive].mean()
    assert 0.4 < dropped < 0.6
    kept = positive & (hidden != 0)
    assert hidden[kept] == pytest.approx(2 * before[kept], rel=1e-5)
