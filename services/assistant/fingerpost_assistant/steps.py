"""The shapes of the pipeline's steps: any object with these methods can take a step's place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import msgspec

from fingerpost_assistant.decide import Decision
from fingerpost_assistant.question import PreparedQuestion, Trace
from fingerpost_assistant.redact import Redaction
from fingerpost_assistant.texts import Text
from fingerpost_assistant.triage import Verdict
from fingerpost_retrieval import Embeddings, Exchange, Hit, Passage, Scope, SearchResult
from fingerpost_serving import Answer, AnswerSentence, Evidence
from fingerpost_serving.admission import Priority


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


class VerifiedSentence(msgspec.Struct, frozen=True):
    """A sentence of an approved answer, and the passages that it cites."""

    text: str
    passages: tuple[Passage, ...]


class VerifiedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that a supervisor has approved."""

    id: str
    """Stands in the turn's record."""
    sentences: tuple[VerifiedSentence, ...]


class Verified(Protocol):
    """Step 4: answers that supervisors have approved. Nothing of this package yet."""

    async def find(
        self, question: PreparedQuestion, *, locale: str, nation: str | None
    ) -> VerifiedAnswer | None:
        """Return the approved answer to the same question.

        None where there is none for this tenant, language and nation, or where a page that it
        cites has changed since it was approved. It is shown at once, and nothing is searched.
        """
        ...


class Searches(Protocol):
    """Step 5; `fingerpost_retrieval.GuidanceIndex`."""

    async def asearch(
        self,
        question: str,
        scope: Scope = ...,
        *,
        history: Sequence[Exchange] = ...,
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
    answerability: float | None = None
    """Probability that the passages answer the question; None where it is not known."""
    embedding: Embeddings | None
    """The question's vector, `(1, dimensions)`; None without an embedder."""
    locale: str
    nation: str | None
    """Where the asker lives, or the nation that the question names."""
    tenant: str = "default"
    collections: tuple[str, ...] = ("guidance",)
    priority: Priority = Priority.CITIZEN
    """Whose turn it is where there is not room for all."""
    follow_up: bool = False
    """Whether the question makes sense only after an earlier one."""
    index_revision: str = ""
    """Of the index that the passages were found in."""
    personal: bool = False
    """Whether personal data was taken out of the question, or of what was said before it."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What an answerer tells beside its sentences: the reader now, the turn's record for good."""

    status: Text | None = None
    """Shown to the reader; None for the record alone."""
    stage: str = ""
    """The status event's stage: "queued", "stepped_down" …"""
    position: int | None = None
    """Place in the queue, from 1."""
    expected_wait_ms: int | None = None
    model: str = ""
    """What writes the sentences from here on, where that changes."""
    trace: Trace = {}
    """For the turn's record ("answer.finish": "stop")."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An answer on its way: what is known before its first sentence, and the sentences."""

    model: str
    """What writes it, for the turn's record."""
    confidence: float
    sentences: AsyncIterator[AnswerSentence | Note]
    """Raises a `fingerpost_serving.ModelFailed` where the fallback is to go on."""


class Answers(Protocol):
    """Step 7; `answer.ExtractiveAnswers`, or `generate.GroundedAnswers` with a language model."""

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


class Judgement(msgspec.Struct, frozen=True):
    """Whether a sentence may be shown, and what it rests on."""

    fault: str | None
    """Why it must not be shown ("no_citation" …); None if it may."""
    rests_on: tuple[Passage, ...] = ()
    """The passages to cite."""


class Review(Protocol):
    """The check of one turn's answer, sentence by sentence, in order."""

    async def judge(self, sentence: AnswerSentence) -> Judgement: ...

    async def omitted(self) -> Sequence[AnswerSentence]:
        """Return what the passages of the sentences shown say and the answer must not leave out."""
        ...


class Checks(Protocol):
    """Step 8; `check.QuotationCheck`, or `grounded.GroundedCheck` for a language model's answers."""

    def review(self, request: Request) -> Review: ...
