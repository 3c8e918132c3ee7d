"""Puts personal data back into a text that comes piece by piece."""

from __future__ import annotations

from collections.abc import Mapping

from fingerpost_assistant.redact.redactor import restore


class Restorer:
    """Restores a stream of text; a piece that may be the beginning of a placeholder is held back.

    ```pycon
    >>> restorer = Restorer({"[EMAIL-1]": "jo@example.org"})
    >>> [restorer.feed(piece) for piece in ("Write to [EMA", "IL-1] now")]
    ['Write to ', 'jo@example.org now']
    ```
    """

    def __init__(self, placeholders: Mapping[str, str]) -> None:
        self._placeholders = placeholders
        self._held = ""

    def feed(self, piece: str) -> str:
        """Take the next piece; return what can be said now."""
        if not self._placeholders:
            return piece
        text = self._held + piece
        start = text.rfind("[")
        end = start if start >= 0 and self._begins(text[start:]) else len(text)
        self._held = text[end:]
        return restore(text[:end], self._placeholders)

    def rest(self) -> str:
        """Return what was held back, once the text has ended."""
        held, self._held = self._held, ""
        return held

    def _begins(self, tail: str) -> bool:
        return any(name != tail and name.startswith(tail) for name in self._placeholders)
