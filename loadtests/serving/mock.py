"""`python -m loadtests.serving.mock PORT`: a model server without a model, cheaper than its clients.

Speaks as much of the OpenAI-compatible API and of HTTP/1.1 (kept connections, bodies with a length)
as gateways and routers use, straight on asyncio's transports: what stands before it is measured, not
this.
"""

from __future__ import annotations

import asyncio
import sys

import msgspec

from loadtests.serving.script import Asked, Script, UnknownScriptError, script_for

_STREAM = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"cache-control: no-store\r\ntransfer-encoding: chunked\r\n\r\n"
)
_MODELS = b'{"object":"list","data":[{"id":"mock","object":"model","created":0,"owned_by":"mock"}]}'

_read = msgspec.json.Decoder(Asked).decode
_write = msgspec.json.Encoder().encode


class Mock(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._next: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._next is not None:
            self._next.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        length = _length(head)
        if len(rest) < length:
            return
        self._received = rest[length:]
        self._answer(head.split(b" ", 2)[1], rest[:length])

    def _answer(self, path: bytes, body: bytes) -> None:
        if not path.endswith(b"/chat/completions"):
            self._send(_whole(200, _MODELS if path.endswith(b"/models") else b"{}"))
            return
        try:
            asked = _read(body)
            script = script_for(asked)
        except (msgspec.DecodeError, UnknownScriptError) as error:
            self._send(_whole(400, _write({"error": {"message": str(error)}})))
            return
        if not asked.stream:
            self._send(_whole(200, _completion(asked, script)))
        elif script.pause_s:
            self._send(_STREAM)
            self._say(asked, script, 0, asyncio.get_running_loop().time())
        else:
            said = b"".join(_delta(asked, piece) for piece in script.deltas)
            self._send(_STREAM + _framed(said + _end(asked, script)) + b"0\r\n\r\n")

    def _say(self, asked: Asked, script: Script, number: int, began: float) -> None:
        """Say one delta, and the next when its time has come, counted from the first."""
        if number == len(script.deltas):
            self._send(_framed(_end(asked, script)) + b"0\r\n\r\n")
            return
        self._send(_framed(_delta(asked, script.deltas[number])))
        due = began + (number + 1) * script.pause_s
        loop = asyncio.get_running_loop()
        self._next = loop.call_at(due, self._say, asked, script, number + 1, began)

    def _send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


def _whole(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d Said\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
        status,
        len(body),
        body,
    )


def _framed(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _chunk(asked: Asked, choices: list[object], **more: object) -> bytes:
    chunk = {
        "id": "chatcmpl-mock",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": asked.model,
        "choices": choices,
        **more,
    }
    return b"data: " + _write(chunk) + b"\n\n"


def _delta(asked: Asked, text: str) -> bytes:
    return _chunk(asked, [{"index": 0, "delta": {"content": text}, "finish_reason": None}])


def _usage(script: Script) -> dict[str, int]:
    count = len(script.deltas)
    return {"prompt_tokens": 10, "completion_tokens": count, "total_tokens": count + 10}


def _end(asked: Asked, script: Script) -> bytes:
    end = _chunk(asked, [{"index": 0, "delta": {}, "finish_reason": "stop"}])
    if asked.stream_options and asked.stream_options.include_usage:
        end += _chunk(asked, [], usage=_usage(script))
    return end + b"data: [DONE]\n\n"


def _completion(asked: Asked, script: Script) -> bytes:
    message = {"role": "assistant", "content": "".join(script.deltas)}
    return _write(
        {
            "id": "chatcmpl-mock",
            "object": "chat.completion",
            "created": 0,
            "model": asked.model,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": _usage(script),
        }
    )


async def serve(port: int) -> None:
    """Serve on 127.0.0.1 until cancelled."""
    server = await asyncio.get_running_loop().create_server(Mock, "127.0.0.1", port, backlog=2048)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
