"""Cutting a sequence of any length into lists of a bounded length."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items, the last one shorter (`itertools.batched` of Python 3.12)."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
