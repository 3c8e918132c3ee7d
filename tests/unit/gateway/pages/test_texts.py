"""The fixed texts: complete in every language, and with a name for whatever may occur."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import msgspec
import pytest

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.redact import find_personal_data
from fingerpost_gateway.pages.texts import LANGUAGES, texts_in


def flat(language: str) -> dict[str, str]:
    """All texts by dotted name."""
    found: dict[str, str] = {}
    for group, value in msgspec.to_builtins(texts_in(language)).items():
        if isinstance(value, dict):
            found |= {f"{group}.{key}": text for key, text in value.items()}
        else:
            found[group] = str(value)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert all(text.strip() for name, text in flat(language).items() if name != "last_joined_by")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_texts_with_the_same_values_to_fill_in(language: str) -> None:
    def braces(texts: dict[str, str]) -> dict[str, list[str]]:
        return {name: sorted(re.findall(r"{\w+}", text)) for name, text in texts.items()}

    assert braces(flat(language)) == braces(flat("en"))


def test_personal_data_of_every_kind_has_a_name() -> None:
    sample = "I am Jane Smith, jane@example.org, 07700 900123, NI number QQ 12 34 56 C"
    kinds = {span.kind for span in find_personal_data(sample)}
    assert kinds
    assert kinds <= set(texts_in("en").removed)


def test_every_failure_has_words() -> None:
    failures = {outcome.value for outcome in Outcome if outcome.value.startswith("error_")}
    assert failures <= set(texts_in("en").outcome)


def test_lists_are_joined_as_the_language_does() -> None:
    assert texts_in("en").list(["a", "b", "c"]) == "a, b and c"
    assert texts_in("cy").list(["a", "b", "c"]) == "a, b, c"


def test_all_four_nations_are_the_whole_country() -> None:
    english = texts_in("en")
    assert english.nation_names(["wales", "england"]) == "England and Wales"
    assert english.nation_names(["england", "scotland", "wales", "northern-ireland"]) == (
        "all of the UK"
    )


def test_a_kind_of_personal_data_without_a_name_is_still_mentioned() -> None:
    assert texts_in("en").removed_names(["shoe_size", "email"]) == (
        "other personal data and an email address"
    )


def test_dates_are_in_words() -> None:
    day = datetime(2026, 9, 14, tzinfo=UTC)
    assert texts_in("en").date(day) == "14 September 2026"
    assert texts_in("cy").date(day) == "14 Medi 2026"
