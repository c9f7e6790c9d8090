"""What pages say of themselves: the header of a section, and the status page."""

from __future__ import annotations

import json
import re


def page(section, notebook, links):
    """The text of the notebook that Sphinx reads: the executed one and a header."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = with_header(notebook, joined(cell["source"]), links)
            break
    for output in outputs(notebook):
        for kind in {"text/html"} & set(output.get("data", {})):
            output["data"][kind] = plain_table(joined(output["data"][kind]))
    notebook["metadata"] = {
        "kernelspec": notebook["metadata"].get("kernelspec", KERNEL),
        "language_info": {"name": "python"},
    }
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)


KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def outputs(notebook):
    """Every output of every cell."""
    for cell in notebook["cells"]:
        yield from cell.get("outputs", ())


def plain_table(html):
    """A data frame's HTML without what XHTML forbids and the book's style replaces."""
    html = re.sub(r"<style.*?</style>\s*", "", html, flags=re.S)
    return re.sub(r' border="1"| style="text-align: \w+;"', "", html)


def joined(source):
    return source if isinstance(source, str) else "".join(source)


def with_header(notebook, text, links):
    """Put the run's measurements under the page's title."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.startswith("# "):
            lines[i + 1 : i + 1] = ["", *header(notebook, links), ""]
            break
    return "\n".join(lines)


def header(notebook, links):
    """A list, set in one line: what the run took, and what it adds to the library."""
    run = notebook["metadata"].get("d2l")
    items = []
    if run:
        items += [
            f"Ran in **{duration(run['seconds'])}**",
            f"**{size(run['peak_memory_mb'] * 1e6)}** of memory",
            f"on {device(run['device'])}",
        ]
        data = run.get("data") or []
        if data:
            shown = ", ".join(f"{d['name']} ({size(d['bytes'])})" for d in data)
            items.append(f"data: {shown}")
        if run["profile"] == "sample":
            items.append(SAMPLE_NOTE)
    else:
        items.append("This page has not been run yet.")
    if links:
        items.append(f"in `d2l`: {links}")
    return ["::::{container} run-info", *(f"- {item}" for item in items), "::::"]


SAMPLE_NOTE = "[sample profile](/status.md): small data and few epochs"


def duration(seconds):
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def size(number):
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def device(name):
    return "the CPU" if str(name).lower().startswith("cpu") else f"the GPU {name}"


def status_page(book, profile, notebooks):
    """One page for the whole book: what every section took when it was last run."""
    rows, seconds, peak = [], 0.0, 0.0
    for section in book.notebooks:
        notebook = notebooks[section.name]
        run = notebook["metadata"].get("d2l")
        count = contents(notebook)
        took, memory, data = "not run", "", ""
        if run:
            seconds += run["seconds"]
            peak = max(peak, run["peak_memory_mb"])
            took, memory = duration(run["seconds"]), size(run["peak_memory_mb"] * 1e6)
            data = ", ".join(f"{d['name']} ({size(d['bytes'])})" for d in run["data"])
        title = f"[{section.full_title}](/{section.name}.ipynb)"
        rows.append([title, took, memory, *map(str, count), data or "none"])
    runs = [n["metadata"]["d2l"] for n in notebooks.values() if "d2l" in n["metadata"]]
    counts = [sum(c) for c in zip(*map(contents, notebooks.values()), strict=True)]
    text = STATUS.format(
        profile=PROFILES[profile],
        cells=counts[0],
        figures=counts[1],
        exercises=counts[2],
        sections=len(runs),
        seconds=duration(seconds),
        peak=size(peak * 1e6),
    )
    head = ["Section", "Time", "Memory", "Cells", "Figures", "Exercises", "Data"]
    text += table(
        "What each section took, in the order of the book.", "status", head, rows
    )
    versions = sorted({(k, v) for run in runs for k, v in run["versions"].items()})
    versions += sorted({("device", device(run["device"])) for run in runs})
    versions += sorted({("date", run["date"][:10]) for run in runs})
    used = [[VERSION_NAMES.get(k, k), v] for k, v in versions]
    text += "\n## Versions\n\n" + table(
        "What the sections were run with. Two rows of one name: not all alike.",
        "versions",
        ["What", "Version"],
        used,
    )
    return text


STATUS = """(sec_status)=
# Status

This page is written by the run that made the book. {profile} Running the {sections}
sections took {seconds} in total, one after the other; the largest needed {peak} of
memory. Together they have {cells} code cells, {figures} numbered figures and
{exercises} exercises, each with its solution. Time is that of the whole notebook,
starting Python and importing MXNet included; memory is the largest amount that the
notebook's process held at any moment.

"""

PROFILES = {
    "sample": "It was run in the *sample* profile: on small data sets of our own "
    "making, with few epochs, so that it runs offline on two processor cores. "
    "Accuracies on these data say nothing about the real data sets they stand for.",
    "full": "It was run in the *full* profile: on the real data sets, with each "
    "section's own sizes.",
}

VERSION_NAMES = {"python": "Python", "mxnet": "MXNet", "numpy": "NumPy"} | {
    "device": "Run on",
    "date": "Run on the day",
}


def contents(notebook):
    """How many code cells, numbered figures and exercises a notebook has."""
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    prose = [joined(c["source"]) for c in notebook["cells"] if c["cell_type"] != "code"]
    plots = sum("figure" in c["metadata"].get("mystnb", {}) for c in code)
    drawings = sum(len(re.findall(r"^[`:]{3,}\{figure\}", t, re.M)) for t in prose)
    starts = sum(len(re.findall(r"^[`:]{3,}\{exercise", t, re.M)) for t in prose)
    ends = sum(len(re.findall(r"^[`:]{3,}\{exercise-end", t, re.M)) for t in prose)
    return len(code), plots + drawings, starts - ends


def table(caption, name, head, rows):
    lines = [f"```{{list-table}} {caption}", f":name: tab_{name}", ":header-rows: 1"]
    for row in [head, *rows]:
        lines += [f"{'-' if i else '* -'} {cell}" for i, cell in enumerate(row)]
    text = [line if line.startswith(("*", ":", "`")) else f"  {line}" for line in lines]
    return "\n".join([*text, "```", ""])
