"""Step 8: whether a sentence may be shown, sentence by sentence, before anybody sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fingerpost_assistant.steps import Judgement, Request
from fingerpost_retrieval import Passage
from fingerpost_serving import AnswerSentence

# ruff: noqa: RUF001 -- typographic quotation marks are what guidance is written with

_MARKER = re.compile(r"[-*•|]|\d{1,3}[.)]")
"""What stands before a list item or a table row."""

_ENDED = re.compile(r"[.!?…][\"'”’)\]]*\s+\Z")
_QUOTES = "\"'“‘(["


class QuotationCheck:
    """Shows only what stands, word for word, in a passage that the sentence cites.

    It follows that numbers, dates, links and telephone numbers come from the source. Nor may
    half a sentence be shown, which can mean the contrary of the whole: what is quoted begins and
    ends where a sentence, a list item or a line of the passage does. A heading that a sentence
    is labelled with ("Scotland") must be a heading of that passage.
    """

    def review(self, request: Request) -> QuotationReview:
        """Begin the check of one turn."""
        return QuotationReview(self, request.passages)

    def fault(self, sentence: AnswerSentence, passages: Sequence[Passage]) -> str | None:
        """Return why a sentence must not be shown ("no_citation" …); None if it may."""
        if not sentence.text.strip():
            return "empty"
        if not sentence.quotations:
            return "no_citation"
        if any(not 0 <= quotation.evidence < len(passages) for quotation in sentence.quotations):
            return "unknown_citation"
        cited = [passages[quotation.evidence] for quotation in sentence.quotations]
        if sentence.label and not all(_has_heading(passage, sentence.label) for passage in cited):
            return "unknown_label"
        places = [found for passage in cited for found in _places(sentence.text, passage.text)]
        if not places:
            return "not_in_citation"
        return None if any(places) else "torn_from_citation"


class QuotationReview:
    """The check of one turn's quotations; nothing of it depends on what came before."""

    def __init__(self, check: QuotationCheck, passages: Sequence[Passage]) -> None:
        self._check = check
        self._passages = passages

    async def judge(self, sentence: AnswerSentence) -> Judgement:
        """Judge one sentence."""
        if fault := self._check.fault(sentence, self._passages):
            return Judgement(fault)
        return Judgement(None, tuple(self._passages[each.evidence] for each in sentence.quotations))

    async def omitted(self) -> Sequence[AnswerSentence]:
        """Add nothing: the extractive answerer takes along what a quotation depends on."""
        return ()


def _places(quoted: str, text: str) -> list[bool]:
    """For each place where words stand in a text, whatever the white space: are they whole there?"""
    words = re.compile(r"\s+".join(re.escape(word) for word in quoted.split()))
    text = "\n".join(text.splitlines())
    return [
        _is_boundary(text, match.start()) and _is_boundary(text, match.end())
        for match in words.finditer(text)
    ]


def _is_boundary(text: str, place: int) -> bool:
    """Whether a sentence, an item or a line begins or ends at a place of a text."""
    before = text[text.rfind("\n", 0, place) + 1 : place]
    after = text[place:].partition("\n")[0]
    if not before.strip() or not after.strip() or _MARKER.fullmatch(before.strip()):
        return True
    # White space may stand on either side of the place; a small letter goes on ("e.g. a form").
    between = before + after[: len(after) - len(after.lstrip())]
    goes_on = after.lstrip().lstrip(_QUOTES)[:1].islower()
    return _ENDED.search(between) is not None and not goes_on


def _has_heading(passage: Passage, label: str) -> bool:
    """Whether a label is a heading of a passage, or a line of it that heads what follows."""
    headings = (passage.title, *passage.heading_path, *passage.text.splitlines())
    return _as_label(label) in map(_as_label, headings)


def _as_label(heading: str) -> str:
    """A heading as answerers put it before a sentence."""
    return " ".join(heading.split()).rstrip(":.")
