"""Paths have one spelling, whatever a payload says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.govuk import canonical_path


@pytest.mark.parametrize(
    ("given_path", "canonical"),
    [
        ("/child-benefit", "/child-benefit"),
        ("/child-benefit/", "/child-benefit"),
        ("/", "/"),
        ("//evil.example/x", "/evil.example/x"),
        ("/a/./b//c", "/a/b/c"),
        ("/a/../../../etc/passwd", "/etc/passwd"),
        ("/a/%2e%2e/b", "/b"),
        ("/a/%2E%2e%2fb", "/b"),
        ("/a/%252e%252e/b", "/a/%252e%252e/b"),
        ("/a?b=/../c#d", "/a"),
        ("/caf\u00e9", "/caf%C3%A9"),
        ("/caf%c3%a9", "/caf%C3%A9"),
        ("/%41bc", "/Abc"),
        ("/a.cy", "/a.cy"),
    ],
)
def test_one_page_has_one_path(given_path: str, canonical: str) -> None:
    assert canonical_path(given_path) == canonical


@pytest.mark.parametrize(
    "hostile",
    [
        *("", "child-benefit", "https://evil.example/x", "javascript:alert(1)", "?q=1"),
        *("/a b", "/a\nb", "/a\\b", "/a%0d%0aSet-Cookie:x", "/a%00", "/%ff", "/a\ud800", "/a\x85"),
        "/" + "a" * 2_000,
    ],
)
def test_what_is_no_path_is_refused_with_its_cause(hostile: str) -> None:
    with pytest.raises(DocumentError, match="is no path on the site"):
        canonical_path(hostile)


@given(st.text(alphabet="/.%2eE5cC?#ab \\:@\u00e9", max_size=40).map(lambda rest: f"/{rest}"))
def test_canonical_path_is_its_own_canonical_path(path: str) -> None:
    try:
        canonical = canonical_path(path)
    except DocumentError:
        return
    assert canonical_path(canonical) == canonical
    assert not {"", ".", ".."} & set(canonical.split("/")[1:]) or canonical == "/"
    assert canonical.isascii()
    assert not {"?", "#", "\\", " "} & set(canonical)
