"""A whole web page as it lies in a file: its title, language and the part that is content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from lxml import etree

from fingerpost_knowledge_hub.documents import Section
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.markup import one_line, sections_from_html

_AROUND = ("header", "footer", "aside")
"""Landmarks beside the content, dropped where a page does not mark its content with <main>."""


class WebPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader sees of a page, without the site around it."""

    title: str = ""
    """The only <h1>, else the <title>; may be empty."""
    description: str = ""
    language: str = ""
    """Primary language subtag of the page ("en"); empty if it does not say."""
    links: tuple[str, ...] = ()
    """Where the content links to, as written."""
    sections: tuple[Section, ...] = ()


def read_web_page(
    html: str, *, content: str = "", drop: Iterable[str] = (), locale: str = "en"
) -> WebPage:
    """Read a page's content: what `content` selects, else <main>, else the body.

    Args:
        html: The whole page.
        content: An XPath for the elements that hold the content, where a site is known.
        drop: XPaths of elements within the content that are none of its text.
        locale: Language of words that are added; see `sections_from_html`.

    Raises:
        DocumentError: there is no HTML in it, or it is too large.
    """
    root = _parse(html)
    parts = (_select(root, content) if content else []) or _select(
        root, "//main | //*[@role='main']"
    )
    if not parts:
        parts = _select(root, "//body") or [root]
        drop = (*drop, *(f"//{tag}" for tag in _AROUND))
    for unwanted in drop:
        for element in _select(root, unwanted):
            _remove(element)
    for preformatted in _select(root, "//pre"):
        _keep_lines(preformatted)
    title = _title(root, parts)
    texts = [etree.tostring(part, encoding="unicode", with_tail=False) for part in parts]
    sections = [one for text in texts for one in sections_from_html(text, locale=locale)]
    return WebPage(
        title=title,
        description=one_line(_meta(root, "description")),
        language=root.get("lang", "").partition("-")[0].lower(),
        links=tuple(link for part in parts for link in _hrefs(part)),
        sections=without_title(sections, title),
    )


def without_title(sections: Iterable[Section], title: str) -> tuple[Section, ...]:
    """Sections whose heading paths do not begin with the page's own title."""
    return tuple(
        msgspec.structs.replace(section, heading_path=section.heading_path[1:])
        if section.heading_path[:1] == (title,)
        else section
        for section in sections
    )


def _parse(html: str) -> etree._Element:
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(html.encode("utf-8", "replace"), parser) if html.strip() else None
    if root is None:
        raise DocumentError("holds no text: delete it, or write the page")
    return root


def _select(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements that an XPath finds, without those that lie in one found before."""
    found = root.xpath(path)
    outermost: list[etree._Element] = []
    within: set[etree._Element] = set()
    for element in found if isinstance(found, list) else ():
        if isinstance(element, etree._Element) and element not in within:
            outermost.append(element)
            within.update(element.iter())
    return outermost


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + (element.tail or "")
    else:
        before.tail = (before.tail or "") + (element.tail or "")
    parent.remove(element)


def _keep_lines(preformatted: etree._Element) -> None:
    """Make the line breaks of preformatted text explicit, since white space is squeezed later."""
    lines = [line for line in _text(preformatted).splitlines() if line.strip()]
    tail = preformatted.tail
    preformatted.clear()
    preformatted.tail = tail
    preformatted.text = lines[0] if lines else ""
    for line in lines[1:]:
        etree.SubElement(preformatted, "br").tail = line


def _title(root: etree._Element, parts: list[etree._Element]) -> str:
    for scope in (parts, [root]):
        headings = [heading for part in scope for heading in part.iter("h1")]
        if len(headings) == 1:
            return one_line(_text(headings[0]))
    return next((one_line(_text(title)) for title in root.iter("title")), "")


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _meta(root: etree._Element, name: str) -> str:
    return next(
        (one.get("content", "") for one in root.iter("meta") if one.get("name") == name), ""
    )


def _hrefs(element: etree._Element) -> Iterator[str]:
    return (href for link in element.iter("a") if (href := link.get("href")))
