"""What the templates show of turns and pages, and that nothing hostile gets through them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fingerpost_assistant.conversations import Turn
from fingerpost_assistant.events import Citation, Outcome, SentenceEvent
from fingerpost_gateway.pages.outline import contents, shown_sections
from fingerpost_gateway.pages.rendering import web_address
from fingerpost_gateway.pages.texts import texts_in
from fingerpost_gateway.pages.views import shown_turn
from fingerpost_knowledge_hub.documents import Document, Section

SOURCES = tuple(
    Citation(id=id_, title="Vote by post", url="/guidance/vote", heading="", text="You can.")
    for id_ in ("1", "2")
)


def turn(outcome: Outcome | None = Outcome.ANSWERED, **values: object) -> Turn:
    given = {"sentences": (SentenceEvent(text="You can.", citations=("1",)),), **values}
    return Turn(
        id="t",
        conversation_id="c",
        number=1,
        question="Can I?",
        asked_at=datetime.now(UTC),
        outcome=outcome,
        citations=SOURCES,
        **given,  # type: ignore[arg-type]
    )


def test_only_cited_sources_stand_beside_an_answer() -> None:
    shown = shown_turn(turn(), texts_in("en"))
    assert [source.citation.id for source in shown.sources] == ["1"]
    assert shown.sources[0].used_by == 1


def test_sources_of_a_declined_question_are_a_suggestion() -> None:
    shown = shown_turn(turn(Outcome.NO_GUIDANCE, sentences=()), texts_in("en"))
    assert len(shown.sources) == 2
    assert not shown.cited


@pytest.mark.parametrize("outcome", [o for o in Outcome if o.value.startswith("error_")])
def test_every_failure_says_what_to_do_and_offers_to_ask_again(outcome: Outcome) -> None:
    shown = shown_turn(turn(outcome, sentences=()), texts_in("en"))
    assert shown.message
    assert shown.failed
    assert not shown.rateable


def test_nobody_in_a_crisis_is_asked_for_feedback() -> None:
    assert not shown_turn(turn(Outcome.CRISIS), texts_in("en")).rateable


def test_a_running_turn_has_no_message() -> None:
    assert shown_turn(turn(None, sentences=()), texts_in("en")).message == ""


def test_an_answer_in_another_language_says_so() -> None:
    assert shown_turn(turn(), texts_in("cy")).lang == "en"
    assert shown_turn(turn(), texts_in("en")).lang == ""


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x", ""]
)
def test_unsafe_addresses_are_no_links(url: str) -> None:
    assert web_address(url) == ""


@pytest.mark.parametrize("url", ["https://www.gov.uk/vote", "/guidance/vote?locale=cy#who"])
def test_safe_addresses_are_links(url: str) -> None:
    assert web_address(url) == url


def test_headings_around_a_section_are_shown_once() -> None:
    document = Document(
        path="/vote",
        locale="en",
        title="Vote",
        url="/guidance/vote",
        collection="guidance",
        sections=(
            Section(heading_path=(), text="Intro."),
            Section(heading_path=("By post",), text="A.", anchor="by-post"),
            Section(heading_path=("By proxy", "Who"), text="B.", anchor="who"),
            Section(heading_path=("By proxy", "When"), text="C.", anchor="when"),
        ),
    )
    headings = [
        [(heading.level, heading.text) for heading in section.headings]
        for section in shown_sections(document)
    ]
    assert headings == [[], [(2, "By post")], [(2, "By proxy"), (3, "Who")], [(3, "When")]]
    assert [heading.anchor for heading in contents(shown_sections(document))] == ["by-post"]
