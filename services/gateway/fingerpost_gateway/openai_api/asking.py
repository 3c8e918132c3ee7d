"""From a request in OpenAI's shape to a question with its context, or to what cannot be had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, get_args

from fingerpost_assistant import Exchange
from fingerpost_gateway.errors import UnknownModelError, UnsupportedError
from fingerpost_gateway.openai_api.schemas import ChatCompletionRequest, ChatMessage, Places
from fingerpost_gateway.places import Locale, Nation

GROUNDED = "fingerpost"
"""The model that answers from guidance."""


class AskedInChat(NamedTuple):
    """What is asked of the assistant."""

    question: str
    history: tuple[Exchange, ...]
    nation: str | None
    locale: str | None


def asked_in(request: ChatCompletionRequest) -> AskedInChat:
    """Read the question and its context.

    Instructions ("system" and "developer" messages) are left out: answers come from guidance,
    and nothing in a request changes how.

    Raises:
        UnsupportedError: the request wants what a grounded answer cannot be.
    """
    _check_wishes(request)
    *earlier, last = request.messages or [ChatMessage(role="system")]
    if last.role != "user":
        raise UnsupportedError("messages", "the last message must be the user's question")
    places = request.metadata or Places()
    return AskedInChat(
        question=text_of(last),
        history=_exchanges(earlier),
        nation=_one_of("nation", places.nation, get_args(Nation)),
        locale=_one_of("locale", places.locale, get_args(Locale)),
    )


def _check_wishes(request: ChatCompletionRequest) -> None:
    if request.model != GROUNDED:
        raise UnknownModelError("model", f"there is no {request.model!r}; use {GROUNDED!r}")
    if (request.n or 1) != 1:
        raise UnsupportedError("n", "there is one answer to a question; leave it out")
    if request.tools or request.functions:
        name = "tools" if request.tools else "functions"
        raise UnsupportedError(name, "answers come from guidance and call nothing; leave it out")
    if request.response_format and request.response_format.get("type") != "text":
        raise UnsupportedError("response_format", "answers are text; leave it out")
    if request.modalities and request.modalities != ["text"]:
        raise UnsupportedError("modalities", "answers are text; leave it out")
    if request.logprobs:
        raise UnsupportedError("logprobs", "answers have none; leave it out")


def _exchanges(messages: Sequence[ChatMessage]) -> tuple[Exchange, ...]:
    """Pair each question with what was said to it."""
    exchanges: list[Exchange] = []
    for message in messages:
        if message.role == "user":
            exchanges.append(Exchange(question=text_of(message), answer=""))
        elif message.role == "assistant" and exchanges:
            said = " ".join(filter(None, (exchanges[-1].answer, text_of(message))))
            exchanges[-1] = Exchange(exchanges[-1].question, said)
    return tuple(exchanges)


def text_of(message: ChatMessage) -> str:
    """The text of a message.

    Raises:
        UnsupportedError: it holds something else.
    """
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    for part in message.content:
        if part.kind != "text":
            raise UnsupportedError(
                "messages", f"content of type {part.kind!r} cannot be read; only text"
            )
    return "\n".join(part.text for part in message.content)


def _one_of(name: str, value: str | None, known: Sequence[str]) -> str | None:
    if value is not None and value not in known:
        raise UnsupportedError(f"metadata.{name}", f"{value!r} is none of {', '.join(known)}")
    return value
