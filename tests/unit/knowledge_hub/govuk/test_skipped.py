"""No real payload fails, and what is no guidance says why."""

from __future__ import annotations

import re

import pytest
from govukkit import Payloads

from fingerpost_knowledge_hub.govuk import parse_content_item

SKIPPED_SCHEMAS = {
    *("case_study", "completed_transaction", "content_block", "corporate_information_page"),
    *("email_alert_signup", "external_content", "field_of_operation", "fields_of_operation"),
    *("finder_email_signup", "generic", "history", "homepage", "landing_page"),
    *("mainstream_browse_page", "ministers_index", "news_article", "organisation"),
    *("organisations_homepage", "service_manual_homepage", "service_manual_service_toolkit"),
    *("service_manual_topic", "special_route", "speech", "statistical_data_set"),
    *("statistics_announcement", "taxon", "topical_event", "topical_event_about_page"),
    *("travel_advice_index", "working_group"),
}


@pytest.mark.data
def test_every_payload_is_a_document_or_is_skipped_with_its_reason(payloads: Payloads) -> None:
    reasons = {name: parse_content_item(payloads.payload(name)) for name in payloads.names()}
    assert len(reasons) == 168
    skipped = {name: reason for name, reason in reasons.items() if isinstance(reason, str)}
    for name, reason in skipped.items():
        schema = name.partition("/")[0]
        if name.endswith("_links.json"):
            assert reason == "links_only"
        elif schema in ("gone", "redirect"):
            assert reason == schema
        elif schema in SKIPPED_SCHEMAS:
            assert reason == f"not_guidance:{schema}"
        else:
            assert reason == f"no_text:{schema}", name
    assert len(reasons) - len(skipped) == 81


@pytest.mark.data
def test_pages_without_any_text_are_the_two_that_have_none(payloads: Payloads) -> None:
    empty = [
        name
        for name in payloads.names()
        if str(parse_content_item(payloads.payload(name))).startswith("no_text:")
    ]
    assert empty == [
        "document_collection/frontend/document_collection_with_withdrawn_links_documents.json",
        "guide/frontend/no-part-guide.json",
    ]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ({"schema_name": "gone"}, "gone"),
        ({"schema_name": "vanish"}, "gone"),
        ({"schema_name": "redirect", "base_path": None}, "redirect"),
        ({"schema_name": "content_block_pension"}, "not_guidance:content_block_pension"),
        ({"schema_name": "Flying <b>Saucer</b>"}, "unknown_schema:flying_b_saucer_b_"),
        ({"schema_name": "x" * 1000}, f"unknown_schema:{'x' * 60}"),
        ({"links": {"parent": []}}, "links_only"),
        ({}, "unknown_schema:none"),
    ],
)
def test_reason_is_a_stable_code(payload: dict[str, object], reason: str) -> None:
    assert parse_content_item(payload) == reason
    assert re.fullmatch(r"[a-z_]+(:[a-z0-9_]+)?", reason)
