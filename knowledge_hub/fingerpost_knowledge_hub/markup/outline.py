"""Collects blocks of text under their headings into sections, and keeps a page within bounds."""

from __future__ import annotations

from collections.abc import Iterable

from fingerpost_knowledge_hub.documents import Section
from fingerpost_knowledge_hub.errors import DocumentError

MAX_TEXT = 4 * 2**20
"""Most characters that one piece of HTML may give. The longest GOV.UK pages give under 1 MiB."""

MAX_HEADING = 300
"""A heading longer than this (characters) is a paragraph that was set as a heading."""


class Outline:
    """Sections in the making: blocks go to the heading that was opened last."""

    def __init__(self, *, headings: tuple[str, ...] = (), url: str = "") -> None:
        self._base = headings
        self._url = url
        self._open: list[tuple[int, str]] = []
        self._anchor = ""
        self._blocks: list[str] = []
        self._sections: list[Section] = []
        self._room = MAX_TEXT

    def heading(self, level: int, text: str, anchor: str) -> None:
        """Open a section; headings of the same and of deeper levels end here."""
        if len(text) > MAX_HEADING:
            self.block([text])
            return
        self._close()
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._open.append((level, text))
        self._anchor = anchor

    def block(self, lines: Iterable[str]) -> None:
        """Add a paragraph, list or table, line by line, to the open section.

        Raises:
            DocumentError: the page has grown past `MAX_TEXT`.
        """
        kept = []
        for line in lines:
            self._charge(len(line))
            kept.append(line)
        if kept:
            self._blocks.append("\n".join(kept))

    def sections(self) -> tuple[Section, ...]:
        """Everything collected; headings with nothing under them are left out."""
        self._close()
        return tuple(self._sections)

    def _close(self) -> None:
        if not self._blocks:
            return
        path = self._base + tuple(text for _, text in self._open)
        self._charge(sum(map(len, path)))
        self._sections.append(
            Section(
                heading_path=path,
                text="\n\n".join(self._blocks),
                anchor=self._anchor,
                url=self._url,
            )
        )
        self._blocks = []

    def _charge(self, characters: int) -> None:
        self._room -= characters
        if self._room < 0:
            raise DocumentError(
                f"its text is longer than {MAX_TEXT // 2**20} MiB: split the page, "
                "or check its tables for spans that repeat long texts"
            )
