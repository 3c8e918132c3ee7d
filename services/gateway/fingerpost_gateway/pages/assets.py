"""Style sheet, script and icon, under addresses that change with their content."""

from __future__ import annotations

import hashlib
from importlib import resources

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException

_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Asset(msgspec.Struct, frozen=True):
    """A static file."""

    body: bytes
    media_type: str


def _read_assets() -> dict[str, Asset]:
    folder = resources.files(__package__) / "static"
    return {
        file.name: Asset(file.read_bytes(), _MEDIA_TYPES["." + file.name.rpartition(".")[2]])
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
    }


def _version(assets: dict[str, Asset]) -> str:
    digest = hashlib.sha256()
    for name, asset in assets.items():
        digest.update(b"%b %d\n%b" % (name.encode(), len(asset.body), asset.body))
    return digest.hexdigest()[:12]


_ASSETS = _read_assets()
VERSION = _version(_ASSETS)
"""Digest of all static files: modules import each other by relative addresses within it."""


def asset_url(name: str) -> str:
    """Where a static file is found."""
    if name not in _ASSETS:
        raise KeyError(name)
    return f"/static/{VERSION}/{name}"


@get("/static/{version:str}/{name:str}", include_in_schema=False, sync_to_thread=False)
def read_asset(version: str, name: str) -> Response[bytes]:
    """A static file. Another version is answered too, for pages from a replica of that version,
    but only the right one may be kept for good."""
    if not (asset := _ASSETS.get(name)):
        raise NotFoundException(f"there is no static file {name!r}")
    lasting = "public, max-age=31536000, immutable"
    return Response(
        asset.body,
        media_type=asset.media_type,
        headers={"Cache-Control": lasting if version == VERSION else "no-cache"},
    )
