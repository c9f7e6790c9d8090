"""Say how this machine is set up for d2l, or fetch data sets ahead.

    python -m d2l                     versions, devices, data; what is missing
    python -m d2l fetch NAME ...      download these data sets now, for reading offline
    python -m d2l fetch --all         download all of them

The exit status is 0 when everything is in place (or fetched), else 1.
"""

import argparse
import difflib
import importlib
import importlib.metadata
import os
import platform
import sys
from pathlib import Path

OURS = "deep-learning-by-doing"
HERE = Path(__file__).resolve().parent


class Diagnosis:
    """What is found on this machine: facts, warnings and problems."""

    def __init__(self):
        self.facts = []  # (what, value)
        self.warnings = []  # sentences; things work all the same
        self.problems = []  # sentences, each with the command that mends it
        self.look()

    def look(self):
        """Collect everything; what is broken stops nothing but what needs it."""
        self.fact("Python", f"{platform.python_version()}, {sys.executable}")
        self.fact("System", f"{platform.system()} {platform.machine()}")
        self.packages()
        if self.mxnet():
            self.library()
        self.data()

    def fact(self, what, value):
        self.facts.append((what, value))

    def packages(self):
        """Tell which d2l this is, and whether the original one is installed too."""
        self.fact("d2l", f"{installed(OURS) or 'not installed, run from'} {HERE}")
        theirs = installed("d2l")
        if theirs:
            self.warnings.append(
                f"The original package d2l {theirs} is installed too, in the same "
                f"folder name; imported is the one in {HERE}. Remove the other by "
                f"`python -m pip uninstall d2l`, then install {OURS} again."
            )
        for name in ("__init__.py", "mxnet.py"):
            file = HERE / name
            if not (file.exists() and "Deep Learning by Doing" in head(file)):
                self.problems.append(
                    f"{file} is not this book's"
                    + (", but the original package's" if theirs else " or is missing")
                    + f": run `python -m pip uninstall d2l {OURS}` and install this "
                    "book's package again."
                )
        self.fact("NumPy", installed("numpy") or "not installed")

    def mxnet(self):
        """Import MXNet and count its devices; tell whether it works."""
        names = ("mxnet", "mxnet-cu112")
        found = [f"{n} {installed(n)}" for n in names if installed(n)]
        self.fact("MXNet", ", ".join(found) or "not installed")
        if len(found) > 1:
            self.warnings.append(
                "mxnet and mxnet-cu112 are both installed, in one folder: run "
                "`python -m pip uninstall -y mxnet mxnet-cu112` and install one."
            )
        from d2l import _prepare

        try:
            _prepare.prepare()
        except _prepare.NotReady as error:
            self.problems.append(str(error))
            return False
        from mxnet import context

        gpus = context.num_gpus()
        self.fact("Devices", "cpu" + "".join(f", gpu({i})" for i in range(gpus)))
        if gpus == 0 and any("cu112" in name for name in found):
            self.warnings.append(
                "MXNet is built for CUDA but sees no GPU: `nvidia-smi` shows whether "
                "the driver does."
            )
        return True

    def library(self):
        """Import d2l.mxnet, and say which package it misses."""
        if self.problems:
            return
        try:
            module = importlib.import_module("d2l.mxnet")
        except ImportError as error:
            self.problems.append(
                f"d2l.mxnet needs the package {error.name}: run "
                f"`python -m pip install {error.name}`."
            )
        else:
            self.fact("Library", f"d2l.mxnet, {len(module.__all__)} names")

    def data(self):
        """Tell where data sets come from and where they are kept."""
        module = sys.modules.get("d2l.mxnet")
        folder = os.environ.get("D2L_DATA") or "./data"
        here = "" if Path(folder).is_dir() else " (made when first needed)"
        self.fact("Data folder", f"{Path(folder).resolve()}{here}")
        hub = os.environ.get("D2L_HUB") or getattr(module, "DATA_URL", None)
        self.fact("Data hub", hub or "the public one")

    def __str__(self):
        width = max(len(what) for what, _ in self.facts)
        lines = [f"{what:{width}}  {value}" for what, value in self.facts]
        lines += ["", *(f"Warning: {text}" for text in self.warnings)]
        lines += [f"Problem: {text}" for text in self.problems]
        if not self.problems:
            lines.append("Everything that the book needs is in place.")
        return "\n".join(lines).replace("\n\n\n", "\n\n")


def head(file):
    """Read the first lines of a file."""
    with open(file, encoding="utf-8", errors="replace") as lines:
        return lines.read(400)


def installed(distribution):
    """Return the version of an installed distribution, or None."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def fetch(names, everything=False):
    """Download data sets ahead; return the exit status."""
    from d2l import _prepare

    try:
        _prepare.prepare()
        library = importlib.import_module("d2l.mxnet")
    except ImportError as error:
        print(f"d2l: {error}", file=sys.stderr)
        return 1
    known = library.DATA_HUB
    unknown = [name for name in names if name not in known]
    for name in unknown:
        near = difflib.get_close_matches(name, known, 3, 0.4) or sorted(known)
        print(
            f"d2l: there is no data set {name!r}; did you mean {' or '.join(near)}?",
            file=sys.stderr,
        )
    if unknown:
        return 1
    failed = 0
    for name in sorted(known) if everything else names:
        try:
            print(f"{name}: {library.download(name)}")
        except (OSError, ValueError, RuntimeError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed += 1
    return 1 if failed else 0


def main(arguments=None):
    """Run `python -m d2l`; return the exit status."""
    text, _, more = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="python -m d2l",
        description=text,
        epilog=more,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command")
    ahead = commands.add_parser("fetch", help="download data sets ahead")
    ahead.add_argument("names", nargs="*", metavar="NAME")
    ahead.add_argument("--all", action="store_true", help="every data set of the book")
    options = parser.parse_args(arguments)
    if options.command == "fetch":
        if bool(options.names) == options.all:
            ahead.error("name data sets, or say --all")
        return fetch(options.names, options.all)
    diagnosis = Diagnosis()
    print(diagnosis)
    return 1 if diagnosis.problems else 0


if __name__ == "__main__":
    sys.exit(main())
