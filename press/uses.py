"""What a section uses of the library: the part of its cache key that is not its own.

A section depends on the definitions of ``d2l/mxnet.py`` that its cells name, on those
which these name, and so on; on everything that runs when the library is imported; and
on the bridge in ``d2l/__init__.py``. Where the analysis is in doubt (``help(d2l)``),
the section depends on the whole library.
"""

from __future__ import annotations

import ast
import hashlib
import re
from functools import cached_property

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
DOWNLOADS = {"DATA_HUB", "DATA_URL", "download", "download_extract", "download_all"}
EVERYTHING = "*"


def _root(node):
    """The name at the root of a target such as DATA_HUB['key'] or net.attribute."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


class Library:
    """The library's source as a graph of definitions."""

    def __init__(self, book):
        self.book = book
        path = book.library
        self.text = path.read_text(encoding="utf-8") if path.exists() else ""

    @cached_property
    def _statements(self):
        """Every top-level statement: (names it defines, names it uses, its source).

        A statement that defines no name of its own (an import, a call) has names None:
        it runs at import, so every section depends on it. What alters a name, such as
        ``DATA_HUB['x'] = ...``, belongs to that name.
        """
        tree = ast.parse(self.text)
        lines = self.text.splitlines()
        found = []
        for node in tree.body:
            first = min([node.lineno] + [d.lineno for d in _decorators(node)])
            source = "\n".join(lines[first - 1 : node.end_lineno])
            if isinstance(node, DEFINITIONS):
                names = {node.name}
                # A decorator of the library's own may alter another definition.
                if any(_mentions(d) for d in _decorators(node)):
                    names = None
            elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
                targets = getattr(node, "targets", None) or [node.target]
                flat = [
                    e
                    for t in targets
                    for e in (t.elts if isinstance(t, (ast.Tuple, ast.List)) else [t])
                ]
                names = {_root(t) for t in flat}
                if names & {None, "__all__"}:
                    # __all__ changes with every name that is added: it is no use of it.
                    names = {"__all__"} if "__all__" in names else None
            else:
                names = None
            found.append((names, _names(node), source))
        return found

    @cached_property
    def names(self):
        return {n for names, _, _ in self._statements for n in names or ()}

    def reach(self, wanted):
        """The statements that a use of the wanted names reaches, as their numbers."""
        statements = self._statements
        if EVERYTHING in wanted:
            return list(range(len(statements)))
        reached = {i for i, (names, _, _) in enumerate(statements) if names is None}
        todo = set(wanted)
        for i in reached:
            todo |= statements[i][1]
        seen = set()
        while todo:
            name = todo.pop()
            seen.add(name)
            for i, (names, uses, _) in enumerate(statements):
                if names and name in names and i not in reached:
                    reached.add(i)
                    todo |= uses - seen
        return sorted(reached)

    def source(self, wanted):
        """The source of everything that the wanted names reach."""
        return "\n\n".join(self._statements[i][2] for i in self.reach(wanted))

    def reached_names(self, wanted):
        found = set()
        for i in self.reach(wanted):
            found |= self._statements[i][0] or set()
        return found

    @cached_property
    def bridge(self):
        """The source of d2l/__init__.py and of the modules it imports."""
        return self._modules("__init__")

    @cached_property
    def package(self):
        """The source of every module of d2l but the generated one."""
        files = sorted((self.book.root / "d2l").glob("*.py"))
        return "\n".join(
            f.read_text(encoding="utf-8") for f in files if f != self.book.library
        )

    def _modules(self, *names):
        folder = self.book.root / "d2l"
        todo, seen, texts = list(names), set(), []
        while todo:
            name = todo.pop()
            path = folder / f"{name}.py"
            if name in seen or name == "mxnet" or not path.is_file():
                continue
            seen.add(name)
            text = path.read_text(encoding="utf-8")
            texts.append(f"# {name}\n{text}")
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.ImportFrom):
                    if node.level or (node.module or "").split(".")[0] == "d2l":
                        todo += [a.name for a in node.names]
                        todo += (node.module or "").split(".")
                elif isinstance(node, ast.Import):
                    for alias in node.names:
                        if alias.name.startswith("d2l."):
                            todo.append(alias.name.split(".")[1])
        return "\n".join(sorted(texts))


def _decorators(node):
    return getattr(node, "decorator_list", [])


def _mentions(node, name="d2l"):
    return any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(node))


def _names(node):
    """Every name that a statement of the library mentions, plain or behind d2l."""
    found = set()
    for n in ast.walk(node):
        if isinstance(n, ast.Name):
            found.add(n.id)
        elif isinstance(n, ast.Attribute) and _is(n.value, {"d2l"}):
            found.add(n.attr)
    return found


def _is(node, names):
    """True for a plain name that is one of names."""
    return isinstance(node, ast.Name) and node.id in names


def used_names(sources):
    """The names of the library that code cells use; '*' when it may be any.

    sources is a list of cell sources. Magics and shell lines are read as plain text.
    """
    found, aliases, trees, loose = set(), {"d2l"}, [], []
    for source in sources:
        plain = []
        for line in source.split("\n"):
            bare = line.lstrip()
            if bare.startswith(("%", "!", "?")) or bare.rstrip().endswith("?"):
                loose.append(bare)
                plain.append(line[: len(line) - len(bare)] + "pass")
            else:
                plain.append(line)
        try:
            trees.append(ast.parse("\n".join(plain)))
        except SyntaxError:
            loose.append(source)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "d2l":
                for alias in node.names:
                    if alias.name == "mxnet":
                        aliases.add(alias.asname or "mxnet")
            elif isinstance(node, ast.ImportFrom) and node.module == "d2l.mxnet":
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name == "d2l.mxnet" and alias.asname:
                        aliases.add(alias.asname)
    for tree in trees:
        behind = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and _is(node.value, aliases):
                found.add(node.attr)
                behind.add(id(node.value))
            if isinstance(node, ast.Attribute) and isinstance(
                node.value, ast.Attribute
            ):
                inner = node.value
                if inner.attr == "mxnet" and _mentions(inner.value):
                    found.add(node.attr)
        for node in ast.walk(tree):
            if _is(node, aliases) and id(node) not in behind:
                found.add(EVERYTHING)
    for text in loose:
        found |= set(re.findall(r"\bd2l\.(?:mxnet\.)?(\w+)", text))
    return found


def key(section, library, profile, hub, surroundings):
    """The hash of everything that decides what a section prints."""
    wanted = used_names([cell.source for cell in section.code_cells])
    reached = library.reached_names(wanted) | wanted
    parts = [profile, section.name, section.text, library.source(wanted)]
    parts.append(library.package if "-m d2l" in section.text else library.bridge)
    if reached & DOWNLOADS or EVERYTHING in wanted:
        parts.append(hub.sums())
    parts += surroundings
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8")
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


def data_sets(section, library, files):
    """The files of a hub that a section names, itself or through the library.

    files is a list of names, as in SHA1SUMS. A name in the source may leave out the
    file's extension.
    """
    sources = [cell.source for cell in section.code_cells]
    wanted = used_names(sources)
    if not (library.reached_names(wanted) | wanted) & DOWNLOADS:
        return []
    text = "\n".join(sources) + library.source(wanted - {EVERYTHING})
    strings = {
        s for pair in re.findall(r"'([^'\n]+)'|\"([^\"\n]+)\"", text) for s in pair
    }
    return [f for f in files if f in strings or re.sub(r"(\.\w+)+$", "", f) in strings]
