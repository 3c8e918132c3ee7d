"""Waiting: what servers ask for, and what the client adds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from fingerpost_knowledge_hub.govuk.live.pace import backoff, retry_after


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("7", 7),
        (" 7 ", 7),
        ("-1", 0),
        ("soon", 0),
        ("1.5", 0),
        ("9" * 30, 999999999),
    ],
)
def test_seconds_of_retry_after(header: str | None, seconds: float) -> None:
    assert retry_after(header) == seconds


@pytest.mark.parametrize("offset", [timedelta(0), timedelta(hours=-5)])
def test_moment_of_retry_after(offset: timedelta) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=60)
    zoned = moment.astimezone(None if offset else UTC)
    assert 55 < retry_after(format_datetime(zoned)) <= 60


def test_moment_in_the_past_asks_for_nothing() -> None:
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0


def test_pauses_double_and_are_spread() -> None:
    for attempt in range(5):
        waits = {backoff(1.0, attempt) for _ in range(50)}
        assert 2**attempt / 2 <= min(waits) < max(waits) <= 2**attempt


def test_a_moment_that_no_calendar_holds_asks_for_no_wait() -> None:
    assert retry_after("Mon, 01 Jan 99999999999999999999 00:00:00 GMT") == 0.0
