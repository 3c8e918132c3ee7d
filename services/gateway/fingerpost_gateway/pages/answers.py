"""How the sentences of an answer are set: which stand together in a paragraph, list or table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from fingerpost_assistant import SentenceEvent
from fingerpost_gateway.pages.rows import cells_of


class ShownSentence(msgspec.Struct, frozen=True):
    """A sentence with its place in the answer."""

    number: int
    """From 1; the source links back to it."""
    text: str
    citations: tuple[str, ...]
    cells: dict[str, str]
    """Values by header, for a row of a table."""


class AnswerBlock(msgspec.Struct, frozen=True):
    """Sentences that stand together."""

    form: str
    """"paragraph", "item" (a list) or "row" (a table whose rows have the same headers)."""
    sentences: tuple[ShownSentence, ...]


def answer_blocks(sentences: Sequence[SentenceEvent]) -> tuple[AnswerBlock, ...]:
    """Put neighbours together: items in a list, rows with the same headers in a table, and
    sentences from the same sources in a paragraph; one without any source is a paragraph of
    its own. `answer.js` does the same as they arrive."""
    return tuple(
        AnswerBlock(form, tuple(shown for shown, _ in group))
        for (form, _), group in groupby(_shown(sentences), key=lambda pair: pair[1])
    )


def _shown(
    sentences: Iterable[SentenceEvent],
) -> Iterator[tuple[ShownSentence, tuple[str, tuple[str, ...]]]]:
    for number, sentence in enumerate(sentences, 1):
        cells = cells_of(sentence.text) if sentence.block == "row" else {}
        shown = ShownSentence(number, sentence.text, sentence.citations, cells)
        if sentence.block == "item":
            together: tuple[str, ...] = ()
        else:
            together = tuple(cells) or sentence.citations or (str(number),)
        yield shown, (sentence.block, together)
