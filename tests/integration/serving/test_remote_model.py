"""A model behind HTTP streams, and every way in which it fails has a clear error, in time."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable

import pytest
from modelserver import (
    END,
    PIECES,
    Answer,
    ModelServer,
    event,
    hanging_up,
    page,
    refusing,
    sending,
    streaming,
)
from serverprocess import free_port

from fingerpost_serving import (
    ChatEvent,
    ChatRequest,
    Finished,
    FinishReason,
    Message,
    ModelBrokeOff,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
    TextDelta,
    Usage,
)
from fingerpost_serving.client import RemoteChatModel

SCHEMA = {"type": "object", "properties": {"nation": {"type": "string"}}}


def asking(**settings: object) -> ChatRequest:
    return ChatRequest(messages=(Message("user", "How?"),), max_tokens=16, **settings)


async def collect(model: RemoteChatModel, request: ChatRequest | None = None) -> list[ChatEvent]:
    return [each async for each in model.stream(request or asking())]


Ask = Callable[..., contextlib.AbstractAsyncContextManager[tuple[RemoteChatModel, ModelServer]]]


@pytest.fixture
def facing() -> Ask:
    """A model behind a server with these answers."""

    @contextlib.asynccontextmanager
    async def facing(
        *answers: Answer, **settings: object
    ) -> AsyncIterator[tuple[RemoteChatModel, ModelServer]]:
        async with (
            ModelServer(*answers) as server,
            RemoteChatModel("narrow", server.url, **settings) as model,
        ):
            yield model, server

    return facing


# --- when all is well -------------------------------------------------------------------


async def test_text_streams_and_ends_with_reason_and_usage(facing: Ask) -> None:
    async with facing() as (model, _):
        events = await collect(model)
    assert events[:-1] == [TextDelta(piece) for piece in PIECES]
    usage = Usage(prompt_tokens=12, completion_tokens=3, cached_tokens=8)
    assert events[-1] == Finished(reason=FinishReason.STOP, usage=usage)


async def test_tokens_arrive_as_they_are_written(facing: Ask) -> None:
    async with facing(streaming(pause_s=0.2)) as (model, _):
        began = time.monotonic()
        moments = [time.monotonic() - began async for _ in model.stream(asking())]
    assert moments[-1] - moments[0] > 0.19


async def test_request_says_what_is_wanted(facing: Ask) -> None:
    async with facing(served_name="org/narrow", api_key="k") as (model, server):
        await collect(
            model,
            asking(seed=7, stop=("\n\n",), json_schema=SCHEMA, headers={"traceparent": "00-1"}),
        )
    body = server.bodies[0]
    assert body["model"] == "org/narrow"
    assert body["messages"] == [{"role": "user", "content": "How?"}]
    assert (body["max_tokens"], body["temperature"], body["seed"]) == (16, 0.0, 7)
    assert body["stop"] == ["\n\n"]
    assert body["stream_options"] == {"include_usage": True}
    assert body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True},
    }
    assert server.headers[0]["Authorization"] == "Bearer k"
    assert server.headers[0]["traceparent"] == "00-1"


async def test_connection_serves_one_call_after_the_other(facing: Ask) -> None:
    async with facing() as (model, server):
        for _ in range(5):
            await collect(model)
    assert len(server.connections) == 1


async def test_small_packets_are_sent_at_once(facing: Ask) -> None:
    async with facing(streaming(pause_s=0.1)) as (model, _):
        stream = model.stream(asking())
        await anext(stream)
        ours = [
            transport.get_extra_info("socket")
            for transport in asyncio.get_running_loop()._transports.values()
        ]
        assert all(each.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for each in ours)
        assert ours
        await stream.aclose()


async def test_answer_that_reaches_its_limit_says_so(facing: Ask) -> None:
    async with facing(sending(event("Apply"), event(finish_reason="length"), END[2])) as (model, _):
        events = await collect(model)
    assert events[-1] == Finished(reason=FinishReason.LENGTH, usage=Usage())


async def test_end_may_come_without_its_mark(facing: Ask) -> None:
    async with facing(sending(event("Apply"), event(finish_reason="stop"))) as (model, _):
        assert isinstance((await collect(model))[-1], Finished)


# --- leaving ----------------------------------------------------------------------------


async def test_closing_the_iterator_ends_the_call_at_the_server(facing: Ask) -> None:
    async with facing(streaming(["word "] * 500, pause_s=0.02)) as (model, server):
        stream = model.stream(asking())
        await anext(stream)
        await stream.aclose()
        async with asyncio.timeout(1):
            await server.left.wait()


@pytest.mark.parametrize("first_s", [0.0, 5.0])
async def test_cancelling_the_reader_ends_the_call_at_the_server(
    facing: Ask, first_s: float
) -> None:
    answer = streaming(["word "] * 500, pause_s=0.02, first_s=first_s)
    async with facing(answer) as (model, server):
        reader = asyncio.create_task(collect(model))
        await asyncio.sleep(0.1)
        reader.cancel()
        async with asyncio.timeout(1):
            await server.left.wait()


# --- what fails before the first token is tried again -----------------------------------


@pytest.mark.parametrize(
    "failure",
    [
        refusing(500, {"error": {"message": "worker died"}}),
        refusing(502),
        refusing(503, {"error": "no available workers"}),
        refusing(429, {"error": {"message": "slow down"}}, Retry_After="0"),
        hanging_up(),
        sending(event(), cut=True),
        sending(b"\x00\xffgarbage\n\n"),
        sending(b"data: {not json}\n\n"),
        sending(event()),
        page(),
    ],
    ids=[
        "500",
        "502",
        "503",
        "429",
        "hang-up",
        "cut",
        "bytes",
        "no JSON",
        "ended at once",
        "page",
    ],
)
async def test_failure_before_the_first_token_is_tried_again(facing: Ask, failure: Answer) -> None:
    async with facing(failure, failure) as (model, server):
        events = await collect(model)
    assert events[:-1] == [TextDelta(piece) for piece in PIECES]
    assert len(server.bodies) == 3


async def test_server_that_comes_back_within_three_seconds_is_found() -> None:
    port = free_port()
    async with RemoteChatModel("narrow", f"http://127.0.0.1:{port}") as model:
        answer = asyncio.create_task(collect(model))
        await asyncio.sleep(1)
        async with ModelServer(port=port):
            assert isinstance((await answer)[-1], Finished)


# --- what fails for good has a clear error ----------------------------------------------


async def failure_of(model: RemoteChatModel, **settings: object) -> tuple[ModelFailed, float]:
    """The error of a call, and the seconds until it came."""
    began = time.monotonic()
    with pytest.raises(ModelFailed) as caught:
        await collect(model, asking(**settings))
    assert caught.value.model == "narrow"
    return caught.value, time.monotonic() - began


async def until_failure(
    model: RemoteChatModel, request: ChatRequest
) -> tuple[list[ChatEvent], ModelFailed | None]:
    """What came before the error, and the error."""
    seen: list[ChatEvent] = []
    try:
        async for each in model.stream(request):
            seen += [each]
    except ModelFailed as error:
        return seen, error
    return seen, None


async def test_no_server_is_unreachable_within_four_seconds() -> None:
    async with RemoteChatModel("narrow", f"http://127.0.0.1:{free_port()}") as model:
        error, took = await failure_of(model)
        assert isinstance(error, ModelUnreachable)
        assert took < 4
        _, again = await failure_of(model)
    assert again < took / 2, "a server that is known to be down is not waited for each time"


async def test_server_that_only_fails_is_unreachable(facing: Ask) -> None:
    async with facing() as (model, server):
        server.otherwise = refusing(500, {"error": {"message": "worker died"}})
        error, took = await failure_of(model)
    assert isinstance(error, ModelUnreachable)
    assert "500: worker died" in str(error)
    assert len(server.bodies) == 6
    assert took < 4


async def test_busy_server_is_waited_for_as_long_as_it_says(facing: Ask) -> None:
    async with facing(refusing(503, Retry_After="1")) as (model, _):
        began = time.monotonic()
        await collect(model)
    assert 1.0 <= time.monotonic() - began < 4


async def test_server_that_is_busy_for_long_is_not_waited_for(facing: Ask) -> None:
    async with facing(refusing(429, {"error": {"message": "full"}}, Retry_After="30")) as (
        model,
        server,
    ):
        error, took = await failure_of(model)
    assert isinstance(error, ModelBusy)
    assert error.retry_after_s == 30
    assert took < 4
    assert len(server.bodies) == 1


@pytest.mark.parametrize("status", [307, 400, 401, 404, 422])
async def test_request_that_is_refused_is_not_tried_again(facing: Ask, status: int) -> None:
    async with facing(refusing(status, {"error": {"message": "context of 4096 tokens"}})) as (
        model,
        server,
    ):
        error, _ = await failure_of(model)
    assert isinstance(error, ModelRefused)
    assert error.status == status
    assert "context of 4096 tokens" in str(error)
    assert len(server.bodies) == 1


async def test_first_token_after_twenty_seconds_is_not_waited_for(facing: Ask) -> None:
    async with facing(streaming(first_s=20)) as (model, server):
        error, took = await failure_of(model, first_token_s=0.3)
        assert isinstance(error, ModelTimedOut)
        assert "no token within 0.3 s" in str(error)
        assert took < 4
        assert len(server.bodies) == 1
        async with asyncio.timeout(1):
            await server.left.wait()


async def test_answer_that_takes_too_long_is_ended_at_its_deadline(facing: Ask) -> None:
    async with facing(streaming(["word "] * 500, pause_s=0.05)) as (model, server):
        began = time.monotonic()
        seen, error = await until_failure(model, asking(deadline_s=0.5))
        assert isinstance(error, ModelTimedOut)
        assert 0.45 < time.monotonic() - began < 4
        assert len(seen) > 3
        async with asyncio.timeout(1):
            await server.left.wait()


async def test_tries_end_at_the_deadline(facing: Ask) -> None:
    async with facing() as (model, server):
        server.otherwise = refusing(500)
        _, took = await failure_of(model, deadline_s=0.3)
    assert took < 1
    assert len(server.bodies) < 6


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        (sending(event("You "), event("can "), cut=True), "broke in mid-answer"),
        (sending(event("You "), event("can ")), "ended before the answer did"),
        (sending(event("You "), event("can "), b"data: {oops\n\n"), "cannot be read"),
        (sending(event("You "), event("can "), b"\xff\xfe" * 700_000), "cannot be read"),
        (
            sending(event("You "), event("can "), b'data: {"error": {"message": "died"}}\n\n'),
            "died",
        ),
        (sending(event("You "), event("can "), event(finish_reason="abort")), "abort"),
    ],
    ids=["cut", "ended", "no JSON", "bytes", "error", "aborted"],
)
async def test_stream_that_fails_after_text_breaks_off_and_is_not_tried_again(
    facing: Ask, rest: Answer, said: str
) -> None:
    async with facing(rest) as (model, server):
        seen, error = await until_failure(model, asking())
    assert isinstance(error, ModelBrokeOff)
    assert said in str(error)
    assert seen == [TextDelta("You "), TextDelta("can ")]
    assert len(server.bodies) == 1


async def test_error_in_the_stream_before_text_is_told_by_its_code(facing: Ask) -> None:
    said = b'data: {"error": {"message": "too long", "code": 400}}\n\n'
    async with facing(sending(said)) as (model, server):
        error, _ = await failure_of(model)
    assert isinstance(error, ModelRefused)
    assert len(server.bodies) == 1


async def test_patience_for_the_first_token_is_one_for_all_tries(facing: Ask) -> None:
    async with facing(*[refusing(503)] * 9) as (model, server):
        error, took = await failure_of(model, first_token_s=0.3)
    assert isinstance(error, ModelBusy)
    assert took < 2
    assert 2 <= len(server.bodies) <= 4
