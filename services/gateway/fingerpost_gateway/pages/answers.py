"""How the sentences of an answer are set: which stand together in a paragraph, list or table."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fingerpost_assistant import SentenceEvent
from fingerpost_gateway.pages.rows import Cells, cells_of


class ShownSentence(msgspec.Struct, frozen=True):
    """A sentence with its place in the answer."""

    number: int
    """From 1; sources link back to it."""
    label: str
    """Heading that limits the sentence and those after it; empty when there is none."""
    text: str
    citations: tuple[str, ...]
    cells: Cells
    """Values by header, for a row of a table."""


class AnswerBlock(msgspec.Struct, frozen=True):
    """Sentences that stand together."""

    form: str
    """"paragraph", "item" (a list) or "row" (a table whose rows have the same headers)."""
    sentences: tuple[ShownSentence, ...]


def answer_blocks(sentences: Sequence[SentenceEvent]) -> tuple[AnswerBlock, ...]:
    """Put neighbours together (`answer.js` does the same as they arrive)."""
    blocks: list[AnswerBlock] = []
    for number, event in enumerate(sentences, 1):
        sentence = _shown(number, event)
        last = blocks[-1] if blocks else None
        if last and last.form == event.block and _belongs(sentence, last):
            blocks[-1] = AnswerBlock(last.form, (*last.sentences, sentence))
        else:
            blocks.append(AnswerBlock(event.block, (sentence,)))
    return tuple(blocks)


def _belongs(sentence: ShownSentence, block: AnswerBlock) -> bool:
    """Items belong to their list, rows to the table with their headers, and sentences to the
    paragraph with their sources; what has a label, or no source, begins anew."""
    if block.form == "item":
        return True
    last = block.sentences[-1]
    if sentence.label:
        return False
    if sentence.cells:
        return list(sentence.cells) == list(last.cells)
    return bool(sentence.citations) and sentence.citations == last.citations


def _shown(number: int, event: SentenceEvent) -> ShownSentence:
    cells = cells_of(event.text) if event.block == "row" else {}
    return ShownSentence(number, event.label, event.text, event.citations, cells)
