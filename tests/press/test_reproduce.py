"""The test of the book: nbval's second run must print what the first one printed."""

import json

import pytest
from small import section, small_book

from press import cli, execute

PICTURE = """
    import matplotlib.pyplot as plt
    from matplotlib_inline import backend_inline
    backend_inline.set_matplotlib_formats('svg', metadata={'Date': None})
    plt.plot([1, 2, 4])
    plt.show()
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A book that is reproduced, and one that cannot be."""
    root = tmp_path_factory.mktemp("book")
    book = small_book(
        root,
        {
            "steady": section(
                "Steady",
                "import os\nopen('file', 'w').close()\nprint(os.listdir('.'))",
                PICTURE,
                (":tags: [nbval-ignore-output]", "import time\nprint(time.time())"),
                (":tags: [raises-exception]", "1 / 0"),
                "print(f'loss 0.5\\n{time.time_ns():,} examples/s on cpu(0)')",
                "hash('the same')",
            ),
            "altered": section("Altered", "x = 1", "print('one')", "print(x)"),
            "random": section("Random", "import random", "random.random()"),
        },
    )
    runner = execute.Runner(book)
    done = runner.run(book.notebooks, jobs=2)
    assert {r["status"] for _, r in done} == {"passed"}
    return runner


def test_what_is_reproduced_passes(ran, capfd):
    assert cli.reproduce(ran, [ran.book.find("steady")])
    assert "ok" in capfd.readouterr().out


def test_what_changes_fails_and_is_named(ran, capfd):
    altered = ran.book.find("altered")
    path = ran.executed(altered)
    path.write_text(path.read_text().replace('"one\\n"', '"two\\n"', 1))
    notebook = json.loads(path.read_text())
    assert "two\n" in notebook["cells"][2]["outputs"][0]["text"]
    sections = [altered, ran.book.find("random"), ran.book.find("steady")]
    assert not cli.reproduce(ran, sections)
    out = capfd.readouterr().out
    line = altered.text.split("\n").index("print('one')") + 1
    assert f"FAIL chapters/preliminaries/altered.md:{line} (cell 2)" in out
    assert "FAIL chapters/preliminaries/random.md" in out
    assert "FAIL chapters/preliminaries/steady.md" not in out
