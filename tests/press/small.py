"""Small books in a temporary folder, real enough to be run."""

import shutil
import textwrap

from press.book import ROOT, Book

FRONT = "---\nkernelspec: {name: python3, display_name: Python 3, language: python}\n"


def section(title, *cells, sample=None, prose="Some prose."):
    """The text of a section; a cell is its source, or (options, source)."""
    text = FRONT + (f"sample: {sample}\n" if sample else "") + "---\n"
    text += f"(sec_{title.lower()})=\n# {title}\n\n{prose}\n"
    for cell in cells:
        options, source = cell if isinstance(cell, tuple) else ("", cell)
        text += "\n```{code-cell}\n" + (f"{options}\n" if options else "")
        text += textwrap.dedent(source).strip("\n") + "\n```\n"
    return text


def small_book(root, sections, library=None, bridge=False):
    """Write a book of one chapter with the given {slug: text} and return it."""
    folder = root / "chapters" / "preliminaries"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "chapters" / "index.md").write_text("# Cover\n")
    (folder / "index.md").write_text("(chap_preliminaries)=\n# Preliminaries\n")
    files = "".join(f"          - file: preliminaries/{slug}\n" for slug in sections)
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n  - caption: One\n    chapters:\n"
        f"      - file: preliminaries/index\n        sections:\n{files}"
    )
    for slug, text in sections.items():
        (folder / f"{slug}.md").write_text(text)
    (root / "requirements.txt").write_text("numpy==1\n")
    if bridge:
        shutil.copytree(ROOT / "d2l", root / "d2l", dirs_exist_ok=True)
        (root / "d2l" / "mxnet.py").unlink(missing_ok=True)
    if library is not None:
        (root / "d2l").mkdir(exist_ok=True)
        (root / "d2l" / "mxnet.py").write_text(textwrap.dedent(library))
        if not bridge:
            (root / "d2l" / "__init__.py").write_text("")
    return Book(root)
