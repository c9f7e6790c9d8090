"""Section 7.5: the saved LeNet, and the layer that the section makes from scratch."""

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn

from press.book import Book

CPU = npx.cpu(0)


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


@pytest.fixture(scope="module")
def section():
    """The names that the section defines in these of its cells."""
    book = {s.name: s for s in Book().sections}
    names = {"np": np, "nn": nn, "autograd": autograd}
    for cell in book["modern-convolutional-networks/batch-norm"].code_cells:
        if cell.source.startswith(
            (
                "def batch_norm(",
                "class BatchNorm(",
                "def normalize(",
                "def batch_norm_gradient(",
                "def layer_norm(",
            )
        ):
            definitions = cell.source.split("\n\none, two =")[0]
            definitions = definitions.split("\n\nfor shape, axes in")[0]
            exec(compile(definitions, f"line {cell.line}", "exec"), names)
    return names


def numbers(*shape, loc=1.0, scale=2.0):
    return onp.random.RandomState(sum(shape)).normal(loc, scale, shape)


def plain(X, gamma, beta, mean, var, eps=1e-5):
    """Batch normalization by given statistics, one feature after the other."""
    Y = onp.empty_like(X)
    for j in range(X.shape[1]):
        Y[:, j] = gamma[j] * (X[:, j] - mean[j]) / (var[j] + eps) ** 0.5 + beta[j]
    return Y


def moments(X):
    """Mean and biased variance of each feature, from its definition."""
    columns = [X[:, j].ravel() for j in range(X.shape[1])]
    means = [sum(c) / len(c) for c in columns]
    return onp.array(means), onp.array(
        [sum((c - m) ** 2) / len(c) for c, m in zip(columns, means, strict=True)]
    )


# from scratch


@pytest.mark.parametrize("shape", [(6, 3), (4, 3, 5, 2)])
def test_scratch_layer_in_both_modes_is_the_plain_computation(section, shape):
    X = numbers(*shape)
    gamma, beta = onp.array([0.5, 1.0, 2.0]), onp.array([-1.0, 0.0, 3.0])
    layer = section["BatchNorm"](3, num_dims=len(shape))
    layer.initialize(init.Xavier(), ctx=CPU)
    layer.cast("float64")
    layer.gamma.set_data(np.array(gamma, dtype="float64").reshape(layer.gamma.shape))
    layer.beta.set_data(np.array(beta, dtype="float64").reshape(layer.beta.shape))
    mean, var = moments(X)
    with autograd.record():
        Y = layer(np.array(X, dtype="float64"))
    assert Y.asnumpy() == pytest.approx(plain(X, gamma, beta, mean, var), abs=1e-12)

    moved = 0.1 * mean, 0.9 + 0.1 * var
    stored = [p.data().asnumpy().ravel() for p in (layer.moving_mean, layer.moving_var)]
    assert stored[0] == pytest.approx(moved[0]) and stored[1] == pytest.approx(moved[1])
    Y = layer(np.array(X, dtype="float64"))
    assert Y.asnumpy() == pytest.approx(plain(X, gamma, beta, *moved), abs=1e-12)
    again = layer.moving_mean.data().asnumpy().ravel()
    assert (again == stored[0]).all()  # prediction leaves the averages alone


@pytest.mark.parametrize("shape", [(6, 3), (4, 3, 5, 2)])
def test_scratch_layer_equals_gluons_after_several_steps(section, shape):
    ours = section["BatchNorm"](3, num_dims=len(shape))
    theirs = nn.BatchNorm(in_channels=3)
    for layer in (ours, theirs):
        layer.initialize(ctx=CPU)
        trainer = gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": 0.1})
        for step in range(5):
            X = np.array(numbers(*shape, loc=step), dtype="float32")
            with autograd.record():
                total = (layer(X) ** 2 * X).sum()
            total.backward()
            trainer.step(100)
    X = np.array(numbers(*shape), dtype="float32")
    assert abs(ours(X) - theirs(X)).max() < 1e-4
    for a, b in [
        (ours.gamma, theirs.gamma),
        (ours.beta, theirs.beta),
        (ours.moving_mean, theirs.running_mean),
        (ours.moving_var, theirs.running_var),
    ]:
        difference = a.data().reshape(-1) - b.data()
        assert abs(difference).max() < 1e-5 * (1 + abs(b.data()).max())
    assert abs(ours.gamma.data() - 1).max() > 0.01


@pytest.mark.parametrize("shape, axes", [((5, 3), (0,)), ((3, 2, 2, 3), (0, 2, 3))])
def test_gradient_formula_agrees_with_differences(section, shape, axes):
    X, v = numbers(*shape), numbers(*shape, loc=0)
    gamma = onp.linspace(0.5, 2, shape[1]).reshape((1, -1, 1, 1)[: len(shape)])
    f64 = [np.array(a, dtype="float64") for a in (X, gamma, v)]
    by_X, by_gamma, by_beta = (
        g.asnumpy() for g in section["batch_norm_gradient"](*f64, axes)
    )

    def loss(X):
        mean, var = moments(X)
        Y = plain(X, gamma.ravel(), onp.zeros(shape[1]), mean, var)
        return (v * Y).sum()

    for index in onp.ndindex(shape):
        step = onp.zeros(shape)
        step[index] = 1e-5
        slope = (loss(X + step) - loss(X - step)) / 2e-5
        assert by_X[index] == pytest.approx(slope, abs=1e-6)
    assert abs(by_X.sum(axis=axes)).max() < 1e-12
    X_hat = plain(X, onp.ones(shape[1]), onp.zeros(shape[1]), *moments(X))
    assert by_gamma.ravel() == pytest.approx((v * X_hat).sum(axis=axes))
    assert by_beta.ravel() == pytest.approx(v.sum(axis=axes))


def test_scratch_layer_refuses_other_numbers_of_axes(section):
    with pytest.raises(ValueError, match="num_dims must be 2 or 4"):
        section["BatchNorm"](3, num_dims=3)
    a = np.ones((1, 3))
    with pytest.raises(ValueError, match="2 or 4 axes"):
        section["batch_norm"](np.ones((2, 3, 4)), a, a, a, a, 1e-5, 0.9)


def test_moving_statistics_are_saved_loaded_and_moved(section, tmp_path):
    def network():
        net = nn.Sequential()
        net.add(nn.Dense(4), section["BatchNorm"](4, num_dims=2))
        return net

    net, X = network(), np.array(numbers(8, 3), dtype="float32")
    net.initialize(init.Xavier())
    with autograd.record():
        net(X)
    net.save_parameters(str(tmp_path / "net"))
    other = network()
    other.load_parameters(str(tmp_path / "net"), ctx=npx.cpu(1))
    assert abs(net[1].moving_mean.data()).max() > 0.01
    assert other[1].moving_var.list_ctx() == [npx.cpu(1)]
    assert (other(X.as_in_ctx(npx.cpu(1))).as_in_ctx(CPU) == net(X)).all()


def test_relatives_share_statistics_over_the_right_elements(section):
    X = numbers(4, 6, 3, 2)
    Y = np.array(X, dtype="float64")
    sets = {
        "layer": [(i, slice(None)) for i in range(4)],
        "instance": [(i, j) for i in range(4) for j in range(6)],
        "group": [(i, slice(j, j + 3)) for i in range(4) for j in (0, 3)],
    }
    results = {
        "layer": section["layer_norm"](Y),
        "instance": section["instance_norm"](Y),
        "group": section["group_norm"](Y, 2),
    }
    for name, indices in sets.items():
        expected = onp.empty_like(X)
        for index in indices:
            part = X[index]
            expected[index] = (part - part.mean()) / (part.var() + 1e-5) ** 0.5
        assert results[name].asnumpy() == pytest.approx(expected, abs=1e-12)


# batch_norm_lenet


def built(shape=(1, 28, 28), **arguments):
    net = d2l.batch_norm_lenet(**arguments)
    net.initialize(init.Xavier(), ctx=CPU)
    return net, d2l.summarize(net, shape)


def nothing(num_features, num_dims):
    return None


def test_normalized_lenet_has_lenets_sizes_and_a_scale_and_shift_for_each_feature():
    net, layers = built()
    extra = 2 * (6 + 16 + 120 + 84)
    assert sum(layer.num_params for layer in layers) == 61_706 + extra
    assert [layer.shape[1:] for layer in layers if "BatchNorm" in layer.label] == [
        (6, 28, 28),
        (16, 10, 10),
        (120,),
        (84,),
    ]
    assert layers[-1].shape == (1, 10)
    # images of 24 × 24 leave 16 · 4 · 4 = 256 numbers, as an unpadded LeNet does
    assert sum(layer.num_params for layer in built((1, 24, 24))[1]) == 44_878


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
@pytest.mark.parametrize("pool", [nn.MaxPool2D, nn.AvgPool2D])
def test_without_layers_it_is_lenet(activation, pool):
    X = np.random.normal(size=(3, 1, 28, 28))
    outputs = []
    for make in (
        lambda: d2l.batch_norm_lenet(activation, pool, norm=nothing),
        lambda: d2l.lenet(activation, pool),
    ):
        d2l.set_seed(1)
        net = make()
        net.initialize(init.Xavier(), ctx=CPU)
        outputs.append(net(X))
    assert abs(outputs[0] - outputs[1]).max() < 1e-6


def test_norm_is_asked_for_four_layers():
    asked = []

    def norm(num_features, num_dims):
        asked.append((num_features, num_dims))
        return nn.BatchNorm() if num_dims == 4 else None

    net, layers = built(norm=norm)
    assert asked == [(6, 4), (16, 4), (120, 2), (84, 2)]
    assert sum("BatchNorm" in layer.label for layer in layers) == 2


@pytest.mark.parametrize("train_mode", [False, True])
def test_hybridized_or_not_it_is_the_same_function(train_mode):
    net, _ = built()
    X = np.random.normal(size=(8, 1, 28, 28))
    for layer in net:  # statistics that are not 0 and 1
        if isinstance(layer, nn.BatchNorm):
            layer.running_mean.set_data(layer.running_mean.data() + 0.1)
            layer.running_var.set_data(layer.running_var.data() * 2)

    def output():
        with autograd.train_mode() if train_mode else autograd.predict_mode():
            return net(X).copy()

    before = output()
    net.hybridize()
    assert abs(output() - before).max() < 1e-5


def test_normalized_lenet_is_the_plain_computation_in_both_modes():
    net, _ = built(pool=nn.AvgPool2D)
    X = np.random.normal(size=(8, 1, 28, 28))
    for train_mode in (True, False):
        H = X
        with autograd.train_mode() if train_mode else autograd.predict_mode():
            Y = net(X)
            for layer in net:
                if isinstance(layer, nn.BatchNorm):
                    A = H.asnumpy().astype("float64")
                    ones, zeros = onp.ones(A.shape[1]), onp.zeros(A.shape[1])
                    mean, var = moments(A) if train_mode else (zeros, ones)
                    H = np.array(plain(A, ones, zeros, mean, var), dtype="float32")
                else:
                    H = layer(H)
        assert abs(Y - H).max() < 1e-4


def test_gradients_agree_with_differences_in_training_mode():
    net, _ = built(activation="sigmoid", pool=nn.AvgPool2D)
    net.cast("float64")
    X = np.array(numbers(4, 1, 28, 28), dtype="float64")
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    y = np.array([0, 1, 2, 3])
    with autograd.record():
        total = loss(net(X), y).sum()
    total.backward()
    for parameter in net.collect_params().values():
        if parameter.grad_req == "null" or parameter.name.endswith("bias"):
            continue
        value, gradient = parameter.data().copy(), parameter.grad().asnumpy()
        index = onp.unravel_index(abs(gradient).argmax(), gradient.shape)
        ends = []
        for step in (1e-5, -1e-5):
            moved = value.asnumpy().copy()
            moved[index] += step
            parameter.set_data(np.array(moved, dtype="float64"))
            with autograd.train_mode():
                ends.append(float(loss(net(X), y).sum()))
        parameter.set_data(value)
        slope = (ends[0] - ends[1]) / 2e-5
        assert gradient[index] == pytest.approx(slope, rel=1e-4, abs=1e-7)


def test_normalized_lenet_learns_at_a_rate_that_stops_the_plain_one():
    rows = onp.arange(120) % 10
    X = onp.random.RandomState(0).normal(size=(120, 1, 28, 28))
    X[onp.arange(120), 0, 2 * rows + 4] += 3  # a bright row says which class
    X, y = np.array(X, dtype="float32"), np.array(rows)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    final = {}
    for name, norm in (("plain", nothing), ("normalized", None)):
        d2l.set_seed(0)
        net = d2l.batch_norm_lenet(norm=norm)
        net.initialize(init.Xavier(), ctx=CPU)
        net.hybridize()
        trainer = gluon.Trainer(net.collect_params(), "sgd", {"learning_rate": 1.0})
        for _ in range(6):
            for i in range(0, 120, 40):
                with autograd.record():
                    total = loss(net(X[i : i + 40]), y[i : i + 40])
                total.backward()
                trainer.step(40)
        final[name] = float(total.mean())
    assert final["normalized"] < 1.0
    assert not final["plain"] < 2.0  # or not a number
