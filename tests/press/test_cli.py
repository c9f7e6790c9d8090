"""The command line and the set-up: what they say when something is wrong."""

import subprocess
import sys

import pytest
from small import section, small_book

from press import cli, venv
from press.book import ROOT


@pytest.fixture
def book(tmp_path, monkeypatch):
    book = small_book(tmp_path, {"one": section("One", "1"), "two": "# Two\n"})
    monkeypatch.setattr(cli, "Book", lambda: book)
    for name in ("SECTION", "CHAPTER", "PROFILE", "HUB", "JOBS", "CLUSTER"):
        monkeypatch.delenv(name, raising=False)
    return book


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["run", "on"], "no section 'on'. Did you mean preliminaries/one?"),
        (["html", "--chapter", "preliminary"], "Did you mean preliminaries?"),
        (["test", "--profile", "fulll"], "no profile 'fulll'. Did you mean full?"),
        (["run", "--hub", "https:/x"], "HUB=https:/x"),
        (["run", "--jobs", "none"], "JOBS=none: JOBS is a number of workers"),
    ],
)
def test_what_does_not_exist_is_named_with_what_is_near(
    book, capsys, arguments, message
):
    assert cli.main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_section_has_many_names(book):
    one = book.find("preliminaries/one")
    for name in ("one", "2.1", "chapters/preliminaries/one.md", "./preliminaries/one"):
        assert book.find(name) is one


def test_a_listed_file_that_is_missing_is_an_error(book, capsys):
    (book.chapters_dir / "preliminaries" / "two.md").unlink()
    assert cli.main(["run"]) == 2
    assert "chapters/preliminaries/two.md" in capsys.readouterr().err


def test_serving_needs_a_site(book, capsys):
    assert cli.main(["serve"]) == 2
    assert "make html" in capsys.readouterr().err


def test_the_makefile_has_one_line_for_each_verb():
    rules = (ROOT / "Makefile").read_text(encoding="utf-8").split("\n\n")
    recipes = [r.split("\n\t")[1:] for r in rules if "\n\t" in r]
    assert recipes and all(len(recipe) == 1 for recipe in recipes)
    shown = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for verb in ("html", "test", "pdf", "epub", "serve", "lab", "lib", "samples"):
        assert f"make {verb} " in shown


# --- the virtual environment ----------------------------------------------------------


def test_a_python_that_is_too_new_is_told(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(venv, "HERE", (3, 15))
    monkeypatch.setattr(venv, "VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(venv, "STAMP", str(tmp_path / "venv" / "stamp"))
    monkeypatch.setattr(venv.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert venv.main(["requirements.txt"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("set-up: this is Python 3.15, and MXNet runs on 3.11")
    assert "PYTHON=python3.13" in err and err.count("\n") == 1


def test_no_venv_module_is_told(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(venv, "VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(venv, "STAMP", str(tmp_path / "venv" / "stamp"))
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert venv.main([]) == 1
    assert "sudo apt install python3-venv" in capsys.readouterr().err


def test_an_unreachable_index_is_told():
    log = "WARNING: Retrying\nERROR: No matching distribution found for x==1\n"
    assert "No matching distribution" in venv.reason(log, "log")
    log += "NewConnectionError: Failed to establish a new connection"
    assert "is there a network" in venv.reason(log, "log")


def test_the_environment_is_made_from_a_lock_and_follows_it(monkeypatch, tmp_path):
    for name, value in (("VENV", tmp_path / "v"), ("LOG", tmp_path / "v" / "log")):
        monkeypatch.setattr(venv, name, str(value))
    monkeypatch.setattr(venv, "STAMP", str(tmp_path / "v" / "stamp"))
    package = tmp_path / "tiny-1.0-py3-none-any.whl"
    wheel(package)
    lock = tmp_path / "lock.txt"
    lock.write_text(f"# a comment\ntiny @ {package.as_uri()}\n")
    venv.set_up(str(lock), exactly=False)
    python = venv.python_in(str(tmp_path / "v"))
    subprocess.run([python, "-c", "import tiny"], check=True)
    made = (tmp_path / "v" / "pyvenv.cfg").stat().st_mtime_ns
    venv.set_up(str(lock), exactly=False)
    lock.write_text("# nothing\n")
    venv.set_up(str(lock), exactly=False)
    done = subprocess.run([python, "-c", "import tiny"], stderr=subprocess.DEVNULL)
    assert done.returncode
    assert (tmp_path / "v" / "pyvenv.cfg").stat().st_mtime_ns == made


def wheel(path):
    """Write the smallest wheel there is."""
    import zipfile

    info = "tiny-1.0.dist-info"
    files = {
        "tiny.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any",
    }
    record = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(name, text)
