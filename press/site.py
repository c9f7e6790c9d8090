"""The rendered book: the site, the PDF and the EPUB.

`assemble` puts the executed notebooks, the plain pages, the drawings and the generated
pages into ``_build/source/PROFILE``, touching only files whose content has changed, so
that Sphinx reads and writes only their pages. `html`, `pdf` and `epub` run Sphinx over
that folder with Jupyter Book's configuration. When nothing has changed they return at
once.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

from press import library, paper, publish
from press.book import Book, BookError, write_atomically
from press.pages import page, status_page
from press.sphinx_run import SiteError, fingerprint, looks, run_sphinx, up_to_date

# --- the source tree ---------------------------------------------------------------


def assemble(book, profile, only=None, print_=False):
    """Bring _build/source/PROFILE up to date; return its path.

    print_ makes a second tree beside it, whose plots are PDF.

    only names the sections a writer asked for: pages that were never run are then shown
    without outputs. Otherwise a section that was not run is an error.
    """
    source = book.build / "source" / (f"{profile}-print" if print_ else profile)
    wanted = {"_toc.yml": (book.root / "_toc.yml").read_text("utf-8")}
    missing, unwritten = [], []
    notebooks = {}
    for section in book.sections:
        name = section.name
        try:
            if name == "status":
                continue
            if name == "api":
                wanted["api.md"] = library.api_page(book.root)
            elif not section.exists:
                unwritten.append(section.source)
                wanted[f"{name}.md"] = f"# {name}\n\nNot written yet.\n"
            elif section.is_notebook:
                notebook = executed(book, profile, section)
                if notebook is None:
                    missing.append(name)
                    notebook = unexecuted(section)
                notebooks[name] = dict(notebook)
                if print_:
                    paper.plots_to_pdf(book, notebook)
                links = quietly(only, library.saved_links, name, book.root)
                wanted[f"{name}.ipynb"] = page(section, notebook, links)
            else:
                wanted[f"{name}.md"] = section.text
        except BookError as error:
            if only is None or name in only:
                raise
            wanted[f"{name}.md"] = f"# {name}\n\nThis page cannot be read: {error}\n"
    if unwritten and only is None:
        raise SiteError(f"_toc.yml lists files that do not exist: {unwritten}")
    if missing and only is None:
        raise SiteError(f"not run yet: {', '.join(missing)}")
    wanted["status.md"] = status_page(book, profile, notebooks)
    bibliography = book.chapters_dir / "references.bib"
    wanted["references.bib"] = bibliography.read_text("utf-8")
    for name, text in wanted.items():
        write_if_changed(source / name, text)
    mirror(book.build / "figures", source / "figures")
    remove_others(source, wanted)
    return source


def quietly(only, function, *arguments):
    """What function returns; in a preview, nothing where another page is broken."""
    try:
        return function(*arguments)
    except BookError:
        if only is None:
            raise
        return None


def executed(book, profile, section):
    path = book.build / "executed" / profile / f"{section.name}.ipynb"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def unexecuted(section):
    from jupytext.myst import myst_to_notebook

    notebook = myst_to_notebook(section.text)
    return json.loads(json.dumps(notebook))


def write_if_changed(path, text):
    try:
        if path.read_text("utf-8") == text:
            return
    except (FileNotFoundError, UnicodeDecodeError):
        pass
    write_atomically(path, text)


def mirror(origin, target):
    """Copy files that differ, delete those that are gone."""
    names = set()
    for path in sorted(origin.rglob("*")) if origin.is_dir() else ():
        if path.is_file():
            name = path.relative_to(origin)
            names.add(name)
            copy = target / name
            if not copy.is_file() or copy.read_bytes() != path.read_bytes():
                write_atomically(copy, path.read_bytes())
    for path in target.rglob("*") if target.is_dir() else ():
        if path.is_file() and path.relative_to(target) not in names:
            path.unlink()


def remove_others(source, wanted):
    for path in source.rglob("*"):
        name = path.relative_to(source).as_posix()
        if path.is_file() and name not in wanted and not name.startswith("figures/"):
            path.unlink()


def alone(render):
    """Let one rendering at a time work in a book's _build folder."""

    @functools.wraps(render)
    def locked(profile="sample", only=None, book=None):
        from filelock import FileLock

        book = book or Book()
        book.build.mkdir(parents=True, exist_ok=True)
        with FileLock(book.build / ".site.lock"):
            return render(profile, only, book)

    return locked


@alone
def html(profile, only, book):
    """Render the site into _build/html and return the path of its first page."""
    source = assemble(book, profile, only)
    out, doctrees = book.build / "html", book.build / "doctrees" / f"html-{profile}"
    stamp, index = out / ".stamp.json", out / "index.html"
    machinery = fingerprint(book, None, source.name, publish.repository(book))
    key = fingerprint(book, source, machinery, looks())
    if up_to_date(stamp, key, index):
        return index
    try:
        fresh = json.loads(stamp.read_text("utf-8"))["machinery"] != machinery
    except (OSError, ValueError, KeyError):
        fresh = True
    if fresh:
        shutil.rmtree(out, ignore_errors=True)
    copy_mathjax(out / "_static" / "mathjax")
    links = {"press_buttons": buttons(book, profile)}
    run_sphinx(book, "html", source, out, doctrees, only, fresh, **links)
    publish.publish_all(book, profile, out)
    if only is None:
        write_atomically(stamp, json.dumps({"key": key, "machinery": machinery}))
    return index


@alone
def pdf(profile, only, book):
    """Typeset the book with XeLaTeX; return the path of the PDF."""
    return paper.pdf(profile, only, book, assemble)


@alone
def epub(profile, only, book):
    """Make the EPUB; return its path."""
    return paper.epub(profile, only, book, assemble)


def buttons(book, profile):
    """Where each page's buttons lead: {page: {button: address}}.

    Without a known repository only the notebook beside the page is offered.
    """
    address, found = publish.repository(book), {}
    for section in book.sections:
        links = found[section.name] = {}
        if (book.build / "executed" / profile / f"{section.name}.ipynb").is_file():
            links["notebook"] = f"{section.name}.ipynb"
        if not address:
            continue
        host, _, name = address.removeprefix("https://").partition("/")
        gitlab = "/-" if "gitlab" in host else ""
        if not section.generated:
            links["edit"] = f"{address}{gitlab}/edit/main/{section.source}"
        title = quote(f"{section.name}: ")
        links["issue"] = f"{address}{gitlab}/issues/new?title={title}"
        if host == "github.com" and "notebook" in links:
            path = f"{NOTEBOOKS}/{section.name}.ipynb"
            links["colab"] = (
                f"https://colab.research.google.com/github/{name}/blob/{path}"
            )
            path = f"{NOTEBOOKS}?labpath={quote(section.name)}.ipynb"
            links["binder"] = f"https://mybinder.org/v2/gh/{name}/{path}"
    return found


# The branch to which .github/workflows/publish.yml pushes the notebooks of the pages.
NOTEBOOKS = "notebooks"


def copy_mathjax(target):
    """Copy the part of MathJax that pages load: its core, extensions and fonts."""
    if target.is_dir():
        return
    from importlib.util import find_spec

    origin = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static/mathjax"
    target.mkdir(parents=True)
    shutil.copy(origin / "tex-chtml.js", target)
    for folder in ("input/tex/extensions", "output/chtml/fonts"):
        shutil.copytree(origin / folder, target / folder)


def main(arguments):
    """`python -m press.site [SECTION...]`: render what has been run, as it is."""
    from press import figures

    book = Book()
    figures.build(book.build / "figures")
    try:
        names = [book.find(name).name for name in arguments]
        print(html(os.environ.get("PROFILE") or "sample", only=names))
    except BookError as error:
        return f"press: {error}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
