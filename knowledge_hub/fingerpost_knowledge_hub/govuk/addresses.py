"""Paths and addresses of GOV.UK: one canonical spelling of each, whatever a payload says."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from fingerpost_knowledge_hub.errors import DocumentError

SITE = "https://www.gov.uk"

MAX_PATH = 1_000
"""Longest path in characters; the longest on GOV.UK are below 300."""

_NOT_IN_PATHS = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff]")
_SAFE = "/-._~!$&'()*+,;=:@%"


def canonical_path(base_path: str) -> str:
    """The one spelling of a path: it begins with "/" and holds no empty, "." or ".." segment.

    Query and fragment are cut off, needless percent-encoding is undone and needed encoding
    done, so that paths which mean one page are one string. Idempotent.

    Raises:
        DocumentError: it is no path on the site (a full address, a scheme, control characters).
    """
    path = re.split(r"[?#]", base_path, maxsplit=1)[0]
    if not path.startswith("/") or len(path) > MAX_PATH:
        raise _not_a_path(base_path)
    decoded = unquote(path, errors="surrogateescape")
    if _NOT_IN_PATHS.search(decoded):
        raise _not_a_path(base_path)
    kept: list[str] = []
    for segment in decoded.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(quote(segment.replace("%", "%25"), safe=_SAFE))
    return "/" + "/".join(kept)


def page_address(path: str) -> str:
    """Where a reader finds the page with this canonical path."""
    return SITE + path


def _not_a_path(base_path: str) -> DocumentError:
    return DocumentError(
        f"{base_path[:100]!r} is no path on the site: "
        'a base_path begins with "/" and holds no scheme, host, space or control character'
    )
