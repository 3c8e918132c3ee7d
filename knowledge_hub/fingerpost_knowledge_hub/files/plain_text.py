"""Plain text to a title and blocks: paragraphs and lists as people write them in mails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fingerpost_knowledge_hub.markup.text import clean, squeeze

LONGEST_TITLE = 120
"""A first paragraph of more characters is text, not a title."""

_BLANK = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\s*(?:[-*•]|(\d{1,3})[.)])\s+")


def read_plain_text(text: str) -> tuple[str, str]:
    """The title, if the text begins with a line that looks like one, and its blocks.

    Lines of a paragraph are joined; lines that begin with a bullet or a number stay lines.
    """
    paragraphs = [one for one in _BLANK.split(clean(text)) if one.strip()]
    title = ""
    if len(paragraphs) > 1 and _is_title(paragraphs[0].strip()):
        title = squeeze(paragraphs.pop(0))
    blocks = (block for paragraph in paragraphs for block in _blocks(paragraph))
    return title, "\n\n".join(blocks)


def _is_title(text: str) -> bool:
    return "\n" not in text and len(text) <= LONGEST_TITLE and text[-1] not in ".,;:"


def _blocks(paragraph: str) -> Iterator[str]:
    """A paragraph's running text and its list, which follows it without a blank line."""
    running: list[str] = []
    items: list[str] = []
    for line in paragraph.splitlines():
        if marker := _ITEM.match(line):
            text = squeeze(line[marker.end() :])
            items.append(f"{marker[1]}. {text}" if marker[1] else f"- {text}")
        elif items:
            items[-1] = squeeze(f"{items[-1]} {line}")
        else:
            running.append(line)
    if running:
        yield squeeze(" ".join(running))
    if items:
        yield "\n".join(items)
