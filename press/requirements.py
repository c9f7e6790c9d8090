"""Write requirements-gpu.txt: the lock with MXNet's CUDA build in place of the CPU's.

`python -m press.requirements` writes it from requirements.txt and from the CUDA wheels
that d2l/_cuda.py loads.
"""

import re
import runpy

from press.book import ROOT, write_atomically

HEADER = """\
# The lock for a Linux machine (x86-64) with an NVIDIA GPU: requirements.txt with
# mxnet-cu112 in place of mxnet, and the CUDA 11 libraries, which d2l loads from these
# wheels; of NVIDIA, only the driver has to be installed. Written by
#     python -m press.requirements
# Install it with
#     pip install --no-deps -r requirements-gpu.txt
"""


def gpu_lock(root=ROOT):
    """Return the text of requirements-gpu.txt."""
    wheels = runpy.run_path(str(root / "d2l" / "_cuda.py"))["WHEELS"]
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    pins = [re.sub(r"^mxnet==", "mxnet-cu112==", pin) for pin in pins]
    pins += [requirement for requirement, _, _ in wheels]
    return HEADER + "\n".join(sorted(pins)) + "\n"


def main():
    """Write the file."""
    write_atomically(ROOT / "requirements-gpu.txt", gpu_lock())


if __name__ == "__main__":
    main()
