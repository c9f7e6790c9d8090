"""The names that section 6.6 saves: summaries, drawings, training on any device."""

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

ONE, TWO = [npx.cpu(0)], [npx.cpu(0), npx.cpu(1)]


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def initialized(*layers, ctx=None, hybridize=False):
    net = nn.HybridSequential()
    net.add(*layers)
    net.initialize(init.Xavier(), ctx=ctx)
    if hybridize:
        net.hybridize()
    return net


def lenet(activation="sigmoid", pool=nn.AvgPool2D):
    net = d2l.lenet(activation, pool)
    net.initialize(init.Xavier())
    return net


def pictures(n, classes=3, side=6):
    """Images (n, 1, side, side) that can be told apart, and labels (n,)."""
    y = onp.arange(n) % classes
    X = onp.random.normal(size=(n, 1, side, side))
    X[onp.arange(n), 0, y, :] += 2  # a bright row says which class
    return np.array(X, dtype="float32"), np.array(y, dtype="int32")


def loader(n=22, batch_size=5):
    return d2l.load_array(pictures(n), batch_size, is_train=False)


def small(ctx=None, **options):
    """A small network whose shapes are all known."""
    return initialized(
        nn.Conv2D(4, 3, in_channels=1, activation="relu"),
        nn.Dense(3, in_units=64),
        ctx=ctx,
        **options,
    )


def weights(net, ctx=None):
    return [p.data(ctx or p.list_ctx()[0]).copy() for p in parameters(net)]


def parameters(net):
    return list(net.collect_params().values())


def set_weights(net, values):
    for parameter, value in zip(parameters(net), values, strict=True):
        parameter.set_data(value)


def distance(a, b):
    return max(float(abs(x - y).max()) for x, y in zip(a, b, strict=True))


def sgd(net, lr=0.1):
    return gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": lr})


# summarize, layer_label


def test_lenet_has_the_published_sizes():
    layers = d2l.summarize(lenet(), (1, 28, 28))
    assert sum(layer.num_params for layer in layers) == 61_706
    assert sum(layer.multiply_adds for layer in layers) == 416_520
    assert [layer.shape for layer in layers] == [
        (1, 6, 28, 28),
        (1, 6, 14, 14),
        (1, 16, 10, 10),
        (1, 16, 5, 5),
        (1, 120),
        (1, 84),
        (1, 10),
    ]
    assert [layer.num_params for layer in layers[:3]] == [156, 0, 2416]
    assert [layer.multiply_adds for layer in layers[:3]] == [117_600, 0, 240_000]


@pytest.mark.parametrize(
    "c_i, c_o, kernel, strides, padding, groups, out",
    [
        (4, 6, (3, 3), (1, 1), (0, 0), 1, (7, 9)),
        (4, 6, (3, 3), (2, 3), (1, 0), 1, (5, 3)),
        (4, 6, (5, 1), (1, 2), (2, 0), 2, (9, 6)),
        (4, 8, (3, 3), (2, 2), (1, 1), 4, (5, 6)),
        (4, 5, (1, 1), (1, 1), (0, 0), 1, (9, 11)),
    ],
)
def test_costs_of_strided_and_grouped_convolutions(
    c_i, c_o, kernel, strides, padding, groups, out
):
    """Count the products window by window, by hand."""
    net = initialized(nn.Conv2D(c_o, kernel, strides, padding, groups=groups))
    (layer,) = d2l.summarize(net, (c_i, 9, 11))
    tops = range(0, 9 + 2 * padding[0] - kernel[0] + 1, strides[0])
    lefts = range(0, 11 + 2 * padding[1] - kernel[1] + 1, strides[1])
    assert (len(tops), len(lefts)) == out
    products = sum(
        1
        for _ in range(c_o)
        for _ in range(c_i // groups)
        for _ in tops
        for _ in lefts
        for _ in range(kernel[0] * kernel[1])
    )
    assert layer.shape == (1, c_o, *out)
    assert layer.multiply_adds == products
    assert layer.num_params == c_o * (c_i // groups * kernel[0] * kernel[1] + 1)


def test_summary_counts_learned_parameters_and_looks_into_nested_blocks():
    inner = nn.HybridSequential()
    inner.add(nn.Conv2D(3, 1, use_bias=False), nn.BatchNorm())
    net = initialized(inner, nn.GlobalAvgPool2D(), nn.Flatten(), nn.Dense(2))
    layers = d2l.summarize(net, (2, 4, 4))
    assert [layer.num_params for layer in layers] == [6, 6, 0, 0, 8]
    assert [layer.multiply_adds for layer in layers] == [96, 0, 0, 0, 6]


def test_summary_leaves_the_network_as_it_was():
    net = initialized(nn.Conv2D(2, 3), nn.BatchNorm(), nn.Dense(2))
    X = np.random.normal(size=(2, 1, 6, 6))
    before, values = net(X), weights(net)
    first = d2l.summarize(net, (1, 6, 6))
    assert d2l.summarize(net, (1, 6, 6)) == first
    assert not any(layer._forward_hooks for layer in net)
    assert distance(weights(net), values) == 0
    assert (net(X) == before).all()


def test_hybridized_network_cannot_be_summarized_and_says_so():
    net = lenet()
    net.hybridize()
    with pytest.raises(ValueError, match="before hybridize"):
        d2l.summarize(net, (1, 28, 28))


def test_layer_labels_say_what_is_not_usual():
    net = initialized(
        nn.Conv2D(6, 5, padding=2, activation="sigmoid"),
        nn.Conv2D(7, (3, 1), strides=2, padding=(1, 0)),
        nn.MaxPool2D(3, 2, 1),
        nn.AvgPool2D(2, 1),
        nn.GlobalAvgPool2D(),
        nn.Dense(12, activation="relu"),
        nn.Dropout(0.5),
    )
    assert [d2l.layer_label(layer) for layer in net] == [
        "5×5 Conv (6), pad 2, sigmoid",
        "3×1 Conv (7), pad 1×0, stride 2",
        "3×3 MaxPool, pad 1, stride 2",
        "2×2 AvgPool",
        "GlobalAvgPool",
        "Dense (12), relu",
        "Dropout",
    ]


# draw_layers, draw_stack


@pytest.fixture
def axes():
    _, axes = d2l.plt.subplots()
    yield axes
    d2l.plt.close("all")


def drawn_texts(axes):
    return [text.get_text() for text in axes.texts if text.get_text()]


def test_layers_are_drawn_with_shapes_and_labels_where_shapes_change(axes):
    net = initialized(
        nn.Conv2D(6, 5, padding=2),
        nn.Activation("relu"),
        nn.MaxPool2D(2, 2),
        nn.Dense(10),
    )
    layers = d2l.summarize(net, (1, 28, 28))
    d2l.draw_layers(layers, axes)
    assert drawn_texts(axes) == [
        "6@28×28",
        "5×5 Conv (6), pad 2",
        "6@14×14",
        "2×2 MaxPool, stride 2",
        "10",
        "Dense (10)",
    ]
    assert len(axes.patches) == 3 * 3
    axes.figure.canvas.draw()


def test_stack_is_drawn_from_the_bottom(axes):
    d2l.draw_stack(["image", "Conv", "Dense"], axes, title="Net")
    assert drawn_texts(axes) == ["image", "Conv", "Dense"]
    assert axes.get_title() == "Net"
    heights = [text.get_position()[1] for text in axes.texts if text.get_text()]
    assert heights == sorted(heights)
    assert len(axes.patches) == 3
    axes.figure.canvas.draw()


def test_drawings_go_to_the_present_axes_when_none_are_named(axes):
    d2l.plt.sca(axes)
    d2l.draw_stack(["one"])
    assert drawn_texts(axes) == ["one"]
    d2l.draw_layers(d2l.summarize(small(), (1, 6, 6)))
    assert drawn_texts(axes)[1:] == ["4@4×4", "3×3 Conv (4), relu", "3", "Dense (3)"]


# devices_of, divide_batch


def test_devices_are_those_given_or_else_those_of_the_network():
    net = small(TWO)
    assert d2l.devices_of(net) == TWO
    assert d2l.devices_of(net, npx.cpu(1)) == [npx.cpu(1)]
    assert d2l.devices_of(net, tuple(TWO)) == TWO
    assert d2l.devices_of(small()) == [npx.cpu()]
    assert d2l.devices_of(initialized(nn.Flatten())) == [npx.cpu()]


@pytest.mark.parametrize("n", [1, 2, 5, 6])
@pytest.mark.parametrize("num_devices", [1, 2, 4])
def test_a_divided_batch_loses_nothing_and_has_no_empty_part(n, num_devices):
    devices = [npx.cpu(i) for i in range(num_devices)]
    X, y = np.arange(2 * n).reshape(n, 2), np.arange(n)
    parts = d2l.divide_batch(X, y, devices)
    assert len(parts) == min(n, num_devices)
    assert [part.ctx for part, _ in parts] == devices[: len(parts)]
    assert all(len(a) == len(b) > 0 and a.ctx == b.ctx for a, b in parts)
    assert [v for _, b in parts for v in b.tolist()] == list(range(n))
    assert [v for a, _ in parts for v in a.reshape(-1).tolist()] == list(range(2 * n))


# evaluate_accuracy_gpu


@pytest.mark.parametrize("devices", [ONE, TWO])
def test_accuracy_equals_that_of_evaluate_accuracy(devices):
    values = weights(small())
    net, plain = small(devices), small()
    set_weights(net, values)
    set_weights(plain, values)
    data_iter = loader(23)
    expected = d2l.evaluate_accuracy(plain, data_iter)
    assert 0 < expected < 1
    assert d2l.evaluate_accuracy_gpu(net, data_iter) == pytest.approx(expected)
    assert d2l.evaluate_accuracy_gpu(net, data_iter, devices) == pytest.approx(expected)


def test_accuracy_of_no_examples_is_a_clear_error():
    with pytest.raises(ValueError, match="no examples"):
        d2l.evaluate_accuracy_gpu(small(), [])


def test_accuracy_is_measured_in_prediction_mode():
    net = initialized(nn.Dropout(0.9), nn.Dense(3))
    X, y = pictures(60)
    right = d2l.accuracy(net(X), y) / 60  # outside record(): prediction
    with autograd.train_mode():
        assert d2l.evaluate_accuracy_gpu(net, [(X, y)]) == pytest.approx(right)


# train_on


def plain_training(net, data_iter, test_iter, num_epochs, trainer):
    """The same training on one device, reading every loss: the way to avoid."""
    loss, history = gluon.loss.SoftmaxCrossEntropyLoss(), []
    for _ in range(num_epochs):
        total, right, seen = 0.0, 0.0, 0
        for X, y in data_iter:
            with autograd.record():
                y_hat = net(X)
                losses = loss(y_hat, y)
            losses.backward()
            trainer.step(len(y))
            total += float(losses.sum())
            right += d2l.accuracy(y_hat, y)
            seen += len(y)
        history.append(
            (total / seen, right / seen, d2l.evaluate_accuracy(net, test_iter))
        )
    return history


@pytest.mark.parametrize("devices", [ONE, TWO])
@pytest.mark.parametrize("hybridize", [False, True])
def test_training_is_that_of_a_plain_loop(devices, hybridize):
    values = weights(small())
    train_iter, test_iter = loader(22), loader(9)  # the last batches: 2 and 4
    plain = small()
    set_weights(plain, values)
    expected = plain_training(plain, train_iter, test_iter, 3, sgd(plain))

    net = small(devices, hybridize=hybridize)
    set_weights(net, values)
    history = d2l.train_on(net, train_iter, test_iter, 3, sgd(net))
    assert onp.array(history) == pytest.approx(onp.array(expected), abs=1e-5)
    assert len(history) == 3 and history[-1][0] < history[0][0]
    for device in devices:
        assert distance(weights(net, device), weights(plain)) < 1e-5


def test_two_devices_when_the_last_batch_is_one_example():
    """The idle device's old gradient must not be counted once more."""
    values, train_iter, test_iter = weights(small()), loader(21), loader(4)
    results = []
    for devices in (ONE, TWO):
        net = small(devices)
        set_weights(net, values)
        history = d2l.train_on(net, train_iter, test_iter, 2, sgd(net), devices)
        results.append((history, weights(net)))
    assert onp.array(results[1][0]) == pytest.approx(onp.array(results[0][0]), abs=1e-5)
    assert distance(results[0][1], results[1][1]) < 1e-5


def test_training_goes_on_from_the_given_weights():
    train_iter, test_iter = loader(20), loader(10)
    net, twice = small(), small()
    set_weights(twice, weights(net))
    whole = d2l.train_on(net, train_iter, test_iter, 4, sgd(net))
    trainer = sgd(twice)
    parts = d2l.train_on(twice, train_iter, test_iter, 2, trainer)
    parts += d2l.train_on(twice, train_iter, test_iter, 2, trainer)
    assert parts == whole
    assert distance(weights(net), weights(twice)) == 0


def test_nothing_moves_at_rate_zero_or_in_no_epochs(capsys):
    net, data_iter = small(), loader(20)
    before = weights(net)
    assert d2l.train_on(net, data_iter, data_iter, 0, sgd(net)) == []
    assert "examples/s" not in capsys.readouterr().out
    ((_, train_acc, held_out),) = d2l.train_on(
        net, data_iter, data_iter, 1, sgd(net, 0)
    )
    assert train_acc == pytest.approx(held_out)
    assert distance(weights(net), before) == 0
    assert "examples/s on cpu(0)" in capsys.readouterr().out


class Witness(nn.Block):
    """Note in which mode it is called."""

    def __init__(self):
        super().__init__()
        self.modes = []

    def forward(self, X):
        self.modes.append((autograd.is_training(), autograd.is_recording()))
        return X


def test_training_trains_and_evaluation_predicts():
    witness, net = Witness(), nn.Sequential()
    net.add(witness, nn.Dense(3))
    net.initialize()
    train_iter, test_iter = loader(20, 5), loader(10, 5)
    d2l.train_on(net, train_iter, test_iter, 2, sgd(net))
    epoch = [(True, True)] * 4 + [(False, False)] * 2
    assert witness.modes == 2 * epoch


# train_ch6


def test_train_ch6_starts_from_fresh_weights():
    net, train_iter, test_iter = small(), loader(20), loader(10)
    d2l.set_seed(1)
    history = d2l.train_ch6(net, train_iter, test_iter, 2, 0.1, npx.cpu())
    after = weights(net)
    for parameter in parameters(net):
        parameter.set_data(parameter.data() * 0 + 100)
    d2l.set_seed(1)
    assert d2l.train_ch6(net, train_iter, test_iter, 2, 0.1, npx.cpu()) == history
    assert distance(weights(net), after) == 0
    d2l.set_seed(2)
    assert d2l.train_ch6(net, train_iter, test_iter, 2, 0.1, npx.cpu()) != history


def test_train_ch6_draws_weights_by_xaviers_rule():
    net, data_iter = small(), loader(20)
    d2l.train_ch6(net, data_iter, data_iter, 0, 0.1, npx.cpu())
    limit = (2 * 3 / (64 + 3)) ** 0.5  # Gluon's Xavier: uniform, average, 3
    largest = float(abs(net[1].weight.data()).max())
    assert 0.8 * limit < largest <= limit
    assert not net[1].bias.data().any()


def test_train_ch6_takes_networks_never_initialized_and_several_devices():
    net = nn.HybridSequential()
    net.add(nn.Conv2D(4, 3, activation="relu"), nn.Dense(3))
    net.hybridize()
    history = d2l.train_ch6(net, loader(20), loader(10), 5, 0.2, TWO)
    assert d2l.devices_of(net) == TWO
    assert history[-1][0] < history[0][0]
    assert distance(weights(net, TWO[0]), weights(net, TWO[1])) < 1e-6


# --- the data in three parts --------------------------------------------------------


def test_the_three_parts_are_apart_and_complete(hub):
    train, valid, test = d2l.split_fashion_mnist(50, num_examples=600)
    everything = {image.tobytes() for image in d2l.read_fashion_mnist()[0]}
    parts = [{image.tobytes() for image in part.images} for part in (train, valid)]
    assert [len(part) for part in parts] == [500, 100]  # no image twice
    assert not parts[0] & parts[1] and parts[0] | parts[1] <= everything
    assert onp.array_equal(test.images, d2l.read_fashion_mnist(is_train=False)[0])
    again = d2l.split_fashion_mnist(7, num_examples=600)
    assert onp.array_equal(again[1].images, valid.images)
    whole, held_out, _ = d2l.split_fashion_mnist(50)
    assert len(whole.labels) == 5 * len(held_out.labels) == 5 * len(everything) // 6


def test_labels_stay_with_their_images(hub):
    images, labels = d2l.read_fashion_mnist()
    label_of = {image.tobytes(): label for image, label in zip(images, labels)}
    for part in d2l.split_fashion_mnist(50, num_examples=60)[:2]:
        wanted = [label_of[image.tobytes()] for image in part.images]
        assert part.labels.tolist() == wanted


def test_all_parts_are_standardised_by_the_training_images(hub):
    train, valid, _ = d2l.split_fashion_mnist(500, num_examples=600)
    ((X, _),) = train
    assert abs(X.mean()) < 1e-5 and abs(X.std() - 1) < 1e-5
    ((Z, y),) = valid
    pixels = valid.images / 255
    expected = (pixels - train.images.mean() / 255) / (train.images.std() / 255)
    assert abs(Z[:, 0].asnumpy() - expected).max() < 1e-5
    assert abs(float(Z.mean())) > 1e-5  # not by its own
    assert y.tolist() == valid.labels.tolist()


def test_only_the_first_part_is_shuffled(hub):
    train, valid, _ = d2l.split_fashion_mnist(500, num_examples=60)
    (_, first), (_, second) = (next(iter(train)) for _ in range(2))
    assert first.tolist() != second.tolist() and sorted(first) == sorted(second)
    (_, first), (_, second) = (next(iter(valid)) for _ in range(2))
    assert first.tolist() == second.tolist()


def test_images_are_resized(hub):
    for part in d2l.split_fashion_mnist(4, resize=40, num_examples=12):
        assert next(iter(part))[0].shape[1:] == (1, 40, 40)


@pytest.mark.parametrize("wrong", [0, 5, -1, 10**6])
def test_a_wrong_number_of_examples_is_refused(hub, wrong):
    with pytest.raises(ValueError, match="num_examples must be between 6 and"):
        d2l.split_fashion_mnist(50, num_examples=wrong)
