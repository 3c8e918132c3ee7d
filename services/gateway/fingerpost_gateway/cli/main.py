"""The command's table of contents."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from fingerpost_gateway.cli.ask import ask
from fingerpost_gateway.cli.backup import backup, restore
from fingerpost_gateway.cli.bench import bench
from fingerpost_gateway.cli.doctor import doctor
from fingerpost_gateway.cli.ingest import ingest
from fingerpost_gateway.cli.keys import keys
from fingerpost_gateway.cli.models import models
from fingerpost_gateway.cli.search import search
from fingerpost_gateway.cli.serve import serve
from fingerpost_gateway.cli.version import show_version

EPILOG = (
    "Exit codes: 0 done, 1 failed, 2 wrong usage or settings, 3 done except for some pages, "
    "4 something else is in the way: try again later."
)

app = typer.Typer(
    name="fingerpost",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    epilog=EPILOG,
)
for command in (serve, ingest, ask, search, backup, restore, doctor):
    app.command()(command)
app.add_typer(keys, name="keys")
app.add_typer(models, name="models")
app.add_typer(bench, name="bench")


@app.callback()
def fingerpost(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=show_version)
    ] = False,
) -> None:
    """Answer questions from government guidance, with sources.

    Data is kept in FINGERPOST_DATA_DIR (default: .data). Settings come from fingerpost.toml there,
    or the file named in FINGERPOST_CONFIG, and from FINGERPOST_… variables.
    """


def main() -> None:
    """Run the command."""
    # Whatever is written may hold what people asked: it is for this user alone.
    os.umask(0o077)
    app()
