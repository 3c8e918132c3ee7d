"""Which model answers a question: the cheapest that is good enough for it, and why."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

import msgspec

from fingerpost_assistant.steps import Request

_CONDITION = re.compile(
    r"\b(?:if|unless|but|because|although|whether|while|when i|and (?:i|we|my|he|she|they)"
    r"|who (?:is|was|has)|os|oni bai|ond|achos|er bod|tra)\b",
    re.IGNORECASE,
)
"""Words that open a further circumstance of the asker's."""

_NEARLY = 0.85
"""A page whose passage scores this share of the best one's bears on the question as well."""


class Writer(StrEnum):
    """Who may write an answer, from the cheapest on."""

    EXTRACTIVE = "extractive"
    NARROW = "narrow"
    LARGE = "large"


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which questions of a tenant go to which model. The bounds are judgement, not measurement."""

    easy: Writer = Writer.NARROW
    """For a question with one page and one condition at most."""
    hard: Writer = Writer.LARGE
    """For every other question."""
    conditions: Annotated[int, msgspec.Meta(ge=1)] = 2
    """So many conditions make a question hard."""
    pages: Annotated[int, msgspec.Meta(ge=2)] = 3
    """So many pages that fit about equally well make it hard."""
    answerability: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.3
    """It is hard below this probability that the search answers it, where one is to be had."""


class Choice(msgspec.Struct, frozen=True):
    """Who is to write, and why."""

    writer: Writer
    reason: str
    """"easy", "follow_up", "conditions", "pages" or "answerability"."""


def choose(request: Request, policy: Policy) -> Choice:
    """Choose who writes. Computes: microseconds."""
    if reason := _hard(request, policy):
        return Choice(policy.hard, reason)
    return Choice(policy.easy, "easy")


def _hard(request: Request, policy: Policy) -> str:
    """Return what makes a question hard, or ""."""
    if request.follow_up:
        return "follow_up"
    if len(_CONDITION.findall(request.question)) >= policy.conditions:
        return "conditions"
    if len(_pages(request)) >= policy.pages:
        return "pages"
    if request.answerability is not None and request.answerability < policy.answerability:
        return "answerability"
    return ""


def _pages(request: Request) -> set[str]:
    """Pages that bear on the question nearly as much as the best."""
    best = max(request.relevance, default=0.0)
    scored = zip(request.passages, request.relevance, strict=True)
    return {passage.path for passage, score in scored if score >= _NEARLY * best}
