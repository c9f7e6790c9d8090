"""Mathematics as MathML, which an EPUB shows without a network or JavaScript."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

logger = logging.getLogger(__name__)


def mathml(latex, display=False):
    """Translate LaTeX into a `<math>` element that carries its source as alt text.

    Raises math_core.LatexError where it cannot be translated.
    """
    from math_core import LatexToMathML

    latex = re.sub(r"\\(?:label|tag)\{[^}]*\}", "", latex).strip()
    source = re.sub(r"\b(begin|end)\{split\}", r"\1{aligned}", latex)
    converter = LatexToMathML(xml_namespace=True, fancy_error=False)
    found = converter.convert_with_local_state(source, displaystyle=display)
    tree = ElementTree.fromstring(found.replace("&ApplyFunction;", "&#x2061;"))
    tree.set("alttext", " ".join(latex.split()))
    return ElementTree.tostring(as_version_3(tree), encoding="unicode")


def as_version_3(tree):
    """Move what only MathML Core allows on any element into `<mstyle>`.

    EPUB 3 demands MathML 3.
    """
    for parent in list(tree.iter()):
        for i, child in enumerate(list(parent)):
            names = {"displaystyle", "scriptlevel"} & set(child.attrib)
            kind = child.tag.rpartition("}")[2]
            if kind == "mtable":
                names.discard("displaystyle")
            if names and kind != "mstyle":
                style = ElementTree.Element(f"{{{MATHML}}}mstyle")
                for name in names:
                    style.set(name, child.attrib.pop(name))
                parent[i] = style
                style.append(child)
                style.tail, child.tail = child.tail, None
    return tree


MATHML = "http://www.w3.org/1998/Math/MathML"
ElementTree.register_namespace("", MATHML)


def translate(self, node, display=False):
    from math_core import LatexError

    latex = node.astext()
    if display and not node["nowrap"] and loose(latex):
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    try:
        return mathml(latex, display)
    except LatexError as error:
        logger.warning("no MathML for %s: %s", latex, error, location=node)
        return f"<code>{escape(latex)}</code>"


def loose(latex):
    """True where lines or columns stand outside of any environment."""
    return re.search(r"\\\\|(?<!\\)&", re.sub(ENVIRONMENT, "", latex))


ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.*\\end\{\1\}", re.S)


def visit_inline(self, node):
    self.body.append(translate(self, node))
    raise nodes.SkipNode


def visit_block(self, node):
    """Set a displayed equation, with its number at the right."""
    self.body.append(self.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})</span>')
    self.body.append(translate(self, node, display=True))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
