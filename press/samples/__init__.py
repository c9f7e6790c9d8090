"""The sample data hub: small data sets of our own in the formats of the real ones.

Every module of this package whose name does not begin with an underscore is one data
set. It defines `write(folder)`, which writes the files of the data set below `folder`
under the very names that the public hub uses. `build` runs the modules whose code is
newer than their files, and lists every file in `SHA1SUMS`, which is what makes the
folder a hub that `d2l.download` can be pointed at.

A data set here must look like what it stands for, be learnable (a better model scores
better on it), and be the same to the byte on every machine; `_tools` has what that
takes.
"""

import importlib
import json
import os
import pkgutil
import tempfile
from pathlib import Path

import filelock

from press.samples._tools import sha1_of

FOLDER = Path("_build/samples")
_HERE = Path(__file__).parent


def names():
    """List the data sets that can be built: the module names, sorted."""
    found = (module.name for module in pkgutil.iter_modules([str(_HERE)]))
    return sorted(name for name in found if not name.startswith("_"))


def build(folder=FOLDER, only=None, say=lambda line: None):
    """Write the sample hub into `folder` and return the paths of its files.

    only: names of data sets to build (default: all). A data set whose files are
    there, unaltered, and written by the code as it stands is not written again.
    say: called with one line for each data set.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = names() if only is None else list(only)
    for name in wanted:
        if name not in names():
            raise ValueError(f"no sample data set {name!r}: there are {names()}")
    with filelock.FileLock(folder / ".lock"):
        records = _read_records(folder)
        for name in wanted:
            key = _key(name)
            if _up_to_date(folder, records.get(name), key):
                say(f"{name}: up to date")
                continue
            records[name] = {"key": key, "files": _write_one(name, folder)}
            say(f"{name}: {len(records[name]['files'])} files")
            _replace(folder / ".records.json", json.dumps(records, indent=1))
        sums = {
            file: digest
            for name, record in records.items()
            if name in names()
            for file, digest in record["files"].items()
        }
        lines = [f"{sums[file]}  {file}\n" for file in sorted(sums)]
        _replace(folder / "SHA1SUMS", "".join(lines))
    return [folder / file for file in sorted(sums)]


def _key(name):
    """The code that decides the bytes of a data set, as one digest."""
    sources = sorted([_HERE / "_tools.py", *_HERE.glob(f"{name}.py")])
    sources += sorted((_HERE / name).rglob("*.py"))
    return sha1_of(*(path.read_bytes() for path in sources))


def _read_records(folder):
    try:
        return json.loads((folder / ".records.json").read_text())
    except (OSError, ValueError):
        return {}


def _up_to_date(folder, record, key):
    return (
        record is not None
        and record["key"] == key
        and all(
            (folder / file).is_file()
            and sha1_of((folder / file).read_bytes()) == digest
            for file, digest in record["files"].items()
        )
    )


def _write_one(name, folder):
    """Write one data set beside the hub, then move its files in one by one."""
    module = importlib.import_module(f"press.samples.{name}")
    digests = {}
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        temporary = Path(temporary)
        module.write(temporary)
        for path in sorted(p for p in temporary.rglob("*") if p.is_file()):
            file = path.relative_to(temporary).as_posix()
            digests[file] = sha1_of(path.read_bytes())
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, folder / file)
    return digests


def _replace(path, text):
    temporary = path.with_name(f"{path.name}.new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    os.replace(temporary, path)
