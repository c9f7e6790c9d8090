"""d2l, "do to learn": the library of the book Deep Learning by Doing.

Written by `make lib` from the cells of the book that begin with #@save. Do not
edit this file: change the section that is named above a definition.
"""


# Section: Preface
# Source: chapters/preface.md
import collections
import hashlib
import math
import os
import random
import re
import shutil
import sys
import tarfile
import time
import zipfile
from collections import defaultdict

import pandas as pd
import requests
from IPython import display
from matplotlib import pyplot as plt

d2l = sys.modules[__name__]


# Section: Preface
# Source: chapters/preface.md
from mxnet import autograd, context, gluon, image, init, np, npx
from mxnet.gluon import nn, rnn

npx.set_np()


# Section: Data Manipulation
# Source: chapters/preliminaries/ndarray.md
import numpy as onp


# Section: Data Manipulation
# Source: chapters/preliminaries/ndarray.md
def set_seed(seed):
    """Seed all three random generators that a program of this book uses.

    seed: an int from 0 to 2**31 - 1. Seeds Python's `random`, NumPy, and MXNet
    on every device. With the same seed, the same program on the same kind of
    device draws the same numbers; a GPU draws others than a CPU does.
    """
    random.seed(seed)
    onp.random.seed(seed)
    npx.random.seed(seed)


# Section: Calculus
# Source: chapters/preliminaries/calculus.md
def use_svg_display():
    """Draw matplotlib's figures as SVG, in the one style of the book.

    The style: seven colours that differ in lightness as well as in hue (C0
    to C6; the letters b, m, g, r, y, c and k stand for the same seven), a
    transparent background, thin lines, a faint grid, letters drawn as paths.
    The same figure gives the same bytes on every machine.
    """
    from IPython import get_ipython
    from matplotlib import colors, cycler
    from matplotlib_inline import backend_inline

    palette = dict(b='#1f55d0', m='#d0208f', g='#17705c', r='#e05a30',
                   y='#6b5200', c='#1a9cc0', k='#222222')
    for letter, code in palette.items():
        colors.get_named_colors_mapping()[letter] = colors.to_rgb(code)
    d2l.plt.rcParams.update({
        'axes.prop_cycle': cycler(color=list(palette.values())),
        'axes.axisbelow': True, 'axes.linewidth': 0.8,
        'axes.spines.top': False, 'axes.spines.right': False,
        'figure.facecolor': 'none', 'axes.facecolor': 'none',
        'savefig.facecolor': 'none', 'font.size': 9.0,
        'font.family': 'DejaVu Sans', 'mathtext.fontset': 'dejavusans',
        'grid.color': '#808080', 'grid.alpha': 0.25, 'grid.linewidth': 0.6,
        'image.cmap': 'viridis', 'legend.fontsize': 8.0,
        'legend.edgecolor': 'none', 'legend.framealpha': 0.7,
        'lines.linewidth': 1.6, 'svg.fonttype': 'path', 'svg.hashsalt': 'd2l'})
    if get_ipython() is not None:                 # not in a plain script
        backend_inline.set_matplotlib_formats('svg', metadata={'Date': None})


# Section: Calculus
# Source: chapters/preliminaries/calculus.md
def set_figsize(figsize=(3.5, 2.5)):
    """Set the size of the figures that follow: (width, height) in inches."""
    d2l.use_svg_display()
    d2l.plt.rcParams['figure.figsize'] = figsize


# Section: Calculus
# Source: chapters/preliminaries/calculus.md
def set_axes(axes, xlabel, ylabel, xlim, ylim, xscale, yscale, legend):
    """Label and scale `axes`, and switch on the grid and a legend, if any.

    xlabel, ylabel: str or None; xlim, ylim: (low, high) or None; xscale,
    yscale: 'linear', 'log', ...; legend: a list with a name for each curve.
    """
    axes.set_xlabel(xlabel or '')
    axes.set_ylabel(ylabel or '')
    axes.set_xscale(xscale)
    axes.set_yscale(yscale)
    axes.set_xlim(xlim)
    axes.set_ylim(ylim)
    if legend:
        axes.legend(legend)
    axes.grid(True)


# Section: Calculus
# Source: chapters/preliminaries/calculus.md
def plot(X, Y=None, xlabel=None, ylabel=None, legend=None, xlim=None,
         ylim=None, xscale='linear', yscale='linear',
         fmts=('-', 'm--', 'g-.', 'r:'), figsize=(3.5, 2.5), axes=None):
    """Plot one or several curves.

    A curve is a list or array (NumPy or MXNet) of numbers, one axis. X is one
    curve, shared by all of Y, or one for each of Y; Y is one curve or several
    (a list of curves, or an array with a curve in each row). With Y absent, X
    holds the curves, plotted against 0, 1, 2, ... `fmts` are matplotlib's
    formats; beyond the last, line styles are used again in new colours.
    Raises ValueError if the numbers of curves, points or names differ.
    """
    from numpy import asarray, ndim

    def to_numpy(values):
        return values.asnumpy() if hasattr(values, 'asnumpy') else values

    def curves(values):
        """Return a list of one-axis NumPy arrays."""
        values = [to_numpy(value) for value in to_numpy(values)]
        one = len(values) == 0 or ndim(values[0]) == 0
        result = [asarray(c) for c in ([values] if one else values)]
        for c in result:
            if c.ndim != 1:
                raise ValueError(f'a curve needs one axis, not {c.ndim}')
        return result

    if Y is None:
        ys = curves(X)
        xs = [range(len(y)) for y in ys]
    else:
        xs, ys = curves(X), curves(Y)
        if len(xs) == 1:
            xs = xs * len(ys)
    if len(xs) != len(ys):
        raise ValueError(f'{len(xs)} curves in X, but {len(ys)} in Y')
    for i, (x, y) in enumerate(zip(xs, ys)):
        if len(x) != len(y):
            raise ValueError(f'curve {i} has {len(x)} x and {len(y)} y values')
    legend = [legend] if isinstance(legend, str) else list(legend or [])
    if legend and len(legend) != len(ys):
        raise ValueError(f'{len(legend)} names in legend, {len(ys)} curves')

    d2l.set_figsize(figsize)
    axes = axes or d2l.plt.gca()
    axes.clear()
    for i, (x, y) in enumerate(zip(xs, ys)):
        if i < len(fmts):
            axes.plot(x, y, fmts[i])
        else:                                   # the same style, a new colour
            style = fmts[i % len(fmts)].strip('bgrcmykw')
            axes.plot(x, y, style, color=f'C{i}')
    d2l.set_axes(axes, xlabel, ylabel, xlim, ylim, xscale, yscale, legend)


# Section: Automatic Differentiation
# Source: chapters/preliminaries/autograd.md
def check_gradient(f, *inputs, eps=None, tol=None, max_entries=100):
    """Compare the gradients of autograd with central differences.

    f: function of the inputs, deterministic; returns an array of any shape.
    inputs: float arrays; float64 makes the check sharp. eps: step (1e-2 for
    float32, 1e-5 for float64). tol: largest error allowed (2e-3 or 1e-6).
    At most max_entries entries of each input are moved. Everything runs in
    prediction mode. Returns the largest error, relative to the derivative
    where that exceeds 1; raises AssertionError, naming the entry, above tol.
    """
    import numpy

    inputs = [x.copy() for x in inputs]
    for x in inputs:
        x.attach_grad()
    with autograd.record(train_mode=False):
        y = f(*inputs)
    weights = numpy.random.RandomState(0).uniform(0.5, 1.5, y.shape)
    y.backward(np.array(weights, dtype=y.dtype, ctx=y.ctx))

    worst = 0.0
    for which, x in enumerate(inputs):
        single = x.dtype == numpy.float32
        step = eps or (1e-2 if single else 1e-5)
        limit = tol or (2e-3 if single else 1e-6)
        values, grads = x.asnumpy(), x.grad.asnumpy()

        def outputs(index, change):
            """Outputs with one entry changed, and that entry, in float64."""
            moved = values.copy()
            moved[index] += change
            arguments = list(inputs)
            arguments[which] = np.array(moved, dtype=x.dtype, ctx=x.ctx)
            y = f(*arguments).asnumpy().astype('float64')
            return y, float(moved[index])

        entries = list(numpy.ndindex(values.shape))
        stride = -(-len(entries) // max_entries)  # round up
        for index in entries[::stride]:
            high, top = outputs(index, step)
            low, bottom = outputs(index, -step)
            measured = float(((high - low) * weights).sum()) / (top - bottom)
            error = abs(grads[index] - measured) / max(1.0, abs(measured))
            if not error <= limit:                # catches nan as well
                raise AssertionError(
                    f'input {which}, entry {index}: autograd says '
                    f'{grads[index]:.6g}, differences {measured:.6g}')
            worst = max(worst, error)
    return worst


# Section: Linear Regression
# Source: chapters/linear-networks/linear-regression.md
class Timer:
    """Record running times in seconds, by a clock that never goes backwards.

    The timer starts when it is made. `start` starts it again, `stop` records
    the time since the last start and returns it; `times` is the list of all
    times recorded. MXNet computes in the background: call `npx.waitall()`
    before `stop`, or only the time to ask for the result is measured.
    """
    def __init__(self):
        self.times = []
        self.start()

    def start(self):
        """Start the clock (again)."""
        self.tik = time.perf_counter()

    def stop(self):
        """Record the seconds since the last start; return them."""
        self.times.append(time.perf_counter() - self.tik)
        return self.times[-1]

    def avg(self):
        """The mean of the recorded times; ValueError if there is none."""
        if not self.times:
            raise ValueError('no time recorded yet: call stop() first')
        return sum(self.times) / len(self.times)

    def sum(self):
        """The total of the recorded times."""
        return sum(self.times)

    def cumsum(self):
        """The running totals of the recorded times, as a list."""
        return [sum(self.times[:i + 1]) for i in range(len(self.times))]


# Section: Implementing Linear Regression from Scratch
# Source: chapters/linear-networks/linear-regression-scratch.md
def synthetic_data(w, b, num_examples):
    """Draw examples of y = Xw + b + noise.

    w: (d,) weights; b: a number. Returns X (num_examples, d), standard
    normal, and y (num_examples, 1) with normal noise of deviation 0.01.
    """
    X = np.random.normal(0, 1, (num_examples, len(w)))
    y = np.dot(X, w) + b
    y += np.random.normal(0, 0.01, y.shape)
    return X, y.reshape((-1, 1))


# Section: Implementing Linear Regression from Scratch
# Source: chapters/linear-networks/linear-regression-scratch.md
def linreg(X, w, b):
    """The linear regression model.

    X: (n, d) features; w: (d, 1); b: (1,). Returns predictions (n, 1).
    """
    return np.dot(X, w) + b


# Section: Implementing Linear Regression from Scratch
# Source: chapters/linear-networks/linear-regression-scratch.md
def squared_loss(y_hat, y):
    """Half the squared error of each prediction.

    y is reshaped to the shape of y_hat, which is also that of the result.
    """
    return (y_hat - y.reshape(y_hat.shape)) ** 2 / 2


# Section: Implementing Linear Regression from Scratch
# Source: chapters/linear-networks/linear-regression-scratch.md
def sgd(params, lr, batch_size):
    """Take one step of minibatch SGD, in place.

    params: tensors whose gradients belong to a loss summed over batch_size
    examples; dividing by batch_size makes the step that of their mean loss.
    Gradients are not set to zero: the next backward overwrites them.
    """
    for param in params:
        param[:] = param - lr * param.grad / batch_size


# Section: Concise Implementation of Linear Regression
# Source: chapters/linear-networks/linear-regression-concise.md
class ArrayLoader:
    """Read arrays of equal length in minibatches, as often as one likes.

    Each pass yields lists with one batch per array; the last may be smaller.
    With shuffle, every pass has a new order, drawn from Python's `random`
    (see `set_seed`). len() is the number of batches.
    """
    def __init__(self, arrays, batch_size, shuffle=False):
        self.arrays = [a if isinstance(a, np.ndarray)
                       else np.array(a, dtype=getattr(a, 'dtype', None))
                       for a in arrays]
        lengths = [len(a) for a in self.arrays]
        if len(set(lengths)) != 1:
            raise ValueError(f'arrays of equal length wanted, got {lengths}')
        if batch_size < 1:
            raise ValueError(f'batch_size must be positive, got {batch_size}')
        self.num_examples = lengths[0]
        self.batch_size, self.shuffle = batch_size, shuffle

    def __len__(self):
        return -(-self.num_examples // self.batch_size)

    def __iter__(self):
        order = list(range(self.num_examples))
        if self.shuffle:
            random.shuffle(order)
        size = self.batch_size
        chunk = size * -(-4096 // size)           # rows fetched at a time
        for start in range(0, self.num_examples, chunk):
            rows = np.array(order[start:start + chunk], dtype='int32')
            fetched = [np.take(a, rows.as_in_ctx(a.ctx), axis=0)
                       for a in self.arrays]
            for i in range(0, len(rows), size):
                yield [a[i:i + size] for a in fetched]


# Section: Concise Implementation of Linear Regression
# Source: chapters/linear-networks/linear-regression-concise.md
def load_array(data_arrays, batch_size, is_train=True):
    """Make a loader of minibatches from arrays of equal length.

    data_arrays: a list or tuple, such as (features, labels); is_train: shuffle
    anew in every epoch. Yields lists of batches, one per array.
    """
    return d2l.ArrayLoader(data_arrays, batch_size, shuffle=is_train)


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
import contextlib
import difflib
import errno
import functools
import gzip
import posixpath
import stat
import struct
from pathlib import Path, PureWindowsPath
from urllib.parse import urlsplit
from urllib.request import url2pathname

import filelock
import tqdm
import urllib3

DATA_URL = 'https://d2l-data.s3-accelerate.amazonaws.com/'

DATA_HUB = {}       # name -> (file below DATA_URL or a whole URL, SHA-1)

DATA_MIRRORS = {    # how a file's path begins -> base addresses to try
    '': [DATA_URL, 'https://d2l-data.s3.amazonaws.com/'],
}


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def hub_path(file):
    """Where a file of DATA_HUB lies below the address of a hub.

    A file of the public hub keeps its path; one with an address of its own
    is known by the last part of that address.
    """
    for base in d2l.DATA_MIRRORS['']:
        file = file.removeprefix(base)
    return posixpath.basename(urlsplit(file).path) if '://' in file else file


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def hub_addresses(file):
    """List the addresses at which to look for a file of DATA_HUB, in turn."""
    path = d2l.hub_path(file)
    if os.environ.get('D2L_HUB'):
        return [f"{os.environ['D2L_HUB'].rstrip('/')}/{path}"]
    if '://' in file and not file.startswith(tuple(d2l.DATA_MIRRORS[''])):
        return [file]
    start = max(filter(path.startswith, d2l.DATA_MIRRORS), key=len)
    return [base + path[len(start):] for base in d2l.DATA_MIRRORS[start]]


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
@contextlib.contextmanager
def open_url(url, start=0):
    """Open a file at a file:, http: or https: address at byte `start`.

    Yields (blocks, start, size): an iterable of bytes, the position of the
    first (0 where the server cannot resume), and the size of the whole file
    or None. Errors are those of requests and urllib3, or an OSError.
    """
    parts = urlsplit(url)
    if parts.scheme == 'file':
        with open(url2pathname(parts.path), 'rb') as source:
            size = os.fstat(source.fileno()).st_size
            source.seek(start)
            yield iter(lambda: source.read(2 ** 20), b''), start, size
        return
    if parts.scheme not in ('http', 'https'):
        raise requests.exceptions.InvalidSchema(
            f"an address begins with https:, http: or file:, not '{url}'")
    headers = {'Accept-Encoding': 'identity'}
    if start:
        headers['Range'] = f'bytes={start}-'
    with requests.get(url, headers=headers, stream=True,
                      timeout=(10, 30)) as reply:
        reply.raise_for_status()
        sent = reply.headers.get('Content-Range', '')
        if not sent.startswith(f'bytes {start}-'):
            if reply.status_code == 206:
                raise urllib3.exceptions.ProtocolError('wrong range')
            start = 0
        length = reply.headers.get('Content-Length')
        yield (reply.raw.stream(2 ** 14, decode_content=False), start,
               start + int(length) if length else None)


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def receive(url, part):
    """Make one attempt to complete the file `part` from an address.

    Shows a progress bar for more than 16 MB in a terminal.
    """
    have = part.stat().st_size if part.exists() else 0
    with d2l.open_url(url, have) as (blocks, start, size):
        quiet = (size or 0) < 2 ** 24 or not sys.stderr.isatty()
        with open(part, 'ab' if start else 'wb') as target, tqdm.tqdm(
                desc=posixpath.basename(url), total=size, initial=start,
                unit='B', unit_scale=True, disable=quiet) as bar:
            for block in blocks:
                target.write(block)
                bar.update(len(block))


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
class DownloadError(OSError):
    """A data set cannot be had; the message says why and what to do."""


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
DOWNLOAD_WAITS = [0.5, 1, 2]    # seconds before each further attempt


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def explain_failure(error):
    """Say what went wrong in an attempt to fetch a file.

    Returns (kind, words, again): kind is 'network', 'missing', 'full' or
    'other'; again says whether another attempt may succeed.
    """
    if isinstance(error, requests.HTTPError):
        code = error.response.status_code
        kind = 'missing' if code in (403, 404, 410) else 'other'
        words = f'{code} {error.response.reason}'
        return kind, words, code >= 500 or code in (408, 416, 429)
    if isinstance(error, requests.exceptions.SSLError):
        return 'network', f'no secure connection ({error})', False
    if isinstance(error, (requests.Timeout,
                          urllib3.exceptions.TimeoutError)):
        return 'network', 'no answer in time', True
    if isinstance(error, requests.ConnectionError):
        return 'network', 'no connection', True
    if isinstance(error, urllib3.exceptions.HTTPError):
        return 'network', 'connection lost', True
    if isinstance(error, requests.RequestException):
        return 'other', str(error), False
    if errno.errorcode.get(error.errno) in ('ENOSPC', 'EDQUOT'):
        return 'full', 'no space left on the disk', False
    kind = 'missing' if isinstance(error, FileNotFoundError) else 'other'
    return kind, error.strerror or str(error), False


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def receive_patiently(url, part):
    """Complete the file `part`, resuming and waiting where that can help.

    Returns None, or (kind, words) of the failure that ended it.
    """
    attempt = 0
    while True:
        have = part.stat().st_size if part.exists() else 0
        try:
            return d2l.receive(url, part)
        except (OSError, urllib3.exceptions.HTTPError) as error:
            kind, words, again = d2l.explain_failure(error)
            if '416' in words:              # our part is longer than the file
                part.unlink(missing_ok=True)
        if part.exists() and part.stat().st_size > have:
            attempt = 0
        if not again or attempt == len(d2l.DOWNLOAD_WAITS):
            return kind, words
        time.sleep(d2l.DOWNLOAD_WAITS[attempt])
        attempt += 1


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def sha1sum(path):
    """Compute the SHA-1 of a file's bytes, as 40 hexadecimal digits."""
    digest = hashlib.sha1()
    with open(path, 'rb') as f:
        while block := f.read(2 ** 20):
            digest.update(block)
    return digest.hexdigest()


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
DOWNLOAD_ADVICE = {
    'network': 'Check the network (or the proxy in HTTPS_PROXY) and try '
               'again: what has arrived is kept. Without a network, let '
               'D2L_HUB name a hub on this machine: `make samples` writes '
               'one of small sample data.',
    'missing': 'The file has moved or the hub does not have it. Let D2L_HUB '
               'name another hub, or put the file there yourself.',
    'altered': 'What was sent is not the registered file, so it was thrown '
               'away. Try again later or from another network.',
    'full': 'Make room, or let D2L_DATA name a folder on another disk.',
    'other': 'Try again; if that does not help, let D2L_HUB name another '
             'hub.',
}


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def fetch(urls, part, sha1):
    """Fetch a file from the first address that sends it unaltered.

    part: the Path to write to; it is resumed if it exists. sha1: what the
    file must have, or None. Raises DownloadError.
    """
    failures = []
    for url in [url for url in urls for _ in range(2)]:
        if any(url == old and kind != 'altered' for old, kind, _ in failures):
            continue
        failure = d2l.receive_patiently(url, part)
        if failure is None:
            found = d2l.sha1sum(part)
            if sha1 in (None, found):
                return
            failure = 'altered', f'altered, its SHA-1 is {found}'
        failures.append((url, *failure))
        if failure[0] in ('altered', 'full'):
            part.unlink(missing_ok=True)
        if failure[0] == 'full':
            break
    lines = dict.fromkeys(f'  {url}: {words}' for url, _, words in failures)
    kinds = dict.fromkeys(kind for _, kind, _ in failures)
    raise d2l.DownloadError('\n'.join(
        [*lines, *(d2l.DOWNLOAD_ADVICE[kind] for kind in kinds)]))


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def hub_sums(hub, folder):
    """Read the SHA1SUMS of a hub: a dictionary from file to SHA-1.

    A remote hub's are fetched anew, once in a process; without a network the
    copy counts that was kept in `folder`.
    """
    url = f"{hub.rstrip('/')}/SHA1SUMS"
    mark = hashlib.sha1(url.encode()).hexdigest()[:8]
    kept = folder / f'.SHA1SUMS-{mark}'
    try:
        if urlsplit(url).scheme == 'file':
            kept = Path(url2pathname(urlsplit(url).path))
            kept.stat()
        elif url not in d2l._SUMS_FETCHED:
            folder.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(f'{kept}.lock'):
                part = folder / f'{kept.name}.part'
                part.unlink(missing_ok=True)
                d2l.fetch([url], part, None)
                os.replace(part, kept)
            d2l._SUMS_FETCHED.add(url)
    except OSError as error:
        if not kept.exists():
            raise d2l.DownloadError(
                f'cannot read the list of files of the hub {hub}, which '
                f'D2L_HUB names (`sha1sum * > SHA1SUMS` there makes '
                f'one):\n{error}') from None
    rows = [line.split(None, 1) for line in kept.read_text().splitlines()]
    return {row[1].lstrip('*').removeprefix('./'): row[0].lower()
            for row in rows if len(row) == 2}


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
_SUMS_FETCHED = set()


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def find_data(name, cache_dir='./data'):
    """Look a data set up: (path it has or will have, SHA-1, addresses).

    Raises DownloadError for a name that neither DATA_HUB nor the hub knows.
    """
    if name not in d2l.DATA_HUB:
        near = difflib.get_close_matches(name, d2l.DATA_HUB, 4, 0.4)
        near += [n for n in d2l.DATA_HUB if name in n and n not in near]
        raise d2l.DownloadError(
            f'DATA_HUB has no data set {name!r}; near: '
            + (', '.join(map(repr, near)) or 'nothing'))
    file, sha1 = d2l.DATA_HUB[name]
    path = d2l.hub_path(file)
    folder = Path(cache_dir)
    if cache_dir == './data' and os.environ.get('D2L_DATA'):
        folder = Path(os.environ['D2L_DATA'])
    hub = os.environ.get('D2L_HUB')
    if hub:
        sha1 = d2l.hub_sums(hub, folder).get(path)
        if sha1 is None:
            raise d2l.DownloadError(
                f'the hub {hub}, which D2L_HUB names, has no file {path}; '
                'unset D2L_HUB to use the public one')
    return folder / path, sha1, d2l.hub_addresses(file)


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def download(name, cache_dir='./data'):
    """Make sure that a data set of DATA_HUB is on this machine, unaltered.

    name: a key of DATA_HUB. cache_dir: the folder to keep it in; when left
    out, that is the one that D2L_DATA names, or ./data. Returns the path of
    the file, a str. Raises DownloadError, which says what to do.
    """
    path, sha1, urls = d2l.find_data(name, cache_dir)
    if path.exists() and d2l.sha1sum(path) == sha1:
        return str(path)
    part = path.with_name(f'{path.name}.{sha1[:8]}.part')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(path.with_name(f'.{path.name}.lock')):
            if not path.exists() or d2l.sha1sum(path) != sha1:
                if not part.exists() or d2l.sha1sum(part) != sha1:
                    d2l.fetch(urls, part, sha1)
                os.replace(part, path)
    except d2l.DownloadError as error:
        raise d2l.DownloadError(
            f'cannot download {name!r} to {path}\n(SHA-1 {sha1}):\n'
            f'{error}') from None
    except OSError as error:
        raise d2l.DownloadError(
            f'cannot write {path}: {error.strerror}. Let D2L_DATA name a '
            'folder that you may write to.') from error
    return str(path)


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def download_all():
    """Download every data set of DATA_HUB, for reading offline.

    Returns their paths. One that fails does not stop the others; a
    DownloadError at the end then tells of all that did.
    """
    paths, failures = [], []
    for name in list(d2l.DATA_HUB):
        try:
            paths.append(d2l.download(name))
        except d2l.DownloadError as error:
            failures.append(str(error))
    if failures:
        raise d2l.DownloadError('\n\n'.join(failures))
    return paths


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
class UnsafeArchive(ValueError):
    """An archive that would write outside its folder, or no files at all."""


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def member_path(name):
    """Check and normalise the path of a member of an archive."""
    plain = name.replace('\\', '/')
    clean = posixpath.normpath(plain)
    if (plain.startswith('/') or PureWindowsPath(name).drive or '\0' in name
            or clean == '..' or clean.startswith('../')):
        raise d2l.UnsafeArchive(f'member {name!r} lies outside the archive')
    return clean


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def archive_members(path):
    """Read a zip or tar archive: yield (name, kind, link, open) of members.

    kind is 'folder', 'file', 'link' or 'device'; link is where a link
    points, as a path in the archive; open() gives a file's bytes to read.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                mode = info.external_attr >> 16
                kind, link = 'file', None
                if info.is_dir():
                    kind = 'folder'
                elif stat.S_ISLNK(mode):
                    link = archive.read(info).decode(errors='replace')
                    link = posixpath.join(
                        posixpath.dirname(info.filename), link)
                    kind = 'link'
                elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                    kind = 'device'
                yield (info.filename, kind, link,
                       functools.partial(archive.open, info))
    elif tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            for info in archive:
                kind, link = 'device', None
                if info.isdir():
                    kind = 'folder'
                elif info.isfile():
                    kind = 'file'
                elif info.islnk():
                    kind, link = 'link', info.linkname
                elif info.issym():
                    kind, link = 'link', posixpath.join(
                        posixpath.dirname(info.name), info.linkname)
                yield (info.name, kind, link,
                       functools.partial(archive.extractfile, info))
    else:
        raise ValueError(f'{path} is neither a zip nor a tar archive')


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def unpack(path, folder):
    """Unpack a zip or tar archive into a new folder, a Path.

    Raises UnsafeArchive for a member that is outside, absolute, a device, or
    a link to anything but a file of the archive; nothing has then been
    written outside `folder`.
    """
    links = []
    folder.mkdir(parents=True)
    for name, kind, link, opened in d2l.archive_members(path):
        target = folder / d2l.member_path(name)
        if kind == 'folder':
            target.mkdir(parents=True, exist_ok=True)
        elif kind == 'file':
            target.parent.mkdir(parents=True, exist_ok=True)
            with opened() as source, open(target, 'wb') as copy:
                shutil.copyfileobj(source, copy, 2 ** 20)
        elif kind == 'link':
            try:
                links.append((target, folder / d2l.member_path(link), name))
            except d2l.UnsafeArchive:
                raise d2l.UnsafeArchive(
                    f'link {name!r} points outside the archive') from None
        else:
            raise d2l.UnsafeArchive(f'member {name!r} is a device')
    for target, original, name in links:
        if not original.is_file():
            raise d2l.UnsafeArchive(f'link {name!r} points to no file')
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, target)


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def download_extract(name, folder=None):
    """Download an archive of DATA_HUB and unpack it beside itself.

    folder: the folder inside the archive that holds the data; left out, it
    is named like the archive. Returns its path, a str. What has been
    unpacked is not unpacked again.
    """
    path = Path(d2l.download(name))
    stem = re.sub(r'(\.tar)?\.\w+$', '', path.name)
    result = path.parent / (folder or stem)
    done = path.with_name(f'.{path.name}.unpacked')
    sha1 = d2l.sha1sum(path)

    def up_to_date():
        return (result.exists() and done.exists()
                and done.read_text() == sha1)

    if up_to_date():
        return str(result)
    with filelock.FileLock(path.with_name(f'.{path.name}.lock')):
        if up_to_date():
            return str(result)
        new = path.with_name(f'.{path.name}.unpacking')
        shutil.rmtree(new, ignore_errors=True)
        try:
            d2l.unpack(path, new)
            for source in sorted(new.rglob('*')):
                target = path.parent / source.relative_to(new)
                if source.is_dir():
                    target.mkdir(exist_ok=True)
                else:
                    os.replace(source, target)
        except d2l.UnsafeArchive as error:
            raise d2l.UnsafeArchive(
                f'{path} was not unpacked: {error}') from None
        except OSError as error:
            _, words, _ = d2l.explain_failure(error)
            raise d2l.DownloadError(
                f'cannot unpack {path}: {words}. '
                + d2l.DOWNLOAD_ADVICE['full']) from error
        finally:
            shutil.rmtree(new, ignore_errors=True)
        if not result.exists():
            raise d2l.DownloadError(
                f'{path} holds no {result.name}: say by `folder` where its '
                'data are')
        done.write_text(sha1)
    return str(result)


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
DATA_HUB['fashion-mnist/train-images'] = (
    'fashion-mnist/train-images-idx3-ubyte.gz',
    '0cf37b0d40ed5169c6b3aba31069a9770ac9043d')
DATA_HUB['fashion-mnist/train-labels'] = (
    'fashion-mnist/train-labels-idx1-ubyte.gz',
    '236021d52f1e40852b06a4c3008d8de8aef1e40b')
DATA_HUB['fashion-mnist/test-images'] = (
    'fashion-mnist/t10k-images-idx3-ubyte.gz',
    '626ed6a7c06dd17c0eec72fa3be1740f146a2863')
DATA_HUB['fashion-mnist/test-labels'] = (
    'fashion-mnist/t10k-labels-idx1-ubyte.gz',
    '17f9ab60e7257a1620f4ad76bbbaf857c3920701')

DATA_MIRRORS['fashion-mnist/'] = [
    'https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/'
    'gluon/dataset/fashion-mnist/',
    'https://github.com/zalandoresearch/fashion-mnist/raw/master/'
    'data/fashion/',
]


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def read_idx(path):
    """Read an IDX file of unsigned bytes, compressed by gzip.

    Returns a uint8 NumPy array (read-only) of the shape that the file
    states. Raises ValueError for anything else.
    """
    with gzip.open(path) as f:
        data = f.read()
    if len(data) < 4 or data[:3] != b'\0\0\x08':
        raise ValueError(f'{path} is not an IDX file of unsigned bytes')
    start = 4 + 4 * data[3]
    if len(data) < start:
        raise ValueError(f'{path} ends within its header')
    shape = struct.unpack(f'>{data[3]}I', data[4:start])
    if len(data) - start != math.prod(shape):
        raise ValueError(f'{path} should hold {math.prod(shape)} elements, '
                         f'but holds {len(data) - start}')
    return onp.frombuffer(data, onp.uint8, offset=start).reshape(shape)


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def read_fashion_mnist(is_train=True):
    """Read the training or the test set of Fashion-MNIST.

    Returns images (n, 28, 28) and labels (n,), both uint8 NumPy arrays.
    """
    if is_train:
        names = 'fashion-mnist/train-images', 'fashion-mnist/train-labels'
    else:
        names = 'fashion-mnist/test-images', 'fashion-mnist/test-labels'
    images, labels = (d2l.read_idx(d2l.download(name)) for name in names)
    if images.shape != (len(labels), 28, 28):
        raise ValueError(f'{len(labels)} labels do not fit to images of '
                         f'shape {images.shape}')
    return images, labels


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def get_fashion_mnist_labels(labels):
    """Translate class indices (0 ... 9) into a list of their names."""
    names = ['t-shirt', 'trouser', 'pullover', 'dress', 'coat',
             'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot']
    return [names[int(label)] for label in labels]


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def show_images(imgs, num_rows, num_cols, titles=None, scale=1.5):
    """Show a list of images in a grid.

    imgs: images (h, w), (h, w, 1), (1, h, w) or, in colour, (h, w, 3), as
    MXNet or NumPy arrays: bytes from 0 to 255, or any floats. titles: one
    for each. scale: inches per image. Returns the axes, (rows * columns,).
    """
    d2l.use_svg_display()
    size = (num_cols * scale, num_rows * scale)
    _, axes = plt.subplots(num_rows, num_cols, figsize=size, squeeze=False,
                           layout='constrained')
    axes = axes.flatten()
    for ax in axes:
        ax.axis('off')
    for i, (ax, img) in enumerate(zip(axes, imgs)):
        img = img.asnumpy() if hasattr(img, 'asnumpy') else onp.asarray(img)
        if img.ndim == 3 and 1 in (img.shape[0], img.shape[2]):
            img = img.reshape([n for n in img.shape if n > 1] or (1, 1))
        limits = dict(vmin=0, vmax=255) if img.dtype == onp.uint8 else {}
        ax.imshow(img, cmap='gray', **limits)
        if titles:
            ax.set_title(titles[i])
    return axes


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def get_dataloader_workers():
    """How many processes a Gluon DataLoader may use: 4, or 0 on Windows.

    They pay off where an example takes much work, such as a large photograph
    that is to be decoded and cropped.
    """
    return 0 if sys.platform.startswith('win') else 4


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
class ImageBatches:
    """Minibatches of images that stay in memory as bytes.

    images: (n, h, w), a uint8 NumPy array. labels: (n,) integers. shuffle:
    take a new random order, from NumPy's generator, which `d2l.set_seed`
    seeds, for each pass. resize: None, or the side of a square, or (height,
    width), to which images are scaled.

    Iterating yields X (batch, 1, h, w) float32 in [0, 1] and y (batch,)
    int32; the last batch may be smaller. It can be iterated many times.
    """
    def __init__(self, images, labels, batch_size, shuffle=False,
                 resize=None):
        if len(images) != len(labels):
            raise ValueError(f'{len(images)} images, {len(labels)} labels')
        if batch_size < 1:
            raise ValueError(f'batch_size must be positive: {batch_size}')
        self.images, self.labels = images, labels.astype('int32')
        self.batch_size, self.shuffle = batch_size, shuffle
        if isinstance(resize, int):
            resize = (resize, resize)
        self.resize = resize

    def __len__(self):
        return -(-len(self.images) // self.batch_size)

    def __iter__(self):
        n = len(self.images)
        order = onp.random.permutation(n) if self.shuffle else onp.arange(n)
        for start in range(0, n, self.batch_size):
            rows = order[start:start + self.batch_size]
            yield self._tensor(self.images[rows]), np.array(
                self.labels[rows], dtype='int32')

    def _tensor(self, images):
        """Turn bytes (b, h, w) into float32 (b, 1, h, w)."""
        if self.resize is None:
            X = onp.divide(images, 255, dtype=onp.float32)
            return np.array(X[:, None], dtype='float32')
        X = np.array(images[..., None], dtype='uint8')
        height, width = self.resize
        X = npx.image.resize(X, size=(width, height))
        return npx.image.to_tensor(X)


# Section: The Image Classification Dataset
# Source: chapters/linear-networks/image-classification-dataset.md
def load_data_fashion_mnist(batch_size, resize=None):
    """Read Fashion-MNIST in minibatches.

    resize: None for 28 x 28, or the side of a square, or (height, width).
    Returns (train_iter, test_iter), whose batches are X (batch, 1, h, w)
    float32 in [0, 1] and y (batch,) int32. The training set is shuffled
    anew in each pass. The second is the test set: to compare settings of a
    model, cut a validation set from the first.
    """
    return (d2l.ImageBatches(*d2l.read_fashion_mnist(), batch_size,
                             shuffle=True, resize=resize),
            d2l.ImageBatches(*d2l.read_fashion_mnist(is_train=False),
                             batch_size, resize=resize))


# Section: Implementing Softmax Regression from Scratch
# Source: chapters/linear-networks/softmax-regression-scratch.md
def num_correct(y_hat, y):
    """Count the correct predictions, as a scalar tensor on y's device.

    y_hat: (n, classes) scores, or (n,) or (n, 1) labels; y: (n,) labels.
    """
    if y_hat.ndim > 1 and y_hat.shape[1] > 1:
        y_hat = y_hat.argmax(axis=1)
    hits = y_hat.reshape(-1).astype('int32') == y.reshape(-1).astype('int32')
    return hits.astype('float32').sum()


# Section: Implementing Softmax Regression from Scratch
# Source: chapters/linear-networks/softmax-regression-scratch.md
def accuracy(y_hat, y):
    """Count the correct predictions.

    y_hat: (n, classes) scores or (n,) labels; y: (n,) labels. Returns a float.
    """
    return float(d2l.num_correct(y_hat, y))


# Section: Implementing Softmax Regression from Scratch
# Source: chapters/linear-networks/softmax-regression-scratch.md
class Accumulator:
    """Sum n quantities over many batches.

    Tensors are added where they lie, and nothing waits for their values until
    an entry is read: `total[0]` is a float.
    """
    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        """Add one number or scalar tensor to each of the n totals."""
        if len(args) != len(self.data):
            raise ValueError(f'{len(self.data)} quantities are summed, '
                             f'got {len(args)}')
        self.data = [a + b for a, b in zip(self.data, args)]

    def reset(self):
        """Set all totals to zero."""
        self.data = [0.0] * len(self.data)

    def __getitem__(self, idx):
        return float(self.data[idx])


# Section: Implementing Softmax Regression from Scratch
# Source: chapters/linear-networks/softmax-regression-scratch.md
def evaluate_accuracy(net, data_iter):
    """The fraction of examples whose class net predicts correctly.

    net: a function or block from features to scores, run in prediction mode;
    data_iter: yields (features, labels).
    """
    metric = d2l.Accumulator(2)                   # correct, all
    with autograd.predict_mode():
        for X, y in data_iter:
            metric.add(d2l.num_correct(net(X), y), len(y))
    return metric[0] / metric[1]


# Section: Implementing Softmax Regression from Scratch
# Source: chapters/linear-networks/softmax-regression-scratch.md
def train_epoch_ch3(net, train_iter, loss, updater):
    """Train net for one epoch; return (mean loss, accuracy) in training.

    loss: (scores, labels) -> (n,) losses; updater: a gluon Trainer, or a
    function of the batch size that updates the parameters.
    """
    if isinstance(updater, gluon.Trainer):
        updater = updater.step
    metric = d2l.Accumulator(3)                   # loss, correct, all
    for X, y in train_iter:
        with autograd.record():
            y_hat = net(X)
            l = loss(y_hat, y)
        l.backward()
        updater(len(y))
        metric.add(l.sum(), d2l.num_correct(y_hat, y), len(y))
    return metric[0] / metric[2], metric[1] / metric[2]


# Section: Implementing Softmax Regression from Scratch
# Source: chapters/linear-networks/softmax-regression-scratch.md
class Animator:
    """Draw curves that grow while a program runs.

    In a notebook, one figure, redrawn while the cell runs unless the variable
    SOURCE_DATE_EPOCH asks for reproducible output; elsewhere, lines of text.
    With nrows * ncols > 1 panels, legend and every y hold one entry a panel.
    """
    def __init__(self, xlabel=None, ylabel=None, legend=None, xlim=None,
                 ylim=None, xscale='linear', yscale='linear',
                 fmts=('-', 'm--', 'g-.', 'r:'), nrows=1, ncols=1,
                 figsize=(3.5, 2.5)):
        self.axes_args = xlabel, ylabel, xlim, ylim, xscale, yscale
        self.xlabel, self.fmts, self.figsize = xlabel, fmts, figsize
        self.nrows, self.ncols = nrows, ncols
        self.legends = ([legend] if nrows * ncols == 1
                        else legend or [None] * (nrows * ncols))
        self.X, self.Y = [], []                   # by panel, then by curve
        self.shell, self.fig, self.handle, self.drawn = None, None, None, 0
        if 'ipykernel' in sys.modules:
            from IPython import get_ipython
            self.shell = get_ipython()

    def add(self, x, y):
        """Add a point to every curve.

        y: one value, or a list with one for each curve (None: no point);
        x: a value, or a list likewise.
        """
        panels = [y] if self.nrows * self.ncols == 1 else list(y)
        if len(panels) != self.nrows * self.ncols:
            raise ValueError(f'{self.nrows * self.ncols} panels, '
                             f'but values for {len(panels)}')
        panels = [list(v) if hasattr(v, '__len__') else [v] for v in panels]
        if not self.Y:
            self.X = [[[] for _ in values] for values in panels]
            self.Y = [[[] for _ in values] for values in panels]
        for i, values in enumerate(panels):
            if len(values) != len(self.Y[i]):
                raise ValueError(f'{len(self.Y[i])} curves, '
                                 f'but {len(values)} values')
            xs = list(x) if hasattr(x, '__len__') else [x] * len(values)
            for j, (a, value) in enumerate(zip(xs, values)):
                if a is not None and value is not None:
                    self.X[i][j].append(float(a))
                    self.Y[i][j].append(float(value))
        if self.shell is None:
            self._print(x, panels)
        else:
            self._draw()

    def _print(self, x, panels):
        parts = []
        for legend, values in zip(self.legends, panels):
            names = legend or [f'y{j}' for j in range(len(values))]
            parts += [f'{name} {float(value):.3f}'
                      for name, value in zip(names, values)
                      if value is not None]
        x = x[0] if hasattr(x, '__len__') else x
        print(f"{self.xlabel or 'x'} {float(x):g}: " + ', '.join(parts))

    def _draw(self):
        if self.fig is None:                      # the first point of a cell
            d2l.use_svg_display()
            self.fig, axes = d2l.plt.subplots(
                self.nrows, self.ncols, figsize=self.figsize, squeeze=False)
            d2l.plt.close(self.fig)               # we show it ourselves
            self.axes, self.lines = list(axes.flat), []
            for ax, curves, legend in zip(self.axes, self.Y, self.legends):
                self.lines.append([
                    ax.plot([], [], self.fmts[j % len(self.fmts)])[0]
                    for j in range(len(curves))])
                d2l.set_axes(ax, *self.axes_args, legend)
                _, _, xlim, ylim, _, _ = self.axes_args
                ax.set_autoscalex_on(xlim is None)
                ax.set_autoscaley_on(ylim is None)
            self.shell.events.register('post_execute', self._finish)
        live = 'SOURCE_DATE_EPOCH' not in os.environ
        if live and time.monotonic() - self.drawn > 0.3:
            self._refresh()
            if self.handle is None:
                self.handle = display.display(self.fig, display_id=True)
            else:
                self.handle.update(self.fig)
            self.drawn = time.monotonic()

    def _refresh(self):
        for ax, lines, X, Y in zip(self.axes, self.lines, self.X, self.Y):
            for line, x, y in zip(lines, X, Y):
                line.set_data(x, y)
            ax.relim()
            ax.autoscale_view()

    def _finish(self):
        """Show the figure as it is when the cell ends."""
        self.shell.events.unregister('post_execute', self._finish)
        self._refresh()
        if self.handle is None:
            display.display(self.fig)
        else:
            self.handle.update(self.fig)
        self.fig = self.handle = None


# Section: Implementing Softmax Regression from Scratch
# Source: chapters/linear-networks/softmax-regression-scratch.md
def train_ch3(net, train_iter, test_iter, loss, num_epochs, updater):
    """Train net, drawing its progress.

    test_iter: data held out of training, evaluated after each epoch; loss and
    updater: see `train_epoch_ch3`. Returns a list with a tuple
    (train loss, train accuracy, held-out accuracy) for each epoch.
    """
    animator = d2l.Animator(
        xlabel='epoch', xlim=[1, max(2, num_epochs)],
        legend=['train loss', 'train acc', 'held-out acc'])
    history = []
    for epoch in range(num_epochs):
        train_loss, train_acc = d2l.train_epoch_ch3(
            net, train_iter, loss, updater)
        test_acc = d2l.evaluate_accuracy(net, test_iter)
        history.append((train_loss, train_acc, test_acc))
        animator.add(epoch + 1, history[-1])
    if history:
        print('train loss {:.3f}, train acc {:.3f}, held-out acc {:.3f}'
              .format(*history[-1]))
    return history


# Section: Implementing Softmax Regression from Scratch
# Source: chapters/linear-networks/softmax-regression-scratch.md
def predict_ch3(net, test_iter, n=6):
    """Show the first n images of test_iter with true and predicted classes."""
    X, y = next(iter(test_iter))
    n = min(n, len(y))
    with autograd.predict_mode():
        predicted = net(X[:n]).argmax(axis=1)
    titles = [f'{true}\n{guess}' for true, guess in zip(
        d2l.get_fashion_mnist_labels(y[:n]),
        d2l.get_fashion_mnist_labels(predicted))]
    d2l.show_images(X[:n].reshape((n, *X.shape[-2:])), 1, n, titles=titles)


# Section: Model Selection, Underfitting and Overfitting
# Source: chapters/multilayer-perceptrons/underfit-overfit.md
def evaluate_loss(net, data_iter, loss):
    """The mean of an element-wise loss over a data set, as a float.

    net: a function or block from features to predictions, run in prediction
    mode; data_iter: yields (features, labels); loss: (predictions, labels)
    -> losses of any shape, of which all elements count alike. Raises
    ValueError if data_iter yields no elements.
    """
    metric = d2l.Accumulator(2)                   # sum of losses, elements
    with autograd.predict_mode():
        for X, y in data_iter:
            l = loss(net(X), y)
            metric.add(l.sum(), l.size)
    if not metric[1]:
        raise ValueError('no data: data_iter yielded no elements')
    return metric[0] / metric[1]


# Section: Predicting House Prices on Kaggle
# Source: chapters/multilayer-perceptrons/kaggle-house-price.md
DATA_HUB['kaggle_house_train'] = (
    'kaggle_house_pred_train.csv',
    '585e9cc93e70b39160e7921475f9bcd7d31219ce')
DATA_HUB['kaggle_house_test'] = (
    'kaggle_house_pred_test.csv',
    'fa19780a7b011d9b009e8bff8e99922a8ee2eb90')


# Section: GPUs
# Source: chapters/deep-learning-computation/use-gpu.md
def try_gpu(i=0):
    """The GPU number i if there are at least i + 1 GPUs, else the CPU.

    Falls back without a word: print the result where it matters. Raises
    ValueError for a negative i.
    """
    if i < 0:
        raise ValueError(f'GPUs are counted from 0, there is no GPU {i}')
    return npx.gpu(i) if npx.num_gpus() > i else npx.cpu()


# Section: GPUs
# Source: chapters/deep-learning-computation/use-gpu.md
def try_all_gpus():
    """A list of all GPUs, or [cpu(0)] if there is none."""
    return [npx.gpu(i) for i in range(npx.num_gpus())] or [npx.cpu()]


# Section: Convolutions for Images
# Source: chapters/convolutional-networks/conv-layer.md
def corr2d(X, K):
    """Cross-correlate a matrix with a kernel: no padding, stride 1.

    X: (n_h, n_w); K: (k_h, k_w), both of MXNet or both of NumPy; whole
    numbers are turned into float32. Returns the weighted sums of all windows,
    (n_h - k_h + 1, n_w - k_w + 1); autograd can go through them. Raises
    ValueError unless X and K are matrices and K fits inside X.
    """
    if len(X.shape) != 2 or len(K.shape) != 2:
        raise ValueError('corr2d takes matrices, but the shapes are '
                         f'{X.shape} and {K.shape}')
    h, w = X.shape[0] - K.shape[0] + 1, X.shape[1] - K.shape[1] + 1
    if h < 1 or w < 1 or 0 in K.shape:
        raise ValueError(f'a kernel of shape {K.shape} does not fit inside '
                         f'an input of shape {X.shape}')
    X, K = (A if onp.issubdtype(A.dtype, onp.floating)
            else A.astype('float32') for A in (X, K))
    return sum(K[a, b] * X[a:a + h, b:b + w]
               for a in range(K.shape[0]) for b in range(K.shape[1]))


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def lenet(activation='sigmoid', pool=nn.AvgPool2D):
    """LeNet-5 for images (n, 1, 28, 28), with ten scores (n, 10).

    activation: a name that Gluon knows; pool: a class of pooling layers.
    """
    net = nn.HybridSequential()
    net.add(nn.Conv2D(6, kernel_size=5, padding=2, activation=activation),
            pool(pool_size=2, strides=2),
            nn.Conv2D(16, kernel_size=5, activation=activation),
            pool(pool_size=2, strides=2),
            nn.Dense(120, activation=activation),
            nn.Dense(84, activation=activation),
            nn.Dense(10))
    return net


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
LayerSummary = collections.namedtuple(
    'LayerSummary', 'label shape num_params multiply_adds')


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def layer_label(layer):
    """Describe a layer of Gluon in a few words, a str.

    For example '5×5 Conv (6), pad 2, sigmoid': kernel, kind, number of
    outputs, padding and stride where they are not the usual ones.
    """
    sizes = getattr(layer, '_kwargs', {})
    label = type(layer).__name__.replace('2D', '')
    local = 'kernel' in sizes and not sizes.get('global_pool')
    if local:
        label = '×'.join(map(str, sizes['kernel'])) + f' {label}'
    if isinstance(layer, (nn.Conv2D, nn.Dense)):
        label += f' ({layer.weight.shape[0]})'
    for key, usual in [('pad', 0), ('stride', 1)] if local else []:
        if set(sizes[key]) != {usual}:
            numbers = dict.fromkeys(sizes[key])       # 2, or 2×1
            label += f', {key} ' + '×'.join(map(str, numbers))
    activation = getattr(layer, 'act', None)
    return label + (f', {activation._act_type}' if activation else '')


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def summarize(net, shape):
    """List the layers of a network in the order in which they compute.

    net: initialized and not yet hybridized; shape: that of one example.
    Returns a LayerSummary for each layer: its label, the shape of its output
    for a batch of one, its learned parameters, and the multiply-adds of its
    weights for one example. Raises ValueError where layers cannot be seen.
    """
    X = np.zeros((1, *shape), ctx=next(
        iter(net.collect_params().values())).list_ctx()[0])
    net(X)                                # settles all shapes left open
    layers = []

    def leaves(block):
        if block._reg_params or not block._children:
            yield block
        else:
            for child in block._children.values():
                yield from leaves(child)

    def note(layer, inputs, output):
        learned = [p.data() for p in layer._reg_params.values()
                   if p.grad_req != 'null']
        places = math.prod(output.shape[2:])          # 1 in a dense layer
        layers.append(d2l.LayerSummary(
            d2l.layer_label(layer), output.shape,
            sum(p.size for p in learned),
            sum(p.size * places for p in learned if p.ndim > 1)))

    hooks = [layer.register_forward_hook(note) for layer in leaves(net)]
    try:
        with autograd.predict_mode():
            net(X)
    finally:
        for hook in hooks:
            hook.detach()
    if not layers:
        raise ValueError('the layers of a hybridized network cannot be seen: '
                         'call summarize before hybridize')
    return layers


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def draw_layers(layers, axes=None):
    """Draw the outputs of layers, as listed by `summarize`, in a row.

    A box stands for a tensor (channels, height, width): it is as high and
    wide as the image, on a scale of square roots, and the deeper the more
    channels there are; a thin bar is a vector. A layer that keeps the shape
    gets no box. axes: where to draw; the present axes when left out.
    """
    axes = axes or d2l.plt.gca()
    colour = d2l.plt.rcParams['axes.prop_cycle'].by_key()['color'][0]
    x, last = 0.0, None
    for layer in layers:
        size = layer.shape[1:]
        if size == last:
            continue
        if len(size) == 3:
            height, width = (0.9 * n ** 0.5 for n in size[1:])
            depth = 0.25 * math.log2(size[0] + 1)
            text = f'{size[0]}@{size[1]}×{size[2]}'
        else:
            height, width, depth = 0.7 * math.log2(size[0] + 1), 0.4, 0.0
            text = f'{size[0]}'
        front = [(x, -height / 2), (x + width, -height / 2),
                 (x + width, height / 2), (x, height / 2)]
        top = [front[3], front[2], (x + width + depth, height / 2 + depth),
               (x + depth, height / 2 + depth)]
        side = [front[1], front[2], top[2],
                (x + width + depth, depth - height / 2)]
        for face, alpha in [(front, 0.45), (top, 0.2), (side, 0.3)]:
            axes.add_patch(d2l.plt.Polygon(
                face, facecolor=(colour, alpha), edgecolor=colour,
                linewidth=0.8))
        middle = x + (width + depth) / 2
        axes.text(middle, -3.2, text, ha='center', va='top', fontsize=7)
        axes.text(middle, 4.2, layer.label, ha='left', va='bottom',
                  rotation=30, fontsize=7)
        x, last = x + max(width + depth, 1.5) + 1.8, size
    axes.set_xlim(-1, x + 6)
    axes.set_ylim(-4.2, 10)
    axes.set_aspect('equal')
    axes.axis('off')


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def draw_stack(labels, axes=None, title=None):
    """Draw a network as a stack of labelled boxes, the first at the bottom.

    labels: a list of str, such as the labels of `summarize`; title: a name to
    write above. axes: where to draw; the present axes when left out.
    """
    axes = axes or d2l.plt.gca()
    colour = d2l.plt.rcParams['axes.prop_cycle'].by_key()['color'][0]
    for i, label in enumerate(labels):
        axes.add_patch(d2l.plt.Rectangle(
            (0, 1.5 * i), 8, 1, facecolor=(colour, 0.2), edgecolor=colour,
            linewidth=0.8))
        axes.text(4, 1.5 * i + 0.5, label, ha='center', va='center',
                  fontsize=7)
        if i:
            axes.annotate('', (4, 1.5 * i), (4, 1.5 * i - 0.5),
                          arrowprops=dict(arrowstyle='->', color='#808080'))
    if title:
        axes.set_title(title)
    axes.set_xlim(-0.2, 8.2)
    axes.set_ylim(-0.2, 1.5 * len(labels) - 0.3)
    axes.axis('off')


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def devices_of(net, device=None):
    """List devices: those given, one or a list, or else those of net."""
    if device is None:
        parameters = list(net.collect_params().values())
        return parameters[0].list_ctx() if parameters else [npx.cpu()]
    return list(device) if isinstance(device, (list, tuple)) else [device]


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def divide_batch(X, y, devices):
    """Divide a batch among devices: a list of (part of X, part of y)."""
    devices = devices[:len(y)]                    # no part may be empty
    return list(zip(*(gluon.utils.split_and_load(
        data, devices, even_split=False) for data in (X, y))))


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def evaluate_accuracy_gpu(net, data_iter, device=None):
    """The fraction of examples whose class net predicts correctly.

    data_iter: yields (features, labels), on any device; device: one or a
    list of them, among which batches are divided; left out, the devices of
    net's parameters. Raises ValueError if there are no examples.
    """
    devices = d2l.devices_of(net, device)
    totals, seen = [d2l.Accumulator(1) for _ in devices], 0
    with autograd.predict_mode():
        for X, y in data_iter:
            for total, (X_part, y_part) in zip(
                    totals, d2l.divide_batch(X, y, devices)):
                total.add(d2l.num_correct(net(X_part), y_part))
            seen += len(y)
    if not seen:
        raise ValueError('there are no examples to evaluate')
    return sum(total[0] for total in totals) / seen


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def train_on(net, train_iter, test_iter, num_epochs, trainer, device=None):
    """Train a classifier on one or several devices, from its present weights.

    net: initialized on the devices; train_iter, test_iter: yield (features,
    labels) and have a length; trainer: a gluon Trainer; device: as in
    `evaluate_accuracy_gpu`. Draws the mean loss and the accuracy of the epoch
    so far five times an epoch, and the accuracy on test_iter after each.
    Prints the last of them, and the examples per second, reading included and
    evaluation excluded. Returns a list with a tuple (train loss, train
    accuracy, held-out accuracy) for each epoch.
    """
    devices = d2l.devices_of(net, device)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    animator = d2l.Animator(
        xlabel='epoch', xlim=[0, max(1, num_epochs)],
        legend=['train loss', 'train acc', 'held-out acc'])
    num_batches, history, seconds = len(train_iter), [], 0.0
    every = max(1, num_batches // 5)
    for epoch in range(num_epochs):
        start = time.perf_counter()
        totals, seen = [d2l.Accumulator(2) for _ in devices], 0
        in_flight = collections.deque()
        for i, (X, y) in enumerate(train_iter, 1):
            parts = d2l.divide_batch(X, y, devices)
            if len(parts) < len(devices):         # an idle device would
                net.collect_params().zero_grad()  # repeat its last gradient
            with autograd.record():
                outputs = [net(X_part) for X_part, _ in parts]
                losses = [loss(y_hat, y_part)
                          for y_hat, (_, y_part) in zip(outputs, parts)]
            autograd.backward(losses)
            trainer.step(len(y))
            for total, l, y_hat, (_, y_part) in zip(
                    totals, losses, outputs, parts):
                total.add(l.sum(), d2l.num_correct(y_hat, y_part))
            seen += len(y)
            in_flight.append(losses)
            if len(in_flight) > 8:
                for l in in_flight.popleft():
                    l.wait_to_read()
            if i % every == 0 or i == num_batches:
                so_far = [sum(total[k] for total in totals) / seen
                          for k in (0, 1)]
                if i < num_batches:
                    animator.add(epoch + i / num_batches, (*so_far, None))
        seconds += time.perf_counter() - start
        held_out = d2l.evaluate_accuracy_gpu(net, test_iter, devices)
        history.append((*so_far, held_out))
        animator.add(epoch + 1, history[-1])
    if history:
        print('loss {:.3f}, train acc {:.3f}, held-out acc {:.3f}'
              .format(*history[-1]))
        names = ', '.join(map(str, devices))
        print(f'{seen * num_epochs / seconds:,.0f} examples/s on {names}')
    return history


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def train_ch6(net, train_iter, test_iter, num_epochs, lr, device):
    """Train a classifier from fresh weights, by SGD on one or more devices.

    The weights that net may have are overwritten; to go on from them, call
    `train_on`, which also describes the arguments and the result. lr: the
    learning rate; device: a device or a list of devices.
    """
    devices = d2l.devices_of(net, device)
    net.initialize(init.Xavier(), ctx=devices, force_reinit=True)
    trainer = gluon.Trainer(net.collect_params(), 'sgd',
                            {'learning_rate': lr})
    return d2l.train_on(net, train_iter, test_iter, num_epochs, trainer,
                        devices)


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
class StandardizedImages(d2l.ImageBatches):
    """Minibatches of images, shifted and scaled: (X - mean) / std.

    mean, std: of the brightness, which lies between 0 and 1; everything else
    is as in `ImageBatches`.
    """
    def __init__(self, mean, std, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.mean, self.std = mean, std

    def _tensor(self, images):
        return (super()._tensor(images) - self.mean) / self.std


# Section: Convolutional Neural Networks (LeNet)
# Source: chapters/convolutional-networks/lenet.md
def split_fashion_mnist(batch_size, resize=None, num_examples=None):
    """Read Fashion-MNIST in three parts: to train, to choose, to test.

    resize: as in `load_data_fashion_mnist`; num_examples: how many of the
    training images to use, all when left out. A sixth of them is held out to
    choose by: the same ones whenever num_examples is the same; for another
    number the parts overlap. Returns (train_iter, valid_iter, test_iter) of
    batches X (batch, 1, h, w), standardised by the numbers of the first
    part, and y (batch,). The first is in a new order in each pass.
    """
    images, labels = d2l.read_fashion_mnist()
    if num_examples is None:
        num_examples = len(labels)
    if not 6 <= num_examples <= len(labels):
        raise ValueError(f'num_examples must be between 6 and {len(labels)}: '
                         f'{num_examples}')
    order = onp.random.RandomState(0).permutation(len(labels))[:num_examples]
    valid, train = onp.split(order, [len(order) // 6])
    mean, std = images[train].mean() / 255, images[train].std() / 255

    def batches(images, labels, shuffle=False):
        return d2l.StandardizedImages(mean, std, images, labels, batch_size,
                                      shuffle, resize)

    return (batches(images[train], labels[train], shuffle=True),
            batches(images[valid], labels[valid]),
            batches(*d2l.read_fashion_mnist(is_train=False)))


# Section: Deep Convolutional Neural Networks (AlexNet)
# Source: chapters/modern-convolutional-networks/alexnet.md
def alexnet(num_classes=10, ratio=1, activation='relu', dropout=0.5):
    """AlexNet in one piece, for images of at least 67 x 67 pixels.

    num_classes: how many scores it gives, (n, num_classes); ratio: by which
    the numbers of channels and of hidden units are divided, an int from 1 to
    96; activation: a name that Gluon knows; dropout: the probability with
    which a hidden unit is dropped. Raises ValueError for another ratio.
    """
    if not 1 <= ratio <= 96:
        raise ValueError(f'ratio must be between 1 and 96: {ratio}')

    def conv(channels, kernel_size, **kwargs):
        return nn.Conv2D(channels // ratio, kernel_size,
                         activation=activation, **kwargs)

    net = nn.HybridSequential()
    net.add(conv(96, 11, strides=4),
            nn.MaxPool2D(pool_size=3, strides=2),
            conv(256, 5, padding=2),
            nn.MaxPool2D(pool_size=3, strides=2),
            conv(384, 3, padding=1),
            conv(384, 3, padding=1),
            conv(256, 3, padding=1),
            nn.MaxPool2D(pool_size=3, strides=2))
    for _ in range(2):
        net.add(nn.Dense(4096 // ratio, activation=activation),
                nn.Dropout(dropout))
    net.add(nn.Dense(num_classes))
    return net


# Section: Networks Using Blocks (VGG)
# Source: chapters/modern-convolutional-networks/vgg.md
def vgg_block(num_convs, num_channels):
    """Some 3×3 convolutions with ReLU, and a pooling that halves the image.

    num_convs: how many, at least one; num_channels: outputs of each. Maps
    (n, c, h, w) to (n, num_channels, h // 2, w // 2), for h, w > 1. Raises
    ValueError if there is no convolution or no channel.
    """
    if num_convs < 1 or num_channels < 1:
        raise ValueError('a block needs a convolution and a channel: '
                         f'{num_convs}, {num_channels}')
    block = nn.HybridSequential()
    for _ in range(num_convs):
        block.add(nn.Conv2D(num_channels, kernel_size=3, padding=1,
                            activation='relu'))
    block.add(nn.MaxPool2D(pool_size=2, strides=2))
    return block


# Section: Networks Using Blocks (VGG)
# Source: chapters/modern-convolutional-networks/vgg.md
def vgg(conv_arch, num_classes=10, hidden=4096):
    """A VGG network: blocks as conv_arch says, and three dense layers.

    conv_arch: a pair (number of convolutions, channels) for each block;
    hidden: units of both hidden dense layers, which have dropout. Maps images
    (n, c, h, w), at least 2 ** len(conv_arch) high and wide, to scores
    (n, num_classes). Raises ValueError if there are no blocks.
    """
    if not conv_arch:
        raise ValueError('conv_arch is empty')
    net = nn.HybridSequential()
    for num_convs, num_channels in conv_arch:
        net.add(d2l.vgg_block(num_convs, num_channels))
    net.add(nn.Dense(hidden, activation='relu'), nn.Dropout(0.5),
            nn.Dense(hidden, activation='relu'), nn.Dropout(0.5),
            nn.Dense(num_classes))
    return net


# Section: Network in Network (NiN)
# Source: chapters/modern-convolutional-networks/nin.md
def nin_block(num_channels, kernel_size, strides, padding, num_1x1=2,
              last_activation='relu'):
    """A convolution and, at each pixel, a small MLP: (n, c, h, w) as Conv2D.

    The arguments of the convolution are those of `nn.Conv2D`; num_1x1: the
    number of 1 × 1 convolutions after it; last_activation: that of the last
    layer, a name that Gluon knows or None. All other layers have ReLU.
    """
    activations = ['relu'] * num_1x1 + [last_activation]
    block = nn.HybridSequential()
    block.add(nn.Conv2D(num_channels, kernel_size, strides, padding,
                        activation=activations[0]))
    for activation in activations[1:]:
        block.add(nn.Conv2D(num_channels, kernel_size=1,
                            activation=activation))
    return block


# Section: Network in Network (NiN)
# Source: chapters/modern-convolutional-networks/nin.md
def nin(num_classes=10, ratio=1, num_1x1=2, last_activation=None):
    """Network in network: images (n, c, h, w) to scores (n, num_classes).

    h and w must be at least 67. ratio: divides the numbers of channels, 96,
    256 and 384. num_1x1, last_activation: as in `nin_block`, for all blocks
    and for the last one. Raises ValueError for a ratio below 1 or above 96.
    """
    if not 1 <= ratio <= 96:
        raise ValueError(f'ratio must be between 1 and 96: {ratio}')
    net = nn.HybridSequential()
    for num_channels, kernel_size, strides, padding in [
            (96, 11, 4, 0), (256, 5, 1, 2), (384, 3, 1, 1)]:
        net.add(d2l.nin_block(num_channels // ratio, kernel_size, strides,
                              padding, num_1x1),
                nn.MaxPool2D(pool_size=3, strides=2))
    net.add(nn.Dropout(0.5),
            d2l.nin_block(num_classes, 3, 1, 1, num_1x1, last_activation),
            nn.GlobalAvgPool2D(),
            nn.Flatten())
    return net


# Section: Networks with Parallel Concatenations (GoogLeNet)
# Source: chapters/modern-convolutional-networks/googlenet.md
class Inception(nn.HybridBlock):
    """Four parallel paths of convolutions, joined on the channel axis.

    c1: channels of the path with a 1×1 convolution. c2, c3: pairs, the
    channels of a 1×1 convolution and of the 3×3 (c2) or 5×5 (c3) convolution
    that follows it. c4: channels of the 1×1 convolution that follows a 3×3
    max pooling. conv: makes each convolution, and is called like nn.Conv2D.
    Maps (n, c, h, w) to (n, c1 + c2[1] + c3[1] + c4, h, w).
    """
    def __init__(self, c1, c2, c3, c4, conv=nn.Conv2D, **kwargs):
        super().__init__(**kwargs)
        self.p1 = conv(c1, 1, activation='relu')
        self.p2_1 = conv(c2[0], 1, activation='relu')
        self.p2_2 = conv(c2[1], 3, padding=1, activation='relu')
        self.p3_1 = conv(c3[0], 1, activation='relu')
        self.p3_2 = conv(c3[1], 5, padding=2, activation='relu')
        self.p4_1 = nn.MaxPool2D(3, strides=1, padding=1)
        self.p4_2 = conv(c4, 1, activation='relu')

    def hybrid_forward(self, F, X):
        return F.np.concatenate(
            [self.p1(X), self.p2_2(self.p2_1(X)), self.p3_2(self.p3_1(X)),
             self.p4_2(self.p4_1(X))], axis=1)


# Section: Networks with Parallel Concatenations (GoogLeNet)
# Source: chapters/modern-convolutional-networks/googlenet.md
def googlenet(num_classes=10, ratio=1, block=None, conv=nn.Conv2D):
    """GoogLeNet without its auxiliary classifiers: five modules, one layer.

    ratio: a number by which all channels are divided; block: a class that is
    used like `Inception`, and in its place; conv: as in `Inception`. Maps
    images (n, c, h, w) of any size to scores (n, num_classes). Raises
    ValueError unless 1 <= ratio <= 16: the smallest path has 16 channels.
    """
    if not 1 <= ratio <= 16:
        raise ValueError(f'ratio must be between 1 and 16: {ratio}')
    block = block or d2l.Inception

    def width(c):                         # a number, or a pair of them
        return (tuple(map(width, c)) if isinstance(c, tuple)
                else int(c // ratio))

    def conv_relu(channels, size, strides=1):
        return conv(width(channels), size, strides=strides,
                    padding=size // 2, activation='relu')

    def blocks(*channels):
        return [block(*width(c), conv=conv) for c in channels]

    def pool():                           # halves height and width
        return nn.MaxPool2D(3, strides=2, padding=1)

    net = nn.HybridSequential()
    for layers in [
            [conv_relu(64, 7, strides=2), pool()],
            [conv_relu(64, 1), conv_relu(192, 3), pool()],
            [*blocks((64, (96, 128), (16, 32), 32),
                     (128, (128, 192), (32, 96), 64)), pool()],
            [*blocks((192, (96, 208), (16, 48), 64),
                     (160, (112, 224), (24, 64), 64),
                     (128, (128, 256), (24, 64), 64),
                     (112, (144, 288), (32, 64), 64),
                     (256, (160, 320), (32, 128), 128)), pool()],
            [*blocks((256, (160, 320), (32, 128), 128),
                     (384, (192, 384), (48, 128), 128)),
             nn.GlobalAvgPool2D()]]:
        module = nn.HybridSequential()
        module.add(*layers)
        net.add(module)
    net.add(nn.Dense(num_classes))
    return net


# Section: Batch Normalization
# Source: chapters/modern-convolutional-networks/batch-norm.md
def batch_norm_lenet(activation='relu', pool=nn.MaxPool2D, norm=None):
    """LeNet for images (n, 1, 28, 28), normalized before each activation.

    The sizes and weights are those of `lenet`. activation: a name that Gluon
    knows; pool: a class of pooling layers. norm: a function that makes the
    layer for num_features features in a tensor of num_dims axes, called as
    norm(num_features, num_dims), or None where there is to be no layer; left
    out, all four places get batch normalization. Scores (n, 10).
    """
    if norm is None:
        def norm(num_features, num_dims):
            return nn.BatchNorm()
    net = nn.HybridSequential()

    def add(layer, num_features, num_dims):
        layers = [layer, norm(num_features, num_dims),
                  nn.Activation(activation)]
        net.add(*[layer for layer in layers if layer is not None])

    add(nn.Conv2D(6, kernel_size=5, padding=2), 6, 4)
    net.add(pool(pool_size=2, strides=2))
    add(nn.Conv2D(16, kernel_size=5), 16, 4)
    net.add(pool(pool_size=2, strides=2))
    add(nn.Dense(120), 120, 2)
    add(nn.Dense(84), 84, 2)
    net.add(nn.Dense(10))
    return net


# Section: Residual Networks (ResNet)
# Source: chapters/modern-convolutional-networks/resnet.md
class Residual(nn.HybridBlock):
    """A residual block: relu(g(X) + X), where g has two 3×3 convolutions.

    num_channels: of the output, and of the input too, unless use_1x1conv:
    then a 1×1 convolution takes the input to the shape of the output.
    strides: of the first convolution, and of the 1×1. Raises ValueError if
    there is a stride and no 1×1 convolution: nothing could be added.
    """
    def __init__(self, num_channels, use_1x1conv=False, strides=1, **kwargs):
        super().__init__(**kwargs)
        if strides not in (1, (1, 1)) and not use_1x1conv:
            raise ValueError(f'strides={strides} makes the output smaller '
                             'than the input: use_1x1conv=True is needed')
        # Without a 1×1 the number of input channels is not left open, so
        # that one channel is not taken for many: + would broadcast it.
        self.in_channels = 0 if use_1x1conv else num_channels
        self.conv1 = nn.Conv2D(num_channels, kernel_size=3, padding=1,
                               strides=strides, in_channels=self.in_channels)
        self.conv2 = nn.Conv2D(num_channels, kernel_size=3, padding=1)
        self.conv3 = nn.Conv2D(num_channels, kernel_size=1, strides=strides
                               ) if use_1x1conv else None
        self.bn1, self.bn2 = nn.BatchNorm(), nn.BatchNorm()
        self.relu = nn.Activation('relu')

    def forward(self, X):
        """Images (n, c, h, w) to (n, num_channels, ⌈h/strides⌉, ⌈w/strides⌉).

        Raises ValueError if the channels of X cannot be added to the output.
        """
        if (self.in_channels and isinstance(X, np.ndarray)
                and X.shape[1] != self.in_channels):
            raise ValueError(f'{X.shape[1]} channels cannot be added to '
                             f'{self.in_channels}: use_1x1conv=True is needed')
        Y = self.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3:
            X = self.conv3(X)
        return self.relu(Y + X)


# Section: Residual Networks (ResNet)
# Source: chapters/modern-convolutional-networks/resnet.md
def resnet_block(num_channels, num_residuals, first_block=False):
    """A module of residual blocks with equal channels, a HybridSequential.

    The first of them halves height and width and may change the number of
    channels, unless first_block: then the input has num_channels already,
    and keeps its size.
    """
    block = nn.HybridSequential()
    for i in range(num_residuals):
        if i == 0 and not first_block:
            block.add(d2l.Residual(num_channels, use_1x1conv=True, strides=2))
        else:
            block.add(d2l.Residual(num_channels))
    return block


# Section: Residual Networks (ResNet)
# Source: chapters/modern-convolutional-networks/resnet.md
def resnet(num_blocks=(2, 2, 2, 2), num_classes=10, ratio=1):
    """A residual network for images (n, c, h, w); scores (n, num_classes).

    num_blocks: how many residual blocks each module has; (2, 2, 2, 2) is
    ResNet-18, and (3, 4, 6, 3) is ResNet-34. The first module has 64 channels
    divided by ratio, each later one twice as many. Raises ValueError if no
    channel or no block would be left.
    """
    if ratio < 1 or 64 // ratio < 1:
        raise ValueError(f'ratio must be between 1 and 64: {ratio}')
    if not num_blocks or min(num_blocks) < 1:
        raise ValueError(f'each module needs a block: {num_blocks}')
    num_channels = 64 // ratio
    net = nn.HybridSequential()
    net.add(nn.Conv2D(num_channels, kernel_size=7, strides=2, padding=3),
            nn.BatchNorm(), nn.Activation('relu'),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1))
    for i, num_residuals in enumerate(num_blocks):
        net.add(d2l.resnet_block(num_channels * 2 ** i, num_residuals,
                                 first_block=i == 0))
    net.add(nn.GlobalAvgPool2D(), nn.Dense(num_classes))
    return net


# Section: Densely Connected Networks (DenseNet)
# Source: chapters/modern-convolutional-networks/densenet.md
def conv_block(num_channels, bottleneck=False):
    """Batch normalization, ReLU and a 3×3 convolution, in this order.

    Input (n, c, h, w), output (n, num_channels, h, w). bottleneck: first
    reduce the input to 4 * num_channels channels by normalization, ReLU and
    a 1×1 convolution.
    """
    block = nn.HybridSequential()
    if bottleneck:
        block.add(nn.BatchNorm(), nn.Activation('relu'),
                  nn.Conv2D(4 * num_channels, kernel_size=1))
    block.add(nn.BatchNorm(), nn.Activation('relu'),
              nn.Conv2D(num_channels, kernel_size=3, padding=1))
    return block


# Section: Densely Connected Networks (DenseNet)
# Source: chapters/modern-convolutional-networks/densenet.md
class DenseBlock(nn.HybridBlock):
    """Convolution blocks, each of which reads all that was there before.

    num_convs: how many; num_channels: how many channels each adds, the
    growth rate; bottleneck: as in `conv_block`. Input (n, c, h, w), output
    (n, c + num_convs * num_channels, h, w), of which the first c channels
    are the input.
    """
    def __init__(self, num_convs, num_channels, bottleneck=False, **kwargs):
        super().__init__(**kwargs)
        self.blocks = nn.HybridSequential()
        for _ in range(num_convs):
            self.blocks.add(d2l.conv_block(num_channels, bottleneck))

    def hybrid_forward(self, F, X):
        for block in self.blocks:
            X = F.np.concatenate([X, block(X)], axis=1)
        return X


# Section: Densely Connected Networks (DenseNet)
# Source: chapters/modern-convolutional-networks/densenet.md
def transition_block(num_channels, pool=nn.AvgPool2D):
    """Reduce to num_channels channels, and halve height and width.

    Batch normalization, ReLU, a 1×1 convolution and a pooling of 2×2; pool:
    a class of pooling layers. Input (n, c, h, w), output (n, num_channels,
    h // 2, w // 2).
    """
    block = nn.HybridSequential()
    block.add(nn.BatchNorm(), nn.Activation('relu'),
              nn.Conv2D(num_channels, kernel_size=1),
              pool(pool_size=2, strides=2))
    return block


# Section: Densely Connected Networks (DenseNet)
# Source: chapters/modern-convolutional-networks/densenet.md
def densenet(num_convs=(4, 4, 4, 4), num_channels=64, growth_rate=32,
             num_classes=10, bottleneck=False, compression=0.5,
             pool=nn.AvgPool2D):
    """A DenseNet for images (n, c, h, w), with scores (n, num_classes).

    num_convs: the convolution blocks of each dense block; num_channels: the
    channels with which the first begins; growth_rate: how many channels each
    convolution block adds; bottleneck: as in `conv_block`; compression: the
    part of the channels that a transition keeps; pool: as in
    `transition_block`. Four dense blocks need images of at least 29×29.
    Raises ValueError for sizes that make no network.
    """
    if not num_convs or min(*num_convs, num_channels, growth_rate) < 1:
        raise ValueError('num_convs, num_channels and growth_rate must be '
                         'at least 1')
    if not 0 < compression <= 1:
        raise ValueError(f'compression must be in (0, 1]: {compression}')
    net = nn.HybridSequential()
    net.add(nn.Conv2D(num_channels, kernel_size=7, strides=2, padding=3),
            nn.BatchNorm(), nn.Activation('relu'),
            nn.MaxPool2D(pool_size=3, strides=2, padding=1))
    for i, num in enumerate(num_convs):
        if i:
            num_channels = max(1, int(compression * num_channels))
            net.add(d2l.transition_block(num_channels, pool))
        net.add(d2l.DenseBlock(num, growth_rate, bottleneck))
        num_channels += num * growth_rate
    net.add(nn.BatchNorm(), nn.Activation('relu'), nn.GlobalAvgPool2D(),
            nn.Dense(num_classes))
    return net


__all__ = [
    "Accumulator",
    "Animator",
    "ArrayLoader",
    "DATA_HUB",
    "DATA_MIRRORS",
    "DATA_URL",
    "DOWNLOAD_ADVICE",
    "DOWNLOAD_WAITS",
    "DenseBlock",
    "DownloadError",
    "ImageBatches",
    "Inception",
    "LayerSummary",
    "Residual",
    "StandardizedImages",
    "Timer",
    "UnsafeArchive",
    "accuracy",
    "alexnet",
    "archive_members",
    "batch_norm_lenet",
    "check_gradient",
    "conv_block",
    "corr2d",
    "densenet",
    "devices_of",
    "divide_batch",
    "download",
    "download_all",
    "download_extract",
    "draw_layers",
    "draw_stack",
    "evaluate_accuracy",
    "evaluate_accuracy_gpu",
    "evaluate_loss",
    "explain_failure",
    "fetch",
    "find_data",
    "get_dataloader_workers",
    "get_fashion_mnist_labels",
    "googlenet",
    "hub_addresses",
    "hub_path",
    "hub_sums",
    "layer_label",
    "lenet",
    "linreg",
    "load_array",
    "load_data_fashion_mnist",
    "member_path",
    "nin",
    "nin_block",
    "num_correct",
    "open_url",
    "plot",
    "predict_ch3",
    "read_fashion_mnist",
    "read_idx",
    "receive",
    "receive_patiently",
    "resnet",
    "resnet_block",
    "set_axes",
    "set_figsize",
    "set_seed",
    "sgd",
    "sha1sum",
    "show_images",
    "split_fashion_mnist",
    "squared_loss",
    "summarize",
    "synthetic_data",
    "train_ch3",
    "train_ch6",
    "train_epoch_ch3",
    "train_on",
    "transition_block",
    "try_all_gpus",
    "try_gpu",
    "unpack",
    "use_svg_display",
    "vgg",
    "vgg_block",
]
