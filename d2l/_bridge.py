"""The bridge between MXNet 1.9.1 and today's Python and NumPy.

MXNet 1.9.1 was written for NumPy 1 and Python 3.8. Its modules are loaded here by a
loader of their own, which hands them, and nobody else,

- in place of `numpy` a module that is NumPy plus the few names that NumPy dropped,
- in place of `distutils.version` (gone from Python 3.12) the two classes they use,
- the few lines of theirs that rely on something changed, in today's words.

No file is edited and nothing is set on NumPy: every other library sees it as it is.
"""

import builtins
import importlib.machinery
import sys
import types
import warnings

import numpy


class RemovedFromNumPy(AttributeError, NotImplementedError):
    """A function was used that MXNet took from NumPy and NumPy no longer has."""


class _Removed:
    """Stands for a function that NumPy dropped and that has no equivalent in it."""

    def __init__(self, name, instead):
        self.__name__ = name
        self._message = (
            f"NumPy {numpy.__version__} has no {name}, so MXNet's np.{name} cannot "
            f"work: {instead}"
        )

    def __call__(self, *args, **kwargs):
        raise RemovedFromNumPy(self._message)

    def __repr__(self):
        return f"<removed from NumPy: {self.__name__}>"


_FINANCIAL = "install the package numpy-financial and use its function."


def _sorted_first_axis(a):
    """Return a copy of `a` sorted along its first axis (NumPy's old msort)."""
    return numpy.sort(a, axis=0)


def _in1d(ar1, ar2, assume_unique=False, invert=False):
    """Test whether each element of a flattened `ar1` is in `ar2` (old in1d)."""
    return numpy.isin(numpy.ravel(ar1), ar2, assume_unique, invert)


def _dropped():
    """Map the names that MXNet asks of NumPy, and NumPy dropped, to equivalents."""
    nan, inf = numpy.nan, numpy.inf
    names = {
        "NAN": nan,
        "NaN": nan,
        "Inf": inf,
        "NINF": -inf,
        "PINF": inf,
        "NZERO": -0.0,
        "PZERO": 0.0,
        "alltrue": numpy.all,
        "bool": numpy.bool_,
        "compat": types.SimpleNamespace(basestring=str),
        "in1d": _in1d,
        "int": int,
        "msort": _sorted_first_axis,
        "product": numpy.prod,
        "round_": numpy.round,
        "sometrue": numpy.any,
        "trapz": getattr(numpy, "trapezoid", None),  # NumPy 2; NumPy 1 has trapz
    }
    for name in ("mirr", "npv", "pmt", "ppmt", "pv", "rate"):
        names[name] = _Removed(name, _FINANCIAL)
    return {k: v for k, v in names.items() if k not in vars(numpy)}


def _numpy_for_mxnet():
    """Make a module that is NumPy with the dropped names."""
    module = types.ModuleType("numpy", numpy.__doc__)
    vars(module).update(vars(numpy))
    vars(module).update(_dropped())
    module.__getattr__ = lambda name: getattr(numpy, name)  # loaded when asked for
    return module


class LooseVersion:
    """The part of distutils' LooseVersion and StrictVersion that MXNet uses."""

    def __init__(self, text):
        parts = text.replace("+", ".").split(".")
        self.version = [int(part) for part in parts if part.isdigit()]

    def __lt__(self, other):
        return self.version < LooseVersion(str(other)).version

    def __ge__(self, other):
        return not self < other

    def __le__(self, other):
        return not LooseVersion(str(other)) < self

    def __gt__(self, other):
        return LooseVersion(str(other)) < self

    def __str__(self):
        return ".".join(map(str, self.version))


NUMPY = _numpy_for_mxnet()
_VERSIONS = types.ModuleType("distutils.version")
_VERSIONS.LooseVersion = _VERSIONS.StrictVersion = LooseVersion


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    """Import for MXNet's modules: theirs are the bridge's numpy and distutils."""
    if level == 0 and name == "distutils.version" and fromlist:
        return _VERSIONS
    module = builtins.__import__(name, globals, locals, fromlist, level)
    return NUMPY if module is numpy else module


def _parameter(value):
    """Write an operator's parameter as MXNet's C++ side reads it.

    Where str() of a tuple shows its NumPy numbers as `np.int64(2)`, show `2`.
    """
    return str(_plain(value) if isinstance(value, (list, tuple)) else value)


def _plain(value):
    if isinstance(value, (list, tuple)):
        values = [_plain(v) for v in value]
        return values if isinstance(value, list) else tuple(values)
    return value.item() if isinstance(value, numpy.generic) else value


_BUILTINS = {**vars(builtins), "__import__": _import, "_d2l_parameter": _parameter}

# Lines of MXNet that today's NumPy breaks: {module: [(theirs, today's)]}.
_EDITS = {
    "mxnet._ctypes.ndarray": [
        ("str(s) for s in vals", "_d2l_parameter(s) for s in vals")
    ],
    "mxnet._ctypes.symbol": [
        ("str(s) for s in kwargs", "_d2l_parameter(s) for s in kwargs"),
        ("str(v) for v in vals", "_d2l_parameter(v) for v in vals"),
    ],
    "mxnet.recordio": [(".tostring()", ".tobytes()")],
}


def _array(self, dtype=None, copy=None):
    """Let NumPy, and what builds on it, read an MXNet array (by a copy)."""
    if copy is False:
        raise ValueError("NumPy cannot read an MXNet array without copying it.")
    array = self.asnumpy()
    return array if dtype is None else array.astype(dtype, copy=False)


def _mend_ndarray(module):
    module.NDArray.__array__ = _array


def _mend_multiarray(module):
    """Accept the named tuples that today's NumPy returns, from linalg.svd say."""
    theirs = module._as_mx_np_array

    def as_mx_np_array(object, ctx=None):
        if isinstance(object, tuple):
            object = tuple(object)
        return theirs(object, ctx)

    module._as_mx_np_array = as_mx_np_array


def _mend_dataloader(module):
    """Prepare MXNet in DataLoader's workers too where they are fresh processes."""
    _mend_dataloader.theirs = module._worker_initializer
    module._worker_initializer = start_worker


def start_worker(*arguments):
    """Start a worker of DataLoader; found by name, so that it imports d2l first."""
    import mxnet.gluon.data.dataloader  # noqa: F401

    _mend_dataloader.theirs(*arguments)


# What is mended in a module of MXNet once it is loaded.
_MENDS = {
    "mxnet.gluon.data.dataloader": _mend_dataloader,
    "mxnet.ndarray.ndarray": _mend_ndarray,
    "mxnet.numpy.multiarray": _mend_multiarray,
}


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module of MXNet so that its imports and removed calls are bridged."""

    def exec_module(self, module):
        module.__builtins__ = _BUILTINS
        super().exec_module(module)
        _MENDS.get(module.__name__, lambda module: None)(module)

    def get_code(self, fullname):
        if fullname not in _EDITS:
            return super().get_code(fullname)
        source = self.get_source(fullname)
        for theirs, todays in _EDITS[fullname]:
            source = source.replace(theirs, todays)
        return self.source_to_code(source, self.path)

    def source_to_code(self, data, path, **options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in MXNet's docstrings
            return super().source_to_code(data, path, **options)


class _Finder:
    """Finds the modules of MXNet, for which it names the loader above."""

    @staticmethod
    def find_spec(fullname, path=None, target=None):
        if fullname.partition(".")[0] != "mxnet":
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(
            spec.loader, importlib.machinery.SourceFileLoader
        ):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def install():
    """Bridge the modules of MXNet that are imported from now on."""
    if _Finder not in sys.meta_path:
        sys.meta_path.insert(0, _Finder)
