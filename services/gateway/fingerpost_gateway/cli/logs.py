"""Logs of a command: warnings, each one line in plain words on standard error."""

from __future__ import annotations

import logging

import structlog
from structlog.typing import EventDict, WrappedLogger

from fingerpost_gateway.cli.output import notice


def configure_command_logs(level: int = logging.WARNING) -> None:
    """Show what a person should know of; libraries speak up only in earnest."""
    structlog.configure(
        processors=[_show],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.ERROR, format="%(message)s", handlers=[_Notices()])


def _show(_: WrappedLogger, level: str, event: EventDict) -> EventDict:
    notice(f"{level}: {event.get('detail') or event['event']}")
    raise structlog.DropEvent


class _Notices(logging.Handler):
    """Shows records of the standard library's loggers in the same form."""

    def emit(self, record: logging.LogRecord) -> None:
        notice(f"{record.levelname.lower()}: {record.getMessage()}")
