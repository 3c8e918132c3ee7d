"""Parallel texts: the sentence pairs of a set, and the glossary that comes with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import msgspec


class ParallelPair(msgspec.Struct, frozen=True):
    """A sentence in both languages."""

    id: str
    source: str
    """The service that it is from."""
    en: str
    cy: str


def read_pairs(folder: Path) -> list[ParallelPair]:
    """Read `pairs.jsonl`."""
    with (folder / "pairs.jsonl").open("rb") as lines:
        return [msgspec.json.decode(line, type=ParallelPair) for line in lines]


def read_glossary() -> list[tuple[str, str]]:
    """Read the Welsh terms of public services and their English counterparts."""
    text = files(__package__).joinpath("glossary.tsv").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in text.splitlines() if line and line[0] != "#")
    return [(welsh, english) for welsh, english in pairs]
