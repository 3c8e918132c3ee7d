"""Calls to a Qdrant server, whose failures become the errors of this package."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from qdrant_client.http.exceptions import ResponseHandlingException

from .errors import IndexFault, IndexUnreachable

Result = TypeVar("Result")


def guarded(function: Callable[[], Result]) -> Result:
    """Call the server and translate what it raises: `IndexUnreachable`, or else `IndexFault`."""
    try:
        return function()
    except ResponseHandlingException as error:
        raise IndexUnreachable(
            f"the Qdrant server does not answer: {error}. Check its address in the settings and "
            "that it is running"
        ) from error
    except Exception as error:
        raise IndexFault(f"the Qdrant server refused: {error}") from error
