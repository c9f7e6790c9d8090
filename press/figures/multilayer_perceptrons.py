"""Drawings of Chapter 4, Multilayer Perceptrons."""

import math
import random

from press.figures import draw, figure


@figure("multilayer-perceptrons/mlp")
def mlp_network():
    """A multilayer perceptron with one hidden layer of five units."""
    d = draw.Drawing(
        560,
        290,
        title="A multilayer perceptron",
        desc="Four inputs are joined to each of five hidden units, and each of these "
        "to three outputs.",
    )
    left, width = 150, 400
    rows = [
        ("input layer", "green", [f"$x_{i}$" for i in range(1, 5)], 245),
        ("hidden layer", "blue", [f"$h_{i}$" for i in range(1, 6)], 140),
        ("output layer", "orange", [f"$o_{i}$" for i in range(1, 4)], 35),
    ]
    places = []
    for _, _, labels, y in rows:
        step = 78
        first = left + width / 2 - step * (len(labels) - 1) / 2
        places.append([(first + step * i, y) for i in range(len(labels))])
    for below, above in zip(places, places[1:], strict=False):
        for p in below:
            for q in above:
                d.arrow(p, q, gap=21, colour="muted", width=1.0, head=6)
    for (name, fill, labels, y), layer in zip(rows, places, strict=True):
        for (x, _), label in zip(layer, labels, strict=True):
            d.circle(x, y, 20, label, fill=fill)
        d.text(10, y, name, anchor="start", colour="muted")
    d.text(
        10,
        192,
        r"$\mathbf{W}^{(1)}, \mathbf{b}^{(1)}$",
        anchor="start",
        size=13,
        colour="blue",
    )
    d.text(
        10,
        87,
        r"$\mathbf{W}^{(2)}, \mathbf{b}^{(2)}$",
        anchor="start",
        size=13,
        colour="blue",
    )
    return d


@figure("multilayer-perceptrons/xor-network")
def mlp_xor_network():
    """Two rectified linear units that compute the exclusive or."""
    d = draw.Drawing(
        600,
        210,
        title="A network for the exclusive or",
        desc="Both inputs go with weight 1 to two hidden units with biases 0 and -1; "
        "the output is the first unit minus twice the second.",
    )
    x1, x2 = (60, 60), (60, 150)
    h1, h2 = (290, 60), (290, 150)
    o = (520, 105)
    for p, q, label, at, offset in [
        (x1, h1, "1", 0.5, (0, -11)),
        (x1, h2, "1", 0.27, (10, -8)),
        (x2, h1, "1", 0.27, (10, 10)),
        (x2, h2, "1", 0.5, (0, 12)),
        (h1, o, "1", 0.5, (6, -12)),
        (h2, o, "−2", 0.5, (8, 13)),
    ]:
        d.arrow(p, q, label, at=at, offset=offset, gap=25, colour="blue", size=14)
    d.circle(*x1, 22, "$x_1$", fill="green")
    d.circle(*x2, 22, "$x_2$", fill="green")
    d.circle(*h1, 22, "$h_1$", fill="blue")
    d.circle(*h2, 22, "$h_2$", fill="blue")
    d.circle(*o, 22, "$o$", fill="orange")
    d.text(290, 24, "bias 0", size=12.5, colour="muted")
    d.text(290, 186, "bias −1", size=12.5, colour="muted")
    d.text(520, 146, "bias 0", size=12.5, colour="muted")
    return d


def _backprop_graph(bias):
    """The computational graph of an MLP with weight decay, with or without a bias."""
    d = draw.Drawing(
        700,
        306,
        title="Computational graph of an MLP" + (" with a bias" if bias else ""),
        desc="Squares are variables, circles are operators; from the input at the "
        "lower left to the objective J at the upper right.",
    )
    low, middle, high, mid, lowest = 200, 114, 28, 114, 282
    names = ["x", r"\times", "z", r"\phi", "h", r"\times", "o", "l"]
    if bias:
        names.insert(2, "+")
    step = 560 / (len(names) - 1)
    xs = [40 + step * i for i in range(len(names))]
    r = 19

    def square(x, y, label):
        return d.box(x - r, y - r, 2 * r, 2 * r, label, radius=2, fill="blue")

    def circle(x, y, label):
        return d.circle(x, y, r, label, fill="orange")

    chain, products = [], []
    for x, name in zip(xs, names, strict=True):
        if name in (r"\times", "+", r"\phi", "l"):
            chain.append(circle(x, low, f"${name}$"))
            if name == r"\times":
                products.append(chain[-1])
        else:
            chain.append(square(x, low, rf"$\mathbf{{{name}}}$"))
    for a, b in zip(chain, chain[1:], strict=False):
        d.arrow(a.right, b.left, gap=2)
    first, second = products
    w1 = square(first.centre[0], middle, r"$\mathbf{W}^{(1)}$")
    w2 = square(second.centre[0], middle, r"$\mathbf{W}^{(2)}$")
    d.arrow(w1.bottom, first.top, gap=2)
    d.arrow(w2.bottom, second.top, gap=2)
    if bias:
        plus = chain[2]
        b = square(plus.centre[0], lowest, r"$\mathbf{b}$")
        d.arrow(b.top, plus.bottom, gap=2)
    norm = circle(second.centre[0], high, r"$\ell_2$")
    d.arrow(w2.top, norm.bottom, gap=2)
    d.arrow(w1.top, norm.left, via=[(w1.top[0], high)], gap=2)
    total = circle(600, high, "$+$")
    s = square((norm.centre[0] + 600) / 2, high, "$s$")
    loss = square(600, mid, "$L$")
    y = square(600, lowest, "$y$")
    j = square(672, high, "$J$")
    for a, b in [
        (norm.right, s.left),
        (s.right, total.left),
        (chain[-1].top, loss.bottom),
        (loss.top, total.bottom),
        (y.top, chain[-1].bottom),
        (total.right, j.left),
    ]:
        d.arrow(a, b, gap=2)
    return d


@figure("multilayer-perceptrons/backprop-graph")
def backprop_graph():
    """Forward propagation as a graph of variables and operators."""
    return _backprop_graph(bias=False)


@figure("multilayer-perceptrons/backprop-bias")
def backprop_bias():
    """The same graph when the hidden layer has a bias."""
    return _backprop_graph(bias=True)


@figure("multilayer-perceptrons/backprop-numbers")
def backprop_numbers():
    """Values and gradients of a small network, forwards and backwards."""
    d = draw.Drawing(
        700,
        396,
        title="Forward values and backward gradients",
        desc="Every variable has its value in blue and, under it, the derivative of J "
        "by it in red.",
    )
    w, h = 28, 23

    def variable(x, y, name, shape, values, grads=None):
        """Value grid, gradient grid below; returns the two Boxes."""
        columns = len(values[0])
        d.text(
            x + columns * w / 2,
            y - 8,
            f"{name}  {shape}" if shape else name,
            valign="bottom",
            size=13,
        )
        value = d.grid(x, y, values, cell=(w, h), fill="blue", size=13).box
        grad = None
        if grads:
            grad = d.grid(
                x, y + value.h + 5, grads, cell=(w, h), fill="red", size=13
            ).box
        return value, grad

    top, row = 86, 250
    x, _ = variable(24, row - 12, r"$\mathbf{x}$", "3 × 1", [[2], [1], [-1]])
    w1, w1g = variable(
        84,
        top,
        r"$\mathbf{W}^{(1)}$",
        "2 × 3",
        [[1, 1, 0], [1, -2, 1]],
        [[10, 6, -4], [2, -4, 2]],
    )
    z, zg = variable(214, row, r"$\mathbf{z}$", "2 × 1", [[3], [-1]], [[4], [0]])
    hid, hg = variable(322, row, r"$\mathbf{h}$", "2 × 1", [[3], [0]], [[4], [2]])
    w2, w2g = variable(
        372,
        top,
        r"$\mathbf{W}^{(2)}$",
        "2 × 2",
        [[1, 2], [-1, 1]],
        [[8, 4], [-8, 2]],
    )
    o, og = variable(474, row, r"$\mathbf{o}$", "2 × 1", [[3], [-3]], [[2], [-2]])
    y, _ = variable(546, 150, r"$\mathbf{y}$", "2 × 1", [[1], [-1]])
    loss, lg = variable(634, row, "$L$", "", [[4]], [[1]])
    s, sg = variable(548, 34, "$s$", "", [[15]], [[1]])
    j, jg = variable(634, 106, "$J = L + s$", "", [[19]], [[1]])

    def op(cx, label):
        return d.circle(cx, row + 14, 13, label, fill="orange", size=14)

    times1, phi, times2, ell = (
        op(123, r"$\times$"),
        op(282, r"$\phi$"),
        op(400, r"$\times$"),
        op(560, "$l$"),
    )
    level = row + 14
    for a, b in [
        ((x.right[0], level), times1.left),
        (times1.right, (z.x, level)),
        ((z.x + w, level), phi.left),
        (phi.right, (hid.x, level)),
        ((hid.x + w, level), times2.left),
        (times2.right, (o.x, level)),
        ((o.x + w, level), ell.left),
        (ell.right, (loss.x, level)),
        (y.bottom, ell.top),
    ]:
        d.arrow(a, b, gap=2, head=7)
    # The weights: forwards on the left, backwards on the right.
    for grad, times in [(w1g, times1), (w2g, times2)]:
        cx = times.centre[0]
        d.arrow((cx - 7, grad.y + grad.h), (cx - 7, times.y + 1), gap=2, head=7)
    d.arrow(
        (zg.x, zg.y + zg.h - 8),
        (w1g.x + 72, w1g.y + w1g.h),
        via=[(w1g.x + 72, zg.y + zg.h - 8)],
        gap=2,
        head=7,
        colour="red",
    )
    d.text(
        w1g.x + 66,
        zg.y + zg.h + 3,
        r"$\cdot\, \mathbf{x}^\top + \lambda \mathbf{W}^{(1)}$",
        valign="top",
        size=12.5,
        colour="red",
    )
    d.arrow(
        (og.x, og.y + 8),
        (w2g.x + 48, w2g.y + w2g.h),
        via=[(w2g.x + 48, og.y + 8)],
        gap=2,
        head=7,
        colour="red",
    )
    d.text(
        w2g.x + 52,
        212,
        r"$\cdot\, \mathbf{h}^\top + \lambda \mathbf{W}^{(2)}$",
        anchor="start",
        size=12.5,
        colour="red",
    )
    back = og.y + og.h - 8
    d.arrow((lg.x, lg.y + 12), (og.x + w, lg.y + 12), gap=2, head=7, colour="red")
    d.text(
        568,
        lg.y + 22,
        r"$\mathbf{o} - \mathbf{y}$",
        valign="top",
        size=12.5,
        colour="red",
    )
    d.arrow((og.x, back), (hg.x + w, back), gap=2, head=7, colour="red")
    d.text(
        412,
        back + 6,
        r"$\mathbf{W}^{(2)\top}\, \cdot$",
        valign="top",
        size=12.5,
        colour="red",
    )
    d.arrow((hg.x, back), (zg.x + w, back), gap=2, head=7, colour="red")
    d.text(
        282,
        back + 6,
        r"$\odot\, \phi'(\mathbf{z})$",
        valign="top",
        size=12.5,
        colour="red",
    )
    # The regulariser and the objective.
    turn = w1.x + w1.w + 22
    d.arrow(
        (w1.x + w1.w, w1.y + 11),
        (s.x, s.y + 8),
        via=[(turn, w1.y + 11), (turn, s.y + 8)],
        gap=2,
        head=7,
    )
    d.text(
        330,
        s.y + 2,
        r"$\ell_2$ regulariser",
        valign="bottom",
        size=12.5,
        colour="muted",
    )
    d.arrow((w2.x + 56, w2.y + 11), (s.x, s.y + 18), gap=2, head=7)
    middle = j.x + w / 2
    d.arrow(
        (s.x + w, s.y + 12),
        (middle, j.y - 26),
        via=[(middle, s.y + 12)],
        gap=2,
        head=7,
    )
    d.arrow((loss.x + 8, loss.y - 26), (jg.x + 8, jg.y + jg.h), gap=2, head=7)
    d.arrow(
        (jg.x + 20, jg.y + jg.h),
        (loss.x + 20, loss.y - 26),
        gap=2,
        head=7,
        colour="red",
    )
    d.rect(24, 374, 16, 14, fill="blue")
    d.text(46, 381, "value, computed forwards", anchor="start", size=12.5)
    d.rect(240, 374, 16, 14, fill="red")
    d.text(
        262,
        381,
        "derivative of $J$ by it, computed backwards",
        anchor="start",
        size=12.5,
    )
    return d


@figure("multilayer-perceptrons/checkpointing")
def backprop_checkpointing():
    """Which of sixteen activations are stored with and without checkpoints."""
    d = draw.Drawing(
        660,
        226,
        title="Gradient checkpointing",
        desc="Without checkpoints all sixteen activations are kept; with checkpoints "
        "every fourth, plus one segment that is computed again.",
    )
    side, gap, left = 22, 6, 158
    rows = [
        ("store all", range(1, 17), ()),
        ("checkpoints,\nafter forward", (4, 8, 12, 16), ()),
        ("backward in\nsegment 4", (4, 8, 12, 16), (13, 14, 15)),
        ("backward in\nsegment 3", (4, 8, 12), (9, 10, 11)),
    ]
    for k in range(1, 17):
        d.text(left + (k - 1) * (side + gap) + side / 2, 14, str(k), size=12)
    for i, (name, kept, again) in enumerate(rows):
        y = 28 + 46 * i
        d.text(10, y + side / 2, name, anchor="start", size=13)
        for k in range(1, 17):
            fill = "blue" if k in kept else "orange" if k in again else "none"
            d.rect(
                left + (k - 1) * (side + gap),
                y,
                side,
                side,
                fill=fill,
                dashed=fill == "none",
                radius=3,
            )
        d.text(
            left + 16 * (side + gap) + 8,
            y + side / 2,
            str(len(kept) + len(again)),
            anchor="start",
            size=13,
            bold=True,
        )
    d.rect(left, 208, 14, 14, fill="blue", radius=3)
    d.text(left + 20, 215, "kept", anchor="start", size=12.5)
    d.rect(left + 90, 208, 14, 14, fill="orange", radius=3)
    d.text(left + 110, 215, "computed again", anchor="start", size=12.5)
    d.rect(left + 240, 208, 14, 14, dashed=True, radius=3)
    d.text(left + 260, 215, "not in memory", anchor="start", size=12.5)
    return d


# 4.4 Model selection, underfitting and overfitting


@figure("multilayer-perceptrons/capacity")
def underfit_overfit_capacity():
    """Training error and generalization error against complexity."""
    d = draw.Drawing(
        620,
        290,
        title="Errors and the complexity of a model",
        desc="The training error falls; the generalization error falls, then rises.",
    )

    def training(x):
        return 0.25 + 5.6 * math.exp(-0.42 * x)

    def generalization(x):
        return training(x) + 0.18 + 0.055 * x**1.8

    best = min((i / 100 for i in range(1001)), key=generalization)
    low = generalization(best)
    axes = d.axes(
        50,
        34,
        400,
        206,
        (0, 10),
        (0, 6.4),
        xlabel="complexity of the model",
        ylabel="error",
    )
    axes.line((best, 0), (best, 6), colour="line", width=1.3, dashed=True)
    axes.curve(training, 0.05, 9.7, colour="blue", width=2.4)
    axes.curve(generalization, 0.05, 9.7, colour="red", width=2.4)
    axes.points([best], [low], colour="red", r=4.5)
    axes.text(9.7, training(9.7), "training error", dx=8, anchor="start", colour="blue")
    axes.text(
        9.7,
        generalization(9.7),
        "generalization\nerror",
        dx=8,
        anchor="start",
        colour="red",
    )
    x, y = axes.at(best, 6.4)
    d.text(x, y - 12, "optimum", size=13)
    d.arrow((x - 12, y + 14), (x - 86, y + 14), colour="muted")
    d.arrow((x + 12, y + 14), (x + 86, y + 14), colour="muted")
    d.text(x - 12, y + 32, "underfitting", anchor="end", colour="muted", size=13)
    d.text(x + 12, y + 32, "overfitting", anchor="start", colour="muted", size=13)
    gap = 8.6
    axes.arrow(
        (gap, training(gap) + 0.1),
        (gap, generalization(gap) - 0.1),
        colour="muted",
        both=True,
        head=7,
    )
    axes.text(
        gap,
        (training(gap) + generalization(gap)) / 2,
        "gap",
        dx=-8,
        anchor="end",
        colour="muted",
        size=13,
    )
    return d


@figure("multilayer-perceptrons/k-fold")
def underfit_overfit_k_fold():
    """Five-fold cross-validation."""
    d = draw.Drawing(
        660,
        250,
        title="Five-fold cross-validation",
        desc="Five rounds; in each, another fifth of the data is the validation set.",
    )
    x, y, w, h, step = 86, 30, 70, 28, 40
    for k in range(5):
        top = y + k * step
        d.text(10, top + h / 2, f"round {k + 1}", anchor="start", size=13)
        for j in range(5):
            held = j == k
            d.rect(
                x + j * w,
                top,
                w,
                h,
                fill="orange" if held else "blue",
                stroke="line",
            )
            d.text(
                x + (j + 0.5) * w,
                top + h / 2,
                "validate" if held else "train",
                size=12.5,
            )
        d.arrow(
            (x + 5 * w + 6, top + h / 2),
            (x + 5 * w + 42, top + h / 2),
            colour="muted",
        )
        d.text(
            x + 5 * w + 50,
            top + h / 2,
            f"$e_{k + 1}$",
            anchor="start",
            size=15,
        )
    for j in range(5):
        d.text(x + (j + 0.5) * w, y - 14, f"part {j + 1}", size=12.5, colour="muted")
    d.brace((x + 5 * w + 76, y), (x + 5 * w + 76, y + 4 * step + h), depth=12)
    d.text(
        x + 5 * w + 98,
        y + 2 * step + h / 2,
        "average:\nthe estimate",
        anchor="start",
        size=13,
    )
    d.text(
        x + 2.5 * w,
        y + 5 * step + 2,
        "every example is used for validation once",
        size=12.5,
        colour="muted",
    )
    return d


# 4.5 Weight decay


def _weight_decay_loss(u, v):
    """A quadratic bowl round (1.95, 0.8), longer in one diagonal direction."""
    a, b = u - 1.95, v - 0.8
    return a * a + b * b + 0.5 * a * b


def _weight_decay_contour(level, steps=120):
    """The points where the bowl has a given height."""
    points = []
    for i in range(steps + 1):
        t = 2 * math.pi * i / steps
        c, s = math.cos(t), math.sin(t)
        r = math.sqrt(level / (c * c + s * s + 0.5 * c * s))
        points.append((1.95 + r * c, 0.8 + r * s))
    return points


@figure("multilayer-perceptrons/norm-balls")
def weight_decay_norm_balls():
    """Contours of a loss that touch the balls of two norms."""
    d = draw.Drawing(
        680,
        284,
        title="A loss and the balls of two norms",
        desc="The contours touch the disc beside the axis and the diamond at a corner.",
    )
    for left, name, power in ((24, "$L_2$: ridge", 2), (362, "$L_1$: lasso", 1)):
        axes = d.axes(
            left,
            40,
            270,
            210,
            (-1.5, 3.9),
            (-1.5, 2.7),
            xlabel="$w_1$",
            ylabel="$w_2$",
            origin=True,
        )
        # The ball, as a polygon, and its point of least loss, by scanning the edge.
        edge = []
        for i in range(1440):
            t = 2 * math.pi * i / 1440
            c, s = math.cos(t), math.sin(t)
            r = 1 if power == 2 else 1 / (abs(c) + abs(s))
            edge.append((r * c, r * s))
        touch = min(edge, key=lambda p: _weight_decay_loss(*p))
        level = _weight_decay_loss(*touch)
        d.polygon([axes.at(*p) for p in edge[::8]], fill="blue", stroke="blue")
        axes.line((-1.5, 0), (3.8, 0), width=1.1)
        axes.line((0, -1.5), (0, 2.6), width=1.1)
        for share in (0.08, 0.35, 1):
            points = _weight_decay_contour(level * share)
            axes.plot(
                [p[0] for p in points],
                [p[1] for p in points],
                colour="orange",
                width=2 if share == 1 else 1.2,
            )
        axes.points([1.95], [0.8], colour="orange", r=3.5)
        axes.text(1.95, 0.8, r"$\hat{\mathbf{w}}$", dx=14, dy=-10, size=15)
        axes.points([touch[0]], [touch[1]], colour="red", r=5)
        label = "both weights\nshrink" if power == 2 else "$w_2 = 0$"
        axes.arrow(
            (1.9, -1.05) if power == 2 else (1.75, -0.95),
            touch,
            colour="red",
            gap=9,
        )
        axes.text(
            1.9 if power == 2 else 1.75,
            -1.05 if power == 2 else -0.95,
            label,
            dx=2,
            valign="top" if power == 2 else "middle",
            dy=2 if power == 2 else 12,
            colour="red",
            size=13,
        )
        d.text(left + 112, 22, name, anchor="start", bold=True, size=14)
    return d


def _dropout_network(d, x, title, dropped):
    """A 4-5-3 network from the bottom up at x; the dropped units have no edges."""
    sizes = (4, 5, 3)
    step, r = 56, 17
    heights = (250, 160, 70)
    middle = x + step * 2
    rows = [
        [(middle + step * (i - (n - 1) / 2), y) for i in range(n)]
        for n, y in zip(sizes, heights, strict=True)
    ]
    alive = [j for j in range(5) if j not in dropped]
    pairs = [(p, rows[1][j]) for p in rows[0] for j in alive]
    pairs += [(rows[1][j], q) for j in alive for q in rows[2]]
    for p, q in pairs:
        d.arrow(p, q, gap=r + 1, colour="muted", width=1, head=6)
    for letter, row, fill in zip("xho", rows, ("green", "blue", "orange"), strict=True):
        for i, (px, py) in enumerate(row):
            label = f"${letter}_{i + 1}$"
            if letter == "h" and i in dropped:
                d.circle(px, py, r, label, fill="white", dashed=True)
                s = r * 0.707
                for sign in (1, -1):
                    d.line(
                        (px - s, py - sign * s), (px + s, py + sign * s), colour="red"
                    )
            else:
                d.circle(px, py, r, label, fill=fill)
    d.text(middle, 28, title, bold=True)


@figure("multilayer-perceptrons/dropout")
def dropout():
    """A network with five hidden units, whole and with two of them dropped."""
    d = draw.Drawing(
        668,
        286,
        title="A network before and after dropout",
        desc="Left: 4 inputs, 5 hidden units, 3 outputs, fully connected. Right: the "
        "hidden units 2 and 5 are crossed out and have no connections.",
    )
    for y, name in ((250, "inputs"), (160, "hidden units"), (70, "outputs")):
        d.text(2, y, name, anchor="start", colour="muted", size=12.5)
    _dropout_network(d, 112, "whole network", ())
    d.arrow((362, 160), (398, 160), colour="muted")
    _dropout_network(d, 420, "one step of training", (1, 4))
    return d


# --- cats and dogs ------------------------------------------------------------------


def _environment_fur(d, rng, x, y, rx, ry, colour, count):
    """Short strokes inside an ellipse, all falling the same way."""
    for _ in range(count):
        a, s = rng.uniform(0, 2 * math.pi), math.sqrt(rng.uniform(0, 0.8))
        px, py = x + s * rx * math.cos(a), y + s * ry * math.sin(a)
        length = rng.uniform(4, 8)
        lean = rng.uniform(-2.5, 2.5)
        d.line((px, py), (px + lean, py + length), colour=colour, width=0.7)


def _environment_photo(d, x, y, kind, seed, tint, colour, left):
    """One framed picture, shaded, with a landscape: a cat or a dog sits in it."""
    rng = random.Random(seed)
    w, h = 150, 150
    d.rect(x, y, w, h, fill="grey", stroke="none")
    hills = [(x, y + 78)]
    for i in range(1, 10):
        hills.append((x + w * i / 10, y + 70 + rng.uniform(-9, 9)))
    hills += [(x + w, y + 82), (x + w, y + h), (x, y + h)]
    d.polygon(hills, fill="teal")
    d.polygon(
        [(x, y + 108), (x + w, y + 102), (x + w, y + h), (x, y + h)], fill="green"
    )
    for _ in range(46):  # grass
        gx, gy = x + rng.uniform(4, w - 4), y + rng.uniform(114, h - 6)
        d.line((gx, gy), (gx + rng.uniform(-2, 2), gy - 5), colour="green", width=0.7)
    cx, cy = x + w / 2 + (-8 if left else 8), y + 84
    for k in range(3):  # a soft shadow on the ground
        d.ellipse(cx + 10, y + 136, 46 - 8 * k, 7 - k, fill="grey", stroke="none")
    # The tail, the body, the head; nothing has a hard outline.
    side = 1 if left else -1
    if kind == "cat":
        tail = [(cx + side * 26, cy + 44), (cx + side * 48, cy + 30)]
        tail += [(cx + side * 46, cy + 4)]
    else:
        tail = [(cx + side * 26, cy + 40), (cx + side * 44, cy + 22)]
    d.polyline(tail, colour=colour, width=7)
    d.ellipse(cx, cy + 28, 30, 30, fill=tint, stroke=colour, width=0.8)
    _environment_fur(d, rng, cx, cy + 26, 27, 24, colour, 60)
    for dx in (-13, 13):  # paws
        d.ellipse(cx + dx, cy + 54, 9, 6, fill=tint, stroke=colour, width=0.8)
    hy = cy - 20
    if kind == "cat":
        for s in (-1, 1):
            d.polygon(
                [(cx + s * 23, hy - 8), (cx + s * 21, hy - 36), (cx + s * 5, hy - 20)],
                fill=tint,
                stroke=colour,
                width=0.8,
            )
            d.polygon(
                [
                    (cx + s * 19, hy - 14),
                    (cx + s * 19, hy - 29),
                    (cx + s * 10, hy - 20),
                ],
                fill="red",
            )
        d.ellipse(cx, hy, 25, 21, fill=tint, stroke=colour, width=0.8)
        _environment_fur(d, rng, cx, hy - 4, 22, 14, colour, 40)
        d.ellipse(cx, hy + 10, 10, 7, fill="white", stroke="none")
    else:
        d.ellipse(cx, hy, 22, 24, fill=tint, stroke=colour, width=0.8)
        _environment_fur(d, rng, cx, hy - 6, 19, 15, colour, 40)
        for s in (-1, 1):
            d.ellipse(
                cx + s * 23, hy + 2, 8, 20, fill=f"strong {colour}", stroke="none"
            )
        d.ellipse(cx, hy + 13, 13, 11, fill="white", stroke="none")
    for s in (-1, 1):
        d.ellipse(cx + s * 9, hy - 3, 3.4, 3.4, fill="strong ink", stroke="none")
        d.circle(cx + s * 9 + 1, hy - 4, 0.9, fill="white", stroke="line", width=0.2)
    nose = 3 if kind == "cat" else 5
    d.ellipse(cx, hy + 7, nose, nose * 0.75, fill="strong ink", stroke="none")
    d.line((cx, hy + 9), (cx, hy + 15), width=0.8)
    if kind == "cat":
        for s in (-1, 1):
            for k in (-2, 1, 4):
                d.line(
                    (cx + s * 8, hy + 10 + k / 2),
                    (cx + s * 30, hy + 8 + 2 * k),
                    colour="muted",
                    width=0.6,
                )
    d.rect(x, y, w, h, stroke="ink", width=1.6)


def _environment_cartoon(d, x, y, kind, tint, left):
    """One framed picture: flat colours, thick outlines, large eyes."""
    w, h = 150, 150
    d.rect(x, y, w, h, fill="white", stroke="none")
    cx, cy, thick = x + w / 2, y + 62, 3.2
    side = 1 if left else -1
    if kind == "cat":
        d.path(
            f"M {cx + side * 22} {y + 128} q {side * 34} -4 {side * 22} -44",
            stroke="ink",
            width=7,
        )
    else:
        d.path(
            f"M {cx + side * 20} {y + 122} q {side * 22} -6 {side * 24} -24",
            stroke="ink",
            width=7,
        )
    d.rect(cx - 24, y + 92, 48, 46, fill=tint, stroke="ink", width=thick, radius=20)
    for s in (-1, 1):
        d.line((cx + s * 7, y + 137), (cx + s * 7, y + 122), width=thick)
    if kind == "cat":
        for s in (-1, 1):
            d.polygon(
                [(cx + s * 42, cy - 8), (cx + s * 38, cy - 48), (cx + s * 10, cy - 28)],
                fill=tint,
                stroke="ink",
                width=thick,
            )
        d.ellipse(cx, cy, 44, 34, fill=tint, stroke="ink", width=thick)
    else:
        d.ellipse(cx, cy, 36, 38, fill=tint, stroke="ink", width=thick)
        for s in (-1, 1):
            d.ellipse(
                cx + s * 38, cy - 2, 12, 30, fill="strong ink", stroke="ink", width=1
            )
    for s in (-1, 1):
        d.ellipse(cx + s * 15, cy - 6, 10, 13, fill="white", stroke="ink", width=2.4)
        look = 3 if left else -3
        d.ellipse(cx + s * 15 + look, cy - 3, 4, 6, fill="strong ink", stroke="none")
    if kind == "cat":
        d.polygon(
            [(cx - 5, cy + 10), (cx + 5, cy + 10), (cx, cy + 15)], fill="strong red"
        )
        for s in (-1, 1):
            d.line((cx + s * 24, cy + 12), (cx + s * 58, cy + 6), width=2)
            d.line((cx + s * 24, cy + 17), (cx + s * 58, cy + 20), width=2)
        d.path(f"M {cx - 11} {cy + 17} q 5 9 11 0 q 6 9 11 0", stroke="ink", width=2.4)
    else:
        d.ellipse(cx, cy + 13, 9, 6, fill="strong ink", stroke="none")
        d.path(f"M {cx - 13} {cy + 20} q 13 12 26 0", stroke="ink", width=2.4)
        d.path(
            f"M {cx - 5} {cy + 27} q 0 14 6 12 q 6 -2 5 -14",
            fill="red",
            stroke="ink",
            width=2,
        )
    d.rect(x, y, w, h, stroke="ink", width=1.6)


_ENVIRONMENT_KINDS = ("cat", "cat", "dog", "dog")


@figure("multilayer-perceptrons/env-photos")
def environment_photos():
    """Four pictures of animals with shading, fur and a landscape."""
    d = draw.Drawing(
        674,
        186,
        title="Source: pictures like photographs",
        desc="Two cats and two dogs, softly shaded, sitting in a landscape.",
    )
    looks = [("orange", "orange"), ("grey", "muted"), ("orange", "orange")]
    looks.append(("white", "muted"))
    for i, kind in enumerate(_ENVIRONMENT_KINDS):
        x = 4 + 172 * i
        _environment_photo(d, x, 4, kind, 7 + i, *looks[i], left=i % 2 == 0)
        d.text(x + 75, 170, kind)
    return d


@figure("multilayer-perceptrons/env-cartoons")
def environment_cartoons():
    """Four pictures of animals with flat colours and thick outlines."""
    d = draw.Drawing(
        674,
        186,
        title="Target: cartoons",
        desc="Two cats and two dogs in flat colours with thick outlines.",
    )
    tints = ("purple", "orange", "blue", "orange")
    for i, kind in enumerate(_ENVIRONMENT_KINDS):
        x = 4 + 172 * i
        _environment_cartoon(d, x, 4, kind, tints[i], left=i % 2 == 0)
        d.text(x + 75, 170, kind)
    return d


# --- cycles -------------------------------------------------------------------------


@figure("multilayer-perceptrons/env-online")
def environment_online():
    """The cycle of online learning."""
    d = draw.Drawing(
        660,
        212,
        title="The cycle of online learning",
        desc="Model, data, estimate, observation, loss, next model, and round again.",
    )
    w, h, top, low = 150, 60, 14, 138
    steps = [
        (10, top, "**model**\n$f_t$", "blue"),
        (255, top, "**data**\n$\\mathbf{x}_t$", "green"),
        (500, top, "**estimate**\n$f_t(\\mathbf{x}_t)$", "orange"),
        (500, low, "**observation**\n$y_t$", "green"),
        (255, low, "**loss**\n$l(y_t, f_t(\\mathbf{x}_t))$", "red"),
        (10, low, "**new model**\n$f_{t+1}$", "blue"),
    ]
    boxes = [d.box(x, y, w, h, label, fill=fill) for x, y, label, fill in steps]
    d.arrow(boxes[0].right, boxes[1].left, "meets", gap=2)
    d.arrow(boxes[1].right, boxes[2].left, "predict", gap=2)
    d.arrow(boxes[2].bottom, boxes[3].top, "the truth\ncomes in", gap=2)
    d.arrow(boxes[3].left, boxes[4].right, "compare", gap=2)
    d.arrow(boxes[4].left, boxes[5].right, "update", gap=2)
    d.arrow(boxes[5].top, boxes[0].bottom, "next day:\n$t + 1$", gap=2, dashed=True)
    return d


@figure("multilayer-perceptrons/env-loop")
def environment_loop():
    """The feedback loop of predictive policing."""
    d = draw.Drawing(
        600,
        250,
        title="A feedback loop",
        desc="More patrols, more crime found, more records, higher prediction.",
    )
    w, h = 176, 62
    patrols = d.box(212, 8, w, h, "**more patrols**\nin neighbourhood A", fill="blue")
    found = d.box(414, 87, w, h, "**more crime found**\nin A", fill="orange")
    data = d.box(212, 166, w, h, "**more records** of A\nin the data", fill="green")
    model = d.box(10, 87, w, h, "the model predicts\n**more crime** in A", fill="red")
    d.arrow(patrols.right, found.top, via=[(502, 39)], gap=2)
    d.arrow(found.bottom, data.right, via=[(502, 197)], gap=2)
    d.arrow(data.left, model.bottom, via=[(98, 197)], gap=2)
    d.arrow(model.top, patrols.left, via=[(98, 39)], gap=2)
    for x, y, label in (
        (470, 28, "1. who looks, finds"),
        (490, 224, "2. what is found\nis written down"),
        (110, 224, "3. the data\ntrain the model"),
        (120, 26, "4. the model decides"),
    ):
        d.text(x, y, label, size=12.5, colour="muted")
    d.text(300, 118, "turns the same way,\nwhether A has\nmore crime or not", size=12.5)
    return d


@figure("multilayer-perceptrons/house-data-flow")
def house_data_flow():
    """The parts of a competition's data, and what each may be used for."""
    d = draw.Drawing(
        680,
        352,
        title="Training file, holdout, and the two parts of the test file",
        desc="Development rows are divided into five folds, each validated on once; a "
        "holdout is looked at once; the test file has a public and a private part.",
    )
    left, width, h = 20, 640, 44
    part = 0.8 * width
    d.text(left, 20, "**training file**: features and prices", anchor="start")
    dev = d.box(left, 36, part, h, "development", fill="blue", radius=0)
    hold = d.box(left + part, 36, width - part, h, "holdout", fill="purple", radius=0)
    # Five rounds of cross-validation below the development rows.
    top, row, k = dev.bottom[1] + 12, 22, 5
    block = part / k
    for i in range(k):
        for j in range(k):
            valid = i == j
            d.rect(
                left + j * block + 1.5,
                top + i * row,
                block - 3,
                row - 6,
                fill="orange" if valid else "blue",
                stroke="orange" if valid else "line",
            )
    middle = top + k * row + 10
    d.rect(left + 2, middle - 6, 13, 13, fill="blue", stroke="line")
    d.text(left + 22, middle, "train", anchor="start", size=12.5)
    d.rect(left + 72, middle - 6, 13, 13, fill="orange", stroke="orange")
    d.text(left + 92, middle, "validate", anchor="start", size=12.5)
    d.text(
        left + part,
        middle,
        "**choose here**, as often as you like",
        anchor="end",
        size=12.5,
    )
    d.text(
        hold.bottom[0],
        hold.bottom[1] + 12,
        "**look once**,\nwhen all is\ndecided",
        valign="top",
        size=12.5,
        colour="purple",
    )
    y = middle + 34
    d.text(left, y, "**test file**: features only", anchor="start")
    public = d.box(left, y + 16, width / 2, h, "public part", fill="green", radius=0)
    private = d.box(
        left + width / 2, y + 16, width / 2, h, "private part", fill="grey", radius=0
    )
    low = y + 16 + h
    d.text(
        public.bottom[0],
        low + 8,
        "score after every submission",
        valign="top",
        size=12.5,
        colour="green",
    )
    d.text(
        private.bottom[0],
        low + 8,
        "score at the end: the ranking",
        valign="top",
        size=12.5,
        colour="muted",
    )
    d.text(
        left + width,
        y,
        "the prices are known to the platform alone",
        anchor="end",
        size=12.5,
    )
    return d
