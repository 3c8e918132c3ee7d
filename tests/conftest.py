"""Fixtures for the whole suite: where the test data lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Folder of the test data; tests that need it are skipped, with the cure, when it is absent."""
    folder = Path(os.environ.get("FINGERPOST_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder}: set FINGERPOST_TEST_DATA to its folder")
    return folder
