"""The drawings of the book: a registry of functions, and the writer of their files.

A drawing is a function in a module of this package that returns a `draw.Drawing` and is
registered under the name of its chapter and its own:

    @figure("preliminaries/broadcasting")
    def broadcasting():
        d = draw.Drawing(640, 200, title="Broadcasting a column and a row")
        ...
        return d

`build(folder)` writes preliminaries/broadcasting.svg and .pdf there.
"""

import importlib
import pkgutil
import re
from pathlib import Path

_NAME = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_registry = {}


class FigureError(Exception):
    """A drawing is registered wrongly or cannot be drawn; the message names it."""


def figure(name):
    """Register the function below under `name`, 'chapter/drawing'."""
    if not _NAME.fullmatch(name):
        raise FigureError(f"figure name {name!r} is not of the form 'chapter/drawing'")

    def register(function):
        known = _registry.get(name)
        place = (function.__module__, function.__qualname__)
        if known and (known.__module__, known.__qualname__) != place:
            raise FigureError(
                f"figure {name!r} is drawn twice: "
                f"by {known.__module__}.{known.__qualname__} and by {'.'.join(place)}"
            )
        _registry[name] = function
        return function

    return register


def figures():
    """All drawings, in the order of their names: {name: function}."""
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        importlib.import_module(module.name)
    return dict(sorted(_registry.items()))


def drawn(name):
    """Draw one figure. Raises FigureError, naming it, when that fails."""
    known = figures()
    if name not in known:
        raise FigureError(f"no figure {name!r}; there are: {', '.join(known)}")
    function = known[name]
    try:
        drawing = function()
        drawing.svg()
    except Exception as error:
        raise FigureError(
            f"figure {name!r} ({function.__module__}.{function.__qualname__}): {error}"
        ) from error
    return drawing


def build(folder, names=None, pdf=None):
    """Write every drawing as SVG and PDF below `folder`, where they changed.

    names: the figures to write, all when left out.
    pdf: True insists on PDF files, False leaves them out, None writes them where the
    cairo library is installed (the site needs none; the printed book does).
    Returns the paths that were written.
    """
    folder = Path(folder)
    missing = _cairo_missing() if pdf is not False else None
    if pdf and missing:
        raise FigureError(
            f"drawings for print need the cairo library ({missing}): install it with "
            "`apt install libcairo2` (Debian, Ubuntu) or `brew install cairo` (macOS)"
        )
    written = []
    for name in figures() if names is None else names:
        drawing = drawn(name)
        path = folder / f"{name}.svg"
        fresh = _write(path, drawing.svg().encode())
        if fresh:
            written.append(path)
        print_path = path.with_suffix(".pdf")
        if pdf is False or missing:
            continue
        # The SVG decides: an unchanged drawing keeps its PDF.
        if (fresh or not print_path.exists()) and _write(print_path, drawing.pdf()):
            written.append(print_path)
    return written


def _cairo_missing():
    try:
        import cairosvg  # noqa: F401
    except (ImportError, OSError) as error:
        return str(error).splitlines()[0]
    return None


def _write(path, data):
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True
