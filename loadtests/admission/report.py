"""Figures of a run, and whether each is what it must be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from fingerpost_serving.admission import Priority
from loadtests.admission.run import Seen
from loadtests.admission.scenario import KINDS, TENANTS, Happening, Scenario


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One figure beside its bound."""

    name: str
    value: float
    unit: str
    holds: bool
    bound: str


def findings(scenario: Scenario, seen: Seen) -> list[Finding]:
    """Everything that is asked of admission, and what was seen."""
    limits = scenario.limits
    held, tokens = _most_at_a_time(seen)
    freed = seen.freed_after_s
    refused = [1000 * each.took_s for each in seen.loaded if each.what == "busy"]
    return [
        _at_most("in flight, counted by the clients", held, limits.concurrent_requests, "requests"),
        _at_most("tokens, counted by the clients", tokens, limits.tokens_in_flight, "tokens"),
        _at_most(
            "in flight, as in Valkey", seen.most_requests, limits.concurrent_requests, "requests"
        ),
        _at_most("tokens, as in Valkey", seen.most_tokens, limits.tokens_in_flight, "tokens"),
        _at_most("leases of the killed gateway gone after", freed or float("inf"), 10.0, "s"),
        _at_most("refusal p50", float(np.percentile(refused, 50)), 50.0, "ms"),
        _at_most("refusal p99", float(np.percentile(refused, 99)), 50.0, "ms"),
        *_shares(scenario, seen.loaded),
        *_times(seen),
        *_counts(scenario, seen.loaded),
    ]


def _most_at_a_time(seen: Seen) -> tuple[int, int]:
    """Requests and tokens that were inside together, from the clients' own records."""
    held: dict[str, int] = {}
    most_requests = most_tokens = 0
    killed = False
    for each in seen.all:
        if not killed and each.at > seen.killed_at:
            killed = True
            held = {id_: n for id_, n in held.items() if not id_.startswith(seen.killed_ids)}
        if each.what == "in":
            held[each.id] = each.tokens
        elif each.what == "out":
            held.pop(each.id, None)
        most_requests = max(most_requests, len(held))
        most_tokens = max(most_tokens, sum(held.values()))
    return most_requests, most_tokens


def _shares(scenario: Scenario, loaded: Sequence[Happening]) -> Iterator[Finding]:
    served = np.zeros(len(KINDS))
    for each in loaded:
        if each.what == "in":
            served[each.kind] += each.tokens
    served /= served.sum()
    by_kind = dict(zip(KINDS, served, strict=True))
    for priority in Priority:
        got = sum(by_kind[priority, tenant] for tenant in TENANTS)
        wanted = sum(scenario.share(priority, tenant) for tenant in TENANTS)
        yield _near(f"share of class {priority.name.lower()}", got, wanted)
    for tenant in TENANTS:
        got = sum(by_kind[priority, tenant] for priority in Priority)
        wanted = sum(scenario.share(priority, tenant) for priority in Priority)
        yield _near(f"share of tenant {tenant}", got, wanted)


def _times(seen: Seen) -> Iterator[Finding]:
    whole = {
        name: [each.took_s for each in happened if each.what == "out"]
        for name, happened in (("unloaded", seen.unloaded), ("admitted", seen.loaded))
    }
    for name, took in whole.items():
        for share in (50, 99):
            value = 1000 * float(np.percentile(took, share))
            yield Finding(
                name=f"{name}, wait and service, p{share}",
                value=value,
                unit="ms",
                holds=True,
                bound="",
            )
    ratio = float(np.percentile(whole["admitted"], 99) / np.percentile(whole["unloaded"], 99))
    yield _at_most("p99 of the admitted over unloaded", ratio, 1.5, "x")


def _counts(scenario: Scenario, loaded: Sequence[Happening]) -> Iterator[Finding]:
    for what, name in (("out", "served"), ("busy", "refused")):
        rate = sum(each.what == what for each in loaded) / scenario.seconds
        yield Finding(name=name, value=rate, unit="/s", holds=True, bound="")


def _at_most(name: str, value: float, bound: float, unit: str) -> Finding:
    return Finding(name=name, value=value, unit=unit, holds=value <= bound, bound=f"≤ {bound:g}")


def _near(name: str, value: float, wanted: float) -> Finding:
    holds = abs(value - wanted) <= 0.1 * wanted
    bound = f"{wanted:.3g} ± 10 %"
    return Finding(name=name, value=float(value), unit="", holds=bool(holds), bound=bound)
