"""The name that Section 6.2 saves: two-dimensional cross-correlation."""

import numpy as onp
import pytest
from d2l import mxnet as d2l
from mxnet import autograd, np
from mxnet.gluon import nn


@pytest.fixture(autouse=True)
def seed():
    d2l.set_seed(0)


def plainly(X, K):
    """The definition, one element after the other."""
    (n_h, n_w), (k_h, k_w) = X.shape, K.shape
    Y = onp.zeros((n_h - k_h + 1, n_w - k_w + 1))
    for i, j in onp.ndindex(Y.shape):
        Y[i, j] = (X[i : i + k_h, j : j + k_w] * K).sum()
    return Y


SHAPES = [
    ((3, 3), (2, 2)),
    ((6, 8), (1, 2)),
    ((8, 6), (2, 1)),
    ((7, 5), (3, 4)),
    ((4, 5), (4, 5)),
    ((1, 1), (1, 1)),
]


@pytest.mark.parametrize(("image", "kernel"), SHAPES)
def test_corr2d_is_what_numpy_computes(image, kernel):
    X, K = np.random.normal(0, 1, image), np.random.normal(0, 1, kernel)
    Y = d2l.corr2d(X, K)
    expected = plainly(X.asnumpy(), K.asnumpy())
    assert Y.shape == expected.shape
    assert onp.allclose(Y.asnumpy(), expected, atol=1e-5)


@pytest.mark.parametrize(("image", "kernel"), SHAPES)
def test_corr2d_is_what_gluons_layer_computes(image, kernel):
    X = np.random.normal(0, 1, image)
    conv = nn.Conv2D(1, kernel_size=kernel, in_channels=1)
    conv.initialize()
    K = np.random.normal(0, 1, kernel)
    conv.weight.set_data(K.reshape(1, 1, *kernel))
    conv.bias.set_data(np.array([0.25]))
    expected = conv(X.reshape(1, 1, *image))[0, 0]
    assert abs(d2l.corr2d(X, K) + 0.25 - expected).max() < 1e-5


def test_corr2d_computes_the_worked_example():
    Y = d2l.corr2d(np.arange(9).reshape(3, 3), np.arange(4).reshape(2, 2))
    assert Y.tolist() == [[19, 25], [37, 43]]


def test_corr2d_does_not_flip_the_kernel():
    X = np.zeros((3, 3))
    X[0, 1] = 1
    Y = d2l.corr2d(X, np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert Y.tolist() == [[2, 1], [0, 0]]


def test_corr2d_leaves_its_arguments_alone():
    X, K = np.ones((3, 4)), np.ones((2, 2))
    d2l.corr2d(X, K)
    assert (X == 1).all()
    assert (K == 1).all()


def test_autograd_goes_through_corr2d_to_both_arguments():
    X, K = np.random.normal(0, 1, (5, 6)), np.random.normal(0, 1, (2, 3))
    G = np.random.normal(0, 1, (4, 4))  # what the output's elements count
    for A in (X, K):
        A.attach_grad()
    with autograd.record():
        total = (d2l.corr2d(X, K) * G).sum()
    total.backward()
    assert onp.allclose(K.grad.asnumpy(), plainly(X.asnumpy(), G.asnumpy()), atol=1e-5)
    framed = onp.pad(G.asnumpy(), [(1, 1), (2, 2)])
    assert onp.allclose(
        X.grad.asnumpy(), plainly(framed, K.asnumpy()[::-1, ::-1]), atol=1e-5
    )


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64"])
def test_whole_numbers_are_turned_into_floats(dtype):
    X = np.array([[200, 100, 250]], dtype=dtype)
    Y = d2l.corr2d(X, np.array([[1, 1]], dtype=dtype))
    assert Y.dtype == onp.float32
    assert Y.tolist() == [[300, 350]]
    assert d2l.corr2d(X, np.array([[1.0, -1.0]])).tolist() == [[100, -150]]


def test_double_precision_is_kept():
    X, K = onp.ones((3, 3)), onp.full((2, 2), 0.1)
    assert d2l.corr2d(X, K).dtype == onp.float64
    Y = d2l.corr2d(np.array(X, dtype="float64"), np.array(K, dtype="float64"))
    assert Y.dtype == onp.float64


@pytest.mark.parametrize("kernel", [(4, 1), (1, 6), (4, 6), (0, 2), (2, 0)])
def test_a_kernel_that_does_not_fit_is_refused(kernel):
    with pytest.raises(ValueError, match="does not fit inside"):
        d2l.corr2d(onp.ones((3, 5)), onp.ones(kernel))


@pytest.mark.parametrize(
    ("image", "kernel"),
    [((5,), (2,)), ((1, 3, 5), (2, 2)), ((3, 5), (1, 2, 2)), ((3, 5), (2,)), ((), ())],
)
def test_what_is_not_a_matrix_is_refused(image, kernel):
    with pytest.raises(ValueError, match="takes matrices"):
        d2l.corr2d(np.ones(image), np.ones(kernel))
