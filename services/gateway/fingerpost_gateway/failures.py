"""Errors that were raised on purpose, as commands and programs see them."""

from __future__ import annotations

import re

from fingerpost_assistant.errors import AssistantError
from fingerpost_gateway.errors import CommandFailedError, GatewayError
from fingerpost_knowledge_hub.errors import KnowledgeHubError
from fingerpost_retrieval.errors import RetrievalError
from fingerpost_serving.errors import ServingError

EXPECTED = (GatewayError, AssistantError, KnowledgeHubError, RetrievalError, ServingError)
"""Roots of all errors whose message names cause and cure, so that it is shown as it stands."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def failure_code(error: Exception) -> str:
    """A stable name for programs, made from the error's class: "data_directory_in_use"."""
    if isinstance(error, CommandFailedError):
        return error.code
    return _HUMP.sub("_", type(error).__name__.removesuffix("Error")).lower()
