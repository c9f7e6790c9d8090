"""The library is what the saved cells say, and a wrong cell is reported by its line."""

import ast
import os
import re
import sys
import types
from pathlib import Path

import pytest

from press import book, library

ROOT = Path(__file__).resolve().parents[2]
FRONT = "---\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
PREFACE = """\
#@save
import math
import sys

d2l = sys.modules[__name__]
"""


@pytest.fixture
def make(tmp_path):
    """Make a small book: a preface, and a section from each list of cells.

    The first cell of a section begins in line 6. Returns the book's root.
    """

    def write(*sections, preface=PREFACE):
        names = [
            "preface",
            *(f"preliminaries/s{i}" for i in range(1, len(sections) + 1)),
        ]
        toc = "format: jb-book\nroot: index\nchapters:\n"
        toc += "".join(f"- file: {name}\n" for name in names)
        (tmp_path / "_toc.yml").write_text(toc)
        (tmp_path / "d2l").mkdir(exist_ok=True)
        for name, cells in zip(["index", *names], [[], [preface], *sections]):
            path = tmp_path / "chapters" / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            fences = [f"```{{code-cell}}\n{cell.rstrip()}\n```\n" for cell in cells]
            text = FRONT + f"# Title of {name}\n" + "".join(fences)
            path.write_text(text)
        return tmp_path

    return write


def module(root):
    """Extract the library and execute it as a module."""
    library.extract(root=root)
    text = (root / "d2l" / "mxnet.py").read_text()
    made = types.ModuleType("made")
    sys.modules["made"] = made
    try:
        exec(compile(text, "mxnet.py", "exec"), vars(made))
    finally:
        del sys.modules["made"]
    return made, text


def mistakes(root):
    with pytest.raises(library.LibraryError) as caught:
        library.extract(root=root)
    assert not (root / "d2l" / "mxnet.py").exists(), "nothing is written"
    return str(caught.value).splitlines()


# --- what is extracted --------------------------------------------------------------


def test_saved_cells_go_in_whole_and_in_order(make):
    first = ["x = 1", "#@save\n# Doubles.\ndef f(x):\n    return 2 * x\n\nK = f(3)"]
    second = ["#@save\nclass C:\n    def g(self):\n        return d2l.f(math.pi)"]
    made, text = module(make(first, second))
    assert made.K == 6 and made.C().g() == 2 * made.math.pi
    assert made.d2l is made and not hasattr(made, "x")
    assert text.index("def f") < text.index("K = f") < text.index("class C")
    assert "# Doubles.\ndef f" in text
    assert made.__all__ == ["C", "K", "f"]


def test_each_definition_names_its_section(make):
    cell = (
        "#@save\ndef f():\n    return 1\n\n@staticmethod\ndef g():\n    return 2\nh = 3"
    )
    _, text = module(make([cell]))
    note = (
        "# Section: Title of preliminaries/s1\n# Source: chapters/preliminaries/s1.md\n"
    )
    for definition in ("def f", "@staticmethod\ndef g", "h = 3"):
        assert note + definition in text


def test_extraction_is_stable(make):
    root = make(["#@save\ndef f():   \n    return 1\n\n\n\n"])
    assert library.extract(root=root) is False  # it was not current, now it is
    before = (root / "d2l" / "mxnet.py").read_bytes()
    assert library.extract(root=root) is True
    assert (root / "d2l" / "mxnet.py").read_bytes() == before
    assert b" \n" not in before and before.endswith(b"]\n")


def test_prose_changes_nothing(make):
    cells = ["#@save\ndef f():\n    return 1"]
    root = make(cells)
    library.extract(root=root)
    path = root / "chapters" / "preliminaries" / "s1.md"
    path.write_text(path.read_text() + "\nAnother sentence.\n")
    assert library.extract(check=True, root=root)


def test_check_finds_a_stale_file_and_leaves_it(make):
    root = make(["#@save\ndef f():\n    return 1"])
    library.extract(root=root)
    path = root / "d2l" / "mxnet.py"
    path.write_text(path.read_text() + "# by hand\n")
    assert library.extract(check=True, root=root) is False
    assert path.read_text().endswith("# by hand\n")


def test_names_of_a_section(make):
    root = make(["#@save\nB, A = 1, 2\n\ndef _hidden():\n    return A"], ["y = 2"])
    assert library.saved_names("preliminaries/s1", root) == ["B", "A"]
    assert library.saved_names("preliminaries/s2", root) == []
    assert library.saved_names("preface", root) == []


def test_a_missing_section_is_an_error_unless_allowed(make):
    root = make(["#@save\nA = 1"], [])
    (root / "chapters" / "preliminaries" / "s2.md").unlink()
    with pytest.raises(book.BookError, match=r"chapters/preliminaries/s2\.md"):
        library.extract(root=root)
    library.extract(root=root, allow_missing=True)
    assert "A = 1" in (root / "d2l" / "mxnet.py").read_text()


def test_local_names_are_not_the_librarys(make):
    cell = """\
#@save
class Box:
    size = 3
    double = size * 2

    def area(self, side=size):
        inner = [side * i for i in range(2)]
        return sum(lambda_(i) for i in inner for lambda_ in [abs])

def outer(a, *rest, key=None, **more):
    def helper(b):
        nonlocal a
        a = b
        return a, rest, key, more
    try:
        import json
    except ImportError as error:
        raise error
    with open(__file__) as file:
        return helper(json.load(file))
"""
    made, _ = module(make([cell]))
    assert made.Box().area() == 3 and made.__all__ == ["Box", "outer"]


# --- what is refused ----------------------------------------------------------------

SECTION = "chapters/preliminaries/s1.md"


@pytest.mark.parametrize(
    "cells, line, words",
    [
        (["#@save\ndef f():\n    return nowhere"], 8, "no saved cell defines nowhere"),
        (["#@save\ndef f():\n    return d2l.nowhere()"], 8, "defines d2l.nowhere"),
        (["#@save\ndef f(x=[np]):\n    pass"], 7, "no saved cell defines np"),
        (["#@save\nclass C(Base):\n    pass"], 7, "no saved cell defines Base"),
        (["y = 1", "#@save\ndef f():\n    return y"], 11, "no saved cell defines y"),
        (["#@save\nA = 1\nB = d2l.C", "#@save\nC = 1"], 8, "d2l.C is used before"),
        (["#@save\nB = C\nC = 1"], 7, "C is used before the book saves it"),
        (["#@save\nA = 1", "#@save\n\nA = 2"], 12, f"A is already saved, {SECTION}:7"),
        (["#@save\nimport math"], 7, "math is already saved, chapters/preface.md:7"),
        (["#@save\ndef f():\n    1\ndef f():\n    2"], 9, "f is already saved"),
        (["#@save\nimport re\n%timeit 1"], 8, "a magic cannot be saved: %timeit 1"),
        (["#@save\nimport re\n!ls"], 8, "a magic cannot be saved: !ls"),
        (["#@save\nfiles = !ls"], 7, "a magic cannot be saved: files = !ls"),
        (["#@save\nimport re\nre.sub?"], 8, "a magic cannot be saved: re.sub?"),
        (["#@save\nx = (1,\ny = 2"], 7, "'(' was never closed"),
        (["#@save\ndef f(:\n    pass"], 7, "invalid syntax"),
        (["x = 1\n#@save\ny = 2"], 7, "#@save is not the first line"),
    ],
)
def test_mistakes_name_the_section_and_the_line(make, cells, line, words):
    (said,) = mistakes(make(cells))
    assert said.startswith(f"{SECTION}:{line}: ") and words in said
    assert said.endswith("[Title of preliminaries/s1]")


def test_all_mistakes_are_reported_at_once(make):
    said = mistakes(make(["#@save\ndef f():\n    return a"], ["#@save\ndef g(:"]))
    assert len(said) == 2 and any("s2.md:7" in one for one in said)


def test_a_function_may_use_what_a_later_section_saves(make):
    later = ["#@save\ndef g():\n    return 7"]
    made, _ = module(make(["#@save\ndef f():\n    return d2l.g() + g()"], later))
    assert made.f() == 14


def test_command_prints_mistakes_without_a_traceback(make, monkeypatch, capsys):
    root = make(["#@save\ndef f():\n    return nowhere"])
    monkeypatch.setattr(library.extract, "__defaults__", (False, False, root))
    assert library.main([]) == 1
    assert capsys.readouterr().err.startswith(f"{SECTION}:8: ")


# --- the API page -------------------------------------------------------------------


def test_api_page_lists_every_public_name_with_its_link(make):
    function = '''\
#@save
def f(x, *, k=(1, 2), **more):
    """Give `x`.

    x: a *b_c* <d>, 'e'.
    k: ${1}$ | more
    """
    return x
'''
    klass = '''\
#@save
class C:
    """Hold."""
    def __init__(self, n=1):
        self.n = n
    @property
    def size(self):
        """Say."""
    def grow(self, by):
        """More."""
'''
    value = "#@save\n# How many.\nA = {'a': \"#1\"}\n\ndef _hidden():\n    return 1"
    text = library.api_page(make([value, function, klass]))
    assert "{py:data} A\n:module: d2l.mxnet\n" in text and "How many" in text
    assert "{py:function} f(x, *, k=(1, 2), **more)" in text
    assert r"`x`: a \*b\_c\* \<d\>, `'e'`. `k`: \$\{1\}\$ \| more" in text
    assert "{py:class} C(n=1)" in text and "{py:property} size" in text
    assert "{py:method} grow(by)" in text
    assert "_hidden" not in text
    assert "{doc}`/preliminaries/s1`" in text
    for name in ("A", "C", "f"):
        assert f"{{py:obj}}`{name} <d2l.mxnet.{name}>`" in text


# --- the book's own library -----------------------------------------------------------


def saved_definitions():
    names = library.Library(book.Book().written).names.values()
    return [one for one in names if one.kind in ("function", "class")]


def test_committed_library_is_current():
    assert library.extract(check=True, allow_missing=True), "run `make lib`"


def test_public_names_have_docstrings():
    bare = [
        str(one.place)
        for one in saved_definitions()
        if not one.name.startswith("_") and not ast.get_docstring(one.statement)
    ]
    assert not bare


def test_module_exports_what_it_lists():
    from d2l import mxnet as d2l

    assert (
        sorted(d2l.__all__)
        == d2l.__all__
        == library.Library(book.Book().written).public()
    )
    assert all(hasattr(d2l, name) for name in d2l.__all__)
    assert d2l.d2l is d2l


SYLLABUS = Path(os.environ.get("D2L_SYLLABUS", ROOT.parent / "shared" / "syllabus"))


@pytest.fixture(scope="module")
def theirs():
    """The names of the original library: {name: its arguments as text}."""
    path = SYLLABUS / "api.txt"
    if not path.is_file():
        pytest.skip(f"there is no {path} to compare with")
    return dict(
        re.match(r"(?:function|class) (\w+)(?:\((.*)\))?$", line).groups()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("function ", "class "))
    )


def test_signatures_are_those_of_the_syllabus(theirs):
    """Code written for the original d2l still runs: names keep their parameters."""
    ours = {one.name: signature(one) for one in saved_definitions()}
    shared = ours.keys() & theirs.keys()
    assert {"accuracy", "synthetic_data", "Timer", "plot"} <= shared
    wanted = {name: theirs[name] or "" for name in shared}
    assert {name: ours[name] for name in shared} == wanted


def test_written_chapters_save_every_name_of_the_syllabus(theirs):
    ours = {one.name for one in saved_definitions()}
    wanted = set()
    for chapter in sorted({s.chapter for s in book.Book().sections if s.chapter}):
        number = book.chapter_number(f"{chapter}/index")
        (path,) = SYLLABUS.glob(f"{number:02}-*.md")
        for saved in SAVED_NAMES.findall(path.read_text(encoding="utf-8")):
            wanted |= set(NAME.findall(saved)) & theirs.keys()
    assert {"use_svg_display", "Timer", "download_extract", "Animator"} <= wanted
    assert wanted <= ours


# What a chapter of the syllabus lists under this heading, up to the next one.
SAVED_NAMES = re.compile(r"^\*\*d2l API \(saved\)\.\*\*(.*?)(?=^\*\*)", re.M | re.S)

# Names that an item of it defines, not those that its description mentions.
NAME = re.compile(r"(?:^- (?:class )?|, )`(?:class )?(\w+)", re.M)


def signature(saved):
    from press import api

    node = saved.statement
    if saved.kind == "function":
        return api.arguments(node)
    inits = [n for n in node.body if getattr(n, "name", "") == "__init__"]
    return api.arguments(inits[0], skip=1) if inits else ""
