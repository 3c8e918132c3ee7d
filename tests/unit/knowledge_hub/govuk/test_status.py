"""Withdrawn, historic, limited and draft pages are told apart from live ones."""

from __future__ import annotations

import pytest
from govukkit import Json, Payloads

from fingerpost_knowledge_hub.documents import Document, Status
from fingerpost_knowledge_hub.govuk import parse_content_item

WITHDRAWN_AT = "2026-02-01T10:00:00Z"


def answer(**fields: object) -> Document:
    payload: Json = {
        "schema_name": "answer",
        "base_path": "/a",
        "title": "A",
        "details": {"body": "<p>Text.</p>"},
    }
    parsed = parse_content_item(payload | fields)
    assert isinstance(parsed, Document)
    return parsed


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "status", "notice"),
    [
        (
            "detailed_guide/frontend/withdrawn_detailed_guide.json",
            Status.WITHDRAWN,
            "Withdrawn on 2015-01-28. This information has been archived as it is now out of date. "
            "For current information please go to http://www.hse.gov.uk/reach/",
        ),
        (
            "publication/frontend/withdrawn_publication.json",
            Status.WITHDRAWN,
            "Withdrawn on 2015-01-13. This information is now out of date. For our current guidance "
            "please read guidance for keepers of sheep, goats and pigs.",
        ),
        (
            "html_publication/frontend/withdrawn.json",
            Status.WITHDRAWN,
            "Withdrawn on 2019-11-19. This content has been withdrawn as it is out of date.",
        ),
        (
            "html_publication/frontend/published_with_history_mode.json",
            Status.HISTORIC,
            "This was published under the 2010 to 2015 Conservative and Liberal Democrat coalition "
            "government.",
        ),
        (
            "publication/frontend/political_publication.json",
            Status.HISTORIC,
            "This was published under the 2010 to 2015 Conservative and Liberal Democrat coalition "
            "government.",
        ),
        ("consultation/frontend/open_consultation.json", Status.LIVE, ""),
        ("guide/frontend/guide-with-step-navs.json", Status.LIVE, ""),
    ],
)
def test_status_and_notice_of_real_payloads(
    payloads: Payloads, name: str, status: Status, notice: str
) -> None:
    document = payloads.document(name)
    assert (document.status, document.notice) == (status, notice)
    assert document.sections, "the record keeps the text"


@pytest.mark.data
def test_every_schema_can_be_withdrawn(payloads: Payloads) -> None:
    withdrawn = {"withdrawn_notice": {"explanation": "<p>Old.</p>", "withdrawn_at": WITHDRAWN_AT}}
    schemas = set()
    for name in payloads.names():
        parsed = parse_content_item(payloads.payload(name) | withdrawn)
        if isinstance(parsed, Document):
            assert (parsed.status, parsed.notice) == (
                Status.WITHDRAWN,
                "Withdrawn on 2026-02-01. Old.",
            )
            schemas.add(parsed.schema)
    assert len(schemas) >= 20


@pytest.mark.parametrize("notice", [None, {}, {"explanation": "", "withdrawn_at": None}])
def test_empty_notice_withdraws_nothing(notice: object) -> None:
    assert answer(withdrawn_notice=notice).status is Status.LIVE


@pytest.mark.parametrize(
    ("limits", "notice"),
    [
        ({"users": ["a", "b"], "organisations": []}, "Access is limited to 2 users."),
        ({"auth_bypass_ids": ["x"]}, "Access is limited to 1 auth_bypass_ids."),
        ({"reason": "unknown shape"}, "Access is limited."),
        (True, "Access is limited."),
    ],
)
def test_page_with_limited_access_is_internal(limits: object, notice: str) -> None:
    document = answer(access_limited=limits)
    assert (document.status, document.notice) == (Status.INTERNAL, notice)


@pytest.mark.parametrize("limits", [None, {}, False])
def test_no_limits_leave_a_page_open(limits: object) -> None:
    assert answer(access_limited=limits).status is Status.LIVE


@pytest.mark.parametrize("field", [{"publication_state": "draft"}, {"content_store": "draft"}])
def test_draft_is_a_draft(field: Json) -> None:
    assert answer(**field).status is Status.DRAFT


def test_limits_count_more_than_withdrawal_and_that_more_than_history() -> None:
    notice = {"explanation": "Old.", "withdrawn_at": WITHDRAWN_AT}
    political = {
        "body": "x",
        "political": True,
        "government": {"title": "1997 government", "current": False},
    }
    limited = answer(access_limited=True, withdrawn_notice=notice, details=political)
    withdrawn = answer(withdrawn_notice=notice, details=political)
    assert [one.status for one in (limited, withdrawn, answer(details=political))] == [
        Status.INTERNAL,
        Status.WITHDRAWN,
        Status.HISTORIC,
    ]


def test_political_page_without_a_known_government_is_live() -> None:
    assert answer(details={"body": "x", "political": True}).status is Status.LIVE


def test_page_of_a_past_government_that_is_not_political_is_live() -> None:
    details = {"body": "x", "political": False, "government": {"current": False}}
    assert answer(details=details).status is Status.LIVE
