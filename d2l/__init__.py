"""Make MXNet 1.9.1 run on today's Python and NumPy."""
import sys
import types
import numpy

_NEW = dict(bool=numpy.bool_, NAN=numpy.nan, NaN=numpy.nan, Inf=numpy.inf, PZERO=0.0,
            NZERO=-0.0, NINF=-numpy.inf, PINF=numpy.inf,
            alltrue=numpy.all, product=numpy.prod, cumproduct=numpy.cumprod)
for n in """mirr npv pmt ppmt pv rate msort trapz in1d alltrue product
    sometrue round_ asscalar""".split():
    _NEW.setdefault(n, lambda *a, _n=n, **k: (_ for _ in ()).throw(
        NotImplementedError(_n)))
for k, v in _NEW.items():
    if k not in numpy.__dict__:
        setattr(numpy, k, v)
import mxnet
