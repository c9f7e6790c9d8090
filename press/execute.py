"""Run the sections: what changed, side by side, each once; the rest from the cache.

The main process plans, shows progress and writes; workers of a Dask cluster run one
section each at a time with papermill. An executed notebook goes into
``_build/cache/runs`` under the hash of all that decides its outputs (see press.uses),
and from there to ``_build/executed/PROFILE``. Every file is put in place by one rename,
so a run may be killed at any moment: what is finished stays finished.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from press import kernel, notebooks, uses
from press.book import BookError, write_atomically
from press.kernel import write_if_changed

# Seconds that one cell may take.
LIMITS = {"sample": 300, "full": 4 * 3600}
KEEP = 8  # executed notebooks that the cache keeps of one section and profile

# Another form of the executed notebooks makes the old ones useless: count it up.
FORM = 1


# --- the plan -------------------------------------------------------------------------


@dataclass
class Job:
    """One section to run: its key, its notebook's text, how long it took before."""

    section: object
    key: str
    expected: float | None = None
    text: str = field(default="", repr=False)

    @property
    def name(self):
        return self.section.name


class Runner:
    """The sections of one profile and hub: what is up to date, and running the rest."""

    def __init__(self, book, profile="sample", hub=None, limit=None):
        if profile not in kernel.PROFILES:
            import difflib

            from press.book import unknown

            near = difflib.get_close_matches(profile, kernel.PROFILES, 1, 0.4)
            hint = f"PROFILE is {' or '.join(kernel.PROFILES)}"
            raise BookError(unknown("profile", profile, near, hint))
        self.book = book
        self.profile = profile
        self.hub = kernel.find_hub(book, hub, profile)
        self.limit = limit or LIMITS[profile]
        self.env = kernel.environment(book, self.hub)
        self.surroundings = surroundings(book)
        self.refresh()

    def refresh(self):
        """Read the library anew, after it was written."""
        self.library = uses.Library(self.book)

    def executed(self, section):
        return self.book.build / "executed" / self.profile / f"{section.name}.ipynb"

    def failed(self, section):
        return self.book.build / "failed" / self.profile / f"{section.name}.ipynb"

    def kept(self, section, key):
        slug = section.name.replace("/", "~")
        folder = self.book.build / "cache" / "runs" / self.profile
        return folder / f"{slug}.{key[:40]}.ipynb"

    def key(self, section):
        return uses.key(
            section, self.library, self.profile, self.hub, self.surroundings
        )

    def plan(self, sections, force=False):
        """Put what is up to date in place; return a Job for each other section."""
        times = read_times(self.book)
        jobs = []
        for section in sections:
            key = self.key(section)
            kept = self.kept(section, key)
            if not force and restore(kept, self.executed(section)):
                self.failed(section).unlink(missing_ok=True)
                continue
            expected = times.get(f"{self.profile}/{section.name}")
            jobs.append(Job(section, key, expected))
        return jobs

    def accept(self, job, result):
        """Keep an executed notebook, or the part of one that a failure left."""
        section = job.section
        if result["status"] == "passed":
            text = self.finish(section, result)
            write_atomically(self.kept(section, job.key), text)
            restore(self.kept(section, job.key), self.executed(section))
            self.failed(section).unlink(missing_ok=True)
            self.prune(section)
            note_time(self.book, f"{self.profile}/{section.name}", result["seconds"])
        else:
            self.executed(section).unlink(missing_ok=True)
            write_atomically(self.failed(section), result["text"])

    def finish(self, section, result):
        """The executed notebook with the measures of its run, as text."""
        notebook = json.loads(result["text"])
        notebook["metadata"]["d2l"] = {
            "section": section.name,
            "seconds": result["seconds"],
            "peak_memory_mb": result["peak_memory_mb"],
            "device": result["device"],
            "processor": result["processor"],
            "profile": self.profile,
            "hub": self.hub.name if self.hub.folder is None else self.hub_name(),
            "data": self.data(section),
            "versions": result["versions"],
            "date": result["date"],
        }
        return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"

    def hub_name(self):
        # A folder's path says nothing to a reader, and is not the same everywhere.
        return "sample" if self.hub.name == "sample" else "local"

    def data(self, section):
        """The data sets that a section reads: [{name, bytes}]."""
        found = []
        for name in uses.data_files(section, self.library):
            for folder in (self.hub.folder, Path(self.env["D2L_DATA"])):
                path = folder / name if folder else None
                if path and path.is_file():
                    found.append({"name": name, "bytes": path.stat().st_size})
                    break
        return found

    def prune(self, section):
        """Forget the oldest of many versions of one section."""
        slug = section.name.replace("/", "~")
        folder = self.book.build / "cache" / "runs" / self.profile
        files = sorted(folder.glob(f"{slug}.*.ipynb"), key=lambda f: f.stat().st_mtime)
        for path in files[:-KEEP]:
            path.unlink(missing_ok=True)

    def forget_strangers(self):
        """Remove the executed notebooks of sections that the book no longer has."""
        names = {s.name for s in self.book.notebooks}
        for kind in ("executed", "failed", "notebooks"):
            folder = self.book.build / kind / self.profile
            for path in folder.rglob("*.ipynb"):
                if path.relative_to(folder).with_suffix("").as_posix() not in names:
                    path.unlink()

    def run(self, sections, jobs=None, cluster=None, force=False, display=None):
        """Run the sections; return the list of (Job, result) that were run."""
        display = display or Silent()
        todo = self.plan(sections, force)
        display.planned(self, sections, todo, jobs or cpu_count())
        if not todo:
            return []
        for job in todo:
            job.text = notebooks.write(job.section, self.profile)[1]
        kernel.prepare(self.book, self.env)
        sweep(self.book.build / "scratch" / self.profile)
        known = [job.expected for job in todo if job.expected]
        guess = sum(known) / len(known) if known else 0
        # The longest first, so that none is left alone at the end.
        order = sorted(todo, key=lambda j: -(j.expected or guess))
        done = []
        try:
            for job, result in perform(self, order, jobs, cluster, display):
                self.accept(job, result)
                done.append((job, result))
                display.finished(job, result)
        finally:
            display.closed()
        place = {s.name: i for i, s in enumerate(sections)}
        return sorted(done, key=lambda pair: place[pair[0].name])


def surroundings(book):
    """What decides outputs beside the section: lock, Python, machine, the press."""
    lock = Path(sys.prefix) / "requirements.lock"
    if not lock.is_file():
        lock = book.root / "requirements.txt"
    pins = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    lines = (line.split("#")[0].strip() for line in pins.splitlines())
    pins = "\n".join(line for line in lines if line)
    here = Path(__file__).parent
    press = [
        (here / f).read_text(encoding="utf-8") for f in ("kernel.py", "notebooks.py")
    ]
    gpus = sorted(p.name for p in Path("/dev").glob("nvidia[0-9]*"))
    return [
        pins,
        f"form {FORM}",
        platform.python_version(),
        platform.system() + platform.machine(),
        " ".join(gpus) + os.environ.get("CUDA_VISIBLE_DEVICES", ""),
        *press,
    ]


def sweep(folder, age=86400):
    """Remove the working folders that killed runs left behind a day ago."""
    for box in folder.glob("*"):
        if box.stat().st_mtime < time.time() - age:
            shutil.rmtree(box, ignore_errors=True)


def restore(kept, path):
    """Put a cached notebook in its place unless it is there already."""
    try:
        text = kept.read_text(encoding="utf-8")
    except OSError:
        return False
    write_if_changed(path, text)
    return True


def cpu_count():
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def times_path(book):
    return book.build / "cache" / "times.json"


def read_times(book):
    """Measured seconds of earlier runs: {'sample/preliminaries/ndarray': 3.2}."""
    try:
        return json.loads(times_path(book).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def note_time(book, name, seconds):
    times = read_times(book)
    times[name] = seconds
    write_atomically(times_path(book), json.dumps(times, indent=1, sort_keys=True))


# --- on the cluster -------------------------------------------------------------------


def perform(runner, order, jobs, cluster, display):
    """Run jobs on a Dask cluster; yield (job, result) as they finish."""
    with connected(runner, min(jobs or cpu_count(), len(order)), cluster) as client:
        from distributed import wait

        slots = max(1, sum(client.nthreads().values()))
        display.started(slots)
        waiting, running = list(order), {}
        while waiting or running:
            while waiting and len(running) < slots:
                job = waiting.pop(0)
                future = client.submit(
                    run_notebook, request(runner, job), pure=False, retries=0
                )
                running[future] = job
                display.submitted(job)
            try:
                wait(list(running), timeout=0.5, return_when="FIRST_COMPLETED")
            except TimeoutError:
                pass
            display.tick()
            for future in [f for f in running if f.done()]:
                job = running.pop(future)
                try:
                    result = future.result()
                except Exception as error:  # noqa: BLE001 - the worker itself is gone
                    result = lost_worker(job, error)
                future.release()
                yield job, result


class connected:
    """A client of a cluster: of the one given, or of a local one of our own."""

    def __init__(self, runner, workers, address):
        self.runner, self.workers, self.address = runner, workers, address
        self.cluster = self.client = None

    def __enter__(self):
        import logging

        import dask
        from distributed import Client, LocalCluster

        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        scratch = self.runner.book.build / "scratch" / "dask"
        scratch.mkdir(parents=True, exist_ok=True)
        dask.config.set(
            {
                "temporary-directory": str(scratch),
                "distributed.logging.distributed": "critical",
                "distributed.scheduler.allowed-failures": 0,
                "distributed.worker.daemon": True,
                "distributed.admin.tick.limit": "1h",
                "distributed.comm.timeouts.connect": "30s",
            }
        )
        if self.address:
            try:
                self.client = Client(self.address, timeout="10s")
                self.client.wait_for_workers(1, timeout=60)
            except (OSError, TimeoutError, ValueError) as error:
                if self.client is not None:
                    self.client.close()
                reason = str(error).splitlines()[0] if str(error) else "no answer"
                raise BookError(
                    f"CLUSTER={self.address}: no Dask scheduler with a worker answers"
                    f" there ({reason})"
                ) from None
            return self.client
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))
        dask.config.set({"distributed.nanny.environ.PYTHONPATH": path})
        self.cluster = LocalCluster(
            n_workers=self.workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            host="127.0.0.1",
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )
        self.client = Client(self.cluster)
        return self.client

    def __exit__(self, *_):
        import contextlib

        for thing in (self.client, self.cluster):
            if thing is not None:
                with contextlib.suppress(Exception):
                    thing.close(timeout=5)


def request(runner, job):
    """All that a worker needs to run a section, as plain data."""
    return {
        "name": job.name,
        "source": job.section.source,
        "text": job.text,
        "env": runner.env,
        "limit": runner.limit,
        "scratch": str(runner.book.build / "scratch" / runner.profile),
    }


def lost_worker(job, error):
    reason = " ".join(str(error).split()) or type(error).__name__
    return {
        "status": "lost",
        "text": job.text,
        "seconds": 0.0,
        "cell": None,
        "line": None,
        "error": [f"the worker that ran it was lost: {reason[:300]}"],
    }


# --- in a worker ----------------------------------------------------------------------


def run_notebook(asked):
    """Run one notebook in a fresh kernel; a kernel that dies is given one more try.

    Returns a dict: status ('passed', 'failed', 'timeout', 'lost'), the notebook's text,
    measures, and for a failure the cell, the line of its source, and the error's lines.
    """
    result = attempt(asked)
    if result["status"] == "lost":
        again = attempt(asked)
        if again["status"] == "lost":
            again["error"].append("It died twice; a second try was given.")
        result = again
    return result


def attempt(asked):
    import logging

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    os.environ.update(
        {k: v for k, v in asked["env"].items() if k.startswith("JUPYTER")}
    )
    import nbformat
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.execute import prepare_notebook_metadata
    from papermill.iorw import load_notebook_node

    scratch = Path(asked["scratch"])
    scratch.mkdir(parents=True, exist_ok=True)
    slug = asked["name"].rsplit("/", 1)[-1]
    box = Path(tempfile.mkdtemp(prefix=f"{slug}-", dir=scratch))
    folder, path = box / "work", box / "section.ipynb"
    folder.mkdir()
    path.write_text(asked["text"], encoding="utf-8")
    notebook = load_notebook_node(str(path))
    notebook = prepare_notebook_metadata(notebook, str(path), str(path))
    state = Measures()
    status, error = "passed", []
    began = time.perf_counter()
    try:
        engine(state, asked["env"], str(folder)).execute_notebook(
            notebook,
            kernel_name=notebook.metadata["kernelspec"]["name"],
            output_path=None,
            progress_bar=False,
            start_timeout=60,
            execution_timeout=asked["limit"],
        )
    except CellTimeoutError:
        status = "timeout"
        error = [f"The cell took longer than {asked['limit']:g} seconds."]
    except DeadKernelError:
        status, error = "lost", ["The kernel died."]
    except RuntimeError as problem:
        if "Kernel died" not in str(problem) and "respond" not in str(problem):
            raise
        status, error = "lost", [str(problem)]
    seconds = state.seconds or time.perf_counter() - began
    cell = state.cell
    if status == "passed":
        cell = None
        for i, one in enumerate(notebook.cells):
            allowed = "raises-exception" in one.metadata.get("tags", ())
            bad = [o for o in one.get("outputs", ()) if o.output_type == "error"]
            if bad and not allowed:
                status, cell, error = "failed", i, last_lines(bad[-1])
                break
    line = None
    if cell is not None and status != "passed":
        line = notebook.cells[cell].metadata.get("source_line")
        if status == "failed":
            line = error_line(bad[-1], notebook.cells[cell], line)
    tidy(notebook, slug)
    shutil.rmtree(box, ignore_errors=True)
    return {
        "status": status,
        "text": nbformat.writes(notebook),
        "seconds": round(seconds, 2),
        "peak_memory_mb": round(state.peak / 2**20),
        "device": state.device,
        "processor": processor(),
        "versions": versions(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "cell": cell,
        "line": line,
        "error": error,
    }


class Measures:
    """What is measured in a run, and the cell that it has reached."""

    def __init__(self):
        self.cell = None
        self.seconds = 0.0
        self.peak = 0
        self.device = "CPU"


PROBE = (
    "__import__('json').dumps([__import__('mxnet').num_gpus()"
    " if 'mxnet' in __import__('sys').modules else 0])"
)


def engine(state, env, cwd):
    """papermill's engine, with our environment, and measuring memory and time."""
    from jupyter_client.manager import AsyncKernelManager
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine
    from papermill.log import logger

    class Client(PapermillNotebookClient):
        def execute_cell(self, cell, cell_index, **options):
            state.cell = cell_index
            return super().execute_cell(cell, cell_index, **options)

        def papermill_execute_cells(self):
            with Watch(self.km, state):
                began = time.perf_counter()
                try:
                    super().papermill_execute_cells()
                finally:
                    state.seconds = time.perf_counter() - began
                self.ask_device()

        def ask_device(self):
            """Ask the kernel, outside of any cell, whether it used a GPU."""
            message = self.kc.execute(
                "", silent=True, store_history=False, user_expressions={"gpus": PROBE}
            )
            reply = self.wait_for_reply(message)
            answer = (reply or {}).get("content", {}).get("user_expressions", {})
            text = answer.get("gpus", {}).get("data", {}).get("text/plain", "")
            if re.fullmatch(r"'\[[1-9]\d*\]'", text):
                state.device = gpu_name()

    class Engine(NBClientEngine):
        @classmethod
        def execute_managed_notebook(
            cls, nb_man, kernel_name, start_timeout, execution_timeout, **_
        ):
            client = Client(
                nb_man,
                kernel_manager_class=kernel.over_sockets(AsyncKernelManager),
                kernel_name=kernel_name,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                log=logger,
                shutdown_kernel="immediate",
                ipython_hist_file=":memory:",
            )
            return client.execute(env=env, cwd=cwd)

    return Engine


class Watch:
    """Follows the memory of a kernel and of the processes that it starts."""

    def __init__(self, manager, state):
        import threading

        self.pid = getattr(manager.provisioner, "pid", None)
        self.state = state
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.follow, daemon=True)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        self.look()

    def follow(self):
        while not self.stop.wait(0.25):
            self.look()

    def look(self):
        import psutil

        try:
            process = psutil.Process(self.pid)
            total = process.memory_info().rss
            for child in process.children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.Error:
                    pass
            self.state.peak = max(self.state.peak, total, high_water(self.pid))
        except (psutil.Error, TypeError, ValueError):
            pass


def high_water(pid):
    """The most memory that a process ever had, where the system tells (Linux)."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    match = re.search(r"^VmHWM:\s+(\d+) kB", text, re.MULTILINE)
    return int(match.group(1)) * 1024 if match else 0


def gpu_name():
    import subprocess

    command = ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout.splitlines()[0].strip() or "GPU"
    except (OSError, subprocess.SubprocessError, IndexError):
        return "GPU"


def processor():
    """The processor's name and the number of threads that a section gets."""
    name = platform.machine()
    try:
        text = Path("/proc/cpuinfo").read_text()
        match = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
        name = match.group(1).strip() if match else name
    except OSError:
        name = platform.processor() or name
    return f"{name}, 1 thread"


def versions():
    from importlib import metadata

    found = {"python": platform.python_version()}
    for name in ("mxnet", "mxnet-cu112", "numpy"):
        try:
            found[name.split("-")[0]] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return found


ANSI = re.compile(r"\x1b\[[0-9;]*m")


def last_lines(output, lines=12):
    """The end of an error's traceback, without colours."""
    text = ANSI.sub("", "\n".join(output.get("traceback") or ()))
    found = [line.rstrip() for line in text.splitlines() if line.strip()]
    if not found:
        return [f"{output.ename}: {output.evalue}"]
    return found[-lines:]


def error_line(output, cell, line):
    """The line of the section's file at which an error arose, where it can be told."""
    text = ANSI.sub("", "\n".join(output.get("traceback") or ()))
    number = None
    match = re.search(r"^Cell In\[\d+\], line (\d+)", text, re.MULTILINE)
    if match:
        number = int(match.group(1))
    if (
        line is None
        or number is None
        or "injected-parameters" in cell.metadata.get("tags", ())
    ):
        return line
    return line + number - 1


def tidy(notebook, slug):
    """Take out of an executed notebook what differs from one run to the next."""
    from nbval.plugin import coalesce_streams

    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
        if cell.cell_type == "code":
            cell.outputs = coalesce_streams(cell.outputs)
    notebooks.number(notebook, slug)


# --- what is shown --------------------------------------------------------------------


class Silent:
    """Shows nothing."""

    def planned(self, runner, sections, todo, workers):
        pass

    def started(self, slots):
        pass

    def submitted(self, job):
        pass

    def tick(self):
        pass

    def finished(self, job, result):
        pass

    def closed(self):
        pass


class Display(Silent):
    """A progress bar on a terminal, a line for each section elsewhere."""

    def __init__(self, console=None):
        if console is None:
            from rich.console import Console

            console = Console(highlight=False, soft_wrap=True)
        self.console = console
        self.progress = None
        self.running = {}

    def say(self, text):
        self.console.print(text, markup=False)

    def planned(self, runner, sections, todo, workers):
        self.runner, self.total, self.done, self.slots = runner, len(todo), 0, workers
        fresh = len(sections) - len(todo)
        if not todo:
            return
        note = f", {fresh} up to date" if fresh else ""
        plural = "section" if len(todo) == 1 else "sections"
        hub = f"profile {runner.profile}, hub {runner.hub.name}"
        self.say(f"running {len(todo)} {plural}{note} ({hub})")
        self.waiting = {job.name: job.expected for job in todo}

    def started(self, slots):
        self.slots = slots
        if not self.console.is_terminal:
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.fields[now]}"),
            console=self.console,
            transient=True,
        )
        self.bar = self.progress.add_task("sections", total=self.total, left="", now="")
        self.progress.start()

    def submitted(self, job):
        self.running[job.name] = (time.monotonic(), job.expected)
        self.waiting.pop(job.name, None)
        self.tick()

    def tick(self):
        if self.progress is None:
            return
        now = time.monotonic()
        names = [
            f"{n.split('/')[-1]} {now - t:.0f} s" for n, (t, _) in self.running.items()
        ]
        self.progress.update(self.bar, left=self.left(), now="  ".join(names[:4]))

    def left(self):
        """What is left, from the times measured before and in this run."""
        known = [e for e in self.waiting.values() if e]
        known += [e for _, e in self.running.values() if e]
        known += getattr(self, "measured", [])
        if not known:
            return ""
        guess = sum(known) / len(known)
        now = time.monotonic()
        rest = [max(0.0, (e or guess) - (now - t)) for t, e in self.running.values()]
        rest += [e or guess for e in self.waiting.values()]
        seconds = max(sum(rest) / self.slots, max(rest, default=0.0))
        return f"{clock(seconds)} left"

    def finished(self, job, result):
        self.running.pop(job.name, None)
        self.done += 1
        self.measured = getattr(self, "measured", []) + [result["seconds"]]
        mark = "ok  " if result["status"] == "passed" else "FAIL"
        width = len(str(self.total))
        line = f"{self.done:{width}}/{self.total} {mark} {result['seconds']:7.1f} s  "
        self.say(line + job.name)
        if result["status"] != "passed":
            for text in failure(self.runner, job, result):
                self.say(text)
        if self.progress is not None:
            self.progress.update(self.bar, completed=self.done)
        self.tick()

    def closed(self):
        if self.progress is not None:
            self.progress.stop()
            self.progress = None

    def summary(self, done, slowest=10):
        """The table of the slowest sections, and the failures once more by name."""
        passed = [(j, r) for j, r in done if r["status"] == "passed"]
        if len(passed) > 1:
            from rich.table import Table

            table = Table(title="The slowest sections", title_justify="left", box=None)
            table.add_column("section")
            table.add_column("seconds", justify="right")
            table.add_column("peak MB", justify="right")
            ranked = sorted(passed, key=lambda p: -p[1]["seconds"])
            for job, result in ranked[:slowest]:
                seconds, peak = result["seconds"], result["peak_memory_mb"]
                table.add_row(job.name, f"{seconds:.1f}", str(peak))
            self.console.print(table)
        bad = [j.name for j, r in done if r["status"] != "passed"]
        if bad:
            plural = "section" if len(bad) == 1 else "sections"
            self.say(f"{len(bad)} {plural} failed: {', '.join(bad)}")


def failure(runner, job, result):
    """The lines that tell a person where a section failed, and how."""
    where = job.section.source
    if result["line"]:
        where += f":{result['line']}"
    if result["cell"] is not None:
        where += f" (cell {result['cell'] + 1})"
    yield f"     {job.section.full_title}: {where}"
    for line in result["error"]:
        yield f"       {line}"
    kept = runner.failed(job.section)
    try:
        kept = kept.relative_to(runner.book.root)
    except ValueError:
        pass
    yield f"     what it had done: {kept}"


def clock(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}:{seconds:02d}" if minutes else f"{seconds} s"
