"""What of a conversation a search goes by: the last turn, and the turn in its context.

Both are searched and weighed against each other by the learned ranker, so that nothing has to
decide beforehand whether a turn stands for itself. At most two texts are embedded a turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

ANSWER_WORDS = 60
"""Of the last answer, so many words go into the context: the start says what it is about."""


class Exchange(Protocol):
    """An earlier question and the answer to it (any object with these attributes will do)."""

    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...


class PastExchange(msgspec.Struct, frozen=True):
    """An `Exchange`, for callers that have no type of their own."""

    question: str
    answer: str = ""


class Rewriter(Protocol):
    """Makes a question that stands for itself, say with a language model."""

    def rewrite(self, question: str, history: Sequence[Exchange]) -> str:
        """Return the question as it would be asked without the history, oldest turn first."""
        ...


def forms_of(
    question: str, history: Sequence[Exchange], rewriter: Rewriter | None = None
) -> tuple[str, ...]:
    """Return what to search for: the question in its context and, if there is one, alone."""
    if not history:
        return (question,)
    if rewriter is not None:
        return (rewriter.rewrite(question, history),)
    return (in_context(question, history), question)


def in_context(question: str, history: Sequence[Exchange]) -> str:
    """Return the question after the last exchange."""
    last = history[-1]
    answer = " ".join(last.answer.split()[:ANSWER_WORDS])
    return " ".join(part for part in (last.question, answer, question) if part)
