"""Broken payloads: a reason for each, and never anything but a reason."""

from __future__ import annotations

import copy
import json
import random

import pytest
from govukkit import Json, Payloads
from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost_knowledge_hub.documents import Document
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.govuk import parse_content_item
from fingerpost_knowledge_hub.govuk.schemas import READERS

ANSWER: Json = {
    "schema_name": "answer",
    "base_path": "/a",
    "title": "A",
    "details": {"body": "<p>Text.</p>"},
}

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def check(payload: Json | bytes) -> None:
    """A payload is a document that can be stored, a reason, or refused with cause and cure."""
    try:
        parsed = parse_content_item(payload)
    except DocumentError as error:
        parsed = str(error)
        if ":" not in parsed:
            pytest.fail(f"names no cure: {parsed}")
    if isinstance(parsed, Document):
        assert len(parsed.digest) == 32
        assert parsed.title
        assert parsed.path.startswith("/")
    else:
        assert parsed


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"base_path": None}, "has no base_path"),
        ({"base_path": "https://evil.example/x"}, "is no path on the site"),
        ({"base_path": 5}, "base_path"),
        ({"title": None}, "has no title"),
        ({"title": " \u200b "}, "has no title"),
        ({"title": "x" * 501}, "title is longer than 500"),
        ({"description": "x" * 10_001}, "description is longer than 10000"),
        ({"locale": "../en"}, "is no locale"),
        ({"details": []}, "details"),
        ({"details": {"body": 7}}, r"\$.body"),
        ({"details": {"body": [{"content": "no type"}]}}, "content_type"),
        ({"details": {"body": "<p>x", "political": "yes"}}, "political"),
        ({"links": {"organisations": {"not": "a list"}}}, "links.organisations"),
        ({"first_published_at": "yesterday"}, "first_published_at"),
        ({"payload_version": "-1"}, "payload_version"),
        ({"payload_version": "99999999999999999999999"}, "payload_version"),
        ({"payload_version": "\u00b2"}, "payload_version"),
        ({"withdrawn_notice": {"explanation": 3}}, "withdrawn_notice"),
    ],
)
def test_broken_field_is_named_with_a_cure(fields: Json, cause: str) -> None:
    with pytest.raises(DocumentError, match=cause) as caught:
        parse_content_item(ANSWER | fields)
    assert ":" in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe{}", b'{"title": "\xff"}'),
        *(b"[" * 100_000, b'{"a":' * 100_000, b'{"details": 1e999}', b'{"base_path": "\\ud800"}'),
    ],
)
def test_what_is_no_payload_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentError, match="cannot be read as a content item"):
        parse_content_item(content)


def test_slug_cannot_lead_out_of_its_guide() -> None:
    parts = [{"title": "A", "slug": "a", "body": "x"}, {"title": "B", "slug": "../b", "body": "y"}]
    with pytest.raises(DocumentError, match="is no part of /a"):
        parse_content_item(ANSWER | {"schema_name": "guide", "details": {"parts": parts}})


def test_huge_page_is_refused() -> None:
    parts = [{"title": "A", "slug": "a", "body": "word " * 440_000}] * 5
    with pytest.raises(DocumentError, match="text is longer than 8 MiB"):
        parse_content_item(ANSWER | {"schema_name": "guide", "details": {"parts": parts}})


def test_lone_surrogates_cannot_reach_the_catalogue() -> None:
    payload = ANSWER | {"title": "A\ud800", "details": {"body": "<h2>\udc00</h2><p>x\ud83d</p>"}}
    document = parse_content_item(payload)
    assert isinstance(document, Document)
    assert document.title == "A\ufffd"
    assert document.digest


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    schema=st.sampled_from(sorted(READERS)),
    fields=st.dictionaries(
        st.sampled_from(["title", "locale", "links", "description", "details", "withdrawn_notice"]),
        values,
        max_size=3,
    ),
    details=st.dictionaries(
        st.sampled_from(
            ["body", "parts", "nodes", "step_by_step_nav", "phone_numbers", "attachments"]
        ),
        values,
        max_size=3,
    ),
)
def test_any_fields_are_read_or_refused(schema: str, fields: Json, details: Json) -> None:
    check(ANSWER | {"schema_name": schema, "details": details} | fields)


@pytest.mark.data
def test_real_payloads_with_any_field_spoilt_are_read_or_refused(payloads: Payloads) -> None:
    chance = random.Random(20260101)
    for name in payloads.names():
        payload = payloads.payload(name)
        for _ in range(6):
            spoilt = copy.deepcopy(payload)
            _spoil(spoilt, chance)
            check(spoilt)


@pytest.mark.data
def test_real_payloads_cut_off_anywhere_are_refused(payloads: Payloads) -> None:
    chance = random.Random(7)
    for name in payloads.names()[::4]:
        whole = json.dumps(payloads.payload(name)).encode()
        with pytest.raises(DocumentError):
            parse_content_item(whole[: chance.randrange(len(whole))])


def _spoil(node: object, chance: random.Random) -> None:
    """Replace one value somewhere in a payload with one of another kind."""
    junk: list[object] = [None, True, -1, 1.5, "", "\ud800", "<p>", [], {}, [None], {"a": None}]
    while True:
        keys: list[object]
        if isinstance(node, dict) and node:
            keys = list(node)
        elif isinstance(node, list) and node:
            keys = list(range(len(node)))
        else:
            return
        key = chance.choice(keys)
        below = node[key]  # type: ignore[index]
        if isinstance(below, dict | list) and below and chance.random() < 0.7:
            node = below
            continue
        node[key] = chance.choice(junk)  # type: ignore[index]
        return
