"""The names that Section 5.6 saves: try_gpu and try_all_gpus."""

import inspect

import pytest
from d2l import mxnet as d2l
from mxnet import np, npx


@pytest.fixture
def gpus(monkeypatch):
    """Pretend that the machine has this many GPUs."""

    def pretend(count):
        monkeypatch.setattr(npx, "num_gpus", lambda: count)

    return pretend


def test_signatures_are_those_of_the_api():
    assert str(inspect.signature(d2l.try_gpu)) == "(i=0)"
    assert str(inspect.signature(d2l.try_all_gpus)) == "()"


def test_without_a_gpu_both_fall_back_to_the_cpu(gpus):
    gpus(0)
    assert d2l.try_gpu() == npx.cpu()
    assert d2l.try_gpu(10) == npx.cpu()
    assert d2l.try_all_gpus() == [npx.cpu()]


@pytest.mark.parametrize("count", [1, 2, 8])
def test_gpus_are_counted_from_zero_and_none_is_invented(gpus, count):
    gpus(count)
    assert d2l.try_gpu() == npx.gpu(0)
    assert d2l.try_gpu(count - 1) == npx.gpu(count - 1)
    assert d2l.try_gpu(count) == npx.cpu()
    assert d2l.try_all_gpus() == [npx.gpu(i) for i in range(count)]


@pytest.mark.parametrize("count", [0, 2])
def test_a_negative_number_is_a_clear_error(gpus, count):
    gpus(count)
    with pytest.raises(ValueError, match="counted from 0.*-1"):
        d2l.try_gpu(-1)


def test_gpus_are_counted_when_asked_not_when_imported(gpus):
    gpus(0)
    assert d2l.try_all_gpus() == [npx.cpu()]
    gpus(1)
    assert d2l.try_all_gpus() == [npx.gpu(0)]


def test_a_new_list_each_time():
    d2l.try_all_gpus().append(None)
    assert None not in d2l.try_all_gpus()


def test_what_they_return_can_be_used_on_this_machine():
    for device in [d2l.try_gpu(), d2l.try_gpu(10**6), *d2l.try_all_gpus()]:
        x = np.ones((2, 3), ctx=device)
        assert x.ctx == device and float(x.sum()) == 6
