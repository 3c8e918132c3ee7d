"""What the real payloads of each schema become."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from govukkit import Payloads, text_of

from fingerpost_knowledge_hub.documents import NATIONS, Status

pytestmark = pytest.mark.data


def test_answer(payloads: Payloads) -> None:
    document = payloads.document("answer/frontend/answer-english-hmrc.json")
    assert document.path == "/contact-hmrc"
    assert document.url == "https://www.gov.uk/contact-hmrc"
    assert (document.locale, document.schema, document.collection) == ("en", "answer", "guidance")
    assert (document.status, document.nations, document.version) == (Status.LIVE, NATIONS, 0)
    assert document.publisher == "HM Revenue & Customs"
    assert document.updated_at == datetime(2024, 11, 12, 14, 0, 46, tzinfo=UTC)


def test_answer_in_welsh_keeps_its_steps_and_locale(payloads: Payloads) -> None:
    document = payloads.document("answer/frontend/answer.json")
    assert document.locale == "cy"
    steps = text_of(document, "Cofrestru ar gyfer y gwasanaeth")
    assert "1. Ewch i wasanaethau ar-lein CThEM a chlicio" in steps
    assert "3. Byddwch yn cael ID Defnyddiwr" in steps


def test_guide_has_its_parts_with_their_addresses(payloads: Payloads) -> None:
    document = payloads.document("guide/frontend/guide-with-step-navs.json")
    places = {one.heading_path[0]: one.url for one in document.sections}
    base = "https://www.gov.uk/national-curriculum"
    assert places == {
        "Overview": "",
        "Key stage 1 and 2": f"{base}/key-stage-1-and-2",
        "Key stage 3 and 4": f"{base}/key-stage-3-and-4",
        "Other compulsory subjects": f"{base}/other-compulsory-subjects",
    }


def test_guide_keeps_its_table_row_by_row(payloads: Payloads) -> None:
    document = payloads.document("guide/frontend/guide-with-step-navs.json")
    table = text_of(document, "Overview", "Key stages").split("\n")
    assert "| Age: 3 to 4; Key stage: Early years" in table
    assert (
        "| Age: 5 to 6; Year: Year 1; Key stage: KS1; Assessment: Phonics screening check" in table
    )


def test_guide_anchors_its_headings(payloads: Payloads) -> None:
    document = payloads.document("guide/frontend/guide-with-step-navs.json")
    anchors = {one.heading_path: one.anchor for one in document.sections}
    assert anchors["Other compulsory subjects", "Religious education"] == "religious-education"


def test_transaction_says_where_it_starts_and_whom_to_ask(payloads: Payloads) -> None:
    document = payloads.document("transaction/frontend/apply-blue-badge.json")
    start = "Start now on the Blue Badge eligibility tool: https://bluebadge.direct.gov.uk/directgovapply.html"
    assert start in text_of(document)
    assert "- your National Insurance number\n- proof of identification" in text_of(document)
    assert text_of(document, "Questions").split("\n\n")[1] == (
        "Blue Badge initial enquiry support service\nbluebadge@northgateps.com\n"
        "Telephone (England): 0343 100 1000\nTelephone (Scotland): 0343 100 1001\n"
        "Telephone (Wales): 0343 100 1002\nFind out about call charges"
    )


def test_transaction_warns_when_it_is_down(payloads: Payloads) -> None:
    document = payloads.document("transaction/frontend/apply-marine-licence.json")
    down = "Warning: This service will be unavailable from 1pm to 8pm on Thursday 16 March."
    assert text_of(document).startswith(down)


def test_transaction_has_its_variants(payloads: Payloads) -> None:
    document = payloads.document("transaction/frontend/transaction-with-variants.json")
    (variant,) = [one for one in document.sections if one.heading_path]
    assert variant.heading_path == ("Check your Council Tax band (staging)",)
    assert variant.url == "https://www.gov.uk/council-tax-bands-2/council-tax-bands-2-staging"
    assert "http://cti-staging.voa.gov.uk/cti/inits.asp" in variant.text


def test_licence_keeps_contact_and_address_as_blocks(payloads: Payloads) -> None:
    document = payloads.document("licence/frontend/licence_with_continuation_link.json")
    blocks = text_of(document, "How to apply").split("\n\n")
    assert (
        "Department for Agriculture and Rural Development\n0300 200 7852\nFind out about call charges"
        in blocks
    )
    assert (
        "Agri-food Inspection Branch\nRoom 1019\nDundonald House\nUpper Newtownards Road\n"
        "Belfast\nBT4 3SB" in blocks
    )


def test_local_transaction_sends_other_nations_to_their_own_service(payloads: Payloads) -> None:
    document = payloads.document(
        "local_transaction/frontend/local_transaction_with_devolved_administration_availability.json"
    )
    assert text_of(document).startswith(
        "Scotland: https://www.gov.scot/stray-dog\n"
        "Northern Ireland: https://www.nidirect.gov.uk/stray-dog\n\n"
    )
    assert text_of(document, "What you need to know") == "- Available in England and Wales only"


def test_detailed_guide_keeps_its_tables(payloads: Payloads) -> None:
    document = payloads.document("detailed_guide/frontend/detailed_guide.json")
    rows = [line for one in document.sections for line in one.text.split("\n") if line[:2] == "| "]
    assert rows[0] == (
        "| Salary: £350 per week; Salary sacrificed: £50 of that salary; Non cash benefit received: "
        "Childcare voucher to the same value; Consequence: Only £300 is subject to tax and NICs, "
        "childcare vouchers are exempt from both tax and Class 1 NICs up to a limit of £55 per week"
    )


def test_publication_keeps_its_contact(payloads: Payloads) -> None:
    document = payloads.document("publication/frontend/best-practice-form-2.json")
    contact = text_of(document).split("\n\n")[-1].split("\n")
    assert contact[0] == "DVSA compulsory basic training"
    assert "NG1 6LP" in contact
    assert "Email cbt@dvsa.gov.uk" in contact
    assert "Phone 0115 936 6547" in contact


def test_publication_names_its_documents(payloads: Payloads) -> None:
    document = payloads.document("publication/frontend/publication-with-featured-attachments.json")
    assert (
        text_of(document, "Documents")
        == "- Number of ex-regular service personnel now part of FR20"
    )


def test_html_publication_reads_fractions_and_numbers_out(payloads: Payloads) -> None:
    document = payloads.document("html_publication/frontend/fractions_and_unnumbered_headings.json")
    text = "\n".join(one.text for one in document.sections)
    assert "recognise, find, name and write fractions 1/3 , 1/4 , 2/4 and 3/4" in text


def test_manual_lists_its_sections(payloads: Payloads) -> None:
    document = payloads.document("manual/frontend/content-design.json")
    listed = "- User needs: How to write and record a user need for GOV.UK."
    assert listed in text_of(document, "Contents").split("\n")


def test_hmrc_manual_and_section_list_what_they_hold(payloads: Payloads) -> None:
    manual = payloads.document("hmrc_manual/frontend/vat-government-public-bodies.json")
    assert "- VATGPB1000 Introduction: contents" in text_of(manual, "Contents")
    assert "update index" in text_of(manual, "Historic updates")
    section = payloads.document("hmrc_manual_section/frontend/vatgpb2000.json")
    assert "- VATGPB2600 Introduction: HMRC contacts" in text_of(section, "Contents")


def test_travel_advice_has_its_parts_and_latest_update(payloads: Payloads) -> None:
    document = payloads.document("travel_advice/frontend/full-country.json")
    assert text_of(document).startswith("Latest update: Summary")
    urls = {one.heading_path[:1]: one.url for one in document.sections}
    base = "https://www.gov.uk/foreign-travel-advice/albania"
    assert (urls["Summary",], urls["Safety and security",]) == ("", f"{base}/safety-and-security")


def test_travel_advice_without_parts_still_says_what_changed(payloads: Payloads) -> None:
    document = payloads.document("travel_advice/frontend/no-parts.json")
    assert text_of(document) == "Latest update: Info about the cold."


def test_step_by_step_numbers_its_steps(payloads: Payloads) -> None:
    document = payloads.document("step_by_step_nav/frontend/step_by_step_nav.json")
    assert [one.heading_path for one in document.sections] == [
        (),
        ("1. Get support and advice",),
        ("2. Check if you can get divorced",),
        ("3. Make arrangements for your children, money and property",),
    ]
    assert "- Find a counsellor (£35 to £60 per session)" in document.sections[1].text


def test_simple_smart_answer_has_its_questions_and_outcomes(payloads: Payloads) -> None:
    document = payloads.document("simple_smart_answer/frontend/simple-smart-answer.json")
    too_young = "You can\u2019t become an approved driving instructor (ADI) until you're 21"
    assert text_of(document, "How old are you?").split("\n") == [
        "- 21 or over: Have you had a full car driving licence for at least 3 years?",
        f"- 20 or under: {too_young}",
    ]
    assert "\n\nWarning: It" in text_of(document, too_young)


def test_help_page_keeps_its_tables(payloads: Payloads) -> None:
    document = payloads.document("help_page/frontend/help_page.json")
    table = text_of(document, "How cookies are used on GOV.UK", "Our introductory message")
    assert table.split("\n")[-1] == (
        "| Name: seen_cookie_message; Purpose: Saves a message to let us know that you\u2019ve seen "
        "our cookie message; Expires: 1 month"
    )


def test_contact_page_has_every_way_to_get_in_touch(payloads: Payloads) -> None:
    document = payloads.document("contact/frontend/contact_with_webchat.json")
    phone = text_of(document, "Phone")
    assert phone.startswith(
        "Taxes Helpline\nTelephone: 0300 200 3300\nTextphone: 0300 200 3319\n"
        "Outside the UK: +44 135 535 9022\n\n"
    )
    assert "Opening times:\n\n8am to 8pm, Monday to Friday\n8am to 4pm Saturday" in phone
    assert "Get help dealing with HMRC if you have additional needs." in phone
    assert text_of(document, "Post").startswith(
        "Pay As You Earn and Self Assessment\nHM Revenue and Customs\nBX9 1AS\nUnited Kingdom\n\n"
    )
    assert (
        "Tell HMRC you've changed name or address\nhttps://www.gov.uk/tell-hmrc-change-of-details"
        in text_of(document, "Online")
    )


def test_contact_page_has_mail_addresses(payloads: Payloads) -> None:
    document = payloads.document("contact/frontend/contact_with_welsh.json")
    assert "\ngwasanaeth.cymraeg@hmrc.gsi.gov.uk\n\n" in text_of(document, "Email")


def test_office_abroad_has_the_contact_that_its_links_carry(payloads: Payloads) -> None:
    document = payloads.document("worldwide_office/frontend/worldwide_office.json")
    assert "Fax: +63 (02) 8 858 2342" in text_of(document, "Consular section", "Phone")
    assert "Taguig City\nManila\n1634" in text_of(document, "Consular section", "Post")


def test_document_collection_keeps_what_it_says_of_its_groups(payloads: Payloads) -> None:
    document = payloads.document(
        "document_collection/frontend/best-practice-document-collection.json"
    )
    assert "syllabus sets out a way of teaching" in text_of(document, "Car and light van")


def test_specialist_document_keeps_its_sections(payloads: Payloads) -> None:
    document = payloads.document("specialist_document/frontend/drug-device-alerts.json")
    assert document.collection == "guidance"
    assert len(document.sections) > 10


def test_consultation_says_when_it_was_open_and_what_came_of_it(payloads: Payloads) -> None:
    document = payloads.document("consultation/frontend/consultation_outcome.json")
    assert document.collection == "publications"
    assert text_of(document).startswith("Opens: 20 April 2016\n\nCloses: 13 July 2016\n\n")
    assert text_of(document, "Outcome").endswith(
        "Employee Share Schemes: NIC elections - consulation response\nPDF, 258KB, 7 pages"
    )


def test_call_for_evidence_says_how_to_respond(payloads: Payloads) -> None:
    document = payloads.document(
        "call_for_evidence/frontend/open_call_for_evidence_with_participation.json"
    )
    ways = text_of(document, "Ways to respond")
    assert "po.call-for-evidence@ukgi.gov.uk" in ways
    assert ways.endswith("1 Victoria Street\nLondon\nSW1H 0ET")


def test_service_manual_guide_and_standard(payloads: Payloads) -> None:
    guide = payloads.document("service_manual_guide/frontend/point_page.json")
    assert text_of(guide, "Why it's in the standard").startswith("You need to know the people")
    standard = payloads.document(
        "service_manual_service_standard/frontend/service_manual_service_standard.json"
    )
    assert text_of(standard).startswith("All public facing transactional services must meet")


@pytest.mark.parametrize(
    ("name", "collection"),
    [
        ("publication/frontend/best-practice-guidance.json", "guidance"),
        ("publication/frontend/best-practice-form.json", "guidance"),
        ("publication/frontend/publication.json", "guidance"),
        ("publication/frontend/best-practice-policy-paper.json", "publications"),
        ("publication/frontend/statistics_publication.json", "publications"),
        ("html_publication/frontend/best-practice-command-paper.json", "publications"),
        ("html_publication/frontend/fractions_and_unnumbered_headings.json", "guidance"),
        ("specialist_document/frontend/cma-cases-with-change-history.json", "publications"),
    ],
)
def test_citizens_guidance_is_kept_apart_from_other_publications(
    payloads: Payloads, name: str, collection: str
) -> None:
    assert payloads.document(name).collection == collection


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("answer", "answer"),
        ("step_by_step_nav", "step_by_step_nav"),
        ("service_manual_guide", "point_page"),
    ],
)
def test_publishing_request_reads_like_the_page_that_is_served(
    payloads: Payloads, schema: str, name: str
) -> None:
    requested = payloads.document(f"{schema}/publisher_v2/{name}.json")
    served = payloads.document(f"{schema}/frontend/{name}.json")
    texts = [
        [(one.heading_path, one.text) for one in page.sections] for page in (requested, served)
    ]
    assert texts[0] == texts[1]
