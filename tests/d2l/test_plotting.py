"""The plotting helpers of section 2.4 and the gradient check of section 2.5."""

import io

import numpy
import pytest
from d2l import mxnet as d2l

plt = d2l.plt
np = d2l.np


@pytest.fixture(autouse=True)
def plain_figures():
    """Draw without a screen, and leave matplotlib as it was."""
    import matplotlib

    backend = matplotlib.get_backend()
    plt.switch_backend("agg")
    with matplotlib.rc_context():
        yield
        plt.close("all")
    plt.switch_backend(backend)


def curves():
    return [line.get_xydata() for line in plt.gca().lines]


def looks():
    return {(line.get_color(), line.get_linestyle()) for line in plt.gca().lines}


@pytest.mark.parametrize(
    "y",
    [
        [1.0, 4.0, 9.0],
        (1.0, 4.0, 9.0),
        numpy.array([1.0, 4.0, 9.0]),
        np.array([1.0, 4.0, 9.0]),
        [np.array(1.0), np.array(4.0), np.array(9.0)],
    ],
    ids=["list", "tuple", "numpy", "mxnet", "list of mxnet numbers"],
)
def test_one_curve_of_any_kind(y):
    d2l.plot([1, 2, 3], y)
    assert [c.tolist() for c in curves()] == [[[1, 1], [2, 4], [3, 9]]]


def test_without_y_the_curves_are_drawn_against_their_index():
    d2l.plot([[5, 6], [7, 8, 9]])
    assert [c[:, 0].tolist() for c in curves()] == [[0, 1], [0, 1, 2]]


def test_one_x_serves_several_y_and_rows_are_curves():
    d2l.plot(numpy.arange(3), np.ones((4, 3)))
    assert len(curves()) == 4
    d2l.plot([[0, 1], [0, 1, 2]], [[1, 1], numpy.array([1, 2, 3])])
    assert [len(c) for c in curves()] == [2, 3]


def test_no_curve_beyond_the_fourth_vanishes_and_all_look_different():
    d2l.plot(range(2), [[k, k] for k in range(9)], legend=[str(k) for k in range(9)])
    assert len(curves()) == 9
    assert len(looks()) == 9
    assert len(plt.gca().get_legend().get_texts()) == 9


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([1, 2], [1, 2, 3]), "curve 0 has 2 x and 3 y values"),
        (([[1, 2], [1, 2]], [1, 2]), "2 curves in X, but 1 in Y"),
        ((numpy.ones((2, 2, 2)),), "one axis, not 2"),
        (([1, 2], None, "x", "y", ["a", "b"]), "2 names in legend, 1 curves"),
    ],
)
def test_what_does_not_fit_together_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        d2l.plot(*arguments)


def test_set_axes_labels_scales_and_limits():
    d2l.plot([1, 10], [1, 100], "h", "error", ["e"], (1, 10), (1, 100), "log", "log")
    axes = plt.gca()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("h", "error")
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.get_xlim() == (1, 10) and axes.get_ylim() == (1, 100)
    d2l.plot([1, 2])
    assert plt.gca().get_xlabel() == "" and plt.gca().get_legend() is None


def test_figure_size_and_given_axes():
    d2l.set_figsize((6, 4.5))
    assert tuple(plt.figure().get_size_inches()) == (6, 4.5)
    _, (left, right) = plt.subplots(1, 2)
    d2l.plot([1, 2], axes=left)
    assert len(left.lines) == 1 and not right.lines


def test_the_same_figure_gives_the_same_bytes():
    def drawn():
        plt.close("all")
        d2l.plot(
            range(5), [[k * k for k in range(5)], range(5)], "x", legend=["a", "b"]
        )
        file = io.BytesIO()
        plt.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    first = drawn()
    assert first == drawn()
    assert b"<text" not in first  # letters are paths
    assert b"fill: #ffffff; stroke" not in first  # no background


def test_check_gradient_passes_what_is_right():
    a = np.random.normal(size=(3, 4)).astype("float64")
    v = np.random.normal(size=4).astype("float64")
    assert d2l.check_gradient(lambda a, v: np.tanh(np.dot(a, v)), a, v) < 1e-8
    assert d2l.check_gradient(lambda a: d2l.npx.softmax(a), a) < 1e-8
    assert d2l.check_gradient(np.sin, np.arange(4.0)) < 2e-3
    assert a.grad is None  # its arguments are left alone


def test_check_gradient_names_what_is_wrong():
    v = np.array([[1.0, 2.0]], dtype="float64")
    with pytest.raises(AssertionError, match=r"input 0, entry \(0, 0\)"):
        d2l.check_gradient(lambda v: v * v.detach(), v)


def test_check_gradient_is_not_fooled_by_errors_that_cancel():
    def swapped(v):  # the sum of its outputs has the right gradient
        return np.concatenate([v + (v - v.detach()), v.detach() - (v - v.detach())])

    with pytest.raises(AssertionError):
        d2l.check_gradient(swapped, np.array([1.0, 2.0], dtype="float64"))


def test_check_gradient_looks_at_a_bounded_number_of_entries():
    calls = []

    def f(x):
        calls.append(1)
        return x * x

    d2l.check_gradient(f, np.ones(1000, dtype="float64"), max_entries=10)
    assert len(calls) == 1 + 2 * 10
