"""The data hub against a real HTTP server that truncates, delays, alters and drops."""

import errno
import hashlib
import io
import multiprocessing
import os
import stat
import subprocess
import tarfile
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from d2l import mxnet as d2l

CONTENT = bytes(range(256)) * 1000  # 256,000 bytes
SHA1 = hashlib.sha1(CONTENT).hexdigest()


class Server:
    """An HTTP server on loopback whose answers the test decides.

    files: path -> content. quirks: a list that is used up by requests, one for each;
    an item is a function (handler, body, start) that answers in its own way, or None.
    """

    def __init__(self):
        self.files, self.quirks, self.requests = {}, [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                wanted = self.headers.get("Range")
                outer.requests.append((self.path, wanted))
                quirk = outer.quirks.pop(0) if outer.quirks else None
                body = outer.files.get(self.path)
                if body is None:
                    return self.send_error(404)
                start = int(wanted[6:].rstrip("-")) if wanted else 0
                if quirk:
                    return quirk(self, body, start)
                if start and start >= len(body):
                    return self.send_error(416)
                self.answer(body, start)

            def answer(self, body, start=0, upto=None, ranges=True, length=True):
                """Send status and headers, and the body or the beginning of it."""
                start = start if ranges else 0
                self.send_response(206 if start else 200)
                if start:
                    span = f"bytes {start}-{len(body) - 1}/{len(body)}"
                    self.send_header("Content-Range", span)
                if length:
                    self.send_header("Content-Length", str(len(body) - start))
                self.end_headers()
                self.wfile.write(body[start:upto])

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = threading.Thread(
            target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def cut(after):
    """Answer as if all were to come, then hang up `after` bytes into the answer."""
    return lambda h, body, start: h.answer(body, start, upto=start + after)


def status(code):
    return lambda h, body, start: h.send_error(code)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty data folder, an empty register, and no time spent on waiting."""
    folder = tmp_path / "data"
    monkeypatch.setenv("D2L_DATA", str(folder))
    monkeypatch.delenv("D2L_HUB", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(d2l, "DATA_HUB", {})
    monkeypatch.setattr(d2l, "DOWNLOAD_WAITS", [0.01, 0.01])
    monkeypatch.setattr(d2l, "_SUMS_FETCHED", set())
    return folder


@pytest.fixture
def one(server, data):
    """One data set, 'set', at an address of its own on the server."""
    server.files["/set.bin"] = CONTENT
    d2l.DATA_HUB["set"] = (f"{server.url}/set.bin", SHA1)
    return data / "set.bin"


def refused(name="set"):
    """Download in vain; return the message."""
    with pytest.raises(d2l.DownloadError) as caught:
        d2l.download(name)
    return str(caught.value)


def leftovers(folder):
    """Visible files below a folder."""
    return sorted(
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*")
        if p.is_file() and not p.name.startswith(".")
    )


# --- when all is well -----------------------------------------------------------------


def test_fetches_once_and_returns_a_path(server, one):
    assert d2l.download("set") == str(one)
    assert one.read_bytes() == CONTENT
    d2l.download("set")
    assert len(server.requests) == 1
    assert leftovers(one.parent) == ["set.bin"]


def test_empty_file(server, data):
    server.files["/empty"] = b""
    d2l.DATA_HUB["empty"] = (f"{server.url}/empty", hashlib.sha1(b"").hexdigest())
    assert Path(d2l.download("empty")).read_bytes() == b""


def test_cache_dir_counts_when_it_is_given(one, tmp_path):
    path = d2l.download("set", cache_dir=tmp_path / "elsewhere")
    assert path == str(tmp_path / "elsewhere" / "set.bin")
    assert not one.exists()


def test_without_variables_the_folder_is_data(server, one, tmp_path, monkeypatch):
    monkeypatch.delenv("D2L_DATA")
    monkeypatch.chdir(tmp_path)
    assert d2l.download("set") == os.path.join("data", "set.bin")


def test_redirect_is_followed(server, one):
    server.files["/moved.bin"] = b""

    def moved(handler, body, start):
        handler.send_response(302)
        handler.send_header("Location", "/set.bin")
        handler.end_headers()

    server.quirks = [moved]
    d2l.DATA_HUB["set"] = (f"{server.url}/moved.bin", SHA1)
    assert Path(d2l.download("set")).read_bytes() == CONTENT


def test_redirects_in_a_circle_end(server, one):
    def moved(handler, body, start):
        handler.send_response(302)
        handler.send_header("Location", "/set.bin")
        handler.end_headers()

    server.quirks = [moved] * 99
    assert "redirects" in refused()


def test_a_file_that_needs_no_lock_is_read_from_a_read_only_folder(one, monkeypatch):
    one.parent.mkdir()
    one.write_bytes(CONTENT)
    monkeypatch.setattr(d2l.filelock, "FileLock", lambda path: 1 / 0)
    assert d2l.download("set") == str(one)


# --- what arrives is not what was sent ----------------------------------------------


def test_altered_cached_file_is_fetched_again(server, one):
    one.parent.mkdir()
    one.write_bytes(CONTENT[:-1] + b"?")
    d2l.download("set")
    assert one.read_bytes() == CONTENT
    assert len(server.requests) == 1


def test_wrong_content_is_thrown_away_and_asked_for_twice(server, one):
    server.files["/set.bin"] = CONTENT[:-1] + b"?"
    message = refused()
    assert SHA1 in message and "thrown away" in message and "set.bin" in message
    assert len(server.requests) == 2
    assert leftovers(one.parent) == []


def test_content_altered_once_is_healed(server, one):
    server.quirks = [lambda h, body, start: h.answer(b"?" + body[1:], start)]
    d2l.download("set")
    assert one.read_bytes() == CONTENT


def test_a_good_file_survives_a_failed_update(server, one):
    d2l.download("set")
    newer = b"newer"
    d2l.DATA_HUB["set"] = (f"{server.url}/set.bin", hashlib.sha1(newer).hexdigest())
    refused()
    assert one.read_bytes() == CONTENT


def test_truncated_without_length_is_noticed(server, one):
    server.quirks = [
        lambda h, body, start: h.answer(body, start, upto=100_000, length=False)
    ]
    d2l.download("set")
    assert one.read_bytes() == CONTENT


def test_server_that_compresses_regardless_does_not_confuse_us(server, data):
    import gzip

    packed = gzip.compress(CONTENT)
    server.files["/set.gz"] = packed
    d2l.DATA_HUB["set"] = (f"{server.url}/set.gz", hashlib.sha1(packed).hexdigest())

    def labelled(handler, body, start):
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.quirks = [labelled]
    assert Path(d2l.download("set")).read_bytes() == packed


# --- connections that break ---------------------------------------------------------


def test_dropped_connection_is_resumed(server, one):
    server.quirks = [cut(100_000), cut(100_000)]
    d2l.download("set")
    assert one.read_bytes() == CONTENT
    starts = [int((r or "bytes=0-")[6:-1]) for _, r in server.requests]
    assert starts[0] == 0 and 0 < starts[1] <= 100_000 < starts[2]


def test_patience_starts_anew_with_progress(server, one):
    server.quirks = [cut(20_000)] * 12  # far more drops than waits
    d2l.download("set")
    assert one.read_bytes() == CONTENT


def test_server_that_cannot_resume_starts_over(server, one):
    server.quirks = [
        cut(100_000),
        lambda h, body, start: h.answer(body, start, ranges=False),
    ]
    d2l.download("set")
    assert one.read_bytes() == CONTENT
    assert server.requests[1][1] is not None


def test_server_that_sends_the_wrong_range(server, one):
    def confused(handler, body, start):
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes 0-{len(body) - 1}/{len(body)}")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    server.quirks = [cut(100_000), confused]
    d2l.download("set")
    assert one.read_bytes() == CONTENT


def test_resumes_what_an_earlier_program_left(server, one):
    one.parent.mkdir()
    part = one.with_name(f"set.bin.{SHA1[:8]}.part")
    part.write_bytes(CONTENT[:200_000])
    d2l.download("set")
    assert server.requests == [("/set.bin", "bytes=200000-")]
    assert one.read_bytes() == CONTENT


def test_a_complete_part_only_needs_its_name(server, one):
    one.parent.mkdir()
    one.with_name(f"set.bin.{SHA1[:8]}.part").write_bytes(CONTENT)
    d2l.download("set")
    assert server.requests == []


@pytest.mark.parametrize("rubbish", [b"x" * 1000, b"x" * 300_000])
def test_a_wrong_part_is_replaced(server, one, rubbish):
    one.parent.mkdir()
    one.with_name(f"set.bin.{SHA1[:8]}.part").write_bytes(rubbish)  # 416 if too long
    d2l.download("set")
    assert one.read_bytes() == CONTENT


@pytest.mark.parametrize("code", [500, 502, 503, 429])
def test_busy_server_is_asked_again(server, one, code):
    server.quirks = [status(code)]
    d2l.download("set")
    assert len(server.requests) == 2


def test_a_server_that_stays_broken_is_given_up(server, one):
    server.quirks = [status(500)] * 99
    assert "500" in refused()
    assert len(server.requests) == 3  # once, and once for each wait


def test_a_server_that_never_answers(server, one, monkeypatch):
    get = d2l.requests.get

    def impatient(*args, timeout, **kwargs):
        assert timeout  # none may be left out
        return get(*args, timeout=0.1, **kwargs)

    monkeypatch.setattr(d2l.requests, "get", impatient)
    server.quirks = [lambda h, body, start: time.sleep(0.4)] * 9
    assert "no answer in time" in refused()


def test_no_network(one, monkeypatch):
    d2l.DATA_HUB["set"] = ("http://127.0.0.1:9/set.bin", SHA1)  # nobody listens there
    message = refused()
    assert "no connection" in message and "Check the network" in message
    assert "make samples" in message


# --- errors say what to do ----------------------------------------------------------


def test_missing_file_is_not_asked_for_again(server, one):
    del server.files["/set.bin"]
    message = refused()
    assert "404" in message and "D2L_HUB" in message and SHA1 in message
    assert str(one) in message  # where to put it by hand
    assert len(server.requests) == 1


def test_unknown_name_names_its_neighbours(one):
    assert "'set'" in refused("sett")
    assert "nothing" in refused("zzzzzz")


def test_full_disk(one, monkeypatch):
    class Full(io.FileIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    real = open

    def fake(path, mode="r", *args, **kwargs):
        if str(path).endswith(".part"):
            return Full(path, "w")
        return real(path, mode, *args, **kwargs)

    monkeypatch.setattr(d2l, "open", fake, raising=False)
    message = refused()
    assert "no space left" in message and "D2L_DATA" in message
    assert leftovers(one.parent) == []


def test_full_disk_for_real(server, one, tmp_path, monkeypatch):
    small = tmp_path / "small"
    small.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)],
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("mounting a small file system needs the rights for it")
    try:
        monkeypatch.setenv("D2L_DATA", str(small))
        message = refused()
        assert "no space left" in message
        assert leftovers(small) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_folder_that_is_a_file(one):
    one.parent.write_bytes(b"")
    assert "D2L_DATA" in refused()


def test_an_address_of_no_known_kind(data):
    d2l.DATA_HUB["set"] = ("ftp://127.0.0.1/set.bin", SHA1)
    assert "https:, http: or file:" in refused()


# --- hubs and second addresses ------------------------------------------------------


def test_every_public_address_is_encrypted():
    hub = dict(d2l.DATA_HUB)
    assert hub
    for file, digest in hub.values():
        assert all(url.startswith("https://") for url in d2l.hub_addresses(file))
        assert len(digest) == 40


def test_second_address_is_tried(server, data, monkeypatch):
    server.files["/b/set.bin"] = CONTENT
    monkeypatch.setattr(
        d2l, "DATA_MIRRORS", {"": [f"{server.url}/a/", f"{server.url}/b/"]}
    )
    d2l.DATA_HUB["set"] = ("set.bin", SHA1)
    assert Path(d2l.download("set")).read_bytes() == CONTENT
    assert [path for path, _ in server.requests] == ["/a/set.bin", "/b/set.bin"]


def test_second_address_helps_where_the_first_is_altered(server, data, monkeypatch):
    server.files |= {"/a/x/set.bin": b"?", "/b/set.bin": CONTENT}
    bases = {
        "": [f"{server.url}/never/"],
        "x/": [f"{server.url}/a/x/", f"{server.url}/b/"],
    }
    monkeypatch.setattr(d2l, "DATA_MIRRORS", bases)
    d2l.DATA_HUB["set"] = ("x/set.bin", SHA1)
    assert d2l.download("set") == str(data / "x" / "set.bin")


def test_all_addresses_are_named_when_none_helps(server, data, monkeypatch):
    monkeypatch.setattr(
        d2l, "DATA_MIRRORS", {"": [f"{server.url}/a/", "http://127.0.0.1:9/"]}
    )
    d2l.DATA_HUB["set"] = ("set.bin", SHA1)
    message = refused()
    assert f"{server.url}/a/set.bin: 404" in message
    assert "http://127.0.0.1:9/set.bin: no connection" in message


def test_code_for_the_original_library_still_works(monkeypatch):
    """There, an entry of DATA_HUB begins with DATA_URL."""
    monkeypatch.delenv("D2L_HUB", raising=False)
    file = d2l.DATA_URL + "kaggle_house_pred_train.csv"
    assert d2l.hub_path(file) == "kaggle_house_pred_train.csv"
    assert d2l.hub_addresses(file)[0] == file
    assert len(d2l.hub_addresses(file)) == 2
    own = "https://files.example.org/a/ml-100k.zip"
    assert d2l.hub_path(own) == "ml-100k.zip"
    assert d2l.hub_addresses(own) == [own]


def make_hub(folder, **files):
    folder.mkdir(parents=True)
    lines = []
    for name, content in files.items():
        (folder / name).write_bytes(content)
        lines.append(f"{hashlib.sha1(content).hexdigest()}  {name}\n")
    (folder / "SHA1SUMS").write_text("".join(lines))
    return folder.as_uri()


def test_hub_in_a_folder(data, tmp_path, monkeypatch):
    """Its SHA1SUMS counts, not the register; a change is noticed at once."""
    hub = make_hub(tmp_path / "a hub", set=b"one")
    monkeypatch.setenv("D2L_HUB", hub)
    d2l.DATA_HUB["set"] = ("https://example.org/set", "0" * 40)
    assert Path(d2l.download("set")).read_bytes() == b"one"
    make_hub(tmp_path / "next", set=b"two")
    for name in ("set", "SHA1SUMS"):
        os.replace(tmp_path / "next" / name, tmp_path / "a hub" / name)
    assert Path(d2l.download("set")).read_bytes() == b"two"


def test_hub_whose_file_was_altered(data, tmp_path, monkeypatch):
    monkeypatch.setenv("D2L_HUB", make_hub(tmp_path / "hub", set=b"one"))
    (tmp_path / "hub" / "set").write_bytes(b"two")
    d2l.DATA_HUB["set"] = ("set", None)
    assert "thrown away" in refused()


def test_hub_that_lacks_a_file(data, tmp_path, monkeypatch):
    monkeypatch.setenv("D2L_HUB", make_hub(tmp_path / "hub", other=b""))
    d2l.DATA_HUB["set"] = ("set", SHA1)
    assert "has no file set" in refused() and "unset D2L_HUB" in refused()


def test_hub_that_lists_a_file_it_lost(data, tmp_path, monkeypatch):
    monkeypatch.setenv("D2L_HUB", make_hub(tmp_path / "hub", set=b"one"))
    (tmp_path / "hub" / "set").unlink()
    d2l.DATA_HUB["set"] = ("set", SHA1)
    assert "No such file" in refused()


@pytest.mark.parametrize("hub", ["file:///no/such/hub", "/no/scheme", "ftp://x/y"])
def test_hub_that_is_none(data, monkeypatch, hub):
    monkeypatch.setenv("D2L_HUB", hub)
    d2l.DATA_HUB["set"] = ("set", SHA1)
    message = refused()
    assert hub in message and "SHA1SUMS" in message


def test_hub_on_a_server_works_offline_once_fetched(server, data, monkeypatch):
    server.files |= {
        "/hub/set": CONTENT,
        "/hub/SHA1SUMS": f"{SHA1.upper()} *./set\n".encode(),
    }
    monkeypatch.setenv("D2L_HUB", f"{server.url}/hub/")
    d2l.DATA_HUB["set"] = ("set", None)
    d2l.download("set")
    d2l.download("set")
    assert [path for path, _ in server.requests] == ["/hub/SHA1SUMS", "/hub/set"]
    server.close()
    d2l._SUMS_FETCHED.clear()  # as in a new process
    assert Path(d2l.download("set")).read_bytes() == CONTENT


def test_download_all_goes_on_after_a_failure(server, one):
    server.files["/more.bin"] = b"more"
    digest = hashlib.sha1(b"more").hexdigest()
    d2l.DATA_HUB["lost"] = (f"{server.url}/lost.bin", SHA1)
    d2l.DATA_HUB["more"] = (f"{server.url}/more.bin", digest)
    with pytest.raises(d2l.DownloadError, match="lost.bin"):
        d2l.download_all()
    assert leftovers(one.parent) == ["more.bin", "set.bin"]
    del d2l.DATA_HUB["lost"]
    assert len(d2l.download_all()) == 2


# --- concurrency --------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_two_processes_that_ask_at_once(server, one):
    """Both get the archive, which is sent once and unpacked once."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("box/note.txt", "hello" * 10_000)
    server.files["/box.zip"] = packed.getvalue()
    digest = hashlib.sha1(packed.getvalue()).hexdigest()
    d2l.DATA_HUB["box"] = (f"{server.url}/box.zip", digest)

    def slowly(handler, body, start):
        time.sleep(0.3)
        handler.answer(body, start)

    server.quirks = [slowly]
    folder = one.parent / "box"

    def job():
        assert d2l.download_extract("box") == str(folder)
        assert (folder / "note.txt").read_text() == "hello" * 10_000

    context = multiprocessing.get_context("fork")
    running = [context.Process(target=job) for _ in range(2)]
    for process in running:
        process.start()
    for process in running:
        process.join(60)
        assert process.exitcode == 0
    assert len(server.requests) == 1
    assert leftovers(one.parent) == ["box.zip", "box/note.txt"]


def test_threads_that_ask_at_once(server, one):
    server.quirks = [lambda h, body, start: (time.sleep(0.2), h.answer(body, start))]
    threads = [threading.Thread(target=d2l.download, args=["set"]) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one.read_bytes() == CONTENT
    assert len(server.requests) == 1


# --- archives -----------------------------------------------------------------------


def tar_of(*members, mode="w:gz"):
    """A tar file of (name, content or a dict of TarInfo's fields)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                for key, value in content.items():
                    setattr(info, key, value)
                archive.addfile(info)
    return buffer.getvalue()


def zip_of(*members):
    """A zip file of (name, content) or (name, content, Unix mode)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content, *mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode[0] if mode else 0) << 16
            archive.writestr(info, content)
    return buffer.getvalue()


@pytest.fixture
def offer(data, tmp_path, monkeypatch):
    """offer('set.zip', bytes) makes a hub with this archive under the name 'set'."""

    def make(file, content):
        hub = tmp_path / "hub"
        hub.mkdir(exist_ok=True)
        (hub / file).write_bytes(content)
        digest = hashlib.sha1(content).hexdigest()
        (hub / "SHA1SUMS").write_text(f"{digest}  {file}\n")
        monkeypatch.setenv("D2L_HUB", hub.as_uri())
        d2l.DATA_HUB["set"] = (file, None)

    return make


GOOD = [("set/a.txt", b"a"), ("set/deep/b.txt", b"b" * 5000)]


@pytest.mark.parametrize(
    "file, content",
    [
        ("set.zip", zip_of(*GOOD)),
        ("set.tar", tar_of(*GOOD, mode="w")),
        ("set.tar.gz", tar_of(*GOOD)),
        ("set.tgz", tar_of(*GOOD)),
        ("set.tar.bz2", tar_of(*GOOD, mode="w:bz2")),
        ("set.tar.xz", tar_of(*GOOD, mode="w:xz")),
    ],
)
def test_unpacks(offer, data, file, content):
    offer(file, content)
    folder = d2l.download_extract("set")
    assert folder == str(data / "set")
    assert leftovers(data) == sorted([file, "set/a.txt", "set/deep/b.txt"])
    assert (data / "set" / "deep" / "b.txt").read_bytes() == b"b" * 5000
    assert not list(data.glob("*unpacking"))


def test_unpacks_once_and_leaves_other_files_alone(offer, data):
    offer("set.zip", zip_of(*GOOD))
    d2l.download_extract("set")
    (data / "set" / "mine.txt").write_text("mine")
    (data / "set" / "a.txt").write_text("noted in the margin")
    d2l.download_extract("set")
    assert (data / "set" / "a.txt").read_text() == "noted in the margin"
    offer("set.zip", zip_of(("set/a.txt", b"second edition")))
    d2l.download_extract("set")
    assert (data / "set" / "a.txt").read_text() == "second edition"
    assert (data / "set" / "mine.txt").read_text() == "mine"


def test_folder_within_the_archive(offer, data):
    offer("set_v1.zip", zip_of(*GOOD))
    assert d2l.download_extract("set", "set") == str(data / "set")
    with pytest.raises(d2l.DownloadError, match="holds no other"):
        d2l.download_extract("set", "other")
    with pytest.raises(d2l.DownloadError, match="say by `folder`"):
        d2l.download_extract("set")


def test_links_inside_become_copies(offer, data):
    offer(
        "set.tar.gz",
        tar_of(
            ("set/link.txt", {"type": tarfile.SYMTYPE, "linkname": "deep/../a.txt"}),
            ("set/hard.txt", {"type": tarfile.LNKTYPE, "linkname": "set/a.txt"}),
            *GOOD,
        ),
    )
    d2l.download_extract("set")
    for name in ("link.txt", "hard.txt"):
        path = data / "set" / name
        assert path.read_bytes() == b"a" and not path.is_symlink()
        assert path.stat().st_nlink == 1


LINK = stat.S_IFLNK | 0o777
DEVICE = stat.S_IFCHR | 0o600


@pytest.mark.parametrize(
    "file, content, words",
    [
        ("set.zip", zip_of(*GOOD, ("../x", b"")), "outside"),
        ("set.zip", zip_of(*GOOD, ("set/../../x", b"")), "outside"),
        ("set.zip", zip_of(*GOOD, ("/tmp/x", b"")), "outside"),
        ("set.zip", zip_of(*GOOD, ("..\\x", b"")), "outside"),
        ("set.zip", zip_of(*GOOD, ("C:\\x", b"")), "outside"),
        ("set.zip", zip_of(*GOOD, ("set/x", "../../x", LINK)), "outside"),
        ("set.zip", zip_of(*GOOD, ("set/x", "/etc/passwd", LINK)), "outside"),
        ("set.zip", zip_of(*GOOD, ("set/x", b"", DEVICE)), "device"),
        ("set.tar.gz", tar_of(*GOOD, ("../x", b"")), "outside"),
        ("set.tar.gz", tar_of(*GOOD, ("/tmp/x", b"")), "outside"),
        (
            "set.tar.gz",
            tar_of(*GOOD, ("set/x", {"type": tarfile.SYMTYPE, "linkname": "../.."})),
            "outside",
        ),
        (
            "set.tar.gz",
            tar_of(*GOOD, ("set/x", {"type": tarfile.SYMTYPE, "linkname": "/etc"})),
            "outside",
        ),
        (
            "set.tar.gz",
            tar_of(*GOOD, ("set/x", {"type": tarfile.LNKTYPE, "linkname": "../x"})),
            "outside",
        ),
        (
            "set.tar.gz",
            tar_of(
                ("set/up", {"type": tarfile.SYMTYPE, "linkname": "."}),
                ("set/up/x", b"through a link"),
                *GOOD,
            ),
            "points to no file",
        ),
        (
            "set.tar.gz",
            tar_of(*GOOD, ("set/x", {"type": tarfile.SYMTYPE, "linkname": "nowhere"})),
            "points to no file",
        ),
        ("set.tar.gz", tar_of(*GOOD, ("set/x", {"type": tarfile.CHRTYPE})), "device"),
        ("set.tar.gz", tar_of(*GOOD, ("set/x", {"type": tarfile.FIFOTYPE})), "device"),
    ],
)
def test_unsafe_archive_is_refused_whole(offer, data, tmp_path, file, content, words):
    offer(file, content)
    with pytest.raises(d2l.UnsafeArchive, match=words) as caught:
        d2l.download_extract("set")
    assert file in str(caught.value) and "not unpacked" in str(caught.value)
    assert leftovers(data) == [file]
    assert not list(data.glob(".*unpacking"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "hub"]


def test_what_is_no_archive_is_named(offer):
    offer("set.txt", b"just text")
    with pytest.raises(ValueError, match="neither a zip nor a tar"):
        d2l.download_extract("set")


def test_full_disk_while_unpacking(offer, data, monkeypatch):
    offer("set.zip", zip_of(*GOOD))

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(d2l.shutil, "copyfileobj", full)
    with pytest.raises(d2l.DownloadError, match="no space left"):
        d2l.download_extract("set")
    assert leftovers(data) == ["set.zip"]
