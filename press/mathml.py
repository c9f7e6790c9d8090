"""Mathematics as MathML, which an EPUB shows without a network or JavaScript."""

from __future__ import annotations

import re
from html import escape

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
    found = found.replace("&ApplyFunction;", "&#x2061;")
    alt = escape(" ".join(latex.split()))
    return found.replace("<math ", f'<math alttext="{alt}" ', 1)


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
