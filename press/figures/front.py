"""Drawings of the preface, the installation page and the notation page."""

from press.figures import draw, figure


@figure("front/pipeline")
def pipeline():
    """Draw one section's way through the house."""
    d = draw.Drawing(700, 300, title="One section's way to the page")
    d.box(20, 20, 200, 40, "a section, `….md`", fill="green")
    return d
