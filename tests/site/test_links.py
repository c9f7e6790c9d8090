"""Every link inside the book leads somewhere; every section is where it is listed."""

from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from press.book import Book


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.sources = set(), [], []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids |= {found[key] for key in ("id", "name") if found.get(key)}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        for key in ("src", "data"):
            if tag in ("img", "script", "source") and found.get(key):
                self.sources.append(found[key])
        if tag == "link" and found.get("rel") in ("stylesheet", "icon"):
            self.sources.append(found["href"])


@pytest.fixture(scope="module")
def pages(site):
    found = {}
    for path in sorted(site.rglob("*.html")):
        if "_static" not in path.parts:
            found[path] = Page(path)
    return found


def test_links_resolve(pages):
    broken = []
    for path, page in pages.items():
        for link in page.links:
            if urlsplit(link).scheme or link.startswith("#pst-"):
                continue
            address, fragment = urldefrag(link)
            target = path
            if address:
                target = (path.parent / unquote(urlsplit(address).path)).resolve()
            if not target.is_file():
                broken.append(f"{path.name}: {link}")
            elif fragment and target in pages:
                if unquote(fragment) not in pages[target].ids:
                    broken.append(f"{path.name}: {link}")
    assert broken == []


def test_nothing_comes_from_elsewhere(pages):
    """Scripts, styles, fonts and pictures lie beside the pages."""
    foreign = {
        (path.name, source)
        for path, page in pages.items()
        for source in page.sources
        if urlsplit(source).scheme in ("http", "https") or source.startswith("//")
    }
    assert foreign == set()


def test_every_page_of_the_contents_is_there(site):
    for section in Book().sections:
        assert (site / f"{section.name}.html").is_file()
