"""A cited passage as a reader sees it, with the stretches that the answer uses marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

_ROW_SIGN = re.compile(r"^\| ", re.MULTILINE)
_ITEM_SIGN = re.compile(r"^( *)- ", re.MULTILINE)


class Stretch(msgspec.Struct, frozen=True):
    """A part of a passage."""

    text: str
    used: bool
    """Whether it is a sentence of the answer."""


def marked(passage: str, sentences: Iterable[str]) -> tuple[Stretch, ...]:
    """Cut a passage where used stretches begin and end; a sentence that is not in it is ignored.

    The signs of the plain block format become what a reader expects.
    """
    text = _ITEM_SIGN.sub(r"\1• ", _ROW_SIGN.sub("", passage))
    used = bytearray(len(text))
    for sentence in sentences:
        if sentence and (start := text.find(sentence)) >= 0:
            used[start : start + len(sentence)] = b"\x01" * len(sentence)
    return tuple(_stretches(text, used))


def _stretches(text: str, used: bytearray) -> Iterator[Stretch]:
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or used[end] != used[start]:
            yield Stretch(text[start:end], bool(used[start]))
            start = end
