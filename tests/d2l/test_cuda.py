"""The CUDA libraries of the wheels are found; one that is absent is named.

There is no GPU here, and the real wheels weigh two gigabytes: a C compiler makes
libraries with the real names, each needing the one before it, a stub of the driver's
libcuda.so.1, and a stand-in for mxnet-cu112 that links to what the real one links to.
"""

import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CUDA = runpy.run_path(str(ROOT / "d2l" / "_cuda.py"))
COMPILER = shutil.which("cc") or shutil.which("gcc")
MXNET = """
import ctypes, pathlib
here = pathlib.Path(__file__).parent
value = ctypes.CDLL(str(here / "libmxnet.so"), ctypes.RTLD_LOCAL).answer()
"""

needs_compiler = pytest.mark.skipif(
    COMPILER is None, reason="no C compiler (cc or gcc) to make stub libraries with"
)


def compile_library(path, needs=(), source="int {name}(void) {{ return 1; }}"):
    """Make a shared library that needs others; they must be loaded before it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W", "_", path.name)
    command = [COMPILER, "-shared", "-fPIC", "-x", "c", "-", "-o", path]
    command += [f"-Wl,-soname,{path.name}", "-Wl,--no-as-needed", "-x", "none", *needs]
    code = source.format(name=name)
    subprocess.run(command, input=code, text=True, check=True, capture_output=True)
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder of installed packages: the wheels, the driver, the CUDA build."""
    root = tmp_path_factory.mktemp("cuda")
    driver = compile_library(root / "driver" / CUDA["DRIVER"])
    libraries = []
    for _, folder, names in CUDA["WHEELS"]:
        for name in names:
            path = root / "site" / "nvidia" / folder / "lib" / name
            libraries.append(compile_library(path, libraries[-1:]))
    package = root / "site" / "mxnet"
    library = package / "libmxnet.so"
    compile_library(library, [driver, *libraries], "int answer(void) {{ return 42; }}")
    (package / "__init__.py").write_text(MXNET)
    (root / "site" / "mxnet_cu112-1.9.1.dist-info").mkdir()
    return root


def run(python, root, driver=True, check=True):
    code = "import d2l, mxnet; print(mxnet.value)"
    folder = str(root / "driver") if driver else ""
    return python("-c", code, path=[root / "site"], check=check, LD_LIBRARY_PATH=folder)


@needs_compiler
def test_libraries_of_the_wheels_are_loaded(python, site):
    assert run(python, site).stdout.strip() == "42"


@needs_compiler
@pytest.mark.parametrize("wheel", CUDA["WHEELS"], ids=lambda wheel: wheel[1])
def test_absent_library_is_named_with_the_command(python, site, wheel, tmp_path):
    requirement, folder, names = wheel
    shutil.copytree(site, tmp_path / "copy", symlinks=True)
    shutil.rmtree(tmp_path / "copy" / "site" / "nvidia" / folder)
    done = run(python, tmp_path / "copy", check=False)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("d2l._prepare.NotReady: mxnet-cu112 needs lib")
    assert any(name in last for name in names)
    assert last.endswith(f"run `python -m pip install --no-deps {requirement}`.")


@needs_compiler
def test_absent_driver_is_named(python, site):
    done = run(python, site, driver=False, check=False)
    last = done.stderr.splitlines()[-1]
    assert "libcuda.so.1" in last and "driver" in last
    assert "pip uninstall -y mxnet-cu112" in last


@needs_compiler
def test_build_for_the_cpu_loads_none_of_them(python, site, tmp_path):
    """Another package's CUDA libraries are no business of the CPU build."""
    shutil.copytree(site / "site" / "nvidia", tmp_path / "nvidia")
    code = "import d2l; print('libcudart' in open('/proc/self/maps').read())"
    if not Path("/proc/self/maps").exists():
        pytest.skip("no /proc/self/maps to see loaded libraries in")
    assert python("-c", code, path=[tmp_path]).stdout.strip() == "False"


def test_lock_for_the_gpu_is_in_step():
    """requirements-gpu.txt is what `python -m press.requirements` writes."""
    from press import requirements

    committed = (ROOT / "requirements-gpu.txt").read_text(encoding="utf-8")
    assert committed == requirements.gpu_lock(), "run `python -m press.requirements`"
    assert re.search(r"^mxnet-cu112==1\.9\.1$", committed, re.MULTILINE)
    assert not re.search(r"^mxnet==", committed, re.MULTILINE)
