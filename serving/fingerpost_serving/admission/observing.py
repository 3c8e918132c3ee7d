"""What admission tells whoever counts; the gateway makes Prometheus metrics of it."""

from __future__ import annotations

from typing import Protocol

from .asking import Ask


class Observer(Protocol):
    """Told of what happens, in this process's event loop; it must not wait."""

    def admitted(self, model: str, ask: Ask, waited_s: float) -> None:
        """A request got its place."""
        ...

    def refused(self, model: str, ask: Ask, reason: str) -> None:
        """A request was turned away: "busy" or "too_large"."""
        ...

    def left(self, model: str, ask: Ask, waited_s: float) -> None:
        """A request left the queue before its turn."""
        ...

    def load(self, model: str, running: int, tokens: int, waiting: int) -> None:
        """How full a model is, over all processes; once a beat."""
        ...

    def away(self, model: str, away: bool) -> None:
        """Whether this process has to do without Valkey."""
        ...


class Unobserved:
    """Counts nothing."""

    def admitted(self, model: str, ask: Ask, waited_s: float) -> None: ...

    def refused(self, model: str, ask: Ask, reason: str) -> None: ...

    def left(self, model: str, ask: Ask, waited_s: float) -> None: ...

    def load(self, model: str, running: int, tokens: int, waiting: int) -> None: ...

    def away(self, model: str, away: bool) -> None: ...
