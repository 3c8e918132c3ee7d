"""The package's face: what it exports and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import fingerpost_retrieval

HEAVY = ("torch", "onnx", "onnxruntime", "tokenizers", "qdrant_edge", "qdrant_client")


def test_every_public_name_exists_and_has_a_docstring() -> None:
    for name in fingerpost_retrieval.__all__:
        value = getattr(fingerpost_retrieval, name)
        assert not isinstance(value, type) or value.__doc__, name


def test_public_names_are_sorted_and_unique() -> None:
    names = fingerpost_retrieval.__all__
    assert len(set(names)) == len(names)
    assert set(names) == {
        name
        for name, value in vars(fingerpost_retrieval).items()
        if not name.startswith("_") and type(value).__name__ != "module"
    }


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = f"import sys, fingerpost_retrieval; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_extra_names_its_cure() -> None:
    error = fingerpost_retrieval.MissingExtra("qdrant-client", "server")
    assert 'pip install "fingerpost-retrieval[server]"' in str(error)
