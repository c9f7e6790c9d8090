"""Drawings of the preface, the installation page and the notation page."""

import itertools

from press.book import Book
from press.figures import draw, figure

# --- the map of the book ------------------------------------------------------------

STEM = (
    (1, "introduction", "Introduction"),
    (2, "preliminaries", "Preliminaries"),
    (3, "linear-networks", "Linear Neural\nNetworks"),
    (4, "multilayer-perceptrons", "Multilayer\nPerceptrons"),
    (5, "deep-learning-computation", "Deep Learning\nComputation"),
)
ROUTES = (
    (
        "Theory and\nengineering",
        "orange",
        (
            (11, "optimization", "Optimization\nAlgorithms"),
            (12, "computational-performance", "Computational\nPerformance"),
        ),
    ),
    (
        "Vision",
        "green",
        (
            (6, "convolutional-networks", "Convolutional\nNetworks"),
            (7, "modern-convolutional-networks", "Modern Convolu-\ntional Networks"),
            (13, "computer-vision", "Computer Vision"),
            (
                17,
                "generative-adversarial-networks",
                "Generative Adver-\nsarial Networks",
            ),
        ),
    ),
    (
        "Language",
        "purple",
        (
            (8, "recurrent-networks", "Recurrent\nNetworks"),
            (9, "modern-recurrent-networks", "Modern Recurrent\nNetworks"),
            (10, "attention", "Attention\nMechanisms"),
            (14, "nlp-pretraining", "Language:\nPretraining"),
            (15, "nlp-applications", "Language:\nApplications"),
        ),
    ),
    ("Recommenders", "teal", ((16, "recommender-systems", "Recommender\nSystems"),)),
)
ANY_TIME = ((18, "mathematics", "Mathematics"), (19, "tools", "Tools"))


@figure("front/map")
def chapter_map():
    """Draw which chapter needs which, written ones filled and planned ones dashed."""
    written = {s.chapter for s in Book().sections if s.chapter}
    d = draw.Drawing(
        716,
        530,
        title="Map of the chapters",
        desc="Chapters 1 to 5 in a row; from Chapter 5 three routes downwards: vision, "
        "language, recommenders; from Chapter 4 a fourth, theory and engineering.",
    )

    def chapter(x, y, w, number, folder, name, tint):
        done = folder in written
        box = d.box(
            x,
            y,
            w,
            46,
            fill=tint if done else "white",
            stroke=tint,
            dashed=not done,
            width=2 if done else 1.2,
        )
        d.text(x + 18, box.centre[1], f"**{number}**", size=14, colour=tint)
        d.text(x + 16 + w / 2, box.centre[1], name, size=11.5)
        return box

    stem = [chapter(8 + 144 * i, 12, 126, *c, "blue") for i, c in enumerate(STEM)]
    for a, b in itertools.pairwise(stem):
        d.arrow(a.right, b.left, gap=1, head=7, colour="muted")

    columns = []
    for i, (name, tint, chapters) in enumerate(ROUTES):
        x = 8 + 182 * i
        d.text(x + 18, 124, name, anchor="start", bold=True, size=12.5, colour=tint)
        boxes = [
            chapter(x, 148 + 68 * j, 158, *c, tint) for j, c in enumerate(chapters)
        ]
        for a, b in itertools.pairwise(boxes):
            d.arrow(a.bottom, b.top, gap=1, head=7, colour="muted")
        columns.append(boxes)
    theory, vision, language, recommenders = columns

    # Down from the stem: theory from Chapter 4, the rest along one rail from Chapter 5.
    def entry(box):
        return box.at(0.05, 0)

    four, five = stem[3].bottom, stem[4].bottom
    x = entry(theory[0])[0]
    d.arrow(four, entry(theory[0]), via=[(four[0], 72), (x, 72)], gap=1, colour="muted")
    rail = 86
    d.line((five[0], five[1] + 1), (five[0], rail), colour="muted", width=1.5)
    ends = [entry(c[0]) for c in (vision, language, recommenders)]
    left = min(p[0] for p in ends)
    d.line((left, rail), (five[0], rail), colour="muted", width=1.5)
    for p in ends:
        d.arrow((p[0], rail), p, gap=0, head=8, colour="muted")
    # What crosses between the routes.
    d.arrow(vision[1].left, theory[1].right, gap=1, head=7, colour="muted", dashed=True)

    # The appendices, and the key.
    x = 8 + 182 * 3
    d.text(x + 79, 266, "At any time", bold=True, size=12.5, colour="blue")
    for j, c in enumerate(ANY_TIME):
        chapter(x, 284 + 68 * j, 158, *c, "blue")
    d.box(8, 416, 40, 24, fill="blue", width=2)
    d.text(58, 428, "written", anchor="start", size=12.5)
    d.box(8, 452, 40, 24, fill="white", stroke="blue", dashed=True)
    d.text(58, 464, "planned", anchor="start", size=12.5)
    d.arrow((8, 500), (48, 500), colour="muted", head=7)
    d.text(58, 500, "read before", anchor="start", size=12.5)
    d.arrow((178, 500), (218, 500), colour="muted", dashed=True, head=7)
    d.text(228, 500, "some sections need it", anchor="start", size=12.5)
    return d


# --- the house ----------------------------------------------------------------------


@figure("front/pipeline")
def pipeline():
    """Draw how one section becomes library, notebook, test and page."""
    d = draw.Drawing(
        700,
        296,
        title="One section's way to the page",
        desc="A section's text file becomes library code and a notebook; the notebook "
        "is run, run again and compared, and rendered.",
    )
    source = d.box(12, 110, 140, 56, "**a section**\n`section.md`", fill="green")
    library = d.box(258, 22, 150, 56, "**the library**\n`d2l/mxnet.py`", fill="orange")
    notebook = d.box(258, 110, 150, 56, "**a notebook**\nsizes of a profile")
    first = d.box(522, 110, 166, 56, "**the first run**\nits outputs are kept")
    page = d.box(522, 222, 166, 56, "**the page**\nsite, PDF, EPUB", fill="purple")
    test = d.box(258, 222, 150, 56, "**the test**\nequal, or it fails", fill="red")
    d.arrow(
        source.top,
        library.left,
        via=[(source.top[0], 50)],
        gap=1,
        label="saved cells",
        at=0.72,
        offset=(0, -12),
    )
    d.arrow(source.right, notebook.left, "the whole file", gap=1)
    d.arrow(library.bottom, notebook.top, "imported", gap=1)
    d.arrow(notebook.right, first.left, "run once", gap=1)
    d.arrow(first.bottom, page.top, "rendered", gap=1)
    d.arrow(notebook.bottom, test.top, "run again", gap=1)
    d.arrow(
        first.at(0.12, 1),
        test.at(1, 0.3),
        "compared",
        gap=1,
        dashed=True,
        offset=(14, 12),
        anchor="start",
        at=0.5,
    )
    return d


# --- the anatomy of a page ------------------------------------------------------------


@figure("front/anatomy")
def anatomy():
    """Draw a schematic page of a section with its parts named."""
    d = draw.Drawing(
        700,
        452,
        title="The parts of a section's page",
        desc="A page with title, measured cost, text, a code cell, its output, an "
        "exercise and a folded solution, each named at the side.",
    )
    left, right, top = 196, 504, 12
    d.rect(left, top, right - left, 428, stroke="line", radius=6, width=1.4)
    inner, width = left + 22, right - left - 44

    def words(y, *lengths):
        for i, part in enumerate(lengths):
            d.line(
                (inner, y + 13 * i),
                (inner + width * part, y + 13 * i),
                colour="line",
                width=4,
            )

    def note(side, y, label, target):
        if side == "left":
            d.text(172, y, label, anchor="end", size=12.5)
            d.arrow((178, y), target, colour="muted", head=7, width=1.2)
        else:
            d.text(528, y, label, anchor="start", size=12.5)
            d.arrow((522, y), target, colour="muted", head=7, width=1.2)

    d.text(inner, 38, "3.6 A Section", anchor="start", bold=True, size=17)
    d.text(
        inner,
        64,
        "40 s · 410 MB · CPU · sample data",
        anchor="start",
        size=11,
        colour="muted",
    )
    words(90, 1, 0.94, 0.6)
    d.text(left + 154, 138, r"$\hat{\mathbf{y}} = \mathbf{X}\mathbf{w} + b$", size=14)
    d.text(right - 20, 138, "(3.6.1)", anchor="end", size=11, colour="muted")
    code = d.rect(inner, 160, width, 66, fill="grey", stroke="line", radius=4)
    lines = ("`#@save`", "`def accuracy(y_hat, y):`", "`    …`")
    for i, line in enumerate(lines):
        d.text(
            inner + 10,
            175 + 18 * i,
            line,
            anchor="start",
            size=11.5,
            colour="teal" if i == 0 else "ink",
        )
    d.text(inner + 10, 246, "`0.83`", anchor="start", size=11.5)
    words(270, 1, 0.45)
    exercise = d.rect(inner, 306, width, 40, stroke="orange", radius=4)
    d.text(inner + 10, 326, "Exercise 3.6.2", anchor="start", size=12, colour="orange")
    solution = d.rect(inner, 354, width, 30, stroke="green", radius=4, fill="green")
    d.text(inner + 10, 369, "▸ Solution", anchor="start", size=12, colour="green")
    d.text(inner, 410, "Further reading", anchor="start", size=12, bold=True)

    note("left", 64, "what running the\npage took, measured", (inner - 4, 64))
    note("right", 97, "why, before how", (inner + width + 6, 97))
    note("right", 138, "numbered, so that it\ncan be referred to", (right - 14, 138))
    note("left", 175, "this cell goes into\nthe library `d2l`", (inner + 4, 175))
    note("left", 246, "what the cell really\nprinted, tested again", (inner + 4, 246))
    note(
        "right", 193, "code that runs as\nit stands, copied or\ndownloaded", code.right
    )
    note("right", 326, "for you to try", exercise.right)
    note("left", 369, "worked and run,\nfolded away until\nyou want it", solution.left)
    note("right", 410, "where the ideas\ncome from", (inner + 130, 410))
    return d


# --- installation ---------------------------------------------------------------------


@figure("front/layers")
def layers():
    """Draw what lies under a notebook, and who brings it."""
    d = draw.Drawing(
        640,
        262,
        title="What a notebook of this book stands on",
        desc="From the bottom: processor or graphics card, operating system with "
        "Python and the graphics driver, packages from the package index, the library "
        "d2l, a notebook.",
    )
    x, w = 20, 380
    d.box(x, 16, w, 36, "your notebook", fill="green")
    d.box(x, 62, w, 36, "`d2l`, the library of this book", fill="green")
    d.box(x, 108, 236, 36, "MXNet 1.9.1, NumPy, pandas, …", fill="blue")
    d.box(x + 246, 108, 134, 36, "CUDA libraries", fill="blue", dashed=True)
    d.box(x, 154, 236, 36, "Python, `make`", fill="orange")
    d.box(x + 246, 154, 134, 36, "graphics driver", fill="orange", dashed=True)
    d.box(x, 210, 236, 36, "CPU", fill="grey")
    d.box(x + 246, 210, 134, 36, "NVIDIA GPU", fill="grey", dashed=True)
    for y0, y1, label, tint in (
        (16, 98, "this book", "green"),
        (108, 144, "`pip`, into `.venv`", "blue"),
        (154, 190, "your operating system", "orange"),
        (210, 246, "your machine", "muted"),
    ):
        d.brace((414, y0), (414, y1), label, colour=tint, size=13)
    return d


# --- notation -------------------------------------------------------------------------


@figure("front/minibatch")
def minibatch():
    """Draw a minibatch times a weight matrix, with every shape."""
    d = draw.Drawing(
        690,
        236,
        title="A minibatch passes through a linear layer",
        desc="A matrix X of n rows and d columns, one row an example, times a matrix W "
        "of d rows and q columns, plus a row b of q entries, gives O of n rows and q "
        "columns.",
    )

    def example(row, tint):
        return lambda i, j: tint if i == row else "white"

    x = d.grid(56, 70, [[""] * 3] * 4, cell=26, fill=example(1, "blue"))
    w = d.grid(
        206,
        83,
        [[""] * 2] * 3,
        cell=26,
        fill=lambda i, j: "orange" if j == 0 else "white",
    )
    b = d.grid(330, 109, [[""] * 2], cell=26, fill=[["orange", "white"]])
    o = d.grid(
        454,
        70,
        [[""] * 2] * 4,
        cell=26,
        fill=lambda i, j: "green" if (i, j) == (1, 0) else "white",
    )
    d.text(170, 122, r"$\times$", size=18)
    d.text(294, 122, "+", size=18)
    d.text(418, 122, "=", size=18)
    for grid, name in (
        (x, r"$\mathbf{X}$"),
        (w, r"$\mathbf{W}$"),
        (b, r"$\mathbf{b}$"),
        (o, r"$\mathbf{O}$"),
    ):
        d.text(grid.box.centre[0], 24, name, size=17)
    for grid, shape in (
        (x, r"$n \times d$"),
        (w, r"$d \times q$"),
        (b, r"$1 \times q$"),
        (o, r"$n \times q$"),
    ):
        d.text(grid.box.centre[0], 48, shape, size=13, colour="muted")
    d.arrow((40, 174), (40, 70), colour="muted", both=True, width=1.2, head=6)
    d.text(24, 122, "$n$", size=14, colour="muted")
    d.text(
        w.box.centre[0],
        190,
        "one column\nan output",
        valign="top",
        size=12,
        colour="orange",
    )
    d.text(
        b.box.centre[0],
        190,
        "the same\nfor each row",
        valign="top",
        size=12,
        colour="muted",
    )
    d.text(
        x.box.centre[0],
        190,
        "one row\nan example",
        valign="top",
        size=12,
        colour="blue",
    )
    d.arrow(
        (o.cell(1, 0).x + 13, 186),
        (o.cell(1, 0).x + 13, 118),
        colour="green",
        width=1.2,
        head=6,
    )
    d.text(
        o.box.centre[0],
        190,
        "one output\nof one example",
        valign="top",
        size=12,
        colour="green",
    )
    d.text(530, 109, r"$o_{ij} = \sum_k x_{ik} w_{kj} + b_j$", anchor="start", size=14)
    return d


@figure("front/gradient-shape")
def gradient_shape():
    """Draw that a gradient has the shape of what it is taken by."""
    d = draw.Drawing(
        640,
        176,
        title="A gradient has the shape of its parameter",
        desc="A loss, one number, is differentiated by a matrix W of 3 rows and 2 "
        "columns; the gradient has 3 rows and 2 columns as well.",
    )
    w = d.grid(
        30,
        50,
        [[rf"$w_{{{i}{j}}}$" for j in (1, 2)] for i in (1, 2, 3)],
        cell=(46, 34),
        fill="orange",
        title=r"parameter $\mathbf{W}$",
        size=13,
    )
    loss = d.circle(256, 101, 28, "$l$", fill="green", size=17)
    g = d.grid(
        402,
        50,
        [[rf"$\partial l / \partial w_{{{i}{j}}}$" for j in (1, 2)] for i in (1, 2, 3)],
        cell=(92, 34),
        fill="blue",
        title=r"gradient $\nabla_{\mathbf{W}}\, l$",
        size=13,
    )
    d.arrow(w.box.right, loss.left, "compute", gap=4)
    d.arrow(loss.right, g.box.left, "differentiate", gap=4)
    d.text(loss.centre[0], 142, "one number", size=12, colour="muted")
    return d
