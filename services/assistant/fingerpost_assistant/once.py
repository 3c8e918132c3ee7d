"""A question without a conversation: answered, and forgotten."""

from __future__ import annotations

from fingerpost_assistant.computing import computed
from fingerpost_assistant.pipeline import discard
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.question import AskedQuestion, TurnResult
from fingerpost_assistant.running_turn import QuestionPipeline


async def answer_once(
    pipeline: QuestionPipeline,
    principal: Principal,
    question: str,
    *,
    nation: str | None = None,
    locale: str | None = None,
) -> TurnResult:
    """Answer a question without storing anything; needs neither database nor Valkey.

    Raises:
        EmptyQuestion, QuestionTooLong: the question cannot be answered as it stands.
    """
    asked = AskedQuestion(
        text=question,
        tenant=principal.tenant,
        collections=principal.collections,
        nation=nation,
        locale=locale,
        priority=principal.place,
    )
    prepared = await computed(lambda: pipeline.prepare(asked), asked.characters)
    return await pipeline.answer(prepared, discard)
