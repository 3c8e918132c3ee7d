"""GOV.UK's real payloads for tests: what is in them, read in another way than the product does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import html as lxml_html

from fingerpost_knowledge_hub.documents import Document
from fingerpost_knowledge_hub.govuk import parse_content_item

Json = dict[str, object]

_UNSEEN = (
    "//script | //style | //svg | //nav | //*[@aria-hidden='true'] | //*[@hidden]"
    " | //*[contains(@class, 'js-hidden')] | //*[contains(@class, 'accessibility-warning')]"
    " | //*[contains(@class, 'reversefootnote')]"
)
_INLINE = frozenset({"a", "abbr", "b", "em", "i", "span", "strong", "sub", "sup"})
_TEXTS = frozenset(
    {
        *("access_and_opening_times", "after_results", "before_results", "best_time_to_call"),
        *("body", "description", "final_outcome_detail", "introduction", "introductory_paragraph"),
        *("licence_overview", "licence_short_description", "more_info_contact_form"),
        *("more_info_email_address", "more_info_phone_number", "more_info_post_address"),
        *("more_information", "need_to_know", "open_hours", "other_ways_to_apply"),
        *("outcome_detail", "text", "what_you_need_to_know"),
    }
)
"""The fields of all schemas' details that hold text for readers."""


class Payloads:
    """The folder of real payloads."""

    def __init__(self, folder: Path) -> None:
        self.items = folder / "content_items"
        self.messages = folder / "publishing_messages"

    def names(self) -> list[str]:
        """Every payload by its path, such as "answer/frontend/answer.json"."""
        return sorted(p.relative_to(self.items).as_posix() for p in self.items.rglob("*.json"))

    def payload(self, name: str) -> Json:
        loaded: Json = json.loads((self.items / name).read_bytes())
        return loaded

    def message(self, name: str) -> Json:
        loaded: Json = json.loads((self.messages / f"{name}_message.json").read_bytes())
        return loaded

    def document(self, name: str) -> Document:
        """The document in a payload that is guidance."""
        parsed = parse_content_item(self.payload(name))
        assert isinstance(parsed, Document), f"{name} is skipped: {parsed}"
        return parsed


def body_texts(details: object) -> Iterator[str]:
    """Every HTML text for readers in a payload's details; govspeak is left out."""
    if isinstance(details, list):
        for entry in details:
            yield from body_texts(entry)
    elif isinstance(details, dict):
        for key, value in details.items():
            if key in (
                "change_history",
                "change_notes",
                "image",
                "images",
                "metadata",
                "promotion",
            ):
                continue
            if key in _TEXTS and isinstance(value, str):
                yield value
            elif not (key in _TEXTS and isinstance(value, list)):
                yield from body_texts(value)
            else:
                yield from _renderings(value)


def visible_words(html: str) -> set[str]:
    """The words that a reader of some HTML sees."""
    if not html.strip():
        return set()
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    for unseen in root.xpath(_UNSEEN):
        unseen.drop_tree()
    for footnote in root.find_class("footnote"):
        footnote.text = f" {footnote.text}"
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag not in _INLINE:
            element.tail = f" {element.tail or ''}"
            element.text = f" {element.text or ''}"
    return words(root.text_content())


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def document_words(document: Document) -> set[str]:
    """Every word in a document's headings and text."""
    found: set[str] = set()
    for section in document.sections:
        found |= words(" ".join([*section.heading_path, section.text]))
    return found


def text_of(document: Document, *heading_path: str) -> str:
    """The text of the section with this heading path."""
    texts = [one.text for one in document.sections if one.heading_path == heading_path]
    assert texts, f"no section {heading_path} in {[one.heading_path for one in document.sections]}"
    return "\n\n".join(texts)


def _renderings(value: list[object]) -> Iterator[str]:
    for rendering in value:
        if isinstance(rendering, dict) and rendering.get("content_type") == "text/html":
            yield str(rendering["content"])
