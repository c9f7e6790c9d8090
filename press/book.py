"""The book as data: its chapters, and its sections with their numbers and cells.

Everything else in the press asks here what the book consists of. Nothing heavy is
imported, so that a command with nothing to do ends at once; what jupytext makes of a
section is remembered in ``_build/cache/cells`` under the hash of the section's text.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"

# The chapters of the syllabus. A chapter's number is its place in this list, not in
# _toc.yml, so that Chapter 2 is Chapter 2 before Chapter 1 is written.
CHAPTERS = (
    "introduction",
    "preliminaries",
    "linear-networks",
    "multilayer-perceptrons",
    "deep-learning-computation",
    "convolutional-networks",
    "modern-convolutional-networks",
    "recurrent-networks",
    "modern-recurrent-networks",
    "attention",
    "optimization",
    "computational-performance",
    "computer-vision",
    "nlp-pretraining",
    "nlp-applications",
    "recommender-systems",
    "generative-adversarial-networks",
    "mathematics",
    "tools",
)

# Pages of _toc.yml that are written when the site is assembled, not by hand.
GENERATED = ("api", "status")

_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FENCE = re.compile(r"^\s*(`{3,}|~{3,}|:{3,})")
_LABEL = re.compile(r"^\(([^()\s]+)\)=\s*$")


class BookError(Exception):
    """Something is wrong with the book or with what was asked of it."""


@dataclass(frozen=True)
class Cell:
    """One cell of a section.

    kind is 'code', 'markdown' or 'raw'; line is the line of the section's file, counted
    from 1, on which the cell's source begins.
    """

    kind: str
    source: str
    line: int
    metadata: dict = field(default_factory=dict)

    @property
    def tags(self):
        return tuple(self.metadata.get("tags", ()))

    @property
    def saved(self):
        """True for a cell that goes into the library."""
        first = self.source.split("\n", 1)[0].strip()
        return self.kind == "code" and first.replace(" ", "").startswith("#@save")


@dataclass
class Section:
    """One page of _toc.yml, in the order of the book.

    name    what commands and _toc.yml call it: 'preliminaries/ndarray', 'preface'
    path    its file, chapters/preliminaries/ndarray.md
    chapter its chapter's folder, or None for a page that belongs to no chapter
    number  '2.1', '2' for a chapter's first page, None where there is none
    part    the caption of its part in _toc.yml
    """

    book: Book
    name: str
    number: str | None = None
    part: str | None = None

    @property
    def path(self):
        return self.book.chapters_dir / f"{self.name}.md"

    @property
    def source(self):
        """The file's path relative to the root, as printed in messages."""
        return self.path.relative_to(self.book.root).as_posix()

    @property
    def chapter(self):
        return self.name.split("/")[0] if "/" in self.name else None

    @property
    def slug(self):
        return self.name.rsplit("/", 1)[-1]

    @property
    def is_index(self):
        return self.slug == "index"

    @property
    def generated(self):
        return self.name in GENERATED

    @property
    def exists(self):
        return self.path.is_file()

    @cached_property
    def text(self):
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise BookError(
                f"{self.source} does not exist, but _toc.yml lists {self.name}"
            ) from None

    @cached_property
    def _parts(self):
        """(front matter, the line on which the body begins, counted from 0)"""
        lines = self.text.split("\n")
        if lines[0].strip() != "---":
            return {}, 0
        for i, line in enumerate(lines[1:], 1):
            if line.strip() == "---":
                try:
                    matter = yaml.load("\n".join(lines[1:i]), Loader=_YAML) or {}
                except yaml.YAMLError as error:
                    raise BookError(f"{self.source}: front matter: {error}") from None
                if not isinstance(matter, dict):
                    raise BookError(f"{self.source}: front matter is not a mapping")
                return matter, i + 1
        raise BookError(f"{self.source}: front matter is not closed by ---")

    @property
    def front_matter(self):
        return self._parts[0]

    @property
    def sample(self):
        """The parameters that the sample profile overrides."""
        return dict(self.front_matter.get("sample") or {})

    @property
    def is_notebook(self):
        """True for a section that is executed, false for a plain page."""
        return not self.generated and self.exists and "kernelspec" in self.front_matter

    @cached_property
    def _heading(self):
        """(label, title) of the page: the first heading, and the label above it."""
        label, fence = None, None
        for line in self.text.split("\n")[self._parts[1] :]:
            match = _FENCE.match(line)
            if match:
                mark = match.group(1)
                if fence is None:
                    fence = mark
                elif mark.startswith(fence) and not line.strip().strip(mark[0]):
                    fence = None
                continue
            if fence is not None:
                continue
            match = _LABEL.match(line)
            if match:
                label = match.group(1)
            elif line.startswith("# "):
                return label, line[2:].strip()
        raise BookError(f"{self.source}: no title (a line that begins with '# ')")

    @property
    def label(self):
        return self._heading[0]

    @property
    def title(self):
        return self._heading[1]

    @property
    def full_title(self):
        """'2.1 Data Manipulation', or the bare title of an unnumbered page."""
        return f"{self.number} {self.title}" if self.number else self.title

    @cached_property
    def cells(self):
        """The section's cells, as jupytext reads them."""
        return read_cells(self.text, self.source, self.book.build / "cache" / "cells")

    @property
    def code_cells(self):
        return [cell for cell in self.cells if cell.kind == "code"]

    def __repr__(self):
        return f"<Section {self.name}>"


def read_cells(text, where="text", cache=None):
    """The cells of a MyST notebook, in order.

    cache names a folder in which the result is kept under the text's hash (jupytext
    takes two seconds to import). A cell that jupytext cannot read raises BookError.
    """
    digest = hashlib.sha256(f"cells 1\n{text}".encode()).hexdigest()
    kept = cache / f"{digest}.json" if cache else None
    if kept:
        try:
            return [Cell(*row) for row in json.loads(kept.read_text("utf-8"))]
        except (OSError, ValueError, TypeError):
            pass
    from jupytext.myst import MystMetadataParsingError, myst_to_notebook

    try:
        notebook = myst_to_notebook(text, add_source_map=True)
    except MystMetadataParsingError as error:
        raise BookError(f"{where}: {error}") from None
    lines = text.splitlines()
    starts = notebook.metadata["source_map"]
    cells = []
    for cell, start in zip(notebook.cells, starts, strict=True):
        source = cell.source.splitlines()
        line = start
        while line < len(lines) and lines[line : line + len(source)] != source:
            line += 1
        metadata = json.loads(json.dumps(cell.metadata))
        line = line if line < len(lines) else start
        cells.append(Cell(cell.cell_type, cell.source, line + 1, metadata))
    if kept:
        rows = [[c.kind, c.source, c.line, c.metadata] for c in cells]
        write_atomically(kept, json.dumps(rows))
    return cells


def write_atomically(path, content):
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    if isinstance(content, str):
        content = content.encode("utf-8")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


class Book:
    """A book: a folder with _toc.yml, chapters/, d2l/ and a _build folder."""

    def __init__(self, root=ROOT, build=None):
        self.root = Path(root).resolve()
        self.build = Path(build) if build else self.root / "_build"
        self.chapters_dir = self.root / "chapters"
        self.library = self.root / "d2l" / "mxnet.py"

    @cached_property
    def toc(self):
        path = self.root / "_toc.yml"
        try:
            return yaml.load(path.read_text(encoding="utf-8"), Loader=_YAML)
        except FileNotFoundError:
            raise BookError(f"{path} does not exist") from None
        except yaml.YAMLError as error:
            raise BookError(f"_toc.yml: {error}") from None

    @cached_property
    def sections(self):
        """Every page in the order of the book; the cover comes first."""
        found = [Section(self, self.toc["root"])]
        for part in self.toc.get("parts") or [self.toc]:
            caption = part.get("caption")
            for entry in part.get("chapters") or ():
                name = entry["file"]
                chapter = chapter_number(name)
                number = str(chapter) if chapter and name.endswith("/index") else None
                found.append(Section(self, name, number, caption))
                for i, child in enumerate(entry.get("sections") or (), 1):
                    number = f"{chapter}.{i}" if chapter else None
                    found.append(Section(self, child["file"], number, caption))
        return found

    @property
    def written(self):
        """The sections that have a file."""
        return [s for s in self.sections if s.exists]

    @property
    def notebooks(self):
        """The sections that are executed, in the order of the book."""
        return [s for s in self.sections if s.is_notebook]

    @property
    def missing(self):
        """Pages that _toc.yml lists although nobody has written them."""
        return [s for s in self.sections if not (s.exists or s.generated)]

    def find(self, wanted):
        """The section that a person means by a name, a slug, a path or a number."""
        name = wanted.strip().removeprefix("./")
        name = name.removeprefix("chapters/").removesuffix(".md").strip("/")
        for section in self.sections:
            if name == section.name or name == section.number:
                return section
        same = [s for s in self.sections if s.slug == name and s.chapter]
        if len(same) == 1:
            return same[0]
        known = [s.name for s in self.sections]
        slugs = {s.slug: s.name for s in self.sections if not s.is_index}
        near = difflib.get_close_matches(name, known, 3, 0.6)
        near += [slugs[s] for s in difflib.get_close_matches(name, slugs, 3, 0.6)]
        raise BookError(unknown("section", wanted, near, "_toc.yml lists them all"))

    def select(self, chapter=None, section=None):
        """The sections that CHAPTER and SECTION leave, in the order of the book.

        Each may name several, separated by commas or spaces.
        """
        chosen = self.sections
        if chapter:
            known = sorted({s.chapter for s in chosen if s.chapter})
            numbers = {str(chapter_number(k)): k for k in known}
            folders = set()
            for one in chapter.replace(",", " ").split():
                name = one.removeprefix("chapters/").strip("/")
                name = numbers.get(name, name)
                if name not in known:
                    near = difflib.get_close_matches(name, known, 3, 0.5)
                    hint = f"the chapters are {', '.join(known)}"
                    raise BookError(unknown("chapter", one, near, hint))
                folders.add(name)
            chosen = [s for s in chosen if s.chapter in folders]
        if section:
            named = [self.find(one) for one in section.replace(",", " ").split()]
            for one in named:
                if one not in chosen:
                    raise BookError(f"{one.name} is not in chapter {chapter}")
                if not (one.exists or one.generated):
                    raise BookError(f"{one.source} does not exist yet")
            chosen = [s for s in chosen if s in named]
        return chosen


def chapter_number(name):
    """The number of the chapter in whose folder a section lies, or None."""
    folder = name.split("/")[0]
    return CHAPTERS.index(folder) + 1 if folder in CHAPTERS else None


def unknown(kind, wanted, near, hint):
    """The message for a name that does not exist."""
    near = list(dict.fromkeys(near))
    ask = f" Did you mean {' or '.join(near)}?" if near else f" ({hint})"
    return f"there is no {kind} '{wanted}'.{ask}"
