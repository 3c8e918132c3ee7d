"""How commands speak: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

out = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def print_json(result: msgspec.Struct | dict[str, object]) -> None:
    """Print a result for programs: JSON in UTF-8, whatever the terminal speaks."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(result)) + b"\n")
    sys.stdout.buffer.flush()


def plain(text: str) -> str:
    """Text from outside without characters that a terminal would obey."""
    return "".join(
        character if character.isprintable() or character == "\n" else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def notice(message: str) -> None:
    """Tell the person something that is no result."""
    err.print(plain(message), style="dim")
