"""Every section has its parts: the anatomy that CONTRIBUTING.md describes."""

import collections
import re

import pytest
import yaml

from press.book import Book

BOOK = Book()
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
# Not hide-input: what is folded makes an EPUB that readers refuse.
KNOWN_TAGS = {
    "parameters",
    "nbval-ignore-output",
    "raises-exception",
}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b|(?i:left to the reader|lorem ipsum)")
LABEL = re.compile(
    r"^\((?P<target>[^()\s]+)\)=\s*$"
    r"|^:(?:label|name):\s*(?P<option>\S+)\s*$"
    r"|^\$\$\s*\((?P<equation>[^()\s]+)\)\s*$"
    r"|^(?:    )?name:\s*(?P<yaml>\S+)\s*$",
    re.M,
)
DIRECTIVE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<name>[\w:-]+)\}[ \t]*(?P<argument>[^\n]*)\n"
    r"(?P<body>.*?)^(?P=fence)[ \t]*$",
    re.M | re.S,
)

PAGES = [s for s in BOOK.sections if not s.generated]
COVER = BOOK.sections[0]
SECTIONS = [s for s in PAGES if s.chapter and not s.is_index]
NOTEBOOKS = [s for s in PAGES if s.is_notebook]


def each(sections):
    return pytest.mark.parametrize("section", sections, ids=lambda s: s.name)


def directives(text, name):
    """The directives of one name: (argument, options, content), in order."""
    found = []
    for match in DIRECTIVE.finditer(text):
        if match["name"] != name:
            continue
        block = re.match(r"---\n(.*?)^---$", match["body"], re.M | re.S)
        if block:  # options as YAML, which may go over several lines
            options = yaml.safe_load(block[1])
            content = match["body"][block.end() :].strip()
        else:
            options = dict(re.findall(r"^:(\S+):[ \t]*(.*)$", match["body"], re.M))
            content = re.sub(r"^:\S+:.*$", "", match["body"], flags=re.M).strip()
        found.append((match["argument"].strip(), options, content))
    return found


def headings(section):
    """The second-level headings outside code cells."""
    return [
        line[3:].strip()
        for cell in section.cells
        if cell.kind == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]


def test_every_page_of_the_contents_exists_and_no_other_does():
    listed = {s.path for s in PAGES}
    found = set(BOOK.chapters_dir.rglob("*.md"))
    assert listed == found


@each(PAGES)
def test_page_is_finished(section):
    if section is not COVER:
        assert section.label, "no label above the title"
    found = UNFINISHED.search(section.text)
    assert not found, f"unfinished: {found and found.group()}"


@each(NOTEBOOKS)
def test_front_matter_is_the_agreed_one(section):
    assert section.front_matter["kernelspec"] == KERNEL
    assert set(section.front_matter) <= {"kernelspec", "sample"}


@each(NOTEBOOKS)
def test_sample_profile_overrides_only_parameters_that_exist(section):
    cells = [c for c in section.code_cells if "parameters" in c.tags]
    assert len(cells) <= 1
    names = set(
        re.findall(
            r"\b([a-z]\w*)\b(?=[^=\n]*=)", "".join(cell.source for cell in cells)
        )
    )
    assert set(section.sample) <= names


@each(NOTEBOOKS)
def test_no_cell_is_swallowed_by_a_broken_directive(section):
    # MyST takes a fence whose title has backticks for a paragraph; what stands below
    # it, up to the next fence, is then neither a directive nor a cell.
    opened = re.findall(r"^```\{code-cell\}", section.path.read_text("utf-8"), re.M)
    assert len(section.code_cells) == len(opened)


@each(PAGES)
def test_sub_and_superscripts_that_are_commands_are_in_braces(section):
    # MathJax sets x_\mathcal{B}; LaTeX with unicode-math stops at it.
    prose = "".join(c.source for c in section.cells if c.kind == "markdown")
    assert not re.findall(r"[_^]\\(?:math|boldsymbol|operatorname|text)\w*\{", prose)


@each(NOTEBOOKS)
def test_code_fits_the_printed_line(section):
    long = [
        f"line {cell.line + i}"
        for cell in section.code_cells
        for i, line in enumerate(cell.source.splitlines())
        if len(line) > 79
    ]
    assert not long


@each(NOTEBOOKS)
def test_tags_are_known(section):
    used = {tag for cell in section.code_cells for tag in cell.tags}
    assert used <= KNOWN_TAGS


@each(SECTIONS)
def test_section_has_its_parts_in_order(section):
    names = headings(section)
    assert names[-3:] == ["Summary", "Exercises", "Further reading"]


@each(SECTIONS)
def test_section_opens_with_prose(section):
    opening = section.cells[0]
    assert opening.kind == "markdown"
    after_title = opening.source.split("\n# ", 1)[1].split("\n", 1)[1].strip()
    assert len(after_title.split()) >= 25, "no opening paragraph under the title"


@each(SECTIONS)
def test_first_cell_prepares_mxnet(section):
    imports = [
        line
        for cell in section.code_cells
        for line in cell.source.splitlines()
        if re.match(r"(from|import) +(d2l|mxnet)\b", line)
    ]
    assert imports, "imports neither d2l nor MXNet"
    assert imports[0] == "from d2l import mxnet as d2l"


@each(PAGES)
def test_every_exercise_has_a_solution(section):
    exercises = [
        options.get("label") for _, options, _ in directives(section.text, "exercise")
    ]
    starts = re.findall(r"^`{3,}\{solution-start\} (\S+)", section.text, re.M)
    ends = re.findall(r"^`{3,}\{solution-end\}", section.text, re.M)
    plain = [argument for argument, _, _ in directives(section.text, "solution")]
    assert sorted(exercises) == sorted(starts + plain)
    assert len(starts) == len(ends)
    if section in SECTIONS:
        assert exercises


@each(PAGES)
def test_figures_can_be_cited_and_read_without_seeing(section):
    for argument, options, content in directives(section.text, "figure"):
        assert len(options.get("alt", "").split()) >= 6, f"{argument}: no real alt text"
        if section is not COVER:  # whose picture stands for the book, without a number
            assert options.get("name", "").startswith("fig_"), argument
            assert len(content.split()) >= 4, f"{argument}: no caption"


@each(NOTEBOOKS)
def test_captioned_plots_have_alternative_text(section):
    for cell in section.code_cells:
        described = cell.metadata.get("mystnb")
        if described and "figure" in described:
            assert described["figure"].get("name", "").startswith("fig_"), cell.line
            assert described["figure"].get("caption"), cell.line
            alt = described.get("image", {}).get("alt", "")
            assert len(alt.split()) >= 4, cell.line


def test_labels_are_unique_in_the_book():
    places = collections.defaultdict(list)
    for section in PAGES:
        for match in LABEL.finditer(section.text):
            label = next(group for group in match.groups() if group)
            line = section.text.count("\n", 0, match.start()) + 1
            places[label].append(f"{section.source}:{line}")
    twice = {label: where for label, where in places.items() if len(where) > 1}
    assert not twice


def test_every_drawing_is_used_and_every_used_drawing_exists():
    from press import figures

    used = {
        argument.removeprefix("/figures/").removesuffix(".*")
        for section in PAGES
        for argument, _, _ in directives(section.text, "figure")
        if argument.startswith("/figures/")
    }
    assert used == set(figures.figures())
