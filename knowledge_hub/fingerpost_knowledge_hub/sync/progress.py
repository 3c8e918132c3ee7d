"""How long work tells whoever watches how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int | None], None]
"""Called with what is done and what there is to do; None while that is not known yet."""


def silent(done: int, total: int | None) -> None:
    """Progress that nobody watches."""
