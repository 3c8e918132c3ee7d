"""Short texts are computed on at once, long ones in a thread."""

from __future__ import annotations

import threading

import pytest

from fingerpost_assistant.computing import SHORT_CHARACTERS, computed


@pytest.mark.parametrize(
    ("characters", "at_once"), [(0, True), (SHORT_CHARACTERS, True), (SHORT_CHARACTERS + 1, False)]
)
async def test_only_long_texts_go_to_a_thread(characters: int, at_once: bool) -> None:
    where = await computed(threading.get_ident, characters)
    assert (where == threading.get_ident()) is at_once


@pytest.mark.parametrize("characters", [1, SHORT_CHARACTERS + 1])
async def test_what_fails_fails_for_the_caller(characters: int) -> None:
    def fails() -> None:
        raise ValueError("too odd")

    with pytest.raises(ValueError, match="too odd"):
        await computed(fails, characters)
