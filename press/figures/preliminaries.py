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


# The chapter's map, 2.1 Data Manipulation and 2.3 Linear Algebra


@figure("preliminaries/map")
def chapter_map():
    """Which section of the chapter builds on which."""
    d = draw.Drawing(
        690,
        262,
        title="The sections of Chapter 2",
        desc="Arrows lead from 2.1 to 2.2, 2.3 and 2.6, and on to Chapter 3.",
    )

    def section(x, y, number, name, says, fill):
        b = d.box(x, y, 142, 58, fill=fill)
        d.text(x + 71, y + 20, f"**{number}** {name}", size=13)
        d.text(x + 71, y + 41, says, size=12, colour="muted")
        return b

    arrays = section(4, 92, "2.1", "Tensors", "hold numbers", "blue")
    tables = section(180, 8, "2.2", "Preprocessing", "from files", "blue")
    algebra = section(180, 92, "2.3", "Linear algebra", "tables at once", "orange")
    calculus = section(356, 92, "2.4", "Calculus", "which way is down", "orange")
    automatic = section(532, 92, "2.5", "Autograd", "let it be computed", "green")
    chance = section(180, 176, "2.6", "Probability", "how sure", "orange")
    section(4, 176, "2.7", "Documentation", "find out alone", "green")
    last = d.box(532, 8, 142, 58, fill="grey", dashed=True)
    d.text(603, 28, "**Chapter 3**", size=13)
    d.text(603, 49, "the first models", size=12, colour="muted")
    d.arrow(arrays.right, algebra.left, gap=3)
    for b in (tables, chance):
        y = b.left[1]
        d.arrow((163, arrays.right[1]), (177, y), via=[(163, y)])
    d.arrow(algebra.right, calculus.left, gap=3)
    d.arrow(calculus.right, automatic.left, gap=3)
    d.arrow(tables.right, last.left, gap=3)
    d.arrow(automatic.top, last.bottom, gap=3)
    d.arrow(
        (chance.right[0] + 3, chance.right[1]),
        (last.right[0] + 3, last.right[1]),
        via=[(686, chance.right[1]), (686, last.right[1])],
    )
    for x, fill, name in (
        (184, "blue", "data"),
        (266, "orange", "mathematics"),
        (396, "green", "tools"),
    ):
        d.rect(x, 245, 12, 12, fill=fill, stroke="line")
        d.text(x + 18, 251, name, anchor="start", size=12)
    return d


@figure("preliminaries/reshape")
def reshape():
    """Twelve elements in a row, and the same in three rows of four."""
    d = draw.Drawing(
        560,
        262,
        title="Reshaping a vector into a matrix",
        desc="The thirds of a strip of twelve cells become the rows of a grid.",
    )
    fills = ("blue", "orange", "green")
    strip = d.grid(
        40, 34, [list(range(12))], cell=40, fill=lambda i, j: fills[j // 4], title=""
    )
    d.text(40, 16, "`x`, shape (12,)", anchor="start")
    rows = [[4 * i + j for j in range(4)] for i in range(3)]
    table = d.grid(200, 112, rows, cell=40, fill=lambda i, j: fills[i])
    for i in range(3):
        start = strip.cell(0, 4 * i).at(2, 1)
        end = table.cell(i, 0).left if i == 0 else table.cell(i, 3).right
        if i == 0:
            d.arrow(start, end, via=[(start[0], end[1])], gap=4)
        elif i == 1:
            x = table.box.right[0] + 26
            d.arrow(start, end, via=[(start[0], 93), (x, 93), (x, end[1])], gap=4)
        else:
            d.arrow(start, end, via=[(start[0], end[1])], gap=4)
    d.text(160, 195, "axis 0", colour="muted", anchor="end")
    d.arrow((172, 178), (172, 212), colour="muted")
    d.text(272, 248, "axis 1", colour="muted", anchor="end")
    d.arrow((282, 248), (322, 248), colour="muted")
    d.text(520, 248, "`X`, shape (3, 4)", anchor="end")
    return d


@figure("preliminaries/broadcasting")
def broadcasting():
    """A column and a row, repeated until their shapes agree, and added."""
    d = draw.Drawing(
        560,
        206,
        title="Broadcasting a column and a row",
        desc="Solid cells are stored, broken ones are repetitions.",
    )
    y = 38
    a = d.grid(
        30,
        y,
        [[0, 0], [1, 1], [2, 2]],
        cell=42,
        fill=lambda i, j: "none" if j else "blue",
        dashed=lambda i, j: bool(j),
        colour=lambda i, j: "muted" if j else "ink",
        title="`a`",
    )
    b = d.grid(
        204,
        y,
        [[0, 1], [0, 1], [0, 1]],
        cell=42,
        fill=lambda i, j: "none" if i else "orange",
        dashed=lambda i, j: bool(i),
        colour=lambda i, j: "muted" if i else "ink",
        title="`b`",
    )
    c = d.grid(400, y, [[0, 1], [1, 2], [2, 3]], cell=42, fill="green", title="`a + b`")
    middle = y + 63
    d.text(159, middle, "+", size=20)
    d.text(344, middle, "=", size=20)
    d.arrow(a.cell(2, 0).at(0.5, 1.16), a.cell(2, 1).at(0.6, 1.16), colour="blue")
    d.arrow(b.cell(0, 1).at(1.16, 0.5), b.cell(2, 1).at(1.16, 0.6), colour="orange")
    for grid, shape in ((a, "(3, 1)"), (b, "(1, 2)"), (c, "(3, 2)")):
        d.text(grid.box.bottom[0], 192, f"shape {shape}", colour="muted")
    return d


@figure("preliminaries/indexing")
def indexing():
    """Four parts of a matrix with three rows and four columns."""
    d = draw.Drawing(
        690,
        132,
        title="Pointing at parts of a tensor",
        desc="Four grids of three rows and four columns, with other cells coloured.",
    )
    values = [[4 * i + j for j in range(4)] for i in range(3)]
    parts = (
        ("`X[-1]`", lambda i, j: i == 2),
        ("`X[1, 2]`", lambda i, j: (i, j) == (1, 2)),
        ("`X[:, 1]`", lambda i, j: j == 1),
        ("`X[0:2, 1:3]`", lambda i, j: i < 2 and 1 <= j < 3),
    )
    for k, (label, chosen) in enumerate(parts):
        d.grid(
            14 + 172 * k,
            32,
            values,
            cell=(36, 31),
            fill=lambda i, j, chosen=chosen: "orange" if chosen(i, j) else "none",
            colour=lambda i, j, chosen=chosen: "ink" if chosen(i, j) else "muted",
            title=label,
        )
    return d


@figure("preliminaries/in-place")
def in_place():
    """Names and the memory that they refer to, after w = w + 1 and after w += 1."""
    d = draw.Drawing(
        640,
        190,
        title="New memory and in-place update",
        desc="Left, two names point to two blocks of memory; right, both to one.",
    )
    for x, title in ((12, "`weights = weights + 1`"), (344, "`weights += 1`")):
        d.text(x + 142, 14, title)
        names = [
            d.box(x, y, 92, 34, f"`{name}`", fill="grey")
            for y, name in ((50, "weights"), (126, "model"))
        ]
        if x == 12:
            new = d.grid(x + 172, 50, [[2, 2, 2]], fill="green")
            old = d.grid(x + 172, 126, [[1, 1, 1]], fill="none", colour="muted")
            d.text(*new.box.at(0.5, -0.35), "new memory", size=12, colour="green")
            d.text(*old.box.at(0.5, 1.4), "old values", size=12, colour="muted")
            d.arrow(names[0].right, new.box.left, gap=4)
            d.arrow(names[1].right, old.box.left, gap=4)
        else:
            same = d.grid(x + 172, 88, [[2, 2, 2]], fill="green")
            d.text(*same.box.at(0.5, 1.4), "same memory", size=12, colour="green")
            d.arrow(names[0].right, same.box.left, bend=12, gap=4)
            d.arrow(names[1].right, same.box.left, bend=-12, gap=4)
    d.line((318, 6), (318, 182), colour="line", dashed=True)
    return d


@figure("preliminaries/reduction")
def reduction():
    """Sums of a matrix along one axis, along the other, and along both."""
    d = draw.Drawing(
        420,
        318,
        title="Summing along an axis",
        desc="A grid, the sums of its columns below it, of its rows beside it.",
    )
    rows = [[4 * i + j for j in range(4)] for i in range(5)]
    table = d.grid(40, 30, rows, fill="blue", cell=38)
    sums1 = d.grid(312, 30, [[sum(row)] for row in rows], cell=(46, 38), fill="orange")
    sums0 = d.grid(
        40, 268, [[sum(c) for c in zip(*rows, strict=True)]], cell=38, fill="green"
    )
    total = d.box(312, 268, 46, 38, "190", fill="purple")
    d.arrow(table.box.right, sums1.box.left, "`axis=1`", gap=10)
    d.arrow(table.box.bottom, sums0.box.top, "`axis=0`", gap=7)
    d.arrow(sums0.box.right, total.left, gap=10)
    d.arrow(sums1.box.bottom, total.top, gap=7)
    d.text(116, 16, "(5, 4)", colour="muted", size=13)
    d.text(335, 16, "(5,)", colour="muted", size=13)
    d.text(20, 287, "(4,)", colour="muted", size=13)
    d.text(388, 287, "()", colour="muted", size=13)
    return d


@figure("preliminaries/projection")
def projection():
    """The projection of a vector onto another."""
    d = draw.Drawing(
        420,
        290,
        title="Projection of y onto x",
        desc="From the tip of y a perpendicular falls onto the line through x.",
    )
    axes = d.axes(30, 14, 360, 250, (-0.4, 5), (-0.4, 4), origin=True, grid=False)
    axes.line((-0.4, -0.2), (4.9, 2.45), colour="line", dashed=True)
    axes.arrow((0, 0), (4, 2), colour="blue", width=2.2)
    axes.arrow((0, 0), (3, 1.5), colour="green", width=3)
    axes.arrow((0, 0), (2, 3.5), colour="orange", width=2.2)
    axes.arrow((3, 1.5), (2, 3.5), colour="red", dashed=True)
    axes.text(4, 2, r"$\mathbf{x}$", dx=6, dy=-16, colour="blue", size=17)
    axes.text(2, 3.5, r"$\mathbf{y}$", dx=-14, dy=-2, colour="orange", size=17)
    axes.text(3, 1.5, r"$t\,\mathbf{x}$", dx=4, dy=20, colour="green", size=17)
    axes.text(2.5, 2.5, r"$\mathbf{r}$", dx=14, dy=-4, colour="red", size=17)
    corner = [(2.8, 1.4), (2.7, 1.6), (2.9, 1.7)]
    d.polyline([axes.at(*p) for p in corner], colour="ink", width=1)
    d.curve(axes.at(0.8, 0.4), axes.at(0.44, 0.77), bend=-9, width=1)
    axes.text(0.95, 0.9, r"$\theta$", size=16)
    return d


@figure("preliminaries/matrix-vector")
def matrix_vector():
    """A matrix-vector product; one row and its result stand out."""
    d = draw.Drawing(
        470,
        212,
        title="A matrix-vector product, row by row",
        desc="The second row of the matrix and the vector give the second result.",
    )
    rows = [[4 * i + j for j in range(4)] for i in range(5)]
    x = list(range(4))
    out = [[sum(a * b for a, b in zip(row, x, strict=True))] for row in rows]

    def second(i, j):
        return "orange" if i == 1 else "none"

    d.grid(30, 30, rows, cell=(38, 34), fill=second, brackets=True)
    d.grid(236, 47, [[v] for v in x], cell=(38, 34), fill="blue", brackets=True)
    d.grid(374, 30, out, cell=(48, 34), fill=second, brackets=True)
    d.text(324, 115, "=", size=20)
    d.text(106, 12, r"$\mathbf{A}$, (5, 4)")
    d.text(255, 12, r"$\mathbf{x}$, (4,)")
    d.text(398, 12, r"$\mathbf{A}\mathbf{x}$, (5,)")
    return d
