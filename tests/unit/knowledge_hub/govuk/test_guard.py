"""The guard of the live client: public addresses of the allowed hosts, and nothing else."""

from __future__ import annotations

import ipaddress

import pytest
from yarl import URL

from fingerpost_knowledge_hub.errors import ForbiddenAddressError
from fingerpost_knowledge_hub.govuk.live.guard import Guard, GuardedResolver

guard = Guard(["www.gov.uk", "assets.publishing.service.gov.uk"])


@pytest.mark.parametrize(
    "url",
    [
        "https://www.gov.uk/a?b#c",
        "https://WWW.GOV.UK:443/",
        "https://assets.publishing.service.gov.uk/x",
    ],
)
def test_allowed_hosts_over_https_pass(url: str) -> None:
    guard.check(URL(url))


@pytest.mark.parametrize(
    "url",
    [
        *("http://www.gov.uk/", "https://www.gov.uk:8443/", "https://www.gov.uk.evil.example/"),
        *("https://evil.example/www.gov.uk", "https://user:pass@www.gov.uk/", "ftp://www.gov.uk/"),
        *("https://www.gov.uk@evil.example/", "file:///etc/passwd", "/relative", "https://gov.uk/"),
        *("https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/"),
    ],
)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        guard.check(URL(url))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::"),
        *("fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
    ],
)
def test_private_addresses_are_refused_in_every_disguise(address: str) -> None:
    with pytest.raises(ForbiddenAddressError, match="no public address"):
        guard.check_network("www.gov.uk", ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["151.101.0.144", "2a04:4e42::144", "64:ff9b::9765:90"])
def test_public_addresses_pass(address: str) -> None:
    guard.check_network("www.gov.uk", ipaddress.ip_address(address))


def test_address_on_the_list_of_hosts_must_be_public_too() -> None:
    with pytest.raises(ForbiddenAddressError, match="no public address"):
        Guard(["10.0.0.1"]).check(URL("https://10.0.0.1/"))


def test_tests_may_reach_this_machine_and_no_other() -> None:
    lenient = Guard(["127.0.0.1", "10.0.0.1"], loopback_for_tests=True)
    lenient.check(URL("http://127.0.0.1:8080/"))
    with pytest.raises(ForbiddenAddressError):
        lenient.check(URL("http://10.0.0.1/"))


async def test_name_that_leads_to_this_machine_does_not_resolve() -> None:
    resolver = GuardedResolver(guard)
    with pytest.raises(ForbiddenAddressError, match="localhost leads to"):
        await resolver.resolve("localhost", 443)
    await resolver.close()


def test_refusal_shows_no_password() -> None:
    with pytest.raises(ForbiddenAddressError) as caught:
        guard.check(URL("https://user:secret@evil.example/?key=secret#secret"))
    assert "secret" not in str(caught.value)
