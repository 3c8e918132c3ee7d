"""The part of the OpenAI chat-completions format that is sent and read, as types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from ..chat import ChatRequest, Message, Usage

PATH = "/v1/chat/completions"


class StreamOptions(msgspec.Struct, frozen=True):
    """What a stream carries beside text."""

    include_usage: bool


class JsonSchema(msgspec.Struct, frozen=True):
    """A schema, under the name that the format wants."""

    name: str
    schema: Mapping[str, object]
    strict: bool


class ResponseFormat(msgspec.Struct, frozen=True):
    """What the text is to be."""

    type: Literal["json_schema"]
    json_schema: JsonSchema


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a request."""

    model: str
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float
    stream: bool
    stream_options: StreamOptions
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    response_format: ResponseFormat | None = None


class Delta(msgspec.Struct, frozen=True):
    """What a chunk adds to the message."""

    content: str | None = None


class Choice(msgspec.Struct, frozen=True):
    """One of the texts that are written at a time; we ask for one."""

    delta: Delta = Delta()
    finish_reason: str | None = None


class PromptDetails(msgspec.Struct, frozen=True):
    """Where the tokens of the prompt came from."""

    cached_tokens: int | None = None


class WireUsage(msgspec.Struct, frozen=True):
    """Counts of tokens."""

    prompt_tokens: int = 0
    completion_tokens: int | None = 0
    prompt_tokens_details: PromptDetails | None = None

    def usage(self) -> Usage:
        """The same in our terms."""
        details = self.prompt_tokens_details
        return Usage(
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self.completion_tokens or 0,
            cached_tokens=(details and details.cached_tokens) or 0,
        )


class ErrorDetail(msgspec.Struct, frozen=True):
    """What a server says went wrong."""

    message: str = ""
    code: int | str | None = None


class Chunk(msgspec.Struct, frozen=True):
    """One event of a stream."""

    choices: list[Choice] = []
    usage: WireUsage | None = None
    error: ErrorDetail | str | None = None


class _ErrorBody(msgspec.Struct, frozen=True):
    error: ErrorDetail | str = ""
    message: str = ""


read_chunk = msgspec.json.Decoder(Chunk).decode
_error_body = msgspec.json.Decoder(_ErrorBody).decode

_LONGEST_MESSAGE = 300


def request_body(request: ChatRequest, served_name: str) -> bytes:
    """A request as JSON."""
    schema = request.json_schema
    wanted = schema and ResponseFormat("json_schema", JsonSchema("answer", schema, strict=True))
    body = Body(
        model=served_name,
        messages=request.messages,
        max_tokens=request.max_tokens,
        temperature=request.temperature,
        stream=True,
        stream_options=StreamOptions(include_usage=True),
        top_p=None if request.top_p == 1.0 else request.top_p,
        seed=request.seed,
        stop=request.stop,
        response_format=wanted or None,
    )
    return msgspec.json.encode(body)


def error_in_body(body: bytes) -> str:
    """What the body of a refusal says, in one line; servers differ in its form."""
    try:
        found = _error_body(body)
    except msgspec.DecodeError:
        return _shortened(body)
    detail = found.error if isinstance(found.error, str) else found.error.message
    return _shortened((detail or found.message).encode()) or _shortened(body)


def _shortened(text: bytes) -> str:
    words = " ".join(text.decode("utf-8", "replace").split())
    return words if len(words) <= _LONGEST_MESSAGE else f"{words[:_LONGEST_MESSAGE]}…"
