"""The rendered site, served on loopback, and a browser that watches what pages do."""

import functools
import http.server
import os
import shutil
import threading

import pytest

from press.book import Book

BOOK = Book()
SITE = BOOK.build / "html"


@pytest.fixture(scope="session")
def site():
    """The folder of the rendered site."""
    if not (SITE / "index.html").is_file():
        pytest.skip("there is no site: run `make html` first")
    return SITE


@pytest.fixture(scope="session")
def address(site):
    """The address at which the site is served."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

    handler = functools.partial(Quiet, directory=site)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright."""
    names = (
        os.environ.get("CHROMIUM"),
        "chromium",
        "chromium-browser",
        "google-chrome",
    )
    program = next(filter(None, (n and shutil.which(n) for n in names)), None)
    if program is None:
        pytest.skip("there is no Chromium: sudo apt install chromium")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        chromium = playwright.chromium.launch(executable_path=program, args=flags)
        yield chromium
        chromium.close()


class Reader:
    """Opens pages, and keeps what went wrong while they were open."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.contexts, self.troubles, self.strangers = [], [], []

    def open(self, name, theme="light", width=1280, address=None, **options):
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            **options,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("requestfailed", lambda r: self.troubles.append(f"failed: {r.url}"))
        page.on("response", self.check)
        page.on("request", self.origin)
        page.goto(f"{address or self.address}/{name}.html", wait_until="load")
        page.wait_for_function(MATHEMATICS_SET)
        return page

    def hear(self, message):
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def check(self, response):
        if response.status >= 400:
            self.troubles.append(f"{response.status}: {response.url}")

    def origin(self, request):
        if not request.url.startswith((self.address, "data:", "blob:", "file:")):
            self.strangers.append(request.url)

    def close(self):
        for context in self.contexts:
            context.close()


MATHEMATICS_SET = """() => !document.querySelector('.math')
    || document.querySelectorAll('.math:not(:has(mjx-container))').length === 0"""


@pytest.fixture
def reader(browser, address):
    one = Reader(browser, address)
    yield one
    one.close()
