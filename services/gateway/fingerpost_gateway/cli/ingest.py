"""`fingerpost ingest`."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from fingerpost_gateway.cli.failing import PARTLY, failing_clearly
from fingerpost_gateway.cli.options import TenantOption
from fingerpost_gateway.cli.output import AsJson, err, notice, out, plain, print_json, readable
from fingerpost_gateway.operations.orders import IngestOrder, SourceKind, is_address

if TYPE_CHECKING:
    from fingerpost_gateway.operations import OnProgress
    from fingerpost_gateway.operations.results import IngestResult

SHOWN_FAILURES = 20
"""Failures that are listed for a person; `--json` lists them all."""


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Files and folders with guidance, or https addresses of pages and sitemaps "
            "(.xml) of www.gov.uk.",
            show_default=False,
        ),
    ] = None,
    source: Annotated[
        SourceKind,
        typer.Option(
            help="What lies there: Content API payloads, the AI Knowledge Hub, files, or "
            "publishing messages of GOV.UK, which are applied as events."
        ),
    ] = "auto",
    collection: Annotated[
        str | None, typer.Option(help="Collection of pages in files.  [default: guidance]")
    ] = None,
    tenant: TenantOption = "default",
    sample: Annotated[
        bool, typer.Option("--sample", help="Ingest the sample knowledge as well.")
    ] = False,
    prune: Annotated[bool, typer.Option(help="Remove pages that a source no longer lists.")] = True,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Do so even if most of a source has vanished.")
    ] = False,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="First build the index anew from what was ingested before."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the index into step with sources of guidance: only what changed is touched.

    May be stopped at any time and run again. A server that runs meanwhile does the work and
    answers on; what is new is found at once.
    """
    if not (paths or sample or rebuild):
        raise typer.BadParameter("name a path, or use --sample or --rebuild", param_hint="PATH")
    for path in paths or ():
        if (name := readable(path)) != path:
            raise typer.BadParameter(f"{name} is not UTF-8: rename it", param_hint="PATH")
    with failing_clearly(as_json):
        order = IngestOrder(
            paths=tuple(
                path if is_address(path) else str(Path(path).absolute()) for path in paths or ()
            ),
            kind=source,
            collection=collection,
            tenant=tenant,
            prune=prune,
            allow_shrink=allow_shrink,
            sample=sample,
        )
        with _progress_bar(hidden=as_json) as progress:
            result = asyncio.run(_work(order, rebuild, progress))
        if as_json:
            print_json(result)
        else:
            if rebuild:
                out.print(f"Index built anew: {result.rebuilt} pages")
            if paths or sample:
                _show(result)
    if result.failed:
        raise typer.Exit(PARTLY)


async def _work(order: IngestOrder, rebuild: bool, progress: OnProgress) -> IngestResult:
    from msgspec.structs import replace

    from fingerpost_gateway.cli.working import command_settings
    from fingerpost_gateway.operations.opening import open_operations, rebuild_index
    from fingerpost_gateway.operations.results import IngestResult

    settings = command_settings()
    result = IngestResult()
    rebuilt = 0
    if rebuild:
        rebuilt = (await rebuild_index(settings, progress, notice=notice)).pages
    if order.paths or order.sample:
        async with open_operations(settings, "ingest", notice=notice) as operations:
            result = await operations.ingest(order, progress)
    return replace(result, rebuilt=rebuilt)


@contextmanager
def _progress_bar(hidden: bool) -> Iterator[OnProgress]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=err, transient=True, disable=hidden or not err.is_terminal)
    with bar:
        task = bar.add_task("Opening", total=None)

        def progress(done: int, total: int | None) -> None:
            description = "Reading" if total is None else "Indexing"
            bar.update(task, completed=done, total=total, description=description)

        yield progress


def _show(result: IngestResult) -> None:
    out.print(
        f"{result.added} added, {result.changed} changed, {result.removed} removed, "
        f"{result.unchanged} unchanged, {result.failed} failed, "
        f"{len(result.skipped)} skipped in {result.seconds:.1f} s"
    )
    for reason, count in Counter(item.reason for item in result.skipped).most_common():
        out.print(f"  skipped {count:>5}  {plain(reason)}", style="dim")
    for warning in result.warnings:
        out.print(f"Warning: {plain(warning)}", style="yellow")
    for failure in result.failures[:SHOWN_FAILURES]:
        out.print(Text("Failed: ", style="red").append(f"{plain(failure.source)}: ", "bold"))
        out.print(f"  {plain(failure.error)}")
    if result.failed > SHOWN_FAILURES:
        more = result.failed - SHOWN_FAILURES
        out.print(f"… and {more} more failed: --json lists them all", style="red")
