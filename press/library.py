"""Write the library: d2l/mxnet.py from the cells that begin with `#@save`.

The cells are taken whole, in the order of the book. Each definition carries the
title and the path of the section it comes from, so that its explanation is found.
Nothing is written when a cell is wrong; every mistake is reported with its place.
"""

import argparse
import ast
import builtins
import dis
import re
import sys
from dataclasses import dataclass
from functools import lru_cache

from press import book

TARGET = "d2l/mxnet.py"
MARK = re.compile(r"#\s*@save\b")
IMPLICIT = {
    *vars(builtins),
    "__name__",
    "__file__",
    "__doc__",
    "__module__",
    "__qualname__",
}

HEADER = '''"""d2l, "do to learn": the library of the book Deep Learning by Doing.

Written by `make lib` from the cells of the book that begin with #@save. Do not
edit this file: change the section that is named above a definition.
"""
'''


class LibraryError(book.BookError):
    """The saved cells do not make a library; one line a mistake, with its place."""


@dataclass(frozen=True)
class Place:
    """A line in a section's file."""

    section: book.Section
    line: int

    def __str__(self):
        return f"{self.section.source}:{self.line}"


@dataclass(frozen=True)
class Saved:
    """A name that a saved cell binds.

    kind is class, function, value or import; statement is the syntax tree of what
    binds it, source the text of its cell.
    """

    name: str
    kind: str
    place: Place
    statement: ast.AST
    source: str


# --- what a cell binds and uses ----------------------------------------------


@dataclass(frozen=True)
class Use:
    """A use of a global name (or of `d2l.name`); at once: while being imported."""

    name: str
    line: int
    at_once: bool
    position: int


def bound(tree):
    """Find the names a cell binds at its top level: {name: (kind, first line)}."""
    names = {}

    def bind(name, kind, node):
        names.setdefault(name, (kind, node.lineno))

    def visit(node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            bind(node.name, "function", node)
        elif isinstance(node, ast.ClassDef):
            bind(node.name, "class", node)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                bind(alias.asname or alias.name.partition(".")[0], "import", node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bind(node.id, "value", node)
        elif not isinstance(node, (ast.Lambda, ast.comprehension)):
            for child in ast.iter_child_nodes(node):
                visit(child)

    visit(tree)
    return names


def uses(code, at_once=True):
    """Find the global names that compiled code loads, `d2l.name` as 'd2l.name'."""
    steps = [step for step in dis.get_instructions(code) if step.opname != "CACHE"]
    stored = {step.argval for step in steps if step.opname == "STORE_NAME"}
    for step, following in zip(steps, [*steps[1:], steps[-1]]):
        if step.opname not in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
            continue
        name = step.argval
        if code.co_name != "<module>" and step.opname == "LOAD_NAME" and name in stored:
            continue  # a class's own attribute
        if name == "d2l" and following.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            name = f"d2l.{following.argval}"
        yield Use(name, step.positions.lineno, at_once, step.offset)
    for constant in code.co_consts:
        if hasattr(constant, "co_code"):
            runs_now = constant.co_flags & (0x0001 | 0x0002) == 0 or (
                constant.co_name in ("<listcomp>", "<setcomp>", "<dictcomp>")
            )  # a class body or a comprehension, not a function
            yield from uses(constant, at_once and runs_now)


# --- the cells of the book ------------------------------------------------------


class Library:
    """The saved cells of the book, checked, and the module they make."""

    def __init__(self, sections):
        self.blocks = []  # (section, source) in order
        self.names = {}  # name -> Saved
        self._trees = []
        self._mistakes = []
        for section in sections:
            for cell in section.cells:
                if cell.kind == "code":
                    self._add(section, cell)
        self._resolve()
        if self._mistakes:
            raise LibraryError("\n".join(self._mistakes))

    def _mistake(self, section, line, text):
        self._mistakes.append(f"{Place(section, line)}: {text} [{section.title}]")

    def _add(self, section, cell):
        lines = cell.source.split("\n")
        marked = [i for i, line in enumerate(lines) if MARK.search(line)]
        if not marked:
            return
        if not MARK.match(lines[0]):
            line = cell.line + marked[0]
            self._mistake(section, line, "#@save is not the first line of its cell")
            return
        try:
            tree = ast.parse(cell.source)
        except SyntaxError as error:
            self._syntax(section, cell, lines, error)
            return
        self.blocks.append((section, "\n".join(lines[1:])))
        self._trees.append((section, cell, tree))
        defined = [node for node in tree.body if hasattr(node, "name")]
        for name, (kind, line) in bound(tree).items():
            place = Place(section, cell.line + line - 1)
            twice = [node for node in defined if node.name == name][1:]
            if name in self.names:
                first = self.names[name].place
                self._mistake(section, place.line, f"{name} is already saved, {first}")
            elif twice:
                line = cell.line + twice[0].lineno - 1
                self._mistake(section, line, f"{name} is already saved, {place}")
            else:
                statement = max(
                    (node for node in tree.body if node.lineno <= line),
                    key=lambda node: node.lineno,
                    default=tree.body[0],  # a decorated definition's first line
                )
                self.names[name] = Saved(name, kind, place, statement, cell.source)

    def _syntax(self, section, cell, lines, error):
        number = min(error.lineno or 1, len(lines))
        text = lines[number - 1]
        if re.search(r"(^|=)\s*[%!]|\?\s*$", text):
            what = f"a magic cannot be saved: {text.strip()}"
        else:
            what = f"{error.msg}: {text.strip()}"
        self._mistake(section, cell.line + number - 1, what)

    def _resolve(self):
        """Report names that nothing saved defines, or too late for their use."""
        everything = {*self.names}
        for _, _, tree in self._trees:
            everything |= {*bound(tree)}
        earlier = set()
        for section, cell, tree in self._trees:
            code = compile(tree, section.source, "exec")
            stores = {}
            for step in dis.get_instructions(code):
                if step.opname == "STORE_NAME":
                    stores.setdefault(step.argval, step.offset)
            for use in uses(code):
                name = use.name.removeprefix("d2l.")
                if name == use.name and name in IMPLICIT:
                    continue
                line = cell.line + use.line - 1
                if name not in everything:
                    self._mistake(section, line, f"no saved cell defines {use.name}")
                elif use.at_once and not (
                    name in earlier or stores.get(name, 1 << 30) < use.position
                ):
                    text = f"{use.name} is used before the book saves it"
                    self._mistake(section, line, text)
            earlier |= {*bound(tree)}

    def public(self):
        """List the names for `__all__`: what is defined here, not what is imported."""
        return sorted(
            name
            for name, saved in self.names.items()
            if saved.kind != "import" and not name.startswith("_") and name != "d2l"
        )

    def module(self):
        """Write the text of d2l/mxnet.py."""
        parts = [HEADER]
        for section, source in self.blocks:
            note = f"# Section: {section.title}\n# Source: {section.source}\n"
            parts += [
                note + ("#\n" if chunk.startswith("#") else "") + chunk
                for chunk in chunks(source)
            ]
        listed = "".join(f'    "{name}",\n' for name in self.public())
        parts.append(f"__all__ = [\n{listed}]\n")
        return "\n\n".join(parts)


def chunks(source):
    """Cut a cell's text so that each class or function begins a chunk of its own."""
    lines = source.split("\n")
    cuts, last_was_definition = [0], False
    for node in ast.parse(source).body:
        definition = isinstance(
            node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        )
        if definition or last_was_definition:
            start = min([node.lineno, *(d.lineno for d in _decorators(node))]) - 1
            while start and lines[start - 1].startswith("#"):
                start -= 1  # a comment belongs to what it stands above
            cuts.append(start)
        last_was_definition = definition
    cuts.append(len(lines))
    texts = ("\n".join(lines[a:b]) for a, b in zip(cuts, cuts[1:]))
    tidy = ("\n".join(line.rstrip() for line in text.split("\n")) for text in texts)
    return [text.strip("\n") + "\n" for text in tidy if text.strip()]


def _decorators(node):
    return getattr(node, "decorator_list", ())


# --- commands -------------------------------------------------------------------


def extract(check=False, allow_missing=False, root=book.ROOT):
    """Write d2l/mxnet.py, or with check only compare; return whether it was current.

    Raises LibraryError with one line a mistake, and BookError for a section that
    _toc.yml lists and that does not exist, unless allow_missing.
    """
    the_book = book.Book(root)
    if the_book.missing and not allow_missing:
        names = ", ".join(section.source for section in the_book.missing)
        raise book.BookError(
            f"_toc.yml lists what is not written yet: {names}. To extract the rest, "
            "run `python -m press lib --allow-missing`."
        )
    text = _library(the_book).module()
    target = the_book.library
    current = target.exists() and target.read_text(encoding="utf-8") == text
    if not current and not check:
        book.write_atomically(target, text)
    return current


def _library(the_book):
    """Read the saved cells of what is written, once for each state of the files."""
    stamps = ((s.name, s.path.stat().st_mtime_ns) for s in the_book.written)
    return _remembered(the_book.root, tuple(stamps))


@lru_cache(maxsize=2)
def _remembered(root, stamps):
    return Library(book.Book(root).written)


def saved_names(section, root=book.ROOT):
    """List the public names that a section saves, in the order of its cells."""
    library = _library(book.Book(root))
    public = {*library.public()}
    return [
        saved.name
        for saved in library.names.values()
        if saved.name in public and saved.place.section.name == section
    ]


def saved_links(section, root=book.ROOT):
    """Write the names that a section saves as links to the API page, in MyST."""
    names = saved_names(section, root)
    return ", ".join(f"{{py:obj}}`{name} <d2l.mxnet.{name}>`" for name in names)


def api_page(root=book.ROOT):
    """Write the API page: every public name with its signature and docstring."""
    from press import api

    return api.page(_library(book.Book(root)))


def add_arguments(parser):
    """Declare the options of `python -m press lib`."""
    parser.add_argument(
        "--check",
        action="store_true",
        help=f"write nothing; fail when {TARGET} differs from the saved cells",
    )
    parser.add_argument(
        "--allow-missing",
        action="store_true",
        help="pass over sections that _toc.yml names and nobody has written yet",
    )


def run(options):
    """Carry out `python -m press lib`; return the exit status."""
    try:
        current = extract(options.check, options.allow_missing)
    except book.BookError as error:
        print(error, file=sys.stderr)
        return 1
    if current:
        print(f"{TARGET} is up to date.")
    elif options.check:
        print(f"{TARGET} is stale: run `make lib` and commit it.", file=sys.stderr)
        return 1
    else:
        print(f"{TARGET} written.")
    return 0


def main(arguments=None):
    """Run as a program: `python -m press.library`."""
    parser = argparse.ArgumentParser(prog="python -m press lib", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main())
