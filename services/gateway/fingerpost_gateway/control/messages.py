"""What travels over the control socket beside orders and results."""

from __future__ import annotations

import msgspec

from fingerpost_gateway.operations.results import IngestResult, RebuildResult


class Advanced(msgspec.Struct, frozen=True, tag_field="kind", tag="progress"):
    """Long work goes on."""

    done: int
    total: int | None
    """None while it is not known."""


class Ingested(msgspec.Struct, frozen=True, tag_field="kind", tag="ingested"):
    """An ingestion has ended."""

    result: IngestResult


class Rebuilt(msgspec.Struct, frozen=True, tag_field="kind", tag="rebuilt"):
    """A rebuild has ended."""

    result: RebuildResult


class Refused(msgspec.Struct, frozen=True, tag_field="kind", tag="refused"):
    """Something could not be done."""

    code: str
    """Stable name of what went wrong; see `failures.failure_code`."""
    message: str


Line = Advanced | Ingested | Rebuilt | Refused
"""One line of the answer to an order that takes long."""

encode_line = msgspec.json.Encoder().encode
decode_line = msgspec.json.Decoder(Line).decode
