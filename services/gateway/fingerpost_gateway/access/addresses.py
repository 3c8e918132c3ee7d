"""Where a request comes from, when proxies that we trust stand between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import ip_address, ip_network

from litestar import Request
from litestar.datastructures import State

UNKNOWN = "unknown"


class Addresses:
    """Tells a client's network address, believing only the proxies named in the settings."""

    def __init__(self, trusted_proxies: Iterable[str]) -> None:
        """
        Args:
            trusted_proxies: networks such as "10.0.0.0/8".

        Raises:
            ValueError: one of them is no network.
        """
        self._trusted = [ip_network(network) for network in trusted_proxies]

    def of(self, request: Request[object, object, State]) -> str:
        """The address of the client: the last one that no trusted proxy vouches for."""
        peer = request.client.host if request.client else UNKNOWN
        forwarded = request.headers.get("x-forwarded-for", "").split(",")
        return self._first_untrusted([*(hop.strip() for hop in forwarded if hop.strip()), peer])

    def _first_untrusted(self, hops: Sequence[str]) -> str:
        for hop in reversed(hops):
            if not self._is_trusted(hop):
                return hop[:64]
        return hops[0]

    def _is_trusted(self, hop: str) -> bool:
        try:
            address = ip_address(hop)
        except ValueError:
            return False
        return any(address in network for network in self._trusted)
