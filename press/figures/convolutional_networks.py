"""Drawings of Chapter 6, Convolutional Neural Networks."""

from press.figures import draw, figure


def why_conv_tint(offset):
    """A tint for the weight of an offset from -4 to 4, the same in all panels."""
    tints = {0: "blue", 1: "orange", -1: "green", 2: "purple", -2: "red"}
    return tints.get(offset, "teal" if offset == 3 else "grey")


@figure("convolutional-networks/matrices")
def why_conv_matrices():
    """Three weight matrices: any, constant along diagonals, and banded."""
    d = draw.Drawing(
        680,
        240,
        title="From a fully connected layer to a convolutional one",
        desc="Three matrices of weights: all different; constant along diagonals; only "
        "three diagonals left.",
    )
    n, cell = 5, 36
    panels = [
        (
            6,
            "**any weights**",
            f"{n * n} weights",
            lambda i, j: f"$w_{{{i + 1}{j + 1}}}$",
            lambda i, j: "white",
        ),
        (
            250,
            "**translation invariant**",
            f"{2 * n - 1} weights",
            lambda i, j: f"$v_{{{j - i}}}$",
            lambda i, j: why_conv_tint(j - i),
        ),
        (
            494,
            "**and local**",
            "3 weights",
            lambda i, j: f"$v_{{{j - i}}}$" if abs(j - i) < 2 else "",
            lambda i, j: why_conv_tint(j - i) if abs(j - i) < 2 else "white",
        ),
    ]
    for x, name, count, label, fill in panels:
        values = [[label(i, j) for j in range(n)] for i in range(n)]
        grid = d.grid(x, 28, values, cell=cell, fill=fill, size=13, title=name)
        d.text(grid.box.centre[0], grid.box.y + grid.box.h + 16, count, colour="muted")
    for x in (192, 436):
        d.arrow((x, 118), (x + 52, 118))
    return d


def why_conv_sheet(d, x, y, size, shaded, tint, label):
    """One channel, seen from the side: a slanted grid with some cells shaded."""

    def corner(i, j):
        return (x + 10 * j, y + 19 * i - 5 * j)

    for i in range(size):
        for j in range(size):
            d.polygon(
                [
                    corner(i, j),
                    corner(i, j + 1),
                    corner(i + 1, j + 1),
                    corner(i + 1, j),
                ],
                fill=tint if (i, j) in shaded else "white",
                stroke="line",
            )
    d.text(x + 5 * size, corner(size, 0)[1] + 14, label, size=13)


@figure("convolutional-networks/channel-stacks")
def why_conv_channel_stacks():
    """A window through all input channels and the hidden vector that it gives."""
    d = draw.Drawing(
        640,
        210,
        title="A convolutional layer with channels",
        desc="Three input channels with a shaded window; an arrow; four output "
        "channels with one shaded cell each.",
    )
    window = {(i, j) for i in (1, 2, 3) for j in (2, 3, 4)}
    for k in range(3):
        label = f"$c = {k + 1}$"
        why_conv_sheet(d, 10 + 78 * k, 40, 6, window, "blue", label)
    for k in range(4):
        label = f"$d = {k + 1}$"
        why_conv_sheet(d, 328 + 78 * k, 40, 6, {(2, 3)}, "orange", label)
    d.arrow((240, 80), (318, 80), r"$[\mathsf{V}]_{a,b,c,d}$", width=2, size=14)
    d.text(118, 196, r"input $[\mathsf{X}]_{i,j,c}$", colour="muted")
    d.text(476, 196, r"output $[\mathsf{H}]_{i,j,d}$", colour="muted")
    return d


@figure("convolutional-networks/windows")
def conv_layer_windows():
    """The cross-correlation of a 3 x 3 input with a 2 x 2 kernel."""
    d = draw.Drawing(
        620,
        330,
        title="Two-dimensional cross-correlation",
        desc="Input 0 to 8, kernel 0 to 3, output 19, 25, 37, 43; below, the four "
        "positions of the window.",
    )

    def shade(i0, j0, tint):
        return lambda i, j: tint if i - i0 in (0, 1) and j - j0 in (0, 1) else "white"

    source = [[3 * i + j for j in range(3)] for i in range(3)]
    sums = [[19, 25], [37, 43]]
    d.grid(60, 36, source, fill=shade(0, 0, "blue"), cell=38, title="input")
    d.text(216, 93, "∗", size=22)
    d.grid(256, 55, [[0, 1], [2, 3]], fill="orange", cell=38, title="kernel")
    d.text(372, 93, "=", size=22)
    first = [["green", "white"], ["white", "white"]]
    d.grid(416, 55, sums, fill=first, cell=38, title="output")
    for n, (i, j) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        x = 28 + 150 * n
        grid = d.grid(x, 192, source, fill=shade(i, j, "blue"), cell=32, size=13)
        y = grid.box.y + grid.box.h
        d.arrow((grid.box.centre[0], y + 4), (grid.box.centre[0], y + 22), head=7)
        d.text(grid.box.centre[0], y + 33, f"**{sums[i][j]}**")
    return d


@figure("convolutional-networks/receptive-field")
def conv_layer_receptive_field():
    """A receptive field in one dimension, through three layers."""
    d = draw.Drawing(
        680,
        290,
        title="A receptive field",
        desc="One element of layer 3 is joined to 3 elements of layer 2, 7 of layer 1 "
        "and 9 of the input.",
    )
    side, pitch, left = 26, 36, 134
    # For each layer: centres in units of the input, shaded indices, row, label, tint.
    rows = [
        (list(range(15)), range(2, 11), 248, "input", "green"),
        ([i + 1 for i in range(13)], range(2, 9), 176, "layer 1", "blue"),
        ([2 * i + 2 for i in range(6)], range(1, 4), 104, "layer 2\nstride 2", "blue"),
        ([2 * i + 4 for i in range(4)], range(1, 2), 32, "layer 3", "orange"),
    ]
    strides = [1, 2, 1]
    for level, stride in enumerate(strides):
        below, above = rows[level], rows[level + 1]
        for i in above[1]:
            for k in range(3):
                p = left + pitch * above[0][i], above[2] + side / 2
                q = left + pitch * below[0][stride * i + k], below[2] - side / 2
                d.line(p, q, colour="muted", width=1.1)
    for centres, shaded, y, label, tint in rows:
        for i, c in enumerate(centres):
            x = left + pitch * c - side / 2
            fill = tint if i in shaded else "white"
            d.rect(x, y - side / 2, side, side, fill=fill, stroke="line")
        d.text(10, y, label, anchor="start", colour="muted")
    return d


# 6.3 Padding and stride

_PADDING_INPUT = [[3 * i + j for j in range(3)] for i in range(3)]
_PADDING_KERNEL = [[0, 1], [2, 3]]


def _padding_padded(rows, width):
    """Rows of numbers with `width` zeros on every side."""
    blank = [0] * (len(rows[0]) + 2 * width)
    middle = [[0] * width + row + [0] * width for row in rows]
    return [blank] * width + middle + [blank] * width


def _padding_corr(rows, kernel, down, right):
    """Cross-correlate rows of numbers with a kernel and strides (down, right)."""
    k_h, k_w = len(kernel), len(kernel[0])
    return [
        [
            sum(
                rows[i + a][j + b] * kernel[a][b]
                for a in range(k_h)
                for b in range(k_w)
            )
            for j in range(0, len(rows[0]) - k_w + 1, right)
        ]
        for i in range(0, len(rows) - k_h + 1, down)
    ]


def _padding_row(d, y, windows, output, *, output_fill):
    """Draw padded input, kernel and output in a row; windows: {(i, j): tint}."""
    padded = _padding_padded(_PADDING_INPUT, 1)
    n, cell = len(padded), 38

    def outside(i, j):
        return i in (0, n - 1) or j in (0, n - 1)

    def tint(i, j):
        for (top, left), colour in windows.items():
            if top <= i < top + 2 and left <= j < left + 2:
                return colour
        return "none"

    centre = y + n * cell / 2
    d.grid(
        10,
        y,
        padded,
        cell=cell,
        fill=tint,
        dashed=outside,
        colour=lambda i, j: "muted" if outside(i, j) else "ink",
    )
    edge = 10 + cell, y + cell, 3 * cell, 3 * cell
    d.rect(*edge, stroke="ink", width=1.6)
    d.text(10 + n * cell / 2, y - 14, "input, padded")
    d.text(236, centre, "∗", size=20)
    kernel = d.grid(
        268, centre - cell, _PADDING_KERNEL, cell=cell, fill="blue", stroke="blue"
    )
    d.text(kernel.box.centre[0], y - 14, "kernel")
    d.text(380, centre, "=", size=20)
    rows = len(output)
    result = d.grid(414, centre - rows * cell / 2, output, cell=cell, fill=output_fill)
    d.text(result.box.centre[0], y - 14, "output")


@figure("convolutional-networks/padding")
def padding():
    """A padded input, a kernel and the larger output."""
    d = draw.Drawing(
        580,
        232,
        title="Cross-correlation with padding",
        desc="A 3 by 3 input with a dashed frame of zeros, a 2 by 2 kernel, and a "
        "4 by 4 output.",
    )
    output = _padding_corr(
        _padding_padded(_PADDING_INPUT, 1), _PADDING_KERNEL, down=1, right=1
    )
    _padding_row(
        d,
        34,
        {(0, 0): "orange"},
        output,
        output_fill=lambda i, j: "orange" if i == j == 0 else "none",
    )
    return d


@figure("convolutional-networks/strides")
def strides():
    """Two windows that are three rows and two columns apart."""
    d = draw.Drawing(
        510,
        232,
        title="Cross-correlation with strides 3 and 2",
        desc="Two shaded windows in a padded 3 by 3 input and the two outputs that "
        "they give.",
    )
    output = _padding_corr(
        _padding_padded(_PADDING_INPUT, 1), _PADDING_KERNEL, down=3, right=2
    )
    tints = {(0, 1): "orange", (1, 0): "green"}
    _padding_row(
        d,
        34,
        {(3 * i, 2 * j): tint for (i, j), tint in tints.items()},
        output,
        output_fill=lambda i, j: tints.get((i, j), "none"),
    )
    return d


# 6.5 Pooling


@figure("convolutional-networks/pooling")
def pooling():
    """The maximum and the mean of each window of 2 by 2."""
    d = draw.Drawing(
        600,
        176,
        title="Max pooling and average pooling",
        desc="A 3 by 3 input with one window of 2 by 2 shaded, and the maxima and the "
        "means of its four windows.",
    )
    cell, y = 38, 36
    values = _PADDING_INPUT

    def pooled(function):
        return [
            [
                function([values[i + a][j + b] for a in range(2) for b in range(2)])
                for j in range(2)
            ]
            for i in range(2)
        ]

    grid = d.grid(
        10,
        y,
        values,
        cell=cell,
        fill=lambda i, j: "orange" if i < 2 and j < 2 else "none",
    )
    d.text(grid.box.centre[0], y - 14, "input")
    top = grid.box.centre[1] - cell
    for x, name, function in [
        (270, "maximum", max),
        (478, "mean", lambda window: sum(window) / len(window)),
    ]:
        result = d.grid(
            x,
            top,
            pooled(function),
            cell=cell,
            fill=lambda i, j: "orange" if i == j == 0 else "none",
        )
        d.text(result.box.centre[0], y - 14, name)
    d.arrow(
        (136, grid.box.centre[1]), (258, grid.box.centre[1]), "window $2 \\times 2$"
    )
    d.text(410, grid.box.centre[1], "or", colour="muted")
    return d


@figure("convolutional-networks/channels-multi-in")
def channels_multi_in():
    """Draw a cross-correlation with two input channels, its first element shaded."""
    d = draw.Drawing(
        660,
        262,
        title="Cross-correlation with two input channels",
        desc="Each of two 3 by 3 inputs meets its own 2 by 2 kernel; the results are "
        "added to 56, 72, 104 and 120.",
    )

    def window(i, j):
        return "blue" if i < 2 and j < 2 else "white"

    def first(i, j):
        return "orange" if i == j == 0 else "white"

    channels = [
        ("channel 1", 0, [[19, 25], [37, 43]]),
        ("channel 2", 1, [[37, 47], [67, 77]]),
    ]
    for k, (name, start, result) in enumerate(channels):
        y = 34 + 120 * k
        middle = y + 48
        numbers = [[start + 3 * i + j for j in range(3)] for i in range(3)]
        d.text(84, middle, name, anchor="end", size=12.5, colour="muted")
        d.grid(94, y, numbers, cell=32, fill=window)
        d.text(210, middle, "∗", size=18)
        kernel = [[start, start + 1], [start + 2, start + 3]]
        d.grid(230, middle - 32, kernel, cell=32, fill="blue")
        d.text(314, middle, "=", size=18)
        d.grid(334, middle - 34, result, cell=34, fill=first)
    d.text(368, 142, "+", size=18)
    d.brace((412, 34), (412, 250), depth=14)
    d.text(448, 142, "=", size=18)
    total = d.grid(468, 98, [[56, 72], [104, 120]], cell=44, fill=first)
    for x, label in [
        (142, "input"),
        (262, "kernel"),
        (368, "by channel"),
        (total.box.centre[0], "output"),
    ]:
        d.text(x, 14, label, bold=True, size=13)
    return d


def channels_cards(d, x, y, count, size, cell, fill):
    """Draw grids behind one another, each a cell further up and to the right.

    (x, y): the front one's upper left corner; fill: (channel, i, j) -> tint.
    """
    for c in reversed(range(count)):
        d.grid(
            x + cell * c,
            y - cell * c,
            [[""] * size for _ in range(size)],
            cell=cell,
            fill=lambda i, j, c=c: fill(c, i, j),
        )


@figure("convolutional-networks/channels-1x1")
def channels_1x1():
    """Draw a 1 × 1 convolution from three channels to two."""
    d = draw.Drawing(
        640,
        216,
        title="A 1 × 1 convolution",
        desc="The same pixel in three input channels, weighted by a kernel, gives that "
        "pixel in each of two output channels.",
    )
    cell, y, strong = 30, 84, ("orange", "green")

    def one_pixel(i, j):
        return i == 0 and j == 2

    channels_cards(
        d, 20, y, 3, 3, cell, lambda c, i, j: "blue" if one_pixel(i, j) else "white"
    )
    d.text(200, 99, "∗", size=18)
    for k in range(2):
        channels_cards(
            d, 232 + 116 * k, 114, 3, 1, cell, lambda c, i, j, k=k: strong[k]
        )
    d.text(472, 99, "=", size=18)
    channels_cards(
        d,
        496,
        y,
        2,
        3,
        cell,
        lambda c, i, j: strong[c] if one_pixel(i, j) else "white",
    )
    low = y + 3 * cell + 22
    d.text(96, low, "input: 3 channels", size=13)
    for k in range(2):
        d.text(262 + 116 * k, low - 34, f"for output {k + 1}", size=12, colour="muted")
    d.text(334, low, "kernel: 2 × 3 numbers", size=13)
    d.text(556, low, "output: 2 channels", size=13)
    return d


@figure("convolutional-networks/channels-groups")
def channels_groups():
    """Draw which input channel is joined to which output channel, in three ways."""
    d = draw.Drawing(
        620,
        196,
        title="Full, grouped and depth-wise convolutions",
        desc="Four inputs and four outputs: all joined; joined in two groups; joined "
        "one to one.",
    )
    for k, (name, groups) in enumerate(
        [("full, $g = 1$", 1), ("grouped, $g = 2$", 2), ("depth-wise, $g = 4$", 4)]
    ):
        left, right = 52 + 206 * k, 156 + 206 * k
        size = 4 // groups
        for a in range(4):
            for b in range(4):
                if a // size == b // size:
                    d.line(
                        (left + 12, 22 + 40 * a),
                        (right - 12, 22 + 40 * b),
                        colour="line",
                        width=1.3,
                    )
        tints = ("blue", "orange", "green", "purple")
        for a in range(4):
            for x in (left, right):
                tint = tints[a // size] if groups > 1 else "blue"
                d.circle(x, 22 + 40 * a, 12, fill=tint)
        d.text((left + right) / 2, 176, name, size=13)
    return d
