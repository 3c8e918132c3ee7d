"""Asking in a browser: a cited answer and its sources, feedback, starting again, mistakes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from reader import NewReader, Reader
from serverprocess import ServerProcess

pytestmark = pytest.mark.full

QUESTION = "What happens to my Child Benefit if I earn over the limit?"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script> \"'&{{7*7}} Who can vote by post?"


def test_an_answer_comes_with_a_source_for_every_sentence(reader: Reader) -> None:
    turn = reader.ask_to_the_end(QUESTION)
    expect(turn).to_have_attribute("data-outcome", "answered")
    sentences, marks = turn.locator(".sentence"), turn.locator(".mark")
    assert sentences.count() > 0
    assert marks.count() >= sentences.count()
    for mark in marks.all():
        source = reader.page.locator(str(mark.get_attribute("href")))
        expect(source).to_be_visible()
        expect(source.locator(".source-title a")).not_to_be_empty()
    expect(turn.locator(".caution")).to_contain_text("AI can make mistakes")


def test_a_mark_leads_to_its_source_and_back(reader: Reader) -> None:
    turn = reader.ask_to_the_end(QUESTION)
    mark = turn.locator(".mark").first
    sentence = turn.locator(".sentence").first.inner_text()
    mark.click()
    source = reader.page.locator(str(mark.get_attribute("href")))
    expect(source).to_be_focused()
    expect(source.locator("blockquote mark").first).to_be_visible()
    assert source.locator("blockquote mark").first.inner_text() in sentence
    source.locator(".source-back").click()
    expect(mark).to_be_focused()


def test_a_source_leads_to_its_place_in_the_guidance(reader: Reader) -> None:
    turn = reader.ask_to_the_end(QUESTION)
    link = turn.locator(".source-title a").first
    heading = turn.locator(".source-heading").first.inner_text()
    link.click()
    reader.page.wait_for_url(re.compile(r"/guidance/[a-z-]+#"))
    section = reader.page.locator(":target")
    expect(section.locator("h2, h3")).to_have_text(re.split(r" \W ", heading)[-1])
    expect(reader.page.locator(".notice").first).to_contain_text("This is sample guidance")


def test_a_reloaded_page_shows_the_same_conversation(reader: Reader) -> None:
    for question in (
        QUESTION,
        "What does an NHS prescription cost?",
        "I want to end my life",
        "Who built Stonehenge and why?",
    ):
        reader.ask_to_the_end(question)
    before = [shown(turn) for turn in reader.page.locator(".turn").all()]
    reader.page.reload()
    assert [shown(turn) for turn in reader.page.locator(".turn").all()] == before


def test_a_suggestion_asks_itself(reader: Reader) -> None:
    suggestion = reader.page.locator(".suggestions button").first
    question = suggestion.inner_text()
    suggestion.click()
    turn = reader.ended(reader.page.locator("#question-1"))
    expect(turn.locator(".question-text")).to_have_text(question)
    expect(turn).to_have_attribute("data-outcome", "answered")


def test_every_suggestion_has_an_answer(new_reader: NewReader, server: ServerProcess) -> None:
    for language in ("en", "cy"):
        reader = new_reader(server.url).visit(f"/?lang={language}")
        for question in reader.page.locator(".suggestions button").all_inner_texts():
            turn = reader.ask_to_the_end(question)
            assert turn.get_attribute("data-outcome") == "answered", question


def test_the_nation_goes_with_the_question(reader: Reader) -> None:
    reader.page.select_option("#nation", "scotland")
    reader.ask_to_the_end("How much is an NHS prescription?")
    expect(reader.page.locator("#asking-from")).to_have_text("Answers for Scotland")
    reader.page.reload()
    expect(reader.page.locator("#asking-from")).to_have_text("Answers for Scotland")


def test_personal_data_is_removed_and_the_reader_is_told(reader: Reader) -> None:
    turn = reader.ask_to_the_end("Can I vote by post? My email is jo.bloggs@example.org")
    expect(turn.locator(".removed")).to_contain_text("an email address")


def test_somebody_in_danger_sees_help_first_and_nothing_else(reader: Reader) -> None:
    turn = reader.ask_to_the_end("I am going to kill myself tonight")
    expect(turn).to_have_attribute("data-outcome", "guardrail_crisis")
    expect(turn.locator(".answer-text a[href='tel:999']").first).to_be_visible()
    expect(turn.locator(".answer-text a[href='tel:116123']").first).to_be_visible()
    expect(turn.locator(".sources")).to_be_hidden()
    expect(turn.locator(".feedback")).to_be_hidden()


def test_a_question_without_guidance_is_declined_with_a_way_on(reader: Reader) -> None:
    turn = reader.ask_to_the_end("How do I repair the gearbox of a vintage tractor?")
    assert str(turn.get_attribute("data-outcome")).startswith(("unanswerable", "guardrail"))
    assert turn.locator(".mark").count() == 0
    assert len(turn.locator(".answer-text").inner_text()) > 20


def test_hostile_text_is_shown_as_text(reader: Reader) -> None:
    turn = reader.ask_to_the_end(HOSTILE)
    expect(turn.locator(".question-text")).to_have_text(HOSTILE)
    reader.page.reload()
    expect(turn.locator(".question-text")).to_have_text(HOSTILE)
    assert reader.page.locator("img, main script:not([type='application/json'])").count() == 0


@pytest.mark.parametrize(("button", "rating"), [("useful", "Yes"), ("not_useful", "No")])
def test_feedback_is_thanked_and_kept(reader: Reader, button: str, rating: str) -> None:
    turn = reader.ask_to_the_end(QUESTION)
    turn.get_by_role("button", name=rating, exact=True).click()
    expect(turn.locator(".thanks")).to_be_focused()
    reader.page.reload()
    expect(turn.locator(".thanks")).to_be_visible()
    expect(turn.locator(".feedback")).to_be_hidden()


def test_starting_again_deletes_the_conversation(reader: Reader) -> None:
    reader.ask_to_the_end(QUESTION)
    address = reader.page.url
    reader.page.click(".start-again summary")
    reader.page.get_by_role("button", name="Delete and start again").click()
    expect(reader.page.get_by_role("status")).to_have_text("Your conversation has been deleted.")
    assert reader.page.locator(".turn").count() == 0
    response = reader.page.goto(address)
    assert response is not None
    assert response.status == 404


def test_somebody_else_cannot_open_the_conversation(reader: Reader, new_reader: NewReader) -> None:
    reader.ask_to_the_end(QUESTION)
    other = new_reader("")
    response = other.page.goto(reader.page.url)
    assert response is not None
    assert response.status == 404
    assert QUESTION not in other.page.content()


def test_an_empty_question_is_refused_beside_its_field(reader: Reader) -> None:
    reader.page.click("#send")
    field = reader.page.locator("#question")
    expect(reader.page.locator("#problem")).to_contain_text("Enter a question")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("Enter a question"))
    reader.ask_to_the_end(QUESTION)
    expect(reader.page.locator("#problem")).to_be_hidden()


def test_characters_are_counted_near_the_limit_and_too_many_are_refused(reader: Reader) -> None:
    count = reader.page.locator("#count")
    reader.page.fill("#question", "é" * 2000)
    expect(count).to_be_empty()
    reader.page.fill("#question", "é" * 3900)
    expect(count).to_have_text("Characters left: 100")
    reader.page.fill("#question", "é" * 4002)
    expect(count).to_have_text("Characters too many: 2")
    reader.page.click("#send")
    expect(reader.page.locator("#problem")).to_contain_text("4,000 characters or fewer")
    assert len(reader.page.input_value("#question")) == 4002


def shown(turn: object) -> list[object]:
    """What a reader sees of a turn, with where its links go."""
    return turn.evaluate(  # type: ignore[attr-defined, no-any-return]
        """turn => [
          turn.id,
          turn.dataset.outcome,
          turn.innerText.replace(/\\s+/g, ' '),
          [...turn.querySelectorAll('a')].map((a) => [a.id, a.getAttribute('href'), a.ariaLabel]),
          [...turn.querySelectorAll('table, ul, ol, p, mark')].map((e) => e.tagName),
        ]"""
    )
