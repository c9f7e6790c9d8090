"""What does `import d2l` cost, beside the barest way of importing MXNet 1.9.1?

The barest way sets the names that MXNet asks for, and NumPy dropped, on NumPy itself.
Each way runs in processes of its own, in turn. The exit status is 1 when d2l takes
more than 10 % longer, in the median of the processor's time, which other programs on
this machine disturb less than the time on the clock.

    python benchmarks/import_d2l.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

BARE = """
import time
wall, cpu = time.perf_counter(), time.process_time()
import sys, types
import numpy
for name in ('NAN NaN Inf NINF PINF NZERO PZERO alltrue bool in1d mirr msort npv pmt '
             'ppmt product pv rate round_ sometrue trapz').split():
    if name not in vars(numpy):
        setattr(numpy, name, lambda *args: None)
try:
    import distutils.version
except ImportError:
    sys.modules['distutils'] = types.ModuleType('distutils')
    version = sys.modules['distutils.version'] = types.ModuleType('distutils.version')
    version.LooseVersion = version.StrictVersion = lambda text: tuple(text.split('.'))
import mxnet
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
D2L = """
import time
wall, cpu = time.perf_counter(), time.process_time()
import d2l
print(time.perf_counter() - wall, time.process_time() - cpu)
"""


def seconds(code):
    """Import in a fresh process; return the seconds on the clock and on the CPU."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return tuple(map(float, done.stdout.split()))


def main(rounds=15):
    """Time both ways in turn, after one round to warm the disk; report the ratios."""
    bare, ours = [], []
    for i in range(rounds + 1):
        pair = seconds(BARE), seconds(D2L)
        if i:
            bare.append(pair[0])
            ours.append(pair[1])
    for clock, name in enumerate(("clock", "CPU")):
        a = statistics.median(one[clock] for one in bare)
        b = statistics.median(one[clock] for one in ours)
        print(
            f"{name:5}  import mxnet, barest way {a:.3f} s, import d2l {b:.3f} s, "
            f"ratio {b / a:.3f} (medians of {rounds})"
        )
    return 0 if b <= 1.1 * a else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
