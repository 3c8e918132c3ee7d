"""Personal data stays here: models read placeholders, and the caller's answer has the data again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fingerpost_assistant.redact import Redaction, Redactor, clean_text
from fingerpost_serving import Message

_AT_ONCE = 2_000
"""Characters that are looked through within a fraction of a millisecond; more go to a thread."""


async def redacted(
    messages: Sequence[Message], redactor: Redactor
) -> tuple[tuple[Message, ...], dict[str, str]]:
    """Return messages as a model may read them, and what each placeholder in them stands for.

    Hidden characters go too, since they could hide personal data.
    """
    texts = [message.content for message in messages]
    if sum(map(len, texts)) <= _AT_ONCE:
        redaction = _redaction(texts, redactor)
    else:
        redaction = await asyncio.to_thread(_redaction, texts, redactor)
    cleaned = zip(messages, redaction.texts, strict=True)
    return tuple(Message(each.role, text) for each, text in cleaned), redaction.placeholders


def _redaction(texts: Sequence[str], redactor: Redactor) -> Redaction:
    return redactor.redact([clean_text(text) for text in texts])
