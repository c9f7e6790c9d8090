"""The book on paper and in readers: the PDF by XeLaTeX, and the EPUB."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

from press.book import write_atomically
from press.pages import joined, outputs
from press.sphinx_run import (
    THEME,
    SiteError,
    fingerprint,
    looks,
    run_sphinx,
    up_to_date,
)

NAME = "deep-learning-by-doing"
TITLE = "Deep Learning by Doing"
GEOMETRY = r"\usepackage[a4paper,hmargin=26mm,top=26mm,bottom=27mm]{geometry}"
APT = "sudo apt install"
TEX = (
    "latexmk texlive-xetex texlive-latex-extra texlive-fonts-recommended "
    "fonts-texgyre fonts-texgyre-math"
)


def pdf(profile, only, book, assemble):
    """Typeset the book with XeLaTeX; return the path of the PDF."""
    absent = [name for name in ("xelatex", "latexmk") if not shutil.which(name)]
    absent += (
        [name for name in TEX_FILES if not has_tex_file(name)] if not absent else []
    )
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


TEX_FILES = (
    "texgyrepagella-regular.otf",
    "titlesec.sty",
    "tabulary.sty",
    "fncychap.sty",
)


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
        "latex_documents": [("index", f"{NAME}.tex", TITLE, "", "manual", True)],
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
            "geometry": GEOMETRY,
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


def epub(profile, only, book, assemble):
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
        "epub_title": TITLE,
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


# --- plots for LaTeX ---------------------------------------------------------------


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
