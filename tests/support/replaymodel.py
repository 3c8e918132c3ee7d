"""A model that writes what a test gives it, token by token, or fails as the test says."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence

from fingerpost_serving import (
    ChatEvent,
    ChatRequest,
    Finished,
    FinishReason,
    ModelFailed,
    TextDelta,
    Usage,
)

_TOKEN = re.compile(r"\s*\S{1,6}|\s+")


def token_like(text: str) -> list[str]:
    """Cut a text into pieces about as long as a model's tokens."""
    return _TOKEN.findall(text)


class ReplayModel:
    """Streams texts, one a call and the last one for ever, and remembers what it was asked.

    Arguments:
        pieces: what each call writes: a text, which is cut as tokens are, or pieces as they are.
        fails: raised after the text, in place of its end.
        ends: whether the stream says that it has ended.
        first_s, gap_s: seconds before the first piece, and between pieces.
    """

    name = "replay"

    def __init__(
        self,
        *pieces: str | Sequence[str],
        fails: ModelFailed | None = None,
        ends: bool = True,
        reason: FinishReason = FinishReason.STOP,
        first_s: float = 0.0,
        gap_s: float = 0.0,
    ) -> None:
        self._calls = [token_like(each) if isinstance(each, str) else list(each) for each in pieces]
        self._fails = fails
        self._ends = ends
        self._reason = reason
        self._first_s = first_s
        self._gap_s = gap_s
        self.asked: list[ChatRequest] = []
        self.closed = 0
        """Calls that are over, whichever way."""

    async def stream(self, request: ChatRequest) -> AsyncIterator[ChatEvent]:
        pieces = self._calls[min(len(self.asked), len(self._calls) - 1)] if self._calls else []
        self.asked.append(request)
        try:
            await asyncio.sleep(self._first_s)
            for piece in pieces:
                yield TextDelta(piece)
                await asyncio.sleep(self._gap_s)
            if self._fails is not None:
                raise self._fails
            if self._ends:
                usage = Usage(prompt_tokens=100, completion_tokens=len(pieces))
                yield Finished(reason=self._reason, usage=usage)
        finally:
            self.closed += 1
