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
