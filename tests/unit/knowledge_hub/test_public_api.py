"""What the package exports, and what its README promises."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

import fingerpost_knowledge_hub
from fingerpost_knowledge_hub import errors

README = Path(fingerpost_knowledge_hub.__file__).parent.parent / "README.md"


def test_all_names_exactly_what_the_package_imports() -> None:
    public = {
        name
        for name, value in vars(fingerpost_knowledge_hub).items()
        if not name.startswith("_")
        and not isinstance(value, types.ModuleType)
        and name != "annotations"
    }
    assert public == set(fingerpost_knowledge_hub.__all__)


def test_every_error_is_exported_and_drawn_in_the_tree() -> None:
    tree = errors.__doc__ or ""
    for name, value in vars(errors).items():
        if inspect.isclass(value) and issubclass(value, Exception):
            assert name in fingerpost_knowledge_hub.__all__
            assert re.search(rf"\b{name}\b", tree)
            assert value.__doc__


def test_import_loads_neither_an_http_client_nor_a_server() -> None:
    code = "import sys, fingerpost_knowledge_hub; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"aiohttp", "litestar", "torch", "numpy"} & set(loaded)


def test_example_in_the_readme_runs(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert re.match(r"\d+ pages added: ", done.stdout)
    assert len([line for line in example.splitlines() if line.strip()]) <= 10


@pytest.mark.parametrize("module", ["ai_hub", "catalogue", "files", "govuk", "markup", "sync"])
def test_every_room_names_what_it_exports(module: str) -> None:
    room = sys.modules[f"fingerpost_knowledge_hub.{module}"]
    assert sorted(room.__all__) == list(dict.fromkeys(sorted(room.__all__)))
    assert all(hasattr(room, name) for name in room.__all__)
