"""How commands speak: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
import textwrap
from typing import Annotated

import msgspec
import typer
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

# Lines are broken for people; a program that reads them gets them whole.
out = Console(highlight=False, markup=False, emoji=False, soft_wrap=not sys.stdout.isatty())
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


def readable(text: str) -> str:
    """An argument as text; bytes that are no UTF-8 become replacement characters."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def indented(text: str, by: int, style: str = "") -> RenderableType:
    """Text from outside, set in from the left."""
    if out.soft_wrap:
        return Text(textwrap.indent(plain(text), " " * by), style)
    return Padding(Text(plain(text), style), (0, 0, 0, by), expand=False)


def notice(message: str) -> None:
    """Tell the person something that is no result."""
    err.print(plain(message), style="dim")
