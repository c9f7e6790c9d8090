"""`pip install .` from a clone gives a working d2l.

The wheel is built from what is committed or changed in this clone, and installed as a
reader would, by pip with its own choice of versions, into a clean environment.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TRY = """
import d2l
from d2l import mxnet as d2l_library
from mxnet import autograd, np
assert d2l.__file__.startswith({site!r}), d2l.__file__
d2l_library.set_seed(0)
w = np.array([0.0])
w.attach_grad()
for _ in range(50):
    with autograd.record():
        loss = ((w - 3) ** 2).sum()
    loss.backward()
    w[:] = w - 0.1 * w.grad
assert abs(float(w[0]) - 3) < 0.01
"""


def run(*command, cwd=None):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy, so that the clone stays as it is."""
    clone = tmp_path_factory.mktemp("clone")
    for name in ("pyproject.toml", "README.md", "LICENSE-CODE"):
        shutil.copy(ROOT / name, clone / name)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "d2l", clone / "d2l", ignore=ignored)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps"]
    command += ["--no-build-isolation", "-w", clone / "dist", clone]
    status, said = run(*command)
    assert status == 0, said
    (built,) = (clone / "dist").glob("*.whl")
    return built


def test_wheel_holds_the_library_and_nothing_else(wheel):
    assert wheel.name.startswith("deep_learning_by_doing-")
    names = zipfile.ZipFile(wheel).namelist()
    code = {name for name in names if ".dist-info/" not in name}
    assert code == {f"d2l/{file.name}" for file in (ROOT / "d2l").glob("*.py")}
    assert any(name.endswith("LICENSE-CODE") for name in names)


def test_clean_environment(wheel, tmp_path):
    """Where pip cannot choose MXNet itself, d2l names the command that installs it."""
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv")
    folder = "Scripts" if os.name == "nt" else "bin"
    python = str(tmp_path / "venv" / folder / "python")
    pip = [sys.executable, "-m", "pip", "--python", python]
    install = [*pip, "install", "-q", "--no-compile", "--disable-pip-version-check"]
    status, said = run(*install, str(wheel))
    assert status == 0, said
    if sys.version_info >= (3, 13):
        status, said = run(python, "-c", "import d2l", cwd=tmp_path)
        command = "python -m pip install --no-deps mxnet==1.9.1"
        assert status and f"run `{command}`" in said
        status, said = run(*install, *command.split()[4:])
        assert status == 0, said
    else:
        status, said = run(*pip, "check")
        assert status == 0, said
    status, said = run(python, "-c", TRY.format(site=str(tmp_path)), cwd=tmp_path)
    assert (status, said) == (0, "")
    status, said = run(python, "-m", "d2l", cwd=tmp_path)
    assert status == 0 and "is in place" in said and str(tmp_path) in said
