"""Links whose address is what a reader needs: mail addresses and telephone numbers."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from fingerpost_knowledge_hub.markup.text import one_line

MAX_ADDRESS = 320
"""Longest mail address that mail systems accept: 64 + 1 + 255 (RFC 5321, section 4.5.3.1)."""

_NOT_DIALLED = re.compile(r"[^0-9]")


class Address(NamedTuple):
    """A mail address or telephone number."""

    text: str
    is_number: bool

    def after(self, words: str) -> str:
        """What has to follow the words of the link: the address, unless they say it themselves."""
        if not words.strip():
            return self.text
        return "" if self._is_in(words) else f" ({self.text})"

    def _is_in(self, words: str) -> bool:
        if not self.is_number:
            return self.text.casefold() in words.casefold()
        # "+44 (0)20 7946 0000" and "tel:+442079460000" are one number: compare how they end.
        return _NOT_DIALLED.sub("", self.text)[-9:] in _NOT_DIALLED.sub("", words)


def address_of(href: str) -> Address | None:
    """The mail address or number in a link's target; None for a link to a page.

    The address of a page is left out of the text: it is seldom part of the guidance, and a
    citation leads to the page that holds the link.
    """
    scheme, _, rest = href.strip().partition(":")
    if scheme.lower() not in ("mailto", "tel"):
        return None
    text = one_line(unquote(rest.partition("?")[0], errors="replace"))
    if not text or len(text) > MAX_ADDRESS:
        return None
    return Address(text, is_number=scheme.lower() == "tel")
