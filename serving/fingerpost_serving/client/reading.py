"""Reads a stream of completion chunks as events of our own."""

from __future__ import annotations

import msgspec

from ..chat import ChatEvent, Finished, FinishReason, TextDelta, Usage
from .sse import EventParser, LineTooLong
from .wire import Chunk, ErrorDetail, read_chunk

DONE = b"[DONE]"


class Unreadable(Exception):  # noqa: N818 -- says what happened, as the package's errors do
    """What arrived is no stream of completion chunks."""


class ServerGaveUp(Exception):  # noqa: N818
    """The server ended the answer with an error of its own."""

    def __init__(self, detail: ErrorDetail) -> None:
        self.detail = detail
        super().__init__(f"its server gave up: {detail.message or 'it does not say why'}")


class AnswerReader:
    """From bytes to `ChatEvent`s; `ended` once nothing more is to come."""

    def __init__(self) -> None:
        self._parser = EventParser()
        self._reason: FinishReason | None = None
        self._usage = Usage()
        self.ended = False

    def feed(self, data: bytes) -> list[ChatEvent]:
        """Take the next bytes.

        Raises:
            Unreadable: this is no chunk.
            ServerGaveUp: it says that it failed.
        """
        events: list[ChatEvent] = []
        try:
            for payload in self._parser.feed(data):
                if payload == DONE:
                    events.append(self.finish())
                    break
                self._take(read_chunk(payload), events)
        except (msgspec.DecodeError, LineTooLong, UnicodeDecodeError) as error:
            raise Unreadable(f"its stream cannot be read: {error}") from error
        return events

    def finish(self) -> Finished:
        """The end of the stream; a server may leave out the mark, but not the reason.

        Raises:
            Unreadable: it did not say why it ended, so that something is missing.
        """
        if self._reason is None:
            raise Unreadable("its stream ended before the answer did")
        self.ended = True
        return Finished(reason=self._reason, usage=self._usage)

    def _take(self, chunk: Chunk, events: list[ChatEvent]) -> None:
        for choice in chunk.choices:
            if choice.delta.content:
                events.append(TextDelta(choice.delta.content))
            if choice.finish_reason is not None:
                self._reason = _reason(choice.finish_reason)
        if chunk.usage is not None:
            self._usage = chunk.usage.usage()
        if chunk.error is not None:
            detail = chunk.error
            raise ServerGaveUp(ErrorDetail(detail) if isinstance(detail, str) else detail)


def _reason(name: str) -> FinishReason:
    try:
        return FinishReason(name)
    except ValueError:
        raise ServerGaveUp(ErrorDetail(f"it ended the answer with {name!r}")) from None
