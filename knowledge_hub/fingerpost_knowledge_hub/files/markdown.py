"""Markdown to HTML, with an anchor at every heading."""

from __future__ import annotations

import re
from itertools import pairwise

from markdown_it import MarkdownIt

_NOT_IN_SLUG = re.compile(r"[^\w-]+")


def html_from_markdown(text: str) -> str:
    """CommonMark with tables as HTML. HTML within it stays: what reads it takes it as hostile.

    Headings get ids made from their words, as most Markdown tools do: "How to claim" becomes
    "how-to-claim", a second one "how-to-claim-1".
    """
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(text)
    taken: dict[str, int] = {}
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open" and (slug := _slug(content.content)):
            again = taken.get(slug, 0)
            taken[slug] = again + 1
            opening.attrSet("id", f"{slug}-{again}" if again else slug)
    return str(parser.renderer.render(tokens, parser.options, {}))


def _slug(heading: str) -> str:
    return _NOT_IN_SLUG.sub("", heading.lower().replace(" ", "-")).strip("-")
