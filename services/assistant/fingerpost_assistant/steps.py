"""The shapes of the pipeline's steps: any object with these methods can take a step's place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import msgspec

from fingerpost_assistant.decide import Decision
from fingerpost_assistant.redact import Redaction
from fingerpost_assistant.triage import Verdict
from fingerpost_retrieval import Embeddings, Hit, Passage, Scope, SearchResult
from fingerpost_serving import Answer, AnswerSentence, Evidence


class Redacts(Protocol):
    """Step 1; `redact.Redactor`."""

    def redact(self, texts: Sequence[str]) -> Redaction: ...


class Triages(Protocol):
    """Step 3; `triage.RuleTriage`."""

    def judge(self, question: str) -> Verdict | None: ...


class Embeds(Protocol):
    """`fingerpost_retrieval.Embedder`, as far as the assistant knows it."""

    @property
    def digest(self) -> str: ...
    def embed(self, texts: Sequence[str]) -> Embeddings: ...


class Searches(Protocol):
    """Step 5; `fingerpost_retrieval.GuidanceIndex`."""

    async def asearch(
        self,
        question: str,
        scope: Scope = ...,
        *,
        limit: int = ...,
        embedding: Embeddings | None = ...,
    ) -> SearchResult: ...


class Decides(Protocol):
    """Step 6; `decide.Decider`."""

    def judge(self, question: str, hits: Sequence[Hit]) -> Decision: ...


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What an answerer works from."""

    question: str
    """The question in its context."""
    passages: tuple[Passage, ...]
    """Best first; sentences cite them by their place."""
    relevance: tuple[float, ...]
    """The search's score of each passage, 0 to 1."""
    embedding: Embeddings | None
    """The question's vector, `(1, dimensions)`; None without an embedder."""
    locale: str
    nation: str | None
    """Where the asker lives, or the nation that the question names."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An answer on its way: what is known before its first sentence, and the sentences."""

    model: str
    confidence: float
    sentences: AsyncIterator[AnswerSentence]


class Answers(Protocol):
    """Step 7; `answer.ExtractiveAnswers`. A language model streams its sentences."""

    async def draft(self, request: Request) -> Draft: ...


class Extracts(Protocol):
    """The extractive answerer of `fingerpost_serving`; it computes, so it runs in a thread."""

    def answer(
        self,
        question: str,
        evidence: Sequence[Evidence],
        *,
        embedding: Embeddings | None = ...,
        relevance: Sequence[float] | None = ...,
        nation: str | None = ...,
    ) -> Answer: ...


class Checks(Protocol):
    """Step 8; `check.QuotationCheck`."""

    def fault(self, sentence: AnswerSentence, passages: Sequence[Passage]) -> str | None:
        """Return why a sentence must not be shown; None if it may."""
        ...
