"""`fingerpost doctor`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from fingerpost_gateway.cli.failing import FAILED, failing_clearly
from fingerpost_gateway.cli.output import AsJson, notice, out, plain, print_json

if TYPE_CHECKING:
    from fingerpost_gateway.doctor import Finding

STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(as_json: AsJson = False) -> None:
    """Check every part and say how to mend it. Exits with 1 if anything fails."""
    with failing_clearly(as_json):
        import asyncio

        findings = asyncio.run(_examine(as_json))
        healthy = all(finding.level != "fail" for finding in findings)
        if as_json:
            print_json({"healthy": healthy, "findings": findings})
    if not healthy:
        raise typer.Exit(FAILED)


async def _examine(as_json: bool) -> list[Finding]:
    from fingerpost_gateway.cli.logs import configure_command_logs
    from fingerpost_gateway.doctor import examine

    # The findings say what a warning would.
    configure_command_logs(logging.CRITICAL)
    findings = []
    async for finding in examine(notice):
        findings.append(finding)
        if not as_json:
            _show(finding)
    return findings


def _show(finding: Finding) -> None:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=4, justify="right")
    grid.add_column(width=14)
    grid.add_column(overflow="fold")
    level = finding.level.value
    detail = Text(plain(finding.detail))
    if finding.cure:
        detail.append(f"\n→ {plain(finding.cure)}", style="bold")
    grid.add_row(Text(level, style=STYLES[level]), Text(finding.part, style="bold"), detail)
    out.print(grid)
