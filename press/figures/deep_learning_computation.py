"""Drawings of Chapter 5, Deep Learning Computation."""

from press.figures import draw, figure


@figure("deep-learning-computation/model-levels")
def model_levels():
    """A neuron, a layer, a block and a model: inputs below, outputs above."""
    d = draw.Drawing(
        690,
        268,
        title="Four sizes of the same thing",
        desc="A neuron, a layer, a block of two layers and a model of a block and an "
        "output layer, each with inputs, outputs and parameters.",
    )
    top, bottom = 44, 226

    def column(x, name, below, above):
        d.text(x, 16, name, bold=True)
        d.text(x, bottom + 22, below, size=12.5, colour="muted")
        d.text(x, top - 4, above, size=12.5, colour="muted")

    # A neuron.
    x = 84
    column(x, "neuron", "a vector", "a number")
    y = 136
    for dx in (-34, 0, 34):
        d.arrow((x + dx, bottom + 8), (x, y), gap=21)
    d.circle(x, y, 20, r"$\sum$", fill="orange")
    d.arrow((x, y - 20), (x, top + 8), gap=1)
    d.text(x + 28, y, r"$\mathbf{w}, b$", anchor="start", size=13)

    # A layer.
    x = 250
    column(x, "layer", "a vector", "a vector")
    for dx in (-34, 0, 34):
        d.arrow((x + dx, bottom + 8), (x + dx, y + 32), gap=1)
        d.arrow((x + dx, y - 32), (x + dx, top + 8), gap=1)
    d.rect(x - 62, y - 30, 124, 60, fill="blue", stroke="blue", radius=5)
    for dx in (-40, -13, 14, 41):
        d.circle(x + dx, y, 10, fill="orange")
    d.text(x + 68, y, r"$\mathbf{W}, \mathbf{b}$", anchor="start", size=13)

    # A block.
    x = 432
    column(x, "block", "a tensor", "a tensor")
    d.arrow((x, bottom + 8), (x, 200), gap=1)
    d.rect(x - 72, 76, 144, 122, fill="green", stroke="green", radius=5)
    d.box(x - 56, 150, 112, 32, "layer", fill="blue")
    d.box(x - 56, 92, 112, 32, "layer", fill="blue")
    d.arrow((x, 150), (x, 124), gap=1, head=7)
    d.arrow((x, 76), (x, top + 8), gap=1)

    # A model.
    x = 610
    column(x, "model", "the features", "the predictions")
    d.arrow((x, bottom + 8), (x, 214), gap=1)
    d.rect(x - 72, 64, 144, 148, fill="grey", stroke="muted", radius=5)
    d.box(x - 58, 164, 116, 34, "block", fill="green")
    d.box(x - 58, 120, 116, 30, "block", fill="green")
    d.box(x - 58, 76, 116, 30, "layer", fill="blue")
    d.arrow((x, 164), (x, 150), gap=1, head=6)
    d.arrow((x, 120), (x, 106), gap=1, head=6)
    d.arrow((x, 64), (x, top + 8), gap=1)
    return d


@figure("deep-learning-computation/model-blocks")
def model_blocks():
    """Layers make a block, blocks make a stage, stages make ResNet-152."""
    d = draw.Drawing(
        690,
        330,
        title="Layers make blocks, blocks make a model",
        desc="Three layers form a block; 3, 8, 36 and 3 such blocks form four stages; "
        "with a first and a last layer they form a model of 152 layers.",
    )
    d.text(80, 16, "block", bold=True)
    d.text(320, 16, "stage", bold=True)
    d.text(580, 16, "model", bold=True)

    # The block.
    d.rect(16, 104, 128, 150, fill="green", stroke="green", radius=5)
    d.stack(30, 118, ["layer", "layer", "layer"], w=100, h=32, gap=13, upwards=True)
    d.arrow((80, 284), (80, 254), gap=1)
    d.arrow((80, 104), (80, 74), gap=1)
    d.text(80, 306, "3 layers", size=12.5, colour="muted")

    # A stage.
    stage = d.rect(254, 56, 132, 220, fill="orange", stroke="orange", radius=5)
    d.box(268, 228, 104, 34, "block", fill="green")
    d.box(268, 176, 104, 34, "block", fill="green")
    d.box(268, 70, 104, 34, "block", fill="green")
    d.text(320, 140, r"$\vdots$", size=18)
    d.arrow((320, 228), (320, 210), gap=1, head=7)
    d.arrow((320, 176), (320, 156), gap=1, head=7)
    d.arrow((320, 124), (320, 104), gap=1, head=7)
    d.text(320, 306, "8 blocks, 24 layers", size=12.5, colour="muted")
    for a, b in (((144, 104), (268, 176)), ((144, 254), (268, 210))):
        d.line(a, b, colour="line", dashed=True, width=1.1)

    # The model.
    d.rect(510, 34, 140, 254, fill="grey", stroke="muted", radius=5)
    rows = [
        ("first layer", "blue"),
        ("3 blocks", "orange"),
        ("8 blocks", "orange"),
        ("36 blocks", "orange"),
        ("3 blocks", "orange"),
        ("last layer", "blue"),
    ]
    boxes = []
    for i, (label, fill) in enumerate(rows):
        boxes.append(d.box(526, 250 - 41 * i, 108, 28, label, fill=fill))
    for a, b in zip(boxes, boxes[1:], strict=False):
        d.arrow(a.top, b.bottom, gap=1, head=6)
    third = boxes[2]
    for a, b in (
        ((stage.x + stage.w, stage.y), third.at(0, 0)),
        ((stage.x + stage.w, stage.y + stage.h), third.at(0, 1)),
    ):
        d.line(a, b, colour="line", dashed=True, width=1.1)
    d.text(580, 306, "152 layers", size=12.5, colour="muted")
    return d


@figure("deep-learning-computation/model-chimera")
def model_chimera():
    """The chimera: NestMLP, a layer, and FixedHiddenMLP with its loop."""
    d = draw.Drawing(
        700,
        264,
        title="The chimera",
        desc="NestMLP, a dense layer and FixedHiddenMLP in a row. Inside NestMLP lies "
        "a Sequential of two layers and one more layer; inside FixedHiddenMLP the same "
        "layer is used twice, and a loop halves.",
    )
    y, h = 112, 36
    centre = y + h / 2
    d.text(14, 20, "`chimera`: Sequential", anchor="start")
    d.rect(8, 34, 684, 222, fill="grey", stroke="muted", radius=6)

    # NestMLP.
    d.rect(34, 62, 204, 130, fill="green", stroke="green", radius=5)
    d.text(136, 78, "NestMLP", size=13)
    d.rect(44, 92, 118, 74, fill="white", stroke="green", radius=5)
    d.text(103, 104, "Sequential", size=12)
    a = d.box(50, y + 6, 48, h, "64", fill="blue")
    b = d.box(110, y + 6, 48, h, "32", fill="blue")
    c = d.box(180, y + 6, 48, h, "16", fill="blue")
    d.arrow(a.right, b.left, gap=1, head=6)
    d.arrow(b.right, c.left, gap=1, head=6)
    d.text(136, 210, "Dense layers with ReLU", size=12, colour="muted")

    # The layer between.
    e = d.box(266, y + 6, 60, h, "20", fill="blue")
    d.text(296, 210, "Dense layer", size=12, colour="muted")
    d.arrow(c.right, e.left, gap=1, head=6)
    d.arrow((14, centre + 6), a.left, gap=1, head=6)

    # FixedHiddenMLP.
    d.rect(354, 62, 326, 174, fill="orange", stroke="orange", radius=5)
    d.text(517, 78, "FixedHiddenMLP", size=13)
    f = d.box(364, y + 6, 58, h, "`dense`", fill="blue")
    g = d.box(440, y + 6, 62, h, r"$\cdot\; \mathbf{R} + 1$", fill="grey", size=13)
    i = d.box(520, y + 6, 58, h, "`dense`", fill="blue")
    j = d.box(596, y + 6, 34, h, "$/2$", fill="white")
    d.arrow(e.right, f.left, gap=1, head=6)
    d.arrow(f.right, g.left, gap=1, head=6)
    d.arrow(g.right, i.left, gap=1, head=6)
    d.arrow(i.right, j.left, gap=1, head=6)
    d.text(655, centre + 6, r"$\sum$", size=17)
    d.arrow(j.right, (649, centre + 6), gap=1, head=6)
    d.arrow(
        j.at(0.75, 0),
        j.at(0.25, 0),
        via=[(j.at(0.75, 0)[0], 98), (j.at(0.25, 0)[0], 98)],
        head=6,
    )
    d.text(613, 180, "while $> 1$", size=12, colour="muted")
    # The two uses of one layer.
    low = 200
    d.polyline(
        [(393, y + 6 + h), (393, low), (549, low), (549, y + 6 + h)],
        colour="blue",
        dashed=True,
    )
    d.text(471, low + 16, "one layer, used twice", size=12, colour="blue")
    d.text(471, 174, "constant", size=12, colour="muted")
    return d


@figure("deep-learning-computation/parameters-tree")
def parameters_tree():
    """The tree of rgnet, with the index of each child on its branch."""
    d = draw.Drawing(
        700,
        300,
        title="The tree of rgnet",
        desc="The root has two children; the first has four, each with two layers. The "
        "path 0, 1, 0 is marked.",
    )

    def branch(p, q, index, marked=False):
        colour = "red" if marked else "muted"
        d.line(p, q, colour=colour, width=2.4 if marked else 1.2)
        x, y = p[0] + 0.62 * (q[0] - p[0]), p[1] + 0.62 * (q[1] - p[1])
        d.circle(x, y, 9, fill="white", stroke=colour)
        d.text(x, y, f"{index}", size=12, colour=colour)

    root = d.box(418, 8, 150, 34, "`rgnet`", fill="grey")
    left = d.box(232, 84, 160, 34, "`block2()`", fill="green")
    last = d.box(568, 84, 118, 34, "Dense 10", fill="blue")
    branch(root.at(0.3, 1), left.top, 0, marked=True)
    branch(root.at(0.7, 1), last.top, 1)
    for i in range(4):
        x = 8 + 156 * i
        block = d.box(x + 12, 166, 124, 34, "`block1()`", fill="orange")
        branch(left.at(0.14 + 0.24 * i, 1), block.top, i, marked=i == 1)
        for j, label in enumerate(("Dense\n32", "Dense\n16")):
            leaf = d.box(
                x + 6 + 72 * j,
                250,
                64,
                42,
                label,
                fill="blue",
                size=13,
                stroke="red" if (i, j) == (1, 0) else None,
                width=2.4 if (i, j) == (1, 0) else 1.2,
            )
            branch(block.at(0.25 + 0.5 * j, 1), leaf.top, j, marked=(i, j) == (1, 0))
    d.text(112, 40, "red: `rgnet[0][1][0]`", colour="red", size=13)
    return d


@figure("deep-learning-computation/parameters-tied")
def parameters_tied():
    """Four layers; the second and the third point at the same parameters."""
    d = draw.Drawing(
        680,
        236,
        title="Two layers, one set of parameters",
        desc="A chain of four layers. Layers 1 and 2 point to the same weight and "
        "bias, the others to their own; the two gradients are added.",
    )
    y, h = 30, 42
    boxes = []
    for i in range(4):
        fill = "green" if i in (1, 2) else "blue"
        boxes.append(d.box(46 + 164 * i, y, 110, h, f"`net[{i}]`", fill=fill))
    d.arrow((8, y + h / 2), boxes[0].left, gap=1)
    for a, b in zip(boxes, boxes[1:], strict=False):
        d.arrow(a.right, b.left, gap=1)
    d.arrow(boxes[3].right, (676, y + h / 2), gap=1)
    first = d.box(46, 152, 110, 40, r"$\mathbf{W}_0, \mathbf{b}_0$", fill="grey")
    tied = d.box(292, 152, 110, 40, r"$\mathbf{W}, \mathbf{b}$", fill="orange")
    final = d.box(538, 152, 110, 40, r"$\mathbf{W}_3, \mathbf{b}_3$", fill="grey")
    d.arrow(boxes[0].bottom, first.top, gap=2, both=True, colour="muted")
    d.arrow(boxes[3].bottom, final.top, gap=2, both=True, colour="muted")
    d.arrow(boxes[1].bottom, tied.at(0.25, 0), gap=2, both=True, colour="red")
    d.arrow(boxes[2].bottom, tied.at(0.75, 0), gap=2, both=True, colour="red")
    d.text(347, 100, "values up,\ngradients down", size=12.5, colour="red")
    d.text(347, 214, "one tensor; the two gradients are added", size=13)
    return d


@figure("deep-learning-computation/deferred-states")
def deferred_states():
    """The states of a parameter whose shape is not known at first."""
    d = draw.Drawing(
        700,
        262,
        title="The states of a parameter",
        desc="Declared, registered, shape known, initialised; with the calls that lead "
        "from one to the next, and what can be asked in each state.",
    )
    y, h, w = 76, 62, 118
    xs = [8, 194, 384, 572]
    labels = [
        "**declared**\n`(256, -1)`",
        "**registered**\n`(256, -1)`",
        "**inferred**\n`(256, 20)`",
        "**initialised**\n`(256, 20)`",
    ]
    fills = ["grey", "orange", "blue", "green"]
    boxes = [
        d.box(x, y, w, h, label, fill=fill)
        for x, label, fill in zip(xs, labels, fills, strict=True)
    ]
    d.arrow(boxes[0].right, boxes[1].left, gap=2)
    d.text(160, 52, "`initialize()`", size=12.5)
    d.arrow(boxes[1].right, boxes[2].left, gap=2)
    d.text(348, 52, "first batch", size=12.5)
    d.arrow(boxes[2].right, boxes[3].left, gap=2)
    d.text(537, 46, "values drawn\nat once", size=12.5)
    notes = [
        "`data()`:\nnot initialised",
        "`data()`:\ndeferred",
        None,
        "`data()`:\nthe values",
    ]
    colours = ["red", "red", "ink", "green"]
    for box, note, colour in zip(boxes, notes, colours, strict=True):
        if note:
            d.text(box.centre[0], y + h + 24, note, size=12.5, colour=colour)
    # All sizes given: a short cut.
    low = 226
    d.arrow(
        boxes[0].at(0.03, 1),
        boxes[3].at(0.97, 1),
        via=[(boxes[0].at(0.03, 1)[0], low), (boxes[3].at(0.97, 1)[0], low)],
        gap=2,
        colour="blue",
        dashed=True,
    )
    d.text(
        350,
        low - 14,
        "`initialize()`, where every size was given",
        size=12.5,
        colour="blue",
    )
    # Again: force_reinit.
    x0, x1 = boxes[3].at(0.25, 0)[0], boxes[3].at(0.75, 0)[0]
    d.arrow((x0 + 20, y), (x1 + 12, y), via=[(x0 + 20, 34), (x1 + 12, 34)], gap=2)
    d.text(636, 16, "`force_reinit=True`", size=12)
    return d


@figure("deep-learning-computation/weight-layouts")
def weight_layouts():
    """The weight of a fully connected layer, stored (in, out) and (out, in)."""
    d = draw.Drawing(
        660,
        224,
        title="Two layouts of a weight",
        desc="Left: X (2 by 5) times W (5 by 3). Right: X times the transpose of a "
        "weight (3 by 5).",
    )
    cell, top, middle = 22, 56, 56 + 5 * 22 / 2

    def custom_layer_input(x):
        grid = d.grid(
            x,
            middle - cell,
            [[""] * 5] * 2,
            cell=cell,
            fill="green",
            title=r"$\mathbf{X}$",
        )
        d.text(grid.box.centre[0], middle + cell + 14, "2 × 5", size=12.5)
        return grid.box

    left = custom_layer_input(14)
    d.text(left.right[0] + 17, middle, "·", size=22, bold=True)
    ours = d.grid(
        left.right[0] + 34,
        top,
        [[""] * 3] * 5,
        cell=cell,
        fill=lambda i, j: "orange" if j == 0 else "blue",
        title="`weight`",
    )
    d.text(ours.box.centre[0], ours.box.bottom[1] + 14, "5 × 3", size=12.5)
    d.text(ours.box.right[0] + 15, middle, r"$+ \mathbf{b}$", anchor="start")
    d.text(126, 14, "**ours:** (inputs, units)", valign="top")

    right = custom_layer_input(340)
    d.text(right.right[0] + 17, middle, "·", size=22, bold=True)
    theirs = d.grid(
        right.right[0] + 38,
        middle - 1.5 * cell,
        [[""] * 5] * 3,
        cell=cell,
        fill=lambda i, j: "orange" if i == 0 else "blue",
        title="`weight`",
    )
    d.text(theirs.box.centre[0], theirs.box.bottom[1] + 14, "3 × 5", size=12.5)
    # Large brackets, and the sign of the transpose behind them.
    for side, step in ((theirs.box.x - 7, 5), (theirs.box.right[0] + 7, -5)):
        d.polyline(
            [
                (side + step, theirs.box.y - 5),
                (side, theirs.box.y - 5),
                (side, theirs.box.bottom[1] + 5),
                (side + step, theirs.box.bottom[1] + 5),
            ]
        )
    d.text(theirs.box.right[0] + 16, theirs.box.y - 8, r"$\top$", size=13)
    d.text(theirs.box.right[0] + 22, middle, r"$+ \mathbf{b}$", anchor="start")
    d.text(478, 14, "**Gluon's:** (units, inputs)", valign="top")
    d.text(330, 212, "orange: the weights of the first unit", size=12.5, colour="muted")
    return d


@figure("deep-learning-computation/params-file")
def params_file():
    """The parts of a file of tensors, with their sizes in bytes."""
    d = draw.Drawing(
        700,
        132,
        title="The parts of a file of tensors",
        desc="Head, then for each tensor mark, shape, device, type and numbers, then "
        "the names.",
    )
    y, h = 44, 50
    parts = [
        (76, "head,\ncount", "24 bytes", "grey"),
        (66, "mark,\nkind", "8", "blue"),
        (82, "shape", "4 + 8·axes", "blue"),
        (62, "device", "8", "blue"),
        (58, "type", "4", "blue"),
        (140, "the numbers", "4 each (float32)", "orange"),
        (148, "names", "8 + (8 + letters) each", "green"),
    ]
    x, boxes = 14, []
    for i, (w, label, size, fill) in enumerate(parts):
        if i in (1, 6):
            x += 18
        boxes.append(d.box(x, y, w, h, label, fill=fill, radius=0, size=13))
        d.text(x + w / 2, y + h + 14, size, size=12, colour="muted")
        x += w
    first, last = boxes[1], boxes[5]
    d.rect(
        first.x - 7,
        y - 8,
        last.right[0] - first.x + 14,
        h + 36,
        stroke="ink",
        dashed=True,
        radius=5,
    )
    d.text(
        (first.x + last.right[0]) / 2,
        y - 14,
        "for every tensor",
        valign="bottom",
        size=13,
    )
    return d


@figure("deep-learning-computation/checkpoint")
def checkpoint():
    """A checkpoint is written under another name, then renamed."""
    d = draw.Drawing(
        700,
        226,
        title="Writing a checkpoint",
        desc="Before, while writing, and after the renaming; in each state one whole "
        "checkpoint exists.",
    )

    def read_write_folder(x, w, title):
        d.rect(x, 34, w, 120, stroke="line", radius=6)
        d.text(x + w / 2, 24, title, valign="bottom", size=13, bold=True)

    def whole(x, y, label):
        return d.box(x, y, 118, 36, label, fill="green", size=13)

    read_write_folder(10, 142, "before")
    whole(22, 56, "`epoch-0004`")
    read_write_folder(250, 200, "writing")
    whole(262, 56, "`epoch-0004`")
    d.box(
        262,
        106,
        176,
        36,
        "`unfinished-epoch-0005`",
        fill="orange",
        dashed=True,
        size=12.5,
    )
    read_write_folder(548, 142, "after")
    whole(560, 56, "`epoch-0004`")
    whole(560, 106, "`epoch-0005`")
    d.arrow((156, 94), (246, 94), "write\nthe files", gap=2)
    d.arrow((454, 94), (544, 94), "sync,\nrename", gap=2, colour="green")
    for x, label in [
        (350, "power cut here:\ngo on from `epoch-0004`"),
        (619, "power cut here:\ngo on from `epoch-0005`"),
    ]:
        d.text(x, 192, label, size=12.5, colour="red")
        d.arrow((x, 174), (x, 157), colour="red", head=7)
    return d


@figure("deep-learning-computation/copyto")
def copyto():
    """X is copied to the device of Y, and the sum is formed there."""
    d = draw.Drawing(
        620,
        214,
        title="Copying a tensor to another device",
        desc="X on GPU 0 is copied to Z on GPU 1, where Y lies; then Y + Z is formed "
        "there.",
    )
    d.rect(12, 34, 170, 164, stroke="line", radius=8)
    d.rect(322, 34, 286, 164, stroke="line", radius=8)
    d.text(97, 24, "GPU 0", valign="bottom", bold=True)
    d.text(465, 24, "GPU 1", valign="bottom", bold=True)
    x = d.box(62, 60, 70, 44, r"$\mathbf{X}$", fill="blue", size=16)
    z = d.box(350, 60, 70, 44, r"$\mathbf{Z}$", fill="blue", size=16)
    y = d.box(350, 138, 70, 44, r"$\mathbf{Y}$", fill="green", size=16)
    out = d.box(490, 99, 100, 44, r"$\mathbf{Y} + \mathbf{Z}$", fill="orange", size=16)
    d.arrow(x.right, z.left, "`copyto`", gap=3, width=2, colour="blue", size=14)
    d.arrow(z.right, out.at(0, 0.3), gap=3)
    d.arrow(y.right, out.at(0, 0.7), gap=3)
    start, end = x.at(0.7, 1), y.left
    d.arrow(start, end, gap=3, colour="red", dashed=True)
    cx, cy = 238, (start[1] + (end[1] - start[1]) * 0.55)
    for s in (-1, 1):
        d.line((cx - 8, cy - 8 * s), (cx + 8, cy + 8 * s), colour="red", width=2.6)
    d.text(cx, cy + 22, r"$\mathbf{X} + \mathbf{Y}$", colour="red", size=14)
    return d


@figure("deep-learning-computation/device-memory")
def device_memory():
    """Processors, their memories, and the bandwidths of the roads between them."""
    d = draw.Drawing(
        692,
        262,
        title="Memories and the roads between them",
        desc="CPU and main memory on the left, two GPUs with their memories on the "
        "right; the road between them is the narrowest.",
    )

    def use_gpu_road(p, q, width, colour):
        across, down = (0, width) if p[1] == q[1] else (width, 0)
        d.rect(
            p[0] - across / 2,
            p[1] - down / 2,
            q[0] - p[0] + across,
            q[1] - p[1] + down,
            fill=f"strong {colour}",
            stroke="none",
        )

    cpu = d.box(20, 30, 150, 56, "**CPU**\na few cores", fill="green")
    main = d.box(20, 176, 150, 56, "**main memory**", fill="grey")
    gpus, memories = [], []
    for i, x in enumerate((280, 524)):
        gpus.append(d.box(x, 30, 150, 56, f"**GPU {i}**\n15.7 TFLOP/s", fill="blue"))
        memories.append(d.box(x, 176, 150, 56, "**GPU memory**\n16 GB", fill="grey"))
    use_gpu_road(cpu.bottom, main.top, 5, "green")
    d.text(cpu.bottom[0] + 10, 131, "100 GB/s", anchor="start", size=13)
    for gpu, memory in zip(gpus, memories, strict=True):
        use_gpu_road(gpu.bottom, memory.top, 22, "blue")
        d.text(gpu.bottom[0] + 18, 131, "900 GB/s", anchor="start", size=13)
    use_gpu_road(main.right, memories[0].left, 1.6, "red")
    d.text(
        (main.right[0] + memories[0].x) / 2,
        main.right[1] - 10,
        "PCI Express",
        valign="bottom",
        size=13,
    )
    d.text(
        (main.right[0] + memories[0].x) / 2,
        main.right[1] + 8,
        "16 GB/s",
        valign="top",
        size=13,
        colour="red",
    )
    low = 250
    d.polyline(
        [
            main.bottom,
            (main.bottom[0], low),
            (memories[1].bottom[0], low),
            memories[1].bottom,
        ],
        colour="red",
        width=1.6,
    )
    use_gpu_road(memories[0].right, memories[1].left, 8, "purple")
    middle = (memories[0].right[0] + memories[1].x) / 2
    d.text(middle, 190, "NVLink", valign="bottom", size=13)
    d.text(middle, 212, "300 GB/s", valign="top", size=13, colour="purple")
    return d


@figure("deep-learning-computation/device-queue")
def device_queue():
    """Python and the device over time: waiting after each step, and once."""
    d = draw.Drawing(
        680,
        286,
        title="Waiting after each step, and waiting once",
        desc="Above, Python and device work in turns; below, the device works without "
        "a gap.",
    )
    left, h, ask, work = 96, 34, 44, 104

    def use_gpu_lanes(top, title):
        d.text(12, top - 14, title, anchor="start", size=13.5, bold=True)
        d.text(12, top + h / 2, "Python", anchor="start")
        d.text(12, top + h + 10 + h / 2, "device", anchor="start")

    def use_gpu_step(x, y, w, label, fill, dashed=False):
        return d.box(x, y, w, h, label, fill=fill, radius=0, size=12.5, dashed=dashed)

    top = 34
    use_gpu_lanes(top, "waiting after each step")
    x = left
    for i in (1, 2, 3):
        a = use_gpu_step(x, top, ask, f"ask {i}", "green")
        use_gpu_step(x + ask, top, work, "wait", "white", dashed=True)
        b = use_gpu_step(x + ask, top + h + 10, work, f"step {i}", "blue")
        if i < 3:
            use_gpu_step(x + ask + work, top + h + 10, ask, "idle", "white", True)
        d.arrow((a.right[0], a.bottom[1]), (b.x, b.y), head=6, width=1.2)
        x += ask + work
    end = x
    d.line((end, top - 8), (end, top + 2 * h + 20), colour="red", dashed=True)
    d.text(end + 8, top + h + 5, "done", anchor="start", colour="red", size=13)

    top = 170
    use_gpu_lanes(top, "waiting once")
    asked = [
        use_gpu_step(left + ask * i, top, ask, f"ask {i + 1}", "green")
        for i in range(3)
    ]
    finish = left + ask + 3 * work
    use_gpu_step(
        left + 3 * ask, top, finish - left - 3 * ask, "free, then wait", "white", True
    )
    for i in range(3):
        b = use_gpu_step(
            left + ask + work * i, top + h + 10, work, f"step {i + 1}", "blue"
        )
        a = asked[i]
        d.arrow((a.right[0], a.bottom[1]), (b.x + 2, b.y), head=6, width=1.2)
    d.line((finish, top - 8), (finish, top + 2 * h + 20), colour="red", dashed=True)
    d.text(finish + 8, top + h + 5, "done", anchor="start", colour="red", size=13)
    d.arrow((left, 270), (end + 40, 270), width=1.2, colour="muted", head=7)
    d.text(end + 48, 270, "time", anchor="start", size=13, colour="muted")
    return d
