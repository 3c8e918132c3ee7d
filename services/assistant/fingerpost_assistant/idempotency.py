"""Whether a question that came twice under one idempotency key is the same question."""

from __future__ import annotations

from fingerpost_assistant.redact import PLACEHOLDER


def same_question(one: str, other: str) -> bool:
    """Compare two redacted questions, whatever the numbers of their placeholders.

    The numbers go on from the conversation's earlier ones, so that a question that is sent
    again is redacted to other numbers than the first time. What the placeholders stand for is
    not known here: questions that differ in personal data alone count as the same.
    """
    return PLACEHOLDER.sub(r"[\1]", one) == PLACEHOLDER.sub(r"[\1]", other)
