"""Step 8 for what a language model writes: quotations word for word, the rest by what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from fingerpost_assistant.check import QuotationCheck
from fingerpost_assistant.steps import Judgement, Request
from fingerpost_retrieval import Passage
from fingerpost_serving import AnswerSentence, Block, GroundednessCheck, Quotation

LANGUAGES = frozenset({"en"})
"""Languages of which the check understands enough; in another one only quotations are shown."""


class Judges(Protocol):
    """A further opinion, such as a judge model's, on a sentence that the check lets through."""

    async def fault(self, sentence: str, passages: Sequence[Passage]) -> str | None:
        """Return why a sentence must not be shown; None if it may."""
        ...


class GroundedCheck:
    """Shows what a cited passage says word for word, or what it holds in other words.

    Args:
        groundedness: decides about sentences that are no quotations.
        judge: asked last, of sentences that are no quotations; None for no further opinion.
    """

    def __init__(self, groundedness: GroundednessCheck, judge: Judges | None = None) -> None:
        self._quotations = QuotationCheck()
        self._groundedness = groundedness
        self._judge = judge

    def review(self, request: Request) -> GroundedReview:
        """Begin the check of one turn; its passages are read while the model is still silent."""
        return GroundedReview(self._quotations, self._groundedness, self._judge, request)


class GroundedReview:
    """The check of one turn's answer."""

    def __init__(
        self,
        quotations: QuotationCheck,
        groundedness: GroundednessCheck,
        judge: Judges | None,
        request: Request,
    ) -> None:
        self._quotations = quotations
        self._groundedness = groundedness
        self._judge = judge
        self._request = request
        self._reading = asyncio.create_task(
            asyncio.to_thread(groundedness.prepare, request.passages)
        )
        self._said: list[str] = []
        self._cited: dict[int, None] = {}
        self._lead_in: str | None = ""
        """Of the list that is being written; None when it was withheld."""

    async def judge(self, sentence: AnswerSentence) -> Judgement:
        """Judge one sentence, in the order in which they are written."""
        fault = await self._fault(sentence)
        if sentence.block is not Block.ITEM:
            self._lead_in = sentence.text if sentence.text.endswith(":") else ""
            if fault is not None and self._lead_in:
                self._lead_in = None
        if fault is not None:
            return Judgement(fault)
        self._said.append(sentence.text)
        self._cited |= {quotation.evidence: None for quotation in sentence.quotations}
        cited = (self._request.passages[each.evidence] for each in sentence.quotations)
        return Judgement(None, tuple(cited))

    async def omitted(self) -> Sequence[AnswerSentence]:
        """Return the limits and exceptions that the answer's own passages add to it."""
        places = list(self._cited)
        found = await asyncio.to_thread(
            self._groundedness.omitted,
            self._request.question,
            [self._request.passages[place] for place in places],
            self._said,
            embedding=self._request.embedding,
            nation=self._request.nation,
        )
        return [_citing(places, sentence) for sentence in found]

    async def _fault(self, sentence: AnswerSentence) -> str | None:
        passages = self._request.passages
        fault = self._quotations.fault(sentence, passages)
        if fault not in ("not_in_citation", "torn_from_citation"):
            return fault
        if sentence.block is Block.ITEM and self._lead_in is None:
            return "torn_from_list"
        cited = [passages[quotation.evidence] for quotation in sentence.quotations]
        if any(passage.locale not in LANGUAGES for passage in cited):
            return "language"
        text = sentence.text
        if sentence.block is Block.ITEM and self._lead_in:
            text = f"{self._lead_in} {text}"
        await asyncio.shield(self._reading)
        fault = await asyncio.to_thread(self._groundedness.fault, text, cited)
        if fault is None and self._judge is not None:
            fault = await self._judge.fault(text, cited)
        return fault


def _citing(places: Sequence[int], sentence: AnswerSentence) -> AnswerSentence:
    """Let a sentence that cites some of the passages cite them by their place among all."""
    quotations = tuple(Quotation(places[each.evidence], each.text) for each in sentence.quotations)
    return AnswerSentence(sentence.text, quotations, sentence.block, sentence.label)
