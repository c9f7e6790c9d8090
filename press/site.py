"""The rendered book: the site, the PDF and the EPUB.

`assemble` puts the executed notebooks, the plain pages, the drawings and the generated
pages into ``_build/source/PROFILE``, touching only files whose content has changed, so
that Sphinx reads and writes only their pages. `html`, `pdf` and `epub` run Sphinx over
that folder with Jupyter Book's configuration. When nothing has changed they return at
once.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from press import library
from press.book import Book, BookError, write_atomically

PRESS = Path(__file__).resolve().parent
THEME = PRESS / "theme"

# A change in one of these changes every page.
MACHINERY = ("site.py", "sphinx_ext.py", "sphinx_latex.py", "mathml.py")


class SiteError(BookError):
    """The book could not be rendered."""


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
                    plots_to_pdf(book, notebook)
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


def plots_to_pdf(book, notebook):
    """Give every SVG output a PDF beside it, for LaTeX."""
    for output in outputs(notebook):
        svg = joined(output.get("data", {}).pop("image/svg+xml", ""))
        if svg:
            output["data"]["application/pdf"] = svg_to_pdf(book, svg)


def svg_to_pdf(book, svg):
    """The drawing as PDF in base 64; kept under the SVG's hash."""
    digest = hashlib.sha256(svg.encode()).hexdigest()
    kept = book.build / "cache" / "plots" / f"{digest}.pdf"
    if not kept.is_file():
        try:
            import cairosvg
        except OSError as error:
            raise SiteError(f"{error}\nInstall it: {APT} libcairo2") from None
        write_atomically(kept, cairosvg.svg2pdf(bytestring=svg.encode()))
    return base64.b64encode(kept.read_bytes()).decode()


APT = "sudo apt install"


# --- what a page says of itself --------------------------------------------------------


def page(section, notebook, links):
    """The text of the notebook that Sphinx reads: the executed one and a header."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = with_header(notebook, joined(cell["source"]), links)
            break
    for output in outputs(notebook):
        for kind in {"text/html"} & set(output.get("data", {})):
            output["data"][kind] = plain_table(joined(output["data"][kind]))
    notebook["metadata"] = {
        "kernelspec": notebook["metadata"].get("kernelspec", {}),
        "language_info": {"name": "python"},
    }
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)


def outputs(notebook):
    for cell in notebook["cells"]:
        yield from cell.get("outputs", ())


def plain_table(html):
    """A data frame's HTML without what XHTML forbids and the book's style replaces."""
    html = re.sub(r"<style.*?</style>\s*", "", html, flags=re.S)
    return re.sub(r' border="1"| style="text-align: \w+;"', "", html)


def joined(source):
    return source if isinstance(source, str) else "".join(source)


def with_header(notebook, text, links):
    """Put the run's measurements under the page's title."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.startswith("# "):
            lines[i + 1 : i + 1] = ["", *header(notebook, links), ""]
            break
    return "\n".join(lines)


def header(notebook, links):
    """A list, set in one line: what the run took, and what it adds to the library."""
    run = notebook["metadata"].get("d2l")
    items = []
    if run:
        items += [
            f"Ran in **{duration(run['seconds'])}**",
            f"**{size(run['peak_memory_mb'] * 1e6)}** of memory",
            f"on {device(run['device'])}",
        ]
        data = run.get("data") or []
        if data:
            shown = ", ".join(f"{d['name']} ({size(d['bytes'])})" for d in data)
            items.append(f"data: {shown}")
        if run["profile"] == "sample":
            items.append(SAMPLE_NOTE)
    else:
        items.append("This page has not been run yet.")
    if links:
        items.append(f"in `d2l`: {links}")
    return ["::::{container} run-info", *(f"- {item}" for item in items), "::::"]


SAMPLE_NOTE = "[sample profile](/status.md): small data and few epochs"


def saved_links(section):
    """Links from a section to what it adds to the library, on the API page."""
    from press import library

    return library.saved_links(section.name, section.book.root)


def duration(seconds):
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def size(number):
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def device(name):
    return "the CPU" if str(name).lower().startswith("cpu") else f"the GPU {name}"


def status_page(book, profile, notebooks):
    """One page for the whole book: what every section took when it was last run."""
    rows, seconds, peak = [], 0.0, 0.0
    for section in book.notebooks:
        notebook = notebooks[section.name]
        run = notebook["metadata"].get("d2l")
        count = contents(notebook)
        took, memory, data = "not run", "", ""
        if run:
            seconds += run["seconds"]
            peak = max(peak, run["peak_memory_mb"])
            took, memory = duration(run["seconds"]), size(run["peak_memory_mb"] * 1e6)
            data = ", ".join(f"{d['name']} ({size(d['bytes'])})" for d in run["data"])
        title = f"[{section.full_title}](/{section.name}.ipynb)"
        rows.append([title, took, memory, *map(str, count), data or "none"])
    runs = [n["metadata"]["d2l"] for n in notebooks.values() if "d2l" in n["metadata"]]
    counts = [sum(c) for c in zip(*map(contents, notebooks.values()), strict=True)]
    text = STATUS.format(
        profile=PROFILES[profile],
        cells=counts[0],
        figures=counts[1],
        exercises=counts[2],
        sections=len(runs),
        seconds=duration(seconds),
        peak=size(peak * 1e6),
    )
    head = ["Section", "Time", "Memory", "Cells", "Figures", "Exercises", "Data"]
    text += table("What each section took, in the order of the book.", "status", head, rows)
    versions = sorted({(k, v) for run in runs for k, v in run["versions"].items()})
    versions += sorted({("device", device(run["device"])) for run in runs})
    versions += sorted({("date", run["date"][:10]) for run in runs})
    used = [[VERSION_NAMES.get(k, k), v] for k, v in versions]
    text += "\n## Versions\n\n" + table(
        "What the sections were run with. Two rows of one name: not all alike.",
        "versions",
        ["What", "Version"],
        used,
    )
    return text


STATUS = """(sec_status)=
# Status

This page is written by the run that made the book. {profile} Running the {sections} sections took
{seconds} in total, one after the other; the largest needed {peak} of memory. Together they have
{cells} code cells, {figures} numbered figures and {exercises} exercises, each with its solution.
Time is that of the whole notebook, starting Python and importing MXNet included; memory is the
largest amount that the notebook's process held at any moment.

"""

PROFILES = {
    "sample": "It was run in the *sample* profile: on small data sets of our own making, with few "
    "epochs, so that the whole book runs offline on two processor cores. Accuracies on these data "
    "say nothing about the real data sets they stand for.",
    "full": "It was run in the *full* profile: on the real data sets, with each section's own sizes.",
}

VERSION_NAMES = {"python": "Python", "mxnet": "MXNet", "numpy": "NumPy"} | {
    "device": "Run on",
    "date": "Run on the day",
}


def contents(notebook):
    """How many code cells, numbered figures and exercises a notebook has."""
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    prose = [joined(c["source"]) for c in notebook["cells"] if c["cell_type"] != "code"]
    plots = sum("figure" in c["metadata"].get("mystnb", {}) for c in code)
    drawings = sum(len(re.findall(r"^[`:]{3,}\{figure\}", t, re.M)) for t in prose)
    starts = sum(len(re.findall(r"^[`:]{3,}\{exercise", t, re.M)) for t in prose)
    ends = sum(len(re.findall(r"^[`:]{3,}\{exercise-end", t, re.M)) for t in prose)
    return len(code), plots + drawings, starts - ends


def table(caption, name, head, rows):
    lines = [f"```{{list-table}} {caption}", f":name: tab_{name}", ":header-rows: 1"]
    for row in [head, *rows]:
        lines += [f"{'-' if i else '* -'} {cell}" for i, cell in enumerate(row)]
    text = [line if line.startswith(("*", ":", "`")) else f"  {line}" for line in lines]
    return "\n".join([*text, "```", ""])


# --- Sphinx ---------------------------------------------------------------------------


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


def run_sphinx(book, builder, source, out, doctrees, only=None, fresh=False, **overrides):
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
    machinery = fingerprint(book, None, source.name, repository(book))
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
    run_sphinx(book, "html", source, out, doctrees, only, fresh)
    if only is None:
        write_atomically(stamp, json.dumps({"key": key, "machinery": machinery}))
    return index


TEX = "latexmk texlive-xetex texlive-latex-extra texlive-fonts-recommended tex-gyre"


@alone
def pdf(profile, only, book):
    """Typeset the book with XeLaTeX; return the path of the PDF."""
    absent = [name for name in ("xelatex", "latexmk") if not shutil.which(name)]
    absent += [name for name in TEX_FILES if not has_tex_file(name)] if not absent else []
    if absent:
        raise SiteError(
            f"the PDF needs LaTeX, and {', '.join(absent)} is missing. "
            f"On Debian and Ubuntu: {APT} {TEX}"
        )
    source = assemble(book, profile, only, print_=True)
    folder, result = book.build / "latex" / profile, book.build / "pdf" / f"{NAME}.pdf"
    doctrees = book.build / "doctrees" / f"latex-{profile}"
    stamp, key = folder / ".stamp.json", fingerprint(book, source, looks())
    if up_to_date(stamp, key, result):
        return result
    import cairosvg

    logo = cairosvg.svg2pdf(url=str(THEME / "site" / "logo-light.svg"))
    write_atomically(folder / "logo.pdf", logo)
    run_sphinx(book, "latex", source, folder, doctrees, only, **latex_config())
    typeset(folder)
    write_atomically(result, (folder / f"{NAME}.pdf").read_bytes())
    write_atomically(stamp, json.dumps({"key": key}))
    return result


NAME = "deep-learning-by-doing"
TEX_FILES = ("texgyrepagella-regular.otf", "titlesec.sty", "tabulary.sty", "fncychap.sty")


def has_tex_file(name):
    return not subprocess.run(["kpsewhich", name], capture_output=True).returncode


def latex_config():
    """Sphinx's configuration for print; the rest of the look is in dlbook.sty."""
    import matplotlib

    mono = Path(matplotlib.get_data_path(), "fonts", "ttf")
    fonts = rf"""
\usepackage[bold-style=TeX]{{unicode-math}}
\setmainfont{{texgyrepagella}}[Extension=.otf, UprightFont=*-regular,
  BoldFont=*-bold, ItalicFont=*-italic, BoldItalicFont=*-bolditalic]
\setsansfont{{texgyreheros}}[Extension=.otf, UprightFont=*-regular, Scale=0.92,
  BoldFont=*-bold, ItalicFont=*-italic, BoldItalicFont=*-bolditalic]
\setmathfont{{texgyrepagella-math.otf}}
\setmonofont{{DejaVuSansMono}}[Path={mono}/, Extension=.ttf, Scale=0.86,
  BoldFont=*-Bold, ItalicFont=*-Oblique, BoldItalicFont=*-BoldOblique]
"""
    return {
        "latex_documents": [("index", f"{NAME}.tex", "Deep Learning by Doing", "", "manual", True)],
        "latex_additional_files": [str(THEME / "print" / "dlbook.sty")],
        "latex_use_xindy": False,
        "latex_toplevel_sectioning": "chapter",
        "latex_show_urls": "no",
        "latex_elements": {
            "papersize": "a4paper",
            "pointsize": "10pt",
            "extraclassoptions": "openany,oneside",
            "fontpkg": fonts,
            "fncychap": "",
            "geometry": r"\usepackage[a4paper,left=26mm,right=26mm,top=26mm,bottom=27mm]{geometry}",
            "sphinxsetup": SPHINX_SETUP,
            "tocdepth": r"\setcounter{tocdepth}{1}",
            "preamble": r"\usepackage{dlbook}",
            "maketitle": r"\booktitlepage",
            "printindex": r"\bookindex",
        },
    }


SPHINX_SETUP = ",".join(
    (
        "hmargin={26mm,26mm}",
        "verbatimwithframe=false",
        "VerbatimColor={HTML}{F6F7F9}",
        "InnerLinkColor={HTML}{1F4E79}",
        "OuterLinkColor={HTML}{1F4E79}",
        "TitleColor={HTML}{1F4E79}",
        "iconpackage=none",
    )
)


def typeset(folder):
    """Run latexmk; errors and vanished characters are reported with what LaTeX says."""
    command = ["latexmk", "-xelatex", "-interaction=nonstopmode", f"{NAME}.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    log = folder / f"{NAME}.log"
    said = log.read_text("utf-8", errors="replace") if log.is_file() else done.stdout
    bad = re.findall(r"^!.*(?:\n.*){0,3}|^Missing character:.*", said, re.M)
    bad += re.findall(r"^LaTeX Warning: .*undefined.*", said, re.M)
    if done.returncode or bad:
        shown = "\n".join(dict.fromkeys(bad[:20])) or done.stdout[-2000:]
        raise SiteError(f"LaTeX failed; its log is {log}\n{shown}")


@alone
def epub(profile, only, book):
    """Make the EPUB; return its path."""
    source = assemble(book, profile, only)
    folder, result = book.build / "epub" / profile, book.build / "epub" / f"{NAME}.epub"
    doctrees = book.build / "doctrees" / f"epub-{profile}"
    stamp, key = folder / ".stamp.json", fingerprint(book, source, looks())
    if up_to_date(stamp, key, result):
        return result
    shutil.rmtree(folder, ignore_errors=True)
    run_sphinx(book, "epub", source, folder, doctrees, only, **epub_config())
    finish_epub(folder / f"{NAME}.epub", result)
    write_atomically(stamp, json.dumps({"key": key}))
    return result


def finish_epub(origin, target):
    """Declare in the package what its pages hold: mathematics, and how to read them."""
    with zipfile.ZipFile(origin) as old, io.BytesIO() as buffer:
        pages = {i.filename: old.read(i) for i in old.infolist()}
        package = pages["content.opf"].decode()
        for name, content in pages.items():
            if b"<math" in content:
                href = f'href="{name}" '
                package = package.replace(href, f'{href}properties="mathml" ')
        package = package.replace("</metadata>", f"{ACCESSIBLE}</metadata>")
        pages["content.opf"] = package.encode()
        with zipfile.ZipFile(buffer, "w") as new:
            for info in old.infolist():
                content = pages[info.filename].replace(b' role="doc-biblioentry"', b"")
                new.writestr(info, content, info.compress_type)
        write_atomically(target, buffer.getvalue())


ACCESSIBLE = """<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
"""


def epub_config():
    return {
        "html_math_renderer": "mathml",
        "html_static_path": [str(THEME / "epub")],
        "html_css_files": [],
        "html_js_files": [],
        "epub_basename": NAME,
        "epub_title": "Deep Learning by Doing",
        "epub_author": "The Deep Learning by Doing contributors",
        "epub_publisher": "The Deep Learning by Doing contributors",
        "epub_copyright": "CC BY-SA 4.0 (text), MIT (code)",
        "epub_identifier": NAME,
        "epub_scheme": "",
        "epub_uid": NAME,
        "epub_show_urls": "no",
        "epub_use_index": True,
        "epub_tocdepth": 2,
        "epub_css_files": ["reader.css"],
        "epub_exclude_files": EPUB_EXCLUDED,
    }


# Files of the site's extensions that a reader of EPUB cannot use.
EPUB_EXCLUDED = [
    ".stamp.json",
    "_static/check-solid.svg",
    "_static/copy-button.svg",
    "_static/copybutton.css",
    "_static/sphinx-design.min.css",
    "_static/togglebutton.css",
]


def repository(book):
    return None


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
