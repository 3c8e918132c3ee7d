"""Which content schemas are guidance, who reads each, and why the others are passed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from fingerpost_knowledge_hub.govuk.content_item import ContentItem
from fingerpost_knowledge_hub.govuk.guides import guide, travel_advice
from fingerpost_knowledge_hub.govuk.journeys import simple_smart_answer, step_by_step
from fingerpost_knowledge_hub.govuk.manuals import manual
from fingerpost_knowledge_hub.govuk.pieces import Piece
from fingerpost_knowledge_hub.govuk.plain_pages import body_page, contact_page, office_page
from fingerpost_knowledge_hub.govuk.publications import (
    consultation,
    document_collection,
    publication,
)
from fingerpost_knowledge_hub.govuk.services import licence, local_transaction, transaction

GUIDANCE = "guidance"
PUBLICATIONS = "publications"
"""Collection of policy papers, research, statistics, decisions and consultations."""

Reader = Callable[[ContentItem], Iterator[Piece]]

READERS: dict[str, Reader] = {
    "answer": body_page,
    "call_for_evidence": consultation,
    "consultation": consultation,
    "contact": contact_page,
    "detailed_guide": body_page,
    "document_collection": document_collection,
    "guide": guide,
    "help_page": body_page,
    "hmrc_manual": manual,
    "hmrc_manual_section": manual,
    "html_publication": body_page,
    "licence": licence,
    "local_transaction": local_transaction,
    "manual": manual,
    "manual_section": manual,
    "place": local_transaction,
    "publication": publication,
    "service_manual_guide": body_page,
    "service_manual_service_standard": body_page,
    "simple_smart_answer": simple_smart_answer,
    "specialist_document": body_page,
    "step_by_step_nav": step_by_step,
    "take_part": body_page,
    "transaction": transaction,
    "travel_advice": travel_advice,
    "worldwide_office": office_page,
}
"""The reader of every schema that helps someone to do or to understand something."""

NO_LONGER_PAGES = frozenset({"gone", "redirect", "vanish"})
"""Schemas that say that there is no page at a path any more."""

_NOT_GUIDANCE = frozenset(
    """
    ab_test calendar calendars case_study coming_soon completed_transaction content_block
    coronavirus_landing_page corporate_information_page email_alert_signup embassies_index
    external_content facet fatality_notice field_of_operation fields_of_operation finder
    finder_email_signup flexible_page generic generic_with_external_related_links get_involved
    government historic_appointment historic_appointments history homepage how_government_works
    knowledge_alpha landing_page link_collection mainstream_browse_page mini_site ministers_index
    navigation need news_article old_calendar organisation organisations_homepage person
    placeholder plan_for_change_landing_page policy role role_appointment service_manual_homepage
    service_manual_service_toolkit service_manual_topic service_sign_in smart_answer special_route
    specialist_document_index speech statistical_data_set statistics_announcement taxon topic
    topical_event topical_event_about_page travel_advice_index working_group world_index
    world_location world_location_news worldwide_corporate_information_page worldwide_organisation
    """.split()  # noqa: SIM905 (a literal would put every name on a line of its own)
)
"""The other content schemas: navigation, organisations, news and what is for publishing only."""

_GUIDANCE_TYPES = frozenset(
    {"form", "guidance", "map", "notice", "promotional", "regulation", "standard"}
    | {"statutory_guidance"}
)
"""Types of publication that GOV.UK's supertypes count as services or as guidance and regulation
(https://github.com/alphagov/govuk_document_types), less treaties, which bind states."""

_REPORT_TYPES = frozenset(
    {"aaib_report", "maib_report", "raib_report", "cma_case", "service_standard_report"}
    | {"asylum_support_decision", "employment_appeal_tribunal_decision", "utaac_decision"}
    | {"employment_tribunal_decision", "residential_property_tribunal_decision"}
    | {"tax_tribunal_decision", "trademark_decision", "traffic_commissioner_regulatory_decision"}
    | {"ai_assurance_portfolio_technique", "algorithmic_transparency_record"}
    | {"dfid_research_output", "research_for_development_output", "statutory_instrument"}
)
"""Types of specialist document that report or decide instead of guiding."""


def reason_to_skip(item: ContentItem) -> str | None:
    """Why a payload is no guidance, as a stable code; None for guidance."""
    schema = item.schema_name
    if schema in READERS:
        return None
    if schema in NO_LONGER_PAGES:
        return "gone" if schema == "vanish" else schema
    if schema in _NOT_GUIDANCE or (schema or "").startswith("content_block_"):
        return f"not_guidance:{schema}"
    if schema is None and item.details is None and item.links is not None:
        return "links_only"
    name = re.sub(r"[^a-z0-9_]+", "_", (schema or "none").lower())[:60]
    return f"unknown_schema:{name}"


def collection_of(item: ContentItem) -> str:
    """Citizens' guidance, or what is published for other ends."""
    kind = item.document_type or ""
    if item.schema_name == "html_publication":
        # It has its parent's purpose, which its own type does not tell.
        kind = next((link.document_type or "" for link in item.linked("parent")), "guidance")
    if item.schema_name in ("publication", "html_publication"):
        return GUIDANCE if kind in _GUIDANCE_TYPES else PUBLICATIONS
    if item.schema_name in ("consultation", "call_for_evidence") or kind in _REPORT_TYPES:
        return PUBLICATIONS
    return GUIDANCE
