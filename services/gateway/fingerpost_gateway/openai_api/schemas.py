"""What goes in and out of the OpenAI-compatible API: the parts of OpenAI's documented shapes that
grounded answers have. What a client sends beyond them is either refused by `asking` or of no effect.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from fingerpost_serving import FinishReason

MessageRole = Literal["system", "developer", "user", "assistant", "tool", "function"]


class ContentPart(msgspec.Struct, kw_only=True, rename={"kind": "type"}):
    """A part of a message's content."""

    kind: str
    """Only "text" is taken."""
    text: str = ""


class ChatMessage(msgspec.Struct, kw_only=True):
    """One message of the conversation so far."""

    role: MessageRole
    content: str | list[ContentPart] | None = None


class StreamOptions(msgspec.Struct, kw_only=True):
    """How to stream."""

    include_usage: bool = False
    """One more chunk at the end, with the usage."""


class Places(msgspec.Struct, kw_only=True):
    """Of OpenAI's `metadata`, the keys that have a meaning here; others have none."""

    nation: str | None = None
    """Where the asker lives: "england", "scotland", "wales" or "northern-ireland"."""
    locale: str | None = None
    """Language to answer in: "en" or "cy"."""


class ChatCompletionRequest(msgspec.Struct, kw_only=True):
    """A request for a chat completion."""

    model: Annotated[str, msgspec.Meta(examples=["fingerpost"])]
    messages: Annotated[
        list[ChatMessage],
        msgspec.Meta(
            examples=[[{"role": "user", "content": "When do I get my State Pension?"}]],
            description="The last one is the question; the ones before it are its context.",
        ),
    ]
    stream: bool = False
    stream_options: StreamOptions | None = None
    metadata: Places | None = None
    max_completion_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """Of the `raw` models alone, as are the five below."""
    max_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    top_p: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None
    seed: int | None = None
    stop: str | list[str] | None = None
    n: int | None = None
    tools: list[object] | None = None
    functions: list[object] | None = None
    response_format: dict[str, object] | None = None
    modalities: list[str] | None = None
    logprobs: bool | None = None


class UrlCitation(msgspec.Struct, frozen=True, kw_only=True):
    """The source of a stretch of the content."""

    start_index: int
    """First character of the stretch, from 0."""
    end_index: int
    """The character after its last."""
    url: str
    title: str


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """An annotation of the content."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens: as a model's server counted them, or of grounded answers estimated from words at four
    tokens to three."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class AnswerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What is Fingerpost's own: where the answer is kept and how it came out."""

    turn_id: str
    """For `/v1/turns/{turn_id}`, its events and its feedback."""
    conversation_id: str
    outcome: str
    """One of the outcomes of the API ("answered", "unanswerable_no_guidance" …)."""
    model: str = ""
    """What wrote the answer."""


class AssistantMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: tuple[Annotation, ...] = ()


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The one choice."""

    index: int = 0
    message: AssistantMessage
    finish_reason: FinishReason = FinishReason.STOP
    logprobs: None = None


class ChatCompletion(msgspec.Struct, frozen=True, kw_only=True):
    """A whole answer."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    """Seconds since 1970."""
    model: str
    choices: tuple[Choice, ...]
    usage: Usage
    fingerpost: AnswerRecord | None = None
    """Of grounded answers."""


class Delta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a chunk adds to the answer."""

    role: Literal["assistant", ""] = ""
    content: str | None = None
    annotations: tuple[Annotation, ...] = ()


class ChunkChoice(msgspec.Struct, frozen=True, kw_only=True):
    """The one choice."""

    index: int = 0
    delta: Delta
    finish_reason: FinishReason | None = None


class ChatCompletionChunk(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of an answer."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: tuple[ChunkChoice, ...] = ()
    usage: Usage | None = None
    fingerpost: AnswerRecord | None = None
    """With the last piece of a grounded answer."""


class ModelCard(msgspec.Struct, frozen=True, kw_only=True):
    """A model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "fingerpost"


class ModelList(msgspec.Struct, frozen=True, kw_only=True):
    """The models that the caller may name."""

    object: Literal["list"] = "list"
    data: tuple[ModelCard, ...]


class ErrorDetail(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong."""

    message: str
    type: str
    """"invalid_request_error", "authentication_error", "rate_limit_error" or "server_error"."""
    param: str | None = None
    """The field of the request at fault, where it is one."""
    code: str | None = None
    """As the last part of a problem's `type` elsewhere in the API."""


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """An error in OpenAI's shape."""

    error: ErrorDetail
