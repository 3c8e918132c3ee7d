"""What is known of a model before it is started: its role, its backend and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

import msgspec

from .engine import Engine

Count = Annotated[int, msgspec.Meta(ge=1)]


class Role(StrEnum):
    """The work a model does in answering a question."""

    ANSWER = "answer"
    REWRITE = "rewrite"
    EMBED = "embed"
    RERANK = "rerank"
    CLASSIFY = "classify"


class Backend(StrEnum):
    """What runs a model."""

    EXTRACTIVE = "extractive"
    """`ExtractiveAnswerer`, in this process."""
    ONNX = "onnx"
    """ONNX Runtime, in this process."""
    VLLM = "vllm"
    """A server of the OpenAI-compatible API, here or elsewhere; `Model.engine` says where."""


class Size(StrEnum):
    """How able, and how costly, a model is beside others of its role."""

    NARROW = "narrow"
    """For what is easy, and under pressure."""
    LARGE = "large"
    """For what is hard."""


ROLES_BY_BACKEND: Mapping[Backend, frozenset[Role]] = MappingProxyType(
    {
        Backend.EXTRACTIVE: frozenset({Role.ANSWER}),
        Backend.ONNX: frozenset({Role.EMBED}),
        Backend.VLLM: frozenset(Role),
    }
)


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model can bear; admission holds requests to it."""

    context: Count
    """Tokens one request may hold: question, evidence and answer."""
    concurrent_requests: Count
    """Requests at a time, on all replicas together."""
    tokens_in_flight: Count
    """Tokens of all requests at a time together; at least `context`."""


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of the registry."""

    name: str
    role: Role
    backend: Backend
    limits: Limits
    size: Size = Size.LARGE
    """Which of the models of its role the choice for a question falls on."""
    engine: Engine | None = None
    """Where it runs; with the backend `vllm`, and only with it."""
