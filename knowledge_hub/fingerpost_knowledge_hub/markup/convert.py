"""From a piece of HTML to sections of plain text."""

from __future__ import annotations

from lxml import etree

from fingerpost_knowledge_hub.documents import Section
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.markup.outline import Outline
from fingerpost_knowledge_hub.markup.reader import PageReader
from fingerpost_knowledge_hub.markup.text import clean

MAX_HTML = 8 * 2**20
"""Most characters of HTML that are read at once."""


def sections_from_html(
    html: str, *, headings: tuple[str, ...] = (), url: str = "", locale: str = "en"
) -> tuple[Section, ...]:
    """The readable text of a page or of a piece of one.

    Headings open sections; lists keep their items and their nesting, tables their headers in
    every row, contacts and addresses their lines; a warning says that it is one. Links keep
    their text, and the address if it is a mail address or telephone number. Scripts,
    navigation and whatever readers cannot see are left out.

    Args:
        html: Anything; broken HTML is read as browsers do, plain text is one paragraph.
        headings: Headings under which the piece stands; they begin every `heading_path`.
        url: Address of the part of the page that the piece is; see `Section.url`.
        locale: Language of the words that are added ("Warning", "Rhybudd"); none for others.

    Raises:
        DocumentError: the HTML or the text that it would give is too large.
    """
    if len(html) > MAX_HTML:
        raise DocumentError(f"its HTML is longer than {MAX_HTML // 2**20} MiB: split the page")
    outline = Outline(headings=headings, url=url)
    source = clean(html)
    if not source.strip():
        return ()
    reader = PageReader(outline, locale=locale)
    # The stubs ask for more than lxml does: wider argument types and an optional method.
    parser = etree.HTMLParser(target=reader, huge_tree=True)  # type: ignore[arg-type]
    parser.feed(source)
    parser.close()
    return outline.sections()


def text_from_html(html: str) -> str:
    """The readable text of a short piece of HTML, headings included, as blocks.

    Raises:
        DocumentError: see `sections_from_html`.
    """
    blocks = []
    for section in sections_from_html(html):
        blocks += [*section.heading_path[-1:], section.text]
    return "\n\n".join(blocks)
