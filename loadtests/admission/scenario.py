"""What is run: how many clients of which kinds, on which limits, for how long."""

from __future__ import annotations

import msgspec

from fingerpost_serving import Limits
from fingerpost_serving.admission import AdmissionSettings, Priority

MODEL = "large"
TENANTS = {"a": 1.0, "b": 3.0}
KINDS = tuple((priority, tenant) for priority in Priority for tenant in TENANTS)
"""Each kind of client asks for as much as every other."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One run. A request holds its place for a time between `service_s` ± 20 %."""

    clients: int = 2_000
    seconds: float = 60.0
    unloaded_s: float = 20.0
    """Length of the round before, at half the capacity."""
    overload: float = 5.0
    """Requests asked for over those that can be served."""
    places: int = 256
    service_s: float = 4.0
    tokens: tuple[int, int] = (400, 1_600)
    """Least and most tokens of a request."""
    longest_wait_s: float = 0.5
    start_s: float = 8.0
    """What a gateway gets to start, on a busy machine."""
    after_s: float = 10.0
    """How long is watched after one gateway was killed."""

    @property
    def limits(self) -> Limits:
        """Limits of the model: the tokens suffice for most mixtures of requests."""
        least, most = self.tokens
        mean = (least + most) // 2
        return Limits(
            context=most,
            concurrent_requests=self.places,
            tokens_in_flight=int(self.places * mean * 1.1),
        )

    @property
    def settings(self) -> AdmissionSettings:
        """Defaults but for the wait and the tenants' weights."""
        return AdmissionSettings(longest_wait_s=self.longest_wait_s, tenants=TENANTS)

    def share(self, priority: Priority, tenant: str) -> float:
        """Return the share of the tokens that a kind of client has by the settings."""
        weights = [self.settings.weight(each) for each in Priority]
        among_tenants = TENANTS[tenant] / sum(TENANTS.values())
        return self.settings.weight(priority) / sum(weights) * among_tenants


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one gateway process is to do."""

    scenario: Scenario
    valkey_url: str
    file: str
    """Where it writes what happens."""
    clients: int
    pause_s: float
    """Mean time between two requests of a client."""
    begins: float
    """`time.monotonic` at which both gateways begin."""
    ends: float


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a gateway's file. Times are `time.monotonic`, which all processes share."""

    what: str
    """"in" (has its place), "out" (gave it back) or "busy" (was refused)."""
    at: float
    id: str = ""
    kind: int = 0
    """Index into `KINDS`."""
    tokens: int = 0
    took_s: float = 0.0
    """In: the wait; out: from asking to the end; busy: until the refusal."""
