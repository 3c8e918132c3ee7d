"""Readers without a mouse, with a screen reader, a small screen, large text, or in Welsh."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from reader import NARROW, NewReader, Reader
from serverprocess import ServerProcess

pytestmark = pytest.mark.full

QUESTION = "What does an NHS prescription cost?"
RULES = {
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ]
}
ZOOMED = (640, 450)
"""What is left of 1280 by 900 at 200%."""

PATHS = (
    "/",
    "/?lang=cy",
    "/guidance/nhs-prescription-charges",
    "/guidance/nhs-prescription-charges?locale=cy",
    "/guidance/nothing",
)


def violations(reader: Reader) -> list[str]:
    found = Axe().run(reader.page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("path", PATHS)
def test_pages_pass_an_automatic_audit(
    new_reader: NewReader, server: ServerProcess, path: str
) -> None:
    assert violations(new_reader(server.url).visit(path)) == []


def test_a_conversation_passes_an_automatic_audit(reader: Reader) -> None:
    reader.page.click("#send")
    assert violations(reader) == []
    for question in (QUESTION, "I want to end my life", "Who built Stonehenge and why?"):
        turn = reader.ask_to_the_end(question)
    turn.locator("summary").evaluate_all("all => all.forEach((each) => each.click())")
    reader.page.click(".start-again summary")
    assert violations(reader) == []


@pytest.mark.parametrize("size", [NARROW, ZOOMED], ids=["320px", "200%"])
def test_nothing_scrolls_sideways(
    new_reader: NewReader, server: ServerProcess, size: tuple[int, int]
) -> None:
    reader = new_reader(server.url, size=size)
    for path in PATHS:
        assert reader.visit(path).overflow() <= 0, path
    reader.visit()
    reader.ask_to_the_end("longwordwithoutanyspace" * 20)
    turn = reader.ask_to_the_end(QUESTION)
    for summary in turn.locator("summary").all():
        summary.click()
    reader.page.click(".start-again summary")
    assert reader.overflow() <= 0


def test_the_keyboard_is_enough(reader: Reader) -> None:
    page = reader.page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    turn = reader.ended(page.locator("#question-1"))
    expect(turn.locator(".question")).to_be_focused()

    page.keyboard.press("Tab")
    mark = turn.locator(".mark").first
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    source = page.locator(str(mark.get_attribute("href")))
    expect(source).to_be_focused()
    for expected in (".source-title a", "summary", ".source-back"):
        page.keyboard.press("Tab")
        expect(source.locator(expected)).to_be_focused()
    page.keyboard.press("Enter")
    expect(mark).to_be_focused()

    yes = turn.get_by_role("button", name="Yes", exact=True)
    for _ in range(40):
        page.keyboard.press("Tab")
        if yes.evaluate("yes => yes === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(turn.locator(".thanks")).to_be_focused()


def test_a_line_break_needs_shift(reader: Reader) -> None:
    field = reader.page.locator("#question")
    field.press_sequentially("one")
    field.press("Shift+Enter")
    field.press_sequentially("two")
    assert field.input_value() == "one\ntwo"


def test_focus_can_be_seen(reader: Reader) -> None:
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Tab")
    style = reader.page.evaluate(
        "(({outlineWidth, outlineStyle}) => [outlineWidth, outlineStyle])"
        "(getComputedStyle(document.activeElement))"
    )
    assert style == ["3px", "solid"]


def test_a_screen_reader_is_told_each_sentence_and_the_end(reader: Reader) -> None:
    turn = reader.ask_to_the_end(QUESTION)
    announced = reader.page.locator("#announcer p")
    expect(announced.last).to_contain_text("The answer is complete.")
    texts = announced.all_inner_texts()
    assert texts[0] == "Question sent."
    assert len(texts) == turn.locator(".sentence").count() + 2
    assert turn.locator("p .sentence").first.inner_text() in texts


def test_the_page_speaks_welsh_when_asked_and_remembers(reader: Reader) -> None:
    page = reader.page
    page.get_by_role("link", name="Cymraeg").click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.get_by_role("button", name="Gofyn", exact=True)).to_be_visible()
    turn = reader.ask_to_the_end("Faint o amser sydd gennyf i gofrestru marwolaeth?")
    expect(turn).to_have_attribute("data-outcome", "answered")
    expect(turn.locator(".sources-title")).to_have_text("Ffynonellau")
    expect(turn.locator(".source-updated").first).to_have_text("Diweddarwyd 14 Medi 2026")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(turn.locator(".answer-text")).to_have_attribute("lang", "cy")


def test_a_welsh_browser_is_answered_in_welsh(new_reader: NewReader, server: ServerProcess) -> None:
    reader = new_reader(server.url, locale="cy-GB").visit()
    expect(reader.page.locator("html")).to_have_attribute("lang", "cy")


def test_guidance_changes_language(new_reader: NewReader, server: ServerProcess) -> None:
    reader = new_reader(server.url).visit("/guidance/register-death")
    reader.page.get_by_role("link", name="Cymraeg").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Cofrestru marwolaeth")
    reader.page.get_by_role("link", name="English").click()
    expect(reader.page.locator("html")).to_have_attribute("lang", "en")


def test_a_page_without_a_translation_is_shown_with_a_word_about_it(
    new_reader: NewReader, server: ServerProcess
) -> None:
    reader = new_reader(server.url).visit("/guidance/blue-badge?locale=cy")
    expect(reader.page.locator(".notice").first).to_contain_text("not been translated into Welsh")
