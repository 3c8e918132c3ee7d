"""Everything works without JavaScript: plain forms and whole pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from reader import NewReader, Reader
from serverprocess import ServerProcess

pytestmark = pytest.mark.full

QUESTION = "What happens to my Child Benefit if I earn over the limit?"


@pytest.fixture
def plain(new_reader: NewReader, server: ServerProcess) -> Reader:
    return new_reader(server.url, script=False).visit()


def test_an_answer_is_there_when_the_page_comes(plain: Reader) -> None:
    plain.page.select_option("#nation", "wales")
    turn = plain.ask(QUESTION)
    expect(turn).to_have_attribute("data-outcome", "answered")
    assert turn.locator(".mark").count() >= turn.locator(".sentence").count() > 0
    expect(plain.page.locator("#asking-from")).to_have_text("Answers for Wales")
    assert re.search(r"/chat/[\w-]+#question-1$", plain.page.url)


def test_questions_follow_one_another(plain: Reader) -> None:
    plain.ask(QUESTION)
    turn = plain.ask("How do I pay the charge?")
    expect(turn.locator(".question-text")).to_have_text("How do I pay the charge?")
    assert plain.page.locator(".turn").count() == 2


def test_a_slow_answer_is_shown_as_it_grows(
    new_reader: NewReader, slow_server: ServerProcess
) -> None:
    reader = new_reader(slow_server.url, script=False).visit()
    turn = reader.ask("What does an NHS prescription cost, and who gets it free?")
    expect(turn).to_have_attribute("data-outcome", "")
    expect(turn.locator(".progress")).to_be_visible()
    reader.ended(turn)
    expect(turn).to_have_attribute("data-outcome", "answered")


def test_a_slow_answer_can_be_stopped(new_reader: NewReader, slow_server: ServerProcess) -> None:
    reader = new_reader(slow_server.url, script=False).visit()
    turn = reader.ask("What does an NHS prescription cost, and who gets it free?")
    turn.get_by_role("button", name="Stop").click()
    reader.ended(turn)
    expect(turn).to_have_attribute("data-outcome", "error_stopped")


def test_feedback_is_kept(plain: Reader) -> None:
    turn = plain.ask(QUESTION)
    turn.get_by_role("button", name="Yes", exact=True).click()
    expect(turn.locator(".thanks")).to_be_visible()


def test_starting_again_deletes_the_conversation(plain: Reader) -> None:
    plain.ask(QUESTION)
    plain.page.click(".start-again summary")
    plain.page.get_by_role("button", name="Delete and start again").click()
    expect(plain.page.get_by_role("status")).to_have_text("Your conversation has been deleted.")


def test_a_refused_question_is_kept_with_the_reason_beside_it(plain: Reader) -> None:
    text = "a" * 4001
    plain.page.fill("#question", text)
    plain.page.select_option("#nation", "wales")
    plain.page.click("#send")
    expect(plain.page.locator("#problem")).to_contain_text("4,000 characters or fewer")
    expect(plain.page.locator("#question")).to_be_focused()
    expect(plain.page.locator("#nation")).to_have_value("wales")
    assert plain.page.input_value("#question") == text
    assert plain.page.title().startswith("Error: ")


def test_line_breaks_count_once(plain: Reader) -> None:
    plain.page.fill("#question", "When can I vote?\n" * 235)
    plain.page.click("#send")
    plain.page.locator("#question-1").wait_for()


def test_a_question_for_a_conversation_that_has_gone_is_kept(plain: Reader) -> None:
    plain.ask(QUESTION)
    plain.page.fill("#question", "And what then?")
    plain.page.context.clear_cookies()
    plain.page.click("#send")
    expect(plain.page.locator("#problem")).to_contain_text("can no longer be continued")
    assert plain.page.input_value("#question") == "And what then?"
    plain.page.click("#send")
    expect(plain.page.locator("#question-1 .question-text")).to_have_text("And what then?")
