"""`fingerpost --version`."""

from __future__ import annotations

from importlib.metadata import version

import typer


def show_version(wanted: bool) -> None:
    """Print the version and leave, if it was asked for."""
    if wanted:
        typer.echo(f"fingerpost {version('fingerpost-gateway')}")
        raise typer.Exit
