"""What a command says and returns when something goes wrong, and what it never prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from fingerpost_assistant.errors import QuestionTooLong, ValkeyUnavailable
from fingerpost_gateway.access.keys import key_digest
from fingerpost_gateway.cli.failing import exit_code, failing_clearly
from fingerpost_gateway.cli.output import plain
from fingerpost_gateway.errors import CommandFailedError, DataDirectoryInUseError, GatewayError
from fingerpost_gateway.failures import failure_code


def fingerpost(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fingerpost_gateway", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DataDirectoryInUseError(Path("/data"), "somebody"), "data_directory_in_use"),
        (QuestionTooLong(5, 4), "question_too_long"),
        (ValkeyUnavailable("gone"), "valkey_unavailable"),
        (CommandFailedError("index_locked", "as the server said"), "index_locked"),
    ],
)
def test_programs_know_an_error_by_its_code(error: Exception, code: str) -> None:
    assert failure_code(error) == code


def test_an_error_is_one_message_and_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    error = DataDirectoryInUseError(Path("/data"), "fingerpost ingest (process 7)")
    with pytest.raises(typer.Exit) as left, failing_clearly(as_json=True):
        raise error
    assert left.value.exit_code == 4
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"] == {
        "code": "data_directory_in_use",
        "message": str(error),
    }
    assert printed.err.startswith("fingerpost: the data directory /data is in use by")
    assert "Traceback" not in printed.err


def test_what_nobody_foresaw_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), failing_clearly():
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("code", "expected"),
    [("settings", 2), ("catalogue_busy", 4), ("index_damaged", 1), ("something_new", 1)],
)
def test_exit_codes_tell_wrong_usage_and_waiting_from_failure(code: str, expected: int) -> None:
    assert exit_code(code) == expected


def test_a_terminal_gets_nothing_that_it_would_obey(capsys: pytest.CaptureFixture[str]) -> None:
    assert plain("a\x1b[31mred\x9bx\r\u202eb\nc") == "a\ufffd[31mred\ufffdx\ufffd\ufffdb\nc"
    with pytest.raises(typer.Exit), failing_clearly():
        raise GatewayError("\x1b]0;title\x07")
    assert "\x1b" not in capsys.readouterr().err


def test_help_loads_nothing_that_takes_long() -> None:
    heavy = ("litestar", "sqlalchemy", "numpy", "qdrant_edge", "onnxruntime", "redis")
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from fingerpost_gateway.cli.main import app\n"
        "assert 'ingest' in CliRunner().invoke(app, ['--help']).output\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_key_is_made_with_its_hash_and_its_hash_is_made_again() -> None:
    made = json.loads(fingerpost("keys", "new", "--json").stdout)
    assert made["sha256"] == key_digest(made["key"])
    hashed = fingerpost("keys", "hash", stdin=made["key"] + "\n")
    assert hashed.stdout.strip() == made["sha256"]


def test_no_key_is_refused() -> None:
    assert fingerpost("keys", "hash", stdin="\n").returncode == 2


def test_ingest_needs_something_to_ingest() -> None:
    done = fingerpost("ingest")
    assert done.returncode == 2
    assert "--sample" in done.stderr
