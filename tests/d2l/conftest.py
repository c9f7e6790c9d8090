"""What the tests of d2l share: hubs of data, and Python in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "hub"  # a few real data files, where they are at hand


@pytest.fixture
def python(tmp_path):
    """Run Python in a fresh process, in an empty folder, with this clone's d2l.

    python('-c', code, NAME='value' for the environment) returns the finished process;
    its output is text.
    """

    def run(*arguments, executable=sys.executable, path=(), check=True, **environment):
        folders = os.pathsep.join(map(str, [*path, ROOT]))
        done = subprocess.run(
            [executable, *map(str, arguments)],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": folders,
                "OMP_NUM_THREADS": "1",
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        if check and done.returncode:
            pytest.fail(f"{arguments}:\n{done.stdout}{done.stderr}")
        return done

    return run


@pytest.fixture(scope="session")
def sample_hub(tmp_path_factory):
    """The folder of a hub with all sample data sets."""
    from press import samples

    folder = tmp_path_factory.mktemp("hub")
    samples.build(folder)
    return folder


@pytest.fixture
def hub(sample_hub, tmp_path, monkeypatch):
    """Let the sample hub serve."""
    monkeypatch.setenv("D2L_HUB", sample_hub.as_uri())
    monkeypatch.setenv("D2L_DATA", str(tmp_path / "data"))


@pytest.fixture
def real(tmp_path, monkeypatch):
    """Let the real files serve; returns their folder."""
    if not (REAL / "SHA1SUMS").is_file():
        pytest.skip(f"needs the real data files in {REAL}")
    monkeypatch.setenv("D2L_HUB", REAL.as_uri())
    monkeypatch.setenv("D2L_DATA", str(tmp_path))
    return REAL
