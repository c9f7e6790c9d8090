"""Write the lock file: every package at one version, for Pythons 3.11 to 3.13.

The versions are found by uv, in an environment of its own in _build. MXNet's own
metadata asks for NumPy 1; d2l bridges it to NumPy 2, so that demand is overridden.
jsonschema checks one rare format with rfc3987-syntax, and does without it; importing it
takes 1.5 seconds in every process that reads a notebook, so it is left out.
"""

from __future__ import annotations

import os
import subprocess
import sys

from press import requirements
from press.book import BookError, write_atomically

UV = "uv>=0.9"
OVERRIDES = "numpy>=2.1\nrfc3987-syntax; python_version < '3'\n"
HEADER = """\
# The lock: every package at one version, for Python 3.11 to 3.13. Written by
# `make lock` from requirements.in, which says why each is here. Install it with
#     pip install --no-deps -r requirements.txt
# (MXNet's own metadata asks for NumPy 1; d2l bridges it to NumPy 2.)
"""


def write(root):
    """Resolve requirements.in and write both lock files; return the exit status."""
    folder = root / "_build" / "lock"
    uv = folder / "venv" / "bin" / "uv"
    if not uv.exists():
        run([sys.executable, "-m", "venv", str(folder / "venv")])
        run([str(uv.with_name("pip")), "install", "-q", UV])
    overrides, found = folder / "overrides.txt", folder / "found.txt"
    overrides.write_text(OVERRIDES, encoding="utf-8")
    found.unlink(missing_ok=True)
    command = [str(uv), "pip", "compile", "-q", "--universal", "--python-version=3.11"]
    command += ["--no-annotate", "--no-header", "--overrides", str(overrides)]
    command += ["-o", str(found), str(root / "requirements.in")]
    run(command, {**os.environ, **index()})
    text = HEADER + found.read_text(encoding="utf-8")
    write_atomically(root / "requirements.txt", text)
    gpu = requirements.gpu_lock(root)
    write_atomically(root / "requirements-gpu.txt", gpu)
    print("requirements.txt and requirements-gpu.txt written")
    return 0


def run(command, env=None):
    done = subprocess.run(command, env=env, check=False)
    if done.returncode:
        raise BookError(f"{' '.join(command[:3])} … failed, see above")


# What pip calls a setting, and the variable that uv reads.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


def index():
    """The package index that pip is set to use, as variables for uv."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    env = {}
    for line in done.stdout.splitlines():
        name, _, value = line.partition("=")
        variable = SETTINGS.get(name.split(".")[-1])
        values = [v for v in value.strip("'\"").split() if exists(v)]
        if variable and values:
            env[variable] = " ".join(values)
    if "UV_INDEX" in env:
        # As pip does, take the best version that any of the indexes has.
        env["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    return env


def exists(place):
    """False for a folder, as a path or a file: address, that is not there."""
    path = place.removeprefix("file://")
    return not path.startswith("/") or os.path.exists(path)
