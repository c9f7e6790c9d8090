"""A section becomes a notebook: jupytext reads it, papermill applies the profile.

The section's own sizes stand in its cell tagged ``parameters``. What the sample
profile makes smaller stands in the front matter (``sample: {num_epochs: 3}``);
papermill puts it into a cell of its own after that one, so that a reader sees the
book's number, and under it the one that the page was made with.
"""

from __future__ import annotations

import ast
import difflib

from press.book import BookError
from press.kernel import write_if_changed

COMMENT = "The sample profile: smaller, so that it runs anywhere in seconds"


def parameters(section, profile):
    """The parameters that a profile overrides, checked against the section's own."""
    override = section.sample if profile == "sample" else {}
    cells = [c for c in section.code_cells if "parameters" in c.tags]
    if len(cells) > 1:
        raise BookError(
            f"{section.source}:{cells[1].line}: a second cell tagged parameters"
        )
    if not section.sample:
        return override
    if not cells:
        raise BookError(
            f"{section.source}: the front matter overrides {', '.join(section.sample)},"
            " but no cell is tagged parameters"
        )
    own = assigned(cells[0].source)
    for name in section.sample:
        if name not in own:
            near = difflib.get_close_matches(name, own, 1, 0.5)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise BookError(
                f"{section.source}: the front matter overrides '{name}', which the"
                f" cell tagged parameters (line {cells[0].line}) does not set{hint}"
            )
    return override


def assigned(source):
    """The names that a cell assigns."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.append(node.id)
    return names


def make(section, profile):
    """The notebook of a section (an nbformat node), not yet run."""
    import nbformat

    override = parameters(section, profile)
    notebook = nbformat.v4.new_notebook()
    spec = section.front_matter.get("kernelspec") or {}
    notebook.metadata["kernelspec"] = {
        "name": spec.get("name", "python3"),
        "display_name": spec.get("display_name", "Python 3"),
        "language": spec.get("language", "python"),
    }
    for cell in section.cells:
        if cell.kind == "code":
            new = nbformat.v4.new_code_cell(cell.source)
        elif cell.kind == "raw":
            new = nbformat.v4.new_raw_cell(cell.source)
        else:
            new = nbformat.v4.new_markdown_cell(cell.source)
        new.metadata.update(nbformat.from_dict(cell.metadata))
        new.metadata["source_line"] = cell.line
        notebook.cells.append(new)
    if override:
        notebook = inject(notebook, override)
    number(notebook, section.slug)
    return notebook


def inject(notebook, override):
    """Put the overriding parameters behind the section's own."""
    from papermill.parameterize import parameterize_notebook

    notebook.metadata["papermill"] = {}
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
    notebook = parameterize_notebook(notebook, override, comment=COMMENT)
    del notebook.metadata["papermill"]
    line = None
    for cell in notebook.cells:
        if not cell.metadata["tags"]:
            del cell.metadata["tags"]
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell.source = cell.source.strip()
            cell.metadata["source_line"] = line
        line = cell.metadata.get("source_line")
    return notebook


def number(notebook, slug):
    """Give the cells identities that do not change from one run to the next."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for i, cell in enumerate(notebook.cells):
        cell["id"] = f"{slug[:56]}-{i:03d}"


def write(section, profile):
    """Write _build/notebooks/PROFILE/SECTION.ipynb; return (path, text)."""
    import nbformat

    path = section.book.build / "notebooks" / profile / f"{section.name}.ipynb"
    text = nbformat.writes(make(section, profile))
    write_if_changed(path, text)
    return path, text
