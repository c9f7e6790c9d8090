"""Drawings of the chapter Introduction."""

import math
import random

from press.figures import draw, figure


@figure("introduction/two-recipes")
def two_recipes():
    d = draw.Drawing(
        560,
        190,
        title="Programming and learning",
        desc="A program takes rules and data and gives answers; a learning program "
        "takes data and answers and gives rules.",
    )
    rows = (
        (20, "a program runs", ("rules", "data"), "answers", "blue"),
        (110, "a program learns", ("data", "answers"), "rules: the model", "orange"),
    )
    for y, label, inputs, output, tint in rows:
        middle = d.box(220, y, 150, 60, label, fill=tint, bold=True)
        for i, name in enumerate(inputs):
            source = d.box(30, y + 2 + 32 * i, 90, 26, name, fill="grey")
            d.arrow(source.right, middle.at(0, 0.25 + 0.5 * i), gap=4)
        result = d.box(430, y + 15, 120, 30, output, fill="grey")
        d.arrow(middle.right, result.left, gap=4)
    return d


def wave(d, x, y, width, height, seed):
    """A short sound wave that begins softly, swells and fades."""
    noise = random.Random(seed)
    points = []
    for i in range(121):
        u = i / 120
        swell = math.sin(math.pi * u) ** 2
        value = swell * math.sin(50 * u + 14 * u * u) + noise.uniform(-0.12, 0.12)
        points.append((x + width * u, y - height / 2 * value))
    d.polyline(points, colour="blue", width=1.3)


@figure("introduction/wake-word")
def wake_word():
    d = draw.Drawing(
        560,
        120,
        title="Wake-word recognition",
        desc="One second of sound goes into an unknown rule; yes or no comes out.",
    )
    wave(d, 20, 52, 170, 70, 1)
    d.text(105, 106, "one second of sound", colour="muted", size=13)
    rule = d.box(260, 22, 110, 60, "**?**", fill="orange", size=26)
    d.arrow((198, 52), rule.left, gap=4)
    yes = d.box(450, 14, 80, 30, "yes", fill="green")
    no = d.box(450, 60, 80, 30, "no", fill="grey")
    d.arrow(rule.right, yes.left, gap=4)
    d.arrow(rule.right, no.left, gap=4)
    return d


@figure("introduction/training-loop")
def training_loop():
    d = draw.Drawing(
        640,
        170,
        title="The training loop",
        desc="Set the knobs at random; take examples, turn the knobs, check; repeat "
        "until the model is good.",
    )
    start = d.box(10, 30, 130, 54, "1. set the knobs\nat random", fill="grey")
    take = d.box(185, 30, 120, 54, "2. take some\nexamples", fill="blue")
    turn = d.box(350, 30, 120, 54, "3. turn the\nknobs a little", fill="blue")
    check = d.box(515, 30, 115, 54, "4. good\nenough?", fill="orange")
    d.arrow(start.right, take.left, gap=4)
    d.arrow(take.right, turn.left, gap=4)
    d.arrow(turn.right, check.left, gap=4)
    d.arrow(
        check.at(0.3, 1),
        take.bottom,
        via=[(549.5, 130), (245, 130)],
        gap=4,
    )
    d.text(397, 118, "not yet", colour="muted", size=13)
    done = d.box(560, 134, 70, 28, "done", fill="green")
    d.arrow(check.at(0.7, 1), done.top, gap=3)
    d.text(616, 108, "yes", colour="muted", size=13)
    return d


@figure("introduction/supervised")
def supervised():
    d = draw.Drawing(
        600,
        210,
        title="Supervised learning",
        desc="A learning algorithm takes training inputs and labels and returns a "
        "model, which predicts the labels of new inputs.",
    )
    inputs = d.box(10, 10, 130, 32, "training inputs", fill="blue")
    labels = d.box(10, 56, 130, 32, "training labels", fill="green")
    learner = d.box(230, 18, 140, 62, "learning\nalgorithm", fill="orange", bold=True)
    d.arrow(inputs.right, learner.at(0, 0.3), gap=4)
    d.arrow(labels.right, learner.at(0, 0.7), gap=4)
    model = d.box(230, 138, 140, 56, "model", fill="purple", bold=True)
    d.arrow(learner.bottom, model.top, gap=4)
    d.text(312, 110, "returns", anchor="start", colour="muted", size=13)
    new = d.box(10, 150, 130, 32, "a new input", fill="blue")
    answer = d.box(450, 150, 140, 32, "predicted label", fill="green")
    d.arrow(new.right, model.left, gap=4)
    d.arrow(model.right, answer.left, gap=4)
    return d


@figure("introduction/mushroom")
def mushroom():
    d = draw.Drawing(
        480,
        230,
        title="A death cap",
        desc="A pale green cap, white gills, a ring on the stem and a sack at its "
        "foot, with the classifier's two probabilities.",
    )
    d.path("M 92 190 C 98 140 100 120 98 92 L 132 92 C 130 120 132 140 138 190 Z")
    d.path("M 76 214 C 70 186 88 176 96 184 L 134 184 C 144 176 160 186 154 214 Z")
    d.path("M 86 120 C 96 132 134 132 144 120 L 134 108 L 97 108 Z", fill="grey")
    d.path("M 30 92 C 34 26 196 26 200 92 C 168 84 62 84 30 92 Z", fill="green")
    d.path("M 30 92 C 62 84 168 84 200 92 C 170 100 60 100 30 92 Z", fill="grey")
    for i in range(9):
        x = 50 + 16.25 * i
        d.line((x, 88), (x, 97), colour="muted", width=0.9)
    d.arrow((196, 128), (148, 120), gap=2, colour="muted")
    d.text(200, 132, "ring", anchor="start", size=13, colour="muted")
    d.arrow((196, 200), (158, 202), gap=2, colour="muted")
    d.text(200, 200, "sack", anchor="start", size=13, colour="muted")
    for y, name, share, tint in (
        (40, "edible", 0.8, "strong green"),
        (80, "death cap", 0.2, "strong red"),
    ):
        d.text(330, y, name, anchor="end", size=14)
        d.rect(340, y - 10, 100 * share, 20, fill=tint)
        d.text(346 + 100 * share, y, f"{share}", anchor="start", size=14)
    return d


def gull(d, x, y, span):
    d.path(
        f"M {x - span} {y} Q {x - span / 2} {y - span / 2} {x} {y} "
        f"Q {x + span / 2} {y - span / 2} {x + span} {y}",
        width=1.8,
    )


@figure("introduction/harbour")
def harbour():
    d = draw.Drawing(
        560,
        220,
        title="A harbour with its tags",
        desc="A sailing boat, a lighthouse and two gulls; the tags boat, gull and "
        "lighthouse apply, car and dog do not.",
    )
    d.rect(10, 160, 370, 50, fill="blue")
    d.polygon([(250, 160), (270, 140), (360, 140), (380, 160)], fill="grey")
    d.polygon([(298, 140), (306, 52), (330, 52), (338, 140)], fill="red")
    d.rect(308, 34, 20, 18, fill="orange")
    d.polygon([(304, 34), (318, 18), (332, 34)], fill="strong red")
    d.polygon([(70, 158), (90, 182), (170, 182), (190, 158)], fill="orange")
    d.line((125, 158), (125, 48), width=2)
    d.polygon([(130, 52), (130, 150), (186, 150)], fill="grey")
    d.polygon([(120, 66), (120, 150), (80, 150)], fill="grey")
    gull(d, 220, 60, 18)
    gull(d, 60, 36, 13)
    tags = (("boat", True), ("gull", True), ("lighthouse", True), ("car", False))
    for i, (name, there) in enumerate((*tags, ("dog", False))):
        tint = "green" if there else "none"
        y = 20 + 38 * i
        d.box(430, y, 110, 28, name, fill=tint, dashed=not there)
        if there:
            d.polyline(
                [(404, y + 14), (410, y + 21), (420, y + 6)], colour="green", width=2.4
            )
        else:
            d.line((405, y + 7), (418, y + 21), colour="red", width=2.2)
            d.line((418, y + 7), (405, y + 21), colour="red", width=2.2)
    return d


@figure("introduction/offline")
def offline():
    d = draw.Drawing(
        600,
        110,
        title="Offline learning",
        desc="Data are collected from an environment; then the link is cut, and the "
        "learning algorithm makes a model of the data alone.",
    )
    world = d.box(10, 30, 120, 54, "environment", fill="green")
    data = d.box(190, 38, 90, 38, "data", fill="grey")
    learner = d.box(350, 30, 110, 54, "learning\nalgorithm", fill="orange")
    model = d.box(520, 38, 70, 38, "model", fill="purple")
    d.arrow(world.right, data.left, gap=4)
    d.arrow(data.right, learner.left, gap=4)
    d.arrow(learner.right, model.left, gap=4)
    d.line((316, 14), (316, 96), dashed=True, colour="red", width=2)
    d.text(308, 100, "collected first", anchor="end", size=12, colour="muted")
    d.text(
        324, 100, "learned from later, alone", anchor="start", size=12, colour="muted"
    )
    return d


@figure("introduction/rl-loop")
def rl_loop():
    d = draw.Drawing(
        460,
        170,
        title="Agent and environment",
        desc="The agent acts on the environment and receives an observation and a "
        "reward.",
    )
    agent = d.box(10, 52, 110, 60, "agent", fill="orange", bold=True)
    world = d.box(330, 52, 120, 60, "environment", fill="green", bold=True)
    d.arrow(agent.top, world.top, via=[(65, 20), (390, 20)], gap=3)
    d.text(227, 12, "action", size=13)
    d.arrow(world.left, agent.right, gap=4)
    d.text(225, 70, "observation", size=13)
    d.arrow(world.bottom, agent.bottom, via=[(390, 146), (65, 146)], gap=3)
    d.text(227, 158, "reward", size=13)
    return d


def sole(x, y, w):
    """The outline of a shoe that is w long and whose heel is at x."""

    def at(u, v):
        return f"{x + u * w:.2f} {y + v * w:.2f}"

    return (
        f"M {at(0, 0)} C {at(0, -0.2)} {at(0.3, -0.16)} {at(0.42, -0.13)} "
        f"C {at(0.6, -0.09)} {at(0.97, -0.3)} {at(1, 0)} "
        f"C {at(1, 0.26)} {at(0.7, 0.24)} {at(0.42, 0.15)} "
        f"C {at(0.3, 0.12)} {at(0, 0.22)} {at(0, 0)} Z"
    )


@figure("introduction/koebel")
def koebel():
    d = draw.Drawing(
        640,
        110,
        title="Sixteen feet in a line",
        desc="Sixteen footprints of different lengths, heel to toe, above a ruler "
        "divided into sixteen equal parts.",
    )
    people = random.Random(1535)
    lengths = [people.gauss(1, 0.09) for _ in range(16)]
    scale = 610 / sum(lengths)
    x = 15.0
    for length in lengths:
        w = length * scale
        d.path(sole(x, 40, w), fill="orange")
        x += w
    d.line((15, 74), (625, 74), width=1.6)
    for i in range(17):
        x = 15 + 610 * i / 16
        d.line((x, 66), (x, 82), width=1.4)
    d.text(320, 98, "their sum, divided by sixteen", size=13, colour="muted")
    return d


@figure("introduction/timeline")
def timeline():
    events = (
        ("1535", "Köbel's feet"),
        ("1805", "least squares"),
        ("1936", "Fisher's irises"),
        ("1943", "McCulloch and\nPitts: neuron"),
        ("1948", "information\ntheory"),
        ("1950", "Turing test"),
        ("1958", "perceptron"),
        ("1986", "backpropa-\ngation"),
        ("1997", "LSTM"),
        ("1998", "LeNet"),
        ("2012", "AlexNet"),
        ("2014", "attention,\nGANs"),
        ("2017", "Transformer"),
        ("2020", "AlphaFold, large\nlanguage models"),
    )
    d = draw.Drawing(
        680,
        210,
        title="Five centuries of learning from data",
        desc="; ".join(f"{year} {name}".replace("\n", " ") for year, name in events),
    )
    y, left, right = 105, 40, 628
    d.arrow((10, y), (672, y))
    for i, (year, name) in enumerate(events):
        x = left + (right - left) * i / (len(events) - 1)
        up = i % 2 == 0
        far = 44 if i % 4 < 2 else 74
        tip = y - far if up else y + far
        d.line((x, y), (x, tip + (18 if up else -18)), colour="muted", width=1)
        d.circle(x, y, 5, fill="strong blue" if i < 7 else "strong orange")
        d.text(x, y + (15 if up else -14), year, size=11, bold=True)
        d.text(x, tip, name, size=11)
    return d


@figure("introduction/nested")
def nested():
    d = draw.Drawing(
        560,
        230,
        title="Artificial intelligence, machine learning, deep learning",
        desc="Three nested ellipses with examples of what is in each and not in the "
        "next smaller one.",
    )
    d.ellipse(280, 115, 270, 108, fill="grey")
    d.ellipse(342, 128, 196, 80, fill="blue")
    d.ellipse(384, 134, 130, 54, fill="orange")
    d.text(150, 56, "**artificial**\n**intelligence**", size=14)
    d.text(80, 122, "logic,\nsearch", size=13, colour="muted")
    d.text(334, 66, "**machine learning**", size=14)
    d.text(200, 134, "trees,\nkernels", size=13, colour="muted")
    d.text(384, 118, "**deep learning**", size=14)
    d.text(384, 146, "networks of many layers", size=13, colour="muted")
    return d
