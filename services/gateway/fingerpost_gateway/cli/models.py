"""`fingerpost models`."""

from __future__ import annotations

import typer

from fingerpost_gateway.cli.failing import failing_clearly
from fingerpost_gateway.cli.output import AsJson, out, print_json

models = typer.Typer(help="Models on this machine.", no_args_is_help=True)


@models.callback()
def about() -> None:
    """Keeps `build` a command of its own while it is the only one."""


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
