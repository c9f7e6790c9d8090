"""The drawings: well formed, inside their frames, readable in light and dark."""

import math
import xml.etree.ElementTree as ET

import pytest

from press import figures
from press.figures import draw

SVG = "{http://www.w3.org/2000/svg}"
DARK_PAGE = "#121212"
NAMES = list(figures.figures())


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def turned(colour):
    """Apply the dark page's filter, invert(1) hue-rotate(180deg)."""
    rgb = [255 - int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    grey = 2 * (0.213 * rgb[0] + 0.715 * rgb[1] + 0.072 * rgb[2])
    return "#" + "".join(f"{min(255, max(0, round(grey - c))):02x}" for c in rgb)


@pytest.mark.parametrize("name", draw.TEXT_COLOURS)
def test_text_colours_are_readable_in_light_and_dark(name):
    colour = draw.PALETTE[name]
    assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(turned(colour), DARK_PAGE) >= 4.5
    grounds = [draw.TINTS[t] for t in ("white", "grey", name) if t in draw.TINTS]
    for ground in grounds:
        assert contrast(colour, ground) >= 4.5
        assert contrast(turned(colour), turned(ground)) >= 4.5


@pytest.mark.parametrize("name", [t for t in draw.TINTS if t != "none"])
def test_ink_is_readable_on_every_tint(name):
    ink, ground = draw.PALETTE["ink"], draw.TINTS[name]
    assert contrast(ink, ground) >= 7
    assert contrast(turned(ink), turned(ground)) >= 7


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_well_formed_and_the_same_twice(name):
    first, second = figures.drawn(name).svg(), figures.drawn(name).svg()
    assert first == second
    ET.fromstring(figures.drawn(name).svg(outlines=True))  # what is printed
    root = ET.fromstring(first)
    width, height = (float(root.get(k)) for k in ("width", "height"))
    assert root.get("viewBox").split() == [
        "0",
        "0",
        root.get("width"),
        root.get("height"),
    ]
    assert 100 <= width <= 720, "wider than the text column, or too small to read"
    assert 40 <= height <= 900
    assert root.find(f"{SVG}title").text.strip()
    sizes = [
        float(e.get("font-size"))
        for e in root.iter()
        if e.get("font-size") and e.get("dy") is None
    ]
    assert min(sizes, default=11) >= 9, "letters too small for print"


@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_inside_and_none_covers_another(name):
    drawing = figures.drawn(name)
    assert drawing.overflow() == []
    for i, (label, a) in enumerate(drawing.labels):
        for other, b in drawing.labels[i + 1 :]:
            wide = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
            high = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
            # Boxes of letters carry some air; two labels may share that, not ink.
            assert wide <= 2 or high <= 5, f"{label!r} lies on {other!r}"


def sample():
    d = draw.Drawing(300, 120, title="A & B", desc="x < y")
    a = d.box(10, 10, 90, 40, r"$\hat{y}_1^{(i)} \in \mathbb{R}$", fill="blue")
    b = d.circle(220, 30, 20, "`f`", fill="green")
    d.arrow(a.right, b.left, "to", gap=2)
    d.grid(10, 70, [[1, -2, None]], title="row")
    d.brace((150, 100), (250, 100), "four")
    return d


def test_markup_becomes_runs():
    line = r"a $x_{ij}^2$ `c` **d**"
    got = [(r.text, r.family, r.style, round(r.rise, 2)) for r in draw.runs(line)]
    assert got == [
        ("a ", "sans", "", 0),
        ("x", "serif", "i", 0),
        ("ij", "serif", "i", -0.22),
        ("2", "serif", "", 0.36),
        (" ", "sans", "", 0),
        ("c", "mono", "", 0),
        (" ", "sans", "", 0),
        ("d", "sans", "b", 0),
    ]


@pytest.mark.parametrize(
    ("label", "complaint"),
    [(r"$\nosuch$", "nosuch"), ("$x_{1$", "brace"), ("$x_$", "argument")],
)
def test_wrong_mathematics_is_named(label, complaint):
    with pytest.raises(ValueError, match=complaint):
        draw.Drawing(100, 50, title="t").text(50, 25, label)


def test_a_wider_label_measures_wider():
    w1, h1 = draw.measure("one")
    w2, h2 = draw.measure("one\nand two")
    assert w2 > w1
    assert h2 == pytest.approx(h1 + draw.LEADING * draw.SIZE)


def test_special_characters_are_escaped():
    root = ET.fromstring(sample().svg())
    assert root.find(f"{SVG}title").text == "A & B"
    assert root.find(f"{SVG}desc").text == "x < y"


def test_a_label_that_leaves_the_drawing_is_an_error():
    d = draw.Drawing(80, 40, title="t")
    d.text(75, 20, "too far")
    with pytest.raises(ValueError, match="'too far' leaves the drawing"):
        d.svg()


def test_a_label_too_wide_for_its_box_is_an_error():
    d = draw.Drawing(200, 60, title="t")
    with pytest.raises(ValueError, match="its box has 30"):
        d.box(10, 10, 30, 30, "very long label")
    with pytest.raises(ValueError, match="wider than its cell"):
        d.grid(10, 10, [["very long label"]])


def test_unknown_colours_and_impossible_coordinates_are_errors():
    d = draw.Drawing(200, 60, title="t")
    with pytest.raises(ValueError, match="no colour 'pink'"):
        d.rect(0, 0, 10, 10, fill="pink")
    with pytest.raises(ValueError, match="no text colour"):
        d.text(10, 10, "x", colour="line")
    with pytest.raises(ValueError, match="nan"):
        d.line((0, 0), (math.nan, 1))


def test_labels_are_translated():
    with draw.translated({"one": "um", "T": "Título"}.__getitem__):
        d = draw.Drawing(100, 40, title="T")
        d.text(50, 20, "one")
    assert ">um</text>" in d.svg()
    assert "<title>Título</title>" in d.svg()
    assert draw.Drawing(100, 40, title="T").title == "T"


def test_a_bent_arrow_bends_to_the_left():
    d = draw.Drawing(100, 100, title="t")
    d.arrow((10, 50), (90, 50), bend=20)  # to the right, so left is up
    path = next(e for e in ET.fromstring(d.svg()) if e.tag == f"{SVG}path").get("d")
    control = path.split("Q")[1].split()[0]
    assert control == "50,10"


def test_print_needs_no_font():
    assert "<text" not in sample().svg(outlines=True)
    accented = draw.Drawing(300, 40, title="t")  # letters made of two outlines
    accented.text(
        150, 20, r"Über $\hat{y} \bar{x} \tilde{\mathbf{w}} \vec{v}$ `é` **ő**"
    )
    outlines = ET.fromstring(accented.svg(outlines=True)).find(f"{SVG}path").get("d")
    assert outlines.count("Z") > 20


def test_pdf_is_written_and_is_the_same_twice():
    if missing := figures._cairo_missing():
        pytest.skip(f"no cairo library: {missing}")
    first = sample().pdf()
    assert first.startswith(b"%PDF")
    assert first == sample().pdf()


def test_build_writes_what_changed(tmp_path):
    if missing := figures._cairo_missing():
        pytest.skip(f"no cairo library: {missing}")
    name = NAMES[0]
    svg, pdf = tmp_path / f"{name}.svg", tmp_path / f"{name}.pdf"
    assert figures.build(tmp_path, [name]) == [svg, pdf]
    before = svg.stat().st_mtime_ns
    assert figures.build(tmp_path, [name]) == []
    assert svg.stat().st_mtime_ns == before
    svg.write_text("changed by hand")
    assert figures.build(tmp_path, [name], pdf=False) == [svg]


def test_without_cairo_the_site_is_drawn_and_print_says_what_to_do(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(figures, "_cairo_missing", lambda: "no library called cairo-2")
    assert figures.build(tmp_path, NAMES[:1]) == [tmp_path / f"{NAMES[0]}.svg"]
    with pytest.raises(figures.FigureError, match="apt install libcairo2"):
        figures.build(tmp_path, NAMES[:1], pdf=True)


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(figures, "_registry", {})


@pytest.mark.usefixtures("registry")
def test_a_name_used_twice_is_an_error():
    @figures.figure("chapter/one")
    def first():
        return sample()

    with pytest.raises(figures.FigureError, match=r"drawn twice: by .*first"):

        @figures.figure("chapter/one")
        def second():
            return sample()


@pytest.mark.usefixtures("registry")
def test_errors_name_the_figure():
    with pytest.raises(figures.FigureError, match="'chapter/drawing'"):
        figures.figure("No Slash")

    @figures.figure("chapter/broken")
    def broken():
        raise RuntimeError("pen is dry")

    with pytest.raises(figures.FigureError, match=r"'chapter/broken'.*pen is dry"):
        figures.drawn("chapter/broken")
    with pytest.raises(figures.FigureError, match="no figure 'chapter/none'"):
        figures.drawn("chapter/none")
