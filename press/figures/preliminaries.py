"""Drawings of the chapter Preliminaries."""

import math

from press.figures import draw, figure

# 2.4 Calculus


@figure("preliminaries/exhaustion")
def exhaustion():
    """Inscribed polygons whose sides are doubled."""
    d = draw.Drawing(
        640,
        185,
        title="The method of exhaustion",
        desc="Regular polygons with 3, 6, 12 and 24 sides in equal circles.",
    )
    radius = 68
    for i, n in enumerate((3, 6, 12, 24)):
        x, y = 83 + 158 * i, 76
        d.circle(x, y, radius, fill="orange", stroke="orange")
        corners = [
            (
                x + radius * math.sin(2 * math.pi * k / n),
                y - radius * math.cos(2 * math.pi * k / n),
            )
            for k in range(n)
        ]
        d.polygon(corners, fill="blue", stroke="blue", width=1.4)
        share = n * math.sin(2 * math.pi / n) / (2 * math.pi)
        d.text(x, 158, f"{n} sides", valign="middle")
        d.text(x, 176, f"{100 * share:.1f} %", colour="muted", valign="middle")
    return d


@figure("preliminaries/product-rule")
def product_rule():
    """The growth of a rectangle with sides f and g."""
    d = draw.Drawing(
        470,
        215,
        title="The product rule as the growth of a rectangle",
        desc="A rectangle gains a strip at its right, a strip at its top and a corner.",
    )
    x, y, w, h, dw, dh = 95, 60, 230, 120, 60, 36
    d.rect(x, y, w, h, fill="blue", stroke="blue")
    d.rect(x + w, y, dw, h, fill="orange", stroke="orange")
    d.rect(x, y - dh, w, dh, fill="green", stroke="green")
    d.rect(x + w, y - dh, dw, dh, fill="red", stroke="red")
    d.text(x + w / 2, y + h / 2, "$f g$", size=18)
    d.text(x + w + dw / 2, y + h / 2, "$g \\cdot f' h$")
    d.text(x + w / 2, y - dh / 2, "$f \\cdot g' h$")
    d.text(x + w + dw + 8, y - dh / 2, "$f' g' h^2$", anchor="start", colour="red")
    d.text(x + w / 2, y + h + 18, "$f$")
    d.text(x + w + dw / 2, y + h + 18, "$f' h$")
    d.text(x - 12, y + h / 2, "$g$", anchor="end")
    d.text(x - 12, y - dh / 2, "$g' h$", anchor="end")
    return d


@figure("preliminaries/chain-rule")
def chain_rule():
    """A graph with a partial derivative on every edge."""
    d = draw.Drawing(
        600,
        270,
        title="The chain rule as a graph",
        desc="Two inputs, three intermediate quantities and one output; each edge "
        "carries a partial derivative.",
    )
    xs = [
        d.box(10, 55 + 120 * i, 80, 40, f"$x_{i + 1} = {v}$", fill=c)
        for i, (v, c) in enumerate([(2, "blue"), (3, "orange")])
    ]
    names = ["$u_1 = x_1 x_2 = 6$", "$u_2 = x_1 + x_2 = 5$", "$u_3 = x_1^2 = 4$"]
    order = [2, 0, 1]  # u3 on top keeps the edges from crossing x2's
    tops = {2: 10, 0: 115, 1: 220}
    us = {i: d.box(230, tops[i], 150, 40, names[i], fill="grey") for i in order}
    y = d.box(480, 115, 110, 40, "$y = 34$", fill="green", bold=True)
    d.text(535, 172, "$y = u_1 u_2 + u_3$", size=13, colour="muted")
    for start, end, value, colour, at in [
        (xs[0], us[2], 4, "blue", 0.5),
        (xs[0], us[0], 3, "blue", 0.55),
        (xs[0], us[1], 1, "blue", 0.25),
        (xs[1], us[0], 2, "orange", 0.25),
        (xs[1], us[1], 1, "orange", 0.5),
    ]:
        d.arrow(start.right, end.left, f"**{value}**", colour=colour, gap=3, at=at)
    for i, value in [(2, 1), (0, 5), (1, 6)]:
        d.arrow(us[i].right, y.left, f"**{value}**", gap=3)
    return d


# 2.5 Automatic differentiation


@figure("preliminaries/computational-graph")
def computational_graph():
    """The values of a small loss forwards, its derivatives backwards."""
    d = draw.Drawing(
        680,
        330,
        title="A computational graph, forwards and backwards",
        desc="Each node shows its value; below it, in red, the derivative of L by it.",
    )

    def node(x, y, label, gradient, fill="grey", w=92):
        box = d.box(x, y, w, 34, label, fill=fill)
        d.text(x + w / 2, y + 47, gradient, size=13, colour="red")
        return box

    w = node(8, 50, "$w = 2$", "$18 + 4 = 22$", "blue")
    x = node(8, 125, "$x = 3$", "$6 \\cdot w = 12$", "blue")
    b = node(8, 200, "$b = 1$", "$6$", "blue")
    t = node(8, 275, "$t = 4$", "$-6$", "blue")
    p = node(160, 95, "$p = w x = 6$", "$6$", w=104)
    s = node(290, 150, "$s = p + b = 7$", "$6$", w=112)
    e = node(430, 205, "$e = s - t = 3$", "$1 \\cdot 2e = 6$", w=112)
    q = node(470, 95, "$q = e^2 = 9$", "$1$", w=100)
    r = node(330, 20, "$r = w^2 = 4$", "$1$", w=100)
    out = node(592, 50, "$L = 13$", "$1$", "green", w=80)
    for start, end in [
        (w.right, r.left),
        (w.right, p.left),
        (x.right, p.left),
        (p.right, s.left),
        (b.right, s.left),
        (s.right, e.left),
        (t.right, e.left),
        (q.right, out.left),
        (r.right, out.left),
    ]:
        d.arrow(start, end, gap=3)
    d.arrow(e.at(0.8, 0), q.at(0.7, 1), gap=3)
    return d


# 2.6 Probability


@figure("preliminaries/joint-table")
def joint_table():
    """A joint distribution, its margins, and a row made conditional."""
    d = draw.Drawing(
        660,
        215,
        title="Joint, marginal and conditional probabilities",
        desc="A table of two by two joint probabilities with row and column sums; the "
        "first row divided by its sum gives the conditional distribution.",
    )
    cell = (84, 44)
    left, top = 62, 62
    d.text(left + 84, 14, "joint $P(A, B)$", bold=True)
    for j, name in enumerate(("on time", "late")):
        d.text(left + 42 + 84 * j, top - 16, name)
    for i, name in enumerate(("rain", "dry")):
        d.text(left - 10, top + 22 + 44 * i, name, anchor="end")
    d.grid(
        left,
        top,
        [["0.18", "0.12"], ["0.63", "0.07"]],
        cell=cell,
        fill=[["orange", "orange"], ["blue", "blue"]],
    )
    rows = d.grid(left + 184, top, [["0.30"], ["0.70"]], cell=cell, fill="green")
    columns = d.grid(left, top + 104, [["0.81", "0.19"]], cell=cell, fill="green")
    d.text(rows.box.x + 42, top - 16, "$P(A)$")
    d.text(left - 10, columns.box.left[1], "$P(B)$", anchor="end")
    d.text(rows.box.x + 42, columns.box.left[1], "sum 1", colour="muted")
    second = 470
    d.text(second + 84, 14, "conditional $P(B \\mid A)$", bold=True)
    for j, name in enumerate(("on time", "late")):
        d.text(second + 42 + 84 * j, top - 16, name)
    c = d.grid(
        second,
        top,
        [["0.60", "0.40"], ["0.90", "0.10"]],
        cell=cell,
        fill=[["orange", "orange"], ["blue", "blue"]],
    )
    d.arrow((rows.box.x + 90, top + 22), (second, top + 22), "÷ 0.30", gap=6)
    d.arrow((rows.box.x + 90, top + 66), (second, top + 66), "÷ 0.70", gap=6)
    d.text(c.box.x + 84, top + 110, "each row sums to 1", colour="muted")
    return d


@figure("preliminaries/natural-frequencies")
def natural_frequencies():
    """Two medical tests in a town of 100,000 people."""
    d = draw.Drawing(
        660,
        300,
        title="Two tests in a town of 100,000 people",
        desc="A tree of expected counts: infected and healthy people, and how many of "
        "them are positive once and twice.",
    )
    d.text(105, 16, "in the town", bold=True)
    d.text(330, 16, "first test positive", bold=True)
    d.text(555, 16, "both tests positive", bold=True)
    sick = d.box(20, 40, 170, 44, "150 infected", fill="red", size=15)
    well = d.box(20, 120, 170, 44, "99,850 healthy", fill="blue", size=15)
    sick1 = d.box(255, 40, 150, 44, "150", fill="red", size=15)
    well1 = d.box(255, 120, 150, 44, "998.5", fill="blue", size=15)
    sick2 = d.box(480, 40, 150, 44, "147", fill="red", size=15)
    well2 = d.box(480, 120, 150, 44, "30.0", fill="blue", size=15)
    for start, end, label in [
        (sick, sick1, "100 %"),
        (well, well1, "1 %"),
        (sick1, sick2, "98 %"),
        (well1, well2, "3 %"),
    ]:
        d.arrow(start.right, end.left, label, gap=4)

    def strip(x, part, whole, text):
        wide = 150 * part / whole
        d.rect(x, 205, wide, 30, fill="red", stroke="red")
        d.rect(x + wide, 205, 150 - wide, 30, fill="blue", stroke="blue")
        d.text(x + 75, 252, text, size=13)

    d.text(190, 220, "share infected", anchor="end")
    strip(255, 150, 1148.5, "150 of 1,148.5")
    strip(480, 147, 176.955, "147 of 177.0")
    d.text(330, 277, "13.06 %", bold=True, size=17, colour="red")
    d.text(555, 277, "83.07 %", bold=True, size=17, colour="red")
    return d
