"""Drawings of Chapter 3, Linear Neural Networks."""

from press.figures import draw, figure


@figure("linear-networks/download-states")
def download_states():
    """Draw the states of a file on its way from a hub to its final name."""
    d = draw.Drawing(
        700,
        236,
        title="The life of a download",
        desc="Missing, partial, complete, data set; back to missing when the SHA-1 is "
        "wrong.",
    )
    y, h = 92, 56
    missing = d.box(10, y, 96, h, "**missing**", fill="grey", dashed=True)
    part = d.box(196, y, 128, h, "**partial file**\n`data.zip.part`", fill="orange")
    whole = d.box(414, y, 106, h, "**complete**\n`….part`", fill="orange")
    final = d.box(598, y, 92, h, "**data set**\n`data.zip`", fill="green")
    d.arrow(missing.right, part.left, "fetch", gap=2)
    d.arrow(part.right, whole.left, "last byte", gap=2)
    d.arrow(whole.right, final.left, "SHA-1\nright:\nrename", gap=2, colour="green")
    # Resuming: a loop above the partial file.
    x0, x1 = part.at(0.28, 0)[0], part.at(0.72, 0)[0]
    d.arrow(
        (x1, y),
        (x0, y),
        via=[(x1, y - 34), (x0, y - 34)],
        gap=2,
        colour="blue",
    )
    d.text(
        part.centre[0],
        y - 58,
        "connection lost:\nwait, go on from there",
        size=12.5,
        colour="blue",
    )
    # The two ways back.
    low, lower = y + h + 30, y + h + 64
    d.arrow(
        whole.bottom,
        missing.at(0.66, 1),
        via=[(whole.bottom[0], low), (missing.at(0.66, 1)[0], low)],
        gap=2,
        colour="red",
    )
    d.text(part.centre[0], low - 11, "SHA-1 wrong: throw away", size=12.5, colour="red")
    d.arrow(
        final.bottom,
        missing.at(0.33, 1),
        via=[(final.bottom[0], lower), (missing.at(0.33, 1)[0], lower)],
        gap=2,
        colour="red",
    )
    d.text(
        whole.centre[0] - 60,
        lower - 11,
        "altered on disk, as the next check finds",
        size=12.5,
        colour="red",
    )
    return d


@figure("linear-networks/linreg-errors")
def linreg_errors():
    """Points, a fitted line, and the vertical errors between them."""
    d = draw.Drawing(
        460,
        250,
        title="Errors of a fitted line",
        desc="Vertical segments join seven points to a rising line.",
    )
    axes = d.axes(
        46, 20, 380, 190, (0, 10), (0, 8), xlabel="feature $x$", ylabel="label $y$"
    )

    def line(x):
        return 1.2 + 0.55 * x

    xs = [0.9, 2.2, 3.4, 4.6, 6.1, 7.5, 8.9]
    ys = [2.4, 1.5, 3.9, 2.7, 6.1, 4.6, 6.9]
    axes.curve(line, 0.1, 9.9)
    for x, y in zip(xs, ys, strict=True):
        axes.line((x, line(x)), (x, y), colour="red", width=2)
    axes.points(xs, ys, colour="orange", r=4.5)
    axes.text(6.1, 6.1, r"$(x^{(i)}, y^{(i)})$", dx=-8, dy=-10, anchor="end", size=13)
    axes.text(
        6.1,
        5.35,
        r"$\hat{y}^{(i)} - y^{(i)}$",
        dx=-8,
        anchor="end",
        colour="red",
        size=13,
    )
    axes.text(9.9, 4.6, r"$\hat{y} = w x + b$", anchor="end", colour="blue", size=13)
    return d


def _one_layer(title, inputs, outputs):
    """A fully connected layer; None among the labels stands for an ellipsis."""
    d = draw.Drawing(
        470,
        170,
        title=title,
        desc=f"Every one of {len(inputs)} inputs is joined to every output.",
    )
    left, width = 130, 330
    xs = [left + width * (i + 0.5) / len(inputs) for i in range(len(inputs))]
    step = min(width / len(outputs), 110)
    middle = left + width / 2
    first = middle - step * (len(outputs) - 1) / 2
    tops = [first + step * j for j in range(len(outputs))]
    for x in tops:
        for u, label in zip(xs, inputs, strict=True):
            if label:
                d.arrow((u, 130), (x, 36), gap=21, colour="muted", width=1.1)
    for u, label in zip(xs, inputs, strict=True):
        if label:
            d.circle(u, 130, 20, label, fill="green")
        else:
            d.text(u, 128, r"$\ldots$", size=18)
    for x, label in zip(tops, outputs, strict=True):
        d.circle(x, 36, 20, label, fill="orange")
    d.text(10, 130, "input layer", anchor="start", colour="muted")
    d.text(10, 36, "output layer", anchor="start", colour="muted")
    return d


@figure("linear-networks/linreg-network")
def linreg_network():
    """Linear regression as a network with one layer."""
    return _one_layer(
        "Linear regression as a network",
        ["$x_1$", "$x_2$", None, "$x_d$"],
        ["$o_1$"],
    )


@figure("linear-networks/softmax-network")
def softmax_network():
    """Softmax regression as a network with one layer."""
    return _one_layer(
        "Softmax regression as a network",
        [f"$x_{i}$" for i in (1, 2, 3, 4)],
        [f"$o_{j}$" for j in (1, 2, 3)],
    )


@figure("linear-networks/neuron")
def neuron():
    """A nerve cell, from its dendrites to its axon terminals."""
    d = draw.Drawing(
        680,
        250,
        title="A nerve cell",
        desc="Dendrites, cell body with nucleus, axon with myelin, axon terminals.",
    )
    # The branches: (points of a polyline), drawn first, below the body.
    dendrites = [
        [(120, 100), (84, 74), (44, 66)],
        [(84, 74), (66, 42)],
        [(128, 92), (116, 52), (96, 24)],
        [(116, 52), (138, 22)],
        [(110, 122), (66, 124), (24, 110)],
        [(66, 124), (30, 142)],
        [(120, 140), (88, 168), (44, 178)],
        [(88, 168), (72, 204)],
        [(134, 150), (132, 190), (112, 222)],
        [(132, 190), (154, 218)],
    ]
    for points in dendrites:
        d.polyline(points, colour="blue", width=3.2)
    d.polyline([(180, 120), (560, 120)], colour="blue", width=4)
    terminals = [
        [(560, 120), (592, 84), (632, 70)],
        [(592, 84), (612, 48)],
        [(560, 120), (600, 118), (646, 120)],
        [(560, 120), (590, 158), (630, 172)],
        [(590, 158), (606, 196)],
    ]
    for points in terminals:
        d.polyline(points, colour="blue", width=3)
        d.circle(*points[-1], 5, "", fill="strong blue")
    d.ellipse(146, 120, 46, 38, fill="blue", stroke="blue", width=2)
    d.circle(146, 120, 15, "", fill="strong blue")
    # The sheath of the axon: one Schwann cell a segment.
    sheath = [(232 + 82 * i, 107, 68, 26) for i in range(4)]
    for x, y, w, h in sheath:
        d.box(x, y, w, h, "", fill="orange")

    def note(x, y, label, target, **options):
        d.text(x, y, label, size=13, **options)
        d.line((x, y + (-10 if target[1] < y else 10)), target, colour="muted")

    d.text(176, 40, "dendrites", size=13, anchor="start")
    d.line((172, 40), (138, 40), colour="muted")
    d.text(196, 84, "cell body", size=13, anchor="start")
    d.line((194, 88), (182, 98), colour="muted")
    d.text(206, 178, "nucleus", size=13, anchor="start")
    d.line((204, 174), (158, 130), colour="muted")
    note(302, 190, "axon", (307, 123))
    note(400, 60, "myelin sheath (Schwann cells)", (430, 105))
    note(430, 190, "node of Ranvier", (471, 123))
    d.text(604, 226, "axon terminals", size=13)
    d.line((604, 216), (606, 204), colour="muted")
    d.arrow((250, 236), (500, 236), "signal", colour="muted")
    return d
