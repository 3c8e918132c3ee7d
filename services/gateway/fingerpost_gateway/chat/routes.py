"""Conversations, questions, their answers as event streams, and feedback."""

from __future__ import annotations

from typing import Annotated

from litestar import Request, Response, Router, delete, get, post
from litestar.datastructures import CacheControlHeader, State
from litestar.params import Parameter
from litestar.response import Stream
from structlog.contextvars import bind_contextvars

from fingerpost_assistant import Turn, event_number
from fingerpost_gateway.access import Caller, Callers
from fingerpost_gateway.chat.schemas import (
    ConversationStarted,
    ConversationState,
    NewConversation,
    NewFeedback,
    NewQuestion,
    TurnState,
)
from fingerpost_gateway.chat.stream import sse_chunks
from fingerpost_gateway.chat.views import conversation_state, turn_path, turn_state
from fingerpost_gateway.event_stream import MEDIA_TYPE, EventStream
from fingerpost_gateway.limits import RateLimits
from fingerpost_gateway.responses import EVENT_STREAM, answered, refused
from fingerpost_gateway.runtime import Runtime

AnyRequest = Request[object, object, State]

IdempotencyKey = Annotated[
    str | None,
    Parameter(
        header="Idempotency-Key",
        max_length=200,
        description="Sent again with the same question, it gives the same turn, not a second one.",
    ),
]
LastEventId = Annotated[
    str | None,
    Parameter(
        header="Last-Event-ID",
        max_length=64,
        description="Id of the last event that was received; the stream goes on after it.",
    ),
]


@post("/conversations", summary="Start a conversation", responses=refused(403, 429))
async def start_conversation(
    request: AnyRequest,
    runtime: Runtime,
    callers: Callers,
    limits: RateLimits,
    caller: Caller,
    data: NewConversation | None = None,
) -> Response[ConversationStarted]:
    """Start a conversation. Without a session or key, a new session comes with it."""
    await limits.count("new conversations", request, caller)
    owner = callers.new_citizen() if caller.anonymous else caller
    wishes = data or NewConversation()
    conversation = await runtime.assistant.start_conversation(
        owner.principal, nation=wishes.nation, locale=wishes.locale
    )
    started = ConversationStarted(
        id=conversation.id,
        session=owner.session_token if caller.anonymous else None,
        nation=conversation.nation,
        locale=conversation.locale,
    )
    return Response(started, headers={"Location": f"/v1/conversations/{conversation.id}"})


@get(
    "/conversations/{conversation_id:str}",
    summary="Read a conversation",
    responses=refused(404),
)
async def read_conversation(
    conversation_id: str, runtime: Runtime, caller: Caller
) -> ConversationState:
    """The conversation with its questions and answers, running ones as far as they are."""
    view = await runtime.assistant.conversation(
        caller.principal, conversation_id, session_token=caller.session_token
    )
    return conversation_state(view)


@delete(
    "/conversations/{conversation_id:str}",
    summary="Delete a conversation",
    responses=refused(403, 404),
)
async def delete_conversation(conversation_id: str, runtime: Runtime, caller: Caller) -> None:
    """Delete the conversation with all its questions, answers and feedback."""
    await runtime.assistant.delete_conversation(caller.principal, conversation_id)


@post(
    "/conversations/{conversation_id:str}/questions",
    summary="Ask a question",
    status_code=202,
    responses={
        200: EVENT_STREAM,
        202: answered(TurnState, "The question is accepted; `Location` is where its answer is"),
        **refused(403, 404, 409, 413, 422, 429),
    },
)
async def ask_question(
    request: AnyRequest,
    conversation_id: str,
    data: NewQuestion,
    runtime: Runtime,
    limits: RateLimits,
    caller: Caller,
    idempotency_key: IdempotencyKey = None,
) -> Response[TurnState] | Stream:
    """Ask a question: answered as an event stream when `Accept` says so, else 202 and `Location`.

    Once accepted, the question is answered whether or not anybody listens.
    """
    await limits.count("questions", request, caller)
    turn = await runtime.assistant.ask(
        caller.principal,
        conversation_id,
        data.question,
        idempotency_key=idempotency_key,
        session_token=caller.session_token,
    )
    bind_contextvars(turn_id=turn.id)
    headers = {"Location": turn_path(turn.id)}
    if MEDIA_TYPE in request.headers.get("accept", ""):
        return _stream(runtime, caller, turn, headers=headers)
    return Response(turn_state(turn), status_code=202, headers=headers)


@get(
    "/turns/{turn_id:str}",
    summary="Read a question and its answer",
    responses=refused(404),
)
async def read_turn(turn_id: str, runtime: Runtime, caller: Caller) -> TurnState:
    """One question with what has been shown for it so far."""
    turn = await runtime.assistant.turn(
        caller.principal, turn_id, session_token=caller.session_token
    )
    return turn_state(turn)


@get(
    "/turns/{turn_id:str}/events",
    summary="Follow an answer",
    media_type=MEDIA_TYPE,
    responses={200: EVENT_STREAM, **refused(404)},
)
async def follow_turn(
    turn_id: str, runtime: Runtime, caller: Caller, last_event_id: LastEventId = None
) -> Stream:
    """The answer's events from the first, or after `Last-Event-ID`, until `done`."""
    turn = await runtime.assistant.turn(caller.principal, turn_id)
    bind_contextvars(turn_id=turn.id)
    if last_event_id is not None:
        # Refuses what is no id while there still is a status to refuse it with.
        event_number(last_event_id)
    return _stream(runtime, caller, turn, after=last_event_id)


@post(
    "/turns/{turn_id:str}/stop",
    summary="Stop an answer",
    status_code=204,
    responses=refused(403, 404),
)
async def stop_turn(turn_id: str, runtime: Runtime, caller: Caller) -> None:
    """End a running answer; what was shown stays."""
    await runtime.assistant.stop(caller.principal, turn_id)


@post(
    "/turns/{turn_id:str}/feedback",
    summary="Say what an answer was worth",
    status_code=204,
    responses=refused(403, 404, 413),
)
async def give_feedback(turn_id: str, data: NewFeedback, runtime: Runtime, caller: Caller) -> None:
    """Store the asker's verdict; a second one replaces the first."""
    await runtime.assistant.give_feedback(caller.principal, turn_id, data.rating, data.comment)


chat_router = Router(
    path="/v1",
    route_handlers=[
        start_conversation,
        read_conversation,
        delete_conversation,
        ask_question,
        read_turn,
        follow_turn,
        stop_turn,
        give_feedback,
    ],
    tags=["Conversations"],
    # What somebody asked is nobody else's, not even on a shared computer.
    cache_control=CacheControlHeader(no_store=True),
)


def _stream(
    runtime: Runtime,
    caller: Caller,
    turn: Turn,
    *,
    after: str | None = None,
    headers: dict[str, str] | None = None,
) -> EventStream:
    """The turn's events; a reader whose stream ends early reconnects with `Last-Event-ID`."""
    return EventStream(
        sse_chunks(runtime.assistant.follow(caller.principal, turn.id, after=after)),
        keep_alive_s=runtime.settings.http.keep_alive_s,
        shutdown=runtime.shutdown,
        headers=headers,
    )
