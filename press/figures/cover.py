"""The picture on the cover: gradient descent in a valley, computed, not sketched."""

import math

from press.figures import draw, figure

ANGLE = math.radians(14)
WIDE, STEEP = 0.16, 1.0  # the curvatures along the valley and across it


def gradient(x, y):
    """The slope of the valley 0.5 (WIDE u² + STEEP v²), turned by ANGLE."""
    c, s = math.cos(ANGLE), math.sin(ANGLE)
    u, v = WIDE * (c * x + s * y), STEEP * (c * y - s * x)
    return c * u - s * v, s * u + c * v


def ring(height):
    """Points at which the valley has this height."""
    c, s = math.cos(ANGLE), math.sin(ANGLE)
    for i in range(121):
        t = 2 * math.pi * i / 120
        u = math.sqrt(2 * height / WIDE) * math.cos(t)
        v = math.sqrt(2 * height / STEEP) * math.sin(t)
        yield c * u - s * v, s * u + c * v


@figure("front/cover")
def cover():
    """Draw the rings of a valley and the steps of gradient descent into it."""
    d = draw.Drawing(
        700,
        250,
        title="Gradient descent in a valley",
        desc="Rings of equal height, and a zigzag of steps to the lowest point.",
    )

    def place(x, y):
        return 350 + 40 * x, 125 - 40 * y

    for k in range(1, 8):
        points = [place(*p) for p in ring(0.075 * k * k)]
        d.polyline(points, colour="line", width=0.9)
    steps = [(-6.6, 0.9)]
    for _ in range(26):
        x, y = steps[-1]
        dx, dy = gradient(x, y)
        steps.append((x - 1.72 * dx, y - 1.72 * dy))
    path = [place(*p) for p in steps]
    d.polyline(path, colour="orange", width=1.8)
    for i, point in enumerate(path):
        d.circle(*point, 5.5 * 0.93**i + 0.8, fill="strong orange", stroke="none")
    d.circle(*place(0, 0), 4, fill="strong blue", stroke="none")
    return d
