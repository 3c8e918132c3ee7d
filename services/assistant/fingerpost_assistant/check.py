"""Step 8: whether a sentence may be shown, sentence by sentence, before anybody sees it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fingerpost_retrieval import Passage
from fingerpost_serving import AnswerSentence

_SPACE = re.compile(r"\s+")


class QuotationCheck:
    """Shows only what stands, word for word, in a passage that the sentence cites.

    It follows that numbers, dates, links and telephone numbers come from the source. A heading
    that a sentence is labelled with ("Scotland") must be a heading of that passage.
    """

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
        quoted = _squeezed(sentence.text)
        if not any(quoted in _squeezed(passage.text) for passage in cited):
            return "not_in_citation"
        return None


def _has_heading(passage: Passage, label: str) -> bool:
    return any(
        _squeezed(label) in _squeezed(part) for part in (passage.title, *passage.heading_path)
    )


def _squeezed(text: str) -> str:
    """The text with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()
