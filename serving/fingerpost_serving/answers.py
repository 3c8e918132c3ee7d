"""What an answer is made of, whoever writes it: sentences that cite numbered evidence."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray


class Evidence(Protocol):
    """A passage that may be quoted (any object with these attributes will do)."""

    @property
    def title(self) -> str: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...


class TextEmbedder(Protocol):
    """Turns texts into unit vectors; the answerer works without one, by words alone."""

    @property
    def digest(self) -> str:
        """Names the model: what was measured with one does not hold for another."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `(len(texts), dimensions) float32` unit vectors."""
        ...


class Block(StrEnum):
    """How a sentence is set."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    """An item of a list; the sentence before the first one introduces it, if any does."""
    ROW = "row"
    """A row of a table, as "Header: value; Header: value"."""


class Quotation(msgspec.Struct, frozen=True):
    """A stretch of one piece of evidence, word for word."""

    evidence: int
    """Index into the evidence that was given."""
    text: str


class AnswerSentence(msgspec.Struct, frozen=True):
    """One sentence to show, and what it rests on."""

    text: str
    quotations: tuple[Quotation, ...]
    block: Block = Block.PARAGRAPH
    label: str = ""
    """Heading that limits what the sentence says ("Scotland"), to be shown before it."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer, or none: `sentences` is empty when nothing in the evidence is good enough."""

    sentences: tuple[AnswerSentence, ...]
    confidence: float
    """0 to 1: how well the evidence fits the question."""
    model: str
    """Name and version of what wrote it, for the turn's record."""
