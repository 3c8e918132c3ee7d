"""Which nations a page applies to, from its fields and from its wording."""

from __future__ import annotations

import pytest
from govukkit import Json, Payloads, text_of

from fingerpost_knowledge_hub.documents import NATIONS, Document
from fingerpost_knowledge_hub.govuk import parse_content_item

GB = ("england", "scotland", "wales")


def transaction(need_to_know: str, **details: object) -> Document:
    payload: Json = {
        "schema_name": "local_transaction",
        "base_path": "/a",
        "title": "A",
        "details": {"introduction": "<p>Text.</p>", "need_to_know": need_to_know, **details},
    }
    parsed = parse_content_item(payload)
    assert isinstance(parsed, Document)
    return parsed


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "nations"),
    [
        ("publication/frontend/best-practice-form-2.json", GB),
        ("publication/frontend/best-practice-guidance.json", GB),
        ("publication/frontend/best-practice-policy-paper.json", ("england", "wales")),
        ("publication/frontend/statistics_publication.json", ("england",)),
        ("publication/frontend/best-practice-research.json", ("england",)),
        ("publication/frontend/tagged_to_two_coronavirus_taxons.json", ("england",)),
        ("publication/frontend/best-practice-form.json", NATIONS),
        (
            "html_publication/frontend/national_applicability_alternative_url_html_publication.json",
            GB,
        ),
        ("html_publication/frontend/withdrawn.json", ("england",)),
        ("transaction/frontend/apply-marine-licence.json", ("england",)),
        ("transaction/frontend/apply-blue-badge.json", NATIONS),
        ("local_transaction/frontend/local_transaction.json", ("england", "wales")),
        (
            "local_transaction/frontend/local_transaction_with_devolved_administration_availability.json",
            ("england",),
        ),
        ("guide/frontend/guide-with-step-navs.json", NATIONS),
    ],
)
def test_nations_of_real_payloads(payloads: Payloads, name: str, nations: tuple[str, ...]) -> None:
    assert payloads.document(name).nations == nations


@pytest.mark.data
def test_page_says_where_it_applies_and_where_other_nations_look(payloads: Payloads) -> None:
    document = payloads.document("publication/frontend/best-practice-policy-paper.json")
    assert text_of(document).split("\n\n")[:2] == [
        "Applies to: England, Wales",
        "Northern Ireland: https://www.charitycommissionni.org.uk/\n"
        "Scotland: http://www.oscr.org.uk/",
    ]


@pytest.mark.parametrize(
    ("wording", "nations"),
    [
        ("Available in England only", ("england",)),
        ("Available in England, Scotland and Wales only.", GB),
        ("Only available in Scotland", ("scotland",)),
        ("Available in Great Britain only", GB),
        ("Not available in Northern Ireland", GB),
        ("Not available in Scotland or Wales", ("england", "northern-ireland")),
        ("Unavailable in Wales", ("england", "scotland", "northern-ireland")),
        ("Available in England", NATIONS),
        ("Available in English and Welsh only", NATIONS),
        ("Available in the UK only", NATIONS),
        ("Not available in August", NATIONS),
        ("You must be 18 and live in Wales", NATIONS),
    ],
)
def test_wording_of_a_service_counts(wording: str, nations: tuple[str, ...]) -> None:
    document = transaction(f"<ul><li>Bring your form</li><li>{wording}</li></ul>")
    assert document.nations == nations


def test_lines_that_leave_no_nation_are_not_believed() -> None:
    html = "<ul><li>Available in England only</li><li>Not available in England</li></ul>"
    assert transaction(html).nations == NATIONS


def test_fields_and_wording_add_up() -> None:
    document = transaction(
        "<ul><li>Not available in Wales</li></ul>", scotland_availability={"type": "unavailable"}
    )
    assert document.nations == ("england", "northern-ireland")


def test_applicability_is_told_in_the_language_of_the_page() -> None:
    payload: Json = {
        "schema_name": "detailed_guide",
        "base_path": "/a.cy",
        "locale": "cy",
        "title": "A",
        "details": {
            "body": "<p>Testun.</p>",
            "national_applicability": {
                "england": {"applicable": False, "alternative_url": "https://x.uk/e"},
                "wales": {"applicable": True},
            },
        },
    }
    document = parse_content_item(payload)
    assert isinstance(document, Document)
    assert text_of(document) == (
        "Yn berthnasol i: Yr Alban, Cymru, Gogledd Iwerddon\n\nLloegr: https://x.uk/e\n\nTestun."
    )
