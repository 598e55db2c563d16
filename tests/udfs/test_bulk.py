"""The collector is off in bulk work, and as it was before and after."""

from __future__ import annotations

import gc

import pytest

from udfs.bulk import without_collector


def test_the_collector_is_back_after_an_error():
    @without_collector()
    def fails():
        assert not gc.isenabled()
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            fails()
        assert gc.isenabled()


def test_one_inside_another_and_one_that_was_off():
    with without_collector():
        with without_collector():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
