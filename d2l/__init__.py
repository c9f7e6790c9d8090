"""d2l, "do to learn": the library of the book Deep Learning by Doing.

Importing d2l makes MXNet 1.9.1 work on Python 3.11 to 3.13 with the NumPy of today,
and with the CUDA libraries that pip installs. Import it before mxnet:

    from d2l import mxnet as d2l
    from mxnet import autograd, np, npx

What the book's sections define is in d2l.mxnet. `python -m d2l` says how this machine
is set up, what is missing, and the command that mends it.
"""

import sys

from ._prepare import NotReady, prepare

__all__ = ["NotReady", "__version__"]
__version__ = "0.1.0"


def _asked_for_diagnosis():
    """Tell whether this is `python -m d2l`, which reports what is wrong itself."""
    if sys.argv[:1] != ["-m"]:
        return False  # Python is past looking for the module that -m names
    given = getattr(sys, "orig_argv", ["-m", "d2l"])  # since Python 3.10
    return ("-m", "d2l") in zip(given, given[1:]) or "-md2l" in given


if not _asked_for_diagnosis():
    prepare()
