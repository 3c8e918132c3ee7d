"""The assistant's page itself: what it shows of a conversation, and what is wrong with a question."""

from __future__ import annotations

import asyncio

import msgspec
from litestar import Response

from fingerpost_assistant import errors
from fingerpost_assistant.prepare import MAX_CHARACTERS
from fingerpost_gateway.errors import RateLimitedError
from fingerpost_gateway.pages.forms import QuestionForm
from fingerpost_gateway.pages.language import language_cookies, page_texts
from fingerpost_gateway.pages.rendering import page
from fingerpost_gateway.pages.texts import Texts
from fingerpost_gateway.pages.views import (
    ShownConversation,
    blank_source,
    blank_turn,
    shown_conversation,
)
from fingerpost_gateway.pages.visitors import AnyRequest, Visitor
from fingerpost_gateway.runtime import Runtime
from fingerpost_knowledge_hub.files import SampleSource

SAMPLE = SampleSource().name

QuestionProblem = errors.QuestionError | errors.RequestError | errors.Unavailable | RateLimitedError
"""Why a question was not accepted; the page shows it beside the field, with the text kept."""


class ShownProblem(msgspec.Struct, frozen=True):
    """What is wrong with a question, in the reader's language."""

    text: str
    status: int


async def chat_page(
    request: AnyRequest,
    runtime: Runtime,
    visitor: Visitor,
    *,
    conversation_id: str = "",
    form: QuestionForm | None = None,
    problem: QuestionProblem | None = None,
    deleted: bool = False,
    reload: int = 0,
) -> Response[str]:
    """Show the page with a conversation, or empty.

    Args:
        form: what was sent, to be shown again.
        problem: why it was not accepted.
        deleted: whether a conversation was just deleted at the reader's wish.
        reload: how many times the page was reloaded for a running answer.

    Raises:
        UnknownConversation: there is none with this id, or it is not this reader's.
    """
    texts = page_texts(request)
    conversation = await _conversation(runtime, visitor, conversation_id, texts)
    tenant = visitor.caller.principal.tenant
    limit = MAX_CHARACTERS
    shown_problem = _shown_problem(problem, limit, texts) if problem else None
    return page(
        "chat.html",
        status_code=shown_problem.status if shown_problem else 200,
        cookies=[*visitor.cookies, *language_cookies(request)],
        t=texts,
        title=runtime.settings.tenants[tenant].title,
        here=f"/chat/{conversation.id}" if conversation else "/chat",
        conversation=conversation,
        sample=await asyncio.to_thread(sample_is_live, runtime, tenant),
        form=form or QuestionForm(),
        problem=shown_problem,
        deleted=deleted,
        reload_url=conversation.reload_url(reload + 1) if conversation else "",
        limit=limit,
        blank_turn=blank_turn(texts),
        blank_source=blank_source(texts),
        retention_days=runtime.settings.state.retention_days,
    )


def sample_is_live(runtime: Runtime, tenant: str) -> bool:
    """Whether answers may rest on the sample guidance that ships with the server. Blocks."""
    standings = runtime.catalogue.standings_of(tenant, SAMPLE).values()
    return any(standing.is_live for standing in standings)


async def _conversation(
    runtime: Runtime, visitor: Visitor, conversation_id: str, texts: Texts
) -> ShownConversation | None:
    if not conversation_id:
        return None
    caller = visitor.caller
    view = await runtime.assistant.conversation(
        caller.principal, conversation_id, session_token=caller.session_token
    )
    return shown_conversation(view, texts)


def _shown_problem(problem: QuestionProblem, limit: int, texts: Texts) -> ShownProblem:
    match problem:
        case errors.EmptyQuestion():
            return ShownProblem(texts.problem["empty"], 422)
        case errors.QuestionError():
            return ShownProblem(texts.problem["too_long"].format(limit=f"{limit:,}"), 413)
        case errors.TooManyTurns():
            return ShownProblem(texts.problem["full"], 409)
        case errors.RequestError():
            return ShownProblem(texts.problem["gone"], 404)
        case RateLimitedError(retry_after_s=seconds):
            return ShownProblem(texts.problem["rate_limited"].format(seconds=seconds), 429)
        case _:
            return ShownProblem(texts.problem["busy"], 503)
