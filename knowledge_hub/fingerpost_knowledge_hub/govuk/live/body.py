"""Reading the body of an answer within bounds, packed or not."""

from __future__ import annotations

import asyncio
import zlib

from aiohttp import ClientResponse

from fingerpost_knowledge_hub.errors import FetchError

_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


async def read_body(response: ClientResponse, most: int) -> bytes:
    """The body of an answer, unpacked.

    The session must leave unpacking to this function (`auto_decompress=False`): it never
    unpacks more than it is allowed to return, however small the packed body is.

    Args:
        most: Most bytes, as sent and as unpacked.

    Raises:
        FetchError: it is larger, packed in another way than gzip, or damaged.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise FetchError(f"is packed as {encoding[:40]!r}, which was not asked for: ask for gzip")
    packed = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        packed += chunk
        if len(packed) > most:
            raise _too_large(most)
    if encoding == "identity":
        return bytes(packed)
    return await asyncio.to_thread(_unpack, bytes(packed), most)


def _unpack(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, most + 1)
    except zlib.error as error:
        raise FetchError(f"is damaged ({error}): fetch it again") from error
    if len(body) > most:
        raise _too_large(most)
    if not unpacker.eof or unpacker.unused_data:
        raise FetchError("is damaged (its gzip data has no proper end): fetch it again")
    return body


def _too_large(most: int) -> FetchError:
    return FetchError(f"is larger than {most / 2**20:.0f} MiB: raise the limit if it is a page")
