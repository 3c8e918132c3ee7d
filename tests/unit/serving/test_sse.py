"""Events are read whole, however the network cuts their bytes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fingerpost_serving.client.sse import LONGEST_LINE, EventParser, LineTooLong

STREAM = (
    b": a comment\n\n"
    b"event: chunk\nid: 7\ndata: one\n\n"
    b"data:two\r\n\r\n"
    b"data: three\ndata: lines\n\n"
    b"\n\n"
    b"retry: 100\n\n"
    b"data: \xc3\xa9\n\n"
    b"data: never ended"
)
EVENTS = [b"one", b"two", b"three\nlines", "é".encode()]


def test_data_of_each_event_is_found_and_the_rest_passed_over() -> None:
    assert EventParser().feed(STREAM) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_same_events_come_from_bytes_cut_anywhere(places: list[int]) -> None:
    parser = EventParser()
    cuts = [0, *sorted(places), len(STREAM)]
    found = [each for begin, end in pairwise(cuts) for each in parser.feed(STREAM[begin:end])]
    assert found == EVENTS


def feed_for_ever(parser: EventParser) -> None:
    for _ in range(LONGEST_LINE // 1000 + 2):
        parser.feed(b"x" * 1000)


def test_line_without_end_is_not_kept_for_ever() -> None:
    parser = EventParser()
    with pytest.raises(LineTooLong):
        feed_for_ever(parser)
