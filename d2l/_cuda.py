"""Load the CUDA 11 libraries that pip installs, so that MXNet's CUDA build finds them.

The wheels nvidia-*-cu11 put each library into a folder of its own below
site-packages/nvidia, where the system's loader does not look. A library that is loaded
already is not looked for again, so they are loaded here before MXNet asks for them.
"""

import ctypes
import importlib.util
import re
from pathlib import Path

BUILD = "mxnet-cu112"
DRIVER = "libcuda.so.1"

# The wheels, their folders below site-packages/nvidia, and the libraries to load from
# them, in the order of who needs whom. (cuDNN opens its parts itself, by name.)
WHEELS = (
    ("nvidia-cuda-runtime-cu11==11.8.89", "cuda_runtime", ["libcudart.so.11.0"]),
    ("nvidia-nvtx-cu11==11.8.86", "nvtx", ["libnvToolsExt.so.1"]),
    ("nvidia-cuda-nvrtc-cu11==11.8.89", "cuda_nvrtc", ["libnvrtc.so.11.2"]),
    (
        "nvidia-cublas-cu11==11.11.3.6",
        "cublas",
        ["libcublasLt.so.11", "libcublas.so.11"],
    ),
    ("nvidia-cufft-cu11==10.9.0.58", "cufft", ["libcufft.so.10"]),
    ("nvidia-curand-cu11==10.3.0.86", "curand", ["libcurand.so.10"]),
    ("nvidia-cusparse-cu11==11.7.5.86", "cusparse", ["libcusparse.so.11"]),
    ("nvidia-cusolver-cu11==11.4.1.48", "cusolver", ["libcusolver.so.11"]),
    ("nvidia-nccl-cu11==2.21.5", "nccl", ["libnccl.so.2"]),
    (
        "nvidia-cudnn-cu11==8.9.6.50",
        "cudnn",
        [
            "libcudnn_ops_infer.so.8",
            "libcudnn_ops_train.so.8",
            "libcudnn_cnn_infer.so.8",
            "libcudnn_cnn_train.so.8",
            "libcudnn_adv_infer.so.8",
            "libcudnn_adv_train.so.8",
            "libcudnn.so.8",
        ],
    ),
)


def cuda_build():
    """Return the folder that holds MXNet's CUDA build, or None for the CPU build."""
    spec = importlib.util.find_spec("mxnet")
    if spec is None or not spec.origin:
        return None
    site = Path(spec.origin).parent.parent
    return site if any(site.glob("mxnet_cu*.dist-info")) else None


def library_files():
    """Yield (requirement, library, path) in the order of loading.

    The path is None for a library that no installed wheel holds.
    """
    spec = importlib.util.find_spec("nvidia")
    folders = spec.submodule_search_locations if spec else ()
    for requirement, folder, names in WHEELS:
        for name in names:
            paths = (Path(root) / folder / "lib" / name for root in folders or ())
            yield requirement, name, next((p for p in paths if p.is_file()), None)


def load_libraries():
    """Load the wheels' libraries for everyone in this process; nothing on the CPU.

    A library without a wheel is left to the system's loader, which finds it where a
    CUDA toolkit is installed. Raises OSError for one that is there and does not load.
    """
    if cuda_build() is None:
        return
    for _, _, path in library_files():
        if path is not None:
            ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)


def loads(library):
    """Tell whether the system's loader finds a library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def explain(error):
    """Say what to do about the OSError with which MXNet's library did not load."""
    found = re.match(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object", str(error))
    if not found:
        return f"MXNet's library does not load here: {error}."
    missing = found.group(1)
    if missing == DRIVER:
        return (
            f"{BUILD} needs {DRIVER}, which belongs to the driver of an NVIDIA GPU: "
            "install that driver, or the build for the CPU, by `python -m pip "
            f"uninstall -y {BUILD}` and `python -m pip install --no-deps mxnet==1.9.1`."
        )
    for requirement, _, names in WHEELS:
        if missing in names:
            return (
                f"{BUILD} needs {missing}, which is not here: run "
                f"`python -m pip install --no-deps {requirement}`."
            )
    if missing == "libgomp.so.1":
        return f"MXNet needs {missing}: install it, in Debian `apt install libgomp1`."
    return f"MXNet needs the system library {missing}, which is not here: install it."
