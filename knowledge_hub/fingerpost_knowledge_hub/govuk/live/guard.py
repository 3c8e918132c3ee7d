"""Keeps the live client on the hosts it is meant for, and out of private networks (SSRF)."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from fingerpost_knowledge_hub.errors import ForbiddenAddressError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv6 addresses that translators turn into the IPv4 address in their last 32 bits (RFC 6052)."""


class Guard:
    """Decides which addresses may be asked, and which network addresses connected to."""

    def __init__(self, hosts: Iterable[str], *, loopback_for_tests: bool = False) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._loopback = loopback_for_tests

    def check(self, url: URL) -> None:
        """Look at an address before anything is sent to it; redirects included.

        Raises:
            ForbiddenAddressError: another scheme than https, another port than its own, a user
                name, or a host that is not allowed.
        """
        host = (url.host or "").lower()
        if host not in self._hosts:
            raise ForbiddenAddressError(
                f"{_shown(url)} is on a host that is not allowed: allowed are "
                f"{', '.join(sorted(self._hosts))}"
            )
        literal = _literal(host)
        if literal is not None:
            self.check_network(host, literal)
        if self._loopback and literal is not None and literal.is_loopback:
            return
        if url.scheme != "https" or not url.is_default_port() or url.user or url.password:
            raise ForbiddenAddressError(
                f"{_shown(url)} is no plain https address: other schemes, ports and user names "
                "are not followed"
            )

    def check_network(self, host: str, address: IpAddress) -> None:
        """Look at where a host name leads before connecting.

        Raises:
            ForbiddenAddressError: it is no address of the public internet.
        """
        if self._loopback and address == ipaddress.IPv4Address("127.0.0.1"):
            return
        inner = _embedded(address)
        if not all(one.is_global and not one.is_multicast for one in (address, *inner)):
            raise ForbiddenAddressError(
                f"{host} leads to {address}, which is no public address: "
                "check the name service of this machine"
            )


class GuardedResolver(AbstractResolver):
    """Resolves host names, and refuses a name if any of its addresses is not public.

    The connector connects to these very results, so that a name which answers differently
    the next time (DNS rebinding) gains nothing.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            self._guard.check_network(host, ipaddress.ip_address(result["host"].partition("%")[0]))
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _embedded(address: IpAddress) -> list[IpAddress]:
    """IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[IpAddress] = [*(address.teredo or ())]
    found += [inner for inner in (address.ipv4_mapped, address.sixtofour) if inner is not None]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return found


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _shown(url: URL) -> str:
    """An address for a message: without user name, password, query and fragment."""
    return str(url.with_user(None).with_query(None).with_fragment(None) if url.host else url)[:200]
