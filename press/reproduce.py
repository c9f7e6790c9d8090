"""A plugin of pytest: nbval's second run, in our surroundings, told in our words.

nbval runs each executed notebook again and compares every output. This plugin gives its
kernels a scratch folder and Unix sockets, like those of the first run, and names a cell
by its place in the section's file. It is loaded with ``-p press.reproduce`` by
``python -m press test``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

import nbval.kernel
import nbval.plugin
import pytest

from press.kernel import over_sockets


class Kernel(nbval.kernel.RunningKernel):
    """nbval's kernel, in an empty folder of its own."""

    def __init__(self, kernel_name, cwd=None, startup_timeout=60):
        base = Path(os.environ["PRESS_SCRATCH"])
        base.mkdir(parents=True, exist_ok=True)
        self.folder = tempfile.mkdtemp(dir=base, prefix="again-")
        super().__init__(kernel_name, self.folder, startup_timeout)

    def stop(self):
        super().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


made = nbval.plugin.IPyNbCell.from_parent.__func__


def named(cls, parent, *, name, cell_num, cell, **options):
    """Make nbval's item for a cell, named by its place: 'cell 3 at line 57'."""
    line = cell.metadata.get("source_line")
    name = f"cell {cell_num + 1}" + (f" at line {line}" if line else "")
    return made(cls, parent, name=name, cell_num=cell_num, cell=cell, **options)


def pytest_configure(config):
    nbval.plugin.RunningKernel = Kernel
    nbval.plugin.IPyNbCell.from_parent = classmethod(named)
    nbval.kernel.KernelManager = over_sockets(nbval.kernel.KernelManager)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Report(config), "press-report")


class Report:
    """One line for each section; what failed, by file and line, at the end."""

    def __init__(self, config):
        self.config = config
        self.seconds = {}
        self.seen = {}
        self.failed = {}
        self.done = 0
        self.started = time.monotonic()

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report):
        if report.passed and report.when != "call":
            return None
        return report.outcome, "", ""

    def pytest_runtest_logreport(self, report):
        path, _, cell = report.nodeid.partition("::")
        if report.failed:
            self.failed.setdefault(path, []).append(cell)
        self.seconds[path] = self.seconds.get(path, 0) + report.duration
        if report.when != "call" and not (report.when == "setup" and report.failed):
            return
        self.seen[path] = self.seen.get(path, 0) + 1
        if self.seen[path] == self.cells(path):
            self.done += 1
            mark = "FAIL" if path in self.failed else "ok  "
            print(f"{self.done:3} {mark} {self.seconds[path]:7.1f} s  {section(path)}")

    def cells(self, path):
        """The number of code cells of a notebook."""
        text = (self.config.rootpath / path).read_text(encoding="utf-8")
        return sum(c["cell_type"] == "code" for c in json.loads(text)["cells"])

    def pytest_terminal_summary(self, terminalreporter):
        for path, cells in self.failed.items():
            for cell in cells:
                line = re.search(r"at line (\d+)$", cell)
                where = f"chapters/{section(path)}.md"
                where += f":{line.group(1)}" if line else ""
                terminalreporter.write_line(f"FAIL {where} ({cell.split(' at ')[0]})")


def section(path):
    """The section's name from its notebook's path."""
    return re.sub(r"^.*?_build/executed/[^/]+/", "", path).removesuffix(".ipynb")
