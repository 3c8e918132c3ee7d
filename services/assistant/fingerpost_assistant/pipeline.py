"""One question from arrival to checked answer: the steps in their order."""

from __future__ import annotations

from fingerpost_assistant.question import AskedQuestion, Emit, PreparedQuestion, TurnResult

MAX_CHARACTERS = 4_000
"""Longest question that is accepted, in characters."""


class Pipeline:
    """Answers one question at a time from guidance; safe to share between tasks."""

    def prepare(self, asked: AskedQuestion) -> PreparedQuestion:
        """Replace personal data by placeholders: the step before anything is stored.

        Raises:
            EmptyQuestion: there is no text.
            QuestionTooLong: there are more than `MAX_CHARACTERS` characters.
        """
        raise NotImplementedError

    async def answer(self, question: PreparedQuestion, emit: Emit) -> TurnResult:
        """Answer the question, emitting status, sources and sentences as they come.

        A turn that runs out of time emits an error event and returns `Outcome.TIMED_OUT` with
        what was shown. Cancelling the task stops the turn. The turn, outcome and done events
        are the caller's.
        """
        raise NotImplementedError
