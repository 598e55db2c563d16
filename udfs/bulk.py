"""Bulk work: hundreds of thousands of values in one go."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Python does not search for unreachable cycles meanwhile; also a decorator.

    Bulk work makes many objects and hardly a cycle, and each search goes through all objects there are: without it,
    cleaning and grading a million orders take a third less time.

    >>> with without_collector():
    ...     gc.isenabled()
    False
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
