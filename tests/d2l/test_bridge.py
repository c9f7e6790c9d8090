"""MXNet works on today's NumPy, and nobody else notices how."""

import ast
import sys
from pathlib import Path

import numpy
import pytest
from d2l import _bridge
from mxnet import autograd, gluon, np, npx, recordio

npx.set_np()


# --- nothing leaks --------------------------------------------------------------


def test_numpy_stays_as_it_is(python):
    """Neither NumPy's names nor the filters of warnings change, nor does distutils."""
    code = """
import sys, warnings, numpy, requests  # which sets filters of its own
before, filters = {*vars(numpy)}, list(warnings.filters)
import d2l, mxnet
new = {k for k in {*vars(numpy)} - before if not hasattr(vars(numpy)[k], '__path__')}
assert not new, new
assert sys.modules['numpy'] is numpy and mxnet.numpy.utils.onp is not numpy
assert numpy.bool is numpy.bool_ and not hasattr(numpy, 'product')
assert warnings.filters == filters
assert 'distutils' not in sys.modules and 'setuptools' not in sys.modules
assert not {'pandas', 'matplotlib', 'IPython'} & {*sys.modules}
"""
    if numpy.__version__.startswith("1."):
        pytest.skip("NumPy 1 has these names itself")
    python("-c", code)


def test_import_is_silent(python, tmp_path):
    """No warning and no other noise, even where MXNet was never compiled before."""
    code = "import d2l; import mxnet.gluon.contrib.estimator"
    done = python("-W", "error", "-c", code, PYTHONPYCACHEPREFIX=str(tmp_path / "pyc"))
    assert done.stdout + done.stderr == ""


def test_every_name_that_mxnet_asks_of_numpy_is_there():
    """Scan MXNet's source for attributes of NumPy: the bridge has each of them."""
    missing = []
    package = Path(sys.modules["mxnet"].__file__).parent
    for file in sorted(package.rglob("*.py")):
        if file.relative_to(package).parts[0] == "tools":
            continue  # scripts of their own, not modules of the package
        tree = ast.parse(file.read_text(encoding="utf-8"))
        aliases = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
            if alias.name == "numpy"
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in aliases
                and not hasattr(_bridge.NUMPY, node.attr)
            ):
                missing.append(f"{file.name}:{node.lineno} {node.attr}")
    assert not missing


def test_failed_import_of_mxnet_does_no_harm(python):
    """After `import mxnet` alone has failed, importing d2l still mends it."""
    code = """
try:
    import mxnet
except (AttributeError, ModuleNotFoundError):
    import d2l
    from mxnet import np
    assert float(np.ones(3).sum()) == 3
else:
    raise SystemExit('MXNet needs no bridge on this NumPy')
"""
    python("-c", code)


def test_mxnet_that_came_first_is_refused(python):
    code = "import sys, types; sys.modules['mxnet'] = types.ModuleType('mxnet')\n"
    code += "import d2l"
    done = python("-c", code, check=False)
    assert done.returncode
    assert "import d2l first" in done.stderr.splitlines()[-1]


# --- names that NumPy dropped -----------------------------------------------------


def test_dropped_names_compute_what_they_did():
    a = np.array([[3.0, 1.0], [2.0, 4.0]])
    assert np.msort(a).tolist() == [[2, 1], [3, 4]]
    assert np.in1d(a, np.array([1.0, 4.0])).tolist() == [False, True, False, True]
    assert float(np.trapz(np.array([1.0, 2.0, 4.0]))) == 4.5
    assert float(np.product(a)) == 24
    assert bool(np.alltrue(a > 0)) and not bool(np.sometrue(a > 4))
    assert (np.NINF, np.PINF, np.PZERO) == (-numpy.inf, numpy.inf, 0)


def test_functions_without_an_equivalent_say_so_when_called():
    with pytest.raises(_bridge.RemovedFromNumPy, match="numpy-financial"):
        np.npv(0.1, [1, 2])


# --- what works differently in NumPy 2 ----------------------------------------------


def test_numpy_reads_mxnet_arrays():
    """As numbers, not as an array of objects, by a copy."""
    x = np.arange(6).reshape(2, 3)
    assert numpy.asarray(x).dtype == numpy.float32
    assert numpy.array([x[0], x[1]]).tolist() == x.tolist()
    assert numpy.array(x, dtype="int64").dtype == numpy.int64
    if numpy.__version__ >= "2":  # NumPy 1 copied where it had to
        with pytest.raises(ValueError, match="without copying"):
            numpy.array(x, copy=False)
    numpy.testing.assert_allclose(x, x.asnumpy())
    numpy.asarray(x)[0, 0] = 9
    assert float(x[0, 0]) == 0


def test_numpy_functions_dispatch_to_mxnet():
    x = np.array([[3.0, 0.0], [0.0, 4.0]])
    assert isinstance(numpy.concatenate([x, x]), np.ndarray)
    assert isinstance(numpy.exp(x), np.ndarray)
    u, s, vh = numpy.linalg.svd(x)
    assert s.tolist() == [4, 3]


@pytest.mark.parametrize("number", [numpy.int64(2), numpy.int32(2), 2])
def test_numpy_numbers_as_parameters(number):
    """Sizes that NumPy computed may stand wherever MXNet takes a shape."""
    x = np.arange(12).reshape(number, 6)
    assert x.reshape((number, 3, -1)).shape == (2, 3, 2)
    assert np.zeros((number, 3)).shape == (2, 3)
    assert np.pad(x, ((number, 0), (0, number))).shape == (4, 8)
    assert npx.reshape(x, (number, -1)).shape == (2, 6)
    conv = gluon.nn.HybridSequential()
    conv.add(gluon.nn.Conv2D(3, kernel_size=(number, number), strides=(number, 1)))
    conv.initialize()
    images = np.ones((1, 1, 4, 4))
    eager = conv(images)
    conv.hybridize()
    assert eager.shape == conv(images).shape == (1, 3, 2, 3)
    parts = gluon.utils.split_and_load(np.ones((4, 2)), [npx.cpu(0), npx.cpu(1)])
    assert [part.shape for part in parts] == [(2, 2), (2, 2)]


def test_scalars_and_printing():
    x = np.array([[1.5, 2.0]])
    assert repr(x) == "array([[1.5, 2. ]])"
    assert (float(x[0, 0]), int(x[0, 1]), x[0, 0].item()) == (1.5, 2, 1.5)
    assert f"{x[0, 0]:.2f} {x.sum()}" == "1.50 3.5"
    for scalar in (numpy.float32(2), numpy.float64(2), numpy.int64(2), 2):
        assert (x * scalar).dtype == (scalar * x).dtype == numpy.float32
        assert (x * scalar).tolist() == (scalar * x).tolist() == [[3, 4]]


def test_a_record_keeps_its_labels():
    header = recordio.IRHeader(0, [1.0, 2.0], 1, 0)
    back, content = recordio.unpack(recordio.pack(header, b"content"))
    assert (back.label.tolist(), content) == ([1, 2], b"content")


def test_parameters_survive_a_file(tmp_path):
    first, second = gluon.nn.Sequential(), gluon.nn.Sequential()
    for net in (first, second):
        net.add(gluon.nn.Dense(4, activation="relu"), gluon.nn.Dense(2))
    first.initialize()
    y = first(np.ones((1, 3)))
    first.save_parameters(str(tmp_path / "net"))
    second.load_parameters(str(tmp_path / "net"))
    assert (second(np.ones((1, 3))) == y).all()


def test_gradients_are_right():
    x = np.arange(4.0)
    x.attach_grad()
    with autograd.record():
        y = 2 * np.dot(x, x)
    y.backward()
    assert x.grad.tolist() == [0, 4, 8, 12]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_a_dataloader(python, method):
    """Workers get the bridge too, where they are copies and where they are new."""
    code = f"""
import multiprocessing
from d2l import _bridge
import numpy
from mxnet import gluon, np, npx

npx.set_np()
multiprocessing.set_start_method({method!r})
data = gluon.data.ArrayDataset(numpy.arange(6.0, dtype='float32'))
loader = gluon.data.DataLoader(data, 2, num_workers=1)
assert [batch.tolist() for batch in loader] == [[0, 1], [2, 3], [4, 5]]
"""
    python("-c", code)
