"""What a question is about: its language, the nation it names and what came before it."""

from __future__ import annotations

import pytest

from fingerpost_assistant.context import in_context
from fingerpost_assistant.language import detect_language
from fingerpost_assistant.nation import named_nation
from fingerpost_assistant.question import Exchange


@pytest.mark.parametrize(
    "text",
    [
        "Sut ydw i'n adnewyddu fy mhasbort?",
        "Beth yw'r dreth gyngor?",
        "pasbort plentyn",
        "Faint fydda i'n ei gael?",
        "dwi isio help efo budd-dal plant",
    ],
)
def test_welsh_is_known(text: str) -> None:
    assert detect_language(text) == "cy"


@pytest.mark.parametrize(
    "text",
    [
        "How do I renew my passport?",
        "passport",
        "NI number",
        "I live in Llandudno, who collects council tax?",
        "plant and animal health",
    ],
)
def test_english_is_known(text: str) -> None:
    assert detect_language(text) == "en"


@pytest.mark.parametrize("text", ["SA100", "EU settlement", "", "12345", "¿dónde?"])
def test_what_shows_no_language_is_left_open(text: str) -> None:
    assert detect_language(text) is None


@pytest.mark.parametrize(
    ("text", "nation"),
    [
        ("Do the rules in Wales and England differ?", None),
        ("I live in Wales", "wales"),
        ("Can I swap old notes at the Bank of England?", None),
        ("Must a Church of England wedding be registered?", None),
        ("I was born in New England. Can I vote?", None),
        ("The Princess of Wales opened our school", None),
        ("Do I pay for prescriptions in Wales?", "wales"),
        ("Beth yw'r rheolau yng Nghymru?", "wales"),
        ("Scottish Child Payment", "scotland"),
        ("I live in Belfast", "northern-ireland"),
        ("rates in Northern Ireland", "northern-ireland"),
        ("moving from England to Scotland", None),
        ("I am moving to New South Wales", None),
        ("passport fee", None),
    ],
)
def test_one_nation_that_is_named_counts(text: str, nation: str | None) -> None:
    assert named_nation(text) == nation


@pytest.mark.parametrize(
    "question",
    ["How much is it?", "and in Scotland?", "What if I am over 66?", "online?", "A beth am blant?"],
)
def test_question_that_leans_on_the_last_one_is_put_after_it(question: str) -> None:
    history = [Exchange("How do I renew a passport?", "…")]
    assert in_context(question, history) == f"How do I renew a passport?\n{question}"


def test_context_goes_back_to_a_question_that_stands_alone() -> None:
    history = [
        Exchange("How do I get a Blue Badge in England?", "…"),
        Exchange("How do I renew a passport for a child?", "…"),
        Exchange("How much is it?", "…"),
    ]
    assert in_context("and online?", history) == (
        "How do I renew a passport for a child?\nHow much is it?\nand online?"
    )


@pytest.mark.parametrize(
    "question", ["How many hours can I work on Universal Credit?", "council tax bands"]
)
def test_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert in_context(question, [Exchange("How do I renew a passport?", "…")]) == question
