"""The name that Section 4.4 saves: evaluate_loss."""

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, gluon, np, npx
from mxnet.gluon import nn


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def linear(X):
    return 2 * X


def test_loss_is_the_mean_over_all_elements_whatever_the_batches():
    X = np.array(onp.random.RandomState(0).normal(0, 1, (7, 3)), dtype="float32")
    y = np.zeros((7, 3))
    expected = float((4 * X**2).mean() / 2)
    for size in (1, 2, 3, 7, 100):  # with 2 and 3 the last batch is smaller
        data = d2l.load_array((X, y), size)
        found = d2l.evaluate_loss(linear, data, d2l.squared_loss)
        assert isinstance(found, float)
        assert found == pytest.approx(expected, rel=1e-5)


def test_loss_of_one_number_an_example_counts_examples():
    X, y = np.array([[1.0], [2.0], [3.0]]), np.array([[0.0], [0.0], [0.0]])
    data = d2l.load_array((X, y), 2)
    loss = gluon.loss.L2Loss()  # (n,) losses
    assert d2l.evaluate_loss(linear, data, loss) == pytest.approx(28 / 3)


def test_a_classifier_is_evaluated_by_its_own_loss():
    X, y = np.zeros((4, 5)), np.array([0, 1, 2, 0])
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    found = d2l.evaluate_loss(lambda X: X, d2l.load_array((X, y), 3), loss)
    assert found == pytest.approx(onp.log(5), rel=1e-5)


def test_net_runs_in_prediction_mode_and_parameters_stay():
    net = nn.Sequential()
    net.add(nn.Dropout(0.5), nn.Dense(1, use_bias=False, in_units=3))
    net.initialize()
    before = net[1].weight.data().copy()
    X, y = np.ones((8, 3)), np.ones((8, 1))
    data = d2l.load_array((X, y), 4)
    values = {d2l.evaluate_loss(net, data, d2l.squared_loss) for _ in range(5)}
    assert len(values) == 1  # dropout would draw anew each time
    assert (net[1].weight.data() == before).all()
    with autograd.record():  # also where somebody is recording
        assert d2l.evaluate_loss(net, data, d2l.squared_loss) in values


def test_waits_for_numbers_only_at_the_end(monkeypatch):
    waits = []
    plain = np.ndarray.asnumpy
    monkeypatch.setattr(
        np.ndarray, "asnumpy", lambda self: waits.append(1) or plain(self)
    )
    X, y = np.ones((40, 2)), np.zeros((40, 2))
    batches = [(X[i : i + 2], y[i : i + 2]) for i in range(0, 40, 2)]
    npx.waitall()
    d2l.evaluate_loss(linear, batches, d2l.squared_loss)
    assert len(waits) <= 1


@pytest.mark.parametrize(
    "empty", [[], [(np.zeros((0, 2)), np.zeros((0, 2)))]], ids=["none", "no rows"]
)
def test_no_data_is_a_clear_error(empty):
    with pytest.raises(ValueError, match="no data"):
        d2l.evaluate_loss(linear, empty, d2l.squared_loss)
