"""The real payloads, for tests with real servers and indexes."""

from __future__ import annotations

from pathlib import Path

import pytest
from govukkit import Payloads


@pytest.fixture(scope="session")
def payloads(test_data: Path) -> Payloads:
    return Payloads(test_data / "govuk_payloads")
