"""The notebooks that readers download: no MyST is left, and nothing is lost."""

import nbformat
import pytest
from small import FRONT, small_book

from press import notebooks, publish

TEXT = (
    FRONT
    + r"""---
(sec_one)=
# One Thing

% a comment
A *{index}`tensor`* is shown in {numref}`fig_box`, {numref}`tab_sizes` and
{numref}`fig_plot`; see {eq}`eq_line`, {eq}`eq_named`, {ref}`sec_one`,
{ref}`this part <sec_part>`, {numref}`sec_one`, {cite}`lovelace1843` and
{cite:t}`turing1936,lovelace1843`. Code such as `{ref}` and `a $ b` stays, and so
does $\{x\}_{i}$. [The other](other.md) page, {doc}`other`, [out](https://example.org).

$$
y = a x + b
$$ (eq_line)

```{math}
:label: eq_named
y = 2 x
```

```{figure} /figures/preliminaries/box.*
:name: fig_box
:alt: A box
  with a lid
A box, see {eq}`eq_line`.
```

```{list-table} Sizes of things
:name: tab_sizes
:header-rows: 1

* - Thing
  - Size
* - $|x|$
  - about one
    metre
```

```{code-cell}
:tags: [parameters]
size = 10
```

```{code-cell}
---
mystnb:
  figure:
    caption: A plot of $x$.
    name: fig_plot
---
print(size)
```

(sec_part)=
## A part

```{note}
Mind the gap.

It is wide.
```

```{index} single: gap
```

```python
# {ref}`untouched`
```

## Exercises

```{exercise}
:label: ex_one_why
Why {eq}`eq_line`?
```

```{solution-start} ex_one_why
:class: dropdown
```

Because.

```{code-cell}
1 + 1
```

```{solution-end}
```
"""
)
BIB = """
@article{lovelace1843, author = {Ada Lovelace}, title = {Notes}, year = {1843},
  journal = {Memoirs}, doi = {10.1/x}}
@book{turing1936, author = {Alan Turing and Emmy N{\\"o}ther and C. D{\\'e}f},
  title = {On {Numbers}}, year = {1936}, publisher = {Press}}
"""


@pytest.fixture
def book(tmp_path):
    book = small_book(tmp_path, {"one": TEXT, "other": "# The Other\n"})
    (book.chapters_dir / "references.bib").write_text(BIB, encoding="utf-8")
    drawing = book.build / "figures" / "preliminaries" / "box.svg"
    drawing.parent.mkdir(parents=True)
    drawing.write_text("<svg width='1'></svg>".replace("svg w", "svg w"))
    return book


def made(book, **options):
    section = book.find("one")
    notebook = publish.publish(section, notebooks.make(section, "full"), **options)
    nbformat.validate(nbformat.from_dict(notebook))
    return notebook


def prose(notebook):
    cells = notebook["cells"]
    return "\n\n".join(c["source"] for c in cells if c["cell_type"] == "markdown")


def test_no_myst_is_left(book):
    text = prose(made(book))
    outside = text.replace("`{ref}`", "").replace("# {ref}`untouched`", "")
    for mark in ("{ref}", "{eq}", "{numref}", "{cite", "{index}", "```{", ":name:"):
        assert mark not in outside
    for mark in (")=\n", "% a comment", "(eq_line)", "dropdown", "single:"):
        assert mark not in text


def test_references_become_what_the_page_shows(book):
    text = " ".join(prose(made(book)).split())
    assert "A *tensor* is shown in Figure 2.1.1, Table 2.1.1 and Figure 2.1.2;" in text
    assert "see (2.1.1), (2.1.2), One Thing, this part, Section 2.1," in text
    assert "[Lovelace, 1843] and Turing et al. (1936); Lovelace (1843)." in text
    assert "Code such as `{ref}` and `a $ b` stays, and so does $\\{x\\}_{i}$." in text
    assert "The other page, The Other, [out](https://example.org)." in text


def test_blocks_become_plain_markdown(book):
    text = prose(made(book))
    assert text.startswith("# 2.1. One Thing\n")
    assert "y = a x + b\n\\tag{2.1.1}\n$$" in text
    assert "y = 2 x \\tag{2.1.2}" in text
    assert "![A box with a lid](data:image/svg+xml;base64," in text
    assert "**Figure 2.1.1.** A box, see (2.1.1)." in text
    assert "**Figure 2.1.2.** A plot of $x$." in text
    assert "**Table 2.1.1.** Sizes of things\n\n| Thing | Size |\n| --- | --- |" in text
    assert "| $\\|x\\|$ | about one metre |" in text
    assert "> **Note.** Mind the gap.\n>\n> It is wide." in text
    assert "```python\n# {ref}`untouched`\n```" in text
    assert "**Exercise 2.1.1.** Why (2.1.1)?" in text
    assert "**Solution to Exercise 2.1.1.**\n\nBecause." in text
    assert "- Ada Lovelace. Notes. *Memoirs*. 1843. <https://doi.org/10.1/x>" in text
    assert "Emmy Nöther" in text


def test_code_stays_as_it_was(book):
    cells = [c for c in made(book)["cells"] if c["cell_type"] == "code"]
    assert [c["source"] for c in cells] == ["size = 10", "print(size)", "1 + 1"]
    assert [c["metadata"] for c in cells] == [{"tags": ["parameters"]}, {}, {}]


def test_links_lead_to_the_site_where_it_is_known(book):
    text = prose(made(book, site="https://example.org/book"))
    assert "[The other](https://example.org/book/preliminaries/other.html)" in text


def test_only_a_known_repository_gives_an_installing_cell(book):
    first = made(book)["cells"][1]
    assert first["cell_type"] == "code" and "pip" not in first["source"]
    cells = made(book, address="https://example.org/me/book")["cells"]
    assert "git+https://example.org/me/book" in cells[1]["source"]
    assert "find_spec('d2l') is None" in cells[1]["source"]
    assert len({c["id"] for c in cells}) == len(cells)


@pytest.mark.parametrize(
    "address, expected",
    [
        ("", None),
        ("git@example.org:me/book.git", "https://example.org/me/book"),
        ("https://user:secret@example.org/me/book.git", "https://example.org/me/book"),
        ("ssh://git@example.org:22/me/book", "https://example.org/me/book"),
        ("https://example.org/me/book/", "https://example.org/me/book"),
        ("/srv/git/book.git", None),
        ("file:///srv/git/book.git", None),
    ],
)
def test_the_repositorys_address(book, monkeypatch, address, expected):
    monkeypatch.setenv("REPOSITORY", address)
    assert publish.repository(book) == expected
