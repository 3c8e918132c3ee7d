"""Step 1: a question as asked becomes one that may be stored, sent and logged."""

from __future__ import annotations

from fingerpost_assistant.errors import EmptyQuestion, QuestionTooLong
from fingerpost_assistant.question import AskedQuestion, Exchange, PreparedQuestion
from fingerpost_assistant.redact import clean_text
from fingerpost_assistant.steps import Redacts

MAX_CHARACTERS = 4_000
"""Longest question, and longest text of an earlier exchange, in characters."""

MAX_EXCHANGES = 6
"""Earlier exchanges that count; older ones are dropped."""


def prepare(asked: AskedQuestion, redacts: Redacts) -> PreparedQuestion:
    """Clean the question and replace personal data in it, and in what was said before it.

    Raises:
        EmptyQuestion: there is no text.
        QuestionTooLong: there are more than `MAX_CHARACTERS` characters.
    """
    text = clean_text(asked.text[: MAX_CHARACTERS + 1])
    if not text:
        raise EmptyQuestion
    # NFKC writes some characters out, so that the clean text can be longer.
    if (length := max(len(asked.text), len(text))) > MAX_CHARACTERS:
        raise QuestionTooLong(length, MAX_CHARACTERS)
    history = asked.history[-MAX_EXCHANGES:]
    earlier = [part for exchange in history for part in (exchange.question, exchange.answer)]
    redaction = redacts.redact([text, *(clean_text(part[:MAX_CHARACTERS]) for part in earlier)])
    redacted = iter(redaction.texts[1:])
    return PreparedQuestion(
        text=redaction.texts[0],
        placeholders=redaction.placeholders,
        removed=redaction.kinds[0],
        tenant=asked.tenant,
        collections=asked.collections,
        nation=asked.nation,
        locale=asked.locale,
        priority=asked.priority,
        history=tuple(Exchange(*pair) for pair in zip(redacted, redacted, strict=True)),
    )
