"""Notebooks for readers: the executed sections in Markdown that any Jupyter shows.

MyST's directives and roles mean nothing outside of Sphinx. Here a figure becomes an
image inside the notebook, a reference becomes the number it shows on the page, an
exercise a heading in bold, a citation its authors and year, so that a downloaded page
reads well in JupyterLab, VS Code and Colab.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from dataclasses import dataclass

from press.book import write_atomically

# --- numbers --------------------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """What a label stands for: kind ('Section', 'Figure', ...), number, title, page."""

    kind: str
    number: str
    title: str
    page: str

    @property
    def full(self):
        """'Figure 2.1.3'; the bare title of what has no number."""
        return f"{self.kind} {self.number}" if self.number else self.title


FENCE = re.compile(
    r"^(?P<mark>`{3,}|:{3,})\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>.*)$"
)
PLAIN = re.compile(r"^(?P<mark>`{3,}|~{3,})")
LABEL = re.compile(r"^\((?P<label>[^()\s]+)\)=\s*$")
EQUATION = re.compile(r"^(?P<end>.*)\$\$\s*\((?P<label>[^()\s]+)\)\s*$")
COUNTED = {
    "figure": "Figure",
    "list-table": "Table",
    "table": "Table",
    "csv-table": "Table",
    "exercise": "Exercise",
    "math": "",
}


def labels(book):
    """What every label of the book stands for: {label: Target}."""
    found = {}
    for section in book.sections:
        if section.generated or not section.exists:
            continue
        found.update(labels_of(section))
    return found


def labels_of(section):
    """The labels of one section, numbered as on its page."""
    found, counts, pending = {}, {}, []
    base = section.number or ""

    def add(name, kind, title=""):
        counts[kind] = counts.get(kind, 0) + 1
        number = f"{base}.{counts[kind]}" if base else str(counts[kind])
        if name:
            found[name] = Target(kind, number, plain(title), section.name)

    for cell in section.cells:
        if cell.kind == "code":
            figure = (cell.metadata.get("mystnb") or {}).get("figure") or {}
            if figure.get("caption"):
                add(figure.get("name"), "Figure", figure["caption"])
            continue
        for item in blocks(cell.source):
            if isinstance(item, Block):
                name = item.options.get("name") or item.options.get("label")
                kind = COUNTED.get(item.name)
                caption = item.caption
                if item.name == "math" and item.options.get("label"):
                    add(item.options["label"], "Equation")
                elif kind == "Exercise" or (kind and caption):
                    add(name, kind, caption)
                continue
            for line in item.split("\n"):
                label, heading = LABEL.match(line), re.match(r"^(#+) (.*)", line)
                equation = EQUATION.match(line)
                if label:
                    pending.append(label["label"])
                elif equation:
                    add(equation["label"], "Equation")
                elif heading:
                    top = len(heading[1]) == 1
                    kind = "Chapter" if section.is_index else "Section"
                    number = base if top else ""
                    title = plain(heading[2])
                    for name in pending:
                        found[name] = Target(kind, number, title, section.name)
                    pending = []
                elif line.strip():
                    pending = []
    return found


# --- blocks ---------------------------------------------------------------------------


@dataclass
class Block:
    """A directive: its name, argument, options and body."""

    name: str
    argument: str
    options: dict
    body: str

    @property
    def caption(self):
        """The words that Sphinx numbers: of a figure its first paragraph."""
        if self.name == "figure":
            return self.body.strip().split("\n\n")[0]
        return self.argument.strip()


def blocks(text):
    """Cut Markdown into directives (Block) and what lies between (str), in order."""
    lines, found, rest, i = text.split("\n"), [], [], 0
    while i < len(lines):
        start = FENCE.match(lines[i])
        other = PLAIN.match(lines[i])
        if not start and not other:
            rest.append(lines[i])
            i += 1
            continue
        mark = (start or other)["mark"]
        close = re.compile(rf"^{re.escape(mark[0])}{{{len(mark)},}}\s*$")
        end = i + 1
        while end < len(lines) and not close.match(lines[end]):
            end += 1
        if start:
            if rest:
                found.append("\n".join(rest))
                rest = []
            options, body = options_of(lines[i + 1 : end])
            found.append(Block(start["name"], start["argument"].strip(), options, body))
        else:
            rest += lines[i : end + 1]
        i = end + 1
    if rest:
        found.append("\n".join(rest))
    return found


def options_of(lines):
    """(options, body) of a directive's lines: `:key: value`, or YAML between ---."""
    options = {}
    if lines and lines[0].strip() == "---":
        import yaml

        end = next((i for i, x in enumerate(lines[1:], 1) if x.strip() == "---"), 0)
        options = yaml.safe_load("\n".join(lines[1:end])) or {}
        return {str(k): str(v) for k, v in options.items()}, "\n".join(lines[end + 1 :])
    rest = list(lines)
    while rest and (match := re.match(r"^:([\w-]+):\s*(.*)$", rest[0])):
        options[match[1]] = match[2].strip()
        rest.pop(0)
        while rest and rest[0].startswith("  ") and rest[0].strip():
            options[match[1]] += " " + rest.pop(0).strip()
    return options, "\n".join(rest).strip("\n")


# --- words ----------------------------------------------------------------------------

ROLE = re.compile(
    r"\{(?P<name>[a-z][\w:-]*)\}(?P<ticks>`+)(?P<body>.+?)(?P=ticks)", re.S
)
INSIDE = re.compile(r"^(?P<text>.*?)\s*<(?P<target>[^<>]+)>$", re.S)
SPANS = re.compile(
    rf"(?P<role>{ROLE.pattern.replace('ticks', 'marks')})"
    r"|(?P<code>(?<![`}])(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>\$\$.+?\$\$|(?<![\\$])\$(?!\$).+?(?<!\\)\$)",
    re.S,
)


def plain(text):
    """A title or caption without roles and emphasis, for use inside a sentence."""
    text = ROLE.sub(lambda m: m["body"].split(" <")[0], text)
    return " ".join(text.replace("**", "").split())


class Writer:
    """Turns the Markdown of one section into Markdown without MyST."""

    def __init__(self, section, targets, bibliography, site=None):
        self.section, self.targets, self.site = section, targets, site
        self.bibliography = bibliography
        self.figures = section.book.build / "figures"
        self.cited = []
        self.counts = {}

    def text(self, source):
        """The Markdown of a cell; empty when nothing is left."""
        parts = []
        for item in blocks(source):
            parts.append(
                self.block(item) if isinstance(item, Block) else self.run(item)
            )
        text = "\n\n".join(part.strip("\n") for part in parts if part.strip())
        return re.sub(r"\n{3,}", "\n\n", text)

    def run(self, text):
        """Text without directives."""
        lines = []
        for line in text.split("\n"):
            equation = EQUATION.match(line)
            if LABEL.match(line) or line.startswith("% ") or line.strip() == "%":
                continue
            if equation:
                target = self.targets.get(equation["label"])
                tag = rf"\tag{{{target.number}}}" if target else ""
                line = f"{equation['end']}{tag}$$" if equation["end"] else f"{tag}\n$$"
                line = line.lstrip("\n")
            lines.append(line)
        return self.inline("\n".join(lines))

    def inline(self, text):
        """Resolve roles, and links outside of code and mathematics."""
        kept = []

        def keep(match):
            if match["role"]:
                return self.role(ROLE.fullmatch(match.group()))
            kept.append(match.group())
            return f"\0{len(kept) - 1}\0"

        text = self.words(SPANS.sub(keep, text))
        return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], text)

    def words(self, text):
        text = re.sub(r"(?<!!)\[([^\]]*)\]\(([^()\s]*)\)", self.link, text)
        return re.sub(r"(?<=[\])*`])\{[.#][^}]*\}", "", text)

    def role(self, match):
        name, body = match["name"], match["body"].strip()
        inside = INSIDE.match(body)
        said, label = (inside["text"], inside["target"]) if inside else ("", body)
        if name in ("ref", "numref", "eq", "prf:ref"):
            target = self.targets.get(label)
            if target is None:
                return said or label
            if name == "eq":
                return f"({target.number})"
            if name == "ref" or not target.number:
                return said or target.title
            if said:
                number = target.number
                return said.replace("%s", number).replace("{number}", number)
            return target.full
        if name.startswith("cite"):
            return self.cite(name, body)
        if name == "doc":
            return self.page_link(said, self.page(label))
        if name == "math":
            return f"${body}$"
        if name == "index":
            return (said or body).split(";")[0].removeprefix("single:").strip()
        if name in ("code", "py:func", "func", "class", "meth", "file", "kbd"):
            return f"`{said or body}`"
        return said or body

    def link(self, match):
        text, target = match.groups()
        if re.match(r"[a-z]+:", target):
            return match.group()
        if target.startswith("#"):
            known = self.targets.get(target[1:])
            return text or (known.full if known else "")
        return self.page_link(text, self.page(target))

    def page(self, target):
        """The name of the page that a relative link leads to."""
        page = re.sub(r"(\.md|\.html|\.ipynb)?(#.*)?$", "", target)
        folder = "" if page.startswith("/") else os.path.dirname(self.section.name)
        return os.path.normpath(f"{folder}/{page}").lstrip("/")

    def page_link(self, text, page):
        names = {s.name: s for s in self.section.book.sections}
        if page in names:
            known = names[page]
            text = text or (plain(known.title) if known.exists else page)
            return f"[{text}]({self.site}/{page}.html)" if self.site else text
        return text or page

    def cite(self, name, body):
        keys = [key.strip() for key in body.split(",")]
        shown = []
        for key in keys:
            entry = self.bibliography.get(key)
            if entry is None:
                shown.append(key)
                continue
            if key not in self.cited:
                self.cited.append(key)
            textual = name in ("cite:t", "cite:ts")
            year = f"({entry.year})" if textual else entry.year
            shown.append(f"{entry.who} {year}" if textual else f"{entry.who}, {year}")
        joined = "; ".join(shown)
        return joined if name in ("cite:t", "cite:ts") else f"[{joined}]"

    # Directives: a method for each that needs more than its body.

    def block(self, block):
        name = block.name.replace("-", "_").replace(":", "_")
        method = getattr(self, f"do_{name}", None)
        if method is not None:
            return method(block)
        if block.name in ADMONITIONS:
            title = block.argument if block.name == "admonition" else ""
            return self.quote(title or ADMONITIONS[block.name], block.body)
        if block.name in SILENT:
            return ""
        title = f"**{self.inline(block.argument)}**\n\n" if block.argument else ""
        return title + self.text(block.body)

    def quote(self, title, body):
        text = f"**{self.inline(title)}.** {self.text(body)}"
        return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))

    def captioned(self, kind, name, caption):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        target = self.targets.get(name)
        count = self.counts[kind]
        base = self.section.number
        number = target.number if target else f"{base}.{count}" if base else str(count)
        return f"**{kind} {number}.** {self.inline(' '.join(caption.split()))}"

    def do_figure(self, block):
        picture = self.picture(block.argument, block.options.get("alt", ""))
        if not block.body.strip():
            return picture
        caption, _, legend = block.body.strip().partition("\n\n")
        line = self.captioned("Figure", block.options.get("name"), caption)
        return f"{picture}\n\n{line}\n\n{self.text(legend)}"

    def do_image(self, block):
        return self.picture(block.argument, block.options.get("alt", ""))

    def picture(self, path, alt):
        """An image that is part of the notebook: a drawing on white ground."""
        alt = " ".join(alt.split()).replace("[", "(").replace("]", ")")
        if re.match(r"https?:", path):
            return f"![{alt}]({path})"
        name = path.removeprefix("/figures/").removesuffix(".*")
        svg = self.figures / (name if name.endswith(".svg") else f"{name}.svg")
        if not svg.is_file():
            return f"*({alt})*"
        text = svg.read_text(encoding="utf-8")
        text = re.sub(r"<svg ", '<svg style="background: white" ', text, count=1)
        data = base64.b64encode(text.encode("utf-8")).decode("ascii")
        return f"![{alt}](data:image/svg+xml;base64,{data})"

    def do_exercise(self, block):
        self.counts["Exercise"] = self.counts.get("Exercise", 0) + 1
        target = self.targets.get(block.options.get("label"))
        number = f" {target.number}" if target else f" {self.counts['Exercise']}"
        title = f" ({self.inline(block.argument)})" if block.argument else ""
        return f"**Exercise{number}{title}.** {self.text(block.body)}"

    def do_solution_start(self, block):
        target = self.targets.get(block.argument)
        return f"**Solution{' to ' + target.full if target else ''}.**"

    def do_solution(self, block):
        return f"{self.do_solution_start(block)} {self.text(block.body)}"

    def do_solution_end(self, block):
        return ""

    def do_math(self, block):
        target = self.targets.get(block.options.get("label"))
        tag = rf" \tag{{{target.number}}}" if target else ""
        return f"$$\n{block.argument}{block.body}{tag}\n$$"

    def do_code_block(self, block):
        return f"```{block.argument}\n{block.body}\n```"

    do_code = do_sourcecode = do_code_block

    def do_table(self, block):
        line = self.captioned("Table", block.options.get("name"), block.argument)
        return f"{line}\n\n{self.text(block.body)}" if block.argument else block.body

    def do_list_table(self, block):
        rows = []
        for line in block.body.split("\n"):
            match = re.match(r"^(\s*)(\*|-)\s+(\*|-)(?:\s+(.*))?$", line)
            cell = re.match(r"^\s+(?:\*|-)(?:\s+(.*))?$", line)
            if match:
                rows.append([match[4] or ""])
            elif cell and rows:
                rows[-1].append(cell[1] or "")
            elif line.strip() and rows:
                rows[-1][-1] += " " + line.strip()
        if not rows:
            return ""
        width = max(len(row) for row in rows)
        head = int(block.options.get("header-rows") or 0)
        rows = [[self.inline(c).replace("|", r"\|") for c in row] for row in rows]
        rows = [row + [""] * (width - len(row)) for row in rows]
        if not head:
            rows.insert(0, [""] * width)
        rows.insert(1, ["---"] * width)
        table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
        if not block.argument:
            return table
        line = self.captioned("Table", block.options.get("name"), block.argument)
        return f"{line}\n\n{table}"

    def references(self):
        """The list of what the section cites."""
        entries = [self.bibliography[key] for key in self.cited]
        entries.sort(key=lambda entry: (entry.who, entry.year))
        return "\n".join(f"- {entry.full}" for entry in entries)


ADMONITIONS = {
    name: name.capitalize()
    for name in (
        "note",
        "warning",
        "tip",
        "hint",
        "important",
        "caution",
        "danger",
        "attention",
        "error",
        "seealso",
        "admonition",
    )
}
ADMONITIONS["seealso"] = "See also"
SILENT = {"index", "tableofcontents", "toctree", "bibliography", "contents", "raw"}


# --- citations ------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A work of the bibliography: who, year, and its line in a list."""

    who: str
    year: str
    full: str


def bibliography(book):
    """The works of chapters/references.bib: {key: Entry}."""
    path = book.chapters_dir / "references.bib"
    if not path.is_file():
        return {}
    from pybtex.database import parse_file

    found = {}
    for key, entry in parse_file(str(path)).entries.items():
        people = entry.persons.get("author") or entry.persons.get("editor") or []
        names = [clean(" ".join(p.prelast_names + p.last_names)) for p in people]
        if len(names) > 2:
            who = f"{names[0]} et al."
        else:
            who = " and ".join(names) or clean(entry.fields.get("title", key))
        year = entry.fields.get("year", "n.d.")
        field = entry.fields
        where = field.get("journal") or field.get("booktitle") or field.get("publisher")
        parts = [
            ", ".join(full_name(p) for p in people[:6]),
            clean(field.get("title", "")),
        ]
        parts += [f"*{clean(where)}*" if where else "", year]
        link = (
            f"https://doi.org/{field['doi']}" if field.get("doi") else field.get("url")
        )
        parts.append(f"<{link}>" if link else "")
        found[key] = Entry(who, year, ". ".join(p for p in parts if p))
    return found


def full_name(person):
    first = " ".join(person.first_names + person.middle_names)
    last = " ".join(person.prelast_names + person.last_names)
    return clean(f"{first} {last}")


def clean(text):
    """BibTeX's text without TeX: braces go, accents become letters."""
    from pybtex.richtext import Text

    try:
        return str(Text.from_latex(text)).replace("\xa0", " ")
    except Exception:  # noqa: BLE001 - pybtex raises many kinds for odd TeX
        return re.sub(r"[{}\\]", "", text)


# --- the notebook ---------------------------------------------------------------------


def repository(book):
    """The address of the book's repository, https://host/owner/name, or None.

    It is REPOSITORY where that is set (empty: none), else where git's origin points.
    """
    address = os.environ.get("REPOSITORY")
    if address is None:
        command = ["git", "-C", str(book.root), "config", "--get", "remote.origin.url"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            address = done.stdout.strip()
        except OSError:
            return None
    match = re.match(
        r"(?:https?://(?:[^@/]+@)?|ssh://git@|git@)([\w.-]+\.\w+)(?::\d+)?[:/]"
        r"([\w.~/-]+?)(?:\.git)?/?$",
        address.strip(),
    )
    return f"https://{match[1]}/{match[2]}" if match else None


INSTALL = """\
# Installs d2l and MXNet where they are missing: on Colab, for instance.
import importlib.util

if importlib.util.find_spec('d2l') is None:
    %pip install -q git+{address}
if importlib.util.find_spec('mxnet') is None:
    %pip install -q --no-deps {mxnet}"""


def install_cell(book, address):
    """The source of the first cell of a published notebook."""
    lock = book.root / "requirements.txt"
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    match = re.search(r"^mxnet==[\w.]+", text, re.MULTILINE)
    mxnet = match.group() if match else "mxnet"
    return INSTALL.format(address=address, mxnet=mxnet)


def publish(section, notebook, targets=None, works=None, address=None, site=None):
    """The notebook that a reader downloads, made from an executed one.

    notebook  the executed notebook, a dict of nbformat 4
    targets   what labels stand for, as from labels(book)
    works     the bibliography, as from bibliography(book)
    address   the repository's address, for the installing cell; None leaves it out
    site      the address of the site, for links to other pages; None leaves them plain
    """
    book = section.book
    targets = labels(book) if targets is None else targets
    works = bibliography(book) if works is None else works
    writer = Writer(section, targets, works, site)
    cells = []
    for cell in notebook["cells"]:
        source = cell["source"]
        source = source if isinstance(source, str) else "".join(source)
        if cell["cell_type"] == "markdown":
            text = writer.text(source)
            if text:
                cells.append(markdown(text))
            continue
        if cell["cell_type"] != "code":
            continue
        metadata = dict(cell.get("metadata", {}))
        settings = metadata.pop("mystnb", None) or {}
        metadata.pop("source_line", None)
        cells.append({**cell, "metadata": metadata, "source": source})
        figure = settings.get("figure") or {}
        if figure.get("caption"):
            line = writer.captioned("Figure", figure.get("name"), figure["caption"])
            cells.append(markdown(line))
    works_cited = writer.references()
    if works_cited:
        cells.append(markdown(f"## References\n\n{works_cited}"))
    if section.number and cells and cells[0]["cell_type"] == "markdown":
        head = cells[0]["source"]
        cells[0]["source"] = re.sub(
            r"^# ", f"# {section.number}. ", head, count=1, flags=re.MULTILINE
        )
    code = any(cell["cell_type"] == "code" for cell in cells)
    if address and code:
        cells.insert(
            1 if cells[0]["cell_type"] == "markdown" else 0,
            {
                "cell_type": "code",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": install_cell(book, address),
            },
        )
    for i, cell in enumerate(cells):
        cell["id"] = f"{section.slug[:56]}-{i:03d}"
    metadata = {
        key: notebook["metadata"][key]
        for key in ("kernelspec", "language_info")
        if key in notebook["metadata"]
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def markdown(text):
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def publish_all(book, profile, folder, sections=None, site=None):
    """Write a reader's notebook for every executed section; return {name: path}."""
    targets, works, address = labels(book), bibliography(book), repository(book)
    written = {}
    for section in sections or book.notebooks:
        path = book.build / "executed" / profile / f"{section.name}.ipynb"
        if not path.is_file():
            continue
        notebook = json.loads(path.read_text(encoding="utf-8"))
        made = publish(section, notebook, targets, works, address, site)
        target = folder / f"{section.name}.ipynb"
        text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            write_atomically(target, text)
        written[section.name] = target
    return written
