"""How much the live client asks for, waits for and takes."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds on requests and answers; the defaults are polite to GOV.UK.

    The Content API allows ten requests a second to each client
    (https://content-api.publishing.service.gov.uk/#rate-limiting).
    """

    requests_per_second: float = 5.0
    concurrency: int = 4
    """Requests under way at a time."""
    redirects: int = 5
    body_bytes: int = 16 * 2**20
    """Most bytes of an answer, as sent and as unpacked."""
    sitemap_bytes: int = 64 * 2**20
    """The same for a sitemap, which may have 50 MiB (https://www.sitemaps.org/protocol.html)."""
    sitemaps: int = 1_000
    """Most sitemaps of one sitemap index."""
    timeout_s: float = 60.0
    """For one request, from connecting to the last byte."""
    retries: int = 4
    backoff_s: float = 1.0
    """Before the first retry; twice as long before each further one."""
    longest_wait_s: float = 120.0
    """A server that asks for a longer pause than this is left alone."""
    failures_in_a_row: int = 20
    """After so many the site is taken to be down."""
