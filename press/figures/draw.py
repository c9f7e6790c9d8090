"""Drawing primitives: every figure of the book is made of these.

A `Drawing` collects shapes and labels and writes them as SVG for the web (`svg`) or as
PDF for print (`pdf`). Coordinates are CSS pixels, x to the right and y downwards; the
text column of the site is about 700 wide, so 640 is a good width. The same calls give
the same bytes on every machine.

Labels are strings with three kinds of mark-up: `$…$` is mathematics in a small subset
of LaTeX (`$x_1$`, `$\\mathbf{W}^{(2)}$`, `$\\hat{y} \\in \\mathbb{R}^{n \\times d}$`),
`` `…` `` is code, and `**…**` is bold; `\\n` starts a new line. Every label goes
through the translation in force (see `translated`).

Colours are names from `PALETTE` (strong: lines and text) and `TINTS` (pale: fills); a
fill takes a strong colour as "strong blue". They are chosen to be readable on white
paper and, inverted and turned by 180° in hue, on a dark page; a drawing has no
background of its own.
"""

import contextlib
import functools
import itertools
import math
import re
import unicodedata
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

PALETTE = {
    "ink": "#1c2026",
    "muted": "#565d66",
    "blue": "#1b599f",
    "orange": "#934500",
    "green": "#176632",
    "red": "#a8211a",
    "purple": "#6b3fa0",
    "teal": "#0a626a",
    "line": "#7b838d",  # for rules, frames and grid lines, never for text
}
TINTS = {
    "none": "none",
    "white": "#ffffff",
    "grey": "#e4e8ec",
    "blue": "#cfe0f5",
    "orange": "#f9ddbd",
    "green": "#cdead5",
    "red": "#f6d3d0",
    "purple": "#e0d4f2",
    "teal": "#c6e7e9",
}
TEXT_COLOURS = tuple(name for name in PALETTE if name != "line")

SIZE = 14  # a label's usual size
LEADING = 1.3  # distance of two lines of a label, in sizes
SUB = 0.72  # size of a subscript or superscript

# Families for the web, and the file that Matplotlib ships for print and for measuring.
# The print fonts are the wider ones, so what fits there fits on a page of the site.
_SANS = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"
_SERIF = "'STIX Two Text', 'Times New Roman', Times, 'Liberation Serif', serif"
_MONO = "ui-monospace, Menlo, Consolas, 'Liberation Mono', monospace"
_FONTS = {
    ("sans", ""): (_SANS, "DejaVuSans"),
    ("sans", "b"): (_SANS, "DejaVuSans-Bold"),
    ("sans", "i"): (_SANS, "DejaVuSans-Oblique"),
    ("serif", ""): (_SERIF, "STIXGeneral"),
    ("serif", "b"): (_SERIF, "STIXGeneralBol"),
    ("serif", "i"): (_SERIF, "STIXGeneralItalic"),
    ("mono", ""): (_MONO, "DejaVuSansMono"),
}
_SCALE = {"sans": 1.0, "serif": 1.14, "mono": 0.94}  # families of even apparent size


# --- translation -----------------------------------------------------------------


_translate = str


@contextlib.contextmanager
def translated(gettext):
    """Draw with every label passed through `gettext` (a function str -> str)."""
    global _translate
    before, _translate = _translate, gettext
    try:
        yield
    finally:
        _translate = before


# --- text: mark-up, measuring, outlines -------------------------------------------


class Run(NamedTuple):
    """A piece of a line in one font, `rise` above the base line, scaled by `scale`."""

    text: str
    family: str = "sans"
    style: str = ""
    scale: float = 1.0
    rise: float = 0.0


_TABLE = """
    cdot ·  times ×  in ∈  le ≤  ge ≥  ne ≠  partial ∂  nabla ∇  sum ∑  prod ∏  int ∫
    odot ⊙  top ⊤  to →  leftarrow ←  mapsto ↦  ldots …  cdots ⋯  vdots ⋮  infty ∞
    approx ≈  pm ±  circ ∘  mid |  langle ⟨  rangle ⟩  perp ⊥  sim ∼  cup ∪  cap ∩
    setminus ∖  sqrt √  ell ℓ  Gamma Γ  Delta Δ  Theta Θ  Lambda Λ  Sigma Σ  Phi Φ
    Omega Ω  alpha α  beta β  gamma γ  delta δ  epsilon ϵ  varepsilon ε  zeta ζ
    eta η  theta θ  kappa κ  lambda λ  mu μ  nu ν  xi ξ  pi π  rho ρ  sigma σ  tau τ
    phi ϕ  chi χ  psi ψ  omega ω
"""
_SYMBOLS = dict(re.findall(r"(\w+) (\S)", _TABLE))
_SYMBOLS |= {
    "|": "‖",
    ",": "\u2009",
    ";": "\u2005",
    "quad": "\u2003",
    "{": "{",
    "}": "}",
}
_ACCENTS = {
    "hat": "\u0302",
    "bar": "\u0304",
    "tilde": "\u0303",
    "dot": "\u0307",
    "vec": "\u20d7",
}
_BLACKBOARD = {"R": "ℝ", "Z": "ℤ", "N": "ℕ", "E": "𝔼", "P": "ℙ"}
_SCRIPT = {
    "B": "ℬ",
    "D": "𝒟",
    "L": "ℒ",
    "N": "𝒩",
    "O": "𝒪",
    "X": "𝒳",
    "Y": "𝒴",
    "A": "𝒜",
}
_BINARY = set("=<>≤≥≠≈∼∈→←↦×⊙±∪∩∖⊥∘·")
_TOKEN = re.compile(r"\\([A-Za-z]+|.)|([_^])|([{}])|(\s+)|(.)", re.DOTALL)


def _math(source):
    """Lay out the small LaTeX of a `$…$` label as runs."""
    tokens = [m.group(0) for m in _TOKEN.finditer(source)]
    at = 0

    def group():
        """One token, or a braced group, as a list of its tokens."""
        nonlocal at
        if at >= len(tokens):
            raise ValueError(f"${source}$ ends where an argument is expected")
        first = tokens[at]
        at += 1
        if first != "{":
            return [first]
        depth, start = 1, at
        while depth:
            if at >= len(tokens):
                raise ValueError(f"${source}$ has an open brace")
            depth += {"{": 1, "}": -1}.get(tokens[at], 0)
            at += 1
        return tokens[start : at - 1]

    def character(c, style, scale, rise):
        if style == "":
            italic = c.isalpha() and c.isascii() or "α" <= c <= "ω" or c in "ϵϕ"
            return Run(c, "serif", "i" if italic else "", scale, rise)
        return Run(
            c, "sans" if style == "sf" else "serif", style.strip("rmsf"), scale, rise
        )

    def lay(parts, style, scale, rise):
        nonlocal at, tokens
        outer, tokens, at = (tokens, at), parts, 0
        runs = []
        while at < len(tokens):
            token = tokens[at]
            at += 1
            if token in "_^":
                shift = -0.22 if token == "_" else 0.36
                inner = lay(group(), style, scale * SUB, rise + shift * scale)
                runs += inner
            elif token == "{":
                at -= 1
                runs += lay(group(), style, scale, rise)
            elif token.isspace():
                if style == "rm" and runs:
                    runs.append(Run(" ", "serif", "", scale, rise))
            elif token.startswith("\\"):
                name = token[1:]
                if name in ("mathbf", "mathrm", "mathsf", "text"):
                    kind = {"mathbf": "b", "mathsf": "sf"}.get(name, "rm")
                    runs += lay(group(), kind, scale, rise)
                elif name in ("mathbb", "mathcal"):
                    table = _BLACKBOARD if name == "mathbb" else _SCRIPT
                    runs += [
                        Run(table[c], "serif", "", scale, rise)
                        for c in "".join(group()).strip()
                    ]
                elif name in _ACCENTS:
                    inner = lay(group(), style, scale, rise)
                    last = inner[-1]
                    accented = unicodedata.normalize("NFC", last.text + _ACCENTS[name])
                    runs += inner[:-1] + [last._replace(text=accented)]
                elif name in _SYMBOLS:
                    runs.append(
                        _spaced(character(_SYMBOLS[name], style, scale, rise), runs)
                    )
                else:
                    raise ValueError(
                        f"${source}$ uses \\{name}, which draw does not know"
                    )
            else:
                token = {"-": "−", "*": "∗", "'": "′"}.get(token, token)
                runs.append(_spaced(character(token, style, scale, rise), runs))
        tokens, at = outer
        return runs

    return lay(tokens, "", 1.0, 0.0)


def _spaced(run, before):
    """Put thin spaces round an operator between two operands; none in subscripts."""
    if run.scale < 1 or not before:
        return run
    if run.text in _BINARY or run.text in "+−|":
        return run._replace(text=f"\u2009{run.text}\u2009")
    return run._replace(text=run.text + "\u2009") if run.text == "," else run


_MARKUP = re.compile(r"\$([^$]+)\$|`([^`]+)`|\*\*(.+?)\*\*")


@functools.cache
def runs(line, bold=False, italic=False):
    """Split one line of a label into runs of one font each, neighbours merged."""
    plain = "b" if bold else "i" if italic else ""
    out, end = [], 0
    for m in _MARKUP.finditer(line):
        out.append(Run(line[end : m.start()], "sans", plain))
        if m.group(1):
            out += _math(m.group(1))
        elif m.group(2):
            out.append(Run(m.group(2), "mono"))
        else:
            out.append(Run(m.group(3), "sans", "b"))
        end = m.end()
    out.append(Run(line[end:], "sans", plain))
    merged = []
    for run in out:
        if not run.text:
            continue
        if merged and merged[-1][1:] == run[1:]:
            merged[-1] = run._replace(text=merged[-1].text + run.text)
        else:
            merged.append(run)
    return tuple(merged)


@functools.cache
def _font(name):
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    font = TTFont(f"{get_data_path()}/fonts/ttf/{name}.ttf", lazy=True)
    return font.getBestCmap(), font.getGlyphSet(), font["head"].unitsPerEm


@functools.cache
def _glyph(character, family, style):
    """Find the first font that has a character: (glyph, its font, units per em)."""
    style = style if (family, style) in _FONTS else ""
    names = [_FONTS[family, style][1], "STIXGeneral", "DejaVuSans"]
    for name in names:
        cmap, glyphs, units = _font(name)
        if ord(character) in cmap:
            return glyphs[cmap[ord(character)]], glyphs, units
    raise ValueError(
        f"no font has the character {character!r} (U+{ord(character):04X})"
    )


def _advance(run):
    """Width of a run in units of the label's size."""
    total = 0.0
    for c in run.text:
        glyph, _, units = _glyph(c, run.family, run.style)
        if not unicodedata.combining(c):
            total += glyph.width / units
    return total * run.scale * _SCALE[run.family]


def measure(label, size=SIZE, bold=False, italic=False):
    """Width and height that a label needs, in pixels, in the widest font foreseen."""
    lines = label.split("\n")
    width = max(sum(_advance(r) for r in runs(ln, bold, italic)) for ln in lines)
    return width * size, size * (1.16 + LEADING * (len(lines) - 1))


# --- geometry ---------------------------------------------------------------------


class Box(NamedTuple):
    """A rectangle, with the points where arrows dock."""

    x: float
    y: float
    w: float
    h: float

    @property
    def centre(self):
        return (self.x + self.w / 2, self.y + self.h / 2)

    @property
    def left(self):
        return (self.x, self.y + self.h / 2)

    @property
    def right(self):
        return (self.x + self.w, self.y + self.h / 2)

    @property
    def top(self):
        return (self.x + self.w / 2, self.y)

    @property
    def bottom(self):
        return (self.x + self.w / 2, self.y + self.h)

    def at(self, u, v):
        """The point at fractions (u, v) of width and height."""
        return (self.x + u * self.w, self.y + v * self.h)


class Grid(NamedTuple):
    """A drawn table of cells: `grid.cell(i, j)` is the Box of row i, column j."""

    x: float
    y: float
    rows: int
    columns: int
    size: tuple

    @property
    def box(self):
        return Box(
            self.x, self.y, self.columns * self.size[0], self.rows * self.size[1]
        )

    def cell(self, i, j):
        w, h = self.size
        return Box(self.x + j % self.columns * w, self.y + i % self.rows * h, w, h)


def _number(value):
    if not math.isfinite(value):
        raise ValueError(f"a coordinate is {value}")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _points(points):
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _colour(name, table):
    if name not in table:
        raise ValueError(f"no colour {name!r}; choose one of {', '.join(table)}")
    return table[name]


def _fill(name):
    if name.startswith("strong "):
        return _colour(name.removeprefix("strong "), PALETTE)
    return _colour(name, TINTS)


# --- the drawing ------------------------------------------------------------------


class Drawing:
    """A figure of `width` × `height` pixels, with a `title` and what is seen, `desc`.

    Later shapes lie on top of earlier ones. Methods that draw an area return its `Box`
    (or `Grid`, or `Axes`), whose `.left`, `.right`, `.top`, `.bottom` and `.centre`
    are points for arrows. A point is a pair (x, y).
    """

    def __init__(self, width, height, title, desc=""):
        self.width, self.height = width, height
        self.title, self.desc = _translate(title), _translate(desc) if desc else ""
        self._items = []  # (tag, attributes) or ("text", label geometry)
        self.labels = []  # (string, Box) of every line of text

    # shapes

    def _shape(self, tag, fill, stroke, width, dashed, opacity, /, **attributes):
        attributes["fill"] = _fill(fill)
        attributes["stroke"] = "none" if stroke == "none" else _colour(stroke, PALETTE)
        if stroke != "none":
            attributes["stroke-width"] = _number(width)
        if dashed:
            attributes["stroke-dasharray"] = (
                f"{_number(4 * width)} {_number(3 * width)}"
            )
        if opacity != 1:
            attributes["opacity"] = _number(opacity)
        self._items.append((tag, attributes))

    def rect(
        self,
        x,
        y,
        w,
        h,
        *,
        fill="none",
        stroke="line",
        width=1.2,
        dashed=False,
        radius=0,
        opacity=1,
    ):
        """A rectangle with its upper left corner at (x, y). Returns its Box."""
        place = {
            "x": _number(x),
            "y": _number(y),
            "width": _number(w),
            "height": _number(h),
        }
        if radius:
            place["rx"] = _number(radius)
        self._shape("rect", fill, stroke, width, dashed, opacity, **place)
        return Box(x, y, w, h)

    def box(
        self,
        x,
        y,
        w,
        h,
        label="",
        *,
        fill="blue",
        stroke=None,
        colour="ink",
        size=SIZE,
        bold=False,
        radius=5,
        dashed=False,
        width=1.2,
    ):
        """A rounded box with a centred label, which must fit. Returns its Box.

        The frame has the fill's own strong colour unless `stroke` names another.
        """
        if stroke is None:
            stroke = fill if fill in PALETTE else "line"
        box = self.rect(
            x,
            y,
            w,
            h,
            fill=fill,
            stroke=stroke,
            radius=radius,
            dashed=dashed,
            width=width,
        )
        if label:
            need = measure(_translate(label), size, bold)
            if need[0] > w or need[1] > h:
                raise ValueError(
                    f"label {label!r} needs {need[0]:.0f} × {need[1]:.0f}, "
                    f"its box has {w:.0f} × {h:.0f}"
                )
            self.text(*box.centre, label, colour=colour, size=size, bold=bold)
        return box

    def circle(
        self,
        x,
        y,
        r,
        label="",
        *,
        fill="blue",
        stroke=None,
        colour="ink",
        size=SIZE,
        dashed=False,
        width=1.2,
    ):
        """A circle round (x, y) with a centred label. Returns the Box round it."""
        if stroke is None:
            stroke = fill if fill in PALETTE else "line"
        place = {"cx": _number(x), "cy": _number(y), "r": _number(r)}
        self._shape("circle", fill, stroke, width, dashed, 1, **place)
        if label:
            self.text(x, y, label, colour=colour, size=size)
        return Box(x - r, y - r, 2 * r, 2 * r)

    def ellipse(
        self, x, y, rx, ry, *, fill="none", stroke="ink", width=1.2, dashed=False
    ):
        """An ellipse round (x, y). Returns the Box round it."""
        place = {
            "cx": _number(x),
            "cy": _number(y),
            "rx": _number(rx),
            "ry": _number(ry),
        }
        self._shape("ellipse", fill, stroke, width, dashed, 1, **place)
        return Box(x - rx, y - ry, 2 * rx, 2 * ry)

    def line(self, p, q, *, colour="ink", width=1.4, dashed=False):
        """A straight line from point p to point q."""
        self.polyline([p, q], colour=colour, width=width, dashed=dashed)

    def polyline(self, points, *, colour="ink", width=1.4, dashed=False):
        """A line through several points, with round joints."""
        self._shape(
            "polyline",
            "none",
            colour,
            width,
            dashed,
            1,
            points=_points(points),
            **{"stroke-linejoin": "round", "stroke-linecap": "round"},
        )

    def polygon(
        self, points, *, fill="blue", stroke="none", width=1.2, dashed=False, opacity=1
    ):
        """A closed shape through several points."""
        self._shape(
            "polygon", fill, stroke, width, dashed, opacity, points=_points(points)
        )

    def path(self, d, *, fill="none", stroke="ink", width=1.4, dashed=False):
        """Any SVG path, for what no other method draws; its numbers are yours."""
        self._shape("path", fill, stroke, width, dashed, 1, d=d)

    def curve(self, p, q, *, bend=30, colour="ink", width=1.4, dashed=False):
        """A curve from p to q; `bend`: pixels to the left of the straight line."""
        self._curve(p, q, bend, colour, width, dashed)

    def _curve(self, p, q, bend, colour, width, dashed):
        control = _control(p, q, bend)
        self.path(
            f"M {_points([p])} Q {_points([control])} {_points([q])}",
            stroke=colour,
            width=width,
            dashed=dashed,
        )

    def arrow(
        self,
        p,
        q,
        label="",
        *,
        colour="ink",
        width=1.5,
        dashed=False,
        bend=0,
        via=(),
        both=False,
        head=8,
        gap=0,
        at=0.5,
        offset=None,
        size=12.5,
        anchor="middle",
    ):
        """An arrow from p to q, straight, through the points `via`, or bent.

        `bend`: pixels by which it leaves the straight line, to the left seen from p.
        `gap`: space left free at both ends. `both`: a head at either end.
        `label` stands at the fraction `at` of the way, `offset` = (dx, dy) from it;
        left out, it stands above a level arrow and to the right of a steep one.
        """
        points = [p, *via, q]
        if bend:
            start = _towards(p, _control(p, q, bend), gap)
            tip = _towards(q, _control(p, q, bend), gap)
            control = _control(p, q, bend)
            end = _towards(tip, control, head * 0.8)
            first = _towards(start, control, head * 0.8) if both else start
            self.path(
                f"M {_points([first])} Q {_points([control])} {_points([end])}",
                stroke=colour,
                width=width,
                dashed=dashed,
            )
            self._head(tip, control, head, colour)
            if both:
                self._head(start, control, head, colour)
            middle = tuple(
                (1 - at) ** 2 * a + 2 * at * (1 - at) * c + at**2 * b
                for a, c, b in zip(p, control, q, strict=True)
            )
        else:
            start = _towards(points[0], points[1], gap)
            tip = _towards(points[-1], points[-2], gap)
            end = _towards(tip, points[-2], head * 0.8)
            first = _towards(start, points[1], head * 0.8) if both else start
            self.polyline([first, *via, end], colour=colour, width=width, dashed=dashed)
            self._head(tip, points[-2], head, colour)
            if both:
                self._head(start, points[1], head, colour)
            middle = _along(points, at)
        if label:
            if offset is None:
                steep = abs(q[1] - p[1]) > abs(q[0] - p[0])
                _, h = measure(_translate(label), size)
                offset = (6, 0) if steep else (0, -4 - h / 2)
                anchor = "start" if steep else anchor
            self.text(
                middle[0] + offset[0],
                middle[1] + offset[1],
                label,
                size=size,
                anchor=anchor,
                colour=colour,
            )

    def _head(self, tip, origin, size, colour):
        angle = math.atan2(tip[1] - origin[1], tip[0] - origin[0])
        wings = [
            (tip[0] - size * math.cos(angle + s), tip[1] - size * math.sin(angle + s))
            for s in (0.42, -0.42)
        ]
        self.polygon([tip, *wings], fill=f"strong {colour}")

    # text

    def text(
        self,
        x,
        y,
        label,
        *,
        anchor="middle",
        valign="middle",
        size=SIZE,
        colour="ink",
        bold=False,
        italic=False,
        rotate=0,
    ):
        """A label at (x, y). Returns the Box that it needs.

        anchor: 'start', 'middle' or 'end' lies at x. valign: 'top', 'middle', 'bottom'
        of the whole label, or 'base' (the first line's base line), lies at y.
        rotate: degrees clockwise about (x, y).
        """
        if colour not in TEXT_COLOURS:
            raise ValueError(
                f"no text colour {colour!r}; choose from {', '.join(TEXT_COLOURS)}"
            )
        label = _translate(label)
        w, h = measure(label, size, bold, italic)
        top = {"top": y, "middle": y - h / 2, "bottom": y - h, "base": y - 0.92 * size}[
            valign
        ]
        left = x - {"start": 0, "middle": w / 2, "end": w}[anchor]
        for i, line in enumerate(label.split("\n")):
            base = top + 0.92 * size + i * LEADING * size
            if valign == "middle":  # centre the x-height, not the line
                base -= 0.06 * size
            self._items.append(
                (
                    "text",
                    (x, base, line, anchor, size, colour, bold, italic, rotate, (x, y)),
                )
            )
        box = Box(left, top, w, h)
        corners = [
            _turn(c, (x, y), rotate)
            for c in (box.at(0, 0), box.at(1, 0), box.at(0, 1), box.at(1, 1))
        ]
        xs, ys = zip(*corners, strict=True)
        seen = Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        self.labels.append((label, seen))
        return seen

    # composed shapes

    def grid(
        self,
        x,
        y,
        values,
        *,
        cell=34,
        fill="blue",
        stroke=None,
        colour="ink",
        size=SIZE,
        dashed=False,
        title="",
        brackets=False,
    ):
        """A table of cells with its upper left corner at (x, y). Returns a Grid.

        values: rows of labels (numbers are written as they are; None and '' stay
        blank); a flat list is one row. cell: pixels, or a pair (width, height).
        fill: a tint for all cells, or rows of tints like `values`, or a function
        (i, j) -> tint. dashed: the same choice for broken frames.
        title: a label above. brackets: square brackets left and right, no frames.
        """
        if values and not isinstance(values[0], (list, tuple)):
            values = [values]
        if len({len(row) for row in values}) != 1:
            raise ValueError("the rows of a grid have different lengths")
        w, h = cell if isinstance(cell, tuple) else (cell, cell)
        grid = Grid(x, y, len(values), len(values[0]), (w, h))
        for i, row in enumerate(values):
            for j, value in enumerate(row):
                tint = _pick(fill, i, j)
                frame = stroke or "line"
                area = grid.cell(i, j)
                if not brackets:
                    self.rect(
                        *area, fill=tint, stroke=frame, dashed=_pick(dashed, i, j)
                    )
                elif tint not in ("none", "white"):
                    self.rect(*area, fill=tint, stroke="none")
                if value is None or value == "":
                    continue
                label = (
                    value if isinstance(value, str) else f"{value:g}".replace("-", "−")
                )
                if measure(_translate(label), size)[0] > w:
                    raise ValueError(f"label {label!r} is wider than its cell of {w}")
                self.text(*area.centre, label, size=size, colour=_pick(colour, i, j))
        if brackets:
            for side, step in ((x - 4, 5), (x + grid.box.w + 4, -5)):
                self.polyline(
                    [
                        (side + step, y),
                        (side, y),
                        (side, y + grid.box.h),
                        (side + step, y + grid.box.h),
                    ]
                )
        if title:
            self.text(grid.box.centre[0], y - 8, title, valign="bottom", size=size)
        return grid

    def stack(
        self,
        x,
        y,
        labels,
        *,
        w=150,
        h=34,
        gap=14,
        fill="blue",
        arrows=True,
        upwards=False,
        size=SIZE,
    ):
        """Boxes on top of one another, joined by arrows. Returns their Boxes in order.

        labels: from the first to the last; (x, y) is the upper left corner of all.
        upwards: the first lies at the bottom. fill: one tint, or one for each box.
        """
        count = len(labels)
        boxes = []
        for i, label in enumerate(labels):
            row = count - 1 - i if upwards else i
            tint = fill if isinstance(fill, str) else fill[i]
            boxes.append(
                self.box(x, y + row * (h + gap), w, h, label, fill=tint, size=size)
            )
        if arrows:
            for a, b in itertools.pairwise(boxes):
                self.arrow(
                    *((a.top, b.bottom) if upwards else (a.bottom, b.top)),
                    gap=1,
                    head=7,
                )
        return boxes

    def layers(
        self,
        x,
        y,
        w,
        h,
        sizes,
        *,
        r=15,
        labels=None,
        fills=None,
        names=None,
        edges=True,
        vertical=False,
    ):
        """A network of neurons in the area (x, y, w, h). Returns rows of Boxes.

        sizes: neurons in each layer, input first; drawn from left to right, or with
        `vertical` from bottom to top. labels: for each layer a list of labels, or None.
        fills: a tint for each layer. names: a caption for each layer.
        """
        count = len(sizes)
        fills = fills or ["green"] + ["blue"] * (count - 2) + ["orange"] * (count > 1)
        centres = []
        for k, n in enumerate(sizes):
            along = (k + 0.5) / count
            if vertical:
                centres.append(
                    [(x + w * (i + 0.5) / n, y + h * (1 - along)) for i in range(n)]
                )
            else:
                centres.append(
                    [(x + w * along, y + h * (i + 0.5) / n) for i in range(n)]
                )
        if edges:
            for a, b in itertools.pairwise(centres):
                for p in a:
                    for q in b:
                        self.line(
                            _towards(p, q, r), _towards(q, p, r), colour="line", width=1
                        )
        out = []
        for k, layer in enumerate(centres):
            texts = (labels[k] if labels else None) or [""] * len(layer)
            out.append(
                [
                    self.circle(px, py, r, text, fill=fills[k], size=SIZE)
                    for (px, py), text in zip(layer, texts, strict=True)
                ]
            )
            if names and names[k]:
                if vertical:
                    self.text(
                        x - 10,
                        layer[0][1],
                        names[k],
                        anchor="end",
                        size=12.5,
                        colour="muted",
                    )
                else:
                    self.text(
                        layer[0][0],
                        y + h + 6,
                        names[k],
                        valign="top",
                        size=12.5,
                        colour="muted",
                    )
        return out

    def brace(self, p, q, label="", *, depth=10, colour="ink", size=SIZE):
        """A curly brace from p to q, its point to the left seen from p towards q."""
        length = math.hypot(q[0] - p[0], q[1] - p[1])
        u = ((q[0] - p[0]) / length, (q[1] - p[1]) / length)
        v = (u[1], -u[0])

        def point(a, b):
            return (p[0] + u[0] * a + v[0] * b, p[1] + u[1] * a + v[1] * b)

        k = min(depth / 2, length / 4)
        middle = length / 2
        legs = [
            (point(0, depth / 2), point(k, depth / 2)),
            (point(middle - k, depth / 2),),
            (point(middle, depth / 2), point(middle, depth)),
            (point(middle, depth / 2), point(middle + k, depth / 2)),
            (point(length - k, depth / 2),),
            (point(length, depth / 2), point(length, 0)),
        ]
        d = f"M {_points([p])} "
        d += " ".join(("Q " if len(leg) == 2 else "L ") + _points(leg) for leg in legs)
        self.path(d, stroke=colour, width=1.3)
        if label:
            tip = point(middle, depth + 5)
            flat = abs(u[0]) > abs(u[1])
            self.text(
                *tip,
                label,
                size=size,
                colour=colour,
                anchor="middle" if flat else ("start" if v[0] > 0 else "end"),
                valign=("bottom" if v[1] < 0 else "top") if flat else "middle",
            )

    def axes(self, x, y, w, h, xlim, ylim, **options):
        """Coordinate axes in the area (x, y, w, h). See `Axes`."""
        return Axes(self, Box(x, y, w, h), xlim, ylim, **options)

    # output

    def overflow(self):
        """The labels that leave the drawing, each with how far."""
        out = []
        for label, b in self.labels:
            over = max(-b.x, -b.y, b.x + b.w - self.width, b.y + b.h - self.height)
            if over > 0.5:
                out.append((label, over))
        return out

    def svg(self, outlines=False):
        """The drawing as SVG text.

        outlines: letters as shapes, so that no font is needed (what `pdf` prints).
        Raises ValueError when a label leaves the drawing.
        """
        for label, over in self.overflow():
            raise ValueError(f"label {label!r} leaves the drawing by {over:.0f} pixels")
        size = f'width="{_number(self.width)}" height="{_number(self.height)}"'
        view = f'viewBox="0 0 {_number(self.width)} {_number(self.height)}"'
        font = f'role="img" font-family="{_SANS}"'
        out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} {font}>',
            f"<title>{escape(self.title)}</title>",
        ]
        if self.desc:
            out.append(f"<desc>{escape(self.desc)}</desc>")
        for tag, content in self._items:
            if tag == "text":
                out.append((_outline if outlines else _text)(*content))
            else:
                pairs = " ".join(f"{k}={quoteattr(v)}" for k, v in content.items())
                out.append(f"<{tag} {pairs}/>")
        return "\n".join([*out, "</svg>", ""])

    def pdf(self):
        """The drawing as the bytes of a PDF of its size; needs the cairo library."""
        import cairosvg

        # 96 pixels of the site are 72 points of the page.
        raw = cairosvg.svg2pdf(bytestring=self.svg(outlines=True).encode(), dpi=96)
        return re.sub(rb"/CreationDate \(.*?\)", _undated, raw)


def _undated(match):
    """Overwrite a PDF's date, byte for byte, so that equal drawings are equal files."""
    head, tail = b"/CreationDate (", b")"
    return (
        head
        + b"D:20000101000000Z".ljust(len(match.group(0)) - len(head) - 1)[
            : len(match.group(0)) - len(head) - 1
        ]
        + tail
    )


class Axes:
    """Axes for curves. `at(x, y)` is the pixel of a data point, for arrows and labels.

    xticks, yticks: values, or pairs (value, label). arrows: axes end in arrow heads.
    origin: the axes cross at (0, 0) instead of lying at the left and bottom edge.
    """

    def __init__(
        self,
        drawing,
        box,
        xlim,
        ylim,
        *,
        xlabel="",
        ylabel="",
        xticks=(),
        yticks=(),
        arrows=True,
        origin=False,
        grid=False,
        title="",
    ):
        self.drawing, self.box, self.xlim, self.ylim = drawing, box, xlim, ylim
        d = drawing
        cross = self.at(0 if origin else xlim[0], 0 if origin else ylim[0])
        left, right = (box.x, cross[1]), (box.x + box.w, cross[1])
        low, high = (cross[0], box.y + box.h), (cross[0], box.y)
        labelled = [
            (*t, "x") if isinstance(t, tuple) else (t, None, "x") for t in xticks
        ]
        labelled += [
            (*t, "y") if isinstance(t, tuple) else (t, None, "y") for t in yticks
        ]
        for value, text, axis in labelled:
            text = f"{value:g}".replace("-", "−") if text is None else text
            px, py = self.at(value, ylim[0]) if axis == "x" else self.at(xlim[0], value)
            if grid:
                ends = (
                    [(px, box.y), (px, box.y + box.h)]
                    if axis == "x"
                    else [(box.x, py), (box.x + box.w, py)]
                )
                d.polyline(ends, colour="line", width=0.5)
            if axis == "x":
                d.line((px, cross[1] - 3), (px, cross[1] + 3), width=1.1)
                d.text(px, cross[1] + 6, text, valign="top", size=12)
            else:
                d.line((cross[0] - 3, py), (cross[0] + 3, py), width=1.1)
                d.text(cross[0] - 7, py, text, anchor="end", size=12)
        if arrows:
            d.arrow(left, right, width=1.3, head=7)
            d.arrow(low, high, width=1.3, head=7)
        else:
            d.line(left, right, width=1.2)
            d.line(low, high, width=1.2)
        if xlabel and origin:
            d.text(right[0] + 5, right[1], xlabel, anchor="start", size=13)
        elif xlabel:
            d.text(
                box.centre[0],
                box.y + box.h + (24 if xticks else 8),
                xlabel,
                valign="top",
                size=13,
            )
        if ylabel and origin:
            d.text(high[0], high[1] - 4, ylabel, valign="bottom", size=13)
        elif ylabel:
            d.text(
                box.x - (36 if yticks else 14),
                box.centre[1],
                ylabel,
                rotate=-90,
                size=13,
            )
        if title:
            d.text(box.centre[0], box.y - 8, title, valign="bottom", bold=True, size=13)

    def at(self, x, y):
        """The pixel of the data point (x, y)."""
        u = (x - self.xlim[0]) / (self.xlim[1] - self.xlim[0])
        v = (y - self.ylim[0]) / (self.ylim[1] - self.ylim[0])
        return (self.box.x + u * self.box.w, self.box.y + (1 - v) * self.box.h)

    def curve(
        self,
        f,
        start=None,
        stop=None,
        *,
        samples=120,
        colour="blue",
        width=2,
        dashed=False,
    ):
        """The graph of y = f(x) from start to stop, or along the whole axis."""
        start = self.xlim[0] if start is None else start
        stop = self.xlim[1] if stop is None else stop
        xs = [start + (stop - start) * i / samples for i in range(samples + 1)]
        self.plot(xs, [f(x) for x in xs], colour=colour, width=width, dashed=dashed)

    def plot(self, xs, ys, *, colour="blue", width=2, dashed=False):
        """A line through data points, cut where it leaves the axes at top or bottom."""
        low, high = sorted(self.ylim)
        piece = []
        for x, y in zip(xs, ys, strict=True):
            if low - 1e-9 <= y <= high + 1e-9:
                piece.append(self.at(x, y))
                continue
            if len(piece) > 1:
                self.drawing.polyline(piece, colour=colour, width=width, dashed=dashed)
            piece = []
        if len(piece) > 1:
            self.drawing.polyline(piece, colour=colour, width=width, dashed=dashed)

    def points(self, xs, ys, *, colour="blue", r=3.5, hollow=False):
        """Dots at data points."""
        for x, y in zip(xs, ys, strict=True):
            fill = "white" if hollow else f"strong {colour}"
            self.drawing.circle(*self.at(x, y), r, fill=fill, stroke=colour)

    def fill(self, f, start, stop, *, fill="blue", base=0.0, samples=120):
        """The area between the graph of f and the level `base`, from start to stop."""
        xs = [start + (stop - start) * i / samples for i in range(samples + 1)]
        edge = [self.at(x, f(x)) for x in xs]
        self.drawing.polygon(
            [self.at(start, base), *edge, self.at(stop, base)], fill=fill
        )

    def line(self, p, q, **options):
        """A straight line between two data points."""
        self.drawing.line(self.at(*p), self.at(*q), **options)

    def arrow(self, p, q, label="", **options):
        """An arrow between two data points."""
        self.drawing.arrow(self.at(*p), self.at(*q), label, **options)

    def text(self, x, y, label, *, dx=0, dy=0, **options):
        """A label at a data point, moved by (dx, dy) pixels."""
        px, py = self.at(x, y)
        return self.drawing.text(px + dx, py + dy, label, **options)


# --- helpers ----------------------------------------------------------------------


def _pick(choice, i, j):
    """A value for cell (i, j): from a function, from rows, or one for all."""
    if callable(choice):
        return choice(i, j)
    if isinstance(choice, (list, tuple)):
        return choice[i][j] if isinstance(choice[i], (list, tuple)) else choice[j]
    return choice


def _turn(point, centre, degrees):
    if not degrees:
        return point
    a = math.radians(degrees)
    x, y = point[0] - centre[0], point[1] - centre[1]
    return (
        centre[0] + x * math.cos(a) - y * math.sin(a),
        centre[1] + x * math.sin(a) + y * math.cos(a),
    )


def _towards(p, q, distance):
    """The point `distance` away from p on the way to q."""
    length = math.hypot(q[0] - p[0], q[1] - p[1])
    if not distance or not length:
        return p
    return (
        p[0] + (q[0] - p[0]) * distance / length,
        p[1] + (q[1] - p[1]) * distance / length,
    )


def _control(p, q, bend):
    """The control point of a curve that leaves the line p-q by `bend` at its middle."""
    length = math.hypot(q[0] - p[0], q[1] - p[1]) or 1.0
    u = ((q[0] - p[0]) / length, (q[1] - p[1]) / length)
    return ((p[0] + q[0]) / 2 + 2 * bend * u[1], (p[1] + q[1]) / 2 - 2 * bend * u[0])


def _along(points, fraction):
    """The point at a fraction of the length of a broken line."""
    lengths = [math.dist(a, b) for a, b in itertools.pairwise(points)]
    left = fraction * sum(lengths)
    for a, b, length in zip(points, points[1:], lengths, strict=False):
        if left <= length and length:
            return (
                a[0] + (b[0] - a[0]) * left / length,
                a[1] + (b[1] - a[1]) * left / length,
            )
        left -= length
    return points[-1]


def _turned(rotate, about):
    if not rotate:
        return ""
    turn = " ".join(map(_number, (rotate, *about)))
    return f' transform="rotate({turn})"'


def _style(run, size):
    out = f' font-size="{_number(size * run.scale * _SCALE[run.family])}"'
    if run.family != "sans":  # which is the drawing's own
        out += f' font-family="{_FONTS[run.family, ""][0]}"'
    if run.style == "b":
        out += ' font-weight="bold"'
    elif run.style == "i":
        out += ' font-style="italic"'
    return out


def _text(x, y, line, anchor, size, colour, bold, italic, rotate, about):
    """One line of a label as an SVG <text>."""
    pieces = runs(line, bold, italic)
    if not pieces:
        return ""
    head = f'<text x="{_number(x)}" y="{_number(y)}" fill="{PALETTE[colour]}"'
    head += f' xml:space="preserve"{_turned(rotate, about)}'
    if anchor != "start":
        head += f' text-anchor="{anchor}"'
    if len(pieces) == 1 and not pieces[0].rise:
        return f"{head}{_style(pieces[0], size)}>{escape(pieces[0].text)}</text>"
    spans, rise = [], 0.0
    for run in pieces:
        shift = (rise - run.rise) * size
        dy = f' dy="{_number(shift)}"' if shift else ""
        spans.append(f"<tspan{dy}{_style(run, size)}>{escape(run.text)}</tspan>")
        rise = run.rise
    return f"{head}>{''.join(spans)}</text>"


def _outline(x, y, line, anchor, size, colour, bold, italic, rotate, about):
    """One line of a label as one SVG <path> of its letters' outlines."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    pieces = runs(line, bold, italic)
    width = sum(_advance(r) for r in pieces) * size
    at = x - {"start": 0, "middle": width / 2, "end": width}[anchor]
    d = []
    for run in pieces:
        k = size * run.scale * _SCALE[run.family]
        before = 0.0
        for c in run.text:
            glyph, glyphs, units = _glyph(c, run.family, run.style)
            pen = SVGPathPen(glyphs, ntos=_number)
            left = at
            if unicodedata.combining(c):  # over the letter before it
                left = at - before / 2 - glyph.width / units * k / 2
                if glyph.width == 0:
                    left = at - before / 2 + 0.18 * k
            glyph.draw(
                TransformPen(
                    pen, (k / units, 0, 0, -k / units, left, y - run.rise * size)
                )
            )
            d.append(pen.getCommands())
            if not unicodedata.combining(c):
                before = glyph.width / units * k
                at += before
    shape = "".join(d)
    return f'<path fill="{PALETTE[colour]}"{_turned(rotate, about)} d="{shape}"/>'
