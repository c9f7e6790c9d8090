"""Fashion-MNIST's stand-in: ten kinds of garment, drawn by formulas.

A garment is a set of signed distances (negative inside, in pixels) on the 28 x 28 grid,
painted one over the other. Every measure of it (where the waist is, how long the
sleeve, which cloth) is drawn at random, for a thousand images at once: the numbers of
n images have the shape (n, 1, 1) and broadcast against the grid.

What makes it hard is what makes the real one hard. A short-sleeved shirt differs from
a t-shirt by its collar and buttons, a coat from a pullover by the line down its front,
an ankle boot from a sneaker by how high it reaches, and all of these vary.
"""

import numpy as np

from press.samples._tools import Random, write_image_set

SIZE = 28
NUM_TRAIN, NUM_TEST = 6000, 2000
CHUNK = 1000


def write(folder, num_train=NUM_TRAIN, num_test=NUM_TEST, seed=2017):
    """Write the four IDX files into `folder`/fashion-mnist."""
    write_image_set(
        folder / "fashion-mnist",
        {"train": draw(num_train, 2 * seed), "t10k": draw(num_test, 2 * seed + 1)},
    )


def draw(count, seed):
    """Draw `count` garments, as many of each class, in random order.

    Returns images (count, 28, 28) and labels (count,), both uint8.
    """
    rng = Random(seed)
    labels = (np.arange(count) % len(CLASSES))[rng.permutation(count)]
    images = np.zeros((count, SIZE, SIZE), np.uint8)
    for label, garment in enumerate(CLASSES):
        places = np.flatnonzero(labels == label)
        for start in range(0, len(places), CHUNK):
            some = places[start : start + CHUNK]
            images[some] = _Sketch(rng, len(some)).finish(garment)
    return images, labels.astype(np.uint8)


# --- shapes: signed distances in pixels -------------------------------------------


def profile(t, *points):
    """A smooth curve through (position, value) points, constant beyond the ends."""
    value = points[0][1] + 0 * t
    for (t0, v0), (t1, v1) in zip(points, points[1:], strict=False):
        s = np.clip((t - t0) / (t1 - t0), 0, 1)
        value = value + s * s * (3 - 2 * s) * (v1 - v0)
    return value


def limb(x, y, start, end, r0, r1, flat=True):
    """A tapering sleeve, leg or strap from start to end; flat cuts off its end."""
    (ax, ay), (bx, by) = start, end
    dx, dy = bx - ax, by - ay
    length2 = dx * dx + dy * dy
    along = ((x - ax) * dx + (y - ay) * dy) / length2
    t = np.clip(along, 0, 1)
    ex, ey = x - (ax + t * dx), y - (ay + t * dy)
    d = np.sqrt(ex * ex + ey * ey) - (r0 + (r1 - r0) * t)
    return np.maximum(d, (along - 1) * np.sqrt(length2)) if flat else d


def ellipse(x, y, cx, cy, rx, ry):
    """An ellipse (the distance is right to first order, which is all we need)."""
    u, v = (x - cx) / rx, (y - cy) / ry
    return (np.sqrt(u * u + v * v) - 1) * np.minimum(rx, ry)


def box(x, y, left, right, top, bottom, corner=0.0):
    """A box with rounded corners."""
    u = np.maximum(left + corner - x, x - right + corner)
    v = np.maximum(top + corner - y, y - bottom + corner)
    outside = np.sqrt(np.maximum(u, 0) ** 2 + np.maximum(v, 0) ** 2)
    return outside + np.minimum(np.maximum(u, v), 0) - corner


# --- one sheet of sketches ----------------------------------------------------------


class _Sketch:
    """n drawings of one class: the grid, the cloth, the paint."""

    def __init__(self, rng, n):
        self.rng, self.n = rng, n
        grid = np.arange(SIZE) - (SIZE - 1) / 2
        rows, columns = grid[:, None], grid[None, :]
        self.canvas = np.zeros((n, SIZE, SIZE))
        scale = 1 / self.bell(0.99, 0.05, 0.84, 1.08)
        shear = self.bell(0, 0.045, -0.12, 0.12)
        x = columns - self.bell(0, 0.9, -2.2, 2.2)
        self.x = (x + shear * rows) * scale
        self.y = (
            (rows - self.bell(0, 0.8, -2.0, 2.0)) * scale * self.between(0.94, 1.06)
        )
        self.cloth()

    # random measures, one per drawing

    def between(self, low, high):
        return self.rng.uniform((self.n, 1, 1), low, high)

    def bell(self, mean, spread, low, high):
        return np.clip(self.rng.bell((self.n, 1, 1), mean, spread), low, high)

    def chance(self, p):
        return self.rng.uniform((self.n, 1, 1)) < p

    # cloth and paint

    def noise(self, rows, columns):
        """Smooth noise in [-1, 1] with `rows` x `columns` hills on the image."""
        knots = self.rng.uniform((self.n, rows + 2, columns + 2), -1, 1)
        i = np.arange(SIZE) * (rows / SIZE)
        j = np.arange(SIZE) * (columns / SIZE)
        i0, j0 = np.floor(i).astype(int), np.floor(j).astype(int)
        s, t = (i - i0)[:, None], (j - j0)[None, :]
        s, t = s * s * (3 - 2 * s), t * t * (3 - 2 * t)
        i0, j0 = i0[:, None], j0[None, :]
        upper = knots[:, i0, j0] * (1 - t) + knots[:, i0, j0 + 1] * t
        lower = knots[:, i0 + 1, j0] * (1 - t) + knots[:, i0 + 1, j0 + 1] * t
        return upper * (1 - s) + lower * s

    def cloth(self):
        """Choose each drawing's material: its tone, folds and pattern."""
        n, x, y = self.n, self.x, self.y
        dark = self.chance(0.25)
        self.tone = np.where(dark, self.between(60, 130), self.between(140, 250))
        folds = self.noise(3, 7) * self.between(0.03, 0.14)
        light = x * self.bell(0, 0.006, -0.012, 0.012)
        period = self.between(2.6, 5.5)
        phase = self.between(0, 1)
        strength = self.between(0.15, 0.55)
        kind = self.between(0, 1)

        def stripes(t):
            t = t / period + phase
            t = t - np.floor(t)
            return np.clip(np.abs(t - 0.5) * 8 - 2, -1, 1)

        across, along = stripes(y), stripes(x)
        blotches = np.clip(self.noise(8, 8) * 3, -1, 1)
        plain = np.zeros((n, 1, 1))
        pattern = np.where(kind < 0.10, across, plain)
        pattern = np.where((kind >= 0.10) & (kind < 0.14), along, pattern)
        pattern = np.where(
            (kind >= 0.14) & (kind < 0.18), np.minimum(across, along), pattern
        )
        pattern = np.where((kind >= 0.18) & (kind < 0.26), blotches, pattern)
        grain = self.rng.uniform((n, SIZE, SIZE), -1, 1) * self.between(0.01, 0.07)
        self.weave = 1 + folds + light + grain + pattern * strength * 0.5

    def paint(self, distance, tone=1.0, weave=True, rim=0.28, when=None):
        """Paint the inside of a shape over what is there.

        tone: brightness relative to the drawing's own; rim: how much darker the edge
        is (cloth turns away from the light there); when: which drawings have it.
        """
        cover = np.clip(0.5 - distance, 0, 1)
        if when is not None:
            cover = cover * when
        shade = 1 - rim + rim * np.clip(-distance / 1.8, 0, 1)
        value = self.tone * tone * shade * (self.weave if weave else 1)
        self.canvas = self.canvas * (1 - cover) + np.clip(value, 12, 255) * cover

    def darken(self, distance, factor, when=None):
        """Multiply the brightness inside a shape: a seam, a crease, a button."""
        cover = np.clip(0.5 - distance, 0, 1)
        if when is not None:
            cover = cover * when
        self.canvas = np.clip(self.canvas * (1 + (factor - 1) * cover), 0, 255)

    def erase(self, distance, when=None):
        self.darken(distance, 0.0, when)

    def finish(self, garment):
        garment(self)
        sensor = self.rng.uniform((self.n, SIZE, SIZE), -1, 1) * self.between(1, 7)
        lit = self.canvas + sensor * (self.canvas > 6)
        return np.clip(np.floor(lit + 0.5), 0, 255).astype(np.uint8)


# --- garments for the upper body ------------------------------------------------------


def _top(s, sleeve, length, chest, waist, hem, neck, spread, cuff):
    """A body with two sleeves; returns the distances that details are placed by."""
    x, y = s.x, s.y
    side = np.abs(x)
    top = s.bell(-12.2, 0.5, -13, -11)
    shoulder = chest + s.bell(0.4, 0.4, -0.6, 1.4)
    bottom = top + length
    joint = (shoulder - 1.6, top + 2.6)
    hand = (joint[0] + sleeve * spread, joint[1] + sleeve * (1.06 - 0.5 * spread))
    arm = limb(side, y, joint, hand, s.between(2.1, 2.7), cuff)
    half = profile(
        y,
        (top, neck + 0.6),
        (top + 2.6, shoulder),
        (top + 6, chest),
        (top + 0.62 * length, waist),
        (bottom, hem),
    )
    body = np.maximum(side - half, np.maximum(top - y, y - bottom))
    s.paint(arm, 0.94, rim=0.38)
    s.darken(np.abs(body) - 0.1, 0.72)
    s.paint(body)
    return arm, body, top, bottom, half, hand


def _crew_neck(s, top, neck, depth, ring):
    hole = ellipse(s.x, s.y, 0, top - 0.4, neck, depth + 0.4)
    band = np.maximum(np.abs(hole - 0.6) - 0.6, top - 0.2 - s.y)
    s.paint(band, 1.12, rim=0, when=ring)
    s.erase(hole)


def _v_neck(s, top, neck, depth, when):
    hole = np.maximum(np.abs(s.x) - neck * (1 - (s.y - top) / depth), top - 2 - s.y)
    s.erase(hole, when)


def t_shirt(s):
    chest = s.bell(6.6, 0.6, 5.3, 8)
    arm, body, top, bottom, half, hand = _top(
        s,
        sleeve=s.bell(6.0, 1.3, 3.0, 10),
        length=s.bell(24, 1.0, 20.5, 26),
        chest=chest,
        waist=chest - s.bell(0.5, 0.5, -0.3, 1.8),
        hem=chest + s.bell(0.1, 0.5, -0.9, 1.3),
        neck=(neck := s.bell(3.0, 0.45, 2.0, 4.2)),
        spread=s.between(0.35, 0.85),
        cuff=s.between(2.0, 2.9),
    )
    vee = s.chance(0.22)
    _v_neck(s, top, neck, s.between(3, 6), vee)
    _crew_neck(s, top, neck, s.bell(2.0, 0.7, 0.8, 4), s.chance(0.5))
    mark = s.between(0.35, 1.7)
    across, down = s.between(1.5, 3.8), s.between(1.2, 3.2)
    motif = box(
        s.x + s.noise(9, 9), s.y, -across, across, top + 8 - down, top + 8 + down, 1
    )
    s.paint(motif, mark, weave=False, rim=0, when=s.chance(0.38))


def pullover(s):
    chest = s.bell(6.5, 0.55, 5.3, 7.8)
    hem = chest - s.bell(0.3, 0.5, -0.6, 1.4)
    arm, body, top, bottom, half, hand = _top(
        s,
        sleeve=s.bell(19, 1.4, 15, 21.5),
        length=s.bell(23.5, 1.1, 20.5, 25.5),
        chest=chest,
        waist=chest - s.bell(0.2, 0.4, -0.6, 1.2),
        hem=hem,
        neck=(neck := s.bell(2.8, 0.4, 1.9, 3.8)),
        spread=s.bell(0.17, 0.05, 0.07, 0.30),
        cuff=s.bell(1.5, 0.2, 1.1, 2.1),
    )
    rib = s.between(0.72, 1.18)
    s.paint(np.maximum(body, bottom - 1.6 - s.y), rib, rim=0.15, when=s.chance(0.6))
    hood = s.chance(0.15)
    s.paint(ellipse(s.x, s.y, 0, top + 0.6, neck + 1.6, 2.6), 0.8, when=hood)
    vee = s.chance(0.15)
    _v_neck(s, top, neck, s.between(3, 6), vee)
    _crew_neck(s, top, neck, s.bell(1.5, 0.5, 0.5, 2.8), s.chance(0.7))
    pocket = box(s.x, s.y, -3.6, 3.6, top + 14, top + 19, 1)
    s.darken(np.abs(pocket) - 0.3, 0.75, when=hood)
    opening = s.chance(0.05)
    s.darken(np.maximum(np.abs(s.x) - 0.5, body), 0.6, when=opening)


def coat(s):
    chest = s.bell(6.5, 0.55, 5.3, 7.8)
    arm, body, top, bottom, half, hand = _top(
        s,
        sleeve=s.bell(19.3, 1.4, 15.5, 21.5),
        length=s.bell(25.0, 0.9, 22, 26.5),
        chest=chest,
        waist=chest - s.bell(0.4, 0.6, -0.6, 2.0),
        hem=chest + s.bell(0.3, 0.6, -0.8, 2.0),
        neck=(neck := s.bell(2.8, 0.4, 1.9, 3.8)),
        spread=s.bell(0.17, 0.05, 0.07, 0.30),
        cuff=s.bell(1.7, 0.25, 1.2, 2.3),
    )
    lean = s.bell(0, 0.8, -1.8, 1.8)
    line = np.abs(s.x - lean) - s.between(0.35, 0.8)
    s.darken(np.maximum(line, body), s.bell(0.3, 0.18, 0.03, 0.75))
    lapel = np.maximum(
        np.abs(np.abs(s.x) - neck * (1 - (s.y - top) / s.between(6, 11))) - 0.6, body
    )
    s.darken(lapel, s.between(0.55, 0.85), when=s.chance(0.6))
    flap = box(np.abs(s.x), s.y, 2.2, 5.2, top + 15.2, top + 16.2)
    s.darken(flap, s.between(0.5, 0.85), when=s.chance(0.5))
    belt = np.maximum(np.abs(s.y - top - 0.55 * 25) - 0.8, body)
    s.darken(belt, s.between(0.5, 0.8), when=s.chance(0.15))
    fur = ellipse(s.x, s.y, 0, top + 0.8, neck + 2.0, 2.2) - s.noise(9, 9)
    s.paint(fur, s.between(0.7, 1.3), when=s.chance(0.25))
    _crew_neck(s, top, neck * 0.85, s.bell(1.2, 0.5, 0.3, 2.5), s.chance(0.4))


def shirt(s):
    short = s.chance(0.42)
    chest = s.bell(6.4, 0.6, 5.2, 7.8)
    arm, body, top, bottom, half, hand = _top(
        s,
        sleeve=np.where(
            short, s.bell(6.5, 1.4, 3.2, 11), s.bell(18.8, 1.5, 14.5, 21.5)
        ),
        length=s.bell(24.2, 1.0, 21, 26),
        chest=chest,
        waist=chest - s.bell(0.6, 0.6, -0.4, 2.0),
        hem=chest + s.bell(0.2, 0.6, -1.0, 1.6),
        neck=(neck := s.bell(2.7, 0.4, 1.9, 3.7)),
        spread=np.where(short, s.between(0.32, 0.8), s.bell(0.18, 0.05, 0.07, 0.32)),
        cuff=np.where(short, s.between(1.9, 2.8), s.bell(1.5, 0.2, 1.1, 2.1)),
    )
    buttoned = s.chance(0.84)
    placket = np.maximum(np.abs(s.x) - s.between(0.5, 1.0), body)
    s.darken(placket, s.between(0.5, 0.75), when=buttoned)
    gap = s.between(2.6, 4)
    step = s.y / gap - np.floor(s.y / gap) - 0.5
    dots = np.maximum(np.maximum(np.abs(s.x) - 0.6, np.abs(step) * gap - 0.6), body)
    s.darken(dots, s.between(0.2, 0.6), when=buttoned)
    breast = box(s.x, s.y, 1.8, 4.6, top + 7, top + 10.5)
    s.darken(np.abs(breast) - 0.3, s.between(0.6, 0.9), when=s.chance(0.25))
    hole = ellipse(s.x, s.y, 0, top - 0.6, neck, s.bell(2.0, 0.6, 0.9, 3.6))
    s.erase(hole)
    wing = limb(
        np.abs(s.x), s.y, (neck + 0.1, top + 0.2), (neck * 0.35, top + 3.2), 1.0, 0.5
    )
    collar = s.chance(0.84)
    s.paint(wing, s.between(0.95, 1.35), rim=0.45, when=collar)


def dress(s):
    x, y = s.x, s.y
    side = np.abs(x)
    top, bottom = s.bell(-12.6, 0.4, -13.2, -11.5), s.bell(12.6, 0.5, 10.5, 13.3)
    bust = s.bell(3.9, 0.5, 2.9, 5.4)
    waist = bust - s.bell(0.7, 0.4, 0, 1.6)
    flare = s.bell(5.2, 1.4, 3.2, 9.2)
    shoulder = bust - s.bell(0.2, 0.5, -0.8, 1.4)
    middle = s.bell(-1.5, 1.4, -4, 2.5)
    sleeved, long = s.chance(0.42), s.chance(0.45)
    reach = np.where(long, s.between(13, 19), s.between(2.5, 6))
    spread = np.where(long, s.between(0.10, 0.26), s.between(0.3, 0.7))
    joint = (shoulder - 0.8, top + 2.0)
    hand = (joint[0] + reach * spread, joint[1] + reach)
    arm = limb(side, y, joint, hand, s.between(1.3, 1.9), s.between(1.0, 1.6))
    s.paint(arm, 0.92, rim=0.38, when=sleeved)
    half = profile(
        y,
        (top, shoulder - 0.8),
        (top + 2, shoulder),
        (top + 5.5, bust),
        (middle, waist),
        (bottom, flare),
    )
    body = np.maximum(side - half, np.maximum(top - y, y - bottom))
    s.darken(np.abs(body) - 0.1, 0.72, when=sleeved)
    s.paint(body)
    neck = shoulder * s.between(0.45, 0.8)
    hole = ellipse(x, y, 0, top - 0.4, neck, s.bell(2.4, 0.9, 0.8, 4.8))
    s.erase(hole)
    belt = np.maximum(np.abs(y - middle) - s.between(0.5, 1.1), body)
    s.darken(belt, s.between(0.35, 0.9), when=s.chance(0.4))
    pleats = np.abs(x / flare * 3 - np.floor(x / flare * 3) - 0.5) * 2
    skirt = np.maximum(body, middle + 1 - y)
    s.darken(skirt, 0.78 + 0.3 * pleats, when=s.chance(0.3))


# --- trousers, bags -----------------------------------------------------------------


def trouser(s):
    x, y = s.x, s.y
    side = np.abs(x)
    top, bottom = s.bell(-13, 0.4, -13.6, -11.8), s.bell(13, 0.6, 9.5, 13.6)
    hip = s.bell(5.2, 0.6, 4.0, 6.8)
    waist = hip - s.bell(0.9, 0.4, 0.1, 1.9)
    crotch = top + s.bell(8.2, 1.0, 6, 11)
    stance = s.bell(3.0, 0.6, 1.8, 5.0)
    half = profile(y, (top, waist), (top + 4.5, hip), (crotch + 2, hip))
    thigh = hip * 0.5
    ankle = s.bell(1.9, 0.5, 1.1, 3.4)
    leg_at = profile(y, (crotch - 2, hip - thigh), (bottom, stance))
    leg_half = profile(y, (crotch - 1, thigh), (bottom, ankle))
    legs = np.maximum(np.abs(side - leg_at) - leg_half, crotch - 1 - y)
    seat = np.maximum(side - half, y - crotch)
    shape = np.maximum(np.minimum(legs, seat), np.maximum(top - y, y - bottom))
    s.paint(shape, rim=0.34)
    band = np.maximum(shape, y - top - s.between(1.0, 2.0))
    s.darken(band, s.between(0.6, 1.2), when=s.chance(0.7))
    fly = np.maximum(side - 0.4, np.maximum(y - crotch, top + 1 - y))
    s.darken(fly, s.between(0.5, 0.85), when=s.chance(0.7))
    crease = np.maximum(np.abs(side - leg_at) - 0.4, np.maximum(shape, crotch - y))
    s.darken(crease, s.between(0.7, 1.25), when=s.chance(0.4))
    gap = limb(x, y, (0 * top, crotch + 0.6), (0 * top, bottom + 1), 0.1, 0.7, False)
    s.erase(gap)


def bag(s):
    x, y = s.x, s.y
    soft = s.chance(0.35)
    wide = s.bell(10.2, 1.3, 6.8, 12.8)
    bottom = s.bell(9.6, 1.3, 6, 12.6)
    tall = s.bell(13.5, 2.6, 8, 21)
    top = np.maximum(bottom - tall, -9.5)
    lean = 1 + s.bell(0.06, 0.06, -0.06, 0.2) * (y - bottom) / tall
    u = x / np.maximum(lean, 0.5)
    u = np.where(soft, u * (1 - 0.08 * s.noise(3, 3)), u)
    round_ = s.between(0.6, 3.8)
    body = box(u, y, -wide, wide, top, bottom, round_)
    handled = s.chance(0.82)
    strap = s.chance(0.3)
    reach = s.between(3.5, 10)
    grip = wide * np.where(strap, s.between(0.8, 1.0), s.between(0.3, 0.75))
    peak = np.maximum(top - reach, -13)
    ring = np.abs(ellipse(x, y, 0, top + 0.5, grip, top + 0.5 - peak)) - s.between(
        0.45, 1.0
    )
    ring = np.maximum(ring, y - top - 0.5)
    s.paint(ring, s.between(0.55, 1.05), weave=False, rim=0.2, when=handled)
    s.paint(body, rim=0.3)
    flap_at = top + (bottom - top) * s.between(0.3, 0.62)
    flap = s.chance(0.42)
    s.darken(np.maximum(body, np.abs(y - flap_at) - 0.55), s.between(0.4, 0.75), flap)
    clasp = box(x, y, -1.2, 1.2, flap_at - 0.9, flap_at + 1.1)
    s.paint(clasp, s.between(0.3, 1.5), weave=False, rim=0, when=s.chance(0.5) & flap)
    zipper = np.maximum(body, np.abs(y - top - 2) - 0.45)
    s.darken(zipper, s.between(0.4, 0.8), when=~flap & s.chance(0.6))
    s.paint(
        np.maximum(np.abs(np.abs(x) - wide * 0.55) - 0.7, body),
        s.between(0.6, 1.25),
        weave=False,
        rim=0.1,
        when=~flap & s.chance(0.35),
    )


# --- shoes, all with the toe on the left, as in the real data set --------------------


def _shoe(s, ankle, top, tongue, ground, toe_height, heel):
    """Upper and sole; returns the upper, the curve of its instep, and the sole."""
    x, y = s.x, s.y
    front, back = s.bell(-12.7, 0.4, -13.5, -11.2), s.bell(12.0, 0.5, 10.5, 13.2)
    instep = profile(
        x,
        (front, ground - toe_height * 0.45),
        (front + 3, ground - toe_height),
        (front + 9.5, ground - toe_height - 1.5),
        (tongue, top),
        (back, top - s.bell(0.2, 0.5, -0.8, 1.4)),
    )
    mouth = ellipse(
        x, y, (ankle + back) / 2, top, (back - ankle) / 2 - 1, s.between(0.6, 1.8)
    )
    # The heel of an upper bulges and the shaft above it narrows a little.
    rear = (
        back - 0.9 + profile(y, (top, s.bell(-0.6, 0.5, -1.8, 0.4)), (ground - 3, 0.7))
    )
    upper = np.maximum(
        np.maximum(instep - y, y - ground), np.maximum(front - x, x - rear)
    )
    upper = np.maximum(upper, -mouth)
    # The ground line rises towards a raised heel.
    lift = heel * np.clip((x - front - 9) / 10, 0, 1)
    return upper, instep, front, back, mouth, lift


def sneaker(s):
    x = s.x
    ground = s.bell(5.6, 0.8, 3.5, 7.5)
    rise = np.where(s.chance(0.25), s.between(10, 15.5), s.bell(8.6, 1.2, 6.2, 11))
    ankle = s.bell(1.5, 1.2, -1.5, 4)
    upper, instep, front, back, mouth, lift = _shoe(
        s,
        ankle=ankle,
        top=ground - rise,
        tongue=ankle + s.between(0.5, 2),
        ground=ground,
        toe_height=s.bell(3.6, 0.5, 2.4, 4.8),
        heel=0 * ground,
    )
    y = s.y
    s.paint(upper)
    for k in range(4):
        at = ankle - 1 - 1.7 * k
        line = profile(x, (at - 1, 0), (at + 1, 1))
        lace = np.maximum(np.abs(x - at - (y - instep) * 0.35) - 0.42, y - instep - 2.6)
        s.darken(
            np.maximum(lace, upper) + 0 * line, s.between(0.5, 1.6), s.chance(0.65)
        )
    slant = s.between(-0.8, 0.8)
    for k in range(3):
        at = ankle + 2 - 2.4 * k
        band = np.abs(x - at - slant * (y - ground + 3)) - 0.55
        band = np.maximum(np.maximum(band, upper), np.abs(y - ground + 3) - 2.2)
        s.darken(band, s.between(0.4, 1.6), when=s.chance(0.45))
    cap = np.maximum(upper, x - front - s.between(3.5, 5.5))
    s.darken(cap, s.between(0.65, 1.4), when=s.chance(0.4))
    thick = s.between(1.6, 3.0)
    sole = box(x, y, front - 0.2, back + 0.1, ground - 0.3, ground + thick, 0.9)
    s.paint(sole, s.between(0.6, 1.6), weave=False, rim=0.2)


def ankle_boot(s):
    x = s.x
    high = s.chance(0.35)
    ground = np.where(high, s.bell(8.2, 0.7, 6.4, 9.6), s.bell(9.4, 0.8, 7.2, 11.2))
    rise = s.bell(16.8, 3.2, 10, 22)
    ankle = s.bell(1.2, 1.2, -1.2, 4)
    heel = np.where(high, s.between(2, 4.5), s.between(0, 0.8))
    upper, instep, front, back, mouth, lift = _shoe(
        s,
        ankle=ankle,
        top=ground - rise,
        tongue=ankle + s.between(-0.4, 1.0),
        ground=ground - heel * 0.3,
        toe_height=s.bell(4.2, 0.6, 2.8, 5.6),
        heel=heel,
    )
    y = s.y
    arch = upper + 0.0
    arch = np.maximum(arch, y - (ground - lift))
    s.paint(arch)
    shaft = s.chance(0.4)
    panel = box(
        x, y, ankle + 3.5, ankle + 6, ground - rise + 2, ground - rise * 0.45, 0.8
    )
    s.darken(np.maximum(panel, arch), s.between(0.4, 0.8), when=shaft)
    for k in range(4):
        at = ground - rise * 0.9 + 2.4 * k
        lace = np.maximum(np.abs(y - at) - 0.42, np.maximum(x - ankle - 2.6, arch))
        s.darken(lace, s.between(0.4, 1.5), when=~shaft & s.chance(0.6))
    seam = np.maximum(np.abs(x - front - 6.5 - 0.3 * (y - ground)) - 0.4, arch)
    s.darken(seam, s.between(0.55, 0.85), when=s.chance(0.4))
    strap = np.maximum(np.abs(y - ground + rise * s.between(0.35, 0.6)) - 0.7, arch)
    s.darken(strap, s.between(0.5, 1.5), when=s.chance(0.25))
    thick = s.between(1.0, 2.2)
    line = ground - lift
    sole = np.maximum(line - 0.3 - y, y - line - thick)
    sole = np.maximum(sole, np.maximum(front - x, x - back))
    s.paint(sole, s.between(0.45, 1.1), weave=False, rim=0.15)
    block = box(x, y, back - s.between(3, 5), back - 0.2, ground - heel, ground + thick)
    s.paint(block, s.between(0.45, 1.0), weave=False, rim=0.15)


def sandal(s):
    x, y = s.x, s.y
    heeled = s.chance(0.42)
    lift_by = np.where(heeled, s.between(4.5, 10), s.between(0, 1.6))
    ground = np.where(heeled, s.bell(9.0, 1.0, 6, 11), s.bell(6.0, 1.2, 3, 8.5))
    front, back = s.bell(-12.6, 0.5, -13.5, -11), s.bell(11.8, 0.6, 10, 13)
    t = np.clip((x - front - 7) / (back - front - 9), 0, 1)
    bed = ground - lift_by * t * t * (3 - 2 * t)
    thick = np.where(heeled, s.between(0.9, 1.8), s.between(1.2, 3.4))
    sole = np.maximum(bed - y, y - bed - thick)
    sole = np.maximum(sole, np.maximum(front - x, x - back))
    broad = np.where(s.chance(0.5), s.between(1.0, 2.0), s.between(2.2, 5))
    heel_top = ground - lift_by + 0.4
    block = box(x, y, back - 0.6 - broad, back - 0.3, heel_top, ground + thick)
    s.paint(block, s.between(0.5, 1.1), weave=False, rim=0.15, when=heeled)
    s.paint(sole, s.between(0.6, 1.15), weave=False, rim=0.15)
    # The foot that is not there: straps lie on its outline.
    swell = s.bell(3.9, 0.7, 2.4, 6)
    leg = front + s.between(15.5, 18)
    foot = profile(x, (front - 1, 0.6), (front + 5, swell), (leg, swell + 4.2))
    over = bed - foot
    inside = np.maximum(over - y, y - bed)
    width = s.between(0.75, 1.7)
    for at, lean, odds in ((3.4, 0.5, 0.85), (6.2, 0.35, 0.75), (9.4, -0.6, 0.5)):
        centre = front + at + s.between(-0.7, 0.7)
        tilt = lean + s.between(-0.35, 0.35)
        strap = np.abs(x - centre - (bed - y) * tilt) - width
        s.paint(
            np.maximum(strap, inside),
            s.between(0.75, 1.1),
            rim=0.2,
            when=s.chance(odds),
        )
    # A vamp that covers the toes, as in a mule; or a strap that runs along the instep.
    vamp = np.maximum(inside, np.abs(x - front - 5.5) - s.between(2, 3.6))
    s.paint(vamp, s.between(0.8, 1.05), rim=0.3, when=s.chance(0.22))
    along = np.maximum(np.abs(y - over) - width * 0.8, np.abs(x - front - 9.5) - 5.5)
    s.paint(along, s.between(0.75, 1.1), rim=0.2, when=s.chance(0.25))
    # The ankle: a counter behind the heel and a strap across.
    tall = s.bell(5.2, 1.2, 3, 8)
    rest = ground - lift_by
    ankled = s.chance(0.7)
    counter = limb(
        x, y, (back - 1.2, rest + 0.5), (back - 1.6, rest - tall), 1.0, 0.7, False
    )
    s.paint(counter, s.between(0.8, 1.1), rim=0.2, when=ankled)
    level = rest - tall + 0.4 + (back - x) * s.between(-0.12, 0.2)
    across = np.maximum(np.abs(y - level) - width * 0.75, np.abs(x - back + 5.2) - 3.9)
    s.paint(across, s.between(0.75, 1.1), rim=0.2, when=ankled)


CLASSES = (
    t_shirt,
    trouser,
    pullover,
    dress,
    coat,
    sandal,
    shirt,
    sneaker,
    bag,
    ankle_boot,
)
