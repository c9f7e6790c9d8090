"""The press's command line: ``python -m press VERB``; `make VERB` calls it."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

from press.book import Book, BookError


def main(argv=None):
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
    top = argparse.ArgumentParser(prog="python -m press", description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name, do, text, *, selects=False, runs=False):
        one = verbs.add_parser(name, help=text, description=text)
        one.set_defaults(do=do)
        if selects:
            one.add_argument("sections", nargs="*", metavar="SECTION")
            one.add_argument("--section", default=os.environ.get("SECTION"))
            one.add_argument("--chapter", default=os.environ.get("CHAPTER"))
        if runs:
            env = os.environ.get
            one.add_argument("--profile", default=env("PROFILE") or "sample")
            one.add_argument("--hub", default=env("HUB") or None)
            one.add_argument("--jobs", type=jobs, default=jobs(env("JOBS")))
            one.add_argument("--cluster", default=env("CLUSTER") or None)
            one.add_argument("--force", action="store_true", help="run it all again")
            one.add_argument("--limit", type=float, help="seconds that a cell may take")
            one.add_argument(
                "--keep-library", action="store_true", help="no `lib` first"
            )
        return one

    verb(
        "run",
        do_run,
        "run the sections that are not up to date",
        selects=True,
        runs=True,
    )
    return top


def jobs(text):
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise BookError(f"JOBS={text}: JOBS is a number of workers, at least 1")
    return number


def chosen(book, args):
    section = " ".join([*args.sections, args.section or ""]).strip()
    return book.select(args.chapter, section or None), bool(section or args.chapter)


def do_run(args):
    from press import execute

    book = Book()
    sections, narrowed = chosen(book, args)
    if not narrowed and book.missing:
        names = ", ".join(s.source for s in book.missing)
        raise BookError(f"_toc.yml lists files that do not exist: {names}")
    if not args.keep_library:
        build_library(book)
    if args.hub in (None, "sample") and (args.profile == "sample" or args.hub):
        build_samples(book)
    runner = execute.Runner(book, args.profile, args.hub, args.limit)
    display = execute.Display()
    wanted = [s for s in sections if s.is_notebook]
    done = runner.run(wanted, args.jobs, args.cluster, args.force, display)
    if not narrowed:
        runner.forget_strangers()
    display.summary(done)
    if not done:
        display.say(f"{len(wanted)} sections up to date")
    return 1 if any(r["status"] != "passed" for _, r in done) else 0


def build_library(book):
    """Extract the library; unwritten sections are reported elsewhere."""
    importlib.import_module("press.library").extract(allow_missing=True, root=book.root)


def build_samples(book):
    """Write the sample data sets that are not up to date."""
    importlib.import_module("press.samples").build(book.build / "samples")
