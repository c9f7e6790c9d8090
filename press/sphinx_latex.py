"""Arrange the book for print."""

from pygments.style import Style
from pygments.token import Token


class PrintStyle(Style):
    """Code in print: few colours, all dark on white."""

    styles = {Token.Comment: "italic #4d6175", Token.Keyword: "bold #0b4f8a"}


def setup(app):
    pass
