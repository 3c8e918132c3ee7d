"""Where the server may listen."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest
from msgspec.structs import replace

from fingerpost_gateway.errors import PortInUseError, SettingsError, UnsafeAddressError
from fingerpost_gateway.listening import check_address
from fingerpost_gateway.settings import HttpSettings, KeySettings, Settings, TenantSettings


def settings(host: str, port: int = 0) -> Settings:
    return Settings(http=HttpSettings(host=host, port=port))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1"])
def test_this_machine_alone_is_always_allowed(host: str) -> None:
    check_address(settings(host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_other_machines_need_a_key(host: str) -> None:
    with pytest.raises(UnsafeAddressError, match="fingerpost keys new"):
        check_address(settings(host))
    key = KeySettings(name="department", sha256="0" * 64)
    check_address(replace(settings(host), tenants={"default": TenantSettings(keys=(key,))}))


def test_a_name_is_refused_with_the_cure() -> None:
    with pytest.raises(SettingsError, match=r"'localhost' is no IP address: set --host"):
        check_address(settings("localhost"))


def test_an_address_of_another_machine_is_refused() -> None:
    key = KeySettings(name="department", sha256="0" * 64)
    elsewhere = replace(settings("192.0.2.1"), tenants={"default": TenantSettings(keys=(key,))})
    with pytest.raises(SettingsError, match="choose an address of this machine"):
        check_address(elsewhere)


@pytest.mark.parametrize("shared", [False, True])
def test_a_port_in_use_is_refused_even_if_its_user_would_share_it(shared: bool) -> None:
    with closing(socket.socket()) as other:
        if shared:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=rf"127.0.0.1:{port}: stop it, or .* --port"):
            check_address(settings("127.0.0.1", port))
    check_address(settings("127.0.0.1", port))
