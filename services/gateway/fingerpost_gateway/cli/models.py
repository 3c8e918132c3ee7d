"""`fingerpost models`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from fingerpost_gateway.cli.failing import failing_clearly
from fingerpost_gateway.cli.output import AsJson, notice, out, plain, print_json

if TYPE_CHECKING:
    from fingerpost_serving.engines import ModelStatus, ReplicaStatus

models = typer.Typer(help="Models on this machine, and those behind servers.", no_args_is_help=True)


@models.command("build")
def build(as_json: AsJson = False) -> None:
    """Build the embedding model from its installed weights; nothing to do if it is there.

    A new model needs a new index: `fingerpost ingest --rebuild`.
    """
    with failing_clearly(as_json):
        from fingerpost_gateway.cli.working import command_settings
        from fingerpost_gateway.data_directory import DataDirectory
        from fingerpost_retrieval import build_minilm, load_embedder

        directory = DataDirectory(command_settings().data_dir)
        directory.prepare()
        embedder = load_embedder(build_minilm(directory.model))
        if as_json:
            print_json({"folder": str(directory.model), "digest": embedder.digest})
        else:
            out.print(f"The embedding model {embedder.digest} is in {directory.model}")


@models.command("serve")
def serve(
    names: Annotated[
        list[str] | None, typer.Argument(help="Models to run; none: all that can run here.")
    ] = None,
    cpu: Annotated[
        bool, typer.Option("--cpu", help="Run them on the CPU, whatever models.toml says.")
    ] = False,
) -> None:
    """Run vLLM, and a router before its replicas, until told to stop (Ctrl+C or SIGTERM).

    What dies is started again. The models are those of models.toml that have a path and no url.
    """
    with failing_clearly():
        import asyncio

        from fingerpost_gateway.cli.working import command_settings
        from fingerpost_gateway.engines import serve_engines

        asyncio.run(serve_engines(command_settings(), names or [], cpu=cpu, tell=notice))


@models.command("status")
def status(as_json: AsJson = False) -> None:
    """Show the models behind servers: replicas, queues and caches."""
    with failing_clearly(as_json):
        import asyncio
        import os

        from fingerpost_gateway.cli.working import command_settings
        from fingerpost_serving import Registry
        from fingerpost_serving.engines import statuses

        registry = Registry.load(command_settings().models.file)
        found = asyncio.run(statuses(registry, os.environ))
        if as_json:
            print_json({"models": found})
        elif found:
            out.print(_table(found))
        else:
            out.print("No model of models.toml is behind a server.")


def _table(found: tuple[ModelStatus, ...]) -> Table:
    table = Table("model", "server", "state", "running", "waiting", "KV cache", "prefix hits")
    for column in table.columns[:2]:
        column.overflow = "fold"
    table.columns[1].min_width = len("http://127.0.0.1:65535")
    for model in found:
        table.add_row(model.name, plain(model.address), _state(model.up))
        for replica in model.replicas:
            table.add_row("", *_cells(replica))
    return table


def _cells(replica: ReplicaStatus) -> tuple[str, ...]:
    if not replica.up:
        return plain(replica.address), _state(up=False), "", "", "", ""
    hits = replica.prefix_cache_hits
    return (
        plain(replica.address),
        _state(up=True),
        str(replica.running),
        str(replica.waiting),
        f"{replica.kv_cache_use:.0%}",
        "" if hits is None else f"{hits:.0%}",
    )


def _state(up: bool) -> str:
    return "up" if up else "down"
