"""Mathematics as MathML, which an EPUB shows without a network or JavaScript."""

from __future__ import annotations

import re

from latex2mathml.converter import convert
from sphinx.util.math import get_node_equation_number


def mathml(latex, display="inline"):
    """Translate LaTeX into a `<math>` element that carries its source as alt text."""
    latex = re.sub(r"\\(?:label|tag)\{[^}]*\}", "", latex).strip()
    return convert(latex, display=display)


def visit_inline(self, node):
    self.body.append(mathml(node.astext()))
    from docutils.nodes import SkipNode

    raise SkipNode


def visit_block(self, node):
    """Set a displayed equation, with its number at the right."""
    from docutils.nodes import SkipNode

    latex = node.astext()
    if not node["nowrap"] and re.search(r"\\\\|&", re.sub(ENVIRONMENT, "", latex)):
        latex = rf"\begin{{aligned}}{latex}\end{{aligned}}"
    self.body.append(self.starttag(node, "div", CLASS="math"))
    self.body.append(mathml(latex, display="block"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})</span>')
    self.body.append("</div>\n")
    raise SkipNode


ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.*\\end\{\1\}", re.S)


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
