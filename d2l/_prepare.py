"""Prepare MXNet for import, or say in one sentence what stands in the way."""

import importlib
import importlib.util
import platform
import sys

PYTHONS = ((3, 11), (3, 13))  # the oldest and the newest that MXNet is bridged to
MXNET = "1.9.1"
INSTALL_MXNET = f"python -m pip install --no-deps mxnet=={MXNET}"


class NotReady(ImportError):
    """MXNet cannot be used here; the message says what to do."""


def prepare():
    """Import MXNet through the bridge; raise NotReady with the remedy if it fails."""
    reason = obstacle()
    if reason:
        raise NotReady(reason, name="d2l") from None
    from . import _bridge, _cuda

    _forget_failed_import()
    _bridge.install()
    try:
        _cuda.load_libraries()
        import mxnet  # noqa: F401
    except NotReady:
        raise
    except OSError as error:
        reason = _cuda.explain(error)
    except ImportError as error:
        reason = (
            f"MXNet needs the package {error.name}, which is not installed: run "
            f"`python -m pip install {error.name}`."
        )
    except Exception as error:
        import numpy

        reason = (
            f"MXNet {MXNET} cannot be imported with NumPy {numpy.__version__} on "
            f"Python {platform.python_version()} ({type(error).__name__}: {error}): "
            "install the versions that the book's requirements.txt names."
        )
    if reason:
        raise NotReady(reason, name="mxnet") from None


def obstacle():
    """Say what keeps MXNet from being imported here, or return None."""
    oldest, newest = PYTHONS
    if not oldest <= sys.version_info[:2] <= newest:
        age = "old" if sys.version_info[:2] < oldest else "new"
        return (
            f"Python {platform.python_version()} is too {age} for d2l: make an "
            f"environment with Python {_dotted(oldest)} to {_dotted(newest)}, for "
            f"example by `python{_dotted(newest)} -m venv .venv`, and install it there."
        )
    if "mxnet" in sys.modules and not _bridged(sys.modules["mxnet"]):
        return (
            "mxnet was imported before d2l: restart Python (in a notebook, restart the "
            "kernel) and import d2l first."
        )
    if importlib.util.find_spec("numpy") is None:
        return "NumPy is not installed: run `python -m pip install numpy`."
    if "mxnet" not in sys.modules and importlib.util.find_spec("mxnet") is None:
        return _how_to_get_mxnet()
    return None


def _dotted(version):
    return ".".join(map(str, version))


def _bridged(module):
    loader = getattr(module.__spec__, "loader", None)
    return type(loader).__module__ == "d2l._bridge"


def _forget_failed_import():
    """Drop what an import of mxnet that failed has left behind."""
    if "mxnet" not in sys.modules:
        for name in [n for n in sys.modules if n.startswith("mxnet.")]:
            del sys.modules[name]


def _how_to_get_mxnet():
    system, machine = platform.system(), platform.machine().lower()
    if system == "Windows":
        return (
            f"MXNet {MXNET} does not exist for Windows: install the book in Windows "
            "Subsystem for Linux (`wsl --install`), and start Python there."
        )
    if system == "Darwin" and machine == "arm64":
        return (
            f"MXNet {MXNET} does not exist for Apple silicon: use a Python built for "
            "x86_64, which macOS runs through Rosetta, or a Linux container."
        )
    if machine not in ("x86_64", "amd64", "aarch64", "arm64"):
        return f"MXNet {MXNET} does not exist for {system} on {machine}: use x86_64."
    return f"MXNet is not installed: run `{INSTALL_MXNET}`."
