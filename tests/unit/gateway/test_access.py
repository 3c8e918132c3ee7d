"""Sessions are made by us alone, and addresses are believed from trusted proxies alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from litestar.testing import RequestFactory

from fingerpost_gateway.access.addresses import Addresses
from fingerpost_gateway.access.cookies import SessionCookies
from fingerpost_gateway.access.principals import Caller, Callers
from fingerpost_gateway.access.sessions import Sessions, session_secret
from fingerpost_gateway.errors import AccessDeniedError
from fingerpost_gateway.settings import TenantSettings

SESSIONS = Sessions(b"secret")
CALLERS = Callers({"default": TenantSettings()}, SESSIONS, SessionCookies(""))
CALLERS_BEHIND_TLS = Callers(
    {"default": TenantSettings()}, SESSIONS, SessionCookies("https://ask.example.org")
)


def caller_with(token: str) -> Caller:
    return CALLERS.of(RequestFactory().get("/", headers={"Authorization": f"Bearer {token}"}))


def test_a_session_of_ours_is_known_again() -> None:
    token = SESSIONS.new()
    assert SESSIONS.issued(token)
    assert Sessions(b"secret").issued(token)
    assert not caller_with(token).anonymous


@pytest.mark.parametrize("token", ["fps_" + "A" * 43, "fps_", "fps_" + "A" * 42 + "é"])
def test_a_made_up_session_is_denied(token: str) -> None:
    assert not SESSIONS.issued(token)
    with pytest.raises(AccessDeniedError):
        caller_with(token)


def test_another_servers_session_is_not_ours() -> None:
    assert not SESSIONS.issued(Sessions(b"other").new())


@pytest.mark.parametrize(
    ("callers", "scheme", "name"),
    [
        (CALLERS, "http", "fingerpost_session"),
        (CALLERS, "https", "__Host-fingerpost_session"),
        (CALLERS_BEHIND_TLS, "http", "__Host-fingerpost_session"),
    ],
    ids=["plain", "TLS", "TLS at the proxy"],
)
def test_a_cookie_comes_back_by_the_one_name_that_fits_the_site(
    callers: Callers, scheme: str, name: str
) -> None:
    browser = RequestFactory(scheme=scheme)
    citizen = callers.new_citizen()
    cookie = callers.cookie_of(citizen, browser.get("/"))
    assert (cookie.key, cookie.path, cookie.domain) == (name, "/", None)
    assert cookie.secure == name.startswith("__Host-")
    for sent in ("fingerpost_session", "__Host-fingerpost_session"):
        caller = callers.of(browser.get("/", headers={"Cookie": f"{sent}={cookie.value}"}))
        assert caller.anonymous == (sent != name)


def test_a_caller_shows_no_token() -> None:
    token = SESSIONS.new()
    assert token not in repr(caller_with(token))


def test_the_secret_is_made_once_and_read_by_its_owner_only(tmp_path: Path) -> None:
    first = session_secret("", tmp_path)
    assert session_secret("", tmp_path) == first
    assert stat.S_IMODE((tmp_path / "session-secret").stat().st_mode) == 0o600
    assert session_secret("configured", tmp_path) == b"configured"


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        ((), "203.0.113.9", "127.0.0.1"),
        (("127.0.0.0/8",), "", "127.0.0.1"),
        (("127.0.0.0/8",), "203.0.113.9", "203.0.113.9"),
        (("127.0.0.0/8",), "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (("127.0.0.0/8", "10.0.0.0/8"), "203.0.113.9, 10.1.1.1", "203.0.113.9"),
        (("127.0.0.0/8",), "<script>", "<script>"),
    ],
)
def test_only_trusted_proxies_are_believed(
    trusted: tuple[str, ...], forwarded: str, address: str
) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
    request.scope["client"] = ("127.0.0.1", 50_000)
    assert Addresses(trusted).of(request) == address
