"""Responses as the OpenAPI document describes them, where a handler's signature does not say it."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.openapi import ResponseSpec

from fingerpost_gateway.problems import MEDIA_TYPE, TYPE_PREFIX

_REFUSALS = {
    400: "The request does not have the documented form",
    401: "The session or API key is not valid",
    403: "Not allowed",
    404: "There is no such thing for this asker",
    409: "It clashes with what was asked before",
    413: "It is too long",
    422: "The question is empty",
    429: "Too often; `Retry-After` says when to try again",
    503: "Not possible now; `Retry-After` says when to try again",
}


class ProblemDocument(msgspec.Struct, kw_only=True, rename={"kind": "type"}):
    """An error (RFC 9457)."""

    kind: Annotated[str, msgspec.Meta(examples=[f"{TYPE_PREFIX}unknown-conversation"])]
    """Stable; what a program should look at."""
    title: Annotated[str, msgspec.Meta(examples=["No such conversation"])]
    """For people; the same for every problem of the type."""
    status: Annotated[int, msgspec.Meta(examples=[404])]
    """The HTTP status."""
    detail: str
    """For people: the cause, and what to do."""
    instance: str | None = None
    """Number of a mistake of the server, which stands in its log too."""


def refused(*statuses: int) -> dict[int, ResponseSpec]:
    """The problems that a route may answer with; any may refuse the form, the key or the time."""
    return {
        status: ResponseSpec(
            ProblemDocument,
            generate_examples=False,
            description=_REFUSALS[status],
            media_type=MEDIA_TYPE,
        )
        for status in sorted({400, 401, 503, *statuses})
    }


def answered(data: type[object], description: str) -> ResponseSpec:
    """A JSON answer of a route that has several."""
    return ResponseSpec(data, generate_examples=False, description=description)


EVENT_STREAM = ResponseSpec(
    str,
    generate_examples=False,
    description="The events of the answer: `turn`, `status`, `sources`, `sentence`, `outcome`, "
    "`error`, `done`",
    media_type="text/event-stream",
)
