"""`fingerpost backup` and `fingerpost restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fingerpost_gateway.cli.failing import failing_clearly
from fingerpost_gateway.cli.output import AsJson, notice, out, print_json

if TYPE_CHECKING:
    from fingerpost_gateway.operations.results import RestoreResult
    from fingerpost_gateway.settings import Settings

MEGABYTE = 1_000_000


def backup(
    file: Annotated[Path, typer.Argument(help="Where to write it, such as backup.tar.gz.")],
    as_json: AsJson = False,
) -> None:
    """Write database and index to one file, beside a running server or without one.

    Hold it as safe as the data: it contains the conversations.
    """
    with failing_clearly(as_json):
        from fingerpost_gateway.cli.working import work
        from fingerpost_gateway.operations.orders import BackupOrder

        order = BackupOrder(file=str(file.absolute()))
        result = work("backup", lambda operations: operations.backup(order))
        if as_json:
            print_json(result)
        else:
            size = result.bytes / MEGABYTE
            out.print(f"{' and '.join(result.parts)} → {result.file} ({size:.1f} MB)")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `fingerpost backup` wrote.")],
    as_json: AsJson = False,
) -> None:
    """Put back what a backup holds, in place of what is there. The server must not run.

    The backup is checked first; if anything is wrong with it, nothing changes.
    """
    with failing_clearly(as_json):
        import asyncio

        from fingerpost_gateway.cli.working import command_settings

        result = asyncio.run(_restore(file, command_settings()))
        if as_json:
            print_json(result)
        else:
            out.print(
                f"{' and '.join(result.parts)} of {result.created_at:%-d %B %Y %H:%M} restored"
            )


async def _restore(file: Path, settings: Settings) -> RestoreResult:
    from contextlib import ExitStack

    from fingerpost_gateway.backup import restore as put_back
    from fingerpost_gateway.control.address import is_listening, socket_path
    from fingerpost_gateway.data_directory import DataDirectory
    from fingerpost_gateway.errors import BackupError
    from fingerpost_gateway.operations.opening import WAIT_S
    from fingerpost_gateway.operations.results import RestoreResult
    from fingerpost_gateway.waiting import take_turn

    directory = DataDirectory(settings.data_dir)
    directory.prepare()
    if is_listening(socket_path(directory.root)):
        raise BackupError(
            f"a server works on {directory.root}: stop it, restore, then start it again"
        )
    with ExitStack() as stack:
        await take_turn(directory, "restore", stack, wait_s=WAIT_S, notice=notice)
        manifest = put_back(file, directory)
    return RestoreResult(file=str(file), parts=manifest.parts, created_at=manifest.created_at)
