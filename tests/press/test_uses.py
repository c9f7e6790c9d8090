"""The cache key: what makes a section run again, and what does not."""

import pytest
from small import section, small_book

from press import execute, notebooks, uses
from press.book import BookError

LIBRARY = """
    import sys

    d2l = sys.modules[__name__]

    DATA_HUB = {}


    def inner(x):
        return x + 1


    def outer(x):
        return d2l.inner(x) * 2


    class Model:
        def forward(self, x):
            return outer(x)


    def unrelated():
        return 0


    def download(name):
        return DATA_HUB[name]


    DATA_HUB['cats'] = ('cats.zip', '1')
    DATA_HUB['dogs'] = ('dogs.zip', '2')


    def load_dogs():
        return d2l.download('dogs')
"""
IMPORT = "from d2l import mxnet as d2l"
SECTIONS = {
    "direct": section("Direct", IMPORT, "d2l.inner(1)"),
    "through": section("Through", IMPORT, "d2l.Model().forward(1)"),
    "none": section("None", "print(1)"),
    "cats": section("Cats", IMPORT, "d2l.download('cats')"),
    "dogs": section("Dogs", IMPORT, "d2l.load_dogs()"),
    "all": section("All", IMPORT, "print(dir(d2l))"),
}


def keys(root, library=LIBRARY, sections=SECTIONS, sums="", **options):
    book = small_book(root, sections, library)
    (book.build / "samples").mkdir(parents=True, exist_ok=True)
    (book.build / "samples" / "SHA1SUMS").write_text(sums)
    runner = execute.Runner(book, **options)
    return {s.slug: runner.key(s) for s in book.notebooks}


def changed(before, after):
    return {slug for slug in before if before[slug] != after[slug]}


def test_the_key_is_stable(tmp_path):
    assert keys(tmp_path / "book") == keys(tmp_path / "book")


def test_prose_changes_its_own_section_alone(tmp_path):
    edited = dict(SECTIONS, direct=SECTIONS["direct"].replace("Some", "Other"))
    assert changed(keys(tmp_path), keys(tmp_path, sections=edited)) == {"direct"}


@pytest.mark.parametrize(
    "old, new, hit",
    [
        ("x + 1", "x + 2", {"direct", "through", "all"}),
        ("inner(x) * 2", "inner(x) * 3", {"through", "all"}),
        ("return 0", "return 1", {"all"}),
        ("return DATA_HUB[name]", "return name", {"cats", "dogs", "all"}),
        ("'cats.zip', '1'", "'cats.zip', '3'", {"cats", "all"}),
        ("'dogs.zip', '2'", "'dogs.zip', '3'", {"dogs", "all"}),
        ("import sys\n", "import os\n    import sys\n", set(SECTIONS)),
    ],
)
def test_a_saved_definition_changes_those_that_use_it(tmp_path, old, new, hit):
    assert old in LIBRARY
    after = keys(tmp_path, LIBRARY.replace(old, new))
    assert changed(keys(tmp_path), after) == hit


def test_the_hubs_data_change_those_that_read_them(tmp_path):
    before = keys(tmp_path, sums="aa  cats.zip\nbb  dogs.zip\n")
    more = keys(tmp_path, sums="aa  cats.zip\nbb  dogs.zip\ncc  owls.zip\n")
    assert changed(before, more) <= {"all"}
    other = keys(tmp_path, sums="dd  cats.zip\nbb  dogs.zip\n")
    assert changed(before, other) == {"cats", "all"}


def test_the_lock_and_the_profile_change_everything(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    before = keys(tmp_path)
    assert changed(before, keys(tmp_path, profile="full")) == set(SECTIONS)
    lock = tmp_path / "requirements.lock"
    lock.write_text("# a comment\nnumpy==1\n")
    assert not changed(before, keys(tmp_path))
    lock.write_text("numpy==2\n")
    assert changed(before, keys(tmp_path)) == set(SECTIONS)


@pytest.mark.parametrize(
    "source, names",
    [
        ("d2l.a(d2l.b.c)", {"a", "b"}),
        ("from d2l.mxnet import a, b", {"a", "b"}),
        ("from d2l import mxnet as m\nm.a()", {"a"}),
        ("import d2l\nd2l.mxnet.a", {"mxnet", "a"}),
        ("help(d2l)", {"*"}),
        ("d2l.a?\n%timeit d2l.b(1)\n!echo d2l.c", {"a", "b", "c"}),
        ("d2l.a(\n", {"a"}),
        ("# d2l in a comment\nx = 1", set()),
    ],
)
def test_the_names_that_cells_use(source, names):
    assert uses.used_names([source]) == names


def test_the_data_sets_of_a_section(tmp_path):
    book = small_book(tmp_path, SECTIONS, LIBRARY)
    library = uses.Library(book)
    found = {s.slug: uses.data_files(s, library) for s in book.notebooks}
    assert found["cats"] == ["cats.zip"]
    assert found["dogs"] == ["dogs.zip"]
    assert found["none"] == found["direct"] == []


# --- the profile's parameters ---------------------------------------------------------

PARAMETERS = (":tags: [parameters]", "batch_size, lr = 256, 0.1\nnum_epochs = 10")


def test_the_full_profile_keeps_the_sections_own_numbers(tmp_path):
    text = section("One", PARAMETERS, "print(lr)", sample="{num_epochs: 3, lr: 0.5}")
    book = small_book(tmp_path, {"one": text})
    full = notebooks.make(book.find("one"), "full")
    small = notebooks.make(book.find("one"), "sample")
    assert len(small.cells) == len(full.cells) + 1
    injected = next(
        c for c in small.cells if "injected-parameters" in c.metadata.get("tags", ())
    )
    assert injected.source.split("\n")[1:] == ["num_epochs = 3", "lr = 0.5"]
    assert [c.id for c in full.cells] == ["one-000", "one-001", "one-002"]


@pytest.mark.parametrize(
    "cells, sample, message",
    [
        ([PARAMETERS], "{num_epoch: 3}", "did you mean num_epochs"),
        (["x = 1"], "{x: 3}", "no cell is tagged parameters"),
        ([PARAMETERS, PARAMETERS], "{lr: 3}", "a second cell tagged parameters"),
    ],
)
def test_wrong_parameters_are_named(tmp_path, cells, sample, message):
    book = small_book(tmp_path, {"one": section("One", *cells, sample=sample)})
    with pytest.raises(BookError, match=message) as caught:
        notebooks.make(book.find("one"), "sample")
    assert "chapters/preliminaries/one.md" in str(caught.value)
