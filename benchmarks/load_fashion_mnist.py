"""How fast is an epoch of 60,000 images read? Ours against Gluon's DataLoader.

    python benchmarks/load_fashion_mnist.py [--passes 5]

Both read the same 60,000 garments in shuffled batches of 256 in this one process and
give float32 tensors of shape (256, 1, 28, 28). Gluon's applies a transform to each
item, with 0, 1, 2 and 4 worker processes. Ours is `load_data_fashion_mnist`, which
keeps bytes in memory. The best of the passes counts. The exit status is 1 when ours is
not at least 8 times as fast as Gluon's with 4 workers, or needs more than 300 MB.
"""

import argparse
import hashlib
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402

IMAGES, BATCH = 60_000, 256
AT_LEAST, AT_MOST = 8, 300  # times as fast; MB


class Peak:
    """The most memory (MB) that this process and its children hold, above the start."""

    def __init__(self):
        self.process, self.most, self.running = psutil.Process(), 0.0, True
        self.start = self.now()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def now(self):
        total = 0
        for process in [self.process, *self.process.children(recursive=True)]:
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                pass
        return total / 1e6

    def watch(self):
        while self.running:
            self.most = max(self.most, self.now() - self.start)
            time.sleep(0.005)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *error):
        self.running = False
        self.thread.join()


def make_hub(folder):
    """A hub with a full-size training set, drawn by the sample data's program."""
    from press.samples import fashion_mnist

    fashion_mnist.write(folder, num_train=IMAGES, num_test=1000)
    lines = [
        f"{hashlib.sha1(path.read_bytes()).hexdigest()}  fashion-mnist/{path.name}\n"
        for path in sorted((folder / "fashion-mnist").iterdir())
    ]
    (folder / "SHA1SUMS").write_text("".join(lines))
    return folder.as_uri()


def best_of(passes, data_iter):
    """Seconds of the fastest pass."""
    from mxnet import npx

    times = []
    for _ in range(passes):
        start, count = time.perf_counter(), 0
        for X, y in data_iter:
            assert X.shape == (len(y), 1, 28, 28)
            count += len(y)
        npx.waitall()
        times.append(time.perf_counter() - start)
        assert count == IMAGES
    return min(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=int, default=5)
    passes = parser.parse_args().passes

    with tempfile.TemporaryDirectory() as folder:
        hub = Path(folder) / "hub"
        hub.mkdir()
        os.environ["D2L_HUB"] = make_hub(hub)
        os.environ["D2L_DATA"] = str(Path(folder) / "data")

        from d2l import mxnet as d2l

        d2l.np.zeros((BATCH, 1, 28, 28)).wait_to_read()  # MXNet's own start
        with Peak() as peak:
            train_iter, _ = d2l.load_data_fashion_mnist(BATCH)
            ours = best_of(2 * passes, train_iter)
        rows = [("load_data_fashion_mnist", ours, peak.most)]

        images, labels = d2l.read_fashion_mnist()
        ToTensor = d2l.gluon.data.vision.transforms.ToTensor
        for workers in (0, 1, 2, 4):
            with Peak() as peak:
                dataset = d2l.gluon.data.ArrayDataset(
                    d2l.np.array(images[..., None], dtype="uint8"),
                    labels.astype("int32"),
                ).transform_first(ToTensor())
                loader = d2l.gluon.data.DataLoader(
                    dataset, BATCH, shuffle=True, num_workers=workers
                )
                seconds = best_of(max(2, passes // 2), loader)
                del loader
            rows.append((f"Gluon DataLoader, workers: {workers}", seconds, peak.most))

    print(f"{IMAGES} images of 28 x 28 in shuffled batches of {BATCH}\n")
    print(f"{'':30}{'s/epoch':>10}{'images/s':>12}{'times ours':>12}{'extra MB':>10}")
    for name, seconds, memory in rows:
        print(
            f"{name:30}{seconds:10.3f}{IMAGES / seconds:12,.0f}"
            f"{seconds / ours:12.1f}{memory:10.0f}"
        )
    faster, memory = rows[-1][1] / ours, rows[0][2]
    good = faster >= AT_LEAST and memory <= AT_MOST
    print(
        f"\n{'met' if good else 'NOT MET'}: {faster:.1f} times as fast as Gluon with 4 "
        f"workers (at least {AT_LEAST}), {memory:.0f} MB extra (at most {AT_MOST})"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
