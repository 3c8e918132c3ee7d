"""`fingerpost bench`: how well search does on a set of questions with known answers."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from fingerpost_gateway.cli.failing import failing_clearly
from fingerpost_gateway.cli.output import AsJson, notice, out, print_json

if TYPE_CHECKING:
    from fingerpost_retrieval import Embedder
    from fingerpost_retrieval.benchmark import BenchmarkReport

bench = typer.Typer(help="Measure on sets of questions with known answers.", no_args_is_help=True)


class Context(StrEnum):
    """What is asked."""

    LAST = "last"
    HISTORY = "history"
    SCENARIO = "scenario"


@bench.callback()
def about() -> None:
    """Keeps `retrieval` a command of its own while it is the only one."""


@bench.command("retrieval")
def retrieval(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A set in the layout of BEIR.")],
    queries: Annotated[
        str | None, typer.Option(help="File of queries: its name, or NAME in queries.NAME.jsonl.")
    ] = None,
    qrels: Annotated[
        str | None, typer.Option(help="File of judgements; by default the queries' own.")
    ] = None,
    context: Annotated[
        Context, typer.Option(help="Ask the question alone, with its history, or its scenario.")
    ] = Context.LAST,
    against: Annotated[
        Path | None, typer.Option(help="An earlier --output; fails where ours has become worse.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Write the result to this file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare BM25, dense search, two fusions and our ranking on a set of questions.

    The set is indexed in a temporary folder; the index of the data directory is not touched.
    """
    with failing_clearly(as_json):
        from fingerpost_retrieval.benchmark import benchmark, check_against, read_report

        before = read_report(against) if against is not None else None
        report = benchmark(folder, _embedder(), queries=queries, qrels=qrels, context=context.value)
        if output is not None:
            report.write(output)
        if as_json:
            print_json(report)
        else:
            _show(report)
        if before is not None:
            check_against(report, before)


def _embedder() -> Embedder | None:
    """The model of the data directory, else one that is built for this run; None without any."""
    from fingerpost_gateway.cli.working import command_settings
    from fingerpost_gateway.data_directory import DataDirectory
    from fingerpost_retrieval import ModelMissing, build_minilm, load_embedder

    directory = DataDirectory(command_settings().data_dir)
    try:
        return load_embedder(directory.model)
    except ModelMissing:
        pass
    try:
        directory.prepare()
        return load_embedder(build_minilm(directory.model))
    except ModelMissing as missing:
        notice(f"Words alone are compared: {missing}")
        return None


def _show(report: BenchmarkReport) -> None:
    out.print(
        f"{report.set}, {report.queries_file}, {report.context}: {report.queries} questions, "
        f"{report.documents} documents, {report.passages} passages. Built in "
        f"{report.build_seconds:.1f} s ({report.passages_per_second:.0f} passages/s), "
        f"{report.index_bytes / 2**20:.1f} MiB"
    )
    table = Table(box=None, pad_edge=False)
    for name in ("system", "nDCG@10", "95%", "R@1", "R@5", "R@10", "MRR@10", "p", "p50 ms"):
        table.add_column(name, justify="left" if name == "system" else "right")
    for name in ("p95", "p99", "per s"):
        table.add_column(name, justify="right")
    for found in report.results:
        low, high = found.intervals["nDCG@10"]
        measures = [found.metrics[f"recall@{depth}"] for depth in (1, 5, 10)]
        p = found.p_against_fingerpost
        table.add_row(
            found.system,
            f"{found.metrics['nDCG@10']:.3f}",
            f"{low:.3f}-{high:.3f}",
            *(f"{value:.3f}" for value in (*measures, found.metrics["MRR@10"])),
            "" if p is None else f"{p:.3f}",
            *(f"{found.timings[name]:.2f}" for name in ("p50", "p95", "p99")),
            f"{found.timings['questions_per_second']:.0f}",
        )
    out.print(table)
