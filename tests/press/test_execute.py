"""Running sections: failures, retries, limits, the cache, being killed."""

import io
import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from small import section, small_book

from press import execute, kernel
from press.book import ROOT, BookError

DIE_ONCE = """
    import os, pathlib
    mark = pathlib.Path({mark!r})
    if not mark.exists():
        mark.touch()
        os._exit(3)
    print('alive')
"""


def texts(notebook):
    """What a notebook's cells printed."""
    outputs = [o for c in notebook["cells"] for o in c.get("outputs", [])]
    return "".join("".join(o.get("text", "")) for o in outputs)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


class Messages(execute.Display):
    """Keeps what a display would print."""

    def __init__(self):
        from rich.console import Console

        self.file = io.StringIO()
        super().__init__(Console(file=self.file, width=200, highlight=False))

    @property
    def text(self):
        return self.file.getvalue()


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """One run of a book in which everything goes wrong that can."""
    root = tmp_path_factory.mktemp("wrong")
    book = small_book(
        root,
        {
            "good": section(
                "Good",
                "import os\nprint(os.listdir('.'))\nopen('litter.txt', 'w').close()",
                (":tags: [parameters]", "num_epochs = 10"),
                "print('epochs', num_epochs)",
                (":tags: [raises-exception]", "raise ValueError('expected')"),
                "bytearray(300_000_000)[::4096] and print('memory')",
                sample="{num_epochs: 3}",
            ),
            "bad": section(
                "Bad", "print('before')", "x = 1\n\nassert x == 2, 'x is 1'", "y = 2"
            ),
            "fragile": section("Fragile", DIE_ONCE.format(mark=str(root / "mark"))),
            "dead": section("Dead", "print('last words')", "import os\nos._exit(3)"),
            "slow": section("Slow", "print('begun')", "import time\ntime.sleep(60)"),
        },
    )
    runner = execute.Runner(book, limit=4)
    display = Messages()
    done = runner.run(book.notebooks, jobs=2, display=display)
    display.summary(done)
    return runner, {job.section.slug: result for job, result in done}, display.text


def test_a_failure_stops_no_other_section(ran):
    runner, results, _ = ran
    assert {slug: r["status"] for slug, r in results.items()} == {
        "good": "passed",
        "bad": "failed",
        "fragile": "passed",
        "dead": "lost",
        "slow": "timeout",
    }
    for one in runner.book.notebooks:
        passed = results[one.slug]["status"] == "passed"
        assert runner.executed(one).exists() == passed
        assert runner.failed(one).exists() != passed


def test_a_failing_cell_is_named_with_its_line_and_error(ran):
    runner, results, printed = ran
    bad = runner.book.find("bad")
    wrong = bad.text.split("\n").index("assert x == 2, 'x is 1'") + 1
    assert results["bad"]["line"] == wrong
    assert f"chapters/preliminaries/bad.md:{wrong} (cell 3)" in printed
    assert "2.2 Bad" in printed
    assert "AssertionError: x is 1" in printed
    assert "3 sections failed: preliminaries/bad, preliminaries/dead" in printed


def test_the_partial_notebook_is_kept(ran):
    runner, _, _ = ran
    notebook = read(runner.failed(runner.book.find("bad")))
    assert texts(notebook) == "before\n"
    errors = [o for c in notebook["cells"] for o in c.get("outputs", [])]
    assert [o["ename"] for o in errors if o["output_type"] == "error"] == [
        "AssertionError"
    ]
    assert texts(read(runner.failed(runner.book.find("slow")))) == "begun\n"
    assert texts(read(runner.failed(runner.book.find("dead")))) == "last words\n"


def test_only_a_lost_kernel_is_given_a_second_try(ran):
    runner, results, printed = ran
    assert texts(read(runner.executed(runner.book.find("fragile")))) == "alive\n"
    assert "The kernel died." in results["dead"]["error"]
    assert "died twice" in printed
    assert results["slow"]["error"] == ["The cell took longer than 4 seconds."]


def test_the_profile_is_applied_and_shown(ran):
    runner, _, _ = ran
    notebook = read(runner.executed(runner.book.find("good")))
    assert "epochs 3\n" in texts(notebook)
    sources = ["".join(c["source"]) for c in notebook["cells"]]
    at = sources.index("num_epochs = 10")
    assert sources[at + 1].endswith("\nnum_epochs = 3")
    assert "sample profile" in sources[at + 1]


def test_a_section_runs_in_an_empty_folder_of_its_own(ran):
    runner, _, _ = ran
    assert texts(read(runner.executed(runner.book.find("good")))).startswith("[]\n")
    assert not list(runner.book.root.glob("chapters/**/litter.txt"))
    assert not list((runner.book.build / "scratch").rglob("litter.txt"))


def test_the_measures_are_recorded(ran):
    runner, results, _ = ran
    measures = read(runner.executed(runner.book.find("good")))["metadata"]["d2l"]
    assert 300 < measures["peak_memory_mb"] < 1000
    assert 0 < measures["seconds"] < 30
    assert measures["profile"] == measures["hub"] == "sample"
    assert measures["data"] == []
    assert measures["versions"]["python"] == sys.version.split()[0]
    assert set(measures) >= {"device", "date", "processor", "section"}


def test_nothing_is_run_twice(ran):
    runner, _, _ = ran
    good, bad = runner.book.find("good"), runner.book.find("bad")
    assert runner.plan([good]) == []
    assert [job.name for job in runner.plan([bad])] == [bad.name]
    assert runner.run([good], display=Messages()) == []
    before = runner.executed(good).stat().st_mtime_ns
    runner.plan([good])
    assert runner.executed(good).stat().st_mtime_ns == before
    runner.executed(good).unlink()
    assert runner.plan([good]) == []
    assert runner.executed(good).exists()


def test_killed_at_any_moment_it_loses_only_what_was_in_flight(tmp_path):
    gate, count = tmp_path / "gate", tmp_path / "count"
    counted = f"open({str(count)!r}, 'a').write('first ')\nprint('first')"
    waits = f"""
        import pathlib, time
        while not pathlib.Path({str(gate)!r}).exists():
            time.sleep(0.1)
        print('second')
    """
    book = small_book(
        tmp_path,
        {"first": section("First", counted), "second": section("Second", waits)},
    )
    code = (
        "from press.book import Book; from press import execute\n"
        f"book = Book({str(tmp_path)!r})\n"
        "execute.Runner(book).run(book.notebooks, jobs=1)"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", code], env=env)
    runner = execute.Runner(book)
    first, second = book.find("first"), book.find("second")
    deadline = time.monotonic() + 240
    while not (runner.executed(first).exists() and running(tmp_path)):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.1)
    time.sleep(0.5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not runner.executed(second).exists()
    while running(tmp_path):
        assert time.monotonic() < deadline, "a kernel outlived the run"
        time.sleep(0.2)
    gate.touch()
    runner = execute.Runner(book)
    done = runner.run(book.notebooks, jobs=1)
    assert [(job.name, r["status"]) for job, r in done] == [(second.name, "passed")]
    assert count.read_text() == "first "
    assert not list(book.build.rglob("*.tmp"))


def running(folder):
    """The kernels that work somewhere below a folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd().startswith(str(folder)):
                found.append(process)
        except psutil.Error:
            pass
    return found


NUMBERS = """
    from d2l import mxnet as d2l
    from mxnet import np, random as mxnet_random
    import random
    mxnet_random.seed(1)
    random.seed(1)
    a = np.random.normal(0, 1, (400, 400))
    print(float((a @ a.T).sum()), random.random(), sorted({'a', 'b'}), hash('a'))
    {'b', 'c', 'a'}
"""
PICTURE = """
    import matplotlib.pyplot as plt
    from matplotlib_inline import backend_inline
    backend_inline.set_matplotlib_formats('svg', metadata={'Date': None})
    plt.plot([1, 2, 4])
    plt.scatter([1, 2], [3, 1])
    plt.show()
"""


def test_the_number_of_workers_changes_nothing(tmp_path):
    sections = {f"numbers{i}": section(f"Numbers{i}", NUMBERS) for i in range(2)}
    sections["picture"] = section("Picture", PICTURE)
    library = "import sys\n\nfrom mxnet import npx\n\nnpx.set_np()\n"
    printed = []
    for jobs in (1, 2):
        book = small_book(tmp_path / str(jobs), sections, library, bridge=True)
        runner = execute.Runner(book)
        done = runner.run(book.notebooks, jobs=jobs)
        assert [r["status"] for _, r in done] == ["passed"] * 3
        notebooks = [read(runner.executed(s)) for s in book.notebooks]
        printed.append([json.dumps(n["cells"]) for n in notebooks])
    assert printed[0] == printed[1]
    assert "<svg" in printed[0][2]


def test_an_existing_cluster_is_used(tmp_path):
    from distributed import LocalCluster

    book = small_book(tmp_path, {"good": section("Good", "print('there')")})
    runner = execute.Runner(book)
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:
        address = cluster.scheduler_address
        done = runner.run(book.notebooks, cluster=address)
        assert [r["status"] for _, r in done] == ["passed"]
        assert cluster.status.name == "running"
    with pytest.raises(BookError, match="CLUSTER=tcp://127.0.0.1:9"):
        runner.run(book.notebooks, cluster="tcp://127.0.0.1:9", force=True)


def test_kernels_do_not_see_the_users_settings(tmp_path):
    book = small_book(tmp_path, {"good": section("Good", "1")})
    hub = kernel.find_hub(book)
    base = {
        "PATH": "/bin",
        "MXNET_ENGINE_TYPE": "NaiveEngine",
        "IPYTHONDIR": "/home/x",
        "OMP_NUM_THREADS": "7",
        "D2L_HUB": "https://example.org",
        "PYTHONWARNINGS": "error",
    }
    env = kernel.environment(book, hub, base)
    assert env["PATH"] == "/bin" and env["OMP_NUM_THREADS"] == "1"
    assert "MXNET_ENGINE_TYPE" not in env and "PYTHONWARNINGS" not in env
    assert env["IPYTHONDIR"].startswith(str(tmp_path))
    assert env["D2L_HUB"] == (book.build / "samples").as_uri()
    assert "D2L_HUB" not in kernel.environment(book, kernel.find_hub(book, "public"))


@pytest.mark.parametrize("hub", ["samples", "ftp://example.org", "/no/such/folder"])
def test_a_wrong_hub_is_refused(tmp_path, hub):
    book = small_book(tmp_path, {"good": section("Good", "1")})
    with pytest.raises(BookError):
        kernel.find_hub(book, hub)


def test_a_wrong_profile_is_refused_with_the_nearest(tmp_path):
    book = small_book(tmp_path, {"good": section("Good", "1")})
    with pytest.raises(BookError, match="Did you mean sample"):
        execute.Runner(book, "smaple")
