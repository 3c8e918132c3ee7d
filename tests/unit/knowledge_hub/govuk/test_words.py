"""Nothing is lost: every word that readers see is in the document."""

from __future__ import annotations

import pytest
from govukkit import Payloads, body_texts, document_words, visible_words

from fingerpost_knowledge_hub.documents import Document
from fingerpost_knowledge_hub.govuk import parse_content_item

pytestmark = pytest.mark.data


def test_every_visible_word_of_every_payload_is_in_its_document(payloads: Payloads) -> None:
    missing = {}
    for name in payloads.names():
        payload = payloads.payload(name)
        parsed = parse_content_item(payload)
        if isinstance(parsed, Document):
            seen = set().union(*map(visible_words, body_texts(payload["details"])))
            missing[name] = seen - document_words(parsed)
    assert len(missing) > 75
    assert {name: words for name, words in missing.items() if words} == {}


def test_no_document_holds_markup(payloads: Payloads) -> None:
    for name in payloads.names():
        parsed = parse_content_item(payloads.payload(name))
        if isinstance(parsed, Document):
            text = "\n".join(one.text for one in parsed.sections)
            assert not any(mark in text for mark in ("<p>", "<li", "</", "&nbsp;", "&amp;")), name
