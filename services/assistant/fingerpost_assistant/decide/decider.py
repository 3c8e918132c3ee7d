"""Decides from what the search found how the turn goes on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from fingerpost_assistant.decide.thresholds import WORDS_ALONE, Thresholds
from fingerpost_assistant.topic import is_keywords, topic_words
from fingerpost_retrieval import Hit
from fingerpost_retrieval.answerability import Answerability
from fingerpost_serving.words import content_stems, stems

BEST = 5
"""Hits among which pages agree or do not."""

MANY_PAGES = 3
"""Keywords that lead to so many pages or more are asked back."""


class Action(StrEnum):
    """How the turn goes on."""

    ANSWER = "answer"
    ASK_WHICH = "ask_which"
    """The words fit several pages: ask which one is meant."""
    ASK_WHAT = "ask_what"
    """The question does not say what it is about."""
    DECLINE = "decline"
    """Nothing that was found is about it."""


class Decision(msgspec.Struct, frozen=True):
    """How the turn goes on, and how well the best of the guidance fits."""

    action: Action
    fit: float
    """Compared with `Thresholds.fit`; no probability."""
    probability: float | None = None
    """That the guidance answers the question, where half of all questions can be answered; None
    where nothing was fitted for the embedder or the language."""


class Decider:
    """Decides by three signs of the search's best hits.

    - similarity: the highest cosine of a passage to the question;
    - coverage: the share of the question's words in one of the best three passages;
    - agreement: the share of the best five passages that are of the first one's page. A question
      that no page is about finds a little on many pages.

    Guidance in a language that the embedder does not know is judged by the last two alone.

    Args:
        answerability: gives the probability that is recorded beside the decision.
    """

    def __init__(self, thresholds: Thresholds, answerability: Answerability | None = None) -> None:
        self._thresholds = thresholds
        self._answerability = answerability

    def judge(self, question: str, hits: Sequence[Hit]) -> Decision:
        """Decide about a question, given as it was searched for."""
        if not topic_words(question):
            return Decision(Action.ASK_WHAT, 0.0)
        if not hits:
            return Decision(Action.DECLINE, 0.0)
        limits = self._limits(hits)
        fit = _fit(question, hits, limits)
        # All hits count: the ranking puts passages of one page together.
        pages = {hit.passage.path for hit in hits}
        probability = self._probability(question, hits)
        if is_keywords(question) and len(pages) >= MANY_PAGES and _holds_all(hits[0], question):
            return Decision(Action.ASK_WHICH, fit, probability)
        action = Action.ANSWER if fit >= limits.fit else Action.DECLINE
        return Decision(action, fit, probability)

    def _probability(self, question: str, hits: Sequence[Hit]) -> float | None:
        known = self._answerability
        if known is None or hits[0].passage.locale not in known.locales:
            return None
        return known.probability(question, hits)

    def _limits(self, hits: Sequence[Hit]) -> Thresholds:
        known = hits[0].passage.locale in self._thresholds.locales
        return self._thresholds if known else WORDS_ALONE


def _fit(question: str, hits: Sequence[Hit], limits: Thresholds) -> float:
    words = content_stems(question)
    coverage = max(len(words & _stems(hit)) for hit in hits[:3]) / max(len(words), 1)
    agreement = sum(hit.passage.path == hits[0].passage.path for hit in hits[:BEST]) / BEST
    if limits.embedder:
        similarity = max(hit.dense or 0.0 for hit in hits)
        return similarity + limits.coverage * coverage + limits.agreement * agreement
    # No passage holds all words of a long story: what counts grows with their number.
    return limits.coverage * coverage * math.sqrt(len(words)) + limits.agreement * agreement


def _holds_all(hit: Hit, question: str) -> bool:
    return content_stems(question) <= _stems(hit)


def _stems(hit: Hit) -> frozenset[str]:
    passage = hit.passage
    return stems(" ".join((passage.title, *passage.heading_path, passage.text)))
