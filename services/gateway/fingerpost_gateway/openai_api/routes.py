"""`/openai/v1`: chat completions that are grounded in guidance, and the models there are.

Each request is a conversation of its own, since these clients send the whole of it every time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from litestar import Request, Router, get, post
from litestar.datastructures import CacheControlHeader, State
from litestar.response import Stream
from structlog.contextvars import bind_contextvars

from fingerpost_assistant import StreamedEvent, Turn
from fingerpost_gateway.access import Caller, Callers
from fingerpost_gateway.errors import ShuttingDownError
from fingerpost_gateway.event_stream import EventStream
from fingerpost_gateway.limits import RateLimits
from fingerpost_gateway.openai_api.answering import Completion
from fingerpost_gateway.openai_api.asking import GROUNDED, asked_in
from fingerpost_gateway.openai_api.errors import openai_error_handlers
from fingerpost_gateway.openai_api.raw import RAW, RawCompletion, RawModels
from fingerpost_gateway.openai_api.schemas import (
    ChatCompletion,
    ChatCompletionRequest,
    ErrorBody,
    ModelCard,
    ModelList,
)
from fingerpost_gateway.responses import answered
from fingerpost_gateway.runtime import Runtime

AnyRequest = Request[object, object, State]

PATH = "/openai/v1"
COMPLETIONS_PATH = f"{PATH}/chat/completions"

_ERRORS = {
    status: answered(ErrorBody, description)
    for status, description in {
        400: "The request asks for what there is not",
        401: "The key is not valid",
        404: "There is no such model",
        413: "The question is too long",
        429: "Too often; `Retry-After` says when to try again",
        503: "Not possible now; `Retry-After` says when to try again",
    }.items()
}


@get("/models", summary="List the models", responses={401: _ERRORS[401]})
async def list_models(runtime: Runtime, caller: Caller) -> ModelList:
    """The models that a chat completion may name; clients also try their key with this."""
    names = (GROUNDED, *RawModels(runtime).names(caller))
    return ModelList(data=tuple(ModelCard(id=name) for name in names))


@post(
    "/chat/completions",
    summary="Ask in the form of a chat completion",
    status_code=200,
    responses={200: answered(ChatCompletion, "The answer, or its chunks"), **_ERRORS},
)
async def complete_chat(
    request: AnyRequest,
    data: ChatCompletionRequest,
    runtime: Runtime,
    callers: Callers,
    limits: RateLimits,
    caller: Caller,
) -> ChatCompletion | Stream:
    """Answer the last message from guidance, in the context of those before it.

    Every sentence has a `url_citation`. An answer that nobody waits for any more is stopped.
    With the model `raw`, for staff where the operator allows it, a model answers as it is.
    """
    if data.model.partition("/")[0] == RAW:
        return await _complete_raw(request, data, runtime, limits, caller)
    asked = asked_in(data)
    if caller.anonymous:
        await limits.count("new conversations", request, caller)
        caller = callers.new_citizen()
    await limits.count("questions", request, caller)
    turn = await runtime.assistant.ask_anew(
        caller.principal,
        asked.question,
        nation=asked.nation,
        locale=asked.locale,
        history=asked.history,
    )
    bind_contextvars(turn_id=turn.id)
    base_url = runtime.settings.http.public_url or str(request.base_url)
    completion = Completion(turn, _events(runtime, caller, turn), base_url)
    if not data.stream:
        return await completion.whole()
    chunks = completion.chunks(with_usage=_with_usage(data))
    return _stream(_sent(chunks, runtime, caller, turn), runtime)


async def _complete_raw(
    request: AnyRequest,
    data: ChatCompletionRequest,
    runtime: Runtime,
    limits: RateLimits,
    caller: Caller,
) -> ChatCompletion | Stream:
    model = RawModels(runtime).named(data.model, caller)
    if runtime.shutdown.draining.is_set():
        raise ShuttingDownError
    counted = limits.count("questions", request, caller)
    completion = await RawCompletion.begin(data, model, runtime, caller.principal, counted)
    if not data.stream:
        return await completion.whole()
    return _stream(completion.chunks(with_usage=_with_usage(data)), runtime)


def _with_usage(data: ChatCompletionRequest) -> bool:
    return data.stream_options is not None and data.stream_options.include_usage


async def _sent(
    chunks: AsyncGenerator[bytes, None], runtime: Runtime, caller: Caller, turn: Turn
) -> AsyncGenerator[bytes, None]:
    whole = False
    try:
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk
        whole = True
    finally:
        # Whoever leaves before the first event leaves a reader of events that never began.
        if not whole:
            await runtime.assistant.stop(caller.principal, turn.id)


def _stream(chunks: AsyncGenerator[bytes, None], runtime: Runtime) -> EventStream:
    return EventStream(
        chunks, keep_alive_s=runtime.settings.http.keep_alive_s, shutdown=runtime.shutdown
    )


async def _events(
    runtime: Runtime, caller: Caller, turn: Turn
) -> AsyncGenerator[StreamedEvent, None]:
    """The turn's events; to stop reading is to stop the turn."""
    ended = False
    try:
        async with aclosing(runtime.assistant.follow_new(turn)) as events:
            async for event in events:
                yield event
        ended = True
    finally:
        if not ended:
            await runtime.assistant.stop(caller.principal, turn.id)


openai_router = Router(
    path=PATH,
    route_handlers=[list_models, complete_chat],
    tags=["OpenAI-compatible"],
    exception_handlers=openai_error_handlers(),
    cache_control=CacheControlHeader(no_store=True),
)
