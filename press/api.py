"""Write the API page from the saved cells, without importing the library.

Every public name is a `py:` object, `d2l.mxnet.NAME`, so that text links to it by
{py:obj}`NAME <d2l.mxnet.NAME>`, the search finds it, and its address stays the same.
"""

import ast
import inspect
import itertools
import json
import re

INTRODUCTION = """\
(chap_api)=
# The d2l Library

Every function, class and constant that the book's sections define for use elsewhere is
collected in one module:

```python
from d2l import mxnet as d2l
```

Here they stand in the order of the book, each under the section that explains it, and
there is the whole list by name.
"""

CODE = re.compile(r"(`+)(.+?)\1", re.DOTALL)
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~^@&!])")


def page(library):
    """Return the API page of a library (press.library.Library) as MyST Markdown."""
    public = library.public()
    parts = [INTRODUCTION]
    if public:
        links = (f"{{py:obj}}`{name} <d2l.mxnet.{name}>`" for name in public)
        parts.append(" · ".join(links) + "\n")
    saved = [s for s in library.names.values() if s.name in public]
    for section, group in itertools.groupby(saved, key=lambda s: s.place.section):
        parts.append(f"## {escape(section.full_title)}\n")
        target = f"{{doc}}`/{section.name}`"
        parts.append(f"Explained in {target}.\n")
        parts += [entry(one) for one in group]
    return "\n".join(parts)


def entry(saved):
    """Write one name: its signature, its docstring and, for a class, its methods."""
    node = saved.statement
    if saved.kind == "function":
        head, body = f"{saved.name}({arguments(node)})", docstring(node)
        return directive("py:function", head, body)
    if saved.kind == "class":
        methods = {n.name: n for n in node.body if isinstance(n, ast.FunctionDef)}
        head = saved.name
        if "__init__" in methods:
            head += f"({arguments(methods['__init__'], skip=1)})"
        shown = [method(n) for n in methods.values() if not n.name.startswith("_")]
        return directive("py:class", head, "\n".join([docstring(node), *shown]), 5)
    value = getattr(node, "value", None)
    options = f":value: {json.dumps(shorten(ast.unparse(value)))}\n" if value else ""
    return directive("py:data", saved.name, comment(saved), options=options)


def method(node):
    """Write one method or property of a class."""
    decorators = [ast.unparse(one) for one in node.decorator_list]
    if "property" in decorators:
        return directive("py:property", node.name, docstring(node))
    static = "staticmethod" in decorators
    head = f"{node.name}({arguments(node, skip=0 if static else 1)})"
    options = ":staticmethod:\n" if static else ""
    options += ":classmethod:\n" if "classmethod" in decorators else ""
    return directive("py:method", head, docstring(node), options=options)


def directive(name, head, body, colons=4, options=""):
    """Write a MyST directive of the module d2l.mxnet."""
    fence = ":" * colons
    inside = "" if name in ("py:method", "py:property") else ":module: d2l.mxnet\n"
    return f"{fence}{{{name}}} {head}\n{inside}{options}\n{body}\n{fence}\n"


def arguments(function, skip=0):
    """Write the parameters of a function as its `def` does, less the first ones."""
    spec = function.args
    positional = [*spec.posonlyargs, *spec.args][skip:]
    shown = ast.arguments(
        posonlyargs=positional[: max(0, len(spec.posonlyargs) - skip)],
        args=positional[max(0, len(spec.posonlyargs) - skip) :],
        vararg=spec.vararg,
        kwonlyargs=spec.kwonlyargs,
        kw_defaults=spec.kw_defaults,
        kwarg=spec.kwarg,
        defaults=spec.defaults,
    )
    return ast.unparse(shown)


def shorten(text, width=60):
    """Cut an expression that is too long to read on one line."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def docstring(node):
    """Write a docstring as Markdown that shows it as it was written."""
    body = getattr(node, "body", ())
    init = next((n for n in body if getattr(n, "name", "") == "__init__"), node)
    arguments = getattr(init, "args", None)
    names = {n.arg for n in ast.walk(arguments or node) if isinstance(n, ast.arg)}
    return markdown(ast.get_docstring(node) or "", names)


def comment(saved):
    """Write the comment above a value, or beside it, as its description."""
    lines = saved.source.split("\n")
    last = first = saved.statement.lineno - 1
    while first and re.match(r"#(?!\s*@save)", lines[first - 1]):
        first -= 1
    if first == last and "  # " in lines[last]:
        return markdown(lines[last].partition("  # ")[2])
    return markdown("\n".join(line.lstrip("# ") for line in lines[first:last]))


def markdown(text, parameters=()):
    """Write a docstring's text as Markdown: paragraphs, lists, code, nothing else.

    Text in backquotes is code, and so are names of parameters before a colon; indented
    text is a block of code; all else is shown as it is.
    """
    parts = []
    for paragraph in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        lines = paragraph.split("\n")
        if all(line.startswith("    ") for line in lines):
            code = inspect.cleandoc("\n" + paragraph)
            parts.append(f"```python\n{code}\n```\n")
            continue
        joined = re.sub(r"\n(?!- )\s*", " ", paragraph)  # but a list stays a list
        joined = re.sub(r"(?<![\w`])'[^'`\s]+'(?![\w`])", r"`\g<0>`", joined)
        joined = mark_parameters(joined, parameters)
        parts.append("\n".join(inline(line) for line in joined.split("\n")) + "\n")
    return "\n".join(parts)


def mark_parameters(text, parameters):
    """Set the names of parameters in backquotes where a colon follows them."""
    if not parameters:
        return text
    longest_first = sorted(map(re.escape, parameters), key=len, reverse=True)
    name = rf"\*{{0,2}}\b(?:{'|'.join(longest_first)})\b"
    several = rf"(?<![\w`.*]){name}(?:,? (?:and )?{name})*(?=:)"
    return re.sub(several, lambda m: re.sub(name, r"`\g<0>`", m[0]), text)


def inline(line):
    """Escape a line of text, less what stands in backquotes."""
    text, position = "", 0
    for code in CODE.finditer(line):
        text += escape(line[position : code.start()]) + f"`{code.group(2)}`"
        position = code.end()
    text += escape(line[position:])
    return re.sub(r"^(-(?! )|[+:=]|\d+[.)])", r"\\\1", text)


def escape(text):
    """Escape what Markdown would read as markup."""
    return SPECIAL.sub(r"\\\1", text)
