"""`fingerpost keys`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from fingerpost_gateway.cli.failing import failing_clearly
from fingerpost_gateway.cli.output import AsJson, err, out, print_json

keys = typer.Typer(help="Make API keys and their hashes for the settings.", no_args_is_help=True)


@keys.command("new")
def new_key(
    name: Annotated[str, typer.Option(help="Who will use it; appears in logs.")] = "new",
    as_json: AsJson = False,
) -> None:
    """Make a key, and show what goes into the settings. The key is stored nowhere."""
    with failing_clearly(as_json):
        from fingerpost_gateway.access.keys import key_digest
        from fingerpost_gateway.access.keys import new_key as make

        key = make()
        if as_json:
            print_json({"key": key, "sha256": key_digest(key)})
            return
        out.print(f"Key (shown only now): {key}\n")
        out.print("For the settings:\n")
        out.print(f'[[tenants.default.keys]]\nname = "{name}"\nsha256 = "{key_digest(key)}"')
        out.print('role = "citizen"   # or caseworker, supervisor, batch, admin')


@keys.command("hash")
def hash_key(as_json: AsJson = False) -> None:
    """Print the SHA-256 of a key that is typed, or read from standard input.

    It is no argument, since other users of a machine see those.
    """
    with failing_clearly(as_json):
        from fingerpost_gateway.access.keys import key_digest

        terminal = sys.stdin.isatty()
        key = typer.prompt("Key", hide_input=True) if terminal else sys.stdin.readline()
        if not key.strip():
            err.print("fingerpost: no key was given: type one, or pipe it in", style="red")
            raise typer.Exit(2)
        digest = key_digest(key.strip())
        if as_json:
            print_json({"sha256": digest})
        else:
            out.print(digest)
