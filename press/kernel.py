"""The surroundings in which a section runs: hub, data, threads, settings.

The first run of a section and the second one by nbval get the very same environment,
so that they can be compared to the last digit. It does not depend on the number of
workers, on the user's own settings of Jupyter, IPython and Matplotlib, or on the time.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from press.book import BookError, unknown, write_atomically

PROFILES = ("sample", "full")

# One thread for each section: sums are then formed in one order on every machine, and
# sections beside each other do not fight over the cores.
THREADS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MXNET_CPU_WORKER_NTHREADS": "1",
    "MXNET_CUDNN_AUTOTUNE_DEFAULT": "0",
}

# What files that carry a date say: 2021-01-01, the beginning of no particular year.
EPOCH = "1609459200"

MATPLOTLIBRC = """\
svg.hashsalt: deep-learning-by-doing
svg.fonttype: path
figure.max_open_warning: 0
"""

# Variables of the caller's that would change what a section prints.
FOREIGN = (
    "DISPLAY",
    "IPYTHONDIR",
    "JUPYTER_CONFIG_PATH",
    "JUPYTER_PATH",
    "MPLSTYLE",
    "PYTHONBREAKPOINT",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONOPTIMIZE",
    "PYTHONSTARTUP",
    "PYTHONUTF8",
    "PYTHONWARNINGS",
    "PYTEST_ADDOPTS",
)


@dataclass(frozen=True)
class Hub:
    """Where the data come from: name for messages, url (None: the public one)."""

    name: str
    url: str | None
    folder: Path | None = None

    @property
    def slug(self):
        """A folder name for the data of this hub."""
        if self.name in ("sample", "public"):
            return self.name
        return "hub-" + hashlib.sha256(self.url.encode()).hexdigest()[:12]

    def sums(self):
        """The hub's identity: its SHA1SUMS where it can be read, else its address."""
        if self.folder is not None:
            try:
                return (self.folder / "SHA1SUMS").read_text(encoding="utf-8")
            except OSError:
                return f"{self.url} (no SHA1SUMS)"
        return self.url or "public"


def find_hub(book, hub=None, profile="sample"):
    """The hub that HUB names: sample, public, a URL or a folder."""
    hub = hub or ("sample" if profile == "sample" else "public")
    if hub == "public":
        return Hub("public", None)
    if hub == "sample":
        folder = book.build / "samples"
        return Hub("sample", folder.resolve().as_uri(), folder)
    parts = urlsplit(hub)
    if parts.scheme in ("http", "https") and parts.netloc:
        return Hub(hub, hub)
    if parts.scheme == "file":
        from urllib.request import url2pathname

        folder = Path(url2pathname(parts.path))
    elif parts.scheme and not Path(hub).exists() and len(parts.scheme) > 1:
        raise BookError(
            f"HUB={hub}: a hub's address begins with https:, http: or file:"
        )
    else:
        folder = Path(hub).expanduser().resolve()
    if not folder.is_dir():
        near = [n for n in ("sample", "public") if n[:3] == hub[:3].lower()]
        hint = "HUB is sample, public, a URL or a folder"
        raise BookError(unknown("hub", hub, near, hint))
    if not (folder / "SHA1SUMS").is_file():
        raise BookError(f"HUB={hub}: {folder} has no file SHA1SUMS, so it is not a hub")
    return Hub(hub, folder.resolve().as_uri(), folder)


def environment(book, hub, base=None):
    """The environment variables of every kernel, as a whole dictionary."""
    env = dict(os.environ if base is None else base)
    for name in list(env):
        foreign = name in FOREIGN or name.startswith(("MXNET_", "MPL", "D2L_"))
        if foreign or name.startswith(("DMLC_", "KMP_", "OMP_", "GOMP_")):
            del env[name]
    home = book.build / "kernel"
    env.update(THREADS)
    env.update(
        PYTHONPATH=str(book.root),
        PYTHONHASHSEED="0",
        PYTHONNOUSERSITE="1",
        PYTHONDONTWRITEBYTECODE="1",
        SOURCE_DATE_EPOCH=EPOCH,
        TZ="UTC",
        LC_ALL="C.UTF-8",
        COLUMNS="80",
        PAGER="cat",
        MPLBACKEND="module://matplotlib_inline.backend_inline",
        MATPLOTLIBRC=str(home / "matplotlibrc"),
        MPLCONFIGDIR=str(home / "matplotlib"),
        IPYTHONDIR=str(home / "ipython"),
        JUPYTER_CONFIG_DIR=str(home / "jupyter"),
        JUPYTER_DATA_DIR=str(home / "jupyter" / "data"),
        JUPYTER_RUNTIME_DIR=str(runtime_folder(home)),
        JUPYTER_PREFER_ENV_PATH="1",
        JUPYTER_PLATFORM_DIRS="1",
        D2L_DATA=str(book.build / "data" / hub.slug),
    )
    if hub.url:
        env["D2L_HUB"] = hub.url
    return env


def runtime_folder(home):
    """Where kernels keep their sockets: a path short enough for a Unix socket."""
    folder = home / "run"
    if len(os.fsencode(folder)) <= 45:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:10]
    user = os.getuid() if hasattr(os, "getuid") else 0
    return Path(tempfile.gettempdir()) / f"press-{user}-{digest}"


def prepare(book, env):
    """Make the folders that the environment names, and Matplotlib's font list.

    The list is made here, once: otherwise the first kernel would print that it is being
    made, and the second would not.
    """
    home = book.build / "kernel"
    write_if_changed(home / "matplotlibrc", MATPLOTLIBRC)
    for name in ("MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "D2L_DATA"):
        Path(env[name]).mkdir(parents=True, exist_ok=True)
    runtime = Path(env["JUPYTER_RUNTIME_DIR"])
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(Path(env["MPLCONFIGDIR"]).glob("fontlist*.json")):
        command = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(command, env=env, capture_output=True, check=False)


def write_if_changed(path, content):
    """Write a text unless the file says the same already; return whether it was."""
    try:
        if path.read_text(encoding="utf-8") == content:
            return False
    except (OSError, UnicodeDecodeError):
        pass
    write_atomically(path, content)
    return True


def over_sockets(manager):
    """A class of kernel managers whose kernels talk through Unix sockets, if there are.

    With TCP a kernel is told five ports that were free a moment ago; two kernels that
    start at once may be told the same one, and one of them dies.
    """
    if os.name != "posix":
        return manager

    class SocketManager(manager):
        def __init__(self, **options):
            folder = Path(
                os.environ.get("JUPYTER_RUNTIME_DIR") or tempfile.gettempdir()
            )
            options.setdefault("transport", "ipc")
            options.setdefault("ip", str(folder / uuid.uuid4().hex[:12]))
            super().__init__(**options)

    return SocketManager
