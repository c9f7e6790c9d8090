"""The bibliography: well formed, complete, sorted, and holding all that is cited."""

import re
import unicodedata

import pytest
from pybtex.database import parse_file

from press.book import Book

BOOK = Book()
PATH = BOOK.chapters_dir / "references.bib"
ENTRIES = parse_file(PATH).entries  # raises on a repeated key or an open brace
REQUIRED = {
    "article": {"title", "journal", "year"},
    "book": {"title", "publisher", "year"},
    "incollection": {"title", "booktitle", "publisher", "year"},
    "inproceedings": {"title", "booktitle", "year"},
    "misc": {"title", "year"},
    "phdthesis": {"title", "school", "year"},
    "techreport": {"title", "institution", "year"},
}
CITE = re.compile(r"\{cite(?::[a-z]+)?\}`([^`]+)`")


@pytest.mark.parametrize("key", ENTRIES)
def test_entry_is_complete(key):
    entry = ENTRIES[key]
    assert set(entry.fields) >= REQUIRED[entry.type]
    assert entry.persons.get("author")
    assert re.fullmatch(r"1[5-9]\d\d|20\d\d", entry.fields["year"])
    pages = entry.fields.get("pages", "1")
    assert "-" not in pages.replace("--", ""), "a range of pages is written with --"
    assert not entry.fields.get("doi", "").startswith("http")


def test_keys_are_sorted_and_plain():
    keys = list(ENTRIES)
    assert keys == sorted(keys)
    assert all(re.fullmatch(r"[a-z]+\d{4}[a-z0-9]+", key) for key in keys)


def test_no_work_is_listed_twice():
    def plain(text):
        text = unicodedata.normalize("NFKD", text).casefold()
        return re.sub(r"[^a-z0-9]", "", text)

    seen = {}
    for key, entry in ENTRIES.items():
        author = " ".join(entry.persons["author"][0].last_names)
        work = plain(entry.fields["title"]), plain(author)
        other = seen.setdefault(work, key)
        assert other == key, f"{other} and {key} are the same work"


def test_everything_cited_is_listed():
    cited = {
        key.strip()
        for section in BOOK.sections
        if not section.generated
        for keys in CITE.findall(section.text)
        for key in keys.split(",")
    }
    assert cited <= set(ENTRIES)
    assert len(cited) > 50
