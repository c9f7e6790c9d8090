"""The names that Chapter 3 saves: timer, loaders, losses, training, animation."""

import math
import os
import random
import subprocess
import sys
import time

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, gluon, init, np, npx
from mxnet.gluon import nn


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def close(a, b, tolerance=1e-6):
    return float(abs(a - b).max()) <= tolerance


# 3.1 Timer


def test_timer_measures_each_stretch_and_adds_them_up():
    timer = d2l.Timer()
    time.sleep(0.02)
    first = timer.stop()
    timer.start()
    time.sleep(0.05)
    second = timer.stop()
    assert 0.02 <= first < second
    assert timer.times == [first, second]
    assert timer.sum() == pytest.approx(first + second)
    assert timer.avg() == pytest.approx((first + second) / 2)
    assert timer.cumsum() == pytest.approx([first, first + second])
    assert isinstance(timer.cumsum(), list)


def test_stop_does_not_start_the_clock_again():
    timer = d2l.Timer()
    first = timer.stop()
    time.sleep(0.01)
    assert timer.stop() >= first + 0.01


def test_mean_of_no_times_is_a_clear_error():
    with pytest.raises(ValueError, match="no time recorded"):
        d2l.Timer().avg()
    assert d2l.Timer().sum() == 0 and d2l.Timer().cumsum() == []


def test_timer_survives_a_clock_that_is_set_back(monkeypatch):
    timer = d2l.Timer()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert timer.stop() >= 0


# 3.2 from scratch


def test_synthetic_data_follow_the_line_with_little_noise():
    w, b = np.array([2, -3.4]), 4.2
    X, y = d2l.synthetic_data(w, b, 2000)
    assert X.shape == (2000, 2) and y.shape == (2000, 1)
    noise = y[:, 0] - (X @ w + b)
    assert abs(float(noise.mean())) < 1e-3
    assert float(noise.std()) == pytest.approx(0.01, rel=0.1)
    assert float(X.std()) == pytest.approx(1, rel=0.05)
    d2l.set_seed(0)
    again, _ = d2l.synthetic_data(w, b, 2000)
    assert (X == again).all()


def test_linreg_is_an_affine_map():
    X, w, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [10]]), np.ones(1)
    assert d2l.linreg(X, w, b).tolist() == [[22], [44]]


def test_squared_loss_reshapes_flat_labels_and_does_not_reduce():
    y_hat, y = np.array([[1.0], [2.0], [5.0]]), np.array([1.0, 4.0, 4.0])
    assert d2l.squared_loss(y_hat, y).tolist() == [[0], [2], [0.5]]


def test_sgd_moves_in_place_by_the_mean_gradient():
    w = np.array([1.0, 2.0])
    w.attach_grad()
    alias = w
    with autograd.record():
        loss = (3 * w).sum()
    loss.backward()
    assert d2l.sgd([w], 0.1, 6) is None
    assert close(alias, np.array([0.95, 1.95]))
    assert w.grad.tolist() == [3, 3]


def test_sgd_on_a_small_last_batch_equals_the_gradient_of_its_mean():
    X, y = d2l.synthetic_data(np.array([2, -3.4]), 4.2, 7)
    w, b = np.zeros((2, 1)), np.zeros(1)
    w.attach_grad()
    b.attach_grad()
    with autograd.record():
        loss = d2l.squared_loss(d2l.linreg(X, w, b), y).sum()
    loss.backward()
    d2l.sgd([w, b], 0.5, len(y))
    expected = 0.5 * X.T @ y / 7
    assert close(w, expected, 1e-5)


# 3.3 loaders


def test_loader_keeps_the_last_batch_and_the_order():
    X, y = np.arange(10).reshape(10, 1), np.arange(10)
    loader = d2l.load_array((X, y), 4, is_train=False)
    assert len(loader) == 3
    for _ in range(2):
        batches = list(loader)
        assert [len(b[1]) for b in batches] == [4, 4, 2]
        assert np.concatenate([b[1] for b in batches]).tolist() == list(range(10))
        assert all(close(b[0][:, 0], b[1]) for b in batches)


@pytest.mark.parametrize("n, size", [(1, 1), (5, 8), (8192, 4096), (9001, 256)])
def test_shuffled_loader_shows_every_example_once_a_pass(n, size):
    y = np.arange(n)
    loader = d2l.load_array((y * 2, y), size)
    passes = []
    for _ in range(2):
        batches = list(loader)
        assert len(batches) == len(loader) == math.ceil(n / size)
        assert all(close(a, 2 * b) for a, b in batches)
        passes.append([v for _, b in batches for v in b.tolist()])
        assert sorted(passes[-1]) == list(range(n))
    if n > 5:
        assert passes[0] != passes[1]


def test_seed_brings_the_order_back():
    loader = d2l.load_array([np.arange(100)], 10)
    d2l.set_seed(3)
    first = [b.tolist() for (b,) in loader]
    d2l.set_seed(3)
    assert first == [b.tolist() for (b,) in loader]


def test_batches_do_not_share_memory_with_the_data():
    X = np.ones((4, 2))
    for is_train in (True, False):
        for (batch,) in d2l.load_array((X,), 2, is_train):
            batch[:] = 0
    assert (X == 1).all()


def test_loader_takes_numpy_arrays_and_lists_and_keeps_the_type():
    labels = onp.array([1, 2, 3], dtype="int32")
    (a, b), *_ = d2l.load_array((labels, [0.5, 1.5, 2.5]), 3, is_train=False)
    assert a.dtype == onp.int32 and a.tolist() == [1, 2, 3]
    assert b.tolist() == [0.5, 1.5, 2.5]


def test_loader_refuses_what_makes_no_batches():
    with pytest.raises(ValueError, match="equal length"):
        d2l.load_array((np.ones(3), np.ones(4)), 2)
    with pytest.raises(ValueError, match="batch_size"):
        d2l.load_array((np.ones(3),), 0)


def test_two_passes_at_a_time_do_not_disturb_each_other():
    loader = d2l.load_array((np.arange(6),), 2, is_train=False)
    pairs = [(a.tolist(), b.tolist()) for (a,), (b,) in zip(loader, loader)]
    assert all(a == b for a, b in pairs)


# 3.6 counting


def test_accuracy_counts():
    y_hat = np.array([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5], [0.9, 0.1, 0.0]])
    y = np.array([0, 2, 0])
    assert d2l.accuracy(y_hat, y) == 2.0
    assert isinstance(d2l.accuracy(y_hat, y), float)
    assert d2l.accuracy(np.array([0, 2, 1]), y) == 2
    assert d2l.accuracy(np.array([[0], [2], [1]]), y) == 2
    assert d2l.accuracy(y_hat.astype("float16"), y.astype("int64")) == 2
    assert d2l.num_correct(y_hat, y).shape == ()


def test_accumulator_adds_numbers_and_tensors():
    total = d2l.Accumulator(2)
    total.add(1, np.array(2.5))
    total.add(np.array([3.0]).sum(), 1)
    assert (total[0], total[1]) == (4.0, 3.5)
    assert type(total[0]) is float
    total.reset()
    assert (total[0], total[1]) == (0, 0)


@pytest.mark.parametrize("args", [(1,), (1, 2, 3)])
def test_accumulator_does_not_drop_what_it_is_given(args):
    with pytest.raises(ValueError, match="2 quantities"):
        d2l.Accumulator(2).add(*args)


def test_accumulator_does_not_change_the_tensors_it_adds():
    total, x = d2l.Accumulator(1), np.array(1.0)
    total.add(x)
    total.add(x)
    assert float(x) == 1 and total[0] == 2


def test_evaluation_runs_in_prediction_mode_and_counts_small_batches():
    modes = []

    def net(X):
        modes.append(autograd.is_training())
        return X

    X = np.eye(3)[np.array([0, 1, 2, 0, 0], dtype="int32")]
    y = np.array([0, 1, 2, 1, 0])
    with autograd.train_mode():
        value = d2l.evaluate_accuracy(net, d2l.load_array((X, y), 2, False))
    assert value == pytest.approx(0.8)
    assert modes == [False] * 3


# 3.6 training


def two_clouds(n=200):
    y = np.random.randint(0, 2, (n,))
    X = np.random.normal(0, 0.5, (n, 2)) + 2 * y.reshape(-1, 1) - 1
    return X, y


def test_training_by_hand_and_by_gluon_agree(capsys):
    X, y = two_clouds()
    W, b = np.zeros((2, 2)), np.zeros(2)
    W.attach_grad()
    b.attach_grad()

    def net(X):
        return npx.softmax(np.dot(X, W) + b)

    def loss(y_hat, y):
        return -np.log(y_hat[range(len(y_hat)), y])

    loader = d2l.load_array((X, y), 30)
    d2l.set_seed(1)
    by_hand = d2l.train_ch3(
        net, loader, loader, loss, 3, lambda n: d2l.sgd([W, b], 0.2, n)
    )
    layer = nn.Dense(2)
    layer.initialize(init.Zero())
    trainer = gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": 0.2})
    d2l.set_seed(1)
    by_gluon = d2l.train_ch3(
        layer, loader, loader, gluon.loss.SoftmaxCrossEntropyLoss(), 3, trainer
    )
    assert onp.allclose(by_hand, by_gluon, atol=1e-5)
    assert close(layer.weight.data().T, W, 1e-5)
    assert len(by_hand) == 3 and by_hand[-1][2] > 0.95
    assert by_hand[2][0] < by_hand[0][0]
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "train loss {:.3f}, train acc {:.3f}, held-out acc {:.3f}".format(
        *by_gluon[-1]
    )


def test_training_makes_no_claims_about_the_result():
    X, y = np.random.normal(0, 1, (20, 2)), np.random.randint(0, 2, (20,))
    layer = nn.Dense(2)
    layer.initialize()
    trainer = gluon.Trainer(layer.collect_params(), "sgd", {"learning_rate": 0.0})
    loss = gluon.loss.SoftmaxCrossEntropyLoss(weight=100)
    history = d2l.train_ch3(
        layer, d2l.load_array((X, y), 8), d2l.load_array((X, y), 8), loss, 1, trainer
    )
    assert history[0][0] > 10


def test_epoch_returns_means_over_examples_not_batches():
    X, y = np.array([[0.0], [0.0], [0.0]]), np.array([0, 0, 1])
    layer = nn.Dense(2)
    layer.initialize(init.Zero())
    seen = []
    loss, acc = d2l.train_epoch_ch3(
        layer,
        d2l.load_array((X, y), 2, False),
        gluon.loss.SoftmaxCrossEntropyLoss(),
        seen.append,
    )
    assert loss == pytest.approx(math.log(2), abs=1e-5)
    assert acc == pytest.approx(2 / 3)
    assert seen == [2, 1]


def test_predictions_are_shown_with_their_names():
    X, y = np.random.uniform(0, 1, (4, 1, 28, 28)), np.array([0, 1, 2, 9])

    def net(X):
        return npx.one_hot(np.array([0, 1, 2, 3])[: len(X)], 10)

    assert d2l.predict_ch3(net, [(X, y)], n=6) is None
    axes = d2l.plt.gcf().axes
    titles = [ax.get_title() for ax in axes]
    assert titles == [
        "t-shirt\nt-shirt",
        "trouser\ntrouser",
        "pullover\npullover",
        "ankle boot\ndress",
    ]
    d2l.plt.close("all")


# 3.6 animation


def test_animator_prints_outside_notebooks(capsys):
    animator = d2l.Animator(xlabel="epoch", legend=["loss", "acc"])
    animator.add(1, [0.5, None])
    animator.add(2, (np.array(0.25), 0.75))
    assert (
        capsys.readouterr().out
        == "epoch 1: loss 0.500\nepoch 2: loss 0.250, acc 0.750\n"
    )
    assert animator.X == [[[1, 2], [2]]] and animator.Y == [[[0.5, 0.25], [0.75]]]
    assert not d2l.plt.get_fignums()


def test_animator_takes_one_value_without_a_list(capsys):
    animator = d2l.Animator()
    animator.add(0, 3)
    animator.add([1], [4])
    assert capsys.readouterr().out == "x 0: y0 3.000\nx 1: y0 4.000\n"


def test_animator_with_panels_wants_values_for_each(capsys):
    animator = d2l.Animator(ncols=2, legend=[["a"], ["b", "c"]])
    animator.add(1, [1, (2, 3)])
    assert capsys.readouterr().out == "x 1: a 1.000, b 2.000, c 3.000\n"
    with pytest.raises(ValueError, match="2 panels"):
        animator.add(1, [1, 2, 3])
    with pytest.raises(ValueError, match="2 curves"):
        animator.add(1, [1, (2, 3, 4)])


NOTEBOOK = """
from d2l import mxnet as d2l
animator = d2l.Animator(xlabel='epoch', xlim=[1, 3], legend=['a', 'b'])
for epoch in range(3):
    animator.add(epoch + 1, (epoch ** 2, 10 - epoch))
print('done')
"""


def run_notebook(cells, **variables):
    import nbclient
    import nbformat

    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in cells]
    )
    saved = dict(os.environ)
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    os.environ.update(variables)
    try:
        nbclient.NotebookClient(notebook, timeout=120).execute()
    finally:
        os.environ.clear()
        os.environ.update(saved)
    return [cell.outputs for cell in notebook.cells]


def test_animator_draws_one_figure_at_the_end_of_the_cell_under_the_press():
    look = "print([[*map(float, line.get_ydata())] for line in animator.lines[0]])"
    first, look, later = run_notebook(
        [NOTEBOOK, look, "animator.add(4, (9, 6))"], SOURCE_DATE_EPOCH="0"
    )
    assert [o.output_type for o in first] == ["stream", "display_data"]
    assert first[0].text == "done\n"
    assert first[1].data["image/svg+xml"].count("<svg") == 1
    assert look[0].text == "[[0.0, 1.0, 4.0], [10.0, 9.0, 8.0]]\n"
    assert [o.output_type for o in later] == ["display_data"]


def test_animator_updates_one_figure_for_a_reader():
    (outputs,) = run_notebook([NOTEBOOK])
    assert [o.output_type for o in outputs] == ["display_data", "stream"]


def test_animator_does_not_need_ipython_in_a_script():
    code = NOTEBOOK + "import sys; assert 'ipykernel' not in sys.modules"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[2] == "epoch 3: a 4.000, b 8.000"


def test_unused_randomness_does_not_leak_into_loaders():
    loader = d2l.load_array([np.arange(50)], 50)
    d2l.set_seed(5)
    first = next(iter(loader))[0].tolist()
    d2l.set_seed(5)
    np.random.normal(0, 1, (100,))
    assert next(iter(loader))[0].tolist() == first
    assert random.random() != 0
