"""Fixed texts say the same in English and in Welsh, and show the emergency number first."""

from __future__ import annotations

import re

import pytest

from fingerpost_assistant.texts import NATION_NAMES, Text, fixed_text

CRISIS_TEXTS = [
    Text.SUICIDE,
    Text.SUICIDE_OTHER,
    Text.DANGER,
    Text.MEDICAL,
    Text.ABUSE,
    Text.SEXUAL_VIOLENCE,
    Text.CHILD,
]
VALUES = {"here": "Wales", "elsewhere": "Scotland"}
NUMBER_OR_SITE = re.compile(r"\d[\d ]+\d|www\.[\w./-]+")
TRANSLATED_SITES = {"www.llyw.cymru": "www.gov.wales"}


@pytest.mark.parametrize("text", Text)
@pytest.mark.parametrize("nation", [None, *NATION_NAMES["en"]])
def test_both_languages_give_the_same_sentences_and_numbers(text: Text, nation: str | None) -> None:
    english = fixed_text(text, "en", nation, **VALUES)
    welsh = fixed_text(text, "cy", nation, **VALUES)
    assert english
    assert [sentence.block for sentence in english] == [sentence.block for sentence in welsh]
    for one, other in zip(english, welsh, strict=True):
        contacts = [
            TRANSLATED_SITES.get(found, found) for found in NUMBER_OR_SITE.findall(other.text)
        ]
        assert sorted(NUMBER_OR_SITE.findall(one.text)) == sorted(contacts)


@pytest.mark.parametrize("text", CRISIS_TEXTS)
@pytest.mark.parametrize("locale", ["en", "cy"])
def test_crisis_text_starts_with_999(text: Text, locale: str) -> None:
    assert "999" in fixed_text(text, locale)[0].text


@pytest.mark.parametrize(
    ("nation", "number"),
    [
        ("england", "0808 2000 247"),
        ("wales", "0808 80 10 800"),
        ("scotland", "0800 027 1234"),
        ("northern-ireland", "0808 802 1414"),
    ],
)
def test_each_nation_has_its_own_helpline(nation: str, number: str) -> None:
    shown = " ".join(sentence.text for sentence in fixed_text(Text.ABUSE, "en", nation))
    everywhere = " ".join(sentence.text for sentence in fixed_text(Text.ABUSE, "en"))
    assert number in shown
    assert number in everywhere
    assert ("0808 2000 247" in shown) == (nation == "england")


def test_other_languages_get_english() -> None:
    assert fixed_text(Text.SUICIDE, "fr") == fixed_text(Text.SUICIDE, "en")


def test_samaritans_are_named_to_everyone() -> None:
    for nation in NATION_NAMES["en"]:
        assert any("116 123" in s.text for s in fixed_text(Text.SUICIDE, "cy", nation))
