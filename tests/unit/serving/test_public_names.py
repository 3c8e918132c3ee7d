"""What the package offers, and that it costs little to import."""

from __future__ import annotations

import subprocess
import sys

import fingerpost_serving
from fingerpost_serving import errors


def test_every_public_name_is_offered() -> None:
    names = {name for name in vars(fingerpost_serving) if not name.startswith("_")}
    modules = {name for name in names if hasattr(getattr(fingerpost_serving, name), "__file__")}
    assert names - modules == set(fingerpost_serving.__all__)


def test_every_error_is_offered_and_drawn_in_the_tree() -> None:
    found = {
        name: value
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, Exception)
    }
    assert set(found) <= set(fingerpost_serving.__all__)
    assert all(issubclass(value, errors.ServingError) for value in found.values())
    assert all(name in (errors.__doc__ or "") for name in found)


def test_import_loads_nothing_heavy() -> None:
    program = "import sys, fingerpost_serving; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    heavy = {
        "torch",
        "onnx",
        "onnxruntime",
        "tokenizers",
        "qdrant_edge",
        "litestar",
        "sqlalchemy",
        "aiohttp",
    }
    assert not heavy & set(run.stdout.split())
