"""Drawings of Chapter 7: the blocks of modern convolutional networks."""

import math

from press.figures import draw, figure


def vgg_tint(label):
    """Convolutions blue, poolings orange, dense layers green, blocks purple."""
    for word, tint in [
        ("conv", "blue"),
        ("pool", "orange"),
        ("dense", "green"),
        ("block", "purple"),
    ]:
        if word in label:
            return tint
    return "grey"


def vgg_column(d, x, bottom, labels, w):
    """A stack of layers whose first box stands on the line y = bottom."""
    h, gap = 27, 13
    top = bottom - len(labels) * h - (len(labels) - 1) * gap
    return d.stack(
        x,
        top,
        labels,
        w=w,
        h=h,
        gap=gap,
        fill=[vgg_tint(label) for label in labels],
        upwards=True,
        size=13,
    )


@figure("modern-convolutional-networks/vgg-blocks")
def vgg_blocks():
    """AlexNet, a VGG block, and VGG made of such blocks."""
    d = draw.Drawing(
        680,
        530,
        title="From AlexNet to VGG",
        desc="Three stacks, to be read from the bottom: AlexNet, layer by layer; a VGG "
        "block of 3×3 convolutions and a 2×2 max pooling; VGG, five such blocks and "
        "three dense layers.",
    )
    dense = ["dense (4096)", "dense (4096)", "dense (1000)"]
    alexnet = [
        "image",
        "11×11 conv (96), stride 4",
        "3×3 max pool, stride 2",
        "5×5 conv (256), pad 2",
        "3×3 max pool, stride 2",
        "3×3 conv (384), pad 1",
        "3×3 conv (384), pad 1",
        "3×3 conv (256), pad 1",
        "3×3 max pool, stride 2",
        *dense,
    ]
    channels = [64, 128, 256, 512, 512]
    vgg = ["image", *(f"VGG block ({c})" for c in channels), *dense]
    vgg_column(d, 10, 510, alexnet, 190)
    boxes = vgg_column(d, 520, 510, vgg, 150)

    parts = ["3×3 conv, pad 1", "3×3 conv, pad 1", "2×2 max pool, stride 2"]
    frame = d.box(252, 262, 200, 156, fill="none", stroke="purple", dashed=True)
    inside = vgg_column(d, 270, 394, parts, 164)
    middle = frame.centre[0]
    d.arrow((middle, frame.y + frame.h), inside[0].bottom, head=7)
    d.arrow(inside[-1].top, (middle, frame.y), head=7)
    d.text(middle, frame.y - 18, "**a VGG block**", colour="purple")
    note = "here with two convolutions"
    d.text(middle, frame.y + frame.h + 18, note, size=13, colour="muted")
    block = boxes[3]
    for mine, its in [
        ((frame.x + frame.w, frame.y), (block.x, block.y)),
        ((frame.x + frame.w, frame.y + frame.h), (block.x, block.y + block.h)),
    ]:
        d.line(mine, its, colour="purple", dashed=True)
    d.text(105, 14, "**AlexNet**")
    d.text(595, 130, "**VGG**")
    return d


_WIDTH, _HEIGHT, _GAP, _BOTTOM = 156, 30, 12, 384


def nin_column(d, x, title, layers, *, width=_WIDTH):
    """Draw a stack, from the bottom; layers: pairs (label, tint). Returns its Boxes."""
    labels, tints = zip(*layers, strict=True)
    height = len(labels) * (_HEIGHT + _GAP) - _GAP
    boxes = d.stack(
        x,
        _BOTTOM - height,
        labels,
        w=width,
        h=_HEIGHT,
        gap=_GAP,
        fill=tints,
        upwards=True,
        size=12,
    )
    d.text(x + width / 2, _BOTTOM + 22, title, bold=True)
    return boxes


def nin_zoom(d, block, stack):
    """Join the right corners of a stack's frame to the left ones of a box."""
    first, last = stack[0], stack[-1]
    frame = d.rect(
        first.x - 7,
        last.y - 7,
        first.w + 14,
        first.y + first.h - last.y + 14,
        stroke="muted",
        dashed=True,
        radius=6,
    )
    for v in (0, 1):
        d.line(frame.at(1, v), block.at(0, v), colour="muted", width=1, dashed=True)


@figure("modern-convolutional-networks/nin-blocks")
def nin_blocks():
    """VGG and NiN with their blocks, side by side."""
    d = draw.Drawing(
        700,
        418,
        title="VGG and NiN",
        desc="Four stacks: a VGG block, VGG with five blocks and three dense layers, a "
        "NiN block, NiN with four blocks and a global average pooling.",
    )
    vgg_block = nin_column(
        d,
        8,
        "VGG block",
        [
            ("3×3 Conv, ReLU", "blue"),
            ("3×3 Conv, ReLU", "blue"),
            ("2×2 MaxPool", "grey"),
        ],
    )
    vgg = nin_column(
        d,
        192,
        "VGG",
        [(f"VGG block, {c}", "blue") for c in (64, 128, 256, 512, 512)]
        + [(f"Dense, {n}", "red") for n in (4096, 4096, 10)],
        width=128,
    )
    nin_block = nin_column(
        d,
        366,
        "NiN block",
        [
            ("Conv, ReLU", "blue"),
            ("1×1 Conv, ReLU", "purple"),
            ("1×1 Conv, ReLU", "purple"),
        ],
        width=140,
    )
    nin = nin_column(
        d,
        540,
        "NiN",
        [
            ("NiN block, 96", "purple"),
            ("3×3 MaxPool", "grey"),
            ("NiN block, 256", "purple"),
            ("3×3 MaxPool", "grey"),
            ("NiN block, 384", "purple"),
            ("3×3 MaxPool", "grey"),
            ("Dropout", "grey"),
            ("NiN block, 10", "purple"),
            ("GlobalAvgPool", "green"),
        ],
        width=150,
    )
    nin_zoom(d, vgg[0], vgg_block)
    nin_zoom(d, nin[0], nin_block)
    return d


@figure("modern-convolutional-networks/inception")
def googlenet_inception():
    """The Inception block: four paths from one input to one concatenation."""
    d = draw.Drawing(
        680,
        300,
        title="The Inception block",
        desc="An input with 192 channels goes up four paths: 1 × 1 convolution; 1 × 1 "
        "and 3 × 3 convolution; 1 × 1 and 5 × 5 convolution; 3 × 3 max pooling and "
        "1 × 1 convolution. Their outputs are concatenated to 256 channels.",
    )
    width, height, lower, upper = 146, 38, 172, 92
    source = d.box(10, 252, 660, height, "input: 192 channels", fill="blue")
    sink = d.box(10, 10, 660, height, "concatenation: 256 channels", fill="blue")
    one = "1 × 1 Conv"
    paths = [
        (None, (one, "white"), "", 64),
        ((one, "orange"), ("3 × 3 Conv, pad 1", "white"), 96, 128),
        ((one, "orange"), ("5 × 5 Conv, pad 2", "white"), 16, 32),
        (("3 × 3 MaxPool, pad 1", "grey"), (one, "white"), 192, 32),
    ]
    for k, (first, second, between, out) in enumerate(paths):
        x = 16 + 167.5 * k
        y = upper if first else (upper + lower) / 2
        entry = top = d.box(x, y, width, height, second[0], fill=second[1], size=12.5)
        if first:
            entry = d.box(x, lower, width, height, first[0], fill=first[1], size=12.5)
            d.arrow(entry.top, top.bottom)
            gap = (entry.y + top.y + height) / 2
            d.text(top.top[0] + 9, gap, str(between), anchor="start", size=12.5)
        d.arrow((entry.top[0], source.y), entry.bottom)
        d.arrow(top.top, (top.top[0], sink.y + sink.h))
        d.text(
            top.top[0] + 9,
            (top.y + sink.y + sink.h) / 2,
            str(out),
            anchor="start",
            size=12.5,
        )
    return d


@figure("modern-convolutional-networks/norm-axes")
def batch_norm_axes():
    """Which elements share their statistics in four kinds of normalization."""
    d = draw.Drawing(
        680,
        196,
        title="Which elements share a mean and a variance",
        desc="Four tables of examples and channels. Coloured: two columns (batch), two "
        "rows (layer), two cells (instance), two groups of three cells (group).",
    )
    panels = [
        ("**batch**", lambda i, j: {1: "blue", 4: "orange"}.get(j)),
        ("**layer**", lambda i, j: {0: "blue", 2: "orange"}.get(i)),
        ("**instance**", lambda i, j: {(0, 1): "blue", (2, 4): "orange"}.get((i, j))),
        ("**group**", lambda i, j: {(0, 0): "blue", (2, 1): "orange"}.get((i, j // 3))),
    ]
    cell, rows, columns = (23, 26), 4, 6
    for k, (name, tint) in enumerate(panels):
        x = 34 + 166 * k
        grid = d.grid(
            x,
            36,
            [[""] * columns] * rows,
            cell=cell,
            fill=lambda i, j, tint=tint: tint(i, j) or "white",
            title=name,
        )
        for i in range(rows):  # every cell is an image of h × w places
            for j in range(columns):
                box = grid.cell(i, j)
                for u in (1 / 3, 2 / 3):
                    d.line(box.at(u, 0.2), box.at(u, 0.8), colour="line", width=0.6)
                    d.line(box.at(0.15, u), box.at(0.85, u), colour="line", width=0.6)
        d.text(grid.box.centre[0], 156, "channels", size=12, colour="muted")
    d.text(20, 36 + 2 * cell[1], "examples", size=12, colour="muted", rotate=-90)
    d.text(340, 182, "each cell: all places of a channel", size=12, colour="muted")
    return d


@figure("modern-convolutional-networks/batch-norm-modes")
def batch_norm_modes():
    """What flows where in training and in prediction."""
    d = draw.Drawing(
        680,
        330,
        title="Batch normalization in training and in prediction",
        desc="Affine layer, normalization, scale and shift, activation, in two rows. "
        "Above, batch statistics normalise and feed moving averages; below, the "
        "averages normalise.",
    )
    chain = [
        (52, 92, "affine or\nconvolution", "grey"),
        (236, 130, r"$(\mathbf{x} - \mu) \,/\, \sigma$", "orange"),
        (410, 120, r"$\gamma \odot \cdot + \beta$", "green"),
        (574, 92, "activation", "grey"),
    ]
    heights = {"training": 84, "prediction": 256}
    middle = {}
    for mode, y in heights.items():
        boxes = [d.box(x, y, w, 44, label, fill=f) for x, w, label, f in chain]
        for left, right in zip(boxes, boxes[1:], strict=False):
            d.arrow(left.right, right.left, gap=1)
        d.text(20, y + 22, f"**{mode}**", rotate=-90)
        middle[mode] = boxes[1]
    statistics = d.box(194, 14, 214, 34, "mean, variance of the batch", fill="blue")
    averages = d.box(222, 172, 158, 34, "moving averages", fill="purple")
    d.arrow((182, 106), statistics.left, via=[(182, 31)])
    d.arrow(statistics.at(0.5, 1), middle["training"].top, gap=1)
    d.arrow(statistics.right, averages.right, via=[(552, 31), (552, 189)], dashed=True)
    d.text(560, 158, "every step, a little", anchor="start", size=12.5)
    d.arrow(averages.bottom, middle["prediction"].top, gap=1)
    return d


def resnet_class(d, x, y, r, k, label_at):
    """One function class: a circle with its name at an angle in degrees."""
    tint = ("grey", "green", "orange", "purple", "teal", "blue")[k - 1]
    d.circle(x, y, r, fill="none", stroke=tint if tint != "grey" else "ink", width=1.6)
    a = math.radians(label_at)
    d.text(
        x + (r - 13) * math.cos(a),
        y - (r - 13) * math.sin(a),
        f"$ℱ_{k}$",
        colour=tint if tint != "grey" else "ink",
    )


def resnet_target(d, x, y):
    """The truth f*, a filled dot with its name."""
    d.circle(x, y, 4, fill="strong red", stroke="red")
    d.text(x + 9, y - 9, r"$f^{\,*}$", anchor="start", colour="red", size=16)


def resnet_gap(d, target, circle):
    """The dashed line from f* to the nearest point of a circle, which is marked."""
    x, y, r = circle
    far = math.dist(target, (x, y))
    near = (x + (target[0] - x) * r / far, y + (target[1] - y) * r / far)
    d.line(target, near, colour="red", dashed=True)
    d.circle(*near, 3, fill="white", stroke="red")


@figure("modern-convolutional-networks/function-classes")
def resnet_function_classes():
    """Six classes of functions that wander, and six that are nested."""
    d = draw.Drawing(
        640,
        300,
        title="Classes of functions, not nested and nested",
        desc="Left: six circles of growing size wander about a point f*; the third "
        "comes nearest, the sixth is far. Right: six circles, each inside the next, "
        "approach it.",
    )
    wandering = [
        (40, 246, 18, 0),
        (72, 168, 27, 180),
        (112, 108, 36, 180),
        (224, 132, 43, 0),
        (262, 208, 50, 0),
        (172, 232, 58, 270),
    ]
    target = (158, 62)
    for k, (x, y, r, label_at) in enumerate(wandering, 1):
        resnet_class(d, x, y, r, k, label_at)
    for k in (3, 6):
        resnet_gap(d, target, wandering[k - 1][:3])
    resnet_target(d, *target)
    d.text(160, 14, "**not nested**")

    target = (480, 50)
    nested = [(480, 240 - 11 * k, 4 + 16 * k, 90) for k in range(1, 7)]
    for k, (x, y, r, label_at) in enumerate(nested, 1):
        resnet_class(d, x, y, r, k, label_at)
    resnet_gap(d, target, nested[-1][:3])
    resnet_target(d, *target)
    d.text(480, 14, "**nested**")
    return d


def resnet_column(d, x, bottom, labels, width=124):
    """Boxes upwards from `bottom`, joined by arrows. Returns them, lowest first."""
    boxes, step, height = [], 44, 28
    for i, (label, tint) in enumerate(labels):
        y = bottom - height - step * i
        boxes.append(d.box(x - width / 2, y, width, height, label, fill=tint, size=13))
        if i:
            d.arrow(boxes[-2].top, boxes[-1].bottom, head=7)
    return boxes


@figure("modern-convolutional-networks/residual-idea")
def resnet_residual_idea():
    """A plain block, which learns f, and a residual one, which learns f - x."""
    d = draw.Drawing(
        640,
        340,
        title="A plain block and a residual block",
        desc="Left: two weight layers with an activation between, then an activation. "
        "Right: the same, but the input is added before the last activation.",
    )
    learned = [("weights", "blue"), ("activation", "grey"), ("weights", "blue")]
    for x, name, learns in (
        (160, "**plain block**", r"learns $f(\mathbf{x})$"),
        (
            450,
            "**residual block**",
            r"learns $g(\mathbf{x}) = f(\mathbf{x}) - "
            r"\mathbf{x}$",
        ),
    ):
        boxes = resnet_column(d, x, 258, learned)
        frame = d.rect(x - 76, 128, 152, 142, dashed=True, stroke="ink", radius=6)
        d.text(x, 12, name)
        d.arrow((x, 312), boxes[0].bottom, head=7)
        d.text(x, 324, r"$\mathbf{x}$", size=16)
        last = d.box(x - 62, 42, 124, 28, "activation", fill="grey", size=13)
        d.arrow(last.top, (x, 22), head=7)
        if x == 160:
            d.arrow(boxes[-1].top, last.bottom, head=7)
            d.text(x + 10, 100, r"$f(\mathbf{x})$", anchor="start")
            d.text(x + 84, 199, learns, anchor="start", size=13, colour="muted")
            continue
        plus = d.circle(x, 100, 12, "$+$", fill="orange", size=17)
        d.arrow(boxes[-1].top, plus.bottom, head=7)
        d.arrow(plus.top, last.bottom, head=7)
        side = x - 104
        d.circle(x, 290, 2.5, fill="strong orange", stroke="orange")
        d.arrow(
            (x, 290),
            plus.left,
            via=((side, 290), (side, 100)),
            colour="orange",
            width=2.2,
        )
        d.text(side - 10, 199, "shortcut", rotate=-90, size=13, colour="orange")
        d.text(
            x + 18, 84, r"$f(\mathbf{x}) = g(\mathbf{x}) + \mathbf{x}$", anchor="start"
        )
        d.text(
            frame.x + frame.w + 8,
            185,
            "learns",
            anchor="start",
            size=13,
            colour="muted",
        )
        d.text(
            frame.x + frame.w + 8,
            207,
            r"$g(\mathbf{x})$",
            anchor="start",
            size=13,
            colour="muted",
        )
    return d


@figure("modern-convolutional-networks/residual-block")
def resnet_residual_block():
    """The block of the code, without and with a 1 x 1 convolution."""
    d = draw.Drawing(
        640,
        400,
        title="Residual blocks without and with a 1×1 convolution",
        desc="Upwards: 3×3 convolution, batch normalization, ReLU, 3×3 convolution, "
        "batch normalization, addition of the input, ReLU. On the right the input "
        "goes through a 1×1 convolution first.",
    )
    layers = [
        ("3×3 Conv", "blue"),
        ("BatchNorm", "green"),
        ("ReLU", "grey"),
        ("3×3 Conv", "blue"),
        ("BatchNorm", "green"),
    ]
    for x, code in ((190, "`Residual(c)`"), (520, "`Residual(c, True, strides=2)`")):
        boxes = resnet_column(d, x, 346, layers, width=112)
        d.text(x - 40, 12, code, size=13)
        d.text(x, 390, r"$\mathsf{X}$")
        d.arrow((x, 380), boxes[0].bottom, head=7)
        plus = d.circle(x, 116, 12, "$+$", fill="orange", size=17)
        d.arrow(boxes[-1].top, plus.bottom, head=7)
        last = d.box(x - 56, 56, 112, 28, "ReLU", fill="grey", size=13)
        d.arrow(plus.top, last.bottom, head=7)
        d.arrow(last.top, (x, 30), head=7)
        side = x - 122
        d.circle(x, 366, 2.5, fill="strong orange", stroke="orange")
        line = {"colour": "orange", "width": 2.2}
        if x == 190:
            d.arrow((x, 366), plus.left, via=((side, 366), (side, 116)), **line)
            continue
        one = d.box(side - 50, 230, 100, 28, "1×1 Conv", fill="purple", size=13)
        d.arrow((x, 366), one.bottom, via=((side, 366),), **line)
        d.arrow(one.top, plus.left, via=((side, 116),), **line)
    return d


def densenet_bar(d, x, y, parts):
    """A tensor seen from the side: a bar of (width, tint, label) parts, centred on x.

    Returns the Boxes of its parts.
    """
    left = x - sum(width for width, *_ in parts) / 2
    boxes = []
    for width, tint, label in parts:
        boxes.append(d.box(left, y, width, 30, label, fill=tint, radius=0))
        left += width
    return boxes


@figure("modern-convolutional-networks/densenet-add-concat")
def densenet_add_concat():
    """A residual block adds at its end; a dense one concatenates."""
    d = draw.Drawing(
        640,
        300,
        title="Addition and concatenation",
        desc="Left: x and g(x) are added to a bar as wide as x. Right: x and f1(x) are "
        "laid side by side to a wider bar.",
    )
    width = 110
    columns = [
        (
            140,
            "**residual block**",
            "$g$",
            "+",
            [(width, "purple", r"$\mathbf{x} + g(\mathbf{x})$")],
        ),
        (
            470,
            "**dense block**",
            "$f_1$",
            "[ , ]",
            [
                (width, "blue", r"$\mathbf{x}$"),
                (width * 0.7, "orange", r"$f_1(\mathbf{x})$"),
            ],
        ),
    ]
    for x, name, function, join, result in columns:
        d.text(x, 14, name)
        densenet_bar(d, x, 44, result)
        (source,) = densenet_bar(d, x, 256, [(width, "blue", r"$\mathbf{x}$")])
        box = d.box(x - 30, 178, 60, 40, function, fill="orange")
        d.circle(x, 118, 18, join, fill="white")
        d.arrow(source.top, box.bottom)
        d.arrow(box.top, (x, 136))
        d.arrow((x, 100), (x, 75))
        side = x - 88
        d.arrow((x, 238), (x - 19, 118), via=[(side, 238), (side, 118)])
    return d


@figure("modern-convolutional-networks/densenet-connections")
def densenet_connections():
    """A dense block of four layers: every layer reads all that come before it."""
    d = draw.Drawing(
        680,
        196,
        title="Dense connections",
        desc="Boxes x, f1, f2, f3, f4 and what follows in a row; arcs lead from each "
        "to every later one.",
    )
    labels = [r"$\mathbf{x}$", "$f_1$", "$f_2$", "$f_3$", "$f_4$", "next"]
    colours = ["blue", "orange", "green", "purple", "teal"]
    fills = [*colours, "grey"]
    pitch, size, y = 124, 46, 140
    boxes = [
        d.box(8 + pitch * i, y, size, size, label, fill=fill)
        for i, (label, fill) in enumerate(zip(labels, fills, strict=True))
    ]
    for i, colour in enumerate(colours):
        d.arrow(boxes[i].right, boxes[i + 1].left, colour=colour)
        for j in range(i + 2, len(boxes)):
            p = boxes[i].at(0.75, 0)
            q = boxes[j].at(0.1 + 0.16 * i, 0)
            d.arrow(p, q, colour=colour, bend=28 * (j - i) - 14)
    return d
