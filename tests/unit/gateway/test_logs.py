"""Logs tell what went wrong without the values that went through."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from fingerpost_gateway.observability.logs import configure_logs
from fingerpost_gateway.settings import TelemetrySettings

SECRET = "QQ" + "123456C"  # in two parts, for a traceback quotes this file's lines


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_holds_no_values(capsys: pytest.CaptureFixture[str], log_format: str) -> None:
    configure_logs(TelemetrySettings(log_format=log_format))  # type: ignore[arg-type]

    def failing(question: str) -> None:
        raise RuntimeError("broken")

    try:
        failing(SECRET)
    except RuntimeError as error:
        structlog.get_logger("test").error("unexpected", exc_info=error)
    written = capsys.readouterr().err
    assert "broken" in written
    assert "failing" in written
    assert SECRET not in written
