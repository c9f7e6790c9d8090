"""What the book adds to Sphinx: chapter numbers, folded solutions, page buttons.

- Chapters are numbered by their place in the syllabus (`press.book.CHAPTERS`), so that
  Chapter 2 is 2 before Chapter 1 is written.
- A solution is a native `<details>`: it unfolds without JavaScript.
- Pictures are marked as line art or raster, so that the style sheet can show line art
  in dark mode.
- Pages are written again when the names or numbers in the navigation change.
- The EPUB carries mathematics as MathML, the PDF is arranged by `press.sphinx_latex`.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_exercise.nodes import solution_node
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

from press import book, mathml, sphinx_latex

# --- numbers -------------------------------------------------------------------


def assign_section_numbers(collector, env):
    """Number chapters as the syllabus does, not by their place in _toc.yml."""
    before = {doc: dict(numbers) for doc, numbers in env.toc_secnumbers.items()}
    TocTreeCollector.assign_section_numbers(collector, env)
    for doc, numbers in env.toc_secnumbers.items():
        chapter = book.chapter_number(doc)
        if chapter is None:
            continue
        for anchor, number in numbers.items():
            numbers[anchor] = number and (chapter, *number[1:])
        for reference in env.tocs[doc].findall(nodes.reference):
            renumber(reference, chapter)
        renumber(env.titles[doc], chapter)
    return [d for d, n in env.toc_secnumbers.items() if n != before.get(d)]


def renumber(node, chapter):
    if node.get("secnumber"):
        node["secnumber"] = (chapter, *node["secnumber"][1:])


def rewrite_navigation(app, env):
    """Name every page when the navigation that all pages show has changed."""
    shown = [
        (doc, title.astext(), title.get("secnumber"))
        for doc, title in sorted(env.titles.items())
    ]
    digest = hashlib.sha256(repr(shown).encode()).hexdigest()
    changed = digest != getattr(env, "press_navigation", None)
    env.press_navigation = digest
    return list(env.found_docs) if changed else []


class NameUnnumbered(SphinxPostTransform):
    """Refer to a page without a number by its title where a number is asked for."""

    default_priority = 4

    def run(self, **kwargs):
        labels = self.env.get_domain("std").labels
        for reference in self.document.findall(addnodes.pending_xref):
            target = reference.get("reftarget", "")
            page = labels.get(target, ("",))[0]
            if (
                reference.get("reftype") == "numref"
                and target.startswith(("sec_", "chap_"))
                and page in self.env.titles
                and "secnumber" not in self.env.titles[page]
            ):
                reference["reftype"] = "ref"


def name_chapters(app, doctree, docname):
    """Call a reference to a chapter 'Chapter 2' where Sphinx says 'Section 2'."""
    for reference in doctree.findall(nodes.reference):
        for text in reference.findall(nodes.Text):
            if re.fullmatch(r"Section \d+", text) and "std-numref" in str(text.parent):
                text.parent.replace(
                    text, nodes.Text(text.replace("Section", "Chapter"))
                )


# --- pictures and solutions --------------------------------------------------------


class Pictures(SphinxPostTransform):
    """Tell line art, which dark mode may invert, from pictures with raster data."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs):
        for image in self.document.findall(nodes.image):
            uri = image.get("candidates", {}).get("image/svg+xml", image["uri"])
            path = Path(self.app.srcdir, uri)
            if path.is_file():
                svg = path.suffix == ".svg" and b"<image" not in path.read_bytes()
                image["classes"].append("lineart" if svg else "raster")


def visit_solution(self, node):
    """Open a solution: folded on the site, plain in the EPUB."""
    title = node.next_node(nodes.title)
    text = title.astext() if title is not None else "Solution"
    if title is not None:
        node.remove(title)
    classes = ["solution"]
    if self.builder.name == "epub":
        self.body.append(self.starttag(node, "div", CLASS="solution"))
        self.body.append(f'<p class="solution-title">{self.encode(text)}</p>\n')
    else:
        self.body.append(self.starttag(node, "details", CLASS=" ".join(classes)))
        self.body.append(f"<summary>{self.encode(text)}</summary>\n")


def depart_solution(self, node):
    self.body.append("</div>\n" if self.builder.name == "epub" else "</details>\n")


class Solutions(SphinxPostTransform):
    """Give what sphinx-exercise builds unique ids and no class that hides it."""

    default_priority = 30

    def run(self, **kwargs):
        for section in list(self.document.findall(nodes.section)):
            if section["ids"] in (["solution-content"], ["exercise-content"]):
                box = nodes.container("", *section.children, classes=section["ids"])
                section.parent.replace(section, box)
        for solution in self.document.findall(solution_node):
            solution["classes"] = [c for c in solution["classes"] if c != "dropdown"]


# --- pages -----------------------------------------------------------------------


def page_buttons(app, pagename, templatename, context, doctree):
    """Add the buttons that run, download, mend and discuss this page."""
    buttons = context.get("header_buttons")
    for label, icon, tooltip in BUTTONS if buttons is not None else ():
        address = app.config.press_buttons.get(pagename, {}).get(label)
        if address:
            local = "://" not in address
            buttons.append(
                {
                    "type": "link",
                    "url": context["pathto"](address, 1) if local else address,
                    "icon": icon,
                    "tooltip": tooltip,
                    "label": label,
                }
            )


BUTTONS = (
    ("colab", "fas fa-cloud", "Run this page on Colab"),
    ("binder", "fas fa-rocket", "Run this page on Binder"),
    ("notebook", "fas fa-download", "Download this page as a notebook"),
    ("edit", "fas fa-pencil", "Suggest a change to this page"),
    ("issue", "fas fa-circle-question", "Report a problem on this page"),
)


def mend_page(app, pagename, templatename, context, doctree):
    """Number the parts in the contents; name what a screen reader cannot name."""
    if "body" in context:
        listed = context["body"].replace("doc-biblioentry", "listitem")
        context["body"] = listed
    original = context.get("generate_toctree_html")
    if original is None:
        return

    def generate(*args, **kwargs):
        html = str(original(*args, **kwargs))
        html = html.replace("<summary>", '<summary aria-label="Sections">')
        for caption, number in app.config.press_parts.values():
            if number:
                old = f'<span class="caption-text">{caption}</span>'
                new = f'<span class="caption-text">Part {number}. {caption}</span>'
                html = html.replace(old, new)
        return html

    context["generate_toctree_html"] = generate


def only_readers_files(app, pagename, templatename, context, doctree):
    """Link nothing in the EPUB that readers of EPUB cannot use."""
    if app.builder.name == "epub":
        context["script_files"] = []
        context["css_files"] = [
            css for css in context["css_files"] if "reader.css" in str(css.filename)
        ]


def setup(app):
    app.add_config_value("press_buttons", {}, "html")
    app.add_config_value("press_parts", {}, "env")
    TocTreeCollectorWithStyles.assign_section_numbers = assign_section_numbers
    app.connect("env-get-updated", rewrite_navigation, priority=900)
    app.connect("doctree-resolved", name_chapters)
    app.connect("html-page-context", page_buttons, priority=600)
    app.connect("html-page-context", mend_page, priority=600)
    app.connect("html-page-context", only_readers_files, priority=900)
    app.add_post_transform(NameUnnumbered)
    app.add_post_transform(Pictures)
    app.add_post_transform(Solutions)
    mathml.setup(app)
    sphinx_latex.setup(app)
    app.connect("builder-inited", own_nodes)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def own_nodes(app):
    """Render solutions our way (after sphinx_exercise has registered its own)."""
    if app.builder.format == "latex":
        sphinx_latex.own_nodes(app)
    elif app.builder.format == "html":
        app.add_node(
            solution_node, html=(visit_solution, depart_solution), override=True
        )
