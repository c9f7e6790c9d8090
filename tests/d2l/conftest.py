"""What the tests of d2l share: running Python in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


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
