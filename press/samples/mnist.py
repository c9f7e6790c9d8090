"""MNIST's stand-in: the ten digits, drawn as strokes of a pen on a 28 x 28 grid.

A digit is a polyline through a few points of the unit square. Each copy moves the
points a little, scales, slants and shifts the whole, and chooses the width of the pen;
a pixel is the brighter the nearer it lies to a stroke.
"""

import numpy as np

from press.samples._tools import Random, write_image_set

SIZE = 28
NUM_TRAIN, NUM_TEST = 1500, 500

# The strokes of each digit: points (x, y) of the unit square, y downwards.
DIGITS = (
    [
        [
            (0.5, 0),
            (0.1, 0.2),
            (0, 0.5),
            (0.1, 0.8),
            (0.5, 1),
            (0.9, 0.8),
            (1, 0.5),
            (0.9, 0.2),
            (0.5, 0),
        ]
    ],
    [[(0.2, 0.2), (0.55, 0), (0.55, 1)]],
    [[(0.05, 0.25), (0.3, 0), (0.7, 0), (0.95, 0.25), (0.8, 0.5), (0.05, 1), (1, 1)]],
    [
        [
            (0.1, 0.1),
            (0.5, 0),
            (0.9, 0.2),
            (0.5, 0.45),
            (0.95, 0.7),
            (0.6, 1),
            (0.05, 0.9),
        ]
    ],
    [[(0.6, 0), (0, 0.65), (1, 0.65)], [(0.75, 0.35), (0.7, 1)]],
    [[(0.9, 0), (0.2, 0), (0.1, 0.45), (0.6, 0.4), (0.95, 0.7), (0.6, 1), (0.05, 0.9)]],
    [
        [
            (0.8, 0),
            (0.25, 0.35),
            (0.05, 0.75),
            (0.4, 1),
            (0.9, 0.85),
            (0.8, 0.55),
            (0.15, 0.65),
        ]
    ],
    [[(0, 0), (1, 0), (0.35, 1)]],
    [
        [
            (0.5, 0.45),
            (0.1, 0.2),
            (0.5, 0),
            (0.9, 0.2),
            (0.5, 0.45),
            (0.05, 0.75),
            (0.5, 1),
            (0.95, 0.75),
            (0.5, 0.45),
        ]
    ],
    [
        [
            (0.9, 0.3),
            (0.5, 0.5),
            (0.1, 0.25),
            (0.5, 0),
            (0.9, 0.2),
            (0.85, 0.6),
            (0.6, 1),
        ]
    ],
)


def write(folder, num_train=NUM_TRAIN, num_test=NUM_TEST, seed=1998):
    """Write the four IDX files into `folder`/mnist."""
    write_image_set(
        folder / "mnist",
        {"train": draw(num_train, 2 * seed), "t10k": draw(num_test, 2 * seed + 1)},
    )


def draw(count, seed):
    """Draw `count` digits, as many of each, in random order.

    Returns images (count, 28, 28) and labels (count,), both uint8.
    """
    rng = Random(seed)
    labels = (np.arange(count) % 10)[rng.permutation(count)]
    images = np.zeros((count, SIZE, SIZE), np.uint8)
    for digit, strokes in enumerate(DIGITS):
        places = np.flatnonzero(labels == digit)
        images[places] = _write_digit(rng, len(places), strokes)
    return images, labels.astype(np.uint8)


def _write_digit(rng, n, strokes):
    """Draw n copies of a digit: (n, 28, 28), uint8."""
    height, width = rng.uniform((n, 1), 16, 20), rng.uniform((n, 1), 9, 14)
    slant = rng.bell((n, 1), 0.12, 0.12)
    left, top = rng.bell((n, 1), 14, 0.8), rng.bell((n, 1), 14, 0.8)
    pen = rng.uniform((n, 1, 1), 1.0, 1.8)
    y, x = np.mgrid[:SIZE, :SIZE].astype(float)
    nearest = np.full((n, SIZE, SIZE), 1e9)  # squared distances in pixels
    for stroke in strokes:
        points = np.array(stroke)
        wobble = rng.bell((n, len(points), 2), 0, 0.05)
        u, v = points[:, 0] - 0.5 + wobble[..., 0], points[:, 1] - 0.5 + wobble[..., 1]
        px, py = left + width * u - slant * height * v, top + height * v
        for i in range(len(points) - 1):
            ax, ay, bx, by = (
                a[:, j, None, None]
                for a, j in ((px, i), (py, i), (px, i + 1), (py, i + 1))
            )
            dx, dy = bx - ax, by - ay
            t = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)
            t = np.clip(t, 0, 1)
            ex, ey = x - ax - t * dx, y - ay - t * dy
            nearest = np.minimum(nearest, ex * ex + ey * ey)
    ink = np.clip(pen + 0.5 - np.sqrt(nearest), 0, 1)
    ink = np.clip(ink + 0.03 * rng.bell(ink.shape) * (ink > 0), 0, 1)
    return np.floor(255 * ink + 0.5).astype(np.uint8)
