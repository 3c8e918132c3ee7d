"""The assistant in the browser: plain forms that work without a script; `chat.js` makes them live."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress

import msgspec
from litestar import Response, get, post
from litestar.response import Redirect

from fingerpost_assistant import Turn, errors
from fingerpost_gateway.access import Caller, Callers
from fingerpost_gateway.chat.schemas import NewConversation
from fingerpost_gateway.errors import RateLimitedError
from fingerpost_gateway.limits import RateLimits
from fingerpost_gateway.pages.chat_page import chat_page
from fingerpost_gateway.pages.forms import FeedbackData, QuestionData, QuestionForm
from fingerpost_gateway.pages.visitors import AnyRequest, Visitor, issue_session
from fingerpost_gateway.runtime import Runtime

ANSWER_WAIT_S = 5.0
"""How long a form waits for the answer before its page is shown without it; then it reloads."""


class StartedConversation(msgspec.Struct):
    """A new conversation; its session is in the cookie."""

    id: str


@get(["/", "/chat"], include_in_schema=False)
async def empty_chat(
    request: AnyRequest, runtime: Runtime, caller: Caller, deleted: str | None = None
) -> Response[str]:
    """The page on which a conversation begins."""
    return await chat_page(request, runtime, Visitor(caller), deleted=deleted is not None)


@get("/chat/{conversation_id:str}", include_in_schema=False)
async def show_conversation(
    request: AnyRequest, conversation_id: str, runtime: Runtime, caller: Caller, reload: int = 0
) -> Response[str]:
    """A conversation as far as it is; running answers are followed by script or by reloading.

    Args:
        reload: how many times it was reloaded for a running answer. It only makes the address
            another one: with the same address, the fragment would keep browsers where they are.
    """
    return await chat_page(
        request, runtime, Visitor(caller), conversation_id=conversation_id, reload=reload
    )


@post("/chat", include_in_schema=False)
async def ask(
    request: AnyRequest,
    runtime: Runtime,
    callers: Callers,
    limits: RateLimits,
    caller: Caller,
    data: QuestionData,
) -> Response[str] | Redirect:
    """Ask without a script: waits a little for the answer, then shows the conversation.

    A question that is not accepted is shown again with the reason beside it.
    """
    visitor = issue_session(request, caller, callers)
    try:
        turn = await _asked(request, runtime, limits, caller, visitor.caller, data)
    except errors.UnknownConversation as gone:
        return await chat_page(request, runtime, visitor, form=data, problem=gone)
    except (
        errors.QuestionError,
        errors.TooManyTurns,
        errors.Unavailable,
        RateLimitedError,
    ) as problem:
        conversation_id = data.conversation
        return await chat_page(
            request, runtime, visitor, conversation_id=conversation_id, form=data, problem=problem
        )
    await _wait_for_answer(runtime, visitor.caller, turn)
    return Redirect(_place(turn), status_code=303, cookies=list(visitor.cookies))


@post("/chat/conversations", include_in_schema=False)
async def start_conversation(
    request: AnyRequest,
    runtime: Runtime,
    callers: Callers,
    limits: RateLimits,
    caller: Caller,
    data: NewConversation,
) -> Response[StartedConversation]:
    """Start a conversation for the script, which may not see the session and so gets a cookie."""
    await limits.count("new conversations", request, caller)
    visitor = issue_session(request, caller, callers)
    conversation = await runtime.assistant.start_conversation(
        visitor.caller.principal, nation=data.nation, locale=data.locale
    )
    return Response(StartedConversation(conversation.id), cookies=list(visitor.cookies))


@post("/chat/{conversation_id:str}/delete", include_in_schema=False)
async def delete_conversation(conversation_id: str, runtime: Runtime, caller: Caller) -> Redirect:
    """Delete a conversation and start again."""
    await runtime.assistant.delete_conversation(caller.principal, conversation_id)
    return Redirect("/chat?deleted", status_code=303)


@post("/chat/turns/{turn_id:str}/stop", include_in_schema=False)
async def stop_answer(turn_id: str, runtime: Runtime, caller: Caller) -> Redirect:
    """Stop an answer; what was shown stays."""
    turn = await runtime.assistant.turn(caller.principal, turn_id)
    await runtime.assistant.stop(caller.principal, turn_id)
    await _wait_for_answer(runtime, caller, turn)
    return Redirect(_place(turn), status_code=303)


@post("/chat/turns/{turn_id:str}/feedback", include_in_schema=False)
async def give_feedback(
    turn_id: str, runtime: Runtime, caller: Caller, data: FeedbackData
) -> Redirect:
    """Store whether an answer was useful."""
    turn = await runtime.assistant.turn(caller.principal, turn_id)
    await runtime.assistant.give_feedback(caller.principal, turn_id, data.rating)
    return Redirect(_place(turn), status_code=303)


async def _asked(
    request: AnyRequest,
    runtime: Runtime,
    limits: RateLimits,
    sender: Caller,
    asker: Caller,
    form: QuestionForm,
) -> Turn:
    """Ask, in a new conversation if the form names none. `sender` is the caller as they came."""
    await limits.count("questions", request, sender)
    conversation_id = form.conversation
    if not conversation_id:
        _refuse_empty(form)
        await limits.count("new conversations", request, sender)
        conversation = await runtime.assistant.start_conversation(
            asker.principal, nation=form.nation or None
        )
        conversation_id = conversation.id
    return await runtime.assistant.ask(
        asker.principal, conversation_id, form.text, session_token=asker.session_token
    )


def _refuse_empty(form: QuestionForm) -> None:
    # The assistant looks closer; this only keeps a slip from leaving an empty conversation.
    if not form.text.strip():
        raise errors.EmptyQuestion


async def _wait_for_answer(runtime: Runtime, caller: Caller, turn: Turn) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_WAIT_S):
            events = runtime.assistant.follow(caller.principal, turn.id)
            async with aclosing(events):
                async for _ in events:
                    pass


def _place(turn: Turn) -> str:
    return f"/chat/{turn.conversation_id}#question-{turn.number}"
