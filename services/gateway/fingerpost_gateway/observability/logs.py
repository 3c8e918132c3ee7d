"""Structured logs: one JSON object a line, with turn ids, never with what a person typed.

Only fields that are named in code are written; no request body, query string, header or
question ever is. Third-party loggers go through the same door.
"""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

from fingerpost_gateway.settings import TelemetrySettings

_QUIET = ("granian", "_granian", "aiosqlite", "asyncio", "alembic", "sqlalchemy")
"""Loggers of libraries that tell of their own inner life below this level of seriousness."""

_TRACEBACKS = structlog.processors.ExceptionRenderer(
    # The values of variables would hold questions and session tokens.
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure_logs(settings: TelemetrySettings) -> None:
    """Send all logs of this process to standard error in the chosen format."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    as_json = settings.log_format == "json"
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *([_TRACEBACKS] if as_json else []),
                structlog.processors.JSONRenderer()
                if as_json
                else structlog.dev.ConsoleRenderer(
                    exception_formatter=structlog.dev.plain_traceback
                ),
            ],
        )
    )
    handler.addFilter(_is_worth_telling)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_worth_telling(record: logging.LogRecord) -> bool:
    # Some libraries (ONNX Runtime's quantiser is one) chat on the root logger itself.
    return record.name != "root" or record.levelno >= logging.WARNING
