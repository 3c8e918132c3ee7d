"""Where the server may listen, and whether the address is free."""

from __future__ import annotations

import errno
import ipaddress
import socket
from contextlib import closing

from fingerpost_gateway.errors import PortInUseError, SettingsError, UnsafeAddressError
from fingerpost_gateway.settings import Settings


def check_address(settings: Settings) -> None:
    """Make sure that the server may listen at the address in the settings, and can.

    Raises:
        UnsafeAddressError: it can be reached from other machines, and no key is configured.
        PortInUseError: somebody listens there already.
        SettingsError: it is no address of this machine, or the port is reserved.
    """
    host, port = settings.http.host, settings.http.port
    has_keys = any(tenant.keys for tenant in settings.tenants.values())
    if not _is_loopback(host) and not has_keys:
        raise UnsafeAddressError(
            f"{host} can be reached from other machines, and the settings hold no API key: listen "
            "on 127.0.0.1, or add a key (`fingerpost keys new` makes one)"
        )
    check_port(host, port)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise SettingsError(
            f"{host!r} is no IP address: set --host or FINGERPOST_HTTP__HOST to one, such as "
            "127.0.0.1"
        ) from None


def check_port(host: str, port: int) -> None:
    """Listen there for a moment.

    The server's own socket would share the port with another one that allows it
    (`SO_REUSEPORT`), and each would get a part of the requests.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as probe:
        # Connections of an earlier server that still linger are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            raise _explained(error, host, port) from error


def _explained(error: OSError, host: str, port: int) -> PortInUseError | SettingsError:
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(
            f"another program listens on {host}:{port}: stop it, or choose another port with "
            f"--port or FINGERPOST_HTTP__PORT, such as {port + 1 if port < 65535 else 8000}"
        )
    return SettingsError(
        f"cannot listen on {host}:{port} ({error.strerror}): choose an address of this machine "
        "and a port above 1023 with --host and --port"
    )
