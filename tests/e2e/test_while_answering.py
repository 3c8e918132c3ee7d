"""What a reader can do, and what may happen, while an answer is being written."""

from __future__ import annotations

import pytest
from cuttingproxy import CuttingProxy
from playwright.sync_api import Request, expect
from reader import NewReader, Reader
from serverprocess import ServerProcess

pytestmark = pytest.mark.full

QUESTION = "What happens to my Child Benefit if I earn over the limit?"


def test_sentences_appear_one_by_one(patient_reader: Reader) -> None:
    turn = patient_reader.ask(QUESTION)
    turn.locator(".sentence").first.wait_for()
    expect(turn).to_have_attribute("data-outcome", "")
    expect(turn.locator(".progress")).to_be_visible()
    first = turn.locator(".sentence").first.inner_text()
    patient_reader.ended(turn)
    assert turn.locator(".sentence").count() > 1
    assert turn.locator(".sentence").first.inner_text() == first
    expect(turn.locator(".progress")).to_be_hidden()


def test_an_answer_can_be_stopped_and_what_was_shown_stays(patient_reader: Reader) -> None:
    turn = patient_reader.ask(QUESTION)
    turn.locator(".sentence").first.wait_for()
    turn.get_by_role("button", name="Stop").click()
    patient_reader.ended(turn)
    expect(turn).to_have_attribute("data-outcome", "error_stopped")
    expect(turn.locator(".message")).to_have_text("You stopped this answer.")
    expect(turn.locator(".question")).to_be_focused()
    count = turn.locator(".sentence").count()
    assert count >= 1
    patient_reader.page.reload()
    assert turn.locator(".sentence").count() == count


def test_a_stopped_question_can_be_asked_again(patient_reader: Reader) -> None:
    turn = patient_reader.ask(QUESTION)
    turn.get_by_role("button", name="Stop").click()
    patient_reader.ended(turn)
    turn.get_by_role("button", name="Ask again").click()
    again = patient_reader.ended(patient_reader.page.locator("#question-2"))
    expect(again).to_have_attribute("data-outcome", "answered")


def test_an_answer_goes_on_after_the_connection_dropped(
    patient_reader: Reader, proxy: CuttingProxy
) -> None:
    resumed: list[str | None] = []

    def note(request: Request) -> None:
        if request.url.endswith("/events"):
            resumed.append(request.headers.get("last-event-id"))

    patient_reader.page.on("request", note)
    turn = patient_reader.ask(QUESTION)
    turn.locator(".sentence").first.wait_for()
    proxy.cut()
    patient_reader.ended(turn)
    expect(turn).to_have_attribute("data-outcome", "answered")
    assert resumed
    assert all(resumed)
    sentences = turn.locator(".sentence").all_inner_texts()
    assert len(set(sentences)) == len(sentences)
    patient_reader.page.reload()
    assert turn.locator(".sentence").all_inner_texts() == sentences


def test_an_outage_is_announced_and_survived(patient_reader: Reader, proxy: CuttingProxy) -> None:
    turn = patient_reader.ask(QUESTION)
    turn.locator(".sentence").first.wait_for()
    with proxy.outage():
        expect(turn.locator(".status-text")).to_have_text("The connection was lost. Trying again…")
    patient_reader.ended(turn)
    expect(turn).to_have_attribute("data-outcome", "answered")


def test_a_page_that_is_reloaded_meanwhile_goes_on(patient_reader: Reader) -> None:
    turn = patient_reader.ask(QUESTION)
    turn.locator(".sentence").first.wait_for()
    patient_reader.page.reload()
    expect(turn).to_have_attribute("data-outcome", "")
    patient_reader.ended(turn)
    sentences = turn.locator(".sentence").all_inner_texts()
    assert len(sentences) == len(set(sentences)) > 1


def test_a_question_stays_in_its_field_when_the_server_cannot_be_reached(
    patient_reader: Reader, proxy: CuttingProxy
) -> None:
    page = patient_reader.page
    with proxy.outage():
        page.fill("#question", QUESTION)
        page.click("#send")
        expect(page.locator("#problem")).to_contain_text("The service cannot be reached.")
        assert page.input_value("#question") == QUESTION
    page.click("#send")
    patient_reader.ended(page.locator("#question-1"))
    assert page.locator(".turn").count() == 1


def test_asking_too_often_says_when_to_try_again(
    new_reader: NewReader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    limits = {"FINGERPOST_LIMITS__QUESTIONS_PER_MINUTE": "2"}
    data_dir = tmp_path_factory.mktemp("strict") / "data"
    with ServerProcess(data_dir, sample=False, environment=limits) as strict:
        reader = new_reader(strict.url).visit()
        for _ in range(2):
            reader.ask_to_the_end("Who can vote?")
        reader.page.fill("#question", "And by post?")
        reader.page.click("#send")
        expect(reader.page.locator("#problem")).to_contain_text("Try again in")
        assert reader.page.input_value("#question") == "And by post?"
