"""`fingerpost doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer
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
    from fingerpost_gateway.doctor import examine
    from fingerpost_gateway.observability.logs import configure_logs
    from fingerpost_gateway.settings import TelemetrySettings

    # The findings say it all.
    configure_logs(TelemetrySettings(log_level="error", log_format="console"))
    findings = []
    async for finding in examine(notice):
        findings.append(finding)
        if not as_json:
            _show(finding)
    return findings


def _show(finding: Finding) -> None:
    line = Text(f"{finding.level.value:>4}  ", style=STYLES[finding.level.value])
    line.append(f"{finding.part:<16}", style="bold").append(plain(finding.detail), style="default")
    out.print(line)
    if finding.cure:
        out.print(Text(f"      {'':<16}→ {finding.cure}"))
