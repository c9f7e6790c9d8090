"""What sample data sets share: random numbers and archives that never change.

NumPy promises that the raw output of a bit generator stays the same for ever, but not
what its distributions make of it; and `zlib` promises that its output can be read, but
not which bytes it writes. So numbers are made here from raw bits, by operations that
IEEE 754 rounds correctly (`+ - * /` and the square root), and gzip files hold stored,
uncompressed blocks.
"""

import hashlib
import struct
import zlib

import numpy as np


def sha1_of(*pieces):
    """The SHA-1 of the pieces of bytes, one after the other, as 40 hex digits."""
    digest = hashlib.sha1()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


class Random:
    """Random numbers that are the same on every machine and every NumPy."""

    def __init__(self, seed):
        self._bits = np.random.PCG64(seed)

    def uniform(self, shape, low=0.0, high=1.0):
        """Numbers in [low, high), float64, of the given shape."""
        count = int(np.prod(shape))
        raw = self._bits.random_raw(count) >> np.uint64(11)
        return low + (high - low) * (raw.astype(np.float64) * 2.0**-53).reshape(shape)

    def integers(self, shape, low, high):
        """Integers in [low, high), int64, of the given shape."""
        return np.floor(self.uniform(shape, low, high)).astype(np.int64)

    def bell(self, shape, mean=0.0, spread=1.0):
        """Bell-shaped numbers: the sum of four uniforms, scaled to the given spread."""
        total = self.uniform(shape, -1, 1)
        for _ in range(3):
            total = total + self.uniform(shape, -1, 1)
        return mean + spread * 0.8660254037844386 * total

    def permutation(self, n):
        """The integers 0 ... n - 1 in random order."""
        keys = self._bits.random_raw(n)
        return np.argsort(keys, kind="stable")


def gzip_bytes(data):
    """`data` as a gzip file without time stamp, name or compression."""
    pieces = [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"]
    size = 65535
    for start in range(0, max(len(data), 1), size):
        block = data[start : start + size]
        last = start + size >= len(data)
        pieces.append(struct.pack("<BHH", last, len(block), len(block) ^ 0xFFFF))
        pieces.append(block)
    pieces.append(struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF))
    return b"".join(pieces)


def idx_bytes(array):
    """A uint8 array in the IDX format of MNIST: magic number, sizes, data."""
    header = struct.pack(">HBB", 0, 8, array.ndim)
    header += struct.pack(f">{array.ndim}I", *array.shape)
    return header + np.ascontiguousarray(array, dtype=np.uint8).tobytes()


def write_image_set(target, sets):
    """Write a set of images in the layout of MNIST: four IDX files in a new folder.

    sets: a pair (images, labels) of uint8 arrays each for the parts train and t10k.
    """
    target.mkdir(parents=True)
    for part in ("train", "t10k"):
        for kind, array in zip(("images-idx3", "labels-idx1"), sets[part], strict=True):
            path = target / f"{part}-{kind}-ubyte.gz"
            path.write_bytes(gzip_bytes(idx_bytes(array)))
