"""What makes the pages: headers, MathML, warnings, and doing nothing twice."""

import json
import os
import shutil
import textwrap

import pytest

from press import mathml, pages, site
from press.book import ROOT, Book
from press.sphinx_run import SiteError

RUN = {
    "seconds": 12.34,
    "peak_memory_mb": 512,
    "device": "CPU",
    "profile": "sample",
    "hub": "sample",
    "data": [{"name": "fashion-mnist", "bytes": 30_900_000}],
    "versions": {"python": "3.11.2", "mxnet": "1.9.1", "numpy": "2.4.6"},
    "date": "2026-11-24",
}


def notebook(*cells):
    return {
        "cells": [dict(cell) for cell in cells],
        "metadata": {"d2l": RUN},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def prose(text):
    return {
        "cell_type": "markdown",
        "id": f"p{abs(hash(text)) % 10**8}",
        "metadata": {},
        "source": textwrap.dedent(text).strip(),
    }


def code(source, text):
    output = {"output_type": "stream", "name": "stdout", "text": text}
    return {
        "cell_type": "code",
        "execution_count": 1,
        "id": f"c{abs(hash(source)) % 10**8}",
        "metadata": {},
        "source": source,
        "outputs": [output],
    }


def test_header_stands_under_the_title():
    text = pages.with_header(notebook(), "(sec_x)=\n# Title\n\nText.", "`Timer`")
    assert text.index("# Title") < text.index("run-info") < text.index("Text.")
    assert "Ran in **12 s**" in text
    assert "**512 MB**" in text
    assert "the CPU" in text
    assert "fashion-mnist (31 MB)" in text
    assert "sample profile" in text
    assert "in `d2l`: `Timer`" in text


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.04, "0.0 s"), (9.96, "10.0 s"), (61, "61 s"), (125, "2 min 5 s")],
)
def test_duration(seconds, shown):
    assert pages.duration(seconds) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [(5, "5.0 B"), (1500, "1.5 kB"), (31e6, "31 MB"), (2.5e9, "2.5 GB")],
)
def test_size(number, shown):
    assert pages.size(number) == shown


def test_data_frames_lose_their_own_style():
    html = '<div><style scoped>\n p {}\n</style>\n<table border="1" class="dataframe">'
    assert pages.plain_table(html) == '<div><table class="dataframe">'


def test_contents_are_counted():
    cells = [
        prose("# T\n\n```{figure} /figures/a.*\n:name: fig_a\n```"),
        code("1", "1"),
        prose("```{exercise}\n:label: ex_a\n```\n\n```{exercise-start}\n```\nx\n"),
        prose("```{exercise-end}\n```"),
    ]
    cells[1]["metadata"] = {"mystnb": {"figure": {"caption": "C"}}}
    assert pages.contents(notebook(*cells)) == (1, 2, 2)


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{aligned} a &= b \\ &= c \end{aligned}",
        r"\tfrac12 \mathbf{X}^\top \boldsymbol{\mu}",
        r"\operatorname*{argmin}_{\mathbf w} L(\mathbf w)",
        r"x < y \;\&\; \lVert \mathbf x \rVert_2",
    ],
)
def test_mathml(latex):
    from xml.etree import ElementTree

    tree = ElementTree.fromstring(mathml.mathml(latex, display=True))
    assert tree.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert tree.get("alttext") == " ".join(latex.split())
    for element in tree.iter():
        if not element.tag.endswith(("mstyle", "mtable", "math")):
            assert not {"displaystyle", "scriptlevel"} & set(element.attrib)


# --- a small book --------------------------------------------------------------------


@pytest.fixture
def small(tmp_path):
    """A book of one chapter with two sections that have been run."""
    root = tmp_path / "book"
    chapters = root / "chapters"
    (chapters / "preliminaries").mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", root)
    (root / "requirements.txt").write_text("")
    (root / "d2l").mkdir()
    (root / "_toc.yml").write_text(
        textwrap.dedent("""\
        format: jb-book
        root: index
        parts:
          - caption: Foundations
            numbered: true
            chapters:
              - file: preliminaries/index
                sections:
                  - file: preliminaries/ndarray
                  - file: preliminaries/pandas
          - caption: Reference
            chapters:
              - file: api
              - file: status
              - file: references
        """)
    )
    (chapters / "references.bib").write_text("")
    (chapters / "index.md").write_text("# A Small Book\n\nText.\n")
    (chapters / "references.md").write_text("# References\n\nNone.\n")
    (chapters / "preliminaries" / "index.md").write_text(
        "(chap_p)=\n# Preliminaries\n\nSee {numref}`sec_ndarray`.\n"
    )
    for slug in ("ndarray", "pandas"):
        write_section(
            root, slug, f"(sec_{slug})=\n# About {slug}\n\nOf {{numref}}`chap_p`."
        )
    return Book(root)


def write_section(root, slug, text):
    """Write a section and, beside it, the notebook of its run."""
    front = "---\nkernelspec: {name: python3, display_name: P, language: python}\n---\n"
    cell = f"```{{code-cell}}\nprint('{slug}')\n```\n"
    path = root / "chapters" / "preliminaries" / f"{slug}.md"
    path.write_text(f"{front}\n{text}\n\n{cell}")
    run = root / "_build" / "executed" / "sample" / "preliminaries" / f"{slug}.ipynb"
    run.parent.mkdir(parents=True, exist_ok=True)
    run.write_text(json.dumps(notebook(prose(text), code(f"print('{slug}')", slug))))


def stamps(folder):
    return {p: p.stat().st_mtime_ns for p in folder.rglob("*.html")}


def test_only_what_changed_is_rendered(small):
    index = site.html("sample", book=small)
    page = index.parent / "preliminaries" / "ndarray.html"
    assert "2.1." in page.read_text("utf-8")
    assert "Chapter 2" in page.read_text("utf-8")
    before = stamps(index.parent)
    site.html("sample", book=small)
    assert stamps(index.parent) == before

    text = "(sec_ndarray)=\n# About ndarray\n\nMended, of {numref}`chap_p`."
    write_section(small.root, "ndarray", text)
    site.html("sample", book=Book(small.root))
    after = stamps(index.parent)
    changed = {p.name for p in after if after[p] != before.get(p)}
    assert "ndarray.html" in changed
    assert "pandas.html" not in changed
    assert "Mended" in page.read_text("utf-8")


def test_a_warning_is_an_error_each_time(small, capfd):
    write_section(small.root, "ndarray", "(sec_ndarray)=\n# A\n\nSee {ref}`nowhere`.")
    for _ in range(2):
        with pytest.raises(SiteError, match="1 warning"):
            site.html("sample", book=Book(small.root))
        said = capfd.readouterr().err
        assert "chapters/preliminaries/ndarray.md" in said
        assert "nowhere" in said


def test_a_preview_does_not_mind_other_pages(small):
    write_section(small.root, "ndarray", "(sec_ndarray)=\n# A\n\nSee {ref}`nowhere`.")
    (small.build / "executed/sample/preliminaries/pandas.ipynb").unlink()
    only = ["preliminaries/pandas"]
    index = site.html("sample", only=only, book=Book(small.root))
    page = index.parent / "preliminaries" / "pandas.html"
    assert "has not been run yet" in page.read_text("utf-8")
    with pytest.raises(SiteError):
        site.html("sample", book=Book(small.root))


def test_buttons_need_a_known_repository(small, monkeypatch):
    monkeypatch.setenv("REPOSITORY", "")
    none = site.buttons(small, "sample")
    assert none["preliminaries/ndarray"] == {"notebook": "preliminaries/ndarray.ipynb"}
    assert none["api"] == {}
    monkeypatch.setenv("REPOSITORY", "git@github.com:ada/book.git")
    links = site.buttons(small, "sample")["preliminaries/ndarray"]
    assert links["colab"] == (
        "https://colab.research.google.com/github/ada/book"
        "/blob/notebooks/preliminaries/ndarray.ipynb"
    )
    assert links["binder"].startswith("https://mybinder.org/v2/gh/ada/book/notebooks?")
    assert links["edit"].endswith("/edit/main/chapters/preliminaries/ndarray.md")
    monkeypatch.setenv("REPOSITORY", "https://gitlab.com/ada/book")
    links = site.buttons(small, "sample")["preliminaries/ndarray"]
    assert "colab" not in links
    assert "/-/edit/main/" in links["edit"]


def test_missing_latex_is_named(small, monkeypatch, tmp_path):
    monkeypatch.setitem(os.environ, "PATH", str(tmp_path))
    with pytest.raises(SiteError, match="xelatex, latexmk is missing.*apt install"):
        site.pdf("sample", book=small)
