"""A streamed text gets its personal data back, wherever it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fingerpost_assistant.redact import Restorer, restore

PLACEHOLDERS = {
    "[EMAIL-1]": "jo@example.org",
    "[EMAIL-12]": "al@example.org",
    "[NAME-1]": "[NAME-1]",
}


def restored(pieces: list[str]) -> str:
    restorer = Restorer(PLACEHOLDERS)
    return "".join([*map(restorer.feed, pieces), restorer.rest()])


@given(st.lists(st.sampled_from(["[", "[EMAIL-1", "]", "2]", "[NAME-1]", "x", "[EM", "AIL-", "1"])))
def test_pieces_say_what_the_whole_text_would(pieces: list[str]) -> None:
    assert restored(pieces) == restore("".join(pieces), PLACEHOLDERS)


@pytest.mark.parametrize("text", ["See [1] and [", "Write to [EMAIL-1]", "[[EMAIL-1] or [EMAIL-9]"])
def test_every_cut_restores_the_same(text: str) -> None:
    for cut in range(len(text)):
        assert restored([text[:cut], text[cut:]]) == restore(text, PLACEHOLDERS)


def test_nothing_is_held_back_that_begins_no_placeholder() -> None:
    restorer = Restorer(PLACEHOLDERS)
    assert restorer.feed("as [1") == "as [1"
    assert restorer.feed(" or [EMA") == " or "
    assert restorer.feed("S]") == "[EMAS]"


def test_without_placeholders_all_of_it_goes_on_at_once() -> None:
    assert Restorer({}).feed("[EMAIL-") == "[EMAIL-"
