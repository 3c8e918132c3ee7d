"""What is known of a model before it is started: its role, its backend and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

import msgspec

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


ROLES_BY_BACKEND: Mapping[Backend, frozenset[Role]] = MappingProxyType(
    {Backend.EXTRACTIVE: frozenset({Role.ANSWER}), Backend.ONNX: frozenset({Role.EMBED})}
)


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model can bear; admission holds requests to it."""

    context: Count
    """Tokens one request may hold: question, evidence and answer."""
    concurrent_requests: Count
    """Requests at a time."""
    tokens_in_flight: Count
    """Tokens of all requests at a time together; at least `context`."""


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of the registry."""

    name: str
    role: Role
    backend: Backend
    limits: Limits
