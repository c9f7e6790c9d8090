"""Arrange the book for print.

Sphinx joins all pages into one document; `arrange` then gives it a book's order: parts,
unnumbered front matter, the site's own numbers on chapters, figures, tables, equations
and exercises, and all solutions in a chapter at the end.
"""

from __future__ import annotations

from docutils import nodes
from pygments.style import Style
from pygments.token import Token
from sphinx import addnodes
from sphinx.builders.latex.nodes import thebibliography
from sphinx_exercise.nodes import (
    exercise_enumerable_node,
    exercise_node,
    solution_node,
)


class PrintStyle(Style):
    """Code in print: few colours, all dark on white."""

    background_color = "#f6f7f9"
    styles = {
        Token: "#1c2026",
        Token.Comment: "italic #5f6772",
        Token.Keyword: "#1f4e9a",
        Token.Operator.Word: "#1f4e9a",
        Token.String: "#22693a",
        Token.Number: "#8a3b00",
        Token.Name.Class: "#6b3fa0",
        Token.Name.Decorator: "#6b3fa0",
        Token.Name.Function: "#6b3fa0",
        Token.Generic.Error: "#a3241c",
    }


def raw(text):
    return nodes.raw("", f"\n{text}\n", format="latex")


def arrange(app, doctree, docname):
    if app.builder.name != "latex":
        return
    env = app.env
    pages = list(doctree.findall(addnodes.start_of_file))
    number_things(env, pages)
    for page in pages:
        before(page, open_page(app, page["docname"]))
        for box in page.findall(is_run_info):
            flatten(box)
    collect_solutions(env, doctree, pages)
    place_bibliography(doctree, pages)


def before(node, text):
    parent = node.parent
    parent.insert(parent.index(node), raw(text))


def open_page(app, doc):
    """The LaTeX before a page: its part's title, and the number it is to get."""
    lines = []
    if doc in app.config.press_parts:
        caption, number = app.config.press_parts[doc]
        lines.append(rf"\bookpart{{{number}}}{{{caption}}}")
    number = app.env.titles[doc].get("secnumber")
    if number:
        lines.append(rf"\booknumbered\setcounter{{chapter}}{{{number[0]}}}")
        if len(number) == 1:
            lines.append(r"\addtocounter{chapter}{-1}")
        else:
            lines.append(rf"\setcounter{{section}}{{{number[1] - 1}}}")
    else:
        lines.append(r"\bookunnumbered")
    return "\n".join(lines)


def number_things(env, pages):
    """Give figures, tables and equations the numbers they have on the site."""
    std = env.get_domain("std")
    for page in pages:
        numbers = env.toc_fignumbers.get(page["docname"], {})
        for node in list(own(page)):
            if isinstance(node, nodes.math_block):
                kind, counter = "displaymath", "equation"
            else:
                kind = counter = std.get_enumerable_node_type(node)
            for one in node.get("ids", ()) if kind else ():
                number = numbers.get(kind, {}).get(one)
                if number and counter in ("figure", "table", "equation"):
                    text = ".".join(map(str, number))
                    before(node, rf"\bookset{{{counter}}}{{{text}}}")


def own(page):
    """The elements of a page, less those of the pages it includes."""
    for child in page.children:
        if isinstance(child, nodes.Element):
            if not isinstance(child, addnodes.start_of_file):
                yield child
                yield from own(child)


def is_run_info(node):
    return isinstance(node, nodes.container) and "run-info" in node["classes"]


def flatten(box):
    """Set what a page says of its run in one line."""
    line = nodes.paragraph()
    for item in box.findall(nodes.list_item):
        if len(line):
            line += nodes.Text(" · ")
        for paragraph in item.children:
            line += paragraph.children
    box.replace_self([raw(r"\begin{bookruninfo}"), line, raw(r"\end{bookruninfo}")])


def collect_solutions(env, doctree, pages):
    """Move every solution into a chapter of its own, before the last page."""
    chapter = nodes.section(ids=["solutions"], docname="solutions")
    chapter += nodes.title("", "Solutions to the Exercises")
    for page in pages:
        found = [n for n in own(page) if isinstance(n, solution_node)]
        if not found:
            continue
        title = env.titles[page["docname"]]
        number = ".".join(map(str, title.get("secnumber") or ()))
        heading = nodes.title("", f"{number} " if number else "")
        heading += [child.deepcopy() for child in title.children]
        name = "solutions-" + page["docname"].replace("/", "-")
        section = nodes.section("", heading, ids=[name])
        for solution in found:
            solution.parent.remove(solution)
            section += solution
        chapter += addnodes.start_of_file("", section, docname=page["docname"])
    if len(chapter) > 1:
        last = pages[-1]
        place = addnodes.start_of_file("", chapter, docname="solutions")
        last.parent.insert(last.parent.index(last), [raw(r"\bookunnumbered"), place])
        before(last, r"\bookunnumbered")


def place_bibliography(doctree, pages):
    """Put the list of references into the page that announces it."""
    for bibliography in list(doctree.findall(thebibliography)):
        bibliography.parent.remove(bibliography)
        for page in pages:
            if page["docname"] == "references":
                page.next_node(nodes.section).append(bibliography)


# --- exercises and solutions ------------------------------------------------------


def visit_exercise(self, node):
    label = node["label"]
    docname = self.builder.env.sphinx_exercise_registry[label]["docname"]
    self.body.append(f"\n\\phantomsection\\label{{exercise:{label}}}")
    self.body.append(f"\\label{{{docname}:{label}}}\n")
    self.body.append("\\begin{bookexercise}")


def depart_exercise(self, node):
    label = f"solution-of:{node['label']}"
    self.body.append(f"\n\\end{{bookexercise}}\\booksolutionpage{{{label}}}\n")


def visit_solution(self, node):
    docname = self.builder.env.sphinx_exercise_registry[node["label"]]["docname"]
    self.body.append(f"\n\\phantomsection\\label{{{docname}:{node['label']}}}")
    self.body.append(f"\\label{{solution-of:{node['target_label']}}}\n")
    self.body.append("\\begin{booksolution}")


def depart_solution(self, node):
    self.body.append("\n\\end{booksolution}\n")


def own_nodes(app):
    # Sphinx would head the contents with the caption of the first part.
    app.builder.get_contentsname = lambda page: "Contents"
    exercise = (visit_exercise, depart_exercise)
    app.add_node(exercise_node, latex=exercise, override=True)
    app.add_enumerable_node(
        exercise_enumerable_node, "exercise", None, latex=exercise, override=True
    )
    app.add_node(solution_node, latex=(visit_solution, depart_solution), override=True)


def setup(app):
    app.connect("doctree-resolved", arrange, priority=900)
