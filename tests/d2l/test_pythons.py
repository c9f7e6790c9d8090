"""The same small training gives the same losses on every Python that is supported.

Each interpreter found on this machine gets an environment in _build/pythons with what
MXNet needs, from the lock; it is made once and again when the lock's pins change.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = "certifi charset-normalizer graphviz idna mxnet numpy requests urllib3".split()

TRAINING = """
import json, random, sys
import d2l
import numpy
from mxnet import autograd, gluon, init, np, npx

npx.set_np()
npx.random.seed(0)
numbers = random.Random(0)
rows = [[numbers.gauss(0, 1) for _ in range(8)] for _ in range(256)]
X = np.array(rows)
y = (X[:, :4].sum(axis=1) > 0).astype('int32')
net = gluon.nn.HybridSequential()
net.add(gluon.nn.Dense(16, activation='relu'), gluon.nn.Dropout(0.1),
        gluon.nn.BatchNorm(), gluon.nn.Dense(2))
net.initialize(init.Xavier())
net.hybridize()
trainer = gluon.Trainer(net.collect_params(), 'adam', {'learning_rate': 0.01})
loss = gluon.loss.SoftmaxCrossEntropyLoss()
data = gluon.data.DataLoader(gluon.data.ArrayDataset(X, y), 32)
losses = []
for _ in range(5):
    total = 0.0
    for features, labels in data:
        with autograd.record():
            l = loss(net(features), labels)
        l.backward()
        trainer.step(len(labels))
        total += float(l.sum())
    losses.append(total / len(y))
print(json.dumps({'python': sys.version_info[:2], 'losses': losses}))
"""


def interpreter(version):
    """Find python3.x on the PATH or among pyenv's, or return None."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return sys.executable
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    candidates = sorted(root.glob(f"versions/{version}.*/bin/python"), reverse=True)
    candidates.append(shutil.which(f"python{version}"))
    for path in filter(None, candidates):
        works = subprocess.run([path, "-m", "venv", "--help"], capture_output=True)
        if works.returncode == 0:  # pyenv leaves shims that run nothing
            return str(path)
    return None


def environment(version):
    """Make the environment for a Python, or find it; return its interpreter."""
    base = interpreter(version)
    if base is None:
        pytest.skip(f"Python {version} is not installed")
    if base == sys.executable:
        return base
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = [line for line in lock.splitlines() if re.split("=", line)[0] in NEEDED]
    key = hashlib.sha256("\n".join([base, *pins]).encode()).hexdigest()[:12]
    folder = ROOT / "_build" / "pythons" / f"{version}-{key}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        make = [base, "-m", "venv", "--without-pip", folder]
        subprocess.run(make, check=True, capture_output=True)
        install = [sys.executable, "-m", "pip", "--python", python, "install", "-q"]
        install += ["--disable-pip-version-check", "--no-deps", "--no-compile", *pins]
        done = subprocess.run(install, capture_output=True, text=True)
        if done.returncode:
            pytest.fail(f"pip for Python {version}:\n{done.stderr[-2000:]}")
        (folder / "complete").touch()
    return python


def train(python, version):
    done = python("-c", TRAINING, executable=environment(version))
    result = json.loads(done.stdout)
    assert result["python"] == [int(part) for part in version.split(".")]
    return result["losses"]


HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture(scope="module")
def losses():
    """What has been computed, by version: the Python of the tests trains once."""
    return {}


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_training_gives_the_same_losses(python, losses, version):
    """Bit for bit: the arithmetic is MXNet's, and the bridge changes none of it."""
    for one in (version, HERE):
        if one not in losses:
            losses[one] = train(python, one)
    assert losses[version] == losses[HERE]
    assert losses[version][-1] < 0.4 < losses[version][0]
