"""Make the virtual environment .venv hold exactly what the lock file says.

Run by the Python that shall be in it, before anything is installed, so this file uses
the standard library alone and the syntax of old Pythons:

    python3 press/venv.py requirements.txt [--exactly]

Nothing is done when .venv was made from this very lock; a changed lock installs only
what changed. --exactly insists on this Python in place of the one .venv already has.
"""

import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.environ.get("PRESS_VENV") or os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "requirements.lock")
LOG = os.path.join(VENV, "install.log")
HERE = sys.version_info[:2]
SUPPORTED = ((3, 11), (3, 12), (3, 13))
WORKERS = 2


class SetupError(Exception):
    """Said to the user in one sentence."""


def main(arguments):
    if [a for a in arguments if a.startswith("-") and a != "--exactly"]:
        sys.stdout.write(__doc__)
        return 2
    exactly = "--exactly" in arguments
    locks = [a for a in arguments if not a.startswith("-")] or ["requirements.txt"]
    try:
        set_up(os.path.join(ROOT, locks[0]), exactly)
    except SetupError as error:
        sys.stderr.write(f"set-up: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("set-up: stopped; the next command begins it again\n")
        return 130
    return 0


def set_up(lock, exactly):
    wanted = read(lock)
    if wanted is None:
        raise SetupError(f"there is no file {lock}")
    there = version_of(VENV)
    kept = there in SUPPORTED and (there == HERE or not exactly)
    made = read(STAMP)
    if kept and made == wanted:
        return
    if kept and made is not None:
        say(f"bringing .venv up to date with {os.path.basename(lock)}")
    else:
        check_python()
        say(f"setting up .venv with Python {dotted(HERE)} (about a minute, once)")
        create()
    if os.path.exists(STAMP):
        os.remove(STAMP)
    install(wanted)
    remove_others(wanted)
    with open(STAMP + ".new", "w", encoding="utf-8") as file:
        file.write(wanted)
    os.replace(STAMP + ".new", STAMP)


def dotted(version):
    return ".".join(str(number) for number in version)


def say(text):
    sys.stdout.write(f"set-up: {text}\n")
    sys.stdout.flush()


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None


def python_in(folder):
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder, *parts)


def version_of(folder):
    """The (major, minor) of a virtual environment whose Python is there, or None."""
    config = read(os.path.join(folder, "pyvenv.cfg")) or ""
    match = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", config, re.M)
    if match and os.path.exists(python_in(folder)):
        return tuple(int(number) for number in match.groups())
    return None


def check_python():
    if HERE in SUPPORTED:
        return
    others = ["python" + dotted(v) for v in reversed(SUPPORTED)]
    found = [name for name in others if shutil.which(name)]
    what = f"this is Python {dotted(HERE)}, and MXNet runs on 3.11, 3.12 and 3.13"
    if found:
        raise SetupError(f"{what}: add PYTHON={found[0]} to the command")
    raise SetupError(f"{what}: install one of them and add PYTHON=python3.13")


def create():
    """Make an empty .venv with pip in it."""
    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            raise SetupError(
                f"this Python has no {module}: on Debian and Ubuntu, "
                f"sudo apt install python3-venv (or python{dotted(HERE)}-venv)"
            ) from None
    command = [sys.executable, "-m", "venv", "--clear", VENV]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        shown = done.stdout.decode("utf-8", "replace").strip().splitlines()
        raise SetupError(f"python -m venv failed ({(shown or ['no message'])[-1]})")


def packages(text):
    """The lines of a lock that name a package."""
    lines = (line.split(" #")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def install(text):
    """Install the packages of the lock: two pips, each with its part of them.

    Each unpacks other files, so they do not meet. Python compiles a module when it is
    first imported; compiling all of them here would take as long as the rest.
    """
    lines = packages(text)
    options = [line for line in lines if line.startswith("-")]
    names = [line for line in lines if not line.startswith("-")]
    running = []
    for i in range(WORKERS):
        part = f"{LOG}.{i}"
        with open(part + ".txt", "w", encoding="utf-8") as file:
            file.write("\n".join(options + names[i::WORKERS]) + "\n")
        command = [python_in(VENV), "-m", "pip", "install", "--no-deps", "--no-compile"]
        command += ["--disable-pip-version-check", "--no-input", "--retries", "2"]
        command += ["--timeout", "30", "--progress-bar", "off", "-r", part + ".txt"]
        with open(part, "wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        running.append((process, part))
    try:
        failed = [part for process, part in running if process.wait()]
    except BaseException:
        for process, _ in running:
            process.kill()
        raise
    if failed:
        raise SetupError(reason(read(failed[0]) or "", failed[0]))
    for _, part in running:
        os.remove(part)
        os.remove(part + ".txt")


OFFLINE = (
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "ProxyError",
    "Connection refused",
    "Temporary failure in name resolution",
    "No route to host",
)


def reason(log, path):
    """One sentence for a failed installation."""
    errors = [line[7:] for line in log.splitlines() if line.startswith("ERROR: ")]
    last = errors[-1] if errors else "see the log"
    if any(sign in log for sign in OFFLINE):
        last = "the package index cannot be reached; is there a network, or a proxy?"
    elif "No space left" in log:
        last = "the disk is full; about 2 GB are needed"
    return f"installing the packages failed: {last} (log: {path})"


LIST = (
    "import json, importlib.metadata as m; "
    "print(json.dumps([d.metadata['Name'] for d in m.distributions()]))"
)


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def remove_others(text):
    """Uninstall what the lock does not name, left behind by an earlier lock."""
    import json

    names = [re.split(r"[\s=<>!~;\[@]", line, maxsplit=1)[0] for line in packages(text)]
    keep = {normal(name) for name in names} | {"pip", "deep-learning-by-doing"}
    done = subprocess.run(
        [python_in(VENV), "-I", "-c", LIST], stdout=subprocess.PIPE, check=True
    )
    extra = [n for n in json.loads(done.stdout.decode()) if normal(n) not in keep]
    if extra:
        command = [python_in(VENV), "-m", "pip", "uninstall", "-q", "-y"]
        subprocess.run(command + sorted(extra), stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
