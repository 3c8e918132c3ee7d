"""The one place where errors become messages and exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from fingerpost_gateway.cli.output import err, plain, print_json

FAILED = 1
USAGE = 2
PARTLY = 3
IN_THE_WAY = 4
INTERRUPTED = 130

_USAGE_CODES = frozenset(
    {
        "empty_question",
        "forbidden_address",
        "invalid_registry",
        "nothing_to_run",
        "question_too_long",
        "settings",
        "source_not_found",
        "source_unrecognised",
        "unknown_model",
        "unsafe_address",
    }
)
_IN_THE_WAY_CODES = frozenset(
    {
        "busy",
        "catalogue_busy",
        "data_directory_in_use",
        "index_locked",
        "ingestion_stopped",
        "port_in_use",
        "server_unreachable",
        "shutting_down",
        "valkey_in_use",
    }
)


@contextmanager
def failing_clearly(as_json: bool = False) -> Iterator[None]:
    """Turn errors that were raised on purpose into one message and an exit code.

    With `as_json`, programs get `{"error": {"code", "message"}}` on standard output as well.
    What nobody foresaw keeps its traceback: it is for a bug report.
    """
    try:
        yield
    except KeyboardInterrupt:
        err.print("fingerpost: stopped; what was done stays")
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        # Imported here, since most commands do not fail.
        from fingerpost_gateway.failures import EXPECTED, failure_code

        if not isinstance(error, EXPECTED):
            raise
        code = failure_code(error)
        if as_json:
            print_json({"error": {"code": code, "message": str(error)}})
        err.print(f"fingerpost: {plain(str(error))}", style="red")
        raise typer.Exit(exit_code(code)) from None


def exit_code(code: str) -> int:
    """The exit code for a kind of failure."""
    if code in _USAGE_CODES:
        return USAGE
    return IN_THE_WAY if code in _IN_THE_WAY_CODES else FAILED
