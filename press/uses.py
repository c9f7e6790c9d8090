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
from dataclasses import dataclass
from functools import cached_property

IMPORTS = (ast.Import, ast.ImportFrom)
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
DOWNLOADS = {"DATA_HUB", "DATA_URL", "download", "download_extract", "download_all"}
REGISTERS = {"DATA_HUB", "DATA_MIRRORS"}
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
        """Every top-level statement of the library, as a Statement."""
        tree = ast.parse(self.text)
        lines = self.text.splitlines()
        found = []
        for node in tree.body:
            first = min([node.lineno] + [d.lineno for d in _decorators(node)])
            source = "\n".join(lines[first - 1 : node.end_lineno])
            names, entry = _defined(node)
            found.append(Statement(names, entry, _names(node), _strings(node), source))
        return found

    def reach(self, wanted, strings=None):
        """The statements that a use of the wanted names reaches, as their numbers.

        strings are the constants of the section; they choose among the entries of
        DATA_HUB. None, or none that fits, takes every entry.
        """
        statements = self._statements
        if EVERYTHING in wanted:
            return list(range(len(statements)))
        reached = {i for i, s in enumerate(statements) if s.names is None}
        todo = set(wanted).union(*(statements[i].uses for i in reached))
        seen, entries = set(), []
        while todo:
            name = todo.pop()
            seen.add(name)
            for i, one in enumerate(statements):
                if name not in (one.names or ()) or i in reached:
                    continue
                if one.entry is not None:
                    entries.append(i)
                    continue
                reached.add(i)
                todo |= one.uses - seen
        if strings is not None:
            strings = strings.union(*(statements[i].strings for i in reached))
            chosen = [i for i in entries if _fits(statements[i].entry, strings)]
            entries = chosen or entries
        return sorted(reached.union(entries))

    def source(self, wanted, strings=None):
        """The source of everything that the wanted names reach."""
        reached = self.reach(wanted, strings)
        return "\n\n".join(self._statements[i].source for i in reached)

    def reached_names(self, wanted):
        found = set()
        for i in self.reach(wanted):
            found |= self._statements[i].names or set()
        return found

    def hub_keys(self, wanted, strings):
        """The keys of DATA_HUB that a section reaches: {key: file}."""
        found = {}
        for i in self.reach(wanted - {EVERYTHING}, strings):
            one = self._statements[i]
            if one.entry and one.names == {"DATA_HUB"}:
                found.update(_hub_entries([one.source]))
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


@dataclass(frozen=True)
class Statement:
    """A top-level statement of the library.

    names   what it defines; None for one that defines nothing of its own (an import, a
            call): it runs at import, so every section depends on it
    entry   the key, for ``DATA_HUB['key'] = ...``
    uses    the names it mentions
    strings the constants it contains
    """

    names: set | None
    entry: str | None
    uses: set
    strings: set
    source: str


def _defined(node):
    """(names that a top-level statement defines or None, key of an entry or None)"""
    if isinstance(node, DEFINITIONS):
        # A decorator of the library's own may alter another definition.
        altered = any(_mentions(d) for d in _decorators(node))
        return (None if altered else {node.name}), None
    if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return None, None
    names, entry = set(), None
    for target in getattr(node, "targets", None) or [node.target]:
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        names |= {_root(part) for part in parts}
        if isinstance(target, ast.Subscript) and _root(target) in REGISTERS:
            entry = getattr(target.slice, "value", None)
    if "__all__" in names:
        # It changes with every name that is added, and is no use of any.
        return {"__all__"}, None
    return (None if None in names else names), entry


def _strings(node):
    """The string constants within a statement."""
    nodes = ast.walk(node)
    found = {n.value for n in nodes if isinstance(n, ast.Constant)}
    return {value for value in found if isinstance(value, str)}


def _fits(key, strings):
    """True when one of the strings may name a key of a register, or begin one."""
    ends = "/-_"
    return key in strings or any(
        (s[-1:] in ends and key.startswith(s))
        or (key[-1] in ends and s.startswith(key))
        for s in strings
        if s.strip(ends)
    )


def _hub_entries(sources):
    """{key: file} of the entries of DATA_HUB that stand in pieces of source."""
    found = {}
    for tree in _trees(sources)[0]:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                value = node.value
                if (
                    isinstance(target, ast.Subscript)
                    and _last(target.value) == "DATA_HUB"
                    and isinstance(target.slice, ast.Constant)
                    and isinstance(value, ast.Tuple)
                    and isinstance(value.elts[0], ast.Constant)
                ):
                    found[target.slice.value] = value.elts[0].value
    return found


def _last(node):
    """The last name of DATA_HUB, d2l.DATA_HUB or d2l.mxnet.DATA_HUB."""
    return getattr(node, "attr", None) or getattr(node, "id", None)


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


def _trees(sources):
    """(syntax trees of cells, the lines and cells that are not plain Python)"""
    trees, loose = [], []
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
    return trees, loose


def used_names(sources):
    """The names of the library that code cells use; '*' when it may be any.

    sources is a list of cell sources. Magics and shell lines are read as plain text.
    """
    trees, loose = _trees(sources)
    found, aliases = set(), {"d2l"}
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
            read = _is(node, aliases) and isinstance(node.ctx, ast.Load)
            if read and id(node) not in behind:
                found.add(EVERYTHING)
    for text in loose:
        found |= set(re.findall(r"\bd2l\.(?:mxnet\.)?(\w+)", text))
    return found


def key(section, library, profile, hub, surroundings):
    """The hash of everything that decides what a section prints."""
    sources = [cell.source for cell in section.code_cells]
    wanted, strings = used_names(sources), constants(sources)
    reached = library.reached_names(wanted) | wanted
    parts = [profile, section.name, section.text, library.source(wanted, strings)]
    parts.append(library.package if "-m d2l" in section.text else library.bridge)
    if reached & DOWNLOADS or EVERYTHING in wanted:
        parts.append(hub_part(section, library, hub))
    parts += surroundings
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8")
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()


def constants(sources):
    """The string constants in the cells of a section."""
    return set().union(*(_strings(tree) for tree in _trees(sources)[0]))


def hub_part(section, library, hub):
    """The hub's identity as far as a section sees it: its own data sets' hashes."""
    sums = hub.sums()
    files = set(data_files(section, library))
    lines = [line for line in sums.splitlines() if line.split(" ")[-1] in files]
    return hub.slug + "\n".join(lines or [sums])


def data_files(section, library):
    """The files of a hub that a section reads, itself or through the library."""
    sources = [cell.source for cell in section.code_cells]
    wanted, strings = used_names(sources), constants(sources)
    if not (library.reached_names(wanted - {EVERYTHING}) | wanted) & DOWNLOADS:
        return []
    keys = library.hub_keys(wanted, strings)
    own = _hub_entries(sources)
    keys.update({k: f for k, f in own.items() if k in strings})
    return list(dict.fromkeys(keys.values()))
