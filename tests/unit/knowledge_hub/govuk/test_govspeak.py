"""Govspeak, as publishing requests hold it, reads like the HTML that is served."""

from __future__ import annotations

from time import perf_counter

import pytest
from govukkit import Json, text_of
from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost_knowledge_hub.documents import Document
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.govuk import parse_content_item
from fingerpost_knowledge_hub.govuk.govspeak import html_from_govspeak
from fingerpost_knowledge_hub.markup import text_from_html


def read(govspeak: str) -> str:
    return text_from_html(html_from_govspeak(govspeak))


@pytest.mark.parametrize(
    ("govspeak", "text"),
    [
        ("^Ask your council.^", "Ask your council."),
        ("%You can be fined.%", "Warning: You can be fined."),
        ("%You can be fined.", "Warning: You can be fined."),
        ("@This is important.@", "This is important."),
        ("$!A summary. $!", "A summary."),
        ("$CTA\n[Apply](/apply)\n$CTA", "Apply"),
        ("$E\nFor example.\n\nAnd more.\n$E", "For example.\n\nAnd more."),
        ("$C\n**DVLA**  \nTelephone: 0300 1\n$C\nAfter.", "DVLA\nTelephone: 0300 1\n\nAfter."),
        ("$A\nRoom 1  \nBelfast\n$A", "Room 1\nBelfast"),
        ("$C\nNever closed  \n0300 1\n##After\nText.", "Never closed\n0300 1\n\nAfter\n\nText."),
        ("$A\nRoom 1\n$C\nCall.\n$C\nText.", "Room 1\n\nCall.\n\nText."),
        ("s1. Apply.\ns2. Wait.", "1. Apply.\n2. Wait."),
        ("##No space\r\nText.", "No space\n\nText."),
        ("## Heading {#its-id}\n\nText.", "Heading\n\nText."),
        ("*[FCDO]: Foreign Office\n\nThe FCDO.", "The FCDO."),
        ('[a page](/x){:rel="external"} here', "a page here"),
        ("{button start}[Start now](https://x.uk){/button}", "Start now"),
        (":england:\n\nText.\n\n:england:", "Text."),
        ("$LegislativeList\n* 1. First\n$EndLegislativeList", "1. First"),
        ("[Image: chart.png]\n\nText.", "Text."),
        ("x[link](http://x.uk)x", "link"),
        ("Name | Fee\n - | - \nA | £1", "| Name: A; Fee: £1"),
        ("| A | B |\n|---|---|\n| 1 | 2 |", "| A: 1; B: 2"),
        ("It's 'quoted'", "It\u2019s \u2018quoted\u2019"),
        ("Cost is $5 or 5% or 2^3", "Cost is $5 or 5% or 2^3"),
        ("<script>alert(1)</script>Text", "Text"),
    ],
)
def test_marks_of_the_dialect_are_read(govspeak: str, text: str) -> None:
    assert read(govspeak) == text


CONTACT: Json = {
    "content_id": "5e5b5bb1-a71a-4088-8ae4-23fc23aa438a",
    "document_type": "contact",
    "title": "Helpline",
    "details": {
        "title": "Helpline",
        "phone_numbers": [{"title": "Phone", "number": "0300 1"}],
        "post_addresses": [{"street_address": "1 High Street\r\nMews", "postal_code": "AB1 2CD"}],
    },
}


@pytest.mark.parametrize(
    "code",
    [
        "[Contact:5e5b5bb1-a71a-4088-8ae4-23fc23aa438a]",
        "{{embed:contact:5e5b5bb1-a71a-4088-8ae4-23fc23aa438a}}",
        "[embed:contacts:5e5b5bb1-a71a-4088-8ae4-23fc23aa438a]",
    ],
)
@pytest.mark.parametrize("links", ["embed", "contacts"])
def test_contact_that_the_payload_carries_stands_in_its_place(code: str, links: str) -> None:
    body = [{"content_type": "text/govspeak", "content": f"Call us:\n\n{code}\n\nAfter."}]
    document = parse_content_item(
        {
            "schema_name": "answer",
            "base_path": "/a",
            "title": "A",
            "details": {"body": body},
            "links": {links: [CONTACT]},
        }
    )
    assert isinstance(document, Document)
    assert text_of(document).split("\n\n") == [
        "Call us:",
        "Helpline",
        "Phone: 0300 1",
        "1 High Street\nMews\nAB1 2CD",
        "After.",
    ]


def test_code_of_what_is_not_carried_is_left_out() -> None:
    assert read("Before.\n\n[Contact:12]\n\n{{embed:content_block_pension:a/b}}After.") == (
        "Before.\n\nAfter."
    )


def test_html_is_preferred_where_both_are_given() -> None:
    body = [
        {"content_type": "text/govspeak", "content": "Govspeak."},
        {"content_type": "text/html", "content": "<p>HTML.</p>"},
    ]
    payload = {"schema_name": "answer", "base_path": "/a", "title": "A", "details": {"body": body}}
    document = parse_content_item(payload)
    assert isinstance(document, Document)
    assert text_of(document) == "HTML."


def test_govspeak_beyond_the_limit_is_refused() -> None:
    with pytest.raises(DocumentError, match="govspeak is longer than 512 KiB"):
        html_from_govspeak("x" * (2**19 + 1))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(alphabet="$CAE!^%@sx1. #{}[]():|-*<>&\n\rab", max_size=120))
def test_any_govspeak_is_read(govspeak: str) -> None:
    assert isinstance(read(govspeak), str)


@pytest.mark.parametrize(
    "unit", ["$C", "^a\n", "{:", "[Contact:", "x[", "|a", ":a", "%", "{{embed:"]
)
def test_repeated_marks_cost_no_more_than_their_length(unit: str) -> None:
    started = perf_counter()
    html_from_govspeak(unit * 2_000)
    assert perf_counter() - started < 10
