"""What a language model is asked, and what comes back while it writes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import Literal, Protocol

import msgspec

ChatRole = Literal["system", "user", "assistant"]


class Message(msgspec.Struct, frozen=True):
    """One message of the conversation with a model."""

    role: ChatRole
    content: str


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a model."""

    messages: tuple[Message, ...]
    max_tokens: int
    """Most tokens that the model may write."""
    temperature: float = 0.0
    """0 takes the likeliest token each time."""
    top_p: float = 1.0
    """Only the likeliest tokens are taken, as many as have this probability together."""
    seed: int | None = None
    stop: tuple[str, ...] = ()
    """The model ends before it would write one of these."""
    json_schema: Mapping[str, object] | None = None
    """What it writes is JSON of this schema; None for free text."""
    deadline_s: float = 30.0
    """Longest time for the whole call, in seconds, with all retries."""
    first_token_s: float = 10.0
    """Longest time until the first token, in seconds, with all retries."""
    headers: Mapping[str, str] | None = None
    """Sent with the call where the model is behind HTTP: for tracing."""


class FinishReason(StrEnum):
    """Why a model stopped writing."""

    STOP = "stop"
    """It had said all."""
    LENGTH = "length"
    """It reached `max_tokens`, or the end of its context."""


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """Tokens of one call, as the model's server counted them."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    """Of `prompt_tokens`, those found in the prefix cache."""


class TextDelta(msgspec.Struct, frozen=True):
    """The next piece of text."""

    text: str


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """The last event of a call that went well."""

    reason: FinishReason
    usage: Usage


ChatEvent = TextDelta | Finished


class ChatModel(Protocol):
    """A model that streams; safe to share between tasks."""

    @property
    def name(self) -> str:
        """Its name in `models.toml`."""
        ...

    def stream(self, request: ChatRequest) -> AsyncIterator[ChatEvent]:
        """Yield text as it is written, then one `Finished`.

        Closing the iterator, or cancelling the task that reads it, ends the call at the model's
        server too. Raises a `ModelFailed`; one that was raised before any text may be followed
        by the extractive answerer, as may one that was raised after some.
        """
        ...
