"""How the places of a model are shared, and how long anyone waits for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import msgspec

from .asking import Priority

Weight = Annotated[float, msgspec.Meta(gt=0)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class AdmissionSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Shares and bounds; all processes of a deployment must have the same."""

    caseworker: Weight = 6.0
    """Share of the tokens for caseworkers when all three classes wait, beside the other two."""
    citizen: Weight = 3.0
    batch: Weight = 1.0
    tenants: Mapping[str, Weight] = {}
    """Share of each tenant among those of its class; 1 for one that is not named."""
    places: Annotated[int, msgspec.Meta(ge=0)] = 256
    """Requests that may wait for one model. Beyond it only those wait whose class and tenant
    have less of the queue than their share, so that at most twice as many do."""
    longest_wait_s: Annotated[float, msgspec.Meta(ge=0)] = 8.0
    """A request that is expected to wait longer is refused at once."""
    lease_s: Seconds = 5.0
    """How long the places of a process that died stay taken."""
    beat_s: Seconds = 1.0
    """How often a process renews its leases and tells its waiters their position."""
    answer_s: Seconds = 2.0
    """How long Valkey may take to answer; after that it counts as away."""

    def weight(self, priority: Priority) -> float:
        """Return the weight of a class."""
        return (self.caseworker, self.citizen, self.batch)[priority]

    def tenant_weight(self, tenant: str) -> float:
        """Return the weight of a tenant."""
        return self.tenants.get(tenant, 1.0)
