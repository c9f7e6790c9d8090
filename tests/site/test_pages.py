"""A page of each kind, as a reader's browser shows it."""

import json
import re

import pytest

KINDS = {
    "cover": "index",
    "chapter": "preliminaries/index",
    "section": "preliminaries/ndarray",
    "plots": "linear-networks/softmax-regression-scratch",
    "front matter": "notation",
    "api": "api",
    "status": "status",
    "troubleshooting": "troubleshooting",
    "references": "references",
}
PAGES = list(KINDS.values())
SECTION = KINDS["section"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 375)]
)
def test_page(reader, page, theme, width):
    """It loads from its own origin alone, without an error, and fits the screen."""
    shown = reader.open(page, theme, width)
    assert shown.evaluate("document.documentElement.dataset.theme") == theme
    assert shown.locator("article h1").inner_text().strip()
    assert shown.locator("mjx-merror, [data-mjx-error]").count() == 0
    overflow = "document.documentElement.scrollWidth - window.innerWidth"
    assert shown.evaluate(overflow) <= 0
    broken = shown.evaluate(
        "[...document.images].filter(i => i.complete && !i.naturalWidth)"
        ".map(i => i.src)"
    )
    assert broken == []
    silent = "[...document.querySelectorAll('article img')].filter(i => !i.alt.trim())"
    assert shown.evaluate(f"{silent}.map(i => i.src)") == []
    assert reader.strangers == []
    assert reader.troubles == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(reader, page, theme):
    """axe finds nothing serious, with the solutions unfolded."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    shown = reader.open(page, theme)
    shown.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    shown.wait_for_timeout(200)
    found = axe.run(shown).response["violations"]
    serious = [
        (v["id"], [n["html"][:200] for n in v["nodes"][:3]])
        for v in found
        if v["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_mathematics_is_set(reader):
    shown = reader.open("linear-networks/linear-regression")
    assert shown.locator("mjx-container").count() > 20
    assert shown.locator("mjx-container[display='true']").count() > 3
    assert shown.locator("mjx-merror").count() == 0


@pytest.mark.parametrize("from_file", [False, True])
def test_search_finds(reader, site, from_file):
    """The index finds a term and leads to the page, also without a server."""
    place = site.as_uri() if from_file else None
    shown = reader.open("search", address=place)
    shown.goto(f"{place or reader.address}/search.html?q=broadcasting")
    result = shown.locator("#search-results a[href*='ndarray']").first
    result.wait_for()
    result.click()
    shown.wait_for_url("**/preliminaries/ndarray.html*")
    assert "broadcasting" in shown.locator("article").inner_text().lower()


def test_search_button_opens_the_box(reader):
    shown = reader.open(SECTION)
    shown.keyboard.press("Control+k")
    shown.keyboard.type("broadcasting")
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/search.html?q=broadcasting")


def test_solution_unfolds(reader):
    shown = reader.open(SECTION)
    solution = shown.locator("details.solution").first
    inside = solution.locator("p, pre").first
    assert not inside.is_visible()
    solution.locator("summary").click()
    assert inside.is_visible()


def test_link_into_solution_unfolds_it(reader):
    shown = reader.open(SECTION)
    label = shown.locator("details.solution").first.get_attribute("id")
    shown.evaluate(f"location.hash = {json.dumps(label)}")
    shown.wait_for_selector("details.solution[open]")


def test_solution_unfolds_without_javascript(reader):
    context = reader.browser.new_context(java_script_enabled=False)
    reader.contexts.append(context)
    shown = context.new_page()
    shown.goto(f"{reader.address}/{SECTION}.html")
    solution = shown.locator("details.solution").first
    solution.locator("summary").click()
    assert solution.get_attribute("open") is not None


def test_copy_button_copies_the_code(reader, site):
    """What the button copies is the cell, to the character."""
    permissions = ["clipboard-read", "clipboard-write"]
    shown = reader.open(SECTION, permissions=permissions)
    notebook = json.loads((site / f"{SECTION}.ipynb").read_text("utf-8"))
    sources = [
        "".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"
    ]
    indented = next(s for s in sources if "\n    " in s)
    start = indented.split("\n")[0]
    cell = shown.locator(".cell_input", has_text=start).first
    cell.hover()
    cell.locator("button.copybtn").click()
    shown.wait_for_timeout(200)
    copied = shown.evaluate("navigator.clipboard.readText()")
    assert copied.rstrip("\n") == indented


def test_dark_mode_keeps_pictures_readable(reader):
    """Line art is inverted onto the page's ground; pictures keep their colours."""
    shown = reader.open(KINDS["plots"], "dark")
    style = "e => getComputedStyle(e).filter"
    lines = shown.locator("article img.lineart")
    assert lines.count() > 0
    assert "invert(1)" in lines.first.evaluate(style)
    pictures = shown.locator("article img.raster")
    for i in range(pictures.count()):
        assert pictures.nth(i).evaluate(style) == "none"


def test_theme_can_be_switched(reader):
    shown = reader.open(SECTION)
    theme = "document.documentElement.dataset.theme"
    seen = {shown.evaluate(theme)}
    for _ in range(3):
        shown.locator("button.theme-switch-button:visible").first.click()
        seen.add(shown.evaluate(theme))
    assert seen == {"light", "dark"}


def test_numbers_are_the_syllabus(reader):
    """Chapter 2 is 2, its first section 2.1, and figures count within a section."""
    shown = reader.open(SECTION)
    assert shown.locator("article h1").inner_text().startswith("2.1.")
    figures = shown.locator("article .caption-number").all_inner_texts()
    numbers = [f.split()[1] for f in figures if f.startswith("Figure")]
    assert numbers == [f"2.1.{i + 1}" for i in range(len(numbers))]
    exercises = shown.locator("article .exercise > .admonition-title").all_inner_texts()
    assert [re.search(r"[\d.]*\d", e)[0] for e in exercises] == [
        f"2.1.{i + 1}" for i in range(len(exercises))
    ]
    chapter = reader.open("linear-networks/index")
    assert chapter.locator("article h1").inner_text().startswith("3.")


def test_header_says_what_the_run_took(reader):
    shown = reader.open(SECTION)
    text = shown.locator(".run-info").inner_text()
    assert re.search(r"Ran in .*\d (s|min)", text)
    assert re.search(r"\d (MB|GB)", text)
    assert "CPU" in text or "GPU" in text


def test_library_and_sections_link_both_ways(reader):
    shown = reader.open("preliminaries/calculus")
    link = shown.locator(".run-info a[href*='api.html#']").first
    name = link.inner_text()
    link.click()
    shown.wait_for_url("**/api.html#*")
    entry = shown.locator(f"[id='d2l.mxnet.{name}']")
    group = shown.locator("section", has=entry).last
    assert group.locator("a[href*='preliminaries/calculus.html']").count() > 0


def test_notebook_can_be_downloaded(reader):
    shown = reader.open(SECTION)
    link = shown.locator("a.btn-notebook").first.get_attribute("href")
    answer = shown.request.get(f"{reader.address}/preliminaries/{link.split('/')[-1]}")
    notebook = json.loads(answer.text())
    assert notebook["nbformat"] == 4
    assert any(cell.get("outputs") for cell in notebook["cells"])


def test_wide_boxes_scroll_by_keyboard(reader):
    """What is wider than a phone can be reached with the Tab key."""
    shown = reader.open(KINDS["plots"], width=375)
    stuck = shown.evaluate(
        """[...document.querySelectorAll('pre')]
        .filter(e => e.scrollWidth > e.clientWidth + 1 && e.tabIndex < 0).length"""
    )
    assert stuck == 0
