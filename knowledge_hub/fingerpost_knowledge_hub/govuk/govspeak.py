"""Govspeak, GOV.UK's dialect of Markdown, as HTML.

Payloads that the public API serves hold HTML; publishing requests hold govspeak. The dialect
is Markdown (kramdown) with marked blocks: https://github.com/alphagov/govspeak#extensions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from markdown_it import MarkdownIt

from fingerpost_knowledge_hub.errors import DocumentError

MAX_GOVSPEAK = 2**20
"""Most characters of govspeak that are read at once."""

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "typographer": True})
_MARKDOWN.enable(["table", "smartquotes"])

_NAMES = {
    "C": "contact",
    "A": "address",
    "P": "place",
    "CTA": "call-to-action",
    "E": "example",
    "!": "summary",
    "D": "form-download",
    "I": "information",
    "AI": "additional-information",
    "@": "advisory",
    "^": "info-notice",
    "%": "help-notice",
}
_BLOCK = re.compile(r"^\$(CTA|AI|[CAPEDI!])(.*?)\$\1[ \t]*$", re.MULTILINE | re.DOTALL)
_CALLOUT = re.compile(r"^([@^%])(.+?)\1?[ \t]*$", re.MULTILINE)
_EMBEDDED = re.compile(
    r"\[(?:Contact|embed:\w+):\s*([\w-]+)\]|\{\{embed:\w+:([\w-]+)[^{}\n]*\}\}", re.IGNORECASE
)


def _rule(line: re.Match[str]) -> str:
    # kramdown allows spaces here that would make a list of it elsewhere.
    return re.sub(r"[ \t]", "", line[0]) if "|" in line[0] else line[0]


_PLAIN: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"\r\n?"), "\n"),
    (re.compile(r"^\*\[[^\]\n]+\]:.*$", re.MULTILINE), ""),  # abbreviations
    (re.compile(r"^s(?=\d+\. )", re.MULTILINE), ""),  # steps
    (re.compile(r"^(#{1,6})(?=[^#\s])", re.MULTILINE), r"\1 "),  # kramdown needs no space here
    (re.compile(r"^[ \t]*[|:-][|: \t-]*$", re.MULTILINE), _rule),  # lines below a table's head
    (re.compile(r"\{[:#][^{}\n]*\}|\{/?[a-z][a-z -]*\}"), ""),  # attributes and tags in braces
    (re.compile(r"^(?::[a-z-]+:|\$\w*LegislativeList|!!\d+)[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"\[Image:[^\]\n]*\]", re.IGNORECASE), ""),
    (re.compile(r"\bx(\[[^\]\n]*\]\([^)\n]*\))x\b"), r"\1"),  # links that lead off the site
)


def html_from_govspeak(source: str, embedded: Mapping[str, str] | None = None) -> str:
    """Render govspeak well enough to read its text; it is not meant for display.

    Args:
        source: Govspeak.
        embedded: HTML of the contacts and blocks that the payload carries, by content id; the
            codes of others are left out.

    Raises:
        DocumentError: `source` is longer than `MAX_GOVSPEAK`.
    """
    if len(source) > MAX_GOVSPEAK:
        raise DocumentError(
            f"its govspeak is longer than {MAX_GOVSPEAK // 2**20} MiB: split the page"
        )
    for pattern, replacement in _PLAIN:
        source = pattern.sub(replacement, source)
    source = _BLOCK.sub(_wrapped, source)
    source = _CALLOUT.sub(_wrapped, source)
    carried = embedded or {}
    source = _EMBEDDED.sub(lambda code: carried.get(code[1] or code[2], ""), source)
    html: str = _MARKDOWN.render(source)
    return html


def _wrapped(block: re.Match[str]) -> str:
    # Blank lines around the tags: Markdown goes on within the element.
    return f'\n\n<div class="{_NAMES[block[1]]}">\n\n{block[2].strip()}\n\n</div>\n\n'
