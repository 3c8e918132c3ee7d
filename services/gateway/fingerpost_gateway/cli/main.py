"""The command's table of contents, and the one place where errors become messages."""

from __future__ import annotations

import typer

app = typer.Typer(name="fingerpost", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def fingerpost() -> None:
    """Answer questions from government guidance, with sources."""


def main() -> None:
    """Run the command."""
    app()
