"""Personal data: sealed with the asker's token, and nowhere else."""

from __future__ import annotations

from pathlib import Path

from conversing import OWNER, Chat

from fingerpost_assistant.live.connection import Client

TOKEN = "a-token-that-only-the-asker-has"
EMAIL = "jo.bloggs@example.org"


async def _asked(chat: Chat, token: str | None) -> str:
    turn = await chat.ask(f"My address is {EMAIL}. What now?", token=token)
    await chat.recorded(turn)
    return turn.id


async def test_asker_gets_their_words_back_with_the_token(chat: Chat) -> None:
    turn_id = await _asked(chat, TOKEN)
    assert (await chat.assistant.turn(OWNER, turn_id)).question == (
        "My address is [EMAIL-1]. What now?"
    )
    shown = await chat.assistant.turn(OWNER, turn_id, session_token=TOKEN)
    assert shown.question == f"My address is {EMAIL}. What now?"
    view = await chat.assistant.conversation(OWNER, shown.conversation_id, session_token=TOKEN)
    assert view.turns == (shown,)


async def test_another_token_opens_nothing(chat: Chat) -> None:
    turn_id = await _asked(chat, TOKEN)
    shown = await chat.assistant.turn(OWNER, turn_id, session_token="another token")
    assert shown.question == "My address is [EMAIL-1]. What now?"


async def test_without_a_token_personal_data_is_dropped(chat: Chat) -> None:
    turn_id = await _asked(chat, None)
    shown = await chat.assistant.turn(OWNER, turn_id, session_token=TOKEN)
    assert shown.question == "My address is [EMAIL-1]. What now?"


async def test_neither_data_nor_token_is_kept_in_the_open(
    chat: Chat, client: Client, tmp_path: Path
) -> None:
    turn_id = await _asked(chat, TOKEN)
    await chat.assistant.give_feedback(OWNER, turn_id, "useful", f"Mail {EMAIL}")
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    async for key in client.scan_iter():
        if await client.type(key) == "stream":
            kept += str(await client.xrange(key)).encode()
    assert b"[EMAIL-1]" in kept
    assert EMAIL.encode() not in kept
    assert TOKEN.encode() not in kept
