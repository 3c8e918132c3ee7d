"""From a request in OpenAI's shape to a call of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fingerpost_gateway.errors import UnsupportedError
from fingerpost_gateway.openai_api.asking import text_of
from fingerpost_gateway.openai_api.schemas import ChatCompletionRequest, ChatMessage
from fingerpost_serving import ChatRequest, Limits, Message
from fingerpost_serving.chat import ChatRole

TOKENS = 1024
"""Most tokens of an answer where the request does not say."""

CHARACTERS_A_TOKEN = 3
TOKENS_A_MESSAGE = 8
"""What a chat template puts around each."""

_ROLES: Mapping[str, ChatRole] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
}


def messages_of(request: ChatCompletionRequest) -> tuple[Message, ...]:
    """Read the messages.

    Raises:
        UnsupportedError: there are none, or some that no model here reads.
    """
    if not request.messages:
        raise UnsupportedError("messages", "there are none; send at least one")
    return tuple(Message(_role(message), text_of(message)) for message in request.messages)


def raw_call(
    request: ChatCompletionRequest, messages: Sequence[Message], limits: Limits, deadline_s: float
) -> ChatRequest:
    """Put the call together.

    Args:
        messages: what the model is to read.
        deadline_s: longest time for the whole call, in seconds.

    Raises:
        UnsupportedError: the request wants what is not to be had here.
    """
    _check_wishes(request)
    return ChatRequest(
        messages=tuple(messages),
        max_tokens=_most_tokens(request, prompt_tokens(messages), limits),
        temperature=1.0 if request.temperature is None else request.temperature,
        top_p=1.0 if request.top_p is None else request.top_p,
        seed=request.seed,
        stop=(request.stop,) if isinstance(request.stop, str) else tuple(request.stop or ()),
        json_schema=_schema(request.response_format),
        deadline_s=deadline_s,
        first_token_s=deadline_s,
    )


def prompt_tokens(messages: Sequence[Message]) -> int:
    """Estimate the tokens of a prompt, rather too many than too few."""
    return sum(len(each.content) // CHARACTERS_A_TOKEN + TOKENS_A_MESSAGE for each in messages)


def _most_tokens(request: ChatCompletionRequest, prompt: int, limits: Limits) -> int:
    wanted = request.max_completion_tokens or request.max_tokens
    if wanted is not None:
        return wanted
    return max(1, min(TOKENS, limits.context - prompt))


def _role(message: ChatMessage) -> ChatRole:
    if message.role not in _ROLES:
        raise UnsupportedError("messages", f"a message of {message.role!r} cannot be read here")
    return _ROLES[message.role]


def _check_wishes(request: ChatCompletionRequest) -> None:
    if (request.n or 1) != 1:
        raise UnsupportedError("n", "there is one answer to a request; leave it out")
    if request.tools or request.functions:
        name = "tools" if request.tools else "functions"
        raise UnsupportedError(name, "the models call nothing here; leave it out")
    if request.modalities and request.modalities != ["text"]:
        raise UnsupportedError("modalities", "the models write text; leave it out")
    if request.logprobs:
        raise UnsupportedError("logprobs", "they are not passed on; leave it out")


def _schema(wanted: Mapping[str, object] | None) -> Mapping[str, object] | None:
    if not wanted or wanted.get("type") == "text":
        return None
    described = wanted.get("json_schema")
    schema = described.get("schema") if isinstance(described, dict) else None
    if wanted.get("type") != "json_schema" or not isinstance(schema, dict):
        raise UnsupportedError(
            "response_format", "use 'text', or 'json_schema' with a schema under json_schema.schema"
        )
    return schema
