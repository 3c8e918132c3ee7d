"""Govspeak, GOV.UK's dialect of Markdown, as HTML.

Payloads that the public API serves hold HTML; publishing requests hold govspeak. The dialect
is Markdown (kramdown) with marked blocks: https://github.com/alphagov/govspeak#extensions
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt

from fingerpost_knowledge_hub.errors import DocumentError

MAX_GOVSPEAK = 2**19
"""Most characters of govspeak that are read at once."""

_MARKDOWN = MarkdownIt("commonmark", {"html": True, "typographer": True})
_MARKDOWN.enable(["table", "smartquotes"])

_BLOCKS = {
    "$CTA": "call-to-action",
    "$AI": "additional-information",
    "$C": "contact",
    "$A": "address",
    "$P": "place",
    "$E": "example",
    "$D": "form-download",
    "$I": "information",
    "$!": "summary",
}
"""Marks that stand before and after a block of any length, and the block's class."""

_CALLOUTS = {"@": "advisory", "^": "info-notice", "%": "help-notice"}
"""Marks that stand before, and as a rule after, a block of one line."""

_LEFT_OUT = re.compile(
    r"\*\[[^\]]+\]:.*"  # abbreviations
    r"|:[a-z-]+:\s*"  # nations to which what is between applies
    r"|\$\w*LegislativeList\s*"
    r"|!!\d+\s*"  # pictures by their number
)
_RULE = re.compile(r"\s*[|:-][|:\s-]*")
_HEADING = re.compile(r"#{1,6}(?=[^#\s])")
_IN_LINE = (
    (re.compile(r"\{[:#][^{}]{0,200}\}|\{/?[a-z][a-z -]{0,40}\}"), ""),  # attributes and tags
    (re.compile(r"\[Image:[^\]]{0,200}\]", re.IGNORECASE), ""),
    (re.compile(r"\bx(\[[^\]]{0,500}\]\([^)]{0,2000}\))x\b"), r"\1"),  # links off the site
)
_EMBEDDED = re.compile(
    r"\[(?:Contact|embed:\w{1,40}):\s?([\w-]{1,80})\]"
    r"|\{\{embed:\w{1,80}:([\w-]{1,80})[^{}]{0,200}\}\}",
    re.IGNORECASE,
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
            f"its govspeak is longer than {MAX_GOVSPEAK // 2**10} KiB: split the page"
        )
    carried = embedded or {}
    markdown = "\n".join(_with_blocks(map(_plain, source.splitlines())))
    markdown = _EMBEDDED.sub(lambda code: carried.get(code[1] or code[2], ""), markdown)
    html: str = _MARKDOWN.render(markdown)
    return html


def _plain(line: str) -> str:
    """A line in plain Markdown, save for the marks of blocks."""
    if _LEFT_OUT.fullmatch(line):
        return ""
    if "|" in line and _RULE.fullmatch(line):
        # Below the head of a table kramdown allows spaces that would make a list of it.
        return "".join(line.split())
    for pattern, replacement in _IN_LINE:
        line = pattern.sub(replacement, line)
    if heading := _HEADING.match(line):
        # kramdown needs no space here.
        return f"{heading[0]} {line[heading.end() :]}"
    # "s1. " numbers a step.
    return line[1:] if re.match(r"s\d+\. ", line) else line


def _with_blocks(lines: Iterator[str]) -> Iterator[str]:
    """Marked blocks as elements; blank lines around the tags let Markdown go on within.

    A block whose second mark is missing ends at the next heading or mark.
    """
    opened = ""
    for line in lines:
        mark = next((mark for mark in _BLOCKS if line.startswith(mark)), "")
        if opened and (line.startswith("#") or mark not in ("", opened)):
            yield "\n\n</div>\n\n"
            opened = ""
        if mark and not opened:
            yield f'\n\n<div class="{_BLOCKS[mark]}">\n\n'
            opened, line = mark, line.removeprefix(mark)
        if opened and line.rstrip().endswith(opened):
            yield line.rstrip().removesuffix(opened)
            yield "\n\n</div>\n\n"
            opened = ""
        elif line[:1] in _CALLOUTS and line.strip(f"{line[0]} "):
            text = line[1:].rstrip().removesuffix(line[0])
            yield f'\n\n<div class="{_CALLOUTS[line[0]]}">\n\n{text}\n\n</div>\n\n'
        else:
            yield line
    if opened:
        yield "\n\n</div>\n\n"
