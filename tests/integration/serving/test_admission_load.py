"""The load run of admission, in small: five times too many on two gateways, and one is killed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from loadtests.admission.report import findings
from loadtests.admission.run import run
from loadtests.admission.scenario import Scenario

SMALL = Scenario(
    clients=120,
    seconds=5.0,
    unloaded_s=2.0,
    places=16,
    service_s=0.5,
    longest_wait_s=0.2,
    start_s=10.0,
    after_s=8.0,
)

HOLD_ON_ANY_MACHINE = (
    "in flight, counted by the clients",
    "tokens, counted by the clients",
    "in flight, as in Valkey",
    "tokens, as in Valkey",
    "leases of the killed gateway gone after",
    "refusal p50",
)
"""Shares and times need a longer run and a quieter machine: `python -m loadtests.admission`."""


async def test_limits_hold_and_nothing_is_lost_when_a_gateway_is_killed(
    valkey_url: str, tmp_path: Path
) -> None:
    seen = await asyncio.to_thread(run, SMALL, valkey_url, tmp_path)
    found = {each.name: each for each in findings(SMALL, seen)}
    assert [found[name] for name in HOLD_ON_ANY_MACHINE if not found[name].holds] == []
    assert found["served"].value > 0.5 * SMALL.places / SMALL.service_s
