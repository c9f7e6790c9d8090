"""Look at one drawing: `python -m press.figures.look chapter/drawing [picture.png]`.

The picture shows it as on a light page and, below, as on a dark one.
"""

import io
import sys

from press.figures import drawn

DARK = (18, 18, 18)  # the dark page's background


def picture(drawing, scale=1.6):
    """Render a drawing twice, light over dark, as a Pillow image."""
    import cairosvg
    from PIL import Image, ImageChops

    raw = cairosvg.svg2png(bytestring=drawing.svg(outlines=True).encode(), scale=scale)
    shape = Image.open(io.BytesIO(raw)).convert("RGBA")
    light = Image.new("RGB", shape.size, "white")
    light.paste(shape, mask=shape)
    # What the site's dark theme does: invert, turn the hue by half a circle, lighten.
    turned = ImageChops.invert(shape.convert("RGB")).convert("RGB", _HALF_TURN)
    dark = Image.new("RGB", shape.size, DARK)
    dark.paste(ImageChops.screen(dark, turned), mask=shape.getchannel("A"))
    both = Image.new("RGB", (shape.width, 2 * shape.height), "white")
    both.paste(light, (0, 0))
    both.paste(dark, (0, shape.height))
    return both


# The matrix of the CSS filter hue-rotate(180deg).
_R, _G, _B = 0.213, 0.715, 0.072
_HALF_TURN = (
    *(2 * _R - 1, 2 * _G, 2 * _B, 0),
    *(2 * _R, 2 * _G - 1, 2 * _B, 0),
    *(2 * _R, 2 * _G, 2 * _B - 1, 0),
)


if __name__ == "__main__":
    name, *rest = sys.argv[1:]
    target = rest[0] if rest else f"{name.split('/')[-1]}.png"
    picture(drawn(name)).save(target)
    print(target)
