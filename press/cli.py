"""The press's command line: ``python -m press VERB``; `make VERB` calls it."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from press.book import Book, BookError


def main(argv=None):
    """Carry out one verb; return the exit status."""
    try:
        args = parser().parse_args(argv)
        return args.do(args) or 0
    except BookError as error:
        print(f"press: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("press: stopped", file=sys.stderr)
        return 130


def parser():
    """Every verb and its options; the defaults come from the environment."""
    top = argparse.ArgumentParser(prog="python -m press", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")
    env = os.environ.get

    def verb(name, do, selects=False, runs=False):
        text = do.__doc__.splitlines()[0]
        one = verbs.add_parser(name, help=text, description=text)
        one.set_defaults(do=do)
        if selects:
            one.add_argument("sections", nargs="*", metavar="SECTION")
            one.add_argument("--section", default=env("SECTION"))
            one.add_argument("--chapter", default=env("CHAPTER"))
        if runs:
            one.add_argument("--profile", default=env("PROFILE") or "sample")
            one.add_argument("--hub", default=env("HUB") or None)
            one.add_argument("--jobs", default=env("JOBS"))
            one.add_argument("--cluster", default=env("CLUSTER") or None)
            one.add_argument("--force", action="store_true", help="run it all again")
            one.add_argument("--limit", type=float, help="seconds that a cell may take")
            one.add_argument(
                "--keep-library", action="store_true", help="no `lib` first"
            )
        return one

    verb("html", do_html, True, True)
    verb("test", do_test, True, True)
    verb("pdf", do_pdf, True, True)
    verb("epub", do_epub, True, True)
    verb("run", do_run, True, True)
    verb("test-site", do_test_site, True, True)
    serve = verb("serve", do_serve)
    serve.add_argument("--port", type=int, default=int(env("PORT") or 8000))
    verb("lab", do_lab, True, True)
    lib = verb("lib", do_lib)
    lib.add_argument("--check", action="store_true", help="only compare")
    lib.add_argument("--allow-missing", action="store_true", help=argparse.SUPPRESS)
    verb("figures", do_figures, True)
    verb("samples", do_samples)
    verb("bench", do_bench)
    verb("lint", do_lint)
    verb("lock", do_lock)
    return top


def number_of(jobs):
    """JOBS as a number, or None."""
    if not jobs:
        return None
    if not jobs.isdigit() or int(jobs) < 1:
        raise BookError(f"JOBS={jobs}: JOBS is a number of workers, at least 1")
    return int(jobs)


# --- what several verbs do ------------------------------------------------------------


class Work:
    """One command's book, the sections it is about, and the runner for them."""

    def __init__(self, args):
        from press import execute

        self.args, self.book = args, Book()
        named = " ".join([*args.sections, args.section or ""]).strip()
        self.narrowed = bool(named or args.chapter)
        self.sections = self.book.select(args.chapter, named or None)
        self.jobs = number_of(args.jobs)
        if not self.narrowed and self.book.missing:
            names = ", ".join(s.source for s in self.book.missing)
            raise BookError(f"_toc.yml lists files that do not exist: {names}")
        self.runner = execute.Runner(self.book, args.profile, args.hub, args.limit)
        self.display = execute.Display()

    @property
    def only(self):
        """The names that narrow a rendering, or None for the whole book."""
        return [s.name for s in self.sections] if self.narrowed else None

    @property
    def notebooks(self):
        return [s for s in self.sections if s.is_notebook]

    def prepare(self):
        """Bring up to date what the sections stand on: library and sample data."""
        if not self.args.keep_library:
            extract(self.book)
        if self.runner.hub.name == "sample":
            build_samples(self.book)
        self.runner.refresh()

    def run(self):
        """Run what is not up to date; return whether everything passed."""
        args = self.args
        done = self.runner.run(
            self.notebooks, self.jobs, args.cluster, args.force, self.display
        )
        if not self.narrowed:
            self.runner.forget_strangers()
        self.display.summary(done)
        return all(result["status"] == "passed" for _, result in done)


def extract(book, check=False):
    """Write the library from the saved cells, or see whether it is current."""
    from press import library

    return library.extract(check=check, allow_missing=True, root=book.root)


def build_samples(book):
    from press import samples

    return samples.build(book.build / "samples")


def build_figures(book, pdf=None):
    from press import figures

    try:
        return figures.build(book.build / "figures", pdf=pdf)
    except figures.FigureError as error:
        raise BookError(str(error)) from None


def rendered(args, kind, pdf=None):
    """Prepare, run and render; return the path of what was made, or None."""
    work = Work(args)
    work.prepare()
    build_figures(work.book, pdf)
    if not work.run():
        return None
    from press import site

    began = time.monotonic()
    path = getattr(site, kind)(work.runner.profile, work.only, work.book)
    work.display.say(f"{shown(path, work.book)} ({time.monotonic() - began:.0f} s)")
    return path


def call(*arguments, env=None, cwd=None):
    """Run this Python with arguments in the root; return its exit status."""
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=env, cwd=cwd or Book().root, check=False
    ).returncode


def shown(path, book):
    try:
        return Path(path).relative_to(book.root)
    except ValueError:
        return path


# --- the verbs ------------------------------------------------------------------------


def do_html(args):
    """Run what changed and render the site into _build/html."""
    return 0 if rendered(args, "html") else 1


def do_pdf(args):
    """Make the book as one PDF."""
    return 0 if rendered(args, "pdf", pdf=True) else 1


def do_epub(args):
    """Make the book as an EPUB."""
    return 0 if rendered(args, "epub") else 1


def do_run(args):
    """Run the sections that are not up to date."""
    work = Work(args)
    work.prepare()
    passed = work.run()
    count = len(work.notebooks)
    if passed:
        plural = "section is" if count == 1 else "sections are"
        work.display.say(f"{count} {plural} up to date")
    return 0 if passed else 1


def do_test(args):
    """Prove the book: unit tests, then every section run twice and compared."""
    work = Work(args)
    say = work.display.say
    failed = []
    if not extract(work.book, check=True):
        say("d2l/mxnet.py is stale: run `make lib` and commit it")
        failed.append("d2l/mxnet.py")
    work.prepare()
    if not work.narrowed:
        say("unit tests")
        folders = [f"tests/{name}" for name in ("structure", "press", "d2l")]
        # Twice as many as cores: these tests often wait for a kernel or a server.
        both = str(2 * int(workers(work)))
        if call("-m", "pytest", "-q", "-n", both, *folders):
            failed.append("unit tests")
    if not work.run():
        failed.append("running the sections")
    say("running every section again, comparing the outputs")
    if not reproduce(work.runner, work.notebooks, workers(work)):
        failed.append("comparing the second run with the first")
    if failed:
        say(f"make test: FAILED ({'; '.join(failed)})")
        return 1
    say(f"make test: passed ({len(work.notebooks)} sections, each run again)")
    return 0


def workers(work):
    return str(work.jobs or 2)


# A speed that `d2l.train_on` prints beside its losses is the machine's, and the losses
# are not: everything else of such a cell's output is compared.
SANITIZE = r"""[speed]
regex: [\d,]+ examples/s
replace: SPEED examples/s
"""


def reproduce(runner, sections, jobs="2"):
    """Run executed notebooks again with nbval; True when every output is the same."""
    from press import execute, kernel

    times = execute.read_times(runner.book)
    there = [s for s in sections if runner.executed(s).is_file()]
    there.sort(key=lambda s: -times.get(f"{runner.profile}/{s.name}", 0))
    if not there:
        return len(sections) == 0
    kernel.prepare(runner.book, runner.env)
    home = runner.book.build / "kernel"
    kernel.write_if_changed(home / "pytest.ini", "[pytest]\n")
    kernel.write_if_changed(home / "sanitize.cfg", SANITIZE)
    here = str(Path(__file__).resolve().parent.parent)
    paths = dict.fromkeys([runner.env["PYTHONPATH"], here])
    env = {
        **runner.env,
        "PYTHONPATH": os.pathsep.join(paths),
        "PRESS_SCRATCH": str(runner.book.build / "scratch" / runner.profile),
    }
    command = ["-m", "pytest", "-p", "press.reproduce", "--nbval"]
    command += ["-n", jobs, "--dist", "loadfile", "--no-loadscope-reorder"]
    command += ["-c", str(home / "pytest.ini"), "--rootdir", str(runner.book.root)]
    command += ["-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:playwright"]
    command += [f"--nbval-sanitize-with={home / 'sanitize.cfg'}"]
    command += [f"--nbval-cell-timeout={runner.limit:g}", "--color=no"]
    command += [str(runner.executed(s)) for s in there]
    return call(*command, env=env, cwd=runner.book.root) == 0


def do_test_site(args):
    """Look at the rendered pages in a real browser."""
    if not rendered(args, "html"):
        return 1
    return call("-m", "pytest", "-q", "tests/site")


def do_serve(args):
    """Serve _build/html on this machine, and open it."""
    import functools
    import http.server
    import webbrowser

    folder = Book().build / "html"
    if not (folder / "index.html").is_file():
        raise BookError("there is no site yet: run `make html` first")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.log_message = None
    for port in range(args.port, args.port + 50):
        try:
            server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
            break
        except OSError:
            continue
    else:
        raise BookError(f"no port from {args.port} on is free; choose one with PORT=")
    address = f"http://127.0.0.1:{port}/"
    print(f"{address}  (Ctrl-C ends it)", flush=True)
    if sys.stdout.isatty():
        webbrowser.open(address)
    with server:
        server.serve_forever()


def do_lab(args):
    """Open the sections as notebooks in JupyterLab."""
    import json

    from press import kernel

    work = Work(args)
    work.prepare()
    env = work.runner.env
    kernel.prepare(work.book, env)
    settings = work.book.build / "kernel" / "lab"
    viewer = {
        "defaultViewers": {"markdown": "Jupytext Notebook", "myst": "Jupytext Notebook"}
    }
    plugin = (
        settings / "@jupyterlab" / "docmanager-extension" / "plugin.jupyterlab-settings"
    )
    if not plugin.exists():
        kernel.write_if_changed(plugin, json.dumps(viewer, indent=2))
    env = {**env, "JUPYTERLAB_SETTINGS_DIR": str(settings)}
    env["JUPYTERLAB_WORKSPACES_DIR"] = str(settings / "workspaces")
    command = ["-m", "jupyterlab", "--ServerApp.root_dir=chapters"]
    command += ["--ServerApp.contents_manager_class=jupytext.TextFileContentsManager"]
    if not sys.stdout.isatty():
        command.append("--no-browser")
    if work.narrowed and len(work.sections) == 1:
        command.append(f"--LabApp.default_url=/lab/tree/{work.sections[0].name}.md")
    return call(*command, env=env)


def do_lib(args):
    """Write d2l/mxnet.py from the sections."""
    from press import library

    return library.run(args)


def do_figures(args):
    """Draw the drawings into _build/figures."""
    book = Book()
    written = build_figures(book)
    print(f"{len(written)} files written to {shown(book.build / 'figures', book)}")


def do_samples(args):
    """Make the sample data sets in _build/samples."""
    from press import samples

    samples.build(Book().build / "samples", say=print)


def do_bench(args):
    """Run the benchmarks, one after the other."""
    from press import kernel

    book = Book()
    build_samples(book)
    extract(book)
    env = kernel.environment(book, kernel.find_hub(book, "sample"))
    kernel.prepare(book, env)
    status = 0
    for path in sorted((book.root / "benchmarks").glob("[a-z]*.py")):
        print(f"--- {shown(path, book)}", flush=True)
        status = call(str(path), env=env) or status
    return status


def do_lint(args):
    """Check the style of code and workflows, and that d2l/mxnet.py is current."""
    book = Book()
    bin_ = Path(sys.executable).parent
    folders = [
        f for f in ("press", "tests", "benchmarks", "d2l") if (book.root / f).is_dir()
    ]
    commands = [
        [str(bin_ / "ruff"), "check", "-q", *folders],
        [str(bin_ / "ruff"), "format", "--check", "-q", *folders],
    ]
    actionlint = shutil.which("actionlint", path=str(bin_)) or shutil.which(
        "actionlint"
    )
    if actionlint and (book.root / ".github").is_dir():
        commands.append([actionlint])
    status = 0
    for command in commands:
        status |= subprocess.run(command, cwd=book.root, check=False).returncode
    if not extract(book, check=True):
        print("d2l/mxnet.py is stale: run `make lib` and commit it")
        status = 1
    print("lint: passed" if not status else "lint: FAILED")
    return 1 if status else 0


def do_lock(args):
    """Write requirements.txt from requirements.in."""
    from press import lock

    return lock.write(Book().root)
