"""The real `fingerpost` command in a process of its own, on a data directory."""

from __future__ import annotations

import json
import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "fingerpost_gateway")
LONGEST_S = 100


def fingerpost(
    data_dir: Path, *arguments: str, within: tuple[str, ...] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end; gives exit code, output and messages.

    Args:
        within: a command that runs this one, such as what `private_mounts` gives.
    """
    return subprocess.run(
        [*within, *COMMAND, *arguments],
        env={**os.environ, "FINGERPOST_DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )


def result_of(data_dir: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    """The `--json` output of a command that succeeds."""
    done = fingerpost(data_dir, *arguments, "--json", **environment)
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def started(data_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the command and go on."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        env={**os.environ, "FINGERPOST_DATA_DIR": str(data_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def recorded_pages(data_dir: Path) -> int:
    """How many pages the catalogue of a data directory knows."""
    with closing(sqlite3.connect(data_dir / "fingerpost.db", timeout=10)) as database:
        ((count,),) = database.execute("SELECT count(*) FROM documents").fetchall()
    return int(count)


def write_pages(folder: Path, count: int) -> None:
    """Fill a folder with pages of some length, which take a while to embed."""
    folder.mkdir()
    for number in range(count):
        text = f"Rule {number} has exceptions for those who were told of rule {number}. " * 8
        (folder / f"page-{number}.md").write_text(f"---\ntitle: Page {number}\n---\n\n{text}\n")


def private_mounts(*steps: str) -> tuple[str, ...]:
    """Run a command where these mounts were made; nobody else sees them, and they end with it."""
    script = " && ".join([*steps, 'exec "$@"'])
    return ("unshare", "--mount", "--map-root-user", "sh", "-c", script, "sh")


def read_only(folder: Path) -> str:
    """A step for `private_mounts`: nothing can be written in the folder."""
    path = shlex.quote(str(folder))
    return f"mount --bind {path} {path} && mount -o remount,ro,bind {path}"


def small_disk(folder: Path, kilobytes: int) -> str:
    """A step for `private_mounts`: the folder is a disk of its own of this size, still empty."""
    return f"mount -t tmpfs -o size={kilobytes}k tmpfs {shlex.quote(str(folder))}"


def mounts_are_possible() -> bool:
    """Whether this system lets us make private mounts."""
    try:
        tried = subprocess.run(
            [*private_mounts("mount -t tmpfs tmpfs /mnt"), "true"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return tried.returncode == 0
