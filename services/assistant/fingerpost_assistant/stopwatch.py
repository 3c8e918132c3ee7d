"""Milliseconds by stage, added up over a turn."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Measures the stages of one turn."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, (time.perf_counter() - started) * 1e3)

    def add(self, name: str, milliseconds: float) -> None:
        """Add time that was measured elsewhere."""
        self._stages[name] = self._stages.get(name, 0.0) + milliseconds

    def timings(self) -> dict[str, float]:
        """Return milliseconds by stage, and since the start as "total"."""
        total = (time.perf_counter() - self._started) * 1e3
        return {name: round(ms, 3) for name, ms in {**self._stages, "total": total}.items()}
