"""A local model server that answers as a test tells it to: well, late, wrongly or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

PIECES = ("You can ", "apply ", "online.")


class ModelServer:
    """A real HTTP server on 127.0.0.1, in the loop of the test.

    Each request takes the next of `answers`; once they are used up, `otherwise`.
    """

    def __init__(self, *answers: Answer, otherwise: Answer | None = None, port: int = 0) -> None:
        self.answers = deque(answers)
        self.otherwise = otherwise or streaming()
        self.bodies: list[dict[str, object]] = []
        self.headers: list[dict[str, str]] = []
        self.connections: set[object] = set()
        """Different connections that requests came on."""
        self.left = asyncio.Event()
        """Set once a client leaves before its answer is complete."""
        self._port = port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()
        # Connections that are closing are closed in the next turn of the loop.
        await asyncio.sleep(0)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(json.loads(await request.read()))
        self.headers.append(dict(request.headers))
        self.connections.add(request.transport)
        answer = self.answers.popleft() if self.answers else self.otherwise
        try:
            return await answer(request)
        except (asyncio.CancelledError, ConnectionError):
            self.left.set()
            raise


def event(content: str = "", finish_reason: str | None = None, **more: object) -> bytes:
    """One chunk of an answer, as vLLM writes it."""
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish_reason}
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "choices": [choice], **more}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


USAGE = {
    "prompt_tokens": 12,
    "completion_tokens": 3,
    "total_tokens": 15,
    "prompt_tokens_details": {"cached_tokens": 8},
}
END = (
    event(finish_reason="stop"),
    b"data: " + json.dumps({"choices": [], "usage": USAGE}).encode() + b"\n\n",
    b"data: [DONE]\n\n",
)


def streaming(
    pieces: Sequence[str] = PIECES, *, pause_s: float = 0.0, first_s: float = 0.0
) -> Answer:
    """A whole answer; `first_s` before its first token, `pause_s` between tokens."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await _begun(request)
        await response.write(event())
        await asyncio.sleep(first_s)
        for piece in pieces:
            await response.write(event(piece))
            await asyncio.sleep(pause_s)
        for chunk in END:
            await response.write(chunk)
        return response

    return answer


def faithful() -> Answer:
    """An answer that keeps to the request: its schema, its stop words, its number of tokens."""

    async def answer(request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        words = [f"{word} " for word in ["You", "can", "apply", "online.", "It", "is", "free."]]
        if wanted := body.get("response_format"):
            words = list(json.dumps(example_of(wanted["json_schema"]["schema"])))
        for number, word in enumerate(words):
            if any(stop in word for stop in body.get("stop", ())):
                words = words[:number]
                break
        return await streaming(words[: body["max_tokens"]])(request)

    return answer


def example_of(schema: dict[str, object]) -> object:
    """A value of a JSON schema."""
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            assert isinstance(properties, dict)
            return {name: example_of(each) for name, each in properties.items()}
        case "integer" | "number":
            return 7
        case "boolean":
            return True
        case "array":
            return []
        case "null":
            return None
        case _:
            return "Because."


def sending(*chunks: bytes, cut: bool = False) -> Answer:
    """These bytes as the stream, then its end; with `cut`, the connection is torn instead."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = await _begun(request)
        for chunk in chunks:
            await response.write(chunk)
            await asyncio.sleep(0.01)
        if cut:
            _cut(request)
        return response

    return answer


def refusing(status: int, body: object = None, **headers: str) -> Answer:
    """A status with a JSON body; `Retry_After="1"` becomes a header."""

    async def answer(request: web.Request) -> web.StreamResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(body, status=status, headers=named)

    return answer


def page() -> Answer:
    """A page for people, as a proxy in front may send."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(text="<h1>Maintenance</h1>", content_type="text/html")

    return answer


def hanging_up() -> Answer:
    """The connection is torn before anything is said."""

    async def answer(request: web.Request) -> web.StreamResponse:
        _cut(request)
        return web.Response()

    return answer


async def _begun(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
    response.enable_chunked_encoding()
    await response.prepare(request)
    return response


def _cut(request: web.Request) -> None:
    assert request.transport is not None
    request.transport.abort()


@contextlib.contextmanager
def in_thread(server: ModelServer) -> Iterator[ModelServer]:
    """Run a server in a loop of its own, for tests without one."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def there(step: Coroutine[object, object, object]) -> None:
        asyncio.run_coroutine_threadsafe(step, loop).result(10)

    there(server.__aenter__())
    try:
        yield server
    finally:
        there(server.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
