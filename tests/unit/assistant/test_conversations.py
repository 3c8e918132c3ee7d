"""Pure parts around a conversation: sealing, ids, keys, repeated questions, histories."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from fingerpost_assistant import errors
from fingerpost_assistant.conversations import Turn
from fingerpost_assistant.errors import AssistantError, InvalidEventId, UnknownTurn
from fingerpost_assistant.events import Outcome, SentenceEvent
from fingerpost_assistant.idempotency import same_question
from fingerpost_assistant.live.embedded.place import LONGEST_SOCKET_PATH, socket_path
from fingerpost_assistant.live.entries import decode_entries, event_number
from fingerpost_assistant.live.keys import JOURNALS, journal_key, journal_of, turn_key
from fingerpost_assistant.question import Exchange
from fingerpost_assistant.storage import seal, unseal
from fingerpost_assistant.storage.ids import parse_id
from fingerpost_assistant.views import exchanges

TURN = UUID("00000000-0000-4000-8000-000000000001")


def test_sealed_data_opens_with_its_token_and_turn_only() -> None:
    placeholders = {"[EMAIL-1]": "jo@example.org", "[NAME-1]": "Zoë"}
    sealed = seal(placeholders, "token", TURN)
    assert unseal(sealed, "token", TURN) == placeholders
    assert unseal(sealed, "other", TURN) == {}
    assert unseal(sealed, "token", uuid4()) == {}
    assert unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), "token", TURN) == {}


def test_sealing_twice_looks_different() -> None:
    assert seal({"[A-1]": "b"}, "token", TURN) != seal({"[A-1]": "b"}, "token", TURN)


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 200])
def test_what_was_never_sealed_opens_as_nothing(sealed: bytes) -> None:
    assert unseal(sealed, "token", TURN) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Call [PHONE-1]", "Call [PHONE-2]", True),
        ("Call [PHONE-1]", "Call [EMAIL-1]", False),
        ("Call me", "Call me ", False),
        ("Form [SA-100]", "Form [SA-302]", True),  # a price worth paying: refused less often
    ],
)
def test_numbers_of_placeholders_do_not_make_another_question(
    one: str, other: str, same: bool
) -> None:
    assert same_question(one, other) is same


@pytest.mark.parametrize(("text", "number"), [("0-0", 0), ("1-0", 1), ("120-0", 120)])
def test_event_id_has_a_number(text: str, number: int) -> None:
    assert event_number(text) == number


@pytest.mark.parametrize("text", ["", "1", "1-1", "-0", "a-0", "1-0-0", "²-0", "1_0-0", " 1-0"])
def test_what_is_no_event_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidEventId):
        event_number(text)


@pytest.mark.parametrize("text", ["", "x", TURN.hex, f"{{{TURN}}}", f"urn:uuid:{TURN}", f"{TURN} "])
def test_only_the_usual_form_of_an_id_is_one(text: str) -> None:
    with pytest.raises(UnknownTurn):
        parse_id(text, UnknownTurn)
    assert parse_id(str(TURN), UnknownTurn) == TURN


def test_turn_and_its_journal_share_a_slot() -> None:
    seen = set()
    for _ in range(200):
        turn_id = str(uuid4())
        tag = re.findall(r"\{(.*?)\}", turn_key(turn_id))
        assert tag == re.findall(r"\{(.*?)\}", journal_key(journal_of(turn_id)))
        seen.update(tag)
    assert len(seen) == JOURNALS


def test_event_of_a_newer_version_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    entries = [
        ("1-0", {"event": '{"event":"sentence","text":"A."}'}),
        ("2-0", {"event": '{"event":"hologram"}'}),
        ("3-0", {"end": '{"event":"done"}'}),
    ]
    assert [item.id for item in decode_entries(entries)] == ["1-0", "3-0"]
    assert "2-0" in caplog.text


def _turn(outcome: Outcome) -> Turn:
    return Turn(
        id="t",
        conversation_id="c",
        number=1,
        question=f"{outcome}?",
        asked_at=datetime.now(UTC),
        outcome=outcome,
        sentences=(SentenceEvent(text="One."), SentenceEvent(text="Two.")),
    )


def test_only_what_was_answered_is_history() -> None:
    turns = [_turn(outcome) for outcome in (Outcome.ANSWERED, Outcome.STOPPED, Outcome.CRISIS)]
    assert exchanges(turns) == (Exchange("answered?", "One. Two."),)


def test_socket_moves_to_a_short_path_where_its_folder_is_too_deep() -> None:
    assert socket_path(Path("/data")) == Path("/data/valkey.sock")
    deep, deeper = (socket_path(Path("/" + "d" * length)) for length in (120, 121))
    assert deep != deeper
    assert len(str(deep)) < LONGEST_SOCKET_PATH


def test_every_error_stands_in_the_tree() -> None:
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, AssistantError)
    }
    assert errors.__doc__ is not None
    drawn = set(re.findall(r"^[│├└─ ]*([A-Z][A-Za-z]+)  ", errors.__doc__, re.MULTILINE))
    assert drawn == classes
