"""Sphinx, run in this process with Jupyter Book's configuration."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import sys
from pathlib import Path

from press.book import BookError
from press.pages import joined

PRESS = Path(__file__).resolve().parent
THEME = PRESS / "theme"

# A change in one of these changes every page.
MACHINERY = ("sphinx_run.py", "sphinx_ext.py", "sphinx_latex.py", "mathml.py")


class SiteError(BookError):
    """The book could not be rendered."""


def sphinx_config(book, source, **overrides):
    """Jupyter Book's translation of _config.yml, and what depends on this machine."""
    from jupyter_book.config import get_final_config

    config, _ = get_final_config(
        user_yaml=book.root / "_config.yml",
        cli_config={"latex_individualpages": False},
        sourcedir=source,
    )
    config.update(
        external_toc_path=str(source / "_toc.yml"),
        html_static_path=[str(THEME / "site")],
        html_favicon=str(THEME / "site" / "favicon.svg"),
        templates_path=[],
        press_parts=parts(book),
    )
    config.pop("comments_config")
    config.update(overrides)
    return config


def placed(book, source, line):
    """(page, message): a warning of Sphinx, with its place in the chapters' files.

    MyST-NB counts ten thousand lines a cell; the page is None where Sphinx names none.
    """
    line = re.sub(r"\x1b\[[0-9;]*m", "", line)
    match = re.match(rf"{re.escape(str(source))}/(\S+?)\.(md|ipynb)(?::(\d+))?: ", line)
    if not match:
        return None, line
    page, kind, number = match.groups()
    where = f"chapters/{page}.md"
    if kind == "ipynb" and number:
        index, row = divmod(int(number), 10000)
        cells = json.loads((source / f"{page}.ipynb").read_text("utf-8"))["cells"]
        index = min(max(index - 1, 0), len(cells) - 1)
        text = joined(cells[index]["source"]).split("\n")
        content = text[min(max(row - 1, 0), len(text) - 1)]
        lines = book.find(page).text.split("\n")
        start = next((i for i, t in enumerate(lines, 1) if t == content), "?")
        where += f":{start}"
    elif number:
        where += f":{number}"
    return page, f"{where}: {line[match.end() :]}"


def run_sphinx(
    book, builder, source, out, doctrees, only=None, fresh=False, **overrides
):
    """Run one Sphinx builder in this process; any warning is an error.

    A page that caused a warning is read again next time, so that its warning cannot be
    lost by running the command twice. With only, a writer's look at some pages, the
    warnings of other pages do not count.
    """
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    warnings = io.StringIO()
    status = sys.stdout if os.environ.get("PRESS_VERBOSE") else None
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            srcdir=source,
            confdir=None,
            outdir=out,
            doctreedir=doctrees,
            buildername=builder,
            confoverrides=sphinx_config(book, source, **overrides),
            status=status,
            warning=warnings,
            freshenv=fresh,
            warningiserror=True,
            keep_going=True,
            parallel=1,
        )
        app.build(force_all=fresh)
    counted = 0
    for line in warnings.getvalue().splitlines():
        if not line.strip():
            continue
        name, message = placed(book, source, line)
        for suffix in (".md", ".ipynb") if name else ():
            if (source / (name + suffix)).is_file():
                os.utime(source / (name + suffix))
        if name is None:
            (doctrees / "environment.pickle").unlink(missing_ok=True)
        if only is None or name is None or name in only:
            counted += 1
            print(message, file=sys.stderr)
    if counted:
        raise SiteError(f"Sphinx gave {counted} warning(s), printed above")
    return app


def parts(book):
    """{first page: (caption, Roman number or None)}: only parts of chapters count."""
    found, count = {}, 0
    for part in book.toc.get("parts", ()):
        count += bool(part.get("numbered"))
        number = ROMAN[count - 1] if part.get("numbered") else ""
        found[part["chapters"][0]["file"]] = (part["caption"], number)
    return found


ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def fingerprint(book, source, *more):
    """One hash of the machinery and of the files in source."""
    digest = hashlib.sha256(repr(more).encode())
    paths = [PRESS / name for name in MACHINERY]
    paths += [book.root / name for name in ("_config.yml", "requirements.txt")]
    paths += sorted(source.rglob("*")) if source else []
    for path in paths:
        if path.is_file():
            digest.update(f"\0{path.name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def looks():
    """One hash of style sheets, scripts and fonts."""
    digest = hashlib.sha256()
    for path in sorted(THEME.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def up_to_date(stamp, key, result):
    try:
        return json.loads(stamp.read_text("utf-8"))["key"] == key and result.is_file()
    except (OSError, ValueError, KeyError):
        return False
