"""`python -m d2l`, and what `import d2l` says where something is missing."""

import hashlib
import platform
import sys
from pathlib import Path

import pytest
from d2l import __main__ as program
from d2l import _prepare
from d2l import mxnet as d2l

# --- what stands in the way --------------------------------------------------------


def absent(*names):
    """Make a find_spec that does not find some packages."""
    return lambda name: None if name in names else object()


@pytest.mark.parametrize("version, age", [((3, 10, 2), "old"), ((3, 14, 0), "new")])
def test_wrong_python(monkeypatch, version, age):
    monkeypatch.setattr(sys, "version_info", version)
    reason = _prepare.obstacle()
    assert f"too {age}" in reason and "3.11 to 3.13" in reason
    assert "-m venv" in reason


def test_supported_python_has_no_obstacle():
    assert _prepare.obstacle() is None


@pytest.mark.parametrize(
    "system, machine, words",
    [
        ("Linux", "x86_64", "pip install --no-deps mxnet==1.9.1"),
        ("Linux", "aarch64", "pip install --no-deps mxnet==1.9.1"),
        ("Darwin", "x86_64", "pip install --no-deps mxnet==1.9.1"),
        ("Darwin", "arm64", "Rosetta"),
        ("Windows", "AMD64", "wsl --install"),
        ("Linux", "riscv64", "use x86_64"),
    ],
)
def test_absent_mxnet(monkeypatch, system, machine, words):
    monkeypatch.setattr(_prepare.importlib.util, "find_spec", absent("mxnet"))
    monkeypatch.delitem(sys.modules, "mxnet", raising=False)
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert words in _prepare.obstacle()


def test_absent_numpy(monkeypatch):
    monkeypatch.setattr(_prepare.importlib.util, "find_spec", absent("numpy"))
    assert "pip install numpy" in _prepare.obstacle()


def fake_mxnet(folder, text):
    (folder / "site" / "mxnet").mkdir(parents=True)
    (folder / "site" / "mxnet" / "__init__.py").write_text(text)
    return [folder / "site"]


@pytest.mark.parametrize(
    "text, words",
    [
        ("import a_package_that_mxnet_needs", "pip install a_package_that_mxnet_needs"),
        ("raise OSError('libgomp.so.1: cannot open shared object file')", "libgomp1"),
        ("import numpy; numpy.removed_tomorrow", "requirements.txt names"),
    ],
)
def test_broken_mxnet(python, tmp_path, text, words):
    """One sentence, as the error itself and without what happened inside."""
    done = python("-c", "import d2l", path=fake_mxnet(tmp_path, text), check=False)
    assert done.returncode
    assert done.stderr.count("Traceback") == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("d2l._prepare.NotReady: ") and words in last
    assert last.endswith(".")


# --- python -m d2l --------------------------------------------------------------------


def test_diagnosis_of_a_good_installation(python):
    done = python("-m", "d2l", D2L_HUB="file:///some/hub", D2L_DATA="some-folder")
    for words in (platform.python_version(), "mxnet 1.9.1", "cpu", "file:///some/hub"):
        assert words in done.stdout
    assert "some-folder" in done.stdout
    assert "is in place" in done.stdout and done.stderr == ""


def test_diagnosis_of_a_broken_one_is_not_a_traceback(python, tmp_path):
    site = fake_mxnet(tmp_path, "import a_package_that_mxnet_needs")
    done = python("-m", "d2l", path=site, check=False)
    assert done.returncode == 1 and done.stderr == ""
    assert "pip install a_package_that_mxnet_needs" in done.stdout
    assert "is in place" not in done.stdout


def test_diagnosis_tells_of_the_original_package(monkeypatch, tmp_path):
    info = tmp_path / "d2l-1.0.3.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: d2l\nVersion: 1.0.3\n")
    monkeypatch.syspath_prepend(tmp_path)
    said = str(program.Diagnosis())
    assert "original package d2l 1.0.3 is installed too" in said
    assert str(Path(_prepare.__file__).parent) in said
    assert "pip uninstall d2l" in said


def test_diagnosis_sees_files_of_the_original_package(python, tmp_path):
    """Both packages write into one folder: the one installed last has its way."""
    ours = Path(_prepare.__file__).parent
    mixed = tmp_path / "site" / "d2l"
    mixed.mkdir(parents=True)
    for file in ours.glob("*.py"):
        (mixed / file.name).write_text(file.read_text(encoding="utf-8"))
    (mixed / "__init__.py").write_text('"""The original."""\n')
    done = python("-m", "d2l", path=[tmp_path / "site"], check=False)
    assert done.returncode == 1 and done.stderr == ""
    assert "__init__.py is not this book's" in done.stdout


# --- python -m d2l fetch -------------------------------------------------------------


@pytest.fixture
def hub(monkeypatch, tmp_path):
    """A hub on this machine that has every file of the book, each a few bytes."""
    folder, sums = tmp_path / "hub", []
    for name, (file, _) in d2l.DATA_HUB.items():
        path = folder / d2l.hub_path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
        digest = hashlib.sha1(name.encode()).hexdigest()
        sums.append(f"{digest}  {path.relative_to(folder)}\n")
    (folder / "SHA1SUMS").write_text("".join(sums))
    monkeypatch.setenv("D2L_HUB", folder.as_uri())
    monkeypatch.setenv("D2L_DATA", str(tmp_path / "data"))
    return folder


def test_fetch_by_name(hub, capsys):
    name = next(iter(d2l.DATA_HUB))
    assert program.main(["fetch", name]) == 0
    said, _, path = capsys.readouterr().out.strip().partition(": ")
    assert said == name == Path(path).read_text()


def test_fetch_all(hub, capsys):
    assert program.main(["fetch", "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(d2l.DATA_HUB)


def test_fetch_reports_a_failure_and_goes_on(hub, capsys):
    first, second, *_ = d2l.DATA_HUB
    (hub / d2l.hub_path(d2l.DATA_HUB[first][0])).write_text("altered")
    assert program.main(["fetch", first, second]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"{first}: ") and said.out.startswith(f"{second}: ")


def test_fetch_of_an_unknown_name_suggests_others(capsys):
    assert program.main(["fetch", "fashion-mnist/train-image"]) == 1
    assert "did you mean fashion-mnist/train-images" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["fetch"], ["fetch", "--all", "name"]])
def test_fetch_needs_names_or_all(capsys, arguments):
    with pytest.raises(SystemExit):
        program.main(arguments)
    assert "--all" in capsys.readouterr().err
