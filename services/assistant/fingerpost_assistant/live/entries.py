"""Entries of a turn's stream and the events in them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

import msgspec

from fingerpost_assistant.errors import InvalidEventId
from fingerpost_assistant.events import StreamedEvent, decode_event

_log = logging.getLogger(__name__)

Entry = tuple[str, Mapping[str, str]]
"""Id and fields. There is one field, "event" or, in the last entry, "end"."""

END = "end"
ERASED = (END, "")
"""The only field of a stream whose turn was deleted."""


def decode_entries(entries: Iterable[Entry]) -> list[StreamedEvent]:
    """The events in entries, in order."""
    events = []
    for id_, fields in entries:
        for payload in fields.values():
            try:
                events.append(StreamedEvent(id_, decode_event(payload)))
            except msgspec.DecodeError:
                # Erased, or written by a newer version, whose news this one has no use for.
                if payload:
                    _log.warning("event %s is of no kind that this version knows", id_)
    return events


def event_number(event_id: str) -> int:
    """Place of an event in its stream, from 1.

    Raises:
        InvalidEventId: it is no id of an event.
    """
    number, _, rest = event_id.partition("-")
    if rest != "0" or not (number.isascii() and number.isdigit()) or len(number) > 12:
        raise InvalidEventId
    return int(number)
